/* test-figure.c: a body in three dimensions from a picture's two.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-figure-draw.h"

#include <glib.h>
#include <math.h>

#define FRAME_NS (G_GINT64_CONSTANT (1000000000) / 30)
#define LEG_PX 200.

/* A person of whom each bone's length is known, as a camera far away sees them from YAW_DEG; knees bent by
 * FLEXION_DEG over feet that stay, thighs and shanks slanting alike. */
static TdPose
a_pose (int frame, double flexion_deg, double yaw_deg)
{
  double half = flexion_deg / 2 * G_PI / 180, yaw = yaw_deg * G_PI / 180;
  double knee_y = 0.5 * cos (half), knee_z = 0.5 * sin (half), hip_y = 2 * knee_y;
  TdPose pose = { .time_ns = frame * FRAME_NS,
                  .width = 640,
                  .height = 480,
                  .present = true,
                  .has_depth = true,
                  .score = 1 };
  const double body[TD_N_JOINTS][3] = {
    { 0.105, hip_y, 0 },
    { -0.105, hip_y, 0 },
    { 0.105, knee_y, knee_z },
    { -0.105, knee_y, knee_z },
    { 0.105, 0, 0 },
    { -0.105, 0, 0 },
    { 0.105, -0.06, -0.07 },
    { -0.105, -0.06, -0.07 },
    { 0.105, -0.06, 0.22 },
    { -0.105, -0.06, 0.22 },
    { 0.215, hip_y + 0.6, 0 },
    { -0.215, hip_y + 0.6, 0 },
    { 0.215, hip_y + 0.22, 0 },
    { -0.215, hip_y + 0.22, 0 },
    { 0.215, hip_y - 0.08, 0 },
    { -0.215, hip_y - 0.08, 0 },
    { 0, hip_y + 0.85, 0.1 },
  };

  for (int j = 0; j < TD_N_JOINTS; j++)
    pose.joints[j] = (TdKeypoint){
      .x = (float) (320 + LEG_PX * (body[j][0] * cos (yaw) - body[j][2] * sin (yaw))),
      .y = (float) (400 - LEG_PX * body[j][1]),
      /* A network's: right about which way, wrong about how far. */
      .z = (float) (0.5 * LEG_PX * (-body[j][0] * sin (yaw) - body[j][2] * cos (yaw))),
      .score = 0.9f,
    };
  return pose;
}

/* Two seconds of standing, then bending to DEPTH_DEG for two seconds. */
static TdFigures *
a_squat (double depth_deg, double yaw_deg)
{
  TdFigures *figures = td_figures_new ();

  for (int f = 0; f < 120; f++)
    {
      TdPose pose = a_pose (f, 6 + fmax (0, f - 60) / 60 * (depth_deg - 6), yaw_deg);
      td_figures_add (figures, &pose, (float) yaw_deg);
    }
  td_figures_seal (figures);
  return figures;
}

static double
flexion_of (const TdFigure *figure, TdSide side)
{
  return (double) td_knee_flexion (figure->points[td_joint_on (TD_JOINT_HIP_LEFT, side)],
                                   figure->points[td_joint_on (TD_JOINT_KNEE_LEFT, side)],
                                   figure->points[td_joint_on (TD_JOINT_ANKLE_LEFT, side)]);
}

static void
a_body_is_the_same_from_wherever_it_is_filmed (void)
{
  static const double yaws[] = { 0, 35, 90, -90, -50 };

  for (size_t y = 0; y < G_N_ELEMENTS (yaws); y++)
    {
      TdFigures *figures = a_squat (90, yaws[y]);
      g_assert_cmpuint (td_figures_n (figures), ==, 120);
      TdFigure figure = td_figures_get (figures, 118);
      g_assert_true (figure.seen);
      g_assert_cmpfloat_with_epsilon (figure.yaw_deg, yaws[y], 0.1);
      g_assert_cmpfloat (figure.trust, <, 0.01);
      for (int s = 0; s < TD_N_SIDES; s++)
        {
          /* Seen from the front it is the bones' lengths that tell. */
          g_assert_cmpfloat_with_epsilon (flexion_of (&figure, (TdSide) s), 88, 12);
          TdVec3 knee = figure.points[td_joint_on (TD_JOINT_KNEE_LEFT, (TdSide) s)];
          TdVec3 hip = figure.points[td_joint_on (TD_JOINT_HIP_LEFT, (TdSide) s)];
          g_assert_cmpfloat (knee.z - hip.z, >, 0.2);
          /* Left is left. */
          g_assert_cmpfloat (hip.x * (s == TD_SIDE_LEFT ? 1 : -1), >, 0.02);
        }
      g_assert_cmpfloat (figure.points[TD_JOINT_TOE_LEFT].z, >,
                         figure.points[TD_JOINT_HEEL_LEFT].z);
      /* On the floor, and no joint below it. */
      for (int j = 0; j < TD_N_JOINTS; j++)
        if (td_figure_has (&figure, (TdJoint) j))
          g_assert_cmpfloat (figure.points[j].y, >=, 0);
      g_assert_cmpfloat (
          fminf (figure.points[TD_JOINT_TOE_LEFT].y, figure.points[TD_JOINT_TOE_RIGHT].y), <, 0.1);
      g_assert_cmpfloat (td_figures_side (figures), ==, yaws[y] < 0 ? -90 : 90);
      td_figures_free (figures);
    }
}

