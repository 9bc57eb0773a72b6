"""The simulated service over real loopback HTTP in a thread, a line to it that never sleeps, and what the tracker holds
of what it said."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from app import exchanging, register
from app.db import Database
from app.deps import Clock
from app.domain.access import Actor
from app.domain.delivery import Backoff
from app.domain.exchanges import Mapping
from app.domain.units import KIND_OF
from app.domain.vocabulary import QuarantineState, RunState, Stream, Trigger
from app.outside import shipped
from app.outside.evn_spc import EvnSpc, Patience
from app.queries import capacity, exchange_reports, journal, units
from app.queries import exchanges as found
from app.services import exchange_records
from app.services import exchanges as runs
from app.services.exchange_records import Site
from app.simulator import Fault, Faults, Simulator, Upstream, server
from app.tables.exchanges import ExchangePass, QuarantinedRecord
from app.tables.units import UnitEntry
from app.tables.works import GridWork
from tests import factories
from tests.factories import TODAY, World

STARTS_AT, TICK = datetime(2023, 1, 1, tzinfo=UTC), timedelta(minutes=15)
LOGIN, TOKEN = "evn_spc", "a token of EVN SPC"
# As short as loopback allows: an answer that never comes costs this much.
TIMEOUT_S = 0.4
TOWERS = 12
WORKS = {"CT-1": "line", "CT-2": "line-2"}
PLANTS = {"NM-1": "alpha-1"}


def mapping() -> Mapping:
    """The mapping of the package, with the codes of the test's world."""
    return replace(shipped.evn_spc_mapping(None), works=WORKS, plants=PLANTS)


def mapping_file(folder: Path) -> Path:
    """The same mapping as a file of an operator's own."""
    text = register.EVN_SPC_MAPPING.read_text("utf-8")
    for their, ours in (("CT-GLPT: line-giao-long-phu-thuan", WORKS), ("NM-BD1: binh-dai-1", PLANTS)):
        assert their in text
        text = text.replace(their, "\n  ".join(f"{code}: {own}" for code, own in ours.items()))
    file = folder / "mapping.yaml"
    file.write_text(text, "utf-8")
    return file


