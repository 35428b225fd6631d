#include "td-body.h"

#include <math.h>

/* Lengths grow soon while the leg rests (a projection is never longer than its bone, but for noise;
 * one that moves is misread more: hands that swing past the hips push them up). They shrink
 * when the feet travel (a person who walks away gets smaller), and otherwise only slowly and
 * never while the hips rise or sink: seen from the front the first part of a squat looks like a
 * shorter, straight leg. */
#define GROW_WALKING_S 0.25f
#define GROW_S 0.5f
#define GROW_BENT_S 2.f /* the joints of a bent leg, or of one that moves, are found less well */
#define SHRINK_WALKING_S 0.7f
#define SHRINK_STANDING_S 0.8f
#define SHRINK_DOUBTFUL_S 6.f /* straight in the picture, but bent by the network's depth */
#define WALKING_SPEED 0.35f   /* of the feet, leg lengths a second */
#define STILL_SPEED 0.08f     /* of the hips against the feet, leg lengths a second */
#define SPEED_S 0.15f
/* Leg lengths a second: no feet move that fast. The picture was cut, or it is somebody else. */
#define JUMP_SPEED 6.f
/* Who was out of sight for so long, and whose feet are so many leg lengths elsewhere or whose legs
 * show that much longer than they are, may be somebody else, or the same one in another shot. */
#define AWAY_S 0.3f
#define AWAY_MOVED 0.5f
#define AWAY_LONGER 1.2f

/* z with a sigma of this many leg lengths is half trusted. */
#define TRUST_SIGMA 0.05f

/* z whose sigma is not known counts so much for a leg that its lengths already show bent, nothing
 * for a straight one: networks that learned from rendered people see standing legs 15° bent where
 * 5° are true, but between 20 and 80° their depth errs less than lengths that were learned while
 * hands hung before the hips, and hips were therefore found too low (clip 01 against markers). */
#define COARSE_TRUST 0.3f
#define COARSE_FROM_DEG 25.f
#define COARSE_OVER_DEG 30.f

#define TILT_S 0.1f
/* By how much of a bone's length the depth must say otherwise. */
#define KNEES_FORWARD 0.6f
#define LEANING_LEG 0.3f
#define YAW_S 0.5f

/* A leg is upright when it is straight in the picture, within this of the vertical, neither bone
 * is much shorter than the other. Seen from the front a bent leg is straight in the picture too:
 * lengths shrink much slower while the network's depth, coarse as it is, bends it. */
#define UPRIGHT_FLEXION_DEG 22.f
#define UPRIGHT_DEPTH_FLEXION_DEG 50.f
#define UPRIGHT_LEAN_DEG 30.f
#define UPRIGHT_RATIO_MIN 0.8f
#define UPRIGHT_RATIO_MAX 1.6f

/* Noise of a joint-to-joint distance, share of the bone's length (1 % of stature a joint is about
 * 3 % of a bone). */
#define BONE_NOISE 0.03f

/* Joint centres of a straight leg do not lie on a line: standing people have 4 to 8° of flexion.
 * Where the picture cannot tell, each bone is taken to slant by this, 3.5° of flexion: networks
 * add some of their own. */
#define STANDING_SLANT 0.03f

bool
td_pose_sees (const TdPose *pose, TdJoint joint)
{
  return pose->joints[joint].score >= TD_MIN_SCORE;
}

TdVec3
td_pose_point (const TdPose *pose, TdJoint joint)
{
  const TdKeypoint *k = &pose->joints[joint];
  return td_vec3 (k->x, k->y, k->z);
}

bool
td_pose_middle (const TdPose *pose, TdJoint left, TdVec3 *middle)
{
  TdJoint right = td_joint_on (left, TD_SIDE_RIGHT);
  bool sees_left = td_pose_sees (pose, left), sees_right = td_pose_sees (pose, right);
  if (!sees_left && !sees_right)
    return false;
  TdVec3 l = td_pose_point (pose, sees_left ? left : right);
  TdVec3 r = td_pose_point (pose, sees_right ? right : left);
  *middle = td_vec3 (0.5f * (l.x + r.x), 0.5f * (l.y + r.y), 0.5f * (l.z + r.z));
  return true;
}

