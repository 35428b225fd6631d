#include "td-pose.h"

#include <string.h>

static const char *const joint_names[TD_N_JOINTS] = {
  "hip_left",   "hip_right",   "knee_left",  "knee_right",  "ankle_left",    "ankle_right",
  "heel_left",  "heel_right",  "toe_left",   "toe_right",   "shoulder_left", "shoulder_right",
  "elbow_left", "elbow_right", "wrist_left", "wrist_right", "nose",
};

const char *
td_joint_name (TdJoint joint)
{
  return joint_names[joint];
}

TdJoint
td_joint_from_name (const char *name)
{
  for (int j = 0; j < TD_N_JOINTS; j++)
    if (strcmp (name, joint_names[j]) == 0)
      return (TdJoint) j;
  return TD_N_JOINTS;
}

const TdBone *
td_bones (void)
{
  static const TdBone bones[] = {
    { TD_JOINT_HIP_LEFT, TD_JOINT_HIP_RIGHT },
    { TD_JOINT_HIP_LEFT, TD_JOINT_KNEE_LEFT },
    { TD_JOINT_HIP_RIGHT, TD_JOINT_KNEE_RIGHT },
    { TD_JOINT_KNEE_LEFT, TD_JOINT_ANKLE_LEFT },
    { TD_JOINT_KNEE_RIGHT, TD_JOINT_ANKLE_RIGHT },
    { TD_JOINT_ANKLE_LEFT, TD_JOINT_HEEL_LEFT },
    { TD_JOINT_ANKLE_RIGHT, TD_JOINT_HEEL_RIGHT },
    { TD_JOINT_HEEL_LEFT, TD_JOINT_TOE_LEFT },
    { TD_JOINT_HEEL_RIGHT, TD_JOINT_TOE_RIGHT },
    { TD_JOINT_SHOULDER_LEFT, TD_JOINT_SHOULDER_RIGHT },
    { TD_JOINT_SHOULDER_LEFT, TD_JOINT_HIP_LEFT },
    { TD_JOINT_SHOULDER_RIGHT, TD_JOINT_HIP_RIGHT },
    { TD_JOINT_SHOULDER_LEFT, TD_JOINT_ELBOW_LEFT },
    { TD_JOINT_SHOULDER_RIGHT, TD_JOINT_ELBOW_RIGHT },
    { TD_JOINT_ELBOW_LEFT, TD_JOINT_WRIST_LEFT },
    { TD_JOINT_ELBOW_RIGHT, TD_JOINT_WRIST_RIGHT },
    { TD_N_JOINTS, TD_N_JOINTS },
  };
  return bones;
}
