"""A laptop's webcam looking at a person: where it stands, what part of its frame becomes the picture, its lens.

In a camera's own units y runs from -1 to 1 over its frame and x over its aspect.

Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0
"""
import math
from dataclasses import dataclass
from typing import Tuple

import numpy as np

from .joints import N_LEGS
from .rotations import UP, cross

# How much of the person the camera was set up to see.
FRAMINGS = {"full": 0.50, "head_cut": 0.21, "legs": 0.22, "feet_cut": 0.07}


@dataclass
class Camera:
    eye: np.ndarray
    aim: np.ndarray
    matrix: np.ndarray      # world to the rendered window, without the lens
    view: float             # degrees: the camera's direction from the person, 0 from the front, 90 from its left
    distance: float
    framing: str
    bulge: float            # barrel distortion
    centre: np.ndarray      # the picture's window in the frame, and half its side
    half: float
    wide_centre: np.ndarray  # the same for the undistorted rendering, which covers a little more
    wide_half: float

    def project(self, points: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
        """In parts of the side, y down: in the rendering, and in the picture behind the lens."""
        q = np.c_[points, np.ones(len(points))] @ self.matrix.T
        raw = q[:, :2] / q[:, 3:]
        seen = (distorted(raw * self.wide_half + self.wide_centre, self.bulge) - self.centre) / self.half
        to_parts = lambda p: p * [0.5, -0.5] + 0.5
        return to_parts(raw), to_parts(seen)

    @property
    def forward(self) -> np.ndarray:
        d = self.aim - self.eye
        return d / np.linalg.norm(d)

    def pixels_per_metre(self, place: np.ndarray, side: int) -> float:
        right = np.cross(self.forward, UP)
        right /= np.linalg.norm(right)
        _, ends = self.project(np.stack([place - 0.02 * right, place + 0.02 * right]))
        return float(np.linalg.norm(ends[1] - ends[0])) * side / 0.04


def distorted(points: np.ndarray, bulge: float) -> np.ndarray:
    """Where a barrel lens shows what a pinhole would show at POINTS: the inverse of p (1 + bulge p²)."""
    if not bulge:
        return points
    r = np.linalg.norm(points, axis=1, keepdims=True)
    d = r / (1 + bulge * r * r)
    for _ in range(6):
        d = d - (d * (1 + bulge * d * d) - r) / (1 + 3 * bulge * d * d)
    return points * (d / np.maximum(r, 1e-9))


def look_at(eye: np.ndarray, aim: np.ndarray, roll: float = 0.0) -> np.ndarray:
    f = (aim - eye) / np.linalg.norm(aim - eye)
    s = cross(f, UP)
    s /= np.linalg.norm(s)
    u = cross(s, f)
    c, q = math.cos(roll), math.sin(roll)
    s, u = c * s + q * u, c * u - q * s
    m = np.eye(4)
    m[0, :3], m[1, :3], m[2, :3] = s, u, -f
    m[:3, 3] = -m[:3, :3] @ eye
    return m


def perspective(vertical: float, near: float = 0.05, far: float = 60.0) -> np.ndarray:
    """VERTICAL: the angle of view. x keeps y's scale: the aspect is that of the window."""
    t = 1 / math.tan(vertical / 2)
    return np.array([[t, 0, 0, 0], [0, t, 0, 0], [0, 0, (far + near) / (near - far), 2 * far * near / (near - far)],
                     [0, 0, -1, 0]])


def orthographic(half: float, near: float, far: float) -> np.ndarray:
    return np.array([[1 / half, 0, 0, 0], [0, 1 / half, 0, 0],
                     [0, 0, -2 / (far - near), -(far + near) / (far - near)], [0, 0, 0, 1]])


def window(matrix: np.ndarray, centre: np.ndarray, half: float) -> np.ndarray:
    m = matrix.copy()
    for i in (0, 1):
        m[i] = (matrix[i] - centre[i] * matrix[3]) / half
    return m


def _view(rng: np.random.Generator) -> float:
    """Front, side, oblique, back."""
    u, sign, kind = rng.uniform, (1 if rng.uniform() < 0.5 else -1), rng.uniform()
    if kind < 0.30:
        return float(np.clip(rng.normal(0, 14), -30, 30))
    if kind < 0.62:
        return sign * u(60, 120)
    if kind < 0.86:
        return sign * (u(30, 60) if u() < 0.6 else u(120, 150))
    return 180 + u(-30, 30)


def _pitch(rng: np.random.Generator, framing: str, stature: float, height: float, distance: float, vertical: float,
           low: float, high: float) -> float:
    """The tilt that shows the wanted part. LOW, HIGH: the body's ends, as elevations. NaN if none does."""
    u, edge = rng.uniform, 0.03 * vertical
    elevation = lambda y: math.atan2(y - height, distance)
    if framing == "full":
        least, most = high - vertical / 2 + edge, low + vertical / 2 - edge
        return least + (most - least) * u() if least <= most else math.nan
    if framing == "feet_cut":
        return elevation(u(0.03, 0.32) * stature) + vertical / 2
    pitch = elevation((u(0.66, 0.97) if framing == "head_cut" else u(0.42, 0.66)) * stature) - vertical / 2
    if low < pitch - vertical / 2 + edge and u() < 0.9:
        return math.nan
    return pitch


def random_camera(rng: np.random.Generator, joints: np.ndarray, faces: np.ndarray, stature: float,
                  tight: float = 0.85, tries: int = 200) -> Camera:
    """JOINTS: labelled joints in the world; FACES: where the person looks. TIGHT: share of pictures that are cut to
    the person's surroundings, as the program's tracker cuts them."""
    u = rng.uniform
    root = 0.5 * (joints[0] + joints[1])
    ahead = math.atan2(faces[0], faces[2])
    wanted = str(rng.choice(list(FRAMINGS), p=list(FRAMINGS.values())))
    for attempt in range(tries):
        framing = wanted if attempt < tries // 2 else "full"
        view = _view(rng)
        around = math.radians(view) + ahead
        distance = 1.3 + 2.7 * (u() ** 0.9 if framing in ("full", "feet_cut") else u() ** 1.5)
        # On the floor, a chair or a desk; on a shelf or held by somebody, from where legs look shorter.
        height = u(0.1, 1.4) if u() < 0.6 else u(1.0, 1.9)
        aspect = float(rng.choice([16 / 9, 4 / 3, 1.25], p=[0.62, 0.33, 0.05]))
        half_width = math.tan(math.radians(u(50, 85)) / 2)
        vertical = 2 * math.atan(half_width / aspect)
        roll = math.radians(rng.normal(0, 1.6 if u() < 0.85 else 6))
        eye = np.array([root[0] + math.sin(around) * distance, height, root[2] + math.cos(around) * distance])
        away = np.hypot(joints[:, 0] - eye[0], joints[:, 2] - eye[2])
        if away.min() < 0.45:
            continue
        elevations = np.arctan2(joints[:, 1] - height, np.maximum(away, 0.2))
        high = max(math.atan2(stature * 1.02 - height, distance), 0.0) if u() < 0.6 else elevations.max()
        pitch = _pitch(rng, framing, stature, height, distance, vertical, elevations[:N_LEGS].min(), high)
        if not abs(pitch) <= math.radians(48):
            continue
        aside = math.atan(float(np.clip(rng.normal(0, 0.42), -0.95, 0.95)) * half_width)
        heading = around + math.pi - aside
        forward = np.array([math.sin(heading) * math.cos(pitch), math.sin(pitch), math.cos(heading) * math.cos(pitch)])
        aim = eye + forward * distance
        matrix = perspective(vertical) @ look_at(eye, aim, roll)
        q = np.c_[joints, np.ones(len(joints))] @ matrix.T
        if q[:, 3].min() < 0.1:
            continue
        bulge = float(u(0.004, 0.035)) if u() < 0.45 else 0.0
        seen = distorted(q[:, :2] / q[:, 3:], bulge)
        inside = (np.abs(seen[:, 0]) < aspect * 0.99) & (np.abs(seen[:, 1]) < 0.99)
        legs = int(inside[:N_LEGS].sum())
        least = {"feet_cut": 4}.get(framing, 9 if u() < 0.95 else 6)
        if legs < least or inside[:4].sum() < (4 if u() < 0.9 else 2):
            continue
        if framing == "full" and attempt < tries // 3 and inside.sum() < 20 and u() < 0.85:
            continue
        low, top = seen[inside].min(0), seen[inside].max(0)
        extent = float(max(top - low)) / 2
        half = float(np.clip(extent * u(1.08, 1.9), 0.15, 1)) if u() < tight else 1.0
        centre = 0.5 * (low + top) + rng.normal(0, 0.10, 2) * half
        centre = np.clip(centre, [half - aspect, half - 1], [aspect - half, 1 - half])
        kept = (np.abs(seen - centre) < half).all(1)
        if kept[:N_LEGS].sum() < min(legs, 9) or extent / half < 0.12:
            continue
        wide_centre, wide_half = _undistorted_window(centre, half, bulge)
        return Camera(eye, aim, window(matrix, wide_centre, wide_half), view, distance, framing, bulge, centre, half,
                      wide_centre, wide_half)
    raise RuntimeError("no camera sees this person")


def _undistorted_window(centre: np.ndarray, half: float, bulge: float) -> Tuple[np.ndarray, float]:
    """The square that the lens bends into the picture's window."""
    if not bulge:
        return centre, half
    t = np.linspace(-1, 1, 9)
    one = np.ones_like(t)
    edge = np.concatenate([np.stack(p, 1) for p in ((t, one), (t, -one), (one, t), (-one, t))]) * half + centre
    edge = edge * (1 + bulge * (edge * edge).sum(1, keepdims=True))
    low, high = edge.min(0), edge.max(0)
    return 0.5 * (low + high), float(max(high - low)) / 2 * 1.005


def lens_map(camera: Camera, side: int) -> Tuple[np.ndarray, np.ndarray]:
    """For cv2.remap: where in the rendering each of the picture's pixels comes from."""
    t = ((np.arange(side, dtype=np.float32) + 0.5) / side * 2 - 1) * np.float32(camera.half)
    x, y = np.meshgrid(t + np.float32(camera.centre[0]), -t + np.float32(camera.centre[1]))
    grow = 1 + np.float32(camera.bulge) * (x * x + y * y)
    to = lambda v, c, sign: ((sign * (v * grow - c) / camera.wide_half * 0.5 + 0.5) * side - 0.5).astype(np.float32)
    return to(x, camera.wide_centre[0], 1), to(y, camera.wide_centre[1], -1)
