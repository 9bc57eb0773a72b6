"""What the pages say of webhooks."""

from app.domain.words import Term


class Hooks(Term):
    HELP = (
        "help",
        "Hệ thống của đơn vị được báo ngay mỗi khi có thay đổi mà đơn vị được xem. Tin được ký theo Standard Webhooks.",
        "Programs of an organisation are told of each change it may see. Messages are signed as Standard Webhooks says.",
    )
    ENDPOINTS = "endpoints", "Địa chỉ nhận", "Endpoints"
    ADD = "add", "Thêm địa chỉ nhận", "Add an endpoint"
    ADDED_HELP = (
        "added_help",
        "Khóa ký chỉ hiện một lần sau khi thêm.",
        "The secret that signs is shown once, after adding.",
    )
    NAME = "name", "Mã", "Code"
    URL = "url", "Địa chỉ (https)", "Address (https)"
    EVENTS = "events", "Chỉ các loại sự kiện", "Only these kinds of events"
    EVENTS_HELP = (
        "events_help",
        "Cách nhau bằng dấu cách, ví dụ: cod.* milestone.moved. Để trống: mọi thay đổi được xem.",
        "With blanks between, such as: cod.* milestone.moved. Empty: everything that may be seen.",
    )
    EVERYTHING = "everything", "mọi thay đổi được xem", "everything that may be seen"
    DESCRIPTION = "description", "Ghi chú", "Note"
    OWNER = "owner", "Thuộc tổ chức", "Organisation"
    STATE = "state", "Trạng thái", "State"
    ON = "on", "Đang bật", "On"
    OFF = "off", "Đã tắt", "Off"
    OFF_SINCE = "off_since", "{why}, từ {since}", "{why}, since {since}"
    WAITING = "waiting", "Chờ gửi", "Waiting"
    DEAD = "dead", "Không gửi được", "Given up"
    FAILING = "failing", "Gửi không được từ", "Failing since"
    DELIVERED = "delivered", "Lần nhận gần nhất", "Last delivered"
    NEVER = "never", "chưa có", "never"
    # The log
    LOG = "log", "Nhật ký gửi", "Delivery log"
    MESSAGE = "message", "Tin", "Message"
    SUBJECT = "subject", "Đối tượng", "Subject"
    ATTEMPTS = "attempts", "Các lần gửi", "Attempts"
    TOOK = "took", "{ms} ms", "{ms} ms"
    NEXT = "next", "Gửi tiếp: {at}", "Next: {at}"
    BEHIND = "behind", "Chờ tin trước của cùng đối tượng", "Behind another of its subject"
    AGAIN = "again", "Gửi lại", "Send again"
    # Acts
    ACTS = "acts", "Thao tác", "Acts"
    TEST = "test", "Gửi tin thử", "Send a test"
    REPLAY_DEAD = "replay_dead", "Gửi lại mọi tin không gửi được", "Send again all that was given up"
    REPLAY_FROM = "replay_from", "Gửi lại từ lần ghi số", "Send again from revision"
    REPLAY_FROM_HELP = (
        "replay_from_help",
        "Mỗi tin giữ nguyên mã, nên nơi nhận bỏ qua tin đã có.",
        "Each message keeps its id, so a receiver drops what it has.",
    )
    REPLAY = "replay", "Gửi lại các tin này", "Send them again"
    RENEW = "renew", "Đổi khóa ký", "New secret"
    RENEW_HELP = (
        "renew_help",
        "Trong thời gian chuyển tiếp tin được ký bằng cả hai khóa.",
        "For some hours messages are signed with both.",
    )
    SWITCH_OFF = "switch_off", "Tắt", "Switch off"
    SWITCH_OFF_HELP = (
        "switch_off_help",
        "Thay đổi sau khi tắt không được giữ lại; khi bật lại, hãy gửi lại từ lần ghi đã tắt.",
        "What changes from then on is not kept; once it is on again, send again from the revision that switched it off.",
    )
    SWITCH_ON = "switch_on", "Bật lại", "Switch on again"
    REMOVE = "remove", "Xóa hẳn", "Remove for good"
    REMOVE_HELP = (
        "remove_help",
        "Xóa cả tin đang chờ và nhật ký gửi.",
        "With what waits for it, and with its log.",
    )
