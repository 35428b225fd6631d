/* test-coach.c: what is said and beeped, and when, on a clock of the test's own.
 *
 * What the coach wants heard is written down: "8" was said, "8/count" with the beep that stands in for
 * it, "!tick" was beeped.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-coach.h"
#include "td-settings.h"

#include <math.h>
#include <string.h>

typedef struct
{
  GSettings *settings;
  TdCoach *coach;
  GString *heard; /* what came since it was looked at, joined by spaces */
  gboolean awake;
  double volume;
  guint hushed;
  gint64 since_ns;

  gint64 now_ms;
  TdLiveUpdate update;
  TdProfile profile;
} Fixture;

static const char *const beep_names[TD_N_BEEPS]
    = { "none", "count", "attempt", "depth", "tick", "go", "set-end", "error" };

static void
add (Fixture *f, const char *what)
{
  g_string_append_printf (f->heard, "%s%s", f->heard->len ? " " : "", what);
}

static void
on_awake (gpointer data, gboolean awake)
{
  ((Fixture *) data)->awake = awake;
}

static void
on_volume (gpointer data, double volume)
{
  ((Fixture *) data)->volume = volume;
}

static void
on_beep (gpointer data, TdBeep beep, gint64 since_ns)
{
  Fixture *f = data;
  g_autofree char *what = g_strconcat ("!", beep_names[beep], NULL);

  add (f, what);
  f->since_ns = since_ns;
}

static void
on_say (gpointer data, const char *text, TdBeep instead, gint64 since_ns)
{
  Fixture *f = data;
  g_autofree char *what
      = g_strconcat (text, instead ? "/" : "", instead ? beep_names[instead] : "", NULL);

  add (f, what);
  f->since_ns = since_ns;
}

static void
on_hush (gpointer data)
{
  ((Fixture *) data)->hushed++;
}

static const TdCoachVoice recorder = { on_awake, on_volume, on_beep, on_say, on_hush };

static void
set_up (Fixture *f, gconstpointer data)
{
  (void) data;
  f->settings = td_settings_new ();
  g_assert_nonnull (f->settings);
  for (const char *const *key = (const char *const[]){ "voice", "cues", "beeps", "depth-beep",
                                                       "volume", "target-reps", NULL };
       *key; key++)
    g_settings_reset (f->settings, *key);
  g_settings_set_int (f->settings, "target-reps", 0);
  f->heard = g_string_new (NULL);
  f->coach = td_coach_new_with_voice (&recorder, f, f->settings);
  f->profile = *td_profile_find ("cyclist");
  f->now_ms = 5000000;
  f->update.state = TD_LIVE_PREVIEW;
  f->update.pose.present = true;
  f->update.pose.width = 640;
  f->update.pose.height = 480;
  for (int j = 0; j < TD_N_JOINTS; j++)
    f->update.pose.joints[j] = (TdKeypoint){ .x = 300, .y = 300, .score = 1 };
  f->update.measures.flexion_deg = f->update.measures.thigh_deg
      = td_measure_missing (TD_MISSING_JOINTS);
  f->update.phase = TD_PHASE_TOP;
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  (void) data;
  td_coach_free (f->coach);
  g_string_free (f->heard, TRUE);
  g_object_unref (f->settings);
}

/* A picture, MS after the one before. */
static void
step (Fixture *f, int ms)
{
  f->now_ms += ms;
  f->update.arrived_ns = f->now_ms * 1000000;
  f->update.pose.time_ns += (int64_t) ms * 1000000;
  td_coach_hear (f->coach, &f->update, &f->profile, f->now_ms * 1000);
  f->update.reps = NULL;
  f->update.n_reps = 0;
}

#define HEARS(f, expected)                                                                         \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_assert_cmpstr ((f)->heard->str, ==, expected);                                               \
    g_string_truncate ((f)->heard, 0);                                                             \
  }                                                                                                \
  G_STMT_END

static void
begin (Fixture *f, TdFlowState flow)
{
  f->update.state = TD_LIVE_RUNNING;
  f->update.flow = flow;
  f->update.set_number = 1;
  step (f, 33);
}

