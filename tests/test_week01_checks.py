"""Week 1: what a ready-made answer costs, and what the ungraded questions say. The laws try all else."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.optimize import approx_fprime

from autograder.build.hints import visible_module
from autograder.checks.known import course_names, judge_source
from autograder.checks.week import load_checks
from autograder.course import Course
from autograder.spec import load_assignment

ROOT = Path(__file__).parents[1]
WEEK = "week01_gradients"
sys.path.insert(0, str(ROOT / "course" / WEEK))

import visible_trying  # noqa: E402 - the lesson's folder must be on the path first


@pytest.fixture(scope="module")
def known() -> Any:
    return load_checks(load_assignment(Course(ROOT), WEEK))


@pytest.fixture(scope="module")
def visible() -> Any:
    with visible_module(ROOT / "course" / WEEK / "visible.py") as module:
        yield module


@pytest.mark.parametrize(
    ("exercise", "mistake"), [("numerical_gradient", "ready_made"), ("mlp_backward", "autograd")]
)
def test_a_ready_made_answer_costs_half_of_the_marks(known: Any, exercise: str, mistake: str) -> None:
    source = next(item.source for item in known.mistakes_of(exercise) if item.name == mistake)
    assert judge_source(source, exercise, known.checks[exercise], course_names(), seed=5).result.score == 1.5


def test_a_library_is_seen_that_asks_f() -> None:
    own, ready = (visible_trying.Watched(lambda p: float((p**2).sum())) for _ in range(2))
    approx_fprime(np.ones(2), ready)
    own(np.ones(2))
    assert (own.library, ready.library) == ("", "scipy")


@pytest.mark.parametrize(
    ("factor", "said"),
    [
        (lambda r, c: (1 - r * c, word_of(1 - r * c)), "✓ factor"),
        (lambda r, c: (1 - r * c, word_of(1 - r * c).upper()), "✓ factor"),
        (lambda r, c: 1 - r * c, "two things, a comma"),
        (lambda r, c: (1 + r * c, "creeps"), "1 − rate · curvature"),
        (lambda r, c: (1 - r * c, "diverges" if r * c >= 2 else "creeps"), "the word of factor(0.9, 2)"),
        (lambda r, c: ..., "three dots"),
    ],
)
def test_question_2_takes_both_words_at_0_and_names_what_is_wrong(
    visible: Any, capsys: pytest.CaptureFixture[str], factor: Any, said: str
) -> None:
    visible.check_q2(factor)
    assert said in capsys.readouterr().out


def word_of(number: float) -> str:
    """Return the word for a factor, "arrives" at 0."""
    if number == 0:
        return "arrives"
    if number > -1:
        return "creeps" if number > 0 else "zigzags"
    return "never settles" if number == -1 else "diverges"


@pytest.mark.parametrize(
    ("slope", "said"),
    [
        (lambda x: 2 * x + 3, "✓ slope"),
        (lambda x: (x + 0.01) ** 2 + 3 * (x + 0.01) - x**2 - 3 * x, "divided by 0.01"),
        (lambda x: ((x + 0.01) ** 2 + 3 * (x + 0.01) - x**2 - 3 * x) / 0.01, "a little off"),
        (lambda x: 2 * x, "x² changes by 2x"),
    ],
)
def test_question_1_knows_a_slope_that_was_tried(
    visible: Any, capsys: pytest.CaptureFixture[str], slope: Any, said: str
) -> None:
    visible.check_q1(slope)
    assert said in capsys.readouterr().out
