/* td-json.c: see td-json.h.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-json.h"

#include <glib.h>
#include <math.h>
#include <string.h>

void
td_json_init (TdJson *json, FILE *to)
{
  *json = (TdJson){ .to = to };
}

static void
write_string (TdJson *json, const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  fputc ('"', json->to);
  for (const char *p = valid; *p != '\0'; p++)
    {
      unsigned char c = (unsigned char) *p;
      if (c == '"' || c == '\\')
        fprintf (json->to, "\\%c", c);
      else if (c < 0x20 || c == 0x7f)
        fprintf (json->to, "\\u%04x", c);
      else
        fputc (c, json->to);
    }
  fputc ('"', json->to);
}

static void
new_line (TdJson *json)
{
  fprintf (json->to, "\n%*s", 2 * json->depth, "");
}

static void
begin_value (TdJson *json, const char *key)
{
  if (json->depth > 0)
    {
      if (json->started[json->depth - 1])
        fputc (',', json->to);
      json->started[json->depth - 1] = true;
      new_line (json);
    }
  if (key != NULL)
    {
      write_string (json, key);
      fputs (": ", json->to);
    }
}

static void
open_container (TdJson *json, const char *key, char bracket)
{
  g_assert (json->depth < TD_JSON_MAX_DEPTH);
  begin_value (json, key);
  fputc (bracket, json->to);
  json->started[json->depth++] = false;
}

static void
close_container (TdJson *json, char bracket)
{
  g_assert (json->depth > 0);
  json->depth--;
  if (json->started[json->depth])
    new_line (json);
  fputc (bracket, json->to);
  if (json->depth == 0)
    fputc ('\n', json->to);
}

void
td_json_open_object (TdJson *json, const char *key)
{
  open_container (json, key, '{');
}

void
td_json_close_object (TdJson *json)
{
  close_container (json, '}');
}

void
td_json_open_array (TdJson *json, const char *key)
{
  open_container (json, key, '[');
}

void
td_json_close_array (TdJson *json)
{
  close_container (json, ']');
}

void
td_json_string (TdJson *json, const char *key, const char *text)
{
  if (text == NULL)
    {
      td_json_null (json, key);
      return;
    }
  begin_value (json, key);
  write_string (json, text);
}

void
td_json_int (TdJson *json, const char *key, int64_t value)
{
  begin_value (json, key);
  fprintf (json->to, "%" G_GINT64_FORMAT, (gint64) value);
}

void
td_json_number (TdJson *json, const char *key, double value, int decimals)
{
  char format[16];
  char text[G_ASCII_DTOSTR_BUF_SIZE + 320];
  if (!isfinite (value))
    {
      td_json_null (json, key);
      return;
    }
  g_snprintf (format, sizeof format, "%%.%df", decimals);
  g_ascii_formatd (text, sizeof text, format, value);
  if (strchr (text, '.') != NULL)
    {
      char *end = text + strlen (text);
      while (end[-1] == '0')
        *--end = '\0';
      if (end[-1] == '.')
        *--end = '\0';
    }
  begin_value (json, key);
  fputs (strcmp (text, "-0") == 0 ? "0" : text, json->to);
}

void
td_json_bool (TdJson *json, const char *key, bool value)
{
  begin_value (json, key);
  fputs (value ? "true" : "false", json->to);
}

void
td_json_null (TdJson *json, const char *key)
{
  begin_value (json, key);
  fputs ("null", json->to);
}
