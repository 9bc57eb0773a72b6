"""The problems of webhooks; every other is `problems.Problem`."""

from app.domain.words import Term


class WebhookProblem(Term):
    URL_FORM = (
        "url_form",
        "Phải là địa chỉ đầy đủ, ví dụ https://example.com/webhooks, không kèm tài khoản và phần sau dấu #",
        "Must be a whole address such as https://example.com/webhooks, without credentials and without a fragment",
    )
    URL_NOT_HTTPS = "url_not_https", "Phải là địa chỉ https", "Must be an https address"
    URL_PRIVATE = (
        "url_private",
        "Địa chỉ nội bộ; chỉ gửi được ra mạng công cộng",
        "An address inside a network; only public ones are sent to",
    )
    UNKNOWN_EVENT = (
        "unknown_event",
        "Không có loại sự kiện này; xem Fact trong /vocabulary, hoặc dùng cả nhóm như cod.*",
        "No such kind of event; see Fact in /vocabulary, or take a family such as cod.*",
    )
    TOO_MANY_ENDPOINTS = (
        "too_many_endpoints",
        "Đơn vị đã có quá nhiều địa chỉ nhận; hãy xóa bớt",
        "The organisation has too many endpoints; remove one first",
    )
    NO_ORGANISATION = (
        "no_organisation",
        "Khóa này không thuộc tổ chức nào",
        "This key belongs to no organisation",
    )
    REPLAY_OF_ONE = (
        "replay_of_one",
        "Phải nêu đúng một: from_revision hoặc dead",
        "Say exactly one of from_revision and dead",
    )
    ENDPOINT_OFF = (
        "endpoint_off",
        "Địa chỉ nhận đang tắt; hãy bật lại trước",
        "The endpoint is switched off; switch it on first",
    )
