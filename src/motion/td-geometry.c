#include "td-geometry.h"

#include <math.h>

/* Less than this share of a pixel is no direction. */
#define MIN_LENGTH 1e-6f

float
td_degrees (float radians)
{
  return radians * (float) (180.0 / M_PI);
}

float
td_radians (float degrees)
{
  return degrees * (float) (M_PI / 180.0);
}

float
td_clampf (float value, float low, float high)
{
  return value < low ? low : value > high ? high : value;
}

TdVec3
td_vec3 (float x, float y, float z)
{
  return (TdVec3){ x, y, z };
}

TdVec3
td_vec3_add (TdVec3 a, TdVec3 b)
{
  return td_vec3 (a.x + b.x, a.y + b.y, a.z + b.z);
}

TdVec3
td_vec3_scale (TdVec3 a, float factor)
{
  return td_vec3 (a.x * factor, a.y * factor, a.z * factor);
}

TdVec3
td_vec3_sub (TdVec3 a, TdVec3 b)
{
  return td_vec3 (a.x - b.x, a.y - b.y, a.z - b.z);
}

float
td_vec3_dot (TdVec3 a, TdVec3 b)
{
  return a.x * b.x + a.y * b.y + a.z * b.z;
}

float
td_vec3_length (TdVec3 a)
{
  return sqrtf (td_vec3_dot (a, a));
}

float
td_vec3_length_2d (TdVec3 a)
{
  return hypotf (a.x, a.y);
}

float
td_angle_between (TdVec3 a, TdVec3 b)
{
  if (td_vec3_length (a) < MIN_LENGTH || td_vec3_length (b) < MIN_LENGTH)
    return NAN;
  /* atan2 of cross and dot product: acos loses half its digits near 0 and 180 degrees, just where
   * a straight leg is. */
  TdVec3 cross = td_vec3 (a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x);
  return td_degrees (atan2f (td_vec3_length (cross), td_vec3_dot (a, b)));
}

float
td_knee_flexion (TdVec3 hip, TdVec3 knee, TdVec3 ankle)
{
  return td_angle_between (td_vec3_sub (knee, hip), td_vec3_sub (ankle, knee));
}

float
td_thigh_inclination (TdVec3 hip, TdVec3 knee)
{
  TdVec3 thigh = td_vec3_sub (hip, knee);
  if (td_vec3_length (thigh) < MIN_LENGTH)
    return NAN;
  return td_degrees (atan2f (-thigh.y, hypotf (thigh.x, thigh.z)));
}

float
td_fppa (TdVec3 hip, TdVec3 knee, TdVec3 ankle, float inward)
{
  TdVec3 thigh = td_vec3_sub (knee, hip);
  TdVec3 shank = td_vec3_sub (ankle, knee);
  if (td_vec3_length_2d (thigh) < MIN_LENGTH || td_vec3_length_2d (shank) < MIN_LENGTH)
    return NAN;
  /* The shank's turn against the thigh; y points down, so a turn to the right of the
   * picture is negative. A knee that has gone inward has a shank that turns outward again. */
  float turn
      = atan2f (thigh.x * shank.y - thigh.y * shank.x, thigh.x * shank.x + thigh.y * shank.y);
  return td_degrees (turn) * inward;
}

float
td_bone_depth (float length, float projected, float sigma)
{
  float shortened = length - projected;
  if (shortened <= 0.f)
    return 0.f;
  /* What noise explains is at most its own size; beyond, the share falls with its square. */
  float noise = sigma * sigma / (sigma + shortened);
  float real = shortened - noise;
  if (real <= 0.f)
    return 0.f;
  float d = length - real;
  return sqrtf (length * length - d * d);
}
