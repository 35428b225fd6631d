/* td-sound-check.c: lets the user hear what a session sounds like: the voice, or a beep.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-sound-check.h"

#include "td-sound.h"

#include <glib/gi18n.h>

/* A device and a speech server that sleep need a moment; what comes too late is not heard at all. */
#define WAKE_MS 700

struct TdSoundCheck
{
  GSettings *settings;
  TdSound *sound;
  guint waking;
};

TdSoundCheck *
td_sound_check_new (GSettings *settings)
{
  TdSoundCheck *self = g_new0 (TdSoundCheck, 1);

  self->settings = g_object_ref (settings);
  return self;
}

void
td_sound_check_free (TdSoundCheck *self)
{
  if (!self)
    return;
  g_clear_handle_id (&self->waking, g_source_remove);
  td_sound_free (self->sound);
  g_object_unref (self->settings);
  g_free (self);
}

static void
play (TdSoundCheck *self)
{
  td_sound_set_volume (self->sound, g_settings_get_double (self->settings, "volume"));
  if (g_settings_get_boolean (self->settings, "voice"))
    /* Translators: spoken, to hear whether it is loud enough */
    td_sound_say (self->sound, _ ("One. Two. Chest up."), TD_BEEP_COUNT, 0);
  else
    td_sound_beep (self->sound, TD_BEEP_COUNT, 0);
}

static gboolean
on_awake (gpointer data)
{
  TdSoundCheck *self = data;

  self->waking = 0;
  play (self);
  return G_SOURCE_REMOVE;
}

void
td_sound_check_play (TdSoundCheck *self)
{
  TdSoundConfig config = { .sink = g_getenv ("TEARDROP_AUDIO_SINK") };

  if (self->waking)
    return;
  if (self->sound)
    {
      play (self);
      return;
    }
  self->sound = td_sound_new (&config);
  td_sound_set_language (self->sound, C_ ("code of this language", "en"));
  td_sound_set_awake (self->sound, TRUE);
  self->waking = g_timeout_add (WAKE_MS, on_awake, self);
}
