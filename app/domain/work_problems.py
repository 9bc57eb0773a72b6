"""The problems of grid works, the land under them, commitments and evacuation limits; every other is `problems.Problem`."""

from app.domain.words import Term


class WorkProblem(Term):
    # Tower positions, tension sections and the land under them
    UNKNOWN_UNIT = (
        "unknown_unit",
        "Công trình không có vị trí cột hoặc khoảng néo này",
        "The work has no such tower position or section",
    )
    UNKNOWN_COMMUNE = "unknown_commune", "Không có xã này", "No such commune"
    COMMUNE_NOT_THEN = (
        "commune_not_then",
        "Xã này không tồn tại vào ngày đó",
        "The commune did not exist on that day",
    )
    UNKNOWN_CLEARANCE = "unknown_clearance", "Công trình không có gói này", "The work has no such package"
    NOT_A_LINE = (
        "not_a_line",
        "Chỉ đường dây mới có vị trí cột và khoảng néo",
        "Only a line has tower positions and sections",
    )
    STAGE_OF_OTHER_KIND = (
        "stage_of_other_kind",
        "Công đoạn này không thuộc loại đơn vị này",
        "This stage is not one of this kind of unit",
    )
    SECTION_ENDS = (
        "section_ends",
        "Khoảng néo cần hai cột đầu cuối khác nhau, theo thứ tự tuyến",
        "A section needs two different end towers in the order of the line",
    )
    UNIT_TWICE = (
        "unit_twice",
        "Cùng một vị trí, hoặc một công đoạn của nó trong một ngày, được nêu hai lần",
        "A unit, or one stage of it on one day, stands there twice",
    )
    POSITION_TAKEN = (
        "position_taken",
        "Thứ tự này đã có cột khác",
        "Another tower stands at this position",
    )
    CAUSE_MISSING = (
        "cause_missing",
        "Vướng hoặc tái vướng phải nêu nguyên nhân",
        "A block or reopening needs its cause",
    )
    NOT_DONE_BEFORE = (
        "not_done_before",
        "Chưa từng xong nên không thể tái vướng",
        "It was not done, so it cannot be reopened",
    )
    TOTAL_BY_VERSION = (
        "total_by_version",
        "Tổng số đã có; đổi bằng một lần công bố có ngày và lý do",
        "The total stands; change it by a dated version with its reason",
    )
    REASON_NEEDED = (
        "reason_needed",
        "Đơn vị đã có lịch sử; thay đổi này cần lý do",
        "The unit has a history; this change needs a reason",
    )
    FOLLOWS_UNITS = (
        "follows_units",
        "Mốc này tính từ các vị trí, khoảng néo hoặc hộ dân, không nhập ngày",
        "This milestone follows its units or households and takes no date",
    )
    OTHER_TRACK = (
        "other_track",
        "Gói thu hồi đất gắn với cột, gói hành lang gắn với khoảng néo",
        "Recovered land goes with towers, corridor with sections",
    )
    COMMUNE_ELSEWHERE = (
        "commune_elsewhere",
        "Xã này thuộc huyện khác",
        "The commune is of another district",
    )
    CASE_NUMBER = (
        "case_number",
        "Mã hộ gồm chữ, số, dấu chấm, gạch; phải có chữ số và không là tên người",
        "A case number is letters, digits, dots and hyphens, with a digit: never a name",
    )
    PUBLIC_KNOWN_AT = (
        "public_known_at",
        "Số liệu công khai chỉ theo kỳ chốt, không theo thời điểm ghi nhận",
        "What is public stands as of its cut-offs; another instant cannot be asked for",
    )
    # Commitments
    COMMITMENT_CLOSED = (
        "commitment_closed",
        "Cam kết đã kết thúc",
        "The commitment is over",
    )
    COMMITMENT_BROKEN = (
        "commitment_broken",
        "Cam kết không giữ thì không rút được; hãy lùi hạn và nêu lý do",
        "What was not kept is not withdrawn; give it a new day and the reason",
    )
    DUE_BEFORE_MADE = "due_before_made", "Hạn sớm hơn ngày cam kết", "Due before it was made"
    # Evacuation
    UNKNOWN_GROUP = "unknown_group", "Không có nút giải tỏa này", "No such evacuation group"
    EVACUATION_CYCLE = (
        "evacuation_cycle",
        "Đường giải tỏa chạy vòng tròn",
        "The evacuation paths run in a circle",
    )
    LIMIT_WORK = (
        "limit_work",
        "Giới hạn sau công trình phải nêu công trình; giới hạn hiện hữu thì không",
        "A limit after a work names the work; an existing one names none",
    )
    LIMIT_UNPROVEN = (
        "limit_unproven",
        "Giới hạn giải tỏa cần văn bản hoặc nguồn",
        "A limit needs its letter or a source",
    )
    LIMIT_WITHDRAWN = "limit_withdrawn", "Giới hạn này đã được rút", "The limit was taken back before"
