"""Obstacles (vướng mắc): what holds a subject back, who must act by when, and how often that was put off."""

from datetime import date

from sqlmodel import Field, Index, SQLModel

from app.domain.vocabulary import DelayCause, ObstacleAct, SubjectKind
from app.tables.base import Word


class Obstacle(SQLModel, table=True):
    """What it costs in MW is computed from the network, never typed. `responsible` is a role of the templates (UBH,
    HDBT, SPC …); `responsible_name` says which one where the role is not enough."""

    __tablename__ = "obstacle"
    __table_args__ = (
        Index("ix_obstacle_subject", "subject", "subject_id"),
        Index("ix_obstacle_open", "closed_on", "due_on"),
        Index("ix_obstacle_milestone", "milestone_id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    kind: DelayCause = Field(sa_type=Word(DelayCause))
    title: str = Field(max_length=400)
    description: str | None = Field(default=None, max_length=2000)
    subject: SubjectKind = Field(sa_type=Word(SubjectKind))
    subject_id: int
    project_id: int | None = Field(default=None, foreign_key="project.id")
    milestone_id: int | None = Field(default=None, foreign_key="milestone.id")
    responsible: str = Field(max_length=20)
    responsible_name: str | None = Field(default=None, max_length=200)
    raised_on: date
    due_on: date | None = None
    closed_on: date | None = None
    outcome: str | None = Field(default=None, max_length=2000)
    postponements: int = 0
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id")
    is_illustrative: bool = False
    created_in: int
    revision: int


class ObstacleEntry(SQLModel, table=True):
    """One step in the life of an obstacle. Rows are only ever added."""

    __tablename__ = "obstacle_entry"
    __table_args__ = (Index("ix_obstacle_entry_obstacle", "obstacle_id", "id"),)
    id: int | None = Field(default=None, primary_key=True)
    obstacle_id: int = Field(foreign_key="obstacle.id")
    revision: int = Field(foreign_key="revision.number")
    act: ObstacleAct = Field(sa_type=Word(ObstacleAct))
    day: date | None = None
    previous_on: date | None = None
    responsible: str | None = Field(default=None, max_length=20)
    note: str | None = Field(default=None, max_length=2000)
    user_id: int | None = Field(default=None, foreign_key="app_user.id")
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id")
