"""A forecast that a workbook moves with what is said beside it, and in which order wrong cells are told."""

from datetime import date

import pytest

from app.domain.vocabulary import DelayCause, UnitStatus
from tests import factories
from tests.conftest import People
from tests.reading import furnish
from tests.workbooks import Edited, cells, commit, download, sent

FORECAST = ("phase", "alpha-1", "W-E7")


@pytest.fixture(autouse=True)
def furnished(people: People) -> None:
    with people.world.database.changing(factories.stamp(hour=1)) as session:
        factories.turbines(session, count=3)
        furnish(session, people.world, "alpha", "alpha-1")


def _moved(people: People) -> Edited:
    """A forecast that is moved in the file and, meanwhile, by the department."""
    book = download(people.investor)
    book.set("milestones", *FORECAST, forecast_on=date(2023, 9, 1), cause=DelayCause.WEATHER, note="Bão")
    told = {"forecast_on": "2023-08-15", "cause": "other"}
    answer = people.department.patch("/phases/alpha-1/milestones/W-E7", told)
    assert answer.status_code == 200, answer.text
    return book


@pytest.mark.parametrize(("take", "stands"), [("mine", "2023-09-01"), ("theirs", "2023-08-15")])
def test_a_forecast_that_both_have_moved_is_decided_with_its_cause(
    people: People, take: str, stands: str
) -> None:
    who = people.investor
    upload = sent(who, _moved(people).set("projects", "alpha", note="x").content())
    assert cells(who, upload, "error") == []
    assert {c["field"] for c in cells(who, upload, "conflict")} == {"forecast_on", "cause", "note"}
    answer = commit(who, upload, conflicts=take)
    assert answer.status_code == 200, answer.text
    assert who.get("/phases/alpha-1/milestones/W-E7").json()["forecast_on"] == stands


def test_what_is_said_beside_a_date_goes_with_the_date_that_the_others_keep(people: People) -> None:
    who = people.investor
    upload = sent(who, _moved(people).set("projects", "alpha", note="x").content())
    by_field = {
        c["field"]: {n: c[n] for n in ("sheet", "row", "column")} for c in cells(who, upload, "conflict")
    }
    taken = [{**by_field["forecast_on"], "take": "theirs"}]
    assert commit(who, upload, conflicts="mine", cells=taken).status_code == 200
    assert who.get("/phases/alpha-1/milestones/W-E7").json()["forecast_on"] == "2023-08-15"


def test_a_file_with_a_moved_forecast_changes_nothing_when_it_comes_again(people: People) -> None:
    who = people.investor
    moved = {"forecast_on": date(2023, 9, 1), "cause": DelayCause.WEATHER, "note": "Bão"}
    content = download(who).set("milestones", *FORECAST, **moved).content()
    assert commit(who, sent(who, content)).status_code == 200
    again = sent(who, content)
    tallies = again["summary"]["sheets"]
    assert all(not t[kind] for t in tallies for kind in ("changed", "added", "conflicts", "errors")), tallies
    alone = download(who).set("milestones", *FORECAST, cause=DelayCause.OTHER, note="Quên đổi ngày")
    wrong = cells(who, sent(who, alone.content()), "error")
    assert [(c["field"], c["problem"]) for c in wrong] == [("cause", "said_alone")]


def test_a_wrong_cell_is_told_once_and_in_the_order_of_the_file(people: People) -> None:
    who = people.evn_spc
    book = download(who)
    book.set("towers", "line", "T2", site_status="xong rồi", site_on=date(2023, 1, 20), note="x")
    book.set("towers", "line", "T1", site_status=UnitStatus.DONE, site_on=date(2023, 2, 8))
    book.add("sections", work="line", number="9", from_tower="T1", to_tower="T9")
    wrong = cells(who, sent(who, book.content()), "error")
    places = [(c["sheet"], c["row"], c["column"]) for c in wrong]
    assert places == sorted(places, key=lambda p: (["towers", "sections"].index(p[0]), p[1], p[2])), places
    assert {c["field"] for c in wrong if (c["sheet"], c["row"]) == ("towers", 4)} == {"site_status"}
