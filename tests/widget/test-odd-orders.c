/* test-odd-orders.c: what users do in an order that nobody planned: too early, twice, or while it runs.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-compare.h"
#include "td-history-page.h"
#include "td-preferences.h"
#include "td-session-view.h"
#include "td-settings.h"
#include "td-widget-test.h"

#include <glib/gstdio.h>

typedef struct
{
  char *folder;
  char *paths[2]; /* of two files with as many sessions */
  GSettings *settings;
  GtkWidget *window;
  AdwToastOverlay *toasts;
  TdHistoryPage *history;
} Home;

static void
add_session (TdStore *store, const char *started_at, const char *exercise)
{
  TdSessionInfo info = { .started_at = started_at, .exercise = exercise };
  TdStoreError error;
  int64_t session, set;

  g_assert_cmpint (td_store_begin_session (store, &info, &session, &error), ==, TD_STORE_OK);
  g_assert_cmpint (td_store_begin_set (store, session, NULL, &set, &error), ==, TD_STORE_OK);
  /* A session without any leaves nothing. */
  TdRep rep = { .index = 1, .number = 1, .counted = true, .bottom_ns = 1, .top_ns = 2 };
  for (int m = 0; m < TD_N_REP_MEASURES; m++)
    *(TdMeasure *) td_rep_measure_at (&rep, (TdRepMeasureId) m)
        = td_measure_missing (TD_MISSING_NOT_TAKEN);
  g_assert_cmpint (td_store_add_rep (store, set, &rep, &error), ==, TD_STORE_OK);
  g_assert_cmpint (td_store_end_session (store, session, &error), ==, TD_STORE_OK);
}

static void
set_up (Home *home, gconstpointer unused)
{
  (void) unused;
  home->folder = g_dir_make_tmp ("teardrop-odd-XXXXXX", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (home->paths); i++)
    {
      g_autofree char *name = g_strdup_printf ("teardrop-%zu.db", i);
      TdStore *store;
      TdStoreError error;

      home->paths[i] = g_build_filename (home->folder, name, NULL);
      g_assert_cmpint (td_store_open (home->paths[i], &store, NULL, &error), ==, TD_STORE_OK);
      add_session (store, "2026-10-01T18:00:00+02:00", "cyclist");
      add_session (store, i ? "2026-10-09T07:00:00+02:00" : "2026-10-08T18:00:00+02:00", "narrow");
      td_store_close (store);
    }
  home->settings = td_settings_new ();
}

static void
tear_down (Home *home, gconstpointer unused)
{
  g_autoptr (GDir) dir = g_dir_open (home->folder, 0, NULL);
  const char *name;

  (void) unused;
  if (home->window)
    gtk_window_destroy (GTK_WINDOW (home->window));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  while ((name = g_dir_read_name (dir)))
    {
      g_autofree char *path = g_build_filename (home->folder, name, NULL);
      g_unlink (path);
    }
  g_rmdir (home->folder);
  g_free (home->folder);
  for (gsize i = 0; i < G_N_ELEMENTS (home->paths); i++)
    g_free (home->paths[i]);
  g_object_unref (home->settings);
}

typedef gboolean (*Condition) (gpointer data);

static void
run_until (Condition condition, gpointer data)
{
  gint64 end = g_get_monotonic_time () + 20 * G_TIME_SPAN_SECOND;

  while (!condition (data))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      if (!g_main_context_iteration (NULL, FALSE))
        g_usleep (1000);
    }
}

static guint
n_sessions (const char *path)
{
  TdSessionRow row;
  TdStore *store;
  TdStoreError error;
  guint n = 0;

  if (td_store_open_read_only (path, &store, &error) != TD_STORE_OK)
    return 0;
  for (int64_t id = 1; id < 10; id++)
    n += td_store_get_session (store, id, &row, &error) == TD_STORE_OK;
  td_store_close (store);
  return n;
}

/* --- Sessions ------------------------------------------------------------------------------ */

