"""The journal over the wire: who may read it, filters, pages, and whether its chain holds."""

from typing import Any

import httpx
import pytest
from sqlalchemy import text

from tests import factories
from tests.conftest import People


def problem(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.status_code, answer.json()["code"]


@pytest.fixture
def busy(people: People) -> People:
    """Six changes by three people after the world was made."""
    code = people.investor.post("/phases/alpha-1/tranches", factories.declaration()).json()["code"]
    people.evn_spc.post(f"/tranches/{code}/confirmation", factories.letter())
    people.department.post("/projects", {"code": "gamma", "name": "Gamma"})
    people.department.patch("/projects/gamma", {"note": "Ghi chú"})
    people.investor.put("/phases/alpha-1/turbines/T1", {"nameplate_mw": 4.2})
    people.department.delete("/projects/gamma")
    return people


def revisions(people: People, query: str = "") -> list[dict[str, Any]]:
    """Every revision, page by page."""
    gathered: list[dict[str, Any]] = []
    address: str | None = f"/journal?{query}"
    while address is not None:
        answer = people.department.get(address)
        assert answer.status_code == 200, answer.text
        gathered += answer.json()["items"]
        address = answer.links.get("next", {}).get("url")
    return gathered


def test_each_change_is_one_revision_that_says_who_when_and_what(busy: People) -> None:
    found = revisions(busy)
    assert [r["number"] for r in found] == [7, 6, 5, 4, 3, 2, 1]
    confirmed = next(r for r in found if r["facts"][0]["kind"] == "cod.confirmed")
    assert confirmed["actor"] == {"role": "evn_spc", "organisation": "evn-spc", "user": "evn_spc"}
    assert confirmed["recorded_at"].startswith("2023-02-07T02:00:")
    fact = confirmed["facts"][0]
    assert (fact["subject"], fact["code"]) == ("tranche", "alpha.1")
    assert fact["before"] == {"status": "declared", "operating_kw": 0}
    assert (fact["after"]["status"], fact["after"]["operating_kw"], fact["after"]["phase"]) == (
        "recognised",
        4200,
        "alpha-1",
    )
    assert len({r["hash"] for r in found}) == 7


def test_a_revision_carries_the_request_it_came_with(people: People) -> None:
    sent = people.investor.patch("/phases/alpha-1", {"note": "x"}, X_Request_Id="ticket-4711")
    assert sent.headers["x-request-id"] == "ticket-4711"
    assert revisions(people)[0]["request_id"] == "ticket-4711"
    for given in ("a b", "x" * 65, "ê".encode().decode("latin-1"), "<script>"):
        answer = people.investor.ask("GET", "/capacity", None, **{"X-Request-Id": given.encode("latin-1")})  # type: ignore[arg-type]
        assert answer.headers["x-request-id"] != given


def test_pages_join_to_the_whole_also_while_others_write(busy: People) -> None:
    everything = revisions(busy)
    for limit in (1, 2, 3, 7, 8):
        assert revisions(busy, f"limit={limit}") == everything
    first = busy.department.get("/journal?limit=3")
    assert busy.department.patch("/projects/alpha", {"note": "neu"}).status_code == 200
    second = busy.department.get(first.links["next"]["url"])
    assert [r["number"] for r in second.json()["items"]] == [4, 3, 2]


def test_the_journal_is_narrowed_by_subject_code_and_kind(busy: People) -> None:
    def numbers(query: str) -> list[int]:
        assert revisions(busy, query) == revisions(busy, f"{query}&limit=1")
        return [r["number"] for r in revisions(busy, query)]

    assert numbers("subject=tranche") == [3, 2]
    assert numbers("subject=project&code=gamma") == [7, 5, 4]
    assert numbers("kind=project.changed") == [5]
    assert numbers("kind=turbine.created&code=alpha-1/T1") == [6]
    assert numbers("subject=tranche&kind=project.created") == []
    assert numbers("code=%C3%B4") == []
    for query, code, field in (
        ("kind=nothing", "not_a_word", "kind"),
        ("since=2", "parameter_unknown", "since"),
        ("cursor=5", "cursor", "cursor"),
        ("limit=0", "out_of_range", "limit"),
    ):
        answer = busy.department.get(f"/journal?{query}")
        assert (problem(answer), answer.json()["errors"][0]["field"]) == ((422, code), field)


def test_a_cursor_of_another_list_is_no_place_in_the_journal(people: People) -> None:
    assert people.department.post("/projects", {"code": "gamma", "name": "Gamma"}).status_code == 201
    cursor = people.department.get("/projects?limit=1").json()["next"]
    assert problem(people.department.get(f"/journal?cursor={cursor}")) == (422, "cursor")


def test_only_those_who_may_read_the_journal(people: People) -> None:
    for path in ("/journal", "/journal/verification"):
        for person in (people.investor, people.stranger, people.evn_spc):
            assert problem(person.get(path)) == (403, "not_allowed")
        assert problem(people.anonymous.get(path)) == (401, "key_missing")
        assert people.department.get(path).status_code == 200


def test_the_chain_is_verified_and_a_touched_revision_is_named(busy: People) -> None:
    verdict = busy.department.get("/journal/verification").json()
    assert (verdict["holds"], verdict["revisions"], verdict["broken_at"]) == (True, 7, None)
    assert verdict["head_hash"] == revisions(busy)[0]["hash"]
    with busy.world.database.writer.begin() as connection:
        # What no service would ever do.
        connection.execute(text("UPDATE fact SET subject_code = 'beta.1' WHERE revision = 3"))
    # The answers kept by revision do not see behind the service's back; a further change shows it.
    assert busy.department.patch("/projects/alpha", {"note": "x"}).status_code == 200
    verdict = busy.department.get("/journal/verification").json()
    assert (verdict["holds"], verdict["broken_at"], verdict["revisions"]) == (False, 3, 2)


def test_every_code_comes_with_its_words(people: People) -> None:
    words = people.anonymous.get("/vocabulary").json()["words"]
    assert {"code": "recognised", "vi": "Đã công nhận", "en": "Recognised"} in words["TrancheStatus"]
    assert {w["code"] for w in words["Problem"]} >= {"stale", "mw_too_large"}
    for family in words.values():
        assert all(w["vi"] and w["en"] for w in family)
