"""The command line as a person types it, on a database of its own; and the demo over real HTTP."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session
from typer.testing import CliRunner, Result

from app import register as registers
from app.cli import main
from app.deps import signing
from app.tables.organisations import User

RUN = CliRunner()


@pytest.fixture
def tracker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    """Runs `tracker …` with its clock on the demo's day."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRACKER_DATABASE_URL", f"sqlite:///{tmp_path}/tracker.db")
    monkeypatch.setenv("TRACKER_CLOCK_ON", "2023-02-07")

    def run(*words: str) -> Result:
        return RUN.invoke(main, list(words))

    run.path = tmp_path / "tracker.db"  # type: ignore[attr-defined]

    assert run("db", "upgrade").exit_code == 0
    return run  # type: ignore[return-value]


def test_the_register_comes_in_twice_and_counts_once(tracker) -> None:  # type: ignore[no-untyped-def]
    words = ("register", "import", str(registers.BEN_TRE), "--until", "2023-02-07")
    assert "Nothing changed" not in tracker(*words).output
    assert "Nothing changed" in tracker(*words).output
    assert "93.05 MW" in tracker("status", "--lang", "en").output
    assert "the chain holds" in tracker("journal", "verify").output


def test_an_error_in_a_file_is_named_as_file_and_line(tracker, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    bad = tmp_path / "bad.yaml"
    bad.write_text(
        registers.BEN_TRE.read_text("utf-8").replace("capacity_mw: 25.2", "capacity_mw: '25,2'"), "utf-8"
    )
    line = next(i for i, text in enumerate(bad.read_text("utf-8").splitlines(), 1) if "'25,2'" in text)
    result = tracker("register", "import", str(bad))
    assert result.exit_code == 1
    assert f"{bad}:{line}: " in result.stderr
    assert "Must be a number" in result.stderr


def test_a_key_is_shown_once_listed_and_revoked(tracker) -> None:  # type: ignore[no-untyped-def]
    tracker("register", "import", str(registers.BEN_TRE), "--until", "2023-02-07")
    made = tracker("key", "create", "evn-spc", "evn_spc")
    key = made.output.strip()
    assert re.fullmatch(r"trk_[\w-]{43}", key)
    assert key[:12] in tracker("key", "list").output
    assert key not in tracker("key", "list").output
    assert tracker("key", "revoke", key[:12]).exit_code == 0
    assert "07/02/2023" in tracker("key", "list").output


def test_an_investors_organisation_gets_no_key_of_the_department(tracker) -> None:  # type: ignore[no-untyped-def]
    tracker("register", "import", str(registers.BEN_TRE), "--until", "2023-02-07")
    assert tracker("key", "create", "pacifico-energy", "department").exit_code == 1


def test_a_user_is_made_given_a_new_password_and_closed(tracker) -> None:  # type: ignore[no-untyped-def]
    tracker("register", "import", str(registers.BEN_TRE), "--until", "2023-02-07")
    made = tracker("user", "create", "ban-truc", "evn-spc", "evn_spc", "--name", "Bàn trực")
    login, password = made.output.split()
    assert login == "ban-truc"
    assert re.fullmatch(r"([a-z1-9]{4}-){3}[a-z1-9]{4}", password)
    renewed = tracker("user", "password", "ban-truc").output.split()
    assert renewed[0] == "ban-truc"
    assert renewed[1] != password
    assert tracker("user", "close", "ban-truc").exit_code == 0
    kept = users(tracker.path)
    assert [(row.login, row.name, row.is_active) for row in kept] == [("ban-truc", "Bàn trực", False)]
    assert signing._hasher().verify(renewed[1], kept[0].password_hash or "")
    assert "the chain holds" in tracker("journal", "verify").output


def test_a_password_may_come_from_standard_input_and_is_not_printed(tracker) -> None:  # type: ignore[no-untyped-def]
    tracker("register", "import", str(registers.BEN_TRE), "--until", "2023-02-07")
    words = ("user", "create", "ban-truc", "evn-spc", "evn_spc", "--password-stdin")
    short = RUN.invoke(main, list(words), input="short\n")
    assert short.exit_code == 1
    assert "at least 12 characters" in short.stderr
    made = RUN.invoke(main, list(words), input="a password from a pipe\n")
    assert (made.exit_code, made.output) == (0, "")
    assert signing._hasher().verify("a password from a pipe", users(tracker.path)[0].password_hash or "")


def test_a_user_that_cannot_be_is_refused_in_words(tracker) -> None:  # type: ignore[no-untyped-def]
    tracker("register", "import", str(registers.BEN_TRE), "--until", "2023-02-07")
    for words, said in (
        (("create", "x", "nowhere", "evn_spc"), "No such organisation"),
        (("create", "x", "evn-spc", "department"), "Not one of the allowed codes"),
        (("password", "nobody"), "No such user"),
        (("close", "nobody"), "No such user"),
    ):
        result = tracker("user", *words)
        assert result.exit_code == 1
        assert said in result.stderr
    assert tracker("user", "create", "Bàn trực", "evn-spc", "evn_spc").exit_code == 2
    assert users(tracker.path) == []


def users(file: Path) -> list[User]:
    """The people in the database of a test."""
    engine = create_engine(f"sqlite:///{file}")
    with Session(engine, expire_on_commit=False) as session:
        found = list(session.execute(select(User)).scalars())
    engine.dispose()
    return found


def test_serve_refuses_the_default_secret(tracker) -> None:  # type: ignore[no-untyped-def]
    result = tracker("serve")
    assert result.exit_code == 1
    assert "TRACKER_SECRET" in result.stderr


def test_the_benchmark_runs(tracker) -> None:  # type: ignore[no-untyped-def]
    result = tracker("bench", "--quick")
    assert result.exit_code == 0, result.output
    assert "a write" in result.output


def test_the_demo_answers_with_four_ready_keys() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "app", "demo", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as demo:
        assert demo.stdout is not None
        address, counted, *keys = [demo.stdout.readline().split() for _ in range(6)]
        passwords = [demo.stdout.readline().removeprefix("sign in as ").split() for _ in range(4)]
        try:
            assert "later" in counted
            assert [role for role, _ in keys] == ["investor", "department", "evn_spc", "district"]
            with httpx.Client(base_url=address[0], transport=httpx.HTTPTransport(retries=20)) as client:
                answer = client.get("/api/v1/capacity", params={"as_of": "2023-02-07"}).json()
                assert (answer["operating_mw"], answer["gap_mw"]) == (93.05, 283.95)
                assert (answer["target"]["capacity_mw"], answer["attainment_percent"]) == (377, 24.68)
                for role, key in keys:
                    me = client.get("/api/v1/me", headers={"Authorization": f"Bearer {key}"}).json()
                    assert me["role"] == role
                assert [login for login, _ in passwords] == ["investor", "department", "evn-spc", "district"]
                for login, password in passwords:
                    answer = client.post("/sign-in", data={"login": login, "password": password})
                    assert (answer.status_code, answer.headers["location"]) == (303, "/")
        finally:
            demo.terminate()
