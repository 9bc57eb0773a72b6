"""Milestones in a register file: recorded by source or declared, marked where they are invented, and out and in again."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import register as registers
from app.db import Database
from app.domain.access import Actor
from app.domain.errors import Invalid
from app.domain.vocabulary import Fact, MilestoneAct, SubjectKind, Verification
from app.formats import register as files
from app.queries import journal, register_milestones, subjects
from app.queries import milestones as stored
from app.queries import register as exported
from app.schemas.milestones import BaselineSet
from app.services import journal as journal_service
from app.services import milestones, register
from app.tables.journal import Fact as FactRow
from app.tables.milestones import Milestone, MilestoneEntry
from tests import factories
from tests.conftest import settings
from tests.factories import TODAY, World

REAL = registers.BEN_TRE.read_text("utf-8")
DEMO = registers.DEMO_2023.read_text("utf-8")
LETTER = {"letter_number": "12/BB", "letter_on": date(2023, 1, 20), "letter_issuer": "Tư vấn giám sát"}


def bring(
    database: Database, text: str, actor: Actor = factories.SYSTEM, today: date = TODAY, **more: Any
) -> register.Outcome:
    with database.changing(factories.stamp(today)) as session:
        return register.import_file(session, actor, text, today, **more)


def said(*lines: dict[str, Any], kind: str = "phase", code: str = "alpha-1", **more: Any) -> str:
    """A file about the milestones of one subject."""
    content = {
        "format": "wind-register/1",
        "capacity": "increments",
        "sources": [{"code": "S1", "title": "Một nguồn"}],
        "milestones": [{"subject": kind, "code": code, **more, "lines": list(lines)}],
    }
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False)


def an_investors(*lines: dict[str, Any], **more: Any) -> str:
    """The same without sources, which are the department's to keep."""
    values = yaml.safe_load(said(*lines, **more))
    return yaml.safe_dump(values | {"sources": []}, allow_unicode=True, sort_keys=False)


def row(
    session: Session, name: str, kind: SubjectKind = SubjectKind.PHASE, code: str = "alpha-1"
) -> Milestone:
    return stored.one(session, subjects.one(session, factories.SYSTEM, kind, code), name)


def head(database: Database) -> int:
    with database.reading() as session:
        return journal.head(session)


def dump(database: Database) -> str:
    with database.reading() as session:
        return files.write(exported.export(session))


@pytest.fixture
def elsewhere(tmp_path: Path, _sqlite_template: Path) -> Iterator[Database]:
    """Another tracker, with nothing in it."""
    file = shutil.copy(_sqlite_template, tmp_path / "elsewhere.db")
    made = Database(settings(f"sqlite:///{file}"), seal=journal_service.seal)
    yield made
    made.close()


# Dated steps of 110 kV works in the real register: all later than February 2023.
LATER = {
    ("tba-thanh-tan", "G-15"): "2023-09-08",
    ("tba-thanh-tan", "G-26"): "2024-04-24",
    ("line-giao-long-phu-thuan", "G-15"): "2024-12-26",
    ("tba-an-hiep", "G-26"): "2025-04-29",
    ("line-ben-tre-an-hiep", "G-26"): "2025-04-29",
    ("tba-phu-thuan", "G-26"): "2025-06-30",
    ("line-giao-long-phu-thuan", "G-26"): "2025-06-30",
    ("upgrade-bt2-mc2-mc", "G-26"): "2025-06-30",
}


def done_of_works(database: Database) -> dict[tuple[str, str], str]:
    with database.reading() as session:
        rows = session.execute(select(Milestone).where(Milestone.actual_on.is_not(None))).scalars()  # type: ignore[union-attr]
        return {
            (subjects.by_id(session, r.subject, r.subject_id).code, r.code): str(r.actual_on) for r in rows
        }


def test_what_came_later_than_the_day_the_import_goes_up_to_is_left_out(database: Database) -> None:
    assert bring(database, REAL, until=TODAY).created["milestone templates"] == 6
    assert done_of_works(database) == {}
    # The day after the first of them, and the day before the last three.
    assert bring(database, REAL, today=date(2026, 6, 1), until=date(2023, 9, 8)).changed["milestones"] == 1
    assert len(done_of_works(database)) == 1
    assert bring(database, REAL, today=date(2026, 6, 1), until=date(2025, 6, 29)).changed["milestones"] == 4
    assert bring(database, REAL, today=date(2026, 6, 1), until=date(2025, 6, 30)).changed["milestones"] == 3
    assert done_of_works(database) == LATER
    with database.reading() as session:
        found = row(session, "G-26", SubjectKind.GRID_WORK, "tba-phu-thuan")
        assert (found.verification, found.actual_precision, found.is_illustrative) == (
            "confirmed",
            "by",
            False,
        )
        entries = session.execute(select(MilestoneEntry).where(MilestoneEntry.milestone_id == found.id))
        assert [entry.sources for entry in entries.scalars()] == [("TN202506",)]


