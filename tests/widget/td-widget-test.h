/* td-widget-test.h: a widget on the screen, and what it draws.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gtk/gtk.h>

/* WIDGET in a window of WIDTH x HEIGHT that is on the screen. */
static inline GtkWidget *
td_test_show (GtkWidget *widget, int width, int height)
{
  GtkWidget *window = gtk_window_new ();

  gtk_window_set_default_size (GTK_WINDOW (window), width, height);
  gtk_window_set_decorated (GTK_WINDOW (window), FALSE);
  gtk_window_set_child (GTK_WINDOW (window), widget);
  gtk_window_present (GTK_WINDOW (window));
  while (gtk_widget_get_width (widget) == 0)
    g_main_context_iteration (NULL, TRUE);
  return window;
}

/* What WIDGET draws. */
static inline GskRenderNode *
td_test_draw (GtkWidget *widget)
{
  g_autoptr (GtkSnapshot) snapshot = gtk_snapshot_new ();

  GTK_WIDGET_GET_CLASS (widget)->snapshot (widget, snapshot);
  return gtk_snapshot_to_node (snapshot);
}

/* How much of the skeleton's drawing is the warm white of the arrow, and where. */
static inline int
td_test_arrow_pixels (GtkWidget *stage, double *middle)
{
  int width = gtk_widget_get_width (stage), height = gtk_widget_get_height (stage);
  GskRenderNode *node = td_test_draw (stage);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);
  cairo_t *cr = cairo_create (surface);
  int n = 0;

  gsk_render_node_draw (node, cr);
  cairo_surface_flush (surface);
  const guint8 *data = cairo_image_surface_get_data (surface);
  int stride = cairo_image_surface_get_stride (surface);
  *middle = 0;
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        const guint8 *p = data + y * stride + 4 * x; /* B, G, R */
        if (p[2] > 240 && p[1] > 190 && p[1] < 230 && p[0] < 90)
          {
            n++;
            *middle += x;
          }
      }
  *middle = n > 0 ? *middle / n : 0;
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  gsk_render_node_unref (node);
  return n;
}
