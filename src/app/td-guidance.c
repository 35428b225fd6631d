/* td-guidance.c: the one line that says what to do so that the camera sees enough.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-guidance.h"

#include <glib/gi18n.h>
#include <math.h>

/* Below this a joint is not looked at: the network itself doubts it. */
#define SEEN_SCORE 0.12f
/* Legs shorter than this share of the picture's height are too few pixels to measure: a usual
 * webcam (43° high) shows them so from 6 m on. */
#define LEAST_LEG 0.18f
/* Mean brightness around the person. A dim room in which joints are still found well has 0.2. */
#define DARK 0.12f
/* Widths of the picture a second. A camera that stands has less than 0.001, one that trembles by two
 * pixels of 640 has 0.03. */
#define SHAKES 0.02f

#define SECOND_NS G_GINT64_CONSTANT (1000000000)
/* Shown at least so long, so that it can be read. */
#define HOLD_NS SECOND_NS
/* Wanted for so long before it is shown: a single bad picture says nothing. */
#define SETTLE_NS (SECOND_NS * 2 / 5)
/* A measure that is missing for the view is worth a word after some seconds, and not for ever: who
 * stands side-on may mean it, and what is valid is on the screen all the time. */
#define VIEW_AFTER_NS (5 * SECOND_NS)
#define VIEW_FOR_NS (6 * SECOND_NS)
/* Likewise: who trains where others do knows it, and needs the other lines too. */
#define OTHERS_FOR_NS (6 * SECOND_NS)

void
td_guidance_init (TdGuidance *self)
{
  *self = (TdGuidance){ .shown = TD_GUIDANCE_NONE, .wanted = TD_GUIDANCE_NONE };
}

static gboolean
seen (const TdPose *pose, TdJoint joint)
{
  const TdKeypoint *p = &pose->joints[joint];
  return p->score >= SEEN_SCORE && p->x >= 0 && p->y >= 0 && p->x < (float) pose->width
         && p->y < (float) pose->height;
}

typedef struct
{
  gboolean seen; /* hip, knee and ankle */
  float length;  /* from hip over knee to ankle, pixels */
} Leg;

static Leg
leg_of (const TdPose *pose, TdSide side)
{
  const TdKeypoint *hip = &pose->joints[td_joint_on (TD_JOINT_HIP_LEFT, side)];
  const TdKeypoint *knee = &pose->joints[td_joint_on (TD_JOINT_KNEE_LEFT, side)];
  const TdKeypoint *ankle = &pose->joints[td_joint_on (TD_JOINT_ANKLE_LEFT, side)];

  return (Leg){
    .seen = seen (pose, td_joint_on (TD_JOINT_HIP_LEFT, side))
            && seen (pose, td_joint_on (TD_JOINT_KNEE_LEFT, side))
            && seen (pose, td_joint_on (TD_JOINT_ANKLE_LEFT, side)),
    .length
    = hypotf (hip->x - knee->x, hip->y - knee->y) + hypotf (knee->x - ankle->x, knee->y - ankle->y),
  };
}

/* Bent legs seen from the front look short too; the trunk does not. */
static gboolean
is_small (const TdPose *pose, float leg)
{
  const TdKeypoint *hip = &pose->joints[TD_JOINT_HIP_LEFT];
  const TdKeypoint *shoulder = &pose->joints[TD_JOINT_SHOULDER_LEFT];
  float least = LEAST_LEG * (float) pose->height;

  return leg > 0 && leg < least && shoulder->score >= SEEN_SCORE
         && fabsf (hip->y - shoulder->y) < least;
}

TdGuidanceId
td_guidance_of_pose (const TdPose *pose)
{
  gboolean any = FALSE;
  float longest = 0;

  if (!pose->present)
    return TD_GUIDANCE_NOBODY;

  for (int side = 0; side < TD_N_SIDES; side++)
    if (pose->joints[td_joint_on (TD_JOINT_ANKLE_LEFT, (TdSide) side)].y
        > 0.98f * (float) pose->height)
      return TD_GUIDANCE_STEP_BACK;
  for (int side = 0; side < TD_N_SIDES; side++)
    {
      Leg leg = leg_of (pose, (TdSide) side);
      any |= leg.seen;
      if (leg.seen)
        longest = MAX (longest, leg.length);
    }
  if (is_small (pose, longest))
    return TD_GUIDANCE_COME_NEARER;
  for (int side = 0; side < TD_N_SIDES; side++)
    {
      const TdKeypoint *ankle = &pose->joints[td_joint_on (TD_JOINT_ANKLE_LEFT, (TdSide) side)];
      if (ankle->x < 0 || ankle->x >= (float) pose->width)
        return TD_GUIDANCE_TO_THE_MIDDLE;
    }
  /* Of a person side-on the far leg may be hidden, so one leg that is seen whole is enough. */
  return any ? TD_GUIDANCE_NONE : TD_GUIDANCE_SHOW_LEGS;
}

/* Since when MISSING has been the reason; 0: it is not. Only standing tells: in a squat much is
 * hidden for a moment. */
static void
follow_view (gint64 *since, gboolean missing, gboolean there, gint64 now)
{
  if (there)
    *since = 0;
  else if (missing && *since == 0)
    *since = now;
}

