/* td-camera.c: which cameras there are, by GStreamer's device providers (PipeWire and V4L2).
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-capture-private.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef struct
{
  TdCaptureCamera camera;
  GstDevice *device;
  char *path; /* its device file, where it has one; what two providers offer in common */
  bool pipewire;
} Found;

typedef struct
{
  TdDevicesChanged changed;
  void *data;
} Watcher;

struct TdCameraMonitor
{
  pthread_t thread;
  pthread_mutex_t lock; /* guards the next two */
  bool has_changed;
  bool stop;
  pthread_cond_t wake;
  TdCamerasChanged changed;
  void *data;
};

/* --- GStreamer's monitor ------------------------------------------------------------------ */

/* One for the process, never stopped: the PipeWire provider (0.3.65) frees memory twice when it is
 * stopped after a camera was unplugged, and to start it again for each list costs a connection. */
static GstDeviceMonitor *devices;
static pthread_mutex_t watchers_lock = PTHREAD_MUTEX_INITIALIZER;
static GArray *watchers;

static GstBusSyncReply
on_device_message (GstBus *bus, GstMessage *message, gpointer data)
{
  (void) bus, (void) data;
  GstDevice *removed = NULL;
  switch (GST_MESSAGE_TYPE (message))
    {
    case GST_MESSAGE_DEVICE_REMOVED:
      gst_message_parse_device_removed (message, &removed);
      break;
    case GST_MESSAGE_DEVICE_ADDED:
    case GST_MESSAGE_DEVICE_CHANGED:
      break;
    default:
      gst_message_unref (message);
      return GST_BUS_DROP;
    }
  pthread_mutex_lock (&watchers_lock);
  for (guint i = 0; i < watchers->len; i++)
    {
      const Watcher *watcher = &g_array_index (watchers, Watcher, i);
      watcher->changed (removed, watcher->data);
    }
  pthread_mutex_unlock (&watchers_lock);
  g_clear_object (&removed);
  gst_message_unref (message);
  return GST_BUS_DROP;
}

static void
start_once (void)
{
  watchers = g_array_new (FALSE, FALSE, sizeof (Watcher));
  devices = gst_device_monitor_new ();
  gst_device_monitor_add_filter (devices, "Video/Source", NULL);
  gst_device_monitor_start (devices);
  /* What was told up to here is in the list already. */
  GstBus *bus = gst_device_monitor_get_bus (devices);
  gst_bus_set_sync_handler (bus, on_device_message, NULL, NULL);
  for (GstMessage *message; (message = gst_bus_pop (bus));)
    gst_message_unref (message);
  gst_object_unref (bus);
}

static void
start (void)
{
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  td_capture_init ();
  pthread_once (&once, start_once);
}

void
td_devices_watch (TdDevicesChanged changed, void *data)
{
  start ();
  const Watcher watcher = { .changed = changed, .data = data };
  pthread_mutex_lock (&watchers_lock);
  g_array_append_val (watchers, watcher);
  pthread_mutex_unlock (&watchers_lock);
}

void
td_devices_unwatch (void *data)
{
  pthread_mutex_lock (&watchers_lock);
  for (guint i = 0; watchers && i < watchers->len; i++)
    if (g_array_index (watchers, Watcher, i).data == data)
      g_array_remove_index_fast (watchers, i--);
  pthread_mutex_unlock (&watchers_lock);
}

/* --- The list ----------------------------------------------------------------------------- */

static void
found_clear (gpointer data)
{
  Found *found = data;
  gst_object_unref (found->device);
  g_free (found->path);
}

static const char *
path_of (const GstStructure *properties)
{
  const char *path = gst_structure_get_string (properties, "api.v4l2.path");
  return path ? path : gst_structure_get_string (properties, "device.path");
}

char *
td_device_path (GstDevice *device)
{
  GstStructure *properties = gst_device_get_properties (device);
  char *path = properties ? g_strdup (path_of (properties)) : NULL;
  g_clear_pointer (&properties, gst_structure_free);
  return path;
}

