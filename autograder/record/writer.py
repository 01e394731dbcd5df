"""The one writer of a run: gradebook, autograded notebook, feedback page, stored result, in this order."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Any

from autograder.course import Course
from autograder.files import write_atomically
from autograder.model import SubmissionResult
from autograder.pages.feedback import feedback_page
from autograder.pages.report import class_report
from autograder.record.autograded import write_autograded
from autograder.record.gradebook import (
    ensure_assignment,
    has_submission,
    manual_marks,
    open_gradebook,
    record,
)
from autograder.record.late import handed_in_at, late_penalty
from autograder.record.results import SavedResult, load_result, save_result
from autograder.spec import Assignment, load_assignment


class Writer:
    """Record results one after the other. Use it as a context manager: it holds the gradebook open."""

    def __init__(self, course: Course, assignment: Assignment) -> None:
        self.course, self.assignment = course, assignment
        self.penalty = late_penalty(course)
        self.gradebook = open_gradebook(course.gradebook_url)

    def __enter__(self) -> Writer:
        ensure_assignment(self.gradebook, self.assignment)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.gradebook.close()

    def write(self, saved: SavedResult) -> None:
        """Record a fresh result. The stored result comes last: if it is there, all else is."""
        result = saved.result
        self._record(result)
        write_autograded(self.course, result, self.assignment)
        write_feedback_page(self.course, self.assignment, result, self.gradebook)
        save_result(self.course.autograded(result.week, result.student), saved)

    def restore(self, result: SubmissionResult) -> None:
        """Record an unchanged result again if the gradebook does not know it (it may have been deleted)."""
        if not has_submission(self.gradebook, result):
            self._record(result)

    def _record(self, result: SubmissionResult) -> None:
        when = handed_in_at(self.course, result.week, result.student)
        record(self.gradebook, result, self.assignment, timestamp=when, penalty=self.penalty)


def write_feedback_page(
    course: Course, assignment: Assignment, result: SubmissionResult, gradebook: Any
) -> Path:
    """Write the feedback page of one student and return its path."""
    path = course.feedback(result.week, result.student) / f"{result.week}.html"
    marks = manual_marks(gradebook, result.student, result.week)
    write_atomically(path, feedback_page(result, assignment, marks))
    return path


def write_feedback(course: Course, week: str) -> list[Path]:
    """Write every graded student's page again, with the manual marks that the gradebook now holds."""
    assignment = load_assignment(course, week)
    with open_gradebook(course.gradebook_url) as gradebook:
        return [
            write_feedback_page(course, assignment, result, gradebook)
            for result in stored_results(course, week)
        ]


def write_report(course: Course, week: str) -> Path:
    """Write the class report and return its path."""
    path = course.report(week)
    write_atomically(path, class_report(stored_results(course, week), load_assignment(course, week)))
    return path


def stored_results(course: Course, week: str) -> list[SubmissionResult]:
    """Return the results of all students that were graded."""
    found = (load_result(course.autograded(week, student)) for student in course.students(week))
    return [saved.result for saved in found if saved is not None]
