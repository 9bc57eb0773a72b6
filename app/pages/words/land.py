"""What the pages about land and about commitments say."""

from app.domain.words import Term


class Land(Term):
    TITLE = "title", "Mặt bằng", "Land"
    LEAD = (
        "lead",
        "Bồi thường, giải phóng mặt bằng của các công trình lưới điện.",
        "Compensation and clearance for the grid works.",
    )
    # The week
    WEEK = "week", "Tuần", "Week"
    RUNNING = "running", "Tuần này, đến hết {day}", "This week, up to {day}"
    WORK = "work", "Công trình", "Work"
    EVERY_WORK = "every_work", "Mọi công trình", "Every work"
    SHOW = "show", "Xem", "Show"
    # The table
    TABLE = "table", "Bảng mặt bằng tuần", "The weekly land table"
    OF_WEEK = "of_week", "Từ sau ngày {after} đến hết ngày {until}", "After {after}, up to the end of {until}"
    FILE = "file", "Tải tệp CSV", "Download as CSV"
    EXACT = (
        "exact",
        "Số chính xác, không nêu tên hộ. Mỗi dòng là tổng các dòng bên dưới; các công trình không cộng với nhau.",
        "Exact counts, nobody is named. A line sums up those below it; works are not added to each other.",
    )
    NO_ROWS = (
        "no_rows",
        "Chưa có công trình nào có dữ liệu mặt bằng trong phạm vi của bạn.",
        "No work within your reach has land to show yet.",
    )
    UNKNOWN_PLACE = "unknown_place", "chưa rõ địa bàn", "place not known"
    # Counts of others
    CASES_TABLE = "cases_table", "Hộ bị ảnh hưởng theo xã", "Cases by commune"
    FIVE_OR_MORE = (
        "five_or_more",
        "Để không lộ thông tin từng hộ, chỉ nêu các số từ năm hộ trở lên; nhóm nhỏ hơn nằm trong “khác” hoặc không hiển thị.",
        "So that no household can be told apart, only counts of five or more are shown; smaller ones stand under “other” or not at all.",
    )
    ROUNDED = (
        "rounded",
        "Số công bố: làm tròn đến năm hộ, theo kỳ chốt gần nhất ({day}). Kỳ chốt tiếp theo: {next}. Nhóm dưới năm hộ không hiển thị.",
        "Published counts: rounded to five, as of the last cut-off ({day}). The next cut-off is {next}. Groups below five are not shown.",
    )
    PLACE = "place", "Huyện, xã", "District, commune"
    CASES = "cases", "Số hộ", "Cases"
    HOW_FAR = "how_far", "Tiến độ hồ sơ", "How far they have come"
    OTHER = "other", "Khác", "Other"
    NO_CASES = "no_cases", "Chưa có số liệu nào được công bố.", "Nothing is published yet."
    TOTAL = "total", "Tổng", "Total"
    # MW at stake
    STAKE = "stake", "MW đang chờ mặt bằng, theo xã", "MW waiting for land, by commune"
    STAKE_HINT = (
        "stake_hint",
        "Công suất chưa vận hành của các giai đoạn chờ công trình qua xã. Cùng số MW thì xã ít ngày dự trữ hơn đứng trước. Không cộng các dòng.",
        "Capacity not operating yet of the phases that wait for the work through the commune. Of equal MW the least float comes first. Lines are not added up.",
    )
    COMMUNE = "commune", "Xã", "Commune"
    MW = "mw", "MW chờ", "MW waiting"
    OPEN_UNITS = "open_units", "Chưa bàn giao", "Not handed over"
    HELD_UNITS = "held_units", "Đang vướng", "Held up"
    FLOAT = "float", "Dự trữ (ngày)", "Float (days)"
    NOTHING_OPEN = "nothing_open", "Không có vị trí nào chưa bàn giao.", "Every unit is handed over."
    AND_MORE = "and_more", "và {n} dòng nữa", "and {n} more"
    # A package
    PACKAGE = "package", "Gói mặt bằng", "Land package"
    HOLDER = "holder", "Của", "Of"
    HOUSEHOLDS = "households", "Hồ sơ hộ dân", "Household cases"
    PERSONAL = (
        "personal",
        "Dữ liệu cá nhân: mỗi lần xem được ghi lại, ai xem và khi nào.",
        "Personal data: each look is written down, who looked and when.",
    )
    NOT_YOURS = (
        "not_yours",
        "Hồ sơ hộ dân chỉ dành cho đơn vị làm bồi thường.",
        "Household cases are for those alone who handle compensation.",
    )
    NUMBER = "number", "Số hồ sơ", "Case"
    NAME = "name", "Chủ hộ", "Owner"
    UNIT = "unit", "Vị trí, khoảng néo", "Unit"
    STATUS = "status", "Tình trạng", "Status"
    SINCE = "since", "Từ ngày", "Since"
    ATTITUDE = "attitude", "Ý kiến", "Attitude"
    CAUSE = "cause", "Nguyên nhân", "Cause"
    MONEY = "money", "Đã chi / phê duyệt (đồng)", "Paid / approved (đồng)"
    NEXT_STEP = "next_step", "Việc tiếp theo", "Next step"
    OPEN_ONLY = "open_only", "Bàn giao", "Handover"
    STILL_OPEN = "still_open", "Còn phải bàn giao", "Still open"
    HANDED_OVER = "handed_over", "Đã bàn giao", "Handed over"
    NO_MATCH = "no_match", "Không có hồ sơ nào như vậy.", "There are no such cases."


