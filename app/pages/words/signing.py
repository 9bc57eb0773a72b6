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
    # A password of one's own
    OWN = "own", "Mật khẩu của tôi", "My password"
    OLD = "old", "Mật khẩu hiện tại", "Present password"
    NEW = "new", "Mật khẩu mới", "New password"
    CHANGED = "changed", "Đã đổi mật khẩu; hãy đăng nhập lại.", "The password is changed; sign in again."
    LENGTH = "length", "Ít nhất 12 ký tự.", "At least 12 characters."
