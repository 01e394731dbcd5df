"""Make of the instructor's cells those that students see: explanations wait, and much code is folded away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import nbformat

Cell = Any  # nbformat's NotebookNode, which has no types

DEMO_TAG = "demo"
SETUP = "setup"


def cells_for_students(cells: Iterable[Cell]) -> Iterator[Cell]:
    """Yield the cells of a release: each reveal as a call that shows it after a guess, and no replies."""
    for cell in cells:
        if "replies" in cell.metadata:
            continue
        shown = _waiting(cell) if "reveal" in cell.metadata else cell
        if is_folded(shown):
            shown.metadata["jupyter"] = {**shown.metadata.get("jupyter", {}), "source_hidden": True}
            shown.metadata["cellView"] = "form"  # the same for Colab
        yield shown


def is_folded(cell: Cell) -> bool:
    """Say whether the code of a cell is folded away in a release: nobody learns from reading it."""
    nbgrader = cell.metadata.get("nbgrader", {})
    locked = bool(nbgrader.get("locked")) and not nbgrader.get("solution")
    tagged = DEMO_TAG in cell.metadata.get("tags", ()) or is_set_up(cell)
    return cell.cell_type == "code" and (locked or tagged)


def is_set_up(cell: Cell) -> bool:
    """Say whether this is the cell that imports what the lesson needs."""
    is_labelled = bool(cell.metadata.get("nbgrader", {}).get("grade_id") == SETUP)
    return bool(cell.cell_type == "code") and is_labelled


def _waiting(cell: Cell) -> Cell:
    """Return the code cell that shows an explanation once a guess was made. It keeps the id of the text."""
    call = f'reveal("{cell.metadata["reveal"]}")'
    return nbformat.v4.new_code_cell(call, id=cell["id"], metadata={"tags": [DEMO_TAG]})
