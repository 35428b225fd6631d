/* td-archive.c: what is stored, read and changed beside the main loop.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-archive.h"

#include "td-chart-export.h"
#include "td-chart-report.h"
#include "td-csv.h"
#include "td-storage.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <stdlib.h>

G_DEFINE_QUARK (td - archive - error - quark, td_archive_error)

typedef struct
{
  char *path;
  gint64 session;
  gboolean samples; /* as CSV, not the repetitions */
  GFile *to;
  TdArchiveFirst first;
  gpointer first_data;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_free (job->path);
  g_clear_object (&job->to);
  g_free (job);
}

/* JOB is copied. */
static void
run_job (const Job *job, GTaskThreadFunc work, GCancellable *cancellable,
         GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);
  Job *copy = g_new (Job, 1);

  *copy = *job;
  copy->path = g_strdup (job->path);
  copy->to = job->to ? g_object_ref (job->to) : NULL;
  g_task_set_task_data (task, copy, job_free);
  g_task_run_in_thread (task, work);
}

static void
return_store_error (GTask *task, const TdStoreError *error)
{
  g_task_return_new_error (task, TD_ARCHIVE_ERROR, (int) error->status, "%s", error->message);
}

/* A file of an earlier version is brought up to date first: nobody may have trained since, and the
 * history is there all the same. */
static TdStoreStatus
open_to_read (const char *path, TdStore **store, TdStoreError *error)
{
  TdStoreStatus status = td_store_open_read_only (path, store, error);

  if (status == TD_STORE_CANNOT_OPEN && g_file_test (path, G_FILE_TEST_EXISTS))
    status = td_store_open (path, store, NULL, error);
  return status;
}

static void
unref_array (gpointer array)
{
  g_ptr_array_unref (array);
}

typedef struct
{
  GTask *task;
  GPtrArray *items;
  TdArchiveFirst first;
  gpointer data;
} Reading;

/* What of a reading goes to the main loop ahead of its end. */
static gboolean
give_first (gpointer data)
{
  Reading *reading = data;

  if (!g_cancellable_is_cancelled (g_task_get_cancellable (reading->task)))
    reading->first (reading->items, reading->data);
  return G_SOURCE_REMOVE;
}

static void
reading_free (gpointer data)
{
  Reading *reading = data;

  g_ptr_array_unref (reading->items);
  g_object_unref (reading->task);
  g_free (reading);
}

static bool
add_session (const TdSessionRow *row, void *data)
{
  Reading *reading = data;

  g_ptr_array_add (reading->items, td_session_item_new (row));
  if (reading->first && reading->items->len == TD_ARCHIVE_FIRST)
    {
      Reading *first = g_new (Reading, 1);
      *first = *reading;
      g_object_ref (first->task);
      first->items = g_ptr_array_new_full (TD_ARCHIVE_FIRST, g_object_unref);
      for (guint i = 0; i < reading->items->len; i++)
        g_ptr_array_add (first->items, g_object_ref (reading->items->pdata[i]));
      g_main_context_invoke_full (g_task_get_context (reading->task), G_PRIORITY_DEFAULT,
                                  give_first, first, reading_free);
    }
  return !g_cancellable_is_cancelled (g_task_get_cancellable (reading->task));
}

static void
read_sessions (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Job *job = task_data;
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  Reading reading = { task, items, job->first, job->first_data };
  TdStoreError error = { 0 };
  TdStore *store = NULL;

  (void) source;
  (void) cancellable;
  TdStoreStatus status = open_to_read (job->path, &store, &error);
  if (status == TD_STORE_OK)
    status = td_store_each_session (store, add_session, &reading, &error);
  td_store_close (store);

  /* Before the first session there is no file. */
  if (status != TD_STORE_OK && status != TD_STORE_NOT_FOUND)
    return_store_error (task, &error);
  else
    g_task_return_pointer (task, g_steal_pointer (&items), unref_array);
}

void
td_archive_sessions_async (const char *path, GCancellable *cancellable, TdArchiveFirst first,
                           GAsyncReadyCallback callback, gpointer data)
{
  Job job = { .path = (char *) path, .first = first, .first_data = data };

  run_job (&job, read_sessions, cancellable, callback, data);
}

GPtrArray *
td_archive_sessions_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
td_archive_session_free (TdArchiveSession *self)
{
  if (!self)
    return;
  g_array_unref (self->sets);
  g_ptr_array_unref (self->reps);
  g_free (self);
}

static void
free_session (gpointer session)
{
  td_archive_session_free (session);
}

