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
