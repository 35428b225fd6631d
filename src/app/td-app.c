/* td-app.c: the program: command line, one window, keyboard.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-app.h"

#include "td-coach.h"

#include "td-settings.h"
#include "td-window.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

struct _TdApp
{
  AdwApplication parent_instance;
  GSettings *settings;
  TdWindow *window;
  TdLatency *latency;
  TdCoach *coach;
  GdkFrameClock *clock;
  gulong first_paint;
  gboolean painted;

  /* From the command line. */
  char *model;
  char *database;
  gboolean exit_after_startup;
  gboolean trace_latency;
  GFile *wanted; /* to be played once the window is on the screen */
  gboolean wanted_demo;
};

G_DEFINE_FINAL_TYPE (TdApp, td_app, ADW_TYPE_APPLICATION)

static const GOptionEntry options[] = {
  { "demo", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Play the demo clip"), NULL },
  { "file", 0, 0, G_OPTION_ARG_FILENAME, NULL, N_ ("Count the squats of a video"), N_ ("FILE") },
  { "model", 0, 0, G_OPTION_ARG_FILENAME, NULL, N_ ("Use the pose network in a folder"),
    N_ ("DIR") },
  { "database", 0, 0, G_OPTION_ARG_FILENAME, NULL, N_ ("Keep the sessions in another file"),
    N_ ("FILE") },
  { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Print the version and exit"), NULL },
  { "exit-after-startup", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_NONE, NULL,
    "Print the time to the first paint and exit", NULL },
  { "trace-latency", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_NONE, NULL,
    "Print the time from camera to screen at exit", NULL },
  { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, NULL, NULL, N_ ("[VIDEO]") },
  { 0 },
};

/* Milliseconds since the kernel started this process, so that loading the libraries counts. */
static double
ms_since_process_start (void)
{
  g_autofree char *stat = NULL;
  struct timespec now;
  unsigned long long start_ticks = 0;
  const char *after_name;

  if (!g_file_get_contents ("/proc/self/stat", &stat, NULL, NULL)
      || !(after_name = strrchr (stat, ')')))
    return -1;
  /* The 22nd field; the 2nd, the name, may hold spaces and ends with the last ')'. */
  g_auto (GStrv) fields = g_strsplit (after_name + 2, " ", 0);
  if (g_strv_length (fields) < 20)
    return -1;
  start_ticks = g_ascii_strtoull (fields[19], NULL, 10);
  clock_gettime (CLOCK_BOOTTIME, &now);
  return (double) now.tv_sec * 1e3 + (double) now.tv_nsec / 1e6
         - (double) start_ticks * 1e3 / (double) sysconf (_SC_CLK_TCK);
}

static void
play_wanted (TdApp *self)
{
  if (self->wanted_demo)
    td_window_play_demo (self->window);
  else if (self->wanted)
    td_window_play_file (self->window, self->wanted);
  self->wanted_demo = FALSE;
  g_clear_object (&self->wanted);
}

static gboolean
open_engine (gpointer data)
{
  TdApp *self = data;

  if (!self->window)
    return G_SOURCE_REMOVE;
  td_window_open (self->window);
  /* Who names a video wants to see that. */
  if (!self->wanted && !self->wanted_demo)
    td_window_welcome (self->window);
  play_wanted (self);
  return G_SOURCE_REMOVE;
}

/* Everything that takes time waits until the window is there. */
static void
on_first_paint (GdkFrameClock *clock, gpointer data)
{
  TdApp *self = data;

  g_clear_signal_handler (&self->first_paint, clock);
  self->painted = TRUE;
  if (self->exit_after_startup)
    {
      g_print ("first-paint-ms %.0f\n", ms_since_process_start ());
      g_application_quit (G_APPLICATION (self));
      return;
    }
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, open_engine, g_object_ref (self), g_object_unref);
}

static void
on_map (GtkWidget *window, gpointer data)
{
  TdApp *self = data;

  if (self->painted || self->first_paint)
    return;
  g_set_object (&self->clock, gtk_widget_get_frame_clock (window));
  self->first_paint
      = g_signal_connect (self->clock, "after-paint", G_CALLBACK (on_first_paint), self);
}

static void
td_app_activate (GApplication *app)
{
  TdApp *self = TD_APP (app);

  if (!self->window)
    {
      g_autofree char *own
          = self->database ? g_strdup (self->database) : td_settings_database (self->settings);
      g_autoptr (TdTrainer) trainer = td_trainer_new (self->model, own, self->settings);
      self->window
          = td_window_new (ADW_APPLICATION (app), trainer, own, self->settings, self->latency);
      g_clear_pointer (&self->coach, td_coach_free);
      self->coach = td_coach_new (trainer, self->settings);
      g_object_add_weak_pointer (G_OBJECT (self->window), (gpointer *) &self->window);
      g_signal_connect_object (self->window, "map", G_CALLBACK (on_map), self, 0);
    }
  gtk_window_present (GTK_WINDOW (self->window));
}

static int
td_app_command_line (GApplication *app, GApplicationCommandLine *line)
{
  TdApp *self = TD_APP (app);
  GVariantDict *dict = g_application_command_line_get_options_dict (line);
  const char *file = NULL;
  const char *const *rest = NULL;

  g_variant_dict_lookup (dict, "demo", "b", &self->wanted_demo);
  g_variant_dict_lookup (dict, "file", "^&ay", &file);
  g_variant_dict_lookup (dict, G_OPTION_REMAINING, "^a&ay", &rest);
  if (!file && rest)
    file = rest[0];
  g_clear_object (&self->wanted);
  if (file)
    self->wanted = g_application_command_line_create_file_for_arg (line, file);

  /* The first command line makes the window; a later one only brings it a video. */
  if (!self->window)
    {
      const char *model = NULL, *database = NULL;
      g_variant_dict_lookup (dict, "model", "^&ay", &model);
      g_variant_dict_lookup (dict, "database", "^&ay", &database);
      self->model = g_strdup (model);
      self->database = g_strdup (database);
    }
  td_app_activate (app);
  if (self->painted)
    play_wanted (self);
  g_free ((gpointer) rest);
  return 0;
}

static int
td_app_handle_local_options (GApplication *app, GVariantDict *dict)
{
  TdApp *self = TD_APP (app);
  const char *const *rest = NULL;
  gboolean version = FALSE;

  if (g_variant_dict_lookup (dict, "version", "b", &version) && version)
    {
      g_print ("teardrop %s\n", TD_VERSION);
      return 0;
    }
  if (g_variant_dict_lookup (dict, G_OPTION_REMAINING, "^a&ay", &rest))
    {
      gboolean too_many = rest[0] && rest[1];
      g_free ((gpointer) rest);
      if (too_many)
        {
          g_printerr (_ ("teardrop: one video at a time\n"));
          return 2;
        }
    }

  if (!self->settings)
    {
      g_printerr (_ ("teardrop: its settings schema is not installed; install the program with "
                     "“meson install”\n"));
      return 1;
    }

  g_variant_dict_lookup (dict, "exit-after-startup", "b", &self->exit_after_startup);
  g_variant_dict_lookup (dict, "trace-latency", "b", &self->trace_latency);
  /* A measurement is of this process, never of one that runs already. */
  if (self->exit_after_startup || self->trace_latency)
    g_application_set_flags (app, g_application_get_flags (app) | G_APPLICATION_NON_UNIQUE);
  if (self->trace_latency)
    self->latency = td_latency_new ();
  return -1;
}

static void
quit (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  TdApp *self = data;

  (void) action;
  (void) parameter;
  /* Through the window, which closes the session first. */
  if (self->window)
    gtk_window_close (GTK_WINDOW (self->window));
  else
    g_application_quit (G_APPLICATION (self));
}

/* The session's end or a plain kill: the set is closed and the latency report printed. */
static gboolean
end_by_signal (gpointer data)
{
  quit (NULL, NULL, data);
  return G_SOURCE_CONTINUE;
}

static void
set_accels (TdApp *self, const char *action, const char *const *accels)
{
  gtk_application_set_accels_for_action (GTK_APPLICATION (self), action, accels);
}

static void
td_app_startup (GApplication *app)
{
  static const GActionEntry actions[] = { { .name = "quit", .activate = quit } };
  TdApp *self = TD_APP (app);

  G_APPLICATION_CLASS (td_app_parent_class)->startup (app);
  g_action_map_add_action_entries (G_ACTION_MAP (app), actions, G_N_ELEMENTS (actions), app);
  g_unix_signal_add (SIGTERM, end_by_signal, self);
  g_unix_signal_add (SIGINT, end_by_signal, self);
  set_accels (self, "app.quit", (const char *const[]){ "<Control>q", NULL });
  set_accels (self, "win.open", (const char *const[]){ "<Control>o", NULL });
  set_accels (self, "win.export", (const char *const[]){ "<Control>e", NULL });
  set_accels (self, "win.preferences", (const char *const[]){ "<Control>comma", NULL });
  set_accels (self, "win.guide", (const char *const[]){ "F1", NULL });
  set_accels (self, "win.shortcuts", (const char *const[]){ "<Control>question", NULL });
  set_accels (self, "win.show-page::train", (const char *const[]){ "<Alt>1", NULL });
  set_accels (self, "win.show-page::history", (const char *const[]){ "<Alt>2", NULL });
  set_accels (self, "win.show-page::trends", (const char *const[]){ "<Alt>3", NULL });
}

static void
td_app_shutdown (GApplication *app)
{
  TdApp *self = TD_APP (app);

  if (self->latency)
    {
      g_autofree char *report = td_latency_report (self->latency);
      g_print ("%s\n", report);
      g_autofree char *sound = self->coach ? td_coach_report (self->coach) : NULL;
      if (sound)
        g_print ("%s\n", sound);
    }
  g_clear_pointer (&self->coach, td_coach_free);
  if (self->clock)
    g_clear_signal_handler (&self->first_paint, self->clock);
  g_clear_object (&self->clock);
  G_APPLICATION_CLASS (td_app_parent_class)->shutdown (app);
  g_clear_pointer (&self->latency, td_latency_free);
}

static void
td_app_finalize (GObject *object)
{
  TdApp *self = TD_APP (object);

  g_clear_weak_pointer (&self->window);
  g_clear_object (&self->settings);
  g_clear_object (&self->wanted);
  g_free (self->model);
  g_free (self->database);
  G_OBJECT_CLASS (td_app_parent_class)->finalize (object);
}

static void
td_app_class_init (TdAppClass *class)
{
  GApplicationClass *app_class = G_APPLICATION_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = td_app_finalize;
  app_class->startup = td_app_startup;
  app_class->activate = td_app_activate;
  app_class->command_line = td_app_command_line;
  app_class->handle_local_options = td_app_handle_local_options;
  app_class->shutdown = td_app_shutdown;
}

static void
td_app_init (TdApp *self)
{
  g_application_add_main_option_entries (G_APPLICATION (self), options);
}

TdApp *
td_app_new (GSettings *settings)
{
  TdApp *self = g_object_new (TD_TYPE_APP, "application-id", TD_APP_ID, "flags",
                              G_APPLICATION_HANDLES_COMMAND_LINE, "resource-base-path",
                              "/io/github/teardrop/Teardrop", NULL);

  g_set_object (&self->settings, settings);
  return self;
}
