"""The in-kernel path: the same checks, run against the names of this very process, without isolation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from autograder.checks.framework import Check, judge_exercise
from autograder.checks.week import load_checks
from autograder.course import Course, CourseError
from autograder.judge.errors import Missing, StudentError, make_student_error
from autograder.judge.scenario import evaluate
from autograder.model import ExerciseResult
from autograder.spec import load_assignment


class LocalBackend:
    """Reach a student's names in a namespace of this process."""

    def __init__(self, namespace: dict[str, Any]) -> None:
        self.namespace = namespace

    def lookup(self, name: str) -> Any:
        """Return the value of a name; a function comes back such that its errors are StudentErrors."""
        if name not in self.namespace:
            raise Missing(name)
        value = self.namespace[name]
        return _translating_errors(value) if callable(value) else value

    def run(self, source: str, inputs: Mapping[str, Any]) -> Any:
        """Run a scenario in a copy of the namespace; return the value of its last expression."""
        return _translating_errors(lambda: evaluate(source, {**self.namespace, **inputs}))()


def _translating_errors(function: Callable[..., Any]) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except StudentError:
            raise
        except (Exception, SystemExit) as error:  # exit() in a function must not end the grading
            parents = [parent.__name__ for parent in type(error).__mro__]
            raise make_student_error(type(error).__name__, str(error), parents) from error

    return call


def grade_in_kernel(week: str, exercise: str, seed: int = 0) -> float:
    """Judge an exercise against the names of the running notebook; print what failed; return its marks.

    The float is the value of a check cell, from which nbgrader takes partial credit. Raises CourseError if
    the notebook does not lie in the course, or its week has no checks for the exercise.
    """
    from IPython import get_ipython

    shell = get_ipython()
    namespace = shell.user_ns if shell is not None else {}
    checks = checks_for(Course.find(), week, exercise)
    result = judge_exercise(exercise, checks, LocalBackend(namespace), seed).result
    print(summary(result))
    return float(result.score)


def checks_for(course: Course, week: str, exercise: str) -> tuple[Check, ...]:
    """Return the checks of an exercise. Raises CourseError, naming those there are, if it has none."""
    name = course.resolve(week)
    checks = load_checks(load_assignment(course, name)).checks
    if exercise not in checks:
        raise CourseError(f"{name} has no checks for {exercise}; it has: {', '.join(checks)}.")
    return checks[exercise]


def summary(result: ExerciseResult) -> str:
    """Return a few lines of text: the marks, and for each failed check what came back and what to try."""
    lines = [f"{result.exercise}: {result.score:g} of {result.marks:g} marks"]
    for item in result.checks:
        if not item.passed:
            lines.append(
                f"- {item.name}: {item.call} came back {item.got}; expected {item.expected}; try: {item.hint}"
            )
    return "\n".join(lines)
