"""Commands on what is kept: the database, keys, the register, the journal."""

import sys
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from app.cli.console import DAY, SYSTEM, Moment, database, err, named, out, progress, stamp, stop
from app.db import Database
from app.deps import Clock
from app.deps.problems import sentence
from app.domain.access import Role
from app.domain.calendar import local_day
from app.domain.errors import TrackerError
from app.domain.words import Lang
from app.formats import register as files
from app.queries import journal, people
from app.queries import register as exported
from app.schemas.people import KeyCreate
from app.services import people as hiring
from app.services import register
from app.settings import Settings

database_commands = typer.Typer(help="The database.", no_args_is_help=True)
key_commands = typer.Typer(help="API keys.", no_args_is_help=True)
register_commands = typer.Typer(help="The register as a file.", no_args_is_help=True)
journal_commands = typer.Typer(help="The journal.", no_args_is_help=True)
FileArgument = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="YAML or JSON.")]


@database_commands.command("upgrade")
def upgrade() -> None:
    """Brings the database to the newest migration."""
    with database(Settings()) as db:
        db.upgrade()


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
    with database(settings) as db, named():
        key = new_key(
            db,
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
    with database(settings) as db, named(), db.changing(stamp(clock)) as session:
        hiring.revoke_key(session, SYSTEM, prefix, clock.now())


@key_commands.command("list")
def list_keys() -> None:
    """Every key: whose, until when, last used."""
    table = Table(box=None)
    for heading in ("prefix", "organisation", "role", "login", "expires", "revoked", "last used"):
        table.add_column(heading, no_wrap=True)
    with database(Settings()) as db, db.reading() as session:
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
        Moment, typer.Option(formats=DAY, help="Leave out entries of a later day, and count them.")
    ] = None,
) -> None:
    """Imports a register file: all of it or nothing, errors by line; a second import changes nothing and says so."""
    settings = Settings()
    with database(settings) as db:
        outcome = bring(
            db,
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
    with database(Settings()) as db, db.reading() as session, progress("export") as bar:
        text = files.write(exported.export(session, progress=bar))
    if file is None:
        sys.stdout.write(text)
    else:
        file.write_text(text, "utf-8")


@journal_commands.command("verify")
def verify_journal() -> None:
    """Recomputes the hash chain; names the first broken revision and ends with 1 where it does not hold."""
    with database(Settings()) as db, db.reading() as session, progress("verify") as bar:
        head = journal.head(session)
        verdict = journal.verify(session, progress=lambda number: bar(number, head))
    if verdict.broken_at is not None:
        stop(
            f"Broken at revision {verdict.broken_at} ({verdict.reason}); {verdict.revisions} before it hold."
        )
    out.print(
        f"{verdict.revisions} revisions, {verdict.facts} facts: the chain holds. Head {verdict.head_hash}"
    )


def bring(
    db: Database, text: str, name: str, clock: Clock, *, until: date | None, dry_run: bool = False
) -> register.Outcome:
    """An import by the command line; on errors every one of them with its line, and the end."""
    change = db.rehearsing if dry_run else db.changing
    try:
        with progress("import") as bar, change(stamp(clock)) as session:
            return register.import_file(session, SYSTEM, text, clock.today(), until=until, progress=bar)
    except TrackerError as error:
        found = error.details.get("lines")
        for line in found if isinstance(found, list) else []:
            err.print(
                f"{name}:{line.line or 1}: {line.path}: {sentence(line.problem, Lang.EN, line.details)}"
            )
        stop(error.problem.label(Lang.EN))


def new_key(
    db: Database,
    clock: Clock,
    organisation: str,
    role: Role,
    login: str,
    days: int = 365,
    label: str | None = None,
) -> str:
    change = KeyCreate(organisation=organisation, role=role, login=login, days=days, label=label)
    with db.changing(stamp(clock)) as session:
        return hiring.create_key(session, SYSTEM, change, clock.now())[0]


def _day(at: datetime | None) -> str:
    return "" if at is None else f"{local_day(at):%d/%m/%Y}"
