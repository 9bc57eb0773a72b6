"""Every column of the open formats is described once, stands somewhere, and names its rows."""

import pytest

from app.domain import columns
from app.domain.access import May
from app.domain.columns import COLUMNS, SHAPES
from app.domain.vocabulary import Column, ColumnType, Export, Layer


def test_every_column_stands_in_a_file_and_every_file_has_its_columns_once() -> None:
    used = {column for wanted in COLUMNS.values() for column in wanted}
    assert used == set(Column)
    assert set(COLUMNS) == set(Export) == set(columns.NEEDS) == set(columns.IS_DATED)
    for wanted in COLUMNS.values():
        assert len(wanted) == len(set(wanted))


@pytest.mark.parametrize(
    ("column", "kind", "unit"),
    [
        (Column.OPERATING_MW, ColumnType.NUMBER, "MW"),
        (Column.PLANNED_COD_ON, ColumnType.DAY, None),
        (Column.VALID_UNTIL, ColumnType.DAY, None),
        (Column.ON, ColumnType.DAY, None),
        (Column.RECORDED_AT, ColumnType.INSTANT, None),
        (Column.IN_TOTALS, ColumnType.FLAG, None),
        (Column.MOVES, ColumnType.WHOLE, None),
        (Column.LENGTH_KM, ColumnType.NUMBER, "km"),
        (Column.SOURCES, ColumnType.LIST, None),
        (Column.STAGE, ColumnType.TEXT, None),
        (Column.POSITION, ColumnType.WHOLE, None),
        (Column.LATITUDE, ColumnType.NUMBER, "degree"),
    ],
)
def test_the_shape_of_a_column(column: Column, kind: ColumnType, unit: str | None) -> None:
    assert (SHAPES[column].kind, SHAPES[column].unit) == (kind, unit)


def test_what_ends_as_a_day_an_instant_or_mw_is_one() -> None:
    for column, shape in SHAPES.items():
        if column.endswith("_on"):
            assert shape.kind == ColumnType.DAY, column
        if column.endswith("_at"):
            assert shape.kind == ColumnType.INSTANT, column
        assert (shape.unit == "MW") == column.endswith("_mw"), column


def test_rows_are_named_by_columns_of_their_own_file() -> None:
    for export in Export:
        assert set(columns.key(export)) <= set(COLUMNS[export])
    assert columns.key(Export.PHASES) == (Column.PHASE,)


def test_a_layer_has_the_columns_of_its_file_but_for_the_coordinates() -> None:
    for layer in Layer:
        left_out = set(COLUMNS[Export(layer.value)]) - set(columns.of_layer(layer))
        assert left_out <= {Column.LATITUDE, Column.LONGITUDE}
        assert Column.LOCATION_ACCURACY in columns.of_layer(layer)


def test_everybody_reads_what_is_public_and_nothing_else() -> None:
    public = {export for export, needs in columns.NEEDS.items() if needs == May.READ}
    assert public == {Export.PROJECTS, Export.PHASES, Export.GRID_WORKS, Export.CAPACITY_SERIES}
