/* td-trend-view.c: a chart over weeks, with a cursor that says its values.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-trend-view.h"

#include "td-look.h"
#include "td-trend-draw.h"

#include <glib/gi18n.h>

struct _TdTrendView
{
  GtkWidget parent_instance;

  TdTrendChart *chart;
  int cursor;
  gboolean hovering; /* the cursor is the pointer's and goes with it */
  double pointer_x, pointer_y;
  char *font;
};

G_DEFINE_FINAL_TYPE (TdTrendView, td_trend_view, GTK_TYPE_WIDGET)

/* --- Colours ------------------------------------------------------------------------------ */

/* It lies on a card, whose ground is there already. */
static TdChartStyle
style_of (TdTrendView *self)
{
  TdChartStyle style = td_look_of (GTK_WIDGET (self), &self->font);

  style.background = (TdChartColour){ 0, 0, 0, 0 };
  return style;
}

/* --- What is said ------------------------------------------------------------------------- */

/* The pointer's hover is not announced: who uses it sees the values. */
static void
say (TdTrendView *self)
{
  GtkAccessible *accessible = GTK_ACCESSIBLE (self);

  if (!self->chart)
    {
      gtk_accessible_update_property (accessible, GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Chart"),
                                      GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, _ ("No chart"), -1);
      gtk_accessible_reset_property (accessible, GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT);
      return;
    }
  gtk_accessible_update_property (accessible, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  td_trend_chart_name (self->chart->kind), -1);
  if (self->cursor >= 0 && !self->hovering)
    {
      g_autofree char *words = td_trend_chart_words_at (self->chart, (gsize) self->cursor);
      gtk_accessible_update_property (accessible, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, words,
                                      GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, words, -1);
    }
  else
    {
      gtk_accessible_update_property (accessible, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                      self->chart->description, -1);
      gtk_accessible_reset_property (accessible, GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT);
    }
}

/* --- The cursor --------------------------------------------------------------------------- */

