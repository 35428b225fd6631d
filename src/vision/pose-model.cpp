/* pose-model.cpp: one crop of a picture through the network, and back to joints in the picture.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "vision-internal.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace td
{
namespace
{

double
ms_since (std::chrono::steady_clock::time_point start)
{
  return std::chrono::duration<double, std::milli> (std::chrono::steady_clock::now () - start)
      .count ();
}

/* Picture to network input, both with (0, 0) at the corner of the first pixel. */
struct Affine
{
  double a, b, tx, c, d, ty;
};

Affine
affine_of_crop (const ModelInfo &info, const Crop &crop)
{
  double s = info.height / (double) crop.height;
  double cs = std::cos (crop.angle) * s, sn = std::sin (crop.angle) * s;
  Affine m = { cs, sn, 0, -sn, cs, 0 };
  m.tx = info.width / 2.0 - (m.a * crop.x + m.b * crop.y);
  m.ty = info.height / 2.0 - (m.c * crop.x + m.d * crop.y);
  return m;
}

} // namespace

Normalizer::Normalizer (const ModelInfo &info)
{
  for (int c = 0; c < 3; c++)
    {
      from[c] = info.rgb ? 2 - c : c;
      for (int v = 0; v < 256; v++)
        table[c][v] = ((float) v - info.mean[c]) / info.std[c];
    }
}

/* The square of 5 x 5 cells cuts a wide hill off at its own middle, which draws its centroid halfway
 * back to the cell's. A round window that moves with the place has no such pull: for a hill and a
 * window of the same spread the centroid goes half the way to the hill's middle, so doubling the
 * step arrives. */
static void
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
      if (!(sum > 1e-6f) || !std::isfinite (sum))
        return;
      /* Never further than to the next cell: beyond, it would be another hill. */
      *x = std::clamp (*x + 2 * (sum_x / sum - *x), (float) cell_x - 1, (float) cell_x + 1);
      *y = std::clamp (*y + 2 * (sum_y / sum - *y), (float) cell_y - 1, (float) cell_y + 1);
    }
}

/* A wide hill around the expected place; far away a peak still wins if it is twice as high, so a wrong
 * expectation cannot hold for long. */
static float
expectation (const Summit &summit, int stride, int x, int y)
{
  double dx = ((x + 0.5) * stride - summit.x) / summit.spread;
  double dy = ((y + 0.5) * stride - summit.y) / summit.spread;
  float row = (float) std::exp (-0.5 * dy * dy), column = (float) std::exp (-0.5 * dx * dx);
  return 0.5f + 0.5f * row * column;
}

/* All maps at once, since XNNPACK's lie woven into each other. */
static void
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

/* In continuous pixels of the network's input, with the map's value. */
struct Peak
{
  float x, y, score;
};

/* The centroid of the positive values in the 5 x 5 cells around the highest one; with SPREAD > 0 that
 * is only the start, and a round window of SPREAD cells finds the middle of the hill. */
static Peak
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
  if (!std::isfinite (sum))
    sum = 0;
  float x = sum > 1e-6f ? sum_x / sum : (float) best_x;
  float y = sum > 1e-6f ? sum_y / sum : (float) best_y;
  if (spread > 0)
    settle (heat, map, spread, best_x, best_y, &x, &y);
  peak.x = (x + 0.5f) * (float) stride;
  peak.y = (y + 0.5f) * (float) stride;
  /* A network that gives NaN must not look sure of itself. */
  float value = heat.at (map, best_y, best_x);
  peak.score = value > 0 && std::isfinite (value) ? std::min (value, 1.0f) : 0.0f;
  return peak;
}

Crop
crop_of_box (const ModelInfo &info, float x0, float y0, float x1, float y1, float factor)
{
  float aspect = (float) info.height / (float) info.width;
  Crop crop;
  crop.x = (x0 + x1) / 2;
  crop.y = (y0 + y1) / 2;
  crop.height = std::max (y1 - y0, (x1 - x0) * aspect) * factor;
  return crop;
}

void
model_run (TdPoseModel *model, const cv::Mat &frame, const Crop &crop, const Prior *prior,
           TdPose *pose, TdVisionTimes *times)
{
  const ModelInfo &info = model->info;
  std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now ();

  Affine m = affine_of_crop (info, crop);
  /* warpAffine takes pixel indices, whose origin is the middle of the first pixel. */
  double ix = m.tx + 0.5 * (m.a + m.b) - 0.5, iy = m.ty + 0.5 * (m.c + m.d) - 0.5;
  cv::Matx23d matrix (m.a, m.b, ix, m.c, m.d, iy);
  cv::warpAffine (frame, model->crop, matrix, cv::Size (info.width, info.height), cv::INTER_LINEAR,
                  cv::BORDER_CONSTANT, cv::Scalar (114, 114, 114));
  double crop_ms = ms_since (start);

  start = std::chrono::steady_clock::now ();
  Maps heat, depth;
  model->net->run (model->crop, heat, depth);
  double network_ms = ms_since (start);

  start = std::chrono::steady_clock::now ();
  double det = m.a * m.d - m.b * m.c;
  double scale = (double) crop.height / info.height; /* pixels of the frame per input pixel */
  *pose = TdPose ();
  pose->width = frame.cols;
  pose->height = frame.rows;
  pose->has_depth = depth.data != nullptr;
  model->summits.assign ((size_t) heat.n, Summit ());
  if (prior && prior->any)
    for (int map = 0; map < heat.n; map++)
      {
        TdJoint joint = info.joints[(size_t) map];
        if (joint == TD_N_JOINTS || !(prior->spread[joint] > 0))
          continue;
        Summit &summit = model->summits[(size_t) map];
        summit.x = m.a * prior->x[joint] + m.b * prior->y[joint] + m.tx;
        summit.y = m.c * prior->x[joint] + m.d * prior->y[joint] + m.ty;
        summit.spread = prior->spread[joint] / scale;
      }
  find_summits (heat, info.stride, model->summits);
  for (int map = 0; map < heat.n; map++)
    {
      TdJoint joint = info.joints[(size_t) map];
      if (joint == TD_N_JOINTS)
        continue;
      const Summit &summit = model->summits[(size_t) map];
      Peak peak = decode_peak (heat, map, info.stride, info.spread, summit.cell_x, summit.cell_y);
      double x = peak.x - m.tx, y = peak.y - m.ty;
      TdKeypoint *k = &pose->joints[joint];
      k->x = (float) ((m.d * x - m.b * y) / det);
      k->y = (float) ((-m.c * x + m.a * y) / det);
      k->score = peak.score;
      if (depth.data)
        {
          float z = depth.at (map, summit.cell_y, summit.cell_x);
          k->z = std::isfinite (z) ? z * info.depth_scale * (float) scale : 0.0f;
        }
    }
  if (times)
    {
      times->crop_ms += crop_ms;
      times->network_ms += network_ms;
      times->decode_ms += ms_since (start);
      times->network_runs++;
    }
}

} // namespace td
