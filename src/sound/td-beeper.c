/* td-beeper.c: plays beeps through one GStreamer pipeline that is kept running.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-beeper.h"

#include "td-delays.h"
#include "td-monitor.h"

#include <gst/app/gstappsrc.h>
#include <gst/gst.h>
#include <math.h>
#include <string.h>

enum
{
  BLOCK = TD_TONE_RATE / 100, /* samples: 10 ms */
  MAX_TONES = 8,
  MAX_MARKS = MAX_TONES
};

#define BLOCK_NS (10 * GST_MSECOND)
/* What a device keeps waiting: short enough to answer a movement, long enough for a busy machine. */
#define BUFFER_US (40 * G_TIME_SPAN_MILLISECOND)
#define SEGMENT_US (10 * G_TIME_SPAN_MILLISECOND)
/* A later beep would be taken for that of the next movement. */
#define TOO_LATE_US (700 * G_TIME_SPAN_MILLISECOND)
/* After a beep of a closed beeper. */
#define LINGER_US (3 * G_TIME_SPAN_SECOND)
/* After the last sample was made. */
#define DRAIN_US (200 * G_TIME_SPAN_MILLISECOND)
#define OPEN_PATIENCE (3 * GST_SECOND)
#define LOST_RETRY_US (2 * G_TIME_SPAN_SECOND)
#define FAILED_RETRY_US (30 * G_TIME_SPAN_SECOND)
#define FREE_PATIENCE_US (500 * G_TIME_SPAN_MILLISECOND)

typedef struct
{
  TdBeep beep;
  guint played; /* samples */
  gint64 asked_us;
  gint64 since_ns;
} Tone;

/* A block with a tone's first sample, on its way to the device. */
typedef struct
{
  GstClockTime pts;
  gint64 asked_ns;
  gint64 since_ns;
} Mark;

/* The owner and the thread hold one reference each. */
struct TdBeeper
{
  gint references; /* atomic */
  char *sink;
  pthread_t thread;
  gboolean has_thread;

  TdMonitor monitor; /* of all below, to the blank line */
  gboolean quit, ended;
  gboolean wanted;
  gint64 linger_until_us;
  gboolean lost; /* the pipeline has failed */
  gboolean running;
  float gain;
  guint n_tones;
  Tone tones[MAX_TONES];
  guint n_marks;
  Mark marks[MAX_MARKS];
  guint n_played, n_dropped;
  double buffer_ms;

  guint64 block; /* of the thread that makes the samples */

  TdDelays to_sink, since_to_sink;
};

static gint n_threads; /* atomic */

static void
unref (TdBeeper *self)
{
  if (!g_atomic_int_dec_and_test (&self->references))
    return;
  td_delays_clear (&self->since_to_sink);
  td_delays_clear (&self->to_sink);
  td_monitor_clear (&self->monitor);
  g_free (self->sink);
  g_free (self);
}

/* --- Samples: GStreamer's thread ---------------------------------------------------------- */

static gboolean
is_too_late (const Tone *tone, gint64 now_us)
{
  return tone->played == 0 && now_us - tone->asked_us > TOO_LATE_US;
}

/* Locked. */
static void
remove_tone (TdBeeper *self, guint i)
{
  self->n_tones--;
  memmove (&self->tones[i], &self->tones[i + 1], (self->n_tones - i) * sizeof (Tone));
}

/* Locked. */
static void
drop_late_tones (TdBeeper *self, gint64 now_us)
{
  for (guint i = self->n_tones; i > 0; i--)
    if (is_too_late (&self->tones[i - 1], now_us))
      {
        remove_tone (self, i - 1);
        self->n_dropped++;
      }
}

/* Locked. */
static void
mix (TdBeeper *self, GstClockTime pts, float sum[BLOCK])
{
  drop_late_tones (self, g_get_monotonic_time ());
  for (guint i = self->n_tones; i > 0; i--)
    {
      Tone *tone = &self->tones[i - 1];
      if (tone->played == 0 && self->n_marks < MAX_MARKS)
        self->marks[self->n_marks++] = (Mark){ pts, tone->asked_us * 1000, tone->since_ns };
      for (guint s = 0; s < BLOCK; s++)
        sum[s] += self->gain * td_tone_sample (tone->beep, tone->played + s);
      tone->played += BLOCK;
      if (tone->played >= td_tone_length (tone->beep))
        {
          remove_tone (self, i - 1);
          /* What the device has waiting is heard yet. */
          self->linger_until_us = MAX (self->linger_until_us, g_get_monotonic_time () + DRAIN_US);
        }
    }
}

