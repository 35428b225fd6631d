/* td-done-view.h: a session has ended: what it was, and where to see more of it.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-set-log.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define TD_TYPE_DONE_VIEW (td_done_view_get_type ())
G_DECLARE_FINAL_TYPE (TdDoneView, td_done_view, TD, DONE_VIEW, AdwBin)

GtkWidget *td_done_view_new (void);
/* END: td_words_end(). SAVED: there is something to see in the history. */
void td_done_view_set_session (TdDoneView *self, const TdSetLog *log, const char *end,
                               gboolean saved);
/* Knee flexion that is asked for; NAN: none. */
void td_done_view_set_limit (TdDoneView *self, float flexion_deg);

G_END_DECLS
