/* td-cli-sessions.c: teardrop-cli sessions, export, backup and check: what is on the disk.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-cli.h"
#include "td-csv.h"
#include "td-json.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static char *database; /* --database */

#define DATABASE_OPTION                                                                            \
  {                                                                                                \
    .long_name = "database", .arg = G_OPTION_ARG_FILENAME, .arg_data = &database,                  \
    .description = "Use this database", .arg_description = "FILE"                                  \
  }

static TdStoreStatus
open_for_reading (TdStore **store, TdStoreError *error)
{
  g_autofree char *path = td_cli_database (database);
  return td_store_open_read_only (path, store, error);
}

/* --- sessions ----------------------------------------------------------------------------- */

static bool
print_row (const TdSessionRow *row, void *data)
{
  char best[16] = "-", load[16] = "-";
  g_autofree char *source = td_cli_one_line (row->source);
  (void) data;
  if (isfinite (row->best_flexion_deg))
    g_snprintf (best, sizeof best, "%.0f°", (double) row->best_flexion_deg);
  if (isfinite (row->load_kg))
    g_snprintf (load, sizeof load, "%g kg", (double) row->load_kg);
  printf ("%7" G_GINT64_FORMAT "  %-25s  %-8s  %4d  %4d  %8d  %8s  %7s  %s%s\n", (gint64) row->id,
          row->started_at, row->exercise, row->n_sets, row->n_reps, row->n_attempts, load, best,
          source, row->ended ? "" : " (not ended)");
  return true;
}

static bool
print_json_row (const TdSessionRow *row, void *data)
{
  TdJson *json = data;
  td_json_open_object (json, NULL);
  td_json_int (json, "session", row->id);
  td_json_string (json, "started_at", row->started_at);
  td_json_string (json, "exercise", row->exercise);
  td_json_string (json, "source", row->source);
  td_json_string (json, "model", row->model);
  td_json_bool (json, "ended", row->ended);
  td_json_int (json, "sets", row->n_sets);
  td_json_int (json, "reps", row->n_reps);
  td_json_int (json, "attempts", row->n_attempts);
  td_json_number (json, "load_kg", (double) row->load_kg, 2);
  td_json_number (json, "best_knee_flexion_deg", (double) row->best_flexion_deg, 1);
  td_json_string (json, "note", row->note);
  td_json_close_object (json);
  return true;
}

int
td_cli_sessions (int argc, char **argv)
{
  gboolean as_json = FALSE;
  const GOptionEntry options[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, "Print JSON", NULL },
    DATABASE_OPTION,
    G_OPTION_ENTRY_NULL,
  };
  if (!td_cli_parse (argc, argv, options, NULL, NULL, 0))
    return TD_CLI_WRONG_USAGE;
  TdStore *store = NULL;
  TdStoreError error;
  TdJson json;
  td_json_init (&json, stdout);
  TdStoreStatus status = open_for_reading (&store, &error);
  /* Before the first session there is no file yet. */
  gboolean none_yet = status == TD_STORE_NOT_FOUND && database == NULL;
  if (status != TD_STORE_OK && !none_yet)
    return td_cli_fail (TD_CLI_BAD_INPUT, "%s", error.message);
  if (as_json)
    td_json_open_array (&json, NULL);
  else
    printf ("%7s  %-25s  %-8s  %4s  %4s  %8s  %8s  %7s  %s\n", "session", "started", "exercise",
            "sets", "reps", "attempts", "load", "deepest", "source");
  if (!none_yet)
    status = td_store_each_session (store, as_json ? print_json_row : print_row, &json, &error);
  if (as_json)
    td_json_close_array (&json);
  td_store_close (store);
  if (status != TD_STORE_OK && !none_yet)
    return td_cli_fail (TD_CLI_BAD_INPUT, "%s", error.message);
  return td_cli_flush_output () ? TD_CLI_DONE : TD_CLI_BAD_INPUT;
}

/* --- export ------------------------------------------------------------------------------- */

static TdStoreStatus
write_csv (TdStore *store, gint64 session, gboolean samples, FILE *to, TdStoreError *error)
{
  return samples ? td_csv_write_samples (store, session, to, error)
                 : td_csv_write_reps (store, session, to, error);
}

