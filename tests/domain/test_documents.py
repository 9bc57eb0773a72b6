"""Documents: their days stand in order, their bands of expiry have sharp edges, and a file is what its bytes say."""

from datetime import date, timedelta

import pytest

from app.domain import documents
from app.domain.errors import RuleBroken
from app.domain.vocabulary import Expiry, FileType

TODAY = date(2023, 2, 7)
ISSUED = date(2022, 1, 10)


@pytest.mark.parametrize(
    ("issued_on", "effective_on", "valid_until"),
    [
        (TODAY, None, None),
        (ISSUED, ISSUED, ISSUED),
        (ISSUED, date(2022, 2, 1), date(2022, 2, 1)),
        # In force from a later day, and expired long ago: both are facts, not mistakes.
        (ISSUED, date(2030, 1, 1), date(2031, 1, 1)),
        (date(2010, 1, 1), None, date(2011, 1, 1)),
    ],
)
def test_days_in_order_are_taken(
    issued_on: date, effective_on: date | None, valid_until: date | None
) -> None:
    documents.check_days(TODAY, issued_on, effective_on, valid_until)


@pytest.mark.parametrize(
    ("issued_on", "effective_on", "valid_until", "problem", "field"),
    [
        (TODAY + timedelta(days=1), None, None, "date_in_future", "issued_on"),
        (ISSUED, ISSUED - timedelta(days=1), None, "day_before_issue", "effective_on"),
        (ISSUED, None, ISSUED - timedelta(days=1), "day_before_issue", "valid_until"),
        (ISSUED, date(2022, 2, 1), date(2022, 1, 31), "day_before_effect", "valid_until"),
    ],
)
def test_days_out_of_order_are_refused_by_their_field(
    issued_on: date, effective_on: date | None, valid_until: date | None, problem: str, field: str
) -> None:
    with pytest.raises(RuleBroken) as refusal:
        documents.check_days(TODAY, issued_on, effective_on, valid_until)
    assert (refusal.value.problem.value, refusal.value.field) == (problem, field)


@pytest.mark.parametrize(
    ("days", "band"),
    [
        (-400, Expiry.EXPIRED),
        (-1, Expiry.EXPIRED),
        (0, Expiry.WITHIN_30),
        (30, Expiry.WITHIN_30),
        (31, Expiry.WITHIN_60),
        (60, Expiry.WITHIN_60),
        (61, Expiry.WITHIN_90),
        (90, Expiry.WITHIN_90),
        (91, Expiry.LATER),
        (4000, Expiry.LATER),
    ],
)
def test_a_document_is_good_to_the_end_of_its_last_day_and_in_one_band(days: int, band: Expiry) -> None:
    assert documents.expiry(TODAY + timedelta(days=days), TODAY) == band


def test_a_document_without_an_end_never_expires() -> None:
    assert documents.expiry(None, TODAY) == Expiry.NONE


@pytest.mark.parametrize(
    ("beginning", "kind"),
    [
        (b"%PDF-1.7\n", FileType.PDF),
        (b"%PDF-", FileType.PDF),
        (b"\x89PNG\r\n\x1a\n\0\0", FileType.PNG),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", FileType.JPEG),
        (b"", None),
        (b"%PDF", None),
        (b" %PDF-1.7", None),
        (b"%pdf-1.7", None),
        (b"\x89PNG\n\x1a\n", None),
        (b"\xff\xd8", None),
        (b"MZ\x90\0", None),
        (b"\x7fELF", None),
        (b"PK\x03\x04", None),
        (b"<html>", None),
        (b"GIF89a", None),
    ],
)
def test_a_file_is_what_its_first_bytes_say(beginning: bytes, kind: FileType | None) -> None:
    assert documents.file_type(beginning) == kind


def test_no_beginning_is_longer_than_what_is_looked_at() -> None:
    assert documents.LONGEST_BEGINNING == 8
    assert set(documents.BEGINNINGS.values()) == set(FileType) == set(documents.ENDINGS)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Quyết định 123.pdf", "Quyết định 123.pdf"),
        ("Quye\u0302\u0301t định.pdf", "Quyết định.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\an\\giấy phép.pdf", "giấy phép.pdf"),
        ("..", None),
        ("  .hidden.pdf ", "hidden.pdf"),
        ("thuyết\u202efdp.exe", "thuyếtfdp.exe"),
        ("hai\n dòng\r\n.pdf", "hai dòng .pdf"),
        ("folder/", None),
        (None, None),
        ("a" * 300, "a" * 200),
    ],
)
def test_a_file_name_is_kept_without_what_could_mislead(given: str | None, kept: str | None) -> None:
    assert documents.file_name(given) == kept


@pytest.mark.parametrize(
    ("name", "number", "kind", "shown"),
    [
        ("giấy phép.pdf", "1", FileType.PDF, "giấy phép.pdf"),
        ("giấy phép.PDF", "1", FileType.PDF, "giấy phép.PDF"),
        ("cột 12.jpeg", "1", FileType.JPEG, "cột 12.jpeg"),
        ("cột 12.pdf", "1", FileType.PNG, "cột 12.pdf.png"),
        ("setup.exe", "1", FileType.PDF, "setup.exe.pdf"),
        (None, "123/QĐ-UBND", FileType.PDF, "123-QĐ-UBND.pdf"),
        ('a"b;c%d.pdf', "1", FileType.PDF, "a-b-c-d.pdf"),
        (None, "..", FileType.JPEG, "document.jpg"),
    ],
)
def test_a_saved_file_has_a_safe_name_and_a_true_ending(
    name: str | None, number: str, kind: FileType, shown: str
) -> None:
    assert documents.download_name(name, number, kind) == shown
