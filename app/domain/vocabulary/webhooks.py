"""Words of webhooks: how a delivery stands, what went wrong with an attempt, and why an endpoint is off."""

from app.domain.words import Term


class DeliveryState(Term):
    """How a delivery stands. What waits is sent as soon as it is due and nothing of its subject is ahead of it."""

    WAITING = "waiting", "Chờ gửi", "Waiting"
    DELIVERED = "delivered", "Đã nhận", "Delivered"
    DEAD = "dead", "Không gửi được", "Given up"
    WITHHELD = "withheld", "Đơn vị không còn được xem", "No longer for this organisation to see"


class AttemptFailure(Term):
    """What went wrong with one attempt to deliver."""

    REFUSED_ADDRESS = "refused_address", "Địa chỉ nội bộ, không được phép gửi", "The address is not public"
    UNKNOWN_HOST = "unknown_host", "Không tìm thấy máy chủ", "The host name is not known"
    NO_CONNECTION = "no_connection", "Không kết nối được", "No connection"
    NOT_SECURE = "not_secure", "Chứng chỉ TLS không hợp lệ", "The TLS certificate does not hold"
    TOO_SLOW = "too_slow", "Quá lâu không trả lời", "No answer in time"
    BROKEN_OFF = "broken_off", "Mất kết nối giữa chừng", "The connection broke off"
    REDIRECT = "redirect", "Trả lời chuyển hướng, không đi theo", "A redirect, which is not followed"
    STATUS = "status", "Máy nhận trả lời lỗi", "The receiver answered with an error"


class SwitchedOff(Term):
    """Why an endpoint is sent nothing."""

    BY_HAND = "by_hand", "Đơn vị tự tắt", "By its own organisation"
    FAILING = "failing", "Gửi không được quá lâu", "It has failed for too long"
    GONE = "gone", "Máy nhận báo không còn nữa (410)", "The receiver says that it is gone (410)"
