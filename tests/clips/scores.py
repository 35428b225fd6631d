"""How far measured values are from the true ones.

Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0
"""

import csv
import math

import clips
import reference

VIEWS = ("front", "oblique", "side", "back")
DEPTHS = ("<20", "20-80", ">80")
RENDERED = "rendered"

# --- Errors -------------------------------------------------------------------------------------


class Errors:
    """Of one measure: how many values there should be and are, how wrong they are, and whether
    their sigma says so."""

    __slots__ = ("wanted", "n", "sum", "sum_abs", "max_abs", "n_sigma", "within", "within_two",
                 "sum_sigma", "sum_square", "unit")

    def __init__(self, unit):
        self.unit = unit
        self.wanted = self.n = self.n_sigma = self.within = self.within_two = 0
        self.sum = self.sum_abs = self.max_abs = self.sum_sigma = self.sum_square = 0.0

    def add(self, error, sigma=None):
        """ERROR: None for a value that is missing."""
        self.wanted += 1
        if error is None:
            return
        self.n += 1
        self.sum += error
        self.sum_abs += abs(error)
        self.max_abs = max(self.max_abs, abs(error))
        if sigma:
            self.n_sigma += 1
            self.within += abs(error) <= sigma
            self.within_two += abs(error) <= 2 * sigma
            self.sum_sigma += sigma
            self.sum_square += error * error

    def merge(self, other):
        for name in self.__slots__:
            if name == "max_abs":
                self.max_abs = max(self.max_abs, other.max_abs)
            elif name != "unit":
                setattr(self, name, getattr(self, name) + getattr(other, name))

    @property
    def mae(self):
        return self.sum_abs / self.n

    @property
    def bias(self):
        return self.sum / self.n

    @property
    def there(self):
        return self.n / self.wanted

    @property
    def honest(self):
        """Share of the errors within one sigma."""
        return self.within / self.n_sigma

    @property
    def sigma(self):
        return self.sum_sigma / self.n_sigma

    @property
    def rms(self):
        return math.sqrt(self.sum_square / self.n_sigma)


def merged(errors, unit="deg"):
    total = Errors(unit)
    for one in errors:
        total.unit = one.unit
        total.merge(one)
    return total


def depth_of(flexion):
    return DEPTHS[0] if flexion < 20 else DEPTHS[1] if flexion < 80 else DEPTHS[2]


# --- Frames -------------------------------------------------------------------------------------

BOTH = "flexion, both knees"
LEG = "flexion, each leg"
THIGH = "thigh inclination"
LEAN = "trunk lean"
YAW = "yaw"
FPPA = "FPPA, both, 30-60 deg"
FPPA_LEG = "FPPA, each leg, 30-60 deg"
FPPA_BOTTOM = "FPPA, both, at the bottom"
FPPA_LEG_BOTTOM = "FPPA, each leg, at the bottom"
FRAME_MEASURES = (BOTH, LEG, THIGH, LEAN, YAW, FPPA, FPPA_LEG, FPPA_BOTTOM, FPPA_LEG_BOTTOM)

ALWAYS, IN_REP, AT_BOTTOM = range(3)
BOTH_FPPA = (("fppa_mean_deg",), ("fppa_left_deg", "fppa_right_deg"))
# Measure, true angle, the flexion it is told by, columns (their mean; or the first set that is
# there), when.
FRAME_VALUES = (
    (BOTH, "flexion", "flexion", (("flexion_deg",), ("knee_flexion_left_deg",
                                                     "knee_flexion_right_deg")), ALWAYS),
    (LEG, "knee_flexion_left", "knee_flexion_left", (("knee_flexion_left_deg",),), ALWAYS),
    (LEG, "knee_flexion_right", "knee_flexion_right", (("knee_flexion_right_deg",),), ALWAYS),
    (THIGH, "thigh", "flexion", (("thigh_inclination_deg",),), ALWAYS),
    (LEAN, "lean", "flexion", (("trunk_lean_deg",),), ALWAYS),
    (YAW, "yaw", "flexion", (("yaw_deg",),), ALWAYS),
    (FPPA, "fppa", "flexion", BOTH_FPPA, IN_REP),
    (FPPA_LEG, "fppa_left", "knee_flexion_left", (("fppa_left_deg",),), IN_REP),
    (FPPA_LEG, "fppa_right", "knee_flexion_right", (("fppa_right_deg",),), IN_REP),
    (FPPA_BOTTOM, "fppa", "flexion", BOTH_FPPA, AT_BOTTOM),
    (FPPA_LEG_BOTTOM, "fppa_left", "flexion", (("fppa_left_deg",),), AT_BOTTOM),
    (FPPA_LEG_BOTTOM, "fppa_right", "flexion", (("fppa_right_deg",),), AT_BOTTOM),
)


