"""The history: sessions by month, search, corrections, loads, notes, delete with undo, the table on the
clipboard; by pointer and by keyboard.

Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0
"""

import atexit
import os
import re
import shutil
import subprocess
import tempfile

import driver
from driver import App, Atspi, activate, press_keys, wait

MAKE_HISTORY = os.environ.get("TD_MAKE_HISTORY") or os.path.abspath(
    os.path.join(os.path.dirname(driver.PROGRAM), "../../tests/bench/make-history"))
SESSIONS = 6


def new_home(sessions=SESSIONS):
    home = tempfile.mkdtemp(prefix="teardrop-ui-")
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    if sessions:
        os.makedirs(f"{home}/data/teardrop")
        subprocess.run([MAKE_HISTORY, f"{home}/data/teardrop/teardrop.db", str(sessions), "1"],
                       check=True, timeout=120)
    return home


def open_history(app):
    """Until the newest session is on the screen."""
    app.page("History")
    wait("its repetitions", lambda: app.all("push button", re.compile("^Set 1, repetition 1: ")))


def tiles(app):
    """The sessions of the list, as a screen reader reads them."""
    return [node.get_name() for node in app.all("list item", re.compile(r"^\d+ \w+ \d{4}, \d\d:\d\d, .* squat, "))]


def toast_button(app, name):
    """Toasts go after a while, so what takes long to look through is left out."""

    def look(node):
        if node is None or node.get_role_name() in ("tree table", "list"):
            return None
        # A toast names its button twice.
        if node.get_role_name() == "push button" and node.get_name().startswith(name):
            return node
        for i in reversed(range(node.get_child_count())):
            found = look(node.get_child_at_index(i))
            if found:
                return found
        return None

    return wait(name, lambda: look(app.root))


def show(app, part):
    """Charts, or sets and note."""
    tab = app.find(None, part)
    assert activate(tab), part


def read(node):
    """An entry gives nothing for "to its end"."""
    return Atspi.Text.get_text(node, 0, Atspi.Text.get_character_count(node))


def write(node, text):
    assert Atspi.EditableText.set_text_contents(node, text)


def newest(app):
    return app.rows("select max(id) from session")[0][0]


def sessions_stand_by_month_and_are_searched():
    with App(home=new_home()) as app:
        open_history(app)
        assert len(tiles(app)) == SESSIONS, tiles(app)
        starts = [row[0][:7] for row in app.rows("select started_at from session")]
        months = [node.get_name() for node in app.all("label", re.compile(r"^[A-Z][a-z]+ \d{4}$"))]
        assert len(months) == len(set(starts)) == len(set(months)), (months, starts)

        cyclists = app.rows("select count(*) from session where exercise = 'cyclist'")[0][0]
        assert 0 < cyclists < SESSIONS
        search = app.find(None, "Search sessions")
        write(search, "CYCL")
        wait("those found", lambda: app.text(f"^{cyclists} of {SESSIONS} sessions$"))
        assert len(tiles(app)) == cyclists
        write(search, "no such words")
        wait("that there is none", lambda: app.text("^No Session Found$"))
        app.click("Show All")
        wait("all of them", lambda: len(tiles(app)) == SESSIONS)


def a_correction_changes_the_row_the_header_and_the_list():
    with App(home=new_home()) as app:
        open_history(app)
        session = newest(app)
        before = [name for name in tiles(app)][0]
        count = int(re.search(r"(\d+) reps", before).group(1))
        app.click(re.compile("^Set 1, repetition 1: That Was Not One$"))
        wait("the row", lambda: app.text("^Not counted: taken out by you$"))
        wait("the list", lambda: f"{count - 1} reps" in tiles(app)[0])
        assert app.rows("select count(*) from repetition join exercise_set s on s.id = set_id"
                        f" where session_id = {session} and verdict is not null") == [(1,)]
        app.click(re.compile("^Set 1, attempt: Back to What Was Measured$"))
        wait("as before", lambda: tiles(app)[0] == before)
        assert not app.text("^Not counted: taken out by you$")


def an_attempt_is_counted_when_the_user_says_so():
    with App(home=new_home()) as app:
        app.page("History")
        # The newest session with an attempt.
        attempts = app.rows("select s.session_id, started_at from repetition r"
                            " join exercise_set s on s.id = r.set_id join session on session.id = s.session_id"
                            " where counted = 0 order by 1 desc limit 1")
        assert attempts, "the made-up sessions have none"
        search = app.find(None, "Search sessions")
        write(search, attempts[0][1][:10])
        wait("the attempt", lambda: app.all("push button", re.compile("attempt: It Was One$")))
        app.click(re.compile("attempt: It Was One$"))
        wait("that it counts", lambda: app.text("^Counted by you$"))


