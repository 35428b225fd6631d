"""A random human body from MakeHuman's shapes: mesh, skeleton, skinning, joints.

Metres, y up; at rest the body stands at the origin and faces +z, +x is its left. In the base mesh, before it is
scaled, units are decimetres.

Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0
"""
from dataclasses import dataclass
from typing import Dict, List, Tuple

import numpy as np

from .assets import Assets
from .rotations import quaternions, turn, unit

N_SKIN = 13380  # vertices of the body itself; the rest of the base mesh helps to fit clothes
# Every joint that labels are made for, the network's own first.
LABELLED = [
    "hip_left", "hip_right", "knee_left", "knee_right", "ankle_left", "ankle_right", "heel_left", "heel_right",
    "toe_left", "toe_right", "shoulder_left", "shoulder_right", "elbow_left", "elbow_right", "wrist_left",
    "wrist_right", "nose", "head_top", "ear_left", "ear_right", "neck",
]
SIDES = (("L", "left", 1), ("R", "right", -1))
# MakeHuman's thighs turn about points too far back and apart: .053 of the stature behind the front of the iliac spines and
# .121 from each other. Femoral heads are 22 % of the spines' distance behind them (Bell, Pedersen and Brand, J. Biomech. 23,
# 1990; the spines .14 of the stature apart), .031, and .10 to .11 apart. With the rig's own points a leg that looks straight
# has 8 degrees of flexion between the joint centres; people measured with markers have 4.
HIP_FORWARD, HIP_INWARD = 0.022, 0.007


class Skeleton:
    """The bones' names and tree, the same for everybody."""

    def __init__(self, assets: Assets):
        self.names: List[str] = [str(b) for b in assets.base["bones"]]
        self.parent: List[int] = [int(p) for p in assets.base["parent"]]
        self.index: Dict[str, int] = {b: i for i, b in enumerate(self.names)}

    def __len__(self) -> int:
        return len(self.names)


@dataclass
class Traits:
    """Sliders from 0 to 1, but for age in years and stature in metres."""

    sex: float        # 1: male
    age: float
    muscle: float
    weight: float
    height: float
    proportions: float
    race: np.ndarray  # shares of three
    cup: float
    firmness: float
    stature: float


def random_traits(rng: np.random.Generator) -> Traits:
    u, n = rng.uniform, rng.normal
    sex = float(np.clip(rng.integers(2) + n(0, 0.12), 0, 1))
    child = u() < 0.05
    age = float(u(9, 18)) if child else float(np.clip(18 + rng.gamma(1.6, 12), 18, 82))
    grown = 1.63 + 0.13 * sex
    stature = 1.3 + (grown - 1.3) * (age - 9) / 9 if child else grown
    return Traits(
        sex=sex, age=age, muscle=float(np.clip(n(0.58, 0.2), 0.1, 1)), weight=float(np.clip(n(0.52, 0.2), 0.1, 1)),
        height=float(u(0.3, 0.7)), proportions=float(u(0.3, 0.9)), race=rng.dirichlet([0.6, 0.6, 0.6]),
        cup=float(u(0.25, 0.7)), firmness=float(u(0.3, 0.8)),
        stature=float(np.clip(n(stature, 0.07), 1.2, 2.0)))


def _slider(x: float, names: Tuple[str, str, str]) -> Dict[str, float]:
    """MakeHuman's slider: least, middle, most."""
    low, high = max(0.0, 1 - 2 * x), max(0.0, 2 * x - 1)
    return dict(zip(names, (low, 1 - low - high, high)))


def _ages(age: float) -> Dict[str, float]:
    a = 0.5 * (age - 1) / 24 if age < 25 else 0.5 + 0.5 * (age - 25) / 65
    if a >= 0.5:
        return {"young": 2 - 2 * a, "old": 2 * a - 1}
    young = max(0.0, (a - 0.1875) * 3.2)
    return {"young": young, "child": max(0.0, min(1.0, 5.333 * a) - young)}


def _macro_targets(t: Traits) -> Dict[str, float]:
    """MakeHuman's main shapes and how much of each."""
    out: Dict[str, float] = {}
    muscles = _slider(t.muscle, ("minmuscle", "averagemuscle", "maxmuscle"))
    weights = _slider(t.weight, ("minweight", "averageweight", "maxweight"))
    heights = _slider(t.height, ("minheight", "", "maxheight"))
    proportions = _slider(t.proportions, ("uncommonproportions", "", "idealproportions"))
    cups = _slider(t.cup, ("mincup", "averagecup", "maxcup"))
    firm = _slider(t.firmness, ("minfirmness", "averagefirmness", "maxfirmness"))
    for sex, of_sex in (("male", t.sex), ("female", 1 - t.sex)):
        for age, of_age in _ages(t.age).items():
            for race, of_race in zip(("caucasian", "asian", "african"), t.race):
                out[f"macrodetails/{race}-{sex}-{age}"] = of_race * of_sex * of_age
            for muscle, of_muscle in muscles.items():
                for weight, of_weight in weights.items():
                    k = of_sex * of_age * of_muscle * of_weight
                    if k < 1e-3:
                        continue
                    kind = f"{sex}-{age}-{muscle}-{weight}"
                    out["macrodetails/universal-" + kind] = k
                    for name, v in heights.items():
                        out[f"macrodetails/height/{kind}-{name}"] = k * v
                    for name, v in proportions.items():
                        out[f"macrodetails/proportions/{kind}-{name}"] = k * v
                    if sex == "female" and age != "child":
                        for cup, of_cup in cups.items():
                            for name, v in firm.items():
                                out[f"breast/female-{age}-{muscle}-{weight}-{cup}-{name}"] = k * of_cup * v
    return out


