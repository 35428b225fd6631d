"""What a webcam does to a good picture: optics, a small and noisy sensor, sharpening, compression.

Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0
"""
from typing import Optional

import cv2
import numpy as np

f32 = np.float32
_grain: Optional[np.ndarray] = None


def grain(rng: np.random.Generator, side: int, coarse: int) -> np.ndarray:
    """Noise of deviation 1 from a bank that is the same in every run; COARSE 0 to 2. Drawing it afresh is slow."""
    global _grain
    if _grain is None:
        fine = np.random.default_rng(77).normal(0, 1, (3, 400, 400, 3)).astype(f32)
        layers = [fine]
        for width in (1.3, 2.6):
            soft = np.stack([cv2.GaussianBlur(x, (0, 0), width) for x in fine])
            layers.append(soft / soft.std())
        _grain = np.stack(layers)
    i, y, x = rng.integers(3), rng.integers(401 - side), rng.integers(401 - side)
    part = _grain[coarse, i, y:y + side, x:x + side]
    return part[:, ::-1] if rng.uniform() < 0.5 else part


def _sensor(rng: np.random.Generator, picture: np.ndarray, half: float, dim: bool) -> np.ndarray:
    """White balance, vignette, contrast, colour, noise. HALF: how much of the frame's height the picture shows."""
    u, side = rng.uniform, len(picture)
    f = picture.astype(f32)
    if u() < 0.55 or dim:
        f *= np.exp(rng.normal(0, 0.08 if u() < 0.8 else 0.18, 3)).astype(f32)
    if u() < 0.35:
        t = (np.arange(side) + 0.5) / side * 2 - 1
        f *= (1 - u(0.05, 0.32) * half ** 2 * (t[:, None] ** 2 + t[None] ** 2)).astype(f32)[..., None]
    if u() < 0.3:
        mean = f.mean()
        f = mean + (f - mean) * f32(u(0.6, 1.35))
    if u() < 0.25:
        grey = f.mean(2, keepdims=True)
        f = grey + (f - grey) * f32(u(0.15, 1.5))
    if dim:
        strength = 1.5 + 5.5 * u() ** 1.5
        f *= f32(u(0.5, 0.95))
        f += grain(rng, side, int(rng.integers(2)))[..., :1] * f32(strength)
        f += grain(rng, side, 1 + int(rng.integers(2))) * f32(u(0.3, 0.9) * strength)
        f += f32(u(0, 12))
    elif u() < 0.5:
        f += grain(rng, side, 0 if u() < 0.6 else 1) * f32(0.7 + 6 * u() ** 2)
    return np.clip(f, 0, 255).astype(np.uint8)


def webcam(rng: np.random.Generator, picture: np.ndarray, half: float) -> np.ndarray:
    u, side = rng.uniform, len(picture)
    if u() < 0.30:
        picture = cv2.GaussianBlur(picture, (0, 0), u(0.3, 1.2))
    if u() < 0.09:  # the camera itself moved
        length = int(u(3, 10))
        line = np.zeros((length, length), f32)
        line[length // 2] = 1
        centre = length / 2 - 0.5
        line = cv2.warpAffine(line, cv2.getRotationMatrix2D((centre, centre), u(0, 180), 1), (length, length))
        picture = cv2.filter2D(picture, -1, line / max(line.sum(), 1e-3))
    dim = u() < 0.13
    if dim or u() < 0.5:
        picture = _sensor(rng, picture, half, dim)
    small = 1.0
    if u() < 0.45:
        small = min(1.0, float(rng.choice([360, 480, 480, 720, 1080])) * half / side)
    if u() < 0.22:
        small = min(small, u(0.38, 0.9))
    small = max(small, 0.33)
    if small < 0.97:
        picture = cv2.resize(picture, None, fx=small, fy=small, interpolation=cv2.INTER_AREA)
    if dim and u() < 0.5:  # the camera's own smoothing
        picture = cv2.medianBlur(picture, 3) if u() < 0.5 else cv2.GaussianBlur(picture, (0, 0), u(0.5, 1.1))
    if u() < 0.25:
        soft, amount = cv2.GaussianBlur(picture, (0, 0), u(0.8, 1.6)), u(0.3, 1.5)
        picture = cv2.addWeighted(picture, 1 + amount, soft, -amount, 0)
    if u() < 0.6:
        quality = int(u(12, 40) if u() < 0.3 else u(40, 92))
        picture = cv2.imdecode(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], cv2.IMREAD_COLOR)
    if small < 0.97:
        picture = cv2.resize(picture, (side, side), interpolation=cv2.INTER_LINEAR if u() < 0.6 else cv2.INTER_CUBIC)
    return picture
