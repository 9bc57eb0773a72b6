"""How long the evidence of a milestone is good for, today and as it was known before documents changed."""

from datetime import date
from typing import Any

from app.queries import documents, journal
from app.schemas.documents import DocumentChange, DocumentCreate
from app.services import documents as service
from tests import factories
from tests.api.test_documents import milestone
from tests.factories import TODAY, World


def add(world: World, number: str, milestone: str | None, valid_until: str | None, **more: Any) -> int:
    body = {
        **{"subject": "phase", "subject_code": "alpha-1", "kind": "licence", "issuer": "Bộ Công Thương"},
        **{"number": number, "issued_on": "2020-01-01", "milestone": milestone, "valid_until": valid_until},
    }
    with world.database.changing(factories.stamp()) as session:
        row = service.add(session, world.department, DocumentCreate.model_validate(body | more), TODAY)
        assert row.id is not None
        return row.id


def change(world: World, document: int, **fields: Any) -> None:
    with world.database.changing(factories.stamp()) as session:
        body = DocumentChange.model_validate(fields)
        service.change(session, world.department, document, body, None, TODAY)


def known(world: World, ids: list[int] | None = None, revision: int | None = None) -> dict[int, date]:
    with world.database.reading() as session:
        return documents.validity(session, ids, revision)


def head(world: World) -> int:
    with world.database.reading() as session:
        return journal.head(session)


def test_the_latest_end_of_the_evidence_counts(world: World) -> None:
    first, second, third = milestone(world), milestone(world, instance=2), milestone(world, "W-E5")
    add(world, "1", "W-D2", "2023-05-01")
    add(world, "2", "W-D2", "2022-05-01")
    add(world, "3", "W-D2", None)
    add(world, "4", "W-D2.2", "2022-01-31")
    add(world, "5", "W-E5", None)
    add(world, "6", None, "2030-01-01")
    expected = {first: date(2023, 5, 1), second: date(2022, 1, 31)}
    assert known(world) == expected
    assert known(world, [second, third]) == {second: date(2022, 1, 31)}
    assert known(world, []) == {}
    assert known(world, [*range(10_000, 20_000), first]) == {first: date(2023, 5, 1)}
    assert known(world, revision=head(world)) == expected


def test_what_a_document_said_before_is_still_known_as_it_was(world: World) -> None:
    first, second = milestone(world), milestone(world, instance=2)
    before = head(world)
    one = add(world, "1", "W-D2", "2022-05-01")
    added = head(world)
    change(world, one, valid_until="2024-05-01")
    prolonged = head(world)
    add(world, "2", "W-D2", "2025-01-01")
    renewed = head(world)
    change(world, one, milestone="W-D2.2")
    moved = head(world)
    change(world, one, milestone=None, valid_until=None)
    change(world, one, milestone="W-D2.2", note="Ghi lại")
    stood = {
        before: {},
        added: {first: date(2022, 5, 1)},
        prolonged: {first: date(2024, 5, 1)},
        renewed: {first: date(2025, 1, 1)},
        moved: {first: date(2025, 1, 1), second: date(2024, 5, 1)},
        head(world) - 1: {first: date(2025, 1, 1)},
        head(world): {first: date(2025, 1, 1)},
    }
    for revision, expected in stood.items():
        assert known(world, None, revision) == expected, revision
        for i in (first, second):
            wanted = {k: v for k, v in expected.items() if k == i}
            assert known(world, [i], revision) == wanted, (revision, i)


def test_the_command_line_adds_a_document_that_belongs_to_its_subjects_owner(world: World) -> None:
    body = {"subject": "phase", "subject_code": "alpha-1", "number": "1", "kind": "letter"}
    letter = DocumentCreate.model_validate(body | {"issuer": "EVN", "issued_on": "2020-01-01"})
    with world.database.changing(factories.stamp()) as session:
        row = service.add(session, factories.SYSTEM, letter, TODAY)
        assert (row.organisation_id, row.user_id) == (None, None)
        assert row.id is not None
        by_owner = DocumentChange(note="Của chủ đầu tư")
        assert service.change(session, world.investor, row.id, by_owner, None, TODAY).note == by_owner.note
