"""The demo's register with a person to sign in as for each role, and every page that each of them opens."""

from pwdlib.hashers.argon2 import Argon2Hasher

from app import register as registers
from app import simulator
from app.db import Database, Session
from app.domain.access import Actor, Role
from app.domain.vocabulary import Stream, UploadState
from app.domain.workbooks import Cell, Effects, Findings, Wrong
from app.outside import shipped
from app.queries import exchanges as pulled
from app.queries import people as who
from app.schemas.people import UserCreate
from app.services import exchange_records, journal, people, register, workbooks
from app.simulator.upstream import Asked, Upstream
from tests import exchanges, factories
from tests.conftest import TODAY, settings

PASSWORD = "mot mat khau du dai"
USERS = {
    "investor": ("dien-gio-me-kong", "investor"),
    "evn-spc": ("evn-spc", "evn_spc"),
    "department": ("so-cong-thuong-ben-tre", "department"),
    "district": ("ubnd-huyen-binh-dai", "district"),
}
LINE = "/grid-works/line-phu-thuan-binh-dai"
PAGES = {
    None: (
        "/",
        "/map",
        "/projects",
        "/projects/binh-dai",
        "/phases/binh-dai-1",
        "/grid-works",
        LINE,
        "/land",
        "/sign-in",
    ),
    "investor": (
        *(
            "/",
            "/my",
            "/phases/binh-dai-2",
            "/phases/binh-dai-2/milestones/W-F4",
            "/phases/binh-dai-1/declare",
        ),
        *("/phases/binh-dai-1/turbines/new", "/documents/new?subject=phase&code=binh-dai-1"),
        *(
            "/obstacles/new?subject=phase&code=binh-dai-1",
            LINE,
            "/land",
            "/commitments",
            "/blockers",
            "/password",
        ),
        *("/workbooks", "/?as_of=2022-06-30", "/phases/binh-dai-2?as_of=2022-06-30&known_at=2023-02-07"),
    ),
    "evn-spc": (
        *(
            "/",
            "/queue",
            "/exchange",
            LINE,
            f"{LINE}/week",
            "/land",
            "/commitments",
            "/commitments/new",
            "/blockers",
        ),
        *("/clearances/land-phu-thuan-binh-dai-dinh-trung", "/tranches/v1-3.1", "/workbooks", "/workbooks/1"),
    ),
    "department": (
        "/",
        "/exchange",
        "/webhooks",
        "/workbooks",
        "/queue",
        "/blockers",
        "/land",
        "/administration",
        "/journal",
        "/journal/accesses",
        "/projects/binh-dai",
    ),
    "district": ("/", "/workbooks", "/land", "/clearances/corridor-phu-thuan-binh-dai-dinh-trung", LINE),
}


def tell(url: str) -> None:
    """Brings the demo's register into a migrated database, and its people."""
    database = Database(settings(url), seal=journal.seal)
    for text in (registers.BEN_TRE, *registers.DEMO):
        with database.changing(factories.stamp()) as session:
            register.import_file(session, factories.SYSTEM, text.read_text("utf-8"), TODAY, until=TODAY)
    kept = Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with database.changing(factories.stamp()) as session:
        for login, (organisation, role) in USERS.items():
            change = UserCreate.model_validate({"login": login, "organisation": organisation, "role": role})
            people.create_user(session, factories.SYSTEM, change, kept)
    with database.changing(factories.stamp()) as session:
        _send_workbook(session)
        _pull(session)
    database.close()


def _evn_spc(session: Session) -> Actor:
    user = who.user(session, "evn-spc")
    assert user is not None
    return Actor(Role.EVN_SPC, user.organisation_id, "evn-spc", user.id, "evn-spc")


def _pull(session: Session) -> None:
    """A run of the exchange: a tower and a recognition wait, the tower is laid aside."""
    told = Upstream(factories.at())
    simulator.tell(told)
    items = {stream: told.page(stream, Asked(None, None, 1_000))[0]["items"] for stream in Stream}
    exchanges.keep_run(
        session,
        exchanges.Site(shipped.evn_spc_mapping(None), _evn_spc(session), TODAY, factories.at()),
        items,
        factories.at(hour=4),
    )
    tower = next(row for row in pulled.waiting(session) if row.stream == Stream.TOWERS)
    assert tower.id is not None
    exchange_records.dismiss(session, _evn_spc(session), tower.id, "Báo nhầm vị trí", factories.at())


def _send_workbook(session: Session) -> None:
    """A workbook of EVN SPC in which something is to be said of every kind."""
    actor = _evn_spc(session)
    sent = workbooks.receive(session, actor, workbooks.Sent(b"PK", "Tuần 6.xlsx"), factories.at())
    workbooks.begin(session, actor, 1, UploadState.CHECKING, "run", sent.created_at, is_running=False)
    place = ("towers", 4, "C", "position", ("line-phu-thuan-binh-dai", "1"))
    found = Findings(
        cells=(Cell(*place, 1, 2, 1), Cell("towers", 9, "M", "note", ("line", "9"), None, "Mới", None, True)),
        conflicts=(Cell("towers", 4, "P", "note", place[4], None, "Của tôi", "Của họ"),),
        notices=(Wrong("Ghi chép", "sheet_skipped"),),
        letters={"towers": {"position": "C", "note": "P"}},
        rows=2,
        missing=1,
        effects=Effects((93_050, 93_050), (0, 0), (283_950, 283_950), (), (("line", "site", 1, 2, 3),)),
    )
    workbooks.checked(session, 1, "run", found, None, 1, sent.created_at)
