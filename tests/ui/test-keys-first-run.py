"""The first steps by keyboard alone, from the first page to the last: every control has a name and is come to,
and pages that are not in view are not.

Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0
"""

import driver
from driver import App, press_keys, wait
from keyboard import STATE, go_to, has, left, nodes, opened, says, to_come_to, works

PAGES = [
    [],
    ["On a chair, screen upright", "Facing the camera"],
    ["Cyclist squat", "Narrow-stance squat", "Wedge Under the Heels"],
    [],
    ["Voice", "Beeps", "Test the Sound"],
]


def stored(app, key):
    with open(f"{app.home}/config/glib-2.0/settings/keyfile", encoding="utf-8") as file:
        return dict(line.strip().split("=", 1) for line in file if "=" in line).get(key)


def step(app, n):
    wait(f"step {n}", lambda: app.text(f"^Step {n} of 5$"))


def settled(window):
    """The page has come to rest: what moves away is not shown a moment later."""
    last = None
    while (now := [says(node) for node in to_come_to(nodes(window), window)]) != last:
        last = now
        driver.time.sleep(0.3)


def from_the_first_page_to_the_last():
    with App(settings={"welcomed": "false"}) as app:
        step(app, 1)
        window = opened(app, "First Steps")
        for n, controls in enumerate(PAGES, 1):
            step(app, n)
            settled(window)
            names = works(window, f"first steps, page {n}")
            last = n == len(PAGES)
            for name in [*controls, "Skip", "Start" if last else "Next", *(["Back"] if n > 1 else [])]:
                assert name in names, (n, name, names)
            for other in PAGES[:n - 1] + PAGES[n:]:
                assert not set(other) & set(names), f"page {n}: Tab goes to another page: {names}"
            if n == 3:
                # Chosen without the mouse.
                go_to("list item", "Narrow-stance squat")
                press_keys("Return")
                wait("the exercise", lambda: stored(app, "exercise") == "'narrow'")
                go_to("list item", "Cyclist squat", "Up")
                press_keys("Return")
                wait("the exercise", lambda: stored(app, "exercise") == "'cyclist'")
                go_to("spin button", "Wedge Under the Heels")
                before = stored(app, "wedge-cm")
                press_keys("Up")
                wait("the wedge", lambda: stored(app, "wedge-cm") != before)
            if n == 2:
                # Its button goes back, and the other one on.
                go_to("push button", "Back")
                press_keys("Return")
                step(app, 1)
                settled(window)
                go_to("push button", "Next")
                press_keys("Return")
                step(app, 2)
                settled(window)
            if not last:
                go_to("push button", "Next")
                press_keys("Return")
        go_to("push button", "Start")
        press_keys("Return")
        wait("the end of the first steps", lambda: not app.has("frame", "First Steps"))
        wait("the setting", lambda: stored(app, "welcomed") == "true")


def skipped_by_its_button_and_opened_again():
    with App(settings={"welcomed": "false"}) as app:
        window = opened(app, "First Steps")
        settled(window)
        skip = go_to("push button", "Skip")
        assert has(skip, STATE.FOCUSED)
        left(app, "Return", "First Steps")
        wait("the setting", lambda: stored(app, "welcomed") == "true")


driver.main(
    from_the_first_page_to_the_last,
    skipped_by_its_button_and_opened_again,
)
