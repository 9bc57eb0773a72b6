"""The files of the open formats: as their readers see them, as their dictionary says, and the same to every spreadsheet."""

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app import register as registers
from app.db import Database
from app.deps import spooling
from app.domain import columns
from app.domain.access import May
from app.domain.columns import COLUMNS
from app.domain.vocabulary import Export
from app.queries import exports, open_ledger, open_progress
from app.services import register
from tests import factories, open_world
from tests.conftest import TODAY, People, Person, serve

ALL = list(Export)
DETAILED = [export for export in Export if columns.NEEDS[export] == May.READ_DETAIL]


@pytest.fixture
def shown(people: People) -> People:
    open_world.furnish(people.world)
    return people


@pytest.fixture
def demo(sqlite_url: str, sqlite_database: Database, tmp_path: Path) -> Iterator[People]:
    """The service on the real register with the story of February 2023."""
    world = factories.world(sqlite_database)
    world.url = sqlite_url
    for file in (registers.BEN_TRE, *registers.DEMO):
        with sqlite_database.changing(factories.stamp()) as session:
            register.import_file(session, factories.SYSTEM, file.read_text("utf-8"), TODAY, until=TODAY)
    with serve(world, data_folder=tmp_path / "files") as found:
        yield found


def table(person: Person, name: str, more: str = "") -> list[dict[str, str]]:
    answer = person.get(f"/exports/{name}.csv{more}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""), strict=True))


def dictionary(person: Person) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    for line in table(person, "dictionary"):
        found.setdefault(line["file"].removesuffix(".csv"), []).append(line)
    return found


PARSED: dict[str, Any] = {
    "string": str,
    "integer": int,
    "number": Decimal,
    "date": date.fromisoformat,
    "datetime": lambda text: datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ"),  # noqa: DTZ007 - Z stands for its zone
    "boolean": {"true": True, "false": False}.__getitem__,
    "list": lambda text: text.split(";"),
}


def check(rows: list[dict[str, str]], lines: list[dict[str, str]]) -> None:
    """Every cell is of the type its column has, and one of its codes."""
    for row in rows:
        assert list(row) == [line["column"] for line in lines]
        for line in lines:
            text = row[line["column"]]
            if text:
                PARSED[line["type"]](text)
                assert not line["codes"] or text in line["codes"].split(";"), (line["column"], text)
                assert line["type"] != "number" or "e" not in text.lower()


def test_dictionary_and_files_of_the_demo_agree_column_by_column_and_value_by_value(demo: People) -> None:
    said = dictionary(demo.evn_spc)
    assert list(said) == [export.value for export in ALL]
    for export in ALL:
        rows = table(demo.evn_spc, export.value)
        # The sources know no single turbine of the real plants, and the story no obstacle.
        assert rows or export in (Export.TURBINES, Export.OBSTACLES), export
        check(rows, said[export.value])
        keys = [tuple(row[column] for column in columns.key(export)) for row in rows]
        assert len(set(keys)) == len(keys), export
        assert all(all(key) for key in keys)


def test_the_demo_counts_in_the_files_what_the_headline_counts(demo: People) -> None:
    operating = demo.anonymous.get("/capacity").json()["operating_mw"]
    projects = table(demo.anonymous, "projects")
    counted = sum(Decimal(row["operating_mw"] or 0) for row in projects if row["in_totals"] == "true")
    assert counted == Decimal(str(operating)) == Decimal("93.05")
    assert Decimal(table(demo.anonymous, "capacity-series")[-1]["operating_mw"]) == counted
    tranches = table(demo.department, "tranches")
    assert sum(Decimal(row["operating_mw"]) for row in tranches) >= counted


def test_the_dictionary_says_the_same_as_json_and_as_a_data_package(shown: People) -> None:
    said = dictionary(shown.anonymous)
    listed = shown.anonymous.get("/exports").json()["items"]
    package = shown.anonymous.get("/exports/datapackage.json?lang=en").json()
    assert [each["file"] for each in listed] == [r["name"] for r in package["resources"]] == list(said)
    for each, resource in zip(listed, package["resources"], strict=True):
        lines, fields = said[each["file"]], resource["schema"]["fields"]
        assert (
            [c["column"] for c in each["columns"]]
            == [f["name"] for f in fields]
            == [x["column"] for x in lines]
        )
        for line, column, field in zip(lines, each["columns"], fields, strict=True):
            assert (line["type"], line["unit"] or None) == (column["type"], column["unit"])
            assert (line["description_vi"], line["description_en"]) == (column["vi"], column["en"])
            codes = [code["code"] for code in column["codes"] or []]
            assert line["codes"].split(";") == codes or (not codes and not line["codes"])
            assert field["title"] == column["en"]
            assert field.get("constraints", {}).get("enum", []) == codes
            assert column["is_key"] == (column["column"] in resource["schema"]["primaryKey"])
        assert resource["path"] == f"{each['file']}.csv"


@pytest.mark.parametrize("export", DETAILED)
def test_without_a_key_details_are_not_to_be_had(shown: People, export: Export) -> None:
    answer = shown.anonymous.get(f"/exports/{export}.csv")
    assert (answer.status_code, answer.json()["code"]) == (401, "key_missing")


def about(rows: list[dict[str, str]]) -> set[str]:
    """What rows are about, by the first of these that they name."""
    names = ("phase", "work", "subject_code", "project")
    return {next(row[name] for name in names if row.get(name)) for row in rows}


ALPHA, LINE = {"alpha-1"}, {"line"}
OF_ALPHA = {
    Export.TURBINES: ALPHA,
    Export.TRANCHES: ALPHA,
    Export.ENTRIES: ALPHA,
    Export.MILESTONES: {"alpha", "alpha-1", "line", "land"},
    Export.TOWERS: LINE,
    Export.SECTIONS: LINE,
    Export.OBSTACLES: ALPHA,
    Export.COMMITMENTS: LINE,
}


@pytest.mark.parametrize("who", ["investor", "stranger", "department", "evn_spc"])
def test_each_reader_is_given_what_it_may_see_and_nothing_else(shown: People, who: str) -> None:
    person = getattr(shown, who)
    for export in DETAILED:
        rows = table(person, export.value)
        assert about(rows) == (set() if who == "stranger" else OF_ALPHA[export]), export
    for name in ("projects", "phases", "grid-works"):
        assert len(table(person, name)) == {"projects": 2, "phases": 2, "grid-works": 1}[name]
    (alpha, _) = table(person, "phases")
    assert alpha["declared_mw"] == ("" if who == "stranger" else "4.2")
    (line,) = table(person, "grid-works")
    assert bool(line["towers_located"]) == (who != "stranger")
    for export in ALL:
        text = person.get(f"/exports/{export}.csv").text
        # Notes are in no file, and of a household there is not even its number.
        assert open_world.SECRET not in text
        assert "household" not in text.replace("land_origin", "")


def test_the_stranger_sees_its_own(shown: People) -> None:
    with shown.world.database.changing(factories.stamp()) as session:
        factories.turbines(session, "beta-1", 1)
    assert [row["phase"] for row in table(shown.stranger, "turbines")] == ["beta-1"]
    assert {row["phase"] for row in table(shown.department, "turbines")} == {"alpha-1", "beta-1"}


def test_a_tower_stands_as_its_line_shows_it(shown: People) -> None:
    first, second, third = table(shown.investor, "towers")
    assert (first["site_status"], first["latitude"], first["longitude"]) == ("done", "10.1", "106.5")
    assert (first["position"], third["commune"], third["location_accuracy"]) == (
        "1",
        "xa-thua-duc",
        "unknown",
    )
    assert second["erection_status"] == "not_started"
    (section,) = table(shown.investor, "sections")
    assert (section["from_tower"], section["to_tower"]) == ("T1", "T2")
    (before, *_) = table(shown.investor, "towers", "?as_of=2023-01-04")
    assert before["site_status"] == "not_started"


def test_files_that_are_dated_honour_both_times_and_the_others_refuse_them(shown: People) -> None:
    assert [row["effective_on"] for row in table(shown.investor, "entries", "?as_of=2022-04-30")] == [
        "2022-04-01"
    ]
    assert table(shown.investor, "entries", "?known_at=2022-12-31") == []
    tranche = table(shown.investor, "tranches", "?as_of=2022-04-30")[0]
    assert (tranche["tranche_status"], tranche["operating_mw"]) == ("recognised", "0")
    assert table(shown.investor, "tranches")[0]["operating_mw"] == "4.2"
    for export in ALL:
        answer = shown.department.get(f"/exports/{export}.csv?as_of=2022-04-30&known_at=2023-02-07")
        assert answer.status_code == (200 if columns.IS_DATED[export] else 422), export


def test_a_milestone_of_an_older_day_is_as_it_was_known_then(shown: People) -> None:
    def forecast(more: str) -> str:
        rows = table(shown.investor, "milestones", more)
        return next(
            r["forecast_on"] for r in rows if (r["subject_code"], r["milestone"]) == ("alpha-1", "W-E6")
        )

    with shown.world.database.changing(factories.stamp(date(2023, 2, 8))) as session:
        factories.state(session, "W-E6", forecast_on="2023-10-01", cause="weather")
    assert forecast("") == "2023-10-01"
    assert forecast("?known_at=2023-02-07") == "2023-09-01"
    assert table(shown.investor, "milestones", "?known_at=2022-12-31") == []


def test_names_are_in_the_language_asked_for_and_the_header_is_not(shown: People) -> None:
    vi, en = (table(shown.investor, "milestones", f"?lang={lang}")[0] for lang in ("vi", "en"))
    assert list(vi) == list(en)
    assert vi["milestone_name"] != en["milestone_name"]


def test_a_text_that_is_a_formula_is_shown_as_text_and_a_negative_number_stays_one(shown: People) -> None:
    with shown.world.database.changing(factories.stamp()) as session:
        factories.obstacle(session, title='=HYPERLINK("http://evil.test")')
        factories.measure(session, "planned", 5, "2022-01-01")
    titles = {row["title"] for row in table(shown.investor, "obstacles")}
    assert '\'=HYPERLINK("http://evil.test")' in titles


def test_a_file_is_saved_under_its_name_and_not_sent_twice(shown: People) -> None:
    answer = shown.investor.get("/exports/phases.csv")
    assert 'filename="phases-2023-02-07.csv"' in answer.headers["content-disposition"]
    held = answer.headers["etag"]
    assert shown.investor.get("/exports/phases.csv", If_None_Match=held).status_code == 304
    # What one reader holds says nothing to another, and nothing of another day or language.
    for person, path in (
        (shown.stranger, "/exports/phases.csv"),
        (shown.investor, "/exports/phases.csv?as_of=2023-01-01"),
        (shown.investor, "/exports/phases.csv?lang=en"),
    ):
        assert person.get(path, If_None_Match=held).status_code == 200
    with shown.world.database.changing(factories.stamp()) as session:
        factories.phase(session, "alpha-2")
    assert shown.investor.get("/exports/phases.csv", If_None_Match=held).status_code == 200


def test_a_file_longer_than_what_is_held_in_memory_is_the_same(
    shown: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    short = shown.investor.get("/exports/milestones.csv")
    monkeypatch.setattr(spooling, "IN_MEMORY_BYTES", 10)
    long = shown.investor.get("/exports/milestones.csv?as_of=2023-02-07")
    assert long.content == short.content
    plain = shown.investor.get("/exports/milestones.csv?known_at=2023-02-07", Accept_Encoding="identity")
    assert plain.content == short.content
    assert int(plain.headers["content-length"]) == len(short.content)


@pytest.mark.parametrize("name", ["nothing", "households", "dictionary2"])
def test_another_name_is_no_file(shown: People, name: str) -> None:
    answer = shown.department.get(f"/exports/{name}.csv")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_register_of_several_batches_is_whole(shown: People, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {export: table(shown.evn_spc, export.value) for export in ALL}
    monkeypatch.setattr(exports, "BATCH", 1)
    monkeypatch.setattr(open_ledger, "BATCH", 1)
    monkeypatch.setattr(open_progress, "BATCH", 7)
    with shown.world.database.changing(factories.stamp()) as session:
        factories.target(session, "later", 400, "2030-12-31")
    for export in ALL:
        assert table(shown.evn_spc, export.value) == before[export]
        assert set(COLUMNS[export]) == {*(before[export] or [dict.fromkeys(COLUMNS[export])])[0]}
