"""What a COD claim and the ladder must keep: rules R01-R13 and R38 of the domain rules, on plain values.

A claim is compared with its `Ground`: what else is live, installed, licensed and accepted in the same phase. A side
that is not known is None and makes a kept warning.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as made
from datetime import date, timedelta

from app.domain.errors import Invalid, RuleBroken
from app.domain.problems import Problem
from app.domain.rules import Finding, Level, Override, Rule, settle

__all__ = ["Claim", "Finding", "Ground", "Level", "Override", "Rule", "Stake", "Unit", "findings", "settle"]

# Domain rules, section 6: two MW figures count as equal within 0.05 MW.
TOLERANCE_KW = 50
# Rule R06: nameplates against the approved MW; V1-3 with 29.4 of 30 MW (2 %) is normal.
NAMEPLATE_TOLERANCE_PERCENT = 5
# Rule R13: a letter may reach back this far before it asks for a look.
USUAL_REACH_BACK = timedelta(days=60)
# EPTC's letter of 21/07/2021 made the state acceptance a condition of COD (rule R10).
ACCEPTANCE_REQUIRED_FROM = date(2021, 7, 22)


@dataclass(frozen=True, slots=True)
class Claim:
    """What a declaration or a decision states about one tranche."""

    kw: int
    effective_on: date
    turbines: tuple[str, ...] = ()
    letter_on: date | None = None
    application_on: date | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """A turbine as the rules see it; what is not known is None."""

    number: str
    nameplate_kw: int | None = None
    energised_on: date | None = None
    synchronised_on: date | None = None
    tested_on: date | None = None


@dataclass(frozen=True, slots=True)
class Stake:
    """kW stated on one side of a comparison: from a day (None: the day is not exact), until a day."""

    kw: int
    effective_on: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Ground:
    """What a claim is compared with: the phase (or the project alone) without the claimed tranche itself.

    A side that is None is not known; an empty one would mean "known to be nothing".
    """

    live: Sequence[Stake] = ()
    installed: Sequence[Stake] | None = None
    licensed: Sequence[Stake] | None = None
    accepted: Sequence[Stake] | None = None
    connected: Sequence[Stake] | None = None
    ppa: Sequence[Stake] | None = None
    approved: Sequence[Stake] | None = None
    units: Mapping[str, Unit] = made(default_factory=dict)
    taken: Mapping[str, str] = made(default_factory=dict)


def standing(stakes: Iterable[Stake], on: date) -> int:
    """kW in force on a day; a stake without an exact day counts always, as it cannot be shown to be later."""
    return sum(
        s.kw
        for s in stakes
        if (s.effective_on is None or s.effective_on <= on) and (s.valid_until is None or s.valid_until >= on)
    )


def check_not_future(today: date, **dates: date | None) -> None:
    """Rule R12: an actual date is at most today (Viet Nam)."""
    for name, day in dates.items():
        if day is not None and day > today:
            raise RuleBroken(Rule.DATE_IN_FUTURE, field=name, day=day, today=today)


def findings(claim: Claim, ground: Ground) -> list[Finding]:
    """Every rule that a claim breaks or that cannot be checked."""
    return [*sums(claim, ground), *turbines(claim, ground), *order(claim, ground)]


def sums(claim: Claim, ground: Ground) -> Iterator[Finding]:
    """R01-R04: the recognised kW against what is installed, licensed, accepted and agreed."""
    yield from _above_installed(claim.kw, claim.effective_on, ground)
    valid = None if ground.licensed is None else [replace(s, effective_on=None) for s in ground.licensed]
    accepted = None if ground.accepted is None else [replace(s, effective_on=None) for s in ground.accepted]
    yield from _above(Rule.COD_ABOVE_LICENSED, claim, ground, valid)
    yield from _above(Rule.COD_ABOVE_ACCEPTED, claim, ground, accepted)
    yield from _above(Rule.COD_ABOVE_AGREED, claim, ground, ground.connected, side="connected")
    yield from _above(Rule.COD_ABOVE_AGREED, claim, ground, ground.ppa, side="ppa")


def _above_installed(kw: int, from_day: date, ground: Ground) -> Iterator[Finding]:
    """R01 on every later day too: a back-dated tranche may not lift a day after it above what stood then."""
    if ground.installed is None:
        yield Finding(Rule.COD_ABOVE_INSTALLED, Level.WARNING, "capacity_mw", unknown=True)
        return
    later = {
        s.effective_on
        for s in (*ground.live, *ground.installed)
        if s.effective_on and s.effective_on > from_day
    }
    for day in sorted({from_day, *later}):
        live, installed = kw + standing(ground.live, day), standing(ground.installed, day)
        if live > installed + TOLERANCE_KW:
            details = {"on": day, "cod_kw": live, "installed_kw": installed}
            yield Finding(Rule.COD_ABOVE_INSTALLED, Level.HARD, "capacity_mw", details=details)
            return


def _above(
    rule: Rule, claim: Claim, ground: Ground, stakes: Sequence[Stake] | None, side: str | None = None
) -> Iterator[Finding]:
    """On the claim's day, and on the later COD days of others, which a back-dated claim lifts as well."""
    named: dict[str, object] = {"side": side} if side else {}
    if stakes is None:
        yield Finding(rule, Level.WARNING, "capacity_mw", unknown=True, details=named)
        return
    first = claim.effective_on
    later = {s.effective_on for s in ground.live if s.kw > 0 and s.effective_on and s.effective_on > first}
    for day in sorted({first, *later}):
        kw, limit = claim.kw + standing(ground.live, day), standing(stakes, day)
        if kw > limit + TOLERANCE_KW:
            details = {**named, "on": day, "cod_kw": kw, "limit_kw": limit}
            yield Finding(rule, rule.level, "capacity_mw", details=details)
            return


