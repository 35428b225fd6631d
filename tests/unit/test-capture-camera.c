/* test-capture-camera.c: a camera that is plugged in, unplugged and plugged in again. Runs within
 * tests/ui/testcam, which provides it.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-capture.h"

#include <glib.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define MS INT64_C (1000000)

static const char *node;
static char *id;

static int64_t
now_ns (void)
{
  struct timespec now;
  clock_gettime (CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000 * MS + now.tv_nsec;
}

static void
call (const char *variable)
{
  const char *program = g_getenv (variable);
  g_assert_nonnull (program);
  int status;
  GError *error = NULL;
  g_spawn_command_line_sync (program, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
}

static pid_t
camera_process (void)
{
  char *text;
  g_assert_true (g_file_get_contents (g_getenv ("TESTCAM_PIDFILE"), &text, NULL, NULL));
  const pid_t pid = atoi (text);
  g_free (text);
  g_assert_cmpint (pid, >, 1);
  return pid;
}

static TdSource *
open_camera (const char *which)
{
  TdSource *source;
  TdCaptureError error;
  /* The device provider may be a moment behind PipeWire's graph. */
  for (int i = 0; i < 50; i++)
    {
      if (td_source_open_camera (which, 0, 0, &source, &error) == TD_CAPTURE_OK)
        return source;
      g_assert_null (source);
      g_assert_cmpint (error.status, ==, TD_CAPTURE_NOT_FOUND);
      g_usleep (100 * 1000);
    }
  g_error ("no camera: %s", error.message);
}

static TdFrame *
next_frame (TdSource *source)
{
  TdFrame *frame;
  TdCaptureError error;
  if (td_source_next (source, 3000, &frame, &error) != TD_CAPTURE_OK)
    g_error ("no frame: %s", error.message);
  return frame;
}

/* How long it takes until SOURCE says it is unplugged. */
static double
wait_unplugged (TdSource *source, TdCaptureError *error)
{
  const int64_t begun = now_ns ();
  TdFrame *frame;
  for (;;)
    {
      const TdCaptureStatus status = td_source_next (source, 100, &frame, error);
      td_frame_unref (frame);
      if (status != TD_CAPTURE_OK && status != TD_CAPTURE_TIMEOUT)
        break;
      g_assert_cmpint (now_ns () - begun, <, 20000 * MS);
    }
  const double seconds = (double) (now_ns () - begun) * 1e-9;
  g_test_message ("noticed after %.3f s: %s", seconds, error->message);
  g_assert_cmpint (error->status, ==, TD_CAPTURE_UNPLUGGED);
  g_assert_cmpuint (strlen (error->message), >, 10);
  g_assert_cmpint (td_source_next (source, 0, &frame, NULL), ==, TD_CAPTURE_UNPLUGGED);
  g_assert_null (frame);
  return seconds;
}

static bool
is_listed (TdCameraMonitor *monitor)
{
  TdCaptureCamera cameras[16];
  const int n = td_camera_monitor_list (monitor, cameras, G_N_ELEMENTS (cameras));
  g_assert_cmpint (td_camera_monitor_list (monitor, NULL, 0), ==, n);
  int found = 0;
  for (int i = 0; i < n; i++)
    {
      g_assert_true (g_utf8_validate (cameras[i].name, -1, NULL));
      if (strcmp (cameras[i].id, id) == 0)
        {
          char *name = g_strconcat ("Test camera ", node, NULL);
          g_assert_cmpstr (cameras[i].name, ==, name);
          g_free (name);
          found++;
        }
    }
  g_assert_cmpint (found, <=, 1);
  return found == 1;
}

static void
wait_listed (TdCameraMonitor *monitor, bool wanted)
{
  for (int i = 0; i < 100 && is_listed (monitor) != wanted; i++)
    g_usleep (50 * 1000);
  g_assert_true (is_listed (monitor) == wanted);
}

static void
count_change (void *data)
{
  atomic_fetch_add ((atomic_int *) data, 1);
}

