"""Every route with the permission it needs and who may call it, written out by hand; a new one fails until it is here."""

import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from app.db import Database
from app.domain.access import GRANTS, May, Role
from app.main import create_app
from app.schemas.people import KeyCreate
from app.services import people as people_service
from tests import factories
from tests.conftest import Person, serve, settings

EVERYONE = "public investor evn_spc district department admin"
INSIDERS = "investor evn_spc district department"
REPORTERS = "investor evn_spc department"
WEBHOOKS = "investor evn_spc department admin"
TABLE = {
    "GET /capacity": ("summary:read", EVERYONE),
    "GET /capacity/series": ("summary:read", EVERYONE),
    "GET /reported-figures": ("summary:read", EVERYONE),
    "GET /projects": ("summary:read", EVERYONE),
    "POST /projects": ("project:create", "department"),
    "GET /projects/{code}": ("summary:read", EVERYONE),
    "PATCH /projects/{code}": ("project:change", "investor department"),
    "DELETE /projects/{code}": ("project:create", "department"),
    "POST /projects/{code}/tranches": ("cod:declare", "investor department"),
    "GET /phases": ("summary:read", EVERYONE),
    "POST /phases": ("project:create", "department"),
    "GET /phases/{code}": ("summary:read", EVERYONE),
    "PATCH /phases/{code}": ("project:change", "investor department"),
    "DELETE /phases/{code}": ("project:create", "department"),
    "GET /phases/{code}/turbines": ("detail:read", INSIDERS),
    "POST /phases/{code}/turbines": ("project:change", "investor department"),
    "PUT /phases/{code}/turbines/{number}": ("project:change", "investor department"),
    "PATCH /phases/{code}/turbines/{number}": ("project:change", "investor department"),
    "DELETE /phases/{code}/turbines/{number}": ("project:change", "investor department"),
    "GET /phases/{code}/entries": ("detail:read", INSIDERS),
    "POST /phases/{code}/entries": ("capacity:record", REPORTERS),
    "POST /phases/{code}/entries/{entry_id}/correction": ("capacity:record", REPORTERS),
    "GET /phases/{code}/tranches": ("detail:read", INSIDERS),
    "POST /phases/{code}/tranches": ("cod:declare", "investor department"),
    "GET /grid-works": ("summary:read", EVERYONE),
    "POST /grid-works": ("work:change", "evn_spc department"),
    "GET /grid-works/{code}": ("summary:read", EVERYONE),
    "PATCH /grid-works/{code}": ("work:change", "evn_spc department"),
    "GET /grid-works/{code}/connections": ("detail:read", INSIDERS),
    "GET /phases/{code}/connections": ("detail:read", INSIDERS),
    "PUT /phases/{code}/connections/{work}": ("work:change", "evn_spc department"),
    "DELETE /phases/{code}/connections/{work}": ("work:change", "evn_spc department"),
    "GET /grid-works/{code}/progress": ("detail:read", INSIDERS),
    "GET /grid-works/{code}/strip": ("detail:read", INSIDERS),
    "GET /grid-works/{code}/blocked": ("detail:read", INSIDERS),
    "GET /grid-works/{code}/towers": ("detail:read", INSIDERS),
    "GET /grid-works/{code}/towers/{number}": ("detail:read", INSIDERS),
    "PUT /grid-works/{code}/towers/{number}": ("work:change", "evn_spc department"),
    "GET /grid-works/{code}/sections": ("detail:read", INSIDERS),
    "GET /grid-works/{code}/sections/{number}": ("detail:read", INSIDERS),
    "PUT /grid-works/{code}/sections/{number}": ("work:change", "evn_spc department"),
    "PUT /grid-works/{code}/units": ("work:change", "evn_spc department"),
    "GET /grid-works/{code}/totals": ("detail:read", INSIDERS),
    "POST /grid-works/{code}/totals": ("work:change", "evn_spc department"),
    "GET /grid-works/{code}/reported-counts": ("detail:read", INSIDERS),
    "POST /grid-works/{code}/reported-counts": ("work:change", "evn_spc department"),
    "PUT /grid-works/{code}/households": ("household:report", "evn_spc district department"),
    "GET /clearances/{code}/households": ("household:read", "evn_spc district department"),
    "GET /clearances/{code}/households/{number}": ("household:read", "evn_spc district department"),
    "PUT /clearances/{code}/households/{number}": ("household:report", "evn_spc district department"),
    "GET /land/counts": ("summary:read", EVERYONE),
    "GET /accesses": ("journal:read", "department admin"),
    "GET /clearances": ("detail:read", INSIDERS),
    "POST /clearances": ("work:change", "evn_spc department"),
    "GET /clearances/{code}": ("detail:read", INSIDERS),
    "PATCH /clearances/{code}": ("work:change", "evn_spc department"),
    "GET /documents": ("detail:read", INSIDERS),
    "POST /documents": ("milestone:report", REPORTERS),
    "GET /documents/{document_id}": ("detail:read", INSIDERS),
    "PATCH /documents/{document_id}": ("milestone:report", REPORTERS),
    "GET /documents/{document_id}/file": ("detail:read", INSIDERS),
    "PUT /documents/{document_id}/file": ("milestone:report", REPORTERS),
    "GET /milestone-templates": ("summary:read", EVERYONE),
    "GET /milestones": ("detail:read", INSIDERS),
    "PATCH /milestones": ("milestone:report", REPORTERS),
    "GET /{subject}/{code}/milestones": ("detail:read", INSIDERS),
    "POST /{subject}/{code}/milestones": ("milestone:report", REPORTERS),
    "GET /{subject}/{code}/milestones/{milestone}": ("detail:read", INSIDERS),
    "PATCH /{subject}/{code}/milestones/{milestone}": ("milestone:report", REPORTERS),
    "GET /{subject}/{code}/milestones/{milestone}/history": ("detail:read", INSIDERS),
    "POST /{subject}/{code}/milestones/{milestone}/instances": ("milestone:report", REPORTERS),
    "POST /{subject}/{code}/milestones/{milestone}/baseline": ("milestone:baseline", "evn_spc department"),
    "POST /{subject}/{code}/milestones/{milestone}/confirmation": (
        "milestone:confirm",
        "evn_spc department",
    ),
    "POST /{subject}/{code}/milestones/{milestone}/dispute": ("milestone:confirm", "evn_spc department"),
    "GET /{subject}/{code}/schedule": ("detail:read", INSIDERS),
    "GET /schedule/critical-path": ("detail:read", INSIDERS),
    "GET /schedule/at-stake": ("detail:read", INSIDERS),
    "GET /schedule/at-stake/land": ("detail:read", INSIDERS),
    "GET /grid-works/{code}/pace": ("detail:read", INSIDERS),
    "GET /schedule/shortfall": ("detail:read_all", "evn_spc department"),
    "GET /schedule/deadlines": ("detail:read", INSIDERS),
    "GET /schedule/slips": ("detail:read", INSIDERS),
    "GET /obstacles": ("detail:read", INSIDERS),
    "POST /obstacles": ("milestone:report", REPORTERS),
    "GET /obstacles/by-responsible": ("detail:read", INSIDERS),
    "GET /obstacles/{obstacle_id}": ("detail:read", INSIDERS),
    "PATCH /obstacles/{obstacle_id}": ("milestone:report", REPORTERS),
    "POST /obstacles/{obstacle_id}/postponement": ("milestone:report", REPORTERS),
    "POST /obstacles/{obstacle_id}/reassignment": ("milestone:report", REPORTERS),
    "POST /obstacles/{obstacle_id}/closing": ("milestone:report", REPORTERS),
    "POST /obstacles/{obstacle_id}/reopening": ("milestone:report", REPORTERS),
    "GET /commitments": ("detail:read", INSIDERS),
    "POST /commitments": ("work:change", "evn_spc department"),
    "GET /commitments/{commitment_id}": ("detail:read", INSIDERS),
    "POST /commitments/{commitment_id}/postponement": ("work:change", "evn_spc department"),
    "POST /commitments/{commitment_id}/withdrawal": ("work:change", "evn_spc department"),
    "GET /land-table": ("household:read", "evn_spc district department"),
    "GET /land-table.csv": ("household:read", "evn_spc district department"),
    "GET /progress-reports": ("detail:read", INSIDERS),
    "POST /progress-reports": ("progress:report", "investor evn_spc"),
    "GET /progress-reports/{report_id}": ("detail:read", INSIDERS),
    "GET /reporting": ("detail:read", INSIDERS),
    "GET /tranches": ("detail:read", INSIDERS),
    "GET /tranches/{code}": ("detail:read", INSIDERS),
    "POST /tranches/{code}/confirmation": ("cod:decide", "evn_spc department"),
    "POST /tranches/{code}/dispute": ("cod:decide", "evn_spc department"),
    "POST /tranches/{code}/withdrawal": ("cod:declare", "investor department"),
    "POST /tranches/{code}/suspension": ("cod:amend", "evn_spc department"),
    "POST /tranches/{code}/reinstatement": ("cod:amend", "evn_spc department"),
    "POST /tranches/{code}/cancellation": ("cod:amend", "evn_spc department"),
    "POST /tranches/{code}/condition-met": ("cod:amend", "evn_spc department"),
    "POST /tranches/{code}/correction": ("cod:amend", "evn_spc department"),
    "GET /evacuation": ("summary:read", EVERYONE),
    "GET /evacuation-groups": ("summary:read", EVERYONE),
    "POST /evacuation-groups": ("work:change", "evn_spc department"),
    "GET /evacuation-groups/{code}": ("summary:read", EVERYONE),
    "PATCH /evacuation-groups/{code}": ("work:change", "evn_spc department"),
    "PUT /evacuation-groups/{code}/phases/{phase}": ("work:change", "evn_spc department"),
    "DELETE /evacuation-groups/{code}/phases/{phase}": ("work:change", "evn_spc department"),
    "PUT /evacuation-groups/{code}/sources/{group}": ("work:change", "evn_spc department"),
    "DELETE /evacuation-groups/{code}/sources/{group}": ("work:change", "evn_spc department"),
    "GET /evacuation-groups/{code}/limits": ("summary:read", EVERYONE),
    "POST /evacuation-groups/{code}/limits": ("work:change", "evn_spc department"),
    "POST /evacuation-limits/{limit_id}/withdrawal": ("work:change", "evn_spc department"),
    "GET /targets": ("summary:read", EVERYONE),
    "POST /targets": ("target:set", "department"),
    "GET /targets/{code}": ("summary:read", EVERYONE),
    "PATCH /targets/{code}": ("target:set", "department"),
    "DELETE /targets/{code}": ("target:set", "department"),
    "GET /me": ("summary:read", EVERYONE),
    "GET /organisations": ("summary:read", EVERYONE),
    "POST /organisations": ("people:manage", "department admin"),
    "GET /organisations/{code}": ("summary:read", EVERYONE),
    "PATCH /organisations/{code}": ("people:manage", "department admin"),
    "GET /users": ("people:manage", "department admin"),
    "POST /users": ("people:manage", "department admin"),
    "PATCH /users/{login}": ("people:manage", "department admin"),
    "POST /users/{login}/password": ("people:manage", "department admin"),
    "GET /keys": ("people:manage", "department admin"),
    "POST /keys": ("people:manage", "department admin"),
    "POST /keys/{prefix}/revocation": ("people:manage", "department admin"),
    "GET /changes": ("summary:read", EVERYONE),
    "GET /changes/snapshot": ("summary:read", EVERYONE),
    "GET /calendar.ics": ("calendar:read", REPORTERS),
    "GET /calendar-links": ("detail:read", INSIDERS),
    "POST /calendar-links": ("detail:read", INSIDERS),
    "POST /calendar-links/{prefix}/revocation": ("detail:read", INSIDERS),
    "GET /webhooks": ("webhook:manage", WEBHOOKS),
    "POST /webhooks": ("webhook:manage", WEBHOOKS),
    "GET /webhooks/{code}": ("webhook:manage", WEBHOOKS),
    "PATCH /webhooks/{code}": ("webhook:manage", WEBHOOKS),
    "DELETE /webhooks/{code}": ("webhook:manage", WEBHOOKS),
    "POST /webhooks/{code}/secret": ("webhook:manage", WEBHOOKS),
    "POST /webhooks/{code}/test": ("webhook:manage", WEBHOOKS),
    "POST /webhooks/{code}/replay": ("webhook:manage", WEBHOOKS),
    "GET /webhooks/{code}/deliveries": ("webhook:manage", WEBHOOKS),
    "POST /webhooks/{code}/deliveries/{message}/replay": ("webhook:manage", WEBHOOKS),
    "GET /workbooks/own.xlsx": ("detail:read", INSIDERS),
    "GET /workbooks/{sheet}.csv": ("detail:read", INSIDERS),
    "POST /workbooks/uploads": ("workbook:send", INSIDERS),
    "GET /workbooks/uploads": ("workbook:send", INSIDERS),
    "GET /workbooks/uploads/{upload_id}": ("workbook:send", INSIDERS),
    "GET /workbooks/uploads/{upload_id}/cells": ("workbook:send", INSIDERS),
    "POST /workbooks/uploads/{upload_id}/check": ("workbook:send", INSIDERS),
    "POST /workbooks/uploads/{upload_id}/commit": ("workbook:send", INSIDERS),
    "DELETE /workbooks/uploads/{upload_id}": ("workbook:send", INSIDERS),
    "GET /exchanges/evn-spc": ("exchange:read", "evn_spc department"),
    "GET /exchanges/evn-spc/runs": ("exchange:read", "evn_spc department"),
    "GET /exchanges/evn-spc/runs/{run_id}/report": ("exchange:read", "evn_spc department"),
    "GET /exchanges/evn-spc/report": ("exchange:read", "evn_spc department"),
    "GET /exchanges/evn-spc/quarantine": ("exchange:read", "evn_spc department"),
    "POST /exchanges/evn-spc/quarantine/{record_id}/retry": ("exchange:keep", "evn_spc department"),
    "POST /exchanges/evn-spc/quarantine/{record_id}/dismissal": ("exchange:keep", "evn_spc department"),
    "POST /imports/register": ("register:import", "investor department"),
    "GET /features": ("summary:read", EVERYONE),
    "GET /features/conformance": ("summary:read", EVERYONE),
    "GET /features/collections": ("summary:read", EVERYONE),
    "GET /features/collections/{layer}": ("summary:read", EVERYONE),
    "GET /features/collections/{layer}/schema": ("summary:read", EVERYONE),
    "GET /features/collections/{layer}/feature-schema": ("summary:read", EVERYONE),
    "GET /features/collections/{layer}/items": ("summary:read", EVERYONE),
    "GET /features/collections/{layer}/items/{feature}": ("summary:read", EVERYONE),
    "GET /exports": ("summary:read", EVERYONE),
    "GET /exports/dictionary.csv": ("summary:read", EVERYONE),
    "GET /exports/datapackage.json": ("summary:read", EVERYONE),
    "GET /exports/{name}.csv": ("summary:read", EVERYONE),
    "GET /oc4ids.json": ("summary:read", EVERYONE),
    "GET /journal": ("journal:read", "department admin"),
    "GET /journal/verification": ("journal:read", "department admin"),
    "GET /vocabulary": ("summary:read", EVERYONE),
}
# Outside /api: pages name a permission like any route; what is open asks for nobody.
PAGES = {
    "GET /exchange": ("exchange:read", "evn_spc department"),
    "POST /exchange/quarantine/{record_id}/retry": ("exchange:keep", "evn_spc department"),
    "POST /exchange/quarantine/{record_id}/dismissal": ("exchange:keep", "evn_spc department"),
    "GET /": ("summary:read", EVERYONE),
    "GET /map": ("summary:read", EVERYONE),
    "GET /projects": ("summary:read", EVERYONE),
    "GET /projects/{code}": ("summary:read", EVERYONE),
    "GET /phases/{code}": ("summary:read", EVERYONE),
    "GET /phases/{code}/history": ("detail:read", INSIDERS),
    "GET /grid-works": ("summary:read", EVERYONE),
    "GET /grid-works/{code}": ("summary:read", EVERYONE),
    "GET /land": ("summary:read", EVERYONE),
    "GET /land.csv": ("household:read", "evn_spc district department"),
    "GET /clearances/{code}": ("detail:read", INSIDERS),
    "GET /commitments": ("detail:read", INSIDERS),
    "GET /blockers": ("detail:read", INSIDERS),
    "GET /administration": ("people:manage", "department admin"),
    "GET /administration/organisations": ("people:manage", "department admin"),
    "POST /administration/organisations": ("people:manage", "department admin"),
    "GET /administration/organisations/{code}": ("people:manage", "department admin"),
    "POST /administration/organisations/{code}": ("people:manage", "department admin"),
    "GET /administration/users": ("people:manage", "department admin"),
    "POST /administration/users": ("people:manage", "department admin"),
    "GET /administration/users/{login}": ("people:manage", "department admin"),
    "POST /administration/users/{login}": ("people:manage", "department admin"),
    "GET /administration/keys": ("people:manage", "department admin"),
    "POST /administration/keys": ("people:manage", "department admin"),
    "POST /administration/keys/{prefix}": ("people:manage", "department admin"),
    "GET /webhooks": ("webhook:manage", WEBHOOKS),
    "POST /webhooks": ("webhook:manage", WEBHOOKS),
    "GET /webhooks/{code}": ("webhook:manage", WEBHOOKS),
    "POST /webhooks/{code}": ("webhook:manage", WEBHOOKS),
    "GET /journal": ("journal:read", "department admin"),
    "POST /journal": ("journal:read", "department admin"),
    "GET /journal/revisions/{revision}": ("journal:read", "department admin"),
    "GET /journal/accesses": ("journal:read", "department admin"),
    "GET /my": ("progress:report", "investor evn_spc"),
    "POST /my": ("progress:report", "investor evn_spc"),
    "GET /{subject}/{code}/milestones/{milestone}": ("detail:read", INSIDERS),
    "POST /{subject}/{code}/milestones/{milestone}": ("milestone:report", REPORTERS),
    "GET /phases/{code}/turbines/new": ("project:change", "investor department"),
    "POST /phases/{code}/turbines/new": ("project:change", "investor department"),
    "GET /phases/{code}/turbines/{number}": ("detail:read", INSIDERS),
    "POST /phases/{code}/turbines/{number}": ("project:change", "investor department"),
    "GET /phases/{code}/declare": ("cod:declare", "investor department"),
    "POST /phases/{code}/declare": ("cod:declare", "investor department"),
    "GET /phases/{code}/goal": ("project:change", "investor department"),
    "POST /phases/{code}/goal": ("project:change", "investor department"),
    "GET /tranches/{code}/withdraw": ("cod:declare", "investor department"),
    "POST /tranches/{code}/withdraw": ("cod:declare", "investor department"),
    "GET /documents/new": ("milestone:report", REPORTERS),
    "POST /documents/new": ("milestone:report", REPORTERS),
    "GET /documents/{document_id}": ("detail:read", INSIDERS),
    "POST /documents/{document_id}": ("milestone:report", REPORTERS),
    "GET /documents/{document_id}/file": ("detail:read", INSIDERS),
    "GET /obstacles/new": ("milestone:report", REPORTERS),
    "POST /obstacles/new": ("milestone:report", REPORTERS),
    "GET /obstacles/{obstacle_id}": ("detail:read", INSIDERS),
    "POST /obstacles/{obstacle_id}": ("milestone:report", REPORTERS),
    "GET /workbooks": ("workbook:send", INSIDERS),
    "POST /workbooks": ("workbook:send", INSIDERS),
    "GET /workbooks/own.xlsx": ("workbook:send", INSIDERS),
    "GET /workbooks/{sheet}.csv": ("workbook:send", INSIDERS),
    "GET /workbooks/{upload_id}": ("workbook:send", INSIDERS),
    "POST /workbooks/{upload_id}": ("workbook:send", INSIDERS),
    "GET /queue": ("cod:decide", "evn_spc department"),
    "GET /tranches/{code}": ("detail:read", INSIDERS),
    "POST /tranches/{code}": ("detail:read", INSIDERS),
    "GET /milestones/{subject}/{code}/{milestone}/decision": ("milestone:confirm", "evn_spc department"),
    "POST /milestones/{subject}/{code}/{milestone}/decision": ("milestone:confirm", "evn_spc department"),
    "GET /grid-works/{code}/week": ("work:change", "evn_spc department"),
    "POST /grid-works/{code}/week": ("work:change", "evn_spc department"),
    "GET /commitments/new": ("work:change", "evn_spc department"),
    "POST /commitments/new": ("work:change", "evn_spc department"),
    "GET /commitments/{commitment_id}": ("detail:read", INSIDERS),
    "POST /commitments/{commitment_id}": ("work:change", "evn_spc department"),
}
# Signing in and what is of a browser alone: open to everyone, and answered by what comes with the cookie.
DOOR = {
    "GET /sign-in": ("summary:read", EVERYONE),
    "POST /sign-in": ("summary:read", EVERYONE),
    "POST /sign-out": ("summary:read", EVERYONE),
    "GET /sign-in/oidc": ("summary:read", EVERYONE),
    "GET /sign-in/oidc/back": ("summary:read", EVERYONE),
    "GET /password": ("summary:read", EVERYONE),
    "POST /password": ("summary:read", EVERYONE),
}
PAGES |= DOOR
OPEN = {"GET /livez", "GET /readyz", "GET /openapi.json", "HEAD /openapi.json", "MOUNT /static"}
BASE = "/api/v1"
ALL = {
    f"{method} {BASE}{path}": who
    for (method, path), who in zip(map(str.split, TABLE), TABLE.values(), strict=True)
}
ALL |= PAGES  # fmt: skip


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    file = tmp_path_factory.mktemp("routes") / "tracker.db"
    made = create_app(settings(f"sqlite:///{file}"))
    yield made
    made.state.tracker.db.close()


