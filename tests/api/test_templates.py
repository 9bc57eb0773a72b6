"""The milestone templates over the wire."""

from tests.api.test_milestones import done, refused
from tests.conftest import People


def test_anybody_reads_the_templates_with_every_step_in_both_languages(people: People) -> None:
    found = done(people.anonymous.get("/milestone-templates"))
    counts = {template["code"]: len(template["milestones"]) for template in found["templates"]}
    assert counts == {"wind_project": 55, "grid_110kv": 30, "land_clearance": 20, "corridor_clearance": 6}
    steps = {step["code"]: step for template in found["templates"] for step in template["milestones"]}
    assert steps["W-F8"]["predecessors"][0] == {
        "code": "W-F7", "kind": "hard", "lag_days": 17, "lag_unit": "working", "instead": None, "note": None
    }  # fmt: skip
    assert steps["W-B1"]["condition"] == "any_turbine_in_sea"
    assert all(step["name"]["vi"] and step["name"]["en"] for step in steps.values())
    assert done(people.anonymous.get("/milestone-templates?version=1")) == found
    refused(people.anonymous.get("/milestone-templates?version=99"), 404, "not_found")
