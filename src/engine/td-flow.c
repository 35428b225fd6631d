/* td-flow.c: see td-flow.h.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-flow.h"

#include <math.h>
#include <string.h>

/* Somebody who sways still stands still; who walks or bends does not. */
#define STILL_FLEXION_DEG 30.f
#define STILL_HIP_SHARE 0.06f  /* leg lengths */
#define STILL_WALK_SHARE 0.25f /* leg lengths, in the picture */

TdFlowConfig
td_flow_default (void)
{
  return (TdFlowConfig){
    .countdown_s = 5.f, .still_s = 2.f, .stand_s = 10.f, .away_s = 4.f, .finish_s = 600.f
  };
}

static float
seconds (int64_t from, int64_t to)
{
  return (float) ((double) (to - from) * 1e-9);
}

static void
enter (TdFlow *self, TdFlowState state, int64_t now_ns)
{
  self->state = state;
  self->since_ns = self->now_ns = now_ns;
}

void
td_flow_init (TdFlow *self, const TdFlowConfig *config)
{
  memset (self, 0, sizeof *self);
  self->config = *config;
  self->state = TD_FLOW_OFF;
}

void
td_flow_start (TdFlow *self, int64_t now_ns)
{
  enter (self, TD_FLOW_WAITING, now_ns);
  self->still = false;
  self->set_reps = 0;
}

void
td_flow_end_set (TdFlow *self, int64_t now_ns)
{
  if (self->state == TD_FLOW_SET || self->state == TD_FLOW_PAUSED)
    enter (self, TD_FLOW_REST, now_ns);
}

void
td_flow_pause (TdFlow *self, bool pause, int64_t now_ns)
{
  if (pause && self->state != TD_FLOW_OFF && self->state != TD_FLOW_PAUSED)
    {
      self->paused = self->state;
      self->paused_elapsed_ns = now_ns - self->since_ns;
      enter (self, TD_FLOW_PAUSED, now_ns);
    }
  else if (!pause && self->state == TD_FLOW_PAUSED)
    {
      enter (self, self->paused, now_ns);
      /* The clocks go on where they stopped, and nobody has stood or been away meanwhile. */
      self->since_ns = now_ns - self->paused_elapsed_ns;
      td_flow_gap (self, now_ns);
    }
}

void
td_flow_gap (TdFlow *self, int64_t now_ns)
{
  self->active_ns = self->seen_ns = now_ns;
  self->still = false;
}

void
td_flow_finish (TdFlow *self)
{
  self->state = TD_FLOW_OFF;
}

/* The ankles' middle in leg lengths of the person, to tell who walks from who stands. */
static bool
feet_of (const TdPose *pose, float leg, float *x, float *y)
{
  const TdKeypoint *left = &pose->joints[TD_JOINT_ANKLE_LEFT];
  const TdKeypoint *right = &pose->joints[TD_JOINT_ANKLE_RIGHT];

  if (!(leg > 0) || left->score <= 0 || right->score <= 0)
    return false;
  *x = (left->x + right->x) / (2 * leg);
  *y = (left->y + right->y) / (2 * leg);
  return true;
}

static float
leg_of (const TdPose *pose)
{
  float best = 0;
  for (int side = 0; side < TD_N_SIDES; side++)
    {
      const TdKeypoint *hip = &pose->joints[TD_JOINT_HIP_LEFT + side];
      const TdKeypoint *knee = &pose->joints[TD_JOINT_KNEE_LEFT + side];
      const TdKeypoint *ankle = &pose->joints[TD_JOINT_ANKLE_LEFT + side];
      best = fmaxf (best, hypotf (hip->x - knee->x, hip->y - knee->y)
                              + hypotf (knee->x - ankle->x, knee->y - ankle->y));
    }
  return best;
}

static void
watch_stillness (TdFlow *self, const TdPose *pose, const TdMotionResult *motion, int64_t now_ns)
{
  const TdFrameMeasures *m = &motion->frame;
  bool standing = pose->present && motion->phase == TD_PHASE_TOP && td_measure_ok (m->flexion_deg)
                  && m->flexion_deg.value < STILL_FLEXION_DEG;
  float hip = td_measure_ok (m->hip_height) ? m->hip_height.value : NAN;
  float leg = leg_of (pose), x = NAN, y = NAN;
  bool feet = standing && feet_of (pose, self->still ? self->still_leg : leg, &x, &y);

  if (standing && self->still)
    {
      bool rose = fabsf (hip - self->still_hip) > STILL_HIP_SHARE;
      bool walked = feet && hypotf (x - self->still_x, y - self->still_y) > STILL_WALK_SHARE;
      standing = !rose && !walked;
    }
  else if (standing)
    {
      self->still_since_ns = now_ns;
      self->still_hip = hip;
      self->still_leg = leg;
      self->still_x = x;
      self->still_y = y;
    }
  self->still = standing;
  if (pose->present)
    self->seen_ns = now_ns;
}

