#include "td-moment.h"

#include <math.h>

/* Plain 2-D flexion is right to 3° within 20° of the side plane (science.md, section 3); between
 * these two yaws it hands over to the fitted leg. */
#define SIDE_FULL_DEG 15.f
#define SIDE_NONE_DEG 30.f

#define FRONTAL_COS 0.643f

/* Fore and aft can be told from the picture when the person is turned by at least this, 27°: an error of 5° in
 * the yaw is a sixth of what is told then. */
#define SIDEWAYS_SIN 0.45f

/* From this flexion on the knees are at least that far ahead, leg lengths: sin 30° of a thigh
 * would be .25, halved by the middle. */
#define AGREEMENT_DEG 20.f

/* Flexion from the slopes of a leg that moves in the person's sagittal plane: what joints are off by in the picture, how much
 * of the slopes is varus or valgus, and the share by which toes that point 15° outward change it at a yaw of 37°. It begins to
 * count at a yaw of 20° and does in full from 33° on. */
#define PLANE_SIGMA_DEG 3.f
#define FRONTAL_SIGMA_DEG 5.f
#define PLANE_SCALE_SIGMA 0.3f
#define PLANE_NO_SIN 0.35f
#define PLANE_FULL_SIN 0.55f
/* How toes point changes the slopes most, and lengths tell most, where legs are bent: slopes count less from here and not from
 * there on. */
#define PLANE_STRAIGHT_DEG 40.f
#define PLANE_BENT_DEG 70.f
/* What the length of a leg in the picture is off by, shares of it: hands that hang before the hips move them by as much. */
#define LENGTH_SIGMA 0.05f

#define BENT_DEG 60.f
#define KNEES_AHEAD 0.08f

/* How far a joint that a network found lies off, leg lengths, where its score is 1, and how much
 * more where it is 0: measured on clips with a reference (tests/clips/evaluate), where most of
 * it is no noise but stays for seconds. */
#define JOINT_SIGMA 0.014f
#define JOINT_SIGMA_UNSEEN 0.02f
/* Of exact joints: rounding. */
#define JOINT_SIGMA_EXACT 0.0002f
#define BONE_SHARE 0.5f /* of the leg length */
#define TILT_SIGMA_DEG 3.f
/* A bone that slants little out of the picture hides its slant in the noise, but a slant of more
 * than that shows. */
#define MIN_SLANT_SIN 0.4f

/* Segment masses and centres of mass: Winter, table 4.1 (head, arms and trunk .678 of the body,
 * its centre .626 of the way from hip to shoulder; thigh .100 each, .433 from the hip; shank and
 * foot .061 each, .606 from the knee). */
/* The trunk over the leg length, and the heel behind the ankle joint: Winter, figure 4.1. */
#define USUAL_TRUNK 0.59f
#define HEEL_BEHIND 0.07f
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

bool
td_moment_shows_valgus (const TdMoment *self)
{
  return td_moment_is_frontal (self) || self->trust > 0.5f;
}

float
td_moment_hip_flexion (const TdMoment *self)
{
  float thigh = isnan (self->thigh_deg[TD_SIDE_LEFT]) ? self->thigh_deg[TD_SIDE_RIGHT]
                : isnan (self->thigh_deg[TD_SIDE_RIGHT])
                    ? self->thigh_deg[TD_SIDE_LEFT]
                    : 0.5f * (self->thigh_deg[TD_SIDE_LEFT] + self->thigh_deg[TD_SIDE_RIGHT]);
  return self->lean_deg + 90.f - thigh;
}

/* How far VALUE has come on its way from NONE to FULL, 0..1. */
static float
ramp (float value, float none, float full)
{
  return td_clampf ((value - none) / (full - none), 0.f, 1.f);
}

/* How far the view is a side view, 0..1. */
static float
sideness (float yaw_deg)
{
  if (isnan (yaw_deg))
    return 0.f;
  float off = fabsf (fabsf (yaw_deg) - 90.f);
  return ramp (off, SIDE_NONE_DEG, SIDE_FULL_DEG);
}

