#include "td-filter.h"

#include <math.h>
#include <string.h>

#define SPEED_CUTOFF_HZ 1.f
#define GAP_NS INT64_C (500000000)
#define SMOOTH_MAX 31
/* Medians of deviations: 5 standard deviations of noise. The ends of a parabola lie within 6. */
#define HAMPEL 8.f

void
td_one_euro_init (TdOneEuro *self, float min_cutoff_hz, float beta)
{
  *self = (TdOneEuro){ .min_cutoff_hz = min_cutoff_hz, .beta = beta };
}

static float
smoothing_factor (float cutoff_hz, float dt_s)
{
  float r = 2.f * (float) M_PI * cutoff_hz * dt_s;
  return r / (r + 1.f);
}

float
td_one_euro_push (TdOneEuro *self, float value, int64_t time_ns)
{
  int64_t dt_ns = time_ns - self->time_ns;
  if (!self->primed || dt_ns > GAP_NS || dt_ns <= 0)
    {
      self->value = value;
      self->speed = 0.f;
      self->time_ns = time_ns;
      self->primed = true;
      return value;
    }
  float dt_s = (float) dt_ns * 1e-9f;
  float speed = (value - self->value) / dt_s;
  self->speed += smoothing_factor (SPEED_CUTOFF_HZ, dt_s) * (speed - self->speed);
  float cutoff_hz = self->min_cutoff_hz + self->beta * fabsf (self->speed);
  self->value += smoothing_factor (cutoff_hz, dt_s) * (value - self->value);
  self->time_ns = time_ns;
  return self->value;
}

/* The coefficients of the polynomial that fits best. */
static bool
fit (const float *t, const float *values, const float *weights, int n, float c[3])
{
  double s[5] = { 0. }, m[3] = { 0. };
  int before = 0, after = 0;
  for (int i = 0; i < n; i++)
    {
      double w = (double) weights[i], x = (double) t[i];
      if (w <= 0.)
        continue;
      before += x <= 0.;
      after += x >= 0.;
      for (int k = 0; k < 5; k++, w *= x)
        {
          s[k] += w;
          if (k < 3)
            m[k] += w * (double) values[i];
        }
    }
  c[0] = c[1] = c[2] = 0.f;
  if (s[0] <= 0.)
    return false;
  /* A parabola at the edge of what is known runs away; a line does less, a mean never. */
  double line = s[0] * s[2] - s[1] * s[1];
  double determinant = s[0] * (s[2] * s[4] - s[3] * s[3]) - s[1] * (s[1] * s[4] - s[2] * s[3])
                       + s[2] * (s[1] * s[3] - s[2] * s[2]);
  if (before >= 3 && after >= 3 && determinant > 1e-9 * s[0] * s[0] * s[0])
    {
      c[0] = (float) ((m[0] * (s[2] * s[4] - s[3] * s[3]) - s[1] * (m[1] * s[4] - m[2] * s[3])
                       + s[2] * (m[1] * s[3] - m[2] * s[2]))
                      / determinant);
      c[1] = (float) ((s[0] * (m[1] * s[4] - m[2] * s[3]) - m[0] * (s[1] * s[4] - s[2] * s[3])
                       + s[2] * (s[1] * m[2] - s[2] * m[1]))
                      / determinant);
      c[2] = (float) ((s[0] * (s[2] * m[2] - s[3] * m[1]) - s[1] * (s[1] * m[2] - s[2] * m[1])
                       + m[0] * (s[1] * s[3] - s[2] * s[2]))
                      / determinant);
    }
  else if (before >= 2 && after >= 2 && line > 1e-6 * s[0] * s[0])
    {
      c[0] = (float) ((m[0] * s[2] - m[1] * s[1]) / line);
      c[1] = (float) ((s[0] * m[1] - s[1] * m[0]) / line);
    }
  else
    c[0] = (float) (m[0] / s[0]);
  return true;
}

/* Hampel: what is far from the median of all loses its weight. It has to go before the fit,
 * which a single joint that jumped to the other leg would pull along. */
static void
reject_outliers (const float *values, float *weights, int n)
{
  float known[SMOOTH_MAX];
  int n_known = 0;
  for (int i = 0; i < n; i++)
    if (weights[i] > 0.f)
      known[n_known++] = values[i];
  if (n_known < 5)
    return;
  float median = td_median (known, n_known);
  for (int i = 0; i < n_known; i++)
    known[i] = fabsf (known[i] - median);
  float limit = HAMPEL * td_median (known, n_known);
  for (int i = 0; i < n; i++)
    if (fabsf (values[i] - median) > limit)
      weights[i] = 0.f;
}

float
td_smooth (const float *dt_s, const float *values, const float *weights, int n, float bandwidth_s)
{
  float t[SMOOTH_MAX] = { 0.f }, w[SMOOTH_MAX] = { 0.f }, c[3];
  for (int i = 0; i < n; i++)
    {
      t[i] = dt_s[i] / bandwidth_s;
      float u = fabsf (t[i]);
      u = 1.f - u * u * u;
      w[i] = u > 0.f && weights[i] > 0.f ? weights[i] * u * u * u : 0.f;
    }
  reject_outliers (values, w, n);
  return fit (t, values, w, n, c) ? c[0] : NAN;
}

float
td_median (const float *values, int n)
{
  float sorted[SMOOTH_MAX];
  memcpy (sorted, values, (size_t) n * sizeof *values);
  for (int i = 1; i < n; i++)
    {
      float v = sorted[i];
      int j = i;
      for (; j > 0 && sorted[j - 1] > v; j--)
        sorted[j] = sorted[j - 1];
      sorted[j] = v;
    }
  return n % 2 ? sorted[n / 2] : 0.5f * (sorted[n / 2 - 1] + sorted[n / 2]);
}
