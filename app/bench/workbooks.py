"""How long a large workbook takes until every cell of it is checked, and until all of it is saved, beside a bare insert of
the rows that it adds."""

import http.client
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import MetaData, Table, insert, select

from app.bench.calls import BASE, Call
from app.db import Database
from app.domain.sheet_layouts import CASES, TOWERS
from app.domain.sheets import SheetOut
from app.domain.vocabulary import HouseholdStatus, UnitStatus
from app.domain.words import Lang
from app.formats import xlsx_out
from app.services import journal
from app.settings import Settings
from app.tables.base import table
from app.tables.households import Household, HouseholdEntry
from app.tables.units import UnitEntry

# Half of the rows are towers that stand on lines already, the other half are cases that are new.
ROWS, LINES = 10_000, 10
LOOK_EVERY_S = 0.05
PATIENCE_S = 120
Ask = Callable[[Call], object]


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds until the file was checked, until it was saved, and for a bare insert of the rows it added."""

    checked_s: float
    committed_s: float
    bare_s: float
    rows: int
    added: int


def measure(settings: Settings, ask: Ask, port: int, key: str, rows: int) -> Took:
    """Lays the lines and their packages, sends the file, and waits for both ends."""
    towers = rows // 2 // LINES
    for n in range(LINES):
        work = {"code": f"book-{n}", "kind": "line", "name": f"Đường dây {n}"}
        ask(Call("POST", f"{BASE}/grid-works", json.dumps(work)))
        units = [{"kind": "tower", "number": f"{t}", "position": t} for t in range(1, towers + 1)]
        ask(Call("PUT", f"{BASE}/grid-works/book-{n}/units", json.dumps({"rows": units})))
        land = {"code": f"book-land-{n}", "name": "Đất", "track": "recovered_land", "work": f"book-{n}"}
        ask(Call("POST", f"{BASE}/clearances", json.dumps(land)))
    content = _content(towers)
    started = time.perf_counter()
    upload = _sent(port, key, "POST", f"{BASE}/workbooks/uploads", content, xlsx_out.CONTENT_TYPE)
    upload = _ended(port, key, upload, "checking", "checked")
    checked = time.perf_counter() - started
    started = time.perf_counter()
    path = f"{BASE}/workbooks/uploads/{upload['id']}/commit"
    _ended(port, key, _sent(port, key, "POST", path, b"{}", "application/json"), "committing", "committed")
    committed = time.perf_counter() - started
    bare, added = _bare(settings, towers * LINES)
    return Took(checked, committed, bare, 2 * towers * LINES, added)


def _content(towers: int) -> bytes:
    """The file: two stages of each tower are done, and each line has as many new cases as towers."""
    done: dict[str, Any] = {"site_status": UnitStatus.DONE, "site_on": date(2022, 1, 10)}
    done |= {"foundation_status": UnitStatus.DONE, "foundation_on": date(2022, 3, 10)}
    places = [(line, n) for line in range(LINES) for n in range(1, towers + 1)]
    units: list[dict[str, Any]] = [
        {"work": f"book-{line}", "number": f"{n}", "position": n, **done} for line, n in places
    ]
    cases: list[dict[str, Any]] = [
        {
            **{"clearance": f"book-land-{line}", "number": f"HD-{n}", "owner_name": f"Chủ hộ {n}"},
            **{"status": HouseholdStatus.INVENTORIED, "effective_on": date(2022, 1, 5), "land_m2": 120.5},
        }
        for line, n in places
    ]
    return xlsx_out.write([SheetOut(TOWERS, units), SheetOut(CASES, cases)], "", Lang.VI)


def _sent(port: int, key: str, method: str, path: str, body: bytes, kind: str) -> dict[str, Any]:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    headers = {"Authorization": f"Bearer {key}", "Content-Type": kind}
    line.request(method, path, body or None, headers)
    answer = line.getresponse()
    said = answer.read()
    line.close()
    if answer.status not in (200, 201, 202):
        raise RuntimeError(f"{method} {path}: {answer.status} {said[:500]!r}")
    found: dict[str, Any] = json.loads(said)
    return found


def _ended(port: int, key: str, upload: dict[str, Any], doing: str, done: str) -> dict[str, Any]:
    """The upload once its work is done."""
    path = f"{BASE}/workbooks/uploads/{upload['id']}"
    while upload["state"] == doing:
        time.sleep(LOOK_EVERY_S)
        upload = _sent(port, key, "GET", path, b"", "application/json")
    errors = sum(sheet["errors"] for sheet in upload["summary"]["sheets"])
    if upload["state"] != done or errors:
        raise RuntimeError(f"A workbook is {upload['state']} ({upload['problem']}) with {errors} wrong cells")
    return upload


def _bare(settings: Settings, count: int) -> tuple[float, int]:
    """Seconds for adding the newest rows of each table once more, to tables with nothing around them; and how many."""
    database = Database(settings, seal=journal.seal)
    wanted = [(table(UnitEntry), 2 * count), (table(Household), count), (table(HouseholdEntry), count)]
    took, added = 0.0, 0
    try:
        for of, most in wanted:
            with database.writer.begin() as connection:
                newest = select(of).order_by(of.c.id.desc()).limit(most)
                rows = [dict(row) for row in connection.execute(newest).mappings()]
                bare = Table("bench_book", MetaData(), *(column._copy() for column in of.columns))
                for column in bare.columns:
                    column.index = column.unique = None
                bare.create(connection)
            started = time.perf_counter()
            with database.writer.begin() as connection:
                connection.execute(insert(bare), rows)
            took, added = took + time.perf_counter() - started, added + len(rows)
            with database.writer.begin() as connection:
                bare.drop(connection)
        return took, added
    finally:
        database.close()
