/* td-window.c: the window: train, history, menu.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-window.h"

#include "td-archive.h"
#include "td-first-run.h"
#include "td-menu.h"
#include "td-names.h"
#include "td-train-page.h"
#include "td-trends-page.h"

#include <glib/gi18n.h>

struct _TdWindow
{
  AdwApplicationWindow parent_instance;

  TdTrainer *trainer;
  GSettings *settings;
  char *store_path;
  guint n_ended;  /* sessions whose end the history knows of */
  guint inhibits; /* the screen is kept from going dark */

  AdwToastOverlay *toasts;
  GtkMenuButton *menu_button;
  AdwViewStack *pages;
  TdTrainPage *train;
  TdHistoryPage *history;
  TdTrendsPage *trends;
};

G_DEFINE_FINAL_TYPE (TdWindow, td_window, ADW_TYPE_APPLICATION_WINDOW)

TdTrainer *
td_window_get_trainer (TdWindow *self)
{
  return self->trainer;
}

TdHistoryPage *
td_window_get_history (TdWindow *self)
{
  return self->history;
}

GSettings *
td_window_get_settings (TdWindow *self)
{
  return self->settings;
}

const char *
td_window_get_store (TdWindow *self)
{
  return self->store_path;
}

void
td_window_set_store (TdWindow *self, const char *path)
{
  g_autofree char *own = g_strdup (path);

  g_free (self->store_path);
  self->store_path = g_steal_pointer (&own);
  td_trainer_set_store (self->trainer, self->store_path);
  td_history_page_set_store (self->history, self->store_path, self->settings, self->toasts);
  td_history_page_reload (self->history, FALSE);
  td_trends_page_set_store (self->trends, self->store_path, self->settings, self->toasts);
  td_trends_page_reload (self->trends);
}

void
td_window_tell (TdWindow *self, const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (escaped));
}

const char *
td_window_get_page (TdWindow *self)
{
  return adw_view_stack_get_visible_child_name (self->pages);
}

void
td_window_set_page (TdWindow *self, const char *name)
{
  adw_view_stack_set_visible_child_name (self->pages, name);
}

/* A file may be dropped on the window or opened from outside while one trains: that ends no set. */
static gboolean
may_play (TdWindow *self)
{
  gboolean ok = !td_trainer_in_session (self->trainer)
                || td_trainer_get_state (self->trainer) == TD_TRAINER_LOST;

  if (!ok)
    td_window_tell (self, _ ("A session is running. Finish it, then open the video."));
  return ok;
}

void
td_window_play_file (TdWindow *self, GFile *file)
{
  g_autofree char *path = g_file_get_path (file);
  g_autofree char *name = g_file_get_basename (file);

  if (!path)
    {
      adw_toast_overlay_add_toast (self->toasts,
                                   adw_toast_new (_ ("Only files on this machine can be opened")));
      return;
    }
  g_autofree char *shown = g_filename_display_name (name);
  td_window_set_page (self, "train");
  if (!may_play (self))
    return;
  td_trainer_play_file (self->trainer, path, shown, TD_PACE_AS_FAST_AS_POSSIBLE);
}

void
td_window_play_demo (TdWindow *self)
{
  g_autofree char *path = td_engine_demo_clip ();

  td_window_set_page (self, "train");
  if (!may_play (self))
    return;
  td_trainer_play_file (self->trainer, path, _ ("Demo clip"), TD_PACE_REAL_TIME);
}

static void
on_trainer_changed (TdWindow *self)
{
  GtkApplication *app = gtk_window_get_application (GTK_WINDOW (self));
  gboolean in_session = td_trainer_in_session (self->trainer);

  td_window_update_actions (self);

  if (app && in_session && self->inhibits == 0)
    self->inhibits = gtk_application_inhibit (app, GTK_WINDOW (self), GTK_APPLICATION_INHIBIT_IDLE,
                                              _ ("A training session is running"));
  else if (app && !in_session && self->inhibits != 0)
    {
      gtk_application_uninhibit (app, self->inhibits);
      self->inhibits = 0;
    }

  if (self->n_ended != td_trainer_get_n_ended (self->trainer))
    {
      self->n_ended = td_trainer_get_n_ended (self->trainer);
      td_history_page_reload (self->history, TRUE);
      td_trends_page_reload (self->trends);
    }
}

static gboolean
on_drop (TdWindow *self, const GValue *value)
{
  GSList *files = g_value_get_boxed (value);

  if (!files)
    return FALSE;
  td_window_play_file (self, files->data);
  return TRUE;
}

void
td_window_open (TdWindow *self)
{
  g_return_if_fail (TD_IS_WINDOW (self));

  td_history_page_reload (self->history, FALSE);
  td_trainer_open (self->trainer);
}

static void
on_sessions (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (TdWindow) self = data;
  g_autoptr (GPtrArray) sessions = td_archive_sessions_finish (result, NULL);

  (void) object;
  /* Who has sessions, or a history that cannot be read, is not new here. */
  if (sessions && sessions->len == 0 && gtk_widget_get_mapped (GTK_WIDGET (self)))
    gtk_window_present (
        GTK_WINDOW (td_first_run_new (GTK_WINDOW (self), self->trainer, self->settings)));
}

