"""Let TPE, random and quasi-random search loose on a stand-in for training: studies take a second.

The stand-in is a forest fitted to the pool: it says what a rate, a decay and a dropout rate are worth. A
trial sees that number with noise of the size that copies of one setting show.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import optuna
from optuna.samplers import BaseSampler, QMCSampler, RandomSampler, TPESampler
from scipy.interpolate import RegularGridInterpolator
from search_trials import quiet
from sklearn.ensemble import RandomForestRegressor
from sklearn.model_selection import cross_val_score
from tuning_runs_pool import DECAYS, DROPOUTS, RATES, pool

NOISE, TREES, TRIALS, SEEDS = 0.008, 300, 60, range(20)
NODES = (41, 13, 11)  # of the grid on which the forest is asked: rates, decays, dropout rates
SAMPLERS: dict[str, Callable[[int], BaseSampler]] = {
    "random": lambda seed: RandomSampler(seed=seed),
    "quasi-random": lambda seed: QMCSampler(qmc_type="sobol", scramble=True, seed=seed),
    "TPE": lambda seed: TPESampler(seed=seed),
}
Stand = Callable[[dict[str, float]], float]


def pool_inputs() -> np.ndarray:
    """Return the settings of the pool as the forest sees them, (500, 3): log rate, log decay, dropout."""
    return np.stack([np.log10(pool().lr), np.log10(pool().weight_decay), pool().dropout], axis=1)


def forest() -> RandomForestRegressor:
    """Return a fresh forest."""
    return RandomForestRegressor(TREES, random_state=0)


def fit_quality() -> float:
    """Return R² of the forest on settings that it has not seen, by five-fold cross-validation."""
    order = np.random.default_rng(0).permutation(len(pool().lr))
    return float(cross_val_score(forest(), pool_inputs()[order], pool().validation[order], cv=5).mean())


@lru_cache
def stand_in() -> Stand:
    """Return a function that says what a setting is worth, without noise."""
    axes = [
        np.linspace(*np.log10(RATES), NODES[0]),
        np.linspace(*np.log10(DECAYS), NODES[1]),
        np.linspace(*DROPOUTS, NODES[2]),
    ]
    trees = forest().fit(pool_inputs(), pool().validation)
    values = trees.predict(np.array(list(itertools.product(*axes)))).reshape(NODES)
    between = RegularGridInterpolator(axes, values)

    def worth(setting: dict[str, float]) -> float:
        at = [np.log10(setting["lr"]), np.log10(setting["weight_decay"]), setting["dropout"]]
        return float(between(np.clip(at, [axis[0] for axis in axes], [axis[-1] for axis in axes]))[0])

    return worth


def suggest(trial: Any) -> dict[str, float]:
    """Return the setting of a trial, from the space of the pool."""
    return {
        "lr": trial.suggest_float("lr", *RATES, log=True),
        "weight_decay": trial.suggest_float("weight_decay", *DECAYS, log=True),
        "dropout": trial.suggest_float("dropout", *DROPOUTS),
    }


def run_study(sampler: str, seed: int, trials: int = TRIALS) -> dict[str, np.ndarray]:
    """Return what a study tried, each (trials,): the settings, and "seen" (with noise) and "true" values."""
    noise, rows = np.random.default_rng(1000 + seed).normal, []

    def objective(trial: optuna.Trial) -> float:
        setting = suggest(trial)
        true = stand_in()(setting)
        rows.append({**setting, "seen": true + noise(0, NOISE), "true": true})
        return rows[-1]["seen"]

    with quiet():
        study = optuna.create_study(direction="maximize", sampler=SAMPLERS[sampler](seed))
        study.optimize(objective, n_trials=trials)
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


def run_studies(seeds: Sequence[int] = SEEDS) -> dict[str, dict[str, np.ndarray]]:
    """Return by sampler what its studies tried, each (seeds, trials)."""
    found = {}
    for sampler in SAMPLERS:
        studies = [run_study(sampler, seed) for seed in seeds]
        found[sampler] = {name: np.stack([study[name] for study in studies]) for name in studies[0]}
    return found


def chosen(seen: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return after each trial the value of the one that looks best so far (first of ties), (…, trials)."""
    best = np.maximum.accumulate(seen, axis=-1)
    better = np.diff(best, axis=-1, prepend=-np.inf) > 0
    places = np.where(better, np.arange(seen.shape[-1]), 0)
    return np.take_along_axis(values, np.maximum.accumulate(places, axis=-1), axis=-1)
