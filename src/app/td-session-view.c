/* td-session-view.c: a session: sets and loads, a note, charts, the table of repetitions.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-session-view.h"

#include "td-archive.h"
#include "td-chart-export.h"
#include "td-chart-view.h"
#include "td-compare.h"
#include "td-history-words.h"
#include "td-limits.h"
#include "td-rep-table.h"
#include "td-replay.h"
#include "td-set-tile.h"
#include "td-storage.h"
#include "td-words.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

/* After the last key of a note or the last step of a load. */
#define WRITE_AFTER_MS 800
/* Three sets, above the table. */
#define SETS_HEIGHT 250

struct _TdSessionView
{
  AdwBin parent_instance;

  char *path;
  GSettings *settings;
  gboolean narrow;

  gboolean shown; /* row is one */
  TdSessionRow row;
  GArray *sets; /* TdSetRow, once they are read */
  GCancellable *reading;
  TdChartData *chart_data; /* NULL until it is read */
  const TdChart *drawn;    /* the chart view's own */

  gboolean note_changed; /* and not written yet */
  gboolean filling;      /* the note's text changes because it is shown */
  guint write_soon;

  GtkWidget *content;
  GtkLabel *title;
  GtkLabel *subtitle;
  GtkLabel *summary;
  GtkStack *parts;
  GtkScrolledWindow *sets_scroller;
  GtkBox *sets_and_note;
  GtkListBox *set_list;
  GtkTextView *note;
  GtkWidget *note_hint;
  GtkDropDown *chart_kind;
  GtkDropDown *chart_sides;
  GtkLabel *finding;
  TdChartView *chart;
  TdReplay *replay;
  TdCompare *compare;
  gint64 compared; /* the session that the comparing was opened for; 0: none */
  TdRepTable *table;
};

G_DEFINE_FINAL_TYPE (TdSessionView, td_session_view, ADW_TYPE_BIN)

enum
{
  PROP_NARROW = 1
};

enum
{
  SAID,
  CHANGED,
  BACK,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
say (TdSessionView *self, const char *text)
{
  g_signal_emit (self, signals[SAID], 0, text);
}

/* --- Charts ------------------------------------------------------------------------------- */

static void
on_setup_choice (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  GtkWidget *label = gtk_label_new (NULL);

  (void) factory;
  (void) data;
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  /* A narrow window cuts the name of the button, and its list still says it all. */
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_width_chars (GTK_LABEL (label), 6);
  gtk_list_item_set_child (item, label);
}

static void
on_bind_choice (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  GtkStringObject *choice = gtk_list_item_get_item (item);

  (void) factory;
  (void) data;
  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (item)),
                       gtk_string_object_get_string (choice));
}

static TdChartKind
chosen_kind (TdSessionView *self)
{
  return (TdChartKind) MIN (gtk_drop_down_get_selected (self->chart_kind), TD_N_CHARTS - 1);
}

static TdChartSides
chosen_sides (TdSessionView *self)
{
  return (TdChartSides) MIN (gtk_drop_down_get_selected (self->chart_sides), TD_N_CHART_SIDES - 1);
}

static void
show_chart (TdSessionView *self)
{
  TdChartKind kind = chosen_kind (self);
  TdChart *chart
      = self->chart_data ? td_chart_new (self->chart_data, kind, chosen_sides (self)) : NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->chart_sides), td_chart_kind_has_sides (kind));
  gtk_label_set_label (self->finding, chart ? chart->title : "");
  self->drawn = chart;
  td_chart_view_set_chart (self->chart, chart);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "session.export-chart", chart != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "session.report", chart != NULL);
}

static void
forget_chart (TdSessionView *self)
{
  g_clear_pointer (&self->chart_data, td_chart_data_unref);
  td_replay_set_data (self->replay, NULL);
  show_chart (self);
}

/* The exercise with the limits that the user has now. */
static gboolean
own_profile (TdSessionView *self, TdProfile *profile)
{
  const TdProfile *shipped = td_profile_find (self->row.exercise);

  if (!shipped)
    return FALSE;
  *profile = td_limits_of (self->settings, shipped);
  return TRUE;
}

