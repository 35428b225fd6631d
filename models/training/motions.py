"""What people do in front of the camera: squats of every kind, and everything else that is not a squat.

Each movement draws its numbers once and then gives the body's stance at any time near the picture's, so that a moving
limb can be blurred.

Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0
"""
import math
from dataclasses import dataclass, field
from typing import Callable, Dict, List, Optional, Tuple

import numpy as np

from .body import SIDES
from .poses import (BOTH, LIFTING, OTHER, SIGN, SQUATTING, Impossible, Leg, Measures, Solved, Solver, Stance, direction,
                    held, hips_height, lowest, planted, random_arm, random_arms, trunk)
from .rotations import AHEAD, LEFT, UP, between, turn, turn_y, unit


@dataclass
class Prop:
    """Something that belongs to the movement; scene.py draws it."""

    kind: str                      # box, seat, wedge
    place: np.ndarray
    size: Tuple[float, ...] = ()
    yaw: float = 0.0


Moment = Callable[[float], Stance]
Movement = Callable[["Draw"], Moment]


@dataclass
class Draw:
    """The random numbers of one movement."""

    rng: np.random.Generator
    m: Measures
    props: List[Prop] = field(default_factory=list)

    @property
    def size(self) -> float:
        return self.m.body.size

    def u(self, low: float = 0.0, high: float = 1.0) -> float:
        return float(self.rng.uniform(low, high))

    def n(self, mean: float = 0.0, deviation: float = 1.0) -> float:
        return float(self.rng.normal(mean, deviation))

    def side(self) -> str:
        return "L" if self.u() < 0.5 else "R"

    def pick(self, shares: Dict[str, float]) -> str:
        p = np.array(list(shares.values()))
        return str(self.rng.choice(list(shares), p=p / p.sum()))


def _lowered(m: Measures, hips: np.ndarray, pelvis: np.ndarray, legs: Dict[str, Leg], bends: Dict[str, float]) -> None:
    """HIPS as high as the straighter leg lets them; each knee is bent by BENDS at least."""
    hips[1] = min(hips_height(m, s, hips, pelvis, legs[s].ankle, bends[s]) for s in bends)


# --- Squats ----------------------------------------------------------------------------------------------------------


