"""What the pages about signing in say."""

from app.domain.words import Term


class Signing(Term):
    TITLE = "title", "Đăng nhập", "Sign in"
    LOGIN = "login", "Tên đăng nhập", "Login"
    PASSWORD = "password", "Mật khẩu", "Password"
    HELP = (
        "help",
        "Tài khoản do Sở Công Thương cấp. Ai cũng xem được số liệu chung mà không cần đăng nhập.",
        "The department gives accounts. Anyone reads the public figures without one.",
    )
    NEEDED = "needed", "Hãy đăng nhập để xem phần này.", "Sign in to see this."
    ENDED = (
        "ended",
        "Phiên đăng nhập đã hết. Đăng nhập lại; những gì đã nhập vẫn còn.",
        "Your session has ended. Sign in again; what you typed is still there.",
    )
    GO_ON = "go_on", "Gửi tiếp biểu mẫu", "Send the form again"
    GO_ON_TITLE = "go_on_title", "Biểu mẫu của bạn vẫn còn", "Your form is still here"
    GO_ON_HELP = (
        "go_on_help",
        "Bạn đã đăng nhập lại. Chưa có gì được lưu; hãy gửi tiếp.",
        "You are signed in again. Nothing was saved yet; send it now.",
    )
    OTHER_SESSION = (
        "other_session",
        "Bạn đã đăng nhập lại từ khi mở biểu mẫu này. Chưa có gì được lưu; hãy gửi tiếp.",
        "You have signed in again since you opened this form. Nothing was saved yet; send it now.",
    )
    FILES_AGAIN = (
        "files_again",
        "Tệp đính kèm không giữ lại được; hãy chọn lại tệp ở trang sau.",
        "Attached files could not be kept; choose them again on the next page.",
    )
    OPENS = "opens", "Có thể thử lại từ {at}.", "You can try again from {at}."
    NO_PASSWORD_HERE = (
        "no_password_here",
        "Quên mật khẩu? Hãy liên hệ quản trị.",
        "Forgotten? Ask the administrator.",
    )
    # Through another service
    WITH = "with", "Đăng nhập bằng {name}", "Sign in with {name}"
    OR = "or", "hoặc", "or"
    IN_A_TAB = (
        "in_a_tab",
        "Mở trong thẻ mới; đăng nhập xong hãy quay lại thẻ này.",
        "Opens in a new tab; come back to this one once you are signed in.",
    )
    GO_ON_HERE = "go_on_here", "Đã đăng nhập ở thẻ kia, đi tiếp", "Signed in in the other tab, go on"
    NOT_YET = (
        "not_yet",
        "Trình duyệt này chưa đăng nhập. Những gì đã nhập vẫn còn.",
        "This browser is not signed in yet. What you typed is still there.",
    )
    TELL_SUBJECT = (
        "tell_subject",
        "Hãy gửi mã này cho quản trị để được gắn với tài khoản:",
        "Send this code to the administrator, who links it to your account:",
    )
    # A password of one's own
    OWN = "own", "Mật khẩu của tôi", "My password"
    OLD = "old", "Mật khẩu hiện tại", "Present password"
    NEW = "new", "Mật khẩu mới", "New password"
    CHANGED = "changed", "Đã đổi mật khẩu; hãy đăng nhập lại.", "The password is changed; sign in again."
    LENGTH = "length", "Ít nhất 12 ký tự.", "At least 12 characters."
