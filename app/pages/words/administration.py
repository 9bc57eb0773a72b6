"""What the pages say on which organisations, users and keys are kept."""

from app.domain.words import Term


class Administration(Term):
    HELP = (
        "help",
        "Ai được làm gì: tổ chức, người dùng, khóa API. Mọi thay đổi đều vào nhật ký.",
        "Who may do what: organisations, users, API keys. Every change goes into the journal.",
    )
    SECTIONS = "sections", "Các mục quản trị", "Sections of the administration"
    ORGANISATIONS = "organisations", "Tổ chức", "Organisations"
    USERS = "users", "Người dùng", "Users"
    KEYS = "keys", "Khóa API", "API keys"
    ORGANISATIONS_HELP = (
        "organisations_help",
        "Sở, chủ đầu tư, EVN SPC và UBND huyện có người dùng ở đây.",
        "The department, investors, EVN SPC and districts with users here.",
    )
    USERS_HELP = (
        "users_help",
        "Người đăng nhập bằng trình duyệt, thuộc một tổ chức, với một vai trò.",
        "Who signs in with a browser: of one organisation, in one role.",
    )
    KEYS_HELP = (
        "keys_help",
        "Phần mềm của đơn vị gửi và lấy số liệu bằng khóa. Khóa thu hồi là hết hiệu lực ngay.",
        "Programs send and fetch figures with a key. A revoked key is useless at once.",
    )
    # Fields
    CODE = "code", "Mã", "Code"
    CODE_HELP = (
        "code_help",
        "Chữ thường không dấu, số, gạch nối; không đổi được về sau.",
        "Lower-case letters, digits, hyphens; it never changes.",
    )
    KIND = "kind", "Loại", "Kind"
    NAME = "name", "Tên", "Name"
    NAME_EN = "name_en", "Tên tiếng Anh", "English name"
    DISTRICT = "district", "Huyện phụ trách", "District it keeps"
    DISTRICT_HELP = (
        "district_help",
        "Chỉ với UBND huyện: mã huyện có mặt bằng do đơn vị theo dõi.",
        "For a district authority only: the code of the district whose land it keeps.",
    )
    NOTE = "note", "Ghi chú", "Note"
    LOGIN = "login", "Tên đăng nhập", "Login"
    LOGIN_HELP = (
        "login_help",
        "Chữ thường không dấu, số, dấu chấm, gạch nối, gạch dưới.",
        "Lower-case letters, digits, dots, hyphens, underscores.",
    )
    ORGANISATION = "organisation", "Thuộc tổ chức", "Organisation"
    ROLE = "role", "Vai trò", "Role"
    STATE = "state", "Trạng thái", "State"
    LABEL = "label", "Dùng cho", "Used for"
    DAYS = "days", "Số ngày có hiệu lực", "Days it is good for"
    DAYS_HELP = "days_help", "Từ 1 đến 1100 ngày.", "From 1 to 1,100 days."
    PREFIX = "prefix", "Phần đầu khóa", "Key begins with"
    MADE = "made", "Cấp lúc", "Made"
    ENDS = "ends", "Hết hạn", "Expires"
    LAST_USED = "last_used", "Dùng lần cuối", "Last used"
    NEVER = "never", "chưa dùng", "never"
    # States
    ACTIVE = "active", "Đang hoạt động", "Active"
    CLOSED = "closed", "Đã tắt", "Switched off"
    NO_SIGN_IN = "no_sign_in", "Không có mật khẩu", "No password"
    GOOD = "good", "Còn hiệu lực", "Good"
    EXPIRED = "expired", "Đã hết hạn", "Expired"
    REVOKED = "revoked", "Đã thu hồi", "Revoked"
    # Acts
    ADD_ORGANISATION = "add_organisation", "Thêm tổ chức", "Add an organisation"
    ADD_USER = "add_user", "Thêm người dùng", "Add a user"
    ADD_KEY = "add_key", "Cấp khóa", "Make a key"
    MADE_PASSWORD = (
        "made_password",
        "Mật khẩu do hệ thống tạo và chỉ hiện một lần sau khi thêm.",
        "The password is made here and shown once, after adding.",
    )
    MADE_KEY = (
        "made_key",
        "Khóa chỉ hiện một lần sau khi cấp.",
        "The key is shown once, after it is made.",
    )
    NEW_PASSWORD = "new_password", "Cấp mật khẩu mới", "New password"
    NEW_PASSWORD_HELP = (
        "new_password_help",
        "Mật khẩu cũ hết hiệu lực và mọi trình duyệt của người này bị đăng xuất ngay.",
        "The old one is void, and every browser of this user is signed out at once.",
    )
    SWITCH_OFF = "switch_off", "Tắt người dùng", "Switch off"
    SWITCH_OFF_HELP = (
        "switch_off_help",
        "Không đăng nhập được, không khóa nào còn dùng được, có hiệu lực ngay. Dữ liệu đã ghi vẫn giữ nguyên.",
        "Cannot sign in, and no key of theirs is good, from now on. What they recorded stays.",
    )
    SWITCH_ON = "switch_on", "Bật lại", "Switch on again"
    SWITCH_ON_HELP = (
        "switch_on_help",
        "Đăng nhập lại được bằng mật khẩu cũ; khóa chưa thu hồi dùng lại được.",
        "May sign in again with the old password; keys that are not revoked are good again.",
    )
    SIGN_OUT_ALL = "sign_out_all", "Đăng xuất mọi trình duyệt", "Sign out every browser"
    BROWSERS = "browsers", "Trình duyệt đang đăng nhập", "Browsers signed in"
    SINCE = "since", "Từ {since}, đến {until}", "Since {since}, until {until}"
    NO_BROWSERS = "no_browsers", "Không có trình duyệt nào đang đăng nhập.", "No browser is signed in."
    REVOKE = "revoke", "Thu hồi", "Revoke"
    REVOKE_NOW = "revoke_now", "Thu hồi ngay, không lấy lại được", "Revoke for good"
    # Shown once
    SECRET_TITLE = "secret_title", "Chép lại ngay", "Copy it now"
    SECRET_HELP = (
        "secret_help",
        "Chỉ hiện lần này; hệ thống không giữ bản gốc. Chuyển cho đúng người, không gửi qua nhóm chat.",
        "Shown this once; it is kept nowhere. Hand it to the one it is for, not to a group chat.",
    )
    SECRET_OF = "secret_of", "Của", "For"
    SECRET = "secret", "Mật khẩu hoặc khóa", "Password or key"
    BACK = "back", "Đã chép, quay lại", "Copied, go back"
