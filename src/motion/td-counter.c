#include "td-counter.h"

#include <math.h>

/* Leaving the top: more than this above the rest. Sway and noise stay below. */
#define LEAVE_DEG 15.f
/* "Near the top" for the start of the movement (the clips' truth uses the same 5°). */
#define NEAR_DEG 5.f
/* A turn downwards or upwards is real when it exceeds this. */
#define TURN_DEG 12.f
/* A cycle that bent the knees by less than this is no movement of interest. */
#define MIN_RANGE_DEG 22.f
/* Share of the range that must be extended again: 0.58 lets someone who stops short of the top
 * count, and a bounce at the bottom never reaches it. */
#define UP_SHARE 0.58f
/* Who never straightens has a smaller range, of which 50° may be less than that share: up by so
 * much, to where a leg is nearly extended, and down again is a repetition too. A bounce at the
 * bottom comes up by 30° at most. */
#define UP_DEG 45.f
#define UP_TO_DEG 52.f
/* Slower than this after the ascent is rest. */
#define REST_SPEED_DEG_S 10.f
/* The remembered rest drifts up this fast when the person stays above it (unlocked knees). */
#define REST_DRIFT_DEG_S 6.f
/* Still standing, with soft knees: so much above the rest, and hardly moving. */
#define SOFT_KNEES_DEG 35.f
#define STILL_DEG_S 5.f
#define SPEED_S 0.08f

void
td_counter_init (TdCounter *self)
{
  *self = (TdCounter){ .stage = TD_CYCLE_AT_TOP };
}

static void
start_at_top (TdCounter *self, int64_t time_ns, float flexion_deg)
{
  self->stage = TD_CYCLE_AT_TOP;
  self->rest_deg = flexion_deg;
  self->rest_ns = time_ns;
  self->since_ns = time_ns;
}

static void
fill (const TdCounter *self, TdCycleEnd end, int64_t top_ns, TdCycle *cycle)
{
  *cycle = (TdCycle){
    .end = end,
    .since_ns = self->since_ns,
    .start_ns = self->rest_ns,
    .bottom_ns = self->deepest_ns,
    .top_ns = top_ns,
  };
}

static bool
is_a_movement (const TdCounter *self)
{
  return self->deepest_deg - self->rest_deg >= MIN_RANGE_DEG;
}

static void
let_rest_drift (TdCounter *self, float flexion_deg, float dt_s)
{
  if (flexion_deg <= self->rest_deg)
    self->rest_deg = flexion_deg;
  else
    self->rest_deg += fminf (REST_DRIFT_DEG_S * dt_s, flexion_deg - self->rest_deg);
}

static void
at_top (TdCounter *self, int64_t time_ns, float flexion_deg, float dt_s)
{
  let_rest_drift (self, flexion_deg, dt_s);
  if (flexion_deg <= self->rest_deg + NEAR_DEG)
    self->rest_ns = time_ns;
  if (flexion_deg > self->rest_deg + LEAVE_DEG)
    {
      self->stage = TD_CYCLE_GOING_DOWN;
      self->deepest_deg = flexion_deg;
      self->deepest_ns = time_ns;
    }
}

static void
going_down (TdCounter *self, int64_t time_ns, float flexion_deg, float dt_s)
{
  if (self->deepest_deg - self->rest_deg < SOFT_KNEES_DEG
      && fabsf (self->speed_deg_s) < STILL_DEG_S)
    {
      let_rest_drift (self, flexion_deg, dt_s);
      if (flexion_deg <= self->rest_deg + NEAR_DEG)
        {
          self->stage = TD_CYCLE_AT_TOP;
          self->rest_ns = time_ns;
          return;
        }
    }
  if (flexion_deg >= self->deepest_deg)
    {
      self->deepest_deg = flexion_deg;
      self->deepest_ns = time_ns;
    }
  else if (flexion_deg < self->deepest_deg - TURN_DEG)
    {
      self->stage = TD_CYCLE_GOING_UP;
      self->highest_deg = flexion_deg;
      self->highest_ns = time_ns;
    }
}

