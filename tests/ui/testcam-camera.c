/* testcam-camera.c: the process behind tests/ui/testcam, a PipeWire camera that plays a clip.
 *
 *   testcam-camera CLIP LOOP DELAY HOLD PLAYING NAME WIDTH HEIGHT RATE REFUSE
 *
 * It speaks to PipeWire itself: GStreamer's pipewiresink (0.3.65) crashes when somebody opens the
 * camera within the first tenths of a second.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <gst/app/gstappsink.h>
#include <gst/gst.h>
#include <pipewire/pipewire.h>
#include <spa/param/video/format-utils.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define RATE 30

typedef struct
{
  const char *clip, *playing;
  const char *rate; /* times the speed of the clip, for GStreamer to read */
  bool loop, hold, refuse;
  double delay_s;
  uint32_t width, height;
  char *caps;

  GstElement *pictures;
  GstSample *picture; /* the one to show */
  bool moving;
  struct timespec begun;
  uint64_t sequence;

  struct pw_main_loop *loop_of_it;
  struct pw_stream *stream;
} Camera;

static double
since (const struct timespec *begun)
{
  struct timespec now;
  clock_gettime (CLOCK_MONOTONIC, &now);
  return (double) (now.tv_sec - begun->tv_sec) + (double) (now.tv_nsec - begun->tv_nsec) * 1e-9;
}

/* --- The clip ----------------------------------------------------------------------------- */

static void
open_clip (Camera *self)
{
  char *description = g_strdup_printf (
      "%s ! videoconvert ! videorate rate=%s ! videoscale add-borders=true ! %s"
      " ! appsink name=out sync=false max-buffers=8",
      *self->clip ? "filesrc name=file ! decodebin ! videoconvert ! videoflip video-direction=auto"
                  : "videotestsrc pattern=ball motion=wavy",
      self->rate, self->caps);
  GError *error = NULL;
  self->pictures = gst_parse_launch (description, &error);
  g_free (description);
  if (error)
    g_error ("testcam: %s", error->message);
  if (*self->clip)
    {
      GstElement *file = gst_bin_get_by_name (GST_BIN (self->pictures), "file");
      g_object_set (file, "location", self->clip, NULL);
      gst_object_unref (file);
    }
  gst_element_set_state (self->pictures, GST_STATE_PLAYING);
}

static bool
next_picture (Camera *self)
{
  GstElement *out = gst_bin_get_by_name (GST_BIN (self->pictures), "out");
  GstSample *sample = gst_app_sink_pull_sample (GST_APP_SINK (out));
  gst_object_unref (out);
  if (!sample)
    return false;
  g_clear_pointer (&self->picture, gst_sample_unref);
  self->picture = sample;
  return true;
}

/* Once for each thirtieth of a second, whether anybody is watching or not. */
static void
advance (Camera *self)
{
  if (!self->moving)
    {
      self->moving = since (&self->begun) >= self->delay_s
                     && (!self->hold || access (self->playing, F_OK) == 0);
      return;
    }
  if (!next_picture (self) && self->loop)
    {
      gst_element_set_state (self->pictures, GST_STATE_NULL);
      gst_object_unref (self->pictures);
      open_clip (self);
      next_picture (self);
    }
}

/* --- PipeWire ----------------------------------------------------------------------------- */

static void
on_tick (void *data, uint64_t expirations)
{
  Camera *self = data;
  for (; expirations > 0; expirations--)
    advance (self);
  pw_stream_trigger_process (self->stream);
}

static void
on_process (void *data)
{
  Camera *self = data;
  struct pw_buffer *buffer = pw_stream_dequeue_buffer (self->stream);
  if (!buffer)
    return;
  struct spa_data *plane = &buffer->buffer->datas[0];
  GstMapInfo map;
  if (plane->data && gst_buffer_map (gst_sample_get_buffer (self->picture), &map, GST_MAP_READ))
    {
      const size_t size = SPA_MIN (map.size, plane->maxsize);
      memcpy (plane->data, map.data, size);
      gst_buffer_unmap (gst_sample_get_buffer (self->picture), &map);
      plane->chunk->offset = 0;
      plane->chunk->size = (uint32_t) size;
      plane->chunk->stride = (int32_t) (self->width * 2);

      struct spa_meta_header *header
          = spa_buffer_find_meta_data (buffer->buffer, SPA_META_Header, sizeof *header);
      if (header)
        {
          struct timespec now;
          clock_gettime (CLOCK_MONOTONIC, &now);
          header->pts = SPA_TIMESPEC_TO_NSEC (&now);
          header->flags = 0;
          header->seq = self->sequence++;
          header->dts_offset = 0;
        }
    }
  pw_stream_queue_buffer (self->stream, buffer);
}

