"""Trends by keyboard alone: with each exercise and load that can be chosen, every control has a name and is
come to.

Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0
"""

import driver
import months
from driver import App, press_keys, wait
from keyboard import STATE, go_to, has, nodes, opened, to_come_to, works

ALWAYS = ["Train", "History", "Trends", "Main menu", "Exercise", "Load", "Depth", "Save the chart “Depth”"]


def settled(window):
    last = None
    while (now := to_come_to(nodes(window), window)) != last:
        last = now
        driver.time.sleep(0.2)


def take(app, name, at):
    """The choice AT from the top of the list NAME; its words, or None where the list has no such choice."""
    button = go_to("push button", name)
    press_keys("space")
    first = wait(f"the choices of {name}", lambda: [node for node in app.all("list item")
                                                  if has(node, STATE.FOCUSED)])[0]
    rows = first.get_parent()
    if at >= rows.get_child_count():
        press_keys("Escape")
        return None
    press_keys("Home")
    wanted = rows.get_child_at_index(at)
    for _ in range(at):
        press_keys("Down")
    wait(f"choice {at} of {name}", lambda: has(wanted, STATE.FOCUSED))
    text = wanted.get_name()
    assert text, f"choice {at} of {name} has no name"
    press_keys("Return")
    wait(f"the focus back on {name}", lambda: has(button, STATE.FOCUSED))
    return text


def each_exercise_and_load():
    with App(home=months.home_with_months()) as app:
        app.keep_home = False
        wait("no camera", lambda: app.text("^No Camera$"))
        window = opened(app, "Teardrop")
        press_keys("alt+3")
        wait("what has changed", lambda: app.text("^Since "))
        exercises = []
        while (exercise := take(app, "Exercise", len(exercises))) is not None:
            exercises.append(exercise)
            # All, body weight, and one load.
            for load in range(3):
                text = take(app, "Load", load)
                settled(window)
                names = works(window, f"trends, {exercise}, {text}")
                for name in ALWAYS:
                    assert name in names, (exercise, text, name, names)
        assert exercises == ["Cyclist squat", "Narrow-stance squat", "All exercises"], exercises
        chart = go_to("image", "Depth")
        press_keys("Home")
        wait("a week", lambda: chart.get_description().startswith("Week of"))
        press_keys("Escape")
        wait("all weeks", lambda: not chart.get_description().startswith("Week of"))
        go_to("push button", "Save the chart “Depth”", "shift+Tab")
        press_keys("Return")
        wait("the name of the file", lambda: app.has("text", "Name:"))
        press_keys("Escape")
        wait("the end of the dialog", lambda: not app.has("text", "Name:"))


driver.main(each_exercise_and_load)