static TdRep
good_rep (float flexion_deg)
{
  TdRep rep = { .counted = true };

  for (int m = 0; m < TD_N_REP_MEASURES; m++)
    *(TdMeasure *) td_rep_measure_at (&rep, (TdRepMeasureId) m)
        = td_measure_missing (TD_MISSING_NOT_REACHED);
  rep.knee_flexion_max_deg = td_measure (flexion_deg, 3);
  return rep;
}

static TdRep
inward_rep (void)
{
  TdRep rep = good_rep (124);
  rep.fppa_worst_deg = td_measure (15, 3);
  return rep;
}

/* REP is done MS after the picture before. */
static void
count (Fixture *f, TdRep rep, int ms)
{
  f->update.reps = &rep;
  f->update.n_reps = 1;
  if (rep.counted)
    f->update.count++;
  else
    f->update.attempts++;
  step (f, ms);
}

static void
each_repetition_is_said (Fixture *f, gconstpointer data)
{
  (void) data;
  begin (f, TD_FLOW_SET);
  HEARS (f, "");
  count (f, good_rep (124), 3000);
  HEARS (f, "1/count");
  g_assert_cmpint (f->since_ns, ==, f->update.arrived_ns);
  step (f, 33);
  HEARS (f, "");
  count (f, good_rep (124), 3000);
  HEARS (f, "2/count");
}

static void
two_at_once_are_the_newest (Fixture *f, gconstpointer data)
{
  (void) data;
  TdRep reps[] = { good_rep (124), good_rep (126) };
  begin (f, TD_FLOW_SET);
  f->update.reps = reps;
  f->update.n_reps = 2;
  f->update.count = 2;
  step (f, 33);
  HEARS (f, "2/count");
}

static void
preview_is_silent (Fixture *f, gconstpointer data)
{
  (void) data;
  f->update.state = TD_LIVE_PREVIEW;
  f->update.phase = TD_PHASE_BOTTOM;
  f->update.measures.flexion_deg = td_measure (130, 3);
  step (f, 33);
  count (f, good_rep (124), 33);
  HEARS (f, "");
  g_assert_false (f->awake);
}

static void
sound_is_awake_for_the_session (Fixture *f, gconstpointer data)
{
  (void) data;
  step (f, 33);
  g_assert_false (f->awake);
  begin (f, TD_FLOW_WAITING);
  g_assert_true (f->awake);
  f->update.flow = TD_FLOW_OFF;
  step (f, 33);
  g_assert_false (f->awake);

  begin (f, TD_FLOW_SET);
  g_assert_true (f->awake);
  td_coach_end_session (f->coach);
  g_assert_false (f->awake);
}

static void
cue_replaces_the_number_every_ten_seconds (Fixture *f, gconstpointer data)
{
  (void) data;
  begin (f, TD_FLOW_SET);
  count (f, inward_rep (), 3000);
  HEARS (f, "Knees out/count");
  count (f, inward_rep (), 3000);
  HEARS (f, "2/count");
  count (f, inward_rep (), 6000);
  HEARS (f, "3/count");
  count (f, inward_rep (), 1100);
  HEARS (f, "Knees out/count");
}

static void
cues_of_two_kinds_do_not_wait_for_each_other (Fixture *f, gconstpointer data)
{
  (void) data;
  TdRep rep = inward_rep ();
  rep.knee_flexion_max_deg = td_measure (100, 3);
  begin (f, TD_FLOW_SET);
  count (f, rep, 3000);
  HEARS (f, "Knees out/count");
  count (f, rep, 3000);
  HEARS (f, "Deeper/count");
  count (f, rep, 3000);
  HEARS (f, "3/count");
}

static void
cue_follows_the_users_own_limit (Fixture *f, gconstpointer data)
{
  (void) data;
  begin (f, TD_FLOW_SET);
  td_profile_check (&f->profile, "depth")->limit = 150;
  count (f, good_rep (124), 3000);
  HEARS (f, "Deeper/count");
}

static void
target_is_told_with_its_number (Fixture *f, gconstpointer data)
{
  (void) data;
  g_settings_set_int (f->settings, "target-reps", 2);
  begin (f, TD_FLOW_SET);
  count (f, good_rep (124), 3000);
  HEARS (f, "1/count");
  /* More important than the knees. */
  count (f, inward_rep (), 3000);
  HEARS (f, "2, target reached/set-end");
  count (f, good_rep (124), 3000);
  HEARS (f, "3/count");
}

