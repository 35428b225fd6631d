/* td-sound.c: beeps and spoken words, at once or never.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-sound.h"

struct TdSound
{
  TdBeeper *beeper;
  TdSpeech *speech;
};

static void
on_speech_failed (TdBeep instead, gint64 since_ns, gpointer data)
{
  TdSound *self = data;

  td_beeper_play (self->beeper, instead, since_ns);
}

TdSound *
td_sound_new (const TdSoundConfig *config)
{
  static const TdSoundConfig usual;
  TdSound *self = g_new0 (TdSound, 1);

  if (!config)
    config = &usual;
  self->beeper = td_beeper_new (config->sink);
  self->speech = td_speech_new (config->address, !config->no_spawn, on_speech_failed, self);
  return self;
}

void
td_sound_free (TdSound *self)
{
  if (!self)
    return;
  /* The voice first: it may beep. */
  td_speech_free (self->speech);
  td_beeper_free (self->beeper);
  g_free (self);
}

gboolean
td_sound_all_ended (void)
{
  return td_beeper_all_ended ();
}

void
td_sound_set_awake (TdSound *self, gboolean awake)
{
  td_beeper_set_open (self->beeper, awake);
  td_speech_set_open (self->speech, awake);
}

void
td_sound_set_volume (TdSound *self, double volume)
{
  td_beeper_set_volume (self->beeper, volume);
  td_speech_set_volume (self->speech, volume);
  /* The server asks for the volume only when a sentence begins. */
  if (volume <= 0)
    td_sound_hush (self);
}

void
td_sound_set_language (TdSound *self, const char *language)
{
  td_speech_set_language (self->speech, language);
}

void
td_sound_beep (TdSound *self, TdBeep beep, gint64 since_ns)
{
  td_beeper_play (self->beeper, beep, since_ns);
}

void
td_sound_say (TdSound *self, const char *text, TdBeep instead, gint64 since_ns)
{
  if (text[0] != '\0')
    td_speech_say (self->speech, text, instead, since_ns);
}

void
td_sound_hush (TdSound *self)
{
  td_speech_say (self->speech, "", TD_BEEP_NONE, 0);
}

void
td_sound_get_stats (TdSound *self, TdSoundStats *stats)
{
  td_beeper_get_stats (self->beeper, &stats->beeps);
  td_speech_get_stats (self->speech, &stats->speech);
}

/* In C's own number format, for programs. */
static void
append (GString *text, const char *name, double ms)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append_printf (text, " %s %s", name,
                          g_ascii_formatd (number, sizeof number, "%.1f", ms));
}

char *
td_sound_report (TdSound *self)
{
  TdSoundStats stats;
  GString *text = g_string_new ("sound-ms");

  td_sound_get_stats (self, &stats);
  g_string_append_printf (text, " said %u failed %u dropped %u", stats.speech.n_said,
                          stats.speech.n_failed, stats.speech.n_dropped);
  append (text, "say-p50", stats.speech.to_server_ms_p50);
  append (text, "say-p95", stats.speech.to_server_ms_p95);
  append (text, "frame-say-p50", stats.speech.since_to_server_ms_p50);
  append (text, "frame-say-p95", stats.speech.since_to_server_ms_p95);
  g_string_append_printf (text, " beeps %u missed %u", stats.beeps.n_played, stats.beeps.n_dropped);
  append (text, "beep-p50", stats.beeps.to_sink_ms_p50);
  append (text, "beep-p95", stats.beeps.to_sink_ms_p95);
  append (text, "frame-beep-p50", stats.beeps.since_to_sink_ms_p50);
  append (text, "frame-beep-p95", stats.beeps.since_to_sink_ms_p95);
  append (text, "buffer", stats.beeps.buffer_ms);
  return g_string_free (text, FALSE);
}
