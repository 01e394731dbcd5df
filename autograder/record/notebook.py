"""The instructor's notebook of an assignment, as nbgrader's gradebook and graded copies need it."""

from __future__ import annotations

from typing import Any

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell

from autograder.build.lesson import KERNEL
from autograder.nbgrader_plugin import cleared
from autograder.spec import Assignment, SpecCell

Notebook = Any  # nbformat's NotebookNode, which has no types

NEW_CELL = {"code": new_code_cell, "markdown": new_markdown_cell, "raw": new_raw_cell}


def cleared_notebook(assignment: Assignment) -> Notebook:
    """Return the source notebook without solutions, with checks, mark schemes and nbgrader's checksums."""
    if not assignment.own:
        from autograder.nbgrader_course import frame_of

        return frame_of(assignment, KERNEL)
    cells = [_cell(cell, number) for number, cell in enumerate(assignment.cells)]
    return cleared(new_notebook(cells=cells, metadata={"kernelspec": KERNEL}))


def _cell(cell: SpecCell, number: int) -> Notebook:
    made = NEW_CELL[cell.cell_type](cell.source, id=f"cell-{number:03d}")
    made.metadata.update(dict(cell.metadata))
    return made
