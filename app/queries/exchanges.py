"""The exchange with EVN SPC: its runs and passes, how far each stream was read, what waits in quarantine, and the user as
whom all of it is applied."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain.access import Actor, Role
from app.domain.errors import NotFound, RuleBroken
from app.domain.exchange_problems import ExchangeProblem
from app.domain.problems import Problem
from app.domain.vocabulary import QuarantineState, RunState, Stream
from app.tables.base import key
from app.tables.exchanges import (
    ExchangeCursor,
    ExchangeLease,
    ExchangePass,
    ExchangeRecord,
    ExchangeReport,
    ExchangeRun,
    QuarantinedRecord,
)
from app.tables.organisations import Organisation, User

LEASE = "evn-spc"


@dataclass(frozen=True, slots=True)
class RunLine:
    """A run with its passes in the order of the streams, and how many differences its report names (None: no report)."""

    run: ExchangeRun
    passes: list[ExchangePass]
    differences: int | None


def connector(session: Session, login: str) -> Actor:
    """The user as whom pulled records are applied. RuleBroken unless there is an active one of the role EVN SPC."""
    statement = (
        select(User, Organisation)
        .join(Organisation, col(Organisation.id) == col(User.organisation_id))
        .where(col(User.login) == login, col(User.is_active), col(User.role) == Role.EVN_SPC)
    )
    found = session.execute(statement).first()
    if found is None:
        raise RuleBroken(ExchangeProblem.NO_USER, login=login)
    user, organisation = found
    return Actor(user.role, organisation.id, organisation.code, user.id, user.login)


def cursor(session: Session, stream: Stream) -> ExchangeCursor | None:
    """How far a stream was read; None before its first whole pass."""
    return session.get(ExchangeCursor, stream)


def cursors(session: Session) -> list[ExchangeCursor]:
    """How far every stream was read, in the order of the streams."""
    found = {row.stream: row for row in session.execute(select(ExchangeCursor)).scalars()}
    return [found[stream] for stream in Stream if stream in found]


def applied(session: Session, stream: Stream, ids: Iterable[str] | None = None) -> dict[str, ExchangeRecord]:
    """The versions that were applied last, by id: of these records, or of every one of the stream."""
    statement = select(ExchangeRecord).where(col(ExchangeRecord.stream) == stream)
    if ids is not None:
        statement = statement.where(col(ExchangeRecord.record_id).in_(list(ids)))
    return {row.record_id: row for row in session.execute(statement).scalars()}


def last_kept(session: Session, stream: Stream, ids: Iterable[str]) -> dict[str, QuarantinedRecord]:
    """What of these records waits or was laid aside, by id; the newest of each."""
    statement = (
        select(QuarantinedRecord)
        .where(
            col(QuarantinedRecord.stream) == stream,
            col(QuarantinedRecord.record_id).in_(list(ids)),
            col(QuarantinedRecord.state).in_((QuarantineState.WAITING, QuarantineState.DISMISSED)),
        )
        .order_by(col(QuarantinedRecord.id))
    )
    return {row.record_id: row for row in session.execute(statement).scalars()}


def waiting(session: Session, stream: Stream | None = None) -> list[QuarantinedRecord]:
    """Every record that waits, those that have waited longest first."""
    statement = (
        select(QuarantinedRecord)
        .where(col(QuarantinedRecord.state) == QuarantineState.WAITING)
        .order_by(col(QuarantinedRecord.id))
    )
    if stream is not None:
        statement = statement.where(col(QuarantinedRecord.stream) == stream)
    return list(session.execute(statement).scalars())


def waiting_count(session: Session) -> int:
    """How many records wait."""
    statement = select(func.count()).where(col(QuarantinedRecord.state) == QuarantineState.WAITING)
    return int(session.execute(statement).scalar_one())


def quarantined(
    session: Session,
    *,
    state: QuarantineState | None,
    stream: Stream | None = None,
    before: int | None,
    limit: int,
) -> list[QuarantinedRecord]:
    """Up to `limit` + 1 quarantined records, newest first, before the id `before`."""
    statement = select(QuarantinedRecord).order_by(col(QuarantinedRecord.id).desc()).limit(limit + 1)
    if state is not None:
        statement = statement.where(col(QuarantinedRecord.state) == state)
    if stream is not None:
        statement = statement.where(col(QuarantinedRecord.stream) == stream)
    if before is not None:
        statement = statement.where(col(QuarantinedRecord.id) < before)
    return list(session.execute(statement).scalars())


def quarantined_one(session: Session, record_id: int) -> QuarantinedRecord:
    """One of them. NotFound where there is none."""
    found = session.get(QuarantinedRecord, record_id)
    if found is None:
        raise NotFound(Problem.NOT_FOUND, subject="quarantined_record", id=record_id)
    return found


def runs(session: Session, *, before: int | None = None, limit: int) -> list[RunLine]:
    """Up to `limit` + 1 runs, newest first, before the id `before`."""
    statement = (
        select(ExchangeRun, col(ExchangeReport.differences))
        .outerjoin(ExchangeReport, col(ExchangeReport.id) == col(ExchangeRun.report_id))
        .order_by(col(ExchangeRun.id).desc())
        .limit(limit + 1)
    )
    if before is not None:
        statement = statement.where(col(ExchangeRun.id) < before)
    found = session.execute(statement).all()
    passes: dict[int, list[ExchangePass]] = {}
    asked = select(ExchangePass).where(col(ExchangePass.run_id).in_([run.id for run, _ in found]))
    for row in session.execute(asked).scalars() if found else ():
        passes.setdefault(row.run_id, []).append(row)
    order = list(Stream)
    return [
        RunLine(
            run, sorted(passes.get(key(run.id), []), key=lambda row: order.index(row.stream)), differences
        )
        for run, differences in found
    ]


def last_run(session: Session) -> RunLine | None:
    """The newest run; None before the first."""
    return next(iter(runs(session, limit=0)), None)


def run(session: Session, run_id: int) -> ExchangeRun:
    """One run. NotFound where there is none."""
    found = session.get(ExchangeRun, run_id)
    if found is None:
        raise NotFound(Problem.NOT_FOUND, subject="exchange_run", id=run_id)
    return found


def report(session: Session, run_id: int | None = None) -> ExchangeReport | None:
    """What a run, or the newest that has one, found ours and theirs to be."""
    if run_id is not None:
        report_id = run(session, run_id).report_id
        return None if report_id is None else session.get(ExchangeReport, report_id)
    newest = (
        select(ExchangeReport)
        .join(ExchangeRun, col(ExchangeRun.report_id) == col(ExchangeReport.id))
        .order_by(col(ExchangeRun.id).desc())
        .limit(1)
    )
    return session.execute(newest).scalar_one_or_none()


def last_started_at(session: Session) -> datetime | None:
    """When the last run began, whoever had it made."""
    statement = select(col(ExchangeRun.started_at)).order_by(col(ExchangeRun.id).desc()).limit(1)
    return session.execute(statement).scalar_one_or_none()


def holder(session: Session, now: datetime) -> str | None:
    """Which process pulls now; None where none does."""
    found = session.get(ExchangeLease, LEASE)
    return found.holder if found is not None and found.until > now else None


def last_done_at(session: Session) -> datetime | None:
    """When EVN SPC's figures were last brought in whole."""
    statement = select(func.max(col(ExchangeRun.finished_at))).where(col(ExchangeRun.state) == RunState.DONE)
    return session.execute(statement).scalar_one_or_none()


def pulled(session: Session, login: str) -> tuple[str, datetime] | None:
    """The organisation as whose user all of it is applied, by its code, and when its figures were last brought in whole;
    None where they never were."""
    at = last_done_at(session)
    if at is None:
        return None
    asked = select(col(Organisation.code)).join(User, col(User.organisation_id) == col(Organisation.id))
    code = session.execute(asked.where(col(User.login) == login)).scalar_one_or_none()
    return None if code is None else (code, at)


def logins(session: Session, user_ids: Collection[int | None]) -> dict[int, str]:
    """Whose decisions they were, by the ids of the users."""
    wanted = {user_id for user_id in user_ids if user_id is not None}
    if not wanted:
        return {}
    asked = select(col(User.id), col(User.login)).where(col(User.id).in_(wanted))
    return {key(user_id): login for user_id, login in session.execute(asked)}
