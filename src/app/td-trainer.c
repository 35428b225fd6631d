/* td-trainer.c: what is being watched and whether it is counted, without any widget.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-trainer.h"

#include "td-cameras.h"
#include "td-storage.h"

#include <glib/gi18n.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

struct _TdTrainer
{
  GObject parent_instance;
  char *model;
  char *store_path;
  GSettings *settings;
  TdProfile profile; /* with the user's own limits */

  TdCameras *cameras;
  gboolean cameras_known;
  GListStore *sources;
  TdSourceItem *source;
  TdSourceItem *file; /* stays in the list once chosen */
  TdPace pace;        /* of the file */

  TdLive *live;
  TdTrainerState state;
  gboolean in_session;
  gboolean start_asked;   /* and the engine has not said yet that it runs */
  gboolean listing;       /* the list of sources is being changed */
  gboolean cameras_stale; /* the list changed while a session ran */
  GPtrArray *found;       /* the cameras of the last list */
  TdLiveUpdate last;      /* without pixels and reps */
  gint64 failed_us;       /* when a camera could not be opened */
  gboolean looked_again;
  char denied[32]; /* a device file that may not be opened, while there is no camera */
  TdSetLog *log;
  TdCalibration calibration; /* of the person, the newest there is */
  gboolean calibration_asked;
  gboolean settings_stale; /* of the pipeline, that changed while a session ran */
  gboolean discarded;
  guint n_ended;
  int longer_set, longer_s; /* the rest after that set is so much longer */
};

G_DEFINE_FINAL_TYPE (TdTrainer, td_trainer, G_TYPE_OBJECT)

