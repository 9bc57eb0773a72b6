"""Linking people to the service that signs them in, as an administrator types it."""

import sqlite3
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app import register as registers
from app.cli import main

RUN = CliRunner()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a database in it, and a provider set."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRACKER_DATABASE_URL", f"sqlite:///{tmp_path}/tracker.db")
    monkeypatch.setenv("TRACKER_OIDC_ISSUER", "https://id.example.vn")
    assert tracker("db", "upgrade").exit_code == 0
    assert tracker("register", "import", str(registers.BEN_TRE), "--until", "2023-02-07").exit_code == 0
    assert tracker("user", "create", "an", "so-cong-thuong-ben-tre", "department").exit_code == 0
    return tmp_path


def tracker(*words: str) -> Result:
    return RUN.invoke(main, list(words))


def linked(folder: Path) -> list[tuple[str, str]]:
    with sqlite3.connect(folder / "tracker.db") as opened:
        found = opened.execute("SELECT issuer, subject FROM identity").fetchall()
    opened.close()
    return found


def test_a_user_is_linked_and_unlinked(folder: Path) -> None:
    assert tracker("user", "link", "an", "248289761001").exit_code == 0
    assert linked(folder) == [("https://id.example.vn", "248289761001")]
    assert tracker("user", "unlink", "an").exit_code == 0
    assert linked(folder) == []
    again = tracker("user", "unlink", "an")
    assert (again.exit_code, "Not found" in again.stderr) == (1, True)
    assert "the chain holds" in tracker("journal", "verify").output


def test_what_cannot_be_linked_is_said_in_a_sentence(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nobody = tracker("user", "link", "nobody", "1")
    assert (nobody.exit_code, "No such user" in nobody.stderr) == (1, True)
    assert tracker("user", "link", "an", "two words").exit_code == 1
    monkeypatch.delenv("TRACKER_OIDC_ISSUER")
    unset = tracker("user", "link", "an", "1")
    assert (unset.exit_code, "TRACKER_OIDC_ISSUER is not set" in unset.stderr) == (1, True)
    monkeypatch.setenv("TRACKER_OIDC_ISSUER", "https://id.example.vn")
    monkeypatch.setenv("TRACKER_SECRET", "x" * 40)
    half = tracker("serve")
    assert (half.exit_code, "TRACKER_OIDC_CLIENT_ID" in half.stderr) == (1, True)
