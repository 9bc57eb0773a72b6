"""The shape of the code, held by reading it: who commits, what the domain touches, how long things are, what lies where."""

import ast
import re
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
APP = ROOT / "app"
SOURCES = sorted(APP.rglob("*.py"))
LONGEST_FILE, LONGEST_FUNCTION = 400, 40
Function = ast.FunctionDef | ast.AsyncFunctionDef


def short(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text("utf-8"))


def functions(node: ast.AST) -> Iterator[Function]:
    return (found for found in ast.walk(node) if isinstance(found, Function))


def names(node: ast.AST) -> set[str]:
    return {found.id for found in ast.walk(node) if isinstance(found, ast.Name)}


def test_only_db_commits_and_rolls_back() -> None:
    calls = {".commit(", ".rollback("}
    assert [short(f) for f in SOURCES if any(call in f.read_text("utf-8") for call in calls)] == ["app/db.py"]


# What would make a rule answer differently tomorrow, elsewhere, or the next time.
IMPURE = {
    "os",
    "time",
    "random",
    "secrets",
    "uuid",
    "socket",
    "subprocess",
    "pathlib",
    "sqlite3",
    "logging",
    "sys",
}
READINGS = {"today", "now", "utcnow", "time", "monotonic", "perf_counter", "getenv", "open", "print", "input"}


