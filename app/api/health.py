"""Whether the process lives, and whether it can serve: the database answers and stands at the newest migration."""

from fastapi import APIRouter, Request, Response

from app.deps import Tracker
from app.deps.problems import answer
from app.domain.errors import TrackerError
from app.domain.problems import Problem

router = APIRouter(tags=["health"])


@router.get("/livez")
async def read_liveness() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/readyz")
async def read_readiness(request: Request) -> Response:
    """The database is reachable and at the head migration; 503 with a problem otherwise."""
    tracker: Tracker = request.app.state.tracker
    try:
        found, wanted = await tracker.db.migration()
    except TrackerError:
        return answer(request, 503, Problem.NOT_READY, details={"database": "unreachable"})
    if found != wanted:
        return answer(request, 503, Problem.NOT_READY, details={"migration": found, "wanted": wanted})
    return Response('{"status":"ready"}', media_type="application/json")
