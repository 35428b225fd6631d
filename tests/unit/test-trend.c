/* test-trend.c: weeks, months, bests and what is said of them, from rows as the store gives them.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-trend-draw.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

static int
julian (int year, int month, int day)
{
  GDate date;

  g_date_clear (&date, 1);
  g_date_set_dmy (&date, (GDateDay) day, (GDateMonth) month, (GDateYear) year);
  return (int) g_date_get_julian (&date);
}

/* A session of ten repetitions in which everything was measured. */
static TdSummaryRow
a_row (int64_t session, const char *started_at, float depth)
{
  TdSummaryRow row = { .session = session,
                       .load_kg = NAN,
                       .n_sets = 1,
                       .n_reps = 10,
                       .best_flexion_deg = depth + 5,
                       .mean_flexion_deg = depth,
                       .mean_fppa_worst_deg = 4,
                       .mean_lockout_deg = 8,
                       .mean_eccentric_s = 2,
                       .mean_concentric_s = 1.5f,
                       .mean_velocity = 0.4f };

  g_strlcpy (row.started_at, started_at, sizeof row.started_at);
  g_strlcpy (row.exercise, "cyclist", sizeof row.exercise);
  return row;
}

static TdTrend *
a_trend (const TdSummaryRow *rows, size_t n, int today)
{
  TdTrendFilter all = { 0 };

  return td_trend_new (rows, n, &all, TD_TREND_METRIC, today);
}

/* --- Weeks -------------------------------------------------------------------------------- */

static void
weeks_go_on_over_the_years_border (void)
{
  /* 2026 has an ISO week 53, from Monday 28 December to Sunday 3 January. */
  TdSummaryRow rows[]
      = { a_row (1, "2026-12-27T10:00:00+01:00", 110), a_row (2, "2026-12-28T10:00:00+01:00", 110),
          a_row (3, "2027-01-03T10:00:00+01:00", 110),
          a_row (4, "2027-01-04T10:00:00+01:00", 110) };
  TdTrend *trend = a_trend (rows, 4, julian (2027, 1, 5));

  g_assert_cmpuint (trend->n_weeks, ==, 3);
  g_assert_cmpint (trend->weeks[0].monday, ==, julian (2026, 12, 21));
  g_assert_cmpint (trend->weeks[0].n_sessions, ==, 1);
  g_assert_cmpint (trend->weeks[1].monday, ==, julian (2026, 12, 28));
  g_assert_cmpint (trend->weeks[1].n_sessions, ==, 2);
  g_assert_cmpint (trend->weeks[1].n_reps, ==, 20);
  g_assert_cmpint (trend->weeks[2].n_sessions, ==, 1);
  td_trend_unref (trend);
}

static void
a_day_is_the_one_where_the_user_was (void)
{
  /* In UTC all three began on Monday 5 October 2026; by their own clocks on Sunday, Monday and Tuesday. */
  TdSummaryRow rows[]
      = { a_row (1, "2026-10-04T23:30:00-08:00", 110), a_row (2, "2026-10-05T12:00:00Z", 110),
          a_row (3, "2026-10-06T00:30:00+10:00", 110) };
  TdTrend *trend = a_trend (rows, 3, julian (2026, 10, 6));

  g_assert_cmpuint (trend->n_weeks, ==, 2);
  g_assert_cmpint (trend->weeks[0].n_sessions, ==, 1);
  g_assert_cmpint (trend->weeks[1].n_sessions, ==, 2);
  g_assert_cmpint (trend->sessions[0].day, ==, julian (2026, 10, 4));
  g_assert_cmpint (trend->sessions[1].day, ==, julian (2026, 10, 5));
  g_assert_cmpint (trend->sessions[2].day, ==, julian (2026, 10, 6));
  td_trend_unref (trend);
}

