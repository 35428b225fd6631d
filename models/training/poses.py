"""From where pelvis, trunk, feet and hands are to where every bone is; and whether a body can do that.

Metres and degrees; the floor is y = 0, the person roughly faces +z and +x is its left.

Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0
"""
import math
from dataclasses import dataclass
from typing import Callable, Dict, Optional, Tuple

import numpy as np

from .body import N_SKIN, SIDES, Body, Placement, heading
from .rotations import (AHEAD, LEFT, UP, bend, between, cross, frame, least_turn, turn, turn_x, turn_y, turn_z, unit)

SIGN = {"L": 1, "R": -1}
OTHER = {"L": "R", "R": "L"}


class Impossible(Exception):
    """No body can take this pose; another one is drawn."""


@dataclass
class FootShape:
    """From the ankle at rest."""

    yaw: float
    height: float
    ball: np.ndarray
    heel: np.ndarray
    tip: np.ndarray


class Measures:
    """What poses need to know about a body."""

    def __init__(self, body: Body):
        self.body = body
        self.hip = {s: body.bone("upperleg01", s) - body.hips for s, _, _ in SIDES}
        self.trunk = float(np.linalg.norm(body.shoulders - body.hips))
        self.foot = {s: self._foot(s) for s, _, _ in SIDES}
        vertices = body.vertices[:N_SKIN].astype(float)
        knee = body.bone("lowerleg01", "L")
        near = (vertices[:, 0] > 0) & (np.abs(vertices[:, 1] - knee[1]) < 0.05 * body.size)
        self.knee_front = float(vertices[near, 2].max() - knee[2])
        bone = body.weights[:N_SKIN].argmax(1)
        index = body.skeleton.index
        seat = np.isin(bone, [index[b] for b in ("root", "pelvis.L", "pelvis.R", "upperleg01.L", "upperleg01.R")])
        # From the hip joints to what one sits on.
        self.seat = 0.8 * float(body.hips[2] - np.percentile(vertices[seat, 2], 3))
        self.spheres = _spheres(body, vertices, bone)

    def _foot(self, s: str) -> FootShape:
        body = self.body
        ankle, toe = body.bone("foot", s), body.bone("toe", s)
        heel, tip = (body.vertices[body.landmark[f"{m}.{s}"]].astype(float) for m in ("heel_back", "bigtoe"))
        on_floor = lambda p: np.array([p[0], body.floor, p[2]]) - ankle
        return FootShape(math.degrees(math.atan2(toe[0] - ankle[0], toe[2] - ankle[2])), ankle[1] - body.floor,
                         on_floor(toe), on_floor(heel + [0, 0, 0.01 * body.size]), on_floor(tip))


# --- Collisions: spheres along the limbs ---------------------------------------------------------------------------

# How deep two parts may press into each other, metres for a body of 1.70 m. Pairs of one limb are not compared.
OPPOSITE = {("thigh", "thigh"): 0.035, ("knee", "knee"): 0.016, ("thigh", "knee"): 0.022, ("shin", "shin"): 0.014,
            ("knee", "shin"): 0.014, ("thigh", "shin"): 0.02, ("foot", "foot"): 0.012, ("foot", "shin"): 0.014,
            ("arm", "arm"): 0.03, ("hand", "hand"): 0.055, ("arm", "hand"): 0.03}
ANY_SIDE = {("torso", "knee"): 0.055, ("torso", "thigh"): 0.10, ("head", "knee"): 0.01, ("head", "thigh"): 0.01,
            ("arm", "torso"): 0.045, ("arm", "head"): 0.045, ("arm", "thigh"): 0.03, ("arm", "knee"): 0.03,
            ("arm", "shin"): 0.022, ("hand", "torso"): 0.03, ("hand", "head"): 0.03, ("hand", "thigh"): 0.03,
            ("hand", "knee"): 0.03, ("hand", "shin"): 0.022}


@dataclass
class Spheres:
    bone: np.ndarray
    offset: np.ndarray
    pairs: np.ndarray   # 2 x pairs
    least: np.ndarray   # their distance


