"""Read a class list in CSV as any system writes it, and find each student's line in it."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.course import CourseError

MAX_BYTES = 20 << 20
# Header words, most telling first: where several columns know the same students, the first of these counts.
IDENTITY = (
    "student id", "student_id", "sis login id", "username", "user name", "login", "login id", "id",
    "id number", "idnumber", "sis user id", "matriculation number", "email address", "email", "e-mail",
)  # fmt: skip
NOT_A_STUDENT = re.compile(r"\s*points possible|student, test$|test student$", re.IGNORECASE)

Line = Mapping[str, str]  # one line of the list, by column


@dataclass(frozen=True)
class Roster:
    """Hold a class list. `column` is the one whose values name the students' folders."""

    path: Path
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    column: str

    def key(self, line: Line) -> str:
        """Return what identifies the student of a line, in lower case."""
        return plain(line[self.column])

    def find(self, *names: str) -> str | None:
        """Return the first of these columns that the list has, whatever their case."""
        by_name = {plain(column): column for column in self.columns}
        return next((by_name[name] for name in names if name in by_name), None)


@dataclass(frozen=True)
class Matching:
    """Hold which line belongs to which student, and what belongs to nobody."""

    students: Mapping[int, str]  # by number of the line
    strangers: tuple[str, ...]  # students that the list does not have
    twice: tuple[str, ...]  # students whom several lines name


def read_roster(path: Path, students: Mapping[str, Iterable[str]]) -> Roster:
    """Read a class list. `students` maps each known student to all the names that a list may use for it.

    Raises CourseError, saying what was looked for, if the file cannot be read or knows no student.
    """
    rows = _rows(path)
    columns, lines = _table(path, rows)
    wanted = {plain(name) for names in students.values() for name in names}
    found = {column: sum(bool(_names(line[column]) & wanted) for line in lines) for column in columns}
    best = max(columns, key=lambda column: (found[column], -_rank(column)))
    if students and not found[best]:
        some = ", ".join(sorted(students)[:3])
        raise CourseError(
            f"No column of {path} names a student by the folder's name, such as {some}. "
            "Add a column `student_id` with these names."
        )
    return Roster(path, columns, lines, best)


def match(roster: Roster, students: Mapping[str, Iterable[str]]) -> Matching:
    """Find the line of each student."""
    owners = {plain(name): student for student, names in students.items() for name in names}
    found: dict[int, str] = {}
    for number, line in enumerate(roster.lines):
        value = line[roster.column]
        owner = owners.get(plain(value)) or owners.get(plain(value).split("@", 1)[0])
        if owner is not None:
            found[number] = owner
    seen = list(found.values())
    strangers = tuple(sorted(set(students) - set(seen)))
    return Matching(found, strangers, tuple(sorted({name for name in seen if seen.count(name) > 1})))


def plain(text: str) -> str:
    """Return a name as it is compared: without case and surrounding blanks."""
    return text.strip().casefold()


def _names(value: str) -> set[str]:
    """Return the names by which a value may be known: an e-mail address also by what is before the @."""
    return {plain(value), plain(value).split("@", 1)[0]} - {""}


def _rank(column: str) -> int:
    name = plain(column)
    return IDENTITY.index(name) if name in IDENTITY else len(IDENTITY)


def _rows(path: Path) -> list[list[str]]:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CourseError(
            f"{path} cannot be read: {error.strerror}. Name a CSV file with --roster."
        ) from None
    if len(data) > MAX_BYTES:
        raise CourseError(f"{path} has more than {MAX_BYTES >> 20} MB: that is no class list.")
    lines = _text(data).splitlines()
    sample = "\n".join(lines[:20])
    delimiter = max(",;\t", key=lambda mark: (sample.count(mark), mark == ","))
    try:
        return [row for row in csv.reader(lines, delimiter=delimiter) if any(map(str.strip, row))]
    except csv.Error as error:
        raise CourseError(f"{path} is no CSV file ({error}). Export the class list as CSV.") from None


def _text(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")  # what spreadsheets write in Western Europe


def _table(path: Path, rows: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], tuple[Line, ...]]:
    if len(rows) < 2:
        raise CourseError(f"{path} needs a line with the names of its columns, and a line for each student.")
    columns = tuple(name.strip() or f"column {n + 1}" for n, name in enumerate(rows[0]))
    padded = ([*row, *[""] * len(columns)] for row in rows[1:] if not NOT_A_STUDENT.match(row[0]))
    return columns, tuple(dict(zip(columns, row, strict=False)) for row in padded)
