/* test-capture.c: video files, good and bad. The clips are made here, at run time.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-capture-private.h"

#include <errno.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <gst/app/gstappsrc.h>
#include <gst/gst.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define MS INT64_C (1000000)

/* GST_WRITE_UINT32_BE stores at any address, which is undefined. */
static void
write_be32 (guint8 *at, guint32 value)
{
  value = GUINT32_TO_BE (value);
  memcpy (at, &value, sizeof value);
}

static char *folder;

/* --- Making clips ------------------------------------------------------------------------- */

static char *
path_of (const char *name)
{
  return g_build_filename (folder, name, NULL);
}

static void
run (GstElement *pipeline)
{
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  GstBus *bus = gst_element_get_bus (pipeline);
  GstMessage *message
      = gst_bus_timed_pop_filtered (bus, 30 * GST_SECOND, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  g_assert_nonnull (message);
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    {
      GError *error;
      gst_message_parse_error (message, &error, NULL);
      g_error ("cannot make a clip: %s", error->message);
    }
  gst_message_unref (message);
  gst_object_unref (bus);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
}

/* To be freed; NULL when an element is not installed. */
static char *
make_clip (const char *name, const char *description)
{
  char *path = path_of (name);
  char *line = g_strdup_printf ("%s ! filesink location=\"%s\"", description, path);
  GstElement *pipeline = gst_parse_launch_full (line, NULL, GST_PARSE_FLAG_FATAL_ERRORS, NULL);
  g_free (line);
  if (!pipeline)
    {
      g_free (path);
      return NULL;
    }
  run (pipeline);
  return path;
}

#define SIZE "width=160,height=120,framerate=25/1"

static char *
make_mjpeg (const char *name, int n_frames, const char *muxer)
{
  char *line = g_strdup_printf ("videotestsrc num-buffers=%d ! video/x-raw,format=I420," SIZE
                                " ! jpegenc ! %s",
                                n_frames, muxer);
  char *path = make_clip (name, line);
  g_free (line);
  g_assert_nonnull (path);
  return path;
}

/* A Matroska clip with frames at TIMES_MS. */
static char *
make_timed (const char *name, const int *times_ms, int n)
{
  char *path = path_of (name);
  char *line = g_strdup_printf (
      "appsrc name=in format=time caps=video/x-raw,format=I420,width=64,height=48,framerate=0/1"
      " ! jpegenc ! matroskamux ! filesink location=\"%s\"",
      path);
  GstElement *pipeline = gst_parse_launch (line, NULL);
  g_free (line);
  GstElement *in = gst_bin_get_by_name (GST_BIN (pipeline), "in");
  for (int i = 0; i < n; i++)
    {
      GstBuffer *buffer = gst_buffer_new_allocate (NULL, 64 * 48 * 3 / 2, NULL);
      gst_buffer_memset (buffer, 0, (guint8) (i * 10), 64 * 48 * 3 / 2);
      GST_BUFFER_PTS (buffer) = (GstClockTime) (times_ms[i] * MS);
      gst_app_src_push_buffer (GST_APP_SRC (in), buffer);
    }
  gst_app_src_end_of_stream (GST_APP_SRC (in));
  gst_object_unref (in);
  run (pipeline);
  return path;
}

/* The first SHARE of a file as another one. */
static char *
cut_file (const char *path, const char *name, double share)
{
  char *bytes;
  gsize length;
  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  char *cut = path_of (name);
  g_assert_true (g_file_set_contents (cut, bytes, (gssize) ((double) length * share), NULL));
  g_free (bytes);
  return cut;
}

/* --- Reading ------------------------------------------------------------------------------ */

typedef struct
{
  int n_frames;
  int width, height;
  int64_t times[512];
  TdCaptureStatus status;
  TdCaptureError error;
  double duration_s, fps;
} Read;

static void
assert_line (const TdCaptureError *error)
{
  g_assert_cmpuint (strlen (error->message), >, 10);
  g_assert_null (strchr (error->message, '\n'));
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
}

static Read
read_clip (const char *path)
{
  Read result = { 0 };
  TdSource *source;
  result.status = td_source_open_file (path, TD_PACE_AS_FAST_AS_POSSIBLE, &source, &result.error);
  if (result.status != TD_CAPTURE_OK)
    {
      g_assert_null (source);
      g_assert_cmpint (result.error.status, ==, result.status);
      assert_line (&result.error);
      return result;
    }
  g_assert_false (td_source_is_live (source));
  result.duration_s = td_source_duration_s (source);
  result.fps = td_source_fps (source);
  TdFrame *frame;
  while ((result.status = td_source_next (source, 10000, &frame, &result.error)) == TD_CAPTURE_OK)
    {
      g_assert_nonnull (td_frame_data (frame));
      g_assert_cmpint (td_frame_stride (frame), >=, 3 * td_frame_width (frame));
      result.width = td_frame_width (frame);
      result.height = td_frame_height (frame);
      g_assert_cmpint (result.n_frames, <, 512);
      result.times[result.n_frames++] = td_frame_time_ns (frame);
      td_frame_unref (frame);
    }
  g_assert_null (frame);
  assert_line (&result.error);
  /* The end is told again and again. */
  TdCaptureError again;
  g_assert_cmpint (td_source_next (source, 0, &frame, &again), ==, result.status);
  g_assert_cmpstr (again.message, ==, result.error.message);
  td_source_free (source);
  for (int i = 0; i < result.n_frames; i++)
    g_assert_cmpint (result.times[i], >, i > 0 ? result.times[i - 1] : -1);
  if (result.n_frames > 0)
    g_assert_cmpint (result.times[0], ==, 0);
  return result;
}

static void
assert_bad (const char *path, TdCaptureStatus status, const char *words)
{
  const Read result = read_clip (path);
  g_test_message ("%s", result.error.message);
  g_assert_cmpint (result.status, ==, status);
  if (!strstr (result.error.message, words))
    g_error ("“%s” does not say “%s”", result.error.message, words);
}

/* --- Tests -------------------------------------------------------------------------------- */

static void
test_all_frames (void)
{
  static const struct
  {
    const char *name, *encoder;
  } clips[] = {
    { "mjpeg.mkv", "jpegenc ! matroskamux" },
    { "mjpeg.avi", "jpegenc ! avimux" },
    { "mjpeg.mov", "jpegenc ! qtmux" },
    { "vp8.webm", "vp8enc deadline=1 ! webmmux" },
    { "theora.ogv", "theoraenc ! oggmux" },
    { "h264.mp4", "x264enc bframes=2 ! h264parse ! mp4mux" },
    { "h264-open.mp4", "openh264enc ! h264parse ! mp4mux" },
  };
  for (size_t i = 0; i < G_N_ELEMENTS (clips); i++)
    {
      char *line = g_strdup_printf (
          "videotestsrc num-buffers=60 ! video/x-raw,format=I420," SIZE " ! %s", clips[i].encoder);
      char *path = make_clip (clips[i].name, line);
      g_free (line);
      if (!path)
        {
          g_test_message ("%s: no encoder", clips[i].name);
          continue;
        }
      const Read result = read_clip (path);
      g_test_message ("%s: %d frames, %s", clips[i].name, result.n_frames, result.error.message);
      g_assert_cmpint (result.status, ==, TD_CAPTURE_END);
      g_assert_cmpint (result.n_frames, ==, 60);
      g_assert_cmpint (result.width, ==, 160);
      g_assert_cmpint (result.height, ==, 120);
      g_assert_cmpfloat_with_epsilon (result.fps, 25, 0.01);
      g_assert_cmpfloat_with_epsilon (result.duration_s, 2.4, 0.1);
      for (int k = 0; k < 60; k++)
        g_assert_cmpint (ABS (result.times[k] - k * 40 * MS), <=, MS);
      g_free (path);
    }
}

static void
test_variable_rate (void)
{
  static const int times_ms[] = { 100, 120, 133, 300, 301, 1100, 1140 };
  char *path = make_timed ("variable.mkv", times_ms, G_N_ELEMENTS (times_ms));
  const Read result = read_clip (path);
  g_assert_cmpint (result.status, ==, TD_CAPTURE_END);
  g_assert_cmpint (result.n_frames, ==, G_N_ELEMENTS (times_ms));
  for (int i = 0; i < result.n_frames; i++)
    g_assert_cmpint (result.times[i], ==, (times_ms[i] - times_ms[0]) * MS);
  g_free (path);
}

/* A picture whose left half is blue and whose right half is black, with a matrix a b c d in its
 * track header. */
static char *
make_half_blue (const int matrix[4])
{
  char *path = make_clip (
      "rotated.mov",
      "videotestsrc num-buffers=3 pattern=blue ! video/x-raw,width=80,height=60,framerate=25/1"
      " ! videobox right=-80 ! video/x-raw,format=I420,width=160 ! jpegenc ! qtmux");
  g_assert_nonnull (path);
  char *bytes;
  gsize length;
  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  uint8_t *header = memmem (bytes, length, "tkhd", 4);
  g_assert_nonnull (header);
  g_assert_cmpint (header[4], ==, 0);
  static const int places[4] = { 0, 4, 12, 16 };
  for (int i = 0; i < 4; i++)
    write_be32 (header + 44 + places[i], (uint32_t) matrix[i] << 16);
  g_assert_true (g_file_set_contents (path, bytes, (gssize) length, NULL));
  g_free (bytes);
  return path;
}

static bool
is_blue (const TdFrame *frame, double x, double y)
{
  const uint8_t *pixel = td_frame_data (frame)
                         + (int) (y * td_frame_height (frame)) * td_frame_stride (frame)
                         + 3 * (int) (x * td_frame_width (frame));
  return pixel[0] > 150 && pixel[1] < 90 && pixel[2] < 90;
}

static TdFrame *
first_frame (const char *path)
{
  TdSource *source;
  TdCaptureError error;
  TdFrame *frame;
  g_assert_cmpint (td_source_open_file (path, TD_PACE_AS_FAST_AS_POSSIBLE, &source, &error), ==,
                   TD_CAPTURE_OK);
  g_assert_cmpint (td_source_next (source, 10000, &frame, &error), ==, TD_CAPTURE_OK);
  td_source_free (source);
  return frame;
}

static void
test_rotation (void)
{
  /* Where the blue left half goes. */
  static const struct
  {
    int matrix[4];
    int width;
    double blue_x, blue_y, black_x, black_y;
  } cases[] = {
    { { 1, 0, 0, 1 }, 160, 0.25, 0.5, 0.75, 0.5 },
    { { 0, 1, -1, 0 }, 60, 0.5, 0.25, 0.5, 0.75 },
    { { -1, 0, 0, -1 }, 160, 0.75, 0.5, 0.25, 0.5 },
    { { 0, -1, 1, 0 }, 60, 0.5, 0.75, 0.5, 0.25 },
  };
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      char *path = make_half_blue (cases[i].matrix);
      TdFrame *frame = first_frame (path);
      g_assert_cmpint (td_frame_width (frame), ==, cases[i].width);
      g_assert_cmpint (td_frame_height (frame), ==, 220 - cases[i].width);
      g_assert_true (is_blue (frame, cases[i].blue_x, cases[i].blue_y));
      g_assert_false (is_blue (frame, cases[i].black_x, cases[i].black_y));
      td_frame_unref (frame);
      g_free (path);
    }
}

