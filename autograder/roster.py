"""Read a class list in CSV as any system writes it, and find each student's line in it."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograder.course import CourseError
from autograder.csv_files import csv_rows

MAX_BYTES = 20 << 20
# Header words, most telling first: where several columns know the same students, the first of these counts.
IDENTITY = (
    "student id", "student_id", "sis login id", "username", "user name", "login", "login id", "id",
    "id number", "idnumber", "sis user id", "matriculation number", "email address", "email", "e-mail",
)  # fmt: skip
NOT_A_STUDENT = re.compile(r"\s*points possible|student, test$|test student$", re.IGNORECASE)
POINTS = re.compile(r"\s*points possible", re.IGNORECASE)

Line = Mapping[str, str]  # one line of the list, by column
Names = Mapping[str, Iterable[str]]  # all the names by which a list may call a student, by student


@dataclass(frozen=True)
class Roster:
    """Hold a class list. `column` is the one whose values name the students' folders.

    `points` is what Canvas's own list says about the marks that can be had, by column.
    """

    path: Path
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    column: str
    points: Line = field(default_factory=dict)

    def key(self, line: Line) -> str:
        """Return what identifies the student of a line, in lower case."""
        return plain(line[self.column])

    def find(self, *names: str) -> str | None:
        """Return the first of these columns that the list has, whatever their case."""
        by_name = {plain(column): column for column in self.columns}
        return next((by_name[name] for name in names if name in by_name), None)


@dataclass(frozen=True)
class Matching:
    """Hold which line belongs to which student, and what belongs to nobody.

    `unsure` are lines that are no better than another one for the same student: nobody can say whose is it.
    """

    students: Mapping[int, str]  # by number of the line
    strangers: tuple[str, ...]  # students that the list does not have
    twice: tuple[str, ...]  # students whom several lines name
    unsure: Mapping[int, str] = field(default_factory=dict)


def read_roster(path: Path, students: Names) -> Roster:
    """Read a class list. `students` maps each known student to all the names that a list may use for it.

    Raises CourseError, saying what was looked for, if the file cannot be read or knows no student.
    """
    rows = _rows(path)
    columns, lines, points = _table(path, rows)
    owners = _owners(students)
    named = {
        column: {owner[1] for line in lines if (owner := _owner(line[column], owners))} for column in columns
    }
    found = {column: len(students) for column, students in named.items()}
    best = max(columns, key=lambda column: (found[column], -_rank(column)))
    if students and not found[best]:
        some = ", ".join(sorted(students)[:3])
        raise CourseError(
            f"No column of {path} names a student by the folder's name, such as {some}. "
            "Add a column `student_id` with these names."
        )
    return Roster(path, columns, lines, best, points)


def match(roster: Roster, students: Names) -> Matching:
    """Find the line of each student. The closest name counts; of several that are merely alike, none does."""
    owners = _owners(students)
    claims: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for number, line in enumerate(roster.lines):
        found = _owner(line[roster.column], owners)
        if found is not None:
            claims[found[1]].append((found[0], number))
    sure: dict[int, str] = {}
    unsure: dict[int, str] = {}
    for student, claim in claims.items():
        best = min(claim)[0]
        closest = [number for distance, number in claim if distance == best]
        differ = len({roster.key(roster.lines[number]) for number in closest}) > 1
        (unsure if best and differ else sure).update(dict.fromkeys(closest, student))
    seen = list(sure.values())
    twice = {name for name in seen if seen.count(name) > 1} | set(unsure.values())
    strangers = tuple(sorted(set(students) - set(seen)))
    return Matching(dict(sorted(sure.items())), strangers, tuple(sorted(twice)), unsure)


def finder(students: Names) -> Callable[[str], str | None]:
    """Return what says whom a name in a list means, None if that is nobody or may be several."""
    owners = _owners(students)

    def find(value: str) -> str | None:
        found = _owner(value, owners)
        return found[1] if found else None

    return find


def exact(text: str) -> str:
    """Return a name without surrounding blanks, its accents written in one way."""
    return unicodedata.normalize("NFC", text).strip()


def plain(text: str) -> str:
    """Return a name as it is compared: without case and surrounding blanks."""
    return unicodedata.normalize("NFC", exact(text).casefold())


def bare(text: str) -> str:
    """Return a number as a spreadsheet leaves it, without the zeros before and after; other names plainly."""
    number = re.fullmatch(r"0*(\d+?)(?:\.0+)?", plain(text))
    return number[1] if number else plain(text)


FORMS: tuple[Callable[[str], str], ...] = (exact, plain, bare)
Owners = tuple[Mapping[str, str], ...]  # for each form, the students whom a name in it means


def _owners(students: Names) -> Owners:
    return tuple(_named(students, form) for form in FORMS)


def _named(students: Names, form: Callable[[str], str]) -> dict[str, str]:
    """Return whom each name means, without those that may mean several."""
    owners: dict[str, set[str]] = defaultdict(set)
    for student, names in students.items():
        for name in {form(name) for name in names} - {""}:
            owners[name].add(student)
    return {name: next(iter(found)) for name, found in owners.items() if len(found) == 1}


def _owner(value: str, owners: Owners) -> tuple[int, str] | None:
    """Return whom a value means, and how far it is from the name: an e-mail address is farther than a name.

    Exactly the name or the name in another case is 0.
    """
    for far, text in ((0, value), (len(FORMS), value.split("@", 1)[0])):
        for number, (form, named) in enumerate(zip(FORMS, owners, strict=True)):
            if (student := named.get(form(text))) is not None:
                return max(far + number - 1, 0), student
    return None


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
    return [cells for _, cells in csv_rows(data, path)]


def _table(path: Path, rows: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], tuple[Line, ...], Line]:
    if len(rows) < 2:
        raise CourseError(f"{path} needs a line with the names of its columns, and a line for each student.")
    columns = _column_names(rows[0])
    padded = [dict(zip(columns, [*row, *[""] * len(columns)], strict=False)) for row in rows[1:]]
    name = columns[:2] if columns[0] == "LastName" else columns[:1]  # Canvas may split the names
    students = tuple(
        line for line in padded if not NOT_A_STUDENT.match(", ".join(line[column] for column in name))
    )
    points = next((line for line in padded if POINTS.match(line[columns[0]])), {})
    return columns, students, points


def _column_names(row: Sequence[str]) -> tuple[str, ...]:
    """Return a name for each column, all different."""
    names: list[str] = []
    for number, given in enumerate(row, 1):
        name = given.strip() or f"column {number}"
        names.append(name if name not in names else f"{name} [{number}]")
    return tuple(names)
