/* td-beeper.h: plays beeps through one GStreamer pipeline that is kept running.
 *
 * While it is open, silence is played between the beeps: a device that was put to sleep takes up to a
 * second to wake, and swallows what it is woken by. Opening and closing, which may take as long as
 * they like, are done by a thread of its own; no function here blocks.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-tone.h"

G_BEGIN_DECLS

typedef struct TdBeeper TdBeeper;

/* SINK: elements as for gst-launch-1.0; NULL: where the desktop wants sound to be played. Nothing is
 * opened yet. */
TdBeeper *td_beeper_new (const char *sink);
/* Waits for half a second at most; what still goes on then ends in the background. */
void td_beeper_free (TdBeeper *self);
/* Nothing goes on in the background. */
gboolean td_beeper_all_ended (void);

/* Opens the device ahead of the first beep. Closed: beeps that sound are played to their end; a further
 * one opens the device for a moment. */
void td_beeper_set_open (TdBeeper *self, gboolean open);
/* 0..1 */
void td_beeper_set_volume (TdBeeper *self, double volume);
/* Beeps now, or never when that is not possible within 0.7 s. SINCE_NS: CLOCK_MONOTONIC of what it
 * is about; 0: nothing is measured. */
void td_beeper_play (TdBeeper *self, TdBeep beep, gint64 since_ns);

typedef struct
{
  gboolean running;                      /* the device plays */
  guint n_played;                        /* beeps that reached the device */
  guint n_dropped;                       /* that did not in time */
  double to_sink_ms_p50, to_sink_ms_p95; /* from td_beeper_play() to the device's buffer */
  double since_to_sink_ms_p50, since_to_sink_ms_p95; /* from SINCE_NS */
  double buffer_ms; /* what the device has waiting, to be added to each; 0: not known */
} TdBeeperStats;

/* Of the last few hundred beeps. */
void td_beeper_get_stats (TdBeeper *self, TdBeeperStats *stats);

G_END_DECLS
