"""Every enumerated word of the field except problems, rules and permissions, which live with their logic."""

from app.domain.words import Term


class OrganisationKind(Term):
    DEPARTMENT = "department", "Sở Công Thương", "Department of Industry and Trade"
    INVESTOR = "investor", "Chủ đầu tư", "Investor"
    GRID_COMPANY = "grid_company", "Công ty điện lực", "Grid company"
    DISTRICT_AUTHORITY = "district_authority", "UBND huyện", "District authority"


class Measure(Term):
    """The capacity ladder (domain rules 1.2). Each is a measure of its own; they are never added together."""

    PLANNED = "planned", "Quy hoạch", "Planned"
    APPROVED = "approved", "Theo chủ trương đầu tư", "Approved investment policy"
    CONNECTED = "connected", "Theo thỏa thuận đấu nối", "Connection agreement"
    PPA = "ppa", "Theo hợp đồng mua bán điện", "Power purchase agreement"
    INSTALLED = "installed", "Đã lắp đặt", "Installed"
    ENERGISED = "energised", "Đã đóng điện", "Energised"
    SYNCHRONISED = "synchronised", "Đã hòa lưới", "First synchronised"
    TESTING = "testing", "Đang thử nghiệm", "Under test"
    TESTED = "tested", "Thử nghiệm đạt", "Tests passed"
    ACCEPTED = "accepted", "Được chấp thuận nghiệm thu", "State acceptance"
    LICENSED = "licensed", "Được cấp phép hoạt động điện lực", "Licensed"
    OPERATING = "operating", "Vận hành thương mại (COD)", "Commercially operating (COD)"


class EntryKind(Term):
    """What one ledger entry does."""

    RECORDED = "recorded", "Ghi nhận", "Recorded"
    CORRECTED = "corrected", "Đính chính", "Corrected"
    DECLARED = "declared", "Chủ đầu tư khai báo COD", "COD declared"
    WITHDRAWN = "withdrawn", "Rút khai báo", "Declaration withdrawn"
    DISPUTED = "disputed", "Không đồng ý khai báo", "Declaration disputed"
    CONFIRMED = "confirmed", "Công nhận COD", "COD confirmed"
    CONFIRMED_CONDITIONALLY = (
        "confirmed_conditionally",
        "Công nhận COD có điều kiện",
        "COD confirmed with conditions",
    )
    RECOGNISED_BY_SOURCE = "recognised_by_source", "Công nhận theo nguồn công bố", "Recognised by source"
    CONDITION_MET = "condition_met", "Đã đáp ứng điều kiện", "Condition met"
    SUSPENDED = "suspended", "Tạm ngừng công nhận", "Suspended"
    REINSTATED = "reinstated", "Khôi phục công nhận", "Reinstated"
    CANCELLED = "cancelled", "Hủy bỏ công nhận", "Cancelled"


class Account(Term):
    """Where the kW of an entry are posted. Every figure of the service is a sum over one account."""

    PLANNED = "planned", "Quy hoạch", "Planned"
    APPROVED = "approved", "Theo chủ trương đầu tư", "Approved investment policy"
    CONNECTED = "connected", "Theo thỏa thuận đấu nối", "Connection agreement"
    PPA = "ppa", "Theo hợp đồng mua bán điện", "Power purchase agreement"
    INSTALLED = "installed", "Đã lắp đặt", "Installed"
    ENERGISED = "energised", "Đã đóng điện", "Energised"
    SYNCHRONISED = "synchronised", "Đã hòa lưới", "First synchronised"
    TESTING = "testing", "Đang thử nghiệm", "Under test"
    TESTED = "tested", "Thử nghiệm đạt", "Tests passed"
    ACCEPTED = "accepted", "Được chấp thuận nghiệm thu", "State acceptance"
    LICENSED = "licensed", "Được cấp phép hoạt động điện lực", "Licensed"
    DECLARED = "declared", "Đã khai báo, chờ xác nhận", "Declared, waiting for confirmation"
    DISPUTED = "disputed", "Đang không thống nhất", "Disputed"
    RECOGNISED = "recognised", "Đã công nhận COD (gộp)", "Recognised COD (gross)"
    AT_RISK = "at_risk", "Có điều kiện, rủi ro", "At risk"
    SUSPENDED = "suspended", "Tạm ngừng", "Suspended"
    CANCELLED = "cancelled", "Đã hủy bỏ", "Cancelled"


