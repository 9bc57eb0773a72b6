"""One's own workbook: downloaded, edited offline and sent back, as each role does it."""

import csv
import io
from datetime import date
from typing import Any

import pytest

from app.domain.vocabulary import DelayCause, UnitStatus
from app.domain.words import Lang
from app.queries import journal
from tests import factories
from tests.conftest import People, Person
from tests.reading import furnish
from tests.workbooks import XLSX, cells, commit, download, send, sent

ROLES = ("investor", "evn_spc", "department")


@pytest.fixture(autouse=True)
def furnished(people: People) -> None:
    with people.world.database.changing(factories.stamp(hour=1)) as session:
        factories.turbines(session, count=3)
        furnish(session, people.world, "alpha", "alpha-1")


def head(people: People) -> int:
    with people.world.database.reading() as session:
        return journal.head(session)


def facts(people: People) -> list[tuple[str, str, Any]]:
    """What the last revision states."""
    with people.world.database.reading() as session:
        return [
            (f.kind.value, f.subject_code, f.after) for f in journal.facts(session, journal.head(session))
        ]


@pytest.mark.parametrize("name", ROLES)
@pytest.mark.parametrize("lang", list(Lang))
def test_a_workbook_that_nobody_edited_changes_nothing(people: People, name: str, lang: Lang) -> None:
    who: Person = getattr(people, name)
    before = head(people)
    book = download(who, lang.value)
    upload = sent(who, book.content(lang))
    assert upload["summary"]["rows"] > 40
    assert upload["summary"]["has_mark"]
    counted = [
        {k: v for k, v in s.items() if k not in ("sheet", "name")} for s in upload["summary"]["sheets"]
    ]
    assert all(set(one.values()) == {0} for one in counted), upload["summary"]
    refused = commit(who, upload)
    assert (refused.status_code, refused.json()["code"]) == (422, "nothing_to_save")
    assert head(people) == before


def test_each_role_gets_the_sheets_that_it_may_change(people: People) -> None:
    own = ["projects", "phases", "turbines", "tranches", "milestones"]
    grid = ["towers", "sections", "cases"]
    assert list(download(people.investor).sheets) == own
    assert list(download(people.evn_spc).sheets) == ["milestones", *grid]
    assert list(download(people.department).sheets) == own + grid
    assert download(people.stranger).sheets["projects"] == {}
    assert people.anonymous.get("/workbooks/own.xlsx").status_code == 401


def test_an_investor_changes_cells_and_they_are_one_revision(people: People) -> None:
    book = download(people.investor)
    book.set("projects", "alpha", commune="Thạnh Hải", note="Đã họp")
    book.set("phases", "alpha-1", nominal_mw=29_400, planned_cod_on=date(2023, 11, 30))
    book.set("turbines", "alpha-1", "T2", nameplate_mw=4_300, installed_on=date(2022, 6, 1))
    book.add("turbines", phase="alpha-1", number="T9", nameplate_mw=4_200)
    book.set("milestones", "phase", "alpha-1", "W-E7", forecast_on=date(2023, 9, 1))
    before = head(people)
    upload = sent(people.investor, book.content())
    assert head(people) == before, "a check keeps nothing"
    changed = {(c["sheet"], c["field"]): (c["theirs"], c["mine"]) for c in cells(people.investor, upload)}
    assert changed == {
        ("projects", "commune"): (None, "Thạnh Hải"),
        ("projects", "note"): (None, "Đã họp"),
        ("phases", "nominal_mw"): (30, 29.4),
        ("phases", "planned_cod_on"): (None, "2023-11-30"),
        ("turbines", "nameplate_mw"): (4.2, 4.3),
        ("turbines", "installed_on"): (None, "2022-06-01"),
        ("milestones", "forecast_on"): (None, "2023-09-01"),
    }
    assert {c["field"] for c in cells(people.investor, upload, "added")} == {
        "phase",
        "number",
        "nameplate_mw",
    }
    answer = commit(people.investor, upload)
    assert (answer.status_code, answer.json()["state"]) == (200, "committed"), answer.text
    assert answer.json()["committed_as"] == head(people) == before + 1
    kinds = {kind for kind, _, _ in facts(people)}
    assert kinds >= {
        "project.changed",
        "phase.changed",
        "turbine.changed",
        "turbine.created",
        "milestone.moved",
    }
    assert people.investor.get("/phases/alpha-1").json()["nominal_mw"] == 29.4
    assert commit(people.investor, upload).status_code == 409, "never twice"
    again = sent(people.investor, book.content())
    assert sum(s["changed"] + s["added"] for s in again["summary"]["sheets"]) == 0


