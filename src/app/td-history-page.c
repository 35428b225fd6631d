/* td-history-page.c: past sessions, and the repetitions of the one that is chosen.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-history-page.h"

#include "td-archive.h"
#include "td-chart-export.h"
#include "td-chart-view.h"
#include "td-words.h"

#include <glib/gi18n.h>
#include <math.h>

struct _TdHistoryPage
{
  AdwBin parent_instance;

  char *path;
  AdwToastOverlay *toasts;
  GCancellable *reading_sessions, *reading_reps;
  GListStore *sessions; /* TdSessionItem */
  GListStore *reps;     /* TdRepItem */
  /* Of the session whose repetitions are in the table; it may have been read before its end. */
  gint64 shown; /* its id, or 0 */
  int shown_reps, shown_attempts;
  gboolean shown_ended;
  TdSessionItem *doomed;
  guint doomed_position;
  AdwToast *undo;
  gboolean select_newest;

  GtkStack *view;
  AdwStatusPage *nothing;
  AdwLeaflet *leaflet;
  GtkWidget *detail;
  GtkListView *list;
  GtkSingleSelection *selection;
  GtkLabel *title;
  GtkLabel *subtitle;
  GtkColumnView *table;

  TdChartData *chart_data; /* of the shown session; NULL until it is read */
  GtkDropDown *chart_kind;
  GtkDropDown *chart_sides;
  GtkLabel *finding;
  TdChartView *chart;
};

G_DEFINE_FINAL_TYPE (TdHistoryPage, td_history_page, ADW_TYPE_BIN)

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

/* --- One session in the list -------------------------------------------------------------- */

static char *
session_summary (const TdSessionRow *row)
{
  g_autofree char *reps = td_words_reps (row->n_reps);
  GString *text = g_string_new (reps);

  if (row->n_attempts > 0)
    g_string_append_printf (text, _ (", %d not counted"), row->n_attempts);
  if (!isnan (row->best_flexion_deg))
    /* Translators: the deepest repetition of a session */
    g_string_append_printf (text, _ (" · deepest %.0f°"), (double) row->best_flexion_deg);
  return g_string_free (text, FALSE);
}

static char *
session_origin (const TdSessionRow *row)
{
  g_autofree char *exercise = td_words_exercise (row->exercise);

  return row->source[0] ? g_strdup_printf ("%s · %s", exercise, row->source)
                        : g_steal_pointer (&exercise);
}

static void
on_setup_session (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  g_autoptr (GtkBuilder) builder
      = gtk_builder_new_from_resource ("/io/github/teardrop/Teardrop/td-session-row.ui");
  GtkWidget *row = GTK_WIDGET (gtk_builder_get_object (builder, "row"));

  (void) factory;
  (void) data;
  for (const char *const *name = (const char *const[]){ "date", "summary", "origin", NULL }; *name;
       name++)
    g_object_set_data (G_OBJECT (row), *name, gtk_builder_get_object (builder, *name));
  gtk_list_item_set_child (item, row);
}

