"""How good a network is: beside other networks on real clips, and against reference motion and rendered truth.

Real clips only measure. They, the rival networks and the reference motion lie in a folder beside the project; what is
absent is left out with a note.

Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0
"""
import configparser
import glob
import importlib
import json
import os
import sys
import time
from dataclasses import dataclass, field
from typing import Any, Callable, Dict, Iterator, List, Optional, Sequence, Tuple

import cv2
import numpy as np

from . import halves

# Hips, knees and ankles, left and right in turn.
LEGS = ["hip_left", "hip_right", "knee_left", "knee_right", "ankle_left", "ankle_right"]
LEAST_YARDSTICK_SCORE = 0.3
Frame = np.ndarray
Box = Tuple[float, float, float, float]  # x, y, width, height


@dataclass
class Rival:
    """A way from a frame and a box to the six leg joints, rows x, y, score."""

    name: str
    legs: Callable[[Frame, Box], np.ndarray]
    times: List[float] = field(default_factory=list)

    def timed(self, frame: Frame, box: Box) -> np.ndarray:
        start = time.perf_counter()
        joints = self.legs(frame, box)
        self.times.append((time.perf_counter() - start) * 1e3)
        return joints


class Model:
    """A model folder, run by OpenCV as the program's slower back end does."""

    def __init__(self, folder: str):
        ini = configparser.ConfigParser()
        if not ini.read(os.path.join(folder, "model.ini")):
            raise SystemExit(f"{folder}: no model.ini")
        self.height, self.width = [int(v) for v in ini["input"]["shape"].split()[2:]]
        self.mean, self.deviation = (np.array([float(v) for v in ini["input"][k].split()], np.float32)
                                     for k in ("mean", "std"))
        self.stride = int(ini["output"]["stride"])
        self.spread = float(ini["output"].get("spread", "1.7"))
        self.outputs = [ini["output"]["heat"]] + ([ini["output"]["depth"]] if "depth" in ini["output"] else [])
        self.depth_scale = float(ini["output"].get("depth_scale", "1"))
        self.to_knee = [float(ini["output"].get(key, "0")) for key in ("hip_to_knee", "ankle_to_knee")]
        self.margin = float(ini["crop"]["margin"])
        self.joints = ini["output"]["joints"].split()
        pairs = [float(v) for v in ini["output"].get("scores", "0 0 1 1").split()]
        self.scores = list(zip(pairs[::2], pairs[1::2]))  # what the network's own scores mean
        self.name = f"{ini['model']['name']} {ini['model']['version']}"
        self.net = cv2.dnn.readNetFromONNX(halves.for_opencv(os.path.join(folder, "model.onnx")))

    def maps(self, crop: Frame) -> List[np.ndarray]:
        x = (crop[:, :, ::-1].astype(np.float32) - self.mean) / self.deviation
        self.net.setInput(np.ascontiguousarray(x.transpose(2, 0, 1)[None]))
        return [m[0] for m in self.net.forward(self.outputs)]

    def estimate(self, frame: Frame, box: Box) -> np.ndarray:
        """Joints x (x, y, score, z), in pixels of the frame."""
        x, y, w, h = box
        scale = self.height / (max(h, w * self.height / self.width) * self.margin)
        move = np.array([self.width / 2, self.height / 2]) - scale * np.array([x + w / 2, y + h / 2])
        matrix = np.array([[scale, 0, move[0] + 0.5 * scale - 0.5], [0, scale, move[1] + 0.5 * scale - 0.5]])
        crop = cv2.warpAffine(frame, matrix, (self.width, self.height), flags=cv2.INTER_LINEAR,
                              borderValue=(114, 114, 114))
        maps = self.maps(crop)
        places, cells = decode(maps[0], self.spread)
        result = np.zeros((len(places), 4))
        result[:, :2] = ((places[:, :2] + 0.5) * self.stride - move) / scale
        result[:, 2] = places[:, 2]
        if len(maps) > 1:
            result[:, 3] = maps[1].reshape(len(places), -1)[np.arange(len(places)), cells]
            result[:, 3] *= self.depth_scale / scale
        return result

    def legs(self, frame: Frame, box: Box) -> np.ndarray:
        joints = self.estimate(frame, box)
        return moved_to_knees(joints[[self.joints.index(n) for n in LEGS], :3], self.to_knee)


