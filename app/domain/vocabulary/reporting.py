"""Words of what stands behind a milestone or against it: documents, obstacles, reports."""

from app.domain.words import Term


class DocumentKind(Term):
    """The kinds of documents that prove a step (evidence types of the templates)."""

    DECISION = "decision", "Quyết định (QĐ)", "Decision"
    LETTER = "letter", "Công văn", "Official letter"
    RESOLUTION = "resolution", "Nghị quyết (NQ)", "Resolution"
    LICENCE = "licence", "Giấy phép", "Licence or permit"
    CERTIFICATE = "certificate", "Giấy chứng nhận", "Certificate"
    AGREEMENT = "agreement", "Thỏa thuận / văn bản thỏa thuận", "Agreement"
    CONTRACT = "contract", "Hợp đồng / phụ lục hợp đồng", "Contract or annex"
    MINUTES = "minutes", "Biên bản", "Minutes"
    NOTICE = "notice", "Thông báo", "Notice"
    REPORT = "report", "Báo cáo", "Report"
    PROPOSAL = "proposal", "Tờ trình", "Proposal"
    FORM = "form", "Phiếu đăng ký / phiếu công tác", "Registration or work form"
    PAYMENT = "payment", "Chứng từ chi trả", "Proof of payment"
    PHOTO = "photo", "Ảnh hiện trường có tọa độ và thời gian", "Site photo with place and time"
    DATA = "data", "Dữ liệu đo / SCADA / công tơ", "Metering or SCADA data"


class FileType(Term):
    """What the file of a document may be, by its media type."""

    PDF = "application/pdf", "Tệp PDF", "PDF file"
    PNG = "image/png", "Ảnh PNG", "PNG image"
    JPEG = "image/jpeg", "Ảnh JPEG", "JPEG image"


class Expiry(Term):
    """How soon a document expires; computed, never typed. The last day of its validity still counts."""

    EXPIRED = "expired", "Đã hết hiệu lực", "Expired"
    WITHIN_30 = "within_30", "Còn không quá 30 ngày", "Within 30 days"
    WITHIN_60 = "within_60", "Còn từ 31 đến 60 ngày", "Within 60 days"
    WITHIN_90 = "within_90", "Còn từ 61 đến 90 ngày", "Within 90 days"
    LATER = "later", "Còn hơn 90 ngày", "Later than 90 days"
    NONE = "none", "Không ghi thời hạn", "No end of validity stated"


class DelayCause(Term):
    """Why a date moves, and what an obstacle is about (domain rules 4.4)."""

    LAND_PRICE = "land_price", "Không đồng ý đơn giá", "Price not agreed"
    LAND_ORIGIN = "land_origin", "Nguồn gốc, ranh giới, tranh chấp đất", "Origin, limits or dispute of land"
    LAND_USE_CHANGE = "land_use_change", "Chuyển mục đích sử dụng đất", "Change of land use"
    NO_RECOVERY_DECISION = (
        "no_recovery_decision",
        "Chưa có quyết định thu hồi, phương án",
        "No recovery decision or plan yet",
    )
    UNPAID = "unpaid", "Chưa chi trả, thiếu kinh phí", "Not paid, money short"
    OBSTRUCTION = "obstruction", "Hộ dân cản trở thi công", "Work stopped by households"
    RELOCATION_ASKED = (
        "relocation_asked",
        "Đề nghị dời vị trí trụ, điều chỉnh tuyến",
        "Asked to move a tower or the route",
    )
    HOUSE_IN_CORRIDOR = "house_in_corridor", "Nhà ở trong hành lang", "House in the corridor"
    CROPS = "crops", "Cây trồng, thủy sản", "Crops, aquaculture"
    CROSSING = "crossing", "Giao chéo, cắt điện", "Crossing, outage"
    MATERIALS = "materials", "Chậm cấp vật tư, thiết bị", "Materials or equipment late"
    CONTRACTOR = "contractor", "Năng lực nhà thầu", "Contractor's capacity"
    WEATHER = "weather", "Thời tiết, gió, sóng", "Weather, wind, waves"
    INVESTMENT_PROCEDURE = (
        "investment_procedure",
        "Gia hạn chủ trương, thủ tục đầu tư",
        "Investment procedure, extension",
    )
    ACCEPTANCE = "acceptance", "Nghiệm thu chưa được chấp thuận", "Acceptance not given"
    LICENCE = "licence", "Giấy phép hoạt động điện lực", "Generation licence"
    POWER_PRICE = "power_price", "Giá điện, PPA", "Power price, PPA"
    EVACUATION = "evacuation", "Quá tải, giải tỏa công suất", "Evacuation, overload"
    CONNECTION = "connection", "Thỏa thuận đấu nối", "Connection agreement"
    FINANCE = "finance", "Tài chính của chủ đầu tư", "Investor's finance"
    PREDECESSOR = "predecessor", "Mốc trước bị chậm", "A step before it is late"
    OTHER = "other", "Nguyên nhân khác", "Other"


