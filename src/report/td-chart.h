/* td-chart.h: a chart as data and words; td-chart-draw.h draws it.
 *
 * Main thread or any other: a TdChart is never changed once it is made. All its texts are in the user's
 * language (gettext domain "teardrop").
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-chart-data.h"
#include "td-chart-scale.h"

typedef enum
{
  TD_CHART_KNEE, /* over time */
  TD_CHART_VALGUS,
  TD_CHART_TRUNK,
  TD_CHART_HIP_HEIGHT,
  TD_CHART_REP_DEPTH, /* a bar for each repetition */
  TD_CHART_REP_TEMPO,
  TD_CHART_REP_VALGUS,
  TD_CHART_REP_VELOCITY,
  TD_CHART_HIP_KNEE, /* hip flexion against knee flexion */
  TD_N_CHARTS,
  /* Of two sessions or repetitions, see td-chart-compare.h. */
  TD_CHART_TWO_REPS,
  TD_CHART_TWO_SESSIONS,
  TD_CHART_KINDS_END
} TdChartKind;

typedef enum
{
  TD_CHART_OVER_TIME, /* x: seconds; positions: samples */
  TD_CHART_PER_REP,   /* x: 1, 2 …; positions: repetitions and attempts */
  TD_CHART_AGAINST,   /* x: a measure too; positions: samples within repetitions */
  TD_CHART_OVERLAID   /* x: from the bottom on, 0; positions: places along it */
} TdChartForm;

/* Which knees a chart shows, where it can. */
typedef enum
{
  TD_CHART_BOTH, /* one value of both */
  TD_CHART_LEFT,
  TD_CHART_RIGHT,
  TD_CHART_EACH, /* left and right */
  TD_N_CHART_SIDES
} TdChartSides;

const char *td_chart_kind_id (TdChartKind kind);   /* "knee-flexion": for files and settings */
const char *td_chart_kind_name (TdChartKind kind); /* "Knee flexion over time" */
bool td_chart_kind_has_sides (TdChartKind kind);
const char *td_chart_sides_name (TdChartSides sides);

typedef enum
{
  TD_CHART_INK_MAIN,
  TD_CHART_INK_LEFT,  /* solid */
  TD_CHART_INK_RIGHT, /* dashed */
  TD_CHART_INK_FIRST, /* of two that are compared: dashed, pale */
  TD_CHART_INK_SECOND /* solid: what the finding is about */
} TdChartInk;

typedef struct
{
  const char *name; /* beside the line; NULL: the only one */
  TdChartInk ink;
  const float *values; /* chart->n_x */
  const uint8_t *missing;
  /* The same in two, where part of it is little to trust; otherwise strong is values and faint NULL. */
  const float *strong;
  float *faint, *own_strong;
  float *own_values; /* where they are not the data's */
  uint8_t *own_missing;
} TdChartLine;

/* A repetition or attempt along the time. */
typedef struct
{
  double from, to;
  const TdRepRow *row;
} TdChartBand;

/* A value to hold the others against. */
typedef struct
{
  double value;
  char *name;
  TdChartInk ink; /* TD_CHART_INK_MAIN: a thin grey line; otherwise the mean of one of two */
} TdChartLimit;

/* A place on the axis of a chart per repetition. */
typedef struct
{
  const TdRepRow *rows[2]; /* of each session that is compared; the second one NULL: none */
  int number;              /* 0: an attempt */
  bool set_starts;
} TdChartSlot;

/* A point of a chart of one measure against another. */
typedef struct
{
  double x;
  float y;
  size_t sample;
  size_t rep; /* in data->reps */
} TdChartPoint;

enum
{
  TD_CHART_MAX_LINES = 2,
  TD_CHART_MAX_LIMITS = 4,
  TD_CHART_MAX_BARS = 3
};

