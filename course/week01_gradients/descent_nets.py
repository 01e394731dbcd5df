"""Train many tiny networks side by side: one row of every weight tensor is one network.

The runs of a batch differ in their initial weights alone. Everything is full-batch: each step sees all rows,
so nothing but the start is left to chance.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np
import torch
import torch.nn.functional as F
from course_data import one_thread
from torch import Tensor, nn

from utils import two_moons

SEEDS = 10
RATE = 0.5
LEFT = 0.6  # a run has left the first plateau when its loss is below; knowing nothing costs ln 2 = 0.693
FACTORS = {
    1.0: 1500,
    0.1: 5000,
    0.01: 1500,
}  # how many steps are taken from the usual start times each factor
Activation = Callable[[Tensor], Tensor]


def usual_start(dims: Sequence[int], seeds: int) -> list[Tensor]:
    """Return weights (seeds, in, out) and biases (seeds, 1, out) per layer, as `nn.Linear` draws them."""
    drawn = []
    with torch.random.fork_rng():
        for seed in range(seeds):
            torch.manual_seed(seed)
            layers = [nn.Linear(n_in, n_out) for n_in, n_out in pairwise(dims)]
            drawn.append([part for layer in layers for part in (layer.weight.T, layer.bias[None])])
    return [torch.stack(parts).detach() for parts in zip(*drawn, strict=True)]


def logits_of(weights: Sequence[Tensor], points: Tensor, activation: Activation) -> Tensor:
    """Return the outputs of every network for the same points (n, 2), shape (runs, n, classes)."""
    signal = points.expand(len(weights[0]), *points.shape)
    for layer in range(0, len(weights), 2):
        signal = torch.baddbmm(weights[layer + 1], signal, weights[layer])
        if layer < len(weights) - 2:
            signal = activation(signal)
    return signal


def losses_of(logits: Tensor, labels: Tensor) -> Tensor:
    """Return the mean cross-entropy of every network with two classes, shape (runs,).

    For two classes it is softplus of how far the wrong logit lies above the right one: the same, but faster.
    """
    return F.softplus((logits[..., 1] - logits[..., 0]) * (1 - 2 * labels)).mean(1)


@one_thread()
def follow(
    weights: Sequence[Tensor],
    steps: int,
    activation: Activation = torch.relu,
    optimizer_class: type[torch.optim.Optimizer] = torch.optim.SGD,
    rate: float = RATE,
) -> tuple[np.ndarray, np.ndarray, list[Tensor]]:
    """Train on 100 rows of two moons; return losses (steps + 1, runs), gradient norms and the last weights.

    The norms are those of every hundredth step, shape (steps // 100 + 1, runs).
    """
    points, labels = two_moons(100, noise=0.1, seed=0)
    weights = [weight.clone().requires_grad_() for weight in weights]
    optimizer = optimizer_class(weights, lr=rate, fused=True)
    kept, norms = [], []
    for step in range(steps + 1):
        optimizer.zero_grad()
        losses = losses_of(logits_of(weights, points, activation), labels)
        losses.sum().backward()
        kept.append(losses.detach())
        if step % 100 == 0:
            norms.append(_gradient_norms(weights))
        if step < steps:
            optimizer.step()
    return torch.stack(kept).numpy(), torch.stack(norms).numpy(), [weight.detach() for weight in weights]


def _gradient_norms(weights: Sequence[Tensor]) -> Tensor:
    """Return the length of each run's whole gradient, shape (runs,)."""
    squares = [weight.grad.flatten(1).square().sum(1) for weight in weights if weight.grad is not None]
    return torch.stack(squares).sum(0).sqrt()


@lru_cache(maxsize=1)
def small_starts() -> dict[float, tuple[np.ndarray, np.ndarray]]:
    """Train nets 2-8-8-2 (tanh) from the usual start times each of FACTORS.

    Return, by factor, losses (steps + 1, SEEDS) and the gradient norms of every hundredth step.
    """
    start = usual_start((2, 8, 8, 2), SEEDS)
    runs = {}
    for factor, steps in FACTORS.items():
        losses, norms, _ = follow([factor * weight for weight in start], steps, torch.tanh)
        runs[factor] = losses, norms
    return runs


def steps_on_plateau(losses: np.ndarray, left: float = LEFT) -> np.ndarray:
    """Return, for losses (steps + 1, runs), the first step of each run below `left`; -1 if there is none."""
    below = losses < left
    return np.where(below.any(0), below.argmax(0), -1)


@lru_cache(maxsize=1)
def equal_starts(steps: int = 1000) -> dict[str, tuple[float, float, float]]:
    """Train nets 2-8-2 (relu) from all zeros, from all 0.5, and from a usual start (seed 0).

    Return, by start, the last loss, the last gradient norm, and the largest difference between hidden units.
    """
    usual = usual_start((2, 8, 2), 1)
    starts = {
        "all weights 0": [torch.zeros_like(weight) for weight in usual],
        "all weights 0.5": [torch.full_like(weight, 0.5) for weight in usual],
        "drawn at random": usual,
    }
    together = [torch.cat(parts) for parts in zip(*starts.values(), strict=True)]
    losses, norms, weights = follow(together, steps)
    apart = (weights[0] - weights[0][:, :, :1]).abs().amax((1, 2))
    return {
        name: (float(losses[-1, i]), float(norms[-1, i]), float(apart[i])) for i, name in enumerate(starts)
    }


@lru_cache(maxsize=1)
def ends_by_width(widths: tuple[int, ...] = (2, 4, 8, 32), steps: int = 1000) -> dict[int, np.ndarray]:
    """Train nets 2-width-2 (relu) with Adam 0.02; return the sorted last losses of SEEDS starts, by width.

    All widths train in one batch: narrower nets are filled up with units whose weights are 0. Those get no
    gradient, and so take no part.
    """
    rows = []
    for width in widths:
        first, bias, second, last = usual_start((2, width, 2), SEEDS)
        missing = max(widths) - width
        padded = F.pad(first, (0, missing)), F.pad(bias, (0, missing)), F.pad(second, (0, 0, 0, missing))
        rows.append((*padded, last))
    together = [torch.cat(parts) for parts in zip(*rows, strict=True)]
    losses, _, _ = follow(together, steps, torch.relu, torch.optim.Adam, 0.02)
    return {
        width: np.sort(ends) for width, ends in zip(widths, np.split(losses[-1], len(widths)), strict=True)
    }