static void
test_square_pixels (void)
{
  char *path = make_clip ("wide.mkv", "videotestsrc num-buffers=5 ! video/x-raw,format=I420," SIZE
                                      ",pixel-aspect-ratio=2/1 ! jpegenc ! matroskamux");
  const Read result = read_clip (path);
  g_assert_cmpint (result.n_frames, ==, 5);
  g_assert_cmpint (result.width, ==, 320);
  g_assert_cmpint (result.height, ==, 120);
  g_free (path);
}

static void
test_sound_is_left_alone (void)
{
  /* More sound than picture, which must not look like a picture that was cut off. */
  char *path = make_clip (
      "sound.mkv", "matroskamux name=mux audiotestsrc num-buffers=400 ! audio/x-raw,channels=1"
                   " ! mux. videotestsrc num-buffers=50 ! video/x-raw,format=I420," SIZE
                   " ! jpegenc ! mux. mux.");
  const Read result = read_clip (path);
  g_assert_cmpint (result.status, ==, TD_CAPTURE_END);
  g_assert_cmpint (result.n_frames, ==, 50);
  g_assert_cmpfloat (result.duration_s, >, 5);
  g_free (path);
}

static void
test_cut (void)
{
  static const struct
  {
    const char *name, *muxer;
  } clips[] = {
    { "whole.mkv", "matroskamux" },
    { "whole.avi", "avimux" },
    { "fast.mov", "qtmux faststart=true" },
    { "fragments.mov", "qtmux fragment-duration=400" },
  };
  for (size_t i = 0; i < G_N_ELEMENTS (clips); i++)
    {
      char *path = make_mjpeg (clips[i].name, 100, clips[i].muxer);
      g_assert_cmpint (read_clip (path).status, ==, TD_CAPTURE_END);
      char *name = g_strconcat ("cut-", clips[i].name, NULL);
      char *cut = cut_file (path, name, 0.6);
      const Read result = read_clip (cut);
      g_test_message ("%s: %d frames, %s", name, result.n_frames, result.error.message);
      g_assert_cmpint (result.status, ==, TD_CAPTURE_TRUNCATED);
      g_assert_cmpint (result.n_frames, >=, 40);
      g_assert_cmpint (result.n_frames, <=, 61);
      g_assert_nonnull (strstr (result.error.message, "cut off"));
      g_free (cut);
      g_free (name);
      g_free (path);
    }
  /* The index is at the end and is lost. */
  char *path = make_mjpeg ("slow.mov", 100, "qtmux");
  char *cut = cut_file (path, "cut-slow.mov", 0.6);
  assert_bad (cut, TD_CAPTURE_BAD_FILE, "cut off");
  g_free (cut);
  g_free (path);
}