def turbines(claim: Claim, ground: Ground) -> Iterator[Finding]:
    """R07-R09: the turbines named in the claim."""
    if not claim.turbines:
        yield Finding(Rule.TURBINES_NOT_LISTED, Level.WARNING, "turbines")
        return
    missing = [n for n in claim.turbines if n not in ground.units]
    if missing:
        raise Invalid(Problem.UNKNOWN_TURBINE, field="turbines", turbines=missing)
    for number in sorted({n for n in claim.turbines if claim.turbines.count(n) > 1}):
        yield Finding(Rule.TURBINE_TWICE, Level.HARD, "turbines", details={"turbine": number})
    units = [ground.units[number] for number in claim.turbines]
    yield from _off_turbines(claim, units)
    for number in claim.turbines:
        if other := ground.taken.get(number):
            details = {"turbine": number, "tranche": other}
            yield Finding(Rule.TURBINE_TWICE, Level.HARD, "turbines", details=details)
    for unit in units:
        yield from _before_tests(claim, unit)


def _off_turbines(claim: Claim, units: Sequence[Unit]) -> Iterator[Finding]:
    known = [u.nameplate_kw for u in units if u.nameplate_kw is not None]
    if len(known) < len(units):
        yield Finding(Rule.TRANCHE_OFF_TURBINES, Level.WARNING, "turbines", unknown=True)
    elif abs(sum(known) - claim.kw) > TOLERANCE_KW:
        details = {"tranche_kw": claim.kw, "turbines_kw": sum(known)}
        yield Finding(Rule.TRANCHE_OFF_TURBINES, Level.HARD, "turbines", details=details)


def _before_tests(claim: Claim, unit: Unit) -> Iterator[Finding]:
    steps = {
        "energised_on": unit.energised_on,
        "synchronised_on": unit.synchronised_on,
        "tested_on": unit.tested_on,
    }
    for name, day in steps.items():
        if day is not None and day > claim.effective_on:
            details = {"turbine": unit.number, name: day}
            yield Finding(Rule.COD_BEFORE_TESTS, Level.HARD, "effective_on", details=details)
    unknown = [name for name, day in steps.items() if day is None]
    if unknown:
        details = {"turbine": unit.number, "unknown": unknown}
        yield Finding(Rule.COD_BEFORE_TESTS, Level.WARNING, "effective_on", unknown=True, details=details)