enum
{
  CHANGED,
  UPDATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
emit_changed (TdTrainer *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
end_live (TdTrainer *self)
{
  g_clear_pointer (&self->live, td_live_free);
  if (self->in_session)
    {
      self->in_session = FALSE;
      self->n_ended++;
    }
}

static void take_cameras (TdTrainer *self);
static void leave_source (TdTrainer *self);
static void use_settings (TdTrainer *self);

/* --- The person's own --------------------------------------------------------------------- */

typedef struct
{
  char *store_path;
  TdCalibration calibration;
} Keeping;

static void
keeping_free (gpointer data)
{
  Keeping *keeping = data;

  g_free (keeping->store_path);
  g_free (keeping);
}

/* On a thread of its own: a write waits for the disk. */
static void
keep (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Keeping *keeping = data;
  TdStore *store = NULL;
  TdStoreError error;
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *at = g_date_time_format (now, "%Y-%m-%dT%H:%M:%S%:z");

  (void) source;
  (void) cancellable;
  if (td_store_open (keeping->store_path, &store, NULL, &error) != TD_STORE_OK
      || td_store_add_calibration (store, at, NULL, &keeping->calibration, &error) != TD_STORE_OK)
    g_message ("The calibration is not kept: %s", error.message);
  td_store_close (store);
  g_task_return_boolean (task, TRUE);
}

static void
keep_calibration (TdTrainer *self)
{
  Keeping *keeping = g_new (Keeping, 1);
  g_autoptr (GTask) task = g_task_new (self, NULL, NULL, NULL);

  *keeping = (Keeping){ g_strdup (self->store_path), self->calibration };
  g_task_set_task_data (task, keeping, keeping_free);
  g_task_run_in_thread (task, keep);
}

/* What an earlier run has measured. Nothing is known where nothing can be read. */
static void
read_calibration (TdTrainer *self)
{
  TdStore *store = NULL;
  TdStoreError error;
  TdCalibrationRow row;

  if (!self->store_path
      || td_store_open_read_only (self->store_path, &store, &error) != TD_STORE_OK)
    return;
  if (td_store_latest_calibration (store, &row, &error) == TD_STORE_OK)
    self->calibration = row.calibration;
  td_store_close (store);
}

static void
follow_calibration (TdTrainer *self, const TdLiveUpdate *update)
{
  if (!self->calibration_asked || update->calibration_stage != TD_CALIBRATION_DONE)
    return;
  self->calibration_asked = FALSE;
  self->calibration = update->calibration;
  if (self->store_path)
    keep_calibration (self);
}

/* --- What the engine says ----------------------------------------------------------------- */

static TdTrainerState
state_of (const TdLiveUpdate *update)
{
  switch (update->state)
    {
    case TD_LIVE_PREVIEW:
      return TD_TRAINER_PREVIEW;
    case TD_LIVE_RUNNING:
      return TD_TRAINER_RUNNING;
    case TD_LIVE_LOST:
      return TD_TRAINER_LOST;
    case TD_LIVE_ENDED:
      return TD_TRAINER_ENDED;
    case TD_LIVE_FAILED:
      return TD_TRAINER_FAILED;
    case TD_LIVE_STARTING:
    default:
      return TD_TRAINER_STARTING;
    }
}

/* Something else is to be said. */
static gboolean
is_news (const TdLiveUpdate *a, const TdLiveUpdate *b)
{
  return a->problem != b->problem || a->saving != b->saving || a->n_unsaved != b->n_unsaved
         || a->flow != b->flow || (a->count > 0) != (b->count > 0) || a->set_number != b->set_number
         || a->corrections != b->corrections || a->calibration_stage != b->calibration_stage
         || a->problem_reason != b->problem_reason
         || strcmp (a->problem_detail, b->problem_detail) != 0
         || strcmp (a->saving_detail, b->saving_detail) != 0
         || strcmp (a->film_detail, b->film_detail) != 0;
}

static void
on_live (TdLive *live, gpointer data)
{
  TdTrainer *self = data;
  TdLiveUpdate update;

  if (!td_live_take (live, &update))
    return;

  TdTrainerState state = state_of (&update);
  gboolean changed = state != self->state || is_news (&update, &self->last);
  gboolean was_in_session = self->in_session;

  /* A mailbox filled before the engine heard of the start still says preview. */
  if (state == TD_TRAINER_RUNNING || state == TD_TRAINER_FAILED || state == TD_TRAINER_ENDED)
    self->start_asked = FALSE;
  else if (self->start_asked && state == TD_TRAINER_PREVIEW)
    {
      state = TD_TRAINER_STARTING;
      changed = state != self->state;
    }

  self->state = state;
  self->last = update;
  self->last.pixels = NULL;
  self->last.reps = NULL;
  self->last.rep_sets = NULL;
  self->last.n_reps = 0;
  if (state == TD_TRAINER_FAILED)
    self->failed_us = g_get_monotonic_time ();
  if (state == TD_TRAINER_RUNNING)
    self->in_session = TRUE;
  /* What was counted stays on the screen until the next session. */
  if (self->in_session && !self->start_asked && !self->discarded && update.set_number > 0)
    {
      for (guint i = 0; i < update.n_reps; i++)
        td_set_log_add (self->log, update.rep_sets[i], &update.reps[i]);
      td_set_log_settle (self->log, update.set_number, update.count);
    }
  follow_calibration (self, &update);
  /* A session that was discarded without a camera leaves no other trace. */
  gboolean gone = state == TD_TRAINER_LOST && self->discarded && update.flow == TD_FLOW_OFF;
  if (state == TD_TRAINER_PREVIEW || state == TD_TRAINER_ENDED || state == TD_TRAINER_FAILED
      || gone)
    self->in_session = FALSE;
  if (was_in_session && !self->in_session)
    self->n_ended++;

  g_object_ref (self);
  g_signal_emit (self, signals[UPDATED], 0, &update);
  if (changed || was_in_session != self->in_session)
    emit_changed (self);
  td_live_update_clear (&update);
  if (was_in_session && !self->in_session)
    {
      if (self->discarded && (gone || td_source_item_get_kind (self->source) == TD_SOURCE_FILE))
        leave_source (self);
      if (self->cameras_stale)
        take_cameras (self);
      if (self->settings_stale)
        use_settings (self);
    }
  g_object_unref (self);
}

/* The session's rules as the user set them; a file has none. */
static TdFlowConfig
flow_of_settings (TdTrainer *self)
{
  TdFlowConfig flow = td_flow_default ();
  g_autofree char *when = g_settings_get_string (self->settings, "start-when");

  if (strcmp (when, "still") == 0)
    flow.countdown_s = 0;
  else
    {
      flow.countdown_s = (float) g_settings_get_int (self->settings, "countdown-s");
      if (flow.countdown_s <= 0)
        flow.still_s = 0;
    }
  flow.stand_s = (float) g_settings_get_int (self->settings, "stand-s");
  return flow;
}

static TdSetInfo
set_info (TdTrainer *self)
{
  /* Of a video nobody knows. */
  if (self->source && td_source_item_get_kind (self->source) == TD_SOURCE_FILE)
    return (TdSetInfo){ .load_kg = NAN };
  return (TdSetInfo){ .load_kg = (float) td_trainer_get_load_kg (self),
                      .target = td_trainer_get_target (self) };
}

static void
begin_live (TdTrainer *self, gboolean start_at_once)
{
  g_autofree char *own = g_settings_get_string (self->settings, "model");
  const char *wanted = self->model ? self->model : own[0] ? own : NULL;
  g_autofree char *model = td_engine_model_folder (wanted);
  g_autofree char *resolution = g_settings_get_string (self->settings, "resolution");
  TdSourceKind kind = td_source_item_get_kind (self->source);
  TdFlowConfig flow = flow_of_settings (self);
  g_autofree char *pictures
      = self->store_path && g_settings_get_boolean (self->settings, "record-picture")
            ? td_storage_pictures (self->store_path)
            : NULL;
  TdLiveConfig config = {
    .camera_id = kind == TD_SOURCE_CAMERA ? td_source_item_get_id (self->source) : NULL,
    .file = kind == TD_SOURCE_FILE ? td_source_item_get_id (self->source) : NULL,
    .model_folder = model,
    .store_path = self->store_path,
    .recording = pictures,
    .profile = &self->profile,
    .calibration = &self->calibration,
    .flow = kind == TD_SOURCE_FILE ? NULL : &flow,
    .set = set_info (self),
    .pace = self->pace,
    .start_at_once = start_at_once,
  };

  end_live (self);
  /* "auto" is none. */
  if (sscanf (resolution, "%dx%d", &config.width, &config.height) != 2)
    config.width = config.height = 0;
  self->last = (TdLiveUpdate){ 0 };
  self->state = TD_TRAINER_STARTING;
  self->calibration_asked = FALSE;
  self->in_session = self->start_asked = start_at_once;
  if (start_at_once)
    {
      td_set_log_clear (self->log);
      self->longer_set = self->longer_s = 0;
      self->discarded = FALSE;
    }
  self->live = td_live_new (&config, on_live, self);
}

/* The chosen source as it is when no session runs: a camera is shown, a file waits. */
static void
show_source (TdTrainer *self)
{
  end_live (self);
  self->last = (TdLiveUpdate){ 0 };
  if (!self->source)
    self->state = self->cameras_known ? TD_TRAINER_NO_CAMERA : TD_TRAINER_LOOKING;
  else if (td_source_item_get_kind (self->source) == TD_SOURCE_NONE)
    self->state = TD_TRAINER_NO_CAMERA;
  else if (td_source_item_get_kind (self->source) == TD_SOURCE_FILE)
    self->state = TD_TRAINER_FILE;
  else
    begin_live (self, FALSE);
}

/* From a session without a picture to go on with: what else there is may be chosen now. */
static void
leave_source (TdTrainer *self)
{
  end_live (self);
  if (td_source_item_get_kind (self->source) == TD_SOURCE_FILE)
    {
      self->state = TD_TRAINER_FILE;
      if (self->cameras_stale)
        take_cameras (self);
    }
  else
    {
      take_cameras (self);
      if (!self->live)
        show_source (self);
    }
  emit_changed (self);
}

static TdSourceItem *
find_source (TdTrainer *self, TdSourceItem *wanted)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->sources));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (TdSourceItem) item = g_list_model_get_item (G_LIST_MODEL (self->sources), i);
      if (td_source_item_equal (item, wanted))
        return item; /* the list keeps it */
    }
  return NULL;
}