static void
wait_changed (atomic_int *changes, int before)
{
  for (int i = 0; i < 100 && atomic_load (changes) == before; i++)
    g_usleep (50 * 1000);
  g_assert_cmpint (atomic_load (changes), >, before);
}

/* --- Tests -------------------------------------------------------------------------------- */

static void
test_list (void)
{
  atomic_int changes = 0;
  TdCameraMonitor *monitor = td_camera_monitor_new (count_change, &changes);
  TdCameraMonitor *other = td_camera_monitor_new (NULL, NULL);
  wait_listed (monitor, true);

  int before = atomic_load (&changes);
  call ("TESTCAM_STOP");
  wait_changed (&changes, before);
  wait_listed (monitor, false);
  wait_listed (other, false);

  before = atomic_load (&changes);
  call ("TESTCAM_START");
  wait_changed (&changes, before);
  wait_listed (monitor, true);
  td_camera_monitor_free (monitor);
  wait_listed (other, true);
  td_camera_monitor_free (other);
  td_camera_monitor_free (NULL);
}

static void
test_frames (void)
{
  TdSource *source = open_camera (id);
  g_assert_true (td_source_is_live (source));
  g_assert_cmpfloat_with_epsilon (td_source_fps (source), 30, 0.5);
  g_assert_cmpfloat (td_source_duration_s (source), ==, 0);
  int64_t last = 0, first = 0;
  for (int i = 0; i < 40; i++)
    {
      TdFrame *frame = next_frame (source);
      const int64_t time = td_frame_time_ns (frame);
      g_assert_cmpint (td_frame_width (frame), ==, 640);
      g_assert_cmpint (td_frame_height (frame), ==, 480);
      g_assert_cmpint (time, >, last);
      g_assert_cmpint (time, <=, now_ns ());
      g_assert_cmpint (now_ns () - time, <, 1000 * MS);
      last = time;
      if (i == 0)
        first = time;
      td_frame_unref (frame);
    }
  /* 39 times a thirtieth of a second, and less where some had to wait at the start. */
  g_test_message ("40 frames in %.2f s", (double) (last - first) * 1e-9);
  g_assert_cmpint (last - first, >, 800 * MS);
  td_source_free (source);
}

static void
test_newest (void)
{
  TdSource *source = open_camera (NULL);
  td_frame_unref (next_frame (source));
  /* Not one that waited for as long as its owner did. */
  g_usleep (1500 * 1000);
  TdFrame *frame = next_frame (source);
  g_assert_cmpint (now_ns () - td_frame_time_ns (frame), <, 1000 * MS);
  td_source_free (source);
  g_assert_nonnull (td_frame_data (frame));
  g_assert_cmpint (td_frame_data (frame)[td_frame_stride (frame) * 479], >=, 0);
  td_frame_unref (frame);
}

static void
test_unplugged (void)
{
  for (int i = 0; i < 3; i++)
    {
      TdSource *source = open_camera (id);
      TdFrame *kept = next_frame (source);
      call ("TESTCAM_STOP");
      TdCaptureError error;
      g_assert_cmpfloat (wait_unplugged (source, &error), <, 2);
      const int64_t begun = now_ns ();
      td_source_free (source);
      g_assert_cmpint (now_ns () - begun, <, 2000 * MS);

      g_assert_cmpint (td_source_open_camera (id, 0, 0, &source, &error), ==, TD_CAPTURE_NOT_FOUND);
      g_assert_null (source);

      call ("TESTCAM_START");
      source = open_camera (id);
      TdFrame *frame = next_frame (source);
      g_assert_cmpint (td_frame_time_ns (frame), >, td_frame_time_ns (kept));
      td_frame_unref (kept);
      td_frame_unref (frame);
      td_source_free (source);
    }
}

