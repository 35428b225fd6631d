/* test-flow.c: when a set begins and ends, on made-up frames ten times a second.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-flow.h"

#include <glib.h>
#include <math.h>

#define S G_GINT64_CONSTANT (1000000000)
#define STEP (S / 10)

typedef struct
{
  TdFlow flow;
  int64_t now;
  int n_begin, n_end_set, n_begin_set, n_finish;
} Person;

static void
set_up (Person *p, TdFlowConfig config)
{
  *p = (Person){ .now = 1000 * S };
  td_flow_init (&p->flow, &config);
}

/* Legs 400 pixels long, the feet at X. */
static TdPose
pose_at (int64_t now, float x, bool present)
{
  TdPose pose = { .time_ns = now, .width = 1280, .height = 720, .present = present };
  for (int side = 0; present && side < TD_N_SIDES; side++)
    {
      float across = x + 30.f * (float) side;
      pose.joints[TD_JOINT_HIP_LEFT + side] = (TdKeypoint){ .x = across, .y = 200, .score = 1 };
      pose.joints[TD_JOINT_KNEE_LEFT + side] = (TdKeypoint){ .x = across, .y = 400, .score = 1 };
      pose.joints[TD_JOINT_ANKLE_LEFT + side] = (TdKeypoint){ .x = across, .y = 600, .score = 1 };
    }
  return pose;
}

static void
push (Person *p, const TdPose *pose, const TdMotionResult *motion)
{
  switch (td_flow_push (&p->flow, pose, motion))
    {
    case TD_FLOW_BEGIN_COUNTING:
      p->n_begin++;
      break;
    case TD_FLOW_END_SET:
      p->n_end_set++;
      break;
    case TD_FLOW_BEGIN_SET:
      p->n_begin_set++;
      break;
    case TD_FLOW_FINISH:
      p->n_finish++;
      break;
    case TD_FLOW_NOTHING:
      break;
    }
}

static void
frame (Person *p, TdPhase phase, float flexion_deg, float x)
{
  bool present = phase != TD_PHASE_ABSENT;
  TdPose pose = pose_at (p->now, x, present);
  TdMotionResult motion = { .phase = phase };
  motion.frame.flexion_deg
      = present ? td_measure (flexion_deg, 3) : td_measure_missing (TD_MISSING_NO_PERSON);
  motion.frame.hip_height = present ? td_measure (cosf (flexion_deg * 0.0087f), 0.02f)
                                    : td_measure_missing (TD_MISSING_NO_PERSON);
  push (p, &pose, &motion);
  p->now += STEP;
}

static void
stand (Person *p, double seconds)
{
  for (int i = 0; i < (int) (seconds * 10 + 0.5); i++)
    frame (p, TD_PHASE_TOP, 8.f + (float) (i % 3), 640);
}

static void
be_away (Person *p, double seconds)
{
  for (int i = 0; i < (int) (seconds * 10 + 0.5); i++)
    frame (p, TD_PHASE_ABSENT, 0, 0);
}

static void
walk (Person *p, double seconds)
{
  for (int i = 0; i < (int) (seconds * 10 + 0.5); i++)
    frame (p, TD_PHASE_TOP, 15.f, 200 + 40.f * (float) i);
}

/* Two seconds, and the repetition is told with the last frame. */
static void
squat (Person *p, bool counted)
{
  int64_t start = p->now;
  for (int i = 0; i < 10; i++)
    frame (p, TD_PHASE_DOWN, 10.f * (float) i, 640);
  for (int i = 0; i < 9; i++)
    frame (p, TD_PHASE_UP, 100.f - 10.f * (float) i, 640);
  TdMotionResult motion = { .phase = TD_PHASE_TOP, .n_reps = 1 };
  TdPose pose = pose_at (p->now, 640, true);
  motion.frame.flexion_deg = td_measure (10, 3);
  motion.frame.hip_height = td_measure (1, 0.02f);
  motion.reps[0] = (TdRep){ .counted = counted, .start_ns = start, .top_ns = p->now };
  push (p, &pose, &motion);
  p->now += STEP;
}