/* The camera that was used last when it is there, else the first one. */
static TdSourceItem *
preferred_camera (TdTrainer *self)
{
  g_autofree char *id = g_settings_get_string (self->settings, "camera-id");

  for (guint i = 0; i < self->found->len; i++)
    {
      TdSourceItem *item = self->found->pdata[i];
      if (strcmp (td_source_item_get_id (item), id) == 0)
        return item;
    }
  return self->found->len ? self->found->pdata[0] : NULL;
}

static void
take_cameras (TdTrainer *self)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  /* In a session the camera that counts stays chosen, even while it is unplugged. */
  if (self->in_session)
    {
      self->cameras_stale = TRUE;
      return;
    }
  self->cameras_stale = FALSE;

  for (guint i = 0; i < self->found->len; i++)
    g_ptr_array_add (items, g_object_ref (self->found->pdata[i]));
  if (self->cameras_known && items->len == 0)
    g_ptr_array_add (items, td_source_item_new (TD_SOURCE_NONE, "", _ ("No camera")));
  if (self->file)
    g_ptr_array_add (items, g_object_ref (self->file));

  /* A drop-down whose list changes selects something; that is not the user's choice. */
  self->listing = TRUE;
  g_list_store_splice (self->sources, 0, g_list_model_get_n_items (G_LIST_MODEL (self->sources)),
                       items->pdata, items->len);
  self->listing = FALSE;

  TdSourceItem *same = self->source ? find_source (self, self->source) : NULL;
  TdSourceKind kind = self->source ? td_source_item_get_kind (self->source) : TD_SOURCE_NONE;
  if (same && (kind != TD_SOURCE_NONE || self->found->len == 0))
    {
      g_set_object (&self->source, same);
      /* Plugged in again. To open it may itself have changed the list: that is no reason. */
      gboolean back = kind == TD_SOURCE_CAMERA && self->state == TD_TRAINER_FAILED
                      && g_get_monotonic_time () - self->failed_us > G_USEC_PER_SEC;
      if (back || self->state == TD_TRAINER_LOOKING)
        show_source (self);
    }
  else
    {
      TdSourceItem *first = preferred_camera (self);
      if (!first && items->len)
        first = items->pdata[0];
      if (first)
        first = find_source (self, first);
      g_set_object (&self->source, first);
      show_source (self);
    }
  emit_changed (self);
}

