/* main.c: teardrop, the window.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-app.h"
#include "td-engine.h"
#include "td-settings.h"
#include "td-sound.h"

#include <glib/gi18n.h>
#include <locale.h>
#include <stdio.h>
#include <unistd.h>

/* A camera that is still being opened holds nothing that would have to be kept. */
#define PATIENCE_MS 500

int
main (int argc, char **argv)
{
  g_autoptr (GSettings) settings = td_settings_new ();
  g_autoptr (TdApp) app = NULL;

  if (settings)
    {
      g_autofree char *language = g_settings_get_string (settings, "language");
      td_settings_speak (language, argv);
    }
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, TD_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  g_set_application_name ("Teardrop");
  app = td_app_new (settings);
  int status = g_application_run (G_APPLICATION (app), argc, argv);
  if (!td_live_end_all (PATIENCE_MS) || !td_sound_all_ended ())
    {
      /* exit() would take the libraries down under a thread that works in them. */
      fflush (NULL);
      _exit (status);
    }
  return status;
}
