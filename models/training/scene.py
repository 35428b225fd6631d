"""What is around the person: rooms, furniture, weights, things in front, a mirror; and the light.

Geometry is rows of VERTEX_FLOATS numbers, three rows a triangle: place 3, normal 3, texture coordinates 2, colour 3, tile
(-1: none), whether it can hide the person, own brightness.

Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0
"""
import math
from dataclasses import dataclass
from typing import List, Optional, Sequence, Tuple

import numpy as np

from .assets import Assets
from .body import LABELLED, SIDES
from .camera import Camera
from .motions import Pose, Prop
from .people import hsv
from .poses import Measures
from .rotations import UP, cross, turn_x, turn_y, unit

VERTEX_FLOATS = 14
Mesh = np.ndarray
NOTHING: Mesh = np.zeros((0, VERTEX_FLOATS), np.float32)
_CORNERS = np.array([[0, 0], [1, 0], [1, 1], [0, 0], [1, 1], [0, 1]], float)


def _mesh(places: np.ndarray, normals: np.ndarray, uv: np.ndarray, colour: np.ndarray, tile: int, hides: bool,
          glow: float = 0.0) -> Mesh:
    out = np.empty((len(places), VERTEX_FLOATS), np.float32)
    out[:, :3], out[:, 3:6], out[:, 6:8], out[:, 8:11] = places, normals, uv, colour
    out[:, 11], out[:, 12], out[:, 13] = tile, hides, glow
    return out


def quad(corner: Sequence[float], a: Sequence[float], b: Sequence[float], normal: Sequence[float], colour: np.ndarray,
         tile: int = -1, scale: float = 1.0, hides: bool = False, glow: float = 0.0) -> Mesh:
    corner, a, b = (np.asarray(v, float) for v in (corner, a, b))
    places = corner + _CORNERS[:, :1] * a + _CORNERS[:, 1:] * b
    lengths = np.array([np.linalg.norm(a), np.linalg.norm(b)]) * scale
    return _mesh(places, np.asarray(normal), _CORNERS * lengths, colour, tile, hides, glow)


def box(centre: Sequence[float], size: Sequence[float], rotation: np.ndarray, colour: np.ndarray, tile: int = -1,
        scale: float = 1.0) -> Mesh:
    centre, size, sides = np.asarray(centre, float), np.asarray(size, float), []
    for axis in range(3):
        b, c = (axis + 1) % 3, (axis + 2) % 3
        for sign in (-1, 1):
            normal, u, v = np.zeros(3), np.zeros(3), np.zeros(3)
            normal[axis], u[b], v[c] = sign, size[b], size[c]
            corner = normal * size / 2 - u / 2 - v / 2
            sides.append(quad(centre + rotation @ corner, rotation @ u, rotation @ v, rotation @ normal, colour, tile,
                              scale, True))
    return np.concatenate(sides)


def cylinder(start: np.ndarray, end: np.ndarray, radius: float, colour: np.ndarray, around: int = 14) -> Mesh:
    start, end = np.asarray(start, float), np.asarray(end, float)
    axis = unit(end - start)
    x = unit(cross(axis, np.array([0.3, 0.9, 0.2])))
    t = np.linspace(0, 2 * np.pi, around + 1)[:, None]
    ring = np.cos(t) * x + np.sin(t) * cross(axis, x)
    i, a, b = np.arange(around), start + ring * radius, end + ring * radius
    centre = lambda p: np.tile(p, (around, 1))
    corners = [a[i], b[i], b[i + 1], a[i], b[i + 1], a[i + 1], centre(start), a[i], a[i + 1], centre(end), b[i], b[i + 1]]
    normals = ([ring[i], ring[i], ring[i + 1], ring[i], ring[i + 1], ring[i + 1]] + [centre(-axis)] * 3
               + [centre(axis)] * 3)
    order = lambda parts, k: np.stack(parts[k:k + 3], 1).reshape(-1, 3)
    places = np.concatenate([order(corners, k) for k in range(0, 12, 3)])
    normals = np.concatenate([order(normals, k) for k in range(0, 12, 3)])
    uv = np.stack([places[:, 0] + places[:, 2], places[:, 1]], 1) * 2
    return _mesh(places, normals, uv, colour, -1, True)


def wedge(centre: np.ndarray, width: float, length: float, height: float, rotation: np.ndarray, colour: np.ndarray,
          tile: int = -1) -> Mesh:
    """HEIGHT at its back, thin at the front, which is +z before it is turned."""
    profile = ((0, -length / 2), (height, -length / 2), (0.002, length / 2), (0, length / 2))
    v = np.array([[x * width / 2, y, z] for x in (-1, 1) for y, z in profile]) @ rotation.T + centre
    sides = []
    for face in ((0, 1, 2, 3), (4, 5, 6, 7), (1, 5, 6, 2), (0, 4, 5, 1), (3, 7, 6, 2)):
        p = v[list(face)]
        normal = unit(cross(p[1] - p[0], p[2] - p[0]) + 1e-9)
        if normal @ (p.mean(0) - v.mean(0)) < 0:
            normal = -normal
        sides.append(_mesh(p[[0, 1, 2, 0, 2, 3]], np.tile(normal, (6, 1)), np.zeros((6, 2)), colour, tile, True))
    return np.concatenate(sides)