def decode(heat: np.ndarray, spread: float) -> Tuple[np.ndarray, np.ndarray]:
    """The program's decoding in cells: the highest, then a round window that settles on the hill's middle."""
    joints, height, width = heat.shape
    cells = heat.reshape(joints, -1).argmax(1)
    out = np.zeros((joints, 3))
    reach = int(np.ceil(2.5 * spread))
    for j in range(joints):
        cy, cx = divmod(int(cells[j]), width)
        x, y = float(cx), float(cy)
        for _ in range(3):
            x0, x1 = max(round(x) - reach, 0), min(round(x) + reach, width - 1)
            y0, y1 = max(round(y) - reach, 0), min(round(y) + reach, height - 1)
            i, k = np.arange(x0, x1 + 1), np.arange(y0, y1 + 1)
            window = np.maximum(heat[j, y0:y1 + 1, x0:x1 + 1], 0)
            window = window * np.exp(-0.5 * ((i - x) / spread) ** 2)
            window = window * np.exp(-0.5 * ((k - y) / spread) ** 2)[:, None]
            total = window.sum()
            if total < 1e-6:
                break
            x = float(np.clip(x + 2 * ((window * i).sum() / total - x), cx - 1, cx + 1))
            y = float(np.clip(y + 2 * ((window * k[:, None]).sum() / total - y), cy - 1, cy + 1))
        out[j] = x, y, np.clip(heat[j, cy, cx], 0, 1)
    return out, cells


def frames_of(path: str, wanted: int) -> Iterator[Tuple[int, Frame]]:
    """WANTED frames, evenly spaced, with their numbers. Counted by decoding: containers often say a wrong length."""
    count, video = 0, cv2.VideoCapture(path)
    while video.grab():
        count += 1
    chosen = set(np.linspace(0, count - 1, min(wanted, count)).astype(int).tolist()) if count else set()
    video = cv2.VideoCapture(path)
    for number in range(count):
        if not video.grab():
            return
        if number in chosen:
            good, frame = video.retrieve()
            if good:
                yield number, frame


# --- Against other networks --------------------------------------------------------------------------------------


def load_peer(shared: str, name: str) -> Any:
    folder = os.path.join(shared, "peers")
    if folder not in sys.path:
        sys.path.insert(0, folder)
    try:
        return importlib.import_module(f"run_{name}")
    except (ImportError, cv2.error) as error:
        print(f"{name} is left out: {error}", file=sys.stderr)
        return None


def peer_legs(module: Any) -> Callable[[Frame, Box], np.ndarray]:
    rows = [module.KEYPOINTS.index("_".join(reversed(n.split("_")))) for n in LEGS]
    return lambda frame, box: np.asarray(module.infer(frame, box))[rows]


def yardstick_of(ensemble: Any, frame: Frame) -> Tuple[np.ndarray, Box]:
    """The ensemble's legs, and the box of all its joints, from two looks."""
    box = None
    for _ in range(2):
        joints = np.asarray(ensemble.infer(frame, box))
        sure = joints[joints[:, 2] > LEAST_YARDSTICK_SCORE]
        if len(sure) < 4:
            sure = joints
        low, high = sure[:, :2].min(0), sure[:, :2].max(0)
        box = (low[0], low[1], max(high[0] - low[0], 8), max(high[1] - low[1], 8))
    rows = [ensemble.KEYPOINTS.index("_".join(reversed(n.split("_")))) for n in LEGS]
    return joints[rows], box


def yardstick(shared: str, clip: str, frames: int, cache: str, ensemble: Any) -> Dict[int, Tuple[np.ndarray, Box]]:
    """Kept in CACHE: it takes a second a frame."""
    path = os.path.join(cache, f"{os.path.basename(clip)}.{frames}.npz")
    if os.path.isfile(path):
        kept = np.load(path)
        return {int(n): (l, tuple(b)) for n, l, b in zip(kept["number"], kept["legs"], kept["box"])}
    found = {n: yardstick_of(ensemble, f) for n, f in frames_of(clip, frames)}
    os.makedirs(cache, exist_ok=True)
    np.savez(path, number=list(found), legs=[v[0] for v in found.values()], box=[v[1] for v in found.values()])
    return found


SHARES = (0.1, 0.05)  # of the box: what counts as right
TELLABLE = 0.1        # of the box: knees nearer to each other say little about sides


