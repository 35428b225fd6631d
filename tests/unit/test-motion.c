/* test-motion.c: geometry, filters, the cycle counter, the judgement, and the whole of td-motion on
 * skeletons whose angles are known.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-counter.h"
#include "td-filter.h"
#include "td-geometry.h"
#include "td-judge.h"
#include "td-motion.h"
#include "td-profile.h"
#include "td-sides.h"
#include "td-smoother.h"

#include <glib.h>
#include <math.h>
#include <string.h>

#define SECOND G_GINT64_CONSTANT (1000000000)

static void
assert_near (float value, float expected, float tolerance)
{
  g_assert_cmpfloat_with_epsilon (value, expected, tolerance);
}

/* ---- a person of known angles ------------------------------------------------------------ */

typedef struct
{
  float yaw_deg;  /* as in TdFrameMeasures */
  float scale;    /* pixels per metre */
  float x, y;     /* of the middle of the feet, pixels */
  float noise;    /* of every coordinate, standard deviation in pixels */
  GRand *random;  /* for the noise */
  float roll_deg; /* the camera is turned by this, clockwise as seen from behind it */
} Camera;

static const Camera plain_camera = { .yaw_deg = 90.f, .scale = 200.f, .x = 320.f, .y = 440.f };

typedef struct
{
  float flexion_deg[TD_N_SIDES];
  float valgus_deg[TD_N_SIDES];
  float trunk_deg;
  float shift_m; /* of the whole body, to its left */
  float seat_m;  /* hips behind where balance wants them */
  float split_m; /* left foot ahead, right foot behind */
} Body;

static float
gauss (GRand *random)
{
  return (float) (sqrt (-2. * log (g_rand_double_range (random, 1e-9, 1.)))
                  * cos (2. * G_PI * g_rand_double (random)));
}

/* Picture of a person with thighs and shanks of 0.43 m, whose shank takes 45 % of the knee
 * flexion and whose thigh takes the rest, by a camera with the focal length that td-body takes
 * for granted, level with the middle of the picture; scale holds at the distance of the feet.
 * World: x to the person's left, y up, z forward. */
static TdPose
draw (const Body *body, const Camera *camera, gint64 time_ns)
{
  TdPose pose = { .time_ns = time_ns,
                  .width = 640,
                  .height = 480,
                  .present = true,
                  .score = 1.f,
                  .has_depth = true };
  float points[TD_N_JOINTS][3];
  float hip_z = 0.f, hip_y = 0.f;
  for (int s = 0; s < TD_N_SIDES; s++)
    {
      float side = s == TD_SIDE_LEFT ? 1.f : -1.f;
      float shank = td_radians (0.45f * body->flexion_deg[s]);
      float thigh = td_radians (0.55f * body->flexion_deg[s]);
      float inward = 0.43f * tanf (td_radians (0.5f * body->valgus_deg[s]));
      float x = 0.09f * side + body->shift_m;
      float ankle_z = side * 0.5f * body->split_m;
      float *ankle = points[TD_JOINT_ANKLE_LEFT + s];
      float *knee = points[TD_JOINT_KNEE_LEFT + s];
      float *hip = points[TD_JOINT_HIP_LEFT + s];
      ankle[0] = x, ankle[1] = 0.08f, ankle[2] = ankle_z;
      knee[0] = x - side * inward, knee[1] = 0.08f + 0.43f * cosf (shank);
      knee[2] = ankle_z + 0.43f * sinf (shank);
      hip[0] = x, hip[1] = knee[1] + 0.43f * cosf (thigh);
      hip[2] = knee[2] - 0.43f * sinf (thigh) - body->seat_m;
      memcpy (points[TD_JOINT_HEEL_LEFT + s], ((float[]){ x, 0.03f, ankle_z - 0.05f }),
              sizeof points[0]);
      memcpy (points[TD_JOINT_TOE_LEFT + s], ((float[]){ x, 0.02f, ankle_z + 0.19f }),
              sizeof points[0]);
      hip_z += 0.5f * hip[2];
      hip_y += 0.5f * hip[1];
    }
  float lean = td_radians (body->trunk_deg);
  for (int s = 0; s < TD_N_SIDES; s++)
    {
      float side = s == TD_SIDE_LEFT ? 1.f : -1.f;
      float x = 0.17f * side + body->shift_m;
      float y = hip_y + 0.5f * cosf (lean), z = hip_z + 0.5f * sinf (lean);
      memcpy (points[TD_JOINT_SHOULDER_LEFT + s], ((float[]){ x, y, z }), sizeof points[0]);
      memcpy (points[TD_JOINT_ELBOW_LEFT + s], ((float[]){ x, y - 0.28f, z }), sizeof points[0]);
      memcpy (points[TD_JOINT_WRIST_LEFT + s], ((float[]){ x, y - 0.5f, z }), sizeof points[0]);
    }
  memcpy (points[TD_JOINT_NOSE], ((float[]){ body->shift_m, hip_y + 0.75f, hip_z + 0.1f }),
          sizeof points[0]);

  float c = cosf (td_radians (camera->yaw_deg)), n = sinf (td_radians (camera->yaw_deg));
  for (int j = 0; j < TD_N_JOINTS; j++)
    {
      const float *p = points[j];
      TdKeypoint *k = &pose.joints[j];
      float focal = 0.95f * 640.f;
      float near = focal / (focal - camera->scale * (n * p[0] + c * p[2]));
      k->x = 320.f + near * (camera->x - 320.f + camera->scale * (c * p[0] - n * p[2]));
      k->y = 240.f + near * (camera->y - 240.f - camera->scale * p[1]);
      float near_hips = focal / (focal - camera->scale * c * hip_z);
      k->z = -near_hips * camera->scale * (n * p[0] + c * (p[2] - hip_z));
      k->score = 1.f;
      float roll_c = cosf (td_radians (camera->roll_deg));
      float roll_s = sinf (td_radians (camera->roll_deg));
      float right = k->x - 320.f, down = k->y - 240.f;
      k->x = 320.f + roll_c * right + roll_s * down;
      k->y = 240.f - roll_s * right + roll_c * down;
      if (camera->noise > 0.f)
        {
          k->x += camera->noise * gauss (camera->random);
          k->y += camera->noise * gauss (camera->random);
          k->z += 3.f * camera->noise * gauss (camera->random);
        }
    }
  return pose;
}

static Body
standing (void)
{
  return (Body){ .flexion_deg = { 5.f, 5.f }, .trunk_deg = 5.f };
}

static Body
squatting (float flexion_deg)
{
  Body body = standing ();
  body.flexion_deg[0] = body.flexion_deg[1] = flexion_deg;
  body.trunk_deg = 5.f + 0.25f * flexion_deg;
  return body;
}

/* ---- geometry ---------------------------------------------------------------------------- */

static void
test_knee_flexion_is_right_in_space (void)
{
  for (float flexion = 0.f; flexion <= 150.f; flexion += 1.f)
    for (float turn = 0.f; turn < 360.f; turn += 15.f)
      {
        float bend = td_radians (flexion), c = cosf (td_radians (turn)),
              s = sinf (td_radians (turn));
        TdVec3 hip = td_vec3 (10.f, 20.f, 5.f);
        TdVec3 knee = td_vec3 (10.f, 120.f, 5.f);
        float out = 90.f * sinf (bend);
        TdVec3 ankle = td_vec3 (10.f + out * c, 120.f + 90.f * cosf (bend), 5.f + out * s);
        assert_near (td_knee_flexion (hip, knee, ankle), flexion, 0.1f);
      }
}

static void
test_angle_without_a_bone_is_missing (void)
{
  TdVec3 p = td_vec3 (1.f, 2.f, 3.f);
  g_assert_true (isnan (td_knee_flexion (p, p, td_vec3 (0.f, 0.f, 0.f))));
  g_assert_true (isnan (td_thigh_inclination (p, p)));
  g_assert_true (isnan (td_fppa (p, p, p, 1.f)));
}

static void
test_thigh_inclination_has_its_sign (void)
{
  TdVec3 knee = td_vec3 (100.f, 100.f, 0.f);
  assert_near (td_thigh_inclination (td_vec3 (100.f, 0.f, 0.f), knee), 90.f, 0.1f);
  assert_near (td_thigh_inclination (td_vec3 (0.f, 100.f, 0.f), knee), 0.f, 0.1f);
  assert_near (td_thigh_inclination (td_vec3 (0.f, 200.f, 0.f), knee), -45.f, 0.1f);
}

static void
test_fppa_is_positive_for_a_knee_inward (void)
{
  /* The left leg of a person who faces the camera is at the right of the picture; inward is to the
   * left. */
  TdVec3 hip = td_vec3 (100.f, 0.f, 0.f), ankle = td_vec3 (100.f, 200.f, 0.f);
  for (float angle = -30.f; angle <= 30.f; angle += 1.f)
    {
      float in = 100.f * tanf (td_radians (0.5f * angle));
      assert_near (td_fppa (hip, td_vec3 (100.f - in, 100.f, 0.f), ankle, -1.f), angle, 0.1f);
      assert_near (td_fppa (hip, td_vec3 (100.f + in, 100.f, 0.f), ankle, 1.f), angle, 0.1f);
    }
}

static void
test_bone_depth_ignores_noise_and_keeps_the_rest (void)
{
  g_assert_cmpfloat (td_bone_depth (100.f, 103.f, 3.f), ==, 0.f);
  g_assert_cmpfloat (td_bone_depth (100.f, 99.f, 3.f), ==, 0.f);
  assert_near (td_bone_depth (100.f, 50.f, 3.f), 86.6f, 0.3f);
  assert_near (td_bone_depth (100.f, 0.f, 3.f), 100.f, 0.1f);
}

/* ---- filters ----------------------------------------------------------------------------- */

static void
test_one_euro_keeps_a_constant (void)
{
  TdOneEuro filter;
  td_one_euro_init (&filter, 1.f, 0.5f);
  for (int i = 1; i < 100; i++)
    assert_near (td_one_euro_push (&filter, 42.f, i * SECOND / 30), 42.f, 1e-4f);
}

static void
test_one_euro_calms_rest_and_follows_movement (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  TdOneEuro filter;
  td_one_euro_init (&filter, 1.f, 0.5f);
  float spread = 0.f;
  for (int i = 1; i <= 300; i++)
    {
      float value = td_one_euro_push (&filter, 0.1f * gauss (random), i * SECOND / 30);
      if (i > 100)
        spread += value * value;
    }
  g_assert_cmpfloat (sqrtf (spread / 200.f), <, 0.06f);

  td_one_euro_init (&filter, 1.f, 5.f);
  float value = 0.f;
  for (int i = 1; i <= 60; i++)
    value = td_one_euro_push (&filter, (float) i / 30.f * 2.f, i * SECOND / 30);
  /* 2 units a second: less than 40 ms behind. */
  assert_near (value, 4.f, 0.08f);
}

