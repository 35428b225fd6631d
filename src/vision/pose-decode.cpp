/* pose-decode.cpp: from what a network gives to joints in its input.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "vision-internal.h"

#include <algorithm>
#include <cmath>

namespace td
{
namespace
{

/* The square of 5 x 5 cells cuts a wide hill off at its own middle, which draws its centroid halfway
 * back to the cell's. A round window that moves with the place has no such pull: for a hill and a
 * window of the same spread the centroid goes half the way to the hill's middle, so doubling the
 * step arrives. */
void
settle (const Maps &heat, int map, float spread, int cell_x, int cell_y, float *x, float *y)
{
  const int reach = (int) std::ceil (2.5f * spread);
  for (int round = 0; round < 3; round++)
    {
      float sum = 0, sum_x = 0, sum_y = 0;
      float columns[2 * LARGEST_REACH + 1];
      int x0 = std::max ((int) std::lround (*x) - reach, 0);
      int x1 = std::min ((int) std::lround (*x) + reach, heat.width - 1);
      int y0 = std::max ((int) std::lround (*y) - reach, 0);
      int y1 = std::min ((int) std::lround (*y) + reach, heat.height - 1);
      for (int i = x0; i <= x1; i++)
        {
          float d = ((float) i - *x) / spread;
          columns[i - x0] = std::exp (-0.5f * d * d);
        }
      for (int j = y0; j <= y1; j++)
        {
          float d = ((float) j - *y) / spread;
          float row = std::exp (-0.5f * d * d);
          for (int i = x0; i <= x1; i++)
            {
              float v = std::max (heat.at (map, j, i), 0.0f) * row * columns[i - x0];
              sum += v;
              sum_x += v * (float) i;
              sum_y += v * (float) j;
            }
        }
      if (!(sum > 1e-6f) || !std::isfinite (sum) || !std::isfinite (sum_x)
          || !std::isfinite (sum_y))
        return;
      /* Never further than to the next cell: beyond, it would be another hill. */
      *x = std::clamp (*x + 2 * (sum_x / sum - *x), (float) cell_x - 1, (float) cell_x + 1);
      *y = std::clamp (*y + 2 * (sum_y / sum - *y), (float) cell_y - 1, (float) cell_y + 1);
    }
}

/* A network that gives NaN must not look sure of itself. */
float
score_of (float value)
{
  return value > 0 && std::isfinite (value) ? std::min (value, 1.0f) : 0.0f;
}

/* In pixels of the input. Farther away a network knows nothing, and a number without end spoils what comes
 * after. */
float
reach_of (const ModelInfo &info)
{
  return 4.0f * (float) std::max (info.width, info.height);
}

float
sigmoid (float logit)
{
  return 1 / (1 + std::exp (-logit));
}

/* A wide hill around the expected place; far away a peak still wins if it is twice as high, so a wrong
 * expectation cannot hold for long. */
float
expectation (const Summit &summit, int stride, int x, int y)
{
  double dx = ((x + 0.5) * stride - summit.x) / summit.spread;
  double dy = ((y + 0.5) * stride - summit.y) / summit.spread;
  float row = (float) std::exp (-0.5 * dy * dy), column = (float) std::exp (-0.5 * dx * dx);
  return 0.5f + 0.5f * row * column;
}

/* All maps at once, since XNNPACK's lie woven into each other. */
void
find_summits (const Maps &heat, int stride, std::vector<Summit> &summits)
{
  for (int y = 0; y < heat.height; y++)
    for (int x = 0; x < heat.width; x++)
      for (int map = 0; map < heat.n; map++)
        {
          float v = heat.at (map, y, x);
          Summit &summit = summits[(size_t) map];
          /* The expectation can only lower it, and is seldom worth its price. */
          if (!(v > summit.value))
            continue;
          if (summit.spread > 0 && v > 0)
            v *= expectation (summit, stride, x, y);
          if (v > summit.value)
            {
              summit.value = v;
              summit.cell_x = x;
              summit.cell_y = y;
            }
        }
}

/* The centroid of the positive values in the 5 x 5 cells around the highest one; with SPREAD > 0 that
 * is only the start, and a round window of SPREAD cells finds the middle of the hill. */