/* A movie of DEPTH boxes, each in the one before: their names in turn, with what lies between a box's
 * head and the next box. */
static char *
make_nested (const char *name, int depth, const char *const *names, const gsize *gaps, int n_names)
{
  gsize size = 16;
  for (int i = 0; i < depth; i++)
    size += 8 + gaps[i % n_names];
  guint8 *bytes = g_malloc0 (size), *at = bytes + 16;
  memcpy (bytes,
          "\0\0\0\x10"
          "ftypqt  ",
          12);
  for (int i = 0; i < depth; i++)
    {
      write_be32 (at, (guint32) (bytes + size - at));
      memcpy (at + 4, names[i % n_names], 4);
      at += 8 + gaps[i % n_names];
    }
  char *path = path_of (name);
  g_assert_true (g_file_set_contents (path, (char *) bytes, (gssize) size, NULL));
  g_free (bytes);
  return path;
}

static void
test_nested (void)
{
  /* As deep as this GStreamer ends the program with them. */
  static const struct
  {
    const char *names[3];
    gsize gaps[3];
    int n, depth;
  } cases[] = {
    { { "moov" }, { 0 }, 1, 400000 },
    { { "moov", "trak" }, { 0, 0 }, 2, 400000 },
    { { "moov", "udta", "meta" }, { 0, 0, 4 }, 3, 200000 },
    { { "moov", "stsd", "mp4a" }, { 0, 8, 28 }, 3, 100000 },
    { { "moov", "stsd", "avc1" }, { 0, 8, 78 }, 3, 50000 },
    { { "moov" }, { 0 }, 1, 40 },
  };
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      char *path
          = make_nested ("nested.mp4", cases[i].depth, cases[i].names, cases[i].gaps, cases[i].n);
      assert_bad (path, TD_CAPTURE_BAD_FILE, "nested too deep");
      g_free (path);
    }
  /* Not so deep, but no video. */
  static const char *const moov[] = { "moov" };
  static const gsize no_gap[] = { 0 };
  char *path = make_nested ("shallow.mp4", 20, moov, no_gap, 1);
  const Read shallow = read_clip (path);
  g_assert_cmpint (shallow.status, ==, TD_CAPTURE_BAD_FILE);
  g_assert_null (strstr (shallow.error.message, "nested"));
  g_free (path);
  /* What is packed in there may be as deep. */
  static const char *const packed[] = { "moov", "cmov", "cmvd" };
  static const gsize no_gaps[] = { 0, 0, 0 };
  path = make_nested ("packed.mov", 3, packed, no_gaps, 3);
  assert_bad (path, TD_CAPTURE_BAD_FILE, "compressed");
  g_free (path);
}

static void
test_damaged (void)
{
  /* A share of the file is overwritten: its second half; something in the middle. */
  static const struct
  {
    const char *name, *muxer;
    double from, to;
    int least, most;
  } clips[] = {
    { "half.mkv", "matroskamux", 0.5, 1, 45, 52 },
    { "half.mov", "qtmux faststart=true", 0.5, 1, 40, 52 },
    { "middle.mov", "qtmux faststart=true", 0.5, 0.6, 85, 95 },
  };
  for (size_t i = 0; i < G_N_ELEMENTS (clips); i++)
    {
      char *path = make_mjpeg (clips[i].name, 100, clips[i].muxer);
      char *bytes;
      gsize length;
      g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
      const gsize from = (gsize) ((double) length * clips[i].from);
      memset (bytes + from, 0, (gsize) ((double) length * clips[i].to) - from);
      g_assert_true (g_file_set_contents (path, bytes, (gssize) length, NULL));
      g_free (bytes);
      const Read result = read_clip (path);
      g_test_message ("%s: %d frames, %s", clips[i].name, result.n_frames, result.error.message);
      g_assert_cmpint (result.status, ==, TD_CAPTURE_TRUNCATED);
      g_assert_cmpint (result.n_frames, >=, clips[i].least);
      g_assert_cmpint (result.n_frames, <=, clips[i].most);
      g_assert_nonnull (strstr (result.error.message, "damaged"));
      g_free (path);
    }
}

/* A clip trimmed on a phone: all the media is there, and an edit list says what of it to show. */
static void
test_edit_list (void)
{
  static const struct
  {
    int start_ms, length_ms;
  } edits[] = { { 0, 2000 }, { 400, 2000 }, { 2000, 1000 }, { 2800, 400 } };
  char *path = make_mjpeg ("media.mov", 80, "qtmux");
  char *bytes;
  gsize length;
  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  uint8_t *mvhd = memmem (bytes, length, "mvhd", 4);
  uint8_t *mdhd = memmem (bytes, length, "mdhd", 4);
  uint8_t *elst = memmem (bytes, length, "elst", 4);
  g_assert_true (mvhd && mdhd && elst);
  g_assert_cmpint (mvhd[4], ==, 0);
  g_assert_cmpint (mdhd[4], ==, 0);
  g_assert_cmpint (elst[4], ==, 0);
  g_assert_cmpuint (GST_READ_UINT32_BE (elst + 8), ==, 1);
  const uint32_t movie_scale = GST_READ_UINT32_BE (mvhd + 16);
  const uint32_t media_scale = GST_READ_UINT32_BE (mdhd + 16);
  for (size_t i = 0; i < G_N_ELEMENTS (edits); i++)
    {
      const uint32_t duration = (uint32_t) edits[i].length_ms * movie_scale / 1000;
      GST_WRITE_UINT32_BE (mvhd + 20, duration);
      GST_WRITE_UINT32_BE (elst + 12, duration);
      GST_WRITE_UINT32_BE (elst + 16, (uint32_t) edits[i].start_ms * media_scale / 1000);
      char *edited = path_of ("edited.mov");
      g_assert_true (g_file_set_contents (edited, bytes, (gssize) length, NULL));
      const Read result = read_clip (edited);
      g_test_message ("from %d ms, %d ms: %d frames", edits[i].start_ms, edits[i].length_ms,
                      result.n_frames);
      g_assert_cmpint (result.status, ==, TD_CAPTURE_END);
      g_assert_cmpint (result.n_frames, ==, edits[i].length_ms / 40);
      g_assert_cmpfloat_with_epsilon (result.duration_s, edits[i].length_ms / 1000.0, 0.01);
      g_free (edited);
    }
  g_free (bytes);
  g_free (path);
}