static void
test_one_euro_starts_anew_after_a_gap (void)
{
  TdOneEuro filter;
  td_one_euro_init (&filter, 1.f, 0.5f);
  td_one_euro_push (&filter, 0.f, SECOND);
  g_assert_cmpfloat (td_one_euro_push (&filter, 100.f, 2 * SECOND), ==, 100.f);
}

/* A signal sampled around a moment, for td_smooth(). */
typedef struct
{
  float dt_s[15], values[15], weights[15];
  int n;
} Window;

static Window
sampled (float (*signal) (float t), float at_s, float rate_hz)
{
  Window w = { 0 };
  for (int i = -7; i <= 7; i++)
    {
      float dt = (float) i / rate_hz;
      if (fabsf (dt) > 0.1001f)
        continue;
      w.dt_s[w.n] = dt;
      w.values[w.n] = signal (at_s + dt);
      w.weights[w.n++] = 1.f;
    }
  return w;
}

static float
smoothed (const Window *w)
{
  return td_smooth (w->dt_s, w->values, w->weights, w->n, 0.125f);
}

static float
parabola (float t)
{
  return 3.f + 40.f * t - 200.f * t * t;
}

/* The flexion of a repetition of 0.9 s. */
static float
fast_squat (float t)
{
  return 60.f - 60.f * cosf (2.f * (float) G_PI * t / 0.9f);
}

static void
test_smoothing_keeps_a_parabola_at_any_rate (void)
{
  for (float rate = 25.f; rate <= 60.f; rate += 5.f)
    for (float at = -0.2f; at <= 0.2f; at += 0.05f)
      {
        Window w = sampled (parabola, at, rate);
        assert_near (smoothed (&w), parabola (at), 0.001f);
      }
}

static void
test_smoothing_has_no_lag_and_keeps_the_bottom_of_a_fast_repetition (void)
{
  for (float at = 0.f; at < 0.9f; at += 0.01f)
    {
      Window w = sampled (fast_squat, at, 30.f);
      assert_near (smoothed (&w), fast_squat (at), 0.25f);
    }
}

static void
test_smoothing_ignores_an_outlier (void)
{
  for (int bad = 0; bad < 7; bad++)
    {
      Window w = sampled (parabola, 0.f, 30.f);
      g_assert_cmpint (w.n, ==, 7);
      w.values[bad] += 60.f;
      assert_near (smoothed (&w), 3.f, 0.5f);
    }
}

static void
test_smoothing_fills_a_gap_and_knows_nothing_of_nothing (void)
{
  Window w = sampled (parabola, 0.f, 30.f);
  w.weights[2] = w.weights[3] = 0.f;
  w.values[2] = w.values[3] = NAN;
  assert_near (smoothed (&w), 3.f, 2.f);
  for (int i = 0; i < w.n; i++)
    w.weights[i] = 0.f;
  g_assert_true (isnan (smoothed (&w)));
}

static void
test_median_of_even_and_odd_numbers (void)
{
  g_assert_cmpfloat (td_median ((float[]){ 3.f, 1.f, 2.f }, 3), ==, 2.f);
  g_assert_cmpfloat (td_median ((float[]){ 4.f, 1.f, 2.f, 3.f }, 4), ==, 2.5f);
  g_assert_cmpfloat (td_median ((float[]){ 7.f }, 1), ==, 7.f);
}

/* ---- the camera -------------------------------------------------------------------------- */

/* The direction up as a camera that looks down and is turned clockwise sees it. */
static TdVec3
camera_up (const TdCamera *camera)
{
  float roll = td_radians (camera->roll_deg), pitch = td_radians (camera->pitch_deg);
  return td_vec3 (-sinf (roll) * cosf (pitch), -cosf (roll) * cosf (pitch), -sinf (pitch));
}

static void
test_level_space_has_gravity_downwards (void)
{
  for (float pitch = -40.f; pitch <= 40.f; pitch += 20.f)
    for (float roll = -40.f; roll <= 40.f; roll += 20.f)
      {
        TdCamera camera = { .pitch_deg = pitch, .roll_deg = roll };
        TdVec3 up = camera_up (&camera);
        TdVec3 level = td_camera_level (&camera, up);
        assert_near (td_vec3_length (up), 1.f, 1e-5f);
        assert_near (level.x, 0.f, 1e-5f);
        assert_near (level.y, -1.f, 1e-5f);
        assert_near (level.z, 0.f, 1e-5f);
      }
}

static void
test_a_camera_that_looks_down_sees_the_upper_end_nearer (void)
{
  TdCamera camera = { .pitch_deg = 20.f };
  g_assert_cmpfloat (camera_up (&camera).z, <, 0.f);
  /* Turned clockwise, it shows upright things leaning to the left. */
  camera = (TdCamera){ .roll_deg = 20.f };
  g_assert_cmpfloat (camera_up (&camera).x, <, 0.f);
}

static void
test_a_point_behind_is_farther_from_the_middle (void)
{
  TdCamera camera = td_camera_for_picture ((TdCamera){ 0 }, 640, 480);
  assert_near (camera.focal_px, 608.f, 0.1f);
  TdVec3 p = td_camera_point (&camera, 100.f, -50.f, 608.f);
  assert_near (p.x, 200.f, 1e-3f);
  assert_near (p.y, -100.f, 1e-3f);
  assert_near (p.z, 608.f, 1e-3f);
}

/* ---- sides and smoothing ----------------------------------------------------------------- */

static void
exchange (TdPose *pose)
{
  for (int j = 0; j < TD_JOINT_NOSE; j += 2)
    {
      TdKeypoint left = pose->joints[j];
      pose->joints[j] = pose->joints[j + 1];
      pose->joints[j + 1] = left;
    }
}

static void
test_sides_exchanged_for_a_moment_are_put_back (void)
{
  TdSides sides;
  Camera camera = plain_camera;
  camera.yaw_deg = 20.f;
  Body body = standing ();
  td_sides_init (&sides);
  int wrong = 0;
  for (int i = 0; i < 60; i++)
    {
      TdPose pose = draw (&body, &camera, i * SECOND / 30), spoiled = pose;
      if (i >= 20 && i < 26)
        exchange (&spoiled);
      TdPose kept = td_sides_keep (&sides, &spoiled, 172.f);
      for (int j = 0; j < TD_N_JOINTS; j++)
        wrong += kept.joints[j].x != pose.joints[j].x;
    }
  g_assert_cmpint (wrong, ==, 0);
}

static void
test_a_network_that_insists_on_its_sides_is_believed (void)
{
  TdSides sides;
  Camera camera = plain_camera;
  camera.yaw_deg = 20.f;
  Body body = standing ();
  TdPose pose, kept;
  td_sides_init (&sides);
  for (int i = 0; i < 60; i++)
    {
      pose = draw (&body, &camera, i * SECOND / 30);
      if (i >= 20)
        exchange (&pose);
      kept = td_sides_keep (&sides, &pose, 172.f);
    }
  g_assert_cmpfloat (kept.joints[TD_JOINT_KNEE_LEFT].x, ==, pose.joints[TD_JOINT_KNEE_LEFT].x);
}

static void
test_each_pose_settles_once_in_order_and_exact_ones_unchanged (void)
{
  for (float fps = 10.f; fps <= 120.f; fps += 5.f)
    {
      TdSmoother smoother;
      Body body = standing ();
      TdPose raw, smooth;
      gint64 last_ns = -1, pushed_ns = 0;
      int settled = 0;
      td_smoother_init (&smoother);
      for (int i = 0; i < 90; i++)
        {
          pushed_ns = (gint64) ((float) i / fps * 1e9f);
          /* Moves: a pose that were mixed with its neighbours would show it. */
          body.flexion_deg[0] = body.flexion_deg[1]
              = 60.f - 50.f * cosf (2.f * (float) G_PI * (float) i / fps / 2.f);
          TdPose pose = draw (&body, &plain_camera, pushed_ns);
          td_smoother_push (&smoother, &pose, 172.f);
          while (td_smoother_take (&smoother, false, &raw, &smooth))
            {
              g_assert_cmpint (raw.time_ns, >, last_ns);
              last_ns = raw.time_ns;
              settled++;
              if (i > 30 && fps >= 15.f)
                assert_near (smooth.joints[TD_JOINT_KNEE_LEFT].x, raw.joints[TD_JOINT_KNEE_LEFT].x,
                             1e-4f);
            }
          g_assert_cmpint (pushed_ns - last_ns, <=,
                           td_smoother_lag_ns (&smoother) + (gint64) (1e9f / fps) + 1000000);
          g_assert_cmpint (td_smoother_lag_ns (&smoother), <=,
                           MAX (TD_SMOOTHER_LAG_NS, (gint64) (2.3e9f / fps)));
        }
      while (td_smoother_take (&smoother, true, &raw, &smooth))
        settled++;
      g_assert_cmpint (settled, ==, 90);
    }
}

static void
test_noise_is_halved_by_smoothing (void)
{
  TdSmoother smoother;
  Camera camera = plain_camera;
  Body body = standing ();
  TdPose raw, smooth;
  double before = 0., after = 0.;
  camera.noise = 2.f;
  camera.random = g_rand_new_with_seed (3);
  TdPose still = draw (&body, &plain_camera, 0);
  td_smoother_init (&smoother);
  for (int i = 0; i < 600; i++)
    {
      TdPose pose = draw (&body, &camera, i * SECOND / 30);
      td_smoother_push (&smoother, &pose, 172.f);
      while (td_smoother_take (&smoother, false, &raw, &smooth))
        {
          double x = (double) still.joints[TD_JOINT_HIP_LEFT].x;
          before += pow ((double) raw.joints[TD_JOINT_HIP_LEFT].x - x, 2.);
          after += pow ((double) smooth.joints[TD_JOINT_HIP_LEFT].x - x, 2.);
        }
    }
  g_assert_cmpfloat (sqrt (after), <, 0.65 * sqrt (before));
  g_rand_free (camera.random);
}

/* ---- the counter ------------------------------------------------------------------------- */

typedef struct
{
  TdCounter counter;
  gint64 time_ns;
  int done, no_top, lost;
  TdCycle last;
} Signal;

static void
note_cycle (Signal *s, TdCycleEnd end, const TdCycle *cycle)
{
  s->done += end == TD_CYCLE_DONE;
  s->no_top += end == TD_CYCLE_NO_TOP;
  s->lost += end == TD_CYCLE_LOST;
  if (end != TD_CYCLE_NONE)
    s->last = *cycle;
}

