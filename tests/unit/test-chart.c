/* test-chart.c: charts as data, as words, as pixels and as files.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-chart-compare.h"
#include "td-chart-draw.h"
#include "td-chart-export.h"
#include "td-chart-report.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#define WIDTH 800
#define HEIGHT 300
#define SECOND 1000000000LL

/* The machine has been up for eleven days. */
static const int64_t start = 987654321000000;

/* --- Sessions ----------------------------------------------------------------------------- */

static TdMeasure
missing (TdMissing reason)
{
  return td_measure_missing (reason);
}

static TdChartData *
a_session (void)
{
  TdSessionRow row = { .id = 1, .n_sets = 1, .ended = true, .first_ns = start };
  g_strlcpy (row.started_at, "2026-11-20T18:03:11+01:00", sizeof row.started_at);
  g_strlcpy (row.exercise, "cyclist", sizeof row.exercise);
  g_strlcpy (row.source, "a camera", sizeof row.source);
  return td_chart_data_new (&row);
}

static void
add_sample (TdChartData *data, double time_s, TdMeasure knee)
{
  TdMeasure none = missing (TD_MISSING_SIDE_VIEW), front = missing (TD_MISSING_FRONT_VIEW);
  TdSampleRow row = { .set_number = 1 };
  row.pose.time_ns = start + (int64_t) llround (time_s * 1e9);
  row.measures = (TdFrameMeasures){
    .yaw_deg = none,
    .knee_flexion_deg = { knee, knee },
    .flexion_deg = knee,
    .thigh_inclination_deg = { none, none },
    .thigh_deg = none,
    .hip_height = td_measure_ok (knee) ? td_measure (1 - knee.value / 200, 0.01f) : none,
    .hip_flexion_deg = td_measure_ok (knee) ? td_measure (0.8f * knee.value, 3) : none,
    .fppa_deg = { front, front },
    .fppa_mean_deg = td_measure_ok (knee) ? td_measure (knee.value / 10, 2) : front,
    .knee_offset = { front, front },
    .trunk_lean_deg = none,
    .stance_ratio = none,
  };
  td_chart_data_add_sample (data, &row);
}

/* A repetition of 2 s from START_S, or an attempt. */
static TdRepRow
a_rep (int index, int number, double start_s, float depth)
{
  TdRepRow row = { .session = 1, .set_number = 1 };
  row.rep.index = index;
  row.rep.number = number;
  row.rep.counted = number > 0;
  row.rep.reason = number > 0 ? TD_REASON_COUNTED : TD_REASON_SHALLOW;
  row.rep.start_ns = start + (int64_t) llround (start_s * 1e9);
  row.rep.bottom_ns = row.rep.start_ns + SECOND;
  row.rep.top_ns = row.rep.start_ns + 2 * SECOND;
  for (int m = 0; m < TD_N_REP_MEASURES; m++)
    *(TdMeasure *) (void *) ((char *) &row.rep + td_rep_measures[m].offset)
        = missing (TD_MISSING_FRONT_VIEW);
  row.rep.knee_flexion_max_deg = td_measure (depth, 2);
  row.rep.knee_flexion_side_deg[TD_SIDE_LEFT] = td_measure (depth + 4, 2);
  row.rep.eccentric_s = td_measure (0.9f, 0.03f);
  row.rep.pause_s = td_measure (0.3f, 0.03f);
  row.rep.concentric_s = td_measure (0.8f, 0.03f);
  row.rep.tension_s = td_measure (2, 0.05f);
  return row;
}

/* N repetitions of 2 s with 2 s of standing before each, 30 frames a second, depths DEPTHS. One that is
 * negative is an attempt of that depth. */
static TdChartData *
squats (const float *depths, int n)
{
  TdChartData *data = a_session ();
  int number = 0;
  for (int i = 0; i < n; i++)
    {
      TdRepRow row = a_rep (i + 1, depths[i] > 0 ? ++number : 0, 4 * i + 2, fabsf (depths[i]));
      td_chart_data_add_rep (data, &row);
    }
  for (int f = 0; f < n * 120; f++)
    {
      double time_s = f / 30., within = fmod (time_s, 4) - 2;
      double bend = within > 0 ? sin (G_PI * within / 2) : 0;
      add_sample (data, time_s,
                  td_measure ((float) (5 + bend * ((double) fabsf (depths[f / 120]) - 5)), 2));
    }
  td_chart_data_seal (data);
  return data;
}

/* A line at 60°, of which the seconds 3 to 6 were not measured. */
static TdChartData *
with_gap (void)
{
  TdChartData *data = a_session ();
  for (int f = 0; f < 300; f++)
    {
      double time_s = f / 30.;
      add_sample (data, time_s,
                  time_s >= 3 && time_s < 6 ? missing (TD_MISSING_JOINTS) : td_measure (60, 2));
    }
  td_chart_data_seal (data);
  return data;
}

/* --- Scales ------------------------------------------------------------------------------- */

static void
ticks_are_round_and_within (void)
{
  static const struct
  {
    double lo, hi;
    TdChartTickKind kind;
    double first, step;
    int decimals;
  } cases[] = {
    { 0, 100, TD_CHART_TICKS_DECIMAL, 0, 20, 0 },
    { -12, 37, TD_CHART_TICKS_DECIMAL, -10, 10, 0 },
    { 0, 1, TD_CHART_TICKS_DECIMAL, 0, 0.2, 1 },
    { 0.41, 0.49, TD_CHART_TICKS_DECIMAL, 0.42, 0.02, 2 },
    { 0, 3, TD_CHART_TICKS_WHOLE, 0, 1, 0 },
    { 0, 300, TD_CHART_TICKS_TIME, 0, 60, 0 },
    { 0, 3600, TD_CHART_TICKS_TIME, 0, 900, 0 },
    { 130, 150, TD_CHART_TICKS_TIME, 130, 5, 0 },
    { 0, 36000, TD_CHART_TICKS_TIME, 0, 7200, 0 },
  };
  for (size_t c = 0; c < G_N_ELEMENTS (cases); c++)
    {
      double ticks[TD_CHART_MAX_TICKS];
      int decimals,
          n = td_chart_ticks (cases[c].lo, cases[c].hi, 5, cases[c].kind, ticks, &decimals);
      g_assert_cmpint (n, >=, 3);
      g_assert_cmpfloat_with_epsilon (ticks[0], cases[c].first, 1e-9);
      for (int i = 0; i < n; i++)
        {
          g_assert_cmpfloat (ticks[i], >=, cases[c].lo - 1e-9);
          g_assert_cmpfloat (ticks[i], <=, cases[c].hi + 1e-9);
          if (i > 0)
            g_assert_cmpfloat_with_epsilon (ticks[i] - ticks[i - 1], cases[c].step, 1e-9);
        }
      g_assert_cmpint (decimals, ==, cases[c].decimals);
    }
}

static void
ticks_never_overflow (void)
{
  double ticks[TD_CHART_MAX_TICKS];
  g_assert_cmpint (td_chart_ticks (0, 1e9, 1000, TD_CHART_TICKS_DECIMAL, ticks, NULL), <=,
                   TD_CHART_MAX_TICKS);
  g_assert_cmpint (td_chart_ticks (NAN, NAN, 5, TD_CHART_TICKS_DECIMAL, ticks, NULL), >, 0);
  g_assert_cmpint (td_chart_ticks (7, 7, 0, TD_CHART_TICKS_TIME, ticks, NULL), >, 0);
}

static void
an_axis_without_length_has_its_value_in_the_middle (void)
{
  TdChartScale scale = td_chart_scale (90, 90, 10, 110);
  g_assert_cmpfloat_with_epsilon (td_chart_scale_at (&scale, 90), 60, 1e-9);
  g_assert_cmpfloat (scale.lo, <, 90);
  g_assert_cmpfloat (scale.hi, >, 90);

  scale = td_chart_scale (0, 0, 0, 1);
  g_assert_cmpfloat (scale.hi - scale.lo, >=, 1);
  scale = td_chart_scale (NAN, INFINITY, 0, 1);
  g_assert_true (isfinite (td_chart_scale_at (&scale, 0.5)));
  scale = td_chart_scale (5, -5, 0, 100);
  g_assert_cmpfloat (scale.lo, ==, -5);
}

