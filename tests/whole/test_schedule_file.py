"""`tracker schedule compute`: a network in a file, its schedule on standard output, and what is wrong with it in a sentence."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from app.cli import main

RUN = CliRunner()

# Thirty activities between a start and an end that take no time, in the shape of the published networks.
DURATIONS = [
    *[0, 8, 4, 6, 3, 8, 5, 9, 2, 7, 9, 2, 6, 3, 9, 10],
    *[6, 5, 3, 7, 2, 7, 2, 3, 3, 7, 8, 3, 7, 2, 2, 0],
]  # fmt: skip
SUCCESSORS = {
    1: [2, 3, 4], 2: [6, 11, 15], 3: [7, 8, 13], 4: [5, 9, 10], 5: [20], 6: [30], 7: [27], 8: [12, 19, 27], 9: [14],
    10: [16, 25], 11: [20, 26], 12: [14], 13: [17, 18], 14: [17], 15: [25], 16: [21, 22], 17: [22], 18: [20, 22],
    19: [24, 29], 20: [23, 25], 21: [28], 22: [23], 23: [24], 24: [30], 25: [30], 26: [31], 27: [28], 28: [31],
    29: [32], 30: [32], 31: [32], 32: [],
}  # fmt: skip


def activity(id: str, duration: Any = 1, *successors: str) -> dict[str, Any]:
    return {"id": id, "duration": duration, "successors": list(successors)}


PUBLISHED = [
    activity(str(number), DURATIONS[number - 1], *map(str, SUCCESSORS[number]))
    for number in sorted(SUCCESSORS)
]


def computed(folder: Path, content: Any) -> Result:
    file = folder / "network.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return RUN.invoke(main, ["schedule", "compute", str(file)])


def schedule(folder: Path, activities: list[dict[str, Any]]) -> dict[str, Any]:
    result = computed(folder, {"activities": activities})
    assert (result.exit_code, result.stderr) == (0, "")
    return json.loads(result.stdout)  # type: ignore[no-any-return]


def paths(number: int) -> list[list[int]]:
    """Every way from an activity to the end."""
    return [[number, *way] for after in SUCCESSORS[number] for way in paths(after)] or [[number]]


def test_a_small_network_comes_out_in_the_stated_form(tmp_path: Path) -> None:
    found = schedule(tmp_path, [activity("a", 5, "b", "c"), activity("c", 2), activity("b", 4)])
    assert found["makespan"] == 9
    assert [list(line) for line in found["activities"]] == 3 * [
        [
            "id",
            "earliest_start",
            "earliest_finish",
            "latest_start",
            "latest_finish",
            "total_float",
            "critical",
        ]
    ]
    assert [list(line.values()) for line in found["activities"]] == [
        ["a", 0, 5, 0, 5, 0, True],
        ["c", 5, 7, 7, 9, 2, False],
        ["b", 5, 9, 5, 9, 0, True],
    ]


def test_a_network_of_the_published_kind_has_the_length_of_its_longest_path(tmp_path: Path) -> None:
    lengths = {tuple(way): sum(DURATIONS[number - 1] for number in way) for way in paths(1)}
    longest = max(lengths.values())
    found = schedule(tmp_path, PUBLISHED)
    assert found["makespan"] == longest == 38
    on_a_longest = {str(number) for way, length in lengths.items() if length == longest for number in way}
    assert {line["id"] for line in found["activities"] if line["critical"]} == on_a_longest
    for line in found["activities"]:
        through = max(length for way, length in lengths.items() if int(line["id"]) in way)
        assert line["total_float"] == longest - through


def test_the_order_of_the_file_changes_nothing_but_the_order_of_the_answer(tmp_path: Path) -> None:
    forward, backward = schedule(tmp_path, PUBLISHED), schedule(tmp_path, PUBLISHED[::-1])
    assert forward["makespan"] == backward["makespan"]
    assert forward["activities"] == backward["activities"][::-1]


def test_successors_may_be_left_out_and_named_twice(tmp_path: Path) -> None:
    found = schedule(tmp_path, [activity("a", 2, "b", "b"), {"id": "b", "duration": 0}])
    assert [line["critical"] for line in found["activities"]] == [True, True]


def test_it_runs_as_a_program_and_prints_only_json(tmp_path: Path) -> None:
    file = tmp_path / "network.json"
    file.write_text(json.dumps({"activities": PUBLISHED}), "utf-8")
    ran = subprocess.run(
        [sys.executable, "-m", "app", "schedule", "compute", str(file)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert json.loads(ran.stdout)["makespan"] == 38
    assert ran.stderr == ""


def of(*activities: Any) -> dict[str, Any]:
    return {"activities": list(activities)}


NO_SUCH, WHOLE, RANGE = "No such milestone", "Must be a whole number", "The value is out of range"
CIRCLE = "The milestones depend on each other in a circle"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (of(activity("1", 1, "9")), f'activity "1", successors: {NO_SUCH} (successor 9)'),
        (of(activity("1"), activity("1")), 'activity "1", id: The code occurs twice in the file'),
        (of(activity("mốc 1"), activity("2", -1)), f'activity "2", duration: {RANGE} (at least 0)'),
        (of(activity("[red]", -1)), f'activity "[red]", duration: {RANGE} (at least 0)'),
        (of(activity("mốc 2", 1_000_001)), f'activity "mốc 2", duration: {RANGE} (at most 1000000)'),
        (of(activity("1", 2.5)), f'activity "1", duration: {WHOLE}'),
        (of(activity("1", 2.0)), f'activity "1", duration: {WHOLE}'),
        (of(activity("1", "2")), f'activity "1", duration: {WHOLE}'),
        (of(activity("1", True)), f'activity "1", duration: {WHOLE}'),
        (of(activity("1", None)), f'activity "1", duration: {WHOLE}'),
        (of({"id": "1"}), 'activity "1", duration: A required field is missing'),
        (of({"duration": 1}), "activity number 1, id: A required field is missing"),
        (of(activity("1"), activity("", 1)), "activity number 2, id: The text is too short or too long (at least 1)"),
        (of(activity("1") | {"id": 7}), "activity number 1, id: Must be text"),
        (of(activity("1") | {"name": "x"}), 'activity "1", name: No such field'),
        (of(activity("1") | {"successors": "2"}), 'activity "1", successors: Must be a list'),
        (of(activity("1") | {"successors": [2]}), 'activity "1", successors: Must be text'),
        (of(activity("1"), 7), "activity number 2: What was sent does not fit"),
        (of(activity("1", 1, "1")), f'activity "1", successors: {CIRCLE} (cycle 1 → 1)'),
        (
            of(activity("a"), activity("c", 1, "d"), activity("d", 0, "b"), activity("b", 2, "c", "a")),
            f'activity "c", successors: {CIRCLE} (cycle c → d → b → c)',
        ),
        (of(), "activities: The list is too short or too long (at least 1)"),
        ({}, "activities: A required field is missing"),
        ({"activities": [activity("1")], "tasks": []}, "tasks: No such field"),
        ({"activities": {}}, "activities: Must be a list"),
        ([], "What was sent does not fit"),
        ("", "The file cannot be read (as JSON, line 1)"),
        ('{"activities":\n[{]}', "The file cannot be read (as JSON, line 2)"),
        ("[" * 200_000, "The file cannot be read (as JSON)"),
        (f'{{"activities": [{{"id": "1", "duration": {"9" * 5000}}}]}}', "The file cannot be read (as JSON)"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_one_sentence_and_nothing_is_printed(
    content: Any, said: str, tmp_path: Path
) -> None:
    result = computed(tmp_path, content)
    assert result.stderr == f"{tmp_path / 'network.json'}: {said}.\n"
    assert (result.exit_code, result.stdout) == (1, "")


def test_a_file_in_another_encoding_is_no_json(tmp_path: Path) -> None:
    file = tmp_path / "network.json"
    file.write_bytes(b'{"activities": [{"id": "m\xf4c", "duration": 1}]}')
    result = RUN.invoke(main, ["schedule", "compute", str(file)])
    assert (result.exit_code, result.stdout) == (1, "")
    assert "The file cannot be read (as JSON)." in result.stderr
