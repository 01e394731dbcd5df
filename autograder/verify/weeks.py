"""Prove the checks of whole weeks: all laws in this process, and some known answers through the sandbox."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

import torch
from course_data import one_thread

from autograder.checks.week import load_checks
from autograder.course import Course
from autograder.spec import load_assignment
from autograder.verify.exercise import exercises_of
from autograder.verify.laws import verify_exercise
from autograder.verify.sandbox import verify_in_sandbox
from autograder.verify.verdict import Verdict

Reach = Literal[
    "process", "some", "all"
]  # what goes through the sandbox beside what is tried in this process


def verify_weeks(course: Course, weeks: Iterable[str], reach: Reach = "some") -> Iterator[Verdict]:
    """Yield a verdict for every known answer and law of these weeks.

    Raises CourseError if a week is not built or its hidden checks cannot be loaded.
    """
    for week in weeks:
        assignment = load_assignment(course, week)
        exercises = exercises_of(assignment, load_checks(assignment))
        with torch.random.fork_rng(devices=[]), one_thread():
            for exercise in exercises:
                yield from verify_exercise(exercise)
        if reach != "process" and exercises:
            yield from verify_in_sandbox(course, assignment, exercises, every=reach == "all")
