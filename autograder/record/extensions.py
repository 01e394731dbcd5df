"""Read who was given more time: `extensions.csv` in the course's folder, one line a student and week."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from nbgrader import utils

from autograder.course import WEEK, Course, CourseError, short_name

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


def read_extensions(course: Course) -> Extensions | None:
    """Return the extensions of a course, or None if it has no `extensions.csv`.

    Raises CourseError, with the line and what to write instead, if the file cannot be understood.
    """
    path = course.extensions
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(f"{path} cannot be read ({error}). Save it as a CSV file in UTF-8.") from None
    return _extensions(path, text.splitlines())


def extension_of(extensions: Extensions, student: str, week: str) -> Extension | None:
    """Return what a student was given for a week: its own line, or the student's line for all weeks."""
    name = week.lower()
    names = (name, short_name(name) if WEEK.fullmatch(name) else _week_name(name), ALL_WEEKS)
    return next((extensions[student, name] for name in names if (student, name) in extensions), None)


def _extensions(path: Path, lines: Iterable[str]) -> Extensions:
    rows = csv.DictReader(lines, skipinitialspace=True)
    names = [(name or "").strip().lower() for name in rows.fieldnames or ()]
    if not {"student", "week"} <= set(names) or not {"until", "hours"} & set(names):
        raise CourseError(f"{path} needs a first line that names its columns. For example:\n{EXAMPLE}")
    found: dict[tuple[str, str], Extension] = {}
    for row in rows:
        fields = dict(zip(names, ((value or "").strip() for value in _values(row, len(names))), strict=True))
        if not any(fields.values()):
            continue
        where = f"{path}, line {rows.line_num}"
        key = _key(fields, where)
        if key in found:
            raise CourseError(f"{where}: {key[0]} already has a line for {key[1]}. Keep one of the two.")
        found[key] = _extension(fields, where)
    return found


def _values(row: Mapping[str | None, str | list[str] | None], count: int) -> list[str]:
    values = [value if isinstance(value, str) else "" for name, value in row.items() if name is not None]
    return (values + [""] * count)[:count]


def _key(fields: Mapping[str, str], where: str) -> tuple[str, str]:
    student, week = fields["student"], fields["week"].lower()
    if not student or not week:
        raise CourseError(f"{where}: name both a student and a week (or {ALL_WEEKS} for all weeks).")
    return student, _week_name(week)


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
    try:
        date.fromisoformat(text[:10])  # nbgrader's reader takes `12` for the twelfth of this month
        moment: datetime = utils.parse_utc(text)
    except (ValueError, OverflowError):
        raise CourseError(
            f"{where}: `until` is {text!r}. Write a time such as 2026-03-05 12:00 UTC, or a date."
        ) from None
    return moment + timedelta(hours=23, minutes=59, seconds=59) if len(text) == 10 else moment