static void
on_chart_read (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  TdChartData *read = td_archive_chart_finish (result, &error);
  TdSessionView *self;

  (void) source;
  /* Cancelled: the view may be gone. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self = data;
  g_clear_pointer (&self->chart_data, td_chart_data_unref);
  self->chart_data = read;
  TdProfile profile;
  if (read && own_profile (self, &profile))
    td_chart_data_set_profile (read, &profile);
  double time_s = td_replay_get_time (self->replay);
  td_replay_set_data (self->replay, read);
  td_replay_set_time (self->replay, time_s);
  show_chart (self);
  if (error)
    say (self, error->message);
}

static void
on_copied (TdSessionView *self)
{
  say (self, _ ("Copied"));
}

static void
fill_choices (TdSessionView *self)
{
  GtkStringList *kinds = gtk_string_list_new (NULL), *sides = gtk_string_list_new (NULL);

  for (int k = 0; k < TD_N_CHARTS; k++)
    gtk_string_list_append (kinds, td_chart_kind_name ((TdChartKind) k));
  for (int s = 0; s < TD_N_CHART_SIDES; s++)
    gtk_string_list_append (sides, td_chart_sides_name ((TdChartSides) s));
  gtk_drop_down_set_model (self->chart_kind, G_LIST_MODEL (kinds));
  gtk_drop_down_set_model (self->chart_sides, G_LIST_MODEL (sides));
  /* The button within is what takes the focus, and has no name of its own. */
  gtk_accessible_update_property (
      GTK_ACCESSIBLE (gtk_widget_get_first_child (GTK_WIDGET (self->chart_kind))),
      GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Chart"), -1);
  gtk_accessible_update_property (
      GTK_ACCESSIBLE (gtk_widget_get_first_child (GTK_WIDGET (self->chart_sides))),
      GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Knees"), -1);
  g_object_unref (kinds);
  g_object_unref (sides);
}

/* The chart's cursor goes to the repetition that is chosen in the table: to its deepest point where
 * the chart goes over time. */
static void
on_row_chosen (TdSessionView *self)
{
  TdRepItem *item = td_rep_table_get_chosen (self->table);
  const TdChart *chart = self->drawn;
  size_t n = chart ? td_chart_n_positions (chart) : 0;

  if (!item || n == 0)
    return;

  const TdRepRow *row = td_rep_item_get_row (item);
  double deepest = -INFINITY;
  gssize found = -1;
  if (chart->form == TD_CHART_OVER_TIME)
    found = (gssize) td_chart_position_at (
        chart, (double) (row->rep.bottom_ns - chart->data->session.first_ns) / 1e9, 0);
  else
    for (size_t p = 0; p < n; p++)
      {
        const TdRepRow *at = td_chart_position_rep (chart, p);
        double x, y;

        if (!at || at->id != row->id)
          continue;
        td_chart_position_xy (chart, p, &x, &y);
        if (found < 0 || x > deepest)
          {
            found = (gssize) p;
            deepest = x;
          }
      }
  td_chart_view_set_cursor (self->chart, found);
}

/* --- What is shown ------------------------------------------------------------------------ */

static void
show_header (TdSessionView *self)
{
  const TdSessionRow *row = &self->row;
  gboolean imperial = td_history_imperial (self->settings);
  g_autofree char *title = td_words_date (row->started_at);
  g_autofree char *exercise = td_words_exercise (row->exercise);
  g_autofree char *subtitle
      = row->source[0] ? g_strdup_printf ("%s · %s", exercise, row->source) : g_strdup (exercise);
  g_autofree char *load = td_history_load (row->load_kg, imperial);
  g_autofree char *amount = NULL;
  GString *summary;

  if (self->sets->len > 0)
    {
      g_autofree int *reps = g_new (int, self->sets->len);
      for (guint i = 0; i < self->sets->len; i++)
        reps[i] = g_array_index (self->sets, TdSetRow, i).n_reps;
      amount = td_history_sets (reps, self->sets->len);
    }
  else
    amount = td_history_amount (row);
  summary = g_string_new (amount);
  if (row->n_attempts > 0)
    g_string_append_printf (summary, _ (", %d not counted"), row->n_attempts);
  if (load)
    g_string_append_printf (summary, " · %s", load);
  if (!isnan (row->best_flexion_deg))
    /* Translators: the deepest repetition of a session */
    g_string_append_printf (summary, _ (" · deepest %.0f°"), (double) row->best_flexion_deg);
  g_autofree char *text = g_string_free (summary, FALSE);

  gtk_label_set_label (self->title, title);
  gtk_label_set_label (self->subtitle, subtitle);
  gtk_label_set_label (self->summary, text);
}

static void write_soon (TdSessionView *self);

static TdSetTile *
tile_at (TdSessionView *self, guint i)
{
  return TD_SET_TILE (gtk_list_box_get_row_at_index (self->set_list, (int) i));
}

static gboolean
has_tiles_of (TdSessionView *self, GArray *sets)
{
  for (guint i = 0; i < sets->len; i++)
    {
      GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->set_list, (int) i);
      if (!row || td_set_tile_get_id (TD_SET_TILE (row)) != g_array_index (sets, TdSetRow, i).id)
        return FALSE;
    }
  return gtk_list_box_get_row_at_index (self->set_list, (int) sets->len) == NULL;
}

static void
remove_tiles (TdSessionView *self)
{
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (self->set_list, 0)) != NULL)
    gtk_list_box_remove (self->set_list, GTK_WIDGET (row));
}

