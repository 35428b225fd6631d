/* td-chart-draw.h: a chart on any cairo surface.
 *
 * The chart and the cursor over it are two passes, so that a moving cursor costs next to nothing. Any thread.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-chart.h"

#include <cairo.h>

typedef struct
{
  double red, green, blue, alpha;
} TdChartColour;

typedef struct
{
  TdChartColour background; /* alpha 0: what is there already */
  TdChartColour text, dim, grid, band;
  TdChartColour main, left, right;
  bool strong;      /* high contrast: thicker lines, nothing pale */
  bool title;       /* draws the chart's title, too */
  bool origin;      /* and of which session it is */
  const char *font; /* a family */
  double font_px;
} TdChartStyle;

/* Dark ink on white, for files. */
TdChartStyle td_chart_style_light (void);

/* Where the plot lies within the picture. */
typedef struct
{
  TdChartScale x, y;
  double left, top, right, bottom;
} TdChartFrame;

TdChartFrame td_chart_frame (const TdChart *chart, const TdChartStyle *style,
                             const TdChartPart *part, double width, double height);

void td_chart_draw (const TdChart *chart, const TdChartStyle *style, const TdChartPart *part,
                    cairo_t *cr, double width, double height);

/* A line at POSITION with what td_chart_words_at() says. */
void td_chart_draw_cursor (const TdChart *chart, const TdChartStyle *style, const TdChartPart *part,
                           cairo_t *cr, double width, double height, size_t position);
