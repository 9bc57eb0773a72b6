"""Commitments as people see them: what became of last week's, and what is still owed."""

from datetime import date

import pytest

from app.domain.vocabulary import UnitStage
from app.schemas.commitments import CommitmentPostpone
from app.services import commitments
from tests import factories, lines
from tests.conftest import People, Person
from tests.pages.conftest import look
from tests.pages.markup import Markup, read

BEFORE, MONDAY = date(2023, 1, 20), date(2023, 2, 6)
LATER = {"due_on": "2023-02-20", "reason": "Chờ phê duyệt phương án"}


@pytest.fixture
def here(people: People) -> People:
    """A line of five towers in two districts. For the week to 2 February tower 1 was promised and kept, tower 2 broken and
    done since, tower 3 put off; tower 4 is due on 16 February. Today is Tuesday 7 February."""
    with people.world.database.changing(factories.stamp(BEFORE)) as session:
        factories.grid_work(session)
        factories.connection(session)
        lines.communes(session, "a")
        lines.communes(session, "b", district="ba-tri")
        lines.towers(session, ["a", "a", "a", "b", "b"])
        for number, due_on in (
            ("1", "2023-01-31"),
            ("2", "2023-02-01"),
            ("3", "2023-02-01"),
            ("4", "2023-02-16"),
        ):
            who = (
                {"responsible": "UBH", "responsible_name": "UBND huyện A"}
                if number != "4"
                else {"responsible": "HDBT"}
            )
            factories.commitment(session, units=[number], made_on="2023-01-20", due_on=due_on, **who)
    with people.world.database.changing(factories.stamp(MONDAY)) as session:
        lines.told(session, UnitStage.SITE, ["1"], date(2023, 1, 30))
        lines.told(session, UnitStage.SITE, ["2"], MONDAY)
    return people


def page(person: Person, asked: str = "") -> Markup:
    answer = look(person, f"/commitments{asked}")
    assert answer.status_code == 200, answer.text
    return read(answer.text)


def rows(found: Markup, which: int) -> list[list[str]]:
    """Due day, units, done and outcome of each promise of a table."""
    return [[row[0], row[4], row[5], row[6]] for row in found.tables[which][1:]]


def postponed(here: People) -> None:
    (third,) = (c["id"] for c in here.evn_spc.get("/commitments?state=broken").json()["items"])
    assert here.evn_spc.post(f"/commitments/{third}/postponement", LATER).status_code == 200


def test_last_week_s_promises_and_what_came_of_them(here: People) -> None:
    found = page(here.evn_spc)
    assert found.says("h2", id="week-promises") == "Cam kết cho tuần từ 27/01/2023 đến 02/02/2023"
    assert rows(found, 0) == [
        ["31/01/2023", "1", "1/1", "Giữ đúng cam kết"],
        ["01/02/2023", "2", "1/1", "Không giữ cam kếtđến nay: thực hiện sau hạn"],
        ["01/02/2023", "3", "0/1", "Không giữ cam kết"],
    ]
    counted = [e.text for e in found.all("dd")]
    assert counted == ["1", "0", "0", "2", "0", "0"]


def test_what_is_still_owed_by_due_day(here: People) -> None:
    postponed(here)
    assert rows(page(here.evn_spc), 1) == [
        ["16/02/2023", "4", "0/1", "Chưa đến hạn"],
        ["20/02/2023lùi 1 lần, ban đầu 01/02/2023", "3", "0/1", "Chưa đến hạn"],
    ]


def test_a_promise_that_was_put_off_in_its_week_is_moved_and_not_broken(here: People) -> None:
    with here.world.database.changing(factories.stamp(date(2023, 2, 1))) as session:
        made = factories.commitment(
            session, units=["5"], made_on="2023-01-20", due_on="2023-02-02", responsible="UBH"
        )
        later = CommitmentPostpone.model_validate({**LATER, "due_on": "2023-02-25"})
        commitments.postpone(session, factories.SYSTEM, made, later, None, date(2023, 2, 1))
    found = page(here.evn_spc)
    assert ["25/02/2023lùi 1 lần, ban đầu 02/02/2023", "5", "0/1", "Lùi hạn"] in rows(found, 0)


@pytest.mark.parametrize(
    ("asked", "week", "owed"),
    [
        ("?responsible=HDBT", 0, 1),
        ("?responsible=UBH&work=&district=", 3, 1),
        ("?district=ba-tri", 0, 1),
        ("?work=line", 3, 2),
        ("?work=other", 0, 0),
        ("?week=2023-01-26", 0, 2),
        ("?week=2023-02-04", 3, 2),
    ],
)
def test_they_can_be_narrowed(here: People, asked: str, week: int, owed: int) -> None:
    found = page(here.department, asked)
    shown = [len(table) - 1 for table in found.tables]
    assert sum(shown) == week + owed
    said = [e.text for e in found.all("p", class_="none")]
    assert ("Không có cam kết nào cho tuần này." in said) == (week == 0)
    assert ("Không còn cam kết nào chưa thực hiện." in said) == (owed == 0)


def test_it_speaks_english(here: People) -> None:
    found = page(here.investor, "?lang=en")
    assert found.says("h2", id="week-promises") == "Promised for the week 27 Jan 2023 to 2 Feb 2023"
    assert rows(found, 0)[0][3] == "Kept"


def test_promises_about_works_of_others_are_not_there(here: People) -> None:
    found = page(here.stranger)
    assert not found.tables
    assert len(found.all("p", class_="none")) == 2
    assert not [e for e in found.all("option") if e.attributes["value"] == "line"]


def test_whoever_is_not_signed_in_is_asked_to(here: People) -> None:
    answer = look(here.anonymous, "/commitments")
    assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, "/sign-in")


def test_only_who_may_write_one_down_is_led_to_the_form(here: People) -> None:
    assert page(here.evn_spc).all("a", href="/commitments/new")
    assert not page(here.investor).all("a", href="/commitments/new")
