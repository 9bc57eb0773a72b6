"""Lines over the wire for tests of units: short forms of rows, reports and the figures that come back."""

from typing import Any

import httpx

from tests.conftest import People, Person

LINE = {"code": "line", "kind": "line", "name": "Đường dây 110kV Phú Thuận - Bình Đại"}
BATCH = "/grid-works/line/units"


def told(stage: str, status: str = "done", on: str = "2023-01-10", **more: Any) -> dict[str, Any]:
    """A report; a hold has its cause."""
    cause = {"cause": "land_price"} if status in ("blocked", "reopened") else {}
    return {"stage": stage, "status": status, "effective_on": on, **cause, **more}


def tower(number: int | str, *reports: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A row for the tower of this number, at the position of its number."""
    place = {} if isinstance(number, str) else {"position": number}
    return {"kind": "tower", "number": str(number), **place, "reports": list(reports), **more}


def section(number: str, first: int, last: int, *reports: dict[str, Any], **more: Any) -> dict[str, Any]:
    ends = {"from_tower": str(first), "to_tower": str(last)}
    return {"kind": "section", "number": number, **ends, "reports": list(reports), **more}


def put(person: Person, rows: list[dict[str, Any]], query: str = "", code: str = "line") -> dict[str, Any]:
    """Puts a batch that is taken."""
    answer = person.put(f"/grid-works/{code}/units{query}", {"rows": rows})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def progress(person: Person, query: str = "", code: str = "line") -> dict[str, Any]:
    answer = person.get(f"/grid-works/{code}/progress{query}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def figures(person: Person, query: str = "", code: str = "line") -> dict[str, tuple[int, int | None]]:
    """X/Y of every stage."""
    stages = progress(person, query, code)["stages"]
    return {stage["stage"]: (stage["done"], stage["total"]) for stage in stages}


def problem(answer: httpx.Response) -> tuple[int, str, str | None]:
    """Status, code, and the first failing field."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    body = answer.json()
    return answer.status_code, body["code"], (body.get("errors") or [{}])[0].get("field")


def revision(people: People) -> int:
    """The last revision of the journal."""
    number: int = people.department.get("/journal?limit=1").json()["items"][0]["number"]
    return number
