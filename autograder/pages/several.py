"""Put the notebooks of an assignment together, so that a page about it speaks of the whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from autograder.model import ExerciseResult, Finding, SubmissionResult
from autograder.spec import Assignment, SpecCell

T = TypeVar("T")
Results = Mapping[str, SubmissionResult]  # of one notebook, by student


@dataclass(frozen=True)
class Whole:
    """Hold an assignment with all its notebooks, and one result for each student who has one for all of them.

    With several notebooks, everything is called after its notebook, as `p1/huber`. `ungraded` says which
    notebooks of a student still wait; nobody has a result for `left_out`, so it is as if they were not there.
    """

    assignment: Assignment
    results: tuple[SubmissionResult, ...]
    notebooks: tuple[str, ...]
    seeds: tuple[int, ...] = ()
    ungraded: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()

    @property
    def several(self) -> bool:
        """Return whether there is more than one notebook to tell apart."""
        return len(self.notebooks) + len(self.left_out) > 1


def label(notebook: str, name: str) -> str:
    """Return what an exercise is called among those of several notebooks."""
    return f"{notebook}/{name}"


def notebook_of(name: str) -> str:
    """Return the notebook of an exercise that is called after it."""
    return name.split("/", 1)[0]


def whole(parts: Sequence[tuple[Assignment, Results]], handed_in: Iterable[str] = ()) -> Whole:
    """Return the notebooks of an assignment, and the class's results for each, as one.

    `handed_in` are all students of whom there should be a result.
    """
    graded = [(assignment, results) for assignment, results in parts if results]
    used, names = graded or list(parts), [assignment.name for assignment, _ in parts]
    shown = tuple(assignment.name for assignment, _ in used)
    seen = dict.fromkeys([*handed_in, *(student for _, results in used for student in results)])
    missing = {
        student: tuple(assignment.name for assignment, results in used if student not in results)
        for student in sorted(seen)
    }
    complete = [student for student, waiting in missing.items() if not waiting]
    of = {student: [(a.name, results[student]) for a, results in used] for student in complete}
    several = len(parts) > 1
    return Whole(
        joined_assignment([assignment for assignment, _ in used]) if several else used[0][0],
        tuple(joined_result(of[student]) if several else of[student][0][1] for student in complete),
        shown,
        tuple(sorted({r.seed for results in of.values() for _, r in results if r.status == "graded"})),
        {student: waiting for student, waiting in missing.items() if waiting},
        tuple(name for name in names if name not in shown),
    )


def joined_assignment(assignments: Sequence[Assignment]) -> Assignment:
    """Return several notebooks as one, whose cells are called after their notebooks."""
    cells: list[SpecCell] = []
    for one in assignments:
        cells += [_heading(one.name), *(_labelled(one.name, cell) for cell in one.cells)]
    week = assignments[0].week
    return Assignment(week, (_heading(week), *cells), own=assignments[0].own)


def _heading(text: str) -> SpecCell:
    return SpecCell(None, "text", "markdown", f"# {text}", f"# {text}")


def _labelled(notebook: str, cell: SpecCell) -> SpecCell:
    return replace(cell, grade_id=label(notebook, cell.grade_id)) if cell.grade_id else cell


def joined_result(results: Sequence[tuple[str, SubmissionResult]]) -> SubmissionResult:
    """Return a student's results for several notebooks, by name, as one. Any of them may need a human."""
    first = results[0][1]
    reasons = [f"{name}: {result.reason}" for name, result in results if result.status != "graded"]
    return SubmissionResult(
        first.student,
        first.week,
        "needs a human" if reasons else "graded",
        " ".join(reasons),
        tuple(_called_after(name, one) for name, result in results for one in result.exercises),
        findings=tuple(_found_in(name, one) for name, result in results for one in result.findings),
        seed=first.seed,
        seconds=sum(result.seconds for _, result in results),
        isolation=", ".join(sorted({result.isolation for _, result in results if result.isolation})),
    )


def _called_after(notebook: str, exercise: ExerciseResult) -> ExerciseResult:
    return replace(exercise, exercise=label(notebook, exercise.exercise))


def _found_in(notebook: str, finding: Finding) -> Finding:
    return replace(finding, text=f"{notebook}: {finding.text}")


def by_notebook(items: Iterable[tuple[str, T]]) -> list[tuple[str, list[T]]]:
    """Return items, each with the name of its exercise, in groups of one notebook, in order."""
    groups: dict[str, list[T]] = {}
    for name, item in items:
        groups.setdefault(notebook_of(name), []).append(item)
    return list(groups.items())
