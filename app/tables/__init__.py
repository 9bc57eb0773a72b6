"""The tables: keys, uniqueness, not-null and nothing else. Shape is checked by `schemas`, rules by `domain`.

Import a table from its own file; importing this package knows them all, which migrations need.
"""

from app.tables import (
    base,
    commitments,
    documents,
    evacuation,
    exchanges,
    households,
    identities,
    journal,
    ledger,
    milestones,
    obstacles,
    organisations,
    projects,
    reports,
    requests,
    sessions,
    targets,
    units,
    webhooks,
    workbooks,
    works,
)

__all__ = [
    "base",
    "commitments",
    "documents",
    "evacuation",
    "exchanges",
    "households",
    "identities",
    "journal",
    "ledger",
    "milestones",
    "obstacles",
    "organisations",
    "projects",
    "reports",
    "requests",
    "sessions",
    "targets",
    "units",
    "webhooks",
    "workbooks",
    "works",
]
