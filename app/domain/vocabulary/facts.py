"""What a revision of the journal may state."""

from app.domain.words import Term


class Fact(Term):
    """What a revision of the journal states happened."""

    ORGANISATION_CREATED = "organisation.created", "Thêm tổ chức", "Organisation created"
    ORGANISATION_CHANGED = "organisation.changed", "Sửa tổ chức", "Organisation changed"
    USER_CREATED = "user.created", "Thêm người dùng", "User created"
    KEY_CREATED = "key.created", "Cấp khóa API", "API key created"
    KEY_REVOKED = "key.revoked", "Thu hồi khóa API", "API key revoked"
    UNIT_CREATED = "administrative_unit.created", "Thêm đơn vị hành chính", "Administrative unit created"
    UNIT_CHANGED = "administrative_unit.changed", "Sửa đơn vị hành chính", "Administrative unit changed"
    SOURCE_CREATED = "source.created", "Thêm nguồn", "Source created"
    SOURCE_CHANGED = "source.changed", "Sửa nguồn", "Source changed"
    TARGET_CREATED = "target.created", "Đặt mục tiêu", "Target created"
    TARGET_CHANGED = "target.changed", "Sửa mục tiêu", "Target changed"
    TARGET_REMOVED = "target.removed", "Xóa mục tiêu", "Target removed"
    FIGURE_CREATED = "reported_figure.created", "Thêm số liệu công bố", "Reported figure created"
    FIGURE_CHANGED = "reported_figure.changed", "Sửa số liệu công bố", "Reported figure changed"
    PROJECT_CREATED = "project.created", "Thêm dự án", "Project created"
    PROJECT_CHANGED = "project.changed", "Sửa dự án", "Project changed"
    PROJECT_REMOVED = "project.removed", "Xóa dự án", "Project removed"
    PHASE_CREATED = "phase.created", "Thêm giai đoạn", "Phase created"
    PHASE_CHANGED = "phase.changed", "Sửa giai đoạn", "Phase changed"
    PHASE_REMOVED = "phase.removed", "Xóa giai đoạn", "Phase removed"
    TURBINE_CREATED = "turbine.created", "Thêm tua-bin", "Turbine created"
    TURBINE_CHANGED = "turbine.changed", "Sửa tua-bin", "Turbine changed"
    TURBINE_REMOVED = "turbine.removed", "Xóa tua-bin", "Turbine removed"
    CAPACITY_RECORDED = "capacity.recorded", "Ghi nhận công suất", "Capacity recorded"
    CAPACITY_CORRECTED = "capacity.corrected", "Đính chính công suất", "Capacity corrected"
    COD_DECLARED = "cod.declared", "Khai báo COD", "COD declared"
    COD_WITHDRAWN = "cod.withdrawn", "Rút khai báo COD", "COD declaration withdrawn"
    COD_DISPUTED = "cod.disputed", "Không đồng ý khai báo COD", "COD disputed"
    COD_CONFIRMED = "cod.confirmed", "Công nhận COD", "COD confirmed"
    COD_CONFIRMED_CONDITIONALLY = (
        "cod.confirmed_conditionally",
        "Công nhận COD có điều kiện",
        "COD confirmed with conditions",
    )
    COD_RECOGNISED_BY_SOURCE = (
        "cod.recognised_by_source",
        "COD theo nguồn công bố",
        "COD recognised by source",
    )
    COD_CONDITION_MET = "cod.condition_met", "Đã đáp ứng điều kiện COD", "COD condition met"
    COD_SUSPENDED = "cod.suspended", "Tạm ngừng công nhận COD", "COD suspended"
    COD_REINSTATED = "cod.reinstated", "Khôi phục công nhận COD", "COD reinstated"
    COD_CANCELLED = "cod.cancelled", "Hủy bỏ công nhận COD", "COD cancelled"
    COD_CORRECTED = "cod.corrected", "Đính chính COD", "COD corrected"
    RULE_OVERRIDDEN = "rule.overridden", "Chấp nhận ngoại lệ", "Rule overridden"
    WORK_CREATED = "grid_work.created", "Thêm công trình lưới", "Grid work created"
    WORK_CHANGED = "grid_work.changed", "Sửa công trình lưới", "Grid work changed"
    CONNECTION_MADE = "connection.made", "Gắn công trình với giai đoạn", "Connection made"
    CONNECTION_REMOVED = "connection.removed", "Bỏ gắn công trình", "Connection removed"
    CLEARANCE_CREATED = "clearance.created", "Thêm gói giải phóng mặt bằng", "Clearance package created"
    CLEARANCE_CHANGED = "clearance.changed", "Sửa gói giải phóng mặt bằng", "Clearance package changed"
    MILESTONES_APPLIED = "milestone.applied", "Áp dụng bộ mốc", "Milestones applied"
    MILESTONE_REPEATED = "milestone.repeated", "Thêm lần thực hiện của mốc", "Milestone repeated"
    MILESTONE_BASELINED = "milestone.baselined", "Đặt mốc cơ sở", "Baseline set"
    MILESTONE_PLANNED = "milestone.planned", "Đặt ngày kế hoạch", "Plan set"
    MILESTONE_MOVED = "milestone.moved", "Đổi ngày dự báo", "Forecast moved"
    MILESTONE_DECLARED = "milestone.declared", "Khai báo hoàn thành mốc", "Actual declared"
    MILESTONE_CONFIRMED = "milestone.confirmed", "Xác nhận hoàn thành mốc", "Actual confirmed"
    MILESTONE_DISPUTED = "milestone.disputed", "Không chấp nhận hoàn thành mốc", "Actual disputed"
    MILESTONE_WITHDRAWN = "milestone.withdrawn", "Rút khai báo hoàn thành mốc", "Actual withdrawn"
    MILESTONE_RULED = "milestone.ruled", "Xác định mốc có áp dụng hay không", "Applicability ruled"
    DOCUMENT_ADDED = "document.added", "Thêm văn bản", "Document added"
    DOCUMENT_CHANGED = "document.changed", "Sửa văn bản", "Document changed"
    DOCUMENT_FILED = "document.filed", "Đính kèm tệp văn bản", "File attached to a document"
    OBSTACLE_RAISED = "obstacle.raised", "Nêu vướng mắc", "Obstacle raised"
    OBSTACLE_CHANGED = "obstacle.changed", "Sửa vướng mắc", "Obstacle changed"
    OBSTACLE_POSTPONED = "obstacle.postponed", "Lùi hạn xử lý vướng mắc", "Obstacle postponed"
    OBSTACLE_CLOSED = "obstacle.closed", "Giải quyết vướng mắc", "Obstacle closed"
    OBSTACLE_REOPENED = "obstacle.reopened", "Vướng mắc phát sinh trở lại", "Obstacle reopened"
    PROGRESS_REPORTED = "progress.reported", "Nộp báo cáo tiến độ", "Progress reported"
