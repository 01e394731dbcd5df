"""Fold the graded solutions into lessons, for instructors. What students get is built without this."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat

Notebook = Any  # nbformat's NotebookNode, which has no types


def with_solutions(page: Notebook, source: Path) -> Notebook:
    """Return the page with the instructor's solution folded below each cell that asks for one."""
    solved = {
        cell.id: cell
        for cell in nbformat.read(source, as_version=4).cells
        if cell.metadata.get("nbgrader", {}).get("solution")
    }
    cells = []
    for cell in page.cells:
        cells.append(cell)
        if cell.id in solved:
            cells.append(nbformat.v4.new_markdown_cell(_folded(solved[cell.id]), id=f"{cell.id}-solution"))
    page.cells = cells
    return page


def _folded(cell: Notebook) -> str:
    marker = ("### BEGIN", "### END")
    lines = [line for line in cell.source.splitlines() if not line.strip().startswith(marker)]
    text = "\n".join(lines)
    body = f"```python\n{text}\n```" if cell.cell_type == "code" else text
    return f"<details><summary>Solution (for instructors)</summary>\n\n{body}\n\n</details>"
