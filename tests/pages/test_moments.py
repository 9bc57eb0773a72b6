"""Any past day and any past knowledge, on every page that takes them: what it shows, and that its links keep them."""

from datetime import timedelta
from typing import Any

import pytest
from fastapi.routing import iter_route_contexts

from app.deps.route import _parameters
from app.pages.rendering import MOMENT_KEPT
from tests import factories
from tests.conftest import People
from tests.pages.conftest import look
from tests.pages.markup import read

MOMENT = "as_of=2022-06-30&known_at=2023-02-07T03%3A30%3A00Z"
PAGES = ("/", "/map", "/projects", "/projects/alpha", "/phases/alpha-1", "/blockers")


def hour(people: People, hours: int = 1) -> str:
    """Lets time pass, and gives the instant in the middle of it."""
    clock = people.app.state.tracker.clock
    clock._ahead += timedelta(hours=hours)
    return str((clock.now() - timedelta(minutes=30)).strftime("%Y-%m-%dT%H:%M:%SZ"))


def done(answer: Any) -> Any:
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


def shown(people: People, path: str) -> str:
    """A page without its history, which tells what was recorded of whatever day."""
    return look(people.investor, path).text.partition('id="history"')[0]


def test_the_pages_that_take_a_moment_are_the_ones_whose_links_carry_it(people: People) -> None:
    taking = set()
    for route in iter_route_contexts(people.app.routes):
        if str(route.path).startswith("/api") or "GET" not in (route.methods or ()):
            continue
        names = _parameters(route.dependant) if getattr(route, "dependant", None) else set()
        if {"as_of", "known_at"} <= names:
            taking.add(route.path)
            assert MOMENT_KEPT.fullmatch(str(route.path)), route.path
        else:
            assert not MOMENT_KEPT.fullmatch(str(route.path)), route.path
    assert taking == {"/", "/map", "/blockers", "/projects", "/projects/{code}", "/phases/{code}"}


@pytest.mark.parametrize("page", PAGES)
def test_every_link_to_such_a_page_carries_the_moment_on(people: People, page: str) -> None:
    answer = look(people.department, f"{page}?{MOMENT}")
    assert answer.status_code == 200
    links = {e.attributes["href"] or "" for e in read(answer.text).all("a") if "href" in e.attributes}
    carried = [
        link for link in links if link.split("?")[0] != "/" and MOMENT_KEPT.fullmatch(link.split("?")[0])
    ]
    assert len(carried) >= 3
    assert [link for link in carried if MOMENT not in link and link != page] == []
    # Elsewhere it would be refused: everything that is linked to opens.
    inside = {link for link in links if link.startswith("/") and not link.startswith("/static")}
    assert {look(people.department, link).status_code for link in inside} == {200}


def test_a_moment_is_said_and_left_again_and_none_is_made_up(people: People) -> None:
    said = read(look(people.department, f"/phases/alpha-1?{MOMENT}").text)
    assert said.says("p", role="status") == (
        "Số liệu tính đến hết ngày 30/06/2022. Theo những gì đã ghi nhận đến 10:30 ngày 07/02/2023. Về hôm nay"
    )
    assert said.one("a", href="/phases/alpha-1").text == "Về hôm nay"
    now = look(people.department, "/phases/alpha-1").text
    assert "as_of" not in now
    # What was refused on the overview is not handed on.
    refused = look(people.department, "/?as_of=yesterday")
    assert refused.status_code == 422
    assert "/projects?as_of" not in refused.text
    for page in PAGES[1:]:
        assert look(people.department, f"{page}?as_of=yesterday").status_code == 422
        assert look(people.department, f"{page}?as_of=&known_at=").status_code in (
            200,
            422 if page == "/map" else 200,
        )


