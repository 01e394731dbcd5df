"""Our intake and record in the shape of nbgrader's preprocessors, for its tests of these."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Gradebook

from autograder.intake.notebook import parse_notebook
from autograder.intake.repair import repair
from autograder.judge.cells import read_outputs
from autograder.judge.outputs import clean_outputs
from autograder.judge.plan import make_steps
from autograder.model import ExecutedCell, ExerciseResult, Limits, Submission, SubmissionResult
from autograder.record.autograded import autograded_notebook
from autograder.record.gradebook import ensure_assignment, record
from autograder.record.notebook import cleared_notebook
from autograder.spec import Assignment, SpecCell, spec_cell

Notebook = Any  # nbformat's NotebookNode, which has no types
Resources = dict[str, Any]
STUDENT, WEEK, NOTEBOOK = "bar", "ps0", "test"


def assignment_of(notebook: Notebook) -> Assignment:
    """Return what an instructor's notebook asks, if students get it just as it is."""
    cells = [spec_cell(json.loads(json.dumps(cell)), cell.source) for cell in notebook.cells]
    tests = tuple(replace(cell, is_test=cell.kind == "check") for cell in cells)
    return Assignment(WEEK, tests, notebook=NOTEBOOK, own=False)


def graded(notebook: Notebook, assignment: Assignment) -> SubmissionResult:
    """Return the result of a notebook that was handed in and has these outputs."""
    read = repair(parse_notebook(json.dumps(notebook).encode()).cells, assignment)
    steps = make_steps(Submission(STUDENT, WEEK, read.cells), assignment)
    plain = json.loads(json.dumps(notebook))["cells"]
    outputs = {cell["metadata"].get("nbgrader", {}).get("grade_id"): cell.get("outputs") for cell in plain}
    return SubmissionResult(
        STUDENT,
        WEEK,
        "graded",
        exercises=tuple(_marked(cell, outputs.get(cell.grade_id)) for cell in assignment.graded),
        cells=tuple(ExecutedCell(step.grade_id, step.cell_type, step.source) for step in steps),
        notebook=NOTEBOOK,
    )


def _marked(cell: SpecCell, outputs: Any) -> ExerciseResult:
    if cell.kind == "written":
        return ExerciseResult(cell.grade_id or "", 0.0, cell.marks, manual=True)
    return read_outputs(cell, clean_outputs(outputs, Limits().output), False, "")


@dataclass
class Save:
    """Remember the instructor's notebook, and make the gradebook know it, as SaveCells does."""

    assignment: Assignment = field(default_factory=lambda: Assignment(WEEK, ()))

    def preprocess(self, notebook: Notebook, resources: Resources) -> tuple[Notebook, Resources]:
        """Take a notebook as the instructor's."""
        self.assignment = assignment_of(notebook)
        with Gradebook(resources["nbgrader"]["db_url"]) as gradebook:
            ensure_assignment(gradebook, self.assignment)
        return notebook, resources


@dataclass
class Repair:
    """Put a notebook that was handed in in order, in place, as OverwriteCells does."""

    saved: Save

    def preprocess(self, notebook: Notebook, resources: Resources) -> tuple[Notebook, Resources]:
        """Turn the notebook into the graded one that is written for it."""
        assignment = self.saved.assignment
        result = graded(notebook, assignment)
        found = autograded_notebook(result, assignment, cleared_notebook(assignment))
        theirs = {_name(cell): cell for cell in notebook.cells}
        notebook.cells = [_renewed(theirs.get(_name(cell), cell), cell) for cell in found.cells]
        return notebook, resources


@dataclass
class Unite:
    """Leave one cell of each name in a notebook that was handed in, as DeduplicateIds does."""

    def preprocess(self, notebook: Notebook, resources: Resources) -> tuple[Notebook, Resources]:
        """Take the label from all copies but the last: an answer, or the course's cell as it was given."""
        asked = deepcopy(notebook)
        del asked.cells[:-1]
        if asked.cells[0].metadata.nbgrader.solution:
            asked.cells[0].source = "# YOUR CODE HERE"
        assignment = assignment_of(asked)
        found = autograded_notebook(graded(notebook, assignment), assignment, cleared_notebook(assignment))
        for cell in found.cells:
            cell.metadata.setdefault("nbgrader", NotebookNode())
        return found, resources


@dataclass
class Record:
    """Write what a graded notebook earned into the gradebook, as SaveAutoGrades does."""

    saved: Save

    def preprocess(self, notebook: Notebook, resources: Resources) -> tuple[Notebook, Resources]:
        """Record the marks that the outputs of the notebook give."""
        with Gradebook(resources["nbgrader"]["db_url"]) as gradebook:
            record(gradebook, graded(notebook, self.saved.assignment), self.saved.assignment)
        return notebook, resources


def _name(cell: Notebook) -> str:
    """Return what tells which cell it is."""
    return cell.metadata.get("nbgrader", {}).get("grade_id") or cell.source


def _renewed(cell: Notebook, found: Notebook) -> Notebook:
    """Return a cell, the same object, with what was found for it."""
    labelled, content = "nbgrader" in cell.metadata, dict(found)
    cell.clear()
    cell.update(content)
    if labelled:
        cell.metadata.setdefault("nbgrader", NotebookNode())
    return cell
