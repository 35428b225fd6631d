/* td-source.c: one GStreamer pipeline that ends in an appsink, for a file or a camera.
 *
 *   file:   filesrc ! decodebin ┐
 *   camera: source ! [jpegdec]  ┴ videoconvert ! videoflip ! videoscale ! videoconvert ! appsink
 *
 * There is no main loop: streaming threads only set flags of the TdSource and wake its owner, who
 * then looks at the appsink. What went wrong is told after the frames that came before it.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-capture-private.h"

#include <errno.h>
#include <fcntl.h>
#include <gst/app/gstappsink.h>
#include <gst/video/video.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SECOND_NS INT64_C (1000000000)

/* Network folders and sleeping disks are slow; a file that takes longer than this is given up. */
#define OPEN_FILE_NS (30 * SECOND_NS)
/* Some cameras need seconds to begin. */
#define OPEN_CAMERA_NS (5 * SECOND_NS)
/* After an error the frames decoded before it are still on their way. */
#define DRAIN_NS (1 * SECOND_NS)

struct TdSource
{
  GstElement *pipeline;
  GstElement *convert; /* where decoded pictures go in */
  GstAppSink *sink;
  bool live;

  pthread_mutex_t lock; /* guards what follows, up to the owner's part */
  pthread_cond_t changed;
  uint64_t n_events; /* so that no wake-up is lost between looking and waiting */
  bool interrupted;
  bool prerolled;
  bool ended;         /* the end of the stream has passed the sink */
  GError *error;      /* the first one */
  char *details;      /* its debug text */
  int64_t error_ns;   /* CLOCK_MONOTONIC when it came */
  bool unplugged;     /* the device monitor says so */
  bool gap;           /* the decoder was told of a gap */
  bool damaged;       /* it could not decode something */
  int64_t packet_ns;  /* running time of the latest that went in */
  int64_t decoded_ns; /* and of the latest that came out */
  int64_t reached_ns; /* of sound and anything else that is not a picture */
  char *missing;      /* what to decode the picture there is no plug-in for */
  int64_t arrived_ns; /* CLOCK_MONOTONIC of the newest frame of a camera */
  int64_t stamped_ns; /* its time stamp */

  /* The owner's. */
  char *name; /* for messages: the file's base name, the camera's name */
  char *path; /* of a file */
  GstDevice *device;
  TdLonger longer;
  bool starting; /* there is a STARTER */
  pthread_t starter;
  bool playing;
  int64_t n_frames;
  int64_t first_ns;
  int64_t first_stream_ns; /* the same in stream time, which a seek does not begin anew */
  bool sought;
  int64_t last_ns;
  int64_t last_end_ns; /* with the time the file shows the last frame for */
  int64_t given_ns;    /* CLOCK_MONOTONIC when the last frame was given */
  double duration_s;
  double fps;
  TdCaptureError final; /* TD_CAPTURE_OK until there is nothing more to come */
};

/* --- Streaming threads -------------------------------------------------------------------- */

static void
wake (TdSource *self)
{
  self->n_events++;
  pthread_cond_broadcast (&self->changed);
}

static void
take_error (TdSource *self, GError *error, char *details)
{
  pthread_mutex_lock (&self->lock);
  if (self->error)
    {
      g_error_free (error);
      g_free (details);
    }
  else
    {
      self->error = error;
      self->details = details;
      self->error_ns = td_monotonic_ns ();
    }
  wake (self);
  pthread_mutex_unlock (&self->lock);
}

static GstBusSyncReply
on_message (GstBus *bus, GstMessage *message, gpointer data)
{
  (void) bus;
  TdSource *self = data;

  switch (GST_MESSAGE_TYPE (message))
    {
    case GST_MESSAGE_ERROR:
      {
        GError *error = NULL;
        char *details = NULL;
        gst_message_parse_error (message, &error, &details);
        take_error (self, error, details);
        break;
      }
    case GST_MESSAGE_ELEMENT:
      {
        /* The structure of gst_missing_decoder_message_new(). */
        const GstStructure *s = gst_message_get_structure (message);
        const GstCaps *caps = NULL;
        const GValue *detail = gst_structure_get_value (s, "detail");
        if (detail && GST_VALUE_HOLDS_CAPS (detail))
          caps = gst_value_get_caps (detail);
        if (gst_structure_has_name (s, "missing-plugin") && caps && gst_caps_get_size (caps) > 0
            && g_str_has_prefix (gst_structure_get_name (gst_caps_get_structure (caps, 0)),
                                 "video/"))
          {
            const char *name = gst_structure_get_string (s, "name");
            pthread_mutex_lock (&self->lock);
            if (!self->missing)
              self->missing = g_strdup (name ? name : "video decoder");
            pthread_mutex_unlock (&self->lock);
          }
        break;
      }
    case GST_MESSAGE_ASYNC_DONE:
      pthread_mutex_lock (&self->lock);
      self->prerolled = true;
      wake (self);
      pthread_mutex_unlock (&self->lock);
      break;
    default:
      break;
    }
  gst_message_unref (message);
  return GST_BUS_DROP;
}

static GstFlowReturn
on_new_sample (GstAppSink *sink, gpointer data)
{
  (void) sink;
  TdSource *self = data;
  pthread_mutex_lock (&self->lock);
  wake (self);
  pthread_mutex_unlock (&self->lock);
  return GST_FLOW_OK;
}

