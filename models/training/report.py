"""How good a network is on rendered pictures that were kept out of training, and the card that says so.

Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0
"""
from typing import Callable, Dict, List, Optional, Tuple

import numpy as np

from .dataset import Pictures
from .joints import INDEX
from .learning import check
from .network import PoseNetwork

LEGS = slice(0, 6)
SOMEBODY = 0.45  # mean score of the legs from which the program takes somebody up
FEW = 500
Groups = List[Tuple[str, np.ndarray]]
Curve = List[Tuple[float, float]]


def torso_lengths(pictures: Pictures, chosen: np.ndarray) -> np.ndarray:
    """In pixels of the picture, in three dimensions."""
    place = np.concatenate([pictures.columns["xy"], pictures.columns["z"][..., None]], 2)[chosen]
    middle = lambda joint: 0.5 * (place[:, INDEX[joint + "_left"]] + place[:, INDEX[joint + "_right"]])
    return np.linalg.norm(middle("shoulder") - middle("hip"), axis=1)


def right(found: Dict[str, np.ndarray], pictures: Pictures) -> np.ndarray:
    """Joints within a tenth of the torso's length. The crop's own scale cancels out."""
    chosen = found["chosen"]
    torso = torso_lengths(pictures, chosen) * found["scale"]
    return found["error"] < 0.1 * torso[:, None]


def score_curve(score: np.ndarray, good: np.ndarray, least: int = 50) -> Curve:
    """Pairs of a network's own score and of the share of joints that are right with it; neither ever falls. A pair
    stands for a tenth of the scores, if LEAST joints have one."""
    score = np.clip(score, 0, 1)
    which = np.clip((score * 10).astype(int), 0, 9)
    # Neighbours whose shares would fall are put together (pool adjacent violators).
    pools: List[Tuple[float, float, int]] = []
    for tenth in range(10):
        use = which == tenth
        if use.sum() < least:
            continue
        pools.append((float(score[use].mean()), float(good[use].mean()), int(use.sum())))
        while len(pools) > 1 and pools[-2][1] >= pools[-1][1]:
            (x1, y1, n1), (x2, y2, n2) = pools[-2:]
            n = n1 + n2
            pools[-2:] = [((x1 * n1 + x2 * n2) / n, (y1 * n1 + y2 * n2) / n, n)]
    if not pools:
        return [(0.0, 0.0), (1.0, 1.0)]
    curve = [(0.0, 0.0)]
    for x, y, _ in pools:
        # Rounded, two may have come together; the program wants them apart.
        if round(x, 3) - curve[-1][0] > 0.0015:
            curve.append((round(x, 3), round(y, 3)))
    return curve


def trusted(score: np.ndarray, curve: Curve) -> np.ndarray:
    """As the program reads scores with the curve in model.ini."""
    return np.interp(np.clip(score, 0, 1), *zip(*curve))


def groups_of(pictures: Pictures, chosen: np.ndarray) -> Groups:
    """Whom and what the network may fail."""
    names = ("clothes", "top", "dark_skin", "sex", "age", "weight", "view", "framing", "kind", "backlit", "exposure")
    labels = {k: v[chosen] for k, v in pictures.labels(names).items()}
    view, clothes = np.abs(labels["view"]), labels["clothes"]
    kind = labels["kind"]
    return [
        ("tight or short trousers", np.isin(clothes, ["leggings", "short_tight", "capri", "short_loose", "long_shorts"])),
        ("jeans, sweatpants", np.isin(clothes, ["jeans", "sweat"])),
        ("wide, baggy trousers", np.isin(clothes, ["wide", "baggy"])),
        ("skirts", clothes == "skirt"), ("suits", clothes == "suit"), ("hoodies", labels["top"] == "hoodie"),
        ("dark skin", labels["dark_skin"]), ("light skin", ~labels["dark_skin"]),
        ("women", labels["sex"] < 0.5), ("men", labels["sex"] >= 0.5), ("children", labels["age"] < 18),
        ("over 60", labels["age"] > 60), ("heavy", labels["weight"] > 0.75), ("thin", labels["weight"] < 0.3),
        ("from the front", view < 30), ("oblique", (view >= 30) & (view < 60)),
        ("from the side", (view >= 60) & (view < 120)), ("from behind", view >= 120),
        ("all in the picture", labels["framing"] == "full"), ("head cut off", labels["framing"] == "head_cut"),
        ("legs only", labels["framing"] == "legs"), ("feet cut off", labels["framing"] == "feet_cut"),
        ("backlit", labels["backlit"]), ("dim", labels["exposure"] < 0.6),
        ("squats", np.isin(kind, ["squat", "cyclist", "sumo"])), ("standing", kind == "stand"), ("walking", kind == "walk"),
        ("lunges", np.isin(kind, ["lunge", "side_lunge"])), ("hinges", kind == "hinge"),
        ("sitting", np.isin(kind, ["sit", "sit_to_stand"])), ("kneeling", kind == "kneel"),
    ]


