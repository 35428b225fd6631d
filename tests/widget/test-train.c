/* test-train.c: what the train page says and keeps: guidance, tempo, what is measured, sets.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-guidance.h"
#include "td-rest-view.h"
#include "td-set-log.h"
#include "td-tempo.h"
#include "td-validity.h"
#include "td-words.h"

#include <math.h>

#define MS G_GINT64_CONSTANT (1000000)

/* --- Guidance ----------------------------------------------------------------------------- */

static TdPose
whole_person (void)
{
  TdPose pose = { .width = 640, .height = 480, .present = true };

  for (int j = 0; j < TD_N_JOINTS; j++)
    pose.joints[j] = (TdKeypoint){ .x = 320, .score = 0.9f };
  for (int side = 0; side < TD_N_SIDES; side++)
    {
      pose.joints[TD_JOINT_SHOULDER_LEFT + side].y = 120;
      pose.joints[TD_JOINT_HIP_LEFT + side].y = 240;
      pose.joints[TD_JOINT_KNEE_LEFT + side].y = 330;
      pose.joints[TD_JOINT_ANKLE_LEFT + side].y = 420;
    }
  return pose;
}

static TdLiveUpdate
good_update (void)
{
  TdLiveUpdate update = { .brightness = 0.5f, .shake = 0, .flow = TD_FLOW_SET };

  update.pose = whole_person ();
  update.measures.flexion_deg = td_measure (5, 3);
  for (int side = 0; side < TD_N_SIDES; side++)
    update.measures.fppa_deg[side] = td_measure (1, 3);
  return update;
}

static void
a_pose_says_what_is_cut_off (void)
{
  TdPose pose = whole_person (), nobody = { .width = 640, .height = 480 };

  g_assert_cmpint (td_guidance_of_pose (&pose), ==, TD_GUIDANCE_NONE);
  g_assert_cmpint (td_guidance_of_pose (&nobody), ==, TD_GUIDANCE_NOBODY);

  pose.joints[TD_JOINT_ANKLE_LEFT].y = 490;
  g_assert_cmpint (td_guidance_of_pose (&pose), ==, TD_GUIDANCE_STEP_BACK);
  pose = whole_person ();
  pose.joints[TD_JOINT_ANKLE_RIGHT].x = -5;
  g_assert_cmpint (td_guidance_of_pose (&pose), ==, TD_GUIDANCE_TO_THE_MIDDLE);

  /* Side-on the far leg is hidden: one whole leg will do, none will not. */
  pose = whole_person ();
  pose.joints[TD_JOINT_KNEE_LEFT].score = 0.05f;
  g_assert_cmpint (td_guidance_of_pose (&pose), ==, TD_GUIDANCE_NONE);
  pose.joints[TD_JOINT_KNEE_RIGHT].score = 0.05f;
  g_assert_cmpint (td_guidance_of_pose (&pose), ==, TD_GUIDANCE_SHOW_LEGS);
}

static void
who_is_far_away_comes_nearer_and_who_squats_does_not (void)
{
  TdPose far = whole_person (), deep = whole_person ();

  for (int j = 0; j < TD_N_JOINTS; j++)
    far.joints[j].y = 200 + (far.joints[j].y - 120) * 0.3f;
  g_assert_cmpint (td_guidance_of_pose (&far), ==, TD_GUIDANCE_COME_NEARER);

  /* Seen from the front, thighs that point at the camera are short. */
  for (int side = 0; side < TD_N_SIDES; side++)
    {
      deep.joints[TD_JOINT_HIP_LEFT + side].y = 345;
      deep.joints[TD_JOINT_KNEE_LEFT + side].y = 350;
      deep.joints[TD_JOINT_SHOULDER_LEFT + side].y = 230;
    }
  g_assert_cmpint (td_guidance_of_pose (&deep), ==, TD_GUIDANCE_NONE);
}

/* What is shown after UPDATE for FOR_MS, 30 pictures a second. */
static TdGuidanceId
show_for (TdGuidance *self, TdLiveUpdate *update, int for_ms)
{
  TdGuidanceId shown = self->shown;

  for (int t = 0; t < for_ms; t += 33)
    {
      update->pose.time_ns += 33 * MS;
      shown = td_guidance_push (self, update, td_profile_find ("cyclist"));
    }
  return shown;
}

