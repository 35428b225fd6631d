/* test-widgets.c: stage, gauge and count as widgets.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-count.h"
#include "td-depth-bars.h"
#include "td-gauge.h"
#include "td-settings.h"
#include "td-stage.h"
#include "td-widget-test.h"

#include <adwaita.h>

static GdkTexture *
picture (int width, int height)
{
  g_autoptr (GBytes) bytes
      = g_bytes_new_take (g_malloc0 ((gsize) (width * height * 3)), (gsize) (width * height * 3));

  return gdk_memory_texture_new (width, height, GDK_MEMORY_B8G8R8, bytes, (gsize) width * 3);
}

static gboolean
has_transform (GskRenderNode *node)
{
  switch (gsk_render_node_get_node_type (node))
    {
    case GSK_TRANSFORM_NODE:
      return TRUE;
    case GSK_CONTAINER_NODE:
      for (guint i = 0; i < gsk_container_node_get_n_children (node); i++)
        if (has_transform (gsk_container_node_get_child (node, i)))
          return TRUE;
      return FALSE;
    case GSK_CLIP_NODE:
      return has_transform (gsk_clip_node_get_child (node));
    default:
      return FALSE;
    }
}

static gboolean
turns_picture (GtkWidget *stage)
{
  g_autoptr (GskRenderNode) node = td_test_draw (stage);

  return has_transform (node);
}

static void
the_picture_is_fitted_centred_and_mirrored (void)
{
  GtkWidget *stage = td_stage_new ();
  GtkWidget *window = td_test_show (stage, 400, 300);
  g_autoptr (GdkTexture) texture = picture (100, 150);
  TdPose pose = { .width = 200, .height = 300, .present = true };
  graphene_point_t at;

  g_assert_false (td_stage_map (TD_STAGE (stage), 0, 0, &at));
  td_stage_set_picture (TD_STAGE (stage), texture, 0.5f, &pose);

  /* 100 x 150 in 400 x 300: 200 x 300, from x = 100 on; one pixel of the pose is one of the widget. */
  g_assert_true (td_stage_map (TD_STAGE (stage), 0, 0, &at));
  g_assert_cmpfloat_with_epsilon (at.x, 100, 1e-3f);
  g_assert_cmpfloat_with_epsilon (at.y, 0, 1e-3f);
  g_assert_true (td_stage_map (TD_STAGE (stage), 50, 300, &at));
  g_assert_cmpfloat_with_epsilon (at.x, 150, 1e-3f);
  g_assert_cmpfloat_with_epsilon (at.y, 300, 1e-3f);

  td_stage_set_mirror (TD_STAGE (stage), TRUE);
  g_assert_true (td_stage_map (TD_STAGE (stage), 50, 300, &at));
  g_assert_cmpfloat_with_epsilon (at.x, 250, 1e-3f);

  g_assert_true (turns_picture (stage));
  td_stage_set_mirror (TD_STAGE (stage), FALSE);
  g_assert_false (turns_picture (stage));
  gtk_window_destroy (GTK_WINDOW (window));
}

static gboolean
has_cairo (GskRenderNode *node)
{
  switch (gsk_render_node_get_node_type (node))
    {
    case GSK_CAIRO_NODE:
      return TRUE;
    case GSK_CONTAINER_NODE:
      for (guint i = 0; i < gsk_container_node_get_n_children (node); i++)
        if (has_cairo (gsk_container_node_get_child (node, i)))
          return TRUE;
      return FALSE;
    case GSK_CLIP_NODE:
      return has_cairo (gsk_clip_node_get_child (node));
    case GSK_OPACITY_NODE:
      return has_cairo (gsk_opacity_node_get_child (node));
    default:
      return FALSE;
    }
}

static gboolean
draws_skeleton (GtkWidget *stage)
{
  GskRenderNode *node = td_test_draw (stage);
  gboolean found = node && has_cairo (node);

  g_clear_pointer (&node, gsk_render_node_unref);
  return found;
}

