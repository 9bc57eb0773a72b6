"""Delivering webhooks: what is due is claimed, sent side by side, and noted, a round at a time.

A round is one transaction: it notes what the sends before have come to and claims what there is room for. Whatever is
kept here may be lost: what is claimed comes back when its lease is over, and is then sent again under the same id. A
change elsewhere is found within `POLL_S`, by one cheap read.
"""

import asyncio
import contextlib
import random
import secrets
import time
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import structlog

from app.db import Session, Stamp
from app.deps import Tracker
from app.domain import webhooks as domain
from app.domain.errors import TrackerError
from app.domain.vocabulary import AttemptFailure
from app.domain.webhooks import Attempt, Patience
from app.formats import webhooks as messages
from app.outside import http
from app.queries import outgoing
from app.queries.outgoing import Outgoing
from app.services import deliveries
from app.services.deliveries import Noted, Room
from app.settings import Settings
from app.tables.webhooks import LONGEST_ANSWER

POLL_S = 0.5
# What has been sent waits at most this long for others, so that one transaction notes many.
GATHER_S = 0.05
# How long after a send must have ended its claim is believed: longer than any round takes.
LEASE_SPARE = timedelta(seconds=30)
# How long what is under way may take to end when the worker is told to stop.
GRACE_S = 5.0
FAILURES: dict[type[http.Failed], AttemptFailure] = {
    http.AddressRefused: AttemptFailure.REFUSED_ADDRESS,
    http.HostUnknown: AttemptFailure.UNKNOWN_HOST,
    http.ConnectionFailed: AttemptFailure.NO_CONNECTION,
    http.NotSecure: AttemptFailure.NOT_SECURE,
    http.TooSlow: AttemptFailure.TOO_SLOW,
    http.BrokenOff: AttemptFailure.BROKEN_OFF,
}
log = structlog.get_logger("webhooks")


async def deliver(tracker: Tracker, stop: asyncio.Event) -> None:
    """Delivers until `stop` is set. A round that fails is logged and tried again; what it was to note is kept."""
    async with client(tracker.settings) as outside:
        courier = Courier(tracker, outside)
        while not stop.is_set():
            try:
                await courier.round()
                pause = courier.rest(stop)
            except TrackerError as error:
                log.warning("round_failed", problem=error.problem)
                pause = _waited(stop, POLL_S)
            except Exception as error:
                log.error("round_failed", exc_info=error)
                pause = _waited(stop, POLL_S)
            await pause
        await courier.end()


def client(settings: Settings) -> http.Outside:
    """The client that deliveries go out through."""
    limits = http.Limits(
        connect_s=min(5.0, settings.webhook_seconds),
        read_s=settings.webhook_seconds,
        total_s=settings.webhook_seconds,
        answer_bytes=4 * LONGEST_ANSWER,
    )
    return http.Outside(limits, allows_private=settings.allow_private_addresses)


