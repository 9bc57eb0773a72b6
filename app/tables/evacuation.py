"""What the grid can evacuate (giải tỏa công suất): groups that power passes through, the paths into them, and the limits
EVN states for them. Limits are entered as stated and never derived."""

from datetime import date

from sqlmodel import Field, Index, SQLModel

from app.domain.vocabulary import Confidence, Criterion, LimitCondition
from app.tables.base import Codes, Word


class EvacuationGroup(SQLModel, table=True):
    """A node or corridor whose limit caps the sum of what passes it. `work_id` is the grid work it stands for, if one."""

    __tablename__ = "evacuation_group"
    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(max_length=60, unique=True)
    name: str = Field(max_length=200)
    name_en: str | None = Field(default=None, max_length=200)
    owner_id: int | None = Field(default=None, foreign_key="organisation.id")
    work_id: int | None = Field(default=None, foreign_key="grid_work.id")
    is_illustrative: bool = False
    confidence: Confidence | None = Field(default=None, sa_type=Word(Confidence))
    sources: tuple[str, ...] = Field(default=(), sa_type=Codes, nullable=True)
    note: str | None = Field(default=None, max_length=2000)
    created_in: int
    revision: int


class EvacuationPath(SQLModel, table=True):
    """The power of a phase, or of another group, passes this group. `removed_in` is the revision that took it back."""

    __tablename__ = "evacuation_path"
    __table_args__ = (
        Index("ix_evacuation_path_group", "group_id"),
        Index("ix_evacuation_path_phase", "phase_id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    group_id: int = Field(foreign_key="evacuation_group.id")
    phase_id: int | None = Field(default=None, foreign_key="phase.id")
    from_group_id: int | None = Field(default=None, foreign_key="evacuation_group.id")
    is_illustrative: bool = False
    sources: tuple[str, ...] = Field(default=(), sa_type=Codes, nullable=True)
    note: str | None = Field(default=None, max_length=2000)
    created_in: int
    removed_in: int | None = None


class EvacuationLimit(SQLModel, table=True):
    """One stated limit of a group in kW. Rows are only ever added; `withdrawn_in` is the revision that took one back,
    `withdrawn_for` the reason."""

    __tablename__ = "evacuation_limit"
    __table_args__ = (Index("ix_evacuation_limit_group", "group_id", "valid_from"),)
    id: int | None = Field(default=None, primary_key=True)
    group_id: int = Field(foreign_key="evacuation_group.id")
    kw: int
    condition: LimitCondition = Field(sa_type=Word(LimitCondition))
    work_id: int | None = Field(default=None, foreign_key="grid_work.id")
    # None where the statement does not say for which case it holds; it then counts for both.
    criterion: Criterion | None = Field(default=None, sa_type=Word(Criterion))
    valid_from: date
    valid_until: date | None = None
    letter_number: str | None = Field(default=None, max_length=120)
    letter_on: date | None = None
    letter_issuer: str | None = Field(default=None, max_length=200)
    is_illustrative: bool = False
    sources: tuple[str, ...] = Field(default=(), sa_type=Codes, nullable=True)
    note: str | None = Field(default=None, max_length=2000)
    revision: int = Field(foreign_key="revision.number")
    withdrawn_in: int | None = None
    withdrawn_for: str | None = Field(default=None, max_length=2000)
    user_id: int | None = Field(default=None, foreign_key="app_user.id")
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id")
