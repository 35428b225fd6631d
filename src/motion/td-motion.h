/* td-motion.h: from poses to angles and repetitions.
 *
 * TdMotion takes one TdPose a frame, in order of time, and gives the frame's measures and, now
 * and then, an event: a repetition done, an attempt that was none. It never sees a wall clock and
 * never allocates, so a live camera, a file and a test give the same result for the same poses.
 * One thread owns a TdMotion.
 *
 * Angles are degrees. Knee flexion: 0 = straight leg. FPPA: positive = valgus, the knee inward.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-measure.h"
#include "td-pose.h"
#include "td-profile.h"

/* The view, from the body's yaw to the camera (0 = faces it, ±90 = side-on, 180 = back). */
typedef enum
{
  TD_VIEW_UNKNOWN,
  TD_VIEW_FRONT,   /* |yaw| ≤ 25° */
  TD_VIEW_OBLIQUE, /* between */
  TD_VIEW_SIDE,    /* within 25° of ±90° */
  TD_VIEW_BACK,    /* within 25° of 180° */
  TD_N_VIEWS
} TdView;

const char *td_view_name (TdView view); /* "front" …, "unknown" */

/* What one frame shows. All members are TdMeasure, so each is there or says why not. */
typedef struct
{
  int64_t time_ns;
  TdView view;
  TdMeasure yaw_deg;                           /* -180..180, positive: the camera is at the left */
  TdMeasure knee_flexion_deg[TD_N_SIDES];      /* 0..180 */
  TdMeasure flexion_deg;                       /* both knees: what repetitions are counted on */
  TdMeasure thigh_inclination_deg[TD_N_SIDES]; /* +90 standing, 0 level, negative: hip below knee */
  TdMeasure thigh_deg;                         /* both thighs */
  TdMeasure hip_height;                        /* hips above the lower ankle, leg lengths */
  TdMeasure fppa_deg[TD_N_SIDES];
  TdMeasure fppa_mean_deg;
  TdMeasure trunk_lean_deg; /* 0 upright, positive forward */
  TdMeasure stance_ratio;   /* ankle distance over shoulder width */
} TdFrameMeasures;

/* Why an attempt did not count; TD_REASON_COUNTED for one that did. */
typedef enum
{
  TD_REASON_COUNTED,
  TD_REASON_SHALLOW,  /* both knees bent, but not far enough */
  TD_REASON_HINGE,    /* the trunk bent, the knees hardly */
  TD_REASON_ONE_LEG,  /* one leg alone bent */
  TD_REASON_LUNGE,    /* feet far apart fore and aft, thighs at different angles */
  TD_REASON_SEATED,   /* weight behind the feet at the bottom: something to sit on */
  TD_REASON_MOVED,    /* the feet travelled */
  TD_REASON_NO_TOP,   /* never came up again */
  TD_REASON_LOST,     /* the person was out of sight for too long */
  TD_REASON_TOO_FAST, /* no person squats in less than 0.35 s */
  TD_N_REASONS
} TdReason;

const char *td_reason_name (TdReason reason); /* "shallow" …, "" for counted: for files */
const char *td_reason_text (TdReason reason); /* plain English, marked for translation */

typedef enum
{
  TD_DEPTH_UNKNOWN,
  TD_DEPTH_ABOVE_QUARTER,
  TD_DEPTH_QUARTER,  /* 40° of flexion and more */
  TD_DEPTH_HALF,     /* 80° and more */
  TD_DEPTH_PARALLEL, /* hip joint no higher than the knee joint, within the hip crease's offset */
  TD_DEPTH_DEEP,     /* 130° and more */
  TD_N_DEPTHS
} TdDepth;

const char *td_depth_name (TdDepth depth);

/* One repetition or attempt. Times are the frames' own. */
typedef struct
{
  int index;  /* from 1, counted repetitions and attempts together, in order */
  int number; /* from 1, counted repetitions only; 0 for an attempt */
  bool counted;
  TdReason reason;
  int64_t start_ns;  /* leaves the top */
  int64_t bottom_ns; /* the deepest frame */
  int64_t top_ns;    /* back at the top */
  TdView view;
  TdDepth depth;
  TdMeasure knee_flexion_max_deg;  /* both knees */
  TdMeasure thigh_inclination_deg; /* at the bottom */
  TdMeasure fppa_deg;              /* bilateral mean at 30–60° of flexion */
  TdMeasure fppa_side_deg[TD_N_SIDES];
  TdMeasure eccentric_s;    /* start until within 5° of the bottom */
  TdMeasure pause_s;        /* within 5° of the bottom */
  TdMeasure concentric_s;   /* until the top */
  TdMeasure lockout_deg;    /* least flexion at the top that follows */
  TdMeasure trunk_lean_deg; /* at the bottom */
  TdMeasure stance_ratio;
} TdRep;

typedef enum
{
  TD_PHASE_ABSENT, /* nobody, or not enough of the legs */
  TD_PHASE_TOP,    /* standing */
  TD_PHASE_DOWN,
  TD_PHASE_BOTTOM,
  TD_PHASE_UP
} TdPhase;

enum
{
  TD_MAX_REPS_PER_PUSH = 2
};

/* What a push gave. reps[i].counted tells repetitions from attempts. */
typedef struct
{
  TdFrameMeasures frame;
  TdPhase phase;
  int count; /* counted repetitions so far */
  int n_reps;
  TdRep reps[TD_MAX_REPS_PER_PUSH];
} TdMotionResult;

typedef struct TdMotion TdMotion;

/* NULL only when memory is short. PROFILE is copied; NULL: the cyclist profile. */
TdMotion *td_motion_new (const TdProfile *profile);
void td_motion_free (TdMotion *self);

/* A new set: the count starts at 0; what was learned of the person's size stays. */
void td_motion_reset (TdMotion *self);

/* POSE's time must not be before the last one's; an equal or earlier one is ignored. */
void td_motion_push (TdMotion *self, const TdPose *pose, TdMotionResult *result);

/* The input has ended: what is still open is closed (a repetition whose last frames were cut off,
 * an attempt without a top). result->frame is all missing. */
void td_motion_finish (TdMotion *self, TdMotionResult *result);
