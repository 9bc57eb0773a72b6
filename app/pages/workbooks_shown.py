"""What the page of a workbook shows: its cells as people read them, a page at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from app.deps import Ask
from app.deps.runs import Run
from app.domain.errors import TrackerError
from app.domain.sheets import Column, ColumnKind, Layout, Typed
from app.domain.vocabulary import CellKind, Take, UnitStage, UploadState
from app.domain.words import Lang, Term
from app.domain.workbooks import UNKNOWN, Cell, Findings, Summary, Wrong
from app.pages import formats
from app.pages.forms import Effect, Moved
from app.pages.rendering import Frame
from app.pages.words.frame import Frame as Words
from app.pages.words.workbooks import Workbooks as Said
from app.queries.workbook_rows import BY_CODE
from app.schemas import refusals
from app.tables.workbooks import WorkbookUpload

PAGE_CELLS, PAGE_CONFLICTS = 100, 100


@dataclass(frozen=True, slots=True)
class Line:
    """One cell of a table; `name` is that of its radio buttons, `nearest` what may have been meant where it is wrong."""

    sheet: str
    place: str
    key: str
    column: str
    was: str = ""
    now: str = ""
    becomes: str = ""
    problem: Term | None = None
    name: str = ""
    nearest: str = ""


@dataclass(frozen=True, slots=True)
class WorkbookPage:
    """An upload: how far it is, its counts, one kind of its cells from `start` on, and its conflicts to be decided.
    `refused` are the cells for which it was not saved just now."""

    frame: Frame
    row: WorkbookUpload
    state: UploadState
    run: Run | None
    summary: Summary | None
    problem: Term | None
    kind: CellKind
    lines: Sequence[Line]
    following: int | None
    conflicts: Sequence[Line]
    notices: Sequence[Line]
    effect: Effect | None
    taken: Mapping[str, str]
    refused: Sequence[Line] = ()
    takes: ClassVar = tuple(Take)
    stages: ClassVar = UnitStage
    kinds: ClassVar = (CellKind.CHANGED, CellKind.ADDED, CellKind.ERROR)

    @property
    def is_running(self) -> bool:
        return self.state in (UploadState.CHECKING, UploadState.COMMITTING)

    @property
    def may_commit(self) -> bool:
        """Whether there is something to save and nothing wrong."""
        made = self.summary
        is_good = made is not None and not made.total("errors")
        something = made is not None and any(made.total(n) for n in ("changed", "added", "conflicts"))
        return self.state == UploadState.CHECKED and is_good and something

    def sheet_name(self, code: str) -> str:
        """What a sheet is called; one that is none of ours as its tab is."""
        return BY_CODE[code].label(self.frame.lang) if code in BY_CODE else code

    def count(self, kind: CellKind) -> int:
        """How many cells there are of a kind."""
        names = {CellKind.CHANGED: "changed", CellKind.ADDED: "added", CellKind.ERROR: "errors"}
        return 0 if self.summary is None else self.summary.total(names.get(kind, "conflicts"))


def lines(ask: Ask, found: Findings | None, kind: CellKind, start: int) -> tuple[list[Line], int | None]:
    """A page of one kind of cells, and where the next one starts."""
    of = [] if found is None else found.of(kind)
    shown = of[start : start + PAGE_CELLS]
    following = start + PAGE_CELLS if len(of) > start + PAGE_CELLS else None
    return [line(ask, one) for one in shown], following


def line(ask: Ask, one: Cell | Wrong) -> Line:
    """A cell, or what is wrong, as a row of a table."""
    layout = BY_CODE.get(one.sheet)
    sheet = one.sheet if layout is None else layout.label(ask.lang)
    column = None if layout is None or one.field is None else layout.by_field.get(one.field)
    head = "" if column is None else column.label(ask.lang)
    if isinstance(one, Wrong):
        place = f"{one.column or ''}{one.row or ''}"
        head = head or str(one.details.get("name") or "")
        nearest = _nearest(layout, column, one.details.get("nearest"), ask.lang)
        return Line(sheet, place, "", head, problem=refusals.named(one.problem), nearest=nearest)
    assert layout is not None
    assert column is not None
    was, now, becomes = (shown(column, value, ask.lang) for value in (one.base, one.theirs, one.mine))
    name = f"take-{one.sheet}-{one.row}-{one.column}"
    key = " / ".join(
        _key_part(of, part, ask.lang) for of, part in zip(layout.keys, one.key, strict=True) if part
    )
    return Line(sheet, f"{one.column}{one.row}", key, head, was, now, becomes, name=name)


def refused(ask: Ask, error: TrackerError) -> list[Line]:
    """The cells that a refused commit names: which are wrong now, or have been changed by others since."""
    rows = error.details.get("rows") or error.details.get("cells") or []
    places = ("sheet", "row", "column", "field")
    assert isinstance(rows, list)
    named = [
        Wrong(**{name: row[name] for name in places}, problem=row.get("problem", error.problem.value))
        for row in rows[:PAGE_CONFLICTS]
    ]
    return [line(ask, one) for one in named]


def _key_part(column: Column, part: str, lang: Lang) -> str:
    return part if column.words is None else column.words(part).label(lang)


def _nearest(layout: Layout | None, column: Column | None, said: object, lang: Lang) -> str:
    """The choice, or the name of a column, that comes nearest to what was typed, as its reader knows it."""
    if column is not None and column.words is not None:
        return next((word.label(lang) for word in column.words if word.value == said), "")
    known = () if layout is None else layout.columns
    return next((one.label(lang) for one in known if one.vi == said), "")


def shown(column: Column, value: Typed, lang: Lang) -> str:
    """A value as people read it."""
    if value is None or value in ("", ()):
        return Said.EMPTY.label(lang)
    if value == UNKNOWN:
        return Said.NOT_KEPT.label(lang)
    if isinstance(value, Term):
        return value.label(lang)
    if isinstance(value, date):
        return formats.day(value, lang)
    if isinstance(value, bool):
        return (Words.YES if value else Words.NO).label(lang)
    if isinstance(value, tuple):
        return ", ".join(value)
    if isinstance(value, int | float):
        if column.kind == ColumnKind.MW:
            return formats.mw(int(value), lang)
        return formats.decimal(value, lang) if column.kind != ColumnKind.WHOLE else str(value)
    return str(value)


def effect(made: Summary | None) -> Effect | None:
    """The effects as the forms show them; None where none are known."""
    if made is None or made.effects is None:
        return None
    of = made.effects
    moved = tuple(Moved(code, name, _day(before), _day(after)) for code, name, before, after in of.moved)
    return Effect(of.operating_kw, of.declared_kw, of.gap_kw, moved)


def _day(said: str | None) -> date | None:
    return None if said is None else date.fromisoformat(said)


def chosen(values: Mapping[str, str]) -> dict[tuple[str, int, str], Take]:
    """The cells that a form decides, by sheet, row and column; what is none of them is left out."""
    found: dict[tuple[str, int, str], Take] = {}
    for name, value in values.items():
        parts = name.split("-")
        is_take = len(parts) == 4 and parts[0] == "take" and value in set(Take)
        if is_take and parts[2].isdecimal() and len(parts[2]) < 9:
            found[parts[1], int(parts[2]), parts[3]] = Take(value)
    return found
