/* td-moment.h: what one frame says about the body, as plain numbers for the judgement of
 * repetitions. NAN is "not seen".
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-body.h"
#include "td-motion.h"

#include <stddef.h>

/* Standard deviations measured on clips with a reference (tests/clips/evaluate). */
#define TD_YAW_SIGMA_DEG 8.f
#define TD_STANCE_SIGMA 0.1f
#define TD_HEIGHT_SIGMA 0.03f

/* FPPA is not defined for a thigh that points at the camera: less of its length than this shows. */
#define TD_MIN_THIGH_SHOWN 0.4f

typedef struct
{
  int64_t time_ns;
  bool seen; /* at least one whole leg */
  bool has_depth;
  TdView view;
  float yaw_deg;     /* to the line of sight */
  float bearing_deg; /* of the line of sight, to the right of the camera's axis */
  float sin_yaw;     /* 0 when the yaw is not known */
  float turned;      /* its amount, NAN when the yaw is not known */
  float leg_px;      /* leg length */
  float trust;       /* of the depth, see td_body_depth_trust() */
  float flexion_deg[TD_N_SIDES];
  float flexion_sigma_deg[TD_N_SIDES];
  float both_deg; /* both knees, weighted by how well each leg is seen */
  float both_sigma_deg;
  float thigh_deg[TD_N_SIDES];
  float thigh_sigma_deg[TD_N_SIDES];
  float fppa_deg[TD_N_SIDES]; /* whatever the view; see td_moment_shows_valgus() */
  float fppa_sigma_deg[TD_N_SIDES];
  float thigh_shown[TD_N_SIDES]; /* share of the thigh's length that the frontal plane shows */
  float
      knee_offset[TD_N_SIDES]; /* knee inward of the line from hip to ankle, over the hips' width */
  float knee_offset_sigma;
  float toe_out_deg[TD_N_SIDES]; /* frontal views only */
  float heel_up[TD_N_SIDES];     /* heel above the toes in the picture, leg lengths */
  float hip_height;              /* hips above the lower ankle, leg lengths */
  float trunk_deg;               /* trunk against the vertical, any direction, 0..180 */
  float lean_deg;                /* the same, signed, positive forward; side-on views only */
  float lean_sigma_deg;
  float knee_gap;             /* one knee above the other, shank lengths */
  float knee_up[TD_N_SIDES];  /* knee above the ankle, by the fitted leg, shank lengths */
  float split;                /* feet apart fore and aft, leg lengths; side-on views only */
  float ahead[TD_N_SIDES][2]; /* hip and knee ahead of the ankle, by the fitted leg, leg lengths */
  float balance_fitted;       /* like balance, by the fitted legs in any view: coarse */
  float balance;      /* centre of mass ahead of the heels, leg lengths; side-on views only */
  float stance_ratio; /* ankle distance over shoulder width; not from the side */
  float feet_apart;   /* distance of the ankles in the picture, leg lengths */
  float foot[TD_N_SIDES][2]; /* x, y of the ankles, pixels */
  float hips_x, hips_y;      /* middle of the hips, pixels */
} TdMoment;

/* BODY must have been updated with POSE. */
void td_moment_from_pose (TdMoment *self, const TdPose *pose, const TdBody *body);

TdView td_view_from_yaw (float yaw_deg);

/* Trunk against thighs, 0 = in line; NAN where the trunk's lean does not show. */
float td_moment_hip_flexion (const TdMoment *self);

/* Whether the person's frontal plane shows well enough for FPPA: within 50° of facing the camera
 * or of turning their back to it. */
bool td_moment_is_frontal (const TdMoment *self);

/* Whether FPPA and knee offset are measured in this view: a frontal one, or any where the depth is
 * exact. */
bool td_moment_shows_valgus (const TdMoment *self);
