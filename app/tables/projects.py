"""Wind projects (dự án), their phases or plants (giai đoạn, nhà máy) and their turbines."""

from datetime import date

from sqlmodel import Field, SQLModel, UniqueConstraint

from app.domain.vocabulary import Confidence, PriceRegime, Siting, Stage
from app.tables.base import Codes, Word


class Project(SQLModel, table=True):
    """`revision` is the last revision that touched the project or anything in it; its ETag comes from there."""

    __tablename__ = "project"
    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(max_length=60, unique=True)
    name: str = Field(max_length=200)
    name_en: str | None = Field(default=None, max_length=200)
    aliases: tuple[str, ...] = Field(default=(), sa_type=Codes, nullable=True)
    investor_id: int | None = Field(default=None, foreign_key="organisation.id", index=True)
    district_code: str | None = Field(
        default=None, foreign_key="administrative_unit.code", index=True, max_length=60
    )
    commune: str | None = Field(default=None, max_length=120)
    siting: Siting | None = Field(default=None, sa_type=Word(Siting))
    stage: Stage | None = Field(default=None, sa_type=Word(Stage))
    in_totals: bool = True
    is_illustrative: bool = False
    confidence: Confidence | None = Field(default=None, sa_type=Word(Confidence))
    sources: tuple[str, ...] = Field(default=(), sa_type=Codes, nullable=True)
    note: str | None = Field(default=None, max_length=2000)
    created_in: int
    revision: int


class Phase(SQLModel, table=True):
    """`nominal_kw` is the size on paper; what is approved stands in the ledger; the turbines have their own sum."""

    __tablename__ = "phase"
    id: int | None = Field(default=None, primary_key=True)
    project_id: int = Field(foreign_key="project.id", index=True)
    code: str = Field(max_length=60, unique=True)
    name: str = Field(max_length=200)
    name_en: str | None = Field(default=None, max_length=200)
    nominal_kw: int | None = None
    turbine_count: int | None = None
    turbine_kw: int | None = None
    turbine_model: str | None = Field(default=None, max_length=120)
    price_regime: PriceRegime | None = Field(default=None, sa_type=Word(PriceRegime))
    # The COD goal, and the day of the first test it stands on; the countdown alarms count back from them.
    planned_cod_on: date | None = None
    first_test_on: date | None = None
    is_illustrative: bool = False
    confidence: Confidence | None = Field(default=None, sa_type=Word(Confidence))
    sources: tuple[str, ...] = Field(default=(), sa_type=Codes, nullable=True)
    note: str | None = Field(default=None, max_length=2000)
    created_in: int


class Turbine(SQLModel, table=True):
    __tablename__ = "turbine"
    __table_args__ = (UniqueConstraint("phase_id", "number"),)
    id: int | None = Field(default=None, primary_key=True)
    phase_id: int = Field(foreign_key="phase.id")
    number: str = Field(max_length=30)
    model: str | None = Field(default=None, max_length=120)
    nameplate_kw: int | None = None
    siting: Siting | None = Field(default=None, sa_type=Word(Siting))
    latitude: float | None = None
    longitude: float | None = None
    installed_on: date | None = None
    energised_on: date | None = None
    synchronised_on: date | None = None
    tested_on: date | None = None
    note: str | None = Field(default=None, max_length=2000)