static bool
read_device (GstDevice *device, Found *found)
{
  GstStructure *properties = gst_device_get_properties (device);
  if (!properties)
    return false;
  const char *node = gst_structure_get_string (properties, "node.name");
  const char *path = path_of (properties);
  if (node)
    {
      /* Made of the bus path by the session manager: the same after plugging and after a reboot. */
      char *id = g_strconcat ("pipewire:", node, NULL);
      td_copy_line (found->camera.id, sizeof found->camera.id, id);
      g_free (id);
    }
  else
    {
      const char *place = gst_structure_get_string (properties, "device.bus_path");
      if (!place)
        place = gst_structure_get_string (properties, "v4l2.device.bus_info");
      if (!place)
        place = path;
      if (!place)
        {
          gst_structure_free (properties);
          return false;
        }
      char *id = g_strconcat ("v4l2:", place, NULL);
      td_copy_line (found->camera.id, sizeof found->camera.id, id);
      g_free (id);
    }
  char *name = gst_device_get_display_name (device);
  td_copy_line (found->camera.name, sizeof found->camera.name, name && *name ? name : "Camera");
  g_free (name);
  found->pipewire = node != NULL;
  found->path = g_strdup (path);
  found->device = gst_object_ref (device);
  gst_structure_free (properties);
  return true;
}

/* PipeWire's first, since it lets several programs share a camera; each by its name. */
static int
compare_found (gconstpointer a, gconstpointer b)
{
  const Found *x = a, *y = b;
  if (x->pipewire != y->pipewire)
    return x->pipewire ? -1 : 1;
  const int order = strcmp (x->camera.name, y->camera.name);
  return order ? order : strcmp (x->camera.id, y->camera.id);
}

/* An array of Found. */
static GArray *
find_cameras (void)
{
  start ();
  GArray *cameras = g_array_new (FALSE, TRUE, sizeof (Found));
  g_array_set_clear_func (cameras, found_clear);
  GList *all = gst_device_monitor_get_devices (devices);
  for (GList *l = all; l; l = l->next)
    {
      Found found = { 0 };
      if (read_device (l->data, &found))
        g_array_append_val (cameras, found);
    }
  g_list_free_full (all, gst_object_unref);
  g_array_sort (cameras, compare_found);

  for (guint i = 0; i < cameras->len; i++)
    {
      Found *found = &g_array_index (cameras, Found, i);
      const size_t length = strlen (found->camera.id);
      guint same = 1;
      bool twice = false;
      for (guint j = 0; j < i; j++)
        {
          const Found *earlier = &g_array_index (cameras, Found, j);
          twice |= found->path && g_strcmp0 (found->path, earlier->path) == 0;
          /* Those before it have their number already. */
          same += strncmp (found->camera.id, earlier->camera.id, length) == 0
                  && (earlier->camera.id[length] == '\0' || earlier->camera.id[length] == '#');
        }
      if (twice)
        g_array_remove_index (cameras, i--);
      else if (same > 1)
        /* One device with two pictures, infrared for instance. */
        snprintf (found->camera.id + length, sizeof found->camera.id - length, "#%u", same);
    }
  return cameras;
}

GstElement *
td_camera_create_element (const char *id, GstDevice **device, char **name)
{
  GArray *cameras = find_cameras ();
  GstElement *element = NULL;
  for (guint i = 0; i < cameras->len && !element; i++)
    {
      const Found *found = &g_array_index (cameras, Found, i);
      if (id && strcmp (id, found->camera.id) != 0)
        continue;
      element = gst_device_create_element (found->device, NULL);
      if (!element)
        continue;
      if (found->pipewire)
        {
          /* Frames outlive the connection, PipeWire's memory does not; and a camera that went away
           * is never to be replaced by another one. */
          GstStructure *properties = gst_structure_new (
              "properties", "media.type", G_TYPE_STRING, "Video", "media.category", G_TYPE_STRING,
              "Capture", "media.role", G_TYPE_STRING, "Camera", "node.dont-reconnect",
              G_TYPE_STRING, "true", NULL);
          g_object_set (element, "always-copy", TRUE, "client-name", "Teardrop",
                        "stream-properties", properties, NULL);
          gst_structure_free (properties);
        }
      *device = gst_object_ref (found->device);
      *name = g_strdup (found->camera.name);
    }
  g_array_unref (cameras);
  return element;
}

/* --- Why not ------------------------------------------------------------------------------ */

/* Whether WORDS, in small letters, have what the system says for CODE, in English or as it is
 * translated. */
