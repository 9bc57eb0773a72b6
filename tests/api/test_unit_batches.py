"""Many units as one change: one revision, rows in any order, all or nothing or the good ones, and again without a trace."""

from typing import Any

import pytest

from tests import factories
from tests.api.unit_worlds import BATCH, LINE, figures, problem, put, revision, section, told, tower
from tests.conftest import People

UP = [
    told("site", on="2023-01-02"),
    told("foundation", on="2023-01-05"),
    told("erection", on="2023-01-10"),
]
STRUNG = [told("corridor", on="2023-01-11"), told("stringing", on="2023-01-20")]


@pytest.fixture
def line(people: People) -> People:
    assert people.evn_spc.post("/grid-works", LINE).status_code == 201
    return people


def outcomes(answer: dict[str, Any]) -> list[tuple[str, str | None]]:
    return [(row["outcome"], row["problem"]) for row in answer["rows"]]


def test_a_whole_line_is_one_revision_in_any_order(line: People) -> None:
    head = revision(line)
    rows = [section("1-3", 1, 3, *STRUNG[::-1]), *(tower(n, *UP[::-1]) for n in (3, 1, 2))]
    answer = put(line.evn_spc, rows)
    assert {name: answer[name] for name in ("dry_run", "changed", "unchanged", "refused")} == {
        "dry_run": False,
        "changed": 4,
        "unchanged": 0,
        "refused": 0,
    }
    assert [(row["row"], row["kind"], row["number"]) for row in answer["rows"]] == [
        (0, "section", "1-3"),
        (1, "tower", "3"),
        (2, "tower", "1"),
        (3, "tower", "2"),
    ]
    assert revision(line) == head + 1
    assert figures(line.evn_spc)["stringing"] == (1, 1)
    facts = line.department.get("/journal?limit=1").json()["items"][0]["facts"]
    kinds = [fact["kind"] for fact in facts]
    assert kinds[:4] == ["work_unit.created"] * 4
    assert kinds[4:] == (
        ["tower.handed_over"] * 3 + ["tower.cast"] * 3 + ["tower.erected"] * 3
        + ["section.handed_over", "section.strung"]
    )  # fmt: skip
    assert (facts[4]["subject"], facts[4]["code"]) == ("tower", "line/1")
    assert facts[4]["before"] == {"status": "not_started"}
    assert facts[4]["after"] == {"stage": "site", "status": "done", "effective_on": "2023-01-02"}


def test_the_same_batch_again_leaves_no_trace(line: People) -> None:
    rows = [*(tower(n, *UP, note="Theo bản tin") for n in (1, 2, 3)), section("1-3", 1, 3, *STRUNG)]
    put(line.evn_spc, rows)
    head, before = revision(line), line.evn_spc.get("/grid-works/line/towers").json()
    assert outcomes(put(line.evn_spc, rows[::-1])) == [("unchanged", None)] * 4
    assert (revision(line), line.evn_spc.get("/grid-works/line/towers").json()) == (head, before)


def test_one_bad_row_in_the_middle_changes_nothing_and_all_bad_rows_are_named(line: People) -> None:
    head = revision(line)
    rows = [tower(n, *UP) for n in range(1, 8)]
    rows[3] = tower(4, told("erection"))
    rows[5] = tower(6, told("site", on="2023-02-08"))
    refused = line.evn_spc.put(BATCH, {"rows": rows})
    assert problem(refused)[:2] == (422, "rows_refused")
    named = refused.json()["details"]["rows"]
    assert [(row["row"], row["number"], row["problem"], row["field"]) for row in named] == [
        (3, "4", "erected_before_cast", "status"),
        (5, "6", "date_in_future", "effective_on"),
    ]
    assert named[0]["details"] == {"unit": "4", "day": "2023-01-10"}
    assert named[0]["message"] == "Cột dựng trước khi đúc xong móng"
    assert revision(line) == head
    assert line.evn_spc.get("/grid-works/line/towers").json()["items"] == []


def test_partial_keeps_the_good_rows_and_judges_them_without_the_bad_ones(line: People) -> None:
    rows = [tower(1, *UP), tower(2, *UP, told("corridor")), tower(3, *UP), tower(4, *UP), tower(5, *UP)]
    rows += [section("1-3", 1, 3, *STRUNG), section("3-5", 3, 5, *STRUNG), section("2-3", 2, 3)]
    answer = put(line.evn_spc, rows, "?partial=true")
    # Without tower 2 the section from it cannot be, and nothing says yet that the first one passes it.
    assert outcomes(answer) == [
        ("changed", None),
        ("refused", "stage_of_other_kind"),
        ("changed", None),
        ("changed", None),
        ("changed", None),
        ("changed", None),
        ("changed", None),
        ("refused", "unknown_unit"),
    ]
    assert figures(line.evn_spc)["site"] == (4, 4)
    # With tower 2 on the line, and not standing, the strung section refuses it.
    refused = line.evn_spc.put(BATCH + "?partial=true", {"rows": [tower(2), tower(6)]}).json()
    assert outcomes(refused) == [("refused", "strung_before_erected"), ("changed", None)]


