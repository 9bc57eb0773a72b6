"""Bad input: each has its problem, its field and its sentence in both languages, and nothing has changed."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from app.domain.problems import Problem
from app.domain.recognition import Rule
from app.domain.words import Lang, Term
from tests import factories
from tests.conftest import People, Person

DECLARE = "/phases/alpha-1/tranches"
JSON = {"Content_Type": "application/json"}
GOOD = '"capacity_mw": 4.2, "effective_on": "2022-05-01"'


def word(code: str) -> Term:
    return Problem(code) if code in set(Problem) else Rule(code)


def standing(people: People) -> tuple[Any, ...]:
    """What must not move: the journal's head with its hash, every total, and the ledger of the phase."""
    department = people.department
    journal = department.get("/journal?limit=1").json()["items"]
    return (
        journal,
        department.get("/capacity?by=phase").json(),
        department.get("/phases/alpha-1/entries").json(),
    )


def refused(
    person: Person,
    method: str,
    path: str,
    body: Any,
    code: str,
    field: str | None,
    status: int = 422,
    **headers: str,
) -> httpx.Response:
    """Asks in both languages and checks the whole problem; gives the last answer."""
    for lang in Lang:
        answer = person.ask(method, path, body, Accept_Language=lang.value, **headers)
        assert answer.status_code == status, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        said = answer.json()
        assert (said["code"], said["status"]) == (code, status)
        assert said["type"] == f"urn:tracker:problem:{code}"
        assert said["title"] == word(code).label(lang)
        assert said["request_id"] == answer.headers["x-request-id"]
        if field is not None:
            named = [e for e in said["errors"] if e["field"] == field]
            assert named, said
            assert (named[0]["code"], named[0]["message"]) == (code, word(code).label(lang))
    return answer


def test_a_capacity_that_is_no_mw_is_refused(people: People, subtests: pytest.Subtests) -> None:
    before = standing(people)
    for mw, code in [
        ("-4.2", "mw_not_positive"),
        ("0", "mw_not_positive"),
        ("-0.0", "mw_not_positive"),
        ("1e-400", "mw_not_positive"),
        ("29400", "mw_too_large"),
        ("9" * 300, "mw_too_large"),
        ("4.2001", "mw_too_fine"),
        ('"377,0"', "not_a_number"),
        ('"4.2"', "not_a_number"),
        ("true", "not_a_number"),
        ("null", "not_a_number"),
        ("[4.2]", "not_a_number"),
        ("NaN", "not_a_number"),
        ("Infinity", "not_a_number"),
        ("-Infinity", "not_a_number"),
        ("1e400", "not_a_number"),
    ]:
        with subtests.test(mw=mw[:40]):
            body = f'{{"capacity_mw": {mw}, "effective_on": "2022-05-01"}}'.encode()
            refused(people.investor, "POST", DECLARE, body, code, "capacity_mw", **JSON)
    assert standing(people) == before


def test_a_day_that_is_no_past_year_month_day_is_refused(people: People, subtests: pytest.Subtests) -> None:
    before = standing(people)
    for day, code in [
        ('"2023-02-08"', "date_in_future"),
        ('"31/12/2022"', "not_a_date"),
        ('"12/31/2022"', "not_a_date"),
        ('"31-12-2022"', "not_a_date"),
        ('"2022-13-01"', "not_a_date"),
        ('"2022-02-30"', "not_a_date"),
        ('"2022-W01-1"', "not_a_date"),
        ('"20220501"', "not_a_date"),
        ("20220501", "not_a_date"),
        ("1651363200", "not_a_date"),
        ('"2022-05-01T00:00:00Z"', "not_a_date"),
        ('"0000-01-01"', "not_a_date"),
        ('""', "not_a_date"),
        ("null", "not_a_date"),
        ('"0202-05-01"', "out_of_range"),
        ('"9999-12-31"', "out_of_range"),
    ]:
        with subtests.test(day=day):
            body = f'{{"capacity_mw": 4.2, "effective_on": {day}}}'.encode()
            refused(people.investor, "POST", DECLARE, body, code, "effective_on", **JSON)
    assert standing(people) == before