static void
guidance_changes_at_most_once_a_second (void)
{
  TdGuidance guidance;
  TdLiveUpdate update = good_update ();
  int changes = 0;

  td_guidance_init (&guidance);
  show_for (&guidance, &update, 3000);
  /* Back and forth every half second for ten seconds. */
  TdGuidanceId before = guidance.shown;
  for (int i = 0; i < 20; i++)
    for (int t = 0; t < 500; t += 33)
      {
        update.pose.present = i % 2 == 0;
        TdGuidanceId shown = show_for (&guidance, &update, 33);
        changes += shown != before;
        before = shown;
      }
  g_assert_cmpint (changes, >, 0);
  g_assert_cmpint (changes, <=, 10);

  /* One bad picture says nothing. */
  update.pose.present = true;
  show_for (&guidance, &update, 3000);
  update.pose.present = false;
  g_assert_cmpint (show_for (&guidance, &update, 33), ==, TD_GUIDANCE_NONE);
  update.pose.present = true;
  g_assert_cmpint (show_for (&guidance, &update, 3000), ==, TD_GUIDANCE_NONE);
}

static void
the_most_important_comes_first (void)
{
  TdGuidance guidance;
  TdLiveUpdate update = good_update ();

  td_guidance_init (&guidance);
  g_assert_cmpint (show_for (&guidance, &update, 2000), ==, TD_GUIDANCE_NONE);
  update.flow = TD_FLOW_WAITING;
  g_assert_cmpint (show_for (&guidance, &update, 2000), ==, TD_GUIDANCE_HOLD_STILL);
  update.calibration_stage = TD_CALIBRATION_STAND;
  g_assert_cmpint (show_for (&guidance, &update, 2000), ==, TD_GUIDANCE_STAND_STRAIGHT);
  update.calibration_stage = TD_CALIBRATION_DEEP;
  g_assert_cmpint (show_for (&guidance, &update, 2000), ==, TD_GUIDANCE_ONE_DEEP);
  update.pose.joints[TD_JOINT_ANKLE_LEFT].y = 490;
  g_assert_cmpint (show_for (&guidance, &update, 2000), ==, TD_GUIDANCE_STEP_BACK);
  update.n_others = 1;
  g_assert_cmpint (show_for (&guidance, &update, 2000), ==, TD_GUIDANCE_TWO_PEOPLE);
  update.shake = 0.2f;
  g_assert_cmpint (show_for (&guidance, &update, 2000), ==, TD_GUIDANCE_SHAKES);
  update.brightness = 0.03f;
  g_assert_cmpint (show_for (&guidance, &update, 2000), ==, TD_GUIDANCE_DARK);
  update.n_others = 0;
  update.brightness = update.shake = NAN;
  update.pose.present = false;
  g_assert_cmpint (show_for (&guidance, &update, 2000), ==, TD_GUIDANCE_NOBODY);
  /* Where nothing is measured of the picture nothing is said of it. */
  update.pose = whole_person ();
  update.pose.time_ns = guidance.now_ns;
  update.calibration_stage = TD_CALIBRATION_OFF;
  update.flow = TD_FLOW_SET;
  g_assert_cmpint (show_for (&guidance, &update, 2000), ==, TD_GUIDANCE_NONE);
}

static void
the_view_is_told_after_a_while_and_not_for_ever (void)
{
  TdGuidance guidance;
  TdLiveUpdate update = good_update ();

  td_guidance_init (&guidance);
  show_for (&guidance, &update, 1000);
  for (int side = 0; side < TD_N_SIDES; side++)
    update.measures.fppa_deg[side] = td_measure_missing (TD_MISSING_FRONT_VIEW);
  g_assert_cmpint (show_for (&guidance, &update, 3000), ==, TD_GUIDANCE_NONE);
  g_assert_cmpint (show_for (&guidance, &update, 4000), ==, TD_GUIDANCE_TURN_TO_FRONT);
  /* Who stays side-on means it. */
  g_assert_cmpint (show_for (&guidance, &update, 8000), ==, TD_GUIDANCE_NONE);
  update.measures.fppa_deg[TD_SIDE_LEFT] = td_measure (1, 3);
  show_for (&guidance, &update, 500);
  update.measures.fppa_deg[TD_SIDE_LEFT] = td_measure_missing (TD_MISSING_FRONT_VIEW);
  g_assert_cmpint (show_for (&guidance, &update, 7000), ==, TD_GUIDANCE_TURN_TO_FRONT);
  update.measures.flexion_deg = td_measure_missing (TD_MISSING_DEPTH);
  g_assert_cmpint (show_for (&guidance, &update, 8000), ==, TD_GUIDANCE_TURN_TO_SIDE);
}