class Courier:
    """One worker's sends that are under way, and what they have come to until it is noted."""

    def __init__(self, tracker: Tracker, outside: http.Outside, *, grace_s: float = GRACE_S) -> None:
        self._tracker, self._outside, self._grace_s = tracker, outside, grace_s
        self._under_way: dict[asyncio.Task[Noted], Outgoing] = {}
        self._noted: list[Noted] = []
        settings = tracker.settings
        self._most = settings.webhooks_in_flight
        self._lease_for = timedelta(seconds=settings.webhook_seconds) + LEASE_SPARE
        self._patience = Patience(
            gives_up_after=timedelta(hours=settings.webhook_give_up_hours),
            off_after=timedelta(hours=settings.webhook_off_hours),
        )

    async def round(self) -> int:
        """Notes what has come back and sends what is due, where there is any of either. Returns how many it sent."""
        self._collect()
        now = self._tracker.clock.now()
        room = self._room()
        has_room = room.in_all > 0 and await self._is_due(room, now)
        if not self._noted and not has_room:
            return 0
        ids = await self._change(room, now)
        if not ids:
            return 0
        sent = await self._tracker.db.read(lambda session: outgoing.claimed(session, ids, now), long=True)
        for each in sent:
            self._under_way[asyncio.create_task(self._send(each))] = each
        return len(sent)

    @property
    def is_busy(self) -> bool:
        """Whether something is under way, or has come back and is not noted yet."""
        return bool(self._under_way or self._noted)

    async def rest(self, stop: asyncio.Event) -> None:
        """Waits until there is something to note, or it is time to look again."""
        if not self._under_way:
            await _waited(stop, POLL_S)
            return
        ended = asyncio.create_task(stop.wait())
        await asyncio.wait({*self._under_way, ended}, timeout=POLL_S, return_when=asyncio.FIRST_COMPLETED)
        ended.cancel()
        if len(self._under_way) > 1 and not stop.is_set():
            await asyncio.wait(self._under_way, timeout=GATHER_S)

    async def end(self) -> None:
        """Lets what is under way end, for a while, notes it, and gives the rest back."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=self._grace_s)
        self._collect()
        for task in self._under_way:
            task.cancel()
        left = list(self._under_way.values())
        self._under_way.clear()
        if not left and not self._noted:
            return
        now = self._tracker.clock.now()
        noted, patience = self._noted, self._patience

        def work(session: Session) -> None:
            deliveries.note(session, noted, now, patience, random.random)
            for lease in {each.lease for each in left}:
                ids = [each.delivery_id for each in left if each.lease == lease]
                deliveries.give_back(session, ids, lease, now)

        with contextlib.suppress(TrackerError):  # Then the leases run out.
            await self._tracker.db.change(work, Stamp(now, "worker"))

    async def _change(self, room: Room, now: datetime) -> list[int]:
        """Notes and claims in one transaction. What is noted is forgotten here once it is committed."""
        noted, patience = list(self._noted), self._patience
        lease, until = secrets.token_hex(12), now + self._lease_for

        def work(session: Session) -> list[int]:
            if noted:
                deliveries.note(session, noted, now, patience, random.random)
            return deliveries.claim(session, room, lease, now, until)

        ids = await self._tracker.db.change(work, Stamp(now, "worker"))
        del self._noted[: len(noted)]
        return ids

    async def _send(self, each: Outgoing) -> Noted:
        """Sends one delivery, once; whatever comes of it is an attempt."""
        if each.revision is not None and each.change is None:
            return Noted(each.delivery_id, each.lease, None)
        started = time.perf_counter()
        at = self._tracker.clock.now()
        answer: http.Answer | None = None
        failure: AttemptFailure | None = None
        try:
            body = messages.body(each.kind, each.at, told(each))
            headers = messages.headers(each.message, self._tracker.clock.real(), body, each.secrets)
            answer = await self._outside.ask("POST", each.url, headers=headers, content=body)
        except http.Failed as error:
            failure = FAILURES[type(error)]
        except Exception as error:
            # What stands around it holds secrets, so the log names the kind of error alone.
            log.error("send_failed", error=type(error).__name__, delivery=each.message)
            failure = AttemptFailure.BROKEN_OFF
        took_ms = int((time.perf_counter() - started) * 1000)
        attempt = Attempt(at, took_ms, failure=failure) if answer is None else heard(answer, at, took_ms)
        return Noted(each.delivery_id, each.lease, attempt)

    def _collect(self) -> None:
        for task in [task for task in self._under_way if task.done()]:
            del self._under_way[task]
            self._noted.append(task.result())

    def _room(self) -> Room:
        held = Counter(each.endpoint_id for each in self._under_way.values())
        return Room(self._most - len(self._under_way), max(1, self._most // 2), held)

    async def _is_due(self, room: Room, now: datetime) -> bool:
        due = await self._tracker.db.read(lambda session: outgoing.due(session, now))
        return any(room.of(endpoint.id, endpoint.absences) > 0 for endpoint in due)


def heard(answer: http.Answer, at: datetime, took_ms: int) -> Attempt:
    """An answer as an attempt: only 2xx takes a message."""
    failure = None
    if not 200 <= answer.status < 300:
        failure = AttemptFailure.REDIRECT if 300 <= answer.status < 400 else AttemptFailure.STATUS
    said = "".join(c for c in answer.body.decode("utf-8", "replace") if c.isprintable() or c == "\n")
    waits_s = domain.retry_after_s(answer.headers.get("retry-after"), at)
    return Attempt(at, took_ms, answer.status, failure, said[:LONGEST_ANSWER] or None, waits_s)


def told(each: Outgoing) -> dict[str, Any]:
    """What a message says beside its kind and time: the change, as the change feed gives it to the organisation."""
    change = each.change
    if change is None:
        return {"webhook": each.endpoint}
    fact = change.fact
    return {
        "revision": each.revision,
        "position": each.position,
        "recorded_at": messages.instant(each.at),
        "kind": fact.kind,
        "subject": fact.subject,
        "code": fact.code,
        "project": change.project,
        "effect": fact.effect,
        "before": fact.before,
        "after": fact.after,
        "said": fact.said,
        "actor": each.actor,
    }


async def _waited(stop: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