def test_a_field_that_does_not_fit_is_refused(people: People, subtests: pytest.Subtests) -> None:
    before = standing(people)
    for name, value, code, field in [
        ("mw", "1", "field_unknown", "mw"),
        ("status", '"confirmed"', "field_unknown", "status"),
        ("kind", '"confirmed"', "field_unknown", "kind"),
        ("note", '""', "text_length", "note"),
        ("note", '"   "', "text_length", "note"),
        ("note", json.dumps("ô" * 2001), "text_length", "note"),
        ("note", "5", "not_text", "note"),
        ("note", '"a\\u0000b"', "not_text", "note"),
        ("note", '"a\\u001fb"', "not_text", "note"),
        ("note", '"a\\ud800b"', "not_text", "note"),
        ("letter_number", '"12\\u0000/EPTC"', "not_text", "letter_number"),
        ("turbines", '["T\\u00001"]', "not_text", "turbines"),
        ("turbines", '["\\udc00"]', "not_text", "turbines.0"),
        ("turbines", '"T1"', "not_a_list", "turbines"),
        ("turbines", json.dumps(["T1"] * 201), "too_many", "turbines"),
        ("turbines", json.dumps(["x" * 30] * 100), "too_many", "turbines"),
        ("turbines", '["T9"]', "unknown_turbine", "turbines"),
        ("price_regime", '"cheap"', "not_a_word", "price_regime"),
        ("is_illustrative", '"maybe"', "not_true_or_false", "is_illustrative"),
        ("letter_on", '"2023-02-08"', "date_in_future", "letter_on"),
    ]:
        with subtests.test(name=name, code=code):
            body = f'{{{GOOD}, "{name}": {value}}}'.encode()
            refused(people.investor, "POST", DECLARE, body, code, field, **JSON)
    assert standing(people) == before


def test_a_body_that_is_no_json_object_is_refused(people: People, subtests: pytest.Subtests) -> None:
    before = standing(people)
    for body in [
        b"hello",
        b"{" + GOOD.encode(),
        b"[]",
        b'"text"',
        b"null",
        b"4",
        b"{" + GOOD.encode() + b', "note": "\xff\xfe"}',
        b"{" + GOOD.encode() + b', "note": "\xc3"}',
        b"{" + GOOD.encode() + b', "note": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b"[" * 900_000,
        b'{"capacity_mw": ' + b"1" * 5_000 + b', "effective_on": "2022-05-01"}',
    ]:
        with subtests.test(body=str(body)[:40]):
            refused(people.investor, "POST", DECLARE, body, "body_not_json", None, **JSON)
    assert standing(people) == before


def test_a_body_of_another_content_type_is_refused(people: People, subtests: pytest.Subtests) -> None:
    before = standing(people)
    for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]:
        with subtests.test(kind=kind):
            body = b"{" + GOOD.encode() + b"}"
            refused(people.investor, "POST", DECLARE, body, "media_type", None, 415, Content_Type=kind)
    assert standing(people) == before


def test_a_body_of_fifty_megabytes_is_refused_by_its_stated_length(people: People) -> None:
    before = standing(people)
    body = b'{"note": "' + b"x" * 50_000_000 + b'"}'
    refused(people.investor, "POST", DECLARE, body, "body_too_large", None, 413, **JSON)
    refused(people.anonymous, "POST", DECLARE, body, "body_too_large", None, 413, **JSON)
    assert standing(people) == before


def test_a_streamed_body_of_fifty_megabytes_is_refused_while_it_comes(people: People) -> None:
    before = standing(people)
    sent = 0

    async def pieces() -> AsyncIterator[bytes]:
        nonlocal sent
        yield b'{"note": "'
        for _ in range(50):
            sent += 1_000_000
            yield b"x" * 1_000_000

    person = people.investor
    for lang in Lang:
        sent = 0
        headers = {
            "Authorization": f"Bearer {person.key}",
            "Content-Type": "application/json",
            "Accept-Language": lang.value,
        }
        request = person.client.build_request("POST", f"/api/v1{DECLARE}", headers=headers, content=pieces())
        assert "content-length" not in request.headers
        answer = person.run(person.client.send(request))
        assert answer.status_code == 413
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["code"] == "body_too_large"
        assert answer.json()["title"] == Problem.BODY_TOO_LARGE.label(lang)
        assert sent < 4_000_000
    assert standing(people) == before


