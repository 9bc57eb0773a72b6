"""A Python client generated from the OpenAPI document: it compiles, and does the working day of an investor and of EVN SPC."""

import compileall
import contextlib
import importlib
import json
import pkgutil
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from openapi_python_client import generate
from openapi_python_client.config import Config, ConfigFile, MetaType

from app import register as registers
from app.db import Database
from app.domain.access import Role
from app.domain.problems import Problem
from app.main import create_app
from app.schemas.people import KeyCreate
from app.services import people, register
from tests import factories
from tests.conftest import TODAY, settings
from tests.whole.loopback import served

NAME = "tracker_client"
BINARY = "application/octet-stream"
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
PHASE, OWNER = "thanh-hai-2", "tan-hoan-cau-ben-tre"
LINE = "line-giao-long-phu-thuan"


def files(document: dict[str, Any]) -> set[str]:
    """The kinds of bytes that are sent and answered. The generator knows one, `application/octet-stream`: the others are
    taken as that."""
    sent: set[str] = set()
    answered: set[str] = set()
    for path in document["paths"].values():
        for said in path.values():
            sent.update(said.get("requestBody", {}).get("content", {}))
            for answer in said["responses"].values():
                answered.update(answer.get("content", {}))
    return {kind for kind in sent if "json" not in kind and not kind.startswith("multipart/")} | {
        kind for kind in answered if "json" not in kind and not kind.startswith("text/")
    }


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    """The generated client, imported. It goes again with everything of it."""
    folder = tmp_path_factory.mktemp("client")
    app = create_app(settings(f"sqlite:///{folder / 'none.db'}", data_folder=folder / "files"))
    document = app.openapi()
    (folder / "openapi.json").write_text(json.dumps(document), "utf-8")
    app.state.tracker.db.close()
    config = Config.from_sources(
        ConfigFile(
            post_hooks=[],
            package_name_override=NAME,
            content_type_overrides=dict.fromkeys(files(document), BINARY),
        ),
        MetaType.NONE,
        folder / "openapi.json",
        "utf-8",
        overwrite=False,
        output_path=folder / NAME,
    )
    told = [f"{error.header} {error.detail}" for error in generate(config=config)]
    assert told == []  # An operation that the generator leaves out, or makes less of, is told here.
    sys.path.insert(0, str(folder))
    yield importlib.import_module(NAME)
    sys.path.remove(str(folder))
    for name in [name for name in sys.modules if name.partition(".")[0] == NAME]:
        del sys.modules[name]


def test_every_module_compiles_and_every_operation_is_there(package: ModuleType) -> None:
    folder = Path(package.__path__[0])
    assert compileall.compile_dir(folder, quiet=1, force=True)
    modules = [found.name for found in pkgutil.walk_packages([str(folder)], f"{NAME}.")]
    for name in modules:
        importlib.import_module(name)
    document = json.loads((folder.parent / "openapi.json").read_text("utf-8"))
    ids = {said["operationId"] for path in document["paths"].values() for said in path.values()}
    made = {name.rpartition(".")[2] for name in modules if f"{NAME}.api." in name}
    assert ids <= made


class Desk:
    """One user of the client: `desk("phases.read_phase", "v1-3")` is what is answered; its status and headers stay."""

    def __init__(self, client: Any) -> None:
        self.client, self.status, self.headers = client, 0, {}

    def __call__(self, operation: str, *arguments: Any, **more: Any) -> Any:
        module = importlib.import_module(f"{NAME}.api.{operation}")
        answer = module.sync_detailed(*arguments, client=self.client, **more)
        self.status, self.headers = int(answer.status_code), answer.headers
        return answer.parsed


def word(name: str, code: str) -> Any:
    """A member of a generated enumeration."""
    return getattr(importlib.import_module(f"{NAME}.models"), name)(code)


def body(name: str, **fields: Any) -> Any:
    """A generated model."""
    return getattr(importlib.import_module(f"{NAME}.models"), name).from_dict(fields)


@pytest.fixture
def desks(
    package: ModuleType, sqlite_database: Database, sqlite_url: str, tmp_path: Path
) -> Iterator[tuple[Desk, Desk]]:
    """The real register with the story of February 2023 behind a socket; an investor and EVN SPC before it."""
    keys = []
    with sqlite_database.changing(factories.stamp()) as session:
        for file in (registers.BEN_TRE, *registers.DEMO):
            register.import_file(session, factories.SYSTEM, file.read_text("utf-8"), TODAY, until=TODAY)
        for code, role in [(OWNER, Role.INVESTOR), ("evn-spc", Role.EVN_SPC)]:
            made = KeyCreate(organisation=code, role=role, login=role.value, days=30)
            keys.append(people.create_key(session, factories.SYSTEM, made, factories.at())[0])
    client = importlib.import_module(f"{NAME}.client").AuthenticatedClient
    app = create_app(settings(sqlite_url, data_folder=tmp_path / "files"))
    with served(app) as address, contextlib.ExitStack() as opened:
        yield tuple(Desk(opened.enter_context(client(address, token=key))) for key in keys)