static void
the_countdown_begins_the_set (void)
{
  Person p;
  set_up (&p, (TdFlowConfig){ .countdown_s = 5, .stand_s = 10 });
  stand (&p, 3);
  g_assert_cmpint (p.flow.state, ==, TD_FLOW_OFF);
  td_flow_start (&p.flow, p.now);
  walk (&p, 3);
  g_assert_cmpint (p.flow.state, ==, TD_FLOW_WAITING);
  g_assert_cmpfloat_with_epsilon (td_flow_left_s (&p.flow), 2.1f, 0.11f);
  walk (&p, 2.2);
  g_assert_cmpint (p.n_begin, ==, 1);
  g_assert_cmpint (p.flow.state, ==, TD_FLOW_SET);
}

static void
who_stands_still_begins_sooner (void)
{
  Person p;
  set_up (&p, td_flow_default ());
  td_flow_start (&p.flow, p.now);
  stand (&p, 1.8);
  g_assert_cmpint (p.n_begin, ==, 0);
  stand (&p, 0.4);
  g_assert_cmpint (p.n_begin, ==, 1);

  /* Without a countdown nobody but a still person begins it, however long that takes. */
  set_up (&p, (TdFlowConfig){ .still_s = 2 });
  td_flow_start (&p.flow, p.now);
  walk (&p, 20);
  be_away (&p, 20);
  g_assert_cmpint (p.n_begin, ==, 0);
  stand (&p, 2.3);
  g_assert_cmpint (p.n_begin, ==, 1);
}

static void
standing_before_the_start_does_not_count (void)
{
  Person p;
  set_up (&p, (TdFlowConfig){ .still_s = 2, .countdown_s = 30 });
  stand (&p, 20);
  td_flow_start (&p.flow, p.now);
  stand (&p, 1.5);
  g_assert_cmpint (p.n_begin, ==, 0);
}

static void
without_rules_counting_begins_at_once (void)
{
  Person p;
  set_up (&p, (TdFlowConfig){ 0 });
  td_flow_start (&p.flow, p.now);
  be_away (&p, 0.1);
  g_assert_cmpint (p.n_begin, ==, 1);
}

static Person
in_a_set (TdFlowConfig config)
{
  Person p;
  set_up (&p, config);
  td_flow_start (&p.flow, p.now);
  stand (&p, 6);
  g_assert_cmpint (p.flow.state, ==, TD_FLOW_SET);
  return p;
}

static void
standing_ends_a_set_that_has_begun (void)
{
  Person p = in_a_set (td_flow_default ());
  /* Who has done nothing yet may take all the time. */
  stand (&p, 60);
  be_away (&p, 60);
  g_assert_cmpint (p.n_end_set, ==, 0);
  squat (&p, true);
  stand (&p, 8);
  squat (&p, true);
  stand (&p, 9.5);
  g_assert_cmpint (p.n_end_set, ==, 0);
  stand (&p, 1);
  g_assert_cmpint (p.n_end_set, ==, 1);
  g_assert_cmpint (p.flow.state, ==, TD_FLOW_REST);
  stand (&p, 5);
  g_assert_cmpfloat_with_epsilon (td_flow_elapsed_s (&p.flow), 5.3f, 0.3f);
}

static void
leaving_ends_a_set_sooner (void)
{
  Person p = in_a_set (td_flow_default ());
  squat (&p, true);
  be_away (&p, 3.5);
  g_assert_cmpint (p.n_end_set, ==, 0);
  stand (&p, 2);
  be_away (&p, 4.2);
  g_assert_cmpint (p.n_end_set, ==, 1);
}

static void
a_rule_of_zero_seconds_is_off (void)
{
  Person p = in_a_set ((TdFlowConfig){ .countdown_s = 5 });
  squat (&p, true);
  stand (&p, 300);
  be_away (&p, 300);
  g_assert_cmpint (p.n_end_set, ==, 0);
  td_flow_end_set (&p.flow, p.now);
  stand (&p, 3000);
  g_assert_cmpint (p.n_finish, ==, 0);
  g_assert_cmpint (p.flow.state, ==, TD_FLOW_REST);
}

static void
the_next_squat_begins_the_next_set (void)
{
  Person p = in_a_set (td_flow_default ());
  squat (&p, true);
  td_flow_end_set (&p.flow, p.now);
  stand (&p, 30);
  squat (&p, false);
  g_assert_cmpint (p.n_begin_set, ==, 0);
  stand (&p, 5);
  squat (&p, true);
  g_assert_cmpint (p.n_begin_set, ==, 1);
  g_assert_cmpint (p.flow.state, ==, TD_FLOW_SET);
  stand (&p, 10.5);
  g_assert_cmpint (p.n_end_set, ==, 1);
}

