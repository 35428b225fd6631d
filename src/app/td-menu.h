/* td-menu.h: where the focus goes after a menu.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Gives the focus to TO when MENU closes, the last TO that was told: for a menu that belongs to no button. GTK
 * 4.8 gives it to whatever stands first in the window. */
void td_menu_gives_back (GtkPopover *menu, GtkWidget *to);

/* The same for the menu of BUTTON, which GTK forgets only when it is left from within a submenu: the focus then
 * stays on an item that is no longer there, and every key is lost. */
void td_menu_button_gives_back (GtkMenuButton *button);

/* Gives the focus to TO once the menu that is about to close is gone: where the menu's action took away what had
 * it before. */
void td_menu_give (GtkWidget *to);

G_END_DECLS
