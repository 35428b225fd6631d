/* td-names.h: names for what GTK and libadwaita leave without one.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Names to a screen reader what GTK 4.8 and libadwaita 1.2 do not, in ROOT and all within: search buttons and
 * entries, buttons that go back, buttons around a label; and takes the underline out of the names of buttons
 * that have one in their label. Describes a row by the keys of the shortcut label in it. To be called again after gtk_button_set_label(). */
void td_names_fill (GtkWidget *root);

/* Names the button of every toast that OVERLAY will show. td_names_fill() does so, too. */
void td_names_toasts (AdwToastOverlay *overlay);

/* Names the choices of all drop-down lists in ROOT, once: their rows take the focus and have no name of their own
 * in GTK 4.8. td_names_fill() does so, too. */
void td_names_choices (GtkWidget *root);

G_END_DECLS
