"""What the pages about grid works and about what holds MW back say."""

from app.domain.words import Term


class Grid(Term):
    # The list
    TITLE = "title", "Công trình lưới điện", "Grid works"
    LEAD = (
        "lead",
        "Đường dây, trạm biến áp và ngăn lộ mà các nhà máy điện gió chờ để phát điện.",
        "Lines, substations and bays that the wind plants wait for.",
    )
    TABLE = "table", "Các công trình", "The works"
    WORK = "work", "Công trình", "Work"
    KIND = "kind", "Loại", "Kind"
    DISTRICT = "district", "Huyện", "District"
    VOLTAGE = "voltage", "Điện áp", "Voltage"
    WAITING = "waiting", "MW chờ công trình", "MW waiting for it"
    ENERGISED = "energised", "Đóng điện", "Energised"
    PLANNED = "planned", "Kế hoạch", "Planned"
    FORECAST = "forecast", "Dự báo", "Forecast"
    ALL_KINDS = "all_kinds", "Mọi loại", "Every kind"
    NONE_LISTED = "none_listed", "Chưa có công trình nào.", "No work is listed yet."
    WAITING_HINT = (
        "waiting_hint",
        "MW chờ: công suất chưa vận hành của các giai đoạn cần công trình; một giai đoạn có thể chờ nhiều công trình, không cộng các dòng.",
        "MW waiting: capacity not operating yet of the phases that need the work; one phase may wait for several, so lines are not added up.",
    )
    PUBLIC_HINT = (
        "public_hint",
        "Tiến độ từng vị trí, ngày đóng điện và MW chờ dành cho người đã đăng nhập.",
        "Progress by position, energisation and waiting MW are for those who are signed in.",
    )
    # What the grid can evacuate
    EVACUATION = "evacuation", "Khả năng giải tỏa công suất", "What the grid can evacuate"
    USABLE = "usable", "Giải tỏa được hôm nay", "Usable today"
    OF_OPERATING = "of_operating", "trong {mw} MW đang vận hành", "of {mw} MW in operation"
    NO_LIMIT = "no_limit", "chưa có giới hạn nào được nêu", "no limit is stated"
    GROUP = "group", "Nhóm, nút lưới", "Group of the grid"
    LIMIT = "limit", "Giới hạn", "Limit"
    SINCE = "since", "từ {day}", "from {day}"
    OPERATING = "operating", "Đang vận hành", "Operating"
    HEADROOM = "headroom", "Còn dư", "Headroom"
    ALL_BUILT = "all_built", "Khi đủ công suất", "Once all is built"
    SHORT = "short", "Thiếu", "Short"
    EVACUATION_HINT = (
        "evacuation_hint",
        "Luồng công suất lớn nhất qua các giới hạn đang có hiệu lực. “Khi đủ công suất”: mọi giai đoạn trong sổ đều vận hành, lưới như hôm nay.",
        "The largest flow through the limits in force. “Once all is built”: every phase of the register operates, the grid as today.",
    )
    # One work
    PLACE_DAY = "place_day", "Tính đến hết ngày {day}", "As of the end of {day}"
    AS_OF = "as_of", "Xem tại hết ngày", "Look at the end of"
    LOOK = "look", "Xem", "Look"
    KM = "km", "{km} km", "{km} km"
    PERCENT = "percent", "Khối lượng có trọng số", "Weighted progress"
    IS_ENERGISED = "is_energised", "đã đóng điện", "energised"
    LEAST_FLOAT = "least_float", "dự trữ {n} ngày", "{n} days of float"
    BEHIND = "behind", "chậm {n} ngày so với hạn", "{n} days too late"
    ENTER_WEEK = "enter_week", "Nhập tiến độ tuần", "Enter the week"
    SIGNED_IN_ONLY = (
        "signed_in_only",
        "Chỉ phần tóm tắt được công khai. Hãy đăng nhập bằng tài khoản của đơn vị liên quan để xem từng vị trí.",
        "Only the summary is public. Sign in as one of the parties to see position by position.",
    )
    # The strip
    STRIP = "strip", "Tuyến theo từng vị trí", "The line, position by position"
    STRIP_DESC = (
        "strip_desc",
        "{towers} vị trí cột và {sections} khoảng néo theo thứ tự tuyến. Số liệu nằm trong bảng bên dưới.",
        "{towers} tower positions and {sections} tension sections in line order. The figures stand in the table below.",
    )
    NO_UNITS = (
        "no_units",
        "Chưa có danh sách vị trí cột, khoảng néo.",
        "No tower positions or sections are listed yet.",
    )
    UNPLACED = (
        "unplaced",
        "{n} khoảng néo chưa nêu hai cột đầu cuối, chỉ có trong bảng.",
        "{n} sections without stated end towers stand in the table alone.",
    )
    AS_TABLE = "as_table", "Từng vị trí, khoảng néo dạng bảng", "Every position and section as a table"
    UNIT = "unit", "Vị trí, khoảng néo", "Unit"
    COMMUNE = "commune", "Xã", "Commune"
    HELD = "held", "Đang vướng", "Held up"
    HELD_CAPTION = (
        "held_caption",
        "{n} vị trí, khoảng néo đang vướng, theo thứ tự tuyến",
        "{n} units held up, along the line",
    )
    NONE_HELD = "none_held", "Không có vị trí nào đang vướng.", "No unit is held up."
    STAGE = "stage", "Công đoạn", "Stage"
    SINCE_DAY = "since_day", "Từ ngày", "Since"
    CAUSE = "cause", "Nguyên nhân", "Cause"
    HOUSEHOLDS = "households", "Hộ chưa bàn giao", "Households open"
    # Counts
    COUNTS = "counts", "Khối lượng X/Y", "Counts X/Y"
    DONE_OF = "done_of", "Đã xong", "Done"
    IN_PROGRESS = "in_progress", "Đang làm", "Under way"
    SHARE = "share", "Tỷ lệ", "Share"
    WEIGHT = "weight", "Trọng số", "Weight"
    REPORTED = "reported", "Đơn vị báo cáo", "As reported"
    REPORTED_ON = "reported_on", "ngày {day}", "on {day}"
    COUNTS_HINT = (
        "counts_hint",
        "X đếm từ từng vị trí, không nhập tay. Đóng điện có trọng số {weight}%. Số đơn vị báo cáo đứng cạnh và không được tính.",
        "X is counted from the units, never typed. Energisation weighs {weight}%. What was reported stands beside it and does not count.",
    )
    # Pace
    PACE = "pace", "Nhịp độ và dự báo", "Pace and forecast"
    PER_WEEK = "per_week", "Mỗi tuần", "A week"
    LEFT = "left", "Còn lại", "Left"
    ALL_BUT = "all_but", "Trừ {n} đang vướng", "All but {n} held"
    ALL_DONE = "all_done", "Tất cả", "All"
    BY_DAY = "by_day", "khoảng {day}", "about {day}"
    FROM_TO = "from_to", "từ {first} đến {last}", "{first} to {last}"
    FROM_ONLY = "from_only", "sớm nhất {first}, muộn nhất chưa rõ", "earliest {first}, latest unknown"
    NO_PACE = "no_pace", "chưa đủ số liệu để dự báo", "too little is known to forecast"
    PACE_HINT = (
        "pace_hint",
        "Theo tốc độ tối đa {weeks} tuần gần nhất. Nhịp độ không nói được khi nào vị trí đang vướng được tháo gỡ.",
        "By up to the last {weeks} weeks. The pace cannot say when units that are held will be free.",
    )
    # What hangs on it
    NEEDED_BY = "needed_by", "Giai đoạn cần công trình", "Phases that need it"
    NO_NEEDS = "no_needs", "Chưa ghi giai đoạn nào cần công trình.", "No phase is recorded as needing it."
    MILESTONES = "milestones", "Mốc tiến độ", "Milestones"
    MILESTONE = "milestone", "Mốc", "Milestone"
    BASELINE = "baseline", "Mốc cơ sở", "Baseline"
    ACTUAL = "actual", "Thực tế", "Actual"
    STATUS = "status", "Tình trạng", "Status"
    LATE_BY = "late_by", "trễ {n} ngày", "{n} days late"
    NO_MILESTONES = "no_milestones", "Chưa có mốc nào.", "No milestones yet."
    PROMISED = "promised", "Cam kết", "Commitments"
    ALL_PROMISED = "all_promised", "Mọi cam kết của công trình", "Every commitment of this work"
    PACKAGES = "packages", "Gói mặt bằng", "Land packages"


