#include "td-sides.h"

#include "td-body.h"

#include <math.h>

#define MAX_SWAPPED_NS INT64_C (300000000)
#define MAX_GAP_NS INT64_C (200000000)
/* Exchanged, the joints must lie nearer to where they were by so much, leg lengths a joint, and
 * by this share: legs that hide each other are neither. */
#define LEAST_GAIN 0.06f
#define MAX_SHARE 0.4f

static const struct
{
  TdJoint first, last; /* left joints of pairs; every second one */
} groups[TD_N_SIDE_GROUPS] = {
  { TD_JOINT_HIP_LEFT, TD_JOINT_TOE_LEFT },
  { TD_JOINT_SHOULDER_LEFT, TD_JOINT_WRIST_LEFT },
};

void
td_sides_init (TdSides *self)
{
  self->last.present = false;
  for (int g = 0; g < TD_N_SIDE_GROUPS; g++)
    self->swapped_ns[g] = 0;
}

static float
distance (const TdKeypoint *a, const TdKeypoint *b)
{
  return hypotf (a->x - b->x, a->y - b->y);
}

static bool
is_swapped (const TdPose *last, const TdPose *pose, int group, float leg_px)
{
  float as_is = 0.f, swapped = 0.f;
  int n = 0;
  for (int j = (int) groups[group].first; j <= (int) groups[group].last; j += 2)
    {
      TdJoint left = (TdJoint) j, right = (TdJoint) (j + 1);
      if (!td_pose_sees (pose, left) || !td_pose_sees (pose, right) || !td_pose_sees (last, left)
          || !td_pose_sees (last, right))
        continue;
      const TdKeypoint *l = &pose->joints[left], *r = &pose->joints[right];
      as_is += distance (l, &last->joints[left]) + distance (r, &last->joints[right]);
      swapped += distance (l, &last->joints[right]) + distance (r, &last->joints[left]);
      n += 2;
    }
  return n > 0 && as_is - swapped > LEAST_GAIN * leg_px * (float) n && swapped < MAX_SHARE * as_is;
}

static void
swap (TdPose *pose, int group)
{
  for (int j = (int) groups[group].first; j <= (int) groups[group].last; j += 2)
    {
      TdKeypoint left = pose->joints[j];
      pose->joints[j] = pose->joints[j + 1];
      pose->joints[j + 1] = left;
    }
}

TdPose
td_sides_keep (TdSides *self, const TdPose *pose, float leg_px)
{
  TdPose kept = *pose;
  bool known = self->last.present && pose->present && leg_px > 0.f
               && pose->time_ns - self->last.time_ns < MAX_GAP_NS;
  for (int g = 0; g < TD_N_SIDE_GROUPS; g++)
    {
      bool swapped = known && is_swapped (&self->last, pose, g, leg_px);
      if (!swapped)
        self->swapped_ns[g] = 0;
      else if (self->swapped_ns[g] == 0)
        self->swapped_ns[g] = pose->time_ns;
      if (swapped && pose->time_ns - self->swapped_ns[g] <= MAX_SWAPPED_NS)
        swap (&kept, g);
    }
  if (pose->present)
    self->last = kept;
  return kept;
}
