/* td-tone.h: the beeps, as numbers.
 *
 * Each kind is known by pitch and rhythm alone, and is high enough for a laptop's loudspeaker.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  TD_BEEP_NONE,
  TD_BEEP_COUNT,   /* a repetition counts */
  TD_BEEP_ATTEMPT, /* a movement did not */
  TD_BEEP_DEPTH,   /* the target depth is reached */
  TD_BEEP_TICK,    /* a second of the countdown */
  TD_BEEP_GO,      /* the countdown is over: the set begins */
  TD_BEEP_SET_END, /* the set is over */
  TD_BEEP_ERROR,   /* something needs the user */
  TD_N_BEEPS
} TdBeep;

#define TD_TONE_RATE 48000

/* How many samples BEEP has, at TD_TONE_RATE. */
guint td_tone_length (TdBeep beep);
/* Sample I of BEEP, -1..1; 0 before its first and after its last one. */
float td_tone_sample (TdBeep beep, guint i);

G_END_DECLS