def _squat(d: Draw, style: str) -> Moment:
    """STYLE: narrow, cyclist (heels raised, feet close, upright) or sumo."""
    m, body, size = d.m, d.m.body, d.size
    depth = d.u() if d.u() > 0.28 else (d.u(0, 0.06) if d.u() < 0.5 else d.u(0.85, 1))
    out = d.u(0, 40)
    stance, heel, shin, lean_at = body.hip_width * d.u(0.9, 3.2), 0.0, d.u(18, 42), d.u(18, 56)
    valgus = {s: d.n(0, 5) for s, _, _ in SIDES}
    support = d.pick({"wedge": 0.5, "block": 0.3, "none": 0.2})
    if style == "cyclist":
        stance, out, heel = d.u(0.075, 0.17) * size, d.u(-2, 12), d.u(0.05, 0.10)
        shin, lean_at, support = d.u(30, 50), d.u(5, 30), d.pick({"wedge": 0.8, "block": 0.2})
    elif style == "sumo":
        stance, out, shin, lean_at = body.hip_width * d.u(3.1, 5.0), d.u(25, 52), d.u(8, 26), d.u(5, 32)
    else:
        if d.u() < 0.35:
            stance = body.hip_width * d.u(0.55, 1.3)
        if d.u() < 0.45:
            heel = d.u(0.005, 0.10)
    kind = d.u()
    if kind < 0.22:
        fall = d.u(5, 24)
        valgus = {s: v + fall for s, v in valgus.items()}
    elif kind < 0.32:
        valgus = {s: v - d.u(5, 20) for s, v in valgus.items()}
    elif kind < 0.42:
        valgus[d.side()] += d.u(5, 25)
    outs = {s: out + d.n(0, 3) for s, _, _ in SIDES}
    heels = {s: heel for s, _, _ in SIDES}
    if support == "none" and heel:
        uneven = d.n(0, 0.5)
        heels = {"L": heel * max(0, 1 + uneven), "R": heel * max(0, 1 - uneven)}
    shift, stagger, roll, yaw = d.n(0, 0.012), d.n(0, 0.012), d.n(0, 2), d.n(0, 4)
    if d.u() < 0.12:
        shift, stagger, roll, yaw = shift + d.n(0, 0.035), stagger + d.n(0, 0.04), roll + d.n(0, 4), yaw + d.n(0, 7)
    rest_bend, wink, rounding, lean_jitter = d.u(1, 10), d.u(0, 18), d.u(-8, 22), d.n(1, 7)
    look = {"look_aside": d.n(0, 14), "look_down": d.n(5, 14)}
    twist, side, speed, heavy = d.n(0, 3), d.n(0, 2), d.u(-0.07, 0.07), d.u(1, 9)
    arms = random_arms(d.rng, SQUATTING)
    legs = {s: _on_heel(m, s, SIGN[s] * stance / 2, SIGN[s] * stagger / 2, SIGN[s] * outs[s], heels[s])
            for s, _, _ in SIDES}
    for s, leg in legs.items():
        leg.valgus = valgus[s]
        if support != "none" and heels[s] > 0.004:
            # A wedge reaches under the ball of the foot, a block only under the heel.
            length = (float(np.linalg.norm((m.foot[s].heel - m.foot[s].ball)[[0, 2]])) if support == "wedge" else 0.1)
            d.props.append(Prop(support, leg.ankle + leg.foot @ m.foot[s].heel, (length, heels[s]), SIGN[s] * outs[s]))

    def place(depth: float) -> Tuple[np.ndarray, float]:
        """The hips over the feet, shins and thighs sloped by the depth; and the larger flexion."""
        ease = math.sin(min(1.0, depth / 0.75) * math.pi / 2)
        slope = math.radians(3 + (shin + min(14.0, 120 * heel)) * ease)
        thigh = math.radians(87 - 113 * depth)
        hips, flexion = [], 0.0
        for s, _, sign in SIDES:
            leg, a, b = legs[s], body.thigh[s], body.shank[s]
            towards = turn_y(-sign * leg.valgus * 0.7) @ leg.ahead
            knee = leg.ankle + b * (math.cos(slope) * UP + math.sin(slope) * towards)
            x = float(np.clip((sign * body.hip_width / 2 + shift - knee[0]) / a, -0.85, 0.85))
            flat = math.sqrt(1 - x * x)
            hip = knee + a * np.array([x, flat * math.sin(thigh), -flat * math.cos(thigh)])
            hips.append(hip)
            cos = (a * a + b * b - float((hip - leg.ankle) @ (hip - leg.ankle))) / (2 * a * b)
            flexion = max(flexion, 180 - math.degrees(math.acos(max(-1.0, min(1.0, cos)))))
        return 0.5 * (hips[0] + hips[1]), flexion

    most = 150 - 22 * max(0.0, body.traits.weight - 0.5) - 10 * max(0.0, body.traits.muscle - 0.6)

    def moment(t: float) -> Stance:
        q = float(np.clip(depth + speed * t, 0, 1))
        hips, flexion = place(q)
        while flexion > most and q > 0.3:
            q -= 0.02
            hips, flexion = place(q)
        hips[0] = shift
        lean = _balanced_lean(m, hips, legs, arms["L"].kind)
        lean = (0.45 * lean + 0.55 * lean_at * math.sin(min(1.0, q / 0.7) * math.pi / 2)) * min(1.0, 4 * q + 0.15)
        lean = float(np.clip(lean + lean_jitter, -4, 62))
        tilt = lean * 0.95 + 6 * min(1.0, 2 * q) - wink * max(0.0, q - 0.55) / 0.45
        pelvis, chest, head = trunk(yaw * 0.6, roll, tilt, lean + rounding * (0.3 + 0.7 * q), twist, side, **look)
        if q < 0.3:  # nearly up: the legs straighten
            straight = min(hips_height(m, s, hips, pelvis, legs[s].ankle, rest_bend) for s in legs)
            hips[1] += max(0.0, straight - hips[1]) * (1 - q / 0.3) ** 2
        top = min(hips_height(m, s, hips, pelvis, legs[s].ankle, min(rest_bend, heavy)) for s in legs)
        hips[1] = min(hips[1], top)
        return Stance(hips, pelvis, chest, head, legs, arms)

    return moment


def _on_heel(m: Measures, side: str, x: float, z: float, yaw: float, rise: float) -> Leg:
    """A foot whose heel is RISE metres up; (x, z) is where the ankle comes to be."""
    f = m.foot[side]
    length = float(np.linalg.norm((f.heel - f.ball)[[0, 2]]))
    angle = math.degrees(math.asin(min(0.75, rise / length)))
    leg = planted(m, side, x, z, yaw, heel_up=angle)
    leg.ankle = np.array([x, leg.ankle[1], z])
    return leg


def _balanced_lean(m: Measures, hips: np.ndarray, legs: Dict[str, Leg], hands: str) -> float:
    """The trunk's lean that brings the centre of mass over the middle of the feet."""
    size = m.body.size
    middle = float(np.mean([l.ankle[2] + 0.05 * size * l.ahead[2] for l in legs.values()]))
    knees = middle + 0.16 * size
    load = {"bar_back": 0.35, "bar_front": 0.35, "goblet": 0.12}.get(hands, 0.0)
    reach = {"forward": 0.45, "clasped": 0.33, "goblet": 0.25, "bar_front": 0.18, "cross": 0.15, "hang": 0.1,
             "bar_back": -0.06}.get(hands, 0.0) * size

    def centre(sine: float) -> float:
        z = hips[2]
        return (0.50 * (z + 0.55 * m.trunk * sine) + 0.08 * (z + 1.25 * m.trunk * sine)
                + (0.10 + load) * (z + m.trunk * sine + reach) + 0.21 * (0.43 * knees + 0.57 * z)
                + 0.11 * (0.4 * knees + 0.6 * middle)) / (1 + load)

    start, end = centre(0.0), centre(1.0)
    return math.degrees(math.asin(float(np.clip((middle - start) / (end - start), -0.05, 0.93))))


