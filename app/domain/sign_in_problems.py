"""What can go wrong where somebody signs in through another service (OpenID Connect); every other is `problems.Problem`."""

from app.domain.words import Term


class SignInProblem(Term):
    PROVIDER_AWAY = (
        "provider_away",
        "Dịch vụ đăng nhập không trả lời; hãy thử lại sau ít phút",
        "The sign-in service does not answer; try again in some minutes",
    )
    PROVIDER_REFUSED = (
        "provider_refused",
        "Dịch vụ đăng nhập đã từ chối, hoặc bạn đã hủy",
        "The sign-in service has refused, or you have cancelled",
    )
    PROVIDER_NOT_GOOD = (
        "provider_not_good",
        "Không kiểm chứng được câu trả lời của dịch vụ đăng nhập; hãy báo quản trị",
        "What the sign-in service answered could not be verified; tell the administrator",
    )
    ATTEMPT_OVER = (
        "attempt_over",
        "Lần đăng nhập này đã quá hạn hoặc không bắt đầu từ trình duyệt này; hãy bắt đầu lại",
        "This attempt to sign in is over, or did not start in this browser; start again",
    )
    IDENTITY_UNKNOWN = (
        "identity_unknown",
        "Chưa có tài khoản nào ở đây được gắn với danh tính này",
        "No account here is linked to this identity",
    )
    ACCOUNT_CLOSED = (
        "account_closed",
        "Tài khoản gắn với danh tính này đã bị tắt",
        "The account linked to this identity is switched off",
    )
