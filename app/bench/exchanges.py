"""How many records of EVN SPC a pull takes in a second, over loopback HTTP in pages of five hundred, beside a bare insert of
the rows that it added."""

import random
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from app import exchanging, simulator
from app.bench import lines
from app.bench.figures import Figure
from app.bench.seeding_milestones import TODAY
from app.db import Database, Session, Stamp
from app.deps import Clock
from app.domain.access import Actor, Role
from app.domain.vocabulary import RunState, Stream, Trigger
from app.domain.words import Lang
from app.outside import shipped
from app.outside.evn_spc import EvnSpc, Patience
from app.queries import exchanges as found
from app.schemas.milestones import BatchQuery
from app.schemas.people import OrganisationCreate, UserCreate
from app.schemas.units import UnitBatch, UnitRow
from app.schemas.works import GridWorkCreate
from app.services import journal, people, unit_batches, works
from app.settings import Settings
from app.simulator import Faults, Simulator, Upstream

SYSTEM = Actor(Role.SYSTEM, user="bench")
LINES, TOWERS, TOWERS_WHEN_QUICK = 5, 500, 20
LOGIN = "bench-connector"
STAGES = ("MAT_BANG", "DUC_MONG", "CAP_COT", "DUNG_COT")
FIRST_DAY = date(2022, 1, 3)


def measure(folder: Path, *, quick: bool) -> Iterator[Figure]:
    """Records a second, on a database of their own."""
    towers = TOWERS_WHEN_QUICK if quick else TOWERS
    settings = Settings(
        _env_file=None, database_url=f"sqlite:///{folder}/exchange.db", demo=True, clock_on=TODAY
    )
    took, bare, count = pull(settings, towers)
    beside = f"{took / bare:.1f} times a bare insert of the rows ({bare:.3f} s); {took:.2f} s in all"
    yield Figure(f"{count:,} records pulled from EVN SPC", count / took, "records/s", beside=beside)


def pull(settings: Settings, towers: int) -> tuple[float, float, int]:
    """Seconds for a pull that brings every tower of five lines through every stage, and for a bare insert of the rows that it
    added; and how many records those are."""
    database = Database(settings, seal=journal.seal)
    try:
        database.upgrade()
        with database.changing(Stamp(Clock(TODAY).now(), "bench")) as session:
            _furnish(session, towers)
        upstream = Upstream(datetime(2022, 6, 1, tzinfo=UTC))
        _build(upstream, towers)
        took = _served(Simulator(upstream, Faults()), lambda url: _timed(database, url))
    finally:
        database.close()
    count = LINES * towers * len(STAGES)
    bare, rows = lines.bare(settings, count)
    if rows != count:
        raise RuntimeError(f"{rows} entries of {count} records")
    return took, bare, count


def _furnish(session: Session, towers: int) -> None:
    organisation = {"code": "bench-grid", "kind": "grid_company", "name": "Bench"}
    people.create_organisation(session, SYSTEM, OrganisationCreate.model_validate(organisation))
    user = {"login": LOGIN, "organisation": "bench-grid", "role": "evn_spc"}
    people.create_user(session, SYSTEM, UserCreate.model_validate(user), None)
    for number in range(LINES):
        work = {"code": f"bench-{number}", "kind": "line", "name": "Bench", "owner": "bench-grid"}
        works.create(session, SYSTEM, GridWorkCreate.model_validate(work))
        rows = [
            UnitRow.model_validate({"kind": "tower", "number": str(n), "position": n})
            for n in range(1, towers + 1)
        ]
        unit_batches.change(session, SYSTEM, work["code"], UnitBatch(rows=rows), BatchQuery(), TODAY, Lang.VI)


def _build(upstream: Upstream, towers: int) -> None:
    for number in range(LINES):
        for at, stage in enumerate(STAGES):
            day = (FIRST_DAY + timedelta(weeks=at)).isoformat()
            for n in range(1, towers + 1):
                said = {"ma_cong_trinh": f"B-{number}", "so_vi_tri": f"VT-{n}", "hang_muc": stage}
                upstream.put(Stream.TOWERS, f"{number}-{n}-{at}", **said, trang_thai="XONG", tu_ngay=day)


def _timed(database: Database, url: str) -> float:
    mapping = replace(shipped.evn_spc_mapping(None), works={f"B-{n}": f"bench-{n}" for n in range(LINES)})
    clock = Clock(TODAY)
    client = EvnSpc(url, None, Patience(time.sleep, random.random, clock.now))
    try:
        started = time.perf_counter()
        run_id = exchanging.pull(exchanging.Line(client, database, clock, mapping, LOGIN), Trigger.COMMAND)
        took = time.perf_counter() - started
    finally:
        client.close()
    with database.reading() as session:
        if found.run(session, run_id).state != RunState.DONE:
            raise RuntimeError("the pull was not whole")
    return took


def _served(simulated: Simulator, work: Callable[[str], Any]) -> Any:
    """What `work` returns with the service running in a thread."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        serving = simulator.server(simulated)
        thread = threading.Thread(target=serving.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            return work(f"http://127.0.0.1:{listening.getsockname()[1]}")
        finally:
            serving.should_exit = True
            thread.join()
