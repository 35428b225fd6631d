/* td-chart-private.h: what the makers of charts share.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-chart.h"

/* An empty chart of KIND that shows what OF shows; filled in, then handed to td_chart_seal(). */
TdChart *td_chart_begin (TdChartData *data, TdChartKind kind, TdChartKind of);
/* Limits where there is anything to see, and round axes. */
void td_chart_seal_axes (TdChart *self);

/* What a kind is made of: a TdSeries or -1, and a TdRepMeasureId or -1. */
int td_chart_kind_series (TdChartKind kind);
int td_chart_kind_measure (TdChartKind kind);
/* What KIND shows of one repetition, both knees. */
TdMeasure td_chart_rep_value (const TdChart *self, const TdChartData *data, const TdRepRow *row);

/* Widens the y axis to VALUE. */
void td_chart_include (TdChart *self, double value);
/* "1.2 s" */
char *td_chart_seconds_words (double seconds);
/* A value with its sigma, or why there is none. */
char *td_chart_measure_words (const TdChart *self, TdMeasure measure);
/* Where a cursor over two repetitions is: "0.4 s after the bottom". */
char *td_chart_overlaid_words (const TdChart *self, double x);

enum
{
  /* Instead of a TdMissing: before the start or after the end of a repetition. */
  TD_CHART_OUTSIDE = TD_N_MISSING
};
