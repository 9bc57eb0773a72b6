"""A workbook while it is being saved: others ask how far it is, cancel it, or kill the process; it is saved once or not at all."""

import asyncio
import contextlib
import signal
import threading
from datetime import date
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from app.domain.sheet_layouts import TOWERS
from app.domain.sheets import SheetOut
from app.domain.vocabulary import UnitStatus
from app.domain.words import Lang
from app.formats import xlsx_out
from app.queries import journal
from app.tables.units import UnitEntry
from app.tables.workbooks import WorkbookUpload
from tests import factories
from tests.conftest import People, Person
from tests.whole.test_crash import service
from tests.workbooks import XLSX

LINES, TOWERS_OF_A_LINE = 20, 60


def furnish(world: factories.World) -> None:
    with world.database.changing(factories.stamp(hour=1)) as session:
        for n in range(LINES):
            factories.grid_work(session, f"line-{n}")
            factories.towers(session, f"line-{n}", TOWERS_OF_A_LINE)


def content() -> bytes:
    """A file in which every tower has two stages behind it."""
    done: dict[str, Any] = {"site_status": UnitStatus.DONE, "site_on": date(2023, 1, 10)}
    done |= {"foundation_status": UnitStatus.DONE, "foundation_on": date(2023, 1, 20)}
    rows = [
        {"work": f"line-{line}", "number": str(n), "position": n, **done}
        for line in range(LINES)
        for n in range(1, TOWERS_OF_A_LINE + 1)
    ]
    return xlsx_out.write([SheetOut(TOWERS, rows)], "", Lang.VI)


def marks(world: factories.World) -> tuple[int, int]:
    """The last revision, and how many reports there are."""
    with world.database.reading() as session:
        return journal.head(session), session.execute(
            select(func.count()).select_from(UnitEntry)
        ).scalar_one()


WHOLE = 2 * LINES * TOWERS_OF_A_LINE


def cancelled(who: Person, path: str, doing: str, start: str, body: object) -> list[int]:
    """Starts work on an upload and cancels it once somebody else sees that it is under way; the two answers."""
    headers = {"Authorization": f"Bearer {who.key}"}

    async def story() -> list[int]:
        base = f"/api/v1{path}"
        work = asyncio.create_task(who.client.post(f"{base}/{start}", json=body, headers=headers))
        while True:
            await asyncio.sleep(
                0
            )  # Nothing here waits for a wire, so the others would never have their turn.
            seen = (await who.client.get(base, headers=headers)).json()
            if seen["state"] == doing:
                assert seen["step"] is not None
                break
            assert not work.done(), seen
        stopped = await who.client.delete(base, headers=headers)
        return [stopped.status_code, (await work).status_code]

    return who.run(story())  # type: ignore[arg-type, return-value]


def test_what_is_cancelled_while_it_is_saved_is_not_saved(people: People) -> None:
    furnish(people.world)
    who = people.evn_spc
    upload = sent_and_checked(who)
    before = marks(people.world)
    path = f"/workbooks/uploads/{upload['id']}"
    stopped, answer = cancelled(who, path, "committing", "commit", {})
    # 202 where the answer went out before the work had come to where it notices.
    assert stopped == 204
    assert answer in (409, 202)
    assert marks(people.world) == before
    assert who.get(path).json()["state"] == "cancelled"


def test_what_is_cancelled_while_it_is_checked_is_over(people: People) -> None:
    furnish(people.world)
    who = people.evn_spc
    upload = sent_and_checked(who)
    path = f"/workbooks/uploads/{upload['id']}"
    stopped, answered = cancelled(who, path, "checking", "check", {})
    assert (stopped, answered) in ((204, 200), (204, 202))
    assert who.get(path).json()["state"] == "cancelled"
    assert marks(people.world)[1] == 0


def sent_and_checked(who: Person) -> dict[str, Any]:
    """The file, once its check is done, however long that takes."""
    answer = who.ask("POST", "/workbooks/uploads", content(), Content_Type=XLSX)
    assert answer.status_code in (201, 202), answer.text
    made: dict[str, Any] = answer.json()
    while made["state"] == "checking":
        made = who.get(f"/workbooks/uploads/{made['id']}").json()
    assert made["state"] == "checked", made
    assert made["summary"]["changed_rows"] == LINES * TOWERS_OF_A_LINE
    return made


def test_two_who_save_the_same_file_at_once_save_it_once(people: People) -> None:
    furnish(people.world)
    who = people.evn_spc
    upload = sent_and_checked(who)
    head = marks(people.world)[0]
    headers = {"Authorization": f"Bearer {who.key}"}
    address = f"/api/v1/workbooks/uploads/{upload['id']}/commit"

    async def both() -> list[int]:
        posts = [who.client.post(address, json={}, headers=headers) for _ in range(3)]
        return sorted(answer.status_code for answer in await asyncio.gather(*posts))

    assert who.run(both()) in ([200, 409, 409], [202, 409, 409])  # type: ignore[arg-type]
    while who.get(f"/workbooks/uploads/{upload['id']}").json()["state"] == "committing":
        pass
    assert marks(people.world) == (head + 1, WHOLE)


@pytest.mark.parametrize("after_s", [0.0, 0.05, 0.2])
def test_a_process_that_is_killed_while_it_saves_has_saved_all_or_nothing(
    world: factories.World, url: str, after_s: float
) -> None:
    furnish(world)
    headers = {"Authorization": f"Bearer {world.keys['evn_spc']}"}
    head = marks(world)[0]
    with service(url) as (process, address):
        base = f"{address}/api/v1/workbooks/uploads"
        with httpx.Client(headers=headers, timeout=60, trust_env=False) as client:
            made = client.post(base, content=content(), headers={"Content-Type": XLSX}).json()
            while made["state"] == "checking":
                made = client.get(f"{base}/{made['id']}").json()

            def save() -> None:
                with contextlib.suppress(httpx.TransportError):
                    httpx.post(
                        f"{base}/{made['id']}/commit", json={}, headers=headers, timeout=60, trust_env=False
                    )

            saving = threading.Thread(target=save)
            saving.start()
            while client.get(f"{base}/{made['id']}").json()["state"] == "checked":
                pass
            # The later moments are spent in the middle of the change.
            threading.Event().wait(after_s)
            process.send_signal(signal.SIGKILL)
            process.wait()
            saving.join()
    assert marks(world) in ((head, 0), (head + 1, WHOLE))
    if not world.database.is_sqlite:
        return
    with service(url) as (_, address), httpx.Client(headers=headers, timeout=60, trust_env=False) as client:
        base = f"{address}/api/v1/workbooks/uploads/{made['id']}"
        state = client.get(base).json()["state"]
        assert state == ("committed" if marks(world)[1] else "interrupted")
        again = client.post(f"{base}/commit", json={})
        assert again.status_code in ((200, 202) if state == "interrupted" else (409,))
        while client.get(base).json()["state"] == "committing":
            pass
    assert marks(world) == (head + 1, WHOLE)
    with world.database.reading() as session:
        row = session.get_one(WorkbookUpload, made["id"])
        assert (row.content, row.findings, row.revision) == (None, None, head + 1)
