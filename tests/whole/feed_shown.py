"""What the API shows a person, in the words of the change feed: whoever follows the feed must hold the same."""

from collections.abc import Iterable, Mapping
from typing import Any

from tests.conftest import Person
from tests.whole.feed_reader import Item, Reader

Json = dict[str, Any]


def names(of: str) -> list[str]:
    return of.split()


PROJECT = names("name name_en aliases commune siting stage in_totals is_illustrative confidence sources note")
PHASE = names(
    "name name_en project nominal_mw turbine_count turbine_mw turbine_model planned_cod_on first_test_on "
    "confidence sources note price_regime"
)
TURBINE = names(
    "number model nameplate_mw siting latitude longitude installed_on energised_on synchronised_on tested_on "
    "note"
)
WORK = names(
    "kind name name_en voltage_kv length_km is_illustrative sources circuits mva cost_vnd route "
    "crosses_live_line takes_rice_land confidence note"
)
OBSTACLE = names(
    "kind title description milestone responsible responsible_name raised_on due_on closed_on outcome "
    "postponements organisation"
)
DOCUMENT = names(
    "number kind title issuer issued_on effective_on valid_until milestone organisation note subject "
    "subject_code"
)
COMMITMENT = names(
    "stage responsible responsible_name made_on due_on withdrawn_on note organisation is_illustrative"
)
UNIT = names(
    "position from_tower to_tower length_m is_tension latitude longitude is_illustrative sources note"
)
GROUP = names("name name_en is_illustrative confidence sources note")
LIMIT = names(
    "group capacity_mw condition criterion valid_from valid_until letter_number letter_on note work"
)
TARGET = names("name name_en capacity_mw due_on basis scope sources note")
CLEARANCE = names("name track is_illustrative sources note")
DATES = ("baseline", "plan", "forecast", "actual")
OF = {"projects": "project", "phases": "phase", "grid-works": "grid_work", "clearances": "clearance"}


def check(reader: Reader, person: Person, *, is_insider: bool, reads_households: bool = False) -> int:
    """Holds what the API shows `person` against what the reader has come to; returns how many items it compared.

    `is_insider`: somebody with a key. Both ways: what the API lists and no more is there.
    """
    shown = Shown(reader, person)
    shown.places(is_insider=is_insider)
    shown.listed("target", person.get("/targets?limit=500").json()["items"], TARGET)
    shown.listed("organisation", everything(person, "/organisations"), ["kind", "name", "name_en", "note"])
    shown.evacuation(everything(person, "/evacuation-groups"))
    if is_insider:
        shown.holders()
        shown.lists()
    if reads_households:
        shown.households()
    return shown.compared


def everything(person: Person, path: str) -> list[Json]:
    """Every row of a list, page by page."""
    found: list[Json] = []
    mark, cursor = "&" if "?" in path else "?", ""
    while True:
        answer = person.get(f"{path}{mark}limit=100{cursor}")
        assert answer.status_code == 200, answer.text
        page = answer.json()
        found += page["items"]
        if not page.get("next"):
            return found
        cursor = f"&cursor={page['next']}"


