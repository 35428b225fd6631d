"""The true motion of clips: angles of every frame, repetitions, and joints as a camera saw them.

Two kinds: rendered clips, whose JSON says everything, and recordings with reference motion in
$TD_SHARED/mocap (hips, knees and ankles in metres, for one camera in pixels too).

Angles are degrees and mean what td-motion.h says. World: y up.

Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0
"""

import csv
import json
import math
import os

import clips

JOINTS = [f"{part}_{side}"
          for part in ("hip", "knee", "ankle", "heel", "toe", "shoulder", "elbow", "wrist")
          for side in ("left", "right")] + ["nose"]
SIDES = ("left", "right")
# The angle of a thigh or shank that is seen shorter than this share of it says nothing.
LEAST_PROJECTED = 0.4
# Phases begin and end this far from the extremes of flexion.
PHASE_DEG = 5.0

# Clip: joints in metres, joints in pixels, how much the video lags (mocap/README.md).
MOCAP = {
    "01_opencapviz_oblique_lab.mp4": ("opencapviz_squat_joints3d.csv", None, 0.05),
    "02_opencapoverlay_cam0.mov": ("squat_joints3d.csv", "squat_cam0_truth2d.csv", 0.06),
    "59_neg_sittostand_lab.mp4": ("opencapviz_STS_joints3d.csv", None, 0.05),
    "60_neg_walk_lab.mp4": ("opencapviz_walk_joints3d.csv", None, 0.05),
    "61_neg_walk_overlay_cam0.mov": ("walk_joints3d.csv", "walk_cam0_truth2d.csv", 0.06),
}
# Of the clips with joints in pixels.
MOCAP_SIZE = (720, 1280)

ANGLES = ("knee_flexion_left", "knee_flexion_right", "flexion", "thigh_left", "thigh_right",
          "thigh", "fppa_left", "fppa_right", "fppa", "lean", "yaw")


# --- Vectors ------------------------------------------------------------------------------------


def sub(a, b):
    return tuple(x - y for x, y in zip(a, b))


def dot(a, b):
    return sum(x * y for x, y in zip(a, b))


def cross(a, b):
    return (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])


def length(a):
    return math.sqrt(dot(a, a))


def middle(a, b):
    return tuple((x + y) / 2 for x, y in zip(a, b))


def mean(a, b):
    return None if a is None or b is None else (a + b) / 2


def wrapped(degrees):
    return (degrees + 180) % 360 - 180


