"""Passwords are long rather than odd, and a door that was tried too often opens again by itself."""

import unicodedata
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import signing
from app.domain.errors import Invalid
from app.domain.problems import Problem

NOW = datetime(2023, 2, 7, 2, tzinfo=UTC)


def failed(*minutes: float) -> list[datetime]:
    """Failures so many minutes ago."""
    return [NOW - timedelta(minutes=m) for m in minutes]


@pytest.mark.parametrize(
    "password", ["a" * 12, "mật khẩu dài đây", " twelve signs ", "x" * 200, "correct horse battery"]
)
def test_a_long_password_is_taken_whatever_it_is_made_of(password: str) -> None:
    signing.check_password(password, "investor")


@pytest.mark.parametrize(
    "password", ["", "a" * 11, "x" * 201, "long-login-name", "Long-Login-Name", " long-login-name "]
)
def test_a_short_an_endless_and_the_login_itself_are_not(password: str) -> None:
    with pytest.raises(Invalid) as refused:
        signing.check_password(password, "long-login-name")
    assert (refused.value.problem, refused.value.field) == (Problem.PASSWORD_WEAK, "password")


def test_signs_are_counted_as_they_are_hashed() -> None:
    decomposed = unicodedata.normalize("NFD", "ếếếếếế")
    assert len(decomposed) > signing.SHORTEST_PASSWORD > len(signing.normal(decomposed))
    with pytest.raises(Invalid):
        signing.check_password(decomposed, "investor")


@given(st.text(max_size=40))
def test_two_keyboards_give_one_password(text: str) -> None:
    forms = ("NFC", "NFD", "NFKC", "NFKD")
    assert len({signing.normal(unicodedata.normalize(form, text)) for form in forms}) == 1  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("typed", "login"),
    [("investor", "investor"), (" Evn-SPC ", "evn-spc"), ("a.b_c-1", "a.b_c-1"), ("", ""), ("-a", ""), ("a b", ""),
     ("x" * 60, "x" * 60), ("x" * 61, ""), ("a\n", "a"), ("a\0", ""), ("đỗ", "")],
)  # fmt: skip
def test_a_login_is_what_it_is_kept_as_or_nobody_s(typed: str, login: str) -> None:
    assert signing.normal_login(typed) == login


CASES = {
    "nothing failed": ([], [], None),
    "nine of a login": (failed(*range(1, 10)), [], None),
    "ten of a login: until the first of them is a window old": (failed(*range(1, 11)), [], 5),
    "eleven: until the second is": (failed(*range(1, 12)), [], 5),
    "ten, of which one is out of the window": (failed(*range(6, 16)), [], None),
    "ten at once": (failed(*[0.0] * 10), [], 15),
    "forty-nine of an address": ([], failed(*[1.0] * 49), None),
    "fifty of an address": ([], failed(*[1.0] * 50), 14),
    "both: the later": (failed(*[5.0] * 10), failed(*[1.0] * 50), 14),
    "by the clock of a machine that is ahead": (failed(*[-0.1] * 10), [], 15.1),
}


@pytest.mark.parametrize(("of_login", "of_address", "minutes"), CASES.values(), ids=list(CASES))
def test_when_the_next_attempt_is_taken(
    of_login: list[datetime], of_address: list[datetime], minutes: float | None
) -> None:
    opens_at = signing.opens_at(of_login, of_address, NOW)
    assert opens_at == (None if minutes is None else NOW + timedelta(minutes=minutes))


@given(st.lists(st.integers(0, 1_000), max_size=40))
def test_a_door_that_is_closed_opens_by_itself(seconds: list[int]) -> None:
    failures = [NOW - timedelta(seconds=s) for s in seconds]
    opens_at = signing.opens_at(failures, [], NOW)
    if opens_at is not None:
        assert NOW < opens_at <= NOW + signing.WINDOW
        assert signing.opens_at(failures, [], opens_at) is None
        assert signing.opens_at(failures, [], opens_at - timedelta(microseconds=1)) is not None
