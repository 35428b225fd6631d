/* td-latency.h: how long a picture takes from the camera to the screen, for --trace-latency.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct TdLatency TdLatency;

TdLatency *td_latency_new (void);
void td_latency_free (TdLatency *self);

/* A picture was handed to the widgets: when the camera took it (0: not known, a file) and when it
 * left the source. A picture that replaces one not yet painted is the only one that is timed. */
void td_latency_picture (TdLatency *self, gint64 captured_ns, gint64 arrived_ns);
/* The frame clock has painted. NOW_NS: CLOCK_MONOTONIC. */
void td_latency_painted (TdLatency *self, gint64 now_ns);

/* The value below which SHARE (0..1) of the N sorted VALUES lie; 0 when there are none. */
double td_latency_percentile (const double *sorted, guint n, double share);

/* "latency-ms pictures 540 camera-p50 31.2 camera-p95 48.0 source-p50 … source-p95 …"; camera is
 * left out for files. To be freed with g_free(). */
char *td_latency_report (TdLatency *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TdLatency, td_latency_free)

G_END_DECLS
