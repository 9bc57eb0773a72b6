"""Where the land of a grid work lies: communes and districts of its units, packages and cases."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain.access import Actor, May
from app.domain.households import Case
from app.domain.land_table import Asked, Place
from app.domain.units import Line
from app.domain.vocabulary import OrganisationKind, SubjectKind
from app.queries.commitments import Stored
from app.tables.base import key
from app.tables.organisations import AdministrativeUnit, Organisation
from app.tables.works import Clearance


def reach(session: Session, actor: Actor) -> frozenset[str] | None:
    """The districts whose cases `actor` reads: None for all of them, where it sees every project; else the one whose
    authority it speaks for, and none where it speaks for none."""
    if not actor.may(May.READ_HOUSEHOLDS):
        return frozenset()
    if actor.may(May.SEE_EVERY_PROJECT):
        return None
    statement = select(col(Organisation.district_code)).where(
        col(Organisation.id) == actor.organisation_id,
        col(Organisation.kind) == OrganisationKind.DISTRICT_AUTHORITY,
    )
    return frozenset(code for code in session.execute(statement).scalars() if code is not None)


@dataclass(frozen=True, slots=True)
class Names:
    """Administrative units by code: what each is called, and in which it lies."""

    name: Mapping[str, str]
    parent: Mapping[str, str | None]

    def place(self, commune: str | None, district: str | None = None) -> Place:
        """Where a commune lies; `district` where the commune is not known, or not what it belongs to."""
        return Place((self.parent.get(commune) if commune is not None else None) or district, commune)


def names(session: Session) -> Names:
    """Every administrative unit."""
    columns = (
        col(AdministrativeUnit.code),
        col(AdministrativeUnit.name),
        col(AdministrativeUnit.parent_code),
    )
    rows = session.execute(select(*columns)).all()
    return Names({code: name for code, name, _ in rows}, {code: parent for code, _, parent in rows})


class Places:
    """Where the packages, units and cases of one work lie, as far as the reader's districts reach."""

    def __init__(
        self,
        named: Names,
        districts: frozenset[str] | None,
        packages: Sequence[Clearance],
        stood: Mapping[str, Mapping[str, Any]],
    ) -> None:
        """`stood` is what packages said otherwise then, by code."""
        self._named, self._districts = named, districts
        self._of_package = {key(package.id): self._lay(package, stood) for package in packages}
        self.packages = {i: place for i, place in self._of_package.items() if self._reaches(place)}
        made_up = {self._of_package[key(package.id)] for package in packages if package.is_illustrative}
        self.illustrative = frozenset(made_up & set(self.packages.values()))

    def of_units(self, line: Line) -> dict[int, Place]:
        """The place of each unit, by its id."""
        found = {unit.id: self._named.place(unit.commune) for unit in line.units}
        return {i: place for i, place in found.items() if self._reaches(place)}

    def of_cases(self, cases: Iterable[Case], line: Line) -> dict[int, Place]:
        """The place of each case, by its id: its package's, or its unit's where the package names no commune."""
        found: dict[int, Place] = {}
        for case in cases:
            place = self._of_package[case.clearance_id]
            unit = None if case.unit_id is None else line.by_id.get(case.unit_id)
            if place.commune is None and unit is not None and unit.commune is not None:
                place = self._named.place(unit.commune)
            if self._reaches(place):
                found[case.id] = place
        return found

    def asked(self, asked: Mapping[tuple[SubjectKind, int], Sequence[Asked]]) -> Iterator[Asked]:
        """What is asked for these packages, each in its place."""
        for i, place in self.packages.items():
            yield from (
                Asked(one.party, one.title, place) for one in asked.get((SubjectKind.CLEARANCE, i), ())
            )

    def _lay(self, package: Clearance, stood: Mapping[str, Mapping[str, Any]]) -> Place:
        said = stood.get(package.code, {})
        of = (said.get(name, getattr(package, name)) for name in ("commune_code", "district_code"))
        return self._named.place(*of)

    def _reaches(self, place: Place) -> bool:
        return self._districts is None or place.district in self._districts


def made_up(line: Line, cases: Iterable[Case], promised: Iterable[Stored]) -> tuple[set[int], set[int]]:
    """What is illustrative of a work, by id: its units (also where only what is reported or promised of one is) and its
    cases."""
    units = {unit.id for unit in line.units if line.is_illustrative(unit)}
    units.update(*(each.units for each in promised if each.row.is_illustrative))
    return units, {case.id for case in cases if case.is_illustrative}
