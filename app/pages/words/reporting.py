"""What the pages say on which investors (and EVN SPC) report: their own work, and its forms."""

from app.domain.words import Term


class Reporting(Term):
    """The page of one's own work, and the progress report on it."""

    INTRO = (
        "intro",
        "Những gì đơn vị bạn cần làm trong tuần này, việc gấp đứng trước.",
        "What your organisation has to do this week, the urgent first.",
    )
    ATTENTION = "attention", "Bị trả lại", "Sent back"
    REASON = "reason", "Lý do", "Why"
    CORRECT_IT = "correct_it", "Khai báo lại", "Declare again"
    WAITING = "waiting", "Chờ bên khác xác nhận", "Waiting for a second key"
    WAITING_NONE = "waiting_none", "Không có gì đang chờ xác nhận.", "Nothing waits for confirmation."
    WAITS_SINCE = "waits_since", "Khai báo ngày {day}", "Declared on {day}"
    DECIDE_BY = "decide_by", "cần trả lời trước {day}", "an answer is due by {day}"
    HELD_INSTEAD = (
        "held_instead",
        "Bên xác nhận ghi {mw} MW từ {day}",
        "The other side holds {mw} MW from {day}",
    )
    STEPS = "steps", "Bước tiếp theo", "Next steps"
    STEPS_HELP = (
        "steps_help",
        "Mốc chưa xong dự kiến đến hết {day}, kể cả mốc đã trễ.",
        "Open milestones expected by {day}, late ones too.",
    )
    STEPS_NONE = "steps_none", "Không có mốc nào đến hạn.", "No milestone is due."
    STEPS_MORE = (
        "steps_more",
        "Còn mốc khác: xem trang của từng giai đoạn.",
        "There are more: see each phase.",
    )
    STEP = "step", "Mốc", "Milestone"
    SUBJECT = "subject", "Thuộc", "Of"
    EXPECTED = "expected", "Dự kiến", "Expected"
    STANDING = "standing", "Tình trạng", "State"
    LATE_BY = "late_by", "trễ {days} ngày", "{days} days late"
    COUNTDOWN = "countdown", "Hạn nộp hồ sơ trước COD", "Filings before COD"
    COUNTDOWN_HELP = (
        "countdown_help",
        "Đếm ngược từ ngày COD mục tiêu của từng giai đoạn.",
        "Counted back from the COD goal of each phase.",
    )
    COUNTDOWN_NONE = (
        "countdown_none",
        "Chưa giai đoạn nào có ngày COD mục tiêu.",
        "No phase has a COD goal yet.",
    )
    FILING = "filing", "Hồ sơ", "Filing"
    ACT_BY = "act_by", "Nộp chậm nhất", "File by"
    DAYS_LEFT = "days_left", "Còn (ngày)", "Days left"
    GOAL = "goal", "COD mục tiêu", "COD goal"
    PHASES = "phases", "Giai đoạn của bạn", "Your phases"
    PHASE = "phase", "Giai đoạn", "Phase"
    DECLARE = "declare", "Khai báo COD", "Declare COD"
    ADD_TURBINE = "add_turbine", "Thêm tua-bin", "Add a turbine"
    ADD_DOCUMENT = "add_document", "Thêm văn bản", "Add a document"
    RAISE = "raise", "Nêu vướng mắc", "Raise an obstacle"
    OBSTACLES = "obstacles", "Vướng mắc đang mở", "Open obstacles"
    OBSTACLES_NONE = "obstacles_none", "Không có vướng mắc nào đang mở.", "No obstacle is open."
    ANSWERS = "answers", "Ai xử lý", "Who acts"
    BY = "by", "Hạn", "By"
    REPORT = "report", "Báo cáo tuần", "Weekly report"
    REPORT_DUE = "report_due", "Kỳ này chốt lúc {at}.", "This period closes at {at}."
    REPORT_MISSED = "report_missed", "Đã bỏ lỡ {n} kỳ liền.", "{n} periods in a row were missed."
    REPORT_LAST = "report_last", "Báo cáo gần nhất: {day}", "Last report: {day}"
    NARRATIVE = (
        "narrative",
        "Tuần này đã làm được gì, còn gì chưa xong",
        "What was done this week, what is open",
    )
    NARRATIVE_HELP = "narrative_help", "Không ghi tên hộ dân.", "Never the name of a household."
    NOTHING_CHANGED = "nothing_changed", "Không có gì thay đổi", "Nothing changed"
    FOR_PERIOD = "for_period", "Cho kỳ chốt ngày", "For the period that ends on"
    FOR_PERIOD_HELP = "for_period_help", "Để trống: kỳ đang mở.", "Left empty: the open one."
    REPORT_EFFECT = (
        "report_effect",
        "Báo cáo cho kỳ chốt ngày {day}, kèm {n} thay đổi đã ghi trong kỳ.",
        "A report for the period that ends on {day}, beside {n} changes recorded in it.",
    )
    REPORT_LATE = "report_late", "Báo cáo này nộp sau giờ chốt.", "This report comes after the cut-off."
    NOTHING_OWN = (
        "nothing_own",
        "Đơn vị của bạn chưa có dự án hay công trình nào trong sổ đăng ký.",
        "Your organisation has no project and no work in the register yet.",
    )


