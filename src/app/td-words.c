/* td-words.c: what Teardrop says about a repetition and a pose, as plain text.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-words.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

/* Limits for coaching, adjustable and never medical: up to 5° of FPPA the knees are steady, more
 * than 10° is worth a word. */
#define FPPA_STEADY_DEG 5.f
#define FPPA_INWARD_DEG 10.f

/* Below this a joint is not looked at: the network itself doubts it. */
#define SEEN_SCORE 0.3f

char *
td_words_depth_class (TdDepth depth)
{
  static const char *const names[TD_N_DEPTHS] = {
    [TD_DEPTH_UNKNOWN] = "–",
    [TD_DEPTH_ABOVE_QUARTER] = N_ ("very shallow"),
    [TD_DEPTH_QUARTER] = N_ ("quarter"),
    [TD_DEPTH_HALF] = N_ ("half"),
    [TD_DEPTH_PARALLEL] = N_ ("parallel"),
    [TD_DEPTH_DEEP] = N_ ("deep"),
  };
  return g_strdup (_ (names[depth]));
}

char *
td_words_depth (const TdRep *rep)
{
  g_autofree char *name = td_words_depth_class (rep->depth);

  if (!td_measure_ok (rep->knee_flexion_max_deg))
    return g_strdup_printf (_ ("depth: %s"),
                            _ (td_missing_text (rep->knee_flexion_max_deg.missing)));
  if (rep->depth == TD_DEPTH_UNKNOWN)
    /* Translators: how far the knees were bent at the deepest point */
    return g_strdup_printf (_ ("%.0f° deep"), (double) rep->knee_flexion_max_deg.value);
  /* Translators: depth class ("parallel"), then the knees' bend */
  return g_strdup_printf (_ ("%s, %.0f°"), name, (double) rep->knee_flexion_max_deg.value);
}

char *
td_words_valgus (const TdRep *rep)
{
  TdMeasure worst = rep->fppa_deg;

  /* The mean of both sides hides one bad knee. */
  for (int side = 0; side < TD_N_SIDES; side++)
    {
      TdMeasure knee = rep->fppa_side_deg[side];
      if (td_measure_ok (knee) && (!td_measure_ok (worst) || knee.value > worst.value))
        worst = knee;
    }

  if (!td_measure_ok (worst))
    return g_strdup_printf (_ ("valgus: %s"), _ (td_missing_text (worst.missing)));
  if (worst.value > FPPA_INWARD_DEG)
    return g_strdup_printf (_ ("knees inward (valgus, %.0f°)"), (double) worst.value);
  if (worst.value > FPPA_STEADY_DEG)
    return g_strdup_printf (_ ("knees a little inward (%.0f°)"), (double) worst.value);
  if (worst.value < -FPPA_STEADY_DEG)
    return g_strdup_printf (_ ("knees outward (%.0f°)"), (double) -worst.value);
  return g_strdup_printf (_ ("knees steady (%.0f°)"), fabs ((double) worst.value));
}

char *
td_words_verdict (const TdRep *rep, const TdProfile *profile)
{
  if (rep->counted)
    return g_strdup (_ ("Counted"));
  if (rep->reason == TD_REASON_SHALLOW && profile && td_measure_ok (rep->knee_flexion_max_deg))
    return g_strdup_printf (
        _ ("Not counted: %s (%.0f°, needs %.0f°)"), _ (td_reason_text (rep->reason)),
        (double) rep->knee_flexion_max_deg.value, (double) profile->count_flexion_deg);
  return g_strdup_printf (_ ("Not counted: %s"), _ (td_reason_text (rep->reason)));
}

char *
td_words_feedback (const TdRep *rep, const TdProfile *profile)
{
  g_autofree char *depth = NULL, *valgus = NULL;

  if (!rep->counted)
    return td_words_verdict (rep, profile);
  depth = td_words_depth (rep);
  valgus = td_words_valgus (rep);
  /* Translators: number of the repetition, its depth in words, its knees in words */
  return g_strdup_printf (_ ("Repetition %d: %s\n%s"), rep->number, depth, valgus);
}

char *
td_words_measure (TdMeasure measure, int digits)
{
  if (!td_measure_ok (measure))
    return g_strdup ("–");
  /* Never "-0". */
  double value = (double) measure.value;
  double half = 0.5 * pow (10, -digits);
  if (fabs (value) < half)
    value = 0;
  return g_strdup_printf ("%.*f", digits, value);
}

static gboolean
seen (const TdPose *pose, TdJoint joint)
{
  const TdKeypoint *p = &pose->joints[joint];
  return p->score >= SEEN_SCORE && p->x >= 0 && p->y >= 0 && p->x < (float) pose->width
         && p->y < (float) pose->height;
}

char *
td_words_guidance (const TdPose *pose)
{
  if (!pose->present)
    return g_strdup (_ ("Step into the picture"));

  for (int side = 0; side < TD_N_SIDES; side++)
    {
      const TdKeypoint *ankle = &pose->joints[td_joint_on (TD_JOINT_ANKLE_LEFT, (TdSide) side)];
      if (ankle->y > 0.98f * (float) pose->height)
        return g_strdup (_ ("Step back: your feet are cut off"));
    }
  for (int side = 0; side < TD_N_SIDES; side++)
    {
      const TdKeypoint *ankle = &pose->joints[td_joint_on (TD_JOINT_ANKLE_LEFT, (TdSide) side)];
      if (ankle->x < 0)
        return g_strdup (_ ("Move to the middle of the picture"));
      if (ankle->x >= (float) pose->width)
        return g_strdup (_ ("Move to the middle of the picture"));
    }
  /* Of a person side-on the far leg may be hidden, so one leg that is seen whole is enough. */
  for (int side = 0; side < TD_N_SIDES; side++)
    if (seen (pose, td_joint_on (TD_JOINT_HIP_LEFT, (TdSide) side))
        && seen (pose, td_joint_on (TD_JOINT_KNEE_LEFT, (TdSide) side))
        && seen (pose, td_joint_on (TD_JOINT_ANKLE_LEFT, (TdSide) side)))
      return NULL;
  return g_strdup (_ ("Show your whole legs, hips to feet"));
}

char *
td_words_date (const char *iso8601)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (iso8601, NULL);
  char *text = NULL;

  /* Translators: day, month in words, year, time of day: strftime */
  if (time)
    text = g_date_time_format (time, _ ("%-d %B %Y, %H:%M"));
  return text ? text : g_strdup (iso8601);
}

char *
td_words_csv_name (const char *iso8601)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (iso8601, NULL);
  char *name = NULL;

  if (time)
    name = g_date_time_format (time, "teardrop-%Y-%m-%d-%H%M.csv");
  return name ? name : g_strdup ("teardrop.csv");
}

char *
td_words_reps (int n)
{
  return g_strdup_printf (ngettext ("%d repetition", "%d repetitions", (gulong) n), n);
}