def _radius(places: np.ndarray, a: np.ndarray, b: np.ndarray, part: float) -> float:
    d = b - a
    along = (places - a) @ d / (d @ d)
    near = np.abs(along - part) < 0.13
    if near.sum() < 4:
        return 0.03
    return float(np.linalg.norm(places[near] - a - along[near, None] * d, axis=1).mean())


def _spheres(body: Body, vertices: np.ndarray, bone: np.ndarray) -> Spheres:
    index, found = body.skeleton.index, []  # kind, side, bone, place, radius
    # Kind, the bones whose skin counts, from, to, the bone that carries, where.
    limbs = (("thigh", ("upperleg01", "upperleg02"), "upperleg01", "lowerleg01", "upperleg02", (0.3, 0.5, 0.7)),
             ("knee", ("upperleg02", "lowerleg01"), "upperleg01", "lowerleg01", "upperleg02", (0.88, 1.0)),
             ("shin", ("lowerleg01", "lowerleg02"), "lowerleg01", "foot", "lowerleg01", (0.2, 0.4, 0.6, 0.85)),
             ("arm", ("upperarm01", "upperarm02"), "upperarm01", "lowerarm01", "upperarm02", (0.6, 0.85)),
             ("arm", ("lowerarm01", "lowerarm02"), "lowerarm01", "wrist", "lowerarm01", (0.15, 0.5, 0.85)))
    for s, _, _ in SIDES:
        for kind, bones, start, end, carrier, parts in limbs:
            places = vertices[np.isin(bone, [index[f"{b}.{s}"] for b in bones])]
            a, b = body.bone(start, s), body.bone(end, s)
            for part in parts:
                found.append((kind, s, f"{carrier}.{s}", a + (b - a) * part, _radius(places, a, b, part)))
        wrist = body.bone("wrist", s)
        found.append(("hand", s, f"wrist.{s}", wrist + 0.8 * (body.knuckle[s] - wrist), 0.033 * body.size))
        heel, toe = body.vertices[body.landmark[f"heel_back.{s}"]].astype(float), body.bone("toe", s)
        for part in (0.25, 0.85):
            place = heel + (toe - heel) * part
            place[1] = body.floor + 0.038 * body.size
            found.append(("foot", s, f"foot.{s}", place, 0.036 * body.size))
    trunk = [index[b] for b in body.skeleton.names if b.startswith(("root", "spine", "pelvis", "clavicle"))]
    places, rise = vertices[np.isin(bone, trunk)], body.shoulders[1] - body.hips[1]
    for part, carrier in ((0.06, "root"), (0.3, "spine05"), (0.52, "spine03"), (0.8, "spine02")):
        y = body.hips[1] + part * rise
        slab = places[np.abs(places[:, 1] - y) < 0.03 * body.size]
        if len(slab) < 4:
            continue
        wide = np.percentile(np.abs(slab[:, 0]), 96)
        back, front = np.percentile(slab[:, 2], [3, 97])
        radius = min((front - back) / 2, wide)
        for x in (-1, 0, 1):
            found.append(("torso", "", carrier, np.array([x * (wide - radius), y, (back + front) / 2]), radius))
    head = 0.42 * body.bone("head") + 0.58 * body.head_top
    found.append(("head", "", "head", head, 0.098 * body.size))
    pairs, least = [], []
    for i, a in enumerate(found):
        for j, b in enumerate(found[:i]):
            kinds = (a[0], b[0]), (b[0], a[0])
            tables = [ANY_SIDE] + ([OPPOSITE] if a[1] and b[1] and a[1] != b[1] else [])
            press = [t[k] for t in tables for k in kinds if k in t]
            distance = a[4] + b[4] - press[0] * body.size if press else 0
            if distance > 0:
                pairs.append((i, j))
                least.append(distance)
    bones = np.array([index[f[2]] for f in found])
    offsets = np.array([f[3] for f in found]) - body.rest[bones]
    return Spheres(bones, offsets, np.array(pairs).T, np.array(least))


