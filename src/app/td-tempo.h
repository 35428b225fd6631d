/* td-tempo.h: how long the running repetition takes, down and up. No widgets.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-motion.h"

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  TdPhase phase;
  gint64 now_ns;                /* the frames' own time */
  double down_s, pause_s, up_s; /* of this repetition, or of the last one while standing */
} TdTempo;

void td_tempo_init (TdTempo *self);
void td_tempo_push (TdTempo *self, TdPhase phase, gint64 time_ns);
/* "↓ 3.1 s" going down, "‖ 0.4 s" at the bottom, "↑ 0.8 s" coming up, "↓ 3.1 s  ↑ 1.2 s" after it; "" before the first.
 * To be freed with g_free(). */
char *td_tempo_text (const TdTempo *self);

G_END_DECLS
