"""Grid works, connections and clearance packages below the doors: what each change states, moves and refuses."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.access import Actor, Role
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound, TrackerError
from app.domain.vocabulary import SubjectKind
from app.queries import projects, subjects
from app.queries import works as found
from app.schemas.works import (
    ClearanceChange,
    ClearanceCreate,
    ConnectionPut,
    GridWorkChange,
    GridWorkCreate,
)
from app.services import clearances, works
from app.tables.journal import Fact
from app.tables.milestones import Milestone
from tests import factories

LINE = {"code": "line", "kind": "line", "name": "Đường dây 110kV"}
LAND = {"code": "land", "name": "Xã Thừa Đức", "track": "recovered_land"}


def add(session: Session, actor: Actor, **more: Any) -> Any:
    return works.create(session, actor, GridWorkCreate.model_validate({**LINE, **more}))


def clear(session: Session, actor: Actor, **more: Any) -> Any:
    return clearances.create(session, actor, ClearanceCreate.model_validate({**LAND, **more}))


def connect(session: Session, actor: Actor, kind: str = "gen_tie", **more: Any) -> None:
    change = ConnectionPut.model_validate({"kind": kind, **more})
    works.put_connection(session, actor, "alpha-1", "line", change, None)


def facts(session: Session, subject: str) -> list[Fact]:
    statement = select(Fact).where(Fact.subject == subject).order_by(Fact.revision, Fact.position)
    return list(session.execute(statement).scalars())


@pytest.fixture
def line(world: factories.World) -> factories.World:
    """The world with the line of EVN SPC, which phase `alpha-1` needs, a package of it and one of the project."""
    with world.database.changing(factories.stamp(hour=1)) as session:
        factories.grid_work(session)
        factories.connection(session)
        factories.clearance(session)
        factories.clearance(session, "plant", project="alpha")
    return world


def test_a_grid_company_adds_its_own_work_without_naming_itself(world: factories.World) -> None:
    with world.database.changing(factories.stamp()) as session:
        assert add(session, world.evn_spc).owner_id == world.evn_spc.organisation_id
        assert add(session, world.department, code="other").owner_id is None


@pytest.mark.parametrize(
    ("who", "more", "refusal", "problem"),
    [
        ("evn_spc", {"owner": "other-wind"}, Forbidden, "not_allowed"),
        ("investor", {"owner": "mekong-wind"}, Forbidden, "not_allowed"),
        ("department", {"owner": "nobody"}, Invalid, "unknown_organisation"),
        ("department", {"district": "nowhere"}, Invalid, "unknown_district"),
        ("department", {"sources": ["NOBODY"]}, Invalid, "unknown_source"),
        ("department", {"code": "taken"}, Conflict, "taken"),
    ],
)
def test_a_work_that_cannot_be_is_refused(
    world: factories.World, who: str, more: dict[str, Any], refusal: type[TrackerError], problem: str
) -> None:
    with world.database.changing(factories.stamp()) as session:
        factories.grid_work(session, "taken")
    with world.database.rehearsing(factories.stamp()) as session:
        with pytest.raises(refusal) as refused:
            add(session, world.actors[who], **more)
        assert refused.value.problem == problem


def test_a_work_is_changed_by_its_owner_and_not_given_away(line: factories.World) -> None:
    with line.database.changing(factories.stamp()) as session:
        change = GridWorkChange.model_validate({"length_km": 22.7, "owner": "evn-spc"})
        row = works.change(session, line.evn_spc, "line", change, None)
        revision = row.revision
    with line.database.reading() as session:
        said = facts(session, "grid_work")[-1]
        assert (said.revision, said.before, said.after) == (
            revision,
            {"length_km": None},
            {"length_km": 22.7},
        )
        assert found.public(session, "line").revision == revision
    for owner in ("mekong-wind", None):
        given = GridWorkChange.model_validate({"owner": owner})
        with line.database.rehearsing(factories.stamp()) as session, pytest.raises(Forbidden):
            works.change(session, line.evn_spc, "line", given, None)
    with line.database.changing(factories.stamp()) as session:
        given = GridWorkChange.model_validate({"owner": "mekong-wind"})
        works.change(session, line.department, "line", given, None)
    with line.database.rehearsing(factories.stamp()) as session, pytest.raises(Forbidden):
        works.change(session, line.evn_spc, "line", GridWorkChange.model_validate({"note": "x"}), None)


def test_a_connection_moves_both_of_its_ends_and_a_second_put_nothing(world: factories.World) -> None:
    with world.database.changing(factories.stamp(hour=1)) as session:
        factories.grid_work(session)
    revisions = []
    for kind in ("evacuation", "evacuation", "gen_tie"):
        with world.database.changing(factories.stamp(hour=2)) as session:
            connect(session, world.evn_spc, kind)
        with world.database.reading() as session:
            moved = (projects.public(session, "alpha").revision, found.public(session, "line").revision)
            assert moved[0] == moved[1]
            revisions.append(moved[0])
    assert revisions[0] == revisions[1] == revisions[2] - 1
    with world.database.changing(factories.stamp(hour=3)) as session:
        works.remove_connection(session, world.department, "alpha-1", "line", revisions[-1])
    with world.database.reading() as session:
        said = facts(session, "connection")
        assert [fact.kind.value for fact in said] == [
            "connection.made",
            "connection.made",
            "connection.removed",
        ]
        assert [fact.subject_code for fact in said] == ["alpha-1/line"] * 3
        assert said[0].after == {
            "kind": "evacuation",
            "is_illustrative": False,
            "phase": "alpha-1",
            "work": "line",
        }
        assert (said[1].before, said[1].after) == ({"kind": "evacuation"}, {"kind": "gen_tie"})
        assert said[2].before is not None
        assert said[2].after is None
        assert {fact.project_id for fact in said} == {projects.public(session, "alpha").id}
        assert found.public(session, "line").revision == said[2].revision
        assert found.needs(session) == []
    with world.database.rehearsing(factories.stamp()) as session, pytest.raises(NotFound):
        works.remove_connection(session, world.department, "alpha-1", "line", None)


def test_who_keeps_a_work_keeps_who_needs_it(line: factories.World) -> None:
    with line.database.changing(factories.stamp()) as session:
        factories.grid_work(session, "tie", owner="mekong-wind")
    change = ConnectionPut.model_validate({"kind": "gen_tie"})
    for actor in (line.evn_spc, line.investor, line.stranger):
        with line.database.rehearsing(factories.stamp()) as session, pytest.raises(Forbidden):
            works.put_connection(session, actor, "alpha-1", "tie", change, None)
    with line.database.changing(factories.stamp()) as session:
        works.put_connection(session, line.department, "alpha-1", "tie", change, None)
    with line.database.rehearsing(factories.stamp()) as session, pytest.raises(Forbidden):
        works.remove_connection(session, line.evn_spc, "alpha-1", "tie", None)


def test_an_investor_sees_what_its_phases_need_and_only_while_they_do(line: factories.World) -> None:
    def seen(actor: Actor) -> list[str]:
        with line.database.reading() as session:
            packages = found.packages(session, actor, found.PackageFilters(), after=None, limit=10)
            work = subjects.one(session, factories.SYSTEM, SubjectKind.GRID_WORK, "line")
            return [p.clearance.code for p in packages] + ["line"] * subjects.sees(session, actor, work)

    assert seen(line.department) == seen(line.evn_spc) == seen(line.investor) == ["land", "plant", "line"]
    assert seen(line.stranger) == seen(Actor(Role.PUBLIC)) == []
    with line.database.changing(factories.stamp()) as session:
        works.remove_connection(session, line.evn_spc, "alpha-1", "line", None)
    assert seen(line.investor) == ["plant"]


def test_of_a_shared_work_each_investor_sees_its_own_connection(line: factories.World) -> None:
    with line.database.changing(factories.stamp()) as session:
        factories.project(session, "beta", investor="other-wind")
        factories.phase(session, "beta-1", "beta")
        factories.connection(session, "beta-1")
    cases = (
        (line.investor, ["alpha-1"]),
        (line.stranger, ["beta-1"]),
        (line.evn_spc, ["alpha-1", "beta-1"]),
    )
    with line.database.reading() as session:
        for actor, phases in cases:
            needs = found.of_work(session, actor, found.public(session, "line"))
            assert [need.phase.code for need in needs] == phases


@pytest.mark.parametrize(
    ("who", "more", "refusal", "problem", "field"),
    [
        ("department", {"work": "line", "project": "alpha"}, Invalid, "one_holder", "work"),
        ("department", {}, Invalid, "one_holder", "work"),
        ("department", {"work": "nowhere"}, Invalid, "unknown_work", "work"),
        ("department", {"project": "nowhere"}, Invalid, "unknown_project", "project"),
        ("department", {"project": "alpha", "track": "corridor"}, Invalid, "corridor_needs_work", "track"),
        ("department", {"work": "line", "code": "plant"}, Conflict, "taken", "code"),
        ("department", {"work": "line", "district": "nowhere"}, Invalid, "unknown_district", "district"),
        ("evn_spc", {"project": "alpha"}, Forbidden, "not_allowed", None),
        ("evn_spc", {"work": "tie"}, Forbidden, "not_allowed", None),
        ("investor", {"project": "alpha"}, Forbidden, "not_allowed", None),
    ],
)
def test_a_package_that_cannot_be_is_refused(
    line: factories.World,
    who: str,
    more: dict[str, Any],
    refusal: type[TrackerError],
    problem: str,
    field: str | None,
) -> None:
    with line.database.changing(factories.stamp()) as session:
        factories.grid_work(session, "tie", owner="mekong-wind")
    with line.database.rehearsing(factories.stamp()) as session:
        with pytest.raises(refusal) as refused:
            clear(session, line.actors[who], **{"code": "new", **more})
        assert (refused.value.problem, refused.value.field) == (problem, field)


def test_a_package_of_a_project_moves_the_project_and_one_of_a_work_itself_alone(
    line: factories.World,
) -> None:
    with line.database.changing(factories.stamp(hour=2)) as session:
        factories.commune(session, district=None)
    for actor, code in ((line.evn_spc, "land"), (line.department, "plant")):
        with line.database.changing(factories.stamp()) as session:
            before = projects.public(session, "alpha").revision
            change = ClearanceChange.model_validate({"commune": "xa-thua-duc"})
            revision = clearances.change(session, actor, code, change, None).revision
        with line.database.reading() as session:
            moved = projects.public(session, "alpha").revision
            assert moved == (revision if code == "plant" else before)
            said = facts(session, "clearance")[-1]
            assert (said.subject_code, said.after) == (code, {"commune_code": "xa-thua-duc"})
            assert (said.project_id is None) == (code == "land")


def test_a_package_is_changed_by_who_keeps_its_holder(line: factories.World) -> None:
    change = ClearanceChange.model_validate({"commune": "xa-thua-duc"})
    for actor in (line.evn_spc, line.investor):
        with line.database.rehearsing(factories.stamp()) as session, pytest.raises(Forbidden):
            clearances.change(session, actor, "plant", change, None)
    corridor = ClearanceChange.model_validate({"track": "corridor"})
    with line.database.rehearsing(factories.stamp()) as session, pytest.raises(Invalid):
        clearances.change(session, line.department, "plant", corridor, None)
    with line.database.changing(factories.stamp()) as session:
        clearances.change(session, line.evn_spc, "land", corridor, None)


def test_what_has_chosen_milestones_stays_what_it_is(line: factories.World) -> None:
    with line.database.changing(factories.stamp()) as session:
        for kind, row in (
            (SubjectKind.GRID_WORK, found.public(session, "line")),
            (SubjectKind.CLEARANCE, found.package(session, line.department, "land").clearance),
        ):
            more = {"template_version": 1, "created_in": 1, "revision": 1}
            session.add(Milestone(subject=kind, subject_id=row.id, code="G-1", **more))
    with line.database.rehearsing(factories.stamp()) as session, pytest.raises(Conflict) as refused:
        works.change(session, line.evn_spc, "line", GridWorkChange.model_validate({"kind": "bay"}), None)
    assert (refused.value.problem, refused.value.field) == ("in_use", "kind")
    corridor = ClearanceChange.model_validate({"track": "corridor"})
    with line.database.rehearsing(factories.stamp()) as session, pytest.raises(Conflict) as refused:
        clearances.change(session, line.evn_spc, "land", corridor, None)
    assert (refused.value.problem, refused.value.field) == ("in_use", "track")
    with line.database.changing(factories.stamp()) as session:
        same = GridWorkChange.model_validate({"kind": "line", "note": "Vẫn là đường dây"})
        works.change(session, line.evn_spc, "line", same, None)
