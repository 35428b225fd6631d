/* td-engine.h: capture, vision, motion and store put together.
 *
 * TdPipeline is the one path of a frame, synchronous, for the command line, tests and TdLive
 * alike: frame in, pose, measures, repetitions stored and then announced. TdLive runs a pipeline on
 * its own thread for the window and posts what it found into a one-slot mailbox.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-capture.h"
#include "td-flow.h"
#include "td-motion.h"
#include "td-store.h"
#include "td-vision.h"

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  TD_ENGINE_ERROR_MODEL,
  TD_ENGINE_ERROR_CAPTURE,
  TD_ENGINE_ERROR_CAMERA_LOST,
  TD_ENGINE_ERROR_STORE
} TdEngineError;

#define TD_ENGINE_ERROR (td_engine_error_quark ())
GQuark td_engine_error_quark (void);

/* The model folder to use: WANTED when not NULL, else the built-in one
 * ($TEARDROP_DATA_DIR/models/…, or where the program is installed). To be freed with g_free(). */
char *td_engine_model_folder (const char *wanted);

/* A network that may be chosen. */
typedef struct
{
  char *folder;
  char *name; /* and version, of model.ini: for people */
} TdEngineModel;

void td_engine_model_free (TdEngineModel *model); /* NULL is allowed */

/* The built-in network, then the user's, by name: the folders with model.ini and model.onnx in
 * $XDG_DATA_HOME/teardrop/models. Only descriptions are read, so one that is listed may still turn out to
 * be of no use; a folder whose description cannot be read is told to the log. To be freed with
 * g_ptr_array_unref(); elements are TdEngineModel. */
GPtrArray *td_engine_list_models (void);
/* The demo clip, likewise. */
char *td_engine_demo_clip (void);
/* MESSAGE of a layer as a sentence for people: capital letter first, full stop last. To be freed with
 * g_free(). */
char *td_engine_sentence (const char *message);
/* One thread, two when the machine has four cores or more. */
int td_engine_default_threads (void);

/* --- One frame after the other ------------------------------------------------------------ */

/* What one frame gave. */
typedef struct
{
  TdPose pose;
  TdMotionResult motion;
  int n_others; /* beside the person: td_tracker_others(); 0 where nobody watches */
  TdVisionTimes vision;
  double pose_ms;
  double motion_ms;
} TdPipelineResult;

typedef struct TdPipeline TdPipeline;

typedef struct
{
  const char *model_folder;
  TdBackend backend;
  int threads;              /* of the network */
  const TdProfile *profile; /* NULL: the first of td_profile_all() */
  TdStore *store;           /* NULL: nothing is kept; borrowed, and of the caller's thread */
  const char *source_name;  /* for people, kept with the session; may be NULL */
  const TdCalibration *calibration; /* of the person, measured earlier; NULL: none */
  const TdCamera *camera;           /* NULL: nothing is known but what CALIBRATION tells */
  bool watch_others;                /* td_tracker_watch_others() */
} TdPipelineConfig;

/* NULL and TD_ENGINE_ERROR_MODEL when the model cannot be used. Counting is on. */
TdPipeline *td_pipeline_new (const TdPipelineConfig *config, GError **error);
/* Does not finish: a session that was not finished stays in the store as not ended. */
void td_pipeline_free (TdPipeline *self);

/* Off: poses and measures go on, nothing is counted or stored (a preview). On: the next frame begins
 * a new session. Only between sessions: before the first frame or after td_pipeline_finish(). */
void td_pipeline_set_counting (TdPipeline *self, gboolean counting);

/* Starts to measure the person: RESULT->motion.calibration tells how far it is. At any time; the end
 * of a session does not end it. */
void td_pipeline_begin_calibration (TdPipeline *self);
/* Ends that before its end: what was known before it is known again. Else nothing. */
void td_pipeline_cancel_calibration (TdPipeline *self);
/* What is known of the person, from the config or measured since. */
TdCalibration td_pipeline_calibration (TdPipeline *self);

/* --- Sets, for who stands in front of the camera. Without any of these all is one set. --- */

typedef struct
{
  int set_number; /* from 1; 0: no session yet */
  bool resting;
  int count;         /* of the set, as corrected */
  int attempts;      /* likewise */
  int session_count; /* of all its sets */
} TdTally;

