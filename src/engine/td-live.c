/* td-live.c: a pipeline on its own thread, and the mailbox between it and the window.
 *
 * One mutex guards what both threads touch: the commands, the mailbox and the pointer to the
 * source. The mailbox holds one update. A newer picture replaces an older one, so a slow window
 * costs pictures and never memory; repetitions add up until they are taken. The window is woken by
 * a GSource whose ready time the worker sets: however often it is set, it is dispatched once.
 *
 * To open a camera can take seconds and cannot be interrupted, so a TdLive that is freed belongs to
 * its thread from then on, which frees it when it ends.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-engine.h"
#include "td-film.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum
{
  PREVIEW_SIZE = 960,
  FRAME_WAIT_MS = 100, /* how long a command may wait while no frame comes */
  RETRY_MS = 500,      /* between attempts to open a camera that was unplugged */
  CLOSING_MS = 1000,   /* longest wait of the window for the end of a session */
  MAX_CAMERAS = 16
};

typedef struct
{
  GSource source;
  TdLive *live;
} Wake;

/* What the window asked for within a session, in order. */
typedef struct
{
  enum
  {
    COMMAND_END_SET,
    COMMAND_PAUSE,
    COMMAND_GO_ON,
    COMMAND_PLUS,
    COMMAND_MINUS,
    COMMAND_INFO,
    COMMAND_DISCARD
  } kind;
  TdSetInfo info;
} Command;

struct TdLive
{
  gatomicrefcount references; /* the window's and the thread's */
  /* Constant after td_live_new(). */
  char *wanted_camera;
  char *file;
  char *model_folder;
  char *store_path;
  char *recording;
  TdProfile profile;         /* the thread outlives whoever has given it */
  TdCalibration calibration; /* both "known" are false when none was given */
  gboolean has_flow;
  TdSetInfo info;    /* at first */
  int width, height; /* wanted of a camera */
  TdPace pace;
  TdLiveNotify notify;
  gpointer notify_data;
  GSource *wake;

  pthread_mutex_t mutex;
  pthread_cond_t changed; /* a command was given, or running has changed */
  gboolean quit;
  gboolean running; /* a session; only the worker changes it */
  gboolean want_session;
  guint session_serial; /* of the wanted session */
  enum
  {
    CALIBRATION_GOES_ON,
    CALIBRATION_BEGINS,
    CALIBRATION_IS_CANCELLED
  } want_calibration;
  GArray *commands; /* Command */
  TdSource *source; /* the worker's; here so that it can be interrupted */
  gboolean filled;
  TdLiveUpdate slot;
  GArray *slot_reps; /* TdRep */
  GArray *slot_sets; /* int, of each */

  /* The worker's alone. */
  TdLiveUpdate now; /* without pixels and reps */
  TdStore *store;
  TdPipeline *pipeline;
  TdCaptureCamera camera;
  TdSceneWatch *scene; /* of a camera */
  TdFilm *film;        /* NULL: the picture is not kept */
  guint running_serial;
  TdFlow flow;
  gboolean counting;        /* of a session: the countdown is over */
  gboolean begin_flow;      /* with the next frame */
  gboolean gap;             /* the camera was gone */
  gint64 first_ns, last_ns; /* of the frames; 0: none yet */
};

/* Those that were freed and whose threads go on. */
static GMutex ending_mutex;
static GCond ending_changed;
static GSList *ending;

/* --- Mailbox ------------------------------------------------------------------------------ */

void
td_live_update_clear (TdLiveUpdate *update)
{
  g_clear_pointer (&update->pixels, g_bytes_unref);
  g_clear_pointer (&update->reps, g_free);
  g_clear_pointer (&update->rep_sets, g_free);
  update->n_reps = 0;
}

static void
set_detail (char detail[256], const char *text)
{
  g_autofree char *sentence = text[0] != '\0' ? td_engine_sentence (text) : g_strdup ("");
  const char *end;
  g_strlcpy (detail, sentence, 256);
  if (!g_utf8_validate (detail, -1, &end))
    detail[end - detail] = '\0';
}

static void
set_problem (TdLive *self, TdLiveProblem problem, const char *text)
{
  self->now.problem = problem;
  self->now.problem_reason = TD_CAPTURE_OK;
  set_detail (self->now.problem_detail, text);
}

