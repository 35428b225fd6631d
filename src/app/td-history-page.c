/* td-history-page.c: past sessions by month, searched and filtered, and the one that is chosen.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-history-page.h"

#include "td-archive.h"
#include "td-history-words.h"
#include "td-menu.h"
#include "td-session-tile.h"
#include "td-session-view.h"
#include "td-tab.h"
#include "td-words.h"

#include <glib/gi18n.h>
#include <string.h>

/* Long enough to notice what went, and to reach for the button by keyboard. */
#define UNDO_S 10

/* What a row of an exported file is. */
#define ROWS_CHOICE "rows"
#define ROWS_REPS "repetitions"
#define ROWS_SAMPLES "samples"

struct _TdHistoryPage
{
  AdwBin parent_instance;

  char *path;
  GSettings *settings;
  AdwToastOverlay *toasts;
  GCancellable *reading;
  /* The first sessions of a long history are being painted, or just were; the rest waits for that. */
  guint painting, painted;
  GPtrArray *rest;      /* NULL: not read yet */
  GListStore *sessions; /* TdSessionItem */
  GtkFilterListModel *found;
  GtkCustomFilter *filter;
  GPtrArray *bound; /* GtkListItem that show a session now; borrowed */
  TdSessionItem *doomed;
  guint doomed_position;
  AdwToast *undo;
  gboolean select_newest;

  /* What is asked for. */
  char **words;
  char *exercise; /* "": any */
  gboolean with_load;
  gboolean with_note;

  GtkStack *view;
  GtkStack *results;
  AdwStatusPage *unreadable;
  AdwLeaflet *leaflet;
  GtkSearchEntry *search;
  GtkMenuButton *filters;
  GtkWidget *narrowed;
  GtkLabel *how_many;
  GtkListView *list;
  GtkSingleSelection *selection;
  TdSessionView *session;
  GtkWidget *menu;
};

G_DEFINE_FINAL_TYPE (TdHistoryPage, td_history_page, ADW_TYPE_BIN)

enum
{
  PROP_EXERCISE = 1,
  PROP_WITH_LOAD,
  PROP_WITH_NOTE
};

