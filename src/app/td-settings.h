/* td-settings.h: the program's GSettings, found wherever the program is installed, and what they mean
 * before there is any widget.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define TD_APP_ID "io.github.teardrop.Teardrop"

/* The settings, or NULL when the schema is installed nowhere. A prefix of the user's own is not
 * always in XDG_DATA_DIRS, so the folder the program was built for is asked too. */
GSettings *td_settings_new (void);

/* Where sessions are kept unless the user says otherwise, and where they are by SETTINGS. To be freed
 * with g_free(). */
char *td_settings_default_database (void);
char *td_settings_database (GSettings *settings);
/* The languages that are installed, as codes ("de"), English first. */
GPtrArray *td_settings_languages (void);
/* "Deutsch" for "de"; the code itself where its name is not known. */
const char *td_settings_language_name (const char *code);
/* Runs the program anew in the language CODE when it does not run in it yet; returns when it does, or
 * cannot. gettext asks the environment, which must not change once there are threads. */
void td_settings_speak (const char *code, char **argv);

G_END_DECLS
