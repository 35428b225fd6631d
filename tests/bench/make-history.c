/* make-history FILE SESSIONS [WITH-FRAMES]: a database of made-up sessions, the last one of today, for
 * measurements of the history; the newest WITH-FRAMES sessions have frames too. The same numbers give
 * the same sessions, but for their dates.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-store.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define FRAME_NS 33333333

static unsigned state = 1;

/* 0 … 1 */
static float
chance (void)
{
  state = state * 1664525u + 1013904223u;
  return (float) (state >> 8) / (float) (1 << 24);
}

static float
about (float middle, float spread)
{
  return middle + spread * (chance () + chance () - 1);
}

static void
check (TdStoreStatus status, const TdStoreError *error)
{
  if (status == TD_STORE_OK)
    return;
  fprintf (stderr, "make-history: %s\n", error->message);
  exit (1);
}

static TdRep
make_rep (int index, int number, int64_t start_ns, float depth_deg)
{
  TdRep rep = { .index = index, .number = number, .counted = number > 0, .view = TD_VIEW_OBLIQUE };
  float down = about (1.6f, 0.6f), pause = about (0.4f, 0.2f), up = about (1.1f, 0.4f);

  for (int m = 0; m < TD_N_REP_MEASURES; m++)
    *(TdMeasure *) td_rep_measure_at (&rep, (TdRepMeasureId) m)
        = td_measure_missing (TD_MISSING_FRONT_VIEW);
  rep.start_ns = start_ns;
  rep.bottom_ns = start_ns + (int64_t) (1e9f * (down + pause / 2));
  rep.top_ns = start_ns + (int64_t) (1e9f * (down + pause + up));
  rep.reason = number > 0 ? TD_REASON_COUNTED : TD_REASON_SHALLOW;
  rep.depth = depth_deg > 130   ? TD_DEPTH_DEEP
              : depth_deg > 110 ? TD_DEPTH_PARALLEL
              : depth_deg > 80  ? TD_DEPTH_HALF
                                : TD_DEPTH_QUARTER;
  rep.knee_flexion_max_deg = td_measure (depth_deg, 3);
  rep.thigh_inclination_deg = td_measure (115 - depth_deg, 4);
  rep.eccentric_s = td_measure (down, 0.05f);
  rep.pause_s = td_measure (pause, 0.05f);
  rep.concentric_s = td_measure (up, 0.05f);
  rep.concentric_velocity = td_measure (0.7f / up, 0.05f);
  rep.trunk_lean_deg = td_measure (about (28, 8), 4);
  rep.lockout_deg = td_measure (about (8, 5), 3);
  if (chance () < 0.7f)
    {
      rep.fppa_deg = td_measure (about (3, 8), 3);
      rep.fppa_worst_deg = td_measure (rep.fppa_deg.value + 3, 3);
    }
  return rep;
}

/* A body in the picture, bent by FLEXION. */
static void
add_frame (TdStore *store, int64_t set, int64_t time_ns, float flexion_deg, TdStoreError *error)
{
  TdPose pose = { .time_ns = time_ns, .width = 640, .height = 480, .present = true };
  TdFrameMeasures m;
  TdMeasure *all = (TdMeasure *) &m.yaw_deg;
  float drop = 90 * sinf (flexion_deg / 57.2958f / 2);

  m.time_ns = time_ns;
  m.view = TD_VIEW_OBLIQUE;
  for (size_t i = 0; i < (sizeof m - offsetof (TdFrameMeasures, yaw_deg)) / sizeof *all; i++)
    all[i] = td_measure_missing (TD_MISSING_FRONT_VIEW);
  for (int j = 0; j < TD_N_JOINTS; j++)
    pose.joints[j] = (TdKeypoint){ .x = 320, .y = 100 + drop, .score = 0.9f };
  for (int side = 0; side < TD_N_SIDES; side++)
    {
      float x = side == TD_SIDE_LEFT ? 350 : 290, out = side == TD_SIDE_LEFT ? 1 : -1;
      pose.joints[td_joint_on (TD_JOINT_HIP_LEFT, (TdSide) side)]
          = (TdKeypoint){ .x = x, .y = 230 + drop, .score = 0.9f };
      pose.joints[td_joint_on (TD_JOINT_KNEE_LEFT, (TdSide) side)]
          = (TdKeypoint){ .x = x + out * flexion_deg / 5, .y = 320 + drop / 4, .score = 0.9f };
      pose.joints[td_joint_on (TD_JOINT_ANKLE_LEFT, (TdSide) side)]
          = (TdKeypoint){ .x = x, .y = 420, .score = 0.9f };
      m.knee_flexion_deg[side] = td_measure (flexion_deg + out * 2, 3);
      m.thigh_inclination_deg[side] = td_measure (90 - flexion_deg * 0.75f, 3);
    }
  m.flexion_deg = td_measure (flexion_deg, 3);
  m.thigh_deg = td_measure (90 - flexion_deg * 0.75f, 3);
  m.trunk_lean_deg = td_measure (flexion_deg / 4, 3);
  m.hip_height = td_measure (1 - flexion_deg / 260, 0.02f);
  m.hip_flexion_deg = td_measure (flexion_deg * 0.9f, 3);
  check (td_store_add_sample (store, set, &pose, &m, error), error);
}