# Details, each with how far it may go.
DETAILS = {
    "measure/measure-upperleg-height": 0.3, "measure/measure-lowerleg-height": 0.3,
    "measure/measure-thigh-circ": 0.5, "measure/measure-calf-circ": 0.6, "measure/measure-hips-circ": 0.5,
    "measure/measure-waist-circ": 0.5, "measure/measure-shoulder-dist": 0.5,
    "measure/measure-upperarm-length": 0.4, "measure/measure-lowerarm-length": 0.4,
    "measure/measure-napetowaist-dist": 0.5, "measure/measure-bust-circ": 0.3,
    "measure/measure-upperarm-circ": 0.5, "measure/measure-neck-circ": 0.4, "buttocks/buttocks-volume": 0.8,
    "stomach/stomach-tone": 0.5, "hip/hip-scale-depth": 0.5, "hip/hip-scale-horiz": 0.5,
    "torso/torso-scale-depth": 0.4, "torso/torso-vshape": 0.5, "stomach/stomach-pregnant": 0.25,
}


def _shape(assets: Assets, traits: Traits, rng: np.random.Generator) -> np.ndarray:
    wanted = _macro_targets(traits)
    for name, most in DETAILS.items():
        x = float(np.clip(rng.normal(0, 0.6 * most), -most, most))
        wanted[name + ("-incr" if x > 0 else "-decr")] = abs(x)
    vertices = assets.base["V"].copy()
    t = assets.targets
    where = {str(n): i for i, n in enumerate(t["names"])}
    for name, part in wanted.items():
        i = where.get(name)
        if i is None or part < 1e-3:
            continue
        a, b = t["off"][i], t["off"][i + 1]
        vertices[t["idx"][a:b]] += t["d"][a:b].astype(np.float32) * np.float32(part)
    return vertices * np.float32(0.1)


@dataclass
class Placement:
    """Where each bone is: rotation from rest, and position of its head."""

    turns: np.ndarray      # bones x 3 x 3
    positions: np.ndarray  # bones x 3


