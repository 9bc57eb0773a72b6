"""Cases (hộ dân, trường hợp) of a clearance package. Names, parcels and notes are personal data: they never enter the
journal and are read by the compensation roles alone."""

from datetime import date

from sqlmodel import BigInteger, Field, Index, SQLModel, UniqueConstraint

from app.domain.vocabulary import Attitude, DelayCause, HouseholdStatus
from app.tables.base import Codes, Word


class Household(SQLModel, table=True):
    """One affected case: what is taken, on which tower position or section, and who acts next. Where it stands is what
    its entries say. `number` is a case number, never a name."""

    __tablename__ = "household"
    __table_args__ = (
        UniqueConstraint("clearance_id", "number"),
        Index("ix_household_unit", "unit_id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    clearance_id: int = Field(foreign_key="clearance.id")
    number: str = Field(max_length=40)
    unit_id: int | None = Field(default=None, foreign_key="work_unit.id")
    owner_name: str | None = Field(default=None, max_length=200)
    hamlet: str | None = Field(default=None, max_length=120)
    map_sheet: str | None = Field(default=None, max_length=40)
    parcel: str | None = Field(default=None, max_length=40)
    is_farm_land: bool | None = None
    land_m2: float | None = None
    house_m2: float | None = None
    trees: int | None = None
    # Whether the owner agreed before the notice had run out, and the support granted in a corridor, in percent.
    agreed_early: bool | None = None
    house_support_percent: float | None = None
    land_support_percent: float | None = None
    decision_number: str | None = Field(default=None, max_length=120)
    decision_on: date | None = None
    visited_on: date | None = None
    next_action: str | None = Field(default=None, max_length=400)
    action_owner: str | None = Field(default=None, max_length=20)
    note: str | None = Field(default=None, max_length=2000)
    is_illustrative: bool = False
    sources: tuple[str, ...] = Field(default=(), sa_type=Codes, nullable=True)
    created_in: int
    revision: int


class HouseholdEntry(SQLModel, table=True):
    """Where a case stands from `effective_on` on, as a whole. Rows are only ever added."""

    __tablename__ = "household_entry"
    __table_args__ = (
        Index("ix_household_entry_clearance", "clearance_id", "revision"),
        Index("ix_household_entry_household", "household_id", "effective_on"),
    )
    id: int | None = Field(default=None, primary_key=True)
    household_id: int = Field(foreign_key="household.id")
    clearance_id: int = Field(foreign_key="clearance.id")
    revision: int = Field(foreign_key="revision.number")
    effective_on: date
    status: HouseholdStatus = Field(sa_type=Word(HouseholdStatus))
    attitude: Attitude | None = Field(default=None, sa_type=Word(Attitude))
    cause: DelayCause | None = Field(default=None, sa_type=Word(DelayCause))
    approved_vnd: int | None = Field(default=None, sa_type=BigInteger)
    paid_vnd: int | None = Field(default=None, sa_type=BigInteger)
    user_id: int | None = Field(default=None, foreign_key="app_user.id")
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id")
