/* td-compare.c: two repetitions over each other, or two sessions beside each other.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-compare.h"

#include "td-archive.h"
#include "td-chart-export.h"
#include "td-chart-view.h"
#include "td-figure-view.h"
#include "td-names.h"
#include "td-words.h"

#include <glib/gi18n.h>
#include <math.h>

enum
{
  FIRST,
  SECOND,
  N_SIDES
};

/* One of the two. */
typedef struct
{
  gint64 session;        /* asked for, and shown once it is read */
  gint64 wanted_rep;     /* TdRepRow.id, 0: choose */
  GCancellable *reading; /* NULL: done */
  TdChartData *data;     /* of SESSION, or NULL */
} Side;

struct _TdCompare
{
  AdwBin parent_instance;

  char *path;
  GCancellable *listing;
  GPtrArray *sessions; /* TdSessionItem, the newest first */
  Side sides[N_SIDES];
  TdProfile profile; /* without an id: none */
  gboolean filling;  /* the choices, by us */

  AdwToastOverlay *toasts;
  GtkDropDown *session_first;
  GtkDropDown *session_second;
  GtkDropDown *rep_first;
  GtkDropDown *rep_second;
  GtkToggleButton *mode_reps;
  GtkToggleButton *mode_sessions;
  GtkDropDown *measure;
  GtkCheckButton *scaled;
  GtkWidget *save;
  GtkLabel *finding;
  TdChartView *chart;
  TdFigureView *figure_first;
  TdFigureView *figure_second;
  GtkLabel *name_first;
  GtkLabel *name_second;
};

G_DEFINE_FINAL_TYPE (TdCompare, td_compare, ADW_TYPE_BIN)

static const TdChartKind rep_kinds[]
    = { TD_CHART_KNEE, TD_CHART_VALGUS, TD_CHART_TRUNK, TD_CHART_HIP_HEIGHT };
static const TdChartKind session_kinds[]
    = { TD_CHART_REP_DEPTH, TD_CHART_REP_TEMPO, TD_CHART_REP_VALGUS, TD_CHART_REP_VELOCITY };

