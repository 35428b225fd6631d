"""Every window by keyboard alone: each control has a name, and Tab and Shift+Tab come to all that are shown
and round; the main menu does what it says; Escape leaves. The train page without a camera, the pages before
the first session, guide, preferences, shortcuts, about.

Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0
"""

import os
import re

import driver
import keyboard
from driver import App, Atspi, press_keys, wait
from keyboard import STATE, choose, go_to, has, left, menu_items, opened, press, says, works

MENU = ["Session", "Open a Video…", "Play the Demo", "Mirror the Camera", "Back Up…", "Preferences",
        "Keyboard Shortcuts", "Guide", "First Steps", "About Teardrop", "Quit"]


def without_a_camera(app):
    wait("no camera", lambda: app.text("^No Camera$"))
    return opened(app, "Teardrop")


def turn_to(app, page):
    """A page of the window in front, by its tab."""
    tab = go_to("page tab", page)
    press_keys("space")
    wait(f"the page {page}", lambda: has(tab, STATE.SELECTED))


def the_train_page_without_a_camera():
    with App() as app:
        names = works(without_a_camera(app), "train without a camera")
        for name in ("Train", "History", "Trends", "Main menu", "Look Again", "Camera or video", "Open a Video…",
                     "Demo", "Repetitions to do in a set", "Sets to do in a session", "Load", "Cyclist", "Narrow"):
            assert name in names, (name, names)


def the_other_pages_before_the_first_session():
    with App() as app:
        window = without_a_camera(app)
        for keys, page in (("alt+2", "History"), ("alt+3", "Trends")):
            press_keys(keys)
            wait(page, lambda: any(has(tab, STATE.SELECTED) for tab in app.all("page tab", page)))
            wait("its button", lambda: len([node for node in keyboard.nodes(window)
                                            if node.get_name() == "Train Now"]) == 1)
            names = works(window, f"{page} before the first session")
            assert "Train Now" in names, (page, names)
        go_to("push button", "Train Now")
        press_keys("Return")
        wait("the train page", lambda: any(has(tab, STATE.SELECTED) for tab in app.all("page tab", "Train")))


def every_page_of_the_guide():
    with App() as app:
        without_a_camera(app)
        press_keys("F1")
        window = opened(app, "Guide")
        for page in ("Squats", "Place", "Measures", "Questions"):
            turn_to(app, page)
            works(window, f"guide, {page}")
        left(app, "Escape", "Guide")


def every_page_of_the_preferences():
    # With a limit of one's own there is its reset, too.
    with App(settings={"limits": "{'cyclist/trunk': 40.0}"}) as app:
        without_a_camera(app)
        press_keys("ctrl+comma")
        window = opened(app, "Preferences")
        expected = {
            "Camera": ["Size of the Picture", "Mirror", "Network"],
            "Training": ["Repetitions in a Set", "Counting Begins", "Countdown", "Planned Rest", "Units"],
            "Limits": ["Knees not inward", "Chest high", "Reset “Chest high”", "Reset All"],
            "Sound": ["Count", "Cues", "Beeps", "Volume", "Play Test"],
            "General": ["Language", "Record the Picture"],
        }
        for page, controls in expected.items():
            turn_to(app, page)
            names = works(window, f"preferences, {page}")
            for name in controls:
                assert name in names, (page, name, names)
        # The search has its key and its button, and Escape leaves it before the window.
        press_keys("ctrl+f")
        entry = wait("the search", lambda: [node for node in app.all("entry", "Search")
                                            if has(node, STATE.FOCUSED)])[0]
        assert entry
        press_keys("Escape")
        wait("the end of the search", lambda: not has(entry, STATE.FOCUSED))
        assert app.has("frame", "Preferences")
        left(app, "Escape", "Preferences")


def the_shortcuts_and_the_about_window():
    with App() as app:
        without_a_camera(app)
        press_keys("ctrl+question")
        window = opened(app, "Keyboard shortcuts")
        works(window, "shortcuts")
        keys = {row.get_name(): row.get_description() for row in app.all("list item")}
        for name, key in (("Pause and go on", "P"), ("Open a video", "Ctrl+O"), ("Turn the skeleton", "Left, Right")):
            assert keys.get(name) == key, f"{name}: {keys.get(name)!r} is not {key!r}: {keys}"
        left(app, "Escape", "Keyboard shortcuts")
        choose(app, "About Teardrop")
        window = opened(app, "About")
        works(window, "about")
        for page in ("Details", "Legal"):
            go_to("list item", page)
            press_keys("Return")
            wait(page, lambda: page not in [node.get_name() for node in keyboard.nodes(window)
                                            if node.get_role_name() == "list item"])
            works(window, f"about, {page}")
            press_keys("alt+Left")
            wait("the first page", lambda: page in [node.get_name() for node in keyboard.nodes(window)
                                                    if node.get_role_name() == "list item"])
        # Its version copied: a toast with a button.
        go_to("push button", re.compile(r"^\d+\.\d+"))
        press_keys("Return")
        wait("the toast", lambda: app.text("^Copied"))
        bad = keyboard.nameless(keyboard.nodes(window))
        assert not bad, bad
        press_keys("Escape")
        wait("the end of the toast", lambda: not app.text("^Copied"))
        left(app, "Escape", "About")


def stored(app, key):
    with open(f"{app.home}/config/glib-2.0/settings/keyfile", encoding="utf-8") as file:
        return dict(line.strip().split("=", 1) for line in file if "=" in line).get(key)


def the_main_menu():
    with App() as app:
        without_a_camera(app)
        button = go_to("push button", "Main menu")
        passed = menu_items("F10")
        assert [node.get_name() for node in passed] == MENU, [says(node) for node in passed]
        missed = [says(node) for node in app.all("menu item") + app.all("check menu item")
                  if has(node, STATE.SENSITIVE) and keyboard.extents(node)[2] > 0 and node not in passed]
        assert not missed, f"the arrow keys do not come to {missed}"
        # The submenu is open to look at even where nothing in it can be done, and left again.
        press_keys("Right")
        wait("the submenu", lambda: keyboard.extents(app.find("menu item", "Pause or Go On"))[2] > 0)
        press_keys("Escape")
        wait("the end of the menu", lambda: not app.has("menu item", "Quit"))
        # GTK by itself would lose every key from here on.
        wait("the focus back on the menu's button", lambda: has(button, STATE.FOCUSED))

        for item, frame in (("Preferences", "Preferences"), ("Keyboard Shortcuts", "Keyboard shortcuts"),
                            ("Guide", "Guide"), ("First Steps", "First Steps"), ("About Teardrop", "About")):
            choose(app, item)
            opened(app, frame)
            left(app, "Escape", frame)
        for item, title in (("Open a Video…", "Open a Video"), ("Back Up…", "Back Up")):
            choose(app, item)
            wait(title, lambda: app.has(None, title))
            press_keys("Escape")
            wait(f"the end of {title}", lambda: not app.has(None, title))
        choose(app, "Mirror the Camera")
        wait("the mirror", lambda: stored(app, "mirror") == "false")
        choose(app, "Play the Demo")
        wait("counting", lambda: app.count() is not None)
        choose(app, "Start or End the Set")
        wait("the end", lambda: app.has("push button", "Start"))
        choose(app, "Quit")
        assert app.process.wait(driver.PATIENCE) == 0


driver.main(
    the_train_page_without_a_camera,
    the_other_pages_before_the_first_session,
    every_page_of_the_guide,
    every_page_of_the_preferences,
    the_shortcuts_and_the_about_window,
    the_main_menu,
)