@dataclass
class Tally:
    """Of one network on one clip. A frame's sides are forgiven by taking all of its left joints for right ones, or not,
    whichever gives more that are right."""

    joints: int = 0
    right: List[int] = field(default_factory=lambda: [0] * len(SHARES))
    forgiven: List[int] = field(default_factory=lambda: [0] * len(SHARES))
    frames: int = 0     # whose knees and ankles are known
    tellable: int = 0   # and whose knees are apart
    swapped: int = 0    # of these

    def add(self, found: np.ndarray, truth: np.ndarray, box: Box) -> None:
        size = np.sqrt(box[2] * box[3])
        crossed = found[[1, 0, 3, 2, 5, 4]]
        sure = truth[:, 2] > LEAST_YARDSTICK_SCORE
        plain, other = (np.hypot(*(f[:, :2] - truth[:, :2]).T) / size for f in (found, crossed))
        self.joints += int(sure.sum())
        for i, share in enumerate(SHARES):
            right, exchanged = (int((error[sure] < share).sum()) for error in (plain, other))
            self.right[i] += right
            self.forgiven[i] += max(right, exchanged)
        if sure[2:].all():
            self.frames += 1
            if np.hypot(*(truth[2, :2] - truth[3, :2])) / size > TELLABLE:
                self.tellable += 1
                self.swapped += bool(other[2:].sum() < 0.5 * plain[2:].sum())

    def cell(self) -> str:
        """As the table's heading says."""
        percent = lambda part, whole: f"{100 * part / whole:.1f}" if whole else "–"
        shares = [f"{percent(r, self.joints)} ({percent(f, self.joints)})" for r, f in zip(self.right, self.forgiven)]
        return " · ".join(shares + [f"{percent(self.swapped, self.frames)} ({percent(self.swapped, self.tellable)})"])


HEADING = (
    "Hips, knees and ankles within 10 % and 5 % of the root of the box's area, in brackets with sides forgiven (one exchange of "
    "both whole legs a frame, where it gives more) · frames whose knees and ankles fit less than half as badly when left and "
    "right are exchanged, in brackets of the frames whose knees lie more than a tenth of the box apart, as only these can show it.")


Conventions = Tuple[float, float]
Judged = Tuple[np.ndarray, np.ndarray, Box]  # found, the yardstick's, the box


