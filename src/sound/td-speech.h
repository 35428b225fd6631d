/* td-speech.h: has speech-dispatcher say short texts, at once or never.
 *
 * Speaks SSIP through the server's local socket, on a thread of its own, with a limit on every wait:
 * a server that is not there, dies or never answers costs a text and nothing else. No function here
 * blocks but td_speech_free(), for milliseconds.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-tone.h"

G_BEGIN_DECLS

typedef struct TdSpeech TdSpeech;

/* A text that there is still time for cannot be spoken. On the speech thread. */
typedef void (*TdSpeechFailed) (TdBeep instead, gint64 since_ns, gpointer data);

/* ADDRESS: as in $SPEECHD_ADDRESS ("unix_socket:PATH"); NULL: that, or the user's own server, which is
 * started when SPAWN and it does not run. It ends by itself some seconds after its last client. */
TdSpeech *td_speech_new (const char *address, gboolean spawn, TdSpeechFailed failed, gpointer data);
void td_speech_free (TdSpeech *self);

/* Connects ahead of the first text. Closed: a text connects for some seconds. */
void td_speech_set_open (TdSpeech *self, gboolean open);
/* Of the texts that come: "de". */
void td_speech_set_language (TdSpeech *self, const char *language);
/* 0..1; 0: nothing is said. */
void td_speech_set_volume (TdSpeech *self, double volume);

/* Says TEXT instead of what is being said and of what waits. "": silence. Within 0.7 s or never.
 * INSTEAD and SINCE_NS are given to FAILED; SINCE_NS as in td_beeper_play(). */
void td_speech_say (TdSpeech *self, const char *text, TdBeep instead, gint64 since_ns);

typedef struct
{
  gboolean connected;
  guint n_said;                              /* the server has them */
  guint n_dropped;                           /* replaced by a newer one, or too late */
  guint n_failed;                            /* no server, or it did not take them */
  double to_server_ms_p50, to_server_ms_p95; /* from td_speech_say() to the server's answer */
  double since_to_server_ms_p50, since_to_server_ms_p95; /* from SINCE_NS */
} TdSpeechStats;

/* Of the last few hundred texts. */
void td_speech_get_stats (TdSpeech *self, TdSpeechStats *stats);

G_END_DECLS
