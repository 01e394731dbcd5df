"""What `autograder grade` tells of a submission: its marks, in the gradebook's words, and what happened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from rich.markup import escape
from rich.table import Table

from autograder.graded import Graded, MarkChange, mark_changes
from autograder.marks.count import Marks, Standing
from autograder.model import CheckResult, ExerciseResult, SubmissionResult


@dataclass(frozen=True)
class Line:
    """Hold what is shown of a submission: no more, so that a class of 10,000 takes little memory."""

    student: str
    notebook: str
    name: str
    status: str
    reason: str
    points: str
    story: str
    fresh: bool
    again: bool
    changes: tuple[MarkChange, ...]


def line_of(item: Graded) -> Line:
    """Return what is shown of a graded submission as long as nobody has looked into the gradebook."""
    result = item.result
    return Line(
        student=result.student,
        notebook=result.notebook or result.week,
        name=f"{result.student}, {result.notebook}" if result.notebook else result.student,
        status=result.status,
        reason=result.reason,
        points=f"{result.score:g} / {result.marks:g}",
        story=story(result),
        fresh=item.fresh,
        again=item.before is not None,
        changes=mark_changes(item),
    )


def as_it_stands(line: Line, standing: Standing | None) -> Line:
    """Return a line with what the gradebook says: marks by hand, what waits for one, and lateness."""
    marks = marks_in(standing, line.notebook)
    if standing is None or marks is None:
        return line
    if line.status != "graded":
        by_hand = marks.final and marks.by_hand > 0  # a person has marked what the grader could not grade
        settled = replace(line, status="graded", reason="", story="marked by hand") if by_hand else line
        return replace(settled, points=marks.fraction)
    told = [] if marks.final else [marks.told_waiting]
    if marks.taken:
        told.append(f"{marks.taken:.10g} taken off: {standing.hours_late:.1f} hours late")
    if line.story != "all right" or not told:
        told.append(line.story)
    return replace(line, points=marks.fraction, story="; ".join(told))


def marks_in(standing: Standing | None, notebook: str) -> Marks | None:
    """Return what the gradebook says of a notebook, None if it says nothing."""
    return standing.notebooks.get(notebook) if standing is not None else None


def as_record(item: Graded) -> dict[str, Any]:
    """Return what `--json` prints of one submission, but for what the gradebook says."""
    result = item.result
    return {
        "student": result.student,
        "notebook": result.notebook or result.week,
        "status": result.status,
        "reason": result.reason,
        "score": result.score,
        "marks": result.marks,
        "fresh": item.fresh,
        "changes": [asdict(change) for change in mark_changes(item)],
        "seed": result.seed,
        "seconds": result.seconds,
        "isolation": result.isolation,
        "findings": [finding.text for finding in result.findings],
        "exercises": [
            {"exercise": e.exercise, "score": e.score, "marks": e.marks, "mistake": e.mistake, "way": e.way}
            for e in result.exercises
        ],
    }


def in_gradebook(standing: Standing | None, notebook: str) -> dict[str, Any] | None:
    """Return the marks that count, for programs: with those by hand, lateness, and what waits."""
    marks = marks_in(standing, notebook)
    if marks is None:
        return None
    return {**asdict(marks), "score": marks.score, "final": marks.final, "words": marks.told}


def marks_table(week: str, lines: Sequence[Line]) -> Table:
    """Return the table of marks with the likely mistake of each student."""
    fresh = sum(line.fresh for line in lines)
    table = Table(title=f"{week}: {fresh} graded, {len(lines) - fresh} unchanged", title_justify="left")
    table.add_column("student", no_wrap=True)
    table.add_column("marks", justify="right", no_wrap=True)
    table.add_column("what happened, and the likely mistake")
    for line in lines:
        table.add_row(escape(line.name), line.points, escape(line.story))
    return table


def story(result: SubmissionResult) -> str:
    """Return in a few words what to know about a submission."""
    if result.status != "graded":
        return f"needs a human: {result.reason}"
    if all(unanswered(exercise) for exercise in result.exercises):
        return "nothing was answered yet"
    parts = [f"{e.exercise}: {e.mistake.replace('_', ' ')}" for e in result.exercises if e.mistake]
    parts += [
        f"{e.exercise}: {first_failure(e.checks)}"
        for e in result.exercises
        if not (e.is_right or e.mistake or e.manual)
    ]
    parts += [finding.text for finding in result.findings[:1]]
    return "; ".join(parts[:3]) + (f"; and {len(parts) - 3} more" if len(parts) > 3 else "") or "all right"


def unanswered(exercise: ExerciseResult) -> bool:
    """Return whether an exercise still is as it was released."""
    return exercise.mistake == "left_blank" or "NotImplementedError" in first_failure(exercise.checks)


def first_failure(checks: Iterable[CheckResult]) -> str:
    """Return what came back in the first check that did not pass."""
    return next((check.got for check in checks if not check.passed), "lost marks")[:70]
