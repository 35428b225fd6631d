/* main.c: teardrop-cli, everything but the window.
 *
 * Exit status: 0 done, 1 the input cannot be used (one line on stderr says why), 2 wrong usage.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-cli.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

static const TdCommand commands[] = {
  { "analyze", "FILE", "Counts and measures the repetitions in a video, as JSON", td_cli_analyze },
  { "calibrate", "FILE", "Measures a person from a video of two seconds standing and a deep squat",
    td_cli_calibrate },
  { "cameras", NULL, "Lists the cameras: id, tab, name", td_cli_cameras },
  { "sessions", NULL, "Lists the sessions that are kept, the newest first", td_cli_sessions },
  { "export", "SESSION", "Writes a session as CSV, a row per repetition", td_cli_export },
  { "backup", "FILE", "Copies the database to FILE and checks the copy", td_cli_backup },
  { "check", NULL, "Checks the database", td_cli_check },
  { "bench", "FILE", "Measures how fast this machine analyses a video", td_cli_bench },
};

const TdCommand *
td_cli_command (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (strcmp (commands[i].name, name) == 0)
      return &commands[i];
  return NULL;
}

static int
print_help (void)
{
  printf ("Usage: teardrop-cli COMMAND [OPTION…]\n\nCommands:\n");
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_autofree char *usage = g_strjoin (" ", commands[i].name, commands[i].arguments, NULL);
      printf ("  %-16s  %s\n", usage, commands[i].summary);
    }
  printf ("  %-16s  %s\n\n", "help [COMMAND]", "Shows this, or the options of a command");
  printf ("  %-16s  %s\n", "--version", "Shows the version");
  return td_cli_flush_output () ? TD_CLI_DONE : TD_CLI_BAD_INPUT;
}

static int
run (const TdCommand *command, int argc, char **argv)
{
  argv[0] = (char *) command->name;
  return command->run (argc, argv);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  if (argc < 2)
    return td_cli_fail (TD_CLI_WRONG_USAGE, "No command (see teardrop-cli --help)");
  const char *name = argv[1];
  if (strcmp (name, "--version") == 0 && argc == 2)
    {
      printf ("teardrop-cli %s\n", TD_VERSION);
      return td_cli_flush_output () ? TD_CLI_DONE : TD_CLI_BAD_INPUT;
    }
  if (((strcmp (name, "--help") == 0 || strcmp (name, "-h") == 0) && argc == 2)
      || (strcmp (name, "help") == 0 && argc == 2))
    return print_help ();
  if (strcmp (name, "help") == 0)
    {
      const TdCommand *command = argc == 3 ? td_cli_command (argv[2]) : NULL;
      char *help[] = { NULL, (char *) "--help", NULL };
      if (command == NULL)
        return td_cli_fail (TD_CLI_WRONG_USAGE,
                            "There is no command “%s” (see teardrop-cli --help)", argv[2]);
      return run (command, 2, help);
    }
  const TdCommand *command = td_cli_command (name);
  if (command == NULL)
    return td_cli_fail (TD_CLI_WRONG_USAGE, "There is no command “%s” (see teardrop-cli --help)",
                        name);
  return run (command, argc - 1, argv + 1);
}