class TrancheStatus(Term):
    """Where a COD tranche stands; computed from its entries, never typed."""

    DECLARED = "declared", "Chờ xác nhận", "Waiting for confirmation"
    DISPUTED = "disputed", "Không thống nhất", "Disputed"
    WITHDRAWN = "withdrawn", "Đã rút", "Withdrawn"
    RECOGNISED = "recognised", "Đã công nhận", "Recognised"
    AT_RISK = "at_risk", "Công nhận có điều kiện", "Recognised with conditions"
    PARTLY_SUSPENDED = "partly_suspended", "Tạm ngừng một phần", "Partly suspended"
    SUSPENDED = "suspended", "Tạm ngừng", "Suspended"
    PARTLY_CANCELLED = "partly_cancelled", "Hủy bỏ một phần", "Partly cancelled"
    CANCELLED = "cancelled", "Đã hủy bỏ", "Cancelled"


class Precision(Term):
    """How exactly a date is known. The stored day is always the last day it can be, and counts from then."""

    DAY = "day", "đúng ngày", "exact day"
    MONTH = "month", "trong tháng", "within the month"
    QUARTER = "quarter", "trong quý", "within the quarter"
    YEAR = "year", "trong năm", "within the year"
    BY = "by", "chậm nhất ngày", "on or before"


class PriceRegime(Term):
    # QĐ 39/2018/QĐ-TTg: COD before 01/11/2021.
    FIT_2018 = "fit_2018", "Giá FIT (QĐ 39/2018, COD trước 01/11/2021)", "Feed-in tariff of Decision 39/2018"
    # TT 15/2022/TT-BCT and QĐ 21/QĐ-BCT of 07/01/2023.
    TRANSITIONAL = "transitional", "Chuyển tiếp (TT 15/2022, QĐ 21/QĐ-BCT)", "Transitional price frame"
    NONE_YET = "none_yet", "Chưa có cơ chế giá", "No price mechanism yet"
    OTHER = "other", "Khác", "Other"


class Siting(Term):
    ONSHORE = "onshore", "Trên đất liền", "Onshore"
    COASTAL = "coastal", "Ven biển", "Coastal"
    # QĐ 39/2018/QĐ-TTg: beyond the lowest mean sea level over 18.6 years.
    NEARSHORE = "nearshore", "Trên biển, gần bờ", "Near-shore"
    OFFSHORE = "offshore", "Ngoài khơi", "Offshore"


class Stage(Term):
    """Where a project stands, as reported; never used to count MW."""

    PLANNED = "planned", "Trong quy hoạch", "In the plan"
    PREPARING = "preparing", "Chuẩn bị đầu tư", "In preparation"
    UNDER_CONSTRUCTION = "under_construction", "Đang thi công", "Under construction"
    PARTLY_OPERATING = "partly_operating", "Vận hành một phần", "Partly operating"
    OPERATING = "operating", "Đang vận hành", "Operating"
    WITHDRAWN = "withdrawn", "Đã thu hồi", "Withdrawn"


class Confidence(Term):
    CONFIRMED_1 = "confirmed_1", "Một nguồn", "One source"
    CONFIRMED_2PLUS = "confirmed_2plus", "Từ hai nguồn", "Two or more sources"
    INFERRED = "inferred", "Suy ra từ nguồn", "Inferred from sources"
    UNKNOWN = "unknown", "Chưa rõ", "Unknown"


class UnitLevel(Term):
    PROVINCE = "province", "Tỉnh", "Province"
    DISTRICT = "district", "Huyện", "District"
    COMMUNE = "commune", "Xã", "Commune"


class ReportedUnit(Term):
    """The unit of a figure that press or officials reported."""

    MW = "MW", "MW", "MW"
    PROJECTS = "projects", "dự án", "projects"


class Basis(Term):
    """How a target counts."""

    CUMULATIVE = "cumulative", "Lũy kế", "Cumulative"


class Step(Term):
    """How far apart the points of a series are; each point is the last day of its period."""

    MONTH = "month", "Tháng", "Month"
    QUARTER = "quarter", "Quý", "Quarter"
    YEAR = "year", "Năm", "Year"