void
td_body_init (TdBody *self)
{
  *self = (TdBody){ 0 };
}

void
td_body_forget_time (TdBody *self)
{
  self->started = self->moved = false;
  self->feet_speed = self->rise_speed = self->learned_s = 0.f;
}

static bool
sees_leg (const TdPose *pose, TdSide side)
{
  return td_pose_sees (pose, td_joint_on (TD_JOINT_HIP_LEFT, side))
         && td_pose_sees (pose, td_joint_on (TD_JOINT_KNEE_LEFT, side))
         && td_pose_sees (pose, td_joint_on (TD_JOINT_ANKLE_LEFT, side));
}

/* SHRINK_S: 0 for a length that must not shrink now. */
static void
approach (float *length, float seen, float dt_s, float grow_s, float shrink_s)
{
  if (*length <= 0.f)
    {
      *length = seen;
      return;
    }
  float time_s = seen > *length ? grow_s : shrink_s;
  if (time_s > 0.f)
    *length += (1.f - expf (-dt_s / time_s)) * (seen - *length);
}

/* How fast a length may shrink now, from the movement of hips and feet. */
static float
shrink_time (TdBody *self, const TdPose *pose, float dt_s)
{
  TdVec3 hips, ankles;
  float leg = td_body_leg_length (self);
  if (dt_s <= 0.f || leg <= 0.f || !td_pose_middle (pose, TD_JOINT_HIP_LEFT, &hips)
      || !td_pose_middle (pose, TD_JOINT_ANKLE_LEFT, &ankles))
    return 0.f;
  float rise = ankles.y - hips.y;
  int seen = 0;
  for (int s = 0; s < TD_N_SIDES; s++)
    seen |= td_pose_sees (pose, td_joint_on (TD_JOINT_ANKLE_LEFT, (TdSide) s)) << s;
  /* The middle of other ankles is elsewhere without any movement. */
  if (!self->moved || seen != self->ankles_seen)
    {
      self->moved = true;
      self->ankles_seen = seen;
      self->ankles = ankles;
      self->rise = rise;
    }
  float share = 1.f - expf (-dt_s / SPEED_S);
  float feet = td_vec3_length_2d (td_vec3_sub (ankles, self->ankles)) / (leg * dt_s);
  self->learned_s += dt_s;
  if (feet > JUMP_SPEED)
    {
      self->learned_s = 0.f;
      self->doubtful[TD_SIDE_LEFT] = self->doubtful[TD_SIDE_RIGHT] = true;
    }
  self->feet_speed += share * (feet - self->feet_speed);
  self->rise_speed += share * ((rise - self->rise) / (leg * dt_s) - self->rise_speed);
  self->ankles = ankles;
  self->rise = rise;
  if (self->feet_speed > WALKING_SPEED)
    return SHRINK_WALKING_S;
  return fabsf (self->rise_speed) < STILL_SPEED ? SHRINK_STANDING_S : 0.f;
}

static float
lean_from_vertical (TdVec3 top, TdVec3 bottom)
{
  return td_degrees (atan2f (fabsf (bottom.x - top.x), bottom.y - top.y));
}

static bool
leg_is_upright (TdVec3 hip, TdVec3 knee, TdVec3 ankle)
{
  hip.z = knee.z = ankle.z = 0.f;
  float thigh = td_vec3_length (td_vec3_sub (knee, hip));
  float shank = td_vec3_length (td_vec3_sub (ankle, knee));
  float ratio = shank > 0.f ? thigh / shank : 0.f;
  return td_knee_flexion (hip, knee, ankle) < UPRIGHT_FLEXION_DEG
         && lean_from_vertical (hip, ankle) < UPRIGHT_LEAN_DEG && ratio > UPRIGHT_RATIO_MIN
         && ratio < UPRIGHT_RATIO_MAX;
}

float
td_body_depth_trust (const TdPose *pose)
{
  if (!pose->has_depth || pose->depth_sigma <= 0.f)
    return 0.f;
  float off = pose->depth_sigma / TRUST_SIGMA;
  return 1.f / (1.f + off * off);
}

