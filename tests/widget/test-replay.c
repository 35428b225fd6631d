/* test-replay.c: the replay as a widget: its time, its keys, what it says, and the chart that goes along.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-figure-view.h"
#include "td-replay.h"
#include "td-scrubber.h"
#include "td-stage.h"
#include "td-widget-test.h"

#include <adwaita.h>
#include <math.h>

/* As the keyboard does it. */
static gboolean
press (GtkWidget *widget, guint key, GdkModifierType state)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);
  gboolean handled = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (controllers) && !handled; i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);
      if (GTK_IS_EVENT_CONTROLLER_KEY (controller))
        g_signal_emit_by_name (controller, "key-pressed", key, 0, state, &handled);
    }
  return handled;
}

/* The first widget of TYPE within, whose accessible label or own one is NAME; NULL: any. */
static GtkWidget *
find (GtkWidget *within, GType type, const char *name)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (within, type)
      && (!name
          || (GTK_IS_BUTTON (within)
              && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (within)), name) == 0)
          || g_strcmp0 (gtk_widget_get_tooltip_text (within), name) == 0))
    return within;
  for (GtkWidget *child = gtk_widget_get_first_child (within); child;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find (child, type, name);
      if (found)
        return found;
    }
  return NULL;
}

static GtkWidget *
find_label (GtkWidget *within, const char *text)
{
  if (GTK_IS_LABEL (within) && g_strcmp0 (gtk_label_get_label (GTK_LABEL (within)), text) == 0)
    return within;
  for (GtkWidget *child = gtk_widget_get_first_child (within); child;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_label (child, text);
      if (found)
        return found;
    }
  return NULL;
}

/* A person who faces the camera; BEND 0: stands, 1: is down. */
static TdPose
a_pose (int64_t time_ns, double bend)
{
  static const double still[TD_N_JOINTS][2] = {
    { 20, 200 }, { -20, 200 }, { 21, 300 }, { -21, 300 }, { 20, 400 }, { -20, 400 },
    { 20, 408 }, { -20, 408 }, { 22, 412 }, { -22, 412 }, { 42, 90 },  { -42, 90 },
    { 50, 150 }, { -50, 150 }, { 52, 205 }, { -52, 205 }, { 0, 50 },
  };
  TdPose pose = {
    .time_ns = time_ns, .width = 640, .height = 480, .present = true, .has_depth = true, .score = 1
  };

  for (int j = 0; j < TD_N_JOINTS; j++)
    {
      double sink = still[j][1] < 290 ? 90 * bend : still[j][1] < 310 ? 10 * bend : 0;
      pose.joints[j] = (TdKeypoint){ .x = (float) (320 + still[j][0]),
                                     .y = (float) (still[j][1] + sink),
                                     .score = 0.9f };
    }
  return pose;
}

/* Three squats in 12 s, 30 frames a second; the second one is an attempt. */
static TdChartData *
squats_of (TdSessionRow session)
{
  TdMeasure none = td_measure_missing (TD_MISSING_SIDE_VIEW);

  g_strlcpy (session.exercise, "cyclist", sizeof session.exercise);
  TdChartData *data = td_chart_data_new (&session);
  for (int i = 0; i < 3; i++)
    {
      TdRepRow row = { .id = i + 1, .session = 1, .set_number = 1 };
      row.rep.index = i + 1;
      row.rep.counted = i != 1;
      row.rep.number = i == 0 ? 1 : i == 1 ? 0 : 2;
      row.rep.reason = i == 1 ? TD_REASON_SHALLOW : TD_REASON_COUNTED;
      row.rep.start_ns = (4 * i + 2) * G_GINT64_CONSTANT (1000000000);
      row.rep.bottom_ns = row.rep.start_ns + 1000000000;
      row.rep.top_ns = row.rep.start_ns + 2000000000;
      row.rep.knee_flexion_max_deg = td_measure (110.f + (float) i, 2);
      row.rep.eccentric_s = td_measure (0.9f, 0.03f);
      row.rep.pause_s = td_measure (0.2f, 0.03f);
      td_chart_data_add_rep (data, &row);
    }
  for (int f = 0; f < 360; f++)
    {
      TdSampleRow row = { .set_number = 1 };
      double within = fmod (f / 30., 4) - 2, bend = within > 0 ? sin (G_PI * within / 2) : 0;
      TdMeasure knee = td_measure ((float) (5 + bend * 105), 2);
      row.pose = a_pose (f * G_GINT64_CONSTANT (1000000000) / 30, bend);
      row.measures.yaw_deg = td_measure (20, 8);
      row.measures.flexion_deg = knee;
      row.measures.knee_flexion_deg[0] = row.measures.knee_flexion_deg[1] = knee;
      row.measures.trunk_lean_deg = none;
      row.measures.fppa_deg[TD_SIDE_LEFT] = td_measure (14, 2);
      row.measures.fppa_deg[TD_SIDE_RIGHT] = td_measure (1, 2);
      td_chart_data_add_sample (data, &row);
    }
  td_chart_data_seal (data);
  return data;
}

