/* td-latency.c: how long a picture takes from the camera to the screen, for --trace-latency.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-latency.h"

struct TdLatency
{
  GArray *camera; /* double, milliseconds */
  GArray *source;
  gint64 captured_ns, arrived_ns; /* of the picture that waits to be painted */
};

TdLatency *
td_latency_new (void)
{
  TdLatency *self = g_new0 (TdLatency, 1);
  self->camera = g_array_new (FALSE, FALSE, sizeof (double));
  self->source = g_array_new (FALSE, FALSE, sizeof (double));
  return self;
}

void
td_latency_free (TdLatency *self)
{
  if (!self)
    return;
  g_array_unref (self->camera);
  g_array_unref (self->source);
  g_free (self);
}

void
td_latency_picture (TdLatency *self, gint64 captured_ns, gint64 arrived_ns)
{
  self->captured_ns = captured_ns;
  self->arrived_ns = arrived_ns;
}

void
td_latency_painted (TdLatency *self, gint64 now_ns)
{
  if (self->arrived_ns == 0)
    return;

  double source_ms = (double) (now_ns - self->arrived_ns) / 1e6;
  g_array_append_val (self->source, source_ms);
  if (self->captured_ns != 0)
    {
      double camera_ms = (double) (now_ns - self->captured_ns) / 1e6;
      g_array_append_val (self->camera, camera_ms);
    }
  self->arrived_ns = 0;
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;
  return (x > y) - (x < y);
}

double
td_latency_percentile (const double *sorted, guint n, double share)
{
  if (n == 0)
    return 0;
  return sorted[(guint) (share * (n - 1) + 0.5)];
}

static void
append_percentiles (GString *text, const char *name, GArray *values)
{
  const double *sorted;

  if (values->len == 0)
    return;
  g_array_sort (values, compare_doubles);
  sorted = (const double *) (gpointer) values->data;
  g_string_append_printf (text, " %s-p50 %.1f %s-p95 %.1f", name,
                          td_latency_percentile (sorted, values->len, 0.5), name,
                          td_latency_percentile (sorted, values->len, 0.95));
}

char *
td_latency_report (TdLatency *self)
{
  GString *text = g_string_new ("latency-ms");

  g_string_append_printf (text, " pictures %u", self->source->len);
  append_percentiles (text, "camera", self->camera);
  append_percentiles (text, "source", self->source);
  return g_string_free (text, FALSE);
}
