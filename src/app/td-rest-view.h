/* td-rest-view.h: between two sets: the rest's clock, what the set was, and what comes next.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-set-log.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define TD_TYPE_REST_VIEW (td_rest_view_get_type ())
G_DECLARE_FINAL_TYPE (TdRestView, td_rest_view, TD, REST_VIEW, AdwBin)

GtkWidget *td_rest_view_new (void);

/* What SET of LOG was; TARGET_SETS 0: as many as you like. PLANNED_S: of the rest, 0: none. */
void td_rest_view_set_set (TdRestView *self, const TdSetLog *log, int set, int target_sets,
                           int planned_s);
/* Knee flexion that is asked for; NAN: none. */
void td_rest_view_set_limit (TdRestView *self, float flexion_deg);
/* Since the rest began. */
void td_rest_view_set_elapsed (TdRestView *self, double seconds);

/* "1:12" left of PLANNED_S, "+0:08" beyond it; without a plan the time so far. To be freed with
 * g_free(). */
char *td_rest_clock (double elapsed_s, int planned_s);

G_END_DECLS
