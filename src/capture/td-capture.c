/* td-capture.c: start-up, messages and frames.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-capture-private.h"

#include <gst/video/video.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

struct TdFrame
{
  atomic_int references;
  GstVideoFrame video; /* mapped for reading; holds a reference of its buffer */
  int64_t time_ns;
};

static void
init_once (void)
{
  gst_init (NULL, NULL);
}

void
td_capture_init (void)
{
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once (&once, init_once);
}

int64_t
td_monotonic_ns (void)
{
  struct timespec now;
  clock_gettime (CLOCK_MONOTONIC, &now);
  return now.tv_sec * INT64_C (1000000000) + now.tv_nsec;
}

void
td_copy_line (char *to, size_t size, const char *text)
{
  char *valid = g_utf8_make_valid (text, -1);
  g_strdelimit (valid, "\r\n\t", ' ');
  g_strstrip (valid);
  size_t length = strlen (valid);
  if (length >= size)
    {
      length = size - 1;
      /* Never ends within a character. */
      while (length > 0 && (valid[length] & 0xc0) == 0x80)
        length--;
    }
  memcpy (to, valid, length);
  to[length] = '\0';
  g_free (valid);
}

TdCaptureStatus
td_capture_fail (TdCaptureError *error, TdCaptureStatus status, const char *format, ...)
{
  if (error)
    {
      va_list arguments;
      va_start (arguments, format);
      char *text = g_strdup_vprintf (format, arguments);
      va_end (arguments);
      error->status = status;
      td_copy_line (error->message, sizeof error->message, text);
      g_free (text);
    }
  return status;
}

GstElement *
td_element_add (GstElement *pipeline, const char *factory, TdCaptureError *error)
{
  GstElement *element = gst_element_factory_make (factory, NULL);
  if (element)
    gst_bin_add (GST_BIN (pipeline), element);
  else
    td_capture_fail (error, TD_CAPTURE_FAILED, "the GStreamer plug-in “%s” is not installed",
                     factory);
  return element;
}

TdFrame *
td_frame_new (GstBuffer *buffer, GstCaps *caps, int64_t time_ns)
{
  GstVideoInfo info;
  if (!gst_video_info_from_caps (&info, caps)
      || GST_VIDEO_INFO_FORMAT (&info) != GST_VIDEO_FORMAT_BGR)
    return NULL;
  TdFrame *frame = g_new0 (TdFrame, 1);
  if (!gst_video_frame_map (&frame->video, &info, buffer, GST_MAP_READ))
    {
      g_free (frame);
      return NULL;
    }
  atomic_init (&frame->references, 1);
  frame->time_ns = time_ns;
  return frame;
}

TdFrame *
td_frame_ref (TdFrame *frame)
{
  atomic_fetch_add_explicit (&frame->references, 1, memory_order_relaxed);
  return frame;
}

void
td_frame_unref (TdFrame *frame)
{
  if (!frame || atomic_fetch_sub_explicit (&frame->references, 1, memory_order_acq_rel) > 1)
    return;
  gst_video_frame_unmap (&frame->video);
  g_free (frame);
}

const uint8_t *
td_frame_data (const TdFrame *frame)
{
  return GST_VIDEO_FRAME_PLANE_DATA (&frame->video, 0);
}

int
td_frame_width (const TdFrame *frame)
{
  return GST_VIDEO_FRAME_WIDTH (&frame->video);
}

int
td_frame_height (const TdFrame *frame)
{
  return GST_VIDEO_FRAME_HEIGHT (&frame->video);
}

int
td_frame_stride (const TdFrame *frame)
{
  return GST_VIDEO_FRAME_PLANE_STRIDE (&frame->video, 0);
}

int64_t
td_frame_time_ns (const TdFrame *frame)
{
  return frame->time_ns;
}
