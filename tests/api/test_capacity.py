"""The number that counts: on any day, as known at any instant, cut four ways, the same for every caller."""

from contextlib import AbstractContextManager
from datetime import date
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.queries import projects as found
from app.schemas.ledger import MeasureRecord
from app.schemas.projects import ProjectChange
from app.schemas.register import UnitLine
from app.schemas.targets import TargetChange
from app.services import projects, references, targets, tranches
from app.tables.base import metadata
from tests import factories, reading
from tests.conftest import TODAY, People, Person

PUBLIC = [
    "operating_mw", "gross_recognised_mw", "suspended_mw", "cancelled_mw", "at_risk_mw", "ladder", "gap_mw",
    "attainment_percent", "is_met", "target",
]  # fmt: skip


def on(people: People, day: date = TODAY, hour: int = 3) -> AbstractContextManager[Session]:
    """A change recorded on `day`."""
    return people.world.database.changing(factories.stamp(day, hour))


def recognised(session: Session, mw: float, effective_on: str, phase: str | None, **more: Any) -> str:
    """A tranche recognised by letter long ago; of the project `more["project"]` alone where there is no phase."""
    code = more.pop("project", None)
    change = MeasureRecord.model_validate(
        {"measure": "operating", "capacity_mw": mw, "effective_on": effective_on, "letter_number": "1/EPTC",
         "letter_on": effective_on, **more}
    )  # fmt: skip
    if phase is None:
        owner = found.public(session, code)
        return tranches.recognise_by_source(session, factories.SYSTEM, owner, None, change, date(2030, 1, 1))
    row, owner = found.public_phase(session, phase)
    return tranches.recognise_by_source(session, factories.SYSTEM, owner, row, change, date(2030, 1, 1))


@pytest.fixture
def province(people: People) -> People:
    """Five projects that count (of two investors and nobody, in two districts and nowhere) and one that does not."""
    with on(people, date(2022, 1, 10)) as session:
        for code in ("ba-tri", "binh-dai"):
            unit = UnitLine.model_validate({"code": code, "level": "district", "name": code})
            references.put_unit(session, factories.SYSTEM, unit)
        # Codes of which one begins with the other, and a project whose split over its phases is not known.
        factories.project(session, "gio", "mekong-wind", district="binh-dai")
        factories.project(session, "gio-2", "other-wind", district="binh-dai")
        factories.project(session, "delta", "other-wind", district="ba-tri")
        factories.project(session, "omega", None)
        factories.project(session, "far", "other-wind", in_totals=False)
        for phase, project in (
            ("gio-a", "gio"), ("gio-b", "gio"), ("gio-2-a", "gio-2"), ("delta-1", "delta"), ("omega-1", "omega"),
            ("far-1", "far"),
        ):  # fmt: skip
            factories.phase(session, phase, project, 50)
        recognised(session, 29.4, "2021-10-30", "gio-a")
        recognised(session, 4.2, "2021-08-25", "gio-b")
        recognised(session, 34.25, "2021-10-31", None, project="gio", precision="by")
        recognised(session, 25.2, "2021-12-01", "gio-2-a")
        recognised(session, 3, "2022-01-05", "omega-1")
        recognised(session, 7, "2021-10-31", "delta-1", is_illustrative=True)
        recognised(session, 100, "2021-01-01", "far-1")
        factories.measure(session, "installed", 33.6, "2021-07-01", "gio-a")
        factories.declare(session, people.world.stranger, "delta-1", mw=5)
    return people


def whole(person: Person, query: str = "") -> dict[str, Any]:
    answer = person.get(f"/capacity?limit=500{query}")
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def test_only_what_is_effective_on_the_day_counts(province: People) -> None:
    days = {
        "2021-08-24": 0,
        "2021-08-25": 4.2,
        "2021-10-29": 4.2,
        "2021-10-30": 33.6,
        "2021-10-31": 74.85,
        "2021-12-01": 100.05,
        "2022-01-05": 103.05,
    }
    assert {day: whole(province.anonymous, f"&as_of={day}")["operating_mw"] for day in days} == days
    assert whole(province.anonymous)["as_of"] == TODAY.isoformat()
    assert whole(province.anonymous)["operating_mw"] == 103.05