def jump_squat(d: Draw) -> Moment:
    m, size = d.m, d.size
    hip = d.u(-6, 60) * d.u(0.2, 1)
    knee = float(np.clip(hip * d.u(0.9, 1.5) + d.u(2, 14), 2, 110))
    point, apart, air, out = d.u(10, 48), d.u(-1, 16), d.u(0.02, 0.32) * size, d.u(0, 20)
    lean, uneven, speed = d.n(6, 8) + 0.35 * hip, d.n(0, 3), d.u(-0.06, 0.06)
    arms = random_arms(d.rng, {"any": 0.4, "overhead": 0.15, "hang": 0.2, "clasped": 0.1, "hips": 0.1, "bar_back": 0.05})
    look = {"look_aside": d.n(0, 8), "look_down": d.n(3, 8)}

    def moment(t: float) -> Stance:
        pelvis, chest, head = trunk(0, 0, lean * 0.7, lean, **look)
        hips = np.zeros(3)
        legs = {s: held(m, s, hips, pelvis, hip + lean * 0.7 + sign * uneven, apart, 0, max(1.0, knee + sign * uneven),
                        point, out) for s, _, sign in SIDES}
        rise = air + speed * t - min(lowest(m, s, l.ankle, l.foot, l.toes) for s, l in legs.items())
        hips = hips + UP * rise
        for leg in legs.values():
            leg.ankle, leg.knee = leg.ankle + UP * rise, leg.knee + UP * rise
        return Stance(hips, pelvis, chest, head, legs, arms)

    return moment


# --- On both feet ------------------------------------------------------------------------------------------------------


def stand(d: Draw) -> Moment:
    m, size = d.m, d.size
    apart = d.u(0.07, 0.36) * size if d.u() < 0.85 else d.u(0.36, 0.8) * size
    stagger = d.n(0, 0.06) * size if d.u() < 0.75 else d.u(-0.3, 0.3) * size
    outs = {s: float(np.clip(d.n(11, 10), -12, 40)) for s, _, _ in SIDES}
    weight = float(np.clip(d.n(0, 0.45), -0.95, 0.95))
    tiptoe = d.u(10, 50) if d.u() < 0.06 else 0.0
    yaw, roll, tilt, lean = d.n(0, 8), weight * d.u(-7, 3) + d.n(0, 1.5), d.n(1, 5), d.n(3, 6)
    twist = d.n(0, 8) if d.u() < 0.7 else d.u(-40, 40)
    side = d.n(0, 3) if d.u() < 0.8 else d.u(-18, 18)
    bends = {s: abs(d.n(0, 5)) + 1 for s, _, _ in SIDES}
    slack = d.u(0, 0.035) * size if d.u() < 0.3 else 0.0
    valgus = {s: d.n(0, 4) for s, _, _ in SIDES}
    arms = random_arms(d.rng)
    look = {"look_aside": d.n(0, 22), "look_down": d.u(10, 45) if arms["L"].kind == "phone" else d.n(4, 12)}
    legs = {s: planted(m, s, sign * apart / 2, sign * stagger / 2, sign * outs[s] + 0.6 * yaw, tiptoe)
            for s, _, sign in SIDES}
    pelvis, chest, head = trunk(yaw, roll, tilt, lean, twist, side, **look)
    back = d.n(-0.01, 0.015)

    def moment(t: float) -> Stance:
        hips = np.array([0.5 * weight * apart, 0, back + 0.04 * size + 0.5 * weight * stagger])
        for s, leg in legs.items():
            leg.valgus, leg.pole = valgus[s], unit(leg.ahead + 0.3 * pelvis @ AHEAD)
        _lowered(m, hips, pelvis, legs, bends)
        hips[1] -= slack + 0.02 * t
        return Stance(hips, pelvis, chest, head, legs, arms)

    return moment


# Hip flexion, knee flexion and the foot's pitch over one step, from heel strike to heel strike.
GAIT_AT = np.linspace(0, 1, 11)
GAIT_HIP = np.array([30, 25, 15, 3, -6, -11, -4, 12, 27, 33, 30.0])
GAIT_KNEE = np.array([5, 15, 15, 9, 5, 12, 35, 60, 53, 22, 5.0])
GAIT_PITCH = np.array([-20, -1, 0, 0, 2, 18, 55, 48, 8, -14, -20.0])


