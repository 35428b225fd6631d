"""Trends by keyboard alone: every control has a name and is come to, and a chart is read.

Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0
"""

import driver
import months
from driver import App, press_keys, wait
from keyboard import choose_next, go_to, nodes, opened, to_come_to, works

ALWAYS = ["Train", "History", "Trends", "Main menu", "Exercise", "Load", "Depth", "Save the chart “Depth”"]


def settled(window):
    last = None
    while (now := to_come_to(nodes(window), window)) != last:
        last = now
        driver.time.sleep(0.2)


def every_control_and_a_chart():
    with App(home=months.home_with_months()) as app:
        app.keep_home = False
        wait("no camera", lambda: app.text("^No Camera$"))
        window = opened(app, "Teardrop")
        press_keys("alt+3")
        wait("what has changed", lambda: app.text("^Since "))
        settled(window)
        names = works(window, "trends")
        for name in ALWAYS:
            assert name in names, (name, names)
        chart = go_to("image", "Depth")
        press_keys("Home")
        wait("a week", lambda: chart.get_description().startswith("Week of"))
        press_keys("Escape")
        wait("all weeks", lambda: not chart.get_description().startswith("Week of"))
        for name in ("Exercise", "Load"):
            button = go_to("push button", name)
            first, second = choose_next(button)
            assert first and second and first != second, f"{name}: {first!r}, {second!r}"
        settled(window)
        works(window, "trends of one load")


driver.main(every_control_and_a_chart)
