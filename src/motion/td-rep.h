/* td-rep.h: judges and measures one finished cycle.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-counter.h"
#include "td-judge.h"
#include "td-moment.h"

enum
{
  /* 20 s (the longest cycle) at 60 frames a second, and what lies around it; of more frames a
   * second some are left out. */
  TD_TRAIL_LENGTH = 1500
};

/* One settled frame, with all that is needed to measure it again. */
typedef struct
{
  TdMoment moment;
  TdPose pose; /* smoothed */
  TdBody body; /* as it was known then */
} TdTrailEntry;

/* The latest frames, oldest first by td_trail_at(). */
typedef struct
{
  TdTrailEntry entries[TD_TRAIL_LENGTH];
  int first, n;
  float scratch[TD_TRAIL_LENGTH];
} TdTrail;

void td_trail_clear (TdTrail *self);
void td_trail_push (TdTrail *self, const TdMoment *moment, const TdPose *pose, const TdBody *body);
const TdMoment *td_trail_at (const TdTrail *self, int index);

/* What a repetition is measured with beside its frames. */
typedef struct
{
  const TdProfile *profile;
  const TdCalibration *calibration;
  const TdBody *body;  /* as it is known at the end */
  float smoothing;     /* td_smoother_strength() */
  int64_t reach_ns;    /* td_smoother_lag_ns() */
  int64_t last_top_ns; /* of the repetition or attempt before; 0: none */
} TdRepContext;

/* Measures CYCLE from TRAIL's frames, once more with the bone lengths that are known by now.
 * REP's index and number are left 0. false: the cycle is too small or too little like a squat to
 * be kept even as an attempt. */
bool td_rep_measure (TdTrail *trail, const TdCycle *cycle, const TdRepContext *context, TdRep *rep);
