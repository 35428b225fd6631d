"""The third-party data that people and rooms are made of (see ASSETS.md), read once.

Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0
"""
import glob
import hashlib
import os
from dataclasses import dataclass
from typing import Dict, List

import cv2
import numpy as np

# Its origin is not confirmed as CC0.
LEFT_OUT_PANORAMAS = ("colorful_studio",)

CHECKSUMS = {
    "cache/base.npz": "0e56439cf51582c860e701c985d5e19267d014d1be8e14a87e3498c12f67b644",
    "cache/clothes.npz": "9d8daf203713aeb3c0759f9932f1dfa0206d164f4702b58de322a51b6f9e7970",
    "cache/env.npz": "9e39ff5be1700f7fc19a5c0991c923c4709657ad953cf97e286398f816805c70",
    "cache/fingers.npz": "a58fa65057a916836412743fc6a81e549c3e2e344d124c928c14886102487660",
    "cache/mats.npz": "6dd50a6c98bb19846fe6d32843479f391b285a455780da751efc9932291bbc85",
    "cache/targets.npz": "23fd23a843a09805fa3729741d8370ab51b464416342592dd7e43107e0348c43",
    "cache/tex512.npz": "eed6bbc7229efe638ac8f0643788e2e97b9d66cd11b847a46d2a049f23592fa7",
    "skins.txt": "0d7b4e003c98832bd57b7f90fbfa3de5ff789cf86f2957411def5f31a0e4e482",
}


@dataclass
class Assets:
    base: Dict[str, np.ndarray]       # the body's mesh, skeleton and weights
    targets: Dict[str, np.ndarray]    # body shapes
    clothes: Dict[str, np.ndarray]    # "name|field"
    fingers: Dict[str, np.ndarray]
    textures: np.ndarray              # N x 512 x 512 x 4, rows from the bottom
    texture_layer: Dict[str, int]     # by the names that clothes use; skins by file name
    skins: List[str]
    tiles: np.ndarray                 # N x 128 x 128 x 3
    tile_kinds: List[str]
    panoramas: np.ndarray             # N x 512 x 1024 x 3
    harmonics: np.ndarray             # N x 9 x 3: a panorama's light
    suns: np.ndarray                  # N x 7: direction, colour, share
    indoor: np.ndarray
    photos: List[np.ndarray]          # without people


def _digest(path: str) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for part in iter(lambda: file.read(1 << 20), b""):
            digest.update(part)
    return digest.hexdigest()


def _backgrounds(folder: str) -> List[str]:
    return sorted(glob.glob(os.path.join(folder, "backgrounds", "*.jpg")))


def check(folder: str) -> str:
    """Exits with what to do if the assets are absent or not the ones that were meant. Returns a digest of them all, as
    the backgrounds may be any."""
    for name, expected in CHECKSUMS.items():
        path = os.path.join(folder, name)
        if not os.path.isfile(path):
            raise SystemExit(f"{path} is not there: models/training/ASSETS.md says where the assets come from. "
                             "Without them the program builds and runs; only training needs them.")
        if _digest(path) != expected:
            raise SystemExit(f"{path} is not the file that models/training/ASSETS.md names (SHA-256 {_digest(path)})")
    backgrounds = _backgrounds(folder)
    if not backgrounds:
        raise SystemExit(f"{folder}/backgrounds: no pictures; see models/training/ASSETS.md")
    everything = hashlib.sha256("".join(CHECKSUMS.values()).encode())
    for path in backgrounds:
        _photo(path)
        everything.update(_digest(path).encode())
    return everything.hexdigest()[:16]


def _photo(path: str) -> np.ndarray:
    """RGB."""
    photo = cv2.imread(path)
    if photo is None:
        raise SystemExit(f"{path} is not a picture that can be read; remove it")
    return photo[:, :, ::-1]


def _streams(file: Dict[str, np.ndarray], flag: int) -> np.ndarray:
    blob, off = file["blob"], file["off"]
    return np.stack([cv2.imdecode(blob[a:b], flag) for a, b in zip(off[:-1], off[1:])])


def load(folder: str) -> Assets:
    """Some 250 MB."""
    read = lambda name: dict(np.load(os.path.join(folder, "cache", name + ".npz")))
    clothes, panoramas, tiles = read("clothes"), read("env"), read("mats")
    with open(os.path.join(folder, "skins.txt")) as file:
        skins = sorted(n for n in file.read().split() if "special_suit" not in n)
    names = sorted({str(v) for k, v in clothes.items() if k.endswith("|tex")} - {""})
    textures = _streams(read("tex512"), cv2.IMREAD_UNCHANGED)
    if len(textures) != len(skins) + len(names):
        raise SystemExit(f"{folder}/cache/tex512.npz: {len(textures)} textures, {len(skins) + len(names)} expected")
    kept = ~np.isin(panoramas["names"], LEFT_OUT_PANORAMAS)
    return Assets(
        base=read("base"), targets=read("targets"), clothes=clothes, fingers=read("fingers"), textures=textures,
        texture_layer={name: i for i, name in enumerate(skins + names)}, skins=skins,
        tiles=_streams(tiles, cv2.IMREAD_COLOR), tile_kinds=[str(c) for c in tiles["cat"]],
        panoramas=_streams(panoramas, cv2.IMREAD_COLOR)[kept], harmonics=panoramas["sh"][kept],
        suns=panoramas["key"][kept], indoor=panoramas["indoor"][kept], photos=[_photo(p) for p in _backgrounds(folder)])
