"""Endpoints of webhooks: made, changed, switched off, given another secret, removed.

The secret and the address are never journaled: an address may well hold a token in its path. The journal says the host,
and of the address and the secret that they changed.
"""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain import webhooks as domain
from app.domain.access import Actor, May, require
from app.domain.errors import Conflict, Forbidden, Invalid
from app.domain.problems import Problem
from app.domain.vocabulary import Fact, SwitchedOff
from app.domain.webhook_problems import WebhookProblem
from app.domain.webhooks import Policy
from app.formats import webhooks as messages
from app.queries import people, webhooks
from app.schemas.webhooks import EndpointChange, EndpointCreate
from app.services import edits, journal
from app.tables.base import key
from app.tables.webhooks import WebhookAttempt, WebhookDelivery, WebhookEndpoint

SECRET_BYTES = 32
CHANGED = "changed"
STATED = ("events", "description", "is_active")


@dataclass(frozen=True, slots=True)
class Made:
    """An endpoint with its secret, which is shown this once."""

    line: webhooks.Line
    secret: str = field(repr=False)


def create(session: Session, actor: Actor, change: EndpointCreate, policy: Policy, now: datetime) -> Made:
    """Makes an endpoint of the actor's own organisation. Invalid at `url` or `events`, Conflict where there are too many."""
    require(actor, May.MANAGE_WEBHOOKS)
    if actor.organisation is None:
        raise Invalid(WebhookProblem.NO_ORGANISATION)
    organisation = people.organisation(session, actor.organisation)
    if webhooks.count(session, key(organisation.id)) >= domain.MOST_ENDPOINTS:
        raise Conflict(WebhookProblem.TOO_MANY_ENDPOINTS, most=domain.MOST_ENDPOINTS)
    _check(change.url, change.events, policy)
    revision, stated = journal.number(session, actor), journal.stated(session)
    row = WebhookEndpoint(
        # Never given again, not even after the endpoint is removed: receivers keep ids of messages that begin with it.
        code=f"wh-{revision}-{stated}",
        organisation_id=key(organisation.id),
        secret=messages.secret(secrets.token_bytes(SECRET_BYTES)),
        created_at=now,
        revision=revision,
        **change.model_dump(),
    )
    session.add(row)
    session.flush()
    line = webhooks.Line(row, organisation)
    stated_of_it = {"code": row.code, "host": _host(row.url), **{name: getattr(row, name) for name in STATED}}
    _record(session, actor, Fact.WEBHOOK_CREATED, line, after=stated_of_it)
    return Made(line, row.secret)


def change(
    session: Session,
    actor: Actor,
    code: str,
    change: EndpointChange,
    expected: int | None,
    policy: Policy,
    now: datetime,
) -> webhooks.Line:
    """Changes the fields that were sent. Switching on forgets what has failed so far; Stale where it has changed since.

    Where to and of what is for its own organisation alone, or its messages could be led elsewhere; others switch it off.
    """
    require(actor, May.MANAGE_WEBHOOKS)
    line = webhooks.one(session, actor, code)
    if change.model_fields_set & {"url", "events"}:
        line = _own(session, actor, code)
    row = line.row
    edits.check_version(expected, row.revision)
    values = edits.sent(change, required=("url", "is_active"))
    if "events" in values:
        values["events"] = values["events"] or ()
    _check(values.get("url", row.url), values.get("events", row.events), policy)
    before, after = edits.apply(row, values)
    if not after:
        return line
    if "url" in after:
        before, after = _unsaid(before), _unsaid(after)
    if "is_active" in after:
        _switch(session, actor, row, None if row.is_active else SwitchedOff.BY_HAND, now)
    row.revision = _record(session, actor, Fact.WEBHOOK_CHANGED, line, before=before, after=after)
    return line


def renew_secret(session: Session, actor: Actor, code: str, policy: Policy, now: datetime) -> Made:
    """Gives an endpoint of one's own organisation a new secret. The one before signs as well for the overlap; one before
    that is void at once."""
    line = _own(session, actor, code)
    row = line.row
    row.previous_secret, row.previous_until = row.secret, now + policy.overlap
    row.secret = messages.secret(secrets.token_bytes(SECRET_BYTES))
    after = {"secret": CHANGED, "previous_until": row.previous_until}
    row.revision = _record(session, actor, Fact.WEBHOOK_SECRET_RENEWED, line, after=after)
    return Made(line, row.secret)


def switch_off(session: Session, actor: Actor, line: webhooks.Line, why: SwitchedOff, now: datetime) -> None:
    """Switches an endpoint off that cannot be delivered to; a fact gives notice. What waits for it waits on."""
    row = line.row
    row.is_active = False
    _switch(session, actor, row, why, now)
    before, after = {"is_active": True}, {"is_active": False, "switched_off": why}
    row.revision = _record(session, actor, Fact.WEBHOOK_SWITCHED_OFF, line, before=before, after=after)


def remove(session: Session, actor: Actor, code: str, expected: int | None) -> None:
    """Removes an endpoint with all that waits for it and its log."""
    require(actor, May.MANAGE_WEBHOOKS)
    line = webhooks.one(session, actor, code)
    edits.check_version(expected, line.row.revision)
    own = select(col(WebhookDelivery.id)).where(col(WebhookDelivery.endpoint_id) == line.row.id)
    session.execute(delete(WebhookAttempt).where(col(WebhookAttempt.delivery_id).in_(own)))
    session.execute(delete(WebhookDelivery).where(col(WebhookDelivery.endpoint_id) == line.row.id))
    journal.record(session, actor, Fact.WEBHOOK_REMOVED, domain.SUBJECT, code, before={"organisation": line.organisation.code})  # fmt: skip
    session.delete(line.row)


def _own(session: Session, actor: Actor, code: str) -> webhooks.Line:
    """An endpoint of the actor's own organisation: nobody else is told its secret."""
    require(actor, May.MANAGE_WEBHOOKS)
    line = webhooks.one(session, actor, code)
    if line.row.organisation_id != actor.organisation_id:
        raise Forbidden(Problem.NOT_ALLOWED, act=May.MANAGE_WEBHOOKS.value)
    return line


def _switch(
    session: Session, actor: Actor, row: WebhookEndpoint, why: SwitchedOff | None, now: datetime
) -> None:
    """Writes down why it is off and since when, or forgets it."""
    row.switched_off = why
    row.switched_off_at = None if why is None else now
    row.switched_off_in = None if why is None else journal.number(session, actor)
    row.failures, row.absences, row.failing_since, row.rests_until = 0, 0, None, None


def _check(url: str, events: tuple[str, ...], policy: Policy) -> None:
    if (problem := domain.refused(url, policy)) is not None:
        raise Invalid(problem, field="url")
    if unknown := domain.unknown_events(events):
        raise Invalid(WebhookProblem.UNKNOWN_EVENT, field="events", events=unknown)


def _host(url: str) -> str | None:
    return urlsplit(url).hostname


def _unsaid(values: dict[str, object]) -> dict[str, object]:
    """What the journal may say of an address: its host, and that it changed."""
    return {**values, "host": _host(str(values["url"])), "url": CHANGED}


def _record(
    session: Session, actor: Actor, kind: Fact, line: webhooks.Line, *, after: dict[str, Any], before: dict[str, Any] | None = None
) -> int:  # fmt: skip
    """States a fact about an endpoint. Whose it is stands in each: by it readers are told, or not."""
    stated = {name: value for name, value in after.items() if before is not None or value not in (None, ())}
    said = {"organisation": line.organisation.code, **stated}
    return journal.record(session, actor, kind, domain.SUBJECT, line.row.code, before=before, after=said)