static void
test_no_picture (void)
{
  char *wav = make_clip ("sound.wav", "audiotestsrc num-buffers=50 ! wavenc");
  char *ogg = make_clip ("sound.ogg", "audiotestsrc num-buffers=50 ! vorbisenc ! oggmux");
  char *mov = make_clip ("sound.mov", "audiotestsrc num-buffers=50 ! qtmux");
  g_assert_true (wav && mov);
  assert_bad (wav, TD_CAPTURE_BAD_FILE, "has no picture");
  assert_bad (mov, TD_CAPTURE_BAD_FILE, "has no picture");
  if (ogg)
    assert_bad (ogg, TD_CAPTURE_BAD_FILE, "has no picture");
  g_free (wav);
  g_free (ogg);
  g_free (mov);
}

static void
test_bad_files (void)
{
  char *path = path_of ("nothing.mp4");
  assert_bad (path, TD_CAPTURE_NOT_FOUND, "there is no file “nothing.mp4”");
  g_free (path);

  assert_bad (folder, TD_CAPTURE_BAD_FILE, "is a folder");
  assert_bad ("/dev/null", TD_CAPTURE_BAD_FILE, "not a regular file");

  path = path_of ("pipe.mp4");
  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  assert_bad (path, TD_CAPTURE_BAD_FILE, "not a regular file");
  g_free (path);

  path = path_of ("text.mp4");
  g_assert_true (g_file_set_contents (path, "This is a text.\nIt is no video.\n", -1, NULL));
  assert_bad (path, TD_CAPTURE_BAD_FILE, "not a video");
  /* As a folder, it is none. */
  char *below = g_build_filename (path, "clip.mp4", NULL);
  assert_bad (below, TD_CAPTURE_NOT_FOUND, "there is no file");
  g_free (below);
  g_free (path);

  path = path_of ("empty.mp4");
  g_assert_true (g_file_set_contents (path, "", 0, NULL));
  assert_bad (path, TD_CAPTURE_BAD_FILE, "is empty");
  g_free (path);

  path = path_of ("noise.mp4");
  guint8 noise[20000];
  GRand *rand = g_rand_new_with_seed (7);
  for (size_t i = 0; i < sizeof noise; i++)
    noise[i] = (guint8) g_rand_int_range (rand, 0, 256);
  g_rand_free (rand);
  g_assert_true (g_file_set_contents (path, (char *) noise, sizeof noise, NULL));
  assert_bad (path, TD_CAPTURE_BAD_FILE, "not a video");
  g_free (path);

  /* A name that is no UTF-8 still gives a line that is. */
  path = path_of ("\xff\xfe.mp4");
  assert_bad (path, TD_CAPTURE_NOT_FOUND, "there is no file");
  g_free (path);
}

/* What a local file names in the network is not fetched. */
static void
test_playlist (void)
{
  static const char *const texts[]
      = { "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:9,\nhttp://127.0.0.1:9/x.ts\n"
          "#EXT-X-ENDLIST\n",
          "<?xml version=\"1.0\"?>\n<MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" "
          "type=\"static\"><BaseURL>http://127.0.0.1:9/</BaseURL></MPD>\n",
          "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=x\r\nm=video 5004 RTP/AVP 96\r\n" };
  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      char *path = path_of ("list.mp4");
      g_assert_true (g_file_set_contents (path, texts[i], -1, NULL));
      assert_bad (path, TD_CAPTURE_BAD_FILE, "list.mp4");
      g_free (path);
    }
}

static void
test_unreadable (void)
{
  char *path = path_of ("secret.mkv");
  g_assert_true (g_file_set_contents (path, "secret", -1, NULL));
  g_assert_cmpint (chmod (path, 0), ==, 0);
  const uid_t me = geteuid ();
  if (me == 0)
    g_assert_cmpint (seteuid (65534), ==, 0);
  assert_bad (path, TD_CAPTURE_DENIED, "no permission");
  if (me == 0)
    g_assert_cmpint (seteuid (me), ==, 0);
  g_free (path);
}

static void
test_real_time (void)
{
  char *path = make_mjpeg ("paced.mkv", 25, "matroskamux");
  TdSource *source;
  TdCaptureError error;
  g_assert_cmpint (td_source_open_file (path, TD_PACE_REAL_TIME, &source, &error), ==,
                   TD_CAPTURE_OK);
  /* The clip's time begins when the first frame is asked for. */
  g_usleep (300 * 1000);
  const gint64 begun = g_get_monotonic_time ();
  int n = 0;
  TdFrame *frame;
  while (td_source_next (source, 5000, &frame, &error) == TD_CAPTURE_OK)
    {
      const gint64 passed = (g_get_monotonic_time () - begun) * 1000;
      g_assert_cmpint (passed, >=, td_frame_time_ns (frame) - 20 * MS);
      td_frame_unref (frame);
      /* A slow owner loses nothing. */
      if (++n == 5)
        g_usleep (400 * 1000);
    }
  g_assert_cmpint (error.status, ==, TD_CAPTURE_END);
  g_assert_cmpint (n, ==, 25);
  td_source_free (source);
  g_free (path);
}

static void *
interrupt_soon (void *data)
{
  g_usleep (200 * 1000);
  td_source_interrupt (data);
  return NULL;
}

static void
test_interrupt (void)
{
  static const int times_ms[] = { 0, 60000, 120000 };
  char *path = make_timed ("gap.mkv", times_ms, G_N_ELEMENTS (times_ms));
  TdSource *source;
  TdCaptureError error;
  TdFrame *frame;
  g_assert_cmpint (td_source_open_file (path, TD_PACE_REAL_TIME, &source, &error), ==,
                   TD_CAPTURE_OK);
  g_assert_cmpint (td_source_next (source, 5000, &frame, &error), ==, TD_CAPTURE_OK);
  td_frame_unref (frame);
  g_assert_cmpint (td_source_next (source, 20, &frame, &error), ==, TD_CAPTURE_TIMEOUT);
  g_assert_null (frame);
  assert_line (&error);

  pthread_t thread;
  g_assert_cmpint (pthread_create (&thread, NULL, interrupt_soon, source), ==, 0);
  const gint64 begun = g_get_monotonic_time ();
  g_assert_cmpint (td_source_next (source, 30000, &frame, &error), ==, TD_CAPTURE_INTERRUPTED);
  g_assert_cmpint (g_get_monotonic_time () - begun, <, 10 * G_USEC_PER_SEC);
  g_assert_null (frame);
  pthread_join (thread, NULL);
  g_assert_cmpint (td_source_next (source, 30000, &frame, &error), ==, TD_CAPTURE_INTERRUPTED);
  td_source_free (source);
  g_free (path);
}

static guint32
sum_of (const TdFrame *frame)
{
  guint32 sum = 0;
  for (int y = 0; y < td_frame_height (frame); y++)
    for (int x = 0; x < 3 * td_frame_width (frame); x++)
      sum = sum * 31 + td_frame_data (frame)[y * td_frame_stride (frame) + x];
  return sum;
}

