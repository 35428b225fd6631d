/* td-body.h: how large this person is in this picture, and which way they face.
 *
 * A person's bones do not change, but a network's depth is poor: thigh and shank keep the length
 * they have when the person stands upright, and each bone's depth follows from what its projection
 * lacks (science.md, section 10). The lengths are learned from the frames themselves and follow a
 * person who walks nearer or away.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-camera.h"
#include "td-pose.h"

/* A joint with a lower score is treated as not seen. */
#define TD_MIN_SCORE 0.045f

/* Joint-centre distances as shares of the leg length (thigh and shank), from the stature tables
 * of Drillis and Contini in Winter, Biomechanics and Motor Control of Human Movement, figure
 * 4.1: leg .491 of stature, hip joints .104 apart (.191 between the outer hips), shoulders .259
 * (biacromial; the joints lie inside: .21), heel to toe .152. */
#define TD_HIP_WIDTH 0.21f
#define TD_SHOULDER_WIDTH 0.43f
#define TD_FOOT_LENGTH 0.29f

typedef struct
{
  TdCamera camera;         /* without roll, which is already taken out of the poses */
  float thigh_share;       /* from calibration, see TdCalibration; 0: not known */
  float thigh[TD_N_SIDES]; /* pixels at the person's present distance; 0: not known yet */
  float shank[TD_N_SIDES];
  bool doubtful[TD_N_SIDES]; /* never seen straight yet: lengths are from the network's depth */
  float trunk;               /* middle of the hips to middle of the shoulders */
  float cos_yaw, sin_yaw;    /* smoothed; not a unit vector: its length is the certainty */
  bool yaw_known;
  float tilt[TD_N_SIDES][2];    /* of thigh and shank, positive: its lower end is farther away */
  TdVec3 ankles;                /* of the last update, their middle */
  int ankles_seen;              /* which they were, a bit a side */
  float rise;                   /* hips above the ankles then, pixels */
  float feet_speed, rise_speed; /* smoothed, leg lengths a second */
  int64_t time_ns;              /* of the last update */
  float learned_s;              /* for how long this person has been seen at this place */
  bool started;                 /* there was one */
  bool moved;                   /* ankles and rise are known */
  bool elsewhere; /* the last pose came after a gap, and does not go on with the one before */
} TdBody;

void td_body_init (TdBody *self);

/* The next pose may have any time and be anywhere; what is known of the person stays. */
void td_body_forget_time (TdBody *self);

/* Learns from one pose; earlier or unseen ones change nothing. */
void td_body_update (TdBody *self, const TdPose *pose);

/* Mean of both legs' thigh and shank together, pixels; 0 when not known. */
float td_body_leg_length (const TdBody *self);

/* Degrees, see TdFrameMeasures; NAN when not known. */
float td_body_yaw (const TdBody *self);

/* How far z is to be trusted, from 0 (it tells which way a bone points) to 1 (it tells how far). */
float td_body_depth_trust (const TdPose *pose);

/* JOINT by its z, in level space, pixels at the distance of the hips, relative to the camera's
 * axis there. */
TdVec3 td_body_point (const TdBody *self, const TdPose *pose, TdJoint joint);

/* hip, knee and ankle of one leg in level space, pixels at the ankle's distance, relative to the
 * ankle. Each bone has its length; which way it points is what the network's depth suggests, and
 * as far as z is trusted it is where z says. Perspective is put right: a knee towards a near
 * camera looks longer and lower than it is. false: a joint is not seen or no length is known. */
bool td_body_fit_leg (const TdBody *self, const TdPose *pose, TdSide side, TdVec3 leg[3]);

bool td_pose_sees (const TdPose *pose, TdJoint joint);
TdVec3 td_pose_point (const TdPose *pose, TdJoint joint);
/* The middle of a pair, or the one that is seen; false when neither is. */
bool td_pose_middle (const TdPose *pose, TdJoint left, TdVec3 *middle);
