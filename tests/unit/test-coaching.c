/* test-coaching.c: checks of a repetition, the summary of a set, and what is known of a profile.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-check.h"
#include "td-set.h"

#include <glib.h>
#include <math.h>

/* A counted repetition of which nothing was measured. */
static TdRep
blank_rep (void)
{
  TdRep rep = { .counted = true };
  for (int m = 0; m < TD_N_REP_MEASURES; m++)
    {
      TdMeasure *measure = (TdMeasure *) ((char *) &rep + td_rep_measures[m].offset);
      *measure = td_measure_missing (TD_MISSING_JOINTS);
    }
  return rep;
}

static void
test_every_measure_has_its_own_place_and_names (void)
{
  for (int a = 0; a < TD_N_REP_MEASURES; a++)
    {
      const TdRepMeasure *m = &td_rep_measures[a];
      g_assert_cmpstr (m->name, !=, NULL);
      g_assert_cmpstr (m->label, !=, "");
      g_assert_true (g_str_has_suffix (m->name, "_deg") || g_str_has_suffix (m->name, "_s")
                     || g_str_has_suffix (m->name, "_ratio"));
      for (int b = 0; b < a; b++)
        {
          g_assert_cmpuint (m->offset, !=, td_rep_measures[b].offset);
          g_assert_cmpstr (m->name, !=, td_rep_measures[b].name);
          g_assert_cmpstr (m->sigma, !=, td_rep_measures[b].sigma);
        }
    }
}

static void
test_every_check_of_every_profile_can_pass_and_fail (void)
{
  size_t n;
  const TdProfile *all = td_profile_all (&n);
  for (size_t p = 0; p < n; p++)
    for (int i = 0; i < td_profile_n_checks (&all[p]); i++)
      {
        const TdCheck *check = &all[p].checks[i];
        TdRep rep = blank_rep ();
        TdMeasure *m = (TdMeasure *) ((char *) &rep + td_rep_measures[check->measure].offset);
        g_assert_cmpstr (check->cue, !=, NULL);
        g_assert_cmpstr (check->advice, !=, NULL);
        g_assert_cmpstr (check->name, !=, NULL);
        g_assert_cmpfloat (check->limit, >=, check->limit_min);
        g_assert_cmpfloat (check->limit, <=, check->limit_max);
        g_assert_cmpint (td_check_rep (check, &rep), ==, TD_VERDICT_UNKNOWN);
        float worse = check->sense == TD_CHECK_AT_LEAST ? -1.f : 1.f;
        float sigma = 0.1f * fmaxf (fabsf (check->limit), 1.f);
        *m = td_measure (check->limit, sigma);
        g_assert_cmpint (td_check_rep (check, &rep), ==, TD_VERDICT_PASSED);
        *m = td_measure (check->limit + 0.9f * worse * sigma, sigma);
        g_assert_cmpint (td_check_rep (check, &rep), ==, TD_VERDICT_UNSURE);
        *m = td_measure (check->limit + 1.1f * worse * sigma, sigma);
        g_assert_cmpint (td_check_rep (check, &rep), ==, TD_VERDICT_FAILED);
        g_assert_true (td_profile_first_failed (&all[p], &rep) == check);
        if (check->sense == TD_CHECK_WITHIN)
          {
            *m = td_measure (-check->limit - 1.1f * sigma, sigma);
            g_assert_cmpint (td_check_rep (check, &rep), ==, TD_VERDICT_FAILED);
          }
      }
}

static void
test_the_most_important_failure_is_said_first (void)
{
  const TdProfile *cyclist = td_profile_find ("cyclist");
  TdRep rep = blank_rep ();
  g_assert_null (td_profile_first_failed (cyclist, &rep));
  rep.lockout_deg = td_measure (40.f, 5.f);
  g_assert_cmpstr (td_profile_first_failed (cyclist, &rep)->id, ==, "lockout");
  rep.fppa_worst_deg = td_measure (20.f, 4.f);
  g_assert_cmpstr (td_profile_first_failed (cyclist, &rep)->id, ==, "knees");
}