class Shown:
    """One comparison."""

    def __init__(self, reader: Reader, person: Person) -> None:
        self.reader, self.person, self.compared = reader, person, 0

    def same(self, subject: str, code: str, told: Mapping[str, Any], names: Iterable[str]) -> Item:
        """One item is what one answer says, field by field; what was never said is nothing."""
        item = self.reader.items[subject, code]
        for name in names:
            assert nothing(item["fields"].get(name)) == nothing(told[name]), (subject, code, name)
        self.compared += 1
        return item

    def exactly(self, subject: str, codes: Iterable[str]) -> None:
        """There are items of these codes, and no others."""
        assert set(self.reader.of(subject)) == set(codes), subject

    def listed(self, subject: str, rows: list[Json], names: Iterable[str], key: str = "code") -> None:
        self.exactly(subject, (str(row[key]) for row in rows))
        for row in rows:
            self.same(subject, str(row[key]), row, names)

    def places(self, *, is_insider: bool) -> None:
        """Projects, phases, and in them turbines, measures and tranches."""
        projects, phases = everything(self.person, "/projects"), everything(self.person, "/phases")
        turbines: set[str] = set()
        tranches: set[str] = set()
        self.exactly("project", (row["code"] for row in projects))
        self.exactly("phase", (row["code"] for row in phases))
        for row in projects:
            told = self.person.get(f"/projects/{row['code']}").json()
            item = self.same("project", row["code"], told, PROJECT)
            assert item["fields"].get("investor") == (told["investor"] and told["investor"]["code"])
            tranches |= self.tranches(told)
        for row in phases:
            told = self.person.get(f"/phases/{row['code']}").json()
            item = self.same("phase", row["code"], told, PHASE)
            assert item["project"] == told["project"]
            self.measures(item, told)
            for turbine in told["turbines"] or ():
                code = f"{row['code']}/{turbine['number']}"
                turbines.add(code)
                self.same("turbine", code, turbine, TURBINE)
            tranches |= self.tranches(told)
            assert is_insider or told["turbines"] is told["tranches"] is None
        self.exactly("turbine", turbines)
        self.exactly("tranche", tranches)

    def measures(self, item: Item, told: Json) -> None:
        """The ladder's installed MW, and what operates: both add up from what was stated."""
        stated = [e for e in item["entries"] if e["kind"].startswith("capacity.")]
        installed = sum(amount(e, "capacity_mw") for e in stated if e["after"]["measure"] == "installed")
        assert round(installed, 3) == (told["ladder"]["installed_mw"] or 0)
        own = [t for t in self.reader.of("tranche").values() if is_of(t, told["code"])]
        if told["tranches"] is None:
            recognised = [e for e in item["entries"] if e["kind"].startswith("cod.")]
        else:
            recognised = [e for tranche in own for e in tranche["entries"] if e["kind"] != "rule.overridden"]
        operating = sum(amount(e, "operating_mw") for e in recognised)
        assert round(operating, 3) == told["capacity"]["operating_mw"]

    def tranches(self, told: Json) -> set[str]:
        """The tranches of a phase, or of a project whose split is not known, by their codes."""
        for tranche in told["tranches"] or ():
            self.tranche(self.reader.items["tranche", tranche["code"]], tranche)
        return {tranche["code"] for tranche in told["tranches"] or ()}

    def tranche(self, item: Item, told: Json) -> None:
        entries = [e for e in item["entries"] if e["kind"] != "rule.overridden"]
        assert [e["after"]["entry"] for e in entries] == [e["id"] for e in told["entries"]]
        assert entries[-1]["after"]["status"] == told["status"]
        for entry, line in zip(entries, told["entries"], strict=True):
            for name in ("kind", "capacity_mw", "effective_on", "letter_number", "reason", "reverses"):
                assert nothing(entry["after"].get(name)) == nothing(line[name]), name
        self.compared += 1

    def holders(self) -> None:
        """Grid works with their units, clearances, connections, and the milestones of everything."""
        works = everything(self.person, "/grid-works")
        self.exactly("grid_work", (row["code"] for row in works))
        units: dict[str, set[str]] = {"tower": set(), "section": set()}
        connections: set[str] = set()
        for row in works:
            told = self.person.get(f"/grid-works/{row['code']}").json()
            item = self.same("grid_work", row["code"], told, WORK)
            assert item["fields"].get("owner") == (told["owner"] and told["owner"]["code"])
            for kind in units:
                listed = self.person.get(f"/grid-works/{row['code']}/{kind}s?limit=100")
                for unit in listed.json()["items"] if listed.is_success else ():
                    code = f"{row['code']}/{unit['number']}"
                    units[kind].add(code)
                    self.unit(self.same(kind, code, unit, UNIT), f"/grid-works/{row['code']}/{kind}s", unit)
        for phase in everything(self.person, "/phases"):
            needed = self.person.get(f"/phases/{phase['code']}/connections")
            for need in needed.json()["items"] if needed.is_success else ():
                code = f"{phase['code']}/{need['work']['code']}"
                connections.add(code)
                self.same("connection", code, need, ("kind", "sources", "note"))
        packages = everything(self.person, "/clearances")
        self.listed("clearance", packages, CLEARANCE)
        for kind, codes in units.items():
            self.exactly(kind, codes)
        self.exactly("connection", connections)
        for kind, subject in OF.items():
            for code in self.reader.of(subject):
                self.milestones(kind, f"{subject}/{code}")

    def unit(self, item: Item, path: str, unit: Json) -> None:
        told = self.person.get(f"{path}/{unit['number']}").json()["history"]
        stated = sorted(item["entries"], key=lambda e: (e["after"]["effective_on"], e["revision"]))
        assert [(e["after"]["stage"], e["after"]["status"], e["revision"]) for e in stated] == [
            (line["stage"], line["status"], line["recorded_in"]) for line in told
        ]

    def milestones(self, kind: str, path: str) -> None:
        """The milestones of one subject; one that nobody has said anything of stands as its template made it."""
        answer = self.person.get(f"/{kind}/{path.partition('/')[2]}/milestones")
        told = {row["milestone"]: row for row in answer.json()["items"]} if answer.is_success else {}
        made = self.reader.items.get(("milestones", path))
        known = {} if made is None else made["fields"]
        assert set(told) >= set(known.get("codes", ())), path
        stated = {
            code.rpartition("/")[2] for code in self.reader.of("milestone") if code.startswith(f"{path}/")
        }
        assert set(told) == stated | set(known.get("codes", ())), path
        for name, row in told.items():
            item = self.reader.items.get(("milestone", f"{path}/{name}"), {"fields": {}})
            fields = {"is_applicable": name not in known["ruled_out"], **item["fields"]}
            assert fields["is_applicable"] == (row["status"] != "not_applicable"), (path, name)
            assert fields.get("verification") == row["verification"]
            for date in DATES:
                assert fields.get(f"{date}_on") == row[f"{date}_on"], (path, name, date)
                if row[f"{date}_on"] is not None:
                    assert fields[f"{date}_precision"] == row[f"{date}_precision"]
            self.compared += 1

    def lists(self) -> None:
        """What hangs on subjects: obstacles, documents, commitments."""
        obstacles = everything(self.person, "/obstacles")
        self.listed("obstacle", obstacles, OBSTACLE, "id")
        for row in obstacles:
            on = self.reader.items["obstacle", str(row["id"])]["fields"]["subject"]
            assert on == f"{row['subject']}/{row['subject_code']}"
        self.listed("document", everything(self.person, "/documents"), DOCUMENT, "id")
        commitments = everything(self.person, "/commitments")
        self.listed("commitment", commitments, COMMITMENT, "id")
        for row in commitments:
            fields = self.reader.items["commitment", str(row["id"])]["fields"]
            assert (fields["work"], fields["moves"]) == (row["work"]["code"], row["moved"])
        reports = everything(self.person, "/progress-reports")
        self.listed("progress_report", reports, ("narrative", "nothing_changed", "period_ends_on"), "id")

    def evacuation(self, groups: list[Json]) -> None:
        self.exactly("evacuation_group", (row["code"] for row in groups))
        paths: set[str] = set()
        limits: set[str] = set()
        for row in groups:
            told = self.person.get(f"/evacuation-groups/{row['code']}").json()
            self.same("evacuation_group", row["code"], told, GROUP)
            for entry in told["entries"]:
                code = f"{row['code']}/phase/{entry['phase']['code']}"
                paths.add(code)
                self.same("evacuation_path", code, entry, ("note", "sources"))
            for limit in self.person.get(f"/evacuation-groups/{row['code']}/limits").json()["items"]:
                limits.add(str(limit["id"]))
                item = self.same("evacuation_limit", str(limit["id"]), limit, LIMIT)
                assert item["fields"].get("is_withdrawn", False) == (limit["withdrawn_at"] is not None)
        self.exactly("evacuation_path", paths)
        self.exactly("evacuation_limit", limits)

    def households(self) -> None:
        """Where each case stands is what was last told of it; nothing personal is in the feed."""
        cases: set[str] = set()
        for code in self.reader.of("clearance"):
            answer = self.person.get(f"/clearances/{code}/households?limit=100")
            assert answer.is_success, answer.text
            for row in answer.json()["items"]:
                cases.add(f"{code}/{row['number']}")
                item = self.reader.items["household", f"{code}/{row['number']}"]
                latest = max(item["entries"], key=lambda e: (e["after"]["effective_on"], e["revision"]))
                assert latest["after"]["status"] == row["status"]
                assert item["fields"].get("owner_name") in (None, "changed")
                self.compared += 1
        self.exactly("household", cases)


def nothing(value: Any) -> Any:
    """An empty list is what was never said."""
    return None if value in (None, [], ()) else value


def amount(entry: Json, name: str) -> float:
    """By how much an entry moves a figure."""
    before = (entry["before"] or {}).get(name) or 0
    return float(entry["after"].get(name, 0) - before)


def is_of(tranche: Item, phase: str) -> bool:
    return bool(tranche["entries"][0]["after"].get("phase") == phase)