static float
leg_score (const TdPose *pose, TdSide side)
{
  float score = pose->joints[td_joint_on (TD_JOINT_HIP_LEFT, side)].score;
  score = fminf (score, pose->joints[td_joint_on (TD_JOINT_KNEE_LEFT, side)].score);
  return fminf (score, pose->joints[td_joint_on (TD_JOINT_ANKLE_LEFT, side)].score);
}

static float
joint_sigma (const TdMoment *self, float score)
{
  float seen = JOINT_SIGMA + JOINT_SIGMA_UNSEEN * (1.f - td_clampf (score, 0.f, 1.f));
  return self->trust * JOINT_SIGMA_EXACT + (1.f - self->trust) * seen;
}

/* Error of a bone's direction, degrees: in the picture by its ends, out of it by what its length
 * lacks. */
static float
bone_sigma (const TdMoment *self, TdVec3 bone, float sigma)
{
  float length = td_vec3_length (bone);
  if (length <= 0.f)
    return NAN;
  float out = fabsf (bone.z) / length;
  float flat = (float) M_SQRT2 * sigma / BONE_SHARE;
  float deep = flat / fmaxf (out, MIN_SLANT_SIN);
  deep += self->trust * (flat - deep);
  return td_degrees (sqrtf ((1.f - out * out) * flat * flat + out * out * deep * deep));
}

/* The yaw against the camera's axis, radians. */
static float
heading (const TdMoment *self)
{
  return td_radians ((isnan (self->yaw_deg) ? 0.f : self->yaw_deg) + self->bearing_deg);
}

/* The person's axes in the level plane: towards their left, and forward. */
static TdVec3
axis_left (const TdMoment *self)
{
  float yaw = heading (self);
  return td_vec3 (cosf (yaw), 0.f, -sinf (yaw));
}

static TdVec3
axis_forward (const TdMoment *self)
{
  float yaw = heading (self);
  return td_vec3 (-sinf (yaw), 0.f, -cosf (yaw));
}

static void
measure_frontal (TdMoment *self, const TdVec3 leg[3], float hips_px, TdSide side, float sigma)
{
  /* In the person's own frontal plane, so that a turned body does not read as valgus. */
  TdVec3 left = axis_left (self), frontal[3];
  float inward = side == TD_SIDE_LEFT ? -1.f : 1.f;
  for (int i = 0; i < 3; i++)
    frontal[i] = td_vec3 (td_vec3_dot (leg[i], left), leg[i].y, 0.f);
  /* Obliquely the depth of the bones enters. */
  if (self->has_depth || self->view == TD_VIEW_FRONT || self->view == TD_VIEW_BACK)
    self->fppa_deg[side] = td_fppa (frontal[0], frontal[1], frontal[2], inward);

  TdVec3 thigh = td_vec3_sub (frontal[0], frontal[1]), shank = td_vec3_sub (frontal[1], frontal[2]);
  float whole = td_vec3_length (td_vec3_sub (leg[0], leg[1]));
  float shown = td_vec3_length (thigh), shank_shown = td_vec3_length (shank);
  self->thigh_shown[side] = whole > 0.f ? shown / whole : NAN;
  if (shown > 0.f && shank_shown > 0.f)
    {
      float at_thigh = sigma * self->leg_px / shown, at_shank = sigma * self->leg_px / shank_shown;
      self->fppa_sigma_deg[side]
          = td_degrees (sqrtf (at_thigh * at_thigh + at_shank * at_shank
                               + (at_thigh + at_shank) * (at_thigh + at_shank)));
    }

  float rise = frontal[2].y - frontal[0].y;
  if (rise > 0.f && hips_px > 0.f)
    {
      float along = (frontal[1].y - frontal[0].y) / rise;
      float line = frontal[0].x + along * (frontal[2].x - frontal[0].x);
      self->knee_offset[side] = (frontal[1].x - line) * inward / hips_px;
      /* The knee's own error and half that of each end of the line. */
      self->knee_offset_sigma = sqrtf (1.5f) * sigma * self->leg_px / hips_px;
    }
}

/* A straight leg that looks 4 % too short seems bent by 32°, but seen obliquely its knee would then stand out ahead. FITTED is
 * what the bones' lengths say, mixed with what the slopes of thigh and shank say, by their variances: the legs' height goes
 * with the cosine of half the flexion, the slopes with the flexion itself. */
