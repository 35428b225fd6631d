/* td-figure.h: the person of each sample in three dimensions, for a replay without any picture.
 *
 * A camera sees two dimensions. The third is the network's where it is measured (TdPose.depth_sigma);
 * elsewhere each bone keeps its length, the hips and shoulders lie as the body's yaw says, and knees,
 * trunk and feet point forward. Never changed after it is sealed: any thread may read it then.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-geometry.h"
#include "td-pose.h"

#include <stddef.h>

/* The person's own axes, leg lengths (thigh and shank): x towards their left, y up, z forward, from the
 * floor between the feet. */
typedef struct
{
  bool seen;       /* the hips and at least one leg; otherwise nothing else holds */
  uint32_t joints; /* a bit for each joint that is there */
  TdVec3 points[TD_N_JOINTS];
  float yaw_deg; /* of the camera: 0 in front, 90 at the person's left */
  float trust;   /* of the depth, 0: from bone lengths … 1: measured */
} TdFigure;

static inline bool
td_figure_has (const TdFigure *self, TdJoint joint)
{
  return (self->joints >> joint) & 1;
}

typedef struct TdFigures TdFigures;

TdFigures *td_figures_new (void);
void td_figures_free (TdFigures *self); /* NULL is allowed */

/* Poses in order of time; one that is not later than the last starts afresh. YAW_DEG: as it was measured,
 * NAN: not. */
void td_figures_add (TdFigures *self, const TdPose *pose, float yaw_deg);
/* No more will come. There are as many figures as poses were added. */
void td_figures_seal (TdFigures *self);

size_t td_figures_n (const TdFigures *self);
TdFigure td_figures_get (const TdFigures *self, size_t i);

/* At TIME_S between the samples at TIMES (ascending, td_figures_n() of them), along a smooth curve through
 * its neighbours. Within a gap of more than GAP_S nobody is seen. */
TdFigure td_figures_at (const TdFigures *self, const double *times, double gap_s, double time_s);

/* From which side the person was filmed for the most part: 90 the left, -90 the right. */
float td_figures_side (const TdFigures *self);

/* Where POINT is seen from YAW_DEG: x to the right, y up, z away from the eye. */
TdVec3 td_figure_turn (TdVec3 point, float yaw_deg);