def test_every_milestone_that_the_demo_touches_is_marked(database: Database) -> None:
    bring(database, REAL, until=TODAY)
    with database.reading() as session:
        real = list(session.execute(select(Milestone.id)).scalars())
        assert not any(m.is_illustrative for m in session.execute(select(Milestone)).scalars())
    bring(database, DEMO, until=TODAY)
    with database.reading() as session:
        told = set(session.execute(select(MilestoneEntry.milestone_id)).scalars())
        rows = list(session.execute(select(Milestone)).scalars())
        fresh = [m for m in rows if m.id not in real]
        assert len(fresh) > 300
        assert all(m.is_illustrative for m in fresh)
        # Of the works that have milestones for their real steps, what the demo says and nothing else.
        spoken = [m for m in rows if m.id in real and (m.due_on or m.next_on or m.actual_on)]
        assert len(spoken) > 20
        assert {m.id for m in spoken} <= told
        assert [m.is_illustrative for m in spoken] == [True] * len(spoken)
        assert not any(
            m.is_illustrative for m in rows if m.id in real and m.is_applicable and m not in spoken
        )


def test_the_demo_a_second_time_changes_nothing(database: Database) -> None:
    bring(database, REAL, until=TODAY)
    bring(database, DEMO, until=TODAY)
    before = head(database), dump(database)
    outcome = bring(database, DEMO, until=TODAY)
    assert outcome.changes_nothing
    assert outcome.unchanged["milestones"] > 200
    assert (head(database), dump(database)) == before


def a_richer_life(session: Session, department: Actor) -> None:
    """What a demo file does not have: a further instance, a milestone ruled out after it had a forecast, a day that is
    not known exactly, and a baseline by decision."""
    factories.instance(session, "G-11", "grid_work", "line-ba-tri-binh-thanh", label="Gói xây lắp 2")
    factories.instance(session, "G-11", "grid_work", "line-ba-tri-binh-thanh")
    factories.state(
        session,
        "G-11.3",
        "grid_work",
        "line-ba-tri-binh-thanh",
        forecast_on="2023-07-01",
        forecast_precision="quarter",
    )
    factories.state(
        session, "W-E6", code="sunpro", forecast_on="2023-11-30", plan_on="2023-06-30", cause="weather"
    )
    factories.state(session, "W-E6", code="sunpro", is_applicable=False, note="Đổi phương án thi công")
    factories.state(
        session, "W-E7", code="sunpro", forecast_on="2023-12-01", forecast_precision="month", cause="weather"
    )
    factories.state(
        session, "W-E7", code="sunpro", forecast_on="2024-12-31", forecast_precision="year", cause="weather"
    )
    decision = BaselineSet.model_validate({"baseline_on": "2023-10-31", "letter_issuer": "Sở Công Thương",
                                           "letter_number": "5/QĐ-SCT", "letter_on": "2023-01-10"})  # fmt: skip
    milestones.set_baseline(session, department, SubjectKind.PHASE, "sunpro", "W-E8", decision, None, TODAY)


def test_an_export_with_milestones_is_an_import_that_changes_nothing_here_and_makes_the_same_elsewhere(
    world: World, elsewhere: Database
) -> None:
    database = world.database
    bring(database, REAL, until=TODAY)
    bring(database, DEMO, until=TODAY)
    with database.changing(factories.stamp(hour=4)) as session:
        a_richer_life(session, world.department)
    before, text = head(database), dump(database)
    content = yaml.safe_load(text)
    lines = {
        (section["code"], line["milestone"]): line
        for section in content["milestones"]
        for line in section.get("lines", [])
    }
    assert lines["line-ba-tri-binh-thanh", "G-11.2"]["label"] == "Gói xây lắp 2"
    assert lines["line-ba-tri-binh-thanh", "G-11.3"]["forecast_precision"] == "quarter"
    assert lines["sunpro", "W-E6"]["is_applicable"] is False
    assert lines["sunpro", "W-E8"]["letter_number"] == "5/QĐ-SCT"
    outcome = bring(database, text)
    assert outcome.changes_nothing
    assert outcome.unchanged["milestones"] == len(lines)
    assert (head(database), dump(database)) == (before, text)
    assert bring(elsewhere, text).created["milestone templates"] == len(content["milestones"])
    assert yaml.safe_load(dump(elsewhere))["milestones"] == content["milestones"]
    assert bring(elsewhere, text).changes_nothing


