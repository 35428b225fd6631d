/* td-flow.h: when a set begins and ends, so that nobody has to touch the keyboard.
 *
 * A state machine on the frames' own time, without any thread, clock or store: each frame goes in,
 * what is to be done comes out. A session goes
 *
 *   (start) WAITING -> SET -> REST -> SET -> REST … (finish)
 *
 * WAITING ends after the countdown, or before it when somebody has stood still in view. A set ends
 * when its repetitions are done and the person has stood, or been away, for long enough; the next one
 * begins by itself with the first repetition of the rest.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-motion.h"

#include <stdbool.h>

typedef enum
{
  TD_FLOW_OFF,     /* no session */
  TD_FLOW_WAITING, /* started: time to walk into place */
  TD_FLOW_SET,
  TD_FLOW_REST,
  TD_FLOW_PAUSED /* nothing counts until it goes on */
} TdFlowState;

/* All in seconds; 0 switches a rule off. */
typedef struct
{
  float countdown_s; /* longest WAITING; 0 and no still_s: counting begins at once */
  float still_s;     /* standing still in view this long begins the set; 0: countdown only */
  float stand_s;     /* standing this long ends the set */
  float away_s;      /* out of sight this long ends it */
  float finish_s;    /* resting this long ends the session, as nobody in sight of a set not begun */
} TdFlowConfig;

/* 5, 2, 10, 4, 600. */
TdFlowConfig td_flow_default (void);

/* What is to be done now. */
typedef enum
{
  TD_FLOW_NOTHING,
  TD_FLOW_BEGIN_COUNTING, /* of a session: with the next frame */
  TD_FLOW_END_SET,
  TD_FLOW_BEGIN_SET, /* a repetition was done in the rest: it is the first of a new set */
  TD_FLOW_FINISH     /* nobody came back */
} TdFlowAction;

typedef struct
{
  TdFlowConfig config;
  TdFlowState state;
  int64_t since_ns;   /* of the state */
  int64_t now_ns;     /* of the last frame */
  TdFlowState paused; /* what goes on after the pause */
  int64_t paused_elapsed_ns;
  int64_t seen_ns;   /* somebody was there last */
  int64_t active_ns; /* the last movement of the set */
  int set_reps;      /* counted ones and attempts in the set */
  bool still;        /* stands still since still_since_ns, as these were then: */
  int64_t still_since_ns;
  float still_hip;        /* hip height, leg lengths; NAN: not measured */
  float still_leg;        /* pixels */
  float still_x, still_y; /* between the ankles, leg lengths; NAN: not seen */
} TdFlow;

void td_flow_init (TdFlow *self, const TdFlowConfig *config);
/* The user pressed start at frame time NOW_NS. */
void td_flow_start (TdFlow *self, int64_t now_ns);
/* The user wants the set to end now; the rest begins, also out of a pause. */
void td_flow_end_set (TdFlow *self, int64_t now_ns);
void td_flow_pause (TdFlow *self, bool pause, int64_t now_ns);
void td_flow_finish (TdFlow *self);
/* There were no pictures until NOW_NS: nobody has stood or been away meanwhile. */
void td_flow_gap (TdFlow *self, int64_t now_ns);
/* A frame and what motion made of it: at most one action. */
TdFlowAction td_flow_push (TdFlow *self, const TdPose *pose, const TdMotionResult *motion);

/* Seconds left of WAITING, 0..; seconds since the set, the rest or the pause began. */
float td_flow_left_s (const TdFlow *self);
float td_flow_elapsed_s (const TdFlow *self);