class ObstacleAct(Term):
    """What one entry in an obstacle's history does."""

    RAISED = "raised", "Nêu vướng mắc", "Raised"
    POSTPONED = "postponed", "Lùi hạn xử lý", "Deadline moved"
    REASSIGNED = "reassigned", "Đổi đơn vị xử lý", "Handed to another"
    CLOSED = "closed", "Đã giải quyết", "Closed"
    REOPENED = "reopened", "Phát sinh trở lại", "Reopened"


class Party(Term):
    """Who must act on an obstacle: the roles of the milestone templates, under the codes they have there."""

    INV = "INV", "Chủ đầu tư nhà máy", "Wind investor / project company"
    SCT = "SCT", "Sở Công Thương", "Department of Industry and Trade (DOIT)"
    UBT = "UBT", "UBND tỉnh", "Provincial People's Committee"
    HDT = "HDT", "HĐND tỉnh", "Provincial People's Council"
    UBH = "UBH", "UBND huyện", "District People's Committee"
    UBX = "UBX", "UBND xã/thị trấn", "Commune People's Committee"
    HDBT = (
        "HDBT",
        "Hội đồng bồi thường / Trung tâm Phát triển quỹ đất",
        "Compensation council / Land Fund Development Centre",
    )
    STNMT = "STNMT", "Sở Tài nguyên và Môi trường", "Department of Natural Resources and Environment"
    SKHDT = "SKHDT", "Sở Kế hoạch và Đầu tư", "Department of Planning and Investment"
    SXD = "SXD", "Sở Xây dựng", "Department of Construction"
    TTG = "TTG", "Thủ tướng Chính phủ", "Prime Minister"
    BCT = "BCT", "Bộ Công Thương", "Ministry of Industry and Trade (MOIT)"
    EREA = "EREA", "Cục Điện lực và Năng lượng tái tạo", "Electricity and Renewable Energy Authority (MOIT)"
    ERAV = "ERAV", "Cục Điều tiết điện lực", "Electricity Regulatory Authority (MOIT)"
    BTNMT = "BTNMT", "Bộ Tài nguyên và Môi trường", "Ministry of Natural Resources and Environment"
    BQP = "BQP", "Bộ Quốc phòng / Bộ CHQS tỉnh", "Defence authorities"
    PCCC = "PCCC", "Cảnh sát PCCC và CNCH", "Fire police"
    HH = "HH", "Cảng vụ / Sở GTVT", "Maritime or inland-waterway authority"
    EVN = "EVN", "Tập đoàn Điện lực Việt Nam", "Vietnam Electricity"
    EPTC = "EPTC", "Công ty Mua bán điện (EVNEPTC)", "Electric Power Trading Company"
    A0 = "A0", "Trung tâm Điều độ HTĐ Quốc gia (A0)", "National Load Dispatch Centre"
    A2 = "A2", "Trung tâm Điều độ HTĐ miền Nam (A2)", "Southern Regional Load Dispatch Centre"
    NPT = "NPT", "Tổng công ty Truyền tải điện Quốc gia (EVNNPT)", "National Power Transmission Corporation"
    SPC = "SPC", "Tổng công ty Điện lực miền Nam (EVN SPC)", "EVN Southern Power Corporation"
    PMB = "PMB", "Ban Quản lý dự án Điện lực miền Nam (EVN SPC)", "SPC project management board"
    PCBT = "PCBT", "Công ty Điện lực Bến Tre", "Ben Tre Power Company"
    NT = "NT", "Nhà thầu thi công", "Contractor"
    TVGS = "TVGS", "Tư vấn giám sát", "Supervision consultant"
    TTN = "TTN", "Đơn vị thí nghiệm", "Testing body"


class ObstacleState(Term):
    """Where an obstacle stands on a day; computed, never typed."""

    OPEN = "open", "Đang xử lý", "Open"
    OVERDUE = "overdue", "Quá hạn", "Overdue"
    CLOSED = "closed", "Đã giải quyết", "Closed"


class ReportState(Term):
    """Where the report of one organisation for one period stands."""

    REPORTED = "reported", "Đã báo cáo", "Reported"
    DUE = "due", "Chưa đến giờ chốt", "Due"
    LATE = "late", "Quá giờ chốt", "Late"
    SILENT = "silent", "Không báo cáo từ hai kỳ trở lên", "Silent for two periods or more"


class Freshness(Term):
    """How old the last word of a reporter is; figures grey out by it."""

    FRESH = "fresh", "Mới", "Fresh"
    AGEING = "ageing", "Cũ dần", "Ageing"
    STALE = "stale", "Đã cũ", "Stale"