static void
on_need_data (GstAppSrc *source, guint length, gpointer data)
{
  TdBeeper *self = data;
  float sum[BLOCK] = { 0 };
  gint16 samples[BLOCK];
  GstClockTime pts = self->block++ * BLOCK_NS;

  (void) length;
  td_monitor_lock (&self->monitor);
  mix (self, pts, sum);
  td_monitor_unlock (&self->monitor);
  for (guint s = 0; s < BLOCK; s++)
    samples[s] = (gint16) lrintf (32767.f * CLAMP (sum[s], -1.f, 1.f));

  GstBuffer *buffer = gst_buffer_new_memdup (samples, sizeof samples);
  GST_BUFFER_PTS (buffer) = pts;
  GST_BUFFER_DURATION (buffer) = BLOCK_NS;
  gst_app_src_push_buffer (source, buffer);
}

/* A block is handed to the device. */
static GstPadProbeReturn
on_sink_buffer (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  TdBeeper *self = data;
  GstClockTime pts = GST_BUFFER_PTS (GST_PAD_PROBE_INFO_BUFFER (info));
  gint64 now_ns = td_monitor_now_ns ();

  (void) pad;
  td_monitor_lock (&self->monitor);
  while (self->n_marks > 0 && self->marks[0].pts <= pts)
    {
      td_delays_add (&self->to_sink, self->marks[0].asked_ns, now_ns);
      td_delays_add (&self->since_to_sink, self->marks[0].since_ns, now_ns);
      self->n_played++;
      self->n_marks--;
      memmove (&self->marks[0], &self->marks[1], self->n_marks * sizeof (Mark));
    }
  td_monitor_unlock (&self->monitor);
  return GST_PAD_PROBE_OK;
}

/* The device is gone, or its server. */
static GstBusSyncReply
on_message (GstBus *bus, GstMessage *message, gpointer data)
{
  TdBeeper *self = data;

  (void) bus;
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    {
      g_autoptr (GError) error = NULL;
      gst_message_parse_error (message, &error, NULL);
      td_monitor_lock (&self->monitor);
      if (self->running)
        g_debug ("no more beeps: %s", error->message);
      self->lost = TRUE;
      td_monitor_notify (&self->monitor);
      td_monitor_unlock (&self->monitor);
    }
  gst_message_unref (message);
  return GST_BUS_DROP;
}

/* --- Opening and closing: our own thread -------------------------------------------------- */

static gboolean
has_property (GstElement *element, const char *name)
{
  return g_object_class_find_property (G_OBJECT_GET_CLASS (element), name) != NULL;
}

/* Also of the element that an automatic sink has chosen. */
static void
on_element_added (GstBin *bin, GstBin *sub, GstElement *element, gpointer data)
{
  (void) bin;
  (void) sub;
  (void) data;
  if (!has_property (element, "buffer-time") || !has_property (element, "latency-time"))
    return;
  /* A device takes samples at its own pace. Held against a clock, it would drop them after every
   * stall of the machine. */
  g_object_set (element, "buffer-time", (gint64) BUFFER_US, "latency-time", (gint64) SEGMENT_US,
                "sync", FALSE, NULL);
}

static GstElement *
make_pipeline (TdBeeper *self, GError **error)
{
  g_autoptr (GstElement) pipeline = gst_object_ref_sink (gst_pipeline_new (NULL));
  GstElement *source = gst_element_factory_make ("appsrc", NULL);
  GstElement *convert = gst_element_factory_make ("audioconvert", NULL);
  GstElement *resample = gst_element_factory_make ("audioresample", NULL);
  GstElement *sink
      = gst_parse_bin_from_description (self->sink ? self->sink : "autoaudiosink", TRUE, error);

  if (!source || !convert || !resample || !sink)
    {
      GstElement *made[] = { source, convert, resample, sink };
      for (guint i = 0; i < G_N_ELEMENTS (made); i++)
        if (made[i])
          gst_object_unref (gst_object_ref_sink (made[i]));
      if (error && !*error)
        g_set_error_literal (error, GST_CORE_ERROR, GST_CORE_ERROR_MISSING_PLUGIN,
                             "GStreamer has no appsrc, audioconvert or audioresample");
      return NULL;
    }

  g_autoptr (GstCaps) caps = gst_caps_new_simple (
      "audio/x-raw", "format", G_TYPE_STRING, G_BYTE_ORDER == G_LITTLE_ENDIAN ? "S16LE" : "S16BE",
      "rate", G_TYPE_INT, TD_TONE_RATE, "channels", G_TYPE_INT, 1, "layout", G_TYPE_STRING,
      "interleaved", NULL);
  GstAppSrcCallbacks callbacks = { .need_data = on_need_data };
  g_object_set (source, "caps", caps, "format", GST_FORMAT_TIME, "max-bytes", (guint64) 1, NULL);
  gst_app_src_set_callbacks (GST_APP_SRC (source), &callbacks, self, NULL);
  g_signal_connect (pipeline, "deep-element-added", G_CALLBACK (on_element_added), NULL);
  gst_bin_add_many (GST_BIN (pipeline), source, convert, resample, sink, NULL);
  gst_element_link_many (source, convert, resample, sink, NULL);

  g_autoptr (GstPad) pad = gst_element_get_static_pad (sink, "sink");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_sink_buffer, self, NULL);
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  gst_bus_set_sync_handler (bus, on_message, self, NULL);
  return g_steal_pointer (&pipeline);
}