static TdTrainer *
trainer_of_demo (Home *home)
{
  const char *root = g_getenv ("TD_TEST_SOURCE_ROOT");
  g_autofree char *model = g_build_filename (root, "models", "teardrop-legs", NULL);
  g_autofree char *clip = g_build_filename (root, "ui", "data", "demo.mp4", NULL);
  TdTrainer *trainer = td_trainer_new (model, home->paths[0], home->settings);

  td_trainer_play_file (trainer, clip, "demo.mp4", TD_PACE_AS_FAST_AS_POSSIBLE);
  return trainer;
}

static gboolean
no_session_runs (gpointer trainer)
{
  return !td_trainer_in_session (trainer);
}

static void
a_video_that_is_discarded_before_its_first_picture_leaves_nothing (Home *home, gconstpointer unused)
{
  g_autoptr (TdTrainer) trainer = trainer_of_demo (home);

  (void) unused;
  g_assert_true (td_trainer_in_session (trainer));
  td_trainer_discard (trainer);
  run_until (no_session_runs, trainer);
  g_assert_cmpint (td_trainer_get_state (trainer), ==, TD_TRAINER_FILE);
  td_trainer_close (trainer);
  g_assert_cmpuint (n_sessions (home->paths[0]), ==, 2);
}

/* What counts it goes on for a moment, and must not look at what is gone. */
static void
a_trainer_may_go_while_its_video_is_opened (Home *home, gconstpointer unused)
{
  TdTrainer *trainer = trainer_of_demo (home);

  (void) unused;
  g_object_unref (trainer);
  g_assert_true (td_live_end_all (20000));
  g_assert_cmpuint (n_sessions (home->paths[0]), ==, 2);
}

/* --- History ------------------------------------------------------------------------------- */

static gboolean
has_two (gpointer data)
{
  Home *home = data;
  TdSessionItem *item = td_history_page_get_selected (home->history);

  return item && td_session_item_get_row (item)->id == 2;
}

static gboolean
has_one (gpointer data)
{
  Home *home = data;
  TdSessionItem *item = td_history_page_get_selected (home->history);

  return item && td_session_item_get_row (item)->id == 1;
}

/* The first one of TYPE within. */
static GtkWidget *
find (GtkWidget *within, GType type)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (within, type))
    return within;
  for (GtkWidget *child = gtk_widget_get_first_child (within); child;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find (child, type);
      if (found)
        return found;
    }
  return NULL;
}

/* "9 October 2026, 07:00": the title of what is shown. */
static gboolean
shows (Home *home, const char *day)
{
  GtkWidget *view = find (GTK_WIDGET (home->history), TD_TYPE_SESSION_VIEW);
  GtkLabel *title = GTK_LABEL (gtk_widget_get_template_child (view, TD_TYPE_SESSION_VIEW, "title"));

  return g_str_has_prefix (gtk_label_get_label (title), day);
}

static gboolean
shows_the_first_file (gpointer home)
{
  return shows (home, "8 October");
}

static gboolean
shows_the_second_file (gpointer home)
{
  return shows (home, "9 October");
}

static void
show_history (Home *home)
{
  home->toasts = ADW_TOAST_OVERLAY (adw_toast_overlay_new ());
  home->history = g_object_new (TD_TYPE_HISTORY_PAGE, NULL);
  adw_toast_overlay_set_child (home->toasts, GTK_WIDGET (home->history));
  home->window = td_test_show (GTK_WIDGET (home->toasts), 800, 600);
  td_history_page_set_store (home->history, home->paths[0], home->settings, home->toasts);
  td_history_page_reload (home->history, FALSE);
  run_until (has_two, home);
  run_until (shows_the_first_file, home);
}

static gboolean
first_file_has_one (gpointer data)
{
  return n_sessions (((Home *) data)->paths[0]) == 1;
}

static void
what_waits_for_its_undo_is_deleted_where_it_was (Home *home, gconstpointer unused)
{
  (void) unused;
  show_history (home);
  td_history_page_delete (home->history);
  g_assert_true (has_one (home));
  td_history_page_set_store (home->history, home->paths[1], home->settings, home->toasts);
  td_history_page_reload (home->history, FALSE);
  td_history_page_flush (home->history);
  run_until (first_file_has_one, home);
  g_assert_cmpuint (n_sessions (home->paths[1]), ==, 2);
}

