/* td-history-words.c: what the history says about sessions, sets and corrected repetitions.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-history-words.h"

#include "td-words.h"

#include <glib/gi18n.h>
#include <langinfo.h>
#include <math.h>
#include <string.h>

#define KG_PER_LB 0.45359237

/* A set that ends this much shallower or deeper than it began is worth a word; less is noise. */
#define TREND_DEG 5

/* --- Dates -------------------------------------------------------------------------------- */

int
td_history_month (const char *iso8601)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (iso8601, NULL);

  return time ? 12 * g_date_time_get_year (time) + g_date_time_get_month (time) - 1 : -1;
}

char *
td_history_month_name (int month)
{
  g_autoptr (GDateTime) first = NULL;
  char *name = NULL;

  if (month >= 0)
    first = g_date_time_new_utc (month / 12, month % 12 + 1, 1, 0, 0, 0);
  if (first)
    /* Translators: a month alone and its year, above the sessions of that month: strftime */
    name = g_date_time_format (first, _ ("%OB %Y"));
  return name ? name : g_strdup (_ ("Unknown date"));
}

char *
td_history_day (const char *iso8601)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (iso8601, NULL);
  char *text = NULL;

  if (time)
    /* Translators: weekday, day of the month, time of day: strftime */
    text = g_date_time_format (time, _ ("%A %-d, %H:%M"));
  return text ? text : td_words_date (iso8601);
}

/* --- Loads -------------------------------------------------------------------------------- */

gboolean
td_history_imperial (GSettings *settings)
{
  g_autofree char *units = g_settings_get_string (settings, "units");

  if (strcmp (units, "auto") != 0)
    return strcmp (units, "imperial") == 0;
  /* One byte: 1 metric, 2 the units of the United States. */
  return nl_langinfo (_NL_MEASUREMENT_MEASUREMENT)[0] == 2;
}

double
td_history_load_from_kg (double kg, gboolean imperial)
{
  return imperial ? kg / KG_PER_LB : kg;
}

double
td_history_load_to_kg (double shown, gboolean imperial)
{
  return imperial ? shown * KG_PER_LB : shown;
}

char *
td_history_load (float kg, gboolean imperial)
{
  if (isnan (kg))
    return NULL;
  if (kg <= 0)
    return g_strdup (_ ("body weight"));

  /* To a tenth, and without it where there is none. */
  double shown = round (10 * td_history_load_from_kg ((double) kg, imperial)) / 10;
  int digits = fabs (shown - round (shown)) < 0.05 ? 0 : 1;
  return imperial ? g_strdup_printf (_ ("%.*f lb"), digits, shown)
                  : g_strdup_printf (_ ("%.*f kg"), digits, shown);
}

/* --- Sessions and sets -------------------------------------------------------------------- */

char *
td_history_amount (const TdSessionRow *session)
{
  g_autofree char *reps
      = g_strdup_printf (ngettext ("%d rep", "%d reps", (gulong) session->n_reps), session->n_reps);

  if (session->n_sets < 2)
    return g_steal_pointer (&reps);
  g_autofree char *sets
      = g_strdup_printf (ngettext ("%d set", "%d sets", (gulong) session->n_sets), session->n_sets);
  return g_strdup_printf ("%s · %s", sets, reps);
}

char *
td_history_sets (const int *reps, gsize n)
{
  gboolean same = TRUE;

  for (gsize i = 1; i < n; i++)
    same = same && reps[i] == reps[0];
  if (n == 0 || (same && n == 1))
    return td_words_reps (n ? reps[0] : 0);
  if (same)
    /* Translators: sets × repetitions of each */
    return g_strdup_printf (_ ("%d × %d repetitions"), (int) n, reps[0]);

  GString *text = g_string_new (NULL);
  for (gsize i = 0; i < n; i++)
    g_string_append_printf (text, i ? " + %d" : "%d", reps[i]);
  g_autofree char *sum = g_string_free (text, FALSE);
  /* Translators: "10 + 8 + 6 repetitions" */
  return g_strdup_printf (_ ("%s repetitions"), sum);
}

