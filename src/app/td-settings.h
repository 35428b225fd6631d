/* td-settings.h: the program's GSettings, found wherever the program is installed.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define TD_APP_ID "io.github.teardrop.Teardrop"

/* The settings, or NULL when the schema is installed nowhere. A prefix of the user's own is not
 * always in XDG_DATA_DIRS, so the folder the program was built for is asked too. */
GSettings *td_settings_new (void);

G_END_DECLS
