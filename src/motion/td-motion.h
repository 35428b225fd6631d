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

#include "td-camera.h"
#include "td-measure.h"
#include "td-pose.h"
#include "td-profile.h"

#include <stddef.h>

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
  TdMeasure hip_flexion_deg; /* trunk against thighs, 0 = in line; side-on views */
  TdMeasure fppa_deg[TD_N_SIDES];
  TdMeasure fppa_mean_deg;
  TdMeasure
      knee_offset[TD_N_SIDES]; /* knee inward of the line from hip to ankle, over the hips' width */
  TdMeasure trunk_lean_deg;    /* 0 upright, positive forward */
  TdMeasure stance_ratio;      /* ankle distance over shoulder width */
} TdFrameMeasures;

/* Why an attempt did not count; TD_REASON_COUNTED for one that did. */
typedef enum
{
  TD_REASON_COUNTED,
  TD_REASON_SHALLOW,  /* both knees bent, but not far enough */
  TD_REASON_HINGE,    /* the trunk bent, the knees hardly */
  TD_REASON_ONE_LEG,  /* one leg alone bent */
  TD_REASON_LUNGE,    /* feet far apart fore and aft, thighs at different angles */
  TD_REASON_KNELT,    /* the knees came down to the height of the feet */
  TD_REASON_SEATED,   /* weight behind the feet at the bottom: something to sit on */
  TD_REASON_MOVED,    /* the feet travelled */
  TD_REASON_NO_TOP,   /* never came up again */
  TD_REASON_LOST,     /* the person was out of sight for too long */
  TD_REASON_TOO_FAST, /* no person squats in less than 0.4 s */
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
  TD_DEPTH_CALF,     /* hamstrings on calves: within 3° of the person's own contact, or beyond */
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
  int64_t bottom_ns; /* the deepest frame, or the middle of the stay there */
  int64_t top_ns;    /* back at the top */
  TdView view;
  TdDepth depth;
  bool depth_unsure; /* a limit of the depth class lies within the sigma of what was measured */

  TdMeasure knee_flexion_max_deg;              /* both knees */
  TdMeasure knee_flexion_side_deg[TD_N_SIDES]; /* each at the bottom */
  TdMeasure knee_flexion_difference_deg;       /* left less right there */
  TdMeasure thigh_inclination_deg;             /* at the bottom */
  TdMeasure
      calf_gap_deg;   /* the person's own flexion at calf contact less the greatest of this one */
  TdMeasure fppa_deg; /* bilateral mean at 30–60° of flexion */
  TdMeasure fppa_side_deg[TD_N_SIDES];
  TdMeasure fppa_worst_deg;        /* of the two */
  TdMeasure fppa_down_deg;         /* bilateral mean at 30–60° on the way down */
  TdMeasure fppa_up_deg;           /* and up */
  TdMeasure fppa_bottom_deg;       /* at the bottom: little to trust (science.md, section 4) */
  TdMeasure fppa_change_deg;       /* bilateral mean less that of standing */
  TdMeasure knee_offset_ratio;     /* greatest mean of both knees' offset, over the hips' width */
  TdMeasure eccentric_s;           /* start until within 5° of the bottom */
  TdMeasure pause_s;               /* within 5° of the bottom */
  TdMeasure concentric_s;          /* until the top */
  TdMeasure top_pause_s;           /* standing before the start, since the repetition before */
  TdMeasure tension_s;             /* time under tension: eccentric, pause and concentric */
  TdMeasure concentric_velocity;   /* of the hips going up, mean, leg lengths a second */
  TdMeasure lockout_deg;           /* least flexion at the top that follows */
  TdMeasure trunk_lean_deg;        /* at the bottom */
  TdMeasure trunk_lean_change_deg; /* bottom less top */
  TdMeasure hip_knee_lag_s; /* going down, the hips are half bent this much after the knees */
  TdMeasure stance_ratio;
  TdMeasure toe_out_deg;     /* mean of both feet, 0: parallel */
  TdMeasure heel_rise_ratio; /* heels above where they stood, leg lengths; the greatest */
} TdRep;

/* The measures of a repetition, in the order of files. */
typedef enum
{
  TD_REP_KNEE_FLEXION_MAX,
  TD_REP_KNEE_FLEXION_LEFT,
  TD_REP_KNEE_FLEXION_RIGHT,
  TD_REP_KNEE_FLEXION_DIFFERENCE,
  TD_REP_THIGH_INCLINATION,
  TD_REP_CALF_GAP,
  TD_REP_FPPA,
  TD_REP_FPPA_LEFT,
  TD_REP_FPPA_RIGHT,
  TD_REP_FPPA_WORST,
  TD_REP_FPPA_DOWN,
  TD_REP_FPPA_UP,
  TD_REP_FPPA_BOTTOM,
  TD_REP_FPPA_CHANGE,
  TD_REP_KNEE_OFFSET,
  TD_REP_ECCENTRIC,
  TD_REP_PAUSE,
  TD_REP_CONCENTRIC,
  TD_REP_TOP_PAUSE,
  TD_REP_TENSION,
  TD_REP_CONCENTRIC_VELOCITY,
  TD_REP_LOCKOUT,
  TD_REP_TRUNK_LEAN,
  TD_REP_TRUNK_LEAN_CHANGE,
  TD_REP_HIP_KNEE_LAG,
  TD_REP_STANCE,
  TD_REP_TOE_OUT,
  TD_REP_HEEL_RISE,
  TD_N_REP_MEASURES
} TdRepMeasureId;

