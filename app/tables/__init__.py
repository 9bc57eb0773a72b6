"""The tables: keys, uniqueness, not-null and nothing else. Shape is checked by `schemas`, rules by `domain`.

Import a table from its own file; importing this package knows them all, which migrations need.
"""

from app.tables import (
    base,
    documents,
    journal,
    ledger,
    milestones,
    obstacles,
    organisations,
    projects,
    reports,
    requests,
    targets,
    works,
)

__all__ = [
    "base",
    "documents",
    "journal",
    "ledger",
    "milestones",
    "obstacles",
    "organisations",
    "projects",
    "reports",
    "requests",
    "targets",
    "works",
]
