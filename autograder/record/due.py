"""Until when a student may hand in, and whether the solutions of a week may be told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from nbgrader import api
from sqlalchemy import func

from autograder.course import Course
from autograder.pages.feedback import Due
from autograder.record.extensions import Extension, Extensions, extension_of, read_extensions

Session = Any  # of SQLAlchemy, on nbgrader's tables


def due_of(course: Course, week: str, student: str, db: Session, now: datetime | None = None) -> Due:
    """Return what the gradebook's due date and the extensions mean for a student, seen from `now` (UTC).

    Solutions may be told when the time of everybody is over, also of those who were given more.
    """
    row = db.query(api.Assignment).filter_by(name=week).first()
    end = row.duedate if row is not None else None
    if end is None:
        return Due()
    extensions = _extensions(course, _changed(course.extensions))
    own = extension_of(extensions, student, week)
    given = [one for (name, _), one in extensions.items() if extension_of(extensions, name, week) == one]
    until = end + max(_beyond(own, end), _recorded(db, week, student))
    last = end + max([_recorded(db, week), *(_beyond(one, end) for one in given)])
    moment = now or datetime.now(UTC).replace(tzinfo=None)
    return Due(until, is_open=moment <= until, told=moment > max(until, last))


@lru_cache(maxsize=1)
def _extensions(course: Course, changed: int) -> Extensions:
    """Return the extensions of a course, read once for all pages as long as the file is not changed."""
    return read_extensions(course) or {}


def _changed(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _beyond(given: Extension | None, end: datetime) -> timedelta:
    return (given.beyond(end) if given else None) or timedelta()


def _recorded(db: Session, week: str, student: str = "") -> timedelta:
    """Return the longest extension that the gradebook holds for a week, or that of one student."""
    found = db.query(func.max(api.SubmittedAssignment.extension)).join(api.Assignment)
    found = found.filter(api.Assignment.name == week)
    if student:
        found = found.filter(api.SubmittedAssignment.student_id == student)
    longest = found.scalar()
    return longest if isinstance(longest, timedelta) else timedelta()
