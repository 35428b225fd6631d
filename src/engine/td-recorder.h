/* td-recorder.h: one session on its way to the store, with a queue for what could not be written.
 *
 * Internal to src/engine. When somebody else deletes the session meanwhile, what is written after that
 * begins another one.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-store.h"

#include <glib.h>

G_BEGIN_DECLS

typedef struct TdRecorder TdRecorder;

/* The session's wall clock is read here, once. Nothing is written yet. STORE is borrowed, the
 * strings are copied. INFO may be NULL. */
TdRecorder *td_recorder_new (TdStore *store, const char *exercise, const char *source,
                             const char *model, const TdSetInfo *info);
void td_recorder_free (TdRecorder *self);

/* FALSE: not kept. Until the next repetition is written, further samples are then dropped without a
 * word, so that a full disk is asked once a repetition and not once a frame. In a rest the last
 * seconds wait in memory. */
gboolean td_recorder_add_sample (TdRecorder *self, const TdPose *pose,
                                 const TdFrameMeasures *measures, GError **error);
/* FALSE: not on disk yet; it waits for the next call of this or of td_recorder_close(). In a rest
 * one that counts begins the next set, and one that started before the rest belongs to the set
 * before; of others nothing is kept: td_recorder_takes() tells. */
gboolean td_recorder_add_rep (TdRecorder *self, const TdRep *rep, GError **error);
gboolean td_recorder_takes (const TdRecorder *self, const TdRep *rep);

/* The rest begins, at NOW_NS on the frames' clock. */
gboolean td_recorder_end_set (TdRecorder *self, int64_t now_ns, GError **error);
/* Of the set that is open, if one is, and of those to come. FALSE: not on disk yet, as above. */
gboolean td_recorder_set_info (TdRecorder *self, const TdSetInfo *info, GError **error);
/* One more or less in the newest set. FALSE: could not be written. */
gboolean td_recorder_correct (TdRecorder *self, gboolean plus, int64_t now_ns, GError **error);

/* FALSE: something could not be written; call it again to try again. */
gboolean td_recorder_close (TdRecorder *self, GError **error);
/* Deletes the session; nothing of it is written any more. */
gboolean td_recorder_discard (TdRecorder *self, GError **error);

guint td_recorder_n_waiting (const TdRecorder *self);
gint64 td_recorder_session (const TdRecorder *self);
/* The number of the newest set, from 1. */
int td_recorder_set_number (const TdRecorder *self);

G_END_DECLS
