/* td-trends-page.c: how training goes over weeks and months.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-trends-page.h"

#include "td-archive.h"
#include "td-columns.h"
#include "td-trend-card.h"
#include "td-trend-draw.h"
#include "td-units.h"
#include "td-words.h"

#include <glib/gi18n.h>

struct _TdTrendsPage
{
  AdwBin parent_instance;

  char *path;
  GSettings *settings;
  AdwToastOverlay *toasts;
  GCancellable *reading;
  GArray *rows; /* TdSummaryRow; NULL: not read yet */
  TdTrend *trend;
  TdTrendUnits units;
  GStrv ids;          /* of the exercises to choose from; the last one, "", is all of them */
  TdTrendLoad *loads; /* to choose from */
  gsize n_loads;
  gboolean filling; /* the choices change by themselves */

  GtkStack *view;
  AdwStatusPage *nothing;
  GtkDropDown *exercise;
  GtkDropDown *load;
  GtkLabel *change;
  GtkLabel *basis;
  GtkBox *bests;
  GtkBox *charts;
  GObject *best_rows[TD_N_TREND_BESTS]; /* GtkBuilder of each */
  TdTrendCard *cards[TD_N_TREND_CHARTS];
};

G_DEFINE_FINAL_TYPE (TdTrendsPage, td_trends_page, ADW_TYPE_BIN)