def routes(app: FastAPI) -> dict[str, str | None]:
    """Every route of the application with the permission it names, as it runs."""
    found: dict[str, str | None] = {}
    for route in iter_route_contexts(app.routes):
        needs = (getattr(route, "openapi_extra", None) or {}).get("x-needs")
        for method in route.methods or {"MOUNT"}:
            assert found.setdefault(f"{method} {route.path}", needs) == needs
    return found


def test_every_route_stands_in_the_table_and_every_line_of_it_is_a_route(app: FastAPI) -> None:
    assert set(routes(app)) == set(ALL) | OPEN


def test_every_route_needs_the_permission_the_table_says_and_the_open_ones_none(app: FastAPI) -> None:
    assert routes(app) == {name: needs for name, (needs, _) in ALL.items()} | dict.fromkeys(OPEN)


def test_the_openapi_document_shows_the_same_permissions(app: FastAPI) -> None:
    document = app.openapi()
    shown = {
        f"{method.upper()} {path}": operation.get("x-needs")
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    }
    api = {name: needs for name, (needs, _) in ALL.items() if name not in PAGES}
    assert shown == api | dict.fromkeys(("GET /livez", "GET /readyz"))
    assert document["openapi"].startswith("3.1")


def test_the_permissions_are_granted_to_exactly_those_the_table_names() -> None:
    for name, (needs, roles) in ALL.items():
        granted = {role.value for role in Role if May(needs) in GRANTS[role]} - {Role.SYSTEM.value}
        assert granted == set(roles.split()), name