static void
test_frames_outlive (void)
{
  char *path = make_mjpeg ("kept.mkv", 30, "matroskamux");
  TdSource *source;
  TdCaptureError error;
  TdFrame *frames[30];
  guint32 sums[30];
  g_assert_cmpint (td_source_open_file (path, TD_PACE_AS_FAST_AS_POSSIBLE, &source, &error), ==,
                   TD_CAPTURE_OK);
  for (int i = 0; i < 30; i++)
    {
      g_assert_cmpint (td_source_next (source, 10000, &frames[i], &error), ==, TD_CAPTURE_OK);
      sums[i] = sum_of (frames[i]);
    }
  td_source_free (source);
  for (int i = 0; i < 30; i++)
    {
      g_assert_true (td_frame_ref (frames[i]) == frames[i]);
      td_frame_unref (frames[i]);
      g_assert_cmpuint (sum_of (frames[i]), ==, sums[i]);
      td_frame_unref (frames[i]);
    }
  td_frame_unref (NULL);
  td_source_free (NULL);
  g_free (path);
}

static guint
count_threads (void)
{
  guint n = 0;
  GDir *dir = g_dir_open ("/proc/self/task", 0, NULL);
  while (g_dir_read_name (dir))
    n++;
  g_dir_close (dir);
  return n;
}

static void
test_no_thread_stays (void)
{
  char *path = make_mjpeg ("again.mkv", 10, "matroskamux");
  guint n_threads = 0;
  for (int i = 0; i < 20; i++)
    {
      TdSource *source;
      TdCaptureError error;
      TdFrame *frame;
      g_assert_cmpint (td_source_open_file (path, TD_PACE_AS_FAST_AS_POSSIBLE, &source, &error), ==,
                       TD_CAPTURE_OK);
      /* Some are freed in the middle. */
      for (int k = 0; k < i; k++)
        if (td_source_next (source, 10000, &frame, &error) == TD_CAPTURE_OK)
          td_frame_unref (frame);
      td_source_free (source);
      if (i == 4)
        n_threads = count_threads ();
    }
  /* GLib keeps a few threads of its pool for reuse. */
  g_assert_cmpuint (count_threads (), <=, n_threads + 2);
  g_free (path);
}

static void
test_no_camera (void)
{
  TdSource *source;
  TdCaptureError error;
  g_assert_cmpint (td_source_open_camera ("v4l2:no such camera", 0, 0, &source, &error), ==,
                   TD_CAPTURE_NOT_FOUND);
  g_assert_null (source);
  assert_line (&error);
}

/* As V4L2's and PipeWire's sources word it. */
static void
test_camera_reasons (void)
{
  static const struct
  {
    int code;
    const char *message, *details;
    TdCaptureStatus reason;
  } cases[] = {
    { GST_RESOURCE_ERROR_OPEN_READ_WRITE,
      "Could not open device '/dev/video0' for reading and writing.",
      "v4l2_calls.c(622): gst_v4l2_open ():\nsystem error: Permission denied", TD_CAPTURE_DENIED },
    { GST_RESOURCE_ERROR_OPEN_READ_WRITE,
      "Could not open device '/dev/video0' for reading and writing.",
      "v4l2_calls.c(622): gst_v4l2_open ():\nsystem error: Operation not permitted",
      TD_CAPTURE_DENIED },
    { GST_RESOURCE_ERROR_NOT_AUTHORIZED, "Nein", NULL, TD_CAPTURE_DENIED },
    { GST_RESOURCE_ERROR_FAILED, "stream error: Permission denied", NULL, TD_CAPTURE_DENIED },
    { GST_RESOURCE_ERROR_BUSY, "Das Gerät wird benutzt", NULL, TD_CAPTURE_BUSY },
    { GST_RESOURCE_ERROR_FAILED, "stream error: Device or resource busy", NULL, TD_CAPTURE_BUSY },
    { GST_RESOURCE_ERROR_SETTINGS, "Failed to allocate required memory.",
      "Buffer pool activation failed", TD_CAPTURE_FAILED },
    { GST_RESOURCE_ERROR_NOT_FOUND, "Cannot identify device '/dev/video0'.", NULL,
      TD_CAPTURE_NOT_FOUND },
    { GST_RESOURCE_ERROR_OPEN_READ_WRITE,
      "Could not open device '/dev/video0' for reading and writing.",
      "system error: No such device", TD_CAPTURE_NOT_FOUND },
    { GST_RESOURCE_ERROR_OPEN_READ_WRITE,
      "Could not open device '/dev/video0' for reading and writing.",
      "system error: Input/output error", TD_CAPTURE_FAILED },
    { GST_RESOURCE_ERROR_FAILED, "\xff", "\xff", TD_CAPTURE_FAILED },
  };
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      GError *problem = g_error_new_literal (GST_RESOURCE_ERROR, cases[i].code, cases[i].message);
      g_test_message ("case %zu", i);
      g_assert_cmpint (td_camera_reason (problem, cases[i].details), ==, cases[i].reason);
      g_error_free (problem);
    }
  g_assert_cmpint (td_camera_reason (NULL, NULL), ==, TD_CAPTURE_SILENT);
}

/* What v4l2src really says of a file that this user may not open. */
static void
test_denied_device (void)
{
  GstElement *source = gst_element_factory_make ("v4l2src", NULL);
  if (!source)
    {
      g_test_skip ("v4l2src is not installed");
      return;
    }
  char *path = path_of ("video7");
  char found[256];
  g_assert_true (g_file_set_contents (path, "", -1, NULL));
  g_assert_false (td_camera_denied_in (folder, found, sizeof found));
  g_assert_cmpstr (found, ==, "");
  g_assert_cmpint (chmod (path, 0), ==, 0);
  gst_object_ref_sink (source);
  GstBus *bus = gst_bus_new ();
  gst_element_set_bus (source, bus);
  g_object_set (source, "device", path, NULL);
  const uid_t me = geteuid ();
  if (me == 0)
    g_assert_cmpint (seteuid (65534), ==, 0);
  const bool denied = td_camera_denied_in (folder, found, sizeof found);
  const GstStateChangeReturn change = gst_element_set_state (source, GST_STATE_READY);
  if (me == 0)
    g_assert_cmpint (seteuid (me), ==, 0);
  g_assert_true (denied);
  g_assert_cmpstr (found, ==, path);
  g_assert_cmpint (change, ==, GST_STATE_CHANGE_FAILURE);
  GstMessage *message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  g_assert_nonnull (message);
  GError *problem;
  char *details;
  gst_message_parse_error (message, &problem, &details);
  g_assert_cmpint (td_camera_reason (problem, details), ==, TD_CAPTURE_DENIED);
  g_error_free (problem);
  g_free (details);
  gst_message_unref (message);
  gst_element_set_state (source, GST_STATE_NULL);
  gst_element_set_bus (source, NULL);
  gst_object_unref (bus);
  gst_object_unref (source);
  g_free (path);
}

