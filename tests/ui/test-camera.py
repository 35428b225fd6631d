"""A PipeWire camera that plays the demo clip: counted as on the command line; pulled out in the
middle of a set and plugged in again.

Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0
"""

import os
import subprocess
import sys
import time

import driver
from driver import App, Atspi, wait


def start_and_play(app):
    wait("the camera's picture", lambda: app.text("^(Ready: press Start|Step|Show)"))
    app.click("Start")
    wait("counting", lambda: app.has("push button", "End Set"))
    subprocess.run([os.environ["TESTCAM_PLAY"]], check=True)


def a_camera_counts_what_the_command_line_counts():
    with App() as app:
        expected = app.cli_count(f"{app.data}/demo.mp4")
        start_and_play(app)
        wait("the last repetition", lambda: app.count() == expected, 60)
        # The last picture stays, so nothing more may be counted.
        time.sleep(2)
        assert app.count() == expected, (app.count(), expected)
        app.click("Finish")
        app.wait_for_end()
        app.page("History")
        wait("the session", lambda: app.text(f"{expected} repetitions.*deepest"))
        cells = wait("the table", lambda: app.all("label", "Counted"))
        assert len(cells) == expected
        source = app.rows("select source from session")[0][0]
        assert source, "the camera's name is kept"


def a_camera_that_is_pulled_out_is_told_and_the_count_goes_on():
    with App() as app:
        start_and_play(app)
        before = wait("the second repetition", lambda: (app.count() or 0) >= 2 and app.count(), 60)
        subprocess.run([os.environ["TESTCAM_STOP"]], check=True)
        pulled = time.monotonic()
        wait("the message", lambda: app.text("camera was unplugged"), 2)
        print(f"  told after {time.monotonic() - pulled:.2f} s")
        assert app.count() >= before, (app.count(), before)
        assert app.has("push button", "Finish"), "the session is still open"
        for other in ("Open a Video…", "Demo"):
            button = app.find("push button", other)
            assert button.get_state_set().contains(Atspi.StateType.SENSITIVE), other
        count = app.count()
        time.sleep(1)
        assert app.count() == count, "nothing is counted without a camera"

        subprocess.run([os.environ["TESTCAM_START"]], check=True)
        wait("the picture back", lambda: not app.text("camera was unplugged"))
        subprocess.run([os.environ["TESTCAM_PLAY"]], check=True)
        wait("the count going on", lambda: app.count() > count, 60)
        count = app.count()
        app.click("Finish")
        assert int(app.wait_for_end().split()[1]) >= count
        assert app.rows("select count(*) from session")[0][0] == 1, "one session, not two"
        assert app.rows("select count(*) from repetition where counted")[0][0] >= count


def a_camera_plugged_in_later_is_found():
    with App() as app:
        subprocess.run([os.environ["TESTCAM_STOP"]], check=True)
        wait("no camera", lambda: app.text("^No Camera$"))
        subprocess.run([os.environ["TESTCAM_START"]], check=True)
        wait("the camera's picture", lambda: app.text("^(Ready: press Start|Step|Show)"))


tests = {
    "count": [a_camera_counts_what_the_command_line_counts],
    "unplug": [a_camera_that_is_pulled_out_is_told_and_the_count_goes_on],
    "plug": [a_camera_plugged_in_later_is_found],
}
driver.main(*tests[sys.argv[1]])
