/* td-scrubber.h: a scale over the time of a session, with its repetitions marked and its attempts hatched.
 *
 * A GtkScale: its keys, its pointer and what a screen reader says of it are that one's.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-chart-data.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TD_TYPE_SCRUBBER (td_scrubber_get_type ())
G_DECLARE_FINAL_TYPE (TdScrubber, td_scrubber, TD, SCRUBBER, GtkScale)

GtkWidget *td_scrubber_new (void);

/* Keeps a reference; NULL: nothing. The scale then goes from the first to the last sample, in seconds. */
void td_scrubber_set_data (TdScrubber *self, TdChartData *data);

G_END_DECLS
