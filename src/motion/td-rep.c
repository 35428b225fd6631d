#include "td-rep.h"

#include "td-filter.h"

#include <math.h>
#include <stdlib.h>

#define SMOOTH_REACH 15
/* Somewhat under a frame of 60 a second. */
#define LEAST_STEP_NS INT64_C (12000000)
#define PHASE_DEG 5.f /* phases begin and end this far from the extremes */
/* Who comes up by less in the middle of a pause, or seems to, has not left it. */
#define WIGGLE_DEG 9.f
/* Hips no higher than this above their lowest place stay there, leg lengths. */
#define STILL 0.03f
/* Weight ahead of the heels of who stands, leg lengths: .04-.16, after getting up from a seat -.02 and more. A camera
 * that is tilted by 8 degrees takes .13-.24 off, and .59 of that at the bottom, where the weight is lower. */
#define STOOD 0.09f
#define FALLING -0.03f
#define TILT_SHARE 0.59f
/* Who was first seen less than CAME_S before bending, and then bends by more than CAME_DOWN_DEG, was on the way
 * down: the top before it was not shown. Who is first seen sitting bends by less to get up. */
#define CAME_S 0.3f
#define CAME_DOWN_DEG 40.f
#define BULK_SHARE 0.15f
/* Who puts the feet in place with bent knees has done so by here; lunges step back on the way
 * up. */
#define PLANTED_SHARE 0.3f
/* Farther off, leg lengths, are the feet of lunges (.64 and more). */
#define MISREAD_WITHIN 0.5f
/* The counter notes the start when flexion is already a little above the rest. */
#define LOOK_BACK_NS INT64_C (500000000)
#define FPPA_LOW_DEG 30.f /* FPPA is read at 30-60° of flexion (science.md, section 4) */
#define FPPA_HIGH_DEG 60.f

/* Of a foot's direction by how far its toes are beside its heel, and of a heel. Measured on
 * clips with a reference (tests/clips/evaluate). */
#define TOE_OUT_SIGMA_DEG 8.f
#define HEEL_SIGMA 0.02f
/* Of the phases: a network's errors at the top move their ends, those at the bottom hardly. */
#define PHASE_SIGMA_S 0.1f
#define PAUSE_SIGMA_S 0.05f
#define TENSION_SIGMA_S 0.17f
#define LAG_SIGMA_S 0.1f
/* Bends of the two legs are off by much the same. */
#define ALIKE_SHARE 0.4f
/* A straight leg that is not seen from the side reads up to 14° bent, with real people always
 * too much. */
#define LOCKOUT_SIGMA_DEG 10.f
#define LEAN_CHANGE_SHARE 1.5f

/* Heels are judged from the side. */
#define HEEL_SIN 0.64f
/* Standing before the repetition, for what is compared with it. */
#define STANDING_NS INT64_C (1500000000)
#define STANDING_DEG 8.f
/* A pause at the top of more than this is another set. */
#define REST_S 60.f
/* Bone lengths that differ more from those of a frame are of another distance. */
#define SAME_DISTANCE 0.07f
#define CONTACT_DEG 3.f
/* Joints that are gone for longer are not filled in (science.md, section 7). */
#define GAP_S 0.33f
#define GAP_SIGMA_DEG 15.f
/* The leg before the descent is as straight as after it, but for this. */
#define BEGUN_DEG 25.f

void
td_trail_clear (TdTrail *self)
{
  self->first = self->n = 0;
}

const TdMoment *
td_trail_at (const TdTrail *self, int index)
{
  return &self->entries[(self->first + index) % TD_TRAIL_LENGTH].moment;
}

void
td_trail_push (TdTrail *self, const TdMoment *moment, const TdPose *pose, const TdBody *body)
{
  if (self->n > 0 && moment->time_ns - td_trail_at (self, self->n - 1)->time_ns < LEAST_STEP_NS)
    return;
  self->entries[(self->first + self->n) % TD_TRAIL_LENGTH]
      = (TdTrailEntry){ .moment = *moment, .pose = *pose, .body = *body };
  if (self->n < TD_TRAIL_LENGTH)
    self->n++;
  else
    self->first = (self->first + 1) % TD_TRAIL_LENGTH;
}

/* The frames from FIRST to LAST once more, with the bone lengths of BODY: a set's own frames
 * tell them better and better. */
