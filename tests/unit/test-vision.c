/* test-vision.c: the vision layer from outside, as C sees it.
 *
 * Small networks are written here byte by byte (ONNX is protobuf), so that decoding and the choice
 * of the back end are tested on networks whose answer is known exactly.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-vision.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

static char *model_folder; /* the one that ships */
static char *data_folder;

/* ONNX, one field at a time. */

static void
put_varint (GByteArray *to, guint64 value)
{
  do
    {
      guint8 byte = (guint8) ((value & 0x7F) | (value > 0x7F ? 0x80 : 0));
      g_byte_array_append (to, &byte, 1);
      value >>= 7;
    }
  while (value);
}

static void
put_int (GByteArray *to, guint field, guint64 value)
{
  put_varint (to, field << 3);
  put_varint (to, value);
}

static void
put_bytes (GByteArray *to, guint field, gconstpointer data, gsize size)
{
  put_varint (to, field << 3 | 2);
  put_varint (to, size);
  g_byte_array_append (to, data, (guint) size);
}

static void
put_string (GByteArray *to, guint field, const char *text)
{
  put_bytes (to, field, text, strlen (text));
}

static void
put_message (GByteArray *to, guint field, GByteArray *message)
{
  put_bytes (to, field, message->data, message->len);
  g_byte_array_unref (message);
}

static GByteArray *
attribute_ints (const char *name, const gint64 *values, gsize n)
{
  GByteArray *a = g_byte_array_new ();
  put_string (a, 1, name);
  for (gsize i = 0; i < n; i++)
    put_int (a, 8, (guint64) values[i]);
  put_int (a, 20, 7);
  return a;
}

static void
put_tensor (GByteArray *graph, const char *name, const gint64 *sizes, gsize n_sizes,
            const float *values, gsize n)
{
  GByteArray *t = g_byte_array_new ();
  for (gsize i = 0; i < n_sizes; i++)
    put_int (t, 1, (guint64) sizes[i]);
  put_int (t, 2, 1);
  put_string (t, 8, name);
  put_bytes (t, 9, values, n * sizeof *values);
  put_message (graph, 5, t);
}

static void
put_picture_value (GByteArray *graph, guint field, const char *name, gint64 channels, gint64 height,
                   gint64 width)
{
  const gint64 sizes[] = { 1, channels, height, width };
  GByteArray *shape = g_byte_array_new ();
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      GByteArray *size = g_byte_array_new ();
      put_int (size, 1, (guint64) sizes[i]);
      put_message (shape, 1, size);
    }
  GByteArray *tensor = g_byte_array_new (), *type = g_byte_array_new (),
             *value = g_byte_array_new ();
  put_int (tensor, 1, 1);
  put_message (tensor, 2, shape);
  put_message (type, 1, tensor);
  put_string (value, 1, name);
  put_message (value, 2, type);
  put_message (graph, field, value);
}

#define SIDE 64

/* A network that gives the picture back: map j is the network's channel j mod 3. LAST is an operator
 * to put behind, or NULL. */
static GByteArray *
mirror_network (int n_maps, const char *last)
{
  GByteArray *graph = g_byte_array_new ();
  GByteArray *node = g_byte_array_new ();
  put_string (node, 1, "image");
  put_string (node, 1, "weights");
  put_string (node, 1, "bias");
  put_string (node, 2, last ? "between" : "heat");
  put_string (node, 4, "Conv");
  const gint64 one[] = { 1, 1 };
  put_message (node, 5, attribute_ints ("kernel_shape", one, 2));
  put_message (graph, 1, node);
  if (last)
    {
      node = g_byte_array_new ();
      put_string (node, 1, "between");
      put_string (node, 2, "heat");
      put_string (node, 4, last);
      put_message (graph, 1, node);
    }
  put_string (graph, 2, "mirror");
  float weights[17 * 3] = { 0 }, bias[17] = { 0 };
  for (int j = 0; j < n_maps; j++)
    weights[3 * j + j % 3] = 1;
  put_tensor (graph, "weights", (const gint64[]){ n_maps, 3, 1, 1 }, 4, weights,
              (gsize) n_maps * 3);
  put_tensor (graph, "bias", (const gint64[]){ n_maps }, 1, bias, (gsize) n_maps);
  put_picture_value (graph, 11, "image", 3, SIDE, SIDE);
  put_picture_value (graph, 12, "heat", n_maps, SIDE, SIDE);

  GByteArray *opset = g_byte_array_new ();
  put_int (opset, 2, 11);
  GByteArray *model = g_byte_array_new ();
  put_int (model, 1, 6);
  put_message (model, 7, graph);
  put_message (model, 8, opset);
  return model;
}

static const char mirror_ini[]
    = "[model]\nname = mirror\nversion = 7\n"
      "[input]\nname = image\nshape = 1 3 64 64\nchannels = rgb\nmean = 0 0 0\n"
      "std = 255 255 255\n"
      "[output]\nheat = heat\nstride = 1\ndecoding = argmax\n"
      "joints = left_hip right_hip left_knee right_knee left_ankle right_ankle tail\n"
      "[crop]\nmargin = 1\n";

/* Folders. */

static char *
scratch_folder (const char *ini, gconstpointer onnx, gsize onnx_size)
{
  char *folder = g_dir_make_tmp ("td-vision-XXXXXX", NULL);
  g_assert_nonnull (folder);
  if (ini)
    {
      char *path = g_build_filename (folder, "model.ini", NULL);
      g_assert_true (g_file_set_contents (path, ini, -1, NULL));
      g_free (path);
    }
  if (onnx)
    {
      char *path = g_build_filename (folder, "model.onnx", NULL);
      g_assert_true (g_file_set_contents (path, onnx, (gssize) onnx_size, NULL));
      g_free (path);
    }
  return folder;
}

static void
drop_folder (char *folder)
{
  const char *names[] = { "model.ini", "model.onnx" };
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      char *path = g_build_filename (folder, names[i], NULL);
      g_remove (path);
      g_free (path);
    }
  g_rmdir (folder);
  g_free (folder);
}

static TdPoseModel *
load_mirror (TdBackend backend, const char *last, const char *spread)
{
  GByteArray *onnx = mirror_network (7, last);
  char *ini = g_strconcat (mirror_ini, "[output]\n", spread, NULL);
  char *folder = scratch_folder (ini, onnx->data, onnx->len);
  g_free (ini);
  TdPoseModel *model = NULL;
  TdVisionError error;
  if (td_pose_model_load (folder, backend, 1, &model, &error) != TD_VISION_OK)
    g_error ("%s", error.message);
  g_byte_array_unref (onnx);
  drop_folder (folder);
  return model;
}

static TdPoseModel *
load_ours (TdBackend backend)
{
  TdPoseModel *model = NULL;
  TdVisionError error;
  if (td_pose_model_load (model_folder, backend, 1, &model, &error) != TD_VISION_OK)
    g_error ("%s", error.message);
  return model;
}

/* Pictures. */

typedef struct
{
  TdImage image;
  guint8 *pixels;
} Picture;

static Picture
picture_new (int width, int height, guint8 grey)
{
  Picture picture;
  gsize size = (gsize) width * (gsize) height * 3;
  picture.pixels = g_malloc (size);
  memset (picture.pixels, grey, size);
  picture.image = (TdImage){ picture.pixels, width, height, 3 * width };
  return picture;
}

/* A frame of the demo clip, half its size, cut to the middle. */
static Picture
demo_frame (int number)
{
  char name[32];
  g_snprintf (name, sizeof name, "demo-%d.ppm", number);
  char *path = g_build_filename (data_folder, name, NULL), *data;
  gsize size;
  g_assert_true (g_file_get_contents (path, &data, &size, NULL));
  g_free (path);
  const int width = 180, height = 240;
  gsize pixels = (gsize) width * (gsize) height * 3;
  g_assert_true (g_str_has_prefix (data, "P6\n180 240\n255\n"));
  g_assert_cmpuint (size, ==, pixels + 15);
  Picture picture = picture_new (width, height, 0);
  for (gsize i = 0; i < pixels; i += 3)
    for (gsize c = 0; c < 3; c++)
      picture.pixels[i + c] = (guint8) data[15 + i + 2 - c];
  g_free (data);
  return picture;
}

/* What of FROM at (X, Y) lies in TO. */
static void
paste (Picture *to, const Picture *from, int x, int y)
{
  const int x0 = MAX (x, 0), x1 = MIN (x + from->image.width, to->image.width);
  for (int row = MAX (y, 0); row < MIN (y + from->image.height, to->image.height) && x0 < x1; row++)
    memcpy (to->pixels + ((gsize) row * (gsize) to->image.width + (gsize) x0) * 3,
            from->pixels + ((gsize) (row - y) * (gsize) from->image.width + (gsize) (x0 - x)) * 3,
            (gsize) (x1 - x0) * 3);
}

