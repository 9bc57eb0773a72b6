"""Files over the wire, a piece at a time: from a request to the data folder, and from there to an answer."""

import unicodedata
from collections.abc import AsyncIterator
from functools import partial
from typing import IO
from urllib.parse import quote

import structlog
from anyio import to_thread
from fastapi import Response
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from app.deps.asking import Ask
from app.domain import documents as domain
from app.domain.errors import Invalid, NotFound, Unavailable
from app.domain.problems import Problem
from app.domain.vocabulary import FileType
from app.outside.files import PIECE_BYTES, NotIntact, Stored, TooLarge

log = structlog.get_logger("files")
_TYPES = frozenset(FileType)
# A file of somebody else's is no page of ours: no script, no form, no request, no frame.
SANDBOX = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; sandbox"
)


async def receive(ask: Ask) -> Stored:
    """The body of a request as a file on the disk: it is there for good when this returns.

    415 where the Content-Type names no type that is taken, 413 where it is too large, at once where its length is
    stated, else while it comes. Raises Invalid where it is something else than it may be, Unavailable where the disk
    does not take it. Then nothing of it stays.
    """
    _check_headers(ask)
    try:
        return await _kept(ask, ask.stream())
    except TooLarge as error:
        raise HTTPException(413) from error
    except ClientDisconnect as error:
        raise Invalid(Problem.FILE_NOT_READABLE) from error


async def keep(ask: Ask, upload: UploadFile) -> Stored:
    """The same for a file that a form carries. Raises Invalid at its field `file` where it is too large, or something else
    than it may be; then nothing of it stays."""

    async def pieces() -> AsyncIterator[bytes]:
        while piece := await upload.read(PIECE_BYTES):
            yield piece

    try:
        return await _kept(ask, pieces())
    except TooLarge as error:
        raise Invalid(Problem.BODY_TOO_LARGE, field="file") from error


async def check(upload: UploadFile) -> None:
    """Raises Invalid at the field `file` unless it begins as a file that is taken; nothing of it is kept."""
    beginning = await upload.read(domain.LONGEST_BEGINNING)
    await upload.seek(0)
    if domain.file_type(beginning) is None:
        raise Invalid(Problem.FILE_TYPE, field="file")


async def _kept(ask: Ask, pieces: AsyncIterator[bytes]) -> Stored:
    try:
        with await to_thread.run_sync(ask.tracker.files.receive) as incoming:
            async for piece in pieces:
                await to_thread.run_sync(incoming.write, piece)
            return await to_thread.run_sync(incoming.keep)
    except OSError as error:
        log.error("file_not_kept", exc_info=error)
        raise Unavailable(Problem.FILE_NOT_KEPT) from error


async def give(ask: Ask, stored: Stored, name: str, *, in_browser: bool = False) -> Response:
    """A kept file, to be saved under `name`; 304 where the caller has it. Its ETag is its SHA-256.

    `in_browser`: to be looked at in the browser, where nothing in it may run or reach anything.

    Every byte is checked before the first one leaves. Raises NotFound where the file is no longer what was kept.
    """
    headers = {"ETag": f'"{stored.sha256}"', "Content-Disposition": attachment(name)}
    if in_browser:
        shown = headers["Content-Disposition"].replace("attachment", "inline", 1)
        headers |= {"Content-Disposition": shown, "Content-Security-Policy": SANDBOX}
    known = ask.unless_held(Response(headers=headers))
    if known.status_code == 304:
        return known
    try:
        file = await to_thread.run_sync(ask.tracker.files.open, stored.sha256, stored.size)
    except NotIntact as error:
        log.error("file_not_intact", sha256=stored.sha256, reason=str(error))
        raise NotFound(Problem.FILE_MISSING) from error
    return Streamed(file, stored.type.value, {**headers, "Content-Length": str(stored.size)})


def attachment(name: str) -> str:
    """`Content-Disposition` with a name in any letters (RFC 6266, 8187), and one in ASCII for what does not know that."""
    plain = unicodedata.normalize("NFKD", name.replace("đ", "d").replace("Đ", "D"))
    ascii_name = "".join(c if c.isascii() and (c.isalnum() or c in " ._-()") else "_" for c in plain if not unicodedata.combining(c))  # fmt: skip
    return f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name, safe='')}"


def _check_headers(ask: Ask) -> None:
    kind = ask.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in _TYPES:
        raise HTTPException(415)
    length = ask.headers.get("content-length", "")
    if length.isdecimal() and int(length) > ask.tracker.files.most_bytes:
        raise HTTPException(413)


class Streamed(StreamingResponse):
    """A file, read in a thread a piece at a time, and closed however it ends."""

    def __init__(self, file: IO[bytes], content_type: str, headers: dict[str, str]) -> None:
        super().__init__(iter(partial(file.read, PIECE_BYTES), b""), headers=headers, media_type=content_type)
        self._file = file

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._file.close()
