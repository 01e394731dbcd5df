"""The weeks of this course as the tests see them: what there is to parametrise over, loaded once."""

from __future__ import annotations

from functools import cache

from conftest import ROOT

from autograder.checks.week import WeekChecks, load_checks
from autograder.course import Course
from autograder.spec import Assignment, load_assignment
from autograder.verify.exercise import Exercise, exercises_of

COURSE = Course(ROOT)
WEEKS = COURSE.weeks()


@cache
def assignment_of(week: str) -> Assignment:
    """Return the assignment of a week, given in full or short."""
    return load_assignment(COURSE, COURSE.resolve(week))


@cache
def checks_of(week: str) -> WeekChecks:
    """Return the hidden checks and known answers of a week, given in full or short."""
    return load_checks(assignment_of(week))


def exercises() -> list[Exercise]:
    """Return every exercise of every week that has hidden checks."""
    return [exercise for week in WEEKS for exercise in exercises_of(assignment_of(week), checks_of(week))]
