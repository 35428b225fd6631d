"""Rendered pictures on disk, and batches of them.

A shard is two files: NAME.jpgs, JPEG pictures end to end, and NAME.npz, their offsets and labels. They get their names
when they are whole, the labels last: what has labels is complete. The first is mapped into memory, so that any number of pictures costs the machine only what it has to spare.

Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0
"""
import glob
import os
import queue
import resource
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any, BinaryIO, Callable, Dict, Iterator, List, Sequence

import cv2
import numpy as np

from .joints import INDEX

SIDE = 256  # pixels, pictures are square
JPEG_QUALITY = 93
LEGS_APART = ("lunge", "walk", "side_lunge", "step_up", "knee_raise")

Arrays = Dict[str, np.ndarray]


class Damaged(Exception):
    """A picture that cannot be read."""


def put_in_place(path: str, write: Callable[[BinaryIO], Any]) -> None:
    """PATH as WRITE fills it, whole or not at all: whenever this process ends, and whoever else writes the same file."""
    part = f"{path}.{os.getpid()}.part"
    with open(part, "wb") as file:
        write(file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, path)


def write_shard(path: str, pictures: Sequence[np.ndarray], labels: Sequence[Dict[str, Any]]) -> None:
    """PATH without its ending. PICTURES are RGB."""
    streams = [
        cv2.imencode(".jpg", p[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])[1].tobytes()
        for p in pictures
    ]
    columns = {key: np.stack([np.asarray(l[key]) for l in labels]) for key in labels[0]}
    offsets = np.cumsum([0] + [len(s) for s in streams])
    put_in_place(path + ".jpgs", lambda file: file.write(b"".join(streams)))
    put_in_place(path + ".npz", lambda file: np.savez(file, off=offsets, **columns))


