/* td-smoother.h: joints smoothed with what came before and after, a little later.
 *
 * How strongly follows from the joints' own jitter: exact joints pass unchanged, a network's are
 * smoothed over ±0.1 s, or over two frames on either side where they are farther apart: fewer would
 * flatten the bottom of a squat.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-pose.h"

#define TD_SMOOTHER_LAG_NS INT64_C (100000000)
/* With 9 frames a second and fewer. */
#define TD_SMOOTHER_MOST_LAG_NS INT64_C (240000000)

enum
{
  /* A pose waits for so many frames after it at most; as many before it are kept, one more, and
   * itself. Above 60 frames a second they reach less far than the lag. */
  TD_SMOOTHER_AHEAD = 6,
  TD_SMOOTHER_LENGTH = 2 * TD_SMOOTHER_AHEAD + 2
};

typedef struct
{
  TdPose poses[TD_SMOOTHER_LENGTH];
  int first, n;
  int64_t step_ns; /* between two poses, of late; 0: not known */
  int next;        /* the first one that is not settled, counted from the oldest */
  float jitter;    /* of a joint, leg lengths, from frame to frame; slowly forgotten */
  bool measured;   /* jitter is known */
} TdSmoother;

void td_smoother_init (TdSmoother *self);

/* POSE must be later than the last. LEG_PX: leg length, 0 when not known. After it take what has
 * settled with td_smoother_take() until there is no more. */
void td_smoother_push (TdSmoother *self, const TdPose *pose, float leg_px);

/* The next pose that has all it waits for, as it came and smoothed; ALL: whether it has or not,
 * since no more will come. false: none. */
bool td_smoother_take (TdSmoother *self, bool all, TdPose *raw, TdPose *smooth);

/* How far on either side it reaches. */
int64_t td_smoother_lag_ns (const TdSmoother *self);

/* 0: exact joints, 1: as noisy as a network's. */
float td_smoother_strength (const TdSmoother *self);