def walk(d: Draw) -> Moment:
    m, size, body = d.m, d.size, d.m.body
    phase, length, apart = d.u(), d.u(0.35, 1.2), d.u(0.03, 0.13) * size
    outs = {s: d.n(7, 6) for s, _, _ in SIDES}
    yaw, lean, bent, elbow, swing = d.n(0, 5), d.n(4, 5), d.u(0, 6), d.u(8, 45), d.u(8, 35)
    look = {"look_aside": d.n(0, 15), "look_down": d.n(6, 10)}
    arms = random_arms(d.rng, {"hang": 1.0})
    busy = (d.side(), random_arm(d.rng, {k: v for k, v in BOTH.items() if k != "hang"})) if d.u() < 0.2 else None

    def moment(t: float) -> Stance:
        q = phase + 0.05 * t
        turned = 5 * length * math.cos(2 * math.pi * q)
        pelvis, chest, head = trunk(yaw - turned, 3 * length * math.sin(2 * math.pi * q), 2 + lean / 2, lean,
                                    1.6 * turned, 0, **look)
        legs: Dict[str, Leg] = {}
        stands: Dict[str, bool] = {}
        for i, (s, _, sign) in enumerate(SIDES):
            at = (q + 0.5 * i) % 1
            curve = lambda values: float(np.interp(at, GAIT_AT, values))
            air = held(m, s, np.zeros(3), pelvis, curve(GAIT_HIP) * length + 3, 1.5, 0,
                       curve(GAIT_KNEE) * (0.45 + 0.55 * length) + bent)
            heading_ = sign * outs[s] + yaw
            flat = turn_y(heading_ - m.foot[s].yaw)
            pitch = curve(GAIT_PITCH) * min(1.0, length + 0.1)
            foot = turn(turn_y(heading_) @ LEFT, pitch) @ flat
            ankle = air.ankle.copy()
            ankle[0] = sign * apart / 2 + (ankle[0] - sign * body.hip_width / 2) * 0.3
            legs[s] = Leg(ankle, foot, flat if pitch > 0 and at < 0.62 else foot, direction(heading_))
            stands[s] = at < 0.6
            arms[s].swing = swing * length * (0.15 - math.cos(2 * math.pi * at))
            arms[s].elbow = elbow
        low = {s: lowest(m, s, l.ankle, l.foot, l.toes) for s, l in legs.items()}
        base = min(low.values())
        for s, leg in legs.items():
            leg.ankle = leg.ankle - UP * (low[s] if stands[s] else base)
        hips = UP * -base
        for s, leg in legs.items():
            hips[1] = min(hips[1], hips_height(m, s, hips, pelvis, leg.ankle, 1.5))
        hands = dict(arms)
        if busy:
            hands[busy[0]] = busy[1]
        return Stance(hips, pelvis, chest, head, legs, hands)

    return moment


def turning(d: Draw) -> Moment:
    m, size = d.m, d.size
    way, angle, part = (1 if d.u() < 0.5 else -1), d.u(25, 85), d.u(0.2, 0.75)
    lead, apart, heel, air = d.side(), d.u(0.10, 0.32) * size, d.u(8, 45), d.u(0.02, 0.10) * size * (d.u() < 0.35)
    weight = d.u(0.3, 0.95) * SIGN[OTHER[lead]]
    bend, out, lean, arms = d.u(2, 14), d.n(10, 6), d.n(4, 5), random_arms(d.rng)
    aside = way * d.u(5, 40)

    def moment(t: float) -> Stance:
        pelvis, chest, head = trunk(way * angle * part + 6 * way * t, 0, 3 + 0.3 * lean, lean, way * angle * 0.22, 0, aside)
        legs = {}
        for s, _, sign in SIDES:
            yaw = (way * angle if s == lead else 0) + sign * out * 0.6
            place = turn_y(way * angle / 2) @ np.array([sign * apart / 2, 0, 0])
            legs[s] = planted(m, s, place[0], place[2], yaw, heel if s == lead else 0, 0, air if s == lead else 0)
            legs[s].pole = unit(legs[s].ahead + 0.6 * pelvis @ AHEAD)
        a, b = legs["L"].ankle, legs["R"].ankle
        hips = 0.5 * (a + b) + 0.45 * weight * (a - b)
        _lowered(m, hips, pelvis, legs, {OTHER[lead]: bend, lead: bend + 4})
        return Stance(hips, pelvis, chest, head, legs, arms)

    return moment


def jumping_jack(d: Draw) -> Moment:
    m, size = d.m, d.size
    part, wide, narrow = d.u(), d.u(0.6, 1.0) * size, d.u(0.07, 0.2) * size
    air, point, bend, top = d.u(0, 0.09) * size * (d.u() < 0.6), d.u(5, 30), d.u(5, 28), d.u(140, 172)
    outs, lean, fore = {s: d.u(2, 22) for s, _, _ in SIDES}, d.n(2, 4), math.sin(math.radians(d.u(-5, 25)))
    arms = random_arms(d.rng, {"any": 1.0})
    elbow = d.u(5, 45)

    def moment(t: float) -> Stance:
        q = float(np.clip(part + 0.1 * t, 0, 1))
        pelvis, chest, head = trunk(0, 0, 2, lean)
        up = math.sin(math.pi * q)
        apart = narrow + (wide - narrow) * q
        legs = {s: planted(m, s, sign * apart / 2, 0, sign * outs[s], point * up, 0, air * up) for s, _, sign in SIDES}
        hips = np.array([0, 0, 0.035 * size])
        _lowered(m, hips, pelvis, legs, {"L": bend, "R": bend})
        raised = math.radians(q * top) + 0.12
        for arm in arms.values():
            arm.towards, arm.elbow = np.array([math.sin(raised), -math.cos(raised), fore]), elbow
        return Stance(hips, pelvis, chest, head, legs, arms)

    return moment


# --- One foot before the other -----------------------------------------------------------------------------------------