/* The last element, inside of whatever bins; NULL when there is none. To be unreffed. */
static GstElement *
find_device (GstElement *pipeline)
{
  g_autoptr (GstIterator) all = gst_bin_iterate_recurse (GST_BIN (pipeline));
  GValue item = G_VALUE_INIT;
  GstElement *device = NULL;

  while (!device && gst_iterator_next (all, &item) == GST_ITERATOR_OK)
    {
      GstElement *element = g_value_get_object (&item);
      if (!GST_IS_BIN (element) && GST_OBJECT_FLAG_IS_SET (element, GST_ELEMENT_FLAG_SINK))
        device = gst_object_ref (element);
      g_value_reset (&item);
    }
  g_value_unset (&item);
  return device;
}

static void
close_pipeline (GstElement *pipeline)
{
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
}

/* NULL: there is nothing to play on. */
static GstElement *
open_pipeline (TdBeeper *self, double *buffer_ms, GError **error)
{
  if (!gst_init_check (NULL, NULL, error))
    return NULL;
  self->block = 0;
  GstElement *pipeline = make_pipeline (self, error);
  if (!pipeline)
    return NULL;
  if (gst_element_set_state (pipeline, GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE
      || gst_element_get_state (pipeline, NULL, NULL, OPEN_PATIENCE) != GST_STATE_CHANGE_SUCCESS)
    {
      g_set_error_literal (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_WRITE,
                           "the device does not open");
      close_pipeline (pipeline);
      return NULL;
    }

  g_autoptr (GstElement) device = find_device (pipeline);
  const char *kind = device ? GST_OBJECT_NAME (gst_element_get_factory (device)) : "nothing";
  *buffer_ms = 0;
  if (device && has_property (device, "buffer-time"))
    {
      gint64 buffer_us;
      g_object_get (device, "buffer-time", &buffer_us, NULL);
      *buffer_ms = (double) buffer_us / 1000;
    }
  /* What an automatic sink falls back to. */
  if (!self->sink && g_str_has_prefix (kind, "fake"))
    {
      g_set_error_literal (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND,
                           "there is no audio device");
      close_pipeline (pipeline);
      return NULL;
    }
  return pipeline;
}

/* Locked. */
static gboolean
is_wanted (TdBeeper *self, gint64 now_us)
{
  drop_late_tones (self, now_us);
  return self->wanted || now_us < self->linger_until_us || self->n_tones > 0;
}

static void *
run (void *data)
{
  TdBeeper *self = data;
  GstElement *pipeline = NULL;
  gint64 retry_us = 0;
  gboolean told = FALSE;

  td_monitor_lock (&self->monitor);
  while (!self->quit)
    {
      gint64 now_us = g_get_monotonic_time ();
      gboolean wanted = is_wanted (self, now_us);

      if (pipeline && (self->lost || !wanted))
        {
          if (self->lost)
            retry_us = now_us + LOST_RETRY_US;
          self->running = FALSE;
          td_monitor_unlock (&self->monitor);
          close_pipeline (g_steal_pointer (&pipeline));
          td_monitor_lock (&self->monitor);
          self->n_marks = 0;
        }
      else if (!pipeline && wanted && now_us >= retry_us)
        {
          g_autoptr (GError) error = NULL;
          double buffer_ms = 0;
          self->lost = FALSE;
          td_monitor_unlock (&self->monitor);
          pipeline = open_pipeline (self, &buffer_ms, &error);
          if (!pipeline && !told)
            g_debug ("no beeps: %s", error->message);
          told = !pipeline;
          td_monitor_lock (&self->monitor);
          self->running = pipeline != NULL;
          self->buffer_ms = buffer_ms;
          if (!pipeline)
            retry_us = g_get_monotonic_time () + FAILED_RETRY_US;
        }
      else if (!pipeline && wanted)
        td_monitor_wait (&self->monitor, retry_us);
      else if (pipeline && !self->wanted)
        td_monitor_wait (&self->monitor,
                         self->n_tones > 0 ? now_us + DRAIN_US : self->linger_until_us);
      else
        td_monitor_wait (&self->monitor, G_MAXINT64);
    }
  td_monitor_unlock (&self->monitor);

  if (pipeline)
    close_pipeline (pipeline);
  td_monitor_lock (&self->monitor);
  self->ended = TRUE;
  td_monitor_notify (&self->monitor);
  td_monitor_unlock (&self->monitor);
  unref (self);
  g_atomic_int_add (&n_threads, -1);
  return NULL;
}

/* --- The owner ---------------------------------------------------------------------------- */

TdBeeper *
td_beeper_new (const char *sink)
{
  TdBeeper *self = g_new0 (TdBeeper, 1);

  self->sink = g_strdup (sink);
  self->gain = 1;
  td_monitor_init (&self->monitor);
  td_delays_init (&self->to_sink);
  td_delays_init (&self->since_to_sink);
  self->references = 2;
  g_atomic_int_inc (&n_threads);
  self->has_thread = pthread_create (&self->thread, NULL, run, self) == 0;
  if (!self->has_thread)
    {
      g_atomic_int_add (&n_threads, -1);
      g_debug ("no beeps: no thread for them");
      self->references = 1;
    }
  return self;
}

void
td_beeper_free (TdBeeper *self)
{
  gint64 until_us = g_get_monotonic_time () + FREE_PATIENCE_US;

  td_monitor_lock (&self->monitor);
  self->quit = TRUE;
  td_monitor_notify (&self->monitor);
  while (self->has_thread && !self->ended && g_get_monotonic_time () < until_us)
    td_monitor_wait (&self->monitor, until_us);
  gboolean ended = self->ended;
  td_monitor_unlock (&self->monitor);

  if (ended)
    pthread_join (self->thread, NULL);
  else if (self->has_thread)
    pthread_detach (self->thread);
  unref (self);
}

gboolean
td_beeper_all_ended (void)
{
  return g_atomic_int_get (&n_threads) == 0;
}

void
td_beeper_set_open (TdBeeper *self, gboolean open)
{
  td_monitor_lock (&self->monitor);
  self->wanted = open;
  td_monitor_notify (&self->monitor);
  td_monitor_unlock (&self->monitor);
}

void
td_beeper_set_volume (TdBeeper *self, double volume)
{
  double v = CLAMP (volume, 0., 1.);

  td_monitor_lock (&self->monitor);
  /* Loudness is heard in ratios. */
  self->gain = (float) (v * v);
  td_monitor_unlock (&self->monitor);
}

void
td_beeper_play (TdBeeper *self, TdBeep beep, gint64 since_ns)
{
  gint64 now_us = g_get_monotonic_time ();

  td_monitor_lock (&self->monitor);
  if (beep != TD_BEEP_NONE && self->gain > 0)
    {
      if (self->n_tones == MAX_TONES)
        {
          remove_tone (self, 0);
          self->n_dropped++;
        }
      self->tones[self->n_tones++] = (Tone){ beep, 0, now_us, since_ns };
      if (!self->wanted)
        self->linger_until_us = now_us + LINGER_US;
      td_monitor_notify (&self->monitor);
    }
  td_monitor_unlock (&self->monitor);
}

void
td_beeper_get_stats (TdBeeper *self, TdBeeperStats *stats)
{
  td_monitor_lock (&self->monitor);
  drop_late_tones (self, g_get_monotonic_time ());
  *stats = (TdBeeperStats){
    .running = self->running,
    .n_played = self->n_played,
    .n_dropped = self->n_dropped,
    .buffer_ms = self->buffer_ms,
  };
  td_monitor_unlock (&self->monitor);
  stats->to_sink_ms_p50 = td_delays_percentile (&self->to_sink, .5);
  stats->to_sink_ms_p95 = td_delays_percentile (&self->to_sink, .95);
  stats->since_to_sink_ms_p50 = td_delays_percentile (&self->since_to_sink, .5);
  stats->since_to_sink_ms_p95 = td_delays_percentile (&self->since_to_sink, .95);
}
