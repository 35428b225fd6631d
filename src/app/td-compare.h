/* td-compare.h: two repetitions over each other, or two sessions beside each other, chosen by the user; and both
 * bodies at the bottom, side by side.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-chart-compare.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define TD_TYPE_COMPARE (td_compare_get_type ())
G_DECLARE_FINAL_TYPE (TdCompare, td_compare, TD, COMPARE, AdwBin)

GtkWidget *td_compare_new (void);

/* Lists the sessions in the file PATH and chooses two repetitions. SESSION: an id; 0: the newest. REP: a TdRepRow.id;
 * 0: the first one that counts for the first, the deepest for the second. May be called again. */
void td_compare_open (TdCompare *self, const char *path, gint64 first_session, gint64 first_rep,
                      gint64 second_session, gint64 second_rep);

/* Whole sessions instead of single repetitions, or back. */
void td_compare_set_sessions (TdCompare *self, gboolean sessions);

/* Charts are held against PROFILE instead of the exercise's defaults; NULL: those. Copied. */
void td_compare_set_profile (TdCompare *self, const TdProfile *profile);

G_END_DECLS
