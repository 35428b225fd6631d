"""A PipeWire camera that plays the demo clip: counted as on the command line; pulled out in the
middle of a set and plugged in again; one that cannot be used, and why.

Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0
"""

import os
import re
import subprocess
import sys
import tempfile
import time

import driver
from driver import App, Atspi, press_keys, wait


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

        def saved():
            return int(re.search(r"Your (\d+) repetitions? ", app.text("camera was unplugged")).group(1))

        assert saved() >= before, (saved(), before)
        assert app.has("push button", "Finish"), "the session is still open"
        for other in ("Open a Video…", "Demo"):
            button = app.find("push button", other)
            assert button.get_state_set().contains(Atspi.StateType.SENSITIVE), other
        count = saved()
        time.sleep(1)
        assert saved() == count, "nothing is counted without a camera"

        subprocess.run([os.environ["TESTCAM_START"]], check=True)
        wait("the picture back", lambda: not app.text("camera was unplugged"))
        subprocess.run([os.environ["TESTCAM_PLAY"]], check=True)
        wait("the count going on", lambda: (app.count() or 0) > count, 60)
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


def refuses(app, title, text):
    """The page with the reason, what to do, and what there is else."""
    wait(title, lambda: app.text(f"^{title}$"))
    assert app.text(text), [node.get_name() for node in app.all("label")]
    for name in ("Open a Video…", "Demo"):
        button = app.find("push button", name)
        assert button.get_state_set().contains(Atspi.StateType.SENSITIVE), name
    assert not app.find("push button", "Start").get_state_set().contains(
        Atspi.StateType.SENSITIVE), "there is nothing to count"
    screenshot(title)


def plays_the_demo(app):
    app.click("Demo")
    wait("the demo", lambda: app.count() is not None)


def opens_a_video(app):
    app.click("Open a Video…")
    wait("the chooser", lambda: app.has(None, "Open a Video"))
    time.sleep(0.5)
    press_keys("ctrl+l")
    entry = wait("the place for a path", lambda: [
        node for node in app.all("text")
        if node.get_state_set().contains(Atspi.StateType.FOCUSED)])[0]
    assert Atspi.EditableText.set_text_contents(entry, f"{app.data}/demo.mp4")
    app.click(re.compile("^(_Open )?Open$"))
    # Counting it may be over between two looks.
    wait("the video", lambda: app.count() is not None or app.text("^Done: "))


def screenshot(name):
    """For who wants to look at it."""
    folder = os.environ.get("TD_UI_SCREENSHOTS")
    if folder:
        time.sleep(1)
        subprocess.run(["import", "-window", "root", f"{folder}/{name}.png"], check=True)


# The system's answer of whether the camera's device file may be opened.
DENYING = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
int
faccessat (int folder, const char *path, int mode, int flags)
{
  int (*next) (int, const char *, int, int) = dlsym (RTLD_NEXT, "faccessat");
  if (strcmp (path, "/dev/video0") != 0)
    return next (folder, path, mode, flags);
  errno = access (getenv ("TEST_ALLOWED"), F_OK) == 0 ? ENOENT : EACCES;
  return -1;
}
"""


def a_camera_without_permission_is_told():
    with tempfile.TemporaryDirectory(prefix="teardrop-ui-") as folder:
        with open(f"{folder}/denying.c", "w", encoding="utf-8") as file:
            file.write(DENYING)
        subprocess.run(["cc", "-shared", "-fPIC", "-o", f"{folder}/denying.so",
                        f"{folder}/denying.c"], check=True)
        env = {"LD_PRELOAD": f"{folder}/denying.so", "TEST_ALLOWED": f"{folder}/yes"}
        with App(env=env, settings={"welcomed": "false"}) as app:
            wait("the first step", lambda: app.text("^Step 1 of 5$"))
            wait("the reason", lambda: app.text(
                "^Your account may not use “/dev/video0”. Allow it in the desktop's"))
            screenshot("first-run-denied")
        with App(env=env) as app:
            refuses(app, "No Permission for the Camera",
                    "^Your account may not use “/dev/video0”.*group “video”")
            plays_the_demo(app)
        with App(env=env) as app:
            refuses(app, "No Permission for the Camera", "/dev/video0")
            with open(f"{folder}/yes", "w", encoding="utf-8"):
                pass
            app.click("Look Again")
            wait("no camera, and no reason", lambda: app.text("^Plug one in, or open a video.*just started"))
            assert app.text("^No Camera$")
            opens_a_video(app)


def a_camera_that_is_in_use_is_told_and_found_when_it_is_free():
    with App() as app:
        refuses(app, "The Camera Gives No Picture",
                "^“Test camera testcam” answers, but shows nothing. Another program")
        subprocess.run([os.environ["TESTCAM_PLAY"]], check=True)
        subprocess.run([os.environ["TESTCAM_START"]], check=True)
        if not app.text("^(Starting|Ready|Step|Show)"):
            app.click("Try Again")
        wait("the camera's picture", lambda: app.text("^(Ready: press Start|Step|Show)"))


tests = {
    "denied": [a_camera_without_permission_is_told],
    "refused": [a_camera_that_is_in_use_is_told_and_found_when_it_is_free],
    "count": [a_camera_counts_what_the_command_line_counts],
    "unplug": [a_camera_that_is_pulled_out_is_told_and_the_count_goes_on],
    "plug": [a_camera_plugged_in_later_is_found],
}
driver.main(*tests[sys.argv[1]])
