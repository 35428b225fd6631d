/* td-coach.h: what is said and beeped, and when. No widgets.
 *
 * One coach a TdTrainer, of which it keeps a reference: td_coach_new() and, once the session is
 * closed, td_coach_free(). Nothing else is to be done: it follows the trainer's updates and the
 * settings "voice", "cues", "beeps", "depth-beep", "volume", "target-reps" and "rest-s". Before the
 * program ends: td_sound_all_ended().
 *
 * Only in a session, and only while the pictures come no faster than life: a video that is analysed
 * faster is silent. When several things happen at once, the most important one is said.
 *
 *   a repetition      its number; or the cue of the first check it failed, each at most every 10 s
 *   the last one      its number, and that the target is reached
 *   an attempt        a low beep; too shallow: the cue for depth, likewise
 *   target depth      a high beep on the way down, once a repetition
 *   countdown         a tick a second, "3", "2", "1", and a beep when the set begins
 *   waiting           what to do so that the camera sees enough, at most every 8 s
 *   after a set       its number, repetitions and deepest one
 *   rest              ten seconds before its planned end, and at it
 *   a correction      the new count
 *   the camera        gone, and back
 *
 * Main thread only.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-sound.h"
#include "td-trainer.h"

G_BEGIN_DECLS

typedef struct TdCoach TdCoach;

/* Heard through a TdSound of its own. $TEARDROP_AUDIO_SINK: elements as for gst-launch-1.0 to play on,
 * instead of the desktop's device. */
TdCoach *td_coach_new (TdTrainer *trainer, GSettings *settings);
/* NULL is allowed. */
void td_coach_free (TdCoach *self);
/* td_sound_report() of what was heard; NULL for a coach without a TdSound. To be freed with
 * g_free(). */
char *td_coach_report (TdCoach *self);

/* --- By hand, without a trainer ----------------------------------------------------------- */

/* What a coach needs of a TdSound; see there. */
typedef struct
{
  void (*set_awake) (gpointer data, gboolean awake);
  void (*set_volume) (gpointer data, double volume);
  void (*beep) (gpointer data, TdBeep beep, gint64 since_ns);
  void (*say) (gpointer data, const char *text, TdBeep instead, gint64 since_ns);
  void (*hush) (gpointer data);
} TdCoachVoice;

/* VOICE and DATA must outlive the coach. */
TdCoach *td_coach_new_with_voice (const TdCoachVoice *voice, gpointer data, GSettings *settings);
/* To be called with every update. PROFILE has the user's own limits. NOW_US: any clock that does not
 * jump, microseconds. */
void td_coach_hear (TdCoach *self, const TdLiveUpdate *update, const TdProfile *profile,
                    gint64 now_us);
/* How long the rest is planned, seconds; 0: not at all. */
void td_coach_plan_rest (TdCoach *self, int seconds);
/* The session is over and no update told. */
void td_coach_end_session (TdCoach *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TdCoach, td_coach_free)

G_END_DECLS
