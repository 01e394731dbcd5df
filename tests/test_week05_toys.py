"""Week 5: what its text says about valleys, single weights and exact steps is what the toys measure."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import numpy as np
import pytest

LESSON = Path(__file__).parents[1] / "course" / "week05_optimizers"
sys.path.insert(0, str(LESSON))

import optimizer_experiments_toys as toys  # noqa: E402 - the lesson's folder must be on the path first

pytestmark = pytest.mark.trains

STEPS = [  # momentum, and the steps that the valleys κ = 10, 100, 1000 need with the best rate
    (0.0, [27, 278, 2798]),
    (0.5, [15, 80, 863]),
    (0.9, [97, 120, 158]),
]


@pytest.mark.parametrize(("momentum", "said"), STEPS)
def test_momentum_pays_in_long_narrow_valleys_only(momentum: float, said: list[int]) -> None:
    assert toys.fewest_steps(momentum, toys.TRIED[momentum]) == said
    if momentum == 0.9:
        assert toys.fewest_steps(momentum, 1500) == said  # nothing rises again later


def test_momentum_rolls_past_the_minimum_and_is_a_larger_rate() -> None:
    assert min(toys.swing(0.9)) == pytest.approx(-0.60, abs=0.005)
    assert min(toys.swing(0.5)) > -0.001
    steps = toys.steps_in_rates(toys.KINDS["momentum 0.9"], [1.0] * 200)
    assert [round(-0.01 * step, 4) for step in steps[:3]] == [0.01, 0.019, 0.0271]
    assert -steps[-1] == pytest.approx(10)


def test_adam_forgets_the_size_of_gradients_but_may_step_further_than_its_rate() -> None:
    for gradient in (0.001, 1.0, 1000.0):
        assert toys.steps_in_rates(toys.Adam, [gradient] * 3) == pytest.approx([-1.0] * 3, abs=1e-4)
        assert toys.steps_in_rates(toys.RMSprop, [gradient])[0] == pytest.approx(-10, rel=1e-3)
    loud = toys.steps_in_rates(toys.Adam, [0.001] * 2000 + [1.0] * 3)[-3:]
    assert [round(step, 1) for step in loud] == [-3.0, -4.0, -4.6]
    turned = toys.steps_in_rates(toys.Adam, [1.0] * 2000 + [-1.0] * 8)[-8:]
    assert [step < 0 for step in turned] == [True] * 6 + [False] * 2
    assert toys.steps_in_rates(toys.KINDS["AdaGrad"], [1.0] * 100)[-1] == pytest.approx(-0.1)


def test_rates_are_units_of_length() -> None:
    for kind in toys.KINDS.values():
        alone = toys.nn.Parameter(toys.torch.tensor([5.0, 2.0], dtype=toys.torch.float64))
        optimizer = kind([alone], lr=0.05)
        _, gradient = toys.valley(10.0)
        for _ in range(20):
            alone.grad = gradient(alone.detach())
            optimizer.step()
        start = alone.detach().new_tensor(toys.START)
        *_, together = toys.walk(kind, gradient, start, 0.05 * start.new_ones(2), 20)
        np.testing.assert_allclose(together, alone.detach(), rtol=1e-6)


def test_turning_the_valley_changes_only_those_with_a_rate_for_each_weight() -> None:
    for kappa in (10.0, 100.0):
        straight, turned = toys.race(kappa, turned=False), toys.race(kappa, turned=True)
        for name in ("SGD", "momentum 0.9"):
            assert turned[name][0] == pytest.approx(straight[name][0], rel=1e-6)
        for name in ("AdaGrad", "RMSprop"):
            assert turned[name][0] > 1e49 * straight[name][0]
        assert 0.1 < turned["Adam"][0] / straight["Adam"][0] < 10
    mild, narrow = toys.race(10.0, turned=False), toys.race(100.0, turned=False)
    assert mild["SGD"][0] < mild["Adam"][0]
    assert narrow["Adam"][0] < narrow["SGD"][0]


def test_without_its_momentum_adam_too_is_perfect_along_the_axes_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(toys, "KINDS", {"Adam": partial(toys.Adam, betas=(0.0, 0.999))})
    straight, turned = (toys.race.__wrapped__(10.0, way)["Adam"][0] for way in (False, True))
    assert turned > 1e15 * straight
