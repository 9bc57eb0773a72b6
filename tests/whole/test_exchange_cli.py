"""`tracker sync evn-spc` and `tracker simulate evn-spc` as a person types them."""

import contextlib
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner, Result

from app import register as registers
from app.cli import main
from app.simulator import Fault, Faults, Simulator, Upstream, tell
from tests.exchanges import STARTS_AT, running

RUN = CliRunner()
Tracker = Callable[..., Result]


@pytest.fixture
def tracker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tracker:
    """Runs `tracker …` with its clock on the demo's day, on the demo's register."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRACKER_DATABASE_URL", f"sqlite:///{tmp_path}/tracker.db")
    monkeypatch.setenv("TRACKER_CLOCK_ON", "2023-02-07")

    def run(*words: str) -> Result:
        return RUN.invoke(main, list(words))

    assert run("db", "upgrade").exit_code == 0
    for file in (registers.BEN_TRE, *registers.DEMO):
        assert run("register", "import", str(file), "--until", "2023-02-07").exit_code == 0
    return run


@contextlib.contextmanager
def service(monkeypatch: pytest.MonkeyPatch, *faults: Fault) -> Iterator[None]:
    """The service with the demo's story."""
    upstream = Upstream(STARTS_AT)
    tell(upstream)
    with running(Simulator(upstream, Faults(faults, rate=1.0, most=1))) as url:
        monkeypatch.setenv("TRACKER_EVN_SPC_URL", url)
        yield


def test_a_pull_is_rehearsed_and_made(tracker: Tracker, monkeypatch: pytest.MonkeyPatch) -> None:
    with service(monkeypatch):
        tracker("key", "create", "evn-spc", "evn_spc", "--login", "evn-spc-connector")
        before = tracker("journal", "verify").output
        seen = tracker("sync", "evn-spc", "--dry-run", "--lang", "en")
        assert seen.exit_code == 0, seen.output
        assert "54 records, 53 would be applied" in seen.output
        assert "Foundation cast: line-giao-long-phu-thuan/" in seen.output
        assert tracker("journal", "verify").output == before
        done = tracker("sync", "evn-spc", "--lang", "en")
        assert done.exit_code == 0, done.output
        assert re.search(r"Tower progress +Done +1 +54 +53 +0 +0 +1", done.output), done.output
        assert re.search(r"line-phu-thuan-binh-dai +Foundation cast +20/88 +21/21 +1", done.output)
        assert "tower-progress CT-PTBD-61-1: The foundation is cast before" in done.output
        assert "cod-confirmations COD-2023-01: There is no declaration to confirm" in done.output
        again = tracker("sync", "evn-spc", "--lang", "en")
        assert re.search(r"Tower progress +Done +1 +54 +0 +54", again.output), again.output
    assert tracker("journal", "verify").exit_code == 0


def test_a_stream_that_cannot_be_read_ends_with_one(
    tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    tracker("key", "create", "evn-spc", "evn_spc", "--login", "evn-spc-connector")
    with service(monkeypatch, Fault.HTML):
        done = tracker("sync", "evn-spc", "--lang", "en")
    assert done.exit_code == 1
    assert "The answer is an HTML page" in done.output


def test_what_is_not_set_up_is_said_in_a_sentence(tracker: Tracker, monkeypatch: pytest.MonkeyPatch) -> None:
    found = tracker("sync", "evn-spc")
    assert (found.exit_code, "not set up" in found.stderr) == (1, True)
    monkeypatch.setenv("TRACKER_EVN_SPC_URL", "http://127.0.0.1:1")
    found = tracker("sync", "evn-spc")
    assert (found.exit_code, "role EVN SPC" in found.stderr) == (1, True)
    bad = Path("mapping.yaml")
    bad.write_text("format: evn-spc-mapping/1\n", "utf-8")
    monkeypatch.setenv("TRACKER_EVN_SPC_MAPPING", str(bad))
    found = tracker("sync", "evn-spc")
    assert (found.exit_code, "missing: fields" in found.stderr) == (1, True)
    assert tracker("simulate", "evn-spc", "--faults", "nonsense").exit_code == 1


def test_the_service_is_played_over_real_http() -> None:
    command = [sys.executable, "-m", "app", "simulate", "evn-spc", "--port", "0", "--token", "geheim"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        try:
            with httpx.Client(base_url=url, timeout=60, trust_env=False) as http:
                assert http.get("/v1/tower-progress").status_code == 401
                said = http.get("/v1/tower-progress", headers={"Authorization": "Bearer geheim"}).json()
        finally:
            process.terminate()
    assert said["total"] == 54
    assert all(item["so_lieu_mau"] for item in said["items"])
