"""A run of long work beside the requests: how far it is, and whether it is still wanted."""

import asyncio
from dataclasses import dataclass

from app.domain.errors import Conflict, TrackerError
from app.domain.vocabulary import UploadStep
from app.domain.workbook_problems import WorkbookProblem


@dataclass(slots=True)
class Run:
    """One run: what it does just now, how many of its rows are done, and whether it is still wanted."""

    name: str
    upload_id: int
    step: UploadStep = UploadStep.READING
    done: int = 0
    total: int = 0
    is_wanted: bool = True
    error: TrackerError | None = None
    task: "asyncio.Task[None] | None" = None

    def at(self, step: UploadStep, total: int) -> None:
        """Begins a step of so many rows."""
        self.tick(0)
        self.step, self.done, self.total = step, 0, total

    def tick(self, rows: int) -> None:
        """Hears that so many more rows are done. Raises Conflict where the run is no longer wanted."""
        if not self.is_wanted:
            raise Conflict(WorkbookProblem.CANCELLED)
        self.done += rows
