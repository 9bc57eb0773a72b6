"""What is special to the exchange with EVN SPC: why a page was not taken, and why a record could not be applied. A rule or
problem of the tracker itself that refuses a record keeps its own word."""

from app.domain.words import Term


class ExchangeProblem(Term):
    # An answer as a whole
    NO_ANSWER = "exchange_no_answer", "Không có trả lời", "There was no answer"
    SERVER_ERROR = "exchange_server_error", "Hệ thống EVN SPC báo lỗi", "EVN SPC's service reports an error"
    OVERLOADED = "exchange_overloaded", "Hệ thống EVN SPC đang quá tải", "EVN SPC's service is overloaded"
    KEY_REFUSED = "exchange_key_refused", "Khóa truy cập không được nhận", "The access token is refused"
    NOT_THERE = "exchange_not_there", "Địa chỉ này không có", "There is nothing at that address"
    REDIRECTED = (
        "exchange_redirected",
        "Bị chuyển sang địa chỉ khác",
        "The answer leads to another address",
    )
    REQUEST_REFUSED = "exchange_request_refused", "Câu hỏi không được nhận", "The request is refused"
    TOO_LARGE = "exchange_too_large", "Trả lời quá lớn", "The answer is too large"
    IS_HTML = "exchange_is_html", "Trả lời là trang HTML, không phải dữ liệu", "The answer is an HTML page"
    WRONG_ENCODING = "exchange_wrong_encoding", "Trả lời không phải UTF-8", "The answer is not UTF-8"
    NOT_JSON = "exchange_not_json", "Trả lời không phải JSON trọn vẹn", "The answer is not whole JSON"
    WRONG_SHAPE = "exchange_wrong_shape", "Trang dữ liệu sai cấu trúc", "The page has another shape"
    ENDLESS = "exchange_endless", "Các trang nối nhau không dứt", "The pages never come to an end"
    INCOMPLETE = (
        "exchange_incomplete",
        "Nhận ít bản ghi hơn số đã báo",
        "Fewer records came than were announced",
    )
    LEASE_LOST = (
        "exchange_lease_lost",
        "Một tiến trình khác đang lấy dữ liệu",
        "Another process is pulling now",
    )
    STOPPED = "exchange_stopped", "Dừng theo lệnh", "It was told to stop"
    UNEXPECTED = "exchange_unexpected", "Lỗi ngoài dự kiến, xem nhật ký máy", "Unexpected; see the log"
    NOT_SET_UP = "exchange_not_set_up", "Chưa khai báo kết nối EVN SPC", "The connection is not set up"
    NO_USER = (
        "exchange_no_user",
        "Tài khoản kết nối chưa có hoặc không thuộc vai trò EVN SPC",
        "The connector's login is not an active user of the role EVN SPC",
    )
    # One record
    NOT_A_RECORD = "exchange_not_a_record", "Không phải một bản ghi", "Not a record"
    ID_MISSING = "exchange_id_missing", "Bản ghi không có mã", "The record has no id"
    INSTANT_WRONG = "exchange_instant_wrong", "Thời điểm cập nhật sai", "The time of its update is wrong"
    RECORD_TOO_LARGE = "exchange_record_too_large", "Bản ghi quá lớn", "The record is too large"
    FIELD_MISSING = "exchange_field_missing", "Thiếu trường cần có", "A field that is needed is missing"
    TEXT_WRONG = "exchange_text_wrong", "Phải là một dòng chữ ngắn", "Must be a short text"
    NUMBER_WRONG = (
        "exchange_number_wrong",
        "Không phải số MW hợp lệ",
        "Not a number of MW that can be",
    )
    DAY_WRONG = "exchange_day_wrong", "Không phải ngày hợp lệ", "Not a day that can be"
    UNKNOWN_WORD = "exchange_unknown_word", "Từ chưa có trong bảng ghép", "A word the mapping does not know"
    UNKNOWN_CODE = (
        "exchange_unknown_code",
        "Mã chưa có trong bảng ghép",
        "A code the mapping does not know",
    )
    UNKNOWN_NUMBER = (
        "exchange_unknown_number",
        "Số hiệu vị trí không đúng mẫu",
        "A number of another form than the mapping says",
    )
    UNFORESEEN = "exchange_unforeseen", "Không ghi được bản ghi này", "This record cannot be kept"
    NO_MILESTONE = (
        "exchange_no_milestone",
        "Công trình này chưa có mốc đóng điện",
        "The subject has no milestone for it",
    )
    NO_DECLARATION = (
        "exchange_no_declaration",
        "Chưa có khai báo để xác nhận",
        "There is no declaration to confirm",
    )
    CLAIM_DIFFERS = (
        "exchange_claim_differs",
        "Số liệu khác với khai báo",
        "The figures differ from the declaration",
    )
    AMBIGUOUS = "exchange_ambiguous", "Nhiều khai báo cùng số liệu", "Several declarations have these figures"
    ILLUSTRATIVE = (
        "exchange_illustrative",
        "Số liệu mẫu không xác nhận được khai báo thật",
        "A made-up record confirms no real declaration",
    )
    DISPUTED = (
        "exchange_disputed",
        "Khai báo đang bị phản đối, cần người quyết định",
        "The declaration is disputed; a person decides",
    )