static void
push_for (Signal *s, float from_deg, float to_deg, float seconds)
{
  int frames = (int) lroundf (seconds * 30.f);
  for (int i = 1; i <= frames; i++)
    {
      float t = (float) i / (float) frames;
      float ease = 0.5f - 0.5f * cosf ((float) G_PI * t);
      TdCycle cycle;
      s->time_ns += SECOND / 30;
      TdCycleEnd end = td_counter_push (&s->counter, s->time_ns,
                                        from_deg + ease * (to_deg - from_deg), &cycle);
      note_cycle (s, end, &cycle);
    }
}

static Signal
new_signal (void)
{
  Signal s = { 0 };
  td_counter_init (&s.counter);
  return s;
}

static void
test_a_cycle_is_told_at_the_top_only (void)
{
  Signal s = new_signal ();
  push_for (&s, 5.f, 5.f, 1.f);
  push_for (&s, 5.f, 110.f, 1.2f);
  g_assert_cmpint (s.done, ==, 0);
  push_for (&s, 110.f, 60.f, 0.4f);
  g_assert_cmpint (s.done, ==, 0);
  push_for (&s, 60.f, 5.f, 0.6f);
  push_for (&s, 5.f, 5.f, 0.2f);
  g_assert_cmpint (s.done, ==, 1);
  assert_near ((float) s.last.bottom_ns / 1e9f, 2.2f, 0.05f);
}

static void
test_a_pause_of_five_seconds_is_one_cycle (void)
{
  Signal s = new_signal ();
  push_for (&s, 5.f, 5.f, 1.f);
  push_for (&s, 5.f, 110.f, 3.f);
  push_for (&s, 110.f, 110.f, 5.f);
  push_for (&s, 110.f, 5.f, 3.f);
  push_for (&s, 5.f, 5.f, 0.5f);
  g_assert_cmpint (s.done, ==, 1);
}

static void
test_a_bounce_at_the_bottom_is_one_cycle (void)
{
  Signal s = new_signal ();
  push_for (&s, 5.f, 5.f, 1.f);
  push_for (&s, 5.f, 110.f, 1.f);
  push_for (&s, 110.f, 85.f, 0.3f);
  push_for (&s, 85.f, 112.f, 0.3f);
  push_for (&s, 112.f, 5.f, 1.f);
  push_for (&s, 5.f, 5.f, 0.5f);
  g_assert_cmpint (s.done, ==, 1);
}

static void
test_unlocked_knees_at_the_top_still_count (void)
{
  Signal s = new_signal ();
  push_for (&s, 10.f, 10.f, 1.f);
  push_for (&s, 10.f, 110.f, 1.f);
  for (int i = 0; i < 4; i++)
    {
      push_for (&s, 110.f, 32.f, 0.9f);
      push_for (&s, 32.f, 32.f, 0.2f);
      push_for (&s, 32.f, 110.f, 0.9f);
    }
  push_for (&s, 110.f, 10.f, 1.f);
  push_for (&s, 10.f, 10.f, 0.5f);
  g_assert_cmpint (s.done, ==, 5);
}

static void
test_half_extended_tops_still_count (void)
{
  Signal s = new_signal ();
  push_for (&s, 5.f, 5.f, 1.f);
  push_for (&s, 5.f, 95.f, 1.f);
  for (int i = 0; i < 4; i++)
    {
      push_for (&s, 95.f, 47.f, 0.8f);
      push_for (&s, 47.f, 95.f, 0.8f);
    }
  g_assert_cmpint (s.done, ==, 4);
  push_for (&s, 95.f, 5.f, 1.f);
  push_for (&s, 5.f, 5.f, 0.5f);
  g_assert_cmpint (s.done, ==, 5);
}

static void
test_standing_with_soft_knees_is_no_descent (void)
{
  Signal s = new_signal ();
  push_for (&s, 3.f, 3.f, 1.f);
  push_for (&s, 3.f, 28.f, 0.4f);
  push_for (&s, 28.f, 28.f, 19.f);
  push_for (&s, 28.f, 110.f, 1.2f);
  push_for (&s, 110.f, 5.f, 1.f);
  push_for (&s, 5.f, 5.f, 0.5f);
  g_assert_cmpint (s.done, ==, 1);
  g_assert_cmpint (s.no_top, ==, 0);
  assert_near ((float) s.last.start_ns / 1e9f, 20.5f, 0.3f);
}

static void
test_fast_repetitions_without_a_rest_count_each (void)
{
  Signal s = new_signal ();
  push_for (&s, 5.f, 5.f, 1.f);
  for (int i = 0; i < 8; i++)
    {
      push_for (&s, 5.f, 95.f, 0.35f);
      push_for (&s, 95.f, 5.f, 0.35f);
    }
  push_for (&s, 5.f, 5.f, 0.5f);
  g_assert_cmpint (s.done, ==, 8);
}

static void
test_sway_is_no_cycle (void)
{
  Signal s = new_signal ();
  for (int i = 0; i < 20; i++)
    {
      push_for (&s, 5.f, 18.f, 0.5f);
      push_for (&s, 18.f, 5.f, 0.5f);
    }
  g_assert_cmpint (s.done + s.no_top + s.lost, ==, 0);
}

static void
test_starting_at_the_bottom_is_no_cycle (void)
{
  Signal s = new_signal ();
  push_for (&s, 110.f, 110.f, 0.3f);
  push_for (&s, 110.f, 5.f, 1.f);
  push_for (&s, 5.f, 5.f, 1.f);
  g_assert_cmpint (s.done + s.no_top + s.lost, ==, 0);
  push_for (&s, 5.f, 110.f, 1.f);
  push_for (&s, 110.f, 5.f, 1.f);
  push_for (&s, 5.f, 5.f, 0.5f);
  g_assert_cmpint (s.done, ==, 1);
}

static void
push_missing (Signal *s, float seconds)
{
  for (int i = 0; i < (int) lroundf (seconds * 30.f); i++)
    {
      TdCycle cycle;
      s->time_ns += SECOND / 30;
      note_cycle (s, td_counter_push (&s->counter, s->time_ns, NAN, &cycle), &cycle);
    }
}

static void
test_a_short_gap_is_survived_and_a_long_one_is_told (void)
{
  Signal s = new_signal ();
  push_for (&s, 5.f, 5.f, 1.f);
  push_for (&s, 5.f, 110.f, 1.f);
  push_missing (&s, 0.45f);
  push_for (&s, 110.f, 5.f, 1.f);
  push_for (&s, 5.f, 5.f, 0.5f);
  g_assert_cmpint (s.done, ==, 1);
  push_for (&s, 5.f, 110.f, 1.f);
  push_missing (&s, 0.8f);
  push_for (&s, 110.f, 5.f, 1.f);
  push_for (&s, 5.f, 5.f, 0.5f);
  g_assert_cmpint (s.done, ==, 1);
  g_assert_cmpint (s.lost, ==, 1);
}

static void
test_going_down_and_staying_is_told_once (void)
{
  Signal s = new_signal ();
  push_for (&s, 5.f, 5.f, 1.f);
  push_for (&s, 5.f, 95.f, 1.f);
  push_for (&s, 95.f, 95.f, 60.f);
  g_assert_cmpint (s.no_top, ==, 1);
  g_assert_cmpint (s.done, ==, 0);
}

static void
test_a_cut_off_ascent_counts_when_most_of_it_was_seen (void)
{
  static const struct
  {
    float end_deg;
    int done, no_top;
  } rows[] = { { 20.f, 1, 0 }, { 80.f, 0, 1 } };
  for (guint r = 0; r < G_N_ELEMENTS (rows); r++)
    {
      Signal s = new_signal ();
      TdCycle cycle;
      push_for (&s, 5.f, 5.f, 1.f);
      push_for (&s, 5.f, 110.f, 1.f);
      push_for (&s, 110.f, rows[r].end_deg, 0.4f);
      if (s.done == 0)
        note_cycle (&s, td_counter_finish (&s.counter, &cycle), &cycle);
      g_assert_cmpint (s.done, ==, rows[r].done);
      g_assert_cmpint (s.no_top, ==, rows[r].no_top);
    }
}

/* ---- the whole --------------------------------------------------------------------------- */

typedef struct
{
  TdMotion *motion;
  Camera camera;
  float fps;
  gint64 time_ns;
  int counted, attempts;
  TdRep last;
  TdMotionResult result;
} Scene;

static Scene
new_scene (Camera camera)
{
  return (Scene){ .motion = td_motion_new (NULL), .camera = camera, .fps = 30.f };
}

static void
take (Scene *s)
{
  for (int i = 0; i < s->result.n_reps; i++)
    {
      s->last = s->result.reps[i];
      s->counted += s->last.counted;
      s->attempts += !s->last.counted;
    }
}

static void
show (Scene *s, const Body *body)
{
  s->time_ns += (gint64) ((float) SECOND / s->fps);
  TdPose pose = draw (body, &s->camera, s->time_ns);
  td_motion_push (s->motion, &pose, &s->result);
  take (s);
}

/* Moves from one body to the other with minimum jerk. */
static void
move (Scene *s, Body from, Body to, float seconds)
{
  int frames = (int) lroundf (seconds * s->fps);
  const float *a = (const float *) &from, *b = (const float *) &to;
  for (int i = 1; i <= frames; i++)
    {
      float t = (float) i / (float) frames;
      float ease = t * t * t * (10.f - 15.f * t + 6.f * t * t);
      Body body;
      float *c = (float *) &body;
      for (gsize k = 0; k < sizeof body / sizeof (float); k++)
        c[k] = a[k] + ease * (b[k] - a[k]);
      show (s, &body);
    }
}

static void
squat (Scene *s, float flexion_deg)
{
  move (s, standing (), standing (), 0.4f);
  move (s, standing (), squatting (flexion_deg), 1.2f);
  move (s, squatting (flexion_deg), squatting (flexion_deg), 0.2f);
  move (s, squatting (flexion_deg), standing (), 1.f);
  move (s, standing (), standing (), 0.4f);
}

static void
end_scene (Scene *s)
{
  td_motion_finish (s->motion, &s->result);
  take (s);
  td_motion_free (s->motion);
}