static void
two_people_are_told_and_not_for_ever (void)
{
  TdGuidance guidance;
  TdLiveUpdate update = good_update ();

  td_guidance_init (&guidance);
  update.flow = TD_FLOW_WAITING;
  g_assert_cmpint (show_for (&guidance, &update, 2000), ==, TD_GUIDANCE_HOLD_STILL);
  update.n_others = 1;
  g_assert_cmpint (show_for (&guidance, &update, 1000), ==, TD_GUIDANCE_TWO_PEOPLE);
  g_assert_cmpint (show_for (&guidance, &update, 4000), ==, TD_GUIDANCE_TWO_PEOPLE);
  /* Who stays must not hide what else is to be done. */
  g_assert_cmpint (show_for (&guidance, &update, 3000), ==, TD_GUIDANCE_HOLD_STILL);
  update.n_others = 0;
  g_assert_cmpint (show_for (&guidance, &update, 1000), ==, TD_GUIDANCE_HOLD_STILL);
  /* The next one is told again. */
  update.n_others = 1;
  g_assert_cmpint (show_for (&guidance, &update, 1000), ==, TD_GUIDANCE_TWO_PEOPLE);
}

static void
every_guidance_has_its_words (void)
{
  for (int id = 0; id < TD_GUIDANCE_NONE; id++)
    {
      const char *text = td_guidance_text ((TdGuidanceId) id);
      g_assert_nonnull (text);
      g_assert_cmpint (g_utf8_strlen (text, -1), <=, 44);
    }
  g_assert_null (td_guidance_text (TD_GUIDANCE_NONE));
}

/* --- Tempo -------------------------------------------------------------------------------- */

static void
push_phase (TdTempo *tempo, TdPhase phase, int for_ms, gint64 *now)
{
  for (int t = 0; t < for_ms; t += 50)
    td_tempo_push (tempo, phase, *now += 50 * MS);
}

static void
expect_tempo (const TdTempo *tempo, const char *expected)
{
  g_autofree char *text = td_tempo_text (tempo);

  g_assert_cmpstr (text, ==, expected);
}

static void
the_tempo_runs_with_the_repetition (void)
{
  TdTempo tempo;
  gint64 now = 1000 * MS;

  td_tempo_init (&tempo);
  push_phase (&tempo, TD_PHASE_TOP, 1000, &now);
  expect_tempo (&tempo, "");
  push_phase (&tempo, TD_PHASE_DOWN, 2000, &now);
  expect_tempo (&tempo, "↓ 2.0 s");
  push_phase (&tempo, TD_PHASE_BOTTOM, 500, &now);
  expect_tempo (&tempo, "‖ 0.5 s");
  /* A little lower still. */
  push_phase (&tempo, TD_PHASE_DOWN, 300, &now);
  expect_tempo (&tempo, "↓ 2.3 s");
  push_phase (&tempo, TD_PHASE_UP, 1200, &now);
  expect_tempo (&tempo, "↑ 1.2 s");
  push_phase (&tempo, TD_PHASE_TOP, 3000, &now);
  expect_tempo (&tempo, "↓ 2.3 s  ↑ 1.2 s");
  push_phase (&tempo, TD_PHASE_DOWN, 400, &now);
  expect_tempo (&tempo, "↓ 0.4 s");
  push_phase (&tempo, TD_PHASE_ABSENT, 100, &now);
  expect_tempo (&tempo, "");
}

/* --- What is measured --------------------------------------------------------------------- */

