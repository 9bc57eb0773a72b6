"""Importing a register file: all or nothing, errors by line, twice is once, and only increments."""

from collections import Counter
from datetime import date
from typing import Any

import pytest
import yaml
from sqlalchemy.orm import Session

from app import register as registers
from app.db import Database
from app.domain.access import Actor
from app.domain.errors import Forbidden, Invalid
from app.domain.vocabulary import Account, EntryKind, TrancheStatus
from app.formats import register as files
from app.queries import capacity, journal, ledger, projects, works
from app.queries import register as exported
from app.services import register
from tests import factories

TODAY = date(2023, 2, 7)
REAL = registers.BEN_TRE.read_text("utf-8")
DEMO = registers.DEMO_2023.read_text("utf-8")


def bring(database: Database, text: str, actor: Actor = factories.SYSTEM, **more: Any) -> register.Outcome:
    with database.changing(factories.stamp()) as session:
        return register.import_file(session, actor, text, TODAY, **more)


def operating_kw(session: Session, as_of: date = TODAY) -> int:
    return capacity.totals(session, capacity.whole(session, factories.SYSTEM, as_of)).operating_kw


def file(**more: Any) -> str:
    return yaml.safe_dump({"format": "wind-register/1", "capacity": "increments", **more}, allow_unicode=True)


def with_entries(*entries: dict[str, Any]) -> str:
    """A file about the investor's own phase of the test world."""
    phases = [{"code": "alpha-1", "name": "Giai đoạn alpha-1", "entries": list(entries)}]
    return file(projects=[{"code": "alpha", "name": "Dự án alpha", "phases": phases}])


def test_the_real_register_gives_the_published_figures(database: Database) -> None:
    outcome = bring(database, REAL, until=TODAY)
    assert outcome.left_out == 2 + 8, (
        "Sunpro's COD of 2026, the figure of the end of 2023, and steps of grid works of 2023 to 2025"
    )
    with database.reading() as session:
        assert operating_kw(session) == 93_050
        assert operating_kw(session, date(2021, 10, 30)) == 0
        figures = capacity.totals(session, capacity.whole(session, factories.SYSTEM, TODAY))
        assert figures.kw(Account.PLANNED) == 368_000, "eleven records on site; the six off site stay out"


def test_a_tranche_known_by_source_counts_and_keeps_its_warning(database: Database) -> None:
    bring(database, REAL, until=TODAY)
    with database.reading() as session:
        thanh_hai = projects.public(session, "thanh-hai")
        found = ledger.lines(session, thanh_hai)
        tranche = ledger.tranches(found)[0]
        assert (tranche.phase, tranche.operating_kw, tranche.status) == (
            None,
            34_250,
            TrancheStatus.RECOGNISED,
        )
        line = next(x for x in found if x.entry.kind == EntryKind.RECOGNISED_BY_SOURCE)
        assert line.row.sources
        assert "letter_missing" in {f.rule for f in line.findings}


def test_a_second_import_changes_nothing(database: Database) -> None:
    bring(database, REAL, until=TODAY)
    with database.reading() as session:
        before = journal.head(session)
    outcome = bring(database, REAL, until=TODAY)
    with database.reading() as session:
        assert outcome.changes_nothing
        assert sum(outcome.unchanged.values()) > 100
        assert journal.head(session) == before


def test_the_real_register_names_the_works_and_invents_nothing_about_them(database: Database) -> None:
    outcome = bring(database, REAL, until=TODAY)
    assert (outcome.created["grid works"], outcome.created["connections"], outcome.created["clearances"]) == (
        12,
        0,
        0,
    )
    with database.reading() as session:
        lines = {row.work.code: row for row in works.page(session, works.Filters(), after=None, limit=50)}
        assert sum(row.owner is None for row in lines.values()) == 1, (
            "whose the 220 kV line is, no source says"
        )
        assert {row.owner.code for row in lines.values() if row.owner} == {"evn-spc"}
        assert all(row.work.sources and not row.work.is_illustrative for row in lines.values())
        known = {code: (row.work.length_km, row.work.towers_total) for code, row in lines.items()}
        assert {code: both for code, both in known.items() if both != (None, None)} == {
            "line-giao-long-phu-thuan": (9.016, 36),
            "line-phu-thuan-binh-dai": (22.7, 88),
            "line-bentre-mytho": (15, None),
            "line-giong-trom-binh-dai-2012": (21, 101),
        }
        assert {c: row.district.code for c, row in lines.items() if row.district} == {
            "tba-phu-thuan": "binh-dai",
            "tba-thanh-tan": "mo-cay-bac",
            "tba-an-hiep": "chau-thanh",
        }