def imported(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or "."


def called(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        if isinstance(node, ast.Call):
            yield node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


@pytest.mark.parametrize("file", sorted((APP / "domain").glob("*.py")), ids=short)
def test_the_domain_reads_no_clock_no_environment_and_no_file(file: Path) -> None:
    module = tree(file)
    for name in imported(module):
        first = name.partition(".")[0]
        is_ours = f"{name}.".startswith("app.domain.")
        assert is_ours or first in sys.stdlib_module_names or first == "numpy", name
        assert first not in IMPURE, name
    assert not READINGS & set(called(module))


def test_every_file_of_the_app_has_at_most_400_lines() -> None:
    lengths = {short(file): len(file.read_text("utf-8").splitlines()) for file in SOURCES}
    assert {file: length for file, length in lengths.items() if length > LONGEST_FILE} == {}


def test_every_function_of_the_app_has_at_most_40_lines() -> None:
    long = [
        f"{short(file)}:{found.name}: {length}"
        for file in SOURCES
        for found in functions(tree(file))
        if (length := (found.end_lineno or 0) - found.lineno + 1) > LONGEST_FUNCTION
    ]
    assert long == []


DOORS = [f for floor in ("api", "pages") for f in sorted((APP / floor).glob("*.py"))]


def verb(function: Function) -> str | None:
    """The HTTP method a function is the route of."""
    for decorator in function.decorator_list:
        called = decorator.func if isinstance(decorator, ast.Call) else None
        if isinstance(called, ast.Attribute) and names(called.value) == {"router"}:
            return called.attr
    return None


def services(module: ast.Module) -> set[str]:
    """The names under which a module knows services."""
    return {
        alias.asname or alias.name
        for node in ast.walk(module)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("app.services")
        for alias in node.names
    }


def reached(module: ast.Module, start: Function) -> set[str]:
    """Every name that a function of a module uses, also through other functions of that module."""
    own = {found.name: found for found in module.body if isinstance(found, Function)}
    seen: set[str] = set()
    ahead = names(start)
    while ahead:
        name = ahead.pop()
        seen.add(name)
        if name in own:
            ahead |= names(own[name]) - seen
    return seen


@pytest.mark.parametrize("file", DOORS, ids=short)
def test_what_only_reads_calls_no_service(file: Path) -> None:
    module = tree(file)
    routes = [(found, verb(found)) for found in functions(module) if verb(found) is not None]
    if routes and all(method == "get" for _, method in routes):
        assert not services(module), "only GET routes here"
    for found, method in routes:
        if method == "get":
            assert not services(module) & reached(module, found), found.name


def test_the_doors_have_routes_that_this_file_can_see() -> None:
    methods = {verb(found) for file in DOORS for found in functions(tree(file))}
    assert {"get", "post", "put", "patch", "delete"} <= methods


# Rows of projects are found in `queries/projects.py`, where `visible` says whose, and cut into public lines in
# `queries/breakdowns.py`. Whoever else asks for them has a reason that stands here.
PROJECT_ROWS = {
    "app/queries/agenda.py:_goals": "the goals of the organisation's own phases, of those it sees",
    "app/queries/agenda.py:_own_projects": "which projects are the organisation's own, beside which it sees",
    "app/queries/capacity.py:_codes": "which projects stand out of the totals; their figures are public",
    "app/queries/evacuation.py:entries": "the codes beside the phases that enter a group, which are public",
    "app/queries/land.py:_places": "a plant's code beside land that `visible` lets through, or that the public counts",
    "app/queries/overview.py:_owners": "names beside public lines that `breakdowns` has cut",
    "app/queries/own_work.py:holders": "the organisation's own projects, on whose subjects it reports",
    "app/queries/subjects.py:_works": "the organisation's own projects, whose phases need a work",
    "app/queries/subjects.py:of": "beside a row at hand; `one` asks `sees` before it gives a holder away",
    "app/queries/workbook_projects.py:projects": "the projects that the actor keeps: its own, or all for who keeps those of others",
    "app/queries/workbook_projects.py:phases": "the codes beside the phases of those",
    "app/queries/workbook_projects.py:tranches": "those whose tranches it keeps",
    "app/queries/workbook_projects.py:_since": "those whose turbines it keeps",
    "app/queries/works.py:_NEEDS": "beside a phase that is seen, or where `visible`; all of them for the export",
    "app/queries/works.py:_PACKAGES": "beside a clearance that `subjects.visible` lets through",
    "app/services/projects.py:create": "whether a code is taken, whosever it is",
}


def asks_for_projects(node: ast.AST) -> bool:
    for call in (found for found in ast.walk(node) if isinstance(found, ast.Call)):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if name in ("select", "select_from", "get") and any("Project" in names(given) for given in call.args):
            return True
    return False


def titled(node: ast.stmt) -> str:
    """A statement of a module by the name it makes."""
    if isinstance(node, ast.Assign | ast.AnnAssign):
        return ast.unparse(node.targets[0] if isinstance(node, ast.Assign) else node.target)
    return getattr(node, "name", "")


def test_rows_of_projects_are_asked_for_where_their_visibility_is_known() -> None:
    at_home = {"app/queries/projects.py", "app/queries/breakdowns.py"}
    found = {
        f"{short(file)}:{titled(node)}"
        for file in SOURCES
        if short(file) not in at_home and not short(file).startswith("app/bench/")
        for node in tree(file).body
        if asks_for_projects(node)
    }
    assert found == set(PROJECT_ROWS)


# Fixed by the person who ordered the service; beside it only what tools need.
TOP = {"app", "migrations", "tests", "alembic.ini", "pyproject.toml", "Dockerfile", "README.md"}
TOOLS = {"compose.yaml", "requirements.lock"}


def ignored(path: Path) -> bool:
    """Whether git leaves it out, by the plain patterns of .gitignore."""
    patterns = (line.strip("/") for line in (ROOT / ".gitignore").read_text("utf-8").split())
    return any(fnmatch(path.name, pattern) for pattern in patterns)


def kept(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name == ".git" or ignored(path):
            continue
        yield path
        if path.is_dir():
            yield from kept(path)


def test_the_top_level_is_the_one_that_was_ordered() -> None:
    there = {path.name for path in ROOT.iterdir() if not path.name.startswith(".") and not ignored(path)}
    assert there - TOOLS == TOP


# Put together here, so that this file does not name them either.
PRIVATE = re.compile(
    "|".join(["/" + r"work\b", "/" + r"root\b", "py" + "pi", "python" + "hosted", "index" + "[-_]url"]), re.I
)


def test_no_file_names_a_package_index_or_a_path_of_the_machine_it_was_written_on() -> None:
    named = []
    for file in kept(ROOT):
        if file.is_file():
            text = file.read_bytes().decode("utf-8", "replace")
            named += [f"{short(file)}: {found[0]}" for found in PRIVATE.finditer(text)]
    assert named == []
