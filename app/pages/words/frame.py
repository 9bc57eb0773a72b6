"""What stands around every page: the ways to the others, who is signed in, and what became of a form."""

from app.domain.words import Term


class Frame(Term):
    WAYS = "ways", "Các phần", "Sections"
    OVERVIEW = "overview", "Tổng quan", "Overview"
    MAP = "map", "Bản đồ", "Map"
    MY = "my", "Việc của tôi", "My work"
    PROJECTS = "projects", "Dự án", "Projects"
    GRID = "grid", "Lưới điện", "Grid works"
    LAND = "land", "Mặt bằng", "Land"
    COMMITMENTS = "commitments", "Cam kết", "Commitments"
    BLOCKERS = "blockers", "Vướng mắc", "Blockers"
    QUEUE = "queue", "Chờ xác nhận", "To confirm"
    REPORTING = "reporting", "Tình trạng báo cáo", "Reporting"
    EXCHANGE = "exchange", "Dữ liệu EVN SPC", "EVN SPC data"
    WORKBOOKS = "workbooks", "Bảng tính", "Spreadsheets"
    WEBHOOKS = "webhooks", "Webhook", "Webhooks"
    ADMINISTRATION = "administration", "Quản trị", "Administration"
    JOURNAL = "journal", "Nhật ký", "Journal"
    SIGN_IN = "sign_in", "Đăng nhập", "Sign in"
    SIGN_OUT = "sign_out", "Đăng xuất", "Sign out"
    SIGNED_IN_AS = "signed_in_as", "Đang đăng nhập: {name}", "Signed in: {name}"
    AS_OF = "as_of", "Số liệu tính đến hết ngày {day}.", "Figures as of the end of {day}."
    AS_KNOWN = "as_known", "Theo những gì đã ghi nhận đến {at}.", "As recorded by {at}."
    # Forms
    SAVE = "save", "Lưu", "Save"
    PREVIEW = "preview", "Xem trước", "Preview"
    CANCEL = "cancel", "Hủy", "Cancel"
    EDIT = "edit", "Sửa", "Edit"
    SAVED = "saved", "Đã lưu.", "Saved."
    NOTHING_CHANGED = "nothing_changed", "Không có gì thay đổi.", "Nothing changed."
    REFUSED_FORM = (
        "refused_form",
        "Chưa lưu: hãy sửa chỗ được đánh dấu. Những gì đã nhập vẫn còn.",
        "Not saved: correct what is marked. What was typed is still there.",
    )
    EFFECT = "effect", "Nếu lưu", "If this is saved"
    NOT_SAVED_YET = "not_saved_yet", "Chưa lưu gì.", "Nothing is saved yet."
    STALE_TITLE = (
        "stale_title",
        "Dữ liệu đã thay đổi từ khi bạn mở biểu mẫu",
        "It has changed since you opened the form",
    )
    STALE_HELP = (
        "stale_help",
        "Dưới đây là giá trị hiện tại bên cạnh giá trị bạn nhập. Lưu lần nữa để thay bằng giá trị của bạn.",
        "The present values stand beside yours. Save again to put yours in their place.",
    )
    YOURS = "yours", "Bạn nhập", "Yours"
    PRESENT = "present", "Hiện tại", "Present"
    OPTIONAL = "optional", "không bắt buộc", "optional"
    NOTHING_HERE = "nothing_here", "Không có gì ở đây.", "There is nothing here."
    MORE = "more", "Xem thêm", "More"
    FILTER = "filter", "Lọc", "Filter"
    ALL = "all", "Tất cả", "All"
    SEARCH = "search", "Tìm", "Search"
    YES = "yes", "có", "yes"
    NO = "no", "không", "no"
    # What a change would do
    OPERATING_NOW = "operating_now", "Đang vận hành", "In operation"
    DECLARED_NOW = "declared_now", "Đã khai báo, chờ xác nhận", "Declared, waiting"
    GAP_NOW = "gap_now", "Còn thiếu so với mục tiêu", "Missing from the target"
    UNCHANGED = "unchanged", "không đổi", "unchanged"
    COD_MOVES = "cod_moves", "Dự báo COD của {name}", "Forecast COD of {name}"
    NO_DATE_MOVES = "no_date_moves", "Không ngày COD nào thay đổi.", "No COD date moves."