static float
near_straight (const TdMoment *self, const TdVec3 leg[3], float fitted)
{
  float across = -sinf (heading (self));
  float oblique = ramp (fabsf (across), PLANE_NO_SIN, PLANE_FULL_SIN);
  float straight = ramp (fitted, PLANE_BENT_DEG, PLANE_STRAIGHT_DEG);
  float counts = oblique * straight * (1.f - self->trust);
  if (counts <= 0.f || isnan (fitted) || isnan (self->yaw_deg))
    return fitted;
  TdVec3 thigh = td_vec3_sub (leg[1], leg[0]), shank = td_vec3_sub (leg[2], leg[1]);
  float seen = td_degrees (atan2f (thigh.x / across, thigh.y) - atan2f (shank.x / across, shank.y));
  float slope_sigma = hypotf (PLANE_SIGMA_DEG, FRONTAL_SIGMA_DEG * sqrtf (1.f - across * across))
                      / fabsf (across);
  slope_sigma = hypotf (slope_sigma, PLANE_SCALE_SIGMA * fitted);
  float turn = 0.5f * sinf (0.5f * td_radians (fmaxf (fitted, 1.f)));
  float length_sigma = td_degrees (LENGTH_SIGMA / turn);
  float share = counts / (slope_sigma * slope_sigma);
  share /= share + 1.f / (length_sigma * length_sigma);
  return fmaxf (fitted + share * (seen - fitted), 0.f);
}

static void
measure_leg (TdMoment *self, const TdPose *pose, const TdBody *body, TdSide side)
{
  TdVec3 leg[3];
  if (!td_body_fit_leg (body, pose, side, leg))
    return;
  float fitted = near_straight (self, leg, td_knee_flexion (leg[0], leg[1], leg[2]));
  float fitted_incl = td_thigh_inclination (leg[0], leg[1]);
  TdVec3 flat[3];
  static const TdJoint joints[] = { TD_JOINT_HIP_LEFT, TD_JOINT_KNEE_LEFT, TD_JOINT_ANKLE_LEFT };
  for (int i = 0; i < 3; i++)
    {
      flat[i] = td_pose_point (pose, td_joint_on (joints[i], side));
      flat[i].z = 0.f;
    }
  float plain = td_knee_flexion (flat[0], flat[1], flat[2]);
  float plain_incl = td_thigh_inclination (flat[0], flat[1]);
  float side_share = isnan (plain) ? 0.f : (1.f - self->trust) * sideness (self->yaw_deg);
  self->flexion_deg[side]
      = side_share > 0.f ? side_share * plain + (1.f - side_share) * fitted : fitted;
  self->thigh_deg[side]
      = side_share > 0.f ? side_share * plain_incl + (1.f - side_share) * fitted_incl : fitted_incl;

  float sigma = joint_sigma (self, leg_score (pose, side));
  float thigh_sigma = bone_sigma (self, td_vec3_sub (leg[0], leg[1]), sigma);
  float shank_sigma = bone_sigma (self, td_vec3_sub (leg[1], leg[2]), sigma);
  /* Against the horizontal the camera's tilt counts too. */
  self->thigh_sigma_deg[side] = hypotf (thigh_sigma, (1.f - self->trust) * TILT_SIGMA_DEG);
  /* The knee is an end of both bones: an error there counts twice. */
  self->flexion_sigma_deg[side] = 1.22f * hypotf (thigh_sigma, shank_sigma);

  float hips_px = TD_HIP_WIDTH * self->leg_px;
  if (self->trust > 0.5f && td_pose_sees (pose, TD_JOINT_HIP_LEFT)
      && td_pose_sees (pose, TD_JOINT_HIP_RIGHT))
    hips_px = td_vec3_length (td_vec3_sub (td_body_point (body, pose, TD_JOINT_HIP_LEFT),
                                           td_body_point (body, pose, TD_JOINT_HIP_RIGHT)));
  measure_frontal (self, leg, hips_px, side, sigma);
  self->knee_up[side] = -leg[1].y / body->shank[side];
  for (int i = 0; i < 2; i++)
    self->ahead[side][i] = td_vec3_dot (leg[i], axis_forward (self)) / self->leg_px;
}