static void
an_empty_week_is_a_gap_for_measures_and_zero_for_volume (void)
{
  TdSummaryRow rows[] = { a_row (1, "2026-03-02T10:00:00+01:00", 110),
                          a_row (2, "2026-03-16T10:00:00+01:00", 114) };
  rows[0].load_kg = 20;
  TdTrend *trend = a_trend (rows, 2, julian (2026, 3, 30));
  TdTrendChart *reps = td_trend_chart_new (trend, TD_TREND_CHART_REPS);
  TdTrendChart *volume = td_trend_chart_new (trend, TD_TREND_CHART_VOLUME);
  TdTrendChart *depth = td_trend_chart_new (trend, TD_TREND_CHART_DEPTH);

  /* Two weeks after the last session are empty, too. */
  g_assert_cmpuint (trend->n_weeks, ==, 5);
  g_assert_cmpfloat (td_trend_chart_value (reps, 0, 0), ==, 10);
  g_assert_cmpfloat (td_trend_chart_value (reps, 0, 1), ==, 0);
  g_assert_cmpfloat (td_trend_chart_value (reps, 0, 4), ==, 0);
  g_assert_cmpfloat (td_trend_chart_value (volume, 0, 0), ==, 200);
  g_assert_cmpfloat (td_trend_chart_value (volume, 0, 1), ==, 0);
  g_assert_cmpfloat (td_trend_chart_value (volume, 0, 2), ==, 0); /* body weight, or not told */
  g_assert_cmpfloat (td_trend_chart_value (depth, 0, 0), ==, 110);
  g_assert_true (isnan (td_trend_chart_value (depth, 0, 1)));
  g_assert_cmpfloat (td_trend_chart_value (depth, 0, 2), ==, 114);
  g_assert_cmpfloat (td_trend_chart_value (depth, 1, 2), ==, 119);
  g_assert_true (isnan (td_trend_chart_value (depth, 0, 4)));

  g_autofree char *there = td_trend_chart_words_at (reps, 0);
  g_autofree char *empty = td_trend_chart_words_at (depth, 1);
  g_autofree char *deep = td_trend_chart_words_at (depth, 2);
  g_autofree char *now = td_trend_chart_words_at (reps, 4);
  g_assert_cmpstr (there, ==, "Week of 2 March 2026: 10 repetitions in 1 session");
  g_assert_cmpstr (empty, ==, "Week of 9 March 2026: no session");
  g_assert_cmpstr (deep, ==, "Week of 16 March 2026: mean 114°, deepest 119°");
  g_assert_cmpstr (now, ==, "This week so far: no session");
  td_trend_chart_free (reps);
  td_trend_chart_free (volume);
  td_trend_chart_free (depth);
  td_trend_unref (trend);
}

static void
a_session_of_two_loads_is_one_session (void)
{
  TdSummaryRow rows[] = { a_row (7, "2026-03-02T10:00:00+01:00", 120),
                          a_row (7, "2026-03-02T10:00:00+01:00", 100) };
  rows[0].n_reps = 30;
  rows[1].load_kg = 20;
  rows[1].mean_lockout_deg = NAN;
  TdTrend *trend = a_trend (rows, 2, julian (2026, 3, 2));

  g_assert_cmpuint (trend->n_sessions, ==, 1);
  g_assert_cmpint (trend->sessions[0].n_reps, ==, 40);
  /* Each repetition weighs alike; what was not measured weighs nothing. */
  g_assert_cmpfloat_with_epsilon (trend->sessions[0].values[TD_TREND_MEAN_DEPTH], 115, 1e-6);
  g_assert_cmpfloat_with_epsilon (trend->sessions[0].values[TD_TREND_BEST_DEPTH], 125, 1e-6);
  g_assert_cmpfloat_with_epsilon (trend->sessions[0].values[TD_TREND_LOCKOUT], 8, 1e-6);
  g_assert_cmpfloat_with_epsilon (trend->sessions[0].volume_kg, 200, 1e-6);
  td_trend_unref (trend);
}

