/* td-calibrator.h: measures a person once: standing straight for two seconds, then one slow deep
 * repetition.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-moment.h"

typedef struct
{
  TdCalibrationStage stage;
  TdCalibration result;
  int64_t since_ns; /* stands still since */
  int64_t last_ns;
  bool standing;
  int n, n_trunk, n_frontal, n_tilt, n_roll;
  double thigh_share, trunk_share, flexion, fppa[TD_N_SIDES], roll, pitch; /* sums */
} TdCalibrator;

void td_calibrator_init (TdCalibrator *self);
/* KNOWN: what is not measured now stays as it was. */
void td_calibrator_begin (TdCalibrator *self, const TdCalibration *known);

/* A settled frame. ROLL_DEG: of the camera, already taken out of POSE. true: the standing part
 * is done with it. */
bool td_calibrator_push (TdCalibrator *self, const TdMoment *moment, const TdPose *pose,
                         const TdBody *body, float roll_deg);

/* A finished repetition or attempt. true: the calibration is done with it. */
bool td_calibrator_take_rep (TdCalibrator *self, const TdRep *rep);

/* 0..1, of the two seconds. */
float td_calibrator_progress (const TdCalibrator *self, int64_t time_ns);
