/* td-storage.c: the file of the sessions as a whole: its size, a copy, its end.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-storage.h"

#include "td-archive.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct
{
  char *path;
  char *to;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_free (job->path);
  g_free (job->to);
  g_free (job);
}

static Job *
job_new (const char *path)
{
  Job *job = g_new0 (Job, 1);

  job->path = g_strdup (path);
  return job;
}

static void
run_job (Job *job, GTaskThreadFunc work, GCancellable *cancellable, GAsyncReadyCallback callback,
         gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);

  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, work);
}

static void
return_status (GTask *task, TdStoreStatus status, const TdStoreError *error)
{
  if (status == TD_STORE_OK)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_new_error (task, TD_ARCHIVE_ERROR, (int) status, "%s", error->message);
}

char *
td_storage_file_in (const char *folder)
{
  return g_build_filename (folder, "teardrop.db", NULL);
}

guint64
td_storage_size (const char *path)
{
  static const char *const endings[] = { "", "-wal", "-shm" };
  guint64 size = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *name = g_strconcat (path, endings[i], NULL);
      GStatBuf info;
      if (g_stat (name, &info) == 0)
        size += (guint64) info.st_size;
    }
  return size;
}

/* --- Pictures ----------------------------------------------------------------------------- */

char *
td_storage_pictures (const char *path)
{
  char *made = td_store_pictures_folder (path);
  char *folder = g_strdup (made);

  free (made);
  return folder;
}

/* "7.webm", "7-2.webm": what a session's picture is called, and nothing else that may lie there. */
static gboolean
is_picture (const char *name)
{
  return g_regex_match_simple ("^[0-9]+(-[0-9]+)?\\.webm$", name, 0, 0);
}

typedef gboolean (*WithPicture) (const char *picture, gpointer data, GError **error);

/* No folder has no pictures. */
static gboolean
each_picture (const char *path, WithPicture with, gpointer data, GError **error)
{
  g_autofree char *folder = td_storage_pictures (path);
  g_autoptr (GDir) all = g_dir_open (folder, 0, NULL);
  const char *name;

  while (all && (name = g_dir_read_name (all)))
    if (is_picture (name))
      {
        g_autofree char *picture = g_build_filename (folder, name, NULL);
        if (!with (picture, data, error))
          return FALSE;
      }
  return TRUE;
}

static gboolean
add_size (const char *picture, gpointer data, GError **error)
{
  guint64 *size = data;
  GStatBuf info;

  (void) error;
  if (g_stat (picture, &info) == 0)
    *size += (guint64) info.st_size;
  return TRUE;
}

guint64
td_storage_pictures_size (const char *path)
{
  guint64 size = 0;

  each_picture (path, add_size, &size, NULL);
  return size;
}

static gboolean
copy_picture (const char *picture, gpointer data, GError **error)
{
  g_autofree char *name = g_path_get_basename (picture);
  g_autofree char *to_path = g_build_filename (data, name, NULL);
  g_autoptr (GFile) from = g_file_new_for_path (picture);
  g_autoptr (GFile) to = g_file_new_for_path (to_path);

  g_mkdir_with_parents (data, 0700);
  return g_file_copy (from, to, G_FILE_COPY_NOFOLLOW_SYMLINKS, NULL, NULL, NULL, error);
}

static gboolean
delete_picture (const char *picture, gpointer data, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (picture);

  (void) data;
  return g_file_delete (file, NULL, error);
}

/* --- The file ----------------------------------------------------------------------------- */

static void
back_up (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Job *job = task_data;
  TdStoreError error = { 0 };
  TdStore *store = NULL;

  (void) source;
  (void) cancellable;
  TdStoreStatus status = td_store_open_read_only (job->path, &store, &error);
  if (status == TD_STORE_OK)
    status = td_store_backup (store, job->to, &error);
  td_store_close (store);
  return_status (task, status, &error);
}

void
td_storage_backup_async (const char *path, const char *to, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer data)
{
  Job *job = job_new (path);

  job->to = g_strdup (to);
  run_job (job, back_up, cancellable, callback, data);
}

static void
copy_all (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Job *job = task_data;
  g_autofree char *to = td_storage_pictures (job->to);
  GError *error = NULL;

  /* The pictures first: the file of the sessions is there only when all is. */
  if (each_picture (job->path, copy_picture, to, &error))
    back_up (task, source, task_data, cancellable);
  else
    g_task_return_error (task, error);
}

void
td_storage_copy_async (const char *path, const char *to, GCancellable *cancellable,
                       GAsyncReadyCallback callback, gpointer data)
{
  Job *job = job_new (path);

  job->to = g_strdup (to);
  run_job (job, copy_all, cancellable, callback, data);
}

gboolean
td_storage_backup_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* "teardrop.db-wal", "teardrop.db.damaged-1", but not "teardrop.db2" or a backup's own name. */
static gboolean
belongs_to (const char *name, const char *database)
{
  static const char *const endings[] = { "", "-wal", "-shm", "-journal", ".recovered" };

  if (!g_str_has_prefix (name, database))
    return FALSE;
  const char *ending = name + strlen (database);
  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    if (strcmp (ending, endings[i]) == 0)
      return TRUE;
  return g_str_has_prefix (ending, ".damaged-") || g_str_has_prefix (ending, ".recovered-");
}

static void
erase (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Job *job = task_data;
  g_autofree char *folder = g_path_get_dirname (job->path);
  g_autofree char *database = g_path_get_basename (job->path);
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) all = g_dir_open (folder, 0, &error);
  const char *name;

  (void) source;
  (void) cancellable;
  while (all && !error && (name = g_dir_read_name (all)))
    if (belongs_to (name, database))
      {
        g_autofree char *path = g_build_filename (folder, name, NULL);
        g_autoptr (GFile) file = g_file_new_for_path (path);
        g_file_delete (file, NULL, &error);
      }

  if (!error && each_picture (job->path, delete_picture, NULL, &error))
    {
      g_autofree char *pictures = td_storage_pictures (job->path);
      g_rmdir (pictures); /* unless something else is in it */
    }

  /* Who never trained has no folder either. */
  if (error && !g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_boolean (task, TRUE);
}

void
td_storage_erase_async (const char *path, GCancellable *cancellable, GAsyncReadyCallback callback,
                        gpointer data)
{
  run_job (job_new (path), erase, cancellable, callback, data);
}

gboolean
td_storage_erase_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