def test_an_earlier_day_has_the_megawatts_the_tranches_and_the_turbines_of_that_day(people: People) -> None:
    with people.world.database.changing(factories.stamp()) as session:
        code = factories.declare(session, people.world.investor)
        factories.confirm(session, people.world.evn_spc, code)
    done(people.investor.put("/phases/alpha-1/turbines/T9", {"installed_on": "2022-09-01"}))
    for page in ("/projects", "/projects/alpha", "/phases/alpha-1"):
        before, after = (
            look(people.investor, f"{page}?as_of={day}").text for day in ("2022-04-30", "2022-05-01")
        )
        assert "4,2" in after, page
        assert ">4,2<" not in before.replace(" ", ""), page
    assert code not in shown(people, "/phases/alpha-1?as_of=2022-04-30")
    assert code in shown(people, "/phases/alpha-1?as_of=2022-05-01")
    assert "01/09/2022" not in shown(people, "/phases/alpha-1?as_of=2022-08-31")
    assert "01/09/2022" in shown(people, "/phases/alpha-1?as_of=2022-09-01")


def test_an_earlier_knowledge_has_the_names_and_rows_of_then(people: People) -> None:
    before = hour(people)
    done(people.department.patch("/projects/alpha", {"name": "Tên dự án mới"}))
    done(people.department.patch("/phases/alpha-1", {"name": "Tên giai đoạn mới", "nominal_mw": 49}))
    done(people.department.post("/phases", {"code": "alpha-9", "project": "alpha", "name": "Giai đoạn chín"}))
    done(people.department.post("/projects", {"code": "omega", "name": "Dự án sau này"}))
    done(people.investor.put("/phases/alpha-1/turbines/T-SAU", {"installed_on": "2022-09-01"}))
    after = hour(people)
    new = ("Tên dự án mới", "Tên giai đoạn mới", "Giai đoạn chín", "Dự án sau này", "T-SAU", ">49<")
    for page in ("/projects", "/projects/alpha", "/phases/alpha-1", "/blockers", "/map"):
        then = look(people.department, f"{page}?known_at={before}").text
        assert [word for word in new if word in then] == [], page
        assert look(people.department, f"{page}?known_at={after}").status_code == 200
    assert "Tên giai đoạn mới" in look(people.department, f"/phases/alpha-1?known_at={after}").text
    assert "Dự án sau này" in look(people.department, f"/projects?known_at={after}").text
    for page in ("/phases/alpha-9", "/projects/omega"):
        assert look(people.department, f"{page}?known_at={before}").status_code == 404
        assert look(people.department, f"{page}?known_at={after}").status_code == 200


def test_an_obstacle_stands_where_it_was_open_and_with_the_deadline_it_had(people: People) -> None:
    said = {
        "kind": "land_price",
        "title": "Chưa thống nhất đơn giá",
        "responsible": "UBH",
        "due_on": "2023-02-20",
    }
    before = hour(people)
    on_phase = {**said, "subject": "phase", "subject_code": "alpha-1", "raised_on": "2023-01-10"}
    made = done(people.investor.post("/obstacles", on_phase))["id"]
    raised = hour(people)
    done(
        people.investor.post(
            f"/obstacles/{made}/postponement", {"due_on": "2023-03-20", "reason": "Chờ duyệt"}
        )
    )
    moved = hour(people)
    done(people.investor.post(f"/obstacles/{made}/closing", {"outcome": "Xong", "closed_on": "2023-02-01"}))
    hour(people)
    title = said["title"]
    for page in ("/blockers", "/phases/alpha-1"):
        pages = {at: shown(people, f"{page}?known_at={at}") for at in (before, raised, moved)}
        assert [title in pages[at] for at in (before, raised, moved)] == [False, True, True], page
        assert "20/02/2023" in pages[raised]
        assert "20/03/2023" in pages[moved]
        assert title not in shown(people, page)
        days = {
            day: title in shown(people, f"{page}?as_of={day}")
            for day in ("2023-01-09", "2023-01-31", "2023-02-01")
        }
        assert list(days.values()) == [False, True, False], page
