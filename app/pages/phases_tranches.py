"""Tranches and turbines of a phase as its page shows them: their states, letters and clocks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.calendar import local_day
from app.domain.capacity import Tranche
from app.domain.milestones import DECISION_TAKES
from app.domain.vocabulary import Account, PriceRegime, TrancheStatus
from app.pages.words.projects import TurbineLetter, TurbineState
from app.queries import ledger
from app.queries.ledger import Line
from app.queries.prepared import Plain

# What a turbine in a live tranche shows; in any other it shows how far it came itself.
IN_TRANCHE = {
    TrancheStatus.DECLARED: TurbineState.DECLARED,
    TrancheStatus.DISPUTED: TurbineState.DISPUTED,
    TrancheStatus.RECOGNISED: TurbineState.RECOGNISED,
    TrancheStatus.AT_RISK: TurbineState.AT_RISK,
    TrancheStatus.SUSPENDED: TurbineState.SUSPENDED,
    # Which turbines a part of the MW is of, the ledger does not say.
    TrancheStatus.PARTLY_SUSPENDED: TurbineState.RECOGNISED,
    TrancheStatus.PARTLY_CANCELLED: TurbineState.RECOGNISED,
}
OWN = (
    ("tested_on", TurbineState.TESTED),
    ("synchronised_on", TurbineState.SYNCHRONISED),
    ("energised_on", TurbineState.ENERGISED),
    ("installed_on", TurbineState.INSTALLED),
)


@dataclass(frozen=True, slots=True)
class TrancheRow:
    """A tranche. `letter` is the entry whose letter was last given; the clock runs while it waits for the second key."""

    tranche: Tranche
    letter: Plain | None
    price_regime: PriceRegime | None
    is_illustrative: bool
    declared_on: date | None
    due_on: date | None
    days_left: int | None

    @property
    def waits(self) -> bool:
        return self.due_on is not None


@dataclass(frozen=True, slots=True)
class TurbineCell:
    """One turbine as a cell of the grid and a row of the table."""

    unit: Plain
    state: TurbineState
    tranche: str | None

    @property
    def letter(self) -> TurbineLetter:
        return TurbineLetter(self.state.value)


def tranche_rows(lines: Sequence[Line], today: date) -> list[TrancheRow]:
    """The tranches in `lines`, in order of their first entry."""
    return [_row(t, [x for x in lines if x.row.tranche == t.code], today) for t in ledger.tranches(lines)]


def _row(tranche: Tranche, lines: Sequence[Line], today: date) -> TrancheRow:
    waits = tranche.kw(Account.DECLARED) or tranche.kw(Account.DISPUTED)
    declared_on = None if tranche.claim is None else local_day(lines[0].row.recorded_at)
    due_on = declared_on + DECISION_TAKES if waits and declared_on is not None else None
    return TrancheRow(
        tranche=tranche,
        letter=next((x.row for x in reversed(lines) if x.row.letter_number), None),
        price_regime=next((x.row.price_regime for x in reversed(lines) if x.row.price_regime), None),
        is_illustrative=any(x.row.is_illustrative for x in lines),
        declared_on=declared_on,
        due_on=due_on,
        days_left=None if due_on is None else (due_on - today) // timedelta(days=1),
    )


def turbine_cells(units: Iterable[Plain], lines: Sequence[Line]) -> list[TurbineCell]:
    """The turbines of a phase, each with how far it has come and the live tranche that it is in."""
    held: Mapping[str, Tranche] = {
        number: t
        for t in ledger.tranches(lines)
        if t.is_live or t.kw(Account.DISPUTED)
        for number in t.turbines
    }
    return [_cell(unit, held.get(unit.number)) for unit in units]


def _cell(unit: Plain, tranche: Tranche | None) -> TurbineCell:
    state = None if tranche is None else IN_TRANCHE.get(tranche.status)
    if state is None:
        state = next((state for name, state in OWN if getattr(unit, name)), TurbineState.NOT_YET)
    return TurbineCell(unit, state, None if tranche is None else tranche.code)


def legend(cells: Iterable[TurbineCell]) -> list[tuple[TurbineCell, int]]:
    """A cell of each state that occurs, the most advanced first, with how many turbines are in it."""
    found: dict[TurbineState, list[TurbineCell]] = {}
    for cell in cells:
        found.setdefault(cell.state, []).append(cell)
    return [(found[state][0], len(found[state])) for state in TurbineState if state in found]
