"""What can be set from outside: environment variables with the prefix `TRACKER_`, or a `.env` file."""

from datetime import date
from pathlib import Path

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
    page_size_max: int = Field(
        default=500, ge=10, le=5_000, description="Most rows one page of a list may hold."
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
