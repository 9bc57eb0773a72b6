"""Pulling from a simulated EVN SPC over real HTTP: everything lands once, whatever goes wrong on the way, and what cannot be
applied waits with its reason."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app import exchanging
from app.domain.errors import Conflict, RuleBroken
from app.domain.exchange_problems import ExchangeProblem
from app.domain.units import Standing
from app.domain.vocabulary import (
    QuarantineState,
    RunState,
    Stream,
    SubjectKind,
    Trigger,
    UnitStatus,
    Verification,
)
from app.queries import exchange_reports, milestones, subjects
from app.queries import exchanges as found
from app.schemas.ledger import TrancheDispute
from app.services import exchange_records, tranches
from app.services import exchanges as runs
from app.simulator import Fault, Upstream
from tests import exchanges, factories
from tests.exchanges import STARTS_AT, TICK, cod, energised, passes, pull, running, section, simulator, tower
from tests.factories import TODAY, World

DONE = UnitStatus.DONE


@pytest.fixture
def ready(world: World) -> World:
    exchanges.furnish(world)
    return world


@pytest.fixture
def upstream() -> Upstream:
    return Upstream(STARTS_AT, TICK)


def test_everything_lands_once_and_the_same_again_changes_nothing(ready: World, upstream: Upstream) -> None:
    exchanges.declare(ready)
    count = exchanges.build(upstream)
    with running(simulator(upstream)) as url:
        run = pull(ready.database, url)
        assert (run.run.state, run.run.waiting) == (RunState.DONE, 0)
        assert sum(row.records for row in run.passes) == count
        stood, told = exchanges.state(ready.database), exchanges.entries(ready.database)
        assert {s.status for name, s in stood.items() if not name.endswith("steel")} == {DONE}
        assert told == count - 1
        assert exchanges.operating_mw(ready.database) == 4.2
        head = exchanges.head(ready.database)
        again = pull(ready.database, url)
        assert sum(row.applied for row in again.passes) == 0
        whole = pull(ready.database, url, today=TODAY + timedelta(days=2))
        assert [row.is_whole for row in whole.passes] == [True] * 4
        assert sum(row.unchanged for row in whole.passes) == count
    assert (exchanges.head(ready.database), exchanges.entries(ready.database)) == (head, told)


# Faults that a later run has to make good too: what is not taken at all, and what comes damaged.
@pytest.mark.parametrize("kind", [*Fault, None], ids=str)
def test_whatever_goes_wrong_the_end_is_the_same(sqlite_database, kind: Fault | None) -> None:  # type: ignore[no-untyped-def]
    world = factories.world(sqlite_database)
    exchanges.furnish(world)
    exchanges.declare(world)
    upstream = Upstream(STARTS_AT, TICK)
    exchanges.build(upstream)
    kinds = list(Fault) if kind is None else [kind]
    served = simulator(upstream, *kinds, rate=0.5, most=2, seed=7)
    with running(served) as url:
        exchanges.settle(sqlite_database, url)
    stood = exchanges.state(sqlite_database)
    assert {s.status for name, s in stood.items() if not name.endswith("steel")} == {DONE}
    assert {s.since_on for name, s in stood.items() if name.endswith("erection")} == {date(2023, 1, 20)}
    assert exchanges.operating_mw(sqlite_database) == 4.2
    counted = [fault for fault in kinds if fault != Fault.REORDERED]
    assert all(served.faults.drawn[fault] for fault in counted) or kind is None
    assert sum(served.faults.drawn.values()) or kind == Fault.REORDERED
    # Nothing that was quarantined has gone without a trace.
    assert {row.state for row in exchanges.quarantine(sqlite_database)} <= {
        QuarantineState.RELEASED,
        QuarantineState.REPLACED,
    }


@pytest.mark.parametrize(
    ("kind", "problem"),
    [
        (Fault.HTML, "exchange_is_html"),
        (Fault.ENCODING, "exchange_wrong_encoding"),
        (Fault.TRUNCATED, "exchange_not_json"),
        (Fault.ERROR, "exchange_server_error"),
        (Fault.BUSY, "exchange_overloaded"),
        (Fault.TIMEOUT, "exchange_no_answer"),
    ],
)
def test_a_stream_that_cannot_be_read_says_why_and_stops_no_other(
    sqlite_database,
    upstream: Upstream,
    kind: Fault,
    problem: str,  # type: ignore[no-untyped-def]
) -> None:
    world = factories.world(sqlite_database)
    exchanges.furnish(world)
    exchanges.build(upstream)
    waits: list[float] = []
    # The first stream alone is spoiled: as often as it is asked.
    served = simulator(
        upstream, kind, rate=1.0, most=5 if kind in (Fault.ERROR, Fault.BUSY, Fault.TIMEOUT) else 1
    )
    with running(served) as url:
        run = pull(sqlite_database, url, waits=waits)
        towers = passes(run)[Stream.TOWERS]
        assert (run.run.state, towers.state, towers.problem) == (RunState.PARTIAL, RunState.FAILED, problem)
        assert (towers.pages, towers.applied) == (0, 0)
        assert [row.state for row in run.passes[1:]] == [RunState.DONE] * 3
        # Sections wait for their towers; the next run brings these, and frees them.
        assert exchanges.waiting(sqlite_database)
        assert passes(pull(sqlite_database, url))[Stream.TOWERS].is_whole
    assert set(exchanges.waiting(sqlite_database)) == {"COD-1"}
    if kind == Fault.ERROR:
        assert waits == [0.75, 1.5, 3.0, 6.0]


def test_a_bad_record_stops_no_other_and_says_what_is_wrong(ready: World, upstream: Upstream) -> None:
    upstream.put(Stream.TOWERS, "good", **tower(1, "MAT_BANG", "2023-01-02"))
    bad = {
        "word": (tower(2, "MAT_BANG", "2023-01-02", status="ĐÃ XONG"), "exchange_unknown_word", "trang_thai"),
        "stage": (tower(2, "KEO_DAY", "2023-01-02"), "exchange_unknown_word", "hang_muc"),
        "day": (tower(2, "MAT_BANG", "02/01/2023"), "exchange_day_wrong", "tu_ngay"),
        "number": (tower(2, "MAT_BANG", "2023-01-02", so_vi_tri="35"), "exchange_unknown_number", "so_vi_tri"),
        "work": (tower(2, "MAT_BANG", "2023-01-02", work="CT-9"), "exchange_unknown_code", "ma_cong_trinh"),
        "unit": (tower(99, "MAT_BANG", "2023-01-02"), "unknown_unit", "number"),
        "future": (tower(3, "MAT_BANG", "2023-03-01"), "date_in_future", "effective_on"),
        "cause": (tower(4, "MAT_BANG", "2023-01-02", status="VUONG"), "cause_missing", "cause"),
        "order": (tower(5, "DUNG_COT", "2023-01-02"), "erected_before_cast", "status"),
    }  # fmt: skip
    for name, (fields, _, _) in bad.items():
        upstream.put(Stream.TOWERS, name, **fields)
    with running(simulator(upstream)) as url:
        run = pull(ready.database, url)
    assert (run.run.state, run.run.waiting) == (RunState.DONE, len(bad))
    assert exchanges.waiting(ready.database) == {n: (why, field) for n, (_, why, field) in bad.items()}
    assert exchanges.state(ready.database)["line/1/site"] == Standing(DONE, date(2023, 1, 2))
    assert exchanges.entries(ready.database) == 1


def test_what_waits_is_released_when_what_it_needs_has_come(ready: World, upstream: Upstream) -> None:
    upstream.put(Stream.TOWERS, "cast", **tower(1, "DUC_MONG", "2023-02-20"))
    upstream.put(Stream.CODS, "COD-1", **cod())
    with running(simulator(upstream)) as url:
        pull(ready.database, url)
        assert exchanges.waiting(ready.database) == {
            "cast": ("date_in_future", "effective_on"),
            "COD-1": ("exchange_no_declaration", None),
        }
        exchanges.declare(ready)
        assert exchanges.operating_mw(ready.database) == 0
        run = pull(ready.database, url, today=date(2023, 2, 21))
        assert (run.run.released, run.run.waiting) == (1, 1)
        # Now it is no longer the day: the site has not been handed over.
        assert exchanges.waiting(ready.database) == {"cast": ("cast_before_handover", "status")}
        upstream.put(Stream.TOWERS, "site", **tower(1, "MAT_BANG", "2023-02-19"))
        pull(ready.database, url, today=date(2023, 2, 21))
    assert exchanges.waiting(ready.database) == {}
    assert exchanges.operating_mw(ready.database) == 4.2
    assert [row.state for row in exchanges.quarantine(ready.database)] == [QuarantineState.RELEASED] * 2


def test_a_newer_version_takes_the_place_of_one_that_waits(ready: World, upstream: Upstream) -> None:
    upstream.put(Stream.TOWERS, "1", **tower(1, "MAT_BANG", "2023-01-02", status="??"))
    with running(simulator(upstream)) as url:
        pull(ready.database, url)
        upstream.put(Stream.TOWERS, "1", **tower(1, "MAT_BANG", "2023-01-02", status="?"))
        pull(ready.database, url)
        first, second = exchanges.quarantine(ready.database)
        assert (first.state, second.state) == (QuarantineState.REPLACED, QuarantineState.WAITING)
        upstream.put(Stream.TOWERS, "1", **tower(1, "MAT_BANG", "2023-01-03"))
        pull(ready.database, url)
    assert exchanges.quarantine(ready.database, QuarantineState.WAITING) == []
    assert exchanges.state(ready.database)["line/1/site"] == Standing(DONE, date(2023, 1, 3))


def test_figures_that_differ_from_the_declaration_wait_for_a_person(ready: World, upstream: Upstream) -> None:
    exchanges.declare(ready, 4.2)
    upstream.put(Stream.CODS, "COD-1", **cod(mw=8.4))
    upstream.put(Stream.CODS, "COD-2", **cod(mw="4,2"))
    upstream.put(Stream.CODS, "COD-3", **cod(mw=-1))
    with running(simulator(upstream)) as url:
        pull(ready.database, url)
    assert exchanges.waiting(ready.database) == {
        "COD-1": ("exchange_claim_differs", None),
        "COD-2": ("exchange_number_wrong", "cong_suat_mw"),
        "COD-3": ("exchange_number_wrong", "cong_suat_mw"),
    }
    assert exchanges.operating_mw(ready.database) == 0


@pytest.mark.parametrize("is_illustrative", [True, False])
def test_a_made_up_recognition_confirms_no_real_declaration(
    ready: World, upstream: Upstream, is_illustrative: bool
) -> None:
    exchanges.declare(ready, is_illustrative=is_illustrative)
    upstream.put(Stream.CODS, "COD-1", **cod(), so_lieu_mau=True)
    with running(simulator(upstream)) as url:
        pull(ready.database, url)
    refused = {} if is_illustrative else {"COD-1": ("exchange_illustrative", None)}
    assert exchanges.waiting(ready.database) == refused
    assert exchanges.operating_mw(ready.database) == (4.2 if is_illustrative else 0)


def test_an_energisation_is_the_second_key_of_a_declared_actual(ready: World, upstream: Upstream) -> None:
    exchanges.build(upstream)
    upstream.put(Stream.ENERGISATIONS, "E-1", **energised())
    with running(simulator(upstream)) as url:
        pull(ready.database, url)
        assert exchanges.waiting(ready.database)["E-1"] == ("exchange_no_milestone", None)
        with ready.database.changing(factories.stamp()) as session:
            factories.apply(session, "grid_work", "line")
        pull(ready.database, url)
        assert exchanges.waiting(ready.database)["E-1"] == ("exchange_no_declaration", None)
        _declare_energised(ready, "2023-02-02")
        pull(ready.database, url)
        assert exchanges.waiting(ready.database)["E-1"] == ("exchange_claim_differs", None)
        _declare_energised(ready, "2023-02-01")
        assert _energised(ready)[1] == Verification.WAITING
        run = pull(ready.database, url)
        assert (run.run.released, "E-1" in exchanges.waiting(ready.database)) == (1, False)
        assert _energised(ready) == (date(2023, 2, 1), Verification.CONFIRMED)
        head = exchanges.head(ready.database)
        assert (
            passes(pull(ready.database, url, today=TODAY + timedelta(days=2)))[Stream.ENERGISATIONS].unchanged
            == 1
        )
    assert exchanges.head(ready.database) == head


def _declare_energised(world: World, day: str) -> None:
    """The department declares it, over the gates before it; a day it declared earlier is withdrawn."""
    letter = {"letter_number": "1/BB", "letter_on": day, "letter_issuer": "Sở Công Thương"}
    over = {"override_reason": "Công trình đã đóng điện"}
    with world.database.changing(factories.stamp()) as session:
        who = {"kind": "grid_work", "code": "line", "actor": world.department}
        factories.state(session, "G-26", **who, actual_on=None, note="Sai ngày")
        factories.state(session, "G-26", **who, actual_on=day, **letter, **over)


def _energised(world: World) -> tuple[date | None, Verification | None]:
    with world.database.reading() as session:
        holder = subjects.one(session, world.evn_spc, SubjectKind.GRID_WORK, "line")
        row = milestones.one(session, holder, "G-26")
        return row.actual_on, row.verification


@pytest.mark.parametrize("by_hand", ["confirmed", "disputed"])
def test_what_a_person_has_decided_is_not_decided_again(
    ready: World, upstream: Upstream, by_hand: str
) -> None:
    code = exchanges.declare(ready)
    with ready.database.changing(factories.stamp()) as session:
        if by_hand == "confirmed":
            factories.confirm(session, ready.department, code)
        else:
            tranches.dispute(
                session, ready.department, code, TrancheDispute(reason="Chưa đủ hồ sơ"), None, TODAY
            )
    head = exchanges.head(ready.database)
    upstream.put(Stream.CODS, "COD-1", **cod())
    upstream.put(Stream.CODS, "COD-2", **cod(letter="99/KHAC"))
    with running(simulator(upstream)) as url:
        pull(ready.database, url)
    confirmed = {"COD-2": ("exchange_claim_differs", None)}
    disputed = {name: ("exchange_disputed", None) for name in ("COD-1", "COD-2")}
    assert exchanges.waiting(ready.database) == (confirmed if by_hand == "confirmed" else disputed)
    assert exchanges.head(ready.database) == head


def test_an_older_version_undoes_nothing(ready: World, upstream: Upstream) -> None:
    old = Upstream(STARTS_AT - timedelta(days=1), TICK)
    for source, status in ((old, "DANG_LAM"), (upstream, "XONG")):
        source.put(Stream.TOWERS, "1", **tower(1, "MAT_BANG", "2023-01-02", status=status))
    for source in (upstream, old):
        with running(simulator(source)) as url:
            run = pull(ready.database, url, today=TODAY + timedelta(days=3 * (source is old)))
    assert (passes(run)[Stream.TOWERS].older, passes(run)[Stream.TOWERS].applied) == (1, 0)
    assert exchanges.state(ready.database)["line/1/site"].status == DONE


@pytest.mark.parametrize(
    ("versions", "stands"),
    [
        ([("XONG", "2023-01-10"), ("XONG", "2023-01-12")], Standing(DONE, date(2023, 1, 12))),
        ([("XONG", "2023-01-12"), ("XONG", "2023-01-10")], Standing(DONE, date(2023, 1, 10))),
        ([("DANG_LAM", "2023-01-05"), ("XONG", "2023-01-10")], Standing(DONE, date(2023, 1, 10))),
        ([("VUONG", "2023-01-20"), ("XONG", "2023-01-10")], Standing(DONE, date(2023, 1, 10))),
        ([("XONG", "2023-01-10"), ("DANG_LAM", "2023-01-10")], Standing(UnitStatus.IN_PROGRESS, date(2023, 1, 10))),
    ],
)  # fmt: skip
def test_a_record_that_corrects_its_day_stands_as_its_last_version_says(
    sqlite_database,
    upstream: Upstream,
    versions: list[tuple[str, str]],
    stands: Standing,  # type: ignore[no-untyped-def]
) -> None:
    world = factories.world(sqlite_database)
    exchanges.furnish(world)
    with running(simulator(upstream)) as url:
        for status, day in versions:
            cause = {"nguyen_nhan": "DON_GIA"} if status == "VUONG" else {}
            upstream.put(Stream.TOWERS, "1", **tower(1, "MAT_BANG", day, status=status, **cause))
            pull(sqlite_database, url)
    assert exchanges.waiting(sqlite_database) == {}
    assert exchanges.state(sqlite_database)["line/1/site"] == stands


def test_a_section_waits_for_its_towers_within_one_run(ready: World, upstream: Upstream) -> None:
    for stage, day in (("KEO_DAY", "2023-01-30"), ("HANH_LANG", "2023-01-25")):
        upstream.put(Stream.SECTIONS, stage, **section(1, stage, day))
    with running(simulator(upstream)) as url:
        pull(ready.database, url)
    assert exchanges.waiting(ready.database) == {"KEO_DAY": ("strung_before_erected", "status")}


def test_one_process_pulls_at_a_time_and_one_that_was_killed_lets_go(
    ready: World, upstream: Upstream
) -> None:
    upstream.put(Stream.TOWERS, "1", **tower(1, "MAT_BANG", "2023-01-02"))
    lease, db = timedelta(minutes=10), ready.database
    with db.changing(factories.stamp()) as session:
        runs.begin(session, Trigger.COMMAND, "killed", factories.at(), lease)
    with running(simulator(upstream)) as url:
        with exchanges.line(db, url, today=TODAY - timedelta(days=1)) as line, pytest.raises(Conflict):
            exchanging.pull(line, Trigger.SCHEDULE)
        run = pull(db, url, today=TODAY + timedelta(days=1))
    assert run.run.state == RunState.DONE
    with db.reading() as session:
        states = [line.run.state for line in found.runs(session, limit=10)]
        assert states == [RunState.DONE, RunState.BROKEN_OFF]
        assert found.holder(session, factories.at()) is None


def test_a_process_that_has_lost_its_lease_keeps_nothing(ready: World, upstream: Upstream) -> None:
    for n in range(1, 11):
        upstream.put(Stream.TOWERS, f"{n}", **tower(n, "MAT_BANG", "2023-01-02"))
    served = simulator(upstream)
    db = ready.database
    with running(served) as url, exchanges.line(db, url, lease=timedelta(0)) as line:
        taken = []

        def stopped() -> bool:
            # Between the first and the second page another process takes over.
            if len(taken) == 1:
                with db.changing(factories.stamp(TODAY + timedelta(days=1))) as session:
                    runs.begin(
                        session,
                        Trigger.SCHEDULE,
                        "another",
                        factories.at(TODAY + timedelta(days=1)),
                        timedelta(hours=1),
                    )
            taken.append(1)
            return False

        with pytest.raises(Conflict) as error:
            exchanging.pull(replace(line, stopped=stopped), Trigger.COMMAND)
    assert error.value.problem == ExchangeProblem.LEASE_LOST
    assert exchanges.entries(db) == 7


def test_a_record_laid_aside_stays_so_until_another_version_comes(ready: World, upstream: Upstream) -> None:
    upstream.put(Stream.TOWERS, "1", **tower(99, "MAT_BANG", "2023-01-02"))
    with running(simulator(upstream)) as url:
        pull(ready.database, url)
        row_id = exchanges.quarantine(ready.database)[0].id
        assert row_id is not None
        with ready.database.changing(factories.stamp()) as session:
            exchange_records.dismiss(session, ready.evn_spc, row_id, "Vị trí thử nghiệm", factories.at())
        pull(ready.database, url, today=TODAY + timedelta(days=2))
        assert exchanges.waiting(ready.database) == {}
        upstream.put(Stream.TOWERS, "1", **tower(98, "MAT_BANG", "2023-01-02"))
        pull(ready.database, url)
    first, second = exchanges.quarantine(ready.database)
    assert (first.state, first.reason) == (QuarantineState.DISMISSED, "Vị trí thử nghiệm")
    assert second.state == QuarantineState.WAITING


def test_the_connector_needs_its_user(ready: World, upstream: Upstream) -> None:
    with running(simulator(upstream)) as url, exchanges.line(ready.database, url) as line:
        for login in ("nobody", "department"):
            with pytest.raises(RuleBroken) as error:
                exchanging.pull(replace(line, login=login), Trigger.COMMAND)
            assert error.value.problem == ExchangeProblem.NO_USER
    with ready.database.reading() as session:
        assert found.last_run(session) is None


def test_the_report_holds_ours_against_theirs(ready: World, upstream: Upstream) -> None:
    exchanges.declare(ready)
    for n in (1, 2, 3):
        upstream.put(Stream.TOWERS, f"{n}", **tower(n, "MAT_BANG", f"2023-01-0{n}"))
    upstream.put(Stream.TOWERS, "late", **tower(3, "DUNG_COT", "2023-01-09"))
    upstream.put(Stream.TOWERS, "more", **tower(77, "MAT_BANG", "2023-01-09"))
    upstream.put(Stream.TOWERS, "unread", **tower(4, "MAT_BANG", "2023-01-09", status="?"))
    upstream.put(Stream.CODS, "COD-1", **cod())
    upstream.put(Stream.CODS, "COD-2", **cod(mw=8.4))
    with running(simulator(upstream)) as url:
        first = pull(ready.database, url)
        with ready.database.changing(factories.stamp()) as session:
            report = [
                {"stage": "site", "status": "reopened", "effective_on": "2023-01-20", "cause": "unpaid"}
            ]
            factories.unit(session, "2", position=2, reports=report)
        second, third = pull(ready.database, url), pull(ready.database, url)
    assert first.run.report_id != second.run.report_id == third.run.report_id
    with ready.database.reading() as session:
        row = found.report(session)
        assert row is not None
        report = exchange_reports.stated(row)
    assert [
        (s.work, s.stage, s.ours_done, s.ours_total, s.theirs_done, s.theirs_total, s.differ)
        for s in report.stages
    ] == [
        ("line", "site", 2, 12, 4, 4, 2),
        ("line", "erection", 0, 12, 1, 1, 1),
    ]
    assert {(u.number, u.stage, u.ours, u.theirs, u.problem) for u in report.units} == {
        ("2", "site", "reopened", "done", None),
        ("77", "site", None, "done", "unknown_unit"),
        ("3", "erection", "not_started", "done", "erected_before_cast"),
    }
    assert [(c.record, c.ours, c.ours_kw, c.theirs_kw, c.agrees) for c in report.confirmations] == [
        ("COD-1", "recognised", 4_200, 4_200, True),
        ("COD-2", "recognised", 4_200, 8_400, False),
    ]
    assert row.differences == report.differences == 4


def test_a_rehearsal_says_what_would_change_and_changes_nothing(ready: World, upstream: Upstream) -> None:
    exchanges.declare(ready)
    exchanges.build(upstream)
    upstream.put(Stream.TOWERS, "bad", **tower(99, "MAT_BANG", "2023-01-02"))
    before = exchanges.head(ready.database)
    with running(simulator(upstream)) as url, exchanges.line(ready.database, url) as line:
        seen = exchanging.rehearse(line)
    assert sum(fact["kind"] in ("tower.erected", "section.strung") for fact in seen.facts) == 2 * (12 + 3)
    assert [fact["kind"] for fact in seen.facts].count("cod.confirmed") == 1
    assert [row["record"] for row in seen.waiting] == ["bad"]
    assert seen.report.stages[0].ours_done == 12
    assert (exchanges.head(ready.database), exchanges.entries(ready.database)) == (before, 0)
    assert exchanges.quarantine(ready.database) == []
    with ready.database.reading() as session:
        assert found.last_run(session) is None
        assert found.cursors(session) == []


def test_what_has_not_changed_is_not_sent_again(ready: World, upstream: Upstream) -> None:
    upstream.put(Stream.TOWERS, "1", **tower(1, "MAT_BANG", "2023-01-02"))
    served = simulator(upstream)
    with running(served) as url:
        for _ in range(3):
            run = pull(ready.database, url)
        assert [row.pages for row in run.passes] == [0, 1, 1, 1]
        assert served.questions[-4].headers["if-none-match"]
        upstream.put(Stream.TOWERS, "2", **tower(2, "MAT_BANG", "2023-01-02"))
        assert passes(pull(ready.database, url))[Stream.TOWERS].applied == 1
