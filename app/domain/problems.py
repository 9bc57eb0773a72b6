"""Every problem the service can name, except the numbered rules of the ledger (`rules.Rule`)."""

from app.domain.words import Term


class Problem(Term):
    # Who
    KEY_MISSING = "key_missing", "Cần khóa API để xem phần này", "An API key is needed here"
    KEY_NOT_GOOD = (
        "key_not_good",
        "Khóa API không đúng, đã hết hạn hoặc đã bị thu hồi",
        "The API key is wrong, expired or revoked",
    )
    NOT_ALLOWED = "not_allowed", "Vai trò của bạn không được làm việc này", "Your role may not do this"
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
    NOT_A_WHOLE_NUMBER = "not_a_whole_number", "Phải là số nguyên", "Must be a whole number"
    NOT_A_DATE = (
        "not_a_date",
        "Phải là ngày dạng năm-tháng-ngày, ví dụ 2023-12-31",
        "Must be a date as year-month-day, such as 2023-12-31",
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
