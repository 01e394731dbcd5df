"""Draw winners from the pool or the copies, and see what is left of their lead on rows that chose nothing."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from tuning_runs_pool import RUNS, VALIDATION, Trained, copies, pool

ROWS, NUMBERS, REPETITIONS = (30, 100, 500), (4, 50, 500), 400


def runs_of(source: str) -> Trained:
    """Return the 500 runs with the name "copies" or "pool"."""
    return {"copies": copies, "pool": pool}[source]()


@lru_cache
def draws() -> tuple[np.ndarray, np.ndarray]:
    """Return random orders of the runs and of the validation rows, both (400, 500).

    Draw i takes the first of each: more runs or more rows are then those of before, and some others.
    """
    order = np.random.default_rng(0).permutation
    return tuple(np.array([order(size) for _ in range(REPETITIONS)]) for size in (RUNS, VALIDATION))  # type: ignore[return-value]


@lru_cache(maxsize=64)
def scores(source: str, rows: int) -> np.ndarray:
    """Return what every run is worth on the validation rows of each draw, (400, 500)."""
    order = draws()[1]
    chosen = np.zeros((REPETITIONS, VALIDATION), np.float32)
    np.put_along_axis(chosen, order[:, :rows], 1, axis=1)
    right = chosen @ runs_of(source).right.T.astype(np.float32)  # counts: exact
    return np.asarray(right, dtype=float) / rows


def drawn(source: str, number: int, rows: int, draw: int) -> dict[str, np.ndarray]:
    """Return one draw: its "runs", what they "show" on its rows, and on the "test" set, each (number,)."""
    runs = draws()[0][draw, :number]
    return {"runs": runs, "show": scores(source, rows)[draw, runs], "test": runs_of(source).test[runs]}


@lru_cache(maxsize=256)
def curse(source: str, number: int, rows: int) -> dict[str, np.ndarray]:
    """Return what the winners of 400 draws show and are worth, each (400,).

    "shown": accuracy on the rows that chose it; "test": on the test set; "seen_gain" and "real_gain": the
    same, less the mean of all 500 runs on the same rows; "tied": how many runs
    share the first place. Of those the one that was drawn first wins.
    """
    runs, order = runs_of(source), draws()[0][:, :number]
    shown = np.take_along_axis(scores(source, rows), order, axis=1)
    best = shown.max(axis=1, keepdims=True)
    winners = np.take_along_axis(order, shown.argmax(axis=1)[:, None], axis=1)[:, 0]
    test = runs.test[winners]
    return {
        "shown": best[:, 0],
        "test": test,
        "seen_gain": best[:, 0] - scores(source, rows).mean(axis=1),
        "real_gain": test - runs.test.mean(),
        "tied": (shown == best).sum(axis=1),
    }