class Promises(Term):
    TITLE = "title", "Cam kết", "Commitments"
    LEAD = (
        "lead",
        "Ai hứa đưa vị trí nào đến đâu, trước ngày nào; giữ hay không do từng vị trí nói lên, không nhập tay.",
        "Who promised to bring which units how far by when; whether it was kept is told by the units, never typed.",
    )
    ADD = "add", "Ghi cam kết mới", "Write down a new one"
    WORK = "work", "Công trình", "Work"
    EVERY_WORK = "every_work", "Mọi công trình", "Every work"
    DISTRICT = "district", "Huyện", "District"
    EVERY_DISTRICT = "every_district", "Mọi huyện", "Every district"
    WHO = "who", "Ai cam kết", "Who promised"
    EVERYBODY = "everybody", "Mọi đơn vị", "Everybody"
    WEEK = "week", "Tuần", "Week"
    OF_WEEK = "of_week", "Cam kết cho tuần từ {first} đến {last}", "Promised for the week {first} to {last}"
    JUDGED = "judged", "xét tại hết ngày {day}", "judged at the end of {day}"
    SO_FAR = "so_far", "tuần đang chạy, tính đến hôm nay", "the running week, up to today"
    WEEK_TO = "week_to", "Tuần đến {day}", "Week to {day}"
    KEPT = "kept", "Giữ đúng", "Kept"
    LATE = "late", "Muộn trong tuần", "Late, within the week"
    MOVED = "moved", "Lùi hạn", "Moved"
    BROKEN = "broken", "Không giữ", "Broken"
    OPEN = "open", "Chưa đến hạn", "Open"
    WITHDRAWN = "withdrawn", "Đã rút", "Withdrawn"
    NONE_OF_WEEK = "none_of_week", "Không có cam kết nào cho tuần này.", "Nothing was promised for this week."
    OWED = "owed", "Còn nợ: chưa đến hạn hoặc chưa thực hiện", "Still owed: open, or not done"
    NONE_OWED = "none_owed", "Không còn cam kết nào chưa thực hiện.", "No promise is left open."
    DUE = "due", "Hạn", "Due"
    FIRST_DUE = "first_due", "ban đầu {day}", "at first {day}"
    TIMES = "times", "lùi {n} lần", "moved {n} times"
    ONCE = "once", "lùi 1 lần", "moved once"
    WHAT = "what", "Việc", "What"
    UNITS = "units", "Vị trí", "Units"
    DONE = "done", "Đến nay xong", "Done by now"
    STATE = "state", "Kết quả", "Outcome"
    SINCE_THEN = "since_then", "đến nay", "by now"
    AND_MORE = "and_more", "và {n} cam kết nữa; hãy lọc để xem", "and {n} more; filter to see them"