static void
what_cannot_be_read_is_left_out (void)
{
  TdSummaryRow rows[] = { a_row (1, "yesterday", 110), a_row (2, "2026-03-02T10:00:00+01:00", 110),
                          a_row (3, "0001-01-01T00:00:00Z", 110) };
  rows[1].best_flexion_deg = rows[1].mean_flexion_deg = NAN;
  TdTrend *trend = a_trend (rows, 2, julian (2026, 3, 2));
  TdTrendChart *depth = td_trend_chart_new (trend, TD_TREND_CHART_DEPTH);

  g_assert_cmpuint (trend->n_sessions, ==, 1);
  g_assert_cmpstr (depth->nothing, ==, "Depth was not measured");
  g_assert_false (trend->bests[TD_TREND_DEEPEST].any);
  td_trend_chart_free (depth);
  td_trend_unref (trend);

  trend = a_trend (rows, 0, julian (2026, 3, 2));
  g_assert_cmpuint (trend->n_weeks, ==, 0);
  TdTrendChart *reps = td_trend_chart_new (trend, TD_TREND_CHART_REPS);
  g_assert_nonnull (reps->nothing);
  td_trend_chart_free (reps);
  td_trend_unref (trend);

  /* A clock that was wrong makes no hundred thousand weeks. */
  trend = a_trend (rows, 3, julian (2026, 3, 2));
  g_assert_cmpuint (trend->n_weeks, <, 5000);
  g_assert_cmpint (trend->weeks[trend->n_weeks - 1].n_sessions, ==, 1);
  for (int k = 0; k < TD_N_TREND_CHARTS; k++)
    td_trend_chart_free (td_trend_chart_new (trend, (TdTrendChartKind) k));
  td_trend_unref (trend);
}

/* --- Filters ------------------------------------------------------------------------------ */

/* A clock that is set to a year far ahead shows nothing, and takes nothing away. */
static void
a_clock_far_ahead_shows_empty_weeks (void)
{
  TdSummaryRow rows[] = { a_row (1, "2026-10-05T12:00:00Z", 110) };
  TdTrend *trend = a_trend (rows, 1, julian (2190, 1, 1));

  g_assert_cmpuint (trend->n_weeks, >, 0);
  for (size_t w = 0; w < trend->n_weeks; w++)
    g_assert_cmpint (trend->weeks[w].n_sessions, ==, 0);
  g_assert_cmpint (trend->n_reps, ==, 10);
  for (int kind = 0; kind < TD_N_TREND_CHARTS; kind++)
    {
      TdTrendChart *chart = td_trend_chart_new (trend, (TdTrendChartKind) kind);
      g_assert_cmpstr (chart->title, !=, "");
      td_trend_chart_free (chart);
    }
  td_trend_unref (trend);
}

static void
exercises_come_with_the_last_one_first (void)
{
  TdSummaryRow rows[]
      = { a_row (1, "2026-03-02T10:00:00+01:00", 110), a_row (2, "2026-03-09T10:00:00+01:00", 110),
          a_row (3, "2026-03-01T10:00:00+01:00", 110) };
  g_strlcpy (rows[1].exercise, "narrow", sizeof rows[1].exercise);
  g_auto (GStrv) names = td_trend_exercises (rows, 3);

  g_assert_cmpuint (g_strv_length (names), ==, 2);
  g_assert_cmpstr (names[0], ==, "narrow");
  g_assert_cmpstr (names[1], ==, "cyclist");

  TdTrendFilter narrow = { .exercise = "narrow" };
  TdTrend *trend = td_trend_new (rows, 3, &narrow, TD_TREND_METRIC, julian (2026, 3, 9));
  g_assert_cmpuint (trend->n_sessions, ==, 1);
  g_assert_cmpint ((int) trend->sessions[0].id, ==, 2);
  td_trend_unref (trend);
}

