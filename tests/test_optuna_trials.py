"""What week 9 says of pruners, trials and storages of Optuna 5: an upgrade that changes it is noticed."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import optuna
import pytest
from optuna.distributions import FloatDistribution, IntDistribution
from optuna.pruners import MedianPruner
from optuna.samplers import RandomSampler, TPESampler
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend
from optuna.trial import FixedTrial, TrialState


@pytest.fixture(autouse=True)
def _silent() -> Iterator[None]:
    before = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    yield
    optuna.logging.set_verbosity(before)


def bowl(trial: optuna.Trial) -> float:
    x, y = trial.suggest_float("x", -5, 5), trial.suggest_float("y", -5, 5)
    return (x - 1) ** 2 + (x - y) ** 2


def two_goals(trial: optuna.Trial) -> tuple[float, float]:
    x, y = trial.suggest_float("x", -5, 5), trial.suggest_float("y", -5, 5)
    return (x - 1) ** 2, (y + 1) ** 2


def params(sampler: Any, n_trials: int, objective: Any = bowl, directions: int = 1) -> list[dict[str, Any]]:
    study = optuna.create_study(directions=["minimize"] * directions, sampler=sampler)
    study.optimize(objective, n_trials=n_trials)
    return [trial.params for trial in study.trials]


def default_of(kind: Any, name: str) -> Any:
    return inspect.signature(kind).parameters[name].default


# ---------------------------------------------------------------- pruners


def test_the_default_pruner_is_the_median_rule_after_five_trials_without_warm_up() -> None:
    assert type(optuna.create_study().pruner) is MedianPruner
    assert default_of(MedianPruner, "n_startup_trials") == 5
    assert default_of(MedianPruner, "n_warmup_steps") == 0
    study = optuna.create_study(direction="maximize")
    pruned = []
    for value in (5, 4, 3, 2, 1, 0):  # the later ones are below the median, but five trials may pass
        trial = study.ask()
        trial.report(value, 0)
        pruned.append(trial.should_prune())
        study.tell(trial, value)
    assert pruned == [False] * 5 + [True]


def test_a_warm_up_lets_slow_starters_go_on() -> None:
    study = optuna.create_study(direction="maximize", pruner=MedianPruner(n_warmup_steps=5))
    for value in range(5):
        trial = study.ask()
        for step in range(8):
            trial.report(value, step)
        study.tell(trial, value)
    trial, answers = study.ask(), []
    for step in range(8):
        trial.report(-1, step)
        answers.append(trial.should_prune())
    assert answers == [False] * 5 + [True] * 3


def test_a_pruned_trial_has_its_last_report_as_value_and_is_not_complete() -> None:
    study = optuna.create_study()

    def objective(trial: optuna.Trial) -> float:
        trial.report(0.25, 3)
        raise optuna.TrialPruned

    study.optimize(objective, n_trials=1)
    assert (study.trials[0].state, study.trials[0].value) == (TrialState.PRUNED, 0.25)
    with pytest.raises(ValueError, match="No trials are completed"):
        _ = study.best_trial


def test_several_objectives_cannot_be_pruned() -> None:
    study = optuna.create_study(directions=["minimize", "minimize"])
    trial = study.ask()
    with pytest.raises(NotImplementedError):
        trial.report(1.0, 0)


# ---------------------------------------------------------------- constraints, fixed and queued trials


def test_a_constraint_is_set_on_the_trial_and_feasible_up_to_zero() -> None:
    study = optuna.create_study(direction="maximize", sampler=RandomSampler(seed=0))

    def objective(trial: optuna.Trial) -> float:
        x = trial.suggest_float("x", 0, 1)
        trial.set_constraint("at most a half", x - 0.5)
        return x

    study.optimize(objective, n_trials=20)
    values = [trial.value for trial in study.trials]
    assert study.best_value == max(value for value in values if value <= 0.5) < max(values)


def test_a_fixed_trial_records_what_is_asked_of_it() -> None:
    trial = FixedTrial({"lr": 0.01, "layers": 2})
    assert trial.suggest_float("lr", 1e-4, 1e-1, log=True) == 0.01
    assert trial.suggest_int("layers", 1, 3) == 2
    assert trial.distributions == {
        "lr": FloatDistribution(1e-4, 1e-1, log=True),
        "layers": IntDistribution(1, 3),
    }
    assert trial.should_prune() is False
    with pytest.raises(ValueError, match="dropout"):
        trial.suggest_float("dropout", 0, 0.5)


def test_a_queued_setting_becomes_trial_0() -> None:
    study = optuna.create_study()
    study.enqueue_trial({"x": 1.0, "y": 1.0})
    study.optimize(bowl, n_trials=2)
    assert study.trials[0].params == {"x": 1.0, "y": 1.0}
    assert study.best_trial.number == 0


def test_a_study_has_the_attributes_that_the_lesson_names() -> None:
    study = optuna.create_study(sampler=RandomSampler(seed=0))
    study.optimize(bowl, n_trials=3)
    assert study.best_params == study.best_trial.params
    assert study.best_value == min(trial.value for trial in study.trials)
    assert [trial.number for trial in study.trials] == [0, 1, 2]


def test_two_objectives_have_a_front_and_no_best_trial() -> None:
    study = optuna.create_study(directions=["minimize", "minimize"], sampler=TPESampler(seed=0))
    study.optimize(two_goals, n_trials=20)
    front = {trial.number for trial in study.best_trials}
    values = [trial.values for trial in study.trials]

    def beaten(one: list[float]) -> bool:
        return any(all(np.less_equal(other, one)) and any(np.less(other, one)) for other in values)

    assert front == {number for number, one in enumerate(values) if not beaten(one)}
    with pytest.raises(RuntimeError):
        _ = study.best_trial


# ---------------------------------------------------------------- storages


def test_a_journal_is_shared_and_its_file_backend_has_its_new_name(tmp_path: Path) -> None:
    path = str(tmp_path / "study.journal")
    first = optuna.create_study(storage=JournalStorage(JournalFileBackend(path)), study_name="one")
    first.optimize(bowl, n_trials=2)
    second = optuna.load_study(storage=JournalStorage(JournalFileBackend(path)), study_name="one")
    assert [trial.params for trial in second.trials] == [trial.params for trial in first.trials]
    with pytest.warns(FutureWarning, match="deprecated"):
        optuna.storages.JournalFileStorage(path)


def test_studies_in_memory_are_not_shared() -> None:
    optuna.create_study(study_name="mine")
    assert optuna.create_study(study_name="mine").trials == []
    with pytest.raises(KeyError):
        optuna.load_study(study_name="mine", storage=optuna.storages.InMemoryStorage())


def test_jobs_are_threads_of_this_process() -> None:
    """With `n_jobs` the objectives share a process: they can see each other's variables."""
    seen = []

    def objective(trial: optuna.Trial) -> float:
        seen.append(trial.number)
        return bowl(trial)

    optuna.create_study().optimize(objective, n_trials=4, n_jobs=2)
    assert sorted(seen) == [0, 1, 2, 3]
