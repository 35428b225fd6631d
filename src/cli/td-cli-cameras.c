/* td-cli-cameras.c: teardrop-cli cameras.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-cli.h"
#include "td-engine.h"

#include <stdio.h>

enum
{
  MAX_CAMERAS = 64
};

int
td_cli_cameras (int argc, char **argv)
{
  static TdCaptureCamera cameras[MAX_CAMERAS];
  static const GOptionEntry options[] = { G_OPTION_ENTRY_NULL };
  if (!td_cli_parse (argc, argv, options, NULL, NULL, 0))
    return TD_CLI_WRONG_USAGE;
  td_capture_init ();
  TdCameraMonitor *monitor = td_camera_monitor_new (NULL, NULL);
  int n = td_camera_monitor_list (monitor, cameras, MAX_CAMERAS);
  td_camera_monitor_free (monitor);
  if (n == 0)
    return td_cli_fail (TD_CLI_BAD_INPUT, "There is no camera.");
  for (int i = 0; i < MIN (n, MAX_CAMERAS); i++)
    printf ("%s\t%s\n", cameras[i].id, cameras[i].name);
  return td_cli_flush_output () ? TD_CLI_DONE : TD_CLI_BAD_INPUT;
}
