/* scene-watch.cpp: is it bright enough, and does the camera stand still?
 *
 * Pictures are made small and grey first, and freed of what changes with the light. How far the background
 * moved between two of them is found for small squares beside the person, first in whole pixels and then
 * in parts of one; the median of the squares does not mind a curtain or somebody who passes.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "vision-internal.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace td
{
namespace
{

constexpr int WIDTH = 160; /* of the small picture */
constexpr int SQUARE = 32; /* pixels of it; even */
constexpr int REACH = 6;   /* of the search, in pixels of half the small picture */
constexpr int SAMPLES = 4; /* of the picture to a side of a small pixel, at most */
constexpr size_t LEAST_SQUARES = 3;
constexpr double STEP_S = 0.12; /* between the pictures that are looked at */
constexpr double LONGEST_S = 1; /* beyond it nothing is known of what was between */
/* Grey levels a pixel, squared, in the direction in which a square changes least. A bare wall and the
 * camera's noise have less, and an edge alone does not tell of movement along it. */
constexpr float LEAST_CHANGE = 2;
/* Of a square's own contrast: more is left where it is not the same thing any more. */
constexpr float MOST_LEFT = 0.25f;
constexpr float MARGIN = 0.2f; /* around the joints, of the box: head, hands, clothes */

/* What a person covers, in small pixels; or nobody. */
cv::Rect
cover_of (const TdPose *pose, const cv::Mat &small, float scale)
{
  if (!pose || !pose->present)
    return cv::Rect ();
  const Box box = box_of (*pose);
  if (!(box.x1 > box.x0) || !(box.y1 > box.y0))
    return cv::Rect ();
  float margin = MARGIN * std::max (box.x1 - box.x0, box.y1 - box.y0);
  auto cell = [&] (float place, int most) {
    return (int) std::lround (std::clamp (place * scale, 0.0f, (float) most));
  };
  cv::Point from (cell (box.x0 - margin, small.cols), cell (box.y0 - margin, small.rows));
  cv::Point to (cell (box.x1 + margin, small.cols), cell (box.y1 + margin, small.rows));
  return cv::Rect (from, to);
}

/* The mean of samples: exact enough, and a tenth of the time of all pixels of a large picture. */
cv::Mat
small_grey (const cv::Mat &frame)
{
  const int width = std::min (WIDTH, frame.cols);
  const int height = std::max (1, (int) std::lround ((double) frame.rows * width / frame.cols));
  cv::Mat small (height, width, CV_32F);
  for (int y = 0; y < height; y++)
    {
      int y0 = (int) ((int64_t) y * frame.rows / height);
      int y1 = std::max (y0 + 1, (int) ((int64_t) (y + 1) * frame.rows / height));
      int step_y = std::max (1, (y1 - y0) / SAMPLES);
      float *to = small.ptr<float> (y);
      for (int x = 0; x < width; x++)
        {
          int x0 = (int) ((int64_t) x * frame.cols / width);
          int x1 = std::max (x0 + 1, (int) ((int64_t) (x + 1) * frame.cols / width));
          int step_x = std::max (1, (x1 - x0) / SAMPLES);
          int sum = 0, n = 0;
          for (int row = y0; row < y1; row += step_y)
            {
              const uint8_t *from = frame.ptr<uint8_t> (row);
              for (int column = x0; column < x1; column += step_x, n++)
                sum += 29 * from[3 * column] + 150 * from[3 * column + 1]
                       + 77 * from[3 * column + 2];
            }
          to[x] = (float) sum / (256.0f * (float) n);
        }
    }
  return small;
}

/* What a square is told by: each pixel less the mean around it. */
cv::Mat
relief_of (const cv::Mat &small)
{
  cv::Mat around;
  cv::blur (small, around, cv::Size (15, 15), cv::Point (-1, -1), cv::BORDER_REPLICATE);
  return small - around;
}

cv::Mat
half_of (const cv::Mat &relief)
{
  cv::Mat half (relief.rows / 2, relief.cols / 2, CV_32F);
  for (int y = 0; y < half.rows; y++)
    {
      const float *above = relief.ptr<float> (2 * y), *below = relief.ptr<float> (2 * y + 1);
      float *to = half.ptr<float> (y);
      for (int x = 0; x < half.cols; x++)
        to[x] = (above[2 * x] + above[2 * x + 1] + below[2 * x] + below[2 * x + 1]) / 4;
    }
  return half;
}

/* Where the square of BEFORE at (X, Y) is in NOW, both of half size: by the least difference. */
cv::Point
nearest (const cv::Mat &before, const cv::Mat &now, int x, int y)
{
  constexpr int SIDE = SQUARE / 2;
  float least = 1e30f;
  cv::Point found (0, 0);
  for (int v = std::max (-REACH, -y); v <= std::min (REACH, now.rows - SIDE - y); v++)
    for (int u = std::max (-REACH, -x); u <= std::min (REACH, now.cols - SIDE - x); u++)
      {
        float sum = 0;
        for (int row = 0; row < SIDE; row++)
          {
            const float *a = before.ptr<float> (y + row) + x;
            const float *b = now.ptr<float> (y + v + row) + x + u;
            for (int i = 0; i < SIDE; i++)
              sum += std::fabs (a[i] - b[i]);
          }
        /* Where all are alike, nothing has moved. */
        sum *= 1 + 0.002f * (float) (u * u + v * v);
        if (sum < least)
          {
            least = sum;
            found = cv::Point (u, v);
          }
      }
  return found;
}

/* Improves *MOVED, of the square at (X, Y), by the gradients in it (Lucas and Kanade 1981). False: the square
 * tells nothing. */
