/* td-history-page.h: past sessions by month, searched and filtered, and the one that is chosen.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-items.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define TD_TYPE_HISTORY_PAGE (td_history_page_get_type ())
G_DECLARE_FINAL_TYPE (TdHistoryPage, td_history_page, TD, HISTORY_PAGE, AdwBin)

/* Messages go to TOASTS. */
void td_history_page_set_store (TdHistoryPage *self, const char *path, GSettings *settings,
                                AdwToastOverlay *toasts);

/* Reads the list again; what is chosen stays chosen. SELECT_NEWEST chooses the newest unless somebody looks at
 * the page. */
void td_history_page_reload (TdHistoryPage *self, gboolean select_newest);

/* The session that has just ended, whatever was searched for before. */
void td_history_page_show_newest (TdHistoryPage *self);

/* The chosen session, or NULL. Signal "selected" tells of changes. */
TdSessionItem *td_history_page_get_selected (TdHistoryPage *self);

/* Asks for a file, then writes the chosen session there. */
void td_history_page_export (TdHistoryPage *self);
/* Takes the chosen session out of the list; it is deleted when the toast with "Undo" is gone. */
void td_history_page_delete (TdHistoryPage *self);
/* Writes what the user has changed last, and deletes at once what waits for its toast: the window is
 * closing. */
void td_history_page_flush (TdHistoryPage *self);

G_END_DECLS