static bool
add_set (const TdSetRow *row, void *data)
{
  g_array_append_vals (data, row, 1);
  return true;
}

static bool
add_rep (const TdRepRow *row, void *data)
{
  g_ptr_array_add (data, td_rep_item_new (row));
  return true;
}

static void
read_session (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Job *job = task_data;
  g_autoptr (TdArchiveSession) read = g_new0 (TdArchiveSession, 1);
  TdStoreError error = { 0 };
  TdStore *store = NULL;

  (void) source;
  (void) cancellable;
  read->sets = g_array_new (FALSE, FALSE, sizeof (TdSetRow));
  read->reps = g_ptr_array_new_with_free_func (g_object_unref);
  TdStoreStatus status = open_to_read (job->path, &store, &error);
  if (status == TD_STORE_OK)
    status = td_store_get_session (store, job->session, &read->row, &error);
  if (status == TD_STORE_OK)
    status = td_store_each_set (store, job->session, add_set, read->sets, &error);
  if (status == TD_STORE_OK)
    status = td_store_each_rep (store, job->session, add_rep, read->reps, &error);
  td_store_close (store);

  if (status != TD_STORE_OK)
    return_store_error (task, &error);
  else
    g_task_return_pointer (task, g_steal_pointer (&read), free_session);
}

void
td_archive_session_async (const char *path, gint64 session, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer data)
{
  run_job (&(Job){ .path = (char *) path, .session = session }, read_session, cancellable, callback,
           data);
}

TdArchiveSession *
td_archive_session_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
write_csv (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Job *job = task_data;
  TdStoreError error = { 0 };
  TdStore *store = NULL;
  char *text = NULL;
  size_t length = 0;
  GError *failure = NULL;

  (void) source;
  TdStoreStatus status = open_to_read (job->path, &store, &error);
  if (status == TD_STORE_OK)
    {
      FILE *memory = open_memstream (&text, &length);
      g_assert (memory != NULL);
      status = job->samples ? td_csv_write_samples (store, job->session, memory, &error)
                            : td_csv_write_reps (store, job->session, memory, &error);
      fclose (memory);
    }
  td_store_close (store);

  if (status != TD_STORE_OK)
    return_store_error (task, &error);
  else if (!g_file_replace_contents (job->to, text, length, NULL, FALSE, G_FILE_CREATE_NONE, NULL,
                                     cancellable, &failure))
    g_task_return_error (task, failure);
  else
    g_task_return_boolean (task, TRUE);
  free (text);
}

void
td_archive_export_async (const char *path, gint64 session, gboolean samples, GFile *to,
                         GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  run_job (&(Job){ .path = (char *) path, .session = session, .samples = samples, .to = to },
           write_csv, cancellable, callback, data);
}

gboolean
td_archive_export_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
unref_chart (gpointer chart)
{
  td_chart_data_unref (chart);
}

static void
read_chart (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Job *job = task_data;
  TdChartData *chart = NULL;
  TdStoreError error = { 0 };
  TdStore *store = NULL;

  (void) source;
  (void) cancellable;
  TdStoreStatus status = open_to_read (job->path, &store, &error);
  if (status == TD_STORE_OK)
    status = td_chart_data_read (store, job->session, &chart, &error);
  td_store_close (store);

  if (status != TD_STORE_OK)
    return_store_error (task, &error);
  else
    g_task_return_pointer (task, chart, unref_chart);
}

void
td_archive_chart_async (const char *path, gint64 session, GCancellable *cancellable,
                        GAsyncReadyCallback callback, gpointer data)
{
  run_job (&(Job){ .path = (char *) path, .session = session }, read_chart, cancellable, callback,
           data);
}

TdChartData *
td_archive_chart_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

typedef struct
{
  TdChartData *chart;
  TdChartKind kind;
  TdChartSides sides;
  char *to;
} ChartJob;

static void
chart_job_free (gpointer data)
{
  ChartJob *job = data;

  td_chart_data_unref (job->chart);
  g_free (job->to);
  g_free (job);
}

static void
save_chart (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  ChartJob *job = task_data;
  TdStoreError error = { 0 };
  TdStoreStatus status;

  (void) source;
  (void) cancellable;
  if (job->kind == TD_N_CHARTS)
    status = td_chart_report_save (job->chart, job->to, &error);
  else
    {
      TdChart *chart = td_chart_new (job->chart, job->kind, job->sides);
      status = td_chart_save (chart, job->to, &error);
      td_chart_free (chart);
    }
  if (status != TD_STORE_OK)
    return_store_error (task, &error);
  else
    g_task_return_boolean (task, TRUE);
}

