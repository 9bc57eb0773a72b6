"""A workbook as somebody edits it: downloaded, changed cell by cell, and sent back."""

from collections.abc import Mapping
from typing import Any

import httpx

from app.domain import sheet_reading
from app.domain.sheet_layouts import LAYOUTS
from app.domain.sheets import Key, SheetOut, Typed
from app.domain.words import Lang
from app.formats import spreadsheets, xlsx_out
from tests.conftest import Person

XLSX = xlsx_out.CONTENT_TYPE
Sheets = dict[str, dict[Key, dict[str, Typed]]]


class Edited:
    """A workbook in somebody's hands: `sheets` by code, rows by key, cells by field."""

    def __init__(self, content: bytes) -> None:
        book = spreadsheets.read(content, "own.xlsx")
        self.mark = book.mark
        self.sheets: Sheets = {}
        self.added: dict[str, list[dict[str, Typed]]] = {}
        matched = sheet_reading.match(book, LAYOUTS)
        assert not matched.problems
        for grid, layout in matched.sheets:
            read = sheet_reading.read_sheet(grid, layout, is_1904=book.is_1904)
            assert not read.problems
            self.sheets[layout.code] = {row.key: dict(row.values) for row in read.rows}

    def set(self, sheet: str, *key: str, **cells: Typed) -> "Edited":
        """Types into cells of a row that is there."""
        self.sheets[sheet][key].update(cells)
        return self

    def add(self, sheet: str, **cells: Typed) -> "Edited":
        """Adds a row at the end of a sheet."""
        self.added.setdefault(sheet, []).append(cells)
        return self

    def content(self, lang: Lang = Lang.VI, *, with_mark: bool = True) -> bytes:
        """The file."""
        out = [
            SheetOut(layout, [*self.sheets[layout.code].values(), *self.added.get(layout.code, ())])
            for layout in LAYOUTS
            if layout.code in self.sheets
        ]
        return xlsx_out.write(out, (self.mark if with_mark else None) or "", lang)


def download(person: Person, lang: str = "vi") -> Edited:
    """Somebody's own workbook."""
    answer = person.get(f"/workbooks/own.xlsx?lang={lang}")
    assert answer.status_code == 200, answer.text
    return Edited(answer.content)


def send(person: Person, content: bytes, kind: str = XLSX, query: str = "", **headers: str) -> httpx.Response:
    """Sends a file in."""
    return person.ask("POST", f"/workbooks/uploads{query}", content, Content_Type=kind, **headers)


def sent(person: Person, content: bytes, **more: Any) -> dict[str, Any]:
    """The same, once it is checked."""
    answer = send(person, content, **more)
    assert answer.status_code in (201, 202), answer.text
    made: dict[str, Any] = answer.json()
    while made["state"] == "checking":
        # A busy machine takes longer than the first answer waits.
        made = person.get(f"/workbooks/uploads/{made['id']}").json()
    assert made["state"] in ("checked", "refused"), made
    return made


def cells(person: Person, upload: Mapping[str, Any], kind: str = "changed", lang: str = "vi") -> list[Any]:
    """What was found of one kind."""
    answer = person.get(f"/workbooks/uploads/{upload['id']}/cells?kind={kind}&lang={lang}&limit=500")
    assert answer.status_code == 200, answer.text
    found: list[Any] = answer.json()["items"]
    return found


def commit(person: Person, upload: Mapping[str, Any], **choices: Any) -> httpx.Response:
    """Saves an upload."""
    return person.post(f"/workbooks/uploads/{upload['id']}/commit", choices)