class By(Term):
    """How a breakdown of capacity is cut."""

    PROJECT = "project", "Dự án", "Project"
    PHASE = "phase", "Giai đoạn", "Phase"
    INVESTOR = "investor", "Chủ đầu tư", "Investor"
    DISTRICT = "district", "Huyện", "District"


class Fact(Term):
    """What a revision of the journal states happened."""

    ORGANISATION_CREATED = "organisation.created", "Thêm tổ chức", "Organisation created"
    ORGANISATION_CHANGED = "organisation.changed", "Sửa tổ chức", "Organisation changed"
    USER_CREATED = "user.created", "Thêm người dùng", "User created"
    KEY_CREATED = "key.created", "Cấp khóa API", "API key created"
    KEY_REVOKED = "key.revoked", "Thu hồi khóa API", "API key revoked"
    UNIT_CREATED = "administrative_unit.created", "Thêm đơn vị hành chính", "Administrative unit created"
    UNIT_CHANGED = "administrative_unit.changed", "Sửa đơn vị hành chính", "Administrative unit changed"
    SOURCE_CREATED = "source.created", "Thêm nguồn", "Source created"
    SOURCE_CHANGED = "source.changed", "Sửa nguồn", "Source changed"
    TARGET_CREATED = "target.created", "Đặt mục tiêu", "Target created"
    TARGET_CHANGED = "target.changed", "Sửa mục tiêu", "Target changed"
    TARGET_REMOVED = "target.removed", "Xóa mục tiêu", "Target removed"
    FIGURE_CREATED = "reported_figure.created", "Thêm số liệu công bố", "Reported figure created"
    FIGURE_CHANGED = "reported_figure.changed", "Sửa số liệu công bố", "Reported figure changed"
    PROJECT_CREATED = "project.created", "Thêm dự án", "Project created"
    PROJECT_CHANGED = "project.changed", "Sửa dự án", "Project changed"
    PROJECT_REMOVED = "project.removed", "Xóa dự án", "Project removed"
    PHASE_CREATED = "phase.created", "Thêm giai đoạn", "Phase created"
    PHASE_CHANGED = "phase.changed", "Sửa giai đoạn", "Phase changed"
    PHASE_REMOVED = "phase.removed", "Xóa giai đoạn", "Phase removed"
    TURBINE_CREATED = "turbine.created", "Thêm tua-bin", "Turbine created"
    TURBINE_CHANGED = "turbine.changed", "Sửa tua-bin", "Turbine changed"
    TURBINE_REMOVED = "turbine.removed", "Xóa tua-bin", "Turbine removed"
    CAPACITY_RECORDED = "capacity.recorded", "Ghi nhận công suất", "Capacity recorded"
    CAPACITY_CORRECTED = "capacity.corrected", "Đính chính công suất", "Capacity corrected"
    COD_DECLARED = "cod.declared", "Khai báo COD", "COD declared"
    COD_WITHDRAWN = "cod.withdrawn", "Rút khai báo COD", "COD declaration withdrawn"
    COD_DISPUTED = "cod.disputed", "Không đồng ý khai báo COD", "COD disputed"
    COD_CONFIRMED = "cod.confirmed", "Công nhận COD", "COD confirmed"
    COD_CONFIRMED_CONDITIONALLY = (
        "cod.confirmed_conditionally",
        "Công nhận COD có điều kiện",
        "COD confirmed with conditions",
    )
    COD_RECOGNISED_BY_SOURCE = (
        "cod.recognised_by_source",
        "COD theo nguồn công bố",
        "COD recognised by source",
    )
    COD_CONDITION_MET = "cod.condition_met", "Đã đáp ứng điều kiện COD", "COD condition met"
    COD_SUSPENDED = "cod.suspended", "Tạm ngừng công nhận COD", "COD suspended"
    COD_REINSTATED = "cod.reinstated", "Khôi phục công nhận COD", "COD reinstated"
    COD_CANCELLED = "cod.cancelled", "Hủy bỏ công nhận COD", "COD cancelled"
    COD_CORRECTED = "cod.corrected", "Đính chính COD", "COD corrected"
    RULE_OVERRIDDEN = "rule.overridden", "Chấp nhận ngoại lệ", "Rule overridden"
