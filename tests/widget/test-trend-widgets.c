/* test-trend-widgets.c: a chart over weeks as a widget, its card, and the columns that cards stand in.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-columns.h"
#include "td-trend-card.h"
#include "td-trend-view.h"
#include "td-widget-test.h"

#include <adwaita.h>
#include <math.h>

/* Sessions on 2 and 4 March and on 23 March 2026, seen on 25 March: four weeks, two of them empty. */
static TdTrend *
a_trend (gboolean with_depth)
{
  static const char *const days[] = { "2026-03-02", "2026-03-04", "2026-03-23" };
  TdSummaryRow rows[G_N_ELEMENTS (days)];
  TdTrendFilter all = { 0 };
  GDate date;

  for (gsize i = 0; i < G_N_ELEMENTS (days); i++)
    {
      rows[i] = (TdSummaryRow){ .session = (gint64) i + 1,
                                .load_kg = NAN,
                                .n_sets = 1,
                                .n_reps = 10,
                                .best_flexion_deg = with_depth ? 120 : NAN,
                                .mean_flexion_deg = with_depth ? 110 : NAN,
                                .mean_fppa_worst_deg = NAN,
                                .mean_lockout_deg = NAN,
                                .mean_eccentric_s = 2,
                                .mean_concentric_s = 1,
                                .mean_velocity = 0.4f };
      g_snprintf (rows[i].started_at, sizeof rows[i].started_at, "%sT18:00:00+01:00", days[i]);
      g_strlcpy (rows[i].exercise, "cyclist", sizeof rows[i].exercise);
    }
  g_date_clear (&date, 1);
  g_date_set_dmy (&date, 25, G_DATE_MARCH, 2026);
  return td_trend_new (rows, G_N_ELEMENTS (rows), &all, TD_TREND_METRIC,
                       (int) g_date_get_julian (&date));
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
        g_signal_emit_by_name (controller, "motion", x, y);
    }
}

static void
assert_says (GtkWidget *view, const char *words)
{
  gtk_test_accessible_assert_property (view, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, words);
}

