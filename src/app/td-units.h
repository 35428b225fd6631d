/* td-units.h: load and height in the units that the user reads.
 *
 * What is stored is metric: kilograms and centimetres. Text to be freed with g_free().
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  TD_UNITS_METRIC,
  TD_UNITS_IMPERIAL
} TdUnits;

typedef enum
{
  TD_UNITS_LOAD,  /* kg, lb */
  TD_UNITS_HEIGHT /* cm, in */
} TdUnitsOf;

/* Of the desktop's region (LC_MEASUREMENT). */
TdUnits td_units_of_region (void);
/* CHOICE: "metric", "imperial"; all else is REGION's. */
TdUnits td_units_choose (const char *choice, TdUnits region);
/* By the settings' key "units" and the region. */
TdUnits td_units_get (GSettings *settings);

/* "kg" …, translated. */
const char *td_units_name (TdUnits units, TdUnitsOf of);
double td_units_from_metric (TdUnits units, TdUnitsOf of, double metric);
double td_units_to_metric (TdUnits units, TdUnitsOf of, double value);
/* What a press on plus adds, in UNITS: the smallest pair of plates, a thin board. */
double td_units_step (TdUnits units, TdUnitsOf of);

/* "22.5 kg", "50 lb", "3 in": one decimal at most, and none where it would be 0. */
char *td_units_format (TdUnits units, TdUnitsOf of, double metric);
/* "20", "22,5", "45 lb" as metric. A unit in TEXT wins over UNITS. FALSE: no such amount, *METRIC
 * is left alone. */
gboolean td_units_parse (TdUnits units, TdUnitsOf of, const char *text, double *metric);

G_END_DECLS
