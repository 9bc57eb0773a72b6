"""Words of the 110 kV works and the land under them: tower positions, tension sections, cases, commitments, limits."""

from app.domain.words import Term


class UnitKind(Term):
    """What the progress of a line is counted in (domain rules 3.1)."""

    TOWER = "tower", "Vị trí cột", "Tower position"
    SECTION = "section", "Khoảng néo", "Tension section"


class UnitStage(Term):
    """What is done to a unit, in the order of the field. The first four are a tower's, the others a section's."""

    SITE = "site", "Bàn giao mặt bằng móng", "Site handed over"
    FOUNDATION = "foundation", "Đúc móng", "Foundation cast"
    STEEL = "steel", "Cấp cột đến vị trí", "Steel delivered"
    ERECTION = "erection", "Dựng cột", "Tower erected"
    CORRIDOR = "corridor", "Bàn giao hành lang", "Corridor handed over"
    STRINGING = "stringing", "Kéo dây", "Strung"


class UnitStatus(Term):
    """Where one stage of a unit stands. What was done can go back: a household stops the work after handover."""

    NOT_STARTED = "not_started", "Chưa thực hiện", "Not started"
    IN_PROGRESS = "in_progress", "Đang thực hiện", "In progress"
    BLOCKED = "blocked", "Đang vướng", "Blocked"
    DONE = "done", "Đã xong", "Done"
    REOPENED = "reopened", "Tái vướng", "Reopened"


class HouseholdStatus(Term):
    """Where the case of a household stands (household_status of the domain vocabulary)."""

    NOT_INVENTORIED = "not_inventoried", "Chưa kiểm đếm", "Not inventoried"
    INVENTORIED = "inventoried", "Đã kiểm đếm", "Inventoried"
    PLAN_APPROVED = "plan_approved", "Đã phê duyệt phương án", "Compensation plan approved"
    UNPAID = "unpaid", "Chưa nhận tiền", "Not paid yet"
    PAID = "paid", "Đã nhận tiền", "Paid"
    IN_TREASURY = "in_treasury", "Tiền gửi Kho bạc (không nhận)", "Money at the treasury, not taken"
    HANDED_OVER = "handed_over", "Đã bàn giao mặt bằng", "Land handed over"
    OBSTRUCTED = "obstructed", "Phát sinh cản trở sau bàn giao", "Stopped again after handover"
    COMPLAINT = "complaint", "Đang khiếu nại", "Complaint under way"
    ENFORCEMENT = "enforcement", "Đang xử lý cưỡng chế", "Enforcement under way"


class Attitude(Term):
    """What a household says to its compensation."""

    AGREES = "agrees", "Đồng thuận", "Agrees"
    UNDECIDED = "undecided", "Còn phân vân", "Undecided"
    DISAGREES = "disagrees", "Chưa đồng thuận", "Does not agree"


class CaseProgress(Term):
    """How far a case has come, each in exactly one of them: what counts of land are split by."""

    NOT_INVENTORIED = "not_inventoried", "Chưa kiểm đếm", "Not inventoried"
    INVENTORIED = "inventoried", "Đã kiểm đếm", "Inventoried"
    APPROVED = "approved", "Đã phê duyệt phương án", "Compensation approved"
    PAID = "paid", "Đã chi trả", "Paid"
    HANDED_OVER = "handed_over", "Đã bàn giao", "Handed over"
    HELD = "held", "Đang vướng (cản trở, khiếu nại, cưỡng chế)", "Held up (stopped, complaint, enforcement)"


class CountForm(Term):
    """How exactly households are counted for a reader."""

    EXACT = "exact", "Số chính xác", "Exact"
    FIVE_OR_MORE = "five_or_more", "Chỉ nêu số từ năm hộ trở lên", "Counts of five or more alone"
    ROUNDED_TO_FIVE = "rounded_to_five", "Làm tròn đến năm hộ", "Rounded to five"


class LandBy(Term):
    """What counts of land are grouped by."""

    COMMUNE = "commune", "Theo xã", "By commune"
    DISTRICT = "district", "Theo huyện", "By district"
    WORK = "work", "Theo công trình", "By work"
    TRACK = "track", "Theo hình thức", "By track"


class CommitmentAct(Term):
    """What one entry in the life of a commitment does."""

    MADE = "made", "Cam kết", "Made"
    MOVED = "moved", "Lùi cam kết", "Moved"
    WITHDRAWN = "withdrawn", "Rút cam kết", "Withdrawn"