static void
tell (TdTrendsPage *self, const char *text)
{
  AdwToast *toast = adw_toast_new ("");
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  adw_toast_set_title (toast, escaped);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

/* "auto" is the region's. */
static TdTrendUnits
chosen_units (TdTrendsPage *self)
{
  return td_units_get (self->settings) == TD_UNITS_IMPERIAL ? TD_TREND_IMPERIAL : TD_TREND_METRIC;
}

static int
today (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  GDate date;

  g_date_clear (&date, 1);
  g_date_set_dmy (&date, (GDateDay) g_date_time_get_day_of_month (now),
                  (GDateMonth) g_date_time_get_month (now), (GDateYear) g_date_time_get_year (now));
  return (int) g_date_get_julian (&date);
}

/* --- What is shown ------------------------------------------------------------------------ */

static void
show_best (TdTrendsPage *self, TdTrendBestKind kind)
{
  GtkBuilder *builder = GTK_BUILDER (self->best_rows[kind]);
  GtkWidget *tile = GTK_WIDGET (gtk_builder_get_object (builder, "best"));
  const char *name = td_trend_best_name (kind);
  g_autofree char *value = td_trend_best_value (self->trend, kind);
  g_autofree char *date = td_trend_best_date (self->trend, kind);
  g_autofree char *spoken = g_strdup_printf ("%s: %s, %s", name, value, date);

  gtk_widget_set_visible (tile, self->trend->bests[kind].any);
  gtk_label_set_label (GTK_LABEL (gtk_builder_get_object (builder, "name")), name);
  gtk_label_set_label (GTK_LABEL (gtk_builder_get_object (builder, "value")), value);
  gtk_label_set_label (GTK_LABEL (gtk_builder_get_object (builder, "date")), date);
  gtk_accessible_update_property (GTK_ACCESSIBLE (tile), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

static const char *
chosen_exercise (TdTrendsPage *self)
{
  guint n = g_strv_length (self->ids);

  return n == 0 ? "" : self->ids[MIN (gtk_drop_down_get_selected (self->exercise), n - 1)];
}

static TdTrendLoad
chosen_load (TdTrendsPage *self)
{
  return self->loads[MIN (gtk_drop_down_get_selected (self->load), self->n_loads - 1)];
}

static void
show_trend (TdTrendsPage *self)
{
  TdTrendFilter filter = { 0 };

  if (self->filling || !self->rows || self->n_loads == 0)
    return;
  g_strlcpy (filter.exercise, chosen_exercise (self), sizeof filter.exercise);
  filter.load = chosen_load (self);
  td_trend_unref (self->trend);
  self->trend = td_trend_new ((const TdSummaryRow *) (void *) self->rows->data, self->rows->len,
                              &filter, self->units, today ());

  gtk_label_set_label (self->change, self->trend->change);
  gtk_label_set_label (self->basis, self->trend->basis);
  gtk_widget_set_visible (GTK_WIDGET (self->basis), self->trend->basis[0] != '\0');
  /* What cannot be told yet is no headline. */
  gtk_widget_set_css_classes (GTK_WIDGET (self->change),
                              self->trend->compared
                                  ? (const char *[]){ "title-2", "numeric", "change", NULL }
                                  : (const char *[]){ "dim-label", "change", NULL });
  for (int k = 0; k < TD_N_TREND_BESTS; k++)
    show_best (self, (TdTrendBestKind) k);
  for (int k = 0; k < TD_N_TREND_CHARTS; k++)
    td_trend_card_set_trend (self->cards[k], self->trend);
  gtk_widget_set_visible (GTK_WIDGET (self->cards[TD_TREND_CHART_VOLUME]), self->trend->loaded);
}

/* --- Choices ------------------------------------------------------------------------------ */

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

/* What was chosen stays chosen where it is still there. */
static void
fill_loads (TdTrendsPage *self)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  TdTrendLoad before = self->n_loads > 0 ? chosen_load (self) : (TdTrendLoad){ 0 };
  guint selected = 0;

  g_free (self->loads);
  self->loads = td_trend_loads ((const TdSummaryRow *) (void *) self->rows->data, self->rows->len,
                                chosen_exercise (self), self->units, &self->n_loads);
  for (gsize i = 0; i < self->n_loads; i++)
    {
      g_autofree char *name = td_trend_load_name (&self->loads[i], self->units);
      gtk_string_list_append (names, name);
      if (self->loads[i].kind == before.kind && ABS (self->loads[i].from_kg - before.from_kg) < 1e-6
          && ABS (self->loads[i].to_kg - before.to_kg) < 1e-6)
        selected = (guint) i;
    }
  self->filling = TRUE;
  gtk_drop_down_set_model (self->load, G_LIST_MODEL (names));
  gtk_drop_down_set_selected (self->load, selected);
  self->filling = FALSE;
  /* All of them and the only one are the same. */
  gtk_widget_set_visible (GTK_WIDGET (self->load), self->n_loads > 2);
}

static void
on_exercise (TdTrendsPage *self)
{
  if (self->filling || !self->rows)
    return;
  fill_loads (self);
  show_trend (self);
}

static void
fill_choices (TdTrendsPage *self)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  g_autofree char *before = self->ids ? g_strdup (chosen_exercise (self)) : NULL;
  g_auto (GStrv) found
      = td_trend_exercises ((const TdSummaryRow *) (void *) self->rows->data, self->rows->len);
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();
  guint selected = 0;

  for (guint i = 0; found[i]; i++)
    {
      g_autofree char *name = td_words_exercise (found[i]);
      gtk_string_list_append (names, name);
      g_ptr_array_add (ids, found[i]);
    }
  if (ids->len > 1)
    {
      gtk_string_list_append (names, _ ("All exercises"));
      g_ptr_array_add (ids, (gpointer) "");
    }
  for (guint i = 0; before && i < ids->len; i++)
    if (strcmp (ids->pdata[i], before) == 0)
      selected = i;
  g_ptr_array_add (ids, NULL);
  g_strfreev (self->ids);
  self->ids = g_strdupv ((char **) ids->pdata);

  self->filling = TRUE;
  gtk_drop_down_set_model (self->exercise, G_LIST_MODEL (names));
  gtk_drop_down_set_selected (self->exercise, selected);
  self->filling = FALSE;
}

/* --- Reading ------------------------------------------------------------------------------ */

static bool
add_row (const TdSummaryRow *row, void *data)
{
  g_array_append_vals (data, row, 1);
  return true;
}

static void
unref_rows (gpointer rows)
{
  g_array_unref (rows);
}

static void
read_rows (GTask *task, gpointer source, gpointer path, GCancellable *cancellable)
{
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (TdSummaryRow));
  TdStoreError error = { 0 };
  TdStore *store = NULL;

  (void) source;
  (void) cancellable;
  TdStoreStatus status = td_store_open_read_only (path, &store, &error);
  if (status == TD_STORE_OK)
    status = td_store_each_summary (store, add_row, rows, &error);
  td_store_close (store);

  /* Before the first session there is no file. */
  if (status != TD_STORE_OK && status != TD_STORE_NOT_FOUND)
    g_task_return_new_error (task, TD_ARCHIVE_ERROR, (int) error.status, "%s", error.message);
  else
    g_task_return_pointer (task, g_steal_pointer (&rows), unref_rows);
}