static void
attempt_is_a_low_beep_or_a_cue (Fixture *f, gconstpointer data)
{
  (void) data;
  TdRep shallow = good_rep (60), hinge = good_rep (30), moved = good_rep (50);
  shallow.counted = hinge.counted = moved.counted = false;
  shallow.reason = TD_REASON_SHALLOW;
  hinge.reason = TD_REASON_HINGE;
  moved.reason = TD_REASON_MOVED;
  begin (f, TD_FLOW_SET);
  count (f, shallow, 3000);
  HEARS (f, "Deeper/attempt");
  count (f, shallow, 3000);
  HEARS (f, "!attempt");
  count (f, hinge, 3000);
  HEARS (f, "!attempt");
  /* Walking away tries nothing. */
  count (f, moved, 3000);
  HEARS (f, "");
}

/* Goes down to FLEXION_DEG and up again. */
static void
squat (Fixture *f, float flexion_deg)
{
  f->update.phase = TD_PHASE_DOWN;
  for (float deg = 20; deg <= flexion_deg; deg += 4)
    {
      f->update.measures.flexion_deg = td_measure (deg, 3);
      step (f, 33);
    }
  f->update.phase = TD_PHASE_BOTTOM;
  step (f, 33);
  f->update.phase = TD_PHASE_UP;
  step (f, 500);
  f->update.phase = TD_PHASE_TOP;
  f->update.measures.flexion_deg = td_measure (5, 3);
  step (f, 500);
}

static void
target_depth_beeps_once_a_repetition (Fixture *f, gconstpointer data)
{
  (void) data;
  begin (f, TD_FLOW_SET);
  squat (f, 112);
  HEARS (f, "");
  squat (f, 132);
  HEARS (f, "!depth");
  g_assert_cmpint (f->since_ns, !=, 0);
  squat (f, 132);
  HEARS (f, "!depth");
  td_profile_check (&f->profile, "depth")->limit = 140;
  squat (f, 132);
  HEARS (f, "");
  f->update.flow = TD_FLOW_PAUSED;
  squat (f, 150);
  HEARS (f, "");
}

static void
target_depth_of_thighs_is_from_above (Fixture *f, gconstpointer data)
{
  (void) data;
  f->profile = *td_profile_find ("narrow");
  begin (f, TD_FLOW_SET);
  f->update.phase = TD_PHASE_DOWN;
  f->update.measures.thigh_deg = td_measure (30, 3);
  step (f, 33);
  HEARS (f, "");
  f->update.measures.thigh_deg = td_measure (8, 3);
  step (f, 33);
  HEARS (f, "!depth");
}

static void
countdown_ticks_then_speaks (Fixture *f, gconstpointer data)
{
  (void) data;
  f->update.flow_left_s = 5;
  begin (f, TD_FLOW_WAITING);
  HEARS (f, "!tick");
  for (int ms = 0; ms < 4900; ms += 100)
    {
      f->update.flow_left_s -= .1f;
      step (f, 100);
    }
  HEARS (f, "!tick 3/tick 2/tick 1/tick");
  f->update.flow = TD_FLOW_SET;
  f->update.flow_left_s = 0;
  step (f, 100);
  HEARS (f, "!go");
}

static void
long_countdown_ticks_its_last_ten (Fixture *f, gconstpointer data)
{
  (void) data;
  f->update.flow_left_s = 60;
  begin (f, TD_FLOW_WAITING);
  for (f->update.flow_left_s = 59; f->update.flow_left_s > 10.5f; f->update.flow_left_s -= 1)
    step (f, 1000);
  HEARS (f, "");
  f->update.flow_left_s = 10;
  step (f, 1000);
  HEARS (f, "!tick");
}

static void
guidance_is_said_in_the_waiting_only (Fixture *f, gconstpointer data)
{
  (void) data;
  const int ankle = TD_JOINT_ANKLE_LEFT;
  /* The countdown is off: the set begins when the person stands still. */
  f->update.pose.joints[ankle].y = 479;
  begin (f, TD_FLOW_WAITING);
  step (f, 1000);
  HEARS (f, "");
  step (f, 1000);
  HEARS (f, "Step back: your feet are cut off");
  for (int s = 0; s < 7; s++)
    step (f, 1000);
  HEARS (f, "");
  step (f, 1000);
  HEARS (f, "Step back: your feet are cut off");
  f->update.pose.joints[ankle].y = 300;
  for (int s = 0; s < 20; s++)
    step (f, 1000);
  HEARS (f, "");
  f->update.flow = TD_FLOW_SET;
  f->update.pose.present = false;
  step (f, 1000);
  HEARS (f, "!go");
  for (int s = 0; s < 20; s++)
    step (f, 1000);
  HEARS (f, "");
}

