#include "td-moment.h"

#include <math.h>

/* Plain 2-D flexion is right to 3° within 20° of the side plane (science.md, section 3); between
 * these two yaws it hands over to the fitted leg. */
#define SIDE_FULL_DEG 15.f
#define SIDE_NONE_DEG 30.f

#define FRONTAL_COS 0.643f

/* Fore and aft can be told from the picture when the person is turned by at least this. */
#define SIDEWAYS_SIN 0.5f

/* From this flexion on the knees are at least that far ahead, leg lengths: sin 30° of a thigh would be .25,
 * halved by the middle. */
#define AGREEMENT_DEG 20.f

#define BENT_DEG 60.f
#define KNEES_AHEAD 0.08f

/* Segment masses and centres of mass: Winter, table 4.1 (head, arms and trunk .678 of the body,
 * its centre .626 of the way from hip to shoulder; thigh .100 each, .433 from the hip; shank and foot
 * .061 each, .606 from the knee). */
#define MASS_UPPER 0.678f
#define CENTRE_UPPER 0.626f
#define MASS_THIGH 0.200f
#define CENTRE_THIGH 0.433f
#define MASS_SHANK 0.122f
#define CENTRE_SHANK 0.606f

TdView
td_view_from_yaw (float yaw_deg)
{
  float turned = fabsf (yaw_deg);
  if (isnan (yaw_deg))
    return TD_VIEW_UNKNOWN;
  if (turned <= 25.f)
    return TD_VIEW_FRONT;
  if (turned >= 155.f)
    return TD_VIEW_BACK;
  if (turned >= 65.f && turned <= 115.f)
    return TD_VIEW_SIDE;
  return TD_VIEW_OBLIQUE;
}

bool
td_moment_is_frontal (const TdMoment *self)
{
  return !isnan (self->yaw_deg) && fabsf (cosf (td_radians (self->yaw_deg))) >= FRONTAL_COS;
}

/* How far the view is a side view, 0..1. */
static float
sideness (float yaw_deg)
{
  if (isnan (yaw_deg))
    return 0.f;
  float off = fabsf (fabsf (yaw_deg) - 90.f);
  return td_clampf ((SIDE_NONE_DEG - off) / (SIDE_NONE_DEG - SIDE_FULL_DEG), 0.f, 1.f);
}

static float
leg_score (const TdPose *pose, TdSide side)
{
  float score = pose->joints[td_joint_on (TD_JOINT_HIP_LEFT, side)].score;
  score = fminf (score, pose->joints[td_joint_on (TD_JOINT_KNEE_LEFT, side)].score);
  return fminf (score, pose->joints[td_joint_on (TD_JOINT_ANKLE_LEFT, side)].score);
}

static void
measure_leg (TdMoment *self, const TdPose *pose, const TdBody *body, TdSide side)
{
  TdVec3 leg[3];
  if (!td_body_fit_leg (body, pose, side, leg))
    return;
  float fitted = td_knee_flexion (leg[0], leg[1], leg[2]);
  TdVec3 flat[3];
  static const TdJoint joints[] = { TD_JOINT_HIP_LEFT, TD_JOINT_KNEE_LEFT, TD_JOINT_ANKLE_LEFT };
  for (int i = 0; i < 3; i++)
    {
      flat[i] = td_pose_point (pose, td_joint_on (joints[i], side));
      flat[i].z = 0.f;
    }
  float plain = td_knee_flexion (flat[0], flat[1], flat[2]);
  float side_share = isnan (plain) ? 0.f : sideness (self->yaw_deg);
  self->flexion_deg[side]
      = side_share > 0.f ? side_share * plain + (1.f - side_share) * fitted : fitted;

  /* hip against knee height over the thigh's length: no view enters. */
  float rise = (leg[1].y - leg[0].y) / body->thigh[side];
  float fitted_incl = td_degrees (asinf (td_clampf (rise, -1.f, 1.f)));
  float plain_incl = td_thigh_inclination (flat[0], flat[1]);
  self->thigh_deg[side]
      = side_share > 0.f ? side_share * plain_incl + (1.f - side_share) * fitted_incl : fitted_incl;

  /* In the person's own frontal plane, so that a turned body does not read as valgus: x towards the
   * person's left. Inward is to the right for the left leg. */
  float yaw = isnan (self->yaw_deg) ? 0.f : td_radians (self->yaw_deg);
  TdVec3 frontal[3];
  for (int i = 0; i < 3; i++)
    frontal[i] = td_vec3 (leg[i].x * cosf (yaw) - leg[i].z * sinf (yaw), leg[i].y, 0.f);
  self->fppa_deg[side]
      = td_fppa (frontal[0], frontal[1], frontal[2], side == TD_SIDE_LEFT ? -1.f : 1.f);
}

