"""One record of the exchange applied by itself: it stands, or it leaves no trace but the reason."""

from collections.abc import Callable

from pydantic import ValidationError
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session

from app.db import attempt
from app.domain.errors import RuleBroken, TrackerError
from app.domain.exchange_problems import ExchangeProblem


def tried(session: Session, work: Callable[[], object]) -> TrackerError | None:
    """Does `work` in a savepoint. Returns why it was refused, and then nothing of it stays; None: it stands.

    What a schema or the database itself refuses was not foreseen for this record, and is no reason to stop the others.
    """
    try:
        with attempt(session):
            work()
    except TrackerError as error:
        return error
    except (ValidationError, DataError, IntegrityError) as error:
        return RuleBroken(ExchangeProblem.UNFORESEEN, kind=type(error).__name__)
    return None