static gboolean
is_due (gint64 since, gint64 now)
{
  return since != 0 && now - since >= VIEW_AFTER_NS && now - since < VIEW_AFTER_NS + VIEW_FOR_NS;
}

static gboolean
is_checked (const TdProfile *profile, const char *check)
{
  for (int i = 0; profile && i < td_profile_n_checks (profile); i++)
    if (g_str_equal (profile->checks[i].id, check))
      return TRUE;
  return FALSE;
}

static TdGuidanceId
wanted_now (TdGuidance *self, const TdLiveUpdate *update, const TdProfile *profile)
{
  const TdFrameMeasures *m = &update->measures;
  TdGuidanceId pose = td_guidance_of_pose (&update->pose);
  gint64 now = self->now_ns;

  follow_view (
      &self->unseen_ns[0],
      m->fppa_deg[TD_SIDE_LEFT].missing == TD_MISSING_FRONT_VIEW
          && m->fppa_deg[TD_SIDE_RIGHT].missing == TD_MISSING_FRONT_VIEW,
      td_measure_ok (m->fppa_deg[TD_SIDE_LEFT]) || td_measure_ok (m->fppa_deg[TD_SIDE_RIGHT]), now);
  follow_view (&self->unseen_ns[1],
               m->flexion_deg.missing == TD_MISSING_SIDE_VIEW
                   || m->flexion_deg.missing == TD_MISSING_DEPTH,
               td_measure_ok (m->flexion_deg), now);

  if (update->n_others == 0)
    self->others_ns = 0;
  else if (self->others_ns == 0)
    self->others_ns = now;

  if (pose == TD_GUIDANCE_NOBODY)
    {
      /* What was the view is nobody's view now; and dark may be why nobody is found. */
      self->unseen_ns[0] = self->unseen_ns[1] = 0;
      return update->brightness < DARK ? TD_GUIDANCE_DARK : TD_GUIDANCE_NOBODY;
    }
  if (update->brightness < DARK)
    return TD_GUIDANCE_DARK;
  if (update->shake > SHAKES)
    return TD_GUIDANCE_SHAKES;
  if (update->n_others > 0 && now - self->others_ns < OTHERS_FOR_NS)
    return TD_GUIDANCE_TWO_PEOPLE;
  if (pose != TD_GUIDANCE_NONE)
    return pose;
  if (update->calibration_stage == TD_CALIBRATION_STAND)
    return TD_GUIDANCE_STAND_STRAIGHT;
  if (update->calibration_stage == TD_CALIBRATION_DEEP)
    return TD_GUIDANCE_ONE_DEEP;
  if (update->flow == TD_FLOW_WAITING)
    return TD_GUIDANCE_HOLD_STILL;
  if (is_due (self->unseen_ns[1], now) && is_checked (profile, "depth"))
    return TD_GUIDANCE_TURN_TO_SIDE;
  if (is_due (self->unseen_ns[0], now) && is_checked (profile, "knees"))
    return TD_GUIDANCE_TURN_TO_FRONT;
  return TD_GUIDANCE_NONE;
}

TdGuidanceId
td_guidance_push (TdGuidance *self, const TdLiveUpdate *update, const TdProfile *profile)
{
  gint64 now = update->pose.time_ns;

  /* Another source, or the same file from its start. */
  if (self->started && now < self->now_ns)
    td_guidance_init (self);
  self->now_ns = now;

  TdGuidanceId wanted = wanted_now (self, update, profile);
  if (!self->started || wanted != self->wanted)
    {
      self->wanted = wanted;
      self->wanted_ns = now;
    }
  if (!self->started
      || (wanted != self->shown && now - self->shown_ns >= HOLD_NS
          && now - self->wanted_ns >= SETTLE_NS))
    {
      self->shown = wanted;
      self->shown_ns = now;
    }
  self->started = TRUE;
  return self->shown;
}

const char *
td_guidance_text (TdGuidanceId id)
{
  static const char *const texts[] = {
    [TD_GUIDANCE_NOBODY] = N_ ("Step into the picture"),
    [TD_GUIDANCE_DARK] = N_ ("Too dark: switch a light on"),
    [TD_GUIDANCE_SHAKES] = N_ ("The camera shakes: put it down firmly"),
    [TD_GUIDANCE_TWO_PEOPLE] = N_ ("Two people or a mirror: Teardrop follows you"),
    [TD_GUIDANCE_STEP_BACK] = N_ ("Step back: your feet are cut off"),
    [TD_GUIDANCE_COME_NEARER] = N_ ("Come nearer: you are too small"),
    [TD_GUIDANCE_TO_THE_MIDDLE] = N_ ("Move to the middle of the picture"),
    [TD_GUIDANCE_SHOW_LEGS] = N_ ("Show your whole legs, hips to feet"),
    [TD_GUIDANCE_STAND_STRAIGHT] = N_ ("Stand straight and hold still"),
    [TD_GUIDANCE_ONE_DEEP] = N_ ("Now one slow squat, as deep as you can"),
    [TD_GUIDANCE_HOLD_STILL] = N_ ("Stand still to begin"),
    [TD_GUIDANCE_TURN_TO_FRONT] = N_ ("⟲ Turn to the front for your knees"),
    [TD_GUIDANCE_TURN_TO_SIDE] = N_ ("⟲ Turn to the side for depth"),
  };
  return id < TD_GUIDANCE_NONE ? _ (texts[id]) : NULL;
}