static void
tell (TdCompare *self, const char *text)
{
  AdwToast *toast = adw_toast_new ("");
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  adw_toast_set_title (toast, escaped);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

static GtkDropDown *
session_choice (TdCompare *self, int which)
{
  return which == FIRST ? self->session_first : self->session_second;
}

static GtkDropDown *
rep_choice (TdCompare *self, int which)
{
  return which == FIRST ? self->rep_first : self->rep_second;
}

static gboolean
compares_sessions (TdCompare *self)
{
  return gtk_toggle_button_get_active (self->mode_sessions);
}

/* --- The chart ---------------------------------------------------------------------------- */

/* The chart of what is chosen, or NULL while it is not read. */
static TdChart *
make_chart (TdCompare *self)
{
  TdChartData *first = self->sides[FIRST].data, *second = self->sides[SECOND].data;
  guint measure = gtk_drop_down_get_selected (self->measure);
  guint reps[N_SIDES];

  if (!first || !second || measure >= G_N_ELEMENTS (rep_kinds))
    return NULL;
  if (compares_sessions (self))
    return td_chart_new_two_sessions (first, second, session_kinds[measure]);
  for (int w = 0; w < N_SIDES; w++)
    {
      reps[w] = gtk_drop_down_get_selected (rep_choice (self, w));
      if (reps[w] >= self->sides[w].data->n_reps)
        return NULL;
    }
  return td_chart_new_two_reps (first, reps[FIRST], second, reps[SECOND], rep_kinds[measure],
                                gtk_check_button_get_active (self->scaled) ? TD_CHART_CLOCK_SCALED
                                                                           : TD_CHART_CLOCK_REAL);
}

/* The deepest one that counts; n_reps: none. */
static size_t
deepest (const TdChartData *data)
{
  size_t found = data->n_reps;
  float most = -INFINITY;

  for (size_t i = 0; i < data->n_reps; i++)
    {
      const TdRep *rep = &data->reps[i].rep;
      float depth = td_measure_ok (rep->knee_flexion_max_deg) ? rep->knee_flexion_max_deg.value : 0;
      if (td_rep_row_counts (&data->reps[i]) && depth > most)
        {
          most = depth;
          found = i;
        }
    }
  return found;
}

static size_t
first_counted (const TdChartData *data)
{
  size_t i = 0;

  while (i < data->n_reps && !td_rep_row_counts (&data->reps[i]))
    i++;
  return i;
}

static char *
rep_words (const TdChartData *data, const TdRepRow *row)
{
  g_autofree char *depth
      = td_measure_ok (row->rep.knee_flexion_max_deg)
            ? g_strdup_printf (_ (" (%.0f°)"), (double) row->rep.knee_flexion_max_deg.value)
            : g_strdup ("");
  g_autofree char *rep = td_rep_row_counts (row)
                             ? g_strdup_printf (_ ("Rep %d%s"), row->number, depth)
                             : g_strdup_printf (_ ("Attempt%s"), depth);

  return data->session.n_sets > 1 ? g_strdup_printf (_ ("Set %d: %s"), row->set_number, rep)
                                  : g_steal_pointer (&rep);
}

/* The same where the choice's own name says that it is a repetition, and there is little room. */
static char *
choice_words (const TdChartData *data, const TdRepRow *row)
{
  g_autofree char *number
      = td_rep_row_counts (row) ? g_strdup_printf ("%d", row->number) : g_strdup ("×");
  g_autofree char *of_set = data->session.n_sets > 1
                                ? g_strdup_printf (_ ("Set %d: %s"), row->set_number, number)
                                : g_strdup (number);

  return td_measure_ok (row->rep.knee_flexion_max_deg)
             ? g_strdup_printf ("%s (%.0f°)", of_set, (double) row->rep.knee_flexion_max_deg.value)
             : g_steal_pointer (&of_set);
}

/* Shorter than elsewhere: there are four choices in two rows. */
static char *
session_date (const TdSessionRow *session)
{
  g_autoptr (GDateTime) start = g_date_time_new_from_iso8601 (session->started_at, NULL);

  /* Translators: day, short month, year, time of day: strftime */
  return start ? g_date_time_format (start, _ ("%-d %b %Y, %H:%M"))
               : td_words_date (session->started_at);
}

static void
show_figure (TdCompare *self, int which)
{
  TdFigureView *view = which == FIRST ? self->figure_first : self->figure_second;
  GtkLabel *label = which == FIRST ? self->name_first : self->name_second;
  const TdChartData *data = self->sides[which].data;
  size_t rep = !data                      ? 0
               : compares_sessions (self) ? deepest (data)
                                          : gtk_drop_down_get_selected (rep_choice (self, which));
  const char *title = which == FIRST ? _ ("First, at the bottom") : _ ("Second, at the bottom");

  if (!data || rep >= data->n_reps)
    {
      td_figure_view_set_figure (view, NULL, NULL);
      td_figure_view_set_words (view, title, _ ("No repetition"));
      gtk_label_set_label (label, "");
      return;
    }
  const TdRepRow *row = &data->reps[rep];
  double bottom = (double) (row->rep.bottom_ns - data->session.first_ns) / 1e9;
  TdFigure figure = td_figures_at (data->figures, data->time_s, data->gap_s, bottom);
  const TdMeasure *of_side = row->rep.knee_flexion_side_deg, both = row->rep.knee_flexion_max_deg;
  TdFigureKnees knees = {
    { td_measure_ok (of_side[TD_SIDE_LEFT]) ? of_side[TD_SIDE_LEFT].value : NAN,
      td_measure_ok (of_side[TD_SIDE_RIGHT]) ? of_side[TD_SIDE_RIGHT].value : NAN },
    td_measure_ok (both) ? both.value : NAN,
  };
  g_autofree char *words = rep_words (data, row);
  g_autofree char *spoken = td_chart_moment_words (data, bottom);

  td_figure_view_set_figure (view, &figure, &knees);
  td_figure_view_set_words (view, title, spoken);
  if (self->sides[FIRST].session == self->sides[SECOND].session)
    {
      gtk_label_set_label (label, words);
      return;
    }
  g_autofree char *date = session_date (&data->session);
  g_autofree char *whose = g_strdup_printf ("%s, %s", words, date);
  gtk_label_set_label (label, whose);
}

static void
show (TdCompare *self)
{
  if (self->filling)
    return;
  TdChart *chart = make_chart (self);
  gtk_label_set_label (self->finding, chart ? chart->title : "");
  gtk_widget_set_sensitive (self->save, chart != NULL);
  td_chart_view_set_chart (self->chart, chart);
  show_figure (self, FIRST);
  show_figure (self, SECOND);
}

static void
fill_measures (TdCompare *self)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  guint before = gtk_drop_down_get_selected (self->measure);

  for (guint i = 0; i < G_N_ELEMENTS (rep_kinds); i++)
    gtk_string_list_append (
        names, td_chart_kind_name (compares_sessions (self) ? session_kinds[i] : rep_kinds[i]));
  self->filling = TRUE;
  gtk_drop_down_set_model (self->measure, G_LIST_MODEL (names));
  gtk_drop_down_set_selected (self->measure, before < G_N_ELEMENTS (rep_kinds) ? before : 0);
  self->filling = FALSE;
}

