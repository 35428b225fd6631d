/* td-set-log.h: the sets of a session as they stand, with what the user corrected. No widgets.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-motion.h"

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  TdRep rep;
  gboolean counts;  /* as the user says where they said something, else as measured */
  gboolean by_hand; /* nothing of it was measured */
} TdLoggedRep;

typedef struct TdSetLog TdSetLog;

TdSetLog *td_set_log_new (void);
void td_set_log_free (TdSetLog *self);
/* A new session. */
void td_set_log_clear (TdSetLog *self);

/* What was announced in set number SET, from 1. */
void td_set_log_add (TdSetLog *self, int set, const TdRep *rep);
/* The engine's count of SET is COUNT: what the user corrected is done here likewise (td-correct.h). */
void td_set_log_settle (TdSetLog *self, int set, int count);

int td_set_log_n_sets (const TdSetLog *self);
/* SET's repetitions and attempts in order; NULL and 0 when there are none. */
const TdLoggedRep *td_set_log_reps (const TdSetLog *self, int set, guint *n);
/* Of one set, or with SET 0 of all. */
int td_set_log_count (const TdSetLog *self, int set);
int td_set_log_attempts (const TdSetLog *self, int set);
/* Greatest knee flexion of one that counts, of SET or with 0 of all; missing when none was
 * measured. */
TdMeasure td_set_log_deepest (const TdSetLog *self, int set);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TdSetLog, td_set_log_free)

G_END_DECLS
