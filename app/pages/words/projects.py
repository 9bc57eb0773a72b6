"""What the pages about projects and phases say."""

from app.domain.words import Term


class Projects(Term):
    # The list
    TITLE = "title", "Dự án điện gió", "Wind projects"
    INTRO = (
        "intro",
        "{n} dự án. Đơn vị MW; mỗi cột là một thước đo riêng, không cộng các cột với nhau.",
        "{n} projects. In MW; each column is a measure of its own, columns are never added.",
    )
    NARROW = "narrow", "Lọc và sắp xếp", "Narrow and order"
    NAME_HELP = (
        "name_help",
        "Không cần gõ dấu: “thanh hai” tìm thấy “Thạnh Hải”.",
        "Accents are not needed: “thanh hai” finds “Thạnh Hải”.",
    )
    BY_NAME = "by_name", "Tên hoặc mã", "Name or code"
    ORDER = "order", "Sắp xếp theo", "Order by"
    STAGE = "stage", "Tình trạng", "Stage"
    APPLY = "apply", "Áp dụng", "Apply"
    RESET = "reset", "Bỏ lọc", "Clear"
    NONE_FOUND = "none_found", "Không có dự án nào khớp bộ lọc.", "No project matches."
    NAME = "name", "Dự án, giai đoạn", "Project, phase"
    WAITING = "waiting", "Đang chờ", "Waiting"
    NEXT_COD = "next_cod", "COD", "COD"
    COD_SINCE = "cod_since", "đã COD", "operating since"
    COD_FORECAST = "cod_forecast", "dự báo", "forecast"
    COD_PLANNED = "cod_planned", "kế hoạch", "planned"
    NOT_IN_TOTALS = "not_in_totals", "không tính vào tổng", "not in the totals"
    LIST_PAGES = "list_pages", "Các trang của danh sách", "Pages of the list"
    # Head
    PROJECT_OF = "project_of", "Dự án {name}", "Project {name}"
    PLACE = "place", "Địa điểm", "Place"
    INVESTOR = "investor", "Chủ đầu tư", "Investor"
    SITING = "siting", "Vị trí", "Siting"
    PRICE = "price", "Cơ chế giá", "Price regime"
    NOMINAL_HELP = "nominal_help", "công suất trên giấy tờ", "the size on paper"
    TURBINE_SUM = "turbine_sum", "Tổng công suất tua-bin", "Sum of turbines"
    OPERATING = "operating", "Đang vận hành", "In operation"
    COD_GOAL = "cod_goal", "COD kế hoạch", "Planned COD"
    COD_EXPECTED = "cod_expected", "COD dự báo", "Forecast COD"
    COD_DONE = "cod_done", "Toàn bộ đã vận hành", "All of it operates"
    NO_FORECAST = "no_forecast", "chưa tính được", "cannot be computed yet"
    GOAL_FROM_TARGET = "goal_from_target", "lấy theo hạn của mục tiêu", "the target's due day"
    FLOAT = "float", "Dự trữ", "Float"
    FLOAT_LEFT = "float_left", "còn dư", "to spare"
    FLOAT_LATE = "float_late", "muộn so với kế hoạch", "after the goal"
    PUBLIC_ONLY = (
        "public_only",
        "Đây là phần công khai. Tua-bin, đợt COD, mốc tiến độ và lịch sử chỉ hiển thị cho chủ đầu tư, Sở Công Thương và EVN SPC.",
        "This is the public part. Turbines, tranches, milestones and history are shown to the investor, the department and EVN SPC.",
    )
    SOURCES_HINT = "sources_hint", "Nguồn", "Sources"
    PHASES = "phases", "Các giai đoạn", "Phases"
    NO_PHASES = "no_phases", "Dự án chưa có giai đoạn nào.", "The project has no phase yet."
    ON_THIS_PAGE = "on_this_page", "Trên trang này", "On this page"
    LADDER = "ladder", "Bậc thang công suất", "Capacity ladder"
    LADDER_HINT = (
        "ladder_hint",
        "Thanh đầy là công suất danh định {mw} MW.",
        "A full bar is the nominal {mw} MW.",
    )
    # What the MW wait for
    WAITS = "waits", "MW đang chờ gì", "What the MW wait for"
    WAITS_FOR = "waits_for", "{mw} MW đang chờ", "{mw} MW wait for"
    WAITS_NOMINAL = "waits_nominal", "tính theo công suất danh định", "taken from the nominal size"
    NOTHING_WAITS = "nothing_waits", "Không còn MW nào phải chờ.", "No MW wait any more."
    SIZE_UNKNOWN = (
        "size_unknown",
        "Chưa biết công suất nên chưa tính được số MW đang chờ.",
        "The size is not known, so neither are the MW that wait.",
    )
    CHAIN = "chain", "Chuỗi quyết định ngày COD", "The chain that decides the COD"
    CHAIN_HINT = (
        "chain_hint",
        "Việc đứng đầu trễ một ngày thì COD trễ một ngày.",
        "A day lost on the first step is a day lost on the COD.",
    )
    CHAIN_FIRST = "chain_first", "đang chờ việc này", "waited for now"
    CHAIN_HIDDEN = (
        "chain_hidden",
        "{n} bước của đơn vị khác không hiển thị.",
        "{n} steps of others are not shown.",
    )
    NO_CHAIN = (
        "no_chain",
        "Chưa áp dụng bộ mốc cho giai đoạn này nên chưa biết việc gì quyết định ngày COD.",
        "No milestones are applied to this phase, so what decides its COD is not known.",
    )
    # Turbines
    TURBINES = "turbines", "Tua-bin", "Turbines"
    TURBINES_COUNT = "turbines_count", "{n} tua-bin, {mw} MW", "{n} turbines, {mw} MW"
    NO_TURBINES = "no_turbines", "Chưa có danh sách tua-bin.", "No turbine is listed yet."
    TURBINES_ON_PAPER = (
        "turbines_on_paper",
        "Sổ đăng ký ghi {n} tua-bin loại {mw} MW.",
        "The register says {n} turbines of {mw} MW.",
    )
    TURBINES_TABLE = "turbines_table", "Danh sách tua-bin", "The turbines as a table"
    NUMBER = "number", "Số hiệu", "Number"
    STATE = "state", "Trạng thái", "State"
    MODEL = "model", "Loại tua-bin", "Model"
    INSTALLED_ON = "installed_on", "Lắp đặt", "Installed"
    ENERGISED_ON = "energised_on", "Ngày đóng điện", "Energised"
    SYNCHRONISED_ON = "synchronised_on", "Hòa lưới", "Synchronised"
    TESTED_ON = "tested_on", "Thử nghiệm", "Tested"
    TRANCHE = "tranche", "Đợt COD", "Tranche"
    EDIT_TURBINE = "edit_turbine", "Sửa tua-bin {number}", "Edit turbine {number}"
    # Tranches
    TRANCHES = "tranches", "Các đợt COD", "COD tranches"
    NO_TRANCHES = "no_tranches", "Chưa có đợt COD nào.", "No COD tranche yet."
    DECLARE = "declare", "Khai báo đợt COD", "Declare a tranche"
    EFFECTIVE = "effective", "Ngày COD", "Effective"
    LETTER = "letter", "Công văn", "Letter"
    NO_LETTER = "no_letter", "chưa có văn bản", "no letter"
    TURBINES_IN = "turbines_in", "Tua-bin trong đợt", "Turbines in it"
    DECIDE_BY = (
        "decide_by",
        "chờ từ {since}, hạn quyết định {day}",
        "waiting since {since}, decision due {day}",
    )
    DAYS_LEFT = "days_left", "còn {n} ngày", "{n} days left"
    DAYS_OVER = "days_over", "quá hạn {n} ngày", "{n} days overdue"
    DECIDE = "decide", "Mở đợt {code}", "Open tranche {code}"
    UNSPLIT = (
        "unsplit",
        "Đợt COD chưa tách theo giai đoạn",
        "Tranches not split over phases",
    )
    # Milestones
    MILESTONES = "milestones", "Mốc tiến độ", "Milestones"
    NO_MILESTONES = "no_milestones", "Chưa áp dụng bộ mốc.", "No milestones are applied yet."
    GROUP_DONE = "group_done", "{done}/{all} xong", "{done} of {all} done"
    GROUP_LATE = "group_late", "{n} chậm", "{n} late"
    KEY_PROMISED = "key_promised", "Mốc cơ sở (hoặc kế hoạch)", "Baseline (or plan)"
    KEY_FORECAST = "key_forecast", "Dự báo", "Forecast"
    KEY_DONE = "key_done", "Hoàn thành", "Done"
    KEY_LATE = "key_late", "Chậm so với mốc cơ sở", "Behind the baseline"
    KEY_CRITICAL = "key_critical", "Quyết định ngày COD", "Decides the COD"
    KEY_TODAY = "key_today", "Hôm nay", "Today"
    DONE_ON = "done_on", "xong {day}", "done {day}"
    FORECAST_ON = "forecast_on", "dự báo {day}", "forecast {day}"
    EARLIEST_ON = "earliest_on", "sớm nhất {day}", "earliest {day}"
    NO_DATE = "no_date", "chưa có ngày", "no date"
    LATE_BY = "late_by", "chậm {n} ngày", "{n} days late"
    MILESTONES_TABLE = "milestones_table", "Bảng mốc tiến độ", "Milestones as a table"
    MILESTONE = "milestone", "Mốc", "Milestone"
    BASELINE = "baseline", "Mốc cơ sở", "Baseline"
    PLAN = "plan", "Kế hoạch", "Plan"
    FORECAST = "forecast", "Dự báo đã nêu", "Stated forecast"
    EARLIEST = "earliest", "Sớm nhất có thể", "Earliest possible"
    ACTUAL = "actual", "Thực tế", "Actual"
    LATE = "late", "Chậm (ngày)", "Late (days)"
    CHART_HINT = (
        "chart_hint",
        "Việc chưa có dự báo: ngày sớm nhất có thể, tính từ thời hạn mẫu và các bước đứng trước.",
        "What has no forecast shows the earliest possible day, from the template's durations and the steps before.",
    )
    # Works
    WORKS = "works", "Lưới điện cần có", "Grid works it needs"
    NO_WORKS = (
        "no_works",
        "Chưa gắn công trình lưới nào với giai đoạn này.",
        "No grid work is tied to this phase yet.",
    )
    WORK = "work", "Công trình", "Work"
    NEEDED_FOR = "needed_for", "Cần để làm gì", "Needed for"
    PROGRESS = "progress", "Tiến độ", "Progress"
    ENERGISATION = "energisation", "Đóng điện", "Energisation"
    ENERGISED = "energised", "đã đóng điện {day}", "energised {day}"
    EXPECTED = "expected", "dự kiến {day}", "expected {day}"
    # Land, documents, obstacles
    LAND = "land", "Giải phóng mặt bằng của dự án", "Land of the project itself"
    NO_LAND = "no_land", "Chưa có gói mặt bằng riêng.", "No land package of its own."
    PACKAGE = "package", "Gói", "Package"
    TRACK = "track", "Hình thức", "Track"
    DOCUMENTS = "documents", "Văn bản", "Documents"
    NO_DOCUMENTS = "no_documents", "Chưa có văn bản nào.", "No document yet."
    ISSUED = "issued", "Ngày ban hành", "Issued"
    ISSUER = "issuer", "Cơ quan ban hành", "Issuer"
    VALID_UNTIL = "valid_until", "Hiệu lực đến", "Valid until"
    HAS_FILE = "has_file", "có tệp", "with file"
    OBSTACLES = "obstacles", "Vướng mắc đang mở", "Open obstacles"
    NO_OBSTACLES = "no_obstacles", "Không có vướng mắc đang mở.", "No open obstacle."
    OBSTACLE = "obstacle", "Vướng mắc", "Obstacle"
    RESPONSIBLE = "responsible", "Đơn vị xử lý", "Who must act"
    DUE = "due", "Hạn", "Due"
    # History
    HISTORY = "history", "Lịch sử", "History"
    HISTORY_OF = "history_of", "Lịch sử: {name}", "History: {name}"
    HISTORY_HINT = (
        "history_hint",
        "Mọi thay đổi của giai đoạn, tua-bin, đợt COD, mốc và văn bản của nó, mới nhất trước.",
        "Every change of the phase, its turbines, tranches, milestones and documents, newest first.",
    )
    NO_HISTORY = "no_history", "Chưa có gì được ghi.", "Nothing is recorded yet."
    ALL_HISTORY = "all_history", "Toàn bộ lịch sử", "The whole history"
    WHEN = "when", "Lúc", "When"
    WHO = "who", "Ai", "Who"
    WHAT = "what", "Việc gì", "What"
    CHANGE = "change", "Từ → thành", "From → to"
    DOCUMENT = "document", "Văn bản kèm theo", "Document"
    HELD = "held", "vướng", "held up"
    HISTORY_PAGES = "history_pages", "Các trang lịch sử", "Pages of the history"


