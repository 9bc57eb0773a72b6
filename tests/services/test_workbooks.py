"""What is kept of a workbook that was sent in, how long, and by which run it may be gone on with."""

from datetime import timedelta

import pytest

from app.domain.errors import Conflict, Forbidden, NotFound, TrackerError
from app.domain.vocabulary import Take, UploadState
from app.domain.words import Lang
from app.domain.workbook_problems import WorkbookProblem
from app.domain.workbooks import Cell, Findings
from app.queries import journal
from app.queries import workbooks as stored
from app.services import workbooks
from app.services.workbooks import Choices, Sent
from app.tables.workbooks import WorkbookUpload
from tests import factories
from tests.factories import World

NOW = factories.at()
FOUND = Findings(
    cells=(Cell("projects", 3, "H", "note", ("alpha",), None, "Ghi chú", None),),
    conflicts=(Cell("projects", 3, "E", "commune", ("alpha",), None, "Thạnh Hải", None),),
    letters={"projects": {"note": "H", "commune": "E"}},
    rows=1,
)


def receive(world: World) -> int:
    with world.database.changing(factories.stamp()) as session:
        upload_id = workbooks.receive(session, world.investor, Sent(b"PK", "a.xlsx"), NOW).id
    assert upload_id is not None
    return upload_id


def begin(world: World, upload_id: int, run: str, to: UploadState, *, is_running: bool = False) -> None:
    with world.database.changing(factories.stamp()) as session:
        workbooks.begin(session, world.investor, upload_id, to, run, NOW, is_running=is_running)


def check(world: World, found: Findings = FOUND) -> int:
    upload_id = receive(world)
    begin(world, upload_id, "run", UploadState.CHECKING)
    with world.database.changing(factories.stamp()) as session:
        workbooks.checked(session, upload_id, "run", found, None, journal.head(session), NOW)
    return upload_id


def commit(world: World, upload_id: int, run: str, take: Take | None = Take.MINE) -> None:
    today, tick = factories.TODAY, lambda _: None
    with world.database.changing(factories.stamp()) as session:
        workbooks.save(
            session, world.investor, upload_id, run, Choices(take), today, NOW, Lang.VI, tick
        )  # fmt: skip


def refused(problem: WorkbookProblem, error: pytest.ExceptionInfo[TrackerError]) -> bool:
    return error.value.problem == problem


def test_a_run_that_was_given_up_writes_nothing_any_more(world: World) -> None:
    upload_id = check(world)
    begin(world, upload_id, "first", UploadState.COMMITTING)
    with pytest.raises(Conflict) as running:
        begin(world, upload_id, "second", UploadState.COMMITTING, is_running=True)
    assert refused(WorkbookProblem.RUNNING, running)
    begin(world, upload_id, "second", UploadState.COMMITTING)
    with pytest.raises(Conflict) as lost:
        commit(world, upload_id, "first")
    assert refused(WorkbookProblem.CANCELLED, lost)
    commit(world, upload_id, "second")
    with pytest.raises(Conflict):
        commit(world, upload_id, "second")
    with world.database.reading() as session:
        head = journal.head(session)
        assert len(journal.facts(session, head)) == 1
        row = session.get_one(WorkbookUpload, upload_id)
        assert (row.state, row.revision, row.content, row.findings) == (
            UploadState.COMMITTED,
            head,
            None,
            None,
        )
        made = stored.summary(row)
        assert made is not None
        assert (made.total("changed"), made.total("conflicts")) == (1, 1)


def test_nothing_is_committed_before_it_is_checked_or_decided(world: World) -> None:
    upload_id = receive(world)
    with pytest.raises(Conflict) as unchecked:
        begin(world, upload_id, "run", UploadState.COMMITTING)
    assert refused(WorkbookProblem.NOT_CHECKED, unchecked)
    upload_id = check(world)
    begin(world, upload_id, "run", UploadState.COMMITTING)
    with pytest.raises(Conflict) as open_:
        commit(world, upload_id, "run", None)
    assert refused(WorkbookProblem.CONFLICTS_OPEN, open_)
    commit(world, upload_id, "run", Take.THEIRS)
    with world.database.reading() as session:
        assert journal.facts(session, journal.head(session))[0].after == {"note": "Ghi chú"}


def test_nobody_elses_upload_is_there_and_a_reader_sends_none(world: World) -> None:
    upload_id = check(world)
    with world.database.reading() as session:
        for actor in (world.stranger, world.department, factories.SYSTEM):
            with pytest.raises(NotFound):
                stored.one(session, actor, upload_id)
    with world.database.changing(factories.stamp()) as session, pytest.raises(Forbidden):
        workbooks.receive(session, factories.SYSTEM, Sent(b"PK"), NOW)


def test_what_nobody_came_back_to_is_let_go_with_what_it_held(world: World) -> None:
    left, done = check(world), check(world)
    with world.database.changing(factories.stamp()) as session:
        workbooks.cancel(session, world.investor, done, NOW)
    for days, states in (
        (6, {left: UploadState.CHECKED, done: UploadState.CANCELLED}),
        (8, {left: UploadState.EXPIRED, done: UploadState.CANCELLED}),
        (71, {left: UploadState.EXPIRED}),
        (79, {}),
    ):
        with world.database.changing(factories.stamp()) as session:
            workbooks.forget(session, NOW + timedelta(days=days), 7)
        with world.database.reading() as session:
            rows = stored.page(session, world.investor, before=None, limit=10)
            assert {row.id: row.state for row in rows} == states
            assert all((row.content is None) == (row.state != UploadState.CHECKED) for row in rows)