enum
{
  SELECTED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
tell (TdHistoryPage *self, const char *text)
{
  AdwToast *toast = adw_toast_new ("");
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  adw_toast_set_title (toast, escaped);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

/* --- The list ------------------------------------------------------------------------------ */

/* GTK 4.8 has no sections: the first session of a month carries its name. */
static void
show_month (TdHistoryPage *self, GtkListItem *item)
{
  guint position = gtk_list_item_get_position (item);
  TdSessionItem *session = gtk_list_item_get_item (item);
  gboolean begins = TRUE;

  if (!session)
    return;
  if (position > 0 && position != GTK_INVALID_LIST_POSITION)
    {
      g_autoptr (TdSessionItem) above
          = g_list_model_get_item (G_LIST_MODEL (self->selection), position - 1);
      begins = !above || td_session_item_get_month (above) != td_session_item_get_month (session);
    }
  td_session_tile_set_begins_month (TD_SESSION_TILE (gtk_list_item_get_child (item)), begins);
}

/* What is above a session may be another one now. */
static void
on_rows_changed (TdHistoryPage *self)
{
  for (guint i = 0; i < self->bound->len; i++)
    show_month (self, self->bound->pdata[i]);
}

static void
open_menu (TdHistoryPage *self, GtkWidget *at, double x, double y)
{
  double to_x = 0, to_y = 0;

  gtk_widget_translate_coordinates (at, GTK_WIDGET (self), x, y, &to_x, &to_y);
  gtk_popover_set_pointing_to (GTK_POPOVER (self->menu),
                               &(GdkRectangle){ (int) to_x, (int) to_y, 1, 1 });
  td_menu_gives_back (GTK_POPOVER (self->menu), at);
  gtk_popover_popup (GTK_POPOVER (self->menu));
}

static void
on_right_click (GtkGestureClick *gesture, int n, double x, double y, gpointer data)
{
  GtkListItem *item = data;
  GtkWidget *tile = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (gesture));
  TdHistoryPage *self = TD_HISTORY_PAGE (gtk_widget_get_ancestor (tile, TD_TYPE_HISTORY_PAGE));

  (void) n;
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  gtk_single_selection_set_selected (self->selection, gtk_list_item_get_position (item));
  open_menu (self, tile, x, y);
}

static void
show_menu (GtkWidget *widget, const char *name, GVariant *parameter)
{
  TdHistoryPage *self = TD_HISTORY_PAGE (widget);
  GtkRoot *root = gtk_widget_get_root (widget);
  GtkWidget *focus = root ? gtk_root_get_focus (root) : NULL;

  (void) name;
  (void) parameter;
  if (!focus || !gtk_widget_is_ancestor (focus, GTK_WIDGET (self->list)))
    focus = GTK_WIDGET (self->list);
  open_menu (self, focus, 48, gtk_widget_get_height (focus) * 0.75);
}

static void
on_setup_session (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  GtkWidget *tile = td_session_tile_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  (void) factory;
  (void) data;
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  g_signal_connect_object (click, "pressed", G_CALLBACK (on_right_click), item, 0);
  gtk_widget_add_controller (tile, GTK_EVENT_CONTROLLER (click));
  gtk_list_item_set_child (item, tile);
}

static void
on_bind_session (TdHistoryPage *self, GtkListItem *item)
{
  td_session_tile_set_item (TD_SESSION_TILE (gtk_list_item_get_child (item)),
                            gtk_list_item_get_item (item), td_history_imperial (self->settings));
  g_ptr_array_add (self->bound, item);
  show_month (self, item);
}

static void
on_unbind_session (TdHistoryPage *self, GtkListItem *item)
{
  td_session_tile_set_item (TD_SESSION_TILE (gtk_list_item_get_child (item)), NULL, FALSE);
  g_ptr_array_remove_fast (self->bound, item);
}

static void
on_units_changed (TdHistoryPage *self)
{
  for (guint i = 0; i < self->bound->len; i++)
    {
      GtkListItem *item = self->bound->pdata[i];
      td_session_tile_set_item (TD_SESSION_TILE (gtk_list_item_get_child (item)),
                                gtk_list_item_get_item (item),
                                td_history_imperial (self->settings));
    }
}

/* --- Search -------------------------------------------------------------------------------- */

static gboolean
is_wanted (gpointer item, gpointer data)
{
  TdHistoryPage *self = data;
  const TdSessionRow *row = td_session_item_get_row (item);

  if (self->exercise[0] && strcmp (row->exercise, self->exercise) != 0)
    return FALSE;
  if (self->with_load && !(row->load_kg > 0))
    return FALSE;
  if (self->with_note && !row->note[0])
    return FALSE;
  return !self->words || !self->words[0]
         || td_history_search_matches (td_session_item_get_search_key (item),
                                       (const char *const *) self->words);
}

static gboolean
is_narrowed (TdHistoryPage *self)
{
  return (self->words && self->words[0]) || self->exercise[0] || self->with_load || self->with_note;
}

static void
show_what_there_is (TdHistoryPage *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->sessions));
  guint n_found = g_list_model_get_n_items (G_LIST_MODEL (self->found));
  /* Translators: found of all */
  g_autofree char *how_many
      = g_strdup_printf (ngettext ("%u of %u session", "%u of %u sessions", n), n_found, n);

  gtk_stack_set_visible_child_name (self->view, n ? "sessions" : "nothing");
  gtk_stack_set_visible_child_name (self->results, n_found ? "found" : "none");
  gtk_label_set_label (self->how_many, how_many);
  gtk_widget_set_visible (self->narrowed, is_narrowed (self) && n_found > 0);
  if (self->exercise[0] || self->with_load || self->with_note)
    gtk_widget_add_css_class (GTK_WIDGET (self->filters), "filtering");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->filters), "filtering");
}

static void
search_again (TdHistoryPage *self)
{
  gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
  show_what_there_is (self);
}

static void
on_search_changed (TdHistoryPage *self)
{
  g_strfreev (self->words);
  self->words = td_history_search_words (gtk_editable_get_text (GTK_EDITABLE (self->search)));
  search_again (self);
}

/* The chosen row: by itself the list would take where the focus was last. */
static void
focus_list (TdHistoryPage *self)
{
  GtkWidget *list = GTK_WIDGET (self->list);
  guint position = gtk_single_selection_get_selected (self->selection);

  if (position == GTK_INVALID_LIST_POSITION)
    return;
  gtk_widget_activate_action (list, "list.scroll-to-item", "u", position);
  for (GtkWidget *row = gtk_widget_get_first_child (list); row;
       row = gtk_widget_get_next_sibling (row))
    if (gtk_widget_get_state_flags (row) & GTK_STATE_FLAG_SELECTED)
      {
        gtk_widget_grab_focus (row);
        return;
      }
  gtk_widget_grab_focus (list);
}

