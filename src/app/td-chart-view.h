/* td-chart-view.h: a chart to look at closely: zoom, pan, and a cursor that says its values.
 *
 * Wheel and pinch zoom, dragging and the sideways wheel pan. Keys: left and right move the cursor, with Ctrl to
 * the next repetition, with Shift they pan; Home, End; plus, minus and 0 zoom; Escape takes the cursor away.
 * Ctrl+C and the context menu copy what is in view, as a picture and as a table.
 *
 * To go along with a replay: on "cursor-moved" give td_chart_view_get_time() to the replay unless it is NAN, and
 * on the replay's "time-changed" give its time to td_chart_view_set_time(), which does not emit "cursor-moved".
 * td_replay_join() does both.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-chart.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TD_TYPE_CHART_VIEW (td_chart_view_get_type ())
G_DECLARE_FINAL_TYPE (TdChartView, td_chart_view, TD, CHART_VIEW, GtkWidget)

GtkWidget *td_chart_view_new (void);

/* Takes CHART, which may be NULL: nothing. All of it is in view then, without a cursor. */
void td_chart_view_set_chart (TdChartView *self, TdChart *chart);

/* The cursor's position, or -1. Signal "cursor-moved" tells of changes. */
gssize td_chart_view_get_cursor (TdChartView *self);
/* -1 takes it away; beyond the last one is the last one. What is out of view comes into view. */
void td_chart_view_set_cursor (TdChartView *self, gssize position);

/* When the cursor is, seconds on the session's time axis; NAN: there is none, or the chart has no one time. */
double td_chart_view_get_time (TdChartView *self);
/* Puts the cursor there, or takes it away where the chart has nothing at that time. It is drawn, not spoken (who sets
 * the time speaks), and "cursor-moved" is not emitted. A zoomed chart turns the page. */
void td_chart_view_set_time (TdChartView *self, double time_s);

/* Copies what is in view to the clipboard, as image/png and as text. FALSE: nothing to copy. Signal "copied" tells
 * when it was. Also the action "chart.copy". */
gboolean td_chart_view_copy (TdChartView *self);

/* What is in view. */
TdChartPart td_chart_view_get_part (TdChartView *self);

G_END_DECLS
