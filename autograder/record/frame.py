"""Keep the gradebook's idea of an assignment in step with its source notebook."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from nbgrader import api, utils

from autograder.build.lesson import KERNEL
from autograder.course import CourseError
from autograder.spec import Assignment

Session = Any  # nbgrader's scoped SQLAlchemy session
Row = Any  # a row of one of nbgrader's tables
Fields = Mapping[str, dict[str, Any]]  # for each cell, by name, the columns of its row


def sync_assignment(db: Session, course_id: str, assignment: Assignment, every: Iterable[Any]) -> None:
    """Bring the rows of an assignment, of all its cells and the places for marks up to date. No commit."""
    notebook = _notebook(db, course_id, assignment.week, assignment.name)
    cells = [cell for cell in every if "grade_id" in cell.metadata.get("nbgrader", {})]
    sources = {_name(cell): _source_fields(cell) for cell in cells}
    graded = {_name(cell): _graded_fields(cell) for cell in cells if utils.is_grade(cell)}
    tasks = {_name(cell): _graded_fields(cell) for cell in cells if utils.is_task(cell)}
    solutions: Fields = {_name(cell): {} for cell in cells if utils.is_solution(cell)}
    _sync(db, notebook, api.SourceCell, notebook.source_cells, sources)
    _sync(db, notebook, api.GradeCell, notebook.grade_cells, graded)
    _sync(db, notebook, api.TaskCell, notebook.task_cells, tasks)
    _sync(db, notebook, api.SolutionCell, notebook.solution_cells, solutions)
    db.flush()
    db.refresh(notebook)
    for submission in notebook.assignment.submissions:
        if all(row.notebook_id != notebook.id for row in submission.notebooks):
            db.add(api.SubmittedNotebook(notebook=notebook, assignment=submission))
    db.flush()
    db.refresh(notebook)
    for submitted in notebook.submissions:
        _add_places(db, notebook, submitted)


def _notebook(db: Session, course_id: str, week: str, name: str) -> Row:
    assignment = db.query(api.Assignment).filter_by(name=week).one_or_none()
    if assignment is None:
        assignment = api.Assignment(name=week, course_id=course_id)
        db.add(assignment)
    notebook = next((row for row in assignment.notebooks if row.name == name), None)
    if notebook is None:
        notebook = api.Notebook(name=name, assignment=assignment)
        db.add(notebook)
    notebook.kernelspec = json.dumps(KERNEL)
    db.flush()
    return notebook


def _sync(db: Session, notebook: Row, kind: Any, rows: Iterable[Row], wanted: Fields) -> None:
    """Add, change and remove rows of one kind so that they are the wanted ones."""
    existing = {row.name: row for row in rows}
    for name, fields in wanted.items():
        row = existing.get(name)
        if row is None:
            db.add(kind(name=name, notebook_id=notebook.id, **fields))
        else:
            for column, value in fields.items():
                setattr(row, column, value)
    for name in existing.keys() - wanted.keys():
        _remove(db, notebook, existing[name])


def _remove(db: Session, notebook: Row, cell: Row) -> None:
    """Remove a cell and its automatic marks. Refuse if a person has marked it."""
    marks = [*getattr(cell, "grades", ()), *getattr(cell, "comments", ())]
    for mark in marks:
        if getattr(mark, "manual_score", None) is not None or getattr(mark, "manual_comment", None):
            student = mark.notebook.student.id
            raise CourseError(
                f"{notebook.name} no longer has the cell {cell.name}, but a person marked it for {student}. "
                "Put the cell back, or remove the mark in the Formgrader."
            )
    for row in (*marks, cell):
        db.delete(row)


def _add_places(db: Session, notebook: Row, submitted: Row) -> None:
    """Give an earlier submission places for the marks and comments of cells that are new."""
    graded, commented = {row.cell_id for row in submitted.grades}, {row.cell_id for row in submitted.comments}
    for cell in (*notebook.grade_cells, *notebook.task_cells):
        if cell.id not in graded:
            db.add(api.Grade(cell_id=cell.id, notebook=submitted))
    for cell in (*notebook.solution_cells, *notebook.task_cells):
        if cell.id not in commented:
            db.add(api.Comment(cell_id=cell.id, notebook=submitted))


def _name(cell: Any) -> str:
    return str(cell.metadata.nbgrader.grade_id)


def _graded_fields(cell: Any) -> dict[str, Any]:
    return {"max_score": float(cell.metadata.nbgrader.points), "cell_type": cell.cell_type}


def _source_fields(cell: Any) -> dict[str, Any]:
    return {
        "cell_type": cell.cell_type,
        "locked": bool(utils.is_locked(cell)),
        "source": cell.source,
        "checksum": cell.metadata.nbgrader.get("checksum"),
    }