def test_a_new_tranche_is_declared_and_its_effect_is_known_before(people: People) -> None:
    book = download(people.investor)
    book.add("tranches", phase="alpha-1", capacity_mw=4_200, effective_on=date(2023, 1, 10), turbines=("T1",))
    upload = sent(people.investor, book.content())
    effects = upload["summary"]["effects"]
    assert (effects["declared_mw_before"], effects["declared_mw_after"]) == (0, 4.2)
    assert commit(people.investor, upload).status_code == 200
    tranches = people.investor.get("/phases/alpha-1/tranches").json()["items"]
    assert [(t["code"], t["capacity_mw"], t["status"]) for t in tranches] == [("alpha.1", 4.2, "declared")]
    again = sent(people.investor, book.content())
    assert commit(people.investor, again).json()["code"] == "nothing_to_save"
    unmarked = sent(people.investor, book.content(with_mark=False))
    assert not unmarked["summary"]["has_mark"]
    assert len(cells(people.investor, unmarked, "added")) > 0


def test_the_very_same_file_without_a_mark_declares_no_tranche_twice(people: People) -> None:
    book = download(people.investor)
    book.add("tranches", phase="alpha-1", capacity_mw=4_200, effective_on=date(2023, 1, 10))
    content = book.content(with_mark=False)
    assert commit(people.investor, sent(people.investor, content)).status_code == 200
    again = sent(people.investor, content)
    assert [c["problem"] for c in cells(people.investor, again, "error")] == ["sent_before"]
    assert commit(people.investor, again).status_code == 422


def test_evn_spc_sends_its_weekly_towers_and_x_of_y_moves(people: People) -> None:
    who = people.evn_spc

    def done() -> dict[str, tuple[int, int]]:
        read = who.get("/grid-works/line/progress").json()
        return {s["stage"]: (s["done"], s["total"]) for s in read["stages"]}

    assert done()["site"] == (0, 2)
    book = download(who)
    for number in ("T1", "T2"):
        book.set(
            "towers", "line", number,
            site_status=UnitStatus.DONE, site_on=date(2023, 1, 20),
            foundation_status=UnitStatus.DONE, foundation_on=date(2023, 2, 1),
        )  # fmt: skip
    book.set("towers", "line", "T2", erection_status=UnitStatus.IN_PROGRESS)
    book.set(
        "sections", "line", "T1", corridor_status=UnitStatus.BLOCKED, corridor_cause=DelayCause.LAND_PRICE
    )
    book.add("towers", work="line", number="T3", position=3, site_status=UnitStatus.IN_PROGRESS)
    book.set("cases", "land", "T1", owner_name="Nguyễn Thị Bảy", attitude="agrees")
    upload = sent(who, book.content())
    assert cells(who, upload, "error") == []
    effects = {
        (d["stage"]): (d["before"], d["after"], d["total"]) for d in upload["summary"]["effects"]["done"]
    }
    assert effects["foundation"] == (0, 2, 3)
    assert commit(who, upload).status_code == 200
    assert done()["site"] == (2, 3)
    assert done()["foundation"] == (2, 3)
    assert sent(who, download(who).content())["summary"]["changed_rows"] == 0


