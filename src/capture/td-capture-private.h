/* td-capture-private.h: what the files of the capture layer share.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-capture.h"

#include <gst/gst.h>

/* A camera that gives nothing for this long is gone: to be told within two seconds. */
#define TD_SILENCE_NS INT64_C (1800000000)

int64_t td_monotonic_ns (void);

/* Fills ERROR (which may be NULL) with one line of valid UTF-8, and returns STATUS. */
TdCaptureStatus td_capture_fail (TdCaptureError *error, TdCaptureStatus status, const char *format,
                                 ...) G_GNUC_PRINTF (3, 4);

/* Copies at most SIZE - 1 bytes of TEXT as valid UTF-8 on one line. */
void td_copy_line (char *to, size_t size, const char *text);

/* A new element in PIPELINE, which owns it; NULL with ERROR when its plug-in is not installed. */
GstElement *td_element_add (GstElement *pipeline, const char *factory, TdCaptureError *error);

/* Takes a reference of BUFFER; NULL when it cannot be mapped. */
TdFrame *td_frame_new (GstBuffer *buffer, GstCaps *caps, int64_t time_ns);

/* Why the file must not be played at all, or NULL. GStreamer's qtdemux (1.22) descends into boxes
 * within boxes without a limit, until the stack ends and the program with it; what a compressed
 * index holds cannot be seen from here. To be asked before there is a pipeline. */
const char *td_file_refuse (const char *file);

/* True when the file says of itself that it should be longer than it is, as far as its format
 * tells (ISO media, Matroska, RIFF, MPEG transport stream, Ogg). STATES_LENGTH: its header says how
 * long it lasts, which elsewhere is only guessed from its size. */
bool td_file_is_cut (const char *file, bool *states_length);

/* Bytes of a file to be read as others. */
typedef struct
{
  uint64_t offset;
  int length;
  uint8_t bytes[8];
  double true_s; /* the video's length */
} TdLonger;

/* GStreamer's qtdemux (1.22) takes the length of a movie for a place in its media: where an edit
 * list begins late in the media, as in clips trimmed on a phone, it ends too early, at the first key
 * frame after that place, or at once. True for such a file: LONGER then is a length for the movie's
 * header with which the edit is played to its end. */
bool td_file_needs_longer (const char *file, TdLonger *longer);

/* An unlinked source (pipewiresrc, v4l2src) for camera ID, or for the first one when ID is NULL.
 * DEVICE and NAME (g_free()) are the caller's. NULL when there is no such camera. */
GstElement *td_camera_create_element (const char *id, GstDevice **device, char **name);

/* Why a camera gives no picture that never gave one, of what its element said: PROBLEM may be NULL,
 * DETAILS too, which is the debug text that came with it. TD_CAPTURE_FAILED: something else. */
TdCaptureStatus td_camera_reason (const GError *problem, const char *details);

/* The camera's device file, as the system that found it says (g_free()); NULL: none is known. */
char *td_device_path (GstDevice *device);

/* td_camera_denied() of the device files in FOLDER. */
bool td_camera_denied_in (const char *folder, char *path, size_t size);

/* Called on a thread of GStreamer's after a device was plugged in (REMOVED is NULL) or went away;
 * must be short and not call back into the list. */
typedef void (*TdDevicesChanged) (GstDevice *removed, void *data);

void td_devices_watch (TdDevicesChanged changed, void *data);
/* DATA's function is not running and will not be called any more afterwards. */
void td_devices_unwatch (void *data);