/* Where the person faces: by exact depth from the line between the hips of this very frame. */
static void
measure_yaw (TdMoment *self, const TdPose *pose, const TdBody *body)
{
  TdVec3 hips;
  TdCamera camera = td_camera_for_picture (body->camera, pose->width, pose->height);
  self->yaw_deg = td_body_yaw (body);
  if (td_pose_middle (pose, TD_JOINT_HIP_LEFT, &hips))
    self->bearing_deg
        = td_degrees (atanf ((hips.x - 0.5f * (float) pose->width) / camera.focal_px));
  if (self->trust > 0.f && td_pose_sees (pose, TD_JOINT_HIP_LEFT)
      && td_pose_sees (pose, TD_JOINT_HIP_RIGHT))
    {
      TdVec3 left = td_vec3_sub (td_body_point (body, pose, TD_JOINT_HIP_LEFT),
                                 td_body_point (body, pose, TD_JOINT_HIP_RIGHT));
      float length = hypotf (left.x, left.z);
      float smooth = heading (self);
      if (length > 0.f)
        self->yaw_deg = -self->bearing_deg
                        + td_degrees (atan2f (
                            -self->trust * left.z / length + (1.f - self->trust) * sinf (smooth),
                            self->trust * left.x / length + (1.f - self->trust) * cosf (smooth)));
    }
  if (fabsf (self->yaw_deg) > 180.f)
    self->yaw_deg -= copysignf (360.f, self->yaw_deg);
  self->view = td_view_from_yaw (self->yaw_deg);
  self->sin_yaw = isnan (self->yaw_deg) ? 0.f : sinf (td_radians (self->yaw_deg));
  self->turned = fabsf (sinf (td_radians (self->yaw_deg)));
}

static bool
sees_trunk (const TdPose *pose)
{
  return td_pose_sees (pose, TD_JOINT_HIP_LEFT) && td_pose_sees (pose, TD_JOINT_HIP_RIGHT)
         && td_pose_sees (pose, TD_JOINT_SHOULDER_LEFT)
         && td_pose_sees (pose, TD_JOINT_SHOULDER_RIGHT);
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
  float score = 1.f;
  for (int s = 0; s < TD_N_SIDES; s++)
    score = fminf (score, pose->joints[td_joint_on (TD_JOINT_SHOULDER_LEFT, (TdSide) s)].score);
  /* Both ends are the middles of two joints. */
  self->lean_sigma_deg = td_degrees (self->leg_px * joint_sigma (self, score)
                                     / (length * fmaxf (fabsf (self->sin_yaw), self->trust)));
  if (self->trust > 0.5f && sees_trunk (pose))
    {
      TdVec3 spine = td_vec3 (0.f, 0.f, 0.f);
      for (int s = 0; s < TD_N_SIDES; s++)
        {
          TdJoint hip = td_joint_on (TD_JOINT_HIP_LEFT, (TdSide) s);
          TdJoint shoulder = td_joint_on (TD_JOINT_SHOULDER_LEFT, (TdSide) s);
          spine = td_vec3_add (spine, td_vec3_sub (td_body_point (body, pose, shoulder),
                                                   td_body_point (body, pose, hip)));
        }
      self->lean_deg = td_degrees (atan2f (td_vec3_dot (spine, axis_forward (self)), -spine.y));
    }
  else if (fabsf (self->sin_yaw) >= SIDEWAYS_SIN)
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
  /* Bent knees are ahead of hips and ankles. Where the picture says otherwise, it is the facing
   * that is wrong (a person seen obliquely from behind), and then ahead and behind would be
   * confused. */
  float ahead = (knees.x - 0.5f * (hips.x + ankles.x)) / (-self->sin_yaw * self->leg_px);
  if (self->both_deg > BENT_DEG && ahead < KNEES_AHEAD)
    return;
  float upper = hips.x + CENTRE_UPPER * (shoulders.x - hips.x);
  float thigh = hips.x + CENTRE_THIGH * (knees.x - hips.x);
  float shank = knees.x + CENTRE_SHANK * (ankles.x - knees.x);
  float centre = MASS_UPPER * upper + MASS_THIGH * thigh + MASS_SHANK * shank;
  self->balance = (centre - heels.x) / (-self->sin_yaw * self->leg_px);
}