/* --- Recording ---------------------------------------------------------------------------- */

/* Pushes the frames of the clip FROM at the speed that the encoder keeps up with, so that none is
 * dropped, or few on a busy machine. Stops at the first failure. */
static TdCaptureStatus
record (TdWriter *writer, const char *from, int *n_pushed, TdCaptureError *error)
{
  TdSource *source;
  TdFrame *frame;
  TdCaptureStatus status = TD_CAPTURE_OK;
  *n_pushed = 0;
  if (td_source_open_file (from, TD_PACE_AS_FAST_AS_POSSIBLE, &source, error) != TD_CAPTURE_OK)
    g_error ("%s", error->message);
  while (status == TD_CAPTURE_OK && td_source_next (source, 10000, &frame, NULL) == TD_CAPTURE_OK)
    {
      const int n_dropped = td_writer_n_dropped (writer);
      status = td_writer_push (writer, frame, error);
      *n_pushed += status == TD_CAPTURE_OK;
      td_frame_unref (frame);
      /* On a busy machine the encoder is behind all the same. */
      g_usleep (td_writer_n_dropped (writer) > n_dropped ? 500000 : 15000);
    }
  td_source_free (source);
  return status;
}

static void
test_recording (void)
{
  static const struct
  {
    int width, height;
    int to_width, to_height;
  } sizes[] = { { 160, 120, 160, 120 }, { 1280, 720, 960, 540 }, { 321, 241, 320, 240 } };
  for (size_t i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *line = g_strdup_printf (
          "videotestsrc num-buffers=40 ! video/x-raw,format=BGR,width=%d,height=%d,framerate=25/1"
          " ! identity ! avimux",
          sizes[i].width, sizes[i].height);
      g_autofree char *from = make_clip ("filmed.avi", line);
      g_autofree char *to = path_of ("recorded.webm");
      TdWriter *writer;
      TdCaptureError error;
      int n;
      g_assert_nonnull (from);
      g_assert_cmpint (td_writer_open (to, sizes[i].width, sizes[i].height, &writer, &error), ==,
                       TD_CAPTURE_OK);
      g_assert_cmpint (record (writer, from, &n, &error), ==, TD_CAPTURE_OK);
      g_assert_cmpint (n, ==, 40);
      const int n_dropped = td_writer_n_dropped (writer);
      g_assert_cmpint (td_writer_close (writer, &error), ==, TD_CAPTURE_OK);

      struct stat info;
      g_assert_cmpint (stat (to, &info), ==, 0);
      g_assert_cmpint (info.st_mode & 0777, ==, 0600);

      TdFrame *frame = first_frame (to);
      g_assert_cmpint (td_frame_width (frame), ==, sizes[i].to_width);
      g_assert_cmpint (td_frame_height (frame), ==, sizes[i].to_height);
      /* The test picture begins with a white bar. */
      const uint8_t *pixel = td_frame_data (frame) + 10 * td_frame_stride (frame) + 30;
      g_assert_cmpint (MIN (pixel[0], MIN (pixel[1], pixel[2])), >, 150);
      td_frame_unref (frame);

      const Read result = read_clip (to);
      g_assert_cmpint (result.status, ==, TD_CAPTURE_END);
      g_assert_cmpint (result.n_frames, ==, 40 - n_dropped);
      g_assert_cmpint (n_dropped, <=, 10);
      for (int k = 0; n_dropped == 0 && k < result.n_frames; k++)
        g_assert_cmpint (ABS (result.times[k] - k * 40 * MS), <=, 1 * MS);
      g_unlink (from);
      g_unlink (to);
    }
}

/* A long pause, and a camera that comes back with another size. */
static void
test_recording_goes_on (void)
{
  static const int times_ms[] = { 0, 40, 80, 900000, 900040, 5400000, 5400040 };
  g_autofree char *from = make_timed ("paused.mkv", times_ms, G_N_ELEMENTS (times_ms));
  g_autofree char *wide
      = make_clip ("wide.avi", "videotestsrc num-buffers=5 pattern=white ! video/x-raw,format=BGR,"
                               "width=320,height=120,framerate=25/1 ! avimux");
  g_autofree char *to = path_of ("paused.webm");
  TdWriter *writer;
  TdCaptureError error;
  int n;
  g_assert_cmpint (td_writer_open (to, 64, 48, &writer, &error), ==, TD_CAPTURE_OK);
  g_assert_cmpint (record (writer, from, &n, &error), ==, TD_CAPTURE_OK);
  g_assert_cmpint (td_writer_close (writer, &error), ==, TD_CAPTURE_OK);
  const Read result = read_clip (to);
  g_test_message ("%d frames, %s", result.n_frames, result.error.message);
  g_assert_cmpint (result.status, ==, TD_CAPTURE_END);
  g_assert_cmpint (result.n_frames, ==, (int) G_N_ELEMENTS (times_ms));
  for (int i = 0; i < result.n_frames; i++)
    g_assert_cmpint (ABS (result.times[i] - times_ms[i] * MS), <=, 1 * MS);
  g_unlink (to);

  /* All of the wide picture is there, between black bars. */
  g_assert_cmpint (td_writer_open (to, 160, 120, &writer, &error), ==, TD_CAPTURE_OK);
  g_assert_cmpint (record (writer, wide, &n, &error), ==, TD_CAPTURE_OK);
  g_assert_cmpint (td_writer_close (writer, &error), ==, TD_CAPTURE_OK);
  TdFrame *frame = first_frame (to);
  g_assert_cmpint (td_frame_width (frame), ==, 160);
  g_assert_cmpint (td_frame_height (frame), ==, 120);
  for (int y = 10; y < 120; y += 10)
    {
      const uint8_t *left = td_frame_data (frame) + y * td_frame_stride (frame) + 3;
      gboolean inside = y > 30 && y < 90;
      if (y != 30 && y != 90)
        g_assert_true (inside ? left[0] > 200 : left[0] < 50);
    }
  td_frame_unref (frame);
  g_unlink (to);
}

