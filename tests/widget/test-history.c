/* test-history.c: what the history says, and its table, list and small chart as widgets.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "../unit/old-store.h"
#include "td-archive.h"
#include "td-history-words.h"
#include "td-rep-table.h"
#include "td-session-tile.h"
#include "td-set-tile.h"
#include "td-sparkline.h"
#include "td-widget-test.h"

#include <adwaita.h>
#include <glib/gstdio.h>
#include <math.h>
#include <sqlite3.h>
#include <string.h>

static void
assert_text (char *text, const char *expected)
{
  g_assert_cmpstr (text, ==, expected);
  g_free (text);
}

static void
dates_are_by_month_and_day (void)
{
  int november = td_history_month ("2026-11-20T18:03:11+01:00");

  g_assert_cmpint (november, ==, td_history_month ("2026-11-01T00:00:00+01:00"));
  /* Of its own time zone: in UTC it is still October. */
  g_assert_cmpint (november, ==, td_history_month ("2026-11-01T00:30:00+02:00"));
  g_assert_cmpint (td_history_month ("2027-01-01T00:00:00Z"), ==, november + 2);
  g_assert_cmpint (td_history_month ("yesterday"), ==, -1);
  assert_text (td_history_month_name (november), "November 2026");
  assert_text (td_history_month_name (-1), "Unknown date");
  assert_text (td_history_day ("2026-11-20T18:03:11+01:00"), "Friday 20, 18:03");
  assert_text (td_history_day ("yesterday"), "yesterday");
}

static void
loads_are_in_the_users_units (void)
{
  g_assert_null (td_history_load (NAN, FALSE));
  assert_text (td_history_load (0, FALSE), "body weight");
  assert_text (td_history_load (20, FALSE), "20 kg");
  assert_text (td_history_load (22.5f, FALSE), "22.5 kg");
  assert_text (td_history_load (20.41f, TRUE), "45 lb");
  assert_text (td_history_load ((float) td_history_load_to_kg (185, TRUE), TRUE), "185 lb");
}

static void
sets_and_durations_are_short (void)
{
  assert_text (td_history_sets ((int[]){ 8, 8, 8 }, 3), "3 × 8 repetitions");
  assert_text (td_history_sets ((int[]){ 10, 8, 6 }, 3), "10 + 8 + 6 repetitions");
  assert_text (td_history_sets ((int[]){ 1 }, 1), "1 repetition");
  assert_text (td_history_duration (41600000000), "42 s");
  assert_text (td_history_duration (59600000000), "1:00 min");
  assert_text (td_history_duration (125000000000), "2:05 min");
  assert_text (td_history_amount (&(TdSessionRow){ .n_sets = 3, .n_reps = 24 }),
               "3 sets · 24 reps");
  assert_text (td_history_amount (&(TdSessionRow){ .n_sets = 1, .n_reps = 1 }), "1 rep");
}

static void
search_knows_words_of_dates_notes_and_accents (void)
{
  TdSessionRow row = { .started_at = "2026-11-20T18:03:11+01:00",
                       .exercise = "cyclist",
                       .source = "Kamera Küche",
                       .note = "Left knee sore" };
  g_autofree char *key = td_history_search_key (&row);
  static const struct
  {
    const char *query;
    gboolean found;
  } queries[] = { { "", TRUE },           { "  ", TRUE },         { "CYCLIST", TRUE },
                  { "kuche", TRUE },      { "küche", TRUE },      { "knee november", TRUE },
                  { "2026-11-20", TRUE }, { "friday 18:", TRUE }, { "knee october", FALSE },
                  { "narrow", FALSE } };

  for (gsize i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      g_auto (GStrv) words = td_history_search_words (queries[i].query);
      g_test_message ("“%s”", queries[i].query);
      g_assert_cmpint (td_history_search_matches (key, (const char *const *) words), ==,
                       queries[i].found);
    }
}

