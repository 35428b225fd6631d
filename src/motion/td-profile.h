/* td-profile.h: what an exercise asks for, as data.
 *
 * A further exercise is a further row of the table in td-profile.c; no code changes.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stddef.h>

typedef enum
{
  TD_CHECK_AT_LEAST,
  TD_CHECK_AT_MOST,
  TD_CHECK_WITHIN /* the amount, whatever its sign, is at most the limit */
} TdCheckSense;

/* One thing a repetition should reach or keep. Limits are for coaching, never for a diagnosis. */
typedef struct
{
  const char *id; /* "depth" …: in settings and files */
  int measure;    /* a TdRepMeasureId */
  TdCheckSense sense;
  float limit;                /* the default, in the measure's unit */
  float limit_min, limit_max; /* what a user may set it to */
  const char *name;           /* plain English, marked for translation: "Depth" */
  const char *cue;            /* said when it fails: "Deeper" */
  const char *advice;         /* written when it fails, a sentence */
} TdCheck;

enum
{
  TD_MAX_CHECKS = 12
};

typedef struct
{
  const char *id;                /* "cyclist", "narrow": in files and on the command line */
  const char *name;              /* plain English, marked for translation */
  float count_flexion_deg;       /* least flexion at the bottom that counts */
  TdCheck checks[TD_MAX_CHECKS]; /* the most important first; ended by one without id */
} TdProfile;

/* The profile called ID, or NULL. */
const TdProfile *td_profile_find (const char *id);

/* All profiles; their number goes to *N. The first one is the default. */
const TdProfile *td_profile_all (size_t *n);

int td_profile_n_checks (const TdProfile *profile);

/* The check called ID, to read or to give it the user's own limit; NULL when the exercise has
 * none. */
TdCheck *td_profile_check (TdProfile *profile, const char *id);
