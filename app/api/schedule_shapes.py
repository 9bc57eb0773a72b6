"""The schedule from the network to the wire: what a reader does not see is left out of the lists, never of the sums."""

from collections.abc import Iterable
from datetime import date

from app.domain.network import PhaseMw
from app.domain.stake import Shortfall
from app.queries.capacity import Overview, View
from app.queries.deadlines import Countdown
from app.queries.schedules import Schedule
from app.schemas.milestones import SubjectRead
from app.schemas.schedules import (
    DeadlineRead,
    PartRead,
    PathRead,
    PhaseStakeRead,
    ShortfallRead,
    StakeRead,
    StepRead,
)


def subject(schedule: Schedule, position: int) -> SubjectRead:
    """The subject a milestone hangs on."""
    kind, subject_id = schedule.plan.nodes[position].home
    code, name = schedule.names[kind, subject_id]
    return SubjectRead(kind=kind, code=code, name=name)


def step(schedule: Schedule, position: int) -> StepRead:
    """A milestone with what was stated about it and what the network makes of it."""
    plan, node = schedule.plan, schedule.plan.nodes[position]
    driver = int(plan.passes.driver[position])
    is_live = plan.is_live(position) and node.state.is_applicable
    return StepRead(
        subject=subject(schedule, position),
        milestone=node.name,
        name=node.step.name.vi,
        name_en=node.step.name.en,
        is_live=is_live,
        stated_forecast_on=node.state.forecast and node.state.forecast.on,
        actual_on=node.state.actual.on if node.state.is_done and node.state.actual else None,
        earliest_on=plan.earliest_on(position) if is_live else None,
        latest_on=plan.latest_on(position) if is_live else None,
        float_days=plan.float_days(position) if is_live else None,
        driver=_name(schedule, driver) if is_live and driver >= 0 else None,
        is_critical=position in schedule.stakes.critical,
        at_stake_kw=schedule.stakes.waiting_kw(schedule.stakes.dependents[position]),
    )


def _name(schedule: Schedule, position: int) -> str | None:
    """A milestone as `grid_work/line-a/G-26`; None where the reader does not see its subject."""
    if not schedule.is_seen(position):
        return None
    of = subject(schedule, position)
    return f"{of.kind.value}/{of.code}/{schedule.plan.nodes[position].name}"


def phase(schedule: Schedule, found: PhaseMw) -> PhaseStakeRead:
    """A phase that waits."""
    return PhaseStakeRead(
        code=found.code,
        name=found.name,
        waiting_kw=found.waiting_kw,
        is_nominal=found.is_nominal,
        goal_on=found.goal_on,
        forecast_cod_on=schedule.stakes.cod_on(found.id),
    )


def phases(schedule: Schedule, found: Iterable[PhaseMw]) -> list[PhaseStakeRead]:
    """Those of them whose detail the reader sees."""
    return [phase(schedule, each) for each in found if each.project_id in schedule.seen_projects]


def at_stake(schedule: Schedule, position: int) -> StakeRead:
    """What hangs on one milestone."""
    found = schedule.stakes.at(position)
    return StakeRead(
        step=step(schedule, position),
        cause=schedule.cause(position),
        at_stake_kw=found.kw,
        is_nominal=found.is_nominal,
        float_days=found.float_days,
        phases=phases(schedule, found.phases),
        drives=phases(schedule, found.drives),
    )


def path(
    schedule: Schedule, view: View, phase_id: int | None, target: str | None, due_on: date | None
) -> PathRead:
    """The driving chain to the COD of one phase; empty where it is reached, or has no milestones."""
    found = None if phase_id is None else schedule.plan.phases.get(phase_id)
    chain = schedule.stakes.drivers.get(phase_id or 0, ())
    forecast_on = None if phase_id is None else schedule.stakes.cod_on(phase_id)
    goal_on = due_on or (schedule.plan.deadline_on(chain[-1]) if chain else found and found.goal_on)
    return PathRead(
        as_of=view.as_of,
        phase=None if found is None else phase(schedule, found),
        target=target,
        goal_on=goal_on,
        forecast_on=forecast_on if chain else (found and found.cod_on),
        float_days=(goal_on - forecast_on).days if goal_on and forecast_on and chain else None,
        binding_cause=schedule.cause(chain[0]) if chain else None,
        steps=[step(schedule, i) for i in chain if schedule.is_seen(i)],
        revision=view.revision,
    )


def shortfall(schedule: Schedule, view: View, overview: Overview, found: Shortfall) -> ShortfallRead:
    """The gap and its parts."""
    assert overview.progress is not None
    progress = overview.progress
    return ShortfallRead(
        as_of=view.as_of,
        target=progress.target.code,
        target_kw=progress.target.kw,
        operating_kw=progress.operating_kw,
        gap_kw=found.gap_kw,
        parts=[PartRead(cause=p.cause, kw=p.kw, phases=phases(schedule, p.phases)) for p in found.parts],
        surplus_kw=found.surplus_kw,
        is_nominal=any(phase.is_nominal for part in found.parts for phase in part.phases),
        revision=view.revision,
    )


def deadline(found: Countdown) -> DeadlineRead:
    """One countdown alarm."""
    of = found.deadline
    return DeadlineRead(
        phase=found.phase.code,
        kind=of.kind,
        goal_on=found.goal_on,
        counted_from_on=of.counted_from_on,
        term_days=of.term.days,
        term_unit=of.term.unit,
        due_on=of.due_on,
        act_by_on=of.act_by_on,
        state=found.alarm.state,
        days_left=found.alarm.days_left,
        basis=of.basis,
        is_provisional=of.is_provisional,
    )
