/* td-capture.h: frames from cameras and video files, by GStreamer.
 *
 * A TdSource belongs to one thread (its owner); only td_source_interrupt() may be called from
 * another. A TdFrame may go to any thread.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum
{
  TD_CAPTURE_OK,
  TD_CAPTURE_TIMEOUT,     /* no frame yet; ask again */
  TD_CAPTURE_END,         /* the file has ended, all its frames were given */
  TD_CAPTURE_INTERRUPTED, /* td_source_interrupt() was called */
  TD_CAPTURE_NOT_FOUND,   /* no such file, no such camera */
  TD_CAPTURE_BUSY,        /* another program holds the camera */
  TD_CAPTURE_DENIED,      /* no permission */
  TD_CAPTURE_UNPLUGGED,   /* the camera went away, or gave nothing for 2 s */
  TD_CAPTURE_SILENT,      /* the camera can be opened but gives no first picture */
  TD_CAPTURE_BAD_FILE,    /* not a video, or damaged before its first frame */
  TD_CAPTURE_TRUNCATED,   /* damaged or cut off after some frames; those were given */
  TD_CAPTURE_FAILED       /* anything else (a missing plug-in, no memory) */
} TdCaptureStatus;

/* message: one line in plain words, never empty after a failure. */
typedef struct
{
  TdCaptureStatus status;
  char message[256];
} TdCaptureError;

/* Once per process, before anything else here; harmless to call again. */
void td_capture_init (void);

/* --- Frames ------------------------------------------------------------------------------- */

/* 8-bit BGR, top row first, upright (rotation tags obeyed), square pixels (the picture is scaled
 * to square ones where the file says otherwise). Reference counted, read only. */
typedef struct TdFrame TdFrame;

TdFrame *td_frame_ref (TdFrame *frame);
void td_frame_unref (TdFrame *frame); /* NULL is allowed */
const uint8_t *td_frame_data (const TdFrame *frame);
int td_frame_width (const TdFrame *frame);
int td_frame_height (const TdFrame *frame);
int td_frame_stride (const TdFrame *frame); /* bytes */
/* Nanoseconds, strictly growing: of a camera CLOCK_MONOTONIC at capture; of a file the time since
 * its first frame. */
int64_t td_frame_time_ns (const TdFrame *frame);

/* --- Cameras ------------------------------------------------------------------------------ */

typedef struct
{
  char id[256];   /* stable over plugging and reboot as far as the system has such a name */
  char name[256]; /* for people */
} TdCaptureCamera;

typedef struct TdCameraMonitor TdCameraMonitor;

/* Called on the monitor's own thread whenever the list has changed. */
typedef void (*TdCamerasChanged) (void *data);

/* Starts to watch for cameras (PipeWire and V4L2). CHANGED may be NULL. */
TdCameraMonitor *td_camera_monitor_new (TdCamerasChanged changed, void *data);
void td_camera_monitor_free (TdCameraMonitor *monitor); /* NULL is allowed */

/* Fills at most MAX cameras and returns how many there are now. A device that both PipeWire and
 * V4L2 offer is listed once. Any thread. */
int td_camera_monitor_list (TdCameraMonitor *monitor, TdCaptureCamera *cameras, int max);

/* Whether there is a camera's device file that this user may not open, which no list can have: PATH,
 * of SIZE bytes, gets its name then. Any thread. */
bool td_camera_denied (char *path, size_t size);

/* --- Sources ------------------------------------------------------------------------------ */

typedef struct TdSource TdSource;

typedef enum
{
  TD_PACE_AS_FAST_AS_POSSIBLE, /* analysis: the next frame as soon as it is decoded */
  TD_PACE_REAL_TIME            /* playing: a frame at its time; none is dropped */
} TdPace;

/* Opens the video FILE. A file never drops a frame: decoding waits for the owner. */
TdCaptureStatus td_source_open_file (const char *file, TdPace pace, TdSource **source,
                                     TdCaptureError *error);

/* Opens camera ID (from the list), or the first one for NULL, at WIDTH × HEIGHT or what comes
 * nearest (0, 0: 640 × 480), 30 frames a second where it can. At most one frame waits; older ones
 * are dropped. */
TdCaptureStatus td_source_open_camera (const char *id, int width, int height, TdSource **source,
                                       TdCaptureError *error);

void td_source_free (TdSource *source); /* NULL is allowed */

/* Waits up to TIMEOUT_MS for the next frame. TD_CAPTURE_OK: *FRAME is the caller's, to unref.
 * Anything else: *FRAME is NULL; after END, TRUNCATED, UNPLUGGED and other failures
 * every further call says the same again. */
TdCaptureStatus td_source_next (TdSource *source, int timeout_ms, TdFrame **frame,
                                TdCaptureError *error);

/* Of a file: the next frame is the key frame at or before TIME_NS, or the one nearest to it; also after
 * the end. false: the file cannot be sought in, and gives what it gave before. */
bool td_source_seek (TdSource *source, int64_t time_ns);

/* Any thread: makes a waiting td_source_next() return TD_CAPTURE_INTERRUPTED at once, and all
 * later ones. */
void td_source_interrupt (TdSource *source);

/* Of a file: its length in seconds, or 0 when unknown. Of a camera 0. */
double td_source_duration_s (const TdSource *source);
/* Frames a second as the stream says, or 0 when it says nothing. */
double td_source_fps (const TdSource *source);
bool td_source_is_live (const TdSource *source);

/* --- Recording ---------------------------------------------------------------------------- */

/* A video file in the making: WebM with VP8, at most 960 pixels wide, without sound. A program that
 * is killed leaves a file that can be read up to about then. Belongs to one thread. */
typedef struct TdWriter TdWriter;

/* Makes the new file PATH, to be read by the user alone; one that is there already is an error. Of
 * frames of another size than WIDTH x HEIGHT the whole is shown with black bars. */
TdCaptureStatus td_writer_open (const char *path, int width, int height, TdWriter **writer,
                                TdCaptureError *error);
/* Adds FRAME at its time since the first one. Never waits: it is copied; or dropped, which is no
 * error, while the encoder is behind and when it is not later than the one before. After a failure
 * (a full disk) every further call says the same again. */
TdCaptureStatus td_writer_push (TdWriter *writer, const TdFrame *frame, TdCaptureError *error);
/* Writes what waits, finishes the file and frees WRITER: takes as long as a few frames. A file
 * without any frame is removed. What a failure left is kept: it can be read up to there. */
TdCaptureStatus td_writer_close (TdWriter *writer, TdCaptureError *error);
/* Frames that were left out. */
int td_writer_n_dropped (const TdWriter *writer);