def lunge(d: Draw) -> Moment:
    m, size, body = d.m, d.size, d.m.body
    front = d.side()
    rear, sign = OTHER[front], SIGN[front]
    length, apart = d.u(0.62, 1.05) * size, d.u(0.06, 0.30) * size
    depth, share, lean = d.u() ** 0.8, d.u(0.42, 0.66), d.u(-4, 32)
    heel, valgus, bend, above = d.u(28, 52), d.n(0, 8), d.u(3, 14), d.u(0, 0.10) * size
    raised = d.u(0.28, 0.5) * size if d.u() < 0.2 else 0.0  # the rear foot on a bench
    outs = {front: d.n(4, 6), rear: d.n(6, 7)}
    yaw, roll, tilt = d.n(0, 5), d.n(0, 3), d.u(0, 12)
    arms = random_arms(d.rng, None if d.u() < 0.2 else LIFTING)
    look = {"look_aside": d.n(0, 12), "look_down": d.n(5, 10)}
    ahead, behind = length * share, -length * (1 - share)
    if raised:
        d.props.append(Prop("box", np.array([-sign * apart / 2, raised / 2, behind + 0.05 * size]), (0.6, raised, 0.36)))

    def moment(t: float) -> Stance:
        q = float(np.clip(depth + 0.1 * t, 0, 1.05))
        pelvis, chest, head = trunk(yaw, roll, tilt * (1 - q) + lean * q * 0.7, lean * (0.3 + 0.7 * q), 0, roll * 0.3, **look)
        legs = {front: planted(m, front, sign * apart / 2, ahead, sign * outs[front]),
                rear: planted(m, rear, -sign * apart / 2, behind, -sign * outs[rear],
                              d_heel(q), 0, raised)}
        legs[front].valgus = valgus * q
        legs[rear].pole = unit(pelvis @ AHEAD + 0.5 * legs[rear].ahead - 0.4 * UP)
        hips = np.array([sign * apart * 0.12, 0, 0])
        _lowered(m, hips, pelvis, legs, {"L": bend, "R": bend})
        bottom = m.knee_front * 0.9 + above + body.thigh[rear] * 0.985 if not raised else 0.40 * size + above
        hips[1] += (min(bottom, hips[1]) - hips[1]) * q
        return Stance(hips, pelvis, chest, head, legs, arms, most_inversion=48)

    def d_heel(q: float) -> float:
        return 60.0 if raised else heel + 22 * q

    return moment


def side_lunge(d: Draw) -> Moment:
    m, size = d.m, d.size
    bent = d.side()
    sign, apart, depth = SIGN[bent], d.u(0.62, 1.12) * size, d.u() ** 0.7
    outs, lean, valgus = {s: d.u(0, 25) for s, _, _ in SIDES}, d.u(10, 55), d.n(0, 7)
    over, bend, back, drop = d.u(0.6, 1.05), d.u(2, 14), d.u(0.10, 0.36) * size, d.u(0, 0.30) * size
    roll, yaw, arms = d.n(0, 4), d.n(0, 6), random_arms(d.rng, {"forward": 0.2, "clasped": 0.25, "hips": 0.15, "goblet": 0.2, "hang": 0.2})

    def moment(t: float) -> Stance:
        q = float(np.clip(depth + 0.1 * t, 0, 1))
        pelvis, chest, head = trunk(yaw * q, roll * q, 4 + lean * 0.9 * q, 4 + lean * q, 0, roll * 0.3)
        legs = {s: planted(m, s, g * apart / 2, 0, g * outs[s]) for s, _, g in SIDES}
        legs[bent].valgus = valgus
        hips = np.array([sign * apart / 2 * over * q, 0, 0.03 * size - back * q])
        _lowered(m, hips, pelvis, legs, {"L": bend, "R": bend})
        hips[1] -= drop * q
        return Stance(hips, pelvis, chest, head, legs, arms, most_inversion=48)

    return moment


def step_up(d: Draw) -> Moment:
    m, size = d.m, d.size
    up = d.side()
    sign, height, part = SIGN[up], d.u(0.15, 0.52) * size, d.u()
    apart, far, lean, valgus = d.u(0.12, 0.26) * size, d.u(0.28, 0.42) * size, d.u(5, 32), d.n(0, 7)
    outs, arms = {s: d.n(6, 6) for s, _, _ in SIDES}, random_arms(d.rng, LIFTING if d.u() < 0.7 else None)
    deep, lift, look = d.u(0.3, 0.45), d.u(0.02, 0.2) * size, d.u(0, 30)
    d.props.append(Prop("box", np.array([0, height / 2, far / 2 + 0.05 * size + deep * 0.15]), (0.55, height, deep)))

    def moment(t: float) -> Stance:
        q = float(np.clip(part + 0.08 * t, 0, 1))
        effort = math.sin(math.pi * q)
        pelvis, chest, head = trunk(0, 0, 4 + lean * effort * 0.8, 4 + lean * effort, look_down=look)
        legs = {up: planted(m, up, sign * apart / 2, far / 2, sign * outs[up], height=height)}
        legs[up].valgus = valgus * effort
        down = OTHER[up]
        if q < 0.5:
            legs[down] = planted(m, down, -sign * apart / 2, -far / 2, -sign * outs[down], 126 * max(0.0, q - 0.2))
        else:
            z = 2 * q - 1
            legs[down] = planted(m, down, -sign * apart / 2, -far / 2 + far * z ** 0.8 - 0.04 * size, -sign * outs[down],
                                 38 * (1 - z), 0, height * min(1.0, 1.25 * z) + lift * math.sin(math.pi * z))
            legs[down].pole = unit(AHEAD - 0.1 * UP)
        hips = np.array([sign * apart * (0.1 + 0.25 * effort), 0, far * (min(1.0, 1.15 * q) - 0.5) + 0.02 * size])
        _lowered(m, hips, pelvis, legs, {up: 4, down: 5})
        return Stance(hips, pelvis, chest, head, legs, arms)

    return moment


