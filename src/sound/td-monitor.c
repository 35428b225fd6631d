/* td-monitor.c: a mutex and one condition, with waits until a time.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-monitor.h"

#include <time.h>

void
td_monitor_init (TdMonitor *self)
{
  pthread_condattr_t attributes;

  pthread_condattr_init (&attributes);
  pthread_condattr_setclock (&attributes, CLOCK_MONOTONIC);
  pthread_mutex_init (&self->mutex, NULL);
  pthread_cond_init (&self->changed, &attributes);
  pthread_condattr_destroy (&attributes);
}

void
td_monitor_clear (TdMonitor *self)
{
  pthread_cond_destroy (&self->changed);
  pthread_mutex_destroy (&self->mutex);
}

void
td_monitor_lock (TdMonitor *self)
{
  pthread_mutex_lock (&self->mutex);
}

void
td_monitor_unlock (TdMonitor *self)
{
  pthread_mutex_unlock (&self->mutex);
}

void
td_monitor_notify (TdMonitor *self)
{
  pthread_cond_broadcast (&self->changed);
}

void
td_monitor_wait (TdMonitor *self, gint64 until_us)
{
  if (until_us == G_MAXINT64)
    {
      pthread_cond_wait (&self->changed, &self->mutex);
      return;
    }
  struct timespec until = { .tv_sec = (time_t) (until_us / G_USEC_PER_SEC),
                            .tv_nsec = (long) (until_us % G_USEC_PER_SEC) * 1000 };
  pthread_cond_timedwait (&self->changed, &self->mutex, &until);
}

gint64
td_monitor_now_ns (void)
{
  return g_get_monotonic_time () * 1000;
}
