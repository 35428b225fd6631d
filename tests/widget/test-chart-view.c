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
#undef ADD
  return g_test_run ();
}