static void
on_cameras (GPtrArray *cameras, gpointer data)
{
  TdTrainer *self = data;

  self->cameras_known = TRUE;
  self->denied[0] = '\0';
  if (cameras->len > 0)
    self->looked_again = FALSE;
  else
    td_camera_denied (self->denied, sizeof self->denied);
  g_ptr_array_set_size (self->found, 0);
  for (guint i = 0; i < cameras->len; i++)
    g_ptr_array_add (self->found, g_object_ref (cameras->pdata[i]));
  take_cameras (self);
}

void
td_trainer_open (TdTrainer *self)
{
  g_return_if_fail (TD_IS_TRAINER (self));

  read_calibration (self);
  if (!self->cameras)
    self->cameras = td_cameras_new (on_cameras, self);
}

void
td_trainer_close (TdTrainer *self)
{
  g_return_if_fail (TD_IS_TRAINER (self));

  end_live (self);
  g_clear_pointer (&self->cameras, td_cameras_free);
}

TdTrainerState
td_trainer_get_state (TdTrainer *self)
{
  g_return_val_if_fail (TD_IS_TRAINER (self), TD_TRAINER_LOOKING);
  return self->state;
}

gboolean
td_trainer_in_session (TdTrainer *self)
{
  g_return_val_if_fail (TD_IS_TRAINER (self), FALSE);
  return self->in_session;
}

gboolean
td_trainer_can_start (TdTrainer *self)
{
  g_return_val_if_fail (TD_IS_TRAINER (self), FALSE);
  return !self->in_session
         && (self->state == TD_TRAINER_PREVIEW || self->state == TD_TRAINER_FILE
             || self->state == TD_TRAINER_ENDED);
}

const TdLiveUpdate *
td_trainer_get_last (TdTrainer *self)
{
  g_return_val_if_fail (TD_IS_TRAINER (self), NULL);
  return &self->last;
}

gboolean
td_trainer_looked_again (TdTrainer *self)
{
  g_return_val_if_fail (TD_IS_TRAINER (self), FALSE);
  return self->looked_again;
}

const char *
td_trainer_get_denied (TdTrainer *self)
{
  g_return_val_if_fail (TD_IS_TRAINER (self), NULL);
  return self->denied[0] ? self->denied : NULL;
}

GListModel *
td_trainer_get_sources (TdTrainer *self)
{
  g_return_val_if_fail (TD_IS_TRAINER (self), NULL);
  return G_LIST_MODEL (self->sources);
}

TdSourceItem *
td_trainer_get_source (TdTrainer *self)
{
  g_return_val_if_fail (TD_IS_TRAINER (self), NULL);
  return self->source;
}

void
td_trainer_select_source (TdTrainer *self, TdSourceItem *item)
{
  g_return_if_fail (TD_IS_TRAINER (self));
  g_return_if_fail (TD_IS_SOURCE_ITEM (item));

  if (self->listing || self->in_session || td_source_item_equal (self->source, item))
    return;
  g_set_object (&self->source, item);
  if (td_source_item_get_kind (item) == TD_SOURCE_CAMERA)
    g_settings_set_string (self->settings, "camera-id", td_source_item_get_id (item));
  show_source (self);
  emit_changed (self);
}