/* FROM at (X, Y) on a grey picture. */
static Picture
on_grey (const Picture *from, int width, int height, int x, int y)
{
  Picture to = picture_new (width, height, 114);
  paste (&to, from, x, y);
  return to;
}

static Picture
shrunk (const Picture *from, float scale)
{
  Picture to = picture_new ((int) lrintf (scale * (float) from->image.width),
                            (int) lrintf (scale * (float) from->image.height), 0);
  g_assert_cmpint (td_image_shrink (&from->image, to.pixels, to.image.width, to.image.height,
                                    to.image.stride, NULL),
                   ==, TD_VISION_OK);
  return to;
}

/* Where the joints really are, from the renderer. */
static const float demo_truth[3][6][2] = {
  { { 97.5f, 110.8f },
    { 82.7f, 110.7f },
    { 98.3f, 150.4f },
    { 80.8f, 148.8f },
    { 101.4f, 195.2f },
    { 80.3f, 191.3f } },
  { { 100.8f, 114.6f },
    { 85.9f, 114.3f },
    { 94.9f, 152.6f },
    { 76.2f, 150.8f },
    { 101.4f, 195.2f },
    { 80.3f, 191.3f } },
  { { 104.4f, 160.1f },
    { 89.8f, 158.6f },
    { 84.3f, 162.4f },
    { 67.0f, 160.7f },
    { 101.4f, 195.2f },
    { 80.3f, 191.3f } },
};
static const float demo_torso = 46.0f;

/* Of a frame shrunk by SCALE; TOLERANCE: of the torso. */
static void
assert_small_joints (const TdPose *pose, const float truth[6][2], float scale, float dx, float dy,
                     float tolerance)
{
  g_assert_true (pose->present);
  for (int j = 0; j < 6; j++)
    {
      float off = hypotf (pose->joints[j].x - scale * truth[j][0] - dx,
                          pose->joints[j].y - scale * truth[j][1] - dy);
      if (off > tolerance * scale * demo_torso)
        g_error ("%s is %.1f pixels off", td_joint_name ((TdJoint) j), (double) off);
    }
}

static void
assert_joints (const TdPose *pose, const float truth[6][2], float dx, float dy, float tolerance)
{
  assert_small_joints (pose, truth, 1, dx, dy, tolerance);
}

static void
assert_error (TdVisionStatus got, TdVisionStatus wanted, const TdVisionError *error,
              const char *says)
{
  g_assert_cmpint (got, ==, wanted);
  g_assert_cmpint (error->status, ==, wanted);
  g_assert_cmpstr (error->message, !=, "");
  g_assert_null (strpbrk (error->message, "\r\n"));
  if (!strstr (error->message, says))
    g_error ("\"%s\" does not say \"%s\"", error->message, says);
}

/* Tests. */

static void
test_demo_frames (void)
{
  TdPoseModel *model = load_ours (TD_BACKEND_AUTO);
  g_assert_cmpstr (td_pose_model_name (model), ==, "teardrop-lower-body 9");
  g_assert_cmpstr (td_pose_model_backend (model), ==, "xnnpack");
  for (int i = 0; i < 3; i++)
    {
      Picture frame = demo_frame (i + 1);
      TdTracker *tracker;
      TdPose pose;
      TdVisionTimes times;
      g_assert_cmpint (td_tracker_new (model, &tracker, NULL), ==, TD_VISION_OK);
      g_assert_cmpint (td_tracker_process (tracker, &frame.image, 77, &pose, &times, NULL), ==,
                       TD_VISION_OK);
      assert_joints (&pose, demo_truth[i], 0, 0, 0.12f);
      g_assert_true (pose.has_depth);
      g_assert_cmpint (pose.time_ns, ==, 77);
      g_assert_cmpint (pose.width, ==, 180);
      g_assert_cmpint (pose.height, ==, 240);
      g_assert_cmpfloat (pose.score, >, 0.6f);
      g_assert_cmpfloat (pose.score, <=, 1.0f);
      g_assert_cmpint (times.network_runs, >, 1);
      g_assert_cmpfloat (times.network_ms, >, 0);

      /* Now it follows: one run a picture. */
      g_assert_cmpint (td_tracker_process (tracker, &frame.image, 33000077, &pose, &times, NULL),
                       ==, TD_VISION_OK);
      g_assert_cmpint (times.network_runs, ==, 1);
      assert_joints (&pose, demo_truth[i], 0, 0, 0.12f);
      td_tracker_free (tracker);
      g_free (frame.pixels);
    }
  td_pose_model_free (model);
}

static void
test_followed (void)
{
  TdPoseModel *model = load_ours (TD_BACKEND_AUTO);
  TdTracker *tracker;
  g_assert_cmpint (td_tracker_new (model, &tracker, NULL), ==, TD_VISION_OK);
  Picture person = demo_frame (1);
  TdPose first = { 0 }, pose = { 0 };
  /* 40 pixels in 10 pictures, about a fast walk. */
  for (int i = 0; i <= 10; i++)
    {
      Picture frame = on_grey (&person, 320, 260, 20 + 4 * i, 10);
      TdVisionTimes times;
      g_assert_cmpint (
          td_tracker_process (tracker, &frame.image, i * 33333333LL, &pose, &times, NULL), ==,
          TD_VISION_OK);
      g_assert_true (pose.present);
      if (i == 0)
        first = pose;
      else
        g_assert_cmpint (times.network_runs, ==, 1);
      g_free (frame.pixels);
    }
  for (int j = 0; j < 6; j++)
    {
      g_assert_cmpfloat (fabsf (pose.joints[j].x - first.joints[j].x - 40), <, 2.5f);
      g_assert_cmpfloat (fabsf (pose.joints[j].y - first.joints[j].y), <, 2.5f);
    }
  td_tracker_free (tracker);
  td_pose_model_free (model);
  g_free (person.pixels);
}

static void
test_nobody (void)
{
  TdPoseModel *model = load_ours (TD_BACKEND_AUTO);
  TdTracker *tracker;
  g_assert_cmpint (td_tracker_new (model, &tracker, NULL), ==, TD_VISION_OK);
  Picture grey = picture_new (320, 240, 128), noise = picture_new (320, 240, 0);
  GRand *random = g_rand_new_with_seed (1);
  for (int i = 0; i < 320 * 240 * 3; i++)
    noise.pixels[i] = (guint8) g_rand_int (random);
  g_rand_free (random);

  const Picture *pictures[] = { &grey, &noise };
  int runs = 0;
  for (int i = 0; i < 24; i++)
    {
      TdPose pose;
      TdVisionTimes times;
      g_assert_cmpint (td_tracker_process (tracker, &pictures[i / 12]->image, i * 33333333LL, &pose,
                                           &times, NULL),
                       ==, TD_VISION_OK);
      g_assert_false (pose.present);
      g_assert_cmpfloat (pose.score, ==, 0);
      g_assert_cmpfloat (pose.joints[TD_JOINT_KNEE_LEFT].x, ==, 0);
      /* No picture may take long, and an empty room must stay cheap. */
      g_assert_cmpint (times.network_runs, <=, 4);
      if (i >= 12)
        runs += times.network_runs;
    }
  g_assert_cmpint (runs, <=, 14);
  td_tracker_free (tracker);
  td_pose_model_free (model);
  g_free (grey.pixels);
  g_free (noise.pixels);
}

static void
test_walks_in_and_out (void)
{
  TdPoseModel *model = load_ours (TD_BACKEND_AUTO);
  TdTracker *tracker;
  g_assert_cmpint (td_tracker_new (model, &tracker, NULL), ==, TD_VISION_OK);
  Picture person = demo_frame (2), farther = shrunk (&person, 0.6f);
  Picture empty = picture_new (360, 260, 114), there = on_grey (&person, 360, 260, 160, 10);
  Picture elsewhere = on_grey (&farther, 360, 260, 20, 80);
  int found_at = -1, lost_at = -1, back_at = -1;
  for (int i = 0; i < 130; i++)
    {
      const Picture *frame = i >= 20 && i < 50 ? &there : i >= 80 ? &elsewhere : &empty;
      TdPose pose;
      g_assert_cmpint (
          td_tracker_process (tracker, &frame->image, i * 33333333LL, &pose, NULL, NULL), ==,
          TD_VISION_OK);
      if (pose.present && found_at < 0)
        found_at = i;
      if (!pose.present && found_at >= 0 && lost_at < 0)
        lost_at = i;
      if (pose.present && lost_at >= 0 && back_at < 0)
        back_at = i;
      if (i == 45)
        assert_joints (&pose, demo_truth[1], 160, 10, 0.12f);
      if (i == 125)
        assert_small_joints (&pose, demo_truth[1], 0.6f, 20, 80, 0.12f);
    }
  g_assert_cmpint (found_at, >=, 20);
  g_assert_cmpint (found_at, <, 35); /* within half a second */
  g_assert_cmpint (lost_at, >=, 50);
  g_assert_cmpint (lost_at, <, 53);
  g_assert_cmpint (back_at, >=, 80);
  g_assert_cmpint (back_at, <, 95);
  td_tracker_free (tracker);
  td_pose_model_free (model);
  g_free (person.pixels);
  g_free (farther.pixels);
  g_free (empty.pixels);
  g_free (there.pixels);
  g_free (elsewhere.pixels);
}

