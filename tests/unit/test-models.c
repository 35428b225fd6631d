/* test-models.c: the networks that there are, the built-in one and those that a user has put beside it; and the
 * built-in one on the demo clip: both back ends on every other frame.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-engine.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <time.h>

static char *home;
static char *built_in;
static char *demo;

static void
write_user_model (const char *folder, const char *name, const char *version, gboolean with_network)
{
  g_autofree char *path = g_build_filename (home, "teardrop", "models", folder, NULL);
  g_assert_cmpint (g_mkdir_with_parents (path, 0700), ==, 0);
  g_autofree char *ini = g_build_filename (path, "model.ini", NULL);
  g_autofree char *text = g_strdup_printf ("[model]\nname = %s\nversion = %s\n", name, version);
  g_assert_true (g_file_set_contents (ini, text, -1, NULL));
  g_autofree char *onnx = g_build_filename (path, "model.onnx", NULL);
  if (with_network)
    g_assert_true (g_file_set_contents (onnx, "none", -1, NULL));
}

static void
assert_model (GPtrArray *models, guint i, const char *name, const char *folder)
{
  const TdEngineModel *model = g_ptr_array_index (models, i);
  g_assert_cmpstr (model->name, ==, name);
  g_autofree char *end = g_path_get_basename (model->folder);
  g_assert_cmpstr (end, ==, folder);
  g_assert_true (g_path_is_absolute (model->folder));
}

static void
test_list (void)
{
  /* Nothing of the user's: no folder at all. */
  g_autoptr (GPtrArray) alone = td_engine_list_models ();
  g_assert_cmpuint (alone->len, ==, 1);
  assert_model (alone, 0, "teardrop-lower-body 9", "teardrop-legs");

  write_user_model ("z", "Ankles", "2", TRUE);
  write_user_model ("a", "zebra", "1.0", TRUE);
  write_user_model ("m", "MoveNet", "4", TRUE);
  write_user_model ("no-network", "Half", "1", FALSE);
  write_user_model (".hidden", "Hidden", "1", TRUE);
  write_user_model ("broken", "", "1", TRUE);
  g_autofree char *file = g_build_filename (home, "teardrop", "models", "notes.txt", NULL);
  g_assert_true (g_file_set_contents (file, "no model", -1, NULL));
  g_test_expect_message (NULL, G_LOG_LEVEL_MESSAGE, "*model.ini: no model.name*");
  g_autoptr (GPtrArray) models = td_engine_list_models ();
  g_test_assert_expected_messages ();
  g_assert_cmpuint (models->len, ==, 4);
  assert_model (models, 0, "teardrop-lower-body 9", "teardrop-legs");
  assert_model (models, 1, "Ankles 2", "z");
  assert_model (models, 2, "MoveNet 4", "m");
  assert_model (models, 3, "zebra 1.0", "a");
}

static TdPoseModel *
load (TdBackend backend)
{
  TdPoseModel *model = NULL;
  TdVisionError error;
  if (td_pose_model_load (built_in, backend, 1, &model, &error) != TD_VISION_OK)
    g_error ("%s", error.message);
  return model;
}

/* Of the joints, as the tracker takes it. */
static void
box_of (const TdPose *pose, float box[4])
{
  float x0 = INFINITY, y0 = INFINITY, x1 = -INFINITY, y1 = -INFINITY;
  for (int j = 0; j < TD_N_JOINTS; j++)
    {
      x0 = fminf (x0, pose->joints[j].x);
      x1 = fmaxf (x1, pose->joints[j].x);
      y0 = fminf (y0, pose->joints[j].y);
      y1 = fmaxf (y1, pose->joints[j].y);
    }
  box[0] = x0;
  box[1] = y0;
  box[2] = x1 - x0;
  box[3] = y1 - y0;
}

/* The tracker's crops go to both: following by themselves, each would be led by its own last bits. */
static void
test_backends_on_the_clip (void)
{
  TdPoseModel *models[2] = { load (TD_BACKEND_XNNPACK), load (TD_BACKEND_OPENCV) };
  g_assert_cmpstr (td_pose_model_backend (models[0]), ==, "xnnpack");
  g_assert_cmpstr (td_pose_model_backend (models[1]), ==, "opencv");
  TdTracker *tracker;
  g_assert_cmpint (td_tracker_new (models[0], &tracker, NULL), ==, TD_VISION_OK);
  TdSource *source = NULL;
  TdCaptureError error;
  if (td_source_open_file (demo, TD_PACE_AS_FAST_AS_POSSIBLE, &source, &error) != TD_CAPTURE_OK)
    g_error ("%s", error.message);

  int frames = 0, compared = 0;
  float farthest = 0, farthest_z = 0, farthest_score = 0;
  TdFrame *frame = NULL;
  TdCaptureStatus status;
  while ((status = td_source_next (source, 10000, &frame, &error)) == TD_CAPTURE_OK)
    {
      const TdImage image = { td_frame_data (frame), td_frame_width (frame),
                              td_frame_height (frame), td_frame_stride (frame) };
      TdPose followed, poses[2];
      g_assert_cmpint (
          td_tracker_process (tracker, &image, td_frame_time_ns (frame), &followed, NULL, NULL), ==,
          TD_VISION_OK);
      /* Every other one: OpenCV takes its time. */
      frames++;
      if (followed.present && frames % 2 == 0)
        {
          float box[4];
          box_of (&followed, box);
          for (int i = 0; i < 2; i++)
            g_assert_cmpint (td_pose_model_estimate (models[i], &image, box, &poses[i], NULL), ==,
                             TD_VISION_OK);
          for (int j = 0; j < TD_N_JOINTS; j++)
            {
              const TdKeypoint *a = &poses[0].joints[j], *b = &poses[1].joints[j];
              farthest = fmaxf (farthest, hypotf (a->x - b->x, a->y - b->y));
              farthest_z = fmaxf (farthest_z, fabsf (a->z - b->z));
              farthest_score = fmaxf (farthest_score, fabsf (a->score - b->score));
            }
          compared++;
        }
      td_frame_unref (frame);
    }
  g_assert_cmpint (status, ==, TD_CAPTURE_END);
  td_source_free (source);
  g_test_message ("%d frames: joints %.5f pixels apart at most, %.5f in depth, scores %.6f",
                  compared, (double) farthest, (double) farthest_z, (double) farthest_score);
  g_assert_cmpint (frames, ==, 564);
  g_assert_cmpint (compared, ==, 282);
  g_assert_cmpfloat (farthest, <, 0.05f);
  g_assert_cmpfloat (farthest_z, <, 0.05f);
  g_assert_cmpfloat (farthest_score, <, 0.001f);
  td_tracker_free (tracker);
  for (int i = 0; i < 2; i++)
    td_pose_model_free (models[i]);
}

