"""What the rules say of a claim on COD: of its phase, and of the whole project where some of its MW are not split."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.domain import recognition
from app.domain.recognition import Claim
from app.domain.rules import Finding, Level
from app.queries import ledger
from app.queries.projects import Subject


def found_by_rules(
    session: Session,
    project: Subject,
    phase: Subject | None,
    found: Sequence[ledger.Line],
    claim: Claim,
    *,
    without: str | None = None,
) -> list[Finding]:
    """The findings on a claim, which is compared with everything but the tranche `without`: its own. `found` is the
    ledger of the phase, or of the project alone."""
    findings = recognition.findings(claim, ledger.ground(session, project, phase, found, without=without))
    if phase is not None and ledger.has_unsplit(session, project):
        whole = ledger.ground(session, project, None, ledger.bare(session, project), without=without)
        findings += [f for f in recognition.sums(claim, whole) if f.level != Level.WARNING]
    return findings
