/* td-gauge.c: how deep you are, live: the hip's way down with the user's own marks.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-gauge.h"

#include "td-look.h"

#include <glib/gi18n.h>
#include <math.h>

/* Knee flexion with level thighs lies between 110 and 120 degrees, less where the shanks lean
 * little; only used where the thighs themselves could not be measured. */
#define PARALLEL_FLEXION_DEG 110.f
/* The hip joint lies above the crease that the rule books mean, by about 10 degrees of a thigh's
 * inclination: where the depth class begins to say parallel, too. */
#define PARALLEL_INCLINATION_DEG 10.f
/* The bottom end of the scale. */
#define DEEPEST 1.55f

#define TRACK_WIDTH 40
#define POINTER_WIDTH 26
#define PAD 10
/* The tick's place above the track. */
#define TICK_HEIGHT 44

struct _TdGauge
{
  GtkWidget parent_instance;
  TdMeasure depth;
  gboolean by_knees;
  gboolean nameless;
  float goal;    /* depth to reach */
  float least;   /* depth that counts; 0: not known */
  float contact; /* depth of the calves' contact; NAN: not known */
  int said;      /* what the accessible text says: percent of the goal in steps, or a reason */
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

float
td_gauge_depth_of_check (const TdCheck *check)
{
  if (check->measure == TD_REP_KNEE_FLEXION_MAX)
    return td_gauge_depth_of_flexion (check->limit);
  if (check->measure == TD_REP_THIGH_INCLINATION)
    return depth_of_inclination (check->limit);
  return NAN;
}

TdMeasure
td_gauge_depth (const TdFrameMeasures *measures, gboolean by_knees)
{
  gboolean thighs = td_measure_ok (measures->thigh_deg);
  gboolean knees = td_measure_ok (measures->flexion_deg);

  if (thighs && !(by_knees && knees))
    return td_measure (depth_of_inclination (measures->thigh_deg.value), 0.05f);
  if (knees)
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
    now = self->depth.value >= self->goal
              ? 100
              : (int) (MAX (self->depth.value, 0) / self->goal * 4) * 25;
  else
    now = -1 - (int) self->depth.missing;
  if (now == self->said)
    return;
  self->said = now;

  if (now >= 100)
    text = g_strdup (_ ("depth reached"));
  else if (now >= 0)
    text = g_strdup_printf (_ ("%d%% of the way down"), now);
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

  self->depth = measures ? td_gauge_depth (measures, self->by_knees)
                         : td_measure_missing (TD_MISSING_NO_PERSON);
  say (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
td_gauge_set_profile (TdGauge *self, const TdProfile *profile)
{
  TdProfile own = *profile;
  const TdCheck *depth = td_profile_check (&own, "depth");
  float goal = depth ? td_gauge_depth_of_check (depth) : NAN;

  g_return_if_fail (TD_IS_GAUGE (self));

  self->by_knees = depth && depth->measure == TD_REP_KNEE_FLEXION_MAX;
  self->goal = isnan (goal) ? 1 : goal;
  self->least = td_gauge_depth_of_flexion (profile->count_flexion_deg);
  say (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
td_gauge_set_contact (TdGauge *self, float flexion_deg)
{
  g_return_if_fail (TD_IS_GAUGE (self));

  self->contact = isnan (flexion_deg) ? NAN : td_gauge_depth_of_flexion (flexion_deg);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
td_gauge_set_names (TdGauge *self, gboolean names)
{
  g_return_if_fail (TD_IS_GAUGE (self));

  self->nameless = !names;
  gtk_widget_queue_resize (GTK_WIDGET (self));
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

/* The scale ends below the lowest mark. */
static float
deepest (TdGauge *self)
{
  float lowest = MAX (DEEPEST, self->goal + 0.15f);

  return isnan (self->contact) ? lowest : MAX (lowest, self->contact + 0.15f);
}

typedef struct
{
  float depth;
  const char *name;
  gboolean goal;
} Mark;

/* From top to bottom. */
static int
marks_of (TdGauge *self, Mark marks[3])
{
  int n = 0;

  /* Within a pixel or two of the goal it is the goal. */
  if (fabsf (self->goal - 1) > 0.04f)
    marks[n++] = (Mark){ 1, _ ("parallel"), FALSE };
  marks[n++]
      = (Mark){ self->goal, fabsf (self->goal - 1) > 0.04f ? _ ("goal") : _ ("parallel"), TRUE };
  if (!isnan (self->contact) && fabsf (self->contact - self->goal) > 0.04f)
    marks[n++] = (Mark){ self->contact, _ ("calves"), FALSE };
  for (int i = 1; i < n; i++)
    for (int j = i; j > 0 && marks[j].depth < marks[j - 1].depth; j--)
      {
        Mark other = marks[j];
        marks[j] = marks[j - 1];
        marks[j - 1] = other;
      }
  return n;
}

static int
label_width (TdGauge *self, int *height)
{
  const char *const names[] = { _ ("parallel"), _ ("goal"), _ ("calves") };
  int widest = 0;

  if (self->nameless)
    {
      *height = 0;
      return 0;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (PangoLayout) label = gtk_widget_create_pango_layout (GTK_WIDGET (self), names[i]);
      int width;
      pango_layout_get_pixel_size (label, &width, height);
      widest = MAX (widest, width);
    }
  return widest;
}

static void
draw_tick (cairo_t *cr, double x, double y, double zoom)
{
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_set_line_width (cr, 7 * zoom);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_move_to (cr, x - 15 * zoom, y);
  cairo_rel_line_to (cr, 11 * zoom, 11 * zoom);
  cairo_rel_line_to (cr, 20 * zoom, -23 * zoom);
  cairo_stroke (cr);
}

static void
td_gauge_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  TdGauge *self = TD_GAUGE (widget);
  float width = (float) gtk_widget_get_width (widget);
  float height = (float) gtk_widget_get_height (widget);
  const GdkRGBA groove = { 1, 1, 1, 0.22f };
  const GdkRGBA grey = { 0.8f, 0.8f, 0.8f, 1 };
  const GdkRGBA white = { 1, 1, 1, 1 };
  const GdkRGBA full = { 0x4f / 255.f, 0xc3 / 255.f, 0xbd / 255.f, 1 };
  GdkRGBA fill = full;
  Mark marks[3];
  int n_marks = marks_of (self, marks);
  float zoom = td_look_zoom (widget), track = TRACK_WIDTH * zoom, pad = PAD * zoom;
  int text_height, text_width = label_width (self, &text_height);

  /* From left to right: the marks' names, the track, the way of the hip's pointer. */
  float track_x = pad + (float) text_width + 8 * zoom;
  float top = pad + TICK_HEIGHT * zoom;
  float length = height - pad - top;
  float scale = length / deepest (self);
  gboolean measured = td_measure_ok (self->depth);
  gboolean reached = measured && self->depth.value >= self->goal;
  float depth = measured ? CLAMP (self->depth.value, 0, deepest (self)) : 0;
  float y = top + depth * scale;

  append_box (snapshot, track_x, top, track, length, track / 2, &groove);
  if (measured)
    {
      if (!reached)
        fill.alpha = 0.6f;
      append_box (snapshot, track_x, top, track, reached ? length : MAX (y - top, track / 2),
                  track / 2, &fill);
    }
  if (self->least > 0)
    gtk_snapshot_append_color (
        snapshot, &grey,
        &GRAPHENE_RECT_INIT (track_x + 6, top + self->least * scale - 1, track - 12, 2));

  float free_from = 0;
  for (int i = 0; i < n_marks; i++)
    {
      const Mark *mark = &marks[i];
      float at = top + mark->depth * scale;
      float thick = (mark->goal ? 6 : 3) * zoom;
      g_autoptr (PangoLayout) label = gtk_widget_create_pango_layout (widget, mark->name);
      int own_width;

      gtk_snapshot_append_color (
          snapshot, mark->goal ? &white : &grey,
          &GRAPHENE_RECT_INIT (track_x - 5, at - thick / 2, track + 10, thick));
      if (self->nameless)
        continue;
      pango_layout_get_pixel_size (label, &own_width, NULL);
      /* Names of marks that lie close move apart. */
      float text_y = MAX (at - (float) text_height / 2, free_from);
      free_from = text_y + (float) text_height;
      gtk_snapshot_save (snapshot);
      gtk_snapshot_translate (
          snapshot, &GRAPHENE_POINT_INIT (pad + (float) (text_width - own_width), text_y));
      gtk_snapshot_append_layout (snapshot, label, mark->goal ? &white : &grey);
      gtk_snapshot_restore (snapshot);
    }

  if (!measured)
    return;
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  cairo_set_source_rgb (cr, 1, 1, 1);
  /* The hip. */
  cairo_move_to (cr, (double) (track_x + track + 1), (double) y);
  cairo_rel_line_to (cr, (double) (POINTER_WIDTH * zoom - 3), (double) (-15 * zoom));
  cairo_rel_line_to (cr, 0, (double) (30 * zoom));
  cairo_close_path (cr);
  cairo_fill (cr);
  if (reached)
    draw_tick (cr, (double) (track_x + track / 2), (double) (pad + 20 * zoom), (double) zoom);
  cairo_destroy (cr);
}

static void
td_gauge_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                  int *natural, int *minimum_baseline, int *natural_baseline)
{
  (void) for_size;
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      int height, text = label_width (TD_GAUGE (widget), &height);
      float rest = PAD + 8 + TRACK_WIDTH + POINTER_WIDTH + PAD - 4;
      *minimum = *natural = text + (int) ceilf (rest * td_look_zoom (widget));
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
  self->goal = 1;
  self->contact = NAN;
  td_gauge_set_measures (self, NULL);
}

GtkWidget *
td_gauge_new (void)
{
  return g_object_new (TD_TYPE_GAUGE, NULL);
}
