/* td-trainer.h: what is being watched and whether it is counted, without any widget.
 *
 * Holds the choice of source and exercise, the running TdLive and what it announced, and tells of
 * changes by two signals. Main thread only.
 *
 * "updated" (const TdLiveUpdate *): at most once per mailbox filling, valid during the emission only.
 * Each repetition and attempt is in update->reps of exactly one emission, in order, as soon as it is
 * on the disk; pictures may be left out. What td_trainer_get_…() says is of this update already.
 *
 * "changed": something else than the picture and the measures is new: the state, the flow
 * (waiting, set, rest, pause), the number of the set, the user's correction of the count, the list of
 * sources, the exercise or its limits, target and load, a problem, the end of a session, the stage
 * of a calibration. After "updated" when an update brought it.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-engine.h"
#include "td-items.h"
#include "td-set-log.h"

G_BEGIN_DECLS

typedef enum
{
  TD_TRAINER_LOOKING,   /* the list of cameras is not known yet */
  TD_TRAINER_NO_CAMERA, /* nothing to show */
  TD_TRAINER_FILE,      /* a file is chosen, not started */
  TD_TRAINER_STARTING,
  TD_TRAINER_PREVIEW,
  TD_TRAINER_RUNNING,
  TD_TRAINER_LOST,  /* the camera is gone, in a session or out of it: td_trainer_in_session() */
  TD_TRAINER_ENDED, /* the file has ended */
  TD_TRAINER_FAILED /* could not start: td_trainer_get_last() says why */
} TdTrainerState;

#define TD_TYPE_TRAINER (td_trainer_get_type ())
G_DECLARE_FINAL_TYPE (TdTrainer, td_trainer, TD, TRAINER, GObject)

/* MODEL may be NULL (the built-in one). */
TdTrainer *td_trainer_new (const char *model, const char *store_path, GSettings *settings);

/* Begins to look for cameras; before that nothing is opened. */
void td_trainer_open (TdTrainer *self);
/* Ends the session, frees the camera. */
void td_trainer_close (TdTrainer *self);

TdTrainerState td_trainer_get_state (TdTrainer *self);
/* From the start of a session to its end, a lost camera included. */
gboolean td_trainer_in_session (TdTrainer *self);
gboolean td_trainer_can_start (TdTrainer *self);
/* The last update of what is being watched, without its picture and repetitions; all zero when
 * there was none yet. */
const TdLiveUpdate *td_trainer_get_last (TdTrainer *self);
/* The user asked to look for cameras again, and there is still none. */
gboolean td_trainer_looked_again (TdTrainer *self);
/* With no camera: the device file of one that may not be opened, or NULL. */
const char *td_trainer_get_denied (TdTrainer *self);
/* TdSourceItem: cameras (or the one item that says there is none) and the chosen file. */
GListModel *td_trainer_get_sources (TdTrainer *self);
/* Of the sources, or NULL while looking. */
TdSourceItem *td_trainer_get_source (TdTrainer *self);
/* Ignored during a session. */
void td_trainer_select_source (TdTrainer *self, TdSourceItem *item);
/* Chooses the video PATH and counts it from its first frame; a session that runs is ended. PACE:
 * as fast as possible to analyse it, in real time to watch it. */
void td_trainer_play_file (TdTrainer *self, const char *path, const char *name, TdPace pace);
/* A file is analysed as fast as possible: nobody watches it. */
gboolean td_trainer_is_analysis (TdTrainer *self);
/* After a failure: tries the same source again, or looks for cameras. */
void td_trainer_try_again (TdTrainer *self);

/* With the user's own limits (setting "limits"). */
const TdProfile *td_trainer_get_profile (TdTrainer *self);
/* Ignored during a session. */
void td_trainer_set_exercise (TdTrainer *self, const char *id);

/* --- A session ---------------------------------------------------------------------------- */

void td_trainer_start (TdTrainer *self);
/* Finishes the session. */
void td_trainer_stop (TdTrainer *self);
/* Finishes it and deletes it, repetitions and all. */
void td_trainer_discard (TdTrainer *self);
/* OFF without a session. Of a file, which is all one set, SET. */
TdFlowState td_trainer_get_flow (TdTrainer *self);
/* The rest begins; the next set starts with the next squat. Only during a set. */
void td_trainer_end_set (TdTrainer *self);
/* Only in a session with a camera. */
void td_trainer_set_paused (TdTrainer *self, gboolean paused);
/* Corrects the newest set, open or closed. */
void td_trainer_correct (TdTrainer *self, TdCorrection correction);
/* Whether there is a set to correct. */
gboolean td_trainer_can_correct (TdTrainer *self);

/* Settings "target-reps", "target-sets" and "load-kg"; of the sets that begin from now on, and of
 * the one that is open. */
int td_trainer_get_target (TdTrainer *self);
int td_trainer_get_target_sets (TdTrainer *self);
double td_trainer_get_load_kg (TdTrainer *self);

/* The planned rest after the set that has just ended, seconds; 0: none is planned. */
int td_trainer_get_rest_s (TdTrainer *self);
/* In a rest: it lasts longer by so much; one that is over already, from now on. */
void td_trainer_rest_longer (TdTrainer *self, int seconds);

/* Measures the person; the updates tell how far it is. What comes out is kept in the store and
 * used from then on. Only while a camera is on. */
void td_trainer_begin_calibration (TdTrainer *self);
/* Ends one that is under way: what was known before stays. */
void td_trainer_cancel_calibration (TdTrainer *self);

/* Of the set, as corrected; after it, of the last one. */
int td_trainer_get_count (TdTrainer *self);
int td_trainer_get_attempts (TdTrainer *self);
/* From 1; 0 before the first. */
int td_trainer_get_set_number (TdTrainer *self);
/* All sets of the session that runs, or of the last one. */
const TdSetLog *td_trainer_get_log (TdTrainer *self);
/* The last session was discarded: there is nothing to see of it. */
gboolean td_trainer_was_discarded (TdTrainer *self);
/* Grows by one whenever a session has ended: the history is to be read again. */
guint td_trainer_get_n_ended (TdTrainer *self);

/* Sessions are kept in the file PATH from now on; NULL: nothing is kept, and no file is open. Ignored
 * during a session. */
void td_trainer_set_store (TdTrainer *self, const char *path);

G_END_DECLS
