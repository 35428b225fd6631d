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
  model->net->run (model->crop, model->outputs);
  double network_ms = ms_since (start);

  start = std::chrono::steady_clock::now ();
  check_outputs (info, model->outputs);
  double det = m.a * m.d - m.b * m.c;
  double scale = (double) crop.height / info.height; /* pixels of the frame per input pixel */
  *pose = TdPose ();
  pose->width = frame.cols;
  pose->height = frame.rows;
  pose->has_depth = info.has_depth;
  model->decoding.summits.assign (info.joints.size (), Summit ());
  if (prior && prior->any)
    for (size_t i = 0; i < info.joints.size (); i++)
      {
        TdJoint joint = info.joints[i];
        if (joint == TD_N_JOINTS || !(prior->spread[joint] > 0))
          continue;
        Summit &summit = model->decoding.summits[i];
        summit.x = m.a * prior->x[joint] + m.b * prior->y[joint] + m.tx;
        summit.y = m.c * prior->x[joint] + m.d * prior->y[joint] + m.ty;
        summit.spread = prior->spread[joint] / scale;
      }
  decode (info, model->outputs, model->decoding);
  for (size_t i = 0; i < info.joints.size (); i++)
    {
      TdJoint joint = info.joints[i];
      if (joint == TD_N_JOINTS)
        continue;
      const Peak &peak = model->decoding.peaks[i];
      double x = peak.x - m.tx, y = peak.y - m.ty;
      TdKeypoint *k = &pose->joints[joint];
      k->x = (float) ((m.d * x - m.b * y) / det);
      k->y = (float) ((-m.c * x + m.a * y) / det);
      k->z = peak.z * (float) scale;
      k->score = peak.score;
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
