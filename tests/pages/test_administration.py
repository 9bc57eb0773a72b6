"""Organisations, users and keys on their pages: who comes in, what is shown once, what is refused, and what is kept."""

import re

import pytest

from app.domain.words import Lang
from tests import factories
from tests.conftest import People
from tests.pages.conftest import SignedIn, browser, look, signed_in
from tests.pages.markup import Markup, read

HOME = "/administration"
NEW = {"code": "gio-moi", "kind": "investor", "name": "Gió Mới"}
PAGES = ["", "/organisations", "/organisations/doit", "/users", "/users/investor", "/keys"]


def rows(page: Markup) -> list[list[str]]:
    return page.tables[0][1:]


def secret(text: str) -> str:
    return read(text).says("code", id="secret")


@pytest.fixture
def desk(people: People) -> SignedIn:
    return signed_in(people, "department")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("lang", list(Lang))
def test_its_pages_are_whole_and_in_both_languages(desk: SignedIn, path: str, lang: Lang) -> None:
    answer = desk.get(f"{HOME}{path}?lang={lang}")
    assert answer.status_code == 200
    page = read(answer.text)
    assert page.one("html").attributes["lang"] == lang.value
    other = {Lang.VI: "Administration", Lang.EN: "Quản trị"}[lang]
    assert other not in page.says("main")
    assert answer.headers["cache-control"] == "no-store"
    assert len(answer.content) < 30_000


@pytest.mark.parametrize("path", [*PAGES, "/organisations/nowhere", "/users/nobody"])
def test_only_who_manages_people_comes_in(people: People, path: str) -> None:
    for name in ("investor", "evn_spc"):
        person = signed_in(people, name)
        assert person.get(HOME + path).status_code == 403
        assert person.post(HOME + (path or "/users"), NEW).status_code == 403
        assert HOME not in person.get("/password").text
    assert look(people.anonymous, HOME + path).status_code == 303
    assert look(people.department, HOME + path).status_code == (404 if "no" in path.split("/")[-1] else 200)


def test_an_organisation_is_added_once_however_often_it_is_sent(people: People, desk: SignedIn) -> None:
    page = read(desk.get(f"{HOME}/organisations").text)
    once = page.one("input", name="once").attributes["value"]
    for _ in range(2):
        answer = desk.post(f"{HOME}/organisations", {**NEW, "once": once})
        assert answer.headers["location"] == f"{HOME}/organisations?said=saved"
    after = read(desk.get(answer.headers["location"]).text)
    assert after.says("p", role="status") == "Đã lưu."
    assert ["Gió Mới", "gio-moi", "Chủ đầu tư", "–"] in rows(after)
    assert people.anonymous.get("/organisations/gio-moi").json()["name"] == "Gió Mới"


@pytest.mark.parametrize(
    ("change", "status", "field", "said"),
    [
        ({"code": "doit"}, 409, "code", "Mã này đã có"),
        ({"code": "Gió Mới"}, 422, "code", "Mã chỉ gồm"),
        ({"code": ""}, 422, "code", "Thiếu trường bắt buộc"),
        ({"kind": "pirate"}, 422, "kind", "Không phải một trong"),
        ({"name": ""}, 422, "name", "Thiếu trường bắt buộc"),
        ({"district": "nowhere"}, 422, "district", "Không có đơn vị"),
    ],
)
def test_a_wrong_organisation_is_refused_at_its_field_and_keeps_what_was_typed(
    desk: SignedIn, change: dict[str, str], status: int, field: str, said: str
) -> None:
    typed = {**NEW, "name_en": "<script>alert(1)</script>", **change}
    answer = desk.post(f"{HOME}/organisations", typed)
    assert answer.status_code == status
    page = read(answer.text)
    assert page.says("p", id=f"{field}-wrong").startswith(said)
    assert page.one("input", id="name_en").attributes["value"] == typed["name_en"]
    assert page.one("input", id="code").attributes["value"] == typed["code"]


def test_a_stale_organisation_shows_both_values_and_is_saved_the_second_time(
    people: People, desk: SignedIn
) -> None:
    place = f"{HOME}/organisations/mekong-wind"
    revision = read(desk.get(place).text).one("input", name="revision").attributes["value"]
    assert (
        people.department.patch("/organisations/mekong-wind", {"name": "Tên của người khác"}).status_code
        == 200
    )
    mine = {"name": "Tên của tôi", "note": "Ghi chú", "revision": revision}
    stale = desk.post(place, mine)
    assert stale.status_code == 412
    page = read(stale.text)
    assert page.tables[0][1] == ["Tên", "Tên của tôi", "Tên của người khác"]
    assert people.anonymous.get("/organisations/mekong-wind").json()["name"] == "Tên của người khác"
    again = {**mine, "revision": page.one("input", name="revision").attributes["value"]}
    assert desk.post(place, again).status_code == 303
    assert people.anonymous.get("/organisations/mekong-wind").json()["name"] == "Tên của tôi"
    # An emptied field is emptied.
    page = read(desk.get(place).text)
    emptied = {
        "name": "Tên của tôi",
        "note": "",
        "revision": page.one("input", name="revision").attributes["value"],
    }
    assert desk.post(place, emptied).status_code == 303
    assert people.anonymous.get("/organisations/mekong-wind").json()["note"] is None