def collides(measures: Measures, placed: Placement) -> bool:
    s = measures.spheres
    places = (placed.turns[s.bone] @ s.offset[:, :, None])[..., 0] + placed.positions[s.bone]
    d = places[s.pairs[0]] - places[s.pairs[1]]
    return bool(((d * d).sum(1) < s.least ** 2).any())


# --- Legs ------------------------------------------------------------------------------------------------------------


@dataclass
class Leg:
    """A foot that stands somewhere (the knee follows), or with KNEE a leg held in the air or kneeling."""

    ankle: np.ndarray
    foot: np.ndarray                     # rotations
    toes: np.ndarray
    ahead: np.ndarray                    # horizontal, where the foot points
    valgus: float = 0.0                  # the knee turned inwards about the line from hip to ankle
    pole: Optional[np.ndarray] = None    # where the knee points, if not where the foot does
    knee: Optional[np.ndarray] = None
    hinge: Optional[np.ndarray] = None


def direction(yaw: float) -> np.ndarray:
    return np.array([math.sin(math.radians(yaw)), 0, math.cos(math.radians(yaw))])


def planted(m: Measures, side: str, x: float, z: float, yaw: float, heel_up: float = 0.0, toes_up: float = 0.0,
            height: float = 0.0) -> Leg:
    """A foot on a support at HEIGHT; (x, z): the ankle's place were the foot flat. HEEL_UP, TOES_UP: degrees about the
    ball and about the heel."""
    f = m.foot[side]
    flat = turn_y(yaw - f.yaw)
    axis = turn_y(yaw) @ LEFT
    ankle = np.array([x, height + f.height, z])
    foot, toes = flat, flat
    if heel_up > 0:
        foot = turn(axis, heel_up) @ flat
        ankle = ankle + flat @ f.ball - foot @ f.ball
        # Toes bend no further than this; beyond, the foot stands on their tips.
        toes = turn(axis, max(0.0, heel_up - 62)) @ flat
        if heel_up > 62:
            ankle = ankle - UP * min(0.0, float((toes @ (f.tip - f.ball))[1]))
    elif toes_up > 0:
        foot = toes = turn(axis, -toes_up) @ flat
        ankle = ankle + flat @ f.heel - foot @ f.heel
    return Leg(ankle, foot, toes, direction(yaw))


def held(m: Measures, side: str, hips: np.ndarray, pelvis: np.ndarray, flexion: float, abduction: float = 0.0,
         rotation: float = 0.0, knee: float = 0.0, plantar: float = 0.0, out: float = 5.0) -> Leg:
    """A leg in the air, from its joints' angles."""
    sign, body = SIGN[side], m.body
    hip = hips + pelvis @ m.hip[side]
    thigh = pelvis @ turn_z(sign * abduction) @ turn_x(-flexion)
    down, hinge = thigh @ -UP, thigh @ turn_y(sign * rotation) @ LEFT
    place = hip + body.thigh[side] * down
    shank = turn(hinge, knee) @ down
    foot = frame(-shank, hinge) @ turn_x(plantar) @ turn_y(sign * out - m.foot[side].yaw)
    return Leg(place + body.shank[side] * shank, foot, foot, foot @ AHEAD, knee=place, hinge=hinge)


def lowest(m: Measures, side: str, ankle: np.ndarray, foot: np.ndarray, toes: np.ndarray) -> float:
    f = m.foot[side]
    heel, ball = float((foot @ f.heel)[1]), float((foot @ f.ball)[1])
    return float(ankle[1] + min(heel, ball, ball + float((toes @ (f.tip - f.ball))[1])))


def hips_height(m: Measures, side: str, hips: np.ndarray, pelvis: np.ndarray, ankle: np.ndarray, flexion: float
                ) -> float:
    """The height of the hips' middle at which this knee is bent by FLEXION."""
    offset = pelvis @ m.hip[side]
    d = hips + offset - ankle
    a, b = m.body.thigh[side], m.body.shank[side]
    left = a * a + b * b + 2 * a * b * math.cos(math.radians(flexion)) - d[0] ** 2 - d[2] ** 2
    if left < 0.02:
        raise Impossible("the foot is out of reach")
    return float(ankle[1] - offset[1] + math.sqrt(left))


