"""Pydantic's kinds of shape error as the service's own problems; the service's codes come through as they are."""

from app.domain.exchange_problems import ExchangeProblem
from app.domain.problems import Problem
from app.domain.rules import Rule
from app.domain.sheet_problems import SheetProblem
from app.domain.words import Term
from app.domain.work_problems import WorkProblem
from app.domain.workbook_problems import WorkbookProblem

# By how pydantic's error type begins; the first that fits.
SHAPES: tuple[tuple[str, Problem], ...] = (
    ("missing", Problem.FIELD_MISSING),
    ("extra_forbidden", Problem.FIELD_UNKNOWN),
    ("json_invalid", Problem.BODY_NOT_JSON),
    ("model_attributes_type", Problem.BODY_NOT_JSON),
    ("model_type", Problem.BODY_NOT_JSON),
    ("enum", Problem.NOT_A_WORD),
    ("literal_error", Problem.NOT_A_WORD),
    ("date", Problem.NOT_A_DATE),
    ("int", Problem.NOT_A_WHOLE_NUMBER),
    ("float", Problem.NOT_A_NUMBER),
    ("finite", Problem.NOT_A_NUMBER),
    ("decimal", Problem.NOT_A_NUMBER),
    ("bool", Problem.NOT_TRUE_OR_FALSE),
    ("string_too", Problem.TEXT_LENGTH),
    ("string_pattern", Problem.CODE_FORM),
    ("string", Problem.NOT_TEXT),
    ("too_", Problem.TOO_MANY),
    ("tuple", Problem.NOT_A_LIST),
    ("list", Problem.NOT_A_LIST),
    ("greater", Problem.OUT_OF_RANGE),
    ("less", Problem.OUT_OF_RANGE),
)
_FAMILIES: tuple[type[Term], ...] = (Problem, WorkProblem, SheetProblem, WorkbookProblem, ExchangeProblem)
_OWN: dict[str, Term] = {problem.value: problem for family in _FAMILIES for problem in family}


def named(code: str) -> Term:
    """The problem or rule of a code, as an answer about rows states it."""
    return _OWN.get(code) or Rule(code)


def problem(kind: str) -> Term:
    """The problem for a pydantic error type."""
    own = _OWN.get(kind)
    if own is not None:
        return own
    return next((found for start, found in SHAPES if kind.startswith(start)), Problem.SHAPE)
