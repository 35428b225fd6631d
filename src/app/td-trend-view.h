/* td-trend-view.h: a chart over weeks, with a cursor that says its values.
 *
 * Keys: left and right move the cursor by a week, with Ctrl to the next one with a session; Home, End; Escape takes
 * the cursor away.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-trend.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TD_TYPE_TREND_VIEW (td_trend_view_get_type ())
G_DECLARE_FINAL_TYPE (TdTrendView, td_trend_view, TD, TREND_VIEW, GtkWidget)

GtkWidget *td_trend_view_new (void);

/* Takes CHART, which may be NULL: nothing. */
void td_trend_view_set_chart (TdTrendView *self, TdTrendChart *chart);
TdTrendChart *td_trend_view_get_chart (TdTrendView *self);

/* The week of the cursor, or -1. */
int td_trend_view_get_cursor (TdTrendView *self);

G_END_DECLS
