"""The preferences: what is chosen is kept after a restart, limits and their reset, units, language; the
sessions' file copied, moved and deleted; the guide and the menu.

Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0
"""

import os
import re
import shutil
import sqlite3
import sys
import tempfile
import time

import driver
from driver import App, Atspi, activate, press_keys, wait

NAMED = {
    "push button", "toggle button", "combo box", "check box", "switch", "entry", "text", "page tab", "slider",
    "spin button", "image", "radio button", "progress bar",
}


def nameless(app):
    found = []
    for node in app.all():
        name, role = node.get_name(), node.get_role_name()
        if role not in NAMED or (role == "image" and name == "GtkImage"):
            continue
        if not name or re.match(r"^(Gtk|Adw|Td)[A-Z]", name):
            found.append(f"{role} {name!r}")
    return found


def stored(app, key):
    """The setting's text as it is on the disk, or None when it was never set."""
    path = f"{app.home}/config/glib-2.0/settings/keyfile"
    with open(path, encoding="utf-8") as file:
        for line in file:
            if line.startswith(f"{key}="):
                return line.strip().split("=", 1)[1]
    return None


def open_preferences(app, page):
    wait("no camera", lambda: app.text("^No Camera$"))
    press_keys("ctrl+comma")
    app.find("frame", "Preferences")
    app.page(page)


def spin(app, name):
    return app.find("spin button", name)


def set_spin(node, value):
    assert Atspi.Value.set_current_value(node, value)


def switch(app, name):
    nodes = [node for node in app.all(None, name) if node.get_role_name() in
             ("toggle button", "switch", "check box")]
    assert nodes, name
    return nodes[0]


def focus(app, node):
    """By keyboard alone."""
    for _ in range(20):
        if node.get_state_set().contains(Atspi.StateType.FOCUSED):
            return
        press_keys("Tab")
        time.sleep(0.1)
        driver.pump()
    raise AssertionError(f"the keyboard does not come to {node.get_name()}")


def is_on(node):
    states = node.get_state_set()
    return states.contains(Atspi.StateType.CHECKED) or states.contains(Atspi.StateType.PRESSED)


def what_is_chosen_is_kept_after_a_restart():
    home = tempfile.mkdtemp(prefix="teardrop-ui-")
    with App(home=home) as app:
        open_preferences(app, "Training")
        set_spin(spin(app, "Repetitions in a Set"), 12)
        wait("the target", lambda: stored(app, "target-reps") == "12")
        app.page("Sound")
        activate(switch(app, "Count"))
        wait("the voice", lambda: stored(app, "voice") == "true")
        app.page("Camera")
        activate(switch(app, "Mirror"))
        wait("the mirror", lambda: stored(app, "mirror") == "false")
        press_keys("Escape")
        wait("the preferences are closed", lambda: not app.has("frame", "Preferences"))
        app.quit()
    with App(home=home) as app:
        open_preferences(app, "Training")
        assert Atspi.Value.get_current_value(spin(app, "Repetitions in a Set")) == 12
        app.page("Sound")
        wait("the voice", lambda: is_on(switch(app, "Count")))
        app.page("Camera")
        wait("the mirror", lambda: not is_on(switch(app, "Mirror")))
    shutil.rmtree(home)


def a_limit_is_kept_and_reset():
    with App() as app:
        open_preferences(app, "Limits")
        # Both exercises have one; the cyclist squat stands first.
        trunk = app.all("spin button", "Chest high")[0]
        usual = Atspi.Value.get_current_value(trunk)
        set_spin(trunk, usual - 5)
        wait("the limit", lambda: stored(app, "limits") == "{'cyclist/trunk': %.1f}" % (usual - 5))
        app.click("Reset “Chest high”")
        wait("no limit", lambda: stored(app, "limits").endswith("{}"))
        wait("the usual one", lambda: Atspi.Value.get_current_value(trunk) == usual)

        set_spin(trunk, usual + 5)
        set_spin(app.all("spin button", "Straight at the top")[0], 20)
        wait("both", lambda: "lockout" in stored(app, "limits") and "trunk" in stored(app, "limits"))
        app.click("Reset All")
        wait("no limit", lambda: stored(app, "limits").endswith("{}"))


def the_wedge_is_shown_in_the_chosen_unit_and_kept_in_centimetres():
    with App(settings={"units": "'imperial'"}) as app:
        open_preferences(app, "Training")
        wedge = spin(app, "Wedge Under the Heels")
        assert abs(Atspi.Value.get_current_value(wedge) - 7.6 / 2.54) < 0.01
        set_spin(wedge, 2)
        wait("two inches", lambda: stored(app, "wedge-cm") == "5.0800000000000001"
             or (stored(app, "wedge-cm") and abs(float(stored(app, "wedge-cm")) - 5.08) < 1e-6))


