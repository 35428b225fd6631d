/* td-recorder.h: one session on its way to the store, with a queue for what could not be written.
 *
 * Internal to src/engine.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-store.h"

#include <glib.h>

G_BEGIN_DECLS

typedef struct TdRecorder TdRecorder;

/* The session's wall clock is read here, once. Nothing is written yet. STORE is borrowed, the
 * strings are copied. */
TdRecorder *td_recorder_new (TdStore *store, const char *exercise, const char *source,
                             const char *model);
void td_recorder_free (TdRecorder *self);

/* FALSE: not kept. Until the next repetition is written, further samples are then dropped without a
 * word, so that a full disk is asked once a repetition and not once a frame. */
gboolean td_recorder_add_sample (TdRecorder *self, const TdPose *pose,
                                 const TdFrameMeasures *measures, GError **error);
/* FALSE: not on disk yet; it waits for the next call of this or of td_recorder_close(). */
gboolean td_recorder_add_rep (TdRecorder *self, const TdRep *rep, GError **error);
/* FALSE: something could not be written; call it again to try again. */
gboolean td_recorder_close (TdRecorder *self, GError **error);

guint td_recorder_n_waiting (const TdRecorder *self);
gint64 td_recorder_session (const TdRecorder *self);

G_END_DECLS