def sigma_names(name):
    """A sigma's column or key, however it is spelled."""
    stem, _, unit = name.rpartition("_")
    return (f"{stem}_sigma_{unit}", f"{name}_sigma", f"{stem}_sigma")


def first_of(names, among):
    return next((name for name in names if name in among), None)


class Frames:
    """The columns of a table of joints and measures that are compared."""

    def __init__(self, path):
        with open(path, newline="", encoding="utf-8") as file:
            rows = csv.reader(file)
            header = next(rows)
            wanted = {"t_s"}
            for _, _, _, sets, _ in FRAME_VALUES:
                for name in (name for names in sets for name in names):
                    wanted.update((name, *sigma_names(name)))
            places = [(header.index(name), name) for name in wanted if name in header]
            self.columns = {name: [] for _, name in places}
            for row in rows:
                for place, name in places:
                    self.columns[name].append(float(row[place]) if row[place] else None)
        self.times_s = self.columns["t_s"]

    def values(self, sets):
        """(value, sigma) of every frame, each None where there is none."""
        names = next((names for names in sets if all(n in self.columns for n in names)), None)
        nothing = [None] * len(self.times_s)
        if names is None:
            return list(zip(nothing, nothing))
        columns = [self.columns[name] for name in names]
        found = [first_of(sigma_names(name), self.columns) for name in names]
        sigmas = [self.columns[name] if name else nothing for name in found]
        if len(names) == 1:
            return list(zip(columns[0], sigmas[0]))
        mean = map(reference.mean, *columns)
        sigma = [None if a is None or b is None else math.hypot(a, b) / 2 for a, b in zip(*sigmas)]
        return list(zip(mean, sigma))


def moments_of(motion, times_s):
    """Per frame: whether it lies in a true repetition, and at its bottom."""
    moments = []
    for t in times_s:
        rep = next((rep for rep in motion.reps if rep["onset5_s"] <= t <= rep["lockout5_s"]), None)
        moments.append(ALWAYS if rep is None else AT_BOTTOM
                       if rep["bottom_in5_s"] <= t <= rep["bottom_out5_s"] else IN_REP)
    return moments


def score_frames(motion, frames):
    """{(measure, view, depth): Errors}."""
    scores = {}
    places = motion.at(frames.times_s)
    moments = moments_of(motion, frames.times_s)
    for measure, angle, by, sets, when in FRAME_VALUES:
        for place, moment, (value, sigma) in zip(places, moments, frames.values(sets)):
            if place is None or (when == AT_BOTTOM and moment != AT_BOTTOM) \
                    or (when == IN_REP and moment == ALWAYS):
                continue
            true, flexion = motion.value(angle, place), motion.value(by, place)
            if true is None or flexion is None or (when == IN_REP and not 30 <= flexion <= 60):
                continue
            error = None if value is None else value - true
            if measure == YAW and error is not None:
                error = reference.wrapped(error)
            key = measure, motion.view(place[0]), depth_of(flexion)
            scores.setdefault(key, Errors("deg")).add(error, sigma)
    return scores


# --- Repetitions --------------------------------------------------------------------------------


def fppa(part=""):
    return lambda rep: reference.mean(rep[f"fppa_30_60_{part}left_deg"],
                                      rep[f"fppa_30_60_{part}right_deg"])


def worst_fppa(rep):
    values = [rep[f"fppa_30_60_{side}_deg"] for side in reference.SIDES]
    return None if None in values else max(values)


def key(name):
    return lambda rep: rep.get(name)


