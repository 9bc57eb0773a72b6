"""What holds for every life of a tranche, in whatever order its acts are recorded and back-dated; and for every sum."""

import contextlib
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as some

from app.domain.capacity import Posting, Target, against_target, balance, default_target, figures, running
from app.domain.errors import RuleBroken
from app.domain.vocabulary import Account, TrancheStatus
from tests.domain.lives import Life

FIRST = date(2022, 1, 1)
DAYS = some.integers(0, 12).map(lambda n: FIRST + timedelta(days=n))
KW = some.integers(1, 12)
ACTS = some.lists(
    some.tuples(some.sampled_from(["suspend", "reinstate", "cancel", "correct", "meet"]), KW, DAYS),
    max_size=8,
)
BEGINNINGS = some.sampled_from(["by_source", "confirmed", "disputed", "conditional"])


def begun(beginning: str, kw: int, day: date) -> Life:
    if beginning == "by_source":
        return Life().by_source(kw, day)
    life = Life().declare(kw, day)
    if beginning == "disputed":
        life.dispute()
    return life.confirm(conditional=beginning == "conditional")


def lived(beginning: str, kw: int, day: date, acts: list[tuple[str, int, date]]) -> tuple[Life, date | None]:
    """A life with those of `acts` that rule R21 allows, and the day from which its condition is met."""
    life, met_on = begun(beginning, kw, day), None
    for act, amount, when in acts:
        if act == "meet":
            if life.tranche.is_conditional:
                life.meet(when)
                met_on = when
            continue
        with contextlib.suppress(RuleBroken):
            getattr(life, act)(amount, when)
    return life, met_on


EVERY_DAY = [FIRST + timedelta(days=n) for n in range(-1, 14)]


@given(BEGINNINGS, KW, DAYS, ACTS)
def test_on_every_day_gross_less_suspended_and_cancelled_operates_and_is_not_negative(
    beginning: str, kw: int, day: date, acts: list[tuple[str, int, date]]
) -> None:
    life, _ = lived(beginning, kw, day, acts)
    for when in EVERY_DAY:
        gross, suspended, cancelled = (
            life.kw(a, when) for a in (Account.RECOGNISED, Account.SUSPENDED, Account.CANCELLED)
        )
        assert 0 <= suspended <= gross
        assert 0 <= cancelled <= gross
        assert gross - suspended - cancelled >= 0
    assert life.tranche.operating_kw == life.operating(EVERY_DAY[-1])


@given(BEGINNINGS, KW, DAYS, ACTS)
def test_on_every_day_what_operates_under_an_open_condition_is_at_risk_and_nothing_else(
    beginning: str, kw: int, day: date, acts: list[tuple[str, int, date]]
) -> None:
    life, met_on = lived(beginning, kw, day, acts)
    for when in EVERY_DAY:
        at_risk, operating = life.kw(Account.AT_RISK, when), life.operating(when)
        assert 0 <= at_risk <= operating
        is_open = beginning == "conditional" and (met_on is None or when < met_on)
        assert at_risk == (operating if is_open else 0)


@given(BEGINNINGS, KW, DAYS, ACTS)
def test_a_recognised_tranche_leaves_no_claim_open_and_its_status_fits_its_balances(
    beginning: str, kw: int, day: date, acts: list[tuple[str, int, date]]
) -> None:
    tranche = lived(beginning, kw, day, acts)[0].tranche
    assert tranche.kw(Account.DECLARED) == tranche.kw(Account.DISPUTED) == 0
    if tranche.status in (TrancheStatus.SUSPENDED, TrancheStatus.CANCELLED):
        assert tranche.operating_kw == 0
    else:
        assert tranche.operating_kw > 0
    assert tranche.is_live == (tranche.status != TrancheStatus.CANCELLED)


@given(KW, DAYS, some.lists(some.sampled_from(["dispute", "withdraw"]), max_size=4))
def test_a_claim_stands_on_one_account_or_on_none(kw: int, day: date, acts: list[str]) -> None:
    life = Life().declare(kw, day)
    for act in acts:
        getattr(life, act)()
        if act == "withdraw":
            break
    standing = {a: life.tranche.kw(a) for a in (Account.DECLARED, Account.DISPUTED)}
    disputed = Account.DISPUTED if "dispute" in acts else Account.DECLARED
    assert standing == {a: kw if a == disputed and "withdraw" not in acts else 0 for a in standing}
    assert life.tranche.operating_kw == 0


POSTINGS = some.lists(
    some.builds(
        Posting, some.sampled_from([Account.RECOGNISED, Account.SUSPENDED]), some.integers(-99, 99), DAYS
    )
)


@given(POSTINGS, DAYS)
def test_a_balance_is_the_sum_of_its_own_postings_up_to_the_day(postings: list[Posting], day: date) -> None:
    for account in (Account.RECOGNISED, Account.SUSPENDED):
        own = [p for p in postings if p.account == account]
        assert balance(postings, account) == sum(p.kw for p in own)
        assert balance(postings, account, day) == sum(p.kw for p in own if p.effective_on <= day)


@given(POSTINGS, DAYS)
def test_figures_hold_the_balance_of_every_account_that_was_posted_on_by_the_day(
    postings: list[Posting], day: date
) -> None:
    found = figures(postings, day)
    assert set(found.balances) == {p.account for p in postings if p.effective_on <= day}
    for account in Account:
        assert found.kw(account) == balance(postings, account, day)


@given(some.dictionaries(DAYS, some.integers(-500, 500)), some.lists(DAYS, unique=True).map(sorted))
def test_a_running_total_equals_the_naive_sum(changes: dict[date, int], ends: list[date]) -> None:
    assert running(changes, ends) == [sum(kw for on, kw in changes.items() if on <= end) for end in ends]


TARGETS = some.builds(Target, some.text("ab", min_size=1, max_size=2), some.integers(1, 99), DAYS)


@given(some.integers(0, 120), some.integers(0, 120), TARGETS, DAYS)
def test_the_gap_closes_exactly_when_as_much_operates_as_the_target_asks(
    operating: int, when_judged: int, target: Target, as_of: date
) -> None:
    progress = against_target(operating, when_judged, target, as_of)
    assert (progress.gap_kw == 0) == (operating >= target.kw)
    assert progress.judged_on <= as_of
    assert progress.judged_on <= target.due_on


@settings(max_examples=50)
@given(some.lists(TARGETS), DAYS)
def test_the_target_of_a_day_is_one_of_those_set_and_never_overdue_while_another_is_ahead(
    targets: list[Target], as_of: date
) -> None:
    chosen = default_target(targets, as_of)
    if chosen is None:
        assert not targets
        return
    assert chosen in targets
    ahead = [t.due_on for t in targets if t.due_on >= as_of]
    assert chosen.due_on == (min(ahead) if ahead else max(t.due_on for t in targets))
