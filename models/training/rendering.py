"""Many pictures, by several processes: which shard holds which picture depends on the seed alone.

Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0
"""
import glob
import json
import multiprocessing
import os
import sys
import time
from typing import Any, Callable, Dict, List

import numpy as np

from .dataset import put_in_place, write_shard

SHARD = 500
PER_PERSON = 8
# A driver that falls over again and again will not stand up by itself.
MOST_CRASHES = 20


def shard_path(folder: str, number: int) -> str:
    return os.path.join(folder, f"shard{number:05d}")


def missing(folder: str, count: int) -> List[int]:
    return [i for i in range(count) if not os.path.isfile(shard_path(folder, i) + ".npz")]


def claim(folder: str, **made: Any) -> None:
    """Sees to it that all pictures of FOLDER are MADE alike: what they are made with stands beside them."""
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, "made.json")
    if not os.path.isfile(path):
        if glob.glob(os.path.join(folder, "*.npz")):
            sys.exit(f"{folder} holds pictures, but nothing says what they were made with ({path}): name another folder")
        put_in_place(path, lambda file: file.write(json.dumps(made, indent=1).encode() + b"\n"))
        return
    with open(path) as file:
        before = json.load(file)
    for key, value in made.items():
        if before.get(key) != value:
            sys.exit(f"{folder} holds pictures made with {key} {before.get(key)}, which is now {value}: go on with the same, "
                     "or name another folder")


def render_shard(studio: Any, folder: str, number: int, seed: int, size: int = SHARD,
                 before_each: Callable[[], None] = lambda: None) -> None:
    from .people import random_person

    rng = np.random.default_rng((seed, number))
    studio.recent = []
    pictures: List[np.ndarray] = []
    labels: List[Dict[str, Any]] = []
    person, problems = None, 0
    while len(pictures) < size:
        before_each()
        if len(pictures) % PER_PERSON == 0 or person is None:
            person = random_person(studio.assets, rng)
        try:
            picture, label = studio.picture(rng, person)
        except RuntimeError:
            # Now and then nothing fits this person.
            person, problems = None, problems + 1
            if problems > 20 + size // 10:
                raise
            continue
        if np.isfinite(label["xy"]).all() and np.isfinite(label["z"]).all():
            pictures.append(picture)
            labels.append(label)
    write_shard(shard_path(folder, number), pictures, labels)


def _work(assets_folder: str, folder: str, numbers: List[int], seed: int, size: int, parent: int) -> None:
    """In a process of its own, on one core. It ends when PARENT, which started it, is no more."""
    import cv2

    from . import assets
    from .pictures import Renderer, Studio

    def end_with_parent() -> None:
        if os.getppid() != parent:
            sys.exit()

    cv2.setNumThreads(1)
    loaded = assets.load(assets_folder)
    studio = Studio(loaded, Renderer(loaded))
    for number in numbers:
        render_shard(studio, folder, number, seed, size, end_with_parent)


def render(assets_folder: str, digest: str, folder: str, pictures: int, seed: int, processes: int,
           say: Callable[[str], None] = print, size: int = SHARD) -> None:
    """Renders what is missing of PICTURES pictures, of assets with this DIGEST. May be ended at any time and taken up
    again."""
    try:
        import moderngl  # noqa: F401
    except ImportError:
        sys.exit("Rendering needs moderngl (Debian's python3-moderngl)")
    # Software drawing takes all cores for each picture unless told otherwise; read by Mesa when it starts.
    os.environ.setdefault("LP_NUM_THREADS", "0")
    for library in ("OMP", "OPENBLAS"):
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")
    claim(folder, seed=seed, shard=size, assets=digest)
    count = -(-pictures // size)
    context, crashes = multiprocessing.get_context("spawn"), 0
    start, before = time.monotonic(), len(missing(folder, count))
    while True:
        left = missing(folder, count)
        if not left:
            return
        shares = [left[i::processes] for i in range(min(processes, len(left)))]
        workers = [context.Process(target=_work, daemon=True, args=(assets_folder, folder, s, seed, size, os.getpid()))
                   for s in shares]
        for worker in workers:
            worker.start()
        while any(w.is_alive() for w in workers):
            workers[0].join(timeout=30) if workers[0].is_alive() else time.sleep(1)
            done = before - len(missing(folder, count))
            rate = done * size / (time.monotonic() - start)
            say(f"{(count - before + done) * size:8d} of {count * size} pictures, {rate:.0f}/s"
                + (f", {(before - done) * size / rate / 60:.0f} min left" if rate else ""))
            if all(w.exitcode is None or w.exitcode == 0 for w in workers):
                continue
            crashes += sum(1 for w in workers if w.exitcode)
            if crashes > MOST_CRASHES:
                sys.exit(f"Rendering ended early {crashes} times; see the messages above")
            # The others go on; what the crashed one leaves is shared out afterwards.
            workers = [w for w in workers if not w.exitcode]
            if not workers:
                break
