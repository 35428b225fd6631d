/* td-archive.h: what is stored, read and changed beside the main loop.
 *
 * A TdStore belongs to one thread and may wait for a disk, so every call opens the file on a
 * worker thread, does its work there and closes it again. Main thread only.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-chart.h"
#include "td-items.h"

G_BEGIN_DECLS

#define TD_ARCHIVE_ERROR (td_archive_error_quark ())
GQuark td_archive_error_quark (void); /* codes: TdStoreStatus */

/* TdSessionItem, the newest first. No file yet is an empty list. Of a long history FIRST gets the
 * TD_ARCHIVE_FIRST newest as soon as they are read, to be shown; CALLBACK gets the same items again
 * and all others behind them. FIRST may be NULL. */
#define TD_ARCHIVE_FIRST 24
typedef void (*TdArchiveFirst) (GPtrArray *items, gpointer data);
void td_archive_sessions_async (const char *path, GCancellable *cancellable, TdArchiveFirst first,
                                GAsyncReadyCallback callback, gpointer data);
GPtrArray *td_archive_sessions_finish (GAsyncResult *result, GError **error);

/* All of a session but its frames. */
typedef struct
{
  TdSessionRow row;
  GArray *sets;    /* TdSetRow */
  GPtrArray *reps; /* TdRepItem: by set, in order of time */
} TdArchiveSession;

void td_archive_session_free (TdArchiveSession *self); /* NULL is allowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TdArchiveSession, td_archive_session_free)

void td_archive_session_async (const char *path, gint64 session, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer data);
TdArchiveSession *td_archive_session_finish (GAsyncResult *result, GError **error);

/* Writes the session's repetitions, or where SAMPLES what was measured of each picture, to TO as CSV;
 * an existing file is replaced only by a whole new one. */
void td_archive_export_async (const char *path, gint64 session, gboolean samples, GFile *to,
                              GCancellable *cancellable, GAsyncReadyCallback callback,
                              gpointer data);
gboolean td_archive_export_finish (GAsyncResult *result, GError **error);

/* What the session's charts are made of; free with td_chart_data_unref(). */
void td_archive_chart_async (const char *path, gint64 session, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer data);
TdChartData *td_archive_chart_finish (GAsyncResult *result, GError **error);

/* Writes a chart of CHART, or where KIND is TD_N_CHARTS the report of one page, to TO, whose name says the format. */
void td_archive_chart_save_async (TdChartData *chart, TdChartKind kind, TdChartSides sides,
                                  GFile *to, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer data);
gboolean td_archive_chart_save_finish (GAsyncResult *result, GError **error);

/* --- Changes: one after the other, in the order in which they were asked for ------------------ */

/* With its picture. A session that is gone already is no error. */
void td_archive_delete_async (const char *path, gint64 session, GAsyncReadyCallback callback,
                              gpointer data);
/* td_store_set_verdict(), td_store_set_note(), td_store_set_info() */
void td_archive_set_verdict_async (const char *path, gint64 rep, TdVerdict verdict,
                                   GAsyncReadyCallback callback, gpointer data);
void td_archive_set_note_async (const char *path, gint64 session, const char *note,
                                GAsyncReadyCallback callback, gpointer data);
void td_archive_set_info_async (const char *path, gint64 set, const TdSetInfo *info,
                                GAsyncReadyCallback callback, gpointer data);
/* Of any of them. */
gboolean td_archive_change_finish (GAsyncResult *result, GError **error);

G_END_DECLS