def test_what_the_demo_adds_is_marked_and_says_so_in_both_languages(database: Database) -> None:
    content = files.read(DEMO).values
    records = [*content["connections"], *content["clearances"]]
    assert set(content) == {"format", "capacity", "title", "note", "connections", "clearances", "milestones"}
    assert all(section["is_illustrative"] is True for section in content["milestones"])
    for record in records:
        assert record["is_illustrative"] is True
        assert "Minh họa, không có nguồn" in record["note"]
        assert "Illustrative, no source" in record["note"]
    bring(database, REAL, until=TODAY)
    outcome = bring(database, DEMO, until=TODAY)
    assert outcome.created["connections"] + outcome.created["clearances"] == len(records)
    assert set(outcome.created) == {"connections", "clearances", "milestone templates"}
    assert set(outcome.changed) == {"milestones"}
    with database.reading() as session:
        assert operating_kw(session) == 93_050
        line = works.public(session, "line-phu-thuan-binh-dai")
        needs = works.of_work(session, factories.SYSTEM, line)
        assert [need.phase.code for need in needs] == ["binh-dai-1", "binh-dai-2", "binh-dai-3"]
        communes = Counter(
            package.commune.name if package.commune else None
            for package in works.packages(
                session,
                factories.SYSTEM,
                works.PackageFilters(work="line-giao-long-phu-thuan"),
                after=None,
                limit=50,
            )
        )
        assert communes == {"Giao Long": 2, "An Hóa": 2, "Long Định": 2, "Phú Thuận": 2}
    assert bring(database, DEMO).changes_nothing


def test_an_export_is_an_import_that_changes_nothing(database: Database) -> None:
    bring(database, REAL, until=TODAY)
    for demo in registers.DEMO:
        bring(database, demo.read_text("utf-8"), until=TODAY)
    with database.changing(factories.stamp()) as session:
        factories.clearance(session, "plant", project="thanh-hai", district="thanh-phu")
        factories.grid_work(session, "tie", owner="tan-hoan-cau-ben-tre", crosses_live_line=False)
    with database.reading() as session:
        content = exported.export(session)
    assert (len(content["grid_works"]), len(content["connections"]), len(content["clearances"])) == (
        13,
        13,
        21,
    )
    outcome = bring(database, files.write(content))
    assert outcome.changes_nothing
    assert (outcome.unchanged["grid works"], outcome.unchanged["connections"]) == (13, 13)
    assert outcome.unchanged["clearances"] == 21
    assert (outcome.unchanged["towers and sections"], outcome.unchanged["cases"]) == (155, 1243)


def test_an_export_is_the_same_register_elsewhere(world: factories.World) -> None:
    with world.database.changing(factories.stamp()) as session:
        factories.grid_work(session, "line", length_km=9.016, takes_rice_land=True, route="A - B")
        factories.connection(session, note="Cần để đóng điện")
        factories.commune(session)
        factories.clearance(session, commune="xa-thua-duc")
        factories.clearance(session, "plant", project="alpha")
    with world.database.reading() as session:
        content = exported.export(session)
    assert content["connections"] == [
        {
            "phase": "alpha-1",
            "work": "line",
            "kind": "point_of_connection",
            "is_illustrative": False,
            "sources": [],
            "note": "Cần để đóng điện",
        }
    ]
    assert [(c["code"], c["work"], c["project"], c["commune"]) for c in content["clearances"]] == [
        ("land", "line", None, "xa-thua-duc"),
        ("plant", None, "alpha", None),
    ]
    (line,) = content["grid_works"]
    told = ("code", "owner", "length_km", "takes_rice_land", "crosses_live_line", "route")
    assert [line[name] for name in told] == ["line", "evn-spc", 9.016, True, None, "A - B"]


def test_an_import_is_one_revision(database: Database) -> None:
    bring(database, REAL, until=TODAY)
    with database.reading() as session:
        assert journal.head(session) == 1
        assert journal.verify(session).broken_at is None


