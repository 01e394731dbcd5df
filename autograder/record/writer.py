"""The one writer of a run: gradebook, autograded notebook, feedback page, stored result, in this order."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any

from autograder.course import Course, CourseError
from autograder.files import held, write_atomically
from autograder.model import SubmissionResult
from autograder.pages.feedback import feedback_page
from autograder.pages.report import class_report
from autograder.record.autograded import write_autograded
from autograder.record.database import open_gradebook
from autograder.record.gradebook import (
    apply_late_policy,
    ensure_assignment,
    has_submission,
    manual_marks,
    record,
)
from autograder.record.late import handed_in_at, late_policy
from autograder.record.results import SavedResult, load_result, save_result
from autograder.spec import Assignment, load_assignment

LOCK_SECONDS = 5.0  # what a killed grader leaves running ends well within this


class Writer:
    """Record results one after the other. Use it as a context manager: it holds the gradebook open."""

    def __init__(self, course: Course, assignment: Assignment) -> None:
        self.course, self.assignment = course, assignment
        self.late = late_policy(course)
        self.gradebook = open_gradebook(course.gradebook_url, course.layout.course_id)
        self.lock = course.root / "logs" / f"grade-{assignment.week}.lock"
        self._open = ExitStack()

    def __enter__(self) -> Writer:
        with ExitStack() as undo:
            undo.callback(self.gradebook.close)
            if not undo.enter_context(held(self.lock, LOCK_SECONDS)):
                raise CourseError(
                    f"Another `autograder grade {self.assignment.week}` is at work here. "
                    "Wait for it, or stop it, and run the same command again."
                )
            ensure_assignment(self.gradebook, self.assignment)
            apply_late_policy(self.gradebook, self.assignment.week, self.late)
            self._open = undo.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def write(self, saved: SavedResult) -> None:
        """Record a fresh result. The stored result comes last: if it is there, all else is."""
        result = saved.result
        self._record(result)
        write_autograded(self.course, result, self.assignment)
        write_feedback_page(self.course, self.assignment, result, self.gradebook)
        save_result(self.course.results(result.week, result.student, self.assignment.name), saved)

    def restore(self, result: SubmissionResult) -> None:
        """Record an unchanged result again if the gradebook does not know it (it may have been deleted)."""
        if not has_submission(self.gradebook, result):
            self._record(result)

    def _record(self, result: SubmissionResult) -> None:
        when = handed_in_at(self.course, result.week, result.student)
        record(self.gradebook, result, self.assignment, timestamp=when, late=self.late)


class Rehearsal:
    """Stand in for the writer and write nothing."""

    def __init__(self, course: Course, assignment: Assignment) -> None:
        pass

    def __enter__(self) -> Rehearsal:
        return self

    def __exit__(self, *failure: object) -> None:
        pass

    def write(self, saved: SavedResult) -> None:
        """Do nothing with a fresh result."""

    def restore(self, result: SubmissionResult) -> None:
        """Do nothing with an unchanged result."""


def write_feedback_page(
    course: Course, assignment: Assignment, result: SubmissionResult, gradebook: Any
) -> Path:
    """Write the feedback page of one student and return its path."""
    path = course.feedback(result.week, result.student) / f"{assignment.name}.html"
    marks = manual_marks(gradebook, result.student, result.week)
    write_atomically(path, feedback_page(result, assignment, marks))
    return path


def write_feedback(course: Course, week: str) -> list[Path]:
    """Write every graded student's page again, with the manual marks that the gradebook now holds."""
    assignments = [load_assignment(course, week, name) for name in course.notebooks(week)]
    with open_gradebook(course.gradebook_url, course.layout.course_id) as gradebook:
        return [
            write_feedback_page(course, assignment, result, gradebook)
            for assignment in assignments
            for result in stored_results(course, week, assignment.name)
        ]


def write_report(course: Course, week: str) -> Path:
    """Write the class report and return its path."""
    path, results, assignment = (
        course.report(week),
        stored_results(course, week),
        load_assignment(course, week),
    )
    by_hand = {}
    if any(cell.kind == "written" for cell in assignment.graded) and results:
        with open_gradebook(course.gradebook_url, course.layout.course_id) as gradebook:
            by_hand = {one.student: manual_marks(gradebook, one.student, week) for one in results}
    write_atomically(path, class_report(results, assignment, by_hand))
    return path


def stored_results(course: Course, week: str, notebook: str = "") -> list[SubmissionResult]:
    """Return the results of all students that were graded (for its first notebook, or the named one)."""
    name = notebook or next(iter(course.notebooks(week)), week)
    found = (load_result(course.results(week, student, name)) for student in course.students(week))
    return [saved.result for saved in found if saved is not None]
