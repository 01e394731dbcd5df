"""The one writer of a run: gradebook, autograded notebook, feedback page, stored result, in this order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import datetime
from types import TracebackType

from autograder.course import Course, CourseError
from autograder.files import held
from autograder.model import SubmissionResult
from autograder.record.autograded import autograded_path, has_notebook, write_autograded
from autograder.record.database import open_gradebook, reading
from autograder.record.frame import refuse_to_lose_marks
from autograder.record.gradebook import (
    apply_late_policy,
    ensure_assignment,
    has_submission,
    record,
)
from autograder.record.late import handed_in_at, late_policy
from autograder.record.notebook import cleared_notebook
from autograder.record.notes import remove_note
from autograder.record.pages import write_feedback_page
from autograder.record.results import SavedResult, remove_result, save_result
from autograder.spec import Assignment
from autograder.standing import class_standings
from autograder.unchanged import remember

LOCK_SECONDS = 5.0  # what a killed grader leaves running ends well within this


class Writer:
    """Record results one after the other. Use it as a context manager: it holds the gradebook open."""

    def __init__(self, course: Course, assignment: Assignment) -> None:
        self.course, self.assignment = course, assignment
        self.late, self.frame = late_policy(course), cleared_notebook(assignment)
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
            ensure_assignment(self.gradebook, self.assignment, self.frame)
            apply_late_policy(self.gradebook, self.assignment.week, self.late)
            self._open = undo.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def write(self, saved: SavedResult, write_more: Callable[[], None] = lambda: None) -> None:
        """Record a fresh result. The stored result comes last: if it is there, all else is."""
        result = saved.result
        self._record(result, self._handed_in_at(result))
        self._write_pages(result)
        write_more()
        save_result(self.course.results(result.week, result.student, self.assignment.name), saved)

    def forget(self, result: SubmissionResult) -> None:
        """Remove the stored result, so that the next run grades the submission again."""
        remove_result(self.course.results(result.week, result.student, self.assignment.name))

    def restore(self, result: SubmissionResult) -> bool:
        """Record an unchanged result again where something is new or gone; return whether anything was.

        New may be the time of hand-in; the row in the gradebook or the graded notebook may have been deleted.
        """
        when = self._handed_in_at(result)
        known = has_submission(self.gradebook, result, when)
        if not known:
            self._record(result, when)
        path = autograded_path(self.course, result, self.assignment)
        whole = path.is_file() or not has_notebook(result, self.assignment)
        if not whole:
            self._write_pages(result)
        return not (known and whole)

    def finish(self, students: Sequence[str], read: str) -> None:
        """Keep that a whole class was graded, with `bytes_read` from before ("": it cannot be told)."""
        if read and self.late.fixed:
            week = self.assignment.week
            remember(self.course, week, students, read, class_standings(self.course, week)[0])

    def _handed_in_at(self, result: SubmissionResult) -> datetime | None:
        return handed_in_at(self.course, result.week, result.student)

    def _record(self, result: SubmissionResult, when: datetime | None) -> None:
        record(self.gradebook, result, self.assignment, timestamp=when, late=self.late)

    def _write_pages(self, result: SubmissionResult) -> None:
        write_autograded(self.course, result, self.assignment, self.frame)
        write_feedback_page(self.course, self.assignment, result, self.gradebook)
        remove_note(self.course, result.week, result.student)


class Rehearsal:
    """Stand in for the writer: refuse what it refuses, and write nothing."""

    def __init__(self, course: Course, assignment: Assignment) -> None:
        self.course, self.assignment = course, assignment
        self.late, self.frame = late_policy(course), cleared_notebook(assignment)

    def __enter__(self) -> Rehearsal:
        with reading(self.course.gradebook_url) as session:
            if session is not None:
                refuse_to_lose_marks(session, self.assignment, self.frame.cells)
        return self

    def __exit__(self, *failure: object) -> None:
        pass

    def write(self, saved: SavedResult, write_more: Callable[[], None] = lambda: None) -> None:
        """Do nothing with a fresh result."""

    def forget(self, result: SubmissionResult) -> None:
        """Leave the stored result."""

    def restore(self, result: SubmissionResult) -> bool:
        """Do nothing with an unchanged result."""
        return False

    def finish(self, students: Sequence[str], read: str) -> None:
        """Keep nothing: a rehearsal leaves all as it is."""
