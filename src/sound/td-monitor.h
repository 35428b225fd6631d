/* td-monitor.h: a mutex and one condition, with waits until a time.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>
#include <pthread.h>

G_BEGIN_DECLS

typedef struct
{
  pthread_mutex_t mutex;
  pthread_cond_t changed;
} TdMonitor;

void td_monitor_init (TdMonitor *self);
void td_monitor_clear (TdMonitor *self);
void td_monitor_lock (TdMonitor *self);
void td_monitor_unlock (TdMonitor *self);
/* Wakes everybody who waits. */
void td_monitor_notify (TdMonitor *self);
/* Locked: waits for td_monitor_notify() or until UNTIL_US, g_get_monotonic_time(); G_MAXINT64: for
 * as long as it takes. May wake for no reason. */
void td_monitor_wait (TdMonitor *self, gint64 until_us);

/* CLOCK_MONOTONIC in nanoseconds, as TdLiveUpdate.arrived_ns. */
gint64 td_monitor_now_ns (void);

G_END_DECLS
