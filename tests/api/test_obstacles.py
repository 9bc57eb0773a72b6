"""Obstacles as people: raised, put off, handed on, closed and raised again, by those whose business it is."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.vocabulary import SubjectKind
from app.services import journal
from app.tables.milestones import Milestone
from app.tables.projects import Phase, Project
from tests import factories
from tests.conftest import People, Person

ON_PHASE = {
    "kind": "land_price",
    "title": "Chưa thống nhất đơn giá tại 3 vị trí trụ",
    "subject": "phase",
    "subject_code": "alpha-1",
    "responsible": "UBH",
    "due_on": "2023-02-20",
}
ON_LINE = {**ON_PHASE, "subject": "grid_work", "subject_code": "line"}
CLOSED = {"outcome": "Đã bàn giao đủ mặt bằng"}
LATER = {"due_on": "2023-03-20", "reason": "Chờ phê duyệt phương án"}


def problem(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.status_code, answer.json()["code"]


def field(answer: httpx.Response) -> tuple[int, str, str]:
    return *problem(answer), answer.json()["errors"][0]["field"]


def done(answer: httpx.Response) -> Any:
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


@pytest.fixture
def here(people: People) -> People:
    """Beside `alpha` of the investor: `beta` of the stranger; the work `line`, with its land, that alpha-1 needs, and
    `far`, which none of the investor's phases needs; both are of EVN SPC. alpha-1 has its milestones."""
    with people.world.database.changing(factories.stamp(hour=1)) as session:
        factories.project(session, "beta", "other-wind", is_illustrative=True)
        factories.phase(session, "beta-1", "beta")
        factories.grid_work(session)
        factories.grid_work(session, "far")
        factories.connection(session)
        factories.clearance(session)
        factories.apply(session)
        milestone(session, "alpha-1", "W-D2", 1)
        milestone(session, "alpha-1", "W-D2", 2)
        milestone(session, "beta-1", "W-E1", 1)
    return people


def milestone(session: Session, phase: str, code: str, instance: int) -> None:
    row, project = session.execute(
        select(Phase, Project).join(Project, Project.id == Phase.project_id).where(Phase.code == phase)
    ).one()
    number = journal.number(session, factories.SYSTEM)
    session.add(
        Milestone(
            subject=SubjectKind.PHASE,
            subject_id=row.id,
            project_id=project.id,
            code=code,
            instance=instance,
            template_version=1,
            created_in=number,
            revision=number,
        )
    )


