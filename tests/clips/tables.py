"""The evaluation's tables, at most 110 columns wide.

Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0
"""

import scores
from scores import merged

WIDTH = 110


def title(text, *notes):
    print(f"\n== {text} " + "=" * max(0, WIDTH - 4 - len(text)))
    for note in notes:
        print(note)


def cell(errors, peak=False, there=False):
    """MAE, bias, and at will the greatest error and the share of values that are there: 11, 17 or
    16 columns."""
    width = 11 + 6 * peak + 5 * there
    if errors.wanted == 0:
        return " " * width
    if errors.n == 0:
        return f"{'-':>{width}}"
    return (f"{errors.mae:5.1f}{errors.bias:+6.1f}" + (f"{errors.max_abs:6.1f}" if peak else "")
            + (f"{errors.there:5.0%}" if there else ""))


# --- Counting -----------------------------------------------------------------------------------


def counted(reasons):
    """"moved 2, lunge"."""
    number_of = {reason: reasons.count(reason) for reason in reasons}
    return ", ".join(reason + (f" {n}" if n > 1 else "") for reason, n in number_of.items()) or "-"


def print_count(row):
    right = "/".join(map(str, row["right"])) or "?"
    if row["counted"] is None:
        print(f"{row['clip'][:32]:32} {right:>5} {'?':>4} --  {row['error']}", flush=True)
        return
    mark = "" if not row["right"] else "ok" if row["counted"] in row["right"] else "--"
    error = of = ""
    if row.get("bottom_errors_s"):
        values = row["bottom_errors_s"]
        error = f"{sum(map(abs, values)) / len(values):.2f}"
        of = f"{max(values, key=abs):+.2f}"
    attempts = f"{row['recognised']}/{row['true_attempts']}" if row.get("true_attempts") else ""
    notes = []
    if row.get("phantoms"):
        notes.append("phantom " + " ".join(f"{t:.1f}" for t in row["phantoms"]))
    if row.get("missed"):
        notes.append("missed " + " ".join(f"{t:.1f}" for t in row["missed"]))
    notes += [f"{what[:16].strip()}: {counted(reasons)}" for what, reasons in row.get("shown", ())]
    if row.get("unexplained"):
        notes.append("? " + " ".join(f"{reason}@{at:.1f}" for at, reason in row["unexplained"]))
    if row["error"]:
        notes.append(row["error"])
    line = (f"{row['clip'][:32]:32} {right:>5} {row['counted']:>4} {mark:2} {error:>5} {of:>6}"
            f" {attempts:>4}  ")
    room = WIDTH - len(line)
    text = "; ".join(notes)
    print(line + (text if len(text) <= room else text[:room - 1] + "…"), flush=True)


def print_count_header():
    title("Counting", "bottom: mean and greatest error of the bottom's time, s; att: attempts "
          "recognised of those that must show;", "after it what showed for other movements; ?: an "
          "attempt where there was no such movement")
    print(f"{'clip':32} {'true':>5} {'cnt':>4}    {'bottom':>12} {'att':>4}")


# --- Frames -------------------------------------------------------------------------------------


def pick(frames, measure, group, views=scores.VIEWS, depths=scores.DEPTHS):
    return merged(errors for (m, g, v, d), errors in frames.items()
                  if m == measure and g == group and v in views and d in depths)


def print_flexion(frames, groups, measure):
    title(f"Knee {measure}", "MAE, bias, greatest error, degrees, by true flexion; n: frames, there: "
          "share of them with a value")
    print(f"{'':28} {'n':>6} {'there':>6}"
          + "".join(f"{depth:>17}" for depth in scores.DEPTHS + ("all",)))
    for group in groups:
        views = [view for view in scores.VIEWS if pick(frames, measure, group, (view,)).wanted]
        for view in views + [None] * (len(views) > 1):
            chosen = (view,) if view else scores.VIEWS
            total = pick(frames, measure, group, chosen)
            if total.wanted == 0:
                continue
            cells = [cell(pick(frames, measure, group, chosen, (depth,)), peak=True)
                     for depth in scores.DEPTHS] + [cell(total, peak=True)]
            label = f"{group[:18]}, {view or 'all'}"
            print(f"{label:28} {total.wanted:>6} {total.there:>6.0%}" + "".join(cells))


def print_measures(frames, groups):
    views = scores.VIEWS + ("all",)
    for group in groups:
        rows = []
        for measure in scores.FRAME_MEASURES[2:]:
            for depths in (scores.DEPTHS,) + ((scores.DEPTHS[2:],) * (measure == scores.THIGH)):
                label = measure + ("" if depths == scores.DEPTHS else " above 80 deg")
                found = [pick(frames, measure, group, scores.VIEWS if view == "all" else (view,),
                              depths) for view in views]
                if found[-1].wanted:
                    rows.append((label, found))
        if not rows:
            continue
        title(f"Other measures of the frames: {group}", "MAE, bias, degrees, and the share that "
              "is there")
        print(f"{'':30}" + "".join(f"{view:>16}" for view in views))
        for label, found in rows:
            print(f"{label:30}" + "".join(cell(errors, there=True) for errors in found))


