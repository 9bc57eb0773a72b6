"""Webhooks on their pages: added with a secret shown once, changed, switched, sent again, and what is refused."""

import pytest

from app.domain.words import Lang
from tests.conftest import People
from tests.pages.conftest import SignedIn, look, signed_in
from tests.pages.markup import read

HOME = "/webhooks"
NEW = {"url": "https://example.com/hook", "events": "cod.*, phase.changed", "description": "Bàn trực"}


@pytest.fixture
def desk(people: People) -> SignedIn:
    return signed_in(people, "investor")


def added(desk: SignedIn) -> str:
    """The address of an endpoint that was just added."""
    answer = desk.post(HOME, NEW)
    assert answer.status_code == 200, answer.text
    return str(read(answer.text).one("a", **{"class": "button"}).attributes["href"]).partition("?")[0]


@pytest.mark.parametrize("lang", list(Lang))
def test_its_pages_are_whole_and_in_both_languages(people: People, desk: SignedIn, lang: Lang) -> None:
    path = added(desk)
    people.investor.patch("/phases/alpha-1", {"turbine_count": 3})
    for address in (HOME, path):
        answer = desk.get(f"{address}?lang={lang}")
        page = read(answer.text)
        assert answer.status_code == 200
        assert page.one("html").attributes["lang"] == lang.value
        assert {Lang.VI: "Delivery log", Lang.EN: "Nhật ký gửi"}[lang] not in page.says("main")
        assert answer.headers["cache-control"] == "no-store"
    assert "phase.changed" in desk.get(path).text


def test_a_secret_is_shown_once(desk: SignedIn) -> None:
    answer = desk.post(HOME, NEW)
    secret = read(answer.text).says("code", id="secret")
    assert secret.startswith("whsec_")
    path = str(read(answer.text).one("a", **{"class": "button"}).attributes["href"]).partition("?")[0]
    assert secret not in desk.get(path).text + desk.get(HOME).text
    renewed = desk.post(path, {"step": "renew"})
    assert read(renewed.text).says("code", id="secret") not in ("", secret)


def test_an_address_inside_is_refused_at_its_field_and_stays_typed(desk: SignedIn) -> None:
    for change, field in (
        ({"url": "https://127.0.0.1/"}, "url"),
        ({"url": ""}, "url"),
        ({"events": "cod.lost"}, "events"),
    ):
        answer = desk.post(HOME, NEW | change)
        page = read(answer.text)
        assert answer.status_code == 422
        assert page.one("input", name=field).attributes["aria-invalid"] == "true"
        assert page.one("input", name=field).attributes["value"] == change[field]
    path = added(desk)
    answer = desk.post(path, NEW | {"step": "save", "url": "https://localhost/"})
    assert (answer.status_code, read(answer.text).one("input", name="url").attributes["aria-invalid"]) == (
        422,
        "true",
    )


def test_it_is_changed_switched_tested_sent_again_and_removed(people: People, desk: SignedIn) -> None:
    path = added(desk)
    assert desk.post(path, NEW | {"step": "save", "events": "", "description": ""}).status_code == 303
    one = people.investor.get(path).json()
    assert (one["events"], one["description"]) == ([], None)
    for step in ({"step": "test"}, {"step": "replay", "from_revision": "1"}, {"step": "dead"}):
        assert desk.post(path, step).status_code == 303, step
    log = people.investor.get(f"{path}/deliveries").json()
    assert "webhook.ping" in {each["kind"] for each in log["items"]}
    assert log["health"]["waiting"] > 1
    assert desk.post(path, {"step": "again", "message": log["items"][0]["id"]}).status_code == 303
    assert desk.post(path, {"step": "replay", "from_revision": "x"}).status_code == 422
    assert desk.post(path, {"step": "lost"}).status_code == 422
    assert desk.post(path, {"step": "off"}).status_code == 303
    assert people.investor.get(path).json()["switched_off"] == "by_hand"
    assert desk.post(path, {"step": "test"}).status_code == 422
    assert desk.post(path, {"step": "on"}).status_code == 303
    assert desk.post(path, {"step": "remove"}).headers["location"].startswith(f"{HOME}?")
    assert desk.get(path).status_code == 404


def test_an_endpoint_of_others_is_not_there(people: People, desk: SignedIn) -> None:
    path = added(desk)
    stranger = signed_in(people, "evn_spc")
    assert stranger.get(path).status_code == 404
    assert stranger.post(path, {"step": "off"}).status_code == 404
    assert path not in stranger.get(HOME).text
    manager = signed_in(people, "department")
    assert manager.get(path).status_code == 200
    assert manager.post(path, {"step": "renew"}).status_code == 403
    assert look(people.anonymous, HOME).status_code == 303
