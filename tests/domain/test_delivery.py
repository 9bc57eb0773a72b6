"""When something is tried again, as a table of cases."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.delivery import Backoff, is_worth_another_try

BACKOFF = Backoff(first_s=5, factor=4, most_s=3600)


@pytest.mark.parametrize(
    ("status", "again"),
    [
        *((status, True) for status in (None, 408, 429, 500, 503, 599)),
        *((status, False) for status in (200, 301, 400, 401, 404, 410, 422)),
    ],
)
def test_only_what_may_succeed_later_is_tried_again(status: int | None, again: bool) -> None:
    assert is_worth_another_try(status) is again


@pytest.mark.parametrize(
    ("failures", "least", "most"), [(1, 2.5, 5), (2, 10, 20), (3, 40, 80), (9, 1800, 3600)]
)
def test_waits_grow_up_to_the_longest(failures: int, least: float, most: float) -> None:
    assert BACKOFF.wait_s(failures, 0.0) == least
    assert BACKOFF.wait_s(failures, 0.999_999) == pytest.approx(most, rel=1e-5)


@given(st.integers(1, 10_000), st.floats(0, 1, exclude_max=True))
def test_no_wait_is_longer_than_the_longest(failures: int, drawn: float) -> None:
    assert 0 < BACKOFF.wait_s(failures, drawn) <= BACKOFF.most_s