static void
on_eos (GstAppSink *sink, gpointer data)
{
  (void) sink;
  TdSource *self = data;
  pthread_mutex_lock (&self->lock);
  self->ended = true;
  wake (self);
  pthread_mutex_unlock (&self->lock);
}

/* --- Building ----------------------------------------------------------------------------- */

static TdSource *
source_new (bool live, TdCaptureError *error)
{
  TdSource *self = g_new0 (TdSource, 1);
  self->live = live;
  pthread_mutex_init (&self->lock, NULL);
  pthread_condattr_t attributes;
  pthread_condattr_init (&attributes);
  pthread_condattr_setclock (&attributes, CLOCK_MONOTONIC);
  pthread_cond_init (&self->changed, &attributes);
  pthread_condattr_destroy (&attributes);

  self->pipeline = gst_object_ref_sink (gst_pipeline_new (NULL));
  GstBus *bus = gst_element_get_bus (self->pipeline);
  gst_bus_set_sync_handler (bus, on_message, self, NULL);
  gst_object_unref (bus);

  /* videoflip does not take every decoder's format, so a converter stands before it, and one
   * after it makes BGR; whichever has nothing to do passes the buffer on untouched. */
  GstElement *flip, *scale, *bgr, *sink;
  if (!(self->convert = td_element_add (self->pipeline, "videoconvert", error))
      || !(flip = td_element_add (self->pipeline, "videoflip", error))
      || !(scale = td_element_add (self->pipeline, "videoscale", error))
      || !(bgr = td_element_add (self->pipeline, "videoconvert", error))
      || !(sink = td_element_add (self->pipeline, "appsink", error)))
    {
      td_source_free (self);
      return NULL;
    }
  g_object_set (flip, "video-direction", GST_VIDEO_ORIENTATION_AUTO, NULL);

  GstCaps *caps = gst_caps_new_simple ("video/x-raw", "format", G_TYPE_STRING, "BGR",
                                       "pixel-aspect-ratio", GST_TYPE_FRACTION, 1, 1, NULL);
  /* qos would make decoders leave frames out when the owner is slow. */
  g_object_set (sink, "caps", caps, "max-buffers", 1, "drop", live, "sync", FALSE, "qos", FALSE,
                "enable-last-sample", FALSE, NULL);
  gst_caps_unref (caps);
  self->sink = GST_APP_SINK (sink);
  GstAppSinkCallbacks callbacks = { .eos = on_eos, .new_sample = on_new_sample };
  gst_app_sink_set_callbacks (self->sink, &callbacks, self, NULL);
  gst_element_link_many (self->convert, flip, scale, bgr, sink, NULL);
  return self;
}

/* Blocks for as long as the elements do. */
static void *
dispose (void *data)
{
  TdSource *self = data;
  if (self->starting)
    pthread_join (self->starter, NULL);
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  GstBus *bus = gst_element_get_bus (self->pipeline);
  gst_bus_set_sync_handler (bus, NULL, NULL, NULL);
  gst_object_unref (bus);
  gst_object_unref (self->pipeline);
  g_clear_object (&self->device);
  g_clear_error (&self->error);
  g_free (self->details);
  g_free (self->missing);
  g_free (self->name);
  g_free (self->path);
  pthread_cond_destroy (&self->changed);
  pthread_mutex_destroy (&self->lock);
  g_free (self);
  return NULL;
}

void
td_source_free (TdSource *self)
{
  if (!self)
    return;
  if (self->device)
    td_devices_unwatch (self);
  /* A hung camera may hold up its elements for half a minute, which is not the owner's to wait. */
  pthread_t thread;
  if (!self->live || pthread_create (&thread, NULL, dispose, self) != 0)
    {
      dispose (self);
      return;
    }
  struct timespec deadline;
  clock_gettime (CLOCK_REALTIME, &deadline);
  deadline.tv_sec++;
  if (pthread_timedjoin_np (thread, NULL, &deadline) != 0)
    pthread_detach (thread);
}

/* --- Waiting ------------------------------------------------------------------------------ */

/* With the lock held: waits for an event after N_EVENTS, up to DEADLINE_NS. */
static void
wait_event (TdSource *self, uint64_t n_events, int64_t deadline_ns)
{
  struct timespec deadline
      = { .tv_sec = deadline_ns / SECOND_NS, .tv_nsec = deadline_ns % SECOND_NS };
  while (self->n_events == n_events)
    if (pthread_cond_timedwait (&self->changed, &self->lock, &deadline) == ETIMEDOUT)
      return;
}

static gboolean
see_task (GstElement *element, GstPad *pad, gpointer data)
{
  (void) element;
  if (gst_pad_get_task_state (pad) == GST_TASK_STARTED)
    *(bool *) data = true;
  return TRUE;
}

static void
see_tasks (const GValue *item, gpointer data)
{
  gst_element_foreach_pad (g_value_get_object (item), see_task, data);
}

/* Whether any streaming thread of the pipeline is at work. */
static bool
is_at_work (TdSource *self)
{
  bool at_work = false;
  GstIterator *elements = gst_bin_iterate_recurse (GST_BIN (self->pipeline));
  while (gst_iterator_foreach (elements, see_tasks, &at_work) == GST_ITERATOR_RESYNC)
    gst_iterator_resync (elements);
  gst_iterator_free (elements);
  return at_work;
}

