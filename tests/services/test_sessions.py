"""Sessions and attempts to sign in, on both engines: over at once, counted across processes, and never in the journal."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.db import Database
from app.domain.access import Role
from app.domain.errors import Conflict, Forbidden, NotFound, Unauthenticated
from app.domain.problems import Problem
from app.queries import journal
from app.queries import people as who
from app.queries import sessions as found
from app.schemas.people import UserChange, UserCreate
from app.services import journal as journals
from app.services import people, sessions
from app.tables.sessions import BrowserSession, SignInFailure
from tests import factories
from tests.conftest import settings

NOW = factories.at()
LATER = timedelta(hours=12)


def begun(world: factories.World, name: str = "investor") -> str:
    """Signs a browser in; what its cookie holds."""
    user_id = world.actors[name].user_id
    assert user_id is not None
    with world.database.changing(factories.stamp()) as session:
        return sessions.begin(session, user_id, NOW, 12)


def actor_of(world: factories.World, token: str, after: timedelta = timedelta()) -> Role | None:
    with world.database.reading() as session:
        actor = found.actor(session, sessions.digest(token), NOW + after)
    return None if actor is None else actor.role


def test_a_session_is_its_users_until_it_ends(world: factories.World) -> None:
    token = begun(world)
    assert actor_of(world, token) == Role.INVESTOR
    assert actor_of(world, token, LATER - timedelta(microseconds=1)) == Role.INVESTOR
    assert actor_of(world, token, LATER) is None
    assert actor_of(world, token + "x") is None


def test_only_a_hash_of_the_cookie_is_kept(world: factories.World) -> None:
    token = begun(world)
    with world.database.reading() as session:
        (row,) = session.execute(select(BrowserSession)).scalars()
    assert row.digest == hashlib.sha256(token.encode()).hexdigest()
    assert token not in str(row.model_dump())


def test_one_browser_signs_out_and_the_others_stay(world: factories.World) -> None:
    one, other, strange = begun(world), begun(world), begun(world, "stranger")
    with world.database.changing(factories.stamp()) as session:
        sessions.end(session, one, NOW)
    assert [actor_of(world, token) for token in (one, other)] == [None, Role.INVESTOR]
    with world.database.changing(factories.stamp()) as session:
        people.sign_out(session, world.department, "investor", NOW)
    assert [actor_of(world, token) for token in (other, strange)] == [None, Role.INVESTOR]
    with world.database.reading() as session:
        assert found.of_user(session, world.investor.user_id or 0, NOW) == []
        assert len(found.of_user(session, world.stranger.user_id or 0, NOW)) == 1


def test_no_attempt_and_no_session_is_a_revision(world: factories.World) -> None:
    with world.database.reading() as session:
        head = journal.head(session)
    token = begun(world)
    with world.database.changing(factories.stamp()) as session:
        sessions.succeed(session, sessions.attempt(session, "investor", "a", NOW))
        sessions.end(session, token, NOW)
        sessions.forget(session, NOW)
    with world.database.reading() as session:
        assert journal.head(session) == head


def test_ten_failures_close_a_login_and_one_that_succeeds_is_no_failure(world: factories.World) -> None:
    for n in range(19):
        with world.database.changing(factories.stamp()) as session:
            attempt_id = sessions.attempt(session, "investor", f"address {n}", NOW)
            if n % 2:
                sessions.succeed(session, attempt_id)
    for login, name in (("investor", Problem.SIGN_IN_CLOSED), ("stranger", None)):
        with world.database.changing(factories.stamp()) as session:
            if name is None:
                sessions.attempt(session, login, "address", NOW)
                continue
            with pytest.raises(Unauthenticated) as refused:
                sessions.attempt(session, login, "address", NOW)
            assert refused.value.problem == name
            assert refused.value.details["opens_at"] == NOW + sessions.signing.WINDOW
    with world.database.changing(factories.stamp()) as session:
        sessions.attempt(session, "investor", "address", NOW + sessions.signing.WINDOW)


def test_fifty_failures_close_an_address_for_every_login(world: factories.World) -> None:
    with world.database.changing(factories.stamp()) as session:
        for n in range(50):
            sessions.attempt(session, f"login-{n}", "one address", NOW)
        with pytest.raises(Unauthenticated):
            sessions.attempt(session, "investor", "one address", NOW)
        sessions.attempt(session, "investor", "another", NOW)


def test_of_many_attempts_at_the_same_time_no_more_than_ten_are_taken(url: str, database: Database) -> None:
    """Two processes, eight at a time: each attempt is written down before its password is looked at."""
    other = Database(settings(url), seal=journals.seal)

    def attempt(n: int) -> bool:
        try:
            with (database, other)[n % 2].changing(factories.stamp()) as session:
                sessions.attempt(session, "investor", f"address {n}", NOW)
        except Unauthenticated:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        taken = list(threads.map(attempt, range(40)))
    other.close()
    assert taken.count(True) == 10


def test_the_worker_forgets_what_nobody_will_ask_for(world: factories.World) -> None:
    token = begun(world)
    with world.database.changing(factories.stamp()) as session:
        sessions.attempt(session, "old", "a", NOW - sessions.signing.WINDOW)
        sessions.attempt(session, "new", "a", NOW)
        sessions.forget(session, NOW)
        assert session.execute(select(SignInFailure.login)).scalars().all() == ["new"]  # type: ignore[call-overload]
    assert actor_of(world, token) == Role.INVESTOR
    with world.database.changing(factories.stamp()) as session:
        sessions.forget(session, NOW + LATER + timedelta(days=30))
        assert session.execute(select(func.count()).select_from(BrowserSession)).scalar_one() == 0


def test_who_is_switched_off_is_out_at_once_and_back_when_switched_on(world: factories.World) -> None:
    token = begun(world, "evn_spc")
    key = hashlib.sha256(world.keys["evn_spc"].encode()).hexdigest()

    def switched(on: bool) -> None:
        with world.database.changing(factories.stamp()) as session:
            people.change_user(session, world.department, "evn_spc", UserChange(is_active=on), NOW)

    switched(False)
    with world.database.reading() as session:
        assert who.actor(session, key) is None
    assert actor_of(world, token) is None
    switched(True)
    with world.database.reading() as session:
        assert who.actor(session, key) is not None
    # A session that was ended stays ended.
    assert actor_of(world, token) is None


def test_who_may_manage_people_and_not_themselves_away(world: factories.World) -> None:
    off = UserChange(is_active=False)
    with world.database.changing(factories.stamp()) as session:
        with pytest.raises(Conflict) as own:
            people.change_user(session, world.department, "department", off, NOW)
        assert own.value.problem == Problem.OWN_ACCOUNT
        with pytest.raises(NotFound):
            people.change_user(session, world.department, "nobody", off, NOW)
        for refused in (
            lambda: people.change_user(session, world.investor, "stranger", off, NOW),
            lambda: people.set_password(session, world.investor, "stranger", "x", NOW),
            lambda: people.sign_out(session, world.investor, "investor", NOW),
            lambda: people.create_user(
                session, world.evn_spc, UserCreate(organisation="evn-spc", role=Role.EVN_SPC, login="x"), None
            ),
        ):
            with pytest.raises(Forbidden):
                refused()
        people.set_password(session, world.investor, "investor", "x", NOW)


def test_who_has_no_password_or_is_switched_off_has_no_account_to_sign_in_to(world: factories.World) -> None:
    with world.database.changing(factories.stamp()) as session:
        assert found.account(session, "investor") is None
        people.set_password(session, world.department, "investor", "hash", NOW)
        session.flush()
        assert found.account(session, "investor") is not None
        people.change_user(session, world.department, "investor", UserChange(is_active=False), NOW)
        session.flush()
        assert found.account(session, "investor") is None
        assert found.account(session, "") is None
