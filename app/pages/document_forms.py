"""Documents: adding one with its file, and its page, on which the file is looked at or attached later."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

from fastapi import APIRouter, Path, Query, Response
from starlette.datastructures import FormData, UploadFile

from app.db import Session, Stamp
from app.deps import Ask, Route, files, needs
from app.domain import documents as domain
from app.domain.access import May
from app.domain.errors import Invalid
from app.domain.problems import Problem
from app.domain.vocabulary import DocumentKind, Expiry
from app.outside.files import Stored
from app.pages import choosing, forms, places, sending
from app.pages.forms import Effect, Sent
from app.pages.rendering import Frame, frame
from app.pages.sending import Form
from app.queries import documents as found
from app.queries import own_work
from app.queries.documents import Line
from app.queries.subjects import Holder
from app.schemas.base import Asked, In
from app.schemas.documents import DocumentCreate
from app.services import documents
from app.tables.base import key

router = APIRouter(prefix="/documents", tags=["pages"], route_class=Route)
DocumentId = Annotated[int, Path(ge=1, le=2**31 - 1)]
DAYS = ("issued_on", "effective_on", "valid_until")
NEW, ONE = "document_new.html", "document.html"


class SaidQuery(Asked):
    said: str = ""


class Attached(In):
    """A form that states nothing but its file."""


@dataclass(frozen=True, slots=True)
class NewDocumentPage:
    """`on` is the subject where it is chosen; `subjects` are those to choose from."""

    frame: Frame
    sent: Sent
    on: Holder | None
    subjects: Sequence[Holder]
    most_bytes: int
    effect: Effect | None
    once: str
    kinds: ClassVar = tuple(DocumentKind)

    @property
    def offered(self) -> list[tuple[str, str]]:
        return choosing.offered(self.subjects)


@router.get("/new", openapi_extra=needs(May.REPORT_MILESTONES))
async def show_new_document(ask: Ask, query: Annotated[choosing.NewQuery, Query()]) -> Response:
    """The form of a new document."""
    return await sending.shown(ask, NEW, _new(ask), choosing.asked(query))


# The most that can be set; the data folder holds to the setting, which is the same or less.
@router.post("/new", max_body_size=domain.LARGEST_FILE_BYTES, openapi_extra=needs(May.REPORT_MILESTONES))
async def add_document(ask: Ask) -> Response:
    """Adds a document, maybe with its file: whatever is refused, nothing of either stays."""
    async with ask.form() as given:
        values = forms.texts(given)
        kept: list[tuple[Stored, str | None]] = []

        def change(session: Session, change: DocumentCreate, _: int | None) -> int:
            row = documents.add(session, ask.actor, change, ask.today)
            session.flush()
            for stored, name in kept:
                documents.attach(session, ask.actor, key(row.id), stored, name, None)
            return key(row.id)

        form = Form(
            DocumentCreate,
            change,
            NEW,
            _new(ask),
            saved=lambda made: frame(ask).to(f"/documents/{made}", said="saved"),
            holder=lambda session: choosing.named(session, ask, values.get("on", "")),
            readings={name: forms.DAY for name in DAYS},
            renamed=choosing.RENAMED,
            beside=("file",),
        )
        return await _with_file(ask, form, {**values, **choosing.about(values)}, _upload(given), kept)


async def _with_file(
    ask: Ask,
    form: Form[DocumentCreate],
    values: dict[str, str],
    upload: UploadFile | None,
    kept: list[tuple[Stored, str | None]],
) -> Response:
    """Takes a form with its file: the file is looked at first, and kept only once all the rest would be saved."""
    change, _ = forms.understood(form.model, values, readings=form.readings)
    if upload is None or change is None:
        return await sending.take(ask, form, values)
    stamp = Stamp(ask.now, ask.state.request_id)
    try:
        await files.check(upload)
        if values.get("step") != sending.PREVIEW:
            await ask.tracker.db.rehearse(lambda session: form.change(session, change, None), stamp)
            kept.append((await files.keep(ask, upload), upload.filename))
    except tuple(sending.STATUS) as error:
        return await sending.turned_down(ask, form, values, error)
    return await sending.carry_out(ask, form, values, change)


def _upload(given: FormData) -> UploadFile | None:
    """The file of a form; None where none was chosen, for which a browser sends one without a name."""
    found = given.get("file")
    return found if isinstance(found, UploadFile) and found.filename else None


def _new(ask: Ask) -> sending.Show:
    def shown(session: Session, sent: Sent, effect: Effect | None) -> NewDocumentPage:
        on = choosing.named(session, ask, sent.value("on"))
        offered = [] if on is not None else own_work.holders(session, ask.actor)
        most_bytes = ask.tracker.files.most_bytes
        return NewDocumentPage(frame(ask), sent, on, offered, most_bytes, effect, sending.once())

    return shown


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """`file_name` is what its file is called where it is saved; None where it has none."""

    frame: Frame
    sent: Sent
    line: Line
    expiry: Expiry
    file_name: str | None
    may_attach: bool
    most_bytes: int

    @property
    def subject_address(self) -> str:
        return places.subject(self.line.row.subject, self.line.subject_code)

    @property
    def milestone_address(self) -> str | None:
        row, name = self.line.row, self.line.milestone
        return None if name is None else places.milestone(row.subject, self.line.subject_code, name)


@router.get("/{document_id}", openapi_extra=needs(May.READ_DETAIL))
async def show_document(ask: Ask, document_id: DocumentId, _: Annotated[SaidQuery, Query()]) -> Response:
    """One document, to whoever sees its subject."""
    return await sending.shown(ask, ONE, _one(ask, document_id), Sent())


@router.post(
    "/{document_id}", max_body_size=domain.LARGEST_FILE_BYTES, openapi_extra=needs(May.REPORT_MILESTONES)
)
async def attach_file(ask: Ask, document_id: DocumentId) -> Response:
    """Attaches a file, in the place of the one before."""
    async with ask.form() as given:
        values, upload = forms.texts(given), _upload(given)
        kept: list[tuple[Stored, str | None]] = []

        def change(session: Session, _: Attached, expected: int | None) -> None:
            for stored, name in kept:
                documents.attach(session, ask.actor, document_id, stored, name, expected)

        to = frame(ask).to(ask.url.path, said="saved")
        form = Form(Attached, change, ONE, _one(ask, document_id), lambda _: to, beside=("file",))
        try:
            if upload is None:
                raise Invalid(Problem.FIELD_MISSING, field="file")
            revision = sending.expected(values)
            await ask.tracker.db.read(lambda s: documents.check_file(s, ask.actor, document_id, revision))
            kept.append((await files.keep(ask, upload), upload.filename))
        except tuple(sending.STATUS) as error:
            return await sending.turned_down(ask, form, values, error)
        return await sending.carry_out(ask, form, values, Attached())


@router.get("/{document_id}/file", openapi_extra=needs(May.READ_DETAIL))
async def show_file(ask: Ask, document_id: DocumentId) -> Response:
    """The file of a document, to be looked at: it is what it truly is, and nothing in it can run."""
    stored, name = await ask.tracker.db.read(lambda session: found.file(session, ask.actor, document_id))
    return await files.give(ask, stored, name, in_browser=True)


def _one(ask: Ask, document_id: int) -> sending.Show:
    def shown(session: Session, sent: Sent, _: Effect | None) -> DocumentPage:
        row, holder = found.one(session, ask.actor, document_id)
        (line,) = found.lines(session, [row])
        keeper = row.organisation_id or holder.owner_id
        is_own = keeper is not None and keeper == ask.actor.organisation_id
        may = ask.actor.may(May.REPORT_MILESTONES) and (is_own or ask.actor.may(May.REPORT_FOR_OTHERS))
        name = None if row.file_sha256 is None else found.file(session, ask.actor, document_id)[1]
        return DocumentPage(
            frame(ask),
            sent,
            line,
            domain.expiry(row.valid_until, ask.today),
            name,
            may,
            ask.tracker.files.most_bytes,
        )

    return shown
