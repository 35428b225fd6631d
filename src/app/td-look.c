/* td-look.c: what is drawn by hand looks like the widgets around it.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-look.h"

#include <adwaita.h>
#include <math.h>

#define FONT_SCALE 0.86 /* of the window's font */

static TdChartColour
colour (const GdkRGBA *rgba, double alpha)
{
  return (TdChartColour){ (double) rgba->red, (double) rgba->green, (double) rgba->blue,
                          (double) rgba->alpha * alpha };
}

static GdkRGBA
named (GtkStyleContext *context, const char *name, GdkRGBA otherwise)
{
  GdkRGBA found;

  return gtk_style_context_lookup_color (context, name, &found) ? found : otherwise;
}

static double
font_px (GtkWidget *widget)
{
  PangoContext *context = gtk_widget_get_pango_context (widget);
  const PangoFontDescription *font = pango_context_get_font_description (context);
  double size = (double) pango_font_description_get_size (font) / PANGO_SCALE;

  if (!pango_font_description_get_size_is_absolute (font))
    size *= pango_cairo_context_get_resolution (context) / 72;
  return size;
}

float
td_look_zoom (GtkWidget *widget)
{
  GtkRoot *root = gtk_widget_get_root (widget);
  double usual = root ? font_px (GTK_WIDGET (root)) : 0;

  return usual > 0 ? (float) (font_px (widget) / usual) : 1;
}

TdChartStyle
td_look_of (GtkWidget *widget, char **name)
{
  GtkStyleContext *context = gtk_widget_get_style_context (widget);
  AdwStyleManager *manager = adw_style_manager_get_default ();
  gboolean strong = adw_style_manager_get_high_contrast (manager);
  const PangoFontDescription *font
      = pango_context_get_font_description (gtk_widget_get_pango_context (widget));
  TdChartStyle style = td_chart_style_light ();
  GdkRGBA text;

  gtk_style_context_get_color (context, &text);
  GdkRGBA accent = named (context, "accent_color", text);
  GdkRGBA ground = named (context, "window_bg_color", (GdkRGBA){ 1, 1, 1, 1 });
  style.text = colour (&text, 1);
  style.dim = colour (&text, strong ? 0.95 : 0.68);
  style.grid = colour (&text, strong ? 0.4 : 0.12);
  style.band = colour (&accent, strong ? 0.22 : 0.11);
  style.main = colour (&accent, 1);
  style.background = colour (&ground, 1);
  style.strong = strong;
  style.title = style.origin = false;

  style.font_px = fmax (font_px (widget) * FONT_SCALE, 8);
  g_free (*name);
  *name = g_strdup (pango_font_description_get_family (font));
  style.font = *name;
  return style;
}

TdChartColour
td_look_popover (GtkWidget *widget)
{
  GdkRGBA ground
      = named (gtk_widget_get_style_context (widget), "popover_bg_color", (GdkRGBA){ 1, 1, 1, 1 });

  return colour (&ground, 1);
}

void
td_look_watch (GtkWidget *widget, GCallback redraw)
{
  AdwStyleManager *manager = adw_style_manager_get_default ();

  g_signal_connect_object (manager, "notify::dark", redraw, widget, G_CONNECT_SWAPPED);
  g_signal_connect_object (manager, "notify::high-contrast", redraw, widget, G_CONNECT_SWAPPED);
}

GdkTexture *
td_look_texture (cairo_surface_t *surface)
{
  int width = cairo_image_surface_get_width (surface);
  int height = cairo_image_surface_get_height (surface);
  gsize stride = (gsize) cairo_image_surface_get_stride (surface);
  GdkTexture *texture = NULL;

  cairo_surface_flush (surface);
  if (cairo_surface_status (surface) == CAIRO_STATUS_SUCCESS)
    {
      g_autoptr (GBytes) bytes = g_bytes_new_with_free_func (
          cairo_image_surface_get_data (surface), stride * (gsize) height,
          (GDestroyNotify) cairo_surface_destroy, cairo_surface_reference (surface));
      texture = gdk_memory_texture_new (width, height, GDK_MEMORY_DEFAULT, bytes, stride);
    }
  cairo_surface_destroy (surface);
  return texture;
}