static void
on_mode (TdCompare *self)
{
  gboolean sessions = compares_sessions (self);

  gtk_widget_set_visible (GTK_WIDGET (self->rep_first), !sessions);
  gtk_widget_set_visible (GTK_WIDGET (self->rep_second), !sessions);
  gtk_widget_set_visible (GTK_WIDGET (self->scaled), !sessions);
  fill_measures (self);
  show (self);
}

void
td_compare_set_sessions (TdCompare *self, gboolean sessions)
{
  g_return_if_fail (TD_IS_COMPARE (self));
  gtk_toggle_button_set_active (sessions ? self->mode_sessions : self->mode_reps, TRUE);
}

static void
adopt_profile (TdCompare *self, TdChartData *data)
{
  if (data && self->profile.id && g_strcmp0 (self->profile.id, data->session.exercise) == 0)
    td_chart_data_set_profile (data, &self->profile);
}

void
td_compare_set_profile (TdCompare *self, const TdProfile *profile)
{
  g_return_if_fail (TD_IS_COMPARE (self));
  self->profile = profile ? *profile : (TdProfile){ 0 };
}

/* --- Reading ------------------------------------------------------------------------------ */

static void
fill_reps (TdCompare *self, int which)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  Side *side = &self->sides[which];
  const TdChartData *data = side->data;
  size_t chosen = !data ? 0 : which == FIRST ? first_counted (data) : deepest (data);

  for (size_t i = 0; data && i < data->n_reps; i++)
    {
      g_autofree char *words = choice_words (data, &data->reps[i]);
      gtk_string_list_append (names, words);
      if (data->reps[i].id == side->wanted_rep)
        chosen = i;
    }
  self->filling = TRUE;
  gtk_drop_down_set_model (rep_choice (self, which), G_LIST_MODEL (names));
  if (data && data->n_reps > 0)
    gtk_drop_down_set_selected (rep_choice (self, which), (guint) MIN (chosen, data->n_reps - 1));
  gtk_widget_set_sensitive (GTK_WIDGET (rep_choice (self, which)), data && data->n_reps > 0);
  self->filling = FALSE;
}

