"""Personal data leaves a trace of who read it, and none anywhere else: not in the journal, not in the log, not in a cache."""

import json
from pathlib import Path
from typing import Any

import pytest
import structlog
from sqlalchemy import select
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

from app.deps import logs, problems
from app.domain.households import PERSONAL as FIELDS
from app.tables.journal import Fact
from app.tables.requests import Access
from tests import districts, factories
from tests.api.test_households import FULL, PATH, PERSONAL, done, problem
from tests.conftest import People, serve
from tests.districts import Land


@pytest.fixture
def land(people: People) -> Land:
    districts.land(people.world)
    return districts.authorities(people)


def looks(land: Land) -> list[tuple[str, str]]:
    """Who looked at what, newest first."""
    return [(look["user"], look["subject"]) for look in done(land.department.get("/accesses"))["items"]]


def test_the_personal_fields_here_are_all_there_are() -> None:
    assert set(PERSONAL) == FIELDS


def test_each_look_at_personal_data_is_written_down_also_the_same_one_again(land: Land) -> None:
    assert looks(land) == []
    made = land.evn_spc.put(f"{PATH}/1", FULL)
    first = land.binh_dai.get(f"{PATH}/1")
    for _ in range(2):
        again = land.binh_dai.get(f"{PATH}/1", If_None_Match=first.headers["etag"])
        assert (again.status_code, again.headers["cache-control"]) == (200, "no-store")
    assert (made.headers["etag"][:3], first.headers["etag"][:3]) == ('"r' + first.headers["etag"][2],) * 2
    for _ in range(2):
        assert land.department.get(PATH).headers["cache-control"] == "no-store"
    assert looks(land) == [
        *[("department", "clearance/land/households")] * 2,
        *[("binh-dai", "household/land/1")] * 3,
        # Who changes a case is shown all of it.
        ("evn_spc", "household/land/1"),
    ]


def test_what_is_refused_or_tells_nothing_personal_is_no_look(land: Land) -> None:
    done(land.department.put(f"{PATH}/1", FULL))
    assert len(looks(land)) == 1
    for answer in (
        land.investor.get(f"{PATH}/1"),
        land.anonymous.get(PATH),
        land.chau_thanh.get(f"{PATH}/1"),
        land.department.get(f"{PATH}/2"),
        land.department.get("/clearances/nowhere/households"),
        land.evn_spc.put(f"{PATH}/1", {"paid_vnd": 10**12}),
        land.department.get("/clearances/land"),
        land.department.get("/land/counts"),
        land.department.put(
            "/grid-works/line/households", {"rows": [{"clearance": "land", "number": "1", "trees": 3}]}
        ),
    ):
        assert answer.status_code != 500
    assert len(looks(land)) == 1


def test_a_look_makes_no_revision(land: Land) -> None:
    done(land.department.put(f"{PATH}/1", FULL))
    before = land.department.get("/journal").json()
    done(land.department.get(f"{PATH}/1"))
    assert land.department.get("/journal").json() == before
    assert done(land.department.get("/journal/verification"))["holds"]


def test_the_log_is_read_by_those_who_read_the_journal_in_pages(land: Land) -> None:
    done(land.evn_spc.put(f"{PATH}/1", FULL))
    for _ in range(3):
        done(land.evn_spc.get(f"{PATH}/1"))
    first = land.department.get("/accesses?limit=3")
    (newest, *_) = done(first)["items"]
    assert newest == {
        "at": newest["at"],
        "user": "evn_spc",
        "organisation": "evn-spc",
        "subject": "household/land/1",
    }
    assert len(done(land.department.get(first.links["next"]["url"]))["items"]) == 1
    for person in (land.investor, land.evn_spc, land.binh_dai):
        assert problem(person.get("/accesses")) == (403, "not_allowed")
    assert problem(land.anonymous.get("/accesses")) == (401, "key_missing")
    assert problem(land.department.get("/accesses?cursor=x")) == (422, "cursor")


