/* td-preferences.h: the preferences: camera, training, limits, sound, and where all is kept.
 *
 * Everything is bound to the settings and holds at once, but for the language, which is the next
 * start's.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-trainer.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define TD_TYPE_PREFERENCES (td_preferences_get_type ())
G_DECLARE_FINAL_TYPE (TdPreferences, td_preferences, TD, PREFERENCES, AdwPreferencesWindow)

/* STORE_PATH: where sessions are kept now.
 *
 * Signal "release-store": nothing may have the sessions' file open after it.
 * Signal "use-store" (const char *path): sessions are kept there from now on; that file may be new,
 * and empty or not there. */
TdPreferences *td_preferences_new (GtkWindow *parent, TdTrainer *trainer, GSettings *settings,
                                   const char *store_path);

G_END_DECLS
