"""Documents (văn bản): the order of their days, how long they are good for, and what a file truly is."""

import unicodedata
from datetime import date, timedelta

from app.domain.errors import RuleBroken
from app.domain.problems import Problem
from app.domain.recognition import check_not_future
from app.domain.vocabulary import Expiry, FileType

# No file is larger, whatever is set.
LARGEST_FILE_BYTES = 200_000_000
LONGEST_NAME = 200
# How each file type begins (ISO 32000, ISO 15948, ISO 10918), and how its files are named, the usual ending first.
BEGINNINGS: dict[bytes, FileType] = {
    b"%PDF-": FileType.PDF,
    b"\x89PNG\r\n\x1a\n": FileType.PNG,
    b"\xff\xd8\xff": FileType.JPEG,
}
ENDINGS: dict[FileType, tuple[str, ...]] = {
    FileType.PDF: (".pdf",),
    FileType.PNG: (".png",),
    FileType.JPEG: (".jpg", ".jpeg"),
}
# After so many bytes of a file its type is certain.
LONGEST_BEGINNING = max(map(len, BEGINNINGS))
BANDS = ((30, Expiry.WITHIN_30), (60, Expiry.WITHIN_60), (90, Expiry.WITHIN_90))
# What separates folders, or means something to a disk, a shell or a header.
_UNSAFE = str.maketrans(dict.fromkeys('/\\:*?"<>|;%', "-"))


def check_days(today: date, issued_on: date, effective_on: date | None, valid_until: date | None) -> None:
    """Raises RuleBroken unless a document was issued by today, takes effect then or later, and ends after that."""
    check_not_future(today, issued_on=issued_on)
    for name, day in (("effective_on", effective_on), ("valid_until", valid_until)):
        if day is not None and day < issued_on:
            raise RuleBroken(Problem.DAY_BEFORE_ISSUE, field=name, issued_on=issued_on)
    if effective_on is not None and valid_until is not None and valid_until < effective_on:
        raise RuleBroken(Problem.DAY_BEFORE_EFFECT, field="valid_until", effective_on=effective_on)


def expiry(valid_until: date | None, today: date) -> Expiry:
    """How soon a document expires, in bands of days. It is still good on the day `valid_until`."""
    if valid_until is None:
        return Expiry.NONE
    if valid_until < today:
        return Expiry.EXPIRED
    left = valid_until - today
    return next((band for days, band in BANDS if left <= timedelta(days=days)), Expiry.LATER)


def file_type(beginning: bytes) -> FileType | None:
    """What a file is by its first `LONGEST_BEGINNING` bytes; None where it is nothing that is taken."""
    return next((kind for mark, kind in BEGINNINGS.items() if beginning.startswith(mark)), None)


def file_name(given: str | None) -> str | None:
    """A file name as it is kept: without folders, control characters and marks that turn text around."""
    last = (given or "").replace("\\", "/").rpartition("/")[2]
    return _printable(last)[:LONGEST_NAME] or None


def download_name(name: str | None, number: str, kind: FileType) -> str:
    """What a file is called where it is saved: its own name, else the document's number, with an ending that is true."""
    base = _printable((name or number).translate(_UNSAFE)) or "document"
    return base if base.lower().endswith(ENDINGS[kind]) else base + ENDINGS[kind][0]


def _printable(text: str) -> str:
    """Text on one line, composed, without control and format characters, and not hidden by a leading dot."""
    spaced = " ".join(unicodedata.normalize("NFC", text).split())
    kept = "".join(c for c in spaced if unicodedata.category(c) not in ("Cc", "Cf", "Co", "Cs"))
    return kept.strip().lstrip(".")