class CommitmentState(Term):
    """Whether a promise was kept, computed from the units it names; never typed."""

    OPEN = "open", "Chưa đến hạn", "Open"
    KEPT = "kept", "Giữ đúng cam kết", "Kept"
    KEPT_LATE = "kept_late", "Thực hiện sau hạn", "Kept late"
    BROKEN = "broken", "Không giữ cam kết", "Broken"
    WITHDRAWN = "withdrawn", "Đã rút", "Withdrawn"


class LandLevel(Term):
    """What a row of the weekly land table sums up."""

    WORK = "work", "Công trình", "Grid work"
    DISTRICT = "district", "Huyện", "District"
    COMMUNE = "commune", "Xã", "Commune"


class LandColumn(Term):
    """The columns of the weekly land table, in their order (domain rules 5.3)."""

    ROW = "row", "STT", "No."
    LEVEL = "level", "Cấp", "Level"
    CODE = "code", "Mã", "Code"
    NAME = "name", "Công trình / huyện / xã", "Grid work / district / commune"
    TOWERS = "towers", "Tổng số vị trí móng", "Tower positions"
    TOWERS_NOT_LISTED = "towers_not_listed", "Trong đó chưa có danh sách vị trí", "Of these not listed"
    TOWERS_DONE = "towers_done", "Móng đã bàn giao (lũy kế)", "Sites handed over"
    TOWERS_IN_WEEK = "towers_in_week", "Móng bàn giao trong tuần", "Sites in the week"
    TOWERS_LEFT = "towers_left", "Móng còn lại", "Sites left"
    TOWERS_HELD = "towers_held", "Vị trí còn vướng", "Positions still held"
    SECTIONS = "sections", "Tổng số khoảng néo", "Tension sections"
    SECTIONS_KM = "sections_km", "Tổng chiều dài (km)", "Length (km)"
    SECTIONS_NOT_LISTED = (
        "sections_not_listed",
        "Trong đó chưa có danh sách khoảng néo",
        "Sections of these not listed",
    )
    SECTIONS_DONE = "sections_done", "Khoảng néo đã bàn giao", "Sections handed over"
    SECTIONS_DONE_KM = "sections_done_km", "Chiều dài đã bàn giao (km)", "Length handed over (km)"
    SECTIONS_IN_WEEK = (
        "sections_in_week",
        "Khoảng néo bàn giao trong tuần",
        "Sections handed over in the week",
    )
    SECTIONS_LEFT = "sections_left", "Khoảng néo còn lại", "Sections left"
    HOUSEHOLDS = "households", "Tổng số hộ", "Households"
    INVENTORIED = "inventoried", "Đã kiểm đếm", "Inventoried"
    APPROVED = "approved", "Đã phê duyệt phương án", "Plan approved"
    PAID = "paid", "Đã chi trả (hộ)", "Paid (households)"
    PAID_MILLION = "paid_million", "Đã chi trả (triệu đồng)", "Paid (million đồng)"
    NOT_AGREEING = "not_agreeing", "Chưa đồng thuận (hộ)", "Not agreeing (households)"
    CAUSES = "causes", "Nguyên nhân", "Causes"
    ASKED = "asked", "Đề nghị địa phương", "Asked of the locality"
    DUE_DAYS = "due_days", "Thời hạn cam kết", "Promised by"
    PROMISES = "promises", "Số cam kết trong tuần", "Promises of the week"
    PROMISES_KEPT = "promises_kept", "Giữ đúng", "Kept"
    PROMISES_LATE = "promises_late", "Thực hiện muộn", "Late"
    PROMISES_MOVED = "promises_moved", "Lùi hạn", "Moved"
    PROMISES_BROKEN = "promises_broken", "Không giữ", "Broken"


class LimitCondition(Term):
    """When an evacuation limit holds: on the grid as it is, or once a further work is energised."""

    EXISTING = "existing", "Lưới hiện hữu", "Existing grid"
    AFTER_WORK = "after_work", "Sau khi công trình đóng điện", "After a work is energised"


class Criterion(Term):
    """What a limit is stated for: all elements in service, or the largest one out."""

    N = "n", "N (đủ phần tử)", "N (all in service)"
    N_1 = "n-1", "N-1 (mất một phần tử)", "N-1 (one element out)"


class SupplyBasis(Term):
    """Which MW of the phases are led through the limits."""

    OPERATING = "operating", "Đang vận hành thương mại", "In commercial operation"
    INSTALLED = "installed", "Đã lắp đặt", "Installed"
    FULL = "full", "Toàn bộ công suất", "Full size of the phases"