static void
on_rows_read (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  GArray *rows = g_task_propagate_pointer (G_TASK (result), &error);
  TdTrendsPage *self;

  (void) source;
  /* Cancelled: the page may be gone. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self = data;
  g_clear_object (&self->reading);
  if (!rows)
    {
      g_autofree char *escaped = g_markup_escape_text (error->message, -1);
      adw_status_page_set_title (self->nothing, _ ("The Trends Cannot Be Read"));
      adw_status_page_set_description (self->nothing, escaped);
      gtk_stack_set_visible_child_name (self->view, "nothing");
      return;
    }

  /* It may have failed before. */
  adw_status_page_set_title (self->nothing, _ ("No Trends Yet"));
  adw_status_page_set_description (self->nothing, _ ("Trends appear after your first session."));
  g_clear_pointer (&self->rows, g_array_unref);
  self->rows = rows;
  self->units = chosen_units (self);
  fill_choices (self);
  fill_loads (self);
  show_trend (self);
  gtk_stack_set_visible_child_name (self->view, rows->len > 0 ? "trends" : "nothing");
}

void
td_trends_page_reload (TdTrendsPage *self)
{
  g_return_if_fail (TD_IS_TRENDS_PAGE (self));

  /* It is read anyway when it comes on the screen. */
  if (!self->path || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  self->reading = g_cancellable_new ();
  g_autoptr (GTask) task = g_task_new (NULL, self->reading, on_rows_read, self);
  g_task_set_task_data (task, g_strdup (self->path), g_free);
  g_task_run_in_thread (task, read_rows);
}

static void
td_trends_page_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (td_trends_page_parent_class)->map (widget);
  td_trends_page_reload (TD_TRENDS_PAGE (widget));
}

/* --- A chart as a file -------------------------------------------------------------------- */

/* The chart is made anew from what it is of: the page may show another one by then. */
typedef struct
{
  TdTrend *trend;
  TdTrendChartKind kind;
  char *to;
} Saving;

static void
saving_free (gpointer data)
{
  Saving *saving = data;

  td_trend_unref (saving->trend);
  g_free (saving->to);
  g_free (saving);
}

static void
save (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Saving *saving = data;
  TdTrendChart *chart = td_trend_chart_new (saving->trend, saving->kind);
  TdStoreError error = { 0 };

  (void) source;
  (void) cancellable;
  if (td_trend_chart_save (chart, saving->to, &error) == TD_STORE_OK)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_new_error (task, TD_ARCHIVE_ERROR, (int) error.status, "%s", error.message);
  td_trend_chart_free (chart);
}

static void
on_saved (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  TdTrendsPage *self = TD_TRENDS_PAGE (source);

  (void) data;
  if (!self->toasts)
    return;
  if (g_task_propagate_boolean (G_TASK (result), &error))
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
  TdTrendsPage *self = data;

  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
      Saving *saving = g_object_steal_data (G_OBJECT (dialog), "saving");
      g_autoptr (GTask) task = g_task_new (self, NULL, on_saved, NULL);

      saving->to = g_file_get_path (file);
      g_task_set_task_data (task, saving, saving_free);
      if (saving->to)
        g_task_run_in_thread (task, save);
      else
        g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                                 _ ("The file must be on this machine."));
    }
  g_object_unref (dialog);
}

static void
save_chart (GtkWidget *widget, const char *action, GVariant *parameter)
{
  TdTrendsPage *self = TD_TRENDS_PAGE (widget);
  int kind = g_variant_get_int32 (parameter);

  (void) action;
  if (!self->trend || kind < 0 || kind >= TD_N_TREND_CHARTS)
    return;
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (
      _ ("Export the Chart"), GTK_WINDOW (gtk_widget_get_root (widget)),
      GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Save"), NULL);
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();
  g_autofree char *name
      = g_strdup_printf ("teardrop-%s.png", td_trend_chart_id ((TdTrendChartKind) kind));
  Saving *saving = g_new0 (Saving, 1);

  saving->trend = td_trend_ref (self->trend);
  saving->kind = (TdTrendChartKind) kind;
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), name);
  /* The name's end chooses the format, so one filter shows all of them. */
  gtk_file_filter_set_name (filter, _ ("Picture: .png, .svg or .pdf"));
  gtk_file_filter_add_pattern (filter, "*.png");
  gtk_file_filter_add_pattern (filter, "*.svg");
  gtk_file_filter_add_pattern (filter, "*.pdf");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (dialog), filter);
  g_object_set_data_full (G_OBJECT (dialog), "saving", saving, saving_free);
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_save_response), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

