"""What the pages about spreadsheets say."""

from app.domain.words import Term


class Workbooks(Term):
    TITLE = "title", "Bảng tính", "Spreadsheets"
    LEAD = (
        "lead",
        "Tải xuống bảng tính của đơn vị, sửa khi không có mạng, rồi tải lên lại. Trước khi ghi, mọi ô thay đổi được cho xem.",
        "Download your own workbook, edit it offline, and send it back. Every cell that changes is shown before it is saved.",
    )
    DOWNLOAD = "download", "Tải xuống", "Download"
    DOWNLOAD_BOOK = "download_book", "Sổ Excel của đơn vị", "Your Excel workbook"
    DOWNLOAD_CSV = "download_csv", "Từng trang dạng CSV:", "Single sheets as CSV:"
    PERSONAL = (
        "personal",
        "Tệp có dữ liệu cá nhân của hộ dân; lần tải xuống được ghi vào nhật ký truy cập.",
        "The file holds personal data of households; the download is written into the access log.",
    )
    SEND = "send", "Tải lên", "Send in"
    FILE = "file", "Tệp .xlsx hoặc .csv", "File, .xlsx or .csv"
    FILE_HELP = (
        "file_help",
        "Tối đa {mb} MB. Chưa có gì được ghi khi tải lên.",
        "{mb} MB at most. Sending it saves nothing yet.",
    )
    SENT = "sent", "Các tệp đã tải lên", "Files sent in"
    NONE_SENT = "none_sent", "Chưa có tệp nào.", "None yet."
    WHEN = "when", "Lúc", "When"
    STATE = "state", "Tình trạng", "State"
    SIZE = "size", "Dung lượng", "Size"
    UPLOAD = "upload", "Bảng tính {name}", "Workbook {name}"
    NAMELESS = "nameless", "không tên", "without a name"
    RUNNING_HELP = (
        "running_help",
        "Trang tự tải lại. Bạn có thể rời trang; việc vẫn tiếp tục.",
        "The page reloads by itself. You may leave it; the work goes on.",
    )
    PROGRESS = "progress", "{step}: {done} / {total} hàng", "{step}: {done} of {total} rows"
    LOOK_AGAIN = "look_again", "Xem lại", "Look again"
    INTERRUPTED_HELP = (
        "interrupted_help",
        "Chưa có gì được ghi. Bạn có thể bắt đầu lại.",
        "Nothing was saved. You can start again.",
    )
    CHECK_AGAIN = "check_again", "Kiểm tra lại", "Check again"
    COMMIT = "commit", "Ghi tất cả", "Save everything"
    CANCEL = "cancel", "Hủy, xóa tệp", "Cancel, remove the file"
    SUMMARY = "summary", "Tóm tắt", "Summary"
    SHEET = "sheet", "Trang", "Sheet"
    ROW = "row", "Hàng", "Row"
    CELL = "cell", "Ô", "Cell"
    COLUMN = "column", "Cột", "Column"
    WAS = "was", "Khi tải xuống", "At the download"
    NOW = "now", "Hiện có", "Stands now"
    BECOMES = "becomes", "Trong tệp", "In the file"
    CHANGED = "changed", "Ô thay đổi", "Cells changed"
    ADDED = "added", "Ô của hàng mới", "Cells of new rows"
    CONFLICTS = "conflicts", "Ô cả hai bên cùng sửa", "Cells changed by both"
    ERRORS = "errors", "Ô sai", "Wrong cells"
    WHAT = "what", "Sai ở chỗ", "What is wrong"
    TAKE = "take", "Lấy giá trị", "Take"
    TAKE_OTHERS = "take_others", "Các ô còn lại", "All other cells"
    UNDECIDED = "undecided", "chưa chọn", "not decided"
    CONFLICTS_HELP = (
        "conflicts_help",
        "Người khác đã sửa những ô này sau khi bạn tải xuống. Hãy chọn cho từng ô hoặc cho tất cả.",
        "Others have changed these cells since your download. Choose for each or for all of them.",
    )
    NO_MARK = (
        "no_mark",
        "Tệp không có dấu của lần tải xuống: không thể biết người khác đã sửa gì từ khi tệp được lập.",
        "The file has no mark of a download: nobody can know what others have changed since it was made.",
    )
    MISSING = (
        "missing",
        "{n} hàng của hệ thống không có trong tệp; chúng giữ nguyên.",
        "{n} rows are not in the file; they stay as they are.",
    )
    NOTHING = "nothing", "Tệp không thay đổi gì.", "The file changes nothing."
    SAVED_AS = "saved_as", "Đã ghi ở bản {revision}.", "Saved as revision {revision}."
    HAS_ERRORS = (
        "has_errors",
        "Tệp còn ô sai nên chưa ghi được: hãy sửa trong tệp rồi tải lên lại.",
        "Something is wrong, so nothing can be saved: correct the file and send it again.",
    )
    NOTICES = "notices", "Lưu ý", "To note"
    NEAREST = "nearest", "Có phải “{name}”?", "Did you mean “{name}”?"
    NOT_KEPT = "not_kept", "(không lưu)", "(not kept)"
    EMPTY = "empty", "(trống)", "(empty)"
    NEXT = "next", "Trang sau", "Next page"
    FIRST = "first", "Trang đầu", "First page"