static TdChartData *
squats (void)
{
  return squats_of ((TdSessionRow){ .id = 1, .n_sets = 1, .ended = true });
}

static TdReplay *
a_replay (GtkWidget **window)
{
  TdChartData *data = squats ();
  TdReplay *replay = TD_REPLAY (td_replay_new ());

  td_replay_set_data (replay, data);
  td_chart_data_unref (data);
  *window = td_test_show (GTK_WIDGET (replay), 600, 500);
  return replay;
}

static void
expect_words (TdReplay *self, const char *words)
{
  GtkWidget *scrubber = find (GTK_WIDGET (self), TD_TYPE_SCRUBBER, NULL);

  gtk_test_accessible_assert_property (scrubber, GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, words);
  gtk_test_accessible_assert_property (find (GTK_WIDGET (self), TD_TYPE_FIGURE_VIEW, NULL),
                                       GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, words);
}

static void
it_says_the_moment (void)
{
  GtkWidget *window;
  TdReplay *self = a_replay (&window);

  expect_words (self, "0.0 s, standing, knee flexion 5°");
  td_replay_set_time (self, 2.5);
  expect_words (self, "2.5 s, repetition 1, going down, knee flexion 79°");
  /* Never beyond the session. */
  td_replay_set_time (self, 99);
  g_assert_cmpfloat_with_epsilon (td_replay_get_time (self), 359 / 30., 1e-6);
  td_replay_set_time (self, -1);
  g_assert_cmpfloat (td_replay_get_time (self), ==, 0);
  td_replay_set_time (self, NAN);
  g_assert_cmpfloat (td_replay_get_time (self), ==, 0);

  td_replay_set_data (self, NULL);
  expect_words (self, "No session");
  g_assert_false (gtk_widget_is_sensitive (find (GTK_WIDGET (self), TD_TYPE_SCRUBBER, NULL)));
  td_replay_set_playing (self, TRUE);
  g_assert_false (td_replay_get_playing (self));
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
the_keyboard_does_it_all (void)
{
  GtkWidget *window;
  TdReplay *self = a_replay (&window);
  GtkWidget *widget = GTK_WIDGET (self);
  GtkSpinButton *speed = GTK_SPIN_BUTTON (find (widget, GTK_TYPE_SPIN_BUTTON, NULL));

  g_assert_true (press (widget, GDK_KEY_Right, GDK_CONTROL_MASK));
  g_assert_cmpfloat_with_epsilon (td_replay_get_time (self), 3, 1e-6);
  expect_words (self, "3.0 s, repetition 1, at the bottom, knee flexion 110°");
  press (widget, GDK_KEY_Right, GDK_CONTROL_MASK);
  expect_words (self, "7.0 s, attempt, not counted: too shallow, at the bottom, knee flexion 110°");
  press (widget, GDK_KEY_Left, GDK_CONTROL_MASK);
  g_assert_cmpfloat_with_epsilon (td_replay_get_time (self), 3, 1e-6);
  g_assert_true (press (widget, GDK_KEY_period, 0));
  g_assert_cmpfloat_with_epsilon (td_replay_get_time (self), 3 + 1 / 30., 1e-6);
  press (widget, GDK_KEY_comma, 0);
  press (widget, GDK_KEY_comma, 0);
  g_assert_cmpfloat_with_epsilon (td_replay_get_time (self), 3 - 1 / 30., 1e-6);
  press (widget, GDK_KEY_End, 0);
  g_assert_cmpfloat (td_replay_get_time (self), >, 11.9);
  press (widget, GDK_KEY_Home, 0);
  g_assert_cmpfloat (td_replay_get_time (self), ==, 0);

  for (int i = 0; i < 20; i++)
    press (widget, GDK_KEY_bracketleft, 0);
  g_assert_cmpfloat (gtk_spin_button_get_value (speed), ==, 0.1);
  for (int i = 0; i < 40; i++)
    press (widget, GDK_KEY_bracketright, 0);
  g_assert_cmpfloat (gtk_spin_button_get_value (speed), ==, 4);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (speed)), ==, "4×");
  gtk_editable_set_text (GTK_EDITABLE (speed), "0.25×");
  gtk_spin_button_update (speed);
  g_assert_cmpfloat_with_epsilon (gtk_spin_button_get_value (speed), 0.25, 1e-9);

  g_assert_true (press (widget, GDK_KEY_space, 0));
  g_assert_true (td_replay_get_playing (self));
  press (widget, GDK_KEY_space, 0);
  g_assert_false (td_replay_get_playing (self));
  /* What is not its own goes on to the window. */
  g_assert_false (press (widget, GDK_KEY_space, GDK_CONTROL_MASK));
  g_assert_false (press (widget, GDK_KEY_a, 0));
  gtk_window_destroy (GTK_WINDOW (window));
}