typedef enum
{
  OPENED, /* or ended, or an error came */
  OPEN_STUCK,
  OPEN_SLOW
} Opening;

/* Waits for the first frame, the end or an error. */
static Opening
wait_opened (TdSource *self, int64_t patience_ns)
{
  const int64_t deadline = td_monotonic_ns () + patience_ns;
  int n_idle = 0;
  for (;;)
    {
      const int64_t now = td_monotonic_ns ();
      pthread_mutex_lock (&self->lock);
      if (!self->prerolled && !self->ended && !self->error && !self->unplugged)
        wait_event (self, self->n_events, MIN (deadline, now + SECOND_NS / 10));
      const bool done = self->prerolled || self->ended || self->error || self->unplugged;
      pthread_mutex_unlock (&self->lock);
      if (done)
        return OPENED;
      if (now >= deadline)
        return OPEN_SLOW;
      /* decodebin (1.22) loses an error that a demuxer posts while it is being added: then nothing
       * runs any more, and nothing is said. */
      n_idle = is_at_work (self) ? 0 : n_idle + 1;
      if (n_idle >= 5 && !self->live)
        return OPEN_STUCK;
    }
}

static bool
is_prerolled (TdSource *self)
{
  pthread_mutex_lock (&self->lock);
  const bool prerolled = self->prerolled && !self->ended && !self->unplugged;
  pthread_mutex_unlock (&self->lock);
  return prerolled;
}

static void
read_format (TdSource *self)
{
  GstPad *pad = gst_element_get_static_pad (GST_ELEMENT (self->sink), "sink");
  GstCaps *caps = gst_pad_get_current_caps (pad);
  gst_object_unref (pad);
  int numerator = 0, denominator = 0;
  if (caps
      && gst_structure_get_fraction (gst_caps_get_structure (caps, 0), "framerate", &numerator,
                                     &denominator)
      && denominator > 0)
    self->fps = (double) numerator / denominator;
  gst_clear_caps (&caps);

  gint64 duration = 0;
  if (!self->live && gst_element_query_duration (self->pipeline, GST_FORMAT_TIME, &duration)
      && duration > 0)
    self->duration_s = (double) duration / SECOND_NS;
}

/* --- Files -------------------------------------------------------------------------------- */

static bool
caps_begin_with (const GstCaps *caps, const char *prefix)
{
  return caps && gst_caps_get_size (caps) > 0
         && g_str_has_prefix (gst_structure_get_name (gst_caps_get_structure (caps, 0)), prefix);
}

/* Only pictures are decoded. Playlists and stream descriptions are not followed: they could make
 * a local file fetch something from the network. */
static gboolean
on_autoplug_continue (GstElement *bin, GstPad *pad, GstCaps *caps, gpointer data)
{
  (void) bin, (void) pad, (void) data;
  static const char *const left_alone[] = { "audio/",
                                            "text/",
                                            "subpicture/",
                                            "subtitle/",
                                            "closedcaption/",
                                            "application/x-hls",
                                            "application/dash+xml",
                                            "application/sdp",
                                            "application/vnd.ms-sstr+xml",
                                            "application/x-rtsp" };
  for (size_t i = 0; i < G_N_ELEMENTS (left_alone); i++)
    if (caps_begin_with (caps, left_alone[i]))
      return FALSE;
  return TRUE;
}

/* GstAutoplugSelectResult, which decodebin declares only in its own source. */
enum
{
  SELECT_TRY = 0,
  SELECT_SKIP = 2
};

/* The same decoder on every machine, so that a clip gives the same pictures and the same count. */
static int
on_autoplug_select (GstElement *bin, GstPad *pad, GstCaps *caps, GstElementFactory *factory,
                    gpointer data)
{
  (void) bin, (void) pad, (void) caps, (void) data;
  return gst_element_factory_list_is_type (factory, GST_ELEMENT_FACTORY_TYPE_HARDWARE) ? SELECT_SKIP
                                                                                       : SELECT_TRY;
}

/* BUFFER's running time; -1 when it has none or lies outside of the edits. */
static int64_t
buffer_time_ns (GstPad *pad, GstBuffer *buffer)
{
  int64_t time_ns = -1;
  GstEvent *event = gst_pad_get_sticky_event (pad, GST_EVENT_SEGMENT, 0);
  if (event && GST_BUFFER_PTS_IS_VALID (buffer))
    {
      const GstSegment *segment;
      gst_event_parse_segment (event, &segment);
      const guint64 time
          = gst_segment_to_running_time (segment, GST_FORMAT_TIME, GST_BUFFER_PTS (buffer));
      if (GST_CLOCK_TIME_IS_VALID (time))
        time_ns = (int64_t) time;
    }
  g_clear_pointer (&event, gst_event_unref);
  return time_ns;
}

/* What is not a picture is dropped here, but tells how far the file could be read. */
static GstPadProbeReturn
on_other_buffer (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  TdSource *self = data;
  const int64_t time = buffer_time_ns (pad, GST_PAD_PROBE_INFO_BUFFER (info));
  pthread_mutex_lock (&self->lock);
  self->reached_ns = MAX (self->reached_ns, time);
  pthread_mutex_unlock (&self->lock);
  return GST_PAD_PROBE_DROP;
}

