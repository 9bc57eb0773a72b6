"""Every GET with something to answer: what a world needs beside projects, and the addresses that are read in it."""

import hashlib
from collections.abc import Mapping
from itertools import chain

from sqlalchemy.orm import Session

from app.domain.reporting import Rhythm
from app.domain.vocabulary import FileType, UploadState
from app.domain.webhooks import Policy
from app.domain.workbooks import Findings
from app.outside.files import Stored
from app.queries import webhooks as found
from app.schemas.documents import DocumentCreate
from app.schemas.progress_reports import ProgressReportSubmit
from app.schemas.webhooks import EndpointChange, EndpointCreate
from app.services import documents, progress_reports, webhooks, workbooks
from tests import exchanges, factories

PAPER = b"%PDF-1.7\n" + b"\0" * 100
LETTER = {"number": "1/GP", "kind": "licence", "issuer": "Bộ Công Thương", "issued_on": "2022-01-01"}
# One milestone of each kind of subject, by the first part of its address.
MILESTONES = {"projects": "W-A2", "phases": "W-E6", "grid-works": "G-26", "clearances": "L-16"}


def furnish(session: Session, world: factories.World, project: str, phase: str) -> None:
    """A grid work with its land, milestones of everything, and one each of obstacles, reports and documents (with a
    file, which `keep` lays in the data folder)."""
    factories.grid_work(session)
    factories.connection(session, phase)
    factories.clearance(session)
    factories.household(session)
    factories.evacuation_group(session, mw=149, phases=[phase])
    for kind, code in (("project", project), ("phase", phase), ("grid_work", "line"), ("clearance", "land")):
        factories.apply(session, kind, code)
    factories.state(session, "W-E6", code=phase, forecast_on="2023-09-01")
    assert factories.obstacle(session, code=phase, milestone="W-E6", due_on="2023-03-01") == 1
    factories.unit(session)
    factories.unit(session, "T2", position=2)
    factories.unit(session, kind="section", from_tower="T1", to_tower="T2")
    assert factories.commitment(session) == 1
    said = ProgressReportSubmit(nothing_changed=True)
    assert progress_reports.submit(session, world.investor, said, Rhythm(), factories.at()).id == 1
    letter = DocumentCreate.model_validate({**LETTER, "subject": "phase", "subject_code": phase})
    row = documents.add(session, factories.SYSTEM, letter, factories.TODAY)
    stored = Stored(hashlib.sha256(PAPER).hexdigest(), FileType.PDF, len(PAPER))
    assert documents.attach(session, factories.SYSTEM, row.id or 0, stored, None, None).id == 1
    made = webhooks.create(
        session, world.department, EndpointCreate(url="https://example.com/"), Policy(), factories.at()
    )
    off = EndpointChange(is_active=False)
    webhooks.change(session, world.department, made.line.row.code, off, None, Policy(), factories.at())
    exchanges.keep(session, world)
    book = workbooks.receive(session, world.department, workbooks.Sent(PAPER), factories.at())
    workbooks.begin(
        session, world.department, 1, UploadState.CHECKING, "run", book.created_at, is_running=False
    )
    workbooks.checked(session, 1, "run", Findings(), None, 1, book.created_at)


def endpoint(world: factories.World) -> str:
    """The code of the endpoint that `furnish` has made."""
    with world.database.reading() as session:
        return found.page(session, world.department, after=None, limit=1)[0].row.code


def addresses(path: str, own: Mapping[str, str], phase: str) -> list[str]:
    """The addresses below a route's path; `own` gives codes by the first part, everything else is asked of `phase`."""
    shapes = [path.replace("{subject}", kind) for kind in MILESTONES] if "{subject}" in path else [path]
    return list(chain.from_iterable(_filled(shape, own, phase) for shape in shapes))


def _filled(path: str, own: Mapping[str, str], phase: str) -> list[str]:
    below = path
    for floor in ("/api/v1", "/administration", "/milestones"):
        below = below.removeprefix(floor)
    section = below.strip("/").partition("/")[0]
    filled = {
        **{"code": own.get(section, phase), "milestone": MILESTONES.get(section, ""), "number": "T1"},
        **{"login": "investor", "revision": "1"},
        **{"layer": "phases", "feature": phase, "name": "phases"},
        **dict.fromkeys(
            ("document_id", "obstacle_id", "commitment_id", "report_id", "upload_id", "run_id", "record_id"),
            "1",
        ),
        "sheet": "towers",
    }
    for name, value in filled.items():
        path = path.replace(f"{{{name}}}", value)
    assert "{" not in path, path
    if path.endswith("/series"):
        return [f"{path}?from=2021-01-01&to=2022-12-31"]
    if path.endswith("/schedule/critical-path"):
        return [path, f"{path}?phase={phase}"]
    if path.endswith("/schedule/at-stake/land"):
        return [f"{path}?by={by}" for by in ("unit", "commune", "cause")]
    if path.endswith("/schedule/at-stake"):
        return [path, f"{path}?subject=phase&code={phase}&milestone=W-E6"]
    if path.endswith("/milestones") and path.count("/") == 3:
        return [f"{path}?list={which}" for which in ("late", "due_soon", "waiting", "open")]
    return [path]
