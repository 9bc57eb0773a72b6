"""Nothing changes beside the journal: every kind of change states its fact, the rows are what the facts say, numbers
have no gap, whatever is forged is named, and reading leaves no trace."""

import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.routing import iter_route_contexts
from sqlalchemy import Table, create_engine, delete, func, insert, select, text, update
from sqlalchemy.orm import Session
from sqlmodel import SQLModel

from app.db import Database
from app.domain import chain, milestones
from app.domain.access import GRANTS, May, Role
from app.domain.households import PERSONAL
from app.domain.vocabulary import CommitmentAct, EntryKind, Fact, MilestoneAct, ObstacleAct, SwitchedOff
from app.queries import journal, subjects
from app.queries import milestones as stored
from app.queries import webhooks as stored_webhooks
from app.schemas.ledger import TrancheAmend
from app.services import amendments, identities, webhooks
from app.services import journal as journal_service
from app.services.household_cases import HIDDEN
from app.services.household_cases import STATE as HOUSEHOLD_STATE
from app.services.milestones import FACTS as FACT_OF
from app.tables.commitments import Commitment, CommitmentEntry, CommitmentUnit
from app.tables.documents import Document, Source
from app.tables.evacuation import EvacuationGroup, EvacuationLimit, EvacuationPath
from app.tables.households import Household, HouseholdEntry
from app.tables.journal import Fact as FactRow
from app.tables.journal import Revision
from app.tables.ledger import CapacityEntry, CapacityPosting, RuleFinding
from app.tables.milestones import Milestone, MilestoneEntry
from app.tables.obstacles import Obstacle, ObstacleEntry
from app.tables.organisations import AdministrativeUnit, ApiKey, Organisation, User
from app.tables.projects import Phase, Project, Turbine
from app.tables.reports import ProgressReport
from app.tables.targets import ReportedFigure, Target
from app.tables.units import UnitCount, UnitEntry, UnitTotal, WorkUnit
from app.tables.webhooks import WebhookEndpoint
from app.tables.works import Clearance, Connection, GridWork
from tests import exchanges, factories, postgres
from tests.conftest import People, serve, settings
from tests.reading import LETTER, PAPER, addresses, endpoint, furnish

YAML = "application/yaml"
FILE = """
format: wind-register/1
capacity: increments
sources:
  - {code: S1, title: Một nguồn}
administrative_units:
  - {code: thanh-phu, level: district, name: Thạnh Phú}
reported_figures:
  - {code: press-2022, name: Báo chí, value: 93.05, unit: MW, effective_on: 2022-12-31, sources: [S1]}
projects:
  - code: delta
    name: Dự án delta
    district: thanh-phu
    phases:
      - code: delta-1
        name: Giai đoạn delta-1
        entries:
          - {measure: installed, capacity_mw: 29.4, effective_on: 2021-08-01, sources: [S1]}
          - {measure: operating, capacity_mw: 29.4, effective_on: 2021-10-31, precision: by, sources: [S1]}
milestones:
  - subject: phase
    code: delta-1
    lines:
      - {milestone: W-E6, actual_on: 2021-09-30, actual_precision: month, sources: [S1], note: Theo báo}
      - {milestone: W-E7, forecast_on: 2023-06-01, is_illustrative: true, note: Minh họa}
"""

PLACES = """
format: wind-register/1
capacity: increments
administrative_units:
  - {code: binh-dai, level: district, name: Bình Đại}
  - {code: xa-thua-duc, level: commune, name: Thừa Đức, parent: binh-dai}
organisations:
  - {code: ubnd-binh-dai, kind: district_authority, name: UBND huyện, district: binh-dai}
"""


def document(**more: str) -> dict[str, str]:
    return {"letter_number": "7/EPTC", "letter_on": "2022-12-01", "reason": "Theo văn bản", **more}


def amend(day: str, **more: Any) -> dict[str, Any]:
    return {"effective_on": day, **document(), **more}


def done(answer: httpx.Response) -> Any:
    assert answer.status_code in (200, 201, 204), answer.text
    return answer.json() if answer.content else None


def a_varied_life(people: People) -> None:
    """Every kind of change the service knows, each by somebody who may make it."""
    department, investor, evn_spc = people.department, people.investor, people.evn_spc
    people_of_the_service(people)
    projects_and_turbines(people)
    works_and_land(people)
    units_of_the_line(people)
    households_on_the_line(people)
    documents_and_files(people)
    milestones_of_everything(people)
    obstacles_and_reports(people)
    webhooks_of_all_kinds(people)
    evacuation(people)
    commitments(people)
    exchange_with_evn_spc(people)
    for measure, mw in (("installed", 30), ("licensed", 20), ("accepted", 30), ("approved", 30)):
        entry = {
            "measure": measure,
            "capacity_mw": mw,
            "effective_on": "2022-01-01",
            "valid_until": "2030-01-01",
        }
        made = done(department.post("/phases/alpha-1/entries", entry))
    for mw in (29.4, 0):
        correction = {"capacity_mw": mw, "reason": "Ghi nhầm"}
        made = done(department.post(f"/phases/alpha-1/entries/{made['id']}/correction", correction))

    first = declared(people, 8.4, turbines=["T1", "T2"])
    done(evn_spc.post(f"/tranches/{first}/dispute", {"reason": "Chưa đủ hồ sơ", "capacity_mw": 4.2}))
    done(evn_spc.post(f"/tranches/{first}/confirmation", factories.letter(condition="Nghiệm thu")))
    done(department.post(f"/tranches/{first}/suspension", amend("2022-07-01", capacity_mw=4.2)))
    done(department.post(f"/tranches/{first}/reinstatement", amend("2022-08-01", capacity_mw=2.1)))
    done(department.post(f"/tranches/{first}/condition-met", amend("2022-09-01")))
    done(department.post(f"/tranches/{first}/cancellation", amend("2022-10-01", capacity_mw=6.3)))
    second = declared(people, 4.2, effective_on="2022-06-01")
    correction = {**document(), "effective_on": "2022-06-02", "capacity_mw": 4.15}
    done(evn_spc.post(f"/tranches/{second}/confirmation", factories.letter(letter_on="2022-06-10")))
    done(department.post(f"/tranches/{second}/correction", correction))
    third = declared(people, 12.6, effective_on="2022-07-01")
    override = {"overrides": [{"rule": "cod_above_licensed", "reason": "Giấy phép bổ sung đến sau"}]}
    done(
        department.post(
            f"/tranches/{third}/confirmation", factories.letter(letter_on="2022-07-10", **override)
        )
    )
    done(investor.post(f"/tranches/{declared(people, 1)}/withdrawal", {"reason": "Khai nhầm"}))

    imported = department.ask("POST", "/imports/register", FILE.encode(), Content_Type=YAML)
    assert done(imported)["created"]["entries"] == 2
    changed = (
        FILE.replace("Một nguồn", "Nguồn khác").replace("Thạnh Phú", "H. Thạnh Phú").replace("93.05", "93.1")
    )
    done(department.ask("POST", "/imports/register", changed.encode(), Content_Type=YAML))
    done(department.post("/projects/beta/tranches", factories.declaration(4.2)))