def tables(net: PoseNetwork, pictures: Pictures, say: Callable[[str], None], curve: Optional[Curve] = None) -> Curve:
    """Says how good NET is, and returns what its scores mean: CURVE, or learned on every second picture and shown on the
    others."""
    found = check(net, pictures, len(pictures))
    good, inside = right(found, pictures), found["inside"]
    fitted = np.arange(len(good)) % 2 == 0
    if curve is None:
        curve = score_curve(found["score"][fitted][inside[fitted]], good[fitted][inside[fitted]])
    score = trusted(found["score"], curve)
    person = pictures.columns["person"][found["chosen"]]
    say(f"{int(person.sum())} rendered pictures kept out of training; right: within a tenth of the torso's length.")
    say("")
    say("| joint | right | median error, pixels of the input | depth error, pixels |")
    say("|---|---|---|---|")
    for name in ("hip", "knee", "ankle", "heel", "toe", "shoulder", "elbow", "wrist"):
        both = [INDEX[name + "_left"], INDEX[name + "_right"]]
        use = inside[:, both]
        say(f"| {name} | {100 * good[:, both][use].mean():.1f} % | {np.median(found['error'][:, both][use]):.1f} | "
            f"{np.median(found['depth_error'][:, both][use]):.1f} |")
    say("")
    say(f"| hips, knees and ankles of (few: fewer than {FEW} pictures) | pictures | right |")
    say("|---|---|---|")
    legs = lambda use: 100 * good[use][:, LEGS][inside[use][:, LEGS]].mean()
    say(f"| everybody | {int(person.sum())} | {legs(person):.1f} % |")
    for name, which in groups_of(pictures, found["chosen"]):
        use = which & person
        if use.sum() >= 20:
            say(f"| {name} | {int(use.sum())}{', few' if use.sum() < FEW else ''} | {legs(use):.1f} % |")
    say("")
    say("| score | joints | right |")
    say("|---|---|---|")
    for low in np.arange(0, 1, 0.1):
        use = inside & ~fitted[:, None] & (score >= low) & (score < low + 0.1 + (low > 0.85))
        if use.sum() >= 20:
            say(f"| {low:.1f}–{low + 0.1:.1f} | {int(use.sum())} | {100 * good[use].mean():.0f} % |")
    empty = ~person
    if empty.any():
        sure = score[empty][:, LEGS].mean(1) >= SOMEBODY
        say("")
        say(f"Of {int(empty.sum())} crops without a person {int(sure.sum())} ({100 * sure.mean():.1f} %) look like one: legs with "
            f"a mean score of {SOMEBODY:g} or more.")
    return curve


def card(name: str, version: str, net: PoseNetwork, training: str, measured: str) -> str:
    shape, parameters = net.shape, sum(p.numel() for p in net.parameters())
    return f"""# {name} {version}

The network that Teardrop ships with: 17 joints with depth from one crop of one person. Ours, licence Apache-2.0 (`LICENSE`).

## What it is for

Finding hips, knees, ankles, heels, big toes, shoulders, elbows, wrists and the nose of a person who squats in front of one
fixed camera, at the rate of the camera, on one processor core. It says where joints are; it does not tell who somebody is, and
there is nothing in it to find people: Teardrop's tracker gives it the crop. Not for medical use.

{parameters / 1e6:.2f} million parameters, one input of {shape.height} × {shape.width} pixels. `model.ini` says how to feed and read it.

## Training

Rendered people only: no photograph of a person was used.

{training.strip()}

## How good it is

{measured.strip()}
"""
