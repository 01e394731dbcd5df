"""Count in nbgrader's tables what a notebook has earned, and what waits for a person."""

from __future__ import annotations

from typing import Any

from autograder.marks.count import Marks
from autograder.record.late import grade_score

Row = Any  # a row of one of nbgrader's tables


def marks_of(notebook: Row) -> Marks:
    """Return the marks of a submitted notebook in the gradebook."""
    waiting = [grade for grade in notebook.grades if is_waiting(grade)]
    return Marks(
        earned=sum(map(grade_score, notebook.grades)),
        maximum=sum(float(grade.max_score) for grade in notebook.grades),
        waiting=sum(float(grade.max_score) for grade in waiting),
        answers=len(waiting),
        taken=float(notebook.late_submission_penalty or 0.0),
        by_hand=sum(grade.manual_score is not None for grade in notebook.grades),
    )


def is_waiting(grade: Row) -> bool:
    """Return whether an answer has no mark yet, or one that somebody should look at."""
    return bool(grade.needs_manual_grade) or is_unmarked(grade)


def is_unmarked(grade: Row) -> bool:
    """Return whether an answer has no mark at all, from checks or people."""
    return grade.manual_score is None and grade.auto_score is None