/* Of the session in progress, or the last one. */
TdTally td_pipeline_tally (TdPipeline *self);
/* Of the sets that begin from now on, and of the one that is open. */
void td_pipeline_set_info (TdPipeline *self, const TdSetInfo *info);
/* Closes the set; what comes is kept only from the next repetition on (with the seconds before
 * it), which begins the next set. FALSE: not on disk yet, tried again later. */
gboolean td_pipeline_end_set (TdPipeline *self, GError **error);
/* While paused nothing counts and nothing is kept, nor does what began before the pause's end. */
void td_pipeline_set_paused (TdPipeline *self, gboolean paused);

typedef enum
{
  TD_CORRECT_PLUS, /* one was missed */
  TD_CORRECT_MINUS /* the newest one was none */
} TdCorrection;

/* Corrects the newest set, open or closed; FALSE when there is nothing to correct or it cannot be
 * written. */
gboolean td_pipeline_correct (TdPipeline *self, TdCorrection correction, GError **error);
/* Deletes the session in progress and everything in it; nothing is counted any more. */
gboolean td_pipeline_discard (TdPipeline *self, GError **error);

/* What is kept of a frame is RESULT->motion.settled, frames of up to 0.1 s, or two frames, ago.
 *
 * A failed write is an error of its own (TD_ENGINE_ERROR_STORE), and RESULT is valid all the same:
 * the count goes on, and what could not be written is tried again with the next write. After
 * TD_ENGINE_ERROR_MODEL, RESULT's pose is absent; of both errors in one frame the store's is told. */
gboolean td_pipeline_push (TdPipeline *self, TdFrame *frame, TdPipelineResult *result,
                           GError **error);
/* The input has ended, or the user stopped: closes the set and the session. Repetitions that the
 * end completes are in RESULT. A push after it begins a new session. */
gboolean td_pipeline_finish (TdPipeline *self, TdPipelineResult *result, GError **error);

/* Repetitions and attempts that were announced and are not on disk: 0 unless writes have failed or
 * there is no store. */
guint td_pipeline_n_unsaved (TdPipeline *self);
/* The session that is being kept, or was last; 0: none, or nothing in it yet. */
gint64 td_pipeline_session (TdPipeline *self);
/* Likewise, but of a session in progress only, and as soon as the store has it: with its first frame. */
gint64 td_pipeline_open_session (TdPipeline *self);
const char *td_pipeline_model_name (TdPipeline *self);    /* as in model.ini */
const char *td_pipeline_model_backend (TdPipeline *self); /* "xnnpack" or "opencv" */

/* --- Live --------------------------------------------------------------------------------- */

typedef struct TdLive TdLive;

typedef enum
{
  TD_LIVE_STARTING,
  TD_LIVE_PREVIEW, /* picture and skeleton, nothing is counted */
  TD_LIVE_RUNNING, /* counting and storing */
  TD_LIVE_LOST,    /* the camera is gone; the session is open and the count stays */
  TD_LIVE_ENDED,   /* the file has ended */
  TD_LIVE_FAILED   /* could not start; update.problem says why */
} TdLiveState;

/* What is wrong with picture or pose. */
typedef enum
{
  TD_LIVE_NO_PROBLEM,
  TD_LIVE_MODEL_PROBLEM, /* the network cannot be loaded, or could not read this picture */
  TD_LIVE_SOURCE_PROBLEM /* the source cannot be opened; ENDED: the file is damaged from here on */
} TdLiveProblem;

/* What is wrong with keeping it. */
typedef enum
{
  TD_LIVE_SAVING,
  TD_LIVE_SAVING_REPAIRED, /* the store was damaged and has been repaired */
  TD_LIVE_SAVING_FAILS,    /* a write failed; the next one tries again */
  TD_LIVE_SAVING_OFF       /* the store cannot be opened: nothing of this is kept */
} TdLiveSaving;

/* The newest state of things. Reps that were announced since the mailbox was last emptied are all
 * here (pictures are dropped, results never). */