void
td_window_welcome (TdWindow *self)
{
  if (!g_settings_get_boolean (self->settings, "welcomed"))
    td_archive_sessions_async (self->store_path, NULL, NULL, on_sessions, g_object_ref (self));
}

/* The guide. When its own key ends the program it lives on until that key is done, and would look for
 * its parent then. */
static void
close_others (TdWindow *self)
{
  GtkApplication *app = gtk_window_get_application (GTK_WINDOW (self));
  g_autoptr (GList) windows = app ? g_list_copy (gtk_application_get_windows (app)) : NULL;

  for (GList *l = windows; l; l = l->next)
    if (l->data != self)
      {
        gtk_window_set_transient_for (l->data, NULL);
        gtk_window_destroy (l->data);
      }
}

static gboolean
td_window_close_request (GtkWindow *window)
{
  TdWindow *self = TD_WINDOW (window);
  int width, height;

  gtk_window_get_default_size (window, &width, &height);
  g_settings_set_int (self->settings, "window-width", MAX (width, 360));
  g_settings_set_int (self->settings, "window-height", MAX (height, 400));
  g_settings_set_boolean (self->settings, "window-maximized", gtk_window_is_maximized (window));
  /* The session is closed before the window goes, not at some later unref. */
  td_trainer_close (self->trainer);
  td_history_page_flush (self->history);
  close_others (self);
  return GTK_WINDOW_CLASS (td_window_parent_class)->close_request (window);
}

static void
td_window_dispose (GObject *object)
{
  TdWindow *self = TD_WINDOW (object);

  g_clear_object (&self->trainer);
  g_clear_object (&self->settings);
  g_clear_pointer (&self->store_path, g_free);
  G_OBJECT_CLASS (td_window_parent_class)->dispose (object);
}

static void
td_window_class_init (TdWindowClass *class)
{
  /* Whether the key needs shift depends on the keyboard: GTK looks at what it gives. */
  static const guint plus[] = { GDK_KEY_plus, GDK_KEY_equal, GDK_KEY_KP_Add };
  static const guint minus[] = { GDK_KEY_minus, GDK_KEY_KP_Subtract };
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = td_window_dispose;
  GTK_WINDOW_CLASS (class)->close_request = td_window_close_request;

  g_type_ensure (TD_TYPE_TRAIN_PAGE);
  g_type_ensure (TD_TYPE_HISTORY_PAGE);
  g_type_ensure (TD_TYPE_TRENDS_PAGE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/teardrop/Teardrop/td-window.ui");
  gtk_widget_class_bind_template_child (widget_class, TdWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, TdWindow, menu_button);
  gtk_widget_class_bind_template_child (widget_class, TdWindow, pages);
  gtk_widget_class_bind_template_child (widget_class, TdWindow, train);
  gtk_widget_class_bind_template_child (widget_class, TdWindow, history);
  gtk_widget_class_bind_template_child (widget_class, TdWindow, trends);
  td_window_install_actions (widget_class);
  /* In the bubble phase, so that a focused button or entry gets the key first. Space is the train
   * page's own: GtkWindow has a binding for it that would come before one of this class. */
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_p, 0, "win.pause", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Return, GDK_CONTROL_MASK, "win.finish",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_KP_Enter, GDK_CONTROL_MASK,
                                       "win.finish", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_BackSpace, GDK_CONTROL_MASK,
                                       "win.discard", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (plus); i++)
    gtk_widget_class_add_binding_action (widget_class, plus[i], 0, "win.count-plus", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (minus); i++)
    gtk_widget_class_add_binding_action (widget_class, minus[i], 0, "win.count-minus", NULL);
}

static void
td_window_init (TdWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  td_names_toasts (self->toasts);
  td_names_choices (GTK_WIDGET (self));
  td_menu_button_gives_back (self->menu_button);

  GtkDropTarget *drop = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);
  g_signal_connect_object (drop, "drop", G_CALLBACK (on_drop), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drop));
}

TdWindow *
td_window_new (AdwApplication *app, TdTrainer *trainer, const char *store_path, GSettings *settings,
               TdLatency *latency)
{
  TdWindow *self = g_object_new (TD_TYPE_WINDOW, "application", app, "icon-name",
                                 "io.github.teardrop.Teardrop", "default-width",
                                 g_settings_get_int (settings, "window-width"), "default-height",
                                 g_settings_get_int (settings, "window-height"), "maximized",
                                 g_settings_get_boolean (settings, "window-maximized"), NULL);

  self->trainer = g_object_ref (trainer);
  self->settings = g_object_ref (settings);
  self->store_path = g_strdup (store_path);
  td_train_page_set_trainer (self->train, trainer, settings, latency);
  td_trends_page_set_store (self->trends, store_path, settings, self->toasts);
  td_history_page_set_store (self->history, store_path, settings, self->toasts);
  g_signal_connect_object (trainer, "changed", G_CALLBACK (on_trainer_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->history, "selected", G_CALLBACK (td_window_update_actions), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->pages, "notify::visible-child",
                           G_CALLBACK (td_window_update_actions), self, G_CONNECT_SWAPPED);
  td_window_update_actions (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->train));
  return self;
}