static TdRepRow
a_rep (gint64 id, int set, int number, float depth_deg)
{
  TdRepRow row = { .id = id, .set_number = set, .number = number };

  for (int m = 0; m < TD_N_REP_MEASURES; m++)
    *(TdMeasure *) td_rep_measure_at (&row.rep, (TdRepMeasureId) m)
        = td_measure_missing (TD_MISSING_FRONT_VIEW);
  row.rep.counted = number > 0;
  row.rep.reason = number > 0 ? TD_REASON_COUNTED : TD_REASON_SHALLOW;
  row.rep.depth = TD_DEPTH_PARALLEL;
  if (!isnan (depth_deg))
    row.rep.knee_flexion_max_deg = td_measure (depth_deg, 3);
  return row;
}

static void
each_row_has_one_correction_and_a_way_back (void)
{
  TdRepRow rep = a_rep (1, 1, 1, 110), attempt = a_rep (2, 1, 0, 60);

  g_assert_cmpint (td_history_correction (&rep), ==, TD_VERDICT_NOT_ONE);
  assert_text (td_history_result (&rep), "Counted");
  rep.verdict = TD_VERDICT_NOT_ONE;
  g_assert_cmpint (td_history_correction (&rep), ==, TD_VERDICT_MEASURED);
  assert_text (td_history_result (&rep), "Not counted: taken out by you");

  g_assert_cmpint (td_history_correction (&attempt), ==, TD_VERDICT_ONE);
  attempt.verdict = TD_VERDICT_ONE;
  g_assert_cmpint (td_history_correction (&attempt), ==, TD_VERDICT_MEASURED);
  assert_text (td_history_result (&attempt), "Counted by you");

  /* There is nothing measured to go back to: it is one or it is not there. */
  TdRepRow added = a_rep (3, 1, 2, NAN);
  added.by_hand = true;
  added.verdict = TD_VERDICT_ONE;
  g_assert_cmpint (td_history_correction (&added), ==, TD_VERDICT_NOT_ONE);
  assert_text (td_history_result (&added), "Added by you");
}

/* --- Widgets ------------------------------------------------------------------------------ */

static guint
n_colours (GskRenderNode *node)
{
  guint n = 0;

  if (!node)
    return 0;
  if (gsk_render_node_get_node_type (node) == GSK_COLOR_NODE)
    return 1;
  if (gsk_render_node_get_node_type (node) == GSK_CONTAINER_NODE)
    for (guint i = 0; i < gsk_container_node_get_n_children (node); i++)
      n += n_colours (gsk_container_node_get_child (node, i));
  return n;
}

static void
the_small_chart_has_a_bar_for_each_depth_and_says_them (void)
{
  static const guint8 depths[] = { 120, 118, 104 };
  GtkWidget *sparkline = td_sparkline_new ();
  GtkWidget *window = td_test_show (sparkline, 80, 40);

  g_assert_null (td_test_draw (sparkline));
  gtk_test_accessible_assert_property (sparkline, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "No depth was measured");
  td_sparkline_set_depths (TD_SPARKLINE (sparkline), depths, G_N_ELEMENTS (depths));
  GskRenderNode *node = td_test_draw (sparkline);
  g_assert_cmpuint (n_colours (node), ==, G_N_ELEMENTS (depths));
  gsk_render_node_unref (node);
  gtk_test_accessible_assert_property (
      sparkline, GTK_ACCESSIBLE_PROPERTY_LABEL,
      "Depths from 104° to 120°, the last 16° less than the first");
  gtk_window_destroy (GTK_WINDOW (window));
}

static char *
column_of (TdRepTable *table, guint column)
{
  g_autofree char *text = td_rep_table_get_text (table);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  GString *found = g_string_new (NULL);

  for (guint i = 1; lines[i] && lines[i][0]; i++)
    {
      g_auto (GStrv) cells = g_strsplit (lines[i], "\t", -1);
      g_string_append_printf (found, i > 1 ? " %s" : "%s", cells[column][0] ? cells[column] : "-");
    }
  return g_string_free (found, FALSE);
}

