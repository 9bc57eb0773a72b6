"""A document and its file: what is no PDF, PNG or JPEG never stays on the disk, and what is one opens without running."""

from pathlib import Path

import httpx
import pytest

from tests.conftest import People
from tests.pages.conftest import SignedIn, signed_in
from tests.pages.markup import read

NEW = "/documents/new"
PDF = b"%PDF-1.7\n" + b"giay phep " * 1_000
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8
EXECUTABLE = b"MZ\x90\x00" + b"\0" * 60
SAID = {
    "on": "phase/alpha-1",
    "number": "123/EPTC-KD",
    "kind": "letter",
    "issuer": "EVN",
    "issued_on": "10/05/2022",
}


def on_disk(people: People) -> list[Path]:
    """Every file in the data folder, also what is still coming in."""
    folder: Path = people.app.state.tracker.settings.files_folder
    return [path for path in folder.rglob("*") if path.is_file()]


def send(
    who: SignedIn, content: bytes | None = None, step: str = "save", name: str = "Công văn.pdf", **more: str
) -> httpx.Response:
    """The form of a new document; a browser sends a file without a name where none was chosen."""
    file = ("", b"", "application/octet-stream") if content is None else (name, content, "application/pdf")
    return who.post(NEW, {**SAID, "step": step, **more}, {"file": file})


def wrong(answer: httpx.Response, field: str) -> str:
    assert answer.status_code in (409, 412, 422), answer.text
    return read(answer.text).says("p", id=f"{field}-wrong")


def test_the_form_names_the_subject_of_the_address_or_asks_for_one_of_ones_own(people: People) -> None:
    investor = signed_in(people, "investor")
    page = read(investor.get(f"{NEW}?subject=phase&code=alpha-1&milestone=W-E6").text)
    assert page.one("input", name="on").attributes["value"] == "phase/alpha-1"
    assert page.one("input", id="milestone").attributes["value"] == "W-E6"
    options = [e.attributes["value"] for e in read(investor.get(NEW).text).all("option")]
    assert {"project/alpha", "phase/alpha-1"} <= set(options)
    assert investor.get(f"{NEW}?subject=phase&code=nowhere").status_code == 404
    assert read(signed_in(people, "stranger").get(NEW).text).all("select", id="on")


def test_a_document_is_added_with_its_file_and_the_file_opens_sandboxed(people: People) -> None:
    investor = signed_in(people, "investor")
    answer = send(investor, PDF)
    assert answer.status_code == 303
    made = answer.headers["location"].removesuffix("?said=saved")
    page = read(investor.get(answer.headers["location"]).text)
    assert page.says("h1") == "Văn bản 123/EPTC-KD"
    assert "Công văn.pdf" in page.says("main")
    file = investor.get(f"{made}/file")
    assert (file.status_code, file.content) == (200, PDF)
    assert file.headers["content-type"] == "application/pdf"
    assert file.headers["content-disposition"].startswith('inline; filename="Cong van.pdf"; filename*=UTF-8')
    assert "sandbox" in file.headers["content-security-policy"]
    assert file.headers["x-content-type-options"] == "nosniff"
    assert [path.read_bytes() for path in on_disk(people)] == [PDF]


def test_a_document_without_a_file_gets_it_later(people: People) -> None:
    investor = signed_in(people, "investor")
    send(investor)
    page = read(investor.get("/documents/1").text)
    assert "Chưa có tệp." in page.says("main")
    form = {"revision": page.one("input", name="revision").attributes["value"], "step": "save"}
    assert "Thiếu trường" in wrong(investor.post("/documents/1", form, {"file": ("", b"", "")}), "file")
    assert "PDF, PNG hoặc JPEG" in wrong(
        investor.post("/documents/1", form, {"file": ("a.pdf", EXECUTABLE)}), "file"
    )
    assert on_disk(people) == []
    assert investor.post("/documents/1", form, {"file": ("ảnh.pdf", PNG)}).status_code == 303
    assert investor.get("/documents/1/file").headers["content-type"] == "image/png"
    stale = investor.post("/documents/1", form, {"file": ("b.pdf", PDF)})
    assert stale.status_code == 412
    assert [path.read_bytes() for path in on_disk(people)] == [PNG]