/* A network that takes a second for a run gets a picture now and then, and a search takes several. */
static void
test_slow_pictures (void)
{
  TdPoseModel *model = load_ours (TD_BACKEND_AUTO);
  TdTracker *tracker;
  g_assert_cmpint (td_tracker_new (model, &tracker, NULL), ==, TD_VISION_OK);
  Picture person = demo_frame (1), frame = on_grey (&person, 900, 260, 700, 10);
  TdPose pose;
  TdVisionTimes times;
  gint64 time_ns = 0;
  int found_at = -1;
  for (int i = 0; i < 12; i++, time_ns += 3000000000LL)
    {
      g_assert_cmpint (td_tracker_process (tracker, &frame.image, time_ns, &pose, &times, NULL), ==,
                       TD_VISION_OK);
      if (pose.present && found_at < 0)
        found_at = i;
      else if (found_at >= 0)
        {
          assert_joints (&pose, demo_truth[0], 700, 10, 0.12f);
          g_assert_cmpint (times.network_runs, ==, 1);
        }
    }
  g_assert_cmpint (found_at, >, 0); /* the first windows don't show them */
  g_assert_cmpint (found_at, <, 5);
  /* After a long pause it is another scene. */
  time_ns += 8000000000LL;
  g_assert_cmpint (td_tracker_process (tracker, &frame.image, time_ns, &pose, &times, NULL), ==,
                   TD_VISION_OK);
  g_assert_false (pose.present);
  g_assert_cmpint (times.network_runs, >, 1);
  td_tracker_free (tracker);
  td_pose_model_free (model);
  g_free (person.pixels);
  g_free (frame.pixels);
}

/* A laptop on the floor sees legs alone, and a network may know no heels and toes. */
static void
test_legs_alone (void)
{
  g_autofree char *path = g_build_filename (model_folder, "model.onnx", NULL);
  g_autofree char *ini_path = g_build_filename (model_folder, "model.ini", NULL);
  g_autofree char *ini = NULL, *onnx = NULL;
  gsize size;
  g_assert_true (g_file_get_contents (path, &onnx, &size, NULL));
  g_assert_true (g_file_get_contents (ini_path, &ini, NULL, NULL));
  GString *no_feet = g_string_new (ini);
  g_assert_cmpuint (g_string_replace (no_feet, " heel_", " unused_heel_", 0), ==, 2);
  g_assert_cmpuint (g_string_replace (no_feet, " toe_", " unused_toe_", 0), ==, 2);
  char *folder = scratch_folder (no_feet->str, onnx, size);
  g_string_free (no_feet, TRUE);
  TdPoseModel *models[2] = { load_ours (TD_BACKEND_AUTO), NULL };
  g_assert_cmpint (td_pose_model_load (folder, TD_BACKEND_AUTO, 1, &models[1], NULL), ==,
                   TD_VISION_OK);
  drop_folder (folder);
  g_assert_false (td_pose_model_has_joint (models[1], TD_JOINT_TOE_LEFT));
  for (int i = 0; i < 2; i++)
    {
      Picture person = demo_frame (i + 1);
      /* Cut just above the hips' joints. */
      const int cut = (int) lrintf (demo_truth[i][0][1]) - 6;
      Picture legs = picture_new (180, 240 - cut, 0);
      paste (&legs, &person, 0, -cut);
      for (int m = 0; m < 2; m++)
        {
          TdTracker *tracker;
          TdPose pose;
          g_assert_cmpint (td_tracker_new (models[m], &tracker, NULL), ==, TD_VISION_OK);
          for (int k = 0; k < 5; k++)
            g_assert_cmpint (
                td_tracker_process (tracker, &legs.image, k * 33333333LL, &pose, NULL, NULL), ==,
                TD_VISION_OK);
          assert_joints (&pose, demo_truth[i], 0, (float) -cut, 0.2f);
          td_tracker_free (tracker);
        }
      g_free (person.pixels);
      g_free (legs.pixels);
    }
  td_pose_model_free (models[0]);
  td_pose_model_free (models[1]);
}

/* The same figure comes close, stands there and leaves again, or walks past behind and back. Each step of
 * the network sees both; only where the joints were tells whose they are. */
static void
test_second_person (void)
{
  static const struct
  {
    float first, second; /* how large: the nearer one's feet are lower in the picture */
    int from, to; /* the second one's left edge; the first one is from 180 on, 56 wide at most */
  } rows[] = {
    { 1, 0.8f, 430, 238 }, { 0.8f, 1, -60, 110 }, { 0.9f, 1, 430, 236 }, { 1, 0.6f, 440, -60 }
  };
  const int left = 62, top = 18, width = 56, height = 200;
  TdPoseModel *model = load_ours (TD_BACKEND_AUTO);
  Picture frame = demo_frame (1), figure = picture_new (width, height, 0);
  paste (&figure, &frame, -left, -top);
  for (gsize k = 0; k < G_N_ELEMENTS (rows); k++)
    {
      const float scale = rows[k].first;
      Picture first = shrunk (&figure, scale), second = shrunk (&figure, rows[k].second);
      const int first_y = (int) (100 + 130 * scale) - first.image.height;
      const int second_y = (int) (100 + 130 * rows[k].second) - second.image.height;
      TdTracker *tracker;
      g_assert_cmpint (td_tracker_new (model, &tracker, NULL), ==, TD_VISION_OK);
      for (int i = 0; i < 150; i++)
        {
          const int way = i < 60 ? i : i < 90 ? 60 : 150 - i;
          Picture both = picture_new (420, 260, 114);
          paste (&both, &second, rows[k].from + (rows[k].to - rows[k].from) * way / 60, second_y);
          paste (&both, &first, 180, first_y);
          TdPose pose;
          g_assert_cmpint (
              td_tracker_process (tracker, &both.image, i * 33333333LL, &pose, NULL, NULL), ==,
              TD_VISION_OK);
          /* One picture's search may be too short for so wide a picture. */
          if (i > 1)
            assert_small_joints (&pose, demo_truth[0], scale, 180 - scale * (float) left,
                                 (float) first_y - scale * (float) top, 0.15f);
          g_free (both.pixels);
        }
      td_tracker_free (tracker);
      g_free (first.pixels);
      g_free (second.pixels);
    }
  td_pose_model_free (model);
  g_free (frame.pixels);
  g_free (figure.pixels);
}

/* As the camera gives them: N pictures of BOTH after 10 of ALONE, 30 a second, with two trackers, of which one
 * watches for others. -1, or the first picture in which it reports one. */
static int
watch_pictures (TdPoseModel *model, const Picture *alone, const Picture *both, int n, bool at_end)
{
  TdTracker *plain, *watching;
  int first = -1, runs = 0;
  g_assert_cmpint (td_tracker_new (model, &plain, NULL), ==, TD_VISION_OK);
  g_assert_cmpint (td_tracker_new (model, &watching, NULL), ==, TD_VISION_OK);
  td_tracker_watch_others (watching, true);
  for (int i = 0; i < n; i++)
    {
      const TdImage *image = i < 10 ? &alone->image : &both->image;
      TdPose pose, same;
      TdVisionTimes times, more;
      g_assert_cmpint (td_tracker_process (plain, image, i * 33333333LL, &pose, &times, NULL), ==,
                       TD_VISION_OK);
      g_assert_cmpint (td_tracker_process (watching, image, i * 33333333LL, &same, &more, NULL), ==,
                       TD_VISION_OK);
      g_assert_true (pose.present || i < 2);
      g_assert_cmpmem (&pose.joints, sizeof pose.joints, &same.joints, sizeof same.joints);
      g_assert_cmpfloat (pose.score, ==, same.score);
      g_assert_cmpint (more.network_runs - times.network_runs, <=, 1);
      runs += more.network_runs - times.network_runs;
      g_assert_cmpint (td_tracker_others (plain), ==, 0);
      if (first < 0 && td_tracker_others (watching) > 0)
        first = i;
    }
  g_assert_cmpint (runs, >=, n / 30);
  g_assert_cmpint (runs, <=, 2 * n / 30 + 3);
  g_assert_cmpint (td_tracker_others (watching), ==, at_end);
  if (at_end)
    {
      /* Who has left is not reported for ever. */
      for (int i = n; i < n + 96; i++)
        {
          TdPose pose;
          g_assert_cmpint (
              td_tracker_process (watching, &alone->image, i * 33333333LL, &pose, NULL, NULL), ==,
              TD_VISION_OK);
        }
      g_assert_cmpint (td_tracker_others (watching), ==, 0);
    }
  td_tracker_free (plain);
  td_tracker_free (watching);
  return first;
}

