/* td-pose.h: joints of one person in one frame.
 *
 * Part of td-motion, which uses libc and libm only. Everything here is plain data with value
 * semantics; any thread may own a copy.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* "Left" and "right" are the person's own. */
typedef enum
{
  TD_JOINT_HIP_LEFT,
  TD_JOINT_HIP_RIGHT,
  TD_JOINT_KNEE_LEFT,
  TD_JOINT_KNEE_RIGHT,
  TD_JOINT_ANKLE_LEFT,
  TD_JOINT_ANKLE_RIGHT,
  TD_JOINT_HEEL_LEFT,
  TD_JOINT_HEEL_RIGHT,
  TD_JOINT_TOE_LEFT,
  TD_JOINT_TOE_RIGHT,
  TD_JOINT_SHOULDER_LEFT,
  TD_JOINT_SHOULDER_RIGHT,
  TD_JOINT_ELBOW_LEFT,
  TD_JOINT_ELBOW_RIGHT,
  TD_JOINT_WRIST_LEFT,
  TD_JOINT_WRIST_RIGHT,
  TD_JOINT_NOSE,
  TD_N_JOINTS
} TdJoint;

typedef enum
{
  TD_SIDE_LEFT,
  TD_SIDE_RIGHT,
  TD_N_SIDES
} TdSide;

/* The joint of a pair on SIDE: td_joint_on (TD_JOINT_KNEE_LEFT, side). */
static inline TdJoint
td_joint_on (TdJoint left, TdSide side)
{
  return (TdJoint) ((int) left + (int) side);
}

/* x, y: pixels of the frame, (0, 0) the top left corner of the top left pixel, y down; may lie
 * outside the picture. z: the same pixel unit, weak perspective, relative to the middle of the
 * hips, growing away from the camera. score: 0 (not seen) to 1. */
typedef struct
{
  float x, y, z;
  float score;
} TdKeypoint;

typedef struct
{
  int64_t time_ns; /* the frame's own monotonic time stamp */
  int width;       /* of the frame, in square pixels */
  int height;
  bool present;   /* false: nobody was found, the joints are all zero */
  bool has_depth; /* the network gives z; otherwise every z is 0 */
  float score;    /* of the person: how sure the network is that this is one, 0..1 */
  float
      depth_sigma; /* standard deviation of z, leg lengths; 0: unknown, z tells little more than which
                        way a bone points */
  TdKeypoint joints[TD_N_JOINTS];
} TdPose;

/* "knee_left" …, as in model.ini and in the pose CSV. Never NULL for a valid joint. */
const char *td_joint_name (TdJoint joint);

/* The joint called NAME, or TD_N_JOINTS if there is none. */
TdJoint td_joint_from_name (const char *name);

/* Pairs of joints that are drawn as bones, ended by a pair with first == TD_N_JOINTS. */
typedef struct
{
  TdJoint first, second;
} TdBone;

const TdBone *td_bones (void);
