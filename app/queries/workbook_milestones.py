"""The rows of the workbook's sheet of milestones: those an organisation reports on, as known at a revision."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain import milestones as domain
from app.domain.milestones import State
from app.domain.sheet_differences import Rows
from app.domain.sheet_layouts import MILESTONES
from app.domain.sheets import Typed
from app.domain.words import Lang
from app.outside import shipped
from app.queries import agenda, milestones, subjects
from app.queries.capacity import View
from app.tables.milestones import Milestone

DATES = ("plan", "forecast", "actual")
# What is said with a change and kept with its entry: the cells are empty whenever somebody downloads them.
SAID = tuple(column.field for column in MILESTONES.columns if column.is_said)


def rows(session: Session, view: View, lang: Lang) -> Rows:
    """The applicable milestones of an actor's own subjects (of all of them, for who keeps those of others), in the order
    of their subjects and of the template. Names are in `lang`."""
    place = (col(Milestone.subject), col(Milestone.subject_id), col(Milestone.project_id))
    asked = select(Milestone).where(
        agenda.own(view.actor, *place), col(Milestone.created_in) <= view.revision
    )
    found = list(session.execute(asked).scalars())
    states = milestones.states_at(session, view, found)
    names = subjects.names(session, {(row.subject, row.subject_id) for row in found})
    lines: list[tuple[Any, tuple[str, ...], Mapping[str, Typed]]] = []
    for row in found:
        state = states.get(row.id)
        if state is None or not state.is_applicable:
            continue
        code, _ = names[row.subject, row.subject_id]
        step, key = milestones.step_of(row), domain.key(row.code, row.instance)
        order = (list(subjects.TABLES).index(row.subject), code, step.order, row.instance)
        name = step.name.en if lang == Lang.EN else step.name.vi
        lines.append((order, (row.subject.value, code, key), _row(row, code, key, name, state)))
    return {key: values for _, key, values in sorted(lines, key=lambda line: line[0])}


def _row(row: Milestone, code: str, key: str, name: str, state: State) -> dict[str, Typed]:
    found: dict[str, Typed] = {"subject": row.subject, "subject_code": code, "milestone": key, "name": name}
    for date in DATES:
        stated = getattr(state, date)
        found[f"{date}_on"] = stated and stated.on
        found[f"{date}_precision"] = stated and stated.precision
    return found | dict.fromkeys(SAID)


def names(key: str) -> tuple[str, ...]:
    """What a milestone is called, in each language; nothing where no template has it."""
    code, _ = domain.parts(key)
    step = next((step for step in shipped.templates() if step.code == code), None)
    return () if step is None else (step.name.vi, step.name.en)
