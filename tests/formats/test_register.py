"""The register file: values that remember their line, and nothing that a small file could hide."""

import json

import pytest

from app.formats import register


def test_a_value_knows_its_line() -> None:
    document = register.read("format: x\nprojects:\n  - code: a\n    entries:\n      - {capacity_mw: 4.2}\n")
    assert document.line(("projects", 0, "entries", 0, "capacity_mw")) == 5
    assert document.line(("projects", 0, "name")) == 3, "a missing field points to what it is missing from"


def test_json_is_read_like_yaml() -> None:
    values = {
        "format": "x",
        "projects": [{"code": "a", "in_totals": True, "note": 'tab\tand "quote" \u1ea1'}],
    }
    text = json.dumps(values, indent="\t")
    assert register.read(text).values["projects"][0]["code"] == "a"
    assert register.read(text).line(("projects",)) == 3


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: 1\nb: [1, 2\n", 3),
        ("a: 1\na: 2\n", 2),
        ("a: &x [1]\nb: *x\n", 1),
        ("", 1),
        ('{"a": 1,\n "b": }', 2),
        ("a: !!python/object:os.system 1\n", 1),
    ],
)
def test_what_cannot_be_read_names_its_line(text: str, line: int) -> None:
    with pytest.raises(register.Unreadable) as refused:
        register.read(text)
    assert refused.value.line == line


@pytest.mark.parametrize("word", ["yes", "no", "on", "off"])
def test_words_stay_words(word: str) -> None:
    assert register.read(f"a: {word}").values == {"a": word}


def test_what_is_written_is_read_again() -> None:
    values = {
        "format": "x",
        "projects": [{"code": "a", "name": "Thạnh Hải", "note": None, "mw": 34.25, "phases": []}],
    }
    assert register.read(register.write(values)).values == {
        "format": "x",
        "projects": [{"code": "a", "name": "Thạnh Hải", "mw": 34.25}],
    }
