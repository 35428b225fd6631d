/* show-history FILE: opens the history of FILE in a window and prints, in milliseconds of time and of
 * this thread's processor,
 *   list-ms    from the call that reads it until its list is painted,
 *   switch-ms  from the call that turns to its page until that is painted, all having been read.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-history-page.h"
#include "td-settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define QUIET_MS 1000
/* A history that cannot be read is never painted. */
#define PATIENCE_S 60

typedef struct
{
  TdHistoryPage *page;
  GtkStack *pages;
  GMainLoop *loop;
  const char *what; /* is waited for; NULL: nothing */
  gint64 asked_us;
  double asked_cpu_ms;
} Watch;

static double
cpu_ms (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return (double) now.tv_sec * 1e3 + (double) now.tv_nsec / 1e6;
}

static void
ask (Watch *watch, const char *what)
{
  watch->what = what;
  watch->asked_us = g_get_monotonic_time ();
  watch->asked_cpu_ms = cpu_ms ();
}

static gboolean
turn_to_page (gpointer data)
{
  Watch *watch = data;

  ask (watch, "switch");
  gtk_stack_set_visible_child_name (watch->pages, "history");
  return G_SOURCE_REMOVE;
}

static gboolean
turn_away (gpointer data)
{
  Watch *watch = data;

  gtk_stack_set_visible_child_name (watch->pages, "other");
  g_timeout_add (QUIET_MS, turn_to_page, watch);
  return G_SOURCE_REMOVE;
}

static gboolean
read_history (gpointer data)
{
  Watch *watch = data;

  ask (watch, "list");
  td_history_page_reload (watch->page, TRUE);
  return G_SOURCE_REMOVE;
}

static gboolean
give_up (gpointer data)
{
  (void) data;
  fprintf (stderr, "show-history: nothing was painted within %d seconds\n", PATIENCE_S);
  exit (1);
}

static void
on_painted (GdkFrameClock *clock, gpointer data)
{
  Watch *watch = data;

  (void) clock;
  if (!watch->what || !td_history_page_get_selected (watch->page))
    return;
  printf ("%s-ms %.1f cpu %.1f\n", watch->what,
          (double) (g_get_monotonic_time () - watch->asked_us) / 1e3,
          cpu_ms () - watch->asked_cpu_ms);
  if (g_str_equal (watch->what, "switch"))
    g_main_loop_quit (watch->loop);
  else
    g_timeout_add (QUIET_MS, turn_away, watch);
  watch->what = NULL;
}

int
main (int argc, char **argv)
{
  g_autoptr (GSettings) settings = NULL;
  Watch watch = { 0 };

  if (argc != 2)
    {
      fprintf (stderr, "usage: show-history FILE\n");
      return 2;
    }
  adw_init ();
  settings = td_settings_new ();
  if (!settings)
    {
      fprintf (stderr, "show-history: the settings' schema is not installed\n");
      return 1;
    }

  GtkWidget *window = adw_window_new (), *toasts = adw_toast_overlay_new ();
  watch.loop = g_main_loop_new (NULL, FALSE);
  watch.pages = GTK_STACK (gtk_stack_new ());
  watch.page = g_object_new (TD_TYPE_HISTORY_PAGE, NULL);
  gtk_stack_add_named (watch.pages, GTK_WIDGET (watch.page), "history");
  gtk_stack_add_named (watch.pages, gtk_label_new (NULL), "other");
  td_history_page_set_store (watch.page, argv[1], settings, ADW_TOAST_OVERLAY (toasts));
  adw_toast_overlay_set_child (ADW_TOAST_OVERLAY (toasts), GTK_WIDGET (watch.pages));
  adw_window_set_content (ADW_WINDOW (window), toasts);
  gtk_window_set_default_size (GTK_WINDOW (window), 1100, 760);
  gtk_window_present (GTK_WINDOW (window));
  g_signal_connect (gtk_widget_get_frame_clock (window), "after-paint", G_CALLBACK (on_painted),
                    &watch);
  /* The window itself is there first, as it is in the program. */
  g_timeout_add (QUIET_MS, read_history, &watch);
  g_timeout_add_seconds (PATIENCE_S, give_up, NULL);
  g_main_loop_run (watch.loop);
  gtk_window_destroy (GTK_WINDOW (window));
  g_main_loop_unref (watch.loop);
  return 0;
}