def test_a_line_that_is_marked_marks_what_it_states_and_the_journal_says_so(world: World) -> None:
    database = world.database
    bring(database, said({"milestone": "W-E6", "forecast_on": date(2023, 9, 1)}))
    marked = {"is_illustrative": True}
    again = bring(database, said({"milestone": "W-E6", "forecast_on": date(2023, 9, 1), **marked}))
    assert again.changes_nothing, "nothing is stated that was not"
    bring(
        database,
        said(
            {"milestone": "W-E6", "plan_on": date(2023, 6, 1), **marked},
            {"milestone": "W-E7", "plan_on": date(2023, 6, 1)},
            {"milestone": "W-E8", "baseline_on": date(2023, 6, 1), **LETTER, **marked},
        ),
    )
    with database.reading() as session:
        assert [row(session, name).is_illustrative for name in ("W-E6", "W-E7", "W-E8")] == [
            True,
            False,
            True,
        ]
        stated = [
            (fact.subject_code.partition("/")[2], (fact.after or {}).get("is_illustrative"))
            for fact in session.execute(
                select(FactRow).order_by(FactRow.revision, FactRow.position)
            ).scalars()
            if fact.kind in (Fact.MILESTONE_PLANNED, Fact.MILESTONE_BASELINED)
        ]
    assert stated == [("alpha-1/W-E6", True), ("alpha-1/W-E7", None), ("alpha-1/W-E8", True)]


def test_a_department_records_what_a_source_says_whatever_the_gates_say(world: World) -> None:
    line = {
        "milestone": "W-E6",
        "actual_on": date(2022, 9, 1),
        "actual_precision": "month",
        "sources": ["S1"],
    }
    bring(world.database, said(line), world.department)
    with world.database.reading() as session:
        found = row(session, "W-E6")
        assert (found.actual_on, found.verification) == (date(2022, 9, 30), Verification.CONFIRMED)
        assert row(session, "W-E4").actual_on is None


def test_a_register_brought_back_keeps_what_is_overdue_and_what_waits(world: World) -> None:
    overdue = {"milestone": "W-E6", "forecast_on": date(2023, 2, 6)}
    waiting = {"milestone": "W-E4", "actual_on": date(2022, 9, 1), "verification": "waiting"}
    bring(world.database, said(overdue, waiting))
    with world.database.reading() as session:
        assert row(session, "W-E6").due_on == date(2023, 2, 6)
        found = row(session, "W-E4")
        assert (found.verification, found.declared_at is None) == (Verification.WAITING, False)
        (section,) = [s for s in register_milestones.sections(session) if s["code"] == "alpha-1"]
    lines = {line["milestone"]: line for line in section["lines"]}
    assert lines["W-E4"]["verification"] == "waiting"
    assert "verification: waiting" in files.write({"milestones": [section]})
    assert lines["W-E6"]["forecast_on"] == date(2023, 2, 6)


def test_an_investors_file_states_no_past_forecast_and_turns_no_second_key(world: World) -> None:
    confirmed = {"milestone": "W-E4", "actual_on": date(2022, 9, 1), "verification": "confirmed"}
    for line, problem in (
        ({"milestone": "W-E6", "forecast_on": date(2023, 2, 6)}, "forecast_past"),
        (confirmed, "not_allowed"),
    ):
        with pytest.raises(Invalid) as refused:
            bring(world.database, said(line), world.investor)
        errors = refused.value.details["lines"]
        assert [e.problem for e in errors if e.path.startswith("milestones.0.lines")] == [problem]  # type: ignore[attr-defined]


# What is wrong, on which field of the line, and as which problem.
WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"milestone": "W-F99"}, "milestone", "unknown_milestone"),
    ({"milestone": "W-A2", "plan_on": date(2023, 9, 1)}, "milestone", "unknown_milestone"),
    ({"milestone": "W-E6.2", "plan_on": date(2023, 9, 1)}, "", "not_repeatable"),
    ({"milestone": "W-E6", "forecast_on": "30/02/2023"}, "forecast_on", "not_a_date"),
    ({"milestone": "W-E6", "forecast_on": "2023-02-30"}, "forecast_on", "not_a_date"),
    ({"milestone": "W-E6", "actual_on": date(2023, 2, 8)}, "actual_on", "in_the_future"),
    (
        {"milestone": "W-E6", "actual_on": date(2022, 2, 8), "sources": ["NOBODY"]},
        "sources",
        "unknown_source",
    ),
    ({"milestone": "W-G7", "actual_on": date(2022, 2, 8)}, "actual_on", "cod_by_tranche"),
    ({"milestone": "W-E6", "is_applicable": False}, "note", "reason_missing"),
    ({"milestone": "W-E6", "baseline_on": date(2023, 6, 30)}, "document", "baseline_by_decision"),
    ({"milestone": "W-E6", "cause": "bad_luck", "plan_on": date(2023, 9, 1)}, "cause", "not_a_word"),
    ({"milestone": "W-E6", "status": "done"}, "status", "field_unknown"),
]


