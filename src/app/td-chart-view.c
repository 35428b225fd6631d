/* td-chart-view.c: a chart to look at closely.
 *
 * The chart is drawn once into a texture, the cursor over it at each frame: a hover costs no redraw of 10,000
 * samples.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-chart-view.h"

#include "td-chart-export.h"
#include "td-look.h"
#include "td-menu.h"

#include <glib/gi18n.h>
#include <math.h>

#define ZOOM_STEP 1.25
#define PAN_STEP 0.1 /* of what is in view */
#define CURSOR_STEP 0.01

/* Whose the cursor is. */
typedef enum
{
  HELD_BY_KEYS,    /* spoken; stays */
  HELD_BY_POINTER, /* goes with it */
  HELD_BY_TIME     /* moved by td_chart_view_set_time(): who moves it speaks; stays */
} Holder;

struct _TdChartView
{
  GtkWidget parent_instance;

  TdChart *chart;
  TdChartPart part;
  gssize cursor;
  Holder holder;

  GtkWidget *menu; /* made when it is first asked for */
  GdkTexture *drawn;
  int drawn_scale;
  char *font;

  double pointer_x, pointer_y;
  TdChartPart part_before; /* a drag or a pinch */
};

G_DEFINE_FINAL_TYPE (TdChartView, td_chart_view, GTK_TYPE_WIDGET)

