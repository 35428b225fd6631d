/* td-window.h: the window: train, history, menu.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-history-page.h"
#include "td-latency.h"
#include "td-trainer.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define TD_TYPE_WINDOW (td_window_get_type ())
G_DECLARE_FINAL_TYPE (TdWindow, td_window, TD, WINDOW, AdwApplicationWindow)

/* LATENCY may be NULL; it is borrowed. Opens no camera and no file before td_window_open(). */
TdWindow *td_window_new (AdwApplication *app, TdTrainer *trainer, const char *store_path,
                         GSettings *settings, TdLatency *latency);

/* Once the window is on the screen: reads the history, looks for cameras. */
void td_window_open (TdWindow *self);
/* The first steps, for who has never seen them and has no session. */
void td_window_welcome (TdWindow *self);

TdTrainer *td_window_get_trainer (TdWindow *self);
TdHistoryPage *td_window_get_history (TdWindow *self);
GSettings *td_window_get_settings (TdWindow *self);
const char *td_window_get_store (TdWindow *self);
/* Sessions are kept in the file PATH from now on, and the history shows what is in it. */
void td_window_set_store (TdWindow *self, const char *path);
/* What has happened, in one line. */
void td_window_tell (TdWindow *self, const char *text);
/* "train", "history" or "trends". */
const char *td_window_get_page (TdWindow *self);
void td_window_set_page (TdWindow *self, const char *name);

/* Counts the video FILE from its first frame; says so when it is no local file. */
void td_window_play_file (TdWindow *self, GFile *file);
void td_window_play_demo (TdWindow *self);

/* td-window-actions.c */
void td_window_install_actions (GtkWidgetClass *class);
/* Recomputes which actions are possible now, and their states. */
void td_window_update_actions (TdWindow *self);

G_END_DECLS
