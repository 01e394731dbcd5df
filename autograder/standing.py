"""Say how everybody stands in a week: the gradebook's marks, lateness, and who has none and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import make_url

from autograder.course import Course, CourseError, short_name
from autograder.model import SubmissionResult
from autograder.record.database import open_gradebook, told_plainly
from autograder.record.gradebook import apply_late_policy, week_submissions
from autograder.record.late import late_policy, notebook_score
from autograder.record.results import load_result

Status = Literal["graded", "zero", "missing", "error", "waiting", "not graded"]
Row = Any  # a row of one of nbgrader's tables

WORDS: Mapping[Status, str] = {
    "graded": "graded",
    "zero": "handed in, and earned nothing",
    "missing": "handed in nothing",
    "error": "could not be graded: a person has to look",
    "waiting": "answers wait for a mark by hand",
    "not graded": "handed in, not graded yet",
}


@dataclass(frozen=True)
class Standing:
    """Hold how a student stands in a week. `score` is after lateness, None if there is none to hand on."""

    student: str
    status: Status
    score: float | None = None
    so_far: float | None = None
    hours_late: float = 0.0
    penalty: float = 0.0
    reason: str = ""


def class_standings(
    course: Course, week: str
) -> tuple[dict[str, Standing], dict[str, tuple[str, ...]], float]:
    """Return how everybody stands, by what names each student is known, and the marks to be had.

    Brings extensions and penalties in the gradebook up to date first.
    """
    address = make_url(course.gradebook_url)
    if address.get_backend_name() == "sqlite" and not Path(address.database or "").is_file():
        raise CourseError(f"Nothing has been graded yet. Run: autograder grade {short_name(week)}")
    policy = late_policy(course)
    url, course_id = course.gradebook_url, course.layout.course_id
    with told_plainly(url), open_gradebook(url, course_id) as gradebook:
        apply_late_policy(gradebook, week, policy)
        assignment = next((row for row in gradebook.assignments if row.name == week), None)
        if assignment is None:
            raise CourseError(f"{week} has not been graded yet. Run: autograder grade {short_name(week)}")
        rows = {row.student_id: row for row in week_submissions(gradebook, week)}
        known = {row.id: _names(row) for row in gradebook.students}
        handed_in = set(course.students(week))
        ever = {student for other in course.weeks() for student in course.students(other)}
        known |= {name: (name,) for name in (ever | handed_in) - known.keys()}
        found = {name: _standing(course, week, name, rows.get(name), handed_in) for name in sorted(known)}
        return found, known, float(assignment.max_score)


def _names(student: Row) -> tuple[str, ...]:
    """Return what a class list may call a student of the gradebook."""
    return tuple(str(name) for name in (student.id, student.email, student.lms_user_id) if name)


def _standing(course: Course, week: str, student: str, row: Row | None, handed_in: set[str]) -> Standing:
    if row is None:
        return Standing(student, "not graded" if student in handed_in else "missing")
    hours = float(row.total_seconds_late) / 3600
    grades = [grade for notebook in row.notebooks for grade in notebook.grades]
    waiting = [g for g in grades if g.needs_manual_grade or (g.manual_score is None and g.auto_score is None)]
    raw = sum(notebook_score(notebook) for notebook in row.notebooks)
    penalty = sum(notebook.late_submission_penalty or 0.0 for notebook in row.notebooks)
    if waiting:
        broken = _broken(course, week, student)
        reason = broken.reason if broken else _answers(len(waiting))
        so_far = None if broken else raw
        return Standing(student, "error" if broken else "waiting", None, so_far, hours, penalty, reason)
    return Standing(student, "graded" if raw > 0 else "zero", max(raw - penalty, 0.0), raw, hours, penalty)


def _broken(course: Course, week: str, student: str) -> SubmissionResult | None:
    """Return the stored result that says that a person has to look at the submission, if there is one."""
    found = (load_result(course.results(week, student, name)) for name in course.notebooks(week))
    return next((saved.result for saved in found if saved and saved.result.status != "graded"), None)


def _answers(count: int) -> str:
    return f"{count} answer{'s wait' if count > 1 else ' waits'} for a mark in the Formgrader."