def people_of_the_service(people: People) -> None:
    department = people.department
    done(department.post("/organisations", {"code": "gamma-wind", "kind": "investor", "name": "Gamma"}))
    done(department.patch("/organisations/gamma-wind", {"name": "Gamma Wind"}))
    made = {"organisation": "gamma-wind", "role": "investor", "login": "gamma"}
    key = done(department.post("/keys", made, Idempotency_Key="once"))
    done(department.post("/keys", made, Idempotency_Key="once"))
    done(department.post(f"/keys/{key['prefix']}/revocation", {}))
    person = {"organisation": "gamma-wind", "role": "investor", "login": "gamma-desk", "name": "Bàn trực"}
    done(department.post("/users", person))
    done(department.patch("/users/gamma-desk", {"name": "Trực ban", "is_active": False}))
    done(department.post("/users/gamma-desk/password", {}))
    with people.world.database.changing(factories.stamp()) as session:
        who = (session, factories.SYSTEM, "gamma-desk", "https://id.example.vn")
        identities.link(*who, "their-subject", factories.at())
        identities.unlink(*who, factories.at())
    calendar = done(people.investor.post("/calendar-links", {"label": "Lịch"}))
    done(people.investor.post(f"/calendar-links/{calendar['prefix']}/revocation", {}))
    goal = {"code": "500mw", "name": "Mục tiêu", "capacity_mw": 500, "due_on": "2025-12-31"}
    done(department.post("/targets", goal))
    done(department.patch("/targets/377mw-2023", {"capacity_mw": 378, "note": "Thử"}))
    done(department.delete("/targets/500mw"))


def projects_and_turbines(people: People) -> None:
    department, investor = people.department, people.investor
    done(department.post("/projects", {"code": "beta", "name": "Dự án beta"}))
    done(
        department.patch("/projects/beta", {"stage": "planned", "in_totals": False, "aliases": ["Beta, cũ"]})
    )
    done(investor.patch("/projects/alpha", {"commune": "Thạnh Hải"}))
    done(department.post("/projects", {"code": "away", "name": "Dự án thôi"}))
    done(department.post("/phases", {"code": "away-1", "project": "away", "name": "Giai đoạn thôi"}))
    done(department.delete("/phases/away-1"))
    done(department.delete("/projects/away"))
    done(investor.patch("/phases/alpha-1", {"turbine_count": 7, "planned_cod_on": "2023-11-30"}))
    for number in ("T1", "T2", "T3"):
        days = dict.fromkeys(("energised_on", "synchronised_on", "tested_on"), "2022-02-01")
        turbine = {"number": number, "nameplate_mw": 4.2, "latitude": 9.87, "longitude": 106.7, **days}
        done(investor.post("/phases/alpha-1/turbines", turbine))
    done(investor.put("/phases/alpha-1/turbines/T4", {"nameplate_mw": 4.2}))
    done(investor.put("/phases/alpha-1/turbines/T4", {"nameplate_mw": 4.3}))
    done(investor.patch("/phases/alpha-1/turbines/T3", {"note": "Cánh mới", "latitude": None}))
    done(investor.delete("/phases/alpha-1/turbines/T4"))


def works_and_land(people: People) -> None:
    department, evn_spc = people.department, people.evn_spc
    done(evn_spc.post("/grid-works", {"code": "line", "kind": "line", "name": "Đường dây", "circuits": 2}))
    done(department.patch("/grid-works/line", {"length_km": 22.7, "circuits": None, "voltage_kv": 110}))
    for kind in ("point_of_connection", "evacuation"):
        done(evn_spc.put("/phases/alpha-1/connections/line", {"kind": kind}))
    done(department.post("/grid-works", {"code": "bay", "kind": "bay", "name": "Ngăn lộ"}))
    done(department.put("/phases/alpha-1/connections/bay", {"kind": "gen_tie"}))
    done(department.delete("/phases/alpha-1/connections/bay"))
    land = {"code": "land", "name": "Xã Thừa Đức", "track": "recovered_land", "work": "line"}
    done(evn_spc.post("/clearances", land))
    done(department.ask("POST", "/imports/register", PLACES.encode(), Content_Type=YAML))
    done(evn_spc.patch("/clearances/land", {"commune": "xa-thua-duc", "track": "corridor"}))


def units_of_the_line(people: People) -> None:
    """Every stage of a tower and a section done, started, held, taken back; a line moved, counted and reported on."""
    department, evn_spc, line = people.department, people.evn_spc, "/grid-works/line"

    def told(*stages: str, status: str = "done", on: str = "2023-01-10", **more: Any) -> list[dict[str, Any]]:
        return [{"stage": stage, "status": status, "effective_on": on, **more} for stage in stages]

    up = told("site", "foundation", "steel", "erection")
    up[0] |= {"note": "Theo biên bản", "is_illustrative": True}
    rows: list[dict[str, Any]] = [
        {"kind": "tower", "number": str(n), "position": n, "reports": up} for n in (1, 2)
    ]
    section = {"kind": "section", "number": "1-2", "from_tower": "1", "to_tower": "2", "length_m": 258}
    rows.append({**section, "reports": told("corridor", "stringing", on="2023-01-12")})
    done(evn_spc.put(f"{line}/units", {"rows": rows}))
    place = {"position": 3, "latitude": 10.2, "longitude": 106.6, "is_tension": True, "note": "Cột góc"}
    done(evn_spc.put(f"{line}/towers/3", place))
    done(department.put(f"{line}/towers/3", {"latitude": None, "is_illustrative": True}))
    moved = {"position": 4, "reason": "Nắn tuyến tại cột góc", "reports": told("site", status="in_progress")}
    done(evn_spc.put(f"{line}/towers/3", moved))
    late = told("site", status="blocked", on="2023-01-05", cause="obstruction")
    done(evn_spc.put(f"{line}/towers/3", {"reports": late}))
    back = told("site", status="reopened", on="2023-02-01", cause="unpaid")
    done(evn_spc.put(f"{line}/towers/1", {"reports": back}))
    done(evn_spc.put(f"{line}/towers/3", {"reports": told("site", status="not_started", on="2023-02-01")}))
    done(evn_spc.put(f"{line}/towers/3", {"position": 5, "reason": "Nắn tuyến lần hai"}))
    cast = told("foundation", on="2023-02-03", override_reason="Biên bản bàn giao ký sau")
    done(department.put(f"{line}/towers/3", {"reports": cast}))
    total = {"kind": "tower", "total": 91, "effective_on": "2023-01-20", "reason": "Nắn tuyến"}
    done(evn_spc.post(f"{line}/totals", total))
    count = {"stage": "site", "done": 2, "total": 91, "reported_on": "2023-01-20"}
    done(evn_spc.post(f"{line}/reported-counts", count))


def webhooks_of_all_kinds(people: People) -> None:
    """Endpoints made, changed, given another secret, removed; and one that the worker switches off."""
    investor = people.investor
    made = done(
        investor.post("/webhooks", {"url": "https://example.com/hook?token=geheim", "events": ["cod.*"]})
    )
    one = f"/webhooks/{made['code']}"
    done(
        investor.patch(
            one, {"url": "https://example.org/hook", "description": "Bàn trực", "is_active": False}
        )
    )
    done(investor.patch(one, {"is_active": True, "events": []}))
    done(investor.post(f"{one}/secret", {}))
    done(investor.post(f"{one}/test", {}))
    done(investor.post(f"{one}/replay", {"dead": True}))
    gone = done(people.evn_spc.post("/webhooks", {"url": "https://example.net/hook"}))["code"]
    with people.world.database.changing(factories.stamp()) as session:
        line = stored_webhooks.one(session, people.world.evn_spc, gone)
        webhooks.switch_off(session, factories.SYSTEM, line, SwitchedOff.GONE, factories.at())
    away = done(investor.post("/webhooks", {"url": "https://example.com/away"}))["code"]
    done(investor.delete(f"/webhooks/{away}"))


