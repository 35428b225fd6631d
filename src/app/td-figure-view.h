/* td-figure-view.h: the person of one moment, from one side.
 *
 * One that is turnable takes the focus: dragging and the left and right arrow turn it, with Shift a degree at
 * a time.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-figure-draw.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TD_TYPE_FIGURE_VIEW (td_figure_view_get_type ())
G_DECLARE_FINAL_TYPE (TdFigureView, td_figure_view, TD, FIGURE_VIEW, GtkWidget)

GtkWidget *td_figure_view_new (void);

/* FIGURE may be NULL: nothing. One that is not seen: then it says so. KNEES may be NULL: no angles. Both are copied. */
void td_figure_view_set_figure (TdFigureView *self, const TdFigure *figure,
                                const TdFigureKnees *knees);

/* From where: 0 in front, 90 at the person's left, 180 behind; -180..180. Signal "turned" when the user did. */
void td_figure_view_set_yaw (TdFigureView *self, double yaw_deg);
double td_figure_view_get_yaw (TdFigureView *self);

/* What a screen reader says of it. */
void td_figure_view_set_words (TdFigureView *self, const char *name, const char *words);

G_END_DECLS
