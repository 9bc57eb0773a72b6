"""Deliveries as a receiver finds them: once each by their ids, in order per subject, signed, and only what may be seen."""

import asyncio
import itertools
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from app.db import Stamp
from app.domain.vocabulary import AttemptFailure, DeliveryState, Fact, SwitchedOff
from app.queries import webhooks as found
from app.schemas.projects import PhaseChange, ProjectChange
from app.schemas.webhooks import EndpointChange, Replay
from app.services import deliveries, projects, redeliveries, webhooks
from app.services.deliveries import Room
from app.tables.journal import Fact as FactRow
from app.tables.webhooks import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from app.worker import webhooks as working
from tests import factories
from tests.factories import World
from tests.receivers import HANG_UP, OK, Answer, Message, Receiver, receiver
from tests.worker.couriers import ANYWHERE, Worker, endpoint, worker


@pytest.fixture
def there() -> Iterator[Receiver]:
    with receiver() as made:
        yield made


@pytest.fixture
def courier(world: World, url: str) -> Iterator[Worker]:
    with worker(url, webhook_seconds=1) as made:
        yield made


def after(held: threading.Event, answer: Answer) -> Answer:
    """An answer that comes when the test lets it."""
    held.wait(30)
    return answer


# No two changes state the same.
_COUNTS = itertools.count(100)


def changes(world: World, count: int, phase: str = "alpha-1") -> None:
    """So many revisions that each change the phase."""
    for _ in range(count):
        with world.database.changing(factories.stamp()) as session:
            row = PhaseChange(turbine_count=next(_COUNTS))
            projects.change_phase(session, world.department, phase, row, None)


def phases(world: World, count: int) -> list[str]:
    codes = [f"alpha-{number}" for number in range(2, count + 2)]
    with world.database.changing(factories.stamp()) as session:
        for code in codes:
            factories.phase(session, code)
    return codes


def stated(world: World) -> list[str]:
    """Every fact by the end of its message's id, from the endpoint's own on."""
    with world.database.reading() as session:
        rows = session.execute(
            select(FactRow).order_by(col(FactRow.revision), col(FactRow.position))
        ).scalars()
        places = [(row.revision, row.position, row.kind) for row in rows]
    first = next(i for i, (_, _, kind) in enumerate(places) if kind == Fact.WEBHOOK_CREATED)
    return [f"{revision}_{position}" for revision, position, _ in places[first:]]


def taken(there: Receiver) -> list[str]:
    return [id.split("_", 2)[2] for id in there.applied]


def in_order(there: Receiver) -> bool:
    subjects = {each.said["data"]["code"] for each in there.applied.values()}
    return all(there.places(code) == sorted(there.places(code)) for code in subjects)


def states(world: World) -> list[str]:
    with world.database.reading() as session:
        return list(
            session.execute(select(col(WebhookDelivery.state)).order_by(col(WebhookDelivery.id))).scalars()
        )


def attempts(world: World) -> list[WebhookAttempt]:
    with world.database.reading() as session:
        rows = list(session.execute(select(WebhookAttempt).order_by(col(WebhookAttempt.id))).scalars())
        session.expunge_all()
        return rows


def of(world: World, code: str) -> WebhookEndpoint:
    with world.database.reading() as session:
        row = session.execute(select(WebhookEndpoint).where(col(WebhookEndpoint.code) == code)).scalar_one()
        session.expunge_all()
        return row


def test_every_fact_comes_once_signed_and_in_order(world: World, courier: Worker, there: Receiver) -> None:
    _, secret = endpoint(world, there.url)
    phases(world, 5)
    changes(world, 5)
    courier.settle()
    assert sorted(taken(there)) == sorted(stated(world))
    assert len(there.came) == len(there.applied)
    assert in_order(there)
    assert all(each.is_signed_with(secret) for each in there.came)
    first = next(each for each in there.came if each.said["type"] == "phase.changed")
    assert first.said["timestamp"] == "2023-02-07T03:00:00Z"
    assert first.said["data"]["after"].keys() == {"turbine_count"}
    courier.settle()
    assert len(there.came) == len(stated(world))
    assert set(states(world)) == {DeliveryState.DELIVERED}


