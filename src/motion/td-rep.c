#include "td-rep.h"

#include "td-filter.h"

#include <math.h>
#include <stdlib.h>

#define CUTOFF_HZ 6.f /* science.md, section 7 */
/* The outlier filter looks this far in time, so that it cannot take the bottom of a fast repetition at 10
 * frames a second for an outlier; and not over more samples than this to each side. */
#define HAMPEL_NS INT64_C (70000000)
#define HAMPEL_REACH 7
#define PHASE_DEG 5.f /* phases begin and end this far from the extremes */
#define BULK_SHARE 0.15f
/* The counter notes the start when flexion is already a little above the rest. */
#define LOOK_BACK_NS INT64_C (500000000)
#define FPPA_LOW_DEG 30.f /* FPPA is read at 30-60° of flexion (science.md, section 4) */
#define FPPA_HIGH_DEG 60.f

/* Keypoint noise of about 1 % of stature gives 4-5° of flexion from the side; over a filtered
 * repetition half of it stays (science.md, section 3). */
#define FLEXION_SIGMA_DEG 4.f
#define FLEXION_SIGMA_FRONT_DEG 7.f
#define INCLINATION_SIGMA_DEG 5.f
/* SEM 2-4° (Gwynne and Curran 2014); an error of the yaw goes into the two legs with opposite signs and leaves
 * their mean alone (science.md, section 4). */
#define FPPA_SIGMA_DEG 4.f
#define FPPA_LEG_SIGMA_DEG 6.f
#define LEAN_SIGMA_DEG 5.f

void
td_trail_clear (TdTrail *self)
{
  self->first = self->n = 0;
}

void
td_trail_push (TdTrail *self, const TdMoment *moment)
{
  self->moments[(self->first + self->n) % TD_TRAIL_LENGTH] = *moment;
  if (self->n < TD_TRAIL_LENGTH)
    self->n++;
  else
    self->first = (self->first + 1) % TD_TRAIL_LENGTH;
}

const TdMoment *
td_trail_at (const TdTrail *self, int index)
{
  return &self->moments[(self->first + index) % TD_TRAIL_LENGTH];
}

/* First moment at TIME_NS or later; n - 1 when there is none. */
static int
index_of (const TdTrail *trail, int64_t time_ns)
{
  int low = 0, high = trail->n;
  while (low < high)
    {
      int middle = (low + high) / 2;
      if (td_trail_at (trail, middle)->time_ns < time_ns)
        low = middle + 1;
      else
        high = middle;
    }
  return low < trail->n ? low : trail->n - 1;
}

/* Median of a member over the moments within 0.1 s of INDEX. */
static float
median_near (const TdTrail *trail, int index, size_t member)
{
  float values[15];
  int n = 0;
  int64_t time_ns = td_trail_at (trail, index)->time_ns;
  for (int step = 0; step <= 7; step++)
    for (int sign = -1; sign <= 1; sign += 2)
      {
        int i = index + sign * step;
        if (i < 0 || i >= trail->n || (step == 0 && sign > 0))
          continue;
        const TdMoment *m = td_trail_at (trail, i);
        if (llabs ((long long) (m->time_ns - time_ns)) > 100000000)
          continue;
        float value = *(const float *) (const void *) ((const char *) m + member);
        if (!isnan (value) && n < 15)
          values[n++] = value;
      }
  return n > 0 ? td_median (values, n) : NAN;
}
#define MEDIAN(trail, index, member) median_near (trail, index, offsetof (TdMoment, member))

static float
mean_of (float a, float b)
{
  return isnan (a) ? b : isnan (b) ? a : 0.5f * (a + b);
}

