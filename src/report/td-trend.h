/* td-trend.h: how training goes over weeks and months, as data and words; td-trend-draw.h draws it.
 *
 * Any thread: a TdTrend and a TdTrendChart are never changed once they are made. Days, weeks (ISO 8601, from
 * Monday) and months are those of the user's own calendar where and when a session began. All texts are in the
 * user's language (gettext domain "teardrop").
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-chart-scale.h"
#include "td-store.h"

/* --- Which sessions ----------------------------------------------------------------------- */

typedef enum
{
  TD_TREND_ALL_LOADS,
  TD_TREND_BODY_WEIGHT,
  TD_TREND_NOT_TOLD,
  TD_TREND_LOADED /* from_kg to to_kg, to_kg excluded */
} TdTrendLoadKind;

typedef struct
{
  TdTrendLoadKind kind;
  double from_kg, to_kg;
} TdTrendLoad;

typedef struct
{
  char exercise[32]; /* TdProfile.id; "": all of them */
  TdTrendLoad load;
} TdTrendFilter;

typedef enum
{
  TD_TREND_METRIC,
  TD_TREND_IMPERIAL
} TdTrendUnits;

/* The exercises of ROWS, the one trained last first, NULL at the end. To be freed with g_strfreev(). */
char **td_trend_exercises (const TdSummaryRow *rows, size_t n);

/* All loads, then what ROWS has of EXERCISE ("": of all): body weight, each load or, of many, ranges of them, loads
 * that were not told. To be freed with g_free(). */
TdTrendLoad *td_trend_loads (const TdSummaryRow *rows, size_t n, const char *exercise,
                             TdTrendUnits units, size_t *n_loads);
/* "All loads", "Body weight", "20 kg", "20–30 kg". To be freed with g_free(). */
char *td_trend_load_name (const TdTrendLoad *load, TdTrendUnits units);

/* --- Weeks -------------------------------------------------------------------------------- */

/* Measures of a week or a session. */
typedef enum
{
  TD_TREND_MEAN_DEPTH,
  TD_TREND_BEST_DEPTH,
  TD_TREND_FPPA, /* the worse knee's */
  TD_TREND_LOCKOUT,
  TD_TREND_DOWN,
  TD_TREND_UP,
  TD_TREND_VELOCITY,
  TD_N_TREND_MEASURES
} TdTrendMeasure;

typedef struct
{
  int monday; /* Julian day of GDate */
  int n_sessions;
  int n_reps;
  double volume_kg;                   /* repetitions x load; 0 where no load was told */
  double values[TD_N_TREND_MEASURES]; /* of its repetitions; NAN: not measured, or no session */
} TdTrendWeek;

typedef struct
{
  int64_t id;
  int day; /* Julian day of GDate */
  int n_reps;
  int n_told; /* of them, with a load or body weight */
  double volume_kg;
  double values[TD_N_TREND_MEASURES];
} TdTrendSession;

/* --- Personal bests ----------------------------------------------------------------------- */

typedef enum
{
  TD_TREND_DEEPEST,
  TD_TREND_MOST_IN_SESSION,
  TD_TREND_HEAVIEST,
  TD_TREND_MOST_IN_WEEK,
  TD_N_TREND_BESTS
} TdTrendBestKind;

typedef struct
{
  bool any;
  double value; /* degrees, repetitions or kilograms */
  int day;      /* when it was reached first; of a week its Monday */
} TdTrendBest;

const char *td_trend_best_name (TdTrendBestKind kind); /* "Deepest repetition" */

/* --- Change ------------------------------------------------------------------------------- */

typedef enum
{
  TD_TREND_UNKNOWN, /* too few sessions, or they differ too much from each other to tell */
  TD_TREND_SAME,    /* whatever changed is within the measuring error */
  TD_TREND_ROSE,
  TD_TREND_FELL
} TdTrendVerdict;

/* From the first to the last month that have sessions enough. */
typedef struct
{
  TdTrendVerdict verdict;
  double before, after; /* means of the sessions' values; NAN when too few */
} TdTrendChange;

