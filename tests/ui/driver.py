"""Starts the real program and drives it through the accessibility tree, as a screen reader would.

Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0
"""

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
PROGRAM = os.path.abspath(os.environ.get("TEARDROP", f"{ROOT}/.build/src/app/teardrop"))
CLI = os.path.abspath(
    os.environ.get("TEARDROP_CLI", os.path.join(PROGRAM, "../../cli/teardrop-cli"))
)
# Every wait is for something; a slow machine only takes longer.
PATIENCE = float(os.environ.get("TD_UI_PATIENCE", "20"))


def pump():
    """Lets events of the accessibility bus in, or its cache would stay as it was."""
    context = GLib.MainContext.default()
    while context.pending():
        context.iteration(False)


def wait(what, condition, timeout=PATIENCE):
    """What CONDITION returns as soon as it is true; the test fails when it never is."""
    end = time.monotonic() + timeout
    while True:
        pump()
        try:
            value = condition()
        except GLib.Error:  # the widget went while it was looked at
            value = None
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"not within {timeout:.0f} s: {what}")
        time.sleep(0.02)


class App:
    """The program with a home of its own. Use as a context manager: it fails the test when the
    program warned about itself."""

    # What a test does not ask for stays out of its way: no first steps, no sound.
    SETTINGS = {"welcomed": "true", "voice": "false", "cues": "false", "beeps": "false",
                "depth-beep": "false"}

    def __init__(self, *arguments, home=None, env=None, settings=None):
        """SETTINGS: keys and GVariant texts of a new home; one that is taken over keeps its own."""
        self.home = home or tempfile.mkdtemp(prefix="teardrop-ui-")
        self.keep_home = home is not None
        self.database = f"{self.home}/data/teardrop/teardrop.db"
        self.log_path = f"{self.home}/log"
        data = f"{self.home}/shipped"
        if not os.path.isdir(data):
            os.makedirs(data)
            os.symlink(f"{ROOT}/models", f"{data}/models")
            os.symlink(f"{ROOT}/ui/data/demo.mp4", f"{data}/demo.mp4")
        self.data = data
        build = os.path.join(os.path.dirname(PROGRAM), "../..")
        self.env = dict(
            os.environ,
            TEARDROP_DATA_DIR=data,
            GSETTINGS_SCHEMA_DIR=os.path.abspath(f"{build}/ui/data"),
            GSETTINGS_BACKEND="keyfile",
            XDG_DATA_HOME=f"{self.home}/data",
            XDG_CONFIG_HOME=f"{self.home}/config",
            XDG_CACHE_HOME=f"{self.home}/cache",
            HOME=self.home,
            **(env or {}),
        )
        self._write_settings({**self.SETTINGS, **(settings or {})})
        self.log = open(self.log_path, "a")
        self.process = subprocess.Popen(
            [PROGRAM, *arguments], env=self.env, stdout=self.log, stderr=self.log, cwd=self.home
        )
        self.root = wait("the program in the accessibility tree", self._find_root)

    def _write_settings(self, settings):
        path = f"{self.home}/config/glib-2.0/settings/keyfile"
        if os.path.exists(path):
            return
        os.makedirs(os.path.dirname(path))
        with open(path, "w") as file:
            file.write("[io/github/teardrop/Teardrop]\n")
            file.writelines(f"{key}={value}\n" for key, value in settings.items())

    def _find_root(self):
        assert self.process.poll() is None, "the program ended:\n" + self.log_text()
        desktop = Atspi.get_desktop(0)
        for i in range(desktop.get_child_count()):
            child = desktop.get_child_at_index(i)
            if child and child.get_process_id() == self.process.pid and child.get_child_count():
                return child
        return None

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        self.stop()
        text = self.log_text()
        if kind:
            print(text, file=sys.stderr)
        if not self.keep_home:
            shutil.rmtree(self.home, ignore_errors=True)
        if not kind:
            bad = [line for line in text.splitlines() if re.search(r"CRITICAL|WARNING", line)]
            # Of the machine, not of the program: no settings portal, no a11y cache on this bus.
            bad = [line for line in bad if "dbus-daemon" not in line and "portal" not in line]
            assert not bad, "\n".join(bad)

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(PATIENCE)
        self.log.close()

    def quit(self):
        """Ends the program as its user does, and waits for it."""
        press_keys("ctrl+q")
        assert self.process.wait(PATIENCE) == 0

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(PATIENCE)

    def log_text(self):
        with open(self.log_path) as file:
            return file.read()

    # --- The tree ---------------------------------------------------------------------------

    def all(self, role=None, name=None):
        """Every node with that role name and that name (a string, or a pattern to search)."""
        found = []

        def visit(node):
            if node is None:
                return
            try:
                if (role is None or node.get_role_name() == role) and (
                    name is None
                    or (name.search(node.get_name()) if hasattr(name, "search")
                        else node.get_name() == name)
                ):
                    found.append(node)
                children = range(node.get_child_count())
                for i in children:
                    visit(node.get_child_at_index(i))
            except GLib.Error:
                return

        visit(self.root)
        return found

    def find(self, role=None, name=None, timeout=PATIENCE):
        nodes = wait(f"{role} {name}", lambda: self.all(role, name), timeout)
        return nodes[0]

    def has(self, role=None, name=None):
        pump()
        return bool(self.all(role, name))

    def click(self, name, role="push button"):
        node = self.find(role, name)
        wait(f"{name} can be pressed",
             lambda: node.get_state_set().contains(Atspi.StateType.SENSITIVE))
        assert Atspi.Action.do_action(node, 0), name

    def page(self, name):
        """Both switchers, of wide and narrow windows, are in the tree and do the same."""
        assert Atspi.Action.do_action(self.find("page tab", name), 0), name
        wait(f"page {name}", lambda: any(
            tab.get_state_set().contains(Atspi.StateType.SELECTED)
            for tab in self.all("page tab", name)))

    def count(self):
        """What the count says to a screen reader, or None while there is none."""
        pump()
        nodes = self.all("status bar", re.compile(r"^\d+ repetitions?( of \d+)?$"))
        return int(nodes[0].get_name().split()[0]) if nodes else None

    def wait_for_end(self, timeout=PATIENCE):
        """The summary of the session that ended: what it says of all repetitions."""
        return wait("the end of the session", lambda: self.text("^Done: "), timeout)

    def text(self, pattern):
        """The first text that matches; hidden widgets are not in the tree."""
        pump()
        nodes = self.all(None, re.compile(pattern))
        return nodes[0].get_name() if nodes else None

    def cli_count(self, clip):
        """What the command line counts in the same clip."""
        import json

        out = subprocess.run([CLI, "analyze", clip], env=self.env, check=True,
                             stdout=subprocess.PIPE, timeout=120)
        return json.loads(out.stdout)["count"]

    def rows(self, query):
        with sqlite3.connect(f"file:{self.database}?mode=ro", uri=True) as db:
            return db.execute(query).fetchall()


def press_keys(*keys):
    if not shutil.which("xdotool"):
        print("skipped: xdotool is not installed", file=sys.stderr)
        sys.exit(77)
    subprocess.run(["xdotool", "key", *keys], check=True)


def main(*tests):
    """Runs every test; one line each."""
    failed = 0
    for test in tests:
        name = test.__name__.replace("_", " ")
        start = time.monotonic()
        try:
            test()
            print(f"ok: {name} ({time.monotonic() - start:.1f} s)", flush=True)
        except Exception as error:  # noqa: BLE001: reported, and the others still run
            import traceback

            failed += 1
            traceback.print_exc()
            print(f"FAILED: {name}: {error}", flush=True)
    sys.exit(1 if failed else 0)
