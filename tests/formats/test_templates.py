"""The file of milestone templates: what is read, and how a wrong one is refused with its line."""

from datetime import date

import pytest

from app import register
from app.domain.templates import Duration, Predecessor, Wording
from app.domain.vocabulary import Cause, DayUnit, DurationBasis, Gate
from app.formats import templates
from app.formats.register import Unreadable

SMALL = """\
format: milestone-templates/1
version: 7
effective_for: {valid_from: 2025-02-01}
roles:
  INV: {vi: "Chủ đầu tư", en: "Investor"}
conditions:
  rice_land: {unless_known: not_applicable, vi: "Đất lúa", en: "Rice land", reason: {vi: "Không có", en: "None"}}
templates:
  line:
    name: {vi: "Đường dây", en: "Line"}
    ends_with: X-2
    groups: {A: {vi: "Thi công", en: "Construction"}}
    milestones:
      - {code: X-1, order: 10, group: A, scope: line, subject: grid_work, cause: work,
         name_vi: "Móng", name_en: "Foundation", responsible: [INV], authority: "SPC", legal_basis: ["NĐ 06/2021"],
         duration: {min: 1, likely: 2, max: 3, unit: working, basis: legal, legal_limit: {vi: "3 ngày", en: "3 days"}},
         gate: soft, evidence: [minutes]}
      - {code: X-2, order: 20, group: A, scope: span, subject: grid_work, cause: land, condition: rice_land,
         name_vi: "Kéo dây", name_en: "Stringing", responsible: [INV], authority: "SPC", legal_basis: [],
         predecessors: [{code: X-1, kind: hard, lag_days: 14, lag_unit: working,
           instead: {vi: "Cam kết", en: "Undertaking"}, note: {vi: "Ghi chú", en: "Note"}}],
         duration: {min: 1, likely: 2, max: 3, unit: calendar, basis: estimate}, takt_days: {min: 1, likely: 1, max: 2},
         quantity: {of: spans_total, vi: "khoảng néo", en: "sections"}, note: {vi: "Chậm", en: "Slow"},
         gate: hard, repeatable: true, expires: true, reversible: false, evidence: [minutes, photo], confirm_by: [INV],
         captures: [length_km], sets: energised_at, extends: X-1, rolls_up: line}
"""


def test_what_the_file_says_is_what_is_read() -> None:
    # Rolled up into itself, the small file would be a circle.
    whole = templates.read(SMALL.replace(", rolls_up: line", ""))
    assert (whole.version, whole.valid_from, whole.valid_until) == (7, date(2025, 2, 1), None)
    assert whole.roles == {"INV": Wording("Chủ đầu tư", "Investor")}
    first, last = whole.template("line").milestones
    assert first.duration == Duration(
        1, 2, 3, DayUnit.WORKING, DurationBasis.LEGAL, Wording("3 ngày", "3 days")
    )
    assert (first.cause, last.cause) == (None, Cause.LAND)
    assert (first.condition, last.condition) == (None, whole.conditions["rice_land"])
    assert last.predecessors == (
        Predecessor(
            "X-1",
            Gate.HARD,
            14,
            DayUnit.WORKING,
            Wording("Cam kết", "Undertaking"),
            Wording("Ghi chú", "Note"),
        ),
    )
    assert (last.is_repeatable, last.expires, last.is_reversible) == (True, True, False)
    assert (last.captures, last.sets, last.extends) == (("length_km",), "energised_at", "X-1")
    assert (last.note, first.note) == (Wording("Chậm", "Slow"), None)


def test_the_shipped_files_are_named_by_their_version() -> None:
    for version, file in register.MILESTONE_TEMPLATES.items():
        assert templates.read(file.read_text("utf-8")).version == version


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("templates/1", "templates/2", 1, "format: not milestone-templates/1"),
        ("version: 7", "version: seven", 2, "version: not a whole number"),
        ("version: 7", "version: true", 2, "version: not a whole number"),
        ("2025-02-01", "soon", 3, "effective_for.valid_from: not a date"),
        ("version: 7\n", "", 1, "version is missing"),
        ("version: 7", "version: 7\nowner: me", 3, "owner: unknown key"),
        ('{vi: "Chủ đầu tư", en: "Investor"}', '{vi: "Chủ đầu tư"}', 5, "roles.INV: en is missing"),
        ('{vi: "Chủ đầu tư", en: "Investor"}', "Investor", 5, "roles.INV: not a mapping"),
        ('\n  INV: {vi: "Chủ đầu tư", en: "Investor"}', " [INV]", 4, "roles: not a mapping"),
        ("not_applicable", "sometimes", 7, "unless_known: neither applies nor not_applicable"),
        ("cause: work", "cause: weather", 14, "cause: weather is none of land"),
        ("scope: line", "scope: cable", 14, "scope: cable is none of"),
        ('authority: "SPC", legal_basis: ["NĐ', 'legal_basis: ["NĐ', 14, "authority is missing"),
        ("gate: soft,", "gate: soft, colour: red,", 17, "colour: unknown key"),
        ("[minutes]", "minutes", 17, "evidence: not a list"),
        ("[minutes]", "[gossip]", 17, "evidence.0: gossip is none of"),
        ("responsible: [INV], authority: \"SPC\", legal_basis: []", "responsible: [3], authority: \"SPC\", legal_basis: []",
         19, "responsible.0: not text"),
        ("condition: rice_land", "condition: rainy_land", 18, "unknown condition rainy_land"),
        (", lag_unit: working", "", 20, "a lag has days and a unit"),
        ("repeatable: true", "repeatable: perhaps", 24, "repeatable: not true or false"),
        # What only the whole set can tell is refused with the line of the step, role or template it names.
        ("{code: X-1, kind", "{code: X-9, kind", 18, "X-2: unknown milestone X-9"),
        ("code: X-2, order", "code: X-1, order", 18, "X-1: stands twice"),
        ("confirm_by: [INV]", "confirm_by: [XYZ]", 18, "X-2: unknown role XYZ"),
        ("likely: 2, max: 3, unit: working", "likely: 4, max: 3, unit: working", 14, "X-1: days out of order: 1, 4, 3"),
        ("ends_with: X-2", "ends_with: X-9", 10, "line: ends with X-9"),
        ('en: "Investor"', 'en: ""', 5, "INV: a text is missing in en"),
        ("rolls_up: line", "rolls_up: line", 18, "X-2: waits for itself: X-2 → X-2"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_refused_with_its_line(old: str, new: str, line: int, words: str) -> None:
    text = SMALL if "rolls_up" in old else SMALL.replace(", rolls_up: line", "")
    assert old in text
    with pytest.raises(Unreadable) as refused:
        templates.read(text.replace(old, new, 1))
    assert words in refused.value.reason
    assert refused.value.line == line


@pytest.mark.parametrize(
    ("text", "line"),
    [("a: [1\n", 2), ("- 1\n", 1), ("a: 1\na: 2\n", 2)],
    ids=["broken", "a list", "a key twice"],
)
def test_what_is_no_such_file_is_refused(text: str, line: int) -> None:
    with pytest.raises(Unreadable) as refused:
        templates.read(text)
    assert refused.value.line == line