/* An encoder that is behind costs frames, not time. */
static void
test_recording_never_waits (void)
{
  g_autofree char *from
      = make_clip ("filmed.avi", "videotestsrc num-buffers=1 ! video/x-raw,format=BGR,"
                                 "width=1280,height=720,framerate=25/1 ! avimux");
  g_autofree char *to = path_of ("recorded.webm");
  TdWriter *writer;
  TdCaptureError error;
  TdFrame *frame = first_frame (from);
  g_assert_cmpint (td_writer_open (to, 1280, 720, &writer, &error), ==, TD_CAPTURE_OK);
  g_assert_cmpint (td_writer_push (writer, frame, &error), ==, TD_CAPTURE_OK);
  /* Not later than the one before. */
  g_assert_cmpint (td_writer_push (writer, frame, &error), ==, TD_CAPTURE_OK);
  g_assert_cmpint (td_writer_n_dropped (writer), ==, 1);
  td_frame_unref (frame);
  g_assert_cmpint (td_writer_close (writer, &error), ==, TD_CAPTURE_OK);
  g_unlink (from);
  g_free (from);

  from
      = make_clip ("many.avi", "videotestsrc num-buffers=200 pattern=snow ! video/x-raw,format=BGR,"
                               "width=640,height=480,framerate=25/1 ! avimux");
  TdSource *source;
  int n = 0;
  gint64 longest = 0;
  g_unlink (to);
  g_assert_cmpint (td_writer_open (to, 640, 480, &writer, &error), ==, TD_CAPTURE_OK);
  g_assert_cmpint (td_source_open_file (from, TD_PACE_AS_FAST_AS_POSSIBLE, &source, &error), ==,
                   TD_CAPTURE_OK);
  while (td_source_next (source, 10000, &frame, NULL) == TD_CAPTURE_OK)
    {
      const gint64 begun = g_get_monotonic_time ();
      g_assert_cmpint (td_writer_push (writer, frame, &error), ==, TD_CAPTURE_OK);
      longest = MAX (longest, g_get_monotonic_time () - begun);
      td_frame_unref (frame);
      n++;
    }
  td_source_free (source);
  const int n_dropped = td_writer_n_dropped (writer);
  g_test_message ("%d of %d dropped, longest push %.1f ms", n_dropped, n, (double) longest / 1e3);
  g_assert_cmpint (n, ==, 200);
  /* A machine that is quick enough drops none. */
  g_assert_cmpint (longest, <, 200000);
  g_assert_cmpint (td_writer_close (writer, &error), ==, TD_CAPTURE_OK);
  const Read result = read_clip (to);
  g_assert_cmpint (result.n_frames, ==, n - n_dropped);
}

static void
test_recording_cannot_begin (void)
{
  g_autofree char *there = path_of ("there.webm");
  g_autofree char *nowhere = path_of ("no-such-folder/1.webm");
  TdWriter *writer;
  TdCaptureError error;
  g_assert_true (g_file_set_contents (there, "mine", -1, NULL));
  g_assert_cmpint (td_writer_open (there, 160, 120, &writer, &error), ==, TD_CAPTURE_FAILED);
  g_assert_null (writer);
  assert_line (&error);
  g_autofree char *bytes = NULL;
  g_assert_true (g_file_get_contents (there, &bytes, NULL, NULL));
  g_assert_cmpstr (bytes, ==, "mine");
  g_assert_cmpint (td_writer_open (nowhere, 160, 120, &writer, &error), ==, TD_CAPTURE_FAILED);
  assert_line (&error);
  g_assert_nonnull (strstr (error.message, "No such file"));

  /* Nothing pushed, nothing kept. */
  g_autofree char *empty = path_of ("empty.webm");
  g_assert_cmpint (td_writer_open (empty, 160, 120, &writer, &error), ==, TD_CAPTURE_OK);
  g_assert_true (g_file_test (empty, G_FILE_TEST_EXISTS));
  g_assert_cmpint (td_writer_close (writer, &error), ==, TD_CAPTURE_OK);
  g_assert_false (g_file_test (empty, G_FILE_TEST_EXISTS));
}

/* Run by a child of its own, as a full disk and a sudden death are best had by those. */
static void
record_in_child (const char *what)
{
  g_autofree char *from = g_build_filename (folder, "snow.avi", NULL);
  g_autofree char *to = NULL;
  TdWriter *writer;
  TdCaptureError error;
  int n;
  if (strcmp (what, "full") == 0)
    {
      g_autofree char *disk = path_of ("disk");
      g_mkdir (disk, 0700);
      if (unshare (CLONE_NEWNS) != 0 || mount ("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0
          || mount ("none", disk, "tmpfs", 0, "size=64k") != 0)
        _exit (77);
      to = g_build_filename (disk, "1.webm", NULL);
    }
  else
    to = path_of ("killed.webm");
  if (td_writer_open (to, 320, 240, &writer, &error) != TD_CAPTURE_OK)
    g_error ("%s", error.message);
  TdCaptureStatus status = record (writer, from, &n, &error);
  if (strcmp (what, "killed") == 0)
    kill (getpid (), SIGKILL);
  /* Full. */
  g_assert_cmpint (status, ==, TD_CAPTURE_FAILED);
  assert_line (&error);
  g_assert_nonnull (strstr (error.message, "no space left on the disk"));
  g_assert_cmpint (td_writer_close (writer, &error), ==, TD_CAPTURE_FAILED);
  g_assert_nonnull (strstr (error.message, "no space left on the disk"));
  /* What there was room for can be read. */
  const Read result = read_clip (to);
  g_assert_cmpint (result.n_frames, >, 0);
  _exit (0);
}

static void
run_child (const char *what, int *status)
{
  g_autofree char *from
      = make_clip ("snow.avi", "videotestsrc num-buffers=100 pattern=snow ! video/x-raw,format=BGR,"
                               "width=320,height=240,framerate=25/1 ! avimux");
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  char *arguments[] = { self, (char *) "--record", folder, (char *) what, NULL };
  GError *error = NULL;
  g_spawn_sync (NULL, arguments, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL, status, &error);
  g_assert_no_error (error);
}

/* Forward and back, again after the end, and before the first frame was taken. */
static void
assert_sought (const char *path, int64_t end_ns)
{
  static const double shares[] = { 0.5, 0.9, 0.1, 0.55, 0, 2 };
  TdSource *source;
  TdCaptureError error;
  TdFrame *frame;
  for (int taken = 0; taken < 3; taken++)
    {
      g_assert_cmpint (td_source_open_file (path, TD_PACE_AS_FAST_AS_POSSIBLE, &source, &error), ==,
                       TD_CAPTURE_OK);
      if (taken == 1)
        {
          g_assert_cmpint (td_source_next (source, 10000, &frame, &error), ==, TD_CAPTURE_OK);
          td_frame_unref (frame);
        }
      while (taken == 2 && td_source_next (source, 10000, &frame, &error) == TD_CAPTURE_OK)
        td_frame_unref (frame);
      for (size_t i = 0; i < G_N_ELEMENTS (shares); i++)
        {
          const int64_t wanted = MIN (end_ns, (int64_t) (shares[i] * (double) end_ns));
          int64_t before = -1, got = -1;
          g_assert_true (td_source_seek (source, (int64_t) (shares[i] * (double) end_ns)));
          while (got < wanted && td_source_next (source, 10000, &frame, &error) == TD_CAPTURE_OK)
            {
              const int64_t time = td_frame_time_ns (frame);
              g_assert_cmpint (time, >, got);
              if (got < 0)
                before = time;
              got = time;
              td_frame_unref (frame);
            }
          g_test_message ("to %.2f s: from %.2f s", (double) wanted / 1e9, (double) before / 1e9);
          g_assert_cmpint (before, >=, MAX (0, wanted - 2000 * MS));
          g_assert_cmpint (before, <=, wanted);
          /* The very last frame lies at the length that the file states, and may not be given. */
          g_assert_cmpint (got, >=, shares[i] > 1 ? wanted - 45 * MS : wanted);
          g_assert_cmpint (got, <=, wanted + 45 * MS);
        }
      td_source_free (source);
    }
}

static void
test_seek (void)
{
  g_autofree char *from
      = make_clip ("filmed.avi", "videotestsrc num-buffers=150 ! video/x-raw,format=BGR,width=64,"
                                 "height=48,framerate=25/1 ! avimux");
  g_autofree char *to = path_of ("sought.webm");
  TdWriter *writer;
  TdCaptureError error;
  int n;
  g_assert_cmpint (td_writer_open (to, 64, 48, &writer, &error), ==, TD_CAPTURE_OK);
  g_assert_cmpint (record (writer, from, &n, &error), ==, TD_CAPTURE_OK);
  g_assert_cmpint (td_writer_close (writer, &error), ==, TD_CAPTURE_OK);
  const Read whole = read_clip (to);
  assert_sought (to, whole.times[whole.n_frames - 1]);
}

/* What there is of a damaged file can be seen again. */
static void
test_seek_after_damage (void)
{
  static const char *const muxers[] = { "matroskamux", "avimux", "qtmux faststart=true" };
  for (size_t i = 0; i < G_N_ELEMENTS (muxers); i++)
    {
      g_autofree char *name = g_strdup_printf ("again-%zu", i);
      g_autofree char *path = make_mjpeg (name, 100, muxers[i]);
      char *bytes;
      gsize length;
      g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
      memset (bytes + length / 2, 0, length - length / 2);
      g_assert_true (g_file_set_contents (path, bytes, (gssize) length, NULL));
      g_free (bytes);

      TdSource *source;
      TdCaptureError error;
      TdFrame *frame;
      int n[3] = { 0 };
      g_assert_cmpint (td_source_open_file (path, TD_PACE_AS_FAST_AS_POSSIBLE, &source, &error), ==,
                       TD_CAPTURE_OK);
      for (int round = 0; round < 3; round++)
        {
          if (round > 0)
            g_assert_true (td_source_seek (source, 0));
          while (td_source_next (source, 10000, &frame, &error) == TD_CAPTURE_OK)
            {
              n[round]++;
              td_frame_unref (frame);
            }
          g_test_message ("%s: %d frames, %s", muxers[i], n[round], error.message);
          g_assert_cmpint (n[round], >=, 40);
          g_assert_cmpint (n[round], ==, n[0]);
        }
      td_source_free (source);
    }
}

static void
test_recording_when_full (void)
{
  int status;
  run_child ("full", &status);
  g_autofree char *disk = path_of ("disk");
  g_rmdir (disk);
  if (WIFEXITED (status) && WEXITSTATUS (status) == 77)
    g_test_skip ("needs the right to mount");
  else
    g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 0);
}

