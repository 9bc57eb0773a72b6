"""One model of what goes out in open formats: which columns each file and each layer has, and what the values are.

The CSV files, their data dictionary, the features and the schemas of these are all made from the tables below, so that
none of them can say something else than the others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.domain.access import May
from app.domain.vocabulary import (
    Column,
    ColumnType,
    CommitmentState,
    Confidence,
    DelayCause,
    EntryKind,
    Export,
    Layer,
    LocationAccuracy,
    Measure,
    Party,
    Precision,
    PriceRegime,
    Siting,
    Stage,
    SubjectKind,
    TrancheStatus,
    UnitStage,
    UnitStatus,
    Verification,
    WorkKind,
)
from app.domain.words import Term

Value = str | int | float | date | datetime | bool | Sequence[str] | None
# One thing as it goes out, by column; a column that is not there has no value.
Record = Mapping[Column, Value]
MW, KM, METRES, DEGREES, KV, DAYS = "MW", "km", "m", "degree", "kV", "day"


@dataclass(frozen=True, slots=True)
class Shape:
    """What the values of a column are: their type, their unit, and the words whose codes they are."""

    kind: ColumnType
    unit: str | None = None
    words: type[Term] | None = None


_CODES: dict[Column, type[Term]] = {
    Column.SITING: Siting,
    Column.STAGE: Stage,
    Column.LOCATION_ACCURACY: LocationAccuracy,
    Column.TRANCHE_STATUS: TrancheStatus,
    Column.ENTRY_KIND: EntryKind,
    Column.MEASURE: Measure,
    Column.PRECISION: Precision,
    Column.BASELINE_PRECISION: Precision,
    Column.PLAN_PRECISION: Precision,
    Column.FORECAST_PRECISION: Precision,
    Column.ACTUAL_PRECISION: Precision,
    Column.PRICE_REGIME: PriceRegime,
    Column.CONFIDENCE: Confidence,
    Column.SUBJECT: SubjectKind,
    Column.VERIFICATION: Verification,
    Column.WORK_KIND: WorkKind,
    Column.OBSTACLE_KIND: DelayCause,
    Column.RESPONSIBLE: Party,
    Column.PROMISED_STAGE: UnitStage,
    Column.COMMITMENT_STATE: CommitmentState,
}
_UNITS = {
    **dict.fromkeys((Column.LATITUDE, Column.LONGITUDE), (ColumnType.NUMBER, DEGREES)),
    Column.LENGTH_KM: (ColumnType.NUMBER, KM),
    Column.LENGTH_M: (ColumnType.WHOLE, METRES),
    Column.VOLTAGE_KV: (ColumnType.WHOLE, KV),
    Column.LATE_DAYS: (ColumnType.WHOLE, DAYS),
}
_WHOLE = {
    *(Column.ENTRY_ID, Column.OBSTACLE_ID, Column.COMMITMENT_ID, Column.REVERSES, Column.REVISION),
    *(Column.TURBINE_COUNT, Column.TOWERS_TOTAL, Column.SECTIONS_TOTAL, Column.LOCATED, Column.POSITION),
    *(Column.MOVES, Column.POSTPONEMENTS),
}
_FLAGS = {Column.IS_TENSION, Column.IN_TOTALS, Column.IS_ILLUSTRATIVE, Column.IS_APPLICABLE}
_LISTS = {Column.SOURCES, Column.TURBINES, Column.UNITS}


def _shape(column: Column) -> Shape:
    if column in _CODES:
        return Shape(ColumnType.TEXT, words=_CODES[column])
    if column in _UNITS:
        return Shape(*_UNITS[column])
    if column.endswith("_mw"):
        return Shape(ColumnType.NUMBER, MW)
    if column.endswith("_status"):
        return Shape(ColumnType.TEXT, words=UnitStatus)
    if column.endswith("_on") or column in (Column.ON, Column.VALID_UNTIL):
        return Shape(ColumnType.DAY)
    if column == Column.RECORDED_AT:
        return Shape(ColumnType.INSTANT)
    for family, kind in ((_WHOLE, ColumnType.WHOLE), (_FLAGS, ColumnType.FLAG), (_LISTS, ColumnType.LIST)):
        if column in family:
            return Shape(kind)
    return Shape(ColumnType.TEXT)


SHAPES: Mapping[Column, Shape] = {column: _shape(column) for column in Column}

LADDER = tuple(Column(f"{measure.value}_mw") for measure in Measure)
FIGURES = (
    *LADDER,
    *(Column.RECOGNISED_MW, Column.SUSPENDED_MW, Column.CANCELLED_MW, Column.AT_RISK_MW),
    *(Column.DECLARED_MW, Column.DISPUTED_MW),
)
_POINT = (Column.LATITUDE, Column.LONGITUDE)
_PLACE = (*_POINT, Column.LOCATION_ACCURACY)
_OF_PROJECT = (
    *(Column.INVESTOR, Column.INVESTOR_NAME, Column.DISTRICT, Column.DISTRICT_NAME, Column.COMMUNE),
    *(Column.SITING, Column.STAGE),
)
_KNOWN = (Column.IN_TOTALS, Column.IS_ILLUSTRATIVE, Column.CONFIDENCE, Column.SOURCES)

COLUMNS: Mapping[Export, tuple[Column, ...]] = {
    Export.PROJECTS: (
        *(Column.PROJECT, Column.PROJECT_NAME, Column.PROJECT_NAME_EN, *_OF_PROJECT, Column.NOMINAL_MW),
        *(*FIGURES, Column.LOCATION_ACCURACY, *_KNOWN),
    ),
    Export.PHASES: (
        *(Column.PHASE, Column.PHASE_NAME, Column.PHASE_NAME_EN, Column.PROJECT, Column.PROJECT_NAME),
        *(*_OF_PROJECT, Column.NOMINAL_MW, Column.TURBINE_COUNT, Column.TURBINE_MODEL, *FIGURES),
        *(Column.PLANNED_COD_ON, *_PLACE, *_KNOWN),
    ),
    Export.TURBINES: (
        *(Column.PHASE, Column.TURBINE, Column.TURBINE_MODEL, Column.NAMEPLATE_MW, Column.SITING),
        *(Column.INSTALLED_ON, Column.ENERGISED_ON, Column.SYNCHRONISED_ON, Column.TESTED_ON, *_PLACE),
        Column.IS_ILLUSTRATIVE,
    ),
    Export.TRANCHES: (
        *(Column.TRANCHE, Column.PROJECT, Column.PHASE, Column.TRANCHE_STATUS, Column.TRANCHE_MW),
        *(Column.EFFECTIVE_ON, Column.PRECISION, Column.OPERATING_MW, Column.SUSPENDED_MW),
        *(Column.CANCELLED_MW, Column.AT_RISK_MW, Column.TURBINES, Column.DECLARED_ON),
        *(Column.LETTER_NUMBER, Column.LETTER_ON, Column.LETTER_ISSUER, Column.IS_ILLUSTRATIVE),
    ),
    Export.ENTRIES: (
        *(Column.ENTRY_ID, Column.PROJECT, Column.PHASE, Column.TRANCHE, Column.ENTRY_KIND, Column.MEASURE),
        *(Column.ENTRY_MW, Column.EFFECTIVE_ON, Column.PRECISION, Column.VALID_UNTIL, Column.REVERSES),
        *(Column.TURBINES, Column.PRICE_REGIME, Column.LETTER_NUMBER, Column.LETTER_ON),
        *(Column.LETTER_ISSUER, Column.APPLICATION_ON, Column.ORGANISATION, Column.RECORDED_AT),
        *(Column.REVISION, Column.IS_ILLUSTRATIVE, Column.CONFIDENCE, Column.SOURCES),
    ),
    Export.MILESTONES: (
        *(Column.SUBJECT, Column.SUBJECT_CODE, Column.MILESTONE, Column.MILESTONE_NAME),
        *(Column.BASELINE_ON, Column.BASELINE_PRECISION, Column.PLAN_ON, Column.PLAN_PRECISION),
        *(Column.FORECAST_ON, Column.FORECAST_PRECISION, Column.ACTUAL_ON, Column.ACTUAL_PRECISION),
        *(Column.VERIFICATION, Column.IS_APPLICABLE, Column.MOVES, Column.LATE_DAYS, Column.IS_ILLUSTRATIVE),
    ),
    Export.GRID_WORKS: (
        *(Column.WORK, Column.WORK_NAME, Column.WORK_NAME_EN, Column.WORK_KIND, Column.OWNER),
        *(Column.OWNER_NAME, Column.DISTRICT, Column.DISTRICT_NAME, Column.VOLTAGE_KV, Column.LENGTH_KM),
        *(Column.TOWERS_TOTAL, Column.SECTIONS_TOTAL, Column.LOCATED, Column.LOCATION_ACCURACY),
        *(Column.IS_ILLUSTRATIVE, Column.SOURCES),
    ),
    Export.TOWERS: (
        *(Column.WORK, Column.TOWER, Column.POSITION, Column.IS_TENSION, Column.COMMUNE),
        *(Column.SITE_STATUS, Column.SITE_SINCE_ON, Column.FOUNDATION_STATUS, Column.FOUNDATION_SINCE_ON),
        *(Column.STEEL_STATUS, Column.STEEL_SINCE_ON, Column.ERECTION_STATUS, Column.ERECTION_SINCE_ON),
        *(*_PLACE, Column.IS_ILLUSTRATIVE),
    ),
    Export.SECTIONS: (
        *(Column.WORK, Column.SECTION, Column.POSITION, Column.FROM_TOWER, Column.TO_TOWER),
        *(Column.LENGTH_M, Column.COMMUNE, Column.CORRIDOR_STATUS, Column.CORRIDOR_SINCE_ON),
        *(Column.STRINGING_STATUS, Column.STRINGING_SINCE_ON, Column.IS_ILLUSTRATIVE),
    ),
    Export.OBSTACLES: (
        *(Column.OBSTACLE_ID, Column.OBSTACLE_KIND, Column.TITLE, Column.SUBJECT, Column.SUBJECT_CODE),
        *(Column.MILESTONE, Column.RESPONSIBLE, Column.RESPONSIBLE_NAME, Column.RAISED_ON, Column.DUE_ON),
        *(Column.CLOSED_ON, Column.POSTPONEMENTS, Column.ORGANISATION, Column.IS_ILLUSTRATIVE),
    ),
    Export.COMMITMENTS: (
        *(Column.COMMITMENT_ID, Column.WORK, Column.PROMISED_STAGE, Column.UNITS, Column.RESPONSIBLE),
        *(Column.RESPONSIBLE_NAME, Column.MADE_ON, Column.FIRST_DUE_ON, Column.DUE_ON, Column.MOVES),
        *(Column.COMMITMENT_STATE, Column.WITHDRAWN_ON, Column.ORGANISATION, Column.IS_ILLUSTRATIVE),
    ),
    Export.CAPACITY_SERIES: (Column.ON, Column.OPERATING_MW, Column.PLAN_MW, Column.TARGET_MW),
}
# What everybody may read; the others need the right to read details, and hold what their reader sees of them.
_PUBLIC = {Export.PROJECTS, Export.PHASES, Export.GRID_WORKS, Export.CAPACITY_SERIES}
NEEDS = {export: May.READ if export in _PUBLIC else May.READ_DETAIL for export in Export}
# The two times: on which day, and as known when. What has neither is told as it stands now.
_NOW_ONLY = {Export.TURBINES, Export.GRID_WORKS, Export.OBSTACLES}
IS_DATED = {export: export not in _NOW_ONLY for export in Export}


def of_layer(layer: Layer) -> tuple[Column, ...]:
    """The properties of the features of a layer: the columns of its file without the coordinates."""
    return tuple(column for column in COLUMNS[Export(layer.value)] if column not in _POINT)


def key(export: Export) -> tuple[Column, ...]:
    """The columns that name a row of a file."""
    return _KEYS.get(export, COLUMNS[export][:1])


_KEYS: Mapping[Export, tuple[Column, ...]] = {
    Export.TURBINES: (Column.PHASE, Column.TURBINE),
    Export.TOWERS: (Column.WORK, Column.TOWER),
    Export.SECTIONS: (Column.WORK, Column.SECTION),
    Export.MILESTONES: (Column.SUBJECT, Column.SUBJECT_CODE, Column.MILESTONE),
}
