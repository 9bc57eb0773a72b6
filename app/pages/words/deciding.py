"""What the pages of the second key say, the weekly grid of EVN SPC, and the forms of commitments."""

from app.domain.words import Term


class Deciding(Term):
    """The queue, and what is decided on a tranche or a milestone."""

    QUEUE_TITLE = "queue_title", "Chờ xác nhận", "Waiting for confirmation"
    QUEUE_HELP = (
        "queue_help",
        "Mọi khai báo chờ bên thứ hai xác nhận, chờ lâu nhất đứng trước. Thời hạn xử lý: 14 ngày kể từ ngày khai báo.",
        "Every declaration that waits for its second key, the longest wait first. To be decided within 14 days of its declaration.",
    )
    QUEUE_EMPTY = "queue_empty", "Không còn gì chờ xác nhận.", "Nothing waits for confirmation."
    EVERYTHING = "everything", "Tất cả ({n})", "Everything ({n})"
    TRANCHES = "tranches", "Đợt COD ({n})", "COD tranches ({n})"
    MILESTONES = "milestones", "Mốc tiến độ ({n})", "Milestones ({n})"
    DISPUTED = "disputed", "Đợt COD không thống nhất", "Disputed tranches"
    LONGEST_FIRST = "longest_first", "Chờ lâu nhất trước", "Longest wait first"
    CLAIM = "claim", "Khai báo", "Claim"
    DECLARED_BY = "declared_by", "Đơn vị khai báo", "Declared by"
    WAITS_SINCE = "waits_since", "Chờ từ ngày", "Waiting since"
    DAYS_LEFT = "days_left", "còn {n} ngày", "{n} days left"
    DUE_TODAY = "due_today", "hạn hôm nay", "due today"
    OVERDUE = "overdue", "quá hạn {n} ngày", "{n} days overdue"
    DECIDE_BY = "decide_by", "Hạn xử lý", "To be decided by"
    EVIDENCE = "evidence", "Văn bản kèm theo", "Document"
    NO_EVIDENCE = "no_evidence", "chưa kèm văn bản", "no document"
    LETTER_ONLY = "letter_only", "chưa có tệp", "no file yet"
    WARNINGS = "warnings", "Cảnh báo", "Warnings"
    NO_WARNINGS = "no_warnings", "không", "none"
    SECOND_KEY = "second_key", "Bên xác nhận", "Second key"
    OPEN_CLAIM = "open_claim", "Mở", "Open"
    TO_QUEUE = "to_queue", "Về danh sách chờ", "Back to the queue"
    # A tranche
    TRANCHE_TITLE = "tranche_title", "Đợt COD {code}", "COD tranche {code}"
    CLAIMED = "claimed", "Công suất khai báo", "Declared capacity"
    RECOGNISED_KW = "recognised_kw", "Công suất công nhận", "Recognised capacity"
    COUNTED = "counted", "Đang tính vào vận hành", "Counted as operating"
    OWN_CLAIM = (
        "own_claim",
        "Đơn vị bạn đã khai báo đợt này, nên đơn vị khác phải xác nhận.",
        "Your organisation declared this tranche, so another one must decide on it.",
    )
    OF_RISK = "of_risk", "Trong đó có điều kiện", "Of which conditional"
    CAPACITY = "capacity", "Công suất (MW)", "Capacity (MW)"
    EFFECTIVE_ON = "effective_on", "Ngày hiệu lực", "Effective day"
    TURBINES = "turbines", "Tua-bin", "Turbines"
    APPLIED_ON = "applied_on", "Ngày đề nghị", "Applied on"
    NOT_KNOWN = "not_known", "chưa rõ", "not known"
    RULES = "rules", "Quy tắc đối chiếu", "What the rules say"
    RULES_PASSED = "rules_passed", "Mọi quy tắc đều đạt.", "Every rule passes."
    UNCHECKED = "unchecked", "Chưa đủ số liệu để kiểm tra", "Not checked for want of figures"
    REFUSES = "refuses", "Không cho lưu", "Refuses"
    NEEDS_OVERRIDE = "needs_override", "Cần ngoại lệ của Sở", "Needs the department’s exception"
    WARNS = "warns", "Chỉ cảnh báo", "Warns only"
    OVERRIDES = "overrides", "Ngoại lệ", "Exceptions"
    OVERRIDE_FOR = "override_for", "Lý do chấp nhận ngoại lệ {rule}", "Why rule {rule} may be broken here"
    OVERRIDE_HELP = (
        "override_help",
        "Ít nhất 10 ký tự; lưu vào nhật ký cùng quyết định.",
        "At least 10 characters; kept in the journal with the decision.",
    )
    OVERRIDE_OTHERS = (
        "override_others",
        "Chỉ Sở Công Thương được chấp nhận ngoại lệ; hãy chuyển khai báo này cho Sở.",
        "Only the department may allow an exception; pass this claim on to it.",
    )
    LADDER = "ladder", "Bậc thang của {name} (MW)", "Ladder of {name} (MW)"
    MEASURE = "measure", "Thước đo", "Measure"
    NOW = "now", "Hiện nay", "Now"
    THEN = "then", "Sau khi lưu", "After saving"
    STATUS_THEN = "status_then", "Trạng thái đợt COD", "Status of the tranche"
    DECISION = "decision", "Quyết định", "Decision"
    FURTHER = "further", "Thay đổi về sau", "Later changes"
    LIFE = "life", "Diễn biến", "Its life"
    WHAT = "what", "Việc", "What"
    WHO = "who", "Đơn vị", "Who"
    RECORDED = "recorded", "Ghi sổ", "Recorded"
    REASON_OR_NOTE = "reason_or_note", "Lý do, điều kiện, ghi chú", "Reason, condition, note"
    # Acts
    CONFIRM = "confirm", "Công nhận", "Confirm"
    CONFIRM_HELP = (
        "confirm_help",
        "Ghi số và ngày văn bản công nhận. Các số liệu đã khai báo điền sẵn; chỉ sửa chỗ văn bản nêu khác.",
        "Give the number and date of the recognition letter. What was declared is filled in; change only what the letter says otherwise.",
    )
    DISPUTE = "dispute", "Không đồng ý", "Dispute"
    DISPUTE_HELP = (
        "dispute_help",
        "Khai báo vẫn được lưu cạnh ý kiến này và không tính vào tổng.",
        "The claim stays beside what you hold instead, and counts for nothing.",
    )
    WITHDRAW = "withdraw", "Rút khai báo", "Withdraw"
    SETTLE = "settle", "Đã đáp ứng điều kiện", "Condition met"
    SETTLE_HELP = (
        "settle_help",
        "Từ ngày này công suất không còn ở diện có điều kiện.",
        "From that day on nothing of it is at risk.",
    )
    SUSPEND = "suspend", "Tạm ngừng", "Suspend"
    SUSPEND_HELP = (
        "suspend_help",
        "Để trống công suất nếu tạm ngừng toàn bộ phần đang vận hành.",
        "Leave the capacity empty to suspend all that operates.",
    )
    REINSTATE = "reinstate", "Khôi phục", "Reinstate"
    REINSTATE_HELP = (
        "reinstate_help",
        "Để trống công suất nếu khôi phục toàn bộ phần tạm ngừng.",
        "Leave the capacity empty to reinstate all that is suspended.",
    )
    CANCEL_COD = "cancel_cod", "Hủy công nhận", "Cancel recognition"
    CANCEL_HELP = (
        "cancel_help",
        "Hủy là vĩnh viễn. Để trống công suất nếu hủy toàn bộ.",
        "A cancellation is for good. Leave the capacity empty to cancel all of it.",
    )
    CORRECT = "correct", "Đính chính", "Correct"
    CORRECT_HELP = (
        "correct_help",
        "Ghi điều văn bản công nhận lẽ ra phải nêu; bản cũ vẫn còn trong lịch sử. 0 MW để bỏ một ghi nhận nhầm.",
        "State what the recognition should have said; the old one stays in the history. 0 MW takes a mistaken one back.",
    )
    LETTER_NUMBER = "letter_number", "Số văn bản", "Letter number"
    LETTER_ON = "letter_on", "Ngày văn bản", "Letter date"
    LETTER_ISSUER = "letter_issuer", "Cơ quan ban hành", "Issued by"
    TURBINES_HELP = "turbines_help", "Cách nhau bằng dấu phẩy: T1, T2", "Separated by commas: T1, T2"
    CONDITION = "condition", "Điều kiện kèm theo", "Condition"
    CONDITION_HELP = (
        "condition_help",
        "Nếu có, công suất được tính và ghi là có điều kiện.",
        "Where there is one, the MW count and are at risk.",
    )
    CONDITION_DUE = "condition_due", "Hạn đáp ứng điều kiện", "Condition due"
    UNDERTAKING = "undertaking", "Văn bản cam kết năm 2021", "Undertaking of 2021"
    NOTE = "note", "Ghi chú", "Note"
    REASON = "reason", "Lý do", "Reason"
    THEIR_CAPACITY = "their_capacity", "Công suất theo bên không đồng ý (MW)", "Capacity held instead (MW)"
    THEIR_DAY = "their_day", "Ngày theo bên không đồng ý", "Day held instead"
    # A milestone
    DONE_ON = "done_on", "Ngày hoàn thành khai báo", "Declared done on"
    OTHER_DAY = "other_day", "Ngày theo văn bản, nếu khác", "The day by the document, where another"
    RESTS_ON = "rests_on", "Văn bản làm căn cứ", "Document it rests on"
    NOTHING_DECLARED = (
        "nothing_declared",
        "Mốc này không có khai báo nào đang chờ.",
        "Nothing is declared of this milestone that waits.",
    )
    PASSED_OVER = "passed_over", "Lý do bỏ qua thứ tự bắt buộc", "Why a hard gate was passed over"
    ACCEPT_DAY = "accept_day", "Xác nhận hoàn thành", "Confirm it is done"
    REFUSE_DAY = "refuse_day", "Không chấp nhận", "Do not accept"
    WHY_REFUSED = "why_refused", "Lý do không chấp nhận", "Why it is not accepted"


