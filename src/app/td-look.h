/* td-look.h: what is drawn by hand looks like the widgets around it.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-chart-draw.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Colours and font of WIDGET, light or dark, in high contrast too. The style's font is *FONT, which is replaced and
 * the caller's to g_free(). */
TdChartStyle td_look_of (GtkWidget *widget, char **font);

/* The ground of what floats above WIDGET. */
TdChartColour td_look_popover (GtkWidget *widget);

/* How many times larger than in the rest of the window WIDGET's text is. */
float td_look_zoom (GtkWidget *widget);

/* Calls REDRAW (WIDGET) whenever the colours change with the desktop's; GTK tells of all else. */
void td_look_watch (GtkWidget *widget, GCallback redraw);

/* Takes SURFACE, an image with 32 bits a pixel. NULL only when memory is short. */
GdkTexture *td_look_texture (cairo_surface_t *surface);

G_END_DECLS