static void
sort_by (GtkWidget *table, guint column)
{
  g_assert_true (gtk_widget_activate_action (table, "rep.sort", "u", column));
}

static void
on_correct (TdRepTable *table, gint64 rep, int verdict, gpointer data)
{
  gint64 *got = data;

  (void) table;
  got[0] = rep;
  got[1] = verdict;
}

/* In the table's text. */
enum
{
  RESULT = 2,
  DEPTH = 3
};

static void
the_table_sorts_with_missing_values_last_both_ways (void)
{
  GtkWidget *table = td_rep_table_new ();
  GtkWidget *window = td_test_show (table, 900, 300);
  const TdRepRow rows[] = { a_rep (1, 1, 1, 110), a_rep (2, 1, 2, NAN), a_rep (3, 1, 3, 125),
                            a_rep (4, 2, 0, 60), a_rep (5, 2, 1, 99) };
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    g_ptr_array_add (items, td_rep_item_new (&rows[i]));
  td_rep_table_set_reps (TD_REP_TABLE (table), items);
  assert_text (column_of (TD_REP_TABLE (table), DEPTH), "110 - 125 60 99");
  sort_by (table, DEPTH + 1); /* the column of buttons is not copied */
  assert_text (column_of (TD_REP_TABLE (table), DEPTH), "60 99 110 125 -");
  sort_by (table, DEPTH + 1);
  assert_text (column_of (TD_REP_TABLE (table), DEPTH), "125 110 99 60 -");
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
a_corrected_row_stays_and_says_so (void)
{
  GtkWidget *table = td_rep_table_new ();
  GtkWidget *window = td_test_show (table, 900, 300);
  TdRepRow row = a_rep (7, 1, 1, 110);
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) again = g_ptr_array_new_with_free_func (g_object_unref);
  gint64 got[2] = { 0 };

  g_signal_connect (table, "correct", G_CALLBACK (on_correct), got);
  g_ptr_array_add (items, td_rep_item_new (&row));
  td_rep_table_set_reps (TD_REP_TABLE (table), items);
  g_assert_null (td_rep_table_get_chosen (TD_REP_TABLE (table)));
  assert_text (column_of (TD_REP_TABLE (table), RESULT), "Counted");

  row.verdict = TD_VERDICT_NOT_ONE;
  row.number = 0;
  g_ptr_array_add (again, td_rep_item_new (&row));
  td_rep_table_set_reps (TD_REP_TABLE (table), again);
  assert_text (column_of (TD_REP_TABLE (table), RESULT), "Not counted: taken out by you");
  assert_text (column_of (TD_REP_TABLE (table), 1), "-");
  /* Nothing is chosen, so there is nothing to correct. */
  gtk_widget_activate_action (table, "rep.correct", NULL);
  g_assert_cmpint (got[0], ==, 0);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
a_set_takes_a_load_and_no_load_at_all (void)
{
  GtkWidget *tile = g_object_ref_sink (td_set_tile_new (TRUE));
  TdSetRow set = { .id = 5,
                   .number = 2,
                   .n_reps = 8,
                   .n_attempts = 1,
                   .info = { .load_kg = NAN, .target = 10 },
                   .start_ns = 1000000000,
                   .end_ns = 43000000000 };
  TdSetInfo info;

  td_set_tile_show (TD_SET_TILE (tile), &set, 90000000000);
  g_assert_cmpstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (tile)), ==,
                   "8 of 10 repetitions, 1 not counted · 42 s · after 1:30 min of rest");
  g_assert_true (isnan (td_set_tile_get_load (TD_SET_TILE (tile))));
  g_assert_false (td_set_tile_take_change (TD_SET_TILE (tile), &info));

  set.info.load_kg = 20;
  td_set_tile_show (TD_SET_TILE (tile), &set, -1);
  g_assert_cmpstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (tile)), ==,
                   "8 of 10 repetitions, 1 not counted · 42 s");
  g_assert_cmpfloat_with_epsilon (td_set_tile_get_load (TD_SET_TILE (tile)), 20, 1e-3f);
  /* It was shown, not changed. */
  g_assert_false (td_set_tile_take_change (TD_SET_TILE (tile), &info));
  g_object_unref (tile);
}