enum
{
  CURSOR_MOVED,
  COPIED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
redraw (TdChartView *self)
{
  g_clear_object (&self->drawn);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* --- What is said ------------------------------------------------------------------------- */

/* The pointer's hover is not announced: who uses it sees the values. */
static void
say (TdChartView *self)
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
                                  td_chart_kind_name (self->chart->kind), -1);
  if (self->cursor >= 0 && self->holder == HELD_BY_KEYS)
    {
      g_autofree char *words = td_chart_words_at (self->chart, (gsize) self->cursor);
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

/* --- Cursor and what is in view ----------------------------------------------------------- */

static void
set_part (TdChartView *self, TdChartPart part)
{
  self->part = part;
  redraw (self);
}

static void
move_cursor (TdChartView *self, gssize position, Holder holder)
{
  gboolean same = position == self->cursor && holder == self->holder;
  gboolean spoken = self->holder == HELD_BY_KEYS || holder == HELD_BY_KEYS;

  if (same)
    return;
  self->cursor = position;
  self->holder = holder;
  if (spoken)
    say (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  /* Who sets the time knows it. */
  if (holder != HELD_BY_TIME)
    g_signal_emit (self, signals[CURSOR_MOVED], 0);
}

void
td_chart_view_set_cursor (TdChartView *self, gssize position)
{
  double x, y;

  g_return_if_fail (TD_IS_CHART_VIEW (self));
  gssize n = self->chart ? (gssize) td_chart_n_positions (self->chart) : 0;
  position = n == 0 || position < 0 ? -1 : MIN (position, n - 1);
  if (position >= 0)
    {
      td_chart_position_xy (self->chart, (gsize) position, &x, &y);
      TdChartPart to = td_chart_part_reveal (self->chart, &self->part, x, y);
      if (memcmp (&to, &self->part, sizeof to) != 0)
        set_part (self, to);
    }
  move_cursor (self, position, HELD_BY_KEYS);
}

gssize
td_chart_view_get_cursor (TdChartView *self)
{
  g_return_val_if_fail (TD_IS_CHART_VIEW (self), -1);
  return self->cursor;
}

void
td_chart_view_set_time (TdChartView *self, double time_s)
{
  gsize position;
  double x, y;

  g_return_if_fail (TD_IS_CHART_VIEW (self));
  if (!self->chart || !td_chart_position_at_time (self->chart, time_s, &position))
    {
      move_cursor (self, -1, HELD_BY_TIME);
      return;
    }
  td_chart_position_xy (self->chart, position, &x, &y);
  /* A replay that runs out of view turns the page, once. */
  if (x < self->part.x_lo || x > self->part.x_hi)
    {
      TdChartPart to = td_chart_part_pan (self->chart, &self->part, x - self->part.x_lo, 0);
      if (memcmp (&to, &self->part, sizeof to) != 0)
        set_part (self, to);
    }
  move_cursor (self, (gssize) position, HELD_BY_TIME);
}

double
td_chart_view_get_time (TdChartView *self)
{
  g_return_val_if_fail (TD_IS_CHART_VIEW (self), (double) NAN);
  return self->cursor >= 0 ? td_chart_position_time (self->chart, (gsize) self->cursor)
                           : (double) NAN;
}

TdChartPart
td_chart_view_get_part (TdChartView *self)
{
  g_return_val_if_fail (TD_IS_CHART_VIEW (self), (TdChartPart){ 0 });
  return self->part;
}

void
td_chart_view_set_chart (TdChartView *self, TdChart *chart)
{
  g_return_if_fail (TD_IS_CHART_VIEW (self));

  td_chart_free (self->chart);
  self->chart = chart;
  self->part = chart ? td_chart_part_all (chart) : (TdChartPart){ 0 };
  self->cursor = -1;
  self->holder = HELD_BY_KEYS;
  say (self);
  redraw (self);
  g_signal_emit (self, signals[CURSOR_MOVED], 0);
}

static gboolean
usable (TdChartView *self)
{
  return self->chart && td_chart_n_positions (self->chart) > 0
         && gtk_widget_get_width (GTK_WIDGET (self)) > 0;
}

static TdChartFrame
frame_of (TdChartView *self)
{
  TdChartStyle style = td_look_of (GTK_WIDGET (self), &self->font);

  return td_chart_frame (self->chart, &style, &self->part, gtk_widget_get_width (GTK_WIDGET (self)),
                         gtk_widget_get_height (GTK_WIDGET (self)));
}

/* Zooms about a place on the widget. Whether anything changed. */
static gboolean
zoom_at (TdChartView *self, double factor, double x, double y)
{
  TdChartFrame frame = frame_of (self);
  TdChartPart to
      = td_chart_part_zoom (self->chart, &self->part, factor, td_chart_scale_invert (&frame.x, x),
                            td_chart_scale_invert (&frame.y, y));
  gboolean changed = memcmp (&to, &self->part, sizeof to) != 0;

  if (changed)
    set_part (self, to);
  return changed;
}

static gboolean
pan_by (TdChartView *self, double share)
{
  double dx = share * (self->part.x_hi - self->part.x_lo);
  TdChartPart to = td_chart_part_pan (self->chart, &self->part, dx, 0);
  gboolean changed = memcmp (&to, &self->part, sizeof to) != 0;

  if (changed)
    set_part (self, to);
  return changed;
}

static void
zoom_by_key (TdChartView *self, double factor)
{
  double x = (self->part.x_lo + self->part.x_hi) / 2, y = (self->part.y_lo + self->part.y_hi) / 2;
  double at_x, at_y;

  if (self->cursor >= 0)
    {
      td_chart_position_xy (self->chart, (gsize) self->cursor, &at_x, &at_y);
      x = at_x;
      y = isnan (at_y) ? y : at_y;
    }
  set_part (self, td_chart_part_zoom (self->chart, &self->part, factor, x, y));
}

/* Where the keyboard is, or -1: a pointer that only rests over the chart is not where it goes on. */
static gssize
keyboard_cursor (TdChartView *self)
{
  return self->holder == HELD_BY_POINTER ? -1 : self->cursor;
}

/* A hundredth of what is in view, but at least one position. */
static void
step (TdChartView *self, int direction)
{
  gssize n = (gssize) td_chart_n_positions (self->chart), from = keyboard_cursor (self), to;
  double x, y;

  if (from < 0)
    {
      to = (gssize) td_chart_position_at (self->chart,
                                          direction > 0 ? self->part.x_lo : self->part.x_hi, NAN);
      if (self->chart->form == TD_CHART_AGAINST)
        to = direction > 0 ? 0 : n - 1;
    }
  else
    {
      to = from + direction;
      if (self->chart->form == TD_CHART_OVER_TIME)
        {
          td_chart_position_xy (self->chart, (gsize) from, &x, &y);
          x += direction * CURSOR_STEP * (self->part.x_hi - self->part.x_lo);
          gssize further = (gssize) td_chart_position_at (self->chart, x, NAN);
          to = direction > 0 ? MAX (to, further) : MIN (to, further);
        }
    }
  td_chart_view_set_cursor (self, CLAMP (to, 0, n - 1));
}

static void
jump (TdChartView *self, int direction)
{
  gssize at = keyboard_cursor (self);
  gsize from = at >= 0 ? (gsize) at : direction > 0 ? 0 : td_chart_n_positions (self->chart) - 1;

  td_chart_view_set_cursor (self, (gssize) td_chart_position_jump (self->chart, from, direction));
}

/* --- The clipboard ------------------------------------------------------------------------ */

gboolean
td_chart_view_copy (TdChartView *self)
{
  g_return_val_if_fail (TD_IS_CHART_VIEW (self), FALSE);

  if (!self->chart)
    return FALSE;
  cairo_surface_t *surface = td_chart_picture (self->chart, &self->part);
  g_autoptr (GdkTexture) texture = td_look_texture (surface);
  g_autofree char *table = td_chart_table (self->chart, &self->part);
  if (!texture)
    return FALSE;
  GdkContentProvider *both[] = { gdk_content_provider_new_typed (GDK_TYPE_TEXTURE, texture),
                                 gdk_content_provider_new_typed (G_TYPE_STRING, table) };
  g_autoptr (GdkContentProvider) provider = gdk_content_provider_new_union (both, 2);
  gboolean copied
      = gdk_clipboard_set_content (gtk_widget_get_clipboard (GTK_WIDGET (self)), provider);
  if (copied)
    g_signal_emit (self, signals[COPIED], 0);
  return copied;
}

static void
on_copy (GtkWidget *widget, const char *action, GVariant *parameter)
{
  (void) action;
  (void) parameter;
  td_chart_view_copy (TD_CHART_VIEW (widget));
}

static void
show_menu (TdChartView *self, double x, double y)
{
  if (!self->chart)
    return;
  if (!self->menu)
    {
      g_autoptr (GMenu) menu = g_menu_new ();
      g_menu_append (menu, _ ("Copy Chart and Values"), "chart.copy");
      self->menu = gtk_popover_menu_new_from_model (G_MENU_MODEL (menu));
      gtk_popover_set_has_arrow (GTK_POPOVER (self->menu), FALSE);
      td_menu_gives_back (GTK_POPOVER (self->menu), GTK_WIDGET (self));
      gtk_widget_set_halign (self->menu, GTK_ALIGN_START);
      gtk_widget_set_parent (self->menu, GTK_WIDGET (self));
    }
  gtk_popover_set_pointing_to (GTK_POPOVER (self->menu), &(GdkRectangle){ (int) x, (int) y, 1, 1 });
  gtk_popover_popup (GTK_POPOVER (self->menu));
}

static void
on_secondary (TdChartView *self, int n_press, double x, double y, GtkGesture *gesture)
{
  (void) n_press;
  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
  show_menu (self, x, y);
}

static void
on_menu_key (GtkWidget *widget, const char *action, GVariant *parameter)
{
  (void) action;
  (void) parameter;
  show_menu (TD_CHART_VIEW (widget), gtk_widget_get_width (widget) / 2.,
             gtk_widget_get_height (widget) / 2.);
}

/* --- Keyboard, pointer, touch ------------------------------------------------------------- */

static gboolean
on_key (TdChartView *self, guint key, guint code, GdkModifierType state)
{
  int direction = key == GDK_KEY_Left || key == GDK_KEY_KP_Left ? -1 : 1;

  (void) code;
  if (!usable (self) || (state & GDK_ALT_MASK))
    return GDK_EVENT_PROPAGATE;
  switch (key)
    {
    case GDK_KEY_Left:
    case GDK_KEY_KP_Left:
    case GDK_KEY_Right:
    case GDK_KEY_KP_Right:
      if (state & GDK_SHIFT_MASK)
        pan_by (self, direction * PAN_STEP);
      else if (state & GDK_CONTROL_MASK)
        jump (self, direction);
      else
        step (self, direction);
      return GDK_EVENT_STOP;
    case GDK_KEY_Home:
    case GDK_KEY_KP_Home:
      td_chart_view_set_cursor (self, 0);
      return GDK_EVENT_STOP;
    case GDK_KEY_End:
    case GDK_KEY_KP_End:
      td_chart_view_set_cursor (self, G_MAXSSIZE);
      return GDK_EVENT_STOP;
    case GDK_KEY_plus:
    case GDK_KEY_equal: /* plus without Shift */
    case GDK_KEY_KP_Add:
      zoom_by_key (self, ZOOM_STEP);
      return GDK_EVENT_STOP;
    case GDK_KEY_minus:
    case GDK_KEY_KP_Subtract:
      zoom_by_key (self, 1 / ZOOM_STEP);
      return GDK_EVENT_STOP;
    case GDK_KEY_0:
    case GDK_KEY_KP_0:
      set_part (self, td_chart_part_all (self->chart));
      return GDK_EVENT_STOP;
    case GDK_KEY_Escape:
      if (self->cursor < 0)
        return GDK_EVENT_PROPAGATE;
      td_chart_view_set_cursor (self, -1);
      return GDK_EVENT_STOP;
    default:
      return GDK_EVENT_PROPAGATE;
    }
}

static void
hover (TdChartView *self, double x, double y)
{
  if (!usable (self))
    return;
  TdChartFrame frame = frame_of (self);
  if (x < frame.left || x > frame.right || y < frame.top || y > frame.bottom)
    {
      if (self->holder == HELD_BY_POINTER)
        move_cursor (self, -1, HELD_BY_KEYS);
      return;
    }
  move_cursor (self,
               (gssize) td_chart_position_at (self->chart, td_chart_scale_invert (&frame.x, x),
                                              td_chart_scale_invert (&frame.y, y)),
               HELD_BY_POINTER);
}

static void
on_motion (TdChartView *self, double x, double y)
{
  /* A redraw makes events for a pointer that rests: they must not take the keyboard's cursor. */
  if (fabs (x - self->pointer_x) < 0.5 && fabs (y - self->pointer_y) < 0.5)
    return;
  self->pointer_x = x;
  self->pointer_y = y;
  hover (self, x, y);
}

static void
on_leave (TdChartView *self)
{
  if (self->holder == HELD_BY_POINTER)
    move_cursor (self, -1, HELD_BY_KEYS);
}

static gboolean
on_scroll (TdChartView *self, double dx, double dy, GtkEventControllerScroll *controller)
{
  GdkModifierType state
      = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (controller));
  gboolean changed = FALSE;

  if (!usable (self))
    return GDK_EVENT_PROPAGATE;
  if (state & GDK_SHIFT_MASK)
    {
      dx += dy;
      dy = 0;
    }
  if (fabs (dx) > 0)
    changed |= pan_by (self, dx * PAN_STEP);
  if (fabs (dy) > 0)
    changed |= zoom_at (self, pow (ZOOM_STEP, -dy), self->pointer_x, self->pointer_y);
  /* What cannot zoom out any further lets the page scroll. */
  return changed ? GDK_EVENT_STOP : GDK_EVENT_PROPAGATE;
}

static void
on_drag_begin (TdChartView *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
  self->part_before = self->part;
  /* A press says: here. The keyboard goes on from it. */
  if (self->holder == HELD_BY_POINTER)
    move_cursor (self, self->cursor, HELD_BY_KEYS);
}

static void
on_drag_update (TdChartView *self, double dx, double dy)
{
  if (!usable (self) || td_chart_part_is_all (self->chart, &self->part))
    return;
  TdChartFrame frame = frame_of (self);
  double per_x = (self->part.x_hi - self->part.x_lo) / (frame.right - frame.left);
  double per_y = (self->part.y_hi - self->part.y_lo) / (frame.bottom - frame.top);
  set_part (self, td_chart_part_pan (self->chart, &self->part_before, -dx * per_x, dy * per_y));
}

static void
on_pinch_begin (TdChartView *self)
{
  self->part_before = self->part;
}

static void
on_pinch (TdChartView *self, double scale, GtkGesture *gesture)
{
  double x, y;

  if (!usable (self) || !gtk_gesture_get_bounding_box_center (gesture, &x, &y))
    return;
  TdChartFrame frame = frame_of (self);
  set_part (self, td_chart_part_zoom (self->chart, &self->part_before, scale,
                                      td_chart_scale_invert (&frame.x, x),
                                      td_chart_scale_invert (&frame.y, y)));
}

/* --- Drawing ------------------------------------------------------------------------------ */

static GdkTexture *
draw_texture (TdChartView *self, const TdChartStyle *style, int width, int height, int scale)
{
  cairo_surface_t *surface
      = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width * scale, height * scale);
  cairo_t *cr = cairo_create (surface);

  cairo_scale (cr, scale, scale);
  td_chart_draw (self->chart, style, &self->part, cr, width, height);
  cairo_destroy (cr);
  return td_look_texture (surface);
}

static void
td_chart_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  TdChartView *self = TD_CHART_VIEW (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  int scale = gtk_widget_get_scale_factor (widget);
  graphene_rect_t all = GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height);

