"""The sheets of the workbook: one's own projects, phases, turbines, tranches and milestones; for EVN SPC its tower
positions, tension sections and cases.

A column is named by the field of the API that it goes to, MW by the name on the wire (`nominal_mw`, read as kW). A stage
of a unit takes three columns: `site_status`, `site_on`, `site_cause`.
"""

from dataclasses import replace

from app.domain.sheets import Column, ColumnKind, Layout, NewRows
from app.domain.units import STAGES
from app.domain.vocabulary import (
    Attitude,
    DelayCause,
    DocumentKind,
    HouseholdStatus,
    Party,
    Precision,
    PriceRegime,
    Siting,
    Stage,
    SubjectKind,
    TrancheStatus,
    UnitKind,
    UnitStage,
    UnitStatus,
)

K = ColumnKind
_NOTE = Column("note", "Ghi chú", "Note", aliases=("Diễn giải",))
_SITING = Column("siting", "Vị trí", "Siting", K.CODE, Siting, aliases=("Trên đất/trên biển",))
_LATITUDE = Column(
    "latitude", "Vĩ độ", "Latitude", K.NUMBER, largest=90, hint_vi="Độ, WGS 84", hint_en="Degrees, WGS 84"
)
_LONGITUDE = Column(
    "longitude",
    "Kinh độ",
    "Longitude",
    K.NUMBER,
    largest=180,
    hint_vi="Độ, WGS 84",
    hint_en="Degrees, WGS 84",
)
_PRICE = Column("price_regime", "Cơ chế giá", "Price regime", K.CODE, PriceRegime, aliases=("Giá áp dụng",))
_COMMUNE = Column(
    "commune", "Mã xã", "Commune code", K.REFERENCE, hint_vi="Mã xã của hệ thống", hint_en="As in the tracker"
)