/* A measure of a repetition under its name everywhere outside of the program: a column of the
 * database, a key of "missing" and of the JSON, and the stem of a CSV column. */
typedef struct
{
  const char *name;  /* ends in its unit: _deg, _s, _ratio, _per_s (leg lengths a second) */
  const char *sigma; /* the name of its sigma */
  const char *label; /* plain English, marked for translation */
  size_t offset;     /* in TdRep */
} TdRepMeasure;

extern const TdRepMeasure td_rep_measures[TD_N_REP_MEASURES];

/* Owned by REP. */
const TdMeasure *td_rep_measure_at (const TdRep *rep, TdRepMeasureId measure);

typedef enum
{
  TD_PHASE_ABSENT, /* nobody, or not enough of the legs */
  TD_PHASE_TOP,    /* standing */
  TD_PHASE_DOWN,
  TD_PHASE_BOTTOM,
  TD_PHASE_UP
} TdPhase;

/* --- The person's own ------------------------------------------------------------------------ */

/* What was measured of this person once, so that later sets start with it. */
typedef struct
{
  bool standing_known; /* from standing straight for two seconds */
  float thigh_share;   /* of the leg length (thigh and shank) */
  float
      trunk_share; /* middle of the hips to middle of the shoulders, leg lengths; 0: not seen. For people */
  float fppa_deg[TD_N_SIDES]; /* standing; NAN: the view did not show it */
  float straight_deg; /* knee flexion that was read for the straight leg, for people to know */
  float pitch_deg, roll_deg; /* of the camera (TdCamera); NAN: not known */
  bool range_known;          /* from one slow, deep repetition */
  float flexion_max_deg;     /* the person's own range */
  float
      contact_deg; /* the same when it is deep enough for hamstrings on calves (120°), otherwise NAN */
} TdCalibration;

typedef enum
{
  TD_CALIBRATION_OFF,
  TD_CALIBRATION_STAND, /* stand straight and still; progress says for how much of the two seconds */
  TD_CALIBRATION_DEEP,  /* now one slow repetition, as deep as it goes */
  TD_CALIBRATION_DONE
} TdCalibrationStage;

/* --- Pushing --------------------------------------------------------------------------------- */

enum
{
  TD_MAX_REPS_PER_PUSH = 2,
  TD_MAX_FRAMES_PER_PUSH = 8
};

/* Measures of a frame that are settled: the joints smoothed with what came before and after. */
typedef struct
{
  TdPose pose; /* as it was pushed, but for left and right exchanged for a moment */
  TdFrameMeasures measures;
} TdSettledFrame;

/* What a push gave. reps[i].counted tells repetitions from attempts. */
typedef struct
{
  TdFrameMeasures frame; /* of the pose just pushed, to be shown: smoothed by the past alone */
  TdPhase phase;
  int count; /* counted repetitions so far */
  int n_reps;
  TdRep reps[TD_MAX_REPS_PER_PUSH];
  /* To be kept: each pose that was pushed comes back once, in order, at most 0.1 s or two frames (and one)
   * late. */
  int n_settled;
  TdSettledFrame settled[TD_MAX_FRAMES_PER_PUSH];
  TdCalibrationStage calibration;
  float calibration_progress; /* 0..1, while standing */
} TdMotionResult;

typedef struct TdMotion TdMotion;

/* NULL only when memory is short. PROFILE is copied; NULL: the cyclist profile. */
TdMotion *td_motion_new (const TdProfile *profile);
void td_motion_free (TdMotion *self);

/* A new set: the count starts at 0, time may start anew; what was learned of the person's size
 * and the calibration stay. What has not settled is forgotten: finish first. */
void td_motion_reset (TdMotion *self);

/* POSE's time must not be before the last one's; an equal or earlier one is ignored. */
void td_motion_push (TdMotion *self, const TdPose *pose, TdMotionResult *result);

/* The input has ended: what is still open is closed (a repetition whose last frames were cut off,
 * an attempt without a top). result->frame is all missing. */
void td_motion_finish (TdMotion *self, TdMotionResult *result);

/* What is known of the camera; without it, one that is level with a usual webcam's angle. Known
 * tilt of a calibration is taken over where CAMERA was never set. */
void td_motion_set_camera (TdMotion *self, const TdCamera *camera);

/* Starts to measure the person: result->calibration tells how far it is. Repetitions count on
 * meanwhile, and a range that is known stays so until there is a new one. */
void td_motion_begin_calibration (TdMotion *self);
/* What is known so far; both "known" are false at first. */
TdCalibration td_motion_calibration (const TdMotion *self);
/* Ends a calibration in progress. */
void td_motion_set_calibration (TdMotion *self, const TdCalibration *calibration);
