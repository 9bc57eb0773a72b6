"""Workbooks that are sent in, on the wire: how far one is, what was found in it, and whose values count."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import Field

from app.domain.vocabulary import CellKind, Take, UploadState, UploadStep
from app.schemas.base import Asked, In, Out, ShownKw

FileName = Annotated[str, Field(min_length=1, max_length=200)]


class SendQuery(Asked):
    filename: FileName | None = Field(
        None, description="How the file is called; its ending says what it is, else the content type does"
    )
    sheet: str | None = Field(None, max_length=40, description="The sheet that a CSV file is of")


class UploadListQuery(Asked):
    limit: int | None = Field(None, ge=1)
    cursor: str | None = Field(None, max_length=400)


class CellQuery(UploadListQuery):
    kind: CellKind = CellKind.CHANGED
    sheet: str | None = Field(None, max_length=40)


class TallyRead(Out):
    """Counts of cells."""

    sheet: str
    name: str
    changed: int
    added: int
    conflicts: int
    errors: int


class MovedRead(Out):
    """A phase whose forecast COD would be another day."""

    phase: str
    name: str
    before_on: date | None
    after_on: date | None


class DoneRead(Out):
    """How many units of a line have passed a stage, before and after, of how many."""

    work: str
    stage: str
    before: int
    after: int
    total: int | None


class EffectsRead(Out):
    """What would follow if everything were saved that only the file has changed."""

    operating_kw_before: ShownKw = Field(serialization_alias="operating_mw_before")
    operating_kw_after: ShownKw = Field(serialization_alias="operating_mw_after")
    declared_kw_before: ShownKw = Field(serialization_alias="declared_mw_before")
    declared_kw_after: ShownKw = Field(serialization_alias="declared_mw_after")
    gap_kw_before: ShownKw | None = Field(serialization_alias="gap_mw_before")
    gap_kw_after: ShownKw | None = Field(serialization_alias="gap_mw_after")
    moved: list[MovedRead]
    done: list[DoneRead]


class SummaryRead(Out):
    """What a check has found, counted. Without `has_mark` nobody can know what others have changed since the file was
    made; `missing` rows of the download stay as they are."""

    rows: int
    changed_rows: int
    missing: int
    has_mark: bool
    sheets: list[TallyRead]
    effects: EffectsRead | None


class UploadRead(Out):
    """A workbook that was sent in. `step`, `done` and `total` say how far the work on it is, as this process knows it."""

    id: int
    state: UploadState
    step: UploadStep | None
    done: int
    total: int
    file_name: str | None
    sheet: str | None
    size_bytes: int
    downloaded_at: int | None = Field(
        description="The revision of its download, where it has the mark of one"
    )
    checked_at: int | None = Field(description="The revision it was compared with")
    committed_as: int | None = Field(description="The revision of its changes")
    problem: str | None
    message: str | None
    summary: SummaryRead | None
    created_at: datetime
    changed_at: datetime


class UploadPage(Out):
    items: list[UploadRead]
    next: str | None = None


class CellRead(Out):
    """A cell that the file changes, or something wrong. `base` is what the download said, `mine` the file, `theirs` what
    stands now; MW as MW."""

    kind: CellKind
    sheet: str
    row: int | None
    column: str | None
    field: str | None
    label: str | None
    key: list[str]
    base: Any = None
    mine: Any = None
    theirs: Any = None
    problem: str | None = None
    message: str | None = None
    details: dict[str, Any] | None = None


class CellPage(Out):
    items: list[CellRead]
    next: str | None = None


class TakeIn(In):
    sheet: Annotated[str, Field(max_length=40)]
    row: int = Field(ge=1)
    column: Annotated[str, Field(pattern=r"^[A-Z]{1,3}$")]
    take: Take


class CommitIn(In):
    """Whose value counts where both sides have changed a cell: of some cells, and of all others. With a cell that nobody
    has decided nothing is saved."""

    conflicts: Take | None = None
    cells: Annotated[list[TakeIn], Field(max_length=20_000)] = []
