/* td-set.h: a set of repetitions as a whole, and how it changed from first to last.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-motion.h"

#include <stddef.h>

typedef struct
{
  int n;            /* counted repetitions with this measure */
  TdMeasure mean;   /* sigma: standard error of the mean; of a single repetition its own */
  TdMeasure spread; /* standard deviation from repetition to repetition */
  /* Fatigue: mean of the last repetitions, up to three, less that of the first three. None of
   * the first are among the last, so it needs four. */
  TdMeasure change;
} TdSetMeasure;

typedef struct
{
  int n_counted;
  int n_attempts;
  TdSetMeasure measures[TD_N_REP_MEASURES];
} TdSetSummary;

/* REPS in order; attempts only count as such. */
void td_set_summarise (const TdRep *reps, size_t n, TdSetSummary *summary);