def test_partial_refuses_what_hangs_on_a_refused_row(line: People) -> None:
    put(line.evn_spc, [tower(n) for n in (1, 2, 3)] + [section("1-3", 1, 3)])
    rows = [tower(1, *UP), tower(2, *UP), tower(3, *UP, told("stringing")), section("1-3", 1, 3, *STRUNG)]
    answer = put(line.evn_spc, rows, "?partial=true")
    assert outcomes(answer)[2:] == [("refused", "stage_of_other_kind"), ("refused", "strung_before_erected")]
    assert answer["rows"][3]["details"]["towers"] == ["3"]
    assert figures(line.evn_spc)["erection"] == (2, 3)


def test_a_dry_run_says_what_would_happen_and_keeps_nothing(line: People) -> None:
    head = revision(line)
    rows = [tower(1, *UP), tower(2, told("erection"))]
    answer = put(line.evn_spc, rows, "?dry_run=true")
    assert (answer["dry_run"], outcomes(answer)) == (
        True,
        [("changed", None), ("refused", "erected_before_cast")],
    )
    assert outcomes(put(line.evn_spc, rows[:1], "?dry_run=true")) == [("changed", None)]
    assert revision(line) == head
    assert line.evn_spc.get("/grid-works/line/towers").json()["items"] == []


def test_a_unit_stands_in_one_row_and_a_batch_has_rows(line: People) -> None:
    twice = line.evn_spc.put(BATCH, {"rows": [tower(1), tower(2), tower("2", note="Hai")]})
    assert problem(twice) == (422, "unit_twice", "rows.2.number")
    assert problem(line.evn_spc.put(BATCH, {"rows": []})) == (422, "too_many", "rows")
    assert problem(line.evn_spc.put(BATCH, {"rows": [{"kind": "pole", "number": "1"}]})) == (
        422,
        "not_a_word",
        "rows.0.kind",
    )


def test_towers_change_places_and_both_of_two_in_one_place_cannot_be(line: People) -> None:
    put(line.evn_spc, [tower(1), tower(2)])
    put(line.evn_spc, [tower("1", position=2), tower("2", position=1)])
    listed = line.evn_spc.get("/grid-works/line/towers").json()["items"]
    assert [item["number"] for item in listed] == ["2", "1"]
    rows = [tower("3", position=7), tower("4", position=7)]
    refused = line.evn_spc.put(BATCH, {"rows": rows}).json()["details"]["rows"]
    assert [(row["number"], row["problem"], row["details"]) for row in refused] == [
        ("4", "position_taken", {"tower": "3"})
    ]


def test_late_and_out_of_order_reports_find_their_place(line: People) -> None:
    put(line.evn_spc, [tower(1, told("site", on="2023-01-20")), tower(2)])
    put(line.evn_spc, [tower("1", told("site", "blocked", "2023-01-05"))])
    put(line.evn_spc, [tower("1", told("site", "in_progress", "2023-01-12"))])
    days = {"2023-01-04": 0, "2023-01-05": 0, "2023-01-19": 0, "2023-01-20": 1}
    assert {day: figures(line.evn_spc, f"?as_of={day}")["site"][0] for day in days} == days
    # A late report may not break an order that stands.
    put(line.evn_spc, [tower("1", told("foundation", on="2023-01-22"))])
    late = line.evn_spc.put(BATCH, {"rows": [tower("1", told("site", "reopened", "2023-01-21"))]})
    assert late.json()["details"]["rows"][0]["problem"] == "cast_before_handover"


def test_a_handover_follows_its_households_whatever_is_reported(line: People) -> None:
    put(line.evn_spc, [tower(1), tower(2), tower(3)])
    with line.world.database.changing(factories.stamp()) as session:
        factories.clearance(session)
        factories.household(
            session,
            "H-01",
            unit={"kind": "tower", "number": "1"},
            effective_on="2023-01-05",
            owner_name="Nguyễn Văn A",
        )
        factories.household(
            session,
            "H-02",
            unit={"kind": "tower", "number": "1"},
            effective_on="2023-01-05",
            status="handed_over",
        )
        factories.household(
            session,
            "H-03",
            unit={"kind": "tower", "number": "2"},
            effective_on="2023-01-05",
            status="handed_over",
        )
    refused = line.evn_spc.put("/grid-works/line/towers/1", {"reports": [told("site")]})
    assert problem(refused) == (422, "handover_by_households", "status")
    (error,) = refused.json()["errors"]
    assert (error["rule"], error["details"]["households"]) == ("R28", ["H-01"])
    assert "Nguyễn" not in refused.text
    head = revision(line)
    rows = [tower("2", told("site")), tower("3", told("site"))]
    assert outcomes(put(line.evn_spc, rows)) == [("unchanged", None), ("changed", None)]
    assert revision(line) == head + 1
    for status in ("blocked", "reopened", "not_started"):
        answer = line.evn_spc.put("/grid-works/line/towers/2", {"reports": [told("site", status)]})
        assert problem(answer) == (422, "handover_by_households", "status")
    assert figures(line.evn_spc)["site"] == (2, 3)


def test_rows_that_pull_each_other_down_one_by_one_are_all_given_back(line: People) -> None:
    put(line.evn_spc, [tower(n) for n in range(1, 61)])
    head = revision(line)
    # Each tower moves to where the next one stood, and the last one may not: so none may.
    rows = [tower(str(n), position=n + 1) for n in range(1, 60)] + [tower("60", position=61, revision=1)]
    answer = line.evn_spc.put(BATCH + "?partial=true", {"rows": rows})
    assert problem(answer)[:2] == (422, "rows_refused")
    assert revision(line) == head