static void
on_stop_search (TdHistoryPage *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  focus_list (self);
}

static void
find (GtkWidget *widget, const char *name, GVariant *parameter)
{
  TdHistoryPage *self = TD_HISTORY_PAGE (widget);

  (void) name;
  (void) parameter;
  adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_BACK);
  gtk_widget_grab_focus (GTK_WIDGET (self->search));
}

static void
show_all (GtkWidget *widget, const char *name, GVariant *parameter)
{
  (void) name;
  (void) parameter;
  g_object_set (widget, "exercise", "", "with-load", FALSE, "with-note", FALSE, NULL);
  gtk_editable_set_text (GTK_EDITABLE (TD_HISTORY_PAGE (widget)->search), "");
  /* At once, not when typing has paused. */
  on_search_changed (TD_HISTORY_PAGE (widget));
}

static void
fill_filters (TdHistoryPage *self)
{
  g_autoptr (GMenu) menu = g_menu_new ();
  g_autoptr (GMenu) exercises = g_menu_new ();
  g_autoptr (GMenu) more = g_menu_new ();
  size_t n;
  const TdProfile *profiles = td_profile_all (&n);

  g_menu_append (exercises, _ ("All Exercises"), "history.exercise::");
  for (size_t i = 0; i < n; i++)
    {
      g_autofree char *action = g_strconcat ("history.exercise::", profiles[i].id, NULL);
      g_menu_append (exercises, _ (profiles[i].name), action);
    }
  g_menu_append (more, _ ("With a Load"), "history.with-load");
  g_menu_append (more, _ ("With a Note"), "history.with-note");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (exercises));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (more));
  gtk_menu_button_set_menu_model (self->filters, G_MENU_MODEL (menu));
}

/* --- Reading ------------------------------------------------------------------------------ */

TdSessionItem *
td_history_page_get_selected (TdHistoryPage *self)
{
  g_return_val_if_fail (TD_IS_HISTORY_PAGE (self), NULL);
  return gtk_single_selection_get_selected_item (self->selection);
}

static void
show_session (TdHistoryPage *self)
{
  TdSessionItem *item = td_history_page_get_selected (self);

  if (!self->painting && !self->painted)
    td_session_view_set_session (self->session, item ? td_session_item_get_row (item) : NULL);
  g_signal_emit (self, signals[SELECTED], 0);
}

/* In MODEL, of TdSessionItem. */
static guint
position_in (GListModel *model, gint64 session)
{
  guint n = g_list_model_get_n_items (model);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (TdSessionItem) item = g_list_model_get_item (model, i);
      if (td_session_item_get_row (item)->id == session)
        return i;
    }
  return GTK_INVALID_LIST_POSITION;
}

/* The first one when it is not there. */
static void
select_session (TdHistoryPage *self, gint64 session)
{
  guint position = session ? position_in (G_LIST_MODEL (self->found), session) : 0;

  if (position == GTK_INVALID_LIST_POSITION)
    position = 0;
  gtk_single_selection_set_selected (self->selection, position);
  /* A list stays where it is when a row comes in above. */
  if (position < g_list_model_get_n_items (G_LIST_MODEL (self->selection)))
    gtk_widget_activate_action (GTK_WIDGET (self->list), "list.scroll-to-item", "u", position);
}

/* Somebody changed it in its view. */
static void
on_session_changed (TdHistoryPage *self, const TdSessionRow *row)
{
  guint position = position_in (G_LIST_MODEL (self->sessions), row->id);

  if (position == GTK_INVALID_LIST_POSITION)
    return;
  g_autoptr (TdSessionItem) item = g_list_model_get_item (G_LIST_MODEL (self->sessions), position);
  td_session_item_set_row (item, row);
}

static void
take_out_doomed (TdHistoryPage *self, GPtrArray *items)
{
  for (guint i = 0; self->doomed && i < items->len; i++)
    if (td_session_item_get_row (items->pdata[i])->id == td_session_item_get_row (self->doomed)->id)
      g_ptr_array_remove_index (items, i--);
}