static TdCycleEnd
going_up (TdCounter *self, int64_t time_ns, float flexion_deg, TdCycle *cycle)
{
  if (flexion_deg > self->deepest_deg)
    {
      self->stage = TD_CYCLE_GOING_DOWN;
      self->deepest_deg = flexion_deg;
      self->deepest_ns = time_ns;
      return TD_CYCLE_NONE;
    }
  if (flexion_deg < self->highest_deg)
    {
      self->highest_deg = flexion_deg;
      self->highest_ns = time_ns;
    }
  float range = self->deepest_deg - self->rest_deg;
  float risen = self->deepest_deg - self->highest_deg;
  bool down_again = flexion_deg > self->highest_deg + TURN_DEG;
  bool extended = risen >= UP_SHARE * range;
  if (extended || (down_again && risen >= UP_DEG && self->highest_deg <= UP_TO_DEG))
    {
      bool at_rest = self->speed_deg_s > -REST_SPEED_DEG_S;
      if (!at_rest && !down_again)
        return TD_CYCLE_NONE;
      bool real = is_a_movement (self);
      if (real)
        fill (self, TD_CYCLE_DONE, self->highest_ns, cycle);
      start_at_top (self, self->highest_ns, self->highest_deg);
      if (down_again)
        at_top (self, time_ns, flexion_deg, 0.f);
      return real ? TD_CYCLE_DONE : TD_CYCLE_NONE;
    }
  if (down_again)
    self->stage = TD_CYCLE_GOING_DOWN; /* a bounce: the same repetition goes on */
  return TD_CYCLE_NONE;
}

TdCycleEnd
td_counter_break_off (TdCounter *self, TdCycle *cycle)
{
  *cycle = (TdCycle){ .end = TD_CYCLE_NONE };
  if (self->primed && self->stage != TD_CYCLE_AT_TOP && is_a_movement (self))
    fill (self, TD_CYCLE_LOST, self->last_ns, cycle);
  td_counter_init (self);
  return cycle->end;
}

TdCycleEnd
td_counter_push (TdCounter *self, int64_t time_ns, float flexion_deg, TdCycle *cycle)
{
  *cycle = (TdCycle){ .end = TD_CYCLE_NONE };
  if (isnan (flexion_deg))
    {
      if (self->primed && (float) (time_ns - self->last_ns) * 1e-9f > TD_CYCLE_GAP_S)
        return td_counter_break_off (self, cycle);
      return TD_CYCLE_NONE;
    }
  if (self->primed && (float) (time_ns - self->last_ns) * 1e-9f > TD_CYCLE_GAP_S)
    {
      /* The frames themselves have a gap. */
      TdCycleEnd end = td_counter_break_off (self, cycle);
      self->primed = true;
      self->last_ns = time_ns;
      self->last_deg = flexion_deg;
      start_at_top (self, time_ns, flexion_deg);
      return end;
    }
  if (!self->primed)
    {
      self->primed = true;
      self->last_ns = time_ns;
      self->last_deg = flexion_deg;
      start_at_top (self, time_ns, flexion_deg);
      return TD_CYCLE_NONE;
    }

  float dt_s = (float) (time_ns - self->last_ns) * 1e-9f;
  float speed = (flexion_deg - self->last_deg) / dt_s;
  self->speed_deg_s += (1.f - expf (-dt_s / SPEED_S)) * (speed - self->speed_deg_s);
  self->last_ns = time_ns;
  self->last_deg = flexion_deg;

  if (self->stage != TD_CYCLE_AT_TOP && (float) (time_ns - self->rest_ns) * 1e-9f > TD_CYCLE_MAX_S)
    {
      bool real = is_a_movement (self);
      if (real)
        fill (self, TD_CYCLE_NO_TOP, time_ns, cycle);
      start_at_top (self, time_ns, flexion_deg);
      return real ? TD_CYCLE_NO_TOP : TD_CYCLE_NONE;
    }

  switch (self->stage)
    {
    case TD_CYCLE_AT_TOP:
      at_top (self, time_ns, flexion_deg, dt_s);
      return TD_CYCLE_NONE;
    case TD_CYCLE_GOING_DOWN:
      going_down (self, time_ns, flexion_deg, dt_s);
      return TD_CYCLE_NONE;
    case TD_CYCLE_GOING_UP:
      return going_up (self, time_ns, flexion_deg, cycle);
    }
  return TD_CYCLE_NONE;
}

TdCycleEnd
td_counter_finish (TdCounter *self, TdCycle *cycle)
{
  *cycle = (TdCycle){ .end = TD_CYCLE_NONE };
  if (self->primed && self->stage != TD_CYCLE_AT_TOP && is_a_movement (self))
    {
      bool up = self->stage == TD_CYCLE_GOING_UP
                && self->deepest_deg - self->highest_deg
                       >= UP_SHARE * (self->deepest_deg - self->rest_deg);
      fill (self, up ? TD_CYCLE_DONE : TD_CYCLE_NO_TOP, up ? self->highest_ns : self->last_ns,
            cycle);
    }
  td_counter_init (self);
  return cycle->end;
}
