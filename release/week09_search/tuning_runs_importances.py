"""Ask Optuna which hyperparameter mattered: in trials of the pool, and where nothing matters at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import optuna
from optuna.distributions import BaseDistribution, FloatDistribution, IntDistribution
from optuna.importance import BaseImportanceEvaluator, FanovaImportanceEvaluator, PedAnovaImportanceEvaluator
from search_trials import quiet
from tuning_runs_pool import DECAYS, DROPOUTS, RATES, pool

TRIALS, STUDIES, NOISE_STUDIES = 50, range(10), range(20)  # ten times 50 settings are the whole pool
POOL_NAMES, NOISE_NAMES = ("lr", "weight_decay", "dropout"), ("lr", "weight_decay", "dropout", "layers")
EVALUATORS: dict[str, Callable[[], BaseImportanceEvaluator]] = {
    "PED-ANOVA": PedAnovaImportanceEvaluator,  # Optuna's default
    "f-ANOVA": lambda: FanovaImportanceEvaluator(seed=0),
}
SPACE: dict[str, BaseDistribution] = {
    "lr": FloatDistribution(*RATES, log=True),
    "weight_decay": FloatDistribution(*DECAYS, log=True),
    "dropout": FloatDistribution(*DROPOUTS),
    "layers": IntDistribution(1, 4),
}


def pool_study(number: int) -> optuna.Study:
    """Return a study whose 50 trials are settings of the pool; the ten studies share none."""
    rows = np.random.default_rng(0).permutation(len(pool().lr))[number * TRIALS :][:TRIALS]
    names = POOL_NAMES
    trials = [
        optuna.trial.create_trial(
            params={name: float(getattr(pool(), name)[row]) for name in names},
            distributions={name: SPACE[name] for name in names},
            value=float(pool().validation[row]),
        )
        for row in rows
    ]
    with quiet():
        study = optuna.create_study(direction="maximize")
        study.add_trials(trials)
    return study


def noise_study(seed: int) -> optuna.Study:
    """Return a study of 50 random trials with four parameters whose value uses none of them."""
    noise = np.random.Generator(np.random.PCG64(seed)).normal

    def objective(trial: optuna.Trial) -> float:
        trial.suggest_float("lr", *RATES, log=True)
        trial.suggest_float("weight_decay", *DECAYS, log=True)
        trial.suggest_float("dropout", *DROPOUTS)
        trial.suggest_int("layers", 1, 4)
        return float(noise())

    with quiet():
        study = optuna.create_study(direction="maximize", sampler=optuna.samplers.RandomSampler(seed=seed))
        study.optimize(objective, n_trials=TRIALS)
    return study


def importances(study: optuna.Study, evaluator: str, names: Sequence[str]) -> list[float]:
    """Return the importance of each named parameter."""
    with quiet():
        shares = optuna.importance.get_param_importances(study, evaluator=EVALUATORS[evaluator]())
    return [shares[name] for name in names]


def all_importances() -> dict[tuple[str, str], dict[str, np.ndarray]]:
    """Return by ("pool" or "noise", evaluator) the importance of each parameter, (studies,)."""
    found = {}
    for kind, names, make, numbers in (
        ("pool", POOL_NAMES, pool_study, STUDIES),
        ("noise", NOISE_NAMES, noise_study, NOISE_STUDIES),
    ):
        studies = [make(number) for number in numbers]
        for evaluator in EVALUATORS:
            shares = np.array([importances(study, evaluator, names) for study in studies])
            found[kind, evaluator] = dict(zip(names, shares.T, strict=True))
    return found