/* --- All of it ---------------------------------------------------------------------------- */

typedef struct
{
  int n_refs;
  TdTrendFilter filter;
  TdTrendUnits units;
  int today;
  int n_reps;
  size_t n_sessions;
  TdTrendSession *sessions; /* by day */
  size_t n_weeks;
  TdTrendWeek *weeks; /* from the first session's to today's, without a hole */
  bool loaded;        /* a load was told somewhere */
  TdTrendBest bests[TD_N_TREND_BESTS];
  bool compared; /* there are two months with sessions enough */
  TdTrendChange changes[TD_N_TREND_MEASURES];
  int first_month, last_month; /* the compared ones: 12 x year + month from 0 */
  char *change;                /* in words; never empty */
  char *basis;                 /* what was compared, or "" */
} TdTrend;

/* ROWS in any order; those of a day that cannot be read are left out. TODAY: Julian day of GDate. Release with
 * td_trend_unref(). */
TdTrend *td_trend_new (const TdSummaryRow *rows, size_t n, const TdTrendFilter *filter,
                       TdTrendUnits units, int today);
TdTrend *td_trend_ref (TdTrend *self);
void td_trend_unref (TdTrend *self); /* NULL is allowed */

/* "127°", "96 reps", "44 lb". To be freed with g_free(). */
char *td_trend_best_value (const TdTrend *self, TdTrendBestKind kind);
/* "3 October 2026", "Week of 28 September 2026". To be freed with g_free(). */
char *td_trend_best_date (const TdTrend *self, TdTrendBestKind kind);

/* --- Charts ------------------------------------------------------------------------------- */

typedef enum
{
  TD_TREND_CHART_REPS, /* bars, a week each */
  TD_TREND_CHART_VOLUME,
  TD_TREND_CHART_DEPTH, /* lines over the weeks */
  TD_TREND_CHART_VALGUS,
  TD_TREND_CHART_LOCKOUT,
  TD_TREND_CHART_TEMPO,
  TD_TREND_CHART_VELOCITY,
  TD_N_TREND_CHARTS
} TdTrendChartKind;

const char *td_trend_chart_id (TdTrendChartKind kind);   /* "repetitions-a-week": for files */
const char *td_trend_chart_name (TdTrendChartKind kind); /* "Repetitions a week" */

enum
{
  TD_TREND_MAX_LINES = 2
};

typedef struct
{
  TdTrend *trend;
  TdTrendChartKind kind;
  char *title;       /* the finding */
  char *description; /* spoken: what it shows and the numbers, in sentences */
  char *nothing;     /* why there is nothing to see, or NULL */
  char *y_name;      /* with its unit */
  bool bars;
  int n_lines;
  const char *line_names[TD_TREND_MAX_LINES]; /* NULL: the only one */
  double y_lo, y_hi;                          /* lo < hi */
  int best_week; /* index of the week with the personal best; -1: none here */
} TdTrendChart;

/* Keeps a reference to TREND, which has a week at least. Free with td_trend_chart_free(). */
TdTrendChart *td_trend_chart_new (TdTrend *trend, TdTrendChartKind kind);
void td_trend_chart_free (TdTrendChart *self); /* NULL is allowed */

/* What LINE shows; not of bars. */
TdTrendMeasure td_trend_chart_measure (const TdTrendChart *self, int line);
/* Of LINE in WEEK, in the units shown; NAN where there is none. */
double td_trend_chart_value (const TdTrendChart *self, int line, size_t week);
/* "Week of 28 December 2026: 45 repetitions in 2 sessions". To be freed with g_free(). */
char *td_trend_chart_words_at (const TdTrendChart *self, size_t week);

/* "12 400", "−3.5". To be freed with g_free(). */
char *td_trend_number_words (double value, int digits);
/* JULIAN day by FORMAT of g_date_time_format(). To be freed with g_free(). */
char *td_trend_day_words (int julian, const char *format);