@pytest.mark.parametrize(
    ("line", "field", "problem"), WRONG, ids=[f"{w[0]['milestone']} {w[2]}" for w in WRONG]
)
def test_what_is_wrong_with_milestones_is_named_with_its_line_and_nothing_is_kept(
    world: World, line: dict[str, Any], field: str, problem: str
) -> None:
    good = {"milestone": "W-E5", "plan_on": date(2023, 6, 1)}
    text = said(good, line)
    before = head(world.database)
    with pytest.raises(Invalid) as refused:
        bring(world.database, text)
    (error,) = refused.value.details["lines"]  # type: ignore[misc]
    place = "milestones.0.lines.1"
    assert (error.path, error.problem) == (f"{place}.{field}" if field else place, problem)
    lines = text.splitlines()
    # What is not in the file is named where it would stand.
    shown = field if f"    {field}:" in text else "milestone"
    assert lines[error.line - 1].strip(" -").startswith(("- NOBODY", "NOBODY", f"{shown}:")), lines[
        error.line - 1
    ]
    assert error.line > next(i for i, text in enumerate(lines, 1) if "W-E5" in text)
    assert head(world.database) == before


@pytest.mark.parametrize(
    ("section", "problem"),
    [
        ({"code": "nowhere"}, "not_found"),
        ({"kind": "grid_work", "code": "nowhere"}, "not_found"),
        ({"kind": "turbine"}, "not_a_word"),
        ({"template_version": 99}, "out_of_range"),
        ({"conditions": {"nonsense": True}}, "not_a_word"),
    ],
)
def test_a_section_about_nothing_known_is_named_with_its_line(
    world: World, section: dict[str, Any], problem: str
) -> None:
    text = said({"milestone": "W-E6", "plan_on": date(2023, 9, 1)}, **section)
    before = head(world.database)
    with pytest.raises(Invalid) as refused:
        bring(world.database, text)
    error, *others = refused.value.details["lines"]  # type: ignore[misc]
    assert error.problem == problem
    # Where the subject is not there, neither is what its lines are about.
    assert {other.problem for other in others} <= {"not_found", "unknown_milestone"}
    assert error.line > text.splitlines().index("milestones:")
    assert head(world.database) == before


def test_an_investors_file_declares_and_waits_for_the_second_key(world: World) -> None:
    first = {"milestone": "W-C5", "actual_on": date(2023, 1, 28), **LETTER}
    text = an_investors(first, {"milestone": "W-E6", "forecast_on": date(2023, 9, 1)})
    assert bring(world.database, text, world.investor).changed["milestones"] == 2
    with world.database.reading() as session:
        found = row(session, "W-C5")
        assert (found.verification, found.actual_on) == (Verification.WAITING, date(2023, 1, 28))
        assert found.declared_at is not None
        acts = select(MilestoneEntry.act).where(MilestoneEntry.milestone_id == found.id)
        assert list(session.execute(acts).scalars()) == [MilestoneAct.DECLARED]
    assert bring(world.database, text, world.investor).changes_nothing


@pytest.mark.parametrize(
    ("line", "field", "problem"),
    [
        ({"milestone": "W-C6", "actual_on": date(2023, 1, 25), **LETTER}, "actual_on", "predecessor_open"),
        ({"milestone": "W-C5", "actual_on": date(2023, 1, 25)}, "document", "evidence_missing"),
        ({"milestone": "W-E6", "baseline_on": date(2023, 6, 30), **LETTER}, "", "not_allowed"),
    ],
)
def test_an_investors_file_meets_the_gates(
    world: World, line: dict[str, Any], field: str, problem: str
) -> None:
    before = head(world.database)
    with pytest.raises(Invalid) as refused:
        bring(world.database, an_investors(line), world.investor)
    place = "milestones.0.lines.0"
    assert [(e.path, e.problem) for e in refused.value.details["lines"]] == [  # type: ignore[attr-defined]
        (f"{place}.{field}" if field else place, problem)
    ]
    assert head(world.database) == before


def test_an_investors_file_says_nothing_about_anothers_milestones(world: World) -> None:
    text = an_investors({"milestone": "W-E6", "plan_on": date(2023, 9, 1)})
    with pytest.raises(Invalid) as refused:
        bring(world.database, text, world.stranger)
    assert {e.problem for e in refused.value.details["lines"]} == {"not_found"}  # type: ignore[attr-defined]
