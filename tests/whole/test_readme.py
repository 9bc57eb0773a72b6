"""What the README shows is what is there: the two commands, the walk-throughs with their answers, the floors, the words."""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.domain.vocabulary import Measure

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
Answers = dict[str, list[httpx.Response]]


@pytest.fixture(scope="module")
def answers() -> Iterator[Answers]:
    """What the demo answers to every command of the walk-throughs, in their order, by method and path."""
    command = [sys.executable, "-m", "app", "demo", "--port", "0"]
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
    with subprocess.Popen(command, **pipes) as demo:
        assert demo.stdout is not None
        (address,), _, *keys = [demo.stdout.readline().split() for _ in range(6)]
        try:
            exported = dict(re.findall(r"([A-Z_]+)=(\S+)", README.split("## Walk-throughs")[0]))
            exported |= {role.upper(): key for role, key in keys} | {"TRACKER": f"{address}api/v1"}
            found: Answers = {}
            with httpx.Client(transport=httpx.HTTPTransport(retries=20), timeout=30) as client:
                for request in requests(exported):
                    name = f"{request.method} {request.url.path.removeprefix('/api/v1')}"
                    found.setdefault(name, []).append(client.send(request))
            yield found
        finally:
            demo.terminate()


def requests(exported: dict[str, str]) -> Iterator[httpx.Request]:
    """The `curl` commands of the walk-throughs as requests."""
    shown = README.split("## Walk-throughs")[1].split("## Serve it")[0]
    for block in re.findall(r"```\n(.*?)```", shown, re.DOTALL):
        known = re.sub(r"\$([A-Z_]+)", lambda name: exported[name[1]], block)
        words = shlex.split(known.replace("\\\n", " ").replace(" && ", "\n"))
        for is_curl, said in groupby(words, key=lambda word: word == "curl"):
            if not is_curl:
                yield request(list(said))


def request(words: list[str]) -> httpx.Request:
    """One command: an address and options, each with its value."""
    url, method, body = "", None, None
    headers: dict[str, str] = {}
    rest = iter(words)
    for word in rest:
        if not word.startswith("-"):
            url = word
            continue
        value = next(rest)
        method = value if word == "-X" else method
        body = value if word == "-d" else body
        headers |= {value.split(": ")[0]: value.split(": ")[1]} if word == "-H" else {}
    return httpx.Request(method or ("POST" if body else "GET"), url, headers=headers, content=body)


def test_every_command_of_the_walk_throughs_is_answered(answers: Answers) -> None:
    failed = [answer for each in answers.values() for answer in each if not answer.is_success]
    # The last command shows what a refusal looks like.
    assert [answer.status_code for answer in failed] == [422], [answer.text for answer in failed]


def test_the_numbers_of_the_walk_throughs_are_what_comes_out(answers: Answers) -> None:
    operating = [answer.json()["operating_mw"] for answer in answers["GET /capacity"]]
    assert operating == [93.05, 97.25, 95.25]
    public = answers["GET /land/counts"][0].json()["total"]
    assert (public["cases"], public["progress"]["handed_over"]) == (765, 90)
    line = "/grid-works/line-phu-thuan-binh-dai"
    kept, refused = answers[f"PUT {line}/units"][0].json()["rows"]
    assert (kept["outcome"], refused["problem"]) == ("changed", "handover_by_households")
    assert refused["details"]["households"] == ["T001"]
    done = {stage["stage"]: stage["done"] for stage in answers[f"GET {line}/progress"][0].json()["stages"]}
    assert (done["site"], done["foundation"]) == (33, 1)
    assert answers["GET /land-table"][0].json()["items"][0]["towers"]["handed_over"] == 34
    assert len(answers["GET /commitments"][0].json()["items"]) == 2
    evacuation = answers["GET /evacuation"][0].json()
    assert (evacuation["supply_mw"], evacuation["usable_mw"]) == (367.4, 149)
    confirmed = answers["GET /changes"][0].json()["items"]
    assert [fact["code"] for fact in confirmed] == ["binh-dai.2"]
    features = answers["GET /features/collections/phases/items"][0].json()["features"]
    assert len(features) == 3
    assert answers["GET /workbooks/own.xlsx"][0].content.startswith(b"PK")


def test_the_two_commands_stand_there_as_they_must() -> None:
    start = "python3 -m venv .venv && .venv/bin/pip install -q -c requirements.lock -e "
    assert f"{start}.         && .venv/bin/tracker demo\n" in README
    assert f"{start}'.[test]' && .venv/bin/pytest\n" in README


def test_the_tree_names_every_folder_and_file_of_the_app() -> None:
    tree = README.split("## The floors")[1].split("```")[1]
    app = ROOT / "app"
    for entry in app.iterdir():
        if entry.name.startswith(("__", "py.typed")):
            continue
        shown = f"{entry.name}/" if entry.is_dir() else entry.name
        assert shown in tree, f"the README does not show app/{shown}"


def test_the_ladder_in_the_readme_is_the_vocabulary() -> None:
    for measure in Measure:
        assert f"| {measure.value} | {measure.vi} | {measure.en} |" in README


def test_every_floor_says_what_it_is_for() -> None:
    for floor in ("domain", "tables", "schemas", "formats", "queries", "services", "deps", "api", "pages"):
        assert (ROOT / "app" / floor / "__init__.py").read_text("utf-8").startswith('"""'), floor
