/* td-vision.cpp: the C face of this folder. Every function that can fail goes through guarded().
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-vision.h"

#include "onnx-graph.h"

#include <algorithm>
#include <cassert>
#include <climits>
#include <cmath>
#include <cstring>
#include <fstream>
#include <mutex>
#include <new>
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/imgproc.hpp>
#include <sys/stat.h>

namespace td
{

void
error_set (TdVisionError *error, TdVisionStatus status, const std::string &text)
{
  if (!error)
    return;
  error->status = status;
  size_t n = std::min (text.size (), sizeof error->message - 1);
  /* Not in the middle of a UTF-8 character. */
  while (n < text.size () && n > 0 && ((unsigned char) text[n] & 0xC0) == 0x80)
    n--;
  for (size_t i = 0; i < n; i++)
    error->message[i] = (unsigned char) text[i] < ' ' ? ' ' : text[i];
  error->message[n] = '\0';
}

namespace
{

/* The exception barrier: nothing thrown below leaves this folder. */
template <class Body>
TdVisionStatus
guarded (TdVisionError *error, const char *doing, Body body) noexcept
{
  TdVisionStatus status;
  std::string text;
  try
    {
      try
        {
          body ();
          if (error)
            *error = TdVisionError ();
          return TD_VISION_OK;
        }
      catch (const Failure &failure)
        {
          status = failure.status;
          text = failure.what ();
        }
      catch (const std::bad_alloc &)
        {
          status = TD_VISION_NO_MEMORY;
          text = std::string ("not enough memory for ") + doing;
        }
      catch (const cv::Exception &exception)
        {
          bool memory = exception.code == cv::Error::StsNoMem;
          status = memory ? TD_VISION_NO_MEMORY : TD_VISION_FAILED;
          text = std::string (doing) + ": " + exception.err;
        }
      catch (const std::exception &exception)
        {
          status = TD_VISION_FAILED;
          text = std::string (doing) + ": " + exception.what ();
        }
      catch (...)
        {
          status = TD_VISION_FAILED;
          text = std::string (doing) + " failed";
        }
      error_set (error, status, text);
      return status;
    }
  catch (...)
    {
      /* No memory for the message itself. */
      if (error)
        {
          error->status = TD_VISION_NO_MEMORY;
          strcpy (error->message, "not enough memory");
        }
      return TD_VISION_NO_MEMORY;
    }
}

/* What OpenCV says of a damaged file has pieces of that file in it. */
std::string
plain (std::string text)
{
  for (char &c : text)
    if ((unsigned char) c >= 0x7F)
      c = '?';
  return text;
}

int
say_nothing (int, const char *, const char *, const char *, int, void *)
{
  return 0;
}

/* OpenCV prints what it throws; the caller gets it as a value instead. */
void
quiet_opencv ()
{
  static std::once_flag once;
  std::call_once (once, [] {
    cv::redirectError (say_nothing);
    cv::utils::logging::setLogLevel (cv::utils::logging::LOG_LEVEL_SILENT);
  });
}

std::string
read_file (const std::string &folder, const char *name)
{
  constexpr size_t LARGEST = 256u * 1024 * 1024;
  std::string path = folder + "/" + name;
  struct stat info;
  if (stat (path.c_str (), &info) != 0)
    throw Failure (TD_VISION_NO_MODEL, "no " + std::string (name) + " in " + folder);
  if (!S_ISREG (info.st_mode))
    throw Failure (TD_VISION_BAD_MODEL, path + " is not a file");
  if (info.st_size == 0)
    throw Failure (TD_VISION_BAD_MODEL, path + " is empty");
  if ((size_t) info.st_size > LARGEST)
    throw Failure (TD_VISION_BAD_MODEL, path + " is too large");
  std::ifstream file (path, std::ios::binary);
  std::string data ((size_t) info.st_size, '\0');
  if (!file.read (&data[0], (std::streamsize) data.size ()))
    throw Failure (TD_VISION_NO_MODEL, path + " can't be read");
  return data;
}

cv::Mat
frame_of (const TdImage *image)
{
  if (!image || !image->data)
    throw Failure (TD_VISION_BAD_INPUT, "no picture was given");
  /* cv::warpAffine takes no side of 32768 pixels or more. */
  if (image->width < 1 || image->height < 1 || image->width >= SHRT_MAX
      || image->height >= SHRT_MAX)
    throw Failure (TD_VISION_BAD_INPUT, "a picture of " + std::to_string (image->width) + " x "
                                            + std::to_string (image->height)
                                            + " pixels can't be used");
  if (image->stride < 3 * image->width)
    throw Failure (TD_VISION_BAD_INPUT, "the rows of the picture are too short");
  return cv::Mat (image->height, image->width, CV_8UC3, const_cast<uint8_t *> (image->data),
                  (size_t) image->stride);
}

std::unique_ptr<PoseNet>
load_net (const std::string &folder, const ModelInfo &info, TdBackend backend, int threads)
{
  std::unique_ptr<onnx::ModelProto> onnx = onnx_parse (info, read_file (folder, "model.onnx"));
  std::unique_ptr<PoseNet> net;
  std::string why_not;
  if (backend != TD_BACKEND_OPENCV)
    net = pose_net_xnnpack (info, *onnx, threads, &why_not);
  if (!net && backend == TD_BACKEND_XNNPACK)
    throw Failure (TD_VISION_FAILED, "XNNPACK can't run this network: " + plain (why_not));
  if (!net)
    net = pose_net_opencv (info, onnx->SerializeAsString ());
  return net;
}

} // namespace
} // namespace td

