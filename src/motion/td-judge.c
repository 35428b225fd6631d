#include "td-judge.h"

#include <math.h>

/* Each limit lies between what squats and what other movements show on real clips with a true count
 * and on captured motion; the ranges seen are given.
 *
 * No person bends to half depth and comes up in less; walking and jumping do. */
#define MIN_DURATION_S 0.35f
/* Squats sink by .25 leg lengths and more (70° of flexion is 1 - cos 35° = .18); lifted knees, walking and arm
 * swings by less than .06, attempts above quarter depth by .10, hops by .17. */
#define MIN_HIP_DROP 0.19f
/* Whoever never straightens has 25-30° left, which reads as up to 45°. */
#define MAX_TOP_FLEXION_DEG 55.f
/* Unless they came up by so much that it is the leg's length which is not known well: half squats with
 * straight legs at the top cover this range. */
#define CLEAR_RANGE_DEG 66.f
/* Feet planted: .00-.13 leg lengths; lunges and steps .24 and more. */
#define MAX_TRAVEL 0.22f
/* The distance between planted feet changes by less than .08; lunges, steps and jumping jacks by .14 to
 * .8. */
#define MAX_STEPPED 0.18f
/* Apparent size from start to end: .97-1.15; someone who walks up to the camera exceeds it. */
#define MAX_GROWTH 1.35f
/* One leg far ahead of the other: wide stances seen obliquely reach .36, lunges .7-1.1. */
#define MAX_SPLIT 0.6f
/* The rear knee of a lunge is near the floor: its thigh hangs down (40° apart and more, the knees half a
 * shank apart in height). A leg hidden behind the other may be off by one of the two, not by both. */
#define LUNGE_THIGH_GAP_DEG 32.f
#define LUNGE_REAR_THIGH_DEG 25.f
#define LUNGE_KNEE_GAP 0.3f
/* The centre of mass of a body that stands is over its feet: +.02 to +.18 leg lengths ahead of the heels at the
 * bottom (-.02 when holding on to something); sitting against a wall or on a stool it is behind. */
#define MIN_BALANCE -0.06f
/* Legs that differ more were not seen well enough to say where the weight is. */
#define ALIKE_LEGS 0.84f
/* One leg alone. */
#define MIN_OTHER_LEG 0.5f
/* The trunk of a squat leans by up to 55° (66° once); a hinge brings it near level with
 * little bend of the knees. */
#define HINGE_TRUNK_DEG 72.f
#define HINGE_TRUNK_SHALLOW_DEG 48.f
/* What is kept as an attempt though it was none: it must at least resemble one. */
#define ATTEMPT_FLEXION_DEG 40.f
#define ATTEMPT_HIP_DROP 0.08f
#define ATTEMPT_DURATION_S 0.7f

/* Comparisons with NAN, "the view does not show it", are false: what is not seen rejects
 * nothing. */
TdReason
td_judge (const TdEvidence *e, const TdProfile *profile)
{
  bool shallow = e->flexion_deg < profile->count_flexion_deg;
  if (e->duration_s < MIN_DURATION_S)
    return TD_REASON_TOO_FAST;
  if (e->travel > MAX_TRAVEL || e->stepped > MAX_STEPPED || e->growth > MAX_GROWTH
      || e->growth < 1.f / MAX_GROWTH)
    return TD_REASON_MOVED;
  if (e->split > MAX_SPLIT
      || (e->thigh_gap_deg > LUNGE_THIGH_GAP_DEG && e->knee_gap > LUNGE_KNEE_GAP
          && e->thigh_deg + 0.5f * e->thigh_gap_deg > LUNGE_REAR_THIGH_DEG))
    return TD_REASON_LUNGE;
  if (e->trunk_deg > (shallow ? HINGE_TRUNK_SHALLOW_DEG : HINGE_TRUNK_DEG))
    return TD_REASON_HINGE;
  if (e->other_leg < MIN_OTHER_LEG || (!shallow && e->hip_drop < MIN_HIP_DROP))
    return TD_REASON_ONE_LEG;
  if (shallow)
    return TD_REASON_SHALLOW;
  if (e->balance < MIN_BALANCE && e->other_leg > ALIKE_LEGS)
    return TD_REASON_SEATED;
  if (e->top_flexion_deg > MAX_TOP_FLEXION_DEG
      && e->flexion_deg - e->top_flexion_deg < CLEAR_RANGE_DEG)
    return TD_REASON_NO_TOP;
  return TD_REASON_COUNTED;
}

bool
td_judge_keeps (const TdEvidence *e, TdReason reason)
{
  if (reason == TD_REASON_COUNTED)
    return true;
  return e->duration_s >= ATTEMPT_DURATION_S && e->flexion_deg >= ATTEMPT_FLEXION_DEG
         && e->hip_drop >= ATTEMPT_HIP_DROP;
}