static void
each_load_is_a_choice (void)
{
  static const float kg[] = { NAN, 0, 20, 22.5f, 20, 20.41f };
  static const char *const names[]
      = { "All loads", "Body weight", "20 kg", "20.5 kg", "22.5 kg", "Load not told" };
  static const int sessions[] = { 6, 1, 2, 1, 1, 1 };
  TdSummaryRow rows[G_N_ELEMENTS (kg)];
  size_t n;

  for (size_t i = 0; i < G_N_ELEMENTS (kg); i++)
    {
      rows[i] = a_row ((int64_t) i + 1, "2026-03-02T10:00:00+01:00", 110);
      rows[i].load_kg = kg[i];
    }
  g_autofree TdTrendLoad *loads
      = td_trend_loads (rows, G_N_ELEMENTS (rows), "cyclist", TD_TREND_METRIC, &n);
  g_assert_cmpuint (n, ==, G_N_ELEMENTS (names));
  for (size_t i = 0; i < n; i++)
    {
      TdTrendFilter filter = { .exercise = "cyclist", .load = loads[i] };
      TdTrend *trend
          = td_trend_new (rows, G_N_ELEMENTS (rows), &filter, TD_TREND_METRIC, julian (2026, 3, 2));
      g_autofree char *name = td_trend_load_name (&loads[i], TD_TREND_METRIC);
      g_assert_cmpstr (name, ==, names[i]);
      g_assert_cmpint ((int) trend->n_sessions, ==, sessions[i]);
      td_trend_unref (trend);
    }
  g_autofree TdTrendLoad *none = td_trend_loads (rows, 0, "", TD_TREND_METRIC, &n);
  g_assert_cmpuint (n, ==, 1);
}

static void
many_loads_become_ranges_in_the_users_units (void)
{
  TdSummaryRow rows[12];
  size_t n;
  int total = 0;

  for (int i = 0; i < 12; i++)
    {
      rows[i] = a_row (i + 1, "2026-03-02T10:00:00+01:00", 110);
      rows[i].load_kg = (float) ((45 + 5 * i) / 2.20462262);
    }
  g_autofree TdTrendLoad *loads = td_trend_loads (rows, 12, "", TD_TREND_IMPERIAL, &n);
  g_assert_cmpuint (n, ==, 1 + 7);
  for (size_t i = 1; i < n; i++)
    {
      TdTrendFilter filter = { .load = loads[i] };
      TdTrend *trend = td_trend_new (rows, 12, &filter, TD_TREND_IMPERIAL, julian (2026, 3, 2));
      total += (int) trend->n_sessions;
      td_trend_unref (trend);
    }
  /* Each in exactly one. */
  g_assert_cmpint (total, ==, 12);
  g_autofree char *first = td_trend_load_name (&loads[1], TD_TREND_IMPERIAL);
  g_assert_cmpstr (first, ==, "40 to under 50 lb");
}

static void
volume_is_in_the_users_units (void)
{
  TdSummaryRow row = a_row (1, "2026-03-02T10:00:00+01:00", 110);
  TdTrendFilter all = { 0 };

  row.load_kg = 20;
  row.n_reps = 600;
  TdTrend *trend = td_trend_new (&row, 1, &all, TD_TREND_IMPERIAL, julian (2026, 3, 9));
  TdTrendChart *volume = td_trend_chart_new (trend, TD_TREND_CHART_VOLUME);
  g_autofree char *words = td_trend_chart_words_at (volume, 0);
  g_autofree char *heaviest = td_trend_best_value (trend, TD_TREND_HEAVIEST);

  g_assert_cmpstr (words, ==, "Week of 2 March 2026: 26\u202f455 lb");
  g_assert_cmpstr (heaviest, ==, "44.1 lb");
  g_assert_cmpstr (volume->y_name, ==, "Repetitions × load, lb");
  td_trend_chart_free (volume);
  td_trend_unref (trend);

  /* Body weight alone has no volume. */
  row.load_kg = 0;
  trend = a_trend (&row, 1, julian (2026, 3, 9));
  volume = td_trend_chart_new (trend, TD_TREND_CHART_VOLUME);
  g_assert_nonnull (volume->nothing);
  g_assert_false (trend->loaded);
  td_trend_chart_free (volume);
  td_trend_unref (trend);
}

/* --- Change ------------------------------------------------------------------------------- */

/* N sessions in MONTH of 2026, each with its depth of DEPTHS. */
static size_t
add_month (TdSummaryRow *rows, size_t at, int month, const float *depths, int n)
{
  for (int i = 0; i < n; i++)
    {
      g_autofree char *day = g_strdup_printf ("2026-%02d-%02dT10:00:00+01:00", month, 2 + 3 * i);
      rows[at] = a_row ((int64_t) at + 1, day, depths[i]);
      at++;
    }
  return at;
}

