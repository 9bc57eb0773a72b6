"""`tracker`: the service, its database, its keys and its register from the command line."""

import asyncio
import contextlib
import secrets
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, NoReturn

import typer
import uvicorn
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from app import register as registers
from app import worker as chores
from app.db import Database, Stamp
from app.deps import Clock
from app.deps.problems import sentence
from app.domain.access import Actor, Role
from app.domain.calendar import local_day
from app.domain.errors import TrackerError
from app.domain.quantity import mw, percent
from app.domain.vocabulary import By, Measure
from app.domain.words import Lang
from app.formats import register as files
from app.main import create_app
from app.queries import breakdowns, capacity, journal, people
from app.queries import register as exported
from app.schemas.people import KeyCreate
from app.services import journal as journaling
from app.services import people as hiring
from app.services import register
from app.settings import Settings

main = typer.Typer(
    name="tracker",
    help="Wind-power commissioning tracker: how many MW count, against the target.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
database_commands = typer.Typer(help="The database.", no_args_is_help=True)
key_commands = typer.Typer(help="API keys.", no_args_is_help=True)
register_commands = typer.Typer(help="The register as a file.", no_args_is_help=True)
journal_commands = typer.Typer(help="The journal.", no_args_is_help=True)
main.add_typer(database_commands, name="db")
main.add_typer(key_commands, name="key")
main.add_typer(register_commands, name="register")
main.add_typer(journal_commands, name="journal")

# A pipe or a file has no width of its own; a table must not lose columns to eighty characters.
out = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else 200)
err = Console(stderr=True, highlight=False, soft_wrap=True)
# The command line acts as itself: a named system actor, never as one of the two keys of a COD.
SYSTEM = Actor(Role.SYSTEM, user="command-line")
DEMO_DAY = date(2023, 2, 7)
DEMO_KEYS = (
    ("investor", "dien-gio-me-kong"),
    ("department", "so-cong-thuong-ben-tre"),
    ("evn_spc", "evn-spc"),
)
PortOption = Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.", min=0, max=65535)]
LangOption = Annotated[Lang, typer.Option(help="vi or en.")]
Moment = datetime | None
FileArgument = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="YAML or JSON.")]


@main.command()
def demo(
    port: PortOption = 8000,
    on: Annotated[
        Moment, typer.Option(formats=["%Y-%m-%d"], help="The day the clock starts on; default 2023-02-07.")
    ] = None,
) -> None:
    """A throw-away service with the real register, its clock on 07/02/2023, and three ready keys."""
    day = on.date() if on else DEMO_DAY
    with tempfile.TemporaryDirectory(prefix="tracker-demo-") as folder:
        settings = Settings(
            _env_file=None,
            database_url=f"sqlite:///{folder}/demo.db",
            demo=True,
            clock_on=day,
            log_level="warning",
        )
        clock = Clock(day)
        with _database(settings) as database:
            database.upgrade()
            outcome = _import(
                database, registers.BEN_TRE.read_text("utf-8"), "ben_tre.yaml", clock, until=day
            )
            keys = [_new_key(database, clock, code, Role(role), f"demo-{role}") for role, code in DEMO_KEYS]
        listening = _listen("127.0.0.1", port)
        out.print(f"http://127.0.0.1:{listening.getsockname()[1]}/")
        out.print(
            f"{day:%d/%m/%Y}: {sum(outcome.created.values())} records, {outcome.left_out} later facts left out"
        )
        for (role, _), key in zip(DEMO_KEYS, keys, strict=True):
            out.print(f"{role} {key}")
        _serve(settings, listening)


@main.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1", port: PortOption = 8000
) -> None:
    """The service. Settings come from TRACKER_…; the database is brought to its newest migration first."""
    settings = Settings()
    try:
        settings.refuse_default_secret()
    except ValueError as error:
        _stop(str(error))
    with _database(settings) as database:
        database.upgrade()
    _serve(settings, _listen(host, port))


@main.command()
def worker() -> None:
    """The chores alone, beside web processes that share the database."""
    asyncio.run(chores.alone(Settings()))


@main.command()
def status(
    as_of: Annotated[
        Moment, typer.Option(formats=["%Y-%m-%d"], help="Effective on or before this day.")
    ] = None,
    lang: LangOption = Lang.VI,
) -> None:
    """The number, the ladder and the table, in the terminal."""
    settings = Settings()
    with _database(settings) as database, database.reading() as session:
        day = as_of.date() if as_of else Clock(settings.clock_on).today()
        view = capacity.whole(session, SYSTEM, day)
        overview = capacity.overview(session, view, None)
        lines = breakdowns.page(session, view, By.PHASE, after=None, limit=1_000)
    _print_number(overview, lang)
    _print_ladder(overview, lang)
    _print_table(lines, lang)