@dataclass
class Light:
    harmonics: np.ndarray   # 9 x 3, from all around
    ambient: float
    key: np.ndarray         # direction to the light that throws shadows
    key_colour: np.ndarray
    fill: np.ndarray
    fill_colour: np.ndarray
    exposure: float
    cast: np.ndarray
    gamma: float
    backlit: bool = False


class Decorator:
    """Draws everything but the person for one picture."""

    FLOORS = ("WoodFloor", "Carpet", "Tiles", "Rubber", "Concrete", "Planks", "Tatami", "Terrazzo", "Marble", "Wood",
              "PavingStones")
    WALLS = ("Plaster", "Paint", "Wallpaper", "Bricks", "Concrete", "Tiles", "Planks", "Fabric")
    MATS = ("Rubber", "Carpet", "Plastic", "Fabric")
    GOODS = ("Wood", "Fabric", "Plastic", "Paint", "Planks", "Rubber")

    def __init__(self, assets: Assets, rng: np.random.Generator):
        self.assets, self.rng = assets, rng
        self.kinds = np.array(assets.tile_kinds)

    def u(self, low: float = 0.0, high: float = 1.0) -> float:
        return float(self.rng.uniform(low, high))

    def tile(self, kinds: Sequence[str], share: float = 1.0) -> int:
        if self.u() > share:
            return -1
        return int(self.rng.choice(np.flatnonzero(np.isin(self.kinds, kinds))))

    def colour(self, least: float = 0.05) -> np.ndarray:
        return np.clip(hsv(self.u(), self.u() ** 1.5, self.u(least, 0.95)), 0, 1)

    def dark(self) -> np.ndarray:
        return np.ones(3) * self.u(0.02, 0.2) if self.u() < 0.7 else self.colour()

    # --- Rooms -------------------------------------------------------------------------------------------------------

    def room(self, eye: np.ndarray, others: Sequence[np.ndarray], mirror: bool
             ) -> Tuple[Mesh, Optional[Tuple[np.ndarray, np.ndarray]]]:
        """Walls, floor, things along the walls and standing about; with MIRROR a wall that shows everything again: a
        point of it and its normal."""
        u = self.u
        within = np.array([[eye[0], eye[2]]] + [[o[0], o[2]] for o in others])
        low = np.minimum([-u(1.25, 4), -u(1.25, 4)], within.min(0) - 0.4)
        high = np.maximum([u(1.25, 4), u(1.25, 4)], within.max(0) + 0.4)
        height, (x0, z0), (x1, z1) = u(2.3, 3.4), low, high
        wide, deep = high - low
        wall_tile, wall_colour, scale = self.tile(self.WALLS, 0.6), self.colour(0.35), u(0.4, 1.5)
        out = [quad([x0, 0, z0], [wide, 0, 0], [0, 0, deep], UP, np.ones(3) * u(0.5, 1.2), self.tile(self.FLOORS), u(0.5, 2)),
               quad([x0, height, z0], [wide, 0, 0], [0, 0, deep], -UP, np.ones(3) * u(0.6, 1))]
        walls = [(np.array(p, float), np.array(a, float), np.array(n, float)) for p, a, n in (
            ([x0, 0, z0], [wide, 0, 0], [0, 0, 1]), ([x1, 0, z1], [-wide, 0, 0], [0, 0, -1]),
            ([x0, 0, z1], [0, 0, -deep], [1, 0, 0]), ([x1, 0, z0], [0, 0, deep], [-1, 0, 0]))]
        glass = None
        if mirror:  # the wall behind the person as the camera sees it
            glass = int(np.argmin([-(eye[0] * n[0] + eye[2] * n[2]) for _, _, n in walls]))
        for i, (corner, along, normal) in enumerate(walls):
            if i == glass:
                continue
            colour = wall_colour if u() < 0.8 else self.colour()
            out.append(quad(corner, along, [0, height, 0], normal, colour, wall_tile, scale))
            out.append(quad(corner + normal * 0.01, along, [0, u(0.05, 0.15), 0], normal, self.colour()))
            out += self._along_wall(corner, along, normal, eye)
        out += self._standing_about(low, high, eye)
        if u() < 0.4:  # a mat
            out.append(quad([-u(0.5, 1), 0.006, -u(0.5, 1)], [u(1, 2), 0, 0], [0, 0, u(1, 2)], UP, self.colour(),
                            self.tile(self.MATS, 0.6), u(0.5, 2)))
        plane = None if glass is None else (walls[glass][0], walls[glass][2])
        return np.concatenate(out), plane

    def _along_wall(self, corner: np.ndarray, along: np.ndarray, normal: np.ndarray, eye: np.ndarray) -> List[Mesh]:
        """Windows, doors, pictures, cupboards."""
        u, out = self.u, []
        length = float(np.linalg.norm(along))
        d, at = along / length, 0.2
        while at < length - 0.6 and u() < 0.85:
            width, kind = min(u(0.4, 1.6), length - at - 0.1), u()
            place = corner + d * at + normal * 0.02
            if kind < 0.25:
                out.append(quad(place + UP * u(0.7, 1.1), d * width, UP * u(0.6, 1.3), normal, np.array([0.9, 0.97, 1]),
                                glow=u(0.8, 3)))
            elif kind < 0.4:
                out.append(quad(place, d * min(width, 0.9), UP * 2.05, normal, self.colour(), self.tile(("Wood", "Paint")), 0.7))
            elif kind < 0.65:
                out.append(quad(place + UP * u(0.8, 1.6), d * width, UP * u(0.3, 1), normal, np.ones(3),
                                int(self.rng.integers(len(self.kinds))), u(0.3, 2)))
            elif kind < 0.9:
                tall, thick = u(0.4, 2.1), u(0.2, 0.7)
                middle = corner + d * (at + width / 2) + normal * thick / 2 + UP * tall / 2
                if self._free(middle, eye, 0.75 + width / 2):
                    size = np.abs(d) * width + np.abs(normal) * thick + UP * tall
                    out.append(box(middle, size, np.eye(3), self.colour(), self.tile(self.GOODS), u(0.5, 2)))
            at += width + u(0.1, 1.2)
        return out

    def _standing_about(self, low: np.ndarray, high: np.ndarray, eye: np.ndarray) -> List[Mesh]:
        u, out = self.u, []
        for _ in range(int(self.rng.integers(0, 6))):
            place = np.array([u(low[0] + 0.2, high[0] - 0.2), 0, u(low[1] + 0.2, high[1] - 0.2)])
            if np.hypot(place[0], place[2]) < 1.1 or not self._free(place, eye, 0.95):
                continue
            if u() < 0.6:
                tall = u(0.1, 1.2)
                out.append(box(place + UP * tall / 2, [u(0.15, 1), tall, u(0.15, 1)], turn_y(u(0, 90)), self.colour(),
                               self.tile(self.GOODS), u(0.5, 2)))
            else:
                out.append(cylinder(place, place + UP * u(0.1, 1.5), u(0.02, 0.3), self.colour()))
        return out

    @staticmethod
    def _free(place: np.ndarray, eye: np.ndarray, radius: float) -> bool:
        """Away from the camera's line of sight to the person."""
        p, e = place[[0, 2]], eye[[0, 2]]
        t = float(np.clip(p @ e / (e @ e), 0, 1))
        return float(np.linalg.norm(p - t * e)) > radius and float(np.linalg.norm(p - e)) > 0.9 * min(radius, 1)

    # --- What the person uses ------------------------------------------------------------------------------------------

    def props(self, pose: Pose, measures: Measures, joints: np.ndarray) -> Mesh:
        u, out, solved = self.u, [], pose.solved
        at = dict(zip(LABELLED, joints))
        if solved.bar is not None:
            out += self._barbell(solved.bar, solved.stance.chest[:, 0])
        kind = solved.stance.arms["L"].kind
        if kind == "goblet" and u() < 0.8:
            middle = 0.5 * (at["wrist_left"] + at["wrist_right"]) + solved.stance.chest @ np.array([0, 0.02, 0.06])
            out += self._dumbbell(middle, UP)
        elif kind == "hang" and pose.kind not in ("walk", "turn") and u() < 0.3:
            for _, side, _ in SIDES:
                out += self._dumbbell(at[f"wrist_{side}"] - UP * 0.08, solved.stance.chest[:, 2])
        elif kind == "world" and pose.kind == "hinge" and u() < 0.75:
            a, b = at["wrist_left"], at["wrist_right"]
            out += self._barbell(0.5 * (a + b) - UP * 0.08, unit(a - b), on_floor=True)
        elif kind == "phone":
            for _, side, _ in SIDES:
                out.append(box(at[f"wrist_{side}"] + UP * 0.06, [0.075, 0.15, 0.009], turn_x(-50), self.dark()))
                break
        colour, tile = self.colour(), self.tile(("Wood", "Rubber", "Planks"), 0.6)
        for prop in pose.props:
            out += self._prop(prop, colour, tile)
        if u() < 0.08:  # the posts of a rack
            z = u(-0.7, 0.7)
            z, half = z + math.copysign(0.45, z), u(0.5, 0.65)
            out += [box([x * half, 1.1, z], [0.06, 2.2, 0.06], np.eye(3), colour) for x in (-1, 1)]
        return np.concatenate(out) if out else NOTHING

    def _barbell(self, middle: np.ndarray, axis: np.ndarray, on_floor: bool = False) -> List[Mesh]:
        u, half = self.u, self.u(0.9, 1.1)
        out = [cylinder(middle - axis * half, middle + axis * half, 0.014, np.ones(3) * u(0.25, 0.7))]
        if u() > 0.88:
            return out
        most = min(0.225, max(0.06, float(middle[1]) - 0.005)) if on_floor else 0.225
        for _ in range(int(self.rng.integers(1, 4))):
            radius, at, thick = most * u(0.4, 1), u(0.58, 0.8), u(0.02, 0.07)
            colour = self.colour() if u() < 0.6 else np.ones(3) * u(0.02, 0.1)
            out += [cylinder(middle + axis * s * at, middle + axis * s * (at + thick), radius, colour, 20) for s in (-1, 1)]
        return out

    def _dumbbell(self, middle: np.ndarray, axis: np.ndarray) -> List[Mesh]:
        radius, colour = self.u(0.045, 0.085), self.dark()
        ends = [cylinder(middle + axis * s * 0.07, middle + axis * s * 0.14, radius, colour) for s in (-1, 1)]
        return ends + [cylinder(middle - axis * 0.1, middle + axis * 0.1, 0.016, np.ones(3) * 0.4)]

    def _prop(self, prop: Prop, colour: np.ndarray, tile: int) -> List[Mesh]:
        u, rotation = self.u, turn_y(prop.yaw)
        if prop.kind == "box":
            return [box(prop.place, prop.size, rotation, colour, tile, u(0.6, 2))]
        if prop.kind == "seat":
            return self._seat(prop.place, prop.size[0], prop.size[1], rotation)
        length, height = prop.size
        ahead = rotation[:, 2]
        heel = np.array([prop.place[0], 0, prop.place[2]])
        if prop.kind == "wedge":
            return [wedge(heel + ahead * length / 2, u(0.1, 0.2), length * 1.08, height, rotation, colour, tile)]
        return [box(heel + ahead * 0.02 + UP * height / 2, [u(0.1, 0.2), height, u(0.1, 0.14)], rotation, colour, tile)]

    def _seat(self, place: np.ndarray, height: float, width: float, rotation: np.ndarray) -> List[Mesh]:
        """Chair, stool, bench or sofa."""
        u = self.u
        kind = str(self.rng.choice(["chair", "stool", "bench", "sofa"], p=[0.5, 0.18, 0.17, 0.15]))
        colour, second, tile = self.colour(), self.colour(), self.tile(self.GOODS, 0.6)
        origin = np.array([place[0], 0, place[2]])
        at = lambda x, y, z: origin + rotation @ np.array([x, y, z])
        block = lambda x, y, z, size, c: box(at(x, y, z), size, rotation, c, tile, u(0.6, 2))
        post = lambda x, z, top: cylinder(at(x, 0, z), at(x, top, z), leg, second)
        thick, leg, deep, back = u(0.02, 0.09), u(0.012, 0.03), u(0.36, 0.46), -u(0.16, 0.21)
        middle = back + deep / 2
        if kind == "bench":
            long = u(0.8, 1.6)
            return [block(0, height - thick / 2, 0, [long, thick, u(0.28, 0.42)], colour)] + [
                block(x * long * 0.4, (height - thick) / 2, 0, [0.06, height - thick, 0.3], second) for x in (-1, 1)]
        if kind == "stool":
            return [cylinder(at(0, height - thick, 0.02), at(0, height, 0.02), u(0.15, 0.2), colour)] + [
                post(x * 0.1, z * 0.1, height - thick) for x in (-1, 1) for z in (-1, 1)]
        if kind == "sofa":
            long = u(0.8, 2.0)
            return [block(0, height / 2, middle, [long, height, 0.6], colour),
                    block(0, (height + 0.4) / 2, back - 0.14, [long, height + 0.4, 0.22], colour)] + [
                        block(x * long / 2, (height + 0.18) / 2, middle, [0.16, height + 0.18, 0.62], second) for x in (-1, 1)]
        out = [block(0, height - thick / 2, middle, [width, thick, deep], colour)]
        out += [post(x * (width / 2 - 0.025), z, height - thick) for x in (-1, 1) for z in (back + 0.03, back + deep - 0.03)]
        tall, gap = u(0.3, 0.55), u(0, 0.2)
        if u() < 0.5:
            return out + [block(0, height + gap + tall / 2, back - 0.03, [width * 0.95, tall, 0.04], colour)]
        bars = np.linspace(-1, 1, int(u(2, 6)))
        out += [block(x * width * 0.45, height + (gap + tall) / 2, back - 0.03, [0.05, gap + tall, 0.03], colour) for x in bars]
        return out + [block(0, height + gap + tall, back - 0.03, [width, 0.06, 0.035], colour)]

    # --- Beside and behind the person ----------------------------------------------------------------------------------

    def lived_in(self, eye: np.ndarray, joints: np.ndarray) -> Mesh:
        """What stands, leans, hangs and lies close to people at home, and has the shape of a leg or a foot: one that the
        other hides is looked for in it. Nothing stands where the person is, and next to nothing of the person is hidden."""
        u, out = self.u, []
        feet = joints[[LABELLED.index(f"ankle_{side}") for _, side, _ in SIDES]].mean(0) * [1, 0, 1]
        away = unit((feet - eye) * [1, 0, 1])
        aside = np.array([away[2], 0, -away[0]])
        makers = {self._leaning: 0.17, self._strap: 0.16, self._chair: 0.13, self._shoes_off: 0.15, self._trouser_legs: 0.13,
                  self._weights_down: 0.08, self._tripod: 0.06, self._bag: 0.07, self._bottle: 0.05}
        for _ in range(int(self.rng.integers(2, 7))):
            place = feet + away * u(-0.25, 1.2) + aside * u(0.15, 1.1) * (1 if u() < 0.5 else -1)
            turned = turn_y(u(0, 360))
            make = list(makers)[self.rng.choice(len(makers), p=list(makers.values()))]
            thing = make(place, turned)
            floor, people = thing[:, [0, 2]].astype(float), joints[:, [0, 2]]
            gap = np.maximum(0, np.maximum(floor.min(0) - people, people - floor.max(0)))
            if np.linalg.norm(gap, axis=1).min() > 0.12 and hidden_by(eye, joints, thing).mean() < 0.05:
                out.append(thing)
        if u() < 0.3:  # a mat that begins or ends somewhere under the feet
            turned = turn_y(u(0, 360))
            wide, long = u(0.4, 1), u(0.6, 2)
            corner = feet + turned @ np.array([-wide * u(0.1, 0.9), u(0.004, 0.02), -long * u(0.1, 0.9)])
            out.append(quad(corner, turned[:, 0] * wide, turned[:, 2] * long, UP, self.dark() if u() < 0.6 else self.colour(),
                            self.tile(self.MATS, 0.6), u(0.5, 2)))
        return np.concatenate(out) if out else NOTHING

    def _leaning(self, place: np.ndarray, turned: np.ndarray) -> Mesh:
        """A ladder, a clothes horse, a board, a pole, a broom."""
        u, colour = self.u, self.colour()
        up = unit(UP + turned[:, 2] * u(0, 0.5))
        long, thick, kind = u(0.5, 1.8), u(0.01, 0.035), u()
        if kind < 0.3:
            return box(place + up * long / 2, [u(0.08, 0.6), long, 0.02],
                       np.stack([turned[:, 0], up, cross(turned[:, 0], up)], 1), colour, self.tile(self.GOODS, 0.6))
        if kind < 0.6:
            return cylinder(place, place + up * long, thick, colour)
        half = turned[:, 0] * u(0.12, 0.35)
        out = [cylinder(place + s * half, place + s * half + up * long, thick, colour) for s in (-1, 1)]
        out += [cylinder(place - half + up * at, place + half + up * at, thick * 0.7, colour, 8)
                for at in np.arange(u(0.15, 0.4), long, u(0.2, 0.4))]
        return np.concatenate(out)

    def _strap(self, place: np.ndarray, turned: np.ndarray) -> Mesh:
        """A belt, a cable, a towel or a sleeve that hangs from something and may lie on the floor with its end."""
        u, colour = self.u, self.dark() if self.u() < 0.6 else self.colour()
        top, wide, loop = u(0.25, 1.1), u(0.01, 0.12), u(-0.25, 0.25)
        reach = np.array([loop, -top * u(0.4, 1.1), u(-0.1, 0.1)])
        t = np.linspace(0, 1, 9)[:, None]
        sag = np.sin(t * np.pi) * np.array([u(-0.15, 0.15), 0, 0])
        line = place + UP * top + (t * reach + sag) @ turned.T
        line[:, 1] = np.maximum(line[:, 1], 0.01)
        out = [box((a + b) / 2, [wide, float(np.linalg.norm(b - a)) * 1.05 + 1e-3, 0.008],
                   self._along(b - a, turned[:, 2]), colour) for a, b in zip(line, line[1:])]
        if u() < 0.6:  # what it hangs from
            out.append(box(place + UP * top / 2 - turned[:, 2] * 0.2, [u(0.2, 0.6), top, u(0.1, 0.3)], turned, self.colour(),
                           self.tile(self.GOODS, 0.6)))
        return np.concatenate(out)

    @staticmethod
    def _along(way: np.ndarray, front: np.ndarray) -> np.ndarray:
        """A rotation whose second axis is WAY, its third about FRONT."""
        y = unit(way + 1e-9 * UP)
        x = unit(cross(y, front) + 1e-9)
        return np.stack([x, y, cross(x, y)], 1)

    def _chair(self, place: np.ndarray, turned: np.ndarray) -> Mesh:
        return np.concatenate(self._seat(place, self.u(0.3, 0.75), self.u(0.3, 0.5), turned))

    def _shoes_off(self, place: np.ndarray, turned: np.ndarray) -> Mesh:
        """One or two, with or without a shaft."""
        u, colour, out = self.u, self.dark() if self.u() < 0.4 else self.colour(), []
        sole = np.ones(3) * u(0.02, 0.9)
        long, wide, thick, shaft = u(0.18, 0.31), u(0.07, 0.11), u(0.01, 0.04), u(0.02, 0.1) if u() < 0.8 else u(0.1, 0.3)
        for k in range(1 if u() < 0.3 else 2):
            own = turned @ turn_y(u(-25, 25))
            heel = place + turned[:, 0] * (k * (wide + u(0, 0.12)))
            out += [box(heel + own[:, 2] * long * 0.47 + UP * thick / 2, [wide, thick, long], own, sole),
                    wedge(heel + own[:, 2] * long * 0.45 + UP * thick, wide * 0.95, long * 1.0, u(0.06, 0.1), own, colour),
                    box(heel + own[:, 2] * long * 0.1 + UP * (thick + 0.03 + shaft / 2),
                        [wide * 0.85, 0.06 + shaft, long * 0.35], own, colour)]
        return np.concatenate(out)

    def _trouser_legs(self, place: np.ndarray, turned: np.ndarray) -> Mesh:
        """Posts as thick as legs, bent or straight: trousers on a line, a table's legs, a rolled mat, a vacuum cleaner."""
        u, colour, out = self.u, self.dark() if self.u() < 0.5 else self.colour(), []
        radius, top = u(0.035, 0.09), u(0.3, 1.1)
        off = UP * (u(0, 0.4) if u() < 0.4 else 0)
        bend = turned[:, 2] * (u(-0.2, 0.2) if u() < 0.5 else 0)
        for k in range(int(self.rng.integers(1, 3))):
            foot = place + off + turned[:, 0] * k * u(0.12, 0.3)
            knee = foot + UP * top * u(0.4, 0.6) + bend
            out += [cylinder(foot, knee, radius * 0.9, colour), cylinder(knee, foot + UP * top, radius * 1.15, colour)]
            if u() < 0.3:
                out.append(box(foot + turned[:, 2] * 0.06 + UP * 0.03, [0.09, 0.06, 0.24], turned, self.colour()))
        return np.concatenate(out)

    def _weights_down(self, place: np.ndarray, turned: np.ndarray) -> Mesh:
        u, kind = self.u, self.u()
        if kind < 0.4:
            return np.concatenate(self._dumbbell(place + UP * 0.08, turned[:, 0]))
        if kind < 0.7:  # a kettlebell
            radius, colour = u(0.07, 0.12), self.dark()
            return np.concatenate([cylinder(place, place + UP * radius * 1.8, radius, colour),
                                   cylinder(place + UP * radius * 2.3 - turned[:, 0] * radius * 0.6,
                                            place + UP * radius * 2.3 + turned[:, 0] * radius * 0.6, 0.017, colour)])
        radius = u(0.1, 0.225)  # plates that lean
        return np.concatenate([cylinder(place + UP * radius + turned[:, 2] * 0.06 * k, place + UP * radius + turned[:, 2]
                                        * (0.06 * k + u(0.02, 0.05)), radius, self.dark(), 20) for k in range(2)])

    def _tripod(self, place: np.ndarray, turned: np.ndarray) -> Mesh:
        u, colour = self.u, self.dark()
        top, spread, thick = u(0.4, 1.5), u(0.12, 0.35), u(0.006, 0.014)
        return np.concatenate([cylinder(place + turned @ turn_y(120 * k) @ np.array([0, 0, spread]), place + UP * top * 0.7,
                                        thick, colour, 8) for k in range(3)]
                              + [cylinder(place + UP * top * 0.6, place + UP * top, thick, colour, 8)])

    def _bag(self, place: np.ndarray, turned: np.ndarray) -> Mesh:
        u, tall = self.u, self.u(0.12, 0.5)
        lean = turned @ turn_x(u(-20, 20))
        return box(place + UP * tall * 0.48, [u(0.15, 0.5), tall, u(0.1, 0.3)], lean, self.colour(), self.tile(("Fabric",), 0.6))

    def _bottle(self, place: np.ndarray, turned: np.ndarray) -> Mesh:
        u, colour, tall, radius = self.u, self.colour(), self.u(0.12, 0.3), self.u(0.03, 0.05)
        return np.concatenate([cylinder(place, place + UP * tall, radius, colour),
                               cylinder(place + UP * tall, place + UP * (tall + 0.05), radius * 0.5, self.dark())])

    # --- In front of the person ----------------------------------------------------------------------------------------

    def in_front(self, camera: Camera, root: np.ndarray) -> Mesh:
        u, eye = self.u, camera.eye
        way = np.array([root[0] - eye[0], 0, root[2] - eye[2]])
        distance = float(np.linalg.norm(way))
        ahead = way / distance
        right, yaw = np.array([ahead[2], 0, -ahead[0]]), math.degrees(math.atan2(ahead[0], ahead[2]))
        part = u(0.3, 0.8)
        aside = u(0.08, 0.45) * (1 if u() < 0.5 else -1) * (0.4 + 0.6 * part)
        at = np.array([eye[0], 0, eye[2]]) + ahead * min(distance * part, distance - 0.45) + right * aside
        rotation, colour, tile = turn_y(yaw + u(-30, 30)), self.colour(), self.tile(self.GOODS, 0.7)
        kind = str(self.rng.choice(["chair", "table", "plant", "weights", "box", "post", "near"],
                                   p=[0.2, 0.22, 0.14, 0.1, 0.16, 0.08, 0.1]))
        if kind == "chair":
            return np.concatenate(self._seat(at, u(0.42, 0.5), u(0.36, 0.5), rotation @ turn_y(180 * (u() < 0.5))))
        if kind == "table":  # its edge just under the line of sight
            slope, far = (eye[1] - u(-0.3, 0.36)) / distance, u(0.25, 0.65) * distance
            place = np.array([eye[0], 0, eye[2]]) + ahead * (far - 0.4) + right * u(-0.5, 0.5)
            place[1] = eye[1] - slope * far - 0.02
            return box(place, [u(0.5, 2), 0.04, 0.8], turn_y(yaw + u(-8, 8)), colour, tile) if slope > 0.02 else NOTHING
        if kind == "plant":
            return self._plant(at, colour)
        if kind == "weights":
            out = []
            for y in ((0.22, 0.5) if u() < 0.6 else (0.22,)):
                out.append(box(at + UP * y, [1.0, 0.05, 0.2], rotation, np.ones(3) * u(0.02, 0.2)))
                for x in np.arange(-0.4, 0.45, u(0.14, 0.2)):
                    out += self._dumbbell(at + UP * (y + 0.08) + rotation[:, 0] * x, rotation[:, 2])
            return np.concatenate(out)
        if kind == "box":
            tall = u(0.15, 0.9)
            return box(at + UP * tall / 2, [u(0.1, 0.7), tall, u(0.1, 0.5)], rotation, colour, tile, u(0.5, 2))
        if kind == "post":
            return cylinder(at, at + UP * u(0.2, 1.4), u(0.03, 0.16), colour)
        near = u(0.18, 0.5)  # right before the lens: a mug, a book
        place = eye + ahead * near + right * u(-0.56, 0.56) * near - UP * u(0.25, 0.6) * near
        if u() < 0.5:
            return cylinder(place - UP * 0.1, place + UP * u(0, 0.05), u(0.02, 0.05), colour)
        return box(place, [u(0.03, 0.15), u(0.03, 0.12), u(0.03, 0.15)], rotation, colour, tile)

    def _plant(self, at: np.ndarray, colour: np.ndarray) -> Mesh:
        u, pot, tall = self.u, self.u(0.15, 0.4), self.u(0.3, 1.1)
        green = np.clip(hsv(u(0.2, 0.42), u(0.3, 0.9), u(0.08, 0.5)), 0, 1)
        out = [cylinder(at, at + UP * pot, u(0.08, 0.18), colour),
               cylinder(at + UP * pot, at + UP * (pot + tall), 0.01, green * 0.5)]
        for _ in range(int(u(14, 34))):
            turned = u(0, 6.283)
            d = unit(np.array([math.cos(turned), u(-0.2, 1.2), math.sin(turned)]))
            side = unit(cross(d, np.array([0.2, 1, 0.1]))) * u(0.02, 0.06)
            start = at + UP * (pot + tall * u()) + d * 0.03
            out.append(quad(start - side, d * u(0.12, 0.3), 2 * side, unit(cross(d, side)), green * u(0.6, 1.3), hides=True))
        return np.concatenate(out)

    # --- Light -----------------------------------------------------------------------------------------------------------

    def light(self, panorama: Optional[int], turned: float, towards_person: np.ndarray) -> Light:
        """Of a room of ours, or of a PANORAMA that is TURNED by so many radians."""
        u, tinge = self.u, lambda s: np.exp(self.rng.normal(0, s, 3))
        if panorama is None:
            top, level, ground = u(0.5, 1.2) * tinge(0.06), u(0.3, 0.9) * tinge(0.08), u(0.1, 0.5) * tinge(0.08)
            harmonics = np.zeros((9, 3))
            harmonics[0] = (top + 2 * level + ground) / 4 / 0.282095
            harmonics[1] = (top - ground) / 2 / 0.488603 * 0.8
            harmonics[2], harmonics[3] = (u(-0.3, 0.3) * level / 0.488603 for _ in range(2))
            key, colour = self._direction(20, 85), u(0, 1.6) * tinge(0.07)
        else:
            c, s = math.cos(turned), math.sin(turned)
            rotation, sun = np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]]), self.assets.suns[panorama]
            harmonics = turned_harmonics(self.assets.harmonics[panorama].astype(float), rotation) * u(0.7, 1.3)
            key, colour = rotation @ sun[:3], np.clip(sun[3:6], 0, 2.5) * u(0.5, 1.3)
            if key[1] < 0.25 or sun[6] < 0.35:  # nothing there that throws a clear shadow
                key, colour = self._direction(40, 85), colour * u(0.1, 0.6)
        light = Light(harmonics, u(0.7, 1.2), unit(key), colour, self._direction(10, 25), u(0, 0.25) * tinge(0.1),
                      float(np.exp(self.rng.normal(0.05, 0.3))), tinge(0.05), 1 / u(1.8, 2.5))
        if u() < 0.10:  # a dim evening
            light.exposure, light.key_colour = light.exposure * u(0.35, 0.7), light.key_colour * u(0.3, 1)
        if u() < 0.10:  # a window behind the person
            light.backlit = True
            light.key = unit(towards_person + np.array([u(-0.5, 0.5), u(0.3, 1.1), u(-0.5, 0.5)]))
            light.key_colour, light.fill_colour = np.ones(3) * u(0.8, 2.2), light.fill_colour * 0.2
            light.ambient, light.exposure = light.ambient * u(0.25, 0.7), light.exposure * u(0.8, 1.6)
        return light

    def _direction(self, low: float, high: float) -> np.ndarray:
        around, up = math.radians(self.u(0, 360)), math.radians(self.u(low, high))
        return np.array([math.sin(around) * math.cos(up), math.sin(up), math.cos(around) * math.cos(up)])


