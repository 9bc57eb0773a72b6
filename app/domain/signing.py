"""Signing in: what a login, a password and an issuer's name for somebody must be, and how many wrong passwords are taken."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta

from app.domain.errors import Invalid
from app.domain.problems import Problem

LOGIN = r"^[a-z0-9][a-z0-9._-]{0,59}$"
# OpenID Connect Core 1.0, section 2: at most 255 ASCII characters; a space or a sign that does not print is a slip.
SUBJECT = r"^[!-~]{1,255}$"
# Long rather than odd: NIST SP 800-63B asks for length and forbids rules about kinds of characters.
SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 200
# So many failures inside the window close the door until the window has moved past them.
FAILURES_OF_A_LOGIN, FAILURES_OF_AN_ADDRESS = 10, 50
WINDOW = timedelta(minutes=15)


def normal_login(text: str) -> str:
    """A login as it is kept, from what was typed; empty where nobody can be called that."""
    text = text.strip().lower()
    return text if re.fullmatch(LOGIN, text) else ""


def is_subject(text: str) -> bool:
    """Whether an issuer can mean somebody by this text."""
    return re.fullmatch(SUBJECT, text) is not None


def normal(password: str) -> str:
    """A password as it is hashed (NFKC, as NIST SP 800-63B asks): one Vietnamese keyboard writes ế as one character,
    another as an e with two marks."""
    return unicodedata.normalize("NFKC", password)


def check_password(password: str, login: str) -> None:
    """Raises Invalid for a password that is too short, too long, or the login itself."""
    password = normal(password)
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD or password.strip().lower() == login:
        raise Invalid(Problem.PASSWORD_WEAK, field="password", shortest=SHORTEST_PASSWORD)


def opens_at(of_login: Sequence[datetime], of_address: Sequence[datetime], now: datetime) -> datetime | None:
    """When the next attempt is taken, given the failures of a login and of an address; None: now.

    A door that is closed says the same for a login that exists and one that does not.
    """
    ends = [
        sorted(recent)[-most] + WINDOW
        for failures, most in ((of_login, FAILURES_OF_A_LOGIN), (of_address, FAILURES_OF_AN_ADDRESS))
        if len(recent := [at for at in failures if at > now - WINDOW]) >= most
    ]
    return max(ends, default=None)