def _print_number(overview: capacity.Overview, lang: Lang) -> None:
    operating, progress = _mw(overview.figures.operating_kw), overview.progress
    out.print(f"[bold]{operating} MW[/bold] {Measure.OPERATING.label(lang)} · {overview.view.as_of:%d/%m/%Y}")
    if progress is not None:
        share = percent(progress.operating_kw, progress.target.kw)
        out.print(
            f"{progress.target.code}: {_mw(progress.target.kw)} MW · {progress.target.due_on:%d/%m/%Y} · "
            f"{share} % · −{_mw(progress.gap_kw)} MW"
        )


def _print_ladder(overview: capacity.Overview, lang: Lang) -> None:
    table = Table(box=None, show_header=False)
    table.add_column()
    table.add_column(justify="right")
    for measure in Measure:
        kw = overview.figures.rung_kw(measure)
        table.add_row(measure.label(lang), "–" if kw is None else f"{_mw(kw)} MW")
    out.print(table)


def _print_table(lines: list[breakdowns.Line], lang: Lang) -> None:
    table = Table(box=None)
    table.add_column(By.PHASE.label(lang))
    for heading in ("Nominal", Measure.INSTALLED.label(lang), "COD"):
        table.add_column(heading, justify="right")
    for line in lines:
        installed = line.figures.rung_kw(Measure.INSTALLED)
        cells = (line.nominal_kw, installed, line.figures.operating_kw)
        table.add_row(str(line.name), *("–" if kw is None else _mw(kw) for kw in cells))
    out.print(table)


@database_commands.command("upgrade")
def upgrade() -> None:
    """Brings the database to the newest migration."""
    with _database(Settings()) as database:
        database.upgrade()


@key_commands.command("create")
def create_key(
    organisation: Annotated[str, typer.Argument(help="Code of the organisation.")],
    role: Annotated[Role, typer.Argument(help="investor, department, evn_spc, district or admin.")],
    login: Annotated[
        str, typer.Option(help="User the key is for; made if new. Default: ORGANISATION.ROLE.")
    ] = "",
    days: Annotated[int, typer.Option(help="Days until it expires.", min=1, max=1_100)] = 365,
    label: Annotated[str | None, typer.Option(help="What it is for.")] = None,
) -> None:
    """Makes an API key and prints it, this once."""
    settings = Settings()
    with _database(settings) as database, _named():
        key = _new_key(
            database,
            Clock(settings.clock_on),
            organisation,
            role,
            login or f"{organisation}.{role}",
            days,
            label,
        )
    out.print(key)


@key_commands.command("revoke")
def revoke_key(
    prefix: Annotated[str, typer.Argument(help="The key's beginning, as `key list` shows it.")],
) -> None:
    """Makes a key useless at once."""
    settings = Settings()
    clock = Clock(settings.clock_on)
    with _database(settings) as database, _named(), database.changing(_stamp(clock)) as session:
        hiring.revoke_key(session, SYSTEM, prefix, clock.now())


@key_commands.command("list")
def list_keys() -> None:
    """Every key: whose, until when, last used."""
    table = Table(box=None)
    for heading in ("prefix", "organisation", "role", "login", "expires", "revoked", "last used"):
        table.add_column(heading, no_wrap=True)
    with _database(Settings()) as database, database.reading() as session:
        for line in people.keys(session):
            table.add_row(
                line.key.prefix,
                line.organisation.code,
                line.user.role,
                line.user.login,
                _day(line.key.expires_at),
                _day(line.key.revoked_at),
                _day(line.last_used_at),
            )
    out.print(table)


@register_commands.command("import")
def import_register(
    file: FileArgument,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would happen and keep nothing.")
    ] = False,
    until: Annotated[
        Moment, typer.Option(formats=["%Y-%m-%d"], help="Leave out entries of a later day, and count them.")
    ] = None,
) -> None:
    """Imports a register file: all of it or nothing, errors by line; a second import changes nothing and says so."""
    settings = Settings()
    with _database(settings) as database:
        outcome = _import(
            database,
            file.read_text("utf-8-sig"),
            str(file),
            Clock(settings.clock_on),
            until=until.date() if until else None,
            dry_run=dry_run,
        )
    kinds = [*dict.fromkeys([*outcome.created, *outcome.changed, *outcome.unchanged])]
    for kind in kinds:
        said = (outcome.created[kind], outcome.changed[kind], outcome.unchanged[kind])
        out.print("{}: {} created, {} changed, {} unchanged".format(kind, *said))
    if outcome.left_out:
        out.print(f"{outcome.left_out} later facts left out")
    if dry_run:
        out.print("Dry run: nothing was kept.")
    elif outcome.changes_nothing:
        out.print("Nothing changed: the register holds all of this already.")


