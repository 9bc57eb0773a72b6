"""Capacity as a ledger: what each entry posts, and what the postings add up to.

An entry states a fact (a turbine group was recognised, a part was suspended). Its *postings* move signed kW on
accounts, each from a day on. Every figure of the service is a sum of postings over one account, up to a day
(`as_of`) and up to a revision (`known_at`); so nothing is ever edited, and gross - suspended - cancelled = operating
holds by construction.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from app.domain.errors import RuleBroken
from app.domain.rules import Rule
from app.domain.vocabulary import Account, EntryKind, Measure, Precision, TrancheStatus

RECOGNITIONS = frozenset(
    {EntryKind.CONFIRMED, EntryKind.CONFIRMED_CONDITIONALLY, EntryKind.RECOGNISED_BY_SOURCE}
)

# The accounts that make what operates, and how each counts.
COUNTING = {Account.RECOGNISED: 1, Account.SUSPENDED: -1, Account.CANCELLED: -1}
# The account on which each measure stands; operating MW are a difference of three.
RUNGS = {measure: Account(measure.value) for measure in Measure if measure != Measure.OPERATING}


@dataclass(frozen=True, slots=True)
class Posting:
    """`kw` (signed) on `account` from the day `effective_on`."""

    account: Account
    kw: int
    effective_on: date


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger of a phase (or, where the split is unknown, of a project alone: `phase` None)."""

    id: int
    kind: EntryKind
    measure: Measure
    kw: int
    effective_on: date
    precision: Precision
    phase: str | None
    tranche: str | None = None
    reverses: int | None = None
    turbines: tuple[str, ...] = ()
    valid_until: date | None = None
    postings: tuple[Posting, ...] = ()


def balance(postings: Iterable[Posting], account: Account, on: date | None = None) -> int:
    """kW standing on `account` on the day `on`, or in the end where no day is given."""
    return sum(p.kw for p in postings if p.account == account and (on is None or p.effective_on <= on))


@dataclass(frozen=True)
class Tranche:
    """A COD tranche (đợt) folded from its entries, oldest first."""

    code: str
    entries: tuple[Entry, ...]

    @property
    def postings(self) -> list[Posting]:
        return [posting for entry in self.entries for posting in entry.postings]

    @cached_property
    def balances(self) -> Mapping[Account, int]:
        """What stands on each account in the end."""
        return figures(self.postings, date.max).balances

    @property
    def phase(self) -> str | None:
        return self.entries[0].phase

    @property
    def claim(self) -> Entry | None:
        """The declaration, where there was one."""
        first = self.entries[0]
        return first if first.kind == EntryKind.DECLARED else None

    @property
    def recognition(self) -> Entry | None:
        """The entry that states the recognised kW and day now: the last recognition or its correction."""
        standing = [e for e in self.entries if e.kind in RECOGNITIONS or e.kind == EntryKind.CORRECTED]
        return standing[-1] if standing else None

    @property
    def stated(self) -> Entry:
        """The entry whose kW, day and turbines describe the tranche."""
        return self.recognition or self.entries[0]

    @property
    def turbines(self) -> tuple[str, ...]:
        """The turbines last listed."""
        return next((e.turbines for e in reversed(self.entries) if e.turbines), ())

    def kw(self, account: Account) -> int:
        """The tranche's balance on one account."""
        return self.balances.get(account, 0)

    @property
    def operating_kw(self) -> int:
        return self.kw(Account.RECOGNISED) - self.kw(Account.SUSPENDED) - self.kw(Account.CANCELLED)

    @property
    def is_live(self) -> bool:
        """Whether its turbines are taken: declared, or recognised and not wholly cancelled (rule R08)."""
        return self.kw(Account.DECLARED) > 0 or self.kw(Account.RECOGNISED) > self.kw(Account.CANCELLED)

    @property
    def is_conditional(self) -> bool:
        """Recognised with conditions that are not yet met."""
        kinds = [e.kind for e in self.entries]
        return EntryKind.CONFIRMED_CONDITIONALLY in kinds and EntryKind.CONDITION_MET not in kinds

    @property
    def status(self) -> TrancheStatus:
        recognised = self.kw(Account.RECOGNISED)
        if not recognised:
            return _UNRECOGNISED[self.entries[-1].kind]
        cancelled, suspended = self.kw(Account.CANCELLED), self.kw(Account.SUSPENDED)
        if cancelled == recognised:
            return TrancheStatus.CANCELLED
        if suspended + cancelled == recognised:
            return TrancheStatus.SUSPENDED
        if suspended:
            return TrancheStatus.PARTLY_SUSPENDED
        if cancelled:
            return TrancheStatus.PARTLY_CANCELLED
        return TrancheStatus.AT_RISK if self.is_conditional else TrancheStatus.RECOGNISED