PROJECTS = Layout(
    "projects",
    "Dự án",
    "Projects",
    (
        Column("code", "Mã dự án", "Project code", K.REFERENCE, is_key=True),
        Column("name", "Tên dự án", "Project name", is_required=True, aliases=("Dự án",)),
        Column("name_en", "Tên tiếng Anh", "English name"),
        Column("district", "Mã huyện", "District code", K.REFERENCE),
        Column("commune", "Xã", "Commune", aliases=("Xã, phường",)),
        _SITING,
        Column("stage", "Trạng thái", "Stage", K.CODE, Stage),
        _NOTE,
    ),
)
PHASES = Layout(
    "phases",
    "Giai đoạn",
    "Phases",
    (
        Column("code", "Mã giai đoạn", "Phase code", K.REFERENCE, is_key=True, aliases=("Mã nhà máy",)),
        Column("project", "Mã dự án", "Project code", K.REFERENCE, is_read_only=True),
        Column("name", "Tên giai đoạn", "Phase name", is_required=True, aliases=("Giai đoạn", "Nhà máy")),
        Column("name_en", "Tên tiếng Anh", "English name"),
        Column("nominal_mw", "Công suất danh định (MW)", "Nominal capacity (MW)", K.MW),
        Column("turbine_count", "Số tua-bin", "Number of turbines", K.WHOLE),
        Column("turbine_mw", "Công suất một tua-bin (MW)", "Capacity of a turbine (MW)", K.MW),
        Column("turbine_model", "Loại tua-bin", "Turbine model"),
        _PRICE,
        Column("planned_cod_on", "Kế hoạch COD", "Planned COD", K.DAY, aliases=("Ngày COD kế hoạch",)),
        Column("first_test_on", "Ngày thử nghiệm đầu tiên", "First test day", K.DAY),
        _NOTE,
    ),
)
TURBINES = Layout(
    "turbines",
    "Tua-bin",
    "Turbines",
    (
        Column("phase", "Mã giai đoạn", "Phase code", K.REFERENCE, is_key=True, aliases=("Mã nhà máy",)),
        Column("number", "Số tua-bin", "Turbine number", is_key=True, aliases=("Tua-bin số", "WTG")),
        Column("model", "Loại tua-bin", "Turbine model"),
        Column("nameplate_mw", "Công suất (MW)", "Nameplate (MW)", K.MW),
        _SITING,
        _LATITUDE,
        _LONGITUDE,
        Column("installed_on", "Ngày lắp đặt", "Installed on", K.DAY),
        Column("energised_on", "Ngày đóng điện", "Energised on", K.DAY),
        Column("synchronised_on", "Ngày hòa lưới", "Synchronised on", K.DAY),
        Column("tested_on", "Ngày thử nghiệm xong", "Tested on", K.DAY),
        _NOTE,
    ),
    NewRows.BY_KEY,
)
TRANCHES = Layout(
    "tranches",
    "Đợt COD",
    "COD tranches",
    (
        Column(
            "tranche",
            "Mã đợt",
            "Tranche code",
            K.REFERENCE,
            is_key=True,
            hint_vi="Để trống khi khai đợt mới",
            hint_en="Leave empty to declare a new one",
        ),
        Column("phase", "Mã giai đoạn", "Phase code", K.REFERENCE, is_required=True),
        Column("status", "Trạng thái", "Status", K.CODE, TrancheStatus, is_read_only=True),
        Column("capacity_mw", "Công suất (MW)", "Capacity (MW)", K.MW, is_required=True, aliases=("MW",)),
        Column(
            "effective_on",
            "Ngày hiệu lực",
            "Effective on",
            K.DAY,
            is_required=True,
            aliases=("Ngày COD", "Thời điểm hiệu lực"),
        ),
        Column(
            "turbines",
            "Các tua-bin",
            "Turbines",
            K.LIST,
            aliases=("Tua-bin số",),
            hint_vi="Cách nhau bằng dấu phẩy: 1, 2, 3",
            hint_en="Separated by commas: 1, 2, 3",
        ),
        Column("application_on", "Ngày đề nghị", "Applied on", K.DAY),
        Column("undertaking_ref", "Văn bản cam kết", "Undertaking"),
        _PRICE,
        Column("letter_number", "Số văn bản", "Letter number"),
        Column("letter_on", "Ngày văn bản", "Letter date", K.DAY),
        Column("letter_issuer", "Cơ quan ban hành", "Letter issued by"),
        _NOTE,
    ),
    NewRows.WITHOUT_KEY,
)
MILESTONES = Layout(
    "milestones",
    "Mốc tiến độ",
    "Milestones",
    (
        Column("subject", "Loại đối tượng", "Subject kind", K.CODE, SubjectKind, is_key=True),
        Column("subject_code", "Mã đối tượng", "Subject code", K.REFERENCE, is_key=True),
        Column("milestone", "Mã mốc", "Milestone code", is_key=True, is_upper=True),
        Column("name", "Tên mốc", "Milestone name", is_read_only=True, aliases=("Mốc",)),
        Column("plan_on", "Kế hoạch", "Plan", K.DAY, statement="plan", aliases=("Ngày kế hoạch",)),
        Column(
            "plan_precision", "Kế hoạch: độ chính xác", "Plan: precision", K.CODE, Precision, statement="plan"
        ),
        Column(
            "forecast_on",
            "Dự kiến",
            "Forecast",
            K.DAY,
            statement="forecast",
            aliases=("Ngày dự kiến", "Dự báo"),
        ),
        Column(
            "forecast_precision",
            "Dự kiến: độ chính xác",
            "Forecast: precision",
            K.CODE,
            Precision,
            statement="forecast",
        ),
        Column(
            "actual_on",
            "Thực tế",
            "Actual",
            K.DAY,
            statement="actual",
            aliases=("Ngày thực tế", "Ngày hoàn thành"),
        ),
        Column(
            "actual_precision",
            "Thực tế: độ chính xác",
            "Actual: precision",
            K.CODE,
            Precision,
            statement="actual",
        ),
        Column(
            "cause",
            "Nguyên nhân lùi",
            "Cause of the move",
            K.CODE,
            DelayCause,
            is_said=True,
            aliases=("Nguyên nhân",),
            hint_vi="Cần khi dự kiến thay đổi",
            hint_en="Needed where the forecast moves",
        ),
        replace(_NOTE, is_said=True),
        Column("letter_number", "Số văn bản", "Letter number", is_said=True),
        Column("letter_on", "Ngày văn bản", "Letter date", K.DAY, is_said=True),
        Column("letter_issuer", "Cơ quan ban hành", "Letter issued by", is_said=True),
        Column("letter_kind", "Loại văn bản", "Kind of letter", K.CODE, DocumentKind, is_said=True),
        Column("valid_until", "Hiệu lực đến", "Valid until", K.DAY, is_said=True),
    ),
)


def _stage(stage: UnitStage) -> tuple[Column, ...]:
    """How one stage of a unit stands: its state, from which day on, and the cause where it is held."""
    return (
        Column(
            f"{stage.value}_status",
            stage.vi,
            stage.en,
            K.CODE,
            UnitStatus,
            statement=stage.value,
            aliases=(f"{stage.vi}: trạng thái", f"{stage.en}: status"),
        ),
        Column(
            f"{stage.value}_on", f"{stage.vi}: từ ngày", f"{stage.en}: since", K.DAY, statement=stage.value
        ),
        Column(
            f"{stage.value}_cause",
            f"{stage.vi}: nguyên nhân",
            f"{stage.en}: cause",
            K.CODE,
            DelayCause,
            statement=stage.value,
        ),
    )


