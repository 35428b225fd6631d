/* td-trend-draw.h: a chart over weeks on any cairo surface, and as a file.
 *
 * Any thread.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-chart-draw.h"
#include "td-trend.h"

/* x: weeks from the first one's Monday, so that week i lies about i + 0.5. */
TdChartFrame td_trend_chart_frame (const TdTrendChart *chart, const TdChartStyle *style,
                                   double width, double height);
/* The week at X pixels. CHART has one at least. */
size_t td_trend_chart_week_at (const TdTrendChart *chart, const TdChartFrame *frame, double x);

void td_trend_chart_draw (const TdTrendChart *chart, const TdChartStyle *style, cairo_t *cr,
                          double width, double height);
/* A line at WEEK with what td_trend_chart_words_at() says. */
void td_trend_chart_draw_cursor (const TdTrendChart *chart, const TdChartStyle *style, cairo_t *cr,
                                 double width, double height, size_t week);

/* The chart with its title, dark on white; the name's end (".png", ".svg", ".pdf") says the format. What is at
 * PATH already is replaced only by a whole new file. */
TdStoreStatus td_trend_chart_save (const TdTrendChart *chart, const char *path,
                                   TdStoreError *error);
