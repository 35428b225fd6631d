/* td-measure.h: a measured value, or the reason why there is none.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>

typedef enum
{
  TD_MISSING_NOTHING, /* the value is there */
  TD_MISSING_NO_PERSON,
  TD_MISSING_JOINTS,        /* a joint it needs was not seen */
  TD_MISSING_FRONT_VIEW,    /* needs the person to face the camera */
  TD_MISSING_SIDE_VIEW,     /* needs the person to stand side-on */
  TD_MISSING_DEPTH,         /* the network gives no depth, and the view is oblique */
  TD_MISSING_FORESHORTENED, /* the limb points at the camera: its angle is not defined */
  TD_MISSING_NOT_REACHED,   /* the movement never came to where this is measured */
  TD_MISSING_CALIBRATION,   /* compares with the person's own, which was not measured yet */
  TD_MISSING_TOO_FEW,       /* compares repetitions, of which there are too few */
  TD_MISSING_NOT_TAKEN,     /* kept by an earlier version, which did not measure it */
  TD_MISSING_BY_HAND,       /* a repetition that the user added */
  TD_N_MISSING
} TdMissing;

/* value: in the unit of the measure. sigma: standard deviation of its error, same unit, > 0.
 * When missing is not TD_MISSING_NOTHING, value and sigma are NAN: never a stale value, never a
 * zero for unknown. */
typedef struct
{
  float value;
  float sigma;
  TdMissing missing;
} TdMeasure;

TdMeasure td_measure (float value, float sigma);
TdMeasure td_measure_missing (TdMissing reason);
/* OTHERWISE when VALUE is NAN. */
TdMeasure td_measure_or_missing (float value, float sigma, TdMissing otherwise);

/* The mean of both legs; missing when one is. An error of the yaw goes into the two legs' FPPA with
 * opposite signs and leaves their mean alone (science.md, section 4). */
TdMeasure td_measure_of_both (TdMeasure left, TdMeasure right);

static inline bool
td_measure_ok (TdMeasure m)
{
  return m.missing == TD_MISSING_NOTHING;
}

/* The reason in plain English, marked for translation ("needs a front view"); "" for none. */
const char *td_missing_text (TdMissing reason);
