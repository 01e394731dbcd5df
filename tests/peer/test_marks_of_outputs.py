"""nbgrader's tests of the marks that the outputs of a test cell give, on ours."""

from __future__ import annotations

from typing import Any

import pytest
from nbformat.v4 import new_notebook
from nbgrader import utils
from nbgrader.tests.utils.test_utils import (
    test_determine_grade_code_grade,
    test_determine_grade_code_partial_credit,
)

from peer.steps import assignment_of, graded

__all__ = ["test_determine_grade_code_grade", "test_determine_grade_code_partial_credit"]


@pytest.fixture(autouse=True)
def _our_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(utils, "determine_grade", determine_grade)


def determine_grade(cell: Any) -> tuple[float, float]:
    """Return the marks of a cell and what it is worth. Raises ValueError where a human has to decide."""
    notebook = new_notebook(cells=[cell])
    (exercise,) = graded(notebook, assignment_of(notebook)).exercises
    for check in exercise.broken:
        raise ValueError(check.got)
    return exercise.score, exercise.marks
