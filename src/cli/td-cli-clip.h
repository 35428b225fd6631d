/* td-cli-clip.h: a video, or a table of joints, played through everything that measures.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-engine.h"

G_BEGIN_DECLS

typedef struct TdClip TdClip;

/* Opens FILE. NULL: what is wrong is in *PROBLEM, one sentence, to be freed with g_free(). */
TdClip *td_clip_open (const char *file, char **problem);
void td_clip_free (TdClip *self); /* NULL is allowed */

gboolean td_clip_is_table (const TdClip *self);

typedef struct
{
  const TdProfile *profile;
  const TdCalibration *calibration; /* NULL: none */
  const TdCamera *camera;           /* NULL: not known */
  gboolean calibrate;               /* the person is to be measured */
  /* Of a video only. */
  const char *model_folder; /* NULL: the built-in one */
  TdBackend backend;
  int threads;
  TdStore *store; /* NULL: nothing is kept; borrowed */
} TdClipConfig;

/* To be called once, before td_clip_next(). FALSE: as td_clip_open(). */
gboolean td_clip_start (TdClip *self, const TdClipConfig *config, char **problem);

/* What the next frame gave. */
typedef struct
{
  gboolean has_pose; /* FALSE: the input has ended, and this is what that completed */
  TdPose pose;
  TdMotionResult motion;
  double decode_ms; /* waited for it; NAN of a table, like pose_ms */
  double pose_ms;
  double motion_ms;
} TdClipFrame;

/* FALSE: there is no more. Either way *PROBLEM, NULL when there is none, is what went wrong with this
 * frame or ended the clip too early, one sentence, to be freed with g_free(). */
gboolean td_clip_next (TdClip *self, TdClipFrame *frame, char **problem);

/* From now on the first Ctrl-C ends the clip, as if it were cut there, the second one the program. */
void td_clip_obey_interrupt (void);
gboolean td_clip_was_interrupted (void);

/* NULL and 0 of a table; the number of pictures a second NAN when it is not known. */
const char *td_clip_model_name (const TdClip *self);
gint64 td_clip_session (const TdClip *self);
double td_clip_fps (const TdClip *self);
/* What is known of the person by now. */
TdCalibration td_clip_calibration (const TdClip *self);

G_END_DECLS
