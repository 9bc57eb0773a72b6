"""Takes the migrations to the newest revision, all the way back and up again, on each database the service runs on.

At the top `alembic check` compares the revisions with the tables of the program: a column that has no migration, or a
migration that names another type, fails here. Run from the top of the tree, with the tree in PYTHONPATH.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests import postgres

STEPS = (("upgrade", "head"), ("check",), ("downgrade", "base"), ("upgrade", "head"), ("check",))


def climb(name: str, url: str) -> None:
    """Take every step on the empty database at `url`; the first that fails ends the program with its output."""
    started = time.monotonic()
    for step in STEPS:
        command = ["env", f"TRACKER_DATABASE_URL={url}", sys.executable, "-m", "alembic", *step]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)  # noqa: S603 - our own words.
        if done.returncode:
            sys.exit(f"{done.stdout}\n{name}: alembic {' '.join(step)} failed")
    sys.stdout.write(f"{name}: up, checked, down, up, checked in {time.monotonic() - started:.1f} s\n")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        climb("SQLite", f"sqlite:///{Path(folder) / 'tracker.db'}")
    for version in (16, 18):  # The one in compose.yaml, and the one the tests run on.
        with postgres.start(version=version) as url:
            climb(f"PostgreSQL {version}", postgres.create_database(url, "tracker"))


main()