static void
the_keyboard_reads_a_chart (void)
{
  TdTrend *trend = a_trend (TRUE);
  GtkWidget *view = td_trend_view_new ();
  TdTrendView *self = TD_TREND_VIEW (view);

  assert_says (view, "No chart");
  g_assert_false (press (view, GDK_KEY_Right, 0));
  td_trend_view_set_chart (self, td_trend_chart_new (trend, TD_TREND_CHART_DEPTH));
  td_trend_unref (trend);
  GtkWidget *window = td_test_show (view, 500, 260);

  g_assert_true (gtk_widget_get_focusable (view));
  gtk_test_accessible_assert_role (view, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_test_accessible_assert_property (view, GTK_ACCESSIBLE_PROPERTY_LABEL, "Depth");
  const char *all = td_trend_view_get_chart (self)->description;
  assert_says (view, all);
  g_assert_false (press (view, GDK_KEY_Escape, 0));

  g_assert_true (press (view, GDK_KEY_Right, 0));
  assert_says (view, "Week of 2 March 2026: mean 110°, deepest 120°");
  press (view, GDK_KEY_Right, 0);
  assert_says (view, "Week of 9 March 2026: no session");
  press (view, GDK_KEY_Right, GDK_CONTROL_MASK);
  assert_says (view, "This week so far: mean 110°, deepest 120°");
  /* There is nothing after it. */
  g_assert_true (press (view, GDK_KEY_Right, GDK_CONTROL_MASK));
  g_assert_cmpint (td_trend_view_get_cursor (self), ==, 3);
  press (view, GDK_KEY_Left, GDK_CONTROL_MASK);
  g_assert_cmpint (td_trend_view_get_cursor (self), ==, 0);
  press (view, GDK_KEY_End, 0);
  g_assert_cmpint (td_trend_view_get_cursor (self), ==, 3);
  press (view, GDK_KEY_Home, 0);
  g_assert_cmpint (td_trend_view_get_cursor (self), ==, 0);
  g_assert_true (press (view, GDK_KEY_Escape, 0));
  assert_says (view, all);
  /* Alt and a digit change the page. */
  g_assert_false (press (view, GDK_KEY_Left, GDK_ALT_MASK));
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
the_pointer_shows_and_is_not_announced (void)
{
  TdTrend *trend = a_trend (TRUE);
  GtkWidget *view = td_trend_view_new ();
  TdTrendView *self = TD_TREND_VIEW (view);

  td_trend_view_set_chart (self, td_trend_chart_new (trend, TD_TREND_CHART_REPS));
  td_trend_unref (trend);
  GtkWidget *window = td_test_show (view, 500, 260);
  const char *all = td_trend_view_get_chart (self)->description;

  point_at (view, 250, 130);
  g_assert_cmpint (td_trend_view_get_cursor (self), >=, 1);
  assert_says (view, all);
  GskRenderNode *node = td_test_draw (view);
  g_assert_nonnull (node);
  gsk_render_node_unref (node);
  /* The keyboard begins at the beginning. */
  press (view, GDK_KEY_Right, 0);
  g_assert_cmpint (td_trend_view_get_cursor (self), ==, 0);
  point_at (view, 250, 1);
  g_assert_cmpint (td_trend_view_get_cursor (self), ==, 0);
  point_at (view, 250, 131);
  point_at (view, 250, 1);
  g_assert_cmpint (td_trend_view_get_cursor (self), ==, -1);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* The first button in WIDGET. */
static GtkWidget *
find_button (GtkWidget *widget)
{
  if (GTK_IS_BUTTON (widget))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_button (child);
      if (found)
        return found;
    }
  return NULL;
}

static void
a_card_without_values_says_why_and_saves_nothing (void)
{
  TdTrend *with = a_trend (TRUE), *without = a_trend (FALSE);
  GtkWidget *card = g_object_ref_sink (td_trend_card_new (TD_TREND_CHART_DEPTH));
  GtkWidget *save = find_button (card);

  td_trend_card_set_trend (TD_TREND_CARD (card), without);
  g_assert_cmpstr (td_trend_card_get_chart (TD_TREND_CARD (card))->nothing, ==,
                   "Depth was not measured");
  g_assert_false (gtk_widget_get_visible (save));
  td_trend_card_set_trend (TD_TREND_CARD (card), with);
  g_assert_true (gtk_widget_get_visible (save));
  gtk_test_accessible_assert_property (save, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Save the chart “Depth”");
  g_object_unref (card);
  td_trend_unref (with);
  td_trend_unref (without);
}

static void
allocation_in (GtkWidget *child, graphene_rect_t *box)
{
  g_assert_true (gtk_widget_compute_bounds (child, gtk_widget_get_parent (child), box));
}

static void
columns_are_as_many_as_fit (void)
{
  static const struct
  {
    int width, columns;
  } cases[] = { { 360, 1 }, { 811, 1 }, { 812, 2 }, { 2000, 2 } };

  for (gsize c = 0; c < G_N_ELEMENTS (cases); c++)
    {
      GtkWidget *box = g_object_ref_sink (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0));
      GtkWidget *children[4];
      graphene_rect_t at[4];
      int height, width = cases[c].width;

      gtk_widget_set_layout_manager (box, g_object_new (TD_TYPE_COLUMNS, NULL));
      for (int i = 0; i < 4; i++)
        {
          children[i] = gtk_drawing_area_new ();
          gtk_widget_set_size_request (children[i], 100, i == 0 ? 80 : 50);
          gtk_box_append (GTK_BOX (box), children[i]);
        }
      /* What is hidden leaves no hole. */
      gtk_widget_set_visible (children[1], FALSE);
      gtk_widget_measure (box, GTK_ORIENTATION_VERTICAL, width, &height, NULL, NULL, NULL);
      g_assert_cmpint (height, ==, cases[c].columns == 2 ? 80 + 12 + 50 : 80 + 50 + 50 + 24);
      gtk_widget_size_allocate (box, &(GtkAllocation){ 0, 0, width, height }, -1);
      for (int i = 0; i < 4; i++)
        if (i != 1)
          allocation_in (children[i], &at[i]);
      g_assert_cmpfloat ((double) at[0].size.height, ==, 80);
      if (cases[c].columns == 2)
        {
          g_assert_cmpfloat ((double) at[0].size.width, ==, (width - 12) / 2);
          g_assert_cmpfloat ((double) at[2].origin.x, ==, (width - 12) / 2 + 12);
          g_assert_cmpfloat ((double) at[2].origin.y, ==, 0);
          g_assert_cmpfloat ((double) at[2].size.height, ==, 80);
        }
      /* The last one is alone in its row and takes all of it. */
      g_assert_cmpfloat ((double) at[3].origin.x, ==, 0);
      g_assert_cmpfloat ((double) at[3].size.width, ==, width);
      g_object_unref (box);
    }
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add_func ("/trend-widgets/the_keyboard_reads_a_chart", the_keyboard_reads_a_chart);
  g_test_add_func ("/trend-widgets/the_pointer_shows_and_is_not_announced",
                   the_pointer_shows_and_is_not_announced);
  g_test_add_func ("/trend-widgets/a_card_without_values_says_why_and_saves_nothing",
                   a_card_without_values_says_why_and_saves_nothing);
  g_test_add_func ("/trend-widgets/columns_are_as_many_as_fit", columns_are_as_many_as_fit);
  return g_test_run ();
}