# As teardrop-cli names it, and where the truth is. The unit is the last part of the name.
REP_MEASURES = {
    "knee_flexion_max_deg": key("max_flexion_deg"),
    "knee_flexion_left_deg": key("bottom_flexion_left_deg"),
    "knee_flexion_right_deg": key("bottom_flexion_right_deg"),
    "knee_flexion_difference_deg": lambda rep: (rep["bottom_flexion_left_deg"]
                                                - rep["bottom_flexion_right_deg"]),
    "thigh_inclination_deg": key("thigh_inclination_bottom_deg"),
    "fppa_deg": fppa(),
    "fppa_left_deg": key("fppa_30_60_left_deg"),
    "fppa_right_deg": key("fppa_30_60_right_deg"),
    "fppa_worst_deg": worst_fppa,
    "fppa_down_deg": fppa("down_"),
    "fppa_up_deg": fppa("up_"),
    "fppa_bottom_deg": key("bottom_fppa_deg"),
    "eccentric_s": key("eccentric5_s"),
    "pause_s": key("pause5_s"),
    "concentric_s": key("concentric5_s"),
    "top_pause_s": key("top_pause_s"),
    "tension_s": lambda rep: rep["eccentric5_s"] + rep["pause5_s"] + rep["concentric5_s"],
    "concentric_velocity_per_s": key("velocity_per_s"),
    "lockout_deg": key("lockout_deg"),
    "trunk_lean_deg": key("trunk_lean_bottom_deg"),
    "trunk_lean_change_deg": key("lean_change_deg"),
    "stance_ratio": key("stance_ratio"),
    "toe_out_deg": key("toe_out_deg"),
    "heel_rise_ratio": key("heel_rise_ratio"),
}


def sigma_of(rep, name):
    inside = rep.get("sigma")
    if isinstance(inside, dict) and inside.get(name) is not None:
        return inside[name]
    return rep.get(first_of(sigma_names(name), rep))


def depth_class(flexion_deg, thigh_deg):
    """As science.md, section 2, and td-rep.c divide it."""
    if flexion_deg >= 130:
        return "deep"
    if thigh_deg <= 10:
        return "parallel"
    return "half" if flexion_deg >= 80 else "quarter" if flexion_deg >= 40 else "above_quarter"


DEPTH_CLASSES = ("above_quarter", "quarter", "half", "parallel", "deep")


def score_reps(clip, motion, result):
    """Each true repetition or attempt that was found: what is true and what was measured."""
    scored = []
    pairs = clips.match([rep["bottom_s"] for rep in result["reps"]],
                        [rep["bottom_s"] for rep in motion.reps])
    for i, j in sorted(pairs):
        found, true = result["reps"][i], motion.reps[j]
        at = reference.nearest(motion.times_s, true["bottom_s"])
        values = {}
        for name, truth in REP_MEASURES.items():
            if name in found:
                values[name] = {"true": truth(true), "found": found[name],
                                "sigma": sigma_of(found, name)}
        # Not compared but told apart by.
        for name in ("fppa_change_deg", "knee_offset_ratio"):
            if name in found:
                values[name] = {"true": None, "found": found[name], "sigma": None}
        scored.append({
            "clip": clip.name,
            "bottom_s": true["bottom_s"],
            "view": motion.view(at),
            "counted": [true["counted"], found["counted"]],
            "depth": [depth_class(true["max_flexion_deg"], true["thigh_inclination_bottom_deg"]),
                      found.get("depth"), bool(found.get("depth_unsure"))],
            "faults": true["faults"],
            "step_s": (motion.times_s[-1] - motion.times_s[0]) / (len(motion.times_s) - 1),
            "values": values,
        })
    return scored


def unit_of(name):
    return name.rpartition("_")[2]


def rep_errors(scored, name):
    errors = Errors(unit_of(name))
    for rep in scored:
        value = rep["values"].get(name)
        if value is None or value["true"] is None:
            continue
        error = None if value["found"] is None else value["found"] - value["true"]
        errors.add(error, value["sigma"])
    return errors


# --- Attempts -----------------------------------------------------------------------------------

