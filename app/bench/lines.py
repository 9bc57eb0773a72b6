"""How long a batch of unit states takes beside a bare insert of the same rows, and how long the strip of a line takes."""

import json
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import MetaData, Table, insert, select, text

from app.bench.calls import BASE, Call
from app.bench.seeding_milestones import TODAY
from app.db import Database
from app.domain.units import STAGES
from app.domain.vocabulary import UnitKind
from app.services import journal
from app.settings import Settings
from app.tables.base import table
from app.tables.units import UnitEntry

# A batch has a state for each stage of each of its towers: 10,000 of them at the full size.
TOWERS = 2_500
STRIP_TOWERS, TOWERS_OF_A_SECTION = 500, 4
BATCH, STRIP = "bench-batch", "bench-strip"
FIRST_DAY = date(2022, 1, 3)
Ask = Callable[[Call], object]


def lines(ask: Ask, towers: int) -> None:
    """A line with towers of which nothing is reported, and one of which everything is, with its sections."""
    for code in (BATCH, STRIP):
        work = {"code": code, "kind": "line", "name": f"Đường dây {code}"}
        ask(Call("POST", f"{BASE}/grid-works", json.dumps(work)))
    ask(_put(BATCH, [_tower(n) for n in range(1, towers + 1)]))
    ask(_put(STRIP, [_tower(n) | {"reports": _reports(UnitKind.TOWER)} for n in range(1, STRIP_TOWERS + 1)]))
    ends = range(1, STRIP_TOWERS - TOWERS_OF_A_SECTION, TOWERS_OF_A_SECTION)
    ask(_put(STRIP, [_section(n) | {"reports": _reports(UnitKind.SECTION)} for n in ends]))


def batch(settings: Settings, ask: Ask, towers: int) -> tuple[float, float, float, int]:
    """Seconds for a batch that brings every tower through every stage, for the same batch sent again, and for a bare
    insert of the rows that it added; and how many those are."""
    rows = [
        {"kind": "tower", "number": f"{n}", "reports": _reports(UnitKind.TOWER)} for n in range(1, towers + 1)
    ]
    sent = _put(BATCH, rows)
    first, again = _seconds(lambda: ask(sent)), _seconds(lambda: ask(sent))
    bare_s, count = bare(settings, towers * len(STAGES[UnitKind.TOWER]))
    return first, again, bare_s, count


def bare(settings: Settings, count: int) -> tuple[float, int]:
    """Seconds for adding the newest entries once more, to a table of the same columns with nothing around it."""
    database = Database(settings, seal=journal.seal)
    entry = table(UnitEntry)
    try:
        with database.writer.begin() as connection:
            newest = select(entry).order_by(entry.c.id.desc()).limit(count)
            rows = [dict(row) for row in connection.execute(newest).mappings()]
            connection.execute(text("CREATE TABLE bench_bare AS SELECT * FROM unit_entry WHERE 1 = 0"))

        def add() -> None:
            with database.writer.begin() as connection:
                to = Table("bench_bare", MetaData(), *(column._copy() for column in entry.columns))
                connection.execute(insert(to), rows)

        return _seconds(add), len(rows)
    finally:
        with database.writer.begin() as connection:
            connection.execute(text("DROP TABLE IF EXISTS bench_bare"))
        database.close()


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _put(work: str, rows: list[dict[str, Any]]) -> Call:
    return Call("PUT", f"{BASE}/grid-works/{work}/units", json.dumps({"rows": rows}))


def _tower(n: int) -> dict[str, Any]:
    return {"kind": "tower", "number": f"{n}", "position": n}


def _section(n: int) -> dict[str, Any]:
    ends = {"from_tower": f"{n}", "to_tower": f"{n + TOWERS_OF_A_SECTION}"}
    return {"kind": "section", "number": f"{n}", "length_m": 1_000, **ends}


def _reports(kind: UnitKind) -> list[dict[str, str]]:
    """Every stage done, one a week, sections after the towers."""
    begins = FIRST_DAY if kind == UnitKind.TOWER else FIRST_DAY + timedelta(days=90)
    assert begins + timedelta(weeks=len(STAGES[kind])) < TODAY
    return [
        {"stage": stage.value, "status": "done", "effective_on": f"{begins + timedelta(weeks=week)}"}
        for week, stage in enumerate(STAGES[kind])
    ]


def strip_path() -> str:
    """The address of the strip."""
    return f"{BASE}/grid-works/{STRIP}/strip"


def land_table_path() -> str:
    """The address of the weekly land table of the same line."""
    return f"{BASE}/land-table?work={STRIP}"
