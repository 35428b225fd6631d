#include "td-judge.h"

#include <math.h>

/* Each limit lies between what squats and what other movements show on real clips with a true count
 * and on captured motion; the ranges seen are given.
 *
 * No person bends to half depth and comes up in less; walking and jumping do. */
#define MIN_DURATION_S 0.37f
/* Squats sink by .25 leg lengths and more (70° of flexion is 1 - cos 35° = .18); lifted knees, walking and arm
 * swings by less than .06, attempts above quarter depth by .10. Seen from above, half squats keep .17. */
#define MIN_HIP_DROP 0.175f
/* Fast ones have to sink more: landings from a jump sink by .19-.24. */
#define MIN_HIP_DROP_QUICK 0.22f
/* Whoever never straightens has 25-30° left, which reads as up to 45°. */
#define MAX_TOP_FLEXION_DEG 55.f
/* Unless they came up by so much that it is the leg's length which is not known well: half squats with
 * straight legs at the top cover this range. */
#define CLEAR_RANGE_DEG 66.f
/* Feet planted: .00-.13 leg lengths; lunges and steps .24 and more. */
#define MAX_TRAVEL 0.22f
/* Landings from a jump bend the knees like a shallow, very fast squat; .04-.17 against .00-.03 in fast repetitions. */
#define QUICK_S 0.7f
#define MAX_TRAVEL_QUICK 0.05f
/* The distance between planted feet changes by less than .08; lunges, steps and jumping jacks by .14 to
 * .8. */
#define MAX_STEPPED 0.18f
/* Apparent size from start to end: .97-1.15; someone who walks up to the camera exceeds it. */
#define MAX_GROWTH 1.35f
/* One leg far ahead of the other: wide stances seen obliquely reach .36, lunges .7-1.1. */
#define MAX_SPLIT 0.65f
/* Seen obliquely, feet far apart side to side look the same (.78); then the thighs must differ too. */
#define SIDE_ON_SIN 0.85f
#define SPLIT_THIGH_GAP_DEG 25.f
/* The rear knee of a lunge is near the floor: its thigh hangs down (40° apart and more, the knees half a
 * shank apart in height). A leg hidden behind the other may be off by one of the two, not by both. */
#define LUNGE_THIGH_GAP_DEG 32.f
/* No hips open that far: one leg was not seen. */
#define LUNGE_THIGH_GAP_MAX_DEG 115.f
#define LUNGE_REAR_THIGH_DEG 25.f
#define LUNGE_KNEE_GAP 0.3f
/* The centre of mass of a body that stands is over its feet: +.02 to +.18 leg lengths ahead of the heels at the
 * bottom (-.02 when holding on to something); sitting against a wall or on a stool it is behind. */
#define MIN_BALANCE -0.06f
/* The fitted legs say the same in any view, less surely: squats -.02 and more, a wall sit -.19. */
#define MIN_BALANCE_FITTED -0.1f
/* Who gets up from a seat swings the trunk forward first, while the knees stay as they are: by 10-25°, squats
 * with the weight that far back by less than 5°. */
#define MIN_BALANCE_ROCKING 0.f
#define SEATED_ROCK_DEG 8.f
/* Where the trunk does not show: seated hips are .28-.33 leg lengths behind the ankles with level thighs, squatting ones
 * as deep .21 at most (motion capture). */
#define SEATED_HIP_BEHIND 0.3f
#define SEATED_THIGH_DEG 5.f
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
  bool quick = e->duration_s < QUICK_S;
  if (e->duration_s < MIN_DURATION_S)
    return TD_REASON_TOO_FAST;
  if (e->travel > (quick ? MAX_TRAVEL_QUICK : MAX_TRAVEL) || e->stepped > MAX_STEPPED
      || e->growth > MAX_GROWTH || e->growth < 1.f / MAX_GROWTH)
    return TD_REASON_MOVED;
  if ((e->split > MAX_SPLIT && (e->sin_yaw > SIDE_ON_SIN || e->thigh_gap_deg > SPLIT_THIGH_GAP_DEG))
      || (e->thigh_gap_deg > LUNGE_THIGH_GAP_DEG && e->thigh_gap_deg < LUNGE_THIGH_GAP_MAX_DEG
          && e->knee_gap > LUNGE_KNEE_GAP
          && e->thigh_deg + 0.5f * e->thigh_gap_deg > LUNGE_REAR_THIGH_DEG))
    return TD_REASON_LUNGE;
  if (e->trunk_deg > (shallow ? HINGE_TRUNK_SHALLOW_DEG : HINGE_TRUNK_DEG))
    return TD_REASON_HINGE;
  if ((e->other_leg < MIN_OTHER_LEG && !(e->thigh_gap_deg > LUNGE_THIGH_GAP_MAX_DEG))
      || (!shallow && e->hip_drop < (quick ? MIN_HIP_DROP_QUICK : MIN_HIP_DROP)))
    return TD_REASON_ONE_LEG;
  if (shallow)
    return TD_REASON_SHALLOW;
  if (!(e->other_leg <= ALIKE_LEGS)
      && (e->balance < MIN_BALANCE
          || (e->hip_behind > SEATED_HIP_BEHIND && e->thigh_deg < SEATED_THIGH_DEG)
          || e->balance_fitted < MIN_BALANCE_FITTED
          || (e->balance < MIN_BALANCE_ROCKING && e->rock > SEATED_ROCK_DEG)))
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
