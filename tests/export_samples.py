"""A class in a real gradebook in which everybody stands differently."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from tiny_course import WEEK, make_tiny_course, write

from autograder.build import build_weeks
from autograder.course import Course
from autograder.model import ExecutedCell, ExerciseResult, SubmissionResult
from autograder.record.database import open_gradebook
from autograder.record.gradebook import ensure_assignment, record
from autograder.record.late import handed_in_at, late_policy
from autograder.record.results import SavedResult, save_result
from autograder.spec import Assignment, load_assignment

DUE = datetime(2026, 3, 2, 12)
BY_HOUR = """
from nbgrader.plugins import LateSubmissionPlugin


class ByHour(LateSubmissionPlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return 0.5 * (total_seconds_late // 3600)


c.AssignLatePenalties.plugin_class = ByHour
"""
BROKEN = "=2+3 The notebook breaks off in the middle."
# student: marks of double (of 4) and gq2 (of 1), whether `why` (of 2) is answered, when it was handed in
CLASS = {
    "ada": (4.0, 1.0, True, "2026-03-02 11:00:00 UTC"),
    "bob": (4.0, 0.0, False, "2026-03-02 14:30:00 UTC"),
    "cleo": (0.0, 0.0, False, "2026-03-02 11:00:00 UTC"),
    "eve": (4.0, 1.0, True, "2026-03-02 11:00:00 UTC"),
}


def make_class(root: Path) -> Course:
    """Make a course with a class: graded, late, zero, broken, waiting, missing, and not graded yet."""
    course = make_course_with_penalties(root)
    assignment = load_assignment(course, WEEK)
    with open_gradebook(course.gradebook_url) as gradebook:
        begin(gradebook, assignment, DUE)
        gradebook.add_student("finn", email="finn.f@school.example")
        results = [result_of(student, assignment) for student in CLASS]
        for result in [*results, unreadable(assignment)]:
            when = CLASS.get(result.student, (0, 0, False, "2026-03-02 11:00:00 UTC"))[3]
            record_result(course, gradebook, assignment, result, when)
        mark_by_hand(gradebook, "ada", 1.5)
    write(course.submitted(WEEK, "gus") / f"{WEEK}.ipynb", "{}")
    return course


def make_course_with_penalties(root: Path) -> Course:
    """Make the tiny course, built; each hour of lateness costs half a mark."""
    course = make_tiny_course(root)
    settings = root / "nbgrader_config.py"
    settings.write_text(settings.read_text(encoding="utf-8") + BY_HOUR, encoding="utf-8")
    build_weeks(course, [WEEK])
    return course


def begin(gradebook: Any, assignment: Assignment, due: datetime) -> None:
    """Let the gradebook know the assignment, and until when it may be handed in."""
    ensure_assignment(gradebook, assignment)
    gradebook.find_assignment(WEEK).duedate = due
    gradebook.db.commit()


def record_result(
    course: Course, gradebook: Any, assignment: Assignment, result: SubmissionResult, when: str
) -> None:
    """Record and store the result of what was handed in at a time, as grading does."""
    write(course.submitted(WEEK, result.student) / "timestamp.txt", when)
    timestamp = handed_in_at(course, WEEK, result.student)
    record(gradebook, result, assignment, timestamp=timestamp, late=late_policy(course))
    save_result(course.results(WEEK, result.student, WEEK), SavedResult("digest", result))


def result_of(student: str, assignment: Assignment) -> SubmissionResult:
    """Return the result of a student of CLASS."""
    double, choice, answered, _ = CLASS[student]
    why = "It is linear." if answered else None
    cells = tuple(
        ExecutedCell(
            cell.grade_id,
            cell.cell_type,
            why if why and cell.grade_id == "written_why" else cell.released_source,
        )
        for cell in assignment.cells
    )
    checks = {name: assignment.by_id[name].exercise or "" for name in ("double_check", "gq2_check")}
    exercises = (
        ExerciseResult(checks["double_check"], double, 4.0),
        ExerciseResult(checks["gq2_check"], choice, 1.0),
        ExerciseResult("written_why", 0.0, 2.0, manual=True),
    )
    return SubmissionResult(student, WEEK, "graded", exercises=exercises, cells=cells)


def unreadable(assignment: Assignment) -> SubmissionResult:
    """Return the result of a submission that nobody can read."""
    return replace(
        result_of("cleo", assignment), student="dan", status="needs a human", reason=BROKEN, cells=()
    )


def mark_by_hand(gradebook: object, student: str, score: float) -> None:
    """Do what the Formgrader does when somebody types a mark for the written answer."""
    grade = gradebook.find_grade("written_why", WEEK, WEEK, student)  # type: ignore[attr-defined]
    grade.manual_score, grade.needs_manual_grade = score, False
    gradebook.db.commit()  # type: ignore[attr-defined]