static void
set_saving (TdLive *self, TdLiveSaving saving, const char *text)
{
  self->now.saving = saving;
  set_detail (self->now.saving_detail, text);
}

/* Takes PIXELS over. NULL leaves the picture that waits, whose size is still that in self->now. */
static void
post (TdLive *self, GBytes *pixels, const TdMotionResult *result)
{
  GBytes *old = NULL;
  pthread_mutex_lock (&self->mutex);
  if (pixels == NULL)
    pixels = g_steal_pointer (&self->slot.pixels);
  old = self->slot.pixels;
  self->slot = self->now;
  self->slot.pixels = pixels;
  for (int i = 0; result != NULL && i < result->n_reps; i++)
    {
      g_array_append_val (self->slot_reps, result->reps[i]);
      g_array_append_val (self->slot_sets, self->now.set_number);
    }
  self->filled = TRUE;
  /* Under the lock: the window may be about to destroy the source. */
  if (!self->quit)
    g_source_set_ready_time (self->wake, 0);
  pthread_mutex_unlock (&self->mutex);
  g_bytes_unref (old);
}

gboolean
td_live_take (TdLive *self, TdLiveUpdate *update)
{
  pthread_mutex_lock (&self->mutex);
  gboolean filled = self->filled;
  if (filled)
    {
      *update = self->slot;
      update->n_reps = self->slot_reps->len;
      update->reps = NULL;
      update->rep_sets = NULL;
      if (update->n_reps > 0)
        {
          update->reps = (TdRep *) (void *) g_array_steal (self->slot_reps, NULL);
          update->rep_sets = (int *) (void *) g_array_steal (self->slot_sets, NULL);
        }
      self->slot.pixels = NULL;
      self->filled = FALSE;
    }
  pthread_mutex_unlock (&self->mutex);
  if (!filled)
    memset (update, 0, sizeof *update);
  return filled;
}