static void
on_bind_session (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  const TdSessionRow *session = td_session_item_get_row (gtk_list_item_get_item (item));
  GObject *row = G_OBJECT (gtk_list_item_get_child (item));
  g_autofree char *date = td_words_date (session->started_at);
  g_autofree char *summary = session_summary (session);
  g_autofree char *origin = session_origin (session);
  g_autofree char *name = g_strdup_printf ("%s, %s, %s", date, summary, origin);

  (void) factory;
  (void) data;
  gtk_label_set_label (g_object_get_data (row, "date"), date);
  gtk_label_set_label (g_object_get_data (row, "summary"), summary);
  gtk_label_set_label (g_object_get_data (row, "origin"), origin);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

/* --- The table of repetitions ------------------------------------------------------------- */

/* A column: its title, where its measure lies in a TdRep (or -1 for the columns made of words),
 * and how many decimals it shows. */
typedef struct
{
  const char *title;
  const char *tip;
  gssize measure;
  int digits;
} Column;

enum
{
  COLUMN_NUMBER,
  COLUMN_VERDICT,
  COLUMN_DEPTH_CLASS = 3
};

#define MEASURE(member) ((gssize) G_STRUCT_OFFSET (TdRep, member))

static const Column columns[] = {
  { N_ ("Rep"), N_ ("Number of the repetition"), -1, 0 },
  { N_ ("Result"), N_ ("Counted, or why not"), -1, 0 },
  { N_ ("Depth °"), N_ ("Largest knee flexion, both knees"), MEASURE (knee_flexion_max_deg), 0 },
  { N_ ("Depth class"), N_ ("Quarter, half, parallel or deep"), -1, 0 },
  { N_ ("Thigh °"), N_ ("Thigh against level at the bottom; negative: hip below the knee"),
    MEASURE (thigh_inclination_deg), 0 },
  { N_ ("FPPA °"), N_ ("Frontal plane projection angle; positive: knees inward (valgus)"),
    MEASURE (fppa_deg), 0 },
  { N_ ("Down s"), N_ ("Eccentric phase"), MEASURE (eccentric_s), 1 },
  { N_ ("Pause s"), N_ ("At the bottom"), MEASURE (pause_s), 1 },
  { N_ ("Up s"), N_ ("Concentric phase"), MEASURE (concentric_s), 1 },
  { N_ ("Lockout °"), N_ ("Least knee flexion at the top that follows"), MEASURE (lockout_deg), 0 },
};

static void
on_setup_cell (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  const Column *column = data;
  GtkWidget *label = gtk_label_new (NULL);

  (void) factory;
  gtk_label_set_xalign (GTK_LABEL (label), column->measure >= 0 || column == &columns[0] ? 1 : 0);
  gtk_widget_add_css_class (label, "numeric");
  gtk_list_item_set_child (item, label);
}

static void
on_bind_cell (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  const Column *column = data;
  const TdRep *rep = &td_rep_item_get_row (gtk_list_item_get_item (item))->rep;
  GtkWidget *label = gtk_list_item_get_child (item);
  const char *missing = NULL;
  g_autofree char *text = NULL;
  g_autofree char *tip = NULL;

  (void) factory;
  if (column->measure >= 0)
    {
      const TdMeasure *measure = G_STRUCT_MEMBER_P (rep, column->measure);
      text = td_words_measure (*measure, column->digits);
      if (!td_measure_ok (*measure))
        missing = _ (td_missing_text (measure->missing));
    }
  else
    switch (column - columns)
      {
      case COLUMN_NUMBER:
        text = rep->counted ? g_strdup_printf ("%d", rep->number) : g_strdup ("–");
        if (!rep->counted)
          missing = _ ("not counted, so it has no number");
        break;
      case COLUMN_VERDICT:
        text = td_words_verdict (rep, NULL);
        break;
      case COLUMN_DEPTH_CLASS:
        text = td_words_depth_class (rep);
        if (rep->depth == TD_DEPTH_UNKNOWN)
          missing = _ (td_missing_text (rep->knee_flexion_max_deg.missing));
        break;
      default:
        g_assert_not_reached ();
      }

  gtk_label_set_label (GTK_LABEL (label), text);
  if (missing && missing[0])
    tip = g_strdup_printf ("%s: %s", _ (column->title), missing);
  gtk_widget_set_tooltip_text (label, tip);
  if (tip)
    gtk_accessible_update_property (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                    tip, -1);
  else
    gtk_accessible_reset_property (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION);
  if (rep->counted)
    gtk_widget_remove_css_class (label, "dim-label");
  else
    gtk_widget_add_css_class (label, "dim-label");
}

static void
add_columns (TdHistoryPage *self)
{
  for (gsize i = 0; i < G_N_ELEMENTS (columns); i++)
    {
      GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
      GtkColumnViewColumn *column;

      g_signal_connect (factory, "setup", G_CALLBACK (on_setup_cell), (gpointer) &columns[i]);
      g_signal_connect (factory, "bind", G_CALLBACK (on_bind_cell), (gpointer) &columns[i]);
      column = gtk_column_view_column_new (_ (columns[i].title), factory);
      gtk_column_view_column_set_resizable (column, TRUE);
      gtk_column_view_column_set_expand (column, i == COLUMN_VERDICT);
      gtk_column_view_append_column (self->table, column);
      g_object_unref (column);
    }
}

/* --- Reading ------------------------------------------------------------------------------ */

TdSessionItem *
td_history_page_get_selected (TdHistoryPage *self)
{
  g_return_val_if_fail (TD_IS_HISTORY_PAGE (self), NULL);
  return gtk_single_selection_get_selected_item (self->selection);
}

static void
on_reps_read (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) items = td_archive_reps_finish (result, &error);
  TdHistoryPage *self;

  (void) source;
  /* Cancelled: the page may be gone. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self = data;
  if (items)
    g_list_store_splice (self->reps, 0, g_list_model_get_n_items (G_LIST_MODEL (self->reps)),
                         items->pdata, items->len);
  else
    tell (self, error->message);
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
chosen_kind (TdHistoryPage *self)
{
  return (TdChartKind) MIN (gtk_drop_down_get_selected (self->chart_kind), TD_N_CHARTS - 1);
}

static TdChartSides
chosen_sides (TdHistoryPage *self)
{
  return (TdChartSides) MIN (gtk_drop_down_get_selected (self->chart_sides), TD_N_CHART_SIDES - 1);
}

static void
show_chart (TdHistoryPage *self)
{
  TdChartKind kind = chosen_kind (self);
  TdChart *chart
      = self->chart_data ? td_chart_new (self->chart_data, kind, chosen_sides (self)) : NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->chart_sides), td_chart_kind_has_sides (kind));
  gtk_label_set_label (self->finding, chart ? chart->title : "");
  td_chart_view_set_chart (self->chart, chart);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "history.export-chart", chart != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "history.report", chart != NULL);
}

static void
forget_chart (TdHistoryPage *self)
{
  g_clear_pointer (&self->chart_data, td_chart_data_unref);
  show_chart (self);
}

static void
on_chart_read (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  TdChartData *read = td_archive_chart_finish (result, &error);
  TdHistoryPage *self;

  (void) source;
  /* Cancelled: the page may be gone. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self = data;
  g_clear_pointer (&self->chart_data, td_chart_data_unref);
  self->chart_data = read;
  show_chart (self);
  if (error)
    tell (self, error->message);
}

static void
fill_choices (TdHistoryPage *self)
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

/* --- The session -------------------------------------------------------------------------- */

static void
show_session (TdHistoryPage *self)
{
  TdSessionItem *item = td_history_page_get_selected (self);
  const TdSessionRow *row = item ? td_session_item_get_row (item) : NULL;

  gtk_widget_set_visible (self->detail, row != NULL);
  if (row)
    {
      g_autofree char *title = td_words_date (row->started_at);
      g_autofree char *summary = session_summary (row);
      g_autofree char *origin = session_origin (row);
      g_autofree char *subtitle = g_strdup_printf ("%s\n%s", origin, summary);

      gtk_label_set_label (self->title, title);
      gtk_label_set_label (self->subtitle, subtitle);
    }

  gint64 session = row ? row->id : 0;
  if (session != self->shown
      || (row
          && (row->n_reps != self->shown_reps || row->n_attempts != self->shown_attempts
              || row->ended != self->shown_ended)))
    {
      g_cancellable_cancel (self->reading_reps);
      g_clear_object (&self->reading_reps);
      if (session != self->shown)
        {
          g_list_store_remove_all (self->reps);
          forget_chart (self);
        }
      self->shown = session;
      self->shown_reps = row ? row->n_reps : 0;
      self->shown_attempts = row ? row->n_attempts : 0;
      self->shown_ended = row && row->ended;
      if (session != 0)
        {
          self->reading_reps = g_cancellable_new ();
          td_archive_reps_async (self->path, session, self->reading_reps, on_reps_read, self);
          td_archive_chart_async (self->path, session, self->reading_reps, on_chart_read, self);
        }
    }
  g_signal_emit (self, signals[SELECTED], 0);
}

static void
show_empty_or_list (TdHistoryPage *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->sessions));

  gtk_stack_set_visible_child_name (self->view, n ? "sessions" : "nothing");
}

