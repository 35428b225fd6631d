"""Pictures of every page and state in one theme and size; see the script of the same name.

Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0
"""

import os
import re
import shutil
import subprocess
import sys
import time

import driver
import months
from driver import App, activate, press_keys, wait

FOLDER, THEME, SIZE = sys.argv[1:]
WIDTH, HEIGHT = (int(n) for n in SIZE.split("x"))
MOST_BYTES = 120_000
SETTINGS = {"window-width": str(WIDTH), "window-height": str(HEIGHT), "units": "'metric'",
            "target-reps": "8", "target-sets": "3", "load-kg": "20", "countdown-s": "5", "stand-s": "4",
            "rest-s": "90"}
taken = []


def xdotool(*arguments):
    return subprocess.run(["xdotool", *arguments], check=True, stdout=subprocess.PIPE, text=True).stdout


def windows():
    """The program's windows, the last one opened last; GTK has invisible ones of its own, too."""
    ids = subprocess.run(["xdotool", "search", "--onlyvisible", "--name", "."], stdout=subprocess.PIPE,
                         text=True).stdout.split()
    return sorted(int(i) for i in ids)


def geometry(window):
    values = dict(line.split("=") for line in
                  xdotool("getwindowgeometry", "--shell", str(window)).split() if "=" in line)
    return int(values["WIDTH"]), int(values["HEIGHT"])


def place(window):
    """There is no window manager: a window over another one is centred, and never larger than the
    screen."""
    width, height = geometry(window)
    width, height = min(width, WIDTH), min(height, HEIGHT)
    x, y = (WIDTH - width) // 2, (HEIGHT - height) // 2
    xdotool("windowsize", str(window), str(width), str(height))
    xdotool("windowmove", str(window), str(x), str(y))
    rest_pointer(x, y)


def rest_pointer(x=0, y=0):
    """In the corner of a header bar, where it points at nothing."""
    xdotool("mousemove", str(x + 2), str(y + 2))


def picture(name, settle=0.7):
    time.sleep(settle)
    driver.pump()
    path = f"{FOLDER}/{name}-{THEME}-{SIZE}.png"
    subprocess.run(["import", "-window", "root", path], check=True)
    taken.append(path)
    print(f"  {name}", flush=True)


def shrink():
    """As few colours as the size asks for; a photograph needs more bytes than a table. After all are
    taken: a busy machine would drop frames."""
    for path in taken:
        for colors in (256, 128, 64, 40, 24):
            subprocess.run(["pngquant", "--strip", "--speed", "1", "--force", "--nofs" if colors < 256 else
                            "--floyd=0.5", "--output", path + ".small", str(colors), path], check=True)
            if os.path.getsize(path + ".small") <= MOST_BYTES:
                break
        os.replace(path + ".small", path)


def play():
    subprocess.run([os.environ["TESTCAM_PLAY"]], check=True)


def plug():
    """In again, standing at the clip's beginning."""
    folder = os.environ["TESTCAM_LOG"]
    if os.path.exists(f"{folder}/playing"):
        os.unlink(f"{folder}/playing")
    subprocess.run([os.environ["TESTCAM_START"]], check=True)


def ready(app):
    wait("the camera's picture", lambda: app.text("^(Ready: press Start|Step|Show)"))


def first_run():
    with App(settings={**SETTINGS, "welcomed": "false"}) as app:
        wait("the first step", lambda: app.text("^Step 1 of 5$"))
        wait("the picture", lambda: app.has("image", "Live picture"))
        place(windows()[-1])
        picture("first-run-camera", 1)
        press_keys("Next")
        wait("the second step", lambda: app.text("^Step 2 of 5$"))
        picture("first-run-place", 1)


def countdown():
    """Somebody who moves: who stands still in view begins at once."""
    with App(settings={**SETTINGS, "countdown-s": "20"}) as app:
        rest_pointer()
        ready(app)
        play()
        time.sleep(3)
        app.click("Start")
        wait("the countdown", lambda: app.text(r"^\d+ seconds?$"))
        picture("train-countdown", 0)
    subprocess.run([os.environ["TESTCAM_STOP"]], check=True)
    plug()


