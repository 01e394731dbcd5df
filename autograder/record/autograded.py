"""Write the graded copy of a notebook that the Formgrader, nbgrader's feedback and late penalties work on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_notebook, new_output

from autograder.build.lesson import notebook_text
from autograder.build.restore import plain_cell, restored_cells
from autograder.course import Course
from autograder.files import write_atomically
from autograder.model import CheckResult, ExecutedCell, ExerciseResult, SubmissionResult
from autograder.pages.markdown import inert_markdown
from autograder.spec import Assignment

Notebook = Any  # nbformat's NotebookNode, which has no types


def autograded_path(course: Course, result: SubmissionResult, assignment: Assignment) -> Path:
    """Return where the graded notebook of a submission lies."""
    return course.autograded(result.week, result.student) / f"{assignment.name}.ipynb"


def has_notebook(result: SubmissionResult, assignment: Assignment) -> bool:
    """Return whether a result has a graded notebook: whether one was handed in that could be read."""
    return bool(result.cells) or (result.status == "graded" and not assignment.cells)


def write_autograded(
    course: Course, result: SubmissionResult, assignment: Assignment, frame: Notebook
) -> Path | None:
    """Write the graded notebook of a submission, whole or not at all, and return its path.

    `frame` is the assignment's `cleared_notebook`, the same for all submissions. One that could not be
    read, or was not handed in, has no notebook: one that an earlier version left is removed.
    """
    path = autograded_path(course, result, assignment)
    if not has_notebook(result, assignment):
        path.unlink(missing_ok=True)
        return None
    write_atomically(path, notebook_text(autograded_notebook(result, assignment, frame)))
    return path


def autograded_notebook(result: SubmissionResult, assignment: Assignment, frame: Notebook) -> Notebook:
    """Return the instructor's frame with the student's cells and, in check cells, what the checks found."""
    cells = restored_cells([_cell(cell) for cell in result.cells], frame.cells)
    exercises = {exercise.exercise: exercise for exercise in result.exercises}
    for cell in cells:
        spec = assignment.by_id.get(cell.metadata.get("nbgrader", {}).get("grade_id", ""))
        if spec is not None and spec.exercise in exercises:
            cell.outputs = outcome_outputs(exercises[spec.exercise])
            cell.execution_count = 1
    return new_notebook(cells=cells, metadata=frame.metadata)


def outcome_outputs(exercise: ExerciseResult) -> list[Notebook]:
    """Return the outputs of a check cell: a few lines on what the checks found, and the marks as a number.

    nbgrader reads the number as partial credit, so its own commands see the same marks.
    """
    lines = [f"{exercise.exercise}: {exercise.score:g} of {exercise.marks:g} marks"]
    lines += [f"the likely mistake: {exercise.sentence}"] if exercise.sentence else []
    lines += [exercise.way] if exercise.way else []
    lines += [line for check in exercise.checks for line in _outcome(check)]
    text = new_output("stream", name="stdout", text="\n".join(lines) + "\n")
    marks = new_output("execute_result", data={"text/plain": repr(float(exercise.score))}, execution_count=1)
    return [text, marks]


def _outcome(check: CheckResult) -> list[str]:
    if check.passed:
        return [f"✓ {check.call}"] if check.call else []
    if check.passed is None:
        return [f"? a check worth {check.marks:g} could not decide; a person will look at it"]
    parts = (("came back", check.got), ("expected", check.expected), ("try", check.hint))
    return [f"✗ {check.call}", *(f"    {name}: {text}" for name, text in parts if text)]


def _cell(cell: ExecutedCell) -> Notebook:
    if cell.cell_type == "code":
        outputs = [nbformat.from_dict(dict(output)) for output in cell.outputs]
        made = plain_cell("code", cell.source, outputs=outputs, execution_count=cell.execution_count)
    else:
        made = plain_cell("markdown", inert_markdown(cell.source, cell.pictures))
    if cell.grade_id:
        made.metadata["nbgrader"] = {"grade_id": cell.grade_id}
    return made
