/* td-recorder.c: see td-recorder.h.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-recorder.h"

#include "td-engine.h"

#include <math.h>

/* What waits in a rest: enough for the slowest descent. */
#define REST_NS (12 * G_GINT64_CONSTANT (1000000000))
#define LEAD_NS G_GINT64_CONSTANT (1000000000) /* kept before the first repetition of a set */

typedef struct
{
  int64_t id; /* 0: not begun on disk */
  TdSetInfo info;
  gboolean info_due; /* is not as it is on disk */
  gboolean ended;    /* on disk */
} Set;

typedef struct
{
  guint set; /* in sets */
  TdRep rep;
} Waiting;

struct TdRecorder
{
  TdStore *store;
  char *started_at;
  char *exercise;
  char *source;
  char *model;
  int64_t session;
  GArray *sets;   /* Set; the last one is the newest */
  TdSetInfo info; /* of sets to come */
  gboolean resting;
  int64_t rest_ns; /* since when */
  GQueue rest;     /* TdSettledFrame *, of the last REST_NS */
  gboolean session_ended;
  gboolean failing;
  GArray *waiting; /* Waiting */
};

static Set *
newest (const TdRecorder *self)
{
  return &g_array_index (self->sets, Set, self->sets->len - 1);
}

static void
add_set (TdRecorder *self)
{
  Set set = { .info = self->info };
  g_array_append_val (self->sets, set);
}

TdRecorder *
td_recorder_new (TdStore *store, const char *exercise, const char *source, const char *model,
                 const TdSetInfo *info)
{
  g_assert (store != NULL);
  TdRecorder *self = g_new0 (TdRecorder, 1);
  self->store = store;
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  self->started_at = g_date_time_format (now, "%Y-%m-%dT%H:%M:%S%:z");
  self->exercise = g_strdup (exercise);
  self->source = g_strdup (source);
  self->model = g_strdup (model);
  self->info = info != NULL ? *info : (TdSetInfo){ .load_kg = NAN };
  self->waiting = g_array_new (FALSE, FALSE, sizeof (Waiting));
  self->sets = g_array_new (FALSE, FALSE, sizeof (Set));
  g_queue_init (&self->rest);
  add_set (self);
  return self;
}

void
td_recorder_free (TdRecorder *self)
{
  if (self == NULL)
    return;
  g_free (self->started_at);
  g_free (self->exercise);
  g_free (self->source);
  g_free (self->model);
  g_array_unref (self->waiting);
  g_array_unref (self->sets);
  g_queue_clear_full (&self->rest, g_free);
  g_free (self);
}

static gboolean
check (TdRecorder *self, TdStoreStatus status, const TdStoreError *store_error, GError **error)
{
  self->failing = status != TD_STORE_OK;
  if (!self->failing)
    return TRUE;
  g_autofree char *text = td_engine_sentence (store_error->message);
  g_set_error_literal (error, TD_ENGINE_ERROR, TD_ENGINE_ERROR_STORE, text);
  return FALSE;
}

/* The session was deleted meanwhile: what comes is one of its own. */
static void
start_over (TdRecorder *self)
{
  self->session = 0;
  for (guint i = 0; i < self->sets->len; i++)
    {
      Set *set = &g_array_index (self->sets, Set, i);
      set->id = 0;
      set->info_due = set->ended = FALSE;
    }
}

