/* td-judge.h: tells a squat from all else that bends the knees.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-motion.h"

/* What the judgement of a cycle rests on. NAN: the view or the picture did not show it. */
typedef struct
{
  float duration_s;
  float flexion_deg;        /* both knees at the bottom, smoothed */
  float top_flexion_deg;    /* the greater one of before and after */
  float lesser_flexion_deg; /* of the leg that is bent less */
  float other_leg;          /* lesser over greater flexion of the two legs at the bottom */
  float hip_drop;           /* how far the hips sank from top to bottom, leg lengths */
  float trunk_deg;          /* trunk against the vertical at the bottom */
  float leaning;            /* share of the time in which it leans more than the knees bend */
  float thigh_deg;          /* inclination at the bottom, both */
  float thigh_gap_deg;      /* the two thighs' inclinations apart at the bottom */
  float knee_gap;           /* see TdMoment; at the bottom */
  float knee_up;            /* the higher knee above its ankle at the bottom, shank lengths */
  float split;
  float sin_yaw; /* amount, at the bottom; NAN: facing neither the camera nor clearly to a side */
  float hip_behind; /* hips behind the ankles there, leg lengths; only without a trunk */
  float balance;
  float balance_fitted; /* see TdMoment */
  float tilt;           /* so much of the balance comes from a tilted camera */
  float rock;           /* how much the trunk swung while the hips stayed lowest, degrees */
  float travel;         /* how far the feet moved between start, bottom and top, leg lengths */
  float stepped;        /* how much the distance between the feet changed, leg lengths */
  float growth;         /* apparent size at the top over that at the start */
} TdEvidence;

/* --- The limits that tell a squat from all else, each with its reason ----------------------- */

/* Each limit lies between what squats and what other movements show on real clips with a true count
 * and on captured motion; the ranges seen are given.
 *
 * No person bends to half depth and comes up in less; walking and jumping do. */
#define TD_JUDGE_MIN_DURATION_S 0.37f
/* Squats sink by .25 leg lengths and more (70° of flexion is 1 - cos 35° = .18); lifted knees,
 * walking and arm swings by less than .06, attempts above quarter depth by .10. Seen from above,
 * half squats keep .17. */
#define TD_JUDGE_MIN_HIP_DROP 0.175f
/* Fast ones have to sink more: landings from a jump sink by .19-.24. */
#define TD_JUDGE_MIN_HIP_DROP_QUICK 0.22f
/* Whoever never straightens has 25-30° left, which reads as up to 45°. */
#define TD_JUDGE_MAX_TOP_FLEXION_DEG 55.f
/* Unless they came up by so much that it is the leg's length which is not known well: half
 * squats with straight legs at the top cover this range. */
#define TD_JUDGE_CLEAR_RANGE_DEG 66.f
/* Feet planted: .00-.13 leg lengths; lunges and steps .24 and more. */
#define TD_JUDGE_MAX_TRAVEL 0.22f
/* Landings from a jump bend the knees like a shallow, very fast squat; .04-.17 against .00-.03
 * in fast repetitions. */
#define TD_JUDGE_QUICK_S 0.7f
#define TD_JUDGE_MAX_TRAVEL_QUICK 0.05f
/* The distance between planted feet changes by less than .08; lunges, steps and jumping jacks by
 * .14 to .8. */
#define TD_JUDGE_MAX_STEPPED 0.18f
/* Apparent size from start to end: .97-1.15; someone who walks up to the camera exceeds it. */
#define TD_JUDGE_MAX_GROWTH 1.35f
/* One leg far ahead of the other: lunges .64-1.1, squats seen from the side .2 at most. */
#define TD_JUDGE_MAX_SPLIT_SIDE_ON 0.45f
#define TD_JUDGE_SIDE_ON_SIN 0.85f
/* Seen obliquely, feet far apart side to side look the same (.36 to .78); then the thighs must differ
 * too. */
#define TD_JUDGE_MAX_SPLIT 0.65f
#define TD_JUDGE_SPLIT_THIGH_GAP_DEG 25.f
/* The rear knee of a lunge is near the floor: its thigh hangs down (40° apart and more, the
 * knees half a shank apart in height). A leg hidden behind the other may be off by one of the
 * two, not by both. */
#define TD_JUDGE_LUNGE_THIGH_GAP_DEG 32.f
/* No hips open that far: one leg was not seen. */
#define TD_JUDGE_LUNGE_THIGH_GAP_MAX_DEG 115.f
#define TD_JUDGE_LUNGE_REAR_THIGH_DEG 25.f
#define TD_JUDGE_LUNGE_KNEE_GAP 0.3f
/* In a squat the shank leans by 30-40° (science.md, section 2), at the bottom of the deepest by 60°:
 * the knee stays .43 shank lengths above the ankle. A knee on the floor is as high as the ankle. */