/* JOINT in pixels from the middle of the picture. */
static TdVec3
centred (const TdPose *pose, TdJoint joint)
{
  const TdKeypoint *k = &pose->joints[joint];
  return td_vec3 (k->x - 0.5f * (float) pose->width, k->y - 0.5f * (float) pose->height, k->z);
}

TdVec3
td_body_point (const TdBody *self, const TdPose *pose, TdJoint joint)
{
  TdCamera camera = td_camera_for_picture (self->camera, pose->width, pose->height);
  TdVec3 seen = centred (pose, joint);
  return td_camera_level (&camera, td_camera_point (&camera, seen.x, seen.y, seen.z));
}

/* Length of a bone that stands upright, by its projection, pixels at its lower end's distance: a
 * camera that looks down has the upper end nearer. */
static float
upright_length (const TdCamera *camera, TdVec3 top, TdVec3 bottom)
{
  float slope = tanf (td_radians (camera->pitch_deg));
  float z = slope * (top.y - bottom.y) / (1.f - slope * top.y / camera->focal_px);
  TdVec3 end = td_camera_point (camera, top.x, top.y, z);
  return td_vec3_length (td_vec3_sub (end, td_vec3 (bottom.x, bottom.y, 0.f)));
}

/* By z, pixels at the distance of ANKLE. */
static float
depth_length (const TdBody *self, const TdPose *pose, TdJoint top, TdJoint bottom, TdJoint ankle)
{
  TdCamera camera = td_camera_for_picture (self->camera, pose->width, pose->height);
  TdVec3 bone = td_vec3_sub (td_body_point (self, pose, top), td_body_point (self, pose, bottom));
  return td_vec3_length (bone) * camera.focal_px / (camera.focal_px + pose->joints[ankle].z);
}

static void
update_leg_lengths (TdBody *self, const TdPose *pose, TdSide side, float dt_s, float shrink_s,
                    bool *upright)
{
  TdJoint hip_joint = td_joint_on (TD_JOINT_HIP_LEFT, side);
  TdJoint knee_joint = td_joint_on (TD_JOINT_KNEE_LEFT, side);
  TdJoint ankle_joint = td_joint_on (TD_JOINT_ANKLE_LEFT, side);
  TdVec3 hip = td_pose_point (pose, hip_joint), knee = td_pose_point (pose, knee_joint);
  TdVec3 ankle = td_pose_point (pose, ankle_joint);
  bool straight = leg_is_upright (hip, knee, ankle);
  bool bent = td_knee_flexion (hip, knee, ankle) > UPRIGHT_DEPTH_FLEXION_DEG;
  *upright = *upright && straight && !bent;

  TdCamera camera = td_camera_for_picture (self->camera, pose->width, pose->height);
  float trust = td_body_depth_trust (pose);
  float thigh = upright_length (&camera, centred (pose, hip_joint), centred (pose, knee_joint));
  float shank = upright_length (&camera, centred (pose, knee_joint), centred (pose, ankle_joint));
  float bone_shrink_s = !straight ? 0.f : bent && shrink_s > 0.f ? SHRINK_DOUBTFUL_S : shrink_s;
  bool first = self->thigh[side] <= 0.f;
  if (trust > 0.5f || (first && !straight))
    {
      /* Seen bent first: the network's depth is all there is until the leg straightens. */
      thigh = depth_length (self, pose, hip_joint, knee_joint, ankle_joint);
      shank = depth_length (self, pose, knee_joint, ankle_joint, ankle_joint);
      if (trust > 0.5f)
        bone_shrink_s = GROW_WALKING_S;
      else
        self->doubtful[side] = true;
    }
  else if (self->doubtful[side] && straight && !bent)
    {
      self->doubtful[side] = false;
      self->thigh[side] = thigh;
      self->shank[side] = shank;
    }
  bool soon = self->feet_speed > WALKING_SPEED || self->learned_s < GROW_S || trust > 0.5f;
  bool rests = straight && fabsf (self->rise_speed) < STILL_SPEED;
  float grow_s = soon ? GROW_WALKING_S : rests || self->doubtful[side] ? GROW_S : GROW_BENT_S;
  approach (&self->thigh[side], thigh, dt_s, grow_s, bone_shrink_s);
  approach (&self->shank[side], shank, dt_s, grow_s, bone_shrink_s);
  if (self->thigh_share > 0.f)
    {
      float leg = self->thigh[side] + self->shank[side];
      self->thigh[side] = self->thigh_share * leg;
      self->shank[side] = leg - self->thigh[side];
    }
}

