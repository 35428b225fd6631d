"""A whole session in front of a camera, hands free: countdown, set, correction, rest, the next set with
the next squat, the end; pause and discard.

Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0
"""

import os
import re
import subprocess
import sys
import time

import driver
from driver import App, press_keys, wait
from keyboard import extents, overlap

SETTINGS = {"target-reps": "5", "target-sets": "3", "load-kg": "22.5", "units": "'metric'",
            "countdown-s": "2", "stand-s": "3", "rest-s": "90"}


def begin(app):
    """Presses Start and lets the person on the camera squat as soon as counting has begun."""
    wait("the camera's picture", lambda: app.text("^(Ready: press Start|Step|Show)"))
    app.click("Start")
    wait("counting", lambda: app.has("push button", "End Set"))
    subprocess.run([os.environ["TESTCAM_PLAY"]], check=True)


def a_session_needs_no_hands_after_its_start():
    with App(settings=SETTINGS) as app:
        wait("the camera's picture", lambda: app.text("^(Ready: press Start|Step|Show)"))
        app.click("Start")
        wait("the countdown", lambda: app.text("^[12] seconds?$"))
        begin_set = wait("the first set", lambda: app.text("^Set 1 of 3 · 22.5 kg$"))
        assert begin_set
        subprocess.run([os.environ["TESTCAM_PLAY"]], check=True)
        count = wait("repetitions", lambda: (app.count() or 0) >= 2 and app.count(), 60)
        assert app.text("^Depth is "), "what is measured is on the picture"

        # The clip has an end: the person stands still, and so the set ends.
        rest = wait("the rest", lambda: app.text(r"^Set 1 of 3 · \d+ repetitions?$"), 90)
        wait("its clock", lambda: app.text(r"^1:[0-2]\d$"))
        done = int(rest.split(" · ")[1].split()[0])
        assert done >= count, (done, count)
        assert app.text("^Deepest "), "the set's summary"
        app.click("+30 s")
        wait("a longer rest", lambda: app.text(r"^(2:00|1:[45]\d)$"))

        # Corrected in the rest, as the newest set.
        press_keys("plus")
        wait("one more", lambda: app.text(f"^Set 1 of 3 · {done + 1} repetitions"))
        press_keys("minus")
        wait("one less", lambda: app.text(f"^Set 1 of 3 · {done} repetition"))

        # The next squat begins the next set.
        subprocess.run([os.environ["TESTCAM_STOP"]], check=True)
        wait("the camera gone", lambda: app.text("camera was unplugged"))
        subprocess.run([os.environ["TESTCAM_START"]], check=True)
        wait("the picture back", lambda: not app.text("camera was unplugged"))
        subprocess.run([os.environ["TESTCAM_PLAY"]], check=True)
        wait("the second set", lambda: app.text("^Set 2 of 3 · 22.5 kg$"), 60)
        wait("its repetitions", lambda: (app.count() or 0) >= 2, 60)
        press_keys("space")
        wait("the second rest", lambda: app.text(r"^Set 2 of 3 · \d+ repetitions?$"))
        press_keys("ctrl+Return")
        app.wait_for_end()
        wait("the summary", lambda: app.text("^2 sets"))
        sets = app.rows("select load_kg, target from exercise_set order by id")
        assert sets == [(22.5, 5), (22.5, 5)], sets
        app.click("See It in History")
        wait("the session", lambda: app.text("repetitions.*deepest"))


def the_count_is_corrected_in_place():
    with App(settings=SETTINGS) as app:
        begin(app)
        wait("a repetition", lambda: (app.count() or 0) >= 1, 60)
        press_keys("p")
        wait("the pause", lambda: app.text("Paused"))
        before = app.count()
        app.click("One more")
        wait("one more", lambda: app.count() == before + 1)
        app.click("One less")
        wait("one less", lambda: app.count() == before)
        time.sleep(2)
        assert app.count() == before, "nothing counts in a pause"
        press_keys("space")
        wait("the count going on", lambda: (app.count() or 0) > before, 60)
        app.click("Not One")
        app.click("Finish")
        app.wait_for_end()


