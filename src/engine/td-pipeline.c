/* td-pipeline.c: frame, pose, measures, store, and only then the announcement.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-correct.h"
#include "td-engine.h"
#include "td-recorder.h"

#include <math.h>
#include <string.h>
#include <time.h>

struct TdPipeline
{
  TdPoseModel *model;
  TdTracker *tracker;
  TdMotion *motion;
  const TdProfile *profile;
  TdStore *store;
  char *source_name;
  gboolean counting;
  gboolean in_session;
  TdRecorder *recorder; /* of the session in progress */
  TdSetInfo info;       /* of sets to come */
  gboolean paused;
  int64_t from_ns; /* what started before does not count: a pause ended then */
  gboolean calibrating;
  TdCalibration before; /* what was known when that began */
  int64_t last_ns;      /* of the newest frame */
  gboolean resting;     /* as the recorder, which there may be none of */
  int64_t rest_ns;
  GArray *set; /* TdStanding, of the newest one */
  int set_number;
  int set_index, set_count; /* measured ones in it: all, and those that count */
  int earlier_count;        /* of the sets before */
  GPtrArray *unclosed;      /* TdRecorder of sessions whose end could not be written */
  guint n_unkept;           /* announced without a store */
  gint64 session;
};

static double
now_ms (void)
{
  struct timespec now;
  clock_gettime (CLOCK_MONOTONIC, &now);
  return (double) now.tv_sec * 1e3 + (double) now.tv_nsec * 1e-6;
}

static void
free_recorder (gpointer recorder)
{
  td_recorder_free (recorder);
}

TdPipeline *
td_pipeline_new (const TdPipelineConfig *config, GError **error)
{
  g_assert (config->model_folder != NULL && config->threads >= 1);
  TdVisionError vision_error;
  TdPipeline *self = g_new0 (TdPipeline, 1);
  size_t n_profiles;
  self->profile = config->profile != NULL ? config->profile : &td_profile_all (&n_profiles)[0];
  self->store = config->store;
  self->source_name = g_strdup (config->source_name);
  self->counting = TRUE;
  self->unclosed = g_ptr_array_new_with_free_func (free_recorder);
  self->set = g_array_new (FALSE, FALSE, sizeof (TdStanding));
  self->info = (TdSetInfo){ .load_kg = NAN };
  if (td_pose_model_load (config->model_folder, config->backend, config->threads, &self->model,
                          &vision_error)
          != TD_VISION_OK
      || td_tracker_new (self->model, &self->tracker, &vision_error) != TD_VISION_OK)
    {
      g_autofree char *name = g_filename_display_name (config->model_folder);
      g_set_error (error, TD_ENGINE_ERROR, TD_ENGINE_ERROR_MODEL,
                   "The model “%s” cannot be used: %s", name, vision_error.message);
      td_pipeline_free (self);
      return NULL;
    }
  if (td_pose_model_why_opencv (self->model) != NULL)
    g_message ("The model %s runs on OpenCV, which is slower: XNNPACK does not know %s",
               td_pose_model_name (self->model), td_pose_model_why_opencv (self->model));
  td_tracker_watch_others (self->tracker, config->watch_others);
  self->motion = td_motion_new (self->profile);
  if (self->motion == NULL)
    g_error ("out of memory");
  if (config->camera != NULL)
    td_motion_set_camera (self->motion, config->camera);
  if (config->calibration != NULL)
    td_motion_set_calibration (self->motion, config->calibration);
  return self;
}

void
td_pipeline_free (TdPipeline *self)
{
  if (self == NULL)
    return;
  td_tracker_free (self->tracker);
  td_pose_model_free (self->model);
  if (self->motion != NULL)
    td_motion_free (self->motion);
  td_recorder_free (self->recorder);
  g_ptr_array_unref (self->unclosed);
  g_array_unref (self->set);
  g_free (self->source_name);
  g_free (self);
}

void
td_pipeline_set_counting (TdPipeline *self, gboolean counting)
{
  g_assert (!self->in_session);
  self->counting = counting;
}

void
td_pipeline_begin_calibration (TdPipeline *self)
{
  if (!self->calibrating)
    self->before = td_motion_calibration (self->motion);
  self->calibrating = TRUE;
  td_motion_begin_calibration (self->motion);
}

void
td_pipeline_cancel_calibration (TdPipeline *self)
{
  if (self->calibrating)
    td_motion_set_calibration (self->motion, &self->before);
  self->calibrating = FALSE;
}

TdCalibration
td_pipeline_calibration (TdPipeline *self)
{
  return td_motion_calibration (self->motion);
}

