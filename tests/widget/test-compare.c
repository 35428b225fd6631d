/* test-compare.c: two repetitions or two sessions of a stored file, chosen by the user.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-chart-view.h"
#include "td-compare.h"
#include "td-widget-test.h"

#include <glib/gstdio.h>
#include <math.h>

#define SECOND G_GINT64_CONSTANT (1000000000)

typedef struct
{
  char *folder, *path;
  int64_t sessions[2]; /* the older one first */
} Archive;

/* A session of squats as deep as DEPTHS says, ended by 0. */
static int64_t
add_session (TdStore *store, const char *started_at, const float *depths)
{
  TdSessionInfo info = { .started_at = started_at, .exercise = "cyclist" };
  TdMeasure none = td_measure_missing (TD_MISSING_FRONT_VIEW);
  TdStoreError error;
  int64_t session, set;
  int n = 0;

  g_assert_cmpint (td_store_begin_session (store, &info, &session, &error), ==, TD_STORE_OK);
  g_assert_cmpint (td_store_begin_set (store, session, NULL, &set, &error), ==, TD_STORE_OK);
  for (; depths[n] > 0; n++)
    {
      for (int f = 0; f < 60; f++)
        {
          TdPose pose = { .time_ns = (4 * n + 1) * SECOND + f * SECOND / 30 };
          TdFrameMeasures m = { .flexion_deg = td_measure (
                                    (float) (depths[n] * sinf ((float) G_PI * (float) f / 60)), 2),
                                .yaw_deg = none,
                                .thigh_deg = none,
                                .hip_height = none,
                                .hip_flexion_deg = none,
                                .fppa_mean_deg = none,
                                .trunk_lean_deg = none,
                                .stance_ratio = none };
          for (int s = 0; s < TD_N_SIDES; s++)
            m.knee_flexion_deg[s] = m.thigh_inclination_deg[s] = m.fppa_deg[s] = m.knee_offset[s]
                = none;
          g_assert_cmpint (td_store_add_sample (store, set, &pose, &m, &error), ==, TD_STORE_OK);
        }
      TdRep rep = { .index = n + 1, .number = n + 1, .counted = true };
      for (int m = 0; m < TD_N_REP_MEASURES; m++)
        *(TdMeasure *) (void *) ((char *) &rep + td_rep_measures[m].offset) = none;
      rep.start_ns = (4 * n + 1) * SECOND;
      rep.bottom_ns = rep.start_ns + SECOND;
      rep.top_ns = rep.start_ns + 2 * SECOND;
      rep.knee_flexion_max_deg = td_measure (depths[n], 2);
      g_assert_cmpint (td_store_add_rep (store, set, &rep, &error), ==, TD_STORE_OK);
    }
  g_assert_cmpint (td_store_end_session (store, session, &error), ==, TD_STORE_OK);
  return session;
}

static void
set_up (Archive *self, gconstpointer unused)
{
  static const float shallow[] = { 90, 100, 0 }, deep[] = { 110, 124, 120, 0 };
  TdStore *store;
  TdStoreError error;

  (void) unused;
  self->folder = g_dir_make_tmp ("teardrop-compare-XXXXXX", NULL);
  self->path = g_build_filename (self->folder, "teardrop.db", NULL);
  g_assert_cmpint (td_store_open (self->path, &store, NULL, &error), ==, TD_STORE_OK);
  self->sessions[0] = add_session (store, "2026-11-13T18:00:00+01:00", shallow);
  self->sessions[1] = add_session (store, "2026-11-20T18:00:00+01:00", deep);
  td_store_close (store);
}

static void
tear_down (Archive *self, gconstpointer unused)
{
  g_autoptr (GDir) dir = g_dir_open (self->folder, 0, NULL);
  const char *name;

  (void) unused;
  while ((name = g_dir_read_name (dir)))
    {
      g_autofree char *path = g_build_filename (self->folder, name, NULL);
      g_unlink (path);
    }
  g_rmdir (self->folder);
  g_free (self->folder);
  g_free (self->path);
}

/* The first one of TYPE within that is shown, after SKIP others. */
static GtkWidget *
find (GtkWidget *within, GType type, int *skip)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (within, type) && (*skip)-- == 0)
    return within;
  for (GtkWidget *child = gtk_widget_get_first_child (within); child;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find (child, type, skip);
      if (found)
        return found;
    }
  return NULL;
}

static GtkDropDown *
choice (TdCompare *self, int number)
{
  return GTK_DROP_DOWN (find (GTK_WIDGET (self), GTK_TYPE_DROP_DOWN, &number));
}

static GtkWidget *
chart_of (TdCompare *self)
{
  int first = 0;

  return find (GTK_WIDGET (self), TD_TYPE_CHART_VIEW, &first);
}

