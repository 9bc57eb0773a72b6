"""Signing in as a browser does it: the cookie, the tokens of forms, and what happens when a session is over."""

import unicodedata
from itertools import combinations as combined
from typing import Any

import httpx
import pytest

from app.db import Stamp
from app.domain.words import Lang
from app.pages.signing import local
from app.schemas.people import UserChange
from app.services import people as hiring
from app.services import sessions
from tests import factories
from tests.conftest import People, serve
from tests.pages.conftest import HOME, PASSWORD, SignedIn, browser, enrol, look, signed_in
from tests.pages.markup import read

PLACE = "/administration/organisations/mekong-wind"


def sent(door: SignedIn, login: str, password: str = PASSWORD, **more: Any) -> httpx.Response:
    return door.post("/sign-in", {"login": login, "password": password, **more})


def hidden(answer: httpx.Response) -> dict[str, str]:
    """The hidden fields of the last form of a page."""
    last = answer.text.rpartition("<form")[2]
    found = read(f"<!doctype html><h1></h1><form{last.partition('</form>')[0]}</form>").all(
        "input", type="hidden"
    )
    return {e.attributes["name"] or "": e.attributes["value"] or "" for e in found}


def wrong(answer: httpx.Response) -> str:
    return read(answer.text).says("p", id="wrong")


@pytest.mark.parametrize("name", ["investor", "department", "admin"])
def test_a_person_signs_in_and_is_named_on_every_page(people: People, name: str) -> None:
    made = signed_in(people, name)
    assert f"Đang đăng nhập: {name}" in made.get("/password").text
    assert f"Signed in: {name}" in made.get("/password?lang=en").text


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(people: People) -> None:
    enrol(people, "investor")
    said = sent(browser(people), "investor").headers["set-cookie"]
    for part in ("tracker_session=", "HttpOnly", "Path=/", "SameSite=lax", f"Max-Age={12 * 3600}"):
        assert part in said
    assert "Secure" not in said
    over_tls = httpx.AsyncClient(transport=httpx.ASGITransport(people.app), base_url="https://tracker.test")
    door = SignedIn(over_tls, people.anonymous.run)
    secure = door.post("/sign-in", {"login": "investor", "password": PASSWORD}, Origin="https://tracker.test")
    assert "Secure" in secure.headers["set-cookie"]
    assert "Domain" not in said


def test_a_login_is_typed_in_any_case_and_a_password_on_any_keyboard(people: People) -> None:
    enrol(people, "investor")
    assert sent(browser(people), " Investor ").status_code == 303
    decomposed, composed = (unicodedata.normalize(form, "mật khẩu tiếng Việt") for form in ("NFD", "NFC"))
    own = signed_in(people, "investor")
    changed = own.post("/password", {"old_password": PASSWORD, "new_password": decomposed})
    assert changed.status_code == 303
    assert sent(browser(people), "investor", composed).status_code == 303


