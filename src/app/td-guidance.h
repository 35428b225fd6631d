/* td-guidance.h: the one line that says what to do so that the camera sees enough. No widgets.
 *
 * Pure logic on the frames' own time: each update goes in, what to say comes out, the most
 * important first and never another one within a second.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-engine.h"

G_BEGIN_DECLS

/* The most important first. */
typedef enum
{
  TD_GUIDANCE_NOBODY,
  TD_GUIDANCE_DARK,
  TD_GUIDANCE_SHAKES,
  TD_GUIDANCE_TWO_PEOPLE,
  TD_GUIDANCE_STEP_BACK,
  TD_GUIDANCE_COME_NEARER,
  TD_GUIDANCE_TO_THE_MIDDLE,
  TD_GUIDANCE_SHOW_LEGS,
  TD_GUIDANCE_STAND_STRAIGHT, /* calibration */
  TD_GUIDANCE_ONE_DEEP,       /* calibration */
  TD_GUIDANCE_HOLD_STILL,     /* the set begins when the person stands still */
  TD_GUIDANCE_TURN_TO_FRONT,
  TD_GUIDANCE_TURN_TO_SIDE,
  TD_GUIDANCE_NONE
} TdGuidanceId;

typedef struct
{
  TdGuidanceId shown;
  gint64 shown_ns; /* when it came */
  TdGuidanceId wanted;
  gint64 wanted_ns;    /* for how long it has been wanted without a break */
  gint64 unseen_ns[2]; /* since when valgus and depth are missing for the view; 0: they are not */
  gint64 others_ns;    /* since when somebody else is in view; 0: nobody is */
  gint64 now_ns;
  gboolean started;
} TdGuidance;

void td_guidance_init (TdGuidance *self);
/* What this one picture calls for, by itself. */
TdGuidanceId td_guidance_of_pose (const TdPose *pose);
/* UPDATE has a new picture. PROFILE tells which views matter; it may be NULL. */
TdGuidanceId td_guidance_push (TdGuidance *self, const TdLiveUpdate *update,
                               const TdProfile *profile);
/* Translated; NULL for none. */
const char *td_guidance_text (TdGuidanceId id);

G_END_DECLS
