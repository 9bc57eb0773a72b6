"""What the page about the exchange with EVN SPC says."""

from app.domain.words import Term


class Exchange(Term):
    TITLE = "title", "Dữ liệu lấy từ EVN SPC", "Data pulled from EVN SPC"
    HELP = (
        "help",
        "Tiến độ từng vị trí, đóng điện và COD lấy thẳng từ hệ thống EVN SPC. Bản ghi sai không chặn bản ghi khác.",
        "Progress by tower, energisations and COD come straight from EVN SPC's system. A bad record stops no other.",
    )
    OFF = "off", "Chưa khai báo kết nối.", "The connection is not set up."
    EVERY = "every", "Lấy mỗi {minutes} phút.", "Pulled every {minutes} minutes."
    RUNNING = "running", "Đang lấy dữ liệu.", "Pulling now."
    FRESH = "fresh", "Lấy trọn vẹn lần cuối lúc {at}.", "Last brought in whole at {at}."
    NEVER = "never", "Chưa lần nào lấy trọn vẹn.", "Never brought in whole yet."
    LAST_RUN = "last_run", "Lần lấy gần nhất", "The last run"
    NO_RUN = "no_run", "Chưa lấy lần nào.", "There was no run yet."
    STARTED = "started", "Bắt đầu {at}", "Started {at}"
    STREAM = "stream", "Luồng dữ liệu", "Stream"
    STATE = "state", "Trạng thái", "State"
    RECORDS = "records", "Số bản ghi", "Records"
    APPLIED = "applied", "Ghi mới", "Applied"
    UNCHANGED = "unchanged", "Không đổi", "Unchanged"
    OLDER = "older", "Cũ hơn", "Older"
    QUARANTINED = "quarantined", "Cách ly", "Quarantined"
    UNKNOWN_FIELDS = "unknown_fields", "Trường lạ, không lấy: {names}", "Unknown fields, not taken: {names}"
    REPORT = "report", "Đối chiếu", "Ours and theirs"
    REPORT_HELP = (
        "report_help",
        "Tính đến {day}: số của hệ thống này bên cạnh số của EVN SPC. Số EVN SPC là trên các vị trí họ nêu.",
        "As of {day}: the tracker's figures beside EVN SPC's. Theirs are of the units they list.",
    )
    NO_REPORT = "no_report", "Chưa có đối chiếu.", "There is no comparison yet."
    WORK = "work", "Công trình", "Work"
    STAGE = "stage", "Hạng mục", "Stage"
    OURS = "ours", "Hệ thống này", "Tracker"
    THEIRS = "theirs", "EVN SPC", "EVN SPC"
    DIFFER = "differ", "Khác nhau", "Differ"
    UNITS = "units", "Vị trí, khoảng néo khác nhau", "Units that differ"
    MORE_UNITS = "more_units", "Còn {count} vị trí khác.", "{count} more differ."
    UNIT = "unit", "Vị trí", "Unit"
    WHY = "why", "Lý do", "Reason"
    CONFIRMATIONS = "confirmations", "Đóng điện và COD", "Energisations and COD"
    SUBJECT = "subject", "Đối tượng", "Subject"
    AGREES = "agrees", "Khớp", "Agrees"
    DOES_NOT = "does_not", "Chưa khớp", "Does not agree"
    WAITING = "waiting", "Bản ghi đang cách ly", "Records in quarantine"
    WAITING_HELP = (
        "waiting_help",
        "Được thử lại ở mỗi lần lấy; tự ra khi ghi được. Chỉ bỏ qua khi biết chắc bản ghi sai.",
        "Tried again at each run, and released as soon as they fit. Lay one aside only where it is surely wrong.",
    )
    NONE_WAITING = "none_waiting", "Không có bản ghi nào bị cách ly.", "No record is in quarantine."
    RECORD = "record", "Bản ghi", "Record"
    SINCE = "since", "Từ lúc", "Since"
    TRIES = "tries", "Số lần thử", "Tries"
    AS_IT_CAME = "as_it_came", "Nguyên văn", "As it came"
    RETRY = "retry", "Thử lại", "Try again"
    DISMISS = "dismiss", "Bỏ qua", "Lay aside"
    DISMISS_NOW = "dismiss_now", "Bỏ qua bản ghi này", "Lay this record aside"
    REASON = "reason", "Lý do bỏ qua", "Why it is laid aside"
    ACTS = "acts", "Thao tác", "Actions"
    CLAIMED = "claimed", "khai báo", "declared"
    LAID_ASIDE = "laid_aside", "Bản ghi đã bỏ qua", "Records laid aside"
    LAID_ASIDE_HELP = (
        "laid_aside_help",
        "Mới nhất trước. Phiên bản mới hơn của bản ghi lại được xét như thường.",
        "Newest first. A newer version of such a record is taken up again.",
    )
    BY_WHOM = "by_whom", "Ai, lúc nào", "By whom and when"
    STILL_WAITS = "still_waits", "Vẫn chưa ghi được.", "It still cannot be applied."
