/* td-delays.c: how long things took, the last few hundred of them.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-delays.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void
td_delays_init (TdDelays *self)
{
  self->n = 0;
  pthread_mutex_init (&self->mutex, NULL);
}

void
td_delays_clear (TdDelays *self)
{
  pthread_mutex_destroy (&self->mutex);
}

void
td_delays_add (TdDelays *self, gint64 since_ns, gint64 now_ns)
{
  if (since_ns == 0)
    return;
  pthread_mutex_lock (&self->mutex);
  self->ms[self->n++ % TD_DELAYS_KEPT] = (float) (now_ns - since_ns) / 1e6f;
  pthread_mutex_unlock (&self->mutex);
}

static int
by_size (const void *a, const void *b)
{
  float x = *(const float *) a, y = *(const float *) b;
  return (x > y) - (x < y);
}

double
td_delays_percentile (TdDelays *self, double share)
{
  float sorted[TD_DELAYS_KEPT];
  pthread_mutex_lock (&self->mutex);
  guint n = MIN (self->n, TD_DELAYS_KEPT);
  memcpy (sorted, self->ms, n * sizeof sorted[0]);
  pthread_mutex_unlock (&self->mutex);
  if (n == 0)
    return 0;
  qsort (sorted, n, sizeof sorted[0], by_size);
  return (double) sorted[(guint) lround (share * (n - 1))];
}

guint
td_delays_n (TdDelays *self)
{
  pthread_mutex_lock (&self->mutex);
  guint n = self->n;
  pthread_mutex_unlock (&self->mutex);
  return n;
}
