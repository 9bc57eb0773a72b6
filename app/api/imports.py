"""Importing a register file over the wire: the same service the command line uses."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.db import Session
from app.deps import Ask, Route, needs
from app.domain.access import May
from app.domain.errors import Invalid
from app.domain.problems import Problem
from app.schemas.register import ImportQuery, ImportRead
from app.services import register

router = APIRouter(prefix="/imports", tags=["imports"], route_class=Route)


@router.post(
    "/register",
    response_model=ImportRead,
    openapi_extra={
        **needs(May.IMPORT_REGISTER),
        "requestBody": {"required": True, "content": {"application/yaml": {}, "application/json": {}}},
    },
)
async def import_register(ask: Ask, query: Annotated[ImportQuery, Query()]) -> Response:
    """Imports a register file (YAML or JSON), all of it or nothing; errors name their line. `dry_run` keeps nothing."""
    text = _text(await ask.body())

    def work(session: Session) -> ImportRead:
        outcome = register.import_file(session, ask.actor, text, ask.today, until=query.until)
        return ImportRead(
            dry_run=query.dry_run,
            created=dict(outcome.created),
            changed=dict(outcome.changed),
            unchanged=dict(outcome.unchanged),
            left_out=outcome.left_out,
            until=query.until,
        )

    return await (ask.rehearse(work) if query.dry_run else ask.change(work))


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid(Problem.FILE_NOT_READABLE, reason="not UTF-8") from error