static void
on_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  TdChartData *data = td_archive_chart_finish (result, &error);
  TdCompare *self;
  int which;

  (void) source;
  /* Cancelled: the page may be gone. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self = user_data;
  which = g_task_get_cancellable (G_TASK (result)) == self->sides[FIRST].reading ? FIRST : SECOND;
  g_clear_object (&self->sides[which].reading);
  adopt_profile (self, data);
  g_clear_pointer (&self->sides[which].data, td_chart_data_unref);
  self->sides[which].data = data;
  if (error)
    tell (self, error->message);
  fill_reps (self, which);
  if (data && which == FIRST)
    {
      double side_deg = (double) td_figures_side (data->figures);
      td_figure_view_set_yaw (self->figure_first, side_deg);
      td_figure_view_set_yaw (self->figure_second, side_deg);
    }
  show (self);
}

static void
stop_reading (Side *side)
{
  g_cancellable_cancel (side->reading);
  g_clear_object (&side->reading);
}

static void
read_session (TdCompare *self, int which, gint64 session)
{
  Side *side = &self->sides[which];

  stop_reading (side);
  g_clear_pointer (&side->data, td_chart_data_unref);
  side->session = session;
  fill_reps (self, which);
  show (self);
  if (session == 0)
    return;
  side->reading = g_cancellable_new ();
  td_archive_chart_async (self->path, session, side->reading, on_read, self);
}

static void
on_session (TdCompare *self, GParamSpec *spec, GtkDropDown *choice)
{
  int which = choice == self->session_first ? FIRST : SECOND;
  guint at = gtk_drop_down_get_selected (choice);

  (void) spec;
  if (self->filling || !self->sessions || at >= self->sessions->len)
    return;
  gint64 session = td_session_item_get_row (g_ptr_array_index (self->sessions, at))->id;
  if (session == self->sides[which].session)
    return;
  self->sides[which].wanted_rep = 0;
  read_session (self, which, session);
}

static void
on_choice (TdCompare *self)
{
  show (self);
}

static void
on_swap (TdCompare *self)
{
  guint reps[N_SIDES], sessions[N_SIDES];
  Side first = self->sides[FIRST];

  if (first.reading || self->sides[SECOND].reading)
    return;
  for (int w = 0; w < N_SIDES; w++)
    {
      reps[w] = gtk_drop_down_get_selected (rep_choice (self, w));
      sessions[w] = gtk_drop_down_get_selected (session_choice (self, w));
    }
  self->sides[FIRST] = self->sides[SECOND];
  self->sides[SECOND] = first;
  for (int w = 0; w < N_SIDES; w++)
    {
      fill_reps (self, w);
      self->filling = TRUE;
      gtk_drop_down_set_selected (session_choice (self, w), sessions[!w]);
      gtk_drop_down_set_selected (rep_choice (self, w), reps[!w]);
      self->filling = FALSE;
    }
  show (self);
}

static guint
position_of (TdCompare *self, gint64 session)
{
  for (guint i = 0; session != 0 && i < self->sessions->len; i++)
    if (td_session_item_get_row (g_ptr_array_index (self->sessions, i))->id == session)
      return i;
  return 0;
}

static void
on_listed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *items = td_archive_sessions_finish (result, &error);
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  TdCompare *self;

  (void) source;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self = user_data;
  g_clear_object (&self->listing);
  g_clear_pointer (&self->sessions, g_ptr_array_unref);
  self->sessions = items;
  if (error)
    tell (self, error->message);
  for (guint i = 0; items && i < items->len; i++)
    {
      const TdSessionRow *row = td_session_item_get_row (g_ptr_array_index (items, i));
      g_autofree char *date = session_date (row);
      g_autofree char *reps = td_words_reps (row->n_reps);
      g_autofree char *name = g_strdup_printf ("%s · %s", date, reps);
      gtk_string_list_append (names, name);
    }
  for (int w = 0; w < N_SIDES; w++)
    {
      guint at = items && items->len > 0 ? position_of (self, self->sides[w].session) : 0;
      self->filling = TRUE;
      gtk_drop_down_set_model (session_choice (self, w), G_LIST_MODEL (names));
      gtk_drop_down_set_selected (session_choice (self, w), at);
      self->filling = FALSE;
      gtk_widget_set_sensitive (GTK_WIDGET (session_choice (self, w)), items && items->len > 0);
      read_session (self, w,
                    items && items->len > 0
                        ? td_session_item_get_row (g_ptr_array_index (items, at))->id
                        : 0);
    }
}

void
td_compare_open (TdCompare *self, const char *path, gint64 first_session, gint64 first_rep,
                 gint64 second_session, gint64 second_rep)
{
  g_return_if_fail (TD_IS_COMPARE (self));

  g_cancellable_cancel (self->listing);
  g_clear_object (&self->listing);
  for (int w = 0; w < N_SIDES; w++)
    stop_reading (&self->sides[w]);
  self->sides[FIRST].session = first_session;
  self->sides[FIRST].wanted_rep = first_rep;
  self->sides[SECOND].session = second_session;
  self->sides[SECOND].wanted_rep = second_rep;
  if (path != self->path)
    {
      g_free (self->path);
      self->path = g_strdup (path);
    }
  self->listing = g_cancellable_new ();
  td_archive_sessions_async (self->path, self->listing, NULL, on_listed, self);
}

/* --- Files and the clipboard -------------------------------------------------------------- */

typedef struct
{
  TdChart *chart;
  char *to;
} SaveJob;

static void
save_job_free (gpointer data)
{
  SaveJob *job = data;

  td_chart_free (job->chart);
  g_free (job->to);
  g_free (job);
}

static void
save_chart (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  SaveJob *job = data;
  TdStoreError error = { 0 };

  (void) source;
  (void) cancellable;
  if (td_chart_save (job->chart, job->to, &error) == TD_STORE_OK)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_new_error (task, TD_ARCHIVE_ERROR, (int) error.status, "%s", error.message);
}

static void
on_saved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  (void) user_data;
  if (g_task_propagate_boolean (G_TASK (result), &error))
    tell (TD_COMPARE (source), _ ("Saved"));
  else
    {
      g_autofree char *text = g_strdup_printf (_ ("Not saved: %s"), error->message);
      tell (TD_COMPARE (source), text);
    }
}

