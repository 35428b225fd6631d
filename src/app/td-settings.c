/* td-settings.c: the program's GSettings, found wherever the program is installed, and what they mean
 * before there is any widget.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-settings.h"

#include "td-store.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* In their own words, whatever language the window has. */
static const struct
{
  const char *code, *name, *region;
} languages[] = {
  { "en", "English", "en_GB.UTF-8" },
  { "de", "Deutsch", "de_DE.UTF-8" },
};

GSettings *
td_settings_new (void)
{
  GSettingsSchemaSource *usual = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema = NULL;

  if (usual)
    schema = g_settings_schema_source_lookup (usual, TD_APP_ID, TRUE);
  if (!schema)
    {
      g_autoptr (GSettingsSchemaSource) own
          = g_settings_schema_source_new_from_directory (TD_SCHEMA_DIR, usual, TRUE, NULL);
      if (own)
        schema = g_settings_schema_source_lookup (own, TD_APP_ID, FALSE);
    }
  return schema ? g_settings_new_full (schema, NULL, NULL) : NULL;
}

char *
td_settings_default_database (void)
{
  char *usual = td_store_default_path ();
  char *own = g_strdup (usual);

  free (usual);
  return own;
}

char *
td_settings_database (GSettings *settings)
{
  g_autofree char *path = g_settings_get_string (settings, "database");

  return path[0] ? g_steal_pointer (&path) : td_settings_default_database ();
}

/* --- Language -------------------------------------------------------------------------------- */

static int
compare_codes (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

GPtrArray *
td_settings_languages (void)
{
  GPtrArray *codes = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) folder = g_dir_open (TD_LOCALEDIR, 0, NULL);
  const char *code;

  while (folder && (code = g_dir_read_name (folder)))
    {
      g_autofree char *catalogue
          = g_build_filename (TD_LOCALEDIR, code, "LC_MESSAGES", GETTEXT_PACKAGE ".mo", NULL);
      if (g_file_test (catalogue, G_FILE_TEST_IS_REGULAR))
        g_ptr_array_add (codes, g_strdup (code));
    }
  g_ptr_array_sort (codes, compare_codes);
  /* What the texts are written in needs no catalogue. */
  g_ptr_array_insert (codes, 0, g_strdup ("en"));
  return codes;
}

const char *
td_settings_language_name (const char *code)
{
  for (gsize i = 0; i < G_N_ELEMENTS (languages); i++)
    if (strcmp (languages[i].code, code) == 0)
      return languages[i].name;
  return code;
}

/* The names of months come from the region: one of the same language, where it is installed. */
static const char *
region_of (const char *code)
{
  for (gsize i = 0; i < G_N_ELEMENTS (languages); i++)
    if (strcmp (languages[i].code, code) == 0)
      {
        locale_t region = newlocale (LC_TIME_MASK, languages[i].region, (locale_t) 0);
        if (!region)
          return NULL;
        freelocale (region);
        return languages[i].region;
      }
  return NULL;
}

void
td_settings_speak (const char *code, char **argv)
{
  g_auto (GStrv) environment = g_get_environ ();
  const char *region = region_of (code);

  if (!code[0] || g_strcmp0 (g_environ_getenv (environment, "LANGUAGE"), code) == 0)
    return;
  environment = g_environ_setenv (environment, "LANGUAGE", code, TRUE);
  if (region)
    environment = g_environ_setenv (environment, "LC_TIME", region, TRUE);
  /* In the locale "C" nothing is ever translated. */
  if (setlocale (LC_MESSAGES, "") && strcmp (setlocale (LC_MESSAGES, NULL), "C") == 0)
    environment = g_environ_setenv (environment, "LC_MESSAGES", "C.UTF-8", TRUE);
  execve ("/proc/self/exe", argv, environment);
}