static void
show_sets (TdSessionView *self)
{
  gint64 before_ns = 0;

  /* Those that are there keep the focus. */
  if (!has_tiles_of (self, self->sets))
    {
      remove_tiles (self);
      for (guint i = 0; i < self->sets->len; i++)
        {
          GtkWidget *tile = td_set_tile_new (td_history_imperial (self->settings));
          g_signal_connect_object (tile, "load-changed", G_CALLBACK (write_soon), self,
                                   G_CONNECT_SWAPPED);
          gtk_list_box_append (self->set_list, tile);
        }
    }
  for (guint i = 0; i < self->sets->len; i++)
    {
      const TdSetRow *set = &g_array_index (self->sets, TdSetRow, i);
      gboolean rested = before_ns > 0 && set->start_ns >= before_ns;
      td_set_tile_show (tile_at (self, i), set, rested ? set->start_ns - before_ns : -1);
      before_ns = set->end_ns;
    }
}

static void
show_note (TdSessionView *self)
{
  self->filling = TRUE;
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->note), self->row.note, -1);
  self->filling = FALSE;
  gtk_widget_set_visible (self->note_hint, self->row.note[0] == '\0');
}

static void
on_session_read (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TdArchiveSession) read = td_archive_session_finish (result, &error);
  TdSessionView *self;

  (void) source;
  /* Cancelled: the view may be gone. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self = data;
  if (!read)
    {
      say (self, error->message);
      return;
    }
  self->row = read->row;
  g_array_set_size (self->sets, 0);
  g_array_append_vals (self->sets, read->sets->data, read->sets->len);
  show_header (self);
  show_sets (self);
  td_rep_table_set_reps (self->table, read->reps);
  g_signal_emit (self, signals[CHANGED], 0, &self->row);
}

static void
read_again (TdSessionView *self)
{
  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  self->reading = g_cancellable_new ();
  td_archive_session_async (self->path, self->row.id, self->reading, on_session_read, self);
  td_archive_chart_async (self->path, self->row.id, self->reading, on_chart_read, self);
}

/* Comparing reads the history, so it waits until it is looked at. */
static void
open_compare (TdSessionView *self)
{
  const char *part = gtk_stack_get_visible_child_name (self->parts);
  TdProfile profile;

  if (g_strcmp0 (part, "compare") != 0 || !self->shown || self->compared == self->row.id)
    return;
  self->compared = self->row.id;
  td_compare_set_profile (self->compare, own_profile (self, &profile) ? &profile : NULL);
  td_compare_open (self->compare, self->path, self->row.id, 0, self->row.id, 0);
}

