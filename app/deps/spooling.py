"""Answers of any length that are made from the database: written aside while one snapshot is read, then sent.

An answer that is sent while it is read would hold the snapshot open for as long as the slowest reader takes.
"""

from collections.abc import Callable, Iterable, Iterator
from tempfile import SpooledTemporaryFile
from typing import IO

from fastapi import Response
from sqlalchemy.orm import Session
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from app.deps.asking import Ask, etag
from app.deps.files import attachment
from app.outside.files import PIECE_BYTES

# What is longer lies on the disk until it is sent, and is not kept for the next one who asks.
IN_MEMORY_BYTES = 1_000_000


async def give(
    ask: Ask, fn: Callable[[Session], Iterable[bytes]], content_type: str, name: str | None = None
) -> Response:
    """What `fn` reads in one snapshot, piece by piece, to be saved under `name`; off the event loop.

    Its ETag says what it hangs on (the revision, the question, who asks) and not what is in it, so that whoever has it
    is told so before anything is read.
    """
    actor = ask.actor
    said = (*ask.question, actor.role, actor.organisation_id, actor.user_id)
    headers = {"ETag": etag(ask.revision, repr(said).encode())}
    if name is not None:
        headers["Content-Disposition"] = attachment(name)
    known = ask.unless_held(Response(headers=headers))
    if known.status_code == 304:
        return known
    file = await ask.tracker.db.read(lambda session: _written(fn(session)), long=True)
    size = file.tell()
    file.seek(0)
    if size <= IN_MEMORY_BYTES:
        with file:
            return Response(file.read(), headers=headers, media_type=content_type)
    return _Sent(file, content_type, {**headers, "Content-Length": str(size)})


def _written(pieces: Iterable[bytes]) -> IO[bytes]:
    file = SpooledTemporaryFile(max_size=IN_MEMORY_BYTES)  # noqa: SIM115 - closed by whoever sends it
    try:
        file.writelines(pieces)
    except BaseException:
        file.close()
        raise
    return file


class _Sent(StreamingResponse):
    """A file, read in a thread a piece at a time, and closed however it ends."""

    def __init__(self, file: IO[bytes], content_type: str, headers: dict[str, str]) -> None:
        super().__init__(_pieces(file), headers=headers, media_type=content_type)
        self._file = file

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._file.close()


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(PIECE_BYTES):
        yield piece
