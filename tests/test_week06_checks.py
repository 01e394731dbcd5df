"""Week 6: what the sweep's check lets through, and what it and Q1 say to slips. The laws try all else."""

from __future__ import annotations

import itertools
import math
import sys
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from conftest import ROOT
from weeks import checks_of

from autograder.build.hints import visible_module
from autograder.checks.known import course_names, judge_source

WEEK, SWEEP = "week06_weight_decay", "weight_decay_results"
sys.path.insert(0, str(ROOT / "course" / WEEK))

from decay_runs import stored  # noqa: E402 - the lesson's folder must be on the path first

LAMBDAS = (0, 1e-4, 1e-3, 1e-2, 1e-1)
# Means of three seeds each, measured with one setting that is not the task's.
OTHERS = {
    "test rows": (0.840522, 0.841859, 0.846874, 0.873287, 0.090271),
    "100 epochs": (0.824667, 0.822667, 0.837333, 0.890667, 0.082),
    "30 epochs": (0.901333, 0.903333, 0.902667, 0.892, 0.085333),
    "batches of 16": (0.849333, 0.848667, 0.86, 0.890667, 0.082),
    "rate 2e-3": (0.836, 0.828, 0.850667, 0.888667, 0.082),
    "rate 3e-4": (0.897333, 0.898, 0.898, 0.886667, 0.082667),
    "mean over the epochs": (0.8438, 0.844756, 0.844611, 0.828733, 0.084511),
}


@pytest.fixture(scope="module")
def visible() -> Iterator[Any]:
    with visible_module(ROOT / "course" / WEEK / "visible.py") as module:
        yield module


def score_of(means: Sequence[float]) -> float:
    source = f"{SWEEP} = {dict(zip(LAMBDAS, means, strict=True))}"
    checks = checks_of(WEEK).checks[SWEEP]
    return judge_source(source, SWEEP, checks, course_names(), seed=5).result.score


def test_the_mean_of_any_three_stored_seeds_is_let_through(visible: Any) -> None:
    ends = stored("adam ends")
    runs = [ends[lam]["val_accuracy"] for lam in LAMBDAS]
    levels = {seeds: sum(run[list(seeds)].mean() for run in runs[:3]) for seeds in threes(len(runs[0]))}
    for seeds in (min(levels, key=levels.__getitem__), max(levels, key=levels.__getitem__), (0, 1, 2)):
        means = [float(run[list(seeds)].mean()) for run in runs]
        visible.check_weight_decay_results.__wrapped__(dict(zip(LAMBDAS, means, strict=True)))
        assert score_of(means) == 1


def threes(count: int) -> list[tuple[int, ...]]:
    """Return all choices of three seeds."""
    return list(itertools.combinations(range(count), 3))


@pytest.mark.parametrize("name", OTHERS)
def test_another_setting_costs_marks_in_the_sweep(
    name: str, visible: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    visible.check_weight_decay_results(dict(zip(LAMBDAS, OTHERS[name], strict=True)))
    assert "Not yet" in capsys.readouterr().out
    assert score_of(OTHERS[name]) == 0.75


@pytest.mark.parametrize(
    ("half_life", "said"),
    [
        (lambda lr, lam: math.log(0.5) / math.log(1 - lr * lam), "✓ q1"),
        (lambda lr, lam: math.log(1 - lr * lam) / math.log(0.5), "upside down"),
        (lambda lr, lam: 0.5 / (lr * lam), "needs a logarithm"),
        (lambda lr, lam: math.log(0.5) / math.log(1 - lam), "is lr missing"),
        (lambda lr, lam: math.ceil(math.log(0.5) / math.log(1 - lr * lam)), "do not round"),
        (lambda lr, lam: float("inf"), "inf came out"),
    ],
)
def test_question_1_names_slips(
    visible: Any, capsys: pytest.CaptureFixture[str], half_life: Any, said: str
) -> None:
    visible.check_q1(half_life)
    assert said in capsys.readouterr().out
