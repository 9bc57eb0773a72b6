"""Projects as an OC4IDS 0.9.5 package (Open Contracting for Infrastructure Data Standard), as values to be written as JSON.

Fields without a value are left out altogether, as the standard asks; so are empty lists.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from app.domain.quantity import mw
from app.domain.vocabulary import Stage

# As a package names it: major and minor. The schema it is checked against is that of 0.9.5.
VERSION = "0.9"
ENERGY, WIND = "energy", "energy.wind"
# The codelist projectStatus. "Maintenance" is what a project is in once its assets are in use.
STATUS: Mapping[Stage, str] = {
    Stage.PLANNED: "identification",
    Stage.PREPARING: "preparation",
    Stage.UNDER_CONSTRUCTION: "implementation",
    Stage.PARTLY_OPERATING: "implementation",
    Stage.OPERATING: "maintenance",
    Stage.WITHDRAWN: "cancelled",
}
# MAW is the megawatt of UN/CEFACT Recommendation 20.
MEGAWATT = {"name": "MW", "scheme": "UNCEFACT", "id": "MAW"}
COUNTRY = "Việt Nam"
SCHEME = "tracker"


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """kW on a day; `dimensions` say of what."""

    kw: int
    on: date
    dimensions: Mapping[str, str] = field(default_factory=dict)
    notes: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    id: str
    title: str
    observations: Sequence[Observation]


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """`status` is a code of milestoneStatus, `type` one of milestoneType."""

    id: str
    title: str
    type: str
    code: str
    status: str
    due_on: date | None = None
    met_on: date | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """`position` is longitude and latitude; None where no place is known. `description` says how exactly one is."""

    id: str
    description: str | None = None
    position: tuple[float, float] | None = None
    path: Sequence[tuple[float, float]] = ()
    locality: str | None = None
    region: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    id: str
    name: str
    roles: tuple[str, ...]
    is_authority: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    id: str
    title: str
    url: str | None = None
    published_on: date | None = None
    format: str | None = None
    author: str | None = None
    access: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """`kind` and `code` name it here; `planned_end_on` and `ended_on` are the planned and the actual end."""

    kind: str
    code: str
    title: str
    description: str | None
    sectors: tuple[str, ...]
    status: str | None = None
    planned_end_on: date | None = None
    ended_on: date | None = None
    locations: Sequence[Location] = ()
    parties: Sequence[Party] = ()
    milestones: Sequence[Milestone] = ()
    forecasts: Sequence[Metric] = ()
    metrics: Sequence[Metric] = ()
    documents: Sequence[Document] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What a package says of itself. `prefix` goes before every project's id: the one that is registered for its publisher,
    or one that says that none is."""

    uri: str
    published_at: datetime
    publisher: str
    publisher_uri: str | None
    licence: str | None
    prefix: str
    language: str
    following: str | None


def package(about: Publication, projects: Iterable[Project]) -> dict[str, Any]:
    """A project package."""
    return _filled(
        uri=about.uri,
        version=VERSION,
        publishedDate=about.published_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        publisher=_filled(name=about.publisher, uri=about.publisher_uri),
        license=about.licence,
        projects=[_project(about, project) for project in projects],
        links=_filled(next=about.following),
    )


def _project(about: Publication, project: Project) -> dict[str, Any]:
    authority = next((party for party in project.parties if party.is_authority), None)
    return _filled(
        id=f"{about.prefix}-{project.code}",
        language=about.language,
        identifiers=[{"scheme": f"{SCHEME}/{project.kind}", "id": project.code}],
        publicAuthority=None if authority is None else {"id": authority.id, "name": authority.name},
        title=project.title,
        description=project.description,
        status=project.status,
        type="construction",
        sector=list(project.sectors),
        period=_filled(endDate=_instant(project.planned_end_on)),
        locations=[_location(location) for location in project.locations],
        parties=[
            {"id": party.id, "name": party.name, "roles": list(party.roles)} for party in project.parties
        ],
        milestones=[_milestone(milestone) for milestone in project.milestones],
        forecasts=[_metric(metric) for metric in project.forecasts],
        metrics=[_metric(metric) for metric in project.metrics],
        completion=_filled(endDate=_instant(project.ended_on)),
        documents=[_document(document) for document in project.documents],
    )


def _location(location: Location) -> dict[str, Any]:
    geometry: dict[str, Any] | None = None
    if location.position is not None:
        geometry = {"type": "Point", "coordinates": list(location.position)}
    elif len(location.path) > 1:
        geometry = {"type": "LineString", "coordinates": [list(position) for position in location.path]}
    address = _filled(locality=location.locality, region=location.region)
    return _filled(
        id=location.id,
        description=location.description,
        geometry=geometry,
        address={**address, "countryName": COUNTRY},
    )


def _milestone(milestone: Milestone) -> dict[str, Any]:
    return _filled(
        id=milestone.id,
        title=milestone.title,
        type=milestone.type,
        code=milestone.code,
        description=milestone.description,
        dueDate=_instant(milestone.due_on),
        dateMet=_instant(milestone.met_on),
        status=milestone.status,
    )


def _metric(metric: Metric) -> dict[str, Any]:
    return {
        "id": metric.id,
        "title": metric.title,
        "observations": [
            _filled(
                id=str(number),
                period={"startDate": _instant(each.on), "endDate": _instant(each.on)},
                measure=mw(each.kw),
                unit=MEGAWATT,
                dimensions=dict(each.dimensions),
                notes=each.notes,
            )
            for number, each in enumerate(metric.observations, 1)
        ],
    }


def _document(document: Document) -> dict[str, Any]:
    return _filled(
        id=document.id,
        title=document.title,
        url=document.url,
        datePublished=_instant(document.published_on),
        format=document.format,
        author=document.author,
        accessDetails=document.access,
    )


def _instant(day: date | None) -> str | None:
    """A day as the standard wants it: its beginning in Viet Nam."""
    return None if day is None else f"{day.isoformat()}T00:00:00+07:00"


def _filled(**fields: Any) -> dict[str, Any]:
    """The fields that have a value; 0 is one."""
    return {name: value for name, value in fields.items() if value is not None and value not in ("", [], {})}
