"""The register file (`wind-register/1`): YAML or JSON as plain values that remember the line they stand on."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

Path = tuple[str | int, ...]


class Unreadable(ValueError):
    """The text is no such file; `line` is where it stops making sense, counted from 1."""

    def __init__(self, reason: str, line: int | None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


@dataclass(frozen=True, slots=True)
class Document:
    """A file's values, and the line of each by its path."""

    values: Any
    lines: Mapping[Path, int]

    def line(self, path: Sequence[str | int]) -> int | None:
        """The line of a value, or of the nearest thing around it."""
        for end in range(len(path), -1, -1):
            if (found := self.lines.get(tuple(path[:end]))) is not None:
                return found
        return None


class _Loader(yaml.SafeLoader):
    """YAML as JSON would have it: no anchors (they can blow a small file up), no repeated keys, no bare yes and no."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise Unreadable("alias", parent.start_mark.line + 1 if parent is not None else 1)
        return super().compose_node(parent, index)


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:bool"]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))


def read(text: str) -> Document:
    """Reads a register file. Raises Unreadable with the line where it cannot be read."""
    if text.lstrip().startswith("{"):
        _check_json(text)
        text = text.replace("\t", " ")
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        if node is None:
            raise Unreadable("empty", 1)
        lines = dict(_lines(node, ()))
        return Document(loader.construct_document(node), lines)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise Unreadable(error.problem or "syntax", None if mark is None else mark.line + 1) from error
    except (yaml.YAMLError, ValueError) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable("syntax", None) from error


def _check_json(text: str) -> None:
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        raise Unreadable(error.msg, error.lineno) from error


def _lines(node: yaml.Node, path: Path) -> Iterator[tuple[Path, int]]:
    yield path, node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                raise Unreadable(f"key twice: {key.value}", key.start_mark.line + 1)
            seen.add(key.value)
            yield (*path, key.value), key.start_mark.line + 1
            yield from _lines(value, (*path, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield from _lines(value, (*path, index))


def write(values: Mapping[str, Any]) -> str:
    """A register file as YAML, in the order of `values`, without what is empty."""
    return str(yaml.safe_dump(_full(values), allow_unicode=True, sort_keys=False, width=110))


def _full(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {k: _full(v) for k, v in value.items() if v is not None and v != [] and v != ()}
    if isinstance(value, list | tuple):
        return [_full(v) for v in value]
    return value