void
td_trainer_play_file (TdTrainer *self, const char *path, const char *name, TdPace pace)
{
  g_return_if_fail (TD_IS_TRAINER (self));
  g_return_if_fail (path != NULL);

  end_live (self);
  g_clear_object (&self->file);
  self->file = td_source_item_new (TD_SOURCE_FILE, path, name);
  self->pace = pace;
  g_set_object (&self->source, self->file);
  take_cameras (self);
  begin_live (self, TRUE);
  emit_changed (self);
}

gboolean
td_trainer_is_analysis (TdTrainer *self)
{
  g_return_val_if_fail (TD_IS_TRAINER (self), FALSE);
  return self->source && td_source_item_get_kind (self->source) == TD_SOURCE_FILE
         && self->pace == TD_PACE_AS_FAST_AS_POSSIBLE;
}

void
td_trainer_try_again (TdTrainer *self)
{
  g_return_if_fail (TD_IS_TRAINER (self));

  if (self->state == TD_TRAINER_FAILED && td_source_item_get_kind (self->source) == TD_SOURCE_FILE)
    begin_live (self, TRUE);
  else if (self->source && td_source_item_get_kind (self->source) == TD_SOURCE_CAMERA)
    begin_live (self, FALSE);
  else
    {
      self->looked_again = TRUE;
      g_clear_pointer (&self->cameras, td_cameras_free);
      self->cameras_known = FALSE;
      self->state = TD_TRAINER_LOOKING;
      td_trainer_open (self);
    }
  emit_changed (self);
}

const TdProfile *
td_trainer_get_profile (TdTrainer *self)
{
  g_return_val_if_fail (TD_IS_TRAINER (self), NULL);
  return &self->profile;
}

/* PROFILE with the user's own limits. */
static void
take_profile (TdTrainer *self, const TdProfile *profile)
{
  g_autoptr (GVariant) limits = g_settings_get_value (self->settings, "limits");

  self->profile = *profile;
  for (int i = 0; i < td_profile_n_checks (&self->profile); i++)
    {
      TdCheck *check = &self->profile.checks[i];
      g_autofree char *key = g_strconcat (profile->id, "/", check->id, NULL);
      double limit;
      if (g_variant_lookup (limits, key, "d", &limit))
        check->limit = CLAMP ((float) limit, check->limit_min, check->limit_max);
    }
}

/* A camera's preview begins anew with what has changed: profile, network and size are fixed for the
 * life of a pipeline. */
static void
use_settings (TdTrainer *self)
{
  self->settings_stale = self->in_session;
  if (self->in_session)
    return;
  take_profile (self, td_profile_find (self->profile.id));
  if (self->live && td_source_item_get_kind (self->source) == TD_SOURCE_CAMERA)
    begin_live (self, FALSE);
  emit_changed (self);
}

void
td_trainer_set_exercise (TdTrainer *self, const char *id)
{
  const TdProfile *profile = td_profile_find (id);

  g_return_if_fail (TD_IS_TRAINER (self));
  if (!profile || strcmp (profile->id, self->profile.id) == 0 || self->in_session)
    return;

  take_profile (self, profile);
  g_settings_set_string (self->settings, "exercise", id);
  use_settings (self);
}

static void
on_info (TdTrainer *self)
{
  TdSetInfo info = set_info (self);

  if (self->live)
    td_live_set_info (self->live, &info);
  emit_changed (self);
}

int
td_trainer_get_target (TdTrainer *self)
{
  g_return_val_if_fail (TD_IS_TRAINER (self), 0);
  return g_settings_get_int (self->settings, "target-reps");
}

int
td_trainer_get_target_sets (TdTrainer *self)
{
  g_return_val_if_fail (TD_IS_TRAINER (self), 0);
  return g_settings_get_int (self->settings, "target-sets");
}

double
td_trainer_get_load_kg (TdTrainer *self)
{
  g_return_val_if_fail (TD_IS_TRAINER (self), 0);
  return g_settings_get_double (self->settings, "load-kg");
}

int
td_trainer_get_rest_s (TdTrainer *self)
{
  g_return_val_if_fail (TD_IS_TRAINER (self), 0);

  int planned = g_settings_get_int (self->settings, "rest-s");
  gboolean longer = planned > 0 && self->longer_set == self->last.set_number;
  return planned + (longer ? self->longer_s : 0);
}