def a_session_is_discarded_only_when_asked_twice():
    with App(settings=SETTINGS) as app:
        begin(app)
        wait("a repetition", lambda: (app.count() or 0) >= 1, 60)
        press_keys("ctrl+BackSpace")
        app.click(re.compile("^Keep"))
        wait("the set going on", lambda: app.has("push button", "End Set"))
        assert app.rows("select count(*) from session")[0][0] == 1
        app.click("Discard…")
        app.click(re.compile("^Discard( Discard)?$"))
        wait("the Start button", lambda: app.has("push button", "Start"))
        assert app.rows("select count(*) from session")[0][0] == 0
        assert not app.text("^Done: "), "nothing is left to sum up"


SHAPES = ((360, 720), (640, 480), (700, 690), (1280, 720))


def nothing_lies_on_something_else_in_any_shape():
    for width, height in SHAPES:
        shape = f"{width}x{height}"
        with App(settings={**SETTINGS, "target-reps": "15", "window-width": str(width),
                           "window-height": str(height)}) as app:
            begin(app)
            wait("what was measured", lambda: app.text(r"^Repetition \d+: "), 60)
            boxes = {name: extents(app.find(role, pattern))
                     for name, role, pattern in (
                         ("count", "status bar", re.compile(r"^\d+ repetitions? of 15$")),
                         ("feedback", "status bar", re.compile("^Repetition ")),
                         ("depth", "level bar", "Depth"),
                         ("one more", "push button", "One more"),
                         ("end set", "push button", "End Set"),
                         ("pause", "push button", "Pause"),
                         ("window", "frame", "Teardrop"))}
            _, _, *window = boxes.pop("window")
            assert window[0] <= width and window[1] <= height, f"{shape}: {window}"
            # With room of 12 % around the digits.
            third = (window[1] - 10) / 3 * 1.12
            assert boxes["count"][3] >= third - 2, f"{shape}: {boxes['count']}, {third:.0f}"
            for one, box in boxes.items():
                assert box[2] > 0 and box[3] > 0, f"{shape}: {one} is not there"
                for other, at in boxes.items():
                    shared = overlap(box, at)
                    assert one == other or shared[2] <= 0 or shared[3] <= 0, f"{shape}: {one} lies on {other}"


def keys_that_come_too_early_leave_no_session_behind():
    """Start and end with the same key, within one picture of the camera, as a held key does it."""
    with App(settings=SETTINGS) as app:
        wait("the camera's picture", lambda: app.text("^(Ready: press Start|Step|Show)"))
        for keys in (("space", "space"), ("space", "ctrl+Return"), ("space", "ctrl+BackSpace")) * 3:
            subprocess.run(["xdotool", "key", "--delay", "0", *keys], check=True)
            wait(f"the end after {keys}", lambda: app.has("push button", "Start")
                 and app.text("^Ready: press Start"), 10)
        assert app.rows("select count(*) from session")[0][0] == 0
        # A video from outside does not end what runs.
        app.click("Start")
        wait("counting", lambda: app.has("push button", "End Set"))
        subprocess.run([driver.PROGRAM, f"{app.data}/demo.mp4"], env=app.env, check=True, timeout=20)
        wait("the message", lambda: app.text("^A session is running"))
        assert app.has("push button", "End Set"), "the set goes on"
        app.click("Finish")
        wait("the Start button", lambda: app.has("push button", "Start"))


tests = {
    "too-early": [keys_that_come_too_early_leave_no_session_behind],
    "hands-free": [a_session_needs_no_hands_after_its_start],
    "correct": [the_count_is_corrected_in_place],
    "shapes": [nothing_lies_on_something_else_in_any_shape],
    "discard": [a_session_is_discarded_only_when_asked_twice],
}
driver.main(*tests[sys.argv[1]])