def test_what_is_wrong_stands_at_its_cell_in_both_languages_and_nothing_is_saved(people: People) -> None:
    who = people.evn_spc
    book = download(who)
    book.set("towers", "line", "T1", foundation_status=UnitStatus.DONE, foundation_on=date(2023, 1, 20))
    book.set("towers", "line", "T2", site_status=UnitStatus.DONE, site_on=date(2023, 2, 8))
    book.set("milestones", "grid_work", "line", "G-10", forecast_on=date(2023, 9, 1))
    book.set("cases", "land", "T1", house_support_percent=180.0)
    before = head(people)
    upload = sent(who, book.content())
    wrong = {
        lang: {(c["sheet"], c["row"], c["column"]): (c["field"], c["message"]) for c in cells(who, upload, "error", lang)}
        for lang in ("vi", "en")
    }  # fmt: skip
    found = {(sheet, field): message for (sheet, _, _), (field, message) in wrong["en"].items()}
    assert set(found) == {
        ("towers", "foundation_status"),
        ("towers", "site_on"),
        ("cases", "house_support_percent"),
    }
    assert all(column for _, _, column in wrong["vi"])
    assert wrong["vi"].keys() == wrong["en"].keys()
    assert all(wrong["vi"][place] != wrong["en"][place] for place in wrong["vi"])
    refused = commit(who, upload)
    assert (refused.status_code, refused.json()["code"]) == (422, "has_errors")
    assert head(people) == before
    assert who.get(f"/workbooks/uploads/{upload['id']}").json()["state"] == "checked"


def test_a_later_day_of_a_state_that_stands_is_refused_for_it_would_say_nothing(people: People) -> None:
    who = people.evn_spc
    told = {"stage": "site", "status": "done", "effective_on": "2023-01-20"}
    assert who.put("/grid-works/line/towers/T1", {"reports": [told]}).status_code == 200
    later = download(who).set("towers", "line", "T1", site_on=date(2023, 2, 1))
    upload = sent(who, later.content())
    assert [(c["field"], c["problem"]) for c in cells(who, upload, "error")] == [("site_on", "not_taken")]
    emptied = download(who).set("towers", "line", "T1", site_status=None)
    upload = sent(who, emptied.content())
    assert [(c["field"], c["problem"]) for c in cells(who, upload, "error")] == [
        ("site_status", "state_emptied")
    ]
    earlier = download(who).set("towers", "line", "T1", site_on=date(2023, 1, 2))
    assert commit(who, sent(who, earlier.content())).status_code == 200


@pytest.mark.parametrize("take", ["mine", "theirs"])
def test_cells_that_both_have_changed_are_decided_one_by_one_or_all(people: People, take: str) -> None:
    who = people.investor
    book = download(who)
    book.set("projects", "alpha", commune="Thạnh Hải", note="Của chủ đầu tư", name_en="Alpha")
    book.set("turbines", "alpha-1", "T1", note="Cánh mới")
    done = people.department.patch(
        "/projects/alpha", {"commune": "Thạnh Phong", "note": "Của Sở", "siting": "onshore"}
    )
    assert done.status_code == 200
    upload = sent(who, book.content())
    conflicts = {c["field"]: c for c in cells(who, upload, "conflict")}
    assert {f: (c["base"], c["mine"], c["theirs"]) for f, c in conflicts.items()} == {
        "commune": (None, "Thạnh Hải", "Thạnh Phong"),
        "note": (None, "Của chủ đầu tư", "Của Sở"),
    }
    assert {c["field"] for c in cells(who, upload)} == {"name_en", "note"}
    refused = commit(who, upload)
    assert (refused.status_code, refused.json()["code"]) == (409, "conflicts_open")
    assert {c["field"] for c in refused.json()["details"]["cells"]} == {"commune", "note"}
    place = {name: conflicts["note"][name] for name in ("sheet", "row", "column")}
    other = "theirs" if take == "mine" else "mine"
    answer = commit(who, upload, conflicts=take, cells=[{**place, "take": other}])
    assert answer.status_code == 200, answer.text
    read = who.get("/projects/alpha").json()
    values = {"mine": ("Thạnh Hải", "Của chủ đầu tư"), "theirs": ("Thạnh Phong", "Của Sở")}
    assert (read["commune"], read["note"]) == (values[take][0], values[other][1])
    assert (read["name_en"], read["siting"]) == ("Alpha", "onshore"), "what only one side changed stays"


