/* td-vision.cpp: the C face of this folder. Every function that can fail goes through guarded().
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-vision.h"

#include "onnx-graph.h"

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <climits>
#include <cmath>
#include <cstring>
#include <fcntl.h>
#include <mutex>
#include <new>
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/imgproc.hpp>
#include <sys/stat.h>
#include <unistd.h>

namespace td
{

bool
is_utf8 (const std::string &text)
{
  for (size_t i = 0; i < text.size ();)
    {
      unsigned char c = (unsigned char) text[i];
      size_t more = c < 0x80                ? 0
                    : c >= 0xC2 && c < 0xE0 ? 1
                    : (c & 0xF0) == 0xE0    ? 2
                    : c >= 0xF0 && c < 0xF5 ? 3
                                            : 9;
      if (more == 9 || i + more >= text.size ())
        return false;
      unsigned int code = more == 0 ? c : c & (0x3Fu >> more);
      for (size_t k = 1; k <= more; k++)
        {
          unsigned char next = (unsigned char) text[i + k];
          if ((next & 0xC0) != 0x80)
            return false;
          code = code << 6 | (next & 0x3Fu);
        }
      if ((more == 2 && code < 0x800) || (more == 3 && (code < 0x10000 || code > 0x10FFFF))
          || (code >= 0xD800 && code < 0xE000))
        return false;
      i += more + 1;
    }
  return true;
}

/* What OpenCV or XNNPACK say of a damaged file has pieces of that file in it, and a folder may have any
 * bytes in its name. */
static std::string
plain (std::string text)
{
  if (!is_utf8 (text))
    for (char &c : text)
      if ((unsigned char) c >= 0x7F)
        c = '?';
  return text;
}

void
error_set (TdVisionError *error, TdVisionStatus status, const std::string &said)
{
  if (!error)
    return;
  const std::string text = plain (said);
  error->status = status;
  size_t n = std::min (text.size (), sizeof error->message - 1);
  /* Not in the middle of a UTF-8 character. */
  while (n < text.size () && n > 0 && ((unsigned char) text[n] & 0xC0) == 0x80)
    n--;
  for (size_t i = 0; i < n; i++)
    error->message[i] = (unsigned char) text[i] < ' ' || text[i] == 0x7F ? ' ' : text[i];
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

constexpr size_t LARGEST_INI = 64 * 1024;
constexpr size_t LARGEST_ONNX = 160u * 1024 * 1024;

class File
{
public:
  /* Neither waits for the other end of a pipe. */
  explicit File (const std::string &path)
      : number (open (path.c_str (), O_RDONLY | O_CLOEXEC | O_NONBLOCK))
  {
  }
  ~File ()
  {
    if (number >= 0)
      close (number);
  }
  File (const File &) = delete;
  File &operator= (const File &) = delete;
  const int number;
};

std::string
read_file (const std::string &folder, const char *name, size_t largest)
{
  std::string path = folder + "/" + name;
  File file (path);
  struct stat info;
  if (file.number < 0 && errno == ENOENT)
    throw Failure (TD_VISION_NO_MODEL, "no " + std::string (name) + " in " + folder);
  if (file.number < 0 || fstat (file.number, &info) != 0)
    throw Failure (TD_VISION_NO_MODEL, path + " can't be read");
  if (!S_ISREG (info.st_mode))
    throw Failure (TD_VISION_BAD_MODEL, path + " is not a file");
  if (info.st_size == 0)
    throw Failure (TD_VISION_BAD_MODEL, path + " is empty");
  if ((size_t) info.st_size > largest)
    throw Failure (TD_VISION_BAD_MODEL,
                   std::string (name) + " is larger than "
                       + (largest < 1024 * 1024 ? std::to_string (largest / 1024) + " kB"
                                                : std::to_string (largest / 1024 / 1024) + " MB"));
  std::string data ((size_t) info.st_size, '\0');
  size_t got = 0;
  while (got < data.size ())
    {
      ssize_t n = read (file.number, &data[got], data.size () - got);
      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        throw Failure (TD_VISION_NO_MODEL, path + " can't be read");
      got += (size_t) n;
    }
  return data;
}

std::string
read_description (const char *folder)
{
  struct stat about;
  if (!folder || stat (folder, &about) != 0 || !S_ISDIR (about.st_mode))
    throw Failure (TD_VISION_NO_MODEL, std::string ("no model folder ") + (folder ? folder : ""));
  return read_file (folder, "model.ini", LARGEST_INI);
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

void
load_net (TdPoseModel *model, const std::string &folder, TdBackend backend, int threads)
{
  std::unique_ptr<onnx::ModelProto> onnx
      = onnx_parse (model->info, read_file (folder, "model.onnx", LARGEST_ONNX));
  std::string why_not;
  if (backend != TD_BACKEND_OPENCV)
    model->net = pose_net_xnnpack (model->info, *onnx, threads, &why_not);
  if (!model->net && backend == TD_BACKEND_XNNPACK)
    throw Failure (TD_VISION_FAILED, "XNNPACK can't run this network: " + why_not);
  if (!model->net)
    {
      model->why_not_xnnpack = why_not;
      std::string bytes = onnx->SerializeAsString ();
      onnx.reset ();
      model->net = pose_net_opencv (model->info, bytes);
    }
}

/* What it makes of a grey picture: the sizes of what it gives are known only once it has run. */
void
try_net (TdPoseModel *model)
{
  const ModelInfo &info = model->info;
  model->crop = cv::Mat (info.height, info.width, CV_8UC3, cv::Scalar::all (114));
  model->net->run (model->crop, model->outputs);
  check_outputs (info, model->outputs);
  for (const Maps &maps : model->outputs)
    for (int map = 0; map < maps.n; map++)
      for (int y = 0; y < maps.height; y++)
        for (int x = 0; x < maps.width; x++)
          if (!std::isfinite (maps.at (map, y, x)))
            throw Failure (TD_VISION_BAD_MODEL, "model.onnx gives no numbers");
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
    /* What OpenCV and protobuf have one of in the process is set while loading. */
    static std::mutex one_at_a_time;
    std::lock_guard<std::mutex> lock (one_at_a_time);
    std::unique_ptr<TdPoseModel> loaded = std::make_unique<TdPoseModel> ();
    loaded->info = td::model_info_parse (td::read_description (folder));
    loaded->full_name = loaded->info.name + " " + loaded->info.version;
    /* For all of this process: OpenCV knows no other way, and its cropping would take every core. Setting it
     * takes the threads away from under a tracker that is at work, so not for nothing. */
    if (cv::getNumThreads () != threads)
      cv::setNumThreads (threads);
    try
      {
        td::load_net (loaded.get (), folder, backend, threads);
        td::try_net (loaded.get ());
      }
    catch (const cv::Exception &exception)
      {
        if (exception.code == cv::Error::StsNoMem)
          throw;
        throw td::Failure (TD_VISION_BAD_MODEL,
                           "model.onnx is damaged or has an operator that is not known: "
                               + exception.err);
      }
    *model = loaded.release ();
  });
}

