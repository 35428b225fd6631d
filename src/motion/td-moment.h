/* td-moment.h: what one frame says about the body, as plain numbers for the judgement of
 * repetitions. NAN is "not seen".
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-body.h"
#include "td-motion.h"

#include <stddef.h>

typedef struct
{
  int64_t time_ns;
  bool seen; /* at least one whole leg */
  TdView view;
  float yaw_deg;
  float sin_yaw;
  float leg_px; /* leg length */
  float flexion_deg[TD_N_SIDES];
  float both_deg; /* both knees, weighted by how well each leg is seen */
  float thigh_deg[TD_N_SIDES];
  float fppa_deg[TD_N_SIDES]; /* whatever the view; see td_moment_is_frontal() */
  float hip_height;           /* hips above the lower ankle, leg lengths */
  float trunk_deg;            /* trunk against the vertical, any direction, 0..180 */
  float lean_deg;             /* the same, signed, positive forward; side-on views only */
  float knee_gap;             /* one knee above the other, shank lengths */
  float split;                /* feet apart fore and aft, leg lengths; side-on views only */
  float balance;        /* centre of mass ahead of the heels, leg lengths; side-on views only */
  float stance_ratio;   /* ankle distance over shoulder width; not from the side */
  float feet_apart;     /* distance of the ankles in the picture, leg lengths */
  float feet_x, feet_y; /* middle of the ankles, pixels */
  float hips_y;
} TdMoment;

/* BODY must have been updated with POSE. */
void td_moment_from_pose (TdMoment *self, const TdPose *pose, const TdBody *body);

TdView td_view_from_yaw (float yaw_deg);

/* Whether the person's frontal plane shows well enough for FPPA: within 50° of facing the camera or of
 * turning their back to it. */
bool td_moment_is_frontal (const TdMoment *self);
