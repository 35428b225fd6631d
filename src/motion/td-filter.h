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

/* Zero-phase 4th-order Butterworth low-pass (2nd order forward and back) in place, for a finished
 * repetition. RATE_HZ: samples a second, evenly spaced; beyond its ends the signal counts as
 * standing still. Nothing happens when the rate is too low for the cut-off. VALUES must be finite. */
void td_butterworth_zero_phase (float *values, int n, float rate_hz, float cutoff_hz);

/* Median of N values, 1 <= n <= 15; VALUES is not changed. */
float td_median (const float *values, int n);
