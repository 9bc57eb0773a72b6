"""Published slices of real plants, replayed: the number on every day, as known at every time.

Figures: EVN's lists of recognised wind capacity in the press of September and October 2021, and Trung Nam - Thuận Nam
in the domain rules, 1.6. The days inside a month are not published: a slice counts from the month's end.
"""

from datetime import date
from typing import Any

import pytest
import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import Database
from app.domain.errors import Invalid, RuleBroken
from app.domain.problems import Problem
from app.domain.recognition import Rule
from app.domain.vocabulary import Account, EntryKind, Measure
from app.queries import capacity, journal, ledger, projects
from app.schemas.ledger import TrancheAmend, TrancheCorrect, TrancheSettle
from app.services import amendments, register
from app.tables.ledger import CapacityEntry, CapacityPosting, RuleFinding
from tests import factories
from tests.factories import World

TODAY = date(2023, 2, 7)
Row = tuple[float, float, float, float, float]  # gross, suspended, cancelled, operating, at risk
NOTHING: Row = (0, 0, 0, 0, 0)


def figures(database: Database, as_of: str, known_at: str | None = None) -> Row:
    with database.reading() as session:
        known = journal.known(session, None if known_at is None else date.fromisoformat(known_at))
        view = capacity.View(factories.SYSTEM, date.fromisoformat(as_of), known)
        found = capacity.totals(session, view)
        accounts = (Account.RECOGNISED, Account.SUSPENDED, Account.CANCELLED)
        gross, suspended, cancelled = (found.kw(account) / 1000 for account in accounts)
        return gross, suspended, cancelled, found.operating_kw / 1000, found.kw(Account.AT_RISK) / 1000


def plant(world: World, code: str, installed_mw: float) -> None:
    with world.database.changing(factories.stamp(date(2021, 1, 2))) as session:
        factories.project(session, code)
        factories.phase(session, f"{code}-1", code, installed_mw)
        factories.measure(session, "installed", installed_mw, "2020-01-01", f"{code}-1")


def slice_of(world: World, phase: str, mw: float, effective_on: str, recorded: date, **more: Any) -> str:
    """Declared by the investor one day, confirmed by EVN SPC the next."""
    with world.database.changing(factories.stamp(recorded)) as session:
        code = factories.declare(session, world.investor, phase, mw=mw, effective_on=effective_on)
    with world.database.changing(factories.stamp(recorded, hour=9)) as session:
        factories.confirm(session, world.evn_spc, code, letter_on=recorded.isoformat(), **more)
    return code


def amendment(effective_on: str, mw: float | None = None, **more: Any) -> dict[str, Any]:
    body = {
        "effective_on": effective_on,
        "reason": "Theo văn bản",
        "letter_number": "9/EVN",
        "letter_on": effective_on,
    }
    return body | ({} if mw is None else {"capacity_mw": mw}) | more


@pytest.mark.parametrize(
    ("slices", "whole"),
    [((15.2, 27.0), 42.2), ((12.6, 20.8), 33.4), ((21.0, 25.2), 46.2)],
    ids=["hoa-binh-1", "so-7a", "ninh-thuan-5"],
)
def test_a_plant_recognised_in_two_slices_adds_up_on_their_days(
    world: World, slices: tuple[float, float], whole: float
) -> None:
    first, second = slices
    plant(world, "replay", 50)
    slice_of(world, "replay-1", first, "2021-08-31", date(2021, 9, 5))
    slice_of(world, "replay-1", second, "2021-09-30", date(2021, 10, 4))
    days = {
        "2021-08-30": 0,
        "2021-08-31": first,
        "2021-09-29": first,
        "2021-09-30": whole,
        "2023-02-07": whole,
    }
    assert {day: figures(world.database, day)[3] for day in days} == days
    # In the press of September nobody knew of the second slice, whatever the day asked for.
    assert figures(world.database, "2023-02-07", "2021-09-05")[3] == first
    assert figures(world.database, "2023-02-07", "2021-09-04")[3] == 0


@pytest.mark.parametrize(("first", "total"), [(15.2, 42.2), (12.6, 33.4)])
def test_running_totals_are_refused_and_not_summed(world: World, first: float, total: float) -> None:
    entries = [
        {
            "measure": "operating",
            "capacity_mw": mw,
            "effective_on": day,
            "letter_number": "1/EPTC",
            "letter_on": day,
        }
        for mw, day in ((first, "2021-08-31"), (total, "2021-09-30"))
    ]
    project = {
        "code": "alpha",
        "name": "Dự án alpha",
        "phases": [{"code": "alpha-1", "name": "x", "entries": entries}],
    }
    for stated, problem in (("running_totals", Problem.RUNNING_TOTALS), (None, Problem.CAPACITY_NOT_STATED)):
        text = yaml.safe_dump({"format": "wind-register/1", "capacity": stated, "projects": [project]})
        with pytest.raises(Invalid) as refused, world.database.changing(factories.stamp()) as session:
            register.import_file(session, world.department, text, TODAY)
        assert [e.problem for e in refused.value.details["lines"]] == [problem]  # type: ignore[attr-defined]
    assert figures(world.database, "2023-02-07") == NOTHING


def test_a_running_total_declared_as_a_slice_exceeds_what_is_installed(world: World) -> None:
    plant(world, "replay", 50)
    slice_of(world, "replay-1", 15.2, "2021-08-31", date(2021, 9, 5))
    with pytest.raises(RuleBroken) as refused:
        slice_of(world, "replay-1", 42.2, "2021-09-30", date(2021, 10, 4))
    assert refused.value.problem == Rule.COD_ABOVE_INSTALLED
    assert figures(world.database, "2023-02-07")[3] == 15.2


