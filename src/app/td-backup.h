/* td-backup.h: asks for a file and writes a copy of all sessions to it.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* TEXT: what came of it, one line for people. */
typedef void (*TdBackupTold) (GtkWindow *window, const char *text);

/* STORE_PATH: the file of the sessions. */
void td_backup_ask (GtkWindow *window, const char *store_path, TdBackupTold told);

G_END_DECLS