# The reasons that recognise a movement for what it is.
RECOGNISED = {
    "shallow": ("shallow",),
    "hip hinge": ("hinge",),
    "knee lift left": ("one_leg",),
    "knee lift right": ("one_leg",),
    "walk": ("moved", "lunge", "one_leg"),
    "turn": ("moved",),
}
AROUND_S = 0.5


def score_attempts(clip, row):
    """Into ROW: which true attempts were recognised, and attempts where nothing like one was."""
    found = [tuple(attempt) for attempt in row.get("attempts", ())]
    shown, right, unexplained = [], 0, []
    for true in clip.attempts:
        inside = [reason for at, reason in found
                  if true.start_s - AROUND_S <= at <= true.end_s + AROUND_S]
        good = [reason for reason in inside if reason in RECOGNISED.get(true.what, (reason,))]
        if true.must_show:
            right += bool(good)
            shown.append([true.what, inside])
        elif inside:
            shown.append([true.what, inside])
    for at, reason in found:
        # What is listed as missed is told there.
        lost = any(abs(at - bottom) <= clips.WITHIN_S for bottom in row.get("missed", ()))
        if not lost and not any(true.start_s - AROUND_S <= at <= true.end_s + AROUND_S
                                for true in clip.attempts):
            unexplained.append([at, reason])
    row["true_attempts"] = sum(true.must_show for true in clip.attempts)
    row["recognised"] = right
    row["shown"] = shown
    row["unexplained"] = unexplained


# --- Telling valgus -----------------------------------------------------------------------------


def valgus_values(scored):
    """{criterion: [(value or None, whether the knee falls inward, clip and time)]}."""
    values = {name: [] for name in VALGUS}
    for rep in scored:
        where = f"{rep['clip'][:9]}@{rep['bottom_s']:.1f}"
        faults = [f"valgus_{side}" in rep["faults"] for side in reference.SIDES]

        def found(name, what="found"):
            value = rep["values"].get(name)
            return value[what] if value else None

        for side, fault in zip(reference.SIDES, faults):
            values["each leg"].append((found(f"fppa_{side}_deg"), fault, where))
            values["each leg, truth"].append((found(f"fppa_{side}_deg", "true"), fault, where))
        for name, source in VALGUS.items():
            if source:
                values[name].append((found(source), any(faults), where))
    return values


# Criterion: the measure; None: by leg.
VALGUS = {
    "each leg, truth": None,
    "each leg": None,
    "worse knee": "fppa_worst_deg",
    "both": "fppa_deg",
    "change from standing": "fppa_change_deg",
    "knee offset": "knee_offset_ratio",
}


def best_limit(values):
    """(mistakes, limit) of the limit that tells best; VALUES begin with value and fault, none
    missing."""
    ordered = sorted(value[:2] for value in values)
    mistakes = sum(not fault for _, fault in ordered)
    best = (mistakes, ordered[0][0])
    for i, (value, fault) in enumerate(ordered):
        mistakes += 1 if fault else -1
        following = ordered[i + 1][0] if i + 1 < len(ordered) else math.inf
        if mistakes < best[0] and following > value:
            best = (mistakes, (value + following) / 2 if following < math.inf else value)
    return best


# --- Numbers to compare two runs by -------------------------------------------------------------

LESS, MORE, ZERO, SIGMA_SHARE = "less", "more", "zero", "0.68"
TOLERANCE = {"deg": 0.1, "s": 0.005, "ratio": 0.01}
SHARE_TOLERANCE = 0.02
HONEST = 0.683


def put_errors(numbers, name, errors):
    if errors.wanted == 0:
        return
    tolerance = TOLERANCE.get(errors.unit, 0.01)
    numbers[name + "/there"] = (errors.there, MORE, SHARE_TOLERANCE)
    if errors.n:
        numbers[name + "/mae"] = (errors.mae, LESS, tolerance)
        numbers[name + "/bias"] = (errors.bias, ZERO, tolerance)
        numbers[name + "/max"] = (errors.max_abs, LESS, 5 * tolerance)
    if errors.n_sigma:
        numbers[name + "/within sigma"] = (errors.honest, SIGMA_SHARE, SHARE_TOLERANCE)


def badness(value, goal):
    return {LESS: value, MORE: -value, ZERO: abs(value), SIGMA_SHARE: abs(value - HONEST)}[goal]