void
td_session_view_set_session (TdSessionView *self, const TdSessionRow *row)
{
  g_return_if_fail (TD_IS_SESSION_VIEW (self));

  gboolean same = row && self->shown && row->id == self->row.id;
  /* It may have been read before its end. */
  gboolean grown = same
                   && (row->n_reps != self->row.n_reps || row->n_attempts != self->row.n_attempts
                       || row->ended != self->row.ended);

  if (same && !grown)
    return;
  if (!same)
    {
      td_session_view_flush (self);
      g_cancellable_cancel (self->reading);
      g_clear_object (&self->reading);
      g_array_set_size (self->sets, 0);
      remove_tiles (self);
      g_autoptr (GPtrArray) none = g_ptr_array_new ();
      td_rep_table_set_reps (self->table, none);
      forget_chart (self);
    }
  self->shown = row != NULL;
  gtk_widget_set_visible (self->content, row != NULL);
  if (!row)
    return;
  self->row = *row;
  /* Its list does not know of what came meanwhile. */
  self->compared = 0;
  show_header (self);
  if (!same)
    show_note (self);
  read_again (self);
  open_compare (self);
}

/* --- Changes ------------------------------------------------------------------------------ */

/* The program may be about to end: it is held until what was asked for is on the disk. */
static void
hold (void)
{
  if (g_application_get_default ())
    g_application_hold (g_application_get_default ());
}

static void
release (void)
{
  if (g_application_get_default ())
    g_application_release (g_application_get_default ());
}

typedef struct
{
  TdSessionView *self;
  gint64 session;
  gboolean reps; /* which of them count */
} Written;

static void
on_other_read (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (TdSessionView) self = data;
  g_autoptr (TdArchiveSession) read = td_archive_session_finish (result, NULL);

  (void) source;
  /* Otherwise it is gone, or nobody asked for it. */
  if (read)
    g_signal_emit (self, signals[CHANGED], 0, &read->row);
}

static void
on_written (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree Written *written = data;
  g_autoptr (TdSessionView) self = written->self;
  g_autoptr (GError) error = NULL;

  (void) source;
  release ();
  if (!td_archive_change_finish (result, &error) && self->path)
    {
      g_autofree char *text = g_strdup_printf (_ ("Not saved: %s"), error->message);
      say (self, text);
    }
  if (!self->path) /* the window is gone */
    return;
  /* What is compared has the repetitions too. */
  if (written->reps && self->shown)
    {
      self->compared = 0;
      open_compare (self);
    }
  if (self->shown && self->row.id == written->session)
    read_again (self);
  else
    td_archive_session_async (self->path, written->session, NULL, on_other_read,
                              g_object_ref (self));
}

static Written *
to_write (TdSessionView *self, gboolean reps)
{
  Written *written = g_new (Written, 1);

  *written = (Written){ g_object_ref (self), self->row.id, reps };
  hold ();
  return written;
}

static char *
note_text (TdSessionView *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->note);
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
}

void
td_session_view_flush (TdSessionView *self)
{
  g_return_if_fail (TD_IS_SESSION_VIEW (self));

  g_clear_handle_id (&self->write_soon, g_source_remove);
  if (!self->shown)
    return;
  if (self->note_changed)
    {
      g_autofree char *text = note_text (self);
      self->note_changed = FALSE;
      /* Who leaves and comes back before it is on the disk sees it all the same. */
      g_strlcpy (self->row.note, text, sizeof self->row.note);
      g_signal_emit (self, signals[CHANGED], 0, &self->row);
      td_archive_set_note_async (self->path, self->row.id, text, on_written,
                                 to_write (self, FALSE));
    }
  for (guint i = 0; i < self->sets->len; i++)
    {
      TdSetTile *tile = tile_at (self, i);
      TdSetInfo info;
      if (td_set_tile_take_change (tile, &info))
        td_archive_set_info_async (self->path, td_set_tile_get_id (tile), &info, on_written,
                                   to_write (self, FALSE));
    }
}

