"""Put the cells of a notebook back into the frame that the instructor's notebook gives them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from nbformat import NotebookNode, from_dict

from autograder.build.students import DEMO_TAG
from autograder.spec import SpecCell

Cell = Any  # nbformat's NotebookNode, which has no types

SKIP_TAG = "skip-execution"  # nbclient leaves cells with this tag alone


def restored_cells(submitted: Sequence[Cell], source: Sequence[Cell]) -> list[Cell]:
    """Return the submitted cells with all that is not the student's own taken from the source.

    Of a submitted cell its text, kind and outputs count, and its claim to be a certain cell (`grade_id`).
    `source` holds the instructor's cells, solutions cleared: locked text, metadata, order and missing cells
    come from it. Raw cells become text, because web pages show raw cells unchecked.
    """
    frame = {grade_id: cell for cell in source if (grade_id := _grade_id(cell))}
    claims = _claims(submitted, frame)
    kept = set(_longest_increasing([(list(frame).index(g), at) for at, g in enumerate(claims) if g]))
    demos = _DemoCells(source)
    cells = [
        _rebuilt(cell, frame[grade_id]) if grade_id else _plain(cell, demos)
        for at, (cell, grade_id) in enumerate(zip(submitted, claims, strict=True))
        if grade_id is None or at in kept
    ]
    elsewhere = {g: submitted[at] for at, g in enumerate(claims) if g and at not in kept}
    _insert_missing(cells, frame, elsewhere)
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number:03d}"
    return cells


def _claims(submitted: Sequence[Cell], frame: dict[str, Cell]) -> list[str | None]:
    """Return for each submitted cell the source cell it stands for; of several copies the last one counts."""
    claims: list[str | None] = []
    taken: set[str] = set()
    for cell in reversed(submitted):
        grade_id = _grade_id(cell)
        valid = grade_id in frame and grade_id not in taken
        claims.append(grade_id if valid else None)
        if valid and grade_id:
            taken.add(grade_id)
    return claims[::-1]


def _longest_increasing(pairs: Sequence[tuple[int, int]]) -> list[int]:
    """Return the positions of a longest run of cells that are in the source's order (patience sorting)."""
    tails: list[int] = []
    chains: list[list[int]] = []
    for rank, at in pairs:
        slot = bisect_left(tails, rank)
        chain = (chains[slot - 1] if slot else []) + [at]
        tails[slot : slot + 1] = [rank]
        chains[slot : slot + 1] = [chain]
    return chains[-1] if chains else []


def _insert_missing(cells: list[Cell], frame: dict[str, Cell], elsewhere: dict[str, Cell]) -> None:
    """Insert each absent or displaced cell behind its predecessor in the source."""
    at = 0
    for grade_id, original in frame.items():
        place = next((n for n, cell in enumerate(cells) if _grade_id(cell) == grade_id), None)
        if place is None:
            cells.insert(at, _rebuilt(elsewhere.get(grade_id, original), original))
            place = at
        at = place + 1


def _rebuilt(cell: Cell, original: Cell) -> Cell:
    """Return the source's cell with the student's text if that is theirs to write."""
    own = bool(original.metadata.nbgrader.get("solution"))
    rebuilt = _new_cell(original.cell_type, cell.source if own else original.source, cell)
    rebuilt.metadata = deepcopy(original.metadata)
    if DEMO_TAG in original.metadata.get("tags", ()):
        rebuilt.metadata["tags"] = [DEMO_TAG, SKIP_TAG]
    return rebuilt


def _plain(cell: Cell, demos: _DemoCells) -> Cell:
    plain = _new_cell("code" if cell.cell_type == "code" else "markdown", cell.source, cell)
    if demos.contain(cell):
        plain.metadata["tags"] = [DEMO_TAG, SKIP_TAG]
    return plain


def _new_cell(cell_type: str, source: str, old: Cell) -> Cell:
    if cell_type != "code":
        return plain_cell("markdown", source)
    outputs, count = old.get("outputs", []), old.get("execution_count")
    return plain_cell("code", source, outputs=outputs, execution_count=count)


def plain_cell(cell_type: str, source: str, **fields: Any) -> Cell:
    """Return a cell without an id, not validated one by one as nbformat's own would be: that is slow."""
    return NotebookNode(cell_type=cell_type, metadata=NotebookNode(), source=source, **fields)


def frame_cell(cell: SpecCell, source: str, number: int) -> Cell:
    """Return a cell of the instructor's notebook with this text, as a notebook has it."""
    more: dict[str, Any] = {"outputs": [], "execution_count": None} if cell.cell_type == "code" else {}
    made = plain_cell(cell.cell_type, source, id=f"cell-{number:03d}", **more)
    made.metadata = from_dict(deepcopy(dict(cell.metadata)))
    return made


def _grade_id(cell: Cell) -> str | None:
    """Return the cell's `grade_id`, whatever the metadata of an untrusted notebook looks like."""
    nbgrader = cell.get("metadata", {}).get("nbgrader")
    grade_id = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    return grade_id if isinstance(grade_id, str) and grade_id else None


class _DemoCells:
    """Remember the demonstrations of the source by cell id and by text: a student may have edited one."""

    def __init__(self, source: Sequence[Cell]) -> None:
        demos = [cell for cell in source if DEMO_TAG in cell.metadata.get("tags", ()) and not _grade_id(cell)]
        self.ids = {cell.get("id") for cell in demos} - {None}
        self.texts = {cell.source.strip() for cell in demos}

    def contain(self, cell: Cell) -> bool:
        """Return whether a submitted cell is one of the demonstrations."""
        return cell.get("id") in self.ids or cell.source.strip() in self.texts
