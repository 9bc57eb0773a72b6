"""Every column of a sheet goes somewhere: to a field of the API, under the name that it has there."""

import pytest
from pydantic import BaseModel

from app.domain import sheet_layouts
from app.domain.sheets import ColumnKind, Layout, NewRows
from app.domain.units import STAGES
from app.domain.vocabulary import UnitKind
from app.schemas.households import HouseholdRow
from app.schemas.ledger import TrancheDeclare
from app.schemas.milestones import MilestoneRow
from app.schemas.projects import PhaseCreate, ProjectCreate, TurbineCreate
from app.schemas.units import UnitRow

# The columns that are no field: what holds the row, what is only shown, and what is put together from several.
OWN = {
    "turbines": {"phase"},
    "tranches": {"tranche", "phase", "status"},
    "milestones": {"name"},
    "towers": {"work"},
    "sections": {"work"},
    "cases": {"unit_kind", "unit_number"},
}
GOES_TO: dict[str, type[BaseModel]] = {
    "projects": ProjectCreate,
    "phases": PhaseCreate,
    "turbines": TurbineCreate,
    "tranches": TrancheDeclare,
    "milestones": MilestoneRow,
    "towers": UnitRow,
    "sections": UnitRow,
    "cases": HouseholdRow,
}
STAGE_FIELDS = {
    f"{stage.value}_{part}"
    for kind in UnitKind
    for stage in STAGES[kind]
    for part in ("status", "on", "cause")
}


@pytest.mark.parametrize("layout", sheet_layouts.LAYOUTS, ids=lambda layout: layout.code)
def test_every_column_is_a_field_of_the_api(layout: Layout) -> None:
    fields = {field.alias or name for name, field in GOES_TO[layout.code].model_fields.items()}
    columns = {column.field for column in layout.columns} - OWN.get(layout.code, set()) - STAGE_FIELDS
    # The key of a milestone is what the API calls it too; only the names of columns are asked here.
    assert columns <= fields
    for column in layout.columns:
        assert (column.kind == ColumnKind.MW) == column.field.endswith("_mw")
        assert (column.kind == ColumnKind.DAY) == (
            column.field.endswith("_on") or column.field == "valid_until"
        )
        assert (column.kind == ColumnKind.CODE) == (column.words is not None)


@pytest.mark.parametrize("layout", sheet_layouts.LAYOUTS, ids=lambda layout: layout.code)
def test_the_keys_come_first_and_no_two_columns_read_the_same(layout: Layout) -> None:
    assert layout.columns[: len(layout.keys)] == layout.keys
    for names in (
        [c.field for c in layout.columns],
        [c.vi for c in layout.columns],
        [c.en for c in layout.columns],
    ):
        assert len(names) == len(set(names))
        assert all(names)
    # Excel cuts longer names of sheets.
    assert max(len(layout.vi), len(layout.en)) <= 31


def test_personal_data_of_households_is_marked() -> None:
    marked = {column.field for column in sheet_layouts.CASES.columns if column.is_personal}
    assert marked == {"owner_name", "hamlet", "map_sheet", "parcel", "next_action", "note"}


def test_only_tranches_get_their_keys_from_the_service() -> None:
    without = [layout.code for layout in sheet_layouts.LAYOUTS if layout.new_rows == NewRows.WITHOUT_KEY]
    assert without == ["tranches"]
