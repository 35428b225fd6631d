/* td-recorder.c: see td-recorder.h.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-recorder.h"

#include "td-engine.h"

struct TdRecorder
{
  TdStore *store;
  char *started_at;
  char *exercise;
  char *source;
  char *model;
  int64_t session;
  int64_t set;
  gboolean set_ended;
  gboolean session_ended;
  gboolean failing;
  GArray *waiting; /* TdRep */
};

TdRecorder *
td_recorder_new (TdStore *store, const char *exercise, const char *source, const char *model)
{
  g_assert (store != NULL);
  TdRecorder *self = g_new0 (TdRecorder, 1);
  self->store = store;
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  self->started_at = g_date_time_format (now, "%Y-%m-%dT%H:%M:%S%:z");
  self->exercise = g_strdup (exercise);
  self->source = g_strdup (source);
  self->model = g_strdup (model);
  self->waiting = g_array_new (FALSE, FALSE, sizeof (TdRep));
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

static gboolean
ensure_open (TdRecorder *self, GError **error)
{
  TdStoreError store_error;
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
  if (self->set == 0)
    {
      TdStoreStatus status
          = td_store_begin_set (self->store, self->session, NULL, &self->set, &store_error);
      if (status != TD_STORE_OK)
        self->set = 0;
      if (!check (self, status, &store_error, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
td_recorder_add_sample (TdRecorder *self, const TdPose *pose, const TdFrameMeasures *measures,
                        GError **error)
{
  if (self->failing)
    return TRUE;
  if (!ensure_open (self, error))
    return FALSE;
  TdStoreError store_error;
  TdStoreStatus status = td_store_add_sample (self->store, self->set, pose, measures, &store_error);
  return check (self, status, &store_error, error);
}

static gboolean
write_waiting (TdRecorder *self, GError **error)
{
  if (!ensure_open (self, error))
    return FALSE;
  while (self->waiting->len > 0)
    {
      TdStoreError store_error;
      const TdRep *rep = &g_array_index (self->waiting, TdRep, 0);
      TdStoreStatus status = td_store_add_rep (self->store, self->set, rep, &store_error);
      if (!check (self, status, &store_error, error))
        return FALSE;
      g_array_remove_index (self->waiting, 0);
    }
  return TRUE;
}

gboolean
td_recorder_add_rep (TdRecorder *self, const TdRep *rep, GError **error)
{
  g_array_append_val (self->waiting, *rep);
  return write_waiting (self, error);
}

gboolean
td_recorder_close (TdRecorder *self, GError **error)
{
  TdStoreError store_error;
  if (self->session_ended || (self->session == 0 && self->waiting->len == 0))
    return TRUE;
  if (!write_waiting (self, error))
    return FALSE;
  if (!self->set_ended)
    {
      TdStoreStatus status = td_store_end_set (self->store, self->set, &store_error);
      if (!check (self, status, &store_error, error))
        return FALSE;
      self->set_ended = TRUE;
    }
  TdStoreStatus status = td_store_end_session (self->store, self->session, &store_error);
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
