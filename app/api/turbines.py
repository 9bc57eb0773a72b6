"""The turbines of a phase, by their number."""

from fastapi import APIRouter, Response

from app.api import shapes
from app.db import Session
from app.deps import Ask, Route, needs
from app.domain.access import May
from app.queries import ledger
from app.queries import projects as found
from app.schemas.projects import TurbineChange, TurbineCreate, TurbineList, TurbineNumber, TurbineSaved
from app.services import projects

router = APIRouter(prefix="/phases/{code}/turbines", tags=["turbines"], route_class=Route)


@router.get("", response_model=TurbineList, openapi_extra=needs(May.READ_DETAIL))
async def list_turbines(ask: Ask, code: str) -> Response:
    """The turbines of a phase, each with the live tranche it is in."""
    return await ask.read(lambda session: _turbines(session, ask, code))


@router.post("", response_model=TurbineSaved, status_code=201, openapi_extra=needs(May.CHANGE_PROJECT))
async def create_turbine(ask: Ask, code: str, change: TurbineCreate) -> Response:
    """Adds a turbine."""

    def work(session: Session) -> TurbineSaved:
        projects.create_turbine(session, ask.actor, code, change, ask.expected, ask.today)
        return _turbine(session, ask, code, change.number)

    return await ask.change(work, status=201, location=f"{ask.url.path}/{change.number}")


@router.put("/{number}", response_model=TurbineSaved, openapi_extra=needs(May.CHANGE_PROJECT))
async def put_turbine(ask: Ask, code: str, number: TurbineNumber, change: TurbineChange) -> Response:
    """Adds a turbine or replaces what is kept about it; sent twice it changes nothing the second time."""

    def work(session: Session) -> TurbineSaved:
        projects.put_turbine(session, ask.actor, code, number, change, ask.expected, ask.today)
        return _turbine(session, ask, code, number)

    return await ask.change(work)


@router.patch("/{number}", response_model=TurbineSaved, openapi_extra=needs(May.CHANGE_PROJECT))
async def change_turbine(ask: Ask, code: str, number: str, change: TurbineChange) -> Response:
    """Changes the fields that are sent."""

    def work(session: Session) -> TurbineSaved:
        projects.change_turbine(session, ask.actor, code, number, change, ask.expected, ask.today)
        return _turbine(session, ask, code, number)

    return await ask.change(work)


@router.delete("/{number}", status_code=204, openapi_extra=needs(May.CHANGE_PROJECT))
async def remove_turbine(ask: Ask, code: str, number: str) -> Response:
    """Removes a turbine that no ledger entry names."""
    return await ask.change(
        lambda session: projects.remove_turbine(session, ask.actor, code, number, ask.expected)
    )


def _turbines(session: Session, ask: Ask, code: str) -> TurbineList:
    phase, project = found.phase(session, ask.actor, code)
    lines = ledger.lines(session, project, phase)
    items = shapes.turbines(found.turbines_of(session, phase), lines)
    return TurbineList(items=items, revision=project.revision)


def _turbine(session: Session, ask: Ask, code: str, number: str) -> TurbineSaved:
    session.flush()
    all_of_them = _turbines(session, ask, code)
    made = next(t for t in all_of_them.items if t.number == number)
    return TurbineSaved(**dict(made), revision=all_of_them.revision)
