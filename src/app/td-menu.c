/* td-menu.c: where the focus goes after a menu.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-menu.h"

/* Frames until GTK has drawn the window without the menu. */
#define FRAMES 3

static gboolean
give_once_more (GtkWidget *to, GdkFrameClock *clock, gpointer data)
{
  int *frames = data;

  (void) clock;
  if (++*frames < FRAMES)
    return G_SOURCE_CONTINUE;
  if (gtk_widget_get_mapped (to))
    gtk_widget_grab_focus (to);
  return G_SOURCE_REMOVE;
}

/* Then GTK moves the focus once more: to some parent of where it was in the menu. */
void
td_menu_give (GtkWidget *to)
{
  if (gtk_widget_get_mapped (to))
    gtk_widget_grab_focus (to);
  gtk_widget_add_tick_callback (to, give_once_more, g_new0 (int, 1), g_free);
}

static void
on_closed (GtkPopover *menu, gpointer data)
{
  (void) menu;
  td_menu_give (GTK_WIDGET (data));
}

static void
on_button_closed (GtkPopover *menu, gpointer data)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (menu));
  GtkWidget *focus = root ? gtk_root_get_focus (root) : NULL;

  if (!focus || !gtk_widget_get_mapped (focus) || gtk_widget_is_ancestor (focus, GTK_WIDGET (menu)))
    gtk_widget_grab_focus (GTK_WIDGET (data));
}

void
td_menu_gives_back (GtkPopover *menu, GtkWidget *to)
{
  g_return_if_fail (GTK_IS_POPOVER (menu));
  g_return_if_fail (GTK_IS_WIDGET (to));

  gulong before = (gulong) GPOINTER_TO_SIZE (g_object_get_data (G_OBJECT (menu), "gives-back"));
  if (before != 0 && g_signal_handler_is_connected (menu, before))
    g_signal_handler_disconnect (menu, before);
  gulong now = g_signal_connect_object (menu, "closed", G_CALLBACK (on_closed), to, 0);
  g_object_set_data (G_OBJECT (menu), "gives-back", GSIZE_TO_POINTER (now));
}

void
td_menu_button_gives_back (GtkMenuButton *button)
{
  g_return_if_fail (GTK_IS_MENU_BUTTON (button));

  g_signal_connect_object (gtk_menu_button_get_popover (button), "closed",
                           G_CALLBACK (on_button_closed), button, 0);
}