static void
test_others (void)
{
  TdPoseModel *model = load_ours (TD_BACKEND_AUTO);
  Picture person = demo_frame (1);
  Picture alone = on_grey (&person, 420, 260, 20, 10), both = on_grey (&person, 420, 260, 20, 10);
  paste (&both, &person, 220, 10);
  int first = watch_pictures (model, &alone, &both, 180, true);
  g_assert_cmpint (first, >, 10);
  g_assert_cmpint (first, <, 10 + 150); /* within five seconds */
  g_assert_cmpint (watch_pictures (model, &alone, &alone, 180, false), ==, -1);
  td_pose_model_free (model);
  g_free (person.pixels);
  g_free (alone.pixels);
  g_free (both.pixels);
}

static void
test_reset (void)
{
  TdPoseModel *model = load_ours (TD_BACKEND_AUTO);
  TdTracker *tracker;
  g_assert_cmpint (td_tracker_new (model, &tracker, NULL), ==, TD_VISION_OK);
  Picture frame = demo_frame (1);
  TdPose before, after;
  TdVisionTimes times;
  g_assert_cmpint (td_tracker_process (tracker, &frame.image, 1, &before, &times, NULL), ==,
                   TD_VISION_OK);
  int runs = times.network_runs;
  td_tracker_reset (tracker);
  g_assert_cmpint (td_tracker_process (tracker, &frame.image, 1, &after, &times, NULL), ==,
                   TD_VISION_OK);
  g_assert_cmpint (times.network_runs, ==, runs);
  g_assert_cmpmem (&before.joints, sizeof before.joints, &after.joints, sizeof after.joints);

  /* A jump back in time is another clip. */
  g_assert_cmpint (td_tracker_process (tracker, &frame.image, 0, &after, &times, NULL), ==,
                   TD_VISION_OK);
  g_assert_cmpint (times.network_runs, ==, runs);
  g_assert_true (after.present);
  /* So is a picture of another size. */
  Picture larger = on_grey (&frame, 320, 260, 100, 10);
  g_assert_cmpint (td_tracker_process (tracker, &larger.image, 33333333, &after, &times, NULL), ==,
                   TD_VISION_OK);
  g_assert_cmpint (times.network_runs, >, 1);
  assert_joints (&after, demo_truth[0], 100, 10, 0.12f);
  g_free (larger.pixels);
  td_tracker_free (tracker);
  td_pose_model_free (model);
  g_free (frame.pixels);
}

static void
test_backends_agree (void)
{
  TdPoseModel *a = load_ours (TD_BACKEND_XNNPACK), *b = load_ours (TD_BACKEND_OPENCV);
  g_assert_cmpstr (td_pose_model_backend (a), ==, "xnnpack");
  g_assert_cmpstr (td_pose_model_backend (b), ==, "opencv");
  for (int i = 0; i < 3; i++)
    {
      Picture frame = demo_frame (i + 1);
      const float box[] = { 65, 40, 55, 170 };
      TdPose p, q;
      g_assert_cmpint (td_pose_model_estimate (a, &frame.image, box, &p, NULL), ==, TD_VISION_OK);
      g_assert_cmpint (td_pose_model_estimate (b, &frame.image, box, &q, NULL), ==, TD_VISION_OK);
      for (int j = 0; j < TD_N_JOINTS; j++)
        {
          g_assert_cmpfloat (fabsf (p.joints[j].x - q.joints[j].x), <, 0.05f);
          g_assert_cmpfloat (fabsf (p.joints[j].y - q.joints[j].y), <, 0.05f);
          g_assert_cmpfloat (fabsf (p.joints[j].z - q.joints[j].z), <, 0.05f);
          g_assert_cmpfloat (fabsf (p.joints[j].score - q.joints[j].score), <, 0.001f);
        }
      g_free (frame.pixels);
    }
  td_pose_model_free (a);
  td_pose_model_free (b);
}

static int
count_threads (void)
{
  g_autoptr (GDir) tasks = g_dir_open ("/proc/self/task", 0, NULL);
  g_assert_nonnull (tasks);
  int n = 0;
  while (g_dir_read_name (tasks) != NULL)
    n++;
  return n;
}

static void
test_two_threads (void)
{
  /* In this order: OpenCV's threads stay. */
  const TdBackend backends[] = { TD_BACKEND_OPENCV, TD_BACKEND_XNNPACK };
  Picture frame = demo_frame (1);
  const float box[] = { 65, 40, 55, 170 };
  for (gsize i = 0; i < G_N_ELEMENTS (backends); i++)
    {
      const int before = count_threads ();
      TdPoseModel *one = load_ours (backends[i]), *two = NULL;
      TdPose p, q;
      g_assert_cmpint (count_threads (), ==, before);
      g_assert_cmpint (td_pose_model_load (model_folder, backends[i], 2, &two, NULL), ==,
                       TD_VISION_OK);
      /* OpenCV starts none that would have no processor. */
      if (backends[i] == TD_BACKEND_XNNPACK || g_get_num_processors () > 1)
        g_assert_cmpint (count_threads (), ==, before + 1);
      g_assert_cmpint (td_pose_model_estimate (one, &frame.image, box, &p, NULL), ==, TD_VISION_OK);
      g_assert_cmpint (td_pose_model_estimate (two, &frame.image, box, &q, NULL), ==, TD_VISION_OK);
      for (int j = 0; j < TD_N_JOINTS; j++)
        g_assert_cmpfloat (fabsf (p.joints[j].x - q.joints[j].x), <, 0.01f);
      td_pose_model_free (one);
      td_pose_model_free (two);
    }
  g_free (frame.pixels);
}

/* A round spot of light in one channel, its middle at (X, Y) in continuous pixels. */
static void
draw_spot (Picture *picture, int channel, float x, float y, float sigma)
{
  for (int row = 0; row < picture->image.height; row++)
    for (int column = 0; column < picture->image.width; column++)
      {
        float dx = (float) column + 0.5f - x, dy = (float) row + 0.5f - y;
        picture->pixels[(row * picture->image.width + column) * 3 + channel]
            = (guint8) lrintf (250 * expf (-(dx * dx + dy * dy) / (2 * sigma * sigma)));
      }
}

static void
test_decoding (void)
{
  const TdBackend backends[] = { TD_BACKEND_XNNPACK, TD_BACKEND_OPENCV };
  for (gsize i = 0; i < G_N_ELEMENTS (backends); i++)
    {
      TdPoseModel *model = load_mirror (backends[i], NULL, "");
      g_assert_cmpstr (td_pose_model_name (model), ==, "mirror 7");

      /* Scale 1: red, green and blue spots come back to a twentieth of a pixel. */
      Picture small = picture_new (SIDE, SIDE, 0);
      draw_spot (&small, 2, 20.25f, 30.75f, 0.8f);
      draw_spot (&small, 1, 40.6f, 10.1f, 0.8f);
      draw_spot (&small, 0, 33.5f, 50.9f, 0.8f);
      TdPose pose;
      TdVisionError error;
      const float box[] = { 0, 0, SIDE, SIDE };
      g_assert_cmpint (td_pose_model_estimate (model, &small.image, box, &pose, &error), ==,
                       TD_VISION_OK);
      g_assert_cmpstr (error.message, ==, "");
      const float truth[3][2] = { { 20.25f, 30.75f }, { 40.6f, 10.1f }, { 33.5f, 50.9f } };
      for (int j = 0; j < 6; j++)
        {
          g_assert_cmpfloat (fabsf (pose.joints[j].x - truth[j % 3][0]), <, 0.05f);
          g_assert_cmpfloat (fabsf (pose.joints[j].y - truth[j % 3][1]), <, 0.05f);
          g_assert_cmpfloat (pose.joints[j].score, >, 0.8f);
        }
      g_assert_false (pose.has_depth);
      g_assert_cmpfloat (pose.joints[TD_JOINT_NOSE].score, ==, 0);
      td_pose_model_free (model);

      /* The same scores by what they are told to mean: in between, and beyond both ends. */
      float own = pose.joints[0].score;
      static const struct
      {
        const char *scores;
        float times, plus; /* what is then said, from the network's own */
      } meanings[] = {
        { "scores = 0 0 1 0.5\n", 0.5f, 0 },
        { "scores = 0.1 0.2 0.5 0.3\n", 0, 0.3f },
        { "scores = 0.999 0.1 1 1\n", 0, 0.1f },
      };
      g_assert_cmpfloat (own, <, 0.999f);
      for (gsize m = 0; m < G_N_ELEMENTS (meanings); m++)
        {
          TdPoseModel *told = load_mirror (backends[i], NULL, meanings[m].scores);
          g_assert_cmpint (td_pose_model_estimate (told, &small.image, box, &pose, NULL), ==,
                           TD_VISION_OK);
          g_assert_cmpfloat_with_epsilon (pose.joints[0].score,
                                          meanings[m].times * own + meanings[m].plus, 1e-5f);
          td_pose_model_free (told);
        }
      g_free (small.pixels);

      /* Wide hills, told of. A box that is not square, off the middle and 2.5 times as large: the same, times the scale.
       * Being cut on the left must not move anything. */
      model = load_mirror (backends[i], NULL, "spread = 1.6\n");
      Picture large = picture_new (400, 300, 0);
      draw_spot (&large, 2, 61.3f, 142.8f, 4);
      const float wide[] = { -10, 100, 160, 40 };
      g_assert_cmpint (td_pose_model_estimate (model, &large.image, wide, &pose, NULL), ==,
                       TD_VISION_OK);
      g_assert_cmpfloat (fabsf (pose.joints[0].x - 61.3f), <, 0.1f);
      g_assert_cmpfloat (fabsf (pose.joints[0].y - 142.8f), <, 0.1f);
      g_free (large.pixels);
      td_pose_model_free (model);
    }
}