static void
a_scale_goes_there_and_back (void)
{
  TdChartScale up = td_chart_scale (-20, 140, 300, 20);
  for (double value = -20; value <= 140; value += 7)
    g_assert_cmpfloat_with_epsilon (td_chart_scale_invert (&up, td_chart_scale_at (&up, value)),
                                    value, 1e-9);
  g_assert_cmpfloat (td_chart_scale_at (&up, 100), <, td_chart_scale_at (&up, 0));
}

static void
a_range_is_rounded_outwards (void)
{
  double lo = 3.2, hi = 126;
  td_chart_round_range (&lo, &hi, 5);
  g_assert_cmpfloat_with_epsilon (lo, 0, 1e-9);
  g_assert_cmpfloat_with_epsilon (hi, 150, 1e-9);
  lo = hi = 0;
  td_chart_round_range (&lo, &hi, 5);
  g_assert_cmpfloat (lo, <, hi);
}

/* --- Decimation --------------------------------------------------------------------------- */

static void
decimation_keeps_every_extreme (void)
{
  enum
  {
    N = 10000,
    COLUMNS = 400
  };
  g_autofree double *xs = g_new (double, N);
  g_autofree float *ys = g_new (float, N);
  TdChartColumn columns[COLUMNS];
  TdChartScale scale = td_chart_scale (0, N, 50, 50 + COLUMNS);

  for (int i = 0; i < N; i++)
    {
      xs[i] = i;
      ys[i] = 10;
    }
  /* One frame each: what picking every n-th sample would lose. */
  ys[1234] = 99;
  ys[7777] = -50;
  td_chart_decimate (xs, ys, 0, N, &scale, 5, columns, COLUMNS);
  for (int c = 0; c < COLUMNS; c++)
    {
      g_assert_true (columns[c].any);
      g_assert_true (columns[c].joined == (c > 0));
      g_assert_cmpfloat (columns[c].max, ==, c == 1234 / 25 ? 99 : 10);
      g_assert_cmpfloat (columns[c].min, ==, c == 7777 / 25 ? -50 : 10);
      g_assert_cmpfloat (columns[c].first, ==, 10);
    }
}

static void
decimation_keeps_gaps_of_both_kinds (void)
{
  enum
  {
    N = 1000
  };
  double xs[N];
  float ys[N];
  TdChartColumn columns[100];

  for (int i = 0; i < N; i++)
    {
      xs[i] = i < 700 ? i : i + 100; /* frames that never came */
      ys[i] = i >= 300 && i < 400 ? NAN : 1;
    }
  TdChartScale scale = td_chart_scale (0, 1100, 0, 100);
  td_chart_decimate (xs, ys, 0, N, &scale, 5, columns, 100);
  g_assert_true (columns[26].any && columns[26].joined);
  for (int c = 28; c < 36; c++)
    g_assert_false (columns[c].any);
  g_assert_true (columns[36].any);
  g_assert_false (columns[36].joined);
  for (int c = 64; c < 72; c++)
    g_assert_false (columns[c].any);
  g_assert_true (columns[72].any);
  g_assert_false (columns[72].joined);
  g_assert_true (columns[73].joined);
}

static void
decimation_of_nothing_is_nothing (void)
{
  TdChartColumn columns[3];
  TdChartScale scale = td_chart_scale (0, 1, 0, 3);
  const double x = 0.5;
  const float y = NAN;

  td_chart_decimate (NULL, NULL, 0, 0, &scale, 1, columns, 3);
  td_chart_decimate (&x, &y, 0, 1, &scale, 1, columns, 3);
  for (int c = 0; c < 3; c++)
    g_assert_false (columns[c].any);
  g_assert_cmpuint (td_chart_lower_bound (NULL, 0, 1), ==, 0);
}

/* --- The model ---------------------------------------------------------------------------- */

static void
bands_follow_the_repetitions (void)
{
  const float depths[] = { 120, -55, 118 };
  TdChartData *data = squats (depths, 3);
  TdChart *chart = td_chart_new (data, TD_CHART_KNEE, TD_CHART_BOTH);

  g_assert_cmpuint (chart->n_bands, ==, 3);
  g_assert_cmpfloat_with_epsilon (chart->bands[0].from, 2, 1e-6);
  g_assert_cmpfloat_with_epsilon (chart->bands[0].to, 4, 1e-6);
  g_assert_cmpint (chart->bands[0].row->rep.number, ==, 1);
  g_assert_false (chart->bands[1].row->rep.counted);
  g_assert_cmpint (chart->bands[2].row->rep.number, ==, 2);
  g_assert_cmpfloat (chart->y_lo, ==, 0);
  g_assert_cmpfloat (chart->y_hi, >=, 120);
  /* Named lines to hold it against: where it counts, and the exercise's own goal. */
  g_assert_cmpint (chart->n_limits, ==, 2);
  TdProfile profile = *td_profile_find ("cyclist");
  g_autofree char *counts
      = g_strdup_printf ("counts from %.0f°", (double) profile.count_flexion_deg);
  g_autofree char *goal
      = g_strdup_printf ("at least %.0f°", (double) td_profile_check (&profile, "depth")->limit);
  g_assert_cmpstr (chart->limits[0].name, ==, counts);
  g_assert_cmpstr (chart->limits[1].name, ==, goal);
  td_chart_free (chart);
  td_chart_data_unref (data);
}

static void
the_title_is_the_finding (void)
{
  static const struct
  {
    float depths[8];
    int n;
    const char *title;
  } cases[] = {
    { { 124, 122, 120, 110, 106, 104 }, 6, "Depth falls from 122° to 107°" },
    { { 90, 95, 100, 110, 115, 120 }, 6, "Depth grows from 95° to 115°" },
    { { 118, 120, 119, 121, 118, 120 }, 6, "Depth stays near 119°" },
    { { 118, 120, 90, 121, 118, 120 }, 6, "Deepest 121°, at repetition 4" },
    { { 118, 120 }, 2, "Deepest 120°, at repetition 2" },
    { { -50, -48 }, 2, "No repetition was counted" },
  };
  for (size_t c = 0; c < G_N_ELEMENTS (cases); c++)
    {
      TdChartData *data = squats (cases[c].depths, cases[c].n);
      TdChart *chart = td_chart_new (data, TD_CHART_KNEE, TD_CHART_BOTH);
      g_assert_cmpstr (chart->title, ==, cases[c].title);
      td_chart_free (chart);
      td_chart_data_unref (data);
    }
}

static void
the_description_says_what_it_shows_in_sentences (void)
{
  const float depths[] = { 110, 112, 111, 115, 110, -50, 112 };
  TdChartData *data = squats (depths, 7);
  TdChart *chart = td_chart_new (data, TD_CHART_KNEE, TD_CHART_BOTH);
  g_assert_cmpstr (chart->description, ==,
                   "Knee flexion over 28 seconds, 6 repetitions, deepest 115° at repetition 4. "
                   "Depth stays near 112°. 1 attempt was not counted.");
  td_chart_free (chart);

  chart = td_chart_new (data, TD_CHART_REP_DEPTH, TD_CHART_RIGHT);
  g_assert_cmpstr (chart->nothing, ==, "Not measured: needs a front view");
  g_assert_nonnull (strstr (chart->description, "Not measured: needs a front view."));
  g_assert_cmpuint (td_chart_n_positions (chart), ==, 0);
  td_chart_free (chart);

  chart = td_chart_new (data, TD_CHART_TRUNK, TD_CHART_BOTH);
  g_assert_cmpstr (chart->nothing, ==, "Not measured: needs a side view");
  td_chart_free (chart);
  td_chart_data_unref (data);

  data = with_gap ();
  chart = td_chart_new (data, TD_CHART_KNEE, TD_CHART_BOTH);
  g_assert_nonnull (strstr (chart->description,
                            "Not measured in 30% of the time: a joint it needs is not in view."));
  td_chart_free (chart);
  td_chart_data_unref (data);
}

