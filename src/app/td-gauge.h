/* td-gauge.h: how deep you are, live: the hip's height above the knee, with a mark for parallel.
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
/* Where a repetition starts to count, as knee flexion. */
void td_gauge_set_count_flexion (TdGauge *self, float flexion_deg);

/* 0 = standing, 1 = parallel, more = deeper. From the thighs where they are
 * measured, otherwise from the knees' bend; missing when neither is. */
TdMeasure td_gauge_depth (const TdFrameMeasures *measures);
/* The same of a knee flexion alone. */
float td_gauge_depth_of_flexion (float flexion_deg);

G_END_DECLS
