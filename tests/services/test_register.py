"""Importing a register file: all or nothing, errors by line, twice is once, and only increments."""

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
from app.queries import capacity, journal, ledger, projects
from app.queries import register as exported
from app.services import register
from tests import factories

TODAY = date(2023, 2, 7)
REAL = registers.BEN_TRE.read_text("utf-8")


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
    assert outcome.left_out == 2, "Sunpro's COD of 2026 and the figure of the end of 2023"
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


def test_an_export_is_an_import_that_changes_nothing(database: Database) -> None:
    bring(database, REAL, until=TODAY)
    with database.reading() as session:
        text = files.write(exported.export(session))
    assert bring(database, text).changes_nothing


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