TdVisionStatus
td_pose_model_load (const char *folder, TdBackend backend, int threads, TdPoseModel **model,
                    TdVisionError *error)
{
  assert (model);
  assert (threads >= 1);
  *model = nullptr;
  return td::guarded (error, "loading the model", [&] {
    td::quiet_opencv ();
    struct stat about;
    if (!folder || stat (folder, &about) != 0 || !S_ISDIR (about.st_mode))
      throw td::Failure (TD_VISION_NO_MODEL,
                         std::string ("no model folder ") + (folder ? folder : ""));
    std::string ini = td::read_file (folder, "model.ini");
    std::unique_ptr<TdPoseModel> loaded = std::make_unique<TdPoseModel> ();
    loaded->info = td::model_info_parse (ini);
    loaded->full_name = loaded->info.name + " " + loaded->info.version;
    /* For all of this process: OpenCV knows no other way, and its cropping would take every core. */
    cv::setNumThreads (threads);
    try
      {
        loaded->net = td::load_net (folder, loaded->info, backend, threads);
        /* The maps' sizes are known only once it has run. */
        loaded->crop
            = cv::Mat (loaded->info.height, loaded->info.width, CV_8UC3, cv::Scalar::all (114));
        td::Maps heat, depth;
        loaded->net->run (loaded->crop, heat, depth);
      }
    catch (const cv::Exception &exception)
      {
        if (exception.code == cv::Error::StsNoMem)
          throw;
        throw td::Failure (TD_VISION_BAD_MODEL,
                           "model.onnx is damaged or has an operator that is not known: "
                               + td::plain (exception.err));
      }
    *model = loaded.release ();
  });
}

void
td_pose_model_free (TdPoseModel *model)
{
  delete model;
}

const char *
td_pose_model_name (const TdPoseModel *model)
{
  assert (model);
  return model->full_name.c_str ();
}

const char *
td_pose_model_backend (const TdPoseModel *model)
{
  assert (model);
  return model->net->backend ();
}

TdVisionStatus
td_pose_model_estimate (TdPoseModel *model, const TdImage *image, const float box[4], TdPose *pose,
                        TdVisionError *error)
{
  assert (model);
  assert (box);
  assert (pose);
  *pose = TdPose ();
  return td::guarded (error, "estimating a pose", [&] {
    cv::Mat frame = td::frame_of (image);
    for (int i = 0; i < 4; i++)
      if (!std::isfinite (box[i]) || std::fabs (box[i]) > 1e6f || (i >= 2 && box[i] < 1))
        throw td::Failure (TD_VISION_BAD_INPUT, "the person's box has no size");
    td::Crop crop = td::crop_of_box (model->info, box[0], box[1], box[0] + box[2], box[1] + box[3],
                                     model->info.margin);
    td::model_run (model, frame, crop, nullptr, pose, nullptr);
    pose->present = true;
    float sum = 0;
    for (int j = TD_JOINT_HIP_LEFT; j <= TD_JOINT_ANKLE_RIGHT; j++)
      sum += pose->joints[j].score;
    pose->score = sum / 6;
  });
}

TdVisionStatus
td_tracker_new (TdPoseModel *model, TdTracker **tracker, TdVisionError *error)
{
  assert (model);
  assert (tracker);
  *tracker = nullptr;
  return td::guarded (error, "starting to track", [&] { *tracker = td::tracker_new (model); });
}

void
td_tracker_free (TdTracker *tracker)
{
  td::tracker_free (tracker);
}

void
td_tracker_reset (TdTracker *tracker)
{
  assert (tracker);
  td::tracker_reset (tracker);
}

TdVisionStatus
td_tracker_process (TdTracker *tracker, const TdImage *image, int64_t time_ns, TdPose *pose,
                    TdVisionTimes *times, TdVisionError *error)
{
  assert (tracker);
  assert (pose);
  *pose = TdPose ();
  if (times)
    *times = TdVisionTimes ();
  return td::guarded (error, "finding the joints", [&] {
    cv::Mat frame = td::frame_of (image);
    td::tracker_process (tracker, frame, time_ns, pose, times);
  });
}

TdVisionStatus
td_image_shrink (const TdImage *image, uint8_t *to, int width, int height, int to_stride,
                 TdVisionError *error)
{
  return td::guarded (error, "shrinking a picture", [&] {
    cv::Mat from = td::frame_of (image);
    TdImage target = { to, width, height, to_stride };
    cv::Mat shrunk = td::frame_of (&target);
    const uint8_t *before = shrunk.data;
    cv::resize (from, shrunk, shrunk.size (), 0, 0, cv::INTER_AREA);
    /* resize() would allocate if the sizes differed; they can't. */
    assert (shrunk.data == before);
    (void) before;
  });
}
