/* test-words.c: what is said of a repetition and a pose, and the latency statistics.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-gauge.h"
#include "td-latency.h"
#include "td-words.h"

#include <math.h>
#include <string.h>

static TdMeasure *
measure_at (TdRep *rep, TdRepMeasureId id)
{
  return (TdMeasure *) td_rep_measure_at (rep, id);
}

static TdRep
counted_rep (void)
{
  TdRep rep = { .index = 4, .number = 3, .counted = true, .depth = TD_DEPTH_PARALLEL };

  for (int m = 0; m < TD_N_REP_MEASURES; m++)
    *measure_at (&rep, (TdRepMeasureId) m) = td_measure_missing (TD_MISSING_NOT_REACHED);
  rep.knee_flexion_max_deg = td_measure (122.4f, 3);
  rep.fppa_deg = td_measure (1, 3);
  rep.fppa_side_deg[TD_SIDE_LEFT] = td_measure (-2, 3);
  rep.fppa_side_deg[TD_SIDE_RIGHT] = td_measure (4, 3);
  return rep;
}

static void
feedback_names_number_depth_and_knees (void)
{
  TdRep rep = counted_rep ();
  g_autofree char *text = td_words_feedback (&rep, td_profile_find ("cyclist"));

  g_assert_cmpstr (text, ==, "Repetition 3: parallel, 122°\nknees steady (4°)");
}

static void
one_bad_knee_is_not_hidden_by_the_mean (void)
{
  TdRep rep = counted_rep ();

  rep.fppa_side_deg[TD_SIDE_RIGHT] = td_measure (14, 3);
  g_autofree char *inward = td_words_valgus (&rep);
  g_assert_cmpstr (inward, ==, "knees inward (valgus, 14°)");

  rep.fppa_side_deg[TD_SIDE_RIGHT] = td_measure (7, 3);
  g_autofree char *little = td_words_valgus (&rep);
  g_assert_cmpstr (little, ==, "knees a little inward (7°)");

  rep.fppa_deg = td_measure (-9, 3);
  rep.fppa_side_deg[TD_SIDE_LEFT] = td_measure (-9, 3);
  rep.fppa_side_deg[TD_SIDE_RIGHT] = td_measure (-8, 3);
  g_autofree char *outward = td_words_valgus (&rep);
  g_assert_cmpstr (outward, ==, "knees outward (8°)");
}

static void
a_missing_measure_says_why (void)
{
  TdRep rep = counted_rep ();

  rep.fppa_deg = td_measure_missing (TD_MISSING_FRONT_VIEW);
  rep.fppa_side_deg[TD_SIDE_LEFT] = rep.fppa_side_deg[TD_SIDE_RIGHT] = rep.fppa_deg;
  g_autofree char *valgus = td_words_valgus (&rep);
  g_assert_cmpstr (valgus, ==, "valgus: needs a front view");

  g_autofree char *number = td_words_measure (rep.fppa_deg, 0);
  g_assert_cmpstr (number, ==, "–");
}

static void
a_rejected_attempt_says_what_it_needed (void)
{
  TdRep rep = counted_rep ();

  rep.counted = false;
  rep.number = 0;
  rep.reason = TD_REASON_SHALLOW;
  rep.knee_flexion_max_deg = td_measure (62, 3);
  g_autofree char *text = td_words_feedback (&rep, td_profile_find ("cyclist"));
  g_assert_cmpstr (text, ==, "Not counted: too shallow (62°, needs 70°)");
}

static void
no_number_is_minus_zero (void)
{
  g_autofree char *whole = td_words_measure (td_measure (-0.4f, 1), 0);
  g_autofree char *tenth = td_words_measure (td_measure (-0.04f, 1), 1);
  g_autofree char *minus = td_words_measure (td_measure (-0.6f, 1), 0);

  g_assert_cmpstr (whole, ==, "0");
  g_assert_cmpstr (tenth, ==, "0.0");
  g_assert_cmpstr (minus, ==, "-1");
}

static void
expect_note (const TdRep *rep, const char *note)
{
  g_autofree char *text = td_words_feedback (rep, td_profile_find ("cyclist"));
  const char *third = strchr (strchr (text, '\n') + 1, '\n');

  g_assert_cmpstr (third ? third + 1 : NULL, ==, note);
}

static void
the_cue_is_that_of_the_most_important_check_that_failed (void)
{
  const TdProfile *cyclist = td_profile_find ("cyclist");
  TdProfile copy = *cyclist;
  float stance = td_profile_check (&copy, "stance")->limit;
  float lockout = td_profile_check (&copy, "lockout")->limit;
  TdRep rep = counted_rep ();

  expect_note (&rep, NULL);
  g_assert_null (td_words_advice (&rep, cyclist));
  /* Not by an error of measurement alone. */
  rep.stance_ratio = td_measure (stance + 0.1f, 0.2f);
  expect_note (&rep, NULL);
  rep.stance_ratio.sigma = 0.05f;
  expect_note (&rep, "▸◂ Feet together");
  rep.lockout_deg = td_measure (lockout + 4, 5);
  expect_note (&rep, "▸◂ Feet together");
  rep.lockout_deg = td_measure (lockout + 6, 5);
  expect_note (&rep, "┃ Stand tall");
  rep.knee_flexion_max_deg = td_measure (100, 3);
  expect_note (&rep, "▼ Deeper");
  rep.fppa_worst_deg = td_measure (14, 3);
  expect_note (&rep, "◂▸ Knees out");
  g_autofree char *advice = td_words_advice (&rep, cyclist);
  g_assert_cmpstr (advice, ==, "A knee fell inward. Push your knees out, over your toes.");

  /* An attempt says why it was none, nothing else. */
  rep.counted = false;
  rep.reason = TD_REASON_MOVED;
  g_autofree char *attempt = td_words_feedback (&rep, cyclist);
  g_assert_null (strchr (attempt, '\n'));
  g_assert_null (td_words_advice (&rep, cyclist));
}

