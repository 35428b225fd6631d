#include "td-judge.h"

#include <math.h>

/* Comparisons with NAN, "the view does not show it", are false: what is not seen rejects
 * nothing. */
TdReason
td_judge (const TdEvidence *e, const TdProfile *profile)
{
  bool shallow = e->flexion_deg < profile->count_flexion_deg;
  bool quick = e->duration_s < TD_JUDGE_QUICK_S;
  if (e->duration_s < TD_JUDGE_MIN_DURATION_S)
    return TD_REASON_TOO_FAST;
  if (e->travel > (quick ? TD_JUDGE_MAX_TRAVEL_QUICK : TD_JUDGE_MAX_TRAVEL)
      || e->stepped > TD_JUDGE_MAX_STEPPED || e->growth > TD_JUDGE_MAX_GROWTH
      || e->growth < 1.f / TD_JUDGE_MAX_GROWTH)
    return TD_REASON_MOVED;
  bool side_on = !(e->sin_yaw <= TD_JUDGE_SIDE_ON_SIN);
  if ((side_on && e->split > TD_JUDGE_MAX_SPLIT_SIDE_ON)
      || (e->split > TD_JUDGE_MAX_SPLIT && e->thigh_gap_deg > TD_JUDGE_SPLIT_THIGH_GAP_DEG)
      || (e->balance_fitted > TD_JUDGE_MAX_BALANCE_FITTED && !(e->sin_yaw < TD_JUDGE_FRONTAL_SIN))
      || (e->thigh_gap_deg > TD_JUDGE_LUNGE_THIGH_GAP_DEG
          && e->thigh_gap_deg < TD_JUDGE_LUNGE_THIGH_GAP_MAX_DEG
          && e->knee_gap > TD_JUDGE_LUNGE_KNEE_GAP
          && e->thigh_deg + 0.5f * e->thigh_gap_deg > TD_JUDGE_LUNGE_REAR_THIGH_DEG))
    return TD_REASON_LUNGE;
  if (e->knee_up < TD_JUDGE_MIN_KNEE_UP)
    return TD_REASON_KNELT;
  /* Of two legs that differ more than hips open, one was not seen. */
  float lesser_deg = e->thigh_gap_deg > TD_JUDGE_LUNGE_THIGH_GAP_MAX_DEG ? e->flexion_deg
                                                                         : e->lesser_flexion_deg;
  float hinge_trunk_deg = shallow
                              ? TD_JUDGE_HINGE_TRUNK_SHALLOW_DEG
                              : fminf (TD_JUDGE_HINGE_TRUNK_DEG,
                                       fminf (e->flexion_deg - TD_JUDGE_HINGE_BENT_MORE_DEG,
                                              lesser_deg - TD_JUDGE_HINGE_LESSER_BENT_MORE_DEG));
  if (e->trunk_deg > hinge_trunk_deg
      || (e->leaning > TD_JUDGE_HINGE_LEANING && e->flexion_deg < TD_JUDGE_HINGE_LEANING_MAX_DEG))
    return TD_REASON_HINGE;
  if (e->other_leg < TD_JUDGE_MIN_OTHER_LEG
      && !(e->thigh_gap_deg > TD_JUDGE_LUNGE_THIGH_GAP_MAX_DEG))
    return TD_REASON_ONE_LEG;
  bool sank_little = e->hip_drop < (quick ? TD_JUDGE_MIN_HIP_DROP_QUICK : TD_JUDGE_MIN_HIP_DROP);
  if (!shallow && sank_little && !(e->other_leg >= TD_JUDGE_ALIKE_LEGS))
    return TD_REASON_ONE_LEG;
  if (shallow || sank_little)
    return TD_REASON_SHALLOW;
  float fitted = e->balance_fitted - TD_JUDGE_TILT_FITTED * e->tilt;
  float balance = e->balance - e->tilt;
  if (fitted - balance > TD_JUDGE_MAX_BALANCE_APART)
    balance = fitted;
  float ahead = fmaxf (balance, fitted);
  if (!(e->other_leg <= TD_JUDGE_ALIKE_LEGS)
      && (balance < TD_JUDGE_MIN_BALANCE
          || (e->hip_behind > TD_JUDGE_SEATED_HIP_BEHIND
              && e->thigh_deg < TD_JUDGE_SEATED_THIGH_DEG)
          || fitted < TD_JUDGE_MIN_BALANCE_FITTED
          || (ahead < TD_JUDGE_MAX_BALANCE_ROCKING
              && e->rock > TD_JUDGE_MAX_ROCK_DEG + TD_JUDGE_MAX_ROCK_AHEAD_DEG * fmaxf (ahead, 0.f))
          || (balance < TD_JUDGE_MIN_BALANCE_ROCKING && e->rock > TD_JUDGE_SEATED_ROCK_DEG)))
    return TD_REASON_SEATED;
  if (e->top_flexion_deg > TD_JUDGE_MAX_TOP_FLEXION_DEG
      && e->flexion_deg - e->top_flexion_deg < TD_JUDGE_CLEAR_RANGE_DEG)
    return TD_REASON_NO_TOP;
  return TD_REASON_COUNTED;
}

bool
td_judge_keeps (const TdEvidence *e, TdReason reason)
{
  if (reason == TD_REASON_COUNTED)
    return true;
  return e->duration_s >= TD_JUDGE_ATTEMPT_DURATION_S
         && e->flexion_deg >= TD_JUDGE_ATTEMPT_FLEXION_DEG
         && e->hip_drop >= TD_JUDGE_ATTEMPT_HIP_DROP;
}
