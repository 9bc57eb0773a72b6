"""Words of the ledger and of the figures it adds up to."""

from app.domain.words import Term


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