/* Whatever check is added to a profile: a cue of a few words with a sign, and a sentence. */
static void
each_check_has_its_cue_and_its_advice (void)
{
  size_t n;
  const TdProfile *profiles = td_profile_all (&n);

  for (size_t p = 0; p < n; p++)
    for (int i = 0; i < td_profile_n_checks (&profiles[p]); i++)
      {
        const TdCheck *check = &profiles[p].checks[i];
        TdRep rep = counted_rep ();
        float beyond = check->sense == TD_CHECK_AT_LEAST ? -1 : 1;
        rep.knee_flexion_max_deg = td_measure (179, 3);
        *measure_at (&rep, (TdRepMeasureId) check->measure)
            = td_measure (check->limit + 2 * beyond, 1);
        g_autofree char *text = td_words_feedback (&rep, &profiles[p]);
        g_autofree char *advice = td_words_advice (&rep, &profiles[p]);
        const char *cue = strrchr (text, '\n') + 1;
        g_assert_true (g_str_has_suffix (cue, check->cue));
        g_assert_cmpuint (strlen (cue), >, strlen (check->cue) + 1);
        g_assert_cmpint (g_utf8_strlen (cue, -1), <=, 28);
        g_assert_cmpstr (advice, ==, check->advice);
        g_assert_true (g_str_has_suffix (advice, "."));
      }
}

static void
a_depth_that_is_not_sure_says_so (void)
{
  static const struct
  {
    TdDepth depth;
    const char *sure, *unsure;
  } rows[] = {
    { TD_DEPTH_UNKNOWN, "–", "–" },
    { TD_DEPTH_ABOVE_QUARTER, "very shallow", "about a quarter" },
    { TD_DEPTH_HALF, "half", "about half" },
    { TD_DEPTH_PARALLEL, "parallel", "about parallel" },
    { TD_DEPTH_CALF, "hamstrings on calves", "hamstrings about on calves" },
  };
  TdRep rep = counted_rep ();

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      rep.depth = rows[i].depth;
      rep.depth_unsure = false;
      g_autofree char *sure = td_words_depth_class (&rep);
      rep.depth_unsure = true;
      g_autofree char *unsure = td_words_depth_class (&rep);
      g_assert_cmpstr (sure, ==, rows[i].sure);
      g_assert_cmpstr (unsure, ==, rows[i].unsure);
    }
  rep.depth = TD_DEPTH_PARALLEL;
  g_autofree char *text = td_words_depth (&rep);
  g_assert_cmpstr (text, ==, "about parallel, 122°");
}

static void
expect_end (const TdLiveUpdate *update, const char *expected)
{
  g_autofree char *text = td_words_end (update, update->count, update->attempts);

  g_assert_cmpstr (text, ==, expected);
}

static void
the_end_says_saved_only_of_what_is_saved (void)
{
  TdLiveUpdate update = { .state = TD_LIVE_ENDED };

  expect_end (&update, "Done: no repetition was seen.");
  update.attempts = 2;
  expect_end (&update, "Done: no repetition, 2 attempts were not counted.");
  update.count = 6;
  expect_end (&update, "Done: 6 repetitions, 2 not counted. Saved in History.");
  update.attempts = 0;
  update.count = 1;
  expect_end (&update, "Done: 1 repetition. Saved in History.");

  update.n_unsaved = 1;
  update.saving = TD_LIVE_SAVING_FAILS;
  g_strlcpy (update.saving_detail, "The disk is full.", sizeof update.saving_detail);
  expect_end (&update, "Done: 1 repetition. Not all of it is saved. The disk is full.");
  update.problem = TD_LIVE_SOURCE_PROBLEM;
  g_strlcpy (update.problem_detail, "“x” is damaged.", sizeof update.problem_detail);
  expect_end (&update, "The video cannot be read to its end. “x” is damaged. Done: 1 repetition. "
                       "Not all of it is saved. The disk is full.");
  update.saving = TD_LIVE_SAVING_OFF;
  update.problem = TD_LIVE_NO_PROBLEM;
  update.problem_detail[0] = '\0';
  expect_end (&update, "Done: 1 repetition. Nothing of it is saved. The disk is full.");
}