def test_what_others_change_after_the_check_refuses_the_commit_with_its_cells(people: People) -> None:
    who = people.investor
    upload = sent(who, download(who).set("projects", "alpha", commune="Thạnh Hải", note="x").content())
    assert people.department.patch("/projects/alpha", {"commune": "Thạnh Phong"}).status_code == 200
    refused = commit(who, upload)
    assert (refused.status_code, refused.json()["code"]) == (409, "moved_on")
    assert [c["field"] for c in refused.json()["details"]["cells"]] == ["commune"]
    assert who.get("/projects/alpha").json()["note"] is None
    again = who.post(f"/workbooks/uploads/{upload['id']}/check", {}).json()
    assert again["state"] == "checked"
    assert [c["field"] for c in cells(who, upload, "conflict")] == ["commune"]
    assert commit(who, upload, conflicts="mine").status_code == 200
    assert who.get("/projects/alpha").json()["commune"] == "Thạnh Hải"


def test_personal_data_that_others_changed_is_a_conflict_and_never_enters_the_journal(people: People) -> None:
    who = people.evn_spc
    book = download(who).set("cases", "land", "T1", owner_name="Nguyễn Thị Bảy", note="Gọi lại tuần sau")
    mine = people.department.put("/clearances/land/households/T1", {"owner_name": "Lê Văn Tám"})
    assert mine.status_code == 200
    upload = sent(who, book.content())
    conflict = cells(who, upload, "conflict")
    assert [(c["field"], c["base"], c["mine"], c["theirs"]) for c in conflict] == [
        ("owner_name", None, "Nguyễn Thị Bảy", "Lê Văn Tám")
    ]
    assert commit(who, upload, conflicts="mine").status_code == 200
    assert who.get("/clearances/land/households/T1").json()["owner_name"] == "Nguyễn Thị Bảy"
    assert "Bảy" not in str(facts(people))
    seen = people.department.get("/accesses").json()["items"]
    assert {one["subject"] for one in seen} >= {"workbook", f"workbook/{upload['id']}"}
    with people.world.database.reading() as session:
        from app.tables.workbooks import WorkbookUpload

        row = session.get_one(WorkbookUpload, upload["id"])
        assert (row.content, row.findings) == (None, None)
        assert "Bảy" not in (row.summary or "")


def test_an_investor_reaches_nothing_of_another_by_typing_its_code(people: People) -> None:
    with people.world.database.changing(factories.stamp(hour=2)) as session:
        factories.project(session, "beta", investor="other-wind")
        factories.phase(session, "beta-1", "beta")
        factories.turbines(session, "beta-1", 1)
    book = download(people.investor)
    book.add("projects", code="beta", name="Của tôi")
    book.add("turbines", phase="beta-1", number="T1", note="Của tôi")
    book.add("tranches", phase="beta-1", capacity_mw=4_200, effective_on=date(2023, 1, 10))
    book.add(
        "milestones", subject="phase", subject_code="beta-1", milestone="W-E7", forecast_on=date(2023, 9, 1)
    )
    before = head(people)
    upload = sent(people.investor, book.content())
    wrong = {(c["sheet"], c["problem"]) for c in cells(people.investor, upload, "error")}
    assert wrong == {
        ("projects", "row_unknown"),
        ("milestones", "row_unknown"),
        ("turbines", "not_ours"),
        ("tranches", "not_ours"),
    }
    assert commit(people.investor, upload).status_code == 422
    assert head(people) == before


