"""Run the longer studies that week 9 tells of, and keep what came out in a file.

`python tuning_studies.py` runs them all (about two minutes) and writes `tuning_studies.json`; the lesson only
reads it, with `told("iris")`. Those of importances replay the stored pool and train nothing.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from course_data import one_thread
from optuna.pruners import NopPruner
from optuna.trial import TrialState
from search import classifier_objective, search
from tuning_experiments_final import iris_objective, iris_parts, retrain

from utils import digits_noisy

STORED = Path(__file__).with_name("tuning_studies.json")
TRIALS = 50
FRESH = range(100, 120)  # seeds that chose nothing
SHORT_EPOCHS, LONG_EPOCHS, LONG_TRIALS = 10, 25, 20
# What the notebook's search, 50 trials, ends with for study seeds 1 to 4, and its most important parameter.
# Found with our notebook's objective: `search(objective, 50, direction="minimize", seed=seed).best_params`
WINNERS: dict[int, tuple[dict[str, Any], str]] = {
    1: ({"lr": 0.05199821843744099, "weight_decay": 0.003710552570862339, "dropout": 0.1591001556613413,
         "layers": 1}, "lr"),
    2: ({"lr": 0.02187812187756417, "weight_decay": 0.0001034115811870302, "dropout": 0.24513356063050562,
         "layers": 1}, "dropout"),
    3: ({"lr": 0.012673333549190736, "weight_decay": 0.002222110695714533, "dropout": 0.032109948926229995,
         "layers": 2}, "lr"),
    4: ({"lr": 0.02075488899944434, "weight_decay": 0.00012247716288655604, "dropout": 0.15410840570810772,
         "layers": 1}, "layers"),
}  # fmt: skip


@lru_cache
def told(table: str) -> Any:
    """Return one of the stored tables: "iris", "winners" or "long search"."""
    tables = json.loads(STORED.read_text("utf-8"))
    if table not in tables:
        raise KeyError(f"There is no table {table!r}. There are: {', '.join(tables)}.")
    return tables[table]


# ---------------------------------------------------------------- searches that train


@one_thread()
def search_iris(seed: int, trials: int = 15) -> dict[str, Any]:
    """Return of a study on iris: the accuracies of the trials on validation and on test rows.

    The seed decides the split into 90, 30 and 30 rows, and the study.
    """
    study = search(iris_objective(*iris_parts(seed)), trials, seed=seed, pruner=NopPruner(), progress=False)
    return {
        "validation": [trial.value for trial in study.trials],
        "test": [trial.user_attrs["test"] for trial in study.trials],
    }


@one_thread()
def search_long(seed: int) -> dict[str, Any]:
    """Return the best of a search with more epochs and a wider space, and its runs with fresh seeds."""
    train, validation, _ = digits_noisy()
    objective = classifier_objective(train, validation, epochs=LONG_EPOCHS)
    study = search(objective, LONG_TRIALS, seed=seed, progress=False)
    setting = dict(study.best_params)
    widths = [setting.pop(f"width_{i + 1}") for i in range(setting.pop("layers"))]
    again = retrain(widths, setting, LONG_EPOCHS, FRESH)
    return {
        "value": study.best_value,
        "params": study.best_params,
        "pruned": sum(trial.state == TrialState.PRUNED for trial in study.trials),
        **{name: values.tolist() for name, values in again.items()},
    }


def retrain_winner(seed: int) -> dict[str, Any]:
    """Return what the winner of the notebook's search with another study seed does with fresh seeds."""
    setting, first = WINNERS[seed]
    again = retrain([64] * setting["layers"], setting, SHORT_EPOCHS, FRESH)
    return {"seed": seed, "first": first, **{name: values.tolist() for name, values in again.items()}}


# ---------------------------------------------------------------- the file


def run_all() -> dict[str, Any]:
    """Return all tables, made anew, and tell in a line what is done."""
    print("iris: 20 splits, a study of 15 trials each", flush=True)
    tables: dict[str, Any] = {"iris": [search_iris(seed) for seed in range(20)]}
    print("winners: of four other study seeds, 20 fresh seeds each", flush=True)
    tables["winners"] = [retrain_winner(seed) for seed in WINNERS]
    print("long search: three studies of 20 trials, and 20 fresh seeds each", flush=True)
    tables["long search"] = [search_long(seed) for seed in range(3)]
    return tables


def write_studies(path: Path = STORED) -> None:
    """Run all studies and write them, a line for each table."""
    lines = [f"{json.dumps(name)}: {json.dumps(rounded(table))}" for name, table in run_all().items()]
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")


def rounded(value: Any) -> Any:
    """Return nested lists and dicts with numbers of five digits."""
    if isinstance(value, dict):
        return {key: rounded(part) for key, part in value.items()}
    if isinstance(value, list):
        return [rounded(part) for part in value]
    return float(f"{value:.5g}") if isinstance(value, float) else value


if __name__ == "__main__":
    write_studies()
