"""A refusal carries a word, the field it is about, and details."""

import pytest

from app.domain import errors
from app.domain.errors import TrackerError
from app.domain.problems import Problem

KINDS = [
    errors.Unauthenticated,
    errors.Forbidden,
    errors.NotFound,
    errors.Invalid,
    errors.RuleBroken,
    errors.Stale,
    errors.Conflict,
    errors.TooMany,
    errors.Unavailable,
]


def test_the_family_is_small_and_known() -> None:
    assert set(TrackerError.__subclasses__()) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_refusal_knows_its_word_its_field_and_its_details(kind: type[TrackerError]) -> None:
    error = kind(Problem.TAKEN, field="code", code="v1-3")
    assert (error.problem, error.field, error.details) == (Problem.TAKEN, "code", {"code": "v1-3"})
    assert str(error) == "taken"


def test_a_refusal_needs_no_field_and_no_details() -> None:
    error = errors.NotFound(Problem.NOT_FOUND)
    assert (error.field, error.details) == (None, {})
