#include "td-judge.h"

TdReason
td_judge (const TdEvidence *e, const TdProfile *profile)
{
  if (e->duration_s < 0.4f)
    return TD_REASON_TOO_FAST;
  if (e->flexion_deg < profile->count_flexion_deg)
    return TD_REASON_SHALLOW;
  return TD_REASON_COUNTED;
}
