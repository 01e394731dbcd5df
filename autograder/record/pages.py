"""Write the pages of an assignment from what was recorded: feedback for students, a report on the class."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path
from typing import Any
from urllib.parse import quote

from autograder.checks.week import load_checks
from autograder.course import Course
from autograder.files import write_atomically
from autograder.marks.count import Marks
from autograder.model import SubmissionResult
from autograder.nbgrader_options import read_settings, share_folder
from autograder.pages.analysis import Given
from autograder.pages.feedback import Lateness, feedback_page
from autograder.pages.report import whole_report
from autograder.pages.several import Whole, label, whole
from autograder.pages.solutions import Solution, solutions_of
from autograder.record.database import open_gradebook
from autograder.record.due import due_of
from autograder.record.exchange import write_exchange_files
from autograder.record.gradebook import apply_late_policy, find_submission, marks_by_hand
from autograder.record.late import late_policy
from autograder.record.marks import marks_of
from autograder.record.results import load_result
from autograder.spec import Assignment, load_assignment
from autograder.standing import class_standings

Gradebook = Any  # nbgrader's, which has no types
Row = Any  # a row of one of its tables


def write_feedback_page(
    course: Course, assignment: Assignment, result: SubmissionResult, gradebook: Gradebook
) -> Path:
    """Write the feedback page of one student for one notebook and return its path."""
    path = course.feedback(result.week, result.student) / f"{assignment.name}.html"
    submission = find_submission(gradebook, result.student, result.week, whole=True)
    marks, late = marks_by_hand(submission, assignment.name), lateness(submission, assignment.name)
    due = due_of(course, result.week, result.student, gradebook.db)
    solutions = told_solutions(assignment) if due.told else {}
    counted = counted_marks(submission, assignment.name)
    page = feedback_page(result, assignment, marks, late=late, due=due, solutions=solutions, counted=counted)
    write_atomically(path, page)
    write_exchange_files(course, result.week, result.student)
    return path


def counted_marks(submission: Row | None, notebook: str) -> Marks | None:
    """Return what the gradebook says of a notebook of a submission, None if it does not know it."""
    rows = submission.notebooks if submission is not None else ()
    return next((marks_of(row) for row in rows if row.notebook.name == notebook and row.grades), None)


def told_solutions(assignment: Assignment) -> dict[str, Solution]:
    """Return the solutions of a week of ours. Those of another course are its teacher's to tell."""
    if not assignment.own:
        return {}
    return solutions_of(assignment, load_checks(assignment).replies)


def lateness(submission: Row | None, notebook: str) -> Lateness | None:
    """Return by how much a notebook was late and what that costs, None if it was in time or is unknown."""
    if submission is None:
        return None
    hours = float(submission.total_seconds_late) / 3600
    taken = (row.late_submission_penalty for row in submission.notebooks if row.notebook.name == notebook)
    return Lateness(hours, next(taken, None) or 0.0) if hours > 0 else None


def write_feedback(course: Course, week: str, students: Collection[str] | None = None) -> list[Path]:
    """Write pages again, with what people gave and what lateness costs by now.

    Those of `students`, or of everybody who was graded.
    """
    assignments = [load_assignment(course, week, name) for name in course.notebooks(week)]
    with open_gradebook(course.gradebook_url, course.layout.course_id) as gradebook:
        apply_late_policy(gradebook, week, late_policy(course))
        pages = [
            write_feedback_page(course, assignment, result, gradebook)
            for assignment in assignments
            for result in stored_results(course, week, assignment.name, students).values()
        ]
    if read_settings(course).groupshared:
        for folder in {page.parent for page in pages}:
            share_folder(course, folder)
    return pages


def write_report(course: Course, week: str) -> Path:
    """Write the class report on all notebooks of a week and return its path."""
    path, names = course.report(week), course.notebooks(week) or (week,)
    assignments = [load_assignment(course, week, name) for name in names]
    parts = [(one, stored_results(course, week, one.name)) for one in assignments]
    excluded = read_settings(course).excluded
    found = whole(parts, [student for student in course.students(week) if student not in excluded])
    by_hand: dict[str, dict[str, Given]] = {}
    if any(cell.manual for cell in found.assignment.graded) and found.results:
        with open_gradebook(course.gradebook_url, course.layout.course_id) as gradebook:
            for one in found.results:
                submission = find_submission(gradebook, one.student, week, whole=True)
                by_hand[one.student] = _given(submission, found)

    def address(student: str, notebook: str) -> str:
        page = course.feedback(week, student) / f"{notebook}.html"
        return quote(os.path.relpath(page, path.parent), errors="replace")

    standings = class_standings(course, week)[0] if found.results else {}
    write_atomically(path, whole_report(found, by_hand, address, standings))
    return path


def _given(submission: Row | None, found: Whole) -> dict[str, Given]:
    """Return what people gave a student's answers, called as in the report."""
    return {
        label(notebook, name) if found.several else name: mark
        for notebook in found.notebooks
        for name, mark in marks_by_hand(submission, notebook).items()
    }


def stored_results(
    course: Course, week: str, notebook: str, students: Collection[str] | None = None
) -> dict[str, SubmissionResult]:
    """Return the results for a notebook by student: of `students`, or of all who were graded."""
    names = [name for name in course.students(week) if students is None or name in students]
    found = ((student, load_result(course.results(week, student, notebook))) for student in names)
    return {student: saved.result for student, saved in found if saved is not None}
