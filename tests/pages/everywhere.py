"""The demo's register with a person to sign in as for each role, and every page that each of them opens."""

from pwdlib.hashers.argon2 import Argon2Hasher

from app import register as registers
from app.db import Database
from app.schemas.people import UserCreate
from app.services import journal, people, register
from tests import factories
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
    ),
    "evn-spc": (
        *("/", "/queue", LINE, f"{LINE}/week", "/land", "/commitments", "/commitments/new", "/blockers"),
        *("/clearances/land-phu-thuan-binh-dai-dinh-trung", "/tranches/v1-3.1"),
    ),
    "department": ("/", "/queue", "/blockers", "/land", "/administration", "/journal", "/projects/binh-dai"),
    "district": ("/", "/land", "/clearances/corridor-phu-thuan-binh-dai-dinh-trung", LINE),
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
    database.close()