@pytest.fixture
def callers(sqlite_database: Database, sqlite_url: str) -> Iterator[dict[str, Person]]:
    """One caller for each role that comes over the wire."""
    world = factories.world(sqlite_database)
    world.url = sqlite_url
    keys = {"district": ("thanh-phu", "district_authority"), "admin": ("doit", None)}
    more: dict[str, str] = {}
    with sqlite_database.changing(factories.stamp()) as session:
        for role, (code, kind) in keys.items():
            if kind is not None:
                factories.organisation(session, code, kind)
            made = KeyCreate(organisation=code, role=Role(role), login=role)
            more[role], _ = people_service.create_key(session, factories.SYSTEM, made, factories.at())
    with serve(world) as people:
        others = {
            role: Person(people.anonymous.client, people.anonymous.run, key) for role, key in more.items()
        }
        yield others | {
            "public": people.anonymous,
            "investor": people.investor,
            "evn_spc": people.evn_spc,
            "department": people.department,
        }  # fmt: skip


FILLED = {
    "entry_id": "1",
    "document_id": "1",
    "obstacle_id": "1",
    "commitment_id": "1",
    "report_id": "1",
    "limit_id": "1",
    "upload_id": "1",
    "revision": "1",
    "number": "T1",
}


def ask(caller: Person, name: str) -> int:
    """Asks for a route as it is written, with nothing real in its path and an empty body."""
    method, path = name.split()
    address = re.sub(r"{(\w+)}", lambda found: FILLED.get(found[1], "nowhere"), path)
    headers = {} if caller.key is None else {"Authorization": f"Bearer {caller.key}"}
    body = {} if method in ("GET", "DELETE") else {"json": {}}
    return caller.run(caller.client.request(method, address, headers=headers, **body)).status_code


