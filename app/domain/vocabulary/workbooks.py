"""Words of spreadsheets that are sent in: how far one has come, and whose value a cell takes."""

from app.domain.words import Term


class UploadState(Term):
    """How far a workbook that was sent in has come. Nothing of it stands anywhere else before it is committed."""

    WAITING = "waiting", "Chờ kiểm tra", "Waiting to be checked"
    CHECKING = "checking", "Đang kiểm tra", "Being checked"
    CHECKED = "checked", "Đã kiểm tra, chưa ghi", "Checked, not saved yet"
    COMMITTING = "committing", "Đang ghi", "Being saved"
    COMMITTED = "committed", "Đã ghi", "Saved"
    REFUSED = "refused", "Không nhận được tệp này", "This file cannot be taken"
    CANCELLED = "cancelled", "Đã hủy", "Cancelled"
    INTERRUPTED = "interrupted", "Bị ngắt giữa chừng, chưa ghi gì", "Interrupted, nothing was saved"
    EXPIRED = "expired", "Đã quá hạn giữ tệp", "Kept for too long and removed"


class UploadStep(Term):
    """What is being done to a workbook just now."""

    READING = "reading", "Đọc tệp", "Reading the file"
    COMPARING = "comparing", "So với dữ liệu hiện có", "Comparing with what stands"
    REHEARSING = "rehearsing", "Thử theo các quy tắc", "Trying it by the rules"
    SAVING = "saving", "Ghi", "Saving"


class Take(Term):
    """Whose value a cell takes that both sides have changed."""

    MINE = "mine", "Của tôi", "Mine"
    THEIRS = "theirs", "Hiện có", "What stands"


class CellKind(Term):
    """What is told of a cell or a row of a workbook that was sent in."""

    CHANGED = "changed", "Thay đổi", "Changed"
    ADDED = "added", "Thêm mới", "Added"
    CONFLICT = "conflict", "Cả hai bên cùng sửa", "Changed by both"
    ERROR = "error", "Sai", "Wrong"
