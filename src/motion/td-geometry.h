/* td-geometry.h: angles of a leg from its joints.
 *
 * Angles are degrees; lengths are any unit as long as it is one and its pixels are square
 * (normalised 16:9 coordinates are wrong by up to 28°; science.md, section 3). All functions are
 * pure. An angle that is not defined (a limb without length) is NAN.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* x to the right, y down, z away from the camera. */
typedef struct
{
  float x, y, z;
} TdVec3;

TdVec3 td_vec3 (float x, float y, float z);
TdVec3 td_vec3_add (TdVec3 a, TdVec3 b);
TdVec3 td_vec3_sub (TdVec3 a, TdVec3 b);
TdVec3 td_vec3_scale (TdVec3 a, float factor);
float td_vec3_dot (TdVec3 a, TdVec3 b);
float td_vec3_length (TdVec3 a);

/* Length in the picture, without z. */
float td_vec3_length_2d (TdVec3 a);

/* Angle between two directions, 0..180. */
float td_angle_between (TdVec3 a, TdVec3 b);

/* Knee flexion, 0 = straight: 180° less the inner angle hip-knee-ankle. */
float td_knee_flexion (TdVec3 hip, TdVec3 knee, TdVec3 ankle);

/* Angle of the line knee to hip above the horizontal: +90 standing, 0 level, negative when the
 * hip is below the knee. */
float td_thigh_inclination (TdVec3 hip, TdVec3 knee);

/* Frontal plane projection angle in the picture (x, y only) of a person who faces the camera:
 * the angle between thigh and shank line, positive = valgus, the knee inward (Willson 2006;
 * science.md, section 4). INWARD: +1 when "towards the other leg" is to the right of the
 * picture, otherwise -1. */
float td_fppa (TdVec3 hip, TdVec3 knee, TdVec3 ankle, float inward);

/* Depth component of a bone of LENGTH whose projection is PROJECTED long, both measured with
 * noise of standard deviation SIGMA (same unit). √(L² − d²) is biased for a bone in the
 * picture's plane, where every error of d makes depth; a difference within the noise is
 * therefore taken as none, and larger ones less and less so. 0 or more. */
float td_bone_depth (float length, float projected, float sigma);

float td_clampf (float value, float low, float high);
float td_degrees (float radians);
float td_radians (float degrees);