static void
a_session_says_all_it_shows (void)
{
  TdSessionRow row = { .id = 1,
                       .started_at = "2026-11-20T18:03:11+01:00",
                       .exercise = "cyclist",
                       .source = "Camera",
                       .n_sets = 3,
                       .n_reps = 24,
                       .load_kg = 20,
                       .best_flexion_deg = 124.4f,
                       .n_depths = 2,
                       .depths_deg = { 124, 110 } };
  g_autoptr (TdSessionItem) item = td_session_item_new (&row);
  GtkWidget *tile = td_session_tile_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *window;

  gtk_box_append (GTK_BOX (box), tile);
  window = td_test_show (box, 320, 100);
  td_session_tile_set_item (TD_SESSION_TILE (tile), item, FALSE);
  gtk_test_accessible_assert_property (
      box, GTK_ACCESSIBLE_PROPERTY_LABEL,
      "20 November 2026, 18:03, Cyclist squat, 3 sets · 24 reps · 20 kg, deepest 124°, "
      "Depths from 110° to 124°, the last 14° less than the first, Camera");
  row.n_reps = 23;
  td_session_item_set_row (item, &row);
  gtk_test_accessible_assert_property (
      box, GTK_ACCESSIBLE_PROPERTY_LABEL,
      "20 November 2026, 18:03, Cyclist squat, 3 sets · 23 reps · 20 kg, deepest 124°, "
      "Depths from 110° to 124°, the last 14° less than the first, Camera");
  gtk_window_destroy (GTK_WINDOW (window));
}

/* --- The archive -------------------------------------------------------------------------- */

static void
on_sessions (GObject *source, GAsyncResult *result, gpointer data)
{
  GPtrArray **items = data;
  g_autoptr (GError) error = NULL;

  (void) source;
  *items = td_archive_sessions_finish (result, &error);
  g_assert_no_error (error);
}

static void
on_first (GPtrArray *items, gpointer data)
{
  GPtrArray **all = data;

  /* Ahead of the others. */
  g_assert_null (*all);
  g_assert_cmpuint (items->len, ==, TD_ARCHIVE_FIRST);
  g_object_set_data (items->pdata[0], "was-first", items->pdata[0]);
}

static GPtrArray *
read_sessions (const char *path, TdArchiveFirst first)
{
  GPtrArray *items = NULL;

  td_archive_sessions_async (path, NULL, first, on_sessions, &items);
  while (!items)
    g_main_context_iteration (NULL, TRUE);
  return items;
}