static void
on_pad_added (GstElement *bin, GstPad *pad, gpointer data)
{
  (void) bin;
  TdSource *self = data;
  GstCaps *caps = gst_pad_get_current_caps (pad);
  if (!caps)
    caps = gst_pad_query_caps (pad, NULL);
  GstPad *into = gst_element_get_static_pad (self->convert, "sink");
  if (caps_begin_with (caps, "video/x-raw") && !gst_pad_is_linked (into))
    gst_pad_link (pad, into);
  else
    gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_other_buffer, self, NULL);
  gst_object_unref (into);
  gst_caps_unref (caps);
}

static void
on_no_more_pads (GstElement *bin, gpointer data)
{
  (void) bin;
  TdSource *self = data;
  GstPad *into = gst_element_get_static_pad (self->convert, "sink");
  if (!gst_pad_is_linked (into))
    take_error (
        self,
        g_error_new_literal (GST_STREAM_ERROR, GST_STREAM_ERROR_WRONG_TYPE, "there is no picture"),
        NULL);
  gst_object_unref (into);
}

static GstPadProbeReturn
on_packet (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  TdSource *self = data;
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);
  const int64_t time = buffer_time_ns (pad, buffer);
  pthread_mutex_lock (&self->lock);
  self->packet_ns = MAX (self->packet_ns, time);
  /* A gap that the demuxer knows of is not the decoder's. */
  if (GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DISCONT))
    self->gap = true;
  pthread_mutex_unlock (&self->lock);
  return GST_PAD_PROBE_OK;
}

/* Decoders swallow what they cannot decode, and mark the next picture as not following on the one
 * before. */
static GstPadProbeReturn
on_decoded (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  TdSource *self = data;
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);
  const int64_t time = buffer_time_ns (pad, buffer);
  pthread_mutex_lock (&self->lock);
  self->decoded_ns = MAX (self->decoded_ns, time);
  if (GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DISCONT))
    {
      if (!self->gap)
        self->damaged = true;
      self->gap = false;
    }
  pthread_mutex_unlock (&self->lock);
  return GST_PAD_PROBE_OK;
}

static void
add_probe (TdSource *self, GstElement *element, const char *name, GstPadProbeCallback callback)
{
  GstPad *pad = gst_element_get_static_pad (element, name);
  if (pad)
    gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, callback, self, NULL);
  g_clear_object (&pad);
}

static void
on_deep_element_added (GstBin *bin, GstBin *sub_bin, GstElement *element, gpointer data)
{
  (void) bin, (void) sub_bin;
  if (GST_IS_VIDEO_DECODER (element))
    {
      add_probe (data, element, "sink", on_packet);
      add_probe (data, element, "src", on_decoded);
    }
  /* The network needs the cores more, and each thread of the decoder holds frames. */
  if (g_object_class_find_property (G_OBJECT_GET_CLASS (element), "max-threads"))
    g_object_set (element, "max-threads", 1, NULL);
}

/* Puts the bytes of LONGER into what is read from the file. */
static GstPadProbeReturn
on_read (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  (void) pad;
  const TdSource *self = data;
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);
  if (!buffer)
    return GST_PAD_PROBE_OK;
  const uint64_t begin = GST_BUFFER_OFFSET (buffer), end = begin + gst_buffer_get_size (buffer);
  for (int i = 0; i < self->longer.length; i++)
    {
      const uint64_t at = self->longer.offset + (uint64_t) i;
      if (at < begin || at >= end)
        continue;
      buffer = gst_buffer_make_writable (buffer);
      gst_buffer_fill (buffer, at - begin, &self->longer.bytes[i], 1);
    }
  GST_PAD_PROBE_INFO_DATA (info) = buffer;
  return GST_PAD_PROBE_OK;
}

static TdCaptureStatus
check_file (const char *file, const char *name, TdCaptureError *error)
{
  struct stat status;
  int fd = open (file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0 || fstat (fd, &status) != 0)
    {
      const int why = errno;
      if (fd >= 0)
        close (fd);
      switch (why)
        {
        case ENOENT:
        case ENOTDIR:
          return td_capture_fail (error, TD_CAPTURE_NOT_FOUND, "there is no file “%s”", name);
        case EACCES:
        case EPERM:
          return td_capture_fail (error, TD_CAPTURE_DENIED, "no permission to read “%s”", name);
        default:
          return td_capture_fail (error, TD_CAPTURE_FAILED, "“%s” cannot be opened: %s", name,
                                  g_strerror (why));
        }
    }
  close (fd);
  if (S_ISDIR (status.st_mode))
    return td_capture_fail (error, TD_CAPTURE_BAD_FILE, "“%s” is a folder, not a video", name);
  if (!S_ISREG (status.st_mode))
    return td_capture_fail (error, TD_CAPTURE_BAD_FILE, "“%s” is not a regular file", name);
  if (status.st_size == 0)
    return td_capture_fail (error, TD_CAPTURE_BAD_FILE, "“%s” is empty", name);
  const char *why_not = td_file_refuse (file);
  if (why_not)
    return td_capture_fail (error, TD_CAPTURE_BAD_FILE, "“%s” cannot be played: %s", name, why_not);
  return TD_CAPTURE_OK;
}

