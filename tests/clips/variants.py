"""Clips that were changed so that the true count is still known.

Pictures are changed by ffmpeg, tables of joints (teardrop-cli analyze --poses) here: what depends on the network and
what on time and noise alone.

Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0
"""

import csv
import dataclasses
import random
import subprocess

# Name: ffmpeg filter. The picture's size must stay even.
PICTURES = {
    "as it is": None,
    "mirrored": "hflip",
    "mirrored, wide, turned by 4 degrees": "hflip,scale=iw*1.12:ih,rotate=4*PI/180",
    "turned by 8 degrees": "rotate=8*PI/180:fillcolor=gray",
    "dim, noisy": "eq=brightness=-0.25:contrast=0.55,noise=alls=18:allf=t",
    "dark, noisy": "eq=gamma=0.35,noise=alls=25:allf=t",
    "backlit": "curves=all='0/0 0.3/0.08 0.6/0.3 1/1'",
    "blurred": "gblur=sigma=4",
    "a fifth of the resolution": "scale=iw/5:-2,scale=iw*5:-2",
    "half as tall": "scale=iw/2:-2,pad=iw*2:ih*2:iw/2:ih*0.8:color=0x606060",
    "the upper third cut off": "crop=iw:ih*0.66:0:ih*0.34",
    "a fifth wider": "scale=iw*1.2:ih",
    "a fifth narrower": "scale=iw*0.8:ih",
    "10 frames a second": "fps=10",
}


def change_picture(video, filters, path):
    """VIDEO seen through FILTERS, at PATH. RuntimeError in one line."""
    try:
        done = subprocess.run(
            ["ffmpeg", "-v", "error", "-y", "-i", video, "-an", "-vf", filters + ",scale=trunc(iw/2)*2:trunc(ih/2)*2",
             "-c:v", "libx264", "-preset", "ultrafast", "-crf", "18", "-pix_fmt", "yuv420p", path],
            capture_output=True, text=True)
    except FileNotFoundError as error:
        raise RuntimeError("ffmpeg is needed to change pictures (Debian's ffmpeg)") from error
    if done.returncode:
        raise RuntimeError(f"{video}: {done.stderr.strip().splitlines()[-1]}")


# --- Tables of joints -----------------------------------------------------------------------------
#
# Each change takes a table (rows of text, the heading apart, the time first) and gives another, and what became of the
# true times of the bottoms.


def reversed_in_time(heading, rows):
    """What goes down came up."""
    whole = float(rows[0][0]) + float(rows[-1][0])
    turn = lambda t: whole - t
    return [[f"{turn(float(row[0])):.9f}", *row[1:]] for row in reversed(rows)], turn


def slower(factor):
    def change(heading, rows):
        return [[f"{float(row[0]) * factor:.9f}", *row[1:]] for row in rows], lambda t: t * factor
    return change


def every(step):
    def change(heading, rows):
        return rows[::step], lambda t: t
    return change


def noisy(share, seed):
    """White noise of SHARE of the person's height on every joint, three times as much on its depth."""
    def change(heading, rows):
        numbers = random.Random(seed)
        column = {axis: [i for i, name in enumerate(heading) if name.endswith(f"_{axis}") and f"{name[:-1]}score" in heading]
                  for axis in "xyz"}
        changed = []
        for row in rows:
            row = list(row)
            heights = [float(row[i]) for i in column["y"] if row[i]]
            sigma = share * (max(heights) - min(heights)) if heights else 0
            for axis, spread in (("x", 1), ("y", 1), ("z", 3)):
                for i in column[axis]:
                    if row[i]:
                        row[i] = f"{float(row[i]) + numbers.gauss(0, spread * sigma):.4f}"
            changed.append(row)
        return changed, lambda t: t
    return change


JOINTS = {
    "as they are": every(1),
    "reversed in time": reversed_in_time,
    "0.6 times as long": slower(0.6),
    "1.6 times as long": slower(1.6),
    "every second frame": every(2),
    "every third frame": every(3),
    "1 % of noise": noisy(0.01, 1),
    "1 % of noise, again": noisy(0.01, 2),
    "1 % of noise, every second frame": lambda heading, rows: noisy(0.01, 3)(heading, rows[::2]),
}


def change_joints(clip, table, change, path):
    """Writes the changed TABLE of CLIP to PATH; the clip with its bottoms where they then are."""
    with open(table, newline="", encoding="utf-8") as file:
        heading, *rows = csv.reader(file)
    rows, moved = change(heading, rows)
    with open(path, "w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([heading, *rows])
    return dataclasses.replace(clip, bottoms=tuple(sorted(moved(t) for t in clip.bottoms)))
