"""What is asked and what counts: an assignment as the instructor's own notebooks define it."""

from __future__ import annotations

import ast
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from autograder.course import Course, CourseError
from autograder.intake.given import read_given
from autograder.intake.notebook import RawCell
from autograder.model import CheckResult, ExerciseResult

Kind = Literal["locked", "solution", "check", "written", "text", "code"]
CellType = Literal["code", "markdown", "raw"]

MARK = "trainwell"  # where the metadata of an instructor's notebook says that it was built as a draft


@dataclass(frozen=True)
class SpecCell:
    """Hold one cell of the instructor's notebook, with the text that students were given.

    `exercise` is the name that a check cell judges (`huber` for `huber_check`); None for other cells. A check
    cell with tests in itself (`is_test`) calls no hidden checks of the course: its name is the exercise's.
    """

    grade_id: str | None
    kind: Kind
    cell_type: CellType
    source: str
    released_source: str
    marks: float = 0.0
    tags: tuple[str, ...] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict)
    is_test: bool = False

    @property
    def exercise(self) -> str | None:
        """Return the exercise that this check cell judges, or None."""
        if self.kind != "check" or not self.grade_id:
            return None
        return self.grade_id if self.is_test else self.grade_id.removesuffix("_check")

    @property
    def name(self) -> str:
        """Return what marks for this cell are called after: the exercise, or else the cell."""
        return self.exercise or self.grade_id or ""

    @property
    def is_task(self) -> bool:
        """Return whether this is a task of nbgrader's: it is answered in cells that students add."""
        return bool(self.metadata.get("nbgrader", {}).get("task"))

    @property
    def manual(self) -> bool:
        """Return whether a person gives the marks for this cell."""
        return self.kind == "written" or self.is_task

    def nothing_earned(self, *checks: CheckResult) -> ExerciseResult:
        """Return no marks for this cell, or none yet, and what checks say about it."""
        return ExerciseResult(self.name, 0.0, self.marks, checks, manual=self.manual)


@dataclass(frozen=True)
class Assignment:
    """Hold all that grading trusts about a notebook: its cells in order and the files given to students.

    `notebook` is its name if that is not the week's. `own` says whether a lesson text was its source, and
    `editable` holds those files given to students that they may change and hand in. `others` are the week's
    other notebooks: by name, the labels and texts that they can be told by. `given` are the cells of the
    released notebook, by label: the source may have been fixed since. `hidden` are the sources of the week's
    hidden checks and known answers, by file name. A `draft` was built from a lesson that is not finished.
    """

    week: str
    cells: tuple[SpecCell, ...]
    support: Mapping[str, bytes] = field(default_factory=dict)
    notebook: str = ""
    own: bool = True
    editable: Mapping[str, bytes] = field(default_factory=dict)
    others: Mapping[str, frozenset[str]] = field(default_factory=dict)
    given: Mapping[str, RawCell] = field(default_factory=dict)
    hidden: Mapping[str, str] = field(default_factory=dict)
    draft: bool = False

    @property
    def name(self) -> str:
        """Return the name of the notebook, without its ending."""
        return self.notebook or self.week

    @cached_property
    def by_id(self) -> dict[str, SpecCell]:
        """Return the cells that have a `grade_id`, by it."""
        return {cell.grade_id: cell for cell in self.cells if cell.grade_id}

    @property
    def graded(self) -> tuple[SpecCell, ...]:
        """Return the cells that carry marks, in order."""
        return tuple(cell for cell in self.cells if cell.kind == "check" or cell.manual)

    @property
    def marks(self) -> float:
        """Return the marks of the whole assignment."""
        return sum(cell.marks for cell in self.graded)

    @cached_property
    def student_names(self) -> frozenset[str]:
        """Return the names that solution cells define: these are the student's, all others the course's."""
        return frozenset(
            name
            for cell in self.cells
            if cell.kind in ("solution", "written") and cell.cell_type == "code"
            for name in top_level_names(cell.source)
        )