static void
another_file_has_other_sessions_of_the_same_number (Home *home, gconstpointer unused)
{
  (void) unused;
  show_history (home);
  td_history_page_set_store (home->history, home->paths[1], home->settings, home->toasts);
  td_history_page_reload (home->history, FALSE);
  run_until (shows_the_second_file, home);
}

static GtkTextBuffer *
note_of (Home *home)
{
  GtkWidget *view = find (GTK_WIDGET (home->history), TD_TYPE_SESSION_VIEW);

  return gtk_text_view_get_buffer (
      GTK_TEXT_VIEW (gtk_widget_get_template_child (view, TD_TYPE_SESSION_VIEW, "note")));
}

static void
a_note_is_still_there_when_one_comes_back_at_once (Home *home, gconstpointer unused)
{
  GtkSelectionModel *model;
  g_autofree char *text = NULL;

  (void) unused;
  show_history (home);
  model = gtk_list_view_get_model (GTK_LIST_VIEW (
      gtk_widget_get_template_child (GTK_WIDGET (home->history), TD_TYPE_HISTORY_PAGE, "list")));
  gtk_text_buffer_set_text (note_of (home), "Slept badly", -1);
  /* Nothing is written yet when the other one comes, nor when the first one is back. */
  gtk_selection_model_select_item (model, 1, TRUE);
  gtk_selection_model_select_item (model, 0, TRUE);
  g_object_get (note_of (home), "text", &text, NULL);
  g_assert_cmpstr (text, ==, "Slept badly");
}

/* "1", or "×" where it does not count. */
static const char *
compared_rep (Home *home)
{
  GtkWidget *compare = find (GTK_WIDGET (home->history), TD_TYPE_COMPARE);
  GtkStringObject *rep = gtk_drop_down_get_selected_item (
      GTK_DROP_DOWN (gtk_widget_get_template_child (compare, TD_TYPE_COMPARE, "rep_first")));

  return rep ? gtk_string_object_get_string (rep) : "";
}

static gboolean
compares_a_repetition (gpointer home)
{
  return g_str_equal (compared_rep (home), "1");
}

static gboolean
compares_an_attempt (gpointer home)
{
  return g_str_equal (compared_rep (home), "×");
}

static void
what_is_corrected_is_compared_as_corrected (Home *home, gconstpointer unused)
{
  GtkStack *parts;
  GtkWidget *view, *table;

  (void) unused;
  show_history (home);
  view = find (GTK_WIDGET (home->history), TD_TYPE_SESSION_VIEW);
  parts = GTK_STACK (gtk_widget_get_template_child (view, TD_TYPE_SESSION_VIEW, "parts"));
  table = GTK_WIDGET (gtk_widget_get_template_child (view, TD_TYPE_SESSION_VIEW, "table"));
  gtk_stack_set_visible_child_name (parts, "compare");
  run_until (compares_a_repetition, home);
  gtk_stack_set_visible_child_name (parts, "charts");
  g_signal_emit_by_name (table, "correct", (gint64) 2, (int) TD_VERDICT_NOT_ONE);
  gtk_stack_set_visible_child_name (parts, "compare");
  run_until (compares_an_attempt, home);
}

static gboolean
lists_three (gpointer data)
{
  GtkWidget *list = GTK_WIDGET (gtk_widget_get_template_child (
      GTK_WIDGET (((Home *) data)->history), TD_TYPE_HISTORY_PAGE, "list"));

  return g_list_model_get_n_items (G_LIST_MODEL (gtk_list_view_get_model (GTK_LIST_VIEW (list))))
         == 3;
}

