/* td-ink.h: text and colour on cairo, as every picture of ours has them.
 *
 * Internal to src/report.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-chart-draw.h"

#include <glib.h>
#include <pango/pangocairo.h>

/* In the style's font, with figures of one width; to be freed with g_object_unref(). */
PangoLayout *td_ink_layout (const TdChartStyle *style);
/* SIZE: times the style's. */
void td_ink_font (PangoLayout *layout, const TdChartStyle *style, double size, gboolean bold);
/* WIDTH: pixels to wrap and, after LINES lines, to cut at; 0: one line, however long. */
void td_ink_text (PangoLayout *layout, const char *text, double width, int lines);
void td_ink_size (PangoLayout *layout, double *width, double *height);
/* Of TEXT on one line. */
double td_ink_width (PangoLayout *layout, const char *text);
/* From one line to the next. */
double td_ink_line (const TdChartStyle *style);

void td_ink_colour (cairo_t *cr, TdChartColour colour);
TdChartColour td_ink_pale (TdChartColour colour, double alpha);