_UNRECOGNISED = {
    EntryKind.DECLARED: TrancheStatus.DECLARED,
    EntryKind.DISPUTED: TrancheStatus.DISPUTED,
    EntryKind.WITHDRAWN: TrancheStatus.WITHDRAWN,
    # A recognition corrected to nothing was recorded by mistake.
    EntryKind.CORRECTED: TrancheStatus.CANCELLED,
}


def post_measure(measure: Measure, kw: int, effective_on: date, valid_until: date | None) -> list[Posting]:
    """A measure of the ladder; one that expires (a licence, an agreement) leaves the ladder the day after."""
    account = Account(measure.value)
    postings = [Posting(account, kw, effective_on)]
    if valid_until is not None:
        postings.append(Posting(account, -kw, valid_until + timedelta(days=1)))
    return postings


def post_declaration(kw: int, effective_on: date) -> list[Posting]:
    """A claim waits on its own account and counts for nothing."""
    return [Posting(Account.DECLARED, kw, effective_on)]


def post_recognition(kw: int, effective_on: date, *, conditional: bool = False) -> list[Posting]:
    """Recognised kW; recognised with conditions they are at risk as well."""
    postings = [Posting(Account.RECOGNISED, kw, effective_on)]
    return [*postings, Posting(Account.AT_RISK, kw, effective_on)] if conditional else postings


def post_closing(tranche: Tranche) -> list[Posting]:
    """Takes back what the open claim has posted, wherever it stands (declared or disputed), on its own days."""
    waiting = (Account.DECLARED, Account.DISPUTED)
    return [Posting(p.account, -p.kw, p.effective_on) for p in _net(tranche.postings, waiting)]


def post_dispute(tranche: Tranche) -> list[Posting]:
    """Moves the open claim from declared to disputed; disputed once more, it stays there."""
    open_claim = _net(tranche.postings, (Account.DECLARED, Account.DISPUTED))
    return [*post_closing(tranche), *(Posting(Account.DISPUTED, p.kw, p.effective_on) for p in open_claim)]


def post_suspension(tranche: Tranche, kw: int, effective_on: date) -> list[Posting]:
    """A part stops counting from a day on; what is no longer operating is no longer at risk either."""
    return _with_risk(tranche, [Posting(Account.SUSPENDED, kw, effective_on)])


def post_reinstatement(tranche: Tranche, kw: int, effective_on: date) -> list[Posting]:
    """A suspended part counts again from a day on."""
    return _with_risk(tranche, [Posting(Account.SUSPENDED, -kw, effective_on)])


def post_cancellation(tranche: Tranche, kw: int, effective_on: date) -> list[Posting]:
    """A part is cancelled for good. Where more is cancelled than operates, the rest comes out of the suspended part."""
    from_suspended = max(0, kw - balance(tranche.postings, Account.RECOGNISED, effective_on)
                         + balance(tranche.postings, Account.SUSPENDED, effective_on)
                         + balance(tranche.postings, Account.CANCELLED, effective_on))  # fmt: skip
    postings = [Posting(Account.CANCELLED, kw, effective_on)]
    if from_suspended:
        postings.append(Posting(Account.SUSPENDED, -from_suspended, effective_on))
    return _with_risk(tranche, postings)


def post_condition_met(tranche: Tranche, effective_on: date) -> list[Posting]:
    """The condition is met: nothing of the tranche is at risk any more from that day on."""
    return _with_risk(tranche, [], met_on=effective_on)


def post_correction(tranche: Tranche, kw: int, effective_on: date) -> list[Posting]:
    """Replaces the standing recognition by the right kW on the right day; suspensions and cancellations stay."""
    standing = tranche.stated
    postings = [
        Posting(Account.RECOGNISED, -standing.kw, standing.effective_on),
        Posting(Account.RECOGNISED, kw, effective_on),
    ]
    return _with_risk(tranche, [p for p in postings if p.kw])


def _with_risk(tranche: Tranche, moved: list[Posting], met_on: date | None = None) -> list[Posting]:
    """`moved`, and what keeps the kW at risk equal to the operating kW on every day before the condition is met."""
    kinds = {e.kind: e.effective_on for e in tranche.entries}
    if EntryKind.CONFIRMED_CONDITIONALLY not in kinds:
        return moved
    met_on = met_on or kinds.get(EntryKind.CONDITION_MET)
    then, total = [*tranche.postings, *moved], 0
    at_risk: list[Posting] = []
    for day in sorted({p.effective_on for p in then} | ({met_on} if met_on else set())):
        operating = sum(sign * balance(then, account, day) for account, sign in COUNTING.items())
        wanted = operating if met_on is None or day < met_on else 0
        short = wanted - balance(then, Account.AT_RISK, day) - total
        if short:
            at_risk.append(Posting(Account.AT_RISK, short, day))
            total += short
    return [*moved, *at_risk]