def conventions(judged: Sequence[Judged]) -> Conventions:
    """How far the yardstick has hips from a network's own towards the knees, over the thigh's length, and ankles, over the
    shank's: medians. A network that means another point by a hip or an ankle is off by the same in every frame."""
    parts: List[List[float]] = [[], []]
    for found, truth, _ in judged:
        for i, (end, knee) in enumerate(((0, 2), (1, 3), (4, 2), (5, 3))):
            bone, off = found[knee, :2] - found[end, :2], truth[end, :2] - found[end, :2]
            length = float(bone @ bone)
            if length > 0 and min(truth[end, 2], truth[knee, 2]) > LEAST_YARDSTICK_SCORE:
                parts[i // 2].append(float(off @ bone) / length)
    hips, ankles = (float(np.median(p)) if p else 0.0 for p in parts)
    return hips, ankles


def moved_to_knees(found: np.ndarray, parts: Conventions) -> np.ndarray:
    """Hips and ankles moved towards the knees by PARTS of the thigh and of the shank. The knees' angles stay as they are."""
    moved = found.copy()
    for share, ends in zip(parts, ((0, 1), (4, 5))):
        moved[list(ends), :2] += share * (found[2:4, :2] - found[list(ends), :2])
    return moved


def mirror(frame: Frame, legs: np.ndarray, box: Box) -> Tuple[Frame, np.ndarray, Box]:
    """What the same person would be in a mirror: right is left."""
    width = frame.shape[1]
    turned = legs[[1, 0, 3, 2, 5, 4]]
    turned[:, 0] = width - 1 - turned[:, 0]
    return np.ascontiguousarray(frame[:, ::-1]), turned, (width - 1 - box[0] - box[2], *box[1:])


def compare(shared: str, models: List[Model], frames: int, cache: str, say: Callable[[str], None],
            names: Optional[List[str]] = None, mirrored: bool = False) -> None:
    """MIRRORED: all frames in a mirror. Where something was chosen by how well it does as they are, this tells better how
    well it does."""
    ensemble = load_peer(shared, "tinypose_ens")
    clips = sorted(glob.glob(os.path.join(shared, "clips", "*.m[op][4v]")))
    clips = [c for c in clips if not names or any(n in c for n in names)]
    if ensemble is None or not clips:
        say("The comparison on real clips is left out: no peers or clips in " + shared)
        return
    rivals = [Rival(m.name, m.legs) for m in models]
    for name, title in (("movenet_lightning", "MoveNet Lightning"), ("blazepose_lite", "BlazePose Lite")):
        module = load_peer(shared, name)
        if module is not None:
            rivals.append(Rival(title, peer_legs(module)))
    tallies: Dict[Tuple[str, str], Tally] = {}
    judged: Dict[str, List[Judged]] = {}
    for clip in clips:
        truth = yardstick(shared, clip, frames, cache, ensemble)
        for number, frame in frames_of(clip, frames):
            if number not in truth:
                continue
            legs, box = truth[number]
            if (legs[:, 2] > LEAST_YARDSTICK_SCORE).sum() < 3:
                continue
            if mirrored:
                frame, legs, box = mirror(frame, legs, box)
            for rival in rivals:
                found = rival.timed(frame, box)
                judged.setdefault(rival.name, []).append((found, legs, box))
                for key in (os.path.basename(clip), "all"):
                    tallies.setdefault((rival.name, key), Tally()).add(found, legs, box)
    say(HEADING)
    say("")
    say("| clip | " + " | ".join(r.name for r in rivals) + " |")
    say("|---|" + "---|" * len(rivals))
    for key in [os.path.basename(c) for c in clips] + ["all"]:
        cells = []
        for rival in rivals:
            tally = tallies.get((rival.name, key))
            cells.append("" if tally is None else tally.cell())
        say(f"| {key[:28]} | " + " | ".join(cells) + " |")
    cells = []
    for rival in rivals:
        theirs, tally = conventions(judged[rival.name]), Tally()
        for found, legs, box in judged[rival.name]:
            tally.add(moved_to_knees(found, theirs), legs, box)
        cells.append(f"{tally.cell()} · {theirs[0]:+.3f}, {theirs[1]:+.3f}")
    say("| all, hips and ankles where the yardstick has them: moved to the knees by, bone lengths | " + " | ".join(cells) + " |")
    say("| ms a frame, OpenCV | " + " | ".join(f"{np.median(r.times):.1f}" for r in rivals) + " |")


# Clips whose joints two calibrated cameras saw (mocap/README.md there); the videos lag that motion.
CAMERAS = [("02_opencapoverlay_cam0.mov", "squat_cam0_truth2d.csv"), ("61_neg_walk_overlay_cam0.mov", "walk_cam0_truth2d.csv")]
VIDEO_LATE_S = 0.06


def against_cameras(shared: str, models: List[Model], frames: int, cache: str, say: Callable[[str], None]) -> None:
    """Joints in the picture against two calibrated cameras. The crops are the yardstick's."""
    ensemble = load_peer(shared, "tinypose_ens")
    rows: List[str] = []
    for name, csv in CAMERAS:
        clip, motion = os.path.join(shared, "clips", name), os.path.join(shared, "mocap", csv)
        if ensemble is None or not (os.path.isfile(clip) and os.path.isfile(motion)):
            continue
        truth = np.genfromtxt(motion, delimiter=",", names=True)
        column = lambda joint, axis: truth[f"{joint.split('_')[1][0]}_{joint.split('_')[0]}_p{axis}"]
        track = np.stack([np.stack([column(joint, axis) for axis in "xy"], 1) for joint in LEGS], 1)
        bones = np.linalg.norm(track[:, 2:] - track[:, :-2], axis=2)
        leg = np.percentile(bones[:, :2] + bones[:, 2:], 95)
        rate, boxes = cv2.VideoCapture(clip).get(cv2.CAP_PROP_FPS), yardstick(shared, clip, frames, cache, ensemble)
        errors: Dict[str, List[np.ndarray]] = {}
        for number, frame in frames_of(clip, frames):
            at = number / rate - VIDEO_LATE_S
            if number not in boxes or not truth["time_s"][0] <= at <= truth["time_s"][-1]:
                continue
            goal = np.array([[np.interp(at, truth["time_s"], track[:, j, k]) for k in (0, 1)] for j in range(len(LEGS))])
            for model in models:
                found = model.legs(frame, boxes[number][1])[:, :2]
                errors.setdefault(model.name, []).append((found - goal) / leg)
        for model_name, differences in errors.items():
            every = np.linalg.norm(differences, axis=2)
            lower = [f"{100 * np.median(np.array(differences)[:, j:j + 2, 1]):+.1f}" for j in (0, 2, 4)]
            rows.append(f"| {model_name}, {name.split('_')[0]} | {len(differences)} | {100 * np.median(every):.1f} % | "
                        f"{100 * (every < 0.05).mean():.1f} % | {100 * (every < 0.1).mean():.1f} % | {', '.join(lower)} |")
    if not rows:
        return
    say("")
    say("Hips, knees and ankles in the picture against two cameras, error over the leg's length; hips, knees, ankles too low by, %")
    say("")
    say("| network, clip | frames | median | within 5 % | within 10 % | too low |")
    say("|---|---|---|---|---|---|")
    for row in rows:
        say(row)


def jitter(shared: str, models: List[Model], cache: str, say: Callable[[str], None], frames: int = 60) -> None:
    """A standing person: how far joints jump from frame to frame, in parts of the box."""
    path = os.path.join(shared, "clips", "02_opencapoverlay_cam0.mov")
    ensemble = load_peer(shared, "tinypose_ens")
    if ensemble is None or not os.path.isfile(path):
        return
    video, shown = cv2.VideoCapture(path), []
    while len(shown) < frames:
        good, frame = video.read()
        if not good:
            break
        shown.append(frame)
    box = yardstick_of(ensemble, shown[0])[1]
    say("")
    say("Jitter of a standing person: the legs' second differences, thousandths of the box (median)")
    say("")
    for model in models:
        track = np.stack([model.legs(f, box)[:, :2] for f in shown])
        jump = np.linalg.norm(np.diff(track, 2, axis=0), axis=2) / np.sqrt(box[2] * box[3])
        say(f"- {model.name}: {1000 * np.median(jump):.2f}")


# --- Angles, as the program measures them ------------------------------------------------------------------------

DEPTHS = {"<20": "< 20°", "20-80": "20–80°", ">80": "> 80°", "all depths": "all"}
MEASURES = {"thigh inclination": "thigh inclination", "FPPA, both, 30-60 deg": "FPPA, knees at 30–60°",
            "FPPA, both, at the bottom": "FPPA at the bottom"}
GROUPS = {"01_opencapviz_oblique_lab": "against markers, oblique", "02_opencapoverlay_cam0": "against two cameras, front",
          "rendered": "rendered clips"}
VIEWS = ("all views", "front", "oblique", "side", "back")


def angles(path: str, say: Callable[[str], None]) -> None:
    """From what tests/clips/evaluate --json wrote to PATH."""
    with open(path, encoding="utf-8") as file:
        read = json.load(file)
    numbers, totals = read["numbers"], read["totals"]
    rows = [(group, view, text + (f", {view}" if group == "rendered" else ""))
            for group, text in GROUPS.items() for view in (VIEWS if group == "rendered" else VIEWS[:1])]

    def cell(group: str, measure: str, view: str, depth: str) -> str:
        name = f"frames/{group}/{measure}/{view}/{depth}"
        if name + "/mae" not in numbers:
            return "–"
        return f"{numbers[name + '/mae'][0]:.1f} ({numbers[name + '/bias'][0]:+.1f})"

    def table(heading: str, columns: Dict[str, Tuple[str, str]]) -> None:
        say("")
        say(f"| {heading} | " + " | ".join(columns) + " |")
        say("|---|" + "---|" * len(columns))
        for group, view, text in rows:
            cells = [cell(group, measure, view, depth) for measure, depth in columns.values()]
            if set(cells) != {"–"}:
                say(f"| {text} | " + " | ".join(cells) + " |")

    say("")
    say("Angles as the program measures them, mean absolute error (bias) in degrees. `tests/clips/evaluate`.")
    table("flexion, both knees", {text: ("flexion, both knees", depth) for depth, text in DEPTHS.items()})
    table("at all depths", {text: (measure, "all depths") for measure, text in MEASURES.items()})
    say("")
    say(f"Squats counted: {totals['exact']} of {totals['positives']} clips exactly; {totals['phantoms_in_negatives']} phantoms in "
        f"{totals['negatives']} clips without squats.")