static void
test_silent (void)
{
  TdSource *source = open_camera (id);
  td_frame_unref (next_frame (source));
  const pid_t process = camera_process ();
  g_assert_cmpint (kill (process, SIGSTOP), ==, 0);
  TdCaptureError error;
  const double seconds = wait_unplugged (source, &error);
  g_assert_cmpfloat (seconds, >, 1);
  g_assert_cmpfloat (seconds, <, 3.5);
  const int64_t begun = now_ns ();
  td_source_free (source);
  g_assert_cmpint (now_ns () - begun, <, 2000 * MS);

  /* To open it again takes no longer than patience lasts. */
  const int64_t reopened = now_ns ();
  const TdCaptureStatus status = td_source_open_camera (id, 0, 0, &source, &error);
  g_test_message ("a hung camera: %s", error.message);
  g_assert_cmpint (status, ==, TD_CAPTURE_SILENT);
  g_assert_null (source);
  g_assert_cmpint (now_ns () - reopened, <, 10000 * MS);
  g_assert_cmpint (kill (process, SIGCONT), ==, 0);
  source = open_camera (id);
  td_frame_unref (next_frame (source));
  td_source_free (source);
}

/* The session manager would gladly connect us to another camera. */
static void
test_no_other_camera (void)
{
  TdCameraMonitor *monitor = td_camera_monitor_new (NULL, NULL);
  char *program = g_build_filename (g_getenv ("TESTCAM_LOG"), "camera", NULL);
  const char *const arguments[]
      = { program, "", "0", "0", "0", "", "other", "640", "480", "1", "0", NULL };
  GPid other;
  GError *error_of_spawn = NULL;
  g_spawn_async (NULL, (char **) arguments, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &other,
                 &error_of_spawn);
  g_assert_no_error (error_of_spawn);
  TdCaptureCamera cameras[16];
  for (int i = 0; i < 100; i++)
    {
      if (td_camera_monitor_list (monitor, cameras, 16) >= 2)
        break;
      g_usleep (50 * 1000);
    }
  g_assert_cmpint (td_camera_monitor_list (monitor, cameras, 16), >=, 2);
  g_assert_cmpstr (cameras[0].id, !=, cameras[1].id);

  TdSource *source = open_camera (id);
  td_frame_unref (next_frame (source));
  call ("TESTCAM_STOP");
  TdCaptureError error;
  g_assert_cmpfloat (wait_unplugged (source, &error), <, 2);
  td_source_free (source);

  source = open_camera ("pipewire:other");
  td_frame_unref (next_frame (source));
  kill (other, SIGKILL);
  g_assert_cmpfloat (wait_unplugged (source, &error), <, 2);
  td_source_free (source);
  g_spawn_close_pid (other);
  call ("TESTCAM_START");
  wait_listed (monitor, true);
  td_camera_monitor_free (monitor);
  g_free (program);
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
  TdSource *source = open_camera (id);
  g_assert_cmpint (kill (camera_process (), SIGSTOP), ==, 0);
  pthread_t thread;
  g_assert_cmpint (pthread_create (&thread, NULL, interrupt_soon, source), ==, 0);
  TdFrame *frame;
  TdCaptureStatus status;
  while ((status = td_source_next (source, 10000, &frame, NULL)) == TD_CAPTURE_OK)
    td_frame_unref (frame);
  g_assert_cmpint (status, ==, TD_CAPTURE_INTERRUPTED);
  pthread_join (thread, NULL);
  g_assert_cmpint (kill (camera_process (), SIGCONT), ==, 0);
  td_source_free (source);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  node = g_getenv ("TESTCAM_NAME");
  if (!node)
    {
      g_printerr ("to be run by tests/ui/testcam\n");
      return 77;
    }
  id = g_strconcat ("pipewire:", node, NULL);
  td_capture_init ();
  g_test_add_func ("/camera/the_list_follows_the_plug", test_list);
  g_test_add_func ("/camera/frames_have_the_time_of_capture", test_frames);
  g_test_add_func ("/camera/only_the_newest_frame_waits", test_newest);
  g_test_add_func ("/camera/an_unplugged_camera_is_noticed_and_opens_again", test_unplugged);
  g_test_add_func ("/camera/a_silent_camera_is_noticed", test_silent);
  g_test_add_func ("/camera/another_camera_does_not_take_over", test_no_other_camera);
  g_test_add_func ("/camera/waiting_can_be_interrupted", test_interrupt);
  const int status = g_test_run ();
  g_free (id);
  return status;
}