def exchange_with_evn_spc(people: People) -> None:
    """A record of EVN SPC's service that is laid aside; what one changes is stated by the services it is applied with."""
    with people.world.database.changing(factories.stamp()) as session:
        exchanges.keep(session, people.world)
    done(people.evn_spc.post("/exchanges/evn-spc/quarantine/1/dismissal", {"reason": "Vị trí thử nghiệm"}))


def evacuation(people: People) -> None:
    department, evn_spc, node = people.department, people.evn_spc, "/evacuation-groups/node"
    done(evn_spc.post("/evacuation-groups", {"code": "node", "name": "Trạm hiện hữu", "work": "line"}))
    done(department.post("/evacuation-groups", {"code": "corridor", "name": "Hành lang", "owner": "evn-spc"}))
    done(department.patch(node, {"name": "Các trạm hiện hữu", "work": "bay", "note": "Theo biên bản"}))
    for note in ("Theo sơ đồ", None):
        done(evn_spc.put(f"{node}/phases/alpha-1", {"note": note}))
        done(evn_spc.put("/evacuation-groups/corridor/sources/node", {"note": note}))
    done(department.delete("/evacuation-groups/corridor/sources/node"))
    done(department.delete(f"{node}/phases/alpha-1"))
    done(department.put(f"{node}/phases/alpha-1", {"is_illustrative": True}))
    limit = {"capacity_mw": 149, "condition": "existing", "valid_from": "2021-05-21", **DECISION}
    done(evn_spc.post(f"{node}/limits", limit))
    more = {"condition": "after_work", "work": "line", "criterion": "n-1", "valid_until": "2025-12-31"}
    made = done(department.post(f"{node}/limits", limit | more))
    done(evn_spc.post(f"/evacuation-limits/{made['id']}/withdrawal", {"reason": "Nhập nhầm nút"}))


def commitments(people: People) -> None:
    department, evn_spc = people.department, people.evn_spc
    done(evn_spc.put("/grid-works/line/towers/91", {"position": 91}))
    promise = {"work": "line", "stage": "site", "units": ["91"], "responsible": "UBH", "due_on": "2023-02-20"}
    one = done(evn_spc.post("/commitments", promise | {"note": "Họp giao ban"}))["id"]
    done(department.post("/commitments", promise | {"made_on": "2023-02-01", "is_illustrative": True}))
    done(department.post(f"/commitments/{one}/postponement", {"due_on": "2023-03-01", "reason": "Chờ tiền"}))
    done(evn_spc.post(f"/commitments/{one}/withdrawal", {"reason": "Đổi tuyến"}))


def households_on_the_line(people: People) -> None:
    """A case with personal data of every kind, its state told late and out of order, changed one by one and in a batch."""
    department, evn_spc, case = people.department, people.evn_spc, "/clearances/land/households/HD-1"
    personal = {name: f"{name} của hộ" for name in PERSONAL}
    where = {"unit": {"kind": "section", "number": "1-2"}, "decision_number": "15/QĐ", "land_m2": 144.5}
    done(evn_spc.put(case, {**personal, **where, "status": "inventoried", "effective_on": "2023-01-09"}))
    money = {"status": "unpaid", "attitude": "disagrees", "cause": "land_price", "approved_vnd": 250_000_000}
    done(evn_spc.put(case, {**money, "effective_on": "2023-02-01", "owner_name": "Lê Văn Tám"}))
    done(department.put(case, {"attitude": "undecided", "effective_on": "2023-01-20", "unit": None}))
    of = {"clearance": "land", "number": "HD-2"}
    rows = [
        {**of, "number": "HD-1", "trees": 3, "action_owner": "UBX", "visited_on": "2023-02-02"},
        {**of, "status": "handed_over", "is_illustrative": True},
        {**of, "status": "paid", "effective_on": "2023-01-05"},
    ]
    assert done(evn_spc.put("/grid-works/line/households", {"rows": rows}))["changed"] == 3


def documents_and_files(people: People) -> None:
    investor, pdf = people.investor, {"Content_Type": "application/pdf"}
    phase = {"subject": "phase", "subject_code": "alpha-1", "valid_until": "2030-01-01", "note": "Bản sao"}
    licence = done(investor.post("/documents", LETTER | phase))["id"]
    done(investor.patch(f"/documents/{licence}", {"valid_until": "2031-01-01", "note": None}))
    for name in ("a.pdf", "b.pdf"):
        done(investor.put(f"/documents/{licence}/file?filename={name}", PAPER, **pdf))
    line = {"subject": "grid_work", "subject_code": "line"}
    done(people.evn_spc.post("/documents", LETTER | line))


DECISION = {"letter_number": "5/QĐ", "letter_on": "2022-06-01", "letter_issuer": "Sở Công Thương"}


def milestones_of_everything(people: People) -> None:
    """Every kind of statement about milestones, on each kind of subject."""
    department, investor, evn_spc = people.department, people.investor, people.evn_spc
    phase, line = "/phases/alpha-1/milestones", "/grid-works/line/milestones"
    conditions = {"foreign_investor": False, "approval_overtaken": True}
    done(investor.post("/projects/alpha/milestones", {"conditions": conditions}))
    done(investor.post(phase, {}))
    done(evn_spc.post(line, {}))
    done(department.post("/clearances/land/milestones", {"is_illustrative": True}))
    done(evn_spc.post(f"{line}/G-10/instances", {"label": "Gói vật tư 2"}))
    done(evn_spc.patch(f"{line}/G-10.2", {"forecast_on": "2023-05-01", "forecast_precision": "quarter"}))
    done(investor.patch(f"{phase}/W-E6", {"plan_on": "2023-06-30", "forecast_on": "2023-07-15"}))
    done(department.post(f"{phase}/W-E6/baseline", {"baseline_on": "2023-05-31", **DECISION}))
    moved = {"forecast_on": "2023-08-20", "cause": "weather", "note": "Gió mùa"}
    done(investor.patch(f"{phase}/W-E6", moved))
    done(investor.patch(f"{phase}/W-E6", {"plan_on": None, "forecast_on": None, "cause": "other"}))
    # Two keys: disputed, declared again without what stands before it, confirmed for another day, and taken back.
    override = {"override_reason": "Hồ sơ các bước trước nhập sau", **DECISION}
    done(department.patch(f"{phase}/W-C5", {"actual_on": "2022-07-01", **override}))
    done(evn_spc.post(f"{phase}/W-C5/dispute", {"note": "Văn bản chưa ký"}))
    done(department.patch(f"{phase}/W-C5", {"actual_on": "2022-07-10", **override}))
    done(evn_spc.post(f"{phase}/W-C5/confirmation", {"actual_on": "2022-07-12", "note": "Theo công văn"}))
    done(department.patch(f"{phase}/W-C5", {"actual_on": None, "note": "Nhập nhầm giai đoạn"}))
    done(investor.patch("/projects/alpha/milestones/W-A1", {"actual_on": "2019-06-30"}))
    late = {"plan_on": "2020-03-31", "actual_on": "2020-06-30", **DECISION}
    done(investor.patch("/projects/alpha/milestones/W-A2", late))
    done(department.patch(f"{phase}/W-E7", {"is_applicable": False, "note": "Không có hạng mục này"}))
    done(investor.patch("/projects/alpha/milestones/W-A4", {"is_applicable": True}))
    row = {"subject": "phase", "subject_code": "alpha-1"}
    rows = [
        {**row, "milestone": "W-E4", "forecast_on": "2023-09-01"},
        {**row, "milestone": "W-E5", "forecast_on": "2022-09-01"},
        {**row, "milestone": "W-E8", "plan_on": "2023-09-01", "note": "Theo tiến độ"},
    ]
    assert done(department.patch("/milestones?partial=true", {"rows": rows}))["refused"] == 1