/* A session that is listed already stays the same item, and with it what is chosen and being written. */
static void
keep_items (TdHistoryPage *self, GPtrArray *items)
{
  g_autoptr (GHashTable) listed
      = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, g_object_unref);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->sessions));

  for (guint i = 0; i < n; i++)
    {
      TdSessionItem *item = g_list_model_get_item (G_LIST_MODEL (self->sessions), i);
      g_hash_table_insert (listed, (gpointer) &td_session_item_get_row (item)->id, item);
    }
  for (guint i = 0; i < items->len; i++)
    {
      TdSessionItem *item = items->pdata[i];
      TdSessionItem *same = g_hash_table_lookup (listed, &td_session_item_get_row (item)->id);
      if (!same || same == item)
        continue;
      td_session_item_set_row (same, td_session_item_get_row (item));
      items->pdata[i] = g_object_ref (same);
      g_object_unref (item);
    }
}

/* ITEMS are all there are. */
static void
take_sessions (TdHistoryPage *self, GPtrArray *items)
{
  TdSessionItem *chosen = td_history_page_get_selected (self);
  gint64 wanted = chosen && !self->select_newest ? td_session_item_get_row (chosen)->id : 0;
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->sessions)), n_same = 0;

  take_out_doomed (self, items);
  keep_items (self, items);
  /* Those that were shown first stay as they are. */
  for (; n_same < MIN (n, items->len); n_same++)
    {
      g_autoptr (TdSessionItem) item
          = g_list_model_get_item (G_LIST_MODEL (self->sessions), n_same);
      if ((gpointer) item != items->pdata[n_same])
        break;
    }
  g_list_store_splice (self->sessions, n_same, n - n_same, items->pdata + n_same,
                       items->len - n_same);
  if (n_same == 0 || wanted == 0)
    select_session (self, wanted);
  self->select_newest = FALSE;
  show_what_there_is (self);
  show_session (self);
}

static gboolean
take_rest (gpointer data)
{
  TdHistoryPage *self = data;
  g_autoptr (GPtrArray) rest = g_steal_pointer (&self->rest);

  self->painted = 0;
  if (rest)
    take_sessions (self, rest);
  else
    show_session (self);
  return G_SOURCE_REMOVE;
}

static gboolean
on_first_painting (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  TdHistoryPage *self = data;

  (void) widget;
  (void) clock;
  /* This frame is painted before the main loop goes on. */
  self->painting = 0;
  self->painted = g_idle_add (take_rest, self);
  return G_SOURCE_REMOVE;
}

static void
on_first_read (GPtrArray *items, gpointer data)
{
  TdHistoryPage *self = data;

  /* What is there already is shown until all has been read. */
  if (g_list_model_get_n_items (G_LIST_MODEL (self->sessions)) > 0)
    return;
  take_out_doomed (self, items);
  /* Making the rows of all others, and the session itself, would hold up the list's first picture. */
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    self->painting
        = gtk_widget_add_tick_callback (GTK_WIDGET (self), on_first_painting, self, NULL);
  g_list_store_splice (self->sessions, 0, 0, items->pdata, items->len);
  show_what_there_is (self);
  show_session (self);
}

static void
on_sessions_read (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) items = td_archive_sessions_finish (result, &error);
  TdHistoryPage *self;

  (void) source;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self = data;
  g_clear_object (&self->reading);
  if (!items)
    {
      g_autofree char *escaped = g_markup_escape_text (error->message, -1);
      adw_status_page_set_description (self->unreadable, escaped);
      gtk_stack_set_visible_child_name (self->view, "unreadable");
      tell (self, error->message);
    }
  else if (self->painting || self->painted)
    {
      g_clear_pointer (&self->rest, g_ptr_array_unref);
      self->rest = g_steal_pointer (&items);
    }
  else
    take_sessions (self, items);
}

void
td_history_page_reload (TdHistoryPage *self, gboolean select_newest)
{
  g_return_if_fail (TD_IS_HISTORY_PAGE (self));

  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  self->reading = g_cancellable_new ();
  /* Nobody who looks at one is taken away from it. */
  self->select_newest |= select_newest && !gtk_widget_get_mapped (GTK_WIDGET (self));
  td_archive_sessions_async (self->path, self->reading, on_first_read, on_sessions_read, self);
}

void
td_history_page_show_newest (TdHistoryPage *self)
{
  g_return_if_fail (TD_IS_HISTORY_PAGE (self));

  if (is_narrowed (self))
    show_all (GTK_WIDGET (self), NULL, NULL);
  select_session (self, 0);
  /* It may still be read. */
  self->select_newest = self->reading != NULL;
  adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_FORWARD);
}