static guint
position_of (TdHistoryPage *self, gint64 session)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->sessions));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (TdSessionItem) item = g_list_model_get_item (G_LIST_MODEL (self->sessions), i);
      if (td_session_item_get_row (item)->id == session)
        return i;
    }
  return GTK_INVALID_LIST_POSITION;
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
  g_clear_object (&self->reading_sessions);
  if (!items)
    {
      adw_status_page_set_title (self->nothing, _ ("The History Cannot Be Read"));
      g_autofree char *escaped = g_markup_escape_text (error->message, -1);
      adw_status_page_set_description (self->nothing, escaped);
      tell (self, error->message);
      return;
    }

  /* It may have failed before. */
  adw_status_page_set_title (self->nothing, _ ("No Session Yet"));
  adw_status_page_set_description (self->nothing,
                                   _ ("Every session you train is kept here, on your own disk."));

  TdSessionItem *chosen = td_history_page_get_selected (self);
  gint64 wanted = chosen && !self->select_newest ? td_session_item_get_row (chosen)->id : 0;
  self->select_newest = FALSE;

  for (guint i = 0; self->doomed && i < items->len; i++)
    if (td_session_item_get_row (items->pdata[i])->id == td_session_item_get_row (self->doomed)->id)
      g_ptr_array_remove_index (items, i--);

  g_list_store_splice (self->sessions, 0, g_list_model_get_n_items (G_LIST_MODEL (self->sessions)),
                       items->pdata, items->len);
  guint position = wanted ? position_of (self, wanted) : 0;
  gtk_single_selection_set_selected (self->selection,
                                     position == GTK_INVALID_LIST_POSITION ? 0 : position);
  show_empty_or_list (self);
  show_session (self);
}