static void
begin_set (TdPipeline *self, int number)
{
  self->set_number = number;
  self->set_index = self->set_count = 0;
  self->resting = FALSE;
  g_array_set_size (self->set, 0);
}

static void
begin_session (TdPipeline *self)
{
  td_motion_reset (self->motion);
  /* Whoever begins looks again for who is there, should a coat have been followed until now. */
  td_tracker_reset (self->tracker);
  self->in_session = TRUE;
  self->session = 0;
  self->n_unkept = 0;
  self->paused = FALSE;
  self->from_ns = G_MININT64;
  self->earlier_count = 0;
  begin_set (self, 1);
  if (self->store != NULL)
    self->recorder = td_recorder_new (self->store, self->profile->id, self->source_name,
                                      td_pose_model_name (self->model), &self->info);
}

/* A later success says that the disk is well again. */
static void
close_unclosed (TdPipeline *self)
{
  while (self->unclosed->len > 0 && td_recorder_close (g_ptr_array_index (self->unclosed, 0), NULL))
    g_ptr_array_remove_index (self->unclosed, 0);
}

/* Takes what does not count out of RESULT, and numbers the rest within its set. */
static void
sort_out (TdPipeline *self, TdMotionResult *result)
{
  int n = 0;
  for (int i = 0; i < result->n_reps; i++)
    {
      TdRep rep = result->reps[i];
      gboolean before_rest = self->resting && rep.start_ns < self->rest_ns;
      if (self->paused || rep.start_ns < self->from_ns
          || (self->resting && !rep.counted && !before_rest))
        continue;
      if (self->resting && !before_rest)
        {
          /* The first of the next set. */
          self->earlier_count += td_pipeline_tally (self).count;
          begin_set (self, self->set_number + 1);
        }
      rep.index = ++self->set_index;
      if (rep.counted)
        rep.number = ++self->set_count;
      TdStanding standing = { .counted = rep.counted, .counts = rep.counted };
      g_array_append_val (self->set, standing);
      result->reps[n++] = rep;
    }
  result->n_reps = n;
  if (self->paused)
    result->n_settled = 0;
}

/* The settled frames of RESULT and every repetition, those on disk when it returns TRUE. */
static gboolean
keep (TdPipeline *self, TdMotionResult *result, GError **error)
{
  gboolean ok = TRUE;
  sort_out (self, result);
  for (int i = 0; self->recorder != NULL && i < result->n_settled; i++)
    ok = td_recorder_add_sample (self->recorder, &result->settled[i].pose,
                                 &result->settled[i].measures, ok ? error : NULL)
         && ok;
  for (int i = 0; i < result->n_reps; i++)
    {
      if (self->recorder == NULL)
        self->n_unkept++;
      else
        ok = td_recorder_add_rep (self->recorder, &result->reps[i], ok ? error : NULL) && ok;
    }
  if (result->n_reps > 0)
    {
      if (self->recorder != NULL)
        self->session = td_recorder_session (self->recorder);
      if (ok)
        close_unclosed (self);
    }
  return ok;
}

void
td_pipeline_set_info (TdPipeline *self, const TdSetInfo *info)
{
  self->info = *info;
  /* A failure is told with the next repetition. */
  if (self->recorder != NULL)
    td_recorder_set_info (self->recorder, info, NULL);
}

gboolean
td_pipeline_end_set (TdPipeline *self, GError **error)
{
  if (!self->in_session || self->resting)
    return TRUE;
  self->resting = TRUE;
  self->rest_ns = self->last_ns;
  return self->recorder == NULL || td_recorder_end_set (self->recorder, self->rest_ns, error);
}

void
td_pipeline_set_paused (TdPipeline *self, gboolean paused)
{
  if (self->paused && !paused)
    self->from_ns = self->last_ns;
  self->paused = paused;
}

static void
correct_set (TdPipeline *self, gboolean plus)
{
  TdStanding *all = (TdStanding *) (void *) self->set->data;
  size_t n = self->set->len, at = plus ? td_standing_more (all, n) : td_standing_less (all, n);
  TdStanding by_hand = { .counted = true, .counts = true, .by_hand = true };
  if (at < n && all[at].by_hand)
    g_array_remove_index (self->set, (guint) at);
  else if (at < n)
    all[at].counts = plus;
  else if (plus)
    g_array_append_val (self->set, by_hand);
}

gboolean
td_pipeline_correct (TdPipeline *self, TdCorrection correction, GError **error)
{
  gboolean plus = correction == TD_CORRECT_PLUS;
  if (!self->in_session || (!plus && td_pipeline_tally (self).count == 0))
    return TRUE;
  if (self->recorder != NULL)
    {
      if (!td_recorder_correct (self->recorder, plus, self->last_ns, error))
        return FALSE;
      self->session = td_recorder_session (self->recorder);
    }
  correct_set (self, plus);
  return TRUE;
}