/* What is wrong with the file, once no more frames will come. */
static TdCaptureStatus
judge_file (TdSource *self, TdCaptureError *error)
{
  const bool some = self->n_frames > 0;
  pthread_mutex_lock (&self->lock);
  GError *problem = self->error ? g_error_copy (self->error) : NULL;
  char *missing = g_strdup (self->missing);
  /* Nothing comes after the last picture that shows what was swallowed there. */
  const int64_t reached_ns = MAX (self->reached_ns, self->first_ns + self->last_end_ns);
  const bool damaged = self->damaged || self->packet_ns > self->decoded_ns + SECOND_NS / 2;
  pthread_mutex_unlock (&self->lock);
  bool states_length;
  const bool cut = td_file_is_cut (self->path, &states_length);
  const double lacking_s = self->duration_s - (double) reached_ns / SECOND_NS;

  TdCaptureStatus status;
  if (missing && !some)
    status = td_capture_fail (error, TD_CAPTURE_FAILED,
                              "“%s” needs a %s, which is not installed (gstreamer1.0-libav)",
                              self->name, missing);
  else if (problem
           && (g_error_matches (problem, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_READ)
               || g_error_matches (problem, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_READ)))
    status = td_capture_fail (error, some ? TD_CAPTURE_TRUNCATED : TD_CAPTURE_FAILED,
                              "“%s” cannot be read%s: %s", self->name, some ? " to its end" : "",
                              problem->message);
  else if (some)
    {
      if (cut)
        status
            = td_capture_fail (error, TD_CAPTURE_TRUNCATED, "“%s” is cut off: it ends after %.1f s",
                               self->name, (double) self->last_ns / SECOND_NS);
      else if (problem || (states_length && lacking_s > 1 + 0.05 * self->duration_s))
        status = td_capture_fail (error, TD_CAPTURE_TRUNCATED,
                                  "“%s” is damaged: nothing can be read after %.1f s", self->name,
                                  (double) self->last_ns / SECOND_NS);
      else if (damaged)
        status = td_capture_fail (error, TD_CAPTURE_TRUNCATED,
                                  "“%s” is damaged: some of its pictures could not be decoded",
                                  self->name);
      else
        status = td_capture_fail (error, TD_CAPTURE_END, "“%s” has ended", self->name);
    }
  else if (problem && g_error_matches (problem, GST_STREAM_ERROR, GST_STREAM_ERROR_WRONG_TYPE)
           && g_str_equal (problem->message, "there is no picture"))
    status = td_capture_fail (error, TD_CAPTURE_BAD_FILE, "“%s” has no picture", self->name);
  else if (cut)
    status = td_capture_fail (error, TD_CAPTURE_BAD_FILE,
                              "“%s” is cut off, and nothing of it can be played", self->name);
  else
    status = td_capture_fail (error, TD_CAPTURE_BAD_FILE, "“%s” is not a video, or is damaged",
                              self->name);
  g_clear_error (&problem);
  g_free (missing);
  return status;
}

TdCaptureStatus
td_source_open_file (const char *file, TdPace pace, TdSource **source, TdCaptureError *error)
{
  td_capture_init ();
  *source = NULL;

  char *name = g_filename_display_basename (file);
  TdCaptureStatus status = check_file (file, name, error);
  if (status != TD_CAPTURE_OK)
    {
      g_free (name);
      return status;
    }
  TdSource *self = source_new (false, error);
  if (!self)
    {
      g_free (name);
      return TD_CAPTURE_FAILED;
    }
  self->name = name;
  self->path = g_strdup (file);

  GstElement *input, *decode;
  if (!(input = td_element_add (self->pipeline, "filesrc", error))
      || !(decode = td_element_add (self->pipeline, "decodebin", error)))
    {
      td_source_free (self);
      return TD_CAPTURE_FAILED;
    }
  g_object_set (input, "location", file, NULL);
  g_object_set (self->sink, "sync", pace == TD_PACE_REAL_TIME, NULL);
  g_signal_connect (decode, "autoplug-continue", G_CALLBACK (on_autoplug_continue), self);
  g_signal_connect (decode, "autoplug-select", G_CALLBACK (on_autoplug_select), self);
  g_signal_connect (decode, "pad-added", G_CALLBACK (on_pad_added), self);
  g_signal_connect (decode, "no-more-pads", G_CALLBACK (on_no_more_pads), self);
  g_signal_connect (self->pipeline, "deep-element-added", G_CALLBACK (on_deep_element_added), self);
  gst_element_link (input, decode);
  const bool lengthened = td_file_needs_longer (file, &self->longer);
  if (lengthened)
    {
      GstPad *pad = gst_element_get_static_pad (input, "src");
      gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_PULL, on_read, self,
                         NULL);
      gst_object_unref (pad);
    }

  /* Paused, the first frame is decoded and waits: the clock of a played file starts when the owner
   * asks for it. */
  gst_element_set_state (self->pipeline, GST_STATE_PAUSED);
  const Opening opening = wait_opened (self, OPEN_FILE_NS);
  if (opening == OPEN_SLOW)
    {
      status
          = td_capture_fail (error, TD_CAPTURE_FAILED, "“%s” takes too long to open", self->name);
      td_source_free (self);
      return status;
    }
  if (opening == OPEN_STUCK || !is_prerolled (self))
    {
      status = judge_file (self, error);
      td_source_free (self);
      return status;
    }
  read_format (self);
  if (lengthened)
    self->duration_s = self->longer.true_s;
  *source = self;
  return TD_CAPTURE_OK;
}

/* --- Cameras ------------------------------------------------------------------------------ */

