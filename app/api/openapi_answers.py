"""Examples of the main answers for the OpenAPI document. The figures are those of the real register on 7 February 2023."""

from typing import Any

LADDER: dict[str, Any] = {
    **dict.fromkeys(("approved_mw", "connected_mw", "energised_mw", "synchronised_mw", "testing_mw")),
    **dict.fromkeys(("tested_mw", "accepted_mw", "licensed_mw")),
    **{"planned_mw": 368, "ppa_mw": 30, "installed_mw": 59.4, "operating_mw": 93.05},
}
NOTHING_ELSE = dict.fromkeys(("suspended_mw", "cancelled_mw", "at_risk_mw", "declared_mw", "disputed_mw"), 0)
ANSWERS: dict[str, Any] = {
    "CapacityRead": {
        **{"operating_mw": 93.05, "gross_recognised_mw": 93.05, **NOTHING_ELSE},
        **{"as_of": "2023-02-07", "revision": 41},
        "target": {"code": "377mw-2023", "capacity_mw": 377, "due_on": "2023-12-31"},
        "ladder": LADDER,
        **{"usable_mw": None, "is_usable_illustrative": False, "gap_mw": 283.95, "attainment_percent": 24.68},
        **{"is_met": False, "judged_on": "2023-02-07", "by": "project"},
        "breakdown": [
            {
                **{"operating_mw": 29.4, "gross_recognised_mw": 29.4, **NOTHING_ELSE},
                **{"code": "v1-3", "name": "Nhà máy điện gió V1-3 Bến Tre", "name_en": "Ben Tre V1-3 wind farm"},
                **{"level": "project", "project": "v1-3", "is_illustrative": False},
                "ladder": {**dict.fromkeys(LADDER), "planned_mw": 30, "installed_mw": 29.4, "operating_mw": 29.4},
            }
        ],
        "next": None,
    },
    "SeriesRead": {
        **{"from": "2022-12-01", "to": "2023-01-31", "step": "month", "revision": 41},
        "target": {"code": "377mw-2023", "capacity_mw": 377, "due_on": "2023-12-31"},
        "points": [
            {"on": "2022-12-31", "operating_mw": 93.05, "plan_mw": None, "target_mw": 377},
            {"on": "2023-01-31", "operating_mw": 93.05, "plan_mw": None, "target_mw": 377},
        ],
    },
    "PhaseLine": {
        **{"code": "v1-3", "name": "Nhà máy điện gió V1-3 Bến Tre", "name_en": "Ben Tre V1-3 wind farm"},
        **{"project": "v1-3", "nominal_mw": 30, "is_illustrative": False},
        "capacity": {"operating_mw": 29.4, "gross_recognised_mw": 29.4, **NOTHING_ELSE},
        "ladder": {**dict.fromkeys(LADDER), "planned_mw": 30, "installed_mw": 29.4, "operating_mw": 29.4},
    },
    "TargetRead": {
        **{"code": "377mw-2023", "name": "Ít nhất 377 MW điện gió vận hành thương mại năm 2023", "name_en": None},
        **{"capacity_mw": 377, "due_on": "2023-12-31", "basis": "cumulative", "scope": None},
        **{"sources": [], "note": None, "revision": 1},
    },
    "NamedRead": {"code": "ba-tri", "name": "Ba Tri", "name_en": None},
    "ProblemRead": {
        "type": "urn:tracker:problem:date_in_future",
        "title": "Ngày ở tương lai",
        "status": 422,
        "code": "date_in_future",
        "errors": [{"field": "effective_on", "code": "date_in_future", "message": "Ngày ở tương lai"}],
        "request_id": "4f2a9c0d1e8b7a65",
    },
}  # fmt: skip