/* A network of one or two convolutions that look at the picture, 64 x 48, each through one weight: WEIGHT
 * on the red of every pixel, and BIAS of each of N. */
typedef struct
{
  const char *name;
  gint64 n, kernel_height, kernel_width;
  float weight;
  const float *bias; /* NULL: 0 */
} Look;

static TdPoseModel *
load_looks (TdBackend backend, const Look *looks, gsize n_looks, const char *output)
{
  const gint64 height = 64, width = 48;
  GByteArray *graph = g_byte_array_new ();
  for (gsize i = 0; i < n_looks; i++)
    {
      const Look *look = &looks[i];
      g_autofree char *weights = g_strconcat (look->name, "_w", NULL);
      g_autofree char *bias = g_strconcat (look->name, "_b", NULL);
      GByteArray *node = g_byte_array_new ();
      put_string (node, 1, "image");
      put_string (node, 1, weights);
      put_string (node, 1, bias);
      put_string (node, 2, look->name);
      put_string (node, 4, "Conv");
      const gint64 kernel[] = { look->kernel_height, look->kernel_width };
      put_message (node, 5, attribute_ints ("kernel_shape", kernel, 2));
      put_message (graph, 1, node);
      const gsize area = (gsize) (look->kernel_height * look->kernel_width);
      g_autofree float *values = g_new0 (float, (gsize) look->n * 3 * area);
      g_autofree float *zero = g_new0 (float, (gsize) look->n);
      for (gsize o = 0; o < (gsize) look->n; o++)
        for (gsize k = 0; k < area; k++)
          values[o * 3 * area + k] = look->weight;
      put_tensor (graph, weights,
                  (const gint64[]){ look->n, 3, look->kernel_height, look->kernel_width }, 4,
                  values, (gsize) look->n * 3 * area);
      put_tensor (graph, bias, (const gint64[]){ look->n }, 1, look->bias ? look->bias : zero,
                  (gsize) look->n);
      put_picture_value (graph, 12, look->name, look->n, height - look->kernel_height + 1,
                         width - look->kernel_width + 1);
    }
  put_picture_value (graph, 11, "image", 3, height, width);
  GByteArray *opset = g_byte_array_new (), *onnx = g_byte_array_new ();
  put_int (opset, 2, 11);
  put_int (onnx, 1, 6);
  put_message (onnx, 7, graph);
  put_message (onnx, 8, opset);
  g_autofree char *ini = g_strconcat (
      "[model]\nname = looks\nversion = 1\n[input]\nname = image\nshape = 1 3 64 48\n"
      "channels = rgb\nmean = 0 0 0\nstd = 255 255 255\n[output]\njoints = hip_left hip_right "
      "knee_left knee_right ankle_left ankle_right left_ear\n[crop]\nmargin = 1\n[output]\n",
      output, NULL);
  char *folder = scratch_folder (ini, onnx->data, onnx->len);
  TdPoseModel *model = NULL;
  TdVisionError error;
  if (td_pose_model_load (folder, backend, 1, &model, &error) != TD_VISION_OK)
    g_error ("%s", error.message);
  g_assert_cmpstr (td_pose_model_backend (model), ==,
                   backend == TD_BACKEND_OPENCV ? "opencv" : "xnnpack");
  g_byte_array_unref (onnx);
  drop_folder (folder);
  return model;
}

static void
test_rows (void)
{
  /* The mean of each column and of each row. */
  const Look looks[]
      = { { "across", 7, 64, 1, 1 / 8.0f, NULL }, { "down", 7, 1, 48, 1 / 8.0f, NULL } };
  const char *const activations[] = { "", "activation = sigmoid\n" };
  const TdBackend backends[] = { TD_BACKEND_XNNPACK, TD_BACKEND_OPENCV };
  const float box[] = { 0, 0, 48, 64 };
  for (gsize i = 0; i < 4; i++)
    {
      g_autofree char *output
          = g_strconcat ("decoding = simcc\nsimcc_x = across\nsimcc_y = down\nsplit = 1\n",
                         activations[i / 2], NULL);
      TdPoseModel *model = load_looks (backends[i % 2], looks, 2, output);
      Picture picture = picture_new (48, 64, 0);
      draw_spot (&picture, 2, 20.3f, 41.6f, 3);
      TdPose pose;
      g_assert_cmpint (td_pose_model_estimate (model, &picture.image, box, &pose, NULL), ==,
                       TD_VISION_OK);
      for (int j = 0; j < 6; j++)
        {
          g_assert_cmpfloat (fabsf (pose.joints[j].x - 20.3f), <, 0.05f);
          g_assert_cmpfloat (fabsf (pose.joints[j].y - 41.6f), <, 0.05f);
          /* 3 sqrt (2 pi) 250 / 255 / 8. */
          float value = 0.92f;
          g_assert_cmpfloat (
              fabsf (pose.joints[j].score - (i / 2 ? 1 / (1 + expf (-value)) : value)), <, 0.02f);
        }
      g_assert_false (pose.has_depth);
      g_free (picture.pixels);
      td_pose_model_free (model);
    }
}

static void
test_numbers (void)
{
  /* Whatever the picture, joint j is at (4 + j, 60 - 2 j), j / 10 away; one has a score for one that is
   * not there, one is out of all bounds, and the last is no joint of ours. */
  float numbers[7 * 5], fractions[7 * 5];
  for (int j = 0; j < 7; j++)
    {
      const float row[]
          = { 60 - 2.0f * (float) j, 4 + (float) j, 99, j == 2 ? -3 : 0.9f, (float) j / 10 };
      memcpy (numbers + 5 * j, row, sizeof row);
    }
  numbers[5 * 5] = 1e30f;
  memcpy (fractions, numbers, sizeof numbers);
  for (int j = 0; j < 7; j++)
    {
      fractions[5 * j] /= 64;
      fractions[5 * j + 1] /= 48;
    }
  const TdBackend backends[] = { TD_BACKEND_XNNPACK, TD_BACKEND_OPENCV };
  const float box[] = { 100, 50, 96, 128 };
  Picture picture = picture_new (320, 240, 90);
  for (gsize i = 0; i < 4; i++)
    {
      const Look look = { "numbers", 35, 64, 48, 0, i / 2 ? fractions : numbers };
      g_autofree char *output
          = g_strconcat ("decoding = coordinates\ncoordinates = numbers\ncolumns = y x - score z\n"
                         "depth_scale = 20\n",
                         i / 2 ? "unit = fractions\n" : "", NULL);
      TdPoseModel *model = load_looks (backends[i % 2], &look, 1, output);
      TdPose pose;
      g_assert_cmpint (td_pose_model_estimate (model, &picture.image, box, &pose, NULL), ==,
                       TD_VISION_OK);
      g_assert_true (pose.has_depth);
      for (int j = 0; j < 5; j++)
        {
          /* The box is twice as large as the input. */
          g_assert_cmpfloat (fabsf (pose.joints[j].x - 100 - 2 * (4 + (float) j)), <, 0.01f);
          g_assert_cmpfloat (fabsf (pose.joints[j].y - 50 - 2 * (60 - 2 * (float) j)), <, 0.01f);
          g_assert_cmpfloat (fabsf (pose.joints[j].z - 4 * (float) j), <, 0.01f);
          g_assert_cmpfloat (fabsf (pose.joints[j].score - (j == 2 ? 0 : 0.9f)), <, 0.001f);
        }
      g_assert_cmpfloat (pose.joints[5].score, ==, 0);
      g_assert_true (isfinite (pose.joints[5].y));
      g_assert_true (td_pose_model_has_joint (model, TD_JOINT_KNEE_LEFT));
      g_assert_false (td_pose_model_has_joint (model, TD_JOINT_NOSE));
      td_pose_model_free (model);

      /* What the scores are told to mean gives none to those that have none. */
      g_autofree char *told = g_strconcat (output, "scores = 0.1 0.2 0.9 0.8\n", NULL);
      model = load_looks (backends[i % 2], &look, 1, told);
      g_assert_cmpint (td_pose_model_estimate (model, &picture.image, box, &pose, NULL), ==,
                       TD_VISION_OK);
      for (int j = 0; j < 6; j++)
        g_assert_cmpfloat (fabsf (pose.joints[j].score - (j == 2 || j == 5 ? 0 : 0.8f)), <, 0.001f);
      td_pose_model_free (model);
    }
  g_free (picture.pixels);
}

