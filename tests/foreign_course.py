"""Courses that were made for nbgrader, by somebody else, with no lesson text and no checks of ours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

Cell = Any  # nbformat's NotebookNode, which has no types


def solution(name: str, source: str, points: float | None = None) -> Cell:
    """Return an answer cell; with points it is marked by a person."""
    text = f"### BEGIN SOLUTION\n{source}\n### END SOLUTION"
    return labelled(new_code_cell(text), name, solution=True, points=points)


def test_cell(name: str, source: str, points: float) -> Cell:
    """Return a test cell."""
    return labelled(new_code_cell(source), name, points=points)


test_cell.__test__ = False  # type: ignore[attr-defined]  # pytest takes it for a test


def locked(name: str, source: str) -> Cell:
    """Return a cell that students cannot change."""
    return labelled(new_code_cell(source), name)


def labelled(cell: Cell, name: str, solution: bool = False, points: float | None = None) -> Cell:
    """Give a cell nbgrader's metadata."""
    given = {"schema_version": 3, "grade_id": name, "solution": solution, "task": False}
    given |= {"locked": not solution, "grade": points is not None}
    cell.metadata["nbgrader"] = given if points is None else {**given, "points": points}
    return cell


def notebook_of(cells: Iterable[Cell]) -> Cell:
    """Return a Python notebook with these cells."""
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=[new_markdown_cell("# An assignment"), *cells], metadata={"kernelspec": kernel})


def write_notebook(path: Path, notebook: Cell) -> None:
    """Write a notebook and the folders it needs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)


def hand_in(folder: Path, notebook: Cell, name: str, answers: Mapping[str, str] | None = None) -> None:
    """Hand in a notebook with some of its answer cells replaced by others."""
    copy = nbformat.from_dict(notebook)
    for cell in copy.cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        if answers and grade_id in answers:
            cell.source = answers[grade_id]
    write_notebook(folder / f"{name}.ipynb", copy)
