"""The demo clip from the first picture to the CSV: counted as on the command line, in the history,
exported, deleted and taken back.

Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0
"""

import csv
import os
import re
import shutil
import sqlite3
import subprocess

import driver
from driver import App, Atspi, activate, press_keys, wait


def table_rows(app):
    """The "Counted" and "Not counted …" cells: one a repetition."""
    return app.all("label", re.compile("^(Counted|Not counted: .*)$"))


def choose_samples(app):
    choice = app.find("label", "A row for each repetition")
    while choice.get_role_name() != "push button":
        choice = choice.get_parent()
    assert activate(choice)
    wait("the choice", lambda: app.has("label", "A row for each picture"))
    press_keys("Down", "Return")


def export(app, path, samples=False):
    app.click("Export CSV…")
    if samples:
        choose_samples(app)
    entry = app.find("text", "Name:")
    name = Atspi.Text.get_text(entry, 0, Atspi.Text.get_character_count(entry))
    assert re.fullmatch(r"teardrop-\d{4}-\d\d-\d\d-\d{4}\.csv", name), name
    assert Atspi.EditableText.set_text_contents(entry, path)
    app.click(re.compile("^(_Export )?Export$"))
    wait("the CSV", lambda: os.path.exists(path) and os.path.getsize(path) > 0)


def the_count_is_a_third_of_the_window_in_every_shape():
    for width, height in ((360, 720), (1280, 720)):
        with App("--demo", settings={"window-width": str(width), "window-height": str(height)}) as app:
            number = wait("the count", lambda: app.all("status bar", re.compile(r"^\d+ repetitions?$")), 60)[0]

            def sizes():
                frame, box = [Atspi.Component.get_extents(node, Atspi.CoordType.WINDOW)
                              for node in (app.find("frame", "Teardrop"), number)]
                # The widget has room of 12 % around the digits.
                return (frame.width, frame.height, box.height / 1.12)

            wait("a third", lambda: sizes()[2] >= (sizes()[1] - 10) / 3 - 2)
            assert sizes()[0] <= width, f"the window is {sizes()[0]} wide, not {width}"


def the_demo_is_counted_as_on_the_command_line_and_kept():
    with App("--demo") as app:
        expected = app.cli_count(f"{app.data}/demo.mp4")
        assert expected > 0
        seen = []

        def told(line):
            text = app.text(line)
            count = app.count()
            if count is not None and (not seen or seen[-1] != count):
                seen.append(count)
            return text

        # What is said of the last one goes with the end of the clip, soon after.
        wait("the last repetition", lambda: told(rf"^(Repetition {expected}|Done): "), 90)
        text = wait("the end of the clip", lambda: told("^Done: "), 90)
        assert text.startswith(f"Done: {expected} repetitions"), text
        assert seen and seen == sorted(seen) and seen[-1] <= expected, seen
        assert app.text(f"^1 set × {expected}$"), "the summary"
        bars = app.find("image", "Depth of each repetition").get_description()
        assert bars.count("°") == expected, bars

        # In the list, newest first, and in the table, one row a repetition.
        app.page("History")
        wait("the session", lambda: app.text(f"{expected} repetitions.*deepest"))
        counted = wait("the table", lambda: [
            cell for cell in table_rows(app) if cell.get_name() == "Counted"])
        assert len(counted) == expected, len(counted)
        stored = app.rows("select count(*) from repetition where counted")[0][0]
        assert stored == expected, stored
        # A value that is missing says why.
        for cell in app.all("label", "–"):
            assert ": " in cell.get_description(), cell.get_description()

        path = f"{app.home}/out.csv"
        export(app, path)
        with open(path, newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        assert len(rows) == len(table_rows(app)), len(rows)
        samples = f"{app.home}/samples.csv"
        export(app, samples, samples=True)
        with open(samples, newline="", encoding="utf-8") as file:
            pictures = list(csv.DictReader(file))
        stored = app.rows("select count(*) from sample")[0][0]
        assert len(pictures) == stored > 10 * len(rows), (len(pictures), stored)
        assert "t_s" in pictures[0] and float(pictures[-1]["t_s"]) > 1, pictures[0]
        if shutil.which("sqlite3"):
            out = subprocess.run(
                ["sqlite3", ":memory:", "-cmd", ".mode csv", "-cmd", f".import {path} reps",
                 "select count(*) from reps"],
                check=True, text=True, stdout=subprocess.PIPE).stdout
            assert int(out) == len(rows), out

        # Deleted, taken back, deleted for good.
        app.click("Delete this session")
        wait("an empty history", lambda: not table_rows(app))
        app.click(re.compile("^Undo"))
        wait("the session back", lambda: len(table_rows(app)) == len(rows))
        app.click("Delete this session")
        wait("an empty history", lambda: not table_rows(app))
        app.quit()
        assert app.rows("select count(*) from session")[0][0] == 0
        with sqlite3.connect(app.database) as db:
            assert db.execute("pragma integrity_check").fetchone() == ("ok",)


def the_space_key_stops_and_what_was_counted_is_kept():
    with App("--demo") as app:
        wait("the second repetition", lambda: (app.count() or 0) >= 2, 60)
        press_keys("space")
        # Long before the clip ends by itself.
        count = int(app.wait_for_end(6).split()[1])
        assert count >= 2
        wait("the Start button", lambda: app.has("push button", "Start"))
        wait("the session on the disk",
             lambda: app.rows("select count(*) from repetition where counted")[0][0] >= count)
        app.click("See It in History")
        wait("the session", lambda: app.text("repetitions.*deepest"))


driver.main(
    the_demo_is_counted_as_on_the_command_line_and_kept,
    the_space_key_stops_and_what_was_counted_is_kept,
    the_count_is_a_third_of_the_window_in_every_shape,
)
