"""The life of one COD tranche on plain domain values: each act adds an entry, after rule R21, as the services do."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Self

from app.domain import capacity
from app.domain.capacity import Entry, Posting, Tranche, balance, check_arithmetic
from app.domain.vocabulary import Account, EntryKind, Measure, Precision


def on(month: int, day: int = 1) -> date:
    """A day of 2022."""
    return date(2022, month, day)


class Life:
    """A tranche under way. Acts chain; one that breaks R21 raises RuleBroken and leaves nothing behind."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    @property
    def tranche(self) -> Tranche:
        return Tranche("alpha.1", tuple(self.entries))

    @property
    def last(self) -> list[tuple[Account, int, date]]:
        """What the last entry posted."""
        return [(p.account, p.kw, p.effective_on) for p in self.entries[-1].postings]

    def declare(self, kw: int, day: date, turbines: tuple[str, ...] = ()) -> Self:
        return self._add(EntryKind.DECLARED, kw, day, capacity.post_declaration(kw, day), turbines)

    def dispute(self) -> Self:
        postings = capacity.post_dispute(self.tranche)
        return self._add(EntryKind.DISPUTED, self._claim.kw, self._claim.effective_on, postings)

    def withdraw(self) -> Self:
        postings = capacity.post_closing(self.tranche)
        return self._add(EntryKind.WITHDRAWN, self._claim.kw, self._claim.effective_on, postings)

    def confirm(
        self,
        kw: int | None = None,
        day: date | None = None,
        *,
        conditional: bool = False,
        turbines: tuple[str, ...] = (),
    ) -> Self:
        kw, day = kw or self._claim.kw, day or self._claim.effective_on
        recognised = capacity.post_recognition(kw, day, conditional=conditional)
        kind = EntryKind.CONFIRMED_CONDITIONALLY if conditional else EntryKind.CONFIRMED
        return self._add(kind, kw, day, [*capacity.post_closing(self.tranche), *recognised], turbines)

    def by_source(self, kw: int, day: date) -> Self:
        return self._add(EntryKind.RECOGNISED_BY_SOURCE, kw, day, capacity.post_recognition(kw, day))

    def suspend(self, kw: int, day: date) -> Self:
        return self._add(EntryKind.SUSPENDED, kw, day, capacity.post_suspension(self.tranche, kw, day))

    def reinstate(self, kw: int, day: date) -> Self:
        return self._add(EntryKind.REINSTATED, kw, day, capacity.post_reinstatement(self.tranche, kw, day))

    def cancel(self, kw: int, day: date) -> Self:
        return self._add(EntryKind.CANCELLED, kw, day, capacity.post_cancellation(self.tranche, kw, day))

    def meet(self, day: date) -> Self:
        kw = self.tranche.operating_kw
        return self._add(EntryKind.CONDITION_MET, kw, day, capacity.post_condition_met(self.tranche, day))

    def correct(self, kw: int, day: date) -> Self:
        return self._add(EntryKind.CORRECTED, kw, day, capacity.post_correction(self.tranche, kw, day))

    def kw(self, account: Account, day: date) -> int:
        """The balance of one account on a day."""
        return balance(self.tranche.postings, account, day)

    def operating(self, day: date) -> int:
        """Gross - suspended - cancelled on a day."""
        gross, suspended, cancelled = (
            self.kw(a, day) for a in (Account.RECOGNISED, Account.SUSPENDED, Account.CANCELLED)
        )
        return gross - suspended - cancelled

    def days(self) -> Iterator[date]:
        """Every day on which a balance may change."""
        return iter(sorted({p.effective_on for p in self.tranche.postings}))

    @property
    def _claim(self) -> Entry:
        claim = self.tranche.claim
        assert claim is not None
        return claim

    def _add(
        self,
        kind: EntryKind,
        kw: int,
        day: date,
        postings: Sequence[Posting],
        turbines: tuple[str, ...] = (),
    ) -> Self:
        check_arithmetic([*(p for e in self.entries for p in e.postings), *postings])
        entry = Entry(
            id=len(self.entries) + 1,
            kind=kind,
            measure=Measure.OPERATING,
            kw=kw,
            effective_on=day,
            precision=Precision.DAY,
            phase="alpha-1",
            tranche="alpha.1",
            turbines=turbines,
            postings=tuple(postings),
        )
        self.entries.append(entry)
        return self
