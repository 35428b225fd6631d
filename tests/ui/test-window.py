"""The window without any camera: what it says, that everything has a name, and what it does with
files it cannot use.

Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0
"""

import os
import re
import subprocess
import tempfile
import time

import driver
from driver import App, press_keys, wait

CONTROLS = {
    "push button", "toggle button", "combo box", "check box", "entry", "text", "page tab",
    "list", "table", "level bar", "image", "menu item", "status bar", "radio button",
}


def nameless(app):
    """An unnamed GTK widget carries its type as its name: that is none. An image inside of a named
    control is decoration."""
    found = []
    for node in app.all():
        name, role = node.get_name(), node.get_role_name()
        if role not in CONTROLS or (role == "image" and name == "GtkImage"):
            continue
        if not name or re.match(r"^(Gtk|Adw|Td)[A-Z]", name):
            found.append(f"{role} {name!r}")
    return found


def says_that_there_is_no_camera_and_offers_a_way_on():
    with App() as app:
        wait("no camera", lambda: app.text("^No Camera$"))
        app.find("push button", "Look Again")
        app.find("push button", "Open a Video…")
        app.find("push button", "Demo")
        start = app.find("push button", "Start")
        assert not start.get_state_set().contains(driver.Atspi.StateType.SENSITIVE)


def there_is_one_guide_and_the_program_ends_from_there():
    with App() as app:
        wait("no camera", lambda: app.text("^No Camera$"))
        main = subprocess.run(["xdotool", "search", "--onlyvisible", "--name", "^Teardrop$"], check=True,
                              stdout=subprocess.PIPE, text=True).stdout.split()[0]
        for _ in range(2):
            # There is no window manager that would give the keyboard back.
            subprocess.run(["xdotool", "windowfocus", "--sync", main], check=True)
            press_keys("F1")
            wait("the guide", lambda: app.has("frame", "Guide"))
            time.sleep(0.5)
        assert len(app.all("frame", "Guide")) == 1
        app.quit()


def every_control_has_a_name():
    with App() as app:
        wait("no camera", lambda: app.text("^No Camera$"))
        assert not nameless(app), nameless(app)
        app.click("Demo")
        wait("a picture", lambda: app.has("image", "Live picture"))
        wait("counting", lambda: app.count() is not None)
        assert not nameless(app), nameless(app)
        app.page("History")
        assert not nameless(app), nameless(app)


def a_file_that_is_no_video_is_named_with_its_reason():
    folder = tempfile.mkdtemp(prefix="teardrop-ui-")
    text = os.path.join(folder, "notes.mp4")
    with open(text, "w") as file:
        file.write("not a video\n" * 100)
    for path in (text, os.path.join(folder, "absent.mp4")):
        with App("--file", path) as app:
            wait("the reason", lambda: app.text("^This Video Cannot Be Counted$"))
            app.find("push button", "Open Another Video…")
            assert not os.path.exists(app.database) or app.rows("select * from session") == []


def a_model_that_cannot_be_used_is_named_with_its_reason():
    folder = tempfile.mkdtemp(prefix="teardrop-ui-")
    with App("--model", folder, "--demo") as app:
        wait("the reason", lambda: app.text("^This Video Cannot Be Counted$"))
        wait("the model", lambda: app.text("(?i)model"))


def starts_and_ends_for_a_measurement():
    home = tempfile.mkdtemp(prefix="teardrop-ui-")
    build = os.path.abspath(os.path.join(os.path.dirname(driver.PROGRAM), "../.."))
    out = subprocess.run(
        [driver.PROGRAM, "--exit-after-startup"], check=True, timeout=60, text=True,
        stdout=subprocess.PIPE,
        env=dict(os.environ, GSETTINGS_SCHEMA_DIR=f"{build}/ui/data", GSETTINGS_BACKEND="memory",
                 XDG_DATA_HOME=home, HOME=home)).stdout
    assert re.fullmatch(r"first-paint-ms \d+\n", out), out


def wrong_usage_is_refused_in_one_line():
    for arguments in (["--nonsense"], ["one.mp4", "two.mp4"]):
        result = subprocess.run([driver.PROGRAM, *arguments], timeout=60, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert result.returncode != 0
        assert len(result.stderr.strip().splitlines()) == 1, result.stderr


driver.main(
    says_that_there_is_no_camera_and_offers_a_way_on,
    there_is_one_guide_and_the_program_ends_from_there,
    every_control_has_a_name,
    a_file_that_is_no_video_is_named_with_its_reason,
    a_model_that_cannot_be_used_is_named_with_its_reason,
    starts_and_ends_for_a_measurement,
    wrong_usage_is_refused_in_one_line,
)