TdVisionStatus
td_pose_model_describe (const char *folder, char name[TD_MODEL_NAME_SIZE], TdVisionError *error)
{
  assert (name);
  name[0] = '\0';
  return td::guarded (error, "reading the model's name", [&] {
    std::string full = td::model_info_name (td::read_description (folder));
    assert (full.size () < TD_MODEL_NAME_SIZE);
    memcpy (name, full.c_str (), full.size () + 1);
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

const char *
td_pose_model_why_opencv (const TdPoseModel *model)
{
  assert (model);
  return model->why_not_xnnpack.empty () ? nullptr : model->why_not_xnnpack.c_str ();
}

bool
td_pose_model_has_joint (const TdPoseModel *model, TdJoint joint)
{
  assert (model);
  const std::vector<TdJoint> &joints = model->info.joints;
  return std::find (joints.begin (), joints.end (), joint) != joints.end ();
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

void
td_tracker_watch_others (TdTracker *tracker, bool watch)
{
  assert (tracker);
  td::tracker_watch_others (tracker, watch);
}

int
td_tracker_others (const TdTracker *tracker)
{
  assert (tracker);
  return td::tracker_others (tracker);
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

TdSceneWatch *
td_scene_watch_new (void)
{
  return new (std::nothrow) TdSceneWatch ();
}

void
td_scene_watch_free (TdSceneWatch *watch)
{
  delete watch;
}

void
td_scene_watch_push (TdSceneWatch *watch, const TdImage *image, int64_t time_ns, const TdPose *pose,
                     float *brightness, float *shake)
{
  assert (watch);
  TdVisionStatus status = td::guarded (nullptr, "watching the scene", [&] {
    watch->watch.push (td::frame_of (image), time_ns, pose);
  });
  if (brightness)
    *brightness = status == TD_VISION_OK ? watch->watch.brightness : NAN;
  if (shake)
    *shake = status == TD_VISION_OK ? watch->watch.shake : NAN;
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