static void
test_side_view_angles_are_right (void)
{
  Scene s = new_scene (plain_camera);
  Body still = standing ();
  for (int i = 0; i < 60; i++)
    show (&s, &still);
  for (float flexion = 5.f; flexion <= 130.f; flexion += 25.f)
    {
      Body body = squatting (flexion);
      for (int i = 0; i < 60; i++)
        show (&s, &body);
      const TdFrameMeasures *frame = &s.result.frame;
      g_assert_cmpint (frame->view, ==, TD_VIEW_SIDE);
      assert_near (frame->yaw_deg.value, 90.f, 5.f);
      for (int side = 0; side < TD_N_SIDES; side++)
        {
          assert_near (frame->knee_flexion_deg[side].value, flexion, 0.1f);
          assert_near (frame->thigh_inclination_deg[side].value, 90.f - 0.55f * flexion, 0.1f);
          g_assert_cmpint (frame->fppa_deg[side].missing, ==, TD_MISSING_FRONT_VIEW);
        }
      assert_near (frame->trunk_lean_deg.value, body.trunk_deg, 0.6f);
    }
  end_scene (&s);
}

/* Hips and knees that a network sees too low make a straight leg look short, and its lengths say that it is bent; obliquely
 * the picture shows that the knee is not ahead. */
static float
flexion_of_a_leg_seen_short (float yaw_deg)
{
  Camera camera = plain_camera;
  camera.yaw_deg = yaw_deg;
  Scene s = new_scene (camera);
  Body still = standing ();
  still.flexion_deg[0] = still.flexion_deg[1] = 0.f;
  for (int i = 0; i < 60; i++)
    show (&s, &still);
  for (int i = 0; i < 20; i++)
    {
      s.time_ns += (gint64) ((float) SECOND / s.fps);
      TdPose pose = draw (&still, &s.camera, s.time_ns);
      for (int side = 0; side < TD_N_SIDES; side++)
        {
          float leg
              = pose.joints[TD_JOINT_ANKLE_LEFT + side].y - pose.joints[TD_JOINT_HIP_LEFT + side].y;
          pose.joints[TD_JOINT_HIP_LEFT + side].y += 0.04f * leg;
          pose.joints[TD_JOINT_KNEE_LEFT + side].y += 0.02f * leg;
        }
      td_motion_push (s.motion, &pose, &s.result);
    }
  float flexion = s.result.frame.flexion_deg.value;
  end_scene (&s);
  return flexion;
}

static void
test_a_straight_leg_that_looks_short_is_not_bent_obliquely (void)
{
  float front = flexion_of_a_leg_seen_short (0.f);
  g_assert_cmpfloat (front, >, 15.f);
  for (float yaw = -50.f; yaw <= 50.f; yaw += 100.f)
    g_assert_cmpfloat (flexion_of_a_leg_seen_short (yaw), <, 0.6f * front);

  /* What is bent stays bent. */
  for (float yaw = 35.f; yaw <= 60.f; yaw += 12.5f)
    {
      Camera camera = plain_camera;
      camera.yaw_deg = yaw;
      Scene s = new_scene (camera);
      for (float flexion = 5.f; flexion <= 105.f; flexion += 20.f)
        {
          Body body = squatting (flexion);
          for (int i = 0; i < 60; i++)
            show (&s, &body);
          assert_near (s.result.frame.flexion_deg.value, flexion, 6.f);
        }
      end_scene (&s);
    }
}

static void
test_front_view_tells_valgus_and_no_lean (void)
{
  Camera camera = plain_camera;
  camera.yaw_deg = 0.f;
  Scene s = new_scene (camera);
  Body still = standing ();
  still.flexion_deg[0] = still.flexion_deg[1] = 0.f;
  for (int i = 0; i < 60; i++)
    show (&s, &still);
  still.valgus_deg[TD_SIDE_LEFT] = 12.f;
  still.valgus_deg[TD_SIDE_RIGHT] = -6.f;
  for (int i = 0; i < 60; i++)
    show (&s, &still);
  const TdFrameMeasures *frame = &s.result.frame;
  g_assert_cmpint (frame->view, ==, TD_VIEW_FRONT);
  assert_near (frame->fppa_deg[TD_SIDE_LEFT].value, 12.f, 0.3f);
  assert_near (frame->fppa_deg[TD_SIDE_RIGHT].value, -6.f, 0.3f);
  assert_near (frame->fppa_mean_deg.value, 3.f, 0.2f);
  g_assert_cmpint (frame->trunk_lean_deg.missing, ==, TD_MISSING_SIDE_VIEW);
  end_scene (&s);
}

static void
test_back_view_keeps_the_sign_of_valgus (void)
{
  Camera camera = plain_camera;
  camera.yaw_deg = 180.f;
  Scene s = new_scene (camera);
  Body body = standing ();
  body.flexion_deg[0] = body.flexion_deg[1] = 0.f;
  body.valgus_deg[TD_SIDE_LEFT] = 12.f;
  for (int i = 0; i < 60; i++)
    show (&s, &body);
  g_assert_cmpint (s.result.frame.view, ==, TD_VIEW_BACK);
  assert_near (s.result.frame.fppa_deg[TD_SIDE_LEFT].value, 12.f, 0.1f);
  end_scene (&s);
}

static void
test_squats_count_from_every_side (void)
{
  for (float yaw = -180.f; yaw < 180.f; yaw += 20.f)
    {
      Camera camera = plain_camera;
      camera.yaw_deg = yaw;
      Scene s = new_scene (camera);
      for (int i = 0; i < 3; i++)
        squat (&s, 105.f);
      g_assert_cmpint (s.counted, ==, 3);
      assert_near (s.last.knee_flexion_max_deg.value, 105.f, 6.f);
      end_scene (&s);
      g_assert_cmpint (s.counted, ==, 3);
      g_assert_cmpint (s.attempts, ==, 0);
    }
}

static void
test_count_does_not_depend_on_rate_size_or_noise (void)
{
  static const struct
  {
    float fps, scale, noise, yaw_deg;
  } rows[] = {
    { 10.f, 200.f, 0.f, 90.f }, { 15.f, 200.f, 2.f, 0.f }, { 30.f, 60.f, 0.8f, 45.f },
    { 60.f, 200.f, 3.f, 90.f }, { 60.f, 500.f, 5.f, 0.f }, { 25.f, 200.f, 4.f, 60.f },
  };
  for (guint r = 0; r < G_N_ELEMENTS (rows); r++)
    {
      g_autoptr (GRand) random = g_rand_new_with_seed (r + 1);
      Camera camera = plain_camera;
      camera.yaw_deg = rows[r].yaw_deg;
      camera.scale = rows[r].scale;
      camera.noise = rows[r].noise;
      camera.random = random;
      Scene s = new_scene (camera);
      s.fps = rows[r].fps;
      for (int i = 0; i < 4; i++)
        squat (&s, 105.f);
      end_scene (&s);
      g_test_message ("row %u: %d counted", r, s.counted);
      g_assert_cmpint (s.counted, ==, 4);
      g_assert_cmpint (s.attempts, ==, 0);
    }
}

static void
test_a_shallow_squat_is_kept_with_its_reason (void)
{
  Scene s = new_scene (plain_camera);
  squat (&s, 55.f);
  g_assert_cmpint (s.counted, ==, 0);
  g_assert_cmpint (s.attempts, ==, 1);
  g_assert_cmpint (s.last.reason, ==, TD_REASON_SHALLOW);
  assert_near (s.last.knee_flexion_max_deg.value, 55.f, 2.f);
  squat (&s, 105.f);
  g_assert_cmpint (s.last.index, ==, 2);
  g_assert_cmpint (s.last.number, ==, 1);
  end_scene (&s);
}

static void
test_tempo_is_split_at_the_bottom (void)
{
  Scene s = new_scene (plain_camera);
  move (&s, standing (), standing (), 1.f);
  move (&s, standing (), squatting (110.f), 3.f);
  move (&s, squatting (110.f), squatting (110.f), 2.f);
  move (&s, squatting (110.f), standing (), 1.f);
  move (&s, standing (), standing (), 1.f);
  end_scene (&s);
  g_assert_cmpint (s.counted, ==, 1);
  /* Minimum jerk passes 5 of 105 degrees at 18.6 % and at 81.4 % of its time. */
  assert_near (s.last.eccentric_s.value, 3.f * 0.628f, 0.1f);
  assert_near (s.last.pause_s.value, 2.f + 4.f * 0.186f, 0.12f);
  assert_near (s.last.concentric_s.value, 1.f * 0.628f, 0.1f);
  assert_near (s.last.lockout_deg.value, 5.f, 1.f);
  g_assert_cmpint (s.last.start_ns, <, s.last.bottom_ns);
  g_assert_cmpint (s.last.bottom_ns, <, s.last.top_ns);
}

static void
test_valgus_of_a_repetition_needs_the_front (void)
{
  Camera camera = plain_camera;
  for (int front = 0; front < 2; front++)
    {
      camera.yaw_deg = front ? 0.f : 90.f;
      Scene s = new_scene (camera);
      squat (&s, 100.f);
      Body knees_in = squatting (100.f);
      knees_in.valgus_deg[0] = knees_in.valgus_deg[1] = 30.f;
      move (&s, standing (), knees_in, 1.2f);
      move (&s, knees_in, standing (), 1.2f);
      move (&s, standing (), standing (), 0.5f);
      g_assert_cmpint (s.counted, ==, 2);
      if (front)
        g_assert_cmpfloat (s.last.fppa_deg.value, >, 8.f);
      else
        g_assert_cmpint (s.last.fppa_deg.missing, ==, TD_MISSING_FRONT_VIEW);
      end_scene (&s);
    }
}

static void
test_one_knee_lifts_are_not_counted (void)
{
  for (float yaw = 0.f; yaw <= 90.f; yaw += 30.f)
    {
      Camera camera = plain_camera;
      camera.yaw_deg = yaw;
      Scene s = new_scene (camera);
      squat (&s, 105.f);
      for (int i = 0; i < 4; i++)
        {
          /* The lifted leg hangs from the hip: drawn with its foot up and forward. */
          int frames = 45;
          for (int f = 0; f <= frames; f++)
            {
              Body body = standing ();
              s.time_ns += SECOND / 30;
              TdPose pose = draw (&body, &s.camera, s.time_ns);
              float lift = sinf ((float) G_PI * (float) f / (float) frames);
              int side = i % 2;
              TdKeypoint *knee = &pose.joints[TD_JOINT_KNEE_LEFT + side];
              TdKeypoint hip = pose.joints[TD_JOINT_HIP_LEFT + side];
              float angle = td_radians (90.f * lift);
              float thigh = 0.43f * camera.scale;
              float forward = thigh * sinf (angle);
              knee->x = hip.x - forward * sinf (td_radians (yaw));
              knee->y = hip.y + thigh * cosf (angle);
              knee->z = hip.z - forward * cosf (td_radians (yaw));
              static const TdJoint foot[]
                  = { TD_JOINT_ANKLE_LEFT, TD_JOINT_HEEL_LEFT, TD_JOINT_TOE_LEFT };
              for (guint k = 0; k < G_N_ELEMENTS (foot); k++)
                {
                  TdKeypoint *p = &pose.joints[foot[k] + side];
                  p->x = knee->x;
                  p->y = knee->y + thigh;
                  p->z = knee->z;
                }
              td_motion_push (s.motion, &pose, &s.result);
              take (&s);
            }
        }
      end_scene (&s);
      g_assert_cmpint (s.counted, ==, 1);
    }
}

