/* td-words.c: what Teardrop says about a repetition and a pose, as plain text.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-words.h"

#include "td-check.h"
#include "td-set.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

/* Limits for coaching, adjustable and never medical: up to 5° of FPPA the knees are steady, more
 * than 10° is worth a word. */
#define FPPA_STEADY_DEG 5.f
#define FPPA_INWARD_DEG 10.f

char *
td_words_depth_class (const TdRep *rep)
{
  /* Said when the depth is sure, and when it may as well be the class beside it. */
  static const char *const names[TD_N_DEPTHS][2] = {
    [TD_DEPTH_UNKNOWN] = { "–", "–" },
    [TD_DEPTH_ABOVE_QUARTER] = { N_ ("very shallow"), N_ ("about a quarter") },
    [TD_DEPTH_QUARTER] = { N_ ("quarter"), N_ ("about a quarter") },
    [TD_DEPTH_HALF] = { N_ ("half"), N_ ("about half") },
    [TD_DEPTH_PARALLEL] = { N_ ("parallel"), N_ ("about parallel") },
    [TD_DEPTH_DEEP] = { N_ ("deep"), N_ ("about deep") },
    [TD_DEPTH_CALF] = { N_ ("hamstrings on calves"), N_ ("hamstrings about on calves") },
  };
  return g_strdup (_ (names[rep->depth][rep->depth_unsure]));
}

char *
td_words_depth (const TdRep *rep)
{
  g_autofree char *name = td_words_depth_class (rep);

  if (!td_measure_ok (rep->knee_flexion_max_deg))
    return g_strdup_printf (_ ("depth: %s"),
                            _ (td_missing_text (rep->knee_flexion_max_deg.missing)));
  if (rep->depth == TD_DEPTH_UNKNOWN)
    /* Translators: how far the knees were bent at the deepest point */
    return g_strdup_printf (_ ("%.0f° deep"), (double) rep->knee_flexion_max_deg.value);
  /* Translators: depth class ("parallel"), then the knees' bend */
  return g_strdup_printf (_ ("%s, %.0f°"), name, (double) rep->knee_flexion_max_deg.value);
}

/* The mean of both sides hides one bad knee. */
static TdMeasure
worst_fppa (const TdRep *rep)
{
  TdMeasure worst = rep->fppa_deg;

  for (int side = 0; side < TD_N_SIDES; side++)
    {
      TdMeasure knee = rep->fppa_side_deg[side];
      if (td_measure_ok (knee) && (!td_measure_ok (worst) || knee.value > worst.value))
        worst = knee;
    }
  return worst;
}