typedef struct
{
  TdChartKind kind;
  TdChartKind of; /* of what is compared; otherwise kind */
  TdChartForm form;
  TdChartSides sides;
  TdChartData *data;
  char *title;                 /* the finding: "Depth falls from 121° to 104°" */
  char *description;           /* spoken: what it shows and the numbers, in sentences */
  char *nothing;               /* why there is nothing to see, or NULL */
  const char *x_name, *y_name; /* with units */
  int digits;                  /* of a value */

  double x_lo, x_hi, y_lo, y_hi; /* all of it; lo < hi */

  size_t n_x; /* of a chart of lines: where its values lie */
  const double *xs;
  double gap; /* two values further apart are not joined */
  double *own_xs;

  int n_lines;
  TdChartLine lines[TD_CHART_MAX_LINES];
  int n_limits;
  TdChartLimit limits[TD_CHART_MAX_LIMITS];
  size_t n_bands;
  TdChartBand *bands;

  size_t n_slots; /* TD_CHART_PER_REP */
  TdChartSlot *slots;
  /* bars[slot * n_bars + bar], beside each other or (stacked) upon each other. */
  int n_bars;
  bool stacked;
  TdMeasure *bars;
  const char *bar_names[TD_CHART_MAX_BARS];
  TdChartInk bar_inks[TD_CHART_MAX_BARS];

  size_t n_points; /* TD_CHART_AGAINST */
  TdChartPoint *points;

  /* Two that are compared. */
  TdChartData *other;
  char *names[2]; /* beside what they name: "rep 2", "20 Nov: mean 112°" */
  char *whose[2]; /* in words: "20 November" */
  bool scaled;    /* overlaid: x is the share of the way down and up, percent */
} TdChart;

/* Keeps a reference to DATA. SIDES counts only where the kind has sides. Free with td_chart_free(). */
TdChart *td_chart_new (TdChartData *data, TdChartKind kind, TdChartSides sides);
void td_chart_free (TdChart *self); /* NULL is allowed */

/* --- What is in view ---------------------------------------------------------------------- */

typedef struct
{
  double x_lo, x_hi, y_lo, y_hi;
} TdChartPart;

TdChartPart td_chart_part_all (const TdChart *self);
bool td_chart_part_is_all (const TdChart *self, const TdChartPart *part);
/* FACTOR > 1 comes nearer. X, Y (values) stay where they are. Never beyond the whole chart, never nearer than makes
 * sense. Over time and per repetition y stays whole. */
TdChartPart td_chart_part_zoom (const TdChart *self, const TdChartPart *part, double factor,
                                double x, double y);
/* By values. */
TdChartPart td_chart_part_pan (const TdChart *self, const TdChartPart *part, double dx, double dy);
/* Moved just far enough that X, Y are within. */
TdChartPart td_chart_part_reveal (const TdChart *self, const TdChartPart *part, double x, double y);

/* --- The cursor --------------------------------------------------------------------------- */

/* Positions are numbered 0 … n - 1. */
size_t td_chart_n_positions (const TdChart *self);
/* The one nearest to X, Y (values; Y counts for TD_CHART_AGAINST only). There must be one. */
size_t td_chart_position_at (const TdChart *self, double x, double y);
/* Where it is; *Y is NAN where nothing was measured. */
void td_chart_position_xy (const TdChart *self, size_t position, double *x, double *y);
/* The repetition or attempt at POSITION, or NULL. */
const TdRepRow *td_chart_position_rep (const TdChart *self, size_t position);
/* The deepest point of the next repetition (DIRECTION 1) or of the one before (-1);
 * POSITION itself when there is none. */
size_t td_chart_position_jump (const TdChart *self, size_t position, int direction);
/* When POSITION was, seconds on the session's time axis (of a repetition: its bottom); NAN where it is not one
 * moment of one session. */
double td_chart_position_time (const TdChart *self, size_t position);
/* The position at that time; false: there is none. */
bool td_chart_position_at_time (const TdChart *self, double time_s, size_t *position);
/* "12.4 s, repetition 3: 84°", "12.4 s: not measured, needs a side view". To be freed with g_free(). */
char *td_chart_words_at (const TdChart *self, size_t position);

/* What is in view as lines of values between tabs, names first: for the clipboard. To be freed with g_free(). */
char *td_chart_table (const TdChart *self, const TdChartPart *part);

/* Of a session, without a chart: "12.4 s, repetition 3, going down, knee flexion 84°". To be freed with g_free(). */
char *td_chart_moment_words (const TdChartData *data, double time_s);

/* Why a repetition that does not count does not, in plain English, marked for translation. */
const char *td_rep_row_reason_text (const TdRepRow *row);

/* "118°", "0.82 leg lengths"; "–" when missing. To be freed with g_free(). */
char *td_chart_value_words (const TdChart *self, double value);
