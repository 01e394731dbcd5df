"""Walk downhill on functions of one or two numbers: many starts and rates at once, without chance.

Steps are counted, never drawn: whoever runs this again gets the same numbers.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from descent_nets import one_thread
from torch import nn

from utils import digits_noisy, noisy_sine

Array = np.ndarray
NEAR = 0.01  # so near to the minimum counts as arrived
LOWEST = -1.5  # where x² + 3x has its minimum
BETTER, HILL, WORSE = np.sort(np.roots([4, 0, -6, 1]).real)  # the flat places of x⁴ − 3x² + x
RAVINE_START = (5.0, 2.0)


def double_valley(x: Any) -> Any:
    """Return x⁴ − 3x² + x: two valleys of different depth, and a hill between them."""
    return x**4 - 3 * x**2 + x


def steps_to_arrive(rates: Sequence[float], most: int = 1000) -> list[int | None]:
    """Return for each rate after how many steps x² + 3x, from x = 2, is NEAR its minimum; None for never."""
    alpha = np.array(rates, dtype=float)
    x, taken = np.full(alpha.shape, 2.0), np.full(alpha.shape, most + 1)
    for step in range(1, most + 1):
        x = x - alpha * (2 * x + 3)
        taken = np.where(np.abs(x - LOWEST) < NEAR, np.minimum(taken, step), taken)
    return [None if steps > most else int(steps) for steps in taken]


def ravine_walk(rate: float, steps: int) -> Array:
    """Return the places of a walk on x² + 10y² from (5, 2), shape (steps + 1, 2)."""
    by = 1 - rate * np.array([2.0, 20.0])  # each step multiplies x and y by these
    return np.array(RAVINE_START) * by ** np.arange(steps + 1)[:, None]


def saddle_steps(starts: Sequence[float], most: int = 5000) -> list[int | None]:
    """Return after how many steps of rate 0.1 y⁴/4 − y²/2 has brought each start within 0.05 of ±1.

    This is the y of x²/2 + y⁴/4 − y²/2, which has a saddle at (0, 0) and minima at y = 1 and y = −1.
    """
    y = np.array(starts, dtype=float)
    taken = np.full(y.shape, most + 1)
    for step in range(most + 1):
        taken = np.where(np.abs(np.abs(y) - 1) < 0.05, np.minimum(taken, step), taken)
        y = y - 0.1 * (y**3 - y)
    return [None if steps > most else int(steps) for steps in taken]


def valley_ends(starts: Array, rates: Sequence[float], steps: int = 2000) -> Array:
    """Return the places, shape (rates, starts), to which x⁴ − 3x² + x leads each start at each rate."""
    alpha, x = np.array(rates, dtype=float)[:, None], np.tile(starts, (len(rates), 1))
    for _ in range(steps):
        x = x - alpha * (4 * x**3 - 6 * x + 1)
    return x


def slope_errors(steps: Array, dtype: type = np.float64) -> tuple[Array, Array]:
    """Return the relative errors of the slope of eˣ at 1, found by trying: one-sided and two-sided."""
    one, eps, truth = dtype(1), steps.astype(dtype), float(np.e)
    ahead, here, back = np.exp(one + eps), np.exp(one), np.exp(one - eps)
    found = (ahead - here) / eps, (ahead - back) / (2 * eps)
    return tuple(np.abs(slope.astype(float) - truth) / truth for slope in found)  # type: ignore[return-value]


@one_thread()
def cost_of_trying(numerical_gradient: Callable[..., Any], repeats: int = 50) -> dict[str, float]:
    """Find the gradient of a net 64-32-10 (32 pictures of digits) by trying and by backpropagation.

    Return how many parameters there are, the ratio of the two times, and the largest difference.
    """
    net, pictures, labels = _digits_net()
    weights = list(net.parameters())

    def loss_at(numbers: Any) -> float:
        parts = torch.as_tensor(numbers).split([weight.numel() for weight in weights])
        w1, b1, w2, b2 = (part.view(weight.shape) for part, weight in zip(parts, weights, strict=True))
        hidden = F.relu(F.linear(pictures, w1, b1))
        return F.cross_entropy(F.linear(hidden, w2, b2), labels).item()

    start = nn.utils.parameters_to_vector(weights).detach().numpy().copy()
    began = time.perf_counter()
    tried = np.asarray(numerical_gradient(loss_at, start))
    by_trying = time.perf_counter() - began
    durations = []
    for _ in range(repeats):
        began = time.perf_counter()
        gradients = torch.autograd.grad(F.cross_entropy(net(pictures), labels), weights)
        durations.append(time.perf_counter() - began)
    exact = torch.cat([gradient.flatten() for gradient in gradients]).numpy()
    ratio = by_trying / float(np.median(durations))
    return {"parameters": len(start), "ratio": ratio, "difference": float(np.abs(tried - exact).max())}


def _digits_net() -> tuple[nn.Sequential, torch.Tensor, torch.Tensor]:
    """Return a fresh net 64-32-10 in float64, 32 pictures (32, 64) and their labels (32,)."""
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10)).double()
    pictures, labels = digits_noisy(noise=0.0)[0][:32]
    return net, pictures.double(), labels


def polynomial_losses(degrees: Sequence[int], seeds: int = 5) -> tuple[Array, Array]:
    """Fit polynomials to 12 noisy points of a sine; return training and fresh MSE, both (degrees, seeds).

    Least squares *is* the global minimum of the training loss. The 200 fresh points lie in the same range.
    """
    train, fresh = np.empty((2, len(degrees), seeds))
    for seed in range(seeds):
        x, y = (part.numpy().ravel().astype(float) for part in noisy_sine(12, seed=seed))
        x_new, y_new = (part.numpy().ravel().astype(float) for part in noisy_sine(200, seed=seed + 100))
        inside = (x_new >= x.min()) & (x_new <= x.max())
        for i, degree in enumerate(degrees):
            fit = np.polynomial.Polynomial.fit(x, y, degree)
            train[i, seed] = ((fit(x) - y) ** 2).mean()
            fresh[i, seed] = ((fit(x_new[inside]) - y_new[inside]) ** 2).mean()
    return train, fresh
