"""What every command shares: the terminal, the database it opens, the actor it is, and how it stops."""

import contextlib
import secrets
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from app.db import Database, Stamp
from app.deps import Clock
from app.domain.access import Actor, Role
from app.domain.errors import TrackerError
from app.domain.words import Lang
from app.services import journal
from app.settings import Settings

# A pipe or a file has no width of its own; a table must not lose columns to eighty characters.
out = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else 200)
err = Console(stderr=True, highlight=False, soft_wrap=True)
# The command line acts as itself: a named system actor, never as one of the two keys of a COD.
SYSTEM = Actor(Role.SYSTEM, user="command-line")
# Dates are typed as 2023-12-31.
DAY = ["%Y-%m-%d"]
Moment = datetime | None


@contextlib.contextmanager
def database(settings: Settings) -> Iterator[Database]:
    database = Database(settings, seal=journal.seal)
    try:
        yield database
    finally:
        database.close()


@contextlib.contextmanager
def named() -> Iterator[None]:
    """A refusal as a sentence instead of a traceback."""
    try:
        yield
    except TrackerError as error:
        stop(f"{error.problem.label(Lang.EN)} {dict(error.details) or ''}".strip())


@contextlib.contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error while something long runs; nothing where nobody watches."""
    bar = Progress(
        TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=err, transient=True,
        disable=not err.is_terminal,
    )  # fmt: skip
    with bar:
        task = bar.add_task(what, total=None)
        yield lambda done, whole: bar.update(task, completed=done, total=whole)


def stamp(clock: Clock) -> Stamp:
    return Stamp(clock.now(), f"cli-{secrets.token_hex(6)}")


def stop(said: str) -> NoReturn:
    err.print(said)
    raise typer.Exit(1)
