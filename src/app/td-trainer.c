/* td-trainer.c: what is being watched and whether it is counted, without any widget.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-trainer.h"

#include "td-cameras.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

struct _TdTrainer
{
  GObject parent_instance;
  char *model;
  char *store_path;
  GSettings *settings;
  const TdProfile *profile;

  TdCameras *cameras;
  gboolean cameras_known;
  GListStore *sources;
  TdSourceItem *source;
  TdSourceItem *file; /* stays in the list once chosen */

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
  int count, attempts;
  guint n_ended;
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
         || strcmp (a->problem_detail, b->problem_detail) != 0
         || strcmp (a->saving_detail, b->saving_detail) != 0;
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
  self->last.n_reps = 0;
  if (state == TD_TRAINER_FAILED)
    self->failed_us = g_get_monotonic_time ();
  if (state == TD_TRAINER_RUNNING)
    self->in_session = TRUE;
  /* What was counted stays on the screen until the next session. */
  if (self->in_session && !self->start_asked)
    {
      self->count = update.count;
      self->attempts = update.attempts;
    }
  if (state == TD_TRAINER_PREVIEW || state == TD_TRAINER_ENDED || state == TD_TRAINER_FAILED)
    self->in_session = FALSE;
  if (was_in_session && !self->in_session)
    self->n_ended++;

  g_object_ref (self);
  g_signal_emit (self, signals[UPDATED], 0, &update);
  if (changed || was_in_session != self->in_session)
    emit_changed (self);
  td_live_update_clear (&update);
  if (was_in_session && !self->in_session && self->cameras_stale)
    take_cameras (self);
  g_object_unref (self);
}

static void
begin_live (TdTrainer *self, gboolean start_at_once)
{
  g_autofree char *model = td_engine_model_folder (self->model);
  TdSourceKind kind = td_source_item_get_kind (self->source);
  TdLiveConfig config = {
    .camera_id = kind == TD_SOURCE_CAMERA ? td_source_item_get_id (self->source) : NULL,
    .file = kind == TD_SOURCE_FILE ? td_source_item_get_id (self->source) : NULL,
    .model_folder = model,
    .store_path = self->store_path,
    .profile = self->profile,
    .set = { .load_kg = NAN },
    .pace = TD_PACE_REAL_TIME,
    .start_at_once = start_at_once,
  };

  end_live (self);
  self->last = (TdLiveUpdate){ 0 };
  self->state = TD_TRAINER_STARTING;
  self->in_session = self->start_asked = start_at_once;
  if (start_at_once)
    self->count = self->attempts = 0;
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
      if (kind == TD_SOURCE_CAMERA && self->state == TD_TRAINER_FAILED
          && g_get_monotonic_time () - self->failed_us > G_USEC_PER_SEC)
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
  if (cameras->len > 0)
    self->looked_again = FALSE;
  g_ptr_array_set_size (self->found, 0);
  for (guint i = 0; i < cameras->len; i++)
    g_ptr_array_add (self->found, g_object_ref (cameras->pdata[i]));
  take_cameras (self);
}

void
td_trainer_open (TdTrainer *self)
{
  g_return_if_fail (TD_IS_TRAINER (self));

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
td_trainer_play_file (TdTrainer *self, const char *path, const char *name)
{
  g_return_if_fail (TD_IS_TRAINER (self));
  g_return_if_fail (path != NULL);

  end_live (self);
  g_clear_object (&self->file);
  self->file = td_source_item_new (TD_SOURCE_FILE, path, name);
  g_set_object (&self->source, self->file);
  take_cameras (self);
  begin_live (self, TRUE);
  emit_changed (self);
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
  return self->profile;
}

void
td_trainer_set_exercise (TdTrainer *self, const char *id)
{
  const TdProfile *profile = td_profile_find (id);

  g_return_if_fail (TD_IS_TRAINER (self));
  if (!profile || profile == self->profile || self->in_session)
    return;

  self->profile = profile;
  g_settings_set_string (self->settings, "exercise", id);
  /* A profile is fixed for the life of a pipeline. */
  if (self->live && td_source_item_get_kind (self->source) == TD_SOURCE_CAMERA)
    begin_live (self, FALSE);
  emit_changed (self);
}

void
td_trainer_start (TdTrainer *self)
{
  g_return_if_fail (TD_IS_TRAINER (self));

  if (!td_trainer_can_start (self))
    return;
  if (self->state == TD_TRAINER_PREVIEW)
    {
      self->count = self->attempts = 0;
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
  /* A file has no preview to go back to. */
  if (td_source_item_get_kind (self->source) == TD_SOURCE_FILE)
    {
      end_live (self);
      self->state = TD_TRAINER_FILE;
      if (self->cameras_stale)
        take_cameras (self);
      emit_changed (self);
    }
  else if (self->state == TD_TRAINER_LOST)
    {
      /* Nor has a camera that is gone; another one may be chosen now. */
      end_live (self);
      take_cameras (self);
      if (!self->live)
        show_source (self);
      emit_changed (self);
    }
  else
    td_live_stop_session (self->live);
}

int
td_trainer_get_count (TdTrainer *self)
{
  g_return_val_if_fail (TD_IS_TRAINER (self), 0);
  return self->count;
}

int
td_trainer_get_attempts (TdTrainer *self)
{
  g_return_val_if_fail (TD_IS_TRAINER (self), 0);
  return self->attempts;
}

guint
td_trainer_get_n_ended (TdTrainer *self)
{
  g_return_val_if_fail (TD_IS_TRAINER (self), 0);
  return self->n_ended;
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
}

TdTrainer *
td_trainer_new (const char *model, const char *store_path, GSettings *settings)
{
  TdTrainer *self = g_object_new (TD_TYPE_TRAINER, NULL);
  g_autofree char *exercise = g_settings_get_string (settings, "exercise");
  size_t n;

  self->model = g_strdup (model);
  self->store_path = g_strdup (store_path);
  self->settings = g_object_ref (settings);
  self->profile = td_profile_find (exercise);
  if (!self->profile)
    self->profile = td_profile_all (&n);
  return self;
}