static void
a_position_says_its_values_or_why_there_is_none (void)
{
  const float depths[] = { 120, -55, 118 };
  TdChartData *data = squats (depths, 3);
  TdChart *chart = td_chart_new (data, TD_CHART_KNEE, TD_CHART_BOTH);
  double x, y;

  size_t at = td_chart_position_at (chart, 3, NAN);
  td_chart_position_xy (chart, at, &x, &y);
  g_assert_cmpfloat_with_epsilon (x, 3, 0.02);
  g_assert_cmpfloat_with_epsilon (y, 120, 0.1);
  g_autofree char *bottom = td_chart_words_at (chart, at);
  g_assert_cmpstr (bottom, ==, "3.0 s, repetition 1: 120°");
  g_autofree char *attempt = td_chart_words_at (chart, td_chart_position_at (chart, 7, NAN));
  g_assert_cmpstr (attempt, ==, "7.0 s, attempt, not counted: too shallow: 55°");
  g_autofree char *standing = td_chart_words_at (chart, 0);
  g_assert_cmpstr (standing, ==, "0.0 s: 5°");

  /* From bottom to bottom and no further. */
  size_t jumped = td_chart_position_jump (chart, 0, 1);
  g_assert_cmpuint (jumped, ==, at);
  g_assert_cmpuint (td_chart_position_jump (chart, at, -1), ==, at);
  size_t n = td_chart_n_positions (chart);
  g_assert_cmpuint (td_chart_position_jump (chart, n - 1, 1), ==, n - 1);
  g_assert_cmpuint (td_chart_position_at (chart, 1e9, NAN), ==, n - 1);
  g_assert_cmpuint (td_chart_position_at (chart, -1e9, NAN), ==, 0);
  td_chart_free (chart);

  chart = td_chart_new (data, TD_CHART_REP_DEPTH, TD_CHART_EACH);
  g_autofree char *bars = td_chart_words_at (chart, 0);
  g_assert_cmpstr (bars, ==, "repetition 1: left 124° ± 2, right not measured, needs a front view");
  td_chart_free (chart);

  chart = td_chart_new (data, TD_CHART_REP_TEMPO, TD_CHART_BOTH);
  g_autofree char *tempo = td_chart_words_at (chart, 2);
  g_assert_cmpstr (tempo, ==, "repetition 2: down 0.9 s, pause 0.3 s, up 0.8 s");
  td_chart_free (chart);

  chart = td_chart_new (data, TD_CHART_HIP_KNEE, TD_CHART_BOTH);
  g_autofree char *against = td_chart_words_at (chart, td_chart_position_at (chart, 120, 96));
  g_assert_cmpstr (against, ==, "repetition 1, 1.0 s after its start: knee 120°, hip 96°");
  /* Attempts are left out, so the next one is the second repetition, and back again. */
  size_t second = td_chart_position_jump (chart, td_chart_position_at (chart, 120, 96), 1);
  g_autofree char *next = td_chart_words_at (chart, second);
  g_assert_cmpstr (next, ==, "repetition 2, 1.0 s after its start: knee 118°, hip 94°");
  g_assert_cmpuint (td_chart_position_jump (chart, second, 1), ==, second);
  g_assert_cmpuint (td_chart_position_jump (chart, second, -1), ==,
                    td_chart_position_at (chart, 120, 96));
  td_chart_free (chart);
  td_chart_data_unref (data);

  data = with_gap ();
  chart = td_chart_new (data, TD_CHART_KNEE, TD_CHART_EACH);
  g_autofree char *gap = td_chart_words_at (chart, td_chart_position_at (chart, 4, NAN));
  g_assert_cmpstr (gap, ==,
                   "4.0 s: left not measured, a joint it needs is not in view, "
                   "right not measured, a joint it needs is not in view");
  td_chart_free (chart);
  td_chart_data_unref (data);
}

/* Depths of squats(), where the first one was taken away, the attempt is one after all, and one more
 * was added behind the last. */
static TdChartData *
corrected_squats (void)
{
  const float depths[] = { 120, -55, 118 };
  TdChartData *plain = squats (depths, 3), *data = a_session ();
  for (int i = 0; i < 3; i++)
    {
      TdRepRow row = plain->reps[i];
      row.verdict = i == 0 ? TD_VERDICT_NOT_ONE : i == 1 ? TD_VERDICT_ONE : TD_VERDICT_MEASURED;
      td_chart_data_add_rep (data, &row);
    }
  TdRepRow by_hand = a_rep (0, 1, 11.5, 0);
  by_hand.verdict = TD_VERDICT_ONE;
  by_hand.by_hand = true;
  by_hand.rep.top_ns = by_hand.rep.bottom_ns = by_hand.rep.start_ns;
  for (int m = 0; m < TD_N_REP_MEASURES; m++)
    *(TdMeasure *) (void *) ((char *) &by_hand.rep + td_rep_measures[m].offset)
        = missing (TD_MISSING_BY_HAND);
  td_chart_data_add_rep (data, &by_hand);
  for (size_t f = 0; f < plain->n; f++)
    add_sample (data, plain->time_s[f], td_measure (plain->values[TD_SERIES_KNEE][f], 2));
  td_chart_data_unref (plain);
  td_chart_data_seal (data);
  return data;
}

static void
what_the_user_corrected_is_what_is_told (void)
{
  static const char *const wanted[] = {
    "attempt, not counted: taken away by hand: 120° ± 2",
    "repetition 1: 55° ± 2",
    "repetition 2: 118° ± 2",
    "repetition 3, added by hand: not measured, added by hand, nothing was measured",
  };
  TdChartData *data = corrected_squats ();
  TdChart *chart = td_chart_new (data, TD_CHART_REP_DEPTH, TD_CHART_BOTH);
  for (size_t i = 0; i < 4; i++)
    {
      g_autofree char *words = td_chart_words_at (chart, i);
      g_assert_cmpstr (words, ==, wanted[i]);
    }
  td_chart_free (chart);

  chart = td_chart_new (data, TD_CHART_KNEE, TD_CHART_BOTH);
  g_assert_cmpstr (chart->description, ==,
                   "Knee flexion over 12 seconds, 3 repetitions, deepest 118° at repetition 2. "
                   "1 attempt was not counted.");
  td_chart_free (chart);

  /* Its curve begins with what counts. */
  chart = td_chart_new (data, TD_CHART_HIP_KNEE, TD_CHART_BOTH);
  g_assert_cmpuint (chart->points[0].rep, ==, 1);
  td_chart_free (chart);
  td_chart_data_unref (data);
}

static void
an_fppa_of_bent_knees_is_marked_as_little_to_trust (void)
{
  const float depths[] = { 120 };
  TdChartData *data = squats (depths, 1);
  TdChart *chart = td_chart_new (data, TD_CHART_VALGUS, TD_CHART_BOTH);
  size_t bottom = td_chart_position_at (chart, 3, NAN);
  g_autofree char *deep = td_chart_words_at (chart, bottom);
  g_autofree char *standing = td_chart_words_at (chart, 3);

  g_assert_true (isnan (chart->lines[0].strong[bottom]));
  g_assert_false (isnan (chart->lines[0].faint[bottom]));
  g_assert_nonnull (strstr (deep, "12° (little to trust this deep)"));
  g_assert_null (strstr (standing, "trust"));
  td_chart_free (chart);
  td_chart_data_unref (data);
}