/* Both knees' flexion from FIRST to LAST without outliers, gaps filled in, zero-phase filtered. */
static void
smooth_flexion (TdTrail *trail, int first, int last)
{
  float *values = trail->scratch;
  int n = last - first + 1;
  int known = -1;
  for (int i = 0; i < n; i++)
    {
      float window[2 * HAMPEL_REACH + 1];
      int k = 0;
      int64_t now_ns = td_trail_at (trail, first + i)->time_ns;
      for (int j = i - HAMPEL_REACH; j <= i + HAMPEL_REACH; j++)
        {
          int at = first + j;
          if (at < 0 || at >= trail->n)
            continue;
          const TdMoment *m = td_trail_at (trail, at);
          if (llabs ((long long) (m->time_ns - now_ns)) <= HAMPEL_NS && !isnan (m->both_deg))
            window[k++] = m->both_deg;
        }
      float here = td_trail_at (trail, first + i)->both_deg;
      values[i] = NAN;
      if (k > 0 && !isnan (here))
        {
          /* Hampel: what is far from its neighbours' median is replaced by it. */
          float median = td_median (window, k);
          values[i] = fabsf (here - median) > 8.f ? median : here;
        }
      if (isnan (values[i]))
        continue;
      if (known >= 0)
        for (int j = known + 1; j < i; j++)
          values[j] = values[known]
                      + (values[i] - values[known]) * (float) (j - known) / (float) (i - known);
      else
        for (int j = 0; j < i; j++)
          values[j] = values[i];
      known = i;
    }
  for (int j = known + 1; known >= 0 && j < n; j++)
    values[j] = values[known];
  float span_s
      = (float) (td_trail_at (trail, last)->time_ns - td_trail_at (trail, first)->time_ns) * 1e-9f;
  if (known >= 0 && span_s > 0.f)
    td_butterworth_zero_phase (values, n, (float) (n - 1) / span_s, CUTOFF_HZ);
}

static float
travelled (const TdTrail *trail, int a, int b)
{
  float dx = MEDIAN (trail, a, feet_x) - MEDIAN (trail, b, feet_x);
  float dy = MEDIAN (trail, a, feet_y) - MEDIAN (trail, b, feet_y);
  return hypotf (dx, dy) / MEDIAN (trail, a, leg_px);
}

static float
ratio_of (float a, float b)
{
  float greater = fmaxf (fabsf (a), fabsf (b));
  return greater > 0.f ? fminf (fabsf (a), fabsf (b)) / greater : 1.f;
}

/* The stay at the bottom goes from IN to OUT. */
static void
gather (const TdTrail *trail, int start, int in, int out, int top, TdEvidence *e)
{
  int bottom = (in + out) / 2;
  e->duration_s
      = (float) (td_trail_at (trail, top)->time_ns - td_trail_at (trail, start)->time_ns) * 1e-9f;
  e->other_leg = ratio_of (MEDIAN (trail, bottom, flexion_deg[TD_SIDE_LEFT]),
                           MEDIAN (trail, bottom, flexion_deg[TD_SIDE_RIGHT]));
  /* Twice, against the lower foot and in the picture itself: a lifted foot fools the first, a
   * camera that is moved the second. */
  float over_feet = fmaxf (MEDIAN (trail, start, hip_height), MEDIAN (trail, top, hip_height))
                    - MEDIAN (trail, bottom, hip_height);
  float in_picture = (MEDIAN (trail, bottom, hips_y)
                      - fminf (MEDIAN (trail, start, hips_y), MEDIAN (trail, top, hips_y)))
                     / MEDIAN (trail, bottom, leg_px);
  e->hip_drop = fminf (over_feet, in_picture);
  e->trunk_deg = MEDIAN (trail, bottom, trunk_deg);
  float left = MEDIAN (trail, bottom, thigh_deg[TD_SIDE_LEFT]);
  float right = MEDIAN (trail, bottom, thigh_deg[TD_SIDE_RIGHT]);
  e->thigh_deg = mean_of (left, right);
  e->thigh_gap_deg = fabsf (left - right);
  e->knee_gap = MEDIAN (trail, bottom, knee_gap);
  e->split = MEDIAN (trail, bottom, split);
  e->balance = MEDIAN (trail, bottom, balance);
  e->travel = fmaxf (travelled (trail, start, bottom), travelled (trail, bottom, top));
  float apart = MEDIAN (trail, bottom, feet_apart);
  e->stepped = fmaxf (fabsf (apart - MEDIAN (trail, start, feet_apart)),
                      fabsf (apart - MEDIAN (trail, top, feet_apart)));
  e->growth = MEDIAN (trail, top, leg_px) / MEDIAN (trail, start, leg_px);
}