bool
refine (const cv::Mat &before, const cv::Mat &now, int x, int y, cv::Point2f *moved)
{
  float xx = 0, xy = 0, yy = 0, contrast = 0, left = 0;
  const cv::Rect inner (1, 1, before.cols - 2, before.rows - 2);
  const cv::Rect square = cv::Rect (x, y, SQUARE, SQUARE) & inner;
  for (int round = 0; round < 4; round++)
    {
      int whole_x = (int) std::floor (moved->x), whole_y = (int) std::floor (moved->y);
      float part_x = moved->x - (float) whole_x, part_y = moved->y - (float) whole_y;
      const cv::Rect there (square.x + whole_x, square.y + whole_y, square.width + 1,
                            square.height + 1);
      if (there.x < 0 || there.y < 0 || there.br ().x > now.cols || there.br ().y > now.rows)
        return false;
      float right = 0, down = 0;
      xx = xy = yy = contrast = left = 0;
      for (int row = square.y; row < square.br ().y; row++)
        {
          const float *a = before.ptr<float> (row);
          const float *above = before.ptr<float> (row - 1), *below = before.ptr<float> (row + 1);
          const float *b = now.ptr<float> (row + whole_y) + whole_x;
          const float *c = now.ptr<float> (row + whole_y + 1) + whole_x;
          for (int i = square.x; i < square.br ().x; i++)
            {
              float gx = (a[i + 1] - a[i - 1]) / 2, gy = (below[i] - above[i]) / 2;
              float upper = b[i] + part_x * (b[i + 1] - b[i]);
              float lower = c[i] + part_x * (c[i + 1] - c[i]);
              float off = upper + part_y * (lower - upper) - a[i];
              xx += gx * gx;
              xy += gx * gy;
              yy += gy * gy;
              right += gx * off;
              down += gy * off;
              contrast += a[i] * a[i];
              left += off * off;
            }
        }
      const float n = (float) square.area ();
      float half_trace = (xx + yy) / 2, det = xx * yy - xy * xy;
      float smaller = half_trace - std::sqrt (std::max (0.0f, half_trace * half_trace - det));
      if (!(smaller >= LEAST_CHANGE * n))
        return false;
      cv::Point2f step ((yy * right - xy * down) / det, (xx * down - xy * right) / det);
      moved->x -= std::clamp (step.x, -1.0f, 1.0f);
      moved->y -= std::clamp (step.y, -1.0f, 1.0f);
      if (std::fabs (step.x) + std::fabs (step.y) < 0.01f)
        break;
    }
  return left <= MOST_LEFT * contrast;
}

/* The mean without the darkest and the brightest twentieth: a lamp or a window in the picture does not make
 * the person brighter. */
float
brightness_of (const cv::Mat &small, const cv::Rect &box)
{
  const cv::Mat area = box.area () > 0 ? small (box) : small;
  int histogram[256] = {};
  for (int y = 0; y < area.rows; y++)
    for (int x = 0; x < area.cols; x++)
      histogram[std::clamp ((int) area.at<float> (y, x), 0, 255)]++;
  const int n = area.rows * area.cols, cut = n / 20;
  int64_t sum = 0;
  int below = 0;
  for (int value = 0; value < 256; value++)
    {
      int from = std::max (below, cut), to = std::min (below + histogram[value], n - cut);
      sum += (int64_t) std::max (0, to - from) * value;
      below += histogram[value];
    }
  return (float) sum / (float) (n - 2 * cut) / 255;
}

float
median (std::vector<float> &values)
{
  std::vector<float>::iterator middle = values.begin () + (ptrdiff_t) (values.size () / 2);
  std::nth_element (values.begin (), middle, values.end ());
  return *middle;
}

} // namespace

void
SceneWatch::push (const cv::Mat &frame, int64_t time_ns, const TdPose *pose)
{
  double step_s = (double) (time_ns - last_ns_) * 1e-9;
  bool known = !last_.empty () && frame.cols == width_ && frame.rows == height_ && step_s >= 0
               && step_s <= LONGEST_S;
  if (known && step_s < STEP_S)
    return;
  cv::Mat small = small_grey (frame);
  const float scale = (float) small.cols / (float) frame.cols;
  cv::Rect box = cover_of (pose, small, scale);
  brightness = brightness_of (small, box);
  cv::Mat relief = relief_of (small), half = half_of (relief);
  shake = known ? shake_of (relief, half, box) / (float) step_s : NAN;
  last_ = relief;
  last_half_ = half;
  last_box_ = box;
  last_ns_ = time_ns;
  width_ = frame.cols;
  height_ = frame.rows;
}

/* In widths of the picture. */
float
SceneWatch::shake_of (const cv::Mat &relief, const cv::Mat &half, const cv::Rect &box) const
{
  std::vector<float> right, down;
  const int nx = relief.cols / SQUARE, ny = relief.rows / SQUARE;
  for (int j = 0; j < ny; j++)
    for (int i = 0; i < nx; i++)
      {
        /* Spread evenly, up to both edges; at even places, for the half. */
        int x = nx > 1 ? i * (relief.cols - SQUARE) / (nx - 1) & ~1 : 0;
        int y = ny > 1 ? j * (relief.rows - SQUARE) / (ny - 1) & ~1 : 0;
        cv::Rect square (x, y, SQUARE, SQUARE);
        if ((square & box).area () > 0 || (square & last_box_).area () > 0)
          continue;
        cv::Point2f moved = 2 * cv::Point2f (nearest (last_half_, half, x / 2, y / 2));
        if (!refine (last_, relief, x, y, &moved))
          continue;
        right.push_back (moved.x);
        down.push_back (moved.y);
      }
  if (right.size () < LEAST_SQUARES)
    return NAN;
  return std::hypot (median (right), median (down)) / (float) relief.cols;
}

} // namespace td
