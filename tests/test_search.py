"""Tests of the search: one log whichever the storage, real processes, and a real kill."""

from __future__ import annotations

import inspect
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import optuna
import pytest
from conftest import ROOT
from databases import Server
from optuna.trial import Trial
from search import classifier_objective, log, search

N_TRIALS = 14  # past the ten random ones at the start: the last are TPE's own


def bowl(trial: Trial) -> float:
    """Return a value whose maximum, 0, is at x = 1."""
    x, scale = trial.suggest_float("x", -5, 5), trial.suggest_float("scale", 1e-3, 1.0, log=True)
    return -((x - 1) ** 2) * scale - len(trial.suggest_categorical("word", ["a", "bcd"]))


def deadly_bowl(folder: Path, number: int) -> Any:
    """Return the bowl, but the first process that gets to this trial is killed in the middle of it."""

    def objective(trial: Trial) -> float:
        value = bowl(trial)
        if trial.number == number:
            os.kill(os.getpid(), signal.SIGKILL)
        (folder / f"{trial.number}-{os.getpid()}").touch()
        return value

    return objective


@pytest.fixture(params=["journal", "sqlite", pytest.param("postgresql", marks=pytest.mark.server)])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A place for studies that processes can share: a file, or the URL of an empty database."""
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("postgres")
        return server.new_database()
    return {"journal": f"{tmp_path}/a.journal", "sqlite": f"sqlite:///{tmp_path}/a.db"}[request.param]


def complete(study: optuna.Study) -> list[Any]:
    return study.get_trials(states=(optuna.trial.TrialState.COMPLETE,))


@pytest.fixture(scope="module")
def in_memory() -> list[dict[str, Any]]:
    return log(search(bowl, N_TRIALS, seed=5, progress=False))


def test_the_log_is_the_same_whichever_the_storage(storage: str, in_memory: list[dict[str, Any]]) -> None:
    study = search(bowl, N_TRIALS, storage, seed=5, progress=False)
    assert log(study) == in_memory
    assert log(study) != log(search(bowl, N_TRIALS, seed=6, progress=False))


def test_the_same_call_goes_on_where_the_last_ended(tmp_path: Path, in_memory: list[dict[str, Any]]) -> None:
    for n_trials in (4, 4, N_TRIALS):
        study = search(bowl, n_trials, tmp_path / "search.journal", seed=5, progress=False)
        assert len(complete(study)) == n_trials
    assert log(study) == in_memory


def test_what_is_enqueued_is_tried_first_and_once(storage: str) -> None:
    settings = [{"x": 1.0, "scale": 0.5, "word": "a"}, {"x": 2.0}]
    for n_trials in (1, 2, 4):  # the first call ends before the second setting's turn
        study = search(bowl, n_trials, storage, enqueue=settings, progress=False)
        assert len(complete(study)) == n_trials
    first, second, *others = (trial.params for trial in study.trials)
    assert (first, second["x"]) == (settings[0], 2.0)
    assert len(others) == 2
    assert all(params["x"] not in (1.0, 2.0) for params in others)
    assert log(study)[0]["values"] == [-1]


@pytest.mark.kernel
def test_a_killed_trial_that_was_enqueued_is_not_enqueued_again(tmp_path: Path) -> None:
    study = search(
        deadly_bowl(tmp_path, 0), 3, tmp_path / "a.journal", workers=2, enqueue=[{"x": 3.0}], progress=False
    )
    search(bowl, 4, tmp_path / "a.journal", enqueue=[{"x": 3.0}], progress=False)
    assert [trial.params["x"] for trial in complete(study)].count(3.0) == 1


@pytest.mark.kernel
def test_workers_do_as_many_trials_and_a_killed_one_is_retried(storage: str, tmp_path: Path) -> None:
    study = search(deadly_bowl(tmp_path, 3), N_TRIALS, storage, workers=2, progress=False)
    done = complete(study)
    states = Counter(trial.state.name for trial in study.trials)
    assert states == {"COMPLETE": N_TRIALS, "FAIL": 1}
    assert study.best_value == max(trial.value for trial in done)
    killed = study.trials[3]
    (retried,) = [trial for trial in done if trial.system_attrs.get("retry_history") == [3]]
    assert killed.state.name == "FAIL"
    assert retried.params == killed.params
    # Every trial that is complete was worked on once, by one of the three processes.
    ran = [int(path.name.split("-")[0]) for path in tmp_path.glob("*-*")]
    assert sorted(ran) == sorted(trial.number for trial in done)
    processes = {trial.user_attrs["process"][1] for trial in study.trials}
    assert 2 <= len(processes) <= 3
    assert os.getpid() not in processes
    again = optuna.load_study(study_name="search", storage=study._storage)
    assert log(again) == log(study)


@pytest.mark.kernel
def test_a_search_killed_as_a_whole_repeats_the_trial_it_was_in(
    tmp_path: Path, in_memory: list[dict[str, Any]]
) -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom search import search\n"
        "from test_search import deadly_bowl\n"
        "folder = Path(sys.argv[1]); search(deadly_bowl(folder, 6), 14, folder / 'a.journal', seed=5)"
    )
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"}
    ended = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], env=environment, check=False, capture_output=True
    )
    assert ended.returncode == -signal.SIGKILL
    study = search(bowl, N_TRIALS, tmp_path / "a.journal", seed=5, progress=False)
    assert study.trials[6].state.name == "FAIL"
    kept = [line["params"] for line in log(study) if line["state"] == "COMPLETE"]
    assert kept == [line["params"] for line in in_memory]


def test_a_half_written_line_of_a_journal_is_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "search.journal"
    search(bowl, 3, path, progress=False)
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"op_code": 4, "stu')
    study = search(bowl, 4, path, progress=False)
    assert len(complete(study)) == 4
    assert path.read_bytes().startswith(whole)


def test_workers_without_a_shared_storage_are_refused() -> None:
    with pytest.raises(ValueError, match=r"storage='week09\.journal'"):
        search(bowl, 3, workers=2)


def always_wrong(trial: Trial) -> float:
    raise ArithmeticError(f"no value for {trial.number}")


@pytest.mark.kernel
def test_an_error_of_the_objective_in_a_worker_is_told(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="ArithmeticError: no value for 0") as caught:
        search(always_wrong, 1, tmp_path / "search.journal", workers=2, progress=False)
    assert "the finished trials are kept" in str(caught.value)


def always_deadly(trial: Trial) -> float:
    trial.suggest_float("x", 0, 1)
    os.kill(os.getpid(), signal.SIGKILL)
    return 0.0


@pytest.mark.kernel
def test_an_objective_that_kills_every_process_ends_the_search(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match=r"4 processes in a row died .* exit code -9"):
        search(always_deadly, 1, tmp_path / "search.journal", workers=2, progress=False)


def test_the_progress_bar_names_the_best_trial(capsys: pytest.CaptureFixture[str]) -> None:
    study = search(bowl, 3)
    assert f"best {study.best_value:.4g} in trial {study.best_trial.number}" in capsys.readouterr().err


def two_values(trial: Trial) -> Sequence[float]:
    x = trial.suggest_float("x", 0, 1)
    return x, 1 - x


def test_several_directions_give_the_trials_that_no_other_beats() -> None:
    study = search(two_values, 5, direction=["maximize", "minimize"], progress=False)
    assert [trial.params["x"] for trial in study.best_trials] == [max(t.params["x"] for t in study.trials)]


def test_week_nine_finds_a_net_that_beats_guessing_and_prunes() -> None:
    from utils import digits_noisy  # here, or every worker that imports this file would wait for PyTorch

    train, validation, _ = digits_noisy()
    study = search(classifier_objective(train, validation, epochs=4), 8, seed=1, progress=False)
    assert study.best_value > 0.7
    states = Counter(trial.state.name for trial in study.trials)
    assert set(states) == {"COMPLETE", "PRUNED"}
    assert study.best_trial.params["layers"] == sum(
        name.startswith("width") for name in study.best_trial.params
    )


def defaults(call: Any) -> dict[str, Any]:
    """Return the default values of a call's parameters."""
    return {name: parameter.default for name, parameter in inspect.signature(call).parameters.items()}


