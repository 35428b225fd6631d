#include "td-motion.h"

#include "td-filter.h"
#include "td-rep.h"

#include <math.h>
#include <stdlib.h>

#define N_(text) text

/* In leg lengths and leg lengths a second: a joint at rest moves under 0.1, a knee in a squat 0.5 to
 * 2 a second, which opens the filter to 4 to 12 Hz (a lag of 15 to 40 ms). */
#define JOINT_CUTOFF_HZ 1.5f
#define JOINT_BETA 5.f

/* A joint that is not seen for less than this stays where it was; science.md, section 7, allows gaps
 * twice as long to be filled. */
#define HOLD_NS INT64_C (160000000)

struct TdMotion
{
  TdProfile profile;
  TdBody body;
  TdCounter counter;
  TdOneEuro filters[TD_N_JOINTS][3];
  TdTrail trail;
  TdKeypoint held[TD_N_JOINTS];
  int64_t held_ns[TD_N_JOINTS];
  int64_t last_ns;
  bool started;
  int index;
  int count;
};

const char *
td_view_name (TdView view)
{
  static const char *const names[TD_N_VIEWS] = { "unknown", "front", "oblique", "side", "back" };
  return names[view];
}

const char *
td_reason_name (TdReason reason)
{
  static const char *const names[TD_N_REASONS] = {
    [TD_REASON_COUNTED] = "",    [TD_REASON_SHALLOW] = "shallow",
    [TD_REASON_HINGE] = "hinge", [TD_REASON_ONE_LEG] = "one_leg",
    [TD_REASON_LUNGE] = "lunge", [TD_REASON_SEATED] = "seated",
    [TD_REASON_MOVED] = "moved", [TD_REASON_NO_TOP] = "no_top",
    [TD_REASON_LOST] = "lost",   [TD_REASON_TOO_FAST] = "too_fast",
  };
  return names[reason];
}

const char *
td_reason_text (TdReason reason)
{
  static const char *const texts[TD_N_REASONS] = {
    [TD_REASON_COUNTED] = "",
    [TD_REASON_SHALLOW] = N_ ("too shallow"),
    [TD_REASON_HINGE] = N_ ("a hip hinge, not a squat"),
    [TD_REASON_ONE_LEG] = N_ ("one leg only"),
    [TD_REASON_LUNGE] = N_ ("a lunge: the feet were apart"),
    [TD_REASON_SEATED] = N_ ("sat down: the weight was behind the feet"),
    [TD_REASON_MOVED] = N_ ("the feet moved"),
    [TD_REASON_NO_TOP] = N_ ("never came up again"),
    [TD_REASON_LOST] = N_ ("out of sight on the way"),
    [TD_REASON_TOO_FAST] = N_ ("too fast to be a squat"),
  };
  return texts[reason];
}

const char *
td_depth_name (TdDepth depth)
{
  static const char *const names[TD_N_DEPTHS]
      = { "unknown", "above_quarter", "quarter", "half", "parallel", "deep" };
  return names[depth];
}

TdMotion *
td_motion_new (const TdProfile *profile)
{
  TdMotion *self = calloc (1, sizeof *self);
  if (!self)
    return NULL;
  size_t n;
  self->profile = profile ? *profile : td_profile_all (&n)[0];
  td_body_init (&self->body);
  td_motion_reset (self);
  for (int j = 0; j < TD_N_JOINTS; j++)
    for (int axis = 0; axis < 3; axis++)
      td_one_euro_init (&self->filters[j][axis], JOINT_CUTOFF_HZ, JOINT_BETA);
  return self;
}

void
td_motion_free (TdMotion *self)
{
  free (self);
}

void
td_motion_reset (TdMotion *self)
{
  td_counter_init (&self->counter);
  td_trail_clear (&self->trail);
  self->index = self->count = 0;
}

/* POSE with the joints that are missing for a moment where they were. A pair with one of its two
 * missing would jump to the other side otherwise. */
static TdPose
hold_joints (TdMotion *self, const TdPose *pose)
{
  TdPose held = *pose;
  for (int j = 0; pose->present && j < TD_N_JOINTS; j++)
    if (td_pose_sees (pose, (TdJoint) j))
      {
        self->held[j] = pose->joints[j];
        self->held_ns[j] = pose->time_ns;
      }
    else if (self->held[j].score > 0.f && pose->time_ns - self->held_ns[j] < HOLD_NS)
      held.joints[j] = self->held[j];
  return held;
}

/* POSE with each joint that is seen run through its filter. Positions are filtered in leg lengths,
 * so that the filter is the same for near and far people. */
static void
filter_pose (TdMotion *self, const TdPose *pose, TdPose *filtered)
{
  *filtered = *pose;
  float leg = td_body_leg_length (&self->body);
  if (leg <= 0.f)
    return;
  for (int j = 0; j < TD_N_JOINTS; j++)
    {
      if (!td_pose_sees (pose, (TdJoint) j))
        continue;
      TdKeypoint *k = &filtered->joints[j];
      k->x = leg * td_one_euro_push (&self->filters[j][0], k->x / leg, pose->time_ns);
      k->y = leg * td_one_euro_push (&self->filters[j][1], k->y / leg, pose->time_ns);
      k->z = leg * td_one_euro_push (&self->filters[j][2], k->z / leg, pose->time_ns);
    }
}

