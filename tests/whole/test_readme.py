"""What the README shows is what is there: the two commands, the floors, the words."""

from pathlib import Path

from app.domain.vocabulary import Measure

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")


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