/* The same from the fitted legs, in any view. A trunk that is not seen is taken to lean forward
 * by 45°, which keeps most weight over the feet: who is behind them even so, sits. */
static void
measure_balance_fitted (TdMoment *self, const TdBody *body)
{
  float hip = 0.f, knee = 0.f;
  int n = 0;
  for (int s = 0; s < TD_N_SIDES; s++)
    if (!isnan (self->ahead[s][0]))
      {
        hip += self->ahead[s][0];
        knee += self->ahead[s][1];
        n++;
      }
  if (n == 0)
    return;
  hip /= (float) n;
  knee /= (float) n;
  float trunk = body->trunk > 0.f ? body->trunk / self->leg_px : USUAL_TRUNK;
  float lean = isnan (self->trunk_deg) ? 45.f : fminf (self->trunk_deg, 90.f);
  float upper = hip + CENTRE_UPPER * trunk * sinf (td_radians (lean));
  float thigh = hip + CENTRE_THIGH * (knee - hip);
  float shank = (1.f - CENTRE_SHANK) * knee;
  self->balance_fitted = HEEL_BEHIND + MASS_UPPER * upper + MASS_THIGH * thigh + MASS_SHANK * shank;
}

static void
measure_feet (TdMoment *self, const TdPose *pose, const TdBody *body)
{
  if (!td_pose_sees (pose, TD_JOINT_ANKLE_LEFT) || !td_pose_sees (pose, TD_JOINT_ANKLE_RIGHT))
    return;
  TdVec3 left = td_pose_point (pose, TD_JOINT_ANKLE_LEFT);
  TdVec3 right = td_pose_point (pose, TD_JOINT_ANKLE_RIGHT);
  self->feet_apart = td_vec3_length_2d (td_vec3_sub (left, right)) / self->leg_px;
  float apart = left.x - right.x;
  /* Hips and shoulders that lie behind each other, and feet that do not say whereto: from the side. */
  if (isnan (self->yaw_deg))
    self->split = fabsf (apart) / self->leg_px;
  else if (fabsf (self->sin_yaw) >= SIDEWAYS_SIN)
    {
      float across = TD_HIP_WIDTH * self->leg_px * body->cos_yaw;
      float fore_aft = fabsf (apart) <= fabsf (across) ? 0.f : fabsf (apart - across);
      self->split = fore_aft / (fabsf (self->sin_yaw) * self->leg_px);
    }
  if (fabsf (body->cos_yaw) >= 0.5f)
    self->stance_ratio = fabsf (apart) / (fabsf (body->cos_yaw) * TD_SHOULDER_WIDTH * self->leg_px);
}

/* Where a foot points against the person's forward, outward positive, from how far its toes are
 * beside its heel in the picture; and how high the heel is against the toes. */
static void
measure_foot (TdMoment *self, const TdPose *pose, const TdBody *body, TdSide side)
{
  TdJoint heel = td_joint_on (TD_JOINT_HEEL_LEFT, side),
          toe = td_joint_on (TD_JOINT_TOE_LEFT, side);
  if (!td_pose_sees (pose, heel) || !td_pose_sees (pose, toe))
    return;
  self->heel_up[side] = (pose->joints[toe].y - pose->joints[heel].y) / self->leg_px;
  float outward = side == TD_SIDE_LEFT ? 1.f : -1.f;
  if (self->trust > 0.5f)
    {
      TdVec3 foot = td_vec3_sub (td_body_point (body, pose, toe), td_body_point (body, pose, heel));
      self->toe_out_deg[side] = td_degrees (atan2f (outward * td_vec3_dot (foot, axis_left (self)),
                                                    td_vec3_dot (foot, axis_forward (self))));
      return;
    }
  if (!td_moment_is_frontal (self))
    return;
  /* A foot that points forward lies at -sin (yaw) of its length across the picture; seen from
   * behind the picture's left and right are the person's. */
  float across = (pose->joints[toe].x - pose->joints[heel].x) / (TD_FOOT_LENGTH * self->leg_px);
  float turned = td_degrees (asinf (td_clampf (across, -1.f, 1.f)));
  float facing = td_degrees (asinf (self->sin_yaw));
  bool from_behind = fabsf (self->yaw_deg) > 90.f;
  self->toe_out_deg[side] = (from_behind ? -outward : outward) * (turned + facing);
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
      if (!td_pose_sees (pose, ankle))
        continue;
      lower = fmaxf (lower, pose->joints[ankle].y);
      self->foot[s][0] = pose->joints[ankle].x;
      self->foot[s][1] = pose->joints[ankle].y;
    }
  self->hip_height = (lower - hips.y) / self->leg_px;
  self->hips_x = hips.x;
  self->hips_y = hips.y;
}