def _stages(kind: UnitKind) -> tuple[Column, ...]:
    return tuple(column for stage in STAGES[kind] for column in _stage(stage))


_WORK = Column("work", "Mã công trình", "Work code", K.REFERENCE, is_key=True)
TOWERS = Layout(
    "towers",
    "Vị trí cột",
    "Tower positions",
    (
        _WORK,
        Column("number", "Số vị trí", "Tower number", is_key=True, aliases=("Số cột", "Vị trí cột")),
        Column("position", "Thứ tự trên tuyến", "Place along the line", K.WHOLE, is_required=True),
        Column("is_tension", "Cột néo", "Tension tower", K.YES_NO),
        _COMMUNE,
        _LATITUDE,
        _LONGITUDE,
        *_stages(UnitKind.TOWER),
        _NOTE,
    ),
    NewRows.BY_KEY,
)
SECTIONS = Layout(
    "sections",
    "Khoảng néo",
    "Tension sections",
    (
        _WORK,
        Column("number", "Số khoảng néo", "Section number", is_key=True, aliases=("Khoảng néo",)),
        Column("from_tower", "Từ cột", "From tower", is_required=True),
        Column("to_tower", "Đến cột", "To tower", is_required=True),
        Column("length_m", "Chiều dài (m)", "Length (m)", K.WHOLE),
        _COMMUNE,
        *_stages(UnitKind.SECTION),
        _NOTE,
    ),
    NewRows.BY_KEY,
)
CASES = Layout(
    "cases",
    "Hộ dân",
    "Household cases",
    (
        Column("clearance", "Mã gói GPMB", "Clearance code", K.REFERENCE, is_key=True),
        Column("number", "Mã hộ", "Case number", is_key=True),
        Column("unit_kind", "Loại vị trí", "Unit kind", K.CODE, UnitKind),
        Column("unit_number", "Số vị trí", "Unit number", aliases=("Số cột / khoảng néo",)),
        Column("owner_name", "Chủ hộ", "Owner", is_personal=True, aliases=("Họ và tên", "Họ tên chủ hộ")),
        Column("hamlet", "Ấp", "Hamlet", is_personal=True),
        Column("map_sheet", "Tờ bản đồ", "Map sheet", is_personal=True, aliases=("Số tờ",)),
        Column("parcel", "Thửa đất", "Parcel", is_personal=True, aliases=("Số thửa",)),
        Column("is_farm_land", "Đất nông nghiệp", "Farm land", K.YES_NO),
        Column("land_m2", "Diện tích đất (m²)", "Land (m²)", K.NUMBER),
        Column("house_m2", "Diện tích nhà (m²)", "House (m²)", K.NUMBER),
        Column("trees", "Số cây", "Trees", K.WHOLE),
        Column("agreed_early", "Đồng ý trước hạn thông báo", "Agreed early", K.YES_NO),
        Column("house_support_percent", "Hỗ trợ nhà (%)", "House support (%)", K.NUMBER, largest=100),
        Column("land_support_percent", "Hỗ trợ đất (%)", "Land support (%)", K.NUMBER, largest=100),
        Column("decision_number", "Số quyết định", "Decision number"),
        Column("decision_on", "Ngày quyết định", "Decision date", K.DAY),
        Column("visited_on", "Ngày vận động", "Visited on", K.DAY),
        Column("next_action", "Việc tiếp theo", "Next action", is_personal=True),
        Column("action_owner", "Bên thực hiện", "By whom", K.CODE, Party),
        Column("effective_on", "Từ ngày", "Since", K.DAY, statement="state", aliases=("Ngày cập nhật",)),
        Column(
            "status", "Tình trạng", "Status", K.CODE, HouseholdStatus, is_required=True, statement="state"
        ),
        Column("attitude", "Thái độ", "Attitude", K.CODE, Attitude, statement="state", aliases=("Ý kiến",)),
        Column("cause", "Nguyên nhân", "Cause", K.CODE, DelayCause, statement="state"),
        Column("approved_vnd", "Đã phê duyệt (đồng)", "Approved (VND)", K.MONEY, statement="state"),
        Column("paid_vnd", "Đã chi trả (đồng)", "Paid (VND)", K.MONEY, statement="state"),
        Column("note", "Ghi chú", "Note", is_personal=True),
    ),
    NewRows.BY_KEY,
)

INVESTOR = (PROJECTS, PHASES, TURBINES, TRANCHES, MILESTONES)
GRID = (TOWERS, SECTIONS, CASES)
LAYOUTS = (*INVESTOR, *GRID)