static TdMeasure
mean_measure (TdMeasure a, TdMeasure b)
{
  if (!td_measure_ok (a) || !td_measure_ok (b))
    return td_measure_ok (a) ? b : a;
  return td_measure (0.5f * (a.value + b.value), 0.5f * hypotf (a.sigma, b.sigma));
}

static void
describe_frame (const TdPose *pose, const TdMoment *m, TdFrameMeasures *frame)
{
  TdMissing unseen = pose->present ? TD_MISSING_JOINTS : TD_MISSING_NO_PERSON;
  bool side_on = m->view == TD_VIEW_SIDE;
  bool frontal = td_moment_is_frontal (m);
  float flexion_sigma = side_on ? 5.f : 9.f;
  *frame = (TdFrameMeasures){
    .time_ns = pose->time_ns,
    .view = m->view,
    .yaw_deg = td_measure_or_missing (m->yaw_deg, 15.f, unseen),
    .flexion_deg = td_measure_or_missing (m->both_deg, flexion_sigma, unseen),
    .hip_height = td_measure_or_missing (m->hip_height, 0.03f, unseen),
    .trunk_lean_deg = td_measure_or_missing (m->lean_deg, 5.f,
                                             isnan (m->trunk_deg) ? unseen : TD_MISSING_SIDE_VIEW),
    .stance_ratio = td_measure_or_missing (m->stance_ratio, 0.1f,
                                           isnan (m->feet_x) ? unseen : TD_MISSING_FRONT_VIEW),
  };
  for (int s = 0; s < TD_N_SIDES; s++)
    {
      frame->knee_flexion_deg[s] = td_measure_or_missing (m->flexion_deg[s], flexion_sigma, unseen);
      frame->thigh_inclination_deg[s] = td_measure_or_missing (m->thigh_deg[s], 6.f, unseen);
      /* 6.6° at 60° of flexion, 9° at 90°, 41° at 120° (science.md, section 4). */
      float bend = m->flexion_deg[s];
      frame->fppa_deg[s]
          = frontal
                ? td_measure_or_missing (m->fppa_deg[s], bend < 70.f ? 6.6f : 15.f, unseen)
                : td_measure_missing (isnan (m->flexion_deg[s]) ? unseen : TD_MISSING_FRONT_VIEW);
    }
  frame->thigh_deg = mean_measure (frame->thigh_inclination_deg[TD_SIDE_LEFT],
                                   frame->thigh_inclination_deg[TD_SIDE_RIGHT]);
  frame->fppa_mean_deg
      = mean_measure (frame->fppa_deg[TD_SIDE_LEFT], frame->fppa_deg[TD_SIDE_RIGHT]);
}

static TdPhase
phase_of (const TdCounter *counter, bool seen)
{
  if (!seen)
    return TD_PHASE_ABSENT;
  switch (counter->stage)
    {
    case TD_CYCLE_AT_TOP:
      return TD_PHASE_TOP;
    case TD_CYCLE_GOING_UP:
      return TD_PHASE_UP;
    case TD_CYCLE_GOING_DOWN:
      break;
    }
  return counter->speed_deg_s < 15.f ? TD_PHASE_BOTTOM : TD_PHASE_DOWN;
}

static void
take_cycle (TdMotion *self, const TdCycle *cycle, TdMotionResult *result)
{
  TdRep rep;
  if (!td_rep_measure (&self->trail, cycle, &self->profile, &rep, NULL))
    return;
  rep.index = ++self->index;
  rep.number = rep.counted ? ++self->count : 0;
  result->reps[result->n_reps++] = rep;
}

/* A frame in which nothing was measured. */
static void
tell_nothing (TdMotion *self, int64_t time_ns, TdMotionResult *result)
{
  TdPose nobody = { .time_ns = time_ns };
  TdMoment nothing;
  td_moment_from_pose (&nothing, &nobody, &self->body);
  describe_frame (&nobody, &nothing, &result->frame);
  result->phase = TD_PHASE_ABSENT;
  result->count = self->count;
}

void
td_motion_push (TdMotion *self, const TdPose *pose, TdMotionResult *result)
{
  result->n_reps = 0;
  if (self->started && pose->time_ns <= self->last_ns)
    {
      tell_nothing (self, pose->time_ns, result);
      return;
    }
  self->started = true;
  self->last_ns = pose->time_ns;

  TdPose whole = hold_joints (self, pose);
  TdPose filtered;
  filter_pose (self, &whole, &filtered);
  td_body_update (&self->body, &filtered);

  /* What is finished is measured from the joints as they came, with filters that look both ways;
   * what is shown and counted now from those that only look back. */
  TdMoment raw, now;
  td_moment_from_pose (&raw, &whole, &self->body);
  td_moment_from_pose (&now, &filtered, &self->body);
  td_trail_push (&self->trail, &raw);

  TdCycle cycle;
  if (td_counter_push (&self->counter, pose->time_ns, now.both_deg, &cycle) != TD_CYCLE_NONE)
    take_cycle (self, &cycle, result);
  describe_frame (pose, &now, &result->frame);
  result->phase = phase_of (&self->counter, now.seen);
  result->count = self->count;
}

void
td_motion_finish (TdMotion *self, TdMotionResult *result)
{
  TdCycle cycle;
  result->n_reps = 0;
  if (td_counter_finish (&self->counter, &cycle) != TD_CYCLE_NONE)
    take_cycle (self, &cycle, result);
  tell_nothing (self, self->last_ns, result);
}
