"""Replay grid, random and quasi-random search on the pool: nothing is trained, every point looks it up.

A point of the unit square stands for a rate and a decay, both on log scales. It takes the accuracies of the
setting in the pool that is nearest to it there.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from scipy.spatial import cKDTree
from scipy.stats import loguniform, qmc
from tuning_runs_pool import DECAYS, RATES, pool

KINDS = ("grid", "random", "quasi-random")
COUNTS, REPETITIONS = (9, 16, 25), 400


def grid_points(n: int, rng: np.random.Generator) -> np.ndarray:
    """Return a square grid of n points in the unit square, (n, 2), moved as a whole by a random amount."""
    side = round(n**0.5)
    steps = (np.arange(side)[:, None] + rng.uniform(size=2)) / side  # (side, 2): one column for each axis
    return np.stack(np.meshgrid(*steps.T, indexing="ij"), axis=-1).reshape(-1, 2)


def random_points(n: int, rng: np.random.Generator) -> np.ndarray:
    """Return n points drawn uniformly from the unit square, (n, 2)."""
    return rng.uniform(size=(n, 2))


def quasi_random_points(n: int, rng: np.random.Generator) -> np.ndarray:
    """Return n points of Halton's sequence, (n, 2), moved by a random amount: what leaves comes in again."""
    return np.asarray((_halton(n) + rng.uniform(size=2)) % 1)


@lru_cache
def _halton(n: int) -> np.ndarray:
    return np.asarray(qmc.Halton(2, scramble=False).random(n))


DRAW: dict[str, Callable[[int, np.random.Generator], np.ndarray]] = dict(
    zip(KINDS, (grid_points, random_points, quasi_random_points), strict=True)
)


def as_points(rates: np.ndarray, decays: np.ndarray) -> np.ndarray:
    """Return where settings lie in the unit square, (n, 2)."""
    return np.stack([loguniform(*RATES).cdf(rates), loguniform(*DECAYS).cdf(decays)], axis=1)


def as_setting(point: np.ndarray) -> tuple[float, float]:
    """Return the rate and the decay of a point of the unit square."""
    return float(loguniform(*RATES).ppf(point[0])), float(loguniform(*DECAYS).ppf(point[1]))


@lru_cache
def _tree() -> cKDTree:
    return cKDTree(as_points(pool().lr, pool().weight_decay))


def nearest(points: np.ndarray) -> np.ndarray:
    """Return the number of the pool's setting that is nearest to each point, (n,)."""
    return np.asarray(_tree().query(points)[1])


def compare_designs(repetitions: int = REPETITIONS) -> dict[tuple[str, int], dict[str, np.ndarray]]:
    """Return by (kind, points): the best validation accuracy of each repetition, and how many rates it tried.

    Keys "best" and "rates", both (repetitions,).
    """
    found = {}
    for kind in KINDS:
        for n in COUNTS:
            rng = np.random.default_rng([KINDS.index(kind), n])
            drawn = [DRAW[kind](n, rng) for _ in range(repetitions)]
            best = [pool().validation[nearest(points)].max() for points in drawn]
            rates = [len(np.unique(points[:, 0].round(9))) for points in drawn]
            found[kind, n] = {"best": np.array(best), "rates": np.array(rates)}
    return found


def hit_shares(kind: str, n: int, width: float, repetitions: int = 100_000, seed: int = 0) -> float:
    """Return how often n points try a region that is a share `width` of the first axis."""
    draw = np.random.default_rng([seed, n]).uniform
    left = draw(0, 1 - width, size=(repetitions, 1))
    if kind == "random":
        x = draw(size=(repetitions, n))
    else:
        side = round(n**0.5)
        x = (np.arange(side) + draw(size=(repetitions, 1))) / side
    return float(((x >= left) & (x < left + width)).any(axis=1).mean())
