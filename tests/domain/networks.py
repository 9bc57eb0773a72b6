"""Small networks from the shipped templates, as plain functions on plain values: subjects, what was said, and the plan."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta

from app.domain.milestones import State, Stated
from app.domain.network import Home, Land, Links, Need, Node, PhaseMw, Plan, build
from app.domain.schedule import WEEKDAYS
from app.domain.stake import Stakes
from app.domain.templates import MilestoneTemplate
from app.domain.vocabulary import ConnectionKind, SubjectKind, Track, Verification
from app.outside import shipped

TODAY = date(2023, 2, 7)
TEMPLATES = shipped.templates()
Said = Mapping[str, State]

PROJECT, PHASE, WORK, CLEARANCE = (
    SubjectKind.PROJECT,
    SubjectKind.PHASE,
    SubjectKind.GRID_WORK,
    SubjectKind.CLEARANCE,
)
TRACKS = {Track.RECOVERED_LAND: "land_clearance", Track.CORRIDOR: "corridor_clearance"}
GEN_TIE, NEEDED, FULL_OUTPUT = (
    ConnectionKind.GEN_TIE,
    ConnectionKind.POINT_OF_CONNECTION,
    ConnectionKind.EVACUATION,
)
OUT = State(is_applicable=False)


def later(days: int, day: date = TODAY) -> date:
    return day + timedelta(days=days)


def done(on: date = later(-30)) -> State:
    return State(actual=Stated(on), verification=Verification.CONFIRMED)


def forecast(on: date) -> State:
    return State(forecast=Stated(on))


def subject(
    kind: SubjectKind,
    id: int = 1,
    *,
    project: int | None = None,
    track: Track = Track.RECOVERED_LAND,
    only: Collection[str] | None = None,
    said: Said | None = None,
    valid_until: Mapping[str, date] | None = None,
) -> list[Node]:
    """The milestones of a subject, all of its template or `only` some, with what was `said` of them by code."""
    steps: Iterable[MilestoneTemplate] = (step for step in TEMPLATES if step.subject == kind)
    if kind == CLEARANCE:
        steps = TEMPLATES.template(TRACKS[track]).milestones
    return [
        Node(
            subject=kind,
            subject_id=id,
            project_id=id if kind == PROJECT else project,
            step=step,
            state=(said or {}).get(step.code, State()),
            valid_until=(valid_until or {}).get(step.code),
        )
        for step in steps
        if only is None or step.code in only
    ]


def phase(id: int = 1, project: int = 1, only: Collection[str] | None = None, **said: State) -> list[Node]:
    """A phase of a project; `said` by code, with an underscore for the hyphen."""
    return subject(PHASE, id, project=project, only=only, said=codes(said))


def project(id: int = 1, only: Collection[str] | None = None, **said: State) -> list[Node]:
    return subject(PROJECT, id, only=only, said=codes(said))


def work(id: int = 1, only: Collection[str] | None = None, **said: State) -> list[Node]:
    return subject(WORK, id, only=only, said=codes(said))


def codes(said: Said) -> dict[str, State]:
    return {name.replace("_", "-"): state for name, state in said.items()}


def mw(id: int = 1, kw: int | None = 30_000, project: int = 1, **more: object) -> PhaseMw:
    """What a phase has still to bring."""
    return PhaseMw(id=id, code=f"p{id}", name=f"Giai đoạn {id}", project_id=project, waiting_kw=kw, **more)  # type: ignore[arg-type]


def plan(
    *subjects: Sequence[Node],
    phases: Iterable[PhaseMw] = (),
    needs: Sequence[Need] = (),
    land: Sequence[Land] = (),
    due_on: date | None = None,
    today: date = TODAY,
    caps_kw: Mapping[int, int] | None = None,
) -> Plan:
    """Their network with both passes made; Monday to Friday are worked."""
    nodes = [node for each in subjects for node in each]
    return build(
        nodes,
        Links(needs, land),
        phases,
        today=today,
        due_on=due_on,
        workdays=WEEKDAYS,
        caps_kw=caps_kw,
    )


def stakes(*subjects: Sequence[Node], **more: object) -> Stakes:
    return Stakes(plan(*subjects, **more))  # type: ignore[arg-type]


def place(plan: Plan, home: Home, name: str) -> int:
    """Where a milestone stands, by the name it has inside its subject."""
    (found,) = (i for i, node in enumerate(plan.nodes) if (node.home, node.name) == (home, name))
    return found


def day(plan: Plan, home: Home, name: str) -> date:
    """When it is finished at the earliest."""
    found = plan.earliest_on(place(plan, home, name))
    assert found is not None
    return found


def tied(plan: Plan, home: Home, name: str) -> set[tuple[Home, str]]:
    """What must be finished before a milestone."""
    return {(plan.nodes[i].home, plan.nodes[i].name) for i in plan.predecessors[place(plan, home, name)]}


def working_days_after(day: date, days: int) -> date:
    """The `days`-th Monday to Friday after a day, counted one by one."""
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < 5
    return day
