"""The history by keyboard alone: the list with search, filters and menu, the four parts of a session, the table
with sorting and correcting, deleting and bringing back. Every control has a name and is come to, and every menu
gives the focus back.

Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0
"""

import atexit
import re
import shutil
import sys

import driver
import months
from driver import App, Atspi, press_keys, wait
from keyboard import (STATE, choose, choose_next, extents, go_to, has, menu_works, nodes, press, says, to_come_to,
                      works)

HOME = months.home_with_months()
atexit.register(shutil.rmtree, HOME, ignore_errors=True)

ROW = re.compile(" squat, ")
BUTTON = re.compile("^Set 1, repetition 1: ")
ALWAYS = ["Train", "History", "Trends", "Main menu", "Search sessions", "Which sessions to show", "Export CSV…",
          "Delete this session", "Charts", "Replay", "Compare", "Sets and Note"]
TABLE = ["Sets in the table", "Copy the table"]
PARTS = {
    "Charts": ["Chart", "Knees", "Export and Report", "Knee flexion over time", *TABLE],
    "Replay": ["Body from any side: the arrow keys turn it", "Time", "Repetition before", "One frame back", "Play",
               "One frame on", "Next repetition", "Speed", "Front", "Side", "As Filmed", *TABLE],
    "Compare": ["First session", "Repetition of the first session", "Swap first and second", "Second session",
                "Repetition of the second session", "Repetitions", "Sessions", "Measure", "Same length",
                "Export the chart", "Two repetitions over each other"],
    "Sets and Note": ["Load of set 1 in kilograms", "Load of set 3 in kilograms", "Note", *TABLE],
}


def open_history(app):
    wait("no camera", lambda: app.text("^No Camera$"))
    press_keys("alt+2")
    wait("its sessions", lambda: app.all("list item", ROW))
    wait("its repetitions", lambda: app.all("push button", BUTTON))
    return app.find("frame", "Teardrop")


def day(app):
    """Of the session that is shown."""
    return app.text(r"^\d+ [A-Z][a-z]+ 20\d\d, \d+:\d\d$")


def rest(window):
    """The page has come to rest."""
    last = None
    while (now := to_come_to(nodes(window), window)) != last:
        last = now
        driver.time.sleep(0.2)


def turn_to(window, part):
    tab = go_to("page tab", part)
    press_keys("space")
    wait(f"the part {part}", lambda: has(tab, STATE.SELECTED))
    rest(window)


def none_found(window):
    return any(node.get_name() == "No Session Found" for node in nodes(window))


def focus_is(node, what):
    wait(f"the focus on {says(node)} after {what}", lambda: has(node, STATE.FOCUSED))


def the_four_parts_of_a_session():
    with App(home=HOME) as app:
        window = open_history(app)
        for part, controls in PARTS.items():
            turn_to(window, part)
            names = works(window, f"history, {part}")
            for name in ALWAYS + controls:
                assert name in names, (part, name, names)
            assert any(ROW.search(name) for name in names), (part, names)
            if part == "Compare":
                go_to("push button", "Sessions")
                press_keys("space")
                rest(window)
                works(window, "history, Compare, sessions")
            if part == "Replay":
                play = go_to("push button", "Play")
                press_keys("space")
                wait("playing", lambda: play.get_name() == "Pause")
                press_keys("space")
                wait("the end of playing", lambda: play.get_name() == "Play")
                time = go_to("slider", "Time", "shift+Tab")
                before = Atspi.Value.get_current_value(time)
                press_keys("Right")
                wait("a later picture", lambda: Atspi.Value.get_current_value(time) > before)
        # The note is left by Tab, and what is written is kept.
        turn_to(window, "Sets and Note")
        note = go_to("text", "Note")
        press_keys("H", "i")
        press("Tab")
        wait("the note", lambda: "Hi" in app.rows(
            "select note from session order by started_at desc limit 1")[0][0])
        assert not has(note, STATE.FOCUSED)
        load = go_to("spin button", "Load of set 1 in kilograms")
        before = Atspi.Value.get_current_value(load)
        press_keys("Up")
        wait("the load", lambda: Atspi.Value.get_current_value(load) > before)
        press_keys("Down")
        wait("the load", lambda: Atspi.Value.get_current_value(load) == before)


