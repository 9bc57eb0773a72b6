"""Milestones of one subject as a chart: by group of their template, each with its strip, and the same as numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.db import Session
from app.domain import milestones as domain
from app.domain.templates import Wording
from app.domain.vocabulary import Flag, MilestoneStatus
from app.outside import shipped
from app.pages import gantt
from app.pages.gantt import Axis, Dates, Strip
from app.queries import milestones
from app.queries.capacity import View
from app.queries.milestones import Line
from app.queries.schedules import Schedule
from app.queries.subjects import Holder


@dataclass(frozen=True, slots=True)
class Row:
    """A milestone. `expected_on` is when it is finished at the earliest as the network has it, None where it is done.
    `strip` is None where there is nothing to draw."""

    line: Line
    status: MilestoneStatus
    flag: Flag | None
    late_days: int
    dates: Dates
    float_days: int | None
    is_critical: bool
    strip: Strip | None

    @property
    def key(self) -> str:
        return self.line.key

    @property
    def is_late(self) -> bool:
        return self.flag == Flag.LATE

    @property
    def applies(self) -> bool:
        return self.line.state.is_applicable


@dataclass(frozen=True, slots=True)
class Group:
    """The milestones of one group of the template, in order."""

    code: str
    name: Wording
    rows: tuple[Row, ...]

    @property
    def asked(self) -> list[Row]:
        """Those that apply."""
        return [row for row in self.rows if row.applies]

    @property
    def done(self) -> int:
        return sum(row.line.state.is_done for row in self.asked)

    @property
    def late(self) -> int:
        return sum(row.is_late and row.line.state.is_open for row in self.rows)

    @property
    def is_open(self) -> bool:
        """Whether the group is unfolded: as long as something in it is to be done."""
        return self.done < len(self.asked)


@dataclass(frozen=True, slots=True)
class Chart:
    """All groups on one axis."""

    axis: Axis
    groups: tuple[Group, ...]

    @property
    def rows(self) -> list[Row]:
        return [row for group in self.groups for row in group.rows]

    @property
    def is_illustrative(self) -> bool:
        """Whether every one of them is: then it is said once."""
        return all(row.line.row.is_illustrative for row in self.rows)

    @property
    def has_promises(self) -> bool:
        """Whether a baseline or a plan is drawn."""
        return any(row.dates.promised_on for row in self.rows)

    @property
    def has_late(self) -> bool:
        return any(row.strip and row.strip.late for row in self.rows)


def chart(session: Session, view: View, schedule: Schedule, holder: Holder) -> Chart | None:
    """The milestones of a subject as of a view; None where it has none."""
    lines = milestones.lines(session, view, holder)
    if not lines:
        return None
    nodes = enumerate(schedule.plan.nodes)
    positions = {node.name: i for i, node in nodes if node.home == (holder.kind, holder.id)}
    found = [(line, _dates(schedule, positions.get(line.key), line)) for line in lines]
    axis = gantt.axis(
        gantt.window([d for line, d in found if line.state.is_applicable], view.as_of), view.as_of
    )
    rows = [_row(schedule, view.as_of, positions.get(line.key), line, dates, axis) for line, dates in found]
    return Chart(axis, _grouped(rows))


def _dates(schedule: Schedule, position: int | None, line: Line) -> Dates:
    """The days that are drawn. What is open goes by the network, else by what is stated: only work ahead is a bar."""
    state = line.state
    if not state.is_applicable:
        return Dates()
    if position is not None and schedule.plan.is_live(position):
        plan = schedule.plan
        begins_on = max(plan.begins_on(position) or plan.today, plan.today)
        return Dates(_promised(line), begins_on, plan.earliest_on(position))
    if state.is_done and state.actual is not None:
        return Dates(_promised(line), done_on=state.actual.on)
    return Dates(_promised(line), expected_on=state.expected_on)


def _promised(line: Line) -> date | None:
    """What a milestone is held against. Its own forecast is no promise here: it is drawn as what it is."""
    stated = line.state.baseline or line.state.plan
    return None if stated is None else stated.on


def _row(schedule: Schedule, today: date, position: int | None, line: Line, dates: Dates, axis: Axis) -> Row:
    is_live = position is not None and schedule.plan.is_live(position)
    return Row(
        line=line,
        status=domain.status(
            line.state,
            today,
            valid_until=line.valid_until,
            is_blocked=line.is_blocked,
            is_free=line.is_free,
        ),
        flag=domain.flag(line.state, today),
        late_days=domain.late_days(line.state, today) or 0,
        dates=dates,
        float_days=schedule.plan.float_days(position) if is_live and position is not None else None,
        is_critical=is_live and position in schedule.stakes.critical,
        strip=gantt.strip(axis.window, dates) if dates.all else None,
    )


def _grouped(rows: Sequence[Row]) -> tuple[Group, ...]:
    """By group, in the order of the template."""
    names: Mapping[str, Wording] = {}
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.line.step.group, []).append(row)
        if not names:
            version = row.line.row.template_version
            names = shipped.templates(version).template_of(row.line.row.code).groups
    return tuple(Group(code, names[code], tuple(own)) for code, own in found.items())