def test_a_user_is_added_and_the_password_shown_once_opens_the_door(people: People, desk: SignedIn) -> None:
    user = {"login": "ban-truc", "name": "Bàn trực", "organisation": "mekong-wind", "role": "investor"}
    made = desk.post(f"{HOME}/users", user)
    assert (made.status_code, made.headers["cache-control"]) == (200, "no-store")
    password = secret(made.text)
    door = browser(people)
    assert door.post("/sign-in", {"login": "ban-truc", "password": password}).status_code == 303
    listed = desk.get(f"{HOME}/users").text
    assert ["ban-truc", "Bàn trực", "Chủ đầu tư", "Tổ chức mekong-wind", "Đang hoạt động"] in rows(
        read(listed)
    )
    assert password not in listed + desk.get(f"{HOME}/users/ban-truc").text + desk.get("/journal").text
    taken = desk.post(f"{HOME}/users", user)
    assert taken.status_code == 409
    assert read(taken.text).says("p", id="login-wrong") == "Mã này đã có"
    wrong = desk.post(f"{HOME}/users", {**user, "login": "khac", "role": "department"})
    assert wrong.status_code == 422
    assert read(wrong.text).one("p", id="role-wrong")
    chosen = [option for option in read(wrong.text).all("option") if "selected" in option.attributes]
    assert {o.attributes["value"] for o in chosen} >= {"mekong-wind", "department"}


def test_a_user_is_renamed_signed_out_given_a_password_switched_off_and_on(
    people: People, desk: SignedIn
) -> None:
    other, place = signed_in(people, "stranger"), f"{HOME}/users/stranger"
    assert desk.post(place, {"step": "save", "name": "Người khác"}).status_code == 303
    assert read(desk.get(place).text).says("h1") == "Người khác"
    assert "Từ 09:00 ngày 07/02/2023" in read(desk.get(place).text).says(
        "section", **{"aria-labelledby": "browsers"}
    )
    assert desk.post(place, {"step": "sign-out"}).status_code == 303
    assert other.get("/password").status_code == 303
    password = secret(desk.post(place, {"step": "password"}).text)
    door = browser(people)
    assert door.post("/sign-in", {"login": "stranger", "password": password}).status_code == 303
    assert desk.post(place, {"step": "close"}).status_code == 303
    assert door.get("/password").status_code == 303
    assert people.stranger.get("/me").status_code == 401
    assert "Đã tắt" in read(desk.get(place).text).says("main")
    assert desk.post(place, {"step": "open"}).status_code == 303
    assert people.stranger.get("/me").status_code == 200
    assert desk.post(place, {"step": "away"}).status_code == 422
    assert desk.post(f"{HOME}/users/nobody", {"step": "close"}).status_code == 404
    assert desk.post(f"{HOME}/users/nobody", {"step": "password"}).status_code == 404


def test_nobody_is_offered_to_switch_themselves_off(desk: SignedIn) -> None:
    own = desk.get(f"{HOME}/users/department")
    assert 'value="close"' not in own.text
    refused = desk.post(f"{HOME}/users/department", {"step": "close"})
    assert refused.status_code == 409
    assert "Không thể tự tắt" in read(refused.text).says("div", role="alert")


def test_a_key_is_made_shown_once_and_revoked(people: People, desk: SignedIn) -> None:
    page = read(desk.get(f"{HOME}/keys").text)
    assert [option.attributes["value"] for option in page.all("option")][1:] == sorted(factories.PEOPLE)
    made = desk.post(f"{HOME}/keys", {"login": "investor", "label": "Excel", "days": "30"})
    key = secret(made.text)
    assert people.anonymous.get("/me", X_API_Key=key).json()["login"] == "investor"
    listed = desk.get(f"{HOME}/keys").text
    assert key not in listed
    first = rows(read(listed))[0]
    assert (first[0], first[2], first[-1].split(" Thu")[0]) == (key[:12] + "…", "Excel", "Còn hiệu lực")
    revoked = desk.post(f"{HOME}/keys/{key[:12]}")
    assert revoked.headers["location"] == f"{HOME}/keys?said=saved"
    assert rows(read(desk.get(f"{HOME}/keys").text))[0][-1] == "Đã thu hồi"
    assert people.anonymous.get("/me", X_API_Key=key).status_code == 401
    assert desk.post(f"{HOME}/keys/trk_unknown").status_code == 404


@pytest.mark.parametrize(
    ("change", "field"),
    [({"days": "0"}, "days"), ({"days": "a year"}, "days"), ({"days": "1101"}, "days"), ({"login": ""}, "login"), ({"login": "nobody"}, "login")],
)  # fmt: skip
def test_a_wrong_key_is_refused_at_its_field(desk: SignedIn, change: dict[str, str], field: str) -> None:
    answer = desk.post(f"{HOME}/keys", {"login": "investor", "label": "Excel", "days": "30", **change})
    assert answer.status_code == 422
    page = read(answer.text)
    assert page.one("p", id=f"{field}-wrong")
    assert page.one("input", id="label").attributes["value"] == "Excel"


def test_lists_go_on_page_by_page(people: People, desk: SignedIn) -> None:
    with people.world.database.changing(factories.stamp()) as session:
        for n in range(60):
            factories.organisation(session, f"to-chuc-{n:02}")
    seen, address = [], f"{HOME}/organisations"
    while address:
        answer = desk.get(address)
        page = read(answer.text)
        seen += [row[1] for row in rows(page)]
        address = next((a.attributes["href"] or "" for a in page.all("a", rel="next")), "")
    assert len(seen) == len(set(seen)) == 64
    assert seen == sorted(seen)
    assert desk.get(f"{HOME}/organisations?cursor=forged").status_code == 422


def test_the_home_counts_who_takes_part(desk: SignedIn) -> None:
    page = read(desk.get(HOME).text)
    assert [p.text for p in page.all("p", class_="count")] == ["4", "4", "4"]
    assert re.search(r'aria-current="page">Quản trị', desk.get(HOME).text)