Peak
decode_peak (const Maps &heat, int map, int stride, float spread, int best_x, int best_y)
{
  float sum = 0, sum_x = 0, sum_y = 0;
  for (int y = std::max (best_y - 2, 0); y <= std::min (best_y + 2, heat.height - 1); y++)
    for (int x = std::max (best_x - 2, 0); x <= std::min (best_x + 2, heat.width - 1); x++)
      {
        float v = std::max (heat.at (map, y, x), 0.0f);
        sum += v;
        sum_x += v * (float) x;
        sum_y += v * (float) y;
      }
  Peak peak;
  if (!std::isfinite (sum) || !std::isfinite (sum_x) || !std::isfinite (sum_y))
    sum = 0;
  float x = sum > 1e-6f ? sum_x / sum : (float) best_x;
  float y = sum > 1e-6f ? sum_y / sum : (float) best_y;
  if (spread > 0)
    settle (heat, map, spread, best_x, best_y, &x, &y);
  peak.x = (x + 0.5f) * (float) stride;
  peak.y = (y + 0.5f) * (float) stride;
  peak.score = score_of (heat.at (map, best_y, best_x));
  return peak;
}

void
decode_heat_maps (const ModelInfo &info, const std::vector<Maps> &outputs, DecodeState &state)
{
  Maps heat = outputs[0];
  if (info.sigmoid)
    {
      std::vector<float> &values = state.values;
      values.resize ((size_t) heat.n * (size_t) heat.height * (size_t) heat.width);
      size_t i = 0;
      for (int y = 0; y < heat.height; y++)
        for (int x = 0; x < heat.width; x++)
          for (int map = 0; map < heat.n; map++)
            values[i++] = sigmoid (heat.at (map, y, x));
      heat.data = values.data ();
      heat.map_step = 1;
      heat.column_step = (size_t) heat.n;
      heat.row_step = (size_t) heat.n * (size_t) heat.width;
    }
  find_summits (heat, info.stride, state.summits);
  for (int map = 0; map < heat.n; map++)
    {
      if (info.joints[(size_t) map] == TD_N_JOINTS)
        continue;
      const Summit &summit = state.summits[(size_t) map];
      Peak &peak = state.peaks[(size_t) map];
      peak = decode_peak (heat, map, info.stride, info.spread, summit.cell_x, summit.cell_y);
      if (info.has_depth)
        {
          float z = outputs[1].at (map, summit.cell_y, summit.cell_x) * info.depth_scale;
          peak.z = std::fabs (z) < reach_of (info) ? z : 0.0f;
        }
    }
}

/* The highest value of a row, in cells, from a parabola through it and its neighbours. PLACE, SPREAD: as
 * in a Summit, in cells. */
float
highest (const float *row, int n, double place, double spread, float *value)
{
  int best = 0;
  float best_weighed = -1e30f;
  for (int i = 0; i < n; i++)
    {
      float v = row[i];
      if (!(v > best_weighed))
        continue;
      if (spread > 0 && v > 0)
        {
          double d = (i - place) / spread;
          v *= 0.5f + 0.5f * (float) std::exp (-0.5 * d * d);
        }
      if (v > best_weighed)
        {
          best_weighed = v;
          best = i;
        }
    }
  *value = row[best];
  if (best == 0 || best == n - 1)
    return (float) best;
  float before = row[best - 1], after = row[best + 1], bend = before - 2 * row[best] + after;
  float off = bend < 0 ? 0.5f * (before - after) / bend : 0;
  return (float) best + (std::isfinite (off) ? std::clamp (off, -0.5f, 0.5f) : 0);
}

void
decode_simcc (const ModelInfo &info, const std::vector<Maps> &outputs, DecodeState &state)
{
  std::vector<float> &row = state.values;
  for (size_t joint = 0; joint < info.joints.size (); joint++)
    {
      const Summit &summit = state.summits[joint];
      Peak &peak = state.peaks[joint];
      peak = Peak ();
      for (int axis = 0; axis < 2; axis++)
        {
          const Maps &maps = outputs[(size_t) axis];
          int n = maps.height * maps.width;
          row.resize ((size_t) n);
          for (int i = 0; i < n; i++)
            row[(size_t) i] = maps.at ((int) joint, i / maps.width, i % maps.width);
          float value;
          /* Cell i is centred on pixel i / split, whose middle is half a pixel further. */
          double place = ((axis == 0 ? summit.x : summit.y) - 0.5) * info.split;
          float cell = highest (row.data (), n, place, summit.spread * info.split, &value);
          (axis == 0 ? peak.x : peak.y) = cell / info.split + 0.5f;
          float score = score_of (info.sigmoid ? sigmoid (value) : value);
          peak.score = axis == 0 ? score : std::min (peak.score, score);
        }
    }
}

