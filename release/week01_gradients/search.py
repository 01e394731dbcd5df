"""Search hyperparameters with Optuna: in this process, in several, or on several machines at once.

`search` keeps what it tries in a study. The study lies in memory, in a journal file or in a database, and
gives the same log whichever. Trials that were finished are kept: the same call goes on where the last ended.
A trial whose process was killed is queued again with the same values. How that works is in search_trials.py.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any

import optuna
from optuna.pruners import BasePruner
from optuna.samplers import BaseSampler, TPESampler
from optuna.storages import BaseStorage
from optuna.trial import Trial
from search_trials import (
    Job,
    Objective,
    count_finished,
    open_study,
    quiet,
    retry_lost_trials,
    run_trial,
    run_workers,
)
from tqdm.auto import tqdm

# ---------------------------------------------------------------- week 9's search


def suggest_setting(trial: Trial) -> dict[str, Any]:
    """Return one setting of week 9's space: rates on log scales, one to three layers, and how to train."""
    depth = trial.suggest_int("layers", 1, 3)
    return {
        "lr": trial.suggest_float("lr", 1e-5, 1e-1, log=True),
        "weight_decay": trial.suggest_float("weight_decay", 1e-5, 1e-2, log=True),
        "dropout": trial.suggest_float("dropout", 0.0, 0.5),
        "widths": [trial.suggest_categorical(f"width_{i + 1}", [32, 64, 128, 256]) for i in range(depth)],
        "activation": trial.suggest_categorical("activation", ["ReLU", "LeakyReLU", "ELU", "Tanh"]),
        "batch_size": trial.suggest_categorical("batch_size", [16, 32, 64, 128]),
    }


def classifier_objective(
    train: Any, validation: Any, epochs: int = 40, patience: int = 5, seed: int = 0
) -> Objective:
    """Return an objective to maximize: the best validation accuracy of a net from `suggest_setting`'s space.

    It reports the accuracy after every epoch, so that a pruner may end the trial, and it stops early after
    `patience` epochs without a better one. `seed` decides initial weights, order of batches and dropout.
    """

    def objective(trial: Trial) -> float:
        return train_setting(trial, suggest_setting(trial), train, validation, epochs, patience, seed)

    return objective


def train_setting(
    trial: Trial, setting: dict[str, Any], train: Any, validation: Any, epochs: int, patience: int, seed: int
) -> float:
    """Train one setting and return its best validation accuracy. Raises TrialPruned if the pruner says so."""
    import torch  # here, so that the processes of other objectives start at once
    from course_data import seeded
    from recording import Stop, fit
    from torch import nn

    x, y = train[:]
    seen: list[float] = []

    def after_epoch(_net: nn.Module, epoch: int, stats: dict[str, Any]) -> Any:
        seen.append(stats["val_accuracy"])
        trial.report(seen[-1], epoch)
        if trial.should_prune():
            raise optuna.TrialPruned
        return Stop if len(seen) - seen.index(max(seen)) > patience else None

    layers: list[nn.Module] = []
    with seeded(seed):
        for n_in, n_out in pairwise((x.shape[1], *setting["widths"])):
            activation = getattr(nn, setting["activation"])()
            layers += [nn.Linear(n_in, n_out), activation, nn.Dropout(setting["dropout"])]
        net = nn.Sequential(*layers, nn.Linear(setting["widths"][-1], int(y.max()) + 1))
        rates = {"lr": setting["lr"], "weight_decay": setting["weight_decay"]}
        optimizer = torch.optim.AdamW(net.parameters(), **rates, fused=True)
        fit(net, train, validation, optimizer, epochs, setting["batch_size"], after_epoch)
    return max(seen)


# ---------------------------------------------------------------- the search


def default_sampler(seed: int) -> BaseSampler:
    """Return Optuna's own default sampler, multivariate TPE with a constant liar, that draws from a seed."""
    return TPESampler(seed=seed)


def search(
    objective: Objective,
    n_trials: int,
    storage: str | Path | BaseStorage | None = None,
    workers: int = 1,
    *,
    name: str = "search",
    direction: str | Sequence[str] = "maximize",
    seed: int = 0,
    sampler: Callable[[int], BaseSampler] = default_sampler,
    pruner: BasePruner | None = None,
    enqueue: Sequence[Mapping[str, Any]] = (),
    progress: bool = True,
) -> optuna.Study:
    """Try settings until `n_trials` are finished, those of earlier calls included; return the study.

    storage: None for memory, the path of a journal file, or a database's URL (sqlite:///…, postgresql://…).
    workers: processes on this machine, for which the storage must not be memory. Other machines take part
    when they make the same call with the same database or with a journal on a shared disk.
    seed: one worker with the same seed gives the same log, in any storage and also after an interruption;
    with several, the log depends on which process is faster.
    sampler: makes a sampler from a seed; it is asked for one per trial. pruner: the median rule by default.
    enqueue: settings to try first, such as the baseline; each is tried once, also in a search that goes on.
    direction: "maximize" or "minimize", or a sequence of these for an objective with several values.
    Raises ValueError for workers without a shared storage, RuntimeError if an objective fails in a worker.
    """
    if workers < 1 or (workers > 1 and not isinstance(storage, (str, Path))):
        raise ValueError(
            f"{workers} workers need a storage that they share. Give a file, storage='week09.journal', or "
            "the URL of a database; memory is for workers=1."
        )
    directions = [direction] if isinstance(direction, str) else list(direction)
    job = Job(objective, storage, name, directions, seed, sampler, pruner)
    with quiet():
        study = open_study(job)
        retry_lost_trials(study)
        for setting in enqueue:
            study.enqueue_trial(dict(setting), skip_if_exists=True)
        with tqdm(total=n_trials, disable=not progress, unit="trial") as bar:
            show(bar, study)
            if workers > 1:
                run_workers(job, study, n_trials, workers, lambda: show(bar, study))
            for _ in range(n_trials - count_finished(study) if workers == 1 else 0):
                if count_finished(study) < n_trials:  # other machines may be faster
                    run_trial(job, study)
                    show(bar, study)
    return study


def log(study: optuna.Study) -> list[dict[str, Any]]:
    """Return what was tried, in order: number, state, values and parameters, without times and processes."""
    return [
        {"number": trial.number, "state": trial.state.name, "values": trial.values, "params": trial.params}
        for trial in study.trials
    ]


def show(bar: Any, study: optuna.Study) -> None:
    """Set the progress bar to what is finished; beside it stands the best value, if there is one best."""
    bar.n = count_finished(study)
    if len(study.directions) == 1:
        with suppress(ValueError):  # there is no complete trial yet
            bar.set_postfix_str(f"best {study.best_value:.4g} in trial {study.best_trial.number}")
    bar.refresh()
