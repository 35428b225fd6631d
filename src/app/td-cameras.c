/* td-cameras.c: the cameras there are, watched beside the main loop.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-cameras.h"

#include "td-engine.h"

#define MAX_CAMERAS 32

struct TdCameras
{
  gatomicrefcount references; /* the owner, the starting thread, a waiting call */
  TdCamerasListed listed;     /* NULL after td_cameras_free(); main thread */
  gpointer data;
  TdCameraMonitor *monitor; /* main thread, once started */
  gint asked;               /* atomic: a call on the main thread waits already */
};

static TdCameras *
cameras_ref (TdCameras *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

static void
cameras_unref (gpointer data)
{
  TdCameras *self = data;

  if (g_atomic_ref_count_dec (&self->references))
    g_free (self);
}

static gboolean
list_now (gpointer data)
{
  TdCameras *self = data;

  g_atomic_int_set (&self->asked, 0);
  if (!self->listed || !self->monitor)
    return G_SOURCE_REMOVE;

  g_autofree TdCaptureCamera *found = g_new0 (TdCaptureCamera, MAX_CAMERAS);
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  int n = td_camera_monitor_list (self->monitor, found, MAX_CAMERAS);
  for (int i = 0; i < MIN (n, MAX_CAMERAS); i++)
    g_ptr_array_add (items, td_source_item_new (TD_SOURCE_CAMERA, found[i].id, found[i].name));
  self->listed (items, self->data);
  return G_SOURCE_REMOVE;
}

/* Any thread. Many changes at once are one call. */
static void
on_changed (void *data)
{
  TdCameras *self = data;

  if (g_atomic_int_compare_and_exchange (&self->asked, 0, 1))
    g_idle_add_full (G_PRIORITY_DEFAULT, list_now, cameras_ref (self), cameras_unref);
}

static void
free_monitor (gpointer monitor)
{
  td_camera_monitor_free (monitor);
}

static void
start (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  (void) source;
  (void) cancellable;
  td_capture_init ();
  g_task_return_pointer (task, td_camera_monitor_new (on_changed, task_data), free_monitor);
}

static void
on_started (GObject *source, GAsyncResult *result, gpointer data)
{
  TdCameras *self = data;
  TdCameraMonitor *monitor = g_task_propagate_pointer (G_TASK (result), NULL);

  (void) source;
  if (!self->listed)
    td_camera_monitor_free (monitor);
  else
    {
      self->monitor = monitor;
      on_changed (self);
    }
}

TdCameras *
td_cameras_new (TdCamerasListed listed, gpointer data)
{
  TdCameras *self = g_new0 (TdCameras, 1);
  g_autoptr (GTask) task = g_task_new (NULL, NULL, on_started, self);

  g_atomic_ref_count_init (&self->references);
  self->listed = listed;
  self->data = data;
  g_task_set_task_data (task, cameras_ref (self), cameras_unref);
  g_task_run_in_thread (task, start);
  return self;
}

void
td_cameras_free (TdCameras *self)
{
  if (!self)
    return;
  self->listed = NULL;
  g_clear_pointer (&self->monitor, td_camera_monitor_free);
  cameras_unref (self);
}