# --- Arms ------------------------------------------------------------------------------------------------------------

# What both hands do together, and what each may do by itself.
BOTH = {"hang": 0.22, "hips": 0.14, "clasped": 0.12, "clasped_low": 0.10, "cross": 0.10, "forward": 0.10,
        "overhead": 0.09, "behind": 0.05, "head": 0.04, "pocket": 0.04}
ONE = {"hang": 0.32, "hips": 0.12, "phone": 0.12, "pocket": 0.09, "drink": 0.06, "any": 0.11, "chin": 0.04,
       "side": 0.03, "forward": 0.04, "overhead": 0.05, "behind": 0.02}
SQUATTING = {"forward": 0.2, "clasped": 0.12, "bar_back": 0.2, "bar_front": 0.07, "cross": 0.05, "hips": 0.12,
             "hang": 0.09, "goblet": 0.08, "head": 0.04, "overhead": 0.03}
LIFTING = {"hang": 0.3, "hips": 0.16, "clasped": 0.12, "bar_back": 0.18, "goblet": 0.12, "forward": 0.08,
           "head": 0.04}
CURL = {"bar_back": 0.9, "goblet": 0.9, "hang": 0.6, "phone": 0.6, "drink": 0.75, "pocket": 0.75, "clasped": 0.45,
        "clasped_low": 0.45, "hips": 0.45, "bar_front": 0.45, "cross": 0.45, "world": 0.75}


@dataclass
class Arm:
    kind: str
    jitter: np.ndarray
    grip: float = 1.5
    elbow: float = 12.0
    swing: float = 0.0
    towards: Optional[np.ndarray] = None  # kind "any": a direction; "world": a place


def random_arm(rng: np.random.Generator, kinds: Dict[str, float]) -> Arm:
    share = np.array(list(kinds.values()))
    kind = str(rng.choice(list(kinds), p=share / share.sum()))
    arm = Arm(kind, rng.normal(0, 1, 8), grip=float(rng.uniform(1.1, 2.0)), elbow=float(rng.uniform(4, 38)))
    if kind == "any":
        arm.towards, arm.elbow = unit(rng.uniform([-0.25, -1, -0.2], [1, 1, 1])), float(rng.uniform(5, 115))
    return arm


def random_arms(rng: np.random.Generator, kinds: Optional[Dict[str, float]] = None, together: float = 0.5
                ) -> Dict[str, Arm]:
    if kinds is None and rng.uniform() > together:
        return {s: random_arm(rng, ONE) for s, _, _ in SIDES}
    left = random_arm(rng, kinds or BOTH)
    return {"L": left, "R": Arm(left.kind, rng.normal(0, 1, 8), left.grip, left.elbow, left.swing, left.towards)}


# --- The whole body --------------------------------------------------------------------------------------------------


@dataclass
class Stance:
    """What a movement decides; the rest follows."""

    hips: np.ndarray                    # the middle between the hip joints
    pelvis: np.ndarray                  # rotations
    chest: np.ndarray
    head: np.ndarray
    legs: Dict[str, Leg]
    arms: Dict[str, Arm]
    most_dorsiflexion: float = 48.0
    most_hip_flexion: float = 135.0
    most_inversion: float = 38.0


@dataclass
class Solved:
    placed: Placement
    stance: Stance
    knees: Dict[str, np.ndarray]
    shoulders: np.ndarray
    bar: Optional[np.ndarray] = None    # the middle of a barbell
    curl: float = 0.15


def trunk(yaw: float = 0.0, roll: float = 0.0, pelvis: float = 0.0, lean: float = 0.0, twist: float = 0.0,
          side: float = 0.0, look_aside: float = 0.0, look_down: float = 5.0) -> Tuple[np.ndarray, ...]:
    """Rotations of pelvis, chest and head. LEAN: of the chest against the vertical."""
    down = max(look_down + 0.35 * lean, lean - 55)
    return (turn_y(yaw) @ turn_z(roll) @ turn_x(pelvis), turn_y(yaw + twist) @ turn_z(side) @ turn_x(lean),
            turn_y(yaw + twist + float(np.clip(look_aside, -60, 60))) @ turn_z(side * 0.5) @ turn_x(down))


