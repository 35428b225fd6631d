#include "td-smoother.h"

#include "td-body.h"
#include "td-filter.h"

#include <math.h>

/* Squats of 0.9 s at 20 frames a second have fourth differences of .0004 leg lengths, a
 * network's joints of .0008 to .01. With fewer frames those of the movement grow with the fourth
 * power of the step. */
#define JITTER_NONE 0.0004f
#define JITTER_RANGE 0.0006f
#define JITTER_STEP_S 0.05f
#define JITTER_S 2.f
/* A little more than the lag: the weight is 0 at the end of the band. */
#define BANDWIDTH 1.25f
/* Two steps, and what their lengths differ by. */
#define LAG_STEPS 2.2f
#define STEP_SHARE 0.2f
/* A pose that is this far from its neighbours in time says nothing of jitter. */
#define MAX_STEP_S 0.2f

void
td_smoother_init (TdSmoother *self)
{
  self->first = self->n = self->next = 0;
  self->jitter = 0.f;
  self->step_ns = 0;
  self->measured = false;
}

static TdPose *
at (TdSmoother *self, int index)
{
  return &self->poses[(self->first + index) % TD_SMOOTHER_LENGTH];
}

/* The fourth difference of five evenly spaced values has √70 times their noise, and next to
 * nothing of a smooth movement. */
static void
measure_jitter (TdSmoother *self, float leg_px)
{
  float noise[12];
  int n_noise = 0;
  if (self->n < 5 || leg_px <= 0.f)
    return;
  const TdPose *p[5];
  for (int i = 0; i < 5; i++)
    p[i] = at (self, self->n - 5 + i);
  float mean_s = (float) (p[4]->time_ns - p[0]->time_ns) * 0.25e-9f;
  for (int i = 0; i < 4; i++)
    {
      float step_s = (float) (p[i + 1]->time_ns - p[i]->time_ns) * 1e-9f;
      if (fabsf (step_s - mean_s) > 0.3f * mean_s || step_s > MAX_STEP_S)
        return;
    }
  for (int j = TD_JOINT_HIP_LEFT; j <= TD_JOINT_ANKLE_RIGHT; j++)
    {
      bool seen = true;
      for (int i = 0; i < 5; i++)
        seen = seen && p[i]->present && td_pose_sees (p[i], (TdJoint) j);
      if (!seen)
        continue;
      const TdKeypoint *k[5];
      for (int i = 0; i < 5; i++)
        k[i] = &p[i]->joints[j];
      float x = k[0]->x - 4.f * k[1]->x + 6.f * k[2]->x - 4.f * k[3]->x + k[4]->x;
      float y = k[0]->y - 4.f * k[1]->y + 6.f * k[2]->y - 4.f * k[3]->y + k[4]->y;
      noise[n_noise++] = fabsf (x);
      noise[n_noise++] = fabsf (y);
    }
  if (n_noise == 0)
    return;
  /* 1.48: from the median of amounts to a standard deviation. */
  float jitter = 1.48f * td_median (noise, n_noise) / (sqrtf (70.f) * leg_px);
  float share = self->measured ? 1.f - expf (-mean_s / JITTER_S) : 1.f;
  self->jitter += share * (jitter - self->jitter);
  self->measured = true;
}

void
td_smoother_push (TdSmoother *self, const TdPose *pose, float leg_px)
{
  if (self->n == TD_SMOOTHER_LENGTH)
    {
      self->first = (self->first + 1) % TD_SMOOTHER_LENGTH;
      self->n--;
      self->next--;
    }
  if (self->n > 0)
    {
      int64_t step_ns = pose->time_ns - at (self, self->n - 1)->time_ns;
      if (self->step_ns == 0)
        self->step_ns = step_ns;
      else if ((float) step_ns * 1e-9f < MAX_STEP_S)
        self->step_ns += (int64_t) (STEP_SHARE * (float) (step_ns - self->step_ns));
    }
  *at (self, self->n++) = *pose;
  measure_jitter (self, leg_px);
}