static void
update_lengths (TdBody *self, const TdPose *pose, float dt_s)
{
  bool upright = true;
  float shrink_s = shrink_time (self, pose, dt_s);
  for (int s = 0; s < TD_N_SIDES; s++)
    if (sees_leg (pose, (TdSide) s))
      update_leg_lengths (self, pose, (TdSide) s, dt_s, shrink_s, &upright);
    else
      upright = false;
  TdVec3 hips, shoulders;
  if (td_pose_middle (pose, TD_JOINT_HIP_LEFT, &hips)
      && td_pose_middle (pose, TD_JOINT_SHOULDER_LEFT, &shoulders))
    approach (&self->trunk, td_vec3_length_2d (td_vec3_sub (shoulders, hips)), dt_s, GROW_S,
              upright ? shrink_s : 0.f);
}

/* Which way each bone points, away from the camera or towards it, as the network's depth has it:
 * it knows that better than how far, but not in every frame. */
static void
update_tilt (TdBody *self, const TdPose *pose, float dt_s)
{
  float share = dt_s > 0.f ? 1.f - expf (-dt_s / TILT_S) : 1.f;
  for (int s = 0; s < TD_N_SIDES; s++)
    {
      TdSide side = (TdSide) s;
      if (!sees_leg (pose, side) || self->thigh[s] <= 0.f || self->shank[s] <= 0.f)
        continue;
      float hip = pose->joints[td_joint_on (TD_JOINT_HIP_LEFT, side)].z;
      float knee = pose->joints[td_joint_on (TD_JOINT_KNEE_LEFT, side)].z;
      float ankle = pose->joints[td_joint_on (TD_JOINT_ANKLE_LEFT, side)].z;
      float thigh = td_clampf ((knee - hip) / self->thigh[s], -1.f, 1.f);
      float shank = td_clampf ((ankle - knee) / self->shank[s], -1.f, 1.f);
      self->tilt[s][0] += share * (thigh - self->tilt[s][0]);
      self->tilt[s][1] += share * (shank - self->tilt[s][1]);
    }
}

/* The signs of a leg's depths, 1 for a bone whose lower end is farther away. Two bones that
 * slant in the same direction make a straight leg that leans, two that slant against each other
 * a bent one; whoever squats has the latter, so the depth must say the former clearly. A knee
 * bends forwards: for a person who faces the camera it is nearer than hip and ankle, unless the
 * depth says otherwise. */
static void
choose_signs (const TdBody *self, TdSide side, float *thigh_sign, float *shank_sign)
{
  float thigh = self->tilt[side][0], shank = self->tilt[side][1];
  float bend = thigh - shank, lean = thigh + shank;
  if (fabsf (lean) > fabsf (bend) + LEANING_LEG)
    *thigh_sign = *shank_sign = lean > 0.f ? 1.f : -1.f;
  else
    {
      *thigh_sign = bend > KNEES_FORWARD * self->cos_yaw ? 1.f : -1.f;
      *shank_sign = -*thigh_sign;
    }
}