static void
remove_store (const char *folder, const char *path)
{
  for (const char *const *end = (const char *const[]){ "", "-wal", "-shm", NULL }; *end; end++)
    {
      g_autofree char *file = g_strconcat (path, *end, NULL);
      g_remove (file);
    }
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static void
of_a_long_history_the_newest_come_first_to_who_asks_for_them (void)
{
  g_autofree char *folder = g_dir_make_tmp ("teardrop-history-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "long.db", NULL);
  TdStore *store = NULL;
  int64_t session;

  g_assert_cmpint (td_store_open (path, &store, NULL, NULL), ==, TD_STORE_OK);
  for (int i = 0; i < TD_ARCHIVE_FIRST + 3; i++)
    g_assert_cmpint (
        td_store_begin_session (
            store, &(TdSessionInfo){ .started_at = "2026-11-20T18:03:11+01:00" }, &session, NULL),
        ==, TD_STORE_OK);
  td_store_close (store);

  g_autoptr (GPtrArray) items = read_sessions (path, on_first);
  g_assert_cmpuint (items->len, ==, TD_ARCHIVE_FIRST + 3);
  g_assert_cmpint (td_session_item_get_row (items->pdata[0])->id, ==, session);
  /* The same items, so that what is shown need not be made again. */
  g_assert_nonnull (g_object_get_data (items->pdata[0], "was-first"));
  g_autoptr (GPtrArray) at_once = read_sessions (path, NULL);
  g_assert_cmpuint (at_once->len, ==, TD_ARCHIVE_FIRST + 3);
  remove_store (folder, path);
}

static void
on_changed (GObject *source, GAsyncResult *result, gpointer data)
{
  int *n = data;
  g_autoptr (GError) error = NULL;

  (void) source;
  g_assert_true (td_archive_change_finish (result, &error));
  g_assert_no_error (error);
  (*n)++;
}

static void
a_history_of_an_earlier_version_is_read_and_of_many_notes_the_last_one_stays (void)
{
  g_autofree char *folder = g_dir_make_tmp ("teardrop-history-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "old.db", NULL);
  const char *const steps[]
      = { "PRAGMA journal_mode = WAL", old_tables, old_views, "PRAGMA application_id = 0x54447270",
          "PRAGMA user_version = 2",   old_rows,   old_frames };
  sqlite3 *db = NULL;
  int n_written = 0;

  g_autoptr (GPtrArray) none = read_sessions (path, NULL);
  g_assert_cmpuint (none->len, ==, 0);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    g_assert_cmpint (sqlite3_exec (db, steps[i], NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
  g_autoptr (GPtrArray) items = read_sessions (path, NULL);
  g_assert_cmpuint (items->len, ==, 1);
  const TdSessionRow *row = td_session_item_get_row (items->pdata[0]);
  g_assert_cmpstr (row->source, ==, "Old camera");
  g_assert_cmpstr (row->note, ==, "");

  for (int i = 1; i <= 9; i++)
    {
      g_autofree char *note = g_strdup_printf ("note %d", i);
      td_archive_set_note_async (path, row->id, note, on_changed, &n_written);
    }
  while (n_written < 9)
    g_main_context_iteration (NULL, TRUE);
  g_autoptr (GPtrArray) again = read_sessions (path, NULL);
  g_assert_cmpstr (td_session_item_get_row (again->pdata[0])->note, ==, "note 9");

  remove_store (folder, path);
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add_func ("/words/dates_are_by_month_and_day", dates_are_by_month_and_day);
  g_test_add_func ("/words/loads_are_in_the_users_units", loads_are_in_the_users_units);
  g_test_add_func ("/words/sets_and_durations_are_short", sets_and_durations_are_short);
  g_test_add_func ("/words/search_knows_words_of_dates_notes_and_accents",
                   search_knows_words_of_dates_notes_and_accents);
  g_test_add_func ("/words/each_row_has_one_correction_and_a_way_back",
                   each_row_has_one_correction_and_a_way_back);
  g_test_add_func ("/sparkline/the_small_chart_has_a_bar_for_each_depth_and_says_them",
                   the_small_chart_has_a_bar_for_each_depth_and_says_them);
  g_test_add_func ("/table/the_table_sorts_with_missing_values_last_both_ways",
                   the_table_sorts_with_missing_values_last_both_ways);
  g_test_add_func ("/table/a_corrected_row_stays_and_says_so", a_corrected_row_stays_and_says_so);
  g_test_add_func ("/sets/a_set_takes_a_load_and_no_load_at_all",
                   a_set_takes_a_load_and_no_load_at_all);
  g_test_add_func ("/tile/a_session_says_all_it_shows", a_session_says_all_it_shows);
  g_test_add_func ("/archive/"
                   "a_history_of_an_earlier_version_is_read_and_of_many_notes_the_last_one_stays",
                   a_history_of_an_earlier_version_is_read_and_of_many_notes_the_last_one_stays);
  g_test_add_func ("/archive/of_a_long_history_the_newest_come_first_to_who_asks_for_them",
                   of_a_long_history_the_newest_come_first_to_who_asks_for_them);
  return g_test_run ();
}
