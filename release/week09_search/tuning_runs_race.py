"""Let random search, TPE and halving race on the pool's stored curves, with the same number of epochs.

Nothing is trained. A setting that is cut goes on from where it stopped if it is kept, as under a pruner, so
that its first epochs are paid once.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import optuna
from scipy.spatial import cKDTree
from search_trials import quiet
from tuning_runs_designs import as_points
from tuning_runs_pool import DROPOUTS, EPOCHS, RUNS, pool
from tuning_runs_tpe import SAMPLERS, suggest

REPETITIONS = 200  # of random search and halving
TPE_STUDIES, TPE_TRIALS = range(40), 50
BUDGETS = tuple(range(100, 1001, 100))  # epochs
FACTORS, FIRST_CUTS = (2, 3), (1, 2, 3, 5, 7, 10)


@lru_cache
def orders() -> np.ndarray:
    """Return the pool's settings in random orders, one for each repetition, (200, 500)."""
    return np.array([np.random.default_rng(seed).permutation(RUNS) for seed in range(REPETITIONS)])


def random_picks(budget: int) -> np.ndarray:
    """Return the setting that each random search picks with so many epochs, (200,)."""
    tried = orders()[:, : budget // EPOCHS]
    return _leaders(tried, EPOCHS)[:, 0]


def rungs(first_cut: int, factor: int) -> list[int]:
    """Return after how many epochs settings are compared: 2, 6, 18 and, at the end, 20."""
    marks = [first_cut]
    while marks[-1] * factor < EPOCHS:
        marks.append(marks[-1] * factor)
    return [*marks, EPOCHS]


def survivors(n: int, first_cut: int, factor: int) -> list[int]:
    """Return how many of n settings are trained up to each rung."""
    cuts = np.arange(len(rungs(first_cut, factor)))
    return [int(count) for count in np.clip(n / factor**cuts, 1, None)]


def epochs_paid(n: int, first_cut: int, factor: int) -> int:
    """Return how many epochs halving needs if it begins with n settings."""
    steps = np.diff([0, *rungs(first_cut, factor)])
    return int(np.dot(survivors(n, first_cut, factor), steps))


def entrants(budget: int, first_cut: int, factor: int) -> int:
    """Return with how many settings halving can begin."""
    paid = [epochs_paid(n, first_cut, factor) for n in range(1, RUNS + 1)]
    return int(np.searchsorted(paid, budget, side="right"))


@lru_cache(maxsize=256)
def halving_picks(budget: int, first_cut: int, factor: int) -> np.ndarray:
    """Return the setting that each halving picks with so many epochs, (200,)."""
    counts = survivors(entrants(budget, first_cut, factor), first_cut, factor)
    left = orders()[:, : counts[0]]
    for count, epoch in zip([*counts[1:], 1], rungs(first_cut, factor), strict=True):
        left = _leaders(left, epoch)[:, :count]
    return left[:, 0]


def _leaders(settings: np.ndarray, epoch: int) -> np.ndarray:
    """Return settings, (repetitions, n), sorted by their accuracy after an epoch, the best first."""
    order = np.argsort(-pool().curves[settings, epoch - 1], axis=1, kind="stable")
    return np.take_along_axis(settings, order, axis=1)


def run_tpe(seed: int, trials: int = TPE_TRIALS) -> np.ndarray:
    """Return which setting of the pool a TPE study has as its best after each trial, (trials,).

    What it proposes is replaced by the setting of the pool that is nearest to it.
    """
    points = np.column_stack([as_points(pool().lr, pool().weight_decay), pool().dropout / DROPOUTS[1]])
    tree, tried = cKDTree(points), []

    def objective(trial: optuna.Trial) -> float:
        setting = suggest(trial)
        square = as_points(np.array([setting["lr"]]), np.array([setting["weight_decay"]]))[0]
        tried.append(int(tree.query([*square, setting["dropout"] / DROPOUTS[1]])[1]))
        return float(pool().validation[tried[-1]])

    with quiet():
        study = optuna.create_study(direction="maximize", sampler=SAMPLERS["TPE"](seed))
        study.optimize(objective, n_trials=trials)
    values = pool().validation[tried]
    return np.array([tried[int(values[: k + 1].argmax())] for k in range(trials)])
