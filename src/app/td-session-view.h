/* td-session-view.h: a session: its sets with their loads, a note, its charts, and the table of
 * repetitions, each of which can be corrected.
 *
 * What the user changes is written by itself: a correction at once, a note or a load shortly after
 * the last key.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-store.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define TD_TYPE_SESSION_VIEW (td_session_view_get_type ())
G_DECLARE_FINAL_TYPE (TdSessionView, td_session_view, TD, SESSION_VIEW, AdwBin)

/* Signals: "said" (text): something for a toast. "changed" (const TdSessionRow *): so a session is
 * stored now; it need not be the one that is shown. "back": to the list, when narrow.
 * Property "narrow": beside the list there is no room. */
GtkWidget *td_session_view_new (void);

/* Before the first session; again when the sessions are kept elsewhere. */
void td_session_view_set_store (TdSessionView *self, const char *path, GSettings *settings);

/* ROW as it was read from the list; NULL: none. What was not written yet of the one before is. */
void td_session_view_set_session (TdSessionView *self, const TdSessionRow *row);

/* Writes what waits for the user to stop typing. The program is held until that is on the disk. */
void td_session_view_flush (TdSessionView *self);

G_END_DECLS