static void
a_change_is_told_in_words (void)
{
  TdSummaryRow rows[8];
  size_t n = add_month (rows, 0, 3, (const float[]){ 110, 111, 112 }, 3);
  n = add_month (rows, n, 4, (const float[]){ 140 }, 1); /* too few to say anything */
  n = add_month (rows, n, 5, (const float[]){ 119, 120, 121 }, 3);
  for (size_t i = 4; i < n; i++)
    rows[i].mean_eccentric_s = 2.4f;

  TdTrend *trend = a_trend (rows, n, julian (2026, 5, 30));
  g_assert_cmpstr (trend->change, ==,
                   "Since March you go 9° deeper and 0.4 s slower down; your knees stay as they "
                   "were.");
  g_assert_cmpstr (trend->basis, ==, "March: 3 sessions · May: 3 sessions");
  TdTrendChart *depth = td_trend_chart_new (trend, TD_TREND_CHART_DEPTH);
  g_assert_cmpstr (depth->title, ==, "You go deeper: from 111° to 120°");
  td_trend_chart_free (depth);
  td_trend_unref (trend);

  /* 111.4 and 120.6: the titles say 111 and 121. */
  for (size_t i = 0; i < n; i++)
    rows[i].mean_flexion_deg += i < 3 ? 0.4f : 0.6f;
  trend = a_trend (rows, n, julian (2026, 5, 30));
  g_assert_true (g_str_has_prefix (trend->change, "Since March you go 10° deeper"));
  td_trend_unref (trend);

  /* A year later the month needs its year. */
  trend = a_trend (rows, n, julian (2027, 1, 30));
  g_assert_true (g_str_has_prefix (trend->change, "Since March 2026 you go 10° deeper"));
  td_trend_unref (trend);
}

static void
a_change_within_the_measuring_error_is_none (void)
{
  TdSummaryRow rows[6];
  size_t n = add_month (rows, 0, 3, (const float[]){ 110, 111, 112 }, 3);
  n = add_month (rows, n, 5, (const float[]){ 115.5f, 116.5f, 117.5f }, 3);

  /* 5.5° of 6°. */
  TdTrend *trend = a_trend (rows, n, julian (2026, 5, 30));
  g_assert_cmpint (trend->changes[TD_TREND_MEAN_DEPTH].verdict, ==, TD_TREND_SAME);
  g_assert_cmpstr (trend->change, ==,
                   "Since March: your depth stays as it was; your knees stay as they were.");
  td_trend_unref (trend);

  /* Sessions that differ by 20° among each other: 9° may be chance, and so may no change. */
  n = add_month (rows, 0, 3, (const float[]){ 91, 111, 131 }, 3);
  n = add_month (rows, n, 5, (const float[]){ 100, 120, 140 }, 3);
  for (size_t i = 0; i < n; i++)
    rows[i].mean_fppa_worst_deg = NAN;
  trend = a_trend (rows, n, julian (2026, 5, 30));
  g_assert_cmpint (trend->changes[TD_TREND_MEAN_DEPTH].verdict, ==, TD_TREND_UNKNOWN);
  g_assert_cmpint (trend->changes[TD_TREND_FPPA].verdict, ==, TD_TREND_UNKNOWN);
  g_assert_cmpstr (trend->change, ==,
                   "Since March nothing has changed by more than the measuring error and chance.");
  td_trend_unref (trend);
}

static void
too_few_sessions_say_nothing (void)
{
  TdSummaryRow rows[6];
  size_t n = add_month (rows, 0, 3, (const float[]){ 100, 100, 100 }, 3);
  n = add_month (rows, n, 5, (const float[]){ 140, 140 }, 2);

  TdTrend *trend = a_trend (rows, n, julian (2026, 5, 30));
  g_assert_false (trend->compared);
  g_assert_true (g_str_has_prefix (trend->change, "Once two months have three sessions each"));
  g_assert_cmpstr (trend->basis, ==, "");
  td_trend_unref (trend);

  /* Three sessions, but one of them without the measure. */
  n = add_month (rows, 3, 5, (const float[]){ 140, 140, NAN }, 3);
  trend = a_trend (rows, n, julian (2026, 5, 30));
  g_assert_true (trend->compared);
  g_assert_cmpint (trend->changes[TD_TREND_MEAN_DEPTH].verdict, ==, TD_TREND_UNKNOWN);
  g_assert_null (strstr (trend->change, "deep"));
  td_trend_unref (trend);
}