static void
update_yaw (TdBody *self, const TdPose *pose, float dt_s)
{
  float leg = td_body_leg_length (self);
  if (leg <= 0.f)
    return;

  /* The line between the hips and between the shoulders, left less right: to the right of the
   * picture when the person faces the camera, nearer to the camera at the left when the camera
   * stands at the left. */
  float across = 0.f, near = 0.f, across_weight = 0.f;
  static const struct
  {
    TdJoint left;
    float width;
  } pairs[]
      = { { TD_JOINT_HIP_LEFT, TD_HIP_WIDTH }, { TD_JOINT_SHOULDER_LEFT, TD_SHOULDER_WIDTH } };
  for (int i = 0; i < 2; i++)
    {
      TdJoint right = td_joint_on (pairs[i].left, TD_SIDE_RIGHT);
      if (!td_pose_sees (pose, pairs[i].left) || !td_pose_sees (pose, right))
        continue;
      TdVec3 d = td_vec3_sub (td_pose_point (pose, pairs[i].left), td_pose_point (pose, right));
      across += d.x / leg;
      near -= d.z / leg;
      across_weight += pairs[i].width;
    }

  /* The feet point where the person faces. */
  float forward = 0.f;
  int feet = 0;
  for (int s = 0; s < TD_N_SIDES; s++)
    {
      TdJoint heel = td_joint_on (TD_JOINT_HEEL_LEFT, (TdSide) s);
      TdJoint toe = td_joint_on (TD_JOINT_TOE_LEFT, (TdSide) s);
      if (!td_pose_sees (pose, heel) || !td_pose_sees (pose, toe))
        continue;
      forward += (pose->joints[toe].x - pose->joints[heel].x) / (TD_FOOT_LENGTH * leg);
      feet++;
    }
  if (across_weight <= 0.f && feet == 0)
    return;

  float cos_yaw = across_weight > 0.f ? td_clampf (across / across_weight, -1.f, 1.f) : 0.f;
  float sin_yaw = 0.f, weight = 0.f;
  if (feet > 0)
    {
      sin_yaw -= 2.f * td_clampf (forward / (float) feet, -1.f, 1.f);
      weight += 2.f;
    }
  if (across_weight > 0.f && pose->has_depth)
    {
      sin_yaw += td_clampf (near / across_weight, -1.f, 1.f);
      weight += 1.f;
    }
  if (weight > 0.f)
    sin_yaw /= weight;

  float share = self->yaw_known ? 1.f - expf (-dt_s / YAW_S) : 1.f;
  self->cos_yaw += share * (cos_yaw - self->cos_yaw);
  self->sin_yaw += share * (sin_yaw - self->sin_yaw);
  self->yaw_known = true;
}

/* Whether POSE, the first after GAP_S without anybody, does not go on where the last one ended. */
static bool
is_elsewhere (const TdBody *self, const TdPose *pose, float gap_s)
{
  TdVec3 hips, ankles;
  float leg = td_body_leg_length (self);
  if (gap_s < AWAY_S || !self->moved || leg <= 0.f
      || !td_pose_middle (pose, TD_JOINT_HIP_LEFT, &hips)
      || !td_pose_middle (pose, TD_JOINT_ANKLE_LEFT, &ankles))
    return false;
  return td_vec3_length_2d (td_vec3_sub (ankles, self->ankles)) > AWAY_MOVED * leg
         || td_vec3_length_2d (td_vec3_sub (hips, ankles)) > AWAY_LONGER * leg;
}

/* Lengths that are kept are only a first guess now. */
static void
begin_anew (TdBody *self)
{
  td_body_forget_time (self);
  self->doubtful[TD_SIDE_LEFT] = self->doubtful[TD_SIDE_RIGHT] = true;
  self->trunk = 0.f;
  self->yaw_known = false;
}

void
td_body_update (TdBody *self, const TdPose *pose)
{
  self->elsewhere = false;
  if (!pose->present || (self->started && pose->time_ns <= self->time_ns))
    return;
  float dt_s = self->started ? (float) (pose->time_ns - self->time_ns) * 1e-9f : 0.f;
  if (is_elsewhere (self, pose, dt_s))
    {
      begin_anew (self);
      self->elsewhere = true;
    }
  self->started = true;
  dt_s = td_clampf (dt_s, 0.f, 0.5f);
  self->time_ns = pose->time_ns;
  update_lengths (self, pose, dt_s);
  update_yaw (self, pose, dt_s);
  update_tilt (self, pose, dt_s);
}

