"""No household can be told from what is published: laws over any cells, any grouping and any two days."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import privacy
from app.domain.calendar import ZONE
from app.domain.privacy import ATTITUDES, LEAST, PROGRESS, Shown
from app.domain.reporting import Rhythm
from app.domain.vocabulary import CountForm

FEW = range(1, LEAST)
counts = st.lists(st.integers(0, 12), min_size=len(PROGRESS), max_size=len(PROGRESS)).map(
    lambda numbers: dict(zip(PROGRESS, numbers, strict=True))
)
# Cells by the commune, the work and the track they lie in.
places = st.tuples(st.sampled_from("abc"), st.sampled_from("vw"), st.sampled_from("lc"))
worlds = st.dictionaries(places, counts, max_size=12)


@pytest.mark.parametrize(
    ("numbers", "parts", "other"),
    [
        ((5, 5, 5, 5, 5, 5), (5, 5, 5, 5, 5, 5), 0),
        # Zero is a small number too, and draws the smallest further category in.
        ((10, 0, 0, 0, 0, 6), (10, None, None, None, None, None), 6),
        ((10, 1, 4, 0, 0, 6), (10, None, None, None, None, 6), 5),
        ((10, 1, 3, 0, 0, 6), (10, None, None, None, None, None), 10),
        ((20, 4, 4, 0, 0, 0), (20, None, None, None, None, None), 8),
        # Everything in one place: only how many there are is said.
        ((10, 0, 0, 0, 0, 0), (None,) * 6, 10),
        ((2, 3, 0, 0, 0, 0), (None,) * 6, 5),
    ],
)
def test_small_categories_stand_together(
    numbers: tuple[int, ...], parts: tuple[int | None, ...], other: int
) -> None:
    shown = privacy.pooled(dict(zip(PROGRESS, numbers, strict=True)))
    assert shown is not None
    assert tuple(shown.parts.get(name) for name in PROGRESS) == parts
    assert shown.other == other


@pytest.mark.parametrize("numbers", [(0, 0, 0, 0, 0, 0), (4, 0, 0, 0, 0, 0), (1, 1, 1, 1, 0, 0)])
def test_a_cell_of_fewer_than_five_is_not_shown(numbers: tuple[int, ...]) -> None:
    cell = dict(zip(PROGRESS, numbers, strict=True))
    assert privacy.pooled(cell) is None
    assert privacy.rounded(cell) is None
    assert privacy.exact(cell) == Shown(cell)


@given(counts)
def test_a_cell_is_cut_into_pieces_of_five_or_more_and_nothing_is_lost(cell: dict[str, int]) -> None:
    shown = privacy.pooled(cell)
    if shown is None:
        assert sum(cell.values()) < LEAST
        return
    assert min(shown.numbers) >= LEAST
    assert sum(shown.numbers) == sum(cell.values())
    # What stands alone is exact; what is small never does.
    assert all(cell[name] == number for name, number in shown.parts.items())
    assert all(number >= LEAST for number in shown.parts.values())
    # No more is hidden than has to be.
    hidden = [number for name, number in cell.items() if name not in shown.parts]
    assert all(number < LEAST for number in hidden) or shown.other - max(hidden) < LEAST


Piece = tuple[tuple[str, str, str], str]


def views(world: dict[tuple[str, str, str], dict[str, int]]) -> Iterator[tuple[set[Piece], int]]:
    """Every number of every answer, by commune, work, track and in total, and under every filter, with what it counts."""
    pieces = {place: shown for place, cell in world.items() if (shown := privacy.pooled(cell)) is not None}
    for wanted in product((None, *"abc"), (None, *"vw"), (None, *"lc")):
        inside = {
            place: shown
            for place, shown in pieces.items()
            if all(ask in (None, there) for ask, there in zip(wanted, place, strict=True))
        }
        whole = privacy.together(inside.values())
        for name in (*PROGRESS, "other"):
            number = whole.other if name == "other" else whole.parts.get(name, 0)
            own = {(p, name) for p, s in inside.items() if (s.other if name == "other" else name in s.parts)}
            yield own, number
        everything = {(p, n) for p, s in inside.items() for n in (*s.parts, *(["other"] if s.other else []))}
        yield everything, sum(whole.numbers)


@given(worlds)
def test_no_number_and_no_difference_of_one_number_inside_another_is_of_one_to_four(
    world: dict[tuple[str, str, str], dict[str, int]],
) -> None:
    found = [(frozenset(own), number) for own, number in views(world)]
    assert not {number for _, number in found} & set(FEW)
    for (inner, less), (outer, more) in product(set(found), repeat=2):
        if inner <= outer:
            assert more - less not in FEW
            assert more >= less


@given(worlds)
def test_a_roll_up_is_the_sum_of_its_parts_however_they_are_grouped(
    world: dict[tuple[str, str, str], dict[str, int]],
) -> None:
    for split in privacy.SPLIT.values():
        cells = {place: shown for place, cell in world.items() if (shown := split(cell)) is not None}
        whole = privacy.together(cells.values())
        for axis in range(3):
            groups = [
                privacy.together(shown for place, shown in cells.items() if place[axis] == name)
                for name in {place[axis] for place in cells}
            ]
            assert privacy.together(groups) == whole
        assert sum(whole.numbers) == sum(number for shown in cells.values() for number in shown.numbers)


@given(worlds, worlds)
def test_what_the_public_reads_differs_by_fives_between_any_answers_and_any_days(
    world: dict[tuple[str, str, str], dict[str, int]], later: dict[tuple[str, str, str], dict[str, int]]
) -> None:
    for one in (world, later):
        shown = [found for cell in one.values() if (found := privacy.rounded(cell)) is not None]
        numbers = [n for found in (*shown, privacy.together(shown)) for n in found.numbers]
        assert all(number % LEAST == 0 and number >= LEAST for number in numbers)


@given(counts)
def test_no_category_is_said_to_have_more_than_the_whole(cell: dict[str, int]) -> None:
    total = sum(cell.values())
    for form, split in privacy.SPLIT.items():
        shown = split(cell)
        if shown is not None:
            whole = privacy.whole(form, total)
            assert all(0 <= number <= whole for number in shown.numbers)
            assert abs(whole - total) <= (2 if form == CountForm.ROUNDED_TO_FIVE else 0)


@given(counts)
def test_who_reads_both_forms_knows_no_more_than_the_pieces_say(cell: dict[str, int]) -> None:
    """The rounded form can be made from the other, so it adds nothing to it."""
    pieces, shown = privacy.pooled(cell), privacy.rounded(cell)
    if pieces is None:
        assert shown is None
        return
    assert shown is not None
    assert shown.parts == {name: privacy.nearest_five(n) for name, n in pieces.parts.items()}
    assert shown.other == privacy.nearest_five(pieces.other)


@given(counts, st.sampled_from(PROGRESS), st.sampled_from(PROGRESS))
def test_cells_that_cannot_be_told_apart_exist_for_each_that_is_shown(
    cell: dict[str, int], giver: str, taker: str
) -> None:
    """Two households that change places inside `other` change nothing that is shown."""
    shown = privacy.pooled(cell)
    if (
        shown is None
        or {giver, taker} & set(shown.parts)
        or not 0 < cell[giver] < LEAST
        or cell[taker] >= LEAST - 1
    ):
        return
    moved = Counter(cell)
    moved[giver] -= 1
    moved[taker] += 1
    assert privacy.pooled(dict(moved)) == shown


WEEKLY = Rhythm()


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("as_of", "now", "expected"),
    [
        # 2 February 2023 is a Thursday; the cut-off is at 16:00 in Viet Nam.
        (date(2023, 2, 7), "2023-02-07T09:00", date(2023, 2, 2)),
        (date(2023, 2, 2), "2023-02-07T09:00", date(2023, 2, 2)),
        (date(2023, 2, 1), "2023-02-07T09:00", date(2023, 1, 26)),
        (date(2023, 2, 2), "2023-02-02T15:59", date(2023, 1, 26)),
        (date(2023, 2, 2), "2023-02-02T16:00", date(2023, 1, 26)),
        (date(2023, 2, 2), "2023-02-02T16:01", date(2023, 2, 2)),
        # A day to come is read as of now.
        (date(2024, 1, 1), "2023-02-07T09:00", date(2023, 2, 2)),
    ],
)
def test_the_public_reads_as_of_the_last_cut_off(as_of: date, now: str, expected: date) -> None:
    period = privacy.published_period(WEEKLY, as_of, local(now))
    assert period.ends_on == expected
    assert period.ends_at.astimezone(ZONE).hour == 16
    assert period.is_closed(local(now))


@given(st.dates(date(2022, 1, 1), date(2024, 1, 1)), st.integers(0, 60), st.integers(1, 14))
def test_days_of_one_period_have_one_answer(as_of: date, later: int, every: int) -> None:
    rhythm = Rhythm(every_days=every)
    now = local("2024-06-01T12:00")
    first = privacy.published_period(rhythm, as_of, now)
    second = privacy.published_period(rhythm, as_of + timedelta(later), now)
    assert first.ends_on <= as_of
    assert (second.ends_at - first.ends_at) % rhythm.every == timedelta(0)
    assert privacy.published_period(rhythm, first.ends_on, now) == first


def test_the_splits_are_of_the_words() -> None:
    assert set(ATTITUDES) == {"agrees", "undecided", "disagrees", "unknown"}
    assert set(privacy.SPLIT) == set(CountForm)
