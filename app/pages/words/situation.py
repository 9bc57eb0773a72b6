"""What the overview says below the number: why the target is at risk, what waits, what the week brought, who reports."""

from app.domain.words import Term


class Now(Term):
    WHY = "why", "Vì sao còn thiếu", "Why MW are missing"
    WHY_HINT = (
        "why_hint",
        "Mỗi MW còn thiếu tính một lần, vào việc đang giữ nó.",
        "Each missing MW counts once, for what holds it.",
    )
    NO_GAP = "no_gap", "Không còn thiếu MW nào.", "No MW are missing."
    SEE_BLOCKERS = "see_blockers", "Xem mọi vướng mắc", "See every blocker"
    LAND = "land", "Xã giữ nhiều MW nhất", "The commune that holds most MW"
    LAND_UNITS = (
        "land_units",
        "{n} vị trí, khoảng néo chưa bàn giao",
        "{n} towers and sections not handed over",
    )
    LAND_ON = "land_on", "trên {work}", "on {work}"
    NO_LAND = "no_land", "Không xã nào đang giữ MW.", "No commune holds MW."
    SEE_LAND = "see_land", "Xem mặt bằng theo xã", "See the land by commune"
    PROMISES = "promises", "Cam kết của tuần", "Promises of the week"
    KEPT_OF = "kept_of", "giữ được {kept} trong {total}", "{kept} of {total} kept"
    KEPT_LATE = "kept_late", "muộn {n}", "{n} late"
    KEPT_BROKEN = "kept_broken", "không giữ {n}", "{n} broken"
    KEPT_MOVED = "kept_moved", "lùi hạn {n}", "{n} put off"
    KEPT_OPEN = "kept_open", "còn hạn {n}", "{n} still open"
    NO_PROMISES = "no_promises", "Không có cam kết nào cho tuần này.", "Nothing was promised for the week."
    SEE_PROMISES = "see_promises", "Xem cam kết và ai đã hứa", "See the promises and who made them"
    SIGN_IN_HINT = (
        "sign_in_hint",
        "Vướng mắc theo MW, mặt bằng theo xã, cam kết, mốc chậm và tình trạng báo cáo hiện ra sau khi đăng nhập, theo quyền của từng đơn vị.",
        "Blockers by MW, land by commune, promises, late milestones and reporting show once you sign in, each organisation what it may see.",
    )
    SIGN_IN = "sign_in", "Đăng nhập để xem", "Sign in to see them"
    TOO_LARGE = (
        "too_large",
        "Sổ có quá nhiều giai đoạn để tính MW của từng vướng mắc ngay trên trang này: dưới đây là các vướng mắc đến hạn sớm nhất, MW của từng việc có ở trang của nó.",
        "The register has too many phases for MW behind each blocker to be found on this page: below are the obstacles due first; the page of each says its MW.",
    )
    # Blockers
    BLOCKERS = "blockers", "Vướng mắc giữ nhiều MW nhất", "What most MW wait for"
    BLOCKERS_HINT = (
        "blockers_hint",
        "MW của các dòng chồng lên nhau, không cộng lại: một giai đoạn có thể chờ nhiều việc.",
        "The MW of several lines overlap and are never added: a phase may wait for several things.",
    )
    WAITING = "waiting", "MW chờ", "MW waiting"
    WHAT = "what", "Việc đang chờ", "What is waited for"
    WHERE = "where", "Thuộc", "Part of"
    WHO = "who", "Ai xử lý", "Who acts"
    DUE = "due", "Hạn", "Due"
    KIND_OBSTACLE = "kind_obstacle", "Vướng mắc", "Obstacle"
    KIND_LAND = "kind_land", "Mặt bằng", "Land"
    KIND_MILESTONE = "kind_milestone", "Mốc", "Milestone"
    OF_PLACES = "of_places", "chưa bàn giao: {places}", "not handed over: {places}"
    NO_COMMUNE = "no_commune", "chưa rõ xã", "commune unknown"
    NOTHING_WAITS = "nothing_waits", "Không có vướng mắc nào đang mở.", "No blocker is open."
    OVERDUE = "overdue", "quá hạn", "overdue"
    NOMINAL = (
        "nominal",
        "MW lấy theo công suất danh định nơi chưa có danh sách tua-bin.",
        "MW are nominal where turbines are not listed.",
    )
    AND_STEPS = "and_steps", "và {n} mốc khác", "and {n} more steps"
    # The week
    WEEK = "week", "Thay đổi trong tuần", "What changed this week"
    WEEK_OF = "week_of", "Từ {first} đến {last}", "From {first} to {last}"
    AREA_COD = "area_cod", "Công nhận COD", "COD"
    AREA_HANDOVERS = "area_handovers", "Bàn giao mặt bằng", "Land handed over"
    AREA_MILESTONES = "area_milestones", "Các mốc", "Milestones"
    AREA_OBSTACLES = "area_obstacles", "Các vướng mắc", "Obstacles"
    GAINED_TOWERS = "gained_towers", "thêm vị trí {numbers}", "towers {numbers} handed over"
    GAINED_SECTIONS = "gained_sections", "thêm khoảng néo {numbers}", "sections {numbers} handed over"
    LOST_TOWERS = "lost_towers", "mất lại vị trí {numbers}", "towers {numbers} lost again"
    LOST_SECTIONS = "lost_sections", "mất lại khoảng néo {numbers}", "sections {numbers} lost again"
    QUIET = "quiet", "Không ghi nhận thay đổi nào.", "No change was recorded."
    QUIET_PUBLIC = (
        "quiet_public",
        "Không có COD nào được công nhận hay thay đổi.",
        "No COD was recognised or changed.",
    )
    AND_OTHERS = "and_others", "và {n} thay đổi khác", "and {n} more"
    CUT = (
        "cut",
        "Tuần này có quá nhiều thay đổi: chỉ những thay đổi mới nhất được đọc.",
        "The week has too many changes: only the newest were read.",
    )
    # Milestones
    DATES = "dates", "Mốc chậm và sắp đến hạn", "Late and due milestones"
    LATE = "late", "Chậm: {n}", "Late: {n}"
    SOON = "soon", "Đến hạn trong {days} ngày: {n}", "Due within {days} days: {n}"
    MORE_THAN = "more_than", "hơn {n}", "over {n}"
    NONE_LATE = "none_late", "Không mốc nào chậm.", "No milestone is late."
    NONE_SOON = "none_soon", "Không mốc nào sắp đến hạn.", "No milestone is due soon."
    EXPECTED = "expected", "dự kiến {day}", "expected {day}"
    PROMISED = "promised", "hạn {day}", "due {day}"
    SEE_DATES = "see_dates", "Xem mọi mốc chậm", "See every late milestone"
    NOT_OF_THEN = (
        "not_of_then",
        "Sổ quá lớn để dựng lại danh sách này cho một ngày đã qua.",
        "The register is too large for this list of a past day.",
    )
    # Reporting
    REPORTS = "reports", "Số liệu mới đến đâu", "How fresh the figures are"
    REPORTS_HINT = (
        "reports_hint",
        "Tính đến lúc này, nên không có trên trang của một ngày đã qua.",
        "As of this moment, so it is not on a page of a past day.",
    )
    ORGANISATION = "organisation", "Đơn vị", "Organisation"
    STATE = "state", "Báo cáo kỳ này", "Report of the period"
    MISSED = "missed", "Số kỳ thiếu", "Periods missed"
    LAST_WORD = "last_word", "Tin gần nhất", "Last word"
    DAYS_AGO = "days_ago", "{n} ngày trước", "{n} days ago"
    TODAY = "today", "hôm nay", "today"
    NEVER = "never", "chưa có", "none yet"
    PULLED = "pulled", "lấy từ hệ thống EVN SPC lúc {at}", "pulled from EVN SPC's system at {at}"
    NO_REPORTERS = "no_reporters", "Không đơn vị nào phải báo cáo.", "Nobody has to report."
    OTHERS_REPORT = "others_report", "và {n} đơn vị khác", "and {n} other organisations"
    FORECAST = "forecast", "Dự báo theo tiến độ", "Forecast by the schedule"