static void
reload (GtkWidget *widget, const char *name, GVariant *parameter)
{
  (void) name;
  (void) parameter;
  td_history_page_reload (TD_HISTORY_PAGE (widget), FALSE);
}

static void
on_row_activated (TdHistoryPage *self)
{
  adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_FORWARD);
}

static void
on_back (TdHistoryPage *self)
{
  adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_BACK);
}

/* --- Export ------------------------------------------------------------------------------- */

static void
on_exported (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (TdHistoryPage) self = data;
  g_autoptr (GError) error = NULL;

  (void) source;
  if (g_application_get_default ())
    g_application_release (g_application_get_default ());
  if (td_archive_export_finish (result, &error))
    tell (self, _ ("Session exported"));
  else
    {
      g_autofree char *text = g_strdup_printf (_ ("Not exported: %s"), error->message);
      tell (self, text);
    }
}

static void
on_export_response (GtkNativeDialog *dialog, int response, gpointer data)
{
  TdHistoryPage *self = data;

  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) to = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
      gint64 *session = g_object_get_data (G_OBJECT (dialog), "session");
      const char *rows = gtk_file_chooser_get_choice (GTK_FILE_CHOOSER (dialog), ROWS_CHOICE);
      /* Who closes the window meanwhile wants the file all the same. */
      if (g_application_get_default ())
        g_application_hold (g_application_get_default ());
      td_archive_export_async (self->path, *session, g_strcmp0 (rows, ROWS_SAMPLES) == 0, to, NULL,
                               on_exported, g_object_ref (self));
    }
  g_object_unref (dialog);
}

void
td_history_page_export (TdHistoryPage *self)
{
  TdSessionItem *item = td_history_page_get_selected (self);
  GtkFileChooserNative *dialog;

  if (!item)
    return;

  const TdSessionRow *row = td_session_item_get_row (item);
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();
  g_autofree char *name = td_words_csv_name (row->started_at);
  gint64 *session = g_new (gint64, 1);
  const char *ids[] = { ROWS_REPS, ROWS_SAMPLES, NULL };
  const char *names[] = { _ ("A row for each repetition"), _ ("A row for each picture"), NULL };

  /* The selection may change while the dialog is open. */
  *session = row->id;
  dialog = gtk_file_chooser_native_new (_ ("Export Session"),
                                        GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                        GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Export"), NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), name);
  gtk_file_chooser_add_choice (GTK_FILE_CHOOSER (dialog), ROWS_CHOICE, _ ("Contents"), ids, names);
  gtk_file_chooser_set_choice (GTK_FILE_CHOOSER (dialog), ROWS_CHOICE, ROWS_REPS);
  gtk_file_filter_set_name (filter, _ ("Table: .csv"));
  gtk_file_filter_add_pattern (filter, "*.csv");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (dialog), filter);
  g_object_set_data_full (G_OBJECT (dialog), "session", session, g_free);
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_export_response), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

/* --- Delete ------------------------------------------------------------------------------- */

static void
on_deleted (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (TdHistoryPage) self = data;
  g_autoptr (GError) error = NULL;

  (void) source;
  if (!td_archive_change_finish (result, &error) && self->toasts)
    {
      g_autofree char *text = g_strdup_printf (_ ("Not deleted: %s"), error->message);
      tell (self, text);
      td_history_page_reload (self, FALSE);
    }
  if (g_application_get_default ())
    g_application_release (g_application_get_default ());
}

void
td_history_page_flush (TdHistoryPage *self)
{
  g_return_if_fail (TD_IS_HISTORY_PAGE (self));

  td_session_view_flush (self->session);
  if (!self->doomed)
    return;
  /* The program may be about to end: hold it until the session is gone. */
  if (g_application_get_default ())
    g_application_hold (g_application_get_default ());
  td_archive_delete_async (self->path, td_session_item_get_row (self->doomed)->id, on_deleted,
                           g_object_ref (self));
  g_clear_object (&self->doomed);
  /* Its "Undo" could not bring anything back any more. */
  g_autoptr (AdwToast) undo = g_steal_pointer (&self->undo);
  if (undo)
    adw_toast_dismiss (undo);
}

