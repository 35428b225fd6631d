/* test-chart-view.c: the chart as a widget: what it says, and its keys.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-chart-view.h"
#include "td-widget-test.h"

#include <adwaita.h>
#include <math.h>

/* The first node of TYPE, or NULL. */
static GskRenderNode *
find_node (GskRenderNode *node, GskRenderNodeType type)
{
  if (gsk_render_node_get_node_type (node) == type)
    return node;
  if (gsk_render_node_get_node_type (node) == GSK_CONTAINER_NODE)
    for (guint i = 0; i < gsk_container_node_get_n_children (node); i++)
      {
        GskRenderNode *found = find_node (gsk_container_node_get_child (node, i), type);
        if (found)
          return found;
      }
  return NULL;
}

/* As the keyboard does it. */
static gboolean
press (GtkWidget *widget, guint key, GdkModifierType state)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);
  gboolean handled = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);
      if (GTK_IS_EVENT_CONTROLLER_KEY (controller))
        g_signal_emit_by_name (controller, "key-pressed", key, 0, state, &handled);
    }
  return handled;
}

static void
point_at (GtkWidget *widget, double x, double y)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);
      if (GTK_IS_EVENT_CONTROLLER_MOTION (controller))
        {
          if (isnan (x))
            g_signal_emit_by_name (controller, "leave");
          else
            g_signal_emit_by_name (controller, "motion", x, y);
        }
    }
}

/* Three squats in 12 s, 30 frames a second. */
static TdChartData *
squats (void)
{
  TdSessionRow session = { .id = 1, .n_sets = 1, .ended = true };
  TdMeasure none = td_measure_missing (TD_MISSING_SIDE_VIEW);

  g_strlcpy (session.exercise, "cyclist", sizeof session.exercise);
  TdChartData *data = td_chart_data_new (&session);
  for (int i = 0; i < 3; i++)
    {
      TdRepRow row = { .session = 1, .set_number = 1 };
      row.rep.index = row.rep.number = i + 1;
      row.rep.counted = true;
      row.rep.start_ns = (4 * i + 2) * G_GINT64_CONSTANT (1000000000);
      row.rep.bottom_ns = row.rep.start_ns + 1000000000;
      row.rep.top_ns = row.rep.start_ns + 2000000000;
      row.rep.knee_flexion_max_deg = td_measure (110.f + (float) i, 2);
      td_chart_data_add_rep (data, &row);
    }
  for (int f = 0; f < 360; f++)
    {
      TdSampleRow row = { .set_number = 1 };
      double within = fmod (f / 30., 4) - 2;
      TdMeasure knee
          = td_measure ((float) (5 + (within > 0 ? sin (G_PI * within / 2) : 0) * 105), 2);
      row.pose.time_ns = f * G_GINT64_CONSTANT (1000000000) / 30;
      row.measures.flexion_deg = knee;
      row.measures.knee_flexion_deg[0] = row.measures.knee_flexion_deg[1] = knee;
      row.measures.trunk_lean_deg = none;
      td_chart_data_add_sample (data, &row);
    }
  td_chart_data_seal (data);
  return data;
}

static GtkWidget *
a_view (TdChartKind kind, GtkWidget **window)
{
  TdChartData *data = squats ();
  GtkWidget *view = td_chart_view_new ();

  td_chart_view_set_chart (TD_CHART_VIEW (view), td_chart_new (data, kind, TD_CHART_BOTH));
  td_chart_data_unref (data);
  *window = td_test_show (view, 600, 300);
  return view;
}

static void
on_moved (guint *n)
{
  ++*n;
}

