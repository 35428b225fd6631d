/* chart-hour.c: how long a redraw of a chart of an hour takes, and what moves with a replay.
 *
 * Prints milliseconds of the processor, medians of many, a figure a line: "redraw 1.23".
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-figure-draw.h"

#include <glib.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define FRAMES 108000 /* an hour at 30 a second */
#define EVERY_S 6.    /* a repetition */
#define TIMES 41
#define WIDTH 1280
#define HEIGHT 480

/* Somebody who stands and squats, filmed from the front, with a network's noise. */
static TdPose
a_pose (int frame, double bend)
{
  static const double still[TD_N_JOINTS][2] = {
    { 15, 230 }, { -15, 230 }, { 16, 310 }, { -16, 310 }, { 15, 390 }, { -15, 390 },
    { 15, 398 }, { -15, 398 }, { 18, 402 }, { -18, 402 }, { 32, 120 }, { -32, 120 },
    { 40, 180 }, { -40, 180 }, { 42, 235 }, { -42, 235 }, { 0, 80 },
  };
  TdPose pose = { .time_ns = frame * G_GINT64_CONSTANT (1000000000) / 30,
                  .width = 640,
                  .height = 480,
                  .present = true,
                  .has_depth = true,
                  .score = 1 };

  for (int j = 0; j < TD_N_JOINTS; j++)
    {
      double sink = still[j][1] < 300 ? 80 * bend : still[j][1] < 320 ? 10 * bend : 0;
      pose.joints[j] = (TdKeypoint){
        .x = (float) (320 + still[j][0] + 0.5 * sin (frame * (j + 1))),
        .y = (float) (still[j][1] + sink + 0.5 * cos (frame * (j + 1))),
        .score = 0.9f,
      };
    }
  return pose;
}

static TdChartData *
an_hour (void)
{
  TdSessionRow session = { .id = 1, .n_sets = 1, .ended = true };
  TdChartData *data;

  g_strlcpy (session.exercise, "cyclist", sizeof session.exercise);
  data = td_chart_data_new (&session);
  for (int f = 0; f < FRAMES; f++)
    {
      TdSampleRow row = { .set_number = 1 };
      double within = fmod (f / 30., EVERY_S) - EVERY_S / 2;
      double bend = within > 0 ? sin (G_PI * within / (EVERY_S / 2)) : 0;
      TdMeasure knee = td_measure ((float) (8 + 110 * bend + 2 * sin (f)), 3);
      row.pose = a_pose (f, bend);
      row.measures.yaw_deg = td_measure (0, 8);
      row.measures.flexion_deg = knee;
      row.measures.knee_flexion_deg[0] = row.measures.knee_flexion_deg[1] = knee;
      td_chart_data_add_sample (data, &row);
    }
  for (int r = 0; r < FRAMES / 30 / (int) EVERY_S; r++)
    {
      TdRepRow row = { .session = 1, .set_number = 1 };
      row.rep.index = row.rep.number = r + 1;
      row.rep.counted = true;
      row.rep.start_ns = (int64_t) ((EVERY_S * r + EVERY_S / 2) * 1e9);
      row.rep.bottom_ns = row.rep.start_ns + (int64_t) (EVERY_S / 4 * 1e9);
      row.rep.top_ns = row.rep.start_ns + (int64_t) (EVERY_S / 2 * 1e9);
      row.rep.knee_flexion_max_deg = td_measure (118, 5);
      td_chart_data_add_rep (data, &row);
    }
  td_chart_data_seal (data);
  return data;
}

static int
compare (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

/* Of the processor: who else is busy does not count. */
static double
now_ms (void)
{
  struct timespec at;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &at);
  return (double) at.tv_sec * 1e3 + (double) at.tv_nsec / 1e6;
}

typedef struct
{
  TdChart *chart;
  TdChartStyle style;
  TdChartPart part;
  cairo_t *cr;
} Scene;

static void
redraw (Scene *scene, int i)
{
  (void) i;
  td_chart_draw (scene->chart, &scene->style, &scene->part, scene->cr, WIDTH, HEIGHT);
}

static void
cursor (Scene *scene, int i)
{
  td_chart_draw_cursor (scene->chart, &scene->style, &scene->part, scene->cr, WIDTH, HEIGHT,
                        (size_t) (i * 1000 + 17));
}

static void
figures (Scene *scene, int i)
{
  const TdChartData *data = scene->chart->data;
  TdFigure figure = td_figures_at (data->figures, data->time_s, data->gap_s, i * 80.0123);
  TdFigureKnees knees = { { 90, 91 }, 90 };

  for (int view = 0; view < 3; view++)
    td_figure_draw (&figure, &knees, &scene->style, scene->cr, 400, 360, view * 45);
}

static double
median_ms (void (*draw) (Scene *, int), Scene *scene)
{
  double times[TIMES];

  for (int i = 0; i < TIMES; i++)
    {
      double start = now_ms ();
      draw (scene, i);
      times[i] = now_ms () - start;
    }
  qsort (times, TIMES, sizeof *times, compare);
  return times[TIMES / 2];
}

int
main (void)
{
  double start = now_ms ();
  TdChartData *data = an_hour ();
  double reading = now_ms () - start;
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, WIDTH, HEIGHT);
  Scene scene = { .style = td_chart_style_light (), .cr = cairo_create (surface) };

  start = now_ms ();
  scene.chart = td_chart_new (data, TD_CHART_KNEE, TD_CHART_EACH);
  double making = now_ms () - start;
  scene.part = td_chart_part_all (scene.chart);
  scene.style.title = false;
  printf ("redraw %.3f\n", median_ms (redraw, &scene));
  /* Three minutes of it. */
  scene.part = td_chart_part_zoom (scene.chart, &scene.part, 20, 1800, 0);
  printf ("zoomed %.3f\n", median_ms (redraw, &scene));
  scene.part = td_chart_part_all (scene.chart);
  printf ("cursor %.3f\n", median_ms (cursor, &scene));
  printf ("replay %.3f\n", median_ms (figures, &scene));
  printf ("chart %.3f\n", making);
  printf ("data %.3f\n", reading);
  td_chart_free (scene.chart);
  td_chart_data_unref (data);
  cairo_destroy (scene.cr);
  cairo_surface_destroy (surface);
  return 0;
}