class Weekly(Term):
    """The weekly grid of a line."""

    TITLE = "title", "Cập nhật tuần", "Weekly entry"
    HELP = (
        "help",
        "Chỉ chọn ở ô có thay đổi; ô không chọn giữ nguyên. Phím Tab đi dọc theo từng hàng. Tất cả lưu thành một lần.",
        "Choose only where something changed; a cell left alone stays as it is. Tab moves along the rows. All is saved as one change.",
    )
    WAITING_MW = "waiting_mw", "Công suất chờ tuyến này", "MW waiting for this line"
    DAY = "day", "Có hiệu lực từ ngày", "Takes effect on"
    TOWERS = "towers", "Vị trí cột", "Towers"
    SECTIONS = "sections", "Khoảng néo", "Sections"
    COMMUNE = "commune", "Xã", "Commune"
    OPEN_ONLY = "open_only", "Chỉ vị trí còn việc", "Only with work left"
    NUMBER = "number", "Số hiệu", "Number"
    CAUSE = "cause", "Nguyên nhân (nếu vướng)", "Cause (if held)"
    GRID = "grid", "Trạng thái từng công đoạn", "Where each stage stands"
    SHOWN = "shown", "{n} trên tổng {total}", "{n} of {total}"
    NO_UNITS = (
        "no_units",
        "Không có vị trí nào ở đây. Danh sách vị trí được nhập từ bảng tính qua API.",
        "No units here. The list of units comes from a spreadsheet through the API.",
    )
    BY_HOUSEHOLDS = (
        "by_households",
        "theo hộ dân: còn {n} hộ",
        "by households: {n} open",
    )
    CELL = "cell", "{number}: {stage}", "{number}, {stage}"
    CAUSE_OF = "cause_of", "Nguyên nhân của {number}", "Cause at {number}"
    UNCHANGED = "unchanged", "giữ nguyên: {status}", "as it is: {status}"
    SAVE_GOOD = "save_good", "Chỉ lưu phần hợp lệ", "Save only what is good"
    SAVED_PARTLY = (
        "saved_partly",
        "Đã lưu {n} hàng. Những hàng dưới đây bị từ chối và chưa lưu.",
        "{n} rows are saved. The rows below were refused and are not.",
    )
    CHANGES = "changes", "Ô sẽ thay đổi", "Cells that change"
    NO_CHANGES = "no_changes", "Không ô nào thay đổi.", "No cell changes."
    COUNTS = "counts", "Lũy kế sẽ thay đổi", "Counts that change"
    HELD = "held", "vướng", "held"
    REFUSED = "refused", "Số hàng bị từ chối: {n}", "Rows refused: {n}"
    NOTHING_TYPED = "nothing_typed", "Chưa chọn ô nào", "No cell was chosen"
    MORE_CHANGES = "more_changes", "và {n} ô nữa", "and {n} more"


