"""Clips, their true counts, and how far a count is from them.

A folder holds truth.json (a list of clips) or one JSON file a clip beside NN_name.mp4, with the
truth of every frame. Videos beside them are clips whose count is not known.

A counted repetition belongs to the true bottom nearest to its own, one to one, if both are within
0.7 s. A counted repetition without such a bottom is a phantom; a bottom without one was missed.

Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0
"""

import dataclasses
import glob
import hashlib
import json
import os
import subprocess
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SHARED = os.environ.get("TD_SHARED", os.path.join(ROOT, "..", "shared"))
MODEL = os.path.join(ROOT, "models", "teardrop-legs")
WITHIN_S = 0.7
SKIPPED = 77
# The end of the last repetition is cut off: both are right.
ALSO_RIGHT = {"16_plants_front_woman.mp4": {9}}
VIDEOS = (".mp4", ".mov", ".mkv", ".webm", ".avi", ".m4v")


@dataclasses.dataclass(frozen=True)
class Attempt:
    """What looks like a squat and is none, or may look so."""

    start_s: float
    end_s: float
    what: str
    must_show: bool  # as an attempt with its reason


@dataclasses.dataclass(frozen=True)
class Clip:
    path: str
    right: tuple = ()  # the counts that are right; none: not known
    bottoms: tuple = ()  # seconds
    attempts: tuple = ()
    view: str = ""  # in words
    truth: str = ""  # file with the truth of every frame

    @property
    def name(self):
        return os.path.basename(self.path)


def find_cli():
    if os.environ.get("TEARDROP_CLI"):
        return os.environ["TEARDROP_CLI"]
    built = glob.glob(os.path.join(ROOT, ".build*", "**", "src", "cli", "teardrop-cli"),
                      recursive=True)
    return max(built, key=os.path.getmtime) if built else None


def add_options(parser):
    """Those that all programs here have in common."""
    parser.add_argument("folders", nargs="*", metavar="FOLDER",
                        help="default: clips and clips-synthetic in $TD_SHARED (../shared)")
    parser.add_argument("--cli", default=find_cli(), help="teardrop-cli to run")
    parser.add_argument("--model", help="model folder, as for teardrop-cli")
    parser.add_argument("--only", metavar="TEXT", help="only clips with TEXT in their name")
    parser.add_argument("-j", type=int, default=2, metavar="N", help="clips at a time (2)")


def add_comparison(parser):
    parser.add_argument("--json", metavar="FILE", help="write the results there")
    parser.add_argument("--against", metavar="FILE", help="compare with an earlier --json")


def wanted_clips(parser, options):
    """The clips that the options name; None: there are none here, which was said."""
    if options.cli is None or not os.access(options.cli, os.X_OK):
        parser.error("there is no teardrop-cli; build it or name it with --cli")
    os.environ.setdefault("TEARDROP_DATA_DIR", ROOT)
    folders = options.folders
    if not folders:
        folders = [os.path.join(SHARED, name) for name in ("clips", "clips-synthetic")]
        folders = [folder for folder in folders if os.path.isdir(folder)]
        if not folders:
            print(f"SKIP: there are no clips in {SHARED} (TD_SHARED names another place)")
            return None
    for folder in folders:
        if not os.path.exists(folder):
            parser.error(f"there is no {folder}")
    try:
        return [clip for folder in folders for clip in read_clips(folder)
                if options.only is None or options.only in clip.name]
    except (KeyError, OSError, TypeError, ValueError) as error:
        parser.error(f"a truth cannot be read: {error!r}")


# --- Truth --------------------------------------------------------------------------------------


def read_json(path):
    with open(path, encoding="utf-8") as file:
        try:
            return json.load(file)
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from error


def listed_clip(folder, entry):
    attempts = [Attempt(*other["t"], other["what"], False) for other in entry.get("not_reps", ())]
    return Clip(
        path=os.path.join(folder, entry["file"]),
        right=tuple(sorted({entry["reps"]} | ALSO_RIGHT.get(entry["file"], set()))),
        bottoms=tuple(entry["bottoms_s"]),
        attempts=tuple(attempts),
        view=entry.get("view", ""),
    )


def detailed_clip(video, path):
    """None: PATH is JSON about something else."""
    truth = read_json(path)
    if not isinstance(truth, dict) or "reps_counted" not in truth:
        return None
    attempts = [Attempt(rep["start_s"], rep["top_s"], rep["reason"].split(":")[0], True)
                for rep in truth["reps"] if not rep["counted"]]
    attempts += [Attempt(event["start_s"], event["end_s"], event["kind"].replace("_", " "), False)
                 for event in truth["events"]]
    return Clip(
        path=video,
        right=(truth["reps_counted"],),
        bottoms=tuple(rep["bottom_s"] for rep in truth["reps"] if rep["counted"]),
        attempts=tuple(sorted(attempts, key=lambda attempt: attempt.start_s)),
        view=truth["view"],
        truth=path,
    )