static void
turning_it_to_where_the_camera_stood_gives_the_picture (void)
{
  const double yaw = 40;
  TdFigures *figures = a_squat (80, yaw);
  TdFigure figure = td_figures_get (figures, 110);
  TdPose pose = a_pose (110, 6 + 50. / 60 * 74, yaw);
  static const TdJoint joints[] = { TD_JOINT_KNEE_LEFT, TD_JOINT_ANKLE_RIGHT, TD_JOINT_HIP_RIGHT };
  const TdKeypoint *from = &pose.joints[TD_JOINT_HIP_LEFT];
  TdVec3 hip = td_figure_turn (figure.points[TD_JOINT_HIP_LEFT], (float) yaw);

  for (size_t i = 0; i < G_N_ELEMENTS (joints); i++)
    {
      TdVec3 at = td_figure_turn (figure.points[joints[i]], (float) yaw);
      const TdKeypoint *to = &pose.joints[joints[i]];
      g_assert_cmpfloat_with_epsilon ((double) (at.x - hip.x), (double) (to->x - from->x) / LEG_PX,
                                      0.08);
      g_assert_cmpfloat_with_epsilon ((double) (hip.y - at.y), (double) (to->y - from->y) / LEG_PX,
                                      0.08);
    }
  td_figures_free (figures);
}

static void
between_two_samples_the_body_moves_smoothly (void)
{
  TdFigures *figures = a_squat (100, 90);
  double times[120];

  for (int f = 0; f < 120; f++)
    times[f] = f / 30.;
  /* At a sample it is that sample; halfway it is between, without a step. */
  TdFigure there = td_figures_at (figures, times, 0.3, times[90]);
  TdFigure sample = td_figures_get (figures, 90);
  g_assert_cmpfloat_with_epsilon (there.points[TD_JOINT_HIP_LEFT].y,
                                  sample.points[TD_JOINT_HIP_LEFT].y, 1e-6);
  float last = INFINITY;
  for (int i = 0; i <= 30; i++)
    {
      TdFigure now = td_figures_at (figures, times, 0.3, times[90] + i / 300.);
      g_assert_true (now.seen);
      g_assert_cmpfloat (now.points[TD_JOINT_HIP_LEFT].y, <=, last + 1e-4f);
      if (i > 0)
        g_assert_cmpfloat (last - now.points[TD_JOINT_HIP_LEFT].y, <, 0.01f);
      last = now.points[TD_JOINT_HIP_LEFT].y;
    }
  /* Far before and after there is nobody, and in a gap. */
  g_assert_false (td_figures_at (figures, times, 0.3, -1).seen);
  g_assert_false (td_figures_at (figures, times, 0.3, 9).seen);
  for (int f = 60; f < 120; f++)
    times[f] += 2;
  g_assert_false (td_figures_at (figures, times, 0.3, 3).seen);
  td_figures_free (figures);
}

static void
who_is_not_seen_has_no_body (void)
{
  TdFigures *figures = td_figures_new ();
  TdPose nobody = { .time_ns = 0, .width = 640, .height = 480 }, upper = a_pose (1, 5, 0);

  for (int j = TD_JOINT_KNEE_LEFT; j <= TD_JOINT_TOE_RIGHT; j++)
    upper.joints[j].score = 0;
  td_figures_add (figures, &nobody, NAN);
  td_figures_add (figures, &upper, NAN);
  td_figures_seal (figures);
  g_assert_cmpuint (td_figures_n (figures), ==, 2);
  g_assert_false (td_figures_get (figures, 0).seen);
  g_assert_false (td_figures_get (figures, 1).seen);
  td_figures_free (figures);
}

/* Pixels that are rather COLOUR than anything else. */
static int
count (cairo_surface_t *surface, TdChartColour colour)
{
  int n = 0, stride = cairo_image_surface_get_stride (surface);

  cairo_surface_flush (surface);
  for (int y = 0; y < cairo_image_surface_get_height (surface); y++)
    for (int x = 0; x < cairo_image_surface_get_width (surface); x++)
      {
        const unsigned char *p = cairo_image_surface_get_data (surface) + y * stride + 4 * x;
        double off = fabs (p[2] / 255. - colour.red) + fabs (p[1] / 255. - colour.green)
                     + fabs (p[0] / 255. - colour.blue);
        n += off < 0.05;
      }
  return n;
}

static void
the_left_leg_is_solid_and_the_right_one_dashed (void)
{
  TdFigures *figures = a_squat (60, 0);
  TdFigure figure = td_figures_get (figures, 119);
  TdChartStyle style = td_chart_style_light ();
  TdFigureKnees knees = { { 61, 59 }, 60 };
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 300, 400);
  cairo_t *cr = cairo_create (surface);

  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  td_figure_draw (&figure, NULL, &style, cr, 300, 400, 0);
  int left = count (surface, style.left), right = count (surface, style.right);
  g_assert_cmpint (left, >, 1000);
  g_assert_cmpint (right, >, left / 4);
  g_assert_cmpint (right, <, left * 85 / 100);
  td_figure_draw (&figure, &knees, &style, cr, 300, 400, 0);
  g_assert_cmpint (count (surface, style.left), >, left);

  /* Who is not seen leaves only the floor. */
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  figure.seen = false;
  td_figure_draw (&figure, &knees, &style, cr, 300, 400, 0);
  g_assert_cmpint (count (surface, style.left), ==, 0);
  g_assert_cmpint (count (surface, style.dim), >, 200);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  td_figures_free (figures);
}

int
main (int argc, char **argv)
{
  g_setenv ("LC_ALL", "C.UTF-8", TRUE);
  g_test_init (&argc, &argv, NULL);
#define ADD(name) g_test_add_func ("/figure/" #name, name)
  ADD (a_body_is_the_same_from_wherever_it_is_filmed);
  ADD (turning_it_to_where_the_camera_stood_gives_the_picture);
  ADD (between_two_samples_the_body_moves_smoothly);
  ADD (who_is_not_seen_has_no_body);
  ADD (the_left_leg_is_solid_and_the_right_one_dashed);
#undef ADD
  return g_test_run ();
}