static void
measure_again (TdTrail *self, int first, int last, const TdBody *body)
{
  for (int i = first; i <= last; i++)
    {
      TdTrailEntry *entry = &self->entries[(self->first + i) % TD_TRAIL_LENGTH];
      float then = td_body_leg_length (&entry->body), now = td_body_leg_length (body);
      bool guessed = entry->body.doubtful[TD_SIDE_LEFT] || entry->body.doubtful[TD_SIDE_RIGHT];
      if (!entry->moment.seen || (!guessed && fabsf (now - then) > SAME_DISTANCE * now))
        continue;
      for (int s = 0; s < TD_N_SIDES; s++)
        {
          entry->body.thigh[s] = body->thigh[s];
          entry->body.shank[s] = body->shank[s];
        }
      td_moment_from_pose (&entry->moment, &entry->pose, &entry->body);
    }
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

/* Both knees' flexion from FIRST to LAST in the trail's scratch, without outliers and gaps: smoothed
 * once more, since the weights of the two legs jump. STRENGTH: 0 leaves exact joints alone. */
static void
smooth_flexion (TdTrail *trail, int first, int last, float strength, int64_t reach_ns)
{
  float *values = trail->scratch;
  int n = last - first + 1;
  int known = -1;
  for (int i = 0; i < n; i++)
    {
      float dt_s[2 * SMOOTH_REACH + 1], near[2 * SMOOTH_REACH + 1], weights[2 * SMOOTH_REACH + 1];
      int k = 0;
      int64_t now_ns = td_trail_at (trail, first + i)->time_ns;
      for (int j = i - SMOOTH_REACH; j <= i + SMOOTH_REACH; j++)
        {
          int at = first + j;
          if (at < 0 || at >= trail->n)
            continue;
          const TdMoment *m = td_trail_at (trail, at);
          if (llabs ((long long) (m->time_ns - now_ns)) > reach_ns || isnan (m->both_deg))
            continue;
          dt_s[k] = (float) (m->time_ns - now_ns) * 1e-9f;
          near[k] = m->both_deg;
          weights[k++] = 1.f;
        }
      values[i] = td_trail_at (trail, first + i)->both_deg;
      if (isnan (values[i]))
        continue;
      if (strength > 0.f)
        values[i] += strength
                     * (td_smooth (dt_s, near, weights, k, (float) reach_ns * 1e-9f) - values[i]);
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
}

/* How far the feet moved from A to B, leg lengths: each that is seen at both, but for the one LEFT OUT, if any.
 * NAN: none is. */
static float
travelled (const TdTrail *trail, int a, int b, int left_out)
{
  float dx = 0.f, dy = 0.f;
  int n = 0;
  for (int s = 0; s < TD_N_SIDES; s++)
    {
      size_t x = offsetof (TdMoment, foot) + 2 * (size_t) s * sizeof (float);
      float moved_x = median_near (trail, a, x) - median_near (trail, b, x);
      float moved_y
          = median_near (trail, a, x + sizeof (float)) - median_near (trail, b, x + sizeof (float));
      if (s == left_out || isnan (moved_x) || isnan (moved_y))
        continue;
      dx += moved_x;
      dy += moved_y;
      n++;
    }
  return n > 0 ? hypotf (dx, dy) / ((float) n * MEDIAN (trail, a, leg_px)) : NAN;
}

/* NAN when one is not known. */
static float
ratio_of (float a, float b)
{
  if (isnan (a) || isnan (b))
    return NAN;
  float greater = fmaxf (fabsf (a), fabsf (b));
  return greater > 0.f ? fminf (fabsf (a), fabsf (b)) / greater : 1.f;
}

/* The depth class, and whether it might as well be the next one. */
static void
classify_depth (TdRep *rep, const TdCalibration *calibration)
{
  TdMeasure flexion = rep->knee_flexion_max_deg, thigh = rep->thigh_inclination_deg;
  /* The hip joint lies some centimetres above the crease that the rule books mean: about 10° of a
   * thigh's inclination (science.md, section 2). */
  const float level = 10.f;
  bool contact = calibration->range_known && !isnan (calibration->contact_deg);
  rep->depth = TD_DEPTH_UNKNOWN;
  rep->depth_unsure = false;
  if (!td_measure_ok (flexion))
    return;
  if (contact && flexion.value >= calibration->contact_deg - CONTACT_DEG)
    rep->depth = TD_DEPTH_CALF;
  else if (flexion.value >= 130.f)
    rep->depth = TD_DEPTH_DEEP;
  else if (td_measure_ok (thigh) && thigh.value <= level)
    rep->depth = TD_DEPTH_PARALLEL;
  else if (flexion.value >= 80.f)
    rep->depth = TD_DEPTH_HALF;
  else if (flexion.value >= 40.f)
    rep->depth = TD_DEPTH_QUARTER;
  else
    rep->depth = TD_DEPTH_ABOVE_QUARTER;
  const float limits[] = { 40.f, 80.f, 130.f };
  for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++)
    if (fabsf (flexion.value - limits[i]) < flexion.sigma)
      rep->depth_unsure = true;
  /* Beyond half depth only the thigh tells parallel, until deep. */
  if (td_measure_ok (thigh) && flexion.value >= 80.f && flexion.value < 130.f
      && fabsf (thigh.value - level) < thigh.sigma)
    rep->depth_unsure = true;
  if (contact && fabsf (flexion.value - (calibration->contact_deg - CONTACT_DEG)) < flexion.sigma)
    rep->depth_unsure = true;
}

/* Mean FPPA of one leg over the moments from FIRST to LAST with flexion between LOW and HIGH. */
static TdMeasure
fppa_of (const TdTrail *trail, int first, int last, TdSide side, float low, float high)
{
  float sum = 0.f, sigma = 0.f;
  int n = 0, front = 0, seen = 0, shown = 0;
  bool oblique = false, frontal = false;
  for (int i = first; i <= last; i++)
    {
      const TdMoment *m = td_trail_at (trail, i);
      float flexion = m->flexion_deg[side];
      oblique = oblique || (m->seen && !m->has_depth && m->view == TD_VIEW_OBLIQUE);
      if (isnan (flexion) || isnan (m->fppa_deg[side]))
        continue;
      seen++;
      frontal = frontal || td_moment_shows_valgus (m);
      if (flexion < low || flexion > high)
        continue;
      n++;
      if (!td_moment_shows_valgus (m))
        continue;
      front++;
      if (m->thigh_shown[side] < TD_MIN_THIGH_SHOWN)
        continue;
      shown++;
      sum += m->fppa_deg[side];
      sigma += m->fppa_sigma_deg[side];
    }
  if (seen == 0)
    return td_measure_missing (oblique ? TD_MISSING_DEPTH : TD_MISSING_JOINTS);
  if (n == 0 && frontal)
    return td_measure_missing (TD_MISSING_NOT_REACHED);
  if (n == 0 || 2 * front < n)
    return td_measure_missing (TD_MISSING_FRONT_VIEW);
  if (2 * shown < front)
    return td_measure_missing (TD_MISSING_FORESHORTENED);
  return td_measure (sum / (float) shown, sigma / (float) shown);
}

static TdMeasure
fppa_of_both (const TdTrail *trail, int first, int last, float low, float high)
{
  return td_measure_of_both (fppa_of (trail, first, last, TD_SIDE_LEFT, low, high),
                             fppa_of (trail, first, last, TD_SIDE_RIGHT, low, high));
}

static TdMeasure
difference (TdMeasure a, TdMeasure b)
{
  if (!td_measure_ok (a) || !td_measure_ok (b))
    return td_measure_missing (td_measure_ok (a) ? b.missing : a.missing);
  return td_measure (a.value - b.value, hypotf (a.sigma, b.sigma));
}

/* The bilateral FPPA of standing: as calibrated, or before START. */
static TdMeasure
standing_fppa (const TdTrail *trail, int start, const TdRepContext *context)
{
  const TdCalibration *c = context->calibration;
  if (c->standing_known && !isnan (c->fppa_deg[TD_SIDE_LEFT])
      && !isnan (c->fppa_deg[TD_SIDE_RIGHT]))
    return td_measure (0.5f * (c->fppa_deg[TD_SIDE_LEFT] + c->fppa_deg[TD_SIDE_RIGHT]), 1.f);
  const TdMoment *at = td_trail_at (trail, start);
  int first = index_of (trail, at->time_ns - STANDING_NS);
  float straight = isnan (at->both_deg) ? 0.f : at->both_deg;
  TdMeasure m = fppa_of_both (trail, first, start, -1.f, straight + STANDING_DEG);
  /* "Did not come that far" is said of the movement, not of standing. */
  return m.missing == TD_MISSING_NOT_REACHED ? td_measure_missing (TD_MISSING_JOINTS) : m;
}

static float
seconds_between (const TdTrail *trail, int a, int b)
{
  return (float) (td_trail_at (trail, b)->time_ns - td_trail_at (trail, a)->time_ns) * 1e-9f;
}

/* Seconds after moment START at which the flexion in scratch crosses LEVEL between its entries I
 * and I + 1. */
static float
crossing_s (const TdTrail *trail, int start, int i, int last, float level)
{
  float at = seconds_between (trail, start, start + i);
  if (i >= last)
    return at;
  float a = trail->scratch[i], b = trail->scratch[i + 1];
  float share = fabsf (b - a) > 1e-6f ? td_clampf ((level - a) / (b - a), 0.f, 1.f) : 0.f;
  return at + share * seconds_between (trail, start + i, start + i + 1);
}

/* Seconds after FIRST at which a member has come halfway from its value at FIRST to that at
 * LAST; NAN when it is not seen or hardly changes. */
static float
half_way_s (const TdTrail *trail, int first, int last, float (*member) (const TdMoment *m))
{
  float from = member (td_trail_at (trail, first)), to = member (td_trail_at (trail, last));
  float half = 0.5f * (from + to), before = from;
  if (!(fabsf (to - from) > 20.f))
    return NAN;
  for (int i = first + 1; i <= last; i++)
    {
      float here = member (td_trail_at (trail, i));
      if (isnan (here))
        continue;
      if ((here - half) * (to - from) >= 0.f)
        {
          float step = seconds_between (trail, i - 1, i);
          float share = fabsf (here - before) > 1e-6f ? (half - before) / (here - before) : 1.f;
          return seconds_between (trail, first, i) - (1.f - td_clampf (share, 0.f, 1.f)) * step;
        }
      before = here;
    }
  return NAN;
}

static float
knee_bend (const TdMoment *m)
{
  return m->both_deg;
}

static float
hip_bend (const TdMoment *m)
{
  return td_moment_hip_flexion (m);
}

/* The greatest mean of both knees' inward offset. */
static TdMeasure
knee_offset_of (const TdTrail *trail, int first, int last)
{
  float greatest = NAN, sigma = NAN;
  bool frontal = false;
  for (int i = first; i <= last; i++)
    {
      const TdMoment *m = td_trail_at (trail, i);
      if (!td_moment_shows_valgus (m))
        continue;
      frontal = true;
      float here = 0.5f
                   * (MEDIAN (trail, i, knee_offset[TD_SIDE_LEFT])
                      + MEDIAN (trail, i, knee_offset[TD_SIDE_RIGHT]));
      if (!isnan (here) && !(here <= greatest))
        {
          greatest = here;
          sigma = m->knee_offset_sigma;
        }
    }
  return td_measure_or_missing (greatest, sigma,
                                frontal ? TD_MISSING_JOINTS : TD_MISSING_FRONT_VIEW);
}

/* How far the heels came up from where they were at FIRST: the higher one. */
static TdMeasure
heel_rise_of (const TdTrail *trail, int first, int last)
{
  float greatest = NAN;
  bool side_on = false;
  for (int i = first; i <= last; i++)
    {
      const TdMoment *m = td_trail_at (trail, i);
      if (fabsf (m->sin_yaw) < HEEL_SIN)
        continue;
      side_on = true;
      /* The nearer foot; the other one is behind it. */
      TdSide near = m->yaw_deg > 0.f ? TD_SIDE_LEFT : TD_SIDE_RIGHT;
      size_t member = offsetof (TdMoment, heel_up) + (size_t) near * sizeof (float);
      greatest
          = fmaxf (greatest, median_near (trail, i, member) - median_near (trail, first, member));
    }
  return td_measure_or_missing (greatest, HEEL_SIGMA,
                                side_on ? TD_MISSING_JOINTS : TD_MISSING_SIDE_VIEW);
}

/* A cycle's landmarks: indices into the trail, and the flexion there. */
typedef struct
{
  int first;            /* leaves the top by 5° */
  int begun, planted;   /* the bulk of the bend begins; feet that were put in place are so by now */
  int in, deepest, out; /* within 5° of the deepest, the deepest, no longer */
  int ended;            /* the bulk of the bend ends */
  int end;              /* back within 5° of the top */
  int bottom;           /* the middle of the stay */
  bool gap;             /* the deepest may have been while nobody was seen */
  float from, greatest, lockout;     /* least before, greatest, least after; degrees */
  float first_s, in_s, out_s, end_s; /* the crossings of 5°, between frames, seconds */
} Phases;

/* Whether nobody was seen for long between moments FIRST and LAST. */
static bool
has_gap (const TdTrail *trail, int first, int last)
{
  int seen = -1;
  for (int i = first > 0 ? first : 0; i <= last && i < trail->n; i++)
    {
      if (isnan (td_trail_at (trail, i)->both_deg))
        continue;
      if (seen >= 0 && seconds_between (trail, seen, i) > GAP_S)
        return true;
      seen = i;
    }
  return false;
}

/* The live path found start and top with a lag; the finished repetition tells them exactly. The
 * smoothed flexion from START to TOP is in the trail's scratch. */
static Phases
find_phases (const TdTrail *trail, int start, int top)
{
  const float *flexion = trail->scratch;
  int last = top - start;
  Phases p = { 0 };
  int deepest = 0;
  for (int i = 1; i <= last; i++)
    if (flexion[i] > flexion[deepest])
      deepest = i;
  p.greatest = p.from = p.lockout = flexion[deepest];
  for (int i = 0; i <= deepest; i++)
    p.from = fminf (p.from, flexion[i]);
  for (int i = deepest; i <= last; i++)
    p.lockout = fminf (p.lockout, flexion[i]);

  int first = deepest, in = deepest, out = deepest, end = deepest;
  while (first > 0 && flexion[first] >= p.from + PHASE_DEG)
    first--;
  for (int i = deepest; i > first && flexion[i] > p.greatest - WIGGLE_DEG; i--)
    if (flexion[i] > p.greatest - PHASE_DEG)
      in = i;
  for (int i = deepest; i < last && flexion[i] > p.greatest - WIGGLE_DEG; i++)
    if (flexion[i] > p.greatest - PHASE_DEG)
      out = i;
  while (end < last && flexion[end] >= p.lockout + PHASE_DEG)
    end++;
  p.first_s = crossing_s (trail, start, first, last, p.from + PHASE_DEG);
  p.in_s = in > 0 ? crossing_s (trail, start, in - 1, last, p.greatest - PHASE_DEG) : 0.f;
  p.out_s = crossing_s (trail, start, out, last, p.greatest - PHASE_DEG);
  p.end_s = end > 0 ? crossing_s (trail, start, end - 1, last, p.lockout + PHASE_DEG) : 0.f;

  /* Feet that are put in place before the descent, or step away after the ascent, are none of the
   * repetition's: it is judged from where the bulk of the bend begins to where it ends. */
  int begun = deepest, planted = deepest, ended = deepest;
  while (planted > first && flexion[planted] >= p.from + PLANTED_SHARE * (p.greatest - p.from))
    planted--;
  while (begun > first && flexion[begun] >= p.from + BULK_SHARE * (p.greatest - p.from))
    begun--;
  while (ended < end && flexion[ended] >= p.lockout + BULK_SHARE * (p.greatest - p.lockout))
    ended++;

  p.first = start + first;
  p.begun = start + begun;
  p.planted = start + planted;
  p.in = start + in;
  p.deepest = start + deepest;
  p.out = start + out;
  p.ended = start + ended;
  p.end = start + end;
  p.bottom = (p.in + p.out) / 2;
  p.gap = has_gap (trail, p.in - 1, p.out + 1);
  /* Evidence comes from frames that were seen. */
  if (!td_trail_at (trail, p.bottom)->seen)
    p.bottom = p.deepest;
  return p;
}

/* How much the trunk swung while the hips stayed at their lowest. Their height in the picture tells this
 * better than the knees' flexion, which comes from depth too. */
static float
rock_of (const TdTrail *trail, const Phases *p)
{
  float near = MEDIAN (trail, p->deepest, hips_y) - STILL * MEDIAN (trail, p->bottom, leg_px);
  int first = p->deepest, last = p->deepest;
  while (first > p->first && MEDIAN (trail, first - 1, hips_y) > near)
    first--;
  while (last < p->end && MEDIAN (trail, last + 1, hips_y) > near)
    last++;
  float least = NAN, most = NAN;
  for (int i = first; i <= last; i++)
    {
      float lean = MEDIAN (trail, i, lean_deg);
      least = fminf (least, lean);
      most = fmaxf (most, lean);
    }
  return most - least;
}

/* The share of the time in which the trunk leans more than the knees bend. NAN: not seen for half of it. */
static float
leaning_of (const TdTrail *trail, const Phases *p)
{
  int n = 0, leaning = 0;
  for (int i = p->begun; i <= p->ended; i++)
    {
      float trunk = MEDIAN (trail, i, trunk_deg), knees = MEDIAN (trail, i, both_deg);
      if (isnan (trunk) || isnan (knees))
        continue;
      n++;
      leaning += trunk > knees;
    }
  return 2 * n > p->ended - p->begun ? (float) leaning / (float) n : NAN;
}

/* How far ahead the weight reads at the bottom because the camera is tilted, leg lengths. Who stands with the weight
 * behind the heels and leans back, too, would fall: before and after, that is the camera. (In a lunge whose
 * joints all lie on the front leg the weight is behind as well, but nobody leans back.) */
static float
tilt_of (const TdTrail *trail, const Phases *p)
{
  float before = MEDIAN (trail, p->begun, balance), after = MEDIAN (trail, p->ended, balance);
  bool falls = before < FALLING && after < FALLING && MEDIAN (trail, p->first, lean_deg) < 0.f
               && MEDIAN (trail, p->end, lean_deg) < 0.f;
  return falls ? TILT_SHARE * (0.5f * (before + after) - STOOD) : 0.f;
}

/* Whether the movement is the first that was seen: what was before it is not known. */
static bool
came_moving (const TdTrail *trail, const Phases *p)
{
  for (int i = p->first; i >= 0; i--)
    if (!isnan (td_trail_at (trail, i)->both_deg) && seconds_between (trail, i, p->first) >= CAME_S)
      return false;
  return true;
}

/* From the start to the bottom, or from where the feet stood with bent knees. */
static float
travelled_down (const TdTrail *trail, const Phases *p, int left_out)
{
  return fminf (travelled (trail, p->begun, p->bottom, left_out),
                travelled (trail, p->planted, p->bottom, left_out));
}

/* A foot that was taken for something else at one end of the movement: that of a chair beside it, for instance,
 * when the other foot hides it. */
typedef struct
{
  int before, after; /* TdSide, or TD_N_SIDES: none */
} Misread;

/* Such a foot lies elsewhere at one end than at the bottom and at the other end, while the other foot stays. So do
 * the hips: who takes a step moves them by half of it. Where a lunge's feet are, it may be the bottom that
 * is misread. */
static Misread
misread_feet (const TdTrail *trail, const Phases *p)
{
  Misread found = { TD_N_SIDES, TD_N_SIDES };
  float hips = fabsf (MEDIAN (trail, p->begun, hips_x) - MEDIAN (trail, p->ended, hips_x))
               / MEDIAN (trail, p->bottom, leg_px);
  for (int s = 0; s < TD_N_SIDES; s++)
    {
      float before = travelled_down (trail, p, !s);
      float after = travelled (trail, p->bottom, p->ended, !s);
      float off = fmaxf (before, after);
      float other = fmaxf (travelled (trail, p->begun, p->bottom, s),
                           travelled (trail, p->bottom, p->ended, s));
      if (off < MISREAD_WITHIN && fminf (before, after) < 0.5f * off && other < 0.5f * off
          && hips < 0.25f * off)
        *(before > after ? &found.before : &found.after) = s;
    }
  return found;
}

static void
gather (const TdTrail *trail, const Phases *p, TdEvidence *e)
{
  int start = p->begun, bottom = p->bottom, top = p->ended;
  const TdMoment *deep = td_trail_at (trail, p->deepest);
  e->flexion_deg = p->greatest;
  e->top_flexion_deg = fmaxf (p->from, p->lockout);
  if (p->greatest - p->from > CAME_DOWN_DEG && came_moving (trail, p))
    e->top_flexion_deg = p->lockout;
  e->duration_s
      = (float) (td_trail_at (trail, top)->time_ns - td_trail_at (trail, start)->time_ns) * 1e-9f;
  float bent_left = MEDIAN (trail, bottom, flexion_deg[TD_SIDE_LEFT]);
  float bent_right = MEDIAN (trail, bottom, flexion_deg[TD_SIDE_RIGHT]);
  e->other_leg = ratio_of (bent_left, bent_right);
  e->lesser_flexion_deg = fminf (p->greatest, fminf (bent_left, bent_right));
  /* Twice, against the lower foot and in the picture itself: a lifted foot fools the first, a
   * camera that is moved the second. */
  float over_feet = fmaxf (MEDIAN (trail, start, hip_height), MEDIAN (trail, top, hip_height))
                    - deep->hip_height;
  float in_picture
      = (deep->hips_y - fminf (MEDIAN (trail, start, hips_y), MEDIAN (trail, top, hips_y)))
        / MEDIAN (trail, bottom, leg_px);
  e->hip_drop = fminf (over_feet, in_picture);
  e->trunk_deg = MEDIAN (trail, bottom, trunk_deg);
  e->leaning = leaning_of (trail, p);
  float left = MEDIAN (trail, bottom, thigh_deg[TD_SIDE_LEFT]);
  float right = MEDIAN (trail, bottom, thigh_deg[TD_SIDE_RIGHT]);
  e->thigh_deg = mean_of (deep->thigh_deg[TD_SIDE_LEFT], deep->thigh_deg[TD_SIDE_RIGHT]);
  e->thigh_gap_deg = fabsf (left - right);
  e->knee_gap = MEDIAN (trail, bottom, knee_gap);
  e->knee_up = fmaxf (MEDIAN (trail, bottom, knee_up[TD_SIDE_LEFT]),
                      MEDIAN (trail, bottom, knee_up[TD_SIDE_RIGHT]));
  e->split = MEDIAN (trail, bottom, split);
  e->sin_yaw = MEDIAN (trail, bottom, turned);
  e->hip_behind = isnan (e->trunk_deg) ? -mean_of (MEDIAN (trail, bottom, ahead[TD_SIDE_LEFT][0]),
                                                   MEDIAN (trail, bottom, ahead[TD_SIDE_RIGHT][0]))
                                       : NAN;
  e->balance = MEDIAN (trail, bottom, balance);
  e->balance_fitted = MEDIAN (trail, bottom, balance_fitted);
  e->tilt = tilt_of (trail, p);
  e->rock = rock_of (trail, p);
  Misread misread = misread_feet (trail, p);
  e->travel = fmaxf (travelled_down (trail, p, misread.before),
                     travelled (trail, bottom, top, misread.after));
  float apart = MEDIAN (trail, bottom, feet_apart);
  float apart_before = fminf (fabsf (apart - MEDIAN (trail, start, feet_apart)),
                              fabsf (apart - MEDIAN (trail, p->planted, feet_apart)));
  float apart_after = fabsf (apart - MEDIAN (trail, top, feet_apart));
  e->stepped = fmaxf (misread.before == TD_N_SIDES ? apart_before : NAN,
                      misread.after == TD_N_SIDES ? apart_after : NAN);
  e->growth = MEDIAN (trail, top, leg_px) / MEDIAN (trail, start, leg_px);
}

static void
measure_knees (const TdTrail *trail, const Phases *p, TdRep *rep)
{
  const TdMoment *deep = td_trail_at (trail, p->deepest);
  float unseen = p->gap ? GAP_SIGMA_DEG : 0.f;
  rep->knee_flexion_max_deg = td_measure_or_missing (
      p->greatest, hypotf (MEDIAN (trail, p->bottom, both_sigma_deg), unseen), TD_MISSING_JOINTS);
  for (int s = 0; s < TD_N_SIDES; s++)
    {
      size_t member = offsetof (TdMoment, flexion_sigma_deg) + (size_t) s * sizeof (float);
      rep->knee_flexion_side_deg[s] = td_measure_or_missing (
          deep->flexion_deg[s], hypotf (median_near (trail, p->bottom, member), unseen),
          TD_MISSING_JOINTS);
    }
  rep->knee_flexion_difference_deg = difference (rep->knee_flexion_side_deg[TD_SIDE_LEFT],
                                                 rep->knee_flexion_side_deg[TD_SIDE_RIGHT]);
  rep->knee_flexion_difference_deg.sigma *= ALIKE_SHARE;
  rep->thigh_inclination_deg = td_measure_or_missing (
      mean_of (deep->thigh_deg[TD_SIDE_LEFT], deep->thigh_deg[TD_SIDE_RIGHT]),
      hypotf (mean_of (MEDIAN (trail, p->bottom, thigh_sigma_deg[TD_SIDE_LEFT]),
                       MEDIAN (trail, p->bottom, thigh_sigma_deg[TD_SIDE_RIGHT])),
              unseen),
      TD_MISSING_JOINTS);
}

static void
measure_valgus (const TdTrail *trail, const Phases *p, const TdRepContext *context, TdRep *rep)
{
  for (int s = 0; s < TD_N_SIDES; s++)
    rep->fppa_side_deg[s]
        = fppa_of (trail, p->first, p->end, (TdSide) s, FPPA_LOW_DEG, FPPA_HIGH_DEG);
  TdMeasure l = rep->fppa_side_deg[TD_SIDE_LEFT], r = rep->fppa_side_deg[TD_SIDE_RIGHT];
  rep->fppa_deg = td_measure_of_both (l, r);
  rep->fppa_worst_deg = !td_measure_ok (l) || (td_measure_ok (r) && r.value > l.value) ? r : l;
  rep->fppa_down_deg = fppa_of_both (trail, p->first, p->in, FPPA_LOW_DEG, FPPA_HIGH_DEG);
  rep->fppa_up_deg = fppa_of_both (trail, p->out, p->end, FPPA_LOW_DEG, FPPA_HIGH_DEG);
  rep->fppa_bottom_deg = fppa_of_both (trail, p->in, p->out, 0.f, 180.f);
  rep->fppa_change_deg = difference (rep->fppa_deg, standing_fppa (trail, p->first, context));
  rep->knee_offset_ratio = knee_offset_of (trail, p->first, p->end);
}

/* BEGUN, ENDED: whether the top before and after was seen. */
static void
measure_tempo (const TdTrail *trail, const Phases *p, const TdRepContext *context, bool begun,
               bool ended, TdRep *rep)
{
  TdMeasure none = td_measure_missing (TD_MISSING_NOT_REACHED);
  float up_s = p->end_s - p->out_s;
  float rise = MEDIAN (trail, p->end, hip_height) - MEDIAN (trail, p->out, hip_height);
  float rested_s = (float) (rep->start_ns - context->last_top_ns) * 1e-9f;
  float lockout_sigma = MEDIAN (trail, p->end, both_sigma_deg);
  if (rep->view != TD_VIEW_SIDE)
    lockout_sigma
        = fmaxf (lockout_sigma, (1.f - td_trail_at (trail, p->end)->trust) * LOCKOUT_SIGMA_DEG);

  rep->eccentric_s = begun ? td_measure (p->in_s - p->first_s, PHASE_SIGMA_S) : none;
  rep->pause_s = ended ? td_measure (p->out_s - p->in_s, PAUSE_SIGMA_S) : none;
  rep->concentric_s = ended ? td_measure (up_s, PHASE_SIGMA_S) : none;
  rep->tension_s = begun && ended ? td_measure (p->end_s - p->first_s, TENSION_SIGMA_S) : none;
  rep->concentric_velocity
      = !ended
            ? none
            : td_measure_or_missing (up_s > 0.f ? rise / up_s : NAN,
                                     2.f * TD_HEIGHT_SIGMA / fmaxf (up_s, 0.1f), TD_MISSING_JOINTS);
  rep->lockout_deg
      = !ended ? none : td_measure_or_missing (p->lockout, lockout_sigma, TD_MISSING_JOINTS);
  rep->top_pause_s = context->last_top_ns > 0 && rested_s < REST_S
                         ? td_measure (fmaxf (rested_s, 0.f), TENSION_SIGMA_S)
                         : td_measure_missing (TD_MISSING_TOO_FEW);
}

static void
measure_posture (const TdTrail *trail, const Phases *p, bool trunk_seen, TdRep *rep)
{
  const TdMoment *stands = td_trail_at (trail, p->first), *deep = td_trail_at (trail, p->deepest);
  TdMissing no_trunk = trunk_seen ? TD_MISSING_SIDE_VIEW : TD_MISSING_JOINTS;
  rep->trunk_lean_deg
      = td_measure_or_missing (deep->lean_deg, MEDIAN (trail, p->bottom, lean_sigma_deg), no_trunk);
  rep->trunk_lean_change_deg = td_measure_or_missing (
      deep->lean_deg - stands->lean_deg, LEAN_CHANGE_SHARE * deep->lean_sigma_deg, no_trunk);
  rep->hip_knee_lag_s = td_measure_or_missing (half_way_s (trail, p->first, p->in, hip_bend)
                                                   - half_way_s (trail, p->first, p->in, knee_bend),
                                               LAG_SIGMA_S, no_trunk);
  rep->stance_ratio = td_measure_or_missing (
      MEDIAN (trail, p->first, stance_ratio), TD_STANCE_SIGMA,
      isnan (MEDIAN (trail, p->first, feet_apart)) ? TD_MISSING_JOINTS : TD_MISSING_FRONT_VIEW);
  rep->toe_out_deg = td_measure_or_missing (
      mean_of (MEDIAN (trail, p->first, toe_out_deg[TD_SIDE_LEFT]),
               MEDIAN (trail, p->first, toe_out_deg[TD_SIDE_RIGHT])),
      TOE_OUT_SIGMA_DEG, td_moment_is_frontal (stands) ? TD_MISSING_JOINTS : TD_MISSING_FRONT_VIEW);
  rep->heel_rise_ratio = heel_rise_of (trail, p->first, p->end);
}

bool
td_rep_measure (TdTrail *trail, const TdCycle *cycle, const TdRepContext *context, TdRep *rep)
{
  TdEvidence evidence;
  const TdCalibration *calibration = context->calibration;
  int64_t from_ns = cycle->start_ns - LOOK_BACK_NS;
  int start = index_of (trail, from_ns > cycle->since_ns ? from_ns : cycle->since_ns);
  int top = index_of (trail, cycle->top_ns);
  if (top <= start + 2 || index_of (trail, cycle->bottom_ns) <= start)
    return false;
  /* The top is told when the leg comes to rest, which may straighten a little more while that
   * settles. */
  while (top + 1 < trail->n
         && td_trail_at (trail, top + 1)->both_deg < td_trail_at (trail, top)->both_deg)
    top++;

  measure_again (trail, index_of (trail, td_trail_at (trail, start)->time_ns - STANDING_NS), top,
                 context->body);
  smooth_flexion (trail, start, top, context->smoothing, context->reach_ns);
  Phases p = find_phases (trail, start, top);
  gather (trail, &p, &evidence);
  TdReason reason = td_judge (&evidence, context->profile);
  if (cycle->end == TD_CYCLE_LOST || (reason == TD_REASON_SHALLOW && p.gap))
    reason = TD_REASON_LOST;
  else if (cycle->end == TD_CYCLE_NO_TOP)
    reason = TD_REASON_NO_TOP;
  if (!td_judge_keeps (&evidence, reason))
    return false;

  *rep = (TdRep){
    .counted = reason == TD_REASON_COUNTED,
    .reason = reason,
    .start_ns = td_trail_at (trail, p.first)->time_ns,
    .bottom_ns = td_trail_at (trail, p.bottom)->time_ns,
    .top_ns = td_trail_at (trail, p.end)->time_ns,
    .view = td_trail_at (trail, p.bottom)->view,
    .calf_gap_deg = td_measure_missing (TD_MISSING_CALIBRATION),
  };
  measure_knees (trail, &p, rep);
  measure_valgus (trail, &p, context, rep);
  /* An input that begins on the way down has its straightest leg after it. */
  measure_tempo (trail, &p, context, p.from - p.lockout < BEGUN_DEG, cycle->end == TD_CYCLE_DONE,
                 rep);
  measure_posture (trail, &p, !isnan (evidence.trunk_deg), rep);
  if (calibration->range_known && !isnan (calibration->contact_deg)
      && td_measure_ok (rep->knee_flexion_max_deg))
    rep->calf_gap_deg
        = td_measure (calibration->contact_deg - p.greatest, rep->knee_flexion_max_deg.sigma);
  classify_depth (rep, calibration);
  return true;
}
