"""Who takes part: organisations, their users, and the keys their programs come with."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from app.domain.access import Role
from app.domain.vocabulary import KeyPurpose, OrganisationKind, UnitLevel
from app.tables.base import Instant, Word


class AdministrativeUnit(SQLModel, table=True):
    """A province, district or commune with the days on which it existed: units are dated data, not an enum."""

    __tablename__ = "administrative_unit"
    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(max_length=60, unique=True)
    level: UnitLevel = Field(sa_type=Word(UnitLevel))
    name: str = Field(max_length=120)
    parent_code: str | None = Field(default=None, max_length=60)
    valid_from: date | None = None
    valid_until: date | None = None


class Organisation(SQLModel, table=True):
    __tablename__ = "organisation"
    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(max_length=60, unique=True)
    kind: OrganisationKind = Field(sa_type=Word(OrganisationKind))
    name: str = Field(max_length=200)
    name_en: str | None = Field(default=None, max_length=200)
    # The administrative unit whose land a district authority keeps.
    district_code: str | None = Field(default=None, max_length=60)
    note: str | None = Field(default=None, max_length=2000)
    revision: int = 0


class User(SQLModel, table=True):
    """A person or program of one organisation, in one role. Who has a password may sign in with a browser."""

    __tablename__ = "app_user"
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id", index=True)
    login: str = Field(max_length=60, unique=True)
    role: Role = Field(sa_type=Word(Role))
    name: str | None = Field(default=None, max_length=200)
    # Argon2id with its parameters and salt.
    password_hash: str | None = Field(default=None, max_length=200)
    is_active: bool = True


class ApiKey(SQLModel, table=True):
    """A key of a user. Only its SHA-256 is kept; the key itself is shown once, when it is made."""

    __tablename__ = "api_key"
    id: int | None = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="app_user.id", index=True)
    prefix: str = Field(max_length=20, unique=True)
    digest: str = Field(max_length=64, unique=True)
    label: str | None = Field(default=None, max_length=120)
    purpose: KeyPurpose = Field(default=KeyPurpose.API, sa_type=Word(KeyPurpose))
    created_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
    revoked_at: datetime | None = Field(default=None, sa_type=Instant)
