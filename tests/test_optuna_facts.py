"""What week 9 says of samplers and importances of Optuna 5: an upgrade that changes it is noticed."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import optuna
import pytest
from optuna.samplers import RandomSampler, TPESampler


@pytest.fixture(autouse=True)
def _silent() -> Iterator[None]:
    before = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    yield
    optuna.logging.set_verbosity(before)


def bowl(trial: optuna.Trial) -> float:
    x, y = trial.suggest_float("x", -5, 5), trial.suggest_float("y", -5, 5)
    return (x - 1) ** 2 + (x - y) ** 2


def params(sampler: Any, n_trials: int, objective: Any = bowl, directions: int = 1) -> list[dict[str, Any]]:
    study = optuna.create_study(directions=["minimize"] * directions, sampler=sampler)
    study.optimize(objective, n_trials=n_trials)
    return [trial.params for trial in study.trials]


def default_of(kind: Any, name: str) -> Any:
    return inspect.signature(kind).parameters[name].default


# ---------------------------------------------------------------- samplers


def test_the_version_is_5() -> None:
    assert optuna.__version__.startswith("5.")


def test_the_default_sampler_is_tpe_also_for_several_objectives() -> None:
    assert type(optuna.create_study().sampler) is TPESampler
    assert type(optuna.create_study(directions=["minimize", "maximize"]).sampler) is TPESampler


def test_the_first_ten_trials_of_tpe_are_random_and_the_eleventh_is_not() -> None:
    assert default_of(TPESampler, "n_startup_trials") == 10
    tpe, random = params(TPESampler(seed=3), 11), params(RandomSampler(seed=3), 11)
    assert tpe[:10] == random[:10]
    assert tpe[10] != random[10]


def test_tpe_is_multivariate_with_a_constant_liar_by_default() -> None:
    assert default_of(TPESampler, "constant_liar") is True
    assert params(TPESampler(seed=0), 14) == params(TPESampler(seed=0, multivariate=True), 14)
    assert params(TPESampler(seed=0), 14) != params(TPESampler(seed=0, multivariate=False), 14)


@pytest.mark.parametrize(
    "old",
    [
        {"prior_weight": 1.0},
        {"gamma": lambda n: 1},
        {"weights": lambda n: np.ones(n)},
        {"consider_prior": True},
        {"consider_magic_clip": True},
        {"consider_endpoints": False},
        {"constraints_func": lambda trial: (0,)},
    ],
    ids=lambda old: next(iter(old)),
)
def test_old_arguments_of_tpe_are_deprecated(old: dict[str, Any]) -> None:
    with pytest.warns(FutureWarning, match="deprecated"):
        TPESampler(**old)


def test_tpe_takes_the_best_tenth_for_good_and_at_most_25() -> None:
    """Private, but the lesson says it: trials 11 to 20 have two good ones, and 1000 trials have 25."""
    from optuna.samplers._tpe.sampler import default_gamma

    assert [default_gamma(n) for n in (10, 11, 20, 250, 1000)] == [1, 2, 2, 25, 25]


def test_a_seed_repeats_a_study_of_one_process() -> None:
    assert params(TPESampler(seed=7), 15) == params(TPESampler(seed=7), 15) != params(TPESampler(seed=8), 15)


def conditional(trial: optuna.Trial) -> float:
    layers = trial.suggest_int("layers", 1, 2)
    widths = [trial.suggest_float(f"width_{i + 1}", 0, 1) for i in range(layers)]
    return sum(widths) / layers


def test_a_parameter_that_is_not_always_there_is_sampled_on_its_own_unless_grouped() -> None:
    def asked_alone(sampler: Any) -> set[str]:
        asked: set[str] = set()
        original = sampler.sample_independent

        def spy(study: Any, trial: Any, name: str, distribution: Any) -> Any:
            if trial.number >= 12:
                asked.add(name)
            return original(study, trial, name, distribution)

        sampler.sample_independent = spy
        params(sampler, 40, conditional)
        return asked

    assert asked_alone(TPESampler(seed=0)) == {"width_2"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        assert asked_alone(TPESampler(seed=0, group=True)) == set()


# ---------------------------------------------------------------- importances


def wide_study() -> optuna.Study:
    study = optuna.create_study(direction="maximize", sampler=RandomSampler(seed=1))

    def objective(trial: optuna.Trial) -> float:
        return trial.suggest_float("a", 0, 1) + 0.1 * trial.suggest_float("b", 0, 1)

    study.optimize(objective, n_trials=40)
    return study


def test_the_default_importance_is_ped_anova_and_sums_to_one() -> None:
    study = wide_study()
    shares = optuna.importance.get_param_importances(study)
    assert shares == optuna.importance.get_param_importances(
        study, evaluator=optuna.importance.PedAnovaImportanceEvaluator()
    )
    other = optuna.importance.get_param_importances(
        study, evaluator=optuna.importance.FanovaImportanceEvaluator(seed=0)
    )
    assert shares != other
    assert sum(shares.values()) == pytest.approx(1)
    assert sum(other.values()) == pytest.approx(1)


def test_ped_anova_asks_about_the_best_tenth() -> None:
    evaluator = optuna.importance.PedAnovaImportanceEvaluator
    parameters = inspect.signature(evaluator).parameters
    assert next(each.default for each in parameters.values() if isinstance(each.default, float)) == 0.1


def test_pictures_are_drawn_by_matplotlib_without_plotly() -> None:
    from optuna.visualization import matplotlib as pictures

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        ax = pictures.plot_optimization_history(wide_study())
    assert ax.get_xlabel()
    for name in ("plot_param_importances", "plot_slice", "plot_pareto_front", "plot_intermediate_values"):
        assert callable(getattr(pictures, name))
