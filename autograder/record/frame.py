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
Wanted = Mapping[Any, Fields]  # by kind of cell

KINDS = {
    api.SourceCell: "source_cells",
    api.GradeCell: "grade_cells",
    api.TaskCell: "task_cells",
    api.SolutionCell: "solution_cells",
}


def sync_assignment(db: Session, course_id: str, assignment: Assignment, every: Iterable[Any]) -> None:
    """Bring the rows of an assignment, of all its cells and the places for marks up to date. No commit.

    Raises CourseError if a person has marked what is gone from the source.
    """
    wanted = _wanted(every)
    _refuse_to_lose_marks(db, assignment, wanted)
    _drop_notebooks(db, assignment)
    notebook = _notebook(db, course_id, assignment.week, assignment.name)
    for cell in _gone(notebook, wanted):
        _remove(db, cell)
    for kind, rows in KINDS.items():
        _sync(db, notebook, kind, getattr(notebook, rows), wanted[kind])
    db.flush()
    db.refresh(notebook)
    for submission in notebook.assignment.submissions:
        if all(row.notebook_id != notebook.id for row in submission.notebooks):
            db.add(api.SubmittedNotebook(notebook=notebook, assignment=submission))
    db.flush()
    db.refresh(notebook)
    for submitted in notebook.submissions:
        _add_places(db, notebook, submitted)


def refuse_to_lose_marks(db: Session, assignment: Assignment, every: Iterable[Any]) -> None:
    """Raise CourseError if a person has marked a notebook or a cell that is gone from the source.

    Nothing is changed: `sync_assignment` refuses the same.
    """
    _refuse_to_lose_marks(db, assignment, _wanted(every))


def _refuse_to_lose_marks(db: Session, assignment: Assignment, wanted: Wanted) -> None:
    for notebook in _notebooks(db, assignment):
        if _is_gone(notebook, assignment):
            if student := next(filter(None, map(_marked_by_hand, _cells(notebook))), ""):
                raise CourseError(
                    f"{assignment.week} no longer has {notebook.name}.ipynb, but a person marked it for "
                    f"{student}. Give the notebook this name again, or remove the marks in the Formgrader."
                )
        elif notebook.name == assignment.name:
            for cell in _gone(notebook, wanted):
                if student := _marked_by_hand(cell):
                    raise CourseError(
                        f"{notebook.name} no longer has the cell {cell.name}, but a person marked it for "
                        f"{student}. Put the cell back, or remove the mark in the Formgrader."
                    )


def _wanted(every: Iterable[Any]) -> Wanted:
    """Return the rows that the gradebook should have for these cells, by kind."""
    cells = [cell for cell in every if "grade_id" in cell.metadata.get("nbgrader", {})]
    return {
        api.SourceCell: {_name(cell): _source_fields(cell) for cell in cells},
        api.GradeCell: {_name(cell): _graded_fields(cell) for cell in cells if utils.is_grade(cell)},
        api.TaskCell: {_name(cell): _graded_fields(cell) for cell in cells if utils.is_task(cell)},
        api.SolutionCell: {_name(cell): {} for cell in cells if utils.is_solution(cell)},
    }


def _notebooks(db: Session, assignment: Assignment) -> list[Row]:
    row = db.query(api.Assignment).filter_by(name=assignment.week).one_or_none()
    return list(row.notebooks) if row is not None else []


def _is_gone(notebook: Row, assignment: Assignment) -> bool:
    """Return whether a notebook is no longer in the source. One of ours is named like its week."""
    return not assignment.own and notebook.name not in (assignment.name, *assignment.others)


def _cells(notebook: Row) -> list[Row]:
    return [cell for rows in KINDS.values() for cell in getattr(notebook, rows)]


def _gone(notebook: Row, wanted: Wanted) -> list[Row]:
    """Return the cells that the source no longer has, or has as cells of another kind."""
    return [
        cell for kind, rows in KINDS.items() for cell in getattr(notebook, rows)
        if cell.name not in wanted[kind]
    ]  # fmt: skip


def _marks(cell: Row) -> list[Row]:
    return [*getattr(cell, "grades", ()), *getattr(cell, "comments", ())]


def _marked_by_hand(cell: Row) -> str:
    """Return a student for whom a person marked a cell, or nothing."""
    for mark in _marks(cell):
        given = (getattr(mark, name, None) for name in ("extra_credit", "manual_comment"))
        if getattr(mark, "manual_score", None) is not None or any(given):
            return str(mark.notebook.student.id)
    return ""


def _drop_notebooks(db: Session, assignment: Assignment) -> None:
    """Remove the notebooks that are gone from the source, with all their automatic marks."""
    for notebook in _notebooks(db, assignment):
        if _is_gone(notebook, assignment):
            for cell in _cells(notebook):
                _remove(db, cell)
            for submitted in notebook.submissions:
                db.delete(submitted)
            db.delete(notebook)
            db.flush()
            db.expire_all()


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
    """Add and change rows of one kind so that they are the wanted ones."""
    existing = {row.name: row for row in rows}
    for name, fields in wanted.items():
        row = existing.get(name)
        if row is None:
            db.add(kind(name=name, notebook_id=notebook.id, **fields))
        else:
            for column, value in fields.items():
                setattr(row, column, value)


def _remove(db: Session, cell: Row) -> None:
    """Remove a cell and its marks."""
    for row in (*_marks(cell), cell):
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
