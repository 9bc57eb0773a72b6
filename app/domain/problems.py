"""Every problem the service can name, except the numbered rules (`rules.Rule`) and what is special to grid works, land and
evacuation (`work_problems.WorkProblem`)."""

from app.domain.words import Term


class Problem(Term):
    # Who
    KEY_MISSING = "key_missing", "Cần khóa API để xem phần này", "An API key is needed here"
    KEY_NOT_GOOD = (
        "key_not_good",
        "Khóa API không đúng, đã hết hạn hoặc đã bị thu hồi",
        "The API key is wrong, expired or revoked",
    )
    KEY_PURPOSE = "key_purpose", "Khóa này được cấp cho việc khác", "This key was made for another purpose"
    NOT_ALLOWED = "not_allowed", "Vai trò của bạn không được làm việc này", "Your role may not do this"
    SIGN_IN_REFUSED = (
        "sign_in_refused",
        "Tên đăng nhập hoặc mật khẩu không đúng",
        "The login or the password is wrong",
    )
    SIGN_IN_CLOSED = (
        "sign_in_closed",
        "Sai quá nhiều lần; hãy thử lại sau ít phút",
        "Too many wrong attempts; try again in some minutes",
    )
    FORGED = (
        "forged",
        "Biểu mẫu không đến từ trang này; hãy mở lại trang rồi gửi",
        "The form did not come from this page; open the page again and send it",
    )
    PASSWORD_WEAK = (
        "password_weak",
        "Mật khẩu cần ít nhất 12 ký tự và không trùng tên đăng nhập",
        "A password has at least 12 characters and is not the login",
    )
    OWN_ACCOUNT = (
        "own_account",
        "Không thể tự tắt tài khoản của mình",
        "Nobody switches off their own account",
    )
    UNKNOWN_USER = "unknown_user", "Không có người dùng này", "No such user"
    NOT_FOUND = "not_found", "Không tìm thấy", "Not found"
    METHOD_NOT_ALLOWED = (
        "method_not_allowed",
        "Địa chỉ này không nhận thao tác đó",
        "This address does not take that method",
    )
    # Shape
    SHAPE = "shape", "Dữ liệu gửi lên không đúng mẫu", "What was sent does not fit"
    FIELD_MISSING = "field_missing", "Thiếu trường bắt buộc", "A required field is missing"
    FIELD_UNKNOWN = "field_unknown", "Trường không có trong mẫu", "No such field"
    PARAMETER_UNKNOWN = "parameter_unknown", "Tham số không có", "No such parameter"
    NOT_A_NUMBER = (
        "not_a_number",
        "Phải là số, ví dụ 93.05 (không dùng dấu phẩy, không để trong ngoặc kép)",
        "Must be a number such as 93.05 (no comma, no quotes)",
    )
    NUMBER_TYPED = (
        "number_typed",
        "Phải là số, ví dụ 93,05 hoặc 93.05",
        "Must be a number such as 93.05 or 93,05",
    )
    NUMBER_AMBIGUOUS = (
        "number_ambiguous",
        "Không rõ là hàng nghìn hay phần lẻ; hãy viết 1007 hoặc 1,0070",
        "Thousands or decimals? Write 1007 or 1.0070",
    )
    NOT_A_WHOLE_NUMBER = "not_a_whole_number", "Phải là số nguyên", "Must be a whole number"
    NOT_A_DATE = (
        "not_a_date",
        "Phải là ngày dạng năm-tháng-ngày, ví dụ 2023-12-31",
        "Must be a date as year-month-day, such as 2023-12-31",
    )
    DAY_TYPED = (
        "day_typed",
        "Phải là ngày, ví dụ 31/12/2023",
        "Must be a day such as 31/12/2023 or 2023-12-31",
    )
    NOT_AN_INSTANT = (
        "not_an_instant",
        "Phải là thời điểm ISO 8601 có múi giờ, hoặc một ngày",
        "Must be an ISO 8601 instant with its zone, or a date",
    )
    NOT_TRUE_OR_FALSE = "not_true_or_false", "Phải là true hoặc false", "Must be true or false"
    NOT_TEXT = "not_text", "Phải là chuỗi ký tự", "Must be text"
    NOT_A_LIST = "not_a_list", "Phải là danh sách", "Must be a list"
    NOT_A_WORD = "not_a_word", "Không phải một trong các mã cho phép", "Not one of the allowed codes"
    TEXT_LENGTH = "text_length", "Chuỗi quá ngắn hoặc quá dài", "The text is too short or too long"
    TOO_MANY = "too_many", "Danh sách quá ngắn hoặc quá dài", "The list is too short or too long"
    OUT_OF_RANGE = "out_of_range", "Giá trị ngoài khoảng cho phép", "The value is out of range"
    CODE_FORM = (
        "code_form",
        "Mã chỉ gồm chữ thường không dấu, số và dấu gạch nối",
        "A code has lower-case letters, digits and hyphens only",
    )
    MW_NOT_POSITIVE = "mw_not_positive", "Công suất phải lớn hơn 0 MW", "Capacity must be above 0 MW"
    MW_TOO_LARGE = (
        "mw_too_large",
        "Công suất quá lớn đối với MW; có phải bạn nhập kW?",
        "Too large for MW; did you type kW?",
    )
    MW_TOO_FINE = "mw_too_fine", "Công suất có tối đa 3 chữ số thập phân", "MW have at most 3 decimals"
    TURBINE_SIZE = "turbine_size", "Công suất một tua-bin từ 1 đến 20 MW", "A turbine has 1 to 20 MW"
    BODY_NOT_JSON = "body_not_json", "Nội dung gửi lên không phải JSON UTF-8", "The body is not UTF-8 JSON"
    BODY_TOO_LARGE = "body_too_large", "Nội dung gửi lên quá lớn", "The body is too large"
    MEDIA_TYPE = (
        "media_type",
        "Kiểu nội dung không được nhận ở đây",
        "This content type is not taken here",
    )
    CURSOR = "cursor", "Con trỏ trang không đúng", "The page cursor is not good"
    PERIOD = "period", "Khoảng thời gian không hợp lệ", "The period is not possible"
    SERIES_TOO_LONG = (
        "series_too_long",
        "Chuỗi quá dài, hãy chọn bước lớn hơn",
        "Too many points; take a larger step",
    )
    # State
    STALE = "stale", "Dữ liệu đã thay đổi từ khi bạn đọc", "It has changed since you read it"
    TAKEN = "taken", "Mã này đã có", "This code is taken"
    IN_USE = "in_use", "Đang được dùng, không thể xóa", "It is in use and cannot be removed"
    IDEMPOTENCY_KEY_REUSED = (
        "idempotency_key_reused",
        "Khóa Idempotency-Key đã dùng cho nội dung khác",
        "This Idempotency-Key was used with another request",
    )
    IDEMPOTENCY_KEY_FORM = (
        "idempotency_key_form",
        "Idempotency-Key dài từ 1 đến 100 ký tự in được",
        "An Idempotency-Key has 1 to 100 printable characters",
    )
    TOO_MANY_REQUESTS = (
        "too_many_requests",
        "Gửi yêu cầu quá nhiều; hãy thử lại sau ít giây",
        "Too many requests; try again in some seconds",
    )
    BUSY = "busy", "Hệ thống đang bận, hãy thử lại", "The service is busy; try again"
    NOT_READY = "not_ready", "Hệ thống chưa sẵn sàng", "The service is not ready"
    UNEXPECTED = (
        "unexpected",
        "Lỗi không mong đợi; không có gì bị thay đổi",
        "An unexpected error; nothing was changed",
    )
    # Things named in a request that are not there
    UNKNOWN_ORGANISATION = "unknown_organisation", "Không có tổ chức này", "No such organisation"
    UNKNOWN_DISTRICT = "unknown_district", "Không có đơn vị hành chính này", "No such administrative unit"
    UNKNOWN_SOURCE = "unknown_source", "Không có nguồn này", "No such source"
    UNKNOWN_TURBINE = "unknown_turbine", "Giai đoạn không có tua-bin này", "The phase has no such turbine"
    UNKNOWN_TARGET = "unknown_target", "Không có mục tiêu này", "No such target"
    # The life of a tranche
    NOT_WAITING = (
        "not_waiting",
        "Đợt COD này không còn chờ xác nhận",
        "This tranche does not wait for a decision",
    )
    NOT_RECOGNISED = "not_recognised", "Đợt COD này chưa được công nhận", "This tranche is not recognised"
    NOT_CONDITIONAL = "not_conditional", "Đợt COD này không có điều kiện", "This tranche carries no condition"
    NOTHING_CHANGES = "nothing_changes", "Không có gì thay đổi", "Nothing would change"
    USE_TRANCHES = (
        "use_tranches",
        "COD ghi bằng đợt COD, không ghi thẳng vào sổ",
        "COD is declared as a tranche, not recorded directly",
    )
    NOT_A_RECORD = (
        "not_a_record",
        "Chỉ đính chính được bản ghi gốc",
        "Only an original entry can be corrected",
    )
    UNDERTAKING_MISSING = (
        "undertaking_missing",
        "Chấp nhận ngoại lệ này cần số văn bản cam kết",
        "This override needs the reference of the undertaking",
    )
    OVERRIDE_NOT_ALLOWED = (
        "override_not_allowed",
        "Chỉ Sở Công Thương được chấp nhận ngoại lệ",
        "Only the department may override a rule",
    )
    OVERRIDE_NOT_NEEDED = (
        "override_not_needed",
        "Không có quy tắc nào cần ngoại lệ này",
        "No rule asks for this override",
    )
    # The register file
    FILE_NOT_READABLE = "file_not_readable", "Không đọc được tệp", "The file cannot be read"
    FILE_REFUSED = (
        "file_refused",
        "Tệp có lỗi; không có gì được nhập",
        "The file has errors; nothing was imported",
    )
    FILE_FORMAT = (
        "file_format",
        "Tệp phải ghi format: wind-register/1",
        "The file must say format: wind-register/1",
    )
    CAPACITY_NOT_STATED = (
        "capacity_not_stated",
        "Tệp phải nói rõ các số MW là phần tăng thêm (capacity: increments)",
        "The file must say that its MW are increments (capacity: increments)",
    )
    RUNNING_TOTALS = (
        "running_totals",
        "Số lũy kế không được cộng như phần tăng thêm; hãy đổi thành từng đợt",
        "Running totals are not summed as increments; turn them into tranches",
    )
    DUPLICATE = "duplicate", "Mã lặp lại trong tệp", "The code occurs twice in the file"
    SOURCE_MISSING = (
        "source_missing",
        "COD theo nguồn công bố phải nêu nguồn",
        "A tranche recognised by source must name its source",
    )
    # Milestones, their dates and what hangs on them
    UNKNOWN_MILESTONE = "unknown_milestone", "Không có mốc này", "No such milestone"
    ALREADY_APPLIED = "already_applied", "Bộ mốc đã được áp dụng", "The milestones are applied already"
    CAUSE_MISSING = (
        "cause_missing",
        "Đổi ngày dự báo phải nêu nguyên nhân",
        "A forecast that moves must state its cause",
    )
    IN_THE_FUTURE = "in_the_future", "Ngày thực tế ở tương lai", "The actual date is in the future"
    FORECAST_PAST = (
        "forecast_past",
        "Dự báo không thể trước hôm nay",
        "A forecast cannot be before today",
    )
    SAME_USER = (
        "same_user",
        "Người xác nhận phải khác người khai báo",
        "Whoever confirms is not whoever declared",
    )
    PREDECESSOR_OPEN = (
        "predecessor_open",
        "Mốc bắt buộc phía trước chưa hoàn thành",
        "A hard predecessor is not done",
    )
    PREDECESSOR_EXPIRED = (
        "predecessor_expired",
        "Văn bản của mốc bắt buộc phía trước đã hết hiệu lực",
        "The document of its hard predecessor had expired",
    )
    BEFORE_PREDECESSOR = (
        "before_predecessor",
        "Sớm hơn ngày hoàn thành của mốc bắt buộc phía trước",
        "Before its hard predecessor was done",
    )
    REASON_MISSING = "reason_missing", "Phải nêu lý do", "A reason must be stated"
    ONLY_WITH_ACTUAL = (
        "only_with_actual",
        "Chỉ gửi kèm ngày hoàn thành thực tế",
        "Goes with an actual date only",
    )
    LETTER_INCOMPLETE = (
        "letter_incomplete",
        "Văn bản cần số, ngày và nơi ban hành",
        "A document needs its number, date and issuer",
    )
    EVIDENCE_MISSING = (
        "evidence_missing",
        "Mốc bắt buộc cần văn bản có số và ngày",
        "A gate milestone needs a document with number and date",
    )
    BASELINE_BY_DECISION = (
        "baseline_by_decision",
        "Mốc cơ sở chỉ đổi theo quyết định có văn bản",
        "A baseline changes only by a decision with a document",
    )
    NOT_REPEATABLE = (
        "not_repeatable",
        "Mốc này chỉ thực hiện một lần",
        "This milestone happens once",
    )
    NOT_APPLICABLE_HERE = (
        "not_applicable_here",
        "Mốc không áp dụng; hãy xác định lại trước",
        "The milestone is not applicable; rule it in first",
    )
    ALREADY_DONE = "already_done", "Mốc đã hoàn thành", "The milestone is done"
    NOT_DECLARED = "not_declared", "Mốc chưa khai báo hoàn thành", "No actual is declared"
    ALREADY_DECIDED = "already_decided", "Mốc đã được xác nhận", "The actual is confirmed already"
    CONFIRMED_BY_OTHERS = (
        "confirmed_by_others",
        "Mốc này do đơn vị khác xác nhận",
        "Another authority confirms this milestone",
    )
    COD_BY_TRANCHE = (
        "cod_by_tranche",
        "Mốc COD theo đợt COD đã công nhận, không nhập ngày",
        "The COD milestone follows the recognised tranches and takes no date",
    )
    ROWS_REFUSED = (
        "rows_refused",
        "Có dòng bị từ chối; không có gì thay đổi",
        "Some rows are refused; nothing was changed",
    )
    ROW_TWICE = "row_twice", "Cùng một mốc có hai dòng", "The same milestone stands in two rows"
    UNKNOWN_PHASE = "unknown_phase", "Không có giai đoạn này", "No such phase"
    UNKNOWN_WORK = "unknown_work", "Không có công trình này", "No such grid work"
    UNKNOWN_PROJECT = "unknown_project", "Không có dự án này", "No such project"
    UNKNOWN_DOCUMENT = "unknown_document", "Không có văn bản này", "No such document"
    ONE_HOLDER = (
        "one_holder",
        "Phải nêu đúng một: công trình hoặc dự án",
        "Name exactly one: a grid work or a project",
    )
    CORRIDOR_NEEDS_WORK = (
        "corridor_needs_work",
        "Gói hành lang an toàn phải thuộc một công trình lưới",
        "A safety corridor package belongs to a grid work",
    )
    DAY_BEFORE_ISSUE = (
        "day_before_issue",
        "Không thể trước ngày ban hành văn bản",
        "Cannot be before the document was issued",
    )
    DAY_BEFORE_EFFECT = (
        "day_before_effect",
        "Không thể trước ngày văn bản có hiệu lực",
        "Cannot be before the document takes effect",
    )
    FILE_TYPE = (
        "file_type",
        "Tệp phải là PDF, PNG hoặc JPEG thật, đuôi tệp không tính",
        "The file must truly be a PDF, PNG or JPEG, whatever its name says",
    )
    FILE_MISSING = (
        "file_missing",
        "Tệp lưu trên máy chủ bị thiếu hoặc hỏng; hãy tải lên lại",
        "The stored file is missing or damaged; send it again",
    )
    FILE_NOT_KEPT = (
        "file_not_kept",
        "Máy chủ không lưu được tệp, hãy thử lại",
        "The service could not keep the file; try again",
    )
    FOREIGN_DOCUMENT = (
        "foreign_document",
        "Văn bản không thuộc đối tượng này",
        "The document is of another subject",
    )
    # Obstacles and progress reports
    OBSTACLE_CLOSED = (
        "obstacle_closed",
        "Vướng mắc đã giải quyết; hãy mở lại trước",
        "The obstacle is closed; reopen it first",
    )
    OBSTACLE_OPEN = (
        "obstacle_open",
        "Vướng mắc chưa giải quyết, không có gì để mở lại",
        "The obstacle is open; there is nothing to reopen",
    )
    DEADLINE_NOT_LATER = (
        "deadline_not_later",
        "Hạn mới phải sau hạn cũ",
        "The new deadline must be after the old one",
    )
    DEADLINE_MISSING = (
        "deadline_missing",
        "Chưa có hạn xử lý để lùi; hãy đặt hạn trước",
        "There is no deadline to move; set one first",
    )
    POSTPONE_INSTEAD = (
        "postpone_instead",
        "Lùi hoặc bỏ hạn xử lý phải nêu lý do; hãy dùng thao tác lùi hạn",
        "A deadline is moved later by a postponement with its reason, and never dropped",
    )
    BEFORE_RAISED = (
        "before_raised",
        "Sớm hơn ngày phát sinh vướng mắc",
        "Before the obstacle was raised",
    )
    NARRATIVE_OR_NOTHING = (
        "narrative_or_nothing",
        "Phải nêu nội dung, hoặc báo không có gì thay đổi; đúng một trong hai",
        "Give a narrative, or say that nothing changed: exactly one of the two",
    )
    NO_PERIOD_END = (
        "no_period_end",
        "Không phải ngày chốt của một kỳ báo cáo",
        "Not the cut-off day of a reporting period",
    )
    PERIOD_AHEAD = (
        "period_ahead",
        "Kỳ báo cáo này chưa bắt đầu",
        "The reporting period has not begun",
    )
    # The network
    NETWORK_CYCLE = (
        "network_cycle",
        "Các mốc phụ thuộc vòng tròn",
        "The milestones depend on each other in a circle",
    )
