"""Units, cases, commitments and limits in a register file: twice is once, errors by their line, and no names leave."""

from datetime import date
from typing import Any

import pytest
import yaml
from sqlalchemy import func, select
from sqlmodel import col

from app import register as registers
from app.db import Database
from app.domain import units as domain
from app.domain.errors import Invalid
from app.domain.vocabulary import UnitKind, UnitStage
from app.formats import register as files
from app.queries import journal, units, works
from app.queries import register as exported
from app.services import register
from app.tables.commitments import Commitment
from app.tables.evacuation import EvacuationLimit, EvacuationPath
from app.tables.households import Household
from app.tables.works import Clearance, GridWork
from tests import factories

TODAY = date(2023, 2, 7)
NAME = "Nguyễn Thị Không Tên"


def bring(database: Database, text: str, **more: Any) -> register.Outcome:
    with database.changing(factories.stamp()) as session:
        return register.import_file(session, factories.SYSTEM, text, TODAY, **more)


class Plain(yaml.SafeDumper):
    """Without aliases, which a register file may not have."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def file(**more: Any) -> str:
    content = {"format": "wind-register/1", "capacity": "increments", **more}
    return yaml.dump(content, Dumper=Plain, allow_unicode=True, sort_keys=False)


def tower(number: int, *reports: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"kind": "tower", "number": f"{number}", "position": number, "reports": list(reports), **more}


DONE = {"stage": "site", "status": "done", "effective_on": "2023-01-10"}
LATER = {"stage": "foundation", "status": "done", "effective_on": "2023-02-06"}
CASE: dict[str, Any] = {
    **{"clearance": "land", "number": "T1", "unit": {"kind": "tower", "number": "2"}, "owner_name": NAME},
    **{"effective_on": "2022-09-30", "status": "inventoried"},
}
SECTIONS: dict[str, Any] = {
    "units": [
        {
            "work": "line",
            "is_illustrative": True,
            "rows": [
                tower(1, DONE, LATER),
                tower(2),
                tower(3),
                {"kind": "section", "number": "1-3", "from_tower": "1", "to_tower": "3", "length_m": 600},
            ],
        }
    ],
    "unit_totals": [
        {"work": "line", "kind": "tower", "total": 4, "effective_on": "2023-01-31", "reason": "Thêm một cột"}
    ],
    "reported_counts": [
        {"work": "line", "stage": "site", "done": 2, "total": 3, "reported_on": "2023-01-20"}
    ],
    "households": [
        {"work": "line", "rows": [CASE, {**CASE, "effective_on": "2023-01-15", "status": "handed_over"}]}
    ],
    "commitments": [
        {
            **{"work": "line", "stage": "site", "units": ["3"], "responsible": "UBH"},
            **{"made_on": "2023-01-13", "due_on": "2023-01-31"},
            "moves": [{"stated_on": "2023-01-30", "due_on": "2023-02-16", "reason": "Sau Tết"}],
        }
    ],
    "evacuation_groups": [
        {
            **{"code": "stations", "name": "Trạm hiện hữu", "phases": [{"phase": "alpha-1"}]},
            "limits": [
                {
                    **{"capacity_mw": 149, "condition": "existing", "valid_from": "2021-05-21"},
                    **{"letter_number": "1/EVN", "letter_on": "2021-05-20", "letter_issuer": "EVN SPC"},
                }
            ],
        }
    ],
}


@pytest.fixture
def land(world: factories.World) -> factories.World:
    with world.database.changing(factories.stamp()) as session:
        factories.grid_work(session, towers_total=3)
        factories.clearance(session)
    return world


def test_a_file_brings_lines_land_promises_and_limits(land: factories.World) -> None:
    outcome = bring(land.database, file(**SECTIONS))
    assert outcome.changed == {"towers and sections": 4, "cases": 2, "evacuation paths": 1}
    assert outcome.created["commitments"] == outcome.created["evacuation limits"] == 1
    with land.database.reading() as session:
        work = works.public(session, "line")
        line = units.line(session, work, journal.head(session))
        total = units.totals_on(session, work, journal.head(session), TODAY)[UnitKind.TOWER]
        sites = domain.count(line, UnitStage.SITE, TODAY, total)
        assert (sites.done, sites.total) == (2, 4), "one reported, one by its case"
        assert all(unit.is_illustrative for unit in line.units)
        promise = session.execute(select(Commitment)).scalar_one()
        assert (promise.due_on, promise.moves) == (date(2023, 2, 16), 1)


def test_the_same_file_again_changes_nothing(land: factories.World) -> None:
    bring(land.database, file(**SECTIONS))
    with land.database.reading() as session:
        before = journal.head(session)
    assert bring(land.database, file(**SECTIONS)).changes_nothing
    with land.database.reading() as session:
        assert journal.head(session) == before


def test_what_is_of_a_later_day_is_left_out(land: factories.World) -> None:
    outcome = bring(land.database, file(**SECTIONS), until=date(2023, 1, 12))
    assert outcome.left_out == 5, "a cast foundation, a total, a count, a handover and a promise"
    with land.database.reading() as session:
        line = units.line(session, works.public(session, "line"), journal.head(session))
        assert domain.count(line, UnitStage.FOUNDATION, TODAY, None).done == 0
    assert bring(land.database, file(**SECTIONS)).changed["cases"] == 1


def test_every_wrong_row_is_named_with_its_line(land: factories.World) -> None:
    early = {"stage": "erection", "status": "done", "effective_on": "2023-01-11"}
    text = file(
        units=[{"work": "line", "rows": [tower(1, DONE), tower(2, early), tower(3)]}],
        households=[{"work": "line", "rows": [{**CASE, "unit": {"kind": "tower", "number": "9"}}]}],
    )
    with pytest.raises(Invalid) as refused:
        bring(land.database, text)
    errors: Any = refused.value.details["lines"]
    assert [(error.path.split(".")[:4], error.problem.value) for error in errors] == [
        (["units", "0", "rows", "1"], "erected_before_cast"),
        (["households", "0", "rows", "0"], "unknown_unit"),
    ]
    lines = text.splitlines()
    assert lines[errors[0].line - 1 :][:2] == ["  - kind: tower", "    number: '2'"]
    assert lines[errors[1].line - 1 :][:2] == ["      kind: tower", "      number: '9'"]
    with land.database.reading() as session:
        assert session.execute(select(func.count(col(Household.id)))).scalar_one() == 0


def test_an_export_is_the_same_elsewhere_but_for_names(land: factories.World, database: Database) -> None:
    bring(land.database, file(**SECTIONS))
    with land.database.reading() as session:
        text = files.write(exported.export(session))
    assert NAME not in text
    assert bring(land.database, text).changes_nothing
    with land.database.reading() as session:
        assert session.execute(select(Household)).scalar_one().owner_name == NAME, "left out is left alone"


def test_the_demo_agrees_with_the_sourced_totals(sqlite_database: Database) -> None:
    for demo in (registers.BEN_TRE, *registers.DEMO):
        bring(sqlite_database, demo.read_text("utf-8"), until=TODAY)
    with sqlite_database.reading() as session:
        head = journal.head(session)
        cases, towers, metres = {}, {}, {}
        for code in ("line-phu-thuan-binh-dai", "line-giao-long-phu-thuan"):
            work = works.public(session, code)
            line = units.line(session, work, head)
            cases[code] = len(units.cases(session, work, head))
            towers[code] = len(line.of(UnitKind.TOWER))
            metres[code] = sum(unit.length_m or 0 for unit in line.of(UnitKind.SECTION))
            assert all(unit.is_illustrative for unit in line.units)
        assert towers == {"line-phu-thuan-binh-dai": 88, "line-giao-long-phu-thuan": 36}
        assert metres == {"line-phu-thuan-binh-dai": 22_700, "line-giao-long-phu-thuan": 9_016}
        assert cases["line-phu-thuan-binh-dai"] == 547
        packages = (
            select(col(Clearance.commune_code))
            .distinct()
            .join(GridWork, col(GridWork.id) == col(Clearance.work_id))
            .where(col(GridWork.code) == "line-phu-thuan-binh-dai")
        )
        assert len(session.execute(packages).all()) == 6
        district = (
            select(func.count(col(Household.id)))
            .join(Clearance, col(Clearance.id) == col(Household.clearance_id))
            .join(GridWork, col(GridWork.id) == col(Clearance.work_id))
        )
        second = district.where(
            col(GridWork.code) == "line-giao-long-phu-thuan", col(Clearance.district_code) == "binh-dai"
        )
        assert session.execute(second).scalar_one() == 678 - 547
        dinh_trung = district.where(col(Clearance.commune_code) == "xa-dinh-trung")
        assert session.execute(dinh_trung).scalar_one() == 49
        assert not session.execute(select(col(Household.id)).where(~col(Household.is_illustrative))).all()
        assert all(path.is_illustrative for path in session.execute(select(EvacuationPath)).scalars())
        assert [row.kw for row in session.execute(select(EvacuationLimit)).scalars()] == [149_000]
