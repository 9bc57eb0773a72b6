"""Answers of any length that are made from the database: written aside while one snapshot is read, then sent.

An answer that is sent while it is read would hold the snapshot open for as long as the slowest reader takes.
"""

from collections.abc import Callable, Iterable
from tempfile import SpooledTemporaryFile
from typing import IO

from fastapi import Response
from sqlalchemy.orm import Session

from app.deps.asking import Ask, etag
from app.deps.files import Streamed, attachment

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
    return Streamed(file, content_type, {**headers, "Content-Length": str(size)})


def _written(pieces: Iterable[bytes]) -> IO[bytes]:
    file = SpooledTemporaryFile(max_size=IN_MEMORY_BYTES)  # noqa: SIM115 - closed by whoever sends it
    try:
        file.writelines(pieces)
    except BaseException:
        file.close()
        raise
    return file
