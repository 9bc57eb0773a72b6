"""The problems of files that people edit and send back: the file, its sheets, their rows and cells, and what is only told."""

from app.domain.words import Term


class SheetProblem(Term):
    # The file
    FILE_EMPTY = "file_empty", "Tệp rỗng", "The file is empty"
    NOT_A_WORKBOOK = (
        "not_a_workbook",
        "Tệp không phải sổ Excel .xlsx",
        "The file is no Excel workbook (.xlsx)",
    )
    OLD_XLS = (
        "old_xls",
        "Tệp Excel 97-2003 (.xls) không được nhận; hãy lưu thành .xlsx",
        "Excel 97-2003 (.xls) is not taken; save it as .xlsx",
    )
    BINARY_XLSB = (
        "binary_xlsb",
        "Sổ nhị phân .xlsb không được nhận; hãy lưu thành .xlsx",
        "A binary workbook (.xlsb) is not taken; save it as .xlsx",
    )
    OPEN_DOCUMENT = (
        "open_document",
        "Tệp OpenDocument (.ods) không được nhận; hãy lưu thành .xlsx",
        "OpenDocument (.ods) is not taken; save it as .xlsx",
    )
    HTML_RENAMED = (
        "html_renamed",
        "Tệp là trang HTML hoặc XML được đổi tên; hãy mở bằng Excel rồi lưu thành .xlsx",
        "The file is an HTML or XML page under another name; open it in Excel and save it as .xlsx",
    )
    FILE_ENCRYPTED = (
        "file_encrypted",
        "Tệp có mật khẩu; hãy bỏ mật khẩu rồi gửi lại",
        "The file has a password; take it off and send it again",
    )
    FILE_HAS_MACROS = (
        "file_has_macros",
        "Tệp có macro không được nhận; hãy lưu thành .xlsx không macro",
        "A workbook with macros is not taken; save it as .xlsx without them",
    )
    NAME_AND_CONTENT = (
        "name_and_content",
        "Phần mở rộng của tên tệp không khớp nội dung; hãy gửi .xlsx hoặc .csv đúng loại",
        "The ending of the file's name and its content differ; send a true .xlsx or .csv",
    )
    FILE_DAMAGED = "file_damaged", "Tệp bị hỏng, không đọc được", "The file is damaged and cannot be read"
    FILE_HAS_ENTITIES = (
        "file_has_entities",
        "Tệp khai báo thực thể XML, điều không sổ Excel nào cần",
        "The file declares XML entities, which no workbook needs",
    )
    UNPACKS_TOO_LARGE = (
        "unpacks_too_large",
        "Nội dung giải nén của tệp quá lớn",
        "What the file unpacks to is too large",
    )
    TOO_MANY_PARTS = "too_many_parts", "Tệp có quá nhiều phần", "The file has too many parts"
    TOO_MANY_SHEETS = "too_many_sheets", "Tệp có quá nhiều trang tính", "The file has too many sheets"
    TOO_MANY_ROWS = "too_many_rows", "Trang tính có quá nhiều hàng", "The sheet has too many rows"
    TOO_MANY_COLUMNS = "too_many_columns", "Trang tính có quá nhiều cột", "The sheet has too many columns"
    TOO_MANY_CELLS = "too_many_cells", "Tệp có quá nhiều ô", "The file has too many cells"
    CSV_ENCODING = (
        "csv_encoding",
        "Tệp CSV phải là UTF-8 (hoặc UTF-16 có BOM); trong Excel hãy chọn “CSV UTF-8”",
        "A CSV file must be UTF-8 (or UTF-16 with its mark); choose “CSV UTF-8” in Excel",
    )
    CSV_BROKEN = (
        "csv_broken",
        "Tệp CSV sai dấu ngoặc kép hoặc có ký tự lạ",
        "The CSV file has broken quotes or strange characters",
    )
    # The sheets
    SHEET_UNKNOWN = (
        "sheet_unknown",
        "Không nhận ra trang tính này theo tên hay theo hàng tiêu đề",
        "Neither its name nor its header tells what this sheet is",
    )
    SHEET_TWICE = (
        "sheet_twice",
        "Hai trang tính cùng một nội dung",
        "Two sheets are about the same",
    )
    NO_SHEET = (
        "no_sheet",
        "Không có trang tính nào của hệ thống trong tệp",
        "No sheet of the tracker is in the file",
    )
    HEADER_NOT_FOUND = (
        "header_not_found",
        "Không tìm thấy hàng tiêu đề; hãy giữ tên cột như tệp đã tải xuống",
        "No header row was found; keep the names of the columns as downloaded",
    )
    HEADER_DISAGREES = (
        "header_disagrees",
        "Tên cột và mã cột ẩn phía trên nó nói hai điều khác nhau",
        "The name of the column and the hidden code above it say different things",
    )
    COLUMN_UNKNOWN = "column_unknown", "Cột không có trong mẫu", "No such column"
    COLUMN_TWICE = "column_twice", "Cột này có hai lần", "The column stands there twice"
    COLUMN_MISSING = "column_missing", "Thiếu cột bắt buộc", "A needed column is missing"
    COLUMN_UNNAMED = (
        "column_unnamed",
        "Cột có dữ liệu nhưng không có tên (ô tiêu đề trống hoặc bị gộp)",
        "The column has content but no name (its head is empty or merged)",
    )
    MERGED_CELLS = (
        "merged_cells",
        "Ô gộp trong vùng dữ liệu; hãy bỏ gộp và điền từng ô",
        "Merged cells among the rows; unmerge them and fill each",
    )
    # The rows
    KEY_EMPTY = (
        "key_empty",
        "Hàng có dữ liệu nhưng ô khóa trống",
        "The row has content but an empty key",
    )
    KEY_TWICE = "key_twice", "Hai hàng cùng một khóa", "Two rows have the same key"
    ROW_UNKNOWN = (
        "row_unknown",
        "Không có đối tượng với khóa này, và trang này không nhận hàng mới",
        "Nothing has this key, and the sheet takes no new rows",
    )
    ROW_CLOSED = (
        "row_closed",
        "Hàng đã có chỉ để xem; muốn khai thêm hãy ghi hàng mới với ô khóa trống",
        "A row that is there is only shown; to add one, leave its key empty",
    )
    ROW_REMOVED = (
        "row_removed",
        "Đối tượng đã bị người khác xóa sau khi bạn tải tệp xuống",
        "Somebody has removed it since the download",
    )
    # The cells
    CELL_REQUIRED = "cell_required", "Ô này không được để trống", "This cell cannot be empty"
    CELL_READ_ONLY = (
        "cell_read_only",
        "Cột này chỉ để xem; hãy trả lại giá trị cũ (hàng mới thì để trống)",
        "This column is only shown; put the old value back (in a new row leave it empty)",
    )
    FORMULA = (
        "formula",
        "Ô chứa công thức; hãy dán giá trị",
        "The cell has a formula; paste its value",
    )
    ERROR_VALUE = (
        "error_value",
        "Ô chứa lỗi của bảng tính",
        "The cell holds an error of the spreadsheet",
    )
    CONTROL_CHARACTER = (
        "control_character",
        "Ô có ký tự điều khiển không hiện ra",
        "The cell has a control character that does not show",
    )
    BECAME_DAY = (
        "became_day",
        "Excel đã đổi nội dung thành ngày (như 12-1 hay 3.05); hãy định dạng ô là Văn bản rồi gõ lại",
        "Excel has turned this into a day (such as 12-1 or 3.05); format the cell as text and type it again",
    )
    LIST_BECAME_NUMBER = (
        "list_became_number",
        "Excel đã đổi danh sách thành số (1,2 thành 1.2); hãy viết 1; 2 hoặc định dạng ô là Văn bản",
        "Excel has turned the list into a number (1,2 into 1.2); write 1; 2 or format the cell as text",
    )
    WORD_UNKNOWN = (
        "word_unknown",
        "Không phải một trong các lựa chọn của cột",
        "Not one of the choices of this column",
    )
    YES_OR_NO = "yes_or_no", "Phải là Có hoặc Không", "Must be Yes or No"
    MONTH_FIRST = (
        "month_first",
        "Ngày viết theo kiểu tháng/ngày; hãy viết ngày/tháng/năm",
        "The day is written month first; write day/month/year",
    )
    DAY_IMPRECISE = (
        "day_imprecise",
        "Chưa rõ ngày nào; hãy ghi ngày cuối của khoảng đó, và độ chính xác nếu trang có cột ấy",
        "No exact day; write the last day it can be, and its precision where the sheet has a column for it",
    )
    DAY_SHORT_YEAR = "day_short_year", "Năm phải có bốn chữ số", "The year needs four digits"
    DAY_EMPTIED = (
        "day_emptied",
        "Ngày năm 1900 hoặc số 0 là ô trống mà Excel đã biến thành ngày; hãy xóa trắng ô",
        "A day of 1900, or 0, is an empty cell that Excel has made a day; clear the cell",
    )
    DAY_UNLIKELY = (
        "day_unlikely",
        "Ngày hoặc số ngày của Excel ngoài khoảng hợp lý",
        "The day, or Excel's number of one, is outside of what can be",
    )
    # What is told and refuses nothing
    SHEET_SKIPPED = (
        "sheet_skipped",
        "Trang tính ẩn đã được bỏ qua",
        "A hidden sheet was left out",
    )
    ROW_HIDDEN = "row_hidden", "Hàng ẩn vẫn được đọc", "A hidden row was read all the same"
    TOTAL_SKIPPED = "total_skipped", "Hàng tổng đã được bỏ qua", "A row of totals was left out"
    HEADER_REPEATED = (
        "header_repeated",
        "Hàng tiêu đề lặp lại đã được bỏ qua",
        "A repeated header row was left out",
    )
