"""The instructor's notebook of an assignment, as nbgrader's gradebook and graded copies need it."""

from __future__ import annotations

from typing import Any

from nbformat.v4 import new_notebook

from autograder.build.lesson import KERNEL
from autograder.build.restore import frame_cell
from autograder.nbgrader_plugin import cleared
from autograder.spec import Assignment

Notebook = Any  # nbformat's NotebookNode, which has no types


def cleared_notebook(assignment: Assignment) -> Notebook:
    """Return the source notebook without solutions, with checks, mark schemes and nbgrader's checksums."""
    if not assignment.own:
        from autograder.nbgrader_course import frame_of

        return frame_of(assignment, KERNEL)
    cells = [frame_cell(cell, cell.source, number) for number, cell in enumerate(assignment.cells)]
    return cleared(new_notebook(cells=cells, metadata={"kernelspec": KERNEL}))