static void
what_is_not_measured_says_why_and_does_not_flicker (void)
{
  TdValidity validity;
  TdFrameMeasures m = { 0 };
  gint64 now = 0;

  td_validity_init (&validity);
  m.flexion_deg = td_measure (5, 1);
  m.trunk_lean_deg = td_measure (5, 1);
  m.fppa_deg[TD_SIDE_LEFT] = td_measure_missing (TD_MISSING_FRONT_VIEW);
  m.fppa_deg[TD_SIDE_RIGHT] = td_measure_missing (TD_MISSING_FRONT_VIEW);
  g_assert_true (td_validity_push (&validity, &m, now += 33 * MS));
  g_autofree char *depth = td_validity_text (&validity, TD_VALIDITY_DEPTH);
  g_autofree char *valgus = td_validity_text (&validity, TD_VALIDITY_VALGUS);
  g_autofree char *why = td_validity_sentence (&validity, TD_VALIDITY_VALGUS);
  g_assert_cmpstr (depth, ==, "depth ✓");
  g_assert_cmpstr (valgus, ==, "valgus – front view only");
  g_assert_cmpstr (why, ==, "Knees inward (valgus) is not measured: needs a front view");

  /* One knee is enough to say something; half a second is not. */
  m.fppa_deg[TD_SIDE_RIGHT] = td_measure (2, 1);
  for (int i = 0; i < 15; i++)
    g_assert_false (td_validity_push (&validity, &m, now += 33 * MS));
  m.fppa_deg[TD_SIDE_RIGHT] = td_measure_missing (TD_MISSING_FRONT_VIEW);
  for (int i = 0; i < 60; i++)
    g_assert_false (td_validity_push (&validity, &m, now += 33 * MS));
  m.fppa_deg[TD_SIDE_RIGHT] = td_measure (2, 1);
  int changes = 0;
  for (int i = 0; i < 60; i++)
    changes += td_validity_push (&validity, &m, now += 33 * MS);
  g_assert_cmpint (changes, ==, 1);
  g_autofree char *there = td_validity_text (&validity, TD_VALIDITY_VALGUS);
  g_assert_cmpstr (there, ==, "valgus ✓");
}

/* --- Sets --------------------------------------------------------------------------------- */

static TdRep
rep_of (float depth, gboolean counted)
{
  TdRep rep = { .counted = counted };

  for (int m = 0; m < TD_N_REP_MEASURES; m++)
    *(TdMeasure *) td_rep_measure_at (&rep, (TdRepMeasureId) m)
        = td_measure_missing (TD_MISSING_NOT_REACHED);
  if (!isnan (depth))
    rep.knee_flexion_max_deg = td_measure (depth, 3);
  return rep;
}

static void
add (TdSetLog *log, int set, float depth, gboolean counted)
{
  TdRep rep = rep_of (depth, counted);

  td_set_log_add (log, set, &rep);
}

static void
corrections_are_done_as_in_the_store (void)
{
  g_autoptr (TdSetLog) log = td_set_log_new ();
  guint n;

  add (log, 1, 110, TRUE);
  add (log, 1, 115, TRUE);
  add (log, 1, 60, FALSE);
  g_assert_cmpint (td_set_log_count (log, 1), ==, 2);
  g_assert_cmpint (td_set_log_attempts (log, 1), ==, 1);

  /* More: the newest attempt is one; then one that nothing was measured of. */
  td_set_log_settle (log, 1, 3);
  g_assert_cmpint (td_set_log_attempts (log, 1), ==, 0);
  td_set_log_settle (log, 1, 4);
  const TdLoggedRep *reps = td_set_log_reps (log, 1, &n);
  g_assert_cmpuint (n, ==, 4);
  g_assert_true (reps[3].by_hand);
  g_assert_false (td_measure_ok (reps[3].rep.knee_flexion_max_deg));

  /* Less: what was added goes, then the newest one that counts is none. */
  td_set_log_settle (log, 1, 2);
  reps = td_set_log_reps (log, 1, &n);
  g_assert_cmpuint (n, ==, 3);
  g_assert_false (reps[2].counts);
  g_assert_true (reps[1].counts);
  /* Nothing changed: nothing is done. */
  td_set_log_settle (log, 1, 2);
  g_assert_cmpint (td_set_log_count (log, 1), ==, 2);

  /* What was taken away last comes back first. */
  add (log, 2, 110, TRUE);
  add (log, 2, 115, TRUE);
  add (log, 2, 120, TRUE);
  td_set_log_settle (log, 2, 2);
  td_set_log_settle (log, 2, 1);
  td_set_log_settle (log, 2, 2);
  reps = td_set_log_reps (log, 2, &n);
  g_assert_true (reps[1].counts);
  g_assert_false (reps[2].counts);
}

static void
sets_are_kept_apart_and_added_up (void)
{
  g_autoptr (TdSetLog) log = td_set_log_new ();

  td_set_log_settle (log, 1, 0);
  g_assert_cmpint (td_set_log_n_sets (log), ==, 0);
  g_assert_false (td_measure_ok (td_set_log_deepest (log, 0)));
  add (log, 1, 110, TRUE);
  add (log, 2, 140, FALSE);
  add (log, 2, 121, TRUE);
  g_assert_cmpint (td_set_log_n_sets (log), ==, 2);
  g_assert_cmpint (td_set_log_count (log, 0), ==, 2);
  /* Of those that count. */
  g_assert_cmpfloat (td_set_log_deepest (log, 0).value, ==, 121);
  g_assert_cmpfloat (td_set_log_deepest (log, 1).value, ==, 110);
  td_set_log_clear (log);
  g_assert_cmpint (td_set_log_n_sets (log), ==, 0);
}

