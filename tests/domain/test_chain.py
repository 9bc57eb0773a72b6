"""The seal of a revision: the same for the same content, another for any other, and the one old journals hold."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from app.domain.chain import FIRST, Link, seal

FACT = {
    "kind": "cod.confirmed",
    "subject": "tranche",
    "subject_code": "binh-dai.2",
    "project_id": 3,
    "before": {"status": "declared"},
    "after": {"status": "recognised", "kw": 4200, "note": "Đợt 2"},
}
LINK = Link(
    number=7,
    recorded_at=datetime(2023, 2, 7, 2, 0, 0, 123456, UTC),
    actor={"role": "evn_spc", "organisation": "evn-spc", "user": "lan"},
    request_id="0a1b",
    facts=[FACT],
)


def test_a_seal_is_the_one_that_journals_already_hold() -> None:
    assert seal(LINK, FIRST) == "53ba613560b610d5d4e98470862ef5a05c09cc821f251e0cc07965b6c64e5b2d"


def test_the_first_revision_follows_a_hash_of_zeros() -> None:
    assert FIRST == "0" * 64
    assert len(seal(LINK, FIRST)) == 64


OTHER: dict[str, dict[str, Any]] = {
    "number": {"number": 8},
    "one microsecond later": {"recorded_at": LINK.recorded_at + timedelta(microseconds=1)},
    "another user": {"actor": {**LINK.actor, "user": "minh"}},
    "another request": {"request_id": "0a1c"},
    "no fact": {"facts": []},
    "a fact twice": {"facts": [FACT, FACT]},
    "another kind": {"facts": [{**FACT, "kind": "cod.disputed"}]},
    "another amount": {"facts": [{**FACT, "after": {**FACT["after"], "kw": 4201}}]},  # type: ignore[dict-item]
    "an amount as text": {"facts": [{**FACT, "after": {**FACT["after"], "kw": "4200"}}]},  # type: ignore[dict-item]
    "another accent": {"facts": [{**FACT, "after": {**FACT["after"], "note": "Dợt 2"}}]},  # type: ignore[dict-item]
    "nothing before": {"facts": [{**FACT, "before": None}]},
}


@pytest.mark.parametrize("change", OTHER.values(), ids=list(OTHER))
def test_any_other_content_has_another_seal(change: dict[str, Any]) -> None:
    assert seal(replace(LINK, **change), FIRST) != seal(LINK, FIRST)


def test_the_order_of_facts_is_sealed() -> None:
    other = {**FACT, "kind": "rule.overridden"}
    assert seal(replace(LINK, facts=[FACT, other]), FIRST) != seal(replace(LINK, facts=[other, FACT]), FIRST)


def test_a_seal_hangs_on_the_one_before() -> None:
    assert seal(LINK, "1" * 64) != seal(LINK, FIRST)


def test_a_seal_hangs_neither_on_the_zone_of_the_instant_nor_on_the_order_of_fields() -> None:
    elsewhere = LINK.recorded_at.astimezone(timezone(timedelta(hours=7)))
    turned = dict(reversed(FACT.items()))
    assert seal(replace(LINK, recorded_at=elsewhere, facts=[turned]), FIRST) == seal(LINK, FIRST)
