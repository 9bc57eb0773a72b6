"""Progress reports and who has given one, on the wire."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from app.domain.vocabulary import Fact, Freshness, OrganisationKind, ReportState
from app.schemas.base import Asked, Code, Day, In, Out

Narrative = Annotated[str, Field(min_length=1, max_length=8000)]


class ProgressReportSubmit(In):
    """Exactly one of the two: a narrative, or that nothing changed."""

    narrative: Narrative | None = Field(None, description="Never the name of a household")
    nothing_changed: bool = False
    period_ends_on: Day | None = Field(
        None, description="Cut-off day of an earlier period. Default: the open one"
    )


class ProgressReportQuery(Asked):
    organisation: Code | None = None
    period_ends_on: Day | None = None
    limit: int | None = Field(None, ge=1)
    cursor: str | None = Field(None, max_length=400)


class PeriodRead(Out):
    """After `starts_at`, up to `ends_at`, which counts as in time; `ends_on` is the day of that cut-off in Viet Nam."""

    starts_at: datetime
    ends_at: datetime
    ends_on: date


class ProgressReportLine(Out):
    """`is_late`: sent after the cut-off. `is_standing`: the last one of its organisation for that period."""

    id: int
    organisation: str
    organisation_name: str
    period_ends_on: date
    narrative: str | None
    nothing_changed: bool
    submitted_at: datetime
    is_late: bool
    is_standing: bool
    revision: int


class FactCount(Out):
    kind: Fact
    count: int


class FactMention(Out):
    kind: Fact
    subject: str
    code: str
    recorded_at: datetime


class ChangesRead(Out):
    """What users of the organisation recorded within the period, as the journal has it and as far as the reader may see
    it: counted by kind, and the last 200 of them, newest first."""

    total: int
    by_kind: list[FactCount]
    items: list[FactMention]


class ProgressReportRead(ProgressReportLine):
    period: PeriodRead
    changes: ChangesRead


class ProgressReportPage(Out):
    items: list[ProgressReportLine]
    next: str | None = None


class ReportingQuery(Asked):
    state: ReportState | None = None


class ReporterRead(Out):
    """Where one reporter stands. `last_report_on` is what it said, `last_change_on` what it recorded, `last_pulled_at` when
    its own system was last asked whole for what it has; none stands in for another, and null says that there was none.
    `age_days` counts from the latest of them."""

    organisation: str
    name: str
    kind: OrganisationKind
    state: ReportState
    current_state: ReportState
    last_closed_state: ReportState | None
    missed_periods: int
    last_report_on: date | None
    last_change_on: date | None
    last_pulled_at: datetime | None
    age_days: int | None
    freshness: Freshness
    is_stale: bool
    is_escalated: bool


class ReportingRead(Out):
    current: PeriodRead
    last_closed: PeriodRead
    items: list[ReporterRead]
