"""Grade notebooks: build them from text, run them safely, judge them fairly."""

from __future__ import annotations

import sys
from pathlib import Path

# An installed package has the lessons' engine inside. Only this program may import it from there: `utils` and
# `checking` are names that anybody may give a module. A checkout has it where an editable install looks.
ENGINE = Path(__file__).with_name("starter")
if ENGINE.is_dir():
    sys.path += [str(ENGINE), str(ENGINE / "course" / "shared")]


def grade(week: str, exercise: str) -> float:
    """Return the marks that the hidden checks give the names defined in this notebook.

    This is the call in a check cell. It runs in the notebook's own kernel, without isolation, and prints what
    failed. Raises KeyError if the week or the exercise has no checks.
    """
    from autograder.checks.kernel import grade_in_kernel

    return grade_in_kernel(week, exercise)