def train(home):
    with App(home=home, settings=SETTINGS) as app:
        rest_pointer()
        ready(app)
        picture("train-ready", 1.5)
        app.click("Start")
        wait("counting", lambda: app.has("push button", "End Set"))
        play()
        wait("repetitions", lambda: (app.count() or 0) >= 4, 60)
        picture("train-set", 0.1)
        wait("the rest", lambda: app.text(r"^Set 1 of 3 · \d+ repetitions?$"), 60)
        picture("train-rest", 1.5)
        press_keys("ctrl+Return")
        app.wait_for_end()
        picture("train-end")


def video():
    with App("--demo", settings=SETTINGS) as app:
        rest_pointer()
        wait("repetitions", lambda: (app.count() or 0) >= 3, 60)
        picture("train-file", 0.1)


def no_camera():
    subprocess.run([os.environ["TESTCAM_STOP"]], check=True)
    with App(settings=SETTINGS) as app:
        rest_pointer()
        wait("no camera", lambda: app.text("^No Camera$"))
        picture("train-no-camera")


def show(app, part):
    assert activate(app.find(None, part)), part


def history(app):
    app.page("History")
    wait("its sessions", lambda: app.all("list item", re.compile(" squat, ")))
    rest_pointer()
    picture("history-list", 1.5)
    press_keys("ctrl+f", "Return")
    time.sleep(0.3)
    press_keys("Return")
    wait("its repetitions", lambda: app.all("push button", re.compile("^Set 1, repetition 1: ")))
    picture("history-charts", 1.5)
    show(app, "Replay")
    wait("the replay", lambda: app.has(None, "Play"))
    for _ in range(2):
        app.click("Next repetition" if app.has("push button", "Next repetition") else
                  re.compile("^Repetition after"))
    picture("history-replay", 1.5)
    show(app, "Compare")
    picture("history-compare", 1.5)
    show(app, "Sets and Note")
    picture("history-sets", 1)


def window(app, keys, frame, pages, name):
    """The pages of a window that KEYS open."""
    before = windows()
    press_keys(keys)
    new = wait(frame, lambda: [i for i in windows() if i not in before])
    time.sleep(0.5)
    place(new[-1])
    for page in pages:
        app.page(page)
        picture(f"{name}-{page.lower()}", 1)
    if not pages:
        picture(name, 1)
    press_keys("Escape")
    wait(f"the end of {frame}", lambda: new[-1] not in windows())
    rest_pointer()


def sessions(home):
    with App(home=home) as app:
        rest_pointer()
        wait("no camera", lambda: app.text("^No Camera$"))
        window(app, "F1", "Guide", ("Squats", "Place", "Measures", "Questions"), "guide")
        window(app, "ctrl+comma", "Preferences", ("Camera", "Training", "Limits", "Sound", "General"),
               "preferences")
        window(app, "ctrl+question", "Keyboard shortcuts", (), "shortcuts")
        app.page("Trends")
        wait("what has changed", lambda: app.text("^Since "))
        picture("trends", 1.5)
        history(app)


def main():
    home = months.home_with_months()
    pristine = f"{home}-pristine"
    shutil.copytree(home, pristine, symlinks=True)
    print(f"{THEME} {SIZE}", flush=True)
    try:
        first_run()
        countdown()
        train(home)
        video()
        no_camera()
        # Without the session that was just trained.
        with_config = f"{pristine}/config/glib-2.0/settings"
        os.makedirs(with_config)
        shutil.copy(f"{home}/config/glib-2.0/settings/keyfile", with_config)
        sessions(pristine)
    finally:
        shutil.rmtree(home, ignore_errors=True)
        shutil.rmtree(pristine, ignore_errors=True)
        shrink()


main()