def test_each_role_is_let_in_where_the_table_says_and_nowhere_else(callers: dict[str, Person]) -> None:
    wrong = []
    for name, (_, roles) in ALL.items():
        # Those who may come first: what is kept for them must not answer the others.
        for role in sorted(callers, key=lambda role: role not in roles.split()):
            status = ask(callers[role], name)
            if role in roles.split():
                # A link to one's own calendar needs nothing to be made: an empty body makes one.
                ok = (
                    status in (200, 404, 422)
                    or name in DOOR
                    or (name, status) == (f"POST {BASE}/calendar-links", 201)
                )
            else:
                ok = status == (401 if role == "public" else 403)
            if not ok:
                wrong.append((name, role, status))
    assert wrong == []


def test_without_public_reading_nobody_comes_in_without_a_key(
    sqlite_database: Database, sqlite_url: str
) -> None:
    world = factories.world(sqlite_database)
    world.url = sqlite_url
    with serve(world, public_reading=False) as people:
        closed = {name for name in ALL if not name.startswith("GET /sign-in")}
        assert {ask(people.anonymous, name) for name in closed} == {401}
        assert [people.anonymous.get(path).status_code for path in ("/livez", "/readyz")] == [200, 200]
        assert people.investor.get("/capacity").status_code == 200
