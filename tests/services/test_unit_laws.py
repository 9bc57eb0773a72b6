"""Laws of changing a line: judged in memory, a batch gives the same whatever its order, stands by its rules and total, and
says nothing new when it comes again."""

from datetime import date
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain import units
from app.domain.units import KIND_OF, Line, Report, Unit
from app.domain.vocabulary import UnitKind, UnitStage, UnitStatus, WorkKind
from app.schemas.units import UnitRow
from app.services import unit_judgements
from app.services.unit_drafts import Draft, Known
from app.services.units import COLUMNS
from app.tables.works import GridWork
from tests.factories import SYSTEM, TODAY

WORK = GridWork(id=1, code="line", kind=WorkKind.LINE, name="Đường dây", created_in=1, revision=1)
TOTAL = 6
ORDERLY = ("site", "foundation", "erection")


@st.composite
def rows(draw: st.DrawFn) -> list[UnitRow]:
    """Towers, most of them built in order, and sections between them; some rows are wrong."""
    numbers = draw(st.lists(st.integers(1, 9), unique=True, min_size=1, max_size=8).map(sorted))
    made: list[dict[str, Any]] = []
    for number in numbers:
        done = ORDERLY[: draw(st.integers(0, 3))]
        start = draw(st.integers(1, 12))
        told = [_report(stage, "done", start + 3 * at) for at, stage in enumerate(done)]
        if draw(st.integers(0, 3)) == 0:
            status = draw(st.sampled_from([s.value for s in UnitStatus]))
            told.append(_report(draw(st.sampled_from(ORDERLY)), status, draw(st.integers(22, 28))))
        made.append({"kind": "tower", "number": str(number), "position": number, "reports": told})
    for first, last in pairwise(numbers):
        told = [_report("corridor", "done", 20), _report("stringing", "done", draw(st.integers(20, 28)))]
        ends = {"from_tower": str(first), "to_tower": str(last)}
        made.append({"kind": "section", "number": f"{first}-{last}", **ends, "reports": told})
    return [UnitRow.model_validate(row) for row in made]


def _report(stage: str, status: str, on: int) -> dict[str, Any]:
    cause = {"cause": "unpaid"} if status in ("blocked", "reopened") else {}
    return {"stage": stage, "status": status, "effective_on": f"2023-01-{on:02d}", **cause}


def start(line: Line | None = None, kept: dict[Any, Any] | None = None) -> Known:
    return Known(
        work=WORK,
        line=line or Line([], {}),
        rows=kept or {},
        first={UnitKind.TOWER: TOTAL, UnitKind.SECTION: None},
        versions=[],
        communes={},
        sources=frozenset(),
        revision=2,
    )


def judge(known: Known, said: list[UnitRow]) -> Draft:
    return unit_judgements.judge(known, SYSTEM, said, TODAY, without_refused=True)


def kept(draft: Draft) -> Known:
    """What would be stored of a draft, as the next change finds it."""
    ids = {unit.id: at for at, unit in enumerate(draft.units.values(), 1)}
    stored = {}
    for unit in draft.units.values():
        values = dict.fromkeys(COLUMNS) | {"sources": (), "is_illustrative": False} | draft.values[unit.id]
        ends = {name: ids.get(values[name]) for name in ("from_id", "to_id")}
        row = SimpleNamespace(id=ids[unit.id], revision=2, **{**values, **ends})
        stored[unit.kind, unit.number] = row
    found = [
        Unit(
            ids[unit.id],
            unit.kind,
            unit.number,
            unit.position,
            ids.get(unit.from_id or 0),
            ids.get(unit.to_id or 0),
        )
        for unit in draft.units.values()
    ]
    reports: dict[int, list[Report]] = {ids[i]: list(told) for i, told in draft.told.items()}
    return start(Line(found, reports), stored)


def state(draft: Draft) -> dict[str, Any]:
    """What of a draft must not hang on the order of its rows."""
    refused = {draft.rows[at].number: str(error.problem) for at, error in draft.refused.items()}
    told = {
        draft.units[i].number: [(r.stage, r.status, r.effective_on) for r in reports]
        for i, reports in draft.told.items()
    }
    return {"refused": refused, "told": told}


@settings(max_examples=150)
@given(rows(), st.randoms(use_true_random=False))
def test_a_batch_gives_the_same_in_any_order_of_rows_and_reports(said: list[UnitRow], chance: Any) -> None:
    if sum(row.kind == UnitKind.TOWER for row in said) > TOTAL:
        # Which towers are too many does hang on the order of rows: the last ones.
        said = [row for row in said if row.kind == UnitKind.TOWER][:TOTAL]
    other = [row.model_copy(update={"reports": chance.sample(row.reports, len(row.reports))}) for row in said]
    chance.shuffle(other)
    assert state(judge(start(), other)) == state(judge(start(), said))


@settings(max_examples=150)
@given(rows())
def test_what_is_kept_stands_by_its_rules_and_its_total(said: list[UnitRow]) -> None:
    draft = judge(start(), said)
    assert draft.is_settled
    line = kept(draft).line
    assert len(line.of(UnitKind.TOWER)) <= TOTAL
    for stage in KIND_OF:
        for report in (r for reports in line.reports.values() for r in reports):
            counted = units.count(line, stage, report.effective_on, None)
            assert counted.done <= (counted.total or 0)
    for on in range(1, 32):
        for tower in line.of(UnitKind.TOWER):
            assert not done(line, tower, "erection", on) or done(line, tower, "foundation", on)
        for section in line.of(UnitKind.SECTION):
            if done(line, section, "stringing", on):
                assert all(done(line, tower, "erection", on) for tower in line.towers_of(section))


def done(line: Line, unit: Unit, stage: str, on: int) -> bool:
    return line.standing(unit, UnitStage(stage), date(2023, 1, on)).is_done


@settings(max_examples=150)
@given(rows())
def test_the_same_batch_again_says_nothing_new(said: list[UnitRow]) -> None:
    first = judge(start(), said)
    good = [row for at, row in enumerate(said) if at not in first.refused]
    again = judge(kept(first), good)
    assert (again.refused, again.values, again.told) == ({}, {}, {})


@settings(max_examples=100)
@given(rows())
def test_half_a_batch_after_the_other_is_the_whole_batch(said: list[UnitRow]) -> None:
    first = judge(start(), said)
    good = [row for at, row in enumerate(said) if at not in first.refused]
    towers = [row for row in good if row.kind == UnitKind.TOWER]
    known = kept(judge(start(), towers))
    rest = judge(known, good)
    assert rest.refused == {}
    whole = {n: r for n, r in state(first)["told"].items() if "-" in n}
    assert state(rest)["told"] == whole