static gboolean
give_up (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

/* Until a label says TEXT. */
static void
wait_for (TdCompare *self, const char *text)
{
  gboolean late = FALSE, found = FALSE;
  guint timeout = g_timeout_add_seconds (20, give_up, &late);

  while (!found && !late)
    {
      GtkWidget *label;
      for (int i = 0, skip = 0; !found; i++, skip = i)
        {
          label = find (GTK_WIDGET (self), GTK_TYPE_LABEL, &skip);
          if (!label)
            break;
          found = g_strcmp0 (gtk_label_get_label (GTK_LABEL (label)), text) == 0;
        }
      if (!found)
        g_main_context_iteration (NULL, TRUE);
    }
  if (late)
    g_error ("it never says: %s", text);
  g_source_remove (timeout);
}

static TdCompare *
a_comparison (Archive *archive, int64_t first, int64_t second, GtkWidget **window)
{
  TdCompare *self = TD_COMPARE (td_compare_new ());

  *window = td_test_show (GTK_WIDGET (self), 600, 700);
  td_compare_open (self, archive->path, first, 0, second, 0);
  return self;
}

static void
it_begins_with_the_first_and_the_deepest (Archive *archive, gconstpointer unused)
{
  GtkWidget *window;
  TdCompare *self = a_comparison (archive, 0, 0, &window);

  (void) unused;
  /* 0: of the newest session. */
  wait_for (self, "Repetition 2 goes 14° deeper than repetition 1");
  gtk_test_accessible_assert_property (chart_of (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Two repetitions over each other");
  /* Another repetition: 120°. */
  gtk_drop_down_set_selected (choice (self, 3), 2);
  wait_for (self, "Repetition 3 goes 10° deeper than repetition 1");
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
two_sessions_can_be_chosen_and_swapped (Archive *archive, gconstpointer unused)
{
  GtkWidget *window;
  TdCompare *self = a_comparison (archive, archive->sessions[0], archive->sessions[1], &window);

  (void) unused;
  wait_for (self, "Repetition 2 (20 November) goes 34° deeper than repetition 1 (13 November)");
  g_assert_cmpuint (gtk_drop_down_get_selected (choice (self, 0)), ==, 1);
  g_assert_cmpuint (gtk_drop_down_get_selected (choice (self, 2)), ==, 0);
  td_compare_set_sessions (self, TRUE);
  wait_for (self, "20 November: on average 23° deeper than on 13 November");
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (choice (self, 1))));

  for (int i = 0;; i++)
    {
      int skip = i;
      GtkWidget *button = find (GTK_WIDGET (self), GTK_TYPE_BUTTON, &skip);
      g_assert_nonnull (button);
      if (g_strcmp0 (gtk_widget_get_tooltip_text (button), "Swap first and second") == 0)
        {
          g_signal_emit_by_name (button, "clicked");
          break;
        }
    }
  wait_for (self, "13 November: on average 23° less deep than on 20 November");
  g_assert_cmpuint (gtk_drop_down_get_selected (choice (self, 0)), ==, 0);
  /* The same one twice. */
  gtk_drop_down_set_selected (choice (self, 2), 0);
  wait_for (self, "20 November: on average as deep as on 20 November (118°, 118°)");
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
a_repetition_can_be_asked_for (Archive *archive, gconstpointer unused)
{
  GtkWidget *window;
  TdCompare *self = TD_COMPARE (td_compare_new ());
  TdProfile own = *td_profile_find ("cyclist");

  (void) unused;
  td_profile_check (&own, "depth")->limit = 99;
  td_compare_set_profile (self, &own);
  window = td_test_show (GTK_WIDGET (self), 600, 700);
  /* Rows are numbered through the file: two of the first session, three of the second. */
  td_compare_open (self, archive->path, archive->sessions[0], 2, archive->sessions[1], 5);
  wait_for (self, "Repetition 3 (20 November) goes 20° deeper than repetition 2 (13 November)");
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
without_sessions_there_is_nothing_to_compare (Archive *archive, gconstpointer unused)
{
  GtkWidget *window;
  g_autofree char *none = g_build_filename (archive->folder, "none.db", NULL);
  TdCompare *self = TD_COMPARE (td_compare_new ());
  gboolean late = FALSE;

  (void) unused;
  window = td_test_show (GTK_WIDGET (self), 360, 600);
  td_compare_open (self, none, 0, 0, 0, 0);
  g_timeout_add (300, give_up, &late);
  while (!late)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (gtk_widget_is_sensitive (GTK_WIDGET (choice (self, 0))));
  gtk_test_accessible_assert_property (chart_of (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                       "No chart");
  /* Gone in the middle of reading. */
  td_compare_open (self, archive->path, 0, 0, 0, 0);
  gtk_window_destroy (GTK_WINDOW (window));
  late = FALSE;
  g_timeout_add (300, give_up, &late);
  while (!late)
    g_main_context_iteration (NULL, TRUE);
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
#define ADD(name) g_test_add ("/compare/" #name, Archive, NULL, set_up, name, tear_down)
  ADD (it_begins_with_the_first_and_the_deepest);
  ADD (two_sessions_can_be_chosen_and_swapped);
  ADD (a_repetition_can_be_asked_for);
  ADD (without_sessions_there_is_nothing_to_compare);
#undef ADD
  return g_test_run ();
}