static void
what_is_in_view_stays_within_the_chart (void)
{
  const float depths[] = { 120, 118, 119, 117 };
  TdChartData *data = squats (depths, 4);
  TdChart *chart = td_chart_new (data, TD_CHART_KNEE, TD_CHART_BOTH);
  TdChartPart all = td_chart_part_all (chart);

  TdChartPart part = td_chart_part_zoom (chart, &all, 4, 3, 0);
  g_assert_cmpfloat_with_epsilon (part.x_hi - part.x_lo, (all.x_hi - all.x_lo) / 4, 1e-9);
  /* What lies under the pointer stays there. */
  g_assert_cmpfloat_with_epsilon ((3 - part.x_lo) / (part.x_hi - part.x_lo),
                                  (3 - all.x_lo) / (all.x_hi - all.x_lo), 1e-9);
  g_assert_cmpfloat (part.y_hi, ==, all.y_hi);
  g_assert_false (td_chart_part_is_all (chart, &part));

  TdChartPart right = td_chart_part_pan (chart, &part, 1e6, 1e6);
  g_assert_cmpfloat_with_epsilon (right.x_hi, all.x_hi, 1e-9);
  g_assert_cmpfloat_with_epsilon (right.x_hi - right.x_lo, part.x_hi - part.x_lo, 1e-9);
  g_assert_cmpfloat (right.y_hi, ==, all.y_hi);
  TdChartPart back = td_chart_part_reveal (chart, &right, 0, 0);
  g_assert_cmpfloat_with_epsilon (back.x_lo, all.x_lo, 1e-9);

  TdChartPart near = td_chart_part_zoom (chart, &all, 1e9, 3, 0);
  g_assert_cmpfloat (near.x_hi - near.x_lo, >=, 0.5 - 1e-9);
  TdChartPart far = td_chart_part_zoom (chart, &near, 1e-9, 3, 0);
  g_assert_true (td_chart_part_is_all (chart, &far));
  td_chart_free (chart);
  td_chart_data_unref (data);
}

/* --- Pixels ------------------------------------------------------------------------------- */

typedef struct
{
  cairo_surface_t *surface;
  TdChartFrame frame;
  TdChartStyle style;
} Picture;

static Picture
draw_at (const TdChart *chart, int width, int height)
{
  Picture self = { .style = td_chart_style_light () };
  TdChartPart all = td_chart_part_all (chart);
  self.style.title = self.style.origin = false;
  self.surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);
  cairo_t *cr = cairo_create (self.surface);
  td_chart_draw (chart, &self.style, &all, cr, width, height);
  g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
  cairo_destroy (cr);
  cairo_surface_flush (self.surface);
  self.frame = td_chart_frame (chart, &self.style, &all, width, height);
  return self;
}

static Picture
draw (const TdChart *chart)
{
  return draw_at (chart, WIDTH, HEIGHT);
}

static guint32
pixel (const Picture *self, double x, double y)
{
  const guchar *data = cairo_image_surface_get_data (self->surface);
  guint32 value;
  memcpy (&value,
          data + (size_t) y * (size_t) cairo_image_surface_get_stride (self->surface)
              + 4 * (size_t) x,
          4);
  return value & 0xffffff;
}

static gboolean
is_colour (guint32 value, TdChartColour colour, double tolerance)
{
  return fabs ((value >> 16 & 255) / 255. - colour.red) < tolerance
         && fabs ((value >> 8 & 255) / 255. - colour.green) < tolerance
         && fabs ((value & 255) / 255. - colour.blue) < tolerance;
}

/* How many pixels of the plot's column at value X have COLOUR, from value HI down to LO. */
static int
count_in_column (const Picture *self, double x, double lo, double hi, TdChartColour colour)
{
  int at = (int) td_chart_scale_at (&self->frame.x, x), n = 0;
  for (int y = (int) td_chart_scale_at (&self->frame.y, hi);
       y <= (int) td_chart_scale_at (&self->frame.y, lo); y++)
    n += is_colour (pixel (self, at, y), colour, 0.15);
  return n;
}

static void
a_gap_is_drawn_as_a_gap (void)
{
  TdChartData *data = with_gap ();
  TdChart *chart = td_chart_new (data, TD_CHART_KNEE, TD_CHART_BOTH);
  Picture picture = draw (chart);

  for (double time = 0.5; time < 9.8; time += 0.25)
    {
      int n = count_in_column (&picture, time, 55, 65, picture.style.main);
      if (time < 2.9 || time > 6.1)
        g_assert_cmpint (n, >=, 1);
      else if (time > 3.1 && time < 5.9)
        g_assert_cmpint (n, ==, 0);
      /* And nothing anywhere else. */
      g_assert_cmpint (count_in_column (&picture, time, 5, 50, picture.style.main), ==, 0);
    }
  cairo_surface_destroy (picture.surface);
  td_chart_free (chart);
  td_chart_data_unref (data);
}

static void
a_dense_line_keeps_its_gap_and_its_peak (void)
{
  TdChartData *data = a_session ();
  for (int f = 0; f < 20000; f++)
    add_sample (data, f / 30.,
                f >= 8000 && f < 12000 ? missing (TD_MISSING_JOINTS)
                                       : td_measure (f == 4000 ? 140 : 20, 2));
  td_chart_data_seal (data);
  TdChart *chart = td_chart_new (data, TD_CHART_KNEE, TD_CHART_BOTH);
  Picture picture = draw (chart);
  int peak = 0;

  for (int dx = -2; dx <= 2; dx++)
    peak = MAX (peak,
                count_in_column (&picture, 4000 / 30. + dx * 0.8, 90, 139, picture.style.main));
  g_assert_cmpint (peak, >, 20);
  g_assert_cmpint (count_in_column (&picture, 100, 15, 25, picture.style.main), >=, 1);
  g_assert_cmpint (count_in_column (&picture, 10000 / 30., 5, 140, picture.style.main), ==, 0);
  cairo_surface_destroy (picture.surface);
  td_chart_free (chart);
  td_chart_data_unref (data);
}

static void
repetitions_are_shaded_and_attempts_hatched (void)
{
  const float depths[] = { 120, -55 };
  TdChartData *data = squats (depths, 2);
  TdChart *chart = td_chart_new (data, TD_CHART_KNEE, TD_CHART_BOTH);
  Picture picture = draw (chart);
  double y = td_chart_scale_at (&picture.frame.y, 90);
  guint32 ground = pixel (&picture, td_chart_scale_at (&picture.frame.x, 1), y);
  int changes = 0;
  guint32 before = 0;

  g_assert_cmphex (ground, ==, 0xffffff);
  /* Even in a counted one, lines in an attempt. */
  guint32 band = pixel (&picture, td_chart_scale_at (&picture.frame.x, 3), y);
  g_assert_cmphex (band, !=, ground);
  for (double x = td_chart_scale_at (&picture.frame.x, 6.1);
       x < td_chart_scale_at (&picture.frame.x, 6.9); x++)
    {
      guint32 here = pixel (&picture, x, y);
      changes += before != 0 && here != before;
      before = here;
    }
  g_assert_cmpint (changes, >, 8);
  cairo_surface_destroy (picture.surface);
  td_chart_free (chart);
  td_chart_data_unref (data);
}

static void
bars_are_filled_hollow_or_absent (void)
{
  const float depths[] = { 120, -55, 118 };
  TdChartData *data = squats (depths, 3);
  data->reps[2].rep.knee_flexion_max_deg = missing (TD_MISSING_JOINTS);
  TdChart *chart = td_chart_new (data, TD_CHART_REP_DEPTH, TD_CHART_BOTH);
  Picture picture = draw (chart);

  /* Beside the whisker. */
  g_assert_cmpint (count_in_column (&picture, 0.92, 5, 110, picture.style.main), >, 100);
  int hollow = count_in_column (&picture, 1.92, 5, 50, picture.style.main);
  g_assert_cmpint (hollow, ==, 0);
  g_assert_cmpint (count_in_column (&picture, 2.92, 5, 110, picture.style.main), ==, 0);
  /* The whisker: 118 to 122. */
  g_assert_cmpint (count_in_column (&picture, 1, 118.5, 121.5, picture.style.text), >=, 2);
  g_autofree char *words = td_chart_words_at (chart, 2);
  g_assert_cmpstr (words, ==, "repetition 2: not measured, a joint it needs is not in view");
  cairo_surface_destroy (picture.surface);
  td_chart_free (chart);
  td_chart_data_unref (data);
}

