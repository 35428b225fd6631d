/* td-trainer.h: what is being watched and whether it is counted, without any widget.
 *
 * Holds the choice of source and exercise, the running TdLive, and tells widgets of changes:
 * signal "changed" (state, sources, exercise), signal "updated" (const TdLiveUpdate *, at most once
 * per mailbox filling; valid during the emission only). Main thread only.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-engine.h"
#include "td-items.h"

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
/* TdSourceItem: cameras (or the one item that says there is none) and the chosen file. */
GListModel *td_trainer_get_sources (TdTrainer *self);
/* Of the sources, or NULL while looking. */
TdSourceItem *td_trainer_get_source (TdTrainer *self);
/* Ignored during a session. */
void td_trainer_select_source (TdTrainer *self, TdSourceItem *item);
/* Chooses the video PATH and counts it from its first frame; a session that runs is ended. */
void td_trainer_play_file (TdTrainer *self, const char *path, const char *name);
/* After a failure: tries the same source again, or looks for cameras. */
void td_trainer_try_again (TdTrainer *self);

const TdProfile *td_trainer_get_profile (TdTrainer *self);
/* Ignored during a session. */
void td_trainer_set_exercise (TdTrainer *self, const char *id);

void td_trainer_start (TdTrainer *self);
void td_trainer_stop (TdTrainer *self);

/* Of the session that runs, or the last one. */
int td_trainer_get_count (TdTrainer *self);
int td_trainer_get_attempts (TdTrainer *self);
/* Grows by one whenever a session has ended: the history is to be read again. */
guint td_trainer_get_n_ended (TdTrainer *self);

/* Measures the person; the updates tell how far it is. Only while a camera is on. */
void td_trainer_begin_calibration (TdTrainer *self);
/* Sessions are kept in the file PATH from now on; NULL: nothing is kept, and no file is open. Ignored
 * during a session. */
void td_trainer_set_store (TdTrainer *self, const char *path);

G_END_DECLS
