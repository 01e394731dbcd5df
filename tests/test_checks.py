"""Laws of the hidden checks, for every week that has some: what earns marks, and what they survive."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.build.lesson import read_lesson
from autograder.build.syllabus import syllabus_marks
from autograder.checks.diagnose import find_mistake, mistake_traces, same_trace
from autograder.checks.framework import Judged, judge_exercise, load_checks
from autograder.checks.kernel import LocalBackend
from autograder.checks.known import course_names, judge_source, load_mistakes, load_variants
from autograder.course import Course
from autograder.model import Mistake, Variant

COURSE = Course(ROOT)
WEEKS = sorted(
    p.stem for p in (ROOT / "autograder" / "checks").glob("week*.py") if re.fullmatch(r"week\d\d", p.stem)
)
CHECKS = {week: load_checks(week) for week in WEEKS}
EXERCISES = [(week, exercise) for week in WEEKS for exercise in CHECKS[week]]
FUNCTIONS = [(week, exercise) for week, exercise in EXERCISES if not exercise.startswith("gq")]
MISTAKES = [(week, item) for week in WEEKS for item in load_mistakes(week)]
VARIANTS = [(week, item) for week in WEEKS for item in load_variants(week)]
SEEDS = (0, 1, 7)


def named(case: Any) -> str:
    return f"{case.exercise}-{case.name}" if isinstance(case, (Mistake, Variant)) else str(case)


def judged(week: str, exercise: str, source: str, seed: int = 0) -> Judged:
    return judge_source(source, exercise, CHECKS[week][exercise], course_names(), seed)


def judged_value(week: str, exercise: str, value: Any) -> Judged:
    """Judge a notebook in which the name that the exercise asks for is `value`."""
    name = f"answer_{exercise}" if exercise.startswith("gq") else exercise
    return judge_exercise(
        exercise, CHECKS[week][exercise], LocalBackend({**course_names(), name: value}), seed=0
    )


def lesson_cells(week: str) -> dict[str, Any]:
    cells = read_lesson(COURSE, COURSE.resolve(week)).cells
    return {cell.metadata.nbgrader.grade_id: cell for cell in cells if "nbgrader" in cell.metadata}


# what there is
@pytest.mark.parametrize("week", COURSE.weeks())
def test_every_week_with_graded_code_has_checks(week: str) -> None:
    graded = {name.removesuffix("_check") for name in lesson_cells(week[:6]) if name.endswith("_check")}
    assert graded == set(load_checks(week) if graded else ())


@pytest.mark.parametrize("week", WEEKS)
def test_marks_are_those_of_the_lesson_and_the_syllabus(week: str) -> None:
    graded = {name: cell for name, cell in lesson_cells(week).items() if cell.metadata.nbgrader.grade}
    points = {name.removesuffix("_check"): cell.metadata.nbgrader.points for name, cell in graded.items()}
    for exercise, checks in CHECKS[week].items():
        assert sum(check.marks for check in checks) == points[exercise]
    assert sum(points.values()) == syllabus_marks(COURSE)[week]


@pytest.mark.parametrize(("week", "exercise"), EXERCISES)
def test_every_exercise_has_six_checks_eight_mistakes_and_two_variants(week: str, exercise: str) -> None:
    checks = CHECKS[week][exercise]
    mistakes = [item for item in load_mistakes(week) if item.exercise == exercise]
    variants = [item for item in load_variants(week) if item.exercise == exercise]
    assert len(checks) >= 6
    assert len(mistakes) >= 8
    assert len(variants) >= 2
    for things in (checks, mistakes, variants):
        assert len({thing.name for thing in things}) == len(things), "two have the same name"
    assert all(check.marks * 4 == round(check.marks * 4) >= 0 for check in checks), "marks go in quarters"
    assert all(item.sentence.endswith((".", "?")) and len(item.sentence) > 30 for item in mistakes)


# what gets marks
@pytest.mark.parametrize(("week", "exercise"), EXERCISES)
def test_the_solution_in_the_lesson_gets_all_marks(week: str, exercise: str) -> None:
    source = lesson_cells(week)[exercise].source
    for seed in SEEDS:
        result = judged(week, exercise, source, seed).result
        assert result.score == result.marks, [check for check in result.checks if not check.passed]


@pytest.mark.parametrize(("week", "exercise"), EXERCISES)
def test_the_untouched_cell_gets_nothing(week: str, exercise: str) -> None:
    source = lesson_cells(week)[exercise].source
    solution = re.compile(r"( *)### BEGIN SOLUTION.*?### END SOLUTION", re.DOTALL)
    stub = r"\1pass" if exercise.startswith("gq") else r"\1raise NotImplementedError()"
    result = judged(week, exercise, solution.sub(stub, source)).result
    assert result.score == 0
    assert not result.broken


@pytest.mark.parametrize(("week", "variant"), VARIANTS, ids=named)
def test_right_answers_written_differently_get_all_marks_and_no_diagnosis(
    week: str, variant: Variant
) -> None:
    for seed in SEEDS:
        found = judged(week, variant.exercise, variant.source, seed)
        assert found.result.score == found.result.marks, [
            check for check in found.result.checks if not check.passed
        ]
        assert find_mistake(found.trace, [(Mistake(variant.exercise, "any", "S.", ""), found.trace)]) is None


@pytest.mark.parametrize(("week", "mistake"), MISTAKES, ids=named)
def test_typical_mistakes_lose_marks_but_break_no_check(week: str, mistake: Mistake) -> None:
    for seed in SEEDS:
        result = judged(week, mistake.exercise, mistake.source, seed).result
        assert result.score < result.marks
        assert not result.broken


@pytest.mark.parametrize(("week", "mistake"), MISTAKES, ids=named)
def test_a_mistake_costs_the_same_whatever_the_seed(week: str, mistake: Mistake) -> None:
    scores = {judged(week, mistake.exercise, mistake.source, seed).result.score for seed in range(6)}
    assert len(scores) == 1


@pytest.mark.parametrize(("week", "exercise"), EXERCISES)
def test_every_mistake_is_told_from_the_others_and_named(week: str, exercise: str) -> None:
    for seed in SEEDS:
        known = mistake_traces(week, exercise, CHECKS[week][exercise], course_names(), seed)
        table = [item for item in load_mistakes(week) if item.exercise == exercise]
        assert [mistake for mistake, _ in known] == table
        for mistake, trace in known:
            assert find_mistake(trace, known) is mistake


TRIVIAL: dict[str, Callable[..., Any]] = {
    "zero": lambda *_, **__: torch.tensor(0.0),
    "one": lambda *_, **__: 1.0,
    "ln 2": lambda *_, **__: 0.6931472,
    "first argument": lambda first, *_, **__: first,
    "second argument": lambda _, second, *__, **___: second,
    "size of the first argument": lambda first, *_, **__: len(first),
    "mean of the first argument": lambda first, *_, **__: torch.as_tensor(first, dtype=torch.float32).mean(),
    "number of scores per row": lambda first, *_, **__: np.log(first.shape[-1]),
    "healthy": lambda *_, **__: "healthy",
    "overfitting": lambda *_, **__: "overfitting",
    "everything first": lambda first, *_, **__: (np.arange(len(first)), np.arange(0), np.arange(0)),
    "nothing": lambda *_, **__: None,
}


@pytest.mark.parametrize("trick", TRIVIAL)
@pytest.mark.parametrize(("week", "exercise"), FUNCTIONS)
def test_code_without_an_idea_earns_nothing(week: str, exercise: str, trick: str) -> None:
    result = judged_value(week, exercise, TRIVIAL[trick]).result
    assert result.score == 0
    assert not result.broken


# what the checks survive
def raising(error: BaseException) -> Callable[..., Any]:
    def function(*args: Any, **kwargs: Any) -> Any:
        raise error

    return function


class Homemade(Exception):
    """An error class of a student's own."""