static void
test_nobody_is_missing_and_says_so (void)
{
  TdMotion *motion = td_motion_new (NULL);
  TdPose nobody = { .time_ns = SECOND };
  TdMotionResult result;
  td_motion_push (motion, &nobody, &result);
  g_assert_cmpint (result.phase, ==, TD_PHASE_ABSENT);
  g_assert_cmpint (result.frame.flexion_deg.missing, ==, TD_MISSING_NO_PERSON);
  g_assert_true (isnan (result.frame.flexion_deg.value));
  g_assert_cmpstr (td_missing_text (TD_MISSING_NO_PERSON), !=, "");
  td_motion_free (motion);
}

static void
test_a_gap_of_half_a_second_in_a_squat_is_survived (void)
{
  Scene s = new_scene (plain_camera);
  squat (&s, 105.f);
  move (&s, standing (), squatting (105.f), 1.2f);
  for (int i = 0; i < 13; i++)
    {
      TdPose nobody = { .time_ns = s.time_ns += SECOND / 30 };
      td_motion_push (s.motion, &nobody, &s.result);
      take (&s);
    }
  move (&s, squatting (105.f), standing (), 1.2f);
  move (&s, standing (), standing (), 0.5f);
  g_assert_cmpint (s.counted, ==, 2);
  end_scene (&s);
}

/* A dim webcam's fifteen frames a second must not flatten the bottom. */
static void
test_quick_squats_are_as_deep_with_few_frames (void)
{
  static const float rates[] = { 15.f, 20.f, 30.f, 60.f };
  for (guint r = 0; r < G_N_ELEMENTS (rates); r++)
    {
      Camera camera = plain_camera;
      camera.noise = 0.8f;
      camera.random = g_rand_new_with_seed (7);
      Scene s = new_scene (camera);
      float sum = 0.f;
      s.fps = rates[r];
      move (&s, standing (), standing (), 2.f);
      for (int i = 0; i < 8; i++)
        {
          move (&s, standing (), squatting (110.f), 0.5f);
          move (&s, squatting (110.f), standing (), 0.5f);
          move (&s, standing (), standing (), 0.8f);
          sum += s.last.knee_flexion_max_deg.value;
        }
      g_assert_cmpint (s.counted, ==, 8);
      assert_near (sum / 8.f, 110.f, 2.f);
      end_scene (&s);
      g_rand_free (camera.random);
    }
}

static void
test_a_wiggle_does_not_end_a_pause (void)
{
  Scene s = new_scene (plain_camera);
  move (&s, standing (), standing (), 0.5f);
  move (&s, standing (), squatting (110.f), 1.2f);
  move (&s, squatting (110.f), squatting (110.f), 1.2f);
  move (&s, squatting (110.f), squatting (103.f), 0.3f);
  move (&s, squatting (103.f), squatting (110.f), 0.3f);
  move (&s, squatting (110.f), squatting (110.f), 1.2f);
  move (&s, squatting (110.f), standing (), 1.f);
  move (&s, standing (), standing (), 0.5f);
  g_assert_cmpint (s.counted, ==, 1);
  assert_near (s.last.pause_s.value, 3.5f, 0.3f);
  assert_near (s.last.eccentric_s.value, 0.8f, 0.3f);
  end_scene (&s);
}

/* Who is first seen on the way down has squatted, who is first seen low and gets up has not. */
static void
test_a_descent_may_have_begun_before_anybody_was_seen (void)
{
  static const struct
  {
    float from_deg;
    gint64 counted;
  } rows[] = { { 30.f, 1 }, { 65.f, 1 }, { 100.f, 0 } };
  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      Scene s = new_scene (plain_camera);
      move (&s, squatting (rows[i].from_deg), squatting (112.f), 0.5f);
      move (&s, squatting (112.f), standing (), 1.f);
      move (&s, standing (), standing (), 0.5f);
      g_assert_cmpint (s.counted, ==, rows[i].counted);
      /* Later ones have shown their top. */
      move (&s, standing (), squatting (70.f), 0.7f);
      move (&s, squatting (70.f), squatting (70.f), 4.f);
      move (&s, squatting (70.f), squatting (112.f), 0.5f);
      move (&s, squatting (112.f), squatting (70.f), 0.5f);
      move (&s, squatting (70.f), squatting (70.f), 4.f);
      g_assert_cmpint (s.counted, ==, rows[i].counted);
      end_scene (&s);
    }
}

/* At the bottom, the weight just ahead of the heels. */
static Body
leaning (float trunk_deg)
{
  Body body = squatting (100.f);
  body.trunk_deg = trunk_deg;
  body.seat_m = 0.14f;
  return body;
}

static void
test_who_swings_the_trunk_over_hips_that_stay_sits (void)
{
  for (int swings = 0; swings < 2; swings++)
    {
      Scene s = new_scene (plain_camera);
      Body forward = leaning (44.f);
      Body upright = leaning (swings ? 30.f : 44.f);
      move (&s, standing (), standing (), 0.5f);
      move (&s, standing (), forward, 1.2f);
      move (&s, forward, upright, 0.4f);
      move (&s, upright, forward, 0.4f);
      move (&s, forward, standing (), 1.f);
      move (&s, standing (), standing (), 0.5f);
      g_assert_cmpint (s.counted, ==, swings ? 0 : 1);
      g_assert_cmpint (s.last.reason, ==, swings ? TD_REASON_SEATED : TD_REASON_COUNTED);
      end_scene (&s);
    }
}

/* Whoever leans back with the weight behind the heels would fall: it is the camera. */
static void
test_a_tilted_camera_seats_nobody (void)
{
  for (int tilted = 0; tilted < 2; tilted++)
    {
      Camera camera = plain_camera;
      camera.yaw_deg = 75.f;
      camera.roll_deg = tilted ? -8.f : 0.f;
      Scene s = new_scene (camera);
      Body low = leaning (22.f);
      move (&s, standing (), standing (), 0.5f);
      move (&s, standing (), low, 1.2f);
      move (&s, low, low, 0.4f);
      move (&s, low, standing (), 1.f);
      move (&s, standing (), standing (), 0.5f);
      g_assert_cmpint (s.counted, ==, 1);
      end_scene (&s);
    }
}

static void
show_nobody (Scene *s, float seconds)
{
  for (int i = 0; i < (int) lroundf (seconds * s->fps); i++)
    {
      TdPose nobody = { .time_ns = s->time_ns += (gint64) ((float) SECOND / s->fps) };
      td_motion_push (s->motion, &nobody, &s->result);
      take (s);
    }
}

/* The true bottom, 115°, is hidden; the deepest frames that are seen are those of 80°. */
static void
test_a_bottom_that_was_not_seen_is_not_sure (void)
{
  Scene s = new_scene (plain_camera);
  squat (&s, 115.f);
  assert_near (s.last.knee_flexion_max_deg.value, 115.f, 3.f);
  g_assert_cmpfloat (s.last.knee_flexion_max_deg.sigma, <, 8.f);
  move (&s, standing (), squatting (80.f), 1.f);
  show_nobody (&s, 0.5f);
  move (&s, squatting (80.f), standing (), 1.f);
  move (&s, standing (), standing (), 0.5f);
  g_assert_cmpint (s.counted, ==, 2);
  g_assert_cmpfloat (s.last.knee_flexion_max_deg.sigma, >=, 15.f);
  g_assert_cmpfloat (s.last.thigh_inclination_deg.sigma, >=, 15.f);
  g_assert_true (s.last.depth_unsure);
  /* Nor is it said to have been too shallow. */
  move (&s, standing (), squatting (60.f), 1.f);
  show_nobody (&s, 0.5f);
  move (&s, squatting (60.f), standing (), 1.f);
  move (&s, standing (), standing (), 0.5f);
  g_assert_cmpint (s.counted, ==, 2);
  g_assert_cmpint (s.last.reason, ==, TD_REASON_LOST);
  end_scene (&s);
}

/* A cut between two shots: the same person is smaller then and stands elsewhere, and the tracker
 * takes half a second to find them. */
static void
test_repetitions_after_a_cut_are_measured_anew (void)
{
  static const float yaws[] = { 0.f, 40.f, 90.f };
  for (guint y = 0; y < G_N_ELEMENTS (yaws); y++)
    for (int step = 0; step < 2; step++)
      {
        Camera camera = plain_camera;
        camera.yaw_deg = yaws[y];
        Scene s = new_scene (camera);
        squat (&s, 110.f);
        squat (&s, 110.f);
        if (step == 1)
          move (&s, standing (), squatting (60.f), 0.5f);
        show_nobody (&s, 0.5f);
        s.camera.scale *= 0.6f;
        s.camera.x -= 130.f;
        s.camera.y -= 60.f;
        move (&s, standing (), standing (), 0.4f);
        squat (&s, 110.f);
        g_assert_cmpint (s.counted, ==, 3);
        assert_near (s.last.knee_flexion_max_deg.value, 110.f, 6.f);
        assert_near (s.last.lockout_deg.value, 5.f, 8.f);
        end_scene (&s);
      }
}

static void
test_time_that_stands_still_changes_nothing (void)
{
  Scene s = new_scene (plain_camera);
  squat (&s, 105.f);
  Body deep = squatting (120.f);
  TdPose pose = draw (&deep, &s.camera, s.time_ns);
  for (int i = 0; i < 50; i++)
    td_motion_push (s.motion, &pose, &s.result);
  g_assert_cmpint (s.result.count, ==, 1);
  end_scene (&s);
  g_assert_cmpint (s.counted + s.attempts, ==, 1);
}

static void
test_reset_begins_a_new_count (void)
{
  Scene s = new_scene (plain_camera);
  squat (&s, 105.f);
  td_motion_reset (s.motion);
  squat (&s, 105.f);
  g_assert_cmpint (s.result.count, ==, 1);
  g_assert_cmpint (s.last.index, ==, 1);
  end_scene (&s);
}

