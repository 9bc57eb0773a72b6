"""`tracker sync evn-spc` pulls once, or shows what a pull would change; `tracker simulate evn-spc` is the service it pulls
from, made up for the demo and the tests."""

import socket
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.table import Table

from app import exchanging, simulator
from app.cli.console import database, named, out, stop
from app.deps import Clock
from app.deps.problems import sentence
from app.domain.exchange_problems import ExchangeProblem
from app.domain.exchange_reports import Report
from app.domain.quantity import mw
from app.domain.vocabulary import Fact, RunState, Stream, Trigger
from app.domain.words import Lang
from app.formats.register import Unreadable
from app.queries import exchange_reports
from app.queries import exchanges as found
from app.schemas import refusals
from app.settings import Settings
from app.simulator import Fault, Faults, Simulator, Upstream

sync_commands = typer.Typer(help="Pull from another system.", no_args_is_help=True)
simulate_commands = typer.Typer(help="Play another system, for the demo and for tests.", no_args_is_help=True)
LangOption = Annotated[Lang, typer.Option(help="vi or en.")]
# When the simulated service's clock starts: the evening before the demo's day.
STORY_AT = datetime(2023, 2, 6, 12, tzinfo=UTC)
MOST_SHOWN = 40


@sync_commands.command("evn-spc")
def sync_evn_spc(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change and keep nothing.")
    ] = False,
    lang: LangOption = Lang.VI,
) -> None:
    """Pulls once from TRACKER_EVN_SPC_URL and shows what became of it; ends with 1 where a stream could not be read."""
    settings = Settings()
    clock = Clock(settings.clock_on)
    try:
        with (
            database(settings) as db,
            named(),
            exchanging.opened(settings, db, clock) as line,
        ):
            if dry_run:
                is_good = _show_rehearsal(exchanging.rehearse(line), lang)
            else:
                run_id = exchanging.pull(line, Trigger.COMMAND)
                with db.reading() as session:
                    shown = found.runs(session, before=run_id + 1, limit=0)[0]
                    report = found.report(session, run_id)
                    is_good = _show_run(
                        shown, None if report is None else exchange_reports.stated(report), lang
                    )
                    _show_waiting([_waiting(row) for row in found.waiting(session)], lang)
    except (OSError, Unreadable) as error:
        stop(f"The mapping cannot be read: {error}")
    if not is_good:
        raise typer.Exit(1)


@simulate_commands.command("evn-spc")
def simulate_evn_spc(
    port: Annotated[
        int, typer.Option(help="Port to listen on; 0 takes a free one.", min=0, max=65535)
    ] = 8377,
    faults: Annotated[
        str, typer.Option(help=f"What goes wrong, with commas, or `all`: {', '.join(Fault)}.")
    ] = "",
    seed: Annotated[int, typer.Option(help="Draws the same faults again.")] = 0,
    token: Annotated[str | None, typer.Option(help="The bearer token that it asks for.")] = None,
) -> None:
    """EVN SPC's progress service with the demo's lines, made up; TRACKER_EVN_SPC_URL is where it listens."""
    known = [fault.value for fault in Fault]
    asked = known if faults == "all" else [name for name in faults.split(",") if name]
    if unknown := sorted(set(asked) - set(known)):
        stop(f"Unknown faults: {', '.join(unknown)}; there are {', '.join(known)}.")
    upstream = Upstream(STORY_AT)
    simulator.tell(upstream)
    listening = socket.create_server(("127.0.0.1", port))
    out.print(f"http://127.0.0.1:{listening.getsockname()[1]}")
    drawn = Faults([Fault(name) for name in asked], seed=seed, most=1_000_000)
    simulator.serve(Simulator(upstream, drawn, token, rows=50), listening)


def _show_run(line: found.RunLine, report: Report | None, lang: Lang) -> bool:
    table = Table(box=None)
    for heading in ("", "", "pages", "records", "applied", "unchanged", "older", "quarantined", ""):
        table.add_column(heading)
    for row in line.passes:
        counts = (row.pages, row.records, row.applied, row.unchanged, row.older, row.quarantined)
        said = "" if row.problem is None else sentence(ExchangeProblem(row.problem), lang, row.details or {})
        unknown = f" ? {', '.join(row.unknown)}" if row.unknown else ""
        table.add_row(row.stream.label(lang), row.state.label(lang), *map(str, counts), said + unknown)
    out.print(table)
    out.print(
        f"{line.run.state.label(lang)} · {line.run.released} released · {line.run.waiting} in quarantine"
    )
    if report is not None:
        _show_report(report, lang)
    return line.run.state == RunState.DONE


def _show_rehearsal(seen: exchanging.Rehearsal, lang: Lang) -> bool:
    for stream in Stream:
        tally = seen.tallies[stream]
        problem = seen.problems.get(stream)
        said = "" if problem is None else f" · {problem.label(lang)}"
        out.print(
            f"{stream.label(lang)}: {tally.records} records, {tally.applied} would be applied, "
            f"{tally.unchanged} unchanged, {tally.older} older, {tally.quarantined} refused{said}"
        )
    for fact in seen.facts[:MOST_SHOWN]:
        out.print(f"{Fact(str(fact['kind'])).label(lang)}: {fact['subject_code']} {fact['after'] or ''}")
    if len(seen.facts) > MOST_SHOWN:
        out.print(f"… {len(seen.facts) - MOST_SHOWN} more facts")
    _show_waiting(seen.waiting, lang)
    _show_report(seen.report, lang)
    return not seen.problems


def _waiting(row: Any) -> dict[str, object]:
    return {"stream": row.stream, "record": row.record_id, "problem": row.problem, "field": row.field}


def _show_waiting(rows: Iterable[dict[str, object]], lang: Lang) -> None:
    for at, row in enumerate(rows):
        if at < MOST_SHOWN:
            place = "" if row["field"] is None else f" ({row['field']})"
            out.print(
                f"{row['stream']} {row['record']}: {refusals.named(str(row['problem'])).label(lang)}{place}"
            )


def _show_report(report: Report, lang: Lang) -> None:
    table = Table(box=None)
    for heading in (f"{report.as_of:%d/%m/%Y}", "", "tracker", "EVN SPC", "≠"):
        table.add_column(heading)
    for row in report.stages:
        ours = "–" if row.ours_done is None else f"{row.ours_done}/{row.ours_total or '–'}"
        theirs = f"{row.theirs_done}/{row.theirs_total}"
        table.add_row(row.work, row.stage.label(lang), ours, theirs, str(row.differ or ""))
    out.print(table)
    for unit in report.units[:MOST_SHOWN]:
        ours = "–" if unit.ours is None else f"{unit.ours.label(lang)} {unit.ours_on or ''}".strip()
        out.print(
            f"{unit.work} {unit.kind.label(lang)} {unit.number} {unit.stage.label(lang)}: "
            f"{ours} ≠ {unit.theirs.label(lang)} {unit.theirs_on}"
        )
    for one in report.confirmations:
        size = "" if one.theirs_kw is None else f"{mw(one.theirs_kw)} MW "
        sign = "=" if one.agrees else "≠"
        out.print(
            f"{one.code} {one.stream.label(lang)}: {'–' if one.word is None else one.word.label(lang)} {sign} {size}{one.theirs_on} {one.letter}"
        )