def obstacles_and_reports(people: People) -> None:
    department, investor, evn_spc = people.department, people.investor, people.evn_spc
    title = {"kind": "land_price", "title": "Chưa thống nhất đơn giá", "responsible": "UBH"}
    on_phase = {**title, "subject": "phase", "subject_code": "alpha-1", "milestone": "W-E6"}
    one = done(investor.post("/obstacles", {**on_phase, "due_on": "2023-02-20"}))["id"]
    done(evn_spc.post("/obstacles", {**title, "subject": "grid_work", "subject_code": "line"}))
    done(department.patch(f"/obstacles/{one}", {"milestone": "W-E8", "description": "Ba vị trí"}))
    done(investor.post(f"/obstacles/{one}/postponement", {"due_on": "2023-03-20", "reason": "Tết"}))
    done(department.post(f"/obstacles/{one}/reassignment", {"responsible": "HDBT"}))
    done(investor.post(f"/obstacles/{one}/closing", {"outcome": "Đã bàn giao"}))
    done(investor.post(f"/obstacles/{one}/reopening", {"reason": "Hộ dân đổi ý"}))
    done(investor.post("/progress-reports", {"narrative": "Đã lắp xong ba tua-bin"}))
    done(evn_spc.post("/progress-reports", {"nothing_changed": True}))


def declared(people: People, mw: float, **more: Any) -> str:
    answer = people.investor.post("/phases/alpha-1/tranches", factories.declaration(mw, **more))
    code: str = done(answer)["code"]
    return code


def facts_of(session: Session) -> list[FactRow]:
    return list(session.execute(select(FactRow).order_by(FactRow.revision, FactRow.position)).scalars())


def test_every_kind_of_change_is_journaled_and_the_rows_are_what_the_facts_say(people: People) -> None:
    a_varied_life(people)
    with people.world.database.reading() as session:
        facts = facts_of(session)
        assert {fact.kind for fact in facts} == set(Fact), "a fact that no change here states"
        each_entry_has_its_fact(session, facts)
        each_override_has_its_fact(session, facts)
        each_row_is_what_its_facts_say(session, facts)
        each_milestone_is_what_was_said_of_it(session, facts)
        each_step_of_an_obstacle_has_its_fact(session, facts)
        each_state_of_a_household_has_its_fact(session, facts)
        each_step_of_a_commitment_has_its_fact(session, facts)
        each_unit_and_each_report_on_it_is_what_its_facts_say(session, facts)
        each_total_and_each_reported_count_has_its_fact(session, facts)
        revisions_have_no_gap_and_hold(session, facts)


def each_entry_has_its_fact(session: Session, facts: list[FactRow]) -> None:
    entries = {row.id: row for row in session.execute(select(CapacityEntry)).scalars()}
    stated = [f for f in facts if f.after and "entry" in f.after and f.kind != Fact.RULE_OVERRIDDEN]
    assert sorted(f.after["entry"] for f in stated if f.after) == sorted(entries)
    assert {row.kind for row in entries.values()} == set(EntryKind)
    for fact in stated:
        after = fact.after or {}
        row = entries[after["entry"]]
        assert (after["kw"], after["effective_on"]) == (row.kw, row.effective_on.isoformat())
        assert (after["kind"], after["measure"]) == (row.kind, row.measure)
        assert (fact.revision, fact.project_id) == (row.revision, row.project_id)
        assert fact.kind.value.rpartition(".")[2] == row.kind
        if row.tranche is not None:
            assert (fact.subject, fact.subject_code) == ("tranche", row.tranche)
    for posting in session.execute(select(CapacityPosting)).scalars():
        row = entries[posting.entry_id]
        assert (posting.revision, posting.project_id) == (row.revision, row.project_id)
        assert posting.phase_id == row.phase_id


def each_override_has_its_fact(session: Session, facts: list[FactRow]) -> None:
    kept = session.execute(select(RuleFinding).where(RuleFinding.reason.is_not(None))).scalars()  # type: ignore[union-attr]
    overridden = [f.after or {} for f in facts if f.kind == Fact.RULE_OVERRIDDEN]
    assert [(f["entry"], f["code"], f["reason"]) for f in overridden] == [
        (row.entry_id, row.rule, row.reason) for row in kept
    ]


def path_code(session: Session, row: EvacuationPath) -> str:
    """How the journal names a path: by its group and by where it starts."""
    group = session.get_one(EvacuationGroup, row.group_id).code
    if row.phase_id is not None:
        return f"{group}/phase/{session.get_one(Phase, row.phase_id).code}"
    return f"{group}/group/{session.get_one(EvacuationGroup, row.from_group_id).code}"


# Each table with the subject its facts name, and how a fact names one row of it.
TABLES: dict[type[SQLModel], tuple[str, Callable[[Session, Any], str]]] = {
    Project: ("project", lambda _, row: row.code),
    Phase: ("phase", lambda _, row: row.code),
    Turbine: ("turbine", lambda s, row: f"{s.get_one(Phase, row.phase_id).code}/{row.number}"),
    Target: ("target", lambda _, row: row.code),
    Organisation: ("organisation", lambda _, row: row.code),
    User: ("user", lambda _, row: row.login),
    ApiKey: ("key", lambda _, row: row.prefix),
    Source: ("source", lambda _, row: row.code),
    AdministrativeUnit: ("administrative_unit", lambda _, row: row.code),
    ReportedFigure: ("reported_figure", lambda _, row: row.code),
    GridWork: ("grid_work", lambda _, row: row.code),
    Connection: (
        "connection",
        lambda s, row: f"{s.get_one(Phase, row.phase_id).code}/{s.get_one(GridWork, row.work_id).code}",
    ),
    Clearance: ("clearance", lambda _, row: row.code),
    Household: ("household", lambda s, row: household_code(s, row)),
    Document: ("document", lambda _, row: str(row.id)),
    Obstacle: ("obstacle", lambda _, row: str(row.id)),
    Commitment: ("commitment", lambda _, row: str(row.id)),
    ProgressReport: ("progress_report", lambda _, row: str(row.id)),
    EvacuationGroup: ("evacuation_group", lambda _, row: row.code),
    EvacuationPath: ("evacuation_path", lambda s, row: path_code(s, row)),
    EvacuationLimit: ("evacuation_limit", lambda _, row: str(row.id)),
    WebhookEndpoint: ("webhook", lambda _, row: row.code),
}
# What the facts of these end in states values of their rows.
STATES = (".created", ".changed", ".revoked", ".made", ".added", ".filed")
STATES += (".raised", ".postponed", ".closed", ".reopened", ".reported", ".stated")
STATES += ("commitment.moved", "commitment.withdrawn")
STATES += (".secret_renewed", ".switched_off")
# Not said, or said by name instead of by id: keys of the database, and what is kept about the journal itself.
UNSAID = {"id", "project_id", "phase_id", "organisation_id", "user_id", "revision", "created_in", "is_active"}
UNSAID |= {"subject_id", "milestone_id"}
# Of an endpoint: what the worker finds, why and since when it is off beside the fact that it is, and when it was made.
UNSAID |= {
    "failing_since",
    "delivered_at",
    "failures",
    "absences",
    "rests_until",
    "switched_off_at",
    "switched_off_in",
}
UNSAID |= {"work_id"}
UNSAID |= {"clearance_id", "unit_id"}
UNSAID |= {"group_id", "from_group_id", "withdrawn_in", "withdrawn_for"}
# Of a key only its beginning is said, never what would let somebody guess it.
SECRET = {"digest", "created_at", "label", "password_hash"}
# Of an endpoint neither what signs nor its address, which may hold a token: only that they changed.
SECRET |= {"url", "secret", "previous_secret"}


