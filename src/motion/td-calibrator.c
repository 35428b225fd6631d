#include "td-calibrator.h"

#include <math.h>

#define STAND_S 2.f
#define MAX_STEP_NS INT64_C (300000000)
/* Leg lengths a second: breathing and sway stay below, a step is above. */
#define STILL_FEET 0.15f
#define STILL_HIPS 0.08f
/* Straight legs read up to 15° bent. */
#define STRAIGHT_DEG 25.f
/* The deep repetition: not faster down and up than this, and at least half depth. */
#define SLOW_S 1.5f
#define DEEP_DEG 80.f
/* A movement that was stopped by the calves ends abruptly however slow it is, at 120° at least
 * (science.md, section 2); what stops earlier was stopped by will. */
#define LEAST_CONTACT_DEG 120.f

/* A network's depth of a standing person gives the camera's pitch with a sigma of 3°; laptops
 * are tilted by some 8°. */
#define PITCH_SIGMA_DEG 3.f
#define USUAL_PITCH_DEG 8.f
/* The shoulder joints lie ahead of the ankles by about this. */
#define SHOULDERS_AHEAD_DEG 1.5f
/* What is more is no roll but a person who leans. */
#define MAX_ROLL_DEG 15.f

void
td_calibrator_init (TdCalibrator *self)
{
  *self = (TdCalibrator){
    .stage = TD_CALIBRATION_OFF,
    .result = { .fppa_deg = { NAN, NAN },
                .straight_deg = NAN,
                .pitch_deg = NAN,
                .roll_deg = NAN,
                .flexion_max_deg = NAN,
                .contact_deg = NAN },
  };
}

void
td_calibrator_begin (TdCalibrator *self, const TdCalibration *known)
{
  td_calibrator_init (self);
  self->result = *known;
  self->stage = TD_CALIBRATION_STAND;
}

float
td_calibrator_progress (const TdCalibrator *self, int64_t time_ns)
{
  if (self->stage != TD_CALIBRATION_STAND)
    return self->stage == TD_CALIBRATION_OFF ? 0.f : 1.f;
  if (!self->standing)
    return 0.f;
  return td_clampf ((float) (time_ns - self->since_ns) * 1e-9f / STAND_S, 0.f, 1.f);
}

static void
forget_sums (TdCalibrator *self)
{
  *self = (TdCalibrator){ .stage = self->stage, .result = self->result };
}

/* The camera's tilt as the lines from the ankles to the shoulders show it. */
static void
add_tilt (TdCalibrator *self, const TdMoment *moment, const TdPose *pose, const TdBody *body)
{
  TdBody level = *body;
  level.camera.pitch_deg = 0.f;
  TdVec3 up = td_vec3 (0.f, 0.f, 0.f);
  for (int s = 0; s < TD_N_SIDES; s++)
    {
      TdJoint shoulder = td_joint_on (TD_JOINT_SHOULDER_LEFT, (TdSide) s);
      TdJoint ankle = td_joint_on (TD_JOINT_ANKLE_LEFT, (TdSide) s);
      if (!td_pose_sees (pose, shoulder) || !td_pose_sees (pose, ankle))
        return;
      up = td_vec3_add (up, td_vec3_sub (td_body_point (&level, pose, shoulder),
                                         td_body_point (&level, pose, ankle)));
    }
  if (!pose->has_depth || up.y >= 0.f)
    return;
  float ahead = SHOULDERS_AHEAD_DEG * (1.f - moment->trust);
  float facing = cosf (td_radians (isnan (moment->yaw_deg) ? 0.f : moment->yaw_deg));
  self->pitch += (double) (td_degrees (atan2f (-up.z, -up.y)) - ahead * facing);
  self->n_tilt++;
  if (!td_moment_is_frontal (moment))
    return;
  /* Leaning to the right of the picture is a camera turned counterclockwise. */
  self->roll += (double) td_degrees (atan2f (-up.x, -up.y));
  self->n_roll++;
}

