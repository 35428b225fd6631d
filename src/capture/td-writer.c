/* td-writer.c: frames into a WebM file.
 *
 *   appsrc ! videoconvert ! videoscale ! vp8enc ! webmmux ! filesink
 *
 * appsrc's streaming thread does all the work. What waits for it is counted here and bounded, so
 * that an encoder that is behind costs pictures and neither time nor memory. As in td-source.c
 * there is no main loop: the bus is read where its messages are posted.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-capture-private.h"

#include <errno.h>
#include <fcntl.h>
#include <gst/app/gstappsrc.h>
#include <gst/video/video.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

enum
{
  MAX_WIDTH = 960,
  MAX_WAITING = 8, /* frames */
  BITS_A_SECOND_VGA = 1000000,
  KEY_FRAME_EVERY = 30, /* frames: what a jump into the file may have to decode */
  FINISH_S = 5          /* longest wait for the end of the file */
};

struct TdWriter
{
  GstElement *pipeline;
  GstAppSrc *source;
  char *path;
  int width, height; /* of the frames that go in now */
  int64_t first_ns, last_ns;
  int n_frames, n_dropped;

  pthread_mutex_t lock; /* guards what follows */
  pthread_cond_t changed;
  bool ended;
  TdCaptureError failure; /* TD_CAPTURE_OK: none */
};

static void
take_error (TdWriter *self, const GError *problem)
{
  pthread_mutex_lock (&self->lock);
  if (self->failure.status == TD_CAPTURE_OK)
    {
      if (g_error_matches (problem, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NO_SPACE_LEFT))
        td_capture_fail (&self->failure, TD_CAPTURE_FAILED,
                         "the picture cannot be recorded: no space left on the disk");
      else if (g_error_matches (problem, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_WRITE))
        td_capture_fail (&self->failure, TD_CAPTURE_FAILED,
                         "the picture cannot be recorded: its file cannot be written any more");
      else
        td_capture_fail (&self->failure, TD_CAPTURE_FAILED, "the picture cannot be recorded: %s",
                         problem->message);
    }
  pthread_cond_broadcast (&self->changed);
  pthread_mutex_unlock (&self->lock);
}

static GstBusSyncReply
on_message (GstBus *bus, GstMessage *message, gpointer data)
{
  (void) bus;
  TdWriter *self = data;
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    {
      GError *problem = NULL;
      gst_message_parse_error (message, &problem, NULL);
      take_error (self, problem);
      g_error_free (problem);
    }
  else if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS)
    {
      pthread_mutex_lock (&self->lock);
      self->ended = true;
      pthread_cond_broadcast (&self->changed);
      pthread_mutex_unlock (&self->lock);
    }
  gst_message_unref (message);
  return GST_BUS_DROP;
}

static TdCaptureStatus
failure_of (TdWriter *self, TdCaptureError *error)
{
  pthread_mutex_lock (&self->lock);
  const TdCaptureError failure = self->failure;
  pthread_mutex_unlock (&self->lock);
  if (error)
    *error = failure;
  return failure.status;
}

/* Variable frame rate: a camera's frames come when they come. */
static void
set_size (TdWriter *self, int width, int height)
{
  GstCaps *caps
      = gst_caps_new_simple ("video/x-raw", "format", G_TYPE_STRING, "BGR", "width", G_TYPE_INT,
                             width, "height", G_TYPE_INT, height, "framerate", GST_TYPE_FRACTION, 0,
                             1, "pixel-aspect-ratio", GST_TYPE_FRACTION, 1, 1, NULL);
  gst_app_src_set_caps (self->source, caps);
  gst_caps_unref (caps);
  self->width = width;
  self->height = height;
}

static bool
build (TdWriter *self, int width, int height, TdCaptureError *error)
{
  GstElement *source, *convert, *scale, *filter, *encoder, *muxer, *sink;
  if (!(source = td_element_add (self->pipeline, "appsrc", error))
      || !(convert = td_element_add (self->pipeline, "videoconvert", error))
      || !(scale = td_element_add (self->pipeline, "videoscale", error))
      || !(filter = td_element_add (self->pipeline, "capsfilter", error))
      || !(encoder = td_element_add (self->pipeline, "vp8enc", error))
      || !(muxer = td_element_add (self->pipeline, "webmmux", error))
      || !(sink = td_element_add (self->pipeline, "filesink", error)))
    return false;

  self->source = GST_APP_SRC (source);
  g_object_set (source, "format", GST_FORMAT_TIME, "max-buffers", G_GUINT64_CONSTANT (0),
                "max-bytes", G_GUINT64_CONSTANT (0), NULL);
  set_size (self, width, height);

  /* Even numbers, as colour has half the resolution. */
  int to_width = MIN (width, MAX_WIDTH);
  int to_height = (int) ((int64_t) height * to_width / width);
  to_width = MAX (2, to_width & ~1);
  to_height = MAX (2, to_height & ~1);
  GstCaps *caps = gst_caps_new_simple ("video/x-raw", "format", G_TYPE_STRING, "I420", "width",
                                       G_TYPE_INT, to_width, "height", G_TYPE_INT, to_height,
                                       "pixel-aspect-ratio", GST_TYPE_FRACTION, 1, 1, NULL);
  g_object_set (filter, "caps", caps, NULL);
  gst_caps_unref (caps);

  const int bits = (int) ((int64_t) BITS_A_SECOND_VGA * to_width * to_height / (640 * 480));
  g_object_set (encoder, "deadline", G_GINT64_CONSTANT (1), "cpu-used", 8, "threads", 1,
                "lag-in-frames", 0, "keyframe-max-dist", KEY_FRAME_EVERY, "target-bitrate",
                MAX (bits, 100000), NULL);
  gst_util_set_object_arg (G_OBJECT (encoder), "end-usage", "vbr");
  g_object_set (muxer, "writing-app", "Teardrop", NULL);
  /* Unbuffered, so that who is killed leaves what was encoded. */
  g_object_set (sink, "location", self->path, "sync", FALSE, NULL);
  gst_util_set_object_arg (G_OBJECT (sink), "buffer-mode", "unbuffered");

  if (gst_element_link_many (source, convert, scale, filter, encoder, muxer, sink, NULL))
    return true;
  td_capture_fail (error, TD_CAPTURE_FAILED, "the picture cannot be recorded");
  return false;
}

