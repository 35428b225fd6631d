/* td-menu.h: where the focus goes after a menu.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Gives the focus to TO when MENU closes and has not given it back itself: left from within a submenu, GTK 4.8
 * keeps it on an item that is no longer there, and every key is lost. The last TO counts. */
void td_menu_gives_back (GtkPopover *menu, GtkWidget *to);

G_END_DECLS
