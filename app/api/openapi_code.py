"""What a route does beside its own subject, read from its code: whether it compares a version, pages, or keeps no ETag.

Said a second time beside each of some hundred and fifty routes it would be wrong at some of them before long; so the
document says what the code does. That the answers are as the document says is what Schemathesis tests.
"""

from collections.abc import Callable, Iterator
from types import CodeType, FunctionType
from typing import Any

DOOR = "app.api"


def words(endpoint: Callable[..., Any]) -> frozenset[str]:
    """The names and keywords in a route's code, in the functions inside it, and in the functions of this floor it calls."""
    found: set[str] = set()
    _gather(endpoint, found, set())
    return frozenset(found)


def _gather(function: object, found: set[str], seen: set[CodeType]) -> None:
    if not isinstance(function, FunctionType) or not function.__module__.startswith(DOOR):
        return
    for code in _codes(function.__code__):
        if code in seen:
            continue
        seen.add(code)
        found.update(code.co_names)
        for constant in code.co_consts:
            if isinstance(constant, tuple):  # The names of keyword arguments stand together.
                found.update(word for word in constant if isinstance(word, str))
        for name in code.co_names:
            _gather(function.__globals__.get(name), found, seen)


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)
