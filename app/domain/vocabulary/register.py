"""Words of the register: who takes part, what a project is, what a grid work is, and how exactly things are known."""

from app.domain.words import Term


class OrganisationKind(Term):
    """What kind of organisation it is."""

    DEPARTMENT = "department", "Sở Công Thương", "Department of Industry and Trade"
    INVESTOR = "investor", "Chủ đầu tư", "Investor"
    GRID_COMPANY = "grid_company", "Công ty điện lực", "Grid company"
    DISTRICT_AUTHORITY = "district_authority", "UBND huyện", "District authority"


class Precision(Term):
    """How exactly a date is known. The stored day is always the last day it can be, and counts from then."""

    DAY = "day", "đúng ngày", "exact day"
    MONTH = "month", "trong tháng", "within the month"
    QUARTER = "quarter", "trong quý", "within the quarter"
    YEAR = "year", "trong năm", "within the year"
    BY = "by", "chậm nhất ngày", "on or before"


class PriceRegime(Term):
    """Under which rules the power is paid for."""

    # QĐ 39/2018/QĐ-TTg: COD before 01/11/2021.
    FIT_2018 = "fit_2018", "Giá FIT (QĐ 39/2018, COD trước 01/11/2021)", "Feed-in tariff of Decision 39/2018"
    # TT 15/2022/TT-BCT and QĐ 21/QĐ-BCT of 07/01/2023.
    TRANSITIONAL = "transitional", "Chuyển tiếp (TT 15/2022, QĐ 21/QĐ-BCT)", "Transitional price frame"
    NONE_YET = "none_yet", "Chưa có cơ chế giá", "No price mechanism yet"
    OTHER = "other", "Khác", "Other"


class Siting(Term):
    """Where turbines stand."""

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
    """How sure the sources are."""

    CONFIRMED_1 = "confirmed_1", "Một nguồn", "One source"
    CONFIRMED_2PLUS = "confirmed_2plus", "Từ hai nguồn", "Two or more sources"
    INFERRED = "inferred", "Suy ra từ nguồn", "Inferred from sources"
    UNKNOWN = "unknown", "Chưa rõ", "Unknown"


class UnitLevel(Term):
    PROVINCE = "province", "Tỉnh", "Province"
    DISTRICT = "district", "Huyện", "District"
    COMMUNE = "commune", "Xã", "Commune"


class WorkKind(Term):
    """What kind of grid work it is."""

    # Without its voltage, which is a figure of its own: the register knows a 220 kV line too.
    LINE = "line", "Đường dây", "Line"
    SUBSTATION = "substation", "Trạm biến áp", "Substation"
    BAY = "bay", "Ngăn lộ", "Bay"
    TRANSFORMER = "transformer", "Máy biến áp", "Transformer"


class ConnectionKind(Term):
    """What a phase needs a grid work for. The first two hold its energisation back, the last its full output only."""

    GEN_TIE = "gen_tie", "Đường dây đấu nối của nhà máy", "Plant's own connection line"
    POINT_OF_CONNECTION = "point_of_connection", "Cần để đóng điện", "Needed for energisation"
    EVACUATION = "evacuation", "Cần để phát hết công suất", "Needed for full output"


class Track(Term):
    """The two legal tracks of land clearance (domain rules 4.1)."""

    RECOVERED_LAND = "recovered_land", "Đất thu hồi", "Recovered land"
    # NĐ 14/2014/NĐ-CP Điều 11-19.
    CORRIDOR = "corridor", "Hành lang an toàn", "Safety corridor"


class KeyPurpose(Term):
    """What a key opens: the whole interface as its user, or one calendar feed and nothing else."""

    API = "api", "Giao diện lập trình", "Programming interface"
    CALENDAR = "calendar", "Lịch", "Calendar feed"
