"""What the grid lets through over the wire: the first real case, shared corridors, criteria, days, and what is not known."""

from datetime import date
from typing import Any

import httpx
import pytest
from sqlalchemy.orm import Session

from tests import factories
from tests.conftest import People
from tests.factories import World

# Nine plants under construction make 478 MW (domain rules 0); their split is ours.
PLANTS = {f"plant-{n}": mw for n, mw in enumerate((30, 30, 30, 29.7, 80, 98, 60, 60.3, 60), 1)}
LETTER = {"letter_number": "12/SPC", "letter_on": "2021-05-21", "letter_issuer": "EVN SPC"}


def plants(session: Session) -> None:
    factories.project(session, "plants")
    for code, mw in PLANTS.items():
        factories.phase(session, code, "plants", mw)


def operating(session: Session, world: World, phase: str, mw: float, **more: Any) -> str:
    code = factories.declare(session, world.investor, phase, mw=mw, **more)
    factories.confirm(session, world.evn_spc, code)
    return code


def energise(people: People, on: str, work: str = "line", *, confirm: bool = True) -> None:
    """The work is energised: declared by who builds it, confirmed by the second key of another user."""
    path = f"/grid-works/{work}/milestones/G-26"
    said = {"actual_on": on, "override_reason": "Các bước trước chưa nhập hồ sơ", **LETTER}
    answer = people.department.patch(path, said)
    assert answer.status_code == 200, answer.text
    if confirm:
        answer = people.evn_spc.post(f"{path}/confirmation", {})
        assert answer.status_code == 200, answer.text