def test_what_is_recorded_later_was_not_known_before(province: People) -> None:
    with on(province, date(2022, 6, 1), hour=16) as session:  # 23:00 in Viet Nam
        recognised(session, 10, "2022-03-01", "omega-1")
    with on(province, date(2022, 6, 1), hour=17) as session:  # midnight: the next day in Viet Nam
        recognised(session, 20, "2022-03-01", "omega-1")
    for known_at, mw in {
        "2022-01-09": 0,
        "2022-01-10": 103.05,
        "2022-05-31": 103.05,
        "2022-06-01": 113.05,
        "2022-06-02": 133.05,
        "2022-06-01T22:59:59%2B07:00": 103.05,
        "2022-06-01T15:59:59Z": 103.05,
        "2022-06-01T16:00:00Z": 113.05,
        "2022-06-01T17:00:00Z": 133.05,
    }.items():
        found = whole(province.anonymous, f"&known_at={known_at}")
        assert found["operating_mw"] == mw, known_at
        assert round(sum(line["operating_mw"] for line in found["breakdown"]), 3) == mw
    early = whole(province.anonymous, "&as_of=2022-02-28&known_at=2022-06-02")
    assert early["operating_mw"] == 103.05


def test_the_default_target_is_the_next_one_due(province: People) -> None:
    with on(province) as session:
        factories.target(session, "1500mw-2025", 1_500, "2025-12-31")
        factories.target(session, "50mw-2021", 50, "2021-12-31")
    reader = province.anonymous
    for day, code in {
        "2021-01-01": "50mw-2021",
        "2021-12-31": "50mw-2021",
        "2022-01-01": "377mw-2023",
        "2023-12-31": "377mw-2023",
        "2024-01-01": "1500mw-2025",
        "2026-01-01": "1500mw-2025",
    }.items():
        assert whole(reader, f"&as_of={day}")["target"]["code"] == code
    chosen = whole(reader, "&as_of=2023-02-07&target=50mw-2021")
    assert chosen["target"] == {"code": "50mw-2021", "capacity_mw": 50, "due_on": "2021-12-31"}
    assert reader.get("/capacity?target=nothing").status_code == 404


def test_the_gap_and_the_share_are_those_of_the_day(province: People) -> None:
    found = whole(province.anonymous)
    assert found["target"] == {"code": "377mw-2023", "capacity_mw": 377, "due_on": "2023-12-31"}
    assert (found["gap_mw"], found["attainment_percent"], found["is_met"]) == (273.95, 27.33, False)


def test_a_target_is_judged_on_its_day_and_not_later(people: People) -> None:
    with on(people) as session:
        recognised(session, 376.999, "2023-12-31", "alpha-1")
    before = whole(people.anonymous, "&as_of=2023-12-31")
    assert (before["is_met"], before["gap_mw"], before["attainment_percent"]) == (False, 0.001, 99.99)
    with on(people) as session:
        recognised(session, 0.001, "2024-01-01", "alpha-1")
    late = whole(people.anonymous, "&as_of=2024-01-02&target=377mw-2023")
    assert (late["is_met"], late["judged_on"]) == (False, "2023-12-31")
    assert (late["operating_mw"], late["gap_mw"], late["attainment_percent"]) == (377, 0, 100)
    with on(people) as session:
        recognised(session, 0.001, "2023-12-31", "alpha-1")
    assert whole(people.anonymous, "&as_of=2023-12-31")["is_met"] is True
    assert whole(people.anonymous, "&as_of=2023-12-30")["is_met"] is False
    assert whole(people.anonymous, "&as_of=2024-06-01&target=377mw-2023")["is_met"] is True


def test_without_any_target_there_is_a_number_and_no_gap(people: People) -> None:
    assert people.department.delete("/targets/377mw-2023").status_code == 204
    found = whole(people.anonymous)
    assert [found[name] for name in ("target", "gap_mw", "attainment_percent", "is_met", "judged_on")] == [
        None
    ] * 5
    assert found["operating_mw"] == 0


