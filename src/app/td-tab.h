/* td-tab.h: Tab leaves a list at once.
 *
 * GTK 4.8 goes through every row with Tab, which in a list of thousands never ends; the arrow keys are
 * for the rows.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* LIST: a GtkListView, GtkColumnView or their like. */
void td_tab_leaves (GtkWidget *list);

G_END_DECLS