void
td_trainer_rest_longer (TdTrainer *self, int seconds)
{
  g_return_if_fail (TD_IS_TRAINER (self));

  if (td_trainer_get_flow (self) != TD_FLOW_REST)
    return;
  if (self->longer_set != self->last.set_number)
    self->longer_s = 0;
  self->longer_set = self->last.set_number;
  self->longer_s
      += MAX ((int) self->last.flow_elapsed_s - td_trainer_get_rest_s (self), 0) + seconds;
  emit_changed (self);
}

/* --- A session ---------------------------------------------------------------------------- */

void
td_trainer_start (TdTrainer *self)
{
  g_return_if_fail (TD_IS_TRAINER (self));

  if (!td_trainer_can_start (self))
    return;
  if (self->state == TD_TRAINER_PREVIEW)
    {
      td_set_log_clear (self->log);
      self->longer_set = self->longer_s = 0;
      self->discarded = FALSE;
      self->in_session = self->start_asked = TRUE;
      self->state = TD_TRAINER_STARTING;
      td_live_start_session (self->live);
    }
  else
    begin_live (self, TRUE);
  emit_changed (self);
}

void
td_trainer_stop (TdTrainer *self)
{
  g_return_if_fail (TD_IS_TRAINER (self));

  if (!self->in_session)
    return;
  /* A file has no preview to go back to, nor has a camera that is gone. */
  if (td_source_item_get_kind (self->source) == TD_SOURCE_FILE || self->state == TD_TRAINER_LOST)
    leave_source (self);
  /* It may never begin, and then the engine has nothing to say of it. */
  else if (self->start_asked)
    td_trainer_discard (self);
  else
    td_live_stop_session (self->live);
}

void
td_trainer_discard (TdTrainer *self)
{
  g_return_if_fail (TD_IS_TRAINER (self));

  if (!self->in_session)
    return;
  /* The engine says when it is done: what is freed at once would be kept. */
  self->discarded = TRUE;
  self->start_asked = FALSE;
  td_set_log_clear (self->log);
  td_live_discard_session (self->live);
}

TdFlowState
td_trainer_get_flow (TdTrainer *self)
{
  g_return_val_if_fail (TD_IS_TRAINER (self), TD_FLOW_OFF);

  if (!self->in_session)
    return TD_FLOW_OFF;
  if (self->start_asked)
    return TD_FLOW_WAITING;
  /* Until the next picture after the start. */
  return self->last.flow == TD_FLOW_OFF ? TD_FLOW_WAITING : self->last.flow;
}

static gboolean
is_camera_session (TdTrainer *self)
{
  return self->in_session && self->live
         && td_source_item_get_kind (self->source) == TD_SOURCE_CAMERA;
}

void
td_trainer_end_set (TdTrainer *self)
{
  g_return_if_fail (TD_IS_TRAINER (self));

  if (is_camera_session (self) && td_trainer_get_flow (self) == TD_FLOW_SET)
    td_live_end_set (self->live);
}

void
td_trainer_set_paused (TdTrainer *self, gboolean paused)
{
  g_return_if_fail (TD_IS_TRAINER (self));

  if (is_camera_session (self))
    td_live_set_paused (self->live, paused);
}

gboolean
td_trainer_can_correct (TdTrainer *self)
{
  g_return_val_if_fail (TD_IS_TRAINER (self), FALSE);
  return self->in_session && !self->start_asked && self->last.set_number > 0;
}

void
td_trainer_correct (TdTrainer *self, TdCorrection correction)
{
  g_return_if_fail (TD_IS_TRAINER (self));

  if (self->live && td_trainer_can_correct (self))
    td_live_correct (self->live, correction);
}

void
td_trainer_begin_calibration (TdTrainer *self)
{
  g_return_if_fail (TD_IS_TRAINER (self));

  if (!self->live || td_source_item_get_kind (self->source) != TD_SOURCE_CAMERA)
    return;
  self->calibration_asked = TRUE;
  td_live_begin_calibration (self->live);
}

void
td_trainer_cancel_calibration (TdTrainer *self)
{
  g_return_if_fail (TD_IS_TRAINER (self));

  if (self->live && self->calibration_asked)
    td_live_cancel_calibration (self->live);
  self->calibration_asked = FALSE;
}

