/* td-app.h: the program: command line, one window, keyboard.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define TD_TYPE_APP (td_app_get_type ())
G_DECLARE_FINAL_TYPE (TdApp, td_app, TD, APP, AdwApplication)

/* SETTINGS may be NULL: their schema is installed nowhere, which the program says. */
TdApp *td_app_new (GSettings *settings);

G_END_DECLS