#define TD_JUDGE_MIN_KNEE_UP 0.25f
/* The centre of mass of a body that stands is over its feet: +.02 to +.18 leg lengths ahead of
 * the heels at the bottom (-.01 when holding on to something); sitting against a wall or on a
 * stool it is behind, by .05 and more. */
#define TD_JUDGE_MIN_BALANCE -0.04f
/* The fitted legs say the same in any view, less surely: squats -.02 and more, a wall sit -.19. */
#define TD_JUDGE_MIN_BALANCE_FITTED -0.1f
/* A foot ends .22 leg lengths ahead of the ankle (td-body.h), .29 ahead of the heel; squats have .24 at
 * most. Whose weight is farther ahead stands on another leg, too. Nearly
 * from the front it is depth alone that says so, and it says up to .37 of squats. */
#define TD_JUDGE_MAX_BALANCE_FITTED 0.36f
#define TD_JUDGE_FRONTAL_SIN 0.35f
/* Of what a tilted camera adds to the balance, the fitted legs, which come from depth too, have half. */
#define TD_JUDGE_TILT_FITTED 0.5f
/* Where the view is what it is taken for, the two are apart by .12 at most when the weight is behind
 * the feet; seen obliquely from behind by .25. */
#define TD_JUDGE_MAX_BALANCE_APART 0.18f
/* Who gets up from a seat swings the trunk forward first, while the hips stay where they are: by
 * 11-30°, or by 2.5° where the seat is hardly touched, which only the balance tells. Squats by 8.5° at most,
 * with the weight behind MIN_BALANCE_ROCKING by less than 5°. Joints that jump make up to 10° of it, but put the
 * weight .06 leg lengths and more ahead of the heels; of who sits, .04 at most. */
#define TD_JUDGE_MIN_BALANCE_ROCKING 0.f
#define TD_JUDGE_SEATED_ROCK_DEG 5.f
#define TD_JUDGE_MAX_BALANCE_ROCKING 0.09f
#define TD_JUDGE_MAX_ROCK_DEG 9.f
#define TD_JUDGE_MAX_ROCK_AHEAD_DEG 50.f /* more for each leg length that the weight is ahead */
/* Where the trunk does not show: seated hips are .28-.33 leg lengths behind the ankles with
 * level thighs, squatting ones as deep .21 at most (motion capture). */
#define TD_JUDGE_SEATED_HIP_BEHIND 0.3f
#define TD_JUDGE_SEATED_THIGH_DEG 5.f
/* Legs that differ more were not seen well enough to say where the weight is. */
#define TD_JUDGE_ALIKE_LEGS 0.84f
/* One leg alone. */
#define TD_JUDGE_MIN_OTHER_LEG 0.5f
/* The trunk of a squat leans by up to 55° (66° once); a hinge brings it near level with
 * little bend of the knees. */
#define TD_JUDGE_HINGE_TRUNK_DEG 72.f
#define TD_JUDGE_HINGE_TRUNK_SHALLOW_DEG 48.f
/* In a squat the knees bend by 27° more than the trunk leans, or by much more; in a hinge by 8° at
 * most, when its knees read as bent as those of a half squat. One of them may read as deep as in a squat:
 * the other is bent by 25° more in a squat, by 3° more in a hinge. */
#define TD_JUDGE_HINGE_LESSER_BENT_MORE_DEG 8.f
#define TD_JUDGE_HINGE_BENT_MORE_DEG 17.f
/* Where the bottom itself is read wrong, the rest tells: a hinge leans more than it bends for .5 of its time and
 * more, a squat for .22, one with very much weight on the back for .47, and then it is deep. */
#define TD_JUDGE_HINGE_LEANING 0.6f
#define TD_JUDGE_HINGE_LEANING_MAX_DEG 100.f
/* What is kept as an attempt though it was none: it must at least resemble one. */
#define TD_JUDGE_ATTEMPT_FLEXION_DEG 40.f
#define TD_JUDGE_ATTEMPT_HIP_DROP 0.08f
#define TD_JUDGE_ATTEMPT_DURATION_S 0.7f

/* --- Judging ------------------------------------------------------------------------------- */

TdReason td_judge (const TdEvidence *evidence, const TdProfile *profile);

/* Whether what was judged REASON resembles a squat enough to be kept as an attempt: a step or an
 * arm swing does not. */
bool td_judge_keeps (const TdEvidence *evidence, TdReason reason);
