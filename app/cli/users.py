"""Commands about the people who sign in with a browser."""

import sys
from typing import Annotated

import typer

from app.cli.console import SYSTEM, database, named, out, stamp, stop
from app.db import Database
from app.deps import Clock
from app.deps.signing import hashed, made_password
from app.domain import signing
from app.domain.access import Role
from app.schemas.people import UserChange, UserCreate
from app.services import identities, people
from app.settings import Settings

user_commands = typer.Typer(help="People who sign in with a browser.", no_args_is_help=True)


def _login(given: str) -> str:
    if signing.normal_login(given) != given:
        raise typer.BadParameter("lower-case letters, digits, dots, hyphens and underscores, up to 60")
    return given


Login = Annotated[str, typer.Argument(help="Lower-case letters, digits, dots and hyphens.", callback=_login)]
FromInput = Annotated[
    bool,
    typer.Option("--password-stdin", help="Read the password from standard input instead of making one."),
]


@user_commands.command("create")
def create_user(
    login: Login,
    organisation: Annotated[str, typer.Argument(help="Code of the organisation.")],
    role: Annotated[Role, typer.Argument(help="Role of the user.")],
    name: Annotated[str | None, typer.Option(help="Name as it is shown.")] = None,
    password_stdin: FromInput = False,
) -> None:
    """Adds a user and prints a password, this once."""
    settings = Settings()
    with database(settings) as db, named():
        password = _password(login, password_stdin)
        new_user(
            db,
            Clock(settings.clock_on),
            UserCreate(login=login, organisation=organisation, role=role, name=name),
            password,
        )
    if not password_stdin:
        out.print(f"{login} {password}")


@user_commands.command("password")
def set_password(login: Login, password_stdin: FromInput = False) -> None:
    """Gives a user a new password, prints it, and signs every browser of theirs out."""
    settings = Settings()
    clock = Clock(settings.clock_on)
    with database(settings) as db, named():
        password = _password(login, password_stdin)
        kept = hashed(password)
        with db.changing(stamp(clock)) as session:
            people.set_password(session, SYSTEM, login, kept, clock.now())
    if not password_stdin:
        out.print(f"{login} {password}")


@user_commands.command("close")
def close_user(login: Login) -> None:
    """Switches a user off: signed out everywhere, no key of theirs is good any more."""
    settings = Settings()
    clock = Clock(settings.clock_on)
    with database(settings) as db, named(), db.changing(stamp(clock)) as session:
        people.change_user(session, SYSTEM, login, UserChange(is_active=False), clock.now())


Linked = Annotated[str, typer.Argument(help="Who that is there: the `sub` of its ID token.")]


@user_commands.command("link")
def link_user(login: Login, subject: Linked) -> None:
    """Lets a user sign in through the service set in TRACKER_OIDC_ISSUER, as SUBJECT of it."""
    settings = Settings()
    clock = Clock(settings.clock_on)
    with database(settings) as db, named(), db.changing(stamp(clock)) as session:
        identities.link(session, SYSTEM, login, _issuer(settings), subject, clock.now())


@user_commands.command("unlink")
def unlink_user(login: Login) -> None:
    """Takes that back, and signs every browser of theirs out."""
    settings = Settings()
    clock = Clock(settings.clock_on)
    with database(settings) as db, named(), db.changing(stamp(clock)) as session:
        identities.unlink(session, SYSTEM, login, _issuer(settings), clock.now())


def _issuer(settings: Settings) -> str:
    if settings.oidc_issuer is None:
        stop("TRACKER_OIDC_ISSUER is not set")
    return settings.oidc_issuer


def new_user(db: Database, clock: Clock, change: UserCreate, password: str) -> None:
    """Adds a user who signs in with a password."""
    kept = hashed(password)
    with db.changing(stamp(clock)) as session:
        people.create_user(session, SYSTEM, change, kept)


def _password(login: str, from_input: bool) -> str:
    password = sys.stdin.readline().rstrip("\n") if from_input else made_password()
    signing.check_password(password, login)
    return password
