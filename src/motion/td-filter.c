#include "td-filter.h"

#include <math.h>
#include <string.h>

#define SPEED_CUTOFF_HZ 1.f
#define GAP_NS INT64_C (500000000)

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

typedef struct
{
  float b0, b1, b2, a1, a2;
} Biquad;

/* One pass in direction STEP; the state starts in balance with the first value, so that a constant
 * stays a constant. */
static void
biquad_pass (const Biquad *q, float *values, int n, int step)
{
  float *v = step > 0 ? values : values + n - 1;
  float x1 = *v, x2 = *v, y1 = *v, y2 = *v;
  for (int i = 0; i < n; i++, v += step)
    {
      float x = *v;
      float y = q->b0 * x + q->b1 * x1 + q->b2 * x2 - q->a1 * y1 - q->a2 * y2;
      x2 = x1;
      x1 = x;
      y2 = y1;
      y1 = y;
      *v = y;
    }
}

void
td_butterworth_zero_phase (float *values, int n, float rate_hz, float cutoff_hz)
{
  /* Two passes narrow the pass band: (√2 − 1)^¼ puts the −3 dB point back (Winter, Biomechanics
   * and Motor Control of Human Movement, section 3.4). */
  float cutoff = cutoff_hz / 0.802f;
  if (n < 4 || cutoff >= rate_hz * 0.45f)
    return;
  float w = tanf ((float) M_PI * cutoff / rate_hz);
  float k = 1.f + (float) M_SQRT2 * w + w * w;
  Biquad q = {
    .b0 = w * w / k,
    .b1 = 2.f * w * w / k,
    .b2 = w * w / k,
    .a1 = 2.f * (w * w - 1.f) / k,
    .a2 = (1.f - (float) M_SQRT2 * w + w * w) / k,
  };
  biquad_pass (&q, values, n, 1);
  biquad_pass (&q, values, n, -1);
}

float
td_median (const float *values, int n)
{
  float sorted[15];
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