char *
td_words_valgus (const TdRep *rep)
{
  TdMeasure worst = worst_fppa (rep);

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

/* A cue can be told from another one by its form too, from afar. */
static const char *
sign_of (const TdCheck *check)
{
  static const struct
  {
    const char *id, *sign;
  } signs[] = {
    { "knees", "◂▸" }, { "depth", "▼" }, { "lockout", "┃" }, { "trunk", "▲" }, { "stance", "▸◂" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (signs); i++)
    if (strcmp (check->id, signs[i].id) == 0)
      return signs[i].sign;
  return "▶";
}

char *
td_words_feedback (const TdRep *rep, const TdProfile *profile)
{
  g_autofree char *depth = NULL, *valgus = NULL, *text = NULL;
  const TdCheck *failed;

  if (!rep->counted)
    return td_words_verdict (rep, profile);
  depth = td_words_depth (rep);
  valgus = td_words_valgus (rep);
  failed = profile ? td_profile_first_failed (profile, rep) : NULL;
  /* Translators: number of the repetition, its depth in words, its knees in words */
  text = g_strdup_printf (_ ("Repetition %d: %s\n%s"), rep->number, depth, valgus);
  return failed ? g_strconcat (text, "\n", sign_of (failed), " ", _ (failed->cue), NULL)
                : g_steal_pointer (&text);
}

char *
td_words_cue (const TdRep *rep, const TdProfile *profile)
{
  const TdCheck *failed = rep->counted ? td_profile_first_failed (profile, rep) : NULL;

  return failed ? g_strconcat (sign_of (failed), " ", _ (failed->cue), NULL) : NULL;
}

char *
td_words_advice (const TdRep *rep, const TdProfile *profile)
{
  const TdCheck *failed = rep->counted ? td_profile_first_failed (profile, rep) : NULL;

  return failed ? g_strdup (_ (failed->advice)) : NULL;
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

/* --- A session as a whole ----------------------------------------------------------------- */

/* A translated sentence, then what the layer that failed said. */
static char *
with_detail (const char *sentence, const char *detail)
{
  return g_strjoin (" ", sentence, detail[0] ? detail : NULL, NULL);
}

static char *
lost_words (const TdLiveUpdate *update, gboolean in_session)
{
  int n = update->session_count;

  if (!in_session || (n == 0 && update->n_unsaved == 0))
    return g_strdup (_ ("The camera was unplugged. Plug it in to go on."));
  if (update->n_unsaved > 0)
    return g_strdup_printf (_ ("The camera was unplugged. Your count stays at %d, but not all of "
                               "it is saved. Plug it in to go on."),
                            n);
  return g_strdup_printf (
      ngettext ("The camera was unplugged. Your %d repetition is saved. Plug it in to go on.",
                "The camera was unplugged. Your %d repetitions are saved. Plug it in to go on.",
                (gulong) n),
      n);
}

const char *
td_words_camera_title (TdCaptureStatus reason)
{
  switch (reason)
    {
    case TD_CAPTURE_DENIED:
      return _ ("No Permission for the Camera");
    case TD_CAPTURE_BUSY:
      return _ ("The Camera Is in Use");
    case TD_CAPTURE_NOT_FOUND:
    case TD_CAPTURE_UNPLUGGED:
      return _ ("The Camera Is Not There");
    case TD_CAPTURE_SILENT:
      return _ ("The Camera Gives No Picture");
    default:
      return _ ("The Camera Cannot Be Used");
    }
}

char *
td_words_camera (TdCaptureStatus reason, const char *name, const char *detail)
{
  switch (reason)
    {
    case TD_CAPTURE_DENIED:
      return g_strdup_printf (_ ("Your account may not use “%s”. Allow it in the desktop's privacy "
                                 "settings, or ask whoever looks after this computer to add you to "
                                 "the group “video”; then log out and in again."),
                              name);
    case TD_CAPTURE_BUSY:
      return g_strdup_printf (_ ("Another program is using “%s”. Close it there, then try again."),
                              name);
    case TD_CAPTURE_NOT_FOUND:
    case TD_CAPTURE_UNPLUGGED:
      return g_strdup_printf (_ ("“%s” was unplugged. Plug it in, then try again."), name);
    case TD_CAPTURE_SILENT:
      return g_strdup_printf (
          _ ("“%s” answers, but shows nothing. Another program may be using it: "
             "close it there. Or unplug the camera, plug it in and try again."),
          name);
    default:
      return with_detail (_ ("Unplug it, plug it in and try again, or choose another one below."),
                          detail);
    }
}

static char *
problem_words (const TdLiveUpdate *update)
{
  /* The page without picture has a title that says what cannot be used. */
  if (update->problem == TD_LIVE_NO_PROBLEM || update->state == TD_LIVE_FAILED)
    return g_strdup (update->problem_detail);
  if (update->problem == TD_LIVE_MODEL_PROBLEM)
    return with_detail (_ ("The picture cannot be read."), update->problem_detail);
  return with_detail (_ ("The video cannot be read to its end."), update->problem_detail);
}

static char *
saving_words (const TdLiveUpdate *update, gboolean in_session)
{
  switch (update->saving)
    {
    case TD_LIVE_SAVING_REPAIRED:
      return with_detail (_ ("The history was repaired."), update->saving_detail);
    case TD_LIVE_SAVING_FAILS:
      return with_detail (in_session               ? _ ("Not saved yet, the count goes on.")
                          : update->n_unsaved == 0 ? _ ("Not everything could be saved.")
                                                   : _ ("Not all of it is saved."),
                          update->saving_detail);
    case TD_LIVE_SAVING_OFF:
      return with_detail (update->state == TD_LIVE_ENDED
                              ? _ ("Nothing of it is saved.")
                              : _ ("Nothing can be saved, the count goes on without."),
                          update->saving_detail);
    case TD_LIVE_SAVING:
    default:
      /* In a session the next write may still bring it. */
      return g_strdup (update->n_unsaved > 0 && !in_session ? _ ("Not all of it is saved.") : "");
    }
}

static char *
film_words (const TdLiveUpdate *update)
{
  return update->film_detail[0]
             ? with_detail (_ ("The picture is not recorded, all else is."), update->film_detail)
             : g_strdup ("");
}

static char *
join (const char *first, const char *second)
{
  return first[0] && second[0] ? g_strconcat (first, " ", second, NULL)
                               : g_strdup (first[0] ? first : second);
}

char *
td_words_trouble (const TdLiveUpdate *update, gboolean in_session)
{
  if (update->state == TD_LIVE_LOST)
    return lost_words (update, in_session);

  g_autofree char *problem = problem_words (update);
  g_autofree char *saving
      = update->state == TD_LIVE_FAILED ? g_strdup ("") : saving_words (update, in_session);
  g_autofree char *film = film_words (update);
  g_autofree char *keeping = join (saving, film);
  g_autofree char *both = join (problem, keeping);
  return both[0] ? g_steal_pointer (&both) : NULL;
}

char *
td_words_end (const TdLiveUpdate *update, int count, int attempts)
{
  g_autofree char *problem = problem_words (update);
  g_autofree char *reps = td_words_reps (count);
  g_autofree char *done = NULL;
  g_autofree char *saved = NULL;
  gboolean any = count > 0 || attempts > 0;

  if (count > 0 && attempts > 0)
    done = g_strdup_printf (_ ("Done: %s, %d not counted."), reps, attempts);
  else if (count > 0)
    done = g_strdup_printf (_ ("Done: %s."), reps);
  else if (attempts > 0)
    done = g_strdup_printf (ngettext ("Done: no repetition, %d attempt was not counted.",
                                      "Done: no repetition, %d attempts were not counted.",
                                      (gulong) attempts),
                            attempts);
  else
    done = g_strdup (_ ("Done: no repetition was seen."));

  if (count > 0 && update->n_unsaved == 0 && update->saving != TD_LIVE_SAVING_OFF)
    saved = g_strdup (_ ("Saved in History."));
  else if (any)
    saved = saving_words (update, FALSE);
  else
    saved = g_strdup ("");
  g_autofree char *counted = join (done, saved);
  return join (problem, counted);
}

char *
td_words_exercise (const char *id)
{
  const TdProfile *profile = td_profile_find (id);

  return g_strdup (profile ? _ (profile->name) : id[0] ? id : _ ("Unknown exercise"));
}

char *
td_words_date (const char *iso8601)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (iso8601, NULL);
  char *text = NULL;

  /* Translators: day, month in words, year, time of day: strftime */
  if (time)
    text = g_date_time_format (time, _ ("%-d %B %Y, %H:%M"));
  return text ? text : g_strdup (iso8601[0] ? iso8601 : _ ("Unknown date"));
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

char *
td_words_sets (const int *counts, int n)
{
  g_autoptr (GString) list = NULL;
  gboolean alike = TRUE;

  for (int i = 1; i < n; i++)
    alike &= counts[i] == counts[0];
  if (n > 0 && alike)
    /* Translators: number of sets, repetitions in each */
    return g_strdup_printf (ngettext ("%d set × %d", "%d sets × %d", (gulong) n), n, counts[0]);
  list = g_string_new (NULL);
  for (int i = 0; i < n; i++)
    g_string_append_printf (list, "%s%d", i > 0 ? ", " : "", counts[i]);
  /* Translators: number of sets, then the repetitions of each: "3 sets: 8, 8, 6" */
  return g_strdup_printf (ngettext ("%d set: %s", "%d sets: %s", (gulong) n), n, list->str);
}

char *
td_words_set (int number, int target)
{
  if (target > 0)
    return g_strdup_printf (_ ("Set %d of %d"), number, target);
  return g_strdup_printf (_ ("Set %d"), number);
}

char *
td_words_clock (double seconds)
{
  int whole = (int) MAX (seconds, 0);

  return g_strdup_printf ("%d:%02d", whole / 60, whole % 60);
}

/* Worth a word: more than its own error, and more than anybody would care about. */
static gboolean
changed (const TdSetMeasure *measure, float least)
{
  return td_measure_ok (measure->change)
         && fabsf (measure->change.value) > MAX (measure->change.sigma, least);
}

char *
td_words_set_summary (const TdRep *reps, gsize n)
{
  TdSetSummary summary;
  const TdSetMeasure *depth = &summary.measures[TD_REP_KNEE_FLEXION_MAX];
  const TdSetMeasure *up = &summary.measures[TD_REP_CONCENTRIC];
  g_autofree char *first = NULL, *second = NULL;
  float deepest = 0;
  int inward = 0;

  td_set_summarise (reps, n, &summary);
  for (gsize i = 0; i < n; i++)
    {
      TdMeasure worst = worst_fppa (&reps[i]);
      if (!reps[i].counted)
        continue;
      if (td_measure_ok (reps[i].knee_flexion_max_deg))
        deepest = MAX (deepest, reps[i].knee_flexion_max_deg.value);
      inward += td_measure_ok (worst) && worst.value > FPPA_INWARD_DEG;
    }
  first = deepest > 0 ? g_strdup_printf (_ ("Deepest %.0f°."), (double) deepest) : g_strdup ("");

  /* One thing more, the most important one. */
  if (inward > 0)
    /* Translators: in how many repetitions, of all */
    second = g_strdup_printf (_ ("Knees inward in %d of %d."), inward, summary.n_counted);
  else if (changed (depth, 5))
    second = g_strdup_printf (depth->change.value < 0 ? _ ("Shallower at the end by %.0f°.")
                                                      : _ ("Deeper at the end by %.0f°."),
                              fabs ((double) depth->change.value));
  else if (changed (up, 0.2f))
    second = g_strdup_printf (up->change.value > 0 ? _ ("Slower up at the end by %.1f s.")
                                                   : _ ("Faster up at the end by %.1f s."),
                              fabs ((double) up->change.value));
  else
    second = g_strdup (td_measure_ok (depth->change) ? _ ("Even from first to last.") : "");
  return join (first, second);
}