def knee_raise(d: Draw) -> Moment:
    m, size, body = d.m, d.size, d.m.body
    lifted = d.side()
    stands, sign = OTHER[lifted], SIGN[lifted]
    kind = d.pick({"knee": 0.45, "run": 0.25, "heel": 0.2, "straight": 0.1})
    hip = {"knee": d.u(30, 120), "run": d.u(50, 110), "heel": d.u(-18, 25), "straight": d.u(15, 75)}[kind]
    knee = {"knee": d.u(40, 125), "run": d.u(70, 125), "heel": d.u(70, 140), "straight": d.u(0, 15)}[kind]
    part, lean, bend, out, point = d.u(0.25, 1), d.n(2, 6), d.u(2, 16), d.n(8, 6), d.u(-18, 35)
    tip = d.u(8, 40) if kind == "run" and d.u() < 0.6 else 0.0
    apart, roll, tilt = d.n(3, 6), sign * d.n(2, 3), -hip * d.u(0, 0.13)
    arms = random_arms(d.rng)

    def moment(t: float) -> Stance:
        q = 1.0 if kind == "heel" else float(np.clip(part + 0.1 * t, 0, 1.05))
        pelvis, chest, head = trunk(0, roll, tilt * q + 2, lean, 0, -roll / 2)
        x = -sign * 0.375 * body.hip_width
        legs = {stands: planted(m, stands, x, 0, -sign * out, tip)}
        hips = np.array([x * 0.85 + sign * body.hip_width * 0.18, 0, 0.03 * size])
        _lowered(m, hips, pelvis, {stands: legs[stands]}, {stands: bend})
        legs[lifted] = held(m, lifted, hips, pelvis, hip * q, apart, 0, knee * q, point)
        if lowest(m, lifted, legs[lifted].ankle, legs[lifted].foot, legs[lifted].toes) < -0.002:
            legs[lifted] = held(m, lifted, hips, pelvis, hip * q + 4, apart, 0, knee * q + 14, point * 0.3)
        return Stance(hips, pelvis, chest, head, legs, arms, most_dorsiflexion=50)

    return moment


# --- Bent, sitting, kneeling -------------------------------------------------------------------------------------------


def hinge(d: Draw) -> Moment:
    """Dead lifts, good mornings, picking something up: the hips go back, the knees little."""
    m, size, body = d.m, d.size, d.m.body
    kind = d.pick({"deadlift": 0.34, "stiff": 0.26, "morning": 0.14, "pick": 0.26})
    knee = {"deadlift": d.u(25, 90), "stiff": d.u(5, 35), "morning": d.u(5, 30), "pick": d.u(5, 105)}[kind]
    lean = {"deadlift": d.u(30, 78), "stiff": d.u(35, 88), "morning": d.u(35, 85), "pick": d.u(35, 105)}[kind]
    part, apart, stagger = d.u(), d.u(0.1, 0.42) * size, d.n(0, 0.015 if kind != "pick" else 0.08) * size
    outs, valgus = {s: float(np.clip(d.n(10, 8), -5, 35)) for s, _, _ in SIDES}, {s: d.n(0, 5) for s, _, _ in SIDES}
    rounding, yaw, roll, over = float(np.clip(d.n(5, 9), -12, 40)), d.n(0, 4), d.n(0, 2), d.n(0.055, 0.015) * size
    look = {"look_aside": d.n(0, 14), "look_down": d.u(-30, 20)}
    arms = random_arms(d.rng, {"bar_back": 0.75, "cross": 0.15, "head": 0.1} if kind == "morning" else {"world": 1.0})
    apart_hands, low = body.shoulder_width * d.u(0.45, 0.75), d.u(0.12, 0.35) * size

    def moment(t: float) -> Stance:
        q = float(np.clip(part + 0.1 * t, 0.02, 1))
        bent, bow = 3 + (knee - 3) * q, 2 + lean * q
        legs = {s: planted(m, s, sign * apart / 2, sign * stagger / 2, sign * outs[s]) for s, _, sign in SIDES}
        for s in legs:
            legs[s].valgus = valgus[s] * q
        a, b = body.thigh["L"], body.shank["L"]
        flat = lambda shin: (b * math.sin(math.radians(shin)) - a * math.sin(math.radians(bent - shin)))
        # The shin's slope that keeps the weight over the feet; the centre moves in step with the hips.
        mass = lambda shin: 0.9 * flat(shin) + 0.42 * m.trunk * math.sin(math.radians(bow)) + 0.02
        back, fore = mass(-14), mass(34)
        shin = float(np.clip(-14 + 48 * (over - back) / max(fore - back, 1e-3), -12, 32))
        tilt = min(bow - rounding * q * 0.9, 122 - (bent - shin))
        pelvis, chest, head = trunk(yaw, roll, tilt, max(tilt - 10, bow), **look)
        height = m.foot["L"].height + b * math.cos(math.radians(shin)) + a * math.cos(math.radians(bent - shin))
        hips = np.array([0, height, flat(shin)])
        hips[1] = min([hips[1]] + [hips_height(m, s, hips, pelvis, legs[s].ankle, 3) for s in legs])
        stance = Stance(hips, pelvis, chest, head, legs, arms, most_hip_flexion=128)
        if kind != "morning":
            shoulders = hips + m.trunk * (between(pelvis, chest, 0.6) @ UP)
            for s, _, sign in SIDES:
                reach = body.upper_arm[s] + body.forearm[s]
                y = max(shoulders[1] - 0.97 * reach, low)
                z = max(shoulders[2] + 0.01, 0.10 * size, hips[2] + 0.13 * size)
                arms[s].towards = turn_y(yaw) @ np.array([sign * apart_hands, y, z])
        return stance

    return moment