@register_commands.command("export")
def export_register(
    file: Annotated[
        Path | None, typer.Argument(dir_okay=False, help="Where to; default standard output.")
    ] = None,
) -> None:
    """Writes the register as a file that `register import` reads."""
    with _database(Settings()) as database, database.reading() as session, _progress("export") as progress:
        text = files.write(exported.export(session, progress=progress))
    if file is None:
        sys.stdout.write(text)
    else:
        file.write_text(text, "utf-8")


@journal_commands.command("verify")
def verify_journal() -> None:
    """Recomputes the hash chain; names the first broken revision and ends with 1 where it does not hold."""
    with _database(Settings()) as database, database.reading() as session, _progress("verify") as progress:
        head = journal.head(session)
        verdict = journal.verify(session, progress=lambda number: progress(number, head))
    if verdict.broken_at is not None:
        _stop(
            f"Broken at revision {verdict.broken_at} ({verdict.reason}); {verdict.revisions} before it hold."
        )
    out.print(
        f"{verdict.revisions} revisions, {verdict.facts} facts: the chain holds. Head {verdict.head_hash}"
    )


def _import(
    database: Database, text: str, name: str, clock: Clock, *, until: date | None, dry_run: bool = False
) -> register.Outcome:
    """An import by the command line; on errors every one of them with its line, and the end."""
    change = database.rehearsing if dry_run else database.changing
    try:
        with _progress("import") as progress, change(_stamp(clock)) as session:
            return register.import_file(session, SYSTEM, text, clock.today(), until=until, progress=progress)
    except TrackerError as error:
        found = error.details.get("lines")
        for line in found if isinstance(found, list) else []:
            err.print(
                f"{name}:{line.line or 1}: {line.path}: {sentence(line.problem, Lang.EN, line.details)}"
            )
        _stop(error.problem.label(Lang.EN))


def _new_key(
    database: Database,
    clock: Clock,
    organisation: str,
    role: Role,
    login: str,
    days: int = 365,
    label: str | None = None,
) -> str:
    change = KeyCreate(organisation=organisation, role=role, login=login, days=days, label=label)
    with database.changing(_stamp(clock)) as session:
        return hiring.create_key(session, SYSTEM, change, clock.now())[0]


def _serve(settings: Settings, listening: socket.socket) -> None:
    config = uvicorn.Config(
        create_app(settings), access_log=False, log_level="warning", server_header=False, date_header=True
    )
    uvicorn.Server(config).run(sockets=[listening])


def _listen(host: str, port: int) -> socket.socket:
    """Takes the port before anything else is said, so that a taken one is told in a sentence."""
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        _stop(f"Cannot listen on {host}:{port} ({error.strerror}); choose another with --port.")
    return listening


@contextlib.contextmanager
def _database(settings: Settings) -> Iterator[Database]:
    database = Database(settings, seal=journaling.seal)
    try:
        yield database
    finally:
        database.close()


@contextlib.contextmanager
def _named() -> Iterator[None]:
    """A refusal as a sentence instead of a traceback."""
    try:
        yield
    except TrackerError as error:
        _stop(f"{error.problem.label(Lang.EN)} {dict(error.details) or ''}".strip())


@contextlib.contextmanager
def _progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error while something long runs; nothing where nobody watches."""
    bar = Progress(
        TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=err, transient=True,
        disable=not err.is_terminal,
    )  # fmt: skip
    with bar:
        task = bar.add_task(what, total=None)
        yield lambda done, whole: bar.update(task, completed=done, total=whole)


def _stamp(clock: Clock) -> Stamp:
    return Stamp(clock.now(), f"cli-{secrets.token_hex(6)}")


def _mw(kw: int) -> str:
    return f"{mw(kw):,}"


def _day(at: datetime | None) -> str:
    return "" if at is None else f"{local_day(at):%d/%m/%Y}"


def _stop(said: str) -> NoReturn:
    err.print(said)
    raise typer.Exit(1)