def test_a_preview_looks_at_the_file_and_keeps_nothing(people: People) -> None:
    investor = signed_in(people, "investor")
    answer = send(investor, PDF, "preview", title="Về việc công nhận")
    page = read(answer.text)
    assert answer.status_code == 200
    assert page.all("section", class_="effect")
    assert "hãy chọn lại" in page.says("main")
    assert page.one("textarea", id="title").text == "Về việc công nhận"
    assert "PDF, PNG hoặc JPEG" in wrong(send(investor, EXECUTABLE, "preview"), "file")
    assert on_disk(people) == []
    assert investor.get("/documents/1").status_code == 404


def test_a_pdf_of_twenty_megabytes_that_is_an_executable_leaves_nothing(people: People) -> None:
    investor = signed_in(people, "investor")
    answer = send(investor, EXECUTABLE + b"\0" * 19_900_000)
    assert "Tệp phải là PDF, PNG hoặc JPEG thật" in wrong(answer, "file")
    assert read(answer.text).one("input", id="number").attributes["value"] == "123/EPTC-KD"
    assert on_disk(people) == []
    assert investor.get("/documents/1").status_code == 404


def test_a_file_of_twenty_megabytes_passes_the_limit_of_other_forms(people: People) -> None:
    whole = PDF + b"\0" * (20_000_000 - len(PDF))
    assert send(signed_in(people, "investor"), whole).status_code == 303
    assert [path.stat().st_size for path in on_disk(people)] == [20_000_000]


def test_a_file_above_the_limit_is_refused_at_its_field(people: People) -> None:
    answer = send(signed_in(people, "investor"), PDF + b"\0" * 20_000_000)
    assert "quá lớn" in wrong(answer, "file")
    assert on_disk(people) == []


@pytest.mark.parametrize(
    ("more", "field", "said"),
    [
        ({"number": ""}, "number", "Thiếu trường"),
        ({"issued_on": "2023-02-08"}, "issued_on", "tương lai"),
        ({"valid_until": "01/01/2022"}, "valid_until", "trước ngày ban hành"),
        ({"milestone": "W-Z9"}, "milestone", "Không có mốc"),
        ({"kind": "song"}, "kind", "mã cho phép"),
        ({"on": ""}, "on", "Thiếu trường"),
        ({"on": "ship/alpha"}, "on", "mã cho phép"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_its_file_is_not_kept(
    people: People, more: dict[str, str], field: str, said: str
) -> None:
    assert said in wrong(send(signed_in(people, "investor"), PDF, **more), field)
    assert on_disk(people) == []


def test_the_same_letter_twice_is_refused_at_its_number(people: People) -> None:
    investor = signed_in(people, "investor")
    send(investor)
    answer = send(investor, PDF)
    assert answer.status_code == 409
    assert wrong(answer, "number")
    assert on_disk(people) == []


def test_another_investors_document_is_not_there(people: People) -> None:
    made = send(signed_in(people, "investor"), PDF).headers["location"].removesuffix("?said=saved")
    stranger, evn_spc = signed_in(people, "stranger"), signed_in(people, "evn_spc")
    assert [stranger.get(f"{made}{path}").status_code for path in ("", "/file")] == [404, 404]
    assert stranger.post(made, {}, {"file": ("a.pdf", PDF)}).status_code == 404
    assert send(stranger, PDF).status_code == 404
    assert not read(evn_spc.get(made).text).all("input", id="file"), "who only reads attaches nothing"
    assert evn_spc.post(made, {}, {"file": ("a.pdf", PDF)}).status_code == 403


def test_a_form_with_a_file_carries_its_token(people: People) -> None:
    investor = signed_in(people, "investor")
    investor.token = "forged"
    assert send(investor, PDF).status_code in (403, 200)
    assert on_disk(people) == []
    assert people.investor.get("/documents").json()["items"] == []
