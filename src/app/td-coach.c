/* td-coach.c: what is said and beeped, and when.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-coach.h"

#include "td-check.h"
#include "td-guidance.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

/* A cue that is said with every repetition is not heard any more. */
#define CUE_EVERY_US (10 * G_USEC_PER_SEC)
#define GUIDANCE_EVERY_US (8 * G_USEC_PER_SEC)
/* Who walks into place is out of the picture for a moment. */
#define GUIDANCE_STEADY_US (3 * G_USEC_PER_SEC / 2)
#define SPOKEN_SECONDS 3
#define TICKED_SECONDS 10
#define REST_WARNING_S 10
/* Pictures that are this far ahead of the clock since the session began are not watched live. A
 * machine that was busy catches up, and is never ahead. */
#define AHEAD_NS (500 * G_GINT64_CONSTANT (1000000))
/* So long it takes until that shows. */
#define PACE_KNOWN_NS (300 * G_GINT64_CONSTANT (1000000))
/* A source that begins anew has other times. */
#define JUMP_NS (5 * G_GINT64_CONSTANT (1000000000))

struct TdCoach
{
  TdTrainer *trainer; /* NULL: fed by hand */
  GSettings *settings;
  TdSound *sound; /* NULL: another voice */
  const TdCoachVoice *voice;
  gpointer voice_data;

  gboolean in_session, awake, lost;
  gboolean spoken; /* in this update already */
  gint64 now_us;   /* of this update */
  gint64 since_ns; /* when its picture arrived */

  gint64 arrived_ns, time_ns; /* of the last picture */
  gint64 ahead_ns, watched_ns;

  TdFlowState active; /* the last one that was no pause */
  int count;
  guint corrections;
  GArray *depths;    /* float: flexion of the set's counted repetitions, NAN for unknown */
  gboolean at_depth; /* of this repetition it was told */
  int ticked;        /* seconds left, of the last tick */
  int rest_s;        /* as planned; 0: not at all */
  gboolean rest_warned, rest_told;
  GHashTable *cues; /* id of a check: gint64, when its cue was said */
  char *guidance;
  gint64 guidance_us;      /* when it came */
  gint64 guidance_said_us; /* when any was said */
};

static gboolean
is_on (TdCoach *self, const char *key)
{
  return g_settings_get_boolean (self->settings, key);
}

static void
beep (TdCoach *self, TdBeep kind)
{
  if (is_on (self, "beeps"))
    self->voice->beep (self->voice_data, kind, self->since_ns);
}

/* Says TEXT where ON and nothing more important was said of this update, else beeps INSTEAD. */
static void
say (TdCoach *self, gboolean on, const char *text, TdBeep instead)
{
  gboolean beeps = is_on (self, "beeps");

  if (self->spoken)
    return;
  if (on)
    self->voice->say (self->voice_data, text, beeps ? instead : TD_BEEP_NONE, self->since_ns);
  else if (beeps && instead != TD_BEEP_NONE)
    self->voice->beep (self->voice_data, instead, self->since_ns);
  self->spoken = TRUE;
}

static void
set_awake (TdCoach *self, gboolean awake)
{
  if (awake == self->awake)
    return;
  self->awake = awake;
  self->voice->set_awake (self->voice_data, awake);
}

/* --- The session -------------------------------------------------------------------------- */

static void
begin_set (TdCoach *self)
{
  g_array_set_size (self->depths, 0);
  self->count = 0;
  self->at_depth = FALSE;
}

static void
begin_session (TdCoach *self, const TdLiveUpdate *update)
{
  self->in_session = TRUE;
  self->lost = FALSE;
  self->active = TD_FLOW_OFF;
  self->arrived_ns = self->time_ns = self->ahead_ns = self->watched_ns = 0;
  self->corrections = update->corrections;
  self->ticked = G_MAXINT;
  self->rest_warned = self->rest_told = FALSE;
  self->guidance_us = self->guidance_said_us = 0;
  g_clear_pointer (&self->guidance, g_free);
  g_hash_table_remove_all (self->cues);
  begin_set (self);
}