static gboolean
on_write_now (gpointer data)
{
  TdSessionView *self = data;

  self->write_soon = 0;
  td_session_view_flush (self);
  return G_SOURCE_REMOVE;
}

static void
write_soon (TdSessionView *self)
{
  g_clear_handle_id (&self->write_soon, g_source_remove);
  self->write_soon = g_timeout_add (WRITE_AFTER_MS, on_write_now, self);
}

static void
on_note_changed (TdSessionView *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->note);

  gtk_widget_set_visible (self->note_hint, gtk_text_buffer_get_char_count (buffer) == 0);
  if (self->filling || !self->shown)
    return;
  self->note_changed = TRUE;
  write_soon (self);
}

/* What the store reads back of a note has an end, and what is beyond would be lost when it is written
 * again: it is not taken at all. */
static void
on_note_insert (GtkTextBuffer *buffer, GtkTextIter *at, const char *text, int length,
                TdSessionView *self)
{
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  g_autofree char *old = gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
  gsize used = strlen (old), n = length < 0 ? strlen (text) : (gsize) length;

  if (used + n < TD_NOTE_SIZE)
    return;

  gsize room = TD_NOTE_SIZE - 1 - MIN (used, TD_NOTE_SIZE - 1);
  while (room > 0 && ((guchar) text[room] & 0xc0) == 0x80)
    room--;
  g_signal_stop_emission_by_name (buffer, "insert-text");
  if (room > 0)
    gtk_text_buffer_insert (buffer, at, text, (int) room);
  say (self, _ ("The note is full"));
}

static void
on_correct (TdSessionView *self, gint64 rep, int verdict)
{
  td_archive_set_verdict_async (self->path, rep, (TdVerdict) verdict, on_written,
                                to_write (self, TRUE));
}

/* --- A chart or the report as a file ------------------------------------------------------- */

/* What the file will be of; the selection may change while its dialog is open. */
typedef struct
{
  TdChartData *data;
  TdChartKind kind; /* TD_N_CHARTS: the report */
  TdChartSides sides;
} Saving;

static void
saving_free (gpointer data)
{
  Saving *saving = data;

  td_chart_data_unref (saving->data);
  g_free (saving);
}

static void
on_chart_saved (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (TdSessionView) self = data;
  g_autoptr (GError) error = NULL;

  (void) source;
  release ();
  if (td_archive_chart_save_finish (result, &error))
    say (self, _ ("Saved"));
  else
    {
      g_autofree char *text = g_strdup_printf (_ ("Not saved: %s"), error->message);
      say (self, text);
    }
}

static void
on_save_response (GtkNativeDialog *dialog, int response, gpointer data)
{
  TdSessionView *self = data;

  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) to = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
      Saving *saving = g_object_get_data (G_OBJECT (dialog), "saving");
      hold ();
      td_archive_chart_save_async (saving->data, saving->kind, saving->sides, to, NULL,
                                   on_chart_saved, g_object_ref (self));
    }
  g_object_unref (dialog);
}

static void
ask_where_to_save (TdSessionView *self, TdChartKind kind)
{
  gboolean report = kind == TD_N_CHARTS;
  g_autofree char *csv = td_words_csv_name (self->chart_data->session.started_at);
  g_autofree char *stem = g_strndup (csv, strlen (csv) - strlen (".csv"));
  g_autofree char *name = report ? g_strconcat (stem, ".pdf", NULL)
                                 : g_strdup_printf ("%s-%s.png", stem, td_chart_kind_id (kind));
  GtkFileChooserNative *dialog
      = gtk_file_chooser_native_new (report ? _ ("Save the Report") : _ ("Export the Chart"),
                                     GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                     GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Save"), NULL);
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();
  Saving *saving = g_new0 (Saving, 1);

  *saving = (Saving){ td_chart_data_ref (self->chart_data), kind, chosen_sides (self) };
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), name);
  /* The name's end chooses the format, so one filter shows all of them. */
  gtk_file_filter_set_name (filter, report ? _ ("PDF") : _ ("Picture: .png, .svg or .pdf"));
  gtk_file_filter_add_pattern (filter, "*.pdf");
  if (!report)
    {
      gtk_file_filter_add_pattern (filter, "*.png");
      gtk_file_filter_add_pattern (filter, "*.svg");
    }
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (dialog), filter);
  g_object_set_data_full (G_OBJECT (dialog), "saving", saving, saving_free);
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_save_response), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void
export_chart (GtkWidget *widget, const char *name, GVariant *parameter)
{
  TdSessionView *self = TD_SESSION_VIEW (widget);

  (void) name;
  (void) parameter;
  if (self->chart_data)
    ask_where_to_save (self, chosen_kind (self));
}