static gboolean
ensure_open (TdRecorder *self, guint number, GError **error)
{
  TdStoreError store_error;
  Set *set = &g_array_index (self->sets, Set, number);
  if (self->session == 0)
    {
      TdSessionInfo info = {
        .started_at = self->started_at,
        .exercise = self->exercise,
        .source = self->source,
        .model = self->model,
      };
      TdStoreStatus status
          = td_store_begin_session (self->store, &info, &self->session, &store_error);
      if (status != TD_STORE_OK)
        self->session = 0;
      if (!check (self, status, &store_error, error))
        return FALSE;
    }
  if (set->id == 0)
    {
      TdStoreStatus status
          = td_store_begin_set (self->store, self->session, &set->info, &set->id, &store_error);
      if (status != TD_STORE_OK)
        set->id = 0;
      if (status == TD_STORE_NOT_FOUND)
        {
          start_over (self);
          return ensure_open (self, number, error);
        }
      if (!check (self, status, &store_error, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
write_sample (TdRecorder *self, const TdPose *pose, const TdFrameMeasures *measures, GError **error)
{
  if (self->failing)
    return TRUE;
  if (!ensure_open (self, self->sets->len - 1, error))
    return FALSE;
  TdStoreError store_error;
  TdStoreStatus status
      = td_store_add_sample (self->store, newest (self)->id, pose, measures, &store_error);
  return check (self, status, &store_error, error);
}

gboolean
td_recorder_add_sample (TdRecorder *self, const TdPose *pose, const TdFrameMeasures *measures,
                        GError **error)
{
  if (!self->resting)
    return write_sample (self, pose, measures, error);

  TdSettledFrame *frame = g_new (TdSettledFrame, 1);
  *frame = (TdSettledFrame){ *pose, *measures };
  g_queue_push_tail (&self->rest, frame);
  while (pose->time_ns - ((TdSettledFrame *) g_queue_peek_head (&self->rest))->pose.time_ns
         > REST_NS)
    g_free (g_queue_pop_head (&self->rest));
  return TRUE;
}

static gboolean
write_infos (TdRecorder *self, GError **error)
{
  for (guint i = 0; i < self->sets->len; i++)
    {
      TdStoreError store_error;
      Set *set = &g_array_index (self->sets, Set, i);
      if (!set->info_due)
        continue;
      TdStoreStatus status = td_store_set_info (self->store, set->id, &set->info, &store_error);
      if (status == TD_STORE_NOT_FOUND)
        {
          start_over (self);
          return TRUE;
        }
      if (!check (self, status, &store_error, error))
        return FALSE;
      set->info_due = FALSE;
    }
  return TRUE;
}

/* Repetitions, and what was told of their sets. */
static gboolean
write_waiting (TdRecorder *self, GError **error)
{
  while (self->waiting->len > 0)
    {
      TdStoreError store_error;
      const Waiting *first = &g_array_index (self->waiting, Waiting, 0);
      if (!ensure_open (self, first->set, error))
        return FALSE;
      const Set *set = &g_array_index (self->sets, Set, first->set);
      TdStoreStatus status = td_store_add_rep (self->store, set->id, &first->rep, &store_error);
      if (status == TD_STORE_NOT_FOUND)
        {
          start_over (self);
          continue;
        }
      if (!check (self, status, &store_error, error))
        return FALSE;
      g_array_remove_index (self->waiting, 0);
    }
  return write_infos (self, error);
}

gboolean
td_recorder_takes (const TdRecorder *self, const TdRep *rep)
{
  return !self->resting || rep->counted || rep->start_ns < self->rest_ns;
}

/* Of what waits in the rest up to TO_NS, what is not before FROM_NS is of the newest set. */
static gboolean
take_from_rest (TdRecorder *self, int64_t from_ns, int64_t to_ns, GError **error)
{
  gboolean ok = TRUE;
  TdSettledFrame *frame;
  while ((frame = g_queue_peek_head (&self->rest)) != NULL && frame->pose.time_ns <= to_ns)
    {
      if (frame->pose.time_ns >= from_ns)
        ok = write_sample (self, &frame->pose, &frame->measures, ok ? error : NULL) && ok;
      g_free (g_queue_pop_head (&self->rest));
    }
  return ok;
}

/* The rest ends with the repetition that started at START_NS. */
static gboolean
begin_set (TdRecorder *self, int64_t start_ns, GError **error)
{
  self->resting = FALSE;
  add_set (self);
  return take_from_rest (self, start_ns - LEAD_NS, G_MAXINT64, error);
}

gboolean
td_recorder_add_rep (TdRecorder *self, const TdRep *rep, GError **error)
{
  gboolean ok = TRUE;
  if (!td_recorder_takes (self, rep))
    return TRUE;
  if (self->resting)
    ok = rep->start_ns >= self->rest_ns ? begin_set (self, rep->start_ns, error)
                                        : take_from_rest (self, G_MININT64, rep->top_ns, error);
  Waiting waiting = { self->sets->len - 1, *rep };
  g_array_append_val (self->waiting, waiting);
  return write_waiting (self, ok ? error : NULL) && ok;
}

static gboolean
end_sets (TdRecorder *self, GError **error)
{
  for (guint i = 0; i < self->sets->len; i++)
    {
      TdStoreError store_error;
      Set *set = &g_array_index (self->sets, Set, i);
      if (set->id == 0 || set->ended)
        continue;
      TdStoreStatus status = td_store_end_set (self->store, set->id, &store_error);
      if (status == TD_STORE_NOT_FOUND)
        {
          start_over (self);
          return TRUE;
        }
      if (!check (self, status, &store_error, error))
        return FALSE;
      set->ended = TRUE;
    }
  return TRUE;
}

gboolean
td_recorder_end_set (TdRecorder *self, int64_t now_ns, GError **error)
{
  if (self->resting)
    return TRUE;
  self->resting = TRUE;
  self->rest_ns = now_ns;
  return write_waiting (self, error) && end_sets (self, error);
}

gboolean
td_recorder_set_info (TdRecorder *self, const TdSetInfo *info, GError **error)
{
  Set *set = newest (self);
  self->info = *info;
  if (self->resting)
    return TRUE;
  set->info = *info;
  set->info_due = set->id != 0;
  return write_infos (self, error);
}

gboolean
td_recorder_correct (TdRecorder *self, gboolean plus, int64_t now_ns, GError **error)
{
  TdStoreError store_error;
  if (!write_waiting (self, error) || !ensure_open (self, self->sets->len - 1, error))
    return FALSE;
  TdStoreStatus status
      = plus ? td_store_add_one (self->store, newest (self)->id, now_ns, &store_error)
             : td_store_take_one (self->store, newest (self)->id, &store_error);
  if (plus && status == TD_STORE_NOT_FOUND)
    {
      start_over (self);
      return td_recorder_correct (self, plus, now_ns, error);
    }
  /* One that is not there any more need not be taken away. */
  if (status == TD_STORE_NOT_FOUND)
    status = TD_STORE_OK;
  return check (self, status, &store_error, error);
}

gboolean
td_recorder_close (TdRecorder *self, GError **error)
{
  TdStoreError store_error;
  if (self->session_ended || (self->session == 0 && self->waiting->len == 0))
    return TRUE;
  if (!write_waiting (self, error) || !end_sets (self, error))
    return FALSE;
  TdStoreStatus status = td_store_end_session (self->store, self->session, &store_error);
  if (status == TD_STORE_NOT_FOUND)
    status = TD_STORE_OK;
  self->session_ended = check (self, status, &store_error, error);
  return self->session_ended;
}

gboolean
td_recorder_discard (TdRecorder *self, GError **error)
{
  TdStoreError store_error;
  g_array_set_size (self->waiting, 0);
  if (self->session == 0)
    return TRUE;
  /* Frames that wait in the store go with their set. */
  TdStoreStatus status = td_store_delete_session (self->store, self->session, &store_error);
  if (status == TD_STORE_NOT_FOUND)
    status = TD_STORE_OK;
  self->session_ended = check (self, status, &store_error, error);
  return self->session_ended;
}

guint
td_recorder_n_waiting (const TdRecorder *self)
{
  return self->waiting->len;
}

gint64
td_recorder_session (const TdRecorder *self)
{
  return self->session;
}

int
td_recorder_set_number (const TdRecorder *self)
{
  return (int) self->sets->len;
}