def each_row_is_what_its_facts_say(session: Session, facts: list[FactRow]) -> None:
    said: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    for fact in facts:
        if fact.kind.value.endswith(STATES):
            said[fact.subject].setdefault(fact.subject_code, {}).update(fact.after or {})
        elif fact.kind.value.endswith(".removed"):
            del said[fact.subject][fact.subject_code]
    for table, (subject, code) in TABLES.items():
        # A path that was taken back keeps its row, for older answers.
        found = session.execute(select(table)).scalars()
        stand = [row for row in found if getattr(row, "removed_in", None) is None]
        rows = {code(session, row): row for row in stand}
        assert set(rows) == set(said[subject]), subject
        for name, row in rows.items():
            there = {k: v for k, v in row.model_dump().items() if k not in UNSAID | SECRET}
            if table is Household:
                # Of personal data the journal says only that it changed.
                there = {k: v and HIDDEN if k in PERSONAL else v for k, v in there.items()}
            plain = journal_service.plain(there) or {}
            fields = {k: v for k, v in said[subject][name].items() if k in there}
            if table is Obstacle:
                # A fact names the subject with its code; the row has the code by the subject's id.
                assert fields["subject"] == subjects.by_id(session, row.subject, row.subject_id).path
                fields["subject"] = row.subject.value
            assert without_nothing(fields) == without_nothing(plain), (subject, name)


# The date that an entry of a milestone states.
DATES = {
    MilestoneAct.BASELINED: "baseline",
    MilestoneAct.PLANNED: "plan",
    MilestoneAct.FORECAST: "forecast",
    MilestoneAct.DECLARED: "actual",
    MilestoneAct.CONFIRMED: "actual",
    MilestoneAct.DISPUTED: "actual",
}
# The facts that give a subject milestones, and make no entry of their own.
MAKING = {Fact.MILESTONES_APPLIED, Fact.MILESTONE_REPEATED}


def each_milestone_is_what_was_said_of_it(session: Session, facts: list[FactRow]) -> None:
    """A milestone is what its entries fold to, each entry is what its fact says in its revision, and the row is that."""
    applied = {fact.subject_code: fact for fact in facts if fact.kind == Fact.MILESTONES_APPLIED}
    told: dict[str, list[FactRow]] = defaultdict(list)
    for fact in facts:
        if fact.subject == "milestone":
            told[fact.subject_code].append(fact)
    entries: dict[int, list[MilestoneEntry]] = defaultdict(list)
    for entry in session.execute(select(MilestoneEntry).order_by(MilestoneEntry.id)).scalars():  # type: ignore[arg-type]
        entries[entry.milestone_id].append(entry)
    acts, counted = set(), defaultdict[str, int](int)
    for row in session.execute(select(Milestone)).scalars():
        path = subjects.by_id(session, row.subject, row.subject_id).path
        counted[path] += row.instance == 1
        own = entries.pop(row.id or 0, [])
        acts |= {entry.act for entry in own}
        a_milestone_is_what_its_entries_fold_to(session, row, own)
        said = a_milestone_has_a_fact_for_each_entry(
            row, own, applied[path], told.pop(f"{path}/{milestones.key(row.code, row.instance)}", [])
        )
        a_milestone_is_what_its_facts_say(row, said)
    assert (told, entries) == ({}, {}), "about no milestone that is there"
    assert {path: fact.after["milestones"] for path, fact in applied.items() if fact.after} == counted
    assert acts == set(MilestoneAct)


def a_milestone_is_what_its_entries_fold_to(
    session: Session, row: Milestone, own: list[MilestoneEntry]
) -> None:
    said = [
        milestones.Said(
            entry.act,
            stored.stated(entry.day, entry.precision),
            entry.verification,
            session.get_one(Revision, entry.revision).recorded_at,
        )
        for entry in own
    ]
    state = milestones.fold(said)
    assert stored.state_of(row) == state, row
    assert (row.due_on, row.next_on) == (
        (state.promised_on, state.expected_on) if state.is_open else (None, None)
    )
    assert row.revision == max([row.created_in, *(entry.revision for entry in own)])


def test_an_actual_waits_from_when_it_was_recorded_whatever_the_clock_that_declared_it_said(
    world: factories.World,
) -> None:
    letter = {"letter_number": "12/BB", "letter_on": "2023-01-20", "letter_issuer": "Tư vấn giám sát"}
    with world.database.changing(factories.stamp(hour=5)) as session:
        factories.apply(session)
    with world.database.changing(factories.stamp(hour=2)) as session:
        factories.state(session, "W-C5", actor=world.investor, actual_on="2023-01-28", **letter)
    with world.database.reading() as session:
        (entry,) = session.execute(
            select(MilestoneEntry).where(MilestoneEntry.act == MilestoneAct.DECLARED)
        ).scalars()
        row = session.get_one(Milestone, entry.milestone_id)
        assert row.declared_at == factories.at(hour=5)
        a_milestone_is_what_its_entries_fold_to(session, row, [entry])


def a_milestone_has_a_fact_for_each_entry(
    row: Milestone, own: list[MilestoneEntry], applied: FactRow, told: list[FactRow]
) -> dict[str, Any]:
    """What its facts say of it in the end."""
    made = applied if row.instance == 1 else told.pop(0)
    assert made.kind in MAKING
    assert (made.revision, made.project_id) == (row.created_in, row.project_id)
    said = {"template_version": (applied.after or {})["template_version"], **(made.after or {})}
    if made is applied and row.code in said["ruled_out"]:
        said["is_applicable"] = False
        ruled = own.pop(0)
        assert (ruled.act, ruled.revision) == (MilestoneAct.RULED_OUT, applied.revision)
        said["ruled_out_for"] = ruled.note
    for fact, entry in zip(told, own, strict=True):
        after = fact.after or {}
        said |= after
        assert (fact.kind, fact.revision, fact.project_id) == (
            (FACT_OF[entry.act], entry.revision, row.project_id)
        )
        name = DATES.get(entry.act)
        if name is not None:
            assert said[f"{name}_on"] == (entry.day and entry.day.isoformat())
            assert entry.day is None or said[f"{name}_precision"] == entry.precision
        if entry.verification is not None:
            assert said["verification"] == entry.verification
        for reason in ("cause", "note", "override_reason"):
            assert after.get(reason) == getattr(entry, reason)
        assert after.get("document") == entry.document_id
        assert after.get("sources", []) == list(entry.sources or ())
        if entry.act in (MilestoneAct.RULED_OUT, MilestoneAct.RULED_IN):
            said["ruled_out_for"] = after.get("note") if entry.act == MilestoneAct.RULED_OUT else None
    return said


