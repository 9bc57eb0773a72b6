"""Who comes with a browser is told in words what went wrong; programs keep getting problem+json."""

from collections.abc import Iterator

import pytest

from tests.conftest import People, serve
from tests.pages.conftest import look, nobody
from tests.pages.markup import read


def test_an_unknown_page_says_so_in_the_reader_s_language(empty: People) -> None:
    answer = look(empty.anonymous, "/khong-co", Accept_Language="vi")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    page = read(answer.text)
    assert page.says("h1") == "Không tìm thấy"
    assert page.one("a", class_="button").attributes["href"] == "/?lang=vi"
    assert page.says("h1") == "Không tìm thấy"
    for asked in ({"path": "/khong-co?lang=en"}, {"path": "/khong-co", "Accept_Language": "en"}):
        assert read(look(empty.anonymous, **asked).text).says("h1") == "Not found"


def test_programs_and_the_api_keep_their_json(empty: People) -> None:
    plain = look(empty.anonymous, "/khong-co", Accept="application/json")
    below = look(empty.anonymous, "/api/v1/khong-co")
    for answer in (plain, below):
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["code"] == "not_found"


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/?khong=1", "khong : Tham số không có"),
        ("/?illustrative=maybe", "illustrative : Phải là true hoặc false"),
        ("/?lang=fr", "lang : Không phải một trong các mã cho phép"),
    ],
)
def test_a_parameter_that_is_wrong_is_named(empty: People, path: str, said: str) -> None:
    answer = look(empty.anonymous, path)
    assert answer.status_code == 422
    assert said.replace(" :", ":") in read(answer.text).says("main").replace(" :", ":")


def test_a_method_nobody_takes(empty: People) -> None:
    person = empty.anonymous
    answer = person.run(person.client.post("/", headers={"Accept": "text/html"}))
    assert answer.status_code == 405
    assert "allow" in answer.headers
    assert read(answer.text).says("p", class_="eyebrow").endswith("405")


@pytest.fixture
def closed(sqlite_url: str) -> Iterator[People]:
    with serve(nobody(sqlite_url), public_reading=False) as found:
        yield found


def test_where_public_reading_is_off_the_page_sends_to_the_door(closed: People) -> None:
    answer = look(closed.anonymous)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2F&said=needed")
    door = look(closed.anonymous, answer.headers["location"])
    assert door.status_code == 200
    assert read(door.text).says("h1") == "Đăng nhập"


def test_a_failure_of_our_own_is_a_page_with_the_careful_headers(
    empty: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("secret of the house")

    monkeypatch.setattr("app.queries.overview.counts", fail)
    empty.anonymous.client._transport.raise_app_exceptions = False  # type: ignore[attr-defined]
    answer = look(empty.anonymous)
    assert answer.status_code == 500
    assert "secret of the house" not in answer.text
    assert read(answer.text).says("h1").startswith("Lỗi không mong đợi")
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_static_files_are_kept_for_good_by_their_own_address(empty: People) -> None:
    page = read(look(empty.anonymous).text)
    address = page.one("link", rel="stylesheet").attributes["href"] or ""
    kept = look(empty.anonymous, address)
    assert kept.status_code == 200
    assert kept.headers.get_list("cache-control") == ["public, max-age=31536000, immutable"]
    for other in (address.partition("?")[0], address.partition("?")[0] + "?v=000000000000"):
        assert look(empty.anonymous, other).headers.get_list("cache-control") == ["private, no-cache"]
    assert look(empty.anonymous, "/static/../main.py").status_code == 404
