"""The picture of a session: kept only when that was switched on, replayed under the skeleton, deleted with
its session.

Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0
"""

import glob
import os
import re
import subprocess
import time

import driver
from driver import App, Atspi, press_keys, wait

SETTINGS = {"countdown-s": "2", "stand-s": "30"}


def screenshot(name):
    """For who wants to look at it."""
    folder = os.environ.get("TD_UI_SCREENSHOTS")
    if folder:
        time.sleep(1)
        subprocess.run(["import", "-window", "root", f"{folder}/{name}.png"], check=True)


def pictures(app):
    return glob.glob(f"{app.home}/**/*.webm", recursive=True)


def train(app):
    wait("the camera's picture", lambda: app.text("^(Ready: press Start|Step|Show)"))
    app.click("Start")
    wait("the countdown", lambda: app.text("^[12] seconds?$"))
    assert not pictures(app), "nothing is recorded of the countdown"
    wait("counting", lambda: app.has("push button", "End Set"))
    subprocess.run([os.environ["TESTCAM_PLAY"]], check=True)
    wait("two repetitions", lambda: (app.count() or 0) >= 2, 60)


def no_picture_is_kept_unless_it_is_wanted():
    with App(settings=SETTINGS) as app:
        train(app)
        app.click("Finish")
        app.wait_for_end()
        assert not pictures(app), pictures(app)
        assert not os.path.exists(f"{app.home}/data/teardrop/pictures")
        assert app.rows("select picture, picture_ns from session") == [(None, None)]


def a_picture_that_is_wanted_is_kept():
    with App(settings=SETTINGS) as app:
        # As its user does it.
        wait("the camera's picture", lambda: app.text("^(Ready: press Start|Step|Show)"))
        press_keys("ctrl+comma")
        app.find("frame", "Preferences")
        app.page("General")
        assert app.text("no video yet")
        screenshot("preferences")
        switches = [node for node in app.all(None, "Record the Picture")
                    if node.get_role_name() in ("toggle button", "switch", "check box")]
        Atspi.Action.do_action(switches[0], 0)
        keyfile = f"{app.home}/config/glib-2.0/settings/keyfile"
        wait("the setting", lambda: "record-picture=true" in open(keyfile, encoding="utf-8").read())
        press_keys("Escape")
        wait("the preferences are closed", lambda: not app.has("frame", "Preferences"))

        train(app)
        assert len(pictures(app)) == 1, app.text("not recorded") or "it is written while the session runs"
        app.click("Finish")
        app.wait_for_end()
        rows = app.rows("select id, picture, picture_ns, (select min(time_ns) from sample) from session")
        (session, picture, picture_ns, first_ns), = rows
        path = f"{app.home}/data/teardrop/pictures/{picture}"
        assert picture == f"{session}.webm" and pictures(app) == [path], (rows, pictures(app))
        assert os.stat(path).st_mode & 0o077 == 0, "for its user alone"
        assert abs(picture_ns - first_ns) < 500e6, (picture_ns, first_ns)
        assert app.cli_count(path) >= 1, "it shows the squats"

        # Under the skeleton, at any time.
        app.click("See It in History")
        assert Atspi.Action.do_action(app.find(None, "Replay"), 0)
        app.click("Picture")
        seen = "A person, with the skeleton drawn over the body"
        stage = wait("the recorded picture", lambda: [
            node for node in app.all(None, "Recorded picture") if node.get_description() == seen])[0]
        assert stage
        screenshot("picture")
        app.click("Next repetition")
        time.sleep(0.5)
        app.click("One frame back")
        time.sleep(1)
        assert stage.get_description() == seen
        app.click("Side")
        wait("the bodies again", lambda: not app.has(None, "Recorded picture"))

        # What cannot be read is told in one line.
        os.rename(path, path + ".away")
        app.click("Picture")
        wait("why not", lambda: app.text("^The picture cannot be shown: There is no file"))
        assert not app.has(None, "Recorded picture")
        os.rename(path + ".away", path)
        app.page("Train")

        # A session that is discarded leaves nothing.
        app.click(re.compile("^(New Session|Start)"))
        wait("counting", lambda: app.has("push button", "End Set"), 30)
        wait("a repetition", lambda: (app.count() or 0) >= 1, 60)
        wait("its picture", lambda: len(pictures(app)) == 2)
        app.click("Discard…")
        app.click(re.compile("^Discard( Discard)?$"))
        wait("the picture gone", lambda: pictures(app) == [path])


driver.main(no_picture_is_kept_unless_it_is_wanted, a_picture_that_is_wanted_is_kept)