def raised(person: Person, **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = done(person.post("/obstacles", {**ON_PHASE, **more}))
    return found


def test_an_investor_raises_an_obstacle_and_reads_it_back(here: People) -> None:
    answer = here.investor.post(
        "/obstacles",
        {
            **ON_PHASE,
            "milestone": "W-D2.2",
            "responsible_name": "UBND huyện Thạnh Phú",
            "raised_on": "2023-01-30",
        },
    )
    made = done(answer)
    assert (answer.status_code, answer.headers["location"]) == (201, f"/api/v1/obstacles/{made['id']}")
    read = here.investor.get(f"/obstacles/{made['id']}")
    assert read.json() == made
    (first,) = made.pop("history")
    assert read.headers["etag"].startswith(f'"r{made.pop("revision")}-')
    del made["id"]
    assert made == {
        **ON_PHASE,
        "description": None,
        "subject_name": "Giai đoạn alpha-1",
        "milestone": "W-D2.2",
        "responsible_name": "UBND huyện Thạnh Phú",
        "raised_on": "2023-01-30",
        "closed_on": None,
        "outcome": None,
        "state": "open",
        "age_days": 8,
        "overdue_days": 0,
        "postponements": 0,
        "at_stake_mw": 30,
        "organisation": "mekong-wind",
        "is_illustrative": False,
    }
    assert (first.pop("recorded_at")[:10], first) == (
        "2023-02-07",
        {
            "act": "raised",
            "day": "2023-02-20",
            "previous_on": None,
            "responsible": "UBH",
            "note": None,
            "organisation": "mekong-wind",
        },
    )


def test_mw_are_at_stake_while_it_is_open_and_nothing_is_said_of_them_after(here: People) -> None:
    on_line = done(here.evn_spc.post("/obstacles", ON_LINE))
    on_land = done(
        here.evn_spc.post("/obstacles", {**ON_LINE, "subject": "clearance", "subject_code": "land"})
    )
    on_far = done(here.evn_spc.post("/obstacles", {**ON_LINE, "subject_code": "far"}))
    on_project = raised(here.department, subject="project", subject_code="alpha")
    assert [one["at_stake_mw"] for one in (on_line, on_land, on_far, on_project)] == [30, 30, 0, 30]
    closed = done(here.evn_spc.post(f"/obstacles/{on_line['id']}/closing", CLOSED))
    assert closed["at_stake_mw"] is None
    listed = {line["id"]: line["at_stake_mw"] for line in done(here.department.get("/obstacles"))["items"]}
    assert listed == {on_line["id"]: None, on_land["id"]: 30, on_far["id"]: 0, on_project["id"]: 30}
    again = done(here.evn_spc.post(f"/obstacles/{on_line['id']}/reopening", {"reason": "Hộ dân đổi ý"}))
    assert again["at_stake_mw"] == 30
    done(here.department.patch("/phases/alpha-1", {"nominal_mw": None}))
    assert done(here.department.get(f"/obstacles/{on_project['id']}"))["at_stake_mw"] is None


def test_each_step_of_its_life_is_kept_counted_and_journaled(here: People) -> None:
    one = raised(here.investor, raised_on="2023-01-01", due_on="2023-01-15")
    path = f"/obstacles/{one['id']}"
    assert (one["state"], one["overdue_days"], one["age_days"]) == ("overdue", 23, 37)
    put_off = done(here.investor.post(f"{path}/postponement", {"due_on": "2023-02-01", "reason": "Tết"}))
    assert (put_off["postponements"], put_off["overdue_days"]) == (1, 6)
    put_off = done(here.department.post(f"{path}/postponement", LATER))
    assert (put_off["postponements"], put_off["state"], put_off["due_on"]) == (2, "open", "2023-03-20")
    handed = done(
        here.department.post(f"{path}/reassignment", {"responsible": "HDBT", "reason": "Theo phân công"})
    )
    assert (handed["responsible"], handed["responsible_name"]) == ("HDBT", None)
    closed = done(here.investor.post(f"{path}/closing", {**CLOSED, "closed_on": "2023-02-05"}))
    assert (closed["state"], closed["closed_on"], closed["age_days"]) == ("closed", "2023-02-05", 35)
    assert closed["outcome"] == CLOSED["outcome"]
    again = done(here.investor.post(f"{path}/reopening", {"reason": "Hộ dân đổi ý"}))
    assert (again["state"], again["closed_on"], again["outcome"]) == ("open", None, None)
    assert [(e["act"], e["day"], e["previous_on"], e["responsible"], e["note"], e["organisation"]) for e in again["history"]] == [
        ("raised", "2023-01-15", None, "UBH", None, "mekong-wind"),
        ("postponed", "2023-02-01", "2023-01-15", None, "Tết", "mekong-wind"),
        ("postponed", "2023-03-20", "2023-02-01", None, LATER["reason"], "doit"),
        ("reassigned", None, None, "HDBT", "Theo phân công", "doit"),
        ("closed", "2023-02-05", None, None, CLOSED["outcome"], "mekong-wind"),
        ("reopened", "2023-02-07", "2023-02-05", None, "Hộ dân đổi ý", "mekong-wind"),
    ]  # fmt: skip
    items = here.department.get(f"/journal?subject=obstacle&code={one['id']}").json()["items"]
    facts = [fact for item in reversed(items) for fact in item["facts"]]
    assert [fact["kind"] for fact in facts] == [
        "obstacle.raised",
        "obstacle.postponed",
        "obstacle.postponed",
        "obstacle.changed",
        "obstacle.closed",
        "obstacle.reopened",
    ]
    assert (facts[0]["before"], facts[0]["after"]["subject"]) == (None, "phase/alpha-1")
    assert facts[1]["before"] == {"due_on": "2023-01-15", "postponements": 0}
    assert facts[1]["after"] == {"due_on": "2023-02-01", "postponements": 1, "reason": "Tết"}
    assert facts[5]["before"] == {"closed_on": "2023-02-05", "outcome": CLOSED["outcome"]}
    assert not {"subject_id", "milestone_id", "organisation_id"} & set(facts[0]["after"])


def test_a_change_sets_what_is_sent_and_a_deadline_only_for_the_first_time_or_earlier(here: People) -> None:
    one = raised(here.investor, due_on=None, milestone="W-D2")
    path = f"/obstacles/{one['id']}"
    assert (one["due_on"], one["milestone"]) == (None, "W-D2")
    changed = done(
        here.investor.patch(path, {"due_on": "2023-03-01", "milestone": "w-d2.2", "kind": "crops"})
    )
    assert (changed["due_on"], changed["milestone"], changed["kind"]) == ("2023-03-01", "W-D2.2", "crops")
    fact = here.department.get(f"/journal?subject=obstacle&code={one['id']}").json()["items"][0]["facts"][0]
    assert fact["before"] == {"due_on": None, "milestone": "W-D2", "kind": "land_price"}
    assert fact["after"] == {"due_on": "2023-03-01", "milestone": "W-D2.2", "kind": "crops"}
    assert done(here.investor.patch(path, {"due_on": "2023-02-20"}))["due_on"] == "2023-02-20"
    assert field(here.investor.patch(path, {"due_on": "2023-02-21"})) == (422, "postpone_instead", "due_on")
    assert field(here.investor.patch(path, {"due_on": None})) == (422, "postpone_instead", "due_on")
    emptied = done(here.investor.patch(path, {"milestone": None, "description": "Xã Thạnh Hải"}))
    assert (emptied["milestone"], emptied["postponements"]) == (None, 0)
    before = here.department.get("/journal?subject=obstacle").json()
    assert done(here.investor.patch(path, {"description": "Xã Thạnh Hải"})) == emptied
    assert here.department.get("/journal?subject=obstacle").json() == before


def test_whoever_sees_a_subject_raises_on_it_and_nobody_else(here: People) -> None:
    seen = {
        "investor": {"project/alpha", "phase/alpha-1", "grid_work/line", "clearance/land"},
        "stranger": {"project/beta", "phase/beta-1"},
        "department": {"project/alpha", "project/beta", "phase/beta-1", "grid_work/far", "clearance/land"},
        "evn_spc": {"project/alpha", "phase/beta-1", "grid_work/line", "grid_work/far", "clearance/land"},
    }
    for name, paths in seen.items():
        for path in sorted(set.union(*seen.values())):
            kind, _, code = path.partition("/")
            answer = getattr(here, name).post(
                "/obstacles", {**ON_PHASE, "subject": kind, "subject_code": code}
            )
            everything = name in ("department", "evn_spc")
            assert answer.status_code == (201 if everything or path in paths else 404), (name, path)
            if answer.status_code == 404:
                assert problem(answer) == (404, "not_found")
    assert problem(here.anonymous.post("/obstacles", ON_PHASE)) == (401, "key_missing")
    assert problem(here.department.post("/obstacles", {**ON_PHASE, "subject_code": "nowhere"})) == (
        404,
        "not_found",
    )


def acts(obstacle_id: int) -> list[tuple[str, str, Any]]:
    path = f"/obstacles/{obstacle_id}"
    return [
        ("PATCH", path, {"title": "Khác"}),
        ("POST", f"{path}/postponement", LATER),
        ("POST", f"{path}/reassignment", {"responsible": "SCT"}),
        ("POST", f"{path}/closing", CLOSED),
        ("POST", f"{path}/reopening", {"reason": "Lại"}),
    ]


def test_the_raiser_the_owner_and_the_department_act_others_who_see_it_may_not(here: People) -> None:
    by_investor = raised(here.investor)["id"]
    on_line = done(here.investor.post("/obstacles", ON_LINE))["id"]
    by_department = raised(here.department)["id"]
    by_owner = done(here.evn_spc.post("/obstacles", ON_LINE))["id"]
    for obstacle_id, allowed, forbidden, hidden in (
        # The investor raised it and owns the phase; EVN SPC only sees it.
        (by_investor, (here.investor, here.department), (here.evn_spc,), (here.stranger,)),
        # The investor raised it on a work of EVN SPC, which is the owner.
        (on_line, (here.investor, here.evn_spc, here.department), (), (here.stranger,)),
        # The department raised it on the investor's own phase.
        (by_department, (here.investor, here.department), (here.evn_spc,), (here.stranger,)),
        # The investor sees it, for its phase needs the work, but neither raised nor owns it.
        (by_owner, (here.evn_spc, here.department), (here.investor,), (here.stranger,)),
    ):
        for method, path, body in acts(obstacle_id):
            for person in forbidden:
                assert person.get(f"/obstacles/{obstacle_id}").status_code == 200
                assert problem(person.ask(method, path, body)) == (403, "not_allowed"), path
            for person in hidden:
                assert problem(person.ask(method, path, body)) == (404, "not_found"), path
            assert problem(here.anonymous.ask(method, path, body)) == (401, "key_missing")
        for person in hidden:
            assert problem(person.get(f"/obstacles/{obstacle_id}")) == (404, "not_found")
        for number, person in enumerate(allowed):
            done(person.patch(f"/obstacles/{obstacle_id}", {"title": f"Lần {number}"}))
        for method, path, body in acts(obstacle_id):
            done(allowed[0].ask(method, path, body))


def test_what_is_not_possible_now_is_refused_by_name_and_changes_nothing(here: People) -> None:
    one = raised(here.investor, raised_on="2023-02-01")
    path = f"/obstacles/{one['id']}"
    bare = f"/obstacles/{raised(here.investor, due_on=None)['id']}"
    for sent, body, expected in (
        (f"{path}/reopening", {"reason": "Lại"}, "obstacle_open"),
        (f"{path}/postponement", {**LATER, "due_on": "2023-02-20"}, "deadline_not_later"),
        (f"{path}/postponement", {**LATER, "due_on": "2023-02-10"}, "deadline_not_later"),
        (f"{bare}/postponement", LATER, "deadline_missing"),
        (f"{path}/reassignment", {"responsible": "UBH"}, "nothing_changes"),
        (f"{path}/closing", {**CLOSED, "closed_on": "2023-02-08"}, "in_the_future"),
        (f"{path}/closing", {**CLOSED, "closed_on": "2023-01-31"}, "before_raised"),
    ):
        assert problem(here.investor.post(sent, body)) == (422, expected)
    assert done(here.investor.get(path)) == one
    closed = done(here.investor.post(f"{path}/closing", CLOSED))
    assert closed["closed_on"] == "2023-02-07"
    for method, sent, body in acts(one["id"])[:4]:
        assert problem(here.investor.ask(method, sent, body)) == (422, "obstacle_closed"), sent
    assert done(here.investor.get(path)) == closed


def test_what_does_not_fit_is_refused_with_its_field(here: People) -> None:
    for change, expected, name in (
        ({"responsible": "XYZ"}, "not_a_word", "responsible"),
        ({"responsible": "ubh"}, "not_a_word", "responsible"),
        ({"kind": "bad_luck"}, "not_a_word", "kind"),
        ({"subject": "turbine"}, "not_a_word", "subject"),
        ({"due_on": "2023-02-30"}, "not_a_date", "due_on"),
        ({"due_on": "30/02/2023"}, "not_a_date", "due_on"),
        ({"raised_on": "2023-02-08"}, "in_the_future", "raised_on"),
        ({"due_on": "2023-02-06"}, "before_raised", "due_on"),
        ({"milestone": "W-Z9"}, "unknown_milestone", "milestone"),
        ({"milestone": "W-D2.3"}, "unknown_milestone", "milestone"),
        ({"milestone": "W-E1"}, "unknown_milestone", "milestone"),
        ({"milestone": "W-D2.x"}, "unknown_milestone", "milestone"),
        ({"title": ""}, "text_length", "title"),
        ({"title": "  "}, "text_length", "title"),
        ({"title": "x" * 401}, "text_length", "title"),
        ({"at_stake_mw": 30}, "field_unknown", "at_stake_mw"),
        ({"state": "closed"}, "field_unknown", "state"),
        ({"subject_code": "Alpha 1"}, "code_form", "subject_code"),
    ):
        assert field(here.investor.post("/obstacles", {**ON_PHASE, **change})) == (422, expected, name)
    for name in ("kind", "title", "subject", "subject_code", "responsible"):
        body = {key: value for key, value in ON_PHASE.items() if key != name}
        assert field(here.investor.post("/obstacles", body)) == (422, "field_missing", name)
    assert here.department.get("/obstacles").json()["items"] == []
    path = f"/obstacles/{raised(here.investor)['id']}"
    for sent, body, expected, name in (
        ("closing", {}, "field_missing", "outcome"),
        ("closing", {"outcome": ""}, "text_length", "outcome"),
        ("closing", {**CLOSED, "state": "closed"}, "field_unknown", "state"),
        ("postponement", {"due_on": "2023-03-20"}, "field_missing", "reason"),
        ("postponement", {"reason": "Chờ"}, "field_missing", "due_on"),
        ("postponement", {**LATER, "due_on": "2023-02-30"}, "not_a_date", "due_on"),
        ("reassignment", {"responsible": "XYZ"}, "not_a_word", "responsible"),
        ("reopening", {}, "field_missing", "reason"),
    ):
        assert field(here.investor.post(f"{path}/{sent}", body)) == (422, expected, name)
    for body, expected, name in (
        ({"title": None}, "field_missing", "title"),
        ({"kind": None}, "field_missing", "kind"),
        ({"responsible": "SCT"}, "field_unknown", "responsible"),
        ({"outcome": "Xong"}, "field_unknown", "outcome"),
    ):
        assert field(here.investor.patch(path, body)) == (422, expected, name)
    for odd in ("0", "x", "99999999999"):
        assert here.investor.get(f"/obstacles/{odd}").status_code == 422
    assert problem(here.investor.get("/obstacles/999")) == (404, "not_found")
    for query, expected in (
        ("state=late", "not_a_word"),
        ("responsible=XYZ", "not_a_word"),
        ("overdue=true", "parameter_unknown"),
        ("cursor=x", "cursor"),
    ):
        assert problem(here.investor.get(f"/obstacles?{query}")) == (422, expected)


def test_a_stale_obstacle_is_not_changed_and_a_repeated_raise_is_made_once(here: People) -> None:
    made = here.investor.post("/obstacles", ON_PHASE, Idempotency_Key="once")
    again = here.investor.post("/obstacles", ON_PHASE, Idempotency_Key="once")
    assert (again.json(), again.headers["idempotency-replayed"]) == (made.json(), "true")
    assert len(here.investor.get("/obstacles").json()["items"]) == 1
    path = f"/obstacles/{made.json()['id']}"
    read = here.investor.get(path).headers["etag"]
    # What happens elsewhere in the project does not make it stale.
    assert here.investor.patch("/phases/alpha-1", {"note": "x"}).status_code == 200
    assert here.investor.patch(path, {"title": "Khác"}, If_Match=read).status_code == 200
    for method, sent, body in acts(made.json()["id"]):
        assert problem(here.investor.ask(method, sent, body, If_Match=read)) == (412, "stale"), sent
    for method, sent, body in acts(made.json()["id"]):
        current = here.investor.get(path).headers["etag"]
        assert here.investor.ask(method, sent, body, If_Match=current).status_code == 200, sent


def test_what_is_illustrative_is_marked_and_only_the_department_marks_it(here: People) -> None:
    on_beta = {**ON_PHASE, "subject_code": "beta-1"}
    assert done(here.stranger.post("/obstacles", on_beta))["is_illustrative"] is True
    marked = {**ON_PHASE, "is_illustrative": True}
    assert field(here.investor.post("/obstacles", marked)) == (403, "not_allowed", "is_illustrative")
    assert done(here.department.post("/obstacles", marked))["is_illustrative"] is True
    assert done(here.department.post("/obstacles", ON_PHASE))["is_illustrative"] is False


@pytest.fixture
def many(here: People) -> People:
    """Seven obstacles: on the investor's phase and on the line, of three parties, one closed, one without a deadline."""
    old = {"raised_on": "2023-01-01"}
    investor = here.investor
    raised(investor, title="a", due_on="2023-02-01", **old)
    raised(investor, title="b", due_on="2023-03-01", responsible="HDBT")
    raised(investor, title="c", due_on=None, responsible="SPC", kind="materials")
    done(investor.post("/obstacles", {**ON_LINE, "title": "d", "due_on": "2023-01-20", **old}))
    closed = raised(investor, title="e", due_on="2023-01-10", **old)
    done(investor.post(f"/obstacles/{closed['id']}/closing", CLOSED))
    late = raised(investor, title="f", due_on="2023-01-15", responsible="HDBT", raised_on="2022-12-25")
    for day in ("2023-01-20", "2023-02-06"):
        done(investor.post(f"/obstacles/{late['id']}/postponement", {"due_on": day, "reason": "Chờ"}))
    done(here.stranger.post("/obstacles", {**ON_PHASE, "subject_code": "beta-1", "title": "g"}))
    return here


def titles(answer: httpx.Response) -> str:
    return "".join(item["title"] for item in done(answer)["items"])


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", "edafbc"),
        ("?state=open", "dafbc"),
        ("?state=overdue", "daf"),
        ("?state=closed", "e"),
        ("?responsible=HDBT", "fb"),
        ("?responsible=HDBT&state=overdue", "f"),
        ("?responsible=TTG", ""),
        ("?kind=materials", "c"),
        ("?subject=grid_work", "d"),
        ("?subject=phase&subject_code=alpha-1", "eafbc"),
        ("?subject_code=line", "d"),
        ("?subject=phase&subject_code=line", ""),
        ("?subject_code=beta-1", ""),
    ],
)
def test_the_lists_are_by_deadline_and_narrowed_by_what_is_asked(
    many: People, query: str, found: str
) -> None:
    assert titles(many.investor.get(f"/obstacles{query}")) == found