static TdDepth
depth_class (float flexion_deg, float thigh_deg)
{
  if (isnan (flexion_deg))
    return TD_DEPTH_UNKNOWN;
  if (flexion_deg >= 130.f)
    return TD_DEPTH_DEEP;
  /* The hip joint lies some centimetres above the crease that the rule books mean: about 10° of a
   * thigh's inclination (science.md, section 2). */
  if (!isnan (thigh_deg) && thigh_deg <= 10.f)
    return TD_DEPTH_PARALLEL;
  if (flexion_deg >= 80.f)
    return TD_DEPTH_HALF;
  if (flexion_deg >= 40.f)
    return TD_DEPTH_QUARTER;
  return TD_DEPTH_ABOVE_QUARTER;
}

/* Mean FPPA of one leg over the moments with 30-60° of flexion. */
static TdMeasure
fppa_of (const TdTrail *trail, int start, int top, TdSide side)
{
  float sum = 0.f;
  int n = 0, front = 0, seen = 0;
  for (int i = start; i <= top; i++)
    {
      const TdMoment *m = td_trail_at (trail, i);
      float flexion = m->flexion_deg[side];
      if (isnan (flexion) || isnan (m->fppa_deg[side]))
        continue;
      seen++;
      if (flexion < FPPA_LOW_DEG || flexion > FPPA_HIGH_DEG)
        continue;
      n++;
      if (!td_moment_is_frontal (m))
        continue;
      front++;
      sum += m->fppa_deg[side];
    }
  if (seen == 0)
    return td_measure_missing (TD_MISSING_JOINTS);
  if (n == 0)
    return td_measure_missing (TD_MISSING_NOT_REACHED);
  if (2 * front < n)
    return td_measure_missing (TD_MISSING_FRONT_VIEW);
  return td_measure (sum / (float) front, FPPA_LEG_SIGMA_DEG);
}

static float
seconds_between (const TdTrail *trail, int a, int b)
{
  return (float) (td_trail_at (trail, b)->time_ns - td_trail_at (trail, a)->time_ns) * 1e-9f;
}

