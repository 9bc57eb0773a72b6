"""A file that was sent: a workbook or a CSV file, by its name and by its content, which must agree."""

from app.domain.errors import Invalid
from app.domain.grids import Book
from app.domain.sheet_problems import SheetProblem
from app.formats import csv_in, xlsx_in

_PAGE = (b"<!doctype", b"<html", b"<?xml", b"<table")


def read(data: bytes, name: str) -> Book:
    """The book of a file. Raises Invalid (a SheetProblem) for every file that is not what its name says."""
    ending = name.rpartition(".")[2].lower()
    if ending == "csv":
        if data.startswith((xlsx_in.ZIP, xlsx_in.COMPOUND)):
            raise Invalid(SheetProblem.NAME_AND_CONTENT)
        if data[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_PAGE):
            raise Invalid(SheetProblem.HTML_RENAMED)
        return csv_in.read(data, name)
    # What is refused by its content is named by its content: an .xls says more than "not .xlsx".
    book = xlsx_in.read(data)
    if ending != "xlsx":
        raise Invalid(SheetProblem.NAME_AND_CONTENT)
    return book
