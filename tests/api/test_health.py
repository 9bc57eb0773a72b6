"""Whether the process lives, and whether it can serve."""

from sqlalchemy import text

from tests.conftest import People, serve


def test_a_service_at_the_newest_migration_is_ready(people: People) -> None:
    assert people.anonymous.get("/livez").json() == {"status": "ok"}
    answer = people.anonymous.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready"})


def test_a_service_behind_the_newest_migration_lives_and_is_not_ready(people: People) -> None:
    with people.world.database.writer.begin() as connection:
        newest = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        connection.execute(text("UPDATE alembic_version SET version_num = 'older'"))
    answer = people.anonymous.get("/readyz")
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.json()["code"], answer.json()["title"]) == ("not_ready", "Hệ thống chưa sẵn sàng")
    assert answer.json()["details"] == {"migration": "older", "wanted": newest}
    assert people.anonymous.get("/readyz", Accept_Language="en").json()["title"] == "The service is not ready"
    assert people.anonymous.get("/livez").status_code == 200
    with people.world.database.writer.begin() as connection:
        connection.execute(text("DELETE FROM alembic_version"))
    assert people.anonymous.get("/readyz").json()["details"] == {"migration": None, "wanted": newest}


def test_a_service_without_its_database_lives_and_is_not_ready(people: People) -> None:
    away = {"sqlite": "sqlite:////proc/nowhere.db", "postgresql": "postgresql://nobody:x@127.0.0.1:9/none"}
    people.world.url = away[people.world.url.partition(":")[0]]
    with serve(people.world) as lost:
        assert lost.anonymous.get("/livez").status_code == 200
        answer = lost.anonymous.get("/readyz")
        assert (answer.status_code, answer.json()["details"]) == (503, {"database": "unreachable"})
        answer = lost.anonymous.get("/capacity")
        assert (answer.status_code, answer.json()["code"]) == (503, "busy")
        assert answer.headers["retry-after"] == "1"


def test_health_is_for_everybody_and_says_nothing_else(people: People) -> None:
    for path in ("/livez", "/readyz"):
        answer = people.anonymous.get(path)
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "etag" not in answer.headers
