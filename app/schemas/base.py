"""The two kinds of wire models, and the types they share."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from app.domain import quantity
from app.domain.problems import Problem
from app.domain.words import Term


class _Printable(BaseModel):
    """Text without control characters: PostgreSQL stores no NUL, and no XML (Word, Excel) any of the others."""

    @field_validator("*", mode="before")
    @classmethod
    def _refuse_controls(cls, value: Any) -> Any:
        for text in value if isinstance(value, list | tuple) else (value,):
            if isinstance(text, str) and _CONTROLS.search(text):
                raise refuse(Problem.NOT_TEXT)
        return value


_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class In(_Printable):
    """What comes in: every field named, none unknown."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


def never_null(*names: str) -> ConfigDict:
    """The configuration of a change whose fields `names` may be left out, but not emptied: its JSON Schema says so.

    Python knows both as None; the services refuse the null that was sent.
    """

    def say(schema: dict[str, Any]) -> None:
        for name in names:
            field = schema["properties"][name]
            shapes = [shape for shape in field.pop("anyOf", ()) if shape != {"type": "null"}]
            if len(shapes) == 1:
                field.update(shapes[0])
                field.pop("default", None)

    return ConfigDict(json_schema_extra=say)


class Asked(_Printable):
    """Query parameters. Unknown ones are refused by the route, which also takes `lang` everywhere."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)


class Chosen(Asked):
    """Query parameters as a browser's form sends them: a field that was left empty asks for nothing."""

    @model_validator(mode="before")
    @classmethod
    def _leave_out_empty(cls, given: Any) -> Any:
        return (
            {name: value for name, value in given.items() if value != ""}
            if isinstance(given, dict)
            else given
        )


class Out(BaseModel):
    """What goes out: built by Python names, sent by wire names."""

    model_config = ConfigDict(serialize_by_alias=True, validate_by_name=True, validate_by_alias=True)


def refuse(problem: Term) -> PydanticCustomError:
    """A shape error that carries one of the service's own problems."""
    return PydanticCustomError(problem.value, "{sentence}", {"sentence": problem.en})


def _kw(value: Any) -> int:
    """MW as a JSON number, as whole kW. Text such as "377,0" is refused: it hides which separator was meant."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise refuse(Problem.NOT_A_NUMBER)
    mw = Decimal(str(value))
    if not mw.is_finite():
        raise refuse(Problem.NOT_A_NUMBER)
    kw = quantity.kw(mw)
    if kw is None:
        raise refuse(Problem.MW_TOO_FINE)
    return kw


def _some(kw: int) -> int:
    if kw <= 0:
        raise refuse(Problem.MW_NOT_POSITIVE)
    return _at_most(kw)


def _not_negative(kw: int) -> int:
    if kw < 0:
        raise refuse(Problem.MW_NOT_POSITIVE)
    return _at_most(kw)


def _at_most(kw: int) -> int:
    if kw > quantity.LARGEST_ENTRY_KW:
        raise refuse(Problem.MW_TOO_LARGE)
    return kw


def _target_size(kw: int) -> int:
    if kw <= 0:
        raise refuse(Problem.MW_NOT_POSITIVE)
    if kw > 100 * quantity.LARGEST_ENTRY_KW:
        raise refuse(Problem.MW_TOO_LARGE)
    return kw


def _corridor_size(kw: int) -> int:
    return kw if kw == 0 else _target_size(kw)


def _turbine_size(kw: int) -> int:
    if not quantity.SMALLEST_TURBINE_KW <= kw <= quantity.LARGEST_TURBINE_KW:
        raise refuse(Problem.TURBINE_SIZE)
    return kw


def _mw_number(most_kw: int, **least: float) -> WithJsonSchema:
    """MW on the wire. The decimals are only told: in floating point 29.4 is no multiple of 0.001."""
    said = {"type": "number", "description": "MW, at most 3 decimals", "examples": [29.4]}
    return WithJsonSchema({**said, **least, "maximum": most_kw / 1000})


_MOST, _MOST_OF_ALL = quantity.LARGEST_ENTRY_KW, 100 * quantity.LARGEST_ENTRY_KW
# kW in Python, MW on the wire. `Kw` is 0 < MW <= 1000 (rule R38).
Kw = Annotated[int, BeforeValidator(_kw), AfterValidator(_some), _mw_number(_MOST, exclusiveMinimum=0)]
KwOrZero = Annotated[int, BeforeValidator(_kw), AfterValidator(_not_negative), _mw_number(_MOST, minimum=0)]
LimitKw = Annotated[
    int, BeforeValidator(_kw), AfterValidator(_corridor_size), _mw_number(_MOST_OF_ALL, minimum=0)
]
TargetKw = Annotated[
    int, BeforeValidator(_kw), AfterValidator(_target_size), _mw_number(_MOST_OF_ALL, exclusiveMinimum=0)
]
TurbineKw = Annotated[
    int,
    BeforeValidator(_kw),
    AfterValidator(_turbine_size),
    _mw_number(quantity.LARGEST_TURBINE_KW, minimum=quantity.SMALLEST_TURBINE_KW / 1000),
]
ShownKw = Annotated[
    int, PlainSerializer(quantity.mw), WithJsonSchema({"type": "number", "description": "MW"})
]


def _code(value: str) -> str:
    """Natural keys: lower-case ASCII letters, digits and single hyphens inside."""
    parts = value.split("-")
    if not all(part.isascii() and part.isalnum() and part == part.lower() for part in parts):
        raise refuse(Problem.CODE_FORM)
    return value


_CODE_FORM = {"pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "examples": ["v1-3"]}
Code = Annotated[
    str,
    StringConstraints(min_length=1, max_length=60),
    AfterValidator(_code),
    Field(json_schema_extra=_CODE_FORM),
]


# Slips such as 0203-02-07 and stand-ins such as 9999-12-31 are no days of this field (and the latter has no morrow).
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)


def _iso_day(value: Any) -> Any:
    """Only year-month-day: 31/12/2023 and 12/31/2023 look alike on other days, and a bare number is no date."""
    if isinstance(value, datetime):
        raise refuse(Problem.NOT_A_DATE)
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or len(value) != 10 or value[4] + value[7] != "--":
        raise refuse(Problem.NOT_A_DATE)
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise refuse(Problem.NOT_A_DATE) from error


def _likely(day: date) -> date:
    if not EARLIEST <= day <= LATEST:
        raise refuse(Problem.OUT_OF_RANGE)
    return day


Day = Annotated[date, BeforeValidator(_iso_day), AfterValidator(_likely)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
Short = Annotated[str, StringConstraints(min_length=1, max_length=120)]
SourceCodes = Annotated[
    tuple[Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,40}$")], ...], Field(max_length=20)
]


def _instant(value: Any) -> Any:
    """An ISO 8601 instant with its zone, or a date, which means its end in Viet Nam."""
    if not isinstance(value, str):
        return value
    try:
        if len(value) == 10:
            return date.fromisoformat(value)
        instant = datetime.fromisoformat(value)
        if instant.tzinfo is None:
            raise refuse(Problem.NOT_AN_INSTANT)
        return instant.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise refuse(Problem.NOT_AN_INSTANT) from error


KnownAt = Annotated[datetime | date, BeforeValidator(_instant)]