float
td_body_leg_length (const TdBody *self)
{
  float sum = 0.f;
  int legs = 0;
  for (int s = 0; s < TD_N_SIDES; s++)
    if (self->thigh[s] > 0.f)
      {
        sum += self->thigh[s] + self->shank[s];
        legs++;
      }
  return legs > 0 ? sum / (float) legs : 0.f;
}

float
td_body_yaw (const TdBody *self)
{
  if (!self->yaw_known || hypotf (self->cos_yaw, self->sin_yaw) < 0.15f)
    return NAN;
  return td_degrees (atan2f (self->sin_yaw, self->cos_yaw));
}

/* Where on its line of sight the joint seen at SEEN lies: LENGTH away from FROM, farther than it
 * for a positive SIGN, else nearer. */
static TdVec3
place (const TdCamera *camera, TdVec3 from, TdVec3 seen, float length, float sign)
{
  TdVec3 along = td_vec3 (seen.x / camera->focal_px, seen.y / camera->focal_px, 1.f);
  /* Where it would stand upright over FROM, and the gap to it. */
  float slope = tanf (td_radians (camera->pitch_deg));
  float z = (from.z + slope * (seen.y - from.y)) / (1.f - slope * along.y);
  TdVec3 level = td_camera_point (camera, seen.x, seen.y, z);
  TdVec3 gap = td_vec3_sub (level, from);
  float projected = td_vec3_length (gap);
  float slant = sign * STANDING_SLANT * length;
  float u = slant;
  if (projected < length)
    {
      /* Where the line of sight leaves the sphere around FROM, less what noise alone explains. */
      float a = td_vec3_dot (along, along), b = td_vec3_dot (gap, along);
      float c = projected * projected - length * length;
      u = (-b + sign * sqrtf (b * b - a * c)) / a;
      u *= td_bone_depth (length, projected, BONE_NOISE * length) / sqrtf (-c);
      if (fabsf (u) < fabsf (slant))
        u = slant;
    }
  return td_vec3_add (level, td_vec3_scale (along, u));
}

bool
td_body_fit_leg (const TdBody *self, const TdPose *pose, TdSide side, TdVec3 leg[3])
{
  if (!sees_leg (pose, side) || self->thigh[side] <= 0.f)
    return false;
  static const TdJoint joints[] = { TD_JOINT_HIP_LEFT, TD_JOINT_KNEE_LEFT, TD_JOINT_ANKLE_LEFT };
  TdCamera camera = td_camera_for_picture (self->camera, pose->width, pose->height);
  TdVec3 seen[3];
  for (int i = 0; i < 3; i++)
    {
      seen[i] = centred (pose, td_joint_on (joints[i], side));
      seen[i].z = 0.f;
    }
  float thigh_sign, shank_sign;
  choose_signs (self, side, &thigh_sign, &shank_sign);
  leg[2] = seen[2];
  leg[1] = place (&camera, leg[2], seen[1], self->shank[side], -shank_sign);
  leg[0] = place (&camera, leg[1], seen[0], self->thigh[side], -thigh_sign);

  for (int i = 0; i < 3; i++)
    leg[i] = td_camera_level (&camera, td_vec3_sub (leg[i], seen[2]));

  float trust = td_body_depth_trust (pose);
  if (trust <= 0.f && pose->has_depth)
    {
      float flexion = td_knee_flexion (leg[0], leg[1], leg[2]);
      trust = COARSE_TRUST * td_clampf ((flexion - COARSE_FROM_DEG) / COARSE_OVER_DEG, 0.f, 1.f);
    }
  if (trust <= 0.f)
    return true;
  TdJoint ankle = td_joint_on (TD_JOINT_ANKLE_LEFT, side);
  TdVec3 foot = td_body_point (self, pose, ankle);
  float nearer = camera.focal_px / (camera.focal_px + pose->joints[ankle].z);
  for (int i = 0; i < 3; i++)
    {
      TdVec3 given = td_vec3_sub (td_body_point (self, pose, td_joint_on (joints[i], side)), foot);
      leg[i] = td_vec3_add (td_vec3_scale (leg[i], 1.f - trust),
                            td_vec3_scale (given, trust * nearer));
    }
  return true;
}