/* Where frames enter the pipeline, their time stamp is made the pipeline's time of capture. */
static GstPadProbeReturn
on_camera_buffer (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  (void) pad;
  TdSource *self = data;
  GstBuffer *buffer = gst_buffer_make_writable (GST_PAD_PROBE_INFO_BUFFER (info));
  GST_PAD_PROBE_INFO_DATA (info) = buffer;

  const int64_t base = (int64_t) gst_element_get_base_time (self->pipeline);
  const int64_t now = td_monotonic_ns ();
  /* The pipeline's clock is CLOCK_MONOTONIC. Drivers and virtual cameras exist that stamp by
   * another clock, or not at all; such a frame was captured when it arrived. */
  int64_t stamp = now;
  if (GST_BUFFER_PTS_IS_VALID (buffer))
    {
      const int64_t pts = base + (int64_t) GST_BUFFER_PTS (buffer);
      if (pts > now - SECOND_NS / 2 && pts <= now)
        stamp = pts;
    }

  pthread_mutex_lock (&self->lock);
  if (stamp <= self->stamped_ns)
    stamp = self->stamped_ns + 1;
  self->stamped_ns = stamp;
  self->arrived_ns = now;
  pthread_mutex_unlock (&self->lock);

  GST_BUFFER_PTS (buffer) = (GstClockTime) MAX (stamp - base, 0);
  GST_BUFFER_DTS (buffer) = GST_CLOCK_TIME_NONE;
  return GST_PAD_PROBE_OK;
}

static void
on_devices_changed (GstDevice *removed, void *data)
{
  TdSource *self = data;
  if (removed != self->device)
    return;
  pthread_mutex_lock (&self->lock);
  self->unplugged = true;
  wake (self);
  pthread_mutex_unlock (&self->lock);
}

/* How far a format is from what is wanted; smaller is better. */
static double
format_distance (const GstStructure *format, int width, int height)
{
  int w = 0, h = 0, numerator = 0, denominator = 1;
  if (!gst_structure_get_int (format, "width", &w) || !gst_structure_get_int (format, "height", &h)
      || w <= 0 || h <= 0)
    return 100;
  double distance = ABS (w - width) / (double) width + ABS (h - height) / (double) height;
  if (gst_structure_get_fraction (format, "framerate", &numerator, &denominator) && denominator > 0)
    {
      /* A low rate hurts the count more than a wrong size. */
      const double rate = (double) numerator / denominator;
      distance += rate < 29 ? (30 - rate) / 5 : ABS (rate - 30) / 300;
    }
  if (gst_structure_has_name (format, "image/jpeg"))
    distance += 0.01; /* to decode costs more than to convert */
  return distance;
}

/* The camera's format that comes nearest, fixed in size and rate; NULL when it tells none. */
static GstCaps *
choose_format (GstDevice *device, int width, int height)
{
  GstCaps *offered = gst_device_get_caps (device);
  GstStructure *best = NULL;
  double best_distance = 0;
  for (guint i = 0; offered && i < gst_caps_get_size (offered); i++)
    {
      const GstCapsFeatures *features = gst_caps_get_features (offered, i);
      GstStructure *format = gst_structure_copy (gst_caps_get_structure (offered, i));
      if ((gst_structure_has_name (format, "video/x-raw")
           || gst_structure_has_name (format, "image/jpeg"))
          && (!features
              || gst_caps_features_contains (features, GST_CAPS_FEATURE_MEMORY_SYSTEM_MEMORY)))
        {
          gst_structure_fixate_field_nearest_int (format, "width", width);
          gst_structure_fixate_field_nearest_int (format, "height", height);
          if (gst_structure_has_field (format, "framerate"))
            gst_structure_fixate_field_nearest_fraction (format, "framerate", 30, 1);
          const double distance = format_distance (format, width, height);
          if (!best || distance < best_distance)
            {
              g_clear_pointer (&best, gst_structure_free);
              best = g_steal_pointer (&format);
              best_distance = distance;
            }
        }
      g_clear_pointer (&format, gst_structure_free);
    }
  gst_clear_caps (&offered);
  if (!best)
    return NULL;
  GstCaps *caps = gst_caps_new_empty ();
  gst_caps_append_structure (caps, best);
  return caps;
}

/* What is wrong with the camera, once no more frames will come. */
static TdCaptureStatus
judge_camera (TdSource *self, TdCaptureError *error)
{
  pthread_mutex_lock (&self->lock);
  const bool some = self->arrived_ns > 0;
  GError *problem = self->error ? g_error_copy (self->error) : NULL;
  char *details = g_strdup (self->details);
  const bool unplugged = self->unplugged;
  pthread_mutex_unlock (&self->lock);

  TdCaptureStatus status = td_camera_reason (problem, details);
  /* PipeWire says nothing of why a camera does not begin. */
  char *path = self->device ? td_device_path (self->device) : NULL;
  if (path && status != TD_CAPTURE_BUSY && faccessat (AT_FDCWD, path, R_OK | W_OK, AT_EACCESS) != 0
      && errno == EACCES)
    status = TD_CAPTURE_DENIED;
  if (unplugged || (some && problem))
    status = td_capture_fail (error, TD_CAPTURE_UNPLUGGED, "the camera “%s” was unplugged",
                              self->name);
  else if (some)
    status = td_capture_fail (error, TD_CAPTURE_UNPLUGGED,
                              "the camera “%s” has stopped giving pictures", self->name);
  else
    switch (status)
      {
      case TD_CAPTURE_BUSY:
        td_capture_fail (error, status, "another program is using the camera “%s”", self->name);
        break;
      case TD_CAPTURE_DENIED:
        td_capture_fail (error, status, "no permission to use the camera “%s”", self->name);
        break;
      case TD_CAPTURE_NOT_FOUND:
        td_capture_fail (error, status, "the camera “%s” is not there", self->name);
        break;
      case TD_CAPTURE_SILENT:
        td_capture_fail (error, status, "the camera “%s” gives no picture", self->name);
        break;
      default:
        td_capture_fail (error, status, "the camera “%s” cannot be used: %s", self->name,
                         problem->message);
      }
  g_free (path);
  g_free (details);
  g_clear_error (&problem);
  return status;
}

