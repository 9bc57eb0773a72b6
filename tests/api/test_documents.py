"""Documents: who adds, sees and changes them, when they expire, and their files from the wire to the disk and back."""

import hashlib
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import httpx
import pytest

from app.domain.access import Actor
from app.domain.vocabulary import SubjectKind
from app.queries import subjects
from app.services import journal
from app.tables.milestones import Milestone
from app.tables.works import Connection, GridWork
from tests import factories
from tests.conftest import TODAY, People, Person, serve

LETTER = {
    "subject": "phase",
    "subject_code": "alpha-1",
    "number": "123/EPTC-KD",
    "kind": "letter",
    "issuer": "EVN",
    "issued_on": "2022-05-10",
}
PDF_TYPE = {"Content_Type": "application/pdf"}
PDF = b"%PDF-1.7\n" + b"giay phep " * 1_000
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)) * 8
EXECUTABLE = b"MZ\x90\x00" + b"\0" * 60


def problem(answer: httpx.Response) -> tuple[int, str, str | None]:
    """Status, code, and the first field that is named."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    said = answer.json()
    fields = said.get("errors") or [{}]
    return answer.status_code, said["code"], fields[0].get("field")


def made(person: Person, **more: Any) -> dict[str, Any]:
    answer = person.post("/documents", LETTER | more)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def filed(
    person: Person, document: int, content: bytes = PDF, query: str = "", **headers: str
) -> httpx.Response:
    return person.put(f"/documents/{document}/file{query}", content, **(PDF_TYPE | headers))


def on_disk(people: People) -> list[Path]:
    """Every file in the data folder, also what is still coming in."""
    folder: Path = people.app.state.tracker.settings.files_folder
    return sorted(path for path in folder.rglob("*") if path.is_file())


def head(people: People) -> int:
    found: int = people.department.get("/journal?limit=1").json()["items"][0]["number"]
    return found


def milestone(
    world: factories.World, code: str = "W-D2", instance: int = 1, kind: str = "phase", of: str = "alpha-1"
) -> int:
    """A milestone of a subject, without a template."""
    with world.database.changing(factories.stamp()) as session:
        holder = subjects.one(session, world.department, SubjectKind(kind), of)
        revision = journal.number(session, world.department)
        row = Milestone(
            **{"subject": holder.kind, "subject_id": holder.id, "project_id": holder.project_id},
            **{"code": code, "instance": instance, "template_version": 1},
            **{"created_in": revision, "revision": revision},
        )
        session.add(row)
        session.flush()
        assert row.id is not None
        return row.id


def work(world: factories.World, owner: Actor, code: str = "line-1", phase: str | None = None) -> None:
    """A grid work of an organisation, needed by a phase where one is given."""
    with world.database.changing(factories.stamp()) as session:
        revision = journal.number(session, world.department)
        row = GridWork(
            **{"code": code, "kind": "line", "name": "Đường dây", "owner_id": owner.organisation_id},
            **{"created_in": revision, "revision": revision},
        )
        session.add(row)
        session.flush()
        if phase is not None:
            needs = subjects.one(session, world.department, SubjectKind.PHASE, phase)
            session.add(
                Connection(phase_id=needs.id, work_id=row.id, kind="point_of_connection", created_in=revision)
            )


def test_the_whole_life_of_a_document(people: People) -> None:
    investor = people.investor
    milestone(people.world, "W-D2", 2)
    answer = investor.post(
        "/documents",
        {
            **LETTER,
            "title": "Giấy phép",
            "valid_until": "2023-03-09",
            "milestone": "W-D2.2",
            "note": "Bản sao",
        },
    )
    assert answer.status_code == 201
    document = answer.json()
    address = f"/api/v1/documents/{document['id']}"
    assert answer.headers["location"] == address
    assert document == {
        **LETTER,
        "id": document["id"],
        "title": "Giấy phép",
        "effective_on": None,
        "valid_until": "2023-03-09",
        "expiry": "within_30",
        "days_left": 30,
        "subject_name": "Giai đoạn alpha-1",
        "milestone": "W-D2.2",
        "organisation": "mekong-wind",
        "file": None,
        "note": "Bản sao",
        "revision": head(people),
    }
    read = investor.get(address)
    assert (read.json(), read.headers["etag"]) == (document, answer.headers["etag"])
    changed = investor.patch(
        address,
        {"valid_until": "2023-02-06", "note": None, "milestone": None},
        If_Match=read.headers["etag"],
    )
    assert {k: changed.json()[k] for k in ("expiry", "days_left", "note", "milestone", "title")} == {
        "expiry": "expired",
        "days_left": -1,
        "note": None,
        "milestone": None,
        "title": "Giấy phép",
    }
    sent = filed(investor, document["id"], query="?filename=" + quote("giấy phép.pdf"))
    assert sent.json()["file"] == {
        "name": "giấy phép.pdf",
        "type": "application/pdf",
        "size_bytes": len(PDF),
        "sha256": hashlib.sha256(PDF).hexdigest(),
    }
    for person in (investor, people.department, people.evn_spc):
        assert person.get(address).json() == sent.json()
        assert person.get(f"{address}/file").content == PDF
    facts = people.department.get(f"/journal?subject=document&code={document['id']}").json()["items"]
    said = [f["facts"][0] for f in facts]
    assert [f["kind"] for f in said] == ["document.filed", "document.changed", "document.added"]
    assert said[2]["after"] == {
        **LETTER,
        "title": "Giấy phép",
        "valid_until": "2023-03-09",
        "milestone": "W-D2.2",
        "organisation": "mekong-wind",
        "note": "Bản sao",
    }
    assert said[1]["before"] == {"valid_until": "2023-03-09", "note": "Bản sao", "milestone": "W-D2.2"}
    assert said[1]["after"] == {"valid_until": "2023-02-06", "note": None, "milestone": None}
    assert said[0]["after"]["file_sha256"] == hashlib.sha256(PDF).hexdigest()
    assert people.department.get("/journal/verification").json()["holds"]


def test_to_another_investor_neither_document_nor_file_is_there(people: People) -> None:
    document = made(people.investor)["id"]
    assert filed(people.investor, document).status_code == 200
    before = head(people), on_disk(people)
    for person, expected in ((people.stranger, (404, "not_found")), (people.anonymous, (401, "key_missing"))):
        for answer in (
            person.get(f"/documents/{document}"),
            person.get(f"/documents/{document}/file"),
            person.get(f"/documents/{document}/file", If_None_Match=f'"{hashlib.sha256(PDF).hexdigest()}"'),
            person.patch(f"/documents/{document}", {"note": "x"}),
            filed(person, document, PNG),
        ):
            assert problem(answer)[:2] == expected
    assert people.stranger.get("/documents").json() == {"items": [], "next": None}
    assert problem(people.anonymous.get("/documents"))[:2] == (401, "key_missing")
    assert problem(people.stranger.get("/documents?subject=phase&subject_code=alpha-1"))[0] == 404
    # What is not seen and what is not there read the same.
    hidden, absent = (people.stranger.get(f"/documents/{n}").json() for n in (document, 9_999))
    assert {**hidden, "request_id": ""} == {**absent, "request_id": ""}
    assert (head(people), on_disk(people)) == before


def test_whoever_confirms_attaches_its_letter_and_nobody_else_changes_it(people: People) -> None:
    letter = made(people.evn_spc, number="9/SPC")
    assert letter["organisation"] == "evn-spc"
    assert made(people.department, number="10/SCT")["organisation"] == "doit"
    assert people.investor.get(f"/documents/{letter['id']}").json() == letter
    own = made(people.investor, number="11/CĐT")
    for person, document in ((people.investor, letter["id"]), (people.evn_spc, own["id"])):
        assert problem(person.patch(f"/documents/{document}", {"note": "x"}))[:2] == (403, "not_allowed")
        assert problem(filed(person, document))[:2] == (403, "not_allowed")
    assert on_disk(people) == []
    assert filed(people.evn_spc, letter["id"]).status_code == 200
    assert people.department.patch(f"/documents/{own['id']}", {"note": "Sở ghi"}).status_code == 200


def test_a_grid_works_document_is_seen_by_those_it_holds_back_and_added_by_its_owner(people: People) -> None:
    work(people.world, people.world.evn_spc, phase="alpha-1")
    line = {"subject": "grid_work", "subject_code": "line-1"}
    document = made(people.evn_spc, **line)
    assert people.investor.get(f"/documents/{document['id']}").json() == document
    assert [d["id"] for d in people.investor.get("/documents").json()["items"]] == [document["id"]]
    assert problem(people.investor.post("/documents", LETTER | line | {"number": "2"}))[:2] == (
        403,
        "not_allowed",
    )
    assert problem(people.stranger.get(f"/documents/{document['id']}"))[0] == 404
    assert people.stranger.get("/documents").json()["items"] == []
    assert problem(people.stranger.post("/documents", LETTER | line | {"number": "2"}))[0] == 404


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"issued_on": "2023-02-30"}, (422, "not_a_date", "issued_on")),
        ({"issued_on": "30/02/2023"}, (422, "not_a_date", "issued_on")),
        ({"issued_on": "2023-02-08"}, (422, "date_in_future", "issued_on")),
        ({"issued_on": None}, (422, "not_a_date", "issued_on")),
        ({"valid_until": "2022-05-09"}, (422, "day_before_issue", "valid_until")),
        ({"effective_on": "2022-05-09"}, (422, "day_before_issue", "effective_on")),
        (
            {"effective_on": "2023-01-02", "valid_until": "2023-01-01"},
            (422, "day_before_effect", "valid_until"),
        ),
        ({"kind": "rumour"}, (422, "not_a_word", "kind")),
        ({"number": "  "}, (422, "text_length", "number")),
        ({"issuer": "x" * 201}, (422, "text_length", "issuer")),
        ({"title": "a\u0000b"}, (422, "not_text", "title")),
        ({"colour": "blue"}, (422, "field_unknown", "colour")),
        ({"subject": "household"}, (422, "not_a_word", "subject")),
        ({"subject_code": "nowhere"}, (404, "not_found", None)),
        ({"subject": "clearance"}, (404, "not_found", None)),
        ({"milestone": "W-D2"}, (422, "unknown_milestone", "milestone")),
        ({"milestone": "W-E5.2"}, (422, "unknown_milestone", "milestone")),
        ({"milestone": "W-E5.1"}, (422, "unknown_milestone", "milestone")),
        ({"milestone": "the licence"}, (422, "code_form", "milestone")),
    ],
    ids=str,
)
def test_a_document_that_does_not_fit_is_refused_and_nothing_changes(
    people: People, change: dict[str, Any], expected: tuple[int, str, str | None]
) -> None:
    # W-D2 is a milestone of the project here, and of no other subject.
    milestone(people.world, "W-D2", kind="project", of="alpha")
    milestone(people.world, "W-E5")
    kept = made(people.investor, number="1", milestone="W-E5")
    before = head(people)
    assert problem(people.investor.post("/documents", LETTER | change)) == expected
    if not {"subject", "subject_code"} & set(change):
        answer = people.investor.patch(f"/documents/{kept['id']}", change)
        assert problem(answer)[0] == 422
        assert problem(answer)[2] == expected[2]
    assert head(people) == before
    assert people.investor.get(f"/documents/{kept['id']}").json() == kept


def test_a_subject_is_not_changed_and_what_must_stand_is_not_emptied(people: People) -> None:
    address = f"/documents/{made(people.investor)['id']}"
    for name in ("subject", "subject_code"):
        assert problem(people.investor.patch(address, {name: "phase"})) == (422, "field_unknown", name)
    for name in ("number", "kind", "issuer", "issued_on"):
        assert problem(people.investor.patch(address, {name: None})) == (422, "field_missing", name)


def test_one_document_stands_once_on_a_subject(people: People) -> None:
    first = made(people.investor)
    assert problem(people.investor.post("/documents", LETTER | {"title": "Lại"})) == (409, "taken", "number")
    made(people.investor, subject="project", subject_code="alpha")
    made(people.investor, issuer="EVN SPC")
    made(people.investor, issued_on="2022-05-11")
    other = made(people.investor, number="124/EPTC-KD")
    address = f"/documents/{other['id']}"
    assert problem(people.investor.patch(address, {"number": LETTER["number"]})) == (409, "taken", "number")
    own = people.investor.patch(f"/documents/{first['id']}", {"number": LETTER["number"], "note": "x"})
    assert own.status_code == 200


def test_a_stale_document_is_not_changed_and_takes_no_file(people: People) -> None:
    document = made(people.investor)["id"]
    address = f"/documents/{document}"
    etag = people.investor.get(address).headers["etag"]
    assert people.department.patch(address, {"note": "a"}).status_code == 200
    assert problem(people.investor.patch(address, {"note": "b"}, If_Match=etag))[:2] == (412, "stale")
    assert problem(filed(people.investor, document, If_Match=etag))[:2] == (412, "stale")
    assert on_disk(people) == []
    etag = people.investor.get(address).headers["etag"]
    # What happens elsewhere in the project does not make it stale.
    assert people.investor.patch("/phases/alpha-1", {"note": "c"}).status_code == 200
    sent = filed(people.investor, document, If_Match=etag)
    assert sent.status_code == 200
    assert people.investor.patch(address, {"note": "d"}, If_Match=sent.headers["etag"]).status_code == 200


def test_a_change_that_changes_nothing_states_nothing(people: People) -> None:
    document = made(people.investor, note="a")["id"]
    assert filed(people.investor, document, query="?filename=a.pdf").status_code == 200
    before = head(people)
    assert (
        people.investor.patch(f"/documents/{document}", {"note": "a", "milestone": None}).status_code == 200
    )
    assert filed(people.investor, document, query="?filename=a.pdf").status_code == 200
    assert head(people) == before


def test_what_expires_within_30_60_or_90_days_is_a_list_by_day(people: People) -> None:
    days = {-1: "expired", 0: "within_30", 30: "within_30", 31: "within_60", 60: "within_60", 61: "within_90", 90: "within_90", 91: "later"}  # fmt: skip
    for left in sorted(days, key=lambda n: n * n % 7):
        end = str(TODAY + timedelta(days=left))
        assert made(people.investor, number=f"n{left}", valid_until=end)["expiry"] == days[left]
    assert made(people.investor, number="none")["expiry"] == "none"

    def numbers(query: str) -> list[str]:
        return [d["number"] for d in people.investor.get(f"/documents?{query}").json()["items"]]

    assert numbers("expiring_within=30") == ["n0", "n30"]
    assert numbers("expiring_within=60") == ["n0", "n30", "n31", "n60"]
    assert numbers("expiring_within=90") == ["n0", "n30", "n31", "n60", "n61", "n90"]
    assert numbers("expiring_within=91&kind=letter") == ["n0", "n30", "n31", "n60", "n61", "n90", "n91"]
    assert numbers("expiring_within=90&kind=licence") == []
    assert numbers("expired=true") == ["n-1"]
    assert set(numbers("expired=false")) == {f"n{n}" for n in days if n >= 0} | {"none"}
    assert len(numbers("limit=500")) == 9
    for within in ("0", "367", "x"):
        answer = people.investor.get(f"/documents?expiring_within={within}")
        assert problem(answer)[0::2] == (422, "expiring_within")


def test_lists_are_narrowed_and_come_in_pages(people: People) -> None:
    milestone(people.world, "W-D2")
    milestone(people.world, "W-D2", 2)
    ids = [
        made(people.investor, number=str(n), valid_until=f"2023-03-0{1 + n // 2}", **more)["id"]
        for n, more in enumerate(
            ({"milestone": "W-D2"}, {"milestone": "w-d2.2"}, {"kind": "licence"}, {"subject": "project", "subject_code": "alpha"})
        )
    ]  # fmt: skip

    def found(query: str, limit: int = 3) -> list[int]:
        seen, address = [], f"/documents?{query}&limit={limit}"
        while address:
            answer = people.investor.get(address)
            assert answer.status_code == 200, answer.text
            assert len(answer.json()["items"]) <= limit
            seen += [d["id"] for d in answer.json()["items"]]
            address = answer.links["next"]["url"] if answer.json()["next"] else ""
        return seen

    for limit in (1, 2, 3, 4, 5):
        assert found("", limit) == ids[::-1]
        assert found("expiring_within=90", limit) == ids
    for query, expected in (
        ("milestone=W-D2", [ids[0]]),
        ("milestone=W-D2.2", [ids[1]]),
        ("kind=licence", [ids[2]]),
        ("subject=project", [ids[3]]),
        ("subject=phase&subject_code=alpha-1", ids[2::-1]),
        ("subject=phase&subject_code=alpha-1&milestone=W-D2.2&kind=letter", [ids[1]]),
        ("subject=project&subject_code=alpha&milestone=W-D2", []),
    ):
        assert found(query) == expected, query
    cursor = people.investor.get("/documents?limit=1").json()["next"]
    answer = people.investor.get(f"/documents?limit=1&expired=true&cursor={cursor}")
    assert problem(answer) == (422, "cursor", "cursor")
    assert problem(people.investor.get("/documents?subject_code=alpha-1")) == (
        422,
        "field_missing",
        "subject",
    )


def test_a_file_comes_back_as_it_was_sent_and_says_how_to_save_it(people: People) -> None:
    document = made(people.investor, number="123/QĐ-UBND")["id"]
    address = f"/documents/{document}/file"
    assert problem(people.investor.get(address))[:2] == (404, "not_found")
    name = 'Giấy phép "số 1" — Đợt 2.pdf'
    assert filed(people.investor, document, query=f"?filename={quote(name)}").status_code == 200
    answer = people.investor.get(address)
    assert (answer.status_code, answer.content) == (200, PDF)
    digest = hashlib.sha256(PDF).hexdigest()
    expected = {
        "content-type": "application/pdf",
        "content-length": str(len(PDF)),
        "etag": f'"{digest}"',
        "x-content-type-options": "nosniff",
        "cache-control": "private, no-cache",
    }
    assert {k: answer.headers[k] for k in expected} == expected
    plain, encoded = answer.headers["content-disposition"].split("; ")[1:]
    assert plain == 'filename="Giay phep -so 1- _ Dot 2.pdf"'
    assert unquote(encoded.removeprefix("filename*=UTF-8''")) == "Giấy phép -số 1- — Đợt 2.pdf"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    held = people.investor.get(address, If_None_Match=f'"{digest}"')
    assert (held.status_code, held.content, held.headers["etag"]) == (304, b"", f'"{digest}"')
    assert people.investor.get(address, If_None_Match='"0"').status_code == 200
    # Without a name of its own it is called by the document's number.
    assert filed(people.investor, document, JPEG, Content_Type="image/jpeg").status_code == 200
    saved = people.investor.get(address).headers["content-disposition"]
    assert saved.endswith("filename*=UTF-8''" + quote("123-QĐ-UBND.jpg"))


def test_a_file_is_not_held_in_memory_and_a_revoked_sight_is_not_served_from_there(people: People) -> None:
    document = made(people.investor)["id"]
    filed(people.investor, document)
    answers = people.app.state.tracker.answers
    address = f"/documents/{document}"
    for path in (address, f"{address}/file", f"{address}/file"):
        assert people.investor.get(path).status_code == 200
    assert answers.knows(f"/api/v1{address}")
    assert not answers.knows(f"/api/v1{address}/file")


def test_a_file_is_kept_as_what_it_is_whatever_it_is_called(people: People) -> None:
    for number, (content, kind) in enumerate(
        ((PDF, "application/pdf"), (PNG, "image/png"), (JPEG, "image/jpeg"))
    ):
        document = made(people.investor, number=str(number))["id"]
        sent = filed(people.investor, document, content, "?filename=scan.pdf")
        assert sent.json()["file"]["type"] == kind
        assert people.investor.get(f"/documents/{document}/file").headers["content-type"] == kind
    ending = people.investor.get(f"/documents/{document}").json()["file"]["name"]
    assert ending == "scan.pdf.jpg"


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "multipart/form-data; boundary=x", ""])
def test_another_content_type_is_not_taken(people: People, kind: str) -> None:
    document = made(people.investor)["id"]
    assert problem(filed(people.investor, document, Content_Type=kind))[:2] == (415, "media_type")
    assert on_disk(people) == []


def test_an_executable_of_twenty_megabytes_is_refused_at_once_and_leaves_no_file(people: People) -> None:
    document = made(people.investor)["id"]
    before = head(people)
    body = EXECUTABLE.ljust(19_999_999, b"\0")
    answer = filed(people.investor, document, body, "?filename=giay-phep.pdf", Accept_Language="en")
    assert problem(answer) == (422, "file_type", "file")
    assert answer.json()["title"] == "The file must truly be a PDF, PNG or JPEG, whatever its name says"
    assert (on_disk(people), head(people)) == ([], before)
    for content in (b"", b"%PDF", b"<svg onload=alert(1)>", b"PK\x03\x04" + PDF):
        assert problem(filed(people.investor, document, content)) == (422, "file_type", "file")
    assert on_disk(people) == []


def pieces(total: int, sent: list[int], size: int = 50_000) -> AsyncIterator[bytes]:
    """A PDF of `total` bytes whose length nobody states; `sent` counts what was asked for."""

    async def each() -> AsyncIterator[bytes]:
        content = b"%PDF-".ljust(min(size, total), b"x")
        left = total
        while left:
            piece = content[: min(left, size)]
            left -= len(piece)
            sent[0] += len(piece)
            yield piece
            content = b"x" * size

    return each()


def streamed(person: Person, document: int, total: int, sent: list[int]) -> httpx.Response:
    headers = {"Authorization": f"Bearer {person.key}", "Content-Type": "application/pdf"}
    address = f"/api/v1/documents/{document}/file"
    request = person.client.build_request("PUT", address, headers=headers, content=pieces(total, sent))
    assert "content-length" not in request.headers
    return person.run(person.client.send(request))


def test_exactly_the_largest_file_is_taken_and_one_byte_more_is_not(
    world: factories.World, url: str, tmp_path: Path
) -> None:
    # More than a body of any other route may have, as it is by default.
    most = 3_000_000
    world.url = url
    with serve(world, data_folder=tmp_path / "files", max_file_bytes=most) as people:
        document, sent = made(people.investor)["id"], [0]
        assert problem(filed(people.investor, document, b"%PDF-".ljust(most + 1, b"x")))[:2] == (
            413,
            "body_too_large",
        )
        assert problem(streamed(people.investor, document, most + 1, sent))[:2] == (413, "body_too_large")
        assert problem(streamed(people.investor, document, 300_000_000, sent := [0]))[:2] == (
            413,
            "body_too_large",
        )
        assert sent[0] <= most + 100_000
        assert on_disk(people) == []
        assert (
            filed(people.investor, document, b"%PDF-".ljust(most, b"x")).json()["file"]["size_bytes"] == most
        )
        again = streamed(people.investor, document, most, sent := [0])
        assert (again.status_code, sent) == (200, [most])
        assert len(on_disk(people)) == 1
        # Every other route keeps its own limit.
        for answer in (
            people.investor.post("/documents", LETTER | {"note": "x" * 2_000_000}),
            people.investor.patch(f"/documents/{document}", {"note": "x" * 2_000_000}),
        ):
            assert problem(answer)[:2] == (413, "body_too_large")


def test_a_body_beyond_every_limit_is_refused_by_its_stated_length(people: People) -> None:
    document = made(people.investor)["id"]
    for length in ("200000001", "20000001", str(10**30)):
        answer = filed(people.investor, document, PDF, Content_Length=length)
        assert problem(answer)[:2] == (413, "body_too_large")
    assert on_disk(people) == []


def test_the_same_file_of_two_documents_lies_once_on_the_disk(people: People) -> None:
    first, second = (made(people.investor, number=n)["id"] for n in ("1", "2"))
    for document in (first, second, first):
        assert filed(people.investor, document).status_code == 200
    (file,) = on_disk(people)
    assert file.name == hashlib.sha256(PDF).hexdigest()
    assert filed(people.investor, first, PNG, Content_Type="image/png").status_code == 200
    assert people.investor.get(f"/documents/{second}/file").content == PDF
    assert people.investor.get(f"/documents/{first}/file").content == PNG


@pytest.mark.parametrize("harm", ["deleted", "cut", "changed"])
def test_a_file_that_is_lost_or_damaged_is_a_clear_problem_until_it_is_sent_again(
    people: People, harm: str
) -> None:
    document = made(people.investor)["id"]
    filed(people.investor, document)
    (file,) = on_disk(people)
    if harm == "deleted":
        file.unlink()
    else:
        file.write_bytes(PDF[:-1] if harm == "cut" else PDF[:-1] + b"?")
    address = f"/documents/{document}/file"
    assert problem(people.investor.get(address))[:2] == (404, "file_missing")
    assert people.investor.get(f"/documents/{document}").status_code == 200
    before = head(people)
    assert filed(people.investor, document).status_code == 200
    assert people.investor.get(address).content == PDF
    assert head(people) == before


def test_a_disk_that_takes_nothing_is_a_problem_to_try_again(people: People) -> None:
    document = made(people.investor)["id"]
    folder: Path = people.app.state.tracker.settings.files_folder
    folder.parent.mkdir(exist_ok=True)
    folder.write_text("a file where the folder should be")
    answer = filed(people.investor, document)
    assert problem(answer)[:2] == (503, "file_not_kept")
    assert people.investor.get(f"/documents/{document}").json()["file"] is None


def test_a_service_that_starts_removes_what_was_cut_off(
    world: factories.World, url: str, tmp_path: Path
) -> None:
    world.url = url
    left = tmp_path / "files" / "incoming" / "left"
    left.parent.mkdir(parents=True)
    left.write_bytes(PDF)
    with serve(world, data_folder=tmp_path / "files") as people:
        assert on_disk(people) == []


@pytest.mark.parametrize("given", ["0", "-1", "x", "2147483648", "9" * 40])
def test_an_id_that_is_none_is_refused(people: People, given: str) -> None:
    for path in (f"/documents/{given}", f"/documents/{given}/file"):
        assert people.department.get(path).status_code == 422


def test_adding_a_document_is_repeatable_by_its_key(people: People) -> None:
    first = people.investor.post("/documents", LETTER, Idempotency_Key="once")
    again = people.investor.post("/documents", LETTER, Idempotency_Key="once")
    assert (first.status_code, again.status_code) == (201, 201)
    assert (first.json(), first.headers["location"]) == (again.json(), again.headers["location"])


def test_a_file_name_that_leads_elsewhere_is_only_a_name(people: People) -> None:
    document = made(people.investor)["id"]
    query = "?filename=" + quote("../../../etc/giấy\u202ephép.pdf")
    assert filed(people.investor, document, query=query).json()["file"]["name"] == "giấyphép.pdf"
    for name, code in (("a\nb.pdf", None), ("a\0b.pdf", "not_text"), ("x" * 201, "text_length")):
        answer = filed(people.investor, document, query=f"?filename={quote(name)}")
        assert answer.status_code == (200 if code is None else 422), name
        if code is not None:
            assert problem(answer) == (422, code, "filename")
