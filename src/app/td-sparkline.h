/* td-sparkline.h: the depths of a session's repetitions as bars, small enough for a list.
 *
 * All have one scale, so sessions can be compared down a list.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TD_TYPE_SPARKLINE (td_sparkline_get_type ())
G_DECLARE_FINAL_TYPE (TdSparkline, td_sparkline, TD, SPARKLINE, GtkWidget)

GtkWidget *td_sparkline_new (void);

/* N depths in degrees of knee flexion, in order; they are copied, at most 32. */
void td_sparkline_set_depths (TdSparkline *self, const guint8 *depths_deg, int n);

G_END_DECLS
