/* td-sound-check.h: lets the user hear what a session sounds like: the voice, or a beep.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct TdSoundCheck TdSoundCheck;

/* By the settings "voice" and "volume". Opens nothing yet. */
TdSoundCheck *td_sound_check_new (GSettings *settings);
/* NULL is allowed. */
void td_sound_check_free (TdSoundCheck *self);
/* Speaks, or beeps where nothing is to be or can be spoken. */
void td_sound_check_play (TdSoundCheck *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TdSoundCheck, td_sound_check_free)

G_END_DECLS