def test_each_sees_the_obstacles_of_what_each_sees_page_by_page(many: People) -> None:
    assert titles(many.stranger.get("/obstacles")) == "g"
    assert titles(many.department.get("/obstacles")) == titles(many.evn_spc.get("/obstacles")) == "edafgbc"
    assert problem(many.anonymous.get("/obstacles")) == (401, "key_missing")
    seen, path = "", "/obstacles?limit=2"
    for _ in range(4):
        answer = many.department.get(path)
        seen += titles(answer)
        path = answer.links.get("next", {}).get("url", "")
    assert (seen, path) == ("edafgbc", "")


def test_by_responsible_counts_what_each_party_holds_up_most_overdue_first(many: People) -> None:
    rows = done(many.department.get("/obstacles/by-responsible"))["items"]
    names = ("responsible", "open", "overdue", "postponed", "postponements", "oldest_days")
    assert [tuple(row[name] for name in names) for row in rows] == [
        ("UBH", 3, 2, 0, 0, 37),
        ("HDBT", 2, 1, 1, 2, 44),
        ("SPC", 1, 0, 0, 0, 0),
    ]
    assert [(row["responsible"], row["open"]) for row in done(many.stranger.get("/obstacles/by-responsible"))["items"]] == [("UBH", 1)]  # fmt: skip
    assert problem(many.anonymous.get("/obstacles/by-responsible")) == (401, "key_missing")


def test_the_day_after_its_deadline_an_obstacle_is_overdue_though_nothing_was_recorded(here: People) -> None:
    path = f"/obstacles/{raised(here.investor, due_on='2023-02-07')['id']}"
    assert done(here.investor.get(path))["state"] == "open"
    assert done(here.investor.get("/obstacles?state=overdue"))["items"] == []
    here.app.state.tracker.clock._ahead += timedelta(days=1)
    assert (done(here.investor.get(path))["state"], done(here.investor.get(path))["overdue_days"]) == (
        "overdue",
        1,
    )
    assert len(done(here.investor.get("/obstacles?state=overdue"))["items"]) == 1