void
td_archive_chart_save_async (TdChartData *chart, TdChartKind kind, TdChartSides sides, GFile *to,
                             GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);
  ChartJob *job = g_new0 (ChartJob, 1);

  job->chart = td_chart_data_ref (chart);
  job->kind = kind;
  job->sides = sides;
  job->to = g_file_get_path (to);
  g_task_set_task_data (task, job, chart_job_free);
  if (!job->to)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                             _ ("The file must be on this machine."));
  else
    g_task_run_in_thread (task, save_chart);
}

gboolean
td_archive_chart_save_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- Changes ------------------------------------------------------------------------------ */

typedef struct _Change Change;

typedef TdStoreStatus (*MakeChange) (TdStore *store, const Change *change, TdStoreError *error);

struct _Change
{
  MakeChange make;
  char *path;
  gint64 id;
  TdVerdict verdict;
  TdSetInfo info;
  char *note;
};

static void
change_free (gpointer data)
{
  Change *change = data;

  g_free (change->path);
  g_free (change->note);
  g_free (change);
}

static void
work_on_change (gpointer data, gpointer user_data)
{
  g_autoptr (GTask) task = data;
  const Change *change = g_task_get_task_data (task);
  TdStoreError error = { 0 };
  TdStore *store = NULL;

  (void) user_data;
  TdStoreStatus status = td_store_open (change->path, &store, NULL, &error);
  if (status == TD_STORE_OK)
    status = change->make (store, change, &error);
  td_store_close (store);

  if (status != TD_STORE_OK)
    return_store_error (task, &error);
  else
    g_task_return_boolean (task, TRUE);
}

/* One thread, so that of two notes the later one stays. */
static void
run_change (const Change *change, GAsyncReadyCallback callback, gpointer data)
{
  static GThreadPool *one_thread;
  GTask *task = g_task_new (NULL, NULL, callback, data);
  Change *copy = g_new (Change, 1);

  if (!one_thread)
    one_thread = g_thread_pool_new (work_on_change, NULL, 1, FALSE, NULL);
  *copy = *change;
  copy->path = g_strdup (change->path);
  copy->note = g_strdup (change->note);
  g_task_set_task_data (task, copy, change_free);
  g_thread_pool_push (one_thread, task, NULL);
}

gboolean
td_archive_change_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static TdStoreStatus
delete_session (TdStore *store, const Change *change, TdStoreError *error)
{
  TdSessionRow row = { 0 };

  td_store_get_session (store, change->id, &row, NULL);
  TdStoreStatus status = td_store_delete_session (store, change->id, error);
  if (status == TD_STORE_OK && row.picture[0])
    {
      g_autofree char *folder = td_storage_pictures (change->path);
      g_autofree char *picture = g_build_filename (folder, row.picture, NULL);
      g_unlink (picture);
    }
  return status == TD_STORE_NOT_FOUND ? TD_STORE_OK : status;
}

void
td_archive_delete_async (const char *path, gint64 session, GAsyncReadyCallback callback,
                         gpointer data)
{
  run_change (&(Change){ .make = delete_session, .path = (char *) path, .id = session }, callback,
              data);
}

static TdStoreStatus
set_verdict (TdStore *store, const Change *change, TdStoreError *error)
{
  return td_store_set_verdict (store, change->id, change->verdict, error);
}

void
td_archive_set_verdict_async (const char *path, gint64 rep, TdVerdict verdict,
                              GAsyncReadyCallback callback, gpointer data)
{
  run_change (
      &(Change){ .make = set_verdict, .path = (char *) path, .id = rep, .verdict = verdict },
      callback, data);
}

static TdStoreStatus
set_note (TdStore *store, const Change *change, TdStoreError *error)
{
  return td_store_set_note (store, change->id, change->note, error);
}

void
td_archive_set_note_async (const char *path, gint64 session, const char *note,
                           GAsyncReadyCallback callback, gpointer data)
{
  run_change (
      &(Change){ .make = set_note, .path = (char *) path, .id = session, .note = (char *) note },
      callback, data);
}

static TdStoreStatus
set_info (TdStore *store, const Change *change, TdStoreError *error)
{
  return td_store_set_info (store, change->id, &change->info, error);
}

void
td_archive_set_info_async (const char *path, gint64 set, const TdSetInfo *info,
                           GAsyncReadyCallback callback, gpointer data)
{
  run_change (&(Change){ .make = set_info, .path = (char *) path, .id = set, .info = *info },
              callback, data);
}
