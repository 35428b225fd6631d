/* td-chart-data.h: what a session's charts are made of, as plain arrays.
 *
 * Read once on any thread; never changed after, so any thread may draw from it.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-figure.h"
#include "td-store.h"

/* Measures of a frame that charts show. */
typedef enum
{
  TD_SERIES_KNEE, /* both knees */
  TD_SERIES_KNEE_LEFT,
  TD_SERIES_KNEE_RIGHT,
  TD_SERIES_FPPA,
  TD_SERIES_FPPA_LEFT,
  TD_SERIES_FPPA_RIGHT,
  TD_SERIES_TRUNK,
  TD_SERIES_HIP_HEIGHT,
  TD_SERIES_HIP_FLEXION,
  TD_N_SERIES
} TdSeries;

typedef struct
{
  TdSessionRow session;
  const TdProfile *profile;      /* of the session's exercise; NULL: not known to this version */
  size_t n;                      /* samples, in order of time */
  double *time_s;                /* from session.first_ns */
  int *set;                      /* number of the set, from 1 */
  float *values[TD_N_SERIES];    /* NAN: missing */
  uint8_t *missing[TD_N_SERIES]; /* TdMissing */
  /* Two samples further apart than this have a gap between them. */
  double gap_s;
  size_t n_reps;
  TdRepRow *reps;     /* in order of time, attempts included */
  TdFigures *figures; /* of the samples */
  TdPose *poses;    /* likewise, to be drawn over the session's picture; NULL where there is none */
  TdMeasure *drift; /* where there are poses, two each: TdFrameMeasures.fppa_deg */
} TdChartData;

TdStoreStatus td_chart_data_read (TdStore *store, int64_t session, TdChartData **data,
                                  TdStoreError *error);

/* For who has no store: an empty one, to which samples and repetitions are added in order of time, and
 * which is then sealed. td_chart_data_read() does the same. REP's number is given here. */
TdChartData *td_chart_data_new (const TdSessionRow *session);
void td_chart_data_add_sample (TdChartData *self, const TdSampleRow *sample);
void td_chart_data_add_rep (TdChartData *self, const TdRepRow *rep);
void td_chart_data_seal (TdChartData *self);

/* Charts are held against PROFILE (copied: the exercise with the user's own limits) instead of the exercise's
 * defaults. Before the first chart is made of it, or anybody else has a reference. */
void td_chart_data_set_profile (TdChartData *self, const TdProfile *profile);

TdChartData *td_chart_data_ref (TdChartData *self);
void td_chart_data_unref (TdChartData *self); /* NULL is allowed */
