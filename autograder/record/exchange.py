"""Write beside graded notebooks and pages what nbgrader's exchange needs to hand the pages to students.

`nbgrader release_feedback` puts a page where only who knows the secret of the submission can find it:
`nbgrader submit` leaves that in `submission_secret.txt`. It stops for the whole class if one page has none.
"""

from __future__ import annotations

import secrets
from pathlib import Path

from autograder.course import Course
from autograder.intake.extras import MAX_TIMESTAMP, TIMESTAMP, parse_timestamp
from autograder.intake.files import Refused, read_regular

SECRET = "submission_secret.txt"
MAX_SECRET = 4096  # nbgrader's have 128 characters
SECRET_BYTES = 64  # as many as nbgrader takes
READABLE = 0o644


def write_exchange_files(course: Course, week: str, student: str) -> None:
    """Write the time and the secret of a submission beside its pages, and beside its graded notebooks.

    Work that did not come through the exchange has no secret. Its pages get one that nobody knows: nobody can
    fetch them, and the pages of all others can be released.
    """
    handed_in = course.submitted(week, student)
    time, secret = _time(handed_in / TIMESTAMP), _secret(handed_in / SECRET)
    graded, pages = course.autograded(week, student), course.feedback(week, student)
    if graded.is_dir():  # from there `nbgrader generate_feedback` takes them
        for name, text in ((TIMESTAMP, time), (SECRET, secret)):
            if text:
                _write(graded / name, text)
    pages.mkdir(parents=True, exist_ok=True)
    _write(pages / TIMESTAMP, time)
    _write(pages / SECRET, secret or _secret(pages / SECRET) or secrets.token_hex(SECRET_BYTES))


def came_through_exchange(course: Course, week: str, student: str) -> bool:
    """Return whether a student can fetch the pages with `nbgrader fetch_feedback`."""
    return bool(_secret(course.submitted(week, student) / SECRET))


def _time(path: Path) -> str:
    """Return the time in a file, "" if there is none: nbgrader stops at one that it cannot read."""
    try:
        data = read_regular(path, MAX_TIMESTAMP)
        parse_timestamp(data)
    except (OSError, Refused, ValueError):
        return ""
    return data.decode("utf-8")


def _secret(path: Path) -> str:
    """Return the secret in a file, "" if there is none. A student may have put anything there."""
    try:
        text = read_regular(path, MAX_SECRET).decode("ascii").strip()
    except (OSError, Refused, ValueError):
        return ""
    return text if text.isprintable() else ""


def _write(path: Path, text: str) -> None:
    """Write a file unless it says so already."""
    if path.is_file() and path.read_bytes() == text.encode():
        return
    path.unlink(missing_ok=True)  # it may be another instructor's
    # No wait for the disk, which takes longer than all else for one student: it can be made again.
    path.write_bytes(text.encode())
    path.chmod(READABLE)