static void
two_exercises_are_not_compared (void)
{
  TdSummaryRow rows[6];
  size_t n = add_month (rows, 0, 3, (const float[]){ 100, 100, 100 }, 3);
  n = add_month (rows, n, 5, (const float[]){ 140, 140, 140 }, 3);
  for (size_t i = 3; i < n; i++)
    g_strlcpy (rows[i].exercise, "narrow", sizeof rows[i].exercise);

  TdTrend *trend = a_trend (rows, n, julian (2026, 5, 30));
  g_assert_cmpstr (trend->change, ==, "Choose one exercise to see what has changed.");
  TdTrendChart *depth = td_trend_chart_new (trend, TD_TREND_CHART_DEPTH);
  g_assert_cmpstr (depth->title, ==, "Depth about 120° on average");
  td_trend_chart_free (depth);
  td_trend_unref (trend);
}

static void
the_load_is_told_beside_the_change (void)
{
  TdSummaryRow rows[6];
  size_t n = add_month (rows, 0, 3, (const float[]){ 120, 120, 120 }, 3);
  n = add_month (rows, n, 5, (const float[]){ 105, 105, 105 }, 3);
  for (size_t i = 0; i < n; i++)
    rows[i].load_kg = i < 3 ? 0 : 20;

  TdTrend *trend = a_trend (rows, n, julian (2026, 5, 30));
  g_assert_true (g_str_has_prefix (trend->change, "Since March you go 15° less deep;"));
  g_assert_cmpstr (trend->basis, ==,
                   "March: 3 sessions, body weight · May: 3 sessions, 20 kg on average");
  td_trend_unref (trend);

  /* What was not told is no body weight. */
  for (size_t i = 0; i < 4; i++)
    rows[i].load_kg = NAN;
  trend = a_trend (rows, n, julian (2026, 5, 30));
  g_assert_cmpstr (trend->basis, ==, "March: 3 sessions · May: 3 sessions, 20 kg on average");
  td_trend_unref (trend);
}

static void
repetitions_a_week_are_told_from_first_to_last (void)
{
  TdSummaryRow rows[9];
  static const char *const days[]
      = { "2026-03-02", "2026-03-09", "2026-03-16", "2026-03-23", "2026-03-30",
          "2026-04-06", "2026-04-13", "2026-04-20", "2026-04-27" };

  for (int i = 0; i < 9; i++)
    {
      g_autofree char *time = g_strconcat (days[i], "T10:00:00+01:00", NULL);
      rows[i] = a_row (i + 1, time, 110);
      rows[i].n_reps = i < 4 ? 20 : 40;
    }
  rows[8].n_reps = 1;

  /* The week that has just begun does not count. */
  TdTrend *trend = a_trend (rows, 9, julian (2026, 4, 27));
  TdTrendChart *reps = td_trend_chart_new (trend, TD_TREND_CHART_REPS);
  g_assert_cmpstr (reps->title, ==, "You do more: from 20 to 40 repetitions a week");
  g_assert_nonnull (strstr (reps->description, "9 weeks."));
  g_assert_nonnull (strstr (reps->description, "highest 40 in the week of 30 March 2026"));
  td_trend_chart_free (reps);
  td_trend_unref (trend);

  rows[8].n_reps = 12;
  trend = a_trend (rows + 8, 1, julian (2026, 4, 27));
  reps = td_trend_chart_new (trend, TD_TREND_CHART_REPS);
  g_assert_cmpstr (reps->title, ==, "12 repetitions so far this week");
  td_trend_chart_free (reps);
  td_trend_unref (trend);
}

/* --- Personal bests ----------------------------------------------------------------------- */