def test_a_receiver_that_was_down_for_an_hour_gets_the_same_final_set_in_order(
    world: World, courier: Worker, there: Receiver
) -> None:
    endpoint(world, there.url)
    down = 503
    there.answer = lambda _: down
    for _ in range(6):
        changes(world, 2)
        phases_before = len(there.came)
        courier.pass_hours(1, step_minutes=60)
        assert there.applied == {}
        assert len(there.came) - phases_before <= 6, (
            "whoever takes nothing is asked with one message at a time"
        )
    there.answer = lambda _: OK
    courier.pass_hours(2)
    assert sorted(taken(there)) == sorted(stated(world))
    assert in_order(there)


def test_a_receiver_that_nobody_can_reach_gets_everything_when_it_is_back(
    world: World, courier: Worker
) -> None:
    with receiver() as first:
        port = int(first.url.split(":")[2].split("/")[0])
    endpoint(world, f"http://127.0.0.1:{port}/hook")
    codes = phases(world, 8)
    courier.pass_hours(1)
    tried = attempts(world)
    assert {each.failure for each in tried} == {AttemptFailure.NO_CONNECTION}
    with receiver(port) as back:
        changes(world, 3)
        courier.pass_hours(2)
        assert sorted(taken(back)) == sorted(stated(world))
        assert in_order(back)
        assert len(back.applied) == 1 + len(codes) + 3


@pytest.mark.parametrize("failing", [500, 429, 408, 503, HANG_UP])
def test_one_that_fails_now_and_then_ends_with_the_same_set_applied_once(
    world: World, courier: Worker, there: Receiver, failing: int
) -> None:
    """Every other message fails, each of them the first two times; HANG_UP: it was taken, and the answer was lost."""
    endpoint(world, there.url)
    phases(world, 4)
    changes(world, 6)
    seen: dict[str, int] = {}

    def answer(message: Message) -> Answer:
        seen[message.id] = seen.get(message.id, 0) + 1
        is_odd = int(message.id.split("_")[2]) % 2
        return failing if is_odd and seen[message.id] <= 2 else OK

    there.answer = answer
    courier.pass_hours(3)
    assert sorted(taken(there)) == sorted(stated(world))
    assert in_order(there)
    assert max(seen.values()) == 3
    assert set(states(world)) == {DeliveryState.DELIVERED}


def test_one_that_answers_too_late_is_asked_again_under_the_same_id(
    world: World, url: str, there: Receiver
) -> None:
    held = threading.Event()
    endpoint(world, there.url)
    changes(world, 1)
    there.answer = lambda _: after(held, OK)
    with worker(url, webhook_seconds=0.3) as courier:
        courier.settle()
        assert {each.failure for each in attempts(world)} == {AttemptFailure.TOO_SLOW}
        held.set()
        courier.pass_hours(1)
    assert sorted(taken(there)) == sorted(stated(world))
    assert len(there.came) > len(there.applied), "what came too late came again"


def test_a_subject_waits_for_its_first_message_and_others_flow_on(
    world: World, courier: Worker, there: Receiver
) -> None:
    endpoint(world, there.url, events=("phase.*",))
    there.answer = lambda each: 500 if each.said["data"]["code"] == "alpha-1" else OK
    changes(world, 3)
    others = phases(world, 3)
    courier.settle()
    assert sorted(code for _, code in there.told) == others
    assert [each.said["data"]["code"] for each in there.came].count("alpha-1") == 1
    courier.pass_hours(1)
    assert len({each.id for each in there.came if each.said["data"]["code"] == "alpha-1"}) == 1
    there.answer = lambda _: OK
    courier.pass_hours(2)
    assert len(there.places("alpha-1")) == 3
    assert in_order(there)