void
td_coach_end_session (TdCoach *self)
{
  self->in_session = FALSE;
  set_awake (self, FALSE);
}

static void
follow_pace (TdCoach *self, const TdLiveUpdate *update)
{
  gint64 media_ns = update->pose.time_ns - self->time_ns;
  gint64 wall_ns = update->arrived_ns - self->arrived_ns;

  if (update->arrived_ns == self->arrived_ns)
    return;
  if (self->arrived_ns != 0)
    {
      self->watched_ns += wall_ns;
      if (ABS (media_ns - wall_ns) < JUMP_NS)
        self->ahead_ns += media_ns - wall_ns;
    }
  self->arrived_ns = update->arrived_ns;
  self->time_ns = update->pose.time_ns;
}

/* A camera is never ahead; of a file it has to show first. */
static gboolean
is_live (TdCoach *self, const TdLiveUpdate *update)
{
  return update->duration_s <= 0 || (self->ahead_ns < AHEAD_NS && self->watched_ns > PACE_KNOWN_NS);
}

/* --- What is heard ------------------------------------------------------------------------ */

static void
say_number (TdCoach *self, int number, TdBeep instead)
{
  g_autofree char *text = g_strdup_printf ("%d", number);

  say (self, is_on (self, "voice"), text, instead);
}

static void
hear_camera (TdCoach *self, const TdLiveUpdate *update)
{
  gboolean lost = update->state == TD_LIVE_LOST;

  if (lost && !self->lost)
    say (self, is_on (self, "voice"), _ ("The camera is gone"), TD_BEEP_ERROR);
  else if (!lost && self->lost)
    say (self, is_on (self, "voice"), _ ("The camera is back"), TD_BEEP_GO);
  self->lost = lost;
}

/* Whether the cue of CHECK may be said again; then it counts as said. */
static gboolean
take_cue (TdCoach *self, const TdCheck *check)
{
  gint64 *said_us = g_hash_table_lookup (self->cues, check->id);

  if (said_us && self->now_us - *said_us < CUE_EVERY_US)
    return FALSE;
  g_hash_table_insert (self->cues, g_strdup (check->id),
                       g_memdup2 (&self->now_us, sizeof self->now_us));
  return TRUE;
}

/* The cue that is due for REP, or NULL. */
static const char *
cue_for (TdCoach *self, const TdProfile *profile, const TdRep *rep)
{
  if (!is_on (self, "cues") || self->spoken)
    return NULL;
  for (int i = 0; i < td_profile_n_checks (profile); i++)
    {
      const TdCheck *check = &profile->checks[i];
      gboolean failed = rep->counted
                            ? td_check_rep (check, rep) == TD_VERDICT_FAILED
                            : rep->reason == TD_REASON_SHALLOW && strcmp (check->id, "depth") == 0;
      if (failed && take_cue (self, check))
        return _ (check->cue);
    }
  return NULL;
}

static void
hear_repetition (TdCoach *self, const TdLiveUpdate *update, const TdProfile *profile,
                 const TdRep *rep)
{
  int target = g_settings_get_int (self->settings, "target-reps");

  if (target > 0 && update->count == target)
    {
      /* Translators: said after the last repetition of a set; the number is the count */
      g_autofree char *text = g_strdup_printf (_ ("%d, target reached"), update->count);
      say (self, is_on (self, "voice"), text, TD_BEEP_SET_END);
      return;
    }
  const char *cue = cue_for (self, profile, rep);
  if (cue)
    say (self, TRUE, cue, TD_BEEP_COUNT);
  else
    say_number (self, update->count, TD_BEEP_COUNT);
}

/* Walking off, kneeling or sitting down tries nothing. */
static gboolean
is_worth_a_beep (TdReason reason)
{
  return reason != TD_REASON_MOVED && reason != TD_REASON_LOST && reason != TD_REASON_SEATED
         && reason != TD_REASON_KNELT;
}

