"""Clothes on a body: garments cut from the body's own helper surface, and MakeHuman's fitted ones.

Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0
"""
from dataclasses import dataclass, field, replace
from typing import Any, Dict, List, Optional, Tuple

import numpy as np

from .body import SIDES, Body
from .rotations import unit

f32 = np.float32

# Where a joint's bending gathers cloth, in the order of Part.folds.
FOLD_PLACES = ("knee L", "knee R", "hip L", "hip R", "elbow L", "elbow R", "everywhere")


@dataclass
class Look:
    """How a part is coloured: a texture, or a pattern in two colours."""

    texture: str = ""             # a layer's name, "skin", or none
    pattern: str = "plain"
    colour: np.ndarray = field(default_factory=lambda: np.ones(3))
    second: np.ndarray = field(default_factory=lambda: np.ones(3))
    scale: float = 20.0
    hue: float = 0.0              # of a textured part, 0: as it is
    cut: float = 0.0              # alpha under which nothing is drawn
    wrinkles: float = 0.0
    split: float = 0.5
    tile: int = 0                 # which fabric, wrinkle and fold pictures
    wrinkle_layer: int = 0
    fold_layer: int = 0


@dataclass
class Part:
    """A piece of mesh bound to the bones."""

    name: str
    vertices: np.ndarray
    normals: np.ndarray
    weights: np.ndarray
    uv: np.ndarray
    triangles: np.ndarray
    pattern_at: np.ndarray             # where on the body, for patterns
    look: Look = field(default_factory=Look)
    ease: Optional[np.ndarray] = None  # distance from the skin: how much it may sag and flutter
    folds: Optional[np.ndarray] = None
    culled: bool = False               # closed: its back is never seen

    def part_of(self, triangles: np.ndarray, look: Look) -> "Part":
        """These of its triangles, to look like LOOK."""
        return replace(self, triangles=self.triangles[triangles], look=look)


PATTERNS = ("plain", "stripe_h", "stripe_v", "side", "blocks", "noise", "logo", "tex")


def normals_of(vertices: np.ndarray, quads: np.ndarray) -> np.ndarray:
    a, b, c, d = (vertices[quads[:, i]] for i in range(4))
    n = np.cross(c - a, d - b)
    total = np.stack([sum(np.bincount(quads[:, j], n[:, k], len(vertices)) for j in range(4)) for k in range(3)], 1)
    return (total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-9)).astype(f32)


def triangles_of(quads: np.ndarray) -> np.ndarray:
    t = np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])
    return t[(t[:, 0] != t[:, 1]) & (t[:, 1] != t[:, 2]) & (t[:, 2] != t[:, 0])]


def waves(points: np.ndarray, draws: np.ndarray, length: float) -> np.ndarray:
    """Smooth noise of about this wavelength in metres, -1 to 1; DRAWS: 5 x 4 normal numbers."""
    directions = draws[:, :3] / np.linalg.norm(draws[:, :3], axis=1, keepdims=True)
    directions = directions * (2 * np.pi / length * np.exp(0.25 * np.clip(draws[:, 3:], -1.5, 1.5)))
    return (np.cos(points @ directions.T.astype(f32) + draws[:, 3].astype(f32) * 3).sum(1) / 2.2).astype(f32)


def decimate(points: np.ndarray, uv: np.ndarray, geometry: np.ndarray, triangles: np.ndarray, cell: Any
             ) -> Tuple[np.ndarray, np.ndarray]:
    """Vertices that share a cube of side CELL become one. Returns the kept ones and the triangles left."""
    c = np.maximum(np.broadcast_to(cell, len(points)), 1e-3)[:, None]
    own = np.where(c > 0.01, 0, np.arange(len(points))[:, None])
    key = np.concatenate([np.floor(points / c), np.floor(uv / 0.07) * (c > 0.01) + own, c * 1000], 1)
    _, cluster = np.unique(key.astype(np.int64), axis=0, return_inverse=True)
    cluster = cluster.ravel()
    count = np.bincount(cluster)
    mean = np.stack([np.bincount(cluster, points[:, i]) / count for i in range(3)], 1)
    distance = ((points - mean[cluster]) ** 2).sum(1)
    order = np.lexsort((distance, cluster))
    kept = order[np.searchsorted(cluster[order], np.arange(len(count)))]
    triangles = cluster[triangles]
    corners = geometry[kept][triangles]
    good = (corners[:, 0] != corners[:, 1]) & (corners[:, 1] != corners[:, 2]) & (corners[:, 2] != corners[:, 0])
    triangles, corners = triangles[good], corners[good]
    _, first = np.unique(np.sort(corners, 1), axis=0, return_index=True)
    return kept, triangles[np.sort(first)].astype(np.int32)