@pytest.mark.parametrize("by", ["project", "phase", "investor", "district"])
def test_pages_of_a_breakdown_add_up_to_the_whole_and_its_totals_never_change(
    province: People, by: str
) -> None:
    reader = province.department
    one = whole(reader, f"&by={by}")
    assert one["next"] is None
    for limit in (1, 2, 3):
        lines: list[dict[str, Any]] = []
        address: str | None = f"/api/v1/capacity?by={by}&limit={limit}"
        while address is not None:
            answer = reader.get(address)
            page = answer.json()
            assert {**page, "breakdown": [], "next": None} == {**one, "breakdown": [], "next": None}
            assert len(page["breakdown"]) <= limit
            lines += page["breakdown"]
            address = answer.links.get("next", {}).get("url")
            assert (address is None) == (page["next"] is None)
        assert lines == one["breakdown"]
    for measure in ("operating_mw", "gross_recognised_mw", "declared_mw"):
        assert round(sum(line[measure] for line in one["breakdown"]), 3) == one[measure]


def test_each_cut_has_its_own_lines(province: People) -> None:
    def lines(by: str) -> list[tuple[str | None, str, float]]:
        breakdown = whole(province.department, f"&by={by}")["breakdown"]
        return [(line["code"], line["level"], line["operating_mw"]) for line in breakdown]

    assert lines("project") == [
        ("alpha", "project", 0),
        ("delta", "project", 7),
        ("gio", "project", 67.85),
        ("gio-2", "project", 25.2),
        ("omega", "project", 3),
    ]
    assert lines("phase") == [
        ("alpha-1", "phase", 0),
        ("delta-1", "phase", 7),
        ("gio-a", "phase", 29.4),
        ("gio-b", "phase", 4.2),
        ("gio", "project", 34.25),  # Not split: the project's own line, after its phases.
        ("gio-2-a", "phase", 25.2),
        ("omega-1", "phase", 3),
    ]
    assert lines("investor") == [
        ("mekong-wind", "investor", 67.85),
        ("other-wind", "investor", 32.2),
        (None, "investor", 3),
    ]
    assert lines("district") == [
        ("ba-tri", "district", 7),
        ("binh-dai", "district", 93.05),
        (None, "district", 3),
    ]


def test_the_ladder_keeps_its_rungs_apart_and_says_null_where_nothing_is_known(province: People) -> None:
    ladder = whole(province.anonymous)["ladder"]
    assert (ladder["installed_mw"], ladder["operating_mw"]) == (33.6, 103.05)
    assert {rung for rung, mw in ladder.items() if mw is None} == set(ladder) - {
        "installed_mw",
        "operating_mw",
    }
    assert len(ladder) == 12


def test_the_totals_are_the_same_for_every_caller(province: People) -> None:
    everybody = [
        province.investor, province.stranger, province.department, province.evn_spc, province.anonymous,
    ]  # fmt: skip
    first = whole(everybody[0])
    for person in everybody[1:]:
        found = whole(person)
        assert {name: found[name] for name in PUBLIC} == {name: first[name] for name in PUBLIC}
        assert [line["operating_mw"] for line in found["breakdown"]] == [
            line["operating_mw"] for line in first["breakdown"]
        ]


def test_declared_and_disputed_mw_are_those_the_caller_may_see(province: People) -> None:
    waiting = province.stranger.get("/phases/delta-1/tranches").json()["items"][-1]["code"]

    def seen(figure: str) -> list[float]:
        people = (
            province.department,
            province.evn_spc,
            province.stranger,
            province.investor,
            province.anonymous,
        )
        answers = [whole(person) for person in people]
        for by in ("project", "phase", "investor", "district"):
            lines = [whole(person, f"&by={by}")["breakdown"] for person in people]
            assert [sum(x[figure] for x in cut) for cut in lines] == [a[figure] for a in answers]
        return [answer[figure] for answer in answers]

    assert seen("declared_mw") == [5, 5, 5, 0, 0]
    reason = {"reason": "Chưa có biên bản chốt chỉ số công tơ"}
    assert province.evn_spc.post(f"/tranches/{waiting}/dispute", reason).status_code == 200
    assert seen("declared_mw") == [0, 0, 0, 0, 0]
    assert seen("disputed_mw") == [5, 5, 5, 0, 0]


def test_illustrative_figures_can_be_left_out(province: People) -> None:
    assert whole(province.anonymous, "&illustrative=false")["operating_mw"] == 96.05
    assert whole(province.anonymous, "&illustrative=true")["operating_mw"] == 103.05
    series = province.anonymous.get(
        "/capacity/series?from=2021-10-01&to=2021-10-31&illustrative=false"
    ).json()
    assert series["points"][-1]["operating_mw"] == 67.85