static void
the_cursor_is_a_pass_of_its_own (void)
{
  const float depths[] = { 120, 118 };
  TdChartData *data = squats (depths, 2);
  TdChart *chart = td_chart_new (data, TD_CHART_KNEE, TD_CHART_BOTH);
  TdChartPart all = td_chart_part_all (chart);
  Picture picture = draw (chart);
  size_t position = td_chart_position_at (chart, 5, NAN);

  g_assert_cmpint (count_in_column (&picture, 5, 20, 100, picture.style.text), ==, 0);
  cairo_t *cr = cairo_create (picture.surface);
  td_chart_draw_cursor (chart, &picture.style, &all, cr, WIDTH, HEIGHT, position);
  cairo_destroy (cr);
  cairo_surface_flush (picture.surface);
  g_assert_cmpint (count_in_column (&picture, 5, 20, 100, picture.style.text), >, 50);
  cairo_surface_destroy (picture.surface);
  td_chart_free (chart);
  td_chart_data_unref (data);
}

/* Whatever the session and however small the room. */
static void
every_chart_of_every_session_can_be_drawn (void)
{
  const float some[] = { 120, -55, 118 }, one[] = { 100 };
  TdChartData *sessions[] = { squats (some, 3), squats (one, 1), squats (NULL, 0),
                              with_gap (),      a_session (),    corrected_squats () };
  static const int sizes[][2] = { { 1, 1 }, { 200, 150 }, { 360, 200 }, { 3840, 1000 } };
  double x, y;

  TdRepRow rep = a_rep (1, 1, 0, 110);
  td_chart_data_add_rep (sessions[4], &rep); /* without a single frame */
  td_chart_data_seal (sessions[4]);
  for (size_t s = 0; s < G_N_ELEMENTS (sessions); s++)
    {
      for (int kind = 0; kind < TD_N_CHARTS; kind++)
        for (int sides = 0; sides < TD_N_CHART_SIDES; sides++)
          {
            TdChart *chart = td_chart_new (sessions[s], (TdChartKind) kind, (TdChartSides) sides);
            g_assert_cmpstr (chart->title, !=, "");
            g_assert_cmpstr (chart->description, !=, "");
            g_assert_true (g_utf8_validate (chart->description, -1, NULL));
            g_assert_cmpfloat (chart->x_lo, <, chart->x_hi);
            g_assert_cmpfloat (chart->y_lo, <, chart->y_hi);
            g_assert_true ((chart->nothing == NULL) == (td_chart_n_positions (chart) > 0));
            for (size_t p = 0; p < td_chart_n_positions (chart); p += 17)
              {
                g_autofree char *words = td_chart_words_at (chart, p);
                g_assert_null (strstr (words, "nan"));
                td_chart_position_xy (chart, p, &x, &y);
                g_assert_true (isfinite (x));
              }
            for (size_t z = 0; z < G_N_ELEMENTS (sizes); z++)
              {
                Picture picture = draw_at (chart, sizes[z][0], sizes[z][1]);
                if (td_chart_n_positions (chart) > 0)
                  {
                    TdChartPart all = td_chart_part_all (chart);
                    cairo_t *cr = cairo_create (picture.surface);
                    td_chart_draw_cursor (chart, &picture.style, &all, cr, sizes[z][0], sizes[z][1],
                                          td_chart_n_positions (chart) - 1);
                    g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
                    cairo_destroy (cr);
                  }
                cairo_surface_destroy (picture.surface);
              }
            td_chart_free (chart);
          }
      td_chart_data_unref (sessions[s]);
    }
}

/* --- Files -------------------------------------------------------------------------------- */

typedef struct
{
  char *folder;
  TdChartData *data;
} Files;

static void
set_up (Files *self, gconstpointer unused)
{
  const float depths[] = { 120, -55, 118, 117, 119 };
  (void) unused;
  self->folder = g_dir_make_tmp ("td-chart-XXXXXX", NULL);
  self->data = squats (depths, 5);
}

static int
n_files (const char *folder)
{
  GDir *dir = g_dir_open (folder, 0, NULL);
  int n = 0;
  while (g_dir_read_name (dir))
    n++;
  g_dir_close (dir);
  return n;
}

static void
tear_down (Files *self, gconstpointer unused)
{
  GDir *dir = g_dir_open (self->folder, 0, NULL);
  const char *name;
  (void) unused;
  while ((name = g_dir_read_name (dir)))
    {
      g_autofree char *path = g_build_filename (self->folder, name, NULL);
      g_remove (path);
    }
  g_dir_close (dir);
  g_rmdir (self->folder);
  g_free (self->folder);
  td_chart_data_unref (self->data);
}

static void
each_format_is_a_valid_file (Files *self, gconstpointer unused)
{
  static const char *const names[] = { "a.png", "b.SVG", "c.pdf" };
  static const char *const begins[] = { "\x89PNG\r\n\x1a\n", "<?xml", "%PDF-1." };
  static const char *const ends[] = { "IEND", "</svg>", "%%EOF" };

  (void) unused;
  for (int kind = 0; kind < TD_N_CHARTS; kind++)
    for (size_t f = 0; f < G_N_ELEMENTS (names); f++)
      {
        TdChart *chart = td_chart_new (self->data, (TdChartKind) kind, TD_CHART_BOTH);
        g_autofree char *path = g_build_filename (self->folder, names[f], NULL);
        g_autofree char *text = NULL;
        gsize length;
        TdStoreError error;

        g_assert_cmpint (td_chart_save (chart, path, &error), ==, TD_STORE_OK);
        g_assert_true (g_file_get_contents (path, &text, &length, NULL));
        g_assert_cmpmem (text, strlen (begins[f]), begins[f], strlen (begins[f]));
        g_assert_cmpuint (length, >, 1000);
        g_assert_nonnull (memmem (text + length - 16, 16, ends[f], strlen (ends[f])));
        if (f == 0)
          {
            cairo_surface_t *png = cairo_image_surface_create_from_png (path);
            g_assert_cmpint (cairo_image_surface_get_width (png), ==, 1600);
            g_assert_cmpint (cairo_image_surface_get_height (png), ==, 900);
            cairo_surface_destroy (png);
          }
        else if (f == 1)
          g_assert_nonnull (strstr (text, "<svg"));
        td_chart_free (chart);
      }
  /* Nothing temporary is left. */
  g_assert_cmpint (n_files (self->folder), ==, 3);
}

static void
a_name_without_a_known_end_is_refused (Files *self, gconstpointer unused)
{
  TdChart *chart = td_chart_new (self->data, TD_CHART_KNEE, TD_CHART_BOTH);
  g_autofree char *path = g_build_filename (self->folder, "chart.jpg", NULL);
  TdStoreError error;

  (void) unused;
  g_assert_cmpint (td_chart_save (chart, path, &error), ==, TD_STORE_FAILED);
  g_assert_cmpstr (error.message, ==, "The file's name must end in .png, .svg or .pdf.");
  g_assert_cmpint (td_chart_format_of (".png"), ==, TD_CHART_UNKNOWN_FORMAT);
  g_assert_cmpint (td_chart_format_of (""), ==, TD_CHART_UNKNOWN_FORMAT);
  g_assert_cmpint (n_files (self->folder), ==, 0);
  td_chart_free (chart);
}

