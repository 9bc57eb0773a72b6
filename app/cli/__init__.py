"""`tracker`: the service, its database, its keys and its register from the command line."""

import typer

from app.cli import exchanges, records, schedules, service, users

main = typer.Typer(
    name="tracker",
    help="Wind-power commissioning tracker: how many MW count, against the target.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in (service.demo, service.serve, service.worker, service.status):
    main.command()(command)
main.command("bench")(service.benchmark)
main.add_typer(records.database_commands, name="db")
main.add_typer(records.key_commands, name="key")
main.add_typer(users.user_commands, name="user")
main.add_typer(records.register_commands, name="register")
main.add_typer(records.journal_commands, name="journal")
main.add_typer(schedules.schedule_commands, name="schedule")
main.add_typer(exchanges.sync_commands, name="sync")
main.add_typer(exchanges.simulate_commands, name="simulate")