static void
bests_have_the_day_they_were_reached_first (void)
{
  TdSummaryRow rows[]
      = { a_row (1, "2026-03-02T10:00:00+01:00", 110), a_row (2, "2026-03-04T10:00:00+01:00", 122),
          a_row (3, "2026-03-11T10:00:00+01:00", 122), a_row (4, "2026-03-12T10:00:00+01:00", 100),
          a_row (4, "2026-03-12T10:00:00+01:00", 100) };
  rows[2].n_reps = 14;
  rows[3].load_kg = 20; /* ten with a load and ten without: twenty in a session */
  TdTrend *trend = a_trend (rows, 5, julian (2026, 3, 20));

  g_autofree char *deepest = td_trend_best_value (trend, TD_TREND_DEEPEST);
  g_autofree char *deepest_on = td_trend_best_date (trend, TD_TREND_DEEPEST);
  g_autofree char *most = td_trend_best_value (trend, TD_TREND_MOST_IN_SESSION);
  g_autofree char *most_on = td_trend_best_date (trend, TD_TREND_MOST_IN_SESSION);
  g_autofree char *heaviest = td_trend_best_value (trend, TD_TREND_HEAVIEST);
  g_autofree char *week = td_trend_best_value (trend, TD_TREND_MOST_IN_WEEK);
  g_autofree char *week_of = td_trend_best_date (trend, TD_TREND_MOST_IN_WEEK);
  g_assert_cmpstr (deepest, ==, "127°");
  g_assert_cmpstr (deepest_on, ==, "4 March 2026");
  g_assert_cmpstr (most, ==, "20 reps");
  g_assert_cmpstr (most_on, ==, "12 March 2026");
  g_assert_cmpstr (heaviest, ==, "20 kg");
  g_assert_cmpstr (week, ==, "34 reps");
  g_assert_cmpstr (week_of, ==, "Week of 9 March 2026");

  TdTrendChart *depth = td_trend_chart_new (trend, TD_TREND_CHART_DEPTH);
  TdTrendChart *reps = td_trend_chart_new (trend, TD_TREND_CHART_REPS);
  g_assert_cmpint (depth->best_week, ==, 0);
  g_assert_cmpint (reps->best_week, ==, 1);
  td_trend_chart_free (depth);
  td_trend_chart_free (reps);
  td_trend_unref (trend);
}

/* --- Drawing ------------------------------------------------------------------------------ */

static int
coloured_pixels (const TdTrendChart *chart, int width, int height, bool cursor)
{
  TdChartStyle style = td_chart_style_light ();
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);
  cairo_t *cr = cairo_create (surface);
  int n = 0;

  style.title = style.origin = false;
  td_trend_chart_draw (chart, &style, cr, width, height);
  if (cursor)
    td_trend_chart_draw_cursor (chart, &style, cr, width, height, chart->trend->n_weeks - 1);
  g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  const unsigned char *pixels = cairo_image_surface_get_data (surface);
  int stride = cairo_image_surface_get_stride (surface);
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        guint32 pixel;
        memcpy (&pixel, pixels + y * stride + 4 * x, sizeof pixel);
        int red = (int) (pixel >> 16) & 0xff, green = (int) (pixel >> 8) & 0xff;
        n += green > red + 40;
      }
  cairo_surface_destroy (surface);
  return n;
}

static void
every_chart_is_drawn_at_any_size (void)
{
  TdSummaryRow rows[60];

  for (int i = 0; i < 60; i++)
    {
      g_autofree char *day = td_trend_day_words (julian (2026, 1, 5) + 4 * i, "%FT10:00:00+01:00");
      rows[i] = a_row (i + 1, day, 100 + (float) i / 4);
      rows[i].load_kg = 20;
    }
  TdTrend *trend = a_trend (rows, 60, julian (2026, 9, 1));
  for (int k = 0; k < TD_N_TREND_CHARTS; k++)
    {
      TdTrendChart *chart = td_trend_chart_new (trend, (TdTrendChartKind) k);
      g_assert_null (chart->nothing);
      g_assert_cmpfloat (chart->y_lo, <, chart->y_hi);
      int n = coloured_pixels (chart, 500, 260, false);
      g_assert_cmpint (n, >, 300);
      coloured_pixels (chart, 40, 30, true);
      coloured_pixels (chart, 1, 1, true);
      td_trend_chart_free (chart);
    }
  td_trend_unref (trend);
}

