/* td-window-actions.c: every action of the window, and when each is possible.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-backup.h"
#include "td-calibrate.h"
#include "td-first-run.h"
#include "td-guide.h"
#include "td-names.h"
#include "td-preferences.h"
#include "td-window.h"

#include <glib/gi18n.h>

/* The next step, whatever it is, so that one key is enough: start; end of the set; go on after a
 * pause. In a rest the next step is a squat. */
static void
start_stop (GtkWidget *widget, const char *name, GVariant *parameter)
{
  TdTrainer *trainer = td_window_get_trainer (TD_WINDOW (widget));
  TdSourceItem *source = td_trainer_get_source (trainer);
  gboolean file = source && td_source_item_get_kind (source) == TD_SOURCE_FILE;

  (void) name;
  (void) parameter;
  if (!td_trainer_in_session (trainer))
    {
      td_trainer_start (trainer);
      return;
    }
  switch (td_trainer_get_flow (trainer))
    {
    case TD_FLOW_PAUSED:
      td_trainer_set_paused (trainer, FALSE);
      break;
    case TD_FLOW_SET:
      if (!file)
        {
          td_trainer_end_set (trainer);
          break;
        }
      td_trainer_stop (trainer);
      break;
    case TD_FLOW_WAITING:
      td_trainer_stop (trainer);
      break;
    case TD_FLOW_REST:
    case TD_FLOW_OFF:
    default:
      break;
    }
}

static void
pause_session (GtkWidget *widget, const char *name, GVariant *parameter)
{
  TdTrainer *trainer = td_window_get_trainer (TD_WINDOW (widget));

  (void) name;
  (void) parameter;
  td_trainer_set_paused (trainer, td_trainer_get_flow (trainer) != TD_FLOW_PAUSED);
}

static void
end_set (GtkWidget *widget, const char *name, GVariant *parameter)
{
  (void) name;
  (void) parameter;
  td_trainer_end_set (td_window_get_trainer (TD_WINDOW (widget)));
}

static void
finish (GtkWidget *widget, const char *name, GVariant *parameter)
{
  (void) name;
  (void) parameter;
  td_trainer_stop (td_window_get_trainer (TD_WINDOW (widget)));
}

static void
on_discard_response (GtkWidget *window, const char *response)
{
  if (g_str_equal (response, "discard"))
    td_trainer_discard (td_window_get_trainer (TD_WINDOW (window)));
}

static void
discard (GtkWidget *widget, const char *name, GVariant *parameter)
{
  TdTrainer *trainer = td_window_get_trainer (TD_WINDOW (widget));
  int n = td_set_log_count (td_trainer_get_log (trainer), 0);
  g_autofree char *body = NULL;

  (void) name;
  (void) parameter;
  /* Nothing is lost by what has nothing in it. */
  if (n == 0 && td_set_log_attempts (td_trainer_get_log (trainer), 0) == 0)
    {
      td_trainer_discard (trainer);
      return;
    }
  body = g_strdup_printf (ngettext ("Its %d repetition is deleted for good.",
                                    "Its %d repetitions are deleted for good.", (gulong) n),
                          n);
  GtkWidget *dialog
      = adw_message_dialog_new (GTK_WINDOW (widget), _ ("Discard This Session?"), body);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("Keep"), "discard",
                                    _ ("Discard"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "discard",
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_discard_response), widget,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
count_plus (GtkWidget *widget, const char *name, GVariant *parameter)
{
  (void) name;
  (void) parameter;
  td_trainer_correct (td_window_get_trainer (TD_WINDOW (widget)), TD_CORRECT_PLUS);
}

static void
count_minus (GtkWidget *widget, const char *name, GVariant *parameter)
{
  (void) name;
  (void) parameter;
  td_trainer_correct (td_window_get_trainer (TD_WINDOW (widget)), TD_CORRECT_MINUS);
}

static void
try_again (GtkWidget *widget, const char *name, GVariant *parameter)
{
  (void) name;
  (void) parameter;
  td_trainer_try_again (td_window_get_trainer (TD_WINDOW (widget)));
}

static void
demo (GtkWidget *widget, const char *name, GVariant *parameter)
{
  (void) name;
  (void) parameter;
  td_window_play_demo (TD_WINDOW (widget));
}

static void
on_open_response (GtkNativeDialog *dialog, int response, gpointer data)
{
  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
      td_window_play_file (TD_WINDOW (data), file);
    }
  g_object_unref (dialog);
}

