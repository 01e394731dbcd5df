"""Decide what is done with each cell of a submission. What counts comes from the assignment alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from autograder.model import Pictures, Submission, SubmittedCell
from autograder.spec import Assignment, CellType, SpecCell


@dataclass(frozen=True)
class Step:
    """Hold one cell and what is done with it: run, judge (`exercise` says what), or only show."""

    action: Literal["run", "judge", "show"]
    grade_id: str | None
    cell_type: CellType
    source: str
    exercise: str | None = None
    pictures: Pictures = field(default_factory=dict)


def make_steps(submission: Submission, assignment: Assignment) -> tuple[Step, ...]:
    """Return the cells in the order in which they are treated: the submission's.

    Locked and check cells have the instructor's text. An exercise is judged once; one whose check cell is not
    among the cells is judged at the end.
    """
    steps = list(_steps(submission, assignment))
    judged = {step.exercise for step in steps}
    missing = [spec for spec in assignment.cells if spec.kind == "check" and spec.exercise not in judged]
    return (*steps, *map(_judge, missing))


def _steps(submission: Submission, assignment: Assignment) -> Iterator[Step]:
    seen: set[str | None] = set()
    for cell in submission.cells:
        spec = assignment.by_id.get(cell.grade_id) if cell.grade_id else None
        if spec is None or spec.kind not in ("check", "locked"):
            yield _student_step(cell, spec)
        elif spec.kind == "locked":
            yield Step("run" if _runs(spec) else "show", spec.grade_id, spec.cell_type, spec.source)
        elif spec.exercise not in seen:
            seen.add(spec.exercise)
            yield _judge(spec)


def _student_step(cell: SubmittedCell, spec: SpecCell | None) -> Step:
    runs = cell.cell_type == "code" and cell.source.strip() and not cell.demo
    if spec is not None and "demo" in spec.tags:
        runs = False
    label = spec.grade_id if spec else None
    return Step("run" if runs else "show", label, cell.cell_type, cell.source, pictures=cell.pictures)


def _judge(spec: SpecCell) -> Step:
    return Step("judge", spec.grade_id, spec.cell_type, spec.source, spec.exercise)


def _runs(spec: SpecCell) -> bool:
    return spec.cell_type == "code" and "demo" not in spec.tags