def sit(d: Draw) -> Moment:
    m, size, body = d.m, d.size, d.m.body
    height = d.u(0.36, 0.56)
    knees = {s: d.u(58, 112) for s, _, _ in SIDES} if d.u() < 0.6 else {s: d.u(25, 118) for s, _, _ in SIDES}
    spread, outs = {s: d.u(-4, 26) for s, _, _ in SIDES}, {s: d.n(8, 8) for s, _, _ in SIDES}
    tilt, lean = d.u(-22, 12), d.u(-18, 12) if d.u() < 0.6 else d.u(10, 50)
    stretched = {d.side()} if d.u() < 0.25 else set()
    raised, yaw, roll, twist = d.u(0, 55), d.n(0, 4), d.n(0, 2), d.n(0, 8)
    arms = random_arms(d.rng, {"thigh": 0.45, "knee": 0.15, "clasped_low": 0.12, "cross": 0.1, "phone": 0.1, "hang": 0.08})
    look = {"look_aside": d.n(0, 20), "look_down": d.n(6, 13)}
    d.props.append(Prop("seat", np.array([0, height, 0]), (height, d.u(0.38, 0.55)), yaw))

    def moment(t: float) -> Stance:
        pelvis, chest, head = trunk(yaw, roll, tilt, tilt * 0.2 + lean, twist, 0, **look)
        hips = np.array([0, height + m.seat, 0.0])
        legs = {}
        for s, _, sign in SIDES:
            if s in stretched:
                legs[s] = held(m, s, hips, pelvis, 88 + tilt, spread[s] * 0.4, 0, float(np.clip(raised + 8 * t, 0, 120)), 5)
                continue
            hip = hips + pelvis @ m.hip[s]
            a, b, floor = body.thigh[s], body.shank[s], m.foot[s].height
            # Level thighs, or as steep as the feet need to reach the floor.
            fall = max(0.0, (hip[1] - floor - b * 0.985) / a)
            if fall > 0.42:
                raise Impossible("the seat is too high")
            level = math.sqrt(1 - fall * fall)
            knee = hip + a * np.array([sign * math.sin(math.radians(spread[s])) * level, -fall,
                                       math.cos(math.radians(spread[s])) * level])
            drop = knee[1] - floor
            slide = math.sqrt(max(b * b - drop * drop, 0)) * (1 if knees[s] < 90 else -1)
            slide = float(np.clip(slide, -0.28 * size, 0.42 * size))
            ahead = unit(np.array([knee[0] - hip[0], 0, knee[2] - hip[2]]))
            ankle = knee + ahead * slide
            heel = 25.0 if slide < -0.15 * size else 0.0
            toes = 20.0 if slide > 0.25 * size else 0.0
            legs[s] = planted(m, s, ankle[0], ankle[2], sign * (spread[s] * 0.6 + outs[s]), heel, toes)
            legs[s].pole = unit(knee - hip + UP * 0.5)
        return Stance(hips, pelvis, chest, head, legs, arms)

    return moment


def sit_to_stand(d: Draw) -> Moment:
    m, size, body = d.m, d.size, d.m.body
    height, part, apart = d.u(0.36, 0.52), d.u(0.04, 1), d.u(0.12, 0.42) * size
    outs, valgus = {s: d.n(8, 7) for s, _, _ in SIDES}, {s: d.n(0, 6) for s, _, _ in SIDES}
    bottom, lean, yaw, roll, over = d.u(85, 112), d.u(22, 58), d.n(0, 3), d.n(0, 2), d.u(-0.03, 0.05) * size
    arms = random_arms(d.rng, {"forward": 0.3, "thigh": 0.3, "knee": 0.1, "cross": 0.14, "hang": 0.1, "clasped": 0.06})
    d.props.append(Prop("seat", np.array([0, height, -body.thigh["L"] * 0.95 + 0.1]), (height, d.u(0.38, 0.55)), yaw))

    def moment(t: float) -> Stance:
        q = float(np.clip(part + 0.08 * t, 0.02, 1))
        bent, bow = bottom * (1 - q) + 4, lean * math.sin(math.pi * min(1.0, 0.28 + 0.72 * q)) * 1.1
        legs = {s: planted(m, s, sign * apart / 2, 0, sign * outs[s]) for s, _, sign in SIDES}
        for s in legs:
            legs[s].valgus = valgus[s] * (1 - q)
        a, b = body.thigh["L"], body.shank["L"]
        shin = float(np.clip(4 + 24 * (1 - q) + 100 * over * q, -2, 32))
        hips = np.array([0, m.foot["L"].height + b * math.cos(math.radians(shin)) + a * math.cos(math.radians(bent - shin)),
                         b * math.sin(math.radians(shin)) - a * math.sin(math.radians(bent - shin))])
        pelvis, chest, head = trunk(yaw, roll, bow * 0.85, bow)
        hips[1] = min([hips[1]] + [hips_height(m, s, hips, pelvis, legs[s].ankle, 2) for s in legs])
        return Stance(hips, pelvis, chest, head, legs, arms)

    return moment


