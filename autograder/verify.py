"""Prove the checks on real submissions: right ones earn all marks, wrong ones lose some and are named."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from autograder.answers import fill_in, hand_in, reference_answers, released_notebook
from autograder.checks.diagnose import find_mistake
from autograder.checks.known import load_mistakes, load_variants
from autograder.course import Course
from autograder.grading import grade_class
from autograder.model import ExerciseResult, Mistake
from autograder.options import Options
from autograder.spec import Assignment, load_assignment
from autograder.tasks import Known, make_judge

SEED = 20  # any; fixed so that a failure can be repeated

Kind = Literal["right", "mistake", "untouched"]


@dataclass(frozen=True)
class Verdict:
    """Hold what one known answer earned. `problem` is empty if that is what it should earn."""

    week: str
    exercise: str
    answer: str
    score: float
    marks: float
    named: str
    problem: str = ""
    kind: Kind = "right"


@dataclass(frozen=True)
class Case:
    """Name a known answer of one exercise and what is expected of it."""

    exercise: str
    answer: str
    source: str
    right: bool
    expected_name: str = ""


def verify_weeks(course: Course, weeks: Iterable[str]) -> Iterator[Verdict]:
    """Yield a verdict for every known answer of these weeks, graded in the sandbox like any submission."""
    for week in weeks:
        yield from verify_week(course, week)


def verify_week(course: Course, week: str) -> Iterator[Verdict]:
    """Yield the verdicts of one week.

    One submission carries one known answer of *every* exercise, so a week needs as many submissions as its
    longest table has rows.
    """
    assignment = load_assignment(course, week)
    columns = _columns(assignment)
    with tempfile.TemporaryDirectory(prefix="verify-") as folder:
        copy = _course_copy(course, week, Path(folder))
        release, right = released_notebook(course, week), reference_answers(assignment)
        for number, column in enumerate(columns):
            answers = {**right, **{case.exercise: case.source for case in column.values()}}
            hand_in(copy, week, f"answer{number:03d}", fill_in(release, answers))
        hand_in(copy, week, "untouched", release)
        results = {
            graded.result.student: graded.result for graded in grade_class(copy, week, Options(seed=SEED))
        }
    for number, column in enumerate(columns):
        for exercise in results[f"answer{number:03d}"].exercises:
            if exercise.exercise in column:
                yield _verdict(week, column[exercise.exercise], exercise)
    for exercise in results["untouched"].exercises:
        yield _untouched_verdict(week, exercise)


def _columns(assignment: Assignment) -> list[dict[str, Case]]:
    """Return the cases so that each column has at most one case of an exercise."""
    tables: dict[str, list[Case]] = {}
    for case in _cases(assignment):
        tables.setdefault(case.exercise, []).append(case)
    longest = max(map(len, tables.values()), default=0)
    return [{name: table[i] for name, table in tables.items() if i < len(table)} for i in range(longest)]


def _cases(assignment: Assignment) -> Iterator[Case]:
    week, known = assignment.week, make_judge(assignment, [SEED]).known[SEED]
    for exercise, source in reference_answers(assignment).items():
        if exercise in known:
            yield Case(exercise, "reference", source, right=True)
    for variant in load_variants(week):
        yield Case(variant.exercise, f"right: {variant.name}", variant.source, right=True)
    for mistake in load_mistakes(week):
        yield Case(
            mistake.exercise,
            f"mistake: {mistake.name}",
            mistake.source,
            False,
            _expected_name(mistake, known),
        )


def _expected_name(mistake: Mistake, known: Known) -> str:
    """Return the name to expect: the mistake's own, or that of one that answers just alike."""
    traces = {item.name: trace for item, trace in known[mistake.exercise]}
    found = find_mistake(traces[mistake.name], known[mistake.exercise]) if mistake.name in traces else None
    return found.name if found else ""


def _course_copy(course: Course, week: str, folder: Path) -> Course:
    """Return a course in `folder` that shares the notebooks of this one but none of its submissions."""
    copy = Course(folder)
    for path in (course.source(week).parent, course.release(week).parent):
        target = folder / path.relative_to(course.root)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.symlink_to(path, target_is_directory=True)
    return copy


def _verdict(week: str, case: Case, result: ExerciseResult) -> Verdict:
    if result.broken:
        problem = f"the check «{result.broken[0].name}» is broken: {result.broken[0].got}"
    elif case.right:
        problem = "" if result.score == result.marks else "a right answer must earn all marks"
    elif result.score >= result.marks:
        problem = "a wrong answer must lose marks"
    elif result.mistake != (case.expected_name or None):
        problem = f"should be named {case.expected_name or 'nothing'}"
    else:
        problem = ""
    kind: Kind = "right" if case.right else "mistake"
    named = result.mistake or ""
    return Verdict(week, case.exercise, case.answer, result.score, result.marks, named, problem, kind)


def _untouched_verdict(week: str, result: ExerciseResult) -> Verdict:
    problem = "" if result.score == 0 else "an untouched release must earn nothing"
    return Verdict(
        week, result.exercise, "untouched release", result.score, result.marks, "", problem, "untouched"
    )
