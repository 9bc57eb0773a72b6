"""A journal that was cut off at its end is missed by what knows of its last revision."""

from sqlalchemy import text

from app.queries import journal
from tests import factories


def test_a_journal_without_its_last_revision_is_named(world: factories.World) -> None:
    with world.database.changing(factories.stamp()) as session:
        factories.project(session, "beta")
    with world.database.reading() as session:
        last = journal.head(session)
        assert journal.verify(session).broken_at is None
    with world.database.writer.begin() as connection:
        for statement in (
            "DELETE FROM fact WHERE revision = :last",
            "DELETE FROM revision WHERE number = :last",
        ):
            connection.execute(text(statement), {"last": last})
    with world.database.reading() as session:
        verdict = journal.verify(session)
    assert (verdict.broken_at, verdict.reason) == (last, "missing")