def kneel(d: Draw) -> Moment:
    """On one knee or both."""
    m, size, body = d.m, d.size, d.m.body
    front = d.side()
    rear, sign, both = OTHER[front], SIGN[front], d.u() < 0.2
    apart, back = d.u(0.10, 0.32) * size, math.radians(d.u(-8, 24))
    bend, lean, tucked = d.u(70, 118), d.n(6, 8) if d.u() < 0.6 else d.u(10, 50), d.u() < 0.55
    out, valgus, roll, yaw = d.n(6, 8), d.n(0, 8), d.n(0, 3), d.n(0, 5)
    arms = random_arms(d.rng, None if d.u() < 0.6 else {"hips": 0.3, "clasped": 0.2, "knee": 0.2, "hang": 0.3})
    tilt = -min(14.0, math.degrees(back) * 0.2) + lean * 0.55

    def on_knee(side: str, knee: np.ndarray) -> Leg:
        ankle_height = (0.115 if tucked else 0.062) * size
        e = unit(np.array([0, (ankle_height - knee[1]) / body.shank[side], -1.0]))
        ankle = knee + body.shank[side] * e
        angle = 88.0 if tucked else 168.0
        foot = turn(LEFT, angle) @ turn_y(SIGN[side] * 4 - m.foot[side].yaw)
        toes = turn(LEFT, 26) @ turn_y(SIGN[side] * 4 - m.foot[side].yaw) if tucked else foot
        if tucked:
            ankle = ankle - UP * lowest(m, side, ankle, foot, toes)
        return Leg(ankle, foot, toes, AHEAD, knee=ankle + unit(knee - ankle) * body.shank[side], hinge=LEFT)

    def moment(t: float) -> Stance:
        pelvis, chest, head = trunk(yaw, roll, tilt, lean)
        knee = np.array([-sign * apart / 2, m.knee_front * 0.96, 0])
        hip = knee + body.thigh[rear] * np.array([0, math.cos(back), -math.sin(back)])
        hips = hip - pelvis @ m.hip[rear]
        legs = {rear: on_knee(rear, knee)}
        other = hips + pelvis @ m.hip[front]
        if both:
            legs[front] = on_knee(front, np.array([other[0], m.knee_front * 0.96, 0]))
        else:
            a, b = body.thigh[front], body.shank[front]
            reach = math.sqrt(a * a + b * b + 2 * a * b * math.cos(math.radians(bend)))
            ahead = reach ** 2 - (other[1] - m.foot[front].height) ** 2 - (other[0] - sign * apart / 2) ** 2
            if ahead < 0:
                raise Impossible("the front foot is out of reach")
            legs[front] = planted(m, front, sign * apart / 2, other[2] + math.sqrt(ahead), sign * out)
            legs[front].valgus, legs[front].pole = valgus, unit(AHEAD + 0.6 * UP)
        return Stance(hips, pelvis, chest, head, legs, arms)

    return moment


MOVEMENTS: Dict[str, Tuple[float, Movement]] = {
    "squat": (0.32, lambda d: _squat(d, "narrow")), "cyclist": (0.07, lambda d: _squat(d, "cyclist")),
    "sumo": (0.035, lambda d: _squat(d, "sumo")), "jump_squat": (0.03, jump_squat), "stand": (0.15, stand),
    "walk": (0.07, walk), "turn": (0.025, turning), "lunge": (0.075, lunge), "side_lunge": (0.02, side_lunge),
    "step_up": (0.02, step_up), "hinge": (0.065, hinge), "sit": (0.04, sit), "sit_to_stand": (0.03, sit_to_stand),
    "knee_raise": (0.025, knee_raise), "jumping_jack": (0.018, jumping_jack), "kneel": (0.02, kneel),
}


@dataclass
class Pose:
    kind: str
    solved: Solved
    props: List[Prop]
    at: Callable[[float], Optional[Solved]]   # the same movement a moment earlier or later


def random_pose(rng: np.random.Generator, measures: Measures, kind: Optional[str] = None, tries: int = 60) -> Pose:
    solver = Solver(measures)
    if kind is None:
        shares = np.array([s for s, _ in MOVEMENTS.values()])
        kind = str(rng.choice(list(MOVEMENTS), p=shares / shares.sum()))
    for _ in range(tries):
        draw = Draw(rng, measures)
        try:
            moment = MOVEMENTS[kind][1](draw)
            solved = solver.solve(moment(0.0))
        except (Impossible, ValueError):
            continue

        def at(t: float) -> Optional[Solved]:
            try:
                return solver.solve(moment(t))
            except (Impossible, ValueError):
                return None

        return Pose(kind, solved, draw.props, at)
    return random_pose(rng, measures, "stand" if kind != "stand" else "squat", tries)


