"""The mapping file (`evn-spc-mapping/1`): text to a `Mapping`; each mistake in it is refused with its line."""

from collections.abc import Iterator
from typing import Any

from app.domain.exchanges import KINDS, Mapping
from app.domain.vocabulary import DelayCause, Stream, SubjectKind, UnitStage, UnitStatus
from app.domain.words import Term
from app.formats import register
from app.formats.register import Document, Path, Unreadable

FORMAT = "evn-spc-mapping/1"
UNIT_FIELDS = ("work", "number", "stage", "status", "effective_on", "cause", "is_illustrative")
LETTER_FIELDS = ("letter_number", "letter_on", "is_illustrative")
# What the mapping names of each stream, all of it.
FIELDS: dict[Stream, tuple[str, ...]] = {
    Stream.TOWERS: UNIT_FIELDS,
    Stream.SECTIONS: UNIT_FIELDS,
    Stream.ENERGISATIONS: ("subject", "actual_on", *LETTER_FIELDS),
    Stream.CODS: ("phase", "capacity_mw", "effective_on", *LETTER_FIELDS),
}
WORDS: dict[str, type[Term]] = {"stage": UnitStage, "status": UnitStatus, "cause": DelayCause}
SUBJECTS = (SubjectKind.GRID_WORK, SubjectKind.PHASE)
PARTS = ("fields", "not_taken", "letter_issuer", "numbers", "works", "plants", "milestones", "words")


def read(text: str) -> Mapping:
    """Reads a mapping file, YAML or JSON. Raises Unreadable with the line of the first mistake."""
    file = _File(register.read(text))
    file.named((), ("format", *PARTS))
    if file.at(("format",)) != FORMAT:
        raise file.mistake(("format",), f"format is not {FORMAT}")
    file.named(("fields",), tuple(Stream))
    file.named(("words",), tuple(WORDS))
    return Mapping(
        fields={stream: file.texts(("fields", stream.value), FIELDS[stream]) for stream in Stream},
        not_taken=frozenset(file.list(("not_taken",))),
        letter_issuer={
            Stream(name): said
            for name, said in file.texts(
                ("letter_issuer",), tuple(stream for stream in Stream if stream not in KINDS)
            ).items()
        },
        numbers=dict(_numbers(file)),
        works=file.texts(("works",)),
        plants=file.texts(("plants",)),
        milestones={SubjectKind(kind): said for kind, said in file.texts(("milestones",), SUBJECTS).items()},
        words={name: dict(_words(file, name, family)) for name, family in WORDS.items()},
    )


def _numbers(file: "_File") -> Iterator[tuple[Stream, tuple[str, str]]]:
    for name, form in file.texts(("numbers",), tuple(KINDS)).items():
        before, found, after = form.partition("{number}")
        if not found:
            raise file.mistake(("numbers", name), "no {number}")
        yield Stream(name), (before, after)


def _words(file: "_File", name: str, family: type[Term]) -> Iterator[tuple[str, Term]]:
    codes = {word.value: word for word in family}
    for theirs, ours in file.texts(("words", name)).items():
        if ours not in codes:
            raise file.mistake(("words", name, theirs), f"no such {name}: {ours}")
        yield theirs, codes[ours]


class _File:
    """The values of the file, each with its line."""

    def __init__(self, document: Document) -> None:
        self._document = document

    def at(self, path: Path) -> Any:
        found = self._document.values
        for part in path:
            found = found[part]
        return found

    def mistake(self, path: Path, reason: str) -> Unreadable:
        return Unreadable(reason, self._document.line(path))

    def named(self, path: Path, names: tuple[str, ...]) -> dict[str, Any]:
        """A table with exactly these names."""
        found = self.at(path)
        if not isinstance(found, dict):
            raise self.mistake(path, "not a table")
        for name in names:
            if name not in found:
                raise self.mistake(path, f"missing: {name!s}")
        for name in found:
            if name not in names:
                raise self.mistake((*path, name), f"unknown: {name}")
        return found

    def texts(self, path: Path, names: tuple[str, ...] | None = None) -> dict[str, str]:
        """A table of texts, with exactly these names where they are given."""
        found = self.at(path)
        found = self.named(path, names if names is not None else tuple(found or ()))
        for name, value in found.items():
            if not isinstance(name, str) or not isinstance(value, str) or not value:
                raise self.mistake((*path, name), "not a text")
        return found

    def list(self, path: Path) -> list[str]:
        found = self.at(path)
        if not isinstance(found, list) or not all(isinstance(value, str) for value in found):
            raise self.mistake(path, "not a list of texts")
        return found
