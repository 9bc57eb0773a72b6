"""The milestone templates: the shipped set is whole and in order, and a damaged one says where it is wrong."""

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from graphlib import TopologicalSorter
from typing import Any

import pytest

from app.domain.templates import (
    Duration,
    Flaw,
    MilestoneTemplate,
    Predecessor,
    Spread,
    Template,
    TemplateSet,
    Wording,
    applies,
    check,
    duration_days,
    waits_for,
)
from app.domain.vocabulary import (
    Cause,
    DayUnit,
    DocumentKind,
    DurationBasis,
    Gate,
    MilestoneScope,
    SubjectKind,
)
from app.domain.words import Lang
from app.outside import shipped

SHIPPED = shipped.templates()
STEPS = {step.code: step for step in SHIPPED}


@pytest.mark.parametrize(
    ("code", "count", "ends_with"),
    [
        ("wind_project", 55, "W-G7"),
        ("grid_110kv", 30, "G-26"),
        ("land_clearance", 20, "L-16"),
        ("corridor_clearance", 6, "C-06"),
    ],
)
def test_each_template_has_all_its_steps_and_an_end(code: str, count: int, ends_with: str) -> None:
    template = SHIPPED.template(code)
    assert (len(template.milestones), template.ends_with) == (count, ends_with)
    assert [s.order for s in template.milestones] == [10 * n for n in range(1, count + 1)]


def test_the_shipped_version_is_the_law_of_2023() -> None:
    assert (SHIPPED.version, SHIPPED.valid_from, SHIPPED.valid_until) == (
        1,
        date(2023, 1, 1),
        date(2024, 7, 31),
    )
    assert shipped.templates(1) is shipped.templates(), "read once"
    with pytest.raises(KeyError):
        shipped.templates(99)


def wordings() -> Iterator[tuple[str, Wording]]:
    yield from SHIPPED.roles.items()
    for condition in SHIPPED.conditions.values():
        yield from ((condition.code, condition.name), (f"{condition.code} reason", condition.reason))
    yield from ((template.code, template.name) for template in SHIPPED.templates)
    yield from ((step.code, step.name) for step in SHIPPED)


