"""Lines for tests of units: towers 1, 2, 3 … at positions 1, 2, 3 …, and sections between them."""

from collections.abc import Iterable
from datetime import date

from app.domain.households import Case, Told
from app.domain.units import Line, Report, Unit
from app.domain.vocabulary import DelayCause, HouseholdStatus, UnitKind, UnitStage, UnitStatus

SECTION = 1000


def day(number: int) -> date:
    """Day `number` of January 2023."""
    return date(2023, 1, number)


def tower(number: int, commune: str | None = None) -> Unit:
    return Unit(number, UnitKind.TOWER, str(number), number, commune=commune)


def section(number: int, first: int, last: int, length_m: int | None = None) -> Unit:
    return Unit(
        SECTION + number, UnitKind.SECTION, f"S{number}", first, from_id=first, to_id=last, length_m=length_m
    )


def report(stage: str, status: str, on: int, revision: int = 1) -> Report:
    """A report of day `on` of January; a hold has its cause."""
    held = UnitStatus(status) in (UnitStatus.BLOCKED, UnitStatus.REOPENED)
    cause = DelayCause.LAND_PRICE if held else None
    return Report(UnitStage(stage), UnitStatus(status), day(on), cause, revision)


def reports(*said: tuple[str, str, int]) -> list[Report]:
    return [report(*one) for one in said]


def case(unit: int, number: str, *told: tuple[str, int]) -> Case:
    said = tuple(Told(day(on), HouseholdStatus(status)) for status, on in told)
    return Case(unit * 100, number, 1, unit, said)


def line(units: Iterable[Unit], said: dict[int, list[Report]], cases: Iterable[Case] = ()) -> Line:
    by_unit: dict[int, list[Case]] = {}
    for one in cases:
        by_unit.setdefault(one.unit_id or 0, []).append(one)
    return Line(units, said, by_unit)