def solve(matrix, right):
    """Gauss's elimination with the greatest pivot."""
    n = len(right)
    rows = [list(matrix[i]) + [right[i]] for i in range(n)]
    for i in range(n):
        pivot = max(range(i, n), key=lambda r: abs(rows[r][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        for r in range(i + 1, n):
            factor = rows[r][i] / rows[i][i]
            for c in range(i, n + 1):
                rows[r][c] -= factor * rows[i][c]
    answer = [0.0] * n
    for i in reversed(range(n)):
        known = sum(rows[i][c] * answer[c] for c in range(i + 1, n))
        answer[i] = (rows[i][n] - known) / rows[i][i]
    return answer


# --- Motion -------------------------------------------------------------------------------------


class Motion:
    """Angles by name, a list each over times_s, None where there is none; repetitions as the
    rendered clips' JSON describes them."""

    def __init__(self, times_s, angles, reps, view=None):
        self.times_s = times_s
        self.angles = angles
        self.reps = reps
        self._view = view
        self.camera = None  # focal_px, pitch_deg, roll_deg where known
        self.joints = None  # JOINTS as [(x, y, z)] a frame, pixels; None where nobody is
        self.size = None

    def view(self, index):
        """front, oblique, side or back, as td-motion.h divides them."""
        yaw = self.angles["yaw"][index]
        if yaw is None:
            return self._view
        yaw = abs(yaw)
        if yaw <= 25:
            return "front"
        if yaw >= 155:
            return "back"
        return "side" if 65 <= yaw <= 115 else "oblique"

    def at(self, times_s):
        """For each time, what value() wants; None outside of the motion."""
        step = (self.times_s[-1] - self.times_s[0]) / (len(self.times_s) - 1)
        if len(times_s) == len(self.times_s) and all(
                abs(a - b) < 0.6 * step for a, b in zip(times_s, self.times_s)):
            return [(i, i, 0.0) for i in range(len(times_s))]
        places, i = [], 0
        for t in times_s:
            if not self.times_s[0] <= t <= self.times_s[-1]:
                places.append(None)
                continue
            while i + 2 < len(self.times_s) and self.times_s[i + 1] < t:
                i += 1
            here, there = self.times_s[i:i + 2]
            places.append((i, i + 1, (t - here) / (there - here)))
        return places

    def value(self, name, place):
        i, j, share = place
        a, b = self.angles[name][i], self.angles[name][j]
        if a is None or b is None:
            return None
        if name == "yaw":
            return wrapped(a + share * wrapped(b - a))
        return a + share * (b - a)


def both(angles):
    """Adds the mean of the two sides."""
    for name, of in (("flexion", "knee_flexion"), ("thigh", "thigh"), ("fppa", "fppa")):
        angles[name] = list(map(mean, angles[of + "_left"], angles[of + "_right"]))
    return angles


def near(motion, name, time_s, within_s=0.05):
    """Mean of an angle around a time."""
    values = [value for t, value in zip(motion.times_s, motion.angles[name])
              if abs(t - time_s) <= within_s and value is not None]
    return sum(values) / len(values) if values else None


def nearest(values, value):
    return min(range(len(values)), key=lambda i: abs(values[i] - value))


def complete_reps(motion, hip_heights, leg_m):
    """What both kinds of reference have to be told about their repetitions."""
    before = None
    for rep in motion.reps:
        rep["bottom_fppa_deg"] = near(motion, "fppa", rep["bottom_s"])
        for side in SIDES:
            rep[f"bottom_flexion_{side}_deg"] = near(motion, f"knee_flexion_{side}",
                                                     rep["bottom_s"])
        rep["top_pause_s"] = before and rep["onset5_s"] - before["lockout5_s"]
        out, end = (hip_heights[nearest(motion.times_s, rep[name])]
                    for name in ("bottom_out5_s", "lockout5_s"))
        rep["velocity_per_s"] = (end - out) / leg_m / rep["concentric5_s"]
        before = rep


# --- Rendered clips -----------------------------------------------------------------------------


def rendered(path):
    with open(path, encoding="utf-8") as file:
        truth = json.load(file)
    frames = truth["frames"]
    order = {name: index for index, name in enumerate(truth["joints"])}
    angles = {"lean": frames["trunk_lean_deg"], "yaw": frames["pelvis_yaw_to_camera_deg"]}
    for side in SIDES:
        angles[f"knee_flexion_{side}"] = frames[f"knee_flexion_{side}_deg"]
        angles[f"thigh_{side}"] = frames[f"thigh_inclination_{side}_deg"]
        angles[f"fppa_{side}"] = frames[f"fppa_{side}_deg"]
    motion = Motion(frames["t_s"], both(angles), truth["reps"])
    camera = truth["camera"]
    forward = sub(camera["aim_m"], camera["eye_m"])
    pitch = math.degrees(math.asin(-forward[1] / length(forward)))
    motion.camera = {"focal": camera["focal_px"], "pitch": pitch,
                     "roll": camera.get("roll_deg", 0.0)}
    motion.size = (truth["width"], truth["height"])
    leg_m = truth["person"]["thigh_m"] + truth["person"]["shank_m"]

    def metres(frame, name):
        at = 3 * order[short(name)]
        return tuple(mm / 1000 for mm in frames["joints3d_mm"][frame][at:at + 3])

    indices = [order[short(name)] for name in JOINTS]
    motion.joints = []
    for pixels, mm in zip(frames["joints2d"], frames["joints3d_mm"]):
        if pixels is None:
            motion.joints.append(None)
            continue
        points = [(pixels[2 * i], pixels[2 * i + 1]) for i in indices]
        depths = [dot(sub([x / 1000 for x in mm[3 * i:3 * i + 3]], camera["eye_m"]), forward)
                  / length(forward) for i in indices]
        motion.joints.append(weak_perspective(points, depths, camera["focal_px"]))

    hip_heights = [(metres(i, "hip_left")[1] + metres(i, "hip_right")[1]) / 2
                   for i in range(len(motion.times_s))]
    for rep in motion.reps:
        start = nearest(motion.times_s, rep["onset5_s"])
        points = {name: metres(start, name) for name in JOINTS}
        shoulders = length(sub(points["shoulder_left"], points["shoulder_right"]))
        rep["stance_ratio"] = frames["stance_m"][start] / shoulders
        rep["toe_out_deg"] = toe_out(points)
        rep["lean_change_deg"] = (rep["trunk_lean_bottom_deg"]
                                  - near(motion, "lean", rep["onset5_s"]))
        rises = [rep[f"heel_rise_max_{side}_m"] for side in SIDES
                 if f"heel_rise_max_{side}_m" in rep]
        rep["heel_rise_ratio"] = max(rises) / leg_m if rises else None
    complete_reps(motion, hip_heights, leg_m)
    return motion


def short(name):
    """hip_left, as the rendered clips call it."""
    return name.replace("_left", "_l").replace("_right", "_r")


def toe_out(points):
    """Mean of both feet: outward of straight ahead, over the ground."""
    to_left = sub(points["hip_left"], points["hip_right"])
    forward = cross(to_left, (0.0, 1.0, 0.0))
    total = 0.0
    for side, sign in (("left", 1), ("right", -1)):
        foot = sub(points[f"toe_{side}"], points[f"heel_{side}"])
        across = sign * (foot[0] * to_left[0] + foot[2] * to_left[2])
        total += math.degrees(math.atan2(across, foot[0] * forward[0] + foot[2] * forward[2]))
    return total / 2


def weak_perspective(points, depths, focal_px):
    """(x, y, z) as td-pose.h has them, from pixels and distances along the camera's axis; the
    first two points are the hips."""
    hips = (depths[0] + depths[1]) / 2
    return [(x, y, (depth - hips) * focal_px / hips) for (x, y), depth in zip(points, depths)]


# --- Recordings ---------------------------------------------------------------------------------


def table(name):
    with open(os.path.join(clips.SHARED, "mocap", name), newline="", encoding="utf-8") as file:
        return [{key: float(value) for key, value in row.items()} for row in csv.DictReader(file)]


def points_of(row, ends):
    """{"hip_left": …} of the columns l_hip_x …."""
    return {f"{joint}_{side}": tuple(row[f"{side[0]}_{joint}_{end}"] for end in ends)
            for joint in ("hip", "knee", "ankle") for side in SIDES}


def direction(vector, inward):
    """Angle of VECTOR against straight down in the frontal plane, positive when it goes inward;
    None when too little of it lies in that plane."""
    across, down = dot(vector, inward), -vector[1]
    if math.hypot(across, down) < LEAST_PROJECTED * length(vector):
        return None
    return math.degrees(math.atan2(across, down))


def leg_angles(points, camera_at):
    """thigh_*, fppa_* and yaw of one frame."""
    angles = {}
    to_left = sub(points["hip_left"], points["hip_right"])
    to_left = (to_left[0], 0.0, to_left[2])
    for side, sign in (("left", -1), ("right", 1)):
        hip, knee, ankle = (points[f"{joint}_{side}"] for joint in ("hip", "knee", "ankle"))
        thigh = sub(hip, knee)
        angles[f"thigh_{side}"] = math.degrees(math.asin(thigh[1] / length(thigh)))
        inward = tuple(sign * x / length(to_left) for x in to_left)
        upper, lower = direction(sub(knee, hip), inward), direction(sub(ankle, knee), inward)
        angles[f"fppa_{side}"] = None if upper is None or lower is None else wrapped(upper - lower)
    angles["yaw"] = None
    if camera_at is not None:
        to_camera = sub(camera_at, middle(points["hip_left"], points["hip_right"]))
        forward = cross(to_left, (0.0, 1.0, 0.0))
        angles["yaw"] = math.degrees(math.atan2(dot(to_camera, to_left), dot(to_camera, forward)))
    return angles


class Camera:
    """Found from points in metres and in pixels: direct linear transformation."""

    def __init__(self, metres, pixels):
        # The normal equations want numbers of like size.
        centre = tuple(sum(p[axis] for p in metres) / len(metres) for axis in range(3))
        middle_px = tuple(sum(p[axis] for p in pixels) / len(pixels) for axis in range(2))
        scale = 300.0
        normal = [[0.0] * 11 for _ in range(11)]
        right = [0.0] * 11
        for point, pixel in zip(metres, pixels):
            x, y, z = sub(point, centre)
            for axis in range(2):
                value = (pixel[axis] - middle_px[axis]) / scale
                row = [0.0] * 8 + [-value * x, -value * y, -value * z]
                row[4 * axis:4 * axis + 4] = [x, y, z, 1.0]
                for i in range(11):
                    if row[i]:
                        right[i] += row[i] * value
                        for j in range(11):
                            normal[i][j] += row[i] * row[j]
        p = solve(normal, right) + [1.0]
        third = p[8:12]
        rows = [[scale * p[4 * axis + i] + middle_px[axis] * third[i] for i in range(4)]
                for axis in range(2)] + [third]
        # So that the third row gives the distance along the axis, in metres, in front positive.
        size = length(third[:3])
        if dot(third[:3], sub(metres[0], centre)) + third[3] < 0:
            size = -size
        self.rows = [[value / size for value in row] for row in rows]
        self.centre = centre
        axis = self.rows[2][:3]
        self.focal_px = (length(cross(self.rows[0][:3], axis))
                         + length(cross(self.rows[1][:3], axis))) / 2
        self.at = tuple(a + b for a, b in zip(
            solve([row[:3] for row in self.rows], [-row[3] for row in self.rows]), centre))
        self.pitch_deg = math.degrees(math.asin(-axis[1]))
        # The picture's x axis, level for a camera that is not turned.
        across = cross(self.rows[1][:3], axis)
        self.roll_deg = -math.degrees(math.asin(across[1] / length(across)))

    def depth(self, point):
        return dot(self.rows[2][:3], sub(point, self.centre)) + self.rows[2][3]


def recorded(clip):
    in_metres, in_pixels, lag_s = MOCAP[clip.name]
    rows = table(in_metres)
    metres = [points_of(row, "xyz") for row in rows]
    camera = None
    if in_pixels:
        pixels = [points_of(row, ("px", "py")) for row in table(in_pixels)]
        camera = Camera([p for frame in metres[::8] for p in frame.values()],
                        [p for frame in pixels[::8] for p in frame.values()])
    frames = [leg_angles(points, camera.at if camera else None) for points in metres]
    angles = {name: [frame[name] for frame in frames] for name in frames[0]}
    angles["lean"] = [None] * len(rows)
    for side in SIDES:
        angles[f"knee_flexion_{side}"] = [row[f"knee_flex_{side[0]}_deg"] for row in rows]
    words = clip.view.split()
    motion = Motion([row["time_s"] + lag_s for row in rows], both(angles), [],
                    words[0].rstrip(",") if words else None)
    bottoms = sorted(clip.bottoms)
    for n, bottom in enumerate(bottoms):
        before = bottoms[n - 1] if n > 0 else motion.times_s[0]
        after = bottoms[n + 1] if n + 1 < len(bottoms) else motion.times_s[-1]
        rep = rep_around(motion, before, bottom, after)
        if rep is not None:
            motion.reps.append(rep)
    standing = metres[nearest(angles["flexion"], 0.0)]
    leg_m = sum(length(sub(standing[a + side], standing[b + side])) / 2 for side in SIDES
                for a, b in (("hip_", "knee_"), ("knee_", "ankle_")))
    complete_reps(motion, [middle(p["hip_left"], p["hip_right"])[1] for p in metres], leg_m)
    if camera:
        motion.size = MOCAP_SIZE
        motion.camera = {"focal": camera.focal_px, "pitch": camera.pitch_deg,
                         "roll": camera.roll_deg}
        motion.joints = []
        for there, seen in zip(metres, pixels):
            known = weak_perspective([seen[joint] for joint in JOINTS[:6]],
                                     [camera.depth(there[joint]) for joint in JOINTS[:6]],
                                     camera.focal_px)
            motion.joints.append(known + [None] * (len(JOINTS) - 6))
    return motion


def rep_around(motion, before_s, bottom_s, after_s):
    """The repetition with its bottom near BOTTOM_S, between those of its neighbours; None when the
    reference does not have all of it."""
    times, flexion = motion.times_s, motion.angles["flexion"]
    inside = [i for i, t in enumerate(times) if before_s <= t <= after_s]
    around = [i for i in inside if abs(times[i] - bottom_s) <= clips.WITHIN_S]
    if not around:
        return None
    deepest = max(around, key=lambda i: flexion[i])
    top, last = flexion[deepest], len(inside) - 1
    at = inside.index(deepest)
    rest = min(flexion[i] for i in inside[:at + 1])
    lockout = min(flexion[i] for i in inside[at:])
    start = into = out = end = at
    while start > 0 and flexion[inside[start]] >= rest + PHASE_DEG:
        start -= 1
    while into > 0 and flexion[inside[into - 1]] > top - PHASE_DEG:
        into -= 1
    while out < last and flexion[inside[out + 1]] > top - PHASE_DEG:
        out += 1
    while end < last and flexion[inside[end]] >= lockout + PHASE_DEG:
        end += 1
    if top - max(rest, lockout) < 4 * PHASE_DEG:
        return None
    t = [times[inside[i]] for i in (start, into, out, end)]
    bottom = inside[(into + out) // 2]
    rep = {
        "counted": True, "faults": [], "bottom_s": times[bottom],
        "max_flexion_deg": top, "lockout_deg": lockout,
        "thigh_inclination_bottom_deg": motion.angles["thigh"][bottom],
        "onset5_s": t[0], "bottom_in5_s": t[1], "bottom_out5_s": t[2], "lockout5_s": t[3],
        "eccentric5_s": t[1] - t[0], "pause5_s": t[2] - t[1], "concentric5_s": t[3] - t[2],
    }
    for side in SIDES:
        bend, fppa = motion.angles[f"knee_flexion_{side}"], motion.angles[f"fppa_{side}"]
        for name, part in (("", inside[start:end + 1]), ("down_", inside[start:at + 1]),
                           ("up_", inside[at:end + 1])):
            values = [fppa[i] for i in part if fppa[i] is not None and 30 <= bend[i] <= 60]
            rep[f"fppa_30_60_{name}{side}_deg"] = sum(values) / len(values) if values else None
    return rep


def motion_of(clip):
    """The clip's Motion, or None."""
    if clip.truth:
        return rendered(clip.truth)
    if clip.name in MOCAP and os.path.exists(
            os.path.join(clips.SHARED, "mocap", MOCAP[clip.name][0])):
        return recorded(clip)
    return None


# --- True joints as a table ---------------------------------------------------------------------


def write_joints(motion, path, depth_sigma):
    """As teardrop-cli analyze --poses would, every score 1."""
    width, height = motion.size
    columns = ["t_s"] + [f"{joint}_{part}" for joint in JOINTS
                         for part in ("x", "y", "z", "score")]
    with open(path, "w", encoding="utf-8") as file:
        file.write(",".join(columns + ["frame_width", "frame_height", "depth_sigma"]) + "\n")
        for t, joints in zip(motion.times_s, motion.joints):
            fields = [f"{t:.9f}"]
            for joint in joints or [None] * len(JOINTS):
                fields.append(",,," if joint is None else "%.6g,%.6g,%.6g,1" % joint)
            sigma = f"{depth_sigma:g}" if joints else ""
            file.write(",".join(fields) + f",{width},{height},{sigma}\n")