static void
guidance_does_not_talk_over_the_countdown (Fixture *f, gconstpointer data)
{
  (void) data;
  f->update.pose.present = false;
  f->update.flow_left_s = 4.5f;
  begin (f, TD_FLOW_WAITING);
  for (; f->update.flow_left_s > .05f; f->update.flow_left_s -= .1f)
    step (f, 100);
  HEARS (f, "!tick !tick 3/tick 2/tick 1/tick");
}

static void
set_is_summed_up (Fixture *f, gconstpointer data)
{
  (void) data;
  begin (f, TD_FLOW_SET);
  count (f, good_rep (121.4f), 3000);
  count (f, good_rep (124.3f), 3000);
  count (f, good_rep (120.2f), 3000);
  HEARS (f, "1/count 2/count 3/count");
  f->update.flow = TD_FLOW_REST;
  step (f, 10000);
  HEARS (f, "Set 1, 3 reps, deepest 124 degrees/set-end");
  step (f, 33);
  HEARS (f, "");

  /* The next one knows nothing of the first one. */
  f->update.flow = TD_FLOW_SET;
  f->update.set_number = 2;
  f->update.count = 0;
  TdRep unknown = good_rep (0);
  unknown.knee_flexion_max_deg = td_measure_missing (TD_MISSING_JOINTS);
  count (f, unknown, 20000);
  HEARS (f, "1/count");
  f->update.flow = TD_FLOW_OFF;
  f->update.state = TD_LIVE_ENDED;
  step (f, 33);
  HEARS (f, "Set 2, 1 rep/set-end");
}

static void
last_repetition_of_a_file_is_in_its_summary (Fixture *f, gconstpointer data)
{
  (void) data;
  begin (f, TD_FLOW_SET);
  count (f, good_rep (121), 3000);
  HEARS (f, "1/count");
  f->update.flow = TD_FLOW_OFF;
  count (f, good_rep (133), 3000);
  HEARS (f, "Set 1, 2 reps, deepest 133 degrees/set-end");
}

static void
empty_set_has_no_summary (Fixture *f, gconstpointer data)
{
  (void) data;
  begin (f, TD_FLOW_SET);
  f->update.flow = TD_FLOW_REST;
  step (f, 33);
  f->update.flow = TD_FLOW_OFF;
  step (f, 33);
  HEARS (f, "");
}

static void
pause_in_the_rest_ends_no_set (Fixture *f, gconstpointer data)
{
  (void) data;
  begin (f, TD_FLOW_SET);
  count (f, good_rep (124), 3000);
  f->update.flow = TD_FLOW_PAUSED;
  step (f, 5000);
  f->update.flow = TD_FLOW_SET;
  step (f, 5000);
  HEARS (f, "1/count");
  f->update.flow = TD_FLOW_REST;
  step (f, 33);
  HEARS (f, "Set 1, 1 rep, deepest 124 degrees/set-end");
  f->update.flow = TD_FLOW_PAUSED;
  step (f, 33);
  f->update.flow = TD_FLOW_REST;
  step (f, 33);
  HEARS (f, "");
}

static void
corrected_count_is_said (Fixture *f, gconstpointer data)
{
  (void) data;
  begin (f, TD_FLOW_SET);
  count (f, good_rep (121), 3000);
  count (f, good_rep (140), 3000);
  HEARS (f, "1/count 2/count");
  f->update.count = 1;
  f->update.corrections++;
  step (f, 33);
  HEARS (f, "1");
  step (f, 33);
  HEARS (f, "");
  /* What is none is not the deepest one. */
  f->update.flow = TD_FLOW_REST;
  step (f, 33);
  HEARS (f, "Set 1, 1 rep, deepest 121 degrees/set-end");
}

