"""The joints that the network knows, in the order of its maps.

Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0
"""
from typing import Dict, List

JOINTS: List[str] = [
    "hip_left", "hip_right", "knee_left", "knee_right", "ankle_left", "ankle_right",
    "heel_left", "heel_right", "toe_left", "toe_right", "shoulder_left", "shoulder_right",
    "elbow_left", "elbow_right", "wrist_left", "wrist_right", "nose",
]
N_JOINTS = len(JOINTS)
INDEX: Dict[str, int] = {name: i for i, name in enumerate(JOINTS)}

# Hips, knees, ankles, heels and toes: what a squat is measured by.
N_LEGS = 10


def _other_side(name: str) -> str:
    if name.endswith("_left"):
        return name[:-4] + "right"
    return name[:-5] + "left" if name.endswith("_right") else name


# The joint that takes each joint's place in a mirrored picture.
FLIPPED: List[int] = [INDEX[_other_side(name)] for name in JOINTS]

# Thigh and shank of both sides.
LEG_BONES = [
    (INDEX["hip_left"], INDEX["knee_left"]), (INDEX["hip_right"], INDEX["knee_right"]),
    (INDEX["knee_left"], INDEX["ankle_left"]), (INDEX["knee_right"], INDEX["ankle_right"]),
]