static void
save_report (GtkWidget *widget, const char *name, GVariant *parameter)
{
  TdSessionView *self = TD_SESSION_VIEW (widget);

  (void) name;
  (void) parameter;
  if (self->chart_data)
    ask_where_to_save (self, TD_N_CHARTS);
}

/* --- The widget --------------------------------------------------------------------------- */

static void
on_back (TdSessionView *self)
{
  g_signal_emit (self, signals[BACK], 0);
}

static void
on_units_changed (TdSessionView *self)
{
  if (!self->shown)
    return;
  td_session_view_flush (self);
  show_header (self);
  remove_tiles (self);
  show_sets (self);
}

static void
on_mirror_changed (TdSessionView *self)
{
  td_replay_set_mirror (self->replay, g_settings_get_boolean (self->settings, "mirror"));
}

void
td_session_view_set_store (TdSessionView *self, const char *path, GSettings *settings)
{
  g_return_if_fail (TD_IS_SESSION_VIEW (self));

  /* In another file the same number is another session. */
  if (self->path && g_strcmp0 (self->path, path) != 0)
    td_session_view_set_session (self, NULL);
  g_free (self->path);
  self->path = g_strdup (path);
  g_autofree char *pictures = td_storage_pictures (path);
  td_replay_set_pictures (self->replay, pictures);
  if (g_set_object (&self->settings, settings))
    {
      g_signal_connect_object (settings, "changed::units", G_CALLBACK (on_units_changed), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (settings, "changed::mirror", G_CALLBACK (on_mirror_changed), self,
                               G_CONNECT_SWAPPED);
      on_mirror_changed (self);
    }
}

/* A narrow window has no room for the table below the sets and the note. */
static void
show_table_where_it_fits (TdSessionView *self)
{
  const char *part = gtk_stack_get_visible_child_name (self->parts);
  gboolean charts = g_strcmp0 (part, "charts") == 0;
  gboolean compare = g_strcmp0 (part, "compare") == 0;

  /* Comparing has bodies and charts of its own, and is not of this session alone. */
  gtk_widget_set_visible (GTK_WIDGET (self->table), !compare && (charts || !self->narrow));
}

static void
set_narrow (TdSessionView *self, gboolean narrow)
{
  self->narrow = narrow;
  if (narrow)
    gtk_widget_add_css_class (GTK_WIDGET (self), "narrow");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "narrow");
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->sets_and_note),
                                  narrow ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
  gtk_scrolled_window_set_min_content_height (self->sets_scroller, narrow ? -1 : SETS_HEIGHT);
  show_table_where_it_fits (self);
  g_object_notify (G_OBJECT (self), "narrow");
}

static void
td_session_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_NARROW)
    g_value_set_boolean (value, TD_SESSION_VIEW (object)->narrow);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