class Body:
    """One person's shape at rest."""

    def __init__(self, assets: Assets, traits: Traits, rng: np.random.Generator):
        base = assets.base
        self.assets, self.traits, self.skeleton = assets, traits, Skeleton(assets)
        vertices = _shape(assets, traits, rng)
        skin = vertices[:N_SKIN, 1]
        vertices *= np.float32(traits.stature / (skin.max() - skin.min()))
        self.vertices = vertices
        self.size = traits.stature / 1.70
        middle = lambda name: vertices[base["J_" + name]].mean(0).astype(np.float64)
        self.rest = np.stack([middle(b) for b in self.skeleton.names])
        for s, _, sign in SIDES:
            at = self.skeleton.index["upperleg01." + s]
            self.rest[at] += np.array([-sign * HIP_INWARD, 0, HIP_FORWARD]) * traits.stature
        self.head_top = middle("head_top")
        self.knuckle = {s: middle("knuckle." + s) for s, _, _ in SIDES}
        self.weights = base["W"]
        self.landmark = {k[2:]: int(base[k]) for k in base if k.startswith("L_")}
        self.floor = float(skin.min())
        length = lambda a, b, s: float(np.linalg.norm(self.bone(a, s) - self.bone(b, s)))
        self.thigh = {s: length("lowerleg01", "upperleg01", s) for s, _, _ in SIDES}
        self.shank = {s: length("foot", "lowerleg01", s) for s, _, _ in SIDES}
        self.upper_arm = {s: length("lowerarm01", "upperarm01", s) for s, _, _ in SIDES}
        self.forearm = {s: length("wrist", "lowerarm01", s) for s, _, _ in SIDES}
        self.hip_width = float(self.bone("upperleg01", "L")[0] - self.bone("upperleg01", "R")[0])
        self.shoulder_width = float(self.bone("upperarm01", "L")[0] - self.bone("upperarm01", "R")[0])
        self.hips = 0.5 * (self.bone("upperleg01", "L") + self.bone("upperleg01", "R"))
        self.shoulders = 0.5 * (self.bone("upperarm01", "L") + self.bone("upperarm01", "R"))

    def bone(self, name: str, side: str = "") -> np.ndarray:
        return self.rest[self.skeleton.index[name + ("." + side if side else "")]]

    def _point(self, vertex: int, placed: Placement) -> np.ndarray:
        w, x = self.weights[vertex], self.vertices[vertex].astype(float)
        return sum(w[b] * (placed.turns[b] @ (x - self.rest[b]) + placed.positions[b]) for b in np.flatnonzero(w))

    def joints(self, placed: Placement) -> np.ndarray:
        """LABELLED x 3. Hips to wrists are joint centres; heel, toe, nose and ears are points of the skin."""
        index = self.skeleton.index
        found: Dict[str, np.ndarray] = {}
        for s, side, _ in SIDES:
            for joint, bone in (("hip", "upperleg01"), ("knee", "lowerleg01"), ("ankle", "foot"),
                                ("shoulder", "upperarm01"), ("elbow", "lowerarm01"), ("wrist", "wrist")):
                found[f"{joint}_{side}"] = placed.positions[index[f"{bone}.{s}"]]
            for joint, mark in (("heel", "heel_back"), ("toe", "bigtoe"), ("ear", "ear")):
                found[f"{joint}_{side}"] = self._point(self.landmark[f"{mark}.{s}"], placed)
        head = index["head"]
        found["head_top"] = placed.turns[head] @ (self.head_top - self.rest[head]) + placed.positions[head]
        found["nose"] = self._point(self.landmark["nose"], placed)
        found["neck"] = placed.positions[index["neck01"]]
        return np.stack([found[name] for name in LABELLED])

    def with_curled_fingers(self, amount: float) -> np.ndarray:
        """The vertices at rest, fingers open (0) to a fist (1)."""
        vertices, f = self.vertices.copy(), self.assets.fingers
        head = lambda key: self.vertices[f[key + "|head"]].mean(0).astype(float)
        for s, _, sign in SIDES:
            wrist = self.bone("wrist", s)
            palm = unit(np.cross(head(f"finger2-1.{s}") - wrist, head(f"finger5-1.{s}") - wrist)) * sign
            for finger in range(1, 6):
                angles = (70, 85, 60) if finger > 1 else (20, 30, 40)
                rotation, move = np.eye(3), np.zeros(3)
                for joint in range(3):
                    key = f"finger{finger}-{joint + 1}.{s}"
                    at, tip = head(key), self.vertices[f[key + "|tail"]].mean(0)
                    axis = unit(np.cross(unit(tip - at), palm))
                    further = turn(rotation @ axis, amount * angles[joint]) @ rotation
                    move = rotation @ at + move - further @ at
                    rotation = further
                    which, weight = f[key + "|idx"], f[key + "|w"]
                    x = self.vertices[which]
                    vertices[which] += weight[:, None] * (
                        x @ rotation.T.astype(np.float32) + move.astype(np.float32) - x)
        return vertices


# Between the two ways to bend a mesh: dual quaternions keep volume, blended matrices don't bulge.
LINEAR_SHARE = np.float32(0.35)


def _cross(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.stack([a[:, 1] * b[:, 2] - a[:, 2] * b[:, 1], a[:, 2] * b[:, 0] - a[:, 0] * b[:, 2],
                     a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]], 1)


def skin(body: Body, weights: np.ndarray, vertices: np.ndarray, normals: np.ndarray, placed: Placement
         ) -> Tuple[np.ndarray, np.ndarray]:
    """VERTICES and NORMALS at rest, bound to bones by WEIGHTS, as PLACED."""
    q = quaternions(placed.turns)
    for i, p in enumerate(body.skeleton.parent):
        if p >= 0 and q[i] @ q[p] < 0:
            q[i] = -q[i]
    t = placed.positions - np.einsum("bij,bj->bi", placed.turns, body.rest)
    w, x, y, z = q.T
    a, b, c = t.T
    dual = 0.5 * np.stack([-a * x - b * y - c * z, a * w + b * z - c * y, -a * z + b * w + c * x,
                           a * y - b * x + c * w], 1)
    blended = weights @ np.concatenate([q, dual, t, placed.turns.reshape(len(q), 9)], 1).astype(np.float32)
    scale = 1 / np.linalg.norm(blended[:, :4], axis=1, keepdims=True)
    real, dual = blended[:, :4] * scale, blended[:, 4:8] * scale
    w, v, dw, dv = real[:, :1], real[:, 1:], dual[:, :1], dual[:, 1:]
    turned = lambda p: p + 2 * _cross(v, _cross(v, p) + w * p)
    moved = turned(vertices) + 2 * (w * dv - dw * v + _cross(v, dv))
    linear = np.einsum("nij,nj->ni", blended[:, 11:20].reshape(-1, 3, 3), vertices) + blended[:, 8:11]
    return moved * (1 - LINEAR_SHARE) + linear * LINEAR_SHARE, turned(normals)


def heading(rotation: np.ndarray) -> np.ndarray:
    """Horizontal direction in which a body part looks."""
    left = rotation[:, 0]
    return unit(np.array([-left[2], 0, left[0]]))