def search_filters_and_the_rows():
    with App(home=HOME) as app:
        window = open_history(app)
        newest = day(app)
        row = go_to("list item", ROW)
        below = press("Down")
        wait("the next session", lambda: day(app) != newest)
        menu_works(app, "Menu", ["Export CSV…", "Delete"])
        focus_is(below, "its menu")
        assert press("Up") == row
        wait("the newest session", lambda: day(app) == newest)
        # Enter goes on to the session, and the search has its key.
        assert press("Return").get_name() == "Export CSV…"
        search = press("ctrl+f")
        assert search.get_name() == "Search sessions", says(search)
        press_keys("n", "a", "r", "r", "o", "w")
        wait("those found", lambda: app.text(r"^\d+ of \d+ sessions$"))
        names = works(window, "history, found")
        assert "Show All" in names, names
        press_keys("ctrl+f", "ctrl+a", "x", "x", "x")
        wait("that there is none", lambda: none_found(window))
        rest(window)
        works(window, "history, none found")
        go_to("push button", "Show All")
        press_keys("Return")
        wait("all of them", lambda: not none_found(window))
        # Escape in the search does, too.
        press_keys("ctrl+f", "ctrl+a", "x", "x", "x")
        wait("that there is none", lambda: none_found(window))
        press_keys("Escape")
        wait("all of them", lambda: not none_found(window))

        button = go_to("push button", "Which sessions to show")
        menu_works(app, "space", ["All Exercises", "Cyclist squat", "Narrow-stance squat", "With a Load",
                                  "With a Note"])
        focus_is(button, "its menu")
        choose(app, "With a Note", "space")
        wait("those with a note", lambda: app.text(r"^\d+ of \d+ sessions$"))


def the_menus_of_a_session():
    with App(home=HOME) as app:
        open_history(app)
        button = go_to("push button", "Export and Report")
        menu_works(app, "space", ["Export CSV…", "Export Chart…", "Report for a Physiotherapist…"])
        focus_is(button, "its menu")
        for item in ("Export CSV…", "Export Chart…", "Report for a Physiotherapist…"):
            choose(app, item, "space")
            wait(f"the name of the file for {item}", lambda: app.has("text", "Name:"))
            press_keys("Escape")
            wait("the end of the dialog", lambda: not app.has("text", "Name:"))
            focus_is(button, f"the dialog of {item}")
        chart = go_to("image", "Knee flexion over time")
        menu_works(app, "Menu", ["Copy Chart and Values"])
        # Its keys are its own again.
        whole = chart.get_description()
        press_keys("Home")
        wait("the chart's cursor after its menu", lambda: chart.get_description() != whole)
        choose(app, "Copy Chart and Values", "Menu")
        wait("that it is copied", lambda: app.text("(?i)copied"))
        works(app.find("frame", "Teardrop"), "history with a toast")
        # Those of the window that are for a session.
        choose(app, "Export…")
        wait("the name of the file", lambda: app.has("text", "Name:"))
        press_keys("Escape")
        wait("the end of the dialog", lambda: not app.has("text", "Name:"))


def drop_downs_say_what_can_be_chosen():
    with App(home=HOME) as app:
        window = open_history(app)
        for name in ("Chart", "Knees", "Sets in the table"):
            button = go_to("push button", name)
            first, second = choose_next(button)
            assert first and second and first != second, f"{name}: {first!r}, {second!r}"
            focus_is(button, f"choosing from {name}")
        rest(window)
        works(window, "history, another chart")


def depths(app):
    return [int(match.group(1)) for node in app.all("table row", re.compile("^Set "))
            if (match := re.search(r"(\d+)°$", node.get_name()))]


