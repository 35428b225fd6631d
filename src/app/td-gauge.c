/* td-gauge.c: how deep you are, live: the hip's height above the knee, with a mark for parallel.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-gauge.h"

#include <glib/gi18n.h>
#include <math.h>

/* Knee flexion with level thighs lies between 110 and 120 degrees, less where the shanks lean
 * little; only used where the thighs themselves could not be measured. */
#define PARALLEL_FLEXION_DEG 110.f
/* The hip joint lies above the crease that the rule books mean, by about 10 degrees of a thigh's
 * inclination: where the depth class begins to say parallel, too. */
#define PARALLEL_INCLINATION_DEG 10.f
/* The bottom end of the scale. */
#define DEEPEST 1.5f

#define TRACK_WIDTH 36
#define POINTER_WIDTH 16

struct _TdGauge
{
  GtkWidget parent_instance;
  TdMeasure depth;
  float count_flexion_deg;
  int said; /* what the accessible text says: percent of parallel in steps, or a reason */
};

G_DEFINE_FINAL_TYPE (TdGauge, td_gauge, GTK_TYPE_WIDGET)

/* Of a thigh of length 1 the hip is sin (inclination) above the knee. */
static float
depth_of_inclination (float degrees)
{
  const float radian = (float) G_PI / 180;
  return (1 - sinf (degrees * radian)) / (1 - sinf (PARALLEL_INCLINATION_DEG * radian));
}

float
td_gauge_depth_of_flexion (float flexion_deg)
{
  return depth_of_inclination (
      90 - flexion_deg * (90 - PARALLEL_INCLINATION_DEG) / PARALLEL_FLEXION_DEG);
}

TdMeasure
td_gauge_depth (const TdFrameMeasures *measures)
{
  if (td_measure_ok (measures->thigh_deg))
    return td_measure (depth_of_inclination (measures->thigh_deg.value), 0.05f);
  if (td_measure_ok (measures->flexion_deg))
    return td_measure (td_gauge_depth_of_flexion (measures->flexion_deg.value), 0.1f);
  return td_measure_missing (measures->flexion_deg.missing);
}

/* A value text that changes in steps, so that nothing is said thirty times a second. */
static void
say (TdGauge *self)
{
  int now;
  g_autofree char *text = NULL;

  if (td_measure_ok (self->depth))
    now = self->depth.value >= 1 ? 100 : (int) (MAX (self->depth.value, 0) * 4) * 25;
  else
    now = -1 - (int) self->depth.missing;
  if (now == self->said)
    return;
  self->said = now;

  if (now >= 100)
    text = g_strdup (_ ("parallel reached"));
  else if (now >= 0)
    text = g_strdup_printf (_ ("%d%% of the way to parallel"), now);
  else
    text = g_strdup (_ (td_missing_text (self->depth.missing)));
  gtk_accessible_update_property (
      GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Depth"),
      GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, GTK_ACCESSIBLE_PROPERTY_VALUE_MIN, 0.0,
      GTK_ACCESSIBLE_PROPERTY_VALUE_MAX, 100.0, GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, text, -1);
  /* Nothing measured is not 0. */
  if (now >= 0)
    gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_VALUE_NOW,
                                    (double) now, -1);
  else
    gtk_accessible_reset_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_VALUE_NOW);
}