static TdFlowAction
push_waiting (TdFlow *self, int64_t now_ns)
{
  const TdFlowConfig *c = &self->config;
  bool counted_down = c->countdown_s > 0 && seconds (self->since_ns, now_ns) >= c->countdown_s;
  bool stood
      = c->still_s > 0 && self->still
        && seconds (self->still_since_ns > self->since_ns ? self->still_since_ns : self->since_ns,
                    now_ns)
               >= c->still_s;

  if (!counted_down && !stood && (c->countdown_s > 0 || c->still_s > 0))
    return TD_FLOW_NOTHING;
  enter (self, TD_FLOW_SET, now_ns);
  self->set_reps = 0;
  self->active_ns = now_ns;
  return TD_FLOW_BEGIN_COUNTING;
}

static TdFlowAction
push_set (TdFlow *self, const TdMotionResult *motion, int64_t now_ns)
{
  const TdFlowConfig *c = &self->config;

  self->set_reps += motion->n_reps;
  if (motion->n_reps > 0 || motion->phase == TD_PHASE_DOWN || motion->phase == TD_PHASE_BOTTOM
      || motion->phase == TD_PHASE_UP)
    self->active_ns = now_ns;
  int64_t here_ns = self->seen_ns > self->active_ns ? self->seen_ns : self->active_ns;
  /* Who has not begun yet may take all the time, but somebody has to be there. */
  if (self->set_reps == 0)
    {
      if (c->finish_s <= 0 || seconds (here_ns, now_ns) < c->finish_s)
        return TD_FLOW_NOTHING;
      self->state = TD_FLOW_OFF;
      return TD_FLOW_FINISH;
    }
  bool away = c->away_s > 0 && seconds (here_ns, now_ns) >= c->away_s;
  bool stood = c->stand_s > 0 && seconds (self->active_ns, now_ns) >= c->stand_s;
  if (!away && !stood)
    return TD_FLOW_NOTHING;
  enter (self, TD_FLOW_REST, now_ns);
  return TD_FLOW_END_SET;
}

static TdFlowAction
push_rest (TdFlow *self, const TdMotionResult *motion, int64_t now_ns)
{
  const TdFlowConfig *c = &self->config;
  bool counted = false;

  for (int i = 0; i < motion->n_reps; i++)
    counted |= motion->reps[i].counted && motion->reps[i].start_ns >= self->since_ns;
  if (counted)
    {
      enter (self, TD_FLOW_SET, now_ns);
      self->set_reps = motion->n_reps;
      self->active_ns = now_ns;
      return TD_FLOW_BEGIN_SET;
    }
  if (c->finish_s > 0 && seconds (self->since_ns, now_ns) >= c->finish_s)
    {
      self->state = TD_FLOW_OFF;
      return TD_FLOW_FINISH;
    }
  return TD_FLOW_NOTHING;
}

TdFlowAction
td_flow_push (TdFlow *self, const TdPose *pose, const TdMotionResult *motion)
{
  int64_t now_ns = pose->time_ns;

  self->now_ns = now_ns;
  watch_stillness (self, pose, motion, now_ns);
  switch (self->state)
    {
    case TD_FLOW_WAITING:
      return push_waiting (self, now_ns);
    case TD_FLOW_SET:
      return push_set (self, motion, now_ns);
    case TD_FLOW_REST:
      return push_rest (self, motion, now_ns);
    case TD_FLOW_OFF:
    case TD_FLOW_PAUSED:
    default:
      return TD_FLOW_NOTHING;
    }
}

float
td_flow_left_s (const TdFlow *self)
{
  if (self->state != TD_FLOW_WAITING)
    return 0;
  return fmaxf (0, self->config.countdown_s - seconds (self->since_ns, self->now_ns));
}

float
td_flow_elapsed_s (const TdFlow *self)
{
  return self->state == TD_FLOW_OFF ? 0 : seconds (self->since_ns, self->now_ns);
}
