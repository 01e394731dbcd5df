"""Say for many stored curves at once where early stopping ends them, and make noisy curves to try it on.

Here all curves are known to their end, so the rule can look ahead; in a training it cannot.
"""

from __future__ import annotations

import numpy as np

MINIMUM = 30  # the epoch of the lowest true loss, counted from 1


def stop_and_best(losses: np.ndarray, patience: int, min_delta: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Return the last epoch that is trained and the best epoch by then, each (runs,), counted from 0.

    losses: (runs, epochs), lower is better. From the best epoch so far each curve jumps to the first of the
    next `patience` epochs that is lower by more than min_delta; where there is none, it stops after these.
    A curve that never stops ends with its last epoch. Without any finite loss the best epoch is −1.
    """
    runs, epochs = losses.shape
    ahead = np.arange(1, patience + 1)
    start, end = np.full((runs, 1), np.inf), np.full((runs, patience), np.nan)  # nan is never lower
    curves = np.hstack([start, losses, end])
    best, jumps = np.zeros(runs, dtype=int), np.ones(runs, dtype=bool)
    while jumps.any():
        here = np.take_along_axis(curves, best[:, None], axis=1)
        lower = np.take_along_axis(curves, best[:, None] + ahead, axis=1) < here - min_delta
        jumps = lower.any(axis=1)
        best = np.where(jumps, best + 1 + lower.argmax(axis=1), best)
    return np.minimum(best + patience, epochs) - 1, best - 1


def true_curve(epochs: int = 200) -> np.ndarray:
    """Return a loss without noise, (epochs,): it falls ever more slowly, and from MINIMUM on it rises."""
    epoch = np.arange(1, epochs + 1)
    return 1 / (1 + 0.08 * epoch) + 0.01 * np.maximum(epoch - MINIMUM, 0)


def noisy_curves(n: int, noise: float, seed: int, epochs: int = 200) -> np.ndarray:
    """Return n times the true curve, each with other normal noise of this standard deviation, (n, epochs)."""
    return true_curve(epochs) + noise * np.random.default_rng(seed).standard_normal((n, epochs))