static void
a_point_on_the_chart_is_its_week (void)
{
  TdSummaryRow rows[] = { a_row (1, "2026-03-02T10:00:00+01:00", 110) };
  TdTrend *trend = a_trend (rows, 1, julian (2026, 4, 6));
  TdTrendChart *chart = td_trend_chart_new (trend, TD_TREND_CHART_REPS);
  TdChartStyle style = td_chart_style_light ();
  TdChartFrame frame = td_trend_chart_frame (chart, &style, 600, 300);
  double slot = (frame.right - frame.left) / (double) trend->n_weeks;

  g_assert_cmpuint (trend->n_weeks, ==, 6);
  for (size_t w = 0; w < 6; w++)
    g_assert_cmpuint (
        td_trend_chart_week_at (chart, &frame, frame.left + ((double) w + 0.5) * slot), ==, w);
  g_assert_cmpuint (td_trend_chart_week_at (chart, &frame, -100), ==, 0);
  g_assert_cmpuint (td_trend_chart_week_at (chart, &frame, 9999), ==, 5);
  td_trend_chart_free (chart);
  td_trend_unref (trend);
}

static void
each_kind_of_file_is_written (void)
{
  static const struct
  {
    const char *end, *begins;
  } kinds[] = { { ".png", "\x89PNG" }, { ".svg", "<?xml" }, { ".pdf", "%PDF" } };
  TdSummaryRow row = a_row (1, "2026-03-02T10:00:00+01:00", 110);
  TdTrend *trend = a_trend (&row, 1, julian (2026, 3, 9));
  TdTrendChart *chart = td_trend_chart_new (trend, TD_TREND_CHART_DEPTH);
  g_autofree char *folder = g_dir_make_tmp ("td-trend-XXXXXX", NULL);
  TdStoreError error;

  for (size_t i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *path = g_strconcat (folder, "/depth", kinds[i].end, NULL);
      g_autofree char *text = NULL;
      g_assert_cmpint (td_trend_chart_save (chart, path, &error), ==, TD_STORE_OK);
      g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
      g_assert_true (g_str_has_prefix (text, kinds[i].begins));
      g_unlink (path);
    }
  g_autofree char *other = g_strconcat (folder, "/depth.bmp", NULL);
  g_assert_cmpint (td_trend_chart_save (chart, other, &error), ==, TD_STORE_FAILED);
  g_assert_nonnull (strstr (error.message, ".png"));
  g_rmdir (folder);
  td_trend_chart_free (chart);
  td_trend_unref (trend);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(test) g_test_add_func ("/trend/" #test, test)
  ADD (weeks_go_on_over_the_years_border);
  ADD (a_day_is_the_one_where_the_user_was);
  ADD (an_empty_week_is_a_gap_for_measures_and_zero_for_volume);
  ADD (a_session_of_two_loads_is_one_session);
  ADD (what_cannot_be_read_is_left_out);
  ADD (a_clock_far_ahead_shows_empty_weeks);
  ADD (exercises_come_with_the_last_one_first);
  ADD (each_load_is_a_choice);
  ADD (many_loads_become_ranges_in_the_users_units);
  ADD (volume_is_in_the_users_units);
  ADD (a_change_is_told_in_words);
  ADD (a_change_within_the_measuring_error_is_none);
  ADD (too_few_sessions_say_nothing);
  ADD (two_exercises_are_not_compared);
  ADD (the_load_is_told_beside_the_change);
  ADD (repetitions_a_week_are_told_from_first_to_last);
  ADD (bests_have_the_day_they_were_reached_first);
  ADD (every_chart_is_drawn_at_any_size);
  ADD (a_point_on_the_chart_is_its_week);
  ADD (each_kind_of_file_is_written);
#undef ADD
  return g_test_run ();
}