/* pipewiresrc waits for PipeWire in the change of its state. */
static void *
start_camera (void *pipeline)
{
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  return NULL;
}

TdCaptureStatus
td_source_open_camera (const char *id, int width, int height, TdSource **source,
                       TdCaptureError *error)
{
  td_capture_init ();
  *source = NULL;
  if (width <= 0 || height <= 0)
    {
      width = 640;
      height = 480;
    }

  TdSource *self = source_new (true, error);
  if (!self)
    return TD_CAPTURE_FAILED;

  GstElement *input = td_camera_create_element (id, &self->device, &self->name);
  if (!input)
    {
      td_source_free (self);
      if (id)
        return td_capture_fail (error, TD_CAPTURE_NOT_FOUND, "there is no camera “%s”", id);
      return td_capture_fail (error, TD_CAPTURE_NOT_FOUND, "there is no camera");
    }
  gst_bin_add (GST_BIN (self->pipeline), input);

  td_devices_watch (on_devices_changed, self);

  GstElement *last = input;
  GstCaps *caps = choose_format (self->device, width, height);
  if (caps)
    {
      GstElement *filter = td_element_add (self->pipeline, "capsfilter", error);
      GstElement *decode = NULL;
      if (filter && caps_begin_with (caps, "image/jpeg"))
        decode = td_element_add (self->pipeline, "jpegdec", error);
      if (!filter || (caps_begin_with (caps, "image/jpeg") && !decode))
        {
          gst_caps_unref (caps);
          td_source_free (self);
          return TD_CAPTURE_FAILED;
        }
      g_object_set (filter, "caps", caps, NULL);
      gst_caps_unref (caps);
      gst_element_link (last, filter);
      last = filter;
      if (decode)
        {
          gst_element_link (last, decode);
          last = decode;
        }
    }
  gst_element_link (last, self->convert);

  GstPad *pad = gst_element_get_static_pad (input, "src");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_camera_buffer, self, NULL);
  gst_object_unref (pad);

  /* Not the camera's own clock: the time stamps are CLOCK_MONOTONIC. */
  GstClock *clock = gst_system_clock_obtain ();
  g_object_set (clock, "clock-type", GST_CLOCK_TYPE_MONOTONIC, NULL);
  gst_pipeline_use_clock (GST_PIPELINE (self->pipeline), clock);
  gst_object_unref (clock);

  if (pthread_create (&self->starter, NULL, start_camera, self->pipeline) != 0)
    {
      td_source_free (self);
      return td_capture_fail (error, TD_CAPTURE_FAILED, "no thread for the camera");
    }
  self->starting = true;
  self->playing = true;
  wait_opened (self, OPEN_CAMERA_NS);
  pthread_mutex_lock (&self->lock);
  const bool good = self->prerolled && !self->ended && !self->error && !self->unplugged;
  pthread_mutex_unlock (&self->lock);
  if (!good)
    {
      const TdCaptureStatus status = judge_camera (self, error);
      td_source_free (self);
      return status;
    }
  read_format (self);
  *source = self;
  return TD_CAPTURE_OK;
}

/* --- Frames ------------------------------------------------------------------------------- */

static TdCaptureStatus
finish (TdSource *self, TdCaptureError *error)
{
  if (self->live)
    judge_camera (self, &self->final);
  else
    judge_file (self, &self->final);
  if (error)
    *error = self->final;
  return self->final.status;
}

static int64_t
stream_time_ns (GstSample *sample)
{
  const GstClockTime time
      = gst_segment_to_stream_time (gst_sample_get_segment (sample), GST_FORMAT_TIME,
                                    GST_BUFFER_PTS (gst_sample_get_buffer (sample)));
  return GST_CLOCK_TIME_IS_VALID (time) ? (int64_t) time : 0;
}