def a_milestone_is_what_its_facts_say(row: Milestone, said: dict[str, Any]) -> None:
    plain = journal_service.plain(row.model_dump()) or {}
    for name in ("baseline", "plan", "forecast", "actual"):
        day = plain[f"{name}_on"]
        assert said.get(f"{name}_on") == day
        assert day is None or said[f"{name}_precision"] == plain[f"{name}_precision"]
    for name, unsaid in (
        ("verification", None),
        ("label", None),
        ("ruled_out_for", None),
        ("is_applicable", True),
    ):
        assert said.get(name, unsaid) == plain[name], (row.code, name)
    for name in ("template_version", "is_illustrative"):
        assert said[name] == plain[name], (row.code, name)


STEPS = {
    ObstacleAct.RAISED: Fact.OBSTACLE_RAISED,
    ObstacleAct.POSTPONED: Fact.OBSTACLE_POSTPONED,
    ObstacleAct.REASSIGNED: Fact.OBSTACLE_CHANGED,
    ObstacleAct.CLOSED: Fact.OBSTACLE_CLOSED,
    ObstacleAct.REOPENED: Fact.OBSTACLE_REOPENED,
}


MADE_UNITS = {Fact.WORK_UNIT_CREATED, Fact.WORK_UNIT_CHANGED}
ABOUT_UNITS = ("stage", "status", "effective_on", "cause", "note", "override_reason", "sources")


def each_unit_and_each_report_on_it_is_what_its_facts_say(session: Session, facts: list[FactRow]) -> None:
    """A unit is what its facts made it, its revision the last that spoke of it, and each report has a fact of its own."""
    told: dict[tuple[str, str], list[FactRow]] = defaultdict(list)
    for fact in facts:
        if fact.subject in ("tower", "section"):
            told[fact.subject, fact.subject_code].append(fact)
    units = {row.id: row for row in session.execute(select(WorkUnit)).scalars()}
    for row in units.values():
        code = f"{session.get_one(GridWork, row.work_id).code}/{row.number}"
        own = told.pop((row.kind.value, code))
        assert (own[0].kind, own[0].revision) == (Fact.WORK_UNIT_CREATED, row.created_in)
        assert row.revision == own[-1].revision
        said: dict[str, Any] = {}
        for fact in own:
            said |= (fact.after or {}) if fact.kind in MADE_UNITS else {}
        there = journal_service.plain(row.model_dump()) or {}
        ends = {"from_tower": units.get(row.from_id), "to_tower": units.get(row.to_id)}
        there |= {name: end and end.number for name, end in ends.items()}
        without = {"id", "kind", "number", "work_id", "from_id", "to_id", "created_in", "revision"}
        kept = {name: value for name, value in there.items() if name not in without}
        assert without_nothing({n: v for n, v in said.items() if n != "reason"}) == without_nothing(kept)
        entries = select(UnitEntry).where(UnitEntry.unit_id == row.id).order_by(UnitEntry.id)  # type: ignore[arg-type]
        reports = [fact for fact in own if fact.kind not in MADE_UNITS]
        for fact, entry in zip(reports, session.execute(entries).scalars(), strict=True):
            plain = journal_service.plain(entry.model_dump()) or {}
            stated = without_nothing({name: plain[name] for name in ABOUT_UNITS})
            marked = {"is_illustrative": True} if entry.is_illustrative else {}
            assert (fact.after, fact.revision) == (stated | marked, entry.revision)
    assert told == {}, "about no unit that is there"


def each_total_and_each_reported_count_has_its_fact(session: Session, facts: list[FactRow]) -> None:
    for table, kind in ((UnitTotal, Fact.TOTAL_STATED), (UnitCount, Fact.COUNT_REPORTED)):
        rows = session.execute(select(table).order_by(table.id)).scalars().all()  # type: ignore[arg-type, attr-defined]
        stated = [fact for fact in facts if fact.kind == kind]
        assert [fact.revision for fact in stated] == [row.revision for row in rows] != []
        for fact, row in zip(stated, rows, strict=True):
            there = {k: v for k, v in row.model_dump().items() if k not in UNSAID}
            assert fact.after == without_nothing(journal_service.plain(there) or {})


def each_step_of_a_commitment_has_its_fact(session: Session, facts: list[FactRow]) -> None:
    """Its history is what its facts say, in their revisions; the fact that makes it names its units."""
    told = [fact for fact in facts if fact.subject == "commitment"]
    steps = list(session.execute(select(CommitmentEntry).order_by(CommitmentEntry.id)).scalars())  # type: ignore[arg-type]
    for fact, step in zip(told, steps, strict=True):
        after = fact.after or {}
        assert (fact.subject_code, fact.revision) == (str(step.commitment_id), step.revision)
        assert fact.kind.value == f"commitment.{step.act.value}"
        assert after.get("due_on") == (step.day and step.day.isoformat())
        if step.act != CommitmentAct.MADE:
            assert after["reason"] == step.note
            continue
        numbers = select(WorkUnit.number).join(CommitmentUnit, CommitmentUnit.unit_id == WorkUnit.id)  # type: ignore[arg-type]
        named = session.execute(numbers.where(CommitmentUnit.commitment_id == step.commitment_id)).scalars()  # type: ignore[arg-type]
        assert sorted(after["units"]) == sorted(named)
    assert {step.act for step in steps} == set(CommitmentAct)


def each_step_of_an_obstacle_has_its_fact(session: Session, facts: list[FactRow]) -> None:
    stated = [f for f in facts if f.subject == "obstacle"]
    # Fields that were sent are no step in its life, unless they are whom it is with.
    steps = [f for f in stated if f.kind != Fact.OBSTACLE_CHANGED or "responsible" in (f.after or {})]
    assert len(steps) < len(stated)
    entries = list(session.execute(select(ObstacleEntry).order_by(ObstacleEntry.id)).scalars())  # type: ignore[arg-type]
    assert {entry.act for entry in entries} == set(ObstacleAct)
    assert [(f.revision, f.subject_code, f.kind) for f in steps] == [
        (entry.revision, str(entry.obstacle_id), STEPS[entry.act]) for entry in entries
    ]
    for fact, entry in zip(steps, entries, strict=True):
        after = fact.after or {}
        day = after.get("closed_on" if entry.act == ObstacleAct.CLOSED else "due_on")
        if entry.act != ObstacleAct.REOPENED:
            assert day == (entry.day and entry.day.isoformat())
        assert entry.responsible in (None, after.get("responsible"))
        assert entry.note == after.get("reason", after.get("outcome"))


def household_code(session: Session, row: Household) -> str:
    return f"{session.get_one(Clearance, row.clearance_id).code}/{row.number}"