def load_assignment(course: Course, week: str, notebook: str = "") -> Assignment:
    """Read the assignment of a week from its source and release notebooks.

    Of another course's week with several notebooks, `notebook` says which (default: the first).
    Raises CourseError, naming the command that builds them, if one is missing.
    """
    if not course.layout.own:
        from autograder.nbgrader_course import load_foreign_assignment  # loads nbgrader, which takes a second

        return load_foreign_assignment(course, week, notebook or next(iter(course.notebooks(week)), week))
    source, release = (_read_notebook(path, week) for path in (course.source(week), course.release(week)))
    released = {cell.get("id"): _text(cell) for cell in release["cells"]}
    cells = tuple(spec_cell(cell, released.get(cell.get("id"), _text(cell))) for cell in source["cells"])
    folder, given = course.source(week).parent, course.release(week).parent
    # A clone has no copies in source/ before its first build: students' files are the same.
    beside = [path for place in (given, folder) for path in place.iterdir() if _is_support(path, given)]
    support = {name: path.read_bytes() for name, path in sorted({path.name: path for path in beside}.items())}
    hidden = {path.name: path.read_text("utf-8") for path in sorted(course.hidden(week).glob("*.py"))}
    draft = bool(source.get("metadata", {}).get(MARK, {}).get("draft"))
    return Assignment(
        week, cells, support, given=read_given(course.release(week)), hidden=hidden, draft=draft
    )


def _is_support(path: Path, given: Path) -> bool:
    """Return whether a file lies beside the notebook for its sake: a second notebook if students get it."""
    is_second = path.name != f"{given.name}.ipynb" and (given / path.name).is_file()
    return path.is_file() and (path.suffix != ".ipynb" or is_second) and not path.name.startswith(".")


def _read_notebook(path: Path, week: str) -> dict[str, Any]:
    try:
        notebook = dict(json.loads(path.read_text(encoding="utf-8")))
        return {**notebook, "cells": list(notebook["cells"])}
    except FileNotFoundError:
        raise CourseError(f"{path} does not exist. Run: autograder build {week}") from None
    except (ValueError, KeyError, TypeError) as error:
        raise CourseError(
            f"{path} is not a notebook ({error}). Run: autograder build {week} --force"
        ) from None


def spec_cell(cell: Mapping[str, Any], released: str) -> SpecCell:
    """Return what a cell of the instructor's notebook asks; `released` is its text for students."""
    metadata = cell.get("metadata", {})
    nbgrader = metadata.get("nbgrader", {})
    return SpecCell(
        grade_id=nbgrader.get("grade_id"),
        kind=_kind(cell["cell_type"], nbgrader),
        cell_type=cell["cell_type"],
        source=_text(cell),
        released_source=released,
        marks=_points(nbgrader),
        tags=tuple(metadata.get("tags", ())),
        metadata=metadata,
    )


def _points(nbgrader: Mapping[str, Any]) -> float:
    """Return the marks of a cell. Raises CourseError if nobody could earn so many."""
    points = nbgrader.get("points") or 0
    try:
        marks = float(points)
    except (TypeError, ValueError):
        marks = math.nan
    if not 0 <= marks < math.inf:
        raise CourseError(
            f"The cell {nbgrader.get('grade_id')} is worth {points!r} marks: set its points in the source "
            "notebook to a number from 0 on."
        )
    return marks


def _kind(cell_type: str, nbgrader: Mapping[str, Any]) -> Kind:
    if nbgrader.get("grade"):
        return "written" if nbgrader.get("solution") else "check"
    if nbgrader.get("solution"):
        return "solution"
    if nbgrader.get("locked"):
        return "locked"
    return "code" if cell_type == "code" else "text"


def _text(cell: Mapping[str, Any]) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def top_level_names(source: str) -> set[str]:
    """Return the names that a cell defines at top level. Imported names are not among them."""
    try:
        tree = ast.parse(without_magics(source))
    except SyntaxError:
        return set()
    names: set[str] = set()
    waiting: list[ast.AST] = list(tree.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif not isinstance(node, (ast.comprehension, ast.Lambda)):  # whose variables live in them alone
            waiting += ast.iter_child_nodes(node)
    return names


def without_magics(source: str) -> str:
    """Return the source with IPython's magic and shell lines blanked, so that Python can parse it."""
    return "\n".join("" if line.lstrip().startswith(("%", "!")) else line for line in source.splitlines())
