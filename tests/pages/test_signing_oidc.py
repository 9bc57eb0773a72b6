"""Signing in through an OpenID Connect provider that really runs: who comes in, who does not, and what each is told."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

import httpx
import pytest

from app.deps import Clock
from app.main import create_app
from app.schemas.people import UserChange
from app.services import identities
from app.services import people as hiring
from tests import factories
from tests.conftest import People, serve, settings
from tests.pages.conftest import HOME, PASSWORD, SignedIn, browser, enrol, look
from tests.pages.markup import read
from tests.pages.provider import CLIENT, SECRET, Provider, providing

START, BACK = "/sign-in/oidc", "/sign-in/oidc/back"


@dataclass
class Place:
    people: People
    provider: Provider

    def door(self) -> SignedIn:
        return browser(self.people)

    def link(self, login: str = "investor", subject: str = "s-1") -> None:
        with self.people.app.state.tracker.db.changing(factories.stamp()) as session:
            identities.link(session, factories.SYSTEM, login, self.provider.address, subject, factories.at())

    def visit(self, door: SignedIn, path: str = START) -> str:
        """Starts, signs in at the provider, and gives the address the browser is sent back to."""
        sent = door.get(path)
        assert sent.status_code == 303, sent.text
        back = httpx.get(sent.headers["location"], trust_env=False)
        assert back.is_redirect, back.text
        return back.headers["location"].removeprefix(HOME)

    def sign_in(self, door: SignedIn, path: str = START) -> httpx.Response:
        return door.get(self.visit(door, path))


@pytest.fixture
def place(world: factories.World, url: str) -> Iterator[Place]:
    world.url = url
    with providing(Clock().now) as provider:
        more = {"oidc_issuer": provider.address, "oidc_client_id": CLIENT, "oidc_client_secret": SECRET}
        with serve(world, **more, oidc_name="Cổng Bến Tre", oidc_wait_s=3) as people:
            yield Place(people, provider)


def refused(answer: httpx.Response) -> str:
    return read(answer.text).says("p", role="alert")


def test_who_is_linked_comes_in_and_is_where_they_wanted_to_be(place: Place) -> None:
    place.link()
    door = place.door()
    assert "Đăng nhập bằng Cổng Bến Tre" in door.get("/sign-in?next=/my").text
    answer = place.sign_in(door, f"{START}?next=/my%3Flang%3Den")
    assert (answer.status_code, answer.headers["location"]) == (303, "/my?lang=en")
    assert "Signed in: investor" in door.get("/my?lang=en").text
    # It is a session like any other: where a user is signed out everywhere, so is this browser.
    with place.people.app.state.tracker.db.changing(factories.stamp()) as session:
        hiring.sign_out(session, factories.SYSTEM, "investor", factories.at())
    assert door.get("/my").status_code == 303


def test_what_is_kept_meanwhile_stays_in_this_browser_and_is_good_once(place: Place) -> None:
    place.link()
    door = place.door()
    sent = door.get(START)
    cookie = sent.headers["set-cookie"]
    for part in ("tracker_sign_in=", "HttpOnly", "SameSite=lax", "Path=/sign-in/oidc", "Max-Age=600"):
        assert part in cookie
    asked = parse_qs(urlsplit(sent.headers["location"]).query)
    assert asked["redirect_uri"] == [HOME + BACK]
    back = place.visit(door)
    # In another browser the same answer is nobody's; in this one it counts once.
    assert place.door().get(back).status_code == 403
    assert door.get(back).status_code == 303
    again = door.get(back)
    assert (again.status_code, again.headers["location"]) == (303, "/")
    door.client.cookies.delete("tracker_session")
    assert door.get(back).status_code == 403


@pytest.mark.parametrize("length", [450, 1_400, 6_000])
def test_an_address_in_vietnamese_leaves_a_cookie_that_browsers_keep(place: Place, length: int) -> None:
    """RFC 6265, section 6.1: 4,096 bytes; a longer one is dropped, and with it the attempt."""
    place.link()
    door, target = place.door(), "/projects?q=" + "ế" * length
    sent = door.get(f"{START}?next={quote(target)}")
    assert len(sent.headers["set-cookie"]) < 4_096
    back = httpx.get(sent.headers["location"], trust_env=False).headers["location"].removeprefix(HOME)
    answer = door.get(back)
    assert answer.status_code == 303
    assert unquote(answer.headers["location"]) == (target if length < 500 else "/")


@pytest.mark.parametrize("change", ["state", "cookie", "time"])
def test_a_forged_state_and_an_attempt_that_is_over_are_refused_in_both_languages(
    place: Place, change: str
) -> None:
    place.link()
    door = place.door()
    back = place.visit(door, f"{START}?lang=en")
    if change == "state":
        back = back.replace("state=", "state=x")
    elif change == "cookie":
        name = "tracker_sign_in"
        value = door.client.cookies[name]
        door.client.cookies.clear()
        door.client.cookies.set(name, "x" + value[1:])
    else:
        place.people.app.state.tracker.clock._ahead += timedelta(minutes=11)
    answer = door.get(back, Accept_Language="en")
    assert answer.status_code == 403
    assert (
        refused(answer) == "This attempt to sign in is over, or did not start in this browser; start again."
    )
    assert "/token" not in place.provider.asked
    assert refused(door.get(back)).startswith("Lần đăng nhập này đã quá hạn")


FAULTS = {
    "away": 503, "slow": 503, "token away": 503, "moved": 403, "endless": 403, "no json": 403, "another": 403,
    "elsewhere": 403, "no token": 403, "alg none": 403, "HS256": 403, "another's key": 403,
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_provider_that_fails_lets_nobody_in_and_says_so(place: Place, fault: str) -> None:
    place.link()
    place.provider.fault = fault
    door = place.door()
    answer = door.get(f"{START}?lang=en")
    if answer.status_code == 303:
        back = httpx.get(answer.headers["location"], trust_env=False).headers["location"]
        answer = door.get(back.removeprefix(HOME))
    assert answer.status_code == FAULTS[fault], answer.text
    said = "does not answer" if FAULTS[fault] == 503 else "could not be verified"
    assert said in refused(answer)
    assert "tracker_session" not in door.client.cookies
    assert "/elsewhere" not in place.provider.asked
    # It is no dead end: the password is still taken, and the next attempt too.
    place.provider.fault = ""
    assert place.sign_in(door).status_code == 303


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"exp": 1_000},
        {"exp": None},
        {"aud": "another"},
        {"aud": ["another", "third"]},
        {"aud": None},
        {"iss": "https://another.test"},
        {"azp": "another"},
        {"sub": ""},
        {"sub": 7},
        {"sub": None},
        {"aud": [CLIENT, "another"]},
        {"aud": [CLIENT, "another"], "azp": "another"},
        {"iat": "yesterday"},
    ],
    ids=str,
)
def test_a_token_that_says_something_wrong_lets_nobody_in(place: Place, claims: dict[str, Any]) -> None:
    place.link()
    place.provider.claims = claims
    door = place.door()
    answer = place.sign_in(door)
    assert answer.status_code == 403
    assert refused(answer).startswith("Không kiểm chứng được câu trả lời")
    assert "tracker_session" not in door.client.cookies


@pytest.mark.parametrize("claims", [{"aud": [CLIENT]}, {"aud": [CLIENT, "another"], "azp": CLIENT}], ids=str)
def test_a_token_may_be_for_several_where_it_was_given_to_this_one(
    place: Place, claims: dict[str, Any]
) -> None:
    place.link()
    place.provider.claims = claims
    assert place.sign_in(place.door()).status_code == 303


def test_a_key_that_was_changed_is_asked_for_once(place: Place) -> None:
    from tests.pages.provider import new_key

    place.link()
    assert place.sign_in(place.door()).status_code == 303
    assert place.sign_in(place.door()).status_code == 303
    assert place.provider.asked.count("/keys") == 1
    place.provider.key = new_key("k2")
    assert place.sign_in(place.door()).status_code == 303
    assert place.provider.asked.count("/keys") == 2
    assert place.provider.asked.count("/.well-known/openid-configuration") == 1


def test_whom_the_provider_names_and_nobody_linked_is_no_user_and_gets_none(place: Place) -> None:
    enrol(place.people, "investor")
    door = place.door()
    answer = place.sign_in(door, f"{START}?lang=en")
    assert answer.status_code == 403
    assert refused(answer) == "No account here is linked to this identity."
    assert read(answer.text).one("code").text == "s-1"
    assert "tracker_session" not in door.client.cookies
    # The subject is theirs as it stands: nothing is compared without regard to case, and no login is guessed.
    place.provider.subject = "investor"
    assert place.sign_in(door).status_code == 403
    place.link(subject="S-1")
    place.provider.subject = "s-1"
    assert place.sign_in(door).status_code == 403


def test_a_user_who_is_switched_off_stays_out(place: Place) -> None:
    place.link()
    with place.people.app.state.tracker.db.changing(factories.stamp()) as session:
        change = UserChange(is_active=False)
        hiring.change_user(session, factories.SYSTEM, "investor", change, factories.at())
    answer = place.sign_in(place.door())
    assert (answer.status_code, refused(answer)) == (403, "Tài khoản gắn với danh tính này đã bị tắt.")


def test_whoever_cancels_there_is_told_so_here(place: Place) -> None:
    place.provider.subject = None
    answer = place.sign_in(place.door())
    assert (answer.status_code, refused(answer)[:32]) == (403, "Dịch vụ đăng nhập đã từ chối, ho")
    # Another provider's answer (RFC 9207) and one without a code are none.
    place.provider.subject = "s-1"
    door = place.door()
    back = place.visit(door)
    assert door.get(back.replace("iss=http", "iss=https")).status_code == 403
    door = place.door()
    back = place.visit(door)
    assert door.get(back.replace("code=", "other=")).status_code == 403


@pytest.mark.parametrize("target", ["https://evil.test/", "//evil.test", "/\\evil.test", "/" + "x" * 1_500])
def test_nobody_is_sent_elsewhere_afterwards(place: Place, target: str) -> None:
    place.link()
    door = place.door()
    door.client.params = {}
    answer = place.sign_in(door, str(httpx.URL(START, params={"next": target})))
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


def test_a_form_that_came_too_late_waits_until_another_tab_has_signed_in(place: Place) -> None:
    place.link()
    door = place.door()
    sent = {"login": "", "password": "", "next": "/my", "kept:note": "còn đây", "onward": "yes"}
    early = door.post("/sign-in", sent)
    assert early.status_code == 401
    assert "còn đây" in early.text
    assert 'target="_blank"' in early.text
    assert place.sign_in(door).status_code == 303
    assert door.post("/sign-in", sent, Sec_Fetch_Site="cross-site").status_code == 403
    late = door.post("/sign-in", sent)
    assert late.status_code == 200
    assert 'name="note" value="còn đây"' in late.text


def test_without_it_there_is_no_button_and_no_address_and_nothing_is_loaded(people: People) -> None:
    assert "sign-in/oidc" not in look(people.anonymous, "/sign-in").text
    assert [look(people.anonymous, path).status_code for path in (START, BACK)] == [404, 404]
    program = "import sys, app.main; sys.exit(bool('joserfc' in sys.modules))"
    root = Path(__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", program], cwd=root, check=False).returncode == 0


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"oidc_issuer": "https://id.test"}, "OIDC_CLIENT_ID"),
        ({"oidc_issuer": "http://id.test", "oidc_client_id": "x"}, "https"),
        ({"oidc_issuer": "id.test", "oidc_client_id": "x"}, "https"),
        ({"oidc_issuer": "https://id.test/?a=b", "oidc_client_id": "x"}, "names itself by"),
    ],
)
def test_half_a_setting_stops_the_start(sqlite_url: str, more: dict[str, str], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        create_app(settings(sqlite_url, **more))


def test_without_the_extra_the_start_says_what_to_install(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "joserfc.jwt", None)
    with pytest.raises(ValueError, match=r"\[oidc\]"):
        create_app(settings(sqlite_url, oidc_issuer="https://id.test", oidc_client_id="x"))


def test_the_door_of_a_closed_service_opens_to_the_provider_too(place: Place, url: str) -> None:
    place.link()
    world, more = place.people.world, place.people.app.state.tracker.settings
    chosen = {name: getattr(more, name) for name in ("oidc_issuer", "oidc_client_id", "oidc_client_secret")}
    with serve(world, public_reading=False, **chosen) as closed:
        door = browser(closed)
        assert door.get("/").status_code == 303
        assert Place(closed, place.provider).sign_in(door).status_code == 303
        assert door.get("/").status_code == 200


def test_a_password_is_taken_as_before(place: Place) -> None:
    enrol(place.people, "investor")
    answer = place.door().post("/sign-in", {"login": "investor", "password": PASSWORD})
    assert answer.status_code == 303
