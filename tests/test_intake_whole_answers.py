"""Answers of which students are given not even the first line are found all the same, wherever they stand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from foreign_course import hand_in, notebook_of, solution, test_cell, write_notebook
from intake_samples import said
from nbformat.v4 import new_code_cell

from autograder.course import Course
from autograder.intake.match import answer_names
from autograder.intake.submission import read_submission
from autograder.model import Submission
from autograder.spec import SpecCell, load_assignment

DOUBLE = "def double(x):\n    return 2 * x"
STACK = "class Stack:\n    def __init__(self):\n        self.items = []"
HALF = "half = 3 / 2"
COURSE = notebook_of(
    [
        solution("double", DOUBLE), test_cell("double_test", "assert double(1) == 2", 1),
        solution("stack", STACK), test_cell("stack_test", "assert Stack().items == []", 1),
        solution("half", HALF), test_cell("half_test", "assert half == 1.5", 1),
    ]
)  # fmt: skip
FOUND = "was missing: its answer is in another cell."
MISSING = "was missing: it counts as not answered."
# cells without labels, answers that are said to be in another cell, and to be missing
CASES = [
    ([f"{DOUBLE}\n\n{STACK}\n\n{HALF}"], ["stack", "half"], []),
    ([HALF, STACK, DOUBLE], [], []),
    ([f"{STACK}\n{DOUBLE}"], ["stack"], ["half"]),
    ([DOUBLE], [], ["stack", "half"]),
]


def read(root: Path, sources: Sequence[str]) -> Submission:
    """Return what intake makes of a submission of code cells that have no labels."""
    write_notebook(root / "source" / "ps1" / "ps1.ipynb", COURSE)
    folder = root / "submitted" / "ann" / "ps1"
    hand_in(folder, notebook_of(map(new_code_cell, sources)), "ps1")
    found = read_submission(folder, "ann", "ps1", load_assignment(Course.find(root), "ps1"))
    assert isinstance(found, Submission)
    return found


@pytest.mark.parametrize(("sources", "elsewhere", "missing"), CASES)
def test_answers_without_labels_are_found_by_what_the_solution_defines(
    tmp_path: Path, sources: list[str], elsewhere: list[str], missing: list[str]
) -> None:
    found = read(tmp_path, sources)
    text = said(found)
    assert [name for name in ("double", "stack", "half") if f"cell {name} {FOUND}" in text] == elsewhere
    assert [name for name in ("double", "stack", "half") if f"cell {name} {MISSING}" in text] == missing
    order = [cell.grade_id or cell.source for cell in found.cells]
    for name, source in (("double", DOUBLE), ("stack", STACK), ("half", HALF)):
        places = [place for place, cell in enumerate(found.cells) if source in cell.source]
        assert all(place < order.index(f"{name}_test") for place in places)


# solution, what students are given, what an answer defines
NAMES = [
    (DOUBLE, "# YOUR CODE HERE", {"double"}),
    (HALF, "# YOUR CODE HERE", {"half"}),
    ("rate = 0.1\ndef step(x):\n    return rate * x", "# YOUR CODE HERE", {"step"}),
    ("y = None\nsum_ = 2\ny = sum_", "y = None", {"y"}),
    ("limit = 3\ndef clip(x):\n    return min(x, limit)", "limit = 3", {"limit", "clip"}),
    ("print('hello')", "# YOUR CODE HERE", set()),
]


@pytest.mark.parametrize(("source", "given", "names"), NAMES)
def test_an_answer_defines_what_the_solution_does(source: str, given: str, names: set[str]) -> None:
    assert answer_names(SpecCell("answer", "solution", "code", source, given)) == names
