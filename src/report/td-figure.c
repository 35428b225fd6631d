/* td-figure.c: the person of each sample in three dimensions.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-figure.h"

#include "td-body.h"
#include "td-smoother.h"

#include <glib.h>
#include <math.h>

/* Joint-centre distances as shares of the leg length: Winter, figure 4.1 (upper arm .186 of stature,
 * forearm .146, leg .491, ankle .039 above the floor; the toes .12 ahead of the ankle). */
#define UPPER_ARM 0.38f
#define FOREARM 0.30f
#define ANKLE_HEIGHT 0.08f
#define SOLE 0.03f
#define LIFTED 0.15f
#define TOE_AHEAD 0.22f
#define HEEL_BEHIND 0.07f
#define NOSE_AHEAD 0.2f
/* Noise of a joint-to-joint distance, share of the bone (td-body.c). */
#define BONE_NOISE 0.03f
/* A trunk leans into the picture only as far as the person faces into it or out of it. */
#define FACING 0.3f
/* The pose before tells nothing any more. */
#define FORGET_NS INT64_C (1000000000)

/* 108,000 of them an hour: thousandths of a leg length. */
typedef struct
{
  int16_t points[TD_N_JOINTS][3];
  int16_t yaw_deg10;
  uint8_t trust;
  bool seen;
  uint32_t joints;
} Packed;

struct TdFigures
{
  GArray *figures; /* Packed */
  GArray *yaws;    /* float, of the poses that wait in the smoother */
  TdSmoother smoother;
  TdBody body;
  int64_t last_ns;
  bool started;
  double side; /* sum of the sines of yaw */
};

TdFigures *
td_figures_new (void)
{
  TdFigures *self = g_new0 (TdFigures, 1);

  self->figures = g_array_new (FALSE, FALSE, sizeof (Packed));
  self->yaws = g_array_new (FALSE, FALSE, sizeof (float));
  td_smoother_init (&self->smoother);
  td_body_init (&self->body);
  return self;
}

void
td_figures_free (TdFigures *self)
{
  if (!self)
    return;
  g_array_unref (self->figures);
  g_array_unref (self->yaws);
  g_free (self);
}

/* --- One pose ----------------------------------------------------------------------------- */

/* Level space: x to the right, y down, z away; pixels from the middle of the hips. */
typedef struct
{
  const TdPose *pose; /* its z only as far as it is trusted */
  const TdBody *body;
  float leg, trust;
  TdVec3 left, forward, hips;
  TdVec3 points[TD_N_JOINTS];
  uint32_t joints;
} Pen;

static bool
sees (const Pen *pen, TdJoint joint)
{
  return td_pose_sees (pen->pose, joint);
}

static bool
has (const Pen *pen, TdJoint joint)
{
  return (pen->joints >> joint) & 1;
}

static void
put (Pen *pen, TdJoint joint, TdVec3 point)
{
  pen->points[joint] = point;
  pen->joints |= UINT32_C (1) << joint;
}

/* Where the picture has JOINT; z as far as it is trusted. */
static TdVec3
seen_at (const Pen *pen, TdJoint joint)
{
  return td_vec3_sub (td_body_point (pen->body, pen->pose, joint), pen->hips);
}

/* Where the picture has JOINT, GUESS behind FROM as far as z is not trusted. */
static void
put_guessed (Pen *pen, TdJoint joint, float from_z, float guess)
{
  TdVec3 point = seen_at (pen, joint);

  point.z += (1.f - pen->trust) * (from_z + guess);
  put (pen, joint, point);
}

static void
put_pair (Pen *pen, TdJoint left, float width, float middle_z)
{
  for (int s = 0; s < TD_N_SIDES; s++)
    {
      float half = (s == TD_SIDE_LEFT ? 0.5f : -0.5f) * width * pen->leg * pen->left.z;
      if (sees (pen, td_joint_on (left, (TdSide) s)))
        put_guessed (pen, td_joint_on (left, (TdSide) s), middle_z, half);
    }
}

