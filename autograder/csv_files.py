"""Read a CSV file as any spreadsheet writes it, its encoding and separator found out; write a plain one."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path

from autograder.course import CourseError

SEPARATOR = re.compile(r'"?sep=(.)"?[\r\n]+', re.IGNORECASE)  # spreadsheets begin a file so
DELIMITERS = ",;\t"
SAMPLE = 20
SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # how files of new and old spreadsheets begin

Row = tuple[int, list[str]]  # the number of a line, and its cells


def csv_rows(data: bytes, path: Path) -> list[Row]:
    """Return the lines of a table that are not blank, without titles above it.

    Raises CourseError, saying what to save instead, if this is no CSV file.
    """
    if data.startswith(SPREADSHEETS):
        raise CourseError(
            f"{path} is an Excel file or another spreadsheet. Open it, and save it as CSV (UTF-8)."
        )
    text = _text(data)
    told = SEPARATOR.match(text)
    above = len(text[: told.end()].splitlines()) if told else 0
    text = text[told.end() :] if told else text
    try:
        rows = _split(text, told[1] if told else _delimiter(text), above)
    except csv.Error as error:
        raise CourseError(f"{path} is no CSV file ({error}). Export it as CSV.") from None
    while len(rows) > 2 and _is_title(rows[0][1], min(_filled(cells) for _, cells in rows[1:3])):
        rows = rows[1:]
    return rows


def csv_text(table: Sequence[Sequence[str]]) -> str:
    """Return a table as the text of a CSV file, with commas. What no file could hold becomes `?`."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(table)
    return buffer.getvalue().encode("utf-8", "replace").decode()


def _is_title(row: Sequence[str], below: int) -> bool:
    """Return whether a line stands above a table whose lines have at least so many cells."""
    return _filled(row) == 1 < below and (len(row) == 1 or below > 2)


def _split(text: str, delimiter: str, above: int = 0) -> list[Row]:
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
    return [(above + rows.line_num, row) for row in rows if any(map(str.strip, row))]


def _filled(row: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in row)


def _delimiter(text: str) -> str:
    """Return what separates the columns: that which cuts most lines into the same number of them."""
    sample = "".join(text.splitlines(keepends=True)[:SAMPLE])

    def regularity(delimiter: str) -> tuple[int, int]:
        widths = [len(cells) for _, cells in _split(sample, delimiter)]
        usual = max(set(widths), key=widths.count, default=1)
        return (widths.count(usual), usual) if usual > 1 else (0, 0)

    return max(DELIMITERS, key=regularity)


def _text(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")  # what spreadsheets write in Western Europe