static void
it_says_what_it_shows (void)
{
  GtkWidget *window, *view = a_view (TD_CHART_KNEE, &window);

  g_assert_true (gtk_widget_get_focusable (view));
  gtk_test_accessible_assert_role (view, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_test_accessible_assert_property (view, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Knee flexion over time");
  gtk_test_accessible_assert_property (
      view, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
      "Knee flexion over 12 seconds, 3 repetitions, deepest 112° at repetition 3.");
  td_chart_view_set_chart (TD_CHART_VIEW (view), NULL);
  gtk_test_accessible_assert_property (view, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "No chart");
  g_assert_null (td_test_draw (view));
  g_assert_false (press (view, GDK_KEY_Right, 0));
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
the_keyboard_moves_a_cursor_that_is_spoken (void)
{
  GtkWidget *window, *view = a_view (TD_CHART_KNEE, &window);
  TdChartView *self = TD_CHART_VIEW (view);

  g_assert_cmpint (td_chart_view_get_cursor (self), ==, -1);
  g_assert_true (press (view, GDK_KEY_Right, 0));
  g_assert_cmpint (td_chart_view_get_cursor (self), ==, 0);
  gtk_test_accessible_assert_property (view, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "0.0 s: 5°");
  gtk_test_accessible_assert_property (view, GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, "0.0 s: 5°");

  /* A hundredth of what is in view. */
  press (view, GDK_KEY_Right, 0);
  g_assert_cmpint (td_chart_view_get_cursor (self), ==, 4);
  press (view, GDK_KEY_Left, 0);
  g_assert_cmpint (td_chart_view_get_cursor (self), ==, 0);
  press (view, GDK_KEY_Left, 0);
  g_assert_cmpint (td_chart_view_get_cursor (self), ==, 0);

  press (view, GDK_KEY_Right, GDK_CONTROL_MASK);
  gtk_test_accessible_assert_property (view, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                       "3.0 s, repetition 1: 110°");
  press (view, GDK_KEY_Right, GDK_CONTROL_MASK);
  gtk_test_accessible_assert_property (view, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                       "7.0 s, repetition 2: 110°");
  press (view, GDK_KEY_End, 0);
  g_assert_cmpint (td_chart_view_get_cursor (self), ==, 359);
  press (view, GDK_KEY_Home, 0);
  g_assert_cmpint (td_chart_view_get_cursor (self), ==, 0);
  g_assert_true (press (view, GDK_KEY_Escape, 0));
  g_assert_cmpint (td_chart_view_get_cursor (self), ==, -1);
  gtk_test_accessible_assert_property (
      view, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
      "Knee flexion over 12 seconds, 3 repetitions, deepest 112° at repetition 3.");
  /* Now it is the window's. */
  g_assert_false (press (view, GDK_KEY_Escape, 0));
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
the_keyboard_zooms_and_the_cursor_stays_in_view (void)
{
  GtkWidget *window, *view = a_view (TD_CHART_KNEE, &window);
  TdChartView *self = TD_CHART_VIEW (view);
  TdChartPart all = td_chart_view_get_part (self);

  for (int i = 0; i < 10; i++)
    press (view, GDK_KEY_plus, 0);
  TdChartPart part = td_chart_view_get_part (self);
  g_assert_cmpfloat (part.x_hi - part.x_lo, <, (all.x_hi - all.x_lo) / 5);
  press (view, GDK_KEY_End, 0);
  part = td_chart_view_get_part (self);
  /* The last frame lies just before the end. */
  g_assert_cmpfloat_with_epsilon (part.x_hi, all.x_hi, 0.05);
  press (view, GDK_KEY_Left, GDK_SHIFT_MASK);
  g_assert_cmpfloat (td_chart_view_get_part (self).x_hi, <, part.x_hi);
  press (view, GDK_KEY_Home, 0);
  g_assert_cmpfloat_with_epsilon (td_chart_view_get_part (self).x_lo, all.x_lo, 1e-9);
  press (view, GDK_KEY_minus, 0);
  press (view, GDK_KEY_0, 0);
  part = td_chart_view_get_part (self);
  g_assert_cmpfloat_with_epsilon (part.x_hi - part.x_lo, all.x_hi - all.x_lo, 1e-9);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
a_hover_draws_over_the_same_picture (void)
{
  GtkWidget *window, *view = a_view (TD_CHART_KNEE, &window);
  TdChartView *self = TD_CHART_VIEW (view);
  GskRenderNode *before = td_test_draw (view);

  g_assert_nonnull (find_node (before, GSK_TEXTURE_NODE));
  g_assert_null (find_node (before, GSK_CAIRO_NODE));
  point_at (view, 300, 150);
  g_assert_cmpint (td_chart_view_get_cursor (self), >, 100);
  GskRenderNode *over = td_test_draw (view);
  g_assert_nonnull (find_node (over, GSK_CAIRO_NODE));
  g_assert_true (gsk_texture_node_get_texture (find_node (before, GSK_TEXTURE_NODE))
                 == gsk_texture_node_get_texture (find_node (over, GSK_TEXTURE_NODE)));
  /* Who points sees it: nothing is spoken. */
  gtk_test_accessible_assert_property (
      view, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
      "Knee flexion over 12 seconds, 3 repetitions, deepest 112° at repetition 3.");
  point_at (view, NAN, NAN);
  g_assert_cmpint (td_chart_view_get_cursor (self), ==, -1);
  gsk_render_node_unref (before);
  gsk_render_node_unref (over);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
a_chart_of_nothing_has_no_cursor (void)
{
  GtkWidget *window, *view = a_view (TD_CHART_TRUNK, &window);

  g_assert_false (press (view, GDK_KEY_Right, 0));
  point_at (view, 300, 150);
  td_chart_view_set_cursor (TD_CHART_VIEW (view), 5);
  g_assert_cmpint (td_chart_view_get_cursor (TD_CHART_VIEW (view)), ==, -1);
  GskRenderNode *node = td_test_draw (view);
  g_assert_nonnull (node);
  gsk_render_node_unref (node);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
a_time_moves_the_cursor_without_a_word (void)
{
  GtkWidget *window, *view = a_view (TD_CHART_KNEE, &window);
  TdChartView *self = TD_CHART_VIEW (view);
  guint n = 0;

  g_assert_true (isnan (td_chart_view_get_time (self)));
  g_signal_connect_swapped (self, "cursor-moved", G_CALLBACK (on_moved), &n);
  td_chart_view_set_time (self, 7);
  g_assert_cmpint (td_chart_view_get_cursor (self), ==, 210);
  g_assert_cmpfloat_with_epsilon (td_chart_view_get_time (self), 7, 1e-6);
  g_assert_cmpuint (n, ==, 0);
  gtk_test_accessible_assert_property (
      view, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
      "Knee flexion over 12 seconds, 3 repetitions, deepest 112° at repetition 3.");
  /* The keyboard goes on from there, and is heard. */
  press (view, GDK_KEY_Right, GDK_CONTROL_MASK);
  g_assert_cmpuint (n, ==, 1);
  gtk_test_accessible_assert_property (view, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                       "11.0 s, repetition 3: 110°");

  /* Zoomed in, the page is turned once and stays until it is used up. */
  td_chart_view_set_time (self, 0);
  for (int i = 0; i < 8; i++)
    press (view, GDK_KEY_plus, 0);
  TdChartPart before = td_chart_view_get_part (self);
  double length = before.x_hi - before.x_lo;
  td_chart_view_set_time (self, before.x_hi + 0.1);
  TdChartPart after = td_chart_view_get_part (self);
  g_assert_cmpfloat_with_epsilon (after.x_lo, td_chart_view_get_time (self), 1e-6);
  td_chart_view_set_time (self, after.x_lo + length / 2);
  g_assert_cmpfloat (td_chart_view_get_part (self).x_lo, ==, after.x_lo);
  gtk_window_destroy (GTK_WINDOW (window));
}

typedef struct
{
  GdkTexture *texture;
  char *text;
  int waiting;
} Copied;

static void
on_texture (GObject *clipboard, GAsyncResult *result, gpointer data)
{
  Copied *copied = data;

  copied->texture = gdk_clipboard_read_texture_finish (GDK_CLIPBOARD (clipboard), result, NULL);
  copied->waiting--;
}

static void
on_text (GObject *clipboard, GAsyncResult *result, gpointer data)
{
  Copied *copied = data;

  copied->text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (clipboard), result, NULL);
  copied->waiting--;
}

static void
what_is_in_view_is_copied_as_picture_and_as_table (void)
{
  GtkWidget *window, *view = a_view (TD_CHART_REP_DEPTH, &window);
  TdChartView *self = TD_CHART_VIEW (view);
  GdkClipboard *clipboard = gtk_widget_get_clipboard (view);
  Copied copied = { .waiting = 2 };
  guint n = 0;

  g_signal_connect_swapped (self, "copied", G_CALLBACK (on_moved), &n);
  g_assert_true (gtk_widget_activate_action (view, "chart.copy", NULL));
  g_assert_cmpuint (n, ==, 1);
  gdk_clipboard_read_texture_async (clipboard, NULL, on_texture, &copied);
  gdk_clipboard_read_text_async (clipboard, NULL, on_text, &copied);
  while (copied.waiting > 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_nonnull (copied.texture);
  g_assert_cmpint (gdk_texture_get_width (copied.texture), ==, 1600);
  g_assert_cmpint (gdk_texture_get_height (copied.texture), ==, 900);
  g_assert_nonnull (copied.text);
  g_assert_nonnull (strstr (copied.text, "\nrepetition 2\t111.0\n"));
  g_autoptr (GdkContentFormats) formats
      = gdk_content_formats_ref (gdk_clipboard_get_formats (clipboard));
  formats = gdk_content_formats_union_serialize_mime_types (g_steal_pointer (&formats));
  g_assert_true (gdk_content_formats_contain_mime_type (formats, "image/png"));
  g_assert_true (gdk_content_formats_contain_mime_type (formats, "text/plain"));
  g_object_unref (copied.texture);
  g_free (copied.text);

  td_chart_view_set_chart (self, NULL);
  g_assert_false (td_chart_view_copy (self));
  g_assert_cmpuint (n, ==, 1);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
the_menu_offers_to_copy (void)
{
  GtkWidget *window, *view = a_view (TD_CHART_KNEE, &window);

  g_assert_true (gtk_widget_activate_action (view, "chart.menu", NULL));
  GtkWidget *menu = gtk_widget_get_first_child (view);
  g_assert_true (GTK_IS_POPOVER_MENU (menu));
  g_assert_true (gtk_widget_get_visible (menu));
  GMenuModel *model = gtk_popover_menu_get_menu_model (GTK_POPOVER_MENU (menu));
  g_autofree char *action = NULL;
  g_assert_true (g_menu_model_get_item_attribute (model, 0, G_MENU_ATTRIBUTE_ACTION, "s", &action));
  g_assert_cmpstr (action, ==, "chart.copy");
  gtk_popover_popdown (GTK_POPOVER (menu));
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
#define ADD(name) g_test_add_func ("/chart-view/" #name, name)
  ADD (it_says_what_it_shows);
  ADD (the_keyboard_moves_a_cursor_that_is_spoken);
  ADD (the_keyboard_zooms_and_the_cursor_stays_in_view);
  ADD (a_hover_draws_over_the_same_picture);
  ADD (a_chart_of_nothing_has_no_cursor);
  ADD (a_time_moves_the_cursor_without_a_word);
  ADD (what_is_in_view_is_copied_as_picture_and_as_table);
  ADD (the_menu_offers_to_copy);
#undef ADD
  return g_test_run ();
}