static void
test_a_user_may_move_a_limit (void)
{
  TdProfile mine = *td_profile_find ("narrow");
  TdRep rep = blank_rep ();
  rep.fppa_worst_deg = td_measure (14.f, 2.f);
  g_assert_nonnull (td_profile_first_failed (&mine, &rep));
  td_profile_check (&mine, "knees")->limit = 20.f;
  g_assert_null (td_profile_first_failed (&mine, &rep));
  g_assert_null (td_profile_check (&mine, "no such check"));
  g_assert_nonnull (td_profile_first_failed (td_profile_find ("narrow"), &rep));
}

/* A set whose repetitions get shallower. */
static void
fill_set (TdRep *reps, int n)
{
  for (int i = 0; i < n; i++)
    {
      reps[i] = blank_rep ();
      reps[i].knee_flexion_max_deg = td_measure (120.f - 2.f * (float) i, 4.f);
    }
}

static void
test_a_set_has_mean_spread_and_change (void)
{
  TdRep reps[9];
  TdSetSummary summary;
  fill_set (reps, 8);
  reps[8] = blank_rep ();
  reps[8].counted = false;
  reps[8].knee_flexion_max_deg = td_measure (50.f, 4.f);
  td_set_summarise (reps, 9, &summary);
  const TdSetMeasure *depth = &summary.measures[TD_REP_KNEE_FLEXION_MAX];
  g_assert_cmpint (summary.n_counted, ==, 8);
  g_assert_cmpint (summary.n_attempts, ==, 1);
  g_assert_cmpint (depth->n, ==, 8);
  g_assert_cmpfloat_with_epsilon (depth->mean.value, 113.f, 1e-3f);
  /* 120, 118 … 106: variance 24. */
  g_assert_cmpfloat_with_epsilon (depth->spread.value, sqrtf (24.f), 1e-3f);
  g_assert_cmpfloat_with_epsilon (depth->mean.sigma, sqrtf (24.f / 8.f), 1e-3f);
  g_assert_cmpfloat_with_epsilon (depth->change.value, 108.f - 118.f, 1e-3f);
  g_assert_cmpint (summary.measures[TD_REP_FPPA].n, ==, 0);
  g_assert_cmpint (summary.measures[TD_REP_FPPA].mean.missing, ==, TD_MISSING_TOO_FEW);
}

static void
test_change_needs_four_repetitions (void)
{
  static const struct
  {
    int n;
    float change; /* NAN: missing */
  } rows[] = { { 0, NAN }, { 1, NAN }, { 3, NAN }, { 4, -4.f }, { 5, -5.f }, { 6, -6.f } };
  for (guint r = 0; r < G_N_ELEMENTS (rows); r++)
    {
      TdRep reps[6];
      TdSetSummary summary;
      fill_set (reps, rows[r].n);
      td_set_summarise (reps, (size_t) rows[r].n, &summary);
      TdMeasure change = summary.measures[TD_REP_KNEE_FLEXION_MAX].change;
      g_assert_cmpint (td_measure_ok (change), ==, !isnan (rows[r].change));
      if (td_measure_ok (change))
        g_assert_cmpfloat_with_epsilon (change.value, rows[r].change, 1e-3f);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define TEST(path, function) g_test_add_func ("/coaching/" path, function)
  TEST ("every_measure_has_its_own_place_and_names",
        test_every_measure_has_its_own_place_and_names);
  TEST ("every_check_of_every_profile_can_pass_and_fail",
        test_every_check_of_every_profile_can_pass_and_fail);
  TEST ("the_most_important_failure_is_said_first", test_the_most_important_failure_is_said_first);
  TEST ("a_user_may_move_a_limit", test_a_user_may_move_a_limit);
  TEST ("a_set_has_mean_spread_and_change", test_a_set_has_mean_spread_and_change);
  TEST ("change_needs_four_repetitions", test_change_needs_four_repetitions);
  return g_test_run ();
}