static gboolean
give_up (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

static void
it_plays_at_its_speed_and_stops_at_the_end (void)
{
  GtkWidget *window;
  TdReplay *self = a_replay (&window);
  GtkSpinButton *speed = GTK_SPIN_BUTTON (find (GTK_WIDGET (self), GTK_TYPE_SPIN_BUTTON, NULL));
  GtkWidget *play = find (GTK_WIDGET (self), GTK_TYPE_BUTTON, "Play");
  gboolean late = FALSE;
  guint timeout = g_timeout_add_seconds (20, give_up, &late);

  g_assert_nonnull (play);
  td_replay_set_time (self, 11);
  gtk_spin_button_set_value (speed, 2);
  gint64 start = g_get_monotonic_time ();
  g_signal_emit_by_name (play, "clicked");
  gtk_test_accessible_assert_property (play, GTK_ACCESSIBLE_PROPERTY_LABEL, "Pause");
  while (td_replay_get_playing (self) && !late)
    g_main_context_iteration (NULL, TRUE);
  double took = (double) (g_get_monotonic_time () - start) / 1e6;
  g_assert_false (late);
  g_source_remove (timeout);
  /* Not quite a second of the session; a busy machine is only later. */
  g_assert_cmpfloat (took, >, 0.4);
  g_assert_cmpfloat_with_epsilon (td_replay_get_time (self), 359 / 30., 1e-6);
  gtk_test_accessible_assert_property (play, GTK_ACCESSIBLE_PROPERTY_LABEL, "Play");

  /* From the end it starts again; out of sight it stops. */
  td_replay_set_playing (self, TRUE);
  g_assert_cmpfloat (td_replay_get_time (self), ==, 0);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  g_assert_false (td_replay_get_playing (self));
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
on_time (guint *n)
{
  ++*n;
}

static void
a_chart_goes_along_and_leads (void)
{
  GtkWidget *window, *chart_window;
  TdReplay *self = a_replay (&window);
  TdChartData *data = squats ();
  TdChartView *chart = TD_CHART_VIEW (td_chart_view_new ());
  guint n = 0;

  td_replay_join (self, chart);
  td_chart_view_set_chart (chart, td_chart_new (data, TD_CHART_KNEE, TD_CHART_BOTH));
  chart_window = td_test_show (GTK_WIDGET (chart), 600, 300);
  g_signal_connect_swapped (self, "time-changed", G_CALLBACK (on_time), &n);

  td_replay_set_time (self, 3);
  g_assert_cmpfloat_with_epsilon (td_chart_view_get_time (chart), 3, 1e-6);
  g_assert_cmpuint (n, ==, 1);
  /* Who moves it by the keyboard hears the chart, and the replay follows. */
  press (GTK_WIDGET (chart), GDK_KEY_Right, GDK_CONTROL_MASK);
  g_assert_cmpfloat_with_epsilon (td_replay_get_time (self), 7, 1e-6);
  g_assert_cmpuint (n, ==, 2);
  gtk_test_accessible_assert_property (chart, GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT,
                                       "7.0 s, attempt, not counted: too shallow: 110°");
  /* A cursor that is taken away leaves the replay where it is. */
  td_chart_view_set_cursor (chart, -1);
  g_assert_cmpfloat_with_epsilon (td_replay_get_time (self), 7, 1e-6);
  /* While it plays the chart only follows. */
  td_replay_set_playing (self, TRUE);
  td_chart_view_set_cursor (chart, 30);
  g_assert_cmpfloat (td_replay_get_time (self), >=, 7);
  td_replay_set_playing (self, FALSE);

  /* A bar for each repetition has a cursor only within one. */
  td_chart_view_set_chart (chart, td_chart_new (data, TD_CHART_REP_DEPTH, TD_CHART_BOTH));
  td_replay_set_time (self, 10.5);
  g_assert_cmpint (td_chart_view_get_cursor (chart), ==, 2);
  td_replay_set_time (self, 9);
  g_assert_cmpint (td_chart_view_get_cursor (chart), ==, -1);
  td_chart_data_unref (data);
  gtk_window_destroy (GTK_WINDOW (chart_window));
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
the_body_is_turned_by_buttons_keys_and_as_it_was_filmed (void)
{
  GtkWidget *window;
  TdReplay *self = a_replay (&window);
  GtkWidget *turn = find (GTK_WIDGET (self), TD_TYPE_FIGURE_VIEW, "Drag to turn it");
  GtkWidget *front = find (GTK_WIDGET (self), GTK_TYPE_TOGGLE_BUTTON, "Front");
  GtkWidget *side = find (GTK_WIDGET (self), GTK_TYPE_TOGGLE_BUTTON, "Side");
  GtkWidget *filmed = find (GTK_WIDGET (self), GTK_TYPE_TOGGLE_BUTTON, "As Filmed");
  TdFigureView *view = TD_FIGURE_VIEW (turn);

  g_assert_true (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (filmed)));
  g_assert_cmpfloat_with_epsilon (td_figure_view_get_yaw (view), 20, 0.1);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (front), TRUE);
  g_assert_cmpfloat (td_figure_view_get_yaw (view), ==, 0);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (side), TRUE);
  g_assert_cmpfloat (fabs (td_figure_view_get_yaw (view)), ==, 90);
  double from = td_figure_view_get_yaw (view);
  g_assert_true (gtk_widget_get_focusable (turn));
  g_assert_true (press (turn, GDK_KEY_Right, 0));
  g_assert_cmpfloat_with_epsilon (td_figure_view_get_yaw (view), from + 10, 1e-6);
  g_assert_false (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (side)));
  press (turn, GDK_KEY_Left, GDK_SHIFT_MASK);
  g_assert_cmpfloat_with_epsilon (td_figure_view_get_yaw (view), from + 9, 1e-6);
  for (int i = 0; i < 36; i++)
    press (turn, GDK_KEY_Right, 0);
  g_assert_cmpfloat_with_epsilon (td_figure_view_get_yaw (view), from + 9, 1e-6);
  /* It stays where it was turned to. */
  td_replay_set_time (self, 5);
  g_assert_cmpfloat_with_epsilon (td_figure_view_get_yaw (view), from + 9, 1e-6);
  /* The other two do not take the focus and do not turn. */
  GtkWidget *fixed = find (GTK_WIDGET (self), TD_TYPE_FIGURE_VIEW, NULL);
  g_assert_true (fixed != turn);
  g_assert_false (gtk_widget_get_focusable (fixed));
  g_assert_false (press (fixed, GDK_KEY_Right, 0));
  GskRenderNode *node = td_test_draw (turn);
  g_assert_nonnull (node);
  gsk_render_node_unref (node);
  gtk_window_destroy (GTK_WINDOW (window));
}