static void
test_recording_when_killed (void)
{
  int status;
  g_autofree char *to = path_of ("killed.webm");
  run_child ("killed", &status);
  g_assert_true (WIFSIGNALED (status) && WTERMSIG (status) == SIGKILL);
  const Read result = read_clip (to);
  g_test_message ("%d frames, %s", result.n_frames, result.error.message);
  g_assert_cmpint (result.n_frames, >=, 60);
  assert_sought (to, result.times[result.n_frames - 1]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  td_capture_init ();
  td_capture_init ();
  if (argc == 4 && strcmp (argv[1], "--record") == 0)
    {
      folder = argv[2];
      record_in_child (argv[3]);
    }
  folder = g_dir_make_tmp ("td-capture-XXXXXX", NULL);
  g_assert_nonnull (folder);
  g_assert_cmpint (chmod (folder, 0755), ==, 0);

  g_test_add_func ("/capture/a_clip_gives_all_its_frames", test_all_frames);
  g_test_add_func ("/capture/boxes_nested_too_deep_are_refused", test_nested);
  g_test_add_func ("/capture/a_variable_rate_is_obeyed", test_variable_rate);
  g_test_add_func ("/capture/a_rotation_tag_is_obeyed", test_rotation);
  g_test_add_func ("/capture/pixels_become_square", test_square_pixels);
  g_test_add_func ("/capture/sound_is_left_alone", test_sound_is_left_alone);
  g_test_add_func ("/capture/a_cut_file_gives_its_frames_then_says_so", test_cut);
  g_test_add_func ("/capture/a_damaged_file_gives_its_frames_then_says_so", test_damaged);
  g_test_add_func ("/capture/an_edit_list_is_obeyed", test_edit_list);
  g_test_add_func ("/capture/a_file_of_sound_has_no_picture", test_no_picture);
  g_test_add_func ("/capture/a_bad_file_gives_one_line", test_bad_files);
  g_test_add_func ("/capture/a_playlist_is_not_followed", test_playlist);
  g_test_add_func ("/capture/an_unreadable_file_is_denied", test_unreadable);
  g_test_add_func ("/capture/real_time_is_kept_and_nothing_dropped", test_real_time);
  g_test_add_func ("/capture/waiting_can_be_interrupted", test_interrupt);
  g_test_add_func ("/capture/frames_outlive_their_source", test_frames_outlive);
  g_test_add_func ("/capture/no_thread_stays_behind", test_no_thread_stays);
  g_test_add_func ("/capture/a_camera_that_is_not_there_is_not_found", test_no_camera);
  g_test_add_func ("/capture/a_camera_says_why_it_cannot_be_used", test_camera_reasons);
  g_test_add_func ("/capture/a_device_without_permission_is_denied", test_denied_device);
  g_test_add_func ("/capture/a_recording_gives_its_frames_at_their_times", test_recording);
  g_test_add_func ("/capture/a_recording_never_waits", test_recording_never_waits);
  g_test_add_func ("/capture/a_recording_that_cannot_begin_says_why", test_recording_cannot_begin);
  g_test_add_func ("/capture/a_file_can_be_sought_in", test_seek);
  g_test_add_func ("/capture/a_recording_goes_on", test_recording_goes_on);
  g_test_add_func ("/capture/a_damaged_file_can_be_sought_in", test_seek_after_damage);
  g_test_add_func ("/capture/a_full_disk_ends_a_recording", test_recording_when_full);
  g_test_add_func ("/capture/a_killed_recording_can_be_read", test_recording_when_killed);
  const int status = g_test_run ();

  GDir *dir = g_dir_open (folder, 0, NULL);
  for (const char *name; (name = g_dir_read_name (dir));)
    {
      char *path = path_of (name);
      g_unlink (path);
      g_free (path);
    }
  g_dir_close (dir);
  g_rmdir (folder);
  g_free (folder);
  return status;
}