def each_state_of_a_household_has_its_fact(session: Session, facts: list[FactRow]) -> None:
    """Each entry is what its fact says in its revision, and nothing personal is in any of them."""
    moved = [fact for fact in facts if fact.kind == Fact.HOUSEHOLD_MOVED]
    told: dict[tuple[int, str], list[Any]] = defaultdict(list)
    for entry in session.execute(select(HouseholdEntry)).scalars():
        code = household_code(session, session.get_one(Household, entry.household_id))
        said = entry.model_dump(include={"effective_on", *HOUSEHOLD_STATE})
        told[entry.revision, code].append(journal_service.plain(said))
    assert sum(map(len, told.values())) == len(moved) == 5
    for fact in moved:
        assert fact.after in told[fact.revision, fact.subject_code]
    said_of_them = str([(fact.before, fact.after) for fact in facts if fact.subject == "household"])
    assert "của hộ" not in said_of_them
    assert "Lê Văn" not in said_of_them


def without_nothing(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, [])}


def revisions_have_no_gap_and_hold(session: Session, facts: list[FactRow]) -> None:
    numbers = list(session.execute(select(Revision.number).order_by(Revision.number)).scalars())
    assert numbers == list(range(1, len(numbers) + 1))
    assert {fact.revision for fact in facts} == set(numbers), "a revision states at least one fact"
    for table in (Project, Target, Organisation):
        for row in session.execute(select(table)).scalars():
            assert row.revision in numbers
    verdict = journal.verify(session)
    assert (verdict.broken_at, verdict.revisions, verdict.facts) == (None, len(numbers), len(facts))


COUNTED = (
    Revision,
    FactRow,
    CapacityEntry,
    Milestone,
    MilestoneEntry,
    ObstacleEntry,
    ProgressReport,
    Document,
    UnitEntry,
    UnitTotal,
    UnitCount,
)


def marks(world: factories.World) -> dict[str, int]:
    """How many revisions, facts, entries and the like there are."""
    with world.database.reading() as session:
        return {
            table.__name__: session.execute(select(func.count()).select_from(table)).scalar_one()
            for table in COUNTED
        }