static void
writer_free (TdWriter *self)
{
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  GstBus *bus = gst_element_get_bus (self->pipeline);
  gst_bus_set_sync_handler (bus, NULL, NULL, NULL);
  gst_object_unref (bus);
  gst_object_unref (self->pipeline);
  pthread_cond_destroy (&self->changed);
  pthread_mutex_destroy (&self->lock);
  g_free (self->path);
  g_free (self);
}

TdCaptureStatus
td_writer_open (const char *path, int width, int height, TdWriter **writer, TdCaptureError *error)
{
  td_capture_init ();
  *writer = NULL;
  /* Made here, for the system's own words and for its mode. */
  const int file = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0)
    return td_capture_fail (error, TD_CAPTURE_FAILED, "the picture cannot be recorded in “%s”: %s",
                            path, g_strerror (errno));
  close (file);

  TdWriter *self = g_new0 (TdWriter, 1);
  self->path = g_strdup (path);
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

  TdCaptureStatus status = TD_CAPTURE_OK;
  if (!build (self, width, height, error))
    status = TD_CAPTURE_FAILED;
  else if (gst_element_set_state (self->pipeline, GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE)
    {
      status = failure_of (self, error);
      if (status == TD_CAPTURE_OK)
        status = td_capture_fail (error, TD_CAPTURE_FAILED, "the picture cannot be recorded");
    }
  if (status != TD_CAPTURE_OK)
    {
      unlink (path);
      writer_free (self);
      return status;
    }
  if (error)
    *error = (TdCaptureError){ .status = TD_CAPTURE_OK };
  *writer = self;
  return TD_CAPTURE_OK;
}

/* The camera's buffers are few: they are not held, their content is copied. */
static GstBuffer *
copy_frame (const TdFrame *frame)
{
  const int width = td_frame_width (frame), height = td_frame_height (frame);
  GstVideoInfo info;
  GstMapInfo map;
  gst_video_info_set_format (&info, GST_VIDEO_FORMAT_BGR, (guint) width, (guint) height);
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, GST_VIDEO_INFO_SIZE (&info), NULL);
  if (!buffer || !gst_buffer_map (buffer, &map, GST_MAP_WRITE))
    {
      gst_clear_buffer (&buffer);
      return NULL;
    }
  const size_t row = (size_t) width * 3;
  for (int y = 0; y < height; y++)
    memcpy (map.data + (size_t) y * (size_t) GST_VIDEO_INFO_PLANE_STRIDE (&info, 0),
            td_frame_data (frame) + (ptrdiff_t) y * td_frame_stride (frame), row);
  gst_buffer_unmap (buffer, &map);
  return buffer;
}

TdCaptureStatus
td_writer_push (TdWriter *self, const TdFrame *frame, TdCaptureError *error)
{
  TdCaptureStatus status = failure_of (self, error);
  if (status != TD_CAPTURE_OK)
    return status;
  const int64_t time_ns = td_frame_time_ns (frame);
  GstBuffer *buffer = NULL;
  if (gst_app_src_get_current_level_buffers (self->source) < MAX_WAITING
      && (self->n_frames == 0 || time_ns > self->last_ns))
    buffer = copy_frame (frame);
  if (!buffer)
    {
      self->n_dropped++;
      return TD_CAPTURE_OK;
    }
  /* A camera that came back may have come back with another size. */
  if (td_frame_width (frame) != self->width || td_frame_height (frame) != self->height)
    set_size (self, td_frame_width (frame), td_frame_height (frame));
  if (self->n_frames++ == 0)
    self->first_ns = time_ns;
  self->last_ns = time_ns;
  GST_BUFFER_PTS (buffer) = (GstClockTime) (time_ns - self->first_ns);
  /* What it says is said by the bus, or the file is being closed. */
  gst_app_src_push_buffer (self->source, buffer);
  return TD_CAPTURE_OK;
}

TdCaptureStatus
td_writer_close (TdWriter *self, TdCaptureError *error)
{
  const bool empty = self->n_frames == 0;
  if (!empty)
    {
      struct timespec deadline;
      clock_gettime (CLOCK_MONOTONIC, &deadline);
      deadline.tv_sec += FINISH_S;
      gst_app_src_end_of_stream (self->source);
      pthread_mutex_lock (&self->lock);
      int rc = 0;
      while (!self->ended && self->failure.status == TD_CAPTURE_OK && rc == 0)
        rc = pthread_cond_timedwait (&self->changed, &self->lock, &deadline);
      if (rc != 0 && self->failure.status == TD_CAPTURE_OK)
        td_capture_fail (&self->failure, TD_CAPTURE_FAILED,
                         "the recording of the picture could not be finished in time");
      pthread_mutex_unlock (&self->lock);
    }
  const TdCaptureStatus status = failure_of (self, error);
  if (empty)
    {
      gst_element_set_state (self->pipeline, GST_STATE_NULL);
      unlink (self->path);
    }
  writer_free (self);
  return status;
}

int
td_writer_n_dropped (const TdWriter *self)
{
  return self->n_dropped;
}
