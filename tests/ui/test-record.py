"""The picture of a session: kept only when that was switched on, replayed under the skeleton, deleted with
its session.

Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0
"""

import glob
import os
import re
import subprocess
import sys
import tempfile
import time

import driver
from driver import App, activate, press_keys, wait

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


def a_deleted_session_takes_its_picture_along(app, path):
    app.click("Delete this session")
    wait("an empty history", lambda: not app.text("repetitions?.*deepest"))
    assert pictures(app) == [path], "it can be taken back"
    app.click(re.compile("^Undo"))
    wait("the session back", lambda: app.text("repetitions?.*deepest"))
    time.sleep(0.5)
    assert pictures(app) == [path] and app.rows("select count(*) from session")[0][0] == 1
    app.click("Delete this session")
    wait("an empty history", lambda: not app.text("repetitions?.*deepest"))
    app.quit()
    assert not pictures(app)
    assert app.rows("select count(*) from session")[0][0] == 0


# A disk that gets full when a picture has this many bytes, and has room for all else.
FULL = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>
static int
full (int file)
{
  char link[64], name[4096];
  struct stat info;
  snprintf (link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t n = readlink (link, name, sizeof name);
  return n > 5 && memcmp (name + n - 5, ".webm", 5) == 0 && fstat (file, &info) == 0
         && info.st_size > 300000;
}
ssize_t
write (int file, const void *bytes, size_t n)
{
  ssize_t (*next) (int, const void *, size_t) = dlsym (RTLD_NEXT, "write");
  if (!full (file))
    return next (file, bytes, n);
  errno = ENOSPC;
  return -1;
}
ssize_t
writev (int file, const struct iovec *parts, int n)
{
  ssize_t (*next) (int, const struct iovec *, int) = dlsym (RTLD_NEXT, "writev");
  if (!full (file))
    return next (file, parts, n);
  errno = ENOSPC;
  return -1;
}
"""


def a_disk_that_gets_full_costs_the_picture_alone():
    with tempfile.TemporaryDirectory(prefix="teardrop-ui-") as folder:
        with open(f"{folder}/full.c", "w", encoding="utf-8") as file:
            file.write(FULL)
        subprocess.run(["cc", "-shared", "-fPIC", "-o", f"{folder}/full.so", f"{folder}/full.c"],
                       check=True)
        with App(settings={**SETTINGS, "record-picture": "true"},
                 env={"LD_PRELOAD": f"{folder}/full.so"}) as app:
            train(app)
            wait("the message", lambda: app.text(
                "^The picture is not recorded, all else is. .*no space left on the disk"), 60)
            screenshot("full")
            count = app.count()
            wait("the count going on", lambda: app.count() > count, 60)
            # The line is needed for the cues.
            wait("it was told long enough", lambda: not app.text("^The picture is not recorded"), 30)
            app.click("End Set")
            wait("it is told again in the rest", lambda: app.text("^The picture is not recorded"))
            app.click("Finish")
            end = app.wait_for_end()
            assert re.search("Saved in History", end), end
            counted = int(end.split()[1])
            assert counted > count
            (session, picture), = app.rows("select id, picture from session")
            assert app.rows("select count(*) from repetition where counted")[0][0] == counted
            (first, last), = app.rows("select min(time_ns), max(time_ns) from sample")
            assert last - first > 8e9, "all of it, not only what was filmed"
            path = f"{app.home}/data/teardrop/pictures/{picture}"
            assert pictures(app) == [path] and os.path.getsize(path) < 500000

            # What there is of it is shown, and where it ends is told.
            app.click("See It in History")
            assert activate(app.find(None, "Replay"))
            app.click("Picture")
            wait("the recorded picture", lambda: any(
                node.get_description() == "A person, with the skeleton drawn over the body"
                for node in app.all(None, "Recorded picture")))
            for _ in range(counted):
                app.click("Next repetition")
            wait("its end", lambda: app.text("^The recorded picture ends before this moment"))
            assert app.all(None, "Recorded picture")[0].get_description() == \
                "The last picture that was recorded"
            screenshot("ended")


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
        activate(switches[0])
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
        assert activate(app.find(None, "Replay"))
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

        app.page("History")
        a_deleted_session_takes_its_picture_along(app, path)


tests = {
    "kept": [no_picture_is_kept_unless_it_is_wanted, a_picture_that_is_wanted_is_kept],
    "full": [a_disk_that_gets_full_costs_the_picture_alone],
}
driver.main(*tests[sys.argv[1]])
