/* td-filter.h: smoothing of signals in time.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* One-Euro filter (Casiez, Roussel and Vogel, CHI 2012): a low-pass whose cut-off grows with the
 * speed of the signal, so that rest is steady and movement has no lag. Any rate, varying too. */
typedef struct
{
  float min_cutoff_hz; /* at rest */
  float beta;          /* Hz of cut-off per unit of speed */
  float value;
  float speed; /* units a second, smoothed at 1 Hz */
  int64_t time_ns;
  bool primed;
} TdOneEuro;

void td_one_euro_init (TdOneEuro *self, float min_cutoff_hz, float beta);
/* The next value must be later than the last; after a gap of over 0.5 s it starts anew. */
float td_one_euro_push (TdOneEuro *self, float value, int64_t time_ns);

/* A straight line, or from five values on a parabola, through VALUES around the moment 0, and
 * its value there: local regression (Cleveland, 1979) with tricube weights over ±BANDWIDTH_S,
 * without what lies far from the median (Hampel). It has no lag, follows any rate and closes
 * gaps. DT_S: times against that moment; WEIGHTS: 0 for a value that is missing, whose content
 * then does not matter. N <= 31. NAN when nothing is near. */
float td_smooth (const float *dt_s, const float *values, const float *weights, int n,
                 float bandwidth_s);

/* Median of N values, 1 <= n <= 31; VALUES is not changed. */
float td_median (const float *values, int n);
