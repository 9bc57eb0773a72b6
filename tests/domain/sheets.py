"""Small layouts and grids for the tests of sheets."""

from app.domain.grids import Grid, Value
from app.domain.sheets import Column, ColumnKind, Layout, NewRows
from app.domain.vocabulary import Siting, TrancheStatus

K = ColumnKind
TURBINES = Layout(
    "turbines",
    "Tua-bin",
    "Turbines",
    (
        Column("phase", "Mã giai đoạn", "Phase code", K.REFERENCE, is_key=True, aliases=("Mã nhà máy",)),
        Column("number", "Số tua-bin", "Turbine number", is_key=True),
        Column("nameplate_mw", "Công suất (MW)", "Nameplate (MW)", K.MW),
        Column("siting", "Vị trí", "Siting", K.CODE, Siting),
        Column("installed_on", "Ngày lắp đặt", "Installed on", K.DAY),
        Column("shown", "Chỉ xem", "Only shown", is_read_only=True),
        Column("note", "Ghi chú", "Note"),
    ),
    NewRows.BY_KEY,
)
TRANCHES = Layout(
    "tranches",
    "Đợt COD",
    "COD tranches",
    (
        Column("tranche", "Mã đợt", "Tranche code", K.REFERENCE, is_key=True),
        Column("phase", "Giai đoạn", "Phase", K.REFERENCE, is_required=True),
        Column("status", "Trạng thái", "Status", K.CODE, TrancheStatus, is_read_only=True),
        Column("capacity_mw", "Công suất (MW)", "Capacity (MW)", K.MW, is_required=True),
        Column("effective_on", "Ngày hiệu lực", "Effective on", K.DAY, is_required=True),
    ),
    NewRows.WITHOUT_KEY,
)
HEAD = ("Mã giai đoạn", "Số tua-bin", "Công suất (MW)", "Vị trí", "Ngày lắp đặt", "Chỉ xem", "Ghi chú")
ROW = ("v1-3", "T1", 4.2, "Trên đất liền", None, None, "Tốt")


def grid(*rows: tuple[Value, ...], name: str = "Tua-bin", **more: object) -> Grid:
    return Grid(name, rows, **more)  # type: ignore[arg-type]