static void
expect_trouble (const TdLiveUpdate *update, gboolean in_session, const char *expected)
{
  g_autofree char *text = td_words_trouble (update, in_session);

  g_assert_cmpstr (text, ==, expected);
}

static void
trouble_says_what_is_safe (void)
{
  TdLiveUpdate update = { .state = TD_LIVE_RUNNING };

  expect_trouble (&update, TRUE, NULL);
  update.saving = TD_LIVE_SAVING_FAILS;
  update.n_unsaved = 1;
  g_strlcpy (update.saving_detail, "The disk is full.", sizeof update.saving_detail);
  expect_trouble (&update, TRUE, "Not saved yet, the count goes on. The disk is full.");
  expect_trouble (&update, FALSE, "Not all of it is saved. The disk is full.");

  update.state = TD_LIVE_LOST;
  update.session_count = 3;
  expect_trouble (&update, TRUE,
                  "The camera was unplugged. Your count stays at 3, but not all of it is saved. "
                  "Plug it in to go on.");
  update.n_unsaved = 0;
  expect_trouble (&update, TRUE,
                  "The camera was unplugged. Your 3 repetitions are saved. Plug it in to go on.");
  update.session_count = 1;
  expect_trouble (&update, TRUE,
                  "The camera was unplugged. Your 1 repetition is saved. Plug it in to go on.");
  expect_trouble (&update, FALSE, "The camera was unplugged. Plug it in to go on.");
}

static void
what_a_recovered_session_lost_is_named_as_unknown (void)
{
  g_autofree char *date = td_words_date ("");
  g_autofree char *exercise = td_words_exercise ("");
  g_autofree char *known = td_words_exercise ("cyclist");
  g_autofree char *other = td_words_exercise ("deadlift");

  g_assert_cmpstr (date, ==, "Unknown date");
  g_assert_cmpstr (exercise, ==, "Unknown exercise");
  g_assert_cmpstr (known, ==, "Cyclist squat");
  g_assert_cmpstr (other, ==, "deadlift");
}

static void
a_file_is_named_after_the_session (void)
{
  g_autofree char *name = td_words_csv_name ("2026-11-20T18:03:11+01:00");
  g_autofree char *odd = td_words_csv_name ("yesterday");
  g_autofree char *date = td_words_date ("yesterday");

  g_assert_cmpstr (name, ==, "teardrop-2026-11-20-1803.csv");
  g_assert_cmpstr (odd, ==, "teardrop.csv");
  g_assert_cmpstr (date, ==, "yesterday");
}

static float
depth_of (const TdFrameMeasures *measures, gboolean by_knees)
{
  return td_gauge_depth (measures, by_knees).value;
}

static void
the_gauge_reads_what_the_exercise_is_judged_by_and_else_the_other (void)
{
  TdFrameMeasures m = { 0 };

  m.flexion_deg = m.thigh_deg = td_measure_missing (TD_MISSING_NO_PERSON);
  g_assert_false (td_measure_ok (td_gauge_depth (&m, FALSE)));
  g_assert_false (td_measure_ok (td_gauge_depth (&m, TRUE)));

  m.thigh_deg = td_measure (90, 1);
  g_assert_cmpfloat_with_epsilon (depth_of (&m, FALSE), 0, 1e-4f);
  m.thigh_deg = td_measure (10, 1);
  g_assert_cmpfloat_with_epsilon (depth_of (&m, TRUE), 1, 1e-4f);
  m.thigh_deg = td_measure (-15, 1);
  g_assert_cmpfloat (depth_of (&m, FALSE), >, 1.4f);

  m.flexion_deg = td_measure (0, 1);
  g_assert_cmpfloat_with_epsilon (depth_of (&m, TRUE), 0, 1e-4f);
  g_assert_cmpfloat (depth_of (&m, FALSE), >, 1.4f);
  m.thigh_deg = td_measure_missing (TD_MISSING_DEPTH);
  m.flexion_deg = td_measure (110, 1);
  g_assert_cmpfloat_with_epsilon (depth_of (&m, FALSE), 1, 1e-4f);
}

