"""MW behind the land, and the pace of its handover, on their way to the wire."""

from collections.abc import Mapping

from app.domain.network import PhaseMw
from app.domain.vocabulary import UnitKind
from app.queries.capacity import View
from app.queries.land_stakes import LandStake, Open
from app.queries.pace import Paced
from app.queries.schedules import Schedule
from app.schemas.land_stakes import LandStakeRead, PaceRead, StakeBy
from app.schemas.projects import NamedRead
from app.tables.organisations import AdministrativeUnit

Communes = Mapping[str, AdministrativeUnit]
NOTHING = dict.fromkeys(
    ("kind", "unit", "stage", "status", "since_on", "commune", "cause", "household", "clearance")
)


def row(schedule: Schedule, found: LandStake, by: StakeBy, communes: Communes) -> LandStakeRead:
    """What one group of a work holds; of the phases those whose detail the reader sees."""
    units = {(of.unit.kind, of.unit.number): of for of in found.opens if of.unit is not None}

    def seen(phases: tuple[PhaseMw, ...]) -> list[str]:
        return [phase.code for phase in phases if phase.project_id in schedule.seen_projects]

    return LandStakeRead(
        work=NamedRead.model_validate(found.work, from_attributes=True),
        **{**NOTHING, **_group(found.opens[0], by, communes)},
        towers=[number for kind, number in units if kind == UnitKind.TOWER],
        sections=[number for kind, number in units if kind == UnitKind.SECTION],
        open_units=len(units),
        held_units=sum(of.standing.is_held for of in units.values()),
        at_stake_kw=found.at.kw,
        is_nominal=found.at.is_nominal,
        phases=seen(found.at.phases),
        drives=seen(found.at.drives),
        float_days=found.at.float_days,
        is_illustrative=found.is_illustrative,
    )


def _group(of: Open, by: StakeBy, communes: Communes) -> dict[str, object]:
    """What all that is open in a group has in common, from any of it."""
    place = communes.get(of.commune or "")
    commune = None if place is None else NamedRead.model_validate(place, from_attributes=True)
    if by == StakeBy.COMMUNE:
        return {"commune": commune}
    if by == StakeBy.CAUSE:
        return {"cause": of.standing.cause}
    standing = {name: getattr(of.standing, name) for name in ("status", "since_on", "cause")}
    return {
        **({} if of.unit is None else {"kind": of.unit.kind, "unit": of.unit.number, **standing}),
        "stage": of.stage,
        "commune": commune,
        "household": of.case and of.case.number,
        "clearance": of.package and of.package.code,
    }


def pace(view: View, found: Paced) -> PaceRead:
    """One stage's pace; of the days those of the last unit, and of the last that is not held."""
    counted, forecast = found.counted, found.forecast
    rates, days = forecast.interval(), forecast.all_but(0)
    return PaceRead(
        as_of=view.as_of,
        stage=counted.stage,
        done=counted.done,
        total=counted.total,
        left=forecast.left,
        held=forecast.held,
        held_units=[unit.number for unit in found.held],
        increments=list(forecast.increments),
        weeks_observed=forecast.weeks_observed,
        units_per_week=_rate(forecast.per_week),
        slow_per_week=rates and _rate(max(0.0, rates[0])),
        fast_per_week=rates and _rate(rates[1]),
        earliest_on=days.earliest_on,
        likely_on=days.likely_on,
        latest_on=days.latest_on,
        all_but_held_on=forecast.all_but_on(forecast.held),
        is_illustrative=found.is_illustrative,
        revision=view.revision,
    )


def _rate(per_week: float | None) -> float | None:
    return None if per_week is None else round(per_week, 2)
