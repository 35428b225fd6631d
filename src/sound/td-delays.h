/* td-delays.h: how long things took, the last few hundred of them. Any thread.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>
#include <pthread.h>

G_BEGIN_DECLS

enum
{
  TD_DELAYS_KEPT = 512
};

typedef struct
{
  pthread_mutex_t mutex;
  guint n; /* ever */
  float ms[TD_DELAYS_KEPT];
} TdDelays;

void td_delays_init (TdDelays *self);
void td_delays_clear (TdDelays *self);
/* From since_ns to now_ns, CLOCK_MONOTONIC; 0 for SINCE_NS: not known, nothing is kept. */
void td_delays_add (TdDelays *self, gint64 since_ns, gint64 now_ns);
/* The value that SHARE (0..1) of those kept do not exceed; 0 when there are none. */
double td_delays_percentile (TdDelays *self, double share);
guint td_delays_n (TdDelays *self);

G_END_DECLS
