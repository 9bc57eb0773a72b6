"""A batch of ten thousand units through one process while another keeps changing single ones of the same line."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import httpx
from sqlalchemy import func, select
from sqlmodel import col

from app.domain.vocabulary import UnitKind, UnitStage
from app.queries import journal, units
from app.tables.journal import Revision
from app.tables.units import UnitEntry
from app.tables.works import GridWork
from tests import factories
from tests.factories import TODAY, World
from tests.whole.test_crash import service

ROWS, WRITERS, CHANGES = 10_000, 4, 5
SITE = {"stage": "site", "status": "done", "effective_on": "2023-01-10"}


def foundation(day: int) -> dict[str, Any]:
    """A report that stands beside what the batch tells."""
    return {"stage": "foundation", "status": "in_progress", "effective_on": f"2023-01-{day:02d}"}


def test_a_batch_of_ten_thousand_and_single_changes_wait_for_each_other_and_none_is_lost(
    world: World, url: str
) -> None:
    singles = [str(n) for n in range(1, WRITERS * CHANGES + 1)]
    with world.database.changing(factories.stamp(date(2022, 12, 31))) as session:
        factories.grid_work(session)
        for number in singles:
            factories.unit(session, number, position=int(number))
    with world.database.reading() as session:
        before = journal.head(session)
    headers = {"Authorization": f"Bearer {world.keys['evn_spc']}"}
    together = threading.Barrier(WRITERS + 1)

    def batch(address: str) -> httpx.Response:
        told = [
            {"kind": "tower", "number": str(n), "position": n, "reports": [SITE]} for n in range(1, ROWS + 1)
        ]
        together.wait()
        return httpx.put(
            f"{address}/api/v1/grid-works/line/units",
            json={"rows": told},
            headers=headers,
            timeout=120,
            trust_env=False,
        )

    def one_by_one(address: str, writer: int) -> list[int]:
        with httpx.Client(base_url=address, headers=headers, timeout=120, trust_env=False) as client:
            together.wait()
            return [
                client.put(
                    f"/api/v1/grid-works/line/towers/{number}", json={"reports": [foundation(int(number))]}
                ).status_code
                for number in singles[writer::WRITERS]
            ]

    with service(url) as (_, first), service(url) as (_, second), ThreadPoolExecutor(WRITERS + 1) as pool:
        large = pool.submit(batch, first)
        small = [pool.submit(one_by_one, second, writer) for writer in range(WRITERS)]
        answer = large.result()
        assert answer.status_code == 200, answer.text
        assert answer.json()["changed"] == ROWS
        assert [done.result() for done in small] == [[200] * CHANGES] * WRITERS

    with world.database.reading() as session:
        assert journal.verify(session).broken_at is None
        numbers = list(session.scalars(select(col(Revision.number)).where(col(Revision.number) > before)))
        assert len(numbers) == len(singles) + 1
        assert session.scalar(select(func.count(col(UnitEntry.id)))) == ROWS + len(singles)
        work = session.scalars(select(GridWork)).one()
        line = units.line(session, work, journal.head(session))
        towers = line.of(UnitKind.TOWER)
        assert all(line.standing(tower, UnitStage.SITE, TODAY).is_done for tower in towers)
        begun = [t.number for t in towers if line.standing(t, UnitStage.FOUNDATION, TODAY).since_on]
        assert begun == singles