void
td_gauge_set_measures (TdGauge *self, const TdFrameMeasures *measures)
{
  g_return_if_fail (TD_IS_GAUGE (self));

  self->depth = measures ? td_gauge_depth (measures) : td_measure_missing (TD_MISSING_NO_PERSON);
  say (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
td_gauge_set_count_flexion (TdGauge *self, float flexion_deg)
{
  g_return_if_fail (TD_IS_GAUGE (self));

  self->count_flexion_deg = flexion_deg;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
append_box (GtkSnapshot *snapshot, float x, float y, float width, float height, float radius,
            const GdkRGBA *colour)
{
  GskRoundedRect box;

  gsk_rounded_rect_init_from_rect (&box, &GRAPHENE_RECT_INIT (x, y, width, height), radius);
  gtk_snapshot_push_rounded_clip (snapshot, &box);
  gtk_snapshot_append_color (snapshot, colour, &box.bounds);
  gtk_snapshot_pop (snapshot);
}

static void
td_gauge_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  TdGauge *self = TD_GAUGE (widget);
  float width = (float) gtk_widget_get_width (widget);
  float height = (float) gtk_widget_get_height (widget);
  const GdkRGBA groove = { 1, 1, 1, 0.22f };
  const GdkRGBA grey = { 0.75f, 0.75f, 0.75f, 1 };
  const GdkRGBA white = { 1, 1, 1, 1 };
  GdkRGBA fill = { 0x4f / 255.f, 0xc3 / 255.f, 0xbd / 255.f, 1 };
  g_autoptr (PangoLayout) label = gtk_widget_create_pango_layout (widget, _ ("parallel"));
  int label_width;

  /* From left to right: the mark's name, upright; the pointer's way; the track. */
  float track = TRACK_WIDTH;
  float pad = 10;
  pango_layout_get_pixel_size (label, &label_width, NULL);
  float track_x = width - track - pad;
  float top = pad + 34; /* the tick's place */
  float bottom = height - pad;
  float length = bottom - top;
  float parallel_y = top + length / DEEPEST;

  append_box (snapshot, track_x, top, track, length, track / 2, &groove);

  if (td_measure_ok (self->depth))
    {
      float depth = CLAMP (self->depth.value, 0, DEEPEST);
      gboolean reached = self->depth.value >= 1;
      float y = top + length * depth / DEEPEST;

      if (!reached)
        fill.alpha = 0.75f;
      append_box (snapshot, track_x, top, track, MAX (y - top, track * 0.5f), track / 2, &fill);

      cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
      cairo_set_source_rgb (cr, 1, 1, 1);
      /* The hip: a pointer from the left. */
      cairo_move_to (cr, (double) (track_x + 2), (double) y);
      cairo_rel_line_to (cr, -POINTER_WIDTH, -11);
      cairo_rel_line_to (cr, 0, 22);
      cairo_close_path (cr);
      cairo_fill (cr);
      if (reached)
        {
          double x = (double) (track_x + track / 2);
          cairo_set_line_width (cr, 5);
          cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
          cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
          cairo_move_to (cr, x - 11, (double) pad + 14);
          cairo_rel_line_to (cr, 8, 8);
          cairo_rel_line_to (cr, 14, -16);
          cairo_stroke (cr);
        }
      cairo_destroy (cr);
    }

  if (self->count_flexion_deg > 0)
    {
      float y = top + length * td_gauge_depth_of_flexion (self->count_flexion_deg) / DEEPEST;
      gtk_snapshot_append_color (snapshot, &grey,
                                 &GRAPHENE_RECT_INIT (track_x - 4, y - 1, track + 8, 2));
    }
  gtk_snapshot_append_color (snapshot, &white,
                             &GRAPHENE_RECT_INIT (track_x - 10, parallel_y - 2, track + 14, 4));
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot,
                          &GRAPHENE_POINT_INIT (pad - 4, parallel_y + (float) label_width / 2));
  gtk_snapshot_rotate (snapshot, -90);
  gtk_snapshot_append_layout (snapshot, label, &white);
  gtk_snapshot_restore (snapshot);
}

static void
td_gauge_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                  int *natural, int *minimum_baseline, int *natural_baseline)
{
  (void) for_size;
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      g_autoptr (PangoLayout) label = gtk_widget_create_pango_layout (widget, _ ("parallel"));
      int height;

      pango_layout_get_pixel_size (label, NULL, &height);
      *minimum = *natural = 8 + height + POINTER_WIDTH + 6 + TRACK_WIDTH + 10;
    }
  else
    {
      *minimum = 120;
      *natural = 320;
    }
  *minimum_baseline = *natural_baseline = -1;
}

static void
td_gauge_class_init (TdGaugeClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  widget_class->snapshot = td_gauge_snapshot;
  widget_class->measure = td_gauge_measure;
  gtk_widget_class_set_css_name (widget_class, "td-gauge");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_METER);
}

static void
td_gauge_init (TdGauge *self)
{
  self->said = G_MININT;
  td_gauge_set_measures (self, NULL);
}

GtkWidget *
td_gauge_new (void)
{
  return g_object_new (TD_TYPE_GAUGE, NULL);
}