/* How well a leg's flexion goes with the height of the hips, 0..1. Bones of equal length that
 * slant alike carry the hips at cos (flexion / 2) of the leg's length; squats are within 10° of
 * that. A leg that was confused with the other, or is hidden behind it, is not, and weighs less. */
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
    .turned = NAN,
    .flexion_deg = { NAN, NAN },
    .flexion_sigma_deg = { NAN, NAN },
    .both_deg = NAN,
    .both_sigma_deg = NAN,
    .thigh_deg = { NAN, NAN },
    .thigh_sigma_deg = { NAN, NAN },
    .fppa_deg = { NAN, NAN },
    .fppa_sigma_deg = { NAN, NAN },
    .thigh_shown = { NAN, NAN },
    .knee_offset = { NAN, NAN },
    .knee_offset_sigma = NAN,
    .toe_out_deg = { NAN, NAN },
    .heel_up = { NAN, NAN },
    .hip_height = NAN,
    .trunk_deg = NAN,
    .lean_deg = NAN,
    .lean_sigma_deg = NAN,
    .knee_gap = NAN,
    .knee_up = { NAN, NAN },
    .split = NAN,
    .ahead = { { NAN, NAN }, { NAN, NAN } },
    .balance_fitted = NAN,
    .balance = NAN,
    .stance_ratio = NAN,
    .feet_apart = NAN,
    .foot = { { NAN, NAN }, { NAN, NAN } },
    .hips_x = NAN,
    .hips_y = NAN,
  };
  self->leg_px = td_body_leg_length (body);
  if (!pose->present || self->leg_px <= 0.f)
    return;
  self->has_depth = pose->has_depth;
  self->trust = td_body_depth_trust (pose);
  measure_yaw (self, pose, body);
  measure_height (self, pose);
  float weight = 0.f, sum = 0.f, variance = 0.f;
  for (int s = 0; s < TD_N_SIDES; s++)
    {
      TdSide side = (TdSide) s;
      measure_leg (self, pose, body, side);
      if (isnan (self->flexion_deg[side]))
        continue;
      float agrees = agreement (self->flexion_deg[side], self->hip_height);
      agrees += self->trust * (1.f - agrees);
      float share = leg_score (pose, side) * agrees;
      sum += share * self->flexion_deg[side];
      variance += share * self->flexion_sigma_deg[side] * self->flexion_sigma_deg[side];
      weight += share;
      measure_foot (self, pose, body, side);
    }
  if (weight <= 0.f)
    return;
  self->seen = true;
  self->both_deg = sum / weight;
  /* What is off in one leg is mostly off in the other too: no smaller than the legs' own. */
  self->both_sigma_deg = sqrtf (variance / weight);

  if (td_pose_sees (pose, TD_JOINT_KNEE_LEFT) && td_pose_sees (pose, TD_JOINT_KNEE_RIGHT))
    self->knee_gap
        = fabsf (pose->joints[TD_JOINT_KNEE_LEFT].y - pose->joints[TD_JOINT_KNEE_RIGHT].y)
          / (0.5f * (body->shank[TD_SIDE_LEFT] + body->shank[TD_SIDE_RIGHT]));
  measure_trunk (self, pose, body);
  measure_balance (self, pose);
  measure_balance_fitted (self, body);
  measure_feet (self, pose, body);
}
