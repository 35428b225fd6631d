/* td-engine.c: where the program's own files are, and how errors are named.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-engine.h"

#include <string.h>

#define BUILT_IN_MODEL "teardrop-legs"

GQuark
td_engine_error_quark (void)
{
  return g_quark_from_static_string ("td-engine-error");
}

static const char *
data_folder (void)
{
  const char *folder = g_getenv ("TEARDROP_DATA_DIR");
  return folder != NULL && folder[0] != '\0' ? folder : TD_DATADIR;
}

char *
td_engine_model_folder (const char *wanted)
{
  if (wanted != NULL)
    return g_strdup (wanted);
  return g_build_filename (data_folder (), "models", BUILT_IN_MODEL, NULL);
}

char *
td_engine_demo_clip (void)
{
  return g_build_filename (data_folder (), "demo.mp4", NULL);
}

char *
td_engine_sentence (const char *message)
{
  g_autofree char *text = g_strchomp (g_strdup (message));
  size_t length = strlen (text);
  gboolean ended = length > 0 && strchr (".!?", text[length - 1]) != NULL;
  text[0] = g_ascii_toupper (text[0]);
  return g_strconcat (text, ended ? NULL : ".", NULL);
}

int
td_engine_default_threads (void)
{
  /* On two cores the second one decodes the video or draws the window. */
  return g_get_num_processors () >= 4 ? 2 : 1;
}