def a_note_and_a_load_are_saved_by_themselves():
    home = new_home()
    with App(home=home) as app:
        open_history(app)
        session = newest(app)
        show(app, "Sets and Note")
        write(app.find("text", "Note"), "Slow and steady")
        wait("the note", lambda: app.rows(f"select note from session where id = {session}")
             == [("Slow and steady",)])
        spin = app.find("spin button", "Load of set 1 in kilograms")
        assert Atspi.Value.set_current_value(spin, 42.5)
        wait("the load", lambda: app.rows(
            f"select load_kg from exercise_set where session_id = {session} order by number limit 1")
            == [(42.5,)])
        wait("the list", lambda: "42.5 kg" in tiles(app)[0])
        # Not yet written when the window closes.
        write(app.find("text", "Note"), "The last word")
        app.quit()
        assert app.rows(f"select note from session where id = {session}") == [("The last word",)]
    with App(home=home) as app:
        open_history(app)
        show(app, "Sets and Note")
        note = app.find("text", "Note")
        assert read(note) == "The last word"
        write(app.find(None, "Search sessions"), "last word")
        wait("found by its note", lambda: len(tiles(app)) == 1)


def a_session_is_deleted_by_its_key_and_comes_back():
    with App(home=new_home()) as app:
        open_history(app)
        names = tiles(app)
        press_keys("ctrl+f", "Return")
        driver.time.sleep(0.3)
        press_keys("Delete")
        assert activate(toast_button(app, "Undo"))
        wait("that it is back", lambda: tiles(app) == names)
        assert len(app.rows("select id from session")) == SESSIONS
        press_keys("ctrl+f", "Return")
        driver.time.sleep(0.3)
        press_keys("Down", "Delete")
        wait("the second one is gone", lambda: tiles(app) == names[:1] + names[2:])
        app.quit()
        assert len(app.rows("select id from session")) == SESSIONS - 1


FOCUSED = []
LISTENER = Atspi.EventListener.new(lambda event: event.detail1 and FOCUSED.append(event.source.get_name()))


def tab_to(pattern):
    """By the keyboard alone, from the search on."""
    LISTENER.register("object:state-changed:focused")
    press_keys("ctrl+f")
    try:
        for _ in range(25):
            FOCUSED.clear()
            press_keys("Tab")
            wait("the next place", lambda: FOCUSED)
            if re.search(pattern, FOCUSED[-1]):
                return
        raise AssertionError(f"Tab never comes to {pattern}")
    finally:
        LISTENER.deregister("object:state-changed:focused")


def the_table_is_copied_and_its_row_corrected_by_the_keyboard():
    with App(home=new_home()) as app:
        open_history(app)
        tab_to("^Set 1, (repetition 1|attempt): ")
        press_keys("ctrl+c", "ctrl+f", "ctrl+v")
        search = app.find(None, "Search sessions")
        text = wait("the table", lambda: read(search))
        press_keys("Escape")
        lines = text.splitlines()
        titles = lines[0].split("\t")
        assert titles[:4] == ["Set", "Rep", "Result", "Depth °"], titles
        assert lines[1].split("\t")[:3] == ["1", "1", "Counted"], lines[1]
        assert all(len(line.split("\t")) == len(titles) for line in lines[1:5])

        tab_to("^Set 1, (repetition 1|attempt): ")
        press_keys("Down", "Menu")
        item = app.find("menu item", re.compile("That Was Not One|It Was One"))
        assert item
        press_keys("Return")
        wait("the row", lambda: app.text("by you$"))


def an_empty_history_and_every_control_say_what_they_are():
    with App(home=new_home(0)) as app:
        app.page("History")
        wait("that there is none", lambda: app.text("^No Session Yet$"))
        app.find("push button", "Train Now")
    with App(home=new_home(2)) as app:
        open_history(app)
        for part in ("Sets and Note", "Charts"):
            show(app, part)
            driver.time.sleep(0.3)
            for role in ("push button", "toggle button", "combo box", "text", "entry", "spin button", "image",
                         "list", "table"):
                names = [node.get_name() for node in app.all(role)]
                # An unnamed GTK widget carries its type as its name; an image inside of a named
                # control is decoration.
                bad = [name for name in names if not name or re.match("^(Gtk|Td|Adw)[A-Z]", name)]
                assert not [name for name in bad if name != "GtkImage"], (role, bad)


driver.main(
    sessions_stand_by_month_and_are_searched,
    a_correction_changes_the_row_the_header_and_the_list,
    an_attempt_is_counted_when_the_user_says_so,
    a_note_and_a_load_are_saved_by_themselves,
    a_session_is_deleted_by_its_key_and_comes_back,
    the_table_is_copied_and_its_row_corrected_by_the_keyboard,
    an_empty_history_and_every_control_say_what_they_are,
)