/* Of this thread. */
static gint64
processor_ns (void)
{
  struct timespec spent;
  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &spent);
  return spent.tv_sec * 1000000000LL + spent.tv_nsec;
}

/* The camera of the demo stands still, and somebody squats right in front of it. */
static void
test_still_camera (void)
{
  TdPoseModel *model = load (TD_BACKEND_AUTO);
  TdTracker *tracker;
  g_assert_cmpint (td_tracker_new (model, &tracker, NULL), ==, TD_VISION_OK);
  /* One is told of the person, the other is not. */
  TdSceneWatch *told = td_scene_watch_new (), *untold = td_scene_watch_new ();
  TdSource *source = NULL;
  g_assert_cmpint (td_source_open_file (demo, TD_PACE_AS_FAST_AS_POSSIBLE, &source, NULL), ==,
                   TD_CAPTURE_OK);
  TdFrame *frame = NULL;
  float worst = 0, worst_untold = 0, darkest = 1, brightest = 0;
  int known = 0;
  gint64 spent = 0;
  while (td_source_next (source, 10000, &frame, NULL) == TD_CAPTURE_OK)
    {
      const TdImage image = { td_frame_data (frame), td_frame_width (frame),
                              td_frame_height (frame), td_frame_stride (frame) };
      const gint64 time_ns = td_frame_time_ns (frame);
      TdPose pose;
      float brightness, shake;
      g_assert_cmpint (td_tracker_process (tracker, &image, time_ns, &pose, NULL, NULL), ==,
                       TD_VISION_OK);
      gint64 start = processor_ns ();
      td_scene_watch_push (told, &image, time_ns, &pose, &brightness, &shake);
      spent += processor_ns () - start;
      if (!isnan (shake))
        {
          worst = fmaxf (worst, shake);
          known++;
        }
      darkest = fminf (darkest, brightness);
      brightest = fmaxf (brightest, brightness);
      td_scene_watch_push (untold, &image, time_ns, NULL, &brightness, &shake);
      if (!isnan (shake))
        worst_untold = fmaxf (worst_untold, shake);
      td_frame_unref (frame);
    }
  td_source_free (source);
  g_test_message (
      "shake %.4f at most, %.4f without the pose; brightness %.3f to %.3f; %.3f ms a frame",
      (double) worst, (double) worst_untold, (double) darkest, (double) brightest,
      (double) spent / 564 / 1e6);
  g_assert_cmpint (known, >, 500);
  g_assert_cmpfloat (worst, <, 0.005f);
  g_assert_cmpfloat (worst_untold, <, 0.005f);
  g_assert_cmpfloat (darkest, >, 0.2f);
  g_assert_cmpfloat (brightest - darkest, <, 0.15f);
  td_scene_watch_free (told);
  td_scene_watch_free (untold);
  td_tracker_free (tracker);
  td_pose_model_free (model);
}

static void
remove_all (const char *path)
{
  g_autoptr (GDir) folder
      = g_file_test (path, G_FILE_TEST_IS_DIR) ? g_dir_open (path, 0, NULL) : NULL;
  const char *name;
  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *inner = g_build_filename (path, name, NULL);
      remove_all (inner);
    }
  g_remove (path);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  const char *root = g_getenv ("TD_TEST_SOURCE_ROOT");
  g_assert_nonnull (root);
  home = g_dir_make_tmp ("td-models-XXXXXX", NULL);
  g_assert_nonnull (home);
  g_setenv ("XDG_DATA_HOME", home, TRUE);
  g_setenv ("TEARDROP_DATA_DIR", root, TRUE);
  built_in = g_build_filename (root, "models", "teardrop-legs", NULL);
  demo = g_build_filename (root, "ui", "data", "demo.mp4", NULL);
  td_capture_init ();

  g_test_add_func ("/models/built_in_first_then_the_users_by_name", test_list);
  g_test_add_func ("/models/back_ends_agree_all_along_the_clip", test_backends_on_the_clip);
  g_test_add_func ("/models/somebody_who_squats_moves_no_camera", test_still_camera);
  int result = g_test_run ();
  remove_all (home);
  g_free (home);
  g_free (built_in);
  g_free (demo);
  return result;
}
