"""The one table: every figure with its floor and the verdict."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.table import Table

from app.bench.figures import Figure

JUDGED = frozenset({"SQLite", "schedule"})


class Report:
    """Collects figures by section, says meanwhile what is being measured, and shows them all in the end."""

    def __init__(self) -> None:
        self._sections: list[tuple[str, str, list[Figure]]] = []

    @contextmanager
    def section(self, subject: str, size: int, of: str = "phases") -> Iterator[list[Figure]]:
        """A list for the figures of one register on an engine, or of another subject of some size."""
        figures: list[Figure] = []
        self._sections.append((subject, f"{size:,} {of}", figures))
        with Console(stderr=True).status(f"{subject}, {size:,} {of}: this takes a minute"):
            yield figures

    @property
    def is_enough(self) -> bool:
        """Whether every floor is reached that does not hang on a server; other engines are shown beside."""
        return all(
            f.is_enough for subject, _, figures in self._sections if subject in JUDGED for f in figures
        )

    def show(self) -> None:
        table = Table("", "", "measured", "floor", "", "beside", title="Ratios are to a bare FastAPI route.")
        for column in table.columns[2:4]:
            column.justify = "right"
        for subject, size, figures in self._sections:
            table.add_section()
            for figure in figures:
                table.add_row(
                    f"{subject}, {size}", figure.name, *_said(figure, subject in JUDGED), figure.beside
                )
        Console(highlight=False, width=None).print(table)


def _said(figure: Figure, is_judged: bool) -> tuple[str, str, str]:
    """Value, floor and verdict."""
    floor = ""
    if figure.at_least is not None:
        floor = f"≥ {figure.at_least:g}"
    if figure.at_most is not None:
        floor = f"≤ {figure.at_most:g}"
    value = f"{figure.value:.1f} {figure.unit}" if figure.unit else f"{figure.value:.3f}"
    if not floor or not is_judged:
        return value, floor, ""
    return value, floor, "[green]kept[/green]" if figure.is_enough else "[bold red]missed[/bold red]"
