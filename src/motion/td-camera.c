#include "td-camera.h"

#include <math.h>

/* Of a usual webcam or phone, in lengths of the picture's longer side: 56° across. */
#define FOCAL_LENGTH 0.95f

TdCamera
td_camera_for_picture (TdCamera camera, int width, int height)
{
  if (camera.focal_px <= 0.f)
    camera.focal_px = FOCAL_LENGTH * (float) (width > height ? width : height);
  return camera;
}

TdVec3
td_camera_point (const TdCamera *camera, float x, float y, float depth)
{
  float scale = 1.f + depth / camera->focal_px;
  return td_vec3 (x * scale, y * scale, depth);
}

TdVec3
td_camera_level (const TdCamera *camera, TdVec3 v)
{
  float roll = td_radians (camera->roll_deg), pitch = td_radians (camera->pitch_deg);
  float x = v.x * cosf (roll) - v.y * sinf (roll);
  float y = v.x * sinf (roll) + v.y * cosf (roll);
  return td_vec3 (x, y * cosf (pitch) + v.z * sinf (pitch), v.z * cosf (pitch) - y * sinf (pitch));
}