static void
test_moved_to_knees (void)
{
  /* Hips at (10, 8), knees at (20 and 24, 28), ankles at (16, 52): x, y, z, score. The left knee is not there. */
  float numbers[7 * 4] = { 10, 8,  0, 0.9f, 10, 8,  0, 0.9f, 20, 28, 8, 0,
                           24, 28, 8, 1,    16, 52, 4, 0.9f, 16, 52, 4, 0.9f };
  const Look look = { "numbers", 28, 64, 48, 0, numbers };
  TdPoseModel *model
      = load_looks (TD_BACKEND_XNNPACK, &look, 1,
                    "decoding = coordinates\ncoordinates = numbers\ncolumns = x y z score\n"
                    "depth_scale = 1\nhip_to_knee = 0.1\nankle_to_knee = -0.25\n");
  const float box[] = { 0, 0, 48, 64 };
  const struct
  {
    TdJoint joint;
    float x, y, z;
  } places[] = {
    { TD_JOINT_HIP_LEFT, 10, 8, 0 },     { TD_JOINT_HIP_RIGHT, 11.4f, 10, 0.8f },
    { TD_JOINT_KNEE_RIGHT, 24, 28, 8 },  { TD_JOINT_ANKLE_LEFT, 16, 52, 4 },
    { TD_JOINT_ANKLE_RIGHT, 14, 58, 3 },
  };
  Picture picture = picture_new (48, 64, 90);
  TdPose pose;
  g_assert_cmpint (td_pose_model_estimate (model, &picture.image, box, &pose, NULL), ==,
                   TD_VISION_OK);
  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    {
      const TdKeypoint *k = &pose.joints[places[i].joint];
      g_assert_cmpfloat (fabsf (k->x - places[i].x), <, 0.001f);
      g_assert_cmpfloat (fabsf (k->y - places[i].y), <, 0.001f);
      g_assert_cmpfloat (fabsf (k->z - places[i].z), <, 0.001f);
    }
  g_free (picture.pixels);
  td_pose_model_free (model);
}

static void
test_logits (void)
{
  /* The red itself, less 0.5 and times 10: a spot of 250 is 4.8, and darkness -5. */
  float bias[7];
  for (int j = 0; j < 7; j++)
    bias[j] = -5;
  const Look look = { "heat", 7, 1, 1, 10, bias };
  const TdBackend backends[] = { TD_BACKEND_XNNPACK, TD_BACKEND_OPENCV };
  const float box[] = { 0, 0, 48, 64 };
  for (gsize i = 0; i < 2; i++)
    {
      TdPoseModel *model
          = load_looks (backends[i], &look, 1, "heat = heat\nstride = 1\nactivation = sigmoid\n");
      Picture picture = picture_new (48, 64, 0);
      draw_spot (&picture, 2, 31.5f, 12.5f, 1);
      TdPose pose;
      g_assert_cmpint (td_pose_model_estimate (model, &picture.image, box, &pose, NULL), ==,
                       TD_VISION_OK);
      g_assert_cmpfloat (fabsf (pose.joints[0].x - 31.5f), <, 0.05f);
      g_assert_cmpfloat (fabsf (pose.joints[0].y - 12.5f), <, 0.05f);
      g_assert_cmpfloat (fabsf (pose.joints[0].score - 0.9918f), <, 0.001f);
      g_free (picture.pixels);
      td_pose_model_free (model);
    }
}

static void
test_names (void)
{
  char name[TD_MODEL_NAME_SIZE];
  TdVisionError error;
  g_assert_cmpint (td_pose_model_describe (model_folder, name, &error), ==, TD_VISION_OK);
  g_assert_cmpstr (name, ==, "teardrop-lower-body 9");
  /* No network is needed for it, and the longest names have room. */
  g_autofree char *long_name = g_strnfill (80, 'n'), *long_version = g_strnfill (40, '1');
  g_autofree char *ini
      = g_strdup_printf ("[model]\nname=%s\nversion=%s\n", long_name, long_version);
  char *folder = scratch_folder (ini, NULL, 0);
  g_assert_cmpint (td_pose_model_describe (folder, name, &error), ==, TD_VISION_OK);
  g_assert_cmpuint (strlen (name), ==, 121);
  drop_folder (folder);
  folder = scratch_folder ("[model]\nname = no version\n", NULL, 0);
  assert_error (td_pose_model_describe (folder, name, &error), TD_VISION_BAD_MODEL, &error,
                "no model.version");
  g_assert_cmpstr (name, ==, "");
  drop_folder (folder);
  assert_error (td_pose_model_describe ("/no/such/folder", name, &error), TD_VISION_NO_MODEL,
                &error, "/no/such/folder");
}

static void
test_unknown_operator (void)
{
  /* Sigmoid is no operator of ours: AUTO goes to OpenCV, and asking for XNNPACK says why not. */
  TdPoseModel *model = load_mirror (TD_BACKEND_AUTO, "Sigmoid", "");
  g_assert_cmpstr (td_pose_model_backend (model), ==, "opencv");
  g_assert_cmpstr (td_pose_model_why_opencv (model), ==, "operator Sigmoid");
  td_pose_model_free (model);
  model = load_mirror (TD_BACKEND_AUTO, "Relu", "");
  g_assert_cmpstr (td_pose_model_backend (model), ==, "xnnpack");
  g_assert_null (td_pose_model_why_opencv (model));
  td_pose_model_free (model);

  GByteArray *onnx = mirror_network (7, "Sigmoid");
  char *folder = scratch_folder (mirror_ini, onnx->data, onnx->len);
  TdVisionError error;
  TdVisionStatus status = td_pose_model_load (folder, TD_BACKEND_XNNPACK, 1, &model, &error);
  assert_error (status, TD_VISION_FAILED, &error, "Sigmoid");
  g_assert_null (model);
  g_byte_array_unref (onnx);
  drop_folder (folder);
}

static void
assert_bad_model (const char *ini, gconstpointer onnx, gsize size, TdVisionStatus wanted,
                  const char *says)
{
  const TdBackend backends[] = { TD_BACKEND_AUTO, TD_BACKEND_OPENCV };
  for (gsize i = 0; i < G_N_ELEMENTS (backends); i++)
    {
      char *folder = scratch_folder (ini, onnx, size);
      TdPoseModel *model = (TdPoseModel *) &model;
      TdVisionError error;
      TdVisionStatus status = td_pose_model_load (folder, backends[i], 1, &model, &error);
      assert_error (status, wanted, &error, says);
      g_assert_null (model);
      g_assert_cmpint (td_pose_model_load (folder, backends[i], 1, &model, NULL), ==, wanted);
      drop_folder (folder);
    }
}

static void
test_bad_networks (void)
{
  char *path = g_build_filename (model_folder, "model.onnx", NULL), *ours;
  gsize size;
  g_assert_true (g_file_get_contents (path, &ours, &size, NULL));
  g_free (path);
  path = g_build_filename (model_folder, "model.ini", NULL);
  char *ini;
  g_assert_true (g_file_get_contents (path, &ini, NULL, NULL));
  g_free (path);

  TdPoseModel *model;
  TdVisionError error;
  TdVisionStatus status
      = td_pose_model_load ("/no/such/folder", TD_BACKEND_AUTO, 1, &model, &error);
  assert_error (status, TD_VISION_NO_MODEL, &error, "/no/such/folder");
  status = td_pose_model_load (NULL, TD_BACKEND_AUTO, 1, &model, &error);
  assert_error (status, TD_VISION_NO_MODEL, &error, "no model folder");
  assert_bad_model (NULL, ours, size, TD_VISION_NO_MODEL, "model.ini");
  assert_bad_model (ini, NULL, 0, TD_VISION_NO_MODEL, "model.onnx");
  assert_bad_model (ini, "", 0, TD_VISION_BAD_MODEL, "empty");
  assert_bad_model (ini, "hello, world\n", 13, TD_VISION_BAD_MODEL, "not an ONNX network");
  /* Nothing of it is silently taken for weights of zero, wherever it is cut. */
  for (int i = 1; i < 8; i++)
    assert_bad_model (ini, ours, size * (gsize) i / 8, TD_VISION_BAD_MODEL, "model.onnx");
  assert_bad_model (ini, ours, size - 1, TD_VISION_BAD_MODEL, "model.onnx");

  /* Whole networks, but others. */
  GByteArray *foreign = mirror_network (7, NULL);
  assert_bad_model (ini, foreign->data, foreign->len, TD_VISION_BAD_MODEL, "depth");
  assert_bad_model (mirror_ini, ours, size, TD_VISION_BAD_MODEL, "model.onnx");
  g_byte_array_unref (foreign);
  foreign = mirror_network (8, NULL);
  assert_bad_model (mirror_ini, foreign->data, foreign->len, TD_VISION_BAD_MODEL, "another size");
  g_byte_array_unref (foreign);
  foreign = mirror_network (7, "NoSuchThing");
  assert_bad_model (mirror_ini, foreign->data, foreign->len, TD_VISION_BAD_MODEL, "model.onnx");
  g_byte_array_unref (foreign);

  g_free (ours);
  g_free (ini);
}

