"""Reading a record by the mapping, and when to pull."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from app import exchanging, register
from app.domain import exchanges
from app.domain.errors import Invalid
from app.domain.exchanges import Energised, Letter, Recognised, Retold, UnitSaid
from app.domain.vocabulary import DelayCause, Stream, SubjectKind, UnitKind, UnitStage, UnitStatus
from app.formats import evn_spc_mapping
from app.formats.register import Unreadable

TEXT = register.EVN_SPC_MAPPING.read_text("utf-8")
MAPPING = evn_spc_mapping.read(TEXT)
READ_AT = datetime(2023, 2, 7, tzinfo=UTC)
BASE = {"id": "1", "updated_at": "2023-02-06T10:00:00+07:00"}
TOWER = {
    **BASE, "ma_cong_trinh": "CT-PTBD", "so_vi_tri": "VT-007", "hang_muc": "MAT_BANG", "trang_thai": "VUONG",
    "tu_ngay": "2023-01-05", "nguyen_nhan": "DON_GIA", "so_lieu_mau": True,
}  # fmt: skip
COD = {
    **BASE, "ma_nha_may": "NM-BD1", "cong_suat_mw": 4.2, "ngay_hieu_luc": "2023-02-01", "so_van_ban": "1/EPTC",
    "ngay_van_ban": "2023-02-03",
}  # fmt: skip
ENERGISED = {
    **BASE, "ma_doi_tuong": "CT-TBAPT", "ngay_dong_dien": "2023-02-01", "so_van_ban": "2/SPC", "ngay_van_ban": "2023-02-01",
}  # fmt: skip


def read(stream: Stream, item: dict[str, Any]) -> exchanges.Said:
    return exchanges.read(exchanges.identify(stream, item, MAPPING, READ_AT), MAPPING)


def test_a_record_says_it_in_our_words() -> None:
    assert read(Stream.TOWERS, TOWER) == UnitSaid(
        "line-phu-thuan-binh-dai", UnitKind.TOWER, "7", UnitStage.SITE, UnitStatus.BLOCKED, date(2023, 1, 5),
        DelayCause.LAND_PRICE, is_illustrative=True,
    )  # fmt: skip
    assert read(Stream.CODS, COD) == Recognised(
        "binh-dai-1", 4_200, date(2023, 2, 1), Letter("1/EPTC", date(2023, 2, 3), "EVNEPTC")
    )
    letter = Letter("2/SPC", date(2023, 2, 1), "EVN SPC")
    work = Energised(SubjectKind.GRID_WORK, "tba-phu-thuan", "G-26", date(2023, 2, 1), letter)
    assert read(Stream.ENERGISATIONS, ENERGISED) == work
    plant = read(Stream.ENERGISATIONS, ENERGISED | {"ma_doi_tuong": "NM-VPL1"})
    assert plant == replace(work, kind=SubjectKind.PHASE, code="vpl-1", milestone="W-F5")


@pytest.mark.parametrize(
    ("stream", "change", "problem", "field"),
    [
        (Stream.TOWERS, {"id": None}, "exchange_id_missing", "id"),
        (Stream.TOWERS, {"id": 7}, "exchange_id_missing", "id"),
        (Stream.TOWERS, {"id": "x" * 81}, "exchange_id_missing", "id"),
        (Stream.TOWERS, {"id": "a\x00b"}, "exchange_id_missing", "id"),
        (Stream.TOWERS, {"id": "\ud800"}, "exchange_id_missing", "id"),
        (Stream.TOWERS, {"id": "?a"}, "exchange_id_missing", "id"),
        (Stream.TOWERS, {"updated_at": "2023-02-06"}, "exchange_instant_wrong", "updated_at"),
        (Stream.TOWERS, {"updated_at": "2023-02-08T00:00:00Z"}, "exchange_instant_wrong", "updated_at"),
        (Stream.TOWERS, {"updated_at": "0001-01-01T00:00:00+14:00"}, "exchange_instant_wrong", "updated_at"),
        (Stream.TOWERS, {"ghi_chu": "x" * 9_000}, "exchange_record_too_large", None),
        (Stream.TOWERS, {"so_vi_tri": "VT-"}, "exchange_unknown_number", "so_vi_tri"),
        (Stream.TOWERS, {"so_vi_tri": "VT-000"}, "exchange_unknown_number", "so_vi_tri"),
        (Stream.TOWERS, {"so_vi_tri": "VT-1/2"}, "exchange_unknown_number", "so_vi_tri"),
        (Stream.TOWERS, {"so_vi_tri": 7}, "exchange_text_wrong", "so_vi_tri"),
        (Stream.TOWERS, {"tu_ngay": None}, "exchange_field_missing", "tu_ngay"),
        (Stream.TOWERS, {"tu_ngay": "20230105"}, "exchange_day_wrong", "tu_ngay"),
        (Stream.TOWERS, {"tu_ngay": "2023-02-30"}, "exchange_day_wrong", "tu_ngay"),
        (Stream.TOWERS, {"tu_ngay": "0203-02-07"}, "exchange_day_wrong", "tu_ngay"),
        (Stream.TOWERS, {"nguyen_nhan": "?"}, "exchange_unknown_word", "nguyen_nhan"),
        (Stream.TOWERS, {"so_lieu_mau": "có"}, "exchange_unknown_word", "so_lieu_mau"),
        (Stream.CODS, {"cong_suat_mw": "4.2"}, "exchange_number_wrong", "cong_suat_mw"),
        (Stream.CODS, {"cong_suat_mw": True}, "exchange_number_wrong", "cong_suat_mw"),
        (Stream.CODS, {"cong_suat_mw": 0}, "exchange_number_wrong", "cong_suat_mw"),
        (Stream.CODS, {"cong_suat_mw": 4.2001}, "exchange_number_wrong", "cong_suat_mw"),
        (Stream.CODS, {"cong_suat_mw": 4200}, "exchange_number_wrong", "cong_suat_mw"),
        (Stream.CODS, {"ma_nha_may": "CT-PTBD"}, "exchange_unknown_code", "ma_nha_may"),
        (Stream.CODS, {"so_van_ban": " "}, "exchange_text_wrong", "so_van_ban"),
        (Stream.ENERGISATIONS, {"ma_doi_tuong": "?"}, "exchange_unknown_code", "ma_doi_tuong"),
    ],
)
def test_what_is_wrong_with_a_record_is_named(
    stream: Stream, change: dict[str, Any], problem: str, field: str | None
) -> None:
    good = {Stream.TOWERS: TOWER, Stream.CODS: COD, Stream.ENERGISATIONS: ENERGISED}[stream]
    with pytest.raises(Invalid) as error:
        read(stream, good | change)
    assert (error.value.problem.value, error.value.field) == (problem, field)


@pytest.mark.parametrize("item", [None, 7, "x", [], [{}]])
def test_what_is_no_record_is_known_by_its_fingerprint(item: object) -> None:
    with pytest.raises(Invalid):
        exchanges.identify(Stream.TOWERS, item, MAPPING, READ_AT)
    assert exchanges.id_of(item).startswith("?")


def test_unknown_fields_are_told_and_not_taken() -> None:
    record = exchanges.identify(
        Stream.TOWERS, TOWER | {"mới\x1f": 1, "ten_cong_trinh": "x"}, MAPPING, READ_AT
    )
    assert record.unknown == ("m\\u1edbi\\x1f",) or record.unknown == (ascii("mới\x1f")[1:-1],)
    assert not {"ten_cong_trinh", "mới\x1f"} & set(record.fields)
    assert record.digest == exchanges.identify(Stream.TOWERS, TOWER, MAPPING, READ_AT).digest


def test_a_digest_tells_versions_apart() -> None:
    one = exchanges.identify(Stream.TOWERS, TOWER, MAPPING, READ_AT)
    for change in ({"tu_ngay": "2023-01-06"}, {"updated_at": "2023-02-06T10:00:01+07:00"}):
        assert exchanges.identify(Stream.TOWERS, TOWER | change, MAPPING, READ_AT).digest != one.digest
    same = exchanges.identify(Stream.TOWERS, TOWER | {"updated_at": "2023-02-06T03:00:00Z"}, MAPPING, READ_AT)
    assert same.digest == one.digest


@pytest.mark.parametrize(
    ("change", "is_corrected"),
    [
        ({}, False),
        ({"effective_on": date(2023, 1, 6)}, True),
        ({"effective_on": date(2023, 1, 4)}, True),
        ({"effective_on": date(2023, 1, 6), "status": UnitStatus.DONE}, False),
        ({"effective_on": date(2023, 1, 4), "status": UnitStatus.DONE}, True),
        ({"status": UnitStatus.DONE}, False),
        ({"effective_on": date(2023, 1, 6), "number": "8"}, False),
    ],
)
def test_a_later_version_corrects_a_day_or_moves_on(change: dict[str, Any], is_corrected: bool) -> None:
    was = read(Stream.TOWERS, TOWER)
    assert isinstance(was, UnitSaid)
    assert Retold(was, replace(was, **change)).is_corrected is is_corrected


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("evn-spc-mapping/1\n\n", "evn-spc-mapping/2\n\n", "format is not"),
        ("    MAT_BANG: site", "    MAT_BANG: sites", "no such stage"),
        ("    cause: nguyen_nhan\n", "", "missing: cause"),
        ("works:\n", "works:\n  CT-X: [1]\n", "not a text"),
        ('"VT-{number}"', '"VT-"', "no {number}"),
        ("plants:\n", "plants2:\n", "missing: plants"),
        ("not_taken: [ten_cong_trinh, ten_nha_may]", "not_taken: 7", "not a list"),
        ("works:\n", "works:\n  CT-GLPT: a\n", "key twice"),
    ],
)
def test_a_mistake_in_the_mapping_is_refused_with_its_line(old: str, new: str, reason: str) -> None:
    assert old in TEXT
    with pytest.raises(Unreadable, match=reason) as error:
        evn_spc_mapping.read(TEXT.replace(old, new, 1))
    assert error.value.line is not None


@pytest.mark.parametrize(
    ("minutes", "drawn", "is_due"),
    [(14, 0.0, False), (15, 0.0, True), (15, 0.5, False), (16, 0.5, True), (17, 0.99, True), (-1, 0.0, True)],
)
def test_it_is_time_to_pull(minutes: int, drawn: float, is_due: bool) -> None:
    now = READ_AT + timedelta(minutes=minutes)
    assert exchanging.is_due(READ_AT, now, timedelta(minutes=15), drawn) is is_due
    assert exchanging.is_due(None, now, timedelta(minutes=15), drawn)
