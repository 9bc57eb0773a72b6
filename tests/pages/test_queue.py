"""The queue of the second key: oldest first, with its clock, its document and its warnings, page by page."""

import re
from datetime import date

import httpx
import pytest

from app.domain.access import Role
from app.domain.words import Lang
from app.pages import queue as queue_page
from app.queries import capacity, waiting
from app.queries.waiting_claims import MILESTONE, TRANCHE
from tests import factories
from tests.conftest import TODAY, People
from tests.factories import World
from tests.pages.conftest import look, signed_in
from tests.pages.markup import read


def fill(world: World) -> list[str]:
    """Three tranches and a milestone between them, each on its day; returns them in the order of the days."""
    with world.database.changing(factories.stamp(date(2023, 1, 2))) as session:
        first = factories.declare(
            session, world.investor, mw=4.2, letter_number="12/EPTC", letter_on="2022-12-30"
        )
    with world.database.changing(factories.stamp(date(2023, 1, 20))) as session:
        factories.apply(session)
        factories.state(
            session, "W-F5", actor=world.department, actual_on="2023-01-19", letter_number="8/A2",
            letter_on="2023-01-19", letter_issuer="Điều độ A2", override_reason="Hồ sơ đang được bổ sung",
        )  # fmt: skip
    others = []
    for day in (25, 31):
        with world.database.changing(factories.stamp(date(2023, 1, day))) as session:
            others.append(factories.declare(session, world.investor, mw=1))
    return [first, "W-F5", *others]


def keys(
    world: World, kinds: tuple[str, ...] = (MILESTONE, TRANCHE), limit: int = 40, **more: bool
) -> list[str]:
    """What waits, read page by page."""
    found: list[str] = []
    after: str | None = None
    while True:
        with world.database.reading() as session:
            view = capacity.whole(session, world.evn_spc, TODAY)
            page = waiting.page(session, view, kinds, after=after, limit=limit, **more)
        for claim in page[:limit]:
            found.append(
                claim.milestone.key if claim.milestone else str(claim.tranche and claim.tranche.tranche)
            )
        if len(page) <= limit:
            return found
        after = waiting.place(page[limit - 1])


@pytest.mark.parametrize("limit", [1, 2, 3, 40])
def test_the_longest_wait_comes_first_on_every_size_of_page(world: World, limit: int) -> None:
    expected = fill(world)
    assert keys(world, limit=limit) == expected
    assert keys(world, (TRANCHE,), limit=limit) == [key for key in expected if key != "W-F5"]
    assert keys(world, (MILESTONE,), limit=limit) == ["W-F5"]


def test_what_is_decided_leaves_it(world: World) -> None:
    first, _, second, third = fill(world)
    with world.database.changing(factories.stamp()) as session:
        factories.confirm(session, world.evn_spc, first)
    assert keys(world) == ["W-F5", second, third]
    with world.database.reading() as session:
        assert waiting.counts(session, world.evn_spc) == {TRANCHE: 2, MILESTONE: 1}
        assert waiting.counts(session, world.stranger) == {TRANCHE: 0, MILESTONE: 0}
    assert keys(world, disputed=True) == []


@pytest.mark.parametrize("lang", list(Lang))
def test_it_shows_the_clock_the_letter_and_the_warnings(people: People, lang: Lang) -> None:
    first, *_ = fill(people.world)
    page = read(signed_in(people, "evn_spc").get(f"/queue?lang={lang}").text)
    table = page.tables[0]
    assert [row[0].split()[1 if "COD" in row[0] else 0] for row in table[1:]][:2] == [first, "W-F5"]
    overdue, left = (
        ("quá hạn 22 ngày", "quá hạn 4 ngày") if lang == Lang.VI else ("22 days overdue", "4 days overdue")
    )
    assert overdue in table[1][3]
    assert left in table[2][3]
    assert "12/EPTC" in table[1][4]
    assert "R07" in table[1][5], "its turbines are not listed"
    assert "8/A2" in table[2][4]
    links = [a.attributes["href"] or "" for a in page.all("a")]
    assert any(link.startswith("/documents/") for link in links)
    assert any(link.startswith(f"/tranches/{first}") for link in links)
    assert any(link.startswith("/milestones/phases/alpha-1/W-F5/decision") for link in links)


def test_it_goes_on_page_by_page(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue_page, "PAGE_ROWS", 3)
    expected = fill(people.world)
    evn_spc = signed_in(people, "evn_spc")
    first = read(evn_spc.get("/queue").text)
    assert len(first.tables[0]) == 4
    onward = first.one("a", rel="next").attributes["href"] or ""
    last = read(evn_spc.get(onward).text)
    assert len(last.tables[0]) == 2
    assert expected[-1] in last.tables[0][1][0]
    assert evn_spc.get("/queue?cursor=nonsense").status_code == 422


@pytest.mark.parametrize("lang", list(Lang))
def test_an_empty_queue_says_so(people: People, lang: Lang) -> None:
    said = read(signed_in(people, "department").get(f"/queue?lang={lang}").text).says("main")
    assert {"vi": "Không còn gì chờ xác nhận", "en": "Nothing waits"}[lang] in said


def test_it_is_for_those_who_have_a_second_key(people: People) -> None:
    assert signed_in(people, "investor").get("/queue").status_code == 403
    assert signed_in(people, "office", "doit", Role.ADMIN).get("/queue").status_code == 403
    answer = look(people.anonymous, "/queue")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2Fqueue&said=needed")
    page = read(signed_in(people, "evn_spc").get("/queue").text)
    assert "Chờ xác nhận" in page.says("nav", class_="ways")
    assert "Chờ xác nhận" not in look(people.anonymous).text


def ways(answer: httpx.Response) -> list[str]:
    """The sections in the navigation, as they are read."""
    inside = answer.text.partition('<nav class="ways"')[2].partition("</nav>")[0]
    return [" ".join(re.sub("<[^>]+>", "", part).split()) for part in re.findall("<a .*?</a>", inside)]


def test_the_navigation_counts_what_waits_for_whoever_has_the_second_key(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    count = waiting.total
    monkeypatch.setattr(
        waiting, "total", lambda s, actor: (asked.append(str(actor.role)), count(s, actor))[1]
    )
    department, investor = (signed_in(people, name) for name in ("department", "investor"))
    assert "Chờ xác nhận" in ways(department.get("/"))
    with people.world.database.changing(factories.stamp()) as session:
        codes = [factories.declare(session, people.world.investor, mw=1) for _ in range(2)]
    asked.clear()
    for path in ("/", "/map", "/projects", "/queue", "/no-such-page"):
        assert "Chờ xác nhận (2)" in ways(department.get(path)) or path == "/no-such-page"
    assert "To confirm (2)" in ways(department.get("/?lang=en"))
    assert asked == ["department"], "counted once a revision"
    assert not [way for way in ways(investor.get("/")) if "Chờ xác nhận" in way]
    with people.world.database.changing(factories.stamp()) as session:
        factories.confirm(session, people.world.evn_spc, codes[0])
    assert "Chờ xác nhận (1)" in ways(department.get("/projects"))
    assert len(asked) == 2