def split_across(rows: np.ndarray, quads: np.ndarray, height: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
    """Each quad into two, across the limb. ROWS: data per vertex; HEIGHT: of the vertices in the base mesh."""
    n = len(rows)
    rise = lambda i, j: np.abs(height[quads[:, i]] - height[quads[:, j]])
    turned = rise(0, 1) + rise(2, 3) < rise(1, 2) + rise(3, 0)
    quads = np.where(turned[:, None], quads[:, [1, 2, 3, 0]], quads)
    edges = np.sort(np.concatenate([quads[:, [0, 1]], quads[:, [2, 3]]]), 1)
    keys, inverse = np.unique(edges[:, 0].astype(np.int64) * n + edges[:, 1], return_inverse=True)
    middle = inverse.reshape(2, -1) + n
    rows = np.concatenate([rows, 0.5 * (rows[keys // n] + rows[keys % n])])
    upper = np.stack([quads[:, 0], middle[0], middle[1], quads[:, 3]], 1)
    lower = np.stack([middle[0], quads[:, 1], quads[:, 2], middle[1]], 1)
    return rows, np.concatenate([upper, lower])


@dataclass
class Cut:
    """A garment's outline and looseness, metres for a body of 1.70 m but for places on the base mesh.

    Along a leg 0 is the hip, 1 the knee, 2 the ankle; along an arm 0 is the shoulder, 2 the wrist; heights are those
    of the base mesh in decimetres (0.7 crotch, 2 waist, 5.5 collarbone)."""

    off: float                       # distance from the skin
    hem: float = 0.0                 # along the leg, or a height for tops
    waist: float = 1.5
    neck: float = 5.8
    sleeve: float = 0.6
    strap: Optional[float] = None    # of a tank top: half the width that stays
    flare: float = 0.0
    bag: float = 0.0                 # more at the thigh
    seat: float = 0.0
    belly: float = 0.0
    sleeve_flare: float = 0.0
    tube: Optional[List[float]] = None  # a trouser leg's least radius from hip to hem
    crease: float = 0.12
    rough: float = 0.7
    loose: bool = False


# Where Cut.tube's radii stand along the leg.
TUBE_AT = (0.05, 0.5, 1.0, 1.5, 1.86, 2.05)


class Tailor:
    """Cuts garments for one body."""

    def __init__(self, body: Body, rng: np.random.Generator):
        base = body.assets.base
        self.body, self.rng, self.base = body, rng, base
        self.height = base["V"][:, 1]
        self.leg, self.arm = base["legp"], base["armp"]
        self.on_arm = self.arm > -1
        self.on_leg = (self.leg > -1) & ~self.on_arm
        self.helper, self.helper_quads = base["tvmap"], base["TQ"]
        self.out = normals_of(body.vertices, self.helper[self.helper_quads])

    def _covered(self, kind: str, cut: Cut) -> np.ndarray:
        y = self.height
        if kind == "bottom":
            return ~self.on_arm & (y < cut.waist) & (~self.on_leg | (self.leg < cut.hem))
        if kind == "socks":
            return self.on_leg & (self.leg > cut.hem)
        trunk = ~self.on_arm & (y > cut.hem) & (y < cut.neck)
        if kind == "bra":
            return trunk
        covered = trunk | (self.on_arm & (self.arm < cut.sleeve))
        if cut.strap is not None:
            wide = (np.abs(self.base["V"][:, 0]) > cut.strap) & (y > 4.6)
            covered &= ~wide & ~self.on_arm
        return covered

    def _distance(self, kind: str, cut: Cut) -> np.ndarray:
        y, leg = self.height, self.leg
        off = np.full(len(y), cut.off, f32)
        if kind == "bottom":
            off += cut.flare * np.clip(leg, 0, cut.hem) / max(cut.hem, 0.1) * self.on_leg
            off += cut.bag * np.exp(-((leg - 0.45) / 0.35) ** 2) * self.on_leg
            off += cut.seat * ~self.on_leg * np.clip((cut.waist - y) / 1.2, 0, 1)
        elif kind == "top":
            off += cut.flare * np.clip((4.2 - y) / 4, 0, 1) * ~self.on_arm
            off += cut.belly * np.exp(-((y - 2.2) / 1.2) ** 2) * ~self.on_arm
            off += cut.sleeve_flare * np.clip(self.arm / max(cut.sleeve, 0.2), 0, 1) * self.on_arm
        return off

    def _hang_legs(self, cut: Cut, off: np.ndarray, covered: np.ndarray, draws: np.ndarray) -> Tuple[np.ndarray, ...]:
        """Wide trouser legs: around the bones at a radius of their own, so thigh and calf no longer show."""
        body, size = self.body, f32(self.body.size)
        which = np.flatnonzero(self.on_leg & covered)
        along, x = self.leg[which], body.vertices[which]
        least = np.interp(along, TUBE_AT, cut.tube).astype(f32) * size
        centre, direction = np.empty_like(x), np.empty_like(x)
        side = np.sign(self.base["V"][which, 0])
        for s, _, sign in SIDES:
            q = side == sign
            hip, knee, ankle = (body.bone(b, s).astype(f32) for b in ("upperleg01", "lowerleg01", "foot"))
            t = along[q][:, None]
            centre[q] = np.where(t < 1, hip + (knee - hip) * t, knee + (ankle - knee) * (t - 1))
            direction[q] = np.where(t < 1, unit(knee - hip), unit(ankle - knee))
        radial = x - centre
        radial -= direction * (radial * direction).sum(1, keepdims=True)
        radius = np.linalg.norm(radial, axis=1)
        blend = np.clip((along - 0.04) / 0.22, 0, 1)
        blend = blend * blend * (3 - 2 * blend)
        tight = radius + off[which]
        wide = np.maximum(tight, np.minimum(least * (1 + 0.08 * waves(x, draws, 0.4)), radius + 0.09 * size))
        new = tight + (wide - tight) * blend
        moved = x - radial + radial * (new / np.maximum(radius, 1e-5))[:, None]
        crossed = moved[:, 0] * side < 0.006  # one leg's cloth stays on its side
        moved[crossed, 0] = 0.006 * side[crossed]
        return which, moved

    def _fold_map(self, at: np.ndarray, cut: Cut) -> np.ndarray:
        leg, arm, y = self.leg[at], self.arm[at], self.height[at]
        on_leg, on_arm = self.on_leg[at], self.on_arm[at]
        left = self.base["V"][at, 0] > 0
        bell = lambda middle, width, x: np.exp(-((x - middle) / width) ** 2)
        knee = bell(0.98, 0.26, leg) * on_leg
        hip = np.where(on_leg, bell(0.02, 0.22, leg), np.where(on_arm, 0, bell(0.4, 0.9, y)))
        elbow = bell(1.0, 0.3, arm) * on_arm
        stacked = 0.35 * bell(1.95, 0.3, leg) * on_leg * (cut.tube is not None)
        rest = cut.crease * (1 + 2 * stacked + 0.8 * bell(2.2, 1.0, y) * ~on_leg)
        return np.stack([knee * left, knee * ~left, hip * left, hip * ~left, elbow * left, elbow * ~left, rest],
                        1).astype(f32)

    def garment(self, name: str, kind: str, cut: Cut) -> Tuple[Part, np.ndarray]:
        """KIND: bottom, top, bra, socks. The part, and which vertices of the base mesh it hides."""
        body, rng = self.body, self.rng
        draws = rng.normal(0, 1, (2, 5, 4))
        covered, off = self._covered(kind, cut), self._distance(kind, cut)
        places = body.vertices + self.out * off[:, None]
        if cut.tube is not None:
            which, moved = self._hang_legs(cut, off, covered, draws[0])
            places[which] = moved
        ease = np.clip(np.linalg.norm(places - body.vertices, axis=1) - 0.006, 0, 0.12).astype(f32)
        whole = covered[self.helper[self.helper_quads]].all(1)
        used, quads = np.unique(self.helper_quads[whole].ravel(), return_inverse=True)
        quads = quads.reshape(-1, 4)
        at = self.helper[used]
        edge = np.zeros(len(covered), bool)
        edge[self.helper[self.helper_quads[~whole]].ravel()] = True
        part = Part(name, places[at].astype(f32), self.out[at], body.weights[at], self.base["tuv"][used],
                    triangles_of(quads), body.vertices[at], ease=ease[at], folds=self._fold_map(at, cut))
        if cut.loose:
            part = self._ruffled(part, at, quads, cut, draws, kind)
        return part, covered & ~edge

    def _ruffled(self, part: Part, at: np.ndarray, quads: np.ndarray, cut: Cut, draws: np.ndarray, kind: str) -> Part:
        """A finer mesh with folds in its shape; the helper surface is coarse."""
        places, first, inverse = np.unique(at, return_index=True, return_inverse=True)
        quads = inverse[quads]
        fields = (part.vertices, part.weights, part.uv, part.pattern_at, part.folds, part.ease[:, None])
        rows = np.concatenate([f[first] for f in fields], 1).astype(f32)
        if kind == "bottom" and (cut.tube is not None or cut.bag):
            rows, quads = split_across(rows, quads, self.height[places])
        widths = np.cumsum([f.shape[1] for f in fields])[:-1]
        x, weights, uv, pattern_at, folds, ease = np.split(rows, widths, 1)
        squeezed = x * np.array([1, 1.6, 1], f32)
        depth = (waves(x, draws[0], 0.17) * 0.22 + waves(x, draws[1], 0.10) * 0.11
                 + waves(squeezed, draws[0][::-1], 0.15) * 0.05) * cut.rough
        x = x + normals_of(x, quads) * (np.minimum(ease[:, 0], 0.045) * depth)[:, None]
        return Part(part.name, x, normals_of(x, quads), weights, uv, triangles_of(quads), pattern_at,
                    ease=ease[:, 0], folds=folds)

    def hanging_hem(self, name: str, top: float, bottom: float, off: float, flare: float) -> Part:
        """A tube around hips and thighs from TOP down to BOTTOM, metres above the hip joints: long shirt, skirt."""
        body, rng, around = self.body, self.rng, 32
        draws = rng.normal(0, 1, (2, 5, 4))
        at = np.unique(self.helper)
        at = at[self.arm[at] < -1]
        points, hip = body.vertices[at], body.bone("upperleg01", "L")[1]
        rows = max(4, int((top - bottom) / 0.035))
        heights = np.linspace(hip + top, hip + bottom, rows)
        theta = np.arange(around) * 2 * np.pi / around
        direction = np.stack([np.sin(theta), np.cos(theta)], 1)
        cosines = np.cos(theta[:, None] - theta[None])
        radius, centre = np.zeros((rows, around)), np.array([0, 0.02])
        for i, y in enumerate(heights):
            slab = points[np.abs(points[:, 1] - y) < 0.035 * body.size][:, [0, 2]] - centre
            support = (slab @ direction.T).max(0) if len(slab) > 3 else radius[i - 1]
            radius[i] = np.where(cosines > 0.2, support[None] / np.maximum(cosines, 0.2), 9).min(1) + off
        for i in range(1, rows):  # it hangs from its widest place
            grown = radius[i - 1] * 0.997 + flare * (heights[i - 1] - heights[i]) / max(top - bottom, 0.05)
            radius[i] = np.maximum(radius[i], grown)
        x = np.stack([radius * direction[:, 0] + centre[0], np.repeat(heights[:, None], around, 1),
                      radius * direction[:, 1] + centre[1]], -1).reshape(-1, 3)
        outwards = np.tile(np.stack([direction[:, 0], 0 * theta, direction[:, 1]], 1), (rows, 1))
        ruffle = waves(x, draws[0], 0.25) * 0.008
        ruffle += waves(x, draws[1], 0.14) * 0.006 * np.repeat(np.linspace(0.3, 1.4, rows), around)
        x = x + outwards * ruffle[:, None]
        distance = ((x[:, None] - points[None]) ** 2).sum(2)
        near = np.argpartition(distance, 4, 1)[:, :4]
        closeness = 1 / (np.take_along_axis(distance, near, 1) + 4e-4)
        closeness /= closeness.sum(1, keepdims=True)
        weights = (body.weights[at[near]] * closeness[:, :, None]).sum(1).reshape(rows, around, -1)
        for _ in range(2):
            weights = 0.5 * weights + 0.25 * np.roll(weights, 1, 1) + 0.25 * np.roll(weights, -1, 1)
        weights[1:-1] = 0.5 * weights[1:-1] + 0.25 * weights[:-2] + 0.25 * weights[2:]
        weights = weights.reshape(rows * around, -1)
        weights /= weights.sum(1, keepdims=True)
        i, j = np.meshgrid(np.arange(rows - 1), np.arange(around), indexing="ij")
        a, b = i * around + j, i * around + (j + 1) % around
        quads = np.stack([a, a + around, b + around, b], -1).reshape(-1, 4)
        front, left = np.exp(-((x[:, 2] - 0.1) / 0.12) ** 2), x[:, 0] > 0
        none = np.zeros(len(x))
        folds = np.stack([none, none, front * left, front * ~left, none, none, none + 0.3], 1).astype(f32)
        ease = 0.5 * (np.sqrt(distance.min(1)).clip(0.006, 0.08) - 0.006)
        uv = np.stack([np.tile(theta / 6.283, rows), np.repeat(np.linspace(0, 1, rows), around)], 1)
        x = x.astype(f32)
        return Part(name, x, normals_of(x, quads), weights.astype(f32), uv, triangles_of(quads), x,
                    ease=ease.astype(f32), folds=folds)

    def fitted(self, name: str) -> Tuple[Part, np.ndarray]:
        """One of MakeHuman's: each vertex rides on a triangle of the body. The part, and what it hides."""
        body, clothes, base = self.body, self.body.assets.clothes, self.base
        get = lambda key: clothes[f"{name}|{key}"]
        ref, share, offset, scales = get("ref"), get("wt"), get("of"), get("sc")

        def place(vertices: np.ndarray, unscaled: float) -> np.ndarray:
            scale = np.full(3, unscaled)
            if scales[0, 2]:
                scale = np.array([abs(vertices[int(a), k] - vertices[int(b), k]) / (d or 1)
                                  for k, (a, b, d) in enumerate(scales)])
            return (vertices[ref] * share[:, :, None]).sum(1) + offset * scale.astype(f32)

        x = place(body.vertices, 0.1)
        weights = (body.weights[ref] * np.abs(share)[:, :, None]).sum(1)
        weights /= weights.sum(1, keepdims=True)
        geometry, uv, quads = get("vmap"), get("uv"), get("Q")
        normals = normals_of(x, geometry[quads])
        cell = {"clothes": 0.19 if name.startswith("shoes") else 0.21, "hair": 0.17}.get(str(get("kind")))
        if cell is None:
            kept, triangles = np.arange(len(geometry)), triangles_of(quads)
        else:
            key = "decimated|" + name
            if key not in _DECIMATED:
                _DECIMATED[key] = decimate(place(base["V"], 1.0)[geometry], uv, geometry, triangles_of(quads), cell)
            kept, triangles = _DECIMATED[key]
        at = geometry[kept]
        part = Part(name, x[at].astype(f32), normals[at], weights[at].astype(f32), uv[kept], triangles,
                    x[at].astype(f32))
        hidden = np.zeros(len(body.vertices), bool)
        if f"{name}|delete" in clothes:
            hidden[get("delete")] = True
        return part, hidden


_DECIMATED: Dict[str, Tuple[np.ndarray, np.ndarray]] = {}


def bare_body(body: Body, hidden: np.ndarray) -> Tuple[Part, np.ndarray]:
    """The skin, without what clothes hide, and which base vertex each of its vertices is."""
    base = body.assets.base
    if "body" not in _DECIMATED:
        geometry = base["lod_vmap"]
        bone = np.array(body.skeleton.names)[base["W"][geometry].argmax(1)]
        starts = lambda *names: np.logical_or.reduce([np.char.startswith(bone, n) for n in names])
        cell = np.where(bone == "head", 0.27, np.where(starts("wrist"), 0.2, np.where(starts("toe", "foot"), 0.21, 0)))
        kept, triangles = decimate(base["V"][geometry], base["lod_uv"], geometry, base["lod_T"], cell)
        _DECIMATED["body"] = (kept, triangles)
    kept, triangles = _DECIMATED["body"]
    geometry, uv = base["lod_vmap"][kept], base["lod_uv"][kept]
    triangles = triangles[~hidden[geometry[triangles]].all(1)]
    used, triangles = np.unique(triangles.ravel(), return_inverse=True)
    at = geometry[used]
    normals = normals_of(body.vertices, base["vmap"][base["Q"]])
    part = Part("body", body.vertices[at], normals[at], body.weights[at], uv[used],
                triangles.reshape(-1, 3).astype(np.int32), body.vertices[at], Look(texture="skin"), culled=True)
    return part, at
