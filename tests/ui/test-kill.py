"""kill -9 in the middle of a set: what was announced is on the disk.

Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0
"""

import re
import shutil
import sqlite3
import tempfile

import driver
from driver import App, wait


def every_announced_repetition_survives_a_kill():
    for announced in (1, 3, 5):
        home = tempfile.mkdtemp(prefix="teardrop-ui-")
        with App("--demo", home=home) as app:
            count = wait(f"repetition {announced}",
                         lambda: (app.count() or 0) >= announced and app.count(), 60)
            app.kill()
            with sqlite3.connect(app.database) as db:
                stored = db.execute("select count(*) from repetition where counted").fetchone()[0]
                assert stored >= count, (stored, count)
                assert db.execute("pragma integrity_check").fetchone() == ("ok",)
                assert db.execute("pragma foreign_key_check").fetchall() == []

        # The session that was cut off is in the history of the next start.
        with App(home=home) as app:
            app.page("History")
            wait("the session", lambda: app.text(f"^{stored} repetitions?.*deepest"))
            cells = wait("its repetitions", lambda: app.all("label", re.compile("^Counted$")))
            assert len(cells) == stored, (len(cells), stored)
        shutil.rmtree(home)


driver.main(every_announced_repetition_survives_a_kill)