int64_t
td_smoother_lag_ns (const TdSmoother *self)
{
  int64_t lag_ns = (int64_t) (LAG_STEPS * (float) self->step_ns);
  return lag_ns < TD_SMOOTHER_LAG_NS        ? TD_SMOOTHER_LAG_NS
         : lag_ns > TD_SMOOTHER_MOST_LAG_NS ? TD_SMOOTHER_MOST_LAG_NS
                                            : lag_ns;
}

float
td_smoother_strength (const TdSmoother *self)
{
  const TdPose *newest = &self->poses[(self->first + self->n - 1) % TD_SMOOTHER_LENGTH];
  /* Joints of which even the depth is exact are a reference's. */
  float doubt = self->n > 0 ? 1.f - td_body_depth_trust (newest) : 1.f;
  if (!self->measured)
    return doubt;
  float slower = fmaxf (1.f, (float) self->step_ns * 1e-9f / JITTER_STEP_S);
  float none = JITTER_NONE * slower * slower * slower * slower;
  return doubt * td_clampf ((self->jitter - none) / JITTER_RANGE, 0.f, 1.f);
}

/* A joint that was not seen in the middle, but before and after, is filled in. */
static void
smooth_joint (TdSmoother *self, int middle, int joint, float bandwidth_s, TdKeypoint *joint_out)
{
  float dt_s[TD_SMOOTHER_LENGTH], x[TD_SMOOTHER_LENGTH], y[TD_SMOOTHER_LENGTH];
  float z[TD_SMOOTHER_LENGTH], weights[TD_SMOOTHER_LENGTH];
  int64_t time_ns = at (self, middle)->time_ns, lag_ns = td_smoother_lag_ns (self);
  int n = 0, before = 0, after = 0;
  float score = 0.f;
  for (int i = 0; i < self->n; i++)
    {
      const TdPose *pose = at (self, i);
      int64_t dt_ns = pose->time_ns - time_ns;
      if (dt_ns < -lag_ns || dt_ns > lag_ns || !pose->present
          || !td_pose_sees (pose, (TdJoint) joint))
        continue;
      const TdKeypoint *k = &pose->joints[joint];
      dt_s[n] = (float) dt_ns * 1e-9f;
      x[n] = k->x;
      y[n] = k->y;
      z[n] = k->z;
      weights[n++] = k->score;
      before += dt_ns < 0;
      after += dt_ns > 0;
      score += k->score;
    }
  bool here = td_pose_sees (at (self, middle), (TdJoint) joint);
  if (n == 0 || (!here && (before == 0 || after == 0)))
    return;
  /* What is filled in needs neighbours, however little they jitter. */
  float band_s = here ? bandwidth_s : BANDWIDTH * (float) lag_ns * 1e-9f;
  float smooth_x = td_smooth (dt_s, x, weights, n, band_s);
  if (isnan (smooth_x))
    return;
  joint_out->x = smooth_x;
  joint_out->y = td_smooth (dt_s, y, weights, n, band_s);
  joint_out->z = td_smooth (dt_s, z, weights, n, band_s);
  if (!here)
    joint_out->score = score / (float) n;
}

bool
td_smoother_take (TdSmoother *self, bool all, TdPose *raw, TdPose *smooth)
{
  if (self->next >= self->n)
    return false;
  const TdPose *pose = at (self, self->next);
  const TdPose *newest = at (self, self->n - 1);
  int ahead = self->n - 1 - self->next;
  if (!all && newest->time_ns - pose->time_ns < td_smoother_lag_ns (self)
      && ahead < TD_SMOOTHER_AHEAD)
    return false;
  *raw = *smooth = *pose;
  float bandwidth_s
      = BANDWIDTH * (float) td_smoother_lag_ns (self) * 1e-9f * td_smoother_strength (self);
  for (int j = 0; pose->present && j < TD_N_JOINTS; j++)
    if (bandwidth_s > 1e-3f || !td_pose_sees (pose, (TdJoint) j))
      smooth_joint (self, self->next, j, bandwidth_s, &smooth->joints[j]);
  self->next++;
  return true;
}
