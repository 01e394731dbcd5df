"""Grade notebooks: build them from text, run them safely, judge them fairly."""

from __future__ import annotations


def grade(week: str, exercise: str) -> float:
    """Return the marks that the hidden checks give the names defined in this notebook.

    This is the call in a check cell. It runs in the notebook's own kernel, without isolation, and prints what
    failed. Raises KeyError if the week or the exercise has no checks.
    """
    from autograder.checks.kernel import grade_in_kernel

    return grade_in_kernel(week, exercise)
