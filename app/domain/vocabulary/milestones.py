"""Words of milestones, their dates and their deadlines."""

from app.domain.words import Term


class DayUnit(Term):
    """What a term counts. "Ngày" are calendar days, "ngày làm việc" working days (domain rules, section 7)."""

    CALENDAR = "calendar", "ngày", "calendar days"
    WORKING = "working", "ngày làm việc", "working days"


class CalendarStatus(Term):
    """What the days off of a year rest on."""

    PUBLISHED = "published", "Theo thông báo đã công bố", "Published decision"
    PROVISIONAL = "provisional", "Tạm tính, chưa có thông báo", "Provisional, no decision read"


class DeadlineKind(Term):
    """What must be filed before a COD (domain rules 1.3)."""

    COD_NOTICE = "cod_notice", "Thông báo kế hoạch COD cho EVN", "COD notice to EVN"
    TEST_PROGRAMME = (
        "test_programme",
        "Gửi chương trình thử nghiệm cho Điều độ và EPTC",
        "Test programme to dispatch and EPTC",
    )
    TEST_REGISTRATION = "test_registration", "Đăng ký thử nghiệm", "Test registration"
    LICENCE_FILE = (
        "licence_file",
        "Nộp hồ sơ cấp giấy phép hoạt động điện lực",
        "Electricity licence file",
    )


class DeadlineState(Term):
    """Where a deadline stands on a day; computed, never typed."""

    DONE = "done", "Đã nộp", "Filed"
    PASSED = "passed", "Đã quá hạn", "Passed"
    DUE_SOON = "due_soon", "Sắp đến hạn", "Due soon"
    AHEAD = "ahead", "Còn thời gian", "Ahead"


class SubjectKind(Term):
    """What milestones, documents and obstacles hang on."""

    PROJECT = "project", "Dự án", "Project"
    PHASE = "phase", "Giai đoạn", "Phase"
    GRID_WORK = "grid_work", "Công trình lưới điện", "Grid work"
    CLEARANCE = "clearance", "Gói giải phóng mặt bằng", "Land-clearance package"


class Gate(Term):
    """Whether a step may be done before the one it follows: hard refuses, soft warns."""

    HARD = "hard", "Bắt buộc theo thứ tự", "Hard"
    SOFT = "soft", "Nên theo thứ tự", "Soft"


class MilestoneScope(Term):
    """What one step of a template is about; often a part of the subject it hangs on."""

    PROJECT = "project", "Dự án", "Project"
    PHASE = "phase", "Giai đoạn", "Phase"
    TRANCHE = "tranche", "Đợt COD", "COD tranche"
    TURBINE = "turbine", "Tua-bin", "Turbine"
    LINE = "line", "Đường dây", "Line"
    SUBSTATION = "substation", "Trạm biến áp", "Substation"
    TOWER = "tower", "Vị trí cột", "Tower position"
    SPAN = "span", "Khoảng néo", "Tension section"
    PARCEL = "parcel", "Thửa đất", "Parcel"
    HOUSEHOLD = "household", "Hộ dân", "Household"


class DurationBasis(Term):
    """What a duration of a template rests on."""

    LEGAL = "legal", "Theo quy định", "Written in a text"
    SOURCE = "source", "Theo nguồn công bố", "Seen in a public source"
    ESTIMATE = "estimate", "Ước tính", "Estimate"


class Cause(Term):
    """What MW that are missing wait for; each MW is attributed to one cause once."""

    LAND = "land", "Mặt bằng", "Land"
    LINE = "line", "Đường dây", "Line"
    SUBSTATION = "substation", "Trạm biến áp", "Substation"
    AGREEMENT = "agreement", "Thỏa thuận đấu nối, kỹ thuật", "Agreement"
    PERMIT = "permit", "Thủ tục, giấy phép", "Permit"
    EQUIPMENT = "equipment", "Thiết bị, thi công", "Equipment and construction"
    PRICE = "price", "Giá điện, hợp đồng mua bán điện", "Price and PPA"
    NOT_IN_REGISTER = "not_in_register", "Chưa có dự án trong sổ đăng ký", "Not in the register"


class Verification(Term):
    """Where a declared actual date stands between its two keys."""

    SELF_REPORTED = "self_reported", "Tự khai", "Self-reported"
    WAITING = "waiting", "Chờ xác nhận", "Waiting for confirmation"
    CONFIRMED = "confirmed", "Đã xác nhận", "Confirmed"
    DISPUTED = "disputed", "Không chấp nhận", "Not accepted"


class MilestoneStatus(Term):
    """Where a milestone stands; computed from its dates, never typed."""

    NOT_DUE = "not_due", "Chưa đến lượt", "Predecessors open"
    OPEN = "open", "Đang thực hiện", "In progress"
    BLOCKED = "blocked", "Đang vướng mắc", "Blocked"
    DONE = "done", "Hoàn thành", "Done"
    EXPIRED = "expired", "Hết hiệu lực", "Expired"
    NOT_APPLICABLE = "not_applicable", "Không áp dụng", "Not applicable"


class Flag(Term):
    """The traffic light of a milestone; computed, never typed."""

    ON_TRACK = "on_track", "Đúng tiến độ", "On track"
    AT_RISK = "at_risk", "Có nguy cơ chậm", "At risk"
    LATE = "late", "Chậm tiến độ", "Late"
    AHEAD = "ahead", "Vượt tiến độ", "Ahead"
    NO_DATE = "no_date", "Chưa có mốc thời gian", "No date stated"


class MilestoneAct(Term):
    """What one entry in a milestone's history does."""

    BASELINED = "baselined", "Đặt mốc cơ sở", "Baseline set"
    PLANNED = "planned", "Đặt kế hoạch", "Plan set"
    FORECAST = "forecast", "Dự báo", "Forecast stated"
    DECLARED = "declared", "Khai báo hoàn thành", "Actual declared"
    CONFIRMED = "confirmed", "Xác nhận hoàn thành", "Actual confirmed"
    DISPUTED = "disputed", "Không chấp nhận hoàn thành", "Actual disputed"
    WITHDRAWN = "withdrawn", "Rút khai báo hoàn thành", "Actual withdrawn"
    RULED_OUT = "ruled_out", "Xác định không áp dụng", "Ruled not applicable"
    RULED_IN = "ruled_in", "Xác định có áp dụng", "Ruled applicable"
