"""What a user of the keyboard alone comes to, and whether each control has a name.

Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0
"""

import re
import time

import driver
from driver import Atspi, GLib, press_keys, wait

# What a user can press, choose or write in.
CONTROLS = {
    "push button", "toggle button", "check box", "radio button", "combo box", "entry", "text", "password text",
    "spin button", "slider", "switch", "menu item", "check menu item", "radio menu item", "page tab",
    "table column header", "column header", "link", "scroll bar", "image", "list item", "table row",
    "tree table", "progress bar", "level bar", "status bar", "frame", "dialog",
}
# The arrow keys go on within: Tab comes to one of theirs and leaves.
ONE_STOP = {"list", "tree table", "table", "page tab list", "menu"}
# GTK's own, which its own keys reach: what is in the view scrolls as the focus goes through it, and F8
# takes a divider.
NO_STOP = {"scroll pane", "filler", "panel", "table row"}
# Nothing in them is a control; the popover of a menu's button is not in what takes the focus.
WHOLE = {"push button", "page tab", "check box", "combo box", "spin button", "entry", "slider"}
DRAWN = {"label", "image", "scroll bar"}
LONG, FEW = 15, 4
STATE = Atspi.StateType


ROLES = {}


def role_of(node):
    """Asked for once: it never changes."""
    if node.path not in ROLES:
        ROLES[node.path] = node.get_role_name()
    return ROLES[node.path]


def has(node, state):
    return node.get_state_set().contains(state)


def says(node):
    return f"{role_of(node)} {node.get_name()[:50]!r}"


def children(node):
    """Of a long list the first ones: its rows are alike. What is drawn in a control is no other one."""
    if role_of(node) in WHOLE and has(node, STATE.FOCUSABLE) or role_of(node) in DRAWN:
        return []
    n = node.get_child_count()
    found = [node.get_child_at_index(i) for i in range(n if n <= LONG else FEW)]
    return [child for child in found if child is not None]


def shown_children(node, window):
    """Its children, but of a stack only the page that is shown: GTK 4.8 tells which one that is only to the
    pointer."""
    found = children(node)
    boxes = {}
    for child in found:
        if role_of(child) in ("panel", "filler", "page tab list"):
            box = extents(child)
            # A page of a GtkStack is no widget itself.
            boxes[child] = (box, False) if box else (next(map(extents, children(child)), None), True)
    taken = [box for box, is_page in boxes.values()]

    def is_hidden(child):
        box, is_page = boxes.get(child, ((0, 0, 1, 1), False))
        if not box or box[2:] == (0, 0):
            return True
        return (is_page or taken.count(box) > 1) and not is_at(child, window, box)

    return [child for child in found if not is_hidden(child)]


def nodes(window):
    """Everything of WINDOW but what is hidden, with all it has."""
    found = []

    def visit(node):
        try:
            found.append(node)
            for child in shown_children(node, window):
                visit(child)
        except GLib.Error:  # it went while it was looked at
            return

    driver.pump()
    visit(window)
    return found


def ancestors(node):
    found = []
    node = node.get_parent()
    while node is not None and role_of(node) != "application":
        found.append(node)
        node = node.get_parent()
    return found


def where(node):
    return " < ".join(f"{role_of(above)} {above.get_name()[:30]!r}" for above in ancestors(node)[:4])


def nameless(tree):
    """An unnamed GTK widget carries its type as its name: that is none. An image inside of a named control is
    decoration; a scroll bar without the focus, or the line of a table's titles, is none to come to."""
    found = []
    for node in tree:
        name, role = node.get_name(), role_of(node)
        if role not in CONTROLS or (role == "image" and name == "GtkImage"):
            continue
        if role == "scroll bar" and not has(node, STATE.FOCUSABLE):
            continue
        if role == "table row" and role_of(node.get_parent()) == "tree table":
            continue
        # It has nothing to say, and went while it was looked at.
        if role == "status bar" and not name:
            continue
        if not name.strip() or re.match(r"^(Gtk|Adw|Td)[A-Z]", name):
            found.append(f"{role} {name!r} in {where(node)}")
    return found


# --- Keys -----------------------------------------------------------------------------------------

EVENTS = []
LISTENER = Atspi.EventListener.new(lambda event: EVENTS.append((event.detail1, event.source)))
LISTENER.register("object:state-changed:focused")