static void
test_every_pose_comes_back_once_with_its_measures (void)
{
  Scene s = new_scene (plain_camera);
  Body body = standing ();
  int settled = 0;
  gint64 last_ns = -1;
  for (int i = 0; i < 61; i++)
    {
      if (i < 60)
        show (&s, &body);
      else
        td_motion_finish (s.motion, &s.result);
      for (int k = 0; k < s.result.n_settled; k++)
        {
          const TdSettledFrame *frame = &s.result.settled[k];
          g_assert_cmpint (frame->pose.time_ns, >, last_ns);
          g_assert_cmpint (frame->measures.time_ns, ==, frame->pose.time_ns);
          g_assert_cmpint (s.time_ns - frame->pose.time_ns, <=, SECOND / 10 + SECOND / 30);
          last_ns = frame->pose.time_ns;
          settled++;
        }
    }
  g_assert_cmpint (settled, ==, 60);
  end_scene (&s);
}

static void
test_calibration_takes_two_seconds_of_standing_and_a_deep_squat (void)
{
  Camera camera = plain_camera;
  camera.yaw_deg = 0.f;
  Scene s = new_scene (camera);
  Body body = standing ();
  body.flexion_deg[0] = body.flexion_deg[1] = 0.f;
  body.valgus_deg[TD_SIDE_LEFT] = body.valgus_deg[TD_SIDE_RIGHT] = 4.f;
  show (&s, &body);
  g_assert_cmpint (s.result.calibration, ==, TD_CALIBRATION_OFF);
  td_motion_begin_calibration (s.motion);
  for (int i = 0; i < 55; i++)
    {
      show (&s, &body);
      g_assert_cmpint (s.result.calibration, ==, TD_CALIBRATION_STAND);
    }
  g_assert_cmpfloat (s.result.calibration_progress, >, 0.5f);
  for (int i = 0; i < 20; i++)
    show (&s, &body);
  g_assert_cmpint (s.result.calibration, ==, TD_CALIBRATION_DEEP);
  TdCalibration c = td_motion_calibration (s.motion);
  g_assert_true (c.standing_known && !c.range_known);
  assert_near (c.thigh_share, 0.5f, 0.03f);
  assert_near (c.fppa_deg[TD_SIDE_LEFT], 4.f, 0.5f);
  assert_near (c.roll_deg, 0.f, 0.5f);
  assert_near (c.pitch_deg, 0.f, 5.f);

  squat (&s, 128.f);
  g_assert_cmpint (s.result.calibration, ==, TD_CALIBRATION_DONE);
  c = td_motion_calibration (s.motion);
  g_assert_true (c.range_known);
  assert_near (c.contact_deg, 128.f, 6.f);
  /* Now the person's own contact is a depth class. */
  squat (&s, 128.f);
  g_assert_cmpint (s.last.depth, ==, TD_DEPTH_CALF);
  assert_near (s.last.calf_gap_deg.value, 0.f, 3.f);
  end_scene (&s);
}

static void
test_moving_starts_the_two_seconds_anew (void)
{
  Scene s = new_scene (plain_camera);
  Body body = standing ();
  show (&s, &body);
  td_motion_begin_calibration (s.motion);
  for (int i = 0; i < 200; i++)
    {
      body.shift_m = 0.f;
      body.split_m = 0.15f * sinf ((float) i * 0.7f);
      body.flexion_deg[0] = i % 40 < 10 ? 50.f : 5.f;
      show (&s, &body);
    }
  g_assert_cmpint (s.result.calibration, ==, TD_CALIBRATION_STAND);
  end_scene (&s);
}

static void
test_without_calibration_calf_contact_is_missing (void)
{
  Scene s = new_scene (plain_camera);
  squat (&s, 135.f);
  g_assert_cmpint (s.counted, ==, 1);
  g_assert_cmpint (s.last.calf_gap_deg.missing, ==, TD_MISSING_CALIBRATION);
  g_assert_cmpint (s.last.depth, !=, TD_DEPTH_CALF);
  end_scene (&s);
}

/* POSE as a camera turned clockwise by DEG about its axis shows it. */
static void
turn (TdPose *pose, float deg)
{
  float c = cosf (td_radians (deg)), n = sinf (td_radians (deg));
  for (int j = 0; j < TD_N_JOINTS; j++)
    {
      TdKeypoint *k = &pose->joints[j];
      float x = k->x - 320.f, y = k->y - 240.f;
      k->x = 320.f + x * c + y * n;
      k->y = 240.f - x * n + y * c;
    }
}

static void
test_a_rolled_camera_that_is_known_changes_nothing (void)
{
  for (float roll = -15.f; roll <= 15.f; roll += 15.f)
    for (float sigma = 0.f; sigma < 0.002f; sigma += 0.001f)
      {
        Scene s = new_scene (plain_camera);
        TdCamera camera = { .roll_deg = roll };
        TdMotionResult result;
        td_motion_set_camera (s.motion, &camera);
        for (int i = 1; i <= 90; i++)
          {
            Body body = i < 45 ? standing () : squatting (80.f);
            TdPose pose = draw (&body, &s.camera, i * SECOND / 30);
            pose.depth_sigma = sigma;
            turn (&pose, roll);
            td_motion_push (s.motion, &pose, &result);
          }
        assert_near (result.frame.flexion_deg.value, 80.f, 1.5f);
        /* The thigh takes 55 % of the bend. */
        assert_near (result.frame.thigh_deg.value, 90.f - 44.f, 1.5f);
        assert_near (result.frame.trunk_lean_deg.value, 25.f, 2.f);
        end_scene (&s);
      }
}

static void
test_a_hidden_ankle_costs_no_repetition (void)
{
  Camera camera = plain_camera;
  camera.yaw_deg = 0.f;
  TdMotion *motion = td_motion_new (NULL);
  TdMotionResult result;
  int count = 0;
  for (int i = 1; i <= 330; i++)
    {
      float t = (float) i / 30.f, phase = fmodf (t - 1.f, 3.f);
      float bend = t < 1.f || phase > 2.f ? 5.f : 60.f - 55.f * cosf ((float) G_PI * phase);
      Body body = squatting (bend);
      TdPose pose = draw (&body, &camera, i * SECOND / 30);
      if (t > 1.f && phase > 0.5f && phase < 1.5f)
        pose.joints[TD_JOINT_ANKLE_LEFT] = (TdKeypoint){ 0 };
      td_motion_push (motion, &pose, &result);
      count = result.count;
    }
  g_assert_cmpint (count, ==, 3);
  td_motion_free (motion);
}

/* From the side the other foot is hidden, and is taken for something else until the way down is half over, or
 * from the middle of the way up. Who steps has the hips between the feet, and a lunge's feet are farther apart. */
static void
test_a_foot_misread_while_standing_costs_no_repetition (void)
{
  static const struct
  {
    float off;  /* of the hidden foot, leg lengths */
    float hips; /* moved with it by */
    int counted;
  } rows[] = { { 0.f, 0.f, 1 },   { 0.35f, 0.f, 1 },   { -0.4f, 0.f, 1 },
               { 0.56f, 0.f, 0 }, { 0.48f, 0.24f, 0 }, { -0.48f, -0.24f, 0 } };
  static const TdJoint foot[] = { TD_JOINT_ANKLE_LEFT, TD_JOINT_HEEL_LEFT, TD_JOINT_TOE_LEFT };
  for (size_t r = 0; r < 2 * G_N_ELEMENTS (rows); r++)
    {
      float off = rows[r / 2].off, hips = rows[r / 2].hips;
      Scene s = new_scene (plain_camera);
      float leg_px = 0.86f * s.camera.scale;
      for (int i = 0; i < 120; i++)
        {
          float t = (float) i / 30.f;
          float bend = t < 1.f || t > 3.f ? 0.f : 55.f - 55.f * cosf ((float) G_PI * (t - 1.f));
          bool misread = r % 2 == 0 ? t < 1.5f : t > 2.5f;
          Body body = squatting (bend);
          s.camera.x = plain_camera.x + (misread ? hips * leg_px : 0.f);
          s.time_ns += SECOND / 30;
          TdPose pose = draw (&body, &s.camera, s.time_ns);
          for (int side = 0; misread && side < TD_N_SIDES; side++)
            for (guint k = 0; k < G_N_ELEMENTS (foot); k++)
              pose.joints[td_joint_on (foot[k], (TdSide) side)].x
                  += ((side == TD_SIDE_LEFT ? off : 0.f) - hips) * leg_px;
          td_motion_push (s.motion, &pose, &s.result);
          take (&s);
        }
      end_scene (&s);
      g_assert_cmpint (s.counted, ==, rows[r / 2].counted);
    }
}

static void
test_shoulders_exchanged_once_are_right_again_soon (void)
{
  Camera camera = plain_camera;
  camera.yaw_deg = 0.f;
  Scene s = new_scene (camera);
  for (int i = 1; i <= 90; i++)
    {
      Body body = standing ();
      TdPose pose = draw (&body, &camera, i * SECOND / 30);
      if (i == 1)
        {
          TdKeypoint left = pose.joints[TD_JOINT_SHOULDER_LEFT];
          pose.joints[TD_JOINT_SHOULDER_LEFT] = pose.joints[TD_JOINT_SHOULDER_RIGHT];
          pose.joints[TD_JOINT_SHOULDER_RIGHT] = left;
        }
      td_motion_push (s.motion, &pose, &s.result);
    }
  g_assert_cmpint (s.result.frame.view, ==, TD_VIEW_FRONT);
  end_scene (&s);
}

static void
test_after_a_reset_time_may_start_anew (void)
{
  Scene s = new_scene (plain_camera);
  s.time_ns = 30 * SECOND;
  squat (&s, 110.f);
  g_assert_cmpint (s.counted, ==, 1);
  td_motion_reset (s.motion);
  s.time_ns = 0;
  squat (&s, 110.f);
  g_assert_cmpint (s.counted, ==, 2);
  end_scene (&s);
}

static void
test_calibrating_again_forgets_the_bones_and_keeps_the_range (void)
{
  Scene s = new_scene (plain_camera);
  Body body = standing ();
  TdCalibration wrong = { .standing_known = true,
                          .thigh_share = 0.6f,
                          .range_known = true,
                          .flexion_max_deg = 131.f,
                          .contact_deg = 131.f,
                          .pitch_deg = NAN,
                          .roll_deg = NAN };
  td_motion_set_calibration (s.motion, &wrong);
  show (&s, &body);
  td_motion_begin_calibration (s.motion);
  for (int i = 0; i < 300; i++)
    show (&s, &body);
  TdCalibration c = td_motion_calibration (s.motion);
  assert_near (c.thigh_share, 0.5f, 0.03f);
  g_assert_true (c.range_known);
  g_assert_cmpfloat (c.contact_deg, ==, 131.f);
  end_scene (&s);
}