static gboolean
on_painted (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

/* Of the widget itself, not of its children. */
static gboolean
draws_by_cairo (GtkWidget *widget)
{
  gboolean painted = FALSE;

  /* What is within has its place only after a layout. */
  g_timeout_add (300, on_painted, &painted);
  while (!painted)
    g_main_context_iteration (NULL, TRUE);
  GskRenderNode *node = td_test_draw (widget);
  GskRenderNode *first = node;
  while (first && gsk_render_node_get_node_type (first) == GSK_CONTAINER_NODE)
    first = gsk_container_node_get_child (first, 0);
  gboolean found = first && gsk_render_node_get_node_type (first) == GSK_CAIRO_NODE;
  gsk_render_node_unref (node);
  return found;
}

static void
the_scrubber_is_a_scale_over_the_session (void)
{
  GtkWidget *window;
  TdReplay *self = a_replay (&window);
  GtkWidget *scrubber = find (GTK_WIDGET (self), TD_TYPE_SCRUBBER, NULL);

  gtk_test_accessible_assert_role (scrubber, GTK_ACCESSIBLE_ROLE_SLIDER);
  gtk_test_accessible_assert_property (scrubber, GTK_ACCESSIBLE_PROPERTY_LABEL, "Time");
  gtk_range_set_value (GTK_RANGE (scrubber), 7.5);
  g_assert_cmpfloat_with_epsilon (td_replay_get_time (self), 7.5, 1e-6);
  td_replay_set_time (self, 2);
  g_assert_cmpfloat_with_epsilon (gtk_range_get_value (GTK_RANGE (scrubber)), 2, 1e-6);
  /* Repetitions are drawn below the trough; without a session there are none. */
  g_assert_true (draws_by_cairo (scrubber));
  td_replay_set_data (self, NULL);
  g_assert_false (draws_by_cairo (scrubber));
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Until the picture of that moment is there: it is read by a thread. */
static void
wait_for (TdStage *stage, gboolean stale)
{
  gint64 end = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;
  graphene_point_t at;

  while (!td_stage_map (stage, 0, 0, &at) || td_stage_get_stale (stage) != stale)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      if (!g_main_context_iteration (NULL, FALSE))
        g_usleep (1000);
    }
}

static void
the_picture_is_seen_as_in_training_with_arrows_to_its_end (void)
{
  TdReplay *self = TD_REPLAY (td_replay_new ());
  GtkWidget *window = td_test_show (GTK_WIDGET (self), 600, 500);
  g_autofree char *folder = g_build_filename (g_getenv ("TD_TEST_SOURCE_ROOT"), "ui", "data", NULL);
  /* The clip lasts 18.8 s: it was begun so long before the session that it ends at its 8th second. */
  TdSessionRow session = { .id = 1,
                           .n_sets = 1,
                           .ended = true,
                           .picture = "demo.mp4",
                           .picture_ns = -10800 * G_GINT64_CONSTANT (1000000) };
  TdChartData *data = squats_of (session);
  graphene_point_t plain, mirrored;
  double middle;

  td_replay_set_pictures (self, folder);
  td_replay_set_data (self, data);
  td_chart_data_unref (data);
  TdStage *stage = TD_STAGE (find (GTK_WIDGET (self), TD_TYPE_STAGE, NULL));
  GtkWidget *picture = find (GTK_WIDGET (self), GTK_TYPE_TOGGLE_BUTTON, "Picture");
  g_assert_true (gtk_widget_get_visible (picture));
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (picture), TRUE);
  while (gtk_widget_get_width (GTK_WIDGET (stage)) == 0)
    g_main_context_iteration (NULL, TRUE);
  wait_for (stage, FALSE);

  /* A third of the first squat's way down. */
  td_replay_set_time (self, 2.25);
  gint64 end = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;
  while (td_test_arrow_pixels (GTK_WIDGET (stage), &middle) <= 30)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      g_main_context_iteration (NULL, FALSE);
    }
  g_assert_true (td_stage_map (stage, 100, 200, &plain));
  /* The left knee, at the picture's right. */
  g_assert_cmpfloat (middle, >, gtk_widget_get_width (GTK_WIDGET (stage)) / 2.);
  td_replay_set_mirror (self, TRUE);
  g_assert_true (td_stage_map (stage, 100, 200, &mirrored));
  g_assert_cmpfloat_with_epsilon (plain.x + mirrored.x, gtk_widget_get_width (GTK_WIDGET (stage)),
                                  0.5);
  g_assert_cmpint (td_test_arrow_pixels (GTK_WIDGET (stage), &middle), >, 30);
  g_assert_cmpfloat (middle, <, gtk_widget_get_width (GTK_WIDGET (stage)) / 2.);

  GtkWidget *note = find_label (GTK_WIDGET (self), "The recorded picture ends before this moment.");
  g_assert_null (note);
  td_replay_set_time (self, 11);
  wait_for (stage, TRUE);
  note = find_label (GTK_WIDGET (self), "The recorded picture ends before this moment.");
  g_assert_true (note && gtk_widget_get_visible (note));
  g_assert_cmpint (td_test_arrow_pixels (GTK_WIDGET (stage), &middle), ==, 0);
  td_replay_set_time (self, 3);
  wait_for (stage, FALSE);
  g_assert_false (gtk_widget_get_visible (note));

  /* The notice is of the picture alone. */
  td_replay_set_time (self, 11);
  wait_for (stage, TRUE);
  gtk_toggle_button_set_active (
      GTK_TOGGLE_BUTTON (find (GTK_WIDGET (self), GTK_TYPE_TOGGLE_BUTTON, "Side")), TRUE);
  g_assert_false (gtk_widget_get_visible (note));
  gtk_window_destroy (GTK_WINDOW (window));
}