SPINE = (("spine05", 0.15), ("spine04", 0.4), ("spine03", 0.65), ("spine02", 0.9), ("spine01", 1.0))


class Solver:
    def __init__(self, measures: Measures):
        self.m, self.body = measures, measures.body
        self.index, self.parent = self.body.skeleton.index, self.body.skeleton.parent

    def solve(self, stance: Stance) -> Solved:
        """Raises Impossible."""
        count = len(self.body.skeleton)
        placed = Placement(np.zeros((count, 3, 3)), np.zeros((count, 3)))
        self._spine(stance, placed)
        solved = Solved(placed, stance, {}, np.zeros(3))
        for s, _, _ in SIDES:
            self._leg(s, stance, solved)
        self._arms(stance, solved)
        if not np.isfinite(placed.positions).all():
            raise Impossible("not a number")
        self._check_ground(solved)
        if collides(self.m, placed):
            raise Impossible("parts collide")
        return solved

    def _follow(self, placed: Placement, name: str) -> None:
        """A bone's head where its parent carries it."""
        i = self.index[name]
        p = self.parent[i]
        placed.positions[i] = placed.positions[p] + placed.turns[p] @ (self.body.rest[i] - self.body.rest[p])

    def _spine(self, stance: Stance, placed: Placement) -> None:
        rest, index = self.body.rest, self.index
        placed.turns[0] = stance.pelvis
        placed.positions[0] = stance.hips + stance.pelvis @ (rest[0] - self.body.hips)
        for name, part in SPINE:
            placed.turns[index[name]] = between(stance.pelvis, stance.chest, part)
            self._follow(placed, name)
        placed.turns[index["neck01"]] = between(stance.chest, stance.head, 0.5)
        placed.turns[index["head"]] = stance.head
        for name in ("neck01", "head"):
            self._follow(placed, name)

    def _leg(self, s: str, stance: Stance, solved: Solved) -> None:
        body, index, placed, sign = self.body, self.index, solved.placed, SIGN[s]
        rest = lambda name: body.bone(name, s)
        leg, pelvis = stance.legs[s], stance.pelvis
        hip = stance.hips + pelvis @ self.m.hip[s]
        if leg.knee is not None:
            knee, hinge = leg.knee, leg.hinge
        else:
            e = unit(hip - leg.ankle)
            pole = leg.ahead if leg.pole is None else leg.pole
            pole = turn(e, -sign * leg.valgus) @ unit(pole - e * float(pole @ e))
            knee, reached = bend(leg.ankle, hip, body.shank[s], body.thigh[s], pole)
            if np.linalg.norm(reached - hip) > 0.03:
                raise Impossible("the foot is out of reach")
            hinge = unit(cross(e, unit(pole - e * float(pole @ e))))
        solved.knees[s] = knee
        thigh, shank = unit(hip - knee), unit(knee - leg.ankle)
        thigh0, shank0 = unit(rest("upperleg01") - rest("lowerleg01")), unit(rest("lowerleg01") - rest("foot"))
        thigh_turn = frame(thigh, hinge) @ frame(thigh0, LEFT).T
        shank_turn = frame(shank, hinge) @ frame(shank0, LEFT).T
        # Half of the twist each: near the hip thighs turn with the pelvis, near the ankle shins with the foot.
        hip_turn = between(least_turn(pelvis @ thigh0, thigh) @ pelvis, thigh_turn, 0.5)
        ankle_turn = between(shank_turn, least_turn(leg.foot @ shank0, shank) @ leg.foot, 0.5)
        for name, rotation, place in (
                ("upperleg01", hip_turn, hip),
                ("upperleg02", thigh_turn, hip + thigh_turn @ (rest("upperleg02") - rest("upperleg01"))),
                ("lowerleg01", shank_turn, knee),
                ("lowerleg02", ankle_turn, knee + shank_turn @ (rest("lowerleg02") - rest("lowerleg01"))),
                ("foot", leg.foot, leg.ankle),
                ("toe", leg.toes, leg.ankle + leg.foot @ (rest("toe") - rest("foot"))),
                ("pelvis", between(pelvis, hip_turn, 0.12), placed.positions[0] + pelvis @ (rest("pelvis") - body.rest[0]))):
            placed.turns[index[f"{name}.{s}"]] = rotation
            placed.positions[index[f"{name}.{s}"]] = place
        self._check_leg(s, stance, thigh, shank, hinge, leg.foot)

    def _check_leg(self, s: str, stance: Stance, thigh: np.ndarray, shank: np.ndarray, hinge: np.ndarray,
                   foot: np.ndarray) -> None:
        """What joints allow."""
        clamped = lambda v: math.degrees(math.asin(max(-1.0, min(1.0, float(v)))))
        d = stance.pelvis.T @ -thigh
        flexion = math.degrees(math.atan2(d[2], -d[1])) if abs(d[0]) < 0.97 else 0.0
        abduction = clamped(SIGN[s] * d[0])
        knee = math.degrees(math.acos(max(-1.0, min(1.0, float(thigh @ shank)))))
        ahead, up = foot @ direction(self.m.foot[s].yaw), foot @ UP
        dorsi = math.degrees(math.atan2(float(shank @ ahead), float(shank @ up)))
        inversion = clamped(shank @ cross(up, ahead))
        twist = math.degrees(math.atan2(float(ahead @ hinge), float(ahead @ cross(hinge, shank))))
        if not -28 <= flexion <= stance.most_hip_flexion or not -28 <= abduction <= 62 or knee > 152:
            raise Impossible("hip or knee")
        if not -92 <= dorsi <= stance.most_dorsiflexion or abs(inversion) > stance.most_inversion:
            raise Impossible("ankle")
        if abs(twist) > 52 and dorsi > -50:
            raise Impossible("foot twisted against the shin")

    def _check_ground(self, solved: Solved) -> None:
        size, at = self.body.size, lambda name: solved.placed.positions[self.index[name]][1]
        for s, _, _ in SIDES:
            leg = solved.stance.legs[s]
            if lowest(self.m, s, leg.ankle, leg.foot, leg.toes) < -0.014 and leg.hinge is None:
                raise Impossible("a foot under the floor")
            if at(f"lowerleg01.{s}") < 0.8 * self.m.knee_front or at(f"wrist.{s}") < 0.06 * size:
                raise Impossible("a knee or hand under the floor")
            if at(f"upperleg01.{s}") < 0.11 * size:
                raise Impossible("hips under the floor")

    def _arms(self, stance: Stance, solved: Solved) -> None:
        body, placed, index = self.body, solved.placed, self.index
        chest = stance.chest
        spine = index["spine01"]
        solved.shoulders = placed.positions[spine] + chest @ (body.shoulders - body.rest[spine])
        kind = stance.arms["L"].kind
        if kind == "bar_back":
            solved.bar = solved.shoulders + chest @ np.array([0, 0.045 + 0.02 * stance.arms["L"].jitter[6], -0.115]) * body.size
        elif kind == "bar_front":
            solved.bar = solved.shoulders + chest @ np.array([0, 0.04, 0.125]) * body.size
        curl = 0.5 * sum(CURL.get(stance.arms[s].kind, 0.15) for s, _, _ in SIDES)
        solved.curl = 0.15 if curl < 0.3 else (0.45 if curl < 0.62 else 0.9)
        for s, _, _ in SIDES:
            self._arm(s, stance, solved)

    def _arm(self, s: str, stance: Stance, solved: Solved) -> None:
        body, index, placed, sign = self.body, self.index, solved.placed, SIGN[s]
        rest, arm, chest = (lambda name: body.bone(name, s)), stance.arms[s], stance.chest
        upper0, lower0 = unit(rest("lowerarm01") - rest("upperarm01")), unit(rest("wrist") - rest("lowerarm01"))
        hinge0 = unit(cross(upper0, lower0))
        shoulder = solved.shoulders + chest @ (rest("upperarm01") - body.shoulders)
        for second in (False, True):
            target, pole = self._hand(s, arm, shoulder, stance, solved)
            elbow, wrist = bend(shoulder, target, body.upper_arm[s], body.forearm[s], pole)
            upper, lower = unit(elbow - shoulder), unit(wrist - elbow)
            carried = least_turn(chest @ upper0, upper) @ chest
            if second:
                break
            # The shoulder blade goes a part of the way; then the arm again from where the shoulder is now.
            for name, part in (("clavicle", 0.14), ("shoulder01", 0.38)):
                placed.turns[index[f"{name}.{s}"]] = between(chest, carried, part)
                self._follow(placed, f"{name}.{s}")
            self._follow(placed, f"upperarm01.{s}")
            shoulder = placed.positions[index[f"upperarm01.{s}"]]
        if arm.kind == "world" and np.linalg.norm(wrist - target) > 0.3:
            raise Impossible("a hand is out of reach")
        hinge = cross(upper, lower)
        hinge = unit(hinge) if float(hinge @ hinge) > 1e-6 else unit(cross(upper, unit(pole)))
        upper_turn = frame(upper, hinge) @ frame(upper0, hinge0).T
        lower_turn = frame(lower, hinge) @ frame(lower0, hinge0).T
        roll = {"forward": 20 * arm.jitter[3], "bar_back": -60, "bar_front": -40, "hips": 30}.get(arm.kind, 15 * arm.jitter[3])
        rolled = turn(lower, sign * roll) @ lower_turn
        for name, rotation, place in (
                ("upperarm01", between(carried, upper_turn, 0.5), shoulder),
                ("upperarm02", upper_turn, shoulder + upper_turn @ (rest("upperarm02") - rest("upperarm01"))),
                ("lowerarm01", lower_turn, elbow),
                ("lowerarm02", between(lower_turn, rolled, 0.5), elbow + lower_turn @ (rest("lowerarm02") - rest("lowerarm01"))),
                ("wrist", turn(hinge, -35) @ rolled if arm.kind == "bar_back" else rolled, wrist)):
            placed.turns[index[f"{name}.{s}"]] = rotation
            placed.positions[index[f"{name}.{s}"]] = place

    def _hand(self, s: str, arm: Arm, shoulder: np.ndarray, stance: Stance, solved: Solved
              ) -> Tuple[np.ndarray, np.ndarray]:
        """Where the wrist goes, and where the elbow points."""
        body, j, size, sign = self.body, arm.jitter, self.body.size, SIGN[s]
        chest, pelvis, head = stance.chest, stance.pelvis, stance.head
        ahead = heading(chest)
        level = np.stack([cross(UP, ahead), UP, ahead], 1)
        side, out = sign * LEFT, level @ (sign * LEFT)
        reach = body.upper_arm[s] + body.forearm[s]
        v = lambda x, y, z: np.array([x, y, z], float)
        middle, hips = solved.shoulders, stance.hips
        skull = solved.placed.positions[self.index["head"]]
        wide, hip_wide = body.shoulder_width, body.hip_width

        def bent(direction: np.ndarray, elbow: float) -> np.ndarray:
            a, b = body.upper_arm[s], body.forearm[s]
            return shoulder + unit(direction) * math.sqrt(a * a + b * b + 2 * a * b * math.cos(math.radians(elbow)))

        places: Dict[str, Callable[[], Tuple[np.ndarray, np.ndarray]]] = {
            "hang": lambda: (bent(-UP + out * (0.16 + 0.05 * abs(j[0])) + ahead * (
                0.08 + 0.1 * j[1] + math.tan(math.radians(arm.swing))), arm.elbow), 0.4 * out - ahead),
            "forward": lambda: (shoulder + 0.975 * reach * unit(ahead + UP * (0.05 + 0.12 * j[0]) - out * (
                0.08 + 0.1 * j[1])), -UP + out * (0.6 + 0.3 * j[2])),
            "clasped": lambda: (middle + (ahead * (0.34 + 0.05 * j[0]) + out * 0.035 + UP * (
                -0.07 + 0.05 * j[1])) * size, -UP + 0.5 * out),
            "clasped_low": lambda: (hips + (ahead * (0.24 + 0.02 * j[0]) + out * 0.035 + UP * 0.04 * j[1]) * size,
                                    -ahead + 0.8 * out),
            "bar_back": lambda: (solved.bar + chest @ (side * (wide / 2 * arm.grip + 0.05) + v(0, -0.06, -0.02) * size),
                                 chest @ (-UP - 0.6 * AHEAD - 0.1 * side)),
            "bar_front": lambda: (solved.bar + chest @ (side * wide * 0.525 + v(0, 0.01, 0) * size),
                                  chest @ (AHEAD - 0.3 * UP + 0.15 * side)),
            "cross": lambda: (middle + chest @ (v(0, -0.19 + 0.02 * sign, 0.155 + 0.025 * sign) * size - side * wide * 0.22),
                              chest @ (0.7 * side - 0.8 * UP)),
            "hips": lambda: (hips + pelvis @ (side * (hip_wide / 2 + 0.085 * size) + v(0, 0.11 + 0.02 * j[0], 0.01) * size),
                             chest @ (side - AHEAD * (0.4 + 0.2 * j[1]))),
            "pocket": lambda: (hips + pelvis @ (side * (hip_wide / 2 + 0.085 * size) + v(0, 0.03 + 0.02 * j[0], 0.045) * size),
                               chest @ (0.7 * side - AHEAD)),
            "goblet": lambda: (middle + chest @ (v(0, -0.16 + 0.03 * j[0], 0.24) * size + side * 0.055 * size),
                               -UP + 0.25 * out),
            "head": lambda: (skull + head @ (v(0, 0.075, -0.095) * size + side * 0.07 * size),
                             chest @ (side + 0.25 * UP - 0.1 * AHEAD)),
            "overhead": lambda: (shoulder + 0.96 * reach * unit(chest @ (UP + side * (0.3 + 0.2 * j[0]) + AHEAD * (
                0.05 + 0.1 * j[1]))), out - 0.3 * ahead),
            "side": lambda: (shoulder + 0.96 * reach * unit(out + UP * 0.25 * j[0] + ahead * 0.2 * j[1]), -UP - 0.3 * ahead),
            "phone": lambda: (middle + (UP * (-0.08 + 0.09 * j[0]) + ahead * (0.3 + 0.04 * j[1]) + out * (
                0.03 + 0.06 * abs(j[2]))) * size, -UP + out * (0.35 + 0.2 * abs(j[3]))),
            "drink": lambda: (skull + head @ (v(0, 0.02 * j[0] - 0.01, 0.19) * size + side * 0.07 * size),
                              0.8 * out - 0.7 * UP),
            "chin": lambda: (skull + head @ (v(0, -0.045, 0.155) * size + side * 0.05 * size), -UP + 0.4 * out),
            "behind": lambda: (hips + pelvis @ (v(0, 0.1 + 0.03 * j[0], -0.175) * size + side * 0.035 * size),
                               out - 0.7 * ahead),
            "thigh": lambda: (0.3 * (hips + pelvis @ self.m.hip[s]) + 0.7 * solved.knees[s] + UP * 0.13 * size,
                              0.8 * out - 0.5 * ahead),
            "knee": lambda: (solved.knees[s] + (0.5 * ahead + 0.8 * UP) * 0.095 * size, 0.8 * out - 0.5 * ahead),
            "any": lambda: (bent(chest @ (arm.towards * v(sign, 1, 1)), arm.elbow), -0.7 * UP + 0.6 * out - 0.2 * ahead),
            "world": lambda: (arm.towards, 0.6 * out - 0.6 * ahead),
        }
        return places[arm.kind]()
