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

/* TdSessionItem, the newest first. No file yet is an empty list. */
void td_archive_sessions_async (const char *path, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer data);
GPtrArray *td_archive_sessions_finish (GAsyncResult *result, GError **error);

/* TdRepItem, in order of time. */
void td_archive_reps_async (const char *path, gint64 session, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer data);
GPtrArray *td_archive_reps_finish (GAsyncResult *result, GError **error);

/* Writes the session's repetitions to TO as CSV; an existing file is replaced only by a whole new
 * one. */
void td_archive_export_async (const char *path, gint64 session, GFile *to,
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

void td_archive_delete_async (const char *path, gint64 session, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer data);
gboolean td_archive_delete_finish (GAsyncResult *result, GError **error);

G_END_DECLS
