"""Users over the wire: a password is made here and shown once, and who is switched off is out at once."""

import pytest
from sqlalchemy import select

from app.queries import journal
from app.tables.organisations import User
from tests.api.test_people import everything, problem
from tests.conftest import People
from tests.pages.conftest import browser

DESK = {"organisation": "mekong-wind", "role": "investor", "login": "mekong-desk", "name": "Bàn trực"}


def test_a_user_is_made_with_a_password_that_is_shown_once_and_signs_in(people: People) -> None:
    made = people.department.post("/users", DESK, Idempotency_Key="u-1")
    assert (made.status_code, made.headers["location"]) == (201, "/api/v1/users/mekong-desk")
    password = made.json()["password"]
    assert len(password.replace("-", "")) == 16
    assert made.json() == {**DESK, "is_active": True, "signs_in": True, "password": password}
    again = people.department.post("/users", DESK, Idempotency_Key="u-1")
    assert again.headers["idempotency-replayed"] == "true"
    assert again.json() == {**made.json(), "password": None}
    with people.world.database.reading() as session:
        assert password not in everything(session)
        kept = session.execute(select(User).where(User.login == "mekong-desk")).scalar_one()  # type: ignore[arg-type]
        assert (kept.password_hash or "").startswith("$argon2id$")
    assert browser(people).post("/sign-in", {"login": "mekong-desk", "password": password}).status_code == 303


def test_the_journal_holds_no_hash_and_no_password(people: People) -> None:
    password = people.department.post("/users", DESK).json()["password"]
    renewed = people.department.post("/users/mekong-desk/password", {}).json()["password"]
    said = people.department.get("/journal?subject=user&code=mekong-desk")
    facts = [fact for revision in said.json()["items"] for fact in revision["facts"]]
    assert [fact["kind"] for fact in facts] == ["user.password_set", "user.created", "user.password_set"]
    assert {str(fact["after"]) for fact in facts if fact["kind"] == "user.password_set"} == {
        "{'password': 'changed'}"
    }
    for secret in (password, renewed, "argon2", "password_hash"):
        assert secret not in said.text


def test_users_are_listed_by_login(people: People) -> None:
    assert people.department.post("/users", DESK).status_code == 201
    found, address = [], "/users?limit=2"
    while address:
        page = people.department.get(address)
        assert "password" not in page.text
        found += page.json()["items"]
        address = page.links.get("next", {}).get("url", "")
    assert [user["login"] for user in found] == [
        "department",
        "evn_spc",
        "investor",
        "mekong-desk",
        "stranger",
    ]
    assert [user["signs_in"] for user in found] == [False, False, False, True, False]


def test_a_user_is_renamed_switched_off_and_on_again(people: People) -> None:
    changed = people.department.patch("/users/stranger", {"name": "Người lạ"})
    assert (changed.json()["name"], changed.json()["is_active"]) == ("Người lạ", True)
    off = people.department.patch("/users/stranger", {"is_active": False})
    assert off.json()["is_active"] is False
    assert problem(people.stranger.get("/me")) == (401, "key_not_good")
    assert (
        people.department.patch("/users/stranger", {"is_active": True, "name": None}).json()["name"] is None
    )
    assert people.stranger.get("/me").status_code == 200
    with people.world.database.reading() as session:
        head = journal.head(session)
    assert people.department.patch("/users/stranger", {"is_active": True}).status_code == 200
    with people.world.database.reading() as session:
        assert journal.head(session) == head


@pytest.mark.parametrize(
    ("body", "expected", "field"),
    [
        ({**DESK, "login": "Bàn trực"}, (422, "code_form"), "login"),
        ({**DESK, "login": "investor"}, (409, "taken"), "login"),
        ({**DESK, "organisation": "nowhere"}, (422, "unknown_organisation"), "organisation"),
        ({**DESK, "role": "department"}, (422, "not_a_word"), "role"),
        ({**DESK, "role": "system"}, (422, "not_a_word"), "role"),
        ({**DESK, "password": "chosen by the caller"}, (422, "field_unknown"), "password"),
    ],
)
def test_a_user_that_cannot_be_is_refused_at_its_field(
    people: People, body: dict[str, str], expected: tuple[int, str], field: str
) -> None:
    answer = people.department.post("/users", body)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (expected[0], field)
    assert problem(answer)[1] == expected[1]


def test_nobody_switches_themselves_off_and_nobody_unknown_is_changed(people: People) -> None:
    assert problem(people.department.patch("/users/department", {"is_active": False})) == (409, "own_account")
    assert people.department.patch("/users/department", {"name": "Sở"}).status_code == 200
    assert problem(people.department.patch("/users/nobody", {"name": "X"})) == (404, "unknown_user")
    assert problem(people.department.post("/users/nobody/password", {})) == (404, "unknown_user")
    assert problem(people.department.patch("/users/stranger", {"is_active": None})) == (422, "field_missing")


def test_only_who_manages_people_sees_and_makes_users(people: People) -> None:
    for person, expected in ((people.investor, 403), (people.evn_spc, 403), (people.anonymous, 401)):
        assert person.get("/users").status_code == expected
        assert person.post("/users", DESK).status_code == expected
        assert person.patch("/users/stranger", {"name": "X"}).status_code == expected
        assert person.post("/users/stranger/password", {}).status_code == expected
