"""The page about the exchange with EVN SPC: the last run, ours beside theirs, and what waits, tried again or laid aside."""

import pytest

from app.domain.vocabulary import Stream
from app.schemas import refusals
from app.services import exchange_records
from tests import exchanges, factories
from tests.conftest import People
from tests.exchanges import LOGIN
from tests.pages.conftest import signed_in
from tests.pages.markup import read


@pytest.fixture
def ready(people: People) -> People:
    with people.world.database.changing(factories.stamp()) as session:
        factories.grid_work(session)
        exchanges.keep(session, people.world)
    return people


def test_the_run_its_report_and_what_waits_are_shown(ready: People) -> None:
    department = signed_in(ready, "desk", "doit", "department")
    page = read(department.get("/exchange").text)
    said = page.says("main")
    problem = refusals.named("unknown_unit").vi
    for word in (
        "Tiến độ vị trí cột",
        "Hoàn thành",
        "VT-099",
        problem,
        "Bàn giao mặt bằng móng",
        "0/–",
        "1/1",
    ):
        assert word in said, word
    english = read(department.get("/exchange?lang=en").text).says("main")
    assert "Records in quarantine" in english
    assert "Tower progress" in english


def test_nothing_was_pulled_yet(people: People) -> None:
    page = read(signed_in(people, "desk", "doit", "department").get("/exchange").text)
    assert "Chưa lấy lần nào." in page.says("main")
    assert "Không có bản ghi nào bị cách ly." in page.says("main")


def test_a_record_is_laid_aside_for_a_reason(ready: People) -> None:
    evn_spc = signed_in(ready, "grid", "evn-spc", "evn_spc")
    refused = evn_spc.post("/exchange/quarantine/1/dismissal", {"reason": ""})
    assert refused.status_code == 422
    form = read(refused.text)
    field = form.one("input", id="reason-1")
    assert (field.attributes["aria-invalid"], field.attributes["aria-describedby"]) == (
        "true",
        "reason-wrong",
    )
    assert form.says("p", id="reason-wrong")
    assert exchanges.waiting(ready.world.database)
    answer = evn_spc.post("/exchange/quarantine/1/dismissal", {"reason": "Vị trí thử nghiệm"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/exchange?said=saved")
    page = read(evn_spc.get("/exchange?said=saved").text)
    said = page.says("main")
    assert "Không có bản ghi nào bị cách ly." in said
    assert "Bản ghi đã bỏ qua" in said
    assert "Vị trí thử nghiệm" in said
    assert "grid" in said, "who laid it aside"
    assert exchanges.quarantine(ready.world.database)[0].reason == "Vị trí thử nghiệm"
    assert evn_spc.post("/exchange/quarantine/1/dismissal", {"reason": "Lần nữa"}).status_code == 409


def test_a_record_is_tried_again(ready: People) -> None:
    ready.app.state.tracker.settings = ready.app.state.tracker.settings.model_copy(
        update={"evn_spc_login": LOGIN}
    )
    evn_spc = signed_in(ready, "grid", "evn-spc", "evn_spc")
    answer = evn_spc.post("/exchange/quarantine/1/retry", {})
    assert (answer.status_code, answer.headers["location"]) == (303, "/exchange?said=waits")
    assert "Vẫn chưa ghi được." in read(evn_spc.get("/exchange?said=waits").text).says("main")


def test_figures_that_differ_are_shown_side_by_side(ready: People) -> None:
    world = ready.world
    with world.database.changing(factories.stamp()) as session:
        factories.declare(session, world.investor, capacity_mw=4.2)
        site = exchange_records.Site(exchanges.mapping(), world.evn_spc, factories.TODAY, factories.at())
        item = {"id": "COD", "updated_at": factories.at().isoformat(), **exchanges.cod(8.4)}
        exchange_records.take(session, site, Stream.CODS, [item], factories.at())
    said = read(signed_in(ready, "desk", "doit", "department").get("/exchange").text).says("main")
    assert "Số liệu khác với khai báo" in said
    assert "4,2 MW" in said
    assert "8,4 MW" in said


def test_others_do_not_see_it(ready: People) -> None:
    investor = signed_in(ready, "owner", "mekong-wind", "investor")
    assert investor.get("/exchange").status_code == 403
    assert "/exchange" not in investor.get("/").text
    assert "/exchange" in signed_in(ready, "desk", "doit", "department").get("/").text