def test_a_working_day(desks: tuple[Desk, Desk]) -> None:
    investor, evn_spc = desks
    before = [desk("capacity.read_capacity").operating_mw for desk in desks]
    assert before == [93.05, 93.05]
    tranche = declared(investor)
    # EVN SPC sees what waits for it, and turns the second key.
    assert tranche.code in [line.code for line in evn_spc("tranches.list_waiting_tranches").items]
    letter = body("TrancheConfirm", letter_number="9/EPTC-KD", letter_on="2023-02-06")
    assert evn_spc("tranches.confirm_tranche", tranche.code, body=letter).status == "recognised"
    assert [desk("capacity.read_capacity").operating_mw for desk in desks] == [97.25, 97.25]


def declared(investor: Desk) -> Any:
    """The investor's part: a turbine that was tested, a day that moves, a claim that is sent twice, and its letter."""
    phase = investor("phases.read_phase", PHASE)
    assert (phase.nominal_mw, phase.turbines) == (30, [])
    turbine = body("TurbineCreate", number="X1", nameplate_mw=4.2, installed_on="2022-09-01")
    assert investor("turbines.create_turbine", PHASE, body=turbine).installed_on.isoformat() == "2022-09-01"
    tested = body("TurbineChange", tested_on="2022-12-20")
    etag = investor.headers["etag"]
    assert investor("turbines.change_turbine", PHASE, "X1", body=tested, if_match=etag).nameplate_mw == 4.2
    # Somebody was faster: the same again is refused.
    stale = investor(
        "turbines.change_turbine", PHASE, "X1", body=tested, if_match=etag, lang=word("Lang", "en")
    )
    assert (investor.status, stale.code, stale.title) == (412, "stale", Problem.STALE.en)

    phases = word("SubjectPath", "phases")
    steps = investor("milestones.list_subject_milestones", phases, PHASE).items
    step = next(line.milestone for line in steps if line.actual_on is None)
    for day, more in [("2023-03-31", {}), ("2023-04-30", {"cause": "weather"})]:
        change = body("MilestoneChange", forecast_on=day, **more)
        moved = investor("milestones.change_milestone", phases, PHASE, step, body=change)
        assert moved.forecast_on.isoformat() == day

    claim = body("TrancheDeclare", capacity_mw=4.2, effective_on="2023-01-31", turbines=["X1"])
    tranche = investor("phases.declare_tranche", PHASE, body=claim, idempotency_key="day-1")
    again = investor("phases.declare_tranche", PHASE, body=claim, idempotency_key="day-1")
    assert (again.code, investor.headers["idempotency-replayed"]) == (tranche.code, "true")
    paper = body(
        "DocumentCreate",
        **{"number": "01/BC-THC", "kind": "report", "issuer": "Tân Hoàn Cầu", "issued_on": "2023-02-01"},
        **{"subject": "phase", "subject_code": PHASE},
    )
    kept = investor("documents.add_document", body=paper)
    file = importlib.import_module(f"{NAME}.types").File(BytesIO(PDF))
    assert investor("documents.put_document_file", kept.id, body=file).file.size_bytes == len(PDF)
    assert investor("documents.read_document_file", kept.id).payload.read() == PDF
    return tranche


def test_evn_spc_reports_its_towers(desks: tuple[Desk, Desk]) -> None:
    _, evn_spc = desks
    tower = evn_spc("units.read_tower", LINE, "1")
    assert (tower.stages.additional_properties["foundation"].status, tower.number) == ("not_started", "1")
    cast = {"stage": "foundation", "status": "done", "effective_on": "2023-02-06"}
    told = evn_spc("units.put_tower", LINE, "1", body=body("TowerPut", reports=[cast]))
    assert told.stages.additional_properties["foundation"].since_on.isoformat() == "2023-02-06"


def test_what_is_refused_is_a_typed_problem(desks: tuple[Desk, Desk]) -> None:
    investor, evn_spc = desks
    letter = body("TrancheConfirm", letter_number="9/EPTC-KD", letter_on="2023-02-06")
    tomorrow = body("TrancheDeclare", capacity_mw=4.2, effective_on="2023-02-08")
    for desk, operation, code, more, status, problem in [
        (investor, "tranches.confirm_tranche", "v1-3.1", {"body": letter}, 403, "not_allowed"),
        (investor, "tranches.read_tranche", "v1-3.1", {}, 404, "not_found"),
        (evn_spc, "tranches.read_tranche", "nowhere", {}, 404, "not_found"),
        (investor, "phases.declare_tranche", PHASE, {"body": tomorrow}, 422, "date_in_future"),
    ]:
        answer = desk(operation, code, **more)
        assert type(answer).__name__ == "ProblemRead"
        assert (desk.status, answer.status, answer.code) == (status, status, problem)
    assert [line.field for line in answer.errors] == ["effective_on"]