static void
keep_depths (TdCoach *self, const TdLiveUpdate *update)
{
  for (guint i = 0; i < update->n_reps; i++)
    {
      TdMeasure m = update->reps[i].knee_flexion_max_deg;
      float depth = td_measure_ok (m) ? m.value : NAN;
      if (update->reps[i].counted)
        g_array_append_val (self->depths, depth);
    }
  /* Taken back by the user: the newest one was none. */
  if (update->n_reps == 0 && update->corrections != self->corrections && update->count < self->count
      && self->depths->len > (guint) MAX (update->count, 0))
    g_array_set_size (self->depths, (guint) MAX (update->count, 0));
}

static void
hear_reps (TdCoach *self, const TdLiveUpdate *update, const TdProfile *profile)
{
  const TdRep *counted = NULL, *attempt = NULL;

  for (guint i = 0; i < update->n_reps; i++)
    if (update->reps[i].counted)
      counted = &update->reps[i];
    else
      attempt = &update->reps[i];

  if (counted)
    hear_repetition (self, update, profile, counted);
  else if (attempt && update->flow == TD_FLOW_SET && is_worth_a_beep (attempt->reason))
    {
      const char *cue = cue_for (self, profile, attempt);
      if (cue)
        say (self, TRUE, cue, TD_BEEP_ATTEMPT);
      else
        beep (self, TD_BEEP_ATTEMPT);
    }
  else if (update->corrections != self->corrections && update->count != self->count)
    say_number (self, update->count, TD_BEEP_NONE);
  self->corrections = update->corrections;
  self->count = update->count;
}

/* What shows live of the measure that CHECK looks at in a whole repetition. */
static const TdMeasure *
live_measure (const TdFrameMeasures *measures, const TdCheck *check)
{
  switch (check->measure)
    {
    case TD_REP_KNEE_FLEXION_MAX:
      return &measures->flexion_deg;
    case TD_REP_THIGH_INCLINATION:
      return &measures->thigh_deg;
    default:
      return NULL;
    }
}

static void
hear_depth (TdCoach *self, const TdLiveUpdate *update, const TdProfile *profile)
{
  gboolean squats = update->phase == TD_PHASE_DOWN || update->phase == TD_PHASE_BOTTOM;
  gboolean counts = update->flow == TD_FLOW_SET || update->flow == TD_FLOW_REST;

  if (update->phase == TD_PHASE_TOP || update->phase == TD_PHASE_ABSENT)
    self->at_depth = FALSE;
  if (self->at_depth || !squats || !counts)
    return;
  for (int i = 0; i < td_profile_n_checks (profile); i++)
    {
      const TdCheck *check = &profile->checks[i];
      const TdMeasure *m = live_measure (&update->measures, check);
      if (strcmp (check->id, "depth") != 0 || !m || !td_measure_ok (*m))
        continue;
      self->at_depth
          = check->sense == TD_CHECK_AT_LEAST ? m->value >= check->limit : m->value <= check->limit;
      if (self->at_depth && is_on (self, "depth-beep"))
        self->voice->beep (self->voice_data, TD_BEEP_DEPTH, self->since_ns);
    }
}

/* Greatest of the set; 0: not known. */
static int
deepest (TdCoach *self)
{
  float most = 0;

  for (guint i = 0; i < self->depths->len; i++)
    most = fmaxf (most, g_array_index (self->depths, float, i));
  return (int) lroundf (most);
}

static void
hear_set_begin (TdCoach *self, const TdLiveUpdate *update)
{
  if (update->flow == TD_FLOW_REST && self->active != TD_FLOW_REST)
    self->rest_warned = self->rest_told = FALSE;
  if (update->flow != TD_FLOW_SET || self->active == TD_FLOW_SET)
    return;
  begin_set (self);
  if (self->active != TD_FLOW_WAITING)
    return;
  if (is_on (self, "beeps"))
    beep (self, TD_BEEP_GO);
  else
    say (self, is_on (self, "voice"), _ ("Go"), TD_BEEP_NONE);
}

