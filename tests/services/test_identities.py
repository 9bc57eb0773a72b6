"""Linking a user to an identity: whose it is, what the journal says of it, and who is signed out."""

import pytest
from sqlalchemy import select
from sqlmodel import col

from app.db import Database
from app.domain.access import Actor, Role
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound
from app.domain.vocabulary import Fact
from app.queries import identities as found
from app.queries import journal, people, sessions
from app.services import identities
from app.services import sessions as doors
from app.tables.base import key
from app.tables.journal import Fact as FactRow
from tests import factories

ISSUER, NOW = "https://id.test", factories.at()


def link(database: Database, login: str, subject: str) -> None:
    with database.changing(factories.stamp()) as session:
        identities.link(session, factories.SYSTEM, login, ISSUER, subject, NOW)


def whose(database: Database, subject: str, issuer: str = ISSUER) -> str | None:
    with database.reading() as session:
        known = found.known(session, issuer, subject)
        return None if known is None else known.login


def browsers(database: Database, login: str) -> int:
    with database.reading() as session:
        user = people.user(session, login)
        assert user is not None
        return len(sessions.of_user(session, key(user.id), NOW))


def begin(database: Database, login: str) -> None:
    with database.changing(factories.stamp()) as session:
        user = people.user(session, login)
        assert user is not None
        doors.begin(session, key(user.id), NOW, 1)


def revision(database: Database) -> int:
    with database.reading() as session:
        return journal.head(session)


def test_an_identity_is_of_one_user_and_compared_sign_by_sign(world: factories.World) -> None:
    database = world.database
    link(database, "investor", "Abc")
    assert whose(database, "Abc") == "investor"
    assert [whose(database, subject) for subject in ("abc", "Abc ", "")] == [None] * 3
    assert whose(database, "Abc", "https://id.test/") is None
    with pytest.raises(Conflict):
        link(database, "stranger", "Abc")
    before = revision(database)
    link(database, "investor", "Abc")
    assert revision(database) == before


def test_another_identity_takes_the_place_of_the_one_before_and_signs_out(world: factories.World) -> None:
    database = world.database
    link(database, "investor", "first")
    begin(database, "investor")
    link(database, "investor", "second")
    assert (whose(database, "first"), whose(database, "second")) == (None, "investor")
    assert browsers(database, "investor") == 0
    begin(database, "investor")
    with database.changing(factories.stamp()) as session:
        identities.unlink(session, factories.SYSTEM, "investor", ISSUER, NOW)
    assert whose(database, "second") is None
    assert browsers(database, "investor") == 0
    with database.changing(factories.stamp()) as session, pytest.raises(NotFound):
        identities.unlink(session, factories.SYSTEM, "investor", ISSUER, NOW)


def test_the_journal_says_where_and_not_who(world: factories.World) -> None:
    database = world.database
    link(database, "investor", "a-person")
    with database.changing(factories.stamp()) as session:
        identities.unlink(session, factories.SYSTEM, "investor", ISSUER, NOW)
    with database.reading() as session:
        rows = session.execute(
            select(FactRow).where(col(FactRow.subject) == "user").order_by(col(FactRow.id))
        )
        said = [(fact.kind, fact.before, fact.after) for fact in rows.scalars()][-2:]
    where = {"identity": "changed", "identity_issuer": ISSUER}
    assert said == [(Fact.USER_LINKED, None, where), (Fact.USER_UNLINKED, where, None)]


@pytest.mark.parametrize("subject", ["", "x" * 256, "tiếng", "a b", "a\n", "\0"])
def test_what_no_issuer_says_is_refused(world: factories.World, subject: str) -> None:
    with pytest.raises(Invalid):
        link(world.database, "investor", subject)


def test_nobody_links_who_may_not_manage_people(world: factories.World) -> None:
    with world.database.changing(factories.stamp()) as session:
        with pytest.raises(Forbidden):
            identities.link(session, Actor(Role.INVESTOR), "investor", ISSUER, "s", NOW)
        with pytest.raises(NotFound):
            identities.link(session, factories.SYSTEM, "nobody", ISSUER, "s", NOW)
