"""Random edits over the API by everybody who may make any, so that the journal holds facts of most kinds in any order."""

import random
from collections.abc import Callable
from typing import Any

import httpx

from app.domain.access import Role
from app.schemas.people import KeyCreate, OrganisationCreate
from app.services import people as organisations
from tests import factories
from tests.conftest import People, Person

DAYS = ("2022-05-01", "2022-09-30", "2023-01-10", "2023-02-01")
LATER = ("2023-03-01", "2023-06-30", "2023-11-30")
NAMES = ("Gió Đông", "Gió Tây", " Gió Đông ")
STEPS = ("W-E2", "W-E4", "W-E6", "W-E7", "W-F1")
LETTER = {"letter_number": "7/EPTC", "letter_on": "2022-12-01", "reason": "Theo văn bản"}
REPORTS = ("site", "foundation")


def land(world: factories.World) -> None:
    """The line of EVN SPC, which `alpha-1` needs, with two towers and land in two districts; one of them has an authority,
    whose key stands under its name. All of it comes through the services, so the journal says all of it."""
    with world.database.changing(factories.stamp(factories.date(2023, 1, 24))) as session:
        for district in ("binh-dai", "chau-thanh"):
            factories.commune(session, f"xa-{district}", district)
        factories.grid_work(session, towers_total=20)
        factories.connection(session)
        factories.unit(session, "1", position=1)
        factories.unit(session, "2", position=2)
        factories.clearance(session, "land", commune="xa-binh-dai")
        factories.clearance(session, "far", commune="xa-chau-thanh")
        factories.clearance(session, "plant", project="alpha", commune="xa-binh-dai")
        factories.apply(session)
        said = {"code": "ubnd-binh-dai", "kind": "district_authority", "name": "UBND", "district": "binh-dai"}
        organisations.create_organisation(session, factories.SYSTEM, OrganisationCreate.model_validate(said))
        made = KeyCreate(organisation="ubnd-binh-dai", role=Role.DISTRICT, login="binh-dai", days=1_100)
        world.keys["district"], _ = organisations.create_key(session, factories.SYSTEM, made, factories.at())


