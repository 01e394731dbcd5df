"""Let Optuna's pruners judge the stored curves of the pool: trials report them, nothing is trained."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import optuna
from optuna.pruners import BasePruner
from optuna.trial import TrialState
from search_trials import quiet
from tuning_runs_pool import EPOCHS, RUNS, pool

TRIALS, ORDERS = 50, range(20)


def _patient() -> BasePruner:
    with quiet():  # Optuna calls it experimental
        return optuna.pruners.PatientPruner(optuna.pruners.MedianPruner(), patience=5)


PRUNERS: dict[str, Callable[[], BasePruner]] = {
    "none": optuna.pruners.NopPruner,
    "median": optuna.pruners.MedianPruner,  # Optuna's defaults: 5 start-up trials, no warm-up
    "median, warm-up 5": lambda: optuna.pruners.MedianPruner(n_warmup_steps=5),
    "successive halving": lambda: optuna.pruners.SuccessiveHalvingPruner(
        min_resource=2, reduction_factor=3, min_early_stopping_rate=0
    ),
    "Hyperband": lambda: optuna.pruners.HyperbandPruner(
        min_resource=2, max_resource=EPOCHS, reduction_factor=3
    ),
    "patient": _patient,
}


def drawn_settings(order: int, n: int = TRIALS) -> np.ndarray:
    """Return the numbers of n settings of the pool in a random order, (n,)."""
    return np.random.default_rng(order).permutation(RUNS)[:n]


def epochs_used(pruner: BasePruner, curves: np.ndarray) -> np.ndarray:
    """Return after how many epochs each trial ends, (trials,), if its curve is a row of (trials, epochs)."""
    with quiet():
        study = optuna.create_study(direction="maximize", pruner=pruner, study_name="stored curves")
        return np.array([_report(study, curve) for curve in curves])


def _report(study: optuna.Study, curve: Sequence[float]) -> int:
    trial = study.ask()
    for epoch, accuracy in enumerate(curve):
        trial.report(float(accuracy), epoch)
        if trial.should_prune() and epoch + 1 < len(curve):
            study.tell(trial, state=TrialState.PRUNED)
            return epoch + 1
    study.tell(trial, float(curve[-1]))
    return len(curve)


def judge_pruner(name: str, orders: Sequence[int] = ORDERS) -> dict[str, np.ndarray]:
    """Return what a pruner does to 50 settings in each of some orders, each (orders,).

    "used": share of all epochs; "survives": 1 if the best setting is trained to the end; "lost": accuracy of
    the best setting less that of the best one trained to the end; "pruned": of the five best, how many it
    ends early; "complete": how many of the 50 are trained to the end.
    """
    found = []
    for order in orders:
        curves = pool().curves[drawn_settings(order)]
        used, final = epochs_used(PRUNERS[name](), curves), curves[:, -1]
        complete, five = used == EPOCHS, np.argsort(-final, kind="stable")[:5]
        lost = final.max() - final[complete].max()
        found.append((used.mean() / EPOCHS, complete[five[0]], lost, (~complete[five]).sum(), complete.sum()))
    names = ("used", "survives", "lost", "pruned", "complete")
    return dict(zip(names, np.array(found, dtype=float).T, strict=True))