static void
the_skeleton_is_drawn_only_over_a_live_person (void)
{
  GtkWidget *stage = td_stage_new ();
  GtkWidget *window = td_test_show (stage, 400, 300);
  g_autoptr (GdkTexture) texture = picture (64, 48);
  TdPose pose = { .width = 64, .height = 48, .present = true };

  for (int j = 0; j < TD_N_JOINTS; j++)
    pose.joints[j]
        = (TdKeypoint){ .x = 30 + (float) (j % 2), .y = 5 + 2 * (float) j, .score = 0.9f };

  td_stage_set_picture (TD_STAGE (stage), texture, 1, &pose);
  g_assert_true (draws_skeleton (stage));
  td_stage_set_stale (TD_STAGE (stage), TRUE);
  g_assert_false (draws_skeleton (stage));
  td_stage_set_stale (TD_STAGE (stage), FALSE);

  for (int j = 0; j < TD_N_JOINTS; j++)
    pose.joints[j].score = 0.02f;
  td_stage_set_picture (TD_STAGE (stage), NULL, 1, &pose);
  g_assert_false (draws_skeleton (stage));

  pose.present = false;
  td_stage_set_picture (TD_STAGE (stage), NULL, 1, &pose);
  g_assert_false (draws_skeleton (stage));
  gtk_test_accessible_assert_property (stage, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                       "Nobody is in the picture");
  td_stage_clear (TD_STAGE (stage));
  g_assert_null (td_test_draw (stage));
  gtk_test_accessible_assert_property (stage, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "No picture");
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
the_gauge_says_when_the_depth_is_reached (void)
{
  GtkWidget *gauge = td_gauge_new ();
  GtkWidget *window = td_test_show (gauge, 400, 300);
  TdFrameMeasures m = { 0 };

  /* The macro would take a percent sign for a format. */
  const char *quarter = "25% of the way down";

  gtk_test_accessible_assert_role (gauge, GTK_ACCESSIBLE_ROLE_METER);
  td_gauge_set_profile (TD_GAUGE (gauge), td_profile_find ("narrow"));
  m.flexion_deg = td_measure (70, 3);
  m.thigh_deg = td_measure (45, 1);
  td_gauge_set_measures (TD_GAUGE (gauge), &m);
  gtk_test_accessible_assert_property (gauge, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, quarter);
  m.thigh_deg = td_measure (5, 1);
  td_gauge_set_measures (TD_GAUGE (gauge), &m);
  gtk_test_accessible_assert_property (gauge, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "depth reached");
  gtk_test_accessible_assert_property (gauge, GTK_ACCESSIBLE_PROPERTY_VALUE_NOW, 100.0);
  GskRenderNode *node = td_test_draw (gauge);
  g_assert_nonnull (node);
  gsk_render_node_unref (node);

  m.thigh_deg = m.flexion_deg = td_measure_missing (TD_MISSING_JOINTS);
  td_gauge_set_measures (TD_GAUGE (gauge), &m);
  gtk_test_accessible_assert_property (gauge, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                       "a joint it needs is not in view");
  g_assert_false (
      gtk_test_accessible_has_property (GTK_ACCESSIBLE (gauge), GTK_ACCESSIBLE_PROPERTY_VALUE_NOW));
  gtk_window_destroy (GTK_WINDOW (window));
}

static int
natural (GtkWidget *widget, GtkOrientation orientation)
{
  int size;

  gtk_widget_measure (widget, orientation, -1, NULL, &size, NULL, NULL);
  return size;
}

static void
the_count_is_as_high_as_asked_and_never_wider_than_its_room (void)
{
  GtkWidget *count = td_count_new ();
  GtkWidget *window = td_test_show (count, 400, 300);

  gtk_test_accessible_assert_property (count, GTK_ACCESSIBLE_PROPERTY_LABEL, "0 repetitions");
  td_count_set_value (TD_COUNT (count), 1);
  gtk_test_accessible_assert_property (count, GTK_ACCESSIBLE_PROPERTY_LABEL, "1 repetition");
  td_count_set_size (TD_COUNT (count), 300, G_MAXINT);
  int one_width = natural (count, GTK_ORIENTATION_HORIZONTAL);
  g_assert_cmpint (natural (count, GTK_ORIENTATION_VERTICAL), >=, 300);
  td_count_set_value (TD_COUNT (count), 8);
  /* Tabular figures. */
  g_assert_cmpint (natural (count, GTK_ORIENTATION_HORIZONTAL), ==, one_width);

  td_count_set_target (TD_COUNT (count), 15);
  gtk_test_accessible_assert_property (count, GTK_ACCESSIBLE_PROPERTY_LABEL, "8 repetitions of 15");
  g_assert_cmpint (natural (count, GTK_ORIENTATION_HORIZONTAL), >, one_width);
  g_assert_true (td_count_shows_target (TD_COUNT (count)));

  /* Room for two digits alone: as high, narrower, the target elsewhere; and nothing moves at ten. */
  int high = natural (count, GTK_ORIENTATION_VERTICAL);
  td_count_set_size (TD_COUNT (count), 300, 500);
  g_assert_cmpint (natural (count, GTK_ORIENTATION_VERTICAL), ==, high);
  g_assert_cmpint (natural (count, GTK_ORIENTATION_HORIZONTAL), <=, 500);
  g_assert_false (td_count_shows_target (TD_COUNT (count)));
  int eight_width = natural (count, GTK_ORIENTATION_HORIZONTAL);
  td_count_set_value (TD_COUNT (count), 12);
  g_assert_cmpint (natural (count, GTK_ORIENTATION_HORIZONTAL), ==, eight_width);

  td_count_set_value (TD_COUNT (count), 128);
  td_count_set_size (TD_COUNT (count), 300, 200);
  g_assert_cmpint (natural (count, GTK_ORIENTATION_HORIZONTAL), <=, 200);
  g_assert_cmpint (natural (count, GTK_ORIENTATION_VERTICAL), <, 300);

  td_count_set_seconds (TD_COUNT (count), TRUE);
  td_count_set_value (TD_COUNT (count), 5);
  gtk_test_accessible_assert_property (count, GTK_ACCESSIBLE_PROPERTY_LABEL, "5 seconds");
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
a_knee_that_drifts_has_an_arrow_where_it_happens (void)
{
  GtkWidget *stage = td_stage_new ();
  GtkWidget *window = td_test_show (stage, 400, 300);
  g_autoptr (GdkTexture) texture = picture (400, 300);
  TdPose pose = { .width = 400, .height = 300, .present = true };
  TdFrameMeasures m = { 0 };
  double middle;

  /* Facing the camera: the left side is at the picture's right. */
  for (int j = 0; j < TD_N_JOINTS; j++)
    pose.joints[j] = (TdKeypoint){ .x = j % 2 == 0 ? 240 : 160,
                                   .y = 60 + 20 * (float) (j / 2),
                                   .score = 0.9f };
  m.flexion_deg = td_measure (45, 3);
  m.fppa_deg[TD_SIDE_LEFT] = m.fppa_deg[TD_SIDE_RIGHT] = td_measure (3, 2);
  td_stage_set_picture (TD_STAGE (stage), texture, 1, &pose);
  td_stage_set_measures (TD_STAGE (stage), &m);
  g_assert_cmpint (td_test_arrow_pixels (stage, &middle), ==, 0);

  m.fppa_deg[TD_SIDE_LEFT] = td_measure (14, 2);
  td_stage_set_measures (TD_STAGE (stage), &m);
  g_assert_cmpint (td_test_arrow_pixels (stage, &middle), >, 30);
  /* Inward: from outside of the knee, pointing at it. */
  g_assert_cmpfloat (middle, >, 240);
  td_stage_set_mirror (TD_STAGE (stage), TRUE);
  g_assert_cmpint (td_test_arrow_pixels (stage, &middle), >, 30);
  g_assert_cmpfloat (middle, <, 160);

  /* Standing and deep down it is no measure of the knees. */
  m.flexion_deg = td_measure (100, 3);
  td_stage_set_measures (TD_STAGE (stage), &m);
  g_assert_cmpint (td_test_arrow_pixels (stage, &middle), ==, 0);
  m.flexion_deg = td_measure (45, 3);
  td_stage_set_measures (TD_STAGE (stage), &m);
  g_assert_cmpint (td_test_arrow_pixels (stage, &middle), >, 30);

  td_stage_set_measures (TD_STAGE (stage), NULL);
  g_assert_cmpint (td_test_arrow_pixels (stage, &middle), ==, 0);
  gtk_window_destroy (GTK_WINDOW (window));
}

static TdRep
rep_of (float depth, gboolean counted)
{
  TdRep rep = { .counted = counted };

  for (int m = 0; m < TD_N_REP_MEASURES; m++)
    *(TdMeasure *) td_rep_measure_at (&rep, (TdRepMeasureId) m)
        = td_measure_missing (TD_MISSING_NOT_REACHED);
  rep.knee_flexion_max_deg = td_measure (depth, 3);
  return rep;
}

static void
the_bars_tell_depths_and_what_did_not_count (void)
{
  g_autoptr (TdSetLog) log = td_set_log_new ();
  GtkWidget *bars = td_depth_bars_new ();
  GtkWidget *window = td_test_show (bars, 400, 120);
  const TdRep reps[] = { rep_of (112, TRUE), rep_of (58, FALSE), rep_of (124, TRUE) };

  for (gsize i = 0; i < G_N_ELEMENTS (reps); i++)
    td_set_log_add (log, i < 2 ? 1 : 2, &reps[i]);
  td_depth_bars_set_log (TD_DEPTH_BARS (bars), log, 1);
  gtk_test_accessible_assert_property (bars, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                       "112°, 58° (not counted)");
  td_depth_bars_set_log (TD_DEPTH_BARS (bars), log, 0);
  gtk_test_accessible_assert_property (bars, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                       "112°, 58° (not counted); 124°");
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
the_settings_are_found_and_refuse_an_unknown_exercise (void)
{
  g_autoptr (GSettings) settings = td_settings_new ();

  g_assert_nonnull (settings);
  g_assert_true (g_settings_set_string (settings, "exercise", "narrow"));
  g_autoptr (GSettingsSchema) schema = NULL;
  g_object_get (settings, "settings-schema", &schema, NULL);
  g_autoptr (GSettingsSchemaKey) key = g_settings_schema_get_key (schema, "exercise");
  g_assert_false (g_settings_schema_key_range_check (
      key, g_variant_ref_sink (g_variant_new_string ("deadlift"))));
}

static void
every_resource_survived_the_link (void)
{
  static const char *const names[]
      = { "style.css",          "style-dark.css",     "td-window.ui",      "td-train-page.ui",
          "td-history-page.ui", "td-session-tile.ui", "td-shortcuts.ui",   "td-calibrate.ui",
          "td-first-run.ui",    "td-guide.ui",        "td-preferences.ui", "td-source-label.ui",
          "td-source-row.ui",   "td-done-view.ui",    "td-rest-view.ui",   "td-validity-bar.ui" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_strconcat ("/io/github/teardrop/Teardrop/", names[i], NULL);
      g_assert_true (g_resources_get_info (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL, NULL, NULL));
    }
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add_func ("/stage/the_picture_is_fitted_centred_and_mirrored",
                   the_picture_is_fitted_centred_and_mirrored);
  g_test_add_func ("/stage/the_skeleton_is_drawn_only_over_a_live_person",
                   the_skeleton_is_drawn_only_over_a_live_person);
  g_test_add_func ("/gauge/the_gauge_says_when_the_depth_is_reached",
                   the_gauge_says_when_the_depth_is_reached);
  g_test_add_func ("/stage/a_knee_that_drifts_has_an_arrow_where_it_happens",
                   a_knee_that_drifts_has_an_arrow_where_it_happens);
  g_test_add_func ("/depth-bars/the_bars_tell_depths_and_what_did_not_count",
                   the_bars_tell_depths_and_what_did_not_count);
  g_test_add_func ("/count/the_count_is_as_high_as_asked_and_never_wider_than_its_room",
                   the_count_is_as_high_as_asked_and_never_wider_than_its_room);
  g_test_add_func ("/settings/the_settings_are_found_and_refuse_an_unknown_exercise",
                   the_settings_are_found_and_refuse_an_unknown_exercise);
  g_test_add_func ("/resource/every_resource_survived_the_link", every_resource_survived_the_link);
  return g_test_run ();
}