void
td_history_page_reload (TdHistoryPage *self, gboolean select_newest)
{
  g_return_if_fail (TD_IS_HISTORY_PAGE (self));

  g_cancellable_cancel (self->reading_sessions);
  g_clear_object (&self->reading_sessions);
  self->reading_sessions = g_cancellable_new ();
  self->select_newest |= select_newest;
  td_archive_sessions_async (self->path, self->reading_sessions, on_sessions_read, self);
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
      td_archive_export_async (self->path, *session, to, NULL, on_exported, g_object_ref (self));
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
  g_autofree char *name = td_words_csv_name (row->started_at);
  gint64 *session = g_new (gint64, 1);

  /* The selection may change while the dialog is open. */
  *session = row->id;
  dialog = gtk_file_chooser_native_new (_ ("Export Session"),
                                        GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                        GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Export"), NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), name);
  g_object_set_data_full (G_OBJECT (dialog), "session", session, g_free);
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_export_response), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
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
  g_autoptr (TdHistoryPage) self = data;
  g_autoptr (GError) error = NULL;

  (void) source;
  if (!self->toasts)
    return;
  if (td_archive_chart_save_finish (result, &error))
    tell (self, _ ("Saved"));
  else
    {
      g_autofree char *text = g_strdup_printf (_ ("Not saved: %s"), error->message);
      tell (self, text);
    }
}

static void
on_save_response (GtkNativeDialog *dialog, int response, gpointer data)
{
  TdHistoryPage *self = data;

  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) to = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
      Saving *saving = g_object_get_data (G_OBJECT (dialog), "saving");
      td_archive_chart_save_async (saving->data, saving->kind, saving->sides, to, NULL,
                                   on_chart_saved, g_object_ref (self));
    }
  g_object_unref (dialog);
}

static void
ask_where_to_save (TdHistoryPage *self, TdChartKind kind)
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
  TdHistoryPage *self = TD_HISTORY_PAGE (widget);

  (void) name;
  (void) parameter;
  if (self->chart_data)
    ask_where_to_save (self, chosen_kind (self));
}

static void
save_report (GtkWidget *widget, const char *name, GVariant *parameter)
{
  TdHistoryPage *self = TD_HISTORY_PAGE (widget);

  (void) name;
  (void) parameter;
  if (self->chart_data)
    ask_where_to_save (self, TD_N_CHARTS);
}

/* --- Delete ------------------------------------------------------------------------------- */

static void
on_deleted (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (TdHistoryPage) self = data;
  g_autoptr (GError) error = NULL;

  (void) source;
  if (!td_archive_delete_finish (result, &error) && self->toasts)
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

  if (!self->doomed)
    return;
  /* The program may be about to end: hold it until the session is gone. */
  if (g_application_get_default ())
    g_application_hold (g_application_get_default ());
  td_archive_delete_async (self->path, td_session_item_get_row (self->doomed)->id, NULL, on_deleted,
                           g_object_ref (self));
  g_clear_object (&self->doomed);
  g_clear_object (&self->undo);
}

static void
on_undo (TdHistoryPage *self, AdwToast *toast)
{
  if (!self->doomed || toast != self->undo)
    return;

  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->sessions));
  guint position = MIN (self->doomed_position, n);
  g_list_store_insert (self->sessions, position, self->doomed);
  g_clear_object (&self->doomed);
  g_clear_object (&self->undo);
  show_empty_or_list (self);
  gtk_single_selection_set_selected (self->selection, position);
  show_session (self);
}

static void
on_toast_gone (TdHistoryPage *self, AdwToast *toast)
{
  if (toast == self->undo)
    td_history_page_flush (self);
}

