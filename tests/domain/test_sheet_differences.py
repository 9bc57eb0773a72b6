"""What a file changes: base, mine and theirs, in every way the three can stand to each other."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import sheet_differences, sheet_reading
from app.domain.sheet_differences import ChangeKind, Differences
from app.domain.sheet_layouts import MILESTONES
from app.domain.sheet_problems import SheetProblem
from app.domain.sheet_reading import ReadRow, ReadSheet
from app.domain.sheets import Typed
from app.domain.vocabulary import DelayCause, Precision, Siting
from tests.domain.sheets import HEAD, TRANCHES, TURBINES, grid

KEY = ("v1-3", "T1")
Row = dict[str, Typed]


def compare(sent: list[tuple[object, ...]], base: list[Row], now: list[Row] | None = None) -> Differences:
    read = sheet_reading.read_sheet(grid(HEAD, *sent), TURBINES)  # type: ignore[arg-type]
    assert read.problems == ()
    was, stands = (
        {TURBINES.key_of(row): row for row in rows} for rows in (base, base if now is None else now)
    )
    return sheet_differences.compare(read, was, stands)


def note(note: str | None, **more: Typed) -> Row:
    return {"phase": "v1-3", "number": "T1", "note": note, **more}


CASES = {
    # base, mine, theirs → kind
    "nobody": ("a", "a", "a", None),
    "only I": ("a", "b", "a", ChangeKind.CHANGED),
    "I empty it": ("a", None, "a", ChangeKind.CHANGED),
    "I fill it": (None, "b", None, ChangeKind.CHANGED),
    "only they": ("a", "a", "b", None),
    "they empty it": ("a", "a", None, None),
    "both the same": ("a", "b", "b", ChangeKind.SAME_AS_THEIRS),
    "both empty it": ("a", None, None, ChangeKind.SAME_AS_THEIRS),
    "both differently": ("a", "b", "c", ChangeKind.CONFLICT),
    "I empty, they change": ("a", None, "c", ChangeKind.CONFLICT),
    "I change, they empty": ("a", "b", None, ChangeKind.CONFLICT),
    "kept with odd spaces": ("a\u00a0b ", "a b", "a\u00a0b ", None),
    "kept decomposed": ("e\u0301", "é", "e\u0301", None),
    "kept as an empty text": ("", None, "", None),
}


@pytest.mark.parametrize(("base", "mine", "theirs", "kind"), CASES.values(), ids=CASES)
def test_a_cell_is_compared_three_ways(
    base: str | None, mine: str | None, theirs: str | None, kind: ChangeKind | None
) -> None:
    found = compare([(*KEY, None, None, None, None, mine)], [note(base)], [note(theirs)])
    told = [*found.changes, *found.conflicts, *found.same]
    assert [change.kind for change in told] == ([] if kind is None else [kind])
    for change in told:
        assert (change.key, change.row, change.column, change.field) == (KEY, 2, "G", "note")
        assert (change.base, change.mine, change.theirs) == (base, mine, theirs)
    assert found.problems == ()


def test_every_kind_of_value_that_was_written_and_read_again_is_the_same() -> None:
    base = note("Tốt", nameplate_mw=4200, siting=Siting.ONSHORE, installed_on=date(2023, 5, 1))
    found = compare([(*KEY, 4.2, "Onshore", "1/5/2023", None, "Tốt")], [base])
    assert found == Differences((), (), (), (), ())


def test_numbers_are_the_same_to_the_digits_that_excel_keeps() -> None:
    assert sheet_differences.same(106.71234567890123, 106.712345678901)
    assert not sheet_differences.same(106.7123, 106.7124)


def test_a_new_row_is_added_cell_by_cell() -> None:
    found = compare([("v1-3", "T9", 4.2)], [])
    assert [(c.field, c.mine, c.kind) for c in found.changes] == [
        ("phase", "v1-3", ChangeKind.ADDED),
        ("number", "T9", ChangeKind.ADDED),
        ("nameplate_mw", 4200, ChangeKind.ADDED),
    ]


def test_a_row_that_somebody_else_added_meanwhile_is_compared_with_theirs() -> None:
    found = compare([(*KEY, 4.2, None, None, None, "mới")], [], [note("khác", nameplate_mw=4200)])
    assert [change.field for change in found.same] == ["nameplate_mw"]
    assert [change.field for change in found.conflicts] == ["note"]
    assert found.changes == ()


MILESTONE = ("phase", "alpha-1", "W-E7")
FIRST, SECOND, THIRD = (date(2023, 9, day) for day in (1, 2, 3))
SAID = {"forecast_on": SECOND, "cause": DelayCause.WEATHER, "note": "Bão"}


@pytest.mark.parametrize(
    ("stands", "kinds"),
    [
        (FIRST, dict.fromkeys(SAID, ChangeKind.CHANGED)),
        (SECOND, dict.fromkeys(SAID, ChangeKind.SAME_AS_THEIRS)),
        (THIRD, dict.fromkeys(SAID, ChangeKind.CONFLICT)),
    ],
)
def test_what_is_said_beside_a_change_waits_or_is_done_with_it(
    stands: date, kinds: dict[str, ChangeKind]
) -> None:
    assert milestone(SAID, {"forecast_on": FIRST}, {"forecast_on": stands}) == kinds


def test_what_is_said_beside_nothing_is_a_change_that_somebody_has_to_refuse() -> None:
    assert milestone({"note": "Bão"}, {}, {}) == {"note": ChangeKind.CHANGED}
    # Another change of the row carries it, whatever becomes of the first.
    both = {**SAID, "plan_on": SECOND}
    assert milestone(both, {}, {"forecast_on": THIRD}) == {
        "plan_on": ChangeKind.CHANGED,
        "forecast_on": ChangeKind.CONFLICT,
        "cause": ChangeKind.CHANGED,
        "note": ChangeKind.CHANGED,
    }


def test_what_states_one_thing_is_decided_as_one() -> None:
    sent = {"forecast_on": SECOND, "forecast_precision": Precision.MONTH, "plan_on": SECOND}
    assert milestone(sent, {"forecast_on": FIRST}, {"forecast_on": THIRD}) == {
        "plan_on": ChangeKind.CHANGED,
        "forecast_on": ChangeKind.CONFLICT,
        "forecast_precision": ChangeKind.CONFLICT,
    }


def milestone(sent: Row, base: Row, now: Row) -> dict[str, ChangeKind]:
    """What becomes of the cells of one milestone that differ."""
    keys = dict(zip(("subject", "subject_code", "milestone"), MILESTONE, strict=True))
    columns = {column.field: "A" for column in MILESTONES.columns}
    read = ReadSheet(MILESTONES, "", columns, (ReadRow(3, MILESTONE, {**keys, **base, **sent}),))
    found = sheet_differences.compare(
        read, {MILESTONE: {**keys, **base}}, {MILESTONE: {**keys, **base, **now}}
    )
    assert found.problems == ()
    told = [*found.changes, *found.conflicts, *found.same]
    return {change.field: change.kind for change in told}


def test_a_row_that_is_not_in_the_file_is_told_and_not_removed() -> None:
    found = compare([], [note("a")])
    assert found == Differences((), (), (), (), (KEY,))
    assert compare([], [note("a")], []).missing == ()


def test_a_row_that_somebody_removed_refuses_a_change_and_no_other() -> None:
    assert compare([(*KEY, None, None, None, None, "a")], [note("a")], []).problems == ()
    (problem,) = compare([(*KEY, None, None, None, None, "b")], [note("a")], []).problems
    assert (problem.problem, problem.place) == (SheetProblem.ROW_REMOVED, "G2")


def test_what_is_only_shown_is_never_taken() -> None:
    row = (*KEY, None, None, None, "b", None)
    (problem,) = compare([row], [note(None, shown="a")]).problems
    assert (problem.problem, problem.place) == (SheetProblem.CELL_READ_ONLY, "F2")
    # It may say what stands there by now, and in a new row it says nothing.
    assert compare([row], [note(None, shown="a")], [note(None, shown="b")]).problems == ()
    assert [p.problem for p in compare([row], []).problems] == [SheetProblem.CELL_READ_ONLY]


TRANCHE_HEAD = ("Mã đợt", "Giai đoạn", "Công suất (MW)", "Ngày hiệu lực")
DECLARED: Row = {
    "tranche": "v1-3.1",
    "phase": "v1-3",
    "capacity_mw": 4200,
    "effective_on": date(2023, 5, 1),
}
NEW = (None, "v1-3", 4.2, "1/5/2023")


def tranches(*sent: tuple[object, ...], base: tuple[Row, ...] = (), now: tuple[Row, ...] = ()) -> Differences:
    read = sheet_reading.read_sheet(grid(TRANCHE_HEAD, *sent), TRANCHES)  # type: ignore[arg-type]
    was, stands = ({TRANCHES.key_of(row): row for row in rows} for rows in (base, now))
    return sheet_differences.compare(read, was, stands)


def test_a_sheet_whose_keys_the_service_gives_takes_new_rows_only() -> None:
    found = tranches(NEW, NEW)
    assert [(change.row, change.field) for change in found.changes] == [
        (row, name) for row in (2, 3) for name in ("phase", "capacity_mw", "effective_on")
    ]
    (problem,) = tranches(("v1-3.1", "v1-3", 5.0, "1/5/2023"), base=(DECLARED,), now=(DECLARED,)).problems
    assert (problem.problem, problem.place) == (SheetProblem.ROW_CLOSED, "C2")
    (problem,) = tranches(("v1-3.7", "v1-3", 5.0, "1/5/2023")).problems
    assert (problem.problem, problem.place) == (SheetProblem.ROW_UNKNOWN, "A2")
    unchanged = ("v1-3.1", "v1-3", 4.2, "1/5/2023")
    assert tranches(unchanged, base=(DECLARED,), now=(DECLARED,)) == Differences((), (), (), (), ())


def test_a_file_that_is_sent_twice_declares_once() -> None:
    found = tranches(NEW, now=(DECLARED,))
    assert found.changes == ()
    assert {change.kind for change in found.same} == {ChangeKind.SAME_AS_THEIRS}
    # But it may declare the same again where the first stood there already when it was downloaded.
    assert tranches(NEW, base=(DECLARED,), now=(DECLARED,)).changes


def test_a_new_row_needs_the_columns_that_it_must_fill() -> None:
    read = sheet_reading.read_sheet(grid(TRANCHE_HEAD[:3], NEW[:3]), TRANCHES)
    (problem,) = sheet_differences.compare(read, {}, {}).problems
    assert (problem.problem, problem.place) == (SheetProblem.COLUMN_MISSING, "2")
    assert problem.field == "effective_on"


def test_a_sheet_that_takes_no_new_rows_names_them() -> None:
    closed = type(TURBINES)("t", "T", "T", TURBINES.columns)
    read = sheet_reading.read_sheet(grid(HEAD, KEY), closed)
    (problem,) = sheet_differences.compare(read, {}, {}).problems
    assert (problem.problem, problem.place) == (SheetProblem.ROW_UNKNOWN, "A2")


VALUES = st.none() | st.sampled_from(["a", "b", "c"])
STATES = st.dictionaries(st.sampled_from(["T1", "T2", "T3"]), VALUES)


@given(STATES, STATES, STATES)
def test_applying_the_changes_takes_over_mine_and_keeps_theirs(
    base: dict[str, str | None], mine: dict[str, str | None], now: dict[str, str | None]
) -> None:
    """With every conflict decided for the file, a cell ends as mine where I changed it and as theirs where I did not."""

    def rows(state: dict[str, str | None]) -> list[Row]:
        return [{"phase": "p", "number": number, "note": value} for number, value in state.items()]

    sent = [("p", number, None, None, None, None, value) for number, value in mine.items()]
    found = compare(sent, rows(base), rows(now))
    end = dict(now)
    for change in (*found.changes, *found.conflicts):
        if change.field == "note":
            end[change.key[1]] = change.mine  # type: ignore[assignment]
    for number, value in mine.items():
        if number in now:
            assert end[number] == (value if value != base.get(number) else now[number])
    assert all(end[number] == now[number] for number in now if number not in mine)