def test_a_project_off_the_totals_is_left_out_from_the_revision_that_says_so(province: People) -> None:
    assert "far" not in [line["code"] for line in whole(province.department)["breakdown"]]
    assert province.department.get("/projects/far").json()["capacity"]["operating_mw"] == 100
    with on(province, date(2022, 7, 1)) as session:
        change = ProjectChange.model_validate({"in_totals": False})
        projects.change(session, factories.SYSTEM, "gio-2", change, None)
    with on(province, date(2022, 8, 1)) as session:
        change = ProjectChange.model_validate({"in_totals": True})
        projects.change(session, factories.SYSTEM, "far", change, None)
    then = {"2022-06-30": 103.05, "2022-07-01": 77.85, "2022-08-01": 177.85}
    assert {day: whole(province.anonymous, f"&known_at={day}")["operating_mw"] for day in then} == then


def test_an_earlier_answer_keeps_the_target_of_its_time(province: People) -> None:
    with on(province, date(2022, 9, 1)) as session:
        change = TargetChange.model_validate({"capacity_mw": 400, "due_on": "2024-06-30"})
        targets.change(session, factories.SYSTEM, "377mw-2023", change, None)
    assert whole(province.anonymous)["target"]["capacity_mw"] == 400
    assert whole(province.anonymous, "&known_at=2022-08-31")["target"] == {
        "code": "377mw-2023",
        "capacity_mw": 377,
        "due_on": "2023-12-31",
    }


def series(person: Person, query: str) -> list[tuple[str, float]]:
    answer = person.get(f"/capacity/series?{query}")
    assert answer.status_code == 200, answer.text
    return [(point["on"], point["operating_mw"]) for point in answer.json()["points"]]


def test_a_series_has_the_number_at_the_end_of_each_period(province: People) -> None:
    reader = province.anonymous
    assert series(reader, "from=2021-08-01&to=2022-02-15&step=month") == [
        ("2021-08-31", 4.2),
        ("2021-09-30", 4.2),
        ("2021-10-31", 74.85),
        ("2021-11-30", 74.85),
        ("2021-12-31", 100.05),
        ("2022-01-31", 103.05),
        ("2022-02-15", 103.05),
    ]
    assert series(reader, "from=2021-05-20&to=2021-12-31&step=quarter") == [
        ("2021-06-30", 0),
        ("2021-09-30", 4.2),
        ("2021-12-31", 100.05),
    ]
    assert series(reader, "from=2020-02-01&to=2023-02-07&step=year") == [
        ("2020-12-31", 0),
        ("2021-12-31", 100.05),
        ("2022-12-31", 103.05),
        ("2023-02-07", 103.05),
    ]
    assert series(reader, "from=2021-10-31&to=2021-10-31") == [("2021-10-31", 74.85)]
    for day, mw in series(reader, "from=2021-08-01&to=2022-02-15"):
        assert whole(reader, f"&as_of={day}")["operating_mw"] == mw


def test_a_series_is_as_it_was_known(province: People) -> None:
    with on(province, date(2022, 6, 1)) as session:
        recognised(session, 10, "2021-09-15", "omega-1")
    window = "from=2021-09-01&to=2021-09-30"
    assert series(province.anonymous, window) == [("2021-09-30", 14.2)]
    assert series(province.anonymous, f"{window}&known_at=2022-05-31") == [("2021-09-30", 4.2)]


def test_a_series_has_plan_and_target_beside_it(province: People) -> None:
    address = "/capacity/series?from=2023-01-01&to=2023-03-31"
    points = province.anonymous.get(address).json()["points"]
    assert {(p["plan_mw"], p["target_mw"]) for p in points} == {(None, 377)}
    change = {"planned_cod_on": "2023-03-15"}
    assert province.department.patch("/phases/delta-1", change).status_code == 200
    points = province.anonymous.get(address).json()["points"]
    assert [p["plan_mw"] for p in points] == [0, 0, 50]


def test_a_series_that_ends_before_it_begins_or_is_endless_is_refused(people: People) -> None:
    for window, code, field in (
        ("from=2023-02-01&to=2023-01-31", "period", "to"),
        ("from=1900-01-01&to=2199-12-31", "series_too_long", "step"),
        ("from=2023-02-01", "field_missing", "to"),
        ("to=2023-02-01", "field_missing", "from"),
        ("from=2023-01-01&to=2023-02-01&step=week", "not_a_word", "step"),
    ):
        answer = people.anonymous.get(f"/capacity/series?{window}")
        assert (answer.status_code, answer.json()["code"]) == (422, code)
        assert answer.json()["errors"][0]["field"] == field


