"""Grid works (công trình lưới điện), the phases that need them, and the land clearance that holds them back."""

from sqlmodel import BigInteger, Field, Index, SQLModel, UniqueConstraint

from app.domain.vocabulary import Confidence, ConnectionKind, Track, WorkKind
from app.tables.base import Codes, Word


class GridWork(SQLModel, table=True):
    """A line, substation, bay or transformer. `revision` is the last one that touched it or its milestones."""

    __tablename__ = "grid_work"
    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(max_length=60, unique=True)
    kind: WorkKind = Field(sa_type=Word(WorkKind))
    name: str = Field(max_length=200)
    name_en: str | None = Field(default=None, max_length=200)
    owner_id: int | None = Field(default=None, foreign_key="organisation.id", index=True)
    voltage_kv: int | None = None
    circuits: int | None = None
    length_km: float | None = None
    mva: float | None = None
    cost_vnd: int | None = Field(default=None, sa_type=BigInteger)
    # As first stated; later versions have a day and a reason (`tables/units.py`).
    towers_total: int | None = None
    sections_total: int | None = None
    district_code: str | None = Field(default=None, foreign_key="administrative_unit.code", max_length=60)
    route: str | None = Field(default=None, max_length=400)
    # Whether a live line is crossed, or rice land taken: what the template's conditions ask. None: not known.
    crosses_live_line: bool | None = None
    takes_rice_land: bool | None = None
    is_illustrative: bool = False
    confidence: Confidence | None = Field(default=None, sa_type=Word(Confidence))
    sources: tuple[str, ...] = Field(default=(), sa_type=Codes, nullable=True)
    note: str | None = Field(default=None, max_length=2000)
    created_in: int
    revision: int


class Connection(SQLModel, table=True):
    """A phase needs a work. A work that several phases need stands once, with a connection from each."""

    __tablename__ = "connection"
    __table_args__ = (UniqueConstraint("phase_id", "work_id"),)
    id: int | None = Field(default=None, primary_key=True)
    phase_id: int = Field(foreign_key="phase.id")
    work_id: int = Field(foreign_key="grid_work.id", index=True)
    kind: ConnectionKind = Field(sa_type=Word(ConnectionKind))
    is_illustrative: bool = False
    sources: tuple[str, ...] = Field(default=(), sa_type=Codes, nullable=True)
    note: str | None = Field(default=None, max_length=2000)
    created_in: int


class Clearance(SQLModel, table=True):
    """A land-clearance package: one track of one grid work or of one plant, in one place. Never a household's name."""

    __tablename__ = "clearance"
    __table_args__ = (
        Index("ix_clearance_work_id", "work_id"),
        Index("ix_clearance_project_id", "project_id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(max_length=60, unique=True)
    name: str = Field(max_length=200)
    track: Track = Field(sa_type=Word(Track))
    work_id: int | None = Field(default=None, foreign_key="grid_work.id")
    project_id: int | None = Field(default=None, foreign_key="project.id")
    district_code: str | None = Field(default=None, foreign_key="administrative_unit.code", max_length=60)
    # Of an administrative unit. A key added to a table that others refer to would have SQLite build it anew.
    commune_code: str | None = Field(default=None, max_length=60)
    # Not written any more: the place as text, from before communes were administrative units.
    commune: str | None = Field(default=None, max_length=120)
    is_illustrative: bool = False
    sources: tuple[str, ...] = Field(default=(), sa_type=Codes, nullable=True)
    note: str | None = Field(default=None, max_length=2000)
    created_in: int
    revision: int
