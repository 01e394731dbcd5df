"""Read who was given more time: `extensions.csv` in the course's folder, one line a student and week."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from autograder.course import WEEK, Course, CourseError, short_name
from autograder.csv_files import csv_rows
from autograder.roster import finder

COLUMNS = ("student", "week", "until", "hours")
EXAMPLE = "student,week,until,hours\nada,week03,2026-03-05 12:00,\nbob,week03,,48"
ALL_WEEKS = "*"


@dataclass(frozen=True)
class Extension:
    """Give a student time until a moment (UTC), or a number of hours after the due date."""

    until: datetime | None = None
    hours: float = 0.0

    def beyond(self, due: datetime | None) -> timedelta | None:
        """Return the time after the due date, as nbgrader's gradebook keeps it. None if nothing is due.

        A moment before the due date takes no time away.
        """
        if due is None:
            return None
        given = self.until - due if self.until is not None else timedelta(hours=self.hours)
        return max(given, timedelta())


Extensions = Mapping[tuple[str, str], Extension]  # by student, and week as the file names it


@dataclass(frozen=True)
class Line:
    """Hold a line of the file: where it stands, what its columns say, and whose it is (None: nobody's)."""

    where: str
    fields: Mapping[str, str]
    owner: str | None


def read_extensions(course: Course) -> Extensions | None:
    """Return the extensions of a course, or None if it has no `extensions.csv`.

    Raises CourseError, with the line and what to write instead, if the file cannot be understood.
    """
    lines = _read(course)
    if lines is None:
        return None
    found: dict[tuple[str, str], Extension] = {}
    for line in lines:
        key = _key(line)
        if key in found:
            raise CourseError(f"{line.where}: {key[0]} already has a line for {key[1]}. Keep one of the two.")
        found[key] = _extension(line.fields, line.where)
    return found


def unknown_names(course: Course) -> tuple[str, ...]:
    """Return a sentence for each line of `extensions.csv` whose student is nobody who ever handed in."""
    return tuple(
        f"{line.where}: nobody called {line.fields['student']} has handed in anything. "
        "If somebody has, write the name of the folder."
        for line in _read(course) or ()
        if line.owner is None
    )


def extension_of(extensions: Extensions, student: str, week: str) -> Extension | None:
    """Return what a student was given for a week: its own line, or the student's line for all weeks."""
    name = week.lower()
    names = (name, short_name(name) if WEEK.fullmatch(name) else _week_name(name), ALL_WEEKS)
    return next((extensions[student, name] for name in names if (student, name) in extensions), None)


def _read(course: Course) -> list[Line] | None:
    """Return the lines of the file that say anything. Names are compared as those of class lists are."""
    path = course.extensions
    data = _bytes(path)
    if data is None:
        return None
    rows = csv_rows(data, path)
    if any("\ufffd" in cell for _, cells in rows for cell in cells):
        raise CourseError(f"{path} cannot be read. Save it as a CSV file in UTF-8.")
    names = [name.strip().lower() for name in rows[0][1]] if rows else []
    if not {"student", "week"} <= set(names) or not {"until", "hours"} & set(names):
        raise CourseError(f"{path} needs a first line that names its columns. For example:\n{EXAMPLE}")
    find = finder({name: (name,) for week in course.weeks() for name in course.students(week)})
    found = []
    for number, cells in rows[1:]:
        padded = [*map(str.strip, cells), *[""] * len(names)]
        fields = dict(zip(names, padded, strict=False))
        found.append(Line(f"{path}, line {number}", fields, find(fields["student"])))
    return found


def _bytes(path: Path) -> bytes | None:
    """Return what is in the file, None if there is none."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        workbook = path.with_suffix(".xlsx")
        if workbook.exists():
            raise CourseError(f"{workbook} is an Excel file. Save it as CSV: {path.name}.") from None
        return None
    except OSError as error:
        raise CourseError(f"{path} cannot be read ({error}). Save it as a CSV file in UTF-8.") from None


def _key(line: Line) -> tuple[str, str]:
    student, week = line.fields["student"], line.fields["week"].lower()
    if not student or not week:
        raise CourseError(f"{line.where}: name both a student and a week (or {ALL_WEEKS} for all weeks).")
    return line.owner or student, _week_name(week)


def _week_name(text: str) -> str:
    """Return `week03` for `3`, and any other name as it is."""
    return f"week{int(text):02d}" if text.isdecimal() else text


def _extension(fields: Mapping[str, str], where: str) -> Extension:
    until, hours = fields.get("until", ""), fields.get("hours", "")
    if bool(until) == bool(hours):
        raise CourseError(f"{where}: fill in either `until` or `hours`, not both and not neither.")
    if until:
        return Extension(until=_moment(until, where))
    try:
        given = float(hours)
    except ValueError:
        given = math.nan
    if not 0 <= given <= 24 * 3660:  # nan is refused, too
        raise CourseError(f"{where}: `hours` is {hours!r}. Write a number of hours from 0, such as 48.")
    return Extension(hours=given)


def _moment(text: str, where: str) -> datetime:
    """Return the moment that a text names, in UTC as nbgrader reads times; a bare date means its end."""
    from nbgrader import utils  # loads all of nbgrader, which takes a second

    try:
        date.fromisoformat(text[:10])  # nbgrader's reader takes `12` for the twelfth of this month
        moment: datetime = utils.parse_utc(text)
    except (ValueError, OverflowError):
        raise CourseError(
            f"{where}: `until` is {text!r}. Write a time such as 2026-03-05 12:00 UTC, or a date."
        ) from None
    return moment + timedelta(hours=23, minutes=59, seconds=59) if len(text) == 10 else moment
