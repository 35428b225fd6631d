/* td-fake-speech.h: a speech server that writes down what it is told, for tests.
 *
 * Speaks SSIP on a unix socket in a folder of its own, on a thread of its own.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct TdFakeSpeech TdFakeSpeech;

typedef enum
{
  TD_FAKE_ANSWERS,
  TD_FAKE_MUTE,   /* takes everything, answers nothing */
  TD_FAKE_REFUSES /* has no voice: SPEAK is an error */
} TdFakeManner;

/* "unix_socket:PATH" of a socket in FOLDER. To be freed with g_free(). */
char *td_fake_speech_address (const char *folder);
/* Each answer comes after DELAY_MS. */
TdFakeSpeech *td_fake_speech_new (const char *folder, TdFakeManner manner, guint delay_ms);
/* Cuts off its clients, as a server that dies. */
void td_fake_speech_free (TdFakeSpeech *self);

/* What was received until now, lines joined by '|'. To be freed with g_free(). */
char *td_fake_speech_log (TdFakeSpeech *self);
/* Waits for up to five seconds until TEXT was received so many TIMES. */
gboolean td_fake_speech_wait (TdFakeSpeech *self, const char *text, guint times);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TdFakeSpeech, td_fake_speech_free)

G_END_DECLS