static void
add_frames (TdStore *store, int64_t set, int64_t from_ns, const TdRep *rep, TdStoreError *error)
{
  for (int64_t t = from_ns; t < rep->top_ns + FRAME_NS; t += FRAME_NS)
    {
      float share = 0;
      if (t > rep->start_ns && t <= rep->bottom_ns)
        share = (float) (t - rep->start_ns) / (float) (rep->bottom_ns - rep->start_ns);
      else if (t > rep->bottom_ns && t < rep->top_ns)
        share = (float) (rep->top_ns - t) / (float) (rep->top_ns - rep->bottom_ns);
      share = share * share * (3 - 2 * share);
      add_frame (store, set, t, about (8, 1) + share * (rep->knee_flexion_max_deg.value - 8),
                 error);
    }
}

static void
add_session (TdStore *store, time_t at, float form, bool with_frames, TdStoreError *error)
{
  static const char *const notes[]
      = { "Knees felt good.", "Tired, slept badly.", "New wedge: 7 cm.",
          "Left knee a little sore after set two, better with a slower way down." };
  static const char *const sources[] = { "Integrated Camera", "USB webcam", "evening.mp4" };
  char started[40];
  struct tm tm;
  int64_t session, set, time_ns = 1000000000;
  int n_sets = 2 + (int) (3 * chance ()), target = chance () < 0.7f ? 8 : 0;
  /* Bars and plates: whole steps. */
  float load = chance () < 0.3f ? NAN : 2.5f * floorf (16 * form * chance ());

  localtime_r (&at, &tm);
  strftime (started, sizeof started, "%Y-%m-%dT%H:%M:%S+00:00", &tm);
  check (
      td_store_begin_session (store,
                              &(TdSessionInfo){ .started_at = started,
                                                .exercise = chance () < 0.6f ? "cyclist" : "narrow",
                                                .source = sources[(int) (3 * chance ())] },
                              &session, error),
      error);
  for (int s = 0; s < n_sets; s++)
    {
      int n_reps = 6 + (int) (4 * chance ()), index = 0, number = 0;
      check (td_store_begin_set (store, session, &(TdSetInfo){ .load_kg = load, .target = target },
                                 &set, error),
             error);
      for (int r = 0; r < n_reps; r++)
        {
          bool attempt = chance () < 0.06f;
          float depth = attempt ? about (55, 8) : about (95 + 30 * form, 8) - 1.2f * (float) r;
          int64_t from_ns = time_ns;
          time_ns += 800000000;
          index++;
          if (!attempt)
            number++;
          TdRep rep = make_rep (index, attempt ? 0 : number, time_ns, depth);
          if (with_frames)
            add_frames (store, set, from_ns, &rep, error);
          time_ns = rep.top_ns;
          check (td_store_add_rep (store, set, &rep, error), error);
        }
      check (td_store_end_set (store, set, error), error);
      time_ns += 1000000000 * (int64_t) about (95, 20);
    }
  check (td_store_end_session (store, session, error), error);
  if (chance () < 0.3f)
    check (td_store_set_note (store, session, notes[(int) (4 * chance ())], error), error);
}

int
main (int argc, char **argv)
{
  TdStoreError error = { 0 };
  TdStore *store = NULL;
  int n = argc > 2 ? atoi (argv[2]) : 0, with_frames = argc > 3 ? atoi (argv[3]) : 0;

  if (argc < 3 || argc > 4 || n < 1)
    {
      fprintf (stderr, "usage: make-history FILE SESSIONS [WITH-FRAMES]\n");
      return 2;
    }
  check (td_store_open (argv[1], &store, NULL, &error), &error);
  for (int i = 0; i < n; i++)
    {
      /* Every six days, at an hour of the evening. */
      time_t at = time (NULL) - (time_t) (n - 1 - i) * 6 * 86400 - (time_t) (7200 * chance ());
      add_session (store, at, (float) (i + 1) / (float) n, i >= n - with_frames, &error);
    }
  td_store_close (store);
  return 0;
}
