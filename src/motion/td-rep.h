/* td-rep.h: judges and measures one finished cycle.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-counter.h"
#include "td-judge.h"
#include "td-moment.h"

enum
{
  /* 20 s (the longest cycle) at 60 frames a second, and what lies around it. */
  TD_TRAIL_LENGTH = 1500
};

/* The latest moments, oldest first by td_trail_at(). At more than 60 frames a second older ones
 * are forgotten sooner. */
typedef struct
{
  TdMoment moments[TD_TRAIL_LENGTH];
  int first, n;
  float scratch[TD_TRAIL_LENGTH];
} TdTrail;

void td_trail_clear (TdTrail *self);
void td_trail_push (TdTrail *self, const TdMoment *moment);
const TdMoment *td_trail_at (const TdTrail *self, int index);

/* Measures CYCLE from TRAIL's moments. REP's index and number are left 0. false: the cycle is too
 * small or too little like a squat to be kept even as an attempt. EVIDENCE may be NULL. */
bool td_rep_measure (TdTrail *trail, const TdCycle *cycle, const TdProfile *profile, TdRep *rep,
                     TdEvidence *evidence);
