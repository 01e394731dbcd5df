"""Laws of the hidden checks, for every exercise of every week, beside what `autograder verify` proves."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from weeks import COURSE, WEEKS, assignment_of, checks_of, exercises

from autograder.build.syllabus import syllabus_marks
from autograder.checks.diagnose import same_trace
from autograder.course import short_name
from autograder.verify.exercise import Exercise

EXERCISES = exercises()


def named(exercise: Exercise) -> str:
    return f"{short_name(exercise.week)}-{exercise.name}"


@pytest.mark.parametrize("week", WEEKS)
def test_the_marks_of_the_checks_are_those_of_the_syllabus(week: str) -> None:
    by_hand = sum(cell.marks for cell in assignment_of(week).graded if cell.manual)
    checks = [check for found in checks_of(week).checks.values() for check in found]
    assert sum(check.marks for check in checks) + by_hand == syllabus_marks(COURSE)[short_name(week)]


@pytest.mark.parametrize("exercise", EXERCISES, ids=named)
def test_the_same_seed_asks_the_same_questions(exercise: Exercise) -> None:
    first, again = (exercise.judge(exercise.mistakes[0].source, seed=3).trace for _ in range(2))
    assert first
    assert same_trace(first, again)


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


@pytest.mark.parametrize("exercise", EXERCISES, ids=named)
@settings(max_examples=25, deadline=None, derandomize=True)
@given(value=NESTED)
def test_no_value_of_a_student_breaks_a_check(exercise: Exercise, value: Any) -> None:
    right = exercise.is_question and isinstance(value, str)
    for answer in (value, lambda *_, **__: value):
        result = exercise.judge_value(answer).result
        assert not result.broken
        assert result.score == 0 or right