static void
hear_set_end (TdCoach *self, const TdLiveUpdate *update)
{
  gboolean ended = update->flow == TD_FLOW_REST || update->flow == TD_FLOW_OFF;
  int depth = deepest (self);

  if (self->active != TD_FLOW_SET || !ended || update->count <= 0)
    return;
  g_autofree char *what = g_strdup_printf (
      /* Translators: said after a set: its number, then its repetitions */
      ngettext ("Set %d, %d rep", "Set %d, %d reps", (gulong) update->count), update->set_number,
      update->count);
  g_autofree char *how = g_strdup_printf (
      /* Translators: said after that: how far the knees were bent at most */
      ngettext ("deepest %d degree", "deepest %d degrees", (gulong) depth), depth);
  g_autofree char *text = g_strjoin (", ", what, depth > 0 ? how : NULL, NULL);
  say (self, is_on (self, "voice"), text, TD_BEEP_SET_END);
}

static void
hear_countdown (TdCoach *self, const TdLiveUpdate *update)
{
  int left = (int) ceilf (update->flow_left_s);

  if (update->flow != TD_FLOW_WAITING || left <= 0 || left > TICKED_SECONDS || left == self->ticked)
    return;
  self->ticked = left;
  if (left <= SPOKEN_SECONDS)
    say_number (self, left, TD_BEEP_TICK);
  else
    beep (self, TD_BEEP_TICK);
}

static void
hear_rest (TdCoach *self, const TdLiveUpdate *update)
{
  float left_s = (float) self->rest_s - update->flow_elapsed_s;

  if (update->flow != TD_FLOW_REST || self->rest_s <= 0)
    return;
  /* It was made longer. */
  if (left_s > REST_WARNING_S)
    self->rest_warned = self->rest_told = FALSE;
  if (left_s <= 0 && !self->rest_told)
    {
      self->rest_warned = self->rest_told = TRUE;
      say (self, is_on (self, "voice"), _ ("The rest is over"), TD_BEEP_GO);
    }
  else if (left_s <= REST_WARNING_S && !self->rest_warned && self->rest_s > REST_WARNING_S)
    {
      self->rest_warned = TRUE;
      g_autofree char *text
          = g_strdup_printf (ngettext ("The rest is over in %d second",
                                       "The rest is over in %d seconds", (gulong) REST_WARNING_S),
                             REST_WARNING_S);
      say (self, is_on (self, "voice"), text, TD_BEEP_TICK);
    }
}

static void
hear_guidance (TdCoach *self, const TdLiveUpdate *update)
{
  gboolean counts_aloud = update->flow_left_s > 0 && update->flow_left_s <= SPOKEN_SECONDS + 1;

  if (update->flow != TD_FLOW_WAITING)
    return;
  g_autofree char *guidance = g_strdup (td_guidance_text (td_guidance_of_pose (&update->pose)));
  if (g_strcmp0 (guidance, self->guidance) != 0)
    {
      g_free (self->guidance);
      self->guidance = g_steal_pointer (&guidance);
      self->guidance_us = self->now_us;
    }
  if (!self->guidance || counts_aloud || !is_on (self, "voice")
      || self->now_us - self->guidance_us < GUIDANCE_STEADY_US
      || (self->guidance_said_us > 0 && self->now_us - self->guidance_said_us < GUIDANCE_EVERY_US))
    return;
  self->guidance_said_us = self->now_us;
  say (self, TRUE, self->guidance, TD_BEEP_NONE);
}

void
td_coach_hear (TdCoach *self, const TdLiveUpdate *update, const TdProfile *profile, gint64 now_us)
{
  gboolean in_session = update->flow != TD_FLOW_OFF;

  self->now_us = now_us;
  self->spoken = FALSE;
  if (in_session && !self->in_session)
    begin_session (self, update);
  if (!self->in_session)
    return;
  /* An update that tells of no new picture is about none. */
  self->since_ns = update->arrived_ns != self->arrived_ns ? update->arrived_ns : 0;
  follow_pace (self, update);
  if (is_live (self, update))
    {
      set_awake (self, TRUE);
      hear_camera (self, update);
      hear_set_begin (self, update);
      keep_depths (self, update);
      hear_set_end (self, update);
      hear_reps (self, update, profile);
      hear_depth (self, update, profile);
      hear_rest (self, update);
      hear_countdown (self, update);
      hear_guidance (self, update);
      if (update->flow != TD_FLOW_PAUSED)
        self->active = update->flow;
    }
  if (!in_session)
    td_coach_end_session (self);
}

