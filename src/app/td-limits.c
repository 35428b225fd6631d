/* td-limits.c: the user's own limits of an exercise's checks.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-limits.h"

#include "td-motion.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

static char *
key_of (const TdProfile *profile, const TdCheck *check)
{
  return g_strconcat (profile->id, "/", check->id, NULL);
}

void
td_limits_apply (GVariant *limits, TdProfile *profile)
{
  g_return_if_fail (g_variant_is_of_type (limits, G_VARIANT_TYPE ("a{sd}")));

  for (int i = 0; i < td_profile_n_checks (profile); i++)
    {
      TdCheck *check = &profile->checks[i];
      g_autofree char *key = key_of (profile, check);
      double value;

      if (g_variant_lookup (limits, key, "d", &value) && isfinite (value))
        check->limit = (float) CLAMP (value, (double) check->limit_min, (double) check->limit_max);
    }
}

TdProfile
td_limits_of (GSettings *settings, const TdProfile *profile)
{
  g_autoptr (GVariant) limits = g_settings_get_value (settings, "limits");
  TdProfile own = *profile;

  td_limits_apply (limits, &own);
  return own;
}

/* Whether KEY is CHECK's; NULL: of any of PROFILE. */
static gboolean
is_of (const char *key, const TdProfile *profile, const TdCheck *check)
{
  if (check)
    {
      g_autofree char *own = key_of (profile, check);
      return strcmp (key, own) == 0;
    }
  g_autofree char *prefix = g_strconcat (profile->id, "/", NULL);
  return g_str_has_prefix (key, prefix);
}

/* All of LIMITS but those of CHECK. */
static void
copy_others (GVariantBuilder *to, GVariant *limits, const TdProfile *profile, const TdCheck *check)
{
  GVariantIter iter;
  const char *key;
  double value;

  g_variant_iter_init (&iter, limits);
  while (g_variant_iter_next (&iter, "{&sd}", &key, &value))
    if (!is_of (key, profile, check))
      g_variant_builder_add (to, "{sd}", key, value);
}

GVariant *
td_limits_with (GVariant *limits, const TdProfile *profile, const TdCheck *check, double value)
{
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a{sd}"));
  g_autofree char *key = key_of (profile, check);
  const TdProfile *fresh = td_profile_find (profile->id);
  float usual = check->limit;

  /* PROFILE may have the user's limits already. */
  for (int i = 0; fresh && i < td_profile_n_checks (fresh); i++)
    if (strcmp (fresh->checks[i].id, check->id) == 0)
      usual = fresh->checks[i].limit;

  copy_others (&builder, limits, profile, check);
  /* What was shown and comes back has lost its last digits. */
  if (fabs (value - (double) usual) > 1e-4)
    g_variant_builder_add (&builder, "{sd}", key, value);
  return g_variant_ref_sink (g_variant_builder_end (&builder));
}

GVariant *
td_limits_without (GVariant *limits, const TdProfile *profile, const TdCheck *check)
{
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a{sd}"));

  copy_others (&builder, limits, profile, check);
  return g_variant_ref_sink (g_variant_builder_end (&builder));
}

gboolean
td_limits_changed (GVariant *limits, const TdProfile *profile, const TdCheck *check)
{
  GVariantIter iter;
  const char *key;

  g_variant_iter_init (&iter, limits);
  while (g_variant_iter_next (&iter, "{&sd}", &key, NULL))
    if (is_of (key, profile, check))
      return TRUE;
  return FALSE;
}

TdLimitUnit
td_limits_unit (const TdCheck *check)
{
  const char *name = td_rep_measures[check->measure].name;

  if (g_str_has_suffix (name, "_s"))
    return (TdLimitUnit){ C_ ("unit", "s"), 1, 0.05, 2 };
  /* A share of what the measure's own name says: shoulder widths, leg lengths. */
  if (check->measure == TD_REP_STANCE)
    return (TdLimitUnit){ "%", 100, 5, 0 };
  if (g_str_has_suffix (name, "_ratio"))
    return (TdLimitUnit){ "%", 100, 0.5, 1 };
  return (TdLimitUnit){ "°", 1, 1, 0 };
}

char *
td_limits_describe (const TdCheck *check)
{
  TdLimitUnit unit = td_limits_unit (check);
  const char *sense = check->sense == TD_CHECK_AT_LEAST  ? _ ("at least")
                      : check->sense == TD_CHECK_AT_MOST ? _ ("at most")
                                                         : _ ("either way, at most");

  /* Translators: "Trunk lean at the bottom: at most, in ° (10 to 70)" */
  return g_strdup_printf (_ ("%s: %s, in %s (%g to %g)"), _ (td_rep_measures[check->measure].label),
                          sense, unit.unit,
                          round ((double) check->limit_min * unit.factor * 100) / 100,
                          round ((double) check->limit_max * unit.factor * 100) / 100);
}
