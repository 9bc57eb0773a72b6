"""MW behind towers, communes, causes and households, and the pace of a line, as people ask for them."""

from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.domain.vocabulary import (
    DelayCause,
    HouseholdStatus,
    SubjectKind,
    UnitStage,
    UnitStatus,
    Verification,
)
from app.tables.milestones import Milestone
from tests import factories, lines
from tests.conftest import People, Person
from tests.factories import TODAY

LAND = "/schedule/at-stake/land"
SITE, CORRIDOR = UnitStage.SITE, UnitStage.CORRIDOR
JANUARY = date(2023, 1, 10)


def done(answer: httpx.Response) -> Any:
    assert answer.status_code == 200, answer.text
    return answer.json()


def rows(person: Person, query: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = done(person.get(f"{LAND}{query}"))["items"]
    return found


def brief(items: list[dict[str, Any]], *names: str) -> list[tuple[Any, ...]]:
    """Some fields of each row, with codes for names."""
    read = [{**row, "commune": row["commune"] and row["commune"]["code"]} for row in items]
    return [tuple(row[name] for name in names) for row in read]


@pytest.fixture
def here(people: People) -> People:
    """A line that alpha-1 (30 MW) and the stranger's beta-1 (50 MW) need, with four towers in two communes and a
    section; everything has its milestones and nothing is handed over. A second line that nobody needs."""
    with people.world.database.changing(factories.stamp(date(2022, 11, 1))) as session:
        factories.project(session, "beta", "other-wind")
        factories.phase(session, "beta-1", "beta", nominal_mw=50)
        for code in ("line", "spare"):
            factories.grid_work(session, code)
            factories.apply(session, "grid_work", code)
        for phase in ("alpha-1", "beta-1"):
            factories.connection(session, phase)
            factories.apply(session, code=phase)
        factories.clearance(session)
        lines.communes(session, "a", "b")
        lines.towers(session, ["a", "a", "b", "b"])
        lines.sections(session, 1)
        lines.towers(session, ["b"], "spare", is_illustrative=True)
    return people


def tell(here: People, stage: UnitStage, numbers: Any, on: date, *more: Any, hour: int = 3) -> None:
    with here.world.database.changing(factories.stamp(hour=hour)) as session:
        lines.told(session, stage, numbers, on, *more)


def test_a_reopened_handover_raises_the_mw_at_stake_of_its_tower_and_its_commune(here: People) -> None:
    tell(here, SITE, "1234", JANUARY)
    tell(here, CORRIDOR, ["K1"], JANUARY)
    assert rows(here.department, "?work=line") == rows(here.department, "?work=line&by=commune") == []
    tell(here, SITE, "3", date(2023, 2, 1), UnitStatus.REOPENED, DelayCause.LAND_PRICE, hour=4)
    (tower,) = rows(here.department, "?work=line")
    drives = tower.pop("drives")
    float_days = tower.pop("float_days")
    assert tower == {
        "work": {"code": "line", "name": "Đường dây line", "name_en": None},
        "kind": "tower",
        "unit": "3",
        "stage": "site",
        "status": "reopened",
        "since_on": "2023-02-01",
        "commune": {"code": "b", "name": "Xã b", "name_en": None},
        "cause": "land_price",
        "household": None,
        "clearance": None,
        "towers": ["3"],
        "sections": [],
        "open_units": 1,
        "held_units": 1,
        "at_stake_mw": 80,
        "is_nominal": True,
        "phases": ["alpha-1", "beta-1"],
        "is_illustrative": False,
    }
    assert set(drives) <= set(tower["phases"])
    assert isinstance(float_days, int)
    (commune,) = rows(here.department, "?work=line&by=commune")
    fields = ("commune", "unit", "towers", "at_stake_mw", "phases")
    assert brief([commune], *fields) == [("b", None, ["3"], 80, ["alpha-1", "beta-1"])]
    # On the day before, nothing was at stake, and what was known an hour before says so too.
    assert rows(here.department, "?work=line&as_of=2023-01-31") == []
    assert rows(here.department, "?work=line&known_at=2023-02-07T03:30:00Z") == []
    # Handed over again it holds nothing.
    tell(here, SITE, "3", TODAY, hour=5)
    assert rows(here.department, "?work=line") == []


def test_each_group_holds_each_phase_once(here: People) -> None:
    tell(here, SITE, "1", JANUARY)
    tell(here, SITE, "23", JANUARY, UnitStatus.BLOCKED, DelayCause.LAND_PRICE)
    fields = ("commune", "towers", "sections", "open_units", "held_units", "at_stake_mw")
    assert brief(rows(here.department, "?by=commune"), *fields) == [
        # The section names no commune.
        (None, [], ["K1"], 1, 0, 80),
        ("a", ["2"], [], 1, 1, 80),
        ("b", ["3", "4"], [], 2, 1, 80),
        ("b", ["1"], [], 1, 0, 0),
    ]
    assert brief(rows(here.department, "?by=cause"), "cause", "towers", "held_units", "at_stake_mw") == [
        (None, ["4"], 0, 80),
        ("land_price", ["2", "3"], 2, 80),
        (None, ["1"], 0, 0),
    ]
    assert brief(rows(here.department), "unit", "commune", "status", "at_stake_mw", "is_illustrative") == [
        ("K1", None, "not_started", 80, False),
        ("2", "a", "blocked", 80, False),
        ("3", "b", "blocked", 80, False),
        ("4", "b", "not_started", 80, False),
        ("1", "b", "not_started", 0, True),
    ]


def test_the_first_open_stage_counts_where_every_stage_is_asked_for(here: People) -> None:
    tell(here, SITE, "1234", JANUARY)
    tell(here, UnitStage.FOUNDATION, "12", JANUARY)
    asked = "?work=line&stages=all"
    assert brief(rows(here.department, asked), "unit", "stage") == [
        *(("K1", "corridor"), ("1", "steel")),
        *(("2", "steel"), ("3", "foundation"), ("4", "foundation")),
    ]
    assert brief(rows(here.department, "?work=line"), "unit") == [("K1",)]


def test_a_list_is_read_page_by_page_and_narrowed_by_district(here: People) -> None:
    whole = rows(here.department)
    read, address = [], f"{LAND}?limit=2"
    while address:
        page = done(here.department.get(address))
        read += page["items"]
        assert len(page["items"]) <= 2
        address = page["next"] and f"{LAND}?limit=2&cursor={page['next']}"
    assert read == whole
    assert len(whole) == 6
    assert len(rows(here.department, "?district=binh-dai")) == 5
    assert rows(here.department, "?district=ba-tri") == []


def test_who_sees_what(here: People) -> None:
    # Both investors need the line and see its units and the MW behind them; of phases each sees his own.
    for person, own in ((here.investor, "alpha-1"), (here.stranger, "beta-1")):
        (first, *_) = rows(person)
        assert (first["at_stake_mw"], first["phases"]) == (80, [own])
        assert {row["work"]["code"] for row in rows(person)} == {"line"}
        assert person.get(f"{LAND}?work=spare").status_code == 404
        assert person.get("/grid-works/spare/pace").status_code == 404
    assert here.anonymous.get(LAND).status_code == 401
    assert here.anonymous.get("/grid-works/line/pace").status_code == 401
    assert here.department.get(f"{LAND}?work=nothing").status_code == 404
    assert here.department.get(f"{LAND}?by=owner").status_code == 422
    assert here.department.get(f"{LAND}?wrong=1").status_code == 422


def test_cases_are_for_those_alone_who_keep_them(here: People) -> None:
    with here.world.database.changing(factories.stamp()) as session:
        lines.case(session, "H1", HouseholdStatus.PAID, JANUARY, "3")
        lines.case(session, "H2", HouseholdStatus.COMPLAINT, JANUARY, cause=DelayCause.LAND_PRICE)
        lines.case(session, "H3", HouseholdStatus.HANDED_OVER, JANUARY, "4")
    asked = "?by=household"
    assert here.investor.get(f"{LAND}{asked}").status_code == 403
    for person in (here.department, here.evn_spc):
        found = rows(person, asked)
        assert brief(found, "household", "clearance", "unit", "commune", "at_stake_mw") == [
            ("H1", "land", "3", "b", 80),
            # Of no tower, and its package has no milestones: what needs the work waits for it.
            ("H2", "land", None, None, 80),
        ]
    with here.world.database.changing(factories.stamp(hour=4)) as session:
        lines.case(session, "H1", HouseholdStatus.HANDED_OVER, TODAY)
    assert brief(rows(here.department, asked), "household") == [("H2",)]
    # The towers on which cases stand are handed over by them.
    assert brief(rows(here.department, "?work=line"), "unit") == [("K1",), ("1",), ("2",)]


def test_a_work_without_milestones_holds_the_phases_that_need_it(people: People) -> None:
    with people.world.database.changing(factories.stamp()) as session:
        factories.grid_work(session)
        factories.connection(session)
        lines.towers(session, [None, None])
    assert brief(rows(people.department), "unit", "at_stake_mw") == [("1", 30), ("2", 30)]


# --- pace -----------------------------------------------------------------------------------------------------------


def weekly(here: People, numbers: str, first_weeks_ago: int) -> None:
    """One tower a week handed over, from so many weeks ago on."""
    for n, number in enumerate(numbers):
        tell(here, SITE, number, TODAY - timedelta(weeks=first_weeks_ago - n))


def test_the_pace_of_a_line(here: People) -> None:
    weekly(here, "123", 3)
    asked = done(here.investor.get("/grid-works/line/pace"))
    revision = asked.pop("revision")
    assert revision == done(here.department.get("/journal?limit=1"))["items"][0]["number"]
    assert asked == {
        "as_of": "2023-02-07",
        "stage": "site",
        "done": 3,
        "total": 4,
        "left": 1,
        "held": 0,
        "held_units": [],
        # The first one is where the observation begins.
        "increments": [1, 1, 0],
        "weeks_observed": 3,
        "units_per_week": 0.67,
        "slow_per_week": 0,
        "fast_per_week": 1.44,
        "earliest_on": "2023-02-12",
        "likely_on": "2023-02-18",
        "latest_on": None,
        "all_but_held_on": "2023-02-18",
        "is_illustrative": False,
    }


def test_the_pace_says_nothing_of_what_is_held(here: People) -> None:
    weekly(here, "12", 3)
    tell(here, SITE, "4", date(2023, 2, 1), UnitStatus.BLOCKED, DelayCause.LAND_PRICE)
    asked = done(here.department.get("/grid-works/line/pace?weeks=3"))
    assert (asked["left"], asked["held"], asked["held_units"]) == (2, 1, ["4"])
    assert asked["earliest_on"] is asked["likely_on"] is asked["latest_on"] is None
    assert asked["all_but_held_on"] == "2023-02-28"


def test_where_nothing_moved_there_is_no_day(here: People) -> None:
    for query in ("", "?stage=stringing", "?as_of=2022-12-31"):
        asked = done(here.department.get(f"/grid-works/line/pace{query}"))
        assert asked["units_per_week"] is asked["likely_on"] is asked["all_but_held_on"] is None
    weekly(here, "123", 3)
    before = done(here.department.get("/grid-works/line/pace?as_of=2023-01-24"))
    assert (before["done"], before["increments"], before["likely_on"]) == (2, [1], "2023-02-07")
    assert here.department.get("/grid-works/line/pace?weeks=0").status_code == 422
    assert here.department.get("/grid-works/line/pace?stage=roof").status_code == 422


def test_the_pace_moves_the_schedule_until_a_forecast_is_stated(here: People) -> None:
    def earliest() -> tuple[str, str | None]:
        steps = done(here.department.get("/grid-works/line/schedule"))["items"]
        (site,) = (step for step in steps if step["milestone"] == "G-13")
        return site["earliest_on"], site["stated_forecast_on"]

    with here.world.database.changing(factories.stamp(hour=1)) as session:
        done_before_handover(session, lines.work(session).id)
    by_template, _ = earliest()
    assert by_template == str(JANUARY + timedelta(days=210))
    weekly(here, "123", 3)
    assert earliest() == ("2023-02-18", None)
    # A tower that is held leaves the estimate of the template.
    tell(here, SITE, "4", date(2023, 2, 6), UnitStatus.BLOCKED, DelayCause.LAND_PRICE)
    assert earliest() == (by_template, None)
    tell(here, SITE, "4", TODAY, UnitStatus.IN_PROGRESS)
    assert earliest() == ("2023-02-18", None)
    done(here.evn_spc.patch("/grid-works/line/milestones/G-13", {"forecast_on": "2023-05-01"}))
    assert earliest() == ("2023-05-01", "2023-05-01")


def done_before_handover(session: Session, work_id: int | None) -> None:
    """What comes before the handover of the sites is done, so that only they are waited for."""
    session.execute(
        update(Milestone)
        .where(
            Milestone.subject == SubjectKind.GRID_WORK,
            Milestone.subject_id == work_id,
            Milestone.code.in_([f"G-{n:02}" for n in range(1, 13)]),
        )
        .values(actual_on=JANUARY, actual_precision="day", verification=Verification.CONFIRMED)
    )


def test_a_typed_actual_of_a_counted_step_is_refused_by_name(here: People) -> None:
    body = {
        "actual_on": "2023-02-01",
        "letter_number": "1",
        "letter_on": "2023-02-01",
        "letter_issuer": "SPC",
    }
    answer = here.evn_spc.patch("/grid-works/line/milestones/G-13", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "follows_units")
    assert answer.json()["errors"][0]["field"] == "actual_on"
    batch = {"rows": [{"subject": "grid_work", "subject_code": "line", "milestone": "G-13", **body}]}
    (row,) = done(here.evn_spc.ask("PATCH", "/milestones?dry_run=true", batch))["rows"]
    assert (row["outcome"], row["problem"], row["field"]) == ("refused", "follows_units", "actual_on")
    energised = here.evn_spc.patch("/grid-works/line/milestones/G-26", body)
    assert (energised.status_code, energised.json()["code"]) == (422, "energised_before_strung")