static void
what_cannot_be_written_is_told_in_one_line (Files *self, gconstpointer unused)
{
  TdChart *chart = td_chart_new (self->data, TD_CHART_KNEE, TD_CHART_BOTH);
  g_autofree char *absent = g_build_filename (self->folder, "absent", "chart.png", NULL);
  g_autofree char *folder = g_build_filename (self->folder, "folder.pdf", NULL);
  TdStoreError error;

  (void) unused;
  g_assert_cmpint (td_chart_save (chart, absent, &error), ==, TD_STORE_FAILED);
  g_assert_cmpstr (error.message, ==, "The chart cannot be written: no such file or directory.");
  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  g_assert_cmpint (td_chart_report_save (self->data, folder, &error), ==, TD_STORE_FAILED);
  g_assert_cmpstr (error.message, ==, "The report cannot be written: is a directory.");
  g_assert_cmpint (td_chart_save (chart, "/proc/chart.svg", NULL), ==, TD_STORE_FAILED);
  g_assert_cmpint (n_files (self->folder), ==, 1);
  td_chart_free (chart);
}

static void
a_full_disk_leaves_the_old_file_whole (Files *self, gconstpointer unused)
{
  static const char *const names[] = { "chart.png", "chart.svg", "chart.pdf" };
  TdChart *chart = td_chart_new (self->data, TD_CHART_KNEE, TD_CHART_BOTH);
  struct rlimit before, small;
  TdStoreError error;

  (void) unused;
  /* A file that may not grow: the same way to fail as a disk that is full. */
  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &before), ==, 0);
  for (size_t i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (self->folder, names[i], NULL);
      g_autofree char *text = NULL;

      g_assert_true (g_file_set_contents (path, "old", -1, NULL));
      small = (struct rlimit){ 1000, before.rlim_max };
      setrlimit (RLIMIT_FSIZE, &small);
      TdStoreStatus status = td_chart_save (chart, path, &error);
      setrlimit (RLIMIT_FSIZE, &before);
      g_assert_cmpint (status, ==, TD_STORE_FULL);
      g_assert_cmpstr (error.message, ==, "The chart cannot be written: file too large.");
      g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
      g_assert_cmpstr (text, ==, "old");
    }
  g_assert_cmpint (n_files (self->folder), ==, 3);
  td_chart_free (chart);
}

static void
check_report (const char *path)
{
  g_autofree char *text = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (path, &text, &length, NULL));
  g_assert_cmpmem (text, 5, "%PDF-", 5);
  g_assert_nonnull (memmem (text + length - 16, 16, "%%EOF", 5));
  /* One page. */
  g_assert_nonnull (memmem (text, length, "/Count 1\n", 9));
}

static void
the_report_is_one_page_however_long_the_session (Files *self, gconstpointer unused)
{
  static const int counts[] = { 0, 1, 5, 40, 300 };
  g_autofree char *path = g_build_filename (self->folder, "report.pdf", NULL);

  (void) unused;
  for (size_t c = 0; c < G_N_ELEMENTS (counts); c++)
    {
      g_autofree float *depths = g_new (float, counts[c] + 1);
      for (int i = 0; i < counts[c]; i++)
        depths[i] = i % 9 == 8 ? -50 : 115;
      TdChartData *data = squats (depths, counts[c]);
      TdStoreError error;
      g_assert_cmpint (td_chart_report_save (data, path, &error), ==, TD_STORE_OK);
      check_report (path);
      /* In as many sets. */
      for (int i = 0; i < counts[c]; i++)
        data->reps[i].set_number = i / 3 + 1;
      data->session.n_sets = (counts[c] + 2) / 3;
      g_assert_cmpint (td_chart_report_save (data, path, &error), ==, TD_STORE_OK);
      check_report (path);
      td_chart_data_unref (data);
    }
}

static void
a_stored_session_is_read_with_its_gaps (Files *self, gconstpointer unused)
{
  g_autofree char *path = g_build_filename (self->folder, "teardrop.db", NULL);
  TdSessionInfo info = { "2026-11-20T18:03:11+01:00", "narrow", "a camera", "a model" };
  TdStore *store;
  TdStoreError error;
  TdChartData *data;
  int64_t session, set;

  (void) unused;
  g_assert_cmpint (td_store_open (path, &store, NULL, &error), ==, TD_STORE_OK);
  g_assert_cmpint (td_store_begin_session (store, &info, &session, &error), ==, TD_STORE_OK);
  g_assert_cmpint (td_store_begin_set (store, session, NULL, &set, &error), ==, TD_STORE_OK);
  for (int f = 0; f < 90; f++)
    {
      TdMeasure none = missing (TD_MISSING_JOINTS);
      TdPose pose = { .time_ns = start + f * SECOND / 30, .width = 640, .height = 480 };
      TdFrameMeasures m = { .time_ns = pose.time_ns,
                            .yaw_deg = none,
                            .knee_flexion_deg = { none, none },
                            .thigh_inclination_deg = { none, none },
                            .thigh_deg = none,
                            .hip_height = none,
                            .hip_flexion_deg = none,
                            .fppa_deg = { none, none },
                            .fppa_mean_deg = none,
                            .knee_offset = { none, none },
                            .trunk_lean_deg = none,
                            .stance_ratio = none };
      m.flexion_deg = f >= 30 && f < 60 ? missing (TD_MISSING_NO_PERSON) : td_measure (42.5f, 2);
      g_assert_cmpint (td_store_add_sample (store, set, &pose, &m, &error), ==, TD_STORE_OK);
    }
  TdRepRow rep = a_rep (1, 1, 0.5, 110);
  g_assert_cmpint (td_store_add_rep (store, set, &rep.rep, &error), ==, TD_STORE_OK);

  g_assert_cmpint (td_chart_data_read (store, session, &data, &error), ==, TD_STORE_OK);
  g_assert_cmpuint (data->n, ==, 90);
  g_assert_cmpuint (data->n_reps, ==, 1);
  g_assert_cmpstr (data->profile->id, ==, "narrow");
  g_assert_cmpfloat_with_epsilon (data->time_s[0], 0, 1e-9);
  g_assert_cmpfloat_with_epsilon (data->values[TD_SERIES_KNEE][0], 42.5f, 0.01f);
  g_assert_true (isnan (data->values[TD_SERIES_KNEE][45]));
  g_assert_cmpint (data->missing[TD_SERIES_KNEE][45], ==, TD_MISSING_NO_PERSON);
  td_chart_data_unref (data);

  g_assert_cmpint (td_chart_data_read (store, session + 1, &data, &error), ==, TD_STORE_NOT_FOUND);
  g_assert_null (data);
  td_store_close (store);
}

/* --- The user's own limits, moments, tables ----------------------------------------------- */

static void
the_users_own_limits_are_what_charts_are_held_against (void)
{
  const float depths[] = { 120, 118 };
  TdChartData *data = squats (depths, 2);
  TdProfile own = *td_profile_find ("cyclist");

  td_profile_check (&own, "depth")->limit = 97;
  td_chart_data_set_profile (data, &own);
  /* It was copied. */
  td_profile_check (&own, "depth")->limit = 11;
  TdChart *chart = td_chart_new (data, TD_CHART_KNEE, TD_CHART_BOTH);
  g_assert_cmpint (chart->n_limits, ==, 2);
  g_assert_cmpstr (chart->limits[1].name, ==, "at least 97°");
  td_chart_free (chart);
  td_chart_data_unref (data);
}

static void
positions_have_a_time_and_times_a_position (void)
{
  const float depths[] = { 120, -55, 118 };
  TdChartData *data = squats (depths, 3);
  static const struct
  {
    TdChartKind kind;
    double time_s;
    bool there;
    double found_s;
  } cases[] = {
    { TD_CHART_KNEE, 7.26, true, 7.267 },   { TD_CHART_KNEE, -5, true, 0 },
    { TD_CHART_REP_DEPTH, 10.2, true, 11 }, /* its bottom */
    { TD_CHART_REP_DEPTH, 5, false, 0 },    { TD_CHART_HIP_KNEE, 11.5, true, 11.5 },
    { TD_CHART_HIP_KNEE, 7, false, 0 }, /* an attempt has no points */
    { TD_CHART_VALGUS, NAN, false, 0 },
  };

  for (size_t c = 0; c < G_N_ELEMENTS (cases); c++)
    {
      TdChart *chart = td_chart_new (data, cases[c].kind, TD_CHART_BOTH);
      size_t position;
      g_assert_cmpint (td_chart_position_at_time (chart, cases[c].time_s, &position), ==,
                       cases[c].there);
      if (cases[c].there)
        g_assert_cmpfloat_with_epsilon (td_chart_position_time (chart, position), cases[c].found_s,
                                        0.02);
      td_chart_free (chart);
    }
  td_chart_data_unref (data);
}

