"""Week 3: its runs show what the lesson claims, its goals can be reached, and its words fit its pictures."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from utils import compare

LESSON = Path(__file__).parents[1] / "course" / "week03_losses"
sys.path.insert(0, str(LESSON))

import bus_rides  # noqa: E402 - the lesson's folder must be on the path first
import loss_pictures  # noqa: E402
import loss_widgets  # noqa: E402

TEXT = (LESSON / "week03_losses.md").read_text(encoding="utf-8")
PICTURES = [loss_pictures.bullseye_picture, loss_pictures.error_cost_picture]
CRITERIA = {"MSE": torch.nn.MSELoss(), "MAE": torch.nn.L1Loss(), "Huber": torch.nn.HuberLoss()}
GOALS: list[tuple[Callable[[], Any], list[dict[str, Any]]]] = [
    (loss_widgets.outlier_explorer, [{"minutes": 60}, {"delta": 1.0}]),
    (loss_widgets.surface_explorer, [{"loss": "MAE"}, {"w": 1.9}, {"b": 1.0}]),
    (loss_widgets.bce_explorer, [{"truth": 0}, {"probability": 0.96}]),
]


@pytest.mark.parametrize(("make", "moves"), GOALS)
def test_each_goal_is_reached_by_the_last_move_and_not_before(
    make: Callable[[], Any], moves: list[dict[str, Any]]
) -> None:
    widget = make()
    for move in moves:
        assert widget.goal.reached_in is None
        for name, value in move.items():
            widget.controls[name].value = value
    assert widget.goal.reached_in is not None


@pytest.mark.parametrize("minutes", [0, 17, 30, 60])
def test_the_pull_grows_with_the_error_under_mse_alone(minutes: float) -> None:
    pulls = loss_widgets.outlier_pulls(minutes, delta=5.0)
    error = abs(minutes - 8 * loss_widgets.SLOPE_OF_OTHERS - loss_widgets.START_OF_OTHERS)
    assert pulls == {"MSE": pytest.approx(2 * error), "MAE": 1.0, "Huber": pytest.approx(min(error, 5.0))}


def test_huber_with_delta_10_is_nearer_to_mae_at_60_minutes_and_is_mse_at_25() -> None:
    (mse, _), (mae, _), (huber, _) = loss_widgets.outlier_slopes(60, 10.0).values()
    assert abs(huber - mae) < abs(huber - mse)
    (mse, _), _, (huber, _) = loss_widgets.outlier_slopes(25, 10.0).values()
    assert huber == pytest.approx(mse, abs=1e-3)


@pytest.mark.parametrize("name", loss_widgets.LOSS_NAMES)
def test_no_line_nearby_is_better_than_the_best_line(name: str) -> None:
    x, y = loss_widgets.OUTLIER_X, loss_widgets.OUTLIER_Y.copy()
    y[loss_widgets.MOVED] = 45
    slope, intercept = loss_widgets.best_line(name, x, y)
    best = loss_widgets.cost(name, y - slope * x - intercept).mean()
    for step in ((0.01, 0), (-0.01, 0), (0, 0.05), (0, -0.05)):
        other = loss_widgets.cost(name, y - (slope + step[0]) * x - intercept - step[1]).mean()
        assert best <= other + 1e-9


@pytest.mark.parametrize(("name", "criterion"), CRITERIA.items())
def test_costs_and_pulls_are_those_of_pytorch(name: str, criterion: torch.nn.Module) -> None:
    errors = torch.linspace(-3, 3, 12, dtype=torch.float64, requires_grad=True)
    want = criterion(errors, torch.zeros_like(errors))
    (slopes,) = torch.autograd.grad(12 * want, errors)
    plain = errors.detach().numpy()
    assert loss_widgets.cost(name, plain).mean() == pytest.approx(want.item())
    assert loss_widgets.pull(name, plain) == pytest.approx(slopes.numpy())


@pytest.mark.parametrize("name", loss_widgets.LOSS_NAMES)
def test_a_step_downhill_lowers_the_loss(name: str) -> None:
    w, b = 0.0, -1.0
    slope_w, slope_b = loss_widgets.uphill(name, w, b)
    before = loss_widgets.line_loss(name, w, b)
    assert loss_widgets.line_loss(name, w - 0.01 * slope_w, b - 0.01 * slope_b) < before
    assert "larger w" in loss_widgets.downhill(name, w, b)


@pytest.mark.parametrize("draw", PICTURES)
def test_a_still_picture_tells_its_numbers(draw: Callable[[], tuple[Any, str]]) -> None:
    _, alt = draw()
    assert len(re.findall(r"\d", alt)) > 5


# ---------------------------------------------------------------- what the lesson claims


def train_lines() -> Callable[..., Any]:
    """Return the function that the lesson shows."""
    source = re.search(r"^def train_lines.*?(?=^\S*stops, minutes)", TEXT, re.MULTILINE | re.DOTALL)
    assert source
    names: dict[str, Any] = {"torch": torch}
    exec(source[0], names)
    return names["train_lines"]  # type: ignore[no-any-return]


@pytest.mark.trains
def test_eight_runs_cannot_tell_and_sixty_can() -> None:
    train, rides = train_lines(), bus_rides.rides(wild=0, seeds=range(60))
    mse, mae = (train(CRITERIA[name], *rides) for name in ("MSE", "MAE"))
    few, many = compare(mae[:8], mse[:8]), compare(mae, mse)
    assert not few.is_clear
    assert many.is_clear
    assert many.difference < 0
    assert "boxes overlap" in TEXT
    assert mae.std() > abs(many.difference)
    assert f"{-many.difference:.3f} ± {many.standard_error:.3f}, in {many.wins} of 60 pairs" in TEXT


@pytest.mark.trains
def test_the_broken_lines_are_those_that_make_the_curves() -> None:
    source = re.search(r"```python\n(x = .*?)```", TEXT, re.DOTALL)
    assert source
    (stops,), (minutes,) = bus_rides.rides(0, range(1))
    torch.manual_seed(0)
    names: dict[str, Any] = {"torch": torch, "nn": torch.nn, "stops": stops, "minutes": minutes}
    exec(source[1], names)
    losses, slopes = bus_rides.broken_runs(mended=False, seeds=range(1))
    assert names["loss"].item() == losses[0, -1].item()
    assert names["line"].weight.item() == slopes.item()


@pytest.mark.trains
def test_the_broken_training_ends_at_the_mean_and_the_mended_one_at_the_slope() -> None:
    _, broken = bus_rides.broken_runs(mended=False)
    _, mended = bus_rides.broken_runs(mended=True)
    assert np.abs(broken).max() < 0.3
    assert np.abs(mended - 2).max() < 0.1
