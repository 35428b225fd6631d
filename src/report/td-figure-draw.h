/* td-figure-draw.h: the person from any side on any cairo surface. Any thread.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-chart-draw.h"
#include "td-figure.h"

/* Knee flexion of left, right and of both, degrees; NAN: not measured. */
typedef struct
{
  float side[TD_N_SIDES];
  float both;
} TdFigureKnees;

/* FIGURE as seen from YAW_DEG (0 in front, 90 at the person's left) into WIDTH x HEIGHT, standing on a floor line, at
 * the same size whatever the pose. The left leg is solid, the right one dashed. KNEES stand at the knees; where both
 * knees lie over each other the nearer one has the value of both. KNEES may be NULL. */
void td_figure_draw (const TdFigure *figure, const TdFigureKnees *knees, const TdChartStyle *style,
                     cairo_t *cr, double width, double height, double yaw_deg);
