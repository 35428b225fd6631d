#include "td-motion.h"

#include "td-calibrator.h"
#include "td-filter.h"
#include "td-rep.h"
#include "td-sides.h"
#include "td-smoother.h"

#include <math.h>
#include <stdlib.h>

#define N_(text) text

/* In leg lengths and leg lengths a second: a joint at rest moves under 0.1, a knee in a squat
 * 0.5 to 2 a second, which opens the filter to 4 to 12 Hz (a lag of 15 to 40 ms). */
#define JOINT_CUTOFF_HZ 1.5f
#define JOINT_BETA 5.f

/* A joint that is not seen for less than this stays where it was; science.md, section 7, allows
 * gaps twice as long to be filled. */
#define HOLD_NS INT64_C (160000000)

struct TdMotion
{
  TdProfile profile;
  TdBody body;
  TdCounter counter;
  TdOneEuro filters[TD_N_JOINTS][3];
  TdSides sides;
  TdSmoother smoother;
  TdTrail trail;
  TdCycle
      cycle; /* told, but its end has not settled yet; end is TD_CYCLE_NONE when there is none */
  int64_t last_top_ns;
  bool camera_set;
  float roll_deg; /* of the camera; the rest of it is the body's */
  TdCalibration calibration;
  TdCalibrator calibrator;
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
    [TD_REASON_COUNTED] = "",          [TD_REASON_SHALLOW] = "shallow",
    [TD_REASON_HINGE] = "hinge",       [TD_REASON_ONE_LEG] = "one_leg",
    [TD_REASON_LUNGE] = "lunge",       [TD_REASON_KNELT] = "knelt",
    [TD_REASON_SEATED] = "seated",     [TD_REASON_MOVED] = "moved",
    [TD_REASON_NO_TOP] = "no_top",     [TD_REASON_LOST] = "lost",
    [TD_REASON_TOO_FAST] = "too_fast",
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
    [TD_REASON_KNELT] = N_ ("knelt down"),
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
      = { "unknown", "above_quarter", "quarter", "half", "parallel", "deep", "calf" };
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
  td_calibrator_init (&self->calibrator);
  self->calibration = self->calibrator.result;
  td_motion_reset (self);
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
  td_smoother_init (&self->smoother);
  td_sides_init (&self->sides);
  td_body_forget_time (&self->body);
  for (int j = 0; j < TD_N_JOINTS; j++)
    {
      self->held[j].score = 0.f;
      for (int axis = 0; axis < 3; axis++)
        td_one_euro_init (&self->filters[j][axis], JOINT_CUTOFF_HZ, JOINT_BETA);
    }
  self->started = false;
  self->cycle.end = TD_CYCLE_NONE;
  self->last_top_ns = 0;
  self->index = self->count = 0;
}