class Edits:
    """Everybody at work on that land. `one` makes an edit, or is refused: most edits may clash with what is there, and some must."""

    def __init__(self, people: People, seed: int) -> None:
        self.people, self.dice = people, random.Random(seed)
        self.projects, self.phases = ["alpha"], ["alpha-1"]
        self.works, self.packages = ["line"], ["land", "far", "plant"]
        self.tranches: list[str] = []
        self.obstacles: list[int] = []
        self.documents: list[int] = []
        self.commitments: list[int] = []
        self.groups: list[str] = []
        self.limits: list[int] = []
        self.measures: list[int] = []
        self.made = self.refused = 0
        acts = [value for name, value in sorted(vars(Edits).items()) if name.startswith("do_")]
        # What goes on with something that is there must find it, so it is tried more often than what adds more.
        often = [act for act in acts if act.__name__.endswith(("_step", "_decision", "milestone", "tranche"))]
        self._acts: list[Callable[..., httpx.Response]] = [*acts, *3 * often]

    def one(self) -> bool:
        """One edit; answers whether it was taken."""
        act = self.dice.choice(self._acts)
        answer = act(self)
        assert answer.status_code < 500, answer.text
        self.made += answer.is_success
        self.refused += not answer.is_success
        return answer.is_success

    def many(self, count: int) -> None:
        for _ in range(count):
            self.one()

    def any(self, of: Any, default: Any = "none") -> Any:
        """One of those there are, the first and the last more often than others."""
        return self.dice.choice([*of, *len(of) * (of[0], of[-1])]) if of else default

    def somebody(self) -> Person:
        return self.dice.choice((self.people.department, self.people.investor, self.people.evn_spc))

    def do_project(self) -> httpx.Response:
        code = f"p{len(self.projects)}"
        investor = self.dice.choice(("mekong-wind", "other-wind", None))
        made = {"code": code, "name": self.any(NAMES), "investor": investor, "note": "Ghi chú"}
        answer = self.people.department.post("/projects", made)
        self.projects += [code] if answer.is_success else []
        return answer

    def do_project_change(self) -> httpx.Response:
        change = self.dice.choice(
            (
                {"name": self.any(NAMES)},
                {"stage": self.dice.choice(("planned", "building", None))},
                {"note": self.dice.choice(("Mật", None)), "aliases": ["Cũ"]},
                {"investor": self.dice.choice(("mekong-wind", "other-wind"))},
            )
        )
        return self.people.department.patch(f"/projects/{self.any(self.projects)}", change)

    def do_project_removal(self) -> httpx.Response:
        code = self.any(self.projects[1:])
        answer = self.people.department.delete(f"/projects/{code}")
        if answer.is_success:
            self.projects.remove(code)
        return answer

    def do_phase(self) -> httpx.Response:
        code = f"f{len(self.phases)}-{self.dice.randrange(1000)}"
        made = {"code": code, "project": self.any(self.projects), "name": "Giai đoạn", "nominal_mw": 29.4}
        answer = self.people.department.post("/phases", made)
        self.phases += [code] if answer.is_success else []
        return answer

    def do_phase_change(self) -> httpx.Response:
        change = self.dice.choice(
            (
                {"nominal_mw": self.dice.choice((29.4, 29.40, 30)), "price_regime": "fit_2018"},
                {"planned_cod_on": self.any(LATER)},
                {"turbine_mw": 4.2, "turbine_count": 7, "note": self.dice.choice(("Kín", None))},
            )
        )
        return self.somebody().patch(f"/phases/{self.any(self.phases)}", change)

    def do_phase_removal(self) -> httpx.Response:
        code = self.any(self.phases[1:])
        answer = self.people.department.delete(f"/phases/{code}")
        if answer.is_success:
            self.phases.remove(code)
        return answer

    def do_turbine(self) -> httpx.Response:
        body = {"nameplate_mw": self.dice.choice((4.2, 4.20, 5)), "installed_on": self.any(DAYS)}
        place = f"/phases/{self.any(self.phases)}/turbines/T{self.dice.randrange(3)}"
        return self.somebody().put(place, body)

    def do_turbine_removal(self) -> httpx.Response:
        return self.people.department.delete(
            f"/phases/{self.any(self.phases)}/turbines/T{self.dice.randrange(3)}"
        )

    def do_measure(self) -> httpx.Response:
        body = {"measure": "installed", "capacity_mw": self.dice.choice((4.2, 8.4)), "effective_on": DAYS[0]}
        answer = self.people.department.post(f"/phases/{self.phases[0]}/entries", body)
        self.measures += [answer.json()["id"]] if answer.is_success else []
        return answer

    def do_measure_correction(self) -> httpx.Response:
        body = {"capacity_mw": self.dice.choice((0, 3)), "reason": "Ghi nhầm"}
        place = f"/phases/{self.phases[0]}/entries/{self.any(self.measures, 0)}/correction"
        answer = self.people.department.post(place, body)
        self.measures += [answer.json()["id"]] if answer.is_success else []
        return answer

    def do_declaration(self) -> httpx.Response:
        body = factories.declaration(self.dice.choice((1, 0.5)), self.dice.choice(DAYS[:2]))
        answer = self.people.investor.post(f"/phases/{self.any(self.phases)}/tranches", body)
        self.tranches += [answer.json()["code"]] if answer.is_success else []
        return answer

    def do_tranche(self) -> httpx.Response:
        amend = {**LETTER, "effective_on": "2022-12-15"}
        person, act, body = self.dice.choice(
            (
                (self.people.evn_spc, "confirmation", factories.letter()),
                (self.people.evn_spc, "confirmation", factories.letter(condition="Nghiệm thu")),
                (self.people.evn_spc, "dispute", {"reason": "Thiếu"}),
                (self.people.investor, "withdrawal", {"reason": "Nhầm"}),
                (self.people.department, "suspension", {**amend, "capacity_mw": 0.25}),
                (self.people.department, "reinstatement", amend),
                (self.people.department, "cancellation", amend),
                (self.people.department, "condition-met", amend),
                (self.people.department, "correction", {**amend, "capacity_mw": 0.4}),
            )
        )
        return person.post(f"/tranches/{self.any(self.tranches)}/{act}", body)

    def do_template(self) -> httpx.Response:
        kind, code = self.holder()
        return self.people.department.post(f"/{kind}/{code}/milestones", {})

    def do_milestone(self) -> httpx.Response:
        body = self.dice.choice(
            (
                {"plan_on": self.any(LATER)},
                {"forecast_on": self.any(LATER), "cause": "weather", "note": "Mưa"},
                {"actual_on": self.any(DAYS), **PAPER},
                {"actual_on": None, "note": "Nhầm"},
                {"is_applicable": False, "note": "Không có"},
                {"is_applicable": True},
            )
        )
        place = f"/phases/{self.phases[0]}/milestones/{self.any(STEPS)}"
        return self.dice.choice((self.people.department, self.people.investor)).patch(place, body)

    def do_milestone_decision(self) -> httpx.Response:
        act, body = self.dice.choice((("confirmation", {}), ("dispute", {"note": "Chưa"})))
        place = f"/phases/{self.phases[0]}/milestones/{self.any(STEPS)}/{act}"
        return self.people.evn_spc.post(place, body)

    def do_obstacle(self) -> httpx.Response:
        body = {"kind": "land_price", "title": "Vướng", "responsible": "UBH", "due_on": LATER[0]}
        answer = self.somebody().post("/obstacles", body | self.subject())
        self.obstacles += [answer.json()["id"]] if answer.is_success else []
        return answer

    def do_obstacle_step(self) -> httpx.Response:
        act, body = self.dice.choice(
            (
                ("postponement", {"due_on": self.any(LATER), "reason": "Tết"}),
                ("reassignment", {"responsible": "HDBT", "reason": "Chuyển"}),
                ("closing", {"outcome": "Xong"}),
                ("reopening", {"reason": "Lại vướng"}),
            )
        )
        return self.people.department.post(f"/obstacles/{self.any(self.obstacles, 1)}/{act}", body)

    def do_document(self) -> httpx.Response:
        number = self.dice.randrange(1000)
        body = {"number": f"{number}/GP", "kind": "licence", "issuer": "Bộ", "issued_on": self.any(DAYS)}
        answer = self.somebody().post("/documents", body | self.subject())
        self.documents += [answer.json()["id"]] if answer.is_success else []
        return answer

    def do_document_change(self) -> httpx.Response:
        change = {"title": self.any(NAMES), "valid_until": self.any(LATER)}
        return self.somebody().patch(f"/documents/{self.any(self.documents, 0)}", change)

    def do_work(self) -> httpx.Response:
        code = f"w{len(self.works)}"
        made = {"code": code, "kind": "line", "name": "Đường dây", "length_km": 2.5, "note": "Kín"}
        answer = self.people.evn_spc.post("/grid-works", made)
        self.works += [code] if answer.is_success else []
        return answer

    def do_work_change(self) -> httpx.Response:
        change = self.dice.choice(
            ({"voltage_kv": self.dice.choice((110, 220))}, {"route": "A - B"}, {"name": "X"})
        )
        return self.people.department.patch(f"/grid-works/{self.any(self.works)}", change)

    def do_work_owner(self) -> httpx.Response:
        owner = self.dice.choice(("evn-spc", "other-wind"))
        return self.people.department.patch(f"/grid-works/{self.any(self.works[1:])}", {"owner": owner})

    def do_connection(self) -> httpx.Response:
        body = {"kind": self.dice.choice(("gen_tie", "point_of_connection"))}
        place = f"/phases/{self.any(self.phases)}/connections/{self.any(self.works)}"
        return self.people.department.put(place, body)

    def do_connection_removal(self) -> httpx.Response:
        place = f"/phases/{self.any(self.phases)}/connections/{self.any(self.works)}"
        return self.people.department.delete(place)

    def do_units(self) -> httpx.Response:
        reports = [
            {"stage": stage, "status": self.dice.choice(("done", "in_progress")), "effective_on": on}
            for stage, on in zip(REPORTS, sorted(self.dice.sample(DAYS, 2)), strict=True)
        ]
        number = self.dice.randrange(1, 6)
        row = {"kind": "tower", "number": str(number), "position": number, "reports": reports}
        return self.people.evn_spc.put(f"/grid-works/{self.any(self.works[:2])}/units", {"rows": [row]})

    def do_total(self) -> httpx.Response:
        body = {
            "kind": "tower",
            "total": self.dice.randrange(20, 30),
            "reason": "Nắn",
            "effective_on": DAYS[2],
        }
        return self.people.evn_spc.post(f"/grid-works/{self.any(self.works)}/totals", body)

    def do_clearance(self) -> httpx.Response:
        code = f"c{len(self.packages)}"
        holder = self.dice.choice(({"work": self.any(self.works)}, {"project": self.any(self.projects)}))
        made = {"code": code, "name": "Mặt bằng", "track": "recovered_land", **holder}
        answer = self.people.department.post("/clearances", made)
        self.packages += [code] if answer.is_success else []
        return answer

    def do_clearance_change(self) -> httpx.Response:
        return self.people.department.patch(
            f"/clearances/{self.any(self.packages)}", {"name": self.any(NAMES)}
        )

    def do_clearance_district(self) -> httpx.Response:
        district = self.dice.choice(("binh-dai", None))
        return self.people.department.patch(f"/clearances/{self.any(self.packages)}", {"district": district})

    def do_household(self) -> httpx.Response:
        body = {"status": self.dice.choice(("inventoried", "obstructed")), "owner_name": self.any(NAMES)}
        place = f"/clearances/{self.any(self.packages)}/households/HD-{self.dice.randrange(3)}"
        return self.people.department.put(place, body)

    def do_commitment(self) -> httpx.Response:
        unit = str(self.dice.randrange(1, 6))
        body = {"work": self.works[0], "stage": "site", "units": [unit], "responsible": "UBH"}
        answer = self.people.evn_spc.post("/commitments", {**body, "due_on": "2023-02-20"})
        self.commitments += [answer.json()["id"]] if answer.is_success else []
        return answer

    def do_commitment_step(self) -> httpx.Response:
        act, body = self.dice.choice(
            (
                ("postponement", {"due_on": self.any(LATER), "reason": "Chờ"}),
                ("withdrawal", {"reason": "Đổi"}),
            )
        )
        return self.people.evn_spc.post(f"/commitments/{self.any(self.commitments, 1)}/{act}", body)

    def do_target(self) -> httpx.Response:
        change = {"capacity_mw": self.dice.choice((377, 378)), "note": self.dice.choice(("Thử", None))}
        return self.people.department.patch("/targets/377mw-2023", change)

    def do_group(self) -> httpx.Response:
        code = f"g{len(self.groups)}"
        answer = self.people.evn_spc.post(
            "/evacuation-groups", {"code": code, "name": "Nút", "note": "Nội bộ"}
        )
        self.groups += [code] if answer.is_success else []
        return answer

    def do_path(self) -> httpx.Response:
        place = f"/evacuation-groups/{self.any(self.groups)}/phases/{self.any(self.phases)}"
        if self.dice.random() < 0.3:
            return self.people.department.delete(place)
        return self.people.department.put(place, {"note": self.dice.choice(("Sơ đồ", None))})

    def do_limit(self) -> httpx.Response:
        paper = {"letter_number": "1/SPC", "letter_on": "2021-05-21", "letter_issuer": "SPC"}
        body = {"capacity_mw": 149, "condition": "existing", "valid_from": "2021-05-21", **paper}
        answer = self.people.evn_spc.post(f"/evacuation-groups/{self.any(self.groups)}/limits", body)
        self.limits += [answer.json()["id"]] if answer.is_success else []
        return answer

    def do_limit_withdrawal(self) -> httpx.Response:
        return self.people.evn_spc.post(
            f"/evacuation-limits/{self.any(self.limits, 0)}/withdrawal", {"reason": "Nhầm"}
        )

    def do_report(self) -> httpx.Response:
        person = self.dice.choice((self.people.investor, self.people.stranger, self.people.evn_spc))
        return person.post("/progress-reports", {"narrative": "Đã lắp"})

    def do_organisation(self) -> httpx.Response:
        return self.people.department.patch("/organisations/other-wind", {"name": self.any(NAMES)})

    def holder(self) -> tuple[str, str]:
        return self.dice.choice(
            (
                ("projects", self.any(self.projects)),
                ("phases", self.any(self.phases)),
                ("grid-works", self.any(self.works)),
                ("clearances", self.any(self.packages)),
            )
        )

    def subject(self) -> dict[str, str]:
        kind, code = self.holder()
        return {"subject": kind.removesuffix("s").replace("-", "_"), "subject_code": code}


PAPER = {"letter_number": "5/QĐ", "letter_on": "2022-06-01", "letter_issuer": "Sở Công Thương"}