static bool
says (const char *words, const char *english, int code)
{
  char *translated = g_utf8_strdown (g_strerror (code), -1);
  const bool found = strstr (words, english) || strstr (words, translated);
  g_free (translated);
  return found;
}

/* Plug-ins have codes for some of it only: v4l2src says EACCES in its debug text and PipeWire has
 * nothing but words. */
TdCaptureStatus
td_camera_reason (const GError *problem, const char *details)
{
  if (!problem)
    return TD_CAPTURE_SILENT;
  char *all = g_strconcat (problem->message, "\n", details, NULL);
  char *valid = g_utf8_make_valid (all, -1);
  char *words = g_utf8_strdown (valid, -1);
  TdCaptureStatus status = TD_CAPTURE_FAILED;
  if (g_error_matches (problem, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_BUSY)
      || says (words, "busy", EBUSY))
    status = TD_CAPTURE_BUSY;
  else if (g_error_matches (problem, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_AUTHORIZED)
           || says (words, "permission denied", EACCES) || says (words, "not permitted", EPERM))
    status = TD_CAPTURE_DENIED;
  else if (g_error_matches (problem, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND)
           || says (words, "no such file", ENOENT) || says (words, "no such device", ENODEV)
           || says (words, "no such device", ENXIO))
    status = TD_CAPTURE_NOT_FOUND;
  g_free (words);
  g_free (valid);
  g_free (all);
  return status;
}

bool
td_camera_denied_in (const char *folder, char *path, size_t size)
{
  /* The numbers there can be, as GStreamer looks for them too. Not opened: that lights the lamp of
   * some cameras. */
  for (int i = 0; i < 64; i++)
    {
      snprintf (path, size, "%s/video%d", folder, i);
      if (faccessat (AT_FDCWD, path, R_OK | W_OK, AT_EACCESS) != 0
          && (errno == EACCES || errno == EPERM))
        return true;
    }
  path[0] = '\0';
  return false;
}

bool
td_camera_denied (char *path, size_t size)
{
  return td_camera_denied_in ("/dev", path, size);
}

/* --- Watching ----------------------------------------------------------------------------- */

static void
on_changed (GstDevice *removed, void *data)
{
  (void) removed;
  TdCameraMonitor *self = data;
  pthread_mutex_lock (&self->lock);
  self->has_changed = true;
  pthread_cond_signal (&self->wake);
  pthread_mutex_unlock (&self->lock);
}

static void *
watch (void *data)
{
  TdCameraMonitor *self = data;
  pthread_mutex_lock (&self->lock);
  while (!self->stop)
    {
      if (!self->has_changed)
        {
          pthread_cond_wait (&self->wake, &self->lock);
          continue;
        }
      self->has_changed = false;
      pthread_mutex_unlock (&self->lock);
      if (self->changed)
        self->changed (self->data);
      pthread_mutex_lock (&self->lock);
    }
  pthread_mutex_unlock (&self->lock);
  return NULL;
}

TdCameraMonitor *
td_camera_monitor_new (TdCamerasChanged changed, void *data)
{
  TdCameraMonitor *self = g_new0 (TdCameraMonitor, 1);
  self->changed = changed;
  self->data = data;
  pthread_mutex_init (&self->lock, NULL);
  pthread_cond_init (&self->wake, NULL);
  if (pthread_create (&self->thread, NULL, watch, self) != 0)
    g_error ("no thread for the camera monitor");
  td_devices_watch (on_changed, self);
  return self;
}

void
td_camera_monitor_free (TdCameraMonitor *self)
{
  if (!self)
    return;
  td_devices_unwatch (self);
  pthread_mutex_lock (&self->lock);
  self->stop = true;
  pthread_cond_signal (&self->wake);
  pthread_mutex_unlock (&self->lock);
  pthread_join (self->thread, NULL);
  pthread_cond_destroy (&self->wake);
  pthread_mutex_destroy (&self->lock);
  g_free (self);
}

int
td_camera_monitor_list (TdCameraMonitor *self, TdCaptureCamera *cameras, int max)
{
  (void) self;
  GArray *found = find_cameras ();
  const int n = CLAMP (max, 0, (int) found->len);
  for (int i = 0; i < n; i++)
    cameras[i] = g_array_index (found, Found, (guint) i).camera;
  const int all = (int) found->len;
  g_array_unref (found);
  return all;
}