def again(person: Person, path: str, first: httpx.Response) -> int:
    return person.get(path, If_None_Match=first.headers["etag"]).status_code


@pytest.mark.parametrize(
    "path", ["/capacity?by=phase", "/capacity/series?from=2021-01-01&to=2023-01-01", "/projects", "/phases", "/projects/gio"]
)  # fmt: skip
def test_an_answer_one_has_already_is_not_sent_again(province: People, path: str) -> None:
    first = province.investor.get(path)
    unchanged = province.investor.get(path, If_None_Match=first.headers["etag"])
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert unchanged.headers["etag"] == first.headers["etag"]
    assert again(province.investor, path, first) == 304
    assert province.investor.get(path, If_None_Match='"other"').status_code == 200
    with on(province) as session:
        recognised(session, 1, "2022-02-01", "gio-a")
    later = province.investor.get(path, If_None_Match=first.headers["etag"])
    assert later.status_code == 200
    assert later.json() != first.json()


def test_an_answer_of_one_caller_is_no_answer_for_another(province: People) -> None:
    path = "/capacity"
    stranger = province.stranger.get(path)
    for person in (province.investor, province.anonymous):
        answer = person.get(path, If_None_Match=stranger.headers["etag"])
        assert (answer.status_code, answer.json()["declared_mw"]) == (200, 0)
    assert "Authorization" in stranger.headers["vary"]
    assert "Accept-Language" in stranger.headers["vary"]
    assert stranger.headers["cache-control"] == "private, no-cache"


def test_an_answer_in_one_language_is_no_answer_in_another(province: People) -> None:
    code = province.stranger.get("/phases/delta-1/tranches").json()["items"][-1]["code"]
    vietnamese = province.stranger.get(f"/tranches/{code}")
    english = province.stranger.get(
        f"/tranches/{code}", Accept_Language="en", If_None_Match=vietnamese.headers["etag"]
    )
    assert english.status_code == 200
    assert english.json()["warnings"][0]["message"] != vietnamese.json()["warnings"][0]["message"]
    assert province.stranger.get(f"/tranches/{code}?lang=en").json() == english.json()


def test_a_new_name_of_the_investor_shows_at_once_on_its_projects(province: People) -> None:
    first = province.anonymous.get("/projects/gio")
    change = {"name": "Công ty Điện gió Mới"}
    assert province.department.patch("/organisations/mekong-wind", change).status_code == 200
    later = province.anonymous.get("/projects/gio", If_None_Match=first.headers["etag"])
    assert (later.status_code, later.json()["investor"]["name"]) == (200, "Công ty Điện gió Mới")


def test_a_get_changes_nothing(province: People) -> None:
    with on(province) as session:
        reading.furnish(session, province.world, "gio", "gio-a")
    with province.app.state.tracker.files.receive() as incoming:
        incoming.write(reading.PAPER)
        incoming.keep()

    def counted() -> dict[str, int]:
        with province.world.database.reading() as session:
            # What a key was used for, and who looked at personal data, is written down beside the journal.
            tables = [t for t in metadata.sorted_tables if t.name not in ("key_use", "access")]
            return {t.name: session.execute(select(func.count()).select_from(t)).scalar_one() for t in tables}

    before = counted(), province.department.get("/journal").json()
    own = {"targets": "377mw-2023", "organisations": "doit", "projects": "gio", "tranches": "gio.1"}
    own |= {"grid-works": "line", "clearances": "land", "evacuation-groups": "node"}
    own |= {"webhooks": reading.endpoint(province.world)}
    asked = []
    for path, methods in province.app.openapi()["paths"].items():
        if "get" not in methods:
            continue
        for address in reading.addresses(path, own, "gio-a"):
            for person in (province.department, province.anonymous):
                answer = person.get(address)
                assert answer.status_code in ((200, 401) if person is province.anonymous else (200,)), (
                    address,
                    answer.text,
                )
            asked.append(address)
    assert len(asked) > 60
    assert (counted(), province.department.get("/journal").json()) == before
