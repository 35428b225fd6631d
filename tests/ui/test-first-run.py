"""The first steps: shown once to who is new, never beside a video; each page by keyboard; skipped; the
exercise and the wedge that were chosen are kept; calibration with a camera, kept in the store.

Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

import driver
from driver import App, Atspi, press_keys, wait

NEW = {"welcomed": "false"}


def stored(app, key):
    path = f"{app.home}/config/glib-2.0/settings/keyfile"
    with open(path, encoding="utf-8") as file:
        for line in file:
            if line.startswith(f"{key}="):
                return line.strip().split("=", 1)[1]
    return None


def step(app, n):
    wait(f"step {n}", lambda: app.text(f"^Step {n} of 5$"))


def focus(app, name):
    """By keyboard alone, to a control with that name."""
    for _ in range(20):
        if any(node.get_state_set().contains(Atspi.StateType.FOCUSED)
               and node.get_role_name() in ("radio button", "check box")
               for node in app.all(None, name)):
            return
        press_keys("Tab")
        time.sleep(0.1)
    raise AssertionError(f"the keyboard does not come to {name.pattern}")


def shown_once_and_skipped_with_escape():
    home = tempfile.mkdtemp(prefix="teardrop-ui-")
    with App(home=home, settings=NEW) as app:
        step(app, 1)
        press_keys("Escape")
        wait("the first steps are closed", lambda: not app.has("frame", "First Steps"))
        wait("the setting", lambda: stored(app, "welcomed") == "true")
        app.quit()
    with App(home=home) as app:
        wait("no camera", lambda: app.text("^No Camera$"))
        time.sleep(1)
        assert not app.has("frame", "First Steps")
    shutil.rmtree(home)


def not_shown_beside_a_video():
    with App("--demo", settings=NEW) as app:
        wait("counting", lambda: app.count() is not None)
        time.sleep(1)
        assert not app.has("frame", "First Steps")
        assert stored(app, "welcomed") == "false", "it is still to come"


def every_step_by_keyboard_and_what_was_chosen_is_kept():
    with App(settings=NEW) as app:
        step(app, 1)
        for n in (2, 3, 4, 5):
            press_keys("Next")
            step(app, n)
            time.sleep(0.4)
        press_keys("alt+Left")
        step(app, 4)
        time.sleep(0.4)
        press_keys("Prior")
        step(app, 3)
        time.sleep(0.4)
        focus(app, re.compile("squat$"))
        press_keys("Down", "Return")
        wait("the exercise", lambda: stored(app, "exercise") == "'narrow'")
        press_keys("Up", "Return")
        wait("the exercise", lambda: stored(app, "exercise") == "'cyclist'")
        assert Atspi.Value.set_current_value(app.find("spin button", "Wedge Under the Heels"), 5)
        wait("the wedge", lambda: float(stored(app, "wedge-cm") or 0) == 5)
        # In the list, Page Down is the list's.
        for n in (4, 5):
            press_keys("alt+Right")
            step(app, n)
            time.sleep(0.4)
        press_keys("alt+Right")
        wait("the first steps are closed", lambda: not app.has("frame", "First Steps"))
        wait("the setting", lambda: stored(app, "welcomed") == "true")


def the_camera_shows_its_picture_and_calibration_is_kept():
    with App(settings=NEW) as app:
        step(app, 1)
        wait("the picture", lambda: app.has("image", "Live picture"))
        for n in (2, 3, 4):
            press_keys("Next")
            step(app, n)
            time.sleep(0.4)
        app.click("Begin")
        wait("standing", lambda: app.text("^Stand straight and still$"))
        subprocess.run([os.environ["TESTCAM_PLAY"]], check=True)
        wait("the deep one", lambda: app.text("^Now one slow squat"), 60)
        wait("the end", lambda: app.text("^Done$"), 60)
        wait("the calibration on the disk",
             lambda: app.rows("select count(*) from calibration")[0][0] == 1)


tests = {
    "none": [shown_once_and_skipped_with_escape, not_shown_beside_a_video,
             every_step_by_keyboard_and_what_was_chosen_is_kept],
    "camera": [the_camera_shows_its_picture_and_calibration_is_kept],
}
driver.main(*tests[sys.argv[1]])
