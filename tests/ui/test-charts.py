"""The charts of a session: what they say, their keys, and files of each kind.

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


def home_with_a_session():
    """The demo clip, counted and saved by the command line."""
    home = tempfile.mkdtemp(prefix="teardrop-ui-")
    data = f"{home}/shipped"
    os.makedirs(data)
    os.symlink(f"{driver.ROOT}/models", f"{data}/models")
    os.symlink(f"{driver.ROOT}/ui/data/demo.mp4", f"{data}/demo.mp4")
    subprocess.run([driver.CLI, "analyze", "--save", f"{data}/demo.mp4"], check=True, timeout=120,
                   stdout=subprocess.DEVNULL,
                   env=dict(os.environ, TEARDROP_DATA_DIR=data, XDG_DATA_HOME=f"{home}/data"))
    return home


HOME = home_with_a_session()
atexit.register(shutil.rmtree, HOME, ignore_errors=True)


def chart(app):
    return app.find("image", re.compile("over time|per repetition|Hip against knee"))


def open_history(app):
    app.page("History")
    return wait("the chart", lambda: [
        node for node in app.all("image", "Knee flexion over time")
        if "repetitions" in node.get_description()])[0]


def focus(app):
    """By the keyboard alone: Tab until the chart has it."""
    for _ in range(40):
        if chart(app).get_state_set().contains(Atspi.StateType.FOCUSED):
            return
        press_keys("Tab")
        driver.time.sleep(0.1)
        driver.pump()
    raise AssertionError("Tab never comes to the chart")


def menu(app, label):
    """An item of the menu button beside the charts."""
    # GtkMenuButton is a button around a button; the inner one opens.
    inner = [node for node in app.all("push button", "Export and Report") if Atspi.Action.get_n_actions(node)]
    assert activate(inner[0])
    item = app.find("menu item", label)
    assert activate(item), label


def save_as(app, path):
    entry = app.find("text", "Name:")
    assert Atspi.EditableText.set_text_contents(entry, path)
    app.click(re.compile("^(_Save )?Save$"))


def a_chart_says_what_it_shows_and_the_keyboard_reads_it():
    with App(home=HOME) as app:
        description = open_history(app).get_description()
        assert re.match(r"Knee flexion over \d+ seconds, \d+ repetitions, deepest \d+° at repetition "
                        r"\d+\.", description), description
        assert app.text(r"^(Depth|Deepest) ")
        # An unnamed GTK widget carries its type as its name.
        for role in ("push button", "combo box", "image"):
            names = [node.get_name() for node in app.all(role)]
            assert not [name for name in names if re.match("^(Gtk|Td)[A-Z]", name)
                        and name != "GtkImage"], names
        focus(app)
        press_keys("ctrl+Right")
        wait("the first repetition's depth", lambda: re.match(
            r"\d+\.\d s, repetition 1: \d+°$", chart(app).get_description()))
        press_keys("ctrl+Right")
        wait("the second one's", lambda: "repetition 2: " in chart(app).get_description())
        press_keys("Home")
        wait("the beginning", lambda: chart(app).get_description().startswith("0.0 s"))
        press_keys("Escape")
        wait("all of it again", lambda: chart(app).get_description() == description)


def each_kind_of_file_is_written():
    begins = {"png": b"\x89PNG\r\n\x1a\n", "svg": b"<?xml", "pdf": b"%PDF-"}
    with App(home=HOME) as app:
        open_history(app)
        for end, begin in begins.items():
            path = f"{app.home}/chart.{end}"
            menu(app, "Export Chart…")
            save_as(app, path)
            wait(path, lambda path=path: os.path.exists(path))
            wait("the toast", lambda: app.text("^Saved$"))
            with open(path, "rb") as file:
                assert file.read(len(begin)) == begin, path
        path = f"{app.home}/report.pdf"
        menu(app, "Report for a Physiotherapist…")
        save_as(app, path)
        wait(path, lambda: os.path.exists(path))
        with open(path, "rb") as file:
            assert file.read(5) == b"%PDF-"


def a_name_that_says_no_format_is_refused_in_words():
    with App(home=HOME) as app:
        open_history(app)
        path = f"{app.home}/chart.bmp"
        menu(app, "Export Chart…")
        save_as(app, path)
        wait("why", lambda: app.text(r"^Not saved: .*\.png, \.svg or \.pdf"))
        assert not os.path.exists(path)


driver.main(
    a_chart_says_what_it_shows_and_the_keyboard_reads_it,
    each_kind_of_file_is_written,
    a_name_that_says_no_format_is_refused_in_words,
)
