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

/* Picture to network input, both with (0, 0) at the corner of the first pixel: scale * x + x. */
struct Placement
{
  double scale, x, y;
};

Placement
placement_of (const ModelInfo &info, const Crop &crop)
{
  double scale = info.height / (double) crop.height;
  return { scale, info.width / 2.0 - scale * crop.x, info.height / 2.0 - scale * crop.y };
}

/* In all three dimensions, so that no angle between thigh and shank changes. What was not found neither moves nor
 * moves another. */
void
move_towards (TdKeypoint *joint, const TdKeypoint &knee, float part)
{
  if (!(joint->score > 0) || !(knee.score > 0))
    return;
  joint->x += part * (knee.x - joint->x);
  joint->y += part * (knee.y - joint->y);
  joint->z += part * (knee.z - joint->z);
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

Box
box_of (const TdPose &pose)
{
  Box box;
  for (const TdKeypoint &joint : pose.joints)
    {
      if (joint.score < TRUSTED)
        continue;
      box.x0 = std::min (box.x0, joint.x);
      box.x1 = std::max (box.x1, joint.x);
      box.y0 = std::min (box.y0, joint.y);
      box.y1 = std::max (box.y1, joint.y);
      box.n++;
    }
  return box;
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

  const Placement place = placement_of (info, crop);
  /* warpAffine takes pixel indices, whose origin is the middle of the first pixel. */
  const double shift = 0.5 * place.scale - 0.5;
  cv::Matx23d matrix (place.scale, 0, place.x + shift, 0, place.scale, place.y + shift);
  cv::warpAffine (frame, model->crop, matrix, cv::Size (info.width, info.height), cv::INTER_LINEAR,
                  cv::BORDER_CONSTANT, cv::Scalar (114, 114, 114));
  double crop_ms = ms_since (start);

  start = std::chrono::steady_clock::now ();
  model->net->run (model->crop, model->outputs);
  double network_ms = ms_since (start);

  start = std::chrono::steady_clock::now ();
  check_outputs (info, model->outputs);
  *pose = TdPose ();
  pose->width = frame.cols;
  pose->height = frame.rows;
  pose->has_depth = info.has_depth;
  model->decoding.summits.assign (info.joints.size (), Summit ());
  if (prior)
    for (size_t i = 0; i < info.joints.size (); i++)
      {
        TdJoint joint = info.joints[i];
        if (joint == TD_N_JOINTS || !(prior->spread[joint] > 0))
          continue;
        Summit &summit = model->decoding.summits[i];
        summit.x = place.scale * prior->x[joint] + place.x;
        summit.y = place.scale * prior->y[joint] + place.y;
        summit.spread = place.scale * prior->spread[joint];
      }
  decode (info, model->outputs, model->decoding);
  for (size_t i = 0; i < info.joints.size (); i++)
    {
      TdJoint joint = info.joints[i];
      if (joint == TD_N_JOINTS)
        continue;
      const Peak &peak = model->decoding.peaks[i];
      TdKeypoint *k = &pose->joints[joint];
      k->x = (float) ((peak.x - place.x) / place.scale);
      k->y = (float) ((peak.y - place.y) / place.scale);
      k->z = peak.z * (float) (1 / place.scale);
      k->score = peak.score;
    }
  for (int side = 0; side < 2; side++)
    {
      const TdKeypoint &knee = pose->joints[TD_JOINT_KNEE_LEFT + side];
      move_towards (&pose->joints[TD_JOINT_HIP_LEFT + side], knee, info.hip_to_knee);
      move_towards (&pose->joints[TD_JOINT_ANKLE_LEFT + side], knee, info.ankle_to_knee);
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
