#include "td-check.h"

#include <math.h>

TdCheckVerdict
td_check_rep (const TdCheck *check, const TdRep *rep)
{
  const TdMeasure *m = td_rep_measure_at (rep, (TdRepMeasureId) check->measure);
  float beyond = 0.f;
  if (!td_measure_ok (*m))
    return TD_VERDICT_UNKNOWN;
  switch (check->sense)
    {
    case TD_CHECK_AT_LEAST:
      beyond = check->limit - m->value;
      break;
    case TD_CHECK_AT_MOST:
      beyond = m->value - check->limit;
      break;
    case TD_CHECK_WITHIN:
      beyond = fabsf (m->value) - check->limit;
      break;
    }
  if (beyond <= 0.f)
    return TD_VERDICT_PASSED;
  return beyond <= m->sigma ? TD_VERDICT_UNSURE : TD_VERDICT_FAILED;
}

const TdCheck *
td_profile_first_failed (const TdProfile *profile, const TdRep *rep)
{
  for (int i = 0; i < td_profile_n_checks (profile); i++)
    if (td_check_rep (&profile->checks[i], rep) == TD_VERDICT_FAILED)
      return &profile->checks[i];
  return NULL;
}