def a_network_of_the_users_own_is_listed_and_chosen():
    home = tempfile.mkdtemp(prefix="teardrop-ui-")
    own = f"{home}/data/teardrop/models/mine"
    shutil.copytree(f"{driver.ROOT}/models/teardrop-legs", own)
    # Two of the same name could not be told apart.
    with open(f"{own}/model.ini", encoding="utf-8") as file:
        text = file.read()
    with open(f"{own}/model.ini", "w", encoding="utf-8") as file:
        file.write(re.sub(r"(?m)^name = .*-.*$", "name = mine", text, count=1))
    os.makedirs(f"{home}/data/teardrop/models/unfinished")
    with App(home=home) as app:
        open_preferences(app, "Camera")
        app.find("label", re.compile(r"\(built-in\)$"))
        focus(app, app.find("combo box", "Network"))
        press_keys("space")
        labels = wait("the list", lambda: app.all("label", re.compile("mine")))
        assert labels and not app.has("label", re.compile("unfinished"))
        press_keys("Down", "Return")
        wait("the network", lambda: stored(app, "model") == f"'{own}'")
    shutil.rmtree(home)


def press(app, label):
    """A button of a dialog; its mnemonic may be part of its name."""
    app.click(re.compile(f"^(_{label} )?_?{label}$"))


def choose_file(app, path, accept):
    entry = app.find("text", "Name:")
    assert Atspi.EditableText.set_text_contents(entry, path)
    press(app, accept)


def with_a_session(home):
    with App("--demo", home=home) as app:
        wait("the end of the clip", lambda: app.text("^Done: "), 90)
        app.quit()


def a_backup_is_whole_and_everything_can_be_deleted():
    home = tempfile.mkdtemp(prefix="teardrop-ui-")
    with_a_session(home)
    with App(home=home) as app:
        reps = app.rows("select count(*) from repetition")[0][0]
        assert reps > 0
        open_preferences(app, "General")
        copy = f"{home}/copy.db"
        app.click("Back Up… Back Up")
        choose_file(app, copy, "Save")
        wait("the toast", lambda: app.text("^Backed up to “copy.db”"))
        with sqlite3.connect(copy) as db:
            assert db.execute("select count(*) from repetition").fetchone()[0] == reps
            assert db.execute("pragma integrity_check").fetchone() == ("ok",)

        app.click("Delete… Delete Everything")
        press(app, "Cancel")
        assert app.rows("select count(*) from repetition")[0][0] == reps
        app.click("Delete… Delete Everything")
        press(app, "Delete Everything")
        wait("the toast", lambda: app.text("^Everything is deleted"))
        assert not os.path.exists(app.database), "the file is gone"
        assert os.path.exists(copy), "the backup stays"
        press_keys("Escape")
        app.page("History")
        assert not app.text("repetitions.*deepest"), "nothing is shown of it"
    shutil.rmtree(home)


def the_sessions_move_to_another_folder_and_go_on_there():
    home = tempfile.mkdtemp(prefix="teardrop-ui-")
    with_a_session(home)
    folder = f"{home}/elsewhere"
    os.makedirs(folder)
    with App(home=home) as app:
        open_preferences(app, "General")
        app.click("Choose… Change Place")
        wait("the chooser", lambda: app.has(None, "Keep Sessions In"))
        # The only way to name a folder: the location entry.
        press_keys("ctrl+l")
        entry = wait("the location", lambda: [
            node for node in app.all("text") if node.get_state_set().contains(
                Atspi.StateType.FOCUSED)])[0]
        assert Atspi.EditableText.set_text_contents(entry, folder)
        press(app, "Choose")
        wait("the file", lambda: os.path.exists(f"{folder}/teardrop.db"))
        wait("the setting", lambda: stored(app, "database") == f"'{folder}/teardrop.db'")
        assert os.path.exists(app.database), "the old one stays"
        with sqlite3.connect(f"{folder}/teardrop.db") as db:
            reps = db.execute("select count(*) from repetition").fetchone()[0]
        assert reps > 0
    # From there after a restart: what is in the old place is no longer shown.
    os.unlink(f"{home}/data/teardrop/teardrop.db")
    with App(home=home) as app:
        app.page("History")
        wait("the session", lambda: app.text("repetitions.*deepest"))
    shutil.rmtree(home)


def the_guide_opens_with_f1_and_every_page_has_names():
    with App() as app:
        wait("no camera", lambda: app.text("^No Camera$"))
        press_keys("F1")
        app.find("frame", "Guide")
        for page in ("Squats", "Place", "Measures", "Questions"):
            app.page(page)
            assert not nameless(app), (page, nameless(app))
        assert app.text("medical advice"), "it says what it is not"
        press_keys("F1")
        assert len(app.all("frame", "Guide")) == 1


def every_control_of_the_preferences_has_a_name():
    with App() as app:
        open_preferences(app, "Camera")
        for page in ("Camera", "Training", "Limits", "Sound", "General"):
            app.page(page)
            assert not nameless(app), (page, nameless(app))


def the_shortcuts_have_their_key():
    with App() as app:
        wait("no camera", lambda: app.text("^No Camera$"))
        press_keys("ctrl+question")
        wait("the shortcuts", lambda: app.text("^Preferences$"))


TESTS = {
    "choices": [
        what_is_chosen_is_kept_after_a_restart,
        a_limit_is_kept_and_reset,
        the_wedge_is_shown_in_the_chosen_unit_and_kept_in_centimetres,
        the_guide_opens_with_f1_and_every_page_has_names,
        every_control_of_the_preferences_has_a_name,
        the_shortcuts_have_their_key,
    ],
    "storage": [
        a_network_of_the_users_own_is_listed_and_chosen,
        a_backup_is_whole_and_everything_can_be_deleted,
        the_sessions_move_to_another_folder_and_go_on_there,
    ],
}
driver.main(*TESTS[sys.argv[1]])
