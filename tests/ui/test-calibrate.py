"""Calibration from the menu and from the page: its steps to the end, kept in the store; closed before its
end; and with nobody in the picture.

Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0
"""

import os
import re
import subprocess
import sys
import time

import driver
from driver import App, Atspi, activate, press_keys, wait

BEGINNING = "^Stand where your whole body is in the picture$"


def play():
    subprocess.run([os.environ["TESTCAM_PLAY"]], check=True)


def hold():
    """The camera anew, with its first picture standing."""
    os.remove(f"{os.environ['TESTCAM_LOG']}/playing")
    subprocess.run([os.environ["TESTCAM_START"]], check=True)


def ready(app):
    wait("the camera's picture", lambda: app.text("^(Ready: press Start|Step|Show)"))


def from_menu(app):
    # GtkMenuButton is a button around a button; the inner one opens.
    inner = [node for node in app.all("push button", "Main menu") if Atspi.Action.get_n_actions(node)]
    assert activate(inner[0])
    item = app.find("menu item", re.compile("^_?Calibrate…$"))
    wait("it can be chosen", lambda: activate(item))
    wait("the window", lambda: app.text(BEGINNING))


def close(app):
    press_keys("Escape")
    wait("the window is closed", lambda: not app.has("frame", "Calibrate"))


def screenshot(name):
    """For who wants to look at it."""
    folder = os.environ.get("TD_UI_SCREENSHOTS")
    if folder:
        time.sleep(1)
        subprocess.run(["import", "-window", "root", f"{folder}/{name}.png"], check=True)


def kept(app):
    return app.rows("select count(*) from calibration")[0][0]


def from_the_menu_to_the_end():
    with App() as app:
        ready(app)
        from_menu(app)
        app.click("Begin")
        wait("standing", lambda: app.text("^Stand straight and still$"))
        play()
        wait("the deep one", lambda: app.text("^Now one slow squat"), 60)
        wait("the end", lambda: app.text("^Done$"), 60)
        said = wait("what was measured", lambda: app.text(
            r"^(Your hamstrings touch your calves at|Your deepest is) \d+°\.$"))
        degrees = int(re.search(r"\d+", said).group())
        screenshot("calibrated")
        wait("it is in the store", lambda: kept(app) == 1)
        deepest, contact = app.rows("select flexion_max_deg, contact_deg from calibration")[0]
        assert round(contact or deepest) == degrees, (deepest, contact, said)
        assert app.has("push button", "Start Over")
        close(app)


def closed_before_its_end_nothing_is_measured():
    hold()
    with App() as app:
        ready(app)
        app.click("Calibrate")
        wait("the window", lambda: app.text(BEGINNING))
        app.click("Begin")
        wait("the deep one", lambda: app.text("^Now one slow squat"), 60)
        close(app)
        # The same squats as above, which nobody meant to be measured.
        play()
        end = time.monotonic() + 12
        while time.monotonic() < end:
            assert not app.text("^✓ Measured"), "measured all the same"
            time.sleep(0.1)
        assert kept(app) == 0
        # Nor is the next one half done.
        from_menu(app)
        assert app.has("push button", "Begin") and not app.text("^Now one slow squat")
        close(app)


def nobody_in_the_picture_is_told_what_to_do():
    with App() as app:
        wait("nobody", lambda: app.text("^(Step into the picture|Too dark)"))
        from_menu(app)
        window = app.find("frame", "Calibrate")

        def told():
            return [node for node in app.all(None, re.compile("^Step into the picture"))
                    if of(node, window)]

        wait("what to do", told)
        app.click("Begin")
        wait("standing", lambda: app.text("^Stand straight and still$"))
        time.sleep(3)
        assert app.text("^Stand straight and still$") and told(), "nobody cannot stand still"
        screenshot("calibrate-nobody")
        close(app)
        assert kept(app) == 0


def of(node, window):
    while node:
        if node == window:
            return True
        node = node.get_parent()
    return False


tests = {
    "person": [from_the_menu_to_the_end, closed_before_its_end_nothing_is_measured],
    "nobody": [nobody_in_the_picture_is_told_what_to_do],
}
driver.main(*tests[sys.argv[1]])