def test_a_query_that_does_not_fit_is_refused(people: People, subtests: pytest.Subtests) -> None:
    for query, code, field in [
        ("colour=blue", "parameter_unknown", "colour"),
        ("asof=2023-02-07", "parameter_unknown", "asof"),
        ("as_of=31/12/2023", "not_a_date", "as_of"),
        ("as_of=12/31/2023", "not_a_date", "as_of"),
        ("as_of=", "not_a_date", "as_of"),
        ("known_at=yesterday", "not_an_instant", "known_at"),
        ("known_at=2023-02-07T10:00:00", "not_an_instant", "known_at"),
        ("known_at=0001-01-01T00:00:00%2B14:00", "not_an_instant", "known_at"),
        ("known_at=9999-12-31T23:59:59-12:00", "not_an_instant", "known_at"),
        ("by=province", "not_a_word", "by"),
        ("illustrative=maybe", "not_true_or_false", "illustrative"),
        ("limit=0", "out_of_range", "limit"),
        ("limit=501", "out_of_range", "limit"),
        ("limit=ten", "not_a_whole_number", "limit"),
        ("cursor=abc.def", "cursor", "cursor"),
        ("cursor=%C3%B4.%C3%B4", "cursor", "cursor"),
        ("target=%00", "not_text", "target"),
    ]:
        with subtests.test(query=query):
            refused(people.anonymous, "GET", f"/capacity?{query}", None, code, field)


def test_an_unknown_parameter_is_refused_on_a_change_too(people: People) -> None:
    before = standing(people)
    body = factories.declaration()
    refused(people.investor, "POST", f"{DECLARE}?dry_run=true", body, "parameter_unknown", "dry_run")
    assert standing(people) == before


def test_a_language_we_do_not_speak_is_refused(people: People) -> None:
    answer = people.anonymous.get("/capacity?lang=fr")
    assert (answer.status_code, answer.json()["code"]) == (422, "not_a_word")


def test_a_turbine_in_two_tranches_is_refused(people: People) -> None:
    with people.world.database.changing(factories.stamp()) as session:
        factories.turbines(session)
    first = people.investor.post(DECLARE, factories.declaration(8.4, turbines=["T1", "T2"]))
    assert first.status_code == 201
    before = standing(people)
    again = factories.declaration(8.4, turbines=["T2", "T3"])
    answer = refused(people.investor, "POST", DECLARE, again, "turbine_twice", "turbines")
    assert answer.json()["errors"][0]["rule"] == "R08"
    assert answer.json()["errors"][0]["details"] == {"turbine": "T2", "tranche": first.json()["code"]}
    twice = factories.declaration(8.4, turbines=["T4", "T4"])
    refused(people.investor, "POST", DECLARE, twice, "turbine_twice", "turbines")
    assert standing(people) == before


def test_a_cod_above_what_is_installed_is_refused(people: People) -> None:
    with people.world.database.changing(factories.stamp()) as session:
        factories.measure(session, "installed", 8.4, "2022-04-01")
    before = standing(people)
    answer = refused(
        people.investor, "POST", DECLARE, factories.declaration(12.6), "cod_above_installed", "capacity_mw"
    )
    assert answer.json()["errors"][0]["rule"] == "R01"
    early = factories.declaration(4.2, "2022-03-31")
    refused(people.investor, "POST", DECLARE, early, "cod_above_installed", "capacity_mw")
    assert standing(people) == before


def test_another_investors_phase_is_not_there(people: People) -> None:
    before = standing(people)
    body = factories.declaration()
    theirs = refused(people.stranger, "POST", DECLARE, body, "not_found", None, 404).json()
    nowhere = refused(
        people.stranger, "POST", "/phases/nowhere/tranches", body, "not_found", None, 404
    ).json()
    assert {**theirs, "request_id": ""} == {**nowhere, "request_id": ""}
    refused(people.stranger, "PATCH", "/phases/alpha-1", {"note": "mine"}, "not_found", None, 404)
    refused(people.stranger, "GET", "/phases/alpha-1/entries", None, "not_found", None, 404)
    assert standing(people) == before


