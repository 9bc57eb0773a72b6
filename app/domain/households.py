"""Cases of land clearance: where one stands on a day, and how far it has come. No name and no parcel is known here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.domain.vocabulary import Attitude, CaseProgress, DelayCause, HouseholdStatus, Track, UnitKind

# What names or finds a person: never in the journal or a log, and read through the access log alone.
PERSONAL = frozenset({"owner_name", "hamlet", "map_sheet", "parcel", "next_action", "note"})
# Land is recovered for a tower position; a corridor is cleared along a tension section (domain rules 4.1).
UNIT_OF = {Track.RECOVERED_LAND: UnitKind.TOWER, Track.CORRIDOR: UnitKind.SECTION}
# Whose owner stops the work or does not take the money; such a case holds its unit, the others are under way.
HOLDING = frozenset({HouseholdStatus.OBSTRUCTED, HouseholdStatus.COMPLAINT, HouseholdStatus.ENFORCEMENT})
APPROVED = frozenset(
    {
        *(HouseholdStatus.PLAN_APPROVED, HouseholdStatus.UNPAID),
        *(HouseholdStatus.PAID, HouseholdStatus.IN_TREASURY),
    }
)
# Money that was not taken goes to the treasury and counts as paid (milestone L-15).
PAID_OUT = frozenset({HouseholdStatus.PAID, HouseholdStatus.IN_TREASURY})
INVENTORIED = APPROVED | {HouseholdStatus.INVENTORIED, HouseholdStatus.HANDED_OVER}


@dataclass(frozen=True, slots=True)
class Told:
    """Where a case stands from a day on. Money in whole đồng; None: not known."""

    effective_on: date
    status: HouseholdStatus
    attitude: Attitude | None = None
    cause: DelayCause | None = None
    approved_vnd: int | None = None
    paid_vnd: int | None = None
    revision: int = 0

    @property
    def is_handed_over(self) -> bool:
        return self.status == HouseholdStatus.HANDED_OVER

    @property
    def is_holding(self) -> bool:
        """Whether its owner stands against it, and it is not merely under way."""
        return not self.is_handed_over and (self.status in HOLDING or self.attitude == Attitude.DISAGREES)


@dataclass(frozen=True, slots=True)
class Case:
    """A case with everything told about it, in the order in which it took effect."""

    id: int
    number: str
    clearance_id: int
    unit_id: int | None
    told: tuple[Told, ...]
    is_illustrative: bool = False

    def at(self, day: date) -> Told | None:
        """Where it stands on a day; None while nothing was told of it."""
        found = None
        for told in self.told:
            if told.effective_on > day:
                break
            found = told
        return found

    def reached(self, day: date) -> "Reached | None":
        """How far it has come by a day: a complaint does not undo an inventory, a correction to not inventoried does."""
        standing = self.at(day)
        if standing is None:
            return None
        seen: set[HouseholdStatus] = set()
        for told in self.told:
            if told.effective_on > day:
                break
            if told.status == HouseholdStatus.NOT_INVENTORIED:
                seen.clear()
            seen.add(told.status)
        return Reached(
            standing,
            is_inventoried=bool(seen & INVENTORIED),
            is_approved=standing.approved_vnd is not None or bool(seen & APPROVED),
            is_paid=bool(standing.paid_vnd) or bool(seen & PAID_OUT),
        )


@dataclass(frozen=True, slots=True)
class Reached:
    """Where a case stands, and what it has behind it."""

    standing: Told
    is_inventoried: bool
    is_approved: bool
    is_paid: bool

    @property
    def progress(self) -> CaseProgress:
        """The one word for it. Held is what its *status* says: what its owner says to it is counted by attitude, and a
        count inside another would let the two be subtracted."""
        if self.standing.is_handed_over:
            return CaseProgress.HANDED_OVER
        if self.standing.status in HOLDING:
            return CaseProgress.HELD
        if self.is_paid:
            return CaseProgress.PAID
        if self.is_approved:
            return CaseProgress.APPROVED
        return CaseProgress.INVENTORIED if self.is_inventoried else CaseProgress.NOT_INVENTORIED


def in_order(told: Iterable[Told]) -> tuple[Told, ...]:
    """As it took effect; of one day, as it was recorded."""
    return tuple(sorted(told, key=lambda one: (one.effective_on, one.revision)))
