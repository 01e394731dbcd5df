"""A course that was made for nbgrader, two notebooks in an assignment, and cells of the same name."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from foreign_course import hand_in, locked, notebook_of, solution, test_cell, write_notebook
from nbformat.v4 import new_markdown_cell
from tiny_course import write

from autograder.course import Course
from autograder.graded import Graded
from autograder.grading import grade_class
from autograder.options import Options
from autograder.record.database import open_gradebook

WEEK = "Problem Set 1"
DUE = datetime(2026, 3, 2, 12)
CONFIG = """
c = get_config()
c.CourseDirectory.course_id = "physics"
c.CourseDirectory.feedback_directory = "returned"
c.AssignLatePenalties.plugin_class = "late_rules.ByHour"
"""
LATE_RULES = """from nbgrader.plugins import LateSubmissionPlugin


class ByHour(LateSubmissionPlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        from hourly_rate import read_rate
        return read_rate() * (total_seconds_late // 3600)
"""
HOURLY_RATE = "def read_rate():\n    return float(open('rate.txt').read())\n"
HIDDEN = "\n### BEGIN HIDDEN TESTS\nassert {}, 'SECRET'\n### END HIDDEN TESTS"
P1 = notebook_of(
    [
        new_markdown_cell("## Doubling"),
        solution("answer", "def double(x):\n    return 2 * x"),
        test_cell("answer_test", "assert double(1) == 2" + HIDDEN.format("double(-3) == -6"), 3),
        new_markdown_cell("## Colours"),
        solution("essay", "colour = 'red'", points=2),
        new_markdown_cell("## Means"),
        solution("mean", "def mean(values):\n    return sum(values) / len(values)"),
        test_cell("mean_test", "assert mean([1, 2]) == 1.5", 1),
    ]
)
P2 = notebook_of(
    [
        locked("tables", "from tables import GRAVITY"),
        solution("answer", "def force(mass, acceleration):\n    return mass * acceleration"),
        test_cell("answer_test", "assert force(2, 3) == 6" + HIDDEN.format("force(2, -3) == -6"), 2),
        test_cell("source_test", "import inspect\nassert 'return' in inspect.getsource(force)", 1),
        solution("essay", "unit = 'newton'", points=1),
    ]
)
ODD = """def force(mass, acceleration):
    answer, left = 0.0, [acceleration] * int(mass)
    while len(left) > 0:
        first, *left = left
        if first != 0:
            answer = answer + abs(first) ** 1 if first > 0 else answer - 1 * abs(first)
    return answer"""
RENAMED = ODD.replace("answer", "result").replace("left", "todo").replace("first", "head")
VISIBLE = {
    "p1": {"answer_test": "assert double(1) == 2"},
    "p2": {"answer_test": "assert force(2, 3) == 6"},
}
BLANK = "# YOUR CODE HERE\nraise NotImplementedError()"
NO_ESSAY = {"essay": BLANK}
# student: answers in p1, answers in p2 (None: not handed in, a text: handed in as it is)
CLASS: dict[str, tuple[dict[str, str], dict[str, str] | str | None]] = {
    "ann": ({}, {}),
    "bob": ({**NO_ESSAY, "answer": "def double(x):\n    return abs(2 * x)"}, NO_ESSAY),
    "cat": (NO_ESSAY, None),
    "dan": (NO_ESSAY, '{"cells": ['),
    "eve": (dict.fromkeys(("answer", "essay", "mean"), BLANK), dict.fromkeys(("answer", "essay"), BLANK)),
    "fay": ({**NO_ESSAY, "answer": ODD.replace("force", "double")}, {**NO_ESSAY, "answer": ODD}),
    "gil": (NO_ESSAY, {**NO_ESSAY, "answer": RENAMED}),
}
# marks that the tests give in p1 and p2; None: a person is asked
MARKS: dict[str, tuple[float, float | None]] = {
    "ann": (4.0, 3.0), "bob": (1.0, 3.0), "cat": (4.0, 0.0), "dan": (4.0, None), "eve": (0.0, 0.0),
    "fay": (1.0, 3.0), "gil": (4.0, 3.0),
}  # fmt: skip


def make_course(root: Path) -> Course:
    """Write the course, in which bob hands in 2.5 hours late, and which is not graded yet."""
    write(root / "nbgrader_config.py", CONFIG)
    write(root / "late_rules.py", LATE_RULES)
    write(root / "hourly_rate.py", HOURLY_RATE)
    write(root / "rate.txt", "0.5")
    for name, notebook in (("p1", P1), ("p2", P2)):
        write_notebook(root / "source" / WEEK / f"{name}.ipynb", notebook)
    write(root / "source" / WEEK / "tables.py", "GRAVITY = 9.81\n")
    for student, (first, second) in CLASS.items():
        folder = root / "submitted" / student / WEEK
        hand_in(folder, P1, "p1", {**VISIBLE["p1"], **first})
        if isinstance(second, str):
            write(folder / "p2.ipynb", second)
        elif second is not None:
            hand_in(folder, P2, "p2", {**VISIBLE["p2"], **second})
        write(folder / "timestamp.txt", f"2026-03-02 {'14:30' if student == 'bob' else '11:00'}:00 UTC")
    return Course.find(root)


def grade(course: Course, **options: object) -> list[Graded]:
    """Set the due date, grade the class in this process, and return the results."""
    with open_gradebook(course.gradebook_url, course.layout.course_id) as gradebook:
        gradebook.update_or_create_assignment(WEEK, duedate=DUE)
    return list(grade_class(course, WEEK, Options(workers=1, seed=3, **options)))  # type: ignore[arg-type]
