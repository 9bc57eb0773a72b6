"""Where the page of a thing is: subjects, and what hangs on them."""

from app.domain.vocabulary import SubjectKind
from app.schemas.milestones import SubjectPath


def subject(kind: SubjectKind, code: str) -> str:
    """The page of a project, phase, grid work or clearance package."""
    path = next(path for path in SubjectPath if path.kind == kind)
    return f"/{path.value}/{code}"


def milestone(kind: SubjectKind, code: str, name: str) -> str:
    """The page of a milestone, on which it is reported; `name` is what its subject calls it."""
    return f"{subject(kind, code)}/milestones/{name}"