static void
a_moment_is_said_in_words (void)
{
  const float depths[] = { 120, -55 };
  TdChartData *data = squats (depths, 2), *gap = with_gap ();
  static const struct
  {
    double time_s;
    const char *words;
  } cases[] = {
    { 1, "1.0 s, standing, knee flexion 5°" },
    { 2.5, "2.5 s, repetition 1, going down, knee flexion 86°" },
    { 3, "3.0 s, repetition 1, at the bottom, knee flexion 120°" },
    { 3.5, "3.5 s, repetition 1, going up, knee flexion 86°" },
    { 6.4, "6.4 s, attempt, not counted: too shallow, going down, knee flexion 34°" },
    { 99, "1:39.0 min, nothing was kept" },
  };

  for (size_t c = 0; c < G_N_ELEMENTS (cases); c++)
    {
      g_autofree char *words = td_chart_moment_words (data, cases[c].time_s);
      g_assert_cmpstr (words, ==, cases[c].words);
    }
  g_autofree char *missing_words = td_chart_moment_words (gap, 4);
  g_autofree char *why = g_strdup_printf ("4.0 s, %s", td_missing_text (TD_MISSING_JOINTS));
  g_assert_cmpstr (missing_words, ==, why);
  td_chart_data_unref (data);
  td_chart_data_unref (gap);
}

static guint
n_lines_of (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  return g_strv_length (lines) - 1;
}

static void
a_table_has_what_is_in_view (void)
{
  const float depths[] = { 120, -55, 118 };
  TdChartData *data = squats (depths, 3);
  TdChart *chart = td_chart_new (data, TD_CHART_KNEE, TD_CHART_EACH);
  TdChartPart part = td_chart_part_all (chart);
  g_autofree char *all = td_chart_table (chart, &part);
  part.x_lo = 2.99;
  part.x_hi = 3.05;
  g_autofree char *some = td_chart_table (chart, &part);
  g_autofree char *expected
      = g_strdup_printf ("%s\nTime, s\tRepetition\tKnee flexion, °: left\tKnee flexion, °: right\n"
                         "3.000\trepetition 1\t120.0\t120.0\n3.033\trepetition 1\t119.8\t119.8\n",
                         chart->title);

  g_assert_cmpuint (n_lines_of (all), ==, 2 + data->n);
  g_assert_cmpstr (some, ==, expected);
  td_chart_free (chart);

  chart = td_chart_new (data, TD_CHART_REP_DEPTH, TD_CHART_BOTH);
  part = td_chart_part_all (chart);
  g_autofree char *bars = td_chart_table (chart, &part);
  g_assert_nonnull (strstr (bars, "\nrepetition 1\t120.0\nattempt, not counted: too shallow\t55.0\n"
                                  "repetition 2\t118.0\n"));
  td_chart_free (chart);
  chart = td_chart_new (data, TD_CHART_TRUNK, TD_CHART_BOTH);
  part = td_chart_part_all (chart);
  g_autofree char *nothing = td_chart_table (chart, &part);
  g_assert_true (g_str_has_suffix (nothing, "Not measured: needs a side view\n"));
  td_chart_free (chart);
  td_chart_data_unref (data);
}

/* --- Two of them -------------------------------------------------------------------------- */

static void
two_repetitions_meet_at_the_bottom (void)
{
  const float depths[] = { 100, 120 };
  TdChartData *data = squats (depths, 2);
  /* The second one is a second longer on its way down. */
  data->reps[1].rep.eccentric_s = td_measure (1.9f, 0.03f);
  TdChart *chart = td_chart_new_two_reps (data, 0, data, 1, TD_CHART_KNEE, TD_CHART_CLOCK_REAL);

  g_assert_cmpstr (chart->title, ==,
                   "Repetition 2 goes 20° deeper than repetition 1, and 1.0 s slower down");
  g_assert_cmpint (chart->n_lines, ==, 2);
  g_assert_cmpstr (chart->lines[0].name, ==, "rep 1");
  g_assert_cmpstr (chart->lines[1].name, ==, "rep 2");
  size_t bottom = td_chart_position_at (chart, 0, NAN);
  g_assert_cmpfloat_with_epsilon (chart->xs[bottom], 0, 1e-9);
  g_assert_cmpfloat_with_epsilon (chart->lines[0].values[bottom], 100, 0.5f);
  g_assert_cmpfloat_with_epsilon (chart->lines[1].values[bottom], 120, 0.5f);
  g_assert_cmpfloat_with_epsilon (chart->x_lo, -1, 0.05);
  g_assert_cmpfloat_with_epsilon (chart->x_hi, 1, 0.05);
  g_autofree char *at = td_chart_words_at (chart, bottom);
  g_assert_cmpstr (at, ==, "at the bottom: rep 1 100°, rep 2 120°");
  size_t before = td_chart_position_at (chart, -0.5, NAN);
  g_autofree char *words = td_chart_words_at (chart, before);
  g_assert_cmpstr (words, ==, "0.5 s before the bottom: rep 1 72°, rep 2 86°");
  g_assert_nonnull (strstr (chart->description, "Repetition 1: 100° ± 2, 0.9 s down, 0.8 s up. "
                                                "Repetition 2: 120° ± 2, 1.9 s down"));
  g_assert_true (isnan (td_chart_position_time (chart, 0)));
  td_chart_free (chart);

  chart = td_chart_new_two_reps (data, 1, data, 0, TD_CHART_KNEE, TD_CHART_CLOCK_REAL);
  g_assert_cmpstr (chart->title, ==,
                   "Repetition 1 goes 20° less deep than repetition 2, and 1.0 s faster down");
  td_chart_free (chart);
  chart = td_chart_new_two_reps (data, 0, data, 0, TD_CHART_KNEE, TD_CHART_CLOCK_REAL);
  g_assert_cmpstr (chart->title, ==, "Repetition 1 goes as deep as repetition 1 (100°, 100°)");
  td_chart_free (chart);
  td_chart_data_unref (data);
}

static void
repetitions_of_different_length_are_scaled_to_each_other (void)
{
  const float depths[] = { 100, 120 };
  TdChartData *data = squats (depths, 2);
  /* As if it had begun at half of its way down. */
  data->reps[1].rep.start_ns += SECOND / 2;
  TdChart *real = td_chart_new_two_reps (data, 0, data, 1, TD_CHART_KNEE, TD_CHART_CLOCK_REAL);
  TdChart *scaled = td_chart_new_two_reps (data, 0, data, 1, TD_CHART_KNEE, TD_CHART_CLOCK_SCALED);

  /* Before its start there is nothing of the shorter one. */
  g_assert_false (isnan (real->lines[0].values[5]));
  g_assert_true (isnan (real->lines[1].values[5]));
  g_assert_cmpfloat (scaled->x_lo, ==, -100);
  g_assert_cmpfloat (scaled->x_hi, ==, 100);
  for (size_t i = 0; i < scaled->n_x; i++)
    g_assert_false (isnan (scaled->lines[0].values[i]) || isnan (scaled->lines[1].values[i]));
  /* At the start of each: 5° and, half a second before the bottom, 86°. */
  g_assert_cmpfloat_with_epsilon (scaled->lines[0].values[0], 5, 1);
  g_assert_cmpfloat_with_epsilon (scaled->lines[1].values[0], 86.3f, 1);
  g_autofree char *words = td_chart_words_at (scaled, 25);
  g_assert_true (g_str_has_prefix (words, "25% of the way down: "));
  td_chart_free (real);
  td_chart_free (scaled);
  td_chart_data_unref (data);
}