static void
on_file_chosen (TdCompare *self, int response, GtkNativeDialog *dialog)
{
  TdChart *chart = response == GTK_RESPONSE_ACCEPT ? make_chart (self) : NULL;

  if (chart)
    {
      g_autoptr (GFile) to = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
      g_autoptr (GTask) task = g_task_new (self, NULL, on_saved, NULL);
      SaveJob *job = g_new0 (SaveJob, 1);
      job->chart = chart;
      job->to = g_file_get_path (to);
      g_task_set_task_data (task, job, save_job_free);
      if (job->to)
        g_task_run_in_thread (task, save_chart);
      else
        {
          job->to = g_file_get_parse_name (to);
          g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                                   _ ("The file must be on this machine."));
        }
    }
  g_object_unref (dialog);
}

static void
on_save (TdCompare *self)
{
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (
      _ ("Export the Chart"), GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
      GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Save"), NULL);
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();
  g_autofree char *name = g_strdup_printf (
      "teardrop-%s.png",
      td_chart_kind_id (compares_sessions (self) ? TD_CHART_TWO_SESSIONS : TD_CHART_TWO_REPS));

  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), name);
  /* The name's end chooses the format, so one filter shows all of them. */
  gtk_file_filter_set_name (filter, _ ("Picture: .png, .svg or .pdf"));
  gtk_file_filter_add_pattern (filter, "*.pdf");
  gtk_file_filter_add_pattern (filter, "*.png");
  gtk_file_filter_add_pattern (filter, "*.svg");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (dialog), filter);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_file_chosen), self,
                           G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void
on_copied (TdCompare *self)
{
  tell (self, _ ("Copied"));
}

/* One turns the other, too. */
static void
on_turned (TdCompare *self, TdFigureView *turned)
{
  td_figure_view_set_yaw (turned == self->figure_first ? self->figure_second : self->figure_first,
                          td_figure_view_get_yaw (turned));
}

/* --- The widget --------------------------------------------------------------------------- */

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
  gtk_widget_add_css_class (label, "numeric");
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

/* The button within is what takes the focus, and has no name of its own. */
static void
name_choice (GtkDropDown *choice, const char *name)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_widget_get_first_child (GTK_WIDGET (choice))),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (choice), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
td_compare_dispose (GObject *object)
{
  TdCompare *self = TD_COMPARE (object);

  g_cancellable_cancel (self->listing);
  g_clear_object (&self->listing);
  g_clear_pointer (&self->sessions, g_ptr_array_unref);
  for (int w = 0; w < N_SIDES; w++)
    {
      stop_reading (&self->sides[w]);
      g_clear_pointer (&self->sides[w].data, td_chart_data_unref);
    }
  g_clear_pointer (&self->path, g_free);
  G_OBJECT_CLASS (td_compare_parent_class)->dispose (object);
}

static void
td_compare_class_init (TdCompareClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = td_compare_dispose;
  g_type_ensure (TD_TYPE_CHART_VIEW);
  g_type_ensure (TD_TYPE_FIGURE_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/teardrop/Teardrop/td-compare.ui");
#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, TdCompare, name)
  CHILD (toasts);
  CHILD (session_first);
  CHILD (session_second);
  CHILD (rep_first);
  CHILD (rep_second);
  CHILD (mode_reps);
  CHILD (mode_sessions);
  CHILD (measure);
  CHILD (scaled);
  CHILD (save);
  CHILD (finding);
  CHILD (chart);
  CHILD (figure_first);
  CHILD (figure_second);
  CHILD (name_first);
  CHILD (name_second);
#undef CHILD
#define CALLBACK(name) gtk_widget_class_bind_template_callback (widget_class, name)
  CALLBACK (on_session);
  CALLBACK (on_choice);
  CALLBACK (on_mode);
  CALLBACK (on_swap);
  CALLBACK (on_save);
  CALLBACK (on_copied);
  CALLBACK (on_turned);
  CALLBACK (on_setup_choice);
  CALLBACK (on_bind_choice);
#undef CALLBACK
}

static void
td_compare_init (TdCompare *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  td_names_toasts (self->toasts);
  name_choice (self->session_first, _ ("First session"));
  name_choice (self->session_second, _ ("Second session"));
  name_choice (self->rep_first, _ ("Repetition of the first session"));
  name_choice (self->rep_second, _ ("Repetition of the second session"));
  name_choice (self->measure, _ ("Measure"));
  td_figure_view_set_yaw (self->figure_first, 90);
  td_figure_view_set_yaw (self->figure_second, 90);
  on_mode (self);
}

GtkWidget *
td_compare_new (void)
{
  return g_object_new (TD_TYPE_COMPARE, NULL);
}
