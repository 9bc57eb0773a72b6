"""The problems of workbooks that are sent in, beside what is wrong in their cells (`sheet_problems.SheetProblem`)."""

from app.domain.words import Term


class WorkbookProblem(Term):
    NOT_TAKEN = (
        "not_taken",
        "Giá trị này sẽ không có hiệu lực: điều đã báo trước đó vẫn giữ nguyên",
        "This value would not come to stand: what was reported before remains",
    )
    SAID_ALONE = (
        "said_alone",
        "Ô này chỉ được ghi cùng một ngày thay đổi trong cùng hàng; hãy đổi ngày hoặc xóa trắng ô",
        "This is kept only with a date that changes in the same row; change the date or clear the cell",
    )
    NOT_OURS = (
        "not_ours",
        "Mã này không có, hoặc không thuộc quyền của đơn vị bạn",
        "There is nothing of this code, or it is not your organisation's to change",
    )
    STATE_EMPTIED = (
        "state_emptied",
        "Trạng thái đã báo không xóa được; hãy chọn trạng thái khác",
        "A state that was reported cannot be emptied; choose another one",
    )
    CONFLICTS_OPEN = (
        "conflicts_open",
        "Còn ô cả hai bên cùng sửa mà chưa chọn giá trị",
        "There are cells that both sides changed, and nobody has chosen yet",
    )
    HAS_ERRORS = (
        "has_errors",
        "Bảng tính còn ô sai; hãy sửa tệp rồi tải lên lại",
        "The workbook has wrong cells; correct the file and send it again",
    )
    NOTHING_TO_SAVE = (
        "nothing_to_save",
        "Bảng tính không thay đổi gì",
        "The workbook changes nothing",
    )
    MOVED_ON = (
        "moved_on",
        "Người khác vừa sửa những ô này sau lần kiểm tra; hãy kiểm tra lại",
        "Others have changed these cells since the check; check again",
    )
    NOT_CHECKED = (
        "not_checked",
        "Bảng tính chưa được kiểm tra xong",
        "The workbook is not checked yet",
    )
    RUNNING = "running", "Bảng tính đang được xử lý", "The workbook is being worked on"
    OVER = (
        "over",
        "Bảng tính này đã xong hoặc đã hủy",
        "This workbook is done with",
    )
    CANCELLED = "upload_cancelled", "Đã hủy giữa chừng", "Cancelled on the way"
    SENT_BEFORE = (
        "sent_before",
        "Tệp này đã được ghi một lần; khai đợt mới lần nữa sẽ thành hai đợt",
        "This very file was saved once already; its new tranches would be declared twice",
    )
    FILE_MISSING = "workbook_missing", "Chưa chọn tệp bảng tính", "No workbook was chosen"