static void
rest_is_told_before_its_end_and_at_it (Fixture *f, gconstpointer data)
{
  (void) data;
  td_coach_plan_rest (f->coach, 60);
  begin (f, TD_FLOW_REST);
  for (f->update.flow_elapsed_s = 0; f->update.flow_elapsed_s < 49.5f;
       f->update.flow_elapsed_s += 1)
    step (f, 1000);
  HEARS (f, "");
  step (f, 1000);
  HEARS (f, "The rest is over in 10 seconds/tick");
  f->update.flow_elapsed_s = 55;
  step (f, 1000);
  HEARS (f, "");
  f->update.flow_elapsed_s = 60;
  step (f, 1000);
  HEARS (f, "The rest is over/go");
  f->update.flow_elapsed_s = 70;
  step (f, 1000);
  HEARS (f, "");

  /* Made longer, it is over once more. */
  td_coach_plan_rest (f->coach, 100);
  step (f, 1000);
  HEARS (f, "");
  f->update.flow_elapsed_s = 91;
  step (f, 1000);
  HEARS (f, "The rest is over in 10 seconds/tick");
  f->update.flow_elapsed_s = 100;
  step (f, 1000);
  HEARS (f, "The rest is over/go");
}

static void
rest_without_a_plan_is_silent (Fixture *f, gconstpointer data)
{
  (void) data;
  td_coach_plan_rest (f->coach, 0);
  begin (f, TD_FLOW_REST);
  for (f->update.flow_elapsed_s = 0; f->update.flow_elapsed_s < 200; f->update.flow_elapsed_s += 5)
    step (f, 5000);
  HEARS (f, "");
}

static void
lost_camera_is_told_once (Fixture *f, gconstpointer data)
{
  (void) data;
  begin (f, TD_FLOW_SET);
  f->update.state = TD_LIVE_LOST;
  step (f, 1000);
  step (f, 1000);
  HEARS (f, "The camera is gone/error");
  f->update.state = TD_LIVE_RUNNING;
  step (f, 1000);
  HEARS (f, "The camera is back/go");
}

static void
without_voice_all_is_beeped (Fixture *f, gconstpointer data)
{
  (void) data;
  g_settings_set_boolean (f->settings, "voice", FALSE);
  g_assert_cmpuint (f->hushed, ==, 1);
  f->update.flow_left_s = 2;
  begin (f, TD_FLOW_WAITING);
  HEARS (f, "!tick");
  f->update.flow = TD_FLOW_SET;
  step (f, 2000);
  HEARS (f, "!go");
  count (f, good_rep (124), 3000);
  HEARS (f, "!count");
  /* Cues have a switch of their own. */
  count (f, inward_rep (), 3000);
  HEARS (f, "Knees out/count");
  g_settings_set_boolean (f->settings, "cues", FALSE);
  count (f, inward_rep (), 20000);
  HEARS (f, "!count");
  f->update.flow = TD_FLOW_REST;
  step (f, 33);
  HEARS (f, "!set-end");
}

static void
without_beeps_all_is_said (Fixture *f, gconstpointer data)
{
  (void) data;
  TdRep hinge = good_rep (30);
  hinge.counted = false;
  hinge.reason = TD_REASON_HINGE;
  g_settings_set_boolean (f->settings, "beeps", FALSE);
  f->update.flow_left_s = 5;
  begin (f, TD_FLOW_WAITING);
  HEARS (f, "");
  f->update.flow_left_s = 3;
  step (f, 2000);
  HEARS (f, "3");
  f->update.flow = TD_FLOW_SET;
  step (f, 3000);
  HEARS (f, "Go");
  count (f, good_rep (124), 3000);
  HEARS (f, "1");
  count (f, hinge, 3000);
  HEARS (f, "");
  /* The beep at target depth has a switch of its own. */
  squat (f, 132);
  HEARS (f, "!depth");
  g_settings_set_boolean (f->settings, "depth-beep", FALSE);
  squat (f, 132);
  HEARS (f, "");
}

static void
without_anything_it_is_silent (Fixture *f, gconstpointer data)
{
  (void) data;
  for (const char *const *key
       = (const char *const[]){ "voice", "cues", "beeps", "depth-beep", NULL };
       *key; key++)
    g_settings_set_boolean (f->settings, *key, FALSE);
  f->update.flow_left_s = 3;
  begin (f, TD_FLOW_WAITING);
  f->update.flow = TD_FLOW_SET;
  step (f, 33);
  count (f, inward_rep (), 33);
  squat (f, 132);
  f->update.state = TD_LIVE_LOST;
  step (f, 33);
  f->update.flow = TD_FLOW_REST;
  f->update.flow_elapsed_s = 500;
  step (f, 33);
  HEARS (f, "");
}