def order(claim: Claim, ground: Ground) -> Iterator[Finding]:
    """R10, R11, R13: acceptance and licence before the COD, the letter after the request."""
    total = claim.kw + standing(ground.live, claim.effective_on)
    acceptance_level = Level.OVERRIDE if claim.effective_on >= ACCEPTANCE_REQUIRED_FROM else Level.WARNING
    yield from _covered_late(
        Rule.COD_BEFORE_ACCEPTANCE, acceptance_level, total, ground.accepted, claim.effective_on
    )
    yield from _covered_late(
        Rule.COD_BEFORE_LICENCE, Level.OVERRIDE, total, ground.licensed, claim.effective_on
    )
    if claim.letter_on is None:
        return
    if claim.application_on is None:
        yield Finding(Rule.LETTER_ORDER, Level.WARNING, "letter_on", unknown=True)
    elif claim.letter_on < claim.application_on:
        details = {"application_on": claim.application_on}
        yield Finding(Rule.LETTER_ORDER, Level.WARNING, "letter_on", details=details)
    if claim.letter_on - claim.effective_on > USUAL_REACH_BACK:
        yield Finding(
            Rule.LETTER_ORDER, Level.WARNING, "effective_on", details={"letter_on": claim.letter_on}
        )


def _covered_late(
    rule: Rule, level: Level, kw: int, stakes: Sequence[Stake] | None, cod_on: date
) -> Iterator[Finding]:
    """The day on which `stakes` not run out by the COD first cover `kw`, where it is exactly known and later."""
    if stakes is None:
        yield Finding(rule, Level.WARNING, "effective_on", unknown=True)
        return
    valid = [s for s in stakes if s.valid_until is None or s.valid_until >= cod_on]
    covered = sum(s.kw for s in valid if s.effective_on is None)
    for stake in sorted((s for s in valid if s.effective_on), key=lambda s: s.effective_on or cod_on):
        if covered + TOLERANCE_KW >= kw:
            return
        covered += stake.kw
        if covered + TOLERANCE_KW >= kw and stake.effective_on and stake.effective_on > cod_on:
            yield Finding(rule, level, "effective_on", details={"covered_on": stake.effective_on})


def ladder_findings(ground: Ground) -> Iterator[Finding]:
    """What a change of the ladder itself may break: R01 (installed taken back), R05, R06."""
    if ground.installed is not None and ground.live:
        first = min((s.effective_on for s in ground.live if s.effective_on), default=None)
        if first is not None:
            yield from _above_installed(0, first, ground)
    if ground.approved is None:
        yield Finding(Rule.INSTALLED_ABOVE_APPROVED, Level.WARNING, unknown=True)
        return
    approved = sum(s.kw for s in ground.approved)
    yield from _installed_above(approved, ground)
    plates = [u.nameplate_kw for u in ground.units.values()]
    total = sum(p for p in plates if p is not None)
    if None in plates:
        yield Finding(Rule.TURBINES_OFF_APPROVED, Level.WARNING, unknown=True)
    elif plates and abs(total - approved) * 100 > approved * NAMEPLATE_TOLERANCE_PERCENT:
        details = {"turbines_kw": total, "approved_kw": approved}
        yield Finding(Rule.TURBINES_OFF_APPROVED, Level.WARNING, details=details)


def _installed_above(approved: int, ground: Ground) -> Iterator[Finding]:
    if ground.installed is None:
        yield Finding(Rule.INSTALLED_ABOVE_APPROVED, Level.WARNING, unknown=True)
    elif (installed := sum(s.kw for s in ground.installed)) > approved + TOLERANCE_KW:
        details = {"installed_kw": installed, "approved_kw": approved}
        yield Finding(Rule.INSTALLED_ABOVE_APPROVED, Level.WARNING, details=details)