/* A correction makes the history read the session once more. */
static void
a_session_that_is_read_again_stays_as_it_is_looked_at (void)
{
  GtkWidget *window;
  TdReplay *self = a_replay (&window);
  TdChartData *again = squats (), *other = squats_of ((TdSessionRow){ .id = 2, .n_sets = 1 });
  GtkToggleButton *side
      = GTK_TOGGLE_BUTTON (find (GTK_WIDGET (self), GTK_TYPE_TOGGLE_BUTTON, "Side"));
  GtkToggleButton *filmed
      = GTK_TOGGLE_BUTTON (find (GTK_WIDGET (self), GTK_TYPE_TOGGLE_BUTTON, "As Filmed"));

  g_assert_true (gtk_toggle_button_get_active (filmed));
  gtk_toggle_button_set_active (side, TRUE);
  td_replay_set_data (self, again);
  g_assert_true (gtk_toggle_button_get_active (side));
  td_replay_set_data (self, other);
  g_assert_true (gtk_toggle_button_get_active (filmed));
  td_chart_data_unref (again);
  td_chart_data_unref (other);
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
#define ADD(name) g_test_add_func ("/replay/" #name, name)
  ADD (it_says_the_moment);
  ADD (the_keyboard_does_it_all);
  ADD (it_plays_at_its_speed_and_stops_at_the_end);
  ADD (a_chart_goes_along_and_leads);
  ADD (the_picture_is_seen_as_in_training_with_arrows_to_its_end);
  ADD (the_body_is_turned_by_buttons_keys_and_as_it_was_filmed);
  ADD (a_session_that_is_read_again_stays_as_it_is_looked_at);
  ADD (the_scrubber_is_a_scale_over_the_session);
#undef ADD
  return g_test_run ();
}