def everything(session: Session) -> tuple[list[Any], ...]:
    """The ledger as it is written, row by row."""
    tables = (CapacityEntry, CapacityPosting, RuleFinding)
    return tuple(list(session.execute(select(t.__table__).order_by(t.__table__.c.id))) for t in tables)  # type: ignore[attr-defined]


def test_a_suspension_a_cancellation_and_a_backdated_correction_of_450_mw(world: World) -> None:
    """Trung Nam - Thuận Nam: EVN stopped buying 172.12 of 450 MW from 01/09/2022; the rest of its life is made up."""
    database = world.database
    plant(world, "trung-nam", 450)
    written: list[tuple[list[Any], ...]] = []

    def keep() -> None:
        """Nothing that was written before has changed or gone."""
        with database.reading() as session:
            now = everything(session)
        for before in written[-1:]:
            assert [rows[: len(old)] for rows, old in zip(now, before, strict=True)] == list(before)
        written.append(now)

    code = slice_of(
        world, "trung-nam-1", 450, "2020-10-12", date(2021, 2, 1), condition="Bổ sung văn bản nghiệm thu",
    )  # fmt: skip
    keep()
    suspended = TrancheAmend.model_validate(amendment("2022-09-01", 172.12))
    cancelled = TrancheAmend.model_validate(amendment("2022-10-01", 50))
    settled = TrancheSettle.model_validate(amendment("2022-11-15"))
    corrected = TrancheCorrect.model_validate(amendment("2020-10-20", 440))
    for recorded, act, change in (
        (date(2022, 9, 5), amendments.suspend, suspended),
        (date(2022, 10, 3), amendments.cancel, cancelled),
        (date(2022, 12, 1), amendments.settle_condition, settled),
        (date(2023, 1, 10), amendments.correct, corrected),
    ):
        with database.changing(factories.stamp(recorded)) as session:
            act(session, world.department, code, change, None, TODAY)  # type: ignore[operator]
        keep()

    table: dict[str, dict[str, Row]] = {
        "2021-01-31": {day: NOTHING for day in ("2020-10-11", "2020-10-12", "2023-02-07")},
        "2022-09-04": {
            "2020-10-11": NOTHING,
            "2020-10-12": (450, 0, 0, 450, 450),
            "2022-09-01": (450, 0, 0, 450, 450),
        },
        "2022-09-05": {
            "2022-08-31": (450, 0, 0, 450, 450),
            "2022-09-01": (450, 172.12, 0, 277.88, 277.88),
            "2023-02-07": (450, 172.12, 0, 277.88, 277.88),
        },
        "2022-10-03": {
            "2022-09-30": (450, 172.12, 0, 277.88, 277.88),
            "2022-10-01": (450, 172.12, 50, 227.88, 227.88),
        },
        "2022-12-01": {
            "2022-10-01": (450, 172.12, 50, 227.88, 227.88),
            "2022-11-14": (450, 172.12, 50, 227.88, 227.88),
            "2022-11-15": (450, 172.12, 50, 227.88, 0),
        },
        "2023-01-10": {
            "2020-10-12": NOTHING,
            "2020-10-19": NOTHING,
            "2020-10-20": (440, 0, 0, 440, 440),
            "2022-08-31": (440, 0, 0, 440, 440),
            "2022-09-01": (440, 172.12, 0, 267.88, 267.88),
            "2022-10-01": (440, 172.12, 50, 217.88, 217.88),
            "2022-11-15": (440, 172.12, 50, 217.88, 0),
            "2023-02-07": (440, 172.12, 50, 217.88, 0),
        },
    }
    for known_at, days in table.items():
        assert {day: figures(database, day, known_at) for day in days} == days, known_at
    assert figures(database, "2023-02-07") == table["2023-01-10"]["2023-02-07"]

    with database.reading() as session:
        phase, project = projects.public_phase(session, "trung-nam-1")
        kinds = [
            (line.entry.kind, line.entry.kw)
            for line in ledger.lines(session, project, phase)
            if line.entry.measure == Measure.OPERATING
        ]
        verdict = journal.verify(session)
    assert kinds == [
        (EntryKind.DECLARED, 450_000),
        (EntryKind.CONFIRMED_CONDITIONALLY, 450_000),
        (EntryKind.SUSPENDED, 172_120),
        (EntryKind.CANCELLED, 50_000),
        (EntryKind.CONDITION_MET, 227_880),
        (EntryKind.CORRECTED, 440_000),
    ]
    assert verdict.broken_at is None


def test_a_suspended_part_that_is_reinstated_counts_again_and_the_gap_stays_visible(world: World) -> None:
    plant(world, "trung-nam", 450)
    code = slice_of(world, "trung-nam-1", 450, "2020-10-12", date(2021, 2, 1))
    with world.database.changing(factories.stamp(date(2022, 9, 5))) as session:
        change = TrancheAmend.model_validate(amendment("2022-09-01", 172.12))
        amendments.suspend(session, world.evn_spc, code, change, None, TODAY)
    with world.database.changing(factories.stamp(date(2023, 1, 5))) as session:
        change = TrancheAmend.model_validate(amendment("2023-01-01"))
        amendments.reinstate(session, world.evn_spc, code, change, None, TODAY)
    days = {"2022-08-31": 450, "2022-09-01": 277.88, "2022-12-31": 277.88, "2023-01-01": 450}
    assert {day: figures(world.database, day)[3] for day in days} == days
    assert figures(world.database, "2023-01-01", "2023-01-04") == (450, 172.12, 0, 277.88, 0)