def test_what_is_never_taken_is_given_up_and_the_next_of_its_subject_follows(
    world: World, courier: Worker, there: Receiver
) -> None:
    code, _ = endpoint(world, there.url, events=("phase.*",))
    changes(world, 3)
    refused: list[str] = []

    def answer(message: Message) -> Answer:
        if not refused or message.id in refused:
            refused[:] = [message.id]
            return (422, {}, "không hiểu\0 ".encode() + b"x" * 2000)
        return OK

    there.answer = answer
    courier.settle()
    assert states(world) == [DeliveryState.DEAD, DeliveryState.DELIVERED, DeliveryState.DELIVERED]
    tried = attempts(world)[0]
    assert (tried.status, tried.failure) == (422, AttemptFailure.STATUS)
    assert tried.answer == "không hiểu " + "x" * 489
    there.answer = lambda _: OK
    with world.database.changing(factories.stamp()) as session:
        queued = redeliveries.replay(session, world.department, code, Replay(dead=True), courier.clock.at)
    assert queued == 1
    courier.settle()
    assert set(states(world)) == {DeliveryState.DELIVERED}
    assert sorted(there.places("alpha-1")) == sorted(there.places("alpha-1"))
    assert len(there.applied) == 3


def test_what_fails_for_too_long_is_given_up(world: World, courier: Worker, there: Receiver) -> None:
    endpoint(world, there.url, events=("phase.*",))
    there.answer = lambda each: 500 if each.said["data"]["code"] == "alpha-1" else OK
    changes(world, 1)
    for hour in range(50):
        phases_before = len(there.applied)
        with world.database.changing(factories.stamp()) as session:
            factories.phase(session, f"hour-{hour}")
        courier.pass_hours(1, step_minutes=30)
        assert len(there.applied) == phases_before + 1
    assert states(world)[0] == DeliveryState.DEAD


def test_a_redirect_is_a_failure_that_says_so_and_is_not_followed(
    world: World, courier: Worker, there: Receiver
) -> None:
    endpoint(world, there.url, events=("phase.*",))
    with receiver() as inside:
        there.answer = lambda _: (307, {"Location": inside.url}, b"")
        changes(world, 1)
        courier.settle()
        assert inside.came == []
    (tried,) = attempts(world)
    assert (tried.status, tried.failure) == (307, AttemptFailure.REDIRECT)
    assert states(world) == [DeliveryState.DEAD]


def test_an_address_inside_is_refused_where_no_setting_allows_it(
    world: World, url: str, there: Receiver
) -> None:
    endpoint(world, there.url.replace("127.0.0.1", "localhost"), events=("phase.*",))
    changes(world, 1)
    with worker(url, allow_private_addresses=False) as courier:
        courier.settle()
        assert there.came == []
        (tried,) = attempts(world)
        assert (tried.status, tried.failure) == (None, AttemptFailure.REFUSED_ADDRESS)
        assert states(world) == [DeliveryState.WAITING]


def test_both_secrets_sign_within_the_overlap_and_only_the_new_one_after_it(
    world: World, courier: Worker, there: Receiver
) -> None:
    code, old = endpoint(world, there.url, events=("phase.*",))
    with world.database.changing(factories.stamp()) as session:
        new = webhooks.renew_secret(session, world.department, code, ANYWHERE, courier.clock.at).secret
    changes(world, 1)
    courier.settle()
    courier.clock.move(hours=23, minutes=59)
    changes(world, 1)
    courier.settle()
    courier.clock.move(minutes=1)
    changes(world, 1)
    courier.settle()
    assert [each.is_signed_with(new) for each in there.came] == [True, True, True]
    assert [each.is_signed_with(old) for each in there.came] == [True, True, False]
    with world.database.changing(factories.stamp()) as session:
        newest = webhooks.renew_secret(session, world.department, code, ANYWHERE, courier.clock.at).secret
    changes(world, 1)
    courier.settle()
    assert [there.came[-1].is_signed_with(each) for each in (newest, new, old)] == [True, True, False]


