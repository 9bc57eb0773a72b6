"""What can be set from outside: environment variables with the prefix `TRACKER_`, or a `.env` file."""

import re
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.domain.documents import LARGEST_FILE_BYTES

DEFAULT_SECRET = "only-for-the-demo"


class Settings(BaseSettings):
    """Read once at the start and passed on; nothing reads the environment later."""

    model_config = SettingsConfigDict(env_prefix="TRACKER_", env_file=".env", extra="ignore", frozen=True)

    database_url: str = Field(
        default="sqlite:///tracker.db",
        description="SQLAlchemy address of the database: `sqlite:///FILE` (embedded) or `postgresql://…`.",
    )
    secret: SecretStr = Field(
        default=SecretStr(DEFAULT_SECRET),
        description="Signs page cursors and forms. The default is refused outside the demo; 32 characters or more.",
    )
    demo: bool = Field(
        default=False, description="Marks a throw-away service; only then the default secret is taken."
    )
    clock_on: date | None = Field(
        default=None,
        description="A date the service takes for today when it starts; its clock runs on from there. For the demo.",
    )
    calendar_file: Path | None = Field(
        default=None,
        description="A calendar file (`work-calendar/1`) of days off and make-up days. It takes the place of the whole "
        "calendar in the package, all years of it; read once by a process.",
    )
    public_reading: bool = Field(
        default=True,
        description="Whether a reader without a key sees the public summary. Off: everybody needs a key.",
    )
    max_body_bytes: int = Field(default=2_000_000, ge=10_000, description="Largest body taken, in bytes.")
    max_file_bytes: int = Field(
        default=20_000_000,
        ge=10_000,
        le=LARGEST_FILE_BYTES,
        description="Largest file of a document taken, in bytes.",
    )
    data_folder: Path | None = Field(
        default=None,
        description="Where the files of documents lie, each under its SHA-256; back it up with the database. Default: "
        "beside an SQLite database file, named as it is with `.files` added; with PostgreSQL `tracker-files` in the "
        "working directory. All processes share it.",
    )
    requests_a_minute: int = Field(
        default=6_000,
        ge=1,
        description="Most requests a minute with one key, or of one person signed in. Each process counts for itself.",
    )
    public_requests_a_minute: int = Field(
        default=1_200,
        ge=1,
        description="Most requests a minute from one address of those who come without a key, or with one that is not "
        "good. Behind a proxy uvicorn must know it (FORWARDED_ALLOW_IPS), or all of them share one address.",
    )
    session_hours: int = Field(
        default=12, ge=1, le=720, description="Hours after which a browser has to sign in again."
    )
    oidc_issuer: str | None = Field(
        default=None,
        description="Issuer of an OpenID Connect service through which users may sign in too, as it names itself "
        "(https, no slash it does not have). Only users linked to it may (`tracker user link`). Needs the extra `oidc`.",
    )
    oidc_client_id: str | None = Field(default=None, description="What that service knows this one by.")
    oidc_client_secret: SecretStr | None = Field(
        default=None, description="The secret agreed with it; none where it takes PKCE alone."
    )
    oidc_name: str = Field(
        default="OpenID Connect", max_length=60, description="How the service is called on the button."
    )
    oidc_wait_s: float = Field(
        default=10,
        gt=0,
        le=60,
        description="Longest wait for that service while somebody signs in, in seconds.",
    )
    publisher_name: str | None = Field(
        default=None,
        max_length=200,
        description="Who publishes the open data. Default: the department of the register.",
    )
    publisher_uri: str | None = Field(default=None, max_length=400, description="Their address on the web.")
    data_licence_uri: str | None = Field(
        default=None,
        max_length=400,
        description="Address of the licence of the open data, by its canonical name. None is stated by default.",
    )
    oc4ids_prefix: str = Field(
        default="unregistered",
        pattern=r"^[a-z0-9-]{1,40}$",
        description="Prefix of project identifiers that the OC4IDS helpdesk has registered for the publisher "
        "(oc4ids-…). The default says that there is none.",
    )
    tile_address: str | None = Field(
        default=None,
        description="Address of map tiles to lay below the map, with {z}, {x} and {y} in it (https, Web Mercator). The "
        "readers' browsers ask it for images. Off: the map is drawn from what the package holds.",
    )
    tile_attribution: str = Field(
        default="", max_length=300, description="What the tiles' licence asks to be said below the map."
    )
    page_size_max: int = Field(
        default=500, ge=10, le=5_000, description="Most rows one page of a list may hold."
    )
    changes_page_max: int = Field(
        default=5_000, ge=10, le=50_000, description="Most facts one page of the change feed may hold."
    )
    changes_wait_max_s: int = Field(
        default=30, ge=0, le=300, description="Longest a reader of the change feed may wait, in seconds."
    )
    answers_cache_bytes: int = Field(
        default=16_000_000,
        ge=0,
        description="Memory for finished answers of one process, in bytes; 0 keeps none.",
    )
    database_threads: int = Field(
        default=4, ge=1, le=64, description="Threads that wait for the database in one process."
    )
    busy_timeout_ms: int = Field(
        default=10_000,
        ge=0,
        description="How long a change waits for the one before it, in milliseconds, before 503.",
    )
    idempotency_hours: int = Field(
        default=48, ge=24, description="How long an Idempotency-Key is remembered, in hours."
    )
    allow_private_addresses: bool = Field(
        default=False,
        description="Whether webhooks may go to addresses inside a network, this machine's own among them. For tests.",
    )
    allow_http: bool = Field(
        default=False, description="Whether an endpoint of webhooks may be http and not only https."
    )
    serve_delivers: bool = Field(
        default=True,
        description="Whether `tracker serve` delivers webhooks itself; off where `tracker worker` alone shall do it.",
    )
    webhook_seconds: float = Field(
        default=10.0,
        gt=0,
        le=60,
        description="How long a receiver of a webhook may take to answer, in seconds.",
    )
    webhooks_in_flight: int = Field(
        default=48,
        ge=1,
        le=500,
        description="Most webhooks that one worker sends at a time; to one endpoint half of them.",
    )
    webhook_overlap_hours: int = Field(
        default=24, ge=0, le=720, description="Hours for which the secret before a rotation signs as well."
    )
    webhook_give_up_hours: int = Field(
        default=48, ge=1, description="Hours after its first attempt when a delivery is given up."
    )
    webhook_off_hours: int = Field(
        default=72, ge=1, description="Hours of nothing but failures after which an endpoint is switched off."
    )
    webhook_log_days: int = Field(
        default=30, ge=1, description="Days for which what became of a delivery can be read."
    )
    report_cutoff_weekday: int = Field(
        default=3,
        ge=0,
        le=6,
        description="Weekday on which a progress report is due, 0 Monday to 6 Sunday. Thursday, as EVN SPC does.",
    )
    report_cutoff_hour: int = Field(
        default=16, ge=0, le=23, description="Hour of that day, in Viet Nam, at which the period is closed."
    )
    report_every_days: int = Field(
        default=7,
        ge=1,
        le=366,
        description="Days from one cut-off to the next, counted from the first such weekday of 2023; with a multiple of 7 "
        "the weekday stays.",
    )
    evn_spc_url: str | None = Field(
        default=None,
        pattern=r"^https?://",
        description="Address of EVN SPC's progress service, which is pulled from; none: it is not. Whoever sets it says whom "
        "to trust: it may be an address inside.",
    )
    evn_spc_token: SecretStr | None = Field(
        default=None, description="The bearer token that EVN SPC's progress service asks for."
    )
    evn_spc_login: str = Field(
        default="evn-spc-connector",
        description="Login of the user of the role EVN SPC as whom what is pulled is applied: their key of the two keys.",
    )
    evn_spc_every_minutes: int = Field(
        default=15,
        ge=1,
        le=10_080,
        description="Minutes from one pull to the next; a little is added by chance.",
    )
    evn_spc_mapping: Path | None = Field(
        default=None,
        description="A file (`evn-spc-mapping/1`) that takes the place of the mapping in the package: their fields and words "
        "and which of ours they are.",
    )
    workbook_days: int = Field(
        default=7,
        ge=1,
        le=90,
        description="Days after which a workbook that was sent in and neither committed nor cancelled is removed; its counts "
        "stay ten times as long.",
    )
    log_level: str = Field(
        default="info", description="Least level that is logged: debug, info, warning, error."
    )

    def refuse_default_secret(self) -> None:
        """A service that answers others needs a secret of its own; only the demo may run with the default."""
        if not self.demo and len(self.secret.get_secret_value()) < 32:
            raise ValueError(
                "TRACKER_SECRET must hold 32 characters or more (the default is for `tracker demo` only); make one with: "
                'python3 -c "import secrets; print(secrets.token_urlsafe(32))"'
            )

    def refuse_half_a_provider(self) -> None:
        """Signing in elsewhere needs to know where and as whom; without TLS only on the machine itself."""
        if self.oidc_issuer is None:
            return
        if not self.oidc_client_id:
            raise ValueError("TRACKER_OIDC_ISSUER is set, and TRACKER_OIDC_CLIENT_ID is not")
        issuer = urlsplit(self.oidc_issuer)
        is_here = issuer.scheme == "http" and issuer.hostname in ("127.0.0.1", "::1", "localhost")
        is_safe = bool(issuer.hostname) and (issuer.scheme == "https" or is_here)
        if not is_safe or issuer.query or issuer.fragment:
            raise ValueError("TRACKER_OIDC_ISSUER must be the https address that the service names itself by")

    @property
    def tile_origin(self) -> str | None:
        """Where tiles come from, as a browser is told; ValueError for an address that is none."""
        if self.tile_address is None:
            return None
        parts = urlsplit(self.tile_address)
        is_there = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname == "127.0.0.1")
        is_host = re.fullmatch(r"[a-z0-9.-]+(:[0-9]{1,5})?", parts.netloc) is not None
        names = sorted(re.findall(r"{(.*?)}", self.tile_address))
        if not (is_there and is_host and names == ["x", "y", "z"]):
            raise ValueError("TRACKER_TILE_ADDRESS must be an https address with {z}, {x} and {y}, each once")
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def sqlite_file(self) -> Path | None:
        """The file of an embedded database."""
        return Path(self.database_url.removeprefix("sqlite:///")) if self.is_sqlite else None

    @property
    def files_folder(self) -> Path:
        """The folder of the documents' files; made when the first one comes."""
        beside = self.sqlite_file
        return self.data_folder or Path("tracker-files" if beside is None else f"{beside}.files")