def _angle(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Between the vectors in rows of A and B, degrees."""
    lengths = np.linalg.norm(a, axis=-1) * np.linalg.norm(b, axis=-1)
    return np.degrees(np.arccos(np.clip((a * b).sum(-1) / np.maximum(lengths, 1e-6), -1, 1)))


class Pictures:
    """All shards of a folder."""

    COLUMNS = ("xy", "z", "person")

    def __init__(self, folder: str):
        self.names = sorted(n[:-4] for n in glob.glob(os.path.join(folder, "*.npz")))
        if not self.names:
            raise SystemExit(f"{folder}: no pictures")
        # Each mapped file takes one.
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        self.streams: List[np.ndarray] = []
        self.offsets: List[np.ndarray] = []
        columns: Dict[str, List[np.ndarray]] = {c: [] for c in self.COLUMNS}
        self.shard: np.ndarray
        self.row: np.ndarray
        shard, row = [], []
        for number, name in enumerate(self.names):
            with np.load(name + ".npz") as labels:
                offsets = labels["off"]
                for column in self.COLUMNS:
                    columns[column].append(labels[column])
            if not os.path.isfile(name + ".jpgs") or os.path.getsize(name + ".jpgs") != offsets[-1]:
                raise SystemExit(f"{name}.jpgs does not belong to {name}.npz: remove both, and they are rendered again")
            self.streams.append(np.memmap(name + ".jpgs", np.uint8, "r"))
            self.offsets.append(offsets)
            count = len(offsets) - 1
            shard.append(np.full(count, number, np.int32))
            row.append(np.arange(count, dtype=np.int32))
        self.columns: Arrays = {c: np.concatenate(v) for c, v in columns.items()}
        self.shard, self.row = np.concatenate(shard), np.concatenate(row)
        self._keep(self._usable())

    def __len__(self) -> int:
        return len(self.shard)

    def _usable(self) -> np.ndarray:
        """A person of a few pixels teaches nothing."""
        xy, person = self.columns["xy"], self.columns["person"]
        seen = np.clip(xy, 0, SIDE - 1)
        tall = seen[..., 1].max(1) - seen[..., 1].min(1) > 50
        inside = ((xy >= 0) & (xy < SIDE)).all(2).sum(1) >= 4
        return (tall & inside) | ~person

    def _keep(self, chosen: np.ndarray) -> None:
        self.columns = {c: v[chosen] for c, v in self.columns.items()}
        self.shard, self.row = self.shard[chosen], self.row[chosen]

    def picture(self, i: int) -> np.ndarray:
        """RGB, rows first."""
        offsets, row = self.offsets[self.shard[i]], self.row[i]
        stream = self.streams[self.shard[i]][offsets[row]:offsets[row + 1]]
        picture = cv2.imdecode(stream, cv2.IMREAD_COLOR)
        if picture is None:
            name = self.names[self.shard[i]]
            raise Damaged(f"{name}.jpgs: picture {row} cannot be read; remove it with {name}.npz, and both are rendered again")
        return cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)

    def importance(self) -> np.ndarray:
        """How often each picture is to be seen, relative to others. More: what confuses left and right, side views and legs
        apart, the more from the side; deep bends, the more from the side, where hips hide in clothes; who bends over with arms
        before the legs. Less: people from behind, as nobody squats before a webcam."""
        places = np.concatenate([self.columns["xy"], self.columns["z"][..., None]], 2).astype(float)
        joint = lambda name, side: places[:, INDEX[f"{name}_{side}"]]
        middle = lambda name: (joint(name, "left") + joint(name, "right")) / 2
        across, trunk = joint("hip", "left") - joint("hip", "right"), middle("shoulder") - middle("hip")
        turned = np.degrees(np.abs(np.arctan2(across[:, 2], across[:, 0])))
        bend = np.maximum(*(_angle(joint("knee", s) - joint("hip", s), joint("ankle", s) - joint("knee", s))
                            for s in ("left", "right")))
        kind = self.labels(("kind",))["kind"]
        often = np.where(turned > 120, 0.5, np.where(turned > 55, 1.4, 1.0))
        apart = np.isin(kind, LEGS_APART)
        often[apart] *= 2.5
        often[apart & (turned > 45) & (turned < 120)] *= 1.6
        often[bend > 85] *= 1.5
        often[(bend > 85) & (turned > 40) & (turned < 115)] *= 1.5
        bent_over = (kind == "hinge") & (_angle(trunk, np.array([0.0, -1.0, 0.0])) > 40) & (bend < 70)
        often[bent_over] *= np.where(turned < 110, 5.0, 2.5)[bent_over]
        return np.where(self.columns["person"], often, 1.0)

    def labels(self, columns: Sequence[str]) -> Arrays:
        """Any labels of the pictures in use, by name."""
        found: Dict[str, List[np.ndarray]] = {c: [] for c in columns}
        for name in self.names:
            with np.load(name + ".npz") as file:
                for column in columns:
                    found[column].append(file[column])
        starts = np.cumsum([0] + [len(o) - 1 for o in self.offsets])
        where = starts[self.shard] + self.row
        return {c: np.concatenate(v)[where] for c, v in found.items()}


def batches(pictures: Pictures, choose: Callable[[int], np.ndarray], first: int, last: int, threads: int,
            finish: Callable[[int, Arrays], Any] = lambda step, batch: batch, ahead: int = 4) -> Iterator[Any]:
    """The batches of steps FIRST to LAST - 1, decoded by THREADS threads, and what FINISH makes of each, while
    the caller computes.

    CHOOSE gives the pictures of a step, from the step's number alone, so that a run taken up again sees the
    same ones. OpenCV lets go of Python's lock while it decodes: threads are enough, and share the memory.
    """
    ready: "queue.Queue[Any]" = queue.Queue(maxsize=ahead)
    stop = threading.Event()

    def hand_over(item: Any) -> None:
        while not stop.is_set():
            try:
                ready.put(item, timeout=0.5)
                return
            except queue.Full:
                continue

    def fill() -> None:
        try:
            with ThreadPoolExecutor(threads) as pool:
                for step in range(first, last):
                    if stop.is_set():
                        return
                    chosen = choose(step)
                    batch = {c: v[chosen] for c, v in pictures.columns.items()}
                    batch["image"] = np.stack(list(pool.map(pictures.picture, chosen)))
                    hand_over(finish(step, batch))
            hand_over(None)
        except Exception as error:  # The caller would wait for ever.
            hand_over(error)

    thread = threading.Thread(target=fill, daemon=True)
    thread.start()
    try:
        while True:
            batch = ready.get()
            if batch is None:
                return
            if isinstance(batch, Exception):
                raise batch
            yield batch
    finally:
        stop.set()
        thread.join()
