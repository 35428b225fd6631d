/* td-rep-table.h: a session's repetitions and attempts as a table.
 *
 * Sorted by any column, one set or all of them; a missing measure says why; each row offers its
 * correction. Keys: Ctrl+C copies what is shown as tab-separated text, Menu or Shift+F10 opens the
 * row's menu.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-items.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define TD_TYPE_REP_TABLE (td_rep_table_get_type ())
G_DECLARE_FINAL_TYPE (TdRepTable, td_rep_table, TD, REP_TABLE, AdwBin)

GtkWidget *td_rep_table_new (void);

/* REPS: TdRepItem, by set, in order of time. Rows that were there already stay where they are, so
 * that a correction moves nothing under the user's hand.
 *
 * Signal "correct" (gint64 id of the row, TdVerdict as int): the user wants it so. Signal "row-chosen"
 * tells of td_rep_table_get_chosen(). */
void td_rep_table_set_reps (TdRepTable *self, GPtrArray *reps);

/* The chosen row, or NULL. */
TdRepItem *td_rep_table_get_chosen (TdRepTable *self);

/* What Ctrl+C copies: a line of titles, then a line for each row that is shown, in their order. To be
 * freed with g_free(). */
char *td_rep_table_get_text (TdRepTable *self);

G_END_DECLS
