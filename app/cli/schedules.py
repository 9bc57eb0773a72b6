"""Commands on a schedule: the network of a file, computed."""

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from pydantic import ValidationError
from rich.markup import escape

from app.cli.console import stop
from app.deps.problems import sentence
from app.domain import activities
from app.domain.activities import Activity, Timing
from app.domain.errors import TrackerError
from app.domain.problems import Problem
from app.domain.words import Lang, Term
from app.schemas import refusals
from app.schemas.networks import LONGEST_ID, ActivityRead, NetworkIn, NetworkRead

schedule_commands = typer.Typer(help="Networks of activities.", no_args_is_help=True)
BOUNDS = {"ge": "at least", "le": "at most", "min_length": "at least", "max_length": "at most"}


@schedule_commands.command("compute")
def compute(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="JSON, days counted from 0.")],
) -> None:
    """Prints the makespan of a network and the earliest, latest and float of its activities, as JSON."""
    values = _values(file)
    try:
        stated = NetworkIn.model_validate(values)
        found = activities.timings([Activity(a.id, a.duration, a.successors) for a in stated.activities])
    except ValidationError as error:
        _refuse(file, *_misshapen(error, values))
    except TrackerError as error:
        details = dict(error.details)
        place = f"activity {_quoted(str(details.pop('activity')))}, {error.field}"
        _refuse(file, place, error.problem, details)
    read = NetworkRead(makespan=activities.makespan(found), activities=[_read(timing) for timing in found])
    sys.stdout.write(json.dumps(read.model_dump()) + "\n")


def _values(file: Path) -> Any:
    try:
        return json.loads(file.read_bytes())
    except json.JSONDecodeError as error:
        _refuse(file, "", Problem.FILE_NOT_READABLE, {"as": "JSON", "line": error.lineno})
    except (OSError, ValueError, RecursionError):
        _refuse(file, "", Problem.FILE_NOT_READABLE, {"as": "JSON"})


def _read(timing: Timing) -> ActivityRead:
    return ActivityRead(**asdict(timing), critical=timing.critical)


def _misshapen(error: ValidationError, values: Any) -> tuple[str, Term, Mapping[str, object]]:
    """The first thing of a wrong shape: where, what is wrong, and the bounds it should keep to."""
    first = error.errors()[0]
    limits = {BOUNDS[name]: limit for name, limit in (first.get("ctx") or {}).items() if name in BOUNDS}
    problem = refusals.problem(first["type"])
    # The file is JSON by now; what stands where an object should is something else.
    shown = Problem.SHAPE if problem == Problem.BODY_NOT_JSON else problem
    return _place(first["loc"], values), shown, limits


def _place(path: tuple[int | str, ...], values: Any) -> str:
    """A place in the file by the id of its activity, or by its number where that has none."""
    if len(path) < 2:
        return ".".join(str(part) for part in path)
    number, field = int(path[1]), ".".join(str(part) for part in path[2:3])
    activity = values["activities"][number]
    name = activity.get("id") if isinstance(activity, dict) else None
    said = f"activity {_quoted(name)}" if isinstance(name, str) and name else f"activity number {number + 1}"
    return f"{said}, {field}" if field else said


def _quoted(name: str) -> str:
    return json.dumps(name[:LONGEST_ID], ensure_ascii=False)


def _refuse(file: Path, place: str, problem: Term, details: Mapping[str, object]) -> NoReturn:
    said = [str(file), place, sentence(problem, Lang.EN, details)]
    stop(escape(": ".join(part for part in said if part)) + ".")