def the_table_is_sorted_scrolled_and_corrected():
    with App(home=HOME) as app:
        open_history(app)
        button = go_to("push button", BUTTON)
        before = depths(app)
        assert before != sorted(before), before
        # Its columns that do not fit.
        cell = app.find("table row", re.compile("^Set 1, repetition 1: ")).get_child_at_index(12)
        left = extents(cell)[0]
        press_keys("Right", "Right")
        wait("the table is scrolled", lambda: extents(cell)[0] < left)
        press_keys("Left", "Left")
        wait("the table is scrolled back", lambda: extents(cell)[0] == left)

        menu_works(app, "Menu", ["That Was Not One", "Copy the Table", "Sort By"])
        focus_is(button, "its menu")
        # Left from within the submenu, too.
        choose(app, "Sort By", "Menu")
        wait("the submenu", lambda: app.has("menu item", "Depth °"))
        driver.time.sleep(0.5)
        press_keys("Escape")
        wait("the end of the menu", lambda: not app.has("menu item", "Sort By"))
        focus_is(button, "its submenu")
        for order in (sorted(before), sorted(before, reverse=True)):
            choose(app, "Sort By", "Menu")
            item = wait("the submenu", lambda: [node for node in app.all("menu item", "Depth °")
                                                if has(node, STATE.SENSITIVE)])[0]
            # It slides in, and takes no key meanwhile.
            driver.time.sleep(0.5)
            while not has(item, STATE.FOCUSED):
                press("Down", "the submenu")
            press_keys("Return")
            wait("the order", lambda: depths(app) == order)
            wait("the focus in the table", lambda: any(
                has(node, STATE.FOCUSED) for node in app.all("push button", re.compile("^Set "))))

        # Corrected by the button of the row, and by its menu, and back.
        go_to("list item", ROW)
        row = go_to("push button", re.compile("^Set 1, repetition"))
        what = row.get_name()
        press_keys("Return")
        wait("the row", lambda: app.text("^Not counted: taken out by you$"))
        wait("its button", lambda: row.get_name() != what)
        choose(app, "Back to What Was Measured", "Menu")
        wait("as before", lambda: not app.text("^Not counted: taken out by you$"))
        press_keys("ctrl+c", "ctrl+f", "ctrl+v")
        search = app.find(None, "Search sessions")
        wait("the table copied", lambda: Atspi.Text.get_character_count(search) > 100)


def a_session_is_deleted_and_comes_back():
    with App(home=HOME) as app:
        window = open_history(app)
        newest = day(app)
        go_to("list item", ROW)
        for back in ("the toast's button", "ctrl+z"):
            press_keys("Delete")
            wait("another session", lambda: day(app) != newest)
            wait("the toast", lambda: app.text("^Session deleted$"))
            if back == "ctrl+z":
                press_keys("ctrl+z")
            else:
                go_to("push button", "Undo")
                press_keys("Return")
            wait(f"the session back by {back}", lambda: day(app) == newest)
            row = wait(f"the focus in the list after {back}", lambda: [
                node for node in app.all("list item", ROW) if has(node, STATE.FOCUSED)])[0]
            assert has(row, STATE.SELECTED), says(row)
            wait("the end of the toast", lambda: not app.text("^Session deleted$"))
        choose(app, "Delete the Session")
        wait("another session", lambda: day(app) != newest)
        names = works(window, "history with a deleted session")
        assert "Undo" in names, names
        press_keys("ctrl+z")
        wait("the session back", lambda: day(app) == newest)


tests = {
    "session": [the_four_parts_of_a_session, the_menus_of_a_session],
    "list": [search_filters_and_the_rows, a_session_is_deleted_and_comes_back],
    "table": [drop_downs_say_what_can_be_chosen, the_table_is_sorted_scrolled_and_corrected],
}
driver.main(*tests[sys.argv[1]])
