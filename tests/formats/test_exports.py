"""Records as cells, and the package that describes them: the same record comes back from the file."""

import csv
import io
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import columns
from app.domain.columns import COLUMNS, Value
from app.domain.vocabulary import Column, Export, Stage
from app.domain.words import Lang
from app.formats import dictionary


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, None),
        (True, "true"),
        (False, "false"),
        (0, 0),
        (93.05, 93.05),
        (date(2023, 2, 7), date(2023, 2, 7)),
        (datetime(2023, 2, 7, 3, 4, 5, 678_901, UTC), "2023-02-07T03:04:05Z"),
        (("T1", "T2"), "T1;T2"),
        ((), None),
        (Stage.OPERATING, "operating"),
        ("Bến Tre", "Bến Tre"),
    ],
)
def test_a_value_is_a_cell(value: Value, cell: object) -> None:
    assert dictionary.row({Column.TITLE: value}, (Column.TITLE,)) == [cell]


@given(
    st.lists(st.tuples(st.text(st.characters(exclude_categories=("C",)), max_size=20), st.integers(-9, 9)))
)
def test_every_text_comes_back_from_the_file(records: list[tuple[str, int]]) -> None:
    given_ = [{Column.TITLE: text, Column.OBSTACLE_ID: number} for text, number in records]
    content = b"".join(dictionary.pieces(Export.OBSTACLES, given_)).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content, newline="")))
    for row, (text, number) in zip(rows, records, strict=True):
        # What a spreadsheet would run stands behind an apostrophe.
        assert row["title"] in (text, f"'{text}")
        assert not row["title"].lstrip(" ").startswith(("=", "+", "-", "@"))
        assert row["obstacle_id"] == str(number)


def test_a_long_file_comes_in_pieces_and_a_column_without_a_value_is_empty() -> None:
    rows = [{Column.TITLE: "x" * 1_000}] * 200
    pieces = list(dictionary.pieces(Export.OBSTACLES, rows))
    assert len(pieces) > 3
    assert max(map(len, pieces)) < 100_000
    header, first, *_ = b"".join(pieces).decode("utf-8-sig").splitlines()
    assert header.split(",") == [column.value for column in COLUMNS[Export.OBSTACLES]]
    assert first.count(",") == len(COLUMNS[Export.OBSTACLES]) - 1


def test_a_package_has_a_table_schema_for_every_file() -> None:
    package = dictionary.package("name", "Tên", Lang.VI, {})
    assert [resource["name"] for resource in package["resources"]] == [export.value for export in Export]
    for export, resource in zip(Export, package["resources"], strict=True):
        schema = resource["schema"]
        assert [field["name"] for field in schema["fields"]] == [column.value for column in COLUMNS[export]]
        assert schema["primaryKey"] == [column.value for column in columns.key(export)]
        types = {field["type"] for field in schema["fields"]}
        # The types of the Table Schema standard that are used.
        assert types <= {"string", "integer", "number", "date", "datetime", "boolean"}