  if (!self->chart || width <= 0 || height <= 0)
    return;
  TdChartStyle style = td_look_of (GTK_WIDGET (self), &self->font);
  if (!self->drawn || self->drawn_scale != scale
      || gdk_texture_get_width (self->drawn) != width * scale
      || gdk_texture_get_height (self->drawn) != height * scale)
    {
      g_clear_object (&self->drawn);
      self->drawn = draw_texture (self, &style, width, height, scale);
      self->drawn_scale = scale;
    }
  if (self->drawn)
    gtk_snapshot_append_texture (snapshot, self->drawn, &all);
  if (self->cursor >= 0)
    {
      cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &all);
      td_chart_draw_cursor (self->chart, &style, &self->part, cr, width, height,
                            (gsize) self->cursor);
      cairo_destroy (cr);
    }
}

static void
td_chart_view_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                       int *natural, int *minimum_baseline, int *natural_baseline)
{
  (void) widget;
  (void) for_size;
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 200 : 150;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 480 : 260;
  *minimum_baseline = *natural_baseline = -1;
}

static void
td_chart_view_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  TdChartView *self = TD_CHART_VIEW (widget);

  (void) width;
  (void) height;
  (void) baseline;
  if (self->menu)
    gtk_popover_present (GTK_POPOVER (self->menu));
}