td_session_view_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_NARROW)
    set_narrow (TD_SESSION_VIEW (object), g_value_get_boolean (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
td_session_view_dispose (GObject *object)
{
  TdSessionView *self = TD_SESSION_VIEW (object);

  g_clear_handle_id (&self->write_soon, g_source_remove);
  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  g_clear_object (&self->settings);
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->chart_data, td_chart_data_unref);
  g_clear_pointer (&self->sets, g_array_unref);
  G_OBJECT_CLASS (td_session_view_parent_class)->dispose (object);
}

static void
td_session_view_class_init (TdSessionViewClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  object_class->get_property = td_session_view_get_property;
  object_class->set_property = td_session_view_set_property;
  object_class->dispose = td_session_view_dispose;
  g_object_class_install_property (
      object_class, PROP_NARROW,
      g_param_spec_boolean ("narrow", NULL, NULL, FALSE,
                            G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS));
  signals[SAID] = g_signal_new ("said", TD_TYPE_SESSION_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[CHANGED] = g_signal_new ("changed", TD_TYPE_SESSION_VIEW, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[BACK] = g_signal_new ("back", TD_TYPE_SESSION_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 0);

  g_type_ensure (TD_TYPE_CHART_VIEW);
  g_type_ensure (TD_TYPE_COMPARE);
  g_type_ensure (TD_TYPE_REPLAY);
  g_type_ensure (TD_TYPE_REP_TABLE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/teardrop/Teardrop/td-session-view.ui");
  gtk_widget_class_bind_template_child (widget_class, TdSessionView, content);
  gtk_widget_class_bind_template_child (widget_class, TdSessionView, title);
  gtk_widget_class_bind_template_child (widget_class, TdSessionView, subtitle);
  gtk_widget_class_bind_template_child (widget_class, TdSessionView, summary);
  gtk_widget_class_bind_template_child (widget_class, TdSessionView, parts);
  gtk_widget_class_bind_template_child (widget_class, TdSessionView, sets_scroller);
  gtk_widget_class_bind_template_child (widget_class, TdSessionView, sets_and_note);
  gtk_widget_class_bind_template_child (widget_class, TdSessionView, set_list);
  gtk_widget_class_bind_template_child (widget_class, TdSessionView, note);
  gtk_widget_class_bind_template_child (widget_class, TdSessionView, note_hint);
  gtk_widget_class_bind_template_child (widget_class, TdSessionView, chart_kind);
  gtk_widget_class_bind_template_child (widget_class, TdSessionView, chart_sides);
  gtk_widget_class_bind_template_child (widget_class, TdSessionView, finding);
  gtk_widget_class_bind_template_child (widget_class, TdSessionView, chart);
  gtk_widget_class_bind_template_child (widget_class, TdSessionView, compare);
  gtk_widget_class_bind_template_child (widget_class, TdSessionView, replay);
  gtk_widget_class_bind_template_child (widget_class, TdSessionView, table);
  gtk_widget_class_install_action (widget_class, "session.export-chart", NULL, export_chart);
  gtk_widget_class_install_action (widget_class, "session.report", NULL, save_report);
  gtk_widget_class_bind_template_callback (widget_class, show_chart);
  gtk_widget_class_bind_template_callback (widget_class, show_table_where_it_fits);
  gtk_widget_class_bind_template_callback (widget_class, on_setup_choice);
  gtk_widget_class_bind_template_callback (widget_class, on_bind_choice);
  gtk_widget_class_bind_template_callback (widget_class, on_back);
  gtk_widget_class_bind_template_callback (widget_class, on_row_chosen);
  gtk_widget_class_bind_template_callback (widget_class, on_correct);
  gtk_widget_class_bind_template_callback (widget_class, td_session_view_flush);
}

static void
td_session_view_init (TdSessionView *self)
{
  self->sets = g_array_new (FALSE, FALSE, sizeof (TdSetRow));
  gtk_widget_init_template (GTK_WIDGET (self));
  td_replay_join (self->replay, self->chart);
  set_narrow (self, FALSE);
  g_signal_connect_object (self->parts, "notify::visible-child", G_CALLBACK (open_compare), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->chart, "copied", G_CALLBACK (on_copied), self, G_CONNECT_SWAPPED);
  fill_choices (self);
  show_chart (self);

  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->note);
  g_signal_connect_object (buffer, "changed", G_CALLBACK (on_note_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (buffer, "insert-text", G_CALLBACK (on_note_insert), self, 0);
}

GtkWidget *
td_session_view_new (void)
{
  return g_object_new (TD_TYPE_SESSION_VIEW, NULL);
}