bool
td_rep_measure (TdTrail *trail, const TdCycle *cycle, const TdProfile *profile, TdRep *rep,
                TdEvidence *evidence)
{
  TdEvidence own;
  TdEvidence *e = evidence ? evidence : &own;
  int64_t from_ns = cycle->start_ns - LOOK_BACK_NS;
  int start = index_of (trail, from_ns > cycle->since_ns ? from_ns : cycle->since_ns);
  int top = index_of (trail, cycle->top_ns);
  int bottom = index_of (trail, cycle->bottom_ns);
  if (top <= start + 2 || bottom <= start)
    return false;

  smooth_flexion (trail, start, top);
  const float *flexion = trail->scratch;
  int deepest = 0;
  for (int i = 1; i <= top - start; i++)
    if (flexion[i] > flexion[deepest])
      deepest = i;
  float greatest = flexion[deepest];

  /* The live path found start and top with a lag; the finished repetition tells them exactly. */
  float from = greatest, lockout = greatest;
  for (int i = 0; i <= deepest; i++)
    from = fminf (from, flexion[i]);
  for (int i = deepest; i <= top - start; i++)
    lockout = fminf (lockout, flexion[i]);
  int left = deepest, in = deepest, out = deepest, back = deepest;
  while (left > 0 && flexion[left] >= from + PHASE_DEG)
    left--;
  while (in > left && flexion[in - 1] > greatest - PHASE_DEG)
    in--;
  while (out < top - start && flexion[out + 1] > greatest - PHASE_DEG)
    out++;
  while (back < top - start && flexion[back] >= lockout + PHASE_DEG)
    back++;

  bottom = start + (in + out) / 2;
  /* Feet that are put in place before the descent, or step away after the ascent, are none of the
   * repetition's: it is judged from where the bulk of the bend begins to where it ends. */
  int begun = deepest, ended = deepest;
  while (begun > left && flexion[begun] >= from + BULK_SHARE * (greatest - from))
    begun--;
  while (ended < back && flexion[ended] >= lockout + BULK_SHARE * (greatest - lockout))
    ended++;
  gather (trail, start + begun, start + in, start + out, start + ended, e);
  e->flexion_deg = greatest;
  e->top_flexion_deg = fmaxf (from, lockout);

  TdReason reason = td_judge (e, profile);
  if (cycle->end == TD_CYCLE_LOST)
    reason = TD_REASON_LOST;
  else if (cycle->end == TD_CYCLE_NO_TOP)
    reason = TD_REASON_NO_TOP;
  if (!td_judge_keeps (e, reason))
    return false;

  float yaw = MEDIAN (trail, bottom, yaw_deg);
  TdView view = td_view_from_yaw (yaw);
  bool side_on = view == TD_VIEW_SIDE;
  float trunk = MEDIAN (trail, bottom, lean_deg);

  *rep = (TdRep){
    .counted = reason == TD_REASON_COUNTED,
    .reason = reason,
    .start_ns = td_trail_at (trail, start + left)->time_ns,
    .bottom_ns = td_trail_at (trail, bottom)->time_ns,
    .top_ns = td_trail_at (trail, start + back)->time_ns,
    .view = view,
    .depth = depth_class (greatest, e->thigh_deg),
    .knee_flexion_max_deg = td_measure_or_missing (
        greatest, side_on ? FLEXION_SIGMA_DEG : FLEXION_SIGMA_FRONT_DEG, TD_MISSING_JOINTS),
    .thigh_inclination_deg
    = td_measure_or_missing (e->thigh_deg, INCLINATION_SIGMA_DEG, TD_MISSING_JOINTS),
    .eccentric_s = td_measure (seconds_between (trail, start + left, start + in), 0.07f),
    .pause_s = td_measure (seconds_between (trail, start + in, start + out), 0.07f),
    .concentric_s = td_measure (seconds_between (trail, start + out, start + back), 0.07f),
    .lockout_deg = td_measure_or_missing (lockout, FLEXION_SIGMA_FRONT_DEG, TD_MISSING_JOINTS),
    .trunk_lean_deg = td_measure_or_missing (
        trunk, LEAN_SIGMA_DEG, isnan (e->trunk_deg) ? TD_MISSING_JOINTS : TD_MISSING_SIDE_VIEW),
    .stance_ratio = td_measure_or_missing (MEDIAN (trail, start + left, stance_ratio), 0.1f,
                                           TD_MISSING_FRONT_VIEW),
  };
  for (int s = 0; s < TD_N_SIDES; s++)
    rep->fppa_side_deg[s] = fppa_of (trail, start + left, start + back, (TdSide) s);
  TdMeasure l = rep->fppa_side_deg[TD_SIDE_LEFT], r = rep->fppa_side_deg[TD_SIDE_RIGHT];
  if (td_measure_ok (l) && td_measure_ok (r))
    rep->fppa_deg = td_measure (0.5f * (l.value + r.value), FPPA_SIGMA_DEG);
  else
    rep->fppa_deg = td_measure_missing (td_measure_ok (l) ? r.missing : l.missing);
  return true;
}
