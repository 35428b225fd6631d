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
from gi.repository import Atspi, Gio, GLib  # noqa: E402

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


def accessibility_bus():
    session = Gio.bus_get_sync(Gio.BusType.SESSION)
    address = session.call_sync("org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress", None, None,
                                Gio.DBusCallFlags.NONE, -1, None).unpack()[0]
    return Gio.DBusConnection.new_for_address_sync(
        address, Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT
        | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION, None, None)


class Tree:
    """All that a program ever told of its nodes, in one message: libatspi asks for each role, name and child by
    itself, which takes more than a second and misses what is shown for less."""

    bus = None

    def __init__(self, root):
        if Tree.bus is None:
            Tree.bus = accessibility_bus()
        self.name, self.root = root.app.bus_name, root
        self.nodes = {}  # path: role, name, parent, index, number of children
        self.found = {root.path: root}  # what is there, as libatspi has it; None: it is not shown

    def read(self):
        """Anew. GTK tells of what it was asked for as a child."""
        self.found = {self.root.path: self.root}
        for path in {path for path, (*_, n) in self.nodes.items() if n > 0} | {self.root.path}:
            self._call(path, "Accessible", "GetChildren")
        while True:
            before = set(self.nodes)
            items = self._call("/org/a11y/atspi/cache", "Cache", "GetItems", wait=True).get_child_value(0)
            self.nodes = dict(self._node(items.get_child_value(i)) for i in range(items.n_children()))
            if before.issuperset(self.nodes):
                return
            self._explore(set(self.nodes) - before)

    def _call(self, path, interface, method, done=None, wait=False):
        """Without DONE and WAIT nobody cares for the answer."""
        call = Tree.bus.call_sync if wait else Tree.bus.call
        return call(self.name, path, f"org.a11y.atspi.{interface}", method, None, None,
                    Gio.DBusCallFlags.NONE, -1, None, *([done] if done else []))

    def _explore(self, new):
        """Asks the NEW ones for their children, and those for theirs."""
        waiting = 0

        def ask(path):
            nonlocal waiting
            waiting += 1
            self._call(path, "Accessible", "GetChildren", got)

        def got(bus, result):
            nonlocal waiting
            waiting -= 1
            try:
                children = bus.call_finish(result).unpack()[0]
            except GLib.Error:  # it went
                return
            for _, child in children:
                if child not in self.nodes and child not in new:
                    new.add(child)
                    ask(child)

        for path in list(new):
            ask(path)
        while waiting:
            GLib.MainContext.default().iteration(True)

    @staticmethod
    def _node(item):
        path, parent = (item.get_child_value(k).get_child_value(1).get_string() for k in (0, 2))
        index, n = (item.get_child_value(k).get_int32() for k in (3, 4))
        role = Atspi.role_get_name(Atspi.Role(item.get_child_value(7).get_uint32()))
        return path, (role, item.get_child_value(6).get_string(), parent, index, n)

    def get(self, path):
        """What libatspi has for PATH, or None where it is not in the tree: what is hidden is among what GTK tells,
        with the index of what comes next."""
        if path not in self.found:
            self.found[path] = None
            _, _, parent, index, _ = self.nodes.get(path, (None, None, None, -1, 0))
            above = self.get(parent) if index >= 0 and parent in self.nodes else None
            if above is not None:
                # Of the one child of a page of a stack GTK tells another index.
                node = above.get_child_at_index(min(index, max(self.nodes[parent][4] - 1, 0))
                                                if above is not self.root else index)
                if node is not None and node.path == path:
                    self.found[path] = node
        return self.found[path]

    def place(self, path):
        """To sort by: the indices on the way down."""
        places = []
        while path in self.nodes and path != self.root.path:
            _, _, path, index, _ = self.nodes[path]
            places.append(index)
        return places[::-1]


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
        self.tree = Tree(self.root)

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
        try:
            self.tree.read()
            found = [path for path, (is_a, called, *_) in self.tree.nodes.items()
                     if (role is None or is_a == role)
                     and (name is None or (name.search(called) if hasattr(name, "search") else called == name))]
            nodes = map(self.tree.get, sorted(found, key=self.tree.place))
            return [node for node in nodes if node is not None]
        except GLib.Error:
            return []

    def find(self, role=None, name=None, timeout=PATIENCE):
        nodes = wait(f"{role} {name}", lambda: self.all(role, name), timeout)
        return nodes[0]

    def has(self, role=None, name=None):
        pump()
        return bool(self.all(role, name))

    def click(self, name, role="push button"):
        # Looked for each time: what is laid out anew is another node.
        nodes = wait(f"{name} can be pressed", lambda: [
            node for node in self.all(role, name)
            if node.get_state_set().contains(Atspi.StateType.SENSITIVE)])
        assert activate(nodes[0]), name

    def page(self, name):
        """Both switchers, of wide and narrow windows, are in the tree and do the same."""
        assert activate(self.find("page tab", name)), name
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


def activate(node):
    """GTK answers true for what has not been drawn yet, and does nothing. It holds a button down for a quarter of
    a second, and nobody else presses it meanwhile."""
    def is_drawn():
        return Atspi.Component.get_extents(node, Atspi.CoordType.WINDOW).width > 0

    wait(f"{node.get_name()} is drawn", is_drawn)
    done = Atspi.Action.do_action(node, 0)
    time.sleep(0.3)
    return done


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
