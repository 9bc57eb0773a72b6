"""A package of values is valid by lib-cove-oc4ids, however much or little is known of its projects."""

from datetime import UTC, date, datetime
from typing import Any

from app.formats import oc4ids
from tests.formats import oc4ids_standard as standard

DAY = date(2023, 12, 31)
ABOUT = oc4ids.Publication(
    uri="https://tracker.test/api/v1/oc4ids.json",
    published_at=datetime(2023, 2, 7, 3, tzinfo=UTC),
    publisher="Sở Công Thương",
    publisher_uri=None,
    licence=None,
    prefix="oc4ids-ab12cd",
    language="vi",
    following=None,
)


def valid(project: oc4ids.Project) -> dict[str, Any]:
    package = oc4ids.package(ABOUT, [project])
    found = standard.review(package)
    assert (found["validation_errors"], found["additional_checks"], found["conformance_checks"]) == (
        [],
        [],
        [],
    )
    assert found["additional_closed_codelist_values"] == {}
    made: dict[str, Any] = package["projects"][0]
    return made


def test_a_project_of_which_only_the_name_is_known() -> None:
    made = valid(oc4ids.Project(kind="project", code="v1-3", title="V1-3", description=None, sectors=(oc4ids.ENERGY, oc4ids.WIND)))  # fmt: skip
    assert set(made) == {"id", "language", "identifiers", "title", "type", "sector"}


def test_a_project_with_everything() -> None:
    observation = oc4ids.Observation(kw=0, on=DAY, dimensions={"phase": "v1-3"}, notes="Dự báo")
    metric = oc4ids.Metric(id="operatingCapacity", title="COD", observations=[observation])
    made = valid(
        oc4ids.Project(
            kind="project",
            code="v1-3",
            title="V1-3",
            description="Minh họa",
            sectors=(oc4ids.ENERGY, oc4ids.WIND),
            status="maintenance",
            planned_end_on=DAY,
            ended_on=DAY,
            locations=[
                oc4ids.Location(id="a", position=(106.5, 9.5), locality="Thừa Đức", region="Bình Đại"),
                oc4ids.Location(id="b", path=[(106.5, 9.5), (106.6, 9.6)]),
                oc4ids.Location(id="c", path=[(106.5, 9.5)]),
            ],
            parties=[
                oc4ids.Party(id="evn-spc", name="EVN SPC", roles=("publicAuthority",), is_authority=True)
            ],
            milestones=[
                oc4ids.Milestone(
                    id="m", title="COD", type="approval", code="W-G7", status="met", due_on=DAY, met_on=DAY
                )
            ],
            forecasts=[metric],
            metrics=[metric],
            documents=[
                oc4ids.Document(
                    id="d",
                    title="1/GP",
                    url="https://a.test",
                    published_on=DAY,
                    format="application/pdf",
                    author="BCT",
                    access="Khóa",
                )
            ],
        )
    )
    # Nothing operating is a figure too.
    assert made["metrics"][0]["observations"][0]["measure"] == 0
    assert made["period"] == made["completion"] == {"endDate": "2023-12-31T00:00:00+07:00"}
    assert "geometry" not in made["locations"][2]
    assert made["publicAuthority"] == {"id": "evn-spc", "name": "EVN SPC"}
