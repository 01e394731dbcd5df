"""Notice one notebook of an assignment under the name of another: no answer would be found in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from autograder.intake.given import plain
from autograder.intake.notebook import NotebookError, RawCell, parse_notebook
from autograder.spec import Assignment, SpecCell

_CLEARLY = 4  # times as much of the other notebook as of its own: less may be work that was put together
_ENOUGH = 2


def signs(path: Path) -> frozenset[str]:
    """Return what an instructor's notebook can be told by: its labels and its fixed texts, never a test's."""
    try:
        cells = parse_notebook(path.read_bytes()).cells
    except (OSError, NotebookError):
        return frozenset()  # it is told when that notebook is graded
    fixed = [cell for cell in cells if not (cell.claims.graded or cell.claims.solution)]
    return _labels(cells) | _texts(fixed)


def held_instead(cells: Sequence[RawCell], assignment: Assignment) -> str | None:
    """Return the name of the other notebook of the assignment that these cells are, or None."""
    found, own = _labels(cells) | _texts(cells), _own_signs(assignment)
    for name, theirs in assignment.others.items():
        only = theirs - own
        strange = len(found & only)
        if strange >= min(_ENOUGH, len(only) or 1) and strange > _CLEARLY * len(found & (own - theirs)):
            return name
    return None


def _own_signs(assignment: Assignment) -> frozenset[str]:
    fixed = [spec for spec in assignment.cells if spec.kind in ("text", "code", "locked")]
    return _labels(assignment.cells) | _texts(fixed)


def _labels(cells: Iterable[RawCell | SpecCell]) -> frozenset[str]:
    return frozenset(f"label {cell.grade_id}" for cell in cells if cell.grade_id)


def _texts(cells: Iterable[RawCell | SpecCell]) -> frozenset[str]:
    return frozenset(f"text {plain(cell.source)}" for cell in cells if cell.source.strip())
