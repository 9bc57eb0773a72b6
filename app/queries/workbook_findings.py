"""Comparing a workbook that was sent in with what was downloaded and with what stands now."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from app.domain import sheet_differences, sheet_reading, workbooks
from app.domain.access import Actor
from app.domain.grids import Book
from app.domain.sheet_differences import Differences, Rows
from app.domain.sheet_layouts import MILESTONES
from app.domain.sheet_reading import CellProblem, ReadSheet
from app.domain.sheets import Layout
from app.domain.words import Lang
from app.domain.workbooks import Cell, Findings, Wrong
from app.queries import journal, workbook_milestones, workbook_rows
from app.queries.capacity import View


def read(book: Book, actor: Actor, only: Layout | None = None) -> tuple[list[ReadSheet], Findings]:
    """The sheets of a file as an actor may send them, and what is wrong with the file as a whole. `only`: of which sheet
    a CSV file is, where its sender says so."""
    layouts = workbook_rows.layouts(actor) if only is None else (only,)
    matched = sheet_reading.match(book, layouts)
    sheets = [sheet_reading.read_sheet(grid, layout, is_1904=book.is_1904) for grid, layout in matched.sheets]
    problems = [*matched.problems, *(one for sheet in sheets for one in sheet.problems)]
    notices = [*matched.notices, *(one for sheet in sheets for one in sheet.notices)]
    codes = {sheet.name: sheet.layout.code for sheet in sheets}
    return sheets, Findings(
        wrong=tuple(_wrong(one, codes) for one in problems),
        notices=tuple(_wrong(one, codes) for one in notices),
        letters={sheet.layout.code: dict(sheet.columns) for sheet in sheets},
        rows=sum(len(sheet.rows) for sheet in sheets),
    )


def compare(
    session: Session,
    actor: Actor,
    sheets: Sequence[ReadSheet],
    found: Findings,
    read_at: int | None,
    today: date,
    lang: Lang,
    progress: Callable[[int], None] = lambda _: None,
) -> tuple[Findings, int]:
    """What the sheets change, and the revision that they are compared with. `read_at` is the revision of the download;
    without one nobody can know what others have changed since, and what differs from now is a change."""
    head = journal.head(session)
    layouts = [sheet.layout for sheet in sheets]
    now = workbook_rows.rows(session, View(actor, today, head), layouts, lang)
    is_moved = read_at is not None and read_at < head
    base = workbook_rows.rows(session, View(actor, today, read_at or 0), layouts, lang) if is_moved else now
    cells: list[Cell] = []
    conflicts: list[Cell] = []
    wrong: list[Wrong] = [*found.wrong]
    missing = 0
    for sheet in sheets:
        code = sheet.layout.code
        compared = sheet_differences.compare(_named(sheet, base[code]), base[code], now[code])
        wrong += [_wrong(one, {sheet.name: code}) for one in compared.problems]
        cells += _cells(compared, now[code])
        conflicts += [workbooks.cell(one, is_new=one.key not in base[code]) for one in compared.conflicts]
        missing += len(compared.missing)
        progress(len(sheet.rows))
    done = replace(
        found,
        cells=tuple(cells),
        conflicts=tuple(conflicts),
        wrong=tuple(wrong),
        missing=missing,
        has_mark=read_at is not None,
    )
    return done, head


def _wrong(problem: CellProblem, codes: Mapping[str, str]) -> Wrong:
    """A problem of the reader, its sheet by its code where it is one of ours, else as its tab is called."""
    found = workbooks.wrong(problem)
    return replace(found, sheet=codes.get(found.sheet, found.sheet))


def _cells(compared: Differences, now: Rows) -> list[Cell]:
    added = sheet_differences.ChangeKind.ADDED
    return [
        workbooks.cell(one, is_new=one.kind == added and (one.key not in now or not any(one.key)))
        for one in compared.changes
    ]


def _named(sheet: ReadSheet, base: Rows) -> ReadSheet:
    """A sheet of milestones with their names as the base has them: a name in the other language is no change of it."""
    if sheet.layout.code != MILESTONES.code:
        return sheet
    rows = []
    for row in sheet.rows:
        stands: Mapping[str, object] = base.get(row.key, {})
        said = row.values.get("name")
        if stands and said != stands["name"] and said in workbook_milestones.names(row.key[-1]):
            row = replace(row, values={**row.values, "name": base[row.key]["name"]})
        rows.append(row)
    return replace(sheet, rows=tuple(rows))
