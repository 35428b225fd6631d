#include "td-measure.h"

#include <math.h>

/* Marks a text for gettext without linking to it; who shows it translates it. */
#define N_(text) text

TdMeasure
td_measure (float value, float sigma)
{
  return (TdMeasure){ .value = value, .sigma = sigma, .missing = TD_MISSING_NOTHING };
}

TdMeasure
td_measure_missing (TdMissing reason)
{
  return (TdMeasure){ .value = NAN, .sigma = NAN, .missing = reason };
}

TdMeasure
td_measure_or_missing (float value, float sigma, TdMissing otherwise)
{
  return isnan (value) ? td_measure_missing (otherwise) : td_measure (value, sigma);
}

TdMeasure
td_measure_of_both (TdMeasure left, TdMeasure right)
{
  if (td_measure_ok (left) && td_measure_ok (right))
    return td_measure (0.5f * (left.value + right.value), 0.5f * hypotf (left.sigma, right.sigma));
  return td_measure_missing (td_measure_ok (left) ? right.missing : left.missing);
}

const char *
td_missing_text (TdMissing reason)
{
  static const char *const texts[TD_N_MISSING] = {
    [TD_MISSING_NOTHING] = "",
    [TD_MISSING_NO_PERSON] = N_ ("nobody in view"),
    [TD_MISSING_JOINTS] = N_ ("a joint it needs is not in view"),
    [TD_MISSING_FRONT_VIEW] = N_ ("needs a front view"),
    [TD_MISSING_SIDE_VIEW] = N_ ("needs a side view"),
    [TD_MISSING_DEPTH] = N_ ("needs a front view or a network with depth"),
    [TD_MISSING_FORESHORTENED] = N_ ("the limb points at the camera"),
    [TD_MISSING_NOT_REACHED] = N_ ("the movement did not come that far"),
    [TD_MISSING_CALIBRATION] = N_ ("needs a calibration"),
    [TD_MISSING_TOO_FEW] = N_ ("needs more repetitions"),
    [TD_MISSING_NOT_TAKEN] = N_ ("was not measured at that time"),
    [TD_MISSING_BY_HAND] = N_ ("added by hand, nothing was measured"),
  };
  return texts[reason];
}
