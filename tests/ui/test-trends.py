"""Trends: what the page says of eight months, by keyboard too, filters, files, and the first day.

Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0
"""

import atexit
import datetime
import os
import re
import shutil
import sqlite3
import subprocess
import tempfile

import driver
from driver import App, Atspi, activate, press_keys, wait

CHARTS = ["Repetitions a week", "Volume a week", "Depth", "Knees inward (valgus)",
          "Straight at the top", "Tempo", "Velocity going up"]


TODAY = datetime.date.today()
MONDAY = TODAY - datetime.timedelta(days=TODAY.weekday())
WEEKS = 30
EMPTY = {7, 8}  # two weeks of rest
LOADED = 15  # from this week on with 10 kg


def copy_row(db, table, row, **changes):
    """ROW (a dictionary) once more, with CHANGES; its new id."""
    new = dict(row, **changes)
    del new["id"]
    names = ", ".join(new)
    marks = ", ".join("?" * len(new))
    return db.execute(f"insert into {table} ({names}) values ({marks})", list(new.values())).lastrowid


def home_with_months():
    """The demo clip, counted and saved by the command line, copied into the past: a session a week,
    deeper and slower in the second half."""
    home = tempfile.mkdtemp(prefix="teardrop-ui-")
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    data = f"{home}/shipped"
    os.makedirs(data)
    os.symlink(f"{driver.ROOT}/models", f"{data}/models")
    os.symlink(f"{driver.ROOT}/ui/data/demo.mp4", f"{data}/demo.mp4")
    subprocess.run([driver.CLI, "analyze", "--save", f"{data}/demo.mp4"], check=True, timeout=120,
                   stdout=subprocess.DEVNULL,
                   env=dict(os.environ, TEARDROP_DATA_DIR=data, XDG_DATA_HOME=f"{home}/data"))
    db = sqlite3.connect(f"{home}/data/teardrop/teardrop.db")
    db.row_factory = sqlite3.Row
    session, = db.execute("select * from session").fetchall()
    sets = db.execute("select * from exercise_set").fetchall()
    for week in range(WEEKS):
        day = MONDAY - datetime.timedelta(weeks=WEEKS - 1 - week)
        late = week >= LOADED
        if week in EMPTY:
            continue
        new = copy_row(db, "session", session, started_at=f"{day}T18:00:00+00:00")
        for old in sets:
            new_set = copy_row(db, "exercise_set", old, session_id=new,
                               load_kg=10 if late else 0)
            for rep in db.execute("select * from repetition where set_id = ?", [old["id"]]):
                copy_row(db, "repetition", rep, set_id=new_set,
                         knee_flexion_max_deg=125 if late else 110,
                         eccentric_s=2.5 if late else 1.5)
    db.execute("delete from session where id = ?", [session["id"]])
    db.execute("delete from exercise_set where session_id = ?", [session["id"]])
    db.execute("delete from repetition where set_id not in (select id from exercise_set)")
    db.commit()
    db.close()
    return home


HOME = home_with_months()


def chart(app, name):
    return app.find("image", name)


def open_trends(app):
    press_keys("alt+3")
    return app.find(None, re.compile("^Since "))


def focus(app, role, name):
    """By the keyboard alone: Tab until it has it."""
    for _ in range(40):
        if any(node.get_state_set().contains(Atspi.StateType.FOCUSED)
               for node in app.all(role, name)):
            return
        press_keys("Tab")
        driver.time.sleep(0.1)
        driver.pump()
    raise AssertionError(f"Tab never comes to {name}")


def it_says_what_has_changed_and_the_bests():
    with App(home=HOME) as app:
        change = open_trends(app).get_name()
        assert re.match(r"Since \w+( \d+)? you go 15° deeper and 1\.0 s slower down", change), change
        assert app.text(r"sessions, body weight · \w+( \d+)?: \d sessions, 10 kg on average")
        assert app.text(r"^125°$")
        assert app.text(r"^10 kg$")
        for name in CHARTS:
            assert chart(app, name).get_description(), name
        depth = chart(app, "Depth").get_description()
        assert depth.startswith("You go deeper: from 110° to 125°. 30 weeks, 2 of them without a "
                                "session."), depth
        for role in ("push button", "toggle button", "combo box", "image"):
            names = [node.get_name() for node in app.all(role)]
            assert not [name for name in names if not name or (
                re.match("^(Gtk|Adw|Td)[A-Z]", name) and name != "GtkImage")], (role, names)


def the_keyboard_reads_each_week():
    with App(home=HOME) as app:
        open_trends(app)
        focus(app, "image", "Depth")
        press_keys("Home")
        wait("the first week", lambda: re.match(r"Week of .*: mean 110°, deepest 110°$",
                                                chart(app, "Depth").get_description()))
        for _ in range(7):
            press_keys("Right")
        wait("an empty week", lambda: chart(app, "Depth").get_description().endswith("no session"))
        press_keys("ctrl+Right")
        wait("the next session", lambda: chart(app, "Depth").get_description().endswith(
            "mean 110°, deepest 110°"))
        press_keys("End")
        wait("this week", lambda: chart(app, "Depth").get_description()
             == "This week so far: mean 125°, deepest 125°")
        press_keys("Escape")
        wait("all of it again", lambda: chart(app, "Depth").get_description().startswith(
            "You go deeper"))


def a_load_filters_the_sessions():
    with App(home=HOME) as app:
        open_trends(app)
        assert app.has("image", "Volume a week")
        focus(app, "push button", "Load")
        # All loads, body weight, 10 kg.
        press_keys("space")
        driver.time.sleep(0.3)
        press_keys("Down", "Return")
        wait("body weight: no volume", lambda: not app.has("image", "Volume a week"))
        wait("no deeper ones", lambda: not app.text("^125°$"))
        assert app.text("^110°$")


def a_chart_becomes_a_file():
    with App(home=HOME) as app:
        open_trends(app)
        path = f"{app.home}/tempo.svg"
        app.click("Save the chart “Tempo”")
        entry = app.find("text", "Name:")
        assert Atspi.EditableText.set_text_contents(entry, path)
        app.click(re.compile("^(_Save )?Save$"))
        wait("the toast", lambda: app.text("^Saved$"))
        with open(path) as file:
            assert "<svg" in file.read(400)


def on_the_first_day_it_says_what_will_be_there():
    with App() as app:
        press_keys("alt+3")
        wait("the page", lambda: app.text("^Trends appear after your first session"))
        # The history, which is not shown, has such a button, too.
        assert activate(app.all("push button", "Train Now")[-1])
        wait("the train page", lambda: any(
            tab.get_state_set().contains(Atspi.StateType.SELECTED)
            for tab in app.all("page tab", "Train")))


driver.main(
    it_says_what_has_changed_and_the_bests,
    the_keyboard_reads_each_week,
    a_load_filters_the_sessions,
    a_chart_becomes_a_file,
    on_the_first_day_it_says_what_will_be_there,
)