static void
test_bad_descriptions (void)
{
  static const struct
  {
    const char *from, *to, *says;
  } changes[] = {
    { "name = mirror\n", "", "no model.name" },
    { "[input]", "[input", "line 4" },
    { "channels = rgb", "channels rgb", "line 7" },
    { "channels = rgb", "channels = cmyk", "rgb or bgr" },
    { "shape = 1 3 64 64", "shape = 1 3 64", "4 numbers" },
    { "shape = 1 3 64 64", "shape = 1 3 64 99999999", "32 to 1024" },
    { "shape = 1 3 64 64", "shape = 1 3 -64 64", "out of range" },
    { "shape = 1 3 64 64", "shape = 1 3 64.5 64", "whole" },
    { "shape = 1 3 64 64", "shape = 1 1 64 64", "1 3 HEIGHT WIDTH" },
    { "mean = 0 0 0", "mean = 0 zero 0", "\"zero\" is not a number" },
    { "mean = 0 0 0", "mean = 0 1e999 0", "not a number" },
    { "std = 255 255 255", "std = 255 0 255", "out of range" },
    { "stride = 1", "stride = 7", "another size" },
    { "stride = 1", "stride = 32", "5 x 5" },
    { "stride = 1", "stride = 1\nspread = 20", "out of range" },
    { "stride = 1", "stride = 1\nstride = 1", "twice" },
    { "stride = 1", "stride = 1\nhip_to_knee = 0.5", "out of range" },
    { "stride = 1", "stride = 1\nankle_to_knee = 0.1 0.1", "1 number wanted" },
    { "stride = 1", "stride = 1\nscores = 0.5 0.5", "2 to 16 pairs" },
    { "stride = 1", "stride = 1\nscores = 0 0 1", "2 to 16 pairs" },
    { "stride = 1", "stride = 1\nscores = 0 0 1 1.5", "out of range" },
    { "stride = 1", "stride = 1\nscores = 0 0 0.5 0.6 0.5 0.7", "ascend" },
    { "stride = 1", "stride = 1\nscores = 0 0 0.5 0.6 0.7 0.4", "ascend" },
    { "decoding = argmax", "decoding = magic", "simcc" },
    { "left_knee right_knee", "left_knee left_knee", "twice" },
    { "right_ankle", "antler", "no joint ankle_right" },
    { "margin = 1", "margin = 9", "out of range" },
    { "heat = heat", "heat = warmth", "warmth" },
    { "name = image", "name = sound", "sound" },
    { "stride = 1", "stride = 1\ndepth = depth", "depth_scale" },
  };
  GByteArray *onnx = mirror_network (7, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      char **parts = g_strsplit (mirror_ini, changes[i].from, 2);
      g_assert_nonnull (parts[1]);
      char *ini = g_strconcat (parts[0], changes[i].to, parts[1], NULL);
      assert_bad_model (ini, onnx->data, onnx->len, TD_VISION_BAD_MODEL, changes[i].says);
      g_free (ini);
      g_strfreev (parts);
    }
  char *huge = g_strnfill (1024 * 1024, ' ');
  assert_bad_model (huge, onnx->data, onnx->len, TD_VISION_BAD_MODEL, "64 kB");
  g_free (huge);
  assert_bad_model ("", onnx->data, onnx->len, TD_VISION_BAD_MODEL, "empty");
  g_byte_array_unref (onnx);
}

static void
test_bad_pictures (void)
{
  TdPoseModel *model = load_mirror (TD_BACKEND_AUTO, NULL, "");
  TdTracker *tracker;
  g_assert_cmpint (td_tracker_new (model, &tracker, NULL), ==, TD_VISION_OK);
  guint8 pixels[3 * 16 * 16] = { 0 };
  const TdImage bad[] = {
    { NULL, 16, 16, 48 },         { pixels, 0, 16, 48 },  { pixels, 16, 0, 48 },
    { pixels, -16, 16, 48 },      { pixels, 16, 16, 47 }, { pixels, 16, 16, -48 },
    { pixels, 40000, 1, 120000 },
  };
  const float box[] = { 0, 0, 16, 16 };
  TdPose pose;
  TdVisionError error;
  TdVisionStatus status;
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      status = td_tracker_process (tracker, &bad[i], 0, &pose, NULL, &error);
      assert_error (status, TD_VISION_BAD_INPUT, &error, "picture");
      g_assert_false (pose.present);
      status = td_pose_model_estimate (model, &bad[i], box, &pose, &error);
      assert_error (status, TD_VISION_BAD_INPUT, &error, "picture");
      status = td_image_shrink (&bad[i], pixels, 4, 4, 12, &error);
      assert_error (status, TD_VISION_BAD_INPUT, &error, "picture");
    }
  status = td_tracker_process (tracker, NULL, 0, &pose, NULL, &error);
  assert_error (status, TD_VISION_BAD_INPUT, &error, "picture");

  const TdImage good = { pixels, 16, 16, 48 };
  const float bad_boxes[][4] = { { 0, 0, 0, 16 },
                                 { 0, 0, 16, -1 },
                                 { NAN, 0, 16, 16 },
                                 { 0, 0, INFINITY, 16 },
                                 { 1e9f, 0, 16, 16 } };
  for (gsize i = 0; i < G_N_ELEMENTS (bad_boxes); i++)
    {
      status = td_pose_model_estimate (model, &good, bad_boxes[i], &pose, &error);
      assert_error (status, TD_VISION_BAD_INPUT, &error, "box");
    }
  status = td_image_shrink (&good, NULL, 4, 4, 12, &error);
  assert_error (status, TD_VISION_BAD_INPUT, &error, "picture");

  /* One pixel is a picture, if a poor one. */
  const TdImage tiny = { pixels, 1, 1, 3 };
  g_assert_cmpint (td_tracker_process (tracker, &tiny, 0, &pose, NULL, NULL), ==, TD_VISION_OK);
  g_assert_false (pose.present);
  td_tracker_free (tracker);
  td_pose_model_free (model);
  td_tracker_free (NULL);
  td_pose_model_free (NULL);
}

static void
test_shrinking (void)
{
  /* Squares of 4 x 4 pixels become one pixel, their mean; nothing is written beside a row. */
  guint8 from[8 * 8 * 3], to[2 * 10];
  for (int y = 0; y < 8; y++)
    for (int x = 0; x < 8; x++)
      for (int c = 0; c < 3; c++)
        from[(y * 8 + x) * 3 + c]
            = (guint8) (40 * (x / 4) + 80 * (y / 4) + 10 * c + (x % 2 ? 4 : 0));
  const TdImage image = { from, 8, 8, 24 };
  memset (to, 0xEE, sizeof to);
  g_assert_cmpint (td_image_shrink (&image, to, 2, 2, 10, NULL), ==, TD_VISION_OK);
  for (int y = 0; y < 2; y++)
    {
      for (int x = 0; x < 2; x++)
        for (int c = 0; c < 3; c++)
          g_assert_cmpint (to[y * 10 + x * 3 + c], ==, 40 * x + 80 * y + 10 * c + 2);
      for (int beside = 6; beside < 10; beside++)
        g_assert_cmpint (to[y * 10 + beside], ==, 0xEE);
    }
}

/* A wall with things on it: hills of light and dark, of 25 and of 8 pixels, seen from (X, Y). */
static guint8
wall (int x, int y)
{
  double v = 120 + 35 * sin (x / 25.0 + sin (y / 31.0)) + 25 * sin (y / 19.0 + cos (x / 37.0))
             + 20 * sin (x / 8.0 + y / 23.0) * sin (y / 7.0 - x / 41.0);
  return (guint8) CLAMP (v, 0, 255);
}

static void
draw_wall (Picture *picture, int x, int y, int from, int to)
{
  const int width = picture->image.width;
  for (int row = 0; row < picture->image.height; row++)
    for (int column = from; column < to; column++)
      memset (picture->pixels + (row * width + column) * 3, wall (column + x, row + y), 3);
}

