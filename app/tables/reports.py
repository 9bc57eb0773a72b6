"""Progress reports: what an organisation says of a period. Rows are only ever added; the last one of a period stands."""

from datetime import date, datetime

from sqlmodel import Field, Index, SQLModel

from app.tables.base import Instant


class ProgressReport(SQLModel, table=True):
    """`period_ends_on` is the day of the cut-off that closes the period. Either a narrative, or "nothing changed"."""

    __tablename__ = "progress_report"
    __table_args__ = (Index("ix_progress_report_period", "organisation_id", "period_ends_on"),)
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    user_id: int | None = Field(default=None, foreign_key="app_user.id")
    period_ends_on: date
    narrative: str | None = Field(default=None, max_length=8000)
    nothing_changed: bool = False
    submitted_at: datetime = Field(sa_type=Instant)
    is_late: bool = False
    revision: int