def test_one_that_is_gone_is_switched_off_with_notice(world: World, courier: Worker, there: Receiver) -> None:
    code, _ = endpoint(world, there.url, events=("phase.*",))
    with receiver() as other:
        endpoint(world, other.url, events=("webhook.*",))
        there.answer = lambda _: 410
        changes(world, 2)
        courier.settle()
        row = of(world, code)
        assert (row.is_active, row.switched_off) == (False, SwitchedOff.GONE)
        courier.settle()
        assert other.told[-1] == ("webhook.switched_off", code)
    changes(world, 2)
    courier.settle()
    assert len(there.came) == 1
    with world.database.reading() as session:
        fact = session.execute(
            select(FactRow).where(col(FactRow.kind) == Fact.WEBHOOK_SWITCHED_OFF)
        ).scalar_one()
        assert fact.after == {"organisation": "doit", "is_active": False, "switched_off": "gone"}
        assert fact.revision == row.switched_off_in


def test_one_that_fails_for_three_days_is_switched_off_and_goes_on_when_it_is_switched_on(
    world: World, courier: Worker, there: Receiver
) -> None:
    code, _ = endpoint(world, there.url, events=("phase.*",))
    there.answer = lambda _: 500
    changes(world, 2)
    for day in range(3):
        assert of(world, code).is_active, day
        changes(world, 1)
        courier.pass_hours(24, step_minutes=60)
    courier.pass_hours(2, step_minutes=60)
    row = of(world, code)
    assert (row.is_active, row.switched_off) == (False, SwitchedOff.FAILING)
    changes(world, 2)  # Not kept for an endpoint that is off.
    came = len(there.came)
    courier.pass_hours(2, step_minutes=60)
    assert len(there.came) == came
    there.answer = lambda _: OK
    with world.database.changing(Stamp(courier.clock.at, "on")) as session:
        on = EndpointChange(is_active=True)
        webhooks.change(session, world.department, code, on, None, ANYWHERE, courier.clock.at)
        since = Replay(from_revision=row.switched_off_in)
        assert redeliveries.replay(session, world.department, code, since, courier.clock.at) == 2
        redeliveries.replay(session, world.department, code, Replay(dead=True), courier.clock.at)
    courier.pass_hours(2)
    assert len(there.places("alpha-1")) == 7
    assert set(states(world)) == {DeliveryState.DELIVERED}


def test_everything_from_a_revision_on_comes_again_and_what_was_never_kept_for_the_first_time(
    world: World, courier: Worker, there: Receiver
) -> None:
    changes(world, 2)
    code, _ = endpoint(world, there.url, events=("phase.*",))
    changes(world, 3)
    courier.settle()
    assert len(there.came) == 3
    with world.database.changing(factories.stamp()) as session:
        again = Replay(from_revision=1)
        assert redeliveries.replay(session, world.department, code, again, courier.clock.at) == 6
    courier.settle()
    assert (len(there.came), len(there.applied)) == (9, 6)
    later = [
        each.said["data"]["revision"] for each in there.came[3:] if each.said["data"]["code"] == "alpha-1"
    ]
    assert later == sorted(later)


def test_a_delivery_can_be_sent_again_and_a_test_tells_no_fact(
    world: World, courier: Worker, there: Receiver
) -> None:
    code, secret = endpoint(world, there.url, events=("phase.*",))
    changes(world, 1)
    courier.settle()
    message = there.came[0].id
    with world.database.changing(factories.stamp()) as session:
        redeliveries.replay_one(session, world.department, code, message, courier.clock.at)
        redeliveries.send_test(session, world.department, code, courier.clock.at)
    courier.settle()
    assert [each.id for each in there.came].count(message) == 2
    ping = next(each for each in there.came if each.said["type"] == "webhook.ping")
    assert ping.said["data"] == {"webhook": code}
    assert ping.is_signed_with(secret)
    with world.database.reading() as session:
        health = found.health(session, of(world, code))
    assert (health.waiting, health.dead, health.failing_since) == (0, 0, None)