static TdChartData *
on_day (TdChartData *data, int64_t id, const char *started_at)
{
  data->session.id = id;
  g_strlcpy (data->session.started_at, started_at, sizeof data->session.started_at);
  return data;
}

static void
two_sessions_are_told_by_their_day_or_time (void)
{
  const float shallow[] = { 100, 102, -50, 98 }, deep[] = { 118, 122 };
  TdChartData *a = on_day (squats (shallow, 4), 1, "2026-11-13T18:00:00+01:00");
  TdChartData *b = on_day (squats (deep, 2), 2, "2026-11-20T18:00:00+01:00");
  TdChart *chart = td_chart_new_two_sessions (a, b, TD_CHART_REP_DEPTH);

  g_assert_cmpstr (chart->title, ==, "20 November: on average 20° deeper than on 13 November");
  g_assert_cmpstr (chart->bar_names[0], ==, "13 Nov: mean 100°");
  g_assert_cmpstr (chart->bar_names[1], ==, "20 Nov: mean 120°");
  /* Attempts are left out, and what only one has stays empty. */
  g_assert_cmpuint (td_chart_n_positions (chart), ==, 3);
  g_autofree char *second = td_chart_words_at (chart, 1), *third = td_chart_words_at (chart, 2);
  g_assert_cmpstr (second, ==, "repetition 2: 13 November: 102° ± 2, 20 November: 122° ± 2");
  g_assert_cmpstr (third, ==,
                   "repetition 3: 13 November: 98° ± 2, 20 November: no such repetition");
  g_assert_cmpint (chart->n_limits, ==, 2);
  g_assert_cmpfloat_with_epsilon (chart->limits[1].value, 120, 0.01);
  td_chart_free (chart);

  on_day (a, 1, "2025-11-20T18:00:00+01:00");
  chart = td_chart_new_two_sessions (a, b, TD_CHART_REP_DEPTH);
  g_assert_cmpstr (chart->title, ==,
                   "20 November 2026: on average 20° deeper than on 20 November 2025");
  td_chart_free (chart);

  on_day (a, 1, "2026-11-13T18:00:00+01:00");
  on_day (b, 2, "2026-11-13T19:30:00+01:00");
  chart = td_chart_new_two_sessions (a, b, TD_CHART_REP_DEPTH);
  g_assert_cmpstr (chart->title, ==, "19:30: on average 20° deeper than at 18:00");
  td_chart_free (chart);
  chart = td_chart_new_two_reps (a, 0, b, 1, TD_CHART_KNEE, TD_CHART_CLOCK_REAL);
  g_assert_cmpstr (chart->title, ==,
                   "Repetition 2 (19:30) goes 22° deeper than repetition 1 (18:00)");
  td_chart_free (chart);

  chart = td_chart_new_two_sessions (a, b, TD_CHART_REP_VALGUS);
  g_assert_cmpstr (chart->nothing, ==, "Not measured: needs a front view");
  td_chart_free (chart);
  td_chart_data_unref (a);
  td_chart_data_unref (b);
}

static void
charts_of_two_are_drawn_and_saved_like_the_others (Files *self, gconstpointer unused)
{
  const float depths[] = { 100, 120, -50 };
  TdChartData *data = squats (depths, 3), *none = a_session ();
  TdChartStyle style = td_chart_style_light ();
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, WIDTH, HEIGHT);
  cairo_t *cr = cairo_create (surface);
  TdStoreError error;

  (void) unused;
  td_chart_data_seal (none);
  TdChart *charts[] = {
    td_chart_new_two_reps (data, 0, data, 2, TD_CHART_KNEE, TD_CHART_CLOCK_REAL),
    td_chart_new_two_reps (data, 2, data, 1, TD_CHART_VALGUS, TD_CHART_CLOCK_SCALED),
    td_chart_new_two_reps (data, 0, data, 1, TD_CHART_TRUNK, TD_CHART_CLOCK_REAL),
    td_chart_new_two_reps (data, 0, data, 1, TD_CHART_HIP_HEIGHT, TD_CHART_CLOCK_REAL),
    td_chart_new_two_sessions (data, data, TD_CHART_REP_DEPTH),
    td_chart_new_two_sessions (data, none, TD_CHART_REP_TEMPO),
    td_chart_new_two_sessions (none, none, TD_CHART_REP_VELOCITY),
  };
  static const char *const ends[] = { "png", "svg", "pdf" };
  for (size_t c = 0; c < G_N_ELEMENTS (charts); c++)
    {
      TdChartPart part = td_chart_part_all (charts[c]);
      td_chart_draw (charts[c], &style, &part, cr, WIDTH, HEIGHT);
      for (size_t p = 0; p < td_chart_n_positions (charts[c]); p++)
        {
          td_chart_draw_cursor (charts[c], &style, &part, cr, WIDTH, HEIGHT, p);
          g_assert_cmpuint (td_chart_position_jump (charts[c], p, 1), <,
                            td_chart_n_positions (charts[c]));
        }
      g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
      for (size_t f = 0; f < G_N_ELEMENTS (ends); f++)
        {
          g_autofree char *path = g_strdup_printf ("%s/two-%zu.%s", self->folder, c, ends[f]);
          g_assert_cmpint (td_chart_save (charts[c], path, &error), ==, TD_STORE_OK);
          g_assert_true (g_file_test (path, G_FILE_TEST_IS_REGULAR));
          g_unlink (path);
        }
      td_chart_free (charts[c]);
    }
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  td_chart_data_unref (data);
  td_chart_data_unref (none);
}

int
main (int argc, char **argv)
{
  g_setenv ("LC_ALL", "C.UTF-8", TRUE);
  g_test_init (&argc, &argv, NULL);
#define ADD(name) g_test_add_func ("/chart/" #name, name)
  ADD (ticks_are_round_and_within);
  ADD (ticks_never_overflow);
  ADD (an_axis_without_length_has_its_value_in_the_middle);
  ADD (a_scale_goes_there_and_back);
  ADD (a_range_is_rounded_outwards);
  ADD (decimation_keeps_every_extreme);
  ADD (decimation_keeps_gaps_of_both_kinds);
  ADD (decimation_of_nothing_is_nothing);
  ADD (bands_follow_the_repetitions);
  ADD (the_title_is_the_finding);
  ADD (the_description_says_what_it_shows_in_sentences);
  ADD (a_position_says_its_values_or_why_there_is_none);
  ADD (what_the_user_corrected_is_what_is_told);
  ADD (an_fppa_of_bent_knees_is_marked_as_little_to_trust);
  ADD (what_is_in_view_stays_within_the_chart);
  ADD (a_gap_is_drawn_as_a_gap);
  ADD (a_dense_line_keeps_its_gap_and_its_peak);
  ADD (repetitions_are_shaded_and_attempts_hatched);
  ADD (bars_are_filled_hollow_or_absent);
  ADD (the_cursor_is_a_pass_of_its_own);
  ADD (every_chart_of_every_session_can_be_drawn);
  ADD (the_users_own_limits_are_what_charts_are_held_against);
  ADD (positions_have_a_time_and_times_a_position);
  ADD (a_moment_is_said_in_words);
  ADD (a_table_has_what_is_in_view);
  ADD (two_repetitions_meet_at_the_bottom);
  ADD (repetitions_of_different_length_are_scaled_to_each_other);
  ADD (two_sessions_are_told_by_their_day_or_time);
#undef ADD
#define ADD(name) g_test_add ("/chart/" #name, Files, NULL, set_up, name, tear_down)
  ADD (each_format_is_a_valid_file);
  ADD (a_name_without_a_known_end_is_refused);
  ADD (what_cannot_be_written_is_told_in_one_line);
  ADD (a_full_disk_leaves_the_old_file_whole);
  ADD (the_report_is_one_page_however_long_the_session);
  ADD (a_stored_session_is_read_with_its_gaps);
  ADD (charts_of_two_are_drawn_and_saved_like_the_others);
#undef ADD
  return g_test_run ();
}