static void
on_param_changed (void *data, uint32_t id, const struct spa_pod *param)
{
  Camera *self = data;
  if (!param || id != SPA_PARAM_Format)
    return;
  if (self->refuse)
    {
      /* As of one that another program has opened. */
      pw_stream_set_error (self->stream, -EBUSY, "%s", strerror (EBUSY));
      return;
    }
  uint8_t space[1024];
  struct spa_pod_builder builder = SPA_POD_BUILDER_INIT (space, sizeof space);
  const int stride = (int) self->width * 2;
  const struct spa_pod *params[2];
  params[0] = spa_pod_builder_add_object (
      &builder, SPA_TYPE_OBJECT_ParamBuffers, SPA_PARAM_Buffers, SPA_PARAM_BUFFERS_buffers,
      SPA_POD_CHOICE_RANGE_Int (8, 2, 16), SPA_PARAM_BUFFERS_blocks, SPA_POD_Int (1),
      SPA_PARAM_BUFFERS_size, SPA_POD_Int (stride * (int) self->height), SPA_PARAM_BUFFERS_stride,
      SPA_POD_Int (stride));
  params[1] = spa_pod_builder_add_object (&builder, SPA_TYPE_OBJECT_ParamMeta, SPA_PARAM_Meta,
                                          SPA_PARAM_META_type, SPA_POD_Id (SPA_META_Header),
                                          SPA_PARAM_META_size,
                                          SPA_POD_Int (sizeof (struct spa_meta_header)));
  pw_stream_update_params (self->stream, params, 2);
}

static void
on_state_changed (void *data, enum pw_stream_state old, enum pw_stream_state state,
                  const char *error)
{
  (void) old;
  Camera *self = data;
  if (state == PW_STREAM_STATE_ERROR && !self->refuse)
    {
      fprintf (stderr, "testcam: %s\n", error);
      pw_main_loop_quit (self->loop_of_it);
    }
}

int
main (int argc, char **argv)
{
  if (argc != 11)
    return 2;
  gst_init (NULL, NULL);
  pw_init (NULL, NULL);

  Camera self = {
    .clip = argv[1],
    .loop = atoi (argv[2]) != 0,
    .delay_s = atof (argv[3]),
    .hold = atoi (argv[4]) != 0,
    .playing = argv[5],
    .width = (uint32_t) atoi (argv[7]),
    .height = (uint32_t) atoi (argv[8]),
    .rate = argv[9],
    .refuse = atoi (argv[10]) != 0 && access (argv[5], F_OK) != 0,
  };
  self.caps = g_strdup_printf ("video/x-raw,format=YUY2,width=%u,height=%u,framerate=%d/1,"
                               "pixel-aspect-ratio=1/1",
                               self.width, self.height, RATE);
  open_clip (&self);
  if (!next_picture (&self))
    {
      fprintf (stderr, "testcam: %s gives no picture\n", self.clip);
      return 1;
    }
  clock_gettime (CLOCK_MONOTONIC, &self.begun);

  self.loop_of_it = pw_main_loop_new (NULL);
  struct pw_loop *loop = pw_main_loop_get_loop (self.loop_of_it);
  char *label = g_strdup_printf ("Test camera %s", argv[6]);
  static const struct pw_stream_events events = {
    PW_VERSION_STREAM_EVENTS,
    .state_changed = on_state_changed,
    .param_changed = on_param_changed,
    .process = on_process,
  };
  self.stream = pw_stream_new_simple (
      loop, argv[6],
      pw_properties_new (PW_KEY_MEDIA_CLASS, "Video/Source", PW_KEY_MEDIA_ROLE, "Camera",
                         PW_KEY_NODE_NAME, argv[6], PW_KEY_NODE_DESCRIPTION, label, NULL),
      &events, &self);

  uint8_t space[1024];
  struct spa_pod_builder builder = SPA_POD_BUILDER_INIT (space, sizeof space);
  const struct spa_pod *format = spa_pod_builder_add_object (
      &builder, SPA_TYPE_OBJECT_Format, SPA_PARAM_EnumFormat, SPA_FORMAT_mediaType,
      SPA_POD_Id (SPA_MEDIA_TYPE_video), SPA_FORMAT_mediaSubtype,
      SPA_POD_Id (SPA_MEDIA_SUBTYPE_raw), SPA_FORMAT_VIDEO_format,
      SPA_POD_Id (SPA_VIDEO_FORMAT_YUY2), SPA_FORMAT_VIDEO_size,
      SPA_POD_Rectangle (&SPA_RECTANGLE (self.width, self.height)), SPA_FORMAT_VIDEO_framerate,
      SPA_POD_Fraction (&SPA_FRACTION (RATE, 1)));
  pw_stream_connect (self.stream, PW_DIRECTION_OUTPUT, PW_ID_ANY,
                     PW_STREAM_FLAG_DRIVER | PW_STREAM_FLAG_MAP_BUFFERS, &format, 1);

  struct spa_source *timer = pw_loop_add_timer (loop, on_tick, &self);
  struct timespec period = { .tv_nsec = 1000000000 / RATE };
  pw_loop_update_timer (loop, timer, &period, &period, false);
  pw_main_loop_run (self.loop_of_it);
  return 1;
}
