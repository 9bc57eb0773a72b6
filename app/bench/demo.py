"""How long the schedule of the demo takes: the real register and what comes with it, each subject with its milestones."""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from app import register as registers
from app.bench.seeding_milestones import TODAY
from app.db import Database, Session, Stamp
from app.domain.access import Actor, Role
from app.domain.errors import Conflict
from app.domain.network import Plan
from app.domain.schedule import compute
from app.outside import shipped
from app.queries import journal as read_journal
from app.queries import network
from app.queries.capacity import View
from app.queries.subjects import TABLES
from app.schemas.milestones import TemplateApply
from app.services import journal, register, templates
from app.settings import Settings

SYSTEM = Actor(Role.SYSTEM, user="bench")
NOW = datetime(TODAY.year, TODAY.month, TODAY.day, 2, tzinfo=UTC)
# The passes take a small part of what a plan takes, so there is time to make them more often.
PASSES_A_RUN = 4


def timed(runs: int) -> tuple[int, float, float]:
    """How many milestones there are, the milliseconds of both passes alone, and those of the whole plan: loading,
    building and both passes. Medians of so many runs."""
    calendar = shipped.calendar(None)
    with _demo() as database:
        plans: list[Plan] = []

        def plan() -> None:
            with database.reading() as session:
                view = View(SYSTEM, TODAY, read_journal.head(session))
                plans[:] = [network.plan(session, view, network.whole(session, view), calendar)]

        plan_ms = _median_ms(plan, runs)
        found, workdays = plans[0].network, network.workdays(calendar)
        return len(found.kind), _median_ms(lambda: compute(found, workdays), PASSES_A_RUN * runs), plan_ms


def _median_ms(work: Callable[[], object], runs: int) -> float:
    times = []
    for _ in range(runs + 1):
        started = time.perf_counter()
        work()
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times[1:])  # The first is for warming up.


@contextmanager
def _demo() -> Iterator[Database]:
    """A throw-away database with the demo's register and every milestone of every subject."""
    with tempfile.TemporaryDirectory(prefix="tracker-bench-") as folder:
        settings = Settings(_env_file=None, database_url=f"sqlite:///{folder}/demo.db", demo=True)
        database = Database(settings, seal=journal.seal)
        try:
            database.upgrade()
            for file in (registers.BEN_TRE, *registers.DEMO):
                with database.changing(Stamp(NOW, "bench")) as session:
                    _bring(session, file)
            with database.changing(Stamp(NOW, "bench")) as session:
                _apply(session)
            yield database
        finally:
            database.close()


def _bring(session: Session, file: Path) -> None:
    register.import_file(session, SYSTEM, file.read_text("utf-8"), TODAY, until=TODAY)


def _apply(session: Session) -> None:
    for kind, table in TABLES.items():
        for code in session.execute(select(table.code).order_by(table.id)).scalars().all():
            # Whatever the files give milestones to has them already.
            with suppress(Conflict):
                templates.apply(session, SYSTEM, kind, code, TemplateApply())