def _harmonic_basis(d: np.ndarray) -> np.ndarray:
    x, y, z = d.T
    return np.stack([0.282095 + 0 * x, 0.488603 * y, 0.488603 * z, 0.488603 * x, 1.092548 * x * y, 1.092548 * y * z,
                     0.315392 * (3 * z * z - 1), 1.092548 * x * z, 0.546274 * (x * x - y * y)], 1)


def _even_directions(count: int = 200) -> np.ndarray:
    k = np.arange(count) + 0.5
    polar, around = np.arccos(1 - 2 * k / count), np.pi * (1 + 5 ** 0.5) * k
    return np.stack([np.cos(around) * np.sin(polar), np.cos(polar), np.sin(around) * np.sin(polar)], 1)


_DIRECTIONS = _even_directions()
_TO_HARMONICS = np.linalg.pinv(_harmonic_basis(_DIRECTIONS))


def turned_harmonics(harmonics: np.ndarray, rotation: np.ndarray) -> np.ndarray:
    """9 x 3, by looking it up in many directions."""
    return _TO_HARMONICS @ (_harmonic_basis(_DIRECTIONS @ rotation) @ harmonics)


def mirrored(mesh: Mesh, plane: Tuple[np.ndarray, np.ndarray], dim: float) -> Mesh:
    """What a mirror shows; it hides nobody."""
    point, normal = plane
    out = mesh.copy()
    out[:, :3] -= (2 * ((mesh[:, :3] - point) @ normal))[:, None] * normal
    out[:, 3:6] -= (2 * (mesh[:, 3:6] @ normal))[:, None] * normal
    out[:, 8:11] *= dim
    out[:, 12] = 0
    return out.astype(np.float32)


def hidden_by(eye: np.ndarray, points: np.ndarray, mesh: Mesh) -> np.ndarray:
    """Which lines from EYE to POINTS go through MESH (Möller and Trumbore)."""
    corners = mesh[:, :3].reshape(-1, 3, 3).astype(float)
    a, e1, e2 = corners[:, 0], corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    s, d = eye - a, points - eye
    q = np.cross(s, e1)
    det = -(d @ np.cross(e1, e2).T)
    f = 1 / np.where(np.abs(det) < 1e-12, 1e-12, det)
    u, v, t = f * (d @ np.cross(e2, s).T), f * (d @ q.T), f * (e2 * q).sum(1)[None]
    return ((u >= 0) & (v >= 0) & (u + v <= 1) & (t > 0.02) & (t < 0.97)).any(1)