def print_frames_by_clip(by_clip):
    title("Frames by clip", "MAE and bias, degrees")
    names = ("flexion", "<20", "20-80", ">80", "thigh", "lean", "yaw")
    print(f"{'':26}" + "".join(f"{name:>12}" for name in names))

    for name, frames in by_clip:
        def of(measure, depth=None):
            return merged(errors for (m, _, d), errors in frames.items()
                          if m == measure and depth in (None, d))
        found = [of(scores.BOTH)] + [of(scores.BOTH, depth) for depth in scores.DEPTHS]
        found += [of(measure) for measure in (scores.THIGH, scores.LEAN, scores.YAW)]
        print(f"{name[:26]:26}" + "".join(" " + cell(errors) for errors in found))


# --- Repetitions --------------------------------------------------------------------------------


def number(value, decimals, width, sign=""):
    return f"{value:{sign}{width}.{decimals}f}"


def print_reps(groups):
    for group, reps in groups:
        title(f"Repetitions and attempts: {group}", "there: measured of those with a truth; "
              "tempo in frames: the greatest error over the time from frame to frame")
        print(f"{'':28}{'n':>5}{'there':>6}{'MAE':>9}{'bias':>9}{'greatest':>10}"
              f"{'in frames':>11}{'sigma':>9}{'within':>8}")
        for name in scores.REP_MEASURES:
            errors = scores.rep_errors(reps, name)
            if errors.wanted == 0:
                continue
            line = f"{name:28}{errors.wanted:>5}{errors.there:>6.0%}"
            if errors.n == 0:
                print(line + f"{'-':>9}")
                continue
            decimals = 1 if errors.unit == "deg" else 3
            line += (number(errors.mae, decimals, 9) + number(errors.bias, decimals, 9, "+")
                     + number(errors.max_abs, decimals, 10))
            line += f"{worst_in_frames(reps, name):>11.1f}" if errors.unit == "s" else f"{'':11}"
            line += (number(errors.sigma, decimals, 9) + f"{errors.honest:>8.0%}"
                     if errors.n_sigma else f"{'-':>9}{'-':>8}")
            print(line)


def worst_in_frames(reps, name):
    return max(abs(value["found"] - value["true"]) / rep["step_s"] for rep in reps
               if (value := rep["values"].get(name)) and None not in (value["found"],
                                                                      value["true"]))


SHORT = (("fppa", "fppa_deg"), ("left", "fppa_left_deg"), ("right", "fppa_right_deg"),
         ("flex", "knee_flexion_max_deg"), ("thigh", "thigh_inclination_deg"),
         ("ecc s", "eccentric_s"), ("pau s", "pause_s"), ("con s", "concentric_s"),
         ("lock", "lockout_deg"), ("lean", "trunk_lean_deg"), ("heel", "heel_rise_ratio"))


def print_reps_by_clip(by_clip):
    title("Repetitions by clip", "mean error")
    print(f"{'':26}{'n':>4}" + "".join(f"{short:>7}" for short, _ in SHORT))
    for name, reps in by_clip:
        cells = []
        for _, measure in SHORT:
            errors = scores.rep_errors(reps, measure)
            cells.append("-" if errors.n == 0 else
                         number(errors.bias, 1 if errors.unit == "deg" else 2, 0, "+"))
        print(f"{name[:26]:26}{len(reps):>4}" + "".join(f"{text:>7}" for text in cells))


def print_depth(reps):
    title("Depth classes", "true class by row, measured by column; unsure: of those in the row")
    found = sorted({rep["depth"][1] or "-" for rep in reps} - set(scores.DEPTH_CLASSES))
    columns = list(scores.DEPTH_CLASSES) + found
    print(f"{'':16}" + "".join(f"{name:>14}" for name in columns) + f"{'unsure':>9}")
    for true in scores.DEPTH_CLASSES:
        row = [rep for rep in reps if rep["depth"][0] == true]
        if row:
            counts = [sum((rep["depth"][1] or "-") == name for rep in row) for name in columns]
            print(f"{true:16}" + "".join(f"{count or '.':>14}" for count in counts)
                  + f"{sum(rep['depth'][2] for rep in row):>9}")
    right, wrong_and_sure = depth_right(reps)
    print(f"right {right} of {len(reps)}; wrong where it was sure: {wrong_and_sure}")


def depth_right(reps):
    # Calf contact is the person's own and part of "deep".
    wrong = [rep for rep in reps
             if rep["depth"][0] != ("deep" if rep["depth"][1] == "calf" else rep["depth"][1])]
    return len(reps) - len(wrong), sum(not rep["depth"][2] for rep in wrong)