class Holds(Term):
    TITLE = "title", "Vì sao mục tiêu {mw} MW có rủi ro", "Why the {mw} MW target is at risk"
    TITLE_PLAIN = "title_plain", "Những gì đang giữ MW lại", "What holds the MW back"
    GAP = (
        "gap",
        "Còn thiếu {mw} MW so với mục tiêu, theo nguyên nhân",
        "{mw} MW missing from the target, by cause",
    )
    GAP_DESC = (
        "gap_desc",
        "Thanh {mw} MW chia theo nguyên nhân; số liệu trong bảng bên dưới.",
        "A bar of {mw} MW split by cause; the figures stand in the table below.",
    )
    GAP_HINT = (
        "gap_hint",
        "Thanh theo thứ tự của bảng. Mỗi MW được tính một lần, cho việc đầu tiên mà giai đoạn đang chờ trên đường găng đến COD.",
        "The bar has the order of the table. Each MW counts once, for the first thing its phase waits for on the driving chain to its COD.",
    )
    NOMINAL = (
        "nominal",
        "Công suất chưa vận hành được lấy từ quy mô danh định khi chưa đủ danh sách tua-bin.",
        "What does not operate yet is taken from nominal sizes where turbines are not all listed.",
    )
    SURPLUS = (
        "surplus",
        "Ngoài phần còn thiếu, sổ đăng ký còn có thể mang lại {mw} MW.",
        "Beyond the gap the register could bring {mw} MW more.",
    )
    CAUSE = "cause", "Nguyên nhân", "Cause"
    PHASES = "phases", "Giai đoạn", "Phases"
    SHARE = "share", "Phần", "Share"
    MET = "met", "Mục tiêu đã đạt.", "The target is met."
    NO_TARGET = "no_target", "Chưa đặt mục tiêu nào.", "No target is set."
    # What each phase waits for
    WAITS = "waits", "Từng giai đoạn đang chờ gì", "What each phase waits for"
    FORECAST_COD = "forecast_cod", "Dự báo COD", "Forecast COD"
    GOAL = "goal", "Mục tiêu COD", "COD goal"
    FIRST_STEP = "first_step", "Việc đầu tiên trên đường găng", "First step on its critical path"
    NOT_KNOWN = "not_known", "chưa có mốc tiến độ", "no milestones yet"
    # The path
    PATH = "path", "Đường găng đến mục tiêu", "Critical path to the target"
    PATH_OF = "path_of", "Đường găng của {name}", "Critical path of {name}"
    PATH_LEAD = (
        "path_lead",
        "{name} là giai đoạn cuối cùng cần để đủ MW: dự báo COD {forecast}.",
        "{name} is the last phase needed to fill the gap: forecast COD {forecast}.",
    )
    PATH_OWN = (
        "path_own",
        "Dự báo COD {forecast}, muộn nhất trong các giai đoạn của bạn.",
        "Forecast COD {forecast}, the latest of your phases.",
    )
    TOO_LATE = "too_late", "Chậm {n} ngày so với {day}.", "{n} days after {day}."
    IN_TIME = "in_time", "Còn {n} ngày dự trữ đến {day}.", "{n} days of float until {day}."
    STEP_BY = "step_by", "sớm nhất {day}", "{day} at the earliest"
    HIDDEN = (
        "hidden",
        "Một số việc thuộc đơn vị khác nên không hiển thị.",
        "Some steps belong to others and are not shown.",
    )
    NO_PATH = "no_path", "Chưa có đường găng nào tính được.", "No critical path can be told yet."
    # What most MW wait for
    RANKED = "ranked", "Nhiều MW chờ nhất", "What most MW wait for"
    OBSTACLES = "obstacles", "Vướng mắc đã nêu", "Obstacles raised"
    RAISE = "raise", "Nêu vướng mắc mới", "Raise a new one"
    OBSTACLE = "obstacle", "Vướng mắc", "Obstacle"
    SUBJECT = "subject", "Ở đâu", "On what"
    RESPONSIBLE = "responsible", "Ai giải quyết", "Who must act"
    DUE = "due", "Hạn", "Due"
    MOVED = "moved", "Số lần lùi", "Times moved"
    AGE = "age", "Tuổi", "Age"
    DAYS = "days", "{n} ngày", "{n} days"
    OVERDUE = "overdue", "quá hạn {n} ngày", "{n} days overdue"
    NO_OBSTACLES = "no_obstacles", "Chưa có vướng mắc nào được nêu.", "No obstacle is raised."
    LAND = "land", "Mặt bằng chưa bàn giao theo xã", "Land not handed over, by commune"
    WORK = "work", "Công trình", "Work"
    COMMUNE = "commune", "Xã", "Commune"
    UNKNOWN_COMMUNE = "unknown_commune", "chưa rõ xã", "commune not known"
    OPEN_UNITS = "open_units", "Chưa bàn giao", "Not handed over"
    HELD_UNITS = "held_units", "Đang vướng", "Held up"
    FLOAT = "float", "Dự trữ", "Float"
    NO_LAND = "no_land", "Không có vị trí nào chưa bàn giao.", "No unit is still to be handed over."
    LATE_BY_MW = "late_by_mw", "Mốc trễ có nhiều MW chờ nhất", "Late milestones with most MW waiting"
    MILESTONE = "milestone", "Mốc", "Milestone"
    PROMISED = "promised", "Đã hẹn", "Promised"
    EARLIEST = "earliest", "Sớm nhất nay", "Earliest now"
    MW = "mw", "MW chờ", "MW waiting"
    # Lists
    LATE = "late", "Mốc đã trễ", "Late milestones"
    SOON = "soon", "Mốc đến hạn trong {n} ngày", "Milestones due within {n} days"
    EXPECTED = "expected", "Dự kiến", "Expected"
    LATE_DAYS = "late_days", "Trễ", "Late by"
    ALL_IN_TIME = "all_in_time", "Không có mốc nào trễ.", "No milestone is late."
    NONE_SOON = "none_soon", "Không có mốc nào sắp đến hạn.", "No milestone is due soon."
    NEXT = "next", "Các mốc tiếp theo", "The next milestones"
    FROM_START = "from_start", "Về đầu danh sách", "Back to the start of the list"
    LOOK_AT = "look_at", "Xem thêm", "See also"
