/* td-units.c: load and height in the units that the user reads.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-units.h"

#include <glib/gi18n.h>
#include <langinfo.h>
#include <math.h>
#include <string.h>

#define KG_PER_LB 0.45359237
#define CM_PER_IN 2.54

TdUnits
td_units_of_region (void)
{
  /* One byte, 2 for the United States' units: glibc has no better name for it. */
  return nl_langinfo (_NL_MEASUREMENT_MEASUREMENT)[0] == 2 ? TD_UNITS_IMPERIAL : TD_UNITS_METRIC;
}

TdUnits
td_units_choose (const char *choice, TdUnits region)
{
  if (g_strcmp0 (choice, "metric") == 0)
    return TD_UNITS_METRIC;
  if (g_strcmp0 (choice, "imperial") == 0)
    return TD_UNITS_IMPERIAL;
  return region;
}

TdUnits
td_units_get (GSettings *settings)
{
  g_autofree char *choice = g_settings_get_string (settings, "units");

  return td_units_choose (choice, td_units_of_region ());
}

const char *
td_units_name (TdUnits units, TdUnitsOf of)
{
  if (of == TD_UNITS_LOAD)
    return units == TD_UNITS_METRIC ? C_ ("unit", "kg") : C_ ("unit", "lb");
  return units == TD_UNITS_METRIC ? C_ ("unit", "cm") : C_ ("unit", "in");
}

static double
metric_per_unit (TdUnits units, TdUnitsOf of)
{
  if (units == TD_UNITS_METRIC)
    return 1;
  return of == TD_UNITS_LOAD ? KG_PER_LB : CM_PER_IN;
}

double
td_units_from_metric (TdUnits units, TdUnitsOf of, double metric)
{
  return metric / metric_per_unit (units, of);
}

double
td_units_to_metric (TdUnits units, TdUnitsOf of, double value)
{
  return value * metric_per_unit (units, of);
}

double
td_units_step (TdUnits units, TdUnitsOf of)
{
  if (of == TD_UNITS_LOAD)
    return units == TD_UNITS_METRIC ? 2.5 : 5;
  return units == TD_UNITS_METRIC ? 0.5 : 0.25;
}

char *
td_units_format (TdUnits units, TdUnitsOf of, double metric)
{
  double value = round (td_units_from_metric (units, of, metric) * 10) / 10;
  int digits = value == round (value) ? 0 : 1;

  /* Translators: an amount and its unit, "20 kg" */
  return g_strdup_printf (C_ ("unit", "%.*f %s"), digits, value, td_units_name (units, of));
}

/* The unit that TEXT names, in English or as translated; FALSE: something else. */
static gboolean
unit_named (const char *text, TdUnitsOf of, TdUnits *units)
{
  static const struct
  {
    const char *name;
    TdUnitsOf of;
    TdUnits units;
  } names[] = {
    { "kg", TD_UNITS_LOAD, TD_UNITS_METRIC },     { "lb", TD_UNITS_LOAD, TD_UNITS_IMPERIAL },
    { "lbs", TD_UNITS_LOAD, TD_UNITS_IMPERIAL },  { "cm", TD_UNITS_HEIGHT, TD_UNITS_METRIC },
    { "in", TD_UNITS_HEIGHT, TD_UNITS_IMPERIAL }, { "\"", TD_UNITS_HEIGHT, TD_UNITS_IMPERIAL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (names[i].of == of && g_ascii_strcasecmp (text, names[i].name) == 0)
      {
        *units = names[i].units;
        return TRUE;
      }
  for (TdUnits u = TD_UNITS_METRIC; u <= TD_UNITS_IMPERIAL; u++)
    if (strcmp (text, td_units_name (u, of)) == 0)
      {
        *units = u;
        return TRUE;
      }
  return FALSE;
}

gboolean
td_units_parse (TdUnits units, TdUnitsOf of, const char *text, double *metric)
{
  g_autofree char *trimmed = g_strstrip (g_strdup (text));
  gsize length = strspn (trimmed, "0123456789.,");
  g_autofree char *number = g_strndup (trimmed, length);
  const char *unit = g_strchug (trimmed + length);
  char *end;

  /* A comma is a decimal point: nobody lifts thousands. */
  g_strdelimit (number, ",", '.');
  double value = g_ascii_strtod (number, &end);
  if (end == number || *end != '\0' || (unit[0] && !unit_named (unit, of, &units)))
    return FALSE;
  *metric = td_units_to_metric (units, of, value);
  return TRUE;
}