static void
put_leg (Pen *pen, const TdPose *given, TdSide side)
{
  TdJoint hip = td_joint_on (TD_JOINT_HIP_LEFT, side);
  TdJoint ankle = td_joint_on (TD_JOINT_ANKLE_LEFT, side);
  TdJoint heel = td_joint_on (TD_JOINT_HEEL_LEFT, side);
  TdJoint toe = td_joint_on (TD_JOINT_TOE_LEFT, side);
  TdVec3 leg[3];

  if (!has (pen, hip) || !td_body_fit_leg (pen->body, given, side, leg))
    return;
  TdVec3 from = td_vec3_sub (pen->points[hip], leg[0]);
  put (pen, td_joint_on (TD_JOINT_KNEE_LEFT, side), td_vec3_add (from, leg[1]));
  put (pen, ankle, td_vec3_add (from, leg[2]));

  TdVec3 off = td_vec3_sub (pen->points[ankle], seen_at (pen, ankle));
  if (sees (pen, heel))
    {
      TdVec3 point = td_vec3_add (seen_at (pen, heel), off);
      point.z -= (1.f - pen->trust) * HEEL_BEHIND * pen->leg * pen->forward.z;
      put (pen, heel, point);
    }
  if (sees (pen, toe))
    {
      TdVec3 point = td_vec3_add (seen_at (pen, toe), off);
      point.z += (1.f - pen->trust) * TOE_AHEAD * pen->leg * pen->forward.z;
      put (pen, toe, point);
    }
}

/* Which way a bone points is the network's, and forward where it has no say. */
static void
put_arm_bone (Pen *pen, const TdPose *given, TdJoint from, TdJoint to, float share)
{
  if (!has (pen, from) || !sees (pen, to))
    return;
  TdVec3 start = pen->points[from], end = seen_at (pen, to);
  float length = share * pen->leg;
  float depth
      = td_bone_depth (length, hypotf (end.x - start.x, end.y - start.y), BONE_NOISE * length);
  float says = given->has_depth ? given->joints[to].z - given->joints[from].z : 0.f;
  float sign
      = fabsf (says) > 0.05f * pen->leg ? copysignf (1.f, says) : copysignf (1.f, pen->forward.z);
  put_guessed (pen, to, start.z, sign * depth);
}

static void
put_upper_body (Pen *pen, const TdPose *given)
{
  TdVec3 middle, lean = { 0 };

  if (!td_pose_middle (given, TD_JOINT_SHOULDER_LEFT, &middle))
    return;
  for (int s = 0, n = 0; s < TD_N_SIDES; s++)
    if (sees (pen, td_joint_on (TD_JOINT_SHOULDER_LEFT, (TdSide) s)))
      {
        TdVec3 at = seen_at (pen, td_joint_on (TD_JOINT_SHOULDER_LEFT, (TdSide) s));
        lean = n++ ? td_vec3_scale (td_vec3_add (lean, at), 0.5f) : at;
      }
  float depth = pen->body->trunk > 0.f ? td_bone_depth (pen->body->trunk, hypotf (lean.x, lean.y),
                                                        BONE_NOISE * pen->body->trunk)
                                       : 0.f;
  float facing = td_clampf (fabsf (pen->forward.z) / FACING - 1.f, 0.f, 1.f);
  float shoulders_z = copysignf (facing * depth, pen->forward.z);
  put_pair (pen, TD_JOINT_SHOULDER_LEFT, TD_SHOULDER_WIDTH, shoulders_z);
  if (sees (pen, TD_JOINT_NOSE))
    put_guessed (pen, TD_JOINT_NOSE, shoulders_z, NOSE_AHEAD * pen->leg * pen->forward.z);
  for (int s = 0; s < TD_N_SIDES; s++)
    {
      TdJoint shoulder = td_joint_on (TD_JOINT_SHOULDER_LEFT, (TdSide) s);
      TdJoint elbow = td_joint_on (TD_JOINT_ELBOW_LEFT, (TdSide) s);
      put_arm_bone (pen, given, shoulder, elbow, UPPER_ARM);
      put_arm_bone (pen, given, elbow, td_joint_on (TD_JOINT_WRIST_LEFT, (TdSide) s), FOREARM);
    }
}

