/* td-validity-bar.h: always on the picture: what is measured in this view, and what is not.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-validity.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define TD_TYPE_VALIDITY_BAR (td_validity_bar_get_type ())
G_DECLARE_FINAL_TYPE (TdValidityBar, td_validity_bar, TD, VALIDITY_BAR, AdwBin)

GtkWidget *td_validity_bar_new (void);
/* MEASURES of a frame at TIME_NS, its own clock. */
void td_validity_bar_push (TdValidityBar *self, const TdFrameMeasures *measures, gint64 time_ns);

G_END_DECLS
