"""Giving a subject its milestones: the steps of its template, and further instances of those that repeat."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from app.domain import milestones as domain
from app.domain import templates
from app.domain.access import Actor, May, require, require_own
from app.domain.errors import Conflict, Invalid, RuleBroken
from app.domain.problems import Problem
from app.domain.templates import Condition, MilestoneTemplate, TemplateSet
from app.domain.vocabulary import Fact, MilestoneAct, SubjectKind, Track
from app.outside import shipped
from app.queries import conditions, milestones, subjects
from app.queries.subjects import Holder
from app.schemas.milestones import InstanceCreate, TemplateApply
from app.services import cod_milestones, journal, unit_milestones
from app.services.milestones import touch
from app.tables.base import key
from app.tables.milestones import Milestone, MilestoneEntry
from app.tables.works import Clearance


def apply(session: Session, actor: Actor, kind: SubjectKind, code: str, change: TemplateApply) -> Holder:
    """Creates the milestones of a subject. A step whose condition does not hold is made not applicable, with the reason.

    Conflict where the subject has milestones already.
    """
    require(actor, May.REPORT_MILESTONES)
    holder = subjects.one(session, actor, kind, code)
    require_own(actor, May.REPORT_MILESTONES, holder.owner_id)
    if milestones.rows_of(session, holder):
        raise Conflict(Problem.ALREADY_APPLIED, code=code)
    template_set = chosen(change.template_version)
    if unknown := sorted(set(change.conditions) - set(template_set.conditions)):
        raise Invalid(
            Problem.NOT_A_WORD, field=f"conditions.{unknown[0]}", allowed=sorted(template_set.conditions)
        )
    known = _known(session, actor, holder, change)
    made = [_made(template_set, holder, step, known, change) for step in steps_of(template_set, holder)]
    revision = journal.record(
        session,
        actor,
        Fact.MILESTONES_APPLIED,
        "milestones",
        holder.path,
        after={
            "template_version": template_set.version,
            "milestones": len(made),
            "ruled_out": [row.code for row, reason in made if reason is not None],
            "is_illustrative": change.is_illustrative,
        },
        project=holder.project,
    )
    _keep(session, actor, made, revision)
    touch(holder, revision)
    if holder.kind == SubjectKind.PHASE:
        cod_milestones.follow(session, actor, holder)
    if (work := subjects.work_of(session, holder)) is not None:
        unit_milestones.follow(session, actor, work)
    return holder


def _known(session: Session, actor: Actor, holder: Holder, change: TemplateApply) -> dict[str, bool | None]:
    """What is known of the conditions: the register's word, then the caller's where the register has none."""
    registered = {
        code: holds for code, holds in conditions.known(session, holder).items() if holds is not None
    }
    if any(registered.get(code, holds) != holds for code, holds in change.conditions.items()):
        # What the register says is contradicted only by those who keep it for others.
        require(actor, May.REPORT_FOR_OTHERS)
    return {**registered, **change.conditions}


def add_instance(
    session: Session,
    actor: Actor,
    kind: SubjectKind,
    code: str,
    name: str,
    change: InstanceCreate,
    *,
    is_illustrative: bool = False,
) -> Milestone:
    """One more instance of a repeatable milestone. Conflict where its number is taken."""
    require(actor, May.REPORT_MILESTONES)
    holder = subjects.one(session, actor, kind, code)
    require_own(actor, May.REPORT_MILESTONES, holder.owner_id)
    first = milestones.one(session, holder, name)
    step = milestones.step_of(first)
    if not step.is_repeatable:
        raise RuleBroken(Problem.NOT_REPEATABLE, milestone=first.code)
    last = milestones.instances(session, holder, first.code)
    number = change.instance or last + 1
    if number <= last:
        raise Conflict(Problem.TAKEN, field="instance", instance=number)
    if number > last + 1:
        raise Invalid(Problem.OUT_OF_RANGE, field="instance", next=last + 1)
    is_illustrative = is_illustrative or first.is_illustrative
    row = _row(holder, step, first.template_version, is_illustrative=is_illustrative)
    row.instance, row.label = number, change.label
    revision = journal.record(
        session,
        actor,
        Fact.MILESTONE_REPEATED,
        "milestone",
        f"{holder.path}/{domain.key(first.code, number)}",
        after={"instance": number, "label": change.label, "is_illustrative": is_illustrative},
        project=holder.project,
    )
    _keep(session, actor, [(row, None)], revision)
    touch(holder, revision)
    return row


def chosen(version: int | None) -> TemplateSet:
    """The set of templates asked for. Invalid where there is none of that version."""
    try:
        return shipped.templates(version)
    except KeyError as error:
        raise Invalid(Problem.OUT_OF_RANGE, field="template_version") from error


def steps_of(template_set: TemplateSet, holder: Holder) -> Iterable[MilestoneTemplate]:
    """The template steps that hang on this kind of subject; a clearance has those of its track."""
    if isinstance(holder.row, Clearance):
        track = "corridor_clearance" if holder.row.track == Track.CORRIDOR else "land_clearance"
        return template_set.template(track).milestones
    return [step for step in template_set if step.subject == holder.kind]


Made = tuple[Milestone, Condition | None]


def _made(
    template_set: TemplateSet,
    holder: Holder,
    step: MilestoneTemplate,
    known: dict[str, bool | None],
    change: TemplateApply,
) -> Made:
    does_apply, condition = templates.applies(step, known)
    row = _row(holder, step, template_set.version, is_illustrative=change.is_illustrative)
    if does_apply or condition is None:
        return row, None
    row.is_applicable, row.ruled_out_for = False, condition.code
    return row, condition


def _row(holder: Holder, step: MilestoneTemplate, version: int, *, is_illustrative: bool) -> Milestone:
    return Milestone(
        subject=holder.kind,
        subject_id=holder.id,
        project_id=holder.project_id,
        code=step.code,
        template_version=version,
        is_illustrative=is_illustrative,
        created_in=0,
        revision=0,
    )


def _keep(session: Session, actor: Actor, made: Iterable[Made], revision: int) -> None:
    """Adds rows, and for each that does not apply the entry that says so."""
    made = list(made)
    for row, _ in made:
        row.created_in = row.revision = revision
    session.add_all([row for row, _ in made])
    session.flush()
    session.add_all(
        MilestoneEntry(
            milestone_id=key(row.id),
            revision=revision,
            act=MilestoneAct.RULED_OUT,
            note=condition.code,
            user_id=actor.user_id,
            organisation_id=actor.organisation_id,
        )
        for row, condition in made
        if condition is not None
    )
