"""A home with made-up sessions: the demo clip, counted and saved by the command line, again and again
over eight months, with loads that grow and squats that get deeper and straighter.

Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0
"""

import datetime
import os
import random
import sqlite3
import subprocess
import tempfile

import driver

SESSIONS = 42
DAYS = 240
# The newest ones can be replayed.
WITH_FRAMES = 4
BETWEEN_SETS_NS = 115_000_000_000
NOTES = {0: "Felt strong. Slower on the way down.", 3: "Slept badly.", 7: "New wedge, 7.5 cm.",
         15: "Knees stay out when I think of the little toe."}
MEASURES = ["knee_flexion_max_deg", "knee_flexion_left_deg", "knee_flexion_right_deg"]


def copy_row(db, table, row, **changes):
    """ROW (a dictionary) once more, with CHANGES; its new id."""
    new = dict(row, **changes)
    del new["id"]
    names = ", ".join(new)
    marks = ", ".join("?" * len(new))
    return db.execute(f"insert into {table} ({names}) values ({marks})", list(new.values())).lastrowid


def saved_demo(home):
    """The database of a home whose only session is the demo clip."""
    data = f"{home}/shipped"
    os.makedirs(data)
    os.symlink(f"{driver.ROOT}/models", f"{data}/models")
    os.symlink(f"{driver.ROOT}/ui/data/demo.mp4", f"{data}/demo.mp4")
    subprocess.run([driver.CLI, "analyze", "--save", f"{data}/demo.mp4"], check=True, timeout=120,
                   stdout=subprocess.DEVNULL,
                   env=dict(os.environ, TEARDROP_DATA_DIR=data, XDG_DATA_HOME=f"{home}/data"))
    return f"{home}/data/teardrop/teardrop.db"


def add_rep(db, rep, new_set, shift_ns, form, dice):
    """REP in another set; FORM: 0 the first month, 1 now."""
    changes = {"set_id": new_set}
    for key in ("start_ns", "bottom_ns", "top_ns"):
        changes[key] = rep[key] + shift_ns
    if form < 1:
        less = 12 * (1 - form) + dice.gauss(0, 2)
        for key in MEASURES:
            if rep[key] is not None:
                changes[key] = rep[key] - less
        if rep["thigh_inclination_deg"] is not None:
            changes["thigh_inclination_deg"] = rep["thigh_inclination_deg"] + less * 0.7
        for key, more in (("fppa_deg", 4), ("fppa_worst_deg", 4), ("lockout_deg", 5)):
            if rep[key] is not None:
                changes[key] = rep[key] + more * (1 - form) + dice.gauss(0, 0.7)
        for key, share in (("eccentric_s", 0.3), ("concentric_s", -0.1)):
            if rep[key] is not None:
                changes[key] = rep[key] * (1 - share * (1 - form)) + dice.gauss(0, 0.06)
        if rep["concentric_velocity_per_s"] is not None:
            changes["concentric_velocity_per_s"] = rep["concentric_velocity_per_s"] * (
                0.85 + 0.15 * form + dice.gauss(0, 0.03))
    copy_row(db, "repetition", rep, **changes)


def home_with_months():
    """Its folder. The same sessions each time, but for their dates: the last one is of yesterday."""
    home = tempfile.mkdtemp(prefix="teardrop-ui-")
    dice = random.Random(4)
    db = sqlite3.connect(saved_demo(home))
    db.row_factory = sqlite3.Row
    session, = db.execute("select * from session").fetchall()
    old, = db.execute("select * from exercise_set").fetchall()
    reps = db.execute("select * from repetition where set_id = ? order by start_ns", [old["id"]]).fetchall()
    columns = [row[1] for row in db.execute("pragma table_info (sample)")]
    others = ", ".join(name for name in columns if name not in ("set_id", "time_ns"))
    yesterday = datetime.date.today() - datetime.timedelta(days=1)
    for i in range(SESSIONS - 1, -1, -1):
        age = i / (SESSIONS - 1)
        # Rests of two to eight days.
        day = yesterday - datetime.timedelta(days=round(DAYS * age) + (dice.randint(0, 2) if i else 0))
        narrow = i % 3 == 2
        new = copy_row(db, "session", session,
                       started_at=f"{day}T{dice.randint(17, 19)}:{dice.randint(0, 59):02}:00+00:00",
                       exercise="narrow" if narrow else "cyclist", source="Integrated Camera",
                       note=NOTES.get(i), ended=1)
        load = 2.5 * round((1 - age) * (10 if narrow else 8))
        for number in range(1, (3 if i < WITH_FRAMES else dice.randint(2, 4)) + 1):
            shift = (number - 1) * BETWEEN_SETS_NS
            first = old["first_ns"] + shift if old["first_ns"] is not None else None
            new_set = copy_row(db, "exercise_set", old, session_id=new, number=number, load_kg=load,
                               target=6, ended=1, first_ns=first)
            # What can be replayed is as it was measured.
            form = 1 if i < WITH_FRAMES else 1 - age
            kept = reps if i < WITH_FRAMES else reps[:dice.randint(len(reps) - 1, len(reps))]
            for rep in kept:
                add_rep(db, rep, new_set, shift, form, dice)
            if i < WITH_FRAMES:
                db.execute(f"insert into sample (set_id, time_ns, {others})"
                           f" select ?, time_ns + ?, {others} from sample where set_id = ?",
                           [new_set, shift, old["id"]])
    for table, key in (("sample", "set_id"), ("repetition", "set_id")):
        db.execute(f"delete from {table} where {key} = ?", [old["id"]])
    db.execute("delete from exercise_set where id = ?", [old["id"]])
    db.execute("delete from session where id = ?", [session["id"]])
    db.commit()
    db.close()
    return home