def test_nobody_is_told_what_they_may_not_see(world: World, courier: Worker, there: Receiver) -> None:
    """The stranger's endpoint hears of a project of another what its public summary shows, and nothing else."""
    endpoint(world, there.url, world.stranger)
    with receiver() as own, receiver() as all_of_it:
        endpoint(world, own.url, world.investor)
        endpoint(world, all_of_it.url, world.department)
        with world.database.changing(factories.stamp()) as session:
            factories.turbines(session, count=2)
            factories.declare(session, world.investor, mw=4.2)
            factories.obstacle(session)
            note = PhaseChange(note="Chỉ nội bộ", turbine_count=7)
            projects.change_phase(session, world.investor, "alpha-1", note, None)
        courier.settle()
        strange = [kind for kind, _ in there.told if not kind.startswith("webhook")]
        assert strange == ["phase.changed"]
        (heard,) = [each.said["data"] for each in there.came if each.said["type"] == "phase.changed"]
        assert heard["after"] == {"turbine_count": 7}
        assert heard["actor"] is None
        private = {"turbine.created", "cod.declared", "obstacle.raised"}
        for rightful in (own, all_of_it):
            assert private <= {kind for kind, _ in rightful.told}
        codes = [each.said["data"]["code"] for each in there.came if each.said["type"] == "webhook.created"]
        assert len(codes) == 1, "not the endpoints of others"


def test_what_may_no_longer_be_seen_when_it_is_sent_is_withheld(
    world: World, courier: Worker, there: Receiver
) -> None:
    endpoint(world, there.url, world.investor, events=("turbine.*",))
    with world.database.changing(factories.stamp()) as session:
        factories.turbines(session, count=1)
    with world.database.changing(factories.stamp()) as session:
        projects.change(session, world.department, "alpha", ProjectChange(investor="other-wind"), None)
    courier.settle()
    assert there.came == []
    assert states(world) == [DeliveryState.WITHHELD]


def test_the_worker_runs_until_it_is_told_to_stop(world: World, courier: Worker, there: Receiver) -> None:
    endpoint(world, there.url, events=("phase.*",))
    changes(world, 3)

    async def work() -> None:
        stop = asyncio.Event()
        running = asyncio.create_task(working.deliver(courier.tracker, stop))
        async with asyncio.timeout(20):
            while len(there.applied) < 3:
                await asyncio.sleep(0.01)
        stop.set()
        await running

    asyncio.run(work())
    assert set(states(world)) == {DeliveryState.DELIVERED}


def test_a_worker_that_stops_gives_back_what_it_could_not_end(
    world: World, url: str, there: Receiver
) -> None:
    endpoint(world, there.url, events=("phase.*",))
    changes(world, 1)
    held = threading.Event()
    there.answer = lambda _: after(held, OK)

    async def work(tracker: Worker) -> None:
        async with working.client(tracker.tracker.settings) as outside:
            courier = working.Courier(tracker.tracker, outside, grace_s=0.05)
            assert await courier.round() == 1
            await courier.end()

    with worker(url, webhook_seconds=30) as made:
        asyncio.run(work(made))
        held.set()
        made.settle()
        assert states(world) == [DeliveryState.DELIVERED]
        assert len(there.applied) == 1


def test_what_a_worker_held_that_is_no_more_comes_back_when_its_lease_is_over(
    world: World, courier: Worker, there: Receiver
) -> None:
    endpoint(world, there.url, events=("phase.*",))
    changes(world, 2)
    now = courier.clock.at
    with world.database.changing(factories.stamp()) as session:
        until = now + timedelta(seconds=60)
        assert len(deliveries.claim(session, Room(10, 10, {}), "lost", now, until)) == 1
    courier.settle()
    assert there.came == []
    courier.clock.move(seconds=60)
    courier.settle()
    assert len(there.applied) == 2
    assert in_order(there)