void
td_history_page_delete (TdHistoryPage *self)
{
  TdSessionItem *item = td_history_page_get_selected (self);

  if (!item)
    return;
  /* Its "Undo" could not bring anything back any more. */
  if (self->undo)
    {
      g_autoptr (AdwToast) earlier = g_object_ref (self->undo);
      adw_toast_dismiss (earlier);
    }
  td_history_page_flush (self);

  self->doomed = g_object_ref (item);
  self->doomed_position = gtk_single_selection_get_selected (self->selection);
  self->undo = adw_toast_new (_ ("Session deleted"));
  adw_toast_set_button_label (self->undo, _ ("Undo"));
  g_signal_connect_object (self->undo, "button-clicked", G_CALLBACK (on_undo), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->undo, "dismissed", G_CALLBACK (on_toast_gone), self,
                           G_CONNECT_SWAPPED);
  g_list_store_remove (self->sessions, self->doomed_position);
  show_empty_or_list (self);
  show_session (self);
  adw_toast_overlay_add_toast (self->toasts, g_object_ref (self->undo));
}

void
td_history_page_set_store (TdHistoryPage *self, const char *path, AdwToastOverlay *toasts)
{
  g_return_if_fail (TD_IS_HISTORY_PAGE (self));

  g_free (self->path);
  self->path = g_strdup (path);
  g_set_object (&self->toasts, toasts);
}

static void
td_history_page_dispose (GObject *object)
{
  TdHistoryPage *self = TD_HISTORY_PAGE (object);

  g_cancellable_cancel (self->reading_sessions);
  g_cancellable_cancel (self->reading_reps);
  g_clear_object (&self->reading_sessions);
  g_clear_object (&self->reading_reps);
  g_clear_object (&self->sessions);
  g_clear_object (&self->reps);
  g_clear_object (&self->doomed);
  g_clear_object (&self->undo);
  g_clear_object (&self->toasts);
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->chart_data, td_chart_data_unref);
  G_OBJECT_CLASS (td_history_page_parent_class)->dispose (object);
}

static void
td_history_page_class_init (TdHistoryPageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = td_history_page_dispose;
  signals[SELECTED] = g_signal_new ("selected", TD_TYPE_HISTORY_PAGE, G_SIGNAL_RUN_LAST, 0, NULL,
                                    NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (TD_TYPE_CHART_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/teardrop/Teardrop/td-history-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TdHistoryPage, view);
  gtk_widget_class_bind_template_child (widget_class, TdHistoryPage, nothing);
  gtk_widget_class_bind_template_child (widget_class, TdHistoryPage, leaflet);
  gtk_widget_class_bind_template_child (widget_class, TdHistoryPage, detail);
  gtk_widget_class_bind_template_child (widget_class, TdHistoryPage, list);
  gtk_widget_class_bind_template_child (widget_class, TdHistoryPage, title);
  gtk_widget_class_bind_template_child (widget_class, TdHistoryPage, subtitle);
  gtk_widget_class_bind_template_child (widget_class, TdHistoryPage, table);
  gtk_widget_class_bind_template_child (widget_class, TdHistoryPage, chart_kind);
  gtk_widget_class_bind_template_child (widget_class, TdHistoryPage, chart_sides);
  gtk_widget_class_bind_template_child (widget_class, TdHistoryPage, finding);
  gtk_widget_class_bind_template_child (widget_class, TdHistoryPage, chart);
  gtk_widget_class_install_action (widget_class, "history.export-chart", NULL, export_chart);
  gtk_widget_class_install_action (widget_class, "history.report", NULL, save_report);
  gtk_widget_class_bind_template_callback (widget_class, show_chart);
  gtk_widget_class_bind_template_callback (widget_class, on_setup_choice);
  gtk_widget_class_bind_template_callback (widget_class, on_bind_choice);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_back);
  gtk_widget_class_bind_template_callback (widget_class, on_setup_session);
  gtk_widget_class_bind_template_callback (widget_class, on_bind_session);
}

static void
td_history_page_init (TdHistoryPage *self)
{
  self->sessions = g_list_store_new (TD_TYPE_SESSION_ITEM);
  self->reps = g_list_store_new (TD_TYPE_REP_ITEM);
  gtk_widget_init_template (GTK_WIDGET (self));
  fill_choices (self);
  show_chart (self);

  self->selection = gtk_single_selection_new (g_object_ref (G_LIST_MODEL (self->sessions)));
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (self->selection));
  g_object_unref (self->selection); /* the view keeps it */
  g_signal_connect_object (self->selection, "notify::selected-item", G_CALLBACK (show_session),
                           self, G_CONNECT_SWAPPED);

  GtkSelectionModel *rows
      = GTK_SELECTION_MODEL (gtk_no_selection_new (g_object_ref (G_LIST_MODEL (self->reps))));
  add_columns (self);
  gtk_column_view_set_model (self->table, rows);
  g_object_unref (rows);
}
