"""Why the target is at risk, as people see it: the gap by cause, what most MW wait for, the path, and what is late."""

import pytest

from tests import districts, factories
from tests.conftest import People, Person
from tests.pages.conftest import look
from tests.pages.markup import Markup, read


@pytest.fixture
def here(people: People) -> People:
    """The line and land of `tests.districts`; alpha-1 (30 MW) waits for them, with milestones of its own. One obstacle on the
    line is overdue, one on the phase has no deadline."""
    districts.land(people.world)
    with people.world.database.changing(factories.stamp()) as session:
        factories.apply(session, "phase", "alpha-1")
        factories.apply(session, "grid_work", "line")
        factories.apply(session, "clearance", "land")
        factories.state(session, "L-16", "clearance", "land", plan_on="2023-01-31")
        factories.state(session, "G-26", "grid_work", "line", plan_on="2023-03-01")
        factories.obstacle(
            session,
            "grid_work",
            "line",
            title="Hộ dân <b>không</b> nhận tiền",
            due_on="2023-02-01",
            raised_on="2023-01-10",
        )
        factories.obstacle(session, "phase", "alpha-1", title="Thiếu cần cẩu")
    return people


def page(person: Person, asked: str = "") -> Markup:
    answer = look(person, f"/blockers{asked}")
    assert answer.status_code == 200, answer.text
    return read(answer.text)


def table(found: Markup, *header: str) -> list[list[str]]:
    """The first table whose header begins so."""
    return next(table for table in found.tables if table[0][: len(header)] == list(header))


def test_the_gap_by_cause_is_the_api_s(here: People) -> None:
    found = page(here.department)
    assert found.one("h1").text == "Vì sao mục tiêu 377 MW có rủi ro"
    said = here.department.get("/schedule/shortfall").json()
    rows = table(found, "Nguyên nhân", "MW", "Phần")[1:]
    assert [row[1] for row in rows] == [
        f"{part['mw']:g}".replace(".", ",") for part in sorted(said["parts"], key=lambda part: -part["mw"])
    ]
    assert found.says("h2", id="gap").startswith("Còn thiếu 377 MW")
    assert len(found.all("rect")) >= 2 * len(rows)
    widths = [float(e.attributes["width"] or 0) for e in found.all("rect") if e.attributes.get("x")]
    assert sum(widths) == pytest.approx(1000, abs=1)


def test_whoever_sees_some_projects_reads_no_gap_but_what_those_wait_for(here: People) -> None:
    found = page(here.investor)
    assert found.one("h1").text == "Những gì đang giữ MW lại"
    assert not found.all("svg", class_="by-cause")
    rows = table(found, "Giai đoạn", "MW chờ")
    assert len(rows) == 2
    assert rows[1][1] == "30"
    assert found.all("ol", class_="steps")


def test_another_investor_sees_nothing_of_it(here: People) -> None:
    answer = look(here.stranger, "/blockers")
    assert "alpha" not in answer.text
    assert "Thiếu cần cẩu" not in answer.text
    found = read(answer.text)
    assert "Chưa có vướng mắc nào được nêu." in [e.text for e in found.all("p", class_="none")]


def test_obstacles_by_mw_with_who_must_act_by_when(here: People) -> None:
    rows = table(page(here.evn_spc), "Vướng mắc")
    assert [row[0] for row in rows[1:]] == ["Hộ dân <b>không</b> nhận tiền", "Thiếu cần cẩu"]
    assert rows[1][3] == "01/02/2023quá hạn 6 ngày"
    assert [row[-1] for row in rows[1:]] == ["30", "30"]
    assert rows[2][3] == "–"


def test_land_by_commune_and_late_milestones_by_mw(here: People) -> None:
    found = page(here.department)
    land = table(found, "Xã", "Công trình")
    assert land[1][0].startswith("chưa rõ xã")
    assert land[1][2] == "5"
    late = table(found, "Mốc", "Ở đâu", "Đã hẹn", "Sớm nhất nay")
    assert late[1][0].startswith("L-16")
    assert late[1][2] == "31/01/2023"
    assert late[1][-1] == "30"


def test_the_path_is_told_step_by_step_to_the_cod(here: People) -> None:
    found = page(here.department)
    steps = [" ".join(e.text.split()) for e in found.all("li") if "sớm nhất" in e.text]
    said = here.department.get("/schedule/critical-path").json()
    assert len(steps) == len(said["steps"]) > 3
    assert all(step["name"] in told for step, told in zip(said["steps"], steps, strict=True))


def test_the_lists_of_milestones(here: People) -> None:
    found = page(here.investor)
    late, soon = (rows for rows in found.tables if rows[0][:4] == ["Mốc", "Ở đâu", "Đã hẹn", "Dự kiến"])
    assert [row[0].split()[0] for row in late[1:]] == ["L-16"]
    assert late[1][-1] == "7 ngày"
    assert [row[0].split()[0] for row in soon[1:]] == ["G-26"]


def test_a_long_list_of_late_milestones_is_paged(here: People) -> None:
    with here.world.database.changing(factories.stamp()) as session:
        for number in range(25):
            code = f"p-{number}"
            factories.clearance(session, code)
            factories.apply(session, "clearance", code)
            factories.state(session, "L-16", "clearance", code, plan_on="2023-01-15")

    def late(found: Markup) -> list[list[str]]:
        return next(rows for rows in found.tables if rows[0][:4] == ["Mốc", "Ở đâu", "Đã hẹn", "Dự kiến"])[1:]

    first = page(here.department)
    (link,) = first.all("a", rel="next")
    address = link.attributes["href"] or ""
    assert address.endswith("#late")
    second = page(here.department, address.removeprefix("/blockers"))
    assert [len(late(first)), len(late(second))] == [20, 6]


def test_without_a_target_there_is_no_gap(here: People) -> None:
    assert here.department.delete("/targets/377mw-2023").status_code == 204
    found = page(here.department)
    assert "Chưa đặt mục tiêu nào." in found.says("p", class_="notice")
    assert found.all("ol", class_="steps")


def test_it_speaks_english(here: People) -> None:
    found = page(here.department, "?lang=en")
    assert found.one("h1").text == "Why the 377 MW target is at risk"
    assert "Land not handed over, by commune" in [e.text for e in found.all("h3")]


def test_whoever_is_not_signed_in_is_asked_to(here: People) -> None:
    assert look(here.anonymous, "/blockers").status_code == 303