@pytest.mark.parametrize(
    ("code", "wording"), list(wordings()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_every_name_is_there_in_both_languages(code: str, wording: Wording) -> None:
    assert wording.label(Lang.VI) != wording.label(Lang.EN), "one was copied from the other"
    for lang in Lang:
        text = wording.label(lang)
        assert text.strip() == text != ""
        assert unicodedata.is_normalized("NFC", text)


@pytest.mark.parametrize("step", list(SHIPPED), ids=lambda step: step.code)
def test_a_step_names_only_what_is_there(step: MilestoneTemplate) -> None:
    assert {*step.responsible, *step.confirm_by} <= set(SHIPPED.roles)
    assert {before.code for before in step.predecessors} <= set(STEPS)
    assert step.responsible
    assert step.evidence
    assert step.legal_basis
    assert step.authority
    assert (step.condition is None) or SHIPPED.conditions[step.condition.code] is step.condition
    for days in filter(None, (step.duration, step.takt)):
        assert 0 < days.min <= days.likely <= days.max


def test_no_step_waits_for_itself_within_and_across_templates() -> None:
    order = list(TopologicalSorter(waits_for(SHIPPED)).static_order())
    assert len(order) == 111
    # The network of a project from the household to the megawatt: land, then line, then COD.
    assert order.index("L-16") < order.index("G-16") < order.index("G-26") < order.index("W-G7")


def test_every_condition_is_used_and_every_exception_waits_until_somebody_says_so() -> None:
    used = {step.condition.code for step in SHIPPED if step.condition}
    assert used == set(SHIPPED.conditions)
    assert {code for code in used if SHIPPED.conditions[code].applies_unless_known} == {
        "any_turbine_in_sea",
        "works_in_water",
        "transitional_price",
        "needs_reinforcement",
        "rice_land",
        "live_crossing",
        "includes_substation",
    }


# The record each template's milestones hang on.
SUBJECTS = {
    "wind_project": {SubjectKind.PROJECT, SubjectKind.PHASE},
    "grid_110kv": {SubjectKind.GRID_WORK},
    "land_clearance": {SubjectKind.CLEARANCE},
    "corridor_clearance": {SubjectKind.CLEARANCE},
}


@pytest.mark.parametrize("template", SHIPPED.templates, ids=lambda template: template.code)
def test_a_step_hangs_on_the_record_of_its_template(template: Template) -> None:
    assert {step.subject for step in template.milestones} == SUBJECTS[template.code]
    for step in template.milestones:
        if template.code == "wind_project":
            of_project = step.scope == MilestoneScope.PROJECT
            assert step.subject == (SubjectKind.PROJECT if of_project else SubjectKind.PHASE), step.code


@pytest.mark.parametrize(
    ("cause", "codes"),
    [
        (Cause.PERMIT, "W-A1 W-A5 W-C1 W-C8 W-E2 W-F3 W-G1 W-G7"),
        (Cause.LAND, "W-B1 W-B4 G-12 G-13 G-14 L-01 L-20 C-01 C-06"),
        (Cause.AGREEMENT, "W-D1 W-D6"),
        (Cause.PRICE, "W-D7 W-D8 W-D9"),
        (Cause.EQUIPMENT, "W-E1 W-E3 W-E4 W-E5 W-E6 W-E7 W-F6 W-F7 W-F10 W-F11"),
        (Cause.SUBSTATION, "W-E8 W-F1 W-F2 W-F4 W-F5 G-21 G-22 G-24"),
        (Cause.LINE, "W-E9 W-E10"),
        (None, "G-01 G-11 G-15 G-16 G-20 G-23 G-25 G-26 G-30"),
    ],
)
def test_what_mw_wait_for_while_a_step_holds_them(cause: Cause | None, codes: str) -> None:
    assert {STEPS[code].cause for code in codes.split()} == {cause}
    assert {step.cause for step in SHIPPED} == {*Cause, None} - {Cause.NOT_IN_REGISTER}


def test_a_step_of_a_grid_work_takes_the_cause_of_the_work() -> None:
    assert STEPS["G-20"].binding_cause(Cause.LINE) == Cause.LINE
    assert STEPS["G-25"].binding_cause(Cause.SUBSTATION) == Cause.SUBSTATION
    assert STEPS["G-13"].binding_cause(Cause.LINE) == Cause.LAND


def test_steps_as_they_are_written_in_the_source() -> None:
    erected = SHIPPED.step("W-E6")
    assert erected.name.vi == "Lắp dựng xong tua-bin (hoàn thành cơ khí)"
    assert erected.duration == Duration(4, 12, 45, DayUnit.CALENDAR, DurationBasis.ESTIMATE)
    assert (erected.takt, erected.sets) == (Spread(5, 12, 30), "installed_mw")
    assert erected.evidence == (DocumentKind.MINUTES, DocumentKind.PHOTO)
    assert erected.quantity is not None
    assert (erected.quantity.of, erected.quantity.unit) == ("turbine_count", Wording("tua-bin", "turbines"))
    cod = SHIPPED.step("W-G7")
    assert (cod.confirm_by, cod.sets, cod.gate) == (("EVN", "EPTC", "SCT"), "cod_mw", Gate.HARD)
    assert SHIPPED.step("W-A2").predecessors == (Predecessor("W-A1", Gate.SOFT),)
    start = [(before.code, before.kind) for before in SHIPPED.step("W-E2").predecessors]
    assert start == [("W-C6", Gate.HARD), ("W-E1", Gate.HARD), ("W-B3", Gate.SOFT), ("W-B1", Gate.SOFT)]
    lags = {
        (step.code, before.code): (before.lag_days, before.lag_unit)
        for step in SHIPPED
        for before in step.predecessors
        if before.lag_days
    }
    assert lags == {
        ("W-F8", "W-F7"): (17, DayUnit.WORKING),
        ("G-18", "G-16"): (14, DayUnit.CALENDAR),
        ("L-13", "L-05"): (90, DayUnit.CALENDAR),
    }


@pytest.mark.parametrize(
    ("trait", "codes"),
    [
        (lambda step: step.is_repeatable, "W-A5 W-D3 G-04 G-10 G-11 G-19 L-10 L-11 L-12 L-20"),
        (lambda step: step.expires, "W-A3 W-A5 W-B1 W-D2 W-D3 W-G2 W-G3 G-05"),
        (lambda step: step.is_reversible, "G-13 G-14 L-16 C-05 C-06"),
        (lambda step: step.confirm_by, "W-F5 W-G2 W-G7 G-26"),
        (lambda step: step.extends, "W-A5 W-D3"),
        (lambda step: step.rolls_up, "W-B3 W-E9 W-E10 G-13 G-14"),
        (lambda step: step.takt, "W-E4 W-E6"),
    ],
    ids=["repeatable", "expires", "reversible", "confirmed", "extends", "rolls up", "takt"],
)
def test_which_steps_have_a_trait(trait: Callable[[MilestoneTemplate], object], codes: str) -> None:
    assert [step.code for step in SHIPPED if trait(step)] == codes.split()


def test_an_extension_prolongs_and_a_roll_up_follows() -> None:
    assert (STEPS["W-A5"].extends, STEPS["W-D3"].extends) == ("W-A3", "W-D2")
    assert {code: STEPS[code].rolls_up for code in ("W-B3", "W-E9", "W-E10", "G-13", "G-14")} == {
        "W-B3": "land_clearance",
        "W-E9": "grid_110kv",
        "W-E10": "grid_110kv",
        "G-13": "land_clearance",
        "G-14": "corridor_clearance",
    }


def test_a_step_is_found_by_its_code_with_its_template_and_what_follows_it() -> None:
    assert SHIPPED.template_of("G-26").code == "grid_110kv"
    assert [step.code for step in SHIPPED.successors("G-25")] == ["G-26", "G-28"]
    assert SHIPPED.successors("W-G7") == ()
    assert "W-G7" in SHIPPED
    assert "W-Z9" not in SHIPPED
    for ask in (SHIPPED.step, SHIPPED.template_of, SHIPPED.successors, SHIPPED.template):
        with pytest.raises(KeyError):
            ask("W-Z9")


@pytest.mark.parametrize(
    ("code", "facts", "expected"),
    [
        ("W-A1", {}, True),
        ("W-B1", {}, True),
        ("W-B1", {"any_turbine_in_sea": None}, True),
        ("W-B1", {"any_turbine_in_sea": False}, False),
        ("W-A5", {}, False),
        ("W-A5", {"approval_overtaken": True}, True),
        ("G-21", {"includes_substation": False, "live_crossing": True}, False),
    ],
)
def test_a_step_applies_where_its_condition_holds(
    code: str, facts: dict[str, bool | None], expected: bool
) -> None:
    assert applies(STEPS[code], facts) == (expected, STEPS[code].condition)


def test_the_reason_of_what_does_not_apply_is_at_hand() -> None:
    _, condition = applies(STEPS["W-B1"], {"any_turbine_in_sea": False})
    assert condition is not None
    assert condition.reason.label(Lang.VI) == "Không có tua-bin trên biển"
    assert condition.reason.label(Lang.EN) == "No turbine stands in the sea"


@pytest.mark.parametrize(
    ("code", "units", "crews", "expected"),
    [
        ("W-E4", 1, 1, Spread(25, 60, 120)),
        # V1-3 has 7 turbines: 120 further days for its foundations, 72 for erection (domain rules, section 2).
        ("W-E4", 7, 1, Spread(73, 180, 360)),
        ("W-E6", 7, 1, Spread(34, 84, 225)),
        ("W-E6", 7, 2, Spread(17, 42, 120)),
        ("W-E6", 7, 3, Spread(11, 28, 85)),
        ("W-E6", 2, 5, Spread(4, 12, 45)),
        ("W-E3", 7, 1, Spread(45, 120, 240)),
    ],
)
def test_further_units_take_further_days(code: str, units: int, crews: int, expected: Spread) -> None:
    assert duration_days(STEPS[code], units, crews) == expected


@pytest.mark.parametrize(("units", "crews"), [(0, 1), (1, 0), (-1, 1)])
def test_there_is_at_least_one_unit_and_one_crew(units: int, crews: int) -> None:
    with pytest.raises(ValueError, match="crews"):
        duration_days(STEPS["W-E4"], units, crews)


def chain(target: str, which: str) -> int:
    """The days of the longest chain to a step, a working day as 7/5 of a calendar day.

    As the domain rules counted it: hard predecessors alone, but the year of wind measurement (W-A1, soft as a gate)
    belongs to the chain. The steps that may overtake each other (foundations before all land is handed over, the
    test programme before erection) do not wait.
    """

    @cache
    def done(code: str) -> float:
        step = STEPS[code]
        before = [b for b in step.predecessors if b.kind == Gate.HARD or b.code == "W-A1"]
        start = max((done(b.code) for b in before), default=0.0)
        end = start + calendar_days(getattr(step.duration, which), step.duration.unit)
        return max([end, *(done(b.code) + calendar_days(b.lag_days, b.lag_unit) for b in before)])

    return round(done(target))


def calendar_days(days: int, unit: DayUnit) -> float:
    return days * 7 / 5 if unit == DayUnit.WORKING else days


@pytest.mark.parametrize(
    ("target", "which", "days"),
    [("W-E6", "likely", 1412), ("W-G7", "likely", 1498), ("W-G7", "min", 870), ("W-G7", "max", 3412)],
)
def test_the_chain_is_as_long_as_the_domain_rules_say(target: str, which: str, days: int) -> None:
    assert chain(target, which) == days


# Each damage done to the shipped set, and the code and words that the refusal must name.
Damage = Callable[[TemplateSet], TemplateSet]


def changed(code: str, /, **fields: Any) -> Damage:
    """One step with other fields."""

    def damage(whole: TemplateSet) -> TemplateSet:
        def of(template: Template) -> Template:
            steps = (replace(s, **fields) if s.code == code else s for s in template.milestones)
            return replace(template, milestones=tuple(steps))

        return replace(whole, templates=tuple(map(of, whole.templates)))

    return damage


def first_template(**fields: Any) -> Damage:
    return lambda whole: replace(
        whole, templates=(replace(whole.templates[0], **fields), *whole.templates[1:])
    )


def after(*codes: str, lag_days: int = 0) -> tuple[Predecessor, ...]:
    return tuple(Predecessor(code, Gate.HARD, lag_days) for code in codes)


DURATION = STEPS["W-E4"].duration
SEA = SHIPPED.conditions["any_turbine_in_sea"]
DAMAGES: list[tuple[str, Damage, str, str]] = [
    ("an unknown predecessor", changed("W-E4", predecessors=after("W-Z9")), "W-E4", "unknown milestone W-Z9"),
    (
        "one of another template",
        changed("W-E4", predecessors=after("G-16")),
        "W-E4",
        "G-16 is a milestone of another",
    ),
    ("a predecessor twice", changed("W-E4", predecessors=after("W-E3", "W-E3")), "W-E4", "twice"),
    ("an unknown extension", changed("W-D3", extends="W-Z9"), "W-D3", "unknown milestone W-Z9"),
    ("an unknown role", changed("W-E4", responsible=("XYZ",)), "W-E4", "unknown role XYZ"),
    ("an unknown confirmer", changed("W-G7", confirm_by=("XYZ",)), "W-G7", "unknown role XYZ"),
    ("an unknown group", changed("W-E4", group="Z"), "W-E4", "unknown group Z"),
    (
        "an unknown condition",
        changed("W-B1", condition=replace(SEA, code="x")),
        "W-B1",
        "unknown condition x",
    ),
    ("an unknown template", changed("W-B3", rolls_up="sea"), "W-B3", "unknown template sea"),
    ("no cause", changed("W-E4", cause=None), "W-E4", "cause"),
    ("no English name", changed("W-E4", name=Wording("Móng", " ")), "W-E4", "missing in en"),
    ("no Vietnamese name", changed("W-E4", name=Wording("", "Foundation")), "W-E4", "missing in vi"),
    ("a decomposed name", changed("W-E4", name=Wording("Mo\u0301ng", "Foundation")), "W-E4", "NFC"),
    ("no English note", changed("W-E4", note=Wording("Ghi chú", "")), "W-E4", "missing in en"),
    (
        "no English limit",
        changed("W-E4", duration=replace(DURATION, legal_limit=Wording("20 ngày", ""))),
        "W-E4",
        "missing in en",
    ),
    ("min above likely", changed("W-E4", duration=replace(DURATION, min=61)), "W-E4", "61, 60, 120"),
    ("likely above max", changed("W-E4", takt=Spread(1, 9, 8)), "W-E4", "1, 9, 8"),
    ("days below 0", changed("W-E4", takt=Spread(-1, 9, 9)), "W-E4", "-1, 9, 9"),
    ("a lag below 0", changed("W-E4", predecessors=after("W-E3", lag_days=-1)), "W-E4", "below 0"),
    ("a step twice", changed("W-E4", code="W-E5"), "W-E5", "stands twice"),
    ("an end elsewhere", first_template(ends_with="G-26"), "wind_project", "ends with G-26"),
    (
        "a template without English",
        first_template(name=Wording("Dự án", "")),
        "wind_project",
        "missing in en",
    ),
    ("a step that follows itself", changed("W-E4", predecessors=after("W-E4")), "W-E4", "W-E4 → W-E4"),
    # A land package that waits for the line which waits for that land.
    (
        "a circle through two templates",
        changed("G-13", rolls_up="grid_110kv"),
        "G-",
        "G-26 → ",
    ),
    (
        "a role without English",
        lambda whole: replace(whole, roles={**whole.roles, "NT": Wording("Nhà thầu", "")}),
        "NT",
        "missing in en",
    ),
    (
        "a condition without a reason",
        lambda whole: replace(whole, conditions={"x": replace(SEA, code="x", reason=Wording("Không", ""))}),
        "x",
        "missing in en",
    ),
]


def test_the_shipped_set_passes_its_own_check() -> None:
    check(SHIPPED)


@pytest.mark.parametrize(("damage", "code", "words"), [d[1:] for d in DAMAGES], ids=[d[0] for d in DAMAGES])
def test_a_damaged_set_names_what_is_wrong(damage: Damage, code: str, words: str) -> None:
    with pytest.raises(Flaw) as refused:
        check(damage(SHIPPED))
    assert refused.value.code.startswith(code)
    assert words in refused.value.reason
    assert str(refused.value).startswith(refused.value.code)


def test_a_circle_is_named_step_by_step() -> None:
    with pytest.raises(Flaw) as refused:
        check(changed("W-F4", predecessors=after("W-F6"))(SHIPPED))
    named = refused.value.reason.removeprefix("waits for itself: ").split(" → ")
    assert named[0] == named[-1]
    assert set(named) == {"W-F4", "W-F5", "W-F6"}
