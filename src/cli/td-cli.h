/* td-cli.h: what the commands of teardrop-cli share.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-store.h"

#include <glib.h>

G_BEGIN_DECLS

/* Exit status. */
enum
{
  TD_CLI_DONE = 0,
  TD_CLI_BAD_INPUT = 1,    /* one line on stderr says why */
  TD_CLI_WRONG_USAGE = 2,  /* likewise */
  TD_CLI_STOPPED = 128 + 2 /* by Ctrl-C, as a shell says it */
};

/* argv[0]: the command's own name. */
typedef struct
{
  const char *name;
  const char *arguments;
  const char *summary;
  int (*run) (int argc, char **argv);
} TdCommand;

int td_cli_analyze (int argc, char **argv);
int td_cli_backup (int argc, char **argv);
int td_cli_bench (int argc, char **argv);
int td_cli_calibrate (int argc, char **argv);
int td_cli_cameras (int argc, char **argv);
int td_cli_check (int argc, char **argv);
int td_cli_export (int argc, char **argv);
int td_cli_sessions (int argc, char **argv);

/* The command called NAME, or NULL. */
const TdCommand *td_cli_command (const char *name);

/* Parses options and takes exactly N_ARGUMENTS arguments out of ARGV into ARGUMENTS, borrowed from
 * argv. FALSE: it was said on stderr, the status is TD_CLI_WRONG_USAGE. ABOUT may be NULL. */
gboolean td_cli_parse (int argc, char **argv, const GOptionEntry *options, const char *about,
                       char **arguments, int n_arguments);

/* TEXT with blanks for what would break a line or move a terminal's cursor. To be freed with
 * g_free(). */
char *td_cli_one_line (const char *text);

/* One line on stderr, whatever the text has in it. Returns STATUS. */
int td_cli_fail (int status, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* Before a successful end: FALSE and a line on stderr when stdout could not be written. */
gboolean td_cli_flush_output (void);

/* "auto", "xnnpack", "opencv"; FALSE: there is none of that NAME. */
gboolean td_cli_find_backend (const char *name, int *backend);

/* FALSE: OUTPUT, a file to write, is INPUT, which is read; it was said on stderr, the status is
 * TD_CLI_BAD_INPUT. */
gboolean td_cli_may_write (const char *output, const char *input);

/* The exercise called ID, the default one for NULL. NULL: it was said on stderr, the status is
 * TD_CLI_BAD_INPUT. */
const TdProfile *td_cli_find_profile (const char *id);

/* DATABASE, or the default one for NULL. To be freed with g_free(). */
char *td_cli_database (const char *database);

/* Median of VALUES (doubles), NAN of none. Sorts them. */
double td_cli_median (GArray *values);

/* Milliseconds of the monotonic clock. */
double td_cli_now_ms (void);

G_END_DECLS
