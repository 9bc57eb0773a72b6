"""What a change of units starts from, and what it comes to before anything of it is kept: a draft in memory."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain import units
from app.domain.access import Actor
from app.domain.errors import TrackerError
from app.domain.unit_checks import Breach
from app.domain.units import Line, Report, Total, Unit
from app.domain.vocabulary import UnitKind, UnitLevel, UnitStage
from app.queries import journal, unit_rows
from app.queries import units as stored
from app.queries.prepared import Plain
from app.schemas.units import UnitReport, UnitRow
from app.tables.documents import Source
from app.tables.organisations import AdministrativeUnit
from app.tables.works import GridWork

# A report of a change: of which unit, in which stage, from which day on.
Place = tuple[int, UnitStage, date]


@dataclass(frozen=True, slots=True)
class Known:
    """What a change starts from: the line as it is, its rows, its denominators, and what rows may refer to."""

    work: GridWork
    line: Line
    rows: Mapping[tuple[UnitKind, str], Plain]
    first: Mapping[UnitKind, int | None]
    versions: Sequence[Total]
    communes: Mapping[str, AdministrativeUnit]
    sources: frozenset[str]
    revision: int

    def total(self, kind: UnitKind, day: date) -> int | None:
        return units.total_on(self.first[kind], self.versions, kind, day)


def known(session: Session, work: GridWork, rows: Sequence[UnitRow]) -> Known:
    """Reads what the rows of a change are judged by; a few statements however many they are."""
    head = journal.head(session)
    communes = {row.commune for row in rows if row.commune is not None}
    cited = {code for row in rows for code in row.sources}
    cited |= {code for row in rows for report in row.reports for code in report.sources}
    return Known(
        work=work,
        line=stored.line(session, work, head),
        rows=unit_rows.of_work(session, work),
        first={UnitKind.TOWER: work.towers_total, UnitKind.SECTION: work.sections_total},
        versions=stored.totals(session, work, head),
        communes=_communes(session, communes),
        sources=_sources(session, cited),
        revision=head + 1,
    )


def _communes(session: Session, codes: set[str]) -> dict[str, AdministrativeUnit]:
    statement = select(AdministrativeUnit).where(
        col(AdministrativeUnit.code).in_(codes), col(AdministrativeUnit.level) == UnitLevel.COMMUNE
    )
    return {row.code: row for row in session.execute(statement).scalars()} if codes else {}


def _sources(session: Session, codes: set[str]) -> frozenset[str]:
    statement = select(col(Source.code)).where(col(Source.code).in_(codes))
    return frozenset(session.execute(statement).scalars()) if codes else frozenset()


@dataclass
class Draft:
    """A change in memory. `values` are the columns of each unit that is new or differs, by its id (below 0: not stored
    yet); `told` its new reports; `refused` and `warnings` what came of the rows, by their number."""

    known: Known
    actor: Actor
    today: date
    units: dict[int, Unit] = field(default_factory=dict)
    named: dict[tuple[UnitKind, str], Unit] = field(default_factory=dict)
    values: dict[int, dict[str, Any]] = field(default_factory=dict)
    moved: set[int] = field(default_factory=set)
    told: dict[int, list[Report]] = field(default_factory=dict)
    said: dict[Place, UnitReport] = field(default_factory=dict)
    row_of: dict[int, int] = field(default_factory=dict)
    rows: dict[int, UnitRow] = field(default_factory=dict)
    refused: dict[int, TrackerError] = field(default_factory=dict)
    is_settled: bool = True
    warnings: dict[int, list[Breach]] = field(default_factory=lambda: defaultdict(list))

    def has_changed(self, number: int) -> bool:
        """Whether a row says anything that was not known."""
        unit = self.named.get((self.rows[number].kind, self.rows[number].number))
        return unit is not None and bool(unit.id in self.values or self.told.get(unit.id))

    def reason(self, unit_id: int) -> str | None:
        """Why a unit is moved along the line, where its row says so."""
        return self.rows[self.row_of[unit_id]].reason if unit_id in self.moved & self.row_of.keys() else None

    @contextmanager
    def row(self, number: int) -> Iterator[None]:
        """What raises inside refuses this row alone; the first reason stands."""
        try:
            yield
        except TrackerError as error:
            self.refused.setdefault(number, error)

    def refuse(self, ids: Iterable[int], error: TrackerError) -> None:
        """Refuses the rows of units."""
        for number in {self.row_of[i] for i in ids if i in self.row_of}:
            self.refused.setdefault(number, error)