static int
export_session (TdStore *store, gint64 session, gboolean samples, const char *output)
{
  TdStoreError error;
  TdSessionRow row;
  /* Asked first, so that a wrong number does not empty a file that is there. */
  if (td_store_get_session (store, session, &row, &error) != TD_STORE_OK)
    return td_cli_fail (TD_CLI_BAD_INPUT, "%s", error.message);
  if (output == NULL)
    {
      if (write_csv (store, session, samples, stdout, &error) != TD_STORE_OK)
        return td_cli_fail (TD_CLI_BAD_INPUT, "%s", error.message);
      return td_cli_flush_output () ? TD_CLI_DONE : TD_CLI_BAD_INPUT;
    }
  g_autofree char *name = g_filename_display_name (output);
  FILE *to = fopen (output, "we");
  if (to == NULL)
    return td_cli_fail (TD_CLI_BAD_INPUT, "%s cannot be written: %s.", name, g_strerror (errno));
  TdStoreStatus status = write_csv (store, session, samples, to, &error);
  if (fclose (to) != 0 && status == TD_STORE_OK)
    return td_cli_fail (TD_CLI_BAD_INPUT, "%s cannot be written: %s.", name, g_strerror (errno));
  if (status != TD_STORE_OK)
    return td_cli_fail (TD_CLI_BAD_INPUT, "%s", error.message);
  return TD_CLI_DONE;
}

int
td_cli_export (int argc, char **argv)
{
  gboolean samples = FALSE;
  g_autofree char *output = NULL;
  char *arguments[1];
  gint64 session;
  const GOptionEntry options[] = {
    { "samples", 0, 0, G_OPTION_ARG_NONE, &samples, "A row per frame: joints and measures", NULL },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, "Write there, not to stdout", "FILE" },
    DATABASE_OPTION,
    G_OPTION_ENTRY_NULL,
  };
  if (!td_cli_parse (argc, argv, options, "SESSION is a number from teardrop-cli sessions.",
                     arguments, 1))
    return TD_CLI_WRONG_USAGE;
  if (!g_ascii_string_to_signed (arguments[0], 10, 1, G_MAXINT64, &session, NULL))
    return td_cli_fail (TD_CLI_WRONG_USAGE,
                        "A session is a number from teardrop-cli sessions, not “%s”.",
                        arguments[0]);
  g_autofree char *path = td_cli_database (database);
  if (output != NULL && !td_cli_may_write (output, path))
    return TD_CLI_BAD_INPUT;
  TdStore *store = NULL;
  TdStoreError error;
  if (td_store_open_read_only (path, &store, &error) != TD_STORE_OK)
    return td_cli_fail (TD_CLI_BAD_INPUT, "%s", error.message);
  int status = export_session (store, session, samples, output);
  td_store_close (store);
  return status;
}

/* --- backup, check ------------------------------------------------------------------------ */

int
td_cli_backup (int argc, char **argv)
{
  char *arguments[1];
  const GOptionEntry options[] = { DATABASE_OPTION, G_OPTION_ENTRY_NULL };
  if (!td_cli_parse (argc, argv, options, NULL, arguments, 1))
    return TD_CLI_WRONG_USAGE;
  TdStore *store = NULL;
  TdStoreError error;
  if (open_for_reading (&store, &error) != TD_STORE_OK)
    return td_cli_fail (TD_CLI_BAD_INPUT, "%s", error.message);
  TdStoreStatus status = td_store_backup (store, arguments[0], &error);
  td_store_close (store);
  if (status != TD_STORE_OK)
    return td_cli_fail (TD_CLI_BAD_INPUT, "%s", error.message);
  return TD_CLI_DONE;
}

int
td_cli_check (int argc, char **argv)
{
  const GOptionEntry options[] = { DATABASE_OPTION, G_OPTION_ENTRY_NULL };
  if (!td_cli_parse (argc, argv, options, NULL, NULL, 0))
    return TD_CLI_WRONG_USAGE;
  TdStore *store = NULL;
  TdStoreError error;
  if (open_for_reading (&store, &error) != TD_STORE_OK)
    return td_cli_fail (TD_CLI_BAD_INPUT, "%s", error.message);
  TdStoreStatus status = td_store_check (store, &error);
  td_store_close (store);
  if (status != TD_STORE_OK)
    return td_cli_fail (TD_CLI_BAD_INPUT, "%s", error.message);
  printf ("ok\n");
  return td_cli_flush_output () ? TD_CLI_DONE : TD_CLI_BAD_INPUT;
}