def test_what_is_refused_rehearsed_repeated_or_changes_nothing_creates_no_revision(people: People) -> None:
    department, investor = people.department, people.investor
    declaration = factories.declaration(4.2)
    done(investor.post("/phases/alpha-1/tranches", declaration, Idempotency_Key="k"))
    licence = {"measure": "licensed", "capacity_mw": 20, "effective_on": "2022-01-01"}
    entry = done(department.post("/phases/alpha-1/entries", licence))["id"]
    ended = {"capacity_mw": 20, "valid_until": "2021-12-31", "reason": "Hết hạn"}
    done(investor.post("/phases/alpha-1/milestones", {}))
    planned = {"forecast_on": "2023-09-01", "note": "Dự kiến"}
    done(investor.patch("/phases/alpha-1/milestones/W-E6", planned))
    row = {"subject": "phase", "subject_code": "alpha-1"}
    good = {**row, "milestone": "W-E7", "forecast_on": "2023-09-01"}
    letter = {**row, "milestone": "W-C5", "actual_on": "2022-07-01", **DECISION}
    bad = {**row, "milestone": "W-E8", "actual_on": "2023-02-08"}
    before = marks(people.world)
    answers = [
        investor.post("/phases/alpha-1/tranches", declaration, Idempotency_Key="k"),
        investor.post("/phases/alpha-1/tranches", {**declaration, "effective_on": "2030-01-01"}),
        investor.post("/phases/alpha-1/tranches", {**declaration, "turbines": ["X1"]}),
        investor.post("/tranches/alpha.1/confirmation", factories.letter()),
        people.evn_spc.post("/tranches/alpha.1/suspension", amend("2022-07-01")),
        people.stranger.patch("/projects/alpha", {"note": "x"}),
        department.post("/phases/alpha-1/entries", {**licence, "valid_until": "2021-12-31"}),
        department.post(f"/phases/alpha-1/entries/{entry}/correction", ended),
        department.patch("/projects/alpha", {"name": "Dự án alpha"}),
        department.patch("/projects/alpha", {"note": "x"}, If_Match='"r1-0"'),
        department.post("/projects", {"code": "alpha", "name": "Lại"}),
        department.delete("/projects/alpha"),
        department.ask("POST", "/imports/register?dry_run=true", FILE.encode(), Content_Type=YAML),
        department.ask(
            "POST", "/imports/register", FILE.replace("29.4", "'29,4'").encode(), Content_Type=YAML
        ),
        investor.patch("/milestones?dry_run=true", {"rows": [good, letter, bad]}),
        investor.patch("/milestones", {"rows": [good, letter, bad]}),
        investor.patch("/milestones?partial=true", {"rows": [bad, {**row, "milestone": "W-E6", **planned}]}),
        investor.patch("/phases/alpha-1/milestones/W-E6", planned),
        investor.patch("/phases/alpha-1/milestones/W-E6", {"forecast_on": "2023-10-01"}),
        investor.patch("/phases/alpha-1/milestones/W-E6", {"is_applicable": True, "actual_on": None}),
        department.post("/phases/alpha-1/milestones/W-E6/baseline", {"baseline_on": "2023-05-31"}),
        investor.post("/phases/alpha-1/milestones", {}),
        investor.post(
            "/obstacles", {**row, "kind": "crops", "title": "x", "responsible": "UBH", "due_on": "2022-01-01"}
        ),
        investor.post("/progress-reports", {}),
    ]
    assert [a.status_code for a in answers] == [
        201,
        422,
        422,
        403,
        422,
        404,
        422,
        422,
        200,
        412,
        409,
        409,
        200,
        422,
        *(200, 422, 200, 200, 422, 200, 422, 409, 422, 422),
    ]
    assert [row["outcome"] for row in answers[-10].json()["rows"]] == ["changed", "changed", "refused"]
    assert marks(people.world) == before


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def story(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[factories.World]:
    """A small journal of five revisions: the world, turbines and all that can be read, a declaration, its confirmation, a
    suspension. Nothing is added to it: what is forged is taken back."""
    if request.param == "sqlite":
        template = request.getfixturevalue("_sqlite_template")
        url = f"sqlite:///{shutil.copy(template, tmp_path_factory.mktemp('story') / 'tracker.db')}"
    else:
        url = postgres.create_database(
            request.getfixturevalue("_postgres"), "story", template="template_tracker"
        )
    database = Database(settings(url), seal=journal_service.seal)
    world = factories.world(database)
    world.url = url
    with database.changing(factories.stamp(hour=1)) as session:
        factories.turbines(session, count=3)
        furnish(session, world, "alpha", "alpha-1")
    with database.changing(factories.stamp(hour=2)) as session:
        factories.declare(session, world.investor, mw=4.2)
    with database.changing(factories.stamp(hour=3)) as session:
        factories.confirm(session, world.evn_spc, "alpha.1")
    with database.changing(factories.stamp(hour=4)) as session:
        change = TrancheAmend.model_validate(amend("2022-07-01", capacity_mw=2))
        amendments.suspend(session, world.department, "alpha.1", change, None, factories.TODAY)
    yield world
    database.close()
    if request.param == "postgres":
        postgres.drop_database(request.getfixturevalue("_postgres"), "story")


OF_A_BROWSER = {"/password", "/sign-in/oidc", "/sign-in/oidc/back"}


def test_reading_creates_no_revision_whatever_is_read(story: factories.World, tmp_path: Path) -> None:
    before = marks(story)
    # By the first part of the path; everything below a phase is asked of `alpha-1`.
    own = {"projects": "alpha", "tranches": "alpha.1", "targets": "377mw-2023", "organisations": "doit"}
    own |= {"grid-works": "line", "clearances": "land", "evacuation-groups": "node"}
    own |= {"webhooks": endpoint(story)}
    with serve(story, data_folder=tmp_path) as people:
        with people.app.state.tracker.files.receive() as incoming:
            incoming.write(PAPER)
            incoming.keep()
        read = []
        for route in iter_route_contexts(people.app.routes):
            if "GET" not in (route.methods or ()) or route.path in OF_A_BROWSER:
                continue
            needs = (getattr(route, "openapi_extra", None) or {}).get("x-needs", May.READ)
            reader = people.department if May(needs) in GRANTS[Role.DEPARTMENT] else people.investor
            headers = {"Authorization": f"Bearer {reader.key}"}
            for path in addresses(str(route.path), own, "alpha-1"):
                answer = reader.run(reader.client.get(path, headers=headers))
                assert answer.status_code == 200, (path, answer.text)
                read.append(path)
    assert len(read) > 60
    assert marks(story) == before


@contextmanager
def by_the_back_door(world: factories.World) -> Iterator[Session]:
    """Somebody who holds the database itself, where nothing between tables is enforced; taken back in the end."""
    engine = create_engine(world.database.writer.url)
    with Session(engine) as session:
        if not world.database.is_sqlite:
            session.execute(text("SET LOCAL session_replication_role = replica"))
        yield session
        session.rollback()
    engine.dispose()


FACTS: Table = FactRow.__table__  # type: ignore[attr-defined]
REVISIONS: Table = Revision.__table__  # type: ignore[attr-defined]
Forgery = Callable[[Session], object]


def fact(which: int, at: int = 0, **values: Any) -> Forgery:
    here = (FACTS.c.revision == which) & (FACTS.c.position == at)
    return lambda session: session.execute(update(FACTS).where(here).values(**values))


def revision(which: int, **values: Any) -> Forgery:
    here = REVISIONS.c.number == which
    return lambda session: session.execute(update(REVISIONS).where(here).values(**values))


def cut(number: int, *, facts: bool = True) -> Forgery:
    """Deletes a revision, with what it states or without."""

    def forge(session: Session) -> None:
        if facts:
            session.execute(delete(FACTS).where(FACTS.c.revision == number))
        session.execute(delete(REVISIONS).where(REVISIONS.c.number == number))

    return forge


def amount(number: int, side: str, **values: Any) -> Forgery:
    """Changes single values of what a fact says before or after."""

    def forge(session: Session) -> None:
        column = FACTS.c[side]
        said = session.execute(select(column).where(FACTS.c.revision == number)).scalars().first()
        assert said
        assert set(values) <= set(said)
        fact(number, **{side: said | values})(session)

    return forge


def turned(number: int) -> Forgery:
    """Two facts of one revision in the other order."""

    def forge(session: Session) -> None:
        for old, new in ((0, 99), (1, 0), (99, 1)):
            fact(number, old, position=new)(session)

    return forge


def added(number: int) -> Forgery:
    values = {"revision": number, "position": 99, "kind": Fact.COD_CONFIRMED, "subject": "tranche"}
    return lambda session: session.execute(insert(FACTS).values(**values, subject_code="alpha.9"))


def later(number: int) -> Forgery:
    def forge(session: Session) -> None:
        at = session.execute(select(REVISIONS.c.recorded_at).where(REVISIONS.c.number == number)).scalar_one()
        revision(number, recorded_at=at + timedelta(microseconds=1))(session)

    return forge


def both(*forgeries: Forgery) -> Forgery:
    return lambda session: [forge(session) for forge in forgeries]


FORGERIES: dict[str, tuple[Forgery, int, str]] = {
    "an amount after": (amount(4, "after", kw=9_200), 4, "hash"),
    "an effective day": (amount(3, "after", effective_on="2021-05-01"), 3, "hash"),
    "a value before": (amount(5, "before", operating_kw=9_200), 5, "hash"),
    "nothing after": (fact(4, after=None), 4, "hash"),
    "the kind of a fact": (fact(4, kind=Fact.COD_DISPUTED), 4, "hash"),
    "a kind that is no word of ours": (
        lambda session: session.execute(text("UPDATE fact SET kind = 'cod.blessed' WHERE revision = 4")),
        4,
        "hash",
    ),
    "whom a fact is about": (fact(4, subject_code="alpha.2"), 4, "hash"),
    "the project of a fact": (fact(4, project_id=None), 4, "hash"),
    "the order of two facts": (turned(2), 2, "hash"),
    "a fact more": (added(4), 4, "hash"),
    "a fact moved to the revision before": (fact(4, revision=3, position=99), 3, "hash"),
    "a fact less": (lambda c: c.execute(delete(FACTS).where(FACTS.c.revision == 2, FACTS.c.position == 1)), 2, "hash"),
    "who": (revision(4, actor={"role": "department", "organisation": "doit", "user": "department"}), 4, "hash"),
    "when, by a microsecond": (later(3), 3, "hash"),
    "for which request": (revision(3, request_id="other"), 3, "hash"),
    "a hash": (revision(2, hash="0" * 64), 2, "hash"),
    "the first revision deleted": (cut(1), 1, "missing"),
    "a revision deleted": (cut(3), 3, "missing"),
    "two revisions deleted": (both(cut(4), cut(3)), 3, "missing"),
    "a revision deleted, its facts left": (cut(3, facts=False), 3, "missing"),
    "the last revision deleted, its facts left": (cut(5, facts=False), 5, "missing"),
    "all revisions deleted, their facts left": (lambda c: c.execute(delete(REVISIONS)), 1, "missing"),
    "a number changed": (both(fact(5, revision=6), revision(5, number=6)), 5, "missing"),
    "two forged": (both(amount(5, "after", kw=1), amount(3, "after", kw=1)), 3, "hash"),
}  # fmt: skip


@pytest.mark.parametrize(("forge", "broken_at", "reason"), FORGERIES.values(), ids=list(FORGERIES))
def test_what_is_forged_is_named_by_its_first_revision(
    story: factories.World, forge: Forgery, broken_at: int, reason: str
) -> None:
    with by_the_back_door(story) as session:
        assert journal.verify(session).broken_at is None
        forge(session)
        verdict = journal.verify(session)
    assert (verdict.broken_at, verdict.reason, verdict.revisions) == (broken_at, reason, broken_at - 1)


def test_a_forged_revision_sealed_anew_is_given_away_by_the_next(story: factories.World) -> None:
    with by_the_back_door(story) as session:
        amount(3, "after", kw=9_200)(session)
        names = ("kind", "subject", "subject_code", "project_id", "before", "after")
        said = [{name: getattr(f, name) for name in names} for f in facts_of(session) if f.revision == 3]
        before = session.get_one(Revision, 2).hash
        sealed = chain.seal(journal_service.link(session.get_one(Revision, 3), said), before)
        revision(3, hash=sealed)(session)
        session.expire_all()
        assert journal.verify(session).broken_at == 4


def test_an_empty_journal_holds(database: Database) -> None:
    with database.reading() as session:
        verdict = journal.verify(session)
    assert (verdict.broken_at, verdict.revisions, verdict.facts, verdict.head_hash) == (None, 0, 0, "0" * 64)
