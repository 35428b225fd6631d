/* td-limits.h: the user's own limits of an exercise's checks.
 *
 * They are kept in the settings' key "limits", a dictionary (a{sd}) of "exercise/check" and the
 * limit in the measure's unit. What is not in it has the exercise's own limit, so that a better one
 * of a later version reaches whoever has never changed it.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-profile.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* Gives PROFILE, a copy of one of td_profile_all(), the limits of LIMITS. What is no number or
 * belongs to no check of it is passed over; what is out of range is brought into it. */
void td_limits_apply (GVariant *limits, TdProfile *profile);
/* PROFILE with the limits of SETTINGS. */
TdProfile td_limits_of (GSettings *settings, const TdProfile *profile);

/* These return a new dictionary (never floating) and leave LIMITS as it is.
 *
 * VALUE as it is for the check CHECK of PROFILE; the exercise's own one is not kept. */
GVariant *td_limits_with (GVariant *limits, const TdProfile *profile, const TdCheck *check,
                          double value);
/* Without the one of CHECK; NULL: without any of PROFILE. */
GVariant *td_limits_without (GVariant *limits, const TdProfile *profile, const TdCheck *check);
/* Whether the user has changed the one of CHECK; NULL: any of PROFILE. */
gboolean td_limits_changed (GVariant *limits, const TdProfile *profile, const TdCheck *check);

/* How a limit is shown: the measure's value times FACTOR. */
typedef struct
{
  const char *unit; /* translated: "°", "s", "%" */
  double factor;
  double step; /* as shown */
  int digits;
} TdLimitUnit;

TdLimitUnit td_limits_unit (const TdCheck *check);
/* "Greatest knee flexion: at least, in ° (70 to 160)", translated; to be freed with g_free(). */
char *td_limits_describe (const TdCheck *check);

G_END_DECLS