def read(people: People, query: str = "basis=full") -> dict[str, Any]:
    answer = people.anonymous.get(f"/evacuation?{query}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def one(people: People, query: str = "basis=full", code: str = "node") -> dict[str, Any]:
    """The line of one group."""
    (line,) = (line for line in read(people, query)["groups"] if line["code"] == code)
    found: dict[str, Any] = line
    return found


def problem(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


@pytest.fixture
def real(people: People) -> People:
    """Nine plants behind the existing 110 kV stations, which can take 149 MW; after the line, 478."""
    with people.world.database.changing(factories.stamp(date(2021, 6, 1))) as session:
        plants(session)
        factories.phase(session, "away", "plants", None)
        factories.grid_work(session)
        factories.apply(session, "grid_work", "line")
        factories.evacuation_group(session, mw=149, phases=list(PLANTS))
        factories.evacuation_limit(session, mw=478, condition="after_work", work="line")
    return people


def test_the_first_real_case_149_of_478_mw(real: People) -> None:
    found = read(real)
    # The investor's own phase alpha-1 has no stated way, and the size of one plant is not known.
    assert found["unstated"] == [{"project": "alpha", "phase": "alpha-1", "capacity_mw": 30}]
    assert {name: found[f"{name}_mw"] for name in ("supply", "usable", "held_back", "unlimited", "unstated")} == {
        "supply": 508, "usable": 149, "held_back": 329, "unlimited": 0, "unstated": 30,
    }  # fmt: skip
    assert (found["unsized"], found["basis"], found["criterion"]) == (1, "full", None)
    (line,) = found["groups"]
    assert {name: line[f"{name}_mw"] for name in ("offered", "passes", "limit", "headroom", "shortfall")} == {
        "offered": 478, "passes": 149, "limit": 149, "headroom": 0, "shortfall": 329,
    }  # fmt: skip
    assert (line["is_exceeded"], line["operating_mw"], line["warnings"]) == (False, 0, [])
    (limit,) = line["limits"]
    assert (limit["id"], limit["condition"], limit["letter_number"]) == (line["counts"], "existing", "12/SPC")


def test_the_new_limit_holds_from_the_day_the_work_is_energised_and_the_old_one_before(real: People) -> None:
    energise(real, "2023-01-15", confirm=False)
    assert read(real)["usable_mw"] == 149, "declared is not confirmed"
    assert real.evn_spc.post("/grid-works/line/milestones/G-26/confirmation", {}).status_code == 200
    usable = {
        day: read(real, f"basis=full&as_of={day}") for day in ("2023-01-14", "2023-01-15", "2023-02-07")
    }
    assert [(found["usable_mw"], found["held_back_mw"]) for found in usable.values()] == [
        (149, 329),
        (478, 0),
        (478, 0),
    ]
    (limit,) = one(real)["limits"]
    assert (limit["condition"], limit["work"], limit["capacity_mw"]) == ("after_work", "line", 478)


def test_an_energisation_known_to_its_month_counts_from_the_end_of_it(real: People) -> None:
    said = {"actual_on": "2023-01-01", "actual_precision": "month", "override_reason": "Theo báo cáo tháng"}
    path = "/grid-works/line/milestones/G-26"
    assert real.department.patch(path, said | LETTER).status_code == 200
    assert real.evn_spc.post(f"{path}/confirmation", {}).status_code == 200
    days = ("2023-01-30", "2023-01-31")
    assert [read(real, f"basis=full&as_of={day}")["usable_mw"] for day in days] == [149, 478]


def test_an_old_answer_comes_out_again_whatever_was_said_since(real: People) -> None:
    then = "known_at=2022-01-01&basis=full&as_of=2023-02-07"
    before = real.anonymous.get(f"/evacuation?{then}")
    assert before.json()["usable_mw"] == 149
    energise(real, "2023-01-15")
    for answer in (
        real.evn_spc.patch("/evacuation-groups/node", {"name": "Tên khác", "work": "line", "is_illustrative": True}),
        real.evn_spc.delete("/evacuation-groups/node/phases/plant-1"),
        real.evn_spc.put("/evacuation-groups/node/phases/alpha-1", {}),
        real.evn_spc.post("/evacuation-groups", {"code": "behind", "name": "Sau"}),
        real.evn_spc.put("/evacuation-groups/behind/sources/node", {}),
        real.evn_spc.post("/evacuation-limits/1/withdrawal", {"reason": "Nhập nhầm"}),
        real.department.patch("/phases/plant-2", {"nominal_mw": 31}),
    ):  # fmt: skip
        assert answer.status_code in (200, 201, 204), answer.text
    now = read(real, "basis=full&as_of=2023-02-07")
    assert (now["usable_mw"], now["supply_mw"], len(now["groups"])) == (478, 509, 2)
    assert real.anonymous.get(f"/evacuation?{then}").json() == before.json()


def test_a_shared_corridor_caps_the_sum_of_what_passes_it(people: People) -> None:
    with people.world.database.changing(factories.stamp()) as session:
        plants(session)
        factories.evacuation_group(session, "station-a", 100, ["plant-5"])
        factories.evacuation_group(session, "station-b", 100, ["plant-6"])
        factories.evacuation_group(session, "corridor", 150)
    for station in ("station-a", "station-b"):
        path = f"/evacuation-groups/corridor/sources/{station}"
        assert people.evn_spc.put(path, {}).status_code == 200
    found = read(people)
    lines = {line["code"]: line for line in found["groups"]}
    assert found["usable_mw"] == 150
    assert lines["corridor"]["offered_mw"] == 178
    assert lines["corridor"]["shortfall_mw"] == 28
    assert lines["corridor"]["passes_mw"] == lines["station-a"]["passes_mw"] + lines["station-b"]["passes_mw"]
    assert lines["station-a"]["shortfall_mw"] == 0


def test_a_phase_with_two_ways_takes_both(people: People) -> None:
    with people.world.database.changing(factories.stamp()) as session:
        plants(session)
        factories.evacuation_group(session, "north", 40, ["plant-5"])
        factories.evacuation_group(session, "south", 35, ["plant-5"])
    assert read(people)["usable_mw"] == 75


def test_n_and_n_1_are_asked_for_apart_and_the_stricter_counts_unasked(people: People) -> None:
    with people.world.database.changing(factories.stamp()) as session:
        plants(session)
        factories.evacuation_group(session, phases=list(PLANTS))
        factories.evacuation_limit(session, mw=300, criterion="n")
        factories.evacuation_limit(session, mw=149, criterion="n-1")
    for query, usable in (("", 149), ("&criterion=n-1", 149), ("&criterion=n", 300)):
        line = one(people, f"basis=full{query}")
        assert line["passes_mw"] == line["limit_mw"] == usable
        assert [limit["capacity_mw"] for limit in line["limits"]] == [300, 149]
    with people.world.database.changing(factories.stamp()) as session:
        factories.evacuation_group(session, "other", phases=["alpha-1"])
        factories.evacuation_limit(session, "other", mw=20, criterion="n")
    found = read(people, "basis=full&criterion=n-1")
    assert (found["usable_mw"], found["unlimited_mw"]) == (179, 30), "N-1 of the other group is not known"


def test_a_letter_out_of_validity_holds_no_more_and_what_is_left_is_not_invented(people: People) -> None:
    with people.world.database.changing(factories.stamp()) as session:
        factories.evacuation_group(session, phases=["alpha-1"])
        factories.evacuation_limit(session, mw=10, valid_until="2022-12-31")
    assert read(people, "basis=full&as_of=2022-12-31")["usable_mw"] == 10
    found = read(people)
    (line,) = found["groups"]
    assert (found["usable_mw"], found["held_back_mw"], found["unlimited_mw"]) == (None, None, 30)
    assert [line[f"{name}_mw"] for name in ("limit", "headroom", "shortfall")] == [None, None, None]
    assert (line["is_exceeded"], line["counts"], line["limits"]) == (None, None, [])


def test_more_mw_in_operation_than_the_limit_is_a_warning_on_every_basis(people: People) -> None:
    with people.world.database.changing(factories.stamp()) as session:
        operating(session, people.world, "alpha-1", 20)
        factories.evacuation_group(session, mw=15, phases=["alpha-1"])
    for basis in ("operating", "installed", "full"):
        line = one(people, f"basis={basis}")
        assert (line["is_exceeded"], line["operating_mw"]) == (True, 20)
        (warning,) = line["warnings"]
        assert (warning["code"], warning["rule"]) == ("above_evacuation_limit", "R37")
        assert (warning["message"], warning["details"]) == (
            "Công suất vượt khả năng giải tỏa",
            {"operating_kw": 20_000, "limit_kw": 15_000},
        )
    english = people.anonymous.get("/evacuation?lang=en").json()["groups"][0]["warnings"][0]
    assert english["message"] == "More MW than the grid can evacuate"


def test_each_basis_leads_its_own_mw(people: People) -> None:
    with people.world.database.changing(factories.stamp()) as session:
        factories.measure(session, "installed", 25.2, "2022-02-01")
        operating(session, people.world, "alpha-1", 8.4)
        factories.turbines(session, count=7)
        factories.evacuation_group(session, mw=149, phases=["alpha-1"])
    found = {
        basis: read(people, f"basis={basis}")["supply_mw"] for basis in ("operating", "installed", "full")
    }
    # All turbines are listed, so the size is their sum and not the 30 MW on paper.
    assert found == {"operating": 8.4, "installed": 25.2, "full": 29.4}
    assert read(people, "as_of=2022-04-30")["supply_mw"] == 0
    assert read(people, "")["basis"] == "operating"


def test_mw_that_name_no_phase_take_any_way_of_their_project(people: People) -> None:
    investor, evn_spc = people.investor, people.evn_spc
    made = investor.post("/projects/alpha/tranches", factories.declaration(12))
    assert (
        evn_spc.post(f"/tranches/{made.json()['code']}/confirmation", factories.letter()).status_code == 200
    )
    with people.world.database.changing(factories.stamp()) as session:
        factories.evacuation_group(session, "north", 7)
        factories.evacuation_group(session, "south", 4, ["alpha-1"])
    found = read(people, "")
    assert (found["usable_mw"], found["unstated_mw"]) == (4, 0)
    with people.world.database.changing(factories.stamp()) as session:
        factories.phase(session, "alpha-2")
    assert evn_spc.put("/evacuation-groups/north/phases/alpha-2", {}).status_code == 200
    assert read(people, "")["usable_mw"] == 11
    for group, phase in (("north", "alpha-2"), ("south", "alpha-1")):
        assert evn_spc.delete(f"/evacuation-groups/{group}/phases/{phase}").status_code == 204
    assert read(people, "")["unstated"] == [{"project": "alpha", "phase": None, "capacity_mw": 12}]


def test_projects_out_of_the_totals_and_illustrative_statements_are_left_out(people: People) -> None:
    with people.world.database.changing(factories.stamp()) as session:
        factories.project(session, "beta", in_totals=False)
        factories.phase(session, "beta-1", "beta", 50)
        factories.evacuation_group(session, mw=149, phases=["alpha-1", "beta-1"])
        factories.evacuation_limit(session, mw=10, valid_from="2022-01-01", is_illustrative=True)
        factories.evacuation_group(session, "other")
    shown, real = read(people), read(people, "basis=full&illustrative=false")
    assert (shown["supply_mw"], shown["usable_mw"], shown["is_illustrative"]) == (30, 10, True)
    assert (real["supply_mw"], real["usable_mw"], real["is_illustrative"]) == (30, 30, False)
    assert [line["is_illustrative"] for line in shown["groups"]] == [True, False]
    drawn = people.evn_spc.put("/evacuation-groups/other/phases/alpha-1", {"is_illustrative": True})
    assert drawn.status_code == 200
    assert [line["is_illustrative"] for line in read(people)["groups"]] == [True, True]
    assert read(people, "basis=full&illustrative=false") == real | {"revision": real["revision"] + 1}


def test_what_has_no_way_is_listed_in_pages_the_most_first(people: People) -> None:
    with people.world.database.changing(factories.stamp()) as session:
        plants(session)
    first = people.anonymous.get("/evacuation?basis=full&limit=4")
    second = people.anonymous.get(first.links["next"]["url"])
    third = people.anonymous.get(second.links["next"]["url"])
    seen = [row for answer in (first, second, third) for row in answer.json()["unstated"]]
    assert third.json()["next"] is None
    assert [row["capacity_mw"] for row in seen] == sorted([30, *PLANTS.values()], reverse=True)
    assert {row["phase"] for row in seen} == {"alpha-1", *PLANTS}
    assert first.json()["unstated_mw"] == 508


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("basis=some", "not_a_word"),
        ("criterion=n-2", "not_a_word"),
        ("as_of=21/05/2021", "not_a_date"),
        ("known_at=yesterday", "not_an_instant"),
        ("cursor=abc", "cursor"),
        ("limit=0", "out_of_range"),
        ("group=node", "parameter_unknown"),
    ],
)
def test_bad_questions_are_refused_by_name(people: People, query: str, code: str) -> None:
    assert problem(people.anonymous.get(f"/evacuation?{query}")) == (422, code)
