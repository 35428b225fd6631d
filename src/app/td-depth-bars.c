/* td-depth-bars.c: depth of each repetition as a small bar chart.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-depth-bars.h"

#include "td-look.h"
#include "td-words.h"

#include <glib/gi18n.h>
#include <math.h>

/* The scale begins where a squat does and ends where nobody gets. */
#define LOWEST_DEG 40.f
#define HIGHEST_DEG 150.f
/* Between two sets, as a share of a bar's place. */
#define SET_GAP 0.8f

#define WIDEST_PLACE 44.f
#define NUMBER_HEIGHT 18.f

typedef struct
{
  float depth_deg; /* NAN: not measured */
  gboolean counts;
  gboolean first; /* of a set other than the first */
} Bar;

struct _TdDepthBars
{
  GtkWidget parent_instance;
  GArray *bars; /* of Bar */
  float limit_deg;
};

G_DEFINE_FINAL_TYPE (TdDepthBars, td_depth_bars, GTK_TYPE_WIDGET)

static void
describe (TdDepthBars *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < self->bars->len; i++)
    {
      const Bar *bar = &g_array_index (self->bars, Bar, i);

      g_string_append (text, i == 0 ? "" : bar->first ? "; " : ", ");
      if (isnan (bar->depth_deg))
        g_string_append (text, bar->counts ? _ ("not measured") : _ ("not counted"));
      else if (bar->counts)
        g_string_append_printf (text, "%.0f°", (double) bar->depth_deg);
      else
        g_string_append_printf (text, _ ("%.0f° (not counted)"), (double) bar->depth_deg);
    }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Depth of each repetition"),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text->str, -1);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), text->len > 0 ? text->str : NULL);
}

void
td_depth_bars_set_log (TdDepthBars *self, const TdSetLog *log, int set)
{
  g_return_if_fail (TD_IS_DEPTH_BARS (self));

  g_array_set_size (self->bars, 0);
  for (int s = 1; s <= td_set_log_n_sets (log); s++)
    {
      guint n;
      const TdLoggedRep *reps = td_set_log_reps (log, s, &n);

      for (guint i = 0; i < n && (set == 0 || s == set); i++)
        {
          TdMeasure depth = reps[i].rep.knee_flexion_max_deg;
          Bar bar = { td_measure_ok (depth) ? depth.value : NAN, reps[i].counts,
                      i == 0 && self->bars->len > 0 };
          g_array_append_val (self->bars, bar);
        }
    }
  describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
td_depth_bars_set_limit (TdDepthBars *self, float flexion_deg)
{
  g_return_if_fail (TD_IS_DEPTH_BARS (self));

  self->limit_deg = flexion_deg;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static double
bar_height (float depth_deg, double room)
{
  float share
      = (CLAMP (depth_deg, LOWEST_DEG, HIGHEST_DEG) - LOWEST_DEG) / (HIGHEST_DEG - LOWEST_DEG);
  return MAX ((double) share * room, 3);
}

/* Above the bar when there is room for it. */
static void
draw_number (TdDepthBars *self, cairo_t *cr, const Bar *bar, double centre, double top,
             double place)
{
  g_autofree char *text = g_strdup_printf ("%.0f", (double) bar->depth_deg);
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  int width, height;

  pango_layout_get_pixel_size (layout, &width, &height);
  if (width + 2 > place)
    return;
  cairo_move_to (cr, centre - width / 2., top - height);
  pango_cairo_show_layout (cr, layout);
}

static void
td_depth_bars_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  TdDepthBars *self = TD_DEPTH_BARS (widget);
  double width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  double zoom = (double) td_look_zoom (widget);
  double room = height - (double) NUMBER_HEIGHT * zoom;
  double places = 0;
  GdkRGBA colour;
  const GdkRGBA teal = { 0x4f / 255.f, 0xc3 / 255.f, 0xbd / 255.f, 1 };

  for (guint i = 0; i < self->bars->len; i++)
    places += 1 + (g_array_index (self->bars, Bar, i).first ? (double) SET_GAP : 0);
  if (places <= 0 || room <= 0)
    return;

  double place = MIN (width / places, (double) WIDEST_PLACE * zoom);
  double x = (width - place * places) / 2;
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &colour);
  cairo_t *cr = gtk_snapshot_append_cairo (
      snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));

  for (guint i = 0; i < self->bars->len; i++)
    {
      const Bar *bar = &g_array_index (self->bars, Bar, i);
      double inset = MAX (place * 0.14, 0.5);

      x += bar->first ? place * (double) SET_GAP : 0;
      if (!isnan (bar->depth_deg))
        {
          double tall = bar_height (bar->depth_deg, room);
          cairo_rectangle (cr, x + inset, height - tall, place - 2 * inset, tall);
          gdk_cairo_set_source_rgba (cr, bar->counts ? &teal : &colour);
          cairo_set_line_width (cr, 1.5);
          if (bar->counts)
            cairo_fill (cr);
          else
            cairo_stroke (cr);
          gdk_cairo_set_source_rgba (cr, &colour);
          draw_number (self, cr, bar, x + place / 2, height - tall, place);
        }
      else if (bar->counts)
        {
          /* Counted by hand: there, and not measured. */
          gdk_cairo_set_source_rgba (cr, &colour);
          cairo_set_line_width (cr, 2);
          cairo_move_to (cr, x + inset, height - 1);
          cairo_line_to (cr, x + place - inset, height - 1);
          cairo_stroke (cr);
        }
      x += place;
    }

  if (!isnan (self->limit_deg))
    {
      const double dashes[] = { 4, 4 };
      double y = height - bar_height (self->limit_deg, room);
      cairo_set_source_rgba (cr, 0.75, 0.75, 0.75, 0.9);
      cairo_set_line_width (cr, 1);
      cairo_set_dash (cr, dashes, 2, 0);
      cairo_move_to (cr, 0, floor (y) + 0.5);
      cairo_line_to (cr, width, floor (y) + 0.5);
      cairo_stroke (cr);
    }
  cairo_destroy (cr);
}

static void
td_depth_bars_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                       int *natural, int *minimum_baseline, int *natural_baseline)
{
  float zoom = td_look_zoom (widget);

  (void) for_size;
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 120 : 64;
  *natural = (int) ((orientation == GTK_ORIENTATION_HORIZONTAL ? 360 : 120) * zoom);
  *minimum = MIN (*minimum, *natural);
  *minimum_baseline = *natural_baseline = -1;
}

static void
td_depth_bars_finalize (GObject *object)
{
  g_array_unref (TD_DEPTH_BARS (object)->bars);
  G_OBJECT_CLASS (td_depth_bars_parent_class)->finalize (object);
}

static void
td_depth_bars_class_init (TdDepthBarsClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = td_depth_bars_finalize;
  widget_class->snapshot = td_depth_bars_snapshot;
  widget_class->measure = td_depth_bars_measure;
  gtk_widget_class_set_css_name (widget_class, "td-depth-bars");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
td_depth_bars_init (TdDepthBars *self)
{
  self->bars = g_array_new (FALSE, FALSE, sizeof (Bar));
  self->limit_deg = NAN;
  describe (self);
}

GtkWidget *
td_depth_bars_new (void)
{
  return g_object_new (TD_TYPE_DEPTH_BARS, NULL);
}
