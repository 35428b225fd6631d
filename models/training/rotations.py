"""Rotations and the geometry of limbs. Metres and degrees, y up; matrices turn column vectors.

Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0
"""
import math
from typing import Tuple

import numpy as np

UP = np.array([0.0, 1.0, 0.0])
AHEAD = np.array([0.0, 0.0, 1.0])
LEFT = np.array([1.0, 0.0, 0.0])  # the person's own


def unit(v: np.ndarray) -> np.ndarray:
    return v / math.sqrt(float(v @ v) + 1e-18)


def cross(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """NumPy's own takes ten times as long on three numbers."""
    return np.array([a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]])


def turn_x(degrees: float) -> np.ndarray:
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return np.array([[1, 0, 0], [0, c, -s], [0, s, c]])


def turn_y(degrees: float) -> np.ndarray:
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])


def turn_z(degrees: float) -> np.ndarray:
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])


def turn(axis: np.ndarray, degrees: float) -> np.ndarray:
    """Rodrigues' formula."""
    x, y, z = unit(axis)
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    k = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return c * np.eye(3) + s * k + (1 - c) * np.outer((x, y, z), (x, y, z))


def least_turn(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The smallest rotation that takes direction A to direction B."""
    axis = cross(a, b)
    sine = math.sqrt(float(axis @ axis))
    if sine < 1e-9:
        return np.eye(3)
    return turn(axis, math.degrees(math.atan2(sine, float(a @ b))))


def between(a: np.ndarray, b: np.ndarray, part: float) -> np.ndarray:
    """PART of the way from rotation A to rotation B."""
    d = b @ a.T
    cosine = 0.5 * (d[0, 0] + d[1, 1] + d[2, 2] - 1)
    if cosine > 1 - 1e-9:
        return a
    axis = np.array([d[2, 1] - d[1, 2], d[0, 2] - d[2, 0], d[1, 0] - d[0, 1]])
    if float(axis @ axis) < 1e-12:  # half a turn: any axis of the symmetric matrix
        axis = np.linalg.eigh(d + d.T)[1][:, 2]
    return turn(axis, math.degrees(math.acos(max(-1.0, min(1.0, cosine)))) * part) @ a


def frame(along: np.ndarray, hinge: np.ndarray) -> np.ndarray:
    """A right-handed frame whose y axis is ALONG and whose x axis is nearest to HINGE."""
    x = unit(hinge - along * float(hinge @ along))
    return np.stack([x, along, cross(x, along)], 1)


def angle_between(a: np.ndarray, b: np.ndarray) -> float:
    """Of two rotations, in degrees."""
    cosine = (float((a * b).sum()) - 1) / 2
    return math.degrees(math.acos(max(-1.0, min(1.0, cosine))))


def bend(root: np.ndarray, end: np.ndarray, upper: float, lower: float, pole: np.ndarray
         ) -> Tuple[np.ndarray, np.ndarray]:
    """Two bones from ROOT towards END, bent towards POLE: the middle joint, and the end if END is out of reach."""
    d = end - root
    distance = math.sqrt(float(d @ d))
    e = d / max(distance, 1e-9)
    reach = min(max(distance, abs(upper - lower) + 0.03 * (upper + lower)), (upper + lower) * 0.9998)
    along = (upper ** 2 - lower ** 2 + reach ** 2) / (2 * reach)
    out = unit(pole - e * float(pole @ e))
    middle = root + along * e + math.sqrt(max(upper ** 2 - along ** 2, 0.0)) * out
    return middle, root + reach * e


def quaternions(matrices: np.ndarray) -> np.ndarray:
    """N x 3 x 3 to N x 4, w first."""
    m = matrices
    t = m[:, 0, 0] + m[:, 1, 1] + m[:, 2, 2]
    squares = np.stack([1 + t, 1 + 2 * m[:, 0, 0] - t, 1 + 2 * m[:, 1, 1] - t, 1 + 2 * m[:, 2, 2] - t], 1)
    largest = squares.argmax(1)
    result = np.empty((len(m), 4))
    for i, k in enumerate(largest):
        a = m[i]
        q = np.empty(4)
        q[k] = 0.5 * math.sqrt(max(squares[i, k], 1e-12))
        f = 1 / (4 * q[k])
        skew = (a[2, 1] - a[1, 2], a[0, 2] - a[2, 0], a[1, 0] - a[0, 1])
        if k == 0:
            q[1:] = np.array(skew) * f
        else:
            j = k - 1
            n, o = (j + 1) % 3, (j + 2) % 3
            q[0] = skew[j] * f
            q[1 + n] = (a[j, n] + a[n, j]) * f
            q[1 + o] = (a[j, o] + a[o, j]) * f
        result[i] = q
    return result