static void
test_a_joint_missing_in_single_frames_is_filled_in (void)
{
  TdSmoother smoother;
  Body body = standing ();
  TdPose raw, smooth;
  int filled = 0;
  td_smoother_init (&smoother);
  for (int i = 0; i < 90; i++)
    {
      body.flexion_deg[0] = body.flexion_deg[1] = 60.f - 50.f * cosf ((float) i / 10.f);
      TdPose pose = draw (&body, &plain_camera, i * SECOND / 30);
      float x = pose.joints[TD_JOINT_HIP_LEFT].x;
      if (i % 10 == 5)
        pose.joints[TD_JOINT_HIP_LEFT] = (TdKeypoint){ .x = x };
      td_smoother_push (&smoother, &pose, 172.f);
      while (td_smoother_take (&smoother, false, &raw, &smooth))
        {
          const TdKeypoint *k = &smooth.joints[TD_JOINT_HIP_LEFT];
          g_assert_false (isnan (k->x) || isnan (k->y));
          if (raw.joints[TD_JOINT_HIP_LEFT].score > 0.f || k->score <= 0.f)
            continue;
          filled++;
          assert_near (k->x, raw.joints[TD_JOINT_HIP_LEFT].x, 3.f);
        }
    }
  g_assert_cmpint (filled, >=, 7);
}

static void
test_names_lead_back_to_their_joints (void)
{
  for (int j = 0; j < TD_N_JOINTS; j++)
    g_assert_cmpint (td_joint_from_name (td_joint_name ((TdJoint) j)), ==, j);
  g_assert_cmpint (td_joint_from_name ("tail"), ==, TD_N_JOINTS);
}

static void
test_profiles_are_found_by_name (void)
{
  size_t n;
  const TdProfile *all = td_profile_all (&n);
  g_assert_cmpuint (n, >=, 2);
  for (size_t i = 0; i < n; i++)
    g_assert_true (td_profile_find (all[i].id) == &all[i]);
  g_assert_null (td_profile_find ("deadlift"));
}

/* ---- the judgement ----------------------------------------------------------------------- */

static TdReason
judged (const TdEvidence *evidence)
{
  return td_judge (evidence, td_profile_find ("narrow"));
}

/* What a squat seen from the side shows. */
static TdEvidence
squat_evidence (void)
{
  return (TdEvidence){
    .duration_s = 2.f,
    .flexion_deg = 110.f,
    .lesser_flexion_deg = 107.f,
    .top_flexion_deg = 8.f,
    .other_leg = 0.95f,
    .hip_drop = 0.4f,
    .trunk_deg = 42.f,
    .leaning = 0.1f,
    .thigh_deg = 5.f,
    .thigh_gap_deg = 4.f,
    .knee_gap = 0.1f,
    .knee_up = 0.8f,
    .split = 0.2f,
    .sin_yaw = 0.9f,
    .hip_behind = NAN,
    .balance = 0.05f,
    .balance_fitted = 0.06f,
    .rock = 3.f,
    .travel = 0.02f,
    .stepped = 0.02f,
    .growth = 1.f,
  };
}

static void
test_a_hinge_leans_more_than_it_bends (void)
{
  static const struct
  {
    float flexion_deg, lesser_flexion_deg, trunk_deg, thigh_gap_deg;
    TdReason reason;
  } rows[] = {
    { 110.f, 105.f, 42.f, 4.f, TD_REASON_COUNTED },
    /* Knees that read as bent as those of a half squat, and a trunk that leans nearly as much. */
    { 77.f, 75.f, 65.f, 4.f, TD_REASON_HINGE },
    /* With the knees of a deep one the same lean is a squat with much weight on the back. */
    { 93.f, 91.f, 65.f, 4.f, TD_REASON_COUNTED },
    { 93.f, 91.f, 75.f, 4.f, TD_REASON_HINGE },
    /* One leg reads as deep as in a squat, the other does not. */
    { 92.f, 70.f, 68.f, 8.f, TD_REASON_HINGE },
    { 92.f, NAN, 68.f, NAN, TD_REASON_COUNTED },
    /* It was not seen at all. */
    { 168.f, 40.f, 38.f, 145.f, TD_REASON_COUNTED },
    { 60.f, 58.f, 40.f, 4.f, TD_REASON_SHALLOW },
    { 60.f, 58.f, 50.f, 4.f, TD_REASON_HINGE },
  };
  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      TdEvidence e = squat_evidence ();
      e.flexion_deg = rows[i].flexion_deg;
      e.lesser_flexion_deg = rows[i].lesser_flexion_deg;
      e.trunk_deg = rows[i].trunk_deg;
      e.thigh_gap_deg = rows[i].thigh_gap_deg;
      g_assert_cmpint (judged (&e), ==, rows[i].reason);
    }
  TdEvidence e = squat_evidence ();
  e.flexion_deg = e.lesser_flexion_deg = 75.f;
  e.leaning = 0.7f;
  g_assert_cmpint (judged (&e), ==, TD_REASON_HINGE);
  e.leaning = 0.5f;
  g_assert_cmpint (judged (&e), ==, TD_REASON_COUNTED);
  e.flexion_deg = e.lesser_flexion_deg = 100.f;
  e.leaning = 0.7f;
  g_assert_cmpint (judged (&e), ==, TD_REASON_COUNTED);
}

static void
test_a_seat_carries_what_is_behind_the_feet (void)
{
  static const struct
  {
    float balance, balance_fitted, rock, tilt;
    TdReason reason;
  } rows[] = {
    { -0.15f, -0.05f, 3.f, 0.f, TD_REASON_SEATED },
    /* A little behind: only who holds on to something squats like that, and without swinging. */
    { -0.03f, 0.02f, 3.f, 0.f, TD_REASON_COUNTED },
    { -0.03f, 0.02f, 8.f, 0.f, TD_REASON_SEATED },
    /* The weight reads as over the feet, but hips that stay carry no swing. */
    { 0.02f, 0.01f, 11.6f, 0.f, TD_REASON_SEATED },
    { 0.04f, 0.03f, 13.f, 0.f, TD_REASON_SEATED },
    { NAN, 0.02f, 11.6f, 0.f, TD_REASON_SEATED },
    { 0.02f, 0.01f, 8.f, 0.f, TD_REASON_COUNTED },
    /* Behind, and hardly a swing: a seat that is hardly touched. */
    { -0.05f, -0.015f, 2.4f, 0.f, TD_REASON_SEATED },
    { -0.011f, 0.06f, 0.2f, 0.f, TD_REASON_COUNTED },
    /* Joints that jump. */
    { 0.06f, 0.05f, 9.5f, 0.f, TD_REASON_COUNTED },
    { 0.05f, 0.12f, 10.f, 0.f, TD_REASON_COUNTED },
    { 0.14f, 0.05f, 10.f, 0.f, TD_REASON_COUNTED },
    { NAN, 0.2f, 13.f, 0.f, TD_REASON_COUNTED },
    /* The fitted legs are well over the feet: it is the view that is not what it is taken for. */
    { -0.08f, 0.2f, 8.f, 0.f, TD_REASON_COUNTED },
    /* What the view does not show rejects nothing. */
    { NAN, NAN, NAN, 0.f, TD_REASON_COUNTED },
    { -0.15f, NAN, NAN, 0.f, TD_REASON_SEATED },
    /* A tilted camera; who sits does so all the same. */
    { -0.1f, -0.02f, 3.f, -0.15f, TD_REASON_COUNTED },
    { -0.29f, -0.12f, 3.f, -0.2f, TD_REASON_SEATED },
  };
  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      TdEvidence e = squat_evidence ();
      e.balance = rows[i].balance;
      e.balance_fitted = rows[i].balance_fitted;
      e.rock = rows[i].rock;
      e.tilt = rows[i].tilt;
      g_assert_cmpint (judged (&e), ==, rows[i].reason);
    }
}

static void
test_each_limit_has_its_reason (void)
{
#define ROW(member, value, reason)                                                                 \
  {                                                                                                \
#member, offsetof(TdEvidence, member), value, reason                                           \
  }
  static const struct
  {
    const char *name;
    size_t member;
    float value;
    TdReason reason;
  } rows[] = {
    ROW (duration_s, 0.3f, TD_REASON_TOO_FAST),    ROW (duration_s, 0.45f, TD_REASON_COUNTED),
    ROW (travel, 0.3f, TD_REASON_MOVED),           ROW (travel, 0.15f, TD_REASON_COUNTED),
    ROW (stepped, 0.25f, TD_REASON_MOVED),         ROW (stepped, 0.1f, TD_REASON_COUNTED),
    ROW (growth, 1.5f, TD_REASON_MOVED),           ROW (growth, 0.65f, TD_REASON_MOVED),
    ROW (growth, 1.2f, TD_REASON_COUNTED),         ROW (split, 0.8f, TD_REASON_LUNGE),
    ROW (split, 0.4f, TD_REASON_COUNTED),          ROW (knee_up, 0.05f, TD_REASON_KNELT),
    ROW (knee_up, 0.43f, TD_REASON_COUNTED),       ROW (other_leg, 0.4f, TD_REASON_ONE_LEG),
    ROW (other_leg, 0.7f, TD_REASON_COUNTED),      ROW (hip_drop, 0.12f, TD_REASON_SHALLOW),
    ROW (hip_drop, 0.2f, TD_REASON_COUNTED),       ROW (flexion_deg, 65.f, TD_REASON_SHALLOW),
    ROW (top_flexion_deg, 60.f, TD_REASON_NO_TOP), ROW (top_flexion_deg, 45.f, TD_REASON_COUNTED),
  };
#undef ROW
  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      TdEvidence e = squat_evidence ();
      *(float *) (void *) ((char *) &e + rows[i].member) = rows[i].value;
      g_test_message ("%s %.2f", rows[i].name, rows[i].value);
      g_assert_cmpint (judged (&e), ==, rows[i].reason);
      /* What is not seen rejects nothing. */
      *(float *) (void *) ((char *) &e + rows[i].member) = NAN;
      g_assert_cmpint (judged (&e), ==, TD_REASON_COUNTED);
    }
  /* Hips that sink little, with legs that are not alike. */
  TdEvidence e = squat_evidence ();
  e.hip_drop = 0.12f;
  e.other_leg = 0.7f;
  g_assert_cmpint (judged (&e), ==, TD_REASON_ONE_LEG);
}

