/* td-sides.h: keeps a network from exchanging left and right for a few frames.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-pose.h"

enum
{
  TD_N_SIDE_GROUPS = 2 /* legs; arms with the shoulders */
};

typedef struct
{
  TdPose last; /* as it was given back; not present: none yet */
  /* Of the first of the frames in a row that were exchanged; 0: the last was not. */
  int64_t swapped_ns[TD_N_SIDE_GROUPS];
} TdSides;

void td_sides_init (TdSides *self);

/* POSE with its left and right legs, and apart from them arms and shoulders, exchanged where
 * that goes on from the frame before and as it came does not. After 0.3 s the network is taken
 * at its word. LEG_PX: 0 when not known. */
TdPose td_sides_keep (TdSides *self, const TdPose *pose, float leg_px);
