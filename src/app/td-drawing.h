/* td-drawing.h: the drawings of the guide and the first steps, in the colours of the theme.
 *
 * Each has small numbers where the text beside it has something to say, so that the words stay in
 * the layout, and are as long as their language needs.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TD_TYPE_DRAWING (td_drawing_get_type ())
G_DECLARE_FINAL_TYPE (TdDrawing, td_drawing, TD, DRAWING, GtkWidget)

/* NAME, also the property "drawing":
 * "cyclist", "narrow": the squat from the side, its start and its bottom;
 * "place": a laptop on a chair and somebody in front of it, from the side;
 * "views": somebody side-on, half-way and facing the camera, from above.
 *
 * Property "numbers", TRUE: whether they are drawn. */
GtkWidget *td_drawing_new (const char *name);

G_END_DECLS
