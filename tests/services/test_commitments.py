"""Keeping commitments: what is written for each act, and that a refusal leaves nothing."""

from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.access import Actor
from app.domain.errors import Forbidden, Invalid, NotFound, RuleBroken, Stale, TrackerError
from app.domain.vocabulary import CommitmentAct, UnitStage
from app.queries import journal
from app.schemas.commitments import CommitmentMake, CommitmentPostpone, CommitmentWithdraw
from app.services import commitments
from app.tables.commitments import Commitment, CommitmentEntry, CommitmentUnit
from tests import factories, lines
from tests.factories import SYSTEM, TODAY

PROMISE = {
    "work": "line",
    "stage": "site",
    "units": ["1", "2", "1"],
    "responsible": "UBH",
    "due_on": "2023-02-20",
}
LATER = CommitmentPostpone(due_on=date(2023, 3, 1), reason="Chờ chi trả")
BACK = CommitmentWithdraw(reason="Đổi hướng tuyến")


@pytest.fixture
def here(world: factories.World) -> factories.World:
    with world.database.changing(factories.stamp()) as session:
        factories.grid_work(session)
        factories.grid_work(session, "made-up", is_illustrative=True)
        factories.connection(session)
        lines.towers(session, [None, None])
        lines.towers(session, [None, None], "made-up")
    return world


def make(session: Session, actor: Actor = SYSTEM, **more: object) -> Commitment:
    return commitments.make(session, actor, CommitmentMake.model_validate(PROMISE | more), TODAY)


def test_each_act_is_a_row_of_its_own_and_the_row_says_what_stands(here: factories.World) -> None:
    with here.database.changing(factories.stamp()) as session:
        row = make(session, here.evn_spc)
        assert (row.made_on, row.due_on, row.moves, row.is_illustrative) == (
            TODAY,
            date(2023, 2, 20),
            0,
            False,
        )
        assert row.organisation_id == here.evn_spc.organisation_id
        assert row.id is not None
        number = row.id
    for act in (
        lambda s: commitments.postpone(s, here.department, number, LATER, None, TODAY),
        lambda s: commitments.withdraw(s, here.evn_spc, number, BACK, None, TODAY),
    ):
        with here.database.changing(factories.stamp()) as session:
            act(session)
    with here.database.reading() as session:
        row = session.get_one(Commitment, number)
        assert (row.due_on, row.moves, row.withdrawn_on) == (date(2023, 3, 1), 1, TODAY)
        assert row.revision == journal.head(session)
        entries = session.execute(select(CommitmentEntry).order_by(CommitmentEntry.id)).scalars().all()  # type: ignore[arg-type]
        assert [entry.act for entry in entries] == list(CommitmentAct)
        assert [entry.revision for entry in entries] == list(range(row.revision - 2, row.revision + 1))
        assert {entry.stated_on for entry in entries} == {TODAY}
        # Named twice, it is promised once.
        assert session.execute(select(func.count()).select_from(CommitmentUnit)).scalar_one() == 2


def test_a_promise_about_what_was_made_up_is_made_up(here: factories.World) -> None:
    with here.database.changing(factories.stamp()) as session:
        assert make(session, work="made-up").is_illustrative


@pytest.mark.parametrize(
    ("who", "more", "error"),
    [
        ("investor", {}, Forbidden),
        ("evn_spc", {"is_illustrative": True}, Forbidden),
        ("evn_spc", {"work": "nowhere"}, NotFound),
        ("evn_spc", {"units": ["3"]}, Invalid),
        ("evn_spc", {"stage": "corridor"}, Invalid),
        ("evn_spc", {"made_on": "2023-02-08"}, RuleBroken),
        ("evn_spc", {"due_on": "2023-02-06"}, RuleBroken),
    ],
)
def test_what_is_refused_leaves_no_row_and_no_revision(
    here: factories.World, who: str, more: dict[str, object], error: type[TrackerError]
) -> None:
    with here.database.reading() as session:
        before = journal.head(session)
    with pytest.raises(error), here.database.changing(factories.stamp()) as session:
        make(session, here.actors[who], **more)
    with here.database.reading() as session:
        assert journal.head(session) == before
        assert session.execute(select(Commitment)).first() is None


def test_what_was_read_at_another_revision_is_not_changed(here: factories.World) -> None:
    with here.database.changing(factories.stamp()) as session:
        row = make(session)
        number, revision = row.id or 0, row.revision
    with here.database.changing(factories.stamp()) as session:
        commitments.postpone(session, here.evn_spc, number, LATER, revision, TODAY)
    with pytest.raises(Stale), here.database.changing(factories.stamp()) as session:
        commitments.withdraw(session, here.evn_spc, number, BACK, revision, TODAY)


def test_a_kept_promise_is_over(here: factories.World) -> None:
    with here.database.changing(factories.stamp()) as session:
        number = make(session).id or 0
        lines.told(session, UnitStage.SITE, ["1", "2"], TODAY)
    for act, change in ((commitments.postpone, LATER), (commitments.withdraw, BACK)):
        with pytest.raises(RuleBroken), here.database.changing(factories.stamp()) as session:
            act(session, SYSTEM, number, change, None, TODAY)  # type: ignore[operator]
