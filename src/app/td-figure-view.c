/* td-figure-view.c: the person of one moment, from one side.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-figure-view.h"

#include "td-look.h"

#include <glib/gi18n.h>
#include <math.h>

#define DEGREES_A_PIXEL 0.6
#define KEY_STEP_DEG 10
#define KEY_SMALL_STEP_DEG 1

struct _TdFigureView
{
  GtkWidget parent_instance;

  TdFigure figure;
  TdFigureKnees knees;
  double yaw_deg, yaw_before; /* a drag */
  gboolean turnable;
  gboolean empty; /* not even a moment */
  char *font;
};

G_DEFINE_FINAL_TYPE (TdFigureView, td_figure_view, GTK_TYPE_WIDGET)

enum
{
  PROP_TURNABLE = 1
};

enum
{
  TURNED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

void
td_figure_view_set_figure (TdFigureView *self, const TdFigure *figure, const TdFigureKnees *knees)
{
  g_return_if_fail (TD_IS_FIGURE_VIEW (self));

  self->empty = figure == NULL;
  self->figure = figure ? *figure : (TdFigure){ 0 };
  self->knees = knees ? *knees : (TdFigureKnees){ { NAN, NAN }, NAN };
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
td_figure_view_set_yaw (TdFigureView *self, double yaw_deg)
{
  g_return_if_fail (TD_IS_FIGURE_VIEW (self));

  self->yaw_deg = remainder (yaw_deg, 360);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

double
td_figure_view_get_yaw (TdFigureView *self)
{
  g_return_val_if_fail (TD_IS_FIGURE_VIEW (self), 0);
  return self->yaw_deg;
}

void
td_figure_view_set_words (TdFigureView *self, const char *name, const char *words)
{
  g_return_if_fail (TD_IS_FIGURE_VIEW (self));

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, words, -1);
}

static void
turn (TdFigureView *self, double yaw_deg)
{
  td_figure_view_set_yaw (self, yaw_deg);
  g_signal_emit (self, signals[TURNED], 0);
}

static gboolean
on_key (TdFigureView *self, guint key, guint code, GdkModifierType state)
{
  gboolean left = key == GDK_KEY_Left || key == GDK_KEY_KP_Left;
  gboolean right = key == GDK_KEY_Right || key == GDK_KEY_KP_Right;
  double by = state & GDK_SHIFT_MASK ? KEY_SMALL_STEP_DEG : KEY_STEP_DEG;

  (void) code;
  if (!self->turnable || (!left && !right) || (state & (GDK_CONTROL_MASK | GDK_ALT_MASK)))
    return GDK_EVENT_PROPAGATE;
  turn (self, self->yaw_deg + (right ? by : -by));
  return GDK_EVENT_STOP;
}

static void
on_drag_begin (TdFigureView *self)
{
  if (!self->turnable)
    return;
  gtk_widget_grab_focus (GTK_WIDGET (self));
  self->yaw_before = self->yaw_deg;
}

/* What is in front of the person goes with the pointer. */
static void
on_drag_update (TdFigureView *self, double dx, double dy)
{
  (void) dy;
  if (self->turnable)
    turn (self, self->yaw_before - dx * DEGREES_A_PIXEL);
}

static void
draw_nobody (TdFigureView *self, cairo_t *cr, const TdChartStyle *style, int width, int height)
{
  g_autoptr (PangoLayout) layout
      = gtk_widget_create_pango_layout (GTK_WIDGET (self), _ ("Nobody is seen here"));
  int text_height;

  pango_layout_set_width (layout, width * PANGO_SCALE);
  pango_layout_set_alignment (layout, PANGO_ALIGN_CENTER);
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_get_pixel_size (layout, NULL, &text_height);
  cairo_set_source_rgba (cr, style->dim.red, style->dim.green, style->dim.blue, style->dim.alpha);
  cairo_move_to (cr, 0, (height - text_height) / 2.);
  pango_cairo_show_layout (cr, layout);
}

static void
td_figure_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  TdFigureView *self = TD_FIGURE_VIEW (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);

  if (width <= 0 || height <= 0)
    return;
  TdChartStyle style = td_look_of (widget, &self->font);
  cairo_t *cr = gtk_snapshot_append_cairo (
      snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  td_figure_draw (&self->figure, &self->knees, &style, cr, width, height, self->yaw_deg);
  if (!self->figure.seen && !self->empty)
    draw_nobody (self, cr, &style, width, height);
  cairo_destroy (cr);
}

static void
td_figure_view_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                        int *natural, int *minimum_baseline, int *natural_baseline)
{
  (void) widget;
  (void) for_size;
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 96 : 140;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 200 : 280;
  *minimum_baseline = *natural_baseline = -1;
}

static void
td_figure_view_set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
  TdFigureView *self = TD_FIGURE_VIEW (object);

  (void) spec;
  g_assert (id == PROP_TURNABLE);
  self->turnable = g_value_get_boolean (value);
  gtk_widget_set_focusable (GTK_WIDGET (self), self->turnable);
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), self->turnable ? "ew-resize" : NULL);
}

static void
td_figure_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  (void) spec;
  g_assert (id == PROP_TURNABLE);
  g_value_set_boolean (value, TD_FIGURE_VIEW (object)->turnable);
}

static void
td_figure_view_finalize (GObject *object)
{
  g_free (TD_FIGURE_VIEW (object)->font);
  G_OBJECT_CLASS (td_figure_view_parent_class)->finalize (object);
}

static void
td_figure_view_class_init (TdFigureViewClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  object_class->set_property = td_figure_view_set_property;
  object_class->get_property = td_figure_view_get_property;
  object_class->finalize = td_figure_view_finalize;
  widget_class->snapshot = td_figure_view_snapshot;
  widget_class->measure = td_figure_view_measure;
  g_object_class_install_property (
      object_class, PROP_TURNABLE,
      g_param_spec_boolean ("turnable", NULL, NULL, FALSE,
                            G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
  signals[TURNED] = g_signal_new ("turned", TD_TYPE_FIGURE_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_css_name (widget_class, "td-figure");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
td_figure_view_init (TdFigureView *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkGesture *drag = gtk_gesture_drag_new ();

  td_figure_view_set_figure (self, NULL, NULL);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (on_key), self);
  g_signal_connect_swapped (drag, "drag-begin", G_CALLBACK (on_drag_begin), self);
  g_signal_connect_swapped (drag, "drag-update", G_CALLBACK (on_drag_update), self);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  td_look_watch (GTK_WIDGET (self), G_CALLBACK (gtk_widget_queue_draw));
}

GtkWidget *
td_figure_view_new (void)
{
  return g_object_new (TD_TYPE_FIGURE_VIEW, NULL);
}