def print_valgus(reps):
    title("Knees that fall inward told from others", "n: there of all; range: smallest and greatest; "
          "gap: smallest of those that fall in", "less greatest of the others; limit: what tells "
          "best, with its mistakes; nearest: the greatest of the others")
    print(f"{'':22}{'clean':>7}{'range':>15}{'inward':>8}{'range':>15}{'gap':>7}{'limit':>8}"
          f"{'mistakes':>10}  nearest")
    for name, values in scores.valgus_values(reps).items():
        there = [value for value in values if value[0] is not None]
        clean = [value for value in there if not value[1]]
        inward = [value for value in there if value[1]]
        line = f"{name:22}"
        for part in (clean, inward):
            of = sum(value[1] == (part is inward) for value in values)
            line += f"{f'{len(part)}/{of}':>{8 if part is inward else 7}}"
            found = f"{min(part)[0]:.3g} to {max(part)[0]:.3g}" if part else "-"
            line += f"{found:>15}"
        if clean and inward:
            mistakes, limit = scores.best_limit(there)
            low, high = min(inward), max(clean)
            line += f"{low[0] - high[0]:>7.3g}{limit:>8.3g}{mistakes:>10}  {high[2]}"
        print(line)
    falling = {rep["clip"] for rep in reps if any("valgus" in fault for fault in rep["faults"])}
    if not falling:
        return
    names = ("fppa_left_deg", "fppa_right_deg", "fppa_deg", "fppa_change_deg")
    print(f"\n{'clips with such knees':26}{'at s':>6}  {'inward':8}{'left: true':>11}{'found':>7}"
          f"{'right: true':>13}{'found':>7}{'both: true':>12}{'found':>7}{'change':>8}")
    for rep in reps:
        if rep["clip"] not in falling:
            continue
        found = [rep["values"].get(name, {"true": None, "found": None}) for name in names]
        left, right, both, change = ([f"{of[what]:.1f}" if of[what] is not None else "-"
                                      for what in ("true", "found")] for of in found)
        inward = "+".join(fault[7:] for fault in rep["faults"] if fault.startswith("valgus_"))
        print(f"{rep['clip'][:26]:26}{rep['bottom_s']:>6.1f}  {inward.replace('left+right', 'both'):8}"
              f"{left[0]:>11}{left[1]:>7}{right[0]:>13}{right[1]:>7}{both[0]:>12}{both[1]:>7}"
              f"{change[1]:>8}")


# --- Sigma --------------------------------------------------------------------------------------


def print_sigma(frames, reps):
    title("Whether sigma is honest", "about 68 % of the errors should lie within it and 95 % "
          "within two; rms/sigma should be 1")
    print(f"{'':34}{'n':>7}{'within':>9}{'within 2':>10}{'sigma':>9}{'rms error':>11}"
          f"{'rms/sigma':>11}")
    rows = [(measure, merged(errors for (m, *_), errors in frames.items() if m == measure))
            for measure in scores.FRAME_MEASURES]
    rows += [(f"{scores.BOTH}, {view}", merged(
        errors for (m, _, v, _), errors in frames.items() if m == scores.BOTH and v == view))
        for view in scores.VIEWS]
    rows += [(f"{scores.BOTH}, {depth}", merged(
        errors for (m, _, _, d), errors in frames.items() if m == scores.BOTH and d == depth))
        for depth in scores.DEPTHS]
    rows += [(f"repetition: {name}", scores.rep_errors(reps, name)) for name in scores.REP_MEASURES]
    for label, errors in rows:
        if errors.n_sigma:
            print(f"{label[:34]:34}{errors.n_sigma:>7}{errors.honest:>9.0%}"
                  f"{errors.within_two / errors.n_sigma:>10.0%}{errors.sigma:>9.3g}"
                  f"{errors.rms:>11.3g}{errors.rms / errors.sigma:>11.2f}")
    if not any(errors.n_sigma for _, errors in rows):
        print("-")


# --- Two runs -----------------------------------------------------------------------------------


def print_changes(now, before):
    """NOW and BEFORE: {name: (value, goal, tolerance)}."""
    title("Against the earlier run")
    better, worse, gone = [], [], sorted(set(before) - set(now))
    for name, (value, goal, tolerance) in now.items():
        if name not in before:
            continue
        change = scores.badness(value, goal) - scores.badness(before[name][0], goal)
        if abs(change) > tolerance:
            (worse if change > 0 else better).append((abs(change) / tolerance if tolerance else
                                                      100 * abs(change), name))
    for word, changes in (("worse", worse), ("better", better)):
        for _, name in sorted(changes, reverse=True):
            print(f"{word:7}{name[:76]:76}{before[name][0]:>10.3f} ->{now[name][0]:>9.3f}")
    new = sum(name not in before for name in now)
    print(f"{len(better)} better, {len(worse)} worse,"
          f" {len(now) - new - len(better) - len(worse)} as before, {new} new, {len(gone)} gone")