static void
move_cursor (TdTrendView *self, int week, gboolean hovering)
{
  if (week == self->cursor && hovering == self->hovering)
    return;
  self->cursor = week;
  self->hovering = hovering;
  if (!hovering)
    say (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

int
td_trend_view_get_cursor (TdTrendView *self)
{
  g_return_val_if_fail (TD_IS_TREND_VIEW (self), -1);
  return self->cursor;
}

void
td_trend_view_set_chart (TdTrendView *self, TdTrendChart *chart)
{
  g_return_if_fail (TD_IS_TREND_VIEW (self));

  td_trend_chart_free (self->chart);
  self->chart = chart;
  self->cursor = -1;
  self->hovering = FALSE;
  say (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

TdTrendChart *
td_trend_view_get_chart (TdTrendView *self)
{
  g_return_val_if_fail (TD_IS_TREND_VIEW (self), NULL);
  return self->chart;
}

static gboolean
usable (TdTrendView *self)
{
  return self->chart && !self->chart->nothing;
}

/* A pointer that only rests over the chart is not where the keyboard goes on. */
static void
step (TdTrendView *self, int direction, gboolean to_session)
{
  const TdTrend *trend = self->chart->trend;
  int n = (int) trend->n_weeks;
  int week = self->cursor < 0 || self->hovering ? (direction > 0 ? -1 : n) : self->cursor;

  do
    week += direction;
  while (to_session && week >= 0 && week < n && trend->weeks[week].n_sessions == 0);
  if (week >= 0 && week < n)
    move_cursor (self, week, FALSE);
}

static gboolean
on_key (TdTrendView *self, guint key, guint code, GdkModifierType state)
{
  (void) code;
  if (!usable (self) || (state & GDK_ALT_MASK))
    return GDK_EVENT_PROPAGATE;
  switch (key)
    {
    case GDK_KEY_Left:
    case GDK_KEY_KP_Left:
      step (self, -1, (state & GDK_CONTROL_MASK) != 0);
      return GDK_EVENT_STOP;
    case GDK_KEY_Right:
    case GDK_KEY_KP_Right:
      step (self, 1, (state & GDK_CONTROL_MASK) != 0);
      return GDK_EVENT_STOP;
    case GDK_KEY_Home:
    case GDK_KEY_KP_Home:
      move_cursor (self, 0, FALSE);
      return GDK_EVENT_STOP;
    case GDK_KEY_End:
    case GDK_KEY_KP_End:
      move_cursor (self, (int) self->chart->trend->n_weeks - 1, FALSE);
      return GDK_EVENT_STOP;
    case GDK_KEY_Escape:
      if (self->cursor < 0)
        return GDK_EVENT_PROPAGATE;
      move_cursor (self, -1, FALSE);
      return GDK_EVENT_STOP;
    default:
      return GDK_EVENT_PROPAGATE;
    }
}

/* --- The pointer -------------------------------------------------------------------------- */

static void
on_leave (TdTrendView *self)
{
  if (self->hovering)
    move_cursor (self, -1, FALSE);
}

/* -1: not over the plot. */
static int
week_at (TdTrendView *self, double x, double y)
{
  TdChartStyle style = style_of (self);
  TdChartFrame frame
      = td_trend_chart_frame (self->chart, &style, gtk_widget_get_width (GTK_WIDGET (self)),
                              gtk_widget_get_height (GTK_WIDGET (self)));

  if (x < frame.left || x > frame.right || y < frame.top || y > frame.bottom)
    return -1;
  return (int) td_trend_chart_week_at (self->chart, &frame, x);
}

static void
on_motion (TdTrendView *self, double x, double y)
{
  /* A redraw makes events for a pointer that rests: they must not take the keyboard's cursor. */
  if (!usable (self) || (ABS (x - self->pointer_x) < 0.5 && ABS (y - self->pointer_y) < 0.5))
    return;
  self->pointer_x = x;
  self->pointer_y = y;
  int week = week_at (self, x, y);
  if (week >= 0)
    move_cursor (self, week, TRUE);
  else
    on_leave (self);
}

/* A press says: here. The keyboard goes on from it. */
static void
on_press (TdTrendView *self, int n, double x, double y)
{
  (void) n;
  gtk_widget_grab_focus (GTK_WIDGET (self));
  int week = usable (self) ? week_at (self, x, y) : -1;
  if (week >= 0)
    move_cursor (self, week, FALSE);
}

/* --- Drawing ------------------------------------------------------------------------------ */

static void
td_trend_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  TdTrendView *self = TD_TREND_VIEW (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  graphene_rect_t all = GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height);

  if (!self->chart || width <= 0 || height <= 0)
    return;
  TdChartStyle style = style_of (self);
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &all);
  td_trend_chart_draw (self->chart, &style, cr, width, height);
  if (self->cursor >= 0)
    {
      /* What covers the chart needs a ground. */
      style.background = td_look_popover (widget);
      td_trend_chart_draw_cursor (self->chart, &style, cr, width, height, (gsize) self->cursor);
    }
  cairo_destroy (cr);
}

static void
td_trend_view_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                       int *natural, int *minimum_baseline, int *natural_baseline)
{
  (void) widget;
  (void) for_size;
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 200 : 220;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 400 : 240;
  *minimum_baseline = *natural_baseline = -1;
}

static void
td_trend_view_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (td_trend_view_parent_class)->css_changed (widget, change);
  gtk_widget_queue_draw (widget);
}

static void
td_trend_view_dispose (GObject *object)
{
  TdTrendView *self = TD_TREND_VIEW (object);

  g_clear_pointer (&self->chart, td_trend_chart_free);
  g_clear_pointer (&self->font, g_free);
  self->cursor = -1;
  G_OBJECT_CLASS (td_trend_view_parent_class)->dispose (object);
}

static void
td_trend_view_class_init (TdTrendViewClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = td_trend_view_dispose;
  widget_class->snapshot = td_trend_view_snapshot;
  widget_class->measure = td_trend_view_measure;
  widget_class->css_changed = td_trend_view_css_changed;
  /* The same frame round the focus as every chart. */
  gtk_widget_class_set_css_name (widget_class, "td-chart");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
td_trend_view_init (TdTrendView *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  self->cursor = -1;
  gtk_widget_set_focusable (widget, TRUE);
  gtk_widget_set_overflow (widget, GTK_OVERFLOW_HIDDEN);
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (on_key), self);
  g_signal_connect_swapped (motion, "enter", G_CALLBACK (on_motion), self);
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (on_motion), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (on_leave), self);
  g_signal_connect_swapped (click, "pressed", G_CALLBACK (on_press), self);
  gtk_widget_add_controller (widget, keys);
  gtk_widget_add_controller (widget, motion);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (click));
  td_look_watch (widget, G_CALLBACK (gtk_widget_queue_draw));
  say (self);
}

GtkWidget *
td_trend_view_new (void)
{
  return g_object_new (TD_TYPE_TREND_VIEW, NULL);
}
