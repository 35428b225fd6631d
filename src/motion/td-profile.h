/* td-profile.h: what an exercise asks for, as data.
 *
 * A further exercise is a further row of the table in td-profile.c; no code changes.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stddef.h>

/* Defaults come from the sources named in td-profile.c and are limits for coaching, never for
 * a diagnosis. */
typedef struct
{
  const char *id;           /* "cyclist", "narrow": in files and on the command line */
  const char *name;         /* plain English, marked for translation */
  float count_flexion_deg;  /* least flexion at the bottom that counts */
  float top_flexion_deg;    /* flexion at the top within which the leg counts as extended */
  float stance_ratio_max;   /* ankle distance over shoulder width */
  float trunk_lean_max_deg; /* at the bottom */
} TdProfile;

/* The profile called ID, or NULL. */
const TdProfile *td_profile_find (const char *id);

/* All profiles; their number goes to *N. The first one is the default. */
const TdProfile *td_profile_all (size_t *n);