/* --- All of it ---------------------------------------------------------------------------- */

void
td_trends_page_set_store (TdTrendsPage *self, const char *path, GSettings *settings,
                          AdwToastOverlay *toasts)
{
  g_return_if_fail (TD_IS_TRENDS_PAGE (self));

  g_free (self->path);
  self->path = g_strdup (path);
  g_set_object (&self->toasts, toasts);
  if (g_set_object (&self->settings, settings))
    g_signal_connect_object (settings, "changed::units", G_CALLBACK (td_trends_page_reload), self,
                             G_CONNECT_SWAPPED);
}

static void
td_trends_page_dispose (GObject *object)
{
  TdTrendsPage *self = TD_TRENDS_PAGE (object);

  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  g_clear_object (&self->settings);
  g_clear_object (&self->toasts);
  for (int k = 0; k < TD_N_TREND_BESTS; k++)
    g_clear_object (&self->best_rows[k]);
  g_clear_pointer (&self->rows, g_array_unref);
  g_clear_pointer (&self->trend, td_trend_unref);
  g_clear_pointer (&self->ids, g_strfreev);
  g_clear_pointer (&self->loads, g_free);
  g_clear_pointer (&self->path, g_free);
  self->n_loads = 0;
  G_OBJECT_CLASS (td_trends_page_parent_class)->dispose (object);
}

static void
td_trends_page_class_init (TdTrendsPageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = td_trends_page_dispose;
  widget_class->map = td_trends_page_map;
  g_type_ensure (TD_TYPE_COLUMNS);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/teardrop/Teardrop/td-trends-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TdTrendsPage, view);
  gtk_widget_class_bind_template_child (widget_class, TdTrendsPage, nothing);
  gtk_widget_class_bind_template_child (widget_class, TdTrendsPage, exercise);
  gtk_widget_class_bind_template_child (widget_class, TdTrendsPage, load);
  gtk_widget_class_bind_template_child (widget_class, TdTrendsPage, change);
  gtk_widget_class_bind_template_child (widget_class, TdTrendsPage, basis);
  gtk_widget_class_bind_template_child (widget_class, TdTrendsPage, bests);
  gtk_widget_class_bind_template_child (widget_class, TdTrendsPage, charts);
  gtk_widget_class_install_action (widget_class, "trends.save-chart", "i", save_chart);
  gtk_widget_class_bind_template_callback (widget_class, on_exercise);
  gtk_widget_class_bind_template_callback (widget_class, show_trend);
  gtk_widget_class_bind_template_callback (widget_class, on_setup_choice);
  gtk_widget_class_bind_template_callback (widget_class, on_bind_choice);
}

static void
td_trends_page_init (TdTrendsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  for (int k = 0; k < TD_N_TREND_BESTS; k++)
    {
      GtkBuilder *builder
          = gtk_builder_new_from_resource ("/io/github/teardrop/Teardrop/td-trend-best.ui");
      gtk_box_append (self->bests, GTK_WIDGET (gtk_builder_get_object (builder, "best")));
      self->best_rows[k] = G_OBJECT (builder);
    }
  for (int k = 0; k < TD_N_TREND_CHARTS; k++)
    {
      self->cards[k] = TD_TREND_CARD (td_trend_card_new ((TdTrendChartKind) k));
      gtk_box_append (self->charts, GTK_WIDGET (self->cards[k]));
    }
  /* The button within is what takes the focus, and has no name of its own. */
  gtk_accessible_update_property (
      GTK_ACCESSIBLE (gtk_widget_get_first_child (GTK_WIDGET (self->exercise))),
      GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Exercise"), -1);
  gtk_accessible_update_property (
      GTK_ACCESSIBLE (gtk_widget_get_first_child (GTK_WIDGET (self->load))),
      GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Load"), -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->exercise), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Exercise"), -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->load), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Load"), -1);
}