static void
on_undo (TdHistoryPage *self, AdwToast *toast)
{
  if (!self->doomed || toast != self->undo)
    return;

  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->sessions));
  guint position = MIN (self->doomed_position, n);
  gint64 session = td_session_item_get_row (self->doomed)->id;
  g_list_store_insert (self->sessions, position, self->doomed);
  g_clear_object (&self->doomed);
  g_clear_object (&self->undo);
  select_session (self, session);
  show_what_there_is (self);
  show_session (self);
  focus_list (self);
}

/* Before the button of the toast is reached by Tab, the toast may be gone. */
static void
undo (GtkWidget *widget, const char *name, GVariant *parameter)
{
  TdHistoryPage *self = TD_HISTORY_PAGE (widget);

  (void) name;
  (void) parameter;
  if (!self->undo)
    return;
  g_autoptr (AdwToast) toast = g_object_ref (self->undo);
  on_undo (self, toast);
  adw_toast_dismiss (toast);
}

static void
on_toast_gone (TdHistoryPage *self, AdwToast *toast)
{
  if (toast != self->undo)
    return;
  g_clear_object (&self->undo);
  td_history_page_flush (self);
}

void
td_history_page_delete (TdHistoryPage *self)
{
  TdSessionItem *item = td_history_page_get_selected (self);

  if (!item)
    return;
  td_history_page_flush (self);

  self->doomed = g_object_ref (item);
  self->doomed_position
      = position_in (G_LIST_MODEL (self->sessions), td_session_item_get_row (item)->id);
  self->undo = adw_toast_new (_ ("Session deleted"));
  adw_toast_set_button_label (self->undo, _ ("Undo"));
  adw_toast_set_timeout (self->undo, UNDO_S);
  g_signal_connect_object (self->undo, "button-clicked", G_CALLBACK (on_undo), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->undo, "dismissed", G_CALLBACK (on_toast_gone), self,
                           G_CONNECT_SWAPPED);
  g_list_store_remove (self->sessions, self->doomed_position);
  show_what_there_is (self);
  show_session (self);
  adw_toast_overlay_add_toast (self->toasts, g_object_ref (self->undo));
}

void
td_history_page_set_store (TdHistoryPage *self, const char *path, GSettings *settings,
                           AdwToastOverlay *toasts)
{
  g_return_if_fail (TD_IS_HISTORY_PAGE (self));

  /* In another file the same number is another session. */
  if (self->path && g_strcmp0 (self->path, path) != 0)
    td_history_page_flush (self);
  g_free (self->path);
  self->path = g_strdup (path);
  gboolean fresh = g_set_object (&self->settings, settings);
  g_set_object (&self->toasts, toasts);
  td_session_view_set_store (self->session, path, settings);
  if (fresh)
    g_signal_connect_object (settings, "changed::units", G_CALLBACK (on_units_changed), self,
                             G_CONNECT_SWAPPED);
}

static void
td_history_page_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  TdHistoryPage *self = TD_HISTORY_PAGE (object);

  switch (id)
    {
    case PROP_EXERCISE:
      g_value_set_string (value, self->exercise);
      break;
    case PROP_WITH_LOAD:
      g_value_set_boolean (value, self->with_load);
      break;
    case PROP_WITH_NOTE:
      g_value_set_boolean (value, self->with_note);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
td_history_page_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  TdHistoryPage *self = TD_HISTORY_PAGE (object);

  switch (id)
    {
    case PROP_EXERCISE:
      g_free (self->exercise);
      self->exercise = g_value_dup_string (value);
      break;
    case PROP_WITH_LOAD:
      self->with_load = g_value_get_boolean (value);
      break;
    case PROP_WITH_NOTE:
      self->with_note = g_value_get_boolean (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      return;
    }
  if (!self->exercise)
    self->exercise = g_strdup ("");
  search_again (self);
}

static void
td_history_page_dispose (GObject *object)
{
  TdHistoryPage *self = TD_HISTORY_PAGE (object);

  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  if (self->painting)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->painting);
  self->painting = 0;
  g_clear_handle_id (&self->painted, g_source_remove);
  g_clear_pointer (&self->rest, g_ptr_array_unref);
  g_clear_pointer (&self->menu, gtk_widget_unparent);
  g_clear_object (&self->sessions);
  g_clear_object (&self->doomed);
  g_clear_object (&self->undo);
  g_clear_object (&self->toasts);
  g_clear_pointer (&self->path, g_free);
  G_OBJECT_CLASS (td_history_page_parent_class)->dispose (object);
}

