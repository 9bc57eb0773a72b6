"""Commands that serve: the demo, the service, its chores, the number in the terminal, and the benchmark."""

import asyncio
import signal
import socket
import sys
import tempfile
from datetime import date, timedelta
from typing import Annotated

import typer
from rich.table import Table

from app import bench, main
from app import register as registers
from app import worker as chores
from app.cli.console import DAY, SYSTEM, Moment, database, out, stop
from app.cli.records import bring, new_key
from app.cli.users import new_user
from app.db import Database
from app.deps import Clock
from app.deps.signing import made_password
from app.domain.access import Role
from app.domain.calendar import end_of_day
from app.domain.quantity import mw, percent
from app.domain.reporting import Rhythm
from app.domain.vocabulary import By, Measure
from app.domain.words import Lang
from app.outside import oidc
from app.queries import breakdowns, capacity
from app.schemas.people import UserCreate
from app.settings import Settings

DEMO_DAY = date(2023, 2, 7)
DEMO_KEYS = (
    ("investor", "dien-gio-me-kong"),
    ("department", "so-cong-thuong-ben-tre"),
    ("evn_spc", "evn-spc"),
    ("district", "ubnd-huyen-binh-dai"),
)
PortOption = Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.", min=0, max=65535)]
LangOption = Annotated[Lang, typer.Option(help="vi or en.")]


def demo(
    port: PortOption = 8000,
    on: Annotated[
        Moment, typer.Option(formats=DAY, help="The day the clock starts on; default 2023-02-07.")
    ] = None,
) -> None:
    """A throw-away service with the real register, its clock on 07/02/2023, four ready keys, and a person to sign in as for each."""
    day = on.date() if on else DEMO_DAY
    # Told to end by another program, it takes its folder with it as it does for Ctrl-C.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with tempfile.TemporaryDirectory(prefix="tracker-demo-") as folder:
        settings = Settings(
            _env_file=None,
            database_url=f"sqlite:///{folder}/demo.db",
            demo=True,
            clock_on=day,
            log_level="warning",
        )
        clock = Clock(day)
        with database(settings) as db:
            db.upgrade()
            told = [_tell(db, Clock(weekly), day) for weekly in (_last_cutoff(day), day)]
            keys = [new_key(db, clock, code, Role(role), f"demo-{role}") for role, code in DEMO_KEYS]
            passwords = [_person(db, clock, code, Role(role)) for role, code in DEMO_KEYS]
        listening = _listen("127.0.0.1", port)
        out.print(f"http://127.0.0.1:{listening.getsockname()[1]}/")
        records, later, illustrative = told[0][0] + told[1][0], told[1][1], told[0][2] + told[1][2]
        out.print(
            f"{day:%d/%m/%Y}: {records} records, {later} later facts left out, {illustrative} illustrative ones added"
        )
        for (role, _), key in zip(DEMO_KEYS, keys, strict=True):
            out.print(f"{role} {key}")
        for (role, _), password in zip(DEMO_KEYS, passwords, strict=True):
            out.print(f"sign in as {_login(role)} {password}")
        main.serve(main.create_app(settings), listening)


def _login(role: str) -> str:
    return role.replace("_", "-")


def _person(db: Database, clock: Clock, organisation: str, role: Role) -> str:
    """Adds a person of a role, whose login is the role's name. Returns their password."""
    password = made_password()
    change = UserCreate(login=_login(role), organisation=organisation, role=role)
    new_user(db, clock, change, password)
    return password


def _last_cutoff(day: date) -> date:
    """The cut-off day of the last week that is closed at the beginning of a day."""
    rhythm = Rhythm()
    return rhythm.before(rhythm.period_of(end_of_day(day - timedelta(days=1)))).ends_on


def _tell(db: Database, clock: Clock, until: date) -> tuple[int, int, int]:
    """Brings the register and the story as far as they had come on the clock's day: how many records came or changed, how
    many facts are later, and how many illustrative records came or changed."""
    day = min(clock.today(), until)
    register, *story = (
        bring(db, file.read_text("utf-8"), file.name, clock, until=day)
        for file in (registers.BEN_TRE, *registers.DEMO)
    )
    return register.moved, register.left_out, sum(outcome.moved for outcome in story)


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1", port: PortOption = 8000
) -> None:
    """The service. Settings come from TRACKER_…; the database is brought to its newest migration first."""
    settings = Settings()
    try:
        settings.refuse_default_secret()
        settings.refuse_half_a_provider()
        if settings.oidc_issuer is not None:
            oidc.require_extra()
    except ValueError as error:
        stop(str(error))
    with database(settings) as db:
        db.upgrade()
    main.serve(main.create_app(settings), _listen(host, port))


def worker() -> None:
    """The chores alone, beside web processes that share the db."""
    asyncio.run(chores.alone(Settings()))


def status(
    as_of: Annotated[Moment, typer.Option(formats=DAY, help="Effective on or before this day.")] = None,
    lang: LangOption = Lang.VI,
) -> None:
    """The number, the ladder and the table, in the terminal."""
    settings = Settings()
    with database(settings) as db, db.reading() as session:
        day = as_of.date() if as_of else Clock(settings.clock_on).today()
        view = capacity.whole(session, SYSTEM, day)
        overview = capacity.overview(session, view, None)
        lines = breakdowns.page(session, view, By.PHASE, after=None, limit=1_000)
    _print_number(overview, lang)
    _print_ladder(overview, lang)
    _print_table(lines, lang)


def benchmark(
    phases: Annotated[int, typer.Option(help="Phases of the large register.", min=1)] = bench.LARGE,
    postgres: Annotated[
        str | None, typer.Option(help="A PostgreSQL server to measure on as well: its URL.")
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Only show that everything runs.")] = False,
) -> None:
    """Measures the service against a bare route of the same framework; ends with 1 where a floor is missed."""
    if not bench.run(phases=phases, postgres=postgres, quick=quick):
        raise typer.Exit(1)


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


def _listen(host: str, port: int) -> socket.socket:
    """Takes the port before anything else is said, so that a taken one is told in a sentence."""
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        stop(f"Cannot listen on {host}:{port} ({error.strerror}); choose another with --port.")
    listening.listen(2048)
    return listening


def _mw(kw: int) -> str:
    return f"{mw(kw):,}"
