/* td-names.h: names for what libadwaita leaves without one.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Names the search button and the search entry in ROOT to a screen reader; AdwPreferencesWindow 1.2
 * does not. */
void td_names_search (GtkWidget *root);

G_END_DECLS