@pytest.mark.parametrize(
    ("said", "problem"),
    [("capacity: running_totals", "running_totals"), ("title: silent", "capacity_not_stated")],
)
def test_only_increments_are_taken(world: factories.World, said: str, problem: str) -> None:
    text = with_entries({"measure": "operating", "capacity_mw": 42.2, "effective_on": "2021-09-30"})
    with pytest.raises(Invalid) as refused:
        bring(world.database, text.replace("capacity: increments", said))
    assert [e.problem for e in refused.value.details["lines"]] == [problem]  # type: ignore[attr-defined]


def test_every_error_is_named_with_its_line_and_nothing_is_kept(world: factories.World) -> None:
    text = with_entries(
        {"measure": "installed", "capacity_mw": 10, "effective_on": date(2022, 1, 1)},
        {"measure": "installed", "capacity_mw": 10, "effective_on": date(2030, 1, 1)},
        {"measure": "installed", "capacity_mw": 10, "effective_on": date(2022, 1, 1), "sources": ["NOBODY"]},
    )
    with world.database.reading() as session:
        before = journal.head(session)
    with pytest.raises(Invalid) as refused:
        bring(world.database, text)
    errors = refused.value.details["lines"]
    lines = text.splitlines()
    assert [(e.path.split(".")[-1], e.problem) for e in errors] == [  # type: ignore[attr-defined]
        ("effective_on", "date_in_future"),
        ("sources", "unknown_source"),
    ]
    assert "2030-01-01" in lines[errors[0].line - 1]  # type: ignore[index]
    with world.database.reading() as session:
        assert journal.head(session) == before


def grid(**more: Any) -> str:
    """A file with one work, one connection and one package, each changed as `more` says by its section's name."""
    sections: dict[str, dict[str, Any]] = {
        "grid_works": {"code": "line", "kind": "line", "name": "Đường dây", "owner": "evn-spc"},
        "connections": {"phase": "alpha-1", "work": "line", "kind": "evacuation", "note": "Ghi chú"},
        "clearances": {"code": "land", "name": "Mặt bằng", "track": "corridor", "work": "line"},
    }
    return file(**{name: [record | more.get(name, {})] for name, record in sections.items()})


@pytest.mark.parametrize(
    ("section", "change", "field", "problem"),
    [
        ("grid_works", {"owner": "nobody"}, "owner", "unknown_organisation"),
        ("grid_works", {"district": "nowhere"}, "district", "unknown_district"),
        ("grid_works", {"sources": ["NOBODY"]}, "sources", "unknown_source"),
        ("grid_works", {"kind": "tunnel"}, "kind", "not_a_word"),
        ("connections", {"phase": "nowhere"}, "phase", "unknown_phase"),
        ("connections", {"work": "nowhere"}, "work", "unknown_work"),
        ("connections", {"sources": ["NOBODY"]}, "sources", "unknown_source"),
        ("clearances", {"work": "nowhere"}, "work", "unknown_work"),
        ("clearances", {"project": "alpha"}, "work", "one_holder"),
        ("clearances", {"work": None}, "work", "one_holder"),
        ("clearances", {"work": None, "project": "alpha"}, "track", "corridor_needs_work"),
        ("clearances", {"work": None, "project": "nowhere"}, "project", "unknown_project"),
        ("clearances", {"commune": "nowhere"}, "commune", "unknown_commune"),
    ],
)
def test_errors_about_the_grid_are_named_with_their_line(
    world: factories.World, section: str, change: dict[str, Any], field: str, problem: str
) -> None:
    text = grid(**{section: change})
    with world.database.reading() as session:
        before = journal.head(session)
    with pytest.raises(Invalid) as refused:
        bring(world.database, text)
    # Where the work is refused, so is what names it; the cause comes first.
    error, *others = refused.value.details["lines"]  # type: ignore[misc]
    assert (error.path, error.problem) == (f"{section}.0.{field}", problem)
    assert {other.problem for other in others} <= {"unknown_work"}
    lines = text.splitlines()
    # A list stands on the line after its name.
    assert f"{field}:" in lines[error.line - (2 if field == "sources" else 1)]
    assert error.line > lines.index(f"{section}:")
    with world.database.reading() as session:
        assert journal.head(session) == before