/* POSE as a camera that is not rolled would have seen it. */
static TdPose
without_roll (const TdMotion *self, const TdPose *pose)
{
  TdPose upright = *pose;
  TdCamera rolled = { .roll_deg = self->roll_deg };
  if (fabsf (rolled.roll_deg) < 0.005f)
    return upright;
  float x0 = 0.5f * (float) pose->width, y0 = 0.5f * (float) pose->height;
  for (int j = 0; j < TD_N_JOINTS; j++)
    {
      TdKeypoint *k = &upright.joints[j];
      TdVec3 level = td_camera_level (&rolled, td_vec3 (k->x - x0, k->y - y0, 0.f));
      k->x = x0 + level.x;
      k->y = y0 + level.y;
    }
  return upright;
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

/* POSE with each joint that is seen run through its filter. How soon that opens goes by leg
 * lengths, so that it is the same for near and far people. */
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
      for (int axis = 0; axis < 3; axis++)
        self->filters[j][axis].beta = JOINT_BETA / leg;
      k->x = td_one_euro_push (&self->filters[j][0], k->x, pose->time_ns);
      k->y = td_one_euro_push (&self->filters[j][1], k->y, pose->time_ns);
      k->z = td_one_euro_push (&self->filters[j][2], k->z, pose->time_ns);
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
  bool frontal = td_moment_shows_valgus (m);
  TdMissing no_trunk = isnan (m->trunk_deg) ? unseen : TD_MISSING_SIDE_VIEW;
  *frame = (TdFrameMeasures){
    .time_ns = pose->time_ns,
    .view = m->view,
    .yaw_deg = td_measure_or_missing (m->yaw_deg, TD_YAW_SIGMA_DEG, unseen),
    .flexion_deg = td_measure_or_missing (m->both_deg, m->both_sigma_deg, unseen),
    .hip_height = td_measure_or_missing (m->hip_height, TD_HEIGHT_SIGMA, unseen),
    .hip_flexion_deg
    = td_measure_or_missing (td_moment_hip_flexion (m), 1.4f * m->lean_sigma_deg, no_trunk),
    .trunk_lean_deg = td_measure_or_missing (m->lean_deg, m->lean_sigma_deg, no_trunk),
    .stance_ratio = td_measure_or_missing (m->stance_ratio, TD_STANCE_SIGMA,
                                           isnan (m->feet_apart) ? unseen : TD_MISSING_FRONT_VIEW),
  };
  for (int s = 0; s < TD_N_SIDES; s++)
    {
      TdMissing why = isnan (m->flexion_deg[s]) ? unseen
                      : !frontal                ? TD_MISSING_FRONT_VIEW
                      : m->has_depth            ? unseen
                                                : TD_MISSING_DEPTH;
      frame->knee_flexion_deg[s]
          = td_measure_or_missing (m->flexion_deg[s], m->flexion_sigma_deg[s], unseen);
      frame->thigh_inclination_deg[s]
          = td_measure_or_missing (m->thigh_deg[s], m->thigh_sigma_deg[s], unseen);
      frame->fppa_deg[s]
          = !frontal || isnan (m->fppa_deg[s]) ? td_measure_missing (why)
            : m->thigh_shown[s] < TD_MIN_THIGH_SHOWN
                ? td_measure_missing (TD_MISSING_FORESHORTENED)
                : td_measure_or_missing (m->fppa_deg[s], m->fppa_sigma_deg[s], unseen);
      frame->knee_offset[s]
          = frontal ? td_measure_or_missing (m->knee_offset[s], m->knee_offset_sigma, unseen)
                    : td_measure_missing (why);
    }
  frame->thigh_deg = mean_measure (frame->thigh_inclination_deg[TD_SIDE_LEFT],
                                   frame->thigh_inclination_deg[TD_SIDE_RIGHT]);
  frame->fppa_mean_deg
      = td_measure_of_both (frame->fppa_deg[TD_SIDE_LEFT], frame->fppa_deg[TD_SIDE_RIGHT]);
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
adopt_camera (TdMotion *self, TdCamera camera)
{
  self->roll_deg = camera.roll_deg;
  camera.roll_deg = 0.f;
  self->body.camera = camera;
}

static void
adopt_calibration (TdMotion *self, const TdCalibration *calibration)
{
  self->calibration = *calibration;
  self->body.thigh_share = calibration->standing_known ? calibration->thigh_share : 0.f;
  if (self->camera_set || !calibration->standing_known)
    return;
  TdCamera camera = self->body.camera;
  camera.pitch_deg = isnan (calibration->pitch_deg) ? 0.f : calibration->pitch_deg;
  camera.roll_deg = isnan (calibration->roll_deg) ? 0.f : calibration->roll_deg;
  adopt_camera (self, camera);
}

/* The cycle that was told, if its last frame has settled. */
static void
take_cycle (TdMotion *self, TdMotionResult *result)
{
  if (self->cycle.end == TD_CYCLE_NONE || self->trail.n == 0
      || td_trail_at (&self->trail, self->trail.n - 1)->time_ns < self->cycle.top_ns)
    return;
  TdRepContext context = {
    .profile = &self->profile,
    .calibration = &self->calibration,
    .body = &self->body,
    .smoothing = td_smoother_strength (&self->smoother),
    .reach_ns = td_smoother_lag_ns (&self->smoother),
    .last_top_ns = self->last_top_ns,
  };
  TdRep rep;
  bool kept = td_rep_measure (&self->trail, &self->cycle, &context, &rep);
  self->cycle.end = TD_CYCLE_NONE;
  if (!kept)
    return;
  rep.index = ++self->index;
  rep.number = rep.counted ? ++self->count : 0;
  self->last_top_ns = rep.top_ns;
  result->reps[result->n_reps++] = rep;
  if (td_calibrator_take_rep (&self->calibrator, &rep))
    self->calibration = self->calibrator.result;
}

/* CYCLE came to its end just now, if it is one. */
static void
tell_cycle (TdMotion *self, const TdCycle *cycle, TdMotionResult *result)
{
  if (cycle->end == TD_CYCLE_NONE)
    return;
  self->cycle = *cycle;
  take_cycle (self, result);
}

/* Everything that has settled by now: measured, kept for the repetition in progress, and told. */
static void
settle (TdMotion *self, bool all, TdMotionResult *result)
{
  TdPose raw, smooth;
  while (result->n_settled < TD_MAX_FRAMES_PER_PUSH
         && td_smoother_take (&self->smoother, all, &raw, &smooth))
    {
      TdMoment moment;
      smooth = without_roll (self, &smooth);
      td_moment_from_pose (&moment, &smooth, &self->body);
      td_trail_push (&self->trail, &moment, &smooth, &self->body);
      TdSettledFrame *frame = &result->settled[result->n_settled++];
      frame->pose = raw;
      describe_frame (&raw, &moment, &frame->measures);
      if (td_calibrator_push (&self->calibrator, &moment, &smooth, &self->body, self->roll_deg))
        adopt_calibration (self, &self->calibrator.result);
    }
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
}

static void
tell_progress (const TdMotion *self, TdMotionResult *result)
{
  result->count = self->count;
  result->calibration = self->calibrator.stage;
  result->calibration_progress = td_calibrator_progress (&self->calibrator, self->last_ns);
}

void
td_motion_push (TdMotion *self, const TdPose *pose, TdMotionResult *result)
{
  result->n_reps = result->n_settled = 0;
  if (self->started && pose->time_ns <= self->last_ns)
    {
      tell_nothing (self, pose->time_ns, result);
      tell_progress (self, result);
      return;
    }
  self->started = true;
  self->last_ns = pose->time_ns;

  TdPose sided = td_sides_keep (&self->sides, pose, td_body_leg_length (&self->body));
  TdPose upright = without_roll (self, &sided);
  TdPose whole = hold_joints (self, &upright);
  TdPose filtered;
  filter_pose (self, &whole, &filtered);
  td_body_update (&self->body, &filtered);

  /* What is kept is measured from joints smoothed with what came after too; what is shown and
   * counted now from those that were smoothed by the past alone. */
  td_smoother_push (&self->smoother, &sided, td_body_leg_length (&self->body));
  settle (self, false, result);
  TdMoment now;
  td_moment_from_pose (&now, &filtered, &self->body);
  take_cycle (self, result);

  TdCycle cycle;
  if (self->body.elsewhere)
    {
      td_counter_break_off (&self->counter, &cycle);
      tell_cycle (self, &cycle, result);
    }
  td_counter_push (&self->counter, pose->time_ns, now.both_deg, &cycle);
  tell_cycle (self, &cycle, result);
  describe_frame (pose, &now, &result->frame);
  result->phase = phase_of (&self->counter, now.seen);
  tell_progress (self, result);
}

void
td_motion_finish (TdMotion *self, TdMotionResult *result)
{
  TdCycle cycle;
  result->n_reps = result->n_settled = 0;
  settle (self, true, result);
  take_cycle (self, result);
  td_counter_finish (&self->counter, &cycle);
  tell_cycle (self, &cycle, result);
  tell_nothing (self, self->last_ns, result);
  tell_progress (self, result);
}

void
td_motion_set_camera (TdMotion *self, const TdCamera *camera)
{
  self->camera_set = true;
  adopt_camera (self, *camera);
}

void
td_motion_begin_calibration (TdMotion *self)
{
  /* What was known of the body must not decide what is measured now. */
  self->body.thigh_share = 0.f;
  td_calibrator_begin (&self->calibrator, &self->calibration);
}

TdCalibration
td_motion_calibration (const TdMotion *self)
{
  return self->calibration;
}

void
td_motion_set_calibration (TdMotion *self, const TdCalibration *calibration)
{
  td_calibrator_init (&self->calibrator);
  adopt_calibration (self, calibration);
}