void
td_coach_plan_rest (TdCoach *self, int seconds)
{
  self->rest_s = seconds;
}

/* --- Life --------------------------------------------------------------------------------- */

static void
on_updated (TdTrainer *trainer, const TdLiveUpdate *update, gpointer data)
{
  td_coach_plan_rest (data, td_trainer_get_rest_s (trainer));
  td_coach_hear (data, update, td_trainer_get_profile (trainer), g_get_monotonic_time ());
}

/* A session that is cut off has no last update. */
static void
on_changed (TdTrainer *trainer, gpointer data)
{
  TdCoach *self = data;

  if (self->in_session && !td_trainer_in_session (trainer))
    td_coach_end_session (self);
}

static void
on_volume_changed (GSettings *settings, const char *key, gpointer data)
{
  TdCoach *self = data;

  self->voice->set_volume (self->voice_data, g_settings_get_double (settings, key));
}

/* Who switches the voice off wants silence now. */
static void
on_voice_changed (GSettings *settings, const char *key, gpointer data)
{
  TdCoach *self = data;

  if (!g_settings_get_boolean (settings, key))
    self->voice->hush (self->voice_data);
}

TdCoach *
td_coach_new_with_voice (const TdCoachVoice *voice, gpointer data, GSettings *settings)
{
  TdCoach *self = g_new0 (TdCoach, 1);

  self->voice = voice;
  self->voice_data = data;
  self->settings = g_object_ref (settings);
  self->depths = g_array_new (FALSE, FALSE, sizeof (float));
  self->cues = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_signal_connect (settings, "changed::volume", G_CALLBACK (on_volume_changed), self);
  g_signal_connect (settings, "changed::voice", G_CALLBACK (on_voice_changed), self);
  on_volume_changed (settings, "volume", self);
  return self;
}

static void
sound_set_awake (gpointer data, gboolean awake)
{
  td_sound_set_awake (data, awake);
}

static void
sound_set_volume (gpointer data, double volume)
{
  td_sound_set_volume (data, volume);
}

static void
sound_beep (gpointer data, TdBeep kind, gint64 since_ns)
{
  td_sound_beep (data, kind, since_ns);
}

static void
sound_say (gpointer data, const char *text, TdBeep instead, gint64 since_ns)
{
  td_sound_say (data, text, instead, since_ns);
}

static void
sound_hush (gpointer data)
{
  td_sound_hush (data);
}

TdCoach *
td_coach_new (TdTrainer *trainer, GSettings *settings)
{
  static const TdCoachVoice voice = {
    .set_awake = sound_set_awake,
    .set_volume = sound_set_volume,
    .beep = sound_beep,
    .say = sound_say,
    .hush = sound_hush,
  };
  TdSoundConfig config = { .sink = g_getenv ("TEARDROP_AUDIO_SINK") };
  TdSound *sound = td_sound_new (&config);

  /* Translators: the language of these translations, as a code for the voice that reads them, such
   * as "de" */
  td_sound_set_language (sound, C_ ("code of this language", "en"));
  TdCoach *self = td_coach_new_with_voice (&voice, sound, settings);
  self->sound = sound;
  self->trainer = g_object_ref (trainer);
  g_signal_connect (trainer, "updated", G_CALLBACK (on_updated), self);
  g_signal_connect (trainer, "changed", G_CALLBACK (on_changed), self);
  return self;
}

void
td_coach_free (TdCoach *self)
{
  if (!self)
    return;
  if (self->trainer)
    g_signal_handlers_disconnect_by_data (self->trainer, self);
  g_signal_handlers_disconnect_by_data (self->settings, self);
  g_clear_object (&self->trainer);
  td_sound_free (self->sound);
  g_object_unref (self->settings);
  g_array_unref (self->depths);
  g_hash_table_unref (self->cues);
  g_free (self->guidance);
  g_free (self);
}

char *
td_coach_report (TdCoach *self)
{
  return self->sound ? td_sound_report (self->sound) : NULL;
}