static void
measure_trunk (TdMoment *self, const TdPose *pose, const TdBody *body)
{
  TdVec3 hips, shoulders;
  if (!td_pose_middle (pose, TD_JOINT_HIP_LEFT, &hips)
      || !td_pose_middle (pose, TD_JOINT_SHOULDER_LEFT, &shoulders))
    return;
  float up = hips.y - shoulders.y;
  float along = shoulders.x - hips.x;
  float length = fmaxf (body->trunk, hypotf (along, up));
  if (length <= 0.f)
    return;
  self->trunk_deg = td_degrees (acosf (td_clampf (up / length, -1.f, 1.f)));
  if (fabsf (self->sin_yaw) >= SIDEWAYS_SIN)
    {
      float forward = along / -self->sin_yaw;
      self->lean_deg = td_degrees (atan2f (forward, up));
    }
}

static void
measure_balance (TdMoment *self, const TdPose *pose)
{
  TdVec3 hips, knees, ankles, shoulders, heels;
  if (fabsf (self->sin_yaw) < SIDEWAYS_SIN || !td_pose_middle (pose, TD_JOINT_HIP_LEFT, &hips)
      || !td_pose_middle (pose, TD_JOINT_KNEE_LEFT, &knees)
      || !td_pose_middle (pose, TD_JOINT_ANKLE_LEFT, &ankles)
      || !td_pose_middle (pose, TD_JOINT_SHOULDER_LEFT, &shoulders)
      || !td_pose_middle (pose, TD_JOINT_HEEL_LEFT, &heels))
    return;
  /* Bent knees are ahead of hips and ankles. Where the picture says otherwise, it is the facing that is
   * wrong (a person seen obliquely from behind), and then ahead and behind would be confused. */
  float ahead = (knees.x - 0.5f * (hips.x + ankles.x)) / (-self->sin_yaw * self->leg_px);
  if (self->both_deg > BENT_DEG && ahead < KNEES_AHEAD)
    return;
  float upper = hips.x + CENTRE_UPPER * (shoulders.x - hips.x);
  float thigh = hips.x + CENTRE_THIGH * (knees.x - hips.x);
  float shank = knees.x + CENTRE_SHANK * (ankles.x - knees.x);
  float centre = MASS_UPPER * upper + MASS_THIGH * thigh + MASS_SHANK * shank;
  self->balance = (centre - heels.x) / (-self->sin_yaw * self->leg_px);
}

static void
measure_feet (TdMoment *self, const TdPose *pose, const TdBody *body)
{
  if (!td_pose_sees (pose, TD_JOINT_ANKLE_LEFT) || !td_pose_sees (pose, TD_JOINT_ANKLE_RIGHT))
    return;
  TdVec3 left = td_pose_point (pose, TD_JOINT_ANKLE_LEFT);
  TdVec3 right = td_pose_point (pose, TD_JOINT_ANKLE_RIGHT);
  self->feet_apart = td_vec3_length_2d (td_vec3_sub (left, right)) / self->leg_px;
  if (fabsf (self->sin_yaw) >= SIDEWAYS_SIN)
    {
      float across = TD_HIP_WIDTH * self->leg_px * body->cos_yaw;
      float apart = left.x - right.x;
      float fore_aft = fabsf (apart) <= fabsf (across) ? 0.f : fabsf (apart - across);
      self->split = fore_aft / (fabsf (self->sin_yaw) * self->leg_px);
    }
  if (fabsf (body->cos_yaw) >= 0.5f)
    self->stance_ratio
        = fabsf (left.x - right.x) / (fabsf (body->cos_yaw) * TD_SHOULDER_WIDTH * self->leg_px);
}

