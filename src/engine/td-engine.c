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

void
td_engine_model_free (TdEngineModel *model)
{
  if (model == NULL)
    return;
  g_free (model->folder);
  g_free (model->name);
  g_free (model);
}

/* Takes FOLDER. */
static void
add_model (GPtrArray *models, char *folder)
{
  char name[TD_MODEL_NAME_SIZE];
  TdVisionError error;
  if (td_pose_model_describe (folder, name, &error) != TD_VISION_OK)
    {
      g_message ("%s", error.message);
      g_free (folder);
      return;
    }
  TdEngineModel *model = g_new0 (TdEngineModel, 1);
  model->folder = folder;
  model->name = g_strdup (name);
  g_ptr_array_add (models, model);
}

static int
compare_models (gconstpointer a, gconstpointer b)
{
  const TdEngineModel *first = *(TdEngineModel *const *) a, *second = *(TdEngineModel *const *) b;
  int order = g_utf8_collate (first->name, second->name);
  return order != 0 ? order : strcmp (first->folder, second->folder);
}

GPtrArray *
td_engine_list_models (void)
{
  GPtrArray *models = g_ptr_array_new_with_free_func ((GDestroyNotify) td_engine_model_free);
  add_model (models, td_engine_model_folder (NULL));

  g_autoptr (GPtrArray) own = g_ptr_array_new ();
  g_autofree char *place = g_build_filename (g_get_user_data_dir (), "teardrop", "models", NULL);
  g_autoptr (GDir) folder = g_dir_open (place, 0, NULL);
  const char *name;
  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *onnx = g_build_filename (place, name, "model.onnx", NULL);
      /* Whatever else people keep there is no model. */
      if (name[0] != '.' && g_file_test (onnx, G_FILE_TEST_EXISTS))
        add_model (own, g_build_filename (place, name, NULL));
    }
  g_ptr_array_sort (own, compare_models);
  g_ptr_array_extend_and_steal (models, g_steal_pointer (&own));
  return models;
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