static void
finish_standing (TdCalibrator *self, float trust, float roll_before)
{
  TdCalibration *c = &self->result;
  double n = (double) self->n;
  c->standing_known = true;
  c->thigh_share = (float) (self->thigh_share / n);
  c->trunk_share = self->n_trunk > 0 ? (float) (self->trunk_share / self->n_trunk) : 0.f;
  c->straight_deg = (float) (self->flexion / n);
  for (int s = 0; s < TD_N_SIDES; s++)
    c->fppa_deg[s]
        = 2 * self->n_frontal > self->n ? (float) (self->fppa[s] / self->n_frontal) : NAN;
  c->roll_deg = c->pitch_deg = NAN;
  if (2 * self->n_roll > self->n)
    {
      float roll = (float) (self->roll / self->n_roll);
      if (fabsf (roll) <= MAX_ROLL_DEG)
        c->roll_deg = roll_before + roll;
    }
  if (2 * self->n_tilt > self->n)
    {
      /* As far as it stands out of its own error. */
      float error = (1.f - trust) * PITCH_SIGMA_DEG;
      float usual = USUAL_PITCH_DEG * USUAL_PITCH_DEG;
      c->pitch_deg = (float) (self->pitch / self->n_tilt) * usual / (usual + error * error);
    }
  self->stage = TD_CALIBRATION_DEEP;
}

bool
td_calibrator_push (TdCalibrator *self, const TdMoment *moment, const TdPose *pose,
                    const TdBody *body, float roll_deg)
{
  if (self->stage != TD_CALIBRATION_STAND)
    return false;
  /* Nobody knows what happened in a gap. */
  if (self->standing && moment->time_ns - self->last_ns > MAX_STEP_NS)
    forget_sums (self);
  self->last_ns = moment->time_ns;
  bool stands = moment->seen && moment->both_deg < STRAIGHT_DEG && body->feet_speed < STILL_FEET
                && fabsf (body->rise_speed) < STILL_HIPS && moment->leg_px > 0.f;
  if (!stands)
    {
      forget_sums (self);
      return false;
    }
  if (!self->standing)
    {
      self->standing = true;
      self->since_ns = moment->time_ns;
    }
  self->n++;
  double thigh = 0., leg = 0.;
  for (int s = 0; s < TD_N_SIDES; s++)
    {
      thigh += (double) body->thigh[s];
      leg += (double) (body->thigh[s] + body->shank[s]);
    }
  self->thigh_share += thigh / leg;
  self->flexion += (double) moment->both_deg;
  if (body->trunk > 0.f)
    {
      self->trunk_share += (double) (body->trunk / moment->leg_px);
      self->n_trunk++;
    }
  if (td_moment_is_frontal (moment) && !isnan (moment->fppa_deg[TD_SIDE_LEFT])
      && !isnan (moment->fppa_deg[TD_SIDE_RIGHT]))
    {
      self->n_frontal++;
      for (int s = 0; s < TD_N_SIDES; s++)
        self->fppa[s] += (double) moment->fppa_deg[s];
    }
  add_tilt (self, moment, pose, body);
  if ((float) (moment->time_ns - self->since_ns) * 1e-9f < STAND_S)
    return false;
  finish_standing (self, moment->trust, roll_deg);
  return true;
}

bool
td_calibrator_take_rep (TdCalibrator *self, const TdRep *rep)
{
  if (self->stage != TD_CALIBRATION_DEEP || !rep->counted
      || !td_measure_ok (rep->knee_flexion_max_deg) || rep->knee_flexion_max_deg.value < DEEP_DEG
      || !(rep->tension_s.value >= SLOW_S))
    return false;
  float flexion = rep->knee_flexion_max_deg.value;
  self->result.range_known = true;
  self->result.flexion_max_deg = flexion;
  self->result.contact_deg = flexion >= LEAST_CONTACT_DEG ? flexion : NAN;
  self->stage = TD_CALIBRATION_DONE;
  return true;
}
