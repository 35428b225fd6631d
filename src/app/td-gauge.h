/* td-gauge.h: how deep you are, live: the hip's way down with the user's own marks.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-motion.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TD_TYPE_GAUGE (td_gauge_get_type ())
G_DECLARE_FINAL_TYPE (TdGauge, td_gauge, TD, GAUGE, GtkWidget)

GtkWidget *td_gauge_new (void);

/* Shows MEASURES; NULL or nothing measured: an empty gauge that says why. */
void td_gauge_set_measures (TdGauge *self, const TdFrameMeasures *measures);
/* The mark to reach is the profile's depth check, with its limit; where a repetition begins to
 * count is a small one. */
void td_gauge_set_profile (TdGauge *self, const TdProfile *profile);
/* Knee flexion at which the user's own hamstrings touch the calves; NAN: not known. */
void td_gauge_set_contact (TdGauge *self, float flexion_deg);

/* Whether the marks' names stand beside them; a narrow window has no room. */
void td_gauge_set_names (TdGauge *self, gboolean names);

/* 0 = standing, 1 = parallel, more = deeper. From the thighs where they are measured, otherwise
 * from the knees' bend; BY_KNEES: the other way round. Missing when neither is. */
TdMeasure td_gauge_depth (const TdFrameMeasures *measures, gboolean by_knees);
/* The same of a knee flexion alone. */
float td_gauge_depth_of_flexion (float flexion_deg);
/* Where CHECK's limit lies; NAN when it is none of depth. */
float td_gauge_depth_of_check (const TdCheck *check);

G_END_DECLS
