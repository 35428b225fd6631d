/* td-chart-scale.c: from values to places on a chart's axis, and back.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-chart-scale.h"

#include <math.h>

TdChartScale
td_chart_scale (double lo, double hi, double from, double to)
{
  if (!isfinite (lo) || !isfinite (hi))
    {
      lo = 0;
      hi = 1;
    }
  if (lo > hi)
    {
      double swap = lo;
      lo = hi;
      hi = swap;
    }
  /* Below what a double can tell apart there is no axis either. */
  double least = 1e-9 * fmax (1, fmax (fabs (lo), fabs (hi)));
  if (hi - lo < least)
    {
      double half = fmax (0.5, 0.05 * fabs (lo));
      double middle = (lo + hi) / 2;
      lo = middle - half;
      hi = middle + half;
    }
  return (TdChartScale){ lo, hi, from, to };
}

double
td_chart_scale_at (const TdChartScale *self, double value)
{
  return self->from + (value - self->lo) / (self->hi - self->lo) * (self->to - self->from);
}

double
td_chart_scale_invert (const TdChartScale *self, double at)
{
  double length = self->to - self->from;

  if (fabs (length) < 1e-9)
    return self->lo;
  return self->lo + (at - self->from) / length * (self->hi - self->lo);
}

static double
decimal_step (double least)
{
  double power = pow (10, floor (log10 (least)));
  double mantissa = least / power;
  /* A little slack: 0.30000000000000004 is three. */
  const double slack = 1 + 1e-9;

  return power
         * (mantissa <= slack       ? 1
            : mantissa <= 2 * slack ? 2
            : mantissa <= 5 * slack ? 5
                                    : 10);
}

static double
step_for (double span, int atmost, TdChartTickKind kind)
{
  static const double clock[] = { 15, 30, 60, 120, 300, 600, 900, 1800, 3600 };
  double least = span / (atmost > 1 ? atmost : 1);
  double step = decimal_step (least);

  if (kind == TD_CHART_TICKS_WHOLE)
    return fmax (step, 1);
  if (kind == TD_CHART_TICKS_DECIMAL || least <= 10)
    return step;
  for (size_t i = 0; i < sizeof clock / sizeof clock[0]; i++)
    if (least <= clock[i])
      return clock[i];
  return 3600 * fmax (1, decimal_step (least / 3600));
}

int
td_chart_ticks (double lo, double hi, int atmost, TdChartTickKind kind,
                double ticks[TD_CHART_MAX_TICKS], int *decimals)
{
  TdChartScale scale = td_chart_scale (lo, hi, 0, 1);
  double step;
  int n = 0;

  if (atmost > TD_CHART_MAX_TICKS - 2)
    atmost = TD_CHART_MAX_TICKS - 2;
  step = step_for (scale.hi - scale.lo, atmost, kind);
  double first = ceil (scale.lo / step - 1e-9);
  for (; n < TD_CHART_MAX_TICKS; n++)
    {
      double tick = (first + n) * step;
      if (tick > scale.hi + 1e-9 * step)
        break;
      ticks[n] = fabs (tick) < 1e-9 * step ? 0 : tick; /* never "-0" */
    }
  if (decimals)
    *decimals = step >= 1 - 1e-9 ? 0 : (int) ceil (-log10 (step) - 1e-9);
  return n;
}

void
td_chart_round_range (double *lo, double *hi, int atmost)
{
  TdChartScale scale = td_chart_scale (*lo, *hi, 0, 1);
  double step = step_for (scale.hi - scale.lo, atmost, TD_CHART_TICKS_DECIMAL);

  *lo = floor (scale.lo / step + 1e-9) * step;
  *hi = ceil (scale.hi / step - 1e-9) * step;
}

size_t
td_chart_lower_bound (const double *xs, size_t n, double x)
{
  size_t lo = 0, hi = n;

  while (lo < hi)
    {
      size_t middle = lo + (hi - lo) / 2;
      if (xs[middle] < x)
        lo = middle + 1;
      else
        hi = middle;
    }
  return lo;
}

void
td_chart_decimate (const double *xs, const float *ys, size_t from, size_t to,
                   const TdChartScale *scale, double gap, TdChartColumn *columns, size_t n_columns)
{
  bool joined = false; /* the sample before had a value */

  for (size_t c = 0; c < n_columns; c++)
    columns[c] = (TdChartColumn){ 0 };
  for (size_t i = from; i < to; i++)
    {
      double at = td_chart_scale_at (scale, xs[i]) - scale->from;

      if (i > from && xs[i] - xs[i - 1] > gap)
        joined = false;
      if (isnan (ys[i]))
        {
          joined = false;
          continue;
        }
      if (at >= 0 && at < (double) n_columns)
        {
          TdChartColumn *column = &columns[(size_t) at];
          if (!column->any)
            *column = (TdChartColumn){ true, joined, ys[i], ys[i], ys[i], ys[i] };
          column->min = fminf (column->min, ys[i]);
          column->max = fmaxf (column->max, ys[i]);
          column->last = ys[i];
        }
      joined = true;
    }
}