static void
open_video (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (
      _ ("Open a Video"), GTK_WINDOW (widget), GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Open"), NULL);
  g_autoptr (GtkFileFilter) videos = gtk_file_filter_new ();
  g_autoptr (GtkFileFilter) all = gtk_file_filter_new ();

  (void) name;
  (void) parameter;
  gtk_file_filter_set_name (videos, _ ("Videos"));
  gtk_file_filter_add_mime_type (videos, "video/*");
  gtk_file_filter_set_name (all, _ ("All files"));
  gtk_file_filter_add_pattern (all, "*");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (dialog), videos);
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (dialog), all);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_open_response), widget, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void export(GtkWidget *widget, const char *name, GVariant *parameter)
{
  (void) name;
  (void) parameter;
  td_history_page_export (td_window_get_history (TD_WINDOW (widget)));
}

static void delete (GtkWidget *widget, const char *name, GVariant *parameter)
{
  (void) name;
  (void) parameter;
  td_history_page_delete (td_window_get_history (TD_WINDOW (widget)));
}

static void
show_page (GtkWidget *widget, const char *name, GVariant *parameter)
{
  (void) name;
  td_window_set_page (TD_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

static void
on_use_store (TdWindow *self, const char *path)
{
  td_window_set_store (self, path);
}

static void
on_release_store (TdWindow *self)
{
  td_trainer_set_store (td_window_get_trainer (self), NULL);
}

static void
preferences (GtkWidget *widget, const char *name, GVariant *parameter)
{
  TdWindow *self = TD_WINDOW (widget);
  TdPreferences *window
      = td_preferences_new (GTK_WINDOW (self), td_window_get_trainer (self),
                            td_window_get_settings (self), td_window_get_store (self));

  (void) name;
  (void) parameter;
  /* The file may be moved there, with all that belongs into it. */
  td_history_page_flush (td_window_get_history (self));
  g_signal_connect_object (window, "use-store", G_CALLBACK (on_use_store), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (window, "release-store", G_CALLBACK (on_release_store), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (window));
}

static void
first_steps (GtkWidget *widget, const char *name, GVariant *parameter)
{
  TdWindow *self = TD_WINDOW (widget);

  (void) name;
  (void) parameter;
  gtk_window_present (GTK_WINDOW (td_first_run_new (GTK_WINDOW (self), td_window_get_trainer (self),
                                                    td_window_get_settings (self))));
}

static void
calibrate (GtkWidget *widget, const char *name, GVariant *parameter)
{
  TdWindow *self = TD_WINDOW (widget);

  (void) name;
  (void) parameter;
  gtk_window_present (td_calibrate_window_new (GTK_WINDOW (self), td_window_get_trainer (self),
                                               td_window_get_settings (self)));
}

static void
tell (GtkWindow *window, const char *text)
{
  td_window_tell (TD_WINDOW (window), text);
}

static void
backup (GtkWidget *widget, const char *name, GVariant *parameter)
{
  (void) name;
  (void) parameter;
  td_backup_ask (GTK_WINDOW (widget), td_window_get_store (TD_WINDOW (widget)), tell);
}

/* One is enough: a second F1 brings it to the front. */
static void
guide (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GList *windows = gtk_application_get_windows (gtk_window_get_application (GTK_WINDOW (widget)));
  GtkWindow *window = NULL;

  (void) name;
  (void) parameter;
  for (GList *l = windows; l; l = l->next)
    if (TD_IS_GUIDE (l->data))
      window = l->data;
  gtk_window_present (window ? window : GTK_WINDOW (td_guide_new (GTK_WINDOW (widget))));
}

/* The one that has just ended is chosen already. */
static void
see_session (GtkWidget *widget, const char *name, GVariant *parameter)
{
  TdWindow *self = TD_WINDOW (widget);

  (void) name;
  (void) parameter;
  td_window_set_page (self, "history");
  td_history_page_show_newest (td_window_get_history (self));
}

static void
shortcuts (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autoptr (GtkBuilder) builder
      = gtk_builder_new_from_resource ("/io/github/teardrop/Teardrop/td-shortcuts.ui");
  GtkWindow *window = GTK_WINDOW (gtk_builder_get_object (builder, "shortcuts"));

  (void) name;
  (void) parameter;
  gtk_window_set_transient_for (window, GTK_WINDOW (widget));
  td_names_fill (GTK_WIDGET (window));
  gtk_window_present (window);
}

static void
about (GtkWidget *widget, const char *name, GVariant *parameter)
{
  (void) name;
  (void) parameter;
  GtkWidget *window = g_object_new (
      ADW_TYPE_ABOUT_WINDOW, "transient-for", widget, "application-name", "Teardrop",
      "application-icon", "io.github.teardrop.Teardrop", "version", TD_VERSION, "developer-name",
      _ ("The Teardrop authors"), "copyright", "© The Teardrop authors", "license-type",
      GTK_LICENSE_APACHE_2_0, "comments",
      _ ("A squat coach for one webcam. It counts and measures squats on your own machine; it is a "
         "training aid, not a medical device."),
      /* Translators: your name, for the list of translators */
      "translator-credits", _ ("translator-credits"), NULL);
  td_names_fill (window);
  gtk_window_present (GTK_WINDOW (window));
}

static GVariant *
exercise_state (TdWindow *self)
{
  return g_variant_new_string (td_trainer_get_profile (td_window_get_trainer (self))->id);
}

/* Actions with a state live in the window's own action map. */
static void
on_exercise (GSimpleAction *action, GVariant *value, gpointer data)
{
  (void) action;
  td_trainer_set_exercise (td_window_get_trainer (TD_WINDOW (data)),
                           g_variant_get_string (value, NULL));
}

void
td_window_install_actions (GtkWidgetClass *class)
{
  gtk_widget_class_install_action (class, "win.start-stop", NULL, start_stop);
  gtk_widget_class_install_action (class, "win.pause", NULL, pause_session);
  gtk_widget_class_install_action (class, "win.end-set", NULL, end_set);
  gtk_widget_class_install_action (class, "win.finish", NULL, finish);
  gtk_widget_class_install_action (class, "win.discard", NULL, discard);
  gtk_widget_class_install_action (class, "win.count-plus", NULL, count_plus);
  gtk_widget_class_install_action (class, "win.count-minus", NULL, count_minus);
  gtk_widget_class_install_action (class, "win.try-again", NULL, try_again);
  gtk_widget_class_install_action (class, "win.demo", NULL, demo);
  gtk_widget_class_install_action (class, "win.open", NULL, open_video);
  gtk_widget_class_install_action (class, "win.export", NULL, export);
  gtk_widget_class_install_action (class, "win.delete", NULL, delete);
  gtk_widget_class_install_action (class, "win.show-page", "s", show_page);
  gtk_widget_class_install_action (class, "win.see-session", NULL, see_session);
  gtk_widget_class_install_action (class, "win.preferences", NULL, preferences);
  gtk_widget_class_install_action (class, "win.first-steps", NULL, first_steps);
  gtk_widget_class_install_action (class, "win.calibrate", NULL, calibrate);
  gtk_widget_class_install_action (class, "win.backup", NULL, backup);
  gtk_widget_class_install_action (class, "win.guide", NULL, guide);
  gtk_widget_class_install_action (class, "win.shortcuts", NULL, shortcuts);
  gtk_widget_class_install_action (class, "win.about", NULL, about);
}

static GSimpleAction *
stateful_action (TdWindow *self, const char *name)
{
  GActionMap *map = G_ACTION_MAP (self);
  GAction *action = g_action_map_lookup_action (map, name);

  if (!action)
    {
      g_autoptr (GAction) mirror
          = g_settings_create_action (td_window_get_settings (self), "mirror");
      g_autoptr (GSimpleAction) exercise
          = g_simple_action_new_stateful ("exercise", G_VARIANT_TYPE_STRING, exercise_state (self));

      g_signal_connect_object (exercise, "change-state", G_CALLBACK (on_exercise), self, 0);
      g_action_map_add_action (map, mirror);
      g_action_map_add_action (map, G_ACTION (exercise));
      action = g_action_map_lookup_action (map, name);
    }
  return G_SIMPLE_ACTION (action);
}

/* What one can do in a session, and with a camera that shows a picture. */
static void
update_session_actions (TdWindow *self, gboolean on_train)
{
  GtkWidget *widget = GTK_WIDGET (self);
  TdTrainer *trainer = td_window_get_trainer (self);
  TdFlowState flow = td_trainer_get_flow (trainer);
  TdSourceItem *source = td_trainer_get_source (trainer);
  gboolean in_session = on_train && td_trainer_in_session (trainer);
  gboolean camera = source && td_source_item_get_kind (source) == TD_SOURCE_CAMERA
                    && td_trainer_get_state (trainer) != TD_TRAINER_LOST;

  gtk_widget_action_set_enabled (widget, "win.pause", in_session && camera);
  gtk_widget_action_set_enabled (widget, "win.end-set",
                                 in_session && camera && flow == TD_FLOW_SET);
  gtk_widget_action_set_enabled (widget, "win.finish", in_session);
  gtk_widget_action_set_enabled (widget, "win.discard", in_session);
  gtk_widget_action_set_enabled (widget, "win.count-plus",
                                 in_session && camera && td_trainer_can_correct (trainer));
  gtk_widget_action_set_enabled (widget, "win.count-minus",
                                 in_session && camera && td_trainer_can_correct (trainer)
                                     && td_trainer_get_count (trainer) > 0);
  gtk_widget_action_set_enabled (widget, "win.calibrate",
                                 on_train && camera
                                     && td_trainer_get_state (trainer) == TD_TRAINER_PREVIEW);
}

void
td_window_update_actions (TdWindow *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  TdTrainer *trainer = td_window_get_trainer (self);
  gboolean in_session = td_trainer_in_session (trainer);
  gboolean on_train = g_strcmp0 (td_window_get_page (self), "train") == 0;
  gboolean on_history = g_strcmp0 (td_window_get_page (self), "history") == 0;
  gboolean chosen = on_history && td_history_page_get_selected (td_window_get_history (self));
  /* Who has lost the camera may leave the session for something else: what was counted is kept. */
  gboolean lost = td_trainer_get_state (trainer) == TD_TRAINER_LOST;
  GSimpleAction *exercise = stateful_action (self, "exercise");

  gtk_widget_action_set_enabled (widget, "win.start-stop",
                                 on_train && (in_session || td_trainer_can_start (trainer)));
  update_session_actions (self, on_train);
  gtk_widget_action_set_enabled (widget, "win.try-again", !in_session);
  gtk_widget_action_set_enabled (widget, "win.demo", !in_session || lost);
  gtk_widget_action_set_enabled (widget, "win.open", !in_session || lost);
  gtk_widget_action_set_enabled (widget, "win.export", chosen);
  gtk_widget_action_set_enabled (widget, "win.delete", chosen);
  gtk_widget_action_set_enabled (widget, "win.first-steps", !in_session);
  g_simple_action_set_enabled (exercise, !in_session);
  g_simple_action_set_state (exercise, exercise_state (self));
}
