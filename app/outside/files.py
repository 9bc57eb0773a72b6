"""The data folder: the files of documents, each once, under its SHA-256, and never changed.

A file comes into `incoming/` under a name of its own, is synced, and only then moved to where it belongs: what has a
SHA-256 for a name is whole. Who stops in between leaves a file in `incoming/` that nobody holds a lock on; the next
start or the next upload, of any process that shares the folder, removes it.
"""

import contextlib
import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from app.domain import documents
from app.domain.errors import Invalid
from app.domain.problems import Problem
from app.domain.vocabulary import FileType

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows, which itself refuses to remove a file that is open.
    fcntl = None  # type: ignore[assignment]

INCOMING = "incoming"
PIECE_BYTES = 1 << 18


class TooLarge(Exception):
    """More bytes than a file may have."""


class NotIntact(Exception):
    """A kept file that is not what it was; the reason is `missing`, `damaged` or `unreadable`."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that is on the disk for good: what it truly is, and its size in bytes."""

    sha256: str
    type: FileType
    size: int


class Files:
    """The folder. Everything here blocks, so whoever serves many at a time calls it in a thread."""

    def __init__(self, folder: Path, most_bytes: int) -> None:
        self.folder = folder
        self.most_bytes = most_bytes

    def receive(self) -> "Incoming":
        """Begins a file. Raises OSError where the folder cannot be written."""
        self.sweep()
        return Incoming(self)

    def open(self, sha256: str, size: int) -> BinaryIO:
        """A kept file, from its beginning, after every byte of it was checked. Raises NotIntact."""
        try:
            file = self.place(sha256).open("rb")
        except FileNotFoundError as error:
            raise NotIntact("missing") from error
        except OSError as error:
            raise NotIntact("unreadable") from error
        try:
            if os.fstat(file.fileno()).st_size != size or _digest(file) != sha256:
                raise NotIntact("damaged")
            file.seek(0)
        except OSError as error:
            file.close()
            raise NotIntact("unreadable") from error
        except NotIntact:
            file.close()
            raise
        return file

    def place(self, sha256: str) -> Path:
        """Where a file lies."""
        return self.folder / sha256[:2] / sha256

    def sweep(self) -> int:
        """Removes what was begun by somebody who is gone; says how many files it was."""
        return sum(map(_swept, _listed(self.folder / INCOMING)))


class Incoming:
    """A file while it comes: write the pieces, then keep it. Left without being kept, nothing of it stays."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._path, self._file = _begin(files.folder / INCOMING)
        self._hash = hashlib.sha256()
        self._beginning = b""
        self._type: FileType | None = None
        self._size = 0

    def write(self, piece: bytes) -> None:
        """Adds bytes. Raises TooLarge, and Invalid as soon as it shows that it is no file that is taken."""
        self._size += len(piece)
        if self._size > self._files.most_bytes:
            raise TooLarge
        if self._type is None:
            self._beginning += piece[: documents.LONGEST_BEGINNING]
            if len(self._beginning) >= documents.LONGEST_BEGINNING:
                self._type = _taken(self._beginning)
        self._hash.update(piece)
        self._file.write(piece)

    def keep(self) -> Stored:
        """Puts the file where it belongs and returns once it would survive a power cut. One that is there already,
        whole, is not written twice; one that was lost or damaged since is mended by that."""
        kind = self._type or _taken(self._beginning)
        self._file.flush()
        os.fsync(self._file.fileno())
        stored = Stored(self._hash.hexdigest(), kind, self._size)
        place = self._files.place(stored.sha256)
        _make(place.parent)
        try:
            self._files.open(stored.sha256, stored.size).close()
        except NotIntact:
            if fcntl is None:  # pragma: no cover - Windows does not move what is open.
                self._file.close()
            self._path.replace(place)
        # Whoever moved it there may not have come to this line yet.
        _sync(place.parent)
        return stored

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # What was not written yet is not needed, and a full disk must not hide what went wrong before.
        with contextlib.suppress(OSError):
            self._path.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            self._file.close()


def _taken(beginning: bytes) -> FileType:
    kind = documents.file_type(beginning)
    if kind is None:
        raise Invalid(Problem.FILE_TYPE, field="file", allowed=sorted(FileType))
    return kind


def _begin(folder: Path) -> tuple[Path, BinaryIO]:
    """A new empty file that this process holds: whoever sweeps leaves it alone, and may have been here in between."""
    _make(folder)
    while True:
        path = folder / secrets.token_hex(16)
        file = path.open("xb")
        if fcntl is None:  # pragma: no cover
            return path, file
        fcntl.flock(file, fcntl.LOCK_EX)
        if os.fstat(file.fileno()).st_nlink:
            return path, file
        file.close()


def _swept(path: Path) -> bool:
    """Removes a file that nobody holds; says whether it did."""
    try:
        if fcntl is None:  # pragma: no cover
            path.unlink()
            return True
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink()
    except OSError:
        return False
    return True


def _listed(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _make(folder: Path) -> None:
    """Makes a folder, and those above it, so that a power cut does not take it back."""
    if folder.is_dir():
        return
    _make(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    _sync(folder.parent)


def _sync(folder: Path) -> None:
    """Makes the names in a folder last."""
    if fcntl is None:  # pragma: no cover - Windows has no such thing.
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _digest(file: BinaryIO) -> str:
    found = hashlib.sha256()
    while piece := file.read(PIECE_BYTES):
        found.update(piece)
    return found.hexdigest()
