"""Send known answers through the real sandbox, as submissions, and compare what they earn."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from autograder.answers import fill_in, hand_in, reference_answers, released_notebook
from autograder.course import Course
from autograder.grading import grade_class
from autograder.model import ExerciseResult
from autograder.options import Options
from autograder.spec import Assignment
from autograder.verify.exercise import SEEDS, Exercise
from autograder.verify.verdict import Kind, Verdict

Column = dict[str, tuple[Kind, str, str]]  # by exercise: the kind of a known answer, its name and its source


def verify_in_sandbox(
    course: Course, assignment: Assignment, exercises: Sequence[Exercise], every: bool
) -> Iterator[Verdict]:
    """Yield what known answers earn in the sandbox: the solution, untouched, and a column of mistakes.

    One submission carries one known answer of each exercise. `every` sends all mistakes and variants.
    """
    week, right = assignment.week, reference_answers(assignment)
    columns = _columns(exercises)
    chosen = columns if every else columns[:2]
    with tempfile.TemporaryDirectory(prefix="verify-") as folder:
        copy, release = _course_copy(course, week, Path(folder)), released_notebook(course, week)
        for number, column in enumerate(chosen):
            answers = {**right, **{name: source for name, (_, _, source) in column.items()}}
            hand_in(copy, week, f"answer{number:03d}", fill_in(release, answers))
        hand_in(copy, week, "untouched", release)
        results = {g.result.student: g.result for g in grade_class(copy, week, Options(seed=SEEDS[0]))}
    untouched: Column = {e.name: ("untouched", "untouched release", "") for e in exercises}
    for number, column in enumerate([*chosen, untouched]):
        student = f"answer{number:03d}" if column is not untouched else "untouched"
        for result in results[student].exercises:
            if result.exercise in column:
                kind, name, _ = column[result.exercise]
                yield _verdict(week, kind, f"{name}, in the sandbox", name, result)


def _columns(exercises: Sequence[Exercise]) -> list[Column]:
    """Return the solution, and then the known answers so that each column has at most one of an exercise."""
    tables: dict[str, list[tuple[Kind, str, str]]] = {
        exercise.name: [
            *(("mistake", item.name, item.source) for item in exercise.mistakes),
            *(("right", item.name, item.source) for item in exercise.variants),
        ]
        for exercise in exercises
    }
    longest = max(map(len, tables.values()), default=0)
    solution: Column = {e.name: ("right", "reference", e.cell.source) for e in exercises}
    return [solution] + [
        {name: table[i] for name, table in tables.items() if i < len(table)} for i in range(longest)
    ]


def _course_copy(course: Course, week: str, folder: Path) -> Course:
    """Return a course in `folder` that shares the notebooks and checks of this one, but no submission."""
    copy = Course(folder)
    for path in (course.source(week).parent, course.release(week).parent, course.hidden(week)):
        target = folder / path.relative_to(course.root)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.symlink_to(path, target_is_directory=True)
    return copy


def _verdict(week: str, kind: Kind, answer: str, name: str, result: ExerciseResult) -> Verdict:
    problem = ""
    if result.broken:
        problem = f"the check «{result.broken[0].name}» breaks: {result.broken[0].got}"
    elif kind == "right" and not result.is_right:
        problem = "a right answer must earn all marks"
    elif kind == "untouched" and result.score:
        problem = "an untouched release must earn nothing"
    elif kind == "mistake" and result.is_right:
        problem = "a wrong answer must lose marks"
    elif kind == "mistake" and result.mistake != name:
        problem = f"it is named {result.mistake or 'nothing'}"
    named = result.mistake or ""
    return Verdict(week, result.exercise, kind, answer, result.score, result.marks, named, problem)
