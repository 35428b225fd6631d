/* td-cli.c: see td-cli.h.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-cli.h"

#include "td-engine.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

char *
td_cli_one_line (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *line = g_string_new (NULL);
  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      GUnicodeType type = g_unichar_type (c);
      gboolean breaks = type == G_UNICODE_CONTROL || type == G_UNICODE_LINE_SEPARATOR
                        || type == G_UNICODE_PARAGRAPH_SEPARATOR;
      g_string_append_unichar (line, breaks ? ' ' : c);
    }
  return g_string_free (line, FALSE);
}

int
td_cli_fail (int status, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_autofree char *plain = td_cli_one_line (text);
  g_autofree char *line = td_engine_sentence (plain);
  fprintf (stderr, "teardrop-cli: %s\n", line);
  return status;
}

gboolean
td_cli_flush_output (void)
{
  if (fflush (stdout) == 0 && !ferror (stdout))
    return TRUE;
  td_cli_fail (TD_CLI_BAD_INPUT, "The output cannot be written: %s.", g_strerror (errno));
  return FALSE;
}

gboolean
td_cli_parse (int argc, char **argv, const GOptionEntry *options, const char *about,
              char **arguments, int n_arguments)
{
  const TdCommand *command = td_cli_command (argv[0]);
  g_autoptr (GError) error = NULL;
  g_autoptr (GOptionContext) context = g_option_context_new (command->arguments);
  g_autofree char *program = g_strconcat ("teardrop-cli ", command->name, NULL);
  g_autofree char *summary
      = g_strconcat (command->summary, ".", about != NULL ? "\n" : NULL, about, NULL);
  g_set_prgname (program);
  g_option_context_set_summary (context, summary);
  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      td_cli_fail (TD_CLI_WRONG_USAGE, "%s (see %s --help)", error->message, program);
      return FALSE;
    }
  /* GLib leaves the "--" that ends the options where it was. */
  int first = argc > 1 && strcmp (argv[1], "--") == 0 ? 2 : 1;
  if (argc - first != n_arguments)
    {
      td_cli_fail (TD_CLI_WRONG_USAGE, "%s (usage: %s %s)",
                   argc - first < n_arguments ? "Something is missing" : "Too many arguments",
                   program, command->arguments != NULL ? command->arguments : "");
      return FALSE;
    }
  for (int i = 0; i < n_arguments; i++)
    arguments[i] = argv[first + i];
  return TRUE;
}

gboolean
td_cli_find_backend (const char *name, int *backend)
{
  static const struct
  {
    const char *name;
    TdBackend backend;
  } backends[] = {
    { "auto", TD_BACKEND_AUTO },
    { "xnnpack", TD_BACKEND_XNNPACK },
    { "opencv", TD_BACKEND_OPENCV },
  };
  for (guint i = 0; i < G_N_ELEMENTS (backends); i++)
    if (strcmp (backends[i].name, name) == 0)
      {
        *backend = (int) backends[i].backend;
        return TRUE;
      }
  return FALSE;
}

gboolean
td_cli_may_write (const char *output, const char *input)
{
  struct stat to, from;
  if (stat (output, &to) != 0 || stat (input, &from) != 0 || to.st_dev != from.st_dev
      || to.st_ino != from.st_ino)
    return TRUE;
  g_autofree char *name = g_filename_display_name (output);
  td_cli_fail (TD_CLI_BAD_INPUT, "The file %s is what is read: it is not written over.", name);
  return FALSE;
}

const TdProfile *
td_cli_find_profile (const char *id)
{
  size_t n;
  const TdProfile *all = td_profile_all (&n);
  const TdProfile *found = id != NULL ? td_profile_find (id) : &all[0];
  if (found != NULL)
    return found;
  g_autoptr (GString) names = g_string_new (NULL);
  for (size_t i = 0; i < n; i++)
    g_string_append_printf (names, "%s%s", i == 0 ? "" : i + 1 < n ? ", " : " and ", all[i].id);
  td_cli_fail (TD_CLI_BAD_INPUT, "There is no exercise “%s”; there are %s.", id, names->str);
  return NULL;
}

char *
td_cli_database (const char *database)
{
  if (database != NULL)
    return g_strdup (database);
  char *path = td_store_default_path ();
  char *copy = g_strdup (path);
  free (path);
  return copy;
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a;
  double y = *(const double *) b;
  return (x > y) - (x < y);
}

double
td_cli_median (GArray *values)
{
  if (values->len == 0)
    return NAN;
  g_array_sort (values, compare_doubles);
  guint middle = values->len / 2;
  double upper = g_array_index (values, double, middle);
  if (values->len % 2 == 1)
    return upper;
  return (g_array_index (values, double, middle - 1) + upper) / 2;
}

double
td_cli_now_ms (void)
{
  return (double) g_get_monotonic_time () * 1e-3;
}
