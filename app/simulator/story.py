"""The demo's story as EVN SPC's service would tell it in February 2023: the lines of the demo's register, tower by tower.
Every record is made up and says so (`so_lieu_mau`)."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

from app import register
from app.domain.vocabulary import Stream
from app.formats import register as register_file
from app.simulator.upstream import Upstream

UNTIL = date(2023, 2, 6)
# Our codes, theirs, and their names.
WORKS = {
    "line-giao-long-phu-thuan": ("CT-GLPT", "ĐZ 110kV Giao Long - Phú Thuận"),
    "line-phu-thuan-binh-dai": ("CT-PTBD", "ĐZ 110kV Phú Thuận - Bình Đại"),
}
# A foundation is cast so many days after the site was handed over, a tower erected so many days later.
CAST_AFTER, ERECTED_AFTER = timedelta(days=21), timedelta(days=28)


class Site(NamedTuple):
    """Since when a tower position is free of cases; None: it is not."""

    number: str
    handed_over_on: date | None


def tell(upstream: Upstream) -> None:
    """Fills a service: what was built, what contradicts the households, and confirmations that wait for a declaration."""
    values = register_file.read(register.DEMO_2023_LAND.read_text("utf-8")).values
    for section in values["units"]:
        code, name = WORKS[section["work"]]
        for site in _sites(values, section["work"]):
            for at, (stage, day) in enumerate(_built(site)):
                fields = {"so_vi_tri": f"VT-{int(site.number):03d}", "hang_muc": stage}
                upstream.put(Stream.TOWERS, f"{code}-{site.number}-{at}", **_told(code, name, day), **fields)
    # The households there have not handed over: the tracker keeps this one back and shows why.
    code, name = WORKS["line-phu-thuan-binh-dai"]
    fields = {"so_vi_tri": "VT-061", "hang_muc": "DUC_MONG"}
    upstream.put(Stream.TOWERS, f"{code}-61-1", **_told(code, name, date(2023, 2, 3)), **fields)
    _confirm(upstream)


def _told(code: str, name: str, day: date) -> dict[str, Any]:
    said = {"ma_cong_trinh": code, "ten_cong_trinh": name, "trang_thai": "XONG", "tu_ngay": day.isoformat()}
    return {**said, "so_lieu_mau": True}


def _sites(values: dict[str, Any], work: str) -> Iterator[Site]:
    """The towers of a line, each with the day on which its last case was handed over."""
    unit_of: dict[str, str] = {}
    last: dict[str, tuple[str, date]] = {}
    for section in values["households"]:
        for row in section["rows"] if section["work"] == work else ():
            case = f"{row['clearance']}/{row['number']}"
            if (unit := row.get("unit")) is not None and unit["kind"] == "tower":
                unit_of[case] = unit["number"]
            last[case] = row["status"], row["effective_on"]
    cases: dict[str, list[tuple[str, date]]] = defaultdict(list)
    for case, number in unit_of.items():
        cases[number].append(last[case])
    for section in values["units"]:
        for row in section["rows"] if section["work"] == work else ():
            if row["kind"] == "tower" and (own := cases.get(row["number"])):
                is_free = all(status == "handed_over" for status, _ in own)
                yield Site(row["number"], max(day for _, day in own) if is_free else None)


def _built(site: Site) -> Iterator[tuple[str, date]]:
    """What was built on a site by the day of the story."""
    if site.handed_over_on is None:
        return
    cast_on = site.handed_over_on + CAST_AFTER
    for stage, day in (("DUC_MONG", cast_on), ("DUNG_COT", cast_on + ERECTED_AFTER)):
        if day <= UNTIL:
            yield stage, day


def _confirm(upstream: Upstream) -> None:
    """A recognition that nobody has declared yet: it is taken as soon as the investor declares these MW from this day on."""
    upstream.put(
        Stream.CODS,
        "COD-2023-01",
        ma_nha_may="NM-BD1",
        ten_nha_may="NMĐG Bình Đại, giai đoạn 1",
        cong_suat_mw=8.4,
        ngay_hieu_luc="2023-02-01",
        so_van_ban="Minh họa 01/EPTC",
        ngay_van_ban="2023-02-03",
        so_lieu_mau=True,
    )
