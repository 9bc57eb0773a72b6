"""The sheets of one's own workbook: which an actor has, and the rows of each as known at a revision."""

from collections.abc import Iterable, Mapping

from sqlalchemy.orm import Session

from app.domain.access import Actor, May
from app.domain.sheet_differences import Rows
from app.domain.sheet_layouts import (
    CASES,
    LAYOUTS,
    MILESTONES,
    PHASES,
    PROJECTS,
    SECTIONS,
    TOWERS,
    TRANCHES,
    TURBINES,
)
from app.domain.sheets import Layout
from app.domain.vocabulary import UnitKind
from app.domain.words import Lang
from app.queries import workbook_milestones, workbook_projects, workbook_works
from app.queries.capacity import View

# Who may change what a sheet holds; cases are read by those alone who may also keep them.
NEEDS: Mapping[str, May] = {
    PROJECTS.code: May.CHANGE_PROJECT,
    PHASES.code: May.CHANGE_PROJECT,
    TURBINES.code: May.CHANGE_PROJECT,
    TRANCHES.code: May.DECLARE_COD,
    MILESTONES.code: May.REPORT_MILESTONES,
    TOWERS.code: May.CHANGE_WORKS,
    SECTIONS.code: May.CHANGE_WORKS,
    CASES.code: May.REPORT_LAND,
}
BY_CODE: Mapping[str, Layout] = {layout.code: layout for layout in LAYOUTS}


def layouts(actor: Actor) -> tuple[Layout, ...]:
    """The sheets of an actor's workbook."""
    return tuple(layout for layout in LAYOUTS if actor.may(NEEDS[layout.code]))


def rows(session: Session, view: View, asked: Iterable[Layout], lang: Lang) -> dict[str, Rows]:
    """The rows of some sheets by the sheet's code: those that the view's actor keeps, as known at the view's revision.
    Names that are only shown are in `lang`."""
    wanted = {layout.code for layout in asked}
    found: dict[str, Rows] = {}
    if {TOWERS.code, SECTIONS.code} & wanted:
        units = workbook_works.unit_rows(session, view)
        found |= {TOWERS.code: units[UnitKind.TOWER], SECTIONS.code: units[UnitKind.SECTION]}
    if CASES.code in wanted:
        found[CASES.code] = workbook_works.case_rows(session, view)
    if MILESTONES.code in wanted:
        found[MILESTONES.code] = workbook_milestones.rows(session, view, lang)
    for layout, read in (
        (PROJECTS, workbook_projects.projects),
        (PHASES, workbook_projects.phases),
        (TURBINES, workbook_projects.turbines),
        (TRANCHES, workbook_projects.tranches),
    ):
        if layout.code in wanted:
            found[layout.code] = read(session, view)
    return {layout.code: found[layout.code] for layout in LAYOUTS if layout.code in wanted}
