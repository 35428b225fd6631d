/* td-validity.h: which measures the view allows, and for each that it does not, why. No widgets.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-motion.h"

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  TD_VALIDITY_DEPTH,
  TD_VALIDITY_VALGUS,
  TD_VALIDITY_TRUNK,
  TD_N_VALIDITY
} TdValidityId;

/* Follows the frames slowly enough to be read: what is said changes after it has been so for most
 * of a second. */
typedef struct
{
  TdMissing shown[TD_N_VALIDITY]; /* TD_MISSING_NOTHING: valid */
  TdMissing next[TD_N_VALIDITY];
  gint64 next_ns[TD_N_VALIDITY]; /* since when */
  gint64 now_ns;
  gboolean started;
} TdValidity;

void td_validity_init (TdValidity *self);
/* MEASURES of the frame at TIME_NS; TRUE: something else is to be said. */
gboolean td_validity_push (TdValidity *self, const TdFrameMeasures *measures, gint64 time_ns);

/* "depth ✓", "valgus – front view only". To be freed with g_free(). */
char *td_validity_text (const TdValidity *self, TdValidityId id);
/* "Depth is measured", "Valgus is not measured: needs a front view". To be freed with g_free(). */
char *td_validity_sentence (const TdValidity *self, TdValidityId id);

G_END_DECLS