/* A video may be counted meanwhile: what is typed next is still for the same session. */
static void
who_writes_a_note_is_not_taken_to_the_session_that_ends (Home *home, gconstpointer unused)
{
  TdStore *store;
  TdStoreError error;
  GtkTextIter at;

  (void) unused;
  show_history (home);
  gtk_text_buffer_set_text (note_of (home), "Slept", -1);
  gtk_text_buffer_get_start_iter (note_of (home), &at);
  gtk_text_buffer_place_cursor (note_of (home), &at);
  g_assert_cmpint (td_store_open (home->paths[0], &store, NULL, &error), ==, TD_STORE_OK);
  add_session (store, "2026-10-11T18:00:00+02:00", "cyclist");
  td_store_close (store);
  td_history_page_reload (home->history, TRUE);
  run_until (lists_three, home);
  g_assert_true (has_two (home));
  g_assert_true (shows_the_first_file (home));
  gtk_text_buffer_insert_at_cursor (note_of (home), "Badly ", -1);
  g_autofree char *text = NULL;
  g_object_get (note_of (home), "text", &text, NULL);
  g_assert_cmpstr (text, ==, "Badly Slept");
}

static void
the_session_that_has_just_ended_is_shown_whatever_is_searched_for (Home *home, gconstpointer unused)
{
  (void) unused;
  show_history (home);
  g_object_set (home->history, "exercise", "cyclist", NULL);
  g_assert_true (has_one (home));
  td_history_page_reload (home->history, TRUE);
  td_history_page_show_newest (home->history);
  run_until (has_two, home);
}

/* --- Preferences --------------------------------------------------------------------------- */

static GtkWindow *
find_window (GType type)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);
      if (G_TYPE_CHECK_INSTANCE_TYPE (window, type))
        return window; /* the list keeps it */
    }
  return NULL;
}

static gboolean
is_gone (gpointer pointer)
{
  return *(gpointer *) pointer == NULL;
}

static void
keep_path (TdPreferences *preferences, const char *path, char **kept)
{
  (void) preferences;
  g_free (*kept);
  *kept = g_strdup (path);
}

static void
what_the_preferences_began_ends_after_they_are_closed (Home *home, gconstpointer unused)
{
  g_autoptr (TdTrainer) trainer = td_trainer_new (NULL, home->paths[0], home->settings);
  g_autofree char *used = NULL;
  TdPreferences *preferences;

  (void) unused;
  home->window = td_test_show (gtk_label_new (NULL), 300, 300);
  preferences
      = td_preferences_new (GTK_WINDOW (home->window), trainer, home->settings, home->paths[0]);
  g_signal_connect (preferences, "use-store", G_CALLBACK (keep_path), &used);
  g_object_add_weak_pointer (G_OBJECT (preferences), (gpointer *) &preferences);
  gtk_window_present (GTK_WINDOW (preferences));
  g_signal_emit_by_name (
      gtk_widget_get_template_child (GTK_WIDGET (preferences), TD_TYPE_PREFERENCES, "erase"),
      "clicked");
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (find_window (ADW_TYPE_MESSAGE_DIALOG)),
                               "delete");
  gtk_window_close (GTK_WINDOW (preferences));
  run_until (is_gone, &preferences);
  g_assert_false (g_file_test (home->paths[0], G_FILE_TEST_EXISTS));
  g_assert_cmpstr (used, ==, home->paths[0]);
}

#define ADD(name) g_test_add ("/odd/" #name, Home, NULL, set_up, name, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  ADD (a_video_that_is_discarded_before_its_first_picture_leaves_nothing);
  ADD (a_trainer_may_go_while_its_video_is_opened);
  ADD (what_waits_for_its_undo_is_deleted_where_it_was);
  ADD (another_file_has_other_sessions_of_the_same_number);
  ADD (a_note_is_still_there_when_one_comes_back_at_once);
  ADD (what_is_corrected_is_compared_as_corrected);
  ADD (who_writes_a_note_is_not_taken_to_the_session_that_ends);
  ADD (the_session_that_has_just_ended_is_shown_whatever_is_searched_for);
  ADD (what_the_preferences_began_ends_after_they_are_closed);
  return g_test_run ();
}