def test_the_journal_says_of_personal_fields_only_that_they_changed(land: Land) -> None:
    done(land.evn_spc.put(f"{PATH}/1", FULL))
    done(
        land.evn_spc.put(
            f"{PATH}/1", {"owner_name": "Lê Văn Tám", "note": None, "trees": 3, "status": "paid"}
        )
    )
    rows = [{"clearance": "land", "number": "1", "hamlet": "Ấp Bình Lộc", "cause": None}]
    done(land.evn_spc.put("/grid-works/line/households", {"rows": rows}))
    with land.world.database.reading() as session:
        facts = list(
            session.execute(select(Fact).where(Fact.subject == "household").order_by(Fact.id)).scalars()
        )  # type: ignore[arg-type]
        everything = everywhere(session)
    assert [fact.kind for fact in facts] == [
        *("household.created", "household.moved", "household.changed", "household.moved"),
        *("household.changed", "household.moved"),
    ]
    assert {fact.subject_code for fact in facts} == {"land/1"}
    created, moved, changed, paid, hamlet, _ = facts
    assert created.after is not None
    assert {name: created.after[name] for name in PERSONAL} == dict.fromkeys(PERSONAL, "changed")
    assert (created.after["unit"], created.after["trees"], created.after["number"]) == ("tower/2", 12, "1")
    assert (moved.before, moved.after) == (
        None,
        {
            "effective_on": "2023-02-01",
            "status": "unpaid",
            "attitude": "undecided",
            "cause": "land_price",
            "approved_vnd": 250_000_000,
            "paid_vnd": 0,
        },
    )
    assert changed.before == {"owner_name": "changed", "note": "changed", "trees": 12}
    assert changed.after == {"owner_name": "changed", "note": "changed", "trees": 3}
    assert paid.before == {"status": "unpaid"}
    assert (hamlet.before, hamlet.after) == ({"hamlet": "changed"}, {"hamlet": "changed"})
    for text in (*PERSONAL.values(), "Lê Văn Tám", "Ấp Bình Lộc"):
        assert text not in everything


def everywhere(session: Session) -> str:
    """What the journal, the access log and the kept answers hold, as text."""
    facts = session.execute(select(Fact)).scalars()
    accesses = session.execute(select(Access)).scalars()
    said: list[Any] = [[f.before, f.after, f.subject_code] for f in facts] + [a.subject for a in accesses]
    return json.dumps(said, ensure_ascii=False)


def test_the_log_of_requests_names_nobody(
    world: factories.World,
    url: str,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world.url = url
    with serve(world, data_folder=tmp_path, log_level="debug") as people:
        # Loggers keep the level of their first line; these have not written one.
        monkeypatch.setattr(logs, "access", structlog.get_logger("access"))
        monkeypatch.setattr(problems, "log", structlog.get_logger("problems"))
        districts.land(world)
        done(people.evn_spc.put(f"{PATH}/1", FULL))
        people.evn_spc.put(f"{PATH}/1", {**FULL, "paid_vnd": 10**12})
        people.evn_spc.put(f"{PATH}/1", {**FULL, "owner": "x", "note": PERSONAL["note"] * 200})
        done(people.department.get(f"{PATH}?unit=1"))
        done(people.department.get(f"{PATH}/1"))
    written = capfd.readouterr()
    lines = written.out + written.err
    assert lines.count('"route":"/clearances/{code}/households') == 5
    for text in PERSONAL.values():
        assert text not in lines
        assert json.dumps(text)[1:-1] not in lines


def test_an_error_of_the_database_does_not_say_what_it_was_asked_with(land: Land) -> None:
    with land.world.database.reading() as session:
        asked = select(Access.subject).where(Access.subject == PERSONAL["owner_name"], Access.id == object())
        with pytest.raises(StatementError) as failed:
            session.execute(asked)
    assert PERSONAL["owner_name"] not in str(failed.value)
