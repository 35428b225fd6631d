/* td-storage.h: the file of the sessions as a whole: its size, a copy, its end.
 *
 * As in td-archive.h every call works on a thread of its own. Errors: TD_ARCHIVE_ERROR and G_IO_ERROR.
 * Main thread only.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The file in FOLDER when that is where the sessions are kept. To be freed with g_free(). */
char *td_storage_file_in (const char *folder);
/* Bytes of the file PATH and what SQLite keeps beside it; 0: there is none yet. Does not wait. */
guint64 td_storage_size (const char *path);

/* The folder of the sessions' pictures, and the bytes in it. */
char *td_storage_pictures (const char *path);
guint64 td_storage_pictures_size (const char *path);

/* Copies PATH to the file TO, whole and checked. Nothing kept yet is an error (TD_STORE_NOT_FOUND). */
void td_storage_backup_async (const char *path, const char *to, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer data);
/* Likewise, with the pictures, to go on there; td_storage_backup_finish(). */
void td_storage_copy_async (const char *path, const char *to, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer data);
gboolean td_storage_backup_finish (GAsyncResult *result, GError **error);

/* Removes PATH with all that belongs to it, pictures and damaged ones that were moved aside included. Nothing may
 * have it open. */
void td_storage_erase_async (const char *path, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer data);
gboolean td_storage_erase_finish (GAsyncResult *result, GError **error);

G_END_DECLS
