/* td-check.h: a repetition held against what the exercise asks for.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-motion.h"

typedef enum
{
  TD_VERDICT_UNKNOWN, /* not measured: the measure's own reason says why */
  TD_VERDICT_PASSED,
  TD_VERDICT_UNSURE, /* beyond the limit, but by less than its sigma */
  TD_VERDICT_FAILED
} TdCheckVerdict;

TdCheckVerdict td_check_rep (const TdCheck *check, const TdRep *rep);

/* The most important check that REP failed, or NULL: what is said and written first. */
const TdCheck *td_profile_first_failed (const TdProfile *profile, const TdRep *rep);
