/* td-depth-bars.h: depth of each repetition as a small bar chart: counted ones filled, attempts
 * hollow, the limit as a thin line.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-set-log.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TD_TYPE_DEPTH_BARS (td_depth_bars_get_type ())
G_DECLARE_FINAL_TYPE (TdDepthBars, td_depth_bars, TD, DEPTH_BARS, GtkWidget)

GtkWidget *td_depth_bars_new (void);

/* Of SET of LOG, or with SET 0 of all sets, a gap between them. What is shown is copied. */
void td_depth_bars_set_log (TdDepthBars *self, const TdSetLog *log, int set);
/* Knee flexion that is asked for; NAN: no line. */
void td_depth_bars_set_limit (TdDepthBars *self, float flexion_deg);

G_END_DECLS