static void
td_chart_view_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (td_chart_view_parent_class)->css_changed (widget, change);
  redraw (TD_CHART_VIEW (widget));
}

static void
td_chart_view_system_setting_changed (GtkWidget *widget, GtkSystemSetting setting)
{
  GTK_WIDGET_CLASS (td_chart_view_parent_class)->system_setting_changed (widget, setting);
  redraw (TD_CHART_VIEW (widget));
}

static void
td_chart_view_dispose (GObject *object)
{
  TdChartView *self = TD_CHART_VIEW (object);

  g_clear_pointer (&self->menu, gtk_widget_unparent);
  g_clear_pointer (&self->chart, td_chart_free);
  g_clear_object (&self->drawn);
  g_clear_pointer (&self->font, g_free);
  self->cursor = -1;
  G_OBJECT_CLASS (td_chart_view_parent_class)->dispose (object);
}

static void
td_chart_view_class_init (TdChartViewClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = td_chart_view_dispose;
  widget_class->snapshot = td_chart_view_snapshot;
  widget_class->measure = td_chart_view_measure;
  widget_class->size_allocate = td_chart_view_size_allocate;
  widget_class->css_changed = td_chart_view_css_changed;
  widget_class->system_setting_changed = td_chart_view_system_setting_changed;
  signals[CURSOR_MOVED] = g_signal_new ("cursor-moved", TD_TYPE_CHART_VIEW, G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[COPIED] = g_signal_new ("copied", TD_TYPE_CHART_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 0);
  gtk_widget_class_install_action (widget_class, "chart.copy", NULL, on_copy);
  gtk_widget_class_install_action (widget_class, "chart.menu", NULL, on_menu_key);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_c, GDK_CONTROL_MASK, "chart.copy",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F10, GDK_SHIFT_MASK, "chart.menu",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Menu, 0, "chart.menu", NULL);
  gtk_widget_class_set_css_name (widget_class, "td-chart");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
add_controller (TdChartView *self, GtkEventController *controller)
{
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
}

static void
td_chart_view_init (TdChartView *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *scroll
      = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);
  GtkGesture *drag = gtk_gesture_drag_new (), *pinch = gtk_gesture_zoom_new ();
  GtkGesture *secondary = gtk_gesture_click_new ();

  self->cursor = -1;
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);

  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (on_key), self);
  g_signal_connect_swapped (motion, "enter", G_CALLBACK (on_motion), self);
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (on_motion), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (on_leave), self);
  g_signal_connect_swapped (scroll, "scroll", G_CALLBACK (on_scroll), self);
  g_signal_connect_swapped (drag, "drag-begin", G_CALLBACK (on_drag_begin), self);
  g_signal_connect_swapped (drag, "drag-update", G_CALLBACK (on_drag_update), self);
  g_signal_connect_swapped (pinch, "begin", G_CALLBACK (on_pinch_begin), self);
  g_signal_connect_swapped (pinch, "scale-changed", G_CALLBACK (on_pinch), self);
  add_controller (self, keys);
  add_controller (self, motion);
  add_controller (self, scroll);
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (secondary), GDK_BUTTON_SECONDARY);
  g_signal_connect_swapped (secondary, "pressed", G_CALLBACK (on_secondary), self);
  add_controller (self, GTK_EVENT_CONTROLLER (secondary));
  add_controller (self, GTK_EVENT_CONTROLLER (drag));
  add_controller (self, GTK_EVENT_CONTROLLER (pinch));

  td_look_watch (GTK_WIDGET (self), G_CALLBACK (redraw));
  say (self);
}

GtkWidget *
td_chart_view_new (void)
{
  return g_object_new (TD_TYPE_CHART_VIEW, NULL);
}