char *
td_history_duration (gint64 ns)
{
  int seconds = (int) ((ns + 500000000) / 1000000000);

  if (seconds < 60)
    return g_strdup_printf (_ ("%d s"), seconds);
  /* Translators: minutes and seconds */
  return g_strdup_printf (_ ("%d:%02d min"), seconds / 60, seconds % 60);
}

char *
td_history_depths (const guint8 *depths_deg, int n)
{
  int least = 255, most = 0;

  if (n <= 0)
    return g_strdup (_ ("No depth was measured"));
  for (int i = 0; i < n; i++)
    {
      least = MIN (least, depths_deg[i]);
      most = MAX (most, depths_deg[i]);
    }
  if (n == 1)
    return g_strdup_printf (_ ("Depth %d°"), most);

  int change = depths_deg[n - 1] - depths_deg[0];
  if (change <= -TREND_DEG)
    return g_strdup_printf (_ ("Depths from %d° to %d°, the last %d° less than the first"), least,
                            most, -change);
  if (change >= TREND_DEG)
    return g_strdup_printf (_ ("Depths from %d° to %d°, the last %d° more than the first"), least,
                            most, change);
  return g_strdup_printf (_ ("Depths from %d° to %d°"), least, most);
}

/* --- Repetitions -------------------------------------------------------------------------- */

char *
td_history_result (const TdRepRow *row)
{
  if (row->by_hand)
    return g_strdup (_ ("Added by you"));
  if (row->verdict == TD_VERDICT_ONE)
    return g_strdup (_ ("Counted by you"));
  if (row->verdict == TD_VERDICT_NOT_ONE)
    return g_strdup (_ ("Not counted: taken out by you"));
  return td_words_verdict (&row->rep, NULL);
}

TdVerdict
td_history_correction (const TdRepRow *row)
{
  if (row->verdict != TD_VERDICT_MEASURED && !row->by_hand)
    return TD_VERDICT_MEASURED;
  return td_rep_row_counts (row) ? TD_VERDICT_NOT_ONE : TD_VERDICT_ONE;
}

const char *
td_history_correction_name (const TdRepRow *row)
{
  switch (td_history_correction (row))
    {
    case TD_VERDICT_NOT_ONE:
      return _ ("That Was Not One");
    case TD_VERDICT_ONE:
      return _ ("It Was One");
    case TD_VERDICT_MEASURED:
    default:
      return _ ("Back to What Was Measured");
    }
}

/* --- Search ------------------------------------------------------------------------------- */

/* Upper and lower case, accents and forms of the same letter are one. */
static char *
fold (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autofree char *apart = g_utf8_normalize (valid, -1, G_NORMALIZE_ALL);
  g_autofree char *lower = g_utf8_casefold (apart, -1);
  GString *folded = g_string_sized_new (strlen (lower));

  for (const char *p = lower; *p; p = g_utf8_next_char (p))
    if (!g_unichar_ismark (g_utf8_get_char (p)))
      g_string_append_unichar (folded, g_utf8_get_char (p));
  return g_string_free (folded, FALSE);
}

char *
td_history_search_key (const TdSessionRow *session)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (session->started_at, NULL);
  g_autofree char *exercise = td_words_exercise (session->exercise);
  g_autofree char *date = NULL;

  if (time)
    /* As people write it, with either form of the month's name, and as ISO 8601 does. */
    date = g_date_time_format (time, "%A %-d %B %Y %OB %F %H:%M");
  g_autofree char *all = g_strjoin ("\n", exercise, session->source, session->note,
                                    date ? date : session->started_at, NULL);
  return fold (all);
}

char **
td_history_search_words (const char *query)
{
  g_autofree char *folded = fold (query);
  g_auto (GStrv) parts = g_strsplit_set (folded, " \t\n\r", -1);
  GStrvBuilder *words = g_strv_builder_new ();

  for (char **part = parts; *part; part++)
    if ((*part)[0])
      g_strv_builder_add (words, *part);
  char **list = g_strv_builder_end (words);
  g_strv_builder_unref (words);
  return list;
}

gboolean
td_history_search_matches (const char *key, const char *const *words)
{
  for (; words && *words; words++)
    if (!strstr (key, *words))
      return FALSE;
  return TRUE;
}