@contextmanager
def running(simulator: Simulator) -> Iterator[str]:
    """The service in a thread; its socket listens before it starts."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        serving = server(simulator)
        thread = threading.Thread(target=serving.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            serving.should_exit = True
            thread.join()


def simulator(upstream: Upstream, *faults: Fault, rows: int = 7, **more: Any) -> Simulator:
    return Simulator(upstream, Faults(faults, **more), TOKEN, rows=rows)


@contextmanager
def line(
    database: Database,
    url: str,
    *,
    today: date = TODAY,
    token: str | None = TOKEN,
    waits: list[float] | None = None,
    **more: Any,
) -> Iterator[exchanging.Line]:
    """A line that waits for nothing; how long it would have is told in `waits`."""
    told = waits if waits is not None else []
    patience = Patience(
        wait=told.append,
        draw=lambda: 0.5,
        now=lambda: datetime.combine(today, datetime.min.time(), UTC),
        timeout_s=TIMEOUT_S,
        backoff=Backoff(1.0, 2.0, 30.0),
    )
    client = EvnSpc(url, token, patience)
    try:
        yield exchanging.Line(client, database, Clock(today), mapping(), LOGIN, **more)
    finally:
        client.close()


def pull(database: Database, url: str, **more: Any) -> found.RunLine:
    """One run, and what became of it."""
    with line(database, url, **more) as made:
        exchanging.pull(made, Trigger.COMMAND)
    return last(database)


def pull_by(made: exchanging.Line, stopped: Callable[[], bool]) -> None:
    """One run that asks `stopped` before each question."""
    exchanging.pull(replace(made, stopped=stopped), Trigger.COMMAND)


def last(database: Database) -> found.RunLine:
    with database.reading() as session:
        run = found.last_run(session)
        assert run is not None
        session.expunge_all()
        return run


def passes(run: found.RunLine) -> dict[Stream, ExchangePass]:
    return {row.stream: row for row in run.passes}


def settle(database: Database, url: str, most: int = 40, **more: Any) -> int:
    """Runs of one day, so that only the first asks for everything, until one is done and nothing waits; how many."""
    for number in range(1, most + 1):
        run = pull(database, url, **more)
        if run.run.state == RunState.DONE and not run.run.waiting:
            return number
    raise AssertionError(waiting(database))


def furnish(world: World) -> None:
    """Two lines of EVN SPC with twelve towers and three sections each, milestones on the first; the phase with turbines."""
    with world.database.changing(factories.stamp(date(2022, 12, 1))) as session:
        for code in WORKS.values():
            factories.grid_work(session, code)
            factories.towers(session, code, TOWERS)
            for first in (1, 5, 9):
                ends = {"from_tower": str(first), "to_tower": str(min(first + 4, TOWERS))}
                factories.unit(session, f"{first}", code, "section", **ends)
        factories.turbines(
            session, count=7, installed_on=date(2022, 1, 1), energised_on=date(2022, 2, 1),
            synchronised_on=date(2022, 3, 1), tested_on=date(2022, 4, 1),
        )  # fmt: skip
        factories.measure(session, "installed", 29.4, "2022-01-01")
        factories.measure(session, "licensed", 29.4, "2022-01-01")
        factories.measure(session, "accepted", 29.4, "2022-01-01")


def tower(
    number: int, stage: str, day: str, status: str = "XONG", work: str = "CT-1", **more: Any
) -> dict[str, Any]:
    said = {"ma_cong_trinh": work, "so_vi_tri": f"VT-{number:03d}", "hang_muc": stage}
    return {**said, "trang_thai": status, "tu_ngay": day, "ten_cong_trinh": "Đường dây thử", **more}


def section(number: int, stage: str, day: str, status: str = "XONG", work: str = "CT-1") -> dict[str, Any]:
    said = {"ma_cong_trinh": work, "so_khoang_neo": f"KN-{number}", "hang_muc": stage}
    return {**said, "trang_thai": status, "tu_ngay": day}


def cod(
    mw: float = 4.2, day: str = "2022-05-01", letter: str = "123/EPTC-KD", plant: str = "NM-1"
) -> dict[str, Any]:
    said = {"ma_nha_may": plant, "cong_suat_mw": mw, "ngay_hieu_luc": day}
    return {**said, "so_van_ban": letter, "ngay_van_ban": "2022-05-10", "ten_nha_may": "NMĐG Thử"}


def energised(code: str = "CT-1", day: str = "2023-02-01") -> dict[str, Any]:
    said = {"ma_doi_tuong": code, "ngay_dong_dien": day, "so_van_ban": "45/SPC"}
    return {**said, "ngay_van_ban": "2023-02-02"}


def build(upstream: Upstream) -> int:
    """Everything that can be built on two lines, in no good order, and one recognition; how many records."""
    for code in ("CT-1", "CT-2"):
        for at, (stage, day) in enumerate(
            [("DUNG_COT", "2023-01-20"), ("DUC_MONG", "2023-01-10"), ("MAT_BANG", "2023-01-02")]
        ):
            for n in range(1, TOWERS + 1):
                upstream.put(Stream.TOWERS, f"{code}-{n}-{at}", **tower(n, stage, day, work=code))
        for at, (stage, day) in enumerate([("KEO_DAY", "2023-01-30"), ("HANH_LANG", "2023-01-25")]):
            for n in (1, 5, 9):
                upstream.put(Stream.SECTIONS, f"{code}-K{n}-{at}", **section(n, stage, day, work=code))
    upstream.put(Stream.CODS, "COD-1", **cod())
    return 2 * (3 * TOWERS + 6) + 1


def declare(world: World, mw: float = 4.2, **more: Any) -> str:
    with world.database.changing(factories.stamp(date(2022, 6, 1))) as session:
        return factories.declare(session, world.investor, capacity_mw=mw, turbines=["T1"], **more)


def state(database: Database, day: date = TODAY) -> dict[str, Any]:
    """Where every stage of every unit stands, the tranches, and how much operates."""
    with database.reading() as session:
        said: dict[str, Any] = {}
        for work in session.scalars(select(GridWork)):
            listed = units.line(session, work, journal.head(session))
            for unit in listed.units:
                for stage, kind in KIND_OF.items():
                    if kind == unit.kind:
                        said[f"{work.code}/{unit.number}/{stage}"] = listed.standing(unit, stage, day)
        assert journal.verify(session).broken_at is None
        return said


def waiting(database: Database) -> dict[str, tuple[str, str | None]]:
    """What waits: by the record's id why, and which field."""
    with database.reading() as session:
        return {row.record_id: (row.problem, row.field) for row in found.waiting(session)}


def quarantine(database: Database, state: QuarantineState | None = None) -> list[QuarantinedRecord]:
    with database.reading() as session:
        rows = found.quarantined(session, state=state, before=None, limit=1_000)
        session.expunge_all()
        return sorted(rows, key=lambda row: row.id or 0)


def entries(database: Database) -> int:
    with database.reading() as session:
        return len(session.scalars(select(col(UnitEntry.id))).all())


def operating_mw(database: Database, as_of: str = "2023-02-07") -> float:
    with database.reading() as session:
        view = capacity.whole(session, Actor(factories.SYSTEM.role), date.fromisoformat(as_of))
        return capacity.overview(session, view, None).figures.operating_kw / 1000


def head(database: Database) -> int:
    with database.reading() as session:
        return journal.head(session)


def keep(session: Session, world: World) -> None:
    """One run as it is kept: a tower that the line does not have waits, and the report names it."""
    site = Site(mapping(), world.evn_spc, TODAY, factories.at())
    item = {"id": "1", "updated_at": STARTS_AT.isoformat(), **tower(99, "MAT_BANG", "2023-01-02")}
    keep_run(session, site, {Stream.TOWERS: [item]})


def keep_run(
    session: Session,
    site: Site,
    items: dict[Stream, list[dict[str, Any]]],
    as_of: datetime = STARTS_AT,
) -> None:
    """A whole run in which these records came, by their clock at `as_of`."""
    run_id = runs.begin(session, Trigger.COMMAND, "test", site.now, timedelta(minutes=1))
    for stream in Stream:
        row = runs.opened(session, run_id, stream)
        if stream in items:
            runs.note(row, exchange_records.take(session, site, stream, items[stream], as_of))
        runs.end_pass(row, None, {})
        runs.move(session, stream, site.now, newest=STARTS_AT, is_whole=True, asked=None, etag=None)
    session.flush()
    report = exchange_reports.report(session, site.actor, site.mapping, site.today)
    runs.end(session, run_id, site.now, released=0, report=report)
    runs.let_go(session, "test")
