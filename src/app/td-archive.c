/* td-archive.c: what is stored, read and changed beside the main loop.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-archive.h"

#include "td-chart-export.h"
#include "td-chart-report.h"
#include "td-csv.h"

#include <glib/gi18n.h>
#include <stdlib.h>

G_DEFINE_QUARK (td - archive - error - quark, td_archive_error)

typedef struct
{
  char *path;
  gint64 session;
  GFile *to;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_free (job->path);
  g_clear_object (&job->to);
  g_free (job);
}

static void
run_job (const char *path, gint64 session, GFile *to, GTaskThreadFunc work,
         GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);
  Job *job = g_new0 (Job, 1);

  job->path = g_strdup (path);
  job->session = session;
  job->to = to ? g_object_ref (to) : NULL;
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, work);
}

static void
return_store_error (GTask *task, const TdStoreError *error)
{
  g_task_return_new_error (task, TD_ARCHIVE_ERROR, (int) error->status, "%s", error->message);
}

static void
unref_array (gpointer array)
{
  g_ptr_array_unref (array);
}

static bool
add_session (const TdSessionRow *row, void *data)
{
  g_ptr_array_add (data, td_session_item_new (row));
  return true;
}

static void
read_sessions (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Job *job = task_data;
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  TdStoreError error = { 0 };
  TdStore *store = NULL;

  (void) source;
  (void) cancellable;
  TdStoreStatus status = td_store_open_read_only (job->path, &store, &error);
  if (status == TD_STORE_OK)
    status = td_store_each_session (store, add_session, items, &error);
  td_store_close (store);

  /* Before the first session there is no file. */
  if (status != TD_STORE_OK && status != TD_STORE_NOT_FOUND)
    return_store_error (task, &error);
  else
    g_task_return_pointer (task, g_steal_pointer (&items), unref_array);
}

void
td_archive_sessions_async (const char *path, GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer data)
{
  run_job (path, 0, NULL, read_sessions, cancellable, callback, data);
}

GPtrArray *
td_archive_sessions_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static bool
add_rep (const TdRepRow *row, void *data)
{
  g_ptr_array_add (data, td_rep_item_new (row));
  return true;
}

static void
read_reps (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Job *job = task_data;
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  TdStoreError error = { 0 };
  TdStore *store = NULL;

  (void) source;
  (void) cancellable;
  TdStoreStatus status = td_store_open_read_only (job->path, &store, &error);
  if (status == TD_STORE_OK)
    status = td_store_each_rep (store, job->session, add_rep, items, &error);
  td_store_close (store);

  if (status != TD_STORE_OK)
    return_store_error (task, &error);
  else
    g_task_return_pointer (task, g_steal_pointer (&items), unref_array);
}

void
td_archive_reps_async (const char *path, gint64 session, GCancellable *cancellable,
                       GAsyncReadyCallback callback, gpointer data)
{
  run_job (path, session, NULL, read_reps, cancellable, callback, data);
}

GPtrArray *
td_archive_reps_finish (GAsyncResult *result, GError **error)
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
  TdStoreStatus status = td_store_open_read_only (job->path, &store, &error);
  if (status == TD_STORE_OK)
    {
      FILE *memory = open_memstream (&text, &length);
      g_assert (memory != NULL);
      status = td_csv_write_reps (store, job->session, memory, &error);
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
td_archive_export_async (const char *path, gint64 session, GFile *to, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer data)
{
  run_job (path, session, to, write_csv, cancellable, callback, data);
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
  TdStoreStatus status = td_store_open_read_only (job->path, &store, &error);
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
  run_job (path, session, NULL, read_chart, cancellable, callback, data);
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

static void
delete_session (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Job *job = task_data;
  TdStoreError error = { 0 };
  TdStore *store = NULL;

  (void) source;
  (void) cancellable;
  TdStoreStatus status = td_store_open (job->path, &store, NULL, &error);
  if (status == TD_STORE_OK)
    status = td_store_delete_session (store, job->session, &error);
  td_store_close (store);

  if (status != TD_STORE_OK && status != TD_STORE_NOT_FOUND)
    return_store_error (task, &error);
  else
    g_task_return_boolean (task, TRUE);
}

void
td_archive_delete_async (const char *path, gint64 session, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer data)
{
  run_job (path, session, NULL, delete_session, cancellable, callback, data);
}

gboolean
td_archive_delete_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