class Committing(Term):
    """The forms of commitments."""

    NEW_TITLE = "new_title", "Cam kết mới", "New commitment"
    TITLE = "title", "Cam kết {n}", "Commitment {n}"
    WORK = "work", "Công trình", "Grid work"
    STAGE = "stage", "Công đoạn", "Stage"
    UNITS = "units", "Vị trí cột hoặc khoảng néo", "Towers or sections"
    UNITS_HELP = (
        "units_help",
        "Số hiệu cách nhau bằng dấu phẩy: 35, 36",
        "Numbers separated by commas: 35, 36",
    )
    STILL_OPEN = "still_open", "Còn phải làm ở công đoạn này: {n}", "Still to do in this stage: {n}"
    RESPONSIBLE = "responsible", "Bên cam kết", "Who promises"
    WHICH_ONE = "which_one", "Tên đơn vị cụ thể", "Which one"
    MADE_ON = "made_on", "Ngày cam kết", "Promised on"
    DUE_ON = "due_on", "Thời hạn", "Due"
    NAMELESS = "nameless", "Không ghi tên hộ dân.", "Never the name of a household."
    NOTE = "note", "Ghi chú", "Note"
    WOULD_BE = "would_be", "Cam kết sẽ ghi", "The commitment as it would stand"
    FIRST_DUE = "first_due", "Thời hạn ban đầu", "First due"
    MOVED = "moved", "Số lần lùi hạn", "Times moved"
    DONE_OF = "done_of", "{done} / {total} đã xong", "{done} of {total} done"
    WRITTEN_BY = "written_by", "Đơn vị ghi", "Written down by"
    UNIT = "unit", "Số hiệu", "Number"
    STANDS = "stands", "Hiện trạng", "Where it stands"
    ON_DUE_DAY = "on_due_day", "Đúng hạn", "Done on the day"
    LIFE = "life", "Diễn biến", "Its life"
    STEP = "step", "Việc", "What"
    STATED_ON = "stated_on", "Ngày", "Day"
    PROMISED_DAY = "promised_day", "Hạn mới", "New day"
    REASON = "reason", "Lý do", "Reason"
    POSTPONE = "postpone", "Lùi hạn", "Postpone"
    POSTPONE_HELP = (
        "postpone_help",
        "Mỗi lần lùi hạn đều được đếm và nêu trong báo cáo tuần.",
        "Each postponement is counted and stands in the weekly report.",
    )
    WITHDRAW = "withdraw", "Rút cam kết", "Withdraw"
    WITHDRAW_HELP = (
        "withdraw_help",
        "Chỉ rút được cam kết chưa đến hạn.",
        "Only a commitment whose day has not come can be withdrawn.",
    )
    TO_LIST = "to_list", "Mọi cam kết", "All commitments"
