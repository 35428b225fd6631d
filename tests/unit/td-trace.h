/* td-trace.h: recorded and captured motion for tests, seen by virtual cameras and spoiled in the
 * ways in which pictures are. The files are those of tests/data/motion; its README.md has their
 * format. What cannot be read aborts: the files are the project's own.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-pose.h"

#include <glib.h>

/* One line of movements.csv. Seconds; NAN: not known. */
typedef struct
{
  char kind[24];          /* "squat", "shallow", "hip_hinge" … */
  double start_s, end_s;  /* end: of what is no squat */
  double bottom_s, top_s; /* the deepest frame; back at the top */
  double onset5_s;        /* 5° away from the flexion at the top */
  double bottom_in5_s;    /* within 5° of the deepest */
  double bottom_out5_s;   /* no longer */
  double lockout5_s;      /* within 5° of the flexion at the top */
} TdMovement;

/* A body in space: metres, y up, the floor at 0. NAN: the joint was not captured. */
typedef struct
{
  double time_s;
  double joints[TD_N_JOINTS][3];
} TdBodyFrame;

typedef struct
{
  GArray *frames;    /* of TdBodyFrame */
  GArray *movements; /* of TdMovement, in order */
} TdTake;

/* What a network says of a video. */
typedef struct
{
  double fps;
  GArray *poses;     /* of TdPose */
  GArray *movements; /* of TdMovement, in order */
} TdTrace;

/* Metres, the picture's own upright is the world's. */
typedef struct
{
  double eye[3], aim[3];
  double focal_px;
  int width, height;
} TdVirtualCamera;

/* NAME: "cmu_13_29" with mocap, "17_demo" without. */
TdTake *td_take_read (const char *name, gboolean mocap);
void td_take_free (TdTake *self);

TdTrace *td_trace_read_network (const char *name);
TdTrace *td_trace_copy (const TdTrace *self);
void td_trace_free (TdTrace *self);

/* The camera with which the clip NAME was made; returns the clip's frames a second. */
double td_virtual_camera_of_clip (const char *name, TdVirtualCamera *camera);

/* A camera that looks at the world's axis, AIM_M above the floor, from YAW_DEG to the left of z.
 * LENS_DEG: opening angle from top to bottom. */
TdVirtualCamera td_virtual_camera_around (double yaw_deg, double distance_m, double height_m,
                                          double aim_m, double lens_deg, int width, int height);

/* TAKE without any error. A joint outside the picture has score 0 unless CROP is false. */
TdTrace *td_virtual_camera_film (const TdVirtualCamera *camera, const TdTake *take, double fps,
                                 gboolean crop);

/* ---- what may happen to a trace; SEED makes the same of the same ---------------------------- */

/* A network's error: each joint wanders with a standard deviation of SHARE of the person's stature;
 * one tenth of the variance is new in every frame, the rest fades within half a second. The
 * built-in network on the synthetic clips: 0.5 to 0.9 %, and autocorrelations of 0.94, 0.8, 0.65,
 * 0.3 after 0.03, 0.1, 0.2, 0.5 s. DEPTH: how many times larger z's is. */
void td_trace_add_network_noise (TdTrace *self, double share, double depth, guint32 seed);
/* The same, all of it new in every frame: the harsher one for speeds. */
void td_trace_add_white_noise (TdTrace *self, double share, double depth, guint32 seed);
void td_trace_scale_depth (TdTrace *self, double factor);

/* The picture in a mirror: the joint that was the left one is the right one. */
void td_trace_mirror (TdTrace *self);
/* The whole picture, the frame too. */
void td_trace_scale (TdTrace *self, double factor);
/* The person in the frame, pixels. */
void td_trace_move (TdTrace *self, double x, double y);

void td_trace_keep_every (TdTrace *self, guint n);
/* Evenly at FPS, between two frames on a straight line. */
void td_trace_resample (TdTrace *self, double fps);
/* At uneven times, LEAST_S to MOST_S apart. */
void td_trace_resample_unevenly (TdTrace *self, double least_s, double most_s, guint32 seed);
/* The input begins at TIME_S. */
void td_trace_cut_start (TdTrace *self, double time_s);
/* Time runs otherwise: what was at FROM[i] is at TO[i], with straight lines between; both grow.
 * Movements move along. */
void td_trace_warp (TdTrace *self, const double *from, const double *to, guint n);

void td_trace_hide (TdTrace *self, const TdJoint *joints, guint n);
void td_trace_drop_joints (TdTrace *self, double share, guint32 seed);
void td_trace_swap_sides (TdTrace *self, double share, guint32 seed);
/* Nobody is found for GAP_S, once in every EVERY_S. */
void td_trace_make_gaps (TdTrace *self, double gap_s, double every_s, guint32 seed);