def _net(postings: Iterable[Posting], accounts: Sequence[Account]) -> list[Posting]:
    """The postings on `accounts` summed by account and day, without those that come to nothing."""
    sums: dict[tuple[Account, date], int] = {}
    for p in postings:
        if p.account in accounts:
            sums[p.account, p.effective_on] = sums.get((p.account, p.effective_on), 0) + p.kw
    return [Posting(account, kw, on) for (account, on), kw in sums.items() if kw]


def check_arithmetic(postings: Sequence[Posting]) -> None:
    """Rule R21: on every day of a tranche, 0 <= suspended, 0 <= cancelled, and together at most the recognised kW."""
    for day in sorted({p.effective_on for p in postings}):
        recognised, suspended, cancelled = (
            balance(postings, a, day) for a in (Account.RECOGNISED, Account.SUSPENDED, Account.CANCELLED)
        )
        if suspended < 0 or cancelled < 0 or recognised < 0 or suspended + cancelled > recognised:
            raise RuleBroken(
                Rule.MORE_TAKEN_BACK_THAN_RECOGNISED,
                field="capacity_mw",
                on=day,
                recognised_kw=recognised,
                suspended_kw=suspended,
                cancelled_kw=cancelled,
            )


@dataclass(frozen=True, slots=True)
class Figures:
    """Sums by account for one subject on one day. An account that never had a posting is absent, not 0."""

    balances: Mapping[Account, int] = field(default_factory=dict)

    def kw(self, account: Account) -> int:
        return self.balances.get(account, 0)

    @property
    def operating_kw(self) -> int:
        """What counts: recognised, net of suspended and cancelled."""
        return self.kw(Account.RECOGNISED) - self.kw(Account.SUSPENDED) - self.kw(Account.CANCELLED)

    def rung_kw(self, measure: Measure) -> int | None:
        """One measure of the ladder; None where no entry is known."""
        if measure == Measure.OPERATING:
            return self.operating_kw if Account.RECOGNISED in self.balances else None
        return self.balances.get(RUNGS[measure])


def figures(postings: Iterable[Posting], on: date) -> Figures:
    """What postings add up to on a day."""
    balances: dict[Account, int] = {}
    for p in postings:
        if p.effective_on <= on:
            balances[p.account] = balances.get(p.account, 0) + p.kw
    return Figures(balances)


@dataclass(frozen=True, slots=True)
class Target:
    """At least `kw` in commercial operation by the end of `due_on`."""

    code: str
    kw: int
    due_on: date


@dataclass(frozen=True, slots=True)
class Progress:
    """How far `operating_kw` is from a target; `is_met` is judged on `judged_on`, the earlier of as_of and the due day."""

    operating_kw: int
    target: Target
    judged_on: date
    is_met: bool

    @property
    def gap_kw(self) -> int:
        return max(0, self.target.kw - self.operating_kw)


def judged_on(target: Target, as_of: date) -> date:
    """The day on which a target is judged: rule R43 counts what is effective on or before its due day."""
    return min(as_of, target.due_on)


def against_target(operating_kw: int, operating_when_judged_kw: int, target: Target, as_of: date) -> Progress:
    """Compares what operates on `as_of` with the target, and judges it on its day."""
    return Progress(
        operating_kw=operating_kw,
        target=target,
        judged_on=judged_on(target, as_of),
        is_met=operating_when_judged_kw >= target.kw,
    )


def default_target(targets: Sequence[Target], as_of: date) -> Target | None:
    """The earliest target due on or after `as_of`; after the last one, the one due last."""
    ahead = [t for t in targets if t.due_on >= as_of]
    if ahead:
        return min(ahead, key=lambda t: (t.due_on, t.code))
    return max(targets, key=lambda t: (t.due_on, t.code), default=None)


def running(changes: Mapping[date, int], ends: Sequence[date]) -> list[int]:
    """The running total of dated changes at each of the ascending days `ends`."""
    days, at, total, totals = sorted(changes), 0, 0, []
    for end in ends:
        while at < len(days) and days[at] <= end:
            total += changes[days[at]]
            at += 1
        totals.append(total)
    return totals