static TdFrame *
take_frame (TdSource *self, GstSample *sample)
{
  GstBuffer *buffer = gst_sample_get_buffer (sample);
  GstClockTime stamp = GST_CLOCK_TIME_NONE;
  if (GST_BUFFER_PTS_IS_VALID (buffer))
    stamp = gst_segment_to_running_time (gst_sample_get_segment (sample), GST_FORMAT_TIME,
                                         GST_BUFFER_PTS (buffer));
  int64_t time_ns;
  if (self->live)
    time_ns = GST_CLOCK_TIME_IS_VALID (stamp)
                  ? (int64_t) (stamp + gst_element_get_base_time (self->pipeline))
                  : td_monotonic_ns ();
  else
    {
      const int64_t step = self->fps > 0 ? (int64_t) (SECOND_NS / self->fps) : SECOND_NS / 30;
      if (self->n_frames == 0 && !self->sought)
        {
          self->first_ns = GST_CLOCK_TIME_IS_VALID (stamp) ? (int64_t) stamp : 0;
          self->first_stream_ns = stream_time_ns (sample);
          self->last_ns = -1;
        }
      if (self->sought && GST_CLOCK_TIME_IS_VALID (stamp))
        time_ns = MAX (0, stream_time_ns (sample) - self->first_stream_ns);
      else
        time_ns = GST_CLOCK_TIME_IS_VALID (stamp) ? (int64_t) stamp - self->first_ns
                                                  : self->last_ns + (self->n_frames > 0 ? step : 1);
      /* Some writers give two frames one time. */
      if (time_ns <= self->last_ns)
        time_ns = self->last_ns + SECOND_NS / 1000;
    }
  if (self->live && time_ns <= self->last_ns)
    time_ns = self->last_ns + 1;

  TdFrame *frame = td_frame_new (buffer, gst_sample_get_caps (sample), time_ns);
  if (frame)
    {
      self->last_ns = time_ns;
      self->last_end_ns = time_ns;
      if (GST_BUFFER_DURATION_IS_VALID (buffer))
        self->last_end_ns += (int64_t) GST_BUFFER_DURATION (buffer);
      self->n_frames++;
    }
  return frame;
}

TdCaptureStatus
td_source_next (TdSource *self, int timeout_ms, TdFrame **frame, TdCaptureError *error)
{
  *frame = NULL;
  const int64_t begun = td_monotonic_ns ();
  const int64_t deadline = begun + MAX (timeout_ms, 0) * INT64_C (1000000);

  if (!self->playing)
    {
      gst_element_set_state (self->pipeline, GST_STATE_PLAYING);
      self->playing = true;
    }
  for (;;)
    {
      pthread_mutex_lock (&self->lock);
      const uint64_t n_events = self->n_events;
      const bool interrupted = self->interrupted;
      const bool ended = self->ended;
      const bool unplugged = self->unplugged;
      const int64_t error_ns = self->error ? self->error_ns : 0;
      const int64_t arrived_ns = self->arrived_ns;
      pthread_mutex_unlock (&self->lock);

      if (interrupted)
        return td_capture_fail (error, TD_CAPTURE_INTERRUPTED, "interrupted");
      if (self->final.status != TD_CAPTURE_OK)
        {
          if (error)
            *error = self->final;
          return self->final.status;
        }

      GstSample *sample = gst_app_sink_try_pull_sample (self->sink, 0);
      if (sample)
        {
          *frame = take_frame (self, sample);
          gst_sample_unref (sample);
          self->given_ns = td_monotonic_ns ();
          if (*frame)
            {
              if (error)
                *error = (TdCaptureError){ .status = TD_CAPTURE_OK };
              return TD_CAPTURE_OK;
            }
          self->final.status
              = td_capture_fail (&self->final, TD_CAPTURE_FAILED, "no memory for a picture");
          continue;
        }

      const int64_t now = td_monotonic_ns ();
      int64_t until = deadline;
      if (ended || unplugged || (self->live && error_ns))
        return finish (self, error);
      if (error_ns)
        {
          const int64_t drained = MAX (error_ns, self->given_ns) + DRAIN_NS;
          if (now >= drained)
            return finish (self, error);
          until = MIN (until, drained);
        }
      if (self->live)
        {
          const int64_t silent = arrived_ns + TD_SILENCE_NS;
          if (now >= silent)
            return finish (self, error);
          until = MIN (until, silent);
        }
      if (now >= deadline)
        return td_capture_fail (error, TD_CAPTURE_TIMEOUT, "no frame yet");

      pthread_mutex_lock (&self->lock);
      wait_event (self, n_events, until);
      pthread_mutex_unlock (&self->lock);
    }
}

bool
td_source_seek (TdSource *self, int64_t time_ns)
{
  if (self->live)
    return false;
  if (self->n_frames == 0 && !self->sought)
    {
      GstSample *first = gst_app_sink_try_pull_preroll (self->sink, 0);
      if (!first)
        return false;
      self->first_stream_ns = stream_time_ns (first);
      gst_sample_unref (first);
    }
  const int64_t to_ns = self->first_stream_ns + MAX (time_ns, 0);
  if (!gst_element_seek_simple (
          self->pipeline, GST_FORMAT_TIME,
          GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_KEY_UNIT | GST_SEEK_FLAG_SNAP_BEFORE, to_ns))
    return false;
  /* The flush has passed the sink: an end or an error from now on is a new one. */
  pthread_mutex_lock (&self->lock);
  self->ended = false;
  g_clear_error (&self->error);
  g_clear_pointer (&self->details, g_free);
  pthread_mutex_unlock (&self->lock);
  self->final = (TdCaptureError){ .status = TD_CAPTURE_OK };
  self->sought = true;
  self->last_ns = -1;
  return true;
}

void
td_source_interrupt (TdSource *self)
{
  pthread_mutex_lock (&self->lock);
  self->interrupted = true;
  wake (self);
  pthread_mutex_unlock (&self->lock);
}

double
td_source_duration_s (const TdSource *self)
{
  return self->duration_s;
}

double
td_source_fps (const TdSource *self)
{
  return self->fps;
}

bool
td_source_is_live (const TdSource *self)
{
  return self->live;
}