class Doing(Term):
    """What a person does with one milestone or one obstacle; the tabs of their pages."""

    DONE = "done", "Đã hoàn thành", "It is done"
    DATES = "dates", "Kế hoạch và dự báo", "Plan and forecast"
    RULING = "ruling", "Có áp dụng không", "Whether it applies"
    WITHDRAW = "withdraw", "Rút khai báo", "Withdraw"
    POSTPONE = "postpone", "Lùi hạn", "Move the deadline"
    CLOSE = "close", "Đã giải quyết xong", "It is solved"
    REOPEN = "reopen", "Mở lại", "Reopen"
    REASSIGN = "reassign", "Chuyển đơn vị khác", "Hand it to another"
    CORRECT = "correct", "Sửa nội dung", "Correct it"


class Filling(Term):
    """Fields and sentences of the forms."""

    CHOOSE = "choose", "Bạn muốn ghi gì?", "What do you want to report?"
    READ_ONLY = (
        "read_only",
        "Bạn xem được phần này; đơn vị khác cập nhật nó.",
        "You can read this; another organisation keeps it.",
    )
    PLAN_ON = "plan_on", "Ngày kế hoạch", "Planned day"
    FORECAST_ON = "forecast_on", "Ngày dự báo", "Forecast day"
    BASELINE_ON = "baseline_on", "Mốc cơ sở", "Baseline"
    ACTUAL_ON = "actual_on", "Ngày hoàn thành thực tế", "Actual day"
    PLAN_PRECISION = "plan_precision", "Độ chính xác của kế hoạch", "How exactly planned"
    FORECAST_PRECISION = "forecast_precision", "Độ chính xác của dự báo", "How exactly forecast"
    ACTUAL_PRECISION = "actual_precision", "Độ chính xác của ngày thực tế", "How exactly known"
    PRECISION_HELP = (
        "precision_help",
        "Tháng, quý, năm: tính đến ngày cuối cùng.",
        "A month, quarter or year counts by its last day.",
    )
    CAUSE = "cause", "Nguyên nhân đổi dự báo", "Why the forecast moves"
    CAUSE_HELP = "cause_help", "Cần khi đổi ngày dự báo đã có.", "Needed where a forecast day moves."
    NOTE = "note", "Ghi chú", "Note"
    NOTE_REASON = "note_reason", "Lý do", "Reason"
    APPLIES = "applies", "Mốc này", "This milestone"
    APPLIES_YES = "applies_yes", "có áp dụng", "applies"
    APPLIES_NO = "applies_no", "không áp dụng", "does not apply"
    LETTER = "letter", "Văn bản chứng minh", "The letter that proves it"
    LETTER_HELP = (
        "letter_help",
        "Mốc bắt buộc cần văn bản. Chọn văn bản đã có, hoặc ghi số, ngày và nơi ban hành.",
        "A gate needs one. Choose a document that is kept already, or state number, day and issuer.",
    )
    LETTER_NUMBER = "letter_number", "Số văn bản", "Number"
    LETTER_ON = "letter_on", "Ngày văn bản", "Dated"
    LETTER_ISSUER = "letter_issuer", "Nơi ban hành", "Issued by"
    LETTER_KIND = "letter_kind", "Loại văn bản", "Kind"
    VALID_UNTIL = "valid_until", "Hiệu lực đến hết ngày", "Valid until"
    EFFECTIVE_FROM = "effective_from", "Có hiệu lực từ", "In force from"
    DOCUMENT = "document", "Văn bản đã có", "A document that is kept"
    OVERRIDE = "override", "Lý do chấp nhận ngoại lệ", "Reason for an override"
    GATES = "gates", "Phải xong trước", "What comes first"
    GATES_NONE = "gates_none", "Không mốc nào phải xong trước.", "Nothing has to come first."
    GATE = "gate", "Thứ tự", "Order"
    GATE_OPEN = "gate_open", "chưa xong", "open"
    GATE_DONE = "gate_done", "xong ngày {day}", "done on {day}"
    GATE_PASSED = "gate_passed", "không cần", "not needed"
    PASSED_OVER = "passed_over", "Sẽ ghi nhận dù", "Would be kept although"
    SECOND_KEY = (
        "second_key",
        "Mốc bắt buộc: còn chờ bên có thẩm quyền xác nhận.",
        "A gate: it waits until whoever may confirms it.",
    )
    NOT_ACCEPTED = "not_accepted", "Không được chấp nhận: {note}", "Not accepted: {note}"
    COD_HELP = (
        "cod_help",
        "Mốc COD theo các đợt COD được công nhận. Hãy khai báo đợt COD.",
        "The COD milestone follows the recognised tranches. Declare a tranche.",
    )
    HISTORY = "history", "Lịch sử", "History"
    RECORDED_AT = "recorded_at", "Ghi lúc", "Recorded"
    WHO = "who", "Ai", "Who"
    WHAT = "what", "Việc", "What"
    DAY = "day", "Ngày", "Day"
    WAS = "was", "Trước đó", "Before"
    HISTORY_NONE = "history_none", "Chưa ai ghi gì về mốc này.", "Nobody has said anything about it yet."
    GOAL_TITLE = "goal_title", "Mục tiêu COD của giai đoạn", "The COD goal of the phase"
    FIRST_TEST_ON = "first_test_on", "Thử nghiệm lần đầu dự kiến", "First test planned on"
    # Turbines
    TURBINE_TITLE = "turbine_title", "Tua-bin {number}", "Turbine {number}"
    TURBINE_NEW = "turbine_new", "Tua-bin mới", "New turbine"
    NUMBER = "number", "Số hiệu", "Number on site"
    MODEL = "model", "Kiểu máy", "Model"
    NAMEPLATE = "nameplate", "Công suất một tua-bin (MW)", "Nameplate (MW)"
    MW_HELP = "mw_help", "Viết 4,2 hoặc 4.2.", "Write 4.2 or 4,2."
    SITING = "siting", "Vị trí", "Siting"
    LATITUDE = "latitude", "Vĩ độ", "Latitude"
    LONGITUDE = "longitude", "Kinh độ", "Longitude"
    INSTALLED_ON = "installed_on", "Lắp xong", "Installed"
    ENERGISED_ON = "energised_on", "Đóng điện", "Energised"
    SYNCHRONISED_ON = "synchronised_on", "Hòa lưới lần đầu", "First synchronised"
    TESTED_ON = "tested_on", "Thử nghiệm đạt", "Tests passed"
    IN_TRANCHE = "in_tranche", "Đã nằm trong đợt COD {code}", "In COD tranche {code} already"
    # Tranches
    DECLARE_TITLE = "declare_title", "Khai báo một đợt COD", "Declare a COD tranche"
    NOTHING_COUNTS = (
        "nothing_counts",
        "Chưa tính MW nào cho đến khi bên khác xác nhận.",
        "Nothing counts until somebody else confirms it.",
    )
    TURBINES = "turbines", "Tua-bin trong đợt này", "Turbines in this tranche"
    TURBINES_NONE = (
        "turbines_none",
        "Giai đoạn chưa có tua-bin nào trong sổ; khai báo theo MW.",
        "The phase lists no turbines; declare by MW.",
    )
    CAPACITY = "capacity", "Công suất (MW)", "Capacity (MW)"
    CAPACITY_HELP = (
        "capacity_help",
        "Để trống: tổng các tua-bin đã chọn. Viết 4,2 hoặc 4.2.",
        "Left empty: the sum of the turbines chosen. Write 4.2 or 4,2.",
    )
    EFFECTIVE_ON = "effective_on", "Ngày COD có hiệu lực", "COD effective from"
    APPLICATION_ON = "application_on", "Ngày nộp đơn đề nghị COD", "Applied for on"
    UNDERTAKING = "undertaking", "Số văn bản cam kết (năm 2021)", "Undertaking of 2021"
    PRICE = "price", "Cơ chế giá", "Price regime"
    FINDINGS = "findings", "Bên xác nhận sẽ thấy", "Whoever confirms will see"
    FINDINGS_NONE = "findings_none", "Không có cảnh báo nào.", "No warnings."
    DECLARED_HERE = "declared_here", "Đợt chờ xác nhận của giai đoạn này", "Tranches of this phase that wait"
    DECLARED_NOTE = "declared_note", "{mw} MW từ {day}", "{mw} MW from {day}"
    WITHDRAW_TITLE = "withdraw_title", "Rút khai báo COD {code}", "Withdraw COD tranche {code}"
    WITHDRAW_IT = "withdraw_it", "Rút lại", "Withdraw it"
    NOT_YOURS = (
        "not_yours",
        "Chỉ đơn vị đã khai báo mới rút được, khi chưa có quyết định.",
        "Only who declared it withdraws it, while it is not decided.",
    )
    # Documents
    DOCUMENT_NEW = "document_new", "Thêm một văn bản", "Add a document to the file"
    DOCUMENT_TITLE = "document_title", "Văn bản {number}", "Document {number}"
    ABOUT = "about", "Về", "About"
    PROVES = "proves", "Chứng minh mốc", "Proves milestone"
    PROVES_HELP = "proves_help", "Ví dụ W-E6.", "For example W-E6."
    NAME = "name", "Trích yếu", "Subject line"
    FILE = "file", "Tệp đính kèm", "Attached file"
    FILE_HELP = "file_help", "PDF, PNG hoặc JPEG, tối đa {mb} MB.", "PDF, PNG or JPEG, up to {mb} MB."
    FILE_AGAIN = (
        "file_again",
        "Trình duyệt không giữ tệp: hãy chọn lại trước khi lưu.",
        "Browsers do not keep a file: choose it again before you save.",
    )
    FILE_NONE = "file_none", "Chưa có tệp.", "No file yet."
    FILE_OPEN = "file_open", "Mở tệp", "Open the file"
    FILE_REPLACE = "file_replace", "Đính kèm tệp", "Attach a file"
    ADDED_BY = "added_by", "Đơn vị ghi", "Added by"
    # Obstacles
    OBSTACLE_NEW = "obstacle_new", "Nêu một vướng mắc", "Raise a new obstacle"
    OBSTACLE_TITLE = "obstacle_title", "Tóm tắt", "In short"
    OBSTACLE_KIND = "obstacle_kind", "Loại vướng mắc", "What it is about"
    DESCRIPTION = "description", "Mô tả", "Description"
    NAMELESS = (
        "nameless",
        "Không ghi tên hộ dân: nêu cột, khoảng néo hoặc thửa đất.",
        "Never a household's name: say which tower, section or parcel.",
    )
    RESPONSIBLE = "responsible", "Đơn vị xử lý", "Who has to act"
    RESPONSIBLE_NAME = "responsible_name", "Cụ thể", "Which one"
    DUE_ON = "due_on", "Hạn xử lý", "To be solved by"
    RAISED_ON = "raised_on", "Phát sinh ngày", "Raised on"
    CLOSED_ON = "closed_on", "Giải quyết xong ngày", "Solved on"
    TODAY_HELP = "today_help", "Để trống: hôm nay.", "Left empty: today."
    OUTCOME = "outcome", "Kết quả", "Outcome"
    NEW_DUE_ON = "new_due_on", "Hạn mới", "New deadline"
    AT_STAKE = "at_stake", "MW đang chờ", "MW that wait"
    AT_STAKE_HELP = "at_stake_help", "tính từ mạng tiến độ", "computed from the network"
    POSTPONED = "postponed", "Đã lùi {n} lần", "Moved {n} times"
    AGE = "age", "{n} ngày", "{n} days"
    RAISED_BY = "raised_by", "Đơn vị nêu", "Raised by"
    UNKNOWN = "unknown", "Chưa rõ", "Not known"