def read_clips(folder):
    """All clips of FOLDER, which may also be one video. ValueError: a truth cannot be read."""
    if os.path.isfile(folder):
        return [clip for clip in read_clips(os.path.dirname(folder) or ".")
                if os.path.samefile(clip.path, folder)] or [Clip(folder)]
    clips = {}
    listed = os.path.join(folder, "truth.json")
    if os.path.exists(listed):
        for entry in read_json(listed):
            clips[entry["file"]] = listed_clip(folder, entry)
    for name in sorted(os.listdir(folder)):
        video = os.path.join(folder, name)
        stem, ending = os.path.splitext(video)
        if ending.lower() not in VIDEOS or name in clips:
            continue
        clip = detailed_clip(video, stem + ".json") if os.path.exists(stem + ".json") else None
        clips[name] = clip or Clip(video)
    return list(clips.values())


def cache_key(model):
    """Of all that the joints depend on besides the clip: the network and how its maps are read."""
    digest = hashlib.sha256()
    files = [os.path.join(model or MODEL, name) for name in ("model.onnx", "model.ini")]
    files += sorted(glob.glob(os.path.join(ROOT, "src", "vision", "*.[ch]*")))
    for name in files:
        with open(name, "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()[:12]


# --- Counting -----------------------------------------------------------------------------------


def match(found, true):
    """Pairs of indices, the nearest first, each index once, all within WITHIN_S."""
    near = sorted(
        (abs(f - t), i, j)
        for i, f in enumerate(found)
        for j, t in enumerate(true)
        if abs(f - t) <= WITHIN_S
    )
    pairs, used_found, used_true = [], set(), set()
    for _, i, j in near:
        if i not in used_found and j not in used_true:
            pairs.append((i, j))
            used_found.add(i)
            used_true.add(j)
    return pairs


def analyze(cli, path, *options):
    """What teardrop-cli says of PATH, a dictionary or None, and its error in words."""
    done = subprocess.run([cli, "analyze", path, *options], capture_output=True, text=True)
    error = done.stderr.strip() if done.returncode != 0 else ""
    try:
        return json.loads(done.stdout), error
    except ValueError:
        return None, error or "the output is not JSON"


def count_row(clip, result, error):
    """How RESULT's count compares with the truth."""
    row = {
        "clip": clip.name,
        "true": max(clip.right) if clip.right else None,
        "right": list(clip.right),
        "error": error,
        "counted": None,
    }
    if result is None:
        return row
    counted = [rep["bottom_s"] for rep in result["reps"] if rep["counted"]]
    row.update(
        counted=result["count"],
        attempts=[[rep["bottom_s"], rep["reason"]] for rep in result["reps"] if not rep["counted"]],
        frames=result["frames"],
        frames_per_s=result["timing"]["frames_per_s"],
        motion_ms=result["timing"]["motion_ms"],
    )
    if clip.right:
        pairs = match(counted, clip.bottoms)
        row.update(
            phantoms=[counted[i] for i in range(len(counted)) if i not in {i for i, _ in pairs}],
            missed=[clip.bottoms[j] for j in range(len(clip.bottoms))
                    if j not in {j for _, j in pairs}],
            bottom_errors_s=[round(counted[i] - clip.bottoms[j], 3) for i, j in sorted(pairs)],
        )
    return row


def count_clip(cli, model, clip):
    start = time.monotonic()
    result, error = analyze(cli, clip.path, *(["--model", model] if model else []))
    row = count_row(clip, result, error)
    row["wall_s"] = round(time.monotonic() - start, 2)
    return row


def is_exact(row):
    return row["counted"] in row["right"]


def distance(row):
    """0 when the clip could not be read at all counts as nothing counted."""
    return min(abs((row["counted"] or 0) - right) for right in row["right"])


def totals(rows):
    """Over the clips whose count is known."""
    rows = [row for row in rows if row["right"]]
    positives = [row for row in rows if row["true"] > 0]
    negatives = [row for row in rows if row["true"] == 0]
    n = len(positives)
    return {
        "clips": len(rows),
        "failed": sum(row["counted"] is None for row in rows),
        "positives": n,
        "exact": sum(map(is_exact, positives)),
        "off_by_one": sum(distance(row) <= 1 for row in positives),
        "mae": sum(distance(row) / row["true"] for row in positives) / n if n else 0.0,
        "missed": sum(len(row.get("missed", ())) for row in positives),
        "phantoms_in_positives": sum(len(row.get("phantoms", ())) for row in positives),
        "negatives": len(negatives),
        "phantoms_in_negatives": sum(len(row.get("phantoms", ())) for row in negatives),
    }


# --- Printing -----------------------------------------------------------------------------------


def times(values):
    return " ".join(f"{value:.1f}" for value in values)


def print_totals(t):
    n = t["positives"]
    print()
    if n:
        print(
            f"{n} clips with squats: exact {t['exact']} ({t['exact'] / n:.1%}),"
            f" off by one at most {t['off_by_one']} ({t['off_by_one'] / n:.1%}),"
            f" MAE {t['mae']:.3f}, missed {t['missed']}, phantoms {t['phantoms_in_positives']}"
        )
    if t["negatives"]:
        print(f"{t['negatives']} clips without: phantoms {t['phantoms_in_negatives']}")
    if t["failed"]:
        print(f"{t['failed']} clips could not be analysed")
