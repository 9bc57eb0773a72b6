"""The data folder: whole files under their SHA-256, each once, and nothing of what was refused or cut off."""

import hashlib
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from app.domain.errors import Invalid
from app.domain.problems import Problem
from app.domain.vocabulary import FileType
from app.outside.files import INCOMING, Files, NotIntact, Stored, TooLarge

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 40
MOST = 20_000


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path / "data" / "files", MOST)


def store(files: Files, content: bytes, piece: int = 4_000) -> Stored:
    with files.receive() as incoming:
        for start in range(0, len(content), piece):
            incoming.write(content[start : start + piece])
        return incoming.keep()


def there(files: Files) -> list[str]:
    """Every file below the folder."""
    return sorted(str(p.relative_to(files.folder)) for p in files.folder.rglob("*") if p.is_file())


@pytest.mark.parametrize("piece", [1, 3, 8, 4_000, 100_000])
def test_a_file_lies_under_its_sha256_however_it_came(files: Files, piece: int) -> None:
    stored = store(files, PDF, piece)
    digest = hashlib.sha256(PDF).hexdigest()
    assert stored == Stored(digest, FileType.PDF, len(PDF))
    assert there(files) == [f"{digest[:2]}/{digest}"]
    with files.open(digest, len(PDF)) as file:
        assert file.read() == PDF


def test_the_same_file_is_written_once(files: Files) -> None:
    stored = store(files, PDF)
    before = files.place(stored.sha256).stat()
    assert store(files, PDF) == stored
    after = files.place(stored.sha256).stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert len(there(files)) == 1


def test_exactly_the_limit_passes_and_one_byte_more_does_not(files: Files) -> None:
    assert store(files, b"%PDF-".ljust(MOST, b"x")).size == MOST
    with pytest.raises(TooLarge):
        store(files, b"%PDF-".ljust(MOST + 1, b"x"))
    assert len(there(files)) == 1


@pytest.mark.parametrize("content", [b"MZ" + b"\0" * 9_000, b"", b"%PDF", b"<html></html>"])
def test_what_is_no_pdf_and_no_image_is_refused_and_leaves_nothing(files: Files, content: bytes) -> None:
    with pytest.raises(Invalid) as refusal:
        store(files, content)
    assert (refusal.value.problem, refusal.value.field) == (Problem.FILE_TYPE, "file")
    assert there(files) == []


def test_an_executable_is_refused_at_its_first_piece(files: Files) -> None:
    with files.receive() as incoming, pytest.raises(Invalid):
        incoming.write(b"MZ\x90\0\x03\0\0\0")


def test_a_short_file_that_is_wholly_a_beginning_is_taken(files: Files) -> None:
    assert store(files, b"%PDF-").type == FileType.PDF
    assert store(files, b"\xff\xd8\xff", piece=1).type == FileType.JPEG


def test_every_file_and_its_folder_is_synced_before_it_is_kept(
    files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    real = os.fsync

    def fsync(descriptor: int) -> None:
        synced.append(str(Path(f"/proc/self/fd/{descriptor}").readlink()))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    stored = store(files, PDF)
    own = files.place(stored.sha256).parent
    content = [path for path in synced if Path(path).parent == files.folder / INCOMING]
    assert len(content) == 1
    # The content, then the name of its new folder, then its own name.
    assert synced[synced.index(content[0]) :] == [content[0], str(files.folder), str(own)]


@pytest.mark.parametrize(
    ("harm", "reason"),
    [
        (lambda path: path.unlink(), "missing"),
        (lambda path: path.write_bytes(PDF[:-1]), "damaged"),
        (lambda path: path.write_bytes(PDF[:-1] + b"!"), "damaged"),
        (lambda path: path.write_bytes(b""), "damaged"),
        (lambda path: (path.unlink(), path.mkdir()), "unreadable"),
    ],
    ids=["deleted", "cut", "one byte", "emptied", "a folder"],
)
def test_a_file_that_is_no_longer_what_it_was_is_not_opened(files: Files, harm: object, reason: str) -> None:
    stored = store(files, PDF)
    harm(files.place(stored.sha256))  # type: ignore[operator]
    with pytest.raises(NotIntact, match=reason):
        files.open(stored.sha256, stored.size)


@pytest.mark.parametrize("harm", [lambda path: path.unlink(), lambda path: path.write_bytes(b"%PDF-")])
def test_sending_a_lost_or_damaged_file_again_mends_it(files: Files, harm: object) -> None:
    stored = store(files, PDF)
    harm(files.place(stored.sha256))  # type: ignore[operator]
    assert store(files, PDF) == stored
    with files.open(stored.sha256, stored.size) as file:
        assert file.read() == PDF


KILLED = """
import os, signal, sys
from pathlib import Path
from app.outside.files import Files
incoming = Files(Path(sys.argv[1]), 20_000).receive()
incoming.write(b"%PDF-" + b"x" * 15_000)
incoming._file.flush()
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_a_killed_process_left_is_removed_and_what_another_is_writing_is_not(files: Files) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, str(files.folder)], cwd=Path(__file__).parents[2])
    assert done.returncode == -signal.SIGKILL
    (left,) = there(files)
    assert left.startswith(f"{INCOMING}/")
    with files.receive() as incoming:
        # Its beginning has swept what was left; a start in another process now finds only what is held.
        assert len(there(files)) == 1
        assert there(files) != [left]
        assert Files(files.folder, MOST).sweep() == 0
        incoming.write(PDF)
        stored = incoming.keep()
    assert there(files) == [f"{stored.sha256[:2]}/{stored.sha256}"]


def test_a_start_removes_what_was_left_and_touches_no_kept_file(files: Files) -> None:
    stored = store(files, PDF)
    (files.folder / INCOMING / "left").write_bytes(b"%PDF-")
    assert Files(files.folder, MOST).sweep() == 1
    assert there(files) == [f"{stored.sha256[:2]}/{stored.sha256}"]


def test_a_start_without_a_folder_makes_none(files: Files) -> None:
    assert files.sweep() == 0
    assert not files.folder.exists()


def test_many_who_send_the_same_file_at_once_leave_one(files: Files) -> None:
    found: list[Stored] = []

    def send() -> None:
        for _ in range(5):
            found.append(store(files, PDF, 1_000))

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 40
    assert len(set(found)) == 1
    assert len(there(files)) == 1
