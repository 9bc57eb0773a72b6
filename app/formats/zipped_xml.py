"""The XML parts of a zip file from a stranger, each really unpacked and measured before anything else reads it.

What is declared in a zip proves nothing: a few kilobytes unpack to gigabytes, two entries share a name, the directory and
the entries disagree. So every part is unpacked here within limits, and what reads the workbook gets a new zip of exactly
the parts that were looked at.
"""

import io
import zipfile
import zlib

from app.domain.errors import Invalid
from app.domain.sheet_problems import SheetProblem

MOST_PARTS = 1_000
# Ten thousand rows of thirty columns unpack to about 20 MB.
MOST_BYTES = 120_000_000
_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def unpack(data: bytes) -> dict[str, bytes]:
    """The parts that are XML, by name; the others (pictures, printer settings) are not even opened.

    Raises Invalid: FILE_DAMAGED, FILE_ENCRYPTED, TOO_MANY_PARTS, UNPACKS_TOO_LARGE, FILE_HAS_ENTITIES.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _parts(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError) as error:
        raise Invalid(SheetProblem.FILE_DAMAGED) from error


def pack(parts: dict[str, bytes]) -> bytes:
    """A zip of these parts and nothing else, not compressed."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return packed.getvalue()


def names(data: bytes) -> list[str]:
    """The names of all parts. Raises Invalid: FILE_DAMAGED."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise Invalid(SheetProblem.FILE_DAMAGED) from error


def _parts(archive: zipfile.ZipFile) -> dict[str, bytes]:
    entries = archive.infolist()
    if len(entries) > MOST_PARTS:
        raise Invalid(SheetProblem.TOO_MANY_PARTS, parts=len(entries), most=MOST_PARTS)
    if len({entry.filename.lower() for entry in entries}) < len(entries):
        raise Invalid(SheetProblem.FILE_DAMAGED)
    wanted = [entry for entry in entries if entry.filename.lower().endswith((".xml", ".rels"))]
    # A cheap look first; what is declared too small shows below.
    if sum(entry.file_size for entry in wanted) > MOST_BYTES:
        raise Invalid(SheetProblem.UNPACKS_TOO_LARGE, most_mb=MOST_BYTES // 1_000_000)
    left, parts = MOST_BYTES, {}
    for entry in wanted:
        parts[entry.filename] = _content(archive, entry, left)
        left -= len(parts[entry.filename])
    return parts


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> bytes:
    if entry.flag_bits & _ENCRYPTED:
        raise Invalid(SheetProblem.FILE_ENCRYPTED)
    if entry.compress_type not in _METHODS:
        raise Invalid(SheetProblem.FILE_DAMAGED)
    with archive.open(entry) as opened:
        content = opened.read(left + 1)
    if len(content) > left:
        raise Invalid(SheetProblem.UNPACKS_TOO_LARGE, most_mb=MOST_BYTES // 1_000_000)
    # No workbook declares a document type or writes its XML in UTF-16, where a search for one would not find it.
    if b"\0" in content:
        raise Invalid(SheetProblem.FILE_DAMAGED)
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise Invalid(SheetProblem.FILE_HAS_ENTITIES)
    return content
