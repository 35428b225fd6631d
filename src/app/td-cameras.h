/* td-cameras.h: the cameras there are, watched beside the main loop.
 *
 * Starting GStreamer and asking PipeWire for its devices takes a while, so a worker thread does
 * it. Main thread only.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-items.h"

G_BEGIN_DECLS

typedef struct TdCameras TdCameras;

/* On the main thread: CAMERAS holds TdSourceItem, all that are there now. */
typedef void (*TdCamerasListed) (GPtrArray *cameras, gpointer data);

/* Begins to watch; LISTED is called for the first list and after every change of it. */
TdCameras *td_cameras_new (TdCamerasListed listed, gpointer data);
/* LISTED is not called any more. NULL is allowed. */
void td_cameras_free (TdCameras *self);

G_END_DECLS
