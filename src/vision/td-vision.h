/* td-vision.h: a picture in, a person's joints out.
 *
 * Pure C. The implementation is C++ on OpenCV (and XNNPACK where it knows the network), and no exception ever
 * crosses this header: every failure is a TdVisionStatus and a message.
 *
 * A TdPoseModel may be shared by trackers of one thread; a TdTracker belongs to one thread.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#ifdef __cplusplus
extern "C"
{
#endif

#include "td-pose.h"

  typedef enum
  {
    TD_VISION_OK,
    TD_VISION_NO_MODEL,  /* no such folder, or model.onnx or model.ini is not in it */
    TD_VISION_BAD_MODEL, /* damaged, truncated, or not a pose network */
    TD_VISION_BAD_INPUT, /* a picture of no size, a NULL buffer */
    TD_VISION_NO_MEMORY,
    TD_VISION_FAILED /* anything else that OpenCV or XNNPACK could not do */
  } TdVisionStatus;

  /* message: one line, never empty after a failure, without a line break. */
  typedef struct
  {
    TdVisionStatus status;
    char message[256];
  } TdVisionError;

  /* 8-bit BGR rows, top row first; stride in bytes, at least 3 * width. The pixels are borrowed
 * for the call. */
  typedef struct
  {
    const uint8_t *data;
    int width;
    int height;
    int stride;
  } TdImage;

  /* Milliseconds of the last call, for tests/bench. A search runs the network more than once; the
 * times are sums. */
  typedef struct
  {
    double crop_ms;
    double network_ms;
    double decode_ms;
    int network_runs;
  } TdVisionTimes;

  typedef struct TdPoseModel TdPoseModel;
  typedef struct TdTracker TdTracker;
  typedef struct TdSceneWatch TdSceneWatch;

  typedef enum
  {
    TD_BACKEND_AUTO, /* XNNPACK where it knows every operator of the network, otherwise OpenCV */
    TD_BACKEND_XNNPACK,
    TD_BACKEND_OPENCV
  } TdBackend;

  /* Loads the model folder FOLDER (model.onnx, model.ini). THREADS: 1 or more, for the network
 * and for OpenCV's own loops in this process: while a tracker is at work, another number than its model's must
 * not be given.
 * On success *MODEL is to be freed with td_pose_model_free(). ERROR may be NULL. */
  TdVisionStatus td_pose_model_load (const char *folder, TdBackend backend, int threads,
                                     TdPoseModel **model, TdVisionError *error);
  void td_pose_model_free (TdPoseModel *model); /* NULL is allowed */

#define TD_MODEL_NAME_SIZE 128

  /* NAME becomes what td_pose_model_name() would say, "" after a failure. Reads model.ini alone, so the network
 * may still turn out to be of no use. */
  TdVisionStatus td_pose_model_describe (const char *folder, char name[TD_MODEL_NAME_SIZE],
                                         TdVisionError *error);

  /* model.ini's name and version, "teardrop-lower-body 5"; owned by the model. */
  const char *td_pose_model_name (const TdPoseModel *model);
  /* "xnnpack" or "opencv". */
  const char *td_pose_model_backend (const TdPoseModel *model);
  /* What XNNPACK does not know of this network, "operator Sigmoid", when it runs on OpenCV for that;
 * otherwise NULL. For the log. */
  const char *td_pose_model_why_opencv (const TdPoseModel *model);
  /* Whether the network has this joint at all; of one that it lacks, the score is always 0. */
  bool td_pose_model_has_joint (const TdPoseModel *model, TdJoint joint);

  /* The joints of the one person whose box (x, y, width, height in pixels) is given, with no
 * tracking: for tests and evaluation. The box is grown to the network's aspect and by the margin of
 * model.ini. */
  TdVisionStatus td_pose_model_estimate (TdPoseModel *model, const TdImage *image,
                                         const float box[4], TdPose *pose, TdVisionError *error);

  /* Follows the main person through a sequence of pictures. MODEL is borrowed and must outlive it. */
  TdVisionStatus td_tracker_new (TdPoseModel *model, TdTracker **tracker, TdVisionError *error);
  void td_tracker_free (TdTracker *tracker); /* NULL is allowed */

  /* Forgets the person: the next picture is searched whole. */
  void td_tracker_reset (TdTracker *tracker);

  /* Whether to look for somebody else beside the person who is followed; at first not. Costs two runs of the
 * network a second, at most one in a picture, and changes nothing in the poses. */
  void td_tracker_watch_others (TdTracker *tracker, bool watch);
  /* How many others were seen in the last three seconds: 0, or 1 for one or more. Who is hidden behind the
 * person, is much farther away or passes within two seconds may not be seen. */
  int td_tracker_others (const TdTracker *tracker);

  /* Finds or follows the person in IMAGE. TIME_NS goes into the pose; pictures come in order of
 * time. Nobody in view is no error: pose->present is false. TIMES may be NULL. */
  TdVisionStatus td_tracker_process (TdTracker *tracker, const TdImage *image, int64_t time_ns,
                                     TdPose *pose, TdVisionTimes *times, TdVisionError *error);

  /* Tells how bright it is and whether the camera stands still. NULL: no memory. One thread. */
  TdSceneWatch *td_scene_watch_new (void);
  void td_scene_watch_free (TdSceneWatch *watch); /* NULL is allowed */

  /* Looks at IMAGE, or not: eight pictures a second are enough, and between them the last values hold. POSE: of
 * this picture; NULL or absent: nobody. BRIGHTNESS: mean luma around the person, or of the whole
 * picture, 0 (black) to 1, without the darkest and brightest pixels. SHAKE: the camera's own movement,
 * widths of the picture a second; somebody who moves does not count. NAN where it is not known: SHAKE on
 * the first picture and where the background is bare, both for a picture that can't be used. Each may
 * be NULL. */
  void td_scene_watch_push (TdSceneWatch *watch, const TdImage *image, int64_t time_ns,
                            const TdPose *pose, float *brightness, float *shake);

  /* Shrinks IMAGE to WIDTH × HEIGHT (area averaging) into TO, whose rows are TO_STRIDE bytes. For the
 * preview: a texture of a large picture costs the window more than the shrinking. */
  TdVisionStatus td_image_shrink (const TdImage *image, uint8_t *to, int width, int height,
                                  int to_stride, TdVisionError *error);

#ifdef __cplusplus
}
#endif
