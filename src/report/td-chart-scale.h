/* td-chart-scale.h: from values to places on a chart's axis, and back.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Values LO to HI lie at FROM to TO. LO < HI always: td_chart_scale() sees to it. */
typedef struct
{
  double lo, hi;
  double from, to;
} TdChartScale;

/* An empty range is widened about its value, so that one value lies in the middle; one that is not
 * finite becomes 0 to 1. LO > HI is taken as HI to LO. FROM > TO: the axis runs upwards. */
TdChartScale td_chart_scale (double lo, double hi, double from, double to);
double td_chart_scale_at (const TdChartScale *self, double value);
double td_chart_scale_invert (const TdChartScale *self, double at);

enum
{
  TD_CHART_MAX_TICKS = 32
};

typedef enum
{
  TD_CHART_TICKS_DECIMAL, /* 1, 2, 5 times a power of ten */
  TD_CHART_TICKS_TIME,    /* seconds: from 60 on in steps that people read a clock in */
  TD_CHART_TICKS_WHOLE    /* as decimal, but no fractions */
} TdChartTickKind;

/* Round values within LO..HI, at most about ATMOST, never more than TD_CHART_MAX_TICKS; their number is
 * returned. *DECIMALS (may be NULL): how many the steps need. */
int td_chart_ticks (double lo, double hi, int atmost, TdChartTickKind kind,
                    double ticks[TD_CHART_MAX_TICKS], int *decimals);
/* Widens LO..HI to whole steps of its ticks. */
void td_chart_round_range (double *lo, double *hi, int atmost);

/* What lies in one column of pixels. */
typedef struct
{
  bool any;    /* a value lies here */
  bool joined; /* its first value follows the last one of the columns before without a gap */
  float first, min, max, last;
} TdChartColumn;

/* The first of XS (ascending, N of them) that is at least X; N when there is none. */
size_t td_chart_lower_bound (const double *xs, size_t n, double x);

/* Samples FROM to TO (exclusive) into the columns: column i takes what SCALE puts at scale->from + i up to the next
 * one. A value that is NAN, and a step in XS of more than GAP, is a gap. Extremes are kept. */
void td_chart_decimate (const double *xs, const float *ys, size_t from, size_t to,
                        const TdChartScale *scale, double gap, TdChartColumn *columns,
                        size_t n_columns);
