"""The second key on a tranche and on a milestone: previewed, refused at the field, stale, disputed, and then counted."""

from typing import Any

import pytest

from tests import factories
from tests.conftest import People
from tests.pages.conftest import SignedIn, look, signed_in
from tests.pages.markup import Markup, read

BINH_DAI = "dien-gio-me-kong"
OVERRIDDEN = "Hồ sơ các bước trước đang bổ sung"


def fields(page: Markup) -> dict[str, str]:
    """What stands in the form of a page, without its token."""
    found = {
        e.attributes["name"]: e.attributes.get("value") or ""
        for e in page.all("input")
        if "name" in e.attributes
    }
    return {name: value for name, value in found.items() if name and name != "token"}


def declared(people: People, **more: Any) -> str:
    """A tranche that the investor of the small world has declared."""
    with people.world.database.changing(factories.stamp()) as session:
        return factories.declare(session, people.world.investor, **more)


def tried(who: SignedIn, path: str, step: str, **typed: str) -> tuple[int, Markup]:
    """A form as it stands on its page, with what was typed over it."""
    form = fields(read(who.get(path).text))
    answer = who.post(path, {**form, **typed, "step": step})
    return answer.status_code, read(answer.text) if answer.text else Markup()


def test_a_confirmed_tranche_moves_the_number_of_the_overview(real: People) -> None:
    evn_spc = signed_in(real, "key", "evn-spc", "evn_spc")
    investor = signed_in(real, "mekong", BINH_DAI, "investor")
    with real.app.state.tracker.db.changing(factories.stamp()) as session:
        actor = _actor(session, "mekong")
        code = factories.declare(session, actor, phase="binh-dai-1", effective_on="2023-02-01", letter_number="55/EPTC",
                                 letter_on="2023-02-03")  # fmt: skip
    assert read(look(real.anonymous).text).says("p", class_="number") == "93,05 MW"
    queue = read(evn_spc.get("/queue").text)
    assert f"COD {code}" in queue.says("main")
    assert "còn 14 ngày" in queue.says("main")
    path = f"/tranches/{code}?act=confirm"
    status, page = tried(evn_spc, path, "preview")
    assert status == 200
    assert "93,05 → 97,25 MW" in page.says("section", class_="effect")
    assert "283,95 → 279,75 MW" in page.says("section", class_="effect")
    assert "Chờ xác nhận → Đã công nhận" in page.says("main")
    assert read(look(real.anonymous).text).says("p", class_="number") == "93,05 MW", "a preview keeps nothing"
    answer = evn_spc.post(path, {**fields(read(evn_spc.get(path).text)), "step": "save"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/tranches/{code}?said=saved")
    assert "Đã lưu." in read(evn_spc.get(answer.headers["location"]).text).says("main")
    assert read(look(real.anonymous).text).says("p", class_="number") == "97,25 MW"
    assert read(look(real.anonymous, "/?lang=en").text).says("p", class_="number") == "97.25 MW"
    assert code not in read(evn_spc.get("/queue").text).says("main")
    assert read(investor.get(f"/tranches/{code}?lang=en").text).says("h2", id="claim") == "Recognised"


def _actor(session: Any, login: str) -> Any:
    from app.domain.access import Actor, Role
    from app.queries import people as who

    found = who.user(session, login)
    assert found is not None
    return Actor(Role.INVESTOR, found.organisation_id, BINH_DAI, found.id, login)


def test_the_form_is_filled_with_what_was_declared(people: People) -> None:
    code = declared(people, mw=4.2, letter_number="9/EPTC", letter_on="2022-05-03")
    page = read(signed_in(people, "evn_spc").get(f"/tranches/{code}?act=confirm&lang=en").text)
    form = fields(page)
    assert (form["capacity_mw"], form["effective_on"], form["letter_number"]) == (
        "4.2",
        "2022-05-01",
        "9/EPTC",
    )


def test_a_refusal_stands_at_its_field_and_keeps_what_was_typed(people: People) -> None:
    code = declared(people)
    evn_spc = signed_in(people, "evn_spc")
    status, page = tried(
        evn_spc, f"/tranches/{code}?act=confirm", "save", letter_number="7/EPTC", letter_on="31/12/2023"
    )
    assert status == 422
    assert "Ngày thực tế không được ở tương lai" in page.says("p", id="letter_on-wrong")
    assert fields(page)["letter_number"] == "7/EPTC"
    status, page = tried(
        evn_spc, f"/tranches/{code}?act=confirm", "save", letter_number="", letter_on="2022-05-10"
    )
    assert status == 422
    assert page.one("p", id="letter_number-wrong")
    status, page = tried(evn_spc, f"/tranches/{code}?act=dispute", "save")
    assert status == 422
    assert page.one("p", id="reason-wrong")


def test_who_declared_does_not_decide(people: People) -> None:
    with people.world.database.changing(factories.stamp()) as session:
        code = factories.declare(session, people.world.department)
    department = signed_in(people, "department")
    page = read(department.get(f"/tranches/{code}").text)
    assert not page.all("form", class_="form")
    assert "đơn vị khác phải xác nhận" in page.says("main")
    answer = department.post(
        f"/tranches/{code}?act=confirm", {"letter_number": "1/X", "letter_on": "2022-05-10", "step": "save"}
    )
    assert answer.status_code == 422
    assert "Người xác nhận phải thuộc tổ chức khác" in read(answer.text).says("main")
    assert "Người xác nhận phải thuộc tổ chức khác" in read(department.get("/queue").text).says("main")


def test_the_department_overrides_a_rule_with_its_reason(people: People) -> None:
    with people.world.database.changing(factories.stamp()) as session:
        factories.measure(session, "licensed", 2, "2022-01-01")
    code = declared(people, effective_on="2022-06-01")
    path = f"/tranches/{code}?act=confirm"
    letter = {"letter_number": "7/EPTC", "letter_on": "2022-06-10"}
    status, page = tried(signed_in(people, "evn_spc"), path, "save", **letter)
    assert status == 422
    assert "Chỉ Sở Công Thương được chấp nhận ngoại lệ" in page.says("fieldset")
    department = signed_in(people, "department")
    name = "override:cod_above_licensed"
    status, page = tried(department, path, "save", **letter)
    assert status == 422
    assert page.one("textarea", id=name)
    status, page = tried(department, path, "save", **letter, **{name: "ngắn"})
    assert status == 422
    assert page.one("p", id=f"{name}-wrong")
    assert "ngắn" in page.says("textarea", id=name)
    status, _ = tried(department, path, "save", **letter, **{name: "Giấy phép mở rộng đã trình ngày 01/6"})
    assert status == 303
    assert "Giấy phép mở rộng đã trình" in read(department.get(f"/tranches/{code}").text).says("main")


def test_a_stale_form_shows_both_values_and_goes_through_the_second_time(people: People) -> None:
    code = declared(people)
    evn_spc, path = signed_in(people, "evn_spc"), f"/tranches/{code}?act=confirm"
    form = fields(read(evn_spc.get(path).text))
    with people.world.database.changing(factories.stamp()) as session:
        factories.measure(session, "installed", 30, "2022-01-01")
    letter = {"letter_number": "7/EPTC", "letter_on": "2022-05-10", "capacity_mw": "4", "step": "save"}
    answer = evn_spc.post(path, form | letter)
    assert answer.status_code == 412
    page = read(answer.text)
    both = next(table for table in page.tables if "Bạn nhập" in table[0])
    assert ["Công suất (MW)", "4", "4,2"] in both
    assert evn_spc.post(path, fields(page) | {"step": "save"}).status_code == 303


def test_a_dispute_stays_visible_beside_the_claim_and_counts_for_nothing(people: People) -> None:
    code = declared(people)
    evn_spc = signed_in(people, "evn_spc")
    status, _ = tried(
        evn_spc,
        f"/tranches/{code}?act=dispute",
        "save",
        reason="Chưa có biên bản chốt chỉ số",
        capacity_mw="2,1",
    )
    assert status == 303
    for person in (evn_spc, signed_in(people, "investor")):
        page = read(person.get(f"/tranches/{code}").text)
        assert page.says("h2", id="claim") == "Không thống nhất"
        life = next(table for table in page.tables if "Ghi sổ" in table[0])
        assert [row[1] for row in life[1:]] == ["4,2", "2,1"]
        assert "Chưa có biên bản chốt chỉ số" in page.says("main")
    assert code not in read(evn_spc.get("/queue").text).says("main")
    assert code in read(evn_spc.get("/queue?which=disputed").text).says("main")


def test_later_changes_are_previewed_and_kept(people: People) -> None:
    code = declared(people)
    with people.world.database.changing(factories.stamp()) as session:
        factories.confirm(session, people.world.evn_spc, code)
    department = signed_in(people, "department")
    offered = [a.attributes["href"] or "" for a in read(department.get(f"/tranches/{code}").text).all("a")]
    assert {act for act in ("suspend", "cancel", "correct", "reinstate", "settle", "confirm") if f"/tranches/{code}?act={act}#form" in offered} == {"suspend", "cancel", "correct"}  # fmt: skip
    typed = {"capacity_mw": "1,2", "effective_on": "2023-01-05", "reason": "Cháy máy biến áp",
             "letter_number": "3/SCT", "letter_on": "2023-01-06"}  # fmt: skip
    status, page = tried(department, f"/tranches/{code}?act=suspend", "preview", **typed)
    assert status == 200
    assert "4,2 → 3 MW" in page.says("section", class_="effect")
    assert tried(department, f"/tranches/{code}?act=suspend", "save", **typed)[0] == 303
    assert "Tạm ngừng một phần" in read(department.get(f"/tranches/{code}").text).says("h2", id="claim")
    status, page = tried(department, f"/tranches/{code}?act=suspend", "save", **typed | {"capacity_mw": "9"})
    assert status == 422
    assert page.one("p", id="capacity_mw-wrong")
    typed = {
        "effective_on": "2023-02-01",
        "reason": "Đã sửa xong",
        "letter_number": "4/SCT",
        "letter_on": "2023-02-01",
    }
    assert tried(department, f"/tranches/{code}?act=reinstate", "save", **typed)[0] == 303
    typed = {"capacity_mw": "4", "reason": "Sai số", "letter_number": "5/SCT", "letter_on": "2023-02-02"}
    assert tried(department, f"/tranches/{code}?act=correct", "save", **typed)[0] == 303


def test_a_tranche_is_not_there_for_others(people: People) -> None:
    code = declared(people)
    assert signed_in(people, "stranger").get(f"/tranches/{code}").status_code == 404
    answer = look(people.anonymous, f"/tranches/{code}")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in")
    assert signed_in(people, "evn_spc").get("/tranches/alpha.99").status_code == 404
    investor = signed_in(people, "investor")
    assert not read(investor.get(f"/tranches/{code}?act=confirm").text).all("form", class_="form")
    assert (
        investor.post(
            f"/tranches/{code}?act=confirm", {"letter_number": "1/X", "letter_on": "2022-05-10"}
        ).status_code
        == 403
    )


# Milestones


@pytest.fixture
def waiting(people: People) -> str:
    """The energisation of the phase, declared with a letter while steps before it are open."""
    with people.world.database.changing(factories.stamp()) as session:
        factories.apply(session)
        factories.state(
            session, "W-F5", actor=people.world.department, actual_on="2023-02-01", letter_number="8/A2",
            letter_on="2023-02-02", letter_issuer="Điều độ A2", override_reason=OVERRIDDEN,
        )  # fmt: skip
    return "/milestones/phases/alpha-1/W-F5/decision"


def test_a_milestone_is_confirmed_beside_its_document(people: People, waiting: str) -> None:
    evn_spc = signed_in(people, "evn_spc")
    queue = read(evn_spc.get("/queue?which=milestone").text)
    assert "W-F5" in queue.says("main")
    assert "8/A2" in queue.says("main")
    status, page = tried(evn_spc, waiting + "?act=confirm", "preview")
    assert status == 200
    assert page.one("section", class_="effect")
    assert tried(evn_spc, waiting + "?act=confirm", "save")[0] == 303
    page = read(evn_spc.get(waiting).text)
    assert page.says("h2", id="claim") == "Đã xác nhận"
    assert not page.all("form", class_="form")
    assert "không có khai báo nào đang chờ" in page.says("main")


def test_a_milestone_is_refused_with_a_reason(people: People, waiting: str) -> None:
    evn_spc = signed_in(people, "evn_spc")
    status, page = tried(evn_spc, waiting + "?act=dispute", "save")
    assert status == 422
    assert page.one("p", id="note-wrong")
    assert tried(evn_spc, waiting + "?act=dispute", "save", note="Biên bản chưa ký")[0] == 303
    assert read(evn_spc.get(waiting).text).says("h2", id="claim") == "Không chấp nhận"
    assert "Biên bản chưa ký" in read(evn_spc.get(waiting + "?lang=en").text).says("main")


def test_a_milestone_changed_meanwhile_shows_both_days(people: People, waiting: str) -> None:
    evn_spc = signed_in(people, "evn_spc")
    form = fields(read(evn_spc.get(waiting).text))
    with people.world.database.changing(factories.stamp()) as session:
        factories.state(session, "W-F5", actor=people.world.department, actual_on=None, note="Nhầm ngày")
        factories.state(
            session, "W-F5", actor=people.world.department, actual_on="2023-02-03", override_reason=OVERRIDDEN
        )
    answer = evn_spc.post(waiting + "?act=confirm", {**form, "actual_on": "2023-02-02", "step": "save"})
    assert answer.status_code == 412
    page = read(answer.text)
    assert ["Ngày hoàn thành khai báo", "02/02/2023", "03/02/2023"] in next(
        t for t in page.tables if "Bạn nhập" in t[0]
    )
    assert evn_spc.post(waiting + "?act=confirm", {**fields(page), "step": "save"}).status_code == 303


def test_the_second_key_of_a_milestone_is_its_roles(people: People, waiting: str) -> None:
    assert signed_in(people, "investor").get(waiting).status_code == 403
    assert look(people.anonymous, waiting).status_code == 303
    evn_spc = signed_in(people, "evn_spc")
    assert evn_spc.get("/milestones/phases/alpha-1/W-ZZ/decision").status_code == 404
    department = signed_in(people, "department")
    assert "Người xác nhận phải khác người khai báo" in read(department.get(waiting).text).says("main")
    assert department.post(waiting + "?act=confirm", {"step": "save"}).status_code == 422
    assert department.post(waiting + "?act=nothing", {"step": "save"}).status_code == 404