def test_an_idempotency_key_with_another_body_is_refused(people: People) -> None:
    first = people.investor.post(DECLARE, factories.declaration(4.2), Idempotency_Key="k-1")
    assert first.status_code == 201
    before = standing(people)
    other = factories.declaration(8.4)
    refused(
        people.investor,
        "POST",
        DECLARE,
        other,
        "idempotency_key_reused",
        "Idempotency-Key",
        Idempotency_Key="k-1",
    )
    other_place = "/phases/alpha-1/entries"
    same = factories.declaration(4.2)
    refused(
        people.investor, "POST", other_place, same | {"measure": "installed"}, "idempotency_key_reused",
        "Idempotency-Key", Idempotency_Key="k-1",
    )  # fmt: skip
    refused(
        people.investor,
        "POST",
        DECLARE,
        same,
        "idempotency_key_form",
        "Idempotency-Key",
        Idempotency_Key="x" * 101,
    )
    assert standing(people) == before


def test_a_stale_if_match_is_refused(people: People, subtests: pytest.Subtests) -> None:
    read = people.investor.get("/phases/alpha-1").headers["etag"]
    assert people.investor.patch("/phases/alpha-1", {"note": "one"}, If_Match=read).status_code == 200
    before = standing(people)
    for given in [
        read,
        f"W/{read}",
        '"r1-0123456789abcdef"',
        '"r999999-0123456789abcdef"',
        '"x"',
        "nonsense",
        '"r' + "9" * 5000 + '-a"',
        '"r\xb2-a"',
    ]:
        with subtests.test(given=given[:40]):
            # As bytes: a header may hold any octet.
            sent: dict[str, Any] = {"If_Match": given.encode("latin-1")}
            refused(people.investor, "PATCH", "/phases/alpha-1", {"note": "two"}, "stale", None, 412, **sent)
    assert standing(people) == before


def test_a_project_that_does_not_fit_is_refused(people: People, subtests: pytest.Subtests) -> None:
    before = standing(people)
    for change, code, field in [
        ({"code": "Gamma"}, "code_form", "code"),
        ({"code": "gam ma"}, "code_form", "code"),
        ({"code": "gam--ma"}, "code_form", "code"),
        ({"code": "bình-đại"}, "code_form", "code"),
        ({"code": "../alpha"}, "code_form", "code"),
        ({"code": ""}, "text_length", "code"),
        ({"code": "x" * 61}, "text_length", "code"),
        ({"code": 7}, "not_text", "code"),
        ({"name": ""}, "text_length", "name"),
        ({"name": " \t "}, "text_length", "name"),
        ({"name": "x" * 201}, "text_length", "name"),
        ({"name": "a\0b"}, "not_text", "name"),
        ({"name": None}, "not_text", "name"),
        ({"aliases": ["a\0"]}, "not_text", "aliases"),
        ({"aliases": ["a"] * 16}, "too_many", "aliases"),
        ({"investor": "nobody"}, "unknown_organisation", "investor"),
        ({"district": "nowhere"}, "unknown_district", "district"),
        ({"sources": ["S0"]}, "unknown_source", "sources"),
        ({"sources": ["S 0"]}, "code_form", "sources.0"),
        ({"stage": "finished"}, "not_a_word", "stage"),
        ({"in_totals": None}, "not_true_or_false", "in_totals"),
    ]:
        with subtests.test(change=str(change)[:60]):
            body = {"code": "gamma", "name": "Dự án gamma", **change}
            refused(people.department, "POST", "/projects", body, code, field)
    assert standing(people) == before


def test_a_name_with_a_comma_comes_back_as_it_went_in(people: People) -> None:
    aliases = ["NMĐG số 5, Tân Hoàn Cầu", "y" * 120]
    assert people.department.patch("/projects/alpha", {"aliases": aliases}).json()["aliases"] == aliases
    longest = ["ế" * 120] * 15
    assert people.department.patch("/projects/alpha", {"aliases": longest}).json()["aliases"] == longest