def test_a_wrong_password_and_an_unknown_login_get_the_same_answer(people: People) -> None:
    enrol(people, "investor")
    answers = [
        sent(browser(people), login, password)
        for login, password in (
            ("investor", "something else here"),
            ("nobody", PASSWORD),
            ("stranger", PASSWORD),  # Has a key, and no password.
            ("investor", PASSWORD + "x" * 300),
            ("\0", PASSWORD),
            ("x" * 100_000, PASSWORD),
        )
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert {wrong(answer) for answer in answers} == {"Tên đăng nhập hoặc mật khẩu không đúng."}
    assert not any("set-cookie" in answer.headers for answer in answers)
    assert read(answers[0].text).one("input", id="login").attributes["value"] == "investor"
    assert PASSWORD not in answers[1].text


def test_after_ten_wrong_passwords_the_right_one_is_not_taken_either(people: People) -> None:
    enrol(people, "investor")
    with serve(people.world) as second:
        doors = [browser(people), browser(second)]
        for n in range(10):
            assert sent(doors[n % 2], "investor", "wrong password").status_code == 401
        for door in doors:
            closed = sent(door, "investor")
            assert closed.status_code == 429
            assert wrong(closed).startswith(
                "Sai quá nhiều lần; hãy thử lại sau ít phút. Có thể thử lại từ 09:15"
            )
        # The same for somebody who does not exist, and nobody else is kept out.
        for n in range(10):
            assert sent(doors[n % 2], "nobody").status_code == 401
        assert sent(doors[0], "nobody").status_code == 429
    assert signed_in(people, "department").get("/password").status_code == 200
    people.app.state.tracker.clock._ahead += sessions.signing.WINDOW
    assert sent(browser(people), "investor").status_code == 303


def test_a_form_without_its_token_or_from_elsewhere_changes_nothing(people: People) -> None:
    own = signed_in(people, "department")
    change = {"name": "Đổi tên"}
    for data, headers in (
        ({**change, "token": ""}, {"Origin": "", "Sec_Fetch_Site": "none"}),
        ({**change, "token": "é" * 64}, {"Sec_Fetch_Site": "none"}),
        ({**change, "token": "0" * 64}, {"Sec_Fetch_Site": "none"}),
        (change, {"Origin": "https://evil.example", "Sec_Fetch_Site": "none"}),
        (change, {"Origin": "null", "Sec_Fetch_Site": "none"}),
        (change, {"Origin": "https://tracker.test.evil.example", "Sec_Fetch_Site": "none"}),
        (change, {"Sec_Fetch_Site": "cross-site"}),
        (change, {"Sec_Fetch_Site": "same-site"}),
    ):
        answer = own.post(PLACE, data, **headers)
        assert answer.status_code == 403, (data, headers)
    assert own.post("/sign-out", {"token": "x"}, Sec_Fetch_Site="cross-site").status_code == 403
    assert own.get("/administration").status_code == 200
    assert people.anonymous.get("/organisations/mekong-wind").json()["name"] == "Tổ chức mekong-wind"


def test_nobody_can_be_signed_in_from_another_site(people: People) -> None:
    enrol(people, "investor")
    for headers in ({"Sec_Fetch_Site": "cross-site"}, {"Origin": "null", "Sec_Fetch_Site": "none"}):
        answer = browser(people).post("/sign-in", {"login": "investor", "password": PASSWORD}, **headers)
        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers


def test_a_session_that_ends_in_the_middle_of_a_form_loses_nothing(people: People) -> None:
    own = signed_in(people, "department")
    typed = {"name": "Gió Mê Công <b>", "note": "dòng một\ndòng hai", "revision": "0", "password": "secret"}
    people.app.state.tracker.clock._ahead += sessions.timedelta(hours=13)
    door = own.post(PLACE, typed)
    assert door.status_code == 401
    assert read(door.text).says("p", role="status").startswith("Phiên đăng nhập đã hết")
    kept = hidden(door)
    assert kept["next"] == PLACE
    assert kept["kept:name"] == typed["name"]
    assert "kept:password" not in kept
    assert "kept:token" not in kept
    # A wrong password on the way loses nothing either.
    again = sent(own, "department", "not this one", **kept)
    assert again.status_code == 401
    assert hidden(again) == kept
    onward = sent(own, "department", **hidden(again))
    assert onward.status_code == 200
    assert "Đang đăng nhập: department" in onward.text
    form = hidden(onward)
    assert (form["name"], form["note"].split()) == (typed["name"], typed["note"].split())
    done = own.post(PLACE, form)
    # What was typed arrives whole: stale here, and shown beside what stands now.
    assert done.status_code == 412
    assert "Gió Mê Công &lt;b&gt;" in done.text


def test_a_form_of_a_session_before_is_sent_on_with_the_token_of_the_present_one(people: People) -> None:
    own = signed_in(people, "department")
    old = own.token
    assert sent(own, "department").status_code == 303
    answer = own.post(PLACE, {"name": "Đổi tên", "token": old})
    assert answer.status_code == 403
    assert read(answer.text).says("h1") == "Biểu mẫu của bạn vẫn còn"
    assert own.post(PLACE, hidden(answer)).status_code == 303
    assert people.anonymous.get("/organisations/mekong-wind").json()["name"] == "Đổi tên"


def test_what_another_site_has_typed_is_not_kept_for_whoever_signs_in(people: People) -> None:
    for headers in (
        {"Sec_Fetch_Site": "cross-site"},
        {"Origin": "https://evil.example", "Sec_Fetch_Site": "none"},
    ):
        answer = browser(people).post(PLACE, {"name": "Evil"}, **headers)
        assert answer.status_code == 401
        assert "Evil" not in answer.text
        assert hidden(answer) == {"next": "/"}


def test_an_attached_file_is_asked_for_again(people: People) -> None:
    answer = browser(people).post(PLACE, {"name": "Có tệp"}, files={"file": ("a.pdf", b"%PDF-1.7")})
    assert hidden(answer)["had_files"] == "yes"
    enrol(people, "department")
    onward = sent(browser(people), "department", **hidden(answer))
    assert "hãy chọn lại tệp" in read(onward.text).says("p", class_="notice")


def test_a_session_that_is_ended_is_over_in_every_process_at_once(people: People) -> None:
    own = signed_in(people, "department")
    with serve(people.world) as second:
        elsewhere = browser(second)
        elsewhere.client.cookies = own.client.cookies
        assert elsewhere.get("/administration").status_code == 200
        assert own.post("/sign-out").headers["location"] == "/"
        assert elsewhere.get("/administration").status_code == 303


@pytest.mark.parametrize("end", ["switched off", "all signed out", "new password"])
def test_who_may_no_longer_come_is_out_at_once(people: People, end: str) -> None:
    own = signed_in(people, "evn_spc")
    assert own.get("/password").status_code == 200
    with people.app.state.tracker.db.changing(factories.stamp()) as session:
        if end == "switched off":
            hiring.change_user(
                session, factories.SYSTEM, "evn_spc", UserChange(is_active=False), factories.at()
            )
        elif end == "all signed out":
            hiring.sign_out(session, factories.SYSTEM, "evn_spc", factories.at())
        else:
            hiring.set_password(session, factories.SYSTEM, "evn_spc", "x", factories.at())
    assert own.get("/password").headers["location"] == "/sign-in?next=%2Fpassword&said=needed"
    if end == "switched off":
        assert people.evn_spc.get("/me").status_code == 401
        assert sent(browser(people), "evn_spc").status_code == 401


def test_signing_in_again_ends_the_session_before(people: People) -> None:
    own = signed_in(people, "investor")
    before = own.client.cookies["tracker_session"]
    assert sent(own, "investor").status_code == 303
    assert own.client.cookies["tracker_session"] != before
    other = browser(people)
    other.client.cookies.set("tracker_session", before)
    assert other.get("/password").status_code == 303


def test_the_cookie_opens_nothing_under_the_api(people: People) -> None:
    own = signed_in(people, "department")
    answer = own.run(own.client.get("/api/v1/me"))
    assert answer.json()["role"] == "public"
    for method, path in (("GET", "/keys"), ("POST", "/projects"), ("GET", "/journal")):
        answer = own.run(own.client.request(method, f"/api/v1{path}", headers={"Accept": "text/html"}))
        assert answer.status_code == 401


def test_a_kept_page_of_nobody_is_never_given_to_who_is_signed_in_nor_the_reverse(people: People) -> None:
    own, named = signed_in(people, "department"), "Đang đăng nhập: department"
    assert named in own.get("/").text
    public = look(people.anonymous)
    for private in (named, 'name="token"'):
        assert private not in public.text
    # Kept now for nobody; who is signed in still gets their own, whatever they say they have.
    assert named in own.get("/").text
    assert own.get("/", If_None_Match=public.headers["etag"]).status_code == 200
    assert look(people.anonymous, If_None_Match=public.headers["etag"]).status_code == 304
    assert "Cookie" in public.headers["vary"]
    assert 'name="token"' not in look(people.department).text


@pytest.mark.parametrize("path", ["/sign-in", "/password", "/administration/users", PLACE, "/journal"])
def test_a_page_with_a_form_is_kept_by_nobody(people: People, path: str) -> None:
    own = browser(people) if path == "/sign-in" else signed_in(people, "department")
    assert own.get(path).headers.get_list("cache-control") == ["no-store"]


@pytest.mark.parametrize(
    ("address", "leads"),
    [
        ("/projects?lang=en", "/projects?lang=en"), ("/", "/"), ("", "/"), ("//evil.example", "/"),
        ("/\\evil.example", "/"), ("https://evil.example", "/"), ("javascript:alert(1)", "/"), ("evil", "/"),
        ("/\t/evil.example", "/"), ("/\r\nSet-Cookie: a=b", "/"), ("\\/evil.example", "/"),
    ],
)  # fmt: skip
def test_signing_in_leads_nowhere_else(people: People, address: str, leads: str) -> None:
    assert local(address) == leads
    enrol(people, "investor")
    door = browser(people)
    assert sent(door, "investor", next=address).headers["location"] == leads
    assert door.get("/sign-in", next="").headers["location"] == "/"
    arrived = door.run(door.client.get("/sign-in", params={"next": address}, headers={"Accept": "text/html"}))
    assert arrived.headers["location"] == leads


def test_ones_own_password(people: People) -> None:
    own = signed_in(people, "investor")
    other = second(people, "investor")
    enrol(people, "investor")
    own, other = signed_in(people, "investor"), browser(people)
    assert sent(other, "investor").status_code == 303
    for old, new, field in (
        ("not this one", "another long password", "old"),
        (PASSWORD, "short", "new"),
        (PASSWORD, "investor", "new"),
        (PASSWORD, "x" * 201, "new"),
    ):
        answer = own.post("/password", {"old_password": old, "new_password": new})
        assert answer.status_code == 422
        assert read(answer.text).one("p", id=f"{field}-wrong")
        assert new not in answer.text.replace("investor", "", 1) or new == "investor"
    changed = own.post("/password", {"old_password": PASSWORD, "new_password": "another long password"})
    assert changed.headers["location"] == "/sign-in?said=changed"
    assert "Đã đổi mật khẩu" in own.get("/sign-in?said=changed").text
    for gone in (own, other):
        assert gone.get("/password").status_code == 303
    assert sent(browser(people), "investor").status_code == 401
    assert sent(browser(people), "investor", "another long password").status_code == 303


@pytest.mark.parametrize("lang", list(Lang))
def test_the_pages_of_signing_in_are_whole(people: People, lang: Lang) -> None:
    door = read(look(people.anonymous, f"/sign-in?next=/password&said=needed&lang={lang}").text)
    assert door.one("html").attributes["lang"] == lang.value
    assert door.one("input", id="password").attributes["autocomplete"] == "current-password"
    assert door.says("p", role="status")
    read(signed_in(people, "investor").get(f"/password?lang={lang}").text)


def test_the_worker_forgets_what_is_over(people: People) -> None:
    own = signed_in(people, "investor")
    sent(browser(people), "investor", "wrong password")
    tracker = people.app.state.tracker
    later = tracker.clock.now() + sessions.timedelta(days=31)
    with tracker.db.changing(Stamp(later, "worker")) as session:
        sessions.forget(session, later)
    with tracker.db.reading() as session:
        assert session.connection().exec_driver_sql("SELECT count(*) FROM sign_in_failure").scalar() == 0
        assert session.connection().exec_driver_sql("SELECT count(*) FROM browser_session").scalar() == 0
    assert own.get("/password").status_code == 303


def test_the_address_of_the_tests_is_the_service_s() -> None:
    assert HOME == "http://tracker.test"


def second(people: People, login: str) -> SignedIn:
    """Another browser of somebody who is signed in with one."""
    made = browser(people)
    assert sent(made, login).status_code == 303
    return made


def tokens(page: str) -> set[str]:
    return {e.attributes["value"] or "" for e in read(page).all("input", name="token")}


def test_a_token_is_the_page_s_own_and_each_is_good_for_any_form_of_the_session(people: People) -> None:
    own = signed_in(people, "investor")
    pages = ("/password", "/projects?q=a", "/projects?q=b", "/projects?q=aa", "/my", "/projects?q=a&lang=en")
    seen = [tokens(own.get(page).text) for page in pages]
    assert {len(found) for found in seen} == {1}
    each = [found.pop() for found in seen]
    assert len(set(each)) == len(pages)
    # Nothing stays the same that could be guessed sign by sign, and nothing of the one says anything of the other.
    assert max(sum(a == b for a, b in zip(one, two, strict=True)) for one, two in combined(each, 2)) < 24
    other = second(people, "investor")
    assert tokens(other.get("/projects?q=a").text) != {each[1]}
    for token in each:
        assert own.post("/password", {"token": token, "old": "x", "new": "y"}).status_code == 422
        assert other.post("/password", {"token": token, "old": "x", "new": "y"}).status_code == 403


@pytest.mark.parametrize("path", ["/", "/projects?q=a", "/phases/alpha-1", "/map", "/grid-works"])
def test_a_page_of_a_session_that_its_browser_holds_is_not_sent_again(people: People, path: str) -> None:
    own = signed_in(people, "investor")
    other = second(people, "investor")
    first = own.get(path)
    assert own.get(path).content == first.content
    again = own.get(path, If_None_Match=first.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")
    assert other.get(path, If_None_Match=first.headers["etag"]).status_code == 200
    # Its form is taken all the same, and what has changed is sent.
    token = tokens(first.text).pop()
    changed = people.department.patch("/projects/alpha", {"name": "Tên mới"})
    assert changed.status_code == 200
    if path in ("/projects?q=a", "/phases/alpha-1"):
        assert own.get(path, If_None_Match=first.headers["etag"]).status_code == 200
    assert own.post("/sign-out", {"token": token}).status_code == 303
    assert own.get(path, If_None_Match=first.headers["etag"]).status_code == 200