def test_uploads_are_seen_by_the_organisation_and_role_that_sent_them_alone(people: People) -> None:
    upload = sent(people.investor, download(people.investor).set("projects", "alpha", note="x").content())
    path = f"/workbooks/uploads/{upload['id']}"
    for other in (people.stranger, people.department, people.evn_spc):
        assert other.get(path).status_code == 404
        assert other.get(f"{path}/cells").status_code == 404
        assert other.post(f"{path}/commit", {}).status_code == 404
        assert other.post(f"{path}/check", {}).status_code == 404
        assert other.delete(path).status_code == 404
        assert upload["id"] not in [u["id"] for u in other.get("/workbooks/uploads").json()["items"]]
    assert [u["id"] for u in people.investor.get("/workbooks/uploads").json()["items"]] == [upload["id"]]


def test_a_mark_of_another_organisation_or_a_forged_one_is_no_mark(people: People) -> None:
    theirs, own = download(people.department), download(people.investor)
    assert own.mark is not None
    for mark in (theirs.mark, own.mark.replace(".", "x."), own.mark[:-1] + "0", "", "1"):
        own.mark = mark
        upload = sent(people.investor, own.content())
        assert upload["summary"]["has_mark"] is (mark == download(people.investor).mark), mark


def test_a_cancelled_workbook_is_over_and_its_file_is_gone(people: People) -> None:
    upload = sent(people.investor, download(people.investor).set("projects", "alpha", note="x").content())
    path = f"/workbooks/uploads/{upload['id']}"
    assert [people.investor.delete(path).status_code for _ in range(2)] == [204, 204]
    assert people.investor.get(path).json()["state"] == "cancelled"
    assert people.investor.get(f"{path}/cells").json()["items"] == []
    assert commit(people.investor, upload).json()["code"] == "over"
    assert people.investor.post(f"{path}/check", {}).status_code == 409


def test_csv_goes_out_and_comes_back_sheet_by_sheet(people: People) -> None:
    who = people.evn_spc
    answer = who.get("/workbooks/towers.csv?lang=vi")
    assert answer.headers["content-type"].startswith("text/csv")
    upload = sent(who, answer.content, kind="text/csv", query="?sheet=towers")
    assert (upload["summary"]["changed_rows"], upload["summary"]["has_mark"]) == (0, False)
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    header = next(row for row in rows if "Mã công trình" in row)
    at = header.index("Ghi chú")
    for row in rows:
        if row[:2] == ["line", "T2"]:
            row[at] = "Chờ nước rút"
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows(rows)
    upload = sent(who, text.getvalue().encode(), kind="text/csv", query="?filename=towers.csv")
    assert [(c["field"], c["mine"]) for c in cells(who, upload)] == [("note", "Chờ nước rút")]
    assert commit(who, upload).status_code == 200
    assert who.get("/grid-works/line/towers/T2").json()["note"] == "Chờ nước rút"


def test_a_sheet_that_is_not_ones_own_is_not_there(people: People) -> None:
    assert people.evn_spc.get("/workbooks/projects.csv").status_code == 404
    assert people.investor.get("/workbooks/cases.csv").status_code == 404
    assert send(people.evn_spc, b"x", "text/csv", "?sheet=projects").status_code == 422
    assert send(people.evn_spc, b"x", "application/json").status_code == 422


@pytest.mark.parametrize(
    ("content", "kind", "problem"),
    [
        (b"no workbook at all", XLSX, "not_a_workbook"),
        (b"<html><body>Login</body></html>", XLSX, "html_renamed"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, XLSX, "old_xls"),
    ],
)
def test_a_file_that_nobody_can_read_is_refused_by_name(
    people: People, content: bytes, kind: str, problem: str
) -> None:
    answer = send(people.investor, content, kind)
    assert answer.status_code == 201
    made = answer.json()
    assert made["state"] == "refused"
    assert made["message"]
    assert made["problem"] == problem
    assert commit(people.investor, made).json()["code"] == "over"


def test_an_empty_body_and_a_file_above_the_limit_are_refused_at_once(people: People) -> None:
    assert send(people.investor, b"").json()["code"] == "workbook_missing"
    assert send(people.investor, b"PK" + b"\0" * 20_000_000).status_code == 413
