/* td-scrubber.c: a scale over the time of a session.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-scrubber.h"

#include "td-look.h"

#include <math.h>

#define PAGE_S 1.
#define HATCH_STEP 5.

struct _TdScrubber
{
  GtkScale parent_instance;

  TdChartData *data;
  char *font;
};

G_DEFINE_FINAL_TYPE (TdScrubber, td_scrubber, GTK_TYPE_SCALE)

void
td_scrubber_set_data (TdScrubber *self, TdChartData *data)
{
  GtkRange *range = GTK_RANGE (self);
  double last = 1, step = 1. / 30;

  g_return_if_fail (TD_IS_SCRUBBER (self));
  if (data)
    td_chart_data_ref (data);
  td_chart_data_unref (self->data);
  self->data = data;
  if (data && data->n > 1)
    {
      last = data->time_s[data->n - 1];
      step = (last - data->time_s[0]) / (double) (data->n - 1);
    }
  gtk_range_set_range (range, data && data->n > 0 ? fmin (data->time_s[0], 0) : 0, last);
  gtk_range_set_increments (range, step, PAGE_S);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
set_ink (cairo_t *cr, TdChartColour c, double alpha)
{
  cairo_set_source_rgba (cr, c.red, c.green, c.blue, c.alpha * alpha);
}

static void
hatch (cairo_t *cr, double x, double width, double top, double height)
{
  cairo_save (cr);
  cairo_rectangle (cr, x, top, width, height);
  cairo_clip (cr);
  cairo_set_line_width (cr, 1);
  for (double at = floor ((x - height) / HATCH_STEP) * HATCH_STEP; at < x + width; at += HATCH_STEP)
    {
      cairo_move_to (cr, at, top + height);
      cairo_line_to (cr, at + height, top);
    }
  cairo_stroke (cr);
  cairo_restore (cr);
}

/* Where the slider's middle is: from one end of the trough to the other. */
typedef struct
{
  double left, per_unit, lower;
} Track;

static Track
track_of (GtkRange *range)
{
  GtkAdjustment *adjustment = gtk_range_get_adjustment (range);
  double lower = gtk_adjustment_get_lower (adjustment);
  double length = gtk_adjustment_get_upper (adjustment) - lower;
  GdkRectangle trough;

  gtk_range_get_range_rect (range, &trough);
  return (Track){ trough.x, trough.width / fmax (length, 1e-9), lower };
}

static void
draw_reps (TdScrubber *self, cairo_t *cr, const TdChartStyle *style, int height)
{
  Track track = track_of (GTK_RANGE (self));
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), NULL);
  PangoFontDescription *font = pango_font_description_new ();
  double last = -INFINITY, top = 0;

  pango_font_description_set_absolute_size (font, style->font_px * PANGO_SCALE);
  pango_layout_set_font_description (layout, font);
  pango_font_description_free (font);
  for (size_t i = 0; i < self->data->n_reps; i++)
    {
      const TdRepRow *row = &self->data->reps[i];
      const TdRep *rep = &row->rep;
      gboolean counts = td_rep_row_counts (row);
      double from = (double) (rep->start_ns - self->data->session.first_ns) / 1e9;
      double to = (double) (rep->top_ns - self->data->session.first_ns) / 1e9;
      double x = track.left + (from - track.lower) * track.per_unit;
      double width = fmax ((to - from) * track.per_unit, 1);
      g_autofree char *number = counts ? g_strdup_printf ("%d", row->number) : g_strdup ("×");
      int text_width;

      if (counts)
        {
          set_ink (cr, style->main, style->strong ? 0.4 : 0.2);
          cairo_rectangle (cr, x, top, width, height - top);
          cairo_fill (cr);
        }
      else
        {
          set_ink (cr, style->dim, 0.6);
          hatch (cr, x, width, top, height - top);
        }
      pango_layout_set_text (layout, number, -1);
      pango_layout_get_pixel_size (layout, &text_width, NULL);
      double middle = x + width / 2;
      if (middle - text_width / 2. < last + 2)
        continue;
      set_ink (cr, style->text, 1);
      cairo_move_to (cr, middle - text_width / 2., 1);
      pango_cairo_show_layout (cr, layout);
      last = middle + text_width / 2.;
    }
}

static void
td_scrubber_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  TdScrubber *self = TD_SCRUBBER (widget);
  graphene_rect_t box;

  /* The padding above the trough has the numbers. */
  if (self->data && self->data->n_reps > 0 && gtk_widget_compute_bounds (widget, widget, &box))
    {
      TdChartStyle style = td_look_of (widget, &self->font);
      cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &box);
      cairo_translate (cr, 0, (double) box.origin.y);
      draw_reps (self, cr, &style, (int) box.size.height);
      cairo_destroy (cr);
    }
  GTK_WIDGET_CLASS (td_scrubber_parent_class)->snapshot (widget, snapshot);
}

static void
td_scrubber_finalize (GObject *object)
{
  TdScrubber *self = TD_SCRUBBER (object);

  td_chart_data_unref (self->data);
  g_free (self->font);
  G_OBJECT_CLASS (td_scrubber_parent_class)->finalize (object);
}

static void
td_scrubber_class_init (TdScrubberClass *class)
{
  G_OBJECT_CLASS (class)->finalize = td_scrubber_finalize;
  GTK_WIDGET_CLASS (class)->snapshot = td_scrubber_snapshot;
}

static void
td_scrubber_init (TdScrubber *self)
{
  /* Time goes to the right, as in the charts. */
  gtk_widget_set_direction (GTK_WIDGET (self), GTK_TEXT_DIR_LTR);
  gtk_widget_add_css_class (GTK_WIDGET (self), "scrubber");
  gtk_scale_set_draw_value (GTK_SCALE (self), FALSE);
  gtk_range_set_round_digits (GTK_RANGE (self), -1);
  td_look_watch (GTK_WIDGET (self), G_CALLBACK (gtk_widget_queue_draw));
}

GtkWidget *
td_scrubber_new (void)
{
  return g_object_new (TD_TYPE_SCRUBBER, NULL);
}