ERRORS = (
    ValueError("v"), TypeError(), KeyError("k"), ZeroDivisionError(), AssertionError("a"),
    NotImplementedError(), StopIteration(), RecursionError(), MemoryError(), SystemExit(0),
    Homemade("own"), UnicodeError("\ud800"), Exception(), NameError("x" * 10_000),
)  # fmt: skip

TENSORS = (
    torch.zeros(3, 1), torch.tensor([]), torch.tensor(True), torch.tensor([1j]), torch.eye(2).to_sparse(),
    torch.full((2, 2), torch.nan), torch.ones(4, dtype=torch.int8), torch.tensor(0.5, requires_grad=True),
)  # fmt: skip
ARRAYS = (np.zeros((2, 2)), np.array(None), np.array(["a"]), np.array([1j]), np.arange(3), np.zeros(0))
ODD = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.binary(), st.complex_numbers(),
    st.just([]), st.just({}), st.just(()), st.builds(object), st.just(10**4000), st.just(np.float32(1)),
    st.sampled_from(TENSORS), st.sampled_from(ARRAYS),
)  # fmt: skip
NESTED = st.recursive(
    ODD, lambda inner: st.lists(inner, max_size=4) | st.tuples(inner, inner, inner), max_leaves=6
)


@pytest.mark.parametrize(("week", "exercise"), EXERCISES)
@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_no_error_of_a_student_breaks_a_check(week: str, exercise: str, error: BaseException) -> None:
    result = judged_value(week, exercise, raising(error)).result
    assert result.score == 0
    assert not result.broken


@pytest.mark.parametrize(("week", "exercise"), EXERCISES)
@settings(max_examples=25, deadline=None, derandomize=True)
@given(value=NESTED)
def test_no_value_of_a_student_breaks_a_check(week: str, exercise: str, value: Any) -> None:
    right = exercise.startswith("gq") and isinstance(value, str)
    for answer in (value, lambda *_, **__: value):
        result = judged_value(week, exercise, answer).result
        assert not result.broken
        assert result.score == 0 or right


@pytest.mark.parametrize(("week", "exercise"), EXERCISES)
def test_the_same_seed_asks_the_same_questions(week: str, exercise: str) -> None:
    source = next(item.source for item in load_variants(week) if item.exercise == exercise)
    first, again = (judged(week, exercise, source, seed=3).trace for _ in range(2))
    assert same_trace(first, again)