def test_a_turbine_that_does_not_fit_is_refused(people: People, subtests: pytest.Subtests) -> None:
    before = standing(people)
    for number, body, code, field in [
        ("a%20b", {}, "code_form", "number"),
        ("a,b", {}, "code_form", "number"),
        ("x" * 31, {}, "text_length", "number"),
        ("T1", {"nameplate_mw": 4200}, "turbine_size", "nameplate_mw"),
        ("T1", {"nameplate_mw": 0.42}, "turbine_size", "nameplate_mw"),
        ("T1", {"latitude": 91}, "out_of_range", "latitude"),
        ("T1", {"tested_on": "2023-02-08"}, "date_in_future", "tested_on"),
    ]:
        with subtests.test(number=number):
            refused(people.investor, "PUT", f"/phases/alpha-1/turbines/{number}", body, code, field)
    assert standing(people) == before


def test_an_address_that_no_database_could_hold_is_not_there(
    people: People, subtests: pytest.Subtests
) -> None:
    for path in [
        "/phases/%00",
        "/projects/%00",
        "/tranches/%00",
        "/targets/%00",
        "/organisations/%00",
        "/projects/%FF",
    ]:
        with subtests.test(path=path):
            refused(people.department, "GET", path, None, "not_found", None, 404)


def test_a_wrong_method_and_a_wrong_address_are_problems_in_the_callers_language(people: People) -> None:
    refused(people.anonymous, "DELETE", "/capacity", None, "method_not_allowed", None, 405)
    refused(people.anonymous, "GET", "/nowhere", None, "not_found", None, 404)


def test_every_wrong_field_is_named_at_once(people: People) -> None:
    body = {"capacity_mw": -1, "effective_on": "31/12/2022", "mw": 1}
    said = people.investor.post(DECLARE, body).json()
    assert said["code"] == "shape"
    assert {e["field"]: e["code"] for e in said["errors"]} == {
        "capacity_mw": "mw_not_positive",
        "effective_on": "not_a_date",
        "mw": "field_unknown",
    }


SECRET = "bi-mat-0912345678"


def test_a_problem_never_repeats_what_was_sent(people: People, subtests: pytest.Subtests) -> None:
    for person, method, path, body in [
        (
            "investor",
            "POST",
            DECLARE,
            {"capacity_mw": SECRET, "effective_on": SECRET, "price_regime": SECRET},
        ),
        ("investor", "POST", DECLARE, {"capacity_mw": -1, "effective_on": "2022-05-01", "note": SECRET}),
        ("investor", "POST", DECLARE, f'{{"capacity_mw": 4.2, "note": "{SECRET}'.encode()),
        ("investor", "POST", DECLARE, {**factories.declaration(), "note": SECRET * 200}),
        ("investor", "PATCH", "/phases/alpha-1", {"note": SECRET, "name": ""}),
        ("department", "POST", "/projects", {"code": f"{SECRET}!", "name": SECRET, "investor": SECRET}),
        ("department", "POST", "/projects", {"code": "gamma", "name": SECRET, "investor": SECRET}),
        ("department", "POST", "/keys", {"organisation": SECRET, "role": "investor", "login": SECRET}),
        ("department", "POST", "/keys", {"organisation": "doit", "role": SECRET, "login": SECRET}),
        ("department", "GET", f"/projects/{SECRET}", None),
        ("department", "GET", f"/tranches/{SECRET}", None),
        ("department", "GET", f"/capacity?cursor={SECRET}&as_of={SECRET}&target={SECRET}", None),
        ("anonymous", "GET", f"/capacity?target={SECRET}", None),
    ]:
        with subtests.test(path=path):
            answer = getattr(people, person).ask(
                method, path, body, **(JSON if isinstance(body, bytes) else {})
            )
            assert answer.status_code in (404, 422)
            assert SECRET not in answer.text


def test_a_problem_stays_small_however_much_is_wrong(people: People) -> None:
    body = factories.declaration() | {f"{'x' * 300}{n}": 1 for n in range(3_000)}
    answer = people.investor.post(DECLARE, body)
    assert answer.status_code == 422
    assert len(answer.content) < 50_000