static void
volume_follows_its_setting (Fixture *f, gconstpointer data)
{
  (void) data;
  g_assert_cmpfloat_with_epsilon (f->volume, .8, 1e-6);
  g_settings_set_double (f->settings, "volume", .25);
  g_assert_cmpfloat_with_epsilon (f->volume, .25, 1e-6);
}

static void
fast_analysis_is_silent (Fixture *f, gconstpointer data)
{
  (void) data;
  f->update.duration_s = 20;
  begin (f, TD_FLOW_SET);
  for (int frame = 1; frame <= 300; frame++)
    {
      TdRep rep = inward_rep ();
      f->update.reps = &rep;
      f->update.n_reps = frame % 40 == 0;
      f->update.count += frame % 40 == 0;
      f->update.phase = frame % 40 > 20 ? TD_PHASE_DOWN : TD_PHASE_TOP;
      f->update.measures.flexion_deg = td_measure (130, 3);
      /* Four times as fast as life. */
      f->update.pose.time_ns += 25000000;
      step (f, 8);
    }
  f->update.flow = TD_FLOW_OFF;
  step (f, 8);
  HEARS (f, "");
  g_assert_false (f->awake);
}

static void
file_in_real_time_is_spoken (Fixture *f, gconstpointer data)
{
  (void) data;
  f->update.duration_s = 20;
  begin (f, TD_FLOW_SET);
  g_assert_false (f->awake);
  for (int frame = 0; frame < 30; frame++)
    step (f, 33);
  g_assert_true (f->awake);
  /* The machine is busy for a second, then catches up. */
  f->now_ms += 1000;
  for (int frame = 0; frame < 30; frame++)
    {
      f->update.pose.time_ns += 28000000;
      step (f, 5);
    }
  count (f, good_rep (124), 33);
  HEARS (f, "1/count");
}

#define TEST(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  TEST ("/coach/each-repetition", each_repetition_is_said);
  TEST ("/coach/two-at-once", two_at_once_are_the_newest);
  TEST ("/coach/preview", preview_is_silent);
  TEST ("/coach/awake", sound_is_awake_for_the_session);
  TEST ("/coach/cue", cue_replaces_the_number_every_ten_seconds);
  TEST ("/coach/two-cues", cues_of_two_kinds_do_not_wait_for_each_other);
  TEST ("/coach/own-limit", cue_follows_the_users_own_limit);
  TEST ("/coach/target", target_is_told_with_its_number);
  TEST ("/coach/attempt", attempt_is_a_low_beep_or_a_cue);
  TEST ("/coach/depth", target_depth_beeps_once_a_repetition);
  TEST ("/coach/depth-of-thighs", target_depth_of_thighs_is_from_above);
  TEST ("/coach/countdown", countdown_ticks_then_speaks);
  TEST ("/coach/long-countdown", long_countdown_ticks_its_last_ten);
  TEST ("/coach/guidance", guidance_is_said_in_the_waiting_only);
  TEST ("/coach/guidance-and-countdown", guidance_does_not_talk_over_the_countdown);
  TEST ("/coach/set", set_is_summed_up);
  TEST ("/coach/end-of-file", last_repetition_of_a_file_is_in_its_summary);
  TEST ("/coach/empty-set", empty_set_has_no_summary);
  TEST ("/coach/pause", pause_in_the_rest_ends_no_set);
  TEST ("/coach/correction", corrected_count_is_said);
  TEST ("/coach/rest", rest_is_told_before_its_end_and_at_it);
  TEST ("/coach/rest-without-plan", rest_without_a_plan_is_silent);
  TEST ("/coach/lost-camera", lost_camera_is_told_once);
  TEST ("/coach/no-voice", without_voice_all_is_beeped);
  TEST ("/coach/no-beeps", without_beeps_all_is_said);
  TEST ("/coach/nothing", without_anything_it_is_silent);
  TEST ("/coach/volume", volume_follows_its_setting);
  TEST ("/coach/fast", fast_analysis_is_silent);
  TEST ("/coach/real-time", file_in_real_time_is_spoken);
  return g_test_run ();
}
