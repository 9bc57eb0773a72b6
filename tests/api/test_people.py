"""Organisations, users and keys: shown once, kept as a hash, useless at once when revoked."""

import hashlib
from datetime import date, timedelta

import httpx
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app import worker
from app.domain.access import Role
from app.queries import journal
from app.schemas.people import KeyCreate
from app.services import people as hiring
from app.tables.organisations import ApiKey
from tests import factories
from tests.conftest import People, serve

NEW = {"organisation": "other-wind", "role": "investor", "login": "reporter", "label": "Excel"}


def problem(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.status_code, answer.json()["code"]


def everything(session: Session) -> str:
    """All that a database holds, as text."""
    tables = ("app_user", "api_key", "revision", "fact", "repeatable_answer", "key_use", "organisation")
    return "\n".join(str(row) for name in tables for row in session.execute(text(f"SELECT * FROM {name}")))


def test_a_key_is_shown_once_and_kept_as_its_hash(people: People) -> None:
    made = people.department.post("/keys", NEW)
    assert made.status_code == 201
    key = made.json()["key"]
    assert key.startswith(made.json()["prefix"])
    assert len(key) > 40
    listed = people.department.get("/keys").json()["items"]
    assert listed[0] == {name: value for name, value in made.json().items() if name != "key"}
    assert not any("key" in line for line in listed)
    with people.world.database.reading() as session:
        row = session.execute(select(ApiKey).where(ApiKey.prefix == made.json()["prefix"])).scalar_one()  # type: ignore[arg-type]
        assert row.digest == hashlib.sha256(key.encode()).hexdigest()
        assert key not in everything(session)
    me = people.anonymous.get("/me", X_API_Key=key).json()
    assert (me["role"], me["organisation"], me["login"]) == ("investor", "other-wind", "reporter")
    assert key not in people.department.get("/journal").text


def test_a_key_is_not_told_again_to_a_request_that_is_repeated(people: People) -> None:
    first = people.department.post("/keys", NEW, Idempotency_Key="new-key")
    again = people.department.post("/keys", NEW, Idempotency_Key="new-key")
    assert again.headers["idempotency-replayed"] == "true"
    assert again.json() == first.json() | {"key": None}
    with people.world.database.reading() as session:
        assert first.json()["key"] not in everything(session)
    assert people.anonymous.get("/me", X_API_Key=first.json()["key"]).status_code == 200


def test_a_key_ends_on_its_day(people: People) -> None:
    with people.world.database.changing(factories.stamp()) as session:
        ended, _ = hiring.create_key(
            session,
            factories.SYSTEM,
            KeyCreate(organisation="doit", role=Role.DEPARTMENT, login="ended", days=30),
            factories.at(date(2023, 1, 8), hour=0),
        )
        good, _ = hiring.create_key(
            session,
            factories.SYSTEM,
            KeyCreate(organisation="doit", role=Role.DEPARTMENT, login="good", days=30),
            factories.at(date(2023, 1, 8), hour=23),
        )
    assert problem(people.anonymous.get("/me", X_API_Key=ended)) == (401, "key_not_good")
    assert people.anonymous.get("/me", X_API_Key=good).json()["expires_at"] == "2023-02-07T23:00:00Z"
    assert problem(people.department.post("/keys", {**NEW, "days": 1_101})) == (422, "out_of_range")


def test_a_key_that_ends_while_it_is_known_is_refused_from_then_on(people: People) -> None:
    now = people.app.state.tracker.clock.now()
    with people.world.database.changing(factories.stamp()) as session:
        change = KeyCreate(organisation="doit", role=Role.DEPARTMENT, login="brief", days=1)
        key, _ = hiring.create_key(session, factories.SYSTEM, change, now - timedelta(hours=23))
    assert people.anonymous.get("/me", X_API_Key=key).status_code == 200
    people.app.state.tracker.clock._ahead += timedelta(hours=1, minutes=1)
    assert problem(people.anonymous.get("/me", X_API_Key=key)) == (401, "key_not_good")


def test_a_revoked_key_is_useless_at_once_in_every_process(people: People) -> None:
    key = people.department.post("/keys", NEW).json()
    with serve(people.world) as second:
        for service in (people, second):
            assert service.anonymous.get("/me", X_API_Key=key["key"]).status_code == 200
        answer = second.department.post(f"/keys/{key['prefix']}/revocation", {})
        assert (answer.status_code, answer.json()["revoked_at"] is not None) == (200, True)
        for service in (people, second):
            assert problem(service.anonymous.get("/me", X_API_Key=key["key"])) == (401, "key_not_good")
    # Once more changes nothing.
    revision = people.department.get("/journal?limit=1").json()["items"][0]["number"]
    again = people.department.post(f"/keys/{key['prefix']}/revocation", {}).json()
    assert again["revoked_at"] == answer.json()["revoked_at"]
    assert people.department.get("/journal?limit=1").json()["items"][0]["number"] == revision
    assert problem(people.department.post("/keys/trk_unknown/revocation", {})) == (404, "not_found")


def test_a_key_made_in_one_process_is_good_in_another(people: People) -> None:
    with serve(people.world) as second:
        key = second.department.post("/keys", NEW).json()["key"]
        assert people.anonymous.get("/me", X_API_Key=key).json()["login"] == "reporter"


def test_the_last_use_of_a_key_is_written_down_beside_the_journal(people: People) -> None:
    def used() -> dict[str, str | None]:
        return {
            line["login"]: line["last_used_at"] for line in people.department.get("/keys").json()["items"]
        }

    with people.world.database.reading() as session:
        before = journal.verify(session)
    assert people.investor.get("/capacity").status_code == 200
    people.investor.run(worker.note_uses(people.app.state.tracker))
    first = used()
    assert first["investor"] is not None
    assert first["investor"].startswith("2023-02-07")
    assert first["stranger"] is None
    assert people.investor.get("/capacity").status_code == 200
    people.investor.run(worker.note_uses(people.app.state.tracker))
    second = used()
    assert second["investor"] is not None
    assert second["investor"] > first["investor"]
    with people.world.database.reading() as session:
        assert journal.verify(session) == before


def test_the_last_use_is_not_lost_when_the_service_stops(people: People) -> None:
    with serve(people.world) as second:
        assert second.stranger.get("/capacity").status_code == 200
    lines = {line["login"]: line for line in people.department.get("/keys").json()["items"]}
    assert lines["stranger"]["last_used_at"] is not None


def test_with_public_reading_off_everybody_needs_a_key(people: People) -> None:
    with serve(people.world, public_reading=False) as closed:
        for path in ("/capacity", "/projects", "/phases/alpha-1", "/targets", "/vocabulary", "/me"):
            answer = closed.anonymous.get(path)
            assert problem(answer) == (401, "key_missing"), path
            assert answer.headers["www-authenticate"] == "Bearer"
            assert closed.stranger.get(path).status_code == 200
        assert closed.anonymous.get("/livez").status_code == 200
        assert closed.anonymous.get("/readyz").status_code == 200


def test_who_one_is_and_what_one_may_do(people: People) -> None:
    assert people.anonymous.get("/me").json() == {
        "role": "public",
        "organisation": None,
        "login": None,
        "expires_at": None,
        "may": ["summary:read"],
    }
    assert "cod:declare" in people.investor.get("/me").json()["may"]
    assert "cod:decide" not in people.investor.get("/me").json()["may"]
    assert "rule:override" not in people.evn_spc.get("/me").json()["may"]


def test_a_key_speaks_for_no_other_kind_of_organisation(people: People) -> None:
    for organisation, role in (("mekong-wind", "department"), ("mekong-wind", "evn_spc"), ("evn-spc", "department"), ("doit", "system"), ("doit", "public")):  # fmt: skip
        answer = people.department.post("/keys", {"organisation": organisation, "role": role, "login": "x"})
        assert problem(answer) == (422, "not_a_word")
        assert answer.json()["errors"][0]["field"] == "role"
    taken = {"organisation": "doit", "role": "department", "login": "investor"}
    assert problem(people.department.post("/keys", taken)) == (409, "taken")
    assert len(people.department.get("/keys").json()["items"]) == 4


def test_only_who_manages_people_sees_and_makes_keys(people: People) -> None:
    for person, expected in (
        (people.investor, (403, "not_allowed")),
        (people.evn_spc, (403, "not_allowed")),
        (people.anonymous, (401, "key_missing")),
    ):
        assert problem(person.get("/keys")) == expected
        assert problem(person.post("/keys", NEW)) == expected
        assert problem(person.post("/keys/trk_x/revocation", {})) == expected
        assert (
            problem(person.post("/organisations", {"code": "x", "kind": "investor", "name": "X"})) == expected
        )
        assert problem(person.patch("/organisations/doit", {"name": "X"})) == expected


def test_an_administrator_manages_people_and_not_megawatts(people: People) -> None:
    key = people.department.post("/keys", {"organisation": "doit", "role": "admin", "login": "admin"}).json()[
        "key"
    ]
    admin = {"X_API_Key": key}
    assert people.anonymous.post("/keys", NEW, **admin).status_code == 201
    assert people.anonymous.get("/journal", **admin).status_code == 200
    for method, path, body in (
        ("POST", "/projects", {"code": "x", "name": "X"}),
        ("POST", "/phases/alpha-1/tranches", factories.declaration()),
        ("GET", "/phases/alpha-1/tranches", None),
        ("DELETE", "/targets/377mw-2023", None),
    ):
        assert problem(people.anonymous.ask(method, path, body, **admin)) == (403, "not_allowed")


def test_a_district_authority_reads_the_public_summary(people: People) -> None:
    body = {"code": "ubnd-binh-dai", "kind": "district_authority", "name": "UBND huyện Bình Đại"}
    assert people.department.post("/organisations", body).status_code == 201
    key = {"organisation": "ubnd-binh-dai", "role": "district", "login": "binh-dai"}
    district = {"X_API_Key": people.department.post("/keys", key).json()["key"]}
    assert people.investor.post("/phases/alpha-1/tranches", factories.declaration()).status_code == 201
    assert people.anonymous.get("/capacity", **district).json()["declared_mw"] == 0
    assert people.anonymous.get("/phases/alpha-1", **district).json()["tranches"] is None
    # It may read details, and this project is none of its own.
    assert problem(people.anonymous.get("/phases/alpha-1/tranches", **district)) == (404, "not_found")


def test_a_district_authority_names_its_district(people: People) -> None:
    with people.world.database.changing(factories.stamp()) as session:
        factories.commune(session)
    body = {"code": "ubnd-binh-dai", "kind": "district_authority", "name": "UBND", "district": "binh-dai"}
    for unknown in ("nowhere", "xa-thua-duc"):
        answer = people.department.post("/organisations", body | {"district": unknown})
        assert (problem(answer), answer.json()["errors"][0]["field"]) == (
            (422, "unknown_district"),
            "district",
        )
    made = people.department.post("/organisations", body)
    assert made.json()["district"] == "binh-dai"
    assert people.anonymous.get("/organisations/ubnd-binh-dai").json() == made.json()
    changed = people.department.patch("/organisations/ubnd-binh-dai", {"district": None})
    assert changed.json()["district"] is None


def test_organisations_are_added_renamed_and_listed(people: People) -> None:
    body = {"code": "gio-moi", "kind": "investor", "name": "Gió Mới", "name_en": "New Wind"}
    made = people.department.post("/organisations", body)
    assert (made.status_code, made.headers["location"]) == (201, "/api/v1/organisations/gio-moi")
    assert problem(people.department.post("/organisations", body)) == (409, "taken")
    changed = people.department.patch(
        "/organisations/gio-moi", {"name_en": None}, If_Match=made.headers["etag"]
    )
    assert changed.json()["name_en"] is None
    stale = people.department.patch("/organisations/gio-moi", {"note": "x"}, If_Match=made.headers["etag"])
    assert problem(stale) == (412, "stale")
    codes: list[str] = []
    address: str | None = "/organisations?limit=2"
    while address is not None:
        page = people.anonymous.get(address)
        codes += [o["code"] for o in page.json()["items"]]
        address = page.links.get("next", {}).get("url")
    assert codes == ["doit", "evn-spc", "gio-moi", "mekong-wind", "other-wind"]
    assert people.anonymous.get("/organisations/gio-moi").json() == changed.json()