gboolean
td_pipeline_discard (TdPipeline *self, GError **error)
{
  gboolean ok = TRUE;
  if (!self->in_session)
    return TRUE;
  td_motion_reset (self->motion);
  self->in_session = FALSE;
  self->counting = FALSE;
  self->session = 0;
  self->n_unkept = 0;
  g_array_set_size (self->set, 0);
  self->earlier_count = 0;
  if (self->recorder != NULL)
    ok = td_recorder_discard (self->recorder, error);
  g_clear_pointer (&self->recorder, td_recorder_free);
  return ok;
}

TdTally
td_pipeline_tally (TdPipeline *self)
{
  TdTally tally = { .set_number = self->set_number, .resting = self->resting };
  for (guint i = 0; i < self->set->len; i++)
    if (g_array_index (self->set, TdStanding, i).counts)
      tally.count++;
    else
      tally.attempts++;
  tally.session_count = self->earlier_count + tally.count;
  return tally;
}

gboolean
td_pipeline_push (TdPipeline *self, TdFrame *frame, TdPipelineResult *result, GError **error)
{
  memset (result, 0, sizeof *result);
  if (self->counting && !self->in_session)
    begin_session (self);
  self->last_ns = td_frame_time_ns (frame);

  TdImage image = {
    .data = td_frame_data (frame),
    .width = td_frame_width (frame),
    .height = td_frame_height (frame),
    .stride = td_frame_stride (frame),
  };
  TdVisionError vision_error;
  double start = now_ms ();
  gboolean ok = td_tracker_process (self->tracker, &image, td_frame_time_ns (frame), &result->pose,
                                    &result->vision, &vision_error)
                == TD_VISION_OK;
  if (!ok)
    {
      result->pose = (TdPose){
        .time_ns = td_frame_time_ns (frame),
        .width = image.width,
        .height = image.height,
      };
      g_autofree char *text = td_engine_sentence (vision_error.message);
      g_set_error_literal (error, TD_ENGINE_ERROR, TD_ENGINE_ERROR_MODEL, text);
    }
  result->n_others = td_tracker_others (self->tracker);
  double posed = now_ms ();
  td_motion_push (self->motion, &result->pose, &result->motion);
  if (result->motion.calibration == TD_CALIBRATION_DONE)
    self->calibrating = FALSE;
  double measured = now_ms ();
  result->pose_ms = posed - start;
  result->motion_ms = measured - posed;

  if (!self->in_session)
    {
      result->motion.n_reps = 0;
      result->motion.count = 0;
      return ok;
    }
  /* Of two errors that of the store is told: a pose that is missing in one frame is made up for. */
  g_autoptr (GError) store_error = NULL;
  gboolean kept = keep (self, &result->motion, &store_error);
  if (!kept)
    {
      g_clear_error (error);
      g_propagate_error (error, g_steal_pointer (&store_error));
    }
  return ok && kept;
}

gboolean
td_pipeline_finish (TdPipeline *self, TdPipelineResult *result, GError **error)
{
  memset (result, 0, sizeof *result);
  if (!self->in_session)
    {
      close_unclosed (self);
      return TRUE;
    }
  td_motion_finish (self->motion, &result->motion);
  gboolean ok = keep (self, &result->motion, error);
  td_motion_reset (self->motion);
  self->in_session = FALSE;
  if (self->recorder != NULL)
    {
      ok = td_recorder_close (self->recorder, ok ? error : NULL) && ok;
      g_ptr_array_add (self->unclosed, g_steal_pointer (&self->recorder));
    }
  if (ok)
    close_unclosed (self);
  return ok;
}

guint
td_pipeline_n_unsaved (TdPipeline *self)
{
  guint n = self->n_unkept;
  if (self->recorder != NULL)
    n += td_recorder_n_waiting (self->recorder);
  for (guint i = 0; i < self->unclosed->len; i++)
    n += td_recorder_n_waiting (g_ptr_array_index (self->unclosed, i));
  return n;
}

gint64
td_pipeline_session (TdPipeline *self)
{
  return self->session;
}

gint64
td_pipeline_open_session (TdPipeline *self)
{
  return self->recorder != NULL ? td_recorder_session (self->recorder) : 0;
}

const char *
td_pipeline_model_name (TdPipeline *self)
{
  return td_pose_model_name (self->model);
}

const char *
td_pipeline_model_backend (TdPipeline *self)
{
  return td_pose_model_backend (self->model);
}
