"""Notebooks as students would hand them in: the release with some cells answered."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autograder.course import Course
from autograder.spec import Assignment

Notebook = dict[str, Any]


def released_notebook(course: Course, week: str) -> Notebook:
    """Return the notebook that students were given."""
    notebook: Notebook = json.loads(course.release(week).read_text(encoding="utf-8"))
    return notebook


def reference_answers(assignment: Assignment) -> dict[str, str]:
    """Return the instructor's own solution cells, by grade_id."""
    return {
        cell.grade_id: cell.source
        for cell in assignment.cells
        if cell.kind in ("solution", "written") and cell.grade_id
    }


def fill_in(release: Notebook, answers: Mapping[str, str]) -> Notebook:
    """Return a copy of the release whose solution cells hold these answers."""
    notebook = copy.deepcopy(release)
    for cell in notebook["cells"]:
        grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if grade_id in answers:
            cell["source"] = answers[grade_id]
    return notebook


def hand_in(
    course: Course, week: str, student: str, notebook: Notebook | str, name: str | None = None
) -> Path:
    """Put a notebook (or the raw text of one) where a student's submission belongs, and return its path."""
    folder = course.submitted(week, student)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / (name or f"{week}.ipynb")
    path.write_text(
        notebook if isinstance(notebook, str) else json.dumps(notebook, indent=1), encoding="utf-8"
    )
    return path
