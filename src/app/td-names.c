/* td-names.c: names for what GTK and libadwaita leave without one.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-names.h"

#include <glib/gi18n.h>

static void
set_name (GtkWidget *widget, const char *name)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
name_button (GtkButton *button)
{
  GtkWidget *child = gtk_button_get_child (button);
  const char *icon = gtk_button_get_icon_name (button);

  if (!icon && GTK_IS_IMAGE (child))
    icon = gtk_image_get_icon_name (GTK_IMAGE (child));
  if (g_strcmp0 (icon, "edit-find-symbolic") == 0)
    set_name (GTK_WIDGET (button), _ ("Search"));
  else if (g_strcmp0 (icon, "go-previous-symbolic") == 0)
    set_name (GTK_WIDGET (button), _ ("Back"));
  else if (g_strcmp0 (icon, "window-close-symbolic") == 0)
    set_name (GTK_WIDGET (button), _ ("Close"));
  else if (gtk_button_get_label (button))
    {
      /* Its label within, without the underline, is its name as well: both would be read. */
      if (gtk_button_get_use_underline (button))
        gtk_accessible_reset_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL);
    }
  else if (GTK_IS_LABEL (child))
    set_name (GTK_WIDGET (button), gtk_label_get_text (GTK_LABEL (child)));
}

static void
name_toasts (AdwToastOverlay *overlay)
{
  GtkWidget *content = adw_toast_overlay_get_child (overlay);

  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (overlay)); child;
       child = gtk_widget_get_next_sibling (child))
    if (child != content)
      td_names_fill (child);
}

void
td_names_toasts (AdwToastOverlay *overlay)
{
  GListModel *children;

  if (g_object_get_data (G_OBJECT (overlay), "children"))
    return;
  /* They come later, one after the other. */
  children = gtk_widget_observe_children (GTK_WIDGET (overlay));
  g_object_set_data_full (G_OBJECT (overlay), "children", children, g_object_unref);
  g_signal_connect_object (children, "items-changed", G_CALLBACK (name_toasts), overlay,
                           G_CONNECT_SWAPPED);
}

/* The first text within. */
static const char *
text_of (GtkWidget *widget)
{
  const char *text = GTK_IS_LABEL (widget) ? gtk_label_get_text (GTK_LABEL (widget)) : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child && !text;
       child = gtk_widget_get_next_sibling (child))
    text = text_of (child);
  return text;
}

static GtkWidget *
list_in (GtkWidget *widget)
{
  GtkWidget *list = GTK_IS_LIST_VIEW (widget) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child && !list;
       child = gtk_widget_get_next_sibling (child))
    list = list_in (child);
  return list;
}

static void
name_rows (GtkWidget *popover)
{
  GtkWidget *list = list_in (popover);

  for (GtkWidget *row = list ? gtk_widget_get_first_child (list) : NULL; row;
       row = gtk_widget_get_next_sibling (row))
    {
      const char *text = text_of (row);
      if (text)
        set_name (row, text);
    }
}

void
td_names_choices (GtkWidget *root)
{
  if (GTK_IS_POPOVER (root))
    {
      /* Each time: by then they may be others. */
      if (list_in (root))
        g_signal_connect (root, "map", G_CALLBACK (name_rows), NULL);
      return;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (root); child;
       child = gtk_widget_get_next_sibling (child))
    td_names_choices (child);
}

/* The keys are read with the row that they stand in, which has the focus. */
static void
describe_shortcut (GtkShortcutLabel *label)
{
  GtkWidget *row = gtk_widget_get_ancestor (GTK_WIDGET (label), GTK_TYPE_LIST_BOX_ROW);
  g_auto (GStrv) accels = g_strsplit (gtk_shortcut_label_get_accelerator (label), " ", -1);
  GString *keys = g_string_new (NULL);

  for (char **accel = accels; *accel; accel++)
    {
      GdkModifierType modifiers;
      guint key;
      if (!gtk_accelerator_parse (*accel, &key, &modifiers))
        continue;
      g_autofree char *text = gtk_accelerator_get_label (key, modifiers);
      g_string_append_printf (keys, "%s%s", keys->len ? ", " : "", text);
    }
  if (row)
    gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                    keys->str, -1);
  g_string_free (keys, TRUE);
}

void
td_names_fill (GtkWidget *root)
{
  if (GTK_IS_SEARCH_ENTRY (root))
    set_name (root, _ ("Search"));
  else if (GTK_IS_BUTTON (root))
    name_button (GTK_BUTTON (root));
  else if (ADW_IS_TOAST_OVERLAY (root))
    td_names_toasts (ADW_TOAST_OVERLAY (root));
  else if (GTK_IS_POPOVER (root))
    td_names_choices (root);
  else if (GTK_IS_SHORTCUT_LABEL (root))
    describe_shortcut (GTK_SHORTCUT_LABEL (root));
  for (GtkWidget *child = gtk_widget_get_first_child (root); child;
       child = gtk_widget_get_next_sibling (child))
    td_names_fill (child);
}
