/* td-sound.h: beeps and spoken words, at once or never.
 *
 * Of one thread, the main one. No function blocks: devices and the speech server are waited for
 * elsewhere. Without an audio device nothing is heard, without speech-dispatcher there are beeps; one
 * line in the debug log tells. What cannot be heard within 0.7 s is not heard at all: a late number
 * would be taken for that of the next repetition.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-beeper.h"
#include "td-speech.h"

G_BEGIN_DECLS

typedef struct TdSound TdSound;

typedef struct
{
  const char *sink;    /* for beeps, as for gst-launch-1.0; NULL: the desktop's */
  const char *address; /* of speech-dispatcher; NULL: $SPEECHD_ADDRESS, or the user's own */
  gboolean no_spawn;   /* speech-dispatcher is not started when it does not run */
} TdSoundConfig;

/* CONFIG may be NULL: all as the desktop has it. Opens nothing yet. */
TdSound *td_sound_new (const TdSoundConfig *config);
/* Half a second at most. NULL is allowed. */
void td_sound_free (TdSound *self);
/* At the end of the program. FALSE: a device that hangs is still being closed, so leave by _exit(). */
gboolean td_sound_all_ended (void);

/* Awake: device and speech server are opened ahead, so that the first sound is as fast as the others.
 * Asleep: both are let go; a sound opens them again for some seconds, and may then be late. */
void td_sound_set_awake (TdSound *self, gboolean awake);
/* Of both, 0..1; 0: off, and what is being said ends. */
void td_sound_set_volume (TdSound *self, double volume);
/* Of what is said: "de", "pt-BR". */
void td_sound_set_language (TdSound *self, const char *language);

/* SINCE_NS, of both: CLOCK_MONOTONIC of what it is about (TdLiveUpdate.arrived_ns), for the statistics;
 * 0: none. */
void td_sound_beep (TdSound *self, TdBeep beep, gint64 since_ns);
/* Says TEXT in place of what is being said and of what waits. INSTEAD is beeped when there is no
 * voice. */
void td_sound_say (TdSound *self, const char *text, TdBeep instead, gint64 since_ns);
/* Ends what is being said. */
void td_sound_hush (TdSound *self);

typedef struct
{
  TdBeeperStats beeps;
  TdSpeechStats speech;
} TdSoundStats;

void td_sound_get_stats (TdSound *self, TdSoundStats *stats);
/* "sound-ms said 6 failed 0 dropped 0 say-p50 1.2 say-p95 … frame-say-p50 … frame-say-p95 … beeps 4 …
 * beep-p50 … beep-p95 … frame-beep-p50 … frame-beep-p95 … buffer 40.0", for --trace-latency. To be
 * freed with g_free(). */
char *td_sound_report (TdSound *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TdSound, td_sound_free)

G_END_DECLS
