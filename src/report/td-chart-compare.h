/* td-chart-compare.h: two repetitions over each other, or two sessions beside each other.
 *
 * Charts like the others: drawn, exported and spoken by the same code. The finding is about the second one, held
 * against the first.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-chart.h"

/* How two repetitions of different length lie over each other; their bottoms always meet. */
typedef enum
{
  TD_CHART_CLOCK_REAL,  /* seconds before and after the bottom */
  TD_CHART_CLOCK_SCALED /* shares of each one's way down and up */
} TdChartClock;

/* Of OF, one of the kinds over time, both knees. REP_A in a->reps, REP_B in b->reps; A and B may be one session, and
 * may be different exercises. Keeps references; free with td_chart_free(). */
TdChart *td_chart_new_two_reps (TdChartData *a, size_t rep_a, TdChartData *b, size_t rep_b,
                                TdChartKind of, TdChartClock clock);

/* Of OF, one of the kinds per repetition: the counted repetitions of each session in order beside each other, with
 * the mean of each. */
TdChart *td_chart_new_two_sessions (TdChartData *a, TdChartData *b, TdChartKind of);