int
td_trainer_get_set_number (TdTrainer *self)
{
  g_return_val_if_fail (TD_IS_TRAINER (self), 0);
  return self->in_session && !self->start_asked ? self->last.set_number
                                                : td_set_log_n_sets (self->log);
}

int
td_trainer_get_count (TdTrainer *self)
{
  g_return_val_if_fail (TD_IS_TRAINER (self), 0);

  int set = td_trainer_get_set_number (self);
  return set > 0 ? td_set_log_count (self->log, set) : 0;
}

int
td_trainer_get_attempts (TdTrainer *self)
{
  g_return_val_if_fail (TD_IS_TRAINER (self), 0);

  int set = td_trainer_get_set_number (self);
  return set > 0 ? td_set_log_attempts (self->log, set) : 0;
}

const TdSetLog *
td_trainer_get_log (TdTrainer *self)
{
  g_return_val_if_fail (TD_IS_TRAINER (self), NULL);
  return self->log;
}

gboolean
td_trainer_was_discarded (TdTrainer *self)
{
  g_return_val_if_fail (TD_IS_TRAINER (self), FALSE);
  return self->discarded;
}

guint
td_trainer_get_n_ended (TdTrainer *self)
{
  g_return_val_if_fail (TD_IS_TRAINER (self), 0);
  return self->n_ended;
}

void
td_trainer_set_store (TdTrainer *self, const char *path)
{
  g_autofree char *own = g_strdup (path);

  g_return_if_fail (TD_IS_TRAINER (self));
  if (self->in_session)
    return;
  g_free (self->store_path);
  self->store_path = g_steal_pointer (&own);
  /* What was measured of the person belongs to that file: deleted there, it is forgotten here. */
  self->calibration = (TdCalibration){ .contact_deg = NAN };
  read_calibration (self);
  /* What is watched has the file open. */
  if (self->live)
    {
      show_source (self);
      emit_changed (self);
    }
}

static void
td_trainer_finalize (GObject *object)
{
  TdTrainer *self = TD_TRAINER (object);

  td_trainer_close (self);
  g_free (self->model);
  g_free (self->store_path);
  g_clear_object (&self->settings);
  g_clear_object (&self->sources);
  g_clear_object (&self->source);
  g_clear_object (&self->file);
  g_ptr_array_unref (self->found);
  td_set_log_free (self->log);
  G_OBJECT_CLASS (td_trainer_parent_class)->finalize (object);
}

static void
td_trainer_class_init (TdTrainerClass *class)
{
  G_OBJECT_CLASS (class)->finalize = td_trainer_finalize;
  signals[CHANGED] = g_signal_new ("changed", TD_TYPE_TRAINER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
  signals[UPDATED] = g_signal_new ("updated", TD_TYPE_TRAINER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
td_trainer_init (TdTrainer *self)
{
  self->sources = g_list_store_new (TD_TYPE_SOURCE_ITEM);
  self->found = g_ptr_array_new_with_free_func (g_object_unref);
  self->log = td_set_log_new ();
  self->calibration.contact_deg = NAN;
}

TdTrainer *
td_trainer_new (const char *model, const char *store_path, GSettings *settings)
{
  static const char *const of_pipeline[]
      = { "changed::limits",        "changed::model",       "changed::resolution",
          "changed::start-when",    "changed::countdown-s", "changed::stand-s",
          "changed::record-picture" };
  static const char *const of_set[]
      = { "changed::target-reps", "changed::target-sets", "changed::load-kg", "changed::rest-s" };
  TdTrainer *self = g_object_new (TD_TYPE_TRAINER, NULL);
  g_autofree char *exercise = g_settings_get_string (settings, "exercise");
  size_t n;

  self->model = g_strdup (model);
  self->store_path = g_strdup (store_path);
  self->settings = g_object_ref (settings);
  take_profile (self,
                td_profile_find (exercise) ? td_profile_find (exercise) : td_profile_all (&n));
  for (gsize i = 0; i < G_N_ELEMENTS (of_pipeline); i++)
    g_signal_connect_object (settings, of_pipeline[i], G_CALLBACK (use_settings), self,
                             G_CONNECT_SWAPPED);
  for (gsize i = 0; i < G_N_ELEMENTS (of_set); i++)
    g_signal_connect_object (settings, of_set[i], G_CALLBACK (on_info), self, G_CONNECT_SWAPPED);
  return self;
}