/* How far the sole of one leg's foot lies below the hips; NAN: not seen. */
static float
sole_of (const Pen *pen, TdSide side)
{
  TdJoint ankle = td_joint_on (TD_JOINT_ANKLE_LEFT, side);
  TdJoint heel = td_joint_on (TD_JOINT_HEEL_LEFT, side);
  TdJoint toe = td_joint_on (TD_JOINT_TOE_LEFT, side);

  if (!has (pen, ankle))
    return NAN;
  float lowest = pen->points[ankle].y + 0.5f * ANKLE_HEIGHT * pen->leg;
  if (has (pen, heel))
    lowest = fmaxf (lowest, pen->points[heel].y);
  if (has (pen, toe))
    lowest = fmaxf (lowest, pen->points[toe].y);
  return lowest + SOLE * pen->leg;
}

/* Both feet stand on one floor: what little one is below the other is the camera's looking down on the nearer
 * one, and a lifted foot is more. */
static float
level_feet (Pen *pen)
{
  float soles[TD_N_SIDES] = { sole_of (pen, TD_SIDE_LEFT), sole_of (pen, TD_SIDE_RIGHT) };

  if (isnan (soles[0]) || isnan (soles[1]))
    return isnan (soles[0]) ? soles[1] : soles[0];
  if (fabsf (soles[0] - soles[1]) > LIFTED * pen->leg)
    return fmaxf (soles[0], soles[1]);
  float floor_y = 0.5f * (soles[0] + soles[1]);
  for (int j = TD_JOINT_KNEE_LEFT; j <= TD_JOINT_TOE_RIGHT; j++)
    {
      TdJoint hip = j % 2 == 0 ? TD_JOINT_HIP_LEFT : TD_JOINT_HIP_RIGHT;
      float from = pen->points[hip].y, reach = soles[j % 2] - from;
      if (has (pen, (TdJoint) j) && reach > 0.f)
        pen->points[j].y = from + (pen->points[j].y - from) * (floor_y - from) / reach;
    }
  return floor_y;
}

/* Under the middle of the ankles. */
static TdVec3
floor_middle (Pen *pen)
{
  TdVec3 sum = { 0 };
  int n = 0;

  for (int s = 0; s < TD_N_SIDES; s++)
    {
      TdJoint ankle = td_joint_on (TD_JOINT_ANKLE_LEFT, (TdSide) s);
      if (!has (pen, ankle))
        continue;
      sum = td_vec3_add (sum, pen->points[ankle]);
      n++;
    }
  sum = td_vec3_scale (sum, 1.f / (float) MAX (n, 1));
  sum.y = level_feet (pen);
  return sum;
}

/* Filmed from the side nobody knows how far a knee is inward or outward: what a bone's length leaves is noise, and
 * must not look like valgus. As far as the view does not show it, the knee stays between hip and ankle. */
static void
steady_knee (const Pen *pen, TdVec3 body[TD_N_JOINTS], TdSide side)
{
  TdVec3 hip = body[td_joint_on (TD_JOINT_HIP_LEFT, side)];
  TdVec3 ankle = body[td_joint_on (TD_JOINT_ANKLE_LEFT, side)];
  TdVec3 *knee = &body[td_joint_on (TD_JOINT_KNEE_LEFT, side)];
  float shown = pen->trust + (1.f - pen->trust) * pen->left.x * pen->left.x;
  float rise = hip.y - ankle.y;
  float between = rise > 0.f ? td_clampf ((knee->y - ankle.y) / rise, 0.f, 1.f) : 0.5f;
  float line = ankle.x + between * (hip.x - ankle.x);

  knee->x = line + shown * (knee->x - line);
}

static int16_t
packed (float share)
{
  return (int16_t) CLAMP (lroundf (share * 1000.f), INT16_MIN, INT16_MAX);
}