/* Feet far apart fore and aft; what is that from the side may be side to side from elsewhere. */
static void
test_a_lunge_has_its_feet_or_its_weight_apart (void)
{
  static const struct
  {
    float split, sin_yaw, thigh_gap_deg, balance_fitted;
    TdReason reason;
  } rows[] = {
    { 0.6f, 0.95f, 4.f, 0.1f, TD_REASON_LUNGE },    { 0.3f, 0.95f, 4.f, 0.1f, TD_REASON_COUNTED },
    { 0.6f, 0.6f, 4.f, 0.1f, TD_REASON_COUNTED },   { 0.7f, 0.6f, 30.f, 0.1f, TD_REASON_LUNGE },
    { 0.7f, NAN, 4.f, 0.1f, TD_REASON_LUNGE },      { 0.1f, 0.95f, 4.f, 0.48f, TD_REASON_LUNGE },
    { 0.1f, 0.95f, 4.f, 0.24f, TD_REASON_COUNTED }, { NAN, 0.5f, 4.f, 0.48f, TD_REASON_LUNGE },
    { NAN, 0.2f, 4.f, 0.48f, TD_REASON_COUNTED },
  };
  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      TdEvidence e = squat_evidence ();
      e.split = rows[i].split;
      e.sin_yaw = rows[i].sin_yaw;
      e.thigh_gap_deg = rows[i].thigh_gap_deg;
      e.balance_fitted = rows[i].balance_fitted;
      g_assert_cmpint (judged (&e), ==, rows[i].reason);
    }
}

/* A landing bends the knees quickly, sinks little, and the feet have come from the air. */
static void
test_a_landing_is_no_squat (void)
{
  static const struct
  {
    float travel, hip_drop;
    TdReason reason;
  } rows[] = {
    { 0.1f, 0.23f, TD_REASON_MOVED },
    { 0.02f, 0.2f, TD_REASON_SHALLOW },
    { 0.02f, 0.3f, TD_REASON_COUNTED },
  };
  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      TdEvidence e = squat_evidence ();
      e.duration_s = 0.5f;
      e.travel = rows[i].travel;
      e.hip_drop = rows[i].hip_drop;
      g_assert_cmpint (judged (&e), ==, rows[i].reason);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define TEST(path, function) g_test_add_func ("/motion/" path, function)
  TEST ("knee_flexion_is_right_in_space", test_knee_flexion_is_right_in_space);
  TEST ("angle_without_a_bone_is_missing", test_angle_without_a_bone_is_missing);
  TEST ("thigh_inclination_has_its_sign", test_thigh_inclination_has_its_sign);
  TEST ("fppa_is_positive_for_a_knee_inward", test_fppa_is_positive_for_a_knee_inward);
  TEST ("bone_depth_ignores_noise_and_keeps_the_rest",
        test_bone_depth_ignores_noise_and_keeps_the_rest);
  TEST ("one_euro_keeps_a_constant", test_one_euro_keeps_a_constant);
  TEST ("one_euro_calms_rest_and_follows_movement", test_one_euro_calms_rest_and_follows_movement);
  TEST ("one_euro_starts_anew_after_a_gap", test_one_euro_starts_anew_after_a_gap);
  TEST ("smoothing_keeps_a_parabola_at_any_rate", test_smoothing_keeps_a_parabola_at_any_rate);
  TEST ("smoothing_has_no_lag_and_keeps_the_bottom_of_a_fast_repetition",
        test_smoothing_has_no_lag_and_keeps_the_bottom_of_a_fast_repetition);
  TEST ("smoothing_ignores_an_outlier", test_smoothing_ignores_an_outlier);
  TEST ("smoothing_fills_a_gap_and_knows_nothing_of_nothing",
        test_smoothing_fills_a_gap_and_knows_nothing_of_nothing);
  TEST ("median_of_even_and_odd_numbers", test_median_of_even_and_odd_numbers);
  TEST ("level_space_has_gravity_downwards", test_level_space_has_gravity_downwards);
  TEST ("a_camera_that_looks_down_sees_the_upper_end_nearer",
        test_a_camera_that_looks_down_sees_the_upper_end_nearer);
  TEST ("a_point_behind_is_farther_from_the_middle",
        test_a_point_behind_is_farther_from_the_middle);
  TEST ("sides_exchanged_for_a_moment_are_put_back",
        test_sides_exchanged_for_a_moment_are_put_back);
  TEST ("a_network_that_insists_on_its_sides_is_believed",
        test_a_network_that_insists_on_its_sides_is_believed);
  TEST ("each_pose_settles_once_in_order_and_exact_ones_unchanged",
        test_each_pose_settles_once_in_order_and_exact_ones_unchanged);
  TEST ("noise_is_halved_by_smoothing", test_noise_is_halved_by_smoothing);
  TEST ("a_hinge_leans_more_than_it_bends", test_a_hinge_leans_more_than_it_bends);
  TEST ("a_seat_carries_what_is_behind_the_feet", test_a_seat_carries_what_is_behind_the_feet);
  TEST ("each_limit_has_its_reason", test_each_limit_has_its_reason);
  TEST ("a_lunge_has_its_feet_or_its_weight_apart", test_a_lunge_has_its_feet_or_its_weight_apart);
  TEST ("a_landing_is_no_squat", test_a_landing_is_no_squat);
  TEST ("a_cycle_is_told_at_the_top_only", test_a_cycle_is_told_at_the_top_only);
  TEST ("a_pause_of_five_seconds_is_one_cycle", test_a_pause_of_five_seconds_is_one_cycle);
  TEST ("a_bounce_at_the_bottom_is_one_cycle", test_a_bounce_at_the_bottom_is_one_cycle);
  TEST ("unlocked_knees_at_the_top_still_count", test_unlocked_knees_at_the_top_still_count);
  TEST ("half_extended_tops_still_count", test_half_extended_tops_still_count);
  TEST ("standing_with_soft_knees_is_no_descent", test_standing_with_soft_knees_is_no_descent);
  TEST ("fast_repetitions_without_a_rest_count_each",
        test_fast_repetitions_without_a_rest_count_each);
  TEST ("sway_is_no_cycle", test_sway_is_no_cycle);
  TEST ("starting_at_the_bottom_is_no_cycle", test_starting_at_the_bottom_is_no_cycle);
  TEST ("a_short_gap_is_survived_and_a_long_one_is_told",
        test_a_short_gap_is_survived_and_a_long_one_is_told);
  TEST ("going_down_and_staying_is_told_once", test_going_down_and_staying_is_told_once);
  TEST ("a_cut_off_ascent_counts_when_most_of_it_was_seen",
        test_a_cut_off_ascent_counts_when_most_of_it_was_seen);
  TEST ("side_view_angles_are_right", test_side_view_angles_are_right);
  TEST ("a_straight_leg_that_looks_short_is_not_bent_obliquely",
        test_a_straight_leg_that_looks_short_is_not_bent_obliquely);
  TEST ("front_view_tells_valgus_and_no_lean", test_front_view_tells_valgus_and_no_lean);
  TEST ("back_view_keeps_the_sign_of_valgus", test_back_view_keeps_the_sign_of_valgus);
  TEST ("squats_count_from_every_side", test_squats_count_from_every_side);
  TEST ("count_does_not_depend_on_rate_size_or_noise",
        test_count_does_not_depend_on_rate_size_or_noise);
  TEST ("a_shallow_squat_is_kept_with_its_reason", test_a_shallow_squat_is_kept_with_its_reason);
  TEST ("tempo_is_split_at_the_bottom", test_tempo_is_split_at_the_bottom);
  TEST ("valgus_of_a_repetition_needs_the_front", test_valgus_of_a_repetition_needs_the_front);
  TEST ("one_knee_lifts_are_not_counted", test_one_knee_lifts_are_not_counted);
  TEST ("nobody_is_missing_and_says_so", test_nobody_is_missing_and_says_so);
  TEST ("a_gap_of_half_a_second_in_a_squat_is_survived",
        test_a_gap_of_half_a_second_in_a_squat_is_survived);
  TEST ("time_that_stands_still_changes_nothing", test_time_that_stands_still_changes_nothing);
  TEST ("reset_begins_a_new_count", test_reset_begins_a_new_count);
  TEST ("quick_squats_are_as_deep_with_few_frames", test_quick_squats_are_as_deep_with_few_frames);
  TEST ("a_wiggle_does_not_end_a_pause", test_a_wiggle_does_not_end_a_pause);
  TEST ("a_tilted_camera_seats_nobody", test_a_tilted_camera_seats_nobody);
  TEST ("a_descent_may_have_begun_before_anybody_was_seen",
        test_a_descent_may_have_begun_before_anybody_was_seen);
  TEST ("who_swings_the_trunk_over_hips_that_stay_sits",
        test_who_swings_the_trunk_over_hips_that_stay_sits);
  TEST ("a_bottom_that_was_not_seen_is_not_sure", test_a_bottom_that_was_not_seen_is_not_sure);
  TEST ("repetitions_after_a_cut_are_measured_anew",
        test_repetitions_after_a_cut_are_measured_anew);
  TEST ("every_pose_comes_back_once_with_its_measures",
        test_every_pose_comes_back_once_with_its_measures);
  TEST ("calibration_takes_two_seconds_of_standing_and_a_deep_squat",
        test_calibration_takes_two_seconds_of_standing_and_a_deep_squat);
  TEST ("moving_starts_the_two_seconds_anew", test_moving_starts_the_two_seconds_anew);
  TEST ("without_calibration_calf_contact_is_missing",
        test_without_calibration_calf_contact_is_missing);
  TEST ("a_rolled_camera_that_is_known_changes_nothing",
        test_a_rolled_camera_that_is_known_changes_nothing);
  TEST ("a_hidden_ankle_costs_no_repetition", test_a_hidden_ankle_costs_no_repetition);
  TEST ("a_foot_misread_while_standing_costs_no_repetition",
        test_a_foot_misread_while_standing_costs_no_repetition);
  TEST ("shoulders_exchanged_once_are_right_again_soon",
        test_shoulders_exchanged_once_are_right_again_soon);
  TEST ("after_a_reset_time_may_start_anew", test_after_a_reset_time_may_start_anew);
  TEST ("calibrating_again_forgets_the_bones_and_keeps_the_range",
        test_calibrating_again_forgets_the_bones_and_keeps_the_range);
  TEST ("a_joint_missing_in_single_frames_is_filled_in",
        test_a_joint_missing_in_single_frames_is_filled_in);
  TEST ("names_lead_back_to_their_joints", test_names_lead_back_to_their_joints);
  TEST ("profiles_are_found_by_name", test_profiles_are_found_by_name);
  return g_test_run ();
}