def press(key, after="the start"):
    """What has the focus after KEY, which moves it, or None where GTK rests at the window before it begins
    again."""
    driver.pump()
    EVENTS.clear()
    press_keys(key)
    try:
        wait("the focus", lambda: EVENTS)
    except AssertionError:
        raise AssertionError(f"{key} goes nowhere after {after}") from None
    # The event that one has lost the focus comes first. An answer comes after all that was to be told before.
    end = time.monotonic() + 0.3
    while True:
        EVENTS[-1][1].get_child_count()
        driver.pump()
        gained = [source for gains, source in EVENTS if gains]
        if gained or time.monotonic() > end:
            return gained[-1] if gained else None


def walk(key="Tab", most=150):
    """What KEY comes to until it comes round, in its order."""
    passed = []
    rests = 0
    while len(passed) < most and rests < 3:
        node = press(key, says(passed[-1]) if passed else "the start")
        if node is None:
            rests += 1
            continue
        if passed and node == passed[0]:
            return passed
        if node in passed:
            raise AssertionError(f"{key} is caught: it goes back to {says(node)} from {says(passed[-1])}")
        passed.append(node)
    raise AssertionError(f"{key} does not come round: " + ", ".join(says(node) for node in passed[-8:]))


def go_to(role, name, key="Tab", most=60):
    """Presses KEY until a control of that ROLE and NAME, a text or a pattern, has the focus, and returns it."""
    passed = []
    for _ in range(most):
        node = press(key, passed[-1] if passed else "the start")
        if node is None:
            continue
        if role_of(node) == role and (name.search(node.get_name()) if hasattr(name, "search")
                                      else node.get_name() == name):
            return node
        passed.append(says(node))
    raise AssertionError(f"{key} does not come to {role} {name}: " + ", ".join(passed[-10:]))


def in_view(node):
    """Waits until the page has scrolled to NODE, which has the focus: GTK on X11 cannot open a list that is
    still outside of the screen."""
    last = None
    while (now := extents(node)) != last:
        last = now
        time.sleep(0.3)
        driver.pump()


def choose_next(button):
    """Opens the drop-down list of BUTTON, which has the focus, by the space bar, takes what comes after the
    first choice, and returns both names."""
    in_view(button)
    EVENTS.clear()
    press_keys("space")
    first = wait(f"the choices of {button.get_name()}", lambda: [
        source for gains, source in EVENTS if gains and role_of(source) == "list item"])[-1]
    second = press("Down")
    press_keys("Return")
    wait(f"the focus back at {button.get_name()}", lambda: has(button, STATE.FOCUSED))
    return first.get_name(), second.get_name()


def open_menu(key):
    """The item that has the focus in the menu that KEY opens."""
    driver.pump()
    EVENTS.clear()
    press_keys(key)
    return wait(f"the menu of {key}", lambda: [
        source for gains, source in EVENTS if gains and role_of(source).endswith("menu item")])[-1]


def menu_items(key, most=40):
    """The items of the menu that KEY opens, as the arrow keys come to them."""
    first = open_menu(key)
    passed = [first]
    while len(passed) < most:
        node = press("Down", says(passed[-1]))
        if node == first:
            return passed
        passed.append(node)
    return passed


def choose(app, item, key="F10"):
    """ITEM of the menu that KEY opens, by the arrow keys and Enter."""
    node = first = open_menu(key)
    while node.get_name() != item:
        node = press("Down", says(node))
        if node in (None, first):
            raise AssertionError(f"the arrow keys do not come to {item!r} in the menu of {key}")
    press_keys("Return")


def menu_works(app, key, expected):
    """The menu of KEY has EXPECTED, all by the arrow keys, and Escape leaves it."""
    # Of a menu with one item only GTK lets the arrow keys go astray.
    names = [node.get_name() for node in menu_items(key, 40 if len(expected) > 1 else 1)]
    assert sorted(names) == sorted(expected), f"the menu of {key}: {names}, not {expected}"
    press_keys("Escape")
    wait(f"the end of the menu of {key}", lambda: not app.has("menu item", expected[0]))


def opened(app, name):
    """The window NAME, as soon as the keys go to it."""
    window = app.find("frame", name)
    wait(f"the keyboard in {name}", lambda: has(window, STATE.ACTIVE))
    return window


def left(app, key, name):
    """KEY leaves the window NAME."""
    press_keys(key)
    wait(f"the end of {name} by {key}", lambda: not app.has("frame", name))


