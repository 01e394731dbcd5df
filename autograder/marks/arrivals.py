"""Remember what came in, from where and under which name: feedback goes back under the same names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import msgspec

from autograder.course import Course, CourseError
from autograder.files import write_atomically

System = Literal["moodle", "canvas", "gradescope", "folder", "git", "nbgrader"]

SHOWN: Mapping[str, str] = {
    "moodle": "Moodle", "canvas": "Canvas", "gradescope": "Gradescope", "folder": "a folder",
    "git": "git repositories", "nbgrader": "nbgrader",
}  # fmt: skip


@dataclass(frozen=True)
class Arrival:
    """Hold one attempt of a student at a week.

    `place` is the path of the notebook as it came, its parts joined by `/`, relative to what was collected.
    `handed_in` is the time in UTC as ISO 8601 text, "" if nobody knows. Of a student's attempts one `counts`:
    it lies in `submitted/`, the others in `kept`, relative to the course. `ids` is what the system calls the
    student, by the system's own words. `nbgrader` stands for whatever lay in `submitted/` already.

    Which attempt is newer is told by `serial`, Canvas's number of the file, or by `moment` (UTC): a time that
    may be that of a download, and makes nobody late.
    """

    student: str
    system: System
    place: str
    digest: str
    handed_in: str = ""
    attempt: int = 1
    late: bool = False
    counts: bool = True
    kept: str = ""
    ids: Mapping[str, str] = field(default_factory=dict)
    moment: str = ""
    serial: int = 0


def arrivals_file(course: Course, week: str) -> Path:
    """Return the path of the list of what came in for a week."""
    return course.root / "collected" / f"{week}.json"


def read_arrivals(course: Course, week: str) -> tuple[Arrival, ...]:
    """Return all that came in for a week, none if nothing was ever collected.

    Raises CourseError if the list is damaged.
    """
    path = arrivals_file(course, week)
    if not path.is_file():
        return ()
    try:
        return msgspec.json.decode(path.read_bytes(), type=tuple[Arrival, ...])
    except (OSError, msgspec.DecodeError) as error:
        raise CourseError(
            f"{path} cannot be read ({error}). Move it away, and collect once more what came in."
        ) from None


def write_arrivals(course: Course, week: str, arrivals: Sequence[Arrival]) -> None:
    """Write the list of what came in for a week, in one step."""
    data = msgspec.json.format(msgspec.json.encode(tuple(arrivals)), indent=1)
    write_atomically(arrivals_file(course, week), data + b"\n")
