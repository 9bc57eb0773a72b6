"""An OC4IDS project package on the wire."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from app.schemas.base import Asked, Day, KnownAt


class PackageQuery(Asked):
    as_of: Day | None = Field(None, description="Effective on or before this day; default today")
    known_at: KnownAt | None = Field(None, description="Recorded at or before this instant; default now")
    limit: int | None = Field(None, ge=1, description="Most projects in one package")
    cursor: str | None = Field(
        None, max_length=400, description="Where the next package starts, from `links.next`"
    )


class ProjectPackage(BaseModel):
    """A project package of OC4IDS 0.9.5; what each project holds is in that standard."""

    model_config = ConfigDict(extra="allow", serialize_by_alias=True)

    uri: str
    version: str
    published_date: str = Field(alias="publishedDate")
    publisher: dict[str, Any]
    projects: list[dict[str, Any]]