# --- What is to come to ---------------------------------------------------------------------------

def focused(root):
    found = [node for node in nodes(root) if has(node, STATE.FOCUSED)]
    return found[-1] if found else None


def extents(node):
    try:
        box = Atspi.Component.get_extents(node, Atspi.CoordType.WINDOW)
        return box.x, box.y, box.width, box.height
    except GLib.Error:  # a page of a stack is no widget
        return None


def overlap(a, b):
    x, y = max(a[0], b[0]), max(a[1], b[1])
    return x, y, min(a[0] + a[2], b[0] + b[2]) - x, min(a[1] + a[3], b[1] + b[3]) - y


def is_at(node, window, box):
    """Whether the pointer would hit NODE somewhere in BOX: GTK 4.8 does not tell which page of a stack is
    shown in any other way."""
    box = overlap(box, extents(window))
    if box[2] <= 0 or box[3] <= 0:
        return False
    for across, down in ((0.5, 0.5), (0.15, 0.5), (0.85, 0.5), (0.5, 0.15), (0.5, 0.85)):
        hit = Atspi.Component.get_accessible_at_point(
            window, int(box[0] + box[2] * across), int(box[1] + box[3] * down), Atspi.CoordType.WINDOW)
        # What is written in lies in the entry and is not in the tree.
        if hit is None and role_of(node) in ("entry", "spin button"):
            return True
        if hit is not None and (hit == node or node in ancestors(hit)):
            return True
    return False


def is_shown(node, window):
    box = extents(node)
    if not box or box[2] <= 0 or box[3] <= 0:
        return False
    for above in ancestors(node):
        if role_of(above) == "scroll pane":
            seen = overlap(box, extents(above))
            # Scrolled away: it comes into view with the focus.
            if seen[2] <= 0 or seen[3] <= 0:
                return is_shown(above, window)
            box = seen
    return is_at(node, window, box)


def is_window_control(node):
    """The window manager's keys do what the title bar's buttons do."""
    parent = node.get_parent()
    names = {parent.get_child_at_index(i).get_name() for i in range(parent.get_child_count())}
    return names <= {"Minimize", "Maximize", "Restore", "Close"}


def to_come_to(tree, window):
    """The stops that Tab has to make in WINDOW, all that is in it in TREE: every control that is shown and takes
    the focus, or what it is in where the arrow keys go on."""
    stops = []
    for node in tree:
        if not (has(node, STATE.FOCUSABLE) and has(node, STATE.SENSITIVE)):
            continue
        if role_of(node) in NO_STOP | ONE_STOP | {"frame"} or is_window_control(node):
            continue
        stop = node
        for above in ancestors(node):
            role = role_of(above)
            # The rows of a list are one stop; what is in them is come to by itself.
            if role in ONE_STOP and (role != "list" or role_of(node) == "list item"):
                stop = above
            # What is within a button is a part of it; a closed menu is in the tree, too.
            elif has(above, STATE.FOCUSABLE) and role not in NO_STOP | {"frame", "list", "list item"}:
                stop = None
                break
            elif not has(above, STATE.SENSITIVE) and extents(above):
                stop = None
                break
        if stop is not None and stop not in stops and is_shown(node, window):
            stops.append(stop)
    return stops


def is_come_to(stop, passed):
    if stop in passed or any(stop in ancestors(node) for node in passed):
        return True
    # Of a group of radio buttons one is a stop, and the row of each does the same.
    return role_of(stop) == "check box" and any(
        above in passed for above in ancestors(stop) if role_of(above) == "list item")


def works(window, what):
    """Each control has a name; Tab comes to each that is shown, comes round, and Shift+Tab goes back the same
    way. Returns the names passed."""
    tree = nodes(window)
    bad = nameless(tree)
    assert not bad, f"{what}: without a name: " + "; ".join(bad)
    try:
        passed = walk()
        back = walk("shift+Tab")
    except AssertionError as error:
        raise AssertionError(f"{what}: {error}") from None
    missed = [says(stop) for stop in to_come_to(tree, window) if not is_come_to(stop, passed)]
    assert not missed, f"{what}: Tab never comes to " + ", ".join(missed)
    one_way = [says(node) for node in set(passed) ^ set(back)]
    assert not one_way, f"{what}: only one of Tab and Shift+Tab comes to " + ", ".join(one_way)
    return [node.get_name() for node in passed]