static gboolean
wake_dispatch (GSource *source, GSourceFunc callback, gpointer data)
{
  (void) callback;
  (void) data;
  TdLive *self = ((Wake *) source)->live;
  g_source_set_ready_time (source, -1);
  pthread_mutex_lock (&self->mutex);
  gboolean filled = self->filled;
  pthread_mutex_unlock (&self->mutex);
  if (filled)
    self->notify (self, self->notify_data);
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs wake_funcs = { .dispatch = wake_dispatch };

/* --- Worker ------------------------------------------------------------------------------- */

static gint64
now_ns (void)
{
  struct timespec now;
  clock_gettime (CLOCK_MONOTONIC, &now);
  return (gint64) now.tv_sec * 1000000000 + now.tv_nsec;
}

static gboolean
quitting (TdLive *self)
{
  pthread_mutex_lock (&self->mutex);
  gboolean quit = self->quit;
  pthread_mutex_unlock (&self->mutex);
  return quit;
}

static struct timespec
in_ms (int ms)
{
  struct timespec until;
  clock_gettime (CLOCK_MONOTONIC, &until);
  until.tv_sec += ms / 1000;
  until.tv_nsec += (long) (ms % 1000) * 1000000;
  if (until.tv_nsec >= 1000000000)
    {
      until.tv_sec++;
      until.tv_nsec -= 1000000000;
    }
  return until;
}

/* Until a command comes, or at most TIMEOUT_MS. */
static void
wait_for_command (TdLive *self, int timeout_ms)
{
  struct timespec until = in_ms (timeout_ms);
  pthread_mutex_lock (&self->mutex);
  gboolean quit = self->quit;
  gboolean want_session = self->want_session;
  guint serial = self->session_serial;
  int rc = 0;
  while (rc == 0 && self->quit == quit && self->want_session == want_session
         && self->session_serial == serial && self->commands->len == 0 && !quit)
    rc = pthread_cond_timedwait (&self->changed, &self->mutex, &until);
  pthread_mutex_unlock (&self->mutex);
}

/* Whatever else is asked for: there is nothing more that could be done. */
static void
wait_for_quit (TdLive *self)
{
  pthread_mutex_lock (&self->mutex);
  while (!self->quit)
    pthread_cond_wait (&self->changed, &self->mutex);
  pthread_mutex_unlock (&self->mutex);
}

static void
fail (TdLive *self, TdLiveProblem problem, TdCaptureStatus reason, const char *text)
{
  self->now.state = TD_LIVE_FAILED;
  set_problem (self, problem, text);
  self->now.problem_reason = reason;
  post (self, NULL, NULL);
}

/* FALSE: no session can begin any more. */
static gboolean
set_running (TdLive *self, gboolean running)
{
  pthread_mutex_lock (&self->mutex);
  gboolean ok = !running || !self->quit;
  if (ok)
    self->running = running;
  pthread_cond_broadcast (&self->changed);
  pthread_mutex_unlock (&self->mutex);
  return ok;
}

static void
tell_calibration (TdLive *self, const TdMotionResult *motion)
{
  self->now.calibration_stage = motion->calibration;
  self->now.calibration_progress = motion->calibration_progress;
  self->now.calibration = td_pipeline_calibration (self->pipeline);
}

static void
tell_flow (TdLive *self)
{
  gboolean flow = self->running && self->has_flow;
  TdFlowState without = self->running ? TD_FLOW_SET : TD_FLOW_OFF;
  self->now.flow = flow ? self->flow.state : without;
  self->now.flow_left_s = flow ? td_flow_left_s (&self->flow) : 0;
  self->now.flow_elapsed_s = flow ? td_flow_elapsed_s (&self->flow) : 0;
}

static void
tell_tally (TdLive *self)
{
  TdTally tally = td_pipeline_tally (self->pipeline);
  self->now.set_number = tally.set_number;
  self->now.count = tally.count;
  self->now.attempts = tally.attempts;
  self->now.session_count = tally.session_count;
  self->now.n_unsaved = td_pipeline_n_unsaved (self->pipeline);
}

static void
tell_saving (TdLive *self, const GError *error)
{
  if (g_error_matches (error, TD_ENGINE_ERROR, TD_ENGINE_ERROR_STORE))
    set_saving (self, TD_LIVE_SAVING_FAILS, error->message);
}

/* What a push or a finish gave besides the pose. WRITTEN: all there is was written, unless ERROR. */
static void
account (TdLive *self, gboolean written, const GError *error)
{
  tell_tally (self);
  tell_saving (self, error);
  if (error == NULL && self->store != NULL && written && self->now.n_unsaved == 0)
    set_saving (self, TD_LIVE_SAVING, "");
}

/* After what is said of the session in the store. */
static void
end_film (TdLive *self)
{
  if (self->film == NULL)
    return;
  td_film_finish (self->film);
  g_strlcpy (self->now.film_detail, td_film_problem (self->film), sizeof self->now.film_detail);
}

static void
film (TdLive *self, const TdFrame *frame)
{
  /* Nothing is kept of a pause, and nobody has to be told more than once. */
  if (self->film == NULL || !self->counting
      || (self->has_flow && self->flow.state == TD_FLOW_PAUSED))
    return;
  td_film_push (self->film, td_pipeline_open_session (self->pipeline), frame);
  g_strlcpy (self->now.film_detail, td_film_problem (self->film), sizeof self->now.film_detail);
}

static void
leave_session (TdLive *self)
{
  td_flow_finish (&self->flow);
  self->counting = self->begin_flow = FALSE;
  td_pipeline_set_counting (self->pipeline, FALSE);
  if (self->now.state == TD_LIVE_RUNNING)
    self->now.state = TD_LIVE_PREVIEW;
  self->now.flow = TD_FLOW_OFF;
  self->now.flow_left_s = self->now.flow_elapsed_s = 0;
}

static void
finish_session (TdLive *self)
{
  TdPipelineResult result = { 0 };
  g_autoptr (GError) error = NULL;
  if (self->counting)
    {
      td_pipeline_finish (self->pipeline, &result, &error);
      account (self, TRUE, error);
      end_film (self);
    }
  /* The end of a session without a frame says nothing about these. */
  if (result.motion.calibration != TD_CALIBRATION_OFF)
    tell_calibration (self, &result.motion);
  pthread_mutex_lock (&self->mutex);
  /* It may have ended by itself; another start may have been asked for meanwhile. */
  if (self->running_serial == self->session_serial)
    self->want_session = FALSE;
  pthread_mutex_unlock (&self->mutex);
  leave_session (self);
  post (self, NULL, &result.motion);
  set_running (self, FALSE);
}

static void
discard_session (TdLive *self)
{
  g_autoptr (GError) error = NULL;
  td_pipeline_discard (self->pipeline, &error);
  tell_saving (self, error);
  end_film (self);
  self->now.set_number = self->now.count = self->now.attempts = self->now.session_count = 0;
  self->now.n_unsaved = td_pipeline_n_unsaved (self->pipeline);
  leave_session (self);
  set_running (self, FALSE);
}

static void
begin_session (TdLive *self)
{
  self->now.count = self->now.attempts = self->now.session_count = 0;
  self->now.set_number = 1;
  self->now.film_detail[0] = '\0';
  if (self->has_flow)
    self->begin_flow = TRUE;
  else
    {
      td_pipeline_set_counting (self->pipeline, TRUE);
      self->counting = TRUE;
    }
  tell_flow (self);
  if (self->now.state == TD_LIVE_PREVIEW)
    self->now.state = TD_LIVE_RUNNING;
}

static void
run_command (TdLive *self, const Command *command)
{
  g_autoptr (GError) error = NULL;
  switch (command->kind)
    {
    case COMMAND_END_SET:
      if (!self->counting)
        break;
      /* A pause ends with it. */
      td_pipeline_set_paused (self->pipeline, FALSE);
      td_pipeline_end_set (self->pipeline, &error);
      td_flow_end_set (&self->flow, self->last_ns);
      break;
    case COMMAND_PAUSE:
    case COMMAND_GO_ON:
      if (!self->running)
        break;
      td_pipeline_set_paused (self->pipeline, command->kind == COMMAND_PAUSE);
      td_flow_pause (&self->flow, command->kind == COMMAND_PAUSE, self->last_ns);
      break;
    case COMMAND_PLUS:
    case COMMAND_MINUS:
      if (!self->counting)
        break;
      td_pipeline_correct (self->pipeline,
                           command->kind == COMMAND_PLUS ? TD_CORRECT_PLUS : TD_CORRECT_MINUS,
                           &error);
      tell_tally (self);
      self->now.corrections++;
      break;
    case COMMAND_INFO:
      td_pipeline_set_info (self->pipeline, &command->info);
      break;
    case COMMAND_DISCARD:
      if (self->running)
        discard_session (self);
      break;
    }
  tell_saving (self, error);
  tell_flow (self);
}

/* Does what the window asked for since the last time; FALSE when that was nothing. */
static gboolean
obey (TdLive *self)
{
  gboolean changed = FALSE;
  g_autoptr (GArray) commands = NULL;
  pthread_mutex_lock (&self->mutex);
  gboolean want = self->want_session && !self->quit;
  guint serial = self->session_serial;
  int calibrate = self->want_calibration;
  self->want_calibration = CALIBRATION_GOES_ON;
  if (self->commands->len > 0)
    {
      commands = self->commands;
      self->commands = g_array_new (FALSE, FALSE, sizeof (Command));
    }
  pthread_mutex_unlock (&self->mutex);
  if (calibrate == CALIBRATION_BEGINS)
    td_pipeline_begin_calibration (self->pipeline);
  else if (calibrate == CALIBRATION_IS_CANCELLED)
    td_pipeline_cancel_calibration (self->pipeline);
  for (guint i = 0; commands != NULL && i < commands->len; i++)
    {
      run_command (self, &g_array_index (commands, Command, i));
      changed = TRUE;
    }
  if (changed)
    post (self, NULL, NULL);
  if (self->running && (!want || serial != self->running_serial))
    {
      finish_session (self);
      changed = TRUE;
    }
  if (want && !self->running && set_running (self, TRUE))
    {
      changed = TRUE;
      self->running_serial = serial;
      begin_session (self);
      if (self->now.state == TD_LIVE_RUNNING)
        post (self, NULL, NULL);
    }
  return changed;
}

static void
unref_frame (gpointer frame)
{
  td_frame_unref (frame);
}

/* Takes FRAME over. Large pictures are made smaller here: the window's renderer would pay more for
 * them, once for every redraw. */
static GBytes *
preview (TdLive *self, TdFrame *frame)
{
  int width = td_frame_width (frame);
  int height = td_frame_height (frame);
  double scale = MIN (1, (double) PREVIEW_SIZE / MAX (width, height));
  int fit_width = MAX (1, (int) (width * scale + 0.5));
  int fit_height = MAX (1, (int) (height * scale + 0.5));
  if (scale < 1)
    {
      TdImage image = { td_frame_data (frame), width, height, td_frame_stride (frame) };
      int stride = (fit_width * 3 + 3) & ~3;
      gsize size = (gsize) stride * (gsize) fit_height;
      uint8_t *fit = g_malloc (size);
      TdVisionError error;
      if (td_image_shrink (&image, fit, fit_width, fit_height, stride, &error) == TD_VISION_OK)
        {
          self->now.width = fit_width;
          self->now.height = fit_height;
          self->now.stride = stride;
          self->now.preview_scale = (float) scale;
          td_frame_unref (frame);
          return g_bytes_new_take (fit, size);
        }
      g_free (fit);
    }
  self->now.width = width;
  self->now.height = height;
  self->now.stride = td_frame_stride (frame);
  self->now.preview_scale = 1.0f;
  /* The last row may end before its padding does. */
  gsize size = (gsize) self->now.stride * (gsize) (height - 1) + (gsize) width * 3;
  return g_bytes_new_with_free_func (td_frame_data (frame), size, unref_frame, frame);
}

static void
go_with_the_flow (TdLive *self, const TdPipelineResult *result)
{
  g_autoptr (GError) error = NULL;
  if (self->begin_flow)
    td_flow_start (&self->flow, self->last_ns);
  else if (self->gap)
    td_flow_gap (&self->flow, self->last_ns);
  self->begin_flow = self->gap = FALSE;
  switch (td_flow_push (&self->flow, &result->pose, &result->motion))
    {
    case TD_FLOW_BEGIN_COUNTING:
      td_pipeline_set_counting (self->pipeline, TRUE);
      self->counting = TRUE;
      break;
    case TD_FLOW_END_SET:
      td_pipeline_end_set (self->pipeline, &error);
      tell_saving (self, error);
      break;
    case TD_FLOW_FINISH:
      finish_session (self);
      break;
    case TD_FLOW_BEGIN_SET: /* the pipeline has begun it */
    case TD_FLOW_NOTHING:
      break;
    }
}

/* Takes FRAME over. */
static void
process (TdLive *self, TdFrame *frame)
{
  TdPipelineResult result;
  g_autoptr (GError) error = NULL;
  self->now.arrived_ns = now_ns ();
  self->last_ns = td_frame_time_ns (frame);
  if (self->first_ns == 0)
    self->first_ns = self->last_ns;
  self->now.position_s = (double) (self->last_ns - self->first_ns) * 1e-9;
  td_pipeline_push (self->pipeline, frame, &result, &error);
  if (self->scene != NULL)
    {
      TdImage image = {
        td_frame_data (frame),
        td_frame_width (frame),
        td_frame_height (frame),
        td_frame_stride (frame),
      };
      td_scene_watch_push (self->scene, &image, self->last_ns, &result.pose, &self->now.brightness,
                           &self->now.shake);
    }
  film (self, frame);
  self->now.pose = result.pose;
  self->now.n_others = result.n_others;
  self->now.measures = result.motion.frame;
  self->now.phase = result.motion.phase;
  tell_calibration (self, &result.motion);
  if (self->counting)
    account (self, result.motion.n_reps > 0, error);
  if (self->running && self->has_flow)
    go_with_the_flow (self, &result);
  tell_flow (self);
  self->now.state = self->running ? TD_LIVE_RUNNING : TD_LIVE_PREVIEW;
  if (g_error_matches (error, TD_ENGINE_ERROR, TD_ENGINE_ERROR_MODEL))
    set_problem (self, TD_LIVE_MODEL_PROBLEM, error->message);
  else if (self->now.problem != TD_LIVE_NO_PROBLEM)
    set_problem (self, TD_LIVE_NO_PROBLEM, "");
  post (self, preview (self, frame), &result.motion);
}

static gboolean
open_source (TdLive *self, TdCaptureError *error)
{
  TdSource *source = NULL;
  TdCaptureStatus status;
  if (self->file != NULL)
    status = td_source_open_file (self->file, self->pace, &source, error);
  else
    status = td_source_open_camera (self->camera.id[0] != '\0' ? self->camera.id : NULL,
                                    self->width, self->height, &source, error);
  if (status != TD_CAPTURE_OK)
    return FALSE;
  pthread_mutex_lock (&self->mutex);
  self->source = source;
  pthread_mutex_unlock (&self->mutex);
  return TRUE;
}

static void
close_source (TdLive *self)
{
  pthread_mutex_lock (&self->mutex);
  TdSource *source = g_steal_pointer (&self->source);
  pthread_mutex_unlock (&self->mutex);
  td_source_free (source);
}

static void
say_lost (TdLive *self)
{
  self->now.state = TD_LIVE_LOST;
  self->now.pose = (TdPose){ 0 };
  self->now.phase = TD_PHASE_ABSENT;
  self->now.n_others = 0;
  set_problem (self, TD_LIVE_NO_PROBLEM, "");
  post (self, NULL, NULL);
}

/* FALSE: the window wants to quit. */
static gboolean
wait_for_camera (TdLive *self)
{
  TdCaptureError error;
  close_source (self);
  say_lost (self);
  for (;;)
    {
      wait_for_command (self, RETRY_MS);
      if (quitting (self))
        return FALSE;
      if (obey (self))
        say_lost (self);
      if (open_source (self, &error))
        {
          self->gap = TRUE;
          return TRUE;
        }
    }
}

/* The id of "the first camera" is kept, so that a camera that was unplugged is waited for and not
 * replaced by another one. */
static void
find_camera (TdLive *self)
{
  TdCaptureCamera cameras[MAX_CAMERAS];
  TdCameraMonitor *monitor = td_camera_monitor_new (NULL, NULL);
  int n = monitor != NULL ? td_camera_monitor_list (monitor, cameras, MAX_CAMERAS) : 0;
  for (int i = 0; i < MIN (n, MAX_CAMERAS); i++)
    if (self->wanted_camera == NULL || strcmp (cameras[i].id, self->wanted_camera) == 0)
      {
        self->camera = cameras[i];
        break;
      }
  td_camera_monitor_free (monitor);
  if (self->camera.id[0] == '\0' && self->wanted_camera != NULL)
    g_strlcpy (self->camera.id, self->wanted_camera, sizeof self->camera.id);
}

/* A camera that one of those before has not given back yet would be busy. */
static void
wait_for_earlier (TdLive *self)
{
  g_mutex_lock (&ending_mutex);
  for (;;)
    {
      gboolean busy = FALSE;
      for (GSList *i = ending; i != NULL; i = i->next)
        {
          const TdLive *other = i->data;
          busy |= other != self && self->file == NULL && other->file == NULL
                  && (self->wanted_camera == NULL || other->wanted_camera == NULL
                      || strcmp (self->wanted_camera, other->wanted_camera) == 0);
        }
      if (!busy || quitting (self))
        break;
      g_cond_wait (&ending_changed, &ending_mutex);
    }
  g_mutex_unlock (&ending_mutex);
}

static gboolean
start (TdLive *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *name = NULL;
  TdStoreError store_error;
  bool recovered = false;
  td_capture_init ();
  if (self->store_path != NULL)
    {
      if (td_store_open (self->store_path, &self->store, &recovered, &store_error) != TD_STORE_OK)
        {
          self->store = NULL;
          set_saving (self, TD_LIVE_SAVING_OFF, store_error.message);
        }
      else if (recovered)
        set_saving (self, TD_LIVE_SAVING_REPAIRED, store_error.message);
    }
  if (self->file != NULL)
    name = g_filename_display_basename (self->file);
  else
    {
      find_camera (self);
      self->scene = td_scene_watch_new ();
      if (self->recording != NULL && self->store != NULL)
        self->film = td_film_new (self->recording, self->store);
      name = g_strdup (self->camera.name[0] != '\0' ? self->camera.name : self->camera.id);
    }

  TdPipelineConfig config = {
    .model_folder = self->model_folder,
    .backend = TD_BACKEND_AUTO,
    .threads = td_engine_default_threads (),
    .profile = self->profile.id != NULL ? &self->profile : NULL,
    .store = self->store,
    .source_name = name,
    .calibration = &self->calibration,
    .watch_others = self->file == NULL,
  };
  self->pipeline = td_pipeline_new (&config, &error);
  if (self->pipeline == NULL)
    {
      fail (self, TD_LIVE_MODEL_PROBLEM, TD_CAPTURE_OK, error->message);
      return FALSE;
    }
  td_pipeline_set_counting (self->pipeline, FALSE);
  td_pipeline_set_info (self->pipeline, &self->info);
  self->now.calibration = td_pipeline_calibration (self->pipeline);

  /* Last, so that a file does not play while nobody looks. */
  TdCaptureError capture_error;
  wait_for_earlier (self);
  if (quitting (self))
    return FALSE;
  if (!open_source (self, &capture_error))
    {
      fail (self, TD_LIVE_SOURCE_PROBLEM, capture_error.status, capture_error.message);
      return FALSE;
    }
  self->now.duration_s = td_source_duration_s (self->source);
  return TRUE;
}

static void
end_of_file (TdLive *self, const char *damage)
{
  if (self->running)
    finish_session (self);
  self->now.state = TD_LIVE_ENDED;
  if (damage != NULL)
    set_problem (self, TD_LIVE_SOURCE_PROBLEM, damage);
  post (self, NULL, NULL);
}

static void
play (TdLive *self)
{
  for (;;)
    {
      TdFrame *frame = NULL;
      TdCaptureError error;
      obey (self);
      if (quitting (self))
        return;
      TdCaptureStatus status = td_source_next (self->source, FRAME_WAIT_MS, &frame, &error);
      if (status == TD_CAPTURE_OK)
        process (self, frame);
      else if (status == TD_CAPTURE_INTERRUPTED)
        return;
      else if (status != TD_CAPTURE_TIMEOUT && self->file != NULL)
        {
          end_of_file (self, status == TD_CAPTURE_END ? NULL : error.message);
          return;
        }
      else if (status != TD_CAPTURE_TIMEOUT && !wait_for_camera (self))
        return;
    }
}

static void
unref (TdLive *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  g_source_unref (self->wake);
  td_live_update_clear (&self->slot);
  g_array_unref (self->slot_reps);
  g_array_unref (self->slot_sets);
  g_array_unref (self->commands);
  pthread_cond_destroy (&self->changed);
  pthread_mutex_destroy (&self->mutex);
  g_free (self->wanted_camera);
  g_free (self->file);
  g_free (self->model_folder);
  g_free (self->store_path);
  g_free (self->recording);
  g_free (self);
}

static void *
work (void *data)
{
  TdLive *self = data;
  post (self, NULL, NULL);
  if (start (self))
    play (self);
  /* First, as the window waits for it; to close a camera takes longer. */
  if (self->running)
    finish_session (self);
  close_source (self);
  wait_for_quit (self);
  td_pipeline_free (self->pipeline);
  td_scene_watch_free (self->scene);
  td_film_free (self->film);
  td_store_close (self->store);
  g_mutex_lock (&ending_mutex);
  ending = g_slist_remove (ending, self);
  unref (self);
  g_cond_broadcast (&ending_changed);
  g_mutex_unlock (&ending_mutex);
  return NULL;
}

/* --- The window's side -------------------------------------------------------------------- */

TdLive *
td_live_new (const TdLiveConfig *config, TdLiveNotify notify, gpointer data)
{
  g_assert (notify != NULL);
  TdLive *self = g_new0 (TdLive, 1);
  g_atomic_ref_count_init (&self->references);
  g_atomic_ref_count_inc (&self->references);
  self->wanted_camera = g_strdup (config->camera_id);
  self->file = g_strdup (config->file);
  self->model_folder = td_engine_model_folder (config->model_folder);
  self->store_path = g_strdup (config->store_path);
  self->recording = g_strdup (config->recording);
  if (config->profile != NULL)
    self->profile = *config->profile;
  if (config->calibration != NULL)
    self->calibration = *config->calibration;
  self->has_flow = config->flow != NULL;
  if (self->has_flow)
    td_flow_init (&self->flow, config->flow);
  self->info = config->set;
  self->width = config->width;
  self->height = config->height;
  self->pace = config->pace;
  self->now.brightness = self->now.shake = NAN;
  self->want_session = config->start_at_once;
  self->notify = notify;
  self->notify_data = data;
  self->slot_reps = g_array_new (FALSE, FALSE, sizeof (TdRep));
  self->slot_sets = g_array_new (FALSE, FALSE, sizeof (int));
  self->commands = g_array_new (FALSE, FALSE, sizeof (Command));

  pthread_condattr_t attributes;
  pthread_condattr_init (&attributes);
  pthread_condattr_setclock (&attributes, CLOCK_MONOTONIC);
  pthread_cond_init (&self->changed, &attributes);
  pthread_condattr_destroy (&attributes);
  pthread_mutex_init (&self->mutex, NULL);

  self->wake = g_source_new (&wake_funcs, sizeof (Wake));
  ((Wake *) self->wake)->live = self;
  g_source_set_static_name (self->wake, "teardrop-live");
  g_source_attach (self->wake, g_main_context_get_thread_default ());

  pthread_t thread;
  int rc = pthread_create (&thread, NULL, work, self);
  if (rc != 0)
    g_error ("cannot start a thread: %s", g_strerror (rc));
  pthread_detach (thread);
  return self;
}

void
td_live_free (TdLive *self)
{
  if (self == NULL)
    return;
  g_mutex_lock (&ending_mutex);
  ending = g_slist_prepend (ending, self);
  g_mutex_unlock (&ending_mutex);

  struct timespec until = in_ms (CLOSING_MS);
  pthread_mutex_lock (&self->mutex);
  self->quit = TRUE;
  g_source_destroy (self->wake);
  if (self->source != NULL)
    td_source_interrupt (self->source);
  pthread_cond_broadcast (&self->changed);
  /* So that the history that is read next shows the session as it is. */
  int rc = 0;
  while (self->running && rc == 0)
    rc = pthread_cond_timedwait (&self->changed, &self->mutex, &until);
  pthread_mutex_unlock (&self->mutex);

  /* It may wait for one before it. */
  g_mutex_lock (&ending_mutex);
  g_cond_broadcast (&ending_changed);
  g_mutex_unlock (&ending_mutex);
  unref (self);
}

gboolean
td_live_end_all (int patience_ms)
{
  gint64 until = g_get_monotonic_time () + (gint64) patience_ms * 1000;
  g_mutex_lock (&ending_mutex);
  for (;;)
    {
      gboolean session = FALSE;
      for (GSList *i = ending; i != NULL; i = i->next)
        {
          TdLive *live = i->data;
          pthread_mutex_lock (&live->mutex);
          session |= live->running;
          pthread_mutex_unlock (&live->mutex);
        }
      if (ending == NULL || (!session && g_get_monotonic_time () >= until))
        break;
      if (session)
        g_cond_wait (&ending_changed, &ending_mutex);
      else
        g_cond_wait_until (&ending_changed, &ending_mutex, until);
    }
  gboolean all = ending == NULL;
  g_mutex_unlock (&ending_mutex);
  return all;
}

void
td_live_start_session (TdLive *self)
{
  pthread_mutex_lock (&self->mutex);
  self->want_session = TRUE;
  self->session_serial++;
  pthread_cond_broadcast (&self->changed);
  pthread_mutex_unlock (&self->mutex);
}

void
td_live_stop_session (TdLive *self)
{
  pthread_mutex_lock (&self->mutex);
  self->want_session = FALSE;
  pthread_cond_broadcast (&self->changed);
  pthread_mutex_unlock (&self->mutex);
}

static void
command (TdLive *self, Command what)
{
  pthread_mutex_lock (&self->mutex);
  g_array_append_val (self->commands, what);
  /* Also of one that has not begun yet. */
  if (what.kind == COMMAND_DISCARD)
    self->want_session = FALSE;
  pthread_cond_broadcast (&self->changed);
  pthread_mutex_unlock (&self->mutex);
}

void
td_live_discard_session (TdLive *self)
{
  command (self, (Command){ .kind = COMMAND_DISCARD });
}

void
td_live_end_set (TdLive *self)
{
  command (self, (Command){ .kind = COMMAND_END_SET });
}

void
td_live_set_paused (TdLive *self, gboolean paused)
{
  command (self, (Command){ .kind = paused ? COMMAND_PAUSE : COMMAND_GO_ON });
}

void
td_live_set_info (TdLive *self, const TdSetInfo *info)
{
  command (self, (Command){ .kind = COMMAND_INFO, .info = *info });
}

void
td_live_correct (TdLive *self, TdCorrection correction)
{
  command (self, (Command){ .kind = correction == TD_CORRECT_PLUS ? COMMAND_PLUS : COMMAND_MINUS });
}

void
td_live_begin_calibration (TdLive *self)
{
  pthread_mutex_lock (&self->mutex);
  self->want_calibration = CALIBRATION_BEGINS;
  pthread_mutex_unlock (&self->mutex);
}

void
td_live_cancel_calibration (TdLive *self)
{
  pthread_mutex_lock (&self->mutex);
  self->want_calibration = CALIBRATION_IS_CANCELLED;
  pthread_mutex_unlock (&self->mutex);
}
