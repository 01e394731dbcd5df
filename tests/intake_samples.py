"""What the intake tests start from: a small assignment, its release, and a student's good answers."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from autograder.intake.notebook import RawCell, parse_notebook
from autograder.intake.submission import read_submission
from autograder.model import Submission, Unreadable
from autograder.spec import Assignment, SpecCell

WEEK = "week03_losses"

HUBER_STUB = """def huber(pred, target, delta=1.0):
    '''Return the mean Huber loss.'''
    raise NotImplementedError()"""
HUBER = """def huber(pred, target, delta=1.0):
    '''Return the mean Huber loss.'''
    error = (pred - target).abs()
    return error.mean()  # huber-ok"""
BCE_STUB = "def bce(logits, targets):\n    raise NotImplementedError()"
BCE = "def bce(logits, targets):\n    return (logits.clamp(min=0) - logits * targets).mean()  # bce-ok"
CHOICE = 'answer_gq5 = "C"'
WRITTEN = "The spread between seeds is larger than the effect."
ANSWERS = {"huber": HUBER, "bce": BCE, "gq5": CHOICE, "written_why": WRITTEN}

ASSIGNMENT = Assignment(
    WEEK,
    (
        SpecCell(None, "text", "markdown", "# Losses", "# Losses"),
        SpecCell(
            "setup",
            "locked",
            "code",
            "import torch\nfrom torch import tensor",
            "import torch\nfrom torch import tensor",
        ),
        SpecCell(
            None,
            "text",
            "markdown",
            "## Huber\n\nFor an error of 3 it is 2.5.",
            "## Huber\n\nFor an error of 3 it is 2.5.",
        ),
        SpecCell("huber", "solution", "code", HUBER, HUBER_STUB),
        SpecCell(
            "huber_visible", "locked", "code", "expect_close(huber(3), 2.5)", "expect_close(huber(3), 2.5)"
        ),
        SpecCell(
            "huber_check",
            "check",
            "code",
            "# Hidden.\nSECRET_HUBER()",
            "# Checks for huber run when graded.",
            2.0,
        ),
        SpecCell(None, "code", "code", "show_surface(steps=200)", "show_surface(steps=200)", tags=("demo",)),
        SpecCell("bce", "solution", "code", BCE, BCE_STUB),
        SpecCell(
            "bce_check", "check", "code", "# Hidden.\nSECRET_BCE()", "# Checks for bce run when graded.", 3.0
        ),
        SpecCell("gq5", "solution", "code", CHOICE, 'answer_gq5 = ""'),
        SpecCell(
            "gq5_check", "check", "code", "# Hidden.\nSECRET_GQ5()", "# Checks for gq5 run when graded.", 1.0
        ),
        SpecCell(
            None, "text", "markdown", "## Why?\n\nWrite two sentences.", "## Why?\n\nWrite two sentences."
        ),
        SpecCell("written_why", "written", "markdown", "MARK SCHEME", "*Your answer here.*", 2.0),
    ),
    {"utils.py": b"ENGINE = 1\n"},
)

Notebook = dict[str, Any]


def released() -> Notebook:
    """Return the notebook that students were given."""
    return {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"kernelspec": {"language": "python"}},
        "cells": [_cell(number, spec) for number, spec in enumerate(ASSIGNMENT.cells)],
    }


def answered() -> Notebook:
    """Return the notebook with a good answer in every answer cell."""
    notebook = released()
    for label, source in ANSWERS.items():
        cell_of(notebook, label)["source"] = source
    return notebook


def _cell(number: int, spec: SpecCell) -> dict[str, Any]:
    metadata: dict[str, Any] = {"tags": list(spec.tags)} if spec.tags else {}
    if spec.grade_id:
        metadata["nbgrader"] = {
            "grade_id": spec.grade_id,
            "schema_version": 3,
            "task": False,
            "points": spec.marks,
            "grade": spec.kind in ("check", "written"),
            "solution": spec.kind in ("solution", "written"),
            "locked": spec.kind in ("locked", "check"),
        }
    cell = {
        "cell_type": spec.cell_type,
        "id": f"week03-{number:03d}",
        "metadata": metadata,
        "source": spec.released_source,
    }
    return cell | ({"outputs": [], "execution_count": None} if spec.cell_type == "code" else {})


def given_by(notebook: Notebook) -> dict[str, RawCell]:
    """Return the cells of a released notebook by their labels."""
    cells = parse_notebook(json.dumps(notebook).encode()).cells
    return {cell.grade_id: cell for cell in cells if cell.grade_id}


ASSIGNMENT = replace(ASSIGNMENT, given=given_by(released()))


def place_of(notebook: Notebook, label: str) -> int:
    """Return the index of the cell with this label."""
    return next(
        n
        for n, cell in enumerate(notebook["cells"])
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == label
    )


def cell_of(notebook: Notebook, label: str) -> dict[str, Any]:
    """Return the cell with this label."""
    cell: dict[str, Any] = notebook["cells"][place_of(notebook, label)]
    return cell


def copy_of(notebook: Notebook, label: str, source: str | None = None) -> dict[str, Any]:
    """Return a copy of the cell with this label, with another text if one is given."""
    cell = copy.deepcopy(cell_of(notebook, label))
    return cell if source is None else {**cell, "source": source}


def own_cell(source: str, cell_type: str = "code") -> dict[str, Any]:
    """Return a cell such as students add."""
    return {"cell_type": cell_type, "metadata": {}, "source": source}


def put(folder: Path, notebook: Notebook | bytes, name: str = f"{WEEK}.ipynb") -> Path:
    """Write a notebook into a submission and return the submission's folder."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(notebook if isinstance(notebook, bytes) else json.dumps(notebook).encode())
    return folder


def read(folder: Path) -> Submission | Unreadable:
    """Return what intake makes of a submission."""
    return read_submission(folder, "ada", WEEK, ASSIGNMENT)


def read_ready(folder: Path) -> Submission:
    """Return the submission, which must be one that can be graded."""
    outcome = read(folder)
    assert isinstance(outcome, Submission), outcome.reason
    return outcome


def labels(submission: Submission) -> list[str]:
    """Return the labels of the cells in the order in which they are run."""
    return [cell.grade_id for cell in submission.cells if cell.grade_id]


def said(outcome: Submission | Unreadable) -> str:
    """Return all findings as one text."""
    return "\n".join(f"{finding.kind}: {finding.text}" for finding in outcome.findings)