static void
the_mark_to_reach_is_the_users_own_limit (void)
{
  TdProfile cyclist = *td_profile_find ("cyclist");
  TdCheck *depth = td_profile_check (&cyclist, "depth");
  TdFrameMeasures m = { 0 };

  depth->limit = 131;
  m.flexion_deg = td_measure (131, 1);
  m.thigh_deg = td_measure_missing (TD_MISSING_DEPTH);
  g_assert_cmpfloat_with_epsilon (td_gauge_depth_of_check (depth), depth_of (&m, TRUE), 1e-4f);
  g_assert_true (isnan (td_gauge_depth_of_check (td_profile_check (&cyclist, "trunk"))));
}

static void
latency_counts_only_what_was_painted (void)
{
  g_autoptr (TdLatency) latency = td_latency_new ();
  g_autofree char *none = td_latency_report (latency);

  g_assert_cmpstr (none, ==, "latency-ms pictures 0");
  for (int i = 1; i <= 100; i++)
    {
      gint64 now = (gint64) i * 1000000000;
      td_latency_picture (latency, now - 900000000, now - 800000000); /* replaced, never painted */
      td_latency_picture (latency, now - 2000000 * i, now - 1000000 * i);
      td_latency_painted (latency, now);
      td_latency_painted (latency, now + 5); /* a redraw of the same picture */
    }
  g_autofree char *report = td_latency_report (latency);
  g_assert_cmpstr (report, ==,
                   "latency-ms pictures 100 camera-p50 102.0 camera-p95 190.0 source-p50 51.0 "
                   "source-p95 95.0");
}

static void
a_camera_that_cannot_be_used_has_a_reason_and_a_way_out (void)
{
  static const struct
  {
    TdCaptureStatus reason;
    const char *title, *says, *to_do;
  } cases[] = {
    { TD_CAPTURE_DENIED, "No Permission for the Camera", "may not use “Cam”", "group “video”" },
    { TD_CAPTURE_BUSY, "The Camera Is in Use", "Another program is using “Cam”", "Close it" },
    { TD_CAPTURE_UNPLUGGED, "The Camera Is Not There", "“Cam” was unplugged", "Plug it in" },
    { TD_CAPTURE_NOT_FOUND, "The Camera Is Not There", "“Cam” was unplugged", "Plug it in" },
    { TD_CAPTURE_SILENT, "The Camera Gives No Picture", "“Cam” answers", "close it there" },
    { TD_CAPTURE_FAILED, "The Camera Cannot Be Used", "No memory.", "choose another one" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = td_words_camera (cases[i].reason, "Cam", "No memory.");
      g_assert_cmpstr (td_words_camera_title (cases[i].reason), ==, cases[i].title);
      g_assert_nonnull (strstr (text, cases[i].says));
      g_assert_nonnull (strstr (text, cases[i].to_do));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/words/feedback_names_number_depth_and_knees",
                   feedback_names_number_depth_and_knees);
  g_test_add_func ("/words/one_bad_knee_is_not_hidden_by_the_mean",
                   one_bad_knee_is_not_hidden_by_the_mean);
  g_test_add_func ("/words/a_missing_measure_says_why", a_missing_measure_says_why);
  g_test_add_func ("/words/a_rejected_attempt_says_what_it_needed",
                   a_rejected_attempt_says_what_it_needed);
  g_test_add_func ("/words/the_cue_is_that_of_the_most_important_check_that_failed",
                   the_cue_is_that_of_the_most_important_check_that_failed);
  g_test_add_func ("/words/each_check_has_its_cue_and_its_advice",
                   each_check_has_its_cue_and_its_advice);
  g_test_add_func ("/words/a_depth_that_is_not_sure_says_so", a_depth_that_is_not_sure_says_so);
  g_test_add_func ("/words/the_end_says_saved_only_of_what_is_saved",
                   the_end_says_saved_only_of_what_is_saved);
  g_test_add_func ("/words/trouble_says_what_is_safe", trouble_says_what_is_safe);
  g_test_add_func ("/words/what_a_recovered_session_lost_is_named_as_unknown",
                   what_a_recovered_session_lost_is_named_as_unknown);
  g_test_add_func ("/words/no_number_is_minus_zero", no_number_is_minus_zero);
  g_test_add_func ("/words/a_file_is_named_after_the_session", a_file_is_named_after_the_session);
  g_test_add_func ("/gauge/the_gauge_reads_what_the_exercise_is_judged_by_and_else_the_other",
                   the_gauge_reads_what_the_exercise_is_judged_by_and_else_the_other);
  g_test_add_func ("/gauge/the_mark_to_reach_is_the_users_own_limit",
                   the_mark_to_reach_is_the_users_own_limit);
  g_test_add_func ("/latency/latency_counts_only_what_was_painted",
                   latency_counts_only_what_was_painted);
  g_test_add_func ("/words/a_camera_that_cannot_be_used_has_a_reason_and_a_way_out",
                   a_camera_that_cannot_be_used_has_a_reason_and_a_way_out);

  return g_test_run ();
}
