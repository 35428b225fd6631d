/* td-replay.h: a session again, from the stored joints alone: the body from the side, from the front and from where
 * the user turns it, at any speed. It needs no picture.
 *
 * Keys, wherever the focus is in it: Space plays and pauses; comma and full stop go one frame back and on; Ctrl with
 * left and right go to the repetition before and the next one; [ and ] play slower and faster; Home and End.
 *
 * Time is in seconds on the session's time axis, as in its charts (TdChartData.time_s). Signal "time-changed" tells
 * of every change, also while it plays.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-chart-view.h"

G_BEGIN_DECLS

#define TD_TYPE_REPLAY (td_replay_get_type ())
G_DECLARE_FINAL_TYPE (TdReplay, td_replay, TD, REPLAY, GtkBox)

GtkWidget *td_replay_new (void);

/* Where the sessions' pictures are, for the data to come; NULL: nowhere. A session that has one can be shown as
 * it was filmed, with the skeleton over it. */
void td_replay_set_pictures (TdReplay *self, const char *folder);

/* Shows that picture as in a mirror, which is how it was seen in training. */
void td_replay_set_mirror (TdReplay *self, gboolean mirror);

/* Keeps a reference; NULL: nothing. Stands at the start, and does not play; the view is as filmed, but the session
 * that was shown before keeps the one it had. */
void td_replay_set_data (TdReplay *self, TdChartData *data);

double td_replay_get_time (TdReplay *self);
void td_replay_set_time (TdReplay *self, double time_s);

/* It stops by itself at the end, and when it is not shown any more. */
gboolean td_replay_get_playing (TdReplay *self);
void td_replay_set_playing (TdReplay *self, gboolean playing);

/* The cursor of CHART, which shows the same session, goes along, and moving that cursor moves the replay unless it
 * plays. Once for each chart view; it holds for every chart that the view shows. */
void td_replay_join (TdReplay *self, TdChartView *chart);

G_END_DECLS