static void
td_history_page_finalize (GObject *object)
{
  TdHistoryPage *self = TD_HISTORY_PAGE (object);

  /* The list unbinds its rows after dispose. */
  g_ptr_array_unref (self->bound);
  g_clear_object (&self->settings);
  g_strfreev (self->words);
  g_free (self->exercise);
  G_OBJECT_CLASS (td_history_page_parent_class)->finalize (object);
}

static void
td_history_page_class_init (TdHistoryPageClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = td_history_page_get_property;
  object_class->set_property = td_history_page_set_property;
  object_class->dispose = td_history_page_dispose;
  object_class->finalize = td_history_page_finalize;
  g_object_class_install_property (object_class, PROP_EXERCISE,
                                   g_param_spec_string ("exercise", NULL, NULL, "", flags));
  g_object_class_install_property (object_class, PROP_WITH_LOAD,
                                   g_param_spec_boolean ("with-load", NULL, NULL, FALSE, flags));
  g_object_class_install_property (object_class, PROP_WITH_NOTE,
                                   g_param_spec_boolean ("with-note", NULL, NULL, FALSE, flags));
  signals[SELECTED] = g_signal_new ("selected", TD_TYPE_HISTORY_PAGE, G_SIGNAL_RUN_LAST, 0, NULL,
                                    NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (TD_TYPE_SESSION_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/teardrop/Teardrop/td-history-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TdHistoryPage, view);
  gtk_widget_class_bind_template_child (widget_class, TdHistoryPage, results);
  gtk_widget_class_bind_template_child (widget_class, TdHistoryPage, unreadable);
  gtk_widget_class_bind_template_child (widget_class, TdHistoryPage, leaflet);
  gtk_widget_class_bind_template_child (widget_class, TdHistoryPage, search);
  gtk_widget_class_bind_template_child (widget_class, TdHistoryPage, filters);
  gtk_widget_class_bind_template_child (widget_class, TdHistoryPage, narrowed);
  gtk_widget_class_bind_template_child (widget_class, TdHistoryPage, how_many);
  gtk_widget_class_bind_template_child (widget_class, TdHistoryPage, list);
  gtk_widget_class_bind_template_child (widget_class, TdHistoryPage, session);
  gtk_widget_class_bind_template_child (widget_class, TdHistoryPage, menu);
  gtk_widget_class_install_action (widget_class, "history.find", NULL, find);
  gtk_widget_class_install_action (widget_class, "history.show-all", NULL, show_all);
  gtk_widget_class_install_action (widget_class, "history.reload", NULL, reload);
  gtk_widget_class_install_action (widget_class, "history.menu", NULL, show_menu);
  gtk_widget_class_install_action (widget_class, "history.undo", NULL, undo);
  gtk_widget_class_install_property_action (widget_class, "history.exercise", "exercise");
  gtk_widget_class_install_property_action (widget_class, "history.with-load", "with-load");
  gtk_widget_class_install_property_action (widget_class, "history.with-note", "with-note");
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_back);
  gtk_widget_class_bind_template_callback (widget_class, on_setup_session);
  gtk_widget_class_bind_template_callback (widget_class, on_bind_session);
  gtk_widget_class_bind_template_callback (widget_class, on_unbind_session);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_stop_search);
  gtk_widget_class_bind_template_callback (widget_class, focus_list);
  gtk_widget_class_bind_template_callback (widget_class, on_session_changed);
  gtk_widget_class_bind_template_callback (widget_class, tell);
}

static void
td_history_page_init (TdHistoryPage *self)
{
  self->exercise = g_strdup ("");
  self->sessions = g_list_store_new (TD_TYPE_SESSION_ITEM);
  self->bound = g_ptr_array_new ();
  self->filter = gtk_custom_filter_new (is_wanted, self, NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_parent (self->menu, GTK_WIDGET (self));
  fill_filters (self);
  td_tab_leaves (GTK_WIDGET (self->list));

  self->found = gtk_filter_list_model_new (g_object_ref (G_LIST_MODEL (self->sessions)),
                                           GTK_FILTER (self->filter));
  self->selection = gtk_single_selection_new (G_LIST_MODEL (self->found));
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (self->selection));
  g_object_unref (self->selection); /* the view keeps it */
  /* After the list has heard of it. */
  g_signal_connect_object (self->selection, "items-changed", G_CALLBACK (on_rows_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->selection, "notify::selected-item", G_CALLBACK (show_session),
                           self, G_CONNECT_SWAPPED);
}