/* The button was pressed on the way up: that repetition is the last one of its set. */
static void
a_squat_from_before_the_rest_begins_nothing (void)
{
  Person p = in_a_set (td_flow_default ());
  squat (&p, true);
  int64_t start = p.now;
  for (int i = 0; i < 10; i++)
    frame (&p, TD_PHASE_DOWN, 10.f * (float) i, 640);
  td_flow_end_set (&p.flow, p.now);
  TdMotionResult motion = { .phase = TD_PHASE_TOP, .n_reps = 1 };
  TdPose pose = pose_at (p.now, 640, true);
  motion.reps[0] = (TdRep){ .counted = true, .start_ns = start };
  push (&p, &pose, &motion);
  g_assert_cmpint (p.n_begin_set, ==, 0);
  g_assert_cmpint (p.flow.state, ==, TD_FLOW_REST);
}

static void
a_pause_stops_every_clock (void)
{
  Person p = in_a_set (td_flow_default ());
  squat (&p, true);
  stand (&p, 6);
  float before = td_flow_elapsed_s (&p.flow);
  td_flow_pause (&p.flow, true, p.now);
  be_away (&p, 500);
  g_assert_cmpint (p.n_end_set, ==, 0);
  g_assert_cmpint (p.flow.state, ==, TD_FLOW_PAUSED);
  td_flow_pause (&p.flow, false, p.now);
  stand (&p, 0.1);
  g_assert_cmpint (p.flow.state, ==, TD_FLOW_SET);
  g_assert_cmpfloat_with_epsilon (td_flow_elapsed_s (&p.flow), before, 0.3f);
  stand (&p, 8);
  g_assert_cmpint (p.n_end_set, ==, 0);
  stand (&p, 2.5);
  g_assert_cmpint (p.n_end_set, ==, 1);
}

static void
a_camera_that_was_gone_ends_no_set (void)
{
  Person p = in_a_set (td_flow_default ());
  squat (&p, true);
  p.now += 120 * S;
  td_flow_gap (&p.flow, p.now);
  stand (&p, 5);
  g_assert_cmpint (p.n_end_set, ==, 0);
}

static void
a_long_rest_ends_the_session (void)
{
  Person p = in_a_set ((TdFlowConfig){ .countdown_s = 5, .stand_s = 10, .finish_s = 60 });
  squat (&p, true);
  stand (&p, 10.5);
  be_away (&p, 61);
  g_assert_cmpint (p.n_finish, ==, 1);
  g_assert_cmpint (p.flow.state, ==, TD_FLOW_OFF);
  be_away (&p, 61);
  g_assert_cmpint (p.n_finish, ==, 1);
}

/* Started and forgotten: it would be kept and filmed until the disk is full. */
static void
a_session_that_nobody_comes_to_ends (void)
{
  const TdFlowConfig config = { .countdown_s = 5, .stand_s = 10, .away_s = 4, .finish_s = 60 };
  Person p = in_a_set (config);
  /* Who has not begun yet may take all the time. */
  stand (&p, 300);
  be_away (&p, 55);
  stand (&p, 1);
  be_away (&p, 55);
  g_assert_cmpint (p.n_finish, ==, 0);
  be_away (&p, 6);
  g_assert_cmpint (p.n_finish, ==, 1);
  g_assert_cmpint (p.n_end_set, ==, 0);
  g_assert_cmpint (p.flow.state, ==, TD_FLOW_OFF);

  set_up (&p, config);
  td_flow_start (&p.flow, p.now);
  be_away (&p, 60);
  g_assert_cmpint (p.flow.state, ==, TD_FLOW_SET);
  be_away (&p, 6);
  g_assert_cmpint (p.n_finish, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name) g_test_add_func ("/flow/" #name, name)
  ADD (the_countdown_begins_the_set);
  ADD (who_stands_still_begins_sooner);
  ADD (standing_before_the_start_does_not_count);
  ADD (without_rules_counting_begins_at_once);
  ADD (standing_ends_a_set_that_has_begun);
  ADD (leaving_ends_a_set_sooner);
  ADD (a_rule_of_zero_seconds_is_off);
  ADD (the_next_squat_begins_the_next_set);
  ADD (a_squat_from_before_the_rest_begins_nothing);
  ADD (a_pause_stops_every_clock);
  ADD (a_camera_that_was_gone_ends_no_set);
  ADD (a_long_rest_ends_the_session);
  ADD (a_session_that_nobody_comes_to_ends);
#undef ADD
  return g_test_run ();
}
