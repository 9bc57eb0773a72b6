"""Organisations, users and keys on the wire."""

from datetime import datetime
from typing import Annotated

from pydantic import AliasChoices, Field

from app.domain.access import May, Role
from app.domain.signing import LOGIN
from app.domain.vocabulary import KeyPurpose, OrganisationKind
from app.schemas.base import Asked, Code, In, Name, Out, Short, Text, never_null


class OrganisationChange(In):
    """Fields left out stay as they are; a field sent as null is emptied."""

    model_config = never_null("name")

    name: Name | None = None
    name_en: Name | None = None
    district: Code | None = Field(
        None, description="Of a district authority: the district whose land it keeps"
    )
    note: Text | None = None


class OrganisationCreate(OrganisationChange):
    """An organisation, by its code."""

    code: Code
    kind: OrganisationKind
    name: Name


class OrganisationRead(Out):
    code: str
    kind: OrganisationKind
    name: str
    name_en: str | None
    district: str | None = Field(validation_alias=AliasChoices("district", "district_code"))
    note: str | None
    revision: int


class OrganisationPage(Out):
    items: list[OrganisationRead]
    next: str | None = None


class PageQuery(Asked):
    limit: int | None = Field(None, ge=1)
    cursor: str | None = Field(None, max_length=400)


Login = Annotated[str, Field(pattern=LOGIN)]


class UserChange(In):
    """Fields left out stay as they are. Who is not active neither signs in nor has a good key."""

    model_config = never_null("is_active")

    name: Name | None = None
    is_active: bool | None = None


class UserCreate(In):
    """A user of an organisation, in one role."""

    organisation: Code
    role: Role
    login: Login
    name: Name | None = None


class UserRead(Out):
    """`signs_in`: has a password, and so may sign in with a browser."""

    login: str
    name: str | None
    organisation: str
    role: Role
    is_active: bool
    signs_in: bool


class UserWithPassword(UserRead):
    password: str | None = Field(
        description="Shown this once, null in a repeated answer; only its hash is kept"
    )


class UserPage(Out):
    items: list[UserRead]
    next: str | None = None


class KeyCreate(In):
    """A key for a user; the user is made if new. The key itself is shown once, in the answer."""

    organisation: Code
    role: Role
    login: Login
    label: Short | None = None
    days: int = Field(365, ge=1, le=1_100, description="Days until the key expires")


class KeyRead(Out):
    prefix: str
    purpose: KeyPurpose
    organisation: str
    role: Role
    login: str
    label: str | None
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None


class KeyCreated(KeyRead):
    key: str | None = Field(description="Shown this once, null in a repeated answer; only its hash is kept")


class KeyList(Out):
    items: list[KeyRead]


class LinkCreate(In):
    """An address of the calendar for one's own user; whoever has the address reads the calendar."""

    label: Short | None = None
    days: int = Field(365, ge=1, le=1_100, description="Days until the address expires")


class LinkCreated(KeyRead):
    address: str | None = Field(
        description="For a calendar program to subscribe to. Shown this once, null in a repeated answer"
    )


class CalendarQuery(Asked):
    key: str | None = Field(
        None, max_length=200, description="The secret of a calendar link, where no header can be sent"
    )


class MeRead(Out):
    role: Role
    organisation: str | None
    login: str | None
    expires_at: datetime | None
    may: list[May]
