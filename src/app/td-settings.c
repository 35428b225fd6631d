/* td-settings.c: the program's GSettings, found wherever the program is installed.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-settings.h"

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
