"""What the pages say that is no word of the domain. `{…}` is filled in by the `label` filter."""

from app.domain.words import Term


class Ui(Term):
    # Every page
    SERVICE = "service", "Theo dõi vận hành điện gió", "Wind-power commissioning tracker"
    SKIP = "skip", "Đến nội dung chính", "Skip to the content"
    LANGUAGE = "language", "Ngôn ngữ", "Language"
    TO_OVERVIEW = "to_overview", "Về trang tổng quan", "To the overview"
    DEMO = (
        "demo",
        "Bản chạy thử: đồng hồ bắt đầu từ một ngày đặt trước, hôm nay là {day}. Dữ liệu sẽ bị xóa khi dừng.",
        "Demonstration: its clock started on a set day, today is {day}. Its data go when it stops.",
    )
    NO_FIGURE = "no_figure", "chưa có số liệu", "no figure"
    UNKNOWN = "unknown", "chưa rõ", "unknown"
    ILLUSTRATIVE = "illustrative", "minh họa", "illustrative"
    # The overview's question
    TITLE = "title", "Công suất điện gió vận hành thương mại", "Wind power in commercial operation"
    QUESTION = "question", "Xem tại một ngày khác", "Look at another day"
    AS_OF = "as_of", "Tính đến hết ngày", "As of the end of"
    AS_OF_HELP = (
        "as_of_help",
        "Đang xem {day}: phần có hiệu lực đến hết ngày này.",
        "You see {day}: what took effect up to its end.",
    )
    AS_OF_FORM = "as_of_form", "Năm-tháng-ngày, ví dụ 2023-12-31.", "Year-month-day, such as 2023-12-31."
    KNOWN_AT = "known_at", "Đã ghi sổ đến", "Recorded up to"
    KNOWN_AT_HELP = (
        "known_at_help",
        "Để trống: thông tin mới nhất.",
        "Empty: the latest.",
    )
    TARGET = "target", "Mục tiêu", "Target"
    NEXT_DUE = "next_due", "Mục tiêu đến hạn gần nhất", "The next one due"
    SHOW = "show", "Xem", "Show"
    BACK_TO_TODAY = "back_to_today", "Về hôm nay", "Back to today"
    REFUSED = (
        "refused",
        "Chưa hiển thị số liệu: hãy sửa chỗ được đánh dấu rồi xem lại.",
        "No figures are shown: correct what is marked and ask again.",
    )
    # The number
    END_OF = "end_of", "Hết ngày {day}", "End of {day}"
    AS_KNOWN = "as_known", "theo những gì đã ghi sổ đến {at}", "as recorded up to {at}"
    COUNTS = "counts", "đã được công nhận COD, đang vận hành", "recognised COD, in operation"
    OF_TARGET = "of_target", "{percent} của mục tiêu {mw} MW", "{percent} of the {mw} MW target"
    AT_LEAST = "at_least", "ít nhất {mw} MW", "at least {mw} MW"
    BY_DAY = "by_day", "đến hết ngày {day}", "by the end of {day}"
    GAP = "gap", "Còn thiếu", "Gap"
    ATTAINED = "attained", "Đã đạt", "Attained"
    TIME_LEFT = "time_left", "Còn lại", "Time left"
    TIME_OVER = "time_over", "Đã quá hạn", "Past due by"
    DAYS = "days", "{n} ngày", "{n} days"
    ONE_DAY = "one_day", "1 ngày", "1 day"
    MET = "met", "Đạt mục tiêu", "Target met"
    NOT_YET = "not_yet", "Chưa đạt mục tiêu", "Target not met yet"
    MISSED = "missed", "Không đạt mục tiêu", "Target missed"
    JUDGED = "judged", "xét tại hết ngày {day}", "judged at the end of {day}"
    PART_AT_RISK = (
        "part_at_risk",
        "trong số này được công nhận có điều kiện, còn rủi ro",
        "of these are recognised with conditions, at risk",
    )
    NOT_COUNTED = "not_counted", "chưa được tính", "not counted"
    NETTED = (
        "netted",
        "Công nhận gộp {gross} − tạm ngừng {suspended} − hủy bỏ {cancelled} = {operating} MW đang vận hành",
        "Recognised {gross} − suspended {suspended} − cancelled {cancelled} = {operating} MW in operation",
    )
    NO_TARGET = "no_target", "Chưa đặt mục tiêu", "No target is set"
    NO_TARGET_HELP = (
        "no_target_help",
        "Sở Công Thương đặt mục tiêu qua API (POST /api/v1/targets) hoặc trong tệp sổ đăng ký.",
        "The department sets one through the API (POST /api/v1/targets) or in the register file.",
    )
    EMPTY = "empty", "Sổ đăng ký chưa có dự án nào", "The register holds no project yet"
    EMPTY_HELP = (
        "empty_help",
        "Nhập sổ bằng lệnh dưới đây, hoặc thêm dự án qua API.",
        "Import a register with the command below, or add projects through the API.",
    )
    EMPTY_THEN = (
        "empty_then",
        "Tại thời điểm đang xem, sổ đăng ký chưa ghi dự án nào.",
        "At the moment you look at, the register held no project.",
    )
    # The curve
    CURVE = "curve", "Tiến trình so với mục tiêu", "Progress against the target"
    CURVE_TITLE = (
        "curve_title",
        "Công suất vận hành theo thời gian",
        "Operating capacity over time",
    )
    CURVE_DESC = (
        "curve_desc",
        "Bậc thang từ {first} đến {last}: {mw} MW vận hành vào {day}.",
        "Steps from {first} to {last}: {mw} MW operating on {day}.",
    )
    CURVE_DESC_TARGET = (
        "curve_desc_target",
        "Đường mục tiêu ở {mw} MW, đến hạn {day}.",
        "The target line stands at {mw} MW, due on {day}.",
    )
    LEGEND = "legend", "Chú giải", "Legend"
    OPERATING = "operating", "Đang vận hành", "Operating"
    PLAN = "plan", "Theo ngày COD kế hoạch", "By planned COD"
    VIEWED_DAY = "viewed_day", "Ngày đang xem", "Day viewed"
    AS_TABLE = "as_table", "Xem dạng bảng số", "As a table of numbers"
    TO_DAY = "to_day", "Đến hết ngày", "End of"
    NOT_YET_COME = "not_yet_come", "chưa tới", "not yet come"
    # The ladder
    LADDER = "ladder", "Bậc thang công suất", "Capacity ladder"
    LADDER_HINT = (
        "ladder_hint",
        "Mỗi bậc là một thước đo riêng, có ngày và văn bản riêng: không cộng các bậc với nhau. Bậc nào sổ đăng ký ghi chưa đủ thì thấp hơn thực tế.",
        "Each rung is a measure of its own, with its own day and letter: rungs are never added. A rung the register knows only in part stands lower than it is.",
    )
    # The table
    TABLE = "table", "Theo giai đoạn", "By phase"
    TABLE_HINT = (
        "table_hint",
        "Đơn vị MW, đếm ở cấp giai đoạn (nhà máy). Phần công suất mà nguồn chỉ nêu cho cả dự án đứng ở dòng riêng và không chia cho các giai đoạn. Dấu –: chưa có số liệu.",
        "In MW, counted at the level of phases (plants). What a source states for a whole project stands in a line of its own and is not shared out among its phases. A dash (–) means no figure.",
    )
    PROJECT = "project", "Dự án", "Project"
    PHASE = "phase", "Giai đoạn", "Phase"
    INVESTOR = "investor", "Chủ đầu tư", "Investor"
    DISTRICT = "district", "Huyện", "District"
    NOMINAL = "nominal", "Danh định", "Nominal"
    INSTALLED = "installed", "Đã lắp đặt", "Installed"
    IN_OPERATION = "in_operation", "Vận hành", "In operation"
    FURTHER = "further", "Ghi chú", "Remarks"
    COD = "cod", "Ngày COD", "COD"
    NOT_SPLIT = "not_split", "Chưa tách theo giai đoạn", "Not split by phase"
    IN_PROJECT_LINE = "in_project_line", "ở dòng chung", "in the project’s line"
    TOTAL = "total", "Toàn sổ", "Whole register"
    TOTAL_COUNTS = (
        "total_counts",
        "{phases} giai đoạn thuộc {projects} dự án",
        "{phases} phases of {projects} projects",
    )
    NOMINAL_PARTLY = "nominal_partly", "{n} giai đoạn có số liệu", "{n} phases with a figure"
    TOTAL_WHOLE = (
        "total_whole",
        "Dòng cuối là tổng của toàn sổ, không chỉ của trang này.",
        "The last line is the whole register’s, not only this page’s.",
    )
    AND_MORE = "and_more", "đến {day}", "to {day}"
    NEXT_PAGE = "next_page", "Trang sau", "Next page"
    FIRST_PAGE = "first_page", "Về trang đầu", "First page"
    PAGES = "pages", "Các trang của bảng", "Pages of the table"
    WITHOUT_ILLUSTRATIVE = (
        "without_illustrative",
        "Bỏ số liệu minh họa khỏi các tổng",
        "Leave illustrative figures out of the totals",
    )
    WITH_ILLUSTRATIVE = (
        "with_illustrative",
        "Tính cả số liệu minh họa",
        "Count illustrative figures too",
    )
    # Reported figures
    REPORTED = "reported", "Số liệu công bố", "Reported figures"
    REPORTED_HINT = (
        "reported_hint",
        "Báo chí và cơ quan đã công bố các số này. Chúng đứng cạnh số tính từ sổ đăng ký để thấy sổ còn thiếu gì, và không bao giờ được trộn vào các tổng.",
        "Press and officials published these. They stand beside what the register adds up to, so that its gaps show, and are never mixed into a total.",
    )
    COMPUTED = "computed", "Tính từ sổ đăng ký, hết ngày {day}", "Computed from the register, end of {day}"
    PUBLISHED = "published", "Đã công bố", "Published"
    FIGURE = "figure", "Số liệu", "Figure"
    VALUE = "value", "Giá trị", "Value"
    FOR_DAY = "for_day", "Ngày", "Day"
    SOURCE = "source", "Nguồn", "Source"
    PROJECTS_COUNTED = "projects_counted", "Dự án trong tổng", "Projects in the totals"
    PHASES_COUNTED = "phases_counted", "Giai đoạn trong tổng", "Phases in the totals"
    NO_REPORTED = (
        "no_reported",
        "Chưa có số liệu công bố nào đến ngày này.",
        "Nothing was reported up to this day.",
    )
    # Where it comes from
    PROVENANCE = "provenance", "Số liệu từ đâu", "Where the figures come from"
    REVISION = "revision", "Phiên bản số liệu", "Revision"
    RECORDED = "recorded", "Ghi sổ lúc", "Recorded at"
    LEDGER = (
        "ledger",
        "Các tổng cộng từ sổ cái công suất: mỗi đợt COD là một bản ghi có ngày hiệu lực, không bao giờ bị sửa hay xóa.",
        "Totals add up the capacity ledger: each COD tranche is an entry with the day it took effect, never edited or deleted.",
    )
    PERMANENT = "permanent", "Liên kết luôn cho ra đúng trang này", "A link that always shows this page"
    AS_JSON = "as_json", "Cùng số liệu dạng JSON", "The same figures as JSON"
    SOURCES = "sources", "Nguồn được dẫn", "Sources cited"
    # Problems
    PROBLEM = "problem", "Không thực hiện được", "That did not work"
    REQUEST = "request", "Mã yêu cầu", "Request"
