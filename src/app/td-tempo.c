/* td-tempo.c: how long the running repetition takes, down and up.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-tempo.h"

#include <glib/gi18n.h>

void
td_tempo_init (TdTempo *self)
{
  *self = (TdTempo){ .phase = TD_PHASE_ABSENT };
}

void
td_tempo_push (TdTempo *self, TdPhase phase, gint64 time_ns)
{
  if (time_ns < self->now_ns)
    td_tempo_init (self);

  double passed = self->now_ns > 0 ? (double) (time_ns - self->now_ns) / 1e9 : 0;
  self->now_ns = time_ns;
  if (phase == TD_PHASE_ABSENT)
    {
      td_tempo_init (self);
      return;
    }
  if (phase == TD_PHASE_DOWN && self->phase != TD_PHASE_DOWN && self->phase != TD_PHASE_BOTTOM)
    self->down_s = self->pause_s = self->up_s = 0;
  self->phase = phase;
  /* A slow descent may look like the bottom for a moment: all of a phase is added up. */
  if (phase == TD_PHASE_DOWN)
    self->down_s += passed;
  else if (phase == TD_PHASE_BOTTOM)
    self->pause_s += passed;
  else if (phase == TD_PHASE_UP)
    self->up_s += passed;
}

char *
td_tempo_text (const TdTempo *self)
{
  switch (self->phase)
    {
    case TD_PHASE_DOWN:
      /* Translators: seconds of going down so far */
      return g_strdup_printf (_ ("↓ %.1f s"), self->down_s);
    case TD_PHASE_BOTTOM:
      /* Translators: seconds of staying at the bottom so far */
      return g_strdup_printf (_ ("‖ %.1f s"), self->pause_s);
    case TD_PHASE_UP:
      /* Translators: seconds of coming up so far */
      return g_strdup_printf (_ ("↑ %.1f s"), self->up_s);
    case TD_PHASE_TOP:
      if (self->up_s > 0)
        /* Translators: seconds down and up of the last repetition */
        return g_strdup_printf (_ ("↓ %.1f s  ↑ %.1f s"), self->down_s, self->up_s);
      return g_strdup ("");
    case TD_PHASE_ABSENT:
    default:
      return g_strdup ("");
    }
}
