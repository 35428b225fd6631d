/* td-judge.h: tells a squat from all else that bends the knees.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-motion.h"

/* What the judgement of a cycle rests on. NAN: the view or the picture did not show it. */
typedef struct
{
  float duration_s;
  float flexion_deg;     /* both knees at the bottom, zero-phase */
  float top_flexion_deg; /* the greater one of before and after */
  float other_leg;       /* lesser over greater flexion of the two legs at the bottom */
  float hip_drop;        /* how far the hips sank from top to bottom, leg lengths */
  float trunk_deg;       /* trunk against the vertical at the bottom */
  float thigh_deg;       /* inclination at the bottom, both */
  float thigh_gap_deg;   /* the two thighs' inclinations apart at the bottom */
  float knee_gap;        /* see TdMoment; at the bottom */
  float split;
  float sin_yaw; /* amount, at the bottom */
  float
      hip_behind; /* hips behind the ankles at the bottom, leg lengths; where the trunk does not show */
  float balance;
  float balance_fitted; /* see TdMoment */
  float rock;           /* how much the trunk swung while the knees stayed bent, degrees */
  float travel;         /* how far the feet moved between start, bottom and top, leg lengths */
  float stepped;        /* how much the distance between the feet changed, leg lengths */
  float growth;         /* apparent size at the top over that at the start */
} TdEvidence;

/* The limits that tell a squat from all else, each with its reason in td-judge.c. */
TdReason td_judge (const TdEvidence *evidence, const TdProfile *profile);

/* Whether what was judged REASON resembles a squat enough to be kept as an attempt: a step or an arm swing
 * does not. */
bool td_judge_keeps (const TdEvidence *evidence, TdReason reason);