void
decode_coordinates (const ModelInfo &info, const std::vector<Maps> &outputs, DecodeState &state)
{
  const Maps &maps = outputs[0];
  const int area = maps.height * maps.width;
  for (size_t joint = 0; joint < info.joints.size (); joint++)
    {
      auto number = [&] (int column) {
        if (column < 0)
          return 0.0f;
        int i = (int) joint * info.n_columns + column;
        return maps.at (i / area, i % area / maps.width, i % maps.width);
      };
      Peak peak;
      peak.x = number (info.column_x) * (info.fractions ? (float) info.width : 1.0f);
      peak.y = number (info.column_y) * (info.fractions ? (float) info.height : 1.0f);
      peak.z = number (info.column_z) * info.depth_scale;
      float score = number (info.column_score);
      peak.score = score_of (info.sigmoid ? sigmoid (score) : score);
      const float reach = reach_of (info);
      if (!(std::fabs (peak.x) < reach) || !(std::fabs (peak.y) < reach))
        peak = Peak ();
      if (!(std::fabs (peak.z) < reach))
        peak.z = 0;
      state.peaks[joint] = peak;
    }
}

bool
has_size (const Maps &maps, size_t n, int height, int width)
{
  return maps.n == (int) n && maps.height == height && maps.width == width;
}

} // namespace

void
check_outputs (const ModelInfo &info, const std::vector<Maps> &outputs)
{
  bool good = outputs.size () == info.outputs.size ();
  const size_t n = info.joints.size ();
  for (size_t i = 0; good && i < outputs.size (); i++)
    {
      const Maps &maps = outputs[i];
      const long long count = (long long) maps.n * maps.height * maps.width;
      switch (info.decoding)
        {
        case Decoding::HEAT_MAPS:
          {
            /* A side that is no multiple of the stride has a last cell that is cut, or none. */
            auto cells = [&] (int side, int got) {
              return got == side / info.stride || got == (side + info.stride - 1) / info.stride;
            };
            good = maps.n == (int) n && cells (info.height, maps.height)
                   && cells (info.width, maps.width)
                   && has_size (maps, n, outputs[0].height, outputs[0].width);
            break;
          }
        case Decoding::SIMCC:
          {
            float side = (float) (i == 0 ? info.width : info.height) * info.split;
            good = maps.n == (int) n && maps.height > 0 && maps.width > 0
                   && (maps.height == 1 || maps.width == 1)
                   && std::fabs ((float) (maps.height * maps.width) - side) < 1;
            break;
          }
        case Decoding::COORDINATES:
          good = count == (long long) n * info.n_columns;
          break;
        }
    }
  if (!good)
    throw Failure (TD_VISION_BAD_MODEL,
                   info.decoding == Decoding::HEAT_MAPS
                       ? "model.onnx gives maps of another size than model.ini says"
                       : "model.onnx gives numbers of another count than model.ini says");
}

float
trust_in (const ModelInfo &info, float raw)
{
  const auto &curve = info.score_curve;
  if (curve.empty ())
    return raw;
  auto above
      = std::upper_bound (curve.begin (), curve.end (), raw,
                          [] (float value, const auto &point) { return value < point.first; });
  if (above == curve.begin ())
    return curve.front ().second;
  if (above == curve.end ())
    return curve.back ().second;
  auto below = above - 1;
  float part = (raw - below->first) / (above->first - below->first);
  return below->second + part * (above->second - below->second);
}

void
decode (const ModelInfo &info, const std::vector<Maps> &outputs, DecodeState &state)
{
  state.peaks.assign (info.joints.size (), Peak ());
  switch (info.decoding)
    {
    case Decoding::HEAT_MAPS:
      decode_heat_maps (info, outputs, state);
      break;
    case Decoding::SIMCC:
      decode_simcc (info, outputs, state);
      break;
    case Decoding::COORDINATES:
      decode_coordinates (info, outputs, state);
      break;
    }
  /* A curve need not begin at 0, but what gave no score at all is not there. */
  for (Peak &peak : state.peaks)
    if (peak.score > 0)
      peak.score = trust_in (info, peak.score);
}

} // namespace td