static void
test_shake (void)
{
  static const struct
  {
    int x, y, step_ms;
  } moves[] = { { 0, 0, 125 }, { 2, 0, 125 }, { 0, -5, 125 }, { 12, 9, 125 }, { -30, 4, 200 } };
  for (gsize i = 0; i < G_N_ELEMENTS (moves); i++)
    {
      TdSceneWatch *watch = td_scene_watch_new ();
      Picture picture = picture_new (640, 480, 0);
      float brightness, shake;
      for (int step = 0; step < 5; step++)
        {
          draw_wall (&picture, step * moves[i].x, step * moves[i].y, 0, 640);
          td_scene_watch_push (watch, &picture.image, step * moves[i].step_ms * 1000000LL, NULL,
                               &brightness, &shake);
          if (step == 0)
            {
              g_assert_true (isnan (shake));
              continue;
            }
          float truth = hypotf ((float) moves[i].x, (float) moves[i].y) / 640
                        / ((float) moves[i].step_ms / 1000);
          g_assert_cmpfloat (fabsf (shake - truth), <, 0.002f + 0.05f * truth);
        }
      g_free (picture.pixels);
      td_scene_watch_free (watch);
    }
}

/* A third of the picture moves, once known to be the person and once not: the camera does not. */
static void
test_shake_of_somebody (void)
{
  TdPose pose = { .present = true };
  for (int j = 0; j < TD_N_JOINTS; j++)
    pose.joints[j]
        = (TdKeypoint){ j % 2 ? 250 : 390, 60 + 360 * (float) j / (TD_N_JOINTS - 1), 0, 0.9f };
  for (int known = 0; known < 2; known++)
    {
      TdSceneWatch *watch = td_scene_watch_new ();
      Picture picture = picture_new (640, 480, 0);
      float shake = NAN;
      for (int step = 0; step < 6; step++)
        {
          draw_wall (&picture, 0, 0, 0, 640);
          draw_wall (&picture, 3000, 15 * step, 220, 420);
          td_scene_watch_push (watch, &picture.image, step * 125000000LL, known ? &pose : NULL,
                               NULL, &shake);
          if (step > 0)
            g_assert_cmpfloat (shake, <, 0.002f);
        }
      /* The camera is pushed while they move. */
      draw_wall (&picture, 10, 0, 0, 640);
      draw_wall (&picture, 3000, 15, 220, 420);
      td_scene_watch_push (watch, &picture.image, 750000000LL, known ? &pose : NULL, NULL, &shake);
      g_assert_cmpfloat (fabsf (shake - 10 / 80.0f), <, 0.02f);
      g_free (picture.pixels);
      td_scene_watch_free (watch);
    }
}

static void
test_shake_unknown (void)
{
  TdSceneWatch *watch = td_scene_watch_new ();
  Picture bare = picture_new (320, 240, 90), wide = picture_new (640, 480, 0);
  float brightness = 7, shake = 7;
  for (int step = 0; step < 3; step++)
    {
      td_scene_watch_push (watch, &bare.image, step * 125000000LL, NULL, &brightness, &shake);
      g_assert_true (isnan (shake));
      g_assert_cmpfloat (fabsf (brightness - 90 / 255.0f), <, 0.002f);
    }
  /* Another size, another time: nothing to compare with. */
  const gint64 times[] = { 400, 525, 3000, 3125, 500, 625 };
  for (gsize i = 0; i < G_N_ELEMENTS (times); i++)
    {
      draw_wall (&wide, 50 * (int) i, 0, 0, 640);
      td_scene_watch_push (watch, &wide.image, times[i] * 1000000LL, NULL, NULL, &shake);
      g_assert_cmpint (isnan (shake) != 0, ==, i % 2 == 0);
    }
  /* Too soon after the last one: what was known holds. */
  float before = shake;
  draw_wall (&wide, 0, 0, 0, 640);
  td_scene_watch_push (watch, &wide.image, 650000000LL, NULL, NULL, &shake);
  g_assert_cmpfloat (shake, ==, before);
  const TdImage none = { NULL, 640, 480, 1920 };
  td_scene_watch_push (watch, &none, 800000000LL, NULL, &brightness, &shake);
  g_assert_true (isnan (shake) && isnan (brightness));
  /* One pixel is a picture. */
  const TdImage pixel = { bare.pixels, 1, 1, 3 };
  td_scene_watch_push (watch, &pixel, 900000000LL, NULL, &brightness, NULL);
  g_assert_cmpfloat (fabsf (brightness - 90 / 255.0f), <, 0.002f);
  g_free (bare.pixels);
  g_free (wide.pixels);
  td_scene_watch_free (watch);
  td_scene_watch_free (NULL);
}

static void
test_brightness (void)
{
  /* A dark room with a bright window; the person stands in front of the dark. */
  TdSceneWatch *watch = td_scene_watch_new ();
  Picture room = picture_new (640, 480, 30);
  for (int row = 0; row < 300; row++)
    memset (room.pixels + row * 1920, 250, 3 * 200);
  TdPose pose = { .present = true };
  for (int j = 0; j < TD_N_JOINTS; j++)
    pose.joints[j] = (TdKeypoint){ 420 + 5 * (float) j, 100 + 18 * (float) j, 0, 0.9f };
  float brightness;
  td_scene_watch_push (watch, &room.image, 0, &pose, &brightness, NULL);
  g_assert_cmpfloat (fabsf (brightness - 30 / 255.0f), <, 0.002f);
  td_scene_watch_push (watch, &room.image, 125000000LL, NULL, &brightness, NULL);
  g_assert_cmpfloat (brightness, >, 50 / 255.0f);
  pose.present = false;
  float whole;
  td_scene_watch_push (watch, &room.image, 250000000LL, &pose, &whole, NULL);
  g_assert_cmpfloat (whole, ==, brightness);
  /* Blue is darker than green to the eye. */
  for (int i = 0; i < 640 * 480; i++)
    memcpy (room.pixels + 3 * i, "\xff\0\0", 3);
  td_scene_watch_push (watch, &room.image, 375000000LL, NULL, &brightness, NULL);
  g_assert_cmpfloat (fabsf (brightness - 0.114f), <, 0.01f);
  g_free (room.pixels);
  td_scene_watch_free (watch);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  const char *root = g_getenv ("TD_TEST_SOURCE_ROOT");
  g_assert_nonnull (root);
  model_folder = g_build_filename (root, "models", "teardrop-legs", NULL);
  data_folder = g_build_filename (root, "tests", "data", "vision", NULL);

  g_test_add_func ("/vision/the_joints_of_the_demo_are_found", test_demo_frames);
  g_test_add_func ("/vision/a_moving_person_is_followed", test_followed);
  g_test_add_func ("/vision/an_empty_room_has_nobody_and_is_cheap", test_nobody);
  g_test_add_func ("/vision/somebody_walks_in_and_out", test_walks_in_and_out);
  g_test_add_func ("/vision/slow_pictures_are_searched_to_the_end", test_slow_pictures);
  g_test_add_func ("/vision/legs_alone_are_found_without_feet_too", test_legs_alone);
  g_test_add_func ("/vision/a_second_person_does_not_take_over", test_second_person);
  g_test_add_func ("/vision/somebody_else_is_reported_and_changes_no_pose", test_others);
  g_test_add_func ("/vision/a_reset_tracker_is_a_new_one", test_reset);
  g_test_add_func ("/vision/the_back_ends_agree", test_backends_agree);
  g_test_add_func ("/vision/threads_change_nothing", test_two_threads);
  g_test_add_func ("/vision/a_spot_is_decoded_to_a_part_of_a_pixel", test_decoding);
  g_test_add_func ("/vision/rows_are_decoded_to_a_part_of_a_pixel", test_rows);
  g_test_add_func ("/vision/numbers_are_the_joints", test_numbers);
  g_test_add_func ("/vision/hips_and_ankles_move_to_the_knees", test_moved_to_knees);
  g_test_add_func ("/vision/logits_become_scores", test_logits);
  g_test_add_func ("/vision/a_model_has_a_name_before_it_is_loaded", test_names);
  g_test_add_func ("/vision/an_operator_unknown_to_xnnpack_goes_to_opencv", test_unknown_operator);
  g_test_add_func ("/vision/a_bad_network_is_one_clear_line", test_bad_networks);
  g_test_add_func ("/vision/a_bad_description_names_its_line", test_bad_descriptions);
  g_test_add_func ("/vision/a_bad_picture_is_refused", test_bad_pictures);
  g_test_add_func ("/vision/a_picture_shrinks_by_its_means", test_shrinking);
  g_test_add_func ("/vision/a_camera_that_moves_is_measured", test_shake);
  g_test_add_func ("/vision/somebody_who_moves_is_no_moving_camera", test_shake_of_somebody);
  g_test_add_func ("/vision/a_bare_wall_tells_nothing_of_movement", test_shake_unknown);
  g_test_add_func ("/vision/it_is_as_bright_as_around_the_person", test_brightness);
  int result = g_test_run ();
  g_free (model_folder);
  g_free (data_folder);
  return result;
}
