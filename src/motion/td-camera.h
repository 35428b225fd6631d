/* td-camera.h: how the picture came about.
 *
 * Camera space: x to the right, y down, z away from the camera. Level space is the same turned so
 * that y is the direction of gravity; what an angle "above the horizontal" means is only defined
 * there.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-geometry.h"

typedef struct
{
  float focal_px;  /* focal length in pixels; 0: a usual webcam's, from the picture's size */
  float pitch_deg; /* the camera looks down by this, -90..90 */
  float roll_deg;  /* the camera is turned clockwise by this, as seen from behind it */
} TdCamera;

/* CAMERA with its focal length filled in for a picture of WIDTH x HEIGHT pixels. */
TdCamera td_camera_for_picture (TdCamera camera, int width, int height);

/* Where the joint lies that is seen at (X, Y), pixels from the middle of the picture, DEPTH
 * behind the plane whose distance is the focal length: there, and in the result, one unit is one
 * pixel. Camera space. */
TdVec3 td_camera_point (const TdCamera *camera, float x, float y, float depth);

/* Turns a difference of two points into level space. */
TdVec3 td_camera_level (const TdCamera *camera, TdVec3 v);
