/* td-cli-clip.c: see td-cli-clip.h.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-cli-clip.h"

#include "td-cli-poses.h"
#include "td-cli.h"

#include <math.h>
#include <signal.h>

enum
{
  FRAME_WAIT_MS = 200 /* how long Ctrl-C may go unnoticed */
};

struct TdClip
{
  char *name;
  gboolean broken;   /* the network failed: there is no sense in going on */
  gboolean finished; /* what was still open was closed */
  TdSource *source;  /* of a video; pipeline likewise */
  TdPipeline *pipeline;
  GArray *table; /* TdPose, of a table of joints */
  guint at;      /* in it */
  TdMotion *motion;
};

static volatile sig_atomic_t interrupted;

static void
on_interrupt (int number)
{
  (void) number;
  interrupted = 1;
}

void
td_clip_obey_interrupt (void)
{
  struct sigaction action = { .sa_handler = on_interrupt, .sa_flags = SA_RESETHAND };
  sigaction (SIGINT, &action, NULL);
}

gboolean
td_clip_was_interrupted (void)
{
  return interrupted != 0;
}

TdClip *
td_clip_open (const char *file, char **problem)
{
  TdClip *self = g_new0 (TdClip, 1);
  self->name = g_filename_display_basename (file);
  if (td_cli_is_pose_table (file))
    {
      self->table = td_cli_read_pose_table (file, problem);
      if (self->table != NULL)
        return self;
    }
  else
    {
      TdCaptureError error;
      td_capture_init ();
      if (td_source_open_file (file, TD_PACE_AS_FAST_AS_POSSIBLE, &self->source, &error)
          == TD_CAPTURE_OK)
        return self;
      *problem = g_strdup (error.message);
    }
  td_clip_free (self);
  return NULL;
}

void
td_clip_free (TdClip *self)
{
  if (self == NULL)
    return;
  td_source_free (self->source);
  td_pipeline_free (self->pipeline);
  td_motion_free (self->motion);
  if (self->table != NULL)
    g_array_unref (self->table);
  g_free (self->name);
  g_free (self);
}

gboolean
td_clip_is_table (const TdClip *self)
{
  return self->table != NULL;
}

static void
start_table (TdClip *self, const TdClipConfig *config)
{
  self->motion = td_motion_new (config->profile);
  if (self->motion == NULL)
    g_error ("out of memory");
  if (config->camera != NULL)
    td_motion_set_camera (self->motion, config->camera);
  if (config->calibration != NULL)
    td_motion_set_calibration (self->motion, config->calibration);
  if (config->calibrate)
    td_motion_begin_calibration (self->motion);
}

gboolean
td_clip_start (TdClip *self, const TdClipConfig *config, char **problem)
{
  if (self->table != NULL)
    {
      start_table (self, config);
      return TRUE;
    }
  g_autoptr (GError) error = NULL;
  g_autofree char *model_folder = td_engine_model_folder (config->model_folder);
  TdPipelineConfig pipeline_config = {
    .model_folder = model_folder,
    .backend = config->backend,
    .threads = config->threads,
    .profile = config->profile,
    .store = config->store,
    .source_name = self->name,
    .calibration = config->calibration,
    .camera = config->camera,
  };
  self->pipeline = td_pipeline_new (&pipeline_config, &error);
  if (self->pipeline == NULL)
    {
      *problem = g_strdup (error->message);
      return FALSE;
    }
  if (config->calibrate)
    td_pipeline_begin_calibration (self->pipeline);
  return TRUE;
}

/* The input has ended: what was still open is closed. */
static gboolean
finish (TdClip *self, TdClipFrame *frame, char **problem)
{
  self->finished = TRUE;
  if (self->table != NULL)
    {
      td_motion_finish (self->motion, &frame->motion);
      return TRUE;
    }
  TdPipelineResult result;
  g_autoptr (GError) error = NULL;
  if (!td_pipeline_finish (self->pipeline, &result, &error) && *problem == NULL)
    *problem = g_strdup (error->message);
  frame->motion = result.motion;
  return TRUE;
}

static gboolean
next_of_table (TdClip *self, TdClipFrame *frame, char **problem)
{
  if (self->at == self->table->len)
    return finish (self, frame, problem);
  frame->has_pose = TRUE;
  frame->pose = g_array_index (self->table, TdPose, self->at++);
  double start = td_cli_now_ms ();
  td_motion_push (self->motion, &frame->pose, &frame->motion);
  frame->motion_ms = td_cli_now_ms () - start;
  return TRUE;
}

static void
push (TdClip *self, TdFrame *picture, TdClipFrame *frame, char **problem)
{
  TdPipelineResult result;
  g_autoptr (GError) error = NULL;
  if (!td_pipeline_push (self->pipeline, picture, &result, &error))
    *problem = g_strdup (error->message);
  frame->has_pose = TRUE;
  frame->pose = result.pose;
  frame->motion = result.motion;
  frame->pose_ms = result.pose_ms;
  frame->motion_ms = result.motion_ms;
  self->broken = g_error_matches (error, TD_ENGINE_ERROR, TD_ENGINE_ERROR_MODEL);
}

static gboolean
next_of_video (TdClip *self, TdClipFrame *frame, char **problem)
{
  double asked = td_cli_now_ms ();
  while (!interrupted && !self->broken)
    {
      TdFrame *picture = NULL;
      TdCaptureError error;
      TdCaptureStatus status = td_source_next (self->source, FRAME_WAIT_MS, &picture, &error);
      if (status == TD_CAPTURE_OK)
        {
          /* Decoding runs beside the network; what counts is how long the frame was waited for. */
          frame->decode_ms = td_cli_now_ms () - asked;
          push (self, picture, frame, problem);
          td_frame_unref (picture);
          return TRUE;
        }
      if (status == TD_CAPTURE_TIMEOUT)
        continue;
      if (status != TD_CAPTURE_END)
        *problem = g_strdup (error.message);
      return finish (self, frame, problem);
    }
  if (interrupted)
    *problem = g_strdup ("Stopped before the end of the video.");
  return finish (self, frame, problem);
}

gboolean
td_clip_next (TdClip *self, TdClipFrame *frame, char **problem)
{
  *problem = NULL;
  if (self->finished)
    return FALSE;
  frame->has_pose = FALSE;
  frame->decode_ms = frame->pose_ms = frame->motion_ms = (double) NAN;
  return self->table != NULL ? next_of_table (self, frame, problem)
                             : next_of_video (self, frame, problem);
}

const char *
td_clip_model_name (const TdClip *self)
{
  return self->pipeline != NULL ? td_pipeline_model_name (self->pipeline) : NULL;
}

gint64
td_clip_session (const TdClip *self)
{
  return self->pipeline != NULL ? td_pipeline_session (self->pipeline) : 0;
}

double
td_clip_fps (const TdClip *self)
{
  double fps = self->source != NULL ? td_source_fps (self->source) : 0;
  return fps > 0 ? fps : (double) NAN;
}

TdCalibration
td_clip_calibration (const TdClip *self)
{
  return self->pipeline != NULL ? td_pipeline_calibration (self->pipeline)
                                : td_motion_calibration (self->motion);
}