static Packed
figure_of (TdFigures *self, const TdPose *given, float yaw_deg)
{
  Packed figure = { 0 };
  TdPose pose = *given;
  TdVec3 hips;
  float leg = td_body_leg_length (&self->body);

  if (isnan (yaw_deg))
    yaw_deg = td_body_yaw (&self->body);
  if (!given->present || given->width <= 0 || leg <= 0.f || isnan (yaw_deg)
      || !td_pose_middle (given, TD_JOINT_HIP_LEFT, &hips))
    return figure;

  TdCamera camera = td_camera_for_picture (self->body.camera, pose.width, pose.height);
  float bearing = atanf ((hips.x - 0.5f * (float) pose.width) / camera.focal_px);
  float heading = td_radians (yaw_deg) + bearing;
  Pen pen = { .pose = &pose,
              .body = &self->body,
              .leg = leg,
              .trust = td_body_depth_trust (given),
              .left = { cosf (heading), 0.f, -sinf (heading) },
              .forward = { -sinf (heading), 0.f, -cosf (heading) } };
  for (int j = 0; j < TD_N_JOINTS; j++)
    pose.joints[j].z *= pen.trust;
  int n = 0;
  for (int s = 0; s < TD_N_SIDES; s++)
    if (sees (&pen, td_joint_on (TD_JOINT_HIP_LEFT, (TdSide) s)))
      {
        pen.hips
            = td_vec3_add (pen.hips, td_body_point (&self->body, &pose,
                                                    td_joint_on (TD_JOINT_HIP_LEFT, (TdSide) s)));
        n++;
      }
  pen.hips = td_vec3_scale (pen.hips, 1.f / (float) n);
  put_pair (&pen, TD_JOINT_HIP_LEFT, TD_HIP_WIDTH, 0.f);
  put_leg (&pen, given, TD_SIDE_LEFT);
  put_leg (&pen, given, TD_SIDE_RIGHT);
  if (!has (&pen, TD_JOINT_ANKLE_LEFT) && !has (&pen, TD_JOINT_ANKLE_RIGHT))
    return figure;
  put_upper_body (&pen, given);

  TdVec3 origin = floor_middle (&pen), body[TD_N_JOINTS];
  for (int j = 0; j < TD_N_JOINTS; j++)
    {
      TdVec3 p = td_vec3_sub (pen.points[j], origin);
      body[j] = td_vec3 (td_vec3_dot (p, pen.left), -p.y, td_vec3_dot (p, pen.forward));
    }
  for (int s = 0; s < TD_N_SIDES; s++)
    if (has (&pen, td_joint_on (TD_JOINT_KNEE_LEFT, (TdSide) s)))
      steady_knee (&pen, body, (TdSide) s);
  for (int j = 0; j < TD_N_JOINTS; j++)
    {
      figure.points[j][0] = packed (body[j].x / leg);
      figure.points[j][1] = packed (body[j].y / leg);
      figure.points[j][2] = packed (body[j].z / leg);
    }
  figure.seen = true;
  figure.joints = pen.joints;
  figure.trust = (uint8_t) lroundf (255.f * pen.trust);
  figure.yaw_deg10 = (int16_t) lroundf (10.f * yaw_deg);
  self->side += sin ((double) heading);
  return figure;
}

/* --- All of them -------------------------------------------------------------------------- */

static void
settle (TdFigures *self, bool all)
{
  TdPose raw, smooth;

  while (td_smoother_take (&self->smoother, all, &raw, &smooth))
    {
      float yaw_deg = g_array_index (self->yaws, float, 0);
      g_array_remove_index (self->yaws, 0);
      td_body_update (&self->body, &smooth);
      Packed figure = figure_of (self, &smooth, yaw_deg);
      g_array_append_val (self->figures, figure);
    }
}

void
td_figures_add (TdFigures *self, const TdPose *pose, float yaw_deg)
{
  if (self->started
      && (pose->time_ns <= self->last_ns || pose->time_ns - self->last_ns > FORGET_NS))
    {
      settle (self, true);
      td_smoother_init (&self->smoother);
      td_body_forget_time (&self->body);
    }
  self->started = true;
  self->last_ns = pose->time_ns;
  g_array_append_val (self->yaws, yaw_deg);
  td_smoother_push (&self->smoother, pose, td_body_leg_length (&self->body));
  settle (self, false);
}

void
td_figures_seal (TdFigures *self)
{
  settle (self, true);
}

size_t
td_figures_n (const TdFigures *self)
{
  return self->figures->len;
}

