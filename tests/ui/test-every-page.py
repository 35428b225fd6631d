"""Every page and window: each control has a name of its own, and the keyboard alone comes to all of them
and away again; Escape leaves windows.

Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0
"""

import re
import time

import driver
from driver import App, Atspi, press_keys, wait

# What a user can press, choose or write in.
CONTROLS = {
    "push button", "toggle button", "check box", "radio button", "combo box", "entry", "text", "spin button",
    "slider", "switch", "menu item", "page tab", "table column header", "column header", "link", "scroll bar",
    "image",
}
STATE = Atspi.StateType


def nodes(root, showing=True):
    """Everything below ROOT that is on the screen: what is hidden is left out with all it has."""
    found = []

    def visit(node):
        if node is None:
            return
        states = node.get_state_set()
        if showing and not states.contains(STATE.VISIBLE):
            return
        found.append(node)
        for i in range(node.get_child_count()):
            visit(node.get_child_at_index(i))

    driver.pump()
    visit(root)
    return found


def nameless(root):
    """An unnamed GTK widget carries its type as its name: that is none. An image inside of a named control is
    decoration."""
    found = []
    for node in nodes(root):
        name, role = node.get_name(), node.get_role_name()
        if role not in CONTROLS or (role == "image" and name == "GtkImage"):
            continue
        if role == "scroll bar" and not node.get_state_set().contains(STATE.FOCUSABLE):
            continue
        if not name or re.match(r"^(Gtk|Adw|Td)[A-Z]", name):
            found.append(f"{role} {name!r} in {parents(node)}")
    return found


def parents(node):
    names = []
    while node is not None and len(names) < 4:
        node = node.get_parent()
        if node is not None:
            names.append(f"{node.get_role_name()} {node.get_name()[:30]!r}")
    return " < ".join(names)


FOCUSED = []
LISTENER = Atspi.EventListener.new(lambda event: event.detail1 and FOCUSED.append(event.source))


def walk(most=150):
    """What Tab comes to until it comes round, in its order."""
    LISTENER.register("object:state-changed:focused")
    passed = []
    try:
        for _ in range(most):
            FOCUSED.clear()
            # After the last one GTK rests at the window for one Tab before it begins again.
            for _ in range(2):
                press_keys("Tab")
                end = time.monotonic() + 0.7
                while not FOCUSED and time.monotonic() < end:
                    driver.pump()
                    time.sleep(0.01)
                if FOCUSED:
                    break
            else:
                raise AssertionError(f"Tab goes nowhere after {passed[-1].get_name() if passed else 'the start'!r}")
            time.sleep(0.01)
            driver.pump()
            node = FOCUSED[-1]
            if passed and node == passed[0]:
                return passed
            passed.append(node)
    finally:
        LISTENER.deregister("object:state-changed:focused")
    raise AssertionError("Tab does not come round: " + ", ".join(
        f"{node.get_role_name()} {node.get_name()!r}" for node in passed[-8:]))


def works(root, what):
    """Each control has a name, and Tab comes round and on its way to every one that has no other key."""
    bad = nameless(root)
    assert not bad, (what, bad)
    passed = walk()
    names = {node.get_name() for node in passed}
    assert len(passed) > 1, (what, names)
    return names


def the_train_page_without_a_camera():
    with App() as app:
        wait("no camera", lambda: app.text("^No Camera$"))
        names = works(app.find("frame", "Teardrop"), "train")
        for name in ("Train", "History", "Trends", "Main menu", "Look Again", "Camera or video", "Open a Video…",
                     "Demo", "Repetitions to do in a set", "Sets to do in a session", "Load", "Cyclist", "Narrow"):
            assert name in names, (name, names)


def the_other_pages_before_the_first_session():
    with App() as app:
        wait("no camera", lambda: app.text("^No Camera$"))
        for keys, page in (("alt+2", "History"), ("alt+3", "Trends")):
            press_keys(keys)
            wait(page, lambda: any(tab.get_state_set().contains(STATE.SELECTED)
                                   for tab in app.all("page tab", page)))
            time.sleep(0.3)
            names = works(app.find("frame", "Teardrop"), page)
            for name in ("Train", "History", "Trends", "Main menu", "Train Now"):
                assert name in names, (page, name, names)


def windows_are_left_with_escape():
    with App() as app:
        wait("no camera", lambda: app.text("^No Camera$"))
        for keys, frame in (("F1", "Guide"), ("ctrl+comma", "Preferences")):
            press_keys(keys)
            root = app.find("frame", frame)
            time.sleep(0.5)
            works(root, frame)
            press_keys("Escape")
            wait(f"the end of {frame}", lambda: not app.has("frame", frame))


driver.main(
    the_train_page_without_a_camera,
    the_other_pages_before_the_first_session,
    windows_are_left_with_escape,
)