DEFAULTS = (
    ("the sampler", optuna.create_study().sampler, optuna.samplers.TPESampler),
    ("the sampler for several values", optuna.create_study(directions=["minimize"] * 2).sampler,
     optuna.samplers.TPESampler),
    ("the pruner", optuna.create_study().pruner, optuna.pruners.MedianPruner),
)  # fmt: skip


@pytest.mark.parametrize(("what", "default", "kind"), DEFAULTS, ids=[case[0] for case in DEFAULTS])
def test_the_defaults_of_optuna_five_are_what_the_course_says(what: str, default: Any, kind: type) -> None:
    assert type(default) is kind, what


NUMBERS = (
    (optuna.samplers.TPESampler,
     {"n_startup_trials": 10, "n_ei_candidates": 24, "seed": None, "group": False, "constant_liar": True}),
    (optuna.pruners.MedianPruner,
     {"n_startup_trials": 5, "n_warmup_steps": 0, "interval_steps": 1, "n_min_trials": 1}),
)  # fmt: skip


@pytest.mark.parametrize(("call", "expected"), NUMBERS, ids=["TPE", "median rule"])
def test_the_numbers_of_optuna_five_are_what_the_course_says(call: Any, expected: dict[str, Any]) -> None:
    assert expected.items() <= defaults(call).items()
    assert optuna.__version__.startswith("5.")


def test_the_default_sampler_looks_at_all_parameters_together() -> None:
    """Multivariate TPE fixes all values of a trial before the objective asks for the first."""
    study = search(bowl, 12, progress=False)
    drawn_together = study.trials[-1].system_attrs["tpe:relative_params:0"]
    assert all(name in drawn_together for name in ("x", "scale", "word"))


def test_importance_is_judged_by_ped_anova() -> None:
    study = search(bowl, 12, progress=False)
    evaluator = optuna.importance.PedAnovaImportanceEvaluator()
    chosen = optuna.importance.get_param_importances(study)
    assert chosen == optuna.importance.get_param_importances(study, evaluator=evaluator)