def test_a_file_changes_of_the_grid_what_it_states_and_no_more(world: factories.World) -> None:
    with world.database.changing(factories.stamp()) as session:
        factories.commune(session)
    bring(world.database, grid())
    assert bring(world.database, grid()).changes_nothing
    said = {"phase": "alpha-1", "work": "line", "kind": "gen_tie"}
    outcome = bring(world.database, file(connections=[said]))
    assert (outcome.changed, outcome.created) == ({"connections": 1}, {})
    stated = grid(grid_works={"length_km": 9.016}, connections=said, clearances={"commune": "xa-thua-duc"})
    outcome = bring(world.database, stated, until=date(2000, 1, 1))
    assert (outcome.changed, outcome.left_out) == ({"grid works": 1, "clearances": 1}, 0)
    with world.database.reading() as session:
        (need,) = works.needs(session)
        assert (need.connection.kind, need.connection.note) == ("gen_tie", "Ghi chú")
        package = works.package(session, factories.SYSTEM, "land")
        assert (package.clearance.track, package.clearance.commune_code) == ("corridor", "xa-thua-duc")
        assert package.work is not None
        assert package.work.length_km == 9.016


def test_a_package_stays_with_its_holder(world: factories.World) -> None:
    bring(world.database, grid())
    elsewhere = {"code": "land", "name": "Mặt bằng", "track": "recovered_land", "project": "alpha"}
    with pytest.raises(Invalid) as refused:
        bring(world.database, file(clearances=[elsewhere]))
    assert [(e.path, e.problem) for e in refused.value.details["lines"]] == [  # type: ignore[attr-defined]
        ("clearances.0.code", "taken")
    ]


def test_an_investors_file_says_nothing_about_the_grid(world: factories.World) -> None:
    with pytest.raises(Invalid) as refused:
        bring(world.database, grid(), world.investor)
    errors = refused.value.details["lines"]
    assert {str(e.problem) for e in errors} == {"not_allowed", "unknown_work"}  # type: ignore[attr-defined]
    bring(world.database, grid(), world.department)
    for change in (
        {"grid_works": {"circuits": 2}},
        {"connections": {"note": "Khác"}},
        {"clearances": {"commune": "x"}},
    ):
        with pytest.raises(Invalid) as refused:
            bring(world.database, grid(**change), world.investor)
        assert {str(e.problem) for e in refused.value.details["lines"]} == {"not_allowed"}  # type: ignore[attr-defined]


def test_an_investors_file_makes_declarations(world: factories.World) -> None:
    text = with_entries({"measure": "operating", "capacity_mw": 4.2, "effective_on": date(2022, 5, 1)})
    bring(world.database, text, world.investor)
    with world.database.reading() as session:
        phase, project = projects.public_phase(session, "alpha-1")
        assert [t.status for t in ledger.tranches(ledger.lines(session, project, phase))] == [
            TrancheStatus.DECLARED
        ]
        assert operating_kw(session) == 0


def test_an_investor_imports_nothing_into_anothers_project(world: factories.World) -> None:
    text = with_entries({"measure": "installed", "capacity_mw": 4.2, "effective_on": date(2022, 5, 1)})
    with pytest.raises(Invalid) as refused:
        bring(world.database, text, world.stranger)
    assert {str(e.problem) for e in refused.value.details["lines"]} == {"not_found"}  # type: ignore[attr-defined]


def test_evn_spc_imports_no_register(world: factories.World) -> None:
    with pytest.raises(Forbidden):
        bring(world.database, file(), world.evn_spc)


def test_a_dry_run_keeps_nothing(database: Database) -> None:
    with database.rehearsing(factories.stamp()) as session:
        outcome = register.import_file(session, factories.SYSTEM, REAL, TODAY, until=TODAY)
    assert outcome.created["projects"] == 11
    with database.reading() as session:
        assert journal.head(session) == 0
        assert operating_kw(session) == 0


def test_two_equal_entries_are_two_increments(world: factories.World) -> None:
    entry = {"measure": "installed", "capacity_mw": 4.2, "effective_on": "2022-05-01"}
    assert bring(world.database, with_entries(entry)).created["entries"] == 1
    outcome = bring(world.database, with_entries(entry, dict(entry)))
    assert (outcome.created["entries"], outcome.unchanged["entries"]) == (1, 1)
