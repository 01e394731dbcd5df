"""Say how everybody stands in a week: the gradebook's marks, lateness, and who has none and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import make_url

from autograder.course import Course, CourseError
from autograder.marks.count import Marks, Standing
from autograder.nbgrader_options import read_settings
from autograder.record.database import open_gradebook, told_plainly
from autograder.record.gradebook import apply_late_policy, find_submission, week_submissions
from autograder.record.late import late_policy
from autograder.record.marks import is_unmarked, marks_of
from autograder.record.results import load_result
from autograder.spec import load_assignment

Row = Any  # a row of one of nbgrader's tables


def class_standings(
    course: Course, week: str
) -> tuple[dict[str, Standing], dict[str, tuple[str, ...]], float]:
    """Return how everybody stands, by what names each student is known, and the marks to be had.

    Brings extensions and penalties in the gradebook up to date first.
    """
    command = f"autograder grade {course.typed(week)}"
    address = make_url(course.gradebook_url)
    if address.get_backend_name() == "sqlite" and not Path(address.database or "").is_file():
        raise CourseError(f"Nothing has been graded yet. Run: {command}")
    policy = late_policy(course)
    url, course_id = course.gradebook_url, course.layout.course_id
    with told_plainly(url), open_gradebook(url, course_id) as gradebook:
        apply_late_policy(gradebook, week, policy)
        assignment = next((row for row in gradebook.assignments if row.name == week), None)
        if assignment is None:
            raise CourseError(f"{week} has not been graded yet. Run: {command}")
        rows = {row.student_id: row for row in week_submissions(gradebook, week)}
        known = {row.id: _names(row) for row in gradebook.students}
        excluded = set(read_settings(course).excluded)
        handed_in = set(course.students(week)) - excluded
        ever = {student for other in course.weeks() for student in course.students(other)} - excluded
        known |= {name: (name,) for name in (ever | handed_in) - known.keys()}
        maximum = _marks(course, week, assignment)
        found = {
            name: _standing(course, week, name, rows.get(name), handed_in, maximum) for name in sorted(known)
        }
        return found, known, maximum


def standing_of(course: Course, week: str, student: str) -> Standing:
    """Return how one student who handed in stands in a week, without looking at the others."""
    with open_gradebook(course.gradebook_url, course.layout.course_id) as gradebook:
        row = find_submission(gradebook, student, week, whole=True)
        maximum = _marks(course, week, row.assignment) if row is not None else 0.0
        return _standing(course, week, student, row, {student}, maximum)


def _names(student: Row) -> tuple[str, ...]:
    """Return what a class list may call a student of the gradebook."""
    return tuple(str(name) for name in (student.id, student.email, student.lms_user_id) if name)


def _standing(
    course: Course, week: str, student: str, row: Row | None, handed_in: set[str], maximum: float
) -> Standing:
    if row is None:
        return Standing(student, "not graded" if student in handed_in else "missing")
    notebooks = {notebook.name: marks_of(notebook) for notebook in _present(course, week, row.notebooks)}
    marks = sum(notebooks.values(), start=Marks()).of(maximum)
    late = float(row.total_seconds_late) / 3600
    one = Standing(student, "graded" if marks.earned > 0 else "zero", late, marks=marks, notebooks=notebooks)
    waiting = [name for name, own in notebooks.items() if not own.final]
    if broken := _broken(course, week, student, waiting):
        return replace(one, status="error", reason=broken)
    if ungraded := _ungraded(course, week, student, row):
        return replace(one, status="not graded", reason=ungraded)
    if waiting:
        return replace(one, status="waiting", reason=_answers(marks))
    return one


def _present(course: Course, week: str, notebooks: Iterable[Row]) -> list[Row]:
    """Return the rows of notebooks that are still in the source. One of ours is named like its week."""
    names = course.notebooks(week)
    return [notebook for notebook in notebooks if course.layout.own or notebook.name in names]


def _broken(course: Course, week: str, student: str, waiting: Iterable[str]) -> str:
    """Return why a person has to look at any of these notebooks, or nothing."""
    found = ((name, load_result(course.results(week, student, name))) for name in waiting)
    broken = {name: saved.result.reason for name, saved in found if saved and saved.result.status != "graded"}
    several = len(course.notebooks(week)) > 1
    return " ".join(f"{name}: {reason}" if several else reason for name, reason in broken.items())


def _ungraded(course: Course, week: str, student: str, row: Row) -> str:
    """Return which notebooks nobody has graded yet, by machine or by hand, or nothing."""
    names = course.notebooks(week)
    rows = {notebook.name: notebook for notebook in row.notebooks}
    several = len(names) > 1
    left = [
        name
        for name in names
        if name not in rows or (several and not _was_graded(course, week, student, rows[name]))
    ]
    return f"Not graded yet: {', '.join(left)}." if left else ""


def _was_graded(course: Course, week: str, student: str, notebook: Row) -> bool:
    if not notebook.grades or not all(map(is_unmarked, notebook.grades)):
        return True
    return load_result(course.results(week, student, notebook.name)) is not None


def _marks(course: Course, week: str, assignment: Row) -> float:
    """Return the marks to be had, in notebooks that the gradebook does not know yet, too."""
    known = {row.name: float(row.max_score) for row in _present(course, week, assignment.notebooks)}
    unknown = (name for name in course.notebooks(week) if name not in known)
    return sum(known.values()) + sum(load_assignment(course, week, name).marks for name in unknown)


def _answers(marks: Marks) -> str:
    count = marks.answers
    answers = f"{count} answer{'s wait' if count > 1 else ' waits'} for a mark in the Formgrader"
    return f"{answers}: {marks.told}."