TdFigure
td_figures_get (const TdFigures *self, size_t i)
{
  const Packed *from = &g_array_index (self->figures, Packed, i);
  TdFigure figure = { .seen = from->seen,
                      .joints = from->joints,
                      .yaw_deg = (float) from->yaw_deg10 / 10.f,
                      .trust = (float) from->trust / 255.f };

  for (int j = 0; j < TD_N_JOINTS; j++)
    figure.points[j]
        = td_vec3 ((float) from->points[j][0] / 1000.f, (float) from->points[j][1] / 1000.f,
                   (float) from->points[j][2] / 1000.f);
  return figure;
}

float
td_figures_side (const TdFigures *self)
{
  return self->side >= 0 ? 90.f : -90.f;
}

/* --- Between two samples ------------------------------------------------------------------ */

/* Hermite's cubic from A to B over SPAN seconds with slopes by the second neighbours, at SHARE. */
static float
curve (float a, float b, float slope_a, float slope_b, float span, float share)
{
  float s2 = share * share, s3 = s2 * share;

  return (2 * s3 - 3 * s2 + 1) * a + (s3 - 2 * s2 + share) * span * slope_a + (3 * s2 - 2 * s3) * b
         + (s3 - s2) * span * slope_b;
}

static float
slope (float before, float after, double span)
{
  return span > 0 ? (after - before) / (float) span : 0.f;
}

TdFigure
td_figures_at (const TdFigures *self, const double *times, double gap_s, double time_s)
{
  size_t n = td_figures_n (self), low = 0, high = n;
  TdFigure nobody = { 0 };

  while (low < high)
    {
      size_t middle = low + (high - low) / 2;
      if (times[middle] <= time_s)
        low = middle + 1;
      else
        high = middle;
    }
  /* Before the first one or after the last one only where it is near. */
  if (low == 0 || low == n)
    {
      size_t end = low == 0 ? 0 : n - 1;
      return n > 0 && fabs (times[end] - time_s) <= gap_s ? td_figures_get (self, end) : nobody;
    }
  size_t i = low - 1, k = low;
  if (times[k] - times[i] > gap_s)
    return nobody;
  TdFigure a = td_figures_get (self, i), b = td_figures_get (self, k);
  double span = times[k] - times[i];
  float share = (float) ((time_s - times[i]) / span);
  if (!a.seen || !b.seen)
    return share < 0.5f ? a : b;

  bool has_before = i > 0 && times[i] - times[i - 1] <= gap_s;
  bool has_after = k + 1 < n && times[k + 1] - times[k] <= gap_s;
  TdFigure before = has_before ? td_figures_get (self, i - 1) : a;
  TdFigure after = has_after ? td_figures_get (self, k + 1) : b;
  double before_s = has_before ? times[i - 1] : times[i];
  double after_s = has_after ? times[k + 1] : times[k];
  TdFigure figure = share < 0.5f ? a : b;
  for (int j = 0; j < TD_N_JOINTS; j++)
    {
      if (!td_figure_has (&a, (TdJoint) j) || !td_figure_has (&b, (TdJoint) j))
        continue;
      const TdVec3 *p = td_figure_has (&before, (TdJoint) j) ? &before.points[j] : &a.points[j];
      const TdVec3 *q = td_figure_has (&after, (TdJoint) j) ? &after.points[j] : &b.points[j];
      const float from[] = { p->x, p->y, p->z }, to[] = { q->x, q->y, q->z };
      const float start[] = { a.points[j].x, a.points[j].y, a.points[j].z };
      const float end[] = { b.points[j].x, b.points[j].y, b.points[j].z };
      float at[3];
      for (int d = 0; d < 3; d++)
        at[d] = curve (start[d], end[d], slope (from[d], end[d], times[k] - before_s),
                       slope (start[d], to[d], after_s - times[i]), (float) span, share);
      figure.points[j] = td_vec3 (at[0], at[1], at[2]);
      figure.joints |= UINT32_C (1) << j;
    }
  /* The short way round. */
  float turn = remainderf (b.yaw_deg - a.yaw_deg, 360.f);
  figure.yaw_deg = remainderf (a.yaw_deg + share * turn, 360.f);
  return figure;
}

TdVec3
td_figure_turn (TdVec3 point, float yaw_deg)
{
  float yaw = td_radians (yaw_deg);

  return td_vec3 (point.x * cosf (yaw) - point.z * sinf (yaw), point.y,
                  -point.x * sinf (yaw) - point.z * cosf (yaw));
}
