"""Trends by keyboard alone: with each exercise and load that can be chosen, every control has a name and is
come to, and each chart is read and saved.

Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0
"""

import re
import shutil

import driver
import months
from driver import App, press_keys, wait
from keyboard import STATE, go_to, has, opened, press, says, works

ALWAYS = ["Train", "History", "Trends", "Main menu", "Exercise", "Load"]


def chosen(app):
    """What the page says: another choice gives another text."""
    return [app.text("^Since |^No change|^You |^Nothing "), app.text(" · .* on average$| sessions, ")]


def options(app, name):
    """How many choices the drop-down NAME has, by looking at it, and leaving it with Escape."""
    press_keys("space")
    first = wait("the choices", lambda: [node for node in app.all("list item") if has(node, STATE.FOCUSED)])
    n = first[0].get_parent().get_child_count()
    press("Escape")
    return n
