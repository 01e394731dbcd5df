"""Tell what a course has handed out from what a student made of it.

Points and tests may be mended after the release: the whole class then hands in what it was given before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from autograder.intake.notebook import NotebookError, RawCell, parse_notebook


def read_given(path: Path) -> dict[str, RawCell]:
    """Return the labelled cells of a released notebook by their labels, none if it cannot be read."""
    try:
        cells = parse_notebook(path.read_bytes()).cells
    except (OSError, NotebookError):
        return {}
    return {cell.grade_id: cell for cell in cells if cell.grade_id}


def plain(text: str) -> str:
    """Return the text as it is compared: without trailing blanks, blank ends or other line ends."""
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def has_given_text(cell: RawCell, label: str | None, given: Mapping[str, RawCell]) -> bool:
    """Return whether a cell says what the released cell of this label says."""
    released = given.get(label or "")
    return released is not None and plain(cell.source) == plain(released.source)


def was_released(cell: RawCell, label: str | None, given: Mapping[str, RawCell]) -> bool:
    """Return whether a cell is as the release, or else some release, had the cell of this label."""
    return has_given_text(cell, label, given) or (cell.grade_id == label and is_sealed(cell))


def is_sealed(cell: RawCell, *texts: str) -> bool:
    """Return whether nbgrader's checksum in a cell fits what it claims, and its text or one of `texts`.

    Then some release held it so. Anybody can compute one: it may clear a cell of suspicion, never earn marks.
    """
    return any(cell.claims.checksum == _checksum(cell, text) for text in (cell.source, *texts))


def _checksum(cell: RawCell, text: str) -> str:
    """Return the checksum that `nbgrader generate_assignment` gives a cell with this text."""
    claims = cell.claims
    locked = not claims.solution and (claims.graded or claims.locked)
    flags = f"{claims.graded}{claims.solution}{locked}"
    points = str(claims.points) if claims.graded else ""
    parts = f"{text}{cell.cell_type}{flags}{cell.grade_id}{points}"
    return hashlib.md5(parts.encode("utf-8", "replace"), usedforsecurity=False).hexdigest()