class TurbineState(Term):
    """How far a turbine has come, the most first; computed from its days and its tranche, never typed."""

    RECOGNISED = "recognised", "Đã công nhận COD", "COD recognised"
    AT_RISK = "at_risk", "Công nhận có điều kiện", "Recognised with conditions"
    SUSPENDED = "suspended", "Tạm ngừng công nhận", "Recognition suspended"
    DISPUTED = "disputed", "Khai báo không được chấp nhận", "Declaration disputed"
    DECLARED = "declared", "Đã khai báo, chờ xác nhận", "Declared, waiting"
    TESTED = "tested", "Thử nghiệm đạt", "Tests passed"
    SYNCHRONISED = "synchronised", "Đã hòa lưới", "Synchronised"
    ENERGISED = "energised", "Đã đóng điện", "Energised"
    INSTALLED = "installed", "Đã lắp đặt", "Installed"
    NOT_YET = "not_yet", "Chưa lắp đặt", "Not installed"


class TurbineLetter(Term):
    """The letter of each state in the grid, under the state's code."""

    RECOGNISED = "recognised", "C", "C"
    AT_RISK = "at_risk", "Đ", "R"
    SUSPENDED = "suspended", "N", "S"
    DISPUTED = "disputed", "X", "X"
    DECLARED = "declared", "K", "D"
    TESTED = "tested", "T", "T"
    SYNCHRONISED = "synchronised", "H", "Y"
    ENERGISED = "energised", "E", "E"
    INSTALLED = "installed", "L", "I"
    NOT_YET = "not_yet", "–", "–"