static void
expect_summary (const TdRep *reps, gsize n, const char *expected)
{
  g_autofree char *text = td_words_set_summary (reps, n);

  g_assert_cmpstr (text, ==, expected);
}

static void
a_set_is_summed_up_in_a_sentence_or_two (void)
{
  TdRep reps[6];

  for (int i = 0; i < 6; i++)
    {
      reps[i] = rep_of (120, TRUE);
      reps[i].concentric_s = td_measure (1 + (i >= 3 ? 0.6f : 0), 0.05f);
    }
  expect_summary (reps, 0, "");
  expect_summary (reps, 1, "Deepest 120°.");
  expect_summary (reps, 6, "Deepest 120°. Slower up at the end by 0.6 s.");
  for (int i = 3; i < 6; i++)
    reps[i].knee_flexion_max_deg = td_measure (105, 1);
  expect_summary (reps, 6, "Deepest 120°. Shallower at the end by 15°.");
  reps[1].fppa_side_deg[TD_SIDE_LEFT] = td_measure (16, 3);
  expect_summary (reps, 6, "Deepest 120°. Knees inward in 1 of 6.");
  for (int i = 0; i < 6; i++)
    reps[i] = rep_of (118, TRUE);
  expect_summary (reps, 6, "Deepest 118°. Even from first to last.");
}

static void
expect_text (char *text, const char *expected)
{
  g_assert_cmpstr (text, ==, expected);
  g_free (text);
}

static void
sets_are_in_words (void)
{
  const int alike[] = { 8, 8, 8 }, mixed[] = { 8, 8, 6 };

  expect_text (td_words_sets (alike, 3), "3 sets × 8");
  expect_text (td_words_sets (alike, 1), "1 set × 8");
  expect_text (td_words_sets (mixed, 3), "3 sets: 8, 8, 6");
  expect_text (td_words_set (2, 4), "Set 2 of 4");
  expect_text (td_words_set (2, 0), "Set 2");
}

static void
the_rest_counts_down_and_then_up_with_its_sign (void)
{
  expect_text (td_rest_clock (0, 90), "1:30");
  expect_text (td_rest_clock (17.5, 90), "1:13");
  expect_text (td_rest_clock (89.5, 90), "0:01");
  expect_text (td_rest_clock (90, 90), "+0:00");
  expect_text (td_rest_clock (98.9, 90), "+0:08");
  expect_text (td_rest_clock (61, 0), "1:01");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/guidance/a_pose_says_what_is_cut_off", a_pose_says_what_is_cut_off);
  g_test_add_func ("/guidance/who_is_far_away_comes_nearer_and_who_squats_does_not",
                   who_is_far_away_comes_nearer_and_who_squats_does_not);
  g_test_add_func ("/guidance/guidance_changes_at_most_once_a_second",
                   guidance_changes_at_most_once_a_second);
  g_test_add_func ("/guidance/the_most_important_comes_first", the_most_important_comes_first);
  g_test_add_func ("/guidance/the_view_is_told_after_a_while_and_not_for_ever",
                   the_view_is_told_after_a_while_and_not_for_ever);
  g_test_add_func ("/guidance/two_people_are_told_and_not_for_ever",
                   two_people_are_told_and_not_for_ever);
  g_test_add_func ("/guidance/every_guidance_has_its_words", every_guidance_has_its_words);
  g_test_add_func ("/tempo/the_tempo_runs_with_the_repetition", the_tempo_runs_with_the_repetition);
  g_test_add_func ("/validity/what_is_not_measured_says_why_and_does_not_flicker",
                   what_is_not_measured_says_why_and_does_not_flicker);
  g_test_add_func ("/sets/corrections_are_done_as_in_the_store",
                   corrections_are_done_as_in_the_store);
  g_test_add_func ("/sets/sets_are_kept_apart_and_added_up", sets_are_kept_apart_and_added_up);
  g_test_add_func ("/words/a_set_is_summed_up_in_a_sentence_or_two",
                   a_set_is_summed_up_in_a_sentence_or_two);
  g_test_add_func ("/words/sets_are_in_words", sets_are_in_words);
  g_test_add_func ("/words/the_rest_counts_down_and_then_up_with_its_sign",
                   the_rest_counts_down_and_then_up_with_its_sign);
  return g_test_run ();
}
