"""One notebook of an assignment under the name of another: never a silent zero."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from foreign_course import hand_in, locked, notebook_of, solution, test_cell, write_notebook
from nbformat.v4 import new_markdown_cell
from several_samples import P1 as ALIKE1
from several_samples import P2 as ALIKE2

from autograder.course import Course
from autograder.intake.submission import read_submission
from autograder.model import Unreadable
from autograder.spec import load_assignment

IMPORTS = "import numpy as np\nimport math"
P1 = notebook_of(
    [
        new_markdown_cell("# Vectors"),
        locked("imports", IMPORTS),
        solution("norm", "def norm(v):\n    return math.hypot(*v)"),
        test_cell("norm_test", "assert norm([3, 4]) == 5", 2),
    ]
)
P2 = notebook_of(
    [
        new_markdown_cell("# Matrices"),
        locked("imports2", IMPORTS),
        new_markdown_cell("Add up what stands on the diagonal."),
        solution("trace", "def trace(m):\n    return sum(m[i][i] for i in range(len(m)))"),
        test_cell("trace_test", "assert trace([[1, 2], [3, 4]]) == 5", 4),
    ]
)


def joined(first, second):
    return notebook_of([*first.cells, *second.cells])


def unlabelled(notebook):
    copy = nbformat.from_dict(notebook)
    for cell in copy.cells:
        cell.metadata = {}
    return copy


def answers_alone(notebook):
    """Return the answers and tests, without labels: there is no sign of any notebook."""
    return unlabelled(
        notebook_of(cell for cell in notebook.cells if "assert" in cell.source or "def" in cell.source)
    )


def with_two_cells_of(notebook, other):
    return notebook_of([*notebook.cells, *other.cells[1:3]])


# the notebooks of the assignment, what is handed in as p1, whether it needs a human
CASES = [
    (P1, P2, P1, False),
    (P1, P2, P2, True),
    (P1, P2, unlabelled(P2), True),
    (P1, P2, unlabelled(P1), False),
    (P1, P2, joined(P1, P2), False),
    (P1, P2, joined(P2, P1), False),
    (P1, P2, with_two_cells_of(P1, P2), False),
    (P1, P2, answers_alone(P1), False),
    (ALIKE1, ALIKE2, ALIKE1, False),
    (ALIKE1, ALIKE2, ALIKE2, True),
    (ALIKE2, ALIKE1, ALIKE1, True),
]


@pytest.mark.parametrize(("first", "second", "handed_in", "human"), CASES)
def test_a_notebook_under_the_name_of_another_needs_a_human(
    tmp_path: Path, first, second, handed_in, human: bool
) -> None:
    for name, notebook in (("p1", first), ("p2", second)):
        write_notebook(tmp_path / "source" / "ps1" / f"{name}.ipynb", notebook)
    folder = tmp_path / "submitted" / "ann" / "ps1"
    hand_in(folder, handed_in, "p1")
    found = read_submission(folder, "ann", "p1", load_assignment(Course.find(tmp_path), "ps1", "p1"))
    assert isinstance(found, Unreadable) is human
    if isinstance(found, Unreadable):
        assert "p1.ipynb holds p2, not p1" in found.reason
        assert "called p2.ipynb." in found.reason


def test_tests_of_other_notebooks_do_not_come_along(tmp_path: Path) -> None:
    for name, notebook in (("p1", P1), ("p2", P2)):
        write_notebook(tmp_path / "source" / "ps1" / f"{name}.ipynb", notebook)
    others = load_assignment(Course.find(tmp_path), "ps1", "p1").others
    assert not any("assert" in sign or "def" in sign for sign in others["p2"])