static void
measure_height (TdMoment *self, const TdPose *pose)
{
  TdVec3 hips, ankles;
  if (!td_pose_middle (pose, TD_JOINT_HIP_LEFT, &hips)
      || !td_pose_middle (pose, TD_JOINT_ANKLE_LEFT, &ankles))
    return;
  float lower = ankles.y;
  for (int s = 0; s < TD_N_SIDES; s++)
    {
      TdJoint ankle = td_joint_on (TD_JOINT_ANKLE_LEFT, (TdSide) s);
      if (td_pose_sees (pose, ankle))
        lower = fmaxf (lower, pose->joints[ankle].y);
    }
  self->hip_height = (lower - hips.y) / self->leg_px;
  self->hips_y = hips.y;
  self->feet_x = ankles.x;
  self->feet_y = ankles.y;
}

/* How well a leg's flexion goes with the height of the hips, 0..1. Bones of equal length that slant alike
 * carry the hips at cos (flexion / 2) of the leg's length; squats are within 10° of that. A leg that was
 * confused with the other, or is hidden behind it, is not, and weighs less. */
static float
agreement (float flexion_deg, float hip_height)
{
  if (isnan (hip_height))
    return 1.f;
  float expected = 2.f * td_degrees (acosf (td_clampf (hip_height, 0.f, 1.f)));
  float off = (flexion_deg - expected) / AGREEMENT_DEG;
  return 1.f / (1.f + off * off);
}

void
td_moment_from_pose (TdMoment *self, const TdPose *pose, const TdBody *body)
{
  *self = (TdMoment){
    .time_ns = pose->time_ns,
    .yaw_deg = NAN,
    .sin_yaw = 0.f,
    .flexion_deg = { NAN, NAN },
    .both_deg = NAN,
    .thigh_deg = { NAN, NAN },
    .fppa_deg = { NAN, NAN },
    .hip_height = NAN,
    .trunk_deg = NAN,
    .lean_deg = NAN,
    .knee_gap = NAN,
    .split = NAN,
    .balance = NAN,
    .stance_ratio = NAN,
    .feet_apart = NAN,
    .feet_x = NAN,
    .feet_y = NAN,
    .hips_y = NAN,
  };
  self->leg_px = td_body_leg_length (body);
  if (!pose->present || self->leg_px <= 0.f)
    return;
  self->yaw_deg = td_body_yaw (body);
  self->view = td_view_from_yaw (self->yaw_deg);
  self->sin_yaw = isnan (self->yaw_deg) ? 0.f : sinf (td_radians (self->yaw_deg));

  measure_height (self, pose);
  float weight = 0.f, sum = 0.f;
  for (int s = 0; s < TD_N_SIDES; s++)
    {
      TdSide side = (TdSide) s;
      measure_leg (self, pose, body, side);
      if (isnan (self->flexion_deg[side]))
        continue;
      float share = leg_score (pose, side) * agreement (self->flexion_deg[side], self->hip_height);
      sum += share * self->flexion_deg[side];
      weight += share;
    }
  if (weight <= 0.f)
    return;
  self->seen = true;
  self->both_deg = sum / weight;

  if (td_pose_sees (pose, TD_JOINT_KNEE_LEFT) && td_pose_sees (pose, TD_JOINT_KNEE_RIGHT))
    self->knee_gap
        = fabsf (pose->joints[TD_JOINT_KNEE_LEFT].y - pose->joints[TD_JOINT_KNEE_RIGHT].y)
          / (0.5f * (body->shank[TD_SIDE_LEFT] + body->shank[TD_SIDE_RIGHT]));
  measure_trunk (self, pose, body);
  measure_balance (self, pose);
  measure_feet (self, pose, body);
}
