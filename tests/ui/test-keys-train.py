"""Training by keyboard alone, with a camera: ready, the countdown, a set, its pause, the rest, the end; a
camera that is pulled out; a video; and the calibration that the menu opens. Every control has a name and is
come to in each state.

Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0
"""

import os
import re
import subprocess
import sys

import driver
from driver import App, press_keys, wait
from keyboard import STATE, choose, go_to, has, left, nameless, nodes, opened, works

SETTINGS = {"target-reps": "5", "target-sets": "2", "units": "'metric'", "countdown-s": "2", "stand-s": "0",
            "rest-s": "90"}
ALWAYS = ["Train", "History", "Trends", "Main menu"]


def shows(names, what, *wanted):
    for name in (*ALWAYS, *wanted):
        assert name in names, f"{what}: {name} is not among {names}"


def ready(app):
    wait("the camera's picture", lambda: app.text("^(Ready: press Start|Step|Show)"))
    for name in ("Calibrate", "Start"):
        button = app.find("push button", name)
        wait(f"{name} can be pressed", lambda: has(button, STATE.SENSITIVE))
    return opened(app, "Teardrop")


def from_ready_to_the_end():
    with App(settings=SETTINGS) as app:
        window = ready(app)
        names = works(window, "train, ready")
        shows(names, "ready", "Live picture", "Camera or video", "Open a Video…", "Demo",
              "Repetitions to do in a set", "Sets to do in a session", "Load", "Cyclist", "Narrow", "Calibrate",
              "Start")
        go_to("push button", "Start")
        press_keys("Return")
        wait("counting", lambda: app.has("push button", "End Set"), 60)
        # The person on the camera stands still, so that nothing changes on the way.
        go_to("push button", "One more")
        press_keys("Return")
        wait("one more", lambda: app.count() == 1)
        names = works(window, "train, a set")
        shows(names, "a set", "Live picture", "One more", "One less", "End Set", "Pause", "Finish", "Discard…")

        press_keys("p")
        wait("the pause", lambda: app.has("push button", re.compile("^Go On")))
        names = works(window, "train, paused")
        shows(names, "paused", "Go On", "Finish")
        go_to("push button", re.compile("^Go On"))
        press_keys("Return")
        wait("the end of the pause", lambda: not app.has("push button", re.compile("^Go On")))

        go_to("push button", "End Set")
        press_keys("Return")
        wait("the rest", lambda: app.text(r"^Set 1 of 2 · \d+ repetitions?$"))
        names = works(window, "train, the rest")
        shows(names, "the rest", "One less", "One more", "Finish", "+30 s")
        go_to("push button", "Finish")
        press_keys("Return")
        app.wait_for_end()
        names = works(window, "train, the end")
        shows(names, "the end", "See It in History", "Close")
        go_to("push button", "See It in History")
        press_keys("Return")
        wait("the history", lambda: any(has(tab, STATE.SELECTED) for tab in app.all("page tab", "History")))
        press_keys("alt+1")
        wait("the train page", lambda: any(has(tab, STATE.SELECTED) for tab in app.all("page tab", "Train")))


def a_session_from_the_menu():
    with App(settings=SETTINGS) as app:
        ready(app)
        choose(app, "Calibrate…")
        window = opened(app, "Calibrate")
        names = works(window, "calibration")
        assert "Begin" in names, names
        go_to("push button", "Begin")
        press_keys("Return")
        wait("the calibration", lambda: app.text("^Stand straight and still$"))
        left(app, "Escape", "Calibrate")

        choose(app, "Start or End the Set")
        wait("counting", lambda: app.has("push button", "End Set"), 60)
        for item, done in (("Pause or Go On", lambda: app.has("push button", re.compile("^Go On"))),
                           ("Pause or Go On", lambda: not app.has("push button", re.compile("^Go On"))),
                           ("One More", lambda: (app.count() or 0) >= 1),
                           ("Finish", lambda: app.text("^Done: "))):
            choose(app, "Session")
            entry = wait("the submenu", lambda: [node for node in app.all("menu item", item)
                                                 if has(node, STATE.SENSITIVE)])[0]
            while not has(entry, STATE.FOCUSED):
                press_keys("Down")
                driver.time.sleep(0.2)
                driver.pump()
            press_keys("Return")
            wait(item, done)


def the_countdown_and_a_camera_that_is_pulled_out():
    """The camera sees nobody: who stands still in view would not wait for the end of the countdown."""
    with App(settings={**SETTINGS, "countdown-s": "60"}) as app:
        window = ready(app)
        go_to("push button", "Start")
        press_keys("Return")
        wait("the countdown", lambda: app.text(r"^\d+ seconds$"))
        names = works(window, "train, the countdown")
        shows(names, "the countdown", "Live picture", "Finish", "Discard…")
        assert app.text(r"^\d+ seconds$"), "the countdown was over before all was come to"

        subprocess.run([os.environ["TESTCAM_STOP"]], check=True)
        wait("the message", lambda: app.text("camera was unplugged"))
        names = works(window, "train, a camera that is gone")
        shows(names, "gone", "Open a Video…", "Demo", "Finish")
        subprocess.run([os.environ["TESTCAM_START"]], check=True)
        wait("the picture back", lambda: not app.text("camera was unplugged"))


def a_video_to_its_end():
    with App(settings=SETTINGS) as app:
        window = ready(app)
        go_to("push button", "Demo")
        press_keys("Return")
        wait("the demo", lambda: app.count() is not None)
        # A walk through all would last longer than the clip.
        bad = nameless(nodes(window))
        assert not bad, bad
        go_to("push button", "Discard…")
        go_to("push button", "Stop")
        # Of nothing there would be no summary.
        wait("a repetition", lambda: (app.count() or 0) >= 1, 60)
        press_keys("Return")
        app.wait_for_end()
        names = works(window, "train, the end of a video")
        shows(names, "the end of a video", "Close")


driver.main(*{
    "person": (from_ready_to_the_end, a_video_to_its_end, a_session_from_the_menu),
    "nobody": (the_countdown_and_a_camera_that_is_pulled_out,),
}[sys.argv[1]])
