"""Data files that the package ships, read from the disk once a process; a file of the operator's own may replace one."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from app import register
from app.domain.exchanges import Mapping
from app.domain.templates import TemplateSet
from app.domain.workdays import WorkCalendar
from app.formats import calendar as calendars
from app.formats import evn_spc_mapping as mappings
from app.formats import templates as template_files


@lru_cache(maxsize=8)
def calendar(file: Path | None) -> WorkCalendar:
    """The working days: of `file`, which replaces the whole calendar, or of the one in the package where it is None.

    Kept for as long as the process runs, so a changed file counts from the next start. Raises OSError where there is
    no such file, UnicodeDecodeError where it is not UTF-8 and `formats.register.Unreadable`, with the line, where it
    is no calendar.
    """
    return calendars.read((file or register.CALENDAR).read_text("utf-8-sig"))


@lru_cache
def shapes(file: Path) -> Any:
    """A GeoJSON collection that the package ships, as it is."""
    return json.loads(file.read_text("utf-8"))


def templates(version: int | None = None) -> TemplateSet:
    """The milestone templates of a version, or of the newest where it is None. Raises KeyError for an unknown one."""
    return _templates(max(register.MILESTONE_TEMPLATES) if version is None else version)


@lru_cache
def _templates(version: int) -> TemplateSet:
    return template_files.read(register.MILESTONE_TEMPLATES[version].read_text("utf-8"))


@lru_cache(maxsize=8)
def evn_spc_mapping(file: Path | None) -> Mapping:
    """Which of our fields and words EVN SPC's are: of `file`, or of the one in the package where it is None. Raises as
    `calendar` does."""
    return mappings.read((file or register.EVN_SPC_MAPPING).read_text("utf-8-sig"))