typedef struct
{
  TdLiveState state;
  TdFlowState flow;          /* OFF in a preview and after the end */
  float flow_left_s;         /* of the countdown */
  float flow_elapsed_s;      /* of the set, the rest or the pause */
  int set_number;            /* from 1; 0: no session yet */
  GBytes *pixels;            /* 8-bit BGR; NULL: no new picture */
  int width, height, stride; /* of pixels */
  float preview_scale;       /* preview pixels per pixel of the pose */
  TdPose pose;
  TdFrameMeasures measures;
  TdPhase phase;
  TdCalibrationStage calibration_stage;
  float calibration_progress; /* 0..1 of standing still */
  TdCalibration calibration;  /* what is known of the person, from the config or measured since */
  int count;                  /* of the set, as corrected; after it, of the last one */
  int attempts;               /* likewise */
  int session_count;          /* of the whole session, as corrected */
  guint corrections;          /* how often the count was corrected, or could not be */
  float brightness;           /* of the picture, 0..1; NAN: not measured */
  float shake;                /* the camera's own movement, widths of the picture a second; NAN */
  int n_others;               /* beside the person, of a camera: td_tracker_others() */
  double position_s;          /* of a file */
  guint n_unsaved;            /* of both: td_pipeline_n_unsaved() */
  gint64 arrived_ns;          /* CLOCK_MONOTONIC when the frame left the source */
  double duration_s;          /* of a file; 0 for a camera */
  TdLiveProblem problem;
  TdCaptureStatus problem_reason; /* of a source that cannot be opened, else TD_CAPTURE_OK */
  char problem_detail[256];       /* one English sentence of the layer that failed, or "" */
  TdLiveSaving saving;
  char saving_detail[256]; /* likewise */
  char film_detail[256];   /* why the session's picture is not recorded although it should; or "" */
  guint n_reps;
  TdRep *reps;
  int *rep_sets; /* the number of each one's set: that of a hanging window may have ended since */
} TdLiveUpdate;

void td_live_update_clear (TdLiveUpdate *update);

/* Called on the GLib main context that created the TdLive, once per filled mailbox: take the
 * update with td_live_take(). */
typedef void (*TdLiveNotify) (TdLive *live, gpointer data);

typedef struct
{
  const char *camera_id;    /* NULL: the first camera; unused when file is set */
  const char *file;         /* NULL: a camera */
  const char *model_folder; /* NULL: the built-in one */
  const char *store_path;   /* NULL: nothing is kept */
  const char *recording; /* folder for the sessions' picture; NULL: it is not kept. Cameras only */
  const TdProfile *profile;
  const TdCalibration *calibration; /* NULL: none */
  const TdFlowConfig *flow; /* NULL: counting begins with the start, and all is one set (files) */
  TdSetInfo set;            /* of every set until td_live_set_info() */
  int width, height;        /* of a camera's picture; 0: what suits */
  TdPace pace;              /* of a file */
  gboolean start_at_once;   /* the session begins with the first frame, none is missed */
} TdLiveConfig;

/* Starts the thread with a preview, on the thread that runs the current default main context. What
 * CONFIG points at is copied. */
TdLive *td_live_new (const TdLiveConfig *config, TdLiveNotify notify, gpointer data);
/* Stops and frees: NOTIFY is not called any more. A session is closed first, which takes
 * milliseconds; a source or a model that is being opened is not waited for: the thread ends in the
 * background. NULL is allowed. */
void td_live_free (TdLive *self);
/* At the end of the program: waits for the threads of all that were freed; for one with a session
 * until it is closed, for the others PATIENCE_MS. FALSE: some go on, so leave by _exit(). */
gboolean td_live_end_all (int patience_ms);

/* Begins a session: counting and storing. While one is running: ends it and begins the next. */
void td_live_start_session (TdLive *self);
/* Ends it; the preview goes on. Every repetition is on disk already. */
void td_live_stop_session (TdLive *self);
/* Ends it and deletes it; one that has not begun yet does not begin. */
void td_live_discard_session (TdLive *self);
/* Ends the set, and a pause; the next one begins with the next squat. */
void td_live_end_set (TdLive *self);
void td_live_set_paused (TdLive *self, gboolean paused);
void td_live_set_info (TdLive *self, const TdSetInfo *info);
void td_live_correct (TdLive *self, TdCorrection correction);

/* Starts to measure the person, in a session or in the preview; while that is under way: from the
 * start. The updates tell how far it is. Asked for before the source is open, it begins with it. */
void td_live_begin_calibration (TdLive *self);
/* td_pipeline_cancel_calibration() */
void td_live_cancel_calibration (TdLive *self);

/* Moves the mailbox's content into UPDATE; FALSE when it is empty. Main thread. */
gboolean td_live_take (TdLive *self, TdLiveUpdate *update);

G_END_DECLS
