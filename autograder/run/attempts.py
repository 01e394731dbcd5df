"""Count how many hand-ins of a student were graded today, from the log that grading keeps."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from autograder.course import Course
from autograder.digests import submission_digest
from autograder.grading import handed_in_by
from autograder.log import grading_log
from autograder.spec import Assignment, load_assignment

Graded = Mapping[tuple[str, str], set[str]]  # hashes of what was graded today, by student and notebook


@dataclass(frozen=True)
class Choice:
    """Hold whose work may be graded now, and why that of others has to wait until tomorrow."""

    students: tuple[str, ...]
    held: Mapping[str, str] = field(default_factory=dict)


def within_limit(
    course: Course, week: str, students: Sequence[str], per_day: int | None, now: datetime
) -> Choice:
    """Return whose hand-in may be graded now if each student has `per_day` of them graded a day (None: any).

    A day ends at midnight by the clock of this machine. What was handed in before and is graded again, and
    what could not be read, is no attempt.
    """
    if per_day is None:
        return Choice(tuple(students))
    graded = graded_today(grading_log(course, week), now)
    assignments = [load_assignment(course, week, name) for name in course.notebooks(week)]
    held = {}
    for student in students:
        used = max((len(graded[key]) for key in graded if key[0] == student), default=0)
        if used >= per_day and _is_new(course, assignments, student, graded):
            held[student] = waiting_words(used, now)
    return Choice(tuple(student for student in students if student not in held), held)


def waiting_words(used: int, now: datetime) -> str:
    """Return what a student is told whose newest hand-in waits."""
    day = f"{now.day} {now:%B}"
    attempts = "attempt of this day is" if used == 1 else "attempts of this day are"
    return f"{used} {attempts} used ({day}): your newest hand-in is graded after midnight."


def graded_today(log: Path, now: datetime) -> Graded:
    """Return the hashes of the hand-ins that were graded on the day of `now`, by student and notebook."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0).timestamp()
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for entry in _entries(log):
        if entry.get("event") == "graded" and entry.get("status") == "graded" and entry["time"] >= midnight:
            key = str(entry.get("student")), str(entry.get("notebook"))
            found[key].add(str(entry.get("handed_in")))
    return found


def _entries(log: Path) -> Iterator[Mapping[str, Any]]:
    """Yield the entries of a log; a line that a killed process left half written is none."""
    if not log.is_file():
        return
    with log.open(encoding="utf-8") as lines:
        for line in lines:
            try:
                yield json.loads(line)
            except ValueError:
                continue


def _is_new(course: Course, assignments: Iterable[Assignment], student: str, graded: Graded) -> bool:
    """Return whether any notebook lies there that was not graded today as it is."""
    for assignment in assignments:
        digest = submission_digest(handed_in_by(course, assignment, student))
        if digest not in graded.get((student, assignment.name), set()):
            return True
    return False
