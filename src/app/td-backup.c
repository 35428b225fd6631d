/* td-backup.c: asks for a file and writes a copy of all sessions to it.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-backup.h"

#include "td-storage.h"

#include <glib/gi18n.h>

typedef struct
{
  GtkWindow *window;
  char *path;
  char *to;
  TdBackupTold told;
} Backup;

static void
backup_free (gpointer data)
{
  Backup *backup = data;

  g_object_unref (backup->window);
  g_free (backup->path);
  g_free (backup->to);
  g_free (backup);
}

static void
on_written (GObject *object, GAsyncResult *result, gpointer data)
{
  Backup *backup = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_filename_display_basename (backup->to);
  g_autofree char *text = NULL;

  (void) object;
  if (td_storage_backup_finish (result, &error))
    text = g_strdup_printf (_ ("Backed up to “%s”"), name);
  else
    text = g_strdup_printf (_ ("Not backed up: %s"), error->message);
  backup->told (backup->window, text);
  backup_free (backup);
}

static void
on_response (GtkNativeDialog *dialog, int response, gpointer data)
{
  Backup *backup = data;
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT
                               ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog))
                               : NULL;

  if (file)
    backup->to = g_file_get_path (file);
  if (backup->to)
    td_storage_backup_async (backup->path, backup->to, NULL, on_written, backup);
  else
    {
      if (file)
        backup->told (backup->window, _ ("The file must be on this machine."));
      backup_free (backup);
    }
  g_object_unref (dialog);
}

void
td_backup_ask (GtkWindow *window, const char *store_path, TdBackupTold told)
{
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (
      _ ("Back Up"), window, GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Save"), NULL);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *name = g_date_time_format (now, "teardrop-%Y-%m-%d.db");
  Backup *backup = g_new0 (Backup, 1);

  backup->window = g_object_ref (window);
  backup->path = g_strdup (store_path);
  backup->told = told;
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), name);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect (dialog, "response", G_CALLBACK (on_response), backup);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}
